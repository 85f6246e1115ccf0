/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mend.c - what may have been meant by a word that means nothing, so that
 * what stands behind it is read, too. */
#include "base/words.h"
#include "judge/parser.h"

/* A slip weighs as much as a word passed over; the word that the letters tell
 * of may cost a slip more than another. */
#define AHEAD ((size_t)40)
#define SLIP ((size_t)4)
#define NEAR ((size_t)6)

static struct token *ahead_of(const struct parser *p, size_t ahead)
{
	for (size_t i = 0; i < ahead; i++)
		if (p->token[p->at + i].is == TOKEN_END)
			return &p->token[p->at + i];
	return &p->token[p->at + ahead];
}

/* Asked of the same words in many trials. */
static bool known(const struct parser *p, struct token *t)
{
	size_t names = p->names(p) + 1;

	if (t->names != names) {
		t->known = p->known(p, t->what);
		t->names = names;
	}
	return t->known;
}

bool parser_strange(const struct parser *p, size_t ahead)
{
	struct token *t = ahead_of(p, ahead);

	/* What would not be told needs no care. */
	if (p->c->count >= SLIPS_MAX)
		return false;
	if (t->is == TOKEN_BAD)
		return true;
	return t->is == TOKEN_WORD && (*t->what < '0' || *t->what > '9') &&
		!known(p, t);
}

/* A name that is new, and mere letters, may be a word misspelt; one that is a
 * word of the language even more so. */
static bool elsewhere(const struct parser *p)
{
	enum { FAR = 1000 };
	const struct token *t = parser_peek(p);
	size_t n = 2 * FAR;

	for (const struct token *k = p->at > FAR ? t - FAR : p->token;
		n > 0 && k->is != TOKEN_END; k++, n--)
		if (k != t && k->is == TOKEN_WORD &&
			*k->what == *t->what &&
			strcmp(k->what, t->what) == 0)
			return true;
	return false;
}

void parser_doubt(struct parser *p)
{
	struct token *t = &p->token[p->at];

	if (!p->trying || t->what[strcspn(t->what, "./-:0123456789")])
		return;
	if (known(p, t))
		p->cost += SLIP - 1;
	else if (!elsewhere(p))
		p->cost += SLIP + 1;
}

bool parser_at_margin(const struct parser *p)
{
	const struct token *t = parser_peek(p);

	return t->first && t->column == p->margin;
}

/* It stands where statements begin, or is nearly a word that begins one. */
static bool like_statement(const struct parser *p)
{
	const struct token *t = parser_peek(p);

	if (parser_at_margin(p))
		return true;
	return !p->trying && t->is == TOKEN_WORD && *t->what >= 'A' &&
		*t->what <= 'Z' && lex_nearest(t->what, p->statements);
}

bool parser_instead(struct parser *p, const char *wanted,
	const char *const *near)
{
	bool over = parser_strange(p, 0) && !like_statement(p);

	parser_wrong(p, wanted, near);
	if (!over)
		return false;
	p->bad = p->c->broke;
	parser_step(p);
	return !p->bad;
}

bool parser_more(const struct parser *p)
{
	return !p->bad && !p->starts(p) &&
		parser_peek(p)->is != TOKEN_END && p->at < p->until;
}

void parser_pass(struct parser *p)
{
	p->cost += p->astray ? SLIP - 1 : SLIP;
	parser_step(p);
}

void parser_give_up(struct parser *p, size_t began)
{
	p->bad = p->c->broke;
	p->astray = p->at == began && began > p->from && parser_strange(p, 0);
	if (p->at == began && !p->starts(p))
		parser_step(p);
}

void parser_next_clause(struct parser *p, size_t began,
	const char *const *words)
{
	parser_give_up(p, began);
	for (; parser_more(p); parser_pass(p))
		for (size_t i = 0; words[i]; i++)
			if (parser_is(p, words[i]))
				return;
}

/* What it costs to read on, with the word in the place of the next; NULL: as
 * it stands.  Nothing is left of the trial. */
