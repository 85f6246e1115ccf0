/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/parser.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/words.h"

const struct token *parser_peek(const struct parser *p)
{
	return &p->token[p->at];
}

static bool is(const struct token *t, const char *word)
{
	/* Most words differ in their first letter, which costs no call. */
	return (t->is == TOKEN_WORD || t->is == TOKEN_MARK) &&
		*t->what == *word && strcmp(t->what, word) == 0;
}

bool parser_is(const struct parser *p, const char *word)
{
	return !p->bad && is(parser_peek(p), word);
}

bool parser_then(const struct parser *p, size_t ahead, const char *word)
{
	for (size_t i = 0; i < ahead; i++)
		if (p->token[p->at + i].is == TOKEN_END)
			return false;
	return is(&p->token[p->at + ahead], word);
}

void parser_step(struct parser *p)
{
	if (parser_peek(p)->is != TOKEN_END)
		p->at++;
}

bool parser_take(struct parser *p, const char *word)
{
	if (!parser_is(p, word))
		return false;
	parser_step(p);
	return true;
}

void parser_wrong_at(struct parser *p, const struct token *t,
	const char *fmt, ...)
{
	char s[200];
	va_list ap;

	if (p->bad)
		return;
	p->bad = p->slipped = true;
	p->told++;
	if (p->trying)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	slips_add(p->c, t->line, t->column, "%s", s);
}

void parser_note(struct parser *p, const struct token *t,
	const char *fmt, ...)
{
	char s[200];
	va_list ap;

	p->slipped = true;
	p->told++;
	if (p->trying)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(s, sizeof s, fmt, ap);
	va_end(ap);
	slips_add(p->c, t->line, t->column, "%s", s);
	p->bad = p->c->broke;
}

/* Of the words that may stand here, or of those that begin a statement: the
 * clause may be at its end, and the next statement misspelt. */
static const char *nearest(const struct parser *p, const char *word,
	const char *const *near)
{
	bool capital = *word >= 'A' && *word <= 'Z';
	const char *a = near ? lex_nearest(word, near) : NULL;
	const char *b = capital ? lex_nearest(word, p->statements) : NULL;

	if (a && b)
		return words_apart(word, b) < words_apart(word, a) ? b : a;
	return a ? a : b;
}

/* Marks that an office program puts for the plain ones, and no eye sees. */
static const char *typeset(const char *word)
{
	static const struct {
		const char *mark, *plain;
	} marks[] = {
		{"\u201C", "; quotes are plain ones: \""},
		{"\u201D", "; quotes are plain ones: \""},
		{"\u201E", "; quotes are plain ones: \""},
		{"\u00AB", "; quotes are plain ones: \""},
		{"\u00A0", "; the blank in it is no plain one"},
		{"\u202F", "; the blank in it is no plain one"},
		{"\u2192", "; an arrow is written ->"},
		{"\u2265", "; at least is written >="},
		{"\u2264", "; at most is written <="},
		{"\u2013", "; the dash in it is no plain one: -"},
	};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strstr(word, marks[i].mark))
			return marks[i].plain;
	return "";
}

void parser_wrong(struct parser *p, const char *wanted,
	const char *const *near)
{
	const struct token *t = parser_peek(p);
	const char *meant = NULL;

	if (p->trying) {
		parser_wrong_at(p, t, "%s", wanted);
		return;
	}
	if (t->is == TOKEN_BAD) {
		parser_wrong_at(p, t, "%s; wanted %s", t->what, wanted);
		return;
	}
	if (t->is == TOKEN_END) {
		parser_wrong_at(p, t, "the text ends; wanted %s", wanted);
		return;
	}
	if (t->is == TOKEN_WORD)
		meant = nearest(p, t->what, near);
	parser_wrong_at(p, t, "%s'%.40s' stands here; wanted %s%s%s%s%s",
		t->is == TOKEN_TEXT ? "text " : "", t->what, wanted,
		t->is == TOKEN_WORD ? typeset(t->what) : "",
		meant ? "; did you mean " : "", meant ? meant : "",
		meant ? "?" : "");
}

