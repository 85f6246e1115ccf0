/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/body_write.h"

#include "base/encode.h"
#include "base/hmac.h"
#include "base/sha256_many.h"
#include "ledger/merkle.h"

#include <sodium.h>

_Static_assert(BODY_TAG == crypto_aead_xchacha20poly1305_ietf_ABYTES, "tag");
_Static_assert(BODY_SECRET == crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
	"key");

static const char all_names[] = "!";
static const char salt_label[] = "cfm/salt/v1\n",
	seal_label[] = "cfm/body/v1\n";

enum { LABEL = sizeof salt_label - 1 };

static struct digest by_secret(
	const uint8_t secret[BODY_SECRET], struct bytes text)
{
	return hmac_sha256((struct bytes){secret, BODY_SECRET}, text);
}

void body_salt(const uint8_t secret[BODY_SECRET], struct bytes name,
	uint8_t out[BODY_SALT])
{
	uint8_t in[LABEL + BODY_NAME];
	size_t n = name.len > BODY_NAME ? BODY_NAME : name.len;
	struct digest d;

	memcpy(in, salt_label, LABEL);
	if (n > 0)
		memcpy(in + LABEL, name.at, n);
	d = by_secret(secret, (struct bytes){in, LABEL + n});
	memcpy(out, d.at, BODY_SALT);
}

static struct digest seal_key(const uint8_t secret[BODY_SECRET])
{
	return by_secret(secret, bytes_of(seal_label));
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

/* -- root, and key of the seal -- */

enum { CHUNK = SHA256_MANY - 1 };

_Static_assert((CHUNK & (CHUNK - 1)) == 0, "a chunk's root is a subtree's");

struct chunk { /* fields that are hashed one behind the other */
	struct bytes name[CHUNK], value[CHUNK];
	struct digest d[CHUNK + 1];
	size_t n;
	struct sha256_many many;
};

/* HMAC of each name and, where it is asked for, of the seal. */
static void salts(struct chunk *c, const struct hmac *h, struct digest *seal)
{
	size_t all = c->n + (seal ? 1 : 0);

	for (size_t i = 0; i < c->n; i++)
		sha256_lay(&c->many, &h->inner, (const struct bytes[]){
			bytes_of(salt_label),
			bytes_part(c->name[i], 0, BODY_NAME)}, 2, &c->d[i]);
	if (seal)
		sha256_lay(&c->many, &h->inner, (const struct bytes[]){
			bytes_of(seal_label)}, 1, &c->d[c->n]);
	sha256_all(&c->many);
	for (size_t i = 0; i < all; i++)
		sha256_lay(&c->many, &h->outer, (const struct bytes[]){
			digest_view(&c->d[i])}, 1, &c->d[i]);
	sha256_all(&c->many);
	if (seal)
		*seal = c->d[c->n];
}

static void leaves(struct chunk *c)
{
	for (size_t i = 0; i < c->n; i++) {
		uint8_t front[1 + BODY_SALT + 2] = {0};

		memcpy(front + 1, c->d[i].at, BODY_SALT);
		put_be(front + 1 + BODY_SALT, c->name[i].len, 2);
		sha256_lay(&c->many, NULL, (const struct bytes[]){
			{front, sizeof front}, c->name[i], c->value[i]}, 3,
			&c->d[i]);
	}
	sha256_all(&c->many);
}

/* The chunk's root into d[0]: level by level, an odd one goes up as it is. */
static void nodes(struct chunk *c)
{
	static const uint8_t tag[] = {1}; /* RFC 9162, 2.1.1 */

	for (size_t n = c->n; n > 1; n = (n + 1) / 2) {
		for (size_t i = 0; i + 1 < n; i += 2)
			sha256_lay(&c->many, NULL, (const struct bytes[]){
				{tag, 1}, digest_view(&c->d[i]),
				digest_view(&c->d[i + 1])}, 3, &c->d[i / 2]);
		if (n % 2)
			c->d[n / 2] = c->d[n - 1];
		sha256_all(&c->many);
	}
}

/* As many fields at a time as a subtree has: their root then is a leaf of the
 * tree above. */
void body_commit(struct bytes plain, const uint8_t secret[BODY_SECRET],
	struct digest *root, struct digest *seal)
{
	struct reader r = reader(plain);
	struct merkle m = {0};
	struct hmac h;
	struct chunk c;

	c.many.n = 0;
	hmac_begin(&h, (struct bytes){secret, BODY_SECRET});
	do {
		for (c.n = 0; c.n < CHUNK && !reader_done(&r); c.n++) {
			c.name[c.n] = read_bytes(&r, read_u16be(&r));
			c.value[c.n] = read_bytes(&r, read_u32be(&r));
		}
		salts(&c, &h, seal);
		leaves(&c);
		nodes(&c);
		if (c.n > 0)
			merkle_add(&m, &c.d[0]);
		seal = NULL;
	} while (!reader_done(&r));
	*root = merkle_root(&m);
	sodium_memzero(&h, sizeof h);
	sodium_memzero(c.d, sizeof c.d);
}

struct digest body_root(
	struct bytes plain, const uint8_t secret[BODY_SECRET])
{
	struct digest root;

	body_commit(plain, secret, &root, NULL);
	return root;
}

static const uint8_t no_nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

void body_seal(struct bytes plain, const uint8_t secret[BODY_SECRET],
	const uint8_t entry[ENTRY_LEN], uint8_t *out)
{
	struct digest seal = seal_key(secret);

	body_seal_by(plain, &seal, entry, out);
	sodium_memzero(&seal, sizeof seal);
}

void body_seal_by(struct bytes plain, const struct digest *seal,
	const uint8_t entry[ENTRY_LEN], uint8_t *out)
{
	(void)crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.at,
		plain.len, entry, ENTRY_LEN, NULL, no_nonce, seal->at);
}

bool body_unseal(struct bytes cipher, const uint8_t secret[BODY_SECRET],
	const uint8_t entry[ENTRY_LEN], uint8_t *out)
{
	struct digest key = seal_key(secret);
	bool ok;

	ok = cipher.len >= BODY_TAG &&
		crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL,
			cipher.at, cipher.len, entry, ENTRY_LEN, no_nonce,
			key.at) == 0;

	sodium_memzero(&key, sizeof key);
	return ok;
}
