/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/sign.h"

#include "ledger/note.h"

#include <sodium.h>

bool sign_ready(struct fault *f)
{
	return sodium_init() >= 0 ||
		fault(f, FAULT_SYSTEM, "libsodium does not start");
}

void sign_forget(void *secret, size_t n)
{
	sodium_memzero(secret, n);
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

void sign_entry_text(const uint8_t *entry, uint8_t out[SIGN_ENTRY])
{
	memcpy(out, SIGN_ENTRY_LABEL, SIGN_ENTRY - ENTRY_SIGNED);
	memcpy(out + SIGN_ENTRY - ENTRY_SIGNED, entry, ENTRY_SIGNED);
}

bool sign_entry_holds(const uint8_t key[SIGN_KEY], struct bytes entry)
{
	uint8_t text[SIGN_ENTRY];

	if (entry.len != ENTRY_LEN)
		return false;
	sign_entry_text(entry.at, text);
	return sign_holds(key, (struct bytes){text, sizeof text},
		entry.at + ENTRY_SIGNED);
}

/* -- keys as text (note.h), and checkpoints -- */

static struct note_key note_key_of(
	const char *name, const uint8_t key[SIGN_KEY])
{
	struct note_key k = {.type = NOTE_SIGNS};
	struct text t = text_on(k.name, sizeof k.name);

	text_add(&t, name);
	memcpy(k.key, key, SIGN_KEY);
	return k;
}

void sign_vkey_print(
	const char *name, const uint8_t key[SIGN_KEY], struct text *t)
{
	struct note_key n = note_key_of(name, key);

	note_key_print(&n, t);
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
