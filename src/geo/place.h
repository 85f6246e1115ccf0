/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * place.h - where, and how sure.
 *
 * A place is WGS 84 degrees and a region of error.  Not known is NAN, never
 * zero.  A region says at which level it holds the truth (0.9 unless stated)
 * and has up to three forms, which are the same statement at different
 * detail: an ellipse (always), rings (footprint, sector, odd shapes), and the
 * posterior cells that judge/ integrates.  A region of infinite semi-axes
 * means: somewhere.  Conversions (TRACKS.md 4): an ellipse of level 0.9 has
 * semi-axes of 2.1460 sigma. */
#ifndef GEO_PLACE_H
#define GEO_PLACE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

#define REGION_SIGMA_90 2.1459660262893472 /* sqrt(-2 ln 0.1) */
enum { REGION_CELLS_MAX = 400, REGION_POINTS_MAX = 512 };

struct point {
	double lat_deg, lon_deg;
};

struct ellipse {
	double semi_major_m, semi_minor_m; /* at the region's level */
	double azimuth_deg; /* of the major axis, from north, [0,180) */
};

struct cell { /* a square of the posterior, sides north and east */
	double lat_deg, lon_deg; /* its centre */
	double half_side_m;
	double share; /* of the probability; all cells sum to 1 */
};

struct ring { /* closed: the last point is not the first again */
	const struct point *point; /* counter-clockwise seen from above */
	size_t count;
};

struct region {
	double level;
	struct ellipse ellipse;
	const struct ring *ring; /* pieces, not holes; or NULL */
	size_t ring_count;
	const struct cell *cell; /* or NULL */
	size_t cell_count;
};

struct place {
	double lat_deg, lon_deg; /* NAN: not known */
	double alt_m;            /* above mean sea level; NAN: not known */
	struct region region;
};

#define PLACE_UNKNOWN                                                         \
	((struct place){.lat_deg = NAN, .lon_deg = NAN, .alt_m = NAN,         \
		.region = {.level = 0.9,                                      \
			.ellipse = {INFINITY, INFINITY, 0}}})

static inline bool place_known(const struct place *p)
{
	return isfinite(p->lat_deg) && isfinite(p->lon_deg);
}

#endif
