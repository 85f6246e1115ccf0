/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * beams.h - arrays in live mode: the samples of all elements of an array to one
 * detector, as they come (detect/detector.h, gathers).
 *
 * Heard is the sort of channel that comes first of an array, as "_B_D_F".  An
 * element of which nothing came for BEAMS_WAIT_S, or that is GATHER_AHEAD_S / 2
 * behind the others, is waited for no longer; what comes of it then is late,
 * and for the replay. */
#ifndef ROLES_BEAMS_H
#define ROLES_BEAMS_H

#include "base/arena.h"
#include "detect/detector.h"

enum { BEAMS_WAIT_S = 10 };

struct beam; /* an array under one detector */

struct beams {
	const struct mission *mission;
	struct beam *beam;
	size_t count;
	uint64_t late; /* samples */
};

MUST_USE bool beams_open(struct beams *, const struct mission *, struct arena *,
	struct fault *);
/* A segment of any channel, which came at `now_ns` of the monotonic clock;
 * those of elements are heard. */
MUST_USE bool beams_hear(struct beams *, const struct segment *,
	int64_t now_ns, const struct detections *, struct fault *);

#endif
