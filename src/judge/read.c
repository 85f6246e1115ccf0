/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * read.c - a .terms text becomes struct terms.
 *
 * Two walks over the words: first what is declared (lines, zones, classes,
 * standards, articles), then the rules and examples that use it.  So a rule
 * may stand above its standard; a class or zone uses only what stands above
 * it, and nothing can speak of itself. */
#include "base/encode.h"
#include "judge/canon.h"
#include "judge/parser.h"
#include "judge/pledges.h"

static void agreement(struct parser *p)
{
	const struct token *at = parser_peek(p);
	const char *id;

	if (*p->t->id)
		parser_note(p, at, "a second AGREEMENT; wanted one");
	id = parser_word(p, "the agreement's name and version, such as "
		"demo/1");
	if (!p->bad)
		p->t->id = id;
}

static bool dated(const struct token *t)
{
	return t->is == TOKEN_WORD && *t->what >= '0' && *t->what <= '9';
}

static void status(struct parser *p)
{
	const char *near[LEGAL_COUNT + 1] = {NULL};
	const struct token *t = parser_peek(p);
	struct instant at;
	struct fault f;

	for (int i = 0; i < LEGAL_COUNT; i++) {
		near[i] = legal_name((enum legal)i);
		if (t == parser_peek(p) && parser_take(p, near[i]))
			p->t->status = near[i];
	}
	if (t == parser_peek(p)) {
		if (!parser_instead(p, "mentioned, draft, announced, "
				"endorsed, signed, ratified, in_force, "
				"suspended or ended", near) &&
			t->is == TOKEN_WORD && dated(t + 1)) { /* its date */
			p->bad = p->c->broke;
			parser_step(p);
		}
	}
	t = parser_peek(p);
	if (p->bad || !dated(t))
		return;
	if (!instant_parse(bytes_of(t->what), true, &at, &f)) {
		parser_note(p, t, "%.120s; wanted a date, as 2026-02-01",
			f.text);
		parser_step(p);
		return;
	}
	p->t->status_us = at.utc_ns / 1000;
	parser_step(p);
}

static void clock_zone(struct parser *p)
{
	p->t->timezone_line = parser_peek(p)->line;
	p->t->timezone_column = parser_peek(p)->column;
	p->t->timezone = parser_word(p, "a zone, as Europe/Kyiv");
}

static bool sound_party(
	struct parser *p, const struct token *at, const char *id)
{
	if (strcmp(id, "mission") == 0) {
		parser_note(p, at, "'mission' names the mission, not a party; "
			"wanted another name");
		return false;
	}
	for (size_t i = 0; i < p->t->parties; i++) {
		if (strcmp(id, p->t->party[i].id) != 0)
			continue;
		parser_note(p, at, "party '%.40s' stands twice; wanted "
			"another name", id);
		return false;
	}
	if (p->t->parties == PARTIES_MAX)
		parser_wrong_at(p, at, "wanted at most %d parties",
			PARTIES_MAX);
	return !p->bad;
}

static void parties(struct parser *p)
{
	do {
		const struct token *at = parser_peek(p);

		if (p->t->parties > 0 && at[1].is != TOKEN_TEXT &&
			(parser_at_margin(p) || !parser_strange(p, 1) ||
				at[1].first)) {
			parser_no_statement(p, "another party and its name in "
				"quotes, or the next statement");
			return;
		}
		struct party q = {parser_word(p, "a party's short name"),
			parser_text(p, "the party's name in quotes")};

		if (!p->bad && sound_party(p, at, q.id))
			p->t->party[p->t->parties++] = q;
	} while (!p->bad && parser_peek(p)->is == TOKEN_WORD &&
		!parser_starts(p));
}

static bool is_hex(const char *s)
{
	size_t n = 0;

	for (; s[n]; n++)
		if (!((s[n] >= '0' && s[n] <= '9') ||
			    (s[n] >= 'a' && s[n] <= 'f')))
			return false;
	return n == 2 * SHA256_LEN;
}

