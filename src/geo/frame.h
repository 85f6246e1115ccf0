/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frame.h - a local plane: metres east and north of an origin.
 *
 * x = N(lat0) cos(lat) dlon, y = M(mid) dlat with the ellipsoid's radii at the
 * origin's latitude and, for x, at the point's own: error under 0.1 % within
 * 50 km, 1 % within 200 km for |lat| < 70 (tests/frame.c, against the
 * geodesic).  For all work inside one network or zone; distances beyond use
 * geo/geodesic.h. */
#ifndef GEO_FRAME_H
#define GEO_FRAME_H

#include "geo/place.h"

struct frame {
	double lat_deg, lon_deg; /* origin */
	double m_per_deg_lat;    /* at the origin */
	double m_per_deg_lon;    /* at the origin; shrinks by cos lat */
	double cos_lat;
};

struct xy {
	double x_m, y_m; /* east, north */
};

struct frame frame_at(double lat_deg, double lon_deg);
struct xy frame_to(const struct frame *, double lat_deg, double lon_deg);
struct point frame_from(const struct frame *, struct xy);

#endif
