/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * health.c - up, degraded, down: from stretches of delivered data.
 *
 * Places of moving sensors are not checked here: uptime carries none. */
#include "model/segment.h"
#include "watch/watch.h"

/* Gaps shorter than this are none (watch.h). */
#define GAP_NS INT64_C(1000000000)
/* SEED timing quality below this puts the clock in doubt: dataloggers write
 * 100 locked, 90-60 in holdover by age, 0 never locked (Quanterra, cal.). */
#define QUALITY_MIN 50.0

struct stretch {
	const struct source *source;
	const struct healths *out;
	struct health now; /* not yet told; source NULL: none */
	double worst;      /* time quality within it */
	size_t damaged;
};

static bool tell(struct stretch *s, struct fault *f)
{
	struct health h = s->now;

	if (!h.source || h.span.to.utc_ns <= h.span.from.utc_ns)
		return true;
	if (h.state == HEALTH_DOWN)
		h.measure = (struct feature){"gap_s",
			instant_seconds(h.span.from, h.span.to)};
	else if (h.state == HEALTH_DEGRADED && isfinite(s->worst))
		h.measure = (struct feature){"time_quality_pct", s->worst};
	else if (s->damaged > 0)
		h.measure = (struct feature){"damaged", (double)s->damaged};
	health_name(&h);
	s->now.source = NULL;
	return s->out->put(s->out->self, &h, f);
}

static bool extend(struct stretch *s, struct instant from, struct instant to,
	enum health_state state, const char *why, struct fault *f)
{
	if (to.utc_ns <= from.utc_ns)
		return true;
	if (s->now.source && s->now.state == state &&
		strcmp(s->now.why, why) == 0) {
		s->now.span.to = to;
		return true;
	}
	if (!tell(s, f))
		return false;
	s->now = (struct health){.source = s->source->id, .span = {from, to},
		.state = state, .why = why};
	s->worst = NAN;
	s->damaged = 0;
	return true;
}

static bool doubtful(const struct uptime *u)
{
	return (u->flags & SEGMENT_TIME_DOUBTFUL) ||
		u->time_quality < QUALITY_MIN; /* false for NAN */
}

static bool delivered(struct stretch *s, struct span all,
	const struct uptime *u, struct instant *pos, struct fault *f)
{
	struct instant from = u->span.from, to = u->span.to;
	bool doubt = doubtful(u);

	if (to.utc_ns > all.to.utc_ns)
		to = all.to;
	if (to.utc_ns <= pos->utc_ns || from.utc_ns >= all.to.utc_ns)
		return true;
	if (from.utc_ns - pos->utc_ns >= GAP_NS) {
		if (!extend(s, *pos, from, HEALTH_DOWN, "no data", f))
			return false;
		*pos = from;
	}
	if (!extend(s, *pos, to, doubt ? HEALTH_DEGRADED : HEALTH_UP,
		    doubt ? "clock in doubt" : "", f))
		return false;
	s->worst = fmin(s->worst, u->time_quality); /* drops NAN */
	s->damaged += u->damaged;
	*pos = to;
	return true;
}

static bool one_source(const struct source *source, struct span all,
	const struct uptime *u, size_t count, const struct healths *out,
	struct fault *f)
{
	struct stretch s = {.source = source, .out = out, .worst = NAN};
	struct instant pos = all.from;

	if (instant_known(source->installed) &&
		source->installed.utc_ns > pos.utc_ns) {
		struct instant to = source->installed;

		if (to.utc_ns > all.to.utc_ns)
			to = all.to;
		if (!extend(&s, pos, to, HEALTH_UNKNOWN, "not installed", f))
			return false;
		pos = to;
	}
	for (size_t i = 0; i < count; i++)
		if (!delivered(&s, all, &u[i], &pos, f))
			return false;
	if (all.to.utc_ns - pos.utc_ns >= GAP_NS &&
		!extend(&s, pos, all.to, HEALTH_DOWN, "no data", f))
		return false;
	return tell(&s, f);
}

static bool is_sampled(const struct source *s)
{
	return s->kind == SOURCE_ACOUSTIC || s->kind == SOURCE_INFRASOUND ||
		s->kind == SOURCE_SEISMIC;
}

bool watch_health(const struct mission *m, struct span all,
	const struct uptime *u, size_t count, struct arena *arena,
	const struct healths *out, struct fault *f)
{
	size_t i = 0;

	(void)arena;
	/* Both lists are sorted by id: one walk. */
	for (size_t k = 0; k < m->source_count; k++) {
		const struct source *s = &m->source[k];
		size_t from;

		while (i < count && strcmp(u[i].source, s->id) < 0)
			i++;
		from = i;
		while (i < count && strcmp(u[i].source, s->id) == 0)
			i++;
		if (is_sampled(s) &&
			!one_source(s, all, u + from, i - from, out, f))
			return fault_in(f, "watch: %s", s->id);
	}
	return true;
}
