/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geodesic.h - shortest lines on an ellipsoid: how far, and which way.
 *
 * T. Vincenty, "Direct and inverse solutions of geodesics on the ellipsoid
 * with application of nested equations", Survey Review 23 (1975), with our
 * own elementary functions, so that two machines agree.  Error under 1 mm
 * (tests/geodesic.c: Vincenty's five lines and others).  Nearly opposite
 * points, where the iteration has no limit, give NAN. */
#ifndef GEO_GEODESIC_H
#define GEO_GEODESIC_H

#include "geo/place.h"

struct spheroid {
	double a_m, flattening;
};
/* WGS 84 (NIMA TR8350.2). */
#define SPHEROID_WGS84 ((struct spheroid){6378137.0, 1 / 298.257223563})

struct geodesic {
	double length_m;
	double azimuth_deg;     /* at the first point, from north, [0, 360) */
	double azimuth_end_deg; /* the same line at the second point, onward */
};

/* From p to q.  The same point: length 0, azimuths 0. */
struct geodesic geodesic_between(struct point p, struct point q);
/* The point reached from p. */
struct point geodesic_reach(
	struct point p, double azimuth_deg, double length_m);

/* The same on a given spheroid. */
struct geodesic geodesic_between_on(
	const struct spheroid *, struct point p, struct point q);
struct point geodesic_reach_on(const struct spheroid *, struct point p,
	double azimuth_deg, double length_m, double *azimuth_end_deg);

#endif
