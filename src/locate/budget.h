/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * budget.h - what the error of a place comes from.
 *
 * The variance of the place (both axes, Laplace about the origin) is cut into
 * shares that sum to 1.  With place and time alone unknown, the variance is
 * that of the arrivals: geometry is what it exceeds that of the same arrivals
 * from all around, 4 v^2 / sum 1/sigma^2 (an even ring: Cramer-Rao); the rest
 * falls to picks, clock, path and the sensors' own places as each makes the
 * arrivals' variances.  Weather is what not knowing the air adds, and the
 * turbulence of the arrivals; height what not knowing that adds, counted
 * under geometry: it hurts where sensors are few or stand to one side.
 *
 * Another cut through the same variance: what all rounds from one place share,
 * since paths, sensors' places, clocks and the mean air are the same for each.
 * Only picks and turbulence are drawn anew, so no number of rounds makes the
 * place better than that. */
#ifndef LOCATE_BUDGET_H
#define LOCATE_BUDGET_H

#include "locate/origin.h"

enum budget_part {
	BUDGET_CLOCK,
	BUDGET_GEOMETRY,
	BUDGET_PATH,
	BUDGET_PICKS,
	BUDGET_SURVEY, /* of the sensors' places */
	BUDGET_WEATHER,
	BUDGET_PARTS,
};

/* false when the place is not fixed by its arrivals. */
bool budget(const struct view *, const struct origin *,
	double share[BUDGET_PARTS], double *shared);
const char *budget_name(enum budget_part);    /* "clock" */
const char *budget_feature(enum budget_part); /* "error_clock" */

#endif
