/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sign.h - Ed25519, by the one rule of PROOF.md 1, and signed notes (C2SP
 * signed-note).
 *
 * A signature (R, S) under A holds iff S < L, A and R are canonical and not of
 * small order, and encode([S]B - [k]A) = R.  libsodium does exactly this (all
 * 914 vectors of C2SP/CCTV are in the tests); no other library may verify. */
#ifndef LEDGER_SIGN_H
#define LEDGER_SIGN_H

#include "base/bytes.h"
#include "base/sha256.h"
#include "base/text.h"
#include "ledger/entry.h"

enum { SIGN_KEY = 32, SIGN_SEED = 32, SIGN_LEN = 64, SIGN_NAME_MAX = 200 };

struct sign_key {
	char name[SIGN_NAME_MAX + 1];
	uint8_t seed[SIGN_SEED];
	uint8_t public_key[SIGN_KEY];
};

/* Once a process, before anything else here. */
MUST_USE bool sign_ready(struct fault *);
void sign_random(uint8_t *out, size_t n);
void sign_forget(void *secret, size_t n);

/* The public half of a seed. */
void sign_key_fill(struct sign_key *);
void sign_make(const struct sign_key *, struct bytes message,
	uint8_t out[SIGN_LEN]);
bool sign_holds(const uint8_t key[SIGN_KEY], struct bytes message,
	const uint8_t signature[SIGN_LEN]);
/* SHA-256(public key)[0..7] */
void sign_key_id(const uint8_t key[SIGN_KEY], uint8_t out[ENTRY_KEY_ID]);

/* What is signed of an entry. */
#define SIGN_ENTRY_LABEL "cfm/entry/v1\n"
enum { SIGN_ENTRY = sizeof SIGN_ENTRY_LABEL - 1 + ENTRY_SIGNED };
void sign_entry_text(const uint8_t *entry, uint8_t out[SIGN_ENTRY]);
/* Fills key_id and signature. */
void sign_entry(const struct sign_key *, struct entry *);
bool sign_entry_holds(const uint8_t key[SIGN_KEY], struct bytes entry);

/* "PRIVATE+KEY+name+id+base64" LF, and "name+id+base64". */
void sign_key_print(const struct sign_key *, struct text *);
MUST_USE bool sign_key_read(struct bytes, struct sign_key *, struct fault *);
void sign_vkey_print(
	const char *name, const uint8_t key[SIGN_KEY], struct text *);
MUST_USE bool sign_vkey_read(struct bytes, char name[SIGN_NAME_MAX + 1],
	uint8_t key[SIGN_KEY], struct fault *);

/* A checkpoint (C2SP tlog-checkpoint): origin, size, root. */
struct checkpoint {
	char origin[SIGN_NAME_MAX + 1];
	uint64_t size;
	struct digest root;
};

/* The three lines that are signed. */
void checkpoint_text(const struct checkpoint *, struct text *);
/* With the signature line of the log's key. */
void checkpoint_print(
	const struct checkpoint *, const struct sign_key *, struct text *);
/* Parses strictly (note.h); the signature of `key` must be there and hold.
 * Lines of other keys are skipped. */
MUST_USE bool checkpoint_read(struct bytes note, const char *origin,
	const uint8_t key[SIGN_KEY], struct checkpoint *, struct fault *);

#endif
