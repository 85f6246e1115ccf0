/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/count.h"

void count_bounds(struct count c, int64_t *lo, int64_t *hi)
{
	*lo = c.value > 0 ? c.value : 0;
	switch (c.meaning) {
	case COUNT_EXACT:
	case COUNT_ABOUT:
		*hi = *lo;
		return;
	case COUNT_RANGE:
		*hi = c.max > *lo ? c.max : *lo;
		return;
	case COUNT_OVER:
		*lo += 1;
		*hi = INT64_MAX;
		return;
	default:
		*hi = INT64_MAX;
	}
}

static int64_t plus(int64_t a, int64_t b)
{
	return a > INT64_MAX - b ? INT64_MAX : a + b;
}

struct count count_sum(struct count a, struct count b)
{
	struct count sum = COUNT_OF(0);
	int64_t alo, ahi, blo, bhi;

	count_bounds(a, &alo, &ahi);
	count_bounds(b, &blo, &bhi);
	sum.value = plus(alo, blo);
	ahi = plus(ahi, bhi);
	if (ahi == INT64_MAX) {
		sum.meaning = COUNT_AT_LEAST;
	} else if (a.meaning == COUNT_ABOUT || b.meaning == COUNT_ABOUT) {
		sum.meaning = COUNT_ABOUT;
		sum.value = plus(alo, blo);
	} else if (ahi > sum.value) {
		sum.meaning = COUNT_RANGE;
		sum.max = ahi;
	}
	return sum;
}
