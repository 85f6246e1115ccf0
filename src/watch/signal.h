/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * signal.h - what a channel's samples say of its sensor: stuck, dead, clipped,
 * or a signal that was heard before.
 *
 * One pass, beside the detectors, a sample at a time:
 *  - the same value for 5 s is stuck, and dead if it is zero; so is noise that
 *    falls by 30 dB under its own median;
 *  - a share of samples at the rails is clipped (blocks of 10 s);
 *  - live noise never repeats 64 samples: a rolling hash over them (each step
 *    doubles it, so that 64 bits forget what is older: the gear hash of Xia et
 *    al. 2014), one in some thousand kept for as long as there is room, finds
 *    loops and replays (docs/WAVEFORM.md 5).
 * State has a fixed size and lies with the caller.  Live there is no room for
 * what loops are found by, half a megabyte a channel. */
#ifndef WATCH_SIGNAL_H
#define WATCH_SIGNAL_H

#include "model/health.h"
#include "model/segment.h"

/* Words of health.why that come from here. */
#define SIGNAL_STUCK "stuck"
#define SIGNAL_DEAD "dead"
#define SIGNAL_CLIPPED "clipped"
#define SIGNAL_LOOPED "signal looped or replayed"

enum { SIGNAL_WINDOW = 64, SIGNAL_MARKS = 32768, SIGNAL_LEVELS = 256 };
enum { SIGNAL_LANES = 4 }; /* sums side by side */

struct signal_mark {
	uint64_t hash;
	int64_t utc_ns;
};

struct signal_charge { /* that grows; from unknown: none */
	struct instant from, to;
	double measure;
};

struct signal {
	const char *source;
	double rate_hz;
	struct instant end; /* of what was seen */
	/* The run of equal samples. */
	double last;
	uint32_t last_bits;
	size_t run;
	/* The block. */
	int64_t block;
	size_t count;
	double sum[SIGNAL_LANES], sum2[SIGNAL_LANES]; /* by number in it */
	double low, high, top; /* top: of all time */
	size_t at_low, at_high, low_run, high_run;
	/* Levels of blocks, by decibel. */
	uint32_t level[SIGNAL_LEVELS];
	size_t levels;
	/* The hash: the last samples' bits, oldest first, their sum with
	 * weights of powers of two, and below what it is kept. */
	uint32_t ring[SIGNAL_WINDOW];
	size_t ring_count;
	uint64_t sum_bits, keep;
	struct signal_mark *mark; /* NULL: loops are not looked for */
	int64_t lag_ns;
	size_t repeats;
	struct signal_charge stuck, zero, dead, clipped, looped;
};

/* state: zeroed or used before.  mark: SIGNAL_MARKS of them, or NULL. */
void signal_start(struct signal *, const char *source, struct signal_mark *);
/* After signal_start(): goes on from where another stood that heard the same
 * source in the same program; its marks are the caller's to bring. */
void signal_resume(struct signal *, const struct signal *stood);
MUST_USE bool signal_next(struct signal *, const struct segment *,
	const struct healths *, struct fault *);
/* What is the matter at the end of what was seen, or was within the block
 * before: stuck or dead, and since when; NULL: nothing. */
const char *signal_doubt(const struct signal *, struct instant *since);
MUST_USE bool signal_finish(
	struct signal *, const struct healths *, struct fault *);

#endif
