/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ears.h - what live mode holds of each channel: its detector, what its samples
 * say of the sensor, and what its datalogger says of the clock. */
#ifndef ROLES_EARS_H
#define ROLES_EARS_H

#include "detect/detector.h"
#include "watch/signal.h"

enum { EAR_OTHERS = 4 };

struct ear { /* a channel */
	const char *channel;
	const struct source *source;
	const struct detector *detector;
	void *state;
	struct signal *signal;
	const struct detector *other[EAR_OTHERS]; /* whose word stands alone */
	void *other_state[EAR_OTHERS];
	size_t others;
	struct instant first, heard; /* begin and end of what was heard */
	struct instant unsure; /* since when its clock is in doubt; unknown:
	                          it is not */
	const char *told; /* why it is in doubt, which was told; NULL */
	struct instant doubted; /* since when */
	double late_s;
	bool holds; /* arrivals back, of which it gave an early word */
};

struct ears {
	const struct mission *mission;
	struct arena *arena;
	struct ear *ear;
	uint32_t *bucket; /* of channels: ear + 1 */
	size_t count;
	size_t deaf; /* for want of room */
};

MUST_USE bool ears_open(struct ears *, const struct mission *, struct arena *,
	struct fault *);
/* *out NULL: nobody hears the channel. */
MUST_USE bool ears_for(struct ears *, const char *channel, struct ear **out,
	struct fault *);
/* Anew, as if nothing had been heard. */
void ear_start(const struct ears *, struct ear *);
/* What a segment says of the clock. */
void ear_mind(struct ear *, const struct segment *);
/* From when on its samples are no sound's, as it is stuck or dead; the end of
 * time: they are. */
struct instant ear_doubt(const struct ear *);
/* The end of what was heard of all; INSTANT_UNKNOWN: nothing was. */
struct instant ears_heard(const struct ears *);

#endif
