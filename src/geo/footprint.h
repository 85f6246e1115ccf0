/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * footprint.h - the ground that a camera or a satellite's pixel covers.
 *
 * Pixel: a rectangle, `scan` across and `track` along the ground track
 * (SATELLITE.md 3.1).  Flat-earth error below 1 m for pixels of 4 km.
 *
 * Camera: rays through the corners of the image to a surface of constant
 * height above the ellipsoid, so the Earth's curve is in, slopes are not
 * (TRACKS.md 5).  A corner that misses the ground, or lies beyond the stated
 * range, is open: the footprint is cut there and claims no area beyond.
 * Refraction is neglected: below 20 km.
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

struct camera {
	double lat_deg, lon_deg, height_m;
	double heading_deg, pitch_deg, roll_deg;  /* of the airframe */
	double az_deg, el_deg, rot_deg; /* of the optics in it; el < 0 down */
	double hfov_deg, vfov_deg;      /* 0..180 */
};

struct footprint {
	/* Upper left of the image, then upper right, lower right, lower
	 * left; where the ground is nearer, or cut off at the range. */
	struct point corner[4];
	bool open[4];
	struct point centre; /* of the image; NAN when it is open */
	double slant_m, ground_m, azimuth_deg, depression_deg; /* to it */
};

/* ground_m: height of the surface.  False when anything is unknown, the
 * camera is below the ground, or nothing but sky is in view. */
bool footprint_camera(const struct camera *, double ground_m, double range_m,
	struct footprint *);

struct camera_error { /* 1 sigma */
	double attitude_deg;   /* elevation and azimuth alike */
	double horizontal_m, vertical_m, ground_m; /* own place, terrain */
	double along_m;        /* speed x error of time */
};
/* Error at level 0.9 of the point in the middle of the image, first order
 * over flat ground: within 3 % of 20,000 draws (TRACKS.md 5).  above_m: the
 * camera's height over the ground. */
struct ellipse footprint_error(
	const struct footprint *, double above_m, const struct camera_error *);
/* Radius that holds 90 %, from two sigmas: within 0.6 % (TRACKS.md 4). */
double footprint_ce90(double sigma_a, double sigma_b);

#endif
