/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "judge/pledges.h"

#define HEAD "REGISTER r/1 TITLE \"t\"\n"                                      \
	"ACTORS FR \"France\" GB \"Britain\" US \"States\" UA \"Ukraine\"\n"   \
	"INSTRUMENT p TITLE \"x\" DATE 2026-01-06 STATUS announced "           \
	"2026-01-06\n"                                                         \
	"ENDORSED p BY FR GB NOT BY US SAID \"not explicitly\"\n"              \
	"LADDER l FROM first breach GRADE serious STEP 24 h a STEP 72 h b\n"

static struct arena arena;

static struct pledges *read_text(
	const char *text, const struct terms_error **e, size_t *n)
{
	struct pledges *r = NULL;
	struct fault f;

	arena.used = 0;
	CHECK(pledges_read(bytes_of(text), &arena, &r, e, n, &f),
		"a register is read");
	return r;
}

static struct pledges *sound(const char *text)
{
	const struct terms_error *e;
	struct pledges *r;
	size_t n;

	r = read_text(text, &e, &n);
	CHECK(n == 0, "no error%s%s", n ? ": " : "", n ? e[0].text : "");
	return r;
}

static const struct {
	const char *text;
	size_t line, column;
	const char *says;
} wrongs[] = {
	{"", 1, 1, "no REGISTER"},
	{"REGISTER a/1\nREGISTER b/1\n", 2, 10, "one REGISTER only"},
	{HEAD "PLEDGE a FROM FX TO UA ACT aid\n", 6, 15, "did you mean FR"},
	{HEAD "PLEDGE a FROM FR TO UA MODALITI \"x\" ACT aid\n", 6, 24,
		"did you mean MODALITY"},
	{HEAD "PLEDGE a FROM FR TO UA\n", 6, 8, "wanted ACT"},
	{HEAD "PLEDGE a TO UA ACT aid\n", 6, 8, "who promises"},
	{HEAD "PLEDGE a FROM endorsers TO UA ACT aid\n", 6, 8, "wanted UNDER"},
	{HEAD "PLEDGE a FROM FR FR TO UA ACT aid\n", 6, 18, "stands twice"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid UNDER q\n", 6, 38,
		"an INSTRUMENT named above"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid DUE 24 h AFTER trigger\n", 6, 8,
		"no TRIGGER"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid BY LADDER l\n", 6, 8,
		"a LADDER, and no TRIGGER"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid QUANTITY 5..3 tanks\n", 6, 41,
		"a quantity"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid DOMAIN space\n", 6, 39,
		"land, sky"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid TRIGGER >= 0 findings\n", 6, 43,
		"no finding"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid STATUS anounced 2026-01-01\n",
		6, 39, "did you mean announced"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid STATUS signed 2026-01-02 "
	      "STATUS ratified 2026-01-01\n", 6, 64, "earlier"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid\nPLEDGE a FROM FR TO UA ACT x\n",
		7, 8, "a second PLEDGE"},
	{HEAD "FLOW z COMMITTED 2026-01-01 EUR 5\n", 6, 6,
		"a PLEDGE named above"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid\n"
	      "FLOW a COMMITTED 2026-01-01 EUR 5.001\n", 7, 33, "hundredth"},
	{HEAD "PLEDGE a FROM FR TO UA ACT aid\n"
	      "FLOW a COMITTED 2026-01-01 EUR 5\n", 7, 8,
		"did you mean COMMITTED"},
	{HEAD "DRAFT q/d1 FILE a.txt\n", 6, 7, "no draft of an INSTRUMENT"},
	{HEAD "DRAFT p/d1 FILE a.txt SHA256 12\n", 6, 30, "64 digits"},
	{HEAD "DRAFT p/d1 DATE 2026-01-01\n", 6, 7, "FILE is missing"},
	{HEAD "ENDORSED p SAID \"x\"\n", 6, 10, "by nobody"},
	{HEAD "LADDER m STEP 48 h a STEP 24 h b\n", 6, 27, "no later"},
	{HEAD "LADDER m FROM first breach\n", 6, 8, "without a STEP"},
	{HEAD "INSTRUMENT q DATE 2026-13-01\n", 6, 19, "a date"},
	{HEAD "PLEGE a\n", 6, 1, "did you mean PLEDGE"},
};

static void test_wrongs(void)
{
	for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
		const struct terms_error *e;
		size_t n;

		(void)read_text(wrongs[i].text, &e, &n);
		CHECK(n >= 1 && e[0].line == wrongs[i].line &&
				e[0].column == wrongs[i].column &&
				strstr(e[0].text, wrongs[i].says),
			"%zu:%zu %s (got %zu: %zu:%zu %s)", wrongs[i].line,
			wrongs[i].column, wrongs[i].says, n,
			n ? e[0].line : 0, n ? e[0].column : 0,
			n ? e[0].text : "");
	}
}

