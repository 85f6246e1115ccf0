/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/beams.h"

#include <string.h>

#include "base/text.h"

#define SECOND_NS INT64_C(1000000000)

enum { ELEMENTS = 64, BEAMS_MAX = 256, TAIL = 64 };

struct beam {
	const struct detector *detector;
	void *state;
	const struct source *element[ELEMENTS];
	struct instant heard[ELEMENTS]; /* the end of it; unknown: nothing */
	int64_t came_ns[ELEMENTS], begun_ns; /* monotonic */
	size_t count;
	char tail[TAIL]; /* "": nothing has come */
	struct instant until; /* given out to here; unknown: not begun */
};

static bool is_first(const struct mission *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (m->source[k].kind == m->source[i].kind &&
			strcmp(m->source[k].array, m->source[i].array) == 0)
			return false;
	return true;
}

/* The elements of the array of source i, by id as sensors are; 0: too many,
 * which the replay says. */
static size_t elements_of(const struct mission *m, size_t i,
	const struct source **element)
{
	size_t n = 0;

	for (size_t k = i; k < m->source_count; k++) {
		if (m->source[k].kind != m->source[i].kind ||
			strcmp(m->source[k].array, m->source[i].array) != 0)
			continue;
		if (n == ELEMENTS)
			return 0;
		element[n++] = &m->source[k];
	}
	return n;
}

static bool add(struct beams *b, const struct detector *d,
	const struct source **element, size_t count, struct arena *a,
	struct fault *f)
{
	struct beam *x = &b->beam[b->count];

	*x = (struct beam){.detector = d, .count = count,
		.until = INSTANT_UNKNOWN};
	if (!(x->state = arena_take(a, d->state_size, f)))
		return false;
	for (size_t i = 0; i < count; i++) {
		x->element[i] = element[i];
		x->heard[i] = INSTANT_UNKNOWN;
	}
	d->gather(x->state, x->element, count, b->mission);
	b->count++;
	return true;
}

bool beams_open(struct beams *b, const struct mission *m, struct arena *a,
	struct fault *f)
{
	const struct source *element[ELEMENTS];

	*b = (struct beams){.mission = m};
	if (!(b->beam = arena_array(a, BEAMS_MAX, sizeof *b->beam, f)))
		return false;
	for (size_t i = 0; i < m->source_count; i++) {
		size_t n = m->source[i].array[0] && is_first(m, i)
			? elements_of(m, i, element) : 0;

		for (size_t k = 0; n > 0 && detectors[k]; k++)
			if (detectors[k]->gathers && b->count < BEAMS_MAX &&
				detectors[k]->gathers(element, n) &&
				!add(b, detectors[k], element, n, a, f))
				return false;
	}
	return true;
}

/* Which element a channel is of; count: none, or of another sort. */
static size_t which(struct beam *x, const char *channel)
{
	for (size_t i = 0; i < x->count; i++) {
		size_t n = strlen(x->element[i]->id);
		struct text t = text_on(x->tail, sizeof x->tail);

		if (strncmp(channel, x->element[i]->id, n) != 0 ||
			channel[n] != '_' || strlen(channel + n) >= TAIL)
			continue;
		if (!x->tail[0])
			text_add(&t, channel + n);
		if (strcmp(x->tail, channel + n) == 0)
			return i;
	}
	return x->count;
}

/* Is it waited for? */
static bool counts(const struct beam *x, size_t i, int64_t now_ns)
{
	int64_t came = instant_known(x->heard[i]) ? x->came_ns[i] : x->begun_ns;

	return now_ns - came < BEAMS_WAIT_S * SECOND_NS;
}

/* How far all have been heard that are waited for; unknown: one is not there
 * yet. */
static struct instant reached(const struct beam *x, int64_t now_ns)
{
	struct instant least = INSTANT_UNKNOWN;

	for (size_t i = 0; i < x->count; i++) {
		if (!counts(x, i, now_ns))
			continue;
		if (!instant_known(x->heard[i]))
			return INSTANT_UNKNOWN;
		if (!instant_known(least) ||
			x->heard[i].utc_ns < least.utc_ns)
			least = x->heard[i];
	}
	return least;
}

static bool advance(struct beam *x, struct instant t,
	const struct detections *to, struct fault *f)
{
	if (!instant_known(t) || (instant_known(x->until) &&
		t.utc_ns <= x->until.utc_ns))
		return true;
	x->until = t;
	return x->detector->until(x->state, t, to, f);
}

/* The part that begins at or after `from`. */
static bool cut(struct segment *s, struct instant from)
{
	double over = instant_known(from)
		? instant_seconds(s->start, from) * s->rate_hz : 0;
	size_t skip = over <= 0.5 ? 0 : (size_t)(over + 0.5);

	if (skip >= s->count)
		return false;
	s->start = segment_time(s, skip);
	s->count -= skip;
	if (s->counts)
		s->counts += skip;
	if (s->values)
		s->values += skip;
	return true;
}

static bool hear(struct beams *b, struct beam *x, size_t i,
	const struct segment *given, int64_t now_ns,
	const struct detections *to, struct fault *f)
{
	struct segment s = *given;
	const size_t all = s.count;
	struct instant end = segment_time(given, given->count);
	struct instant from = x->heard[i], far;

	if (instant_known(x->until) && (!instant_known(from) ||
		from.utc_ns < x->until.utc_ns))
		from = x->until;
	if (!cut(&s, from)) {
		b->late += all;
		return true;
	}
	b->late += all - s.count;
	/* None may be so far ahead of what is finished. */
	far = instant_plus_s(end, -GATHER_AHEAD_S / 2.0);
	if (!instant_known(x->until)) {
		far = instant_plus_s(s.start, -GATHER_AHEAD_S / 2.0);
		x->begun_ns = now_ns;
	}
	if (!advance(x, far, to, f) ||
		!x->detector->element(x->state, i, &s, to, f))
		return false;
	x->heard[i] = end;
	x->came_ns[i] = now_ns;
	return advance(x, reached(x, now_ns), to, f);
}

bool beams_hear(struct beams *b, const struct segment *s, int64_t now_ns,
	const struct detections *to, struct fault *f)
{
	for (size_t k = 0; k < b->count; k++) {
		struct beam *x = &b->beam[k];
		size_t i = which(x, s->channel);

		if (i < x->count && !hear(b, x, i, s, now_ns, to, f))
			return false;
	}
	return true;
}
