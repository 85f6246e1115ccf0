/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "judge/diff.h"

static struct arena arena;

static const char *shown(const char *was, const char *is)
{
	static char out[4096];
	struct text t = text_on(out, sizeof out);
	struct diff_piece *p;
	struct fault f;
	size_t n;

	arena.used = 0;
	if (!diff_words(was, is, &arena, &p, &n, &f))
		return "a fault";
	for (size_t i = 0; i < n; i++)
		text_fmt(&t, "%s%c%s", i ? "|" : "", "=-+"[p[i].is], p[i].text);
	return out;
}

static const struct {
	const char *was, *is, *want;
} rows[] = {
	{"", "", ""},
	{"a b", "a b", "=a b"},
	{"at least 15 km off", "at least 10 km off",
		"=at least|-15|+10|=km off"},
	{"", "new words", "+new words"},
	{"old words", "", "-old words"},
	{"a b c d", "a c x d", "=a|-b|=c|+x|=d"},
	{"shall withdraw", "may \t withdraw ", "-shall|+may|=withdraw"},
	{"a a a", "a a", "=a a|-a"},
	{"\xD0\xB2\xD1\x96\xD0\xB4 \xD0\xBB\xD1\x96\xD0\xBD\xD1\x96\xD1\x97",
		"\xD0\xB2\xD1\x96\xD0\xB4 \xD0\xBC\xD0\xB5\xD0\xB6\xD1\x96",
		"=\xD0\xB2\xD1\x96\xD0\xB4|-\xD0\xBB\xD1\x96\xD0\xBD\xD1\x96"
		"\xD1\x97|+\xD0\xBC\xD0\xB5\xD0\xB6\xD1\x96"},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *got = shown(rows[i].was, rows[i].is);

		CHECK(strcmp(got, rows[i].want) == 0, "'%s' to '%s': %s",
			rows[i].was, rows[i].is, got);
	}
}

static size_t below(uint64_t *seed, size_t n)
{
	*seed = *seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (size_t)(*seed >> 33) % n;
}

static void random_words(uint64_t *seed, char *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		*out++ = (char)('a' + below(seed, 4));
		*out++ = i + 1 < n ? ' ' : '\0';
	}
	*out = '\0';
}

static void join(const struct diff_piece *p, size_t n, enum diff_is side,
	char out[256])
{
	struct text t = text_on(out, 256);
	bool some = false;

	for (size_t i = 0; i < n; i++) {
		if (p[i].is != DIFF_SAME && p[i].is != side)
			continue;
		if (some)
			text_char(&t, ' ');
		text_add(&t, p[i].text);
		some = true;
	}
}

/* Old and same words are the old text, new and same the new one, and as many
 * words are the same as in the longest common subsequence. */
static void test_random(void)
{
	uint64_t seed = 7;
	char a[128], b[128], got[256];
	size_t wrong = 0;

	for (int k = 0; k < 20000; k++) {
		struct diff_piece *p;
		struct fault f;
		size_t n;

		random_words(&seed, a, below(&seed, 20));
		random_words(&seed, b, below(&seed, 20));
		arena.used = 0;
		if (!diff_words(a, b, &arena, &p, &n, &f)) {
			wrong++;
			continue;
		}
		join(p, n, DIFF_OLD, got);
		wrong += strcmp(got, a) != 0;
		join(p, n, DIFF_NEW, got);
		wrong += strcmp(got, b) != 0;
		for (size_t i = 1; i < n; i++)
			wrong += p[i].is == p[i - 1].is;
	}
	CHECK(wrong == 0, "20,000 pairs are made of their pieces: %zu wrong",
		wrong);
}

#define HEAD "AGREEMENT a/1 TIMEZONE UTC PARTIES A \"a\" B \"b\"\n"            \
	"LINE loc NOT GIVEN \"none\"\nSTANDARD s = probability >= 0.5\n"

static struct terms *read_terms_of(const char *text)
{
	const struct terms_error *e;
	struct terms *t = NULL;
	struct fault f;
	size_t n = 1;

	CHECK(terms_read(bytes_of(text), &arena, &t, &e, &n, &f) && n == 0,
		"terms%s%s", n ? ": " : "", n ? e[0].text : "");
	return t;
}

