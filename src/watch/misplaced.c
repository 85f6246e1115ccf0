/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/misplaced.h"

#include <string.h>

#include "base/maths.h"

enum { HITS_LEAST = 6, DIRECTIONS_LEAST = 3, TWINS_MAX = 512 };
#define FAR_M 300.0
/* A first grid, with times as wide as its cells; then a fine one. */
#define COARSE_M 12.0
#define FINE_M 2.0
#define WIDE_S 0.020
/* Of the search: ln of the cells, of the sources; of a change in mid-time; and
 * what must be gained over the pieces beyond that. */
#define CELLS 8.0
#define CHANGE 6.0
#define BETTER 12.0
#define JUMP 12.0
/* Mistakes in lists are likelier than chance: in favour of another's place. */
#define TWIN 8.0
#define SOUND_MS 335.0
#define NEAR_M 15.0 /* less is no move: surveys are good to 3 m */
#define COS_APART 0.86602540378443864676

struct tried {
	struct sight *const *sight;
	size_t count, from;
	double rate;
	double *zero;  /* gain of each where it is said to stand */
	double *late_s; /* of each under the one tried */
};

/* Raw: whatever its pattern did. */
static double gain(const struct sight *s, double late_s, double wide_s,
	double rate, int *near)
{
	return pieces_gain(s, late_s - s->lag_s, wide_s, rate, near);
}

static double late_at(const struct sight *s, double east, double north)
{
	const struct hearing *h = s->hearing;
	double d = h->d_m, x = d * h->east + east, y = d * h->north + north;
	double up2 = d * d * fmax(0, 1 - h->east * h->east -
		h->north * h->north);

	return (sqrt(x * x + y * y + up2) - d) / SOUND_MS;
}

static double at(const struct tried *t, double east, double north,
	double wide_s)
{
	double sum = 0;
	int near;

	for (size_t k = t->from; k < t->count; k++)
		sum += gain(t->sight[k], late_at(t->sight[k], east, north),
			wide_s, t->rate, &near);
	return sum;
}

static void search(const struct tried *t, double *east, double *north)
{
	double best = -INFINITY, e0 = 0, n0 = 0;
	int far = (int)(FAR_M / COARSE_M), fine = (int)(COARSE_M / FINE_M);

	for (int i = -far; i <= far; i++)
		for (int k = -far; k <= far; k++) {
			double g = at(t, i * COARSE_M, k * COARSE_M, WIDE_S);

			if (g > best) {
				best = g;
				e0 = i * COARSE_M;
				n0 = k * COARSE_M;
			}
		}
	best = -INFINITY;
	for (int i = -fine; i <= fine; i++)
		for (int k = -fine; k <= fine; k++) {
			double g = at(t, e0 + i * FINE_M, n0 + k * FINE_M, 0);

			if (g > best) {
				best = g;
				*east = e0 + i * FINE_M;
				*north = n0 + k * FINE_M;
			}
		}
}

/* Gain over `zero` with the best first sight; t->late_s is set. */
static double split(const struct tried *t, bool always, size_t *from)
{
	double tail = 0, best = -INFINITY;
	int near;

	for (size_t k = t->count; k-- > 0;) {
		double price = k == 0 ? 0 : CHANGE;

		tail += gain(t->sight[k], t->late_s[k], 0, t->rate, &near) -
			t->zero[k];
		if ((!always || k == 0) && tail - price > best) {
			best = tail - price;
			*from = k;
		}
	}
	return best;
}

static void fill(const struct tried *t, double east, double north)
{
	for (size_t k = 0; k < t->count; k++)
		t->late_s[k] = late_at(t->sight[k], east, north);
}

/* Somewhere: from the start, then from where the stated place ceases to fit,
 * then from where that place begins to. */
static void somewhere(struct tried *t, struct misplaced *best)
{
	double sum = 0, most = 0;
	size_t ceases = 0;

	for (size_t k = 0; k < t->count; k++) {
		sum += t->zero[k];
		if (sum > most) {
			most = sum;
			ceases = k + 1;
		}
	}
	for (int way = 0; way < 3; way++) {
		struct misplaced m = {0};

		t->from = way == 0 ? 0 : way == 1 ? ceases : best->from;
		if (t->from >= t->count)
			continue;
		search(t, &m.east_m, &m.north_m);
		fill(t, m.east_m, m.north_m);
		m.gain = split(t, way == 0, &m.from) - CELLS;
		if (m.gain > best->gain)
			*best = m;
	}
}

