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
		bool wrong = false;

		if (b->out->actors > 0 && at[1].is != TOKEN_TEXT &&
			(parser_at_margin(p) || !parser_strange(p, 1) ||
				at[1].first)) {
			parser_no_statement(p, "another actor and its name in "
				"quotes, or the next statement");
			return;
		}
		struct party q = {parser_word(p, "an actor's short name"),
			parser_text(p, "the actor's name in quotes")};

		for (size_t i = 0; taken[i] && !p->bad; i++) {
			if (strcmp(q.id, taken[i]) != 0)
				continue;
			parser_note(p, at, "'%.40s' is a word of this "
				"language; wanted another name", q.id);
			wrong = true;
		}
		for (size_t i = 0; i < b->out->actors && !p->bad; i++) {
			if (wrong || strcmp(q.id, b->out->actor[i].id) != 0)
				continue;
			parser_note(p, at, "actor '%.40s' stands twice; "
				"wanted another name", q.id);
			wrong = true;
		}
		if (!p->bad && !wrong)
			b->out->actor[b->out->actors++] = q;
	} while (parser_more(p));
}

struct paper { /* an instrument, and its text in force */
	struct instrument i;
	struct draft final;
	size_t told;
};

static void paper_clauses(struct parser *, struct paper *);

static void try_paper(struct parser *p, void *self)
{
	struct paper x = *(const struct paper *)self;

	paper_clauses(p, &x);
}

static void paper_clauses(struct parser *p, struct paper *x)
{
	static const char *const near[] = {"TITLE", "DATE", "TEXT", "STATUS",
		"SOURCE", BOOK_OPTIONS};

	while (parser_more(p)) {
		size_t began = p->at;

		if (parser_take(p, "TITLE"))
			x->i.title = parser_text(p, "its title in quotes");
		else if (parser_take(p, "DATE"))
			x->i.at = book_date(p);
		else if (parser_take(p, "STATUS"))
			book_stage(p, x->i.stage, &x->i.stages);
		else if (parser_take(p, "SOURCE"))
			book_source(p, &x->i.source);
		else if (parser_take(p, "TEXT")) {
			parser_want(p, "FILE");
			book_file(p, &x->final);
		} else if (!book_option(p, x->told))
			book_no_clause(p, "TITLE, DATE, TEXT FILE, STATUS, "
				"SOURCE or the next statement", near,
				try_paper, x);
		if (p->bad)
			parser_next_clause(p, began, near);
	}
}

static void read_instrument(struct book *b)
{
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct paper x = {.told = p->told};
	bool twice = false;

	x.i = (struct instrument){.title = "", .at = INSTANT_UNKNOWN,
		.source = {.says = ""}, .line = at->line,
		.column = at->column};
	x.final = (struct draft){.file = "", .sha256_hex = "",
		.line = at->line, .source = {.says = ""},
		.column = at->column};
	x.i.id = parser_word(p, "the instrument's short name");
	if (!p->bad && instrument_named(b->out, x.i.id)) {
		parser_note(p, at, "a second INSTRUMENT '%.40s'; "
			"wanted another name", x.i.id);
		twice = true;
	}
	/* A trial reads what stands behind: its name is one. */
	b->out->instrument[b->out->instruments++] = x.i;
	paper_clauses(p, &x);
	b->out->instruments--;
	if (p->bad || twice || !*x.i.id)
		return;
	b->out->instrument[b->out->instruments++] = x.i;
	if (!*x.final.file)
		return;
	x.final.id = x.final.instrument = x.i.id;
	x.final.at = x.i.at;
	b->out->draft[b->out->drafts++] = x.final;
}

struct drafted {
	struct draft d;
	size_t told;
};

static void draft_clauses(struct parser *, struct drafted *);

static void try_draft(struct parser *p, void *self)
{
	struct drafted x = *(const struct drafted *)self;

	draft_clauses(p, &x);
}

static void draft_clauses(struct parser *p, struct drafted *x)
{
	static const char *const near[] = {
		"DATE", "FILE", "SOURCE", BOOK_OPTIONS};

	while (parser_more(p)) {
		size_t began = p->at;

		if (parser_take(p, "DATE"))
			x->d.at = book_date(p);
		else if (parser_take(p, "FILE"))
			book_file(p, &x->d);
		else if (parser_take(p, "SOURCE"))
			book_source(p, &x->d.source);
		else if (!book_option(p, x->told))
			book_no_clause(p, "DATE, FILE, SOURCE or the next "
				"statement", near, try_draft, x);
		if (p->bad)
			parser_next_clause(p, began, near);
	}
}

