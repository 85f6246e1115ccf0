/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * checkpoint.c - the three lines that a note of a log says; see proof.h. */
#include "proof.h"

#include "ledger/note.h"
#include "base/encode.h"

static void parse(struct bytes b)
{
	static struct note n;
	char at[512];
	struct text t = text_on(at, sizeof at);
	struct checkpoint c;
	struct fault f = {0};

	n.text = b;
	/* Such a text is no note's: note_read() has refused it. */
	if (b.len > 0 && memchr(b.at, 0, b.len))
		return;
	if (!note_checkpoint(&n, &c, &f)) {
		refused(&f);
		return;
	}
	text_fmt(&t, "%s\n%ju\n", c.origin, (uintmax_t)c.size);
	text_base64(&t, digest_view(&c.root));
	text_char(&t, '\n');
	need(bytes_equal(text_view(&t), b));
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	return proof_all_of(at, len, parse);
}
