/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/sight.h"

#include <math.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A stretch is 0.2 degree at most, 32 km.  apart() cuts its place along the
 * stretch to 2^-20 and each product to a millimetre: together it lies less
 * than 2^-19 x 32 km + 2 mm < 70 mm from where real numbers put it. */
#define SLACK_MM 70.0
#define HALF_TURN INT64_C(1800000000)

enum { PAIRS = TERMS_RUN / 2 };

typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_mask __attribute__((vector_size(16)));

struct box {
	struct flat low, high;
};

struct run { /* from a along d; the last fills up what is not there */
	pair ax[PAIRS], ay[PAIRS], dx[PAIRS], dy[PAIRS];
	pair per[PAIRS]; /* 1/length^2, or 0; the others are whole mm */
	struct box box;
	const struct chunk *chunk;
	bool laid;
};

struct boxes { /* of up to TERMS_RUN things, side by side, whole mm */
	pair west[PAIRS], south[PAIRS], east[PAIRS], north[PAIRS];
	size_t count;
};

struct bunch { /* of runs, whose boxes are made when it is first asked */
	struct run *run;
	const struct chunk *sheaf;
	struct boxes boxes;
};

struct cluster { /* of bunches */
	struct bunch *bunch[TERMS_RUN];
	struct boxes boxes;
	struct box box; /* of them all */
	struct cluster *next;
};

struct best {
	int64_t d2;
	struct flat way;
	double most; /* about() may say so much of what is as near */
};

/* A nearest point lies on its stretch but for the rounding of apart(). */
enum { ROUND_MM = 3 };

void sight_start(struct sight *v, const struct outline *o, struct spot centre)
{
	v->outline = o;
	v->centre = centre;
	v->cos = fixed_cos(centre.lat);
	v->made_mm = -1;
	v->first = v->last = NULL;
	v->hint = NULL;
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
	const struct outline *o = v->outline;
	int64_t least = INT64_MAX;

	for (size_t i = 0; i < o->sheaves; i++) {
		const struct chunk *c = &o->sheaf[i];

		if (gap(v, c) >= least)
			continue;
		for (size_t k = c->from; k < c->from + c->count; k++)
			least = fixed_min(least, gap(v, &o->chunk[k]));
	}
	return least;
}

static struct box nowhere(void)
{
	return (struct box){{FIXED_FAR_MM, FIXED_FAR_MM},
		{-FIXED_FAR_MM, -FIXED_FAR_MM}};
}

static void take_in(struct box *b, struct flat p)
{
	b->low.x = fixed_min(b->low.x, p.x);
	b->low.y = fixed_min(b->low.y, p.y);
	b->high.x = fixed_max(b->high.x, p.x);
	b->high.y = fixed_max(b->high.y, p.y);
}

static void widen(struct box *b, int64_t by)
{
	b->low.x -= by;
	b->low.y -= by;
	b->high.x += by;
	b->high.y += by;
}

static bool same(struct spot a, struct spot b)
{
	return ((a.lat ^ b.lat) | (a.lon ^ b.lon)) == 0;
}

static void lay(const struct sight *v, struct run *r)
{
	const struct chunk *c = r->chunk;
	const struct stretch *s = &v->outline->stretch[c->from];
	struct flat a = {0, 0}, b = a, d = a;

	r->laid = true;
	r->box = nowhere();
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
			take_in(&r->box, a);
			take_in(&r->box, b);
		}
		r->ax[i / 2][i % 2] = (double)a.x;
		r->ay[i / 2][i % 2] = (double)a.y;
		r->dx[i / 2][i % 2] = (double)d.x;
		r->dy[i / 2][i % 2] = (double)d.y;
		r->per[i / 2][i % 2] = d.x == 0 && d.y == 0
			? 0 : 1 / (double)(d.x * d.x + d.y * d.y);
	}
	widen(&r->box, ROUND_MM);
}

/* The box of a chunk by the corners of its degrees.  North is by the latitude
 * alone and grows with it; east grows with the longitude, and with the
 * cosine, whose extremes are at the ends unless the equator lies between, or
 * the far side of the Earth: then there is none. */
static bool box_of(const struct sight *v, const struct chunk *c, struct box *b)
{
	const struct spot low = c->low, high = c->high;
	int64_t west = (int64_t)low.lon - v->centre.lon;
	int64_t east = (int64_t)high.lon - v->centre.lon;
	int64_t south = (int64_t)low.lat + v->centre.lat;
	int64_t north = (int64_t)high.lat + v->centre.lat;

	if (west < -HALF_TURN || east > HALF_TURN ||
		(south < 0 && north > 0))
		return false;
	*b = nowhere();
	for (int i = 0; i < 2; i++) {
		struct parallel p = fixed_parallel(
			v->centre, i == 0 ? low.lat : high.lat);

		take_in(b, fixed_on(v->centre, &p, low.lon));
		take_in(b, fixed_on(v->centre, &p, high.lon));
	}
	widen(b, ROUND_MM);
	return true;
}

