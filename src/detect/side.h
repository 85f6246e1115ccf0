/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * side.h - sixteen channels side by side through the loop of kernel.h.
 *
 * With many channels a lane is a channel and the bands come one after the
 * other: the samples of a block are turned from channel by channel to time by
 * time once (4 KiB, which stay in the first cache) and each band runs over
 * them, no lane idle and no word moved between lanes.  The operations of a
 * lane and their order are those of kernel_block(), so a channel's state is
 * the same bytes whoever lies beside it (tests/detect_side.c).
 *
 * The states stay in the set while blocks are quiet (abreast.h).  Unit cost
 * (bench/kernel, 2-core x86-64, quiet): 0.37 ns a sample for one band, 0.68
 * for three, 10 and 15 times as fast as plain C.  The bound is reading each
 * sample once, 0.4 ns: one band takes no longer, three 1.7 times. */
#ifndef DETECT_SIDE_H
#define DETECT_SIDE_H

#include "detect/kernel.h"

enum { SIDE_CHANNELS = 16 };

struct side_band { /* one band of all channels */
	float p1[SIDE_CHANNELS], p2[SIDE_CHANNELS];
	float q1[SIDE_CHANNELS], q2[SIDE_CHANNELS];
	float S[SIDE_CHANNELS], L[SIDE_CHANNELS];
	float guard[SIDE_CHANNELS], floor[SIDE_CHANNELS];
	int32_t any[SIDE_CHANNELS];
};

struct side_set {
	struct side_band band[KERNEL_LANES];
	float past[KERNEL_PAST][SIDE_CHANNELS];
	struct gains gains; /* the filters are one */
};

/* Whether two may lie side by side. */
bool side_equal(const struct gains *, const struct gains *);
/* Nobody lies in it yet; those who will have these filters. */
void side_start(struct side_set *, const struct gains *);
/* A channel's state in and out.  Levels are of each: after one changed it is
 * loaded again. */
void side_load(struct side_set *, size_t channel, const struct kernel *,
	const struct gains *);
void side_store(const struct side_set *, size_t channel, struct kernel *);
/* x, by channel: KERNEL_BLOCK samples of each in the bit set `who`, at least
 * one, and kernel_rest().  Bit i: channel i is quiet and has gone on; the
 * others are as they were. */
unsigned side_block(struct side_set *, const float *const *x, unsigned who);
/* The same as any machine can: for tests. */
unsigned side_block_plain(
	struct side_set *, const float *const *x, unsigned who);

#endif
