/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gaps.h - why there are no data, where whoever sent them said so.
 *
 * Data that came are there, whatever was said of them: only the time in which
 * a source is down for want of data is divided by what was told. */
#ifndef WATCH_GAPS_H
#define WATCH_GAPS_H

#include "model/health.h"

/* Begins the why of such health: "lost: its sender's memory was full". */
#define GAPS_LOST "lost: "

struct gap { /* as it was told */
	const char *source, *why;
	struct span span;
};

struct gaps {
	const struct gap *gap; /* by gaps_sort() */
	size_t count, at;      /* at: 0 at first */
	const struct healths *out;
};

/* By source and time; what overlaps is the earlier one's; returns how many are
 * left. */
size_t gaps_sort(struct gap *, size_t count);
/* A sink (self: struct gaps) that passes health from uptime on, by source, then
 * from, and says why where that is known. */
MUST_USE bool gaps_name(void *self, const struct health *, struct fault *);

#endif
