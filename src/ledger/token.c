/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/token.h"

#include "base/encode.h"

#define BYTES(text) \
	((struct bytes){(const uint8_t *)(text), sizeof(text) - 1})
#define SIGNED_DATA BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02")
#define TST_INFO BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")
#define RSA BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01")
#define RSA_WITH "\x2a\x86\x48\x86\xf7\x0d\x01\x01" /* 11 to 13 */
#define SHA "\x60\x86\x48\x01\x65\x03\x04\x02" /* 1 to 3 */
#define KEY_USE BYTES("\x55\x1d\x25")
/* the one use that a stamp's key may have (RFC 3161, 2.3) */
#define STAMPS BYTES("\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x08")

static const struct token_hash hashes[] = {{1, 32}, {2, 48}, {3, 64}};

/* The identifier in front of an AlgorithmIdentifier. */
static bool algorithm(const struct der *d, struct der *oid)
{
	size_t n;

	return der_parts(d, DER_SEQUENCE, oid, 1, 1, &n) &&
		oid->tag == DER_OID;
}

/* Of an identifier that begins so and ends with `first` or one behind it. */
static const struct token_hash *hash_of(
	const struct der *d, const char *front, uint8_t first)
{
	struct der oid;
	size_t i;

	if (!algorithm(d, &oid) || oid.value.len != 9 ||
		!bytes_start(oid.value, front))
		return NULL;
	i = (size_t)oid.value.at[8] - first;
	return i < sizeof hashes / sizeof *hashes ? &hashes[i] : NULL;
}

const struct token_hash *token_hash(const struct der *d)
{
	return hash_of(d, SHA, 1);
}

/* -- times -- */

static bool is_digits(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++)
		if (b.at[i] < '0' || b.at[i] > '9')
			return false;
	return b.len > 0;
}

/* YYYYMMDDhhmmss[.f]Z */
static bool read_digits(struct bytes b, char out[TOKEN_TIME])
{
	const size_t n = TOKEN_TIME - 1;

	if (b.len <= n || b.at[b.len - 1] != 'Z' ||
		!is_digits(bytes_part(b, 0, n)) || (b.len > n + 1 &&
			(b.at[n] != '.' ||
			!is_digits(bytes_part(b, n + 1, b.len - n - 2)))))
		return false;
	memcpy(out, b.at, n);
	out[n] = '\0';
	return true;
}

/* The time of a certificate, in both its forms (RFC 5280, 4.1.2.5). */
static bool read_bound(const struct der *d, char out[TOKEN_TIME])
{
	uint8_t at[TOKEN_TIME];

	if (d->tag == DER_TIME)
		return read_digits(d->value, out);
	if (d->tag != DER_UTC_TIME || d->value.len != sizeof at - 2)
		return false;
	memcpy(at, d->value.at[0] < '5' ? "20" : "19", 2);
	memcpy(at + 2, d->value.at, d->value.len);
	return read_digits((struct bytes){at, sizeof at}, out);
}

static int two(const char *at)
{
	return (at[0] - '0') * 10 + at[1] - '0';
}

static bool read_time(const struct der *d, struct token *t)
{
	struct fault no;
	struct civil c;

	if (d->tag != DER_TIME || !read_digits(d->value, t->digits))
		return false;
	c = (struct civil){two(t->digits) * 100 + two(t->digits + 2),
		two(t->digits + 4), two(t->digits + 6), two(t->digits + 8),
		two(t->digits + 10), two(t->digits + 12), 0};
	return instant_of_civil(&c, &t->time, &no);
}

/* -- a reply -- */

/* What was stamped, and when. */
static bool read_info(struct token *t)
{
	struct der info, part[5], imprint[2];
	size_t n;

	if (!der_whole(t->info, DER_SEQUENCE, &info) ||
		!der_parts(&info, DER_SEQUENCE, part, 5, 5, &n) ||
		!der_is(&part[0], DER_INTEGER, BYTES("\1")) ||
		!der_parts(&part[2], DER_SEQUENCE, imprint, 2, 2, &n) ||
		token_hash(&imprint[0]) != &hashes[0] ||
		imprint[1].tag != DER_OCTETS ||
		imprint[1].value.len != hashes[0].len)
		return false;
	t->imprint = imprint[1].value;
	return read_time(&part[4], t);
}

