/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * afar.h - what only arrays and seismometers heard: two arrays or more whose
 * back azimuths and times agree, or one and P waves at two seismometers or
 * more, are an incident of their own, with a region from the same densities
 * as locate/joint.h (and so as BISL's, Modrak et al. 2010).
 *
 *   Lambda = integral over place and time of  mu prod_k Pd_k p_k / rate_k
 *
 * p_k is the density of a detection's azimuth and time, rate_k how often its
 * source says such things, mu what is expected: an incident an hour within
 * 3,000 km, and as many within 50 km of a sensor.  The integral goes over
 * bearings and ranges from one of the arrays; the best group is taken first.
 * Nobody is called silent.  What it was is not known. */
#ifndef LOCATE_AFAR_H
#define LOCATE_AFAR_H

#include "locate/bearing.h"

struct afar_ask {
	struct span span; /* of the detections; from unknown: all */
	/* Detections that are evidence of something already, sorted. */
	const struct id *used;
	size_t used_count;
};

/* Incidents in order of time, then id; all they point to lies in the arena. */
MUST_USE bool afar_find(const struct network *, const struct afar_ask *,
	struct arena *, const struct incidents *, struct fault *);

/* What a detection says of a place, depth (m; NAN: on the ground) and time
 * that others gave it. */
void afar_residual(const struct bearing *, struct point, double depth_m,
	struct instant, struct far *);

#endif
