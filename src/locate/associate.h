/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * associate.h - which arrivals belong together: branch and bound over place
 * and time (the idea of PyOcto, Muenchmeyer 2024; the score of NET-VISA,
 * Arora et al. 2013; docs/WAVEFORM.md 3.4).
 *
 * Ground is cut into tiles, time into chunks; a tile and a chunk are a unit
 * with its own view.  In a unit, squares of ground are split while the best
 * that any origin time could score in them beats the best found.  The best
 * of all units is accepted, its picks and their coda are taken away, and the
 * units it touched are searched again, until nothing passes.  What then is
 * left is searched once more for bursts whose rounds only stand out together
 * (stack.h). */
#ifndef LOCATE_ASSOCIATE_H
#define LOCATE_ASSOCIATE_H

#include "locate/rounds.h"

MUST_USE bool associate(struct scene *, struct arena *,
	const struct accepted *, struct fault *);

#endif
