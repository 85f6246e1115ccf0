/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/lone.h"

#include "base/maths.h"

/* Fewer do not say a place without it; of so many, none says so much. */
enum { LEAST = 5, FEW = 24 };
/* So many times as far along the ridge, without it; or off by so much.  A shot
 * that an echo had put 0.36 km off was 6.6 of them off (scale, seed 358, the
 * one false of 23,971). */
#define VAGUER 3.0

/* The larger eigenvalue of the place's covariance, m2. */
static double longest_m2(const struct origin *o)
{
	double mean = (o->cov_xx + o->cov_yy) / 2;
	double diff = (o->cov_xx - o->cov_yy) / 2;

	return mean + sqrt(diff * diff + o->cov_xy * o->cov_xy);
}

/* How vague, or how far off, it is without one of its arrivals. */
static double vague_m2(const struct origin *o, const struct origin *x)
{
	double dx = x->x_m - o->x_m, dy = x->y_m - o->y_m;

	return fmax(longest_m2(x), dx * dx + dy * dy);
}

bool lone_find(const struct view *v, const struct origin *o, struct arena *a,
	struct lone *to, struct fault *f)
{
	double most = VAGUER * VAGUER * longest_m2(o);
	ptrdiff_t *one, *best;

	*to = (struct lone){0};
	if (v->scene->ears < ORIGIN_MANY || o->heard < LEAST || o->heard >= FEW)
		return true;
	one = arena_array(a, v->posts, sizeof *one, f);
	best = arena_array(a, v->posts, sizeof *best, f);
	if (!one || !best)
		return false;
	for (size_t i = 0; i < v->posts; i++) {
		struct origin x;
		ptrdiff_t *was = best;

		if (o->choice[i] == HEAR_NONE ||
			!origin_without(v, o, i, one, &x) ||
			!(vague_m2(o, &x) > most))
			continue;
		most = vague_m2(o, &x);
		*to = (struct lone){true, i, x};
		best = one;
		one = was;
	}
	return true;
}
