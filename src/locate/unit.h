/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unit.h - where and when to look: tiles of ground, chunks of time.
 *
 * The tile grid is one of degrees, the same for every island of the mission;
 * a tile is as wide as ears hear, a chunk UNIT_S long.  A unit is a tile and a
 * chunk from which a sound could have made some of the picks. */
#ifndef LOCATE_UNIT_H
#define LOCATE_UNIT_H

#include "locate/hear.h"

#define UNIT_S 8.0
enum { UNIT_USES_MAX = 64 };

struct unit {
	struct unit *next;
	struct point at;
	double half_m, from_s, to_s;
	double bound; /* nothing in it scores more */
	double score, x_m, y_m, t_s; /* the best found, or -INFINITY */
	size_t uses[UNIT_USES_MAX]; /* picks of its best; all, or too many */
	size_t use_count;
	bool searched;  /* for bursts */
	double apart_s; /* of the rounds of the best burst */
};

/* All units in which that many ears heard something, as a list. */
MUST_USE bool unit_make(const struct scene *, size_t ears, struct arena *,
	struct unit **, struct fault *);

#endif
