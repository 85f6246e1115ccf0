/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * holding.h - a store that takes nothing: what is put, replaced or set is held
 * against what an index has, and the first difference is noted.  So whatever
 * makes rows out of the log says, by the same code, whether an index is what
 * it would make of it.  Reads go to the index. */
#ifndef ROLES_HOLDING_H
#define ROLES_HOLDING_H

#include "roles/indexed.h"

struct holding {
	const struct store *index;
	struct indexed *out;
	struct arena arena; /* of a value that is held against another */
	uint64_t deeds;     /* that were held */
	struct store store;
};

MUST_USE bool holding_open(struct holding *, const struct store *index,
	struct indexed *, struct fault *);
void holding_close(struct holding *);
/* What people did and what came of it: deeds, statuses, replies, versions that
 * stand, steps of obligations, what was published. */
MUST_USE bool holding_people(
	struct holding *, struct ledger *, struct fault *);

#endif