static void start_boxes(struct boxes *b)
{
	const pair far = {INFINITY, INFINITY}, none = {-INFINITY, -INFINITY};

	b->count = 0;
	for (size_t i = 0; i < PAIRS; i++) {
		b->west[i] = b->south[i] = far;
		b->east[i] = b->north[i] = none;
	}
}

static void set_box(struct boxes *b, size_t i, const struct box *x)
{
	b->west[i / 2][i % 2] = (double)x->low.x;
	b->south[i / 2][i % 2] = (double)x->low.y;
	b->east[i / 2][i % 2] = (double)x->high.x;
	b->north[i / 2][i % 2] = (double)x->high.y;
}

/* A bunch more; NULL: no memory. */
static struct bunch *new_bunch(
	struct sight *v, struct arena *scratch, struct fault *f)
{
	struct cluster *l = v->last;
	struct bunch *b = arena_room(scratch, sizeof *b, f);

	if (b && (!l || l->boxes.count == TERMS_RUN)) {
		l = arena_room(scratch, sizeof *l, f);
		if (!l)
			return NULL;
		start_boxes(&l->boxes);
		l->box = nowhere();
		l->next = NULL;
		*(v->last ? &v->last->next : &v->first) = l;
		v->last = l;
	}
	if (!b)
		return NULL;
	l->bunch[l->boxes.count++] = b;
	start_boxes(&b->boxes);
	return b;
}

/* Its runs, each with its box; that of them all. */
static struct box open_bunch(const struct sight *v, struct bunch *b)
{
	struct box all = nowhere();

	for (size_t i = 0; i < b->sheaf->count; i++) {
		struct run *r = &b->run[i];

		r->chunk = &v->outline->chunk[b->sheaf->from + i];
		r->laid = false;
		if (!box_of(v, r->chunk, &r->box))
			lay(v, r);
		set_box(&b->boxes, b->boxes.count++, &r->box);
		take_in(&all, r->box.low);
		take_in(&all, r->box.high);
	}
	return all;
}

static bool add(struct sight *v, const struct chunk *sheaf,
	struct arena *scratch, struct fault *f)
{
	struct run *run = arena_room(scratch, sheaf->count * sizeof *run, f);
	struct bunch *b = run ? new_bunch(v, scratch, f) : NULL;
	struct box box;

	if (!b)
		return false;
	b->sheaf = sheaf;
	b->run = run;
	if (!box_of(v, sheaf, &box))
		box = open_bunch(v, b);
	set_box(&v->last->boxes, v->last->boxes.count - 1, &box);
	take_in(&v->last->box, box.low);
	take_in(&v->last->box, box.high);
	return true;
}

/* Whole sheaves, so that what lies in a bunch lies together. */
bool sight_make(struct sight *v, int64_t mm, struct arena *scratch,
	struct fault *f)
{
	const struct outline *o = v->outline;

	if (mm <= v->made_mm)
		return true;
	for (size_t i = 0; i < o->sheaves; i++) {
		const struct chunk *s = &o->sheaf[i];
		int64_t g = gap(v, s);

		if (g <= mm && g > v->made_mm && !add(v, s, scratch, f))
			return false;
	}
	v->made_mm = mm;
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

	if (dot <= 0) /* and where d is none */
		return way;
	if (dot >= length2)
		return (struct flat){way.x - d.x, way.y - d.y};
	/* dot/length2 in 2^-20: a thirtieth of a millimetre a metre. */
	q = length2 < INT64_C(1) << 42
		? fixed_ratio(dot << 20, length2)
		: fixed_ratio(dot << 10, length2 >> 10);
	return (struct flat){
		way.x - ((d.x * q) >> 20), way.y - ((d.y * q) >> 20)};
}

static int64_t squared(struct flat v)
{
	return v.x * v.x + v.y * v.y;
}

#ifdef __SSE2__

static pair less(pair a, pair b)
{
	return _mm_min_pd(a, b);
}

static pair more(pair a, pair b)
{
	return _mm_max_pd(a, b);
}

/* Which of the two are no more: bits 0 and 1. */
static unsigned at_most(pair a, pair b)
{
	return (unsigned)_mm_movemask_pd(_mm_cmple_pd(a, b));
}

#else

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

