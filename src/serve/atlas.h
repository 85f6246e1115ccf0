/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * atlas.h - the map beneath: tiles of the built-in basemap (land, rivers,
 * lakes; no border, no name) and of the mission's own files, geo/NAME.mbtiles.
 *
 *	/api/v1/map            what there is: truce.map/1
 *	/map/NAME/Z/X/Y        a tile, as it is kept; 204: none there */
#ifndef SERVE_ATLAS_H
#define SERVE_ATLAS_H

#include "base/tree.h"
#include "serve/wire.h"
#include "store/tiles.h"

enum { ATLAS_SHEETS = 8 };

struct atlas {
	size_t count;
	struct atlas_sheet {
		const char *name; /* "basemap" is the built-in one */
		struct tiles *tiles;
		struct tiles_facts facts;
		const struct tree *layers; /* of vector tiles; NULL unknown */
	} sheet[ATLAS_SHEETS];
};

/* LIMIT: more than ATLAS_SHEETS. The arena outlives the atlas. */
MUST_USE bool atlas_add(struct atlas *, const char *name, const char *path,
	struct arena *, struct fault *);
void atlas_close(struct atlas *);
void atlas_facts(const struct atlas *, struct text *);
/* `path` behind "/map/". */
void atlas_tile(const struct atlas *, struct bytes path, struct arena *,
	struct wire_response *);

#endif
