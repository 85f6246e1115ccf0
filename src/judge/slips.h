/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * slips.h - everything that is wrong with a text, not the first thing
 * only: up to 1000 errors, put in order of place at the end. */
#ifndef JUDGE_SLIPS_H
#define JUDGE_SLIPS_H

#include "judge/judge.h"

enum { SLIPS_MAX = 1000 };

struct slips {
	struct arena *arena;
	struct fault *fault;
	struct terms_error *error;
	size_t count;
	bool broke; /* out of memory: *fault says so */
};

PRINTF(4, 5) void slips_add(struct slips *, size_t line,
	size_t column, const char *fmt, ...);
void slips_sort(struct slips *);

#endif
