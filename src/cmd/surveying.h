/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * surveying.h - GeoJSON of anybody's, written anew as a file of geo/: the
 * mission's properties in place of theirs, boundaries as lines. */
#ifndef CMD_SURVEYING_H
#define CMD_SURVEYING_H

#include "base/arena.h"
#include "base/text.h"

struct survey {
	const char *as; /* line, zone, control, basemap, places */
	const char *name, *class_, *version, *party; /* NULL: the file's own */
	size_t taken, left; /* features: written, or of no use here */
};

/* Lines or polygons.  A basemap's polygons become the lines about them, holes
 * and all; a zone with a hole is an INPUT fault that says which feature. */
MUST_USE bool survey_shapes(struct survey *, struct bytes geojson,
	struct arena *, struct text *, struct fault *);
/* Points with a name: the gazetteer's CSV.  Their names in other languages,
 * population and control from the properties that usually hold them
 * (name_uk, name:uk, NAME_UK, ...; population, pop, POP_MAX, ...). */
MUST_USE bool survey_places(struct survey *, struct bytes geojson,
	struct arena *, struct text *, struct fault *);

#endif
