/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * turn.h - a short turn at the log, while `truce run` has it open.
 *
 * Who wants one takes the lock of ledger/turn and waits; `truce run` sees that
 * it is taken, closes the log, and opens it again when the lock is free.  So a
 * review takes a moment of the run's, and nobody writes beside anybody. */
#ifndef ROLES_TURN_H
#define ROLES_TURN_H

#include "ledger/ledger.h"

enum { TURN_WAIT_S = 20 };

struct turn { /* zeroed: none */
	bool held;
	int lock;
};

/* The log for writing, waited for at most TURN_WAIT_S. */
MUST_USE bool turn_open(struct turn *, struct disk *, struct ledger **,
	struct fault *);
/* After ledger_close(). */
void turn_close(struct turn *);
/* Does anybody wait, or have it? */
bool turn_wanted(struct disk *);

#endif
