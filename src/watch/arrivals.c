/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/arrivals.h"

#include <math.h>
#include <string.h>

#define MINUTE_NS INT64_C(60000000000)
/* Places by satellite wander by up to 28 m in the Pittsburgh set (FP3). */
#define JUMP_M 60.0
/* Picks a minute: an echoing street gives some twenty a shot; a flood is ten
 * times what the others have. */
enum { FLOOD_LEAST = 60, FLOOD_TIMES = 10, OTHERS_LEAST = 3 };
/* GPS counts 1,024 weeks and begins anew (docs/WAVEFORM.md 5); a clock so far
 * off shares no day with the rest. */
#define ROLL_S 619315200.0
#define ROLL_SLACK_S 86400.0
/* No source is silent for a year and goes on. */
#define BREAK_S 31557600.0

struct of_source {
	double x_m, y_m; /* first stated */
	bool stated, jumped;
	struct health jump; /* while it goes on */
	size_t in_minute, flood_most;
	struct span flood; /* from unknown: none */
	struct instant first, last;
	/* A clock that turns in the middle states the earlier times later; in
	 * order of time, what is right then comes after a break of years. */
	struct instant turned, again; /* before and after the break */
	struct id id[2]; /* of the first, and of the last before a break */
	size_t count;
};

bool arrivals_start(struct arrivals *a, const struct mission *m,
	struct arena *arena, const struct healths *out, struct fault *f)
{
	*a = (struct arrivals){.m = m, .minute = INT64_MIN, .arena = arena,
		.first = INSTANT_UNKNOWN, .last = INSTANT_UNKNOWN,
		.out = out};
	a->of = arena_array(arena, m->source_count + 1, sizeof *a->of, f);
	for (size_t i = 0; a->of && i < m->source_count; i++)
		a->of[i].flood.from = a->of[i].first = a->of[i].turned =
			a->of[i].again = INSTANT_UNKNOWN;
	return a->of != NULL;
}

static bool tell(const struct arrivals *a, size_t source, struct health h,
	struct fault *f)
{
	h.source = a->m->source[source].id;
	h.state = HEALTH_QUARANTINED;
	health_name(&h);
	return a->out->put(a->out->self, &h, f);
}

static bool end_flood(struct arrivals *a, size_t i, struct fault *f)
{
	struct of_source *s = &a->of[i];
	struct health h = {.why = ARRIVALS_FLOOD, .span = s->flood,
		.measure = {"picks_per_min", (double)s->flood_most}};

	if (!instant_known(s->flood.from))
		return true;
	s->flood.from = INSTANT_UNKNOWN;
	s->flood_most = 0;
	return tell(a, i, h, f);
}

static bool end_minute(struct arrivals *a, struct fault *f)
{
	struct span span = {{a->minute * MINUTE_NS},
		{(a->minute + 1) * MINUTE_NS}};

	for (size_t i = 0; i < a->m->source_count; i++) {
		struct of_source *s = &a->of[i];
		size_t others = a->in_minute - s->in_minute;
		/* In the mean of the others, as many as may hear at all. */
		size_t n = a->m->source_count - 1;

		if (n < OTHERS_LEAST || s->in_minute < FLOOD_LEAST ||
			s->in_minute * n < FLOOD_TIMES * others) {
			s->in_minute = 0;
			continue;
		}
		if (instant_known(s->flood.from) &&
			s->flood.to.utc_ns < span.from.utc_ns &&
			!end_flood(a, i, f))
			return false;
		if (!instant_known(s->flood.from))
			s->flood.from = span.from;
		s->flood.to = span.to;
		if (s->in_minute > s->flood_most)
			s->flood_most = s->in_minute;
		s->in_minute = 0;
	}
	a->in_minute = 0;
	return true;
}

static bool place(struct arrivals *a, size_t i, const struct detection *d,
	struct fault *f)
{
	struct of_source *s = &a->of[i];
	double x = feature_of(d->feature, d->feature_count, "x_m");
	double y = feature_of(d->feature, d->feature_count, "y_m");
	double far = sqrt((x - s->x_m) * (x - s->x_m) +
		(y - s->y_m) * (y - s->y_m));
	const char **id;

