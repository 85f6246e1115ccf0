/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * entry.c - entries of the ledger; see proof.h. */
#include "proof.h"

#include "ledger/entry.h"

static void parse(struct bytes b)
{
	uint8_t again[ENTRY_LEN];
	struct fault f = {0};
	struct entry e;

	if (!entry_read(b, &e, &f)) {
		refused(&f);
		return;
	}
	entry_write(&e, again);
	need(bytes_equal(b, (struct bytes){again, sizeof again}));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
