/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bank.h - four bands of one channel, each on or off.
 *
 * On when ln(S/L) is above the lane's threshold, off below it less ln 2.  L is
 * frozen while on, for 3 T_L at most: else a step in the noise would deafen
 * the node for ever.  While on, a rise of S by the same factor above its own
 * recent average is a new onset, so shots 0.4 s apart within one
 * reverberation are not one.
 *
 * No trigger until L is an average.  L starts as the plain mean since the gap
 * and becomes recursive after T_L, so it is as good as it can be at any time;
 * after 50/B seconds it is a mean of 100 independent numbers (2 B t), good to
 * 14 %, a tenth of ln 4.  That is 0.3 s in 40-200 Hz, where recordings of
 * seconds are all there is (the shortest lead of a shot in the Pittsburgh set
 * is 0.42 s), and 11 s in 0.5-5 Hz.
 *
 * Work is done in blocks that count from the last gap, so how a stream is cut
 * does not matter.  A block that begins warm and with all lanes off is gone
 * through by kernel_block(), and again sample by sample when something may
 * switch in it; the others sample by sample at once. */
#ifndef DETECT_BANK_H
#define DETECT_BANK_H

#include "detect/kernel.h"
#include "detect/threshold.h"

enum { BURST_MIN_MS = 50 }; /* WAVEFORM.md 3.4: a new t0 is 50 ms later */

struct lane {
	bool active, is_on;
	uint64_t settled, warm; /* samples since the gap */
	uint64_t since;   /* sample of the last trigger; 0: none */
	uint64_t started; /* sample at which it went on */
	float low, recent; /* of S since the trigger; average over 5 T_S */
	float again;      /* ratio of S to recent that is a new onset */
	uint64_t low_at;
	double heard;     /* sum of q^2 since it went on */
	uint32_t every, skip; /* blocks from one count of S/L to the next */
	struct threshold threshold;
};

struct bank {
	double rate_hz;
	uint64_t samples; /* since the gap */
	uint64_t steady;  /* from here on L is as recursive as it will be */
	size_t on;        /* lanes that are */
	double floor;     /* variance of one count's rounding, or about 0 */
	bool careful;     /* all sample by sample: same results, for tests */
	struct band nominal[KERNEL_LANES]; /* set by who starts the first run */
	struct band band[KERNEL_LANES];    /* as far as the rate allows */
	struct kernel kernel;
	struct gains gains;
	struct lane lane[KERNEL_LANES];
};

struct bank_ear { /* who wants to know; samples since the gap */
	void (*on)(void *self, size_t lane, uint64_t at, uint64_t not_before);
	void (*off)(void *self, size_t lane, uint64_t since, uint64_t at);
	void *self;
};

/* After a gap.  What was learned of the noise in a band is kept. */
void bank_start(struct bank *, double rate_hz, double floor);
/* Whether kernel_block() may go through its next block. */
bool bank_is_calm(const struct bank *);
/* It did, and nothing can have begun: whether bank_count() is due. */
bool bank_passed(struct bank *);
/* S/L of the lanes for which it is time; levels may change. */
void bank_count(struct bank *);
/* KERNEL_BLOCK samples; fewer only as the last before a gap. */
void bank_block(
	struct bank *, const float *x, size_t n, const struct bank_ear *);

#endif
