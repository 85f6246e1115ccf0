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
 * Unit cost (bench/kernel, 2-core x86-64 of about 3 GHz, shared): 0.85 ns a
 * sample for one band and 1.3 ns for three, 7 and 13 times as fast as plain C;
 * in vectors of four (SSE2) 5 and 8 times.  The bound is reading each sample
 * once: 4 bytes at 10 GB/s are 0.4 ns, so one band takes 2.0 to 2.2 times the
 * bound and three take 3.1 to 3.6. */
#ifndef DETECT_SIDE_H
#define DETECT_SIDE_H

#include "detect/kernel.h"

enum { SIDE_CHANNELS = 16 };

struct side { /* one channel's part */
	struct kernel *kernel;
	const struct gains *gains; /* filters equal for all, levels not */
	const float *x;            /* KERNEL_BLOCK samples */
};

/* Whether two may lie side by side. */
bool side_equal(const struct gains *, const struct gains *);
/* Bit i: channel i is quiet and has gone on; the others are as they were.
 * count: 1 to SIDE_CHANNELS. */
unsigned side_block(const struct side *, size_t count);
/* The same in vectors of four on every machine: for tests and bench. */
unsigned side_block_plain(const struct side *, size_t count);

#endif