static void file(struct parser *p, struct area *z)
{
	static const char *const sha256[] = {"SHA256", NULL};
	const struct token *at = parser_peek(p);
	struct fault f;

	z->file = parser_word(p, "a file name such as geo/loc.geojson");
	if (p->bad)
		return;
	if (lex_nearest(parser_peek(p)->what, sha256) ||
		(parser_strange(p, 0) && is_hex(p->token[p->at + 1].what))) {
		parser_want(p, "SHA256");
		if (p->bad)
			return;
	} else {
		parser_note(p, at, "%.80s: its SHA256 is missing; wanted "
			"SHA256 and 64 hex digits", z->file);
		return;
	}
	at = parser_peek(p);
	if (at->is != TOKEN_WORD || !is_hex(at->what)) {
		parser_wrong(p, "the file's SHA-256, 64 digits 0-9 a-f", NULL);
		/* Go on behind it: what follows is sound. */
		p->bad = p->c->broke;
		if (at->is == TOKEN_WORD)
			parser_step(p);
		return;
	}
	parser_step(p);
	z->has_hash = hex_read(
		bytes_of(at->what), z->sha256.at, SHA256_LEN, &f);
	digest_hex(&z->sha256, z->sha256_hex);
}

static void more_of_area(struct parser *, struct area *);

static void try_more(struct parser *p, void *self)
{
	struct area z = *(const struct area *)self;

	more_of_area(p, &z);
}

static void more_of_area(struct parser *p, struct area *z)
{
	static const char *const of_line[] = {"ERROR", "MEASURED", NULL};
	static const char *const of_zone[] = {
		"ERROR", "FLOOR", "CEILING", NULL};
	bool line = z->is == AREA_LINE;
	const char *const *near = line ? of_line : of_zone;

	while (parser_more(p)) {
		if (parser_take(p, "ERROR")) {
			z->error_mm = parser_length(p);
		} else if (line && parser_take(p, "MEASURED")) {
			parser_want(p, "BY");
			z->measured_by = parser_who(p);
		} else if (!line && parser_take(p, "FLOOR")) {
			z->floor_mm = parser_length(p);
		} else if (!line && parser_take(p, "CEILING")) {
			z->ceiling_mm = parser_length(p);
		} else {
			parser_wrong(p, line ? "ERROR, MEASURED BY or the next "
					"statement"
				: "ERROR, FLOOR, CEILING or the next "
					"statement", near);
			if (!parser_mend(p, near, try_more, z))
				parser_next_clause(p, p->at, near);
		}
	}
}

static void geometry(struct parser *p, struct area *z)
{
	if (z->is != AREA_LINE && parser_take(p, "=")) {
		z->is = AREA_BAND;
		parser_want(p, "WITHIN");
		z->limit_mm = parser_length(p);
		z->total = parser_total(p);
		if (z->total)
			z->limit_mm /= 2;
		z->of = parser_area(p, true);
	} else if (parser_take(p, "FILE")) {
		file(p, z);
	} else if (parser_take(p, "NOT")) {
		parser_want(p, "GIVEN");
		z->not_given = parser_text(p, "why, in quotes");
	}
}

static void try_geometry(struct parser *p, void *self)
{
	struct area z = *(const struct area *)self;

	geometry(p, &z);
	more_of_area(p, &z);
}

static bool taken(const struct roll *r, size_t count, const char *name)
{
	return roll_find(r, count, name, strlen(name)) != SIZE_MAX;
}

static void area(struct parser *p, bool line)
{
	static const char *const near[] = {"FILE", "NOT", NULL};
	static const char *const of_any[] = {
		"ERROR", "MEASURED", "FLOOR", "CEILING", NULL};
	const struct token *at = parser_peek(p);
	struct area z = {.is = line ? AREA_LINE : AREA_FILE, .file = "",
		.measured_by = "", .floor_mm = TERMS_OPEN_MM,
		.ceiling_mm = TERMS_OPEN_MM, .line = at->line,
		.column = at->column};
	bool twice;
	size_t told = p->told;

	z.name = parser_word(p, "a name");
	twice = p->told == told &&
		taken(&p->roll->area, p->t->areas, z.name);
	if (twice)
		parser_note(p, at, "'%.40s' stands twice; wanted another name",
			z.name);
	if (!p->bad && !parser_is(p, "FILE") && !parser_is(p, "NOT") &&
		(line || !parser_is(p, "="))) {
		parser_wrong(p, line ? "FILE, or NOT GIVEN"
				     : "= WITHIN, FILE, or NOT GIVEN", near);
		if (!parser_mend(p, near, try_geometry, &z))
			parser_next_clause(p, p->at, of_any);
	}
	geometry(p, &z);
	more_of_area(p, &z);
	/* Kept with its slips, so that what names it is no slip more; a band
	 * of no line has none to be within. */
	if (p->told != told && z.is == AREA_BAND)
		z = (struct area){.name = z.name, .is = AREA_FILE, .file = "",
			.measured_by = "", .not_given = "it has errors"};
	if (*z.name && !twice) {
		roll_put(&p->roll->area, p->t->areas, z.name);
		p->t->area[p->t->areas++] = z;
	}
}

