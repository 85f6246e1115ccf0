/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crowd.h - where sounds may have been, when there are too many arrivals to
 * ask everywhere: starts for origin.h from three arrivals each (trio.h).
 *
 * associate.c asks every tile of ground and every chunk of time for its best,
 * which takes a millisecond an arrival and more; in a barrage over many nodes
 * that is too slow, and it loses what a louder neighbour's time covers.  What
 * is found here is weighed by the same score as everything else. */
#ifndef LOCATE_CROWD_H
#define LOCATE_CROWD_H

#include "locate/rounds.h"

/* Whether a scene is one. */
bool crowd_is(const struct scene *);
/* Takes all sounds that are found. */
MUST_USE bool crowd_search(struct rounds *, struct fault *);

#endif
