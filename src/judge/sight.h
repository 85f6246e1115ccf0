/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sight.h - a line or border as seen from an incident: its stretches on the
 * plane about the incident's centre, made once and only as far as asked, and
 * the nearest point of them to any point of the plane.
 *
 * Stretches lie in runs (chunks of the outline, terms.h), runs in bunches,
 * bunches in clusters.  One is asked only if its box is as near as the best so
 * far, and a run laid on the plane when it is first asked.  Within a run the
 * processor's floating point says which few stretches can be the nearest, and
 * whole numbers say which is.  So the answer is the integers' alone: of all
 * stretches the nearest, and of equals the one least by x, then y. */
#ifndef JUDGE_SIGHT_H
#define JUDGE_SIGHT_H

#include "judge/terms.h"

struct run;
struct cluster;

struct sight {
	const struct outline *outline;
	struct spot centre;
	int64_t cos;     /* of the centre */
	int64_t made_mm; /* runs nearer to the centre are made; -1 none */
	struct cluster *first, *last;
	struct run *hint; /* where the last nearest point lay */
};

void sight_start(struct sight *, const struct outline *, struct spot centre);
/* Makes all runs that may come within mm of the centre. */
MUST_USE bool sight_make(
	struct sight *, int64_t mm, struct arena *, struct fault *);
/* From the centre to the nearest box, rounded down: no stretch is nearer. */
int64_t sight_gap(const struct sight *);
/* From the nearest point of what is made to p, exact to the millimetre the
 * plane is; {FIXED_FAR_MM, 0} if nothing is made. */
struct flat sight_nearest(struct sight *, struct flat p);
/* Is the spot inside the polygons?  A ray to the east, in 1e-7 degree. */
bool sight_holds(const struct outline *, struct spot);

#endif
