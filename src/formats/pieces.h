/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pieces.h - a run of samples with holes in it, given out as what lies
 * between the holes.
 *
 * A value that is not finite is a hole.  Where the recorder is known to fill
 * missing time with zeros, a run of exact zeros of at least `zero_s` at either
 * end is one too: a gap, whose edges are no sound.  Zeros inside stay, since
 * a quiet digital input makes them. */
#ifndef FORMATS_PIECES_H
#define FORMATS_PIECES_H

#include "formats/format.h"

/* zero_s 0: zeros are samples.  Not finite: one damage for the segment. */
MUST_USE bool pieces_put(const struct segment *, double zero_s,
	const struct intake *, struct fault *);

#endif
