/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loan.h - a child that appends to the log its parent has open.
 *
 * `truce run` commits to frames every second, while a child of it replays: one
 * of them holds the log, the other asks.  A socket pair joins them; the same
 * program is at both ends, so numbers go as they lie in memory. */
#ifndef ROLES_LOAN_H
#define ROLES_LOAN_H

#include "ledger/ledger.h"

struct loan {
	int ours, theirs; /* -1: none */
	struct ledger_writer writer; /* the child's */
	/* the parent's */
	struct arena arena;
	uint8_t *in;
	size_t have;
	uint64_t appended; /* entries, of the child */
};

MUST_USE bool loan_open(struct loan *, struct fault *);
void loan_close(struct loan *);
/* In the child, after fork(). */
void loan_child(struct loan *, struct ledger *);
/* In the parent, after fork(). */
void loan_parent(struct loan *);
/* Answers what has been asked; never waits for a question. */
MUST_USE bool loan_serve(struct loan *, struct ledger *, struct fault *);

#endif