static unsigned at_most(pair a, pair b)
{
	return (a[0] <= b[0] ? 1u : 0) | (a[1] <= b[1] ? 2u : 0);
}

#endif

/* A bit for each that is no more than `most`. */
static unsigned which(const pair d2[PAIRS], double most)
{
	const pair bound = {most, most};
	unsigned bits = 0;

	for (size_t i = 0; i < PAIRS; i++)
		bits |= at_most(d2[i], bound) << (2 * i);
	return bits;
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

/* d2 and twice the slack. */
static double most_of(double d2)
{
	return d2 + 4 * SLACK_MM * sqrt(d2) + 4 * SLACK_MM * SLACK_MM;
}

static bool try(const struct run *r, size_t i, struct flat p,
	struct best *best)
{
	struct flat way = apart(r, i, p);
	int64_t exact = squared(way);

	if (!betters(exact, way, best))
		return false;
	*best = (struct best){exact, way, most_of((double)exact)};
	return true;
}

static bool nearer(const struct sight *v, struct run *r, struct flat p,
	struct best *best)
{
	pair d2[PAIRS];
	double most, least;
	bool found = false;

	if (!r->laid)
		lay(v, r);
	least = about(r, p, d2);
	if (least > best->most)
		return false;
	most = least < (double)best->d2 ? most_of(least) : best->most;
	for (unsigned may = which(d2, most); may != 0; may &= may - 1)
		found = try(r, (size_t)__builtin_ctz(may), p, best) || found;
	return found;
}

/* How far p is from each box, squared; of what is not there INFINITY.  A
 * little less than it is, for the processor's rounding.  A bit for each that
 * is no farther than `most`. */
static unsigned far_from(const struct boxes *b, struct flat p, double most,
	pair d2[PAIRS])
{
	const pair zero = {0, 0};
	pair x = {(double)p.x, (double)p.x}, y = {(double)p.y, (double)p.y};

	for (size_t i = 0; i < PAIRS; i++) {
		pair dx = more(more(b->west[i] - x, x - b->east[i]), zero);
		pair dy = more(more(b->south[i] - y, y - b->north[i]), zero);

		d2[i] = (dx * dx + dy * dy) * (1 - 1e-9);
	}
	return which(d2, most);
}

static size_t nearest_box(const pair d2[PAIRS])
{
	size_t k = 0;

	for (size_t i = 1; i < TERMS_RUN; i++)
		if (d2[i / 2][i % 2] < d2[k / 2][k % 2])
			k = i;
	return k;
}

/* The next of those that are near: i, or else the lowest; it is struck off. */
static size_t next_of(unsigned *near, size_t i)
{
	if (!(*near >> i & 1))
		i = (size_t)__builtin_ctz(*near);
	*near &= ~(1u << i);
	return i;
}

/* The nearest box first, so that most of the others are not worth it; behind a
 * hint they are not anyhow. */
static void look_into(struct sight *v, struct bunch *b,
	const struct run *but, struct flat p, struct best *best)
{
	pair d2[PAIRS];
	unsigned near;
	size_t i;

	if (b->boxes.count == 0)
		(void)open_bunch(v, b);
	near = far_from(&b->boxes, p, (double)best->d2, d2);
	i = but ? 0 : nearest_box(d2);
	while (near != 0) {
		struct run *r;

		i = next_of(&near, i);
		r = &b->run[i];
		if (d2[i / 2][i % 2] <= (double)best->d2 && r != but &&
			nearer(v, r, p, best))
			v->hint = r;
	}
}

static bool beyond_box(const struct box *b, struct flat p, int64_t d2)
{
	int64_t x = fixed_max(fixed_max(b->low.x - p.x, p.x - b->high.x), 0);
	int64_t y = fixed_max(fixed_max(b->low.y - p.y, p.y - b->high.y), 0);

	return x * x + y * y > d2;
}

struct flat sight_nearest(struct sight *v, struct flat p)
{
	struct best best = {INT64_MAX, {FIXED_FAR_MM, 0}, INFINITY};
	struct run *hint = v->hint;
	pair d2[PAIRS];

	if (hint)
		(void)nearer(v, hint, p, &best);
	for (const struct cluster *l = v->first; l; l = l->next) {
		unsigned near;
		size_t i;

		if (beyond_box(&l->box, p, best.d2))
			continue;
		near = far_from(&l->boxes, p, (double)best.d2, d2);
		i = hint ? 0 : nearest_box(d2);
		while (near != 0) {
			i = next_of(&near, i);
			if (d2[i / 2][i % 2] <= (double)best.d2)
				look_into(v, l->bunch[i], hint, p, &best);
		}
	}
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
