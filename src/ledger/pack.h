/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pack.h - a log in the hands of others: what mirror.h reads, written.
 *
 *	MANIFEST                       sha256sum of all that follows
 *	README                         how a stranger checks it
 *	checkpoint, tile/...           as published
 *	disclosures/<N>.disclosure     every body, its fields open
 *	blobs/sha256/aa/bb/<hex>       all evidence
 *
 * No secret and no key leaves with it: salts of single fields only. */
#ifndef LEDGER_PACK_H
#define LEDGER_PACK_H

#include "base/disk.h"
#include "ledger/ledger.h"

struct pack {
	uint64_t entries, bodies, blobs, files, bytes;
};

/* All entries must be under the published checkpoint.  `to` is empty. */
MUST_USE bool pack_write(struct ledger *, struct disk *from, struct disk *to,
	struct pack *, struct fault *);

#endif
