/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledge_read.c - a .pledges text becomes struct pledges, in one walk: a
 * statement uses only what stands above it. */
#include "judge/book.h"

static void read_actors(struct book *b)
{
	/* What may follow a list of actors. */
	static const char *const taken[] = {"FROM", "TO", "ACT", "QUANTITY",
		"DOMAIN", "MODALITY", "AUTHORITY", "STATUS", "UNDER", "BY",
		"TRIGGER", "DUE", "SOURCE", "NOT", "SAID", "DATE",
		"endorsers", NULL};
	struct parser *p = &b->p;

	do {
		const struct token *at = parser_peek(p);

		if (b->out->actors > 0 && p->token[p->at + 1].is != TOKEN_TEXT)
			parser_wrong(p, "another actor and its name in "
				"quotes, or the next statement",
				book_statements);
		struct party q = {parser_word(p, "an actor's short name"),
			parser_text(p, "the actor's name in quotes")};

		for (size_t i = 0; taken[i]; i++)
			if (!p->bad && strcmp(q.id, taken[i]) == 0)
				parser_wrong_at(p, at, "'%.40s' is a word of "
					"this language; wanted another name",
					q.id);
		for (size_t i = 0; i < b->out->actors; i++)
			if (!p->bad && strcmp(q.id, b->out->actor[i].id) == 0)
				parser_wrong_at(p, at, "actor '%.40s' stands "
					"twice; wanted another name", q.id);
		if (!p->bad)
			b->out->actor[b->out->actors++] = q;
	} while (!p->bad && !book_starts(p));
}

static void read_instrument(struct book *b)
{
	static const char *const near[] = {"TITLE", "DATE", "TEXT", "STATUS",
		"SOURCE", NULL};
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct instrument i = {.title = "", .at = INSTANT_UNKNOWN,
		.source = {.says = ""}, .line = at->line,
		.column = at->column};
	struct draft final = {.file = "", .sha256_hex = "", .line = at->line,
		.source = {.says = ""}, .column = at->column};

	i.id = parser_word(p, "the instrument's short name");
	if (!p->bad && instrument_named(b->out, i.id))
		parser_wrong_at(p, at, "a second INSTRUMENT '%.40s'; "
			"wanted another name", i.id);
	while (!p->bad && !book_starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "TITLE"))
			i.title = parser_text(p, "its title in quotes");
		else if (parser_take(p, "DATE"))
			i.at = book_date(p);
		else if (parser_take(p, "STATUS"))
			book_stage(p, i.stage, &i.stages);
		else if (parser_take(p, "SOURCE"))
			book_source(p, &i.source);
		else if (parser_take(p, "TEXT")) {
			parser_want(p, "FILE");
			book_file(p, &final);
		} else
			book_no_clause(p, "TITLE, DATE, TEXT FILE, STATUS, "
				"SOURCE or the next statement", near);
		if (p->bad)
			parser_next_clause(p, began, near);
	}
	if (p->bad)
		return;
	b->out->instrument[b->out->instruments++] = i;
	if (!*final.file)
		return;
	final.id = final.instrument = i.id;
	final.at = i.at;
	b->out->draft[b->out->drafts++] = final;
}

/* "paris-2026/d1" is a draft of paris-2026. */
static void read_draft(struct book *b)
{
	static const char *const near[] = {"DATE", "FILE", "SOURCE", NULL};
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct draft d = {.file = "", .sha256_hex = "", .instrument = "",
		.at = INSTANT_UNKNOWN, .source = {.says = ""},
		.line = at->line, .column = at->column};
	const char *slash;

	d.id = parser_word(p, "a draft's name such as paris-2026/d1");
	slash = strrchr(d.id, '/');
	for (size_t i = 0; slash && i < b->out->instruments; i++) {
		const char *name = b->out->instrument[i].id;

		if (strlen(name) == (size_t)(slash - d.id) &&
			memcmp(name, d.id, strlen(name)) == 0)
			d.instrument = name;
	}
	if (!p->bad && !*d.instrument)
		parser_wrong_at(p, at, "'%.40s' is no draft of an INSTRUMENT "
			"named above; wanted its name, '/', the draft's",
			d.id);
	while (!p->bad && !book_starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "DATE"))
			d.at = book_date(p);
		else if (parser_take(p, "FILE"))
			book_file(p, &d);
		else if (parser_take(p, "SOURCE"))
			book_source(p, &d.source);
		else
			book_no_clause(p, "DATE, FILE, SOURCE or the next "
				"statement", near);
		if (p->bad)
			parser_next_clause(p, began, near);
	}
	if (!p->slipped && !*d.file)
		parser_wrong_at(p, at, "the draft's FILE is missing; "
			"wanted FILE and its name");
	if (!p->bad)
		b->out->draft[b->out->drafts++] = d;
}

