/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shock.h - the bullet of a shot: a sub-incident, linked `shock_of`.
 *
 * A projectile faster than sound is heard before the weapon by those whom its
 * cone meets.  From a weapon at the origin, along a straight path,
 *     t = t0 + l/V + (b/c) sqrt(1 - 1/M^2),    if l > b/sqrt(M^2 - 1)
 * l along the path, b off it, M = V/c (Whitham 1952; docs/WAVEFORM.md 3.8):
 * with place and time of the weapon known, heading and mean speed are all that
 * is unknown.  Both are searched for among the arrivals that came between the
 * fastest bullet and the sound of the weapon and that nothing else explains;
 * three sources at least must fit, their sum of ln(p(r)/rate), less what those
 * lose that the cone passed and who heard nothing, must exceed what the search
 * finds by chance, and no other heading may do nearly as well.
 *
 * It is one act with its shot: the judge judges the shot alone.  The heading is
 * a feature of the record; an alert never carries it (docs/MISSION.md: Truce
 * does not aim). */
#ifndef LOCATE_SHOCK_H
#define LOCATE_SHOCK_H

#include "locate/hear.h"

/* After associate().  Found: *is is the projectile's incident, its arrivals
 * are marked as gone. */
MUST_USE bool shock_find(struct scene *, const struct incident *shot,
	struct arena *, struct incident *is, bool *found, struct fault *);

#endif
