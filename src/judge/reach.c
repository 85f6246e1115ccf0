/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/reach.h"

/* A distance may differ from the true one by as much, for the rounding of
 * nearest points (sight.c: 70 mm), and so may the middle's; rounded up. */
enum { SLACK_MM = 200 };
/* Inside is asked in degrees, where a side of 0.2 degree lies up to 10 m beside
 * the plane's: a distance may jump by twice that. */
enum { CLOSED_MM = 25000 };

static int64_t dot_over(struct flat a, struct flat b, int64_t length)
{
	int64_t dot = a.x * b.x + a.y * b.y;

	return dot < 0 ? -fixed_ratio(-dot, length) : fixed_ratio(dot, length);
}

/* Half width of an ellipse given by its semi-axes, along `way`. */
static int64_t width(const struct flat axis[2], struct flat way)
{
	int64_t n = fixed_length(way);

	if (n == 0)
		return fixed_max(fixed_length(axis[0]), fixed_length(axis[1]));
	return fixed_length((struct flat){
		dot_over(axis[0], way, n), dot_over(axis[1], way, n)});
}

bool reach_centre(const struct asking *q, struct reach *r)
{
	struct sight *v = q->sight;
	const struct cloud *c = q->cloud;
	int64_t gap = sight_gap(v), best;

	r->sampled = false;
	/* The nearest box first; then all that can be nearer than it. */
	if (!sight_make(v, gap, q->scratch, q->fault))
		return false;
	best = fixed_length(sight_nearest(v, (struct flat){0, 0}));
	if (!sight_make(v, best, q->scratch, q->fault))
		return false;
	r->toward = sight_nearest(v, (struct flat){0, 0});
	r->centre_mm = fixed_length(r->toward);
	r->err_mm = width(c->err, r->toward);
	if (v->outline->closed && sight_holds(v->outline, c->centre))
		r->centre_mm = -r->centre_mm;
	return true;
}

bool reach_room(const struct cloud *c, struct reach *r, struct arena *a,
	struct fault *f)
{
	double *both;

	if (r->mm)
		return true;
	/* Both or none: it is asked again after a want of memory. */
	both = arena_room(a, 2 * c->count * sizeof *both, f);
	r->mm = both;
	r->spread = both ? both + c->count : NULL;
	return both != NULL;
}

void reach_spot_centre(const struct cloud *c, struct spot s, struct reach *r)
{
	struct flat o = fixed_flat(c->centre, s);

	r->toward = (struct flat){-o.x, -o.y};
	r->centre_mm = fixed_length(o);
	r->err_mm = width(c->err, r->toward);
}

static void put(const struct cloud *c, struct reach *r, size_t i, int64_t mm,
	struct flat way)
{
	int64_t spread = c->normal ? width(c->axis, way) : c->half[i];

	r->mm[i] = (double)mm;
	r->spread[i] = (double)spread;
	r->thin = r->thin || spread == 0;
}

void reach_spot(const struct cloud *c, struct spot s, struct reach *r)
{
	struct flat o = fixed_flat(c->centre, s);

	reach_spot_centre(c, s, r);
	r->sampled = true;
	for (size_t i = 0; i < c->count; i++) {
		struct flat v = {c->at[i].x - o.x, c->at[i].y - o.y};

		put(c, r, i, fixed_length(v), v);
	}
}

static int64_t signed_mm(const struct cloud *c, const struct outline *o,
	const struct reach *r, struct flat at, int64_t d)
{
	bool in;

	if (!o->closed)
		return d;
	if (fixed_length(at) < (r->centre_mm < 0 ? -r->centre_mm
						 : r->centre_mm))
		in = r->centre_mm < 0; /* the border lies farther off */
	else
		in = sight_holds(o, fixed_spot(c->centre, at));
	return in ? -d : d;
}

static void fill(const struct asking *q, struct reach *r, size_t tile)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];

	for (size_t i = t->from; i < t->from + t->count; i++) {
		struct flat way = sight_nearest(q->sight, c->at[i]);

		put(c, r, i, signed_mm(c, q->sight->outline, r, c->at[i],
				     fixed_length(way)), way);
	}
	r->filled[tile] = true;
}

/* Everything that a tile's samples and its middle may be near to: the nearest
 * point lies as far from the centre as the centre's and twice the sample. */
static bool make(const struct asking *q, const struct reach *r, size_t tile)
{
	const struct tile *t = &q->cloud->tile[tile];
	int64_t most = (r->centre_mm < 0 ? -r->centre_mm : r->centre_mm) +
		2 * (fixed_length(t->middle) + t->radius_mm + SLACK_MM);

	return sight_make(q->sight, most, q->scratch, q->fault);
}

bool reach_settled(const struct cloud *c, const struct reach *r, int64_t mm)
{
	return r->centre_mm + c->radius_mm <= mm ||
		r->centre_mm - c->radius_mm > mm;
}

