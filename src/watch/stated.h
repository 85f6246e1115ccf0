/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stated.h - what a sensor states of itself under its signature, frame by
 * frame, and what follows: a clock in doubt, a case that was opened, a place
 * that is not where it was put up, satellites that disagree with the sensor's
 * own clock, frames that are missing, a key that is used twice.
 *
 * Satellite time against the monotonic clock: the rate between them is fitted
 * over frames one to six hours old, and what is now must lie within
 * STATED_OFF_MS of it.  A ramp of 1 us/s, which a spoofer would choose, is so
 * found before it is 10 ms (tests/stated.c: at 4.1 ms); slower ones look like
 * a quartz in the sun, whose rate may change by 0.5 us/s in three hours before
 * it is charged (a compensated one does by less than 0.1).  Half of that within
 * one frame is a step, found at once. */
#ifndef WATCH_STATED_H
#define WATCH_STATED_H

#include "base/arena.h"
#include "model/health.h"
#include "model/mission.h"

#define STATED_OFF_MS 4.0
#define STATED_MOVED_M 200.0

/* Words of health.why; docs/names.md. */
#define STATED_TWICE "key used twice"
#define STATED_BROKEN "chain broken"
#define STATED_MISSING "frames missing"
#define STATED_RESTARTED "restarted"
#define STATED_STEP "GNSS steps from own clock"
#define STATED_DRIFT "GNSS drifts from own clock"
#define STATED_MOVED_AWAY "moved"
#define STATED_CLOCK "clock in doubt"

struct stated { /* a frame that was kept */
	const struct source *source;
	uint32_t boot;
	uint64_t sequence, record; /* of the spool `frames` */
	struct instant received, start; /* of the first sample; or unknown */
	uint64_t monotonic_ns; /* at the same moment */
	uint32_t span_us;
	uint16_t error_us; /* UINT16_MAX: unknown or more */
	uint8_t time_source, lock; /* 1: GNSS; 0 none, 1 holdover, 2 locked */
	int32_t lat_e7, lon_e7; /* INT32_MIN: unknown */
	uint16_t tamper, health;
	bool forked, broken;
};

/* By source id, boot, sequence, record; for qsort(). */
int stated_order(const void *, const void *);
/* In that order.  `all`: of the data; what nobody takes back lasts to its
 * end. */
MUST_USE bool stated_judge(const struct stated *, size_t count,
	struct span all, const struct healths *, struct fault *);

#endif
