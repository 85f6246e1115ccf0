/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * table.h - digest to number: open addressing, doubled at half full.  Keys are
 * hashes already, so their first bytes are where to look. */
#ifndef LEDGER_TABLE_H
#define LEDGER_TABLE_H

#include "base/fault.h"
#include "base/sha256.h"
#include "ledger/entry.h"

struct table_slot {
	struct digest key;
	uint64_t value; /* + 1; 0: free */
};

struct table { /* zeroed: empty */
	struct table_slot *slot;
	size_t size, used;
};

MUST_USE bool table_set(struct table *, const struct digest *key,
	uint64_t value, struct fault *);
bool table_get(
	const struct table *, const struct digest *key, uint64_t *value);
void table_free(struct table *);
/* A subject as a key. */
struct digest table_subject(const uint8_t subject[ENTRY_SUBJECT]);

#endif