static void a_class(struct parser *p)
{
	const struct token *at = parser_peek(p);
	struct terms_class c = {.name = parser_word(p, "a name")};

	bool not_new = kind_named(c.name) >= 0 || terms_weapon(c.name) >= 0;

	if (p->bad)
		return;
	if (not_new) {
		parser_note(p, at, "'%.40s' is a %s already; wanted another "
			"name", c.name,
			kind_named(c.name) >= 0 ? "kind" : "weapon");
	} else if (taken(&p->roll->class_, p->t->classes, c.name)) {
		parser_note(p, at, "class '%.40s' stands twice; wanted "
			"another name", c.name);
		not_new = true;
	}
	parser_want(p, "=");
	c.is = parser_expression(p);
	if (!c.is || not_new)
		return;
	roll_put(&p->roll->class_, p->t->classes, c.name);
	p->t->class_[p->t->classes++] = c;
}

/* One measure of a standard; false when none begins here. */
static bool measure(struct parser *p, struct standard *s)
{
	const struct token *at;
	size_t told = p->told;

	if (parser_take(p, "modalities")) {
		parser_want(p, ">=");
		s->modalities = parser_whole(p, "a number");
		return true;
	}
	if (!parser_take(p, "probability"))
		return false;
	parser_want(p, ">=");
	at = parser_peek(p);
	s->ppm = (int32_t)fixed_min(
		INT32_MAX, parser_decimal(p, 6, "a probability"));
	/* At a half or less both verdicts would hold. */
	if (p->told == told && (s->ppm < 500000 || s->ppm > 1000000))
		parser_note(p, at, "'%.40s': wanted a probability of 0.5 to 1",
			at->what);
	return true;
}

/* `and`, perhaps misspelt: what follows is a measure. */
static bool also(struct parser *p)
{
	static const char *const near[] = {"and", NULL};

	if (p->bad || parser_is(p, "and") || parser_starts(p) ||
		!parser_strange(p, 0) || !parser_then(p, 2, ">="))
		return parser_take(p, "and");
	return parser_instead(p, "and", near);
}

static void measures(struct parser *p, struct standard *s)
{
	static const char *const near[] = {"probability", "modalities", NULL};

	do {
		if (measure(p, s) || p->bad)
			continue;
		if (!parser_instead(p, "probability or modalities", near))
			return;
		if (parser_take(p, ">="))
			(void)parser_decimal(p, 6, "a number");
	} while (also(p));
}

static void standard(struct parser *p)
{
	const struct token *at = parser_peek(p);
	struct standard s = {.name = parser_word(p, "a name"), .ppm = -1};
	bool twice;
	size_t told;

	if (p->bad)
		return;
	twice = taken(&p->roll->standard, p->t->standards, s.name);
	if (twice)
		parser_note(p, at, "standard '%.40s' stands twice; wanted "
			"another name", s.name);
	told = p->told;
	parser_want(p, "=");
	measures(p, &s);
	if (p->told == told && s.ppm < 0)
		parser_wrong_at(p, at, "standard '%.40s' names no probability; "
			"wanted probability >= 0.95 or another", s.name);
	if (p->told != told)
		s.ppm = CHANCE_SURE;
	if (twice)
		return;
	roll_put(&p->roll->standard, p->t->standards, s.name);
	p->t->standard[p->t->standards++] = s;
}

static void article(struct parser *p)
{
	const struct token *at = parser_peek(p);
	struct article a = {.id = parser_word(p, "the article's number"),
		.line = at->line, .column = at->column};

	bool twice = !p->bad &&
		taken(&p->roll->article, p->t->articles, a.id);

	if (twice)
		parser_note(p, at, "article %.40s stands twice; wanted "
			"another number", a.id);
	parser_want(p, "TEXT");
	a.text = parser_text(p, "the article's text in quotes");
	if (!p->bad && *a.id && !twice) {
		roll_put(&p->roll->article, p->t->articles, a.id);
		p->t->article[p->t->articles++] = a;
	}
}

