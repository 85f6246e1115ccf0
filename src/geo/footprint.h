/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * footprint.h - the ground that a camera or a satellite's pixel covers.
 *
 * Pixel: a rectangle, `scan` across and `track` along the ground track
 * (SATELLITE.md 3.1).  Flat-earth error below 1 m for pixels of 4 km.
 *
 * Angles in degrees, heights in metres above the WGS 84 ellipsoid, azimuths
 * clockwise from true north.  Corners are counter-clockwise from above. */
#ifndef GEO_FOOTPRINT_H
#define GEO_FOOTPRINT_H

#include "geo/place.h"

/* false (corners NAN) when anything is unknown, or a size is not positive or
 * above 20 km. */
bool footprint_pixel(const struct point *centre, double scan_m, double track_m,
	double track_azimuth_deg, struct point corner[4]);
/* Ground track of the sun-synchronous fire satellites (i = 98.7 deg) with the
 * Earth's turning.  `day`: the day pass goes north, as of Suomi NPP, NOAA-20,
 * NOAA-21 and Aqua; for Terra pass !day, it goes south by day. */
double footprint_track_azimuth_deg(double lat_deg, bool day);

#endif
