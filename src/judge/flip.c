/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * flip.c - the smallest change that flips the verdict: judged again with one
 * thing changed, step by step.  A step that cannot reach any limit of the
 * rule (the margin that the first judging met) is passed over unasked. */
#include "judge/canon.h"
#include "judge/duty.h"
#include "judge/opinion.h"

/* Scales of the region, x 1/1024. */
static const int64_t growing[] = {1126, 1280, 1536, 2048, 3072, 4096, 6144,
	8192};
static const int64_t shrinking[] = {922, 819, 666, 512, 358, 205, 102};
static const int64_t steps_mm[] = {10000, 20000, 50000, 100000, 200000, 500000,
	1000000, 2000000, 5000000, 10000000, 20000000, 50000000};

#define COUNT(a) (sizeof(a) / sizeof *(a))
_Static_assert(COUNT(growing) + COUNT(shrinking) <= SCENE_SLOTS, "slots");

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

static void keep(struct flip *best, struct flip found)
{
	if (best->cost_mm < 0 || found.cost_mm < best->cost_mm)
		*best = found;
}

static void scaled(struct scene *s, const struct rule *r,
	const struct opinion *o, int64_t margin, bool grow,
	struct flip *best)
{
	const int64_t *scale = grow ? growing : shrinking;
	size_t n = grow ? COUNT(growing) : COUNT(shrinking);
	int64_t major = major_mm(s), radius = s->cloud->radius_mm;

	for (size_t i = 0; i < n; i++) {
		int64_t value = major * scale[i] / CLOUD_SCALE_ONE;
		struct opinion now;

		if (radius * fixed_max(scale[i], CLOUD_SCALE_ONE) /
				CLOUD_SCALE_ONE < margin)
			continue;
		s->scale = scale[i];
		s->slot = grow ? i : COUNT(growing) + i;
		now = opinion_verdict(s, r);
		s->scale = CLOUD_SCALE_ONE;
		if (now.verdict == o->verdict)
			continue;
		keep(best, (struct flip){now.verdict,
				grow ? value - major : major - value, value,
				grow ? FLIP_GROW : FLIP_SHRINK});
		return;
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

/* The first of the steps from..to that changes the verdict, or `to`. */
static size_t first_change(struct scene *s, const struct rule *r,
	const struct opinion *o, int sign, size_t from, size_t to)
{
	bool halves = goes_one_way(s, r);

	if (halves && from < to &&
		verdict_at(s, r, sign * steps_mm[to - 1]) == o->verdict)
		return to;
	while (from < to) {
		size_t at = halves ? (from + to - 1) / 2 : from;

		if (verdict_at(s, r, sign * steps_mm[at]) == o->verdict)
			from = at + 1;
		else if (halves && at > from)
			to = at + 1;
		else
			return at;
	}
	return to;
}

static void shifted(struct scene *s, const struct rule *r,
	const struct opinion *o, int64_t margin, int sign,
	struct flip *best)
{
	size_t from = 0, to = 0, at;

	while (to < COUNT(steps_mm) &&
		(best->cost_mm < 0 || steps_mm[to] < best->cost_mm))
		to++;
	while (from < to && s->cloud->radius_mm + steps_mm[from] < margin)
		from++;
	at = first_change(s, r, o, sign, from, to);
	if (at < to)
		keep(best, (struct flip){verdict_at(s, r, sign * steps_mm[at]),
				steps_mm[at], steps_mm[at],
				sign > 0 ? FLIP_NEARER : FLIP_FARTHER});
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
	enum verdict done, undone;

	s->suppose = DUTY_DONE;
	done = opinion_verdict(s, r).verdict;
	s->suppose = DUTY_UNDONE;
	undone = opinion_verdict(s, r).verdict;
	s->suppose = DUTY_AS_IT_IS;
	duty_flip(s, r, o->verdict, done, undone, out);
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
	if (!s->cloud->known || margin == INT64_MAX)
		return;
	scaled(s, r, o, margin, true, &region);
	scaled(s, r, o, margin, false, &region);
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
