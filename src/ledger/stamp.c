/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/stamp.h"

#include "ledger/token.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>

static bool refuse(struct fault *f, const char *what)
{
	unsigned long e = ERR_peek_last_error();
	const char *why = e ? ERR_reason_error_string(e) : NULL;

	ERR_clear_error();
	return fault(f, FAULT_INPUT, "stamp: %s%s%s", what, why ? ": " : "",
		why ? why : "");
}

static X509 *read_certificate(struct bytes pem)
{
	BIO *b = BIO_new_mem_buf(pem.at, (int)pem.len);
	X509 *x = b ? PEM_read_bio_X509(b, NULL, NULL, NULL) : NULL;

	BIO_free(b);
	return x;
}

/* -- RSA, PKCS #1 v1.5 -- */

struct sum {
	uint8_t at[EVP_MAX_MD_SIZE];
	struct bytes is;
};

static bool hash(const EVP_MD *md, struct bytes b, struct sum *s)
{
	unsigned n = 0;
	bool ok = EVP_Digest(b.at, b.len, s->at, &n, md, NULL);

	s->is = (struct bytes){s->at, n};
	return ok;
}

static const EVP_MD *function(const struct token_hash *h)
{
	return h->code == 1 ? EVP_sha256() :
		h->code == 2 ? EVP_sha384() : EVP_sha512();
}

/* What a signature must be once it is opened (RFC 8017, 9.2): made anew and
 * compared, so that it has one form. */
static void encode(const struct token_hash *h, struct bytes sum, uint8_t *to,
	size_t len)
{
	uint8_t info[] = {0x30, (uint8_t)(17 + h->len), 0x30, 0x0d, 0x06, 0x09,
		0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, h->code,
		0x05, 0x00, 0x04, (uint8_t)h->len};
	size_t fill = len - 3 - sizeof info - h->len; /* 256 bytes and more */

	to[0] = 0;
	to[1] = 1;
	memset(to + 2, 0xff, fill);
	to[2 + fill] = 0;
	memcpy(to + 3 + fill, info, sizeof info);
	memcpy(to + len - h->len, sum.at, h->len);
}

/* The signature to the power of the exponent, as many bytes as the modulus. */
static bool open_signature(const struct token_key *k, struct bytes signature,
	uint8_t to[TOKEN_KEY_MAX])
{
	BIGNUM *n = BN_bin2bn(k->modulus.at, (int)k->modulus.len, NULL);
	BIGNUM *e = BN_bin2bn(k->exponent.at, (int)k->exponent.len, NULL);
	BIGNUM *s = BN_bin2bn(signature.at, (int)signature.len, NULL);
	BIGNUM *is = BN_new();
	BN_CTX *c = BN_CTX_new();
	bool ok = n && e && s && is && c && BN_cmp(s, n) < 0 &&
		BN_mod_exp(is, s, e, n, c);

	if (ok) /* it is below the modulus */
		(void)BN_bn2binpad(is, to, (int)k->modulus.len);
	BN_free(n);
	BN_free(e);
	BN_free(s);
	BN_free(is);
	BN_CTX_free(c);
	return ok;
}

static bool rsa_holds(const struct token_key *k, const struct token_hash *h,
	struct bytes message, struct bytes signature)
{
	uint8_t want[TOKEN_KEY_MAX], got[TOKEN_KEY_MAX];
	struct sum sum;

	if (signature.len != k->modulus.len ||
		!hash(function(h), message, &sum) ||
		!open_signature(k, signature, got))
		return false;
	encode(h, sum.is, want, k->modulus.len);
	return memcmp(want, got, k->modulus.len) == 0;
}

/* -- a stamp -- */

#define BYTES(text) \
	((struct bytes){(const uint8_t *)(text), sizeof(text) - 1})
#define ATTRIBUTE "\x2a\x86\x48\x86\xf7\x0d\x01\x09"
#define CONTENT_TYPE BYTES(ATTRIBUTE "\x03")
#define MESSAGE_DIGEST BYTES(ATTRIBUTE "\x04")
#define CERTIFICATE BYTES(ATTRIBUTE "\x10\x02\x0c") /* RFC 2634, 5.4 */
#define CERTIFICATE_2 BYTES(ATTRIBUTE "\x10\x02\x2f") /* RFC 5035, 3 */
#define TST_INFO BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04")

/* The certificate's hash in an attribute; by SHA-1, or as the second form of
 * it says: where it says nothing, SHA-256. */
static bool names(const struct der *value, bool second, struct bytes der)
{
	struct der list, id, part[2];
	const EVP_MD *md = second ? EVP_sha256() : EVP_sha1();
	const struct token_hash *h;
	struct sum sum;
	size_t n, at = 0;

	if (!der_parts(value, DER_SEQUENCE, &list, 1, 1, &n) ||
		!der_parts(&list, DER_SEQUENCE, &id, 1, 1, &n) ||
		!der_parts(&id, DER_SEQUENCE, part, 2, 1, &n))
		return false;
	if (second && n > 1 && part[0].tag == DER_SEQUENCE) {
		if (!(h = token_hash(&part[0])))
			return false;
		md = function(h);
		at = 1;
	}
	return hash(md, der, &sum) &&
		der_is(&part[at], DER_OCTETS, sum.is);
}