/* "paris-2026/d1" is a draft of paris-2026. */
static void read_draft(struct book *b)
{
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct drafted x = {.told = p->told};
	const char *slash;

	x.d = (struct draft){.file = "", .sha256_hex = "", .instrument = "",
		.at = INSTANT_UNKNOWN, .source = {.says = ""},
		.line = at->line, .column = at->column};
	x.d.id = parser_word(p, "a draft's name such as paris-2026/d1");
	slash = strrchr(x.d.id, '/');
	for (size_t i = 0; slash && i < b->out->instruments; i++) {
		const char *name = b->out->instrument[i].id;

		if (strlen(name) == (size_t)(slash - x.d.id) &&
			memcmp(name, x.d.id, strlen(name)) == 0)
			x.d.instrument = name;
	}
	if (p->told == x.told && !*x.d.instrument)
		parser_note(p, at, "'%.40s' is no draft of an INSTRUMENT "
			"named above; wanted its name, '/', the draft's",
			x.d.id);
	draft_clauses(p, &x);
	if (p->told == x.told && !*x.d.file)
		parser_note(p, at, "the draft's FILE is missing; "
			"wanted FILE and its name");
	if (p->told == x.told)
		b->out->draft[b->out->drafts++] = x.d;
}

struct endorsing {
	struct endorsement all[2]; /* the second: withheld */
	const char *said;
	struct instant when;
	struct citation source;
	size_t told;
};

static void endorsed_clauses(struct parser *, struct endorsing *);

static void try_endorsed(struct parser *p, void *self)
{
	struct endorsing x = *(const struct endorsing *)self;

	endorsed_clauses(p, &x);
}

static void endorsed_clauses(struct parser *p, struct endorsing *x)
{
	static const char *const near[] = {"BY", "NOT", "SAID", "DATE",
		"SOURCE", BOOK_OPTIONS};

	while (parser_more(p)) {
		size_t began = p->at;

		if (parser_take(p, "BY")) {
			book_actors(book_of(p), &x->all[0].by);
		} else if (parser_take(p, "NOT")) {
			parser_want(p, "BY");
			book_actors(book_of(p), &x->all[1].by);
		} else if (parser_take(p, "SAID")) {
			x->said = parser_text(p, "the words in quotes");
		} else if (parser_take(p, "DATE")) {
			x->when = book_date(p);
		} else if (parser_take(p, "SOURCE")) {
			book_source(p, &x->source);
		} else if (!book_option(p, x->told)) {
			book_no_clause(p, "BY, NOT BY, SAID, DATE, SOURCE or "
				"the next statement", near, try_endorsed, x);
		}
		if (p->bad)
			parser_next_clause(p, began, near);
	}
}

static void read_endorsed(struct book *b)
{
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct endorsing x = {.all = {{.withheld = false}, {.withheld = true}},
		.said = "", .when = INSTANT_UNKNOWN, .source = {.says = ""},
		.told = p->told};
	const char *instrument = book_instrument(b);

	endorsed_clauses(p, &x);
	if (p->told == x.told && x.all[0].by.count + x.all[1].by.count == 0)
		parser_note(p, at, "ENDORSED by nobody: wanted BY or NOT "
			"BY and actors");
	for (size_t i = 0; p->told == x.told && i < 2; i++) {
		struct endorsement *e = &x.all[i];

		e->instrument = instrument;
		e->said = i == 1 || x.all[1].by.count == 0 ? x.said : "";
		e->at = x.when;
		e->source = x.source;
		if (e->by.count > 0)
			b->out->endorsement[b->out->endorsements++] = *e;
	}
}

