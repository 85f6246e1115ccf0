/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stamps of two authorities that libcrypto plays, right and wrong, and while
 * each of its allocations fails: each guard of stamp.c and anchor.c once.
 *
 *	branch_stamp MISSION TOKEN    logs it, whatever it is (anchor.sh): as an
 *	                              operator can who has the engine's key
 *	branch_stamp MISSION TOKEN SIZE    the same, with its own imprint as
 *	                              that of so many entries */
#include "base/encode.h"
#include "check.h"
#include "faulty.h"
#include "ledger/anchor.h"
#include "ledger/audit.h"
#include "ledger/blobs.h"
#include "ledger/sign.h"
#include "ledger/stamp.h"
#include "spool/files.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ts.h>
#include <openssl/x509v3.h>

enum { TOKEN = 8192, BIG = (1 << 20) + 1 };

static const struct instant now = {INT64_C(1790000000000000000)};
static uint8_t block[1 << 18];
static struct arena memory;
static struct fault f;

static void need(bool ok, const char *what)
{
	if (ok)
		return;
	printf("Bail out! %s: %s\n", what, f.text);
	exit(1);
}

/* -- libcrypto's memory -- */

static long calls, fail_at; /* 0: none fails */

static bool fails_now(void)
{
	return fail_at > 0 && ++calls == fail_at;
}

static void *get(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return n == 0 || fails_now() ? NULL : malloc(n);
}

static void *get_more(void *at, size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails_now() ? NULL : realloc(at, n);
}

static void give(void *at, const char *file, int line)
{
	(void)file;
	(void)line;
	free(at);
}

/* -- an authority -- */

struct authority {
	EVP_PKEY *key;
	X509 *is;
	char pem[4096];
	size_t len;
};

static void begin(struct authority *a, const char *name)
{
	X509_NAME *n;
	X509_EXTENSION *use;
	BIO *b = BIO_new(BIO_s_mem());
	char *at;

	a->key = EVP_RSA_gen(2048);
	a->is = X509_new();
	need(a->key && a->is && b, "authority");
	(void)X509_set_version(a->is, 2);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(a->is), 1);
	(void)ASN1_TIME_set(X509_getm_notBefore(a->is), 1700000000);
	(void)ASN1_TIME_set(X509_getm_notAfter(a->is), 1900000000);
	n = X509_get_subject_name(a->is);
	(void)X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC,
		(const unsigned char *)name, -1, -1, 0);
	(void)X509_set_issuer_name(a->is, n);
	(void)X509_set_pubkey(a->is, a->key);
	use = X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage,
		"critical,timeStamping");
	need(use && X509_add_ext(a->is, use, -1) &&
		X509_sign(a->is, a->key, EVP_sha256()) > 0 &&
		PEM_write_bio_X509(b, a->is), "certificate");
	X509_EXTENSION_free(use);
	a->len = (size_t)BIO_get_mem_data(b, &at);
	memcpy(a->pem, at, a->len);
	BIO_free(b);
}

static struct bytes pem_of(const struct authority *a)
{
	return (struct bytes){(const uint8_t *)a->pem, a->len};
}

static ASN1_INTEGER *serial(TS_RESP_CTX *c, void *self)
{
	ASN1_INTEGER *n = ASN1_INTEGER_new();

	(void)c;
	(void)self;
	(void)ASN1_INTEGER_set(n, 7);
	return n;
}

static int clock_of(TS_RESP_CTX *c, void *self, long *s, long *us)
{
	(void)c;
	(void)self;
	*s = 1790000000;
	*us = 0;
	return 1;
}