static void once(struct parser *p, char was)
{
	if (was)
		parser_note(p, parser_peek(p), "a second %s; wanted one",
			parser_peek(p)->what);
}

/* The first walk's statement; false for those of the second. */
static bool declared(struct parser *p)
{
	if (parser_is(p, "TITLE"))
		once(p, *p->t->title);
	else if (parser_is(p, "STATUS"))
		once(p, *p->t->status);
	else if (parser_is(p, "TIMEZONE"))
		once(p, *p->t->timezone);
	if (parser_take(p, "AGREEMENT"))
		agreement(p);
	else if (parser_take(p, "TITLE"))
		p->t->title = parser_text(p, "the title in quotes");
	else if (parser_take(p, "STATUS"))
		status(p);
	else if (parser_take(p, "TIMEZONE"))
		clock_zone(p);
	else if (parser_take(p, "PARTIES"))
		parties(p);
	else if (parser_take(p, "LINE"))
		area(p, true);
	else if (parser_take(p, "ZONE"))
		area(p, false);
	else if (parser_take(p, "CLASS"))
		a_class(p);
	else if (parser_is(p, "STANDARD")) {
		parser_step(p);
		standard(p);
	} else if (parser_take(p, "ARTICLE"))
		article(p);
	else
		return false;
	return true;
}

static void a_rule(struct parser *p)
{
	const struct token *at = parser_peek(p);
	struct rule *r = &p->t->rule[p->t->rules];

	parser_rule(p, r);
	if (*r->id && taken(&p->roll->rule, p->t->rules, r->id))
		parser_wrong_at(p, at, "rule %.40s stands twice; wanted "
			"another number", r->id);
	if (*r->id && !p->bad)
		roll_put(&p->roll->rule, p->t->rules++, r->id);
}

static void skip_statement(struct parser *p)
{
	do
		parser_step(p);
	while (parser_peek(p)->is != TOKEN_END && !parser_starts(p));
}

static const char *const statements[] = {"AGREEMENT", "TITLE", "STATUS",
	"TIMEZONE", "PARTIES", "LINE", "ZONE", "CLASS", "STANDARD", "ARTICLE",
	"RULE", "EXAMPLE", NULL};

static void an_example(struct parser *p)
{
	p->slipped = false;
	parser_example(p, &p->t->example[p->t->examples]);
	p->t->examples += !p->slipped;
}

/* One statement of any kind, beside the rule that is read now. */
static void any_statement(struct parser *p)
{
	if (parser_take(p, "RULE"))
		a_rule(p);
	else if (parser_take(p, "EXAMPLE"))
		an_example(p);
	else if (!declared(p))
		parser_wrong(p, "a statement", statements);
	if (!p->bad && !parser_starts(p) && parser_peek(p)->is != TOKEN_END)
		parser_wrong(p, "the next statement", statements);
}

/* As far as a trial goes, as this walk will. */
static void try_statements(struct parser *p)
{
	struct rule *now = &p->t->rule[p->t->rules];
	size_t from = p->at;

	now->id = now->id ? now->id : "";
	roll_put(&p->roll->rule, p->t->rules++, now->id);
	while (parser_peek(p)->is != TOKEN_END && p->at < p->until) {
		bool rules = parser_then(p, 0, "RULE") ||
			parser_then(p, 0, "EXAMPLE");
		size_t began = p->at;

		p->bad = false;
		if (began == from || rules == p->late)
			any_statement(p);
		if (p->at == began)
			parser_step(p);
		while (!parser_starts(p) && parser_peek(p)->is != TOKEN_END &&
			p->at < p->until)
			parser_pass(p);
	}
}

static void walk_declared(struct parser *p)
{
	for (p->at = 0; parser_peek(p)->is != TOKEN_END && !p->c->broke;) {
		p->bad = false;
		if (parser_is(p, "RULE") || parser_is(p, "EXAMPLE")) {
			skip_statement(p);
			continue;
		}
		p->margin = parser_peek(p)->column;
		if (!declared(p))
			parser_no_statement(p, "a statement: AGREEMENT, LINE, "
				"ZONE, CLASS, STANDARD, ARTICLE, RULE, ...");
		else if (!p->bad && !parser_starts(p) &&
			parser_peek(p)->is != TOKEN_END)
			parser_no_statement(p, "the next statement");
		if (p->bad && !parser_starts(p))
			skip_statement(p);
	}
}

