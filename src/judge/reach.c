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

/* Half width of an ellipse given by its semi-axes, along `way` of length n. */
static int64_t width(const struct flat axis[2], struct flat way, int64_t n)
{
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
	r->err_mm = width(c->err, r->toward, r->centre_mm);
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
	r->err_mm = width(c->err, r->toward, r->centre_mm);
}

static void put(const struct cloud *c, struct reach *r, size_t i, int64_t mm,
	struct flat way)
{
	int64_t n = mm < 0 ? -mm : mm;
	int64_t spread = c->normal ? width(c->axis, way, n) : c->half[i];

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

/* Everything that what lies within mm of the centre may be near to: the nearest
 * point lies as far from the centre as the centre's and twice that. */
static bool make(const struct asking *q, const struct reach *r, int64_t mm)
{
	int64_t most = (r->centre_mm < 0 ? -r->centre_mm : r->centre_mm) +
		2 * (mm + SLACK_MM);

	return sight_make(q->sight, most, q->scratch, q->fault);
}

/* A point behind the centre, as the outline is seen: along that way distances
 * grow as fast as they can, so they are told by one. */
static bool probe(const struct asking *q, struct reach *r)
{
	int64_t n = fixed_length(r->toward), far = q->cloud->radius_mm;

	if (r->probed)
		return true;
	if (n > 0)
		r->far = (struct flat){
			r->toward.x * far / n, r->toward.y * far / n};
	if (!make(q, r, fixed_length(r->far)))
		return false;
	r->far_mm = fixed_length(sight_nearest(q->sight, r->far));
	r->probed = true;
	return true;
}

static bool within(struct flat a, struct flat b, int64_t mm)
{
	int64_t x = a.x - b.x, y = a.y - b.y;

	return mm >= 0 && x * x + y * y <= mm * mm;
}

/* Does a sample lie so far from the limit, and from those near it, that all of
 * it is on one side?  Then a bound of its distance, and the widest it may
 * spread, stand for it. */
static bool spared(const struct cloud *c, struct reach *r, size_t i,
	int64_t wide, const int64_t limit[2])
{
	int64_t clear = wide * (c->normal ? 5 : 1) + 1 + SLACK_MM;
	struct flat nearest = {-r->toward.x, -r->toward.y};

	r->spread[i] = (double)wide;
	r->mm[i] = (double)(limit[1] + clear);
	if (within(c->at[i], r->far, r->far_mm - limit[1] - clear))
		return true;
	r->mm[i] = (double)(limit[0] - clear);
	return within(c->at[i], nearest, limit[0] - clear);
}

static bool ready(const struct reach *r, size_t tile, int64_t limit_mm)
{
	return r->filled[tile] && r->good_mm[tile][0] <= limit_mm &&
		limit_mm <= r->good_mm[tile][1];
}

static bool fill(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	const struct outline *o = q->sight->outline;
	int64_t *good = r->good_mm[tile];
	bool all = true;

	if (!o->closed && !probe(q, r))
		return false;
	good[0] = limit_mm - t->spread_mm;
	good[1] = limit_mm + t->spread_mm;
	for (size_t k = 0; k < t->count; k++) {
		size_t i = t->from + k;
		int64_t wide = c->normal ? t->spread_mm : c->half[i];
		struct flat way;

		if (r->exact[tile] >> k & 1)
			continue;
		if (!o->closed && spared(c, r, i, wide, good)) {
			all = false;
			continue;
		}
		r->exact[tile] |= (uint16_t)(1u << k);
		way = sight_nearest(q->sight, c->at[i]);
		put(c, r, i, signed_mm(c, o, r, c->at[i],
				     fixed_length(way)), way);
	}
	if (all) {
		good[0] = INT64_MIN;
		good[1] = INT64_MAX;
	}
	r->filled[tile] = true;
	return true;
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

/* Of a sample, by the outline's point that is nearest to the centre: it is no
 * farther off than that, and its normal no narrower than the shorter axis. */
static int32_t part_at_least(const struct cloud *c, const struct reach *r,
	size_t i, int64_t shorter, int64_t limit_mm)
{
	struct flat way = {c->at[i].x + r->toward.x, c->at[i].y + r->toward.y};
	int64_t room = limit_mm - fixed_length(way) - SLACK_MM;
	int64_t spread = c->normal ? shorter - 3 : c->half[i];

	if (room >= 0)
		return CHANCE_SURE / 2;
	return spread > 0 ? part(c, room, spread) : 0;
}

/* Whether a share that may be nothing is something: the bound of it that tells
 * a rule that does not apply from one that does. */
static void look_for_some(const struct asking *q, const struct reach *r,
	int64_t limit_mm, struct sum *sum)
{
	const struct cloud *c = q->cloud;
	int64_t shorter = !c->normal ? 0 : fixed_min(
		fixed_length(c->axis[0]), fixed_length(c->axis[1]));
	int64_t some = 0;

	for (size_t k = 0; k < c->tiles; k++) {
		const struct tile *t = &c->tile[k];

		for (size_t i = t->from; i < t->from + t->count &&
			!ready(r, k, limit_mm) && some <= c->total; i++)
			some += c->weight[i] *
				part_at_least(c, r, i, shorter, limit_mm);
	}
	some = fixed_min(some, sum->open);
	sum->sure += some;
	sum->open -= some;
}

/* Of a tile: what lies within, and what may. */
static bool weigh(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm, enum care care, struct sum *sum)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	bool there = ready(r, tile, limit_mm);
	bool light = !there && care != CARE_FULL &&
		t->weight < c->total / CLOUD_CORE;
	int which;

	/* The rim of a coarse normal is hardly anything. */
	if (light && c->normal && c->of) {
		sum->open += t->weight * CHANCE_SURE;
		return true;
	}
	if (!make(q, r, t->middle_mm + t->radius_mm))
		return false;
	which = side(q, r, tile, limit_mm);
	if (which > 0)
		sum->sure += t->weight * CHANCE_SURE;
	if (which != 0)
		return true;
	if (light) {
		sum->open += t->weight * CHANCE_SURE;
		return true;
	}
	if (!there && !fill(q, r, tile, limit_mm))
		return false;
	sum->sure += parts(c, r, limit_mm, t->from, t->count);
	return true;
}

static int32_t share_of(const struct cloud *c, int64_t sum)
{
	return (int32_t)((sum + c->total / 2) / c->total);
}

/* That nothing of a share is left when it is rounded, though some of the cloud
 * may lie within: by the point behind the centre. */
static bool is_none(const struct asking *q, struct reach *r, int64_t limit_mm,
	bool *none)
{
	const struct cloud *c = q->cloud;
	int64_t wide, beyond, sum = 0;

	*none = false;
	if (r->sampled || q->sight->outline->closed || !c->normal ||
		(r->centre_mm - limit_mm) * 5 < c->radius_mm * 4)
		return true;
	if (!probe(q, r))
		return false;
	wide = c->tile[0].spread_mm; /* all alike */
	beyond = r->far_mm - limit_mm - SLACK_MM - 1;
	for (size_t i = 0; i < c->count; i++) {
		struct flat off = {c->at[i].x - r->far.x,
			c->at[i].y - r->far.y};

		if (within(c->at[i], r->far, beyond - 5 * wide - 1))
			continue; /* part() is nothing */
		sum += c->weight[i] *
			part(c, fixed_length(off) - beyond, wide);
		if (share_of(c, sum) > 0)
			return true;
	}
	*none = true;
	return true;
}

static bool weigh_all(const struct asking *q, struct reach *r,
	int64_t limit_mm, enum care care, struct hold *h)
{
	struct cloud *c = q->cloud;
	struct sum sum = {0, 0};
	bool none;

	cloud_fill(c);
	*h = (struct hold){0, 0};
	if (!is_none(q, r, limit_mm, &none))
		return false;
	if (none)
		return true;
	if (r->sampled)
		sum.sure = parts(c, r, limit_mm, 0, c->count);
	else if (!reach_room(c, r, q->scratch, q->fault))
		return false;
	for (size_t k = 0; k < c->tiles; k++) /* an EXAMPLE has none */
		if (!weigh(q, r, k, limit_mm, care, &sum))
			return false;
	if (sum.open > 0 && sum.sure < c->total / 2)
		look_for_some(q, r, limit_mm, &sum);
	*h = (struct hold){share_of(c, sum.sure),
		share_of(c, sum.sure + sum.open)};
	return true;
}

/* By what was found for other limits. */
static struct hold recalled(
	const struct reach *r, int64_t limit_mm, struct hold h)
{
	for (size_t i = 0; i < r->learned && i < REACH_KNOWN; i++) {
		struct hold is = r->known[i].is;

		if (r->known[i].limit_mm <= limit_mm && is.low > h.low)
			h.low = is.low;
		if (r->known[i].limit_mm >= limit_mm && is.high < h.high)
			h.high = is.high;
	}
	return h;
}

static void learn(struct reach *r, int64_t limit_mm, struct hold h)
{
	size_t i = r->learned++ % REACH_KNOWN;

	r->known[i].limit_mm = limit_mm;
	r->known[i].is = h;
}

static bool asked_before(const struct reach *r, int64_t limit_mm)
{
	for (size_t i = 0; i < r->learned && i < REACH_KNOWN; i++)
		if (r->known[i].limit_mm == limit_mm)
			return true;
	return false;
}

int32_t reach_spot_share(
	const struct cloud *c, const struct reach *r, int64_t limit_mm)
{
	if (reach_settled(c, r, limit_mm))
		return r->centre_mm + c->radius_mm <= limit_mm
			? CHANCE_SURE : 0;
	return share_of(c, parts(c, r, limit_mm, 0, c->count));
}

bool reach_share(const struct asking *q, struct reach *r, int64_t limit_mm,
	int32_t *share)
{
	struct hold h = {0, CHANCE_SURE};

	*share = r->centre_mm + q->cloud->radius_mm <= limit_mm
		? CHANCE_SURE : 0;
	if (reach_settled(q->cloud, r, limit_mm))
		return true;
	h = recalled(r, limit_mm, h);
	if (h.low < h.high) {
		if (!weigh_all(q, r, limit_mm, CARE_FULL, &h))
			return false;
		learn(r, limit_mm, h);
	}
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
	if (care != CARE_CENTRE && !asked_before(r, limit_mm)) {
		if (!weigh_all(q, r, limit_mm, care, h))
			return false;
		learn(r, limit_mm, *h);
	}
	if (q->sight->outline->closed)
		slack = CLOSED_MM;
	h->low = cloud_within(c, room - slack);
	h->high = CHANCE_SURE - cloud_within(c, -room - slack);
	*h = recalled(r, limit_mm, *h);
	return true;
}