/* What it answers to a request. */
static struct bytes answer(const struct authority *a, struct bytes request,
	uint8_t out[TOKEN])
{
	TS_RESP_CTX *c = TS_RESP_CTX_new();
	ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
	BIO *in = BIO_new_mem_buf(request.at, (int)request.len);
	unsigned char *to = out;
	TS_RESP *r;
	int n;

	need(c && policy && in && TS_RESP_CTX_set_signer_cert(c, a->is) &&
		TS_RESP_CTX_set_signer_key(c, a->key) &&
		TS_RESP_CTX_set_signer_digest(c, EVP_sha256()) &&
		TS_RESP_CTX_set_def_policy(c, policy) &&
		TS_RESP_CTX_add_md(c, EVP_sha256()) &&
		TS_RESP_CTX_add_md(c, EVP_sha1()), "context");
	TS_RESP_CTX_set_serial_cb(c, serial, NULL);
	TS_RESP_CTX_set_time_cb(c, clock_of, NULL);
	r = TS_RESP_create_response(c, in);
	need(r != NULL, "response");
	n = i2d_TS_RESP(r, NULL);
	need(n > 0 && n < TOKEN, "token");
	n = i2d_TS_RESP(r, &to);
	TS_RESP_free(r);
	BIO_free(in);
	ASN1_OBJECT_free(policy);
	TS_RESP_CTX_free(c);
	return (struct bytes){out, (size_t)n};
}

static struct bytes stamp(const struct authority *a,
	const struct digest *imprint, uint8_t out[TOKEN])
{
	uint8_t request[STAMP_REQUEST_MAX];
	size_t n;

	need(stamp_request(imprint, request, &n, &f), "request");
	return answer(a, (struct bytes){request, n}, out);
}

/* -- stamps -- */

static void refused(struct bytes token, const struct digest *imprint,
	struct bytes pem, const char *says)
{
	struct instant at;
	struct fault why = {0};

	CHECK(!stamp_holds(token, imprint, pem, &at, &why) &&
		!instant_known(at) && strstr(why.text, says), "%s: %s", says,
		why.text);
}

static uint8_t *found(uint8_t *at, size_t n, const char *text)
{
	for (size_t i = 0; i + strlen(text) <= n; i++)
		if (memcmp(at + i, text, strlen(text)) == 0)
			return at + i;
	abort();
}

static void test_stamp(const struct authority *a, const struct authority *b)
{
	static uint8_t token[TOKEN], bad[TOKEN];
	uint8_t *big = calloc(1, BIG);
	struct digest imprint = sha256_of(bytes_of("x")), is, other = {{1}};
	struct bytes t = stamp(a, &imprint, token);
	struct instant at;
	char name[64];
	struct text n = text_on(name, sizeof name), none = text_on(name, 1);

	need(big != NULL, "memory");
	CHECK(stamp_holds(t, &imprint, pem_of(a), &at, &f) &&
		at.utc_ns == now.utc_ns && stamp_imprint(t, &is, &f) &&
		memcmp(is.at, imprint.at, SHA256_LEN) == 0, "a stamp: %s",
		f.text);
	CHECK(stamp_authority(pem_of(a), &n, &f) && strcmp(name, "CN=one") ==
		0, "of whom: %s", name);
	CHECK(!stamp_authority(pem_of(a), &none, &f), "no room for a name");
	CHECK(!stamp_authority(bytes_of("x"), &n, &f) && strstr(f.text,
		"no certificate"), "no certificate: %s", f.text);
	CHECK(!stamp_authority((struct bytes){big, BIG}, &n, &f), "too long");
	refused(t, &other, pem_of(a), "does not hold");
	refused(t, &imprint, pem_of(b), "does not hold");
	refused((struct bytes){big, BIG}, &imprint, pem_of(a), "is no reply");
	refused(t, &imprint, (struct bytes){big, BIG}, "no certificate");
	refused(t, &imprint, bytes_of("x"), "no certificate to hold");
	refused(bytes_of("x"), &imprint, pem_of(a), "is no reply");
	refused((struct bytes){0}, &imprint, pem_of(a), "is no reply");
	memcpy(bad, t.at, t.len);
	bad[t.len] = 0;
	refused((struct bytes){bad, t.len + 1}, &imprint, pem_of(a),
		"is no reply");
	/* 20260921...Z: the time */
	*found(bad, t.len, "20260921") = 'x';
	refused((struct bytes){bad, t.len}, &imprint, pem_of(a), "is no reply");
	memcpy(found(bad, t.len, "x0260921"), "19600921", 8);
	refused((struct bytes){bad, t.len}, &imprint, pem_of(a), "is no reply");
	memcpy(found(bad, t.len, "19600921"), "20250921", 8);
	refused((struct bytes){bad, t.len}, &imprint, pem_of(a),
		"does not hold");
	memcpy(found(bad, t.len, "20250921"), "20090921", 8);
	refused((struct bytes){bad, t.len}, &imprint, pem_of(a),
		"does not hold");
	/* What it was asked is not what it does: an answer without a token. */
	t = answer(a, bytes_of("no request"), token);
	refused(t, &imprint, pem_of(a), "is no reply");
	CHECK(!stamp_imprint(t, &is, &f) && strstr(f.text, "is no reply"),
		"nor an imprint: %s", f.text);
	CHECK(!stamp_imprint(bytes_of("x"), &is, &f) &&
		!stamp_imprint((struct bytes){big, BIG}, &is, &f), "no reply");
	free(big);
}

