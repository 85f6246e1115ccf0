/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * receipt.c - a .receipt, as a stranger hands it in: read, or refused in words
 * with its rule; and what is read holds under no key that signed nothing. */
#include "ledger/receipt.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void need(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static struct disclosure d;
	static uint8_t block[1 << 18];
	struct arena a = arena_on(block, sizeof block);
	struct note_key key = {.name = "o", .type = NOTE_SIGNS};
	struct receipt r = {.batch = &d};
	struct bytes b = {at, len};
	const char *rule = NULL;
	struct checkpoint c;
	struct fault f = {0};

	if (!receipt_read(b, &a, &r, &rule, &f)) {
		need(f.text[0] && rule && rule[0]);
		return 0;
	}
	need(r.at < r.of && r.path.count <= 63 && bytes_start(b, "truce."));
	need(receipt_holds(&r, NULL, &c, &rule, &f) || f.text[0]);
	need(!receipt_holds(&r, &key, &c, &rule, &f) && f.text[0]);
	(void)receipt_is_of(&r, b);
	return 0;
}