static void test_terms(void)
{
	static const char was[] = HEAD "CLASS gun = tank or mortar\n"
		"ARTICLE 1 TEXT \"Each Party shall withdraw 15 km.\"\n"
		"RULE 1.a FORBIDS presence of gun WITHIN 15 km OF loc\n"
		"ARTICLE 2 TEXT \"gone\"\n"
		"RULE 2.a FORBIDS shot WITHIN 1 km OF loc\n"
		"ARTICLE 3 TEXT \"stays\"\n"
		"RULE 3.a FORBIDS burst WITHIN 1 km OF loc EXCEPT 3.a.1 "
		"NOTIFIED demining 24 h BEFORE GRADE minor\n";
	static const char is[] = HEAD "CLASS gun = tank\n"
		"ARTICLE 1 TEXT \"Each Party may withdraw 15 km.\"\n"
		"RULE 1.a FORBIDS presence of gun WITHIN 10000 m OF loc\n"
		"ARTICLE 3 TEXT \"stays\"\n"
		"RULE 3.a FORBIDS burst WITHIN 1 km OF loc EXCEPT 3.a.1 "
		"NOTIFIED demining 48 h BEFORE GRADE minor\n"
		"RULE 3.b FORBIDS shot WITHIN 1 km OF loc\n";
	static const struct {
		const char *name;
		bool was, is;
	} want[] = {{"article 1", true, true}, {"article 2", true, false},
		{"rule 1.a", true, true}, {"rule 3.a", true, true},
		{"rule 3.b", false, true}, {"rule 2.a", true, false},
		{"class gun", true, true}};
	struct terms_change *c;
	struct terms *a, *b;
	struct fault f;
	size_t n;

	arena.used = 0;
	a = read_terms_of(was);
	b = read_terms_of(is);
	CHECK(terms_diff(a, b, &arena, &c, &n, &f) && n == 7,
		"%zu changes", n);
	for (size_t i = 0; i < 7 && i < n; i++)
		CHECK(strcmp(c[i].name, want[i].name) == 0 &&
				!c[i].was == !want[i].was &&
				!c[i].is == !want[i].is,
			"%s", c[i].name);
	CHECK(c[0].duty_was == MODAL_SHALL && c[0].duty_is == MODAL_MAY,
		"shall became may");
	CHECK(terms_weaker(&c[0]) == 5 && !c[0].hedge,
		"which is five steps weaker");
	a = read_terms_of(HEAD "ARTICLE 1 TEXT \"They shall go. One may stay, "
		"all shall talk.\" ARTICLE 2 TEXT \"They must go.\"");
	b = read_terms_of(HEAD "ARTICLE 1 TEXT \"They will go. One may stay, "
		"all shall talk, Where Possible.\"");
	CHECK(terms_diff(a, b, &arena, &c, &n, &f) && n == 2 &&
			c[0].duty_was == MODAL_SHALL &&
			c[0].duty_is == MODAL_WILL && c[0].hedge &&
			strcmp(c[0].hedge, "where possible") == 0,
		"a word weakened beside one that was weaker, and a way out");
	CHECK(terms_weaker(&c[1]) == MODAL_MUST - MODAL_NONE && !c[1].is,
		"an article gone takes all its duty along");
	CHECK(!diff_hedge("unless", "UNLESS") && !diff_hedge("x ", "where"),
		"ways out that were there, or are none");
	CHECK(terms_diff(a, a, &arena, &c, &n, &f) && n == 0,
		"nothing differs from itself");
}

/* An EXAMPLE of one text, by the rules of another. */
static void test_examples(void)
{
	static const char was[] = HEAD "ZONE town NOT GIVEN \"none\"\n"
		"RULE 1.a FORBIDS presence of tank WITHIN 15 km OF loc\n"
		"STANDARD s\n"
		"RULE 1.b FORBIDS shot WITHIN 15 km OF loc STANDARD s\n"
		"EXAMPLE 1.a \"12 km off\" GIVEN tank 12 km FROM loc, "
		"ERROR 100 m -> BREACH\n"
		"EXAMPLE 1.a \"in town\" GIVEN tank INSIDE town, 12 km FROM "
		"loc, ERROR 100 m -> BREACH\n"
		"EXAMPLE 1.a \"out of town\" GIVEN tank OUTSIDE town, 12 km "
		"FROM loc, ERROR 100 m -> BREACH\n"
		"EXAMPLE 1.b \"a shot\" GIVEN shot 1 km FROM loc, "
		"ERROR 100 m -> BREACH\n";
	static const struct {
		const char *is;
		struct {
			bool asked;
			enum verdict got;
		} want[4];
	} under[] = {
		{"ZONE wood NOT GIVEN \"none\"\n"
		 "ZONE town NOT GIVEN \"none\"\n"
		 "RULE 1.a FORBIDS presence of tank WITHIN 15 km OF loc\n"
		 "STANDARD s EXCEPT 1.a.1 INSIDE town\n",
			{{true, VERDICT_UNDETERMINED},
				{true, VERDICT_NO_BREACH},
				{true, VERDICT_BREACH},
				{false, VERDICT_UNDETERMINED}}},
		{"RULE 1.a FORBIDS presence of tank WITHIN 15 km OF loc\n"
		 "STANDARD s\n"
		 "RULE 1.b FORBIDS shot WITHIN 500 m OF loc STANDARD s\n",
			{{true, VERDICT_BREACH},
				{false, VERDICT_UNDETERMINED},
				{false, VERDICT_UNDETERMINED},
				{true, VERDICT_NOT_APPLICABLE}}},
	};

	for (size_t k = 0; k < sizeof under / sizeof *under; k++) {
		char text[2048];
		struct text out = text_on(text, sizeof text);
		struct terms *of, *by;

		arena.used = 0;
		text_fmt(&out, "%s%s", HEAD, under[k].is);
		of = read_terms_of(was);
		by = read_terms_of(text);
		for (size_t i = 0; i < 4; i++) {
			struct example_result x, own;
			struct fault f;

			CHECK(terms_example(of, i, &arena, &own, &f) &&
					own.asked && own.got == own.want &&
					terms_example_under(of, i, by, &arena,
						&x, &f) &&
					x.asked == under[k].want[i].asked &&
					x.got == under[k].want[i].got,
				"%zu: %s: %s, %s", k, own.says,
				verdict_name(own.got), x.asked
					? verdict_name(x.got) : "not asked");
		}
	}
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, 64 << 20, &f))
		return 1;
	test_rows();
	test_random();
	test_terms();
	test_examples();
	arena_unmap(&arena);
	return check_done();
}