/* An imprint by another hash. */
static void test_sha1(const struct authority *a)
{
	static uint8_t token[TOKEN];
	uint8_t request[512], *to = request;
	unsigned char sum[20] = {1};
	TS_REQ *r = TS_REQ_new();
	TS_MSG_IMPRINT *m = TS_MSG_IMPRINT_new();
	X509_ALGOR *g = X509_ALGOR_new();
	struct digest is;
	int n;

	need(r && m && g && TS_REQ_set_version(r, 1) && X509_ALGOR_set0(g,
		OBJ_nid2obj(NID_sha1), V_ASN1_NULL, NULL) &&
		TS_MSG_IMPRINT_set_algo(m, g) &&
		TS_MSG_IMPRINT_set_msg(m, sum, 20) &&
		TS_REQ_set_msg_imprint(r, m) && TS_REQ_set_cert_req(r, 1),
		"request");
	n = i2d_TS_REQ(r, &to);
	CHECK(!stamp_imprint(answer(a, (struct bytes){request, (size_t)n},
		token), &is, &f), "of SHA-1: %s", f.text);
	X509_ALGOR_free(g);
	TS_MSG_IMPRINT_free(m);
	TS_REQ_free(r);
}

static void test_memory(const struct authority *a)
{
	static uint8_t token[TOKEN];
	struct digest imprint = sha256_of(bytes_of("x")), is;
	struct bytes t = stamp(a, &imprint, token);
	uint8_t request[STAMP_REQUEST_MAX];
	long wrong = 0, silent = 0, n = 1;

	for (bool reached = true; reached;
		n += getenv("EVERY_CALL") ? 1 : 37) {
		char name[64];
		struct text to = text_on(name, sizeof name);
		struct fault why[4] = {{.kind = FAULT_NONE}};
		struct instant at;
		bool ok[4];
		size_t len;

		reached = false;
		for (int i = 0; i < 4; i++) {
			calls = 0;
			fail_at = n;
			ok[i] = i == 0 ? stamp_holds(t, &imprint, pem_of(a),
					&at, &why[i]) :
				i == 1 ? stamp_imprint(t, &is, &why[i]) :
				i == 2 ? stamp_authority(pem_of(a), &to,
					&why[i]) :
				stamp_request(&imprint, request, &len,
					&why[i]);
			reached |= calls >= n;
			fail_at = 0;
			silent += !ok[i] && !why[i].text[0];
			wrong += calls < n && !ok[i];
		}
	}
	CHECK(wrong == 0 && silent == 0, "each of %ld allocations of libcrypto "
		"fails: %ld without words, %ld wrong", n - 2, silent, wrong);
}

/* -- stamps in a log -- */

static void change(struct fields *s, const char *name, const char *value)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->field[i].name, name) == 0) {
			if (value)
				s->field[i].value = bytes_of(value);
			else
				s->field[i] = s->field[--s->count];
			return;
		}
}

