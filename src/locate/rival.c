/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/rival.h"

#include "base/maths.h"
#include "locate/level.h"

/* Beyond the range of hearing up to so many of it, the loudest are heard. */
#define FAR 5.0
/* Share of those that an ear tells of, if it is no louder than they can be. */
#define TOLD 0.3
/* What comes later by more is no arrival of it. */
#define LATE_S 1.0
#define SIGMAS 5.0

static bool is_own(const struct rival *r, ptrdiff_t pick)
{
	for (size_t i = 0; i < r->picks; i++)
		if (r->pick[i] == (size_t)pick)
			return true;
	return false;
}

/* The first that is not before a moment. */
static size_t first(const struct rivals *all, double t_s)
{
	size_t lo = 0, hi = all->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (all->at[mid].t_s < t_s)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static double one_hz(const struct rival *r, const struct view *v,
	const struct post *p, const struct pick *k)
{
	struct xy at = frame_to(&v->frame, r->at.lat_deg, r->at.lon_deg);
	struct origin o = {.x_m = at.x_m, .y_m = at.y_m, .z_m = p->z_m,
		.c_ms = v->air.c_ms, .east_ms = v->air.east_ms,
		.north_ms = v->air.north_ms};
	double d, travel = origin_travel(&o, p, NULL, &d);
	double air = p->air / 1.5 * travel, place = r->sigma_m / o.c_ms;
	double late = k->t_s - r->t_s - travel, sigma, louder;

	if (d > FAR * v->scene->range_m || late > LATE_S)
		return 0;
	sigma = hear_sigma_s(v, p, k, d);
	sigma = sqrt(sigma * sigma + air * air + place * place);
	if (late < -SIGMAS * sigma)
		return 0;
	louder = fmax(0, level_louder(v, p, k, at, r->at_1m_db));
	return TOLD * m_exp(hear_density(v->scene, late, sigma, NULL) -
		0.5 * louder * louder);
}

double rivals_hz(const struct rivals *all, const struct view *v, size_t post,
	ptrdiff_t pick)
{
	const struct pick *k = &v->scene->pick[pick];
	double back_s = FAR * v->scene->range_m / (0.9 * v->air.c_ms), hz = 0;

	for (size_t i = first(all, k->t_s - back_s); i < all->count &&
		all->at[i].t_s < k->t_s + LATE_S; i++)
		if (!is_own(&all->at[i], pick))
			hz += one_hz(&all->at[i], v, &v->post[post], k);
	return hz;
}
