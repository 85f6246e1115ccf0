/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * grid.h - the mission's box cut into cells, at most GRID_SIDE a side and not
 * smaller than a stated size.  Row by row from the south-west. */
#ifndef WATCH_GRID_H
#define WATCH_GRID_H

#include "geo/polygon.h"
#include "model/mission.h"

enum { GRID_SIDE = 20 };

struct grid {
	struct box box;
	size_t columns, rows;
	double lat_step, lon_step; /* degrees */
};

struct grid grid_on(const struct box *, size_t side_max, double cell_min_m);
struct point grid_centre(const struct grid *, size_t cell);
/* South-west, south-east, north-east, north-west. */
void grid_corners(const struct grid *, size_t cell, struct point corner[4]);
/* Of the mission: its polygon's box, else its own. */
struct box grid_area(const struct mission *);

#endif
