/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile bodies, values, and first entries: each guard of body.c and
 * genesis.c once. */
#include "base/encode.h"
#include "ledger/body_write.h"
#include "ledger/genesis.h"
#include "ledger/merkle.h"
#include "hostile.h"

static uint8_t block[1 << 18];

/* -- the bytes of a body -- */

struct piece {
	const char *name, *value;
};

static struct bytes plain_of(const struct piece *p, size_t n, uint8_t *at)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		size_t a = strlen(p[i].name), b = strlen(p[i].value);

		put_be(at + len, a, 2);
		memcpy(at + len + 2, p[i].name, a);
		put_be(at + len + 2 + a, b, 4);
		memcpy(at + len + 6 + a, p[i].value, b);
		len += 6 + a + b;
	}
	return (struct bytes){at, len};
}

static bool reads_body(struct bytes b, struct fault *f)
{
	struct arena a = arena_on(block, sizeof block);
	struct fields s;

	return body_read(b, &a, &s, f);
}

static void test_read(void)
{
	static const char name_65[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaa";
	static const struct {
		struct piece p[4];
		size_t n;
		const char *says;
	} row[] = {
		{{{"!", "a\nb"}, {"a", "1"}, {"b", "2"}}, 3, NULL},
		{{{"!", ""}}, 1, NULL},
		{{{"a", "1"}}, 1, "does not list"},
		{{{"!", "a"}, {"a", "1"}, {"b", "2"}}, 3, "does not list"},
		{{{"!", "a\nb\n"}, {"a", "1"}, {"b", "2"}}, 3,
			"does not list"},
		{{{"!", "a b"}, {"a", "1"}, {"b", "2"}}, 3, "does not list"},
		{{{"!", "a\nc"}, {"a", "1"}, {"b", "2"}}, 3, "does not list"},
		{{{"!", "a"}, {"ab", "1"}}, 2, "does not list"},
		{{{"!", "b\na"}, {"b", "1"}, {"a", "2"}}, 3, "out of order"},
		{{{"!", "a\na"}, {"a", "1"}, {"a", "2"}}, 3, "out of order"},
		{{{"!", "A"}, {"A", "1"}}, 2, "bad name"},
		{{{"!", ""}, {"", "1"}}, 2, "bad name"},
		{{{"!", name_65}, {name_65, "1"}}, 2, "bad name"},
	};
	uint8_t at[1024];
	struct fault f = {0};
	struct arena small = arena_on(block, 4);
	struct fields s;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct bytes b = plain_of(row[i].p, row[i].n, at);
		bool ok;

		f = (struct fault){0};
		ok = reads_body(b, &f);
		CHECK(ok == !row[i].says && (ok || strstr(f.text,
			row[i].says)), "body %zu: %s", i, ok ? "taken" :
			f.text);
	}
	(void)plain_of(row[0].p, 3, at);
	at[2 + 1 + 4 + 3 + 2] = 0;
	CHECK(!reads_body(plain_of(row[0].p, 1, at), &f), "a name too few");
	CHECK(!body_read(plain_of(row[0].p, 3, at), &small, &s, &f) &&
		f.kind == FAULT_LIMIT, "no room for names: %s", f.text);
	{
		struct bytes b = plain_of(row[0].p, 3, at);

		b.at = memcpy(block + 100000, at, b.len);
		block[100000 + 2 + 1 + 4 + 3 + 2] = 0;
		CHECK(!reads_body(b, &f) && strstr(f.text, "bad name"),
			"a name of zero: %s", f.text);
	}
	hostile_cut("body", plain_of(row[0].p, 3, at), reads_body);
}

static void test_many(void)
{
	static uint8_t at[1 << 14];
	static char names[300][8], list[300 * 8];
	static struct piece p[FIELDS_MAX + 1];
	struct text t = text_on(list, sizeof list);
	struct fault f = {0};

	for (int n = 0; n < FIELDS_MAX; n++) {
		(void)snprintf(names[n], sizeof *names, "f%03u",
			(unsigned)n % 1000);
		p[n + 1] = (struct piece){names[n], "v"};
		text_fmt(&t, "%s%s", n > 0 ? "\n" : "", names[n]);
	}
	p[0] = (struct piece){"!", list};
	CHECK(!reads_body(plain_of(p, FIELDS_MAX + 1, at), &f) &&
		f.kind == FAULT_LIMIT, "too many: %s", f.text);
	list[(FIELDS_MAX - 1) * 5 - 1] = '\0';
	CHECK(reads_body(plain_of(p, FIELDS_MAX, at), &f), "just as many as "
		"there may be: %s", f.text);
}

