/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/told.h"

/* Sound in air of -30 to +45 degrees C, 313 to 358 m/s, with and against 15
 * m/s of wind. */
#define SLOW_MS 298.0
#define FAST_MS 373.0
/* Wind across an octant of 45 degrees changes the slowness by up to 1.5 %
 * (15 m/s of 330, half an octant off); picks and clocks take the rest. */
#define OCTANT_SHARE 0.02
#define PICK_S 0.1
#define ECHO_S 1.0
/* A worse place would claim whatever comes. */
#define ERR_MAX_S 3.0
/* Nearer, the place's error is more than the speed's. */
#define LEARN_FROM_M 500.0
enum { LEARN_LEAST = 3 };

bool told_open(struct told *t, const struct mission *m, double reach_s,
	struct arena *a, struct fault *f)
{
	size_t n = m->source_count, bytes = n / 8 + 1;
	uint8_t *heard;

	*t = (struct told){.mission = m, .reach_s = reach_s};
	t->source = arena_array(a, n + 1, sizeof *t->source, f);
	t->sound = arena_array(a, TOLD_MAX, sizeof *t->sound, f);
	heard = arena_array(a, TOLD_MAX, bytes, f);
	if (!t->source || !t->sound || !heard)
		return false;
	for (size_t i = 0; i < TOLD_MAX; i++)
		t->sound[i].heard = heard + i * bytes;
	for (size_t i = 0; i < n; i++)
		if (isfinite(m->source[i].lat_deg)) {
			t->frame = frame_at(m->source[i].lat_deg,
				m->source[i].lon_deg);
			break;
		}
	for (size_t i = 0; i < n; i++)
		t->source[i] = frame_to(&t->frame, m->source[i].lat_deg,
			m->source[i].lon_deg);
	return true;
}

/* n^2, once: 10,000 sources take a second. */
void told_nearest(const struct told *t, struct told_near *all, size_t most)
{
	const struct mission *m = t->mission;

	for (size_t i = 0; i < m->source_count; i++) {
		struct told_near *near = &all[i * most];
		size_t n = 0;

		for (size_t k = 0; k < m->source_count; k++) {
			float far = (float)told_apart_m(t, i, k);
			size_t at = n < most ? n++ : most - 1;

			if (m->source[k].kind != SOURCE_ACOUSTIC ||
				!isfinite(far) || (near[at].source &&
					far >= near[at].m)) {
				n -= n > 0 && !near[n - 1].source;
				continue;
			}
			for (; at > 0 && near[at - 1].m > far; at--)
				near[at] = near[at - 1];
			near[at] = (struct told_near){(uint32_t)k + 1, far};
		}
	}
}

struct told_sound *told_new(struct told *t)
{
	struct told_sound *s;
	uint8_t *heard;

	if (++t->last == 0)
		t->last = 1;
	s = &t->sound[t->last % TOLD_MAX];
	heard = s->heard;
	memset(heard, 0, t->mission->source_count / 8 + 1);
	*s = (struct told_sound){.number = t->last, .heard = heard};
	return s;
}

void told_place(
	struct told *t, struct told_sound *s, const struct incident *i)
{
	double half_s = instant_seconds(i->from, i->to) / 2;
	double wide_m = i->place.region.ellipse.semi_major_m;

	s->at = i->at;
	s->xy = frame_to(&t->frame, i->place.lat_deg, i->place.lon_deg);
	s->err_s = fmin(ERR_MAX_S, half_s + wide_m / SLOW_MS);
	for (size_t k = 0; k < TOLD_OCTANTS; k++)
		s->learnt[k] = 0;
}

/* Metres from the sound to a source, and in which octant that lies. */
static double way(const struct told *t, const struct told_sound *s,
	size_t source, size_t *octant)
{
	double x = t->source[source].x_m - s->xy.x_m;
	double y = t->source[source].y_m - s->xy.y_m;

	*octant = (x < 0 ? 4u : 0u) + (y < 0 ? 2u : 0u) +
		(fabs(x) < fabs(y) ? 1u : 0u);
	return sqrt(x * x + y * y);
}

static bool has(const struct told_sound *s, size_t source)
{
	return s->heard[source / 8] >> source % 8 & 1;
}

static void give(struct told *t, struct told_sound *s, size_t source,
	double late_s)
{
	size_t k;
	double m = way(t, s, source, &k);

	s->claimed++;
	if (has(s, source))
		return; /* an echo teaches nothing */
	s->heard[source / 8] |= (uint8_t)(1u << source % 8);
	if (!(m > LEARN_FROM_M))
		return;
	s->learnt[k]++;
	s->slowness[k] = s->learnt[k] == 1 ? late_s / m : s->slowness[k] +
		(late_s / m - s->slowness[k]) / s->learnt[k];
}

void told_give(struct told *t, struct told_sound *s, const struct source *from,
	struct instant at)
{
	give(t, s, (size_t)(from - t->mission->source),
		instant_seconds(s->at, at));
}

/* How badly it fits, from 0; 1 and more: it is an echo; INFINITY: not at
 * all. */
static double misfit(const struct told *t, const struct told_sound *s,
	size_t source, double late_s)
{
	size_t k;
	double m = way(t, s, source, &k);
	double mean = (m / SLOW_MS + m / FAST_MS) / 2;
	double wide = (m / SLOW_MS - m / FAST_MS) / 2;
	double off;

	if (s->learnt[k] >= LEARN_LEAST) {
		mean = m * s->slowness[k];
		wide = OCTANT_SHARE * mean;
	}
	wide += s->err_s + PICK_S;
	off = late_s - mean;
	if (!(off >= -wide && off <= wide + ECHO_S)) /* or not known */
		return INFINITY;
	if (has(s, source))
		return 1 + fabs(off) / (wide + ECHO_S);
	return off <= wide ? fabs(off) / wide : INFINITY;
}

struct told_sound *told_claim(
	struct told *t, const struct source *from, struct instant at)
{
	size_t source = (size_t)(from - t->mission->source);
	struct told_sound *best = NULL;
	double least = INFINITY;

	for (size_t i = 0; i < TOLD_MAX; i++) {
		struct told_sound *s = &t->sound[i];
		double late_s = instant_seconds(s->at, at), off;

		if (s->number == 0 || late_s < -ERR_MAX_S - PICK_S ||
			late_s > t->reach_s)
			continue;
		off = misfit(t, s, source, late_s);
		if (off < least) {
			least = off;
			best = s;
		}
	}
	if (best)
		give(t, best, source, instant_seconds(best->at, at));
	return best;
}