static void walk_rules(struct parser *p)
{
	p->late = true;
	for (p->at = 0; parser_peek(p)->is != TOKEN_END && !p->c->broke;) {
		p->bad = false;
		p->margin = parser_peek(p)->column;
		if (parser_take(p, "RULE")) {
			a_rule(p);
		} else if (parser_take(p, "EXAMPLE")) {
			an_example(p);
			if (!p->bad && !parser_starts(p) &&
				parser_peek(p)->is != TOKEN_END)
				parser_no_statement(p, "the next statement");
		} else if (parser_peek(p)->late) {
			(void)declared(p); /* mended in this walk */
		} else {
			skip_statement(p);
			continue;
		}
		if (p->bad && !parser_starts(p))
			skip_statement(p);
	}
}

/* A rule that names no standard is held to the strictest: nobody is accused
 * on less because a word is missing. */
static void default_standards(struct parser *p)
{
	struct terms *t = p->t;
	size_t best = 0;

	for (size_t i = 1; i < t->standards; i++) {
		const struct standard *a = &t->standard[i];
		const struct standard *b = &t->standard[best];

		if (a->ppm > b->ppm ||
			(a->ppm == b->ppm && a->modalities > b->modalities))
			best = i;
	}
	for (size_t i = 0; i < t->rules; i++) {
		if (t->rule[i].standard < t->standards)
			continue;
		t->rule[i].standard = best;
		if (t->standards == 0)
			slips_add(p->c, t->rule[i].line,
				t->rule[i].column, "rule %.40s: no STANDARD "
				"is declared; wanted STANDARD clear = "
				"probability >= 0.95", t->rule[i].id);
	}
	if (t->standards == 0) {
		t->standard[0] = (struct standard){"clear", 950000, 0};
		t->standards = 1;
	}
}

static bool heads(struct terms *t, struct arena *a, struct fault *f)
{
	for (size_t i = 0; i < t->rules; i++) {
		struct rule *r = &t->rule[i];
		struct text line = text_in(a, strlen(r->text) + 80);
		char words[CANON_MAX];
		struct text s = text_on(words, sizeof words);

		if (*r->article) {
			text_fmt(&line, "article %.40s: \"", r->article);
			text_add(&line, r->text);
			text_add(&line, "\"");
			r->head[r->heads++] = line.at;
		}
		canon_rule(t, r, &s);
		r->head[r->heads++] = arena_text(a, text_view(&s), f);
		if (line.full || !r->head[r->heads - 1])
			return fault(f, FAULT_LIMIT, "memory for rule %s",
				r->id);
	}
	return true;
}

static size_t count_of(const struct token *t, size_t n, const char *word)
{
	size_t count = 1;

	for (size_t i = 0; i < n; i++)
		count += t[i].is == TOKEN_WORD && strcmp(t[i].what, word) == 0;
	return count;
}

static size_t names(const struct parser *p)
{
	return p->t->parties + p->t->areas + p->t->classes + p->t->standards;
}

/* Words of the language; what is declared, too, and then a name. */
static bool known(const struct parser *p, const char *word)
{
	static const char *const words[] = {"TITLE", "FILE", "SHA256", "NOT",
		"GIVEN", "ERROR", "MEASURED", "BY", "WITHIN", "TOTAL", "OF",
		"FLOOR", "CEILING", "and", "or", "not", "calibre_mm", "mm",
		"m", "km", "d", "h", "min", "s", "probability", "modalities",
		"TEXT", "FORBIDS", "REQUIRES", "presence", "flight", "use",
		"of", "ELSE", "INSIDE", "OUTSIDE", "ON", "own", "side", "FROM",
		"UNTIL", "DAILY", "EXCEPT", "NOTIFIED", "BEFORE", "NEAR",
		"GRADE", "by", "count", "CALIBRE", "COUNT", "MODALITIES", "AT",
		"BREACH", "NO", "UNDETERMINED", "APPLICABLE", "CONFLICT",
		"mission", NULL};
	const char *const *const lists[] = {
		words, statements, terms_weapons};
	const struct terms *t = p->t;
	bool is = kind_named(word) >= 0;

	for (size_t k = 0; k < sizeof lists / sizeof *lists; k++)
		for (size_t i = 0; lists[k][i] && !is; i++)
			is = strcmp(word, lists[k][i]) == 0;
	for (size_t i = 0; i < t->parties && !is; i++)
		is = strcmp(word, t->party[i].id) == 0;
	return is || taken(&p->roll->area, t->areas, word) ||
		taken(&p->roll->class_, t->classes, word) ||
		taken(&p->roll->standard, t->standards, word);
}