static void test_write(void)
{
	static const uint8_t secret[BODY_SECRET] = {1};
	struct arena a = arena_on(block, sizeof block);
	struct fields s = fields_in(&a);
	static uint8_t at[1 << 16];
	uint8_t salt[2][BODY_SALT];
	struct fault f = {0};
	size_t n, whole, more = 0;

	s.field[0] = (struct field){"b", bytes_of("1")};
	s.field[1] = (struct field){"a", bytes_of("")};
	s.count = 2;
	CHECK(!body_write(&s, at, sizeof at, &n, &f) && strstr(f.text,
		"not in order at a"), "%s", f.text);
	s.field[1].name = "b";
	CHECK(!body_write(&s, at, sizeof at, &n, &f), "one name twice");
	s.field[1].name = "c";
	CHECK(body_write(&s, at, sizeof at, &whole, &f), "%s", f.text);
	for (size_t size = 0; size < whole; size++)
		more += body_write(&s, at, size, &n, &f) ||
			f.kind != FAULT_LIMIT;
	CHECK(more == 0, "never more than there is room for: %s", f.text);
	s.count = FIELDS_MAX;
	CHECK(!body_write(&s, at, sizeof at, &n, &f) && f.kind == FAULT_LIMIT,
		"too many: %s", f.text);
	s.count = 2;
	CHECK(body_write(&s, at, sizeof at, &whole, &f), "%s", f.text);
	for (size_t i = 1; i < whole; i++) {
		struct fault no;

		/* its root is nobody's, and it is made all the same */
		(void)body_root((struct bytes){at, i}, secret);
		more += reads_body((struct bytes){at, i}, &no);
	}
	s.why = (struct fault){FAULT_LIMIT, "no room"};
	CHECK(!body_size(&s, sizeof at, &n, &f) && strstr(f.text, "no room"),
		"what went wrong before is said: %s", f.text);
	s.why.kind = FAULT_NONE;
	s.count = 0;
	CHECK(body_write(&s, at, sizeof at, &n, &f) && n == 7,
		"no field but `!`");
	s.count = 2;
	CHECK(more == 0, "cut, it is no body");
	/* Names beyond 64 bytes are none; their salt is that of 64. */
	memset(at, 'n', 70);
	body_salt(secret, (struct bytes){at, 70}, salt[0]);
	body_salt(secret, (struct bytes){at, 64}, salt[1]);
	CHECK(memcmp(salt[0], salt[1], BODY_SALT) == 0, "a name too long");
	body_salt(secret, (struct bytes){0}, salt[1]);
	CHECK(memcmp(salt[0], salt[1], BODY_SALT) != 0, "and none");
	CHECK(body_order((struct bytes){0}, bytes_of("a")) < 0 &&
		body_order(bytes_of("a"), (struct bytes){0}) > 0 &&
		body_order(bytes_of("a"), bytes_of("ab")) < 0, "orders");
}

/* By the words of PROOF.md 3, field by field. */
static struct digest slow_root(const struct piece *p, size_t n,
	const uint8_t secret[BODY_SECRET])
{
	static uint8_t data[4096];
	struct merkle m = {0};

	for (size_t i = 0; i < n; i++) {
		struct bytes name = bytes_of(p[i].name);
		size_t len = strlen(p[i].value);
		struct digest d;

		body_salt(secret, name, data);
		put_be(data + BODY_SALT, name.len, 2);
		memcpy(data + BODY_SALT + 2, name.at, name.len);
		memcpy(data + BODY_SALT + 2 + name.len, p[i].value, len);
		d = merkle_leaf((struct bytes){data,
			BODY_SALT + 2 + name.len + len});
		merkle_add(&m, &d);
	}
	return merkle_root(&m);
}

/* Bodies of every number of fields, past one chunk and past four; values from
 * none to more than are laid side by side. */
