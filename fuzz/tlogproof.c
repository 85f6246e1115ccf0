/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tlogproof.c - proofs of one entry; see proof.h. */
#include "proof.h"

#include "ledger/proof.h"

static void parse(struct bytes b)
{
	static char at[NOTE_MAX];
	static const char extra[] = "c2sp.org/tlog-proof@v1\nextra ";
	struct text t = text_on(at, sizeof at);
	static struct proof p;
	struct fault f = {0};

	if (!proof_read(b, &p, &f)) {
		refused(&f);
		return;
	}
	proof_print(&p, &t);
	need(t.full || bytes_start(b, extra) ||
		bytes_equal(text_view(&t), b));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
