/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shapes.h - the lines and zones of a mission's geometry files. */
#ifndef FEEDS_SHAPES_H
#define FEEDS_SHAPES_H

#include "feeds/mission.h"

/* Reads each file (relative to the folder) by format `geojson`; what is wrong
 * becomes complaints.  Shapes come in order of file, then of feature. */
MUST_USE bool shapes_load(const char *folder, const char *const *files,
	size_t count, struct arena *, struct mission *, struct complaints *,
	struct fault *);

#endif
