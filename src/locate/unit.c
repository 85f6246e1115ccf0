/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/unit.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"

struct making {
	const struct scene *scene;
	struct unit *unit;
	size_t least; /* ears */
};

/* The tile grid: squares of half side half_m on a frame of degrees, the same
 * for every island of the mission. */
struct tile {
	int64_t row, column;
};

static double row_deg(double half_m)
{
	return 2 * half_m / 111200.0;
}

static double column_deg(int64_t row, double half_m)
{
	double lat = ((double)row + 0.5) * row_deg(half_m);

	return row_deg(half_m) / fmax(0.05, m_cos(RAD(lat)));
}

static bool add_unit(struct making *q, struct tile t, double half_m,
	double from_s, double to_s, struct arena *a, struct fault *f)
{
	double wide = column_deg(t.row, half_m);
	struct point at = {((double)t.row + 0.5) * row_deg(half_m),
		((double)t.column + 0.5) * wide};
	struct unit *u;

	if (fabs(at.lat_deg) > 89)
		return true;
	u = arena_array(a, 1, sizeof *u, f);
	if (!u)
		return false;
	*u = (struct unit){.at = at, .half_m = half_m, .from_s = from_s,
		.to_s = to_s, .bound = INFINITY, .score = -INFINITY,
		.next = q->unit};
	q->unit = u;
	return true;
}

static int tile_order(const struct tile *a, const struct tile *b)
{
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

/* Puts a tile into the ascending list, if it is not there. */
static size_t tile_add(struct tile *list, size_t n, struct tile t)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (tile_order(&list[mid], &t) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < n && tile_order(&list[lo], &t) == 0)
		return n;
	memmove(&list[lo + 1], &list[lo], (n - lo) * sizeof *list);
	list[lo] = t;
	return n + 1;
}

/* Tiles from which a sound could reach an ear that heard something. */
static size_t tiles_of(const struct scene *s, double half_m, struct tile *list)
{
	size_t n = 0;

	for (size_t i = 0; i < s->ears; i++) {
		const struct source *o = s->ear[i].source;
		int64_t row;

		if (s->ear[i].count == 0)
			continue;
		row = (int64_t)floor(o->lat_deg / row_deg(half_m));
		for (int64_t r = row - 1; r <= row + 1; r++) {
			int64_t c = (int64_t)floor(
				o->lon_deg / column_deg(r, half_m));

			for (int64_t k = c - 1; k <= c + 1; k++)
				n = tile_add(list, n, (struct tile){r, k});
		}
	}
	return n;
}

/* Times of the picks that a tile's ears have, with their ears, ascending. */
struct moment {
	double t_s;
	size_t ear;
};

static int by_time(const void *a, const void *b, const void *self)
{
	const struct moment *x = a, *y = b;

	(void)self;
	if (x->t_s < y->t_s || x->t_s > y->t_s)
		return x->t_s < y->t_s ? -1 : 1;
	return (x->ear > y->ear) - (x->ear < y->ear);
}

static size_t moments_of(const struct scene *s, struct tile t, double half_m,
	struct moment *m)
{
	struct frame f = frame_at(((double)t.row + 0.5) * row_deg(half_m),
		((double)t.column + 0.5) * column_deg(t.row, half_m));
	size_t n = 0;

	for (size_t i = 0; i < s->ears; i++) {
		const struct ear *e = &s->ear[i];
		struct xy p;

		if (e->count == 0)
			continue;
		p = frame_to(&f, e->source->lat_deg, e->source->lon_deg);
		if (fabs(p.x_m) > half_m + s->range_m ||
			fabs(p.y_m) > half_m + s->range_m)
			continue;
		for (size_t k = e->first; k < e->first + e->count; k++)
			m[n++] = (struct moment){s->pick[k].t_s, i};
	}
	sort_items(m, n, sizeof *m, by_time, NULL);
	return n;
}

/* The chunks of one tile in which enough ears heard something.  seen: zeroed,
 * by ear; left so. */
static bool tile_units(struct making *q, struct tile t, double half_m,
	struct moment *m, uint32_t *seen, struct arena *a, struct fault *f)
{
	const struct scene *s = q->scene;
	double phase = (double)(s->start.utc_ns % 8000000000) * 1e-9;
	double later = s->range_m * 1.5 / 300 + 1;
	size_t n = moments_of(s, t, half_m, m), lo = 0, hi = 0, ears = 0;
	int64_t k, last;

	if (n < q->least)
		return true;
	k = (int64_t)floor((m[0].t_s + phase - later) / UNIT_S);
	last = (int64_t)floor((m[n - 1].t_s + phase + 0.5) / UNIT_S);
	for (; k <= last; k++) {
		double from_s = (double)k * UNIT_S - phase;

		for (; hi < n && m[hi].t_s <= from_s + UNIT_S + later; hi++)
			ears += seen[m[hi].ear]++ == 0;
		for (; lo < hi && m[lo].t_s < from_s - 0.5; lo++)
			ears -= --seen[m[lo].ear] == 0;
		if (ears >= q->least && !add_unit(q, t, half_m, from_s,
				from_s + UNIT_S, a, f))
			return false;
		/* Over a long silence at one step. */
		if (lo == hi && hi < n)
			k = (int64_t)fmax((double)k,
				floor((m[hi].t_s + phase - later) / UNIT_S) -
					1);
	}
	for (; lo < hi; lo++)
		seen[m[lo].ear]--;
	return true;
}

bool unit_make(const struct scene *s, size_t ears, struct arena *a,
	struct unit **out, struct fault *f)
{
	struct making q = {.scene = s, .least = ears};
	double half_m = s->range_m / 2;
	struct tile *list = arena_array(a, 9 * s->ears + 1, sizeof *list, f);
	struct moment *m = arena_array(a, s->picks, sizeof *m, f);
	uint32_t *seen = arena_array(a, s->ears, sizeof *seen, f);
	size_t tiles;

	if (!list || !m || !seen)
		return false;
	tiles = tiles_of(s, half_m, list);
	for (size_t i = 0; i < tiles; i++)
		if (!tile_units(&q, list[i], half_m, m, seen, a, f))
			return false;
	*out = q.unit;
	return true;
}
