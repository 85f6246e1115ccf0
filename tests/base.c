/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/csv.h"
#include "base/encode.h"
#include "base/instant.h"
#include "base/json.h"
#include "base/maths.h"
#include "base/sha256.h"
#include "base/tree.h"
#include "check.h"
#include "base/hmac.h"
#include "base/sha256_many.h"
#include "model/fields.h"

#include <math.h>
#include <stdio.h>

static void test_instants(void)
{
	static const struct {
		const char *in, *out; /* NULL: refused */
	} cases[] = {
		{"2026-02-03T04:05:06.123456Z", "2026-02-03T04:05:06.123456Z"},
		{"2026-02-03T06:05+02:00", "2026-02-03T04:05:00.000000Z"},
		{"2024-02-29 00:00:00Z", "2024-02-29T00:00:00.000000Z"},
		{"2023-02-29T00:00:00Z", NULL},
		{"2026-02-03T04:05:06", NULL},
		{"1969-12-31T23:59:59Z", NULL},
		{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"},
		{"2026-02-03", "2026-02-03T00:00:00.000000Z"},
		{"2026-2-3T04:05:06Z", NULL},
		{"2026-02-03T04:05:06.Z", NULL},
		{"2026-02-03T04:05:06Zx", NULL},
		{"", NULL},
	};
	char s[INSTANT_TEXT];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct fault f = {0};
		struct instant t;
		bool ok = instant_parse(bytes_of(cases[i].in), true, &t, &f);

		CHECK(ok == (cases[i].out != NULL) &&
				(!ok || strcmp(instant_print(t, 6, s),
						cases[i].out) == 0) &&
				(ok || f.text[0]),
			"instant '%s'", cases[i].in);
	}
	for (int64_t day = 0; day < 84006; day++) {
		struct instant t = {day * 86400 * INT64_C(1000000000) + 7};
		struct civil c = instant_civil(t);
		struct instant back;
		struct fault f;

		CHECK_QUIET(instant_of_civil(&c, &back, &f) &&
				back.utc_ns == t.utc_ns,
			"day %d there and back", (int)day);
	}
	CHECK(instant_weekday((struct instant){0}) == 4, "1970: Thursday");
}

static void test_maths(void)
{
	double worst = 0;

	for (int i = -7000; i <= 7000; i++) {
		double x = i * 0.1;

		worst = fmax(worst, fabs(m_exp(x) / exp(x) - 1));
		worst = fmax(worst, fabs(m_sin(x) - sin(x)));
		worst = fmax(worst, fabs(m_cos(x) - cos(x)));
		worst = fmax(worst, fabs(m_atan2(x, 3.7) - atan2(x, 3.7)));
		worst = fmax(worst, fabs(m_atan2(1.3, x) - atan2(1.3, x)));
		if (x > 0)
			worst = fmax(worst, fabs(m_log(x) - log(x)));
		if (fabs(x) < 26)
			worst = fmax(worst,
				0.01 * fabs(m_erfc(x) / erfc(x) - 1));
	}
	CHECK(worst < 1e-15 * 4, "elementary functions, worst %g", worst);
	for (int i = 1; i < 1000; i++)
		CHECK_QUIET(fabs(m_phi(m_phi_inverse(i / 1000.0)) -
				i / 1000.0) < 1e-14, "phi %d", i);
}

static void test_encode(void)
{
	static const struct {
		const char *in, *b64;
	} cases[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
		{"foobar", "Zm9vYmFy"}};
	static const char *const bad[] = {"Zh==", "Zm9=", "Zg=", "Z===",
		"Zg==Zg==", "Zm 8"};
	struct fault f = {0};
	uint8_t out[16];
	char s[64];
	size_t n;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text t = text_on(s, sizeof s);

		text_base64(&t, bytes_of(cases[i].in));
		CHECK(strcmp(s, cases[i].b64) == 0 &&
				base64_read(bytes_of(s), out, 16, &n, &f) &&
				n == strlen(cases[i].in) &&
				memcmp(out, cases[i].in, n) == 0,
			"base64 %s", cases[i].b64);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!base64_read(bytes_of(bad[i]), out, 16, &n, &f),
			"base64 '%s' is refused", bad[i]);
	struct text t = text_on(s, sizeof s);
	text_base32hex(&t, bytes_of("foobar"));
	CHECK(strcmp(s, "cpnmuoj1e8") == 0 &&
			base32hex_read(bytes_of(s), out, 6, &f) &&
			memcmp(out, "foobar", 6) == 0, "base32hex");
	digest_hex(&(struct digest){0}, (char[SHA256_HEX]){0});
	struct digest d = sha256_of(bytes_of("abc"));
	char hex[SHA256_HEX];
	CHECK(strcmp(digest_hex(&d, hex), "ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad") == 0, "SHA-256 of abc");
	d = hmac_sha256(bytes_of("Jefe"),
		bytes_of("what do ya want for nothing?"));
	CHECK(strcmp(digest_hex(&d, hex), "5bdcc146bf60754e6a042426089575c7"
		"5a003f089d2739839dec58b964ec3843") == 0, "RFC 4231 case 2");
}

