/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lone.h - whether a place hangs on one arrival.
 *
 * Heard from one side, a sound lies somewhere on a ridge, and one arrival more
 * says where.  If that is of something else, it was elsewhere on the ridge,
 * kilometres off perhaps, where no search about the place comes to.  Or an echo
 * has put it beside where all others have it, and they would not have it vaguer
 * but there. */
#ifndef LOCATE_LONE_H
#define LOCATE_LONE_H

#include "locate/origin.h"

struct lone {
	bool is;
	size_t post;           /* that heard it */
	struct origin without; /* as the others have it */
};

/* The one of few arrivals without which the place is vaguest, or farthest off,
 * where there are many ears, though few be in reach beyond a corner of them:
 * six ears of Pittsburgh tell no such ridge from a place. */
MUST_USE bool lone_find(const struct view *, const struct origin *,
	struct arena *, struct lone *, struct fault *);

#endif
