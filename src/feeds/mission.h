/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mission.h - reads a mission folder: mission.yaml by its schema, sensors.csv,
 * the geometry and the gazetteer.
 *
 * Everything that is wrong is collected, each complaint with its file, line
 * and column and one sentence of what was wanted, so that `truce check` can
 * show all at once.  What could be read is in *out all the same. */
#ifndef FEEDS_MISSION_H
#define FEEDS_MISSION_H

#include "feeds/file.h"
#include "model/mission.h"

enum { COMPLAINTS_MAX = 1000 };

struct complaint {
	const char *file; /* relative to the mission folder */
	size_t line, column; /* 0: the file as a whole */
	const char *text;
};

struct complaints {
	struct arena *arena;
	struct complaint *list;
	size_t count; /* at most COMPLAINTS_MAX are kept */
};

/* false only for a SYSTEM or LIMIT fault.  mission.yaml missing is one
 * complaint. */
MUST_USE bool mission_load(const char *folder, struct arena *,
	struct mission *out, struct complaints *, struct fault *);
PRINTF(5, 6) void complain(struct complaints *, const char *file, size_t line,
	size_t column, const char *fmt, ...);

#endif