void parser_want(struct parser *p, const char *word)
{
	const char *const near[] = {word, NULL};

	if (p->bad || parser_take(p, word))
		return;
	/* One word too many, or another for it. */
	if (parser_instead(p, word, near))
		(void)parser_take(p, word);
}

/* Where the word that stands so far ahead is a name; SIZE_MAX: nowhere. */
static size_t named(const struct parser *p, size_t ahead,
	const struct roll *r, size_t count)
{
	const struct token *t = &p->token[p->at];

	for (size_t i = 0; i < ahead; i++)
		if (t++->is == TOKEN_END)
			return SIZE_MAX;
	if (t->is != TOKEN_WORD)
		return SIZE_MAX;
	return roll_find(r, count, t->what, strlen(t->what));
}

size_t parser_class(const struct parser *p, size_t ahead)
{
	return named(p, ahead, &p->roll->class_, p->t->classes);
}

static size_t area_named(const struct parser *p, size_t ahead)
{
	return named(p, ahead, &p->roll->area, p->t->areas);
}

bool parser_total(struct parser *p)
{
	static const char *const near[] = {"TOTAL", "OF", NULL};
	bool total = parser_take(p, "TOTAL");

	if (p->bad || parser_take(p, "OF"))
		return total;
	if (!parser_instead(p, total ? "OF" : "TOTAL OF or OF", near) ||
		parser_take(p, "OF"))
		return total;
	if (!total && parser_strange(p, 0) && area_named(p, 1) != SIZE_MAX)
		parser_want(p, "OF");
	return total;
}

/* A name that is the first word of a statement is a name forgotten. */
static bool begins_statement(const struct parser *p, const struct token *t)
{
	for (size_t i = 0; p->statements[i]; i++)
		if (is(t, p->statements[i]))
			return true;
	return false;
}

const char *parser_word(struct parser *p, const char *wanted)
{
	const struct token *t = parser_peek(p);

	if (!p->bad && (t->is != TOKEN_WORD || begins_statement(p, t))) {
		(void)parser_instead(p, wanted, NULL);
		return "";
	}
	if (p->bad)
		return "";
	parser_doubt(p);
	parser_step(p);
	return t->what;
}

const char *parser_text(struct parser *p, const char *wanted)
{
	const struct token *t = parser_peek(p);

	if (p->bad)
		return "";
	if (t->is != TOKEN_TEXT) {
		(void)parser_instead(p, wanted, NULL);
		return "";
	}
	parser_step(p);
	return t->what;
}

static bool is_small(char c)
{
	return (unsigned char)(c - 'a') < 26;
}

/* The word at hand was told of, and is what was meant: on behind it. */
static void read_over(struct parser *p)
{
	p->bad = p->c->broke;
	parser_step(p);
}

int64_t parser_decimal(struct parser *p, int decimals, const char *wanted)
{
	const struct token *t = parser_peek(p);
	const char *s = t->what;
	int64_t v = 0;
	int after = -1;

	if (p->bad)
		return 0;
	if (t->is != TOKEN_WORD || *s < '0' || *s > '9') {
		(void)parser_instead(p, wanted, NULL);
		return 0;
	}
	/* Twelve digits: with six decimals still below 2^63. */
	for (; *s && v < INT64_C(100000000000); s++) {
		if (*s == '.' && after < 0 && s[1]) {
			after = 0;
		} else if (*s >= '0' && *s <= '9' && after < decimals) {
			v = 10 * v + (*s - '0');
			after += after >= 0;
		} else {
			break;
		}
	}
	if (*s) {
		parser_wrong_at(p, t,
			"'%.40s' is no number; wanted %s, with at most %d "
			"decimals%s%s", t->what, wanted, decimals,
			is_small(*s) ? " and a blank before the unit" : "",
			typeset(t->what));
		read_over(p);
		return 0;
	}
	for (after = after < 0 ? 0 : after; after < decimals; after++)
		v *= 10;
	parser_step(p);
	return v;
}

