/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Are all mistakes told, whatever stands before them?  Each two words of a
 * statement are spoilt together, and many threes; what each alone is told for
 * should be told of all, and nothing else.  A word is blotted out, so that
 * nothing says what it was, or two of its letters are swapped.  Of few sets it
 * is not so.  Their number may only fall.  ALLSLIPS=1 prints them. */
#include <ctype.h>

#include "check.h"
#include "judge/lex.h"
#include "judge/pledges.h"
#include "judge/terms.h"

static struct arena arena;

static const char terms_text[] =
	"AGREEMENT t/1\n"
	"TITLE \"Of two sides\"\n"
	"STATUS signed 2026-02-01\n"
	"TIMEZONE Europe/Kyiv\n"
	"PARTIES AA \"Side of A\" BB \"Side of B\" CC \"Side of C\"\n"
	"LINE loc NOT GIVEN \"to come\" ERROR 150 m MEASURED BY AA\n"
	"ZONE sea NOT GIVEN \"to come\" ERROR 30 m FLOOR 10 m CEILING 2 km\n"
	"ZONE buf = WITHIN 20 km TOTAL OF loc ERROR 20 m\n"
	"CLASS heavy = tank or (mortar and calibre_mm >= 120) or not shot\n"
	"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
	"STANDARD likely = modalities >= 3 and probability >= 0.7\n"
	"ARTICLE 10 TEXT \"No heavy weapons.\"\n"
	"RULE 10.a FORBIDS presence of heavy WITHIN 15 km TOTAL OF loc\n"
	"     OUTSIDE sea ON own side FROM 2026-02-02T00:00Z\n"
	"     UNTIL 2027-02-02T00:00Z DAILY 06:00-18:00 BY AA\n"
	"     EXCEPT 10.a.1 INSIDE sea, NOTIFIED demining 48 h BEFORE,\n"
	"            NEAR 500 m\n"
	"     EXCEPT 10.a.2 ON side OF BB, BY BB, DAILY 07:00-08:00\n"
	"     STANDARD clear\n"
	"     GRADE by count (1 minor, 5 major, 20 grave)\n"
	"RULE 10.b FORBIDS use of (shot or burst) INSIDE buf GRADE minor\n"
	"     STANDARD likely\n"
	"RULE 11.a REQUIRES answer BY party WITHIN 24 h OF query\n"
	"     ELSE obstruction STANDARD clear GRADE minor\n"
	"EXAMPLE 10.a \"a tank\" GIVEN tank 3 km FROM loc, INSIDE sea,\n"
	"     OUTSIDE buf, ERROR 20 m, CALIBRE 122 mm, COUNT 3,\n"
	"     MODALITIES 2, BY AA, AT 2026-03-01T10:00Z,\n"
	"     NOTIFIED demining AT 2026-02-26T10:00Z,\n"
	"     UNTIL 2026-04-01T00:00Z -> NO BREACH\n";

static const char pledges_text[] =
	"REGISTER t/1 TITLE \"Of two\"\n"
	"ACTORS FR \"France\" GB \"Britain\" UA \"Ukraine\"\n"
	"INSTRUMENT paper TITLE \"A paper\" DATE 2026-01-06\n"
	"     STATUS draft 2026-01-05 SOURCE \"a page\" LINE 4 REPORTED\n"
	"     STATUS announced 2026-01-06 SOURCE \"a page\"\n"
	"     TEXT FILE docs/paper.txt SOURCE \"a page\" REPORTED\n"
	"DRAFT paper/d1 DATE 2026-01-05 FILE docs/d1.txt SOURCE \"a page\"\n"
	"ENDORSED paper BY FR GB NOT BY UA SAID \"no\" DATE 2026-01-06\n"
	"     SOURCE \"a page\" LINE 3\n"
	"LADDER steps FROM first breach GRADE major STANDARD clear\n"
	"     STEP 24 h consult STEP 72 h decide SOURCE \"a page\"\n"
	"PLEDGE troops FROM FR GB TO UA ACT patrol or training\n"
	"     QUANTITY 1000..5000 troops DOMAIN land MODALITY \"shall\"\n"
	"     AUTHORITY \"parliament\" STATUS announced 2026-01-06\n"
	"     UNDER paper BY LADDER steps\n"
	"     TRIGGER >= 2 findings CLAUSE 10.a GRADE major STANDARD clear\n"
	"        PARTY BB WITHIN 7 d reviewed jointly accepted\n"
	"     DUE 48 h AFTER trigger SOURCE \"a page\" REPORTED\n"
	"FLOW troops COMMITTED 2026-01-07 EUR 500e6 PRICES 2021 SOURCE \"b\"\n"
	"     ALLOCATED 2026-02-07 EUR 100e6 SOURCE \"b\"\n"
	"     DELIVERED none\n";

