/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/lex.h"

#include "base/words.h"

struct scan {
	struct reader r;
	size_t line, column;
	bool first;
};

static uint8_t peek(const struct scan *s, size_t ahead)
{
	return s->r.pos + ahead < s->r.in.len ? s->r.in.at[s->r.pos + ahead]
					      : 0;
}

static bool more(const struct scan *s)
{
	return s->r.pos < s->r.in.len;
}

static uint8_t step(struct scan *s)
{
	uint8_t c = read_u8(&s->r);

	if (c == '\n') {
		s->line++;
		s->column = 1;
		s->first = true;
	} else if ((c & 0xC0) != 0x80) {
		s->column++;
	}
	return c;
}

static bool wordly(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || c > 127 ||
		(c != 0 && strchr("_./:+-@%", c));
}

static void skip(struct scan *s)
{
	while (more(s)) {
		uint8_t c = peek(s, 0);

		if (c == '#') {
			while (more(s) && peek(s, 0) != '\n')
				step(s);
		} else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
			step(s);
		} else {
			return;
		}
	}
}

/* One quoted piece; to may be NULL, to count. */
static bool quoted(struct scan *s, char *to, size_t *n)
{
	step(s);
	while (more(s) && peek(s, 0) != '\n') {
		uint8_t c = step(s);

		if (c == '"')
			return true;
		if (c == '\\' && (peek(s, 0) == '"' || peek(s, 0) == '\\'))
			c = step(s);
		if (to)
			to[*n] = (char)(c ? c : '?');
		(*n)++;
	}
	return false;
}

static bool pieces(struct scan *s, char *to, size_t *n)
{
	struct scan ahead;

	for (*n = 0;; *s = ahead) {
		if (!quoted(s, to, n))
			return false;
		ahead = *s;
		skip(&ahead);
		if (peek(&ahead, 0) != '"')
			return true;
	}
}

static const char *text(struct scan *s, struct token *t, struct arena *a,
	struct fault *f)
{
	struct scan counting = *s;
	bool closed;
	size_t n;
	char *to;

	(void)pieces(&counting, NULL, &n);
	to = arena_take(a, n + 1, f);
	if (!to)
		return NULL;
	closed = pieces(s, to, &n);
	t->is = closed ? TOKEN_TEXT : TOKEN_BAD;
	return closed ? to
		      : "the text has no closing quote on its line (one that "
			"goes on is quoted anew on the next)";
}

static const char *mark(struct scan *s, struct token *t)
{
	static const char *const marks[] = {
		"->", "<=", ">=", "(", ")", ",", "=", "<", ">"};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t n = strlen(marks[i]);

		if (peek(s, 0) != (uint8_t)marks[i][0] ||
			(n == 2 && peek(s, 1) != (uint8_t)marks[i][1]))
			continue;
		while (n-- > 0)
			step(s);
		t->is = TOKEN_MARK;
		return marks[i];
	}
	return NULL;
}

static bool next(struct scan *s, struct token *t, struct arena *a,
	struct fault *f)
{
	size_t from;

	skip(s);
	*t = (struct token){.first = s->first,
		.line = s->line, .column = s->column, .what = ""};
	if (!more(s))
		return true;
	s->first = false;
	if (peek(s, 0) == '"') {
		t->what = text(s, t, a, f);
		return t->what != NULL;
	}
	if ((t->what = mark(s, t)))
		return true;
	from = s->r.pos;
	while (more(s) && wordly(peek(s, 0)))
		step(s);
	t->is = TOKEN_WORD;
	if (s->r.pos == from) {
		step(s);
		t->is = TOKEN_BAD;
		t->what = "a character that stands for nothing here";
		return true;
	}
	if (s->r.pos - from > LEX_WORD_MAX) {
		t->is = TOKEN_BAD;
		t->what = "a word of more than 100 bytes";
		return true;
	}
	t->what = arena_text(
		a, bytes_part(s->r.in, from, s->r.pos - from), f);
	return t->what != NULL;
}

bool lex(struct bytes in, struct arena *a, struct token **out, size_t *count,
	struct fault *f)
{
	struct scan s = {reader(in), 1, 1, true};
	struct token t;
	size_t n = 0, size = 1;

	/* No two tokens share a byte, so the text's length bounds them; a
	 * closer bound: starts of runs. */
	for (size_t i = 0; i < in.len; i++)
		size += i == 0 || !wordly(in.at[i]) || !wordly(in.at[i - 1]) ||
			in.at[i] == '-';
	*out = arena_array(a, size + 1, sizeof **out, f);
	*count = 0;
	if (!*out)
		return false;
	if (bytes_start(in, "\xEF\xBB\xBF"))
		reader_skip(&s.r, 3);
	do {
		if (!next(&s, &t, a, f))
			return false;
		(*out)[n++] = t;
		/* The bound above holds: a guard, should it not. */
	} while (t.is != TOKEN_END && n <= size); /* GCOVR_EXCL_BR_LINE */
	*count = n;
	return true;
}

/* Its letters, a bit each, of either case. */
static uint32_t letters_of(const char *word)
{
	uint32_t bits = 0;

	for (; *word; word++)
		bits |= (uint32_t)1 << (*word & 31);
	return bits;
}

/* No step from one word to another takes away more than one letter or brings
 * more than one. */
static size_t least_apart(uint32_t a, uint32_t b)
{
	int gone = __builtin_popcount(a & ~b);
	int come = __builtin_popcount(b & ~a);

	return (size_t)(gone > come ? gone : come);
}

const char *lex_nearest(const char *word, const char *const *candidates)
{
	const char *best = NULL;
	size_t n = strlen(word), least = n < 4 ? 2 : 3;
	uint32_t letters = letters_of(word);

	if (n == 0 || n >= WORDS_MAX)
		return NULL;
	for (; *candidates; candidates++) {
		size_t d, m = strlen(*candidates);

		/* So far apart by their lengths alone. */
		if (m >= n + least || n >= m + least)
			continue;
		if (least_apart(letters, letters_of(*candidates)) >= least)
			continue;
		d = words_apart(word, *candidates);
		if (d < least && d < n) {
			least = d;
			best = *candidates;
		}
	}
	return best;
}
