/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * overlap.h - do two regions speak of one place, and of which?
 *
 * A region is a density over the ground: its posterior cells if it has them,
 * else even over its rings, else the normal density of its ellipse.  Two are
 * compared on a grid over the box both share (24 x 24, SATELLITE.md 4).  The
 * share is the probability that a source drawn from the narrower one lies in
 * the wider one; the product of both, made to sum 1, is where one source of
 * both would be.  Flat-earth error: geo/frame.h. */
#ifndef LOCATE_OVERLAP_H
#define LOCATE_OVERLAP_H

#include "base/arena.h"
#include "geo/polygon.h"

enum { OVERLAP_GRID = 24 };

/* The box around a region; false when the place is not known or boundless. */
bool overlap_box(const struct place *, struct box *);
/* 0..1; 0 when either is not known. */
double overlap_share(const struct place *, const struct place *);
/* Where both hold: cells, ellipse and centre, at level 0.9.  *out is the
 * first when nothing is shared. */
MUST_USE bool overlap_product(const struct place *, const struct place *,
	struct arena *, struct place *out, struct fault *);

#endif
