/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * turn.h - a short turn at the log, while `truce run` has it open.
 *
 * Who wants one takes the lock of ledger/turn and waits; `truce run` sees that
 * it is taken, closes the log, and opens it again when the lock is free.  So a
 * review takes a moment of the run's, and nobody writes beside anybody.  A
 * replay that appends meanwhile does so through whoever gives the turn
 * (loan.h), and waits too.
 *
 *	if (!turn_open(&t, disk, &log, f)) ...    at a desk, or serving
 *	... ledger_append(), ledger_sign() ...
 *	ledger_close(log);
 *	turn_close(&t);
 *
 * While a replay of `truce run` goes on (turn_replaying()) the index is its
 * own to write: who had a turn leaves it alone, and `truce run` tells the index
 * when the replay is done. */
#ifndef ROLES_TURN_H
#define ROLES_TURN_H

#include "ledger/ledger.h"

enum { TURN_WAIT_S = 20 };

struct turn { /* zeroed: none */
	bool held;
	int lock;
};

/* A lock that was refused, as somebody has it. */
bool turn_in_use(const struct fault *);
/* The log for writing, waited for at most TURN_WAIT_S. */
MUST_USE bool turn_open(struct turn *, struct disk *, struct ledger **,
	struct fault *);
/* After ledger_close(). */
void turn_close(struct turn *);
/* Does anybody wait, or have it? */
bool turn_wanted(struct disk *);

/* Closes the log, waits until nobody wants a turn, and opens it again; *log
 * NULL: it could not be opened.  `courier` as for ledger_compare(). */
MUST_USE bool turn_give(struct disk *, struct ledger **log,
	const struct courier *, struct fault *);

/* Around a replay beside which turns are given; the caller has the log open.
 * The lock is the file's: close() ends it. */
MUST_USE bool turn_replay(struct disk *, int *lock, struct fault *);
/* Does one go on?  The caller has the log open, so none begins meanwhile. */
bool turn_replaying(struct disk *);

#endif