/* Texts of every length up to where they are too long to be laid, in one part
 * and in three, with 64 bytes in front and without: as one by one. */
static void test_side_by_side(void)
{
	static uint8_t at[64 + 400];
	struct digest want[SHA256_MANY], d[SHA256_MANY];
	struct sha256_many m = {.n = 0};
	struct sha256 front;
	size_t wrong = 0, n = 0;

	for (size_t i = 0; i < sizeof at; i++)
		at[i] = (uint8_t)(i * 7 + i / 256);
	sha256_start(&front);
	sha256_add(&front, (struct bytes){at, 64});
	for (size_t i = 0; i < 2 * 400; i++) {
		size_t len = i / 2, k = len / 3;
		const struct bytes part[] = {{at + 64, k}, {at + 64 + k, 0},
			{at + 64 + k, len - k}};

		want[n] = sha256_of(i % 2 ? (struct bytes){at, 64 + len} :
			(struct bytes){at + 64, len});
		d[n] = (struct digest){{0}};
		sha256_lay(&m, i % 2 ? &front : NULL, part, 3, &d[n]);
		if (++n < SHA256_MANY && i + 1 < 2 * 400)
			continue;
		sha256_all(&m);
		wrong += memcmp(d, want, n * sizeof *d) != 0;
		n = 0;
	}
	CHECK(wrong == 0, "%zu of 800 texts have another hash side by side",
		wrong);
	/* What comes out may lie where a part of it was. */
	want[0] = sha256_of(digest_view(&want[1]));
	sha256_lay(&m, NULL, &(struct bytes){want[1].at, SHA256_LEN}, 1,
		&want[1]);
	sha256_all(&m);
	CHECK(memcmp(&want[0], &want[1], sizeof *want) == 0, "in its place");
}

static void test_csv(void)
{
	struct csv c;
	struct fault f = {0};
	double v;

	CHECK(csv_open(&c, bytes_of("\xef\xbb\xbf" "a,B ,c\r\n1,\"x,\"\"y\"\"\n"
		"z\",3\r\n\r\n4,5\n6,7,8"), &f), "header");
	CHECK(csv_column(&c, "b") == 1 && csv_column(&c, "q") == -1, "names");
	static uint8_t block[1024];
	struct arena a = arena_on(block, sizeof block);
	CHECK(csv_row(&c, &f) && c.fields == 3 &&
		strcmp(csv_text(&c, 1, &a, &f), "x,\"y\"\nz") == 0, "quotes");
	CHECK(!csv_row(&c, &f) && strstr(f.text, "line 5: 2 fields"),
		"short row: %s", f.text);
	CHECK(csv_row(&c, &f) && bytes_are(csv_field(&c, 2), "8") &&
		csv_done(&c), "goes on after it");
	CHECK(number_read(bytes_of("-12.5"), &v, &f) && v == -12.5, "number");
	CHECK(number_read(bytes_of("1e3"), &v, &f) && v == 1000, "exponent");
	CHECK(number_read(bytes_of(""), &v, &f) && isnan(v), "empty is NAN");
	CHECK(!number_read(bytes_of("1.2.3"), &v, &f) &&
		!number_read(bytes_of("-"), &v, &f) &&
		!number_read(bytes_of("nan"), &v, &f) &&
		!number_read(bytes_of("0x10"), &v, &f), "no numbers");
}

