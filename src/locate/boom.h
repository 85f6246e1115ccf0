/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * boom.h - what passes over faster than sound.
 *
 * The cone of an aircraft reaches the ground at
 *     t = t0 + x/V + (r/V) sqrt(M^2 - 1)        (Whitham 1952)
 * r metres off its path, x along it: a front that is bent across the path and
 * runs over the ground faster than sound.  No one place explains it, so the
 * search for places leaves its arrivals.  Of those left, each source's
 * strongest N in the time that such a front takes over the network is fitted
 * by a surface of second order, the worst left out one by one; it is a boom
 * when half of the sources that heard an N then, and two more than the six
 * unknowns, fit within 50 ms and the front is faster than sound by a
 * twentieth.  It has no place but the ground over which it was heard. */
#ifndef LOCATE_BOOM_H
#define LOCATE_BOOM_H

#include "locate/hear.h"

/* Gives an incident per boom, in order of time; after associate(). */
MUST_USE bool boom_find(const struct scene *, struct arena *,
	const struct incidents *, struct fault *);

#endif
