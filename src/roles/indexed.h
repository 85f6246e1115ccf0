/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * indexed.h - does index.db say what the log says?  The body of each incident,
 * finding, notice, claim and obligation in it is held against that of its
 * entry, byte by byte; each logged incident and finding must be there.  Each
 * detection, look and word of health must be a line of the batch that it says
 * it is of; one that is not logged yet waits.  That one was logged and is not
 * there is no fault: late data may have taken it back.  The columns that
 * each is found by are made of its body once more.  What people did about
 * incidents and findings is held too, and what came of it: statuses, replies,
 * what was published (holding.h).
 * And the cells, numbers and bounds by which rows are found on a map or in a
 * span of time must follow from the rows, and the words that a search finds
 * them by (store.h: sound).
 * Not compared: what is not logged (files, damage, weather, memos), which no
 * list of what happened shows. */
#ifndef ROLES_INDEXED_H
#define ROLES_INDEXED_H

#include "ledger/ledger.h"
#include "store/store.h"

struct indexed {
	uint64_t same, differ, absent, unlogged;
	uint64_t lines, waiting; /* of batches that are met; not logged yet */
	char first[200]; /* what is wrong first; "" nothing */
	/* Agreements that findings were judged under, one after the other; the
	 * last, and the first entry under it. */
	uint64_t terms, terms_since;
	char terms_sha256[SHA256_HEX];
};

/* Whether an index is of this log, and not ahead of it, by its first record and
 * its newest.  INPUT fault: the folder's log was exchanged, or is an older
 * copy of itself. */
MUST_USE bool indexed_fits(struct store *, struct ledger *, struct fault *);
MUST_USE bool indexed_compare(struct store *, struct ledger *,
	struct disk *, struct indexed *, struct fault *);

#endif
