/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/points.h"

/* Inside is asked in degrees, where a side of 0.2 degree lies up to 10 m beside
 * the plane's: a distance may jump by twice that. */
enum { CLOSED_MM = 25000, SLACK_MM = POINTS_SLACK_MM };

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

/* Does a sample lie so far from the limit, and from those near it, that all of
 * it is on one side?  Then a bound of its distance, and the widest it may
 * spread, stand for it. */
static bool spared(const struct cloud *c, struct reach *r, size_t i,
	const int64_t limit[2])
{
	double wide = c->normal ? r->broad[i] : (double)c->half[i];
	double clear = wide * (c->normal ? 5 : 1) + 1;

	r->spread[i] = wide;
	r->mm[i] = r->least[i];
	if (r->least[i] - clear >= (double)limit[1])
		return true;
	r->mm[i] = r->most[i];
	return r->most[i] + clear <= (double)limit[0];
}

static bool ready(const struct reach *r, size_t tile, int64_t limit_mm)
{
	return r->filled[tile] && r->good_mm[tile][0] <= limit_mm &&
		limit_mm <= r->good_mm[tile][1];
}

/* A tile's k-th sample as it is. */
static void meet(const struct asking *q, struct reach *r, size_t tile,
	size_t k)
{
	const struct cloud *c = q->cloud;
	size_t i = c->tile[tile].from + k;
	struct flat way = sight_nearest(q->sight, c->at[i]);

	r->exact[tile] |= (uint16_t)(1u << k);
	put(c, r, i, signed_mm(c, q->sight->outline, r, c->at[i],
			     fixed_length(way)), way);
}

static bool fill(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	const struct outline *o = q->sight->outline;
	int64_t *good = r->good_mm[tile];
	bool all = true;

	if (!o->closed && !points_span(q, r, tile))
		return false;
	good[0] = limit_mm - t->spread_mm;
	good[1] = limit_mm + t->spread_mm;
	for (size_t k = 0; k < t->count; k++) {
		size_t i = t->from + k;

		if (r->exact[tile] >> k & 1)
			continue;
		if (!o->closed && spared(c, r, i, good)) {
			all = false;
			continue;
		}
		meet(q, r, tile, k);
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
	int64_t limit_mm, enum care care)
{
	const struct tile *t = &q->cloud->tile[tile];
	/* part(): a normal is cut at 5 of its sigma, a square at its half. */
	int64_t clear = t->spread_mm * (q->cloud->normal ? 5 : 1) + 1;
	int64_t off = t->radius_mm + SLACK_MM + clear;
	int which;

	if (!points_tell(q))
		return 0;
	which = points_side(q, r, tile, off, limit_mm);
	if (which != 0 || care == CARE_POINTS)
		return which;
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

/* Of a tile of normals by their spans: farther off the wider says less, nearer
 * the narrower says more. */
static void bracket(const struct cloud *c, const struct reach *r,
	const struct tile *t, int64_t limit_mm, struct sum *sum)
{
	const double *most = r->most + t->from, *least = r->least + t->from;
	const double *slim = r->slim + t->from, *broad = r->broad + t->from;
	double low[CLOUD_TILE], high[CLOUD_TILE], limit = (double)limit_mm;
	int64_t sure;

	for (size_t i = 0; i < t->count; i++) {
		low[i] = most[i] <= limit ? broad[i] : slim[i];
		high[i] = least[i] <= limit ? slim[i] : broad[i];
	}
	sure = fixed_phi_sum(c->weight + t->from, most, low, limit, t->count);
	sum->sure += sure;
	sum->open += fixed_phi_sum(c->weight + t->from, least, high, limit,
			     t->count) - sure;
}

/* Of a tile of squares. */
static void bracket_squares(const struct cloud *c, const struct reach *r,
	const struct tile *t, int64_t limit_mm, struct sum *sum)
{
	for (size_t i = t->from; i < t->from + t->count; i++) {
		int32_t low = part(c, limit_mm - (int64_t)r->most[i],
			c->half[i]);
		int32_t high = part(c, limit_mm - (int64_t)r->least[i],
			c->half[i]);

		sum->sure += c->weight[i] * low;
		sum->open += c->weight[i] * (high - low);
	}
}

/* Of a tile: what lies within, and what may, by the two points. */
static bool estimate(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm, struct sum *sum)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];

	if (!points_span(q, r, tile))
		return false;
	(c->normal ? bracket : bracket_squares)(c, r, t, limit_mm, sum);
	return true;
}

