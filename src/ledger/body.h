/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * body.h - the body of an entry: named values, each hashed with a salt of its
 * own, so some can be shown and others withheld (PROOF.md 3).
 *
 * Field `!` comes first and lists all other names, one a line.  salt =
 * HMAC-SHA256(secret, "cfm/salt/v1\n" | name)[0..15]; leaf data = salt | u16
 * name length | name | value; root = RFC 6962 over the leaves.  As bytes:
 * per field u16 name length, name, u32 value length, value.  Sealed by
 * XChaCha20-Poly1305 with a key made from the secret, nonce zero (a key seals
 * one body), the entry as associated data (SCALE.md 3). */
#ifndef LEDGER_BODY_H
#define LEDGER_BODY_H

#include "base/sha256.h"
#include "ledger/entry.h"
#include "model/fields.h"

enum {
	BODY_SECRET = 32,
	BODY_SALT = 16,
	BODY_NAME = 64, /* bytes of a name */
	BODY_TAG = 16,
	BODY_MAX = 65352, /* plain text that fits a record, with entry, tag */
};

void body_salt(const uint8_t secret[BODY_SECRET], struct bytes name,
	uint8_t out[BODY_SALT]);
/* `!`, or 1 to 64 of [a-z0-9_.-]. */
bool body_name_ok(struct bytes name);
/* By byte: below, at or above 0. */
int body_order(struct bytes a, struct bytes b);
/* A value as text: quoted text (fields.h) without its quotes.  Empty where it
 * has escapes, which no key and no hash has. */
struct bytes body_text(struct bytes value);

/* How long body_write() will be; LIMIT above `most`, a fault too where the
 * fields are not in order, or something went wrong while they were made. */
MUST_USE bool body_size(
	const struct fields *, size_t most, size_t *n, struct fault *);
/* Plain text of sorted fields, `!` put in front; LIMIT above `size`. */
MUST_USE bool body_write(const struct fields *, uint8_t *out, size_t size,
	size_t *n, struct fault *);
/* Fields but for `!`; checks order, names and that `!` lists them.  Views
 * into `plain`; names from the arena. */
MUST_USE bool body_read(struct bytes plain, struct arena *, struct fields *,
	struct fault *);
/* A field that is a whole number, or a hash in hex (quoted where it begins
 * with a digit, see fields.h); false if it is not. */
bool body_number(const struct fields *, const char *name, uint64_t *);
bool body_hex(const struct fields *, const char *name, uint8_t *, size_t n);
static inline bool body_digest(
	const struct fields *s, const char *name, struct digest *d)
{
	return body_hex(s, name, d->at, SHA256_LEN);
}
/* Root over all fields of a plain text, `!` or not, as body_write() makes it
 * or body_read() took it; of another one it is nobody's. */
struct digest body_root(
	struct bytes plain, const uint8_t secret[BODY_SECRET]);

/* out: plain.len + BODY_TAG bytes. */
void body_seal(struct bytes plain, const uint8_t secret[BODY_SECRET],
	const uint8_t entry[ENTRY_LEN], uint8_t *out);
/* out: cipher.len - BODY_TAG bytes; false if it was not sealed so. */
bool body_unseal(struct bytes cipher, const uint8_t secret[BODY_SECRET],
	const uint8_t entry[ENTRY_LEN], uint8_t *out);

#endif
