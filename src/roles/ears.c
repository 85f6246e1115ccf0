/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/ears.h"

#include <string.h>

enum {
	EARS_MAX = 32768,   /* channels; each takes some 42 KiB */
	EARS_OF_SOURCE = 8, /* or a sender of inventions takes them all */
	QUALITY_MIN = 50,   /* of a clock, percent (watch/health.c) */
};

bool ears_open(struct ears *l, const struct mission *m, struct arena *a,
	struct fault *f)
{
	*l = (struct ears){.mission = m, .arena = a};
	l->ear = arena_array(a, EARS_MAX, sizeof *l->ear, f);
	l->bucket = arena_array(a, 2 * EARS_MAX, sizeof *l->bucket, f);
	return l->ear && l->bucket;
}

static const struct detector *detector_for(const struct source *s)
{
	for (size_t i = 0; detectors[i]; i++)
		if (detectors[i]->hears && detectors[i]->listen &&
			detectors[i]->hears(s))
			return detectors[i];
	return NULL;
}

static size_t ears_of(const struct ears *l, const struct source *s)
{
	size_t n = 0;

	for (size_t i = 0; i < l->count; i++)
		n += l->ear[i].source == s;
	return n;
}

void ear_start(const struct ears *l, struct ear *e)
{
	memset(e->state, 0, e->detector->state_size);
	e->detector->start(e->state, e->source, l->mission);
	for (size_t i = 0; i < e->others; i++) {
		memset(e->other_state[i], 0, e->other[i]->state_size);
		e->other[i]->start(e->other_state[i], e->source, l->mission);
	}
	signal_start(e->signal, e->source->id, NULL);
	e->first = e->heard = e->unsure = INSTANT_UNKNOWN;
	e->late_s = 0;
}

/* Hums. */
static bool add_others(struct ears *l, struct ear *e, struct fault *f)
{
	for (size_t i = 0; detectors[i] && e->others < EAR_OTHERS; i++) {
		const struct detector *d = detectors[i];

		if (!d->hears || d->listen || !d->hears(e->source))
			continue;
		e->other[e->others] = d;
		e->other_state[e->others] =
			arena_take(l->arena, d->state_size, f);
		if (!e->other_state[e->others++])
			return false;
	}
	return true;
}

/* *out NULL: nobody hears it. */
static bool new_ear(struct ears *l, const char *channel, uint32_t *bucket,
	struct ear **out, struct fault *f)
{
	const struct source *s = source_of_channel(
		l->mission->source, l->mission->source_count, channel);
	const struct detector *d;
	struct ear *e = &l->ear[l->count];

	*out = NULL;
	if (!s || s->kind != SOURCE_ACOUSTIC || !(d = detector_for(s)))
		return true;
	if (l->count == EARS_MAX || ears_of(l, s) >= EARS_OF_SOURCE) {
		l->deaf++;
		return true;
	}
	*e = (struct ear){.source = s, .detector = d};
	if (!add_others(l, e, f) ||
		!(e->channel = arena_text(l->arena, bytes_of(channel), f)) ||
		!(e->state = arena_take(l->arena, d->state_size, f)) ||
		!(e->signal = arena_array(l->arena, 1, sizeof *e->signal, f)))
		return false;
	ear_start(l, e);
	*bucket = (uint32_t)++l->count;
	*out = e;
	return true;
}

/* FNV-1a, for short names. */
static size_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h % (2 * EARS_MAX);
}

bool ears_for(struct ears *l, const char *channel, struct ear **out,
	struct fault *f)
{
	size_t i = hash(channel);

	for (; l->bucket[i]; i = (i + 1) % (2 * EARS_MAX)) {
		*out = &l->ear[l->bucket[i] - 1];
		if (strcmp((*out)->channel, channel) == 0)
			return true;
	}
	return new_ear(l, channel, &l->bucket[i], out, f);
}

void ear_mind(struct ear *e, const struct segment *s)
{
	bool unsure = (s->flags & SEGMENT_TIME_DOUBTFUL) ||
		s->time_quality < QUALITY_MIN; /* false for NAN */

	if (!unsure)
		e->unsure = INSTANT_UNKNOWN;
	else if (!instant_known(e->unsure))
		e->unsure = s->start;
}

struct instant ear_doubt(const struct ear *e)
{
	struct instant since = {INSTANT_MAX_NS - 1};
	const char *why = signal_doubt(e->signal, &since);

	(void)why; /* the replay says it */
	return since;
}

struct instant ears_heard(const struct ears *l)
{
	struct instant last = INSTANT_UNKNOWN;

	for (size_t i = 0; i < l->count; i++)
		if (instant_known(l->ear[i].heard) && (!instant_known(last) ||
			l->ear[i].heard.utc_ns > last.utc_ns))
			last = l->ear[i].heard;
	return last;
}
