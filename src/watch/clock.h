/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clock.h - whose clock or place is wrong, from many located sounds.
 *
 * Each source is judged by the others: how late are its arrivals by what they
 * say of each sound (refit.h), and how does that run in time (pieces.h)?  A
 * path makes a source late too, but always alike for one place of sound, so
 *  - what changes between two sounds of one place is no path: named;
 *  - what is alike from three directions or more is no path: named, as clock
 *    or as place, whichever explains it better;
 *  - what was always so from one place may be a path: "clock or path", unless
 *    no healthy path was ever so long.
 * Sources are judged one after the other, the worst first, and each is left
 * out before the next, so that none suffers for another.  Raw data keep their
 * times: what comes out is health.
 *
 * The order in which fits come does not matter. */
#ifndef WATCH_CLOCK_H
#define WATCH_CLOCK_H

#include "base/arena.h"
#include "model/fit.h"
#include "model/health.h"
#include "model/mission.h"

/* Words of health.why that come from here; what they mean: docs/names.md. */
#define CLOCK_STEP "clock step"
#define CLOCK_STEP_OR_MOVED "clock step, or moved"
#define CLOCK_OFFSET "clock offset"
#define CLOCK_DRIFT "clock drift"
#define CLOCK_LEAP "leap second missed"
#define CLOCK_OR_PLACE "clock or place wrong"
#define CLOCK_OR_PATH "clock or path"
#define CLOCK_PLACE "place wrong"
#define CLOCK_MOVED "moved"
#define CLOCK_SWAPPED "swapped"

struct clock_log { /* start with {.arena = ...} */
	struct arena *arena;
	struct kept *last;
	size_t count;
};

/* Keeps a copy. */
MUST_USE bool clock_take(
	struct clock_log *, const struct fit *, struct fault *);

/* Gives back all that was taken, the last first. */
MUST_USE bool clock_each(
	const struct clock_log *, const struct fits *, struct fault *);

/* Judges all sources by what was taken.  all: of the data; a fault that goes
 * on lasts to its end.  What health points to lies in the log's arena. */
MUST_USE bool clock_judge(const struct clock_log *, const struct mission *,
	struct span all, struct arena *scratch, const struct healths *,
	struct fault *);

#endif