/* What one says of more entries is not the others' word. */
static void test_said(void)
{
	struct anchor_seen s = {.said = {{100, {10}, 1}, {200, {20}, 1}}};
	struct anchor_word w = anchor_said(&s, 2);

	CHECK(w.size == 100 && w.at.utc_ns == 20 && w.by == 2,
		"two of two: the first %d", (int)w.size);
	w = anchor_said(&s, 1);
	CHECK(w.size == 200 && w.at.utc_ns == 20 && w.by == 1, "one alone");
	s.said[5] = (struct anchor_word){200, {15}, 1};
	w = anchor_said(&s, 2);
	CHECK(w.size == 200 && w.at.utc_ns == 20 && w.by == 2, "of three two");
	w = anchor_said(&s, 3);
	CHECK(w.size == 100 && w.by == 3, "all three");
	CHECK(anchor_said(&s, 4).size == 0, "four nobody");
}

/* An entry that fits the log, and a token that does not, or is not there. */
static void test_claims(
	const struct anchor_claim *sound, const struct authorities *known)
{
	static uint8_t bent[TOKEN];
	struct anchor_seen seen = {.tokens = 0};
	struct instant times[2] = {now, now};
	struct clocks clocks = {.at = times, .count = 2};
	struct authorities odd = {.pem = {{0}}, .count = 1};
	struct people_entry entry = *sound->entry;
	struct anchor_claim c = *sound;
	struct fields body = *entry.body;
	struct bytes none;
	struct digest d;
	char hex[SHA256_HEX], path[ANCHOR_PATH];

	CHECK(strcmp(anchor_path(1234, path), "stamps/x001/234.tsr") == 0,
		"%s", path);
	c.entry = &entry;
	c.clocks = &clocks;
	times[0].utc_ns += CLOCKS_OFF_S * INT64_C(1000000000);
	CHECK(anchor_check(&c, known, &seen, &f) && seen.early == 0,
		"clocks may differ so much");
	times[0].utc_ns++;
	CHECK(anchor_check(&c, known, &seen, &f) && seen.early == 1 &&
		seen.first_early == 1 && seen.stated.utc_ns ==
		times[0].utc_ns && seen.stamped.utc_ns == now.utc_ns,
		"earlier than what it stamps");
	times[1].utc_ns = INT64_MAX; /* not under it */
	CHECK(anchor_check(&c, known, &seen, &f) && seen.early == 2 &&
		seen.stated.utc_ns == times[0].utc_ns, "the first is named");
	c.token = (struct bytes){0};
	CHECK(anchor_check(&c, known, &seen, &f) && seen.missing == 1 &&
		seen.gone == 1 && seen.tokens == 3, "not at hand");
	entry.index = 2;
	CHECK(anchor_check(&c, known, &seen, &f) && seen.missing == 2 &&
		seen.gone == 1, "nor another");
	memcpy(bent, sound->token.at, sound->token.len);
	bent[sound->token.len - 1] ^= 1;
	c.token = (struct bytes){bent, sound->token.len};
	CHECK(!anchor_check(&c, known, &seen, &f) && strstr(f.text,
		"another one"), "exchanged: %s", f.text);
	d = sha256_of(c.token);
	change(&body, "token_sha256", digest_hex(&d, hex));
	entry.body = &body;
	CHECK(!anchor_check(&c, known, &seen, &f) && strstr(f.text,
		"names the key"), "forged: %s", f.text);
	CHECK(anchor_check(&c, &odd, &seen, &f) && seen.unknown == 1,
		"by whom, a broken certificate does not say");
	entry.withheld = true;
	CHECK(anchor_check(&c, known, &seen, &f) && seen.missing == 3 &&
		seen.gone == 1, "shown in part");
	entry.withheld = false;
	change(&body, "token_sha256", NULL);
	CHECK(anchor_token(NULL, &entry, &none, &f) && !none.at,
		"names no token");
	entry.body = NULL;
	CHECK(anchor_check(&c, known, &seen, &f) && seen.missing == 4 &&
		anchor_token(NULL, &entry, &none, &f) && !none.at,
		"or not at all");
	CHECK(!stamp_names(bytes_of("x"), known->pem[0]) &&
		stamp_names(c.token, known->pem[1]) &&
		!stamp_names(c.token, known->pem[0]), "whose name it bears");
}

static bool log_odd(struct ledger *l, const char *field, const char *value)
{
	struct fields body = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_ANCHOR, .body = &body,
		.clock = now};

	fields_text(&body, field, value);
	entry_subject(now, bytes_of(value), item.subject);
	need(fields_done(&body, &f) && ledger_append(l, &item, 1, &f), field);
	return ledger_sign(l, &f);
}

