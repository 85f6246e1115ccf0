/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/sight.h"

#include <math.h>

/* A stretch is 0.2 degree at most, 32 km.  apart() cuts its place along the
 * stretch to 2^-20 and each product to a millimetre: together it lies less
 * than 2^-19 x 32 km + 2 mm < 70 mm from where real numbers put it. */
#define SLACK_MM 70.0
#define HALF_TURN INT64_C(1800000000)

enum { PAIRS = TERMS_RUN / 2 };

typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_mask __attribute__((vector_size(16)));

struct run { /* from a along d; the last fills up what is not there */
	pair ax[PAIRS], ay[PAIRS], dx[PAIRS], dy[PAIRS];
	pair per[PAIRS]; /* 1/length^2, or 0; the others are whole mm */
	struct flat low, high;
	struct run *next;
};

struct best {
	int64_t d2;
	struct flat way;
};

void sight_start(struct sight *v, const struct outline *o, struct spot centre)
{
	v->outline = o;
	v->centre = centre;
	v->cos = fixed_cos(centre.lat);
	v->made_mm = -1;
	v->first = v->hint = NULL;
	v->last = &v->first;
}

static int64_t beyond(int32_t v, int32_t low, int32_t high)
{
	return v < low ? (int64_t)low - v : v > high ? (int64_t)v - high : 0;
}

/* The same of longitudes, which go round. */
static int64_t around(int32_t v, int32_t low, int32_t high)
{
	int64_t far = v < low ? (int64_t)high - v : (int64_t)v - low;

	return fixed_min(beyond(v, low, high),
		fixed_max(0, 2 * HALF_TURN - far));
}

/* No point of the chunk is nearer than this: least metres a degree
 * (110.57 km north; 111.3 km x cos east), less half a percent. */
static int64_t gap(const struct sight *v, const struct chunk *c)
{
	struct spot o = v->centre;
	int64_t y = beyond(o.lat, c->low.lat, c->high.lat) * 11000 / 1000;
	int64_t x = around(o.lon, c->low.lon, c->high.lon) * 11080 / 1000;

	x = ((x >> 10) * fixed_min(c->cos, v->cos)) >> 20;
	return fixed_length((struct flat){
		fixed_min(x, FIXED_FAR_MM), fixed_min(y, FIXED_FAR_MM)});
}

int64_t sight_gap(const struct sight *v)
{
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < v->outline->chunks; i++)
		least = fixed_min(least, gap(v, &v->outline->chunk[i]));
	return least;
}

static void take_in(struct run *r, struct flat p)
{
	r->low.x = fixed_min(r->low.x, p.x);
	r->low.y = fixed_min(r->low.y, p.y);
	r->high.x = fixed_max(r->high.x, p.x);
	r->high.y = fixed_max(r->high.y, p.y);
}

static bool same(struct spot a, struct spot b)
{
	return a.lat == b.lat && a.lon == b.lon;
}

static void lay(const struct sight *v, const struct chunk *c, struct run *r)
{
	const struct stretch *s = &v->outline->stretch[c->from];
	struct flat a = {0, 0}, b = a, d = a;

	r->low = (struct flat){FIXED_FAR_MM, FIXED_FAR_MM};
	r->high = (struct flat){-FIXED_FAR_MM, -FIXED_FAR_MM};
	for (size_t i = 0; i < TERMS_RUN; i++) {
		size_t k = i < c->count ? i : c->count - 1;

		if (k == i) { /* most begin where the one before ended */
			a = i > 0 && same(s[k - 1].b, s[k].a)
				? b : fixed_flat(v->centre, s[k].a);
			b = fixed_flat(v->centre, s[k].b);
			d = (struct flat){b.x - a.x, b.y - a.y};
			/* On the far side of the Earth, where east is west: a
			 * point, lest it lie across the centre. */
			if (d.x > FIXED_FAR_MM || d.x < -FIXED_FAR_MM)
				d = (struct flat){0, 0};
			take_in(r, a);
			take_in(r, b);
		}
		r->ax[i / 2][i % 2] = (double)a.x;
		r->ay[i / 2][i % 2] = (double)a.y;
		r->dx[i / 2][i % 2] = (double)d.x;
		r->dy[i / 2][i % 2] = (double)d.y;
		r->per[i / 2][i % 2] = d.x == 0 && d.y == 0
			? 0 : 1 / (double)(d.x * d.x + d.y * d.y);
	}
}

bool sight_make(struct sight *v, int64_t mm, struct arena *scratch,
	struct fault *f)
{
	const struct outline *o = v->outline;

	for (size_t i = 0; mm > v->made_mm && i < o->chunks; i++) {
		int64_t g = gap(v, &o->chunk[i]);
		struct run *r;

		if (g > mm || g <= v->made_mm)
			continue;
		r = arena_take(scratch, sizeof *r, f);
		if (!r)
			return false;
		lay(v, &o->chunk[i], r);
		r->next = NULL;
		*v->last = r;
		v->last = &r->next;
	}
	v->made_mm = fixed_max(v->made_mm, mm);
	return true;
}

