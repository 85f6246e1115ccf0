/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * table.h - digest to number.  Keys lie in order of their coming; a slot of
 * eight bytes, by open addressing, doubled at half full, says where: so the
 * part that is looked up here and there, and filled anew, is small.  Keys are
 * hashes already, so their first bytes are where to look. */
#ifndef LEDGER_TABLE_H
#define LEDGER_TABLE_H

#include "base/fault.h"
#include "base/sha256.h"
#include "ledger/entry.h"

struct table_key {
	struct digest key;
	uint64_t value;
};

struct table { /* zeroed: empty */
	uint64_t *slot; /* upper half of the key's first 8 bytes, 1 + its
			 * number; 0: free */
	struct table_key *key;
	size_t size, used, room;
};

MUST_USE bool table_set(struct table *, const struct digest *key,
	uint64_t value, struct fault *);
bool table_get(
	const struct table *, const struct digest *key, uint64_t *value);
/* It will be asked for soon: a big table lies in slow memory. */
void table_expect(const struct table *, const struct digest *key);
void table_free(struct table *);
/* A subject as a key. */
struct digest table_subject(const uint8_t subject[ENTRY_SUBJECT]);

#endif
