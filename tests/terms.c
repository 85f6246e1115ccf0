/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include <math.h>
#include <time.h>

#include "judge/judge.h"
#include "judge/terms.h"

static struct arena arena;

static const char head[] =
	"AGREEMENT t/1 TIMEZONE UTC PARTIES A \"a\" B \"b\"\n"
	"LINE loc NOT GIVEN \"w\"\n"
	"ZONE buf = WITHIN 2 km OF loc\n"
	"CLASS heavy = tank or (mortar and calibre_mm >= 120)\n"
	"STANDARD clear = probability >= 0.95 and modalities >= 2\n";

struct read {
	struct terms *t;
	const struct terms_error *e;
	size_t n;
};

static struct read read_text(const char *s)
{
	struct read r;
	struct fault f = {0};

	if (!terms_read(bytes_of(s), &arena, &r.t, &r.e, &r.n, &f)) {
		printf("# %s\n", f.text);
		exit(1);
	}
	return r;
}

/* What is wrong, appended to head (line 6 on) or, with whole, alone. */
static const struct {
	const char *text;
	bool whole;
	size_t line, column;
	const char *says; /* part of the first error; NULL: sound */
} slips[] = {
	{"", false, 0, 0, NULL},
	{"RULE 1.a FORBIDS shot WITHIN 3 km OF loc STANDARD clear", false, 0, 0,
		NULL},
	{"LINE x NOT GIVEN \"w\"", true, 1, 1, "no AGREEMENT"},
	{"AGREEMENT", true, 1, 10,
		"the text ends; wanted the agreement's name"},
	{"AGREEMENT a AGREEMENT b", true, 1, 23, "a second AGREEMENT"},
	{"AGREEMENT a TITLE b", true, 1, 19,
		"'b' stands here; wanted the title in quotes"},
	{"AGREEMENT a TITLE \"b", true, 1, 19, "no closing quote"},
	{"AGREEMENT a STATUS signed 2026-02-31", true, 1, 27, "wanted a date"},
	{"AGREEMENT a PARTIES mission \"x\"", true, 1, 21, "names the mission"},
	{"AGREEMENT a PARTIES A \"x\" A \"y\"", true, 1, 27, "stands twice"},
	{"AGREEMENT a PARTIES A", true, 1, 22, "the party's name in quotes"},
	{"AGREEMENT a\nFOO b\nBAR", true, 2, 1, "wanted the next statement"},
	{"AGREEMENT a\nRUEL b FORBIDS shot", true, 2, 1, "did you mean RULE?"},
	{"AGREEMENT a $ b", true, 1, 13, "a character that stands for nothing"},
	{"LINE loc NOT GIVEN \"again\"", false, 6, 6, "'loc' stands twice"},
	{"LINE l2 FILE geo/l.geojson", false, 6, 14, "SHA256 is missing"},
	{"LINE l2 FILE geo/l.geojson SHA256 @l@", false, 6, 35, "64 digits"},
	{"LINE l2 FLIE geo/l.geojson", false, 6, 9, "did you mean FILE?"},
	{"LINE l2 NOT GIVEN \"w\" ERORR 3 m", false, 6, 23,
		"did you mean ERROR?"},
	{"LINE l2 NOT GIVEN \"w\" MEASURED BY C", false, 6, 35,
		"one of the PARTIES"},
	{"ZONE z = WITHIN 2 km OF lox", false, 6, 25, "did you mean loc?"},
	{"ZONE z = WITHIN 2 OF loc", false, 6, 19, "a length in km, m or mm"},
	{"ZONE z = WITHIN 2km OF loc", false, 6, 17,
		"3 decimals and a blank before the unit"},
	{"ZONE z = WITHIN 600 km OF loc", false, 6, 17,
		"beyond what this language"},
	{"ZONE z = WITHIN 31111111110 km OF loc", false, 6, 17,
		"beyond what this language"},
	{"ZONE z = WITHIN 0.5 mm OF loc", false, 6, 17, "finer than"},
	{"ZONE z", false, 6, 7, "= WITHIN, FILE, or NOT GIVEN"},
	{"CLASS fire = shot", false, 6, 7, "is a kind already"},
	{"CLASS tank = shot", false, 6, 7, "is a weapon already"},
	{"CLASS heavy = shot", false, 6, 7, "stands twice"},
	{"CLASS c = explosoin", false, 6, 11, "did you mean explosion?"},
	{"CLASS c = c", false, 6, 11, "a CLASS that stands above"},
	{"CLASS c = (shot or burst", false, 6, 25, "wanted )"},
	{"CLASS c = calibre_mm 100", false, 6, 22, ">=, >, <=, < or ="},
	{"CLASS c = calibre_mm >= x", false, 6, 25, "wanted millimetres"},
	{"CLASS c = shot or", false, 6, 18, "the text ends"},
	{"CLASS c = unknown", false, 6, 11, "wanted a kind"},
	{"STANDARD s = probability >= 0.3", false, 6, 29, "0.5 to 1"},
	{"STANDARD s = modalities >= 2", false, 6, 10, "names no probability"},
	{"STANDARD s = probabilty >= 0.9", false, 6, 14,
		"did you mean probability?"},
	{"STANDARD s = probability 0.9", false, 6, 26, "wanted >="},
	{"STANDARD clear = probability >= 0.9", false, 6, 10, "stands twice"},
	{"ARTICLE 1 \"x\"", false, 6, 11, "wanted TEXT"},
	{"ARTICLE 1 TEXT \"x\" ARTICLE 1 TEXT \"y\"", false, 6, 28,
		"stands twice"},
	{"RULE 1.a FORBIT shot", false, 6, 10, "did you mean FORBIDS?"},
	{"RULE 1.a FORBIDS shto", false, 6, 18, "did you mean shot?"},
	{"RULE 1.a FORBIDS shot WITHN 3 km OF loc", false, 6, 23,
		"did you mean WITHIN?"},
	{"RULE 1.a FORBIDS shot WITHIN 3 km OF buf", false, 6, 38,
		"'buf' is a ZONE; wanted the name of a LINE"},
	{"RULE 1.a FORBIDS shot WITHIN 3 km OF bfu", false, 6, 38,
		"wanted the name of a LINE"},
	{"RULE 1.a FORBIDS shot NEAR 3 km", false, 6, 23, "wanted NOTIFIED"},
	/* What office programs put for the plain marks. */
	{"ARTICLE 1 TEXT \u201Cx\u201D", false, 6, 16,
		"quotes are plain ones: \""},
	{"RULE 1.a FORBIDS shot WITHIN 3\u00A0km OF loc", false, 6, 30,
		"the blank in it is no plain one"},
	{"CLASS c = calibre_mm \u2265 100", false, 6, 22,
		"at least is written >="},
	{"RULE 1.a FORBIDS shot DAILY 06:00\u201318:00", false, 6, 29,
		"the dash in it is no plain one"},
	{"ARTICLE 1 TEXT \"one\n two\"", false, 6, 16,
		"one that goes on is quoted anew on the next"},
	{"RULE 1.a FORBIDS shot INSIDE bfu", false, 6, 30, "did you mean buf?"},
	{"RULE 1.a FORBIDS shot INSIDE loc", false, 6, 30,
		"'loc' is a LINE; wanted the name of a ZONE"},
	{"RULE 1.a FORBIDS shot ON own sied", false, 6, 30,
		"did you mean side?"},
	{"RULE 1.a FORBIDS shot ON top", false, 6, 26, "own side"},
	{"RULE 1.a FORBIDS shot ON side OF C", false, 6, 34,
		"one of the PARTIES"},
	{"RULE 1.a FORBIDS shot FROM 2026-02-02T00:00", false, 6, 28,
		"time with its zone"},
	{"RULE 1.a FORBIDS shot FROM yesterday", false, 6, 28,
		"time with its zone"},
	{"RULE 1.a FORBIDS shot DAILY 06:00-25:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 0:a00-18:000", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:00-18:000", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:00_18:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:0a-18:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 0a:00-18:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06.00-18:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:00-18.00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 0.:00-18:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:60-18:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:00-24:30", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 24:00-06:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY 06:00-06:00", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot DAILY \"06:00-18:0\"", false, 6, 29,
		"06:00-18:00"},
	{"RULE 1.a FORBIDS shot NOTIFIED x 1 h BEFORE", false, 6, 23,
		"wanted EXCEPT before it"},
	{"RULE 1.a FORBIDS shot EXCEPT 2.a.1 BY A", false, 6, 30,
		"begins with 1.a."},
	{"RULE 1.a FORBIDS shot EXCEPT 1.a.1", false, 6, 35,
		"what is excepted"},
	{"RULE 1.a FORBIDS shot EXCEPT 1.a.1 BY A EXCEPT 1.a.1 BY B", false, 6,
		41, "stands twice"},
	{"RULE 1.a FORBIDS shot EXCEPT 1.a.1 BY A NEAR 5 m", false, 6, 41,
		"nothing was"},
	{"RULE 1.a FORBIDS shot EXCEPT 1.a.1 NOTIFIED x 1 w BEFORE", false, 6,
		49, "d, h, min or s"},
	{"RULE 1.a FORBIDS shot EXCEPT 1.a.1 NOTIFIED x 1 h", false, 6, 50,
		"wanted BEFORE"},
	{"RULE 1.a FORBIDS shot STANDARD claer", false, 6, 32,
		"did you mean clear?"},
	{"RULE 1.a FORBIDS shot GRADE by count (5 a, 5 b)", false, 6, 44,
		"rising counts"},
	{"RULE 1.a FORBIDS shot GRADE by count (x)", false, 6, 39,
		"wanted a count"},
	{"RULE 1.a FORBIDS shot RULE 1.a FORBIDS burst", false, 6, 28,
		"stands twice"},
	{"RULE 1.a REQUIRES answer BY x WITHIN 24 h OF query ELSE obstrution",
		false, 6, 57, "did you mean obstruction?"},
	{"EXAMPLE 9 \"x\" GIVEN tank -> BREACH", false, 6, 9, "no rule '9'"},
	{"RULE 1.a FORBIDS shot\nEXAMPLE 1.a \"x\" GIVEN tank -> BREECH", false,
		7, 31, "did you mean BREACH?"},
	{"RULE 1.a FORBIDS shot\nEXAMPLE 1.a \"x\" GIVEN tank 3 km TO loc -> "
	 "BREACH",
		false, 7, 33, "wanted FROM"},
	/* columns are characters, not bytes */
	{"ARTICLE \xC3\xA4\xC3\xB6 NEXT \"x\"", false, 6, 12,
		"did you mean TEXT?"},
	{"AGREEMENT a RULE 1.a FORBIDS shot", true, 1, 18,
		"no STANDARD is declared"},
};

