/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tiles.h - map tiles in an MBTiles 1.3 file (a SQLite database: `metadata`,
 * `tiles`; rows counted from the south), which anybody may have made: opened
 * to be read only, with a bound on the work of one answer.
 *
 * Source: github.com/mapbox/mbtiles-spec, 1.3. */
#ifndef STORE_TILES_H
#define STORE_TILES_H

#include "base/arena.h"
#include "base/bytes.h"

enum { TILES_ZOOM = 22, TILE_BYTES = 4 << 20 };

struct tiles;

struct tiles_facts { /* of `metadata`, in the arena of tiles_open() */
	const char *format;      /* "pbf", "png", "jpg", "webp" */
	const char *attribution; /* "" not stated */
	const char *layers;      /* `json` of vector tiles; "" none */
	int zoom_min, zoom_max;
};

/* INPUT fault: no MBTiles, or of a format that is not named above. */
MUST_USE bool tiles_open(const char *path, struct arena *, struct tiles **,
	struct tiles_facts *, struct fault *);
void tiles_close(struct tiles *);
/* The tile as it is kept, into the arena, y counted from the north; a length
 * of 0: there is none.  May be called by several threads at once.
 * INPUT: a tile over TILE_BYTES, or a file that is damaged. */
MUST_USE bool tiles_get(struct tiles *, int zoom, uint32_t x, uint32_t y,
	struct arena *, struct bytes *, struct fault *);

#endif
