/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pitch.h - whether arrivals are of one pitch.
 *
 * All ears hear a sound at about the same frequency; wind, which makes most of
 * what no sound explains, is lower by octaves.  The frequency itself is what
 * most arrivals say, each about it by Student's t of four degrees of freedom in
 * its logarithm, half an octave wide or as wide as most of them lie; what those
 * of one sound come to on average is taken off of each, but none is a reason to
 * believe more: echoes of other sounds are of one pitch, too.
 * Few ears are not asked: walls filter, and so do the bands of a detector, and
 * six ears do not say which. */
#ifndef LOCATE_PITCH_H
#define LOCATE_PITCH_H

#include "locate/origin.h"

/* Nats, none above 0; 0 where fewer than ORIGIN_MANY may have heard it or few
 * of the chosen arrivals have a frequency.  unlike[], by hearer in the order of
 * posts: what its own is less likely by than the likeliest, 1 where it says
 * nothing; may be NULL. */
double pitch_ln(const struct view *, const struct origin *, double *unlike);

#endif