/* Ties and what is a few bits beside them too. */
static double any_number(int decimals)
{
	static uint64_t seed = 11;
	double v;

	seed = seed * UINT64_C(6364136223846793005) + 1442695;
	v = (double)(int64_t)seed * 0x1p-63;
	seed = seed * UINT64_C(6364136223846793005) + 1442695;
	if (seed >> 62 == 0)
		v = ((double)((int64_t)seed % 1000000) + 0.5) /
			pow(10, decimals);
	else
		v *= pow(10, (double)(seed >> 40 & 0xf));
	for (uint64_t k = seed >> 56 & 3; k > 0; k--)
		v = nextafter(v, seed >> 58 & 1 ? INFINITY : -INFINITY);
	return v;
}

/* Digits as printf() has them, but for a zero's sign. */
static void test_numbers(void)
{
	size_t differ = 0, tried = 0;

	for (int i = 0; i < 300000; i++) {
		int decimals = i % 16;
		double v = any_number(decimals);
		char s[400], want[400], *w = want;
		struct text t = text_on(s, sizeof s);

		text_fixed(&t, v, decimals);
		(void)snprintf(want, sizeof want, "%.*f", decimals, v);
		if (*w == '-' && strspn(w, "-0.") == strlen(w))
			w++;
		differ += strcmp(s, w) != 0;
		tried++;
	}
	CHECK(differ == 0, "%zu of %zu numbers are not printf's", differ,
		tried);
}

static void test_fields(void)
{
	static uint8_t block[65536];
	struct arena a = arena_on(block, sizeof block);
	struct fields s = fields_in(&a);
	struct fault f = {0};
	char out[1024];
	struct text t = text_on(out, sizeof out);
	const struct tree *tree;

	fields_text(&s, "place.name", "Київ \"1\"");
	fields_fixed(&s, "place.lat", 48.12345678, 7);
	fields_fixed(&s, "place.region.level", 0.9, 2);
	fields_i64(&s, "count.value", 3);
	fields_text(&s, "count.meaning", "exact");
	fields_text(&s, "id", "null");
	fields_text(&s, "empty", "");
	fields_fixed(&s, "gone", NAN, 2);
	fields_fixed(&s, "zero", -0.00001, 2);
	CHECK(fields_done(&s, &f), "fields");
	fields_print(&s, &t);
	CHECK(strcmp(out, "{\"count\":{\"meaning\":\"exact\",\"value\":3},"
		"\"empty\":\"\",\"gone\":null,\"id\":\"null\",\"place\":"
		"{\"lat\":48.1234568,\"name\":\"Київ \\\"1\\\"\",\"region\":"
		"{\"level\":0.90}},\"zero\":0.00}") == 0, "JSON: %s", out);
	CHECK(tree_read(bytes_of(out), &a, &tree, &f) &&
		tree_number(tree_get(tree, "place"), "lat") == 48.1234568,
		"read back");
	CHECK(!tree_read(bytes_of("{\"a\":1,\n\"a\":2}"), &a, &tree, &f),
		"duplicate names are refused: %s", f.text);
}

/* Four at once give the same bits, care or none. */
static void four_at_once(void)
{
	static const double odd[] = {0, -0.0, 1, INFINITY, -INFINITY, 709.9,
		-745.5, -700, 1e-310, 1e308, 0x1p-1022, -1, 1.5, 1e-300};
	enum { ODD = sizeof odd / sizeof *odd };
	uint64_t seed = 7;
	size_t off = 0, tried = 0;

	for (size_t i = 0; i < 20000; i++) {
		double x[4], y[4], was[4];

		for (size_t k = 0; k < 4; k++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695;
			x[k] = ((double)(seed >> 11) * 0x1p-53 - 0.5) *
				(i % 3 ? 1400 : 8);
			if (i < ODD && k == i % 4)
				x[k] = odd[i];
			was[k] = x[k];
			y[k] = i < ODD && k == i % 4 ? x[k] : fabs(x[k]);
		}
		m_exp4(x);
		for (size_t k = 0; k < 4; k++) {
			double one = m_exp(was[k]);

			off += memcmp(&x[k], &one, sizeof one) != 0;
			was[k] = y[k];
		}
		m_log4(y);
		for (size_t k = 0; k < 4; k++) {
			double one = m_log(was[k]);

			off += memcmp(&y[k], &one, sizeof one) != 0 &&
				!(isnan(one) && isnan(y[k]));
			tried++;
		}
	}
	CHECK(off == 0, "m_exp4, m_log4: %zu of %zu differ", off, tried);
}

int main(void)
{
	four_at_once();
	test_instants();
	test_maths();
	test_encode();
	test_side_by_side();
	test_csv();
	test_numbers();
	test_fields();
	return check_done();
}
