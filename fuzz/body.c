/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * body.c - entries, bodies, notes and keys: what is read writes itself as the
 * same bytes again; what is refused has a worded fault. */
#include "ledger/body.h"
#include "ledger/sign.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void body(struct bytes b)
{
	static uint8_t again[BODY_MAX];
	static uint8_t block[1 << 20];
	static const uint8_t secret[BODY_SECRET];
	struct arena a = arena_on(block, sizeof block);
	struct fault f = {0};
	struct fields s;
	struct digest root;
	size_t n;

	if (!body_read(b, &a, &s, &f)) {
		if (f.text[0] == '\0')
			abort();
		return;
	}
	if (!body_root(b, secret, &root, &f) ||
		!body_write(&s, again, sizeof again, &n, &f) ||
		!bytes_equal(b, (struct bytes){again, n}))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	static const uint8_t key[SIGN_KEY];
	struct bytes b = {at, len};
	uint8_t raw[ENTRY_LEN];
	struct checkpoint c;
	struct sign_key k;
	struct entry e;
	struct fault f = {0};

	if (entry_read(b, &e, &f)) {
		entry_write(&e, raw);
		if (memcmp(raw, at, ENTRY_LEN) != 0)
			abort();
	}
	if (len <= BODY_MAX)
		body(b);
	if (!checkpoint_read(b, "o", key, &c, &f) && f.text[0] == '\0')
		abort();
	f.text[0] = '\0';
	if (!sign_key_read(b, &k, &f) && f.text[0] == '\0')
		abort();
	return 0;
}