static int64_t whole(const pair *v, size_t i)
{
	return (int64_t)v[i / 2][i % 2];
}

/* From the nearest point of a stretch to p; its products stay below 2^63. */
static struct flat apart(const struct run *r, size_t i, struct flat p)
{
	struct flat d = {whole(r->dx, i), whole(r->dy, i)};
	struct flat way = {p.x - whole(r->ax, i), p.y - whole(r->ay, i)};
	int64_t dot = way.x * d.x + way.y * d.y;
	int64_t length2 = d.x * d.x + d.y * d.y, q;

	if (dot <= 0 || length2 == 0)
		return way;
	if (dot >= length2)
		return (struct flat){way.x - d.x, way.y - d.y};
	/* dot/length2 in 2^-20: a thirtieth of a millimetre a metre. */
	q = length2 < INT64_C(1) << 42 ? (dot << 20) / length2
				       : (dot << 10) / (length2 >> 10);
	return (struct flat){
		way.x - ((d.x * q) >> 20), way.y - ((d.y * q) >> 20)};
}

static int64_t squared(struct flat v)
{
	return v.x * v.x + v.y * v.y;
}

static int64_t outside(int64_t v, int64_t low, int64_t high)
{
	return v < low ? low - v : v > high ? v - high : 0;
}

/* The processor's own minimum and maximum. */
static pair less(pair a, pair b)
{
	pair_mask m = a < b;

	return (pair)(((pair_mask)a & m) | ((pair_mask)b & ~m));
}

static pair more(pair a, pair b)
{
	pair_mask m = a > b;

	return (pair)(((pair_mask)a & m) | ((pair_mask)b & ~m));
}

/* About how far each is, squared; the least. */
static double about(const struct run *r, struct flat p, pair d2[PAIRS])
{
	pair px = {(double)p.x, (double)p.x}, py = {(double)p.y, (double)p.y};
	pair zero = {0, 0}, one = {1, 1}, least = {0, 0};

	for (size_t i = 0; i < PAIRS; i++) {
		pair x = px - r->ax[i], y = py - r->ay[i];
		pair t = (x * r->dx[i] + y * r->dy[i]) * r->per[i];

		t = less(more(t, zero), one);
		x -= t * r->dx[i];
		y -= t * r->dy[i];
		d2[i] = x * x + y * y;
		least = i == 0 ? d2[0] : less(least, d2[i]);
	}
	return least[0] < least[1] ? least[0] : least[1];
}

/* Of ways equally long the one that is least by x, then y: which is nearest
 * must not hang on the order in which runs are asked. */
static bool betters(int64_t d2, struct flat way, const struct best *best)
{
	if (d2 != best->d2)
		return d2 < best->d2;
	return way.x != best->way.x ? way.x < best->way.x
				    : way.y < best->way.y;
}

static bool nearer(const struct run *r, struct flat p, struct best *best)
{
	pair d2[PAIRS];
	double most = (double)best->d2, least = about(r, p, d2);
	int64_t was = best->d2;

	most = least < most ? least : most;
	most += 4 * SLACK_MM * sqrt(most) + 4 * SLACK_MM * SLACK_MM;
	for (size_t i = 0; i < TERMS_RUN; i++) {
		struct flat way;
		int64_t exact;

		if (d2[i / 2][i % 2] > most)
			continue;
		way = apart(r, i, p);
		exact = squared(way);
		if (betters(exact, way, best))
			*best = (struct best){exact, way};
	}
	return best->d2 < was;
}

static bool worth(const struct run *r, struct flat p, const struct best *best)
{
	return squared((struct flat){outside(p.x, r->low.x, r->high.x),
		       outside(p.y, r->low.y, r->high.y)}) <= best->d2;
}

struct flat sight_nearest(struct sight *v, struct flat p)
{
	struct best best = {INT64_MAX, {FIXED_FAR_MM, 0}};
	struct run *first = v->hint;

	if (first)
		(void)nearer(first, p, &best);
	for (struct run *r = v->first; r; r = r->next)
		if (r != first && worth(r, p, &best) && nearer(r, p, &best))
			v->hint = r;
	return best.way;
}

bool sight_holds(const struct outline *o, struct spot p)
{
	bool in = false;

	for (size_t i = 0; i < o->chunks; i++) {
		const struct chunk *c = &o->chunk[i];

		if (p.lat < c->low.lat || p.lat > c->high.lat ||
			p.lon > c->high.lon)
			continue;
		for (size_t j = c->from; j < c->from + c->count; j++) {
			const struct stretch *s = &o->stretch[j];

			if ((s->a.lat > p.lat) == (s->b.lat > p.lat))
				continue;
			if (s->a.lon + ((int64_t)s->b.lon - s->a.lon) *
					((int64_t)p.lat - s->a.lat) /
					((int64_t)s->b.lat - s->a.lat) >
				p.lon)
				in = !in;
		}
	}
	return in;
}