	if (!isfinite(x) || !isfinite(y))
		return true;
	if (!s->stated) {
		s->stated = true;
		s->x_m = x;
		s->y_m = y;
		return true;
	}
	if (s->jumped && far <= JUMP_M) {
		s->jumped = false;
		s->jump.span.to = d->at;
		return tell(a, i, s->jump, f);
	}
	if (s->jumped || far <= JUMP_M)
		return true;
	if (!(id = arena_array(a->arena, 1, sizeof *id, f)) ||
		!(id[0] = arena_text(a->arena, bytes_of(d->id.text), f)))
		return false;
	s->jumped = true;
	s->jump = (struct health){.why = ARRIVALS_JUMPED,
		.span = {instant_plus_ns(s->last, 1000), INSTANT_UNKNOWN},
		.measure = {"moved_m", floor(far + 0.5)},
		.evidence = id, .evidence_count = 1};
	return true;
}

static void note(struct of_source *s, const struct detection *d)
{
	if (!instant_known(s->first)) {
		s->first = d->at;
		s->id[0] = d->id;
	} else if (!instant_known(s->turned) &&
		instant_seconds(s->last, d->at) > BREAK_S) {
		s->turned = s->last;
		s->again = d->at;
	}
	s->last = d->at;
	s->count++;
	if (!instant_known(s->turned))
		s->id[1] = d->id;
}

bool arrivals_take(
	struct arrivals *a, const struct detection *d, struct fault *f)
{
	const struct source *source = source_find(
		a->m->source, a->m->source_count, d->source);
	int64_t minute = d->at.utc_ns / MINUTE_NS;
	struct of_source *s;
	size_t i;

	if (!source || !instant_known(d->at))
		return true;
	i = (size_t)(source - a->m->source);
	s = &a->of[i];
	if (minute != a->minute && a->in_minute > 0 && !end_minute(a, f))
		return false;
	a->minute = minute;
	a->in_minute++;
	s->in_minute++;
	if (!place(a, i, d, f))
		return false;
	note(s, d);
	return true;
}

/* Whole turns of the week counter by which all that `s` stated at first is off
 * from what `o` stated; 0: none. */
static double turns_off(const struct of_source *s, const struct of_source *o)
{
	struct instant from = instant_known(o->again) ? o->again : o->first;
	struct instant to = instant_known(s->turned) ? s->turned : s->last;
	double early = instant_seconds(from, s->first);
	double late = instant_seconds(o->last, to);
	double q = floor(early / ROLL_S + 0.5);

	return early - q * ROLL_S >= -ROLL_SLACK_S &&
		late - q * ROLL_S <= ROLL_SLACK_S ? q : 0;
}

static bool weeks(struct arrivals *a, size_t i, struct fault *f)
{
	const struct of_source *s = &a->of[i];
	struct instant to = instant_known(s->turned) ? s->turned : s->last;
	size_t with = 0, far = 0;
	double turns = 0;
	struct health h = {.why = ARRIVALS_WEEKS, .evidence_count = 1};
	const char **id;

	if (!instant_known(s->first))
		return true;
	for (size_t k = 0; k < a->m->source_count; k++) {
		double q;

		if (k == i || !instant_known(a->of[k].first))
			continue;
		q = turns_off(s, &a->of[k]);
		far += q != 0;
		with += q == 0;
		turns = q != 0 ? q : turns;
	}
	if (far < OTHERS_LEAST || far <= 2 * with)
		return true;
	if (!(id = arena_array(a->arena, 2, sizeof *id, f)))
		return false;
	for (size_t k = 0; k < 2; k++)
		if (!(id[k] = arena_text(a->arena, bytes_of(s->id[k].text), f)))
			return false;
	h.evidence = id;
	h.evidence_count += strcmp(id[0], id[1]) != 0;
	h.span = (struct span){s->first, instant_plus_ns(to, 1000)};
	h.measure = (struct feature){"late_ms", turns * ROLL_S * 1e3};
	return tell(a, i, h, f);
}

bool arrivals_finish(struct arrivals *a, struct span all, struct fault *f)
{
	if (a->in_minute > 0 && !end_minute(a, f))
		return false;
	for (size_t i = 0; i < a->m->source_count; i++) {
		struct of_source *s = &a->of[i];

		if (!end_flood(a, i, f) || !weeks(a, i, f))
			return false;
		s->jump.span.to = all.to;
		if (s->jumped && s->jump.span.to.utc_ns >
				s->jump.span.from.utc_ns &&
			!tell(a, i, s->jump, f))
			return false;
	}
	return true;
}
