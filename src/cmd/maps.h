/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * maps.h - the tiles that a mission's page is drawn on. */
#ifndef CMD_MAPS_H
#define CMD_MAPS_H

#include "serve/atlas.h"

/* The built-in basemap beside the page's files (`web`, may be NULL), then the
 * mission's own geo/NAME.mbtiles.  What cannot be read is said on stderr and
 * stops nothing.  The arena outlives the atlas. */
void maps_open(struct atlas *, const char *folder, const char *web,
	struct arena *);

#endif
