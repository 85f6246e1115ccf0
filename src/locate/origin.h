/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * origin.h - the likeliest place and time of one sound in a view, which pick
 * each post adds to it, and how much better that explains what was heard, and
 * what was not, than chance does (docs/WAVEFORM.md 3.4, 3.5).
 *
 * Unknowns: place, time, sound speed, two parts of the wind, and the source's
 * height; the last four with their priors.  Robust Gauss-Newton, a fixed
 * number of steps.  score = ln Lambda: per post ln[Pd p(r)/rate] if it heard,
 * ln(1 - Pd) if not, the prior rate of incidents, and the volume of the
 * posterior (Laplace), so that a vague place pays. */
#ifndef LOCATE_ORIGIN_H
#define LOCATE_ORIGIN_H

#include "locate/hear.h"

enum { ORIGIN_UNKNOWNS = 7 };
/* Where so many ears may have heard a sound they are many. */
enum { ORIGIN_MANY = 24 };
/* ln of the incidents that a network expects, 1/(m2 s): ten an hour in
 * 100 km2. */
#define ORIGIN_LN_MU (-24.3)

struct joint;

struct origin {
	double x_m, y_m, z_m, t_s;
	double c_ms, east_ms, north_ms;
	double z0_m, sigma_z_m; /* prior of the height */
	double sigma_t_s;
	double cov_xx, cov_xy, cov_yy; /* m2, Laplace */
	double score;
	int reach;
	size_t heard;
	ptrdiff_t *choice; /* a pick of the scene, or HEAR_NONE, by post */
	/* What others heard of it (joint.h); NULL: nothing. */
	const struct joint *far;
};

/* Seconds from a place to a post, and what a change of each unknown adds. */
double origin_travel(const struct origin *, const struct post *,
	double part[ORIGIN_UNKNOWNS], double *d_m);

/* Where a climb need not go on to: out of a stretch of time, or to a place
 * that is known; NAN: none is. */
struct origin_limits {
	double from_s, to_s;
	double x_m, y_m, t_s;
};

struct origin_start {
	double x_m, y_m, t_s;
	double error_s; /* to which its travel times are good, in known air */
	double air;     /* sigmas of the air that they may be off besides */
};

/* Climb from a start.  choice: room for view->posts.  limits may be NULL.
 * false if no place explains three arrivals, hope is lost to beat the floor,
 * or a limit is met. */
bool origin_climb(const struct view *, const struct origin_start *,
	double floor_score, const struct origin_limits *, ptrdiff_t *choice,
	struct origin *);
/* Moved to where its picks and what others heard agree best; covariance and
 * time with it. */
void origin_join(const struct view *, struct origin *);

/* Where it would have been, had a post that heard it heard something else.
 * choice: as above.  false: nowhere. */
bool origin_without(const struct view *, const struct origin *, size_t post,
	ptrdiff_t *choice, struct origin *);

#endif
