/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/sign.h"

#include "base/encode.h"
#include "ledger/note.h"

#include <sodium.h>

bool sign_ready(struct fault *f)
{
	return sodium_init() >= 0 ||
		fault(f, FAULT_SYSTEM, "libsodium does not start");
}

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

void sign_forget(void *secret, size_t n)
{
	sodium_memzero(secret, n);
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

bool sign_holds(const uint8_t key[SIGN_KEY], struct bytes message,
	const uint8_t signature[SIGN_LEN])
{
	return crypto_sign_verify_detached(
		signature, message.at, message.len, key) == 0;
}

void sign_key_id(const uint8_t key[SIGN_KEY], uint8_t out[ENTRY_KEY_ID])
{
	struct digest d = sha256_of((struct bytes){key, SIGN_KEY});

	memcpy(out, d.at, ENTRY_KEY_ID);
}

enum { ENTRY_LABEL = 13, ENTRY_MESSAGE = ENTRY_LABEL + ENTRY_SIGNED };

static void entry_message(const uint8_t *entry, uint8_t out[ENTRY_MESSAGE])
{
	memcpy(out, "cfm/entry/v1\n", ENTRY_LABEL);
	memcpy(out + ENTRY_LABEL, entry, ENTRY_SIGNED);
}

void sign_entry(const struct sign_key *k, struct entry *e)
{
	uint8_t raw[ENTRY_LEN], message[ENTRY_MESSAGE];

	sign_key_id(k->public_key, e->key_id);
	entry_write(e, raw);
	entry_message(raw, message);
	sign_make(k, (struct bytes){message, sizeof message}, e->signature);
}

bool sign_entry_holds(const uint8_t key[SIGN_KEY], struct bytes entry)
{
	uint8_t message[ENTRY_MESSAGE];

	if (entry.len != ENTRY_LEN)
		return false;
	entry_message(entry.at, message);
	return sign_holds(key, (struct bytes){message, sizeof message},
		entry.at + ENTRY_SIGNED);
}

/* -- keys as text (note.h), and checkpoints -- */

static const char private_front[] = "PRIVATE+KEY+";

static struct note_key note_key_of(
	const char *name, const uint8_t key[SIGN_KEY])
{
	struct note_key k = {.type = NOTE_SIGNS};
	struct text t = text_on(k.name, sizeof k.name);

	text_add(&t, name);
	memcpy(k.key, key, SIGN_KEY);
	return k;
}

void sign_key_print(const struct sign_key *k, struct text *t)
{
	struct note_key n = note_key_of(k->name, k->public_key);

	text_add(t, private_front);
	note_key_print_as(&n, k->seed, t);
	text_char(t, '\n');
}

void sign_vkey_print(
	const char *name, const uint8_t key[SIGN_KEY], struct text *t)
{
	struct note_key n = note_key_of(name, key);

	note_key_print(&n, t);
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

bool sign_vkey_read(struct bytes b, char name[SIGN_NAME_MAX + 1],
	uint8_t key[SIGN_KEY], struct fault *f)
{
	struct note_key n;

	if (!note_key_read(b, &n, f))
		return false;
	memcpy(name, n.name, sizeof n.name);
	memcpy(key, n.key, SIGN_KEY);
	return n.type == NOTE_SIGNS ||
		fault(f, FAULT_INPUT, "key: not of a log");
}

void checkpoint_text(const struct checkpoint *c, struct text *t)
{
	text_fmt(t, "%s\n%ju\n", c->origin, (uintmax_t)c->size);
	text_base64(t, digest_view(&c->root));
	text_char(t, '\n');
}

void checkpoint_print(
	const struct checkpoint *c, const struct sign_key *k, struct text *t)
{
	size_t from = t->len;

	checkpoint_text(c, t);
	if (t->full)
		return;
	struct bytes signed_ = bytes_part(text_view(t), from, t->len);

	text_char(t, '\n');
	note_sign(signed_, k, t);
}

bool checkpoint_read(struct bytes note, const char *origin,
	const uint8_t key[SIGN_KEY], struct checkpoint *c, struct fault *f)
{
	struct note_key k = note_key_of(origin, key);
	struct note n;
	bool by;

	if (!note_read(note, &n, f) || !note_checkpoint(&n, c, f))
		return false;
	if (strcmp(c->origin, origin) != 0)
		return fault(f, FAULT_INPUT, "checkpoint: of another log");
	if (!note_signed(&n, &k, &by, f))
		return fault_in(f, "checkpoint");
	return by ||
		fault(f, FAULT_INPUT, "checkpoint: no signature of its log");
}
