/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flip.c - the smallest change that flips the verdict: judged again with one
 * thing changed, step by step.  A step that cannot reach any limit of the
 * rule (the margin that the first judging met) is passed over unasked. */
#include "judge/canon.h"
#include "judge/duty.h"
#include "judge/form.h"
#include "judge/opinion.h"

/* Scales of the region, x 1/1024: growing, then shrinking. */
enum { GROWING = 8, SCALES = 15 };
static const int64_t scales[SCALES] = {1126, 1280, 1536, 2048, 3072, 4096,
	6144, 8192, 922, 819, 666, 512, 358, 205, 102};
static const int64_t steps_mm[] = {10000, 20000, 50000, 100000, 200000, 500000,
	1000000, 2000000, 5000000, 10000000, 20000000, 50000000};

#define COUNT(a) (sizeof(a) / sizeof *(a))
_Static_assert((int)SCALES <= (int)SCENE_SLOTS, "slots");

struct flip {
	enum verdict to;
	int64_t cost_mm; /* how much is changed; < 0: none found */
	int64_t value_mm;
	enum { FLIP_GROW, FLIP_SHRINK, FLIP_NEARER, FLIP_FARTHER } is;
};

static int64_t major_mm(const struct scene *s)
{
	return fixed_max(fixed_length(s->cloud->err[0]),
		fixed_length(s->cloud->err[1]));
}

static struct flip resized(int64_t major, size_t slot)
{
	int64_t value = major * scales[slot] / CLOUD_SCALE_ONE;
	bool grows = slot < GROWING;

	return (struct flip){.cost_mm = grows ? value - major : major - value,
		.value_mm = value, .is = grows ? FLIP_GROW : FLIP_SHRINK};
}

/* The cheaper of the next step up and the next down; of equals up. */
static size_t next_slot(int64_t major, size_t *up, size_t *down)
{
	bool grow = *up < GROWING &&
		(*down == SCALES ||
			resized(major, *up).cost_mm <=
				resized(major, *down).cost_mm);

	return grow ? (*up)++ : (*down)++;
}

/* Each way the steps cost more and more, so the first change met is the
 * cheapest. */
static void scaled(struct scene *s, const struct rule *r,
	const struct opinion *o, int64_t margin, struct flip *best)
{
	int64_t major = major_mm(s), radius = s->cloud->radius_mm;
	size_t up = 0, down = GROWING;

	while (up < GROWING || down < SCALES) {
		size_t slot = next_slot(major, &up, &down);
		struct flip now = resized(major, slot);

		if (radius * fixed_max(scales[slot], CLOUD_SCALE_ONE) /
				CLOUD_SCALE_ONE < margin)
			continue;
		s->scale = scales[slot];
		s->slot = slot;
		now.to = opinion_verdict(s, r).verdict;
		s->scale = CLOUD_SCALE_ONE;
		if (now.to != o->verdict) {
			*best = now;
			return;
		}
	}
}

/* How many conditions speak of the area that is shifted. */
static int asks(const struct scene *s, const struct condition *c, size_t n)
{
	const struct area *area = s->terms->area;
	int found = 0;

	for (size_t i = 0; i < n; i++)
		found += c[i].is <= ON_OUTSIDE &&
			(c[i].area == s->shifted ||
				(area[c[i].area].is == AREA_BAND &&
					area[c[i].area].of == s->shifted));
	return found;
}

/* With one condition on it the verdict goes one way as the place is shifted:
 * that condition's two ends only rise, or only fall, with the limit, and a
 * verdict goes through its kinds in one order with them.  So what has changed
 * stays so, and the first change may be found by halves. */
static bool goes_one_way(const struct scene *s, const struct rule *r)
{
	int found = asks(s, r->condition, r->conditions);

	for (size_t i = 0; i < r->exceptions; i++)
		found += asks(s, r->exception[i].condition,
			r->exception[i].conditions);
	return found == 1;
}

static enum verdict verdict_at(struct scene *s, const struct rule *r,
	int64_t shift_mm)
{
	enum verdict v;

	s->shift_mm = shift_mm;
	v = opinion_verdict(s, r).verdict;
	s->shift_mm = 0;
	return v;
}

/* The search for the first of the steps from..to that changes the verdict. */
struct search {
	int sign;
	size_t from, to;
	enum verdict now, then; /* as it is; behind the step, where found */
};

static bool changes(struct scene *s, const struct rule *r, struct search *x,
	size_t at)
{
	enum verdict v = verdict_at(s, r, x->sign * steps_mm[at]);

	if (v != x->now)
		x->then = v;
	return v != x->now;
}

/* One by one. */
static void step(struct scene *s, const struct rule *r, struct search *x)
{
	while (x->from < x->to && !changes(s, r, x, x->from))
		x->from++;
}

/* The last step first, which often changes nothing; then where the margin is
 * used up, for there it mostly is, and beside it; then by halves. */