static const struct hearing *other(const struct fit *fit, const char *id)
{
	size_t lo = 0, hi = fit->hearing_count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(fit->hearing[mid].source, id);

		if (c == 0)
			return &fit->hearing[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

/* As if it stood where another is said to: seen in how many sights? */
static size_t as_twin(const struct tried *t, const char *id)
{
	size_t n = 0;

	for (size_t k = 0; k < t->count; k++) {
		const struct hearing *h = t->sight[k]->hearing;
		const struct hearing *o = other(t->sight[k]->fit, id);

		t->late_s[k] = o ? (o->d_m - h->d_m) / SOUND_MS : INFINITY;
		/* Beyond what is near nothing is known: neither for nor
		 * against. */
		if (fabs(t->late_s[k]) < FIT_NEAR_S)
			n++;
		else
			t->late_s[k] = 0;
	}
	return n;
}

static void as_others(struct tried *t, const char *self,
	struct misplaced *best)
{
	const char *seen[TWINS_MAX];
	size_t n = 0;

	for (size_t k = 0; k < t->count; k++)
		for (size_t i = 0; i < t->sight[k]->fit->hearing_count; i++) {
			const char *id = t->sight[k]->fit->hearing[i].source;
			struct misplaced m = {.twin = id};
			size_t q = 0;

			while (q < n && strcmp(seen[q], id) != 0)
				q++;
			if (q < n || n == TWINS_MAX || strcmp(id, self) == 0)
				continue;
			seen[n++] = id;
			if (as_twin(t, id) < HITS_LEAST)
				continue;
			m.gain = split(t, false, &m.from) -
				m_log((double)t->sight[k]->fit->hearing_count) +
				TWIN;
			if (m.gain > best->gain)
				*best = m;
		}
}

/* Hits and their directions. */
static void count(const struct tried *t, struct misplaced *m)
{
	double e[32], n[32];

	for (size_t k = m->from; k < t->count; k++) {
		const struct hearing *h = t->sight[k]->hearing;
		double late = m->twin ? t->late_s[k]
			: late_at(t->sight[k], m->east_m, m->north_m);
		bool fresh = true;
		int near;

		(void)gain(t->sight[k], late, 0, t->rate, &near);
		if (near < 0)
			continue;
		m->hits++;
		for (size_t q = 0; q < m->directions && fresh; q++)
			fresh = e[q] * h->east + n[q] * h->north < COS_APART;
		if (fresh && m->directions < 32) {
			e[m->directions] = h->east;
			n[m->directions++] = h->north;
		}
	}
}

/* What the pieces explain more than `zero`, less the price of their jumps. */
static double by_pieces(const struct suspect *s, double rate)
{
	double sum = 0, pieces = 0;
	int near;

	for (size_t i = 0; i < s->pieces; i++) {
		const struct piece *p = &s->piece[i];

		if (p->hits == 0)
			continue;
		pieces++;
		for (size_t k = p->from; k < p->to; k++)
			if (pieces_usable(&s->sight[k]))
				sum += gain(&s->sight[k], p->late_s, 0, rate,
					&near) - gain(&s->sight[k], 0, 0,
					rate, &near);
	}
	return sum - JUMP * fmax(0, pieces - 1);
}

/* One that is followed well as it is needs no other place. */
static bool in_doubt(const struct suspect *s)
{
	size_t heard = 0, best = 0;

	for (size_t i = 0; i < s->pieces; i++) {
		heard += s->piece[i].heard;
		if (s->piece[i].hits > best &&
			fabs(s->piece[i].late_s) < NEAR_M / SOUND_MS)
			best = s->piece[i].hits;
	}
	return heard >= HITS_LEAST && best * 10 < heard * 7;
}

bool misplaced_find(const struct suspect *s, struct arena *a,
	struct misplaced *m, bool *found, struct fault *f)
{
	size_t mark = a->used;
	struct sight **use = arena_array(a, s->count + 1, sizeof *use, f);
	struct tried t = {.sight = use};
	int near;

	*m = (struct misplaced){.gain = -INFINITY};
	*found = false;
	t.zero = use ? arena_array(a, s->count + 1, sizeof *t.zero, f) : NULL;
	t.late_s = t.zero ? arena_array(a, s->count + 1, sizeof *t.late_s, f)
			  : NULL;
	if (!t.late_s)
		return false;
	for (size_t i = 0; i < s->count; i++)
		if (pieces_usable(&s->sight[i]))
			use[t.count++] = &s->sight[i];
	if (in_doubt(s)) {
		t.rate = pieces_rate(s->sight, s->count);
		for (size_t k = 0; k < t.count; k++)
			t.zero[k] = gain(use[k], 0, 0, t.rate, &near);
		somewhere(&t, m);
		as_others(&t, use[0]->hearing->source, m);
		if (m->twin)
			(void)as_twin(&t, m->twin);
		m->gain -= m->twin ? TWIN : 0;
		count(&t, m);
		*found = m->gain > fmax(0, by_pieces(s, t.rate)) + BETTER &&
			m->hits >= HITS_LEAST &&
			m->directions >= DIRECTIONS_LEAST;
		m->from = (size_t)(use[m->from] - s->sight);
	}
	a->used = mark;
	return true;
}