struct told {
	const struct terms_error *e;
	size_t n;
};

typedef struct told reading(const char *);

static void broke(const struct fault *f)
{
	printf("not ok - %s\n", f->text);
	exit(1);
}

static struct told of_terms(const char *s)
{
	struct terms *t;
	struct told r = {0};
	struct fault f = {0};

	if (!terms_read(bytes_of(s), &arena, &t, &r.e, &r.n, &f))
		broke(&f);
	return r;
}

static struct told of_pledges(const char *s)
{
	struct pledges *r;
	struct told t = {0};
	struct fault f = {0};

	if (!pledges_read(bytes_of(s), &arena, &r, &t.e, &t.n, &f))
		broke(&f);
	return t;
}

struct word_at {
	size_t at, len; /* in the text, bytes */
	size_t line, column;
	size_t statement;
	bool alone; /* spoilt, it is told and nothing else is */
};

enum { PLACES = 600 };

static bool telling;

struct sheet {
	const char *text;
	reading *read;
	bool swaps; /* letters, and does not blot */
	char copy[4000];
	struct word_at place[PLACES];
	size_t places;
};

/* Letters only, and two in its middle that differ. */
static bool swappable(const char *w, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isalpha((unsigned char)w[i]))
			return false;
	return n > 3 && w[n / 2] != w[n / 2 - 1];
}

/* Words and quoted texts; a line that does not begin with a blank begins a
 * statement.  All of the samples is ASCII. */
static void find_places(struct sheet *s)
{
	size_t line = 1, from = 0, statement = 0;

	for (size_t i = 0; s->text[i];) {
		const char *at = s->text + i;
		size_t n = *at == '"' ? strcspn(at + 1, "\"") + 2
				      : strcspn(at, " \n,()");

		if (i == from && *at != ' ')
			statement++;
		if (n > 0 && *at != '-' && *at != '>' && *at != '=' &&
			(!s->swaps || swappable(at, n)))
			s->place[s->places++] = (struct word_at){i, n, line,
				i - from + 1, statement, false};
		i += n > 0 ? n : 1;
		if (*at == '\n') {
			line++;
			from = i;
		}
	}
}

static void spoil(struct sheet *s, const struct word_at *p)
{
	char *w = s->copy + p->at, c = w[p->len / 2];

	if (!s->swaps) {
		memset(w, 'z', p->len);
		return;
	}
	w[p->len / 2] = w[p->len / 2 - 1];
	w[p->len / 2 - 1] = c;
}

static bool tells(struct told t, const struct word_at *p)
{
	for (size_t i = 0; i < t.n; i++)
		if (t.e[i].line == p->line && t.e[i].column == p->column)
			return true;
	return false;
}