/* What the signer says of what was signed, and by whom. */
static bool attributes_hold(const struct token *t, const struct authority *a)
{
	struct der type, digest, one, two;
	struct sum sum;
	size_t n, d, first, second;

	return token_attribute(t, CONTENT_TYPE, &type, &n) && n == 1 &&
		der_is(&type, DER_OID, TST_INFO) &&
		token_attribute(t, MESSAGE_DIGEST, &digest, &d) && d == 1 &&
		hash(function(t->hash), t->info, &sum) &&
		der_is(&digest, DER_OCTETS, sum.is) &&
		token_attribute(t, CERTIFICATE, &one, &first) &&
		token_attribute(t, CERTIFICATE_2, &two, &second) &&
		first + second > 0 &&
		(first == 0 || names(&one, false, a->der)) &&
		(second == 0 || names(&two, true, a->der));
}

/* The attributes as a set, which is what is signed (RFC 5652, 5.4). */
static bool signature_holds(const struct token *t, const struct authority *a)
{
	struct bytes raw = t->attributes.raw;
	uint8_t set[TOKEN_ATTRIBUTES];

	memcpy(set, raw.at, raw.len);
	set[0] = DER_SET;
	return rsa_holds(&a->key, t->hash, (struct bytes){set, raw.len},
		t->signature);
}

/* One that is its own issuer must at least be whole. */
static bool read_authority(struct bytes pem, uint8_t room[TOKEN_CERTIFICATE],
	struct authority *a)
{
	return token_authority(pem, room, a) && (!a->own ||
		rsa_holds(&a->key, a->hash, a->signed_part, a->signature));
}

static bool is_by(const struct token *t, const struct authority *a)
{
	return bytes_equal(t->issuer, a->issuer) &&
		bytes_equal(t->serial, a->serial);
}

static bool holds(const struct token *t, const struct digest *imprint,
	const struct authority *a, struct fault *f)
{
	if (!bytes_equal(t->imprint, digest_view(imprint)))
		return refuse(f, "does not hold: it is over something else");
	if (!is_by(t, a))
		return refuse(f, "does not hold: it is by another certificate");
	if (strcmp(t->digits, a->from) < 0 || strcmp(t->digits, a->until) > 0)
		return refuse(f, "does not hold: the certificate was not valid "
			"then");
	if (!attributes_hold(t, a) || !signature_holds(t, a))
		return refuse(f, "does not hold");
	return true;
}

bool stamp_holds(struct bytes reply, const struct digest *imprint,
	struct bytes pem, struct instant *time, struct fault *f)
{
	uint8_t room[TOKEN_CERTIFICATE];
	struct authority a;
	struct token t;

	*time = INSTANT_UNKNOWN;
	if (!token_read(reply, &t))
		return refuse(f, "is no reply of an authority");
	if (!read_authority(pem, room, &a))
		return refuse(f, "no certificate to hold it against");
	if (!holds(&t, imprint, &a, f))
		return false;
	*time = t.time;
	return true;
}

bool stamp_names(struct bytes reply, struct bytes pem)
{
	uint8_t room[TOKEN_CERTIFICATE];
	struct authority a;
	struct token t;

	return token_read(reply, &t) && read_authority(pem, room, &a) &&
		is_by(&t, &a);
}

bool stamp_imprint(
	struct bytes reply, struct digest *imprint, struct fault *f)
{
	struct token t;

	if (!token_read(reply, &t))
		return refuse(f, "is no reply of an authority with a SHA-256");
	memcpy(imprint->at, t.imprint.at, SHA256_LEN);
	return true;
}

bool stamp_authority(struct bytes pem, struct text *t, struct fault *f)
{
	X509 *x = pem.len > TOKEN_PEM ? NULL : read_certificate(pem);
	BIO *b = x ? BIO_new(BIO_s_mem()) : NULL;
	char *at = NULL;
	long n = 0;

	if (b && X509_NAME_print_ex(b, X509_get_subject_name(x), 0,
			 XN_FLAG_RFC2253) >= 0)
		n = BIO_get_mem_data(b, &at);
	if (n > 0)
		text_bytes(t, (struct bytes){(const uint8_t *)at, (size_t)n});
	BIO_free(b);
	X509_free(x);
	return n > 0 ? text_check(t, f) : refuse(f, "no certificate");
}

bool stamp_request(const struct digest *imprint,
	uint8_t out[STAMP_REQUEST_MAX], size_t *n, struct fault *f)
{
	unsigned char copy[SHA256_LEN], *to = out;
	TS_REQ *r = TS_REQ_new();
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	X509_ALGOR *a = X509_ALGOR_new();
	int len = 0;

	memcpy(copy, imprint->at, SHA256_LEN);
	/* 59 bytes */
	if (r && m && a && TS_REQ_set_version(r, 1) &&
		X509_ALGOR_set0(a, OBJ_nid2obj(NID_sha256), V_ASN1_NULL,
			NULL) && TS_MSG_IMPRINT_set_algo(m, a) &&
		TS_MSG_IMPRINT_set_msg(m, copy, SHA256_LEN) &&
		TS_REQ_set_msg_imprint(r, m)) {
		(void)TS_REQ_set_cert_req(r, 1); /* r is there */
		len = i2d_TS_REQ(r, &to);
	}
	X509_ALGOR_free(a);
	TS_MSG_IMPRINT_free(m);
	TS_REQ_free(r);
	*n = len > 0 ? (size_t)len : 0;
	if (len > 0)
		return true;
	return refuse(f, "no request could be made");
}