static void test_all_errors(void)
{
	const struct terms_error *e;
	size_t n;

	(void)read_text(HEAD "PLEDGE a FROM FX ACT aid\n"
		"PLEDGE b FROM FR TO UA\nFLOW c COMMITTED none\n", &e, &n);
	CHECK(n == 3 && e[0].line == 6 && e[1].line == 7 && e[2].line == 8,
		"every statement's error is told, in order");
}

static void test_modality(void)
{
	static const struct {
		const char *text;
		enum modality_word is;
	} rows[] = {
		{"shall provide", MODAL_SHALL},
		{"will provide, and may extend", MODAL_MAY},
		{"Stands ready to deploy", MODAL_STANDS_READY},
		{"intends to", MODAL_INTENDS},
		{"COULD involve", MODAL_COULD},
		{"mayor of Dismay", MODAL_NONE},
		{"goodwill", MODAL_NONE},
		{"must", MODAL_MUST},
		{"", MODAL_NONE},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(modality_of(rows[i].text) == rows[i].is, "'%s' is %s",
			rows[i].text, modality_word_name(rows[i].is));
}

static void test_accounts(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE a FROM FR TO UA ACT aid SOURCE x\n"
		"PLEDGE b FROM GB TO UA ACT aid SOURCE x\n"
		"FLOW a COMMITTED 2026-01-06 EUR 500e6 SOURCE s\n"
		"  ALLOCATED 2026-03-01 EUR 120e6\n"
		"  ALLOCATED 2026-03-02 EUR -20.5e6\n"
		"  DELIVERED 2026-06-01 EUR 40000000.25 VERIFIED none\n"
		"  COMMITTED 2026-01-07 EUR 100 PRICES 2021\n"
		"FLOW b COMMITTED 2026-01-06 EUR 1\n"
		"  DELIVERED 2026-02-01 EUR 2\n");
	struct account a[4];
	struct fault f;
	size_t n;

	CHECK(pledges_accounts(r, "a", a, 4, &n, &f) && n == 2,
		"price years are kept apart");
	CHECK(a[0].sum[FLOW_COMMITTED] == INT64_C(50000000000) &&
			a[0].sum[FLOW_ALLOCATED] == INT64_C(9950000000) &&
			a[0].sum[FLOW_DELIVERED] == INT64_C(4000000025) &&
			a[0].sum[FLOW_VERIFIED] == 0,
		"corrections are taken off");
	CHECK(a[0].open == INT64_C(40050000000),
		"what is allocated is taken out of what was committed");
	CHECK(a[0].sourced[FLOW_COMMITTED] == a[0].sum[FLOW_COMMITTED] &&
			a[0].sourced[FLOW_ALLOCATED] == 0,
		"what share has a source");
	CHECK(!a[0].over && a[1].price_year == 2021 &&
			a[1].sum[FLOW_COMMITTED] == 10000, "the other year");
	CHECK(pledges_accounts(r, "b", a, 4, &n, &f) && a[0].over,
		"delivered and never allocated: over");
	CHECK(pledges_accounts(r, NULL, a, 4, &n, &f) && n == 2 &&
			a[0].sum[FLOW_COMMITTED] == INT64_C(50000000100),
		"of all pledges");
	CHECK(!pledges_accounts(r, NULL, a, 1, &n, &f) &&
			f.kind == FAULT_LIMIT, "no room: said");
}

static bool told(const struct pledge_notice *x, size_t n, enum notice_is is,
	const char *pledge, const char *actor)
{
	for (size_t i = 0; i < n; i++)
		if (x[i].is == is && strcmp(x[i].pledge, pledge) == 0 &&
			strcmp(x[i].actor, actor) == 0)
			return true;
	return false;
}

