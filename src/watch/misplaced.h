/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * misplaced.h - a sensor that does not stand where it is said to.
 *
 * Its lateness changes with the direction of the sound, so no one lateness
 * follows it.  Tried instead: that it stands somewhere else within 300 m, on a
 * grid that is refined, or where another sensor is said to stand; from the
 * start, or from some sound on. */
#ifndef WATCH_MISPLACED_H
#define WATCH_MISPLACED_H

#include "watch/suspect.h"

struct misplaced {
	size_t from; /* the first sight of it */
	size_t hits, directions;
	double east_m, north_m; /* from where it is said to stand */
	const char *twin; /* where that one is said to stand; or NULL */
	double gain; /* nats over standing where it is said to */
};

/* Whether it explains the sights better than the suspect's pieces do. */
MUST_USE bool misplaced_find(const struct suspect *, struct arena *,
	struct misplaced *, bool *found, struct fault *);

#endif
