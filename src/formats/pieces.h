/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pieces.h - a run of samples with holes in it, given out as what lies
 * between the holes.  A value that is not finite is a hole: a gap, and one
 * damage for the segment. */
#ifndef FORMATS_PIECES_H
#define FORMATS_PIECES_H

#include "formats/format.h"

MUST_USE bool pieces_put(
	const struct segment *, const struct intake *, struct fault *);

#endif
