/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/points.h"

/* The far point lies at so many times the cloud's radius, found by trying on
 * bench/judge: 4 and 8 are alike, 1 decides a tenth less. */
enum { PROBE = 8 };

/* Everything that what lies within mm of the centre may be near to: the nearest
 * point lies as far from the centre as the centre's and twice that. */
bool points_make(const struct asking *q, const struct reach *r, int64_t mm)
{
	int64_t most = (r->centre_mm < 0 ? -r->centre_mm : r->centre_mm) +
		2 * (mm + POINTS_SLACK_MM);

	return sight_make(q->sight, most, q->scratch, q->fault);
}

/* A point behind the centre, as the outline is seen: along that way distances
 * grow as fast as they can, so they are told by one.  The farther it lies the
 * better beside that way too, while the outline is straight. */
bool points_probe(const struct asking *q, struct reach *r)
{
	const struct cloud *c = q->cloud->of ? q->cloud->of : q->cloud;
	int64_t far = fixed_min(c->radius_mm * PROBE, FIXED_FAR_MM / 2);
	struct reach *b = r->base ? r->base : r;
	int64_t n = fixed_length(r->toward);

	if (r->probed)
		return true;
	if (!b->probed) {
		if (n > 0)
			b->far = (struct flat){r->toward.x * far / n,
				r->toward.y * far / n};
		if (!points_make(q, r, fixed_length(b->far)))
			return false;
		b->far_mm = fixed_length(sight_nearest(q->sight, b->far));
		b->probed = true;
	}
	r->far = b->far;
	r->far_mm = b->far_mm;
	r->probed = true;
	return true;
}

bool points_tell(const struct asking *q)
{
	return q->sight && !q->sight->outline->closed;
}

/* To the nearest whole number, of what is below 2^51. */
static double whole_of(double v)
{
	return v + 0x1p52 - 0x1p52;
}

static bool span_room(const struct asking *q, struct reach *r)
{
	size_t n = q->cloud->count, kinds = q->cloud->normal ? 4 : 2;
	double *all;

	if (r->most)
		return true;
	all = arena_room(q->scratch, kinds * n * sizeof *all, q->fault);
	r->most = all;
	if (!all)
		return false;
	r->least = all + n;
	r->slim = all + (kinds - 2) * n;
	r->broad = all + (kinds - 1) * n;
	return true;
}

/* A normal's axes, and how wide it is at least and at most. */
struct girth {
	double x[2], y[2], narrow, wide;
};

static struct girth girth_of(const struct cloud *c)
{
	return (struct girth){
		{(double)c->axis[0].x, (double)c->axis[1].x},
		{(double)c->axis[0].y, (double)c->axis[1].y},
		(double)fixed_max(c->shorter_mm - 3, 1),
		(double)c->longer_mm + 3};
}

/* u, v from the far point to a sample, a long.  Its nearest point lies within
 * `most` of it and not within `far` of the far point: by the sides of that
 * triangle the cosine k between the way to it and u, v is
 *   k >= (far^2 - a^2 - most^2) / (2 a most)
 * and no width differs from that along u, v by more than the longer axis times
 * the chord, sqrt(2 - 2 k).  A nearest point is off by POINTS_SLACK_MM: its way
 * is the less sure the nearer it is. */
static void span_ways(const struct girth *g, double far, const double u[],
	const double v[], const double a[], struct reach *r, size_t from,
	size_t n)
{
	double nearest = INFINITY, slack;

	for (size_t i = 0; i < n; i++)
		nearest = r->least[from + i] < nearest ? r->least[from + i]
						       : nearest;
	slack = POINTS_SLACK_MM / (nearest > 1 ? nearest : 1);
	for (size_t i = 0; i < n; i++) {
		double most = r->most[from + i], least = r->least[from + i];
		double p = g->x[0] * u[i] + g->y[0] * v[i];
		double q = g->x[1] * u[i] + g->y[1] * v[i];
		double side = a[i] * most, sum = a[i] + most;
		double chord2 = (sum - far) * (sum + far); /* x side */
		bool told = (a[i] >= 1) & (least >= 1);
		double w, off;

		side = told ? side : 1;
		w = sqrt(p * p + q * q) / (told ? a[i] : 1);
		off = g->wide * (sqrt(chord2 / side) + slack) + 4;
		off = told ? off : INFINITY;
		r->slim[from + i] = w - off > g->narrow
			? whole_of(w - off) : g->narrow;
		r->broad[from + i] = w + off < g->wide
			? whole_of(w + off) : g->wide;
	}
}

static void span(const struct asking *q, struct reach *r, size_t tile)
{
	const struct cloud *c = q->cloud;
	const struct tile *t = &c->tile[tile];
	double u[CLOUD_TILE], v[CLOUD_TILE], a[CLOUD_TILE];
	double far = (double)r->far_mm - POINTS_SLACK_MM;

	for (size_t i = 0; i < t->count; i++) {
		struct flat at = c->at[t->from + i];
		double x = (double)(at.x + r->toward.x);
		double y = (double)(at.y + r->toward.y);

		u[i] = (double)(at.x - r->far.x);
		v[i] = (double)(at.y - r->far.y);
		a[i] = sqrt(u[i] * u[i] + v[i] * v[i]);
		r->most[t->from + i] = whole_of(sqrt(x * x + y * y)) +
			POINTS_SLACK_MM;
		r->least[t->from + i] = whole_of(far - a[i]);
	}
	if (c->normal) {
		struct girth g = girth_of(c);

		span_ways(&g, far, u, v, a, r, t->from, t->count);
	}
	r->spanned[tile] = true;
}

/* The greatest limit within which none of a tile lies, and the least within
 * which all of it does: a normal is cut at 5 of its sigma, a square at its
 * half. */
static void bound(const struct cloud *c, struct reach *r, size_t tile)
{
	const struct tile *t = &c->tile[tile];
	double none = INFINITY, all = -INFINITY;

	for (size_t i = t->from; i < t->from + t->count; i++) {
		double clear = 1 + (c->normal ? r->broad[i] * 5
					      : (double)c->half[i]);
		double low = r->least[i] - clear, high = r->most[i] + clear;

		none = low < none ? low : none;
		all = high > all ? high : all;
	}
	r->none_mm[tile] = none;
	r->all_mm[tile] = all;
}

bool points_span(const struct asking *q, struct reach *r, size_t tile)
{
	if (r->spanned[tile])
		return true;
	if (!span_room(q, r))
		return false;
	span(q, r, tile);
	bound(q->cloud, r, tile);
	return true;
}

/* By its samples' spans where they are there. */
int points_side(const struct asking *q, const struct reach *r,
	size_t tile, int64_t off, int64_t limit_mm)
{
	struct flat at = q->cloud->tile[tile].middle;
	struct flat near = {at.x + r->toward.x, at.y + r->toward.y};
	struct flat far = {at.x - r->far.x, at.y - r->far.y};

	if (r->spanned[tile])
		return (double)limit_mm >= r->all_mm[tile] ? 1
			: (double)limit_mm <= r->none_mm[tile] ? -1 : 0;
	if (fixed_length(near) + off <= limit_mm)
		return 1;
	return r->far_mm - fixed_length(far) - off >= limit_mm ? -1 : 0;
}