static bool room(struct parser *p, size_t n, struct fault *f)
{
	struct terms *t = p->t;
	struct rolls *r = arena_take(p->a, sizeof *r, f);
	const struct token *k = p->token;
	size_t examples = count_of(k, n, "EXAMPLE") + PARSER_SPARE + 1;

	p->roll = r;
	if (!r || !words_of(k, n, p->a, &r->words, f))
		return false;
#define ROOM(list, count)                                                    \
	((t->list = arena_array(p->a, (count) + PARSER_SPARE + 1,            \
		  sizeof *t->list, f)) != NULL &&                            \
		roll_start(&r->list, &r->words, (count) + PARSER_SPARE + 1,  \
			p->a, f))
	return ROOM(area, count_of(k, n, "LINE") + count_of(k, n, "ZONE")) &&
		ROOM(class_, count_of(k, n, "CLASS")) &&
		ROOM(standard, count_of(k, n, "STANDARD")) &&
		ROOM(article, count_of(k, n, "ARTICLE")) &&
		ROOM(rule, count_of(k, n, "RULE")) &&
		(t->example = arena_array(
			p->a, examples, sizeof *t->example, f)) != NULL;
#undef ROOM
}

bool terms_read(struct bytes in, struct arena *a, struct terms **out,
	const struct terms_error **errors, size_t *error_count,
	struct fault *f)
{
	struct slips c = {.arena = a, .fault = f};
	struct parser p = {.a = a, .c = &c, .statements = statements,
		.known = known, .names = names, .starts = parser_starts,
		.statement = try_statements,
		.made_size = sizeof **out,
		.spare = PARSER_SPARE, .care = PARSER_CARE,
		.until = SIZE_MAX};
	struct token *token;
	size_t n;

	*out = arena_take(a, sizeof **out, f);
	*errors = NULL;
	*error_count = 0;
	if (!*out)
		return false;
	if (in.len > TERMS_BYTES_MAX)
		return fault(f, FAULT_LIMIT, "the text has %zu bytes, at most "
			"%d are read", in.len, TERMS_BYTES_MAX);
	p.made = p.t = *out;
	p.t->id = p.t->title = p.t->status = p.t->timezone = "";
	p.t->status_us = TERMS_NEVER_US;
	if (!lex(in, a, &token, &n, f))
		return false;
	p.t->token = p.token = token;
	if (!room(&p, n, f))
		return false;
	walk_declared(&p);
	walk_rules(&p);
	if (count_of(token, n, "AGREEMENT") == 1)
		slips_add(&c, 1, 1, "no AGREEMENT is named; wanted "
			"AGREEMENT name/version");
	default_standards(&p);
	slips_sort(&c);
	*errors = c.error;
	*error_count = c.count;
	if (c.broke || !heads(p.t, a, f))
		return false;
	canon_seal(p.t);
	return true;
}

size_t terms_files(const struct terms *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->areas; i++)
		n += *t->area[i].file != '\0';
	return n;
}

const char *terms_file(
	const struct terms *t, size_t n, struct digest *sha256)
{
	for (size_t i = 0; i < t->areas; i++) {
		if (!*t->area[i].file || n-- > 0)
			continue;
		*sha256 = t->area[i].sha256;
		return t->area[i].file;
	}
	return NULL;
}

size_t terms_rules(const struct terms *t)
{
	return t->rules;
}

struct rule_view terms_rule(const struct terms *t, size_t i)
{
	const struct rule *r = &t->rule[i];

	return (struct rule_view){r->id, r->article, r->text,
		t->standard[r->standard].name, r->head[r->heads - 1]};
}
