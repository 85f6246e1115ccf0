/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/body_write.h"

#include "base/encode.h"
#include "ledger/merkle.h"

#include <sodium.h>

_Static_assert(BODY_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(BODY_SECRET == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	"key");

static const char all_names[] = "!";

static struct digest salt_of(const struct hmac *h, struct bytes name)
{
	uint8_t in[12 + BODY_NAME] = "cfm/salt/v1\n";
	size_t n = name.len > BODY_NAME ? BODY_NAME : name.len;

	if (n > 0)
		memcpy(in + 12, name.at, n);
	return hmac_of(h, (struct bytes){in, 12 + n});
}

void body_salt(const uint8_t secret[BODY_SECRET], struct bytes name,
	uint8_t out[BODY_SALT])
{
	struct hmac h;
	struct digest d;

	hmac_begin(&h, (struct bytes){secret, BODY_SECRET});
	d = salt_of(&h, name);
	memcpy(out, d.at, BODY_SALT);
}

static size_t list_size(const struct fields *s)
{
	size_t n = s->count > 0 ? s->count - 1 : 0; /* LF between them */

	for (size_t i = 0; i < s->count; i++)
		n += strlen(s->field[i].name);
	return n;
}

bool body_size(
	const struct fields *s, size_t most, size_t *n, struct fault *f)
{
	if (s->why.kind != FAULT_NONE) {
		*f = s->why;
		return false;
	}
	if (s->count > FIELDS_MAX - 1)
		return fault(f, FAULT_LIMIT, "body of %zu fields, wants %d",
			s->count, FIELDS_MAX - 1);
	*n = 2 + 1 + 4 + list_size(s);
	for (size_t i = 0; i < s->count; i++) {
		const struct field *x = &s->field[i];

		if (i > 0 && strcmp(x[-1].name, x->name) >= 0)
			return fault(f, FAULT_INPUT,
				"body: fields are not in order at %s", x->name);
		*n += 2 + strlen(x->name) + 4;
		if (x->value.len > most || *n > most - x->value.len)
			return fault(f, FAULT_LIMIT, "body of more than %zu "
				"bytes: put what is large into a blob", most);
		*n += x->value.len;
	}
	return true;
}

static uint8_t *put(uint8_t *to, const void *at, size_t n)
{
	if (n > 0)
		memcpy(to, at, n);
	return to + n;
}

static uint8_t *put_number(uint8_t *to, size_t v, size_t len)
{
	put_be(to, v, len);
	return to + len;
}

size_t body_put(const struct fields *s, uint8_t *out)
{
	const uint8_t *from = out;

	out = put_number(out, 1, 2);
	out = put(out, all_names, 1);
	out = put_number(out, list_size(s), 4);
	for (size_t i = 0; i < s->count; i++) {
		if (i > 0)
			*out++ = '\n';
		out = put(out, s->field[i].name, strlen(s->field[i].name));
	}
	for (size_t i = 0; i < s->count; i++) {
		const struct field *x = &s->field[i];
		size_t len = strlen(x->name);

		out = put_number(out, len, 2);
		out = put(out, x->name, len);
		out = put_number(out, x->value.len, 4);
		out = put(out, x->value.at, x->value.len);
	}
	return (size_t)(out - from);
}

bool body_write(const struct fields *s, uint8_t *out, size_t size, size_t *n,
	struct fault *f)
{
	if (!body_size(s, size, n, f))
		return false;
	(void)body_put(s, out);
	return true;
}

/* The next field; checks its name and that it follows `last`. */
static bool next_field(struct reader *r, struct bytes *last,
	struct bytes *value, struct fault *f)
{
	size_t at = r->pos;
	struct bytes name = read_bytes(r, read_u16be(r));

	*value = read_bytes(r, read_u32be(r));
	if (r->ran_out)
		return fault(f, FAULT_INPUT, "body: field at byte %zu is cut",
			at);
	if (!body_name_ok(name))
		return fault(f, FAULT_INPUT, "body: bad name at byte %zu", at);
	if (last->len > 0 && body_order(*last, name) >= 0)
		return fault(f, FAULT_INPUT,
			"body: name out of order at byte %zu", at);
	*last = name;
	return true;
}

/* Do the lines of `!` list just these names? */
static bool listed(struct bytes lines, const struct fields *s)
{
	struct reader r = reader(lines);

	for (size_t i = 0; i < s->count; i++) {
		struct bytes name = bytes_of(s->field[i].name);

		if (i > 0 && read_u8(&r) != '\n')
			return false;
		if (!bytes_equal(read_bytes(&r, name.len), name))
			return false;
	}
	return reader_left(&r) == 0;
}

bool body_read(struct bytes plain, struct arena *a, struct fields *s,
	struct fault *f)
{
	struct reader r = reader(plain);
	struct bytes name = {0}, value, lines = {0};
	bool some = false;

	*s = fields_in(a);
	while (!reader_done(&r)) {
		struct field *x = &s->field[s->count];

		if (!next_field(&r, &name, &value, f))
			return false;
		if (bytes_are(name, all_names)) {
			lines = value;
			some = true;
			continue;
		}
		if (s->count == FIELDS_MAX - 1)
			return fault(f, FAULT_LIMIT,
				"body: more than %d fields", FIELDS_MAX - 1);
		x->name = arena_text(a, name, f);
		if (!x->name)
			return false;
		x->value = value;
		s->count++;
	}
	if (!some || !listed(lines, s))
		return fault(f, FAULT_INPUT,
			"body: field ! does not list the names");
	return true;
}

void body_key(const uint8_t secret[BODY_SECRET], struct hmac *h)
{
	hmac_begin(h, (struct bytes){secret, BODY_SECRET});
}

struct digest body_root(
	struct bytes plain, const uint8_t secret[BODY_SECRET])
{
	struct hmac h; /* half the work of a salt is the same for all */

	body_key(secret, &h);
	return body_root_by(plain, &h);
}

struct digest body_root_by(struct bytes plain, const struct hmac *h)
{
	struct reader r = reader(plain);
	struct merkle m = {0};

	while (!reader_done(&r)) {
		uint8_t front[1 + BODY_SALT + 2] = {0};
		struct bytes name = read_bytes(&r, read_u16be(&r));
		struct bytes value = read_bytes(&r, read_u32be(&r));
		struct digest d = salt_of(h, name);

		memcpy(front + 1, d.at, BODY_SALT);
		put_be(front + 1 + BODY_SALT, name.len, 2);
		d = sha256_parts((const struct bytes[]){
			{front, sizeof front}, name, value}, 3);
		merkle_add(&m, &d);
	}
	return merkle_root(&m);
}

static struct digest seal_key(const struct hmac *h)
{
	return hmac_of(h, bytes_of("cfm/body/v1\n"));
}

static const uint8_t no_nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

void body_seal(struct bytes plain, const uint8_t secret[BODY_SECRET],
	const uint8_t entry[ENTRY_LEN], uint8_t *out)
{
	struct hmac h;

	body_key(secret, &h);
	body_seal_by(plain, &h, entry, out);
	sodium_memzero(&h, sizeof h);
}

void body_seal_by(struct bytes plain, const struct hmac *h,
	const uint8_t entry[ENTRY_LEN], uint8_t *out)
{
	struct digest key = seal_key(h);

	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.at,
		plain.len, entry, ENTRY_LEN, NULL, no_nonce, key.at);
	sodium_memzero(&key, sizeof key);
}

bool body_unseal(struct bytes cipher, const uint8_t secret[BODY_SECRET],
	const uint8_t entry[ENTRY_LEN], uint8_t *out)
{
	struct hmac h;
	struct digest key;
	bool ok;

	body_key(secret, &h);
	key = seal_key(&h);
	sodium_memzero(&h, sizeof h);
	ok = cipher.len >= BODY_TAG &&
		crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
			cipher.at, cipher.len, entry, ENTRY_LEN, no_nonce,
			key.at) == 0;

	sodium_memzero(&key, sizeof key);
	return ok;
}
