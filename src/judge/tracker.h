/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tracker.h - the table of a tracker of promises (such as the Ukraine Support
 * Tracker of the Kiel Institute) as a register's text, by a stated map of its
 * columns.
 *
 *	pledge = id            a column by its name in the header
 *	to     = "Ukraine"     the same of all rows
 *	COMMITTED = Commitment a value of the column `is`
 *
 * Wanted are pledge, actor, is, date, amount, unit; to, act, prices and source
 * may be there.  A line that begins with # is a comment.  Rows come out in
 * their order as FLOW statements, pledges and actors before them as they first
 * occur.  Amounts keep unit and price year; below zero they correct; a date is
 * ISO 8601.  A row that is not understood is kept, with what is wrong with it,
 * as a comment behind all others: nothing is lost, and nothing guessed. */
#ifndef JUDGE_TRACKER_H
#define JUDGE_TRACKER_H

#include "base/text.h"
#include "judge/pledges.h"

enum { TRACKER_BYTES_MAX = 32 << 20 };

struct tracker_done {
	size_t rows, taken, kept; /* kept: not understood */
	size_t pledges, actors;
	size_t first_line; /* of those kept; 0: none */
	char why[160];     /* of that row */
};

/* INPUT fault: the map does not read, names a column that is not there, or
 * lacks one; or the header does not read. */
MUST_USE bool tracker_read(struct bytes csv, struct bytes map,
	const char *name, struct arena *, struct text *out,
	struct tracker_done *, struct fault *);

#endif
