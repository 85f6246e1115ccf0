/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * swar.c - many bytes at once say what byte by byte says. */
#include "base/csv.h"
#include "check.h"
#include "formats/swar.h"

#include <stdio.h>

static const struct {
	const char *text;
	bool taken; /* at once; the rest goes the plain way */
} cases[] = {
	{"0", true}, {"7", true}, {"48.1", true}, {"48.12345", true},
	{"5.", true}, {"00012.50", true}, {"12345678", true},
	{"1.234567", true}, {"0.000001", true}, {"1234567.", true},
	{"123456789", false}, {"120.12345", false}, {"", false}, {".", false},
	{".5", false}, {".1234567", false}, {"-1", false}, {"+1", false},
	{"1.2.3", false}, {"1..", false}, {"1e5", false}, {"1 ", false},
	{"1\xff", false}, {"1/", false}, {"1:", false}, {"nan", false},
	{"4\x1e", false}, {"4\xb1", false},
};

static uint32_t next(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33);
}

/* What is taken has the value, to the bit, that number_read() gives. */
static bool agrees(const char *text, bool *taken)
{
	uint8_t at[24] = "???????????????????????";
	struct bytes b = bytes_of(text);
	struct fault f;
	double v = 0, want = 0;

	if (b.len > 0)
		memcpy(at, b.at, b.len);
	*taken = swar_decimal(at, b.len, &v);
	return !*taken || (number_read(b, &want, &f) &&
		memcmp(&v, &want, sizeof v) == 0);
}

static void test_decimals(void)
{
	uint64_t seed = 7;
	size_t wrong = 0, took = 0;
	bool taken;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool same = agrees(cases[i].text, &taken);

		CHECK(same && taken == cases[i].taken, "'%s'", cases[i].text);
	}
	for (int i = 0; i < 200000; i++) {
		static const char letters[] = "0123456789012345678901234.-";
		char text[10];
		size_t n = next(&seed) % sizeof text;

		for (size_t k = 0; k < n; k++)
			text[k] = letters[next(&seed) % (sizeof letters - 1)];
		text[n] = '\0';
		wrong += !agrees(text, &taken);
		took += taken;
	}
	CHECK(wrong == 0 && took > 50000, "random texts: %zu of %zu differ",
		wrong, took);
}

static void test_where(void)
{
	uint64_t seed = 8;
	size_t wrong = 0;

	for (int i = 0; i < 20000; i++) {
		static const uint8_t letters[] = {',', '-', 0x2c ^ 0x80, 0,
			0xff, '+'};
		uint8_t at[64];
		uint64_t want = 0;

		for (size_t k = 0; k < sizeof at; k++) {
			at[k] = letters[next(&seed) % sizeof letters];
			want |= (uint64_t)(at[k] == ',') << k;
		}
		wrong += swar_where(at, ',') != want ||
			swar_where_plain(at, ',') != want;
	}
	CHECK(wrong == 0, "64 bytes: %zu masks are wrong", wrong);
}

int main(void)
{
	test_decimals();
	test_where();
	return check_done();
}