/* Of one sample: its normal, or its square seen edge on. */
static int32_t part(const struct cloud *c, int64_t room, int64_t spread)
{
	if (spread == 0)
		return room >= 0 ? CHANCE_SURE : 0;
	if (c->normal)
		return fixed_phi(room, spread);
	if (room <= -spread || room >= spread)
		return room > 0 ? CHANCE_SURE : 0;
	return (int32_t)((room + spread) * CHANCE_SURE / (2 * spread));
}

/* -1: all of it lies beyond the limit, 1: within, 0: look.  Which side of a
 * border a sample is on is asked in degrees: closed outlines are looked at. */
static int side(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm)
{
	const struct tile *t = &q->cloud->tile[tile];
	/* part(): a normal is cut at 5 of its sigma, a square at its half. */
	int64_t clear = t->spread_mm * (q->cloud->normal ? 5 : 1) + 1;
	int64_t off = t->radius_mm + SLACK_MM + clear;

	if (q->sight->outline->closed)
		return 0;
	if (!r->met[tile]) {
		r->tile_mm[tile] = fixed_length(
			sight_nearest(q->sight, t->middle));
		r->met[tile] = true;
	}
	if (r->tile_mm[tile] + off <= limit_mm)
		return 1;
	return r->tile_mm[tile] - off >= limit_mm ? -1 : 0;
}

static int64_t parts(const struct cloud *c, const struct reach *r,
	int64_t limit_mm, size_t from, size_t count)
{
	int64_t sum = 0;

	if (c->normal && !r->thin)
		return fixed_phi_sum(c->weight + from, r->mm + from,
			r->spread + from, (double)limit_mm, count);
	for (size_t i = from; i < from + count; i++)
		sum += c->weight[i] * part(c, limit_mm - (int64_t)r->mm[i],
					      (int64_t)r->spread[i]);
	return sum;
}

struct sum {
	int64_t sure, open;
};

/* Of a tile: what lies within, and what may. */
static bool weigh(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm, enum care care, struct sum *sum)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	bool light = !r->filled[tile] && care != CARE_FULL &&
		t->weight < c->total / CLOUD_CORE;
	int which;

	if (!make(q, r, tile))
		return false;
	/* The rim of a coarse normal is hardly anything. */
	which = light && c->normal && c->of ? 0 : side(q, r, tile, limit_mm);
	if (which > 0)
		sum->sure += t->weight * CHANCE_SURE;
	if (which != 0)
		return true;
	if (light) {
		sum->open += t->weight * CHANCE_SURE;
		return true;
	}
	if (!r->filled[tile])
		fill(q, r, tile);
	sum->sure += parts(c, r, limit_mm, t->from, t->count);
	return true;
}

static int32_t share_of(const struct cloud *c, int64_t sum)
{
	return (int32_t)((sum + c->total / 2) / c->total);
}

static bool weigh_all(const struct asking *q, struct reach *r,
	int64_t limit_mm, enum care care, struct hold *h)
{
	struct cloud *c = q->cloud;
	struct sum sum = {0, 0};

	cloud_fill(c);
	if (r->sampled)
		sum.sure = parts(c, r, limit_mm, 0, c->count);
	else if (!reach_room(c, r, q->scratch, q->fault))
		return false;
	for (size_t k = 0; k < c->tiles && !r->sampled; k++)
		if (!weigh(q, r, k, limit_mm, care, &sum))
			return false;
	*h = (struct hold){share_of(c, sum.sure),
		share_of(c, sum.sure + sum.open)};
	return true;
}

bool reach_share(const struct asking *q, struct reach *r, int64_t limit_mm,
	int32_t *share)
{
	struct hold h;

	*share = r->centre_mm + q->cloud->radius_mm <= limit_mm
		? CHANCE_SURE : 0;
	if (reach_settled(q->cloud, r, limit_mm))
		return true;
	if (!weigh_all(q, r, limit_mm, CARE_FULL, &h))
		return false;
	*share = h.low;
	return true;
}

bool reach_hold(const struct asking *q, struct reach *r, int64_t limit_mm,
	enum care care, struct hold *h)
{
	const struct cloud *c = q->cloud;
	int64_t room = limit_mm - r->centre_mm, slack = SLACK_MM;

	h->low = h->high = room >= c->radius_mm ? CHANCE_SURE : 0;
	if (reach_settled(c, r, limit_mm))
		return true;
	if (care != CARE_CENTRE)
		return weigh_all(q, r, limit_mm, care, h);
	if (q->sight && q->sight->outline->closed)
		slack = CLOSED_MM;
	h->low = cloud_within(c, room - slack);
	h->high = CHANCE_SURE - cloud_within(c, -room - slack);
	return true;
}