static void test_slips(void)
{
	for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
		char text[2048];
		struct read r;
		bool ok;

		(void)snprintf(text, sizeof text, "%s%s",
			slips[i].whole ? "" : head, slips[i].text);
		r = read_text(text);
		ok = slips[i].says == NULL
			? r.n == 0
			: r.n > 0 && r.e[0].line == slips[i].line &&
				r.e[0].column == slips[i].column &&
				strstr(r.e[0].text, slips[i].says);
		CHECK(ok, "slip: %.*s", (int)strcspn(slips[i].text, "\n"),
			slips[i].text);
		if (!ok && r.n > 0)
			printf("# %zu:%zu: %s\n", r.e[0].line, r.e[0].column,
				r.e[0].text);
	}
}

static void test_goes_on(void)
{
	struct read r = read_text(
		"AGREEMENT t/1\nLINE l NOT GIVEN \"w\"\n"
		"STANDARD s = probability >= 0.9\n"
		"RULE 1.a FORBIDS shot WITHN 3 km OF l\n"
		"         GRAED minor\n"
		"         STANDARD x\n"
		"RULE 1.b FORBIDS burst WITHIN 3 km OF l STANDARD s\n"
		"CLASS c = foo\n"
		"RULE 1.c FORBIDS burst INSIDE m STANDARD s\n");

	CHECK(r.n == 5, "five slips of one text are all told (%zu)", r.n);
	for (size_t i = 1; i < r.n; i++)
		CHECK(r.e[i].line > r.e[i - 1].line, "slip %zu in order", i);
	CHECK(terms_rules(r.t) == 3, "rules with slips are kept");
	r = read_text("AGREEMENT t/1 STATUS singed\nLINE l NOT GIVEN \"w\"\n"
		"ZONE z = WITHIN 5 OF l\nCLASS c = tonk or (shot and brust)\n"
		"STANDARD s = probability >= 0.2\n"
		"RULE 1.a FORBIDS c INSIDE z EXCEPT 2.a BY X STANDARD s\n"
		"RULE 1.b FORBIDS presence of vessel\n"
		"EXAMPLE 1.c \"x\" GIVEN tank 3 km OFF l, CONUT 3, BY Q,\n"
		" AT noon -> BREACH\nPARTIES A \"a\" LNIE m\n");
	CHECK(r.n == 15, "and those of one statement (%zu)", r.n);
	for (size_t i = 0; i < r.n; i++)
		CHECK(strstr(r.e[i].text, "wanted"), "%zu:%zu: %s", r.e[i].line,
			r.e[i].column, r.e[i].text);
}