static bool read_signer(const struct der *signer, struct token *t)
{
	struct der part[6], id[2], by;
	size_t n;

	if (!der_parts(signer, DER_SEQUENCE, part, 6, 6, &n) ||
		!der_parts(&part[1], DER_SEQUENCE, id, 2, 2, &n) ||
		id[1].tag != DER_INTEGER ||
		!(t->hash = token_hash(&part[2])) ||
		part[3].tag != DER_CONTEXT_0 ||
		part[3].raw.len > TOKEN_ATTRIBUTES ||
		!algorithm(&part[4], &by) || part[5].tag != DER_OCTETS)
		return false;
	t->issuer = id[0].raw;
	t->serial = id[1].value;
	t->attributes = part[3];
	t->signature = part[5].value;
	return bytes_equal(by.value, RSA) ||
		hash_of(&part[4], RSA_WITH, 11) == t->hash;
}

/* The SignedData of a reply that was granted. */
static bool read_granted(struct bytes reply, struct der *data)
{
	struct der all, part[2], status, token[2];
	size_t n;

	return reply.len <= TOKEN_MAX &&
		der_whole(reply, DER_SEQUENCE, &all) &&
		der_parts(&all, DER_SEQUENCE, part, 2, 2, &n) &&
		der_parts(&part[0], DER_SEQUENCE, &status, 1, 1, &n) &&
		(der_is(&status, DER_INTEGER, BYTES("\0")) ||
			der_is(&status, DER_INTEGER, BYTES("\1"))) &&
		der_parts(&part[1], DER_SEQUENCE, token, 2, 2, &n) &&
		der_is(&token[0], DER_OID, SIGNED_DATA) &&
		token[1].tag == DER_CONTEXT_0 &&
		der_whole(token[1].value, DER_SEQUENCE, data);
}

bool token_read(struct bytes reply, struct token *t)
{
	struct der data, part[6], content[2], octets, signer;
	size_t n, signers;

	*t = (struct token){.time = INSTANT_UNKNOWN};
	if (!read_granted(reply, &data) ||
		!der_parts(&data, DER_SEQUENCE, part, 6, 4, &n) || n > 6 ||
		!der_parts(&part[2], DER_SEQUENCE, content, 2, 2, &signers) ||
		!der_is(&content[0], DER_OID, TST_INFO) ||
		content[1].tag != DER_CONTEXT_0 ||
		!der_whole(content[1].value, DER_OCTETS, &octets) ||
		!der_parts(&part[n - 1], DER_SET, &signer, 1, 1, &signers) ||
		signers != 1)
		return false;
	t->info = octets.value;
	return read_info(t) && read_signer(&signer, t);
}

bool token_attribute(
	const struct token *t, struct bytes oid, struct der *value, size_t *n)
{
	struct reader r = reader(t->attributes.value);
	struct der d, part[2];
	size_t parts, values;

	for (*n = 0; !reader_done(&r);) {
		if (!der_next(&r, &d) ||
			!der_parts(&d, DER_SEQUENCE, part, 2, 2, &parts))
			return false;
		if (!der_is(&part[0], DER_OID, oid))
			continue;
		if (++*n > 1 || !der_parts(&part[1], DER_SET, value, 1, 1,
			&values) || values != 1)
			return false;
	}
	return true;
}

/* -- a certificate -- */

static bool from_pem(struct bytes pem, uint8_t *room, struct bytes *der)
{
	static const char head[] = "-----BEGIN CERTIFICATE-----\n";
	static const char end[] = "\n-----END CERTIFICATE-----";
	uint8_t text[TOKEN_CERTIFICATE * 4 / 3 + 4];
	struct bytes b;
	struct fault no;
	size_t n = 0;

	if (pem.len > TOKEN_PEM)
		return false;
	if (pem.len > 0 && pem.at[pem.len - 1] == '\n')
		pem.len--;
	if (pem.len < sizeof head + sizeof end || !bytes_start(pem, head) ||
		!bytes_are(bytes_part(pem, pem.len - sizeof end + 1,
			pem.len), end))
		return false;
	b = bytes_part(pem, sizeof head - 1,
		pem.len - sizeof head - sizeof end + 2);
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] == '\n')
			continue;
		if (n == sizeof text)
			return false;
		text[n++] = b.at[i];
	}
	der->at = room;
	return base64_read((struct bytes){text, n}, room, TOKEN_CERTIFICATE,
		&der->len, &no);
}

