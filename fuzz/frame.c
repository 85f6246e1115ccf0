/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * frame.c - frames of sensors; see proof.h. */
#include "proof.h"

#include "ledger/frame.h"

static void parse(struct bytes b)
{
	struct fault f = {0};
	struct frame x;

	if (!frame_read(b, &x, &f)) {
		refused(&f);
		return;
	}
	need(x.payload.len + FRAME_HEAD == b.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
