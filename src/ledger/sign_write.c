/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/sign.h"

#include "ledger/note.h"

#include <sodium.h>

void sign_random(uint8_t *out, size_t n)
{
	uint8_t seed[randombytes_SEEDBYTES];

	if (n <= 4 * sizeof seed) {
		randombytes_buf(out, n);
		return;
	}
	/* One ChaCha20 stream: the kernel gives a tenth as many a second. */
	randombytes_buf(seed, sizeof seed);
	randombytes_buf_deterministic(out, n, seed);
	sodium_memzero(seed, sizeof seed);
}

void sign_key_fill(struct sign_key *k)
{
	uint8_t both[crypto_sign_SECRETKEYBYTES];

	(void)crypto_sign_seed_keypair(k->public_key, both, k->seed);
	sodium_memzero(both, sizeof both);
}

void sign_make(const struct sign_key *k, struct bytes message,
	uint8_t out[SIGN_LEN])
{
	uint8_t both[crypto_sign_SECRETKEYBYTES];

	memcpy(both, k->seed, SIGN_SEED);
	memcpy(both + SIGN_SEED, k->public_key, SIGN_KEY);
	(void)crypto_sign_detached(out, NULL, message.at, message.len, both);
	sodium_memzero(both, sizeof both);
}

void sign_entry(const struct sign_key *k, struct entry *e)
{
	uint8_t raw[ENTRY_LEN], text[SIGN_ENTRY];

	sign_key_id(k->public_key, e->key_id);
	entry_write(e, raw);
	sign_entry_text(raw, text);
	sign_make(k, (struct bytes){text, sizeof text}, e->signature);
}

static const char private_front[] = "PRIVATE+KEY+";

void sign_key_print(const struct sign_key *k, struct text *t)
{
	struct note_key n = {.type = NOTE_SIGNS};

	memcpy(n.name, k->name, sizeof n.name);
	memcpy(n.key, k->public_key, SIGN_KEY);
	text_add(t, private_front);
	note_key_print_as(&n, k->seed, t);
	text_char(t, '\n');
}

bool sign_key_read(struct bytes b, struct sign_key *k, struct fault *f)
{
	struct note_key n;
	uint8_t id[NOTE_ID];

	if (!bytes_start(b, private_front) || b.at[b.len - 1] != '\n')
		return fault(f, FAULT_INPUT, "no private key");
	b = bytes_part(b, sizeof private_front - 1, b.len);
	b.len--;
	if (!note_key_split(b, &n, id, f))
		return false;
	if (n.type != NOTE_SIGNS)
		return fault(f, FAULT_INPUT, "key: not of a log");
	memcpy(k->name, n.name, sizeof k->name);
	memcpy(k->seed, n.key, SIGN_SEED);
	sign_key_fill(k);
	memcpy(n.key, k->public_key, SIGN_KEY);
	return note_key_fits(&n, id, f);
}