/* Without the zero in front that keeps it from being negative. */
static struct bytes natural(const struct der *d)
{
	size_t zero = d->value.len > 0 && d->value.at[0] == 0;

	return bytes_part(d->value, zero, d->value.len);
}

static bool read_key(const struct der *d, struct token_key *k)
{
	struct der part[2], oid, key, number[2];
	size_t n;

	if (!der_parts(d, DER_SEQUENCE, part, 2, 2, &n) ||
		!algorithm(&part[0], &oid) || !bytes_equal(oid.value, RSA) ||
		part[1].tag != DER_BITS || part[1].value.len == 0 ||
		part[1].value.at[0] != 0 || /* bits that are left over */
		!der_whole(bytes_part(part[1].value, 1, part[1].value.len),
			DER_SEQUENCE, &key) ||
		!der_parts(&key, DER_SEQUENCE, number, 2, 2, &n) ||
		number[0].tag != DER_INTEGER || number[1].tag != DER_INTEGER)
		return false;
	k->modulus = natural(&number[0]);
	k->exponent = natural(&number[1]);
	return k->modulus.len >= TOKEN_KEY_LEAST &&
		k->modulus.len <= TOKEN_KEY_MAX &&
		k->exponent.len <= TOKEN_EXPONENT_MAX;
}

/* Of its extensions one is of what the key is for, and says: stamps. */
static bool is_for_stamps(const struct der *extensions)
{
	struct der list, d, part[3];
	struct reader r;
	size_t n, uses = 0, stamps = 0;

	if (!der_whole(extensions->value, DER_SEQUENCE, &list))
		return false;
	for (r = reader(list.value); !reader_done(&r);) {
		if (!der_next(&r, &d) ||
			!der_parts(&d, DER_SEQUENCE, part, 3, 2, &n) || n > 3)
			return false;
		if (!der_is(&part[0], DER_OID, KEY_USE))
			continue;
		uses++;
		stamps += der_is(&part[n - 1], DER_OCTETS, STAMPS);
	}
	return uses == 1 && stamps == 1;
}

/* What is signed in it: whose, of whom, from when until when, for what. */
static bool read_signed_part(const struct der *d, struct authority *a)
{
	struct der part[10], bound[2];
	size_t n, two, extensions = 0;

	if (!der_parts(d, DER_SEQUENCE, part, 10, 8, &n) || n > 10 ||
		part[1].tag != DER_INTEGER ||
		!der_parts(&part[4], DER_SEQUENCE, bound, 2, 2, &two) ||
		!read_bound(&bound[0], a->from) ||
		!read_bound(&bound[1], a->until) ||
		!read_key(&part[6], &a->key))
		return false;
	for (size_t i = 7; i < n && extensions == 0; i++)
		extensions = part[i].tag == DER_CONTEXT_3 ? i : 0;
	a->serial = part[1].value;
	a->issuer = part[3].raw;
	a->own = bytes_equal(part[3].raw, part[5].raw);
	a->signed_part = d->raw;
	return extensions > 0 && is_for_stamps(&part[extensions]);
}

bool token_authority(struct bytes pem, uint8_t room[TOKEN_CERTIFICATE],
	struct authority *a)
{
	struct der all, part[3];
	size_t n;

	*a = (struct authority){.own = false};
	if (!from_pem(pem, room, &a->der) ||
		!der_whole(a->der, DER_SEQUENCE, &all) ||
		!der_parts(&all, DER_SEQUENCE, part, 3, 3, &n) ||
		!read_signed_part(&part[0], a) || part[2].tag != DER_BITS ||
		part[2].value.len == 0)
		return false;
	a->hash = hash_of(&part[1], RSA_WITH, 11);
	a->signature = bytes_part(part[2].value, 1, part[2].value.len);
	return a->hash || !a->own;
}