static void alone(struct sheet *s)
{
	for (size_t i = 0; i < s->places; i++) {
		size_t mark = arena.used;
		struct told t;

		memcpy(s->copy, s->text, strlen(s->text) + 1);
		spoil(s, &s->place[i]);
		t = s->read(s->copy);
		s->place[i].alone = t.n == 1 && tells(t, &s->place[i]);
		if (telling && t.n > 0 && !s->place[i].alone)
			printf("# %zu:%zu %.*s: %zu, as %zu:%zu %s\n",
				s->place[i].line, s->place[i].column,
				(int)s->place[i].len, s->text + s->place[i].at,
				t.n, t.e[t.n - 1].line, t.e[t.n - 1].column,
				t.e[t.n - 1].text);
		arena.used = mark;
	}
}

static void say(const struct sheet *s, const struct word_at *const *p,
	size_t n, struct told t)
{
	printf("#");
	for (size_t i = 0; i < n; i++)
		printf(" %.*s (%zu:%zu)", (int)p[i]->len, s->text + p[i]->at,
			p[i]->line, p[i]->column);
	printf(":\n");
	for (size_t i = 0; i < t.n; i++)
		printf("#   %zu:%zu: %s\n", t.e[i].line, t.e[i].column,
			t.e[i].text);
}

static bool together(
	struct sheet *s, const struct word_at *const *p, size_t n)
{
	size_t mark = arena.used;
	struct told t;
	bool ok;

	memcpy(s->copy, s->text, strlen(s->text) + 1);
	for (size_t i = 0; i < n; i++)
		spoil(s, p[i]);
	t = s->read(s->copy);
	ok = t.n == n;
	for (size_t i = 0; i < n; i++)
		ok = ok && tells(t, p[i]);
	if (!ok && telling)
		say(s, p, n, t);
	arena.used = mark;
	return ok;
}

struct tally {
	size_t sets, lost;
};

/* All sets of n words of one statement, from the i-th on; of threes one in
 * 16. */
static void choose(struct sheet *s, const struct word_at **p, size_t have,
	size_t n, size_t i, struct tally *y)
{
	for (; i < s->places; i++) {
		const struct word_at *w = &s->place[i];

		if (have > 0 && w->statement != p[0]->statement)
			return;
		if (!w->alone)
			continue;
		p[have] = w;
		if (have + 1 < n) {
			choose(s, p, have + 1, n, i + 1, y);
		} else if (n < 3 ||
			(p[0]->at + 3 * p[1]->at + w->at) % 16 == 0) {
			y->sets++;
			y->lost += !together(s, p, n);
		}
	}
}

struct least {
	size_t pairs, threes; /* lost at most */
};

static void test_sets(const char *name, struct sheet *s, struct least most)
{
	size_t single = 0;

	CHECK(s->read(s->text).n == 0, "%s: the sample is sound", name);
	find_places(s);
	alone(s);
	for (size_t i = 0; i < s->places; i++)
		single += s->place[i].alone;
	for (size_t n = 2; n <= 3; n++) {
		size_t may = n == 2 ? most.pairs : most.threes;
		const struct word_at *p[3];
		struct tally y = {0};

		choose(s, p, 0, n, 0, &y);
		CHECK(y.sets > 100 && y.lost <= may, "%s: of %zu words, %zu "
			"told alone, %zu sets of %zu: %zu not exactly told, "
			"at most %zu", name, s->places, single, y.sets, n,
			y.lost, may);
	}
}

int main(void)
{
	static struct sheet s;
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 30, &f))
		return 1;
	telling = getenv("ALLSLIPS") != NULL;
	s = (struct sheet){.text = terms_text, .read = of_terms};
	test_sets("terms blotted", &s, (struct least){2, 8});
	s = (struct sheet){.text = terms_text, .read = of_terms,
		.swaps = true};
	test_sets("terms misspelt", &s, (struct least){0, 0});
	s = (struct sheet){.text = pledges_text, .read = of_pledges};
	test_sets("pledges blotted", &s, (struct least){3, 8});
	s = (struct sheet){.text = pledges_text, .read = of_pledges,
		.swaps = true};
	test_sets("pledges misspelt", &s, (struct least){1, 0});
	return check_done();
}
