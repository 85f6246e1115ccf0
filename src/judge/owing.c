/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/owing.h"

#include "base/sort.h"

#define US_NS INT64_C(1000)

/* -- which breaches count -- */

bool grade_reaches(const char *grade, const char *wanted)
{
	static const char *const words[] = {"minor", "serious", "grave"};
	int at = -1, least = -1;

	for (int i = 0; i < 3; i++) {
		at = strcmp(grade, words[i]) == 0 ? i : at;
		least = strcmp(wanted, words[i]) == 0 ? i : least;
	}
	return strcmp(grade, wanted) == 0 || (least >= 0 && at >= least);
}

static bool is_or_any(const char *wanted, const char *is)
{
	return !*wanted || strcmp(wanted, is) == 0;
}

static bool counts(const struct trigger *t, const struct breach *b)
{
	bool stands = t->reviewed && t->joint ? b->both
		: (!t->reviewed || b->reviewed) && (!t->joint || b->joint);

	return stands && is_or_any(t->clause, b->clause) &&
		(!*t->grade || grade_reaches(b->grade, t->grade)) &&
		is_or_any(t->standard, b->standard) &&
		is_or_any(t->party, b->party) && instant_known(b->from);
}

static int by_time(const void *a, const void *b, const void *self)
{
	const struct breach *x = a, *y = b;

	(void)self;
	if (x->from.utc_ns != y->from.utc_ns)
		return x->from.utc_ns < y->from.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

static struct instant later(struct instant t, int64_t us)
{
	int64_t ns;

	if (!instant_known(t) || us < 0 ||
		__builtin_mul_overflow(us, US_NS, &ns) ||
		__builtin_add_overflow(t.utc_ns, ns, &ns) ||
		ns > INSTANT_MAX_NS)
		return INSTANT_UNKNOWN;
	return (struct instant){ns};
}

/* -- one pledge -- */

struct calling {
	const struct pledges *r;
	const struct pledge *p;
	const struct ladder *ladder; /* or NULL */
	const struct breach **some;  /* those that count, in order of time */
	size_t count;
	const char *wording;
	struct arena *arena;
	struct obligation *out; /* NULL: only counted */
	size_t found;
};

static const struct ladder *ladder_of(
	const struct pledges *r, const struct pledge *p)
{
	for (size_t i = 0; i < r->ladders; i++)
		if (strcmp(r->ladder[i].id, p->ladder) == 0)
			return &r->ladder[i];
	return NULL;
}

static const char *strength_of(const struct pledge *p)
{
	return *p->modality ? modality_word_name(modality_of(p->modality))
			    : "";
}

static void owe(struct calling *c, const char *actor,
	const struct ladder_step *step, const struct breach *first,
	const struct breach *last)
{
	const struct pledge *p = c->p;
	int64_t after = step ? step->after_us : p->due_us;
	struct instant to = instant_known(first->to) &&
			first->to.utc_ns > first->from.utc_ns
		? first->to : first->from;
	struct obligation o = {.pledge = p->id, .actor = actor,
		.step = step ? step->what : "", .act = p->act.at,
		.acts = p->act.count, .to = p->to.at, .tos = p->to.count,
		.instrument = p->under,
		.endorsed = pledge_endorsed(c->r, p, actor),
		.stage = p->stages > 0
			? legal_name(legal_now(p->stage, p->stages)) : "",
		.modality = p->modality, .strength = strength_of(p),
		.authority = p->authority, .wording_sha256 = c->wording,
		.finding = first->id, .completed_by = last->id,
		.opens = {first->from, to},
		.due = {later(first->from, after), later(to, after)}};

	if (c->out) {
		obligation_name(&o);
		c->out[c->found] = o;
	}
	c->found++;
}

/* The ladder's clock starts from the first breach that is as it asks. */
static const struct breach *ladder_first(const struct calling *c,
	size_t from, size_t to)
{
	for (size_t i = from; i < to; i++) {
		const struct breach *b = c->some[i];

		if ((!*c->ladder->grade ||
			    grade_reaches(b->grade, c->ladder->grade)) &&
			is_or_any(c->ladder->standard, b->standard))
			return b;
	}
	return NULL;
}

static void owe_steps(struct calling *c, const char *actor, size_t from,
	size_t to, const struct breach *last)
{
	const struct breach *first =
		c->ladder ? ladder_first(c, from, to) : NULL;

	if (!c->ladder || c->p->due_us >= 0)
		owe(c, actor, NULL, c->some[from], last);
	for (size_t i = 0; first && i < c->ladder->steps; i++)
		owe(c, actor, &c->ladder->step[i], first, last);
}

static void open_window(struct calling *c, size_t from, size_t to)
{
	const struct breach *last =
		c->some[from + (size_t)c->p->trigger.at_least - 1];

	for (size_t i = 0; i < c->r->actors; i++)
		if (pledge_binds(c->r, c->p, c->r->actor[i].id))
			owe_steps(c, c->r->actor[i].id, from, to, last);
}

static void windows(struct calling *c)
{
	const struct trigger *t = &c->p->trigger;
	size_t want = (size_t)t->at_least, next;

	for (size_t i = 0; want <= c->count && i <= c->count - want;
		i = next) {
		struct instant end = t->within_us > 0
			? later(c->some[i]->from, t->within_us)
			: INSTANT_UNKNOWN;
		bool ever = !instant_known(end);

		next = i + 1; /* a later window may hold enough */
		if (!ever && c->some[i + want - 1]->from.utc_ns > end.utc_ns)
			continue;
		for (next = i; next < c->count && (ever ||
			c->some[next]->from.utc_ns <= end.utc_ns); next++)
			;
		open_window(c, i, next);
	}
}

static bool one_pledge(struct calling *c, const struct owing *w,
	struct fault *f)
{
	c->count = 0;
	c->ladder = ladder_of(c->r, c->p);
	for (size_t i = 0; i < w->breaches; i++)
		if (counts(&c->p->trigger, &w->breach[i]) &&
			!pledge_rests(c->r, c->p, w->breach[i].from))
			c->some[c->count++] = &w->breach[i];
	if (c->out && c->count > 0 &&
		!pledge_wording(c->r, c->p, c->arena, &c->wording, f))
		return false;
	windows(c);
	return true;
}

static bool all_pledges(struct calling *c, const struct owing *w,
	struct fault *f)
{
	c->found = 0;
	for (size_t i = 0; i < c->r->pledge_count; i++) {
		c->p = &c->r->pledge[i];
		if (c->p->trigger.given && !one_pledge(c, w, f))
			return false;
	}
	return true;
}

static int by_opening(const void *a, const void *b, const void *self)
{
	const struct obligation *x = a, *y = b;

	(void)self;
	if (x->opens.from.utc_ns != y->opens.from.utc_ns)
		return x->opens.from.utc_ns < y->opens.from.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

bool owing_find(const struct pledges *r, const struct breach *breach,
	size_t count, struct arena *a, struct owing *w, struct fault *f)
{
	struct breach *b = arena_array(a, count + 1, sizeof *b, f);
	struct calling c = {.r = r, .wording = "", .arena = a};

	*w = (struct owing){.guarantees = r, .breach = b, .breaches = count};
	c.some = arena_array(a, count + 1, sizeof *c.some, f);
	if (!b || !c.some)
		return false;
	if (count > 0)
		memcpy(b, breach, count * sizeof *b);
	sort_items(b, count, sizeof *b, by_time, NULL);
	if (!all_pledges(&c, w, f))
		return false;
	c.out = arena_array(a, c.found + 1, sizeof *c.out, f);
	if (!c.out || !all_pledges(&c, w, f))
		return false;
	sort_items(c.out, c.found, sizeof *c.out, by_opening, NULL);
	w->owed = c.out;
	w->count = c.found;
	return true;
}

/* -- what fell -- */

static bool same_promise(
	const struct obligation *x, const struct obligation *y)
{
	return strcmp(x->pledge, y->pledge) == 0 &&
		strcmp(x->actor, y->actor) == 0 &&
		strcmp(x->step, y->step) == 0;
}

bool owing_fell(const struct owing *w, struct obligation *o)
{
	const struct pledge *p = pledge_named(w->guarantees, o->pledge);
	const struct obligation *instead = NULL;
	bool breach = false;

	for (size_t i = 0; i < w->count; i++) {
		const struct obligation *x = &w->owed[i];

		if (strcmp(x->id.text, o->id.text) == 0)
			return false;
		/* The last that opens no later, else the next. */
		if (same_promise(x, o) && (!instead ||
			x->opens.from.utc_ns <= o->opens.from.utc_ns))
			instead = x;
	}
	for (size_t i = 0; i < w->breaches && !breach; i++)
		breach = strcmp(w->breach[i].id.text, o->finding.text) == 0;
	o->fall = !p || !pledge_binds(w->guarantees, p, o->actor) ||
			pledge_rests(w->guarantees, p, o->opens.from)
		? OBLIGATION_NO_PLEDGE
		: !breach ? OBLIGATION_NO_BREACH : OBLIGATION_NO_TRIGGER;
	o->replaced_by = instead ? instead->id : (struct id){0};
	return true;
}
