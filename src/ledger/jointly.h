/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * jointly.h - how far a log is jointly accepted: the largest checkpoint whose
 * cosignatures meet ledger/policy/joint.policy (PROOF.md 4), among those kept
 * in ledger/cosigned.  An entry below that size is jointly accepted. */
#ifndef LEDGER_JOINTLY_H
#define LEDGER_JOINTLY_H

#include "ledger/ledger.h"

struct jointly { /* zeroed: nothing looked at yet */
	uint64_t looked; /* notes before this record were weighed */
	uint64_t size;   /* entries that are jointly accepted */
};

/* Goes on where it was.  Without such a policy nothing is accepted.  INPUT
 * fault: a note that is not of this log and history, or a policy that does not
 * read. */
MUST_USE bool jointly_read(
	struct jointly *, struct disk *, const struct ledger *, struct fault *);

#endif