/* Behind a name or a stage that will not do the statement is read on. */
static void test_reads_on(void)
{
	static const struct {
		const char *text;
		size_t told;
	} texts[] = {
		{"STATUS singed 2026-02-30", 2},
		{"STATUS singed 2026-02-03", 1},
		{"STATUS singed", 1},
		{"STATUS \"signed\" 2026-02-30", 1},
		{"PARTIES A \"x\" mission \"y\" C \"z\" C \"w\"", 3},
		{"LINE loc NOT GIVEN \"w\" ERROR 3 mn", 2},
		{"CLASS heavy = tnk", 2},
		{"CLASS tank = tnk or brust", 3},
		{"STANDARD clear = probability >= 0.2 and modalites >= 1", 3},
		{"ARTICLE 1 TEXT \"a\" ARTICLE 1 TXET \"b\"", 2},
		{"AGREEMENT", 2},
		{"ZONE b = WITHIN 3 km zz zz loc", 2},
		{"ZONE b = WITHIN 3 km zz zz yy", 3},
		{"RULE 1.a FORBIDS use zz WITHIN 3 km OF loc", 2},
		{"RULE 1.a FORBIDS flight zz qq", 2},
		{"RULE 6.a REQUIRES report zz qq d", 3},
		{"RULE 1.a FORBIDS shot\n"
			"EXAMPLE 1.a \"x\" GIVEN shot -> zz\nqq", 2},
		{"RULE 1.a FORBIDS shot\n"
			"EXAMPLE 1.a \"x\" GIVEN not shot -> BREACH", 1},
		{"RULE 1.a FORBIDS shot\nEXAMPLE 1.a \"x\" GIVEN \"t\" -> "
			"BREACH", 1},
		{"RULE 1.a FORBIDS shot\nEXAMPLE 1.a \"x\" GIVEN mortar -> "
			"BREACH", 0},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char text[2048];
		struct read r;

		(void)snprintf(text, sizeof text, "%s%s\n", head,
			texts[i].text);
		r = read_text(text);
		CHECK(r.n == texts[i].told, "%zu told of: %s", r.n,
			texts[i].text);
		for (size_t k = 0; k < r.n && r.n != texts[i].told; k++)
			printf("# %zu:%zu: %s\n", r.e[k].line, r.e[k].column,
				r.e[k].text);
	}
}