static void test_notices(void)
{
	const struct pledges *r = sound(HEAD
		"PLEDGE a FROM FR US UA TO UA ACT aid UNDER p\n"
		"PLEDGE b FROM endorsers TO UA ACT aid UNDER p SOURCE s\n"
		"PLEDGE c FROM GB TO UA ACT aid SOURCE s STATUS signed "
		"2026-01-01 STATUS suspended 2026-02-01\n"
		"FLOW c ALLOCATED 2026-01-01 EUR 1\n");
	struct pledge_notice *x;
	struct fault f;
	size_t n;

	CHECK(pledges_notices(r, &arena, &x, &n, &f), "notices");
	CHECK(told(x, n, NOTICE_WITHHELD, "a", "US") &&
			told(x, n, NOTICE_NOT_ENDORSED, "a", "UA") &&
			!told(x, n, NOTICE_NOT_ENDORSED, "a", "FR"),
		"who has not endorsed, and who said so");
	CHECK(told(x, n, NOTICE_NO_SOURCE, "a", "") &&
			!told(x, n, NOTICE_NO_SOURCE, "b", ""),
		"a pledge without source");
	CHECK(told(x, n, NOTICE_NO_TEXT, "c", "") &&
			told(x, n, NOTICE_OVER, "c", "") &&
			told(x, n, NOTICE_SUSPENDED, "c", ""),
		"no instrument, over, suspended");
	CHECK(n == 6, "and no more: %zu", n);
	CHECK(pledge_binds(r, pledge_named(r, "b"), "GB") &&
			!pledge_binds(r, pledge_named(r, "b"), "US"),
		"endorsers are bound, who withholds is not");
}

static void test_canonical(void)
{
	static const char body[] = HEAD
		"PLEDGE a FROM FR TO UA ACT aid or x QUANTITY 1..2 tanks "
		"TRIGGER >= 2 findings WITHIN 90 min DUE 36 h AFTER trigger "
		"MODALITY \"may\" SOURCE s LINE 4 REPORTED\n"
		"FLOW a COMMITTED 2026-01-06 EUR -1.5\n";
	static const char other[] = "# the same\n" HEAD
		"PLEDGE a FROM FR TO UA\n ACT aid or x\n QUANTITY 1..2 tanks\n"
		" TRIGGER >= 2 finding WITHIN 1.5 h\n DUE 36 h AFTER trigger\n"
		" MODALITY \"may\" SOURCE s LINE 4 REPORTED\n"
		"FLOW a\n COMMITTED 2026-01-06 EUR -1.50\n";
	char a[8192], b[8192];
	struct text t = text_on(a, sizeof a), u = text_on(b, sizeof b);
	struct fault f;

	CHECK(pledges_canonical(sound(body), &t, &f) &&
			strstr(a, "\"after_s\":86400,") &&
			strstr(a, "\"within_s\":5400}") &&
			strstr(a, "\"amount\":-1.50,") &&
			strstr(a, "\"modality_word\":\"may\""), "%s", a);
	CHECK(pledges_canonical(sound(other), &u, &f) && strcmp(a, b) == 0,
		"other lines and units, the same register");
}

/* Slips of one statement are all told, and one slip is one error. */
static void test_goes_on(void)
{
	const struct terms_error *e;
	size_t n;

	(void)read_text(HEAD
		"PLEDGE a FORM FR TO UX ACT aid QUANTITY few tanks DOMAIN "
		"moon\nDUE 3 weeks AFTER trigger SURCE x\n"
		"FLOW a COMITTED 2026-01-06 EUR 5 ALLOCATED soon EUR 5\n"
		"ENDORSED p BY DE DATE never\n", &e, &n);
	CHECK(n == 10, "ten slips of three statements: %zu", n);
	for (size_t i = 0; i < n; i++)
		CHECK(strstr(e[i].text, "wanted") != NULL, "%zu:%zu: %s",
			e[i].line, e[i].column, e[i].text);
	(void)read_text(HEAD "FLOW q COMMITTED DELIVERED none\n"
		"PLEDGE b FROM FR TO UA ACT aid STATUS draft signed "
		"2026-01-06\n", &e, &n);
	CHECK(n == 3 && strstr(e[1].text, "'DELIVERED' stands here") &&
			strstr(e[2].text, "'signed' stands here"),
		"two words where one is wanted");
}

/* What the manual shows is sound. */
static void test_manual(void)
{
	static char text[1 << 16], sample[1 << 16];
	struct text t = text_on(sample, sizeof sample);
	bool in = false;
	FILE *f = fopen("man/truce-pledges.5", "r");

	if (!f) {
		CHECK_SKIP("the manual is not here");
		return;
	}
	while (fgets(text, sizeof text, f)) {
		if (strncmp(text, ".Ed", 3) == 0)
			in = false;
		if (in)
			text_add(&t, text);
		if (strncmp(text, ".Bd -literal", 12) == 0)
			in = true;
	}
	(void)fclose(f);
	CHECK(t.len > 0 && sound(sample)->pledge_count == 1,
		"the manual's example is sound");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, 64 << 20, &f))
		return 1;
	test_wrongs();
	test_all_errors();
	test_modality();
	test_accounts();
	test_notices();
	test_canonical();
	test_goes_on();
	test_manual();
	arena_unmap(&arena);
	return check_done();
}
