/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * watched.h - looks as a grid of cells and slots, for map and timeline.
 *
 * The period is cut into at most 128 equal slots and the drawn box into
 * cells; a cell is watched in a slot when a look of the kind holds its centre
 * and the middle of the slot, with a probability of detection of 0.9 or more
 * (partly: 0.1 or more), as watch/ counts it.  Without a look nothing is
 * watched: no record is never calm. */
#ifndef PUBLISH_WATCHED_H
#define PUBLISH_WATCHED_H

#include "geo/polygon.h"
#include "publish/report.h"

enum { WATCHED_WIDE = 48, WATCHED_HIGH = 48, WATCHED_SLOTS = 128 };
enum watched_state { WATCHED_NOT, WATCHED_PARTLY, WATCHED_FULLY };

struct watched {
	bool known; /* some look speaks of the kind */
	enum kind kind;
	struct box box;
	struct span span;
	size_t wide, high, slots;
	uint64_t full[WATCHED_HIGH][WATCHED_WIDE][2];
	uint64_t some[WATCHED_HIGH][WATCHED_WIDE][2];
	bool inside[WATCHED_HIGH][WATCHED_WIDE]; /* the mission's area */
};

/* The kind whose coverage the drawings show: explosion where looks speak of
 * it, else the first kind that they do. */
MUST_USE bool watched_make(const struct view *, const struct box *,
	size_t wide, size_t high, size_t slots, struct watched **,
	struct fault *);
/* Of the whole period: watched from 0.9 of the slots, partly from 0.1. */
enum watched_state watched_cell(
	const struct watched *, size_t row, size_t column);
/* Share of the area's cells watched in a slot. */
double watched_slot(const struct watched *, size_t slot);

#endif
