/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * elsewhere.h - where else a sound may have been.
 *
 * Ears nearly on a line hear a sound from either side of it alike, and one
 * arrival of something else moves a place far from where all others have it
 * (lone.h).  The search states the likelier place, with the arrivals that fit
 * there.  Seen from the other, other arrivals of the same ears may be the
 * sound's; where they explain about as well what was heard and what was not,
 * the region has to hold both. */
#ifndef LOCATE_ELSEWHERE_H
#define LOCATE_ELSEWHERE_H

#include "locate/lone.h"

struct elsewhere {
	bool is;
	bool as_others; /* where lone's others have it */
	struct origin at; /* with a choice of its own */
	double ln; /* of how likely it is, where the stated place is 1 */
};

/* The likeliest place besides an origin that few of many ears heard, if it is
 * not less likely than a thousandth.  Arrivals that the origin took, and their
 * echoes, are free for it.  The choice is the arena's. */
MUST_USE bool elsewhere_find(const struct view *, const struct origin *,
	const struct lone *, struct arena *, struct elsewhere *,
	struct fault *);

#endif
