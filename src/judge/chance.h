/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * chance.h - a probability that is not fully known: millionths, lo to hi.
 *
 * Frechet's bounds (TERMS.md 3.1): what `and`, `or` and `not` can be at worst
 * and at best when nothing is known of how two statements hang together.  No
 * independence is ever assumed. */
#ifndef JUDGE_CHANCE_H
#define JUDGE_CHANCE_H

#include <stdint.h>

enum { CHANCE_SURE = 1000000 };

struct chance {
	int32_t lo, hi; /* 0 <= lo <= hi <= CHANCE_SURE */
};

#define CHANCE_YES ((struct chance){CHANCE_SURE, CHANCE_SURE})
#define CHANCE_NO ((struct chance){0, 0})
#define CHANCE_OPEN ((struct chance){0, CHANCE_SURE})

static inline struct chance chance_and(struct chance a, struct chance b)
{
	int32_t lo = a.lo + b.lo - CHANCE_SURE;

	return (struct chance){lo > 0 ? lo : 0, a.hi < b.hi ? a.hi : b.hi};
}

static inline struct chance chance_or(struct chance a, struct chance b)
{
	int32_t hi = a.hi + b.hi;

	return (struct chance){a.lo > b.lo ? a.lo : b.lo,
		hi < CHANCE_SURE ? hi : CHANCE_SURE};
}

static inline struct chance chance_not(struct chance a)
{
	return (struct chance){CHANCE_SURE - a.hi, CHANCE_SURE - a.lo};
}

#endif