static void read_step(struct parser *p, struct ladder *l)
{
	const struct token *at = parser_peek(p);
	size_t told = p->told;
	struct ladder_step s = {parser_duration(p),
		parser_word(p, "what this step is, such as consult")};

	if (p->bad || p->told != told)
		return;
	if (l->steps == PLEDGE_STEPS_MAX)
		parser_note(p, at, "wanted at most %d STEP",
			PLEDGE_STEPS_MAX);
	else if (l->steps > 0 && l->step[l->steps - 1].after_us >= s.after_us)
		parser_note(p, at, "a STEP no later than the one "
			"before; wanted them in order of time");
	else
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

struct climb {
	struct ladder l;
	size_t told;
};

static void ladder_clauses(struct parser *, struct climb *);

static void try_ladder(struct parser *p, void *self)
{
	struct climb x = *(const struct climb *)self;

	ladder_clauses(p, &x);
}

static void ladder_clauses(struct parser *p, struct climb *x)
{
	static const char *const near[] = {"FROM", "GRADE", "STANDARD",
		"STEP", "SOURCE", BOOK_OPTIONS};

	while (parser_more(p)) {
		size_t began = p->at;

		if (parser_take(p, "FROM")) {
			parser_want(p, "first");
			parser_want(p, "breach");
		} else if (parser_take(p, "GRADE")) {
			x->l.grade = parser_word(p, "a grade");
		} else if (parser_take(p, "STANDARD")) {
			x->l.standard = parser_word(p, "a standard");
		} else if (parser_take(p, "STEP")) {
			read_step(p, &x->l);
		} else if (parser_take(p, "SOURCE")) {
			book_source(p, &x->l.source);
		} else if (!book_option(p, x->told)) {
			book_no_clause(p, "FROM first breach, GRADE, STANDARD, "
				"STEP, SOURCE or the next statement", near,
				try_ladder, x);
		}
		if (p->bad)
			parser_next_clause(p, began, near);
	}
}

static void read_ladder(struct book *b)
{
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct climb x = {.l = {.grade = "", .standard = "",
		.source = {.says = ""}}, .told = p->told};
	bool twice;

	x.l.id = parser_word(p, "the ladder's name");
	twice = !p->bad && ladder_named(b->out, x.l.id);
	if (twice)
		parser_note(p, at, "a second LADDER '%.40s'; wanted "
			"another name", x.l.id);
	b->out->ladder[b->out->ladders++] = x.l;
	ladder_clauses(p, &x);
	b->out->ladders--;
	if (p->told == x.told && x.l.steps == 0)
		parser_note(p, at, "a LADDER without a STEP; wanted "
			"STEP 24 h consult or such");
	if (!p->bad && !twice)
		b->out->ladder[b->out->ladders++] = x.l;
}

static void read_head(struct book *b)
{
	static const char *const title[] = {"TITLE", NULL};
	struct parser *p = &b->p;
	const char *id;

	if (*b->out->id)
		parser_note(p, parser_peek(p), "a second REGISTER; wanted "
			"one REGISTER only");
	id = parser_word(p,
		"the register's name and version, such as coalition/1");
	if (!p->bad)
		b->out->id = id;
	if (parser_take(p, "TITLE") || (!p->bad && parser_strange(p, 0) &&
			!parser_peek(p)->first &&
			parser_instead(p, "TITLE", title)))
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
		parser_no_statement(p, "REGISTER, ACTORS, INSTRUMENT, DRAFT, "
			"ENDORSED, LADDER, PLEDGE or FLOW");
}

/* As far as a trial goes, from the word of a statement on. */
static void try_statements(struct parser *p)
{
	while (parser_peek(p)->is != TOKEN_END && p->at < p->until) {
		size_t began = p->at;

		p->bad = p->slipped = false;
		statement(book_of(p));
		if (p->at == began)
			parser_step(p);
		while (!book_starts(p) && p->at < p->until)
			parser_pass(p);
	}
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

static size_t names(const struct parser *p)
{
	const struct pledges *r = p->made;

	return r->actors + r->instruments + r->ladders + r->pledge_count;
}

/* Words of the language, and names that stand above. */
static bool known(const struct parser *p, const char *word)
{
	static const char *const words[] = {"TITLE", "DATE", "TEXT", "STATUS",
		"SOURCE", "LINE", "REPORTED", "SHA256", "PRICES", "FILE", "BY",
		"NOT", "SAID", "FROM", "first", "breach", "GRADE", "STANDARD",
		"STEP", "TO", "ACT", "or", "QUANTITY", "DOMAIN", "MODALITY",
		"AUTHORITY", "UNDER", "TRIGGER", "DUE", "AFTER", "trigger",
		"endorsers", "CLAUSE", "PARTY", "WITHIN", "reviewed",
		"jointly", "accepted", "finding", "findings", "COMMITTED",
		"ALLOCATED", "DELIVERED", "VERIFIED", "none", "land", "sky",
		"sea", "cyber", "funds", "training", "d", "h", "min", "s",
		NULL};
	const struct pledges *r = p->made;
	bool is = instrument_named(r, word) || pledge_named(r, word) ||
		ladder_named(r, word);

	for (size_t i = 0; words[i] && !is; i++)
		is = strcmp(word, words[i]) == 0;
	for (size_t i = 0; book_statements[i] && !is; i++)
		is = strcmp(word, book_statements[i]) == 0;
	for (int i = 0; i < LEGAL_COUNT && !is; i++)
		is = strcmp(word, legal_name((enum legal)i)) == 0;
	for (size_t i = 0; i < r->actors && !is; i++)
		is = strcmp(word, r->actor[i].id) == 0;
	return is;
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
	((r->list = arena_array(b->p.a, (n) + 2 * PARSER_SPARE + 2,           \
		  sizeof *r->list, f)) != NULL)
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
			.known = known, .names = names, .starts = book_starts,
			.statement = try_statements,
			.spare = PARSER_SPARE, .care = PARSER_CARE,
			.made_size = sizeof **out, .until = SIZE_MAX}};
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
	b.p.made = b.out = *out;
	b.out->id = b.out->title = "";
	if (!lex(in, a, &token, &n, f))
		return false;
	b.p.token = token;
	if (!room(&b, n, f))
		return false;
	while (parser_peek(&b.p)->is != TOKEN_END) {
		size_t began = b.p.at;

		b.p.slipped = false;
		b.p.margin = parser_peek(&b.p)->column;
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
