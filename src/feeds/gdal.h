/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gdal.h - shapes of any format and projection, read by GDAL's ogr2ogr as a
 * program beside ours: its libraries are not in this one, and what a hostile
 * file does to it ends with it (no virtual data sets, a minute of processor
 * time, 4 GiB of memory). */
#ifndef FEEDS_GDAL_H
#define FEEDS_GDAL_H

#include "base/arena.h"
#include "base/bytes.h"

struct gdal_wish {
	const char *path;
	const char *layer;      /* NULL: all */
	const double *box;      /* west, south, east, north; NULL: not cut */
	const char *where;      /* as ogr2ogr's -where; NULL: all */
	double simplify_deg;    /* 0: as they are */
};

/* GeoJSON of RFC 7946 (WGS 84), into the arena; at most 1 GiB.
 * INPUT: what GDAL said; SYSTEM: there is no ogr2ogr. */
MUST_USE bool gdal_geojson(const struct gdal_wish *, struct arena *,
	struct bytes *out, struct fault *);

#endif