static size_t trial(struct parser *p, const char *word, parser_reading *read,
	void *self)
{
	struct parser was = *p;
	struct token token = p->token[p->at];
	size_t mark = p->a->used, cost;
	void *made = arena_room(p->a, p->made_size, p->c->fault);

	if (!made) {
		p->c->broke = true;
		return 0;
	}
	memcpy(made, p->made, p->made_size);
	if (word) {
		p->token[p->at].is = TOKEN_WORD;
		p->token[p->at].what = word;
		p->token[p->at].names = 0;
	}
	p->trying = true;
	p->bad = false;
	p->until = p->at + AHEAD;
	p->from = p->at;
	p->cost = 0;
	if (read)
		read(p, self);
	else
		p->statement(p);
	p->astray = false;
	if (p->at == was.at)
		parser_step(p);
	while (p->bad && !p->starts(p) && p->at < p->until &&
		parser_peek(p)->is != TOKEN_END)
		parser_pass(p);
	/* All trials read equally far. */
	if (read && p->starts(p) && p->at < p->until &&
		parser_peek(p)->is != TOKEN_END)
		p->statement(p);
	cost = SLIP * (p->told - was.told) + p->cost;
	memcpy(p->made, made, p->made_size);
	*p = was;
	p->token[p->at] = token;
	p->a->used = mark;
	return cost;
}

struct choice {
	const char *word;
	bool statement;
	size_t cost;
};

/* Of two that cost as much the one that is nearer to what stands there. */
static bool nearer(const char *now, const char *word, const char *than)
{
	return !than || words_apart(now, word) < words_apart(now, than);
}

/* May another trial be made? */
static bool careful(struct parser *p)
{
	size_t words = AHEAD + p->names(p);

	if (p->care < words)
		return false;
	p->care -= words;
	return true;
}

static void weigh(struct parser *p, struct choice *best, struct choice c,
	parser_reading *read, void *self)
{
	const char *now = parser_peek(p)->what;

	if (!careful(p))
		return;
	c.cost += trial(p, c.word, read, self);
	if (!p->c->broke && (c.cost < best->cost ||
			(c.cost == best->cost &&
				nearer(now, c.word, best->word))))
		*best = c;
}

static void weigh_statements(struct parser *p, struct choice *best)
{
	const struct token *t = parser_peek(p);
	const char *near = lex_nearest(t->what, p->statements);
	bool margin = parser_at_margin(p);

	if (p->spare == 0 || (!near && !t->first))
		return;
	for (size_t i = 0; p->statements[i]; i++) {
		struct choice c = {.word = p->statements[i], .statement = true};

		/* First on its line it is what it nearly is. */
		if (margin && near && c.word != near)
			continue;
		c.cost = c.word == near ? 1 : margin ? NEAR - 1 : NEAR + 1;
		weigh(p, best, c, NULL, NULL);
	}
}

bool parser_mend(struct parser *p, const char *const *words,
	parser_reading *read, void *self)
{
	struct token *t = &p->token[p->at];
	const char *near = lex_nearest(t->what, words);
	struct choice best = {.word = NULL};

	if (p->trying || p->c->broke || !parser_strange(p, 0) || !careful(p))
		return false;
	/* To give it up: it is told of already. */
	best.cost = NEAR + trial(p, NULL, read, self) - SLIP;
	for (size_t i = 0; words[i]; i++)
		weigh(p, &best, (struct choice){.word = words[i],
			.cost = words[i] == near ? 0 : NEAR}, read, self);
	weigh_statements(p, &best);
	if (!best.word || p->c->broke)
		return false;
	p->spare -= best.statement;
	t->is = TOKEN_WORD;
	t->what = best.word;
	t->late = p->late;
	t->names = 0;
	p->bad = false;
	return true;
}

void parser_no_statement(struct parser *p, const char *wanted)
{
	static const char *const none[] = {NULL};

	parser_wrong(p, wanted, p->statements);
	(void)parser_mend(p, none, NULL, NULL);
}
