/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kernel.h - the loop that every sample of every sensor goes through: band,
 * power, short and long average, and whether anything can have begun.
 *
 * One lane is one band of one channel; the lanes of a vector do the same IEEE
 * operations in the same order as a loop over single lanes would, so results
 * are the same bytes whatever the machine and however many lie side by side.
 * What the poles take off is a fused multiply-add (IEEE 754-2008 5.4.1, rounded
 * once), written out and never left to a compiler (-ffp-contract=off): each
 * sample waits for the one before it, and so for half as long.  A machine
 * without the instruction (x86-64 before 2013) gets the same bytes from
 * fmaf(), some ten times as slowly.
 *
 *     u = x[n] - 2 x[n-2] + x[n-4]       zeros of both sections, all lanes
 *     p = (u - a2 p[n-2]) - a1 p[n-1]    Butterworth high-pass poles
 *     q = (p - b2 q[n-2]) - b1 q[n-1]    Butterworth low-pass poles
 *     S += fast (q^2 - S)                a sample; four at once in one sum
 *     L += slow (S - L)                  every fourth
 *
 * The zeros stand first: u of whole counts is exact, an offset is gone before
 * it can round, and they cost one subtraction for all bands.  The gain of a
 * band is left out: S and L are both in units of q^2, and only `floor` has to
 * know.  What S/L passes is asked as S > level (L + floor): no division, no
 * logarithm, and nothing is written but the state.
 *
 * A block of 64 without a branch on data says whether any lane could switch:
 * S may have been higher within the last four samples by rest^-3 at most.
 * Only then the caller goes through the block again, sample by sample, and
 * finds the same numbers (tests/detect_kernel.c).
 *
 * In floats: against doubles the filtered trace is off by 3e-5 of the band's
 * rms at 500 Hz and 2e-3 at 2400 Hz, the highest rate that comes here (same
 * test); doubles would take twice the time.
 *
 * Unit cost (bench/kernel, 2-core x86-64, shared): 1.7 ns a sample for the
 * bands of one channel, 6 times as fast as plain C. */
#ifndef DETECT_KERNEL_H
#define DETECT_KERNEL_H

#include "base/bytes.h"
#include "base/maths.h"

enum { KERNEL_LANES = 4, KERNEL_BLOCK = 64, KERNEL_PAST = 4 };

/* What kernel_rest() takes for nothing: the smallest normal float is 1.2e-38,
 * and S falls to 1 - fast a step. */
#define KERNEL_NOTHING 1e-35f

typedef float lanes __attribute__((vector_size(16)));
typedef int32_t masks __attribute__((vector_size(16)));

/* c + a b, rounded once, as any machine can. */
static inline lanes kernel_more(lanes a, lanes b, lanes c)
{
	lanes y;

	for (size_t i = 0; i < KERNEL_LANES; i++)
		y[i] = fmaf(a[i], b[i], c[i]);
	return y;
}

struct band {
	double low_hz, high_hz, short_s, long_s;
};

struct gains {
	lanes a1, a2, b1, b2;
	lanes fast, rest, slow; /* of q^2 in S, of S in S, of q^2 in L */
	lanes fast4[4], rest4;  /* four samples at once */
	lanes take4, keep4;     /* of S and L in L, each fourth */
	lanes level, floor;     /* S > level (L + floor) switches */
	lanes guard, guard_floor; /* S[4th] > guard L + guard_floor may */
};

struct kernel { /* what goes from sample to sample */
	float x[KERNEL_PAST]; /* the last ones, oldest first */
	lanes p1, p2, q1, q2;
	lanes S, L;
};

/* Lane i is silent: its power is 0 for ever. */
void gains_none(struct gains *, size_t i);
/* high_hz below half the rate.  The floor is in squares of the input. */
void gains_tune(struct gains *, size_t i, const struct band *, double rate_hz,
	double floor);
/* The ratio of S to L that switches. */
void gains_level(struct gains *, size_t i, float ratio);
/* Butterworth pole pair and its gain. */
double gains_poles(
	double f_hz, double rate_hz, bool high, double *a1, double *a2);

/* The next sample's power, q^2. */
lanes kernel_step(struct kernel *, const struct gains *, float x);
/* S after four samples from S before. */
lanes kernel_short(const struct gains *, lanes S, const lanes e[4]);
/* A whole block; false, and nothing has changed, when a lane may switch. */
bool kernel_block(
	struct kernel *, const struct gains *, const float x[KERNEL_BLOCK]);
/* The same as any machine can: for tests. */
bool kernel_block_plain(
	struct kernel *, const struct gains *, const float x[KERNEL_BLOCK]);
/* After each block: what has all but vanished is 0 (subnormal numbers would
 * take a hundred times as long), and so is what overflowed. */
void kernel_rest(struct kernel *);

#endif