int64_t parser_whole(struct parser *p, const char *wanted)
{
	return parser_decimal(p, 0, wanted);
}

struct unit {
	const char *name;
	int64_t of; /* in thousandths of our unit */
};

static const struct unit *unit_at(
	const struct parser *p, const struct unit *units, size_t ahead)
{
	for (; units->name; units++)
		if (parser_then(p, ahead, units->name))
			return units;
	return NULL;
}

/* Behind a number that is none: its unit, if it has one, no slip more. */
static void unit_of_none(struct parser *p, const struct unit *units,
	const char *wanted, const char *const *near)
{
	if (unit_at(p, units, 0))
		parser_step(p);
	else if (parser_strange(p, 0))
		(void)parser_instead(p, wanted, near);
}

static int64_t measured(struct parser *p, const struct unit *units,
	const char *wanted, int64_t limit, const char *most)
{
	const struct token *at = parser_peek(p);
	size_t told = p->told;
	int64_t n = parser_decimal(p, 3, wanted);
	const struct unit *u = unit_at(p, units, 0);
	const char *near[6] = {NULL};

	for (size_t i = 0; units[i].name; i++)
		near[i] = units[i].name;
	if (p->bad)
		return 0;
	if (p->told != told) {
		unit_of_none(p, units, wanted, near);
		return 0;
	}
	if (!u) {
		(void)parser_instead(p, wanted, near);
		return 0;
	}
	parser_step(p);
	if (n > limit / u->of * 1000) {
		parser_note(p, at, "'%.40s' is beyond what this language "
			"measures; wanted %s", at->what, most);
		return 0;
	}
	if (n * u->of % 1000 != 0) {
		parser_note(p, at, "'%.40s' is finer than this language "
			"measures; wanted %s", at->what, wanted);
		return 0;
	}
	return n * u->of / 1000;
}

int64_t parser_length(struct parser *p)
{
	static const struct unit units[] = {
		{"mm", 1}, {"m", 1000}, {"km", 1000000}, {NULL, 0}};

	return measured(p, units, "a length in km, m or mm",
		TERMS_LENGTH_MAX_MM, "at most 500 km");
}

int64_t parser_duration(struct parser *p)
{
	static const struct unit units[] = {{"s", 1000000}, {"min", 60000000},
		{"h", INT64_C(3600000000)}, {"d", INT64_C(86400000000)},
		{NULL, 0}};

	return measured(p, units, "a time in d, h, min or s",
		INT64_C(3660) * 86400 * 1000000, "at most 3660 d");
}

int64_t parser_time(struct parser *p, const char *wanted)
{
	const struct token *t = parser_peek(p);
	struct instant at;
	struct fault f;

	if (p->bad)
		return 0;
	if (t->is != TOKEN_WORD || t->what[0] < '0' || t->what[0] > '9') {
		(void)parser_instead(p, wanted, NULL);
		return 0;
	}
	if (!instant_parse(bytes_of(t->what), false, &at, &f)) {
		parser_wrong_at(p, t, "%.120s; wanted %s", f.text, wanted);
		read_over(p);
		return 0;
	}
	parser_step(p);
	return at.utc_ns / 1000;
}

static bool clock_read(const char *s, int64_t *us)
{
	int64_t h, m;

	for (int i = 0; i < 5; i++)
		if (i == 2 ? s[i] != ':' : s[i] < '0' || s[i] > '9')
			return false;
	h = (s[0] - '0') * 10 + s[1] - '0';
	m = (s[3] - '0') * 10 + s[4] - '0';
	*us = (h * 60 + m) * 60000000;
	return m < 60 && (h < 24 || (h == 24 && m == 0));
}