static void read_endorsed(struct book *b)
{
	static const char *const near[] = {"BY", "NOT", "SAID", "DATE",
		"SOURCE", NULL};
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct endorsement all[2] = {{.withheld = false}, {.withheld = true}};
	const char *instrument = book_instrument(b), *said = "";
	struct instant when = INSTANT_UNKNOWN;
	struct citation source = {.says = ""};

	while (!p->bad && !book_starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "BY")) {
			book_actors(b, &all[0].by);
		} else if (parser_take(p, "NOT")) {
			parser_want(p, "BY");
			book_actors(b, &all[1].by);
		} else if (parser_take(p, "SAID")) {
			said = parser_text(p, "the words in quotes");
		} else if (parser_take(p, "DATE")) {
			when = book_date(p);
		} else if (parser_take(p, "SOURCE")) {
			book_source(p, &source);
		} else {
			book_no_clause(p, "BY, NOT BY, SAID, DATE, SOURCE or "
				"the next statement", near);
		}
		if (p->bad)
			parser_next_clause(p, began, near);
	}
	if (!p->slipped && all[0].by.count + all[1].by.count == 0)
		parser_wrong_at(p, at, "ENDORSED by nobody: wanted BY or NOT "
			"BY and actors");
	for (size_t i = 0; !p->slipped && i < 2; i++) {
		all[i].instrument = instrument;
		all[i].said = i == 1 || all[1].by.count == 0 ? said : "";
		all[i].at = when;
		all[i].source = source;
		if (all[i].by.count > 0)
			b->out->endorsement[b->out->endorsements++] = all[i];
	}
}

static void read_step(struct parser *p, struct ladder *l)
{
	const struct token *at = parser_peek(p);
	struct ladder_step s = {parser_duration(p),
		parser_word(p, "what this step is, such as consult")};

	if (!p->bad && l->steps == PLEDGE_STEPS_MAX)
		parser_wrong_at(p, at, "wanted at most %d STEP",
			PLEDGE_STEPS_MAX);
	if (!p->bad && l->steps > 0 &&
		l->step[l->steps - 1].after_us >= s.after_us)
		parser_wrong_at(p, at, "a STEP no later than the one "
			"before; wanted them in order of time");
	if (!p->bad)
		l->step[l->steps++] = s;
}

static const struct ladder *ladder_named(
	const struct pledges *r, const char *id)
{
	for (size_t i = 0; i < r->ladders; i++)
		if (strcmp(r->ladder[i].id, id) == 0)
			return &r->ladder[i];
	return NULL;
}

static void read_ladder(struct book *b)
{
	static const char *const near[] = {"FROM", "GRADE", "STANDARD",
		"STEP", "SOURCE", NULL};
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct ladder l = {.grade = "", .standard = "",
		.source = {.says = ""}};

	l.id = parser_word(p, "the ladder's name");
	if (!p->bad && ladder_named(b->out, l.id))
		parser_wrong_at(p, at, "a second LADDER '%.40s'; wanted "
			"another name", l.id);
	while (!p->bad && !book_starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "FROM")) {
			parser_want(p, "first");
			parser_want(p, "breach");
		} else if (parser_take(p, "GRADE")) {
			l.grade = parser_word(p, "a grade");
		} else if (parser_take(p, "STANDARD")) {
			l.standard = parser_word(p, "a standard");
		} else if (parser_take(p, "STEP")) {
			read_step(p, &l);
		} else if (parser_take(p, "SOURCE")) {
			book_source(p, &l.source);
		} else {
			book_no_clause(p, "FROM first breach, GRADE, STANDARD, "
				"STEP, SOURCE or the next statement", near);
		}
		if (p->bad)
			parser_next_clause(p, began, near);
	}
	if (!p->slipped && l.steps == 0)
		parser_wrong_at(p, at, "a LADDER without a STEP; wanted "
			"STEP 24 h consult or such");
	if (!p->bad)
		b->out->ladder[b->out->ladders++] = l;
}

