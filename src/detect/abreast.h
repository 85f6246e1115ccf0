/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * abreast.h - the blocks of up to sixteen banks, those that are calm side by
 * side (side.h).
 *
 * Banks lie side by side that have the same filters; their blocks need not be
 * of one time, as no lane has a clock.  While a bank's blocks are quiet its
 * kernel's state stays in the set; it is taken out for a block in which
 * something may switch, which bank_block() goes through, and laid in again when
 * the bank is calm.  Below ABREAST_LEAST calm ones each goes alone, as sixteen
 * lanes cost the same however few are used.  What a bank does is the same,
 * whoever lies beside it (tests/detect_abreast.c). */
#ifndef DETECT_ABREAST_H
#define DETECT_ABREAST_H

#include "detect/bank.h"
#include "detect/side.h"

/* Measured with bench/kernel: a round of sixteen costs as much as 7 alone. */
enum { ABREAST_LEAST = 8 };

struct abreast { /* zeroed before the first call */
	struct side_set set;
	unsigned in; /* bit set of those whose states lie in it */
};

struct abreast_block {
	struct bank *bank;
	const float *x; /* KERNEL_BLOCK samples; NULL: none this time */
	struct bank_ear ear;
};

/* Numbers are kept: a bank has the same in each call.  count is at most
 * SIDE_CHANNELS. */
void abreast_blocks(
	struct abreast *, const struct abreast_block *, size_t count);
/* Its kernel's state as it is now, for who wants to look. */
void abreast_show(const struct abreast *, size_t i, struct bank *);
/* The bank is its own again: before anything else is done with it. */
void abreast_out(struct abreast *, size_t i, struct bank *);

#endif
