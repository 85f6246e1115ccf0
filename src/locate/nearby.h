/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nearby.h - which points of a list lie in a box of ground, without asking all
 * of them: the list in squares of degrees. */
#ifndef LOCATE_NEARBY_H
#define LOCATE_NEARBY_H

#include "base/arena.h"
#include "geo/frame.h"

struct nearby {
	size_t points, rows, cols;
	double south_deg, west_deg, row_deg, col_deg;
	uint32_t *first, *member; /* by square; in each in order */
};

/* None at all (points is 0, nothing can be found) for a list of none. */
MUST_USE bool nearby_make(const struct point *, size_t count, struct arena *,
	struct nearby *, struct fault *);
/* All that lie within so many metres to north, south, east and west, and some
 * beyond, in order; `out` has room for all.  Returns how many. */
size_t nearby_find(const struct nearby *, const struct frame *, double half_m,
	uint32_t *out);

#endif