static void test_commit(void)
{
	enum { MOST = 70 };
	static const uint8_t secret[BODY_SECRET] = {7, 8, 9},
		entry[ENTRY_LEN] = {1};
	static struct piece p[MOST];
	static char name[MOST][8], value[MOST][512];
	static uint8_t at[1 << 17], a[1 << 17], b[1 << 17];
	size_t wrong = 0;

	for (size_t n = 0; n <= MOST; n++) {
		struct bytes plain = plain_of(p, n, at);
		struct digest want = slow_root(p, n, secret), root, seal;
		struct digest is = body_root(plain, secret);

		body_commit(plain, secret, &root, &seal);
		body_seal(plain, secret, entry, a);
		body_seal_by(plain, &seal, entry, b);
		wrong += !digest_equal(&is, &want) ||
			!digest_equal(&root, &want) ||
			memcmp(a, b, plain.len + BODY_TAG) != 0;
		if (n == MOST)
			break;
		(void)snprintf(name[n], sizeof name[n], "f%02zu", n);
		memset(value[n], 'v', n * 37 % 400);
		p[n] = (struct piece){name[n], value[n]};
	}
	CHECK(wrong == 0, "%zu of %d bodies have another root or seal", wrong,
		MOST + 1);
}

static void test_seal(void)
{
	static const uint8_t secret[BODY_SECRET] = {1}, entry[ENTRY_LEN];
	uint8_t at[64], back[64];
	struct bytes b;

	body_seal(bytes_of("plain"), secret, entry, at);
	b = (struct bytes){at, 5 + BODY_TAG};
	CHECK(body_unseal(b, secret, entry, back) &&
		memcmp(back, "plain", 5) == 0, "sealed and opened");
	at[0] ^= 1;
	CHECK(!body_unseal(b, secret, entry, back), "a bit turned");
	b.len = BODY_TAG - 1;
	CHECK(!body_unseal(b, secret, entry, back), "shorter than its tag");
}

/* -- values -- */

static void test_values(void)
{
	static const struct {
		const char *value, *text; /* NULL: none */
		const char *plain;        /* body_text() */
	} row[] = {
		{"a", "a", "a"}, {"", "", ""}, {"\"\"", "", ""},
		{"\"1\"", "1", "1"}, {"\"", NULL, ""}, {"\"a", NULL, ""},
		{"\"a\"b\"", NULL, ""}, {"\"a\\nb\"", "a\nb", ""},
		{"\"\\\"\\\\\"", "\"\\", ""}, {"\"\\u0061\"", NULL, ""},
		{"\"\\\"", NULL, ""}, {"a\\n", "a\\n", "a\\n"},
		{"aaaaaaaaaaaaaaaaaaaa", NULL, "aaaaaaaaaaaaaaaaaaaa"},
	};
	char out[16];

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct bytes v = bytes_of(row[i].value);
		bool ok = value_text(v, out, sizeof out);
		bool reads = value_reads(v);

		CHECK(ok == (row[i].text != NULL) && (!ok || strcmp(out,
			row[i].text) == 0) && (reads == ok || v.len > 15) &&
			bytes_are(body_text(v), row[i].plain), "value %s",
			row[i].value);
	}
	CHECK(!value_reads((struct bytes){(const uint8_t *)"a\0b", 3}),
		"a zero byte");
}

static void test_numbers(void)
{
	static const struct {
		const char *value;
		bool good;
	} row[] = {
		{"0", true}, {"9999999999999999999", true}, {"", false},
		{"10000000000000000000", false}, {"01", false}, {"1/", false},
		{"1:", false},
	};
	struct arena a = arena_on(block, sizeof block);
	struct fields s = fields_in(&a);
	struct digest d;
	uint64_t v;

	s.count = 1;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		s.field[0] = (struct field){"n", bytes_of(row[i].value)};
		CHECK(body_number(&s, "n", &v) == row[i].good, "number '%s'",
			row[i].value);
	}
	CHECK(!body_number(&s, "m", &v) && !body_digest(&s, "m", &d) &&
		!body_digest(&s, "n", &d), "none");
}

/* -- entry 0 -- */

#define P1 "01000000000000000000000000000000"
#define P2 "02000000000000000000000000000000"
#define K1 "0100000000000000000000000000000000000000000000000000000000000000"
#define K2 "0200000000000000000000000000000000000000000000000000000000000000"

static bool reads_roots(struct bytes b, struct fault *f)
{
	struct genesis g;

	return roots_file(b, &g, f);
}

