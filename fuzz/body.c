/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * body.c - entries, bodies, notes and keys: what is read writes itself as the
 * same bytes again; what is refused has a worded fault.  A body made of the
 * input reads back; one with a byte of it changed is another body or none, and
 * does not open when it is sealed. */
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
	size_t n;

	if (!body_read(b, &a, &s, &f)) {
		if (f.text[0] == '\0')
			abort();
		return;
	}
	(void)body_root(b, secret);
	if (!body_write(&s, again, sizeof again, &n, &f) ||
		!bytes_equal(b, (struct bytes){again, n}))
		abort();
}

static void need(bool ok)
{
	if (!ok)
		abort();
}

/* Per field: a byte for the length of its name, one for that of its value,
 * then both. */
static void fields_of(struct bytes in, struct fields *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
		"0123456789_.-";
	struct reader r = reader(in);

	while (!reader_done(&r) && s->count < FIELDS_MAX - 1) {
		size_t n = 1 + read_u8(&r) % 64, m = read_u8(&r);
		struct bytes value;
		char name[65] = "";

		for (size_t i = 0; i < n; i++)
			name[i] = letters[read_u8(&r) % (sizeof letters - 1)];
		value = read_bytes(&r, m < reader_left(&r) ? m
							   : reader_left(&r));
		fields_json(s, name, value);
	}
}

static void made(struct bytes in)
{
	static uint8_t plain[BODY_MAX], sealed[BODY_MAX + BODY_TAG];
	static uint8_t open[BODY_MAX], block[1 << 20];
	static const uint8_t secret[BODY_SECRET], entry[ENTRY_LEN];
	struct arena a = arena_on(block, sizeof block);
	struct fields s = fields_in(&a), back;
	struct fault f = {0};
	size_t n, where;

	if (in.len < 3)
		return;
	where = (size_t)bytes_be(bytes_part(in, 0, 2));
	fields_of(bytes_part(in, 3, in.len), &s);
	if (!fields_done(&s, &f)) /* a name twice */
		return;
	if (!body_write(&s, plain, sizeof plain, &n, &f)) {
		need(f.kind == FAULT_LIMIT);
		return;
	}
	need(body_read((struct bytes){plain, n}, &a, &back, &f));
	need(back.count == s.count);
	body_seal((struct bytes){plain, n}, secret, entry, sealed);
	need(body_unseal((struct bytes){sealed, n + BODY_TAG}, secret, entry,
		open) && memcmp(open, plain, n) == 0);
	if (in.at[2] == 0)
		return;
	sealed[where % (n + BODY_TAG)] ^= in.at[2];
	need(!body_unseal((struct bytes){sealed, n + BODY_TAG}, secret, entry,
		open));
	plain[where % n] ^= in.at[2];
	body((struct bytes){plain, n});
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
	if (len < 8192)
		made(b);
	if (!checkpoint_read(b, "o", key, &c, &f) && f.text[0] == '\0')
		abort();
	f.text[0] = '\0';
	if (!sign_key_read(b, &k, &f) && f.text[0] == '\0')
		abort();
	return 0;
}
