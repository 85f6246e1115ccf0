/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/segment.h"

struct instant segment_time(const struct segment *s, size_t i)
{
	/* Whole seconds apart, so that a day of samples keeps its ns. */
	double n = (double)i / s->rate_hz;
	double whole = floor(n);
	int64_t ns;

	if (!(whole < 9e9) || __builtin_add_overflow(s->start.utc_ns,
		(int64_t)whole * 1000000000 +
		(int64_t)floor((n - whole) * 1e9 + 0.5), &ns))
		return INSTANT_UNKNOWN; /* past the last instant there is */
	return (struct instant){ns};
}