/* Is it the rim of a normal that decides?  It is hardly anything else. */
static bool in_tail(const struct cloud *c, const struct reach *r,
	int64_t limit_mm)
{
	return (r->centre_mm - limit_mm) * 10 >= c->radius_mm * 7;
}

/* The same, by samples where they are asked. */
static bool weigh(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm, enum care care, struct sum *sum)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	bool there = ready(r, tile, limit_mm);
	bool light = !there && care != CARE_FULL &&
		t->weight < c->total / CLOUD_CORE;
	int which;

	if (care > CARE_POINTS &&
		!points_make(q, r, t->middle_mm + t->radius_mm))
		return false;
	which = side(q, r, tile, limit_mm, care);
	if (which > 0)
		sum->sure += t->weight * CHANCE_SURE;
	if (which != 0)
		return true;
	if (light && (!points_tell(q) ||
			(care == CARE_POINTS && c->normal &&
				!in_tail(c, r, limit_mm)))) {
		sum->open += t->weight * CHANCE_SURE;
		return true;
	}
	if (light || (!there && care == CARE_POINTS))
		return estimate(q, r, tile, limit_mm, sum);
	if (!there && !fill(q, r, tile, limit_mm))
		return false;
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
	*h = (struct hold){0, 0};
	if (r->sampled)
		sum.sure = parts(c, r, limit_mm, 0, c->count);
	else if (!reach_room(c, r, q->scratch, q->fault) ||
		(points_tell(q) && !points_probe(q, r)))
		return false;
	for (size_t k = 0; k < c->tiles; k++) /* an EXAMPLE has none */
		if (!weigh(q, r, k, limit_mm, care, &sum))
			return false;
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

static bool asked_before(
	const struct reach *r, int64_t limit_mm, enum care care)
{
	for (size_t i = 0; i < r->learned && i < REACH_KNOWN; i++)
		if (r->known[i].limit_mm == limit_mm &&
			r->known[i].care >= care)
			return true;
	return false;
}

static void note(struct reach *r, int64_t limit_mm, enum care care,
	struct hold h)
{
	size_t i = r->learned++ % REACH_KNOWN;

	r->known[i].limit_mm = limit_mm;
	r->known[i].is = h;
	r->known[i].care = care;
}

/* Asks with that care unless it was, and keeps what is found. */
static bool learn(const struct asking *q, struct reach *r, int64_t limit_mm,
	enum care care)
{
	struct hold h;

	if (care == CARE_CENTRE || asked_before(r, limit_mm, care) ||
		(care == CARE_POINTS && !points_tell(q)))
		return true;
	if (!weigh_all(q, r, limit_mm, care, &h))
		return false;
	note(r, limit_mm, care, h);
	return true;
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
	if (h.low < h.high && !learn(q, r, limit_mm, CARE_POINTS))
		return false;
	h = recalled(r, limit_mm, h);
	if (h.low < h.high && !learn(q, r, limit_mm, CARE_FULL))
		return false;
	*share = recalled(r, limit_mm, h).low;
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
	if (!learn(q, r, limit_mm, care))
		return false;
	if (q->sight->outline->closed)
		slack = CLOSED_MM;
	h->low = cloud_within(c, room - slack);
	h->high = CHANCE_SURE - cloud_within(c, -room - slack);
	*h = recalled(r, limit_mm, *h);
	return true;
}

