/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loudness.h - a sensor whose gain changed, or that is upside down.
 *
 * A blast pushes first, everywhere: who pulls while the others push, again and
 * again, is reversed; that is asked only in networks whose first motions agree.
 * A sensor's level over the others' at its distance is its own and lasts: a
 * step in it is a gain.  Both leave times as they are: degraded. */
#ifndef WATCH_LOUDNESS_H
#define WATCH_LOUDNESS_H

#include "watch/suspect.h"

#define LOUDNESS_REVERSED "polarity reversed"
#define LOUDNESS_GAIN "gain changed"

/* Share of first motions, of all sights, that agree with the others'; NAN
 * when too few say theirs. */
double loudness_agreement(const struct suspect *, size_t suspects);

struct loudness { /* what is charged, from a sight on; 0 and 0: nothing */
	bool reversed, gain;
	size_t reversed_from, gain_from;
	double reversed_sounds, gain_db;
};

/* room: for s->count numbers. */
void loudness_judge(const struct suspect *, double agreement, double *room,
	struct loudness *);

#endif