static void refuses(struct faulty *x, const struct authorities *known,
	const char *says)
{
	const struct audit_with with = {.authorities = known};
	struct audit a;

	CHECK(ledger_audit_with(&x->disk, &with, NULL, NULL, &a, &f) &&
		!a.is.verified && strcmp(a.is.rule, "anchor") == 0 &&
		strstr(a.is.where, says), "%s: %s", says, a.is.where);
}

/* Of a stamp whose token is not there nothing is shown; what says of none is
 * no stamp, and is shown for that.  And while each call of the disk fails. */
/* What an operator logged who has no token. */
static void test_nothing(struct faulty *x, const struct anchor_claim *sound)
{
	struct people_entry entry = *sound->entry;
	struct fields body = *entry.body;
	char hex[SHA256_HEX];
	struct bytes token;
	struct blob blob;

	need(blobs_put(&x->disk, bytes_of(""), &blob, NULL, &f), "no bytes");
	change(&body, "token_sha256", digest_hex(&blob.sha256, hex));
	entry.body = &body;
	CHECK(anchor_token(&x->disk, &entry, &token, &f) && token.at &&
		token.len == 0, "a token of no bytes is there: %s", f.text);
}

static void test_shown(struct faulty *x, struct ledger *l,
	const struct authorities *known)
{
	static const char none[] = "00000000000000000000000000000000"
		"00000000000000000000000000000001";
	struct faulty_name *n;

	memory.used = 0;
	CHECK(log_odd(l, "token_sha256", none) &&
		!faulty_find(x, "ledger/pub/stamps/002.tsr", false) &&
		!faulty_find(x, "ledger/pub/disclosures/002.disclosure",
			false), "nothing is shown of it");
	refuses(x, known, "no such file");
	CHECK(log_odd(l, "other", "x") && faulty_find(x,
		"ledger/pub/disclosures/003.disclosure", false) &&
		!faulty_find(x, "ledger/pub/stamps/003.tsr", false),
		"an entry that names no token is");
	for (uint64_t k = 1; k < 200; k++) {
		struct ledger *again = NULL;
		bool ok;

		if ((n = faulty_find(x, "ledger/pub/stamps/001.tsr", false)))
			n->now = -1;
		if ((n = faulty_find(x, "ledger/pub/disclosures/001.disclosure",
			false)))
			n->now = -1;
		need(ledger_open(&again, &x->disk, true, &f), "again");
		x->calls = 0;
		x->fail_at = k;
		ok = ledger_sign(again, &f);
		x->fail_at = 0;
		ledger_close(again);
		if (x->calls < k)
			break;
		CHECK_QUIET(!ok || faulty_find(x, "ledger/pub/stamps/001.tsr",
			false), "call %d fails", (int)k);
	}
}