/* What is known of a share, and the samples of which something is open. */
struct doubt {
	int64_t sure, open;
	struct open {
		int64_t sure, open;
		uint16_t tile, nth;
	} of[CLOUD_MAX];
	size_t count;
};

/* A sample by its spans. */
static struct open open_of(const struct cloud *c, const struct reach *r,
	size_t i, int64_t limit_mm)
{
	int64_t most = limit_mm - (int64_t)r->most[i];
	int64_t least = limit_mm - (int64_t)r->least[i];
	int64_t slim = c->half[i], broad = slim, low, high;

	if (c->normal) {
		slim = (int64_t)r->slim[i];
		broad = (int64_t)r->broad[i];
	}
	low = part(c, most, most >= 0 ? broad : slim);
	high = part(c, least, least >= 0 ? slim : broad);
	return (struct open){.sure = c->weight[i] * low,
		.open = c->weight[i] * (high - low)};
}

/* A tile's samples. */
static bool doubt_tile(const struct asking *q, struct reach *r, size_t tile,
	int64_t limit_mm, struct doubt *d)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	int which = side(q, r, tile, limit_mm, CARE_POINTS);

	if (which > 0)
		d->sure += t->weight * CHANCE_SURE;
	if (which != 0)
		return true;
	if (!points_span(q, r, tile))
		return false;
	for (size_t k = 0; k < t->count; k++) {
		struct open *o = &d->of[d->count];

		if (r->exact[tile] >> k & 1) {
			d->sure += parts(c, r, limit_mm, t->from + k, 1);
			continue;
		}
		*o = open_of(c, r, t->from + k, limit_mm);
		o->tile = (uint16_t)tile;
		o->nth = (uint16_t)k;
		d->sure += o->sure;
		d->open += o->open;
		d->count += o->open > 0;
	}
	return true;
}

/* The sample of which most is open; it is struck off. */
static struct open greatest(struct doubt *d)
{
	size_t most = 0;
	struct open found;

	for (size_t i = 1; i < d->count; i++)
		if (d->of[i].open > d->of[most].open)
			most = i;
	found = d->of[most];
	d->of[most] = d->of[--d->count];
	return found;
}

/* By one sample after another, those first of which most is open, until it is
 * known whether the share is so much. */
static bool decide(const struct asking *q, struct reach *r, int64_t limit_mm,
	int32_t ppm, struct hold *h)
{
	struct cloud *c = q->cloud;
	struct doubt d;

	d.sure = d.open = 0;
	d.count = 0;
	if (!reach_room(c, r, q->scratch, q->fault) ||
		!points_make(q, r, c->radius_mm))
		return false;
	for (size_t k = 0; k < c->tiles; k++)
		if (!doubt_tile(q, r, k, limit_mm, &d))
			return false;
	for (;;) {
		struct open o;

		*h = (struct hold){share_of(c, d.sure),
			share_of(c, d.sure + d.open)};
		if (h->low >= ppm || h->high < ppm)
			return true;
		o = greatest(&d);
		meet(q, r, o.tile, o.nth);
		d.open -= o.open;
		d.sure += parts(c, r, limit_mm,
				  c->tile[o.tile].from + o.nth, 1) - o.sure;
	}
}

bool reach_at_least(const struct asking *q, struct reach *r, int64_t limit_mm,
	int32_t ppm, bool *is)
{
	struct hold h = {0, CHANCE_SURE};

	for (enum care care = CARE_CENTRE; h.low < ppm && ppm <= h.high;
		care++) {
		if (care > CARE_POINTS && points_tell(q)) {
			if (!decide(q, r, limit_mm, ppm, &h))
				return false;
			note(r, limit_mm, CARE_POINTS, h);
		} else if (!reach_hold(q, r, limit_mm, care, &h)) {
			return false;
		}
	}
	*is = h.low >= ppm;
	return true;
}