void parser_window(struct parser *p, int64_t *from, int64_t *to)
{
	const struct token *t = parser_peek(p);

	*from = *to = 0;
	if (t->is == TOKEN_WORD && strlen(t->what) == 11 &&
		t->what[5] == '-' && clock_read(t->what, from) &&
		clock_read(t->what + 6, to) && *from != *to &&
		*from < INT64_C(86400000000)) {
		parser_step(p);
		return;
	}
	if (!parser_instead(p, "local times as 06:00-18:00", NULL) &&
		t->is == TOKEN_WORD && t->what[0] >= '0' &&
		t->what[0] <= '9')
		read_over(p);
}

bool parser_party(const struct parser *p, size_t ahead)
{
	for (size_t i = 0; i < p->t->parties; i++)
		if (parser_then(p, ahead, p->t->party[i].id))
			return true;
	return parser_then(p, ahead, "mission");
}

const char *parser_who(struct parser *p)
{
	const char *near[PARTIES_MAX + 2] = {"mission"};
	const char *found = NULL;

	for (size_t i = 0; i < p->t->parties; i++)
		near[i + 1] = p->t->party[i].id;
	for (size_t i = 0; near[i] && !found; i++)
		if (parser_take(p, near[i]))
			found = near[i];
	if (!found && !p->bad)
		(void)parser_instead(p, "one of the PARTIES, or mission", near);
	return found ? found : "";
}

bool parser_starts(const struct parser *p)
{
	static const char *const words[] = {"AGREEMENT", "TITLE", "STATUS",
		"TIMEZONE", "PARTIES", "LINE", "ZONE", "CLASS", "ARTICLE",
		"RULE", "EXAMPLE"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is(parser_peek(p), words[i]))
			return true;
	return is(parser_peek(p), "STANDARD") && parser_then(p, 2, "=");
}

static void no_such(struct parser *p, const char *what, size_t count,
	const char *(*name)(const struct terms *, size_t))
{
	const char **near;

	if (p->trying) {
		(void)parser_instead(p, what, NULL);
		return;
	}
	near = arena_array(p->a, count + 1, sizeof *near, p->c->fault);
	if (!near) {
		p->c->broke = p->bad = true;
		return;
	}
	for (size_t i = 0; i < count; i++)
		near[i] = name(p->t, i);
	(void)parser_instead(p, what, near);
}

static const char *line_name(const struct terms *t, size_t i)
{
	return t->area[i].is == AREA_LINE ? t->area[i].name : "";
}

static const char *zone_name(const struct terms *t, size_t i)
{
	return t->area[i].is == AREA_LINE ? "" : t->area[i].name;
}

static const char *standard_name(const struct terms *t, size_t i)
{
	return t->standard[i].name;
}

size_t parser_area(struct parser *p, bool line)
{
	size_t i = p->bad ? SIZE_MAX : area_named(p, 0);

	if (p->bad)
		return 0;
	if (i == SIZE_MAX) {
		no_such(p, line ? "the name of a LINE" : "the name of a ZONE",
			p->t->areas, line ? line_name : zone_name);
		return 0;
	}
	if ((p->t->area[i].is == AREA_LINE) != line) {
		parser_wrong_at(p, parser_peek(p), "'%.40s' is a %s; "
			"wanted the name of a %s", p->t->area[i].name,
			line ? "ZONE" : "LINE", line ? "LINE" : "ZONE");
		read_over(p);
		return 0;
	}
	parser_step(p);
	return i;
}

size_t parser_standard(struct parser *p)
{
	size_t i = p->bad ? SIZE_MAX
		: named(p, 0, &p->roll->standard, p->t->standards);

	if (i != SIZE_MAX) {
		parser_step(p);
		return i;
	}
	no_such(p, "the name of a STANDARD", p->t->standards, standard_name);
	return SIZE_MAX;
}
