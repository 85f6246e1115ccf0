/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/book.h"

#include "base/encode.h"

const char *const book_statements[] = {"REGISTER", "ACTORS",
	"INSTRUMENT", "DRAFT", "ENDORSED", "LADDER", "PLEDGE", "FLOW", NULL};

bool book_starts(const struct parser *p)
{
	for (size_t i = 0; book_statements[i]; i++)
		if (parser_then(p, 0, book_statements[i]))
			return true;
	return parser_peek(p)->is == TOKEN_END;
}

struct book *book_of(struct parser *p)
{
	return (struct book *)p; /* its first member */
}

void book_no_clause(struct parser *p, const char *wanted,
	const char *const *near, parser_reading *read, void *self)
{
	parser_wrong(p, wanted, near);
	(void)parser_mend(p, near, read, self);
}

static const char *read_sha256(struct parser *);

bool book_option(struct parser *p, size_t told)
{
	if (p->bad || p->told == told)
		return false;
	if (parser_take(p, "LINE") || parser_take(p, "PRICES"))
		(void)parser_whole(p, "a whole number");
	else if (parser_take(p, "SHA256"))
		(void)read_sha256(p);
	else
		return parser_take(p, "REPORTED");
	return true;
}

/* The word at hand begins with a digit, so it was meant. */
static void over_number(struct parser *p, const struct token *t)
{
	if (t->is != TOKEN_WORD || *t->what < '0' || *t->what > '9')
		return;
	p->bad = p->c->broke;
	parser_step(p);
}

struct instant book_date(struct parser *p)
{
	const struct token *t = parser_peek(p);
	struct instant at;
	struct fault f;

	if (p->bad)
		return INSTANT_UNKNOWN;
	if (t->is != TOKEN_WORD ||
		!instant_parse(bytes_of(t->what), true, &at, &f)) {
		if (!parser_instead(p, "a date as 2026-01-06, or a time with "
				"its zone", NULL))
			over_number(p, t);
		return INSTANT_UNKNOWN;
	}
	parser_step(p);
	return at;
}

void book_source(struct parser *p, struct citation *s)
{
	const struct token *t = parser_peek(p);

	s->says = t->is == TOKEN_TEXT
		? parser_text(p, "words in quotes")
		: parser_word(p, "a file, an address, or words in quotes");
	if (p->bad)
		return;
	if (parser_take(p, "LINE"))
		s->line = (size_t)parser_whole(p, "a line of the source");
	s->reported = parser_take(p, "REPORTED");
}

const char *book_one_of(struct parser *p, const struct party *list,
	size_t n, const char *wanted)
{
	const char *near[PLEDGE_NAMES_MAX + 1] = {NULL};

	for (size_t i = 0; !p->bad && i < n; i++)
		if (parser_take(p, list[i].id))
			return list[i].id;
	for (size_t i = 0; i < n && i < PLEDGE_NAMES_MAX; i++)
		near[i] = list[i].id;
	if (!p->bad)
		(void)parser_instead(p, wanted, near);
	return "";
}

static const char *one_actor(struct book *b)
{
	return book_one_of(&b->p, b->out->actor, b->out->actors,
		"one of the ACTORS");
}

static bool is_actor(const struct book *b, size_t ahead)
{
	for (size_t i = 0; i < b->out->actors; i++)
		if (parser_then(&b->p, ahead, b->out->actor[i].id))
			return true;
	return false;
}

void book_add_name(struct parser *p, struct names *to, const char *name)
{
	if (p->bad || !*name)
		return;
	if (!to->at)
		to->at = arena_array(p->a, PLEDGE_NAMES_MAX, sizeof *to->at,
			p->c->fault);
	if (!to->at) {
		p->c->broke = p->bad = true;
		return;
	}
	for (size_t i = 0; i < to->count; i++) {
		if (strcmp(to->at[i], name) != 0)
			continue;
		parser_note(p, &p->token[p->at - 1],
			"'%.40s' stands twice; wanted another", name);
		return;
	}
	if (to->count == PLEDGE_NAMES_MAX)
		parser_wrong(p, "at most 64 in one list", NULL);
	if (!p->bad)
		to->at[to->count++] = name;
}

void book_actors(struct book *b, struct names *to)
{
	do
		book_add_name(&b->p, to, one_actor(b));
	while (!b->p.bad && (is_actor(b, 0) ||
			(parser_strange(&b->p, 0) && is_actor(b, 1))));
}

const char *book_instrument(struct book *b)
{
	struct party list[PLEDGE_NAMES_MAX];
	size_t n = 0;

	for (; n < b->out->instruments && n < PLEDGE_NAMES_MAX; n++)
		list[n].id = b->out->instrument[n].id;
	if (instrument_named(b->out, parser_peek(&b->p)->what)) {
		parser_step(&b->p);
		return b->p.token[b->p.at - 1].what;
	}
	return book_one_of(&b->p, list, n, "an INSTRUMENT named above");
}

void book_stage(
	struct parser *p, struct legal_stage *list, size_t *count)
{
	const char *near[LEGAL_COUNT + 1] = {NULL};
	const struct token *t = parser_peek(p);
	struct legal_stage s = {.is = LEGAL_COUNT, .source = {.says = ""}};
	size_t told = p->told;

	for (int i = 0; i < LEGAL_COUNT; i++) {
		near[i] = legal_name((enum legal)i);
		if (s.is == LEGAL_COUNT && parser_take(p, near[i]))
			s.is = (enum legal)i;
	}
	if (s.is == LEGAL_COUNT)
		(void)parser_instead(p, "mentioned, draft, announced, "
			"endorsed, signed, ratified, in_force, suspended or "
			"ended", near);
	s.at = book_date(p);
	if (parser_take(p, "SOURCE"))
		book_source(p, &s.source);
	if (p->bad || p->told != told)
		return;
	if (*count == PLEDGE_STAGES_MAX)
		parser_note(p, t, "wanted at most %d STATUS of one",
			PLEDGE_STAGES_MAX);
	else if (*count > 0 && list[*count - 1].at.utc_ns > s.at.utc_ns)
		parser_note(p, t, "a STATUS earlier than the one "
			"before; wanted them in order of time");
	else
		list[(*count)++] = s;
}

static const char *read_sha256(struct parser *p)
{
	const struct token *t = parser_peek(p);
	uint8_t at[SHA256_LEN];
	struct fault f;

	if (p->bad)
		return "";
	if (t->is != TOKEN_WORD || strlen(t->what) != SHA256_HEX - 1 ||
		!hex_read(bytes_of(t->what), at, sizeof at, &f)) {
		if (!parser_instead(p, "the file's SHA-256, 64 digits 0-9 a-f",
				NULL))
			over_number(p, t);
		return "";
	}
	parser_step(p);
	return t->what;
}

void book_file(struct parser *p, struct draft *d)
{
	d->file = parser_word(p, "a file name such as docs/draft.txt");
	if (parser_take(p, "SHA256"))
		d->sha256_hex = read_sha256(p);
}
