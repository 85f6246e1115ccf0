/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/sign.h"

#include "base/encode.h"
#include "ledger/note.h"

#include <sodium.h>

enum { ALG_ED25519 = 1 };

bool sign_ready(struct fault *f)
{
	return sodium_init() >= 0 ||
		fault(f, FAULT_SYSTEM, "libsodium does not start");
}

void sign_random(uint8_t *out, size_t n)
{
	randombytes_buf(out, n);
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

/* -- keys and notes as text (C2SP signed-note) -- */

static void note_id(const char *name, const uint8_t key[SIGN_KEY],
	uint8_t out[NOTE_ID])
{
	static const uint8_t between[2] = {'\n', ALG_ED25519};
	struct sha256 s;
	struct digest d;

	sha256_start(&s);
	sha256_add(&s, bytes_of(name));
	sha256_add(&s, (struct bytes){between, 2});
	sha256_add(&s, (struct bytes){key, SIGN_KEY});
	d = sha256_end(&s);
	memcpy(out, d.at, NOTE_ID);
}

static void print_key(const char *name, const uint8_t public_key[SIGN_KEY],
	const uint8_t value[32], struct text *t)
{
	uint8_t id[NOTE_ID], b[33] = {ALG_ED25519};

	note_id(name, public_key, id);
	memcpy(b + 1, value, 32);
	text_add(t, name);
	text_char(t, '+');
	text_hex(t, (struct bytes){id, sizeof id});
	text_char(t, '+');
	text_base64(t, (struct bytes){b, sizeof b});
	sodium_memzero(b, sizeof b);
}

void sign_key_print(const struct sign_key *k, struct text *t)
{
	text_add(t, "PRIVATE+KEY+");
	print_key(k->name, k->public_key, k->seed, t);
	text_char(t, '\n');
}

void sign_vkey_print(
	const char *name, const uint8_t key[SIGN_KEY], struct text *t)
{
	print_key(name, key, key, t);
}

/* name+id+base64(01 | 32 bytes) */
static bool read_key(struct bytes b, char name[SIGN_NAME_MAX + 1],
	uint8_t id[NOTE_ID], uint8_t value[32], struct fault *f)
{
	const uint8_t *plus = b.len ? memchr(b.at, '+', b.len) : NULL;
	size_t n = plus ? (size_t)(plus - b.at) : 0, got;
	uint8_t raw[33];

	if (n == 0 || n > SIGN_NAME_MAX || b.len < n + 10 ||
		b.at[n + 9] != '+')
		return fault(f, FAULT_INPUT, "no key: wants name+id+base64");
	memcpy(name, b.at, n);
	name[n] = '\0';
	if (strlen(name) != n || strpbrk(name, " \t\r\n"))
		return fault(f, FAULT_INPUT, "key: bad name");
	if (!hex_read(bytes_part(b, n + 1, 8), id, NOTE_ID, f) ||
		!base64_read(bytes_part(b, n + 10, b.len), raw, sizeof raw,
			&got, f))
		return fault_in(f, "key");
	if (got != sizeof raw || raw[0] != ALG_ED25519)
		return fault(f, FAULT_INPUT, "key: not Ed25519");
	memcpy(value, raw + 1, 32);
	sodium_memzero(raw, sizeof raw);
	return true;
}

bool sign_key_read(struct bytes b, struct sign_key *k, struct fault *f)
{
	static const char front[] = "PRIVATE+KEY+";
	uint8_t id[NOTE_ID], want[NOTE_ID];

	if (!bytes_start(b, front) || b.at[b.len - 1] != '\n')
		return fault(f, FAULT_INPUT, "no private key");
	b = bytes_part(b, sizeof front - 1, b.len);
	b.len--;
	if (!read_key(b, k->name, id, k->seed, f))
		return false;
	sign_key_fill(k);
	note_id(k->name, k->public_key, want);
	return memcmp(id, want, NOTE_ID) == 0 ||
		fault(f, FAULT_INPUT, "key: its id does not fit");
}

bool sign_vkey_read(struct bytes b, char name[SIGN_NAME_MAX + 1],
	uint8_t key[SIGN_KEY], struct fault *f)
{
	uint8_t id[NOTE_ID], want[NOTE_ID];

	if (!read_key(b, name, id, key, f))
		return false;
	note_id(name, key, want);
	return memcmp(id, want, NOTE_ID) == 0 ||
		fault(f, FAULT_INPUT, "key: its id does not fit");
}

static void checkpoint_text(const struct checkpoint *c, struct text *t)
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
	struct note_key k = {.type = NOTE_SIGNS};
	struct text name = text_on(k.name, sizeof k.name);
	struct note n;
	bool by;

	text_add(&name, origin);
	memcpy(k.key, key, SIGN_KEY);
	if (!text_check(&name, f) || !note_read(note, &n, f) ||
		!note_checkpoint(&n, c, f))
		return false;
	if (strcmp(c->origin, origin) != 0)
		return fault(f, FAULT_INPUT, "checkpoint: of another log");
	if (!note_signed(&n, &k, &by, f))
		return fault_in(f, "checkpoint");
	return by ||
		fault(f, FAULT_INPUT, "checkpoint: no signature of its log");
}
