/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arrivals.h - what a sensor's arrivals say of it before anything is located:
 * a place that it states itself and that jumps, a flood of picks, and a clock
 * that is 1,024 weeks off, from the start or from a turn of the counter on.
 *
 * Taken in order of time; every minute is closed when the next begins. */
#ifndef WATCH_ARRIVALS_H
#define WATCH_ARRIVALS_H

#include "base/arena.h"
#include "model/detection.h"
#include "model/health.h"
#include "model/mission.h"

/* Words of health.why that come from here. */
#define ARRIVALS_JUMPED "stated place jumped"
#define ARRIVALS_FLOOD "flood of picks"
#define ARRIVALS_WEEKS "clock off by whole weeks"

struct arrivals {
	const struct mission *m;
	struct of_source *of; /* by source of the mission */
	int64_t minute;
	size_t in_minute; /* of all sources */
	struct instant first, last;
	struct arena *arena;
	const struct healths *out;
};

MUST_USE bool arrivals_start(struct arrivals *, const struct mission *,
	struct arena *, const struct healths *, struct fault *);
MUST_USE bool arrivals_take(
	struct arrivals *, const struct detection *, struct fault *);
/* all: of the data; what goes on lasts to its end. */
MUST_USE bool arrivals_finish(
	struct arrivals *, struct span all, struct fault *);

#endif
