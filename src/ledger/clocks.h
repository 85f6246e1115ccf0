/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clocks.h - do the clocks of authors agree with those of the witnesses?
 * (PROOF.md 8: 300 s.)  An entry's own time is held against when it was logged
 * (bracket.h); one that is farther off is counted, and the first is named: no
 * failure, for a clock may be wrong, and a day that is replayed too.  Pure.
 *
 *	clocks_note(&x, clock, f)                each entry, in order
 *	clocks_meet(&x, size, time_s, n)         then each cosigned note */
#ifndef LEDGER_CLOCKS_H
#define LEDGER_CLOCKS_H

#include "ledger/policy.h"

enum { CLOCKS_OFF_S = 300 };

struct clocks_seen {
	uint64_t proved; /* entries with a time they cannot be later than */
	uint64_t off, first;     /* of these how many; the first, */
	struct instant stated;   /* what it says, */
	uint64_t from_s, to_s;   /* and when it was logged; 0: not known */
};

struct clocks { /* zeroed: nothing yet */
	struct clocks_seen seen;
	struct instant *at;
	size_t count, room, next;
	uint64_t from_s; /* of the last note */
};

MUST_USE bool clocks_note(struct clocks *, struct instant, struct fault *);
void clocks_meet(struct clocks *, uint64_t size, const uint64_t *time_s,
	size_t n);
void clocks_free(struct clocks *);

#endif
