/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * maps.h - the page's files, and the tiles that it is drawn on. */
#ifndef CMD_MAPS_H
#define CMD_MAPS_H

#include "serve/atlas.h"

/* Where the page's files are: beside the program as built, or installed;
 * NULL: nowhere. */
const char *maps_web(char *out, size_t size);
/* The built-in basemap as lines; false: it was not made. */
bool maps_lines(char *out, size_t size);
/* The built-in basemap beside the page's files (`web`, may be NULL), then the
 * mission's own geo/NAME.mbtiles.  What cannot be read is said on stderr and
 * stops nothing.  The arena outlives the atlas. */
void maps_open(struct atlas *, const char *folder, const char *web,
	struct arena *);

#endif
