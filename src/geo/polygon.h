/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * polygon.h - rings and lines of points on the ground.
 *
 * Edges are straight in longitude and latitude (RFC 7946 3.1.1), so which
 * side a point lies on needs no projection; lengths and areas are taken in a
 * local plane (geo/frame.h: under 0.1 % within 50 km, 1 % within 200 km).
 * Rings may cross the 180th meridian but not a pole.  A ring of fewer than
 * three points holds nothing and has no area.  Not known in gives NAN out. */
#ifndef GEO_POLYGON_H
#define GEO_POLYGON_H

#include "base/arena.h"
#include "geo/frame.h"
#include "geo/place.h"

struct box { /* west > east when it spans the 180th meridian */
	double south, west, north, east;
};

/* Even-odd rule; a point on an edge may fall either side.  A point that is
 * not known is in nothing: ask point_known() first where that matters. */
bool polygon_holds(const struct ring *, struct point);
double polygon_area_m2(const struct ring *);
/* Positive when counter-clockwise seen from above. */
double polygon_signed_area_m2(const struct ring *);
/* Of the surface; of the points when the ring has none, or crosses itself so
 * that it would lie farther out than they. */
struct point polygon_centroid(const struct ring *);
/* To the nearest edge of a ring (closed) or an open line, whichever side the
 * point lies; INFINITY when there are no points. */
double polygon_distance_m(const struct ring *, bool closed, struct point);
struct box polygon_box(const struct ring *);
bool box_holds(const struct box *, struct point);
/* The part of `ring` inside `convex` (Sutherland and Hodgman, CACM 17 (1974)
 * 32-42); at most 4 ring->count + 2 convex->count points, else a LIMIT
 * fault (a convex ring needs no more than the sum).  out may be empty.
 * Either may turn either way; the result turns as `ring` does. */
MUST_USE bool polygon_clip(const struct ring *ring, const struct ring *convex,
	struct arena *, struct ring *out, struct fault *);
/* The convex hull, counter-clockwise (Andrew's monotone chain). */
MUST_USE bool polygon_hull(const struct point *, size_t count, struct arena *,
	struct ring *out, struct fault *);
/* Reverses the points where needed: counter-clockwise as RFC 7946 wants. */
void polygon_turn(struct point *, size_t count);

static inline bool point_known(struct point p)
{
	return isfinite(p.lat_deg) && isfinite(p.lon_deg);
}

#endif