static void test_anchor(const struct authority *a, const struct authority *b)
{
	static uint8_t token[TOKEN], second[TOKEN], alien[TOKEN];
	struct faulty *x = faulty_make();
	struct ledger_birth birth = {.mission = "stamp", .clock = now};
	struct authorities known = {.pem = {pem_of(a), pem_of(b)}, .count = 2};
	struct authorities one = {.pem = {pem_of(b)}, .count = 1};
	struct anchor_seen seen = {.tokens = 0};
	struct clocks clocks = {.count = 0};
	struct people_entry entry = {.index = 1};
	struct anchor_claim c = {.entry = &entry};
	struct merkle_tree tree = {.count = {0}};
	struct ledger *l = NULL;
	struct ledger_item item;
	struct fields body, copy;
	struct digest root, leaf, imprint, other = {{1}};
	struct bytes t, u;
	struct instant at;

	need(ledger_init(&x->disk, &birth, &f) &&
		ledger_open(&l, &x->disk, true, &f), "log");
	root = ledger_root(l);
	leaf = ledger_genesis(l);
	need(merkle_tree_add(&tree, &leaf, &f), "tree");
	imprint = anchor_imprint(ledger_origin(l), 1, &root);
	t = stamp(a, &imprint, token);
	u = stamp(b, &imprint, second);
	memory.used = 0;
	body = fields_in(&memory);
	CHECK(anchor_entry(l, &x->disk, &known, t, &body, &item, &at, &f) &&
		at.utc_ns == now.utc_ns, "an entry: %s", f.text);
	copy = body;
	need(clocks_note(&clocks, now, &f), "clock");
	entry.body = &body;
	c = (struct anchor_claim){&entry, ledger_origin(l), &tree, &clocks, t};
	CHECK(anchor_check(&c, &known,
		&seen, &f) && seen.tokens == 1 && seen.unknown == 0 &&
		seen.said[0].size == 1 && anchor_said(&seen, 1).by == 1 &&
		anchor_said(&seen, 1).at.utc_ns == now.utc_ns &&
		anchor_said(&seen, 2).size == 0, "and checked: %s", f.text);
	CHECK(anchor_check(&c, &one,
		&seen, &f) && seen.unknown == 1, "by nobody who is known");
	CHECK(anchor_check(&c, NULL,
		&seen, &f) && seen.unknown == 2, "where nobody is");
	CHECK(anchor_check(&c, &known,
		&seen, &f) && anchor_said(&seen, 1).by == 1, "the same again");
	const struct {
		const char *field, *value, *says;
	} row[] = {
		{"token_sha256", NULL, "wants token"},
		{"imprint", NULL, "wants token"}, {"size", NULL, "wants"},
		{"size", "0", "wants token"}, {"size", "2", "wants token"},
		{"imprint", "00000000000000000000000000000000"
			"00000000000000000000000000000000", "not that of"},
		{"token_sha256", "00000000000000000000000000000000"
			"00000000000000000000000000000000", "another one"},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		body = copy;
		change(&body, row[i].field, row[i].value);
		CHECK(!anchor_check(&c, &known, &seen, &f) && strstr(f.text,
			row[i].says), "%s = %.9s: %s", row[i].field,
			row[i].value ? row[i].value : "(gone)", f.text);
	}
	/* A token over something else, and what is none. */
	for (int i = 0; i < 2; i++) {
		struct bytes z = i ? bytes_of("x") : stamp(a, &other, alien);
		struct blob blob;
		char hex[SHA256_HEX];

		need(blobs_put(&x->disk, z, &blob, NULL, &f), "blob");
		body = copy;
		change(&body, "token_sha256", digest_hex(&blob.sha256, hex));
		c.token = z;
		CHECK(!anchor_check(&c, &known, &seen, &f) && strstr(f.text,
			"over something else"), "%s", f.text);
		memory.used = 0;
		body = fields_in(&memory);
		CHECK(!anchor_entry(l, &x->disk, &known, z, &body, &item, &at,
			&f), "nor an entry: %s", f.text);
	}
	memory.used = 0;
	body = fields_in(&memory);
	CHECK(!anchor_entry(l, &x->disk, &one, t, &body, &item, &at, &f) &&
		strstr(f.text, "by none of 1"), "by nobody: %s", f.text);
	for (uint64_t n = 1; n < 40; n++) {
		bool ok;

		x->calls = 0;
		x->fail_at = n;
		memory.used = 0;
		body = fields_in(&memory);
		ok = anchor_entry(l, &x->disk, &known, u, &body, &item, &at,
			&f);
		if (x->calls < n)
			break;
		CHECK_QUIET(!ok, "call %d fails", (int)n);
	}
	x->fail_at = 0;
	c.token = u;
	CHECK(anchor_check(&c, &known, &seen, &f) &&
		anchor_said(&seen, 2).by == 2, "by both: %s", f.text);
	for (long n = 1, reached = 1; reached;
		n += getenv("EVERY_CALL") ? 1 : 37) {
		struct fault why = {0};
		bool ok;

		memory.used = 0;
		body = fields_in(&memory);
		calls = 0;
		fail_at = n;
		ok = anchor_entry(l, &x->disk, &known, u, &body, &item, &at,
			&why);
		reached = calls >= n;
		fail_at = 0;
		CHECK_QUIET(ok || (reached && why.text[0]), "allocation %ld "
			"of libcrypto fails: %s", n, why.text);
	}
	item.clock = now;
	need(ledger_append(l, &item, 1, &f) && ledger_sign(l, &f), "entry");
	{
		const struct audit_with with = {.authorities = &known};
		struct audit audit;

		CHECK(ledger_audit_with(&x->disk, &with, NULL, NULL, &audit,
			&f) && audit.is.verified &&
			anchor_said(&audit.anchors, 1).size == 1,
			"in a log: %s %s", audit.is.where, f.text);
	}
	CHECK(faulty_find(x, "ledger/pub/stamps/001.tsr", false) &&
		faulty_find(x, "ledger/pub/disclosures/001.disclosure", false),
		"shown to others, with its token");
	test_claims(&c, &known);
	test_nothing(x, &c);
	seen.said[1].size = 9;
	CHECK(anchor_check(&c, &known,
		&seen, &f) && seen.said[1].size == 9, "an older one");
	test_shown(x, l, &known);
	test_said();
	clocks_free(&clocks);
	merkle_tree_free(&tree);
	ledger_close(l);
	faulty_free(x);
}

