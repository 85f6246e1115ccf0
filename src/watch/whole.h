/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * whole.h - clocks that are off by a whole amount which people and programs
 * know how to make: a time zone, summer time, GPS time or TAI for UTC.
 *
 * Such a clock is far beyond the arrivals that a fit looks at, so its sensor
 * seems deaf.  But what it should have heard is all there, later or earlier by
 * one of these amounts.  Asked is: of the located sounds that a working sensor
 * would have reported and this one did not, which have an arrival so much off
 * that is of no other sound, more often than chance gives?
 *
 * What is off by 1,024 weeks needs no sounds (arrivals.h); a second is within
 * a fit (clock.h). */
#ifndef WATCH_WHOLE_H
#define WATCH_WHOLE_H

#include "model/detection.h"
#include "watch/clock.h"

/* Words of health.why that come from here. */
#define WHOLE_ZONE "clock off by a time zone"
#define WHOLE_GPS "clock in GPS time"
#define WHOLE_TAI "clock in TAI"

struct whole {
	const struct mission *m;
	struct arena *arena;
	struct heard *of; /* arrivals by source of the mission */
};

MUST_USE bool whole_start(struct whole *, const struct mission *,
	struct arena *, struct fault *);
/* In order of time.  Of each source so many are kept as a day may have. */
MUST_USE bool whole_take(
	struct whole *, const struct detection *, struct fault *);
/* all: of the data; what goes on lasts to its end.  What health points to lies
 * in the arena. */
MUST_USE bool whole_judge(const struct whole *, const struct clock_log *,
	struct span all, struct arena *scratch, const struct healths *,
	struct fault *);

#endif