/* One slip is one error: what it leaves without a meaning may be anything. */
static void test_no_echo(void)
{
	static const char *const texts[] = {
		"CLASS c = (tank\nRULE 1.a FORBIDS presence of c\n",
		"RULE 1.a FORBIDS presence of tnks\n",
		("RULE 1.a FORBIT shot\n"
			"EXAMPLE 1.a \"x\" GIVEN shot -> BREACH\n"),
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char text[2048];
		struct read r;

		(void)snprintf(text, sizeof text, "%s%s", head, texts[i]);
		r = read_text(text);
		CHECK(r.n == 1, "one slip, one error (%zu): %s", r.n,
			r.n ? r.e[r.n - 1].text : "");
	}
}

static const char shown[] =
	"AGREEMENT s/1 TITLE \"Sample\" STATUS signed 2026-02-01T08:30Z\n"
	"TIMEZONE Europe/Kyiv PARTIES A \"Party A\" B \"Party B\"\n"
	"LINE loc NOT GIVEN \"no map\" ERROR 50 m MEASURED BY B\n"
	"ZONE buf = WITHIN 4 km TOTAL OF loc\n"
	"ZONE sky FILE geo/s SHA256 "
	"00000000000000000000000000000000000000000000000000000000000000aa"
	" FLOOR 100 m CEILING 3 km\n"
	"CLASS odd = tank or mlrs or not (mortar and calibre_mm > 82.5)\n"
	"STANDARD one = probability >= 0.6 and modalities >= 1\n"
	"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
	"ARTICLE 4 TEXT \"Four.\" ARTICLE 5 TEXT \"Five.\"\n"
	"RULE 4.a FORBIDS presence of odd WITHIN 15 km OF loc\n"
	" FROM 2026-02-01T22:00Z UNTIL 2026-03-29T01:00Z\n"
	" EXCEPT 4.a.1 NOTIFIED move 48 h BEFORE, NEAR 5 km, INSIDE buf\n"
	" EXCEPT 4.a.2 FROM 2026-03-01T00:00Z\n"
	" STANDARD clear GRADE by count (1 minor, 10 serious)\n"
	"RULE 6.a FORBIDS shot STANDARD one GRADE grave\n";

static const char read_back[] =
	"Agreement s/1: Sample\n"
	"  status signed 2026-02-01T08:30:00Z\n"
	"  time zone Europe/Kyiv\n"
	"  party A: Party A\n"
	"  party B: Party B\n"
	"\nWhat its words stand for\n"
	"  line loc: not given (no map): what rests on it stays undetermined; "
	"up to 50 m off; measured by B\n"
	"  zone buf: within 2 km of loc on each side\n"
	"  zone sky: geo/s; above 100 m; below 3 km\n"
	"  class odd: tank or mlrs or not (mortar and calibre_mm > 82.5)\n"
	"  standard one: probability at least 0.600, at least 1 way of "
	"sensing\n"
	"  standard clear: probability at least 0.950, at least 2 ways of "
	"sensing\n"
	"\nArticle 4\n  \"Four.\"\n"
	"  rule 4.a forbids presence of odd WITHIN 15 km OF loc FROM "
	"2026-02-01T22:00:00Z UNTIL 2026-03-29T01:00:00Z\n"
	"    from 2026-02-02 00:00:00 in Europe/Kyiv\n"
	"    until 2026-03-29 04:00:00 in Europe/Kyiv\n"
	"    but for 4.a.1: NOTIFIED move 48 h BEFORE, NEAR 5 km, INSIDE buf\n"
	"    but for 4.a.2: FROM 2026-03-01T00:00:00Z\n"
	"      from 2026-03-01 02:00:00 in Europe/Kyiv\n"
	"    standard clear: probability at least 0.950, at least 2 ways of "
	"sensing\n"
	"    grade minor from 1, serious from 10\n"
	"\nArticle 5\n  \"Five.\"\n"
	"  no rule: nothing is judged by it\n"
	"\nOf no article\n"
	"  rule 6.a forbids shot\n"
	"    standard one: probability at least 0.600, at least 1 way of "
	"sensing\n"
	"    grade grave\n";