static void halve(struct scene *s, const struct rule *r, int64_t margin,
	struct search *x)
{
	size_t at = x->from;

	if (x->from < x->to && !changes(s, r, x, x->to - 1))
		x->from = x->to;
	while (at + 1 < x->to && steps_mm[at] < margin)
		at++;
	for (bool beside = true; x->from + 1 < x->to; beside = false) {
		bool some;

		at = at < x->from ? x->from : at;
		at = at + 1 < x->to ? at : x->to - 2;
		some = changes(s, r, x, at);
		if (some)
			x->to = at + 1;
		else
			x->from = at + 1;
		if (!beside)
			at = (x->from + x->to) / 2 - 1;
		else
			at = some && at > 0 ? at - 1 : at + 1;
	}
}

static void shifted(struct scene *s, const struct rule *r,
	const struct opinion *o, int64_t margin, int sign,
	struct flip *best)
{
	struct search x = {.sign = sign, .now = o->verdict};
	size_t to;

	while (x.to < COUNT(steps_mm) &&
		(best->cost_mm < 0 || steps_mm[x.to] < best->cost_mm))
		x.to++;
	while (x.from < x.to && s->cloud->radius_mm + steps_mm[x.from] < margin)
		x.from++;
	to = x.to;
	if (x.from < x.to && form_fits(s, r) && form_stays(s, sign))
		x.from = x.to;
	else if (goes_one_way(s, r))
		halve(s, r, margin, &x);
	else
		step(s, r, &x);
	if (x.from < to) /* cheaper than the best: no other step is asked */
		*best = (struct flip){x.then, steps_mm[x.from],
			steps_mm[x.from],
			sign > 0 ? FLIP_NEARER : FLIP_FARTHER};
}

static const char *words(enum verdict v)
{
	static const char *const w[VERDICT_COUNT] = {"a breach", "no breach",
		"undetermined", "not applicable", "a conflict"};

	return w[v];
}

static void say(const struct scene *s, const struct flip *f,
	const char *area, struct text *out)
{
	if (f->is == FLIP_GROW || f->is == FLIP_SHRINK) {
		text_add(out, " if the error region were ");
		trace_distance(out, f->value_mm);
		text_add(out, f->is == FLIP_GROW ? " or more (is "
						 : " or less (is ");
		trace_distance(out, major_mm(s));
		text_char(out, ')');
		return;
	}
	text_add(out, " if it lay ");
	canon_length(out, f->value_mm);
	text_add(out, f->is == FLIP_NEARER ? " nearer to " : " farther from ");
	text_add(out, area);
}

/* The region's change and the place's are two kinds of smallest change: a
 * reader may doubt the one and not the other, so both are told. */
static void say_both(const struct scene *s, const struct flip *region,
	const struct flip *place, const char *area, struct text *out)
{
	if (region->cost_mm >= 0) {
		text_add(out, "would be ");
		text_add(out, words(region->to));
		say(s, region, area, out);
	}
	if (place->cost_mm < 0)
		return;
	if (region->cost_mm < 0 || region->to != place->to) {
		text_add(out, region->cost_mm < 0 ? "would be "
						  : ", would be ");
		text_add(out, words(place->to));
	} else {
		text_add(out, ", or");
	}
	say(s, place, area, out);
}

static void duty(struct scene *s, const struct rule *r,
	const struct opinion *o, struct text *out)
{
	enum verdict undone;

	s->suppose_undone = true;
	undone = opinion_verdict(s, r).verdict;
	s->suppose_undone = false;
	duty_flip(s, r, o->verdict, undone, out);
}

void flip_find(struct scene *s, const struct rule *r, const struct opinion *o,
	struct text *out)
{
	const struct standard *std = &s->terms->standard[r->standard];
	struct flip region = {.cost_mm = -1}, place = {.cost_mm = -1};
	int64_t margin = s->margin_mm;
	int wants = (int)fixed_min(MODALITY_COUNT, std->modalities) -
		s->modalities;

	if (r->requires_) {
		duty(s, r, o, out);
		return;
	}
	if (!o->enough && o->breach.lo >= std->ppm &&
		o->verdict == VERDICT_UNDETERMINED) {
		text_fmt(out, "would be a breach with %d more modalit%s",
			wants, wants == 1 ? "y" : "ies");
		return;
	}
	if (!s->cloud->known || margin == INT64_MAX || form_excludes(s, r))
		return;
	scaled(s, r, o, margin, &region);
	if (o->from) {
		size_t i = (size_t)(o->from - s->terms->area);

		s->shifted = o->from->is == AREA_BAND ? o->from->of : i;
		shifted(s, r, o, margin, 1, &place);
		shifted(s, r, o, margin, -1, &place);
		s->shifted = SIZE_MAX;
	}
	s->margin_mm = margin;
	say_both(s, &region, &place, o->from ? o->from->name : "", out);
}
