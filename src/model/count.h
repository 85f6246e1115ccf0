/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * count.h - how many, and what the number means (R7).
 *
 * exact and about: value.  at_least and over: value is the bound, max unknown.
 * range: value to max.  uncountable: neither is known.  Sums add the bounds;
 * any open upper end makes the sum "at least" (absorbing), any "about" makes
 * it "about"; an uncountable makes no number: it is listed apart, and makes
 * the sum "at least". */
#ifndef MODEL_COUNT_H
#define MODEL_COUNT_H

#include <stdint.h>

#include "model/words.h"

enum { COUNT_UNKNOWN = -1 };

struct count {
	int64_t value; /* >= 0, or COUNT_UNKNOWN */
	enum count_meaning meaning;
	int64_t max; /* of a range; else COUNT_UNKNOWN */
};

#define COUNT_OF(n) ((struct count){(n), COUNT_EXACT, COUNT_UNKNOWN})
#define COUNT_NOT_STATED                                                      \
	((struct count){COUNT_UNKNOWN, COUNT_UNCOUNTABLE, COUNT_UNKNOWN})

/* Bounds: lo >= 0; hi is INT64_MAX when open.  about counts as its value. */
void count_bounds(struct count, int64_t *lo, int64_t *hi);
struct count count_sum(struct count, struct count);

#endif