static void test_roots(void)
{
	static const char sound[] = "threshold 2\ntwo_orgs no\n" P1 " " K1
		" a\n" P2 " " K2 " b";
	static char many[ROOTS_MAX * 200];
	struct text t = text_on(many, sizeof many);
	struct fault f = {0};

	for (int i = 0; i <= ROOTS_MAX; i++)
		text_fmt(&t, "%s%02x%.30s " K1 " a", i > 0 ? "\n" : "", i, P1);
	const struct hostile row[] = {
		{0, NULL, NULL},
		{1, "threshold x", "line 1"}, {1, "at least 2", "line 1"},
		{1, "threshold 0", "threshold of 0"},
		{1, "threshold 3", "threshold of 3"},
		{2, "two_orgs maybe", "line 2"},
		{2, "two_orgs yes", NULL},
		{3, P1 " " K1, "line 1: wants"},
		{3, P1 "-" K1 " a", "line 1: wants"},
		{3, P1 " " K1 "-a", "line 1: wants"},
		{3, P1 " " K1 " a/b", "line 1: wants"},
		{3, P1 " " K1 " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
			"aaaaaaaaaaaaaaaaaa", "line 1: wants"},
		{3, "g1000000000000000000000000000000 " K1 " a",
			"line 1: wants"},
		{3, P1 " g0000000000000000000000000000000000000000"
			"00000000000000000000000 a", "line 1: wants"},
		{4, P1 " " K1 " a", "not above"},
		{4, P1 " " K1 " A", "not above"},
		{3, many, "more than 16"},
	};
	HOSTILE("roots", bytes_of(sound), row, reads_roots);
	CHECK(!reads_roots(bytes_of(""), &f) && !reads_roots(bytes_of(
		"threshold 1\n"), &f), "cut: %s", f.text);
	CHECK(!reads_roots(bytes_of("threshold 1\ntwo_orgs no\n"), &f),
		"nobody: %s", f.text);
	CHECK(!org_ok((struct bytes){0}) && org_ok(bytes_of("Az09._-")),
		"organisations");
}

static void test_genesis(void)
{
	static const char log_key[] = "l.org/log";
	static const struct {
		const char *field, *value, *says;
	} row[] = {
		{NULL, NULL, NULL}, {"act", NULL, "wants act"},
		{"act", "begin", "wants act"}, {"log", NULL, "wants act"},
		{"roots", NULL, "wants act"}, {"engine", NULL, "wants act"},
		{"engine", "00", "wants act"},
		{"mission_sha256", NULL, "wants act"},
		{"policy_sha256", NULL, "wants act"},
		{"threshold", NULL, "wants act"},
		{"roots", "\"\\u0061\"", "wants act"},
		{"two_orgs", NULL, "yes or no"},
		{"two_orgs", "maybe", "yes or no"},
		{"two_orgs", "yes", NULL}, {"log", "x", "no key"},
		{"act", "\"genesis\"", NULL}, {"two_orgs", "\"no\"", NULL},
		{"roots", "x", "roots: line 1"},
	};
	struct genesis g = {.mission = "m", .roots = {.count = 1,
		.threshold = 1, .of = {{.org = "a"}}}}, back;

	memcpy(g.origin, log_key, sizeof log_key);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct arena a = arena_on(block, sizeof block);
		struct fields s = fields_in(&a);
		struct fault f = {0};
		bool ok;

		genesis_fields(&g, &s);
		for (size_t k = 0; row[i].field && k < s.count; k++) {
			if (strcmp(s.field[k].name, row[i].field) != 0)
				continue;
			if (row[i].value)
				s.field[k].value = bytes_of(row[i].value);
			else
				s.field[k] = s.field[--s.count];
		}
		ok = fields_done(&s, &f) && genesis_read(&s, &back, &f);
		CHECK(ok == !row[i].says && (ok || strstr(f.text,
			row[i].says)), "genesis %s = %s: %s", row[i].field ?
			row[i].field : "all", row[i].value ? row[i].value :
			"(gone)", ok ? "taken" : f.text);
	}
}

int main(void)
{
	struct fault f = {0};

	if (!sign_ready(&f))
		return 1;
	test_read();
	test_many();
	test_write();
	test_commit();
	test_seal();
	test_values();
	test_numbers();
	test_roots();
	test_genesis();
	return check_done();
}
