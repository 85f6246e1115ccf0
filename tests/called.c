/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * called.c - a finding's sentences with the names that maps give to the
 * agreement's lines and zones, in four languages, and nothing else changed. */
#include "check.h"
#include "judge/judge.h"
#include "model/called.h"

static const struct called called[] = {
	{"loc", "line of contact", "лінія зіткнення", "линия соприкосновения",
		"ligne de contact"},
	{"training", "Area 5", "", NULL, "zone 5"},
	{"east", "bridge", "міст", "", ""}, {"west", "bridge", "", "", ""}};
static const struct mission mission = {.called = called, .called_count = 4};

static const struct {
	const char *lang, *is, *want;
} rows[] = {
	{"en", "would be undetermined if it lay 1 km farther from loc",
		"would be undetermined if it lay 1 km farther from line of "
		"contact"},
	{"uk", "would be no breach if it lay 200 m nearer to loc, or if",
		"would be no breach if it lay 200 m nearer to лінія "
		"зіткнення, or if"},
	{"ru", "distance to loc 4.0 km +- 50 m, limit 30 km: P = 1.000",
		"distance to линия соприкосновения 4.0 km +- 50 m, "
		"limit 30 km: P = 1.000"},
	{"fr", "P = 1.000 (shown only: the clause names loc)",
		"P = 1.000 (shown only: the clause names ligne de contact)"},
	{"fr", "inside training, its border at 500 m",
		"inside zone 5, its border at 500 m"},
	{"uk", "outside training, its border at 500 m",
		"outside Area 5, its border at 500 m"},
	{"ru", "zone training reaches 25 km",
		"zone Area 5 reaches 25 km"},
	/* not a line */
	{"en", "no notice of training covers this time: P = 0.000",
		"no notice of training covers this time: P = 0.000"},
	{"en", "exception 1.a.1 NOTIFIED training 48 h BEFORE: fails",
		"exception 1.a.1 NOTIFIED training 48 h BEFORE: fails"},
	{"en", "distance to loc_b 3.6 km", "distance to loc_b 3.6 km"},
	/* two of one name keep the words that tell them apart */
	{"en", "outside east, nearer to west",
		"outside bridge (east), nearer to bridge (west)"},
	{"uk", "outside east, nearer to west",
		"outside міст, nearer to bridge"},
	/* the agreement's own words, and what maps call what they name */
	{"en", "rule 1 forbids shot WITHIN 3 km OF loc",
		"rule 1 forbids shot WITHIN 3 km OF loc (line of contact)"},
	{"fr", "rule 1 forbids shot OUTSIDE training, WITHIN 3 km OF loc",
		"rule 1 forbids shot OUTSIDE training (zone 5), WITHIN 3 km "
		"OF loc (ligne de contact)"},
	{"en", "article 1: \"from loc to loc\"",
		"article 1: \"from loc to loc\""},
	{"en", "", ""},
	{"en", ", ;to", ", ;to"},
};

static void test_sentences(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char at[400];
		struct text t = text_on(at, sizeof at);

		called_text(&mission, rows[i].lang, rows[i].is, &t);
		CHECK(strcmp(at, rows[i].want) == 0, "%s: %s", rows[i].lang,
			at);
	}
}

/* Of an agreement's areas those whose file has one name, which is another. */
static void test_agreement(void)
{
	static const struct shape shape[] = {
		{.file = "a", .name = "line of contact", .name_uk = "лінія"},
		{.file = "b", .name = "North"}, {.file = "b", .name = "South"},
		{.file = "c", .name = "sea"}, {.file = "c", .name = "sea"},
		{.file = "d", .name = "same"}};
	static const struct mission m = {.shape = shape, .shape_count = 6};
	static const char text[] = "AGREEMENT t LINE loc FILE a SHA256 @\n"
		"ZONE b FILE b SHA256 @ ZONE waters FILE c SHA256 @\n"
		"ZONE same FILE d SHA256 @ ZONE gone FILE e SHA256 @\n"
		"ZONE z = WITHIN 1 km OF loc LINE x NOT GIVEN \"w\"\n";
	const struct terms_error *e;
	const struct called *c;
	struct terms *t;
	struct arena a;
	char s[1000];
	size_t n = 0;
	struct fault f;

	if (!arena_map(&a, 1 << 20, &f))
		abort();
	for (const char *p = text; *p; p++)
		n += (size_t)snprintf(s + n, sizeof s - n, "%.*s",
			*p == '@' ? 64 : 1, *p == '@' ? "0000000000000000000000"
			"000000000000000000000000000000000000000000" : p);
	if (!terms_read(bytes_of(s), &a, &t, &e, &n, &f) || n > 0)
		abort();
	CHECK(terms_called(t, &m, &a, &c, &n, &f) && n == 2 &&
			strcmp(c[0].id, "loc") == 0 &&
			strcmp(c[0].name_uk, "лінія") == 0 &&
			strcmp(c[1].id, "waters") == 0 &&
			strcmp(c[1].name, "sea") == 0,
		"%zu of seven are called otherwise than the agreement does", n);
	CHECK(strcmp(called_in(&c[0], "uk"), "лінія") == 0 &&
			strcmp(called_in(&c[1], "uk"), "sea") == 0,
		"where a language has no name, as stated");
	arena_unmap(&a);
}

int main(void)
{
	test_sentences();
	test_agreement();
	return check_done();
}
