/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * posterior.h - where a sound came from, as squares of probability.
 *
 * Over place, with time, sound speed, wind and height integrated out
 * (Laplace in these five, the mixture of hear_density() for each arrival;
 * docs/WAVEFORM.md 3.5).  Where the place hangs on one arrival (lone.h) it is
 * the sum of two densities, with that and without it, and where the sound may
 * have been elsewhere (elsewhere.h) of one more.  The squares start
 * coarse about the best place and the heaviest is split until REGION_CELLS_MAX
 * stand.  The region of level 0.9 is the smallest set of squares with that
 * mass: as rings (one hull a piece), and as the ellipse of second moments
 * scaled to hold 0.9, about their mean, or of two densities about the best
 * place. */
#ifndef LOCATE_POSTERIOR_H
#define LOCATE_POSTERIOR_H

#include "locate/origin.h"

/* When, given all places: the mean, by how much it is later than the origin's
 * time, and one sigma. */
struct posterior_time {
	double later_s, sigma_s;
};

enum { POSTERIOR_ALSO = 2 };

/* Where a density stands out, and how far. */
struct posterior_peak {
	double x_m, y_m;
	double cov_xx, cov_xy, cov_yy; /* m2 */
};

/* Any density over the ground: ln of it in a square of the frame, but for a
 * constant, with the time there and its variance; about where it lies. */
struct posterior_field {
	const struct frame *frame;
	double x_m, y_m, t_s, alt_m;
	double cov_xx, cov_xy, cov_yy;
	double (*ln)(const void *self, struct xy, double half_m, double *t_s,
		double *var_t_s2);
	const void *self;
	const struct posterior_peak *also; /* others */
	size_t also_count;                 /* POSTERIOR_ALSO at most */
};

MUST_USE bool posterior_of(const struct posterior_field *, struct arena *,
	struct place *, struct posterior_time *, struct fault *);

/* Leaves out what the place hangs on (lone.h), where that is likelier of
 * something else, nine to one, and climbs to where the others have it. */
MUST_USE bool posterior_doubt(const struct view *, struct origin *,
	struct arena *, struct fault *);
MUST_USE bool posterior(const struct view *, const struct origin *,
	struct arena *, struct place *, struct posterior_time *,
	struct fault *);

#endif