/* The hour that a night in March leaves out: 03:00 is 04:00 at once. */
static void test_show(void)
{
	static const struct zone_offset kyiv[] = {{{0}, 7200, "EET"},
		{{INT64_C(1774746000) * 1000000000}, 10800, "EEST"},
		{{INT64_C(1792890000) * 1000000000}, 7200, "EET"}};
	struct read r = read_text(shown);
	char out[8192];
	struct text t = text_on(out, sizeof out);
	struct fault f = {0};

	terms_clock(r.t, kyiv, 3);
	CHECK(r.n == 0 && terms_show(r.t, &t, &f) &&
		strcmp(out, read_back) == 0, "all of it is read back");
	if (strcmp(out, read_back) != 0)
		printf("# %s\n", out);
	r = read_text("AGREEMENT a/1 STATUS draft 2026-02-01\n"
		"STANDARD s = probability >= 0.5\n"
		"RULE 1 FORBIDS shot FROM 2026-02-02T00:00Z\n"
		"RULE 2 FORBIDS burst\n");
	t = text_on(out, sizeof out);
	CHECK(terms_show(r.t, &t, &f) &&
		strstr(out, "Agreement a/1\n  status draft 2026-02-01\n\n") &&
		!strstr(out, "time zone") && !strstr(out, " in ") &&
		strstr(out, "rule 2 forbids burst") ==
			strstr(out, "rule 2"), "and what little there is");
	r = read_text("AGREEMENT b/1 TIMEZONE Europe/Kyiv\n"
		"STANDARD s = probability >= 0.5\n"
		"RULE 1 FORBIDS shot FROM 2026-12-02T00:00Z\n");
	terms_clock(r.t, kyiv, 3);
	t = text_on(out, sizeof out);
	CHECK(terms_show(r.t, &t, &f) && !strstr(out, "status") &&
		strstr(out, "\n    from 2026-12-02 02:00:00 in Europe/Kyiv\n"),
		"by the last of the clock's changes");
	t = text_on(out, 20);
	CHECK(!terms_show(r.t, &t, &f), "no room is told: %s", f.text);
}

