/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/grid.h"

static size_t cells(double length_m, size_t side_max, double cell_min_m)
{
	double n = floor(length_m / cell_min_m);

	return n < 1 ? 1 : n > (double)side_max ? side_max : (size_t)n;
}

struct grid grid_on(const struct box *b, size_t side_max, double cell_min_m)
{
	struct grid g = {.box = *b, .columns = 1, .rows = 1};
	double width = b->east - b->west;

	if (width < 0)
		width += 360;
	if (!isfinite(b->south + b->north + width) || b->north < b->south)
		return g;
	struct frame f = frame_at((b->south + b->north) / 2, b->west);

	g.rows = cells((b->north - b->south) * f.m_per_deg_lat, side_max,
		cell_min_m);
	g.columns = cells(width * f.m_per_deg_lon * f.cos_lat, side_max,
		cell_min_m);
	g.lat_step = (b->north - b->south) / (double)g.rows;
	g.lon_step = width / (double)g.columns;
	return g;
}

static double lon_at(const struct grid *g, double columns)
{
	double lon = g->box.west + columns * g->lon_step;

	return lon > 180 ? lon - 360 : lon;
}

struct point grid_centre(const struct grid *g, size_t cell)
{
	size_t south = cell / g->columns;
	double row = (double)south + 0.5;
	double column = (double)(cell % g->columns) + 0.5;

	return (struct point){g->box.south + row * g->lat_step,
		lon_at(g, column)};
}

void grid_corners(const struct grid *g, size_t cell, struct point corner[4])
{
	size_t at = cell / g->columns;
	double row = (double)at;
	double column = (double)(cell % g->columns);
	double south = g->box.south + row * g->lat_step;
	double north = g->box.south + (row + 1) * g->lat_step;

	corner[0] = (struct point){south, lon_at(g, column)};
	corner[1] = (struct point){south, lon_at(g, column + 1)};
	corner[2] = (struct point){north, lon_at(g, column + 1)};
	corner[3] = (struct point){north, lon_at(g, column)};
}

struct box grid_area(const struct mission *m)
{
	if (m->area.count >= 3)
		return polygon_box(&m->area);
	return (struct box){m->south, m->west, m->north, m->east};
}
