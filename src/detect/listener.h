/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * listener.h - what a bank could have noticed: noise and threshold of its
 * lanes, averaged over slots of AMBIENT_SLOT_S (model/ambient.h).
 *
 * Counted is the long average itself, which is what a sound is compared with:
 * while a lane is on it is frozen, and so is here what it would take. */
#ifndef DETECT_LISTENER_H
#define DETECT_LISTENER_H

#include "detect/bank.h"
#include "model/ambient.h"

/* Looked at every so many blocks of the bank: one in 1024 samples. */
enum { LISTENER_BLOCKS = 16 };

struct listener {
	const struct ambients *to; /* NULL: nobody asks */
	const char *source;
	struct instant from, until; /* of what is summed; from unknown: none */
	double power[KERNEL_LANES], on[KERNEL_LANES]; /* sums */
	double count[KERNEL_LANES];
	int64_t minute;  /* since 1970, of the last arrival */
	uint32_t arrivals, busiest; /* in it, and in any; 0: none */
};

/* After a gap. */
void listener_start(struct listener *);
/* An arrival was reported; they come nearly in order. */
void listener_arrival(struct listener *, struct instant);
/* The bank has come to `now`; scale makes its samples pascal. */
MUST_USE bool listener_hear(struct listener *, const struct bank *,
	struct instant now, double scale, struct fault *);
/* Before a gap: gives what is summed. */
MUST_USE bool listener_end(
	struct listener *, const struct bank *, struct fault *);

#endif