/* What reads well and cannot have been meant. */
static void test_remarks(void)
{
	static const struct {
		const char *text, *says; /* NULL: nothing to say */
	} cases[] = {
		{"EXCEPT 1.a.1 BY A", NULL},
		{"FROM 2026-02-01T00:00Z UNTIL 2026-03-01T00:00Z", NULL},
		{"FROM 2026-03-01T00:00Z UNTIL 2026-02-01T00:00Z",
			"rule 1.a never applies: UNTIL is not after FROM"},
		{"FROM 2026-03-01T00:00Z UNTIL 2026-03-01T00:00Z",
			"rule 1.a never applies"},
		{"INSIDE buf OUTSIDE buf",
			"never applies: INSIDE and OUTSIDE one zone"},
		{"INSIDE buf OUTSIDE two", NULL},
		{"BY A BY B", "rule 1.a never applies: BY two at once"},
		{"BY A BY A", NULL},
		{"BY A EXCEPT 1.a.1 BY B", "exception 1.a.1 never holds: BY "
			"two at once"},
		{"FROM 2026-02-01T00:00Z "
		 "EXCEPT 1.a.1 UNTIL 2026-01-01T00:00Z",
			"exception 1.a.1 never holds: UNTIL is not after FROM"},
		{"RULE 1.b FORBIDS (shot and burst) "
		 "EXAMPLE 1.b \"x\" GIVEN shot -> BREACH",
			"rule 1.b never applies: nothing is of two kinds"},
		{"RULE 1.b REQUIRES answer WITHIN 1 h OF query "
		 "EXAMPLE 1.b \"x\" GIVEN shot -> BREACH", NULL},
		{"EXCEPT 1.a.1 INSIDE buf OUTSIDE buf",
			"exception 1.a.1 never holds: INSIDE and OUTSIDE"},
		{"INSIDE buf EXCEPT 1.a.1 INSIDE buf",
			"exception 1.a.1 holds wherever rule 1.a does"},
		{"INSIDE buf EXCEPT 1.a.1 INSIDE buf BY A", NULL},
		{"EXCEPT 1.a.1 BY A EXCEPT 1.a.2 BY A",
			"where exception 1.a.2 holds 1.a.1 holds too"},
		{"EXCEPT 1.a.1 BY A EXCEPT 1.a.2 BY A INSIDE buf",
			"where exception 1.a.2 holds 1.a.1 holds too"},
		{"EXCEPT 1.a.1 BY A INSIDE buf EXCEPT 1.a.2 BY A",
			"where exception 1.a.1 holds 1.a.2 holds too"},
		{"EXCEPT 1.a.1 BY A EXCEPT 1.a.2 INSIDE buf", NULL},
		{"RULE 2.a FORBIDS burst", "rule 2.a has no EXAMPLE"},
		{"ARTICLE 3 TEXT \"x\"",
			"article 3 has no RULE: nothing is judged by it"},
		{"ARTICLE 1 TEXT \"x\"", NULL},
		/* A Cyrillic o in a Latin word, and words of Cyrillic alone. */
		{"EXCEPT 1.a.1 NOTIFIED m\u043Eve 1 h BEFORE",
			"'m\u043Eve' is not 'move'"},
		{"EXCEPT 1.a.1 NOTIFIED \u0440\u0443\u0445 1 h BEFORE", NULL},
		{"EXCEPT 1.a.1 NOTIFIED \u043C\u043Eve 1 h BEFORE", NULL},
		{"PARTIES \u0410 \"x\"", "'\u0410' is not 'A'"},
		{"ARTICLE 1 TEXT \"\u0410\"", NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct terms_error *e = NULL;
		char text[2048];
		struct read r;
		struct fault f = {0};
		size_t n = 9;

		(void)snprintf(text, sizeof text, "%s"
			"ZONE two NOT GIVEN \"w\"\n"
			"RULE 1.a FORBIDS shot\n%s\n"
			"EXAMPLE 1.a \"x\" GIVEN shot -> BREACH\n", head,
			cases[i].text);
		r = read_text(text);
		CHECK(r.n == 0 && terms_remarks(r.t, &arena, &e, &n, &f) &&
			(cases[i].says ? n == 1 && e[0].line >= 7 &&
				strstr(e[0].text, cases[i].says) != NULL
				       : n == 0),
			"%s: %s", cases[i].text, n == 1 ? e[0].text : "");
	}
}

/* Names of Cyrillic alone are looked for among the others, 100 of them. */
static void test_many_names(void)
{
	static char text[1 << 14];
	const struct terms_error *e;
	struct read r;
	struct fault f = {0};
	size_t n = (size_t)snprintf(text, sizeof text, "%s"
		"ARTICLE A1 TEXT \"x\" ARTICLE A101 TEXT \"x\"", head);

	for (int i = 1; i <= 101; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"\nARTICLE \u0410%d TEXT \"x\"", i);
	r = read_text(text);
	CHECK(r.n == 0 && terms_remarks(r.t, &arena, &e, &n, &f) &&
		n == 103 + 1, "of 101 names the first is told: %d", (int)n);
}

/* Two words in the middle of four thousand; and of twenty statements misspelt
 * sixteen are mended, of the others what stands behind is told, too. */
static void test_long(void)
{
	static char text[1 << 18];
	size_t n = (size_t)snprintf(text, sizeof text, "%s", head);
	struct read r;

	for (int i = 0; i < 700; i++)
		n += i == 350 ? (size_t)snprintf(text + n, sizeof text - n,
			"RULEE middle FORBIDS shot\n")
			: (size_t)snprintf(text + n, sizeof text - n,
			"RULE %d.a FORBIDS shot %s buf\n", i,
			i == 349 ? "INSDIE" : "INSIDE");
	r = read_text(text);
	CHECK(r.n == 2 && r.e[0].line == 355 && r.e[1].line == 356,
		"two of 700 rules: %zu", r.n);
	n = (size_t)snprintf(text, sizeof text, "%s", head);
	for (int i = 0; i < 10; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"Artcle %d TEXT \"x\"\n", i);
	r = read_text(text);
	CHECK(r.n == 10, "ten in a row that are nearly ARTICLE: %zu", r.n);
	n = (size_t)snprintf(text, sizeof text, "%s", head);
	for (int i = 0; i < 20; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"RULE %d.a FORBIDS shot\n"
			"RULEE %d.b FORBIDS tank\n", i, i);
	r = read_text(text);
	CHECK(r.n == 20 + 4, "twenty statements misspelt: %zu", r.n);
}

/* Of 20,000 names and 450 rules with two slips each: trials cost what the
 * names are, so they leave off, and behind a slip the rest of its rule is
 * passed over.  No rule with a slip is passed over without a word. */
static void test_care(void)
{
	enum { NAMES = 20000, RULES = 450 };
	static char text[1 << 20];
	size_t n = (size_t)snprintf(text, sizeof text, "%s", head), lines = 0;
	struct read r;

	for (int i = 0; i < NAMES; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"CLASS c%d = tank\n", i);
	for (int i = 0; i < RULES; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"RULE r%d FORBIDS shot INSDIE zoen STANDRAD claer\n",
			i);
	r = read_text(text);
	for (size_t i = 0; i < r.n; i++)
		lines += i == 0 || r.e[i].line != r.e[i - 1].line;
	printf("# %zu slips told in %zu lines\n", r.n, lines);
	CHECK(lines >= RULES && r.n < 2 * RULES, "trials leave off: %zu slips "
		"in %zu lines", r.n, lines);
}

/* CPU time to read so many classes, the least of three readings. */
static double reading_s(int names)
{
	static char text[1 << 20];
	size_t n = (size_t)snprintf(text, sizeof text, "%s", head);
	double least = 1e9;

	for (int i = 0; i < names; i++)
		n += (size_t)snprintf(text + n, sizeof text - n,
			"CLASS c%d = tank\n", i);
	for (int i = 0; i < 3; i++) {
		struct timespec from, to;
		struct read r;

		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
		r = read_text(text);
		(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
		CHECK(r.n == 0, "%d classes are sound", names);
		least = fmin(least, (double)(to.tv_sec - from.tv_sec) +
			1e-9 * (double)(to.tv_nsec - from.tv_nsec));
	}
	return least;
}

/* Four times as many names take some four times as long, not sixteen. */
static void test_names_linear(void)
{
	double some = reading_s(5000), more = reading_s(20000);

	CHECK(more < 9 * some, "5,000 names in %.3f s, 20,000 in %.3f s",
		some, more);
}

static void test_bounds(void)
{
	enum { MANY = 3000 };
	static char text[1 << 20];
	size_t n = 0;
	struct read r;

	for (int i = 0; i < MANY; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "FOO\nRULE\n");
	r = read_text(text);
	CHECK(r.n == 1000, "at most 1000 slips are kept");
	n = (size_t)snprintf(text, sizeof text, "AGREEMENT a CLASS c = ");
	memset(text + n, '(', 100000);
	text[n + 100000] = '\0';
	r = read_text(text);
	CHECK(r.n == 1 && strstr(r.e[0].text, "nested"), "deep brackets");
	n = (size_t)snprintf(text, sizeof text, "AGREEMENT a CLASS c = shot");
	for (int i = 0; i < 20000; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, " or shot");
	r = read_text(text);
	CHECK(r.n == 1 && strstr(r.e[0].text, "joined"), "long expression");
	for (int words = 199; words <= 200; words++) {
		n = (size_t)snprintf(text, sizeof text,
			"AGREEMENT a CLASS c = not (shot");
		for (int i = 1; i < words; i++)
			n += (size_t)snprintf(
				text + n, sizeof text - n, " or shot");
		(void)snprintf(text + n, sizeof text - n, ")");
		r = read_text(text);
		CHECK(words == 199 ? r.n == 0
				   : r.n == 1 && strstr(r.e[0].text, "joined"),
			"not, of %d words", words);
	}
}

static const char demo[] =
	"AGREEMENT demo/1 # a comment\n TITLE \"Demo \\\"x\\\" \\\\\" "
	"STATUS signed "
	"2026-02-01"
	" TIMEZONE UTC PARTIES A \"Party A\"\n"
	"LINE loc FILE geo/loc.geojson SHA256 "
	"00000000000000000000000000000000000000000000000000000000000000aa"
	" ERROR 0.05 km\nZONE buf = WITHIN 4 km TOTAL OF loc\n"
	"CLASS heavy = tank or (mortar and calibre_mm >= 82.5)\n"
	"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
	"ARTICLE 4 TEXT \"One \" \"two.\"\n"
	"RULE 4.a FORBIDS presence of heavy WITHIN 15000 m OF loc\n"
	" EXCEPT 4.a.1 NOTIFIED demining 1440 min BEFORE, NEAR 500 m\n"
	" STANDARD clear GRADE by count (1 minor, 10 serious)\n";

static const char canonical[] =
	"{\"agreement\":\"demo/1\",\"articles\":[{\"id\":\"4\",\"text\":\"One "
	"two.\"}],"
	"\"classes\":[{\"is\":\"(tank or (mortar and calibre_mm >= 82.5))\","
	"\"name\":\"heavy\"}],\"examples\":[],\"lines\":[{\"error_mm\":50000,"
	"\"file\":\"geo/loc.geojson\",\"measured_by\":null,\"name\":\"loc\","
	"\"not_given\":null,\"sha256\":"
	"\"000000000000000000000000000000000000000000000000"
	"00000000000000aa\"}],\"offsets\":[],\"parties\":[{\"id\":\"A\","
	"\"name\":\"Party A\"}],"
	"\"rules\":[{\"article\":\"4\",\"conditions\":[\"WITHIN 15 km OF "
	"loc\"],"
	"\"exceptions\":[{\"conditions\":[\"NOTIFIED demining 24 h BEFORE, "
	"NEAR 500 m\"],"
	"\"id\":\"4.a.1\"}],\"grades\":[[1,\"minor\"],[10,\"serious\"]],\"id\":"
	"\"4.a\","
	"\"standard\":\"clear\",\"subject\":\"forbids presence of heavy\"}],"
	"\"schema\":\"truce.terms/"
	"1\",\"standards\":[{\"modalities\":2,\"name\":\"clear\","
	"\"probability_ppm\":950000}],\"status\":\"signed\","
	"\"status_at\":\"2026-02-01T00:00:00Z\",\"timezone\":\"UTC\","
	"\"title\":\"Demo "
	"\\\"x\\\" \\\\\",\"zones\":[{\"ceiling_mm\":null,\"error_mm\":0,"
	"\"file\":null,\"floor_mm\":null,\"is\":\"WITHIN 4 km TOTAL OF loc\","
	"\"name\":\"buf\",\"not_given\":null,\"sha256\":null}]}";

static void test_canonical(void)
{
	static char again[4096];
	char out[8192];
	struct text t = text_on(out, sizeof out);
	struct fault f = {0};
	struct read r = read_text(demo);
	struct digest d = terms_sha256(r.t), e;
	size_t n = 0;

	CHECK(r.n == 0 && terms_canonical(r.t, &t, &f) &&
			strcmp(out, canonical) == 0, "the canonical form");
	if (strcmp(out, canonical) != 0)
		printf("# %s\n", out);
	e = sha256_of(text_view(&t));
	CHECK(memcmp(&d, &e, sizeof d) == 0, "its SHA-256 is the version");
	/* Other spaces and comments: the same version. */
	for (const char *s = demo; *s && n < sizeof again - 40; s++) {
		if (*s == '\n')
			n += (size_t)snprintf(
				again + n, 30, "\r\n# x \"y\n\t ");
		else
			again[n++] = *s;
	}
	again[n] = '\0';
	r = read_text(again);
	e = terms_sha256(r.t);
	CHECK(r.n == 0 && memcmp(&d, &e, sizeof d) == 0,
		"spaces and comments are not the text");
	*strstr(again, "0.95") = '1';
	r = read_text(again);
	e = terms_sha256(r.t);
	CHECK(memcmp(&d, &e, sizeof d) != 0, "another text, another version");
	CHECK(terms_files(r.t) == 1 &&
			strcmp(terms_file(r.t, 0, &e), "geo/loc.geojson") ==
				0 &&
			e.at[31] == 0xaa && !terms_file(r.t, 1, &e),
		"the files and their hashes");
	CHECK(strcmp(terms_rule(r.t, 0).article, "4") == 0 &&
			strcmp(terms_rule(r.t, 0).text, "One two.") == 0 &&
			strcmp(terms_rule(r.t, 0).standard, "clear") == 0,
		"the rule's article and standard");
}

/* The agreements in the tree: nothing wrong but the hashes to come. */
static void test_missions(void)
{
	static const char *const files[] = {"missions/demo/agreement.terms",
		"missions/donbas-2022/agreement.terms.in"};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		size_t len, odd = 0;
		struct terms *t;
		const struct terms_error *e;
		size_t n;
		struct fault f = {0};
		unsigned char *at;

		if (access(files[i], R_OK) != 0) {
			CHECK_SKIP("%s is not here", files[i]);
			continue;
		}
		at = check_file(files[i], &len);
		CHECK(terms_read((struct bytes){at, len}, &arena, &t, &e, &n,
			      &f), "%s is read", files[i]);
		for (size_t k = 0; k < n; k++) {
			if (strstr(e[k].text, "SHA-256"))
				continue;
			odd++;
			printf("# %s:%zu:%zu: %s\n", files[i], e[k].line,
				e[k].column, e[k].text);
		}
		CHECK(odd == 0 && n > 0 && terms_rules(t) >= 4,
			"%s is sound but for its hashes", files[i]);
		free(at);
	}
}

/* What a map calls a line or zone, where it says one name, and another. */
static void test_called(void)
{
	struct shape maps[] = {{.name = "river", .file = "geo/a"},
		{.name = "river", .file = "geo/a"},
		{.name = "east", .file = "geo/b"},
		{.name = "west", .file = "geo/b"},
		{.name = "town", .file = "geo/c"}};
	struct area areas[] = {{.name = "loc", .file = "geo/a"},
		{.name = "river", .file = "geo/a"},
		{.name = "zone", .file = "geo/b"}, {.name = "none",
			.file = ""}, {.name = "lost", .file = "geo/z"}};
	const struct mission m = {.shape = maps, .shape_count = 5};
	const struct terms t = {.area = areas, .areas = 5};
	const struct called *c = NULL;
	struct arena small = arena_on(NULL, 0);
	struct fault f = {0};
	size_t n = 9;

	CHECK(terms_called(&t, &m, &arena, &c, &n, &f) && n == 1 &&
		strcmp(c->id, "loc") == 0 && strcmp(c->name, "river") == 0,
		"one has another name: %d", (int)n);
	CHECK(!terms_called(&t, &m, &small, &c, &n, &f) && n == 0 && f.text[0],
		"no memory: %s", f.text);
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 30, &f))
		return 1;
	test_slips();
	test_goes_on();
	test_reads_on();
	test_no_echo();
	test_show();
	test_remarks();
	test_many_names();
	test_long();
	test_care();
	test_names_linear();
	test_bounds();
	test_canonical();
	test_missions();
	test_called();
	arena_unmap(&arena);
	return check_done();
}