static void read_head(struct book *b)
{
	struct parser *p = &b->p;

	const char *id;

	if (*b->out->id)
		parser_wrong(p, "one REGISTER only", NULL);
	id = parser_word(p,
		"the register's name and version, such as coalition/1");
	if (!p->bad)
		b->out->id = id;
	if (parser_take(p, "TITLE"))
		b->out->title = parser_text(p, "its title in quotes");
}

static void statement(struct book *b)
{
	struct parser *p = &b->p;

	if (parser_take(p, "REGISTER"))
		read_head(b);
	else if (parser_take(p, "ACTORS"))
		read_actors(b);
	else if (parser_take(p, "INSTRUMENT"))
		read_instrument(b);
	else if (parser_take(p, "DRAFT"))
		read_draft(b);
	else if (parser_take(p, "ENDORSED"))
		read_endorsed(b);
	else if (parser_take(p, "LADDER"))
		read_ladder(b);
	else if (parser_take(p, "PLEDGE"))
		book_pledge(b);
	else if (parser_take(p, "FLOW"))
		book_flow(b);
	else
		parser_wrong(p, "REGISTER, ACTORS, INSTRUMENT, DRAFT, "
			"ENDORSED, LADDER, PLEDGE or FLOW", book_statements);
}

/* Behind a slip: to the next line that begins a statement. */
static void go_on(struct parser *p, size_t began)
{
	p->bad = p->c->broke;
	if (p->at == began)
		parser_step(p);
	while (parser_peek(p)->is != TOKEN_END &&
		!(parser_peek(p)->first && book_starts(p)))
		parser_step(p);
}

static bool known(const struct parser *p, const char *word)
{
	(void)p;
	(void)word;
	return true;
}

static bool room(struct book *b, size_t n, struct fault *f)
{
	struct pledges *r = b->out;
	size_t count[8] = {0};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; book_statements[k]; k++)
			count[k] += b->p.token[i].is == TOKEN_WORD &&
				strcmp(b->p.token[i].what,
					book_statements[k]) == 0;
#define ROOM(list, n)                                                          \
	((r->list = arena_array(b->p.a, (n) + 1, sizeof *r->list, f)) != NULL)
	/* An actor takes two words, a flow at least one. */
	return ROOM(actor, n / 2) && ROOM(instrument, count[2]) &&
		ROOM(draft, count[2] + count[3]) &&
		ROOM(endorsement, 2 * count[4]) && ROOM(ladder, count[5]) &&
		ROOM(pledge, count[6]) && ROOM(flow, n / 4);
#undef ROOM
}

bool pledges_read(struct bytes in, struct arena *a, struct pledges **out,
	const struct terms_error **errors, size_t *error_count,
	struct fault *f)
{
	struct slips c = {.arena = a, .fault = f};
	struct book b = {
		.p = {.a = a, .c = &c, .statements = book_statements,
			.known = known, .starts = book_starts,
			.until = SIZE_MAX}};
	struct token *token;
	size_t n;

	*errors = NULL;
	*error_count = 0;
	*out = arena_take(a, sizeof **out, f);
	if (!*out)
		return false;
	if (in.len > PLEDGES_BYTES_MAX)
		return fault(f, FAULT_LIMIT, "the text has %zu bytes, at most "
			"%d are read", in.len, PLEDGES_BYTES_MAX);
	b.out = *out;
	b.out->id = b.out->title = "";
	if (!lex(in, a, &token, &n, f))
		return false;
	b.p.token = token;
	if (!room(&b, n, f))
		return false;
	while (parser_peek(&b.p)->is != TOKEN_END) {
		size_t began = b.p.at;

		b.p.slipped = false;
		statement(&b);
		if (b.p.bad)
			go_on(&b.p, began);
	}
	if (!*b.out->id)
		slips_add(&c, 1, 1, "no REGISTER is named; wanted REGISTER "
			"name/version");
	slips_sort(&c);
	*errors = c.error;
	*error_count = c.count;
	return !c.broke;
}