static uint64_t size_of(const struct ledger *l, const struct digest *imprint)
{
	for (uint64_t size = ledger_size(l); size > 0; size--) {
		struct digest root = ledger_root_at(l, size), is =
			anchor_imprint(ledger_origin(l), size, &root);

		if (digest_equal(&is, imprint))
			return size;
	}
	return 0;
}

static int log_token(
	const char *mission, const char *path, const char *claimed)
{
	static uint8_t at[TOKEN];
	struct files files = {.root = -1};
	struct ledger *l = NULL;
	struct ledger_item item = {.type = ENTRY_ANCHOR};
	FILE *from = fopen(path, "rb");
	struct bytes token = {at, from ? fread(at, 1, sizeof at, from) : 0};
	struct fields body = fields_in(&memory);
	struct digest imprint = {{0}}, root;
	struct blob blob;
	char hex[SHA256_HEX];
	uint64_t size;

	need(from != NULL, path);
	(void)fclose(from);
	need(files_open(&files, mission, &f) &&
		ledger_open(&l, &files.disk, true, &f), mission);
	need((token.len == 0 || stamp_imprint(token, &imprint, &f)) &&
		blobs_put(&files.disk, token, &blob, NULL, &f), "token");
	size = size_of(l, &imprint);
	if (claimed) {
		need(note_number(bytes_of(claimed), &size), "size");
	} else if (size == 0) {
		size = 1;
		root = ledger_root_at(l, size);
		imprint = anchor_imprint(ledger_origin(l), size, &root);
	}
	fields_text(&body, "authority", "CN=whoever");
	fields_text(&body, "imprint", digest_hex(&imprint, hex));
	fields_i64(&body, "size", (int64_t)size);
	fields_text(&body, "token_sha256", digest_hex(&blob.sha256, hex));
	item.body = &body;
	item.clock.utc_ns = (int64_t)time(NULL) * 1000000000;
	entry_subject(item.clock, digest_view(&blob.sha256), item.subject);
	need(fields_done(&body, &f) && ledger_append(l, &item, 1, &f) &&
		ledger_sign(l, &f), "entry");
	printf("%d\n", (int)item.index);
	ledger_close(l);
	files_close(&files);
	return 0;
}

int main(int argc, char **argv)
{
	static struct authority one, two;

	if (argc >= 3 && sign_ready(&f)) {
		memory = arena_on(block, sizeof block);
		return log_token(argv[1], argv[2], argc > 3 ? argv[3] : NULL);
	}
	if (!CRYPTO_set_mem_functions(get, get_more, give) || !sign_ready(&f))
		return 1;
	memory = arena_on(block, sizeof block);
	begin(&one, "one");
	begin(&two, "two");
	test_stamp(&one, &two);
	test_sha1(&one);
	test_memory(&one);
	test_anchor(&one, &two);
	EVP_PKEY_free(one.key);
	EVP_PKEY_free(two.key);
	X509_free(one.is);
	X509_free(two.is);
	return check_done();
}
