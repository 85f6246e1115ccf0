/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * note.c - signed notes; see proof.h. */
#include "proof.h"

#include "ledger/note.h"

static void parse(struct bytes b)
{
	static struct note n;
	struct fault f = {0};

	if (!note_read(b, &n, &f)) {
		refused(&f);
		return;
	}
	need(n.count > 0 && n.text.len > 0 &&
		n.text.at[n.text.len - 1] == '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
