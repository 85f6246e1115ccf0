/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/reach.h"

static int64_t dot_over(struct flat a, struct flat b, int64_t length)
{
	return (a.x * b.x + a.y * b.y) / length;
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

bool reach_centre(const struct cloud *c, struct sight *v, struct reach *r,
	struct arena *scratch, struct fault *f)
{
	int64_t gap = sight_gap(v), best;

	r->sampled = false;
	/* The nearest box first; then all that can be nearer than it. */
	if (!sight_make(v, gap, scratch, f))
		return false;
	best = fixed_length(sight_nearest(v, (struct flat){0, 0}));
	if (!sight_make(v, best, scratch, f))
		return false;
	r->toward = sight_nearest(v, (struct flat){0, 0});
	r->centre_mm = fixed_length(r->toward);
	r->err_mm = width(c->err, r->toward);
	if (v->outline->closed && sight_holds(v->outline, c->centre))
		r->centre_mm = -r->centre_mm;
	return true;
}

void reach_spot(const struct cloud *c, struct spot s, struct reach *r)
{
	struct flat o = fixed_flat(c->centre, s);

	r->sampled = true;
	r->toward = (struct flat){-o.x, -o.y};
	r->centre_mm = fixed_length(o);
	r->err_mm = width(c->err, r->toward);
	for (size_t i = 0; i < c->count; i++) {
		struct flat v = {c->at[i].x - o.x, c->at[i].y - o.y};

		r->mm[i] = fixed_length(v);
		r->spread[i] = c->normal ? width(c->axis, v) : c->half[i];
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

bool reach_samples(const struct cloud *c, struct sight *v, struct reach *r,
	struct arena *scratch, struct fault *f)
{
	/* The centre's distance and twice the samples' farthest at most: they
	 * lie up to 5.31 sigma off, the radius is 5. */
	int64_t most = (r->centre_mm < 0 ? -r->centre_mm : r->centre_mm) +
		2 * c->radius_mm * 107 / 100 + 1;

	if (!sight_make(v, most, scratch, f))
		return false;
	for (size_t i = 0; i < c->count; i++) {
		struct flat way = sight_nearest(v, c->at[i]);

		r->mm[i] = signed_mm(c, v->outline, r, c->at[i],
			fixed_length(way));
		r->spread[i] = c->normal ? width(c->axis, way) : c->half[i];
	}
	r->sampled = true;
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

int32_t reach_share(
	const struct cloud *c, const struct reach *r, int64_t limit_mm)
{
	int64_t sum = 0;

	if (r->centre_mm + c->radius_mm <= limit_mm)
		return CHANCE_SURE;
	if (r->centre_mm - c->radius_mm > limit_mm)
		return 0;
	for (size_t i = 0; i < c->count; i++)
		sum += c->weight[i] *
			part(c, limit_mm - r->mm[i], r->spread[i]);
	return (int32_t)((sum + c->total / 2) / c->total);
}
