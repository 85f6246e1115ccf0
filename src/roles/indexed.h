/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * indexed.h - does index.db say what the log says?  The body of each incident,
 * finding, notice, claim and obligation in it is held against that of its
 * entry, byte by byte; each logged incident and finding must be there.  Not
 * compared: detections, looks, health (their lines lie in blobs), and the
 * columns that rows are found by. */
#ifndef ROLES_INDEXED_H
#define ROLES_INDEXED_H

#include "ledger/ledger.h"
#include "store/store.h"

struct indexed {
	uint64_t same, differ, absent, unlogged;
	char first[200]; /* what is wrong first; "" nothing */
};

MUST_USE bool indexed_compare(struct store *, struct ledger *,
	struct indexed *, struct fault *);

#endif
