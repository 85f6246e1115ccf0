/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pattern.h - steps of one source's clock, from sounds of one place.
 *
 * A place has a pattern at a source: the straight arrival and its echoes, the
 * same within milliseconds from sound to sound.  A clock that steps, or a
 * sensor that is moved, shifts the whole pattern; an echo that takes the first
 * arrival's place does not.  So each next handful of sounds is compared with
 * the pattern of all before, at every lag: the log likelihood ratio of the
 * best lag over none is a CUSUM that starts anew at each sound (Page 1954), and
 * passes its limit within a dozen sounds of the step. */
#ifndef WATCH_PATTERN_H
#define WATCH_PATTERN_H

#include "base/arena.h"
#include "watch/refit.h"

/* Sets lag_s of the sights of one source, by time: by how much it is later
 * than it was at its first sound of that place. */
MUST_USE bool pattern_align(
	struct sight *, size_t count, struct arena *, struct fault *);

#endif
