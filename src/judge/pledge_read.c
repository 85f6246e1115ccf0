/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledge_read.c - a .pledges text becomes struct pledges, in one walk: a
 * statement uses only what stands above it. */
#include "base/encode.h"
#include "judge/parser.h"
#include "judge/pledges.h"

static const char *const statements[] = {"REGISTER", "ACTORS",
	"INSTRUMENT", "DRAFT", "ENDORSED", "LADDER", "PLEDGE", "FLOW", NULL};

struct book {
	struct parser p;
	struct pledges *out;
};

static bool starts(const struct parser *p)
{
	for (size_t i = 0; statements[i]; i++)
		if (parser_then(p, 0, statements[i]))
			return true;
	return parser_peek(p)->is == TOKEN_END;
}

/* No clause begins here; a misspelt statement may. */
static void no_clause(struct parser *p, const char *wanted,
	const char *const *near)
{
	static const char *const options[] = {
		"LINE", "REPORTED", "SHA256", "PRICES", "SOURCE", NULL};

	if (!lex_nearest(parser_peek(p)->what, near))
		near = options;
	parser_wrong(p, wanted, near);
}

/* Behind a slip in a clause: to the next clause or statement, at least one
 * word on from where it began. */
static void next_clause(struct parser *p, size_t began,
	const char *const *clauses)
{
	p->bad = p->c->broke;
	if (p->at == began && !starts(p))
		parser_step(p);
	while (!p->bad && !starts(p)) {
		for (size_t i = 0; clauses[i]; i++)
			if (parser_is(p, clauses[i]))
				return;
		parser_step(p);
	}
}

/* -- small parts -- */

static struct instant date(struct parser *p)
{
	const struct token *t = parser_peek(p);
	struct instant at;
	struct fault f;

	if (p->bad)
		return INSTANT_UNKNOWN;
	if (t->is != TOKEN_WORD ||
		!instant_parse(bytes_of(t->what), true, &at, &f)) {
		parser_wrong(p, "a date as 2026-01-06, or a time with its "
			"zone", NULL);
		return INSTANT_UNKNOWN;
	}
	parser_step(p);
	return at;
}

static void read_source(struct parser *p, struct citation *s)
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

static const char *is_one_of(struct parser *p, const struct party *list,
	size_t n, const char *wanted)
{
	const char *near[PLEDGE_NAMES_MAX + 1] = {NULL};

	for (size_t i = 0; !p->bad && i < n; i++)
		if (parser_take(p, list[i].id))
			return list[i].id;
	for (size_t i = 0; i < n && i < PLEDGE_NAMES_MAX; i++)
		near[i] = list[i].id;
	if (!p->bad)
		parser_wrong(p, wanted, near);
	return "";
}

static const char *one_actor(struct book *b)
{
	return is_one_of(&b->p, b->out->actor, b->out->actors,
		"one of the ACTORS");
}

static bool is_actor(const struct book *b)
{
	for (size_t i = 0; i < b->out->actors; i++)
		if (parser_is(&b->p, b->out->actor[i].id))
			return true;
	return false;
}

static void add_name(struct parser *p, struct names *to, const char *name)
{
	if (!to->at)
		to->at = arena_array(p->a, PLEDGE_NAMES_MAX, sizeof *to->at,
			p->c->fault);
	if (!to->at) {
		p->c->broke = p->bad = true;
		return;
	}
	for (size_t i = 0; i < to->count; i++)
		if (!p->bad && strcmp(to->at[i], name) == 0)
			parser_wrong_at(p, &p->token[p->at - 1],
				"'%.40s' stands twice; wanted another", name);
	if (!p->bad && to->count == PLEDGE_NAMES_MAX)
		parser_wrong(p, "at most 64 in one list", NULL);
	if (!p->bad)
		to->at[to->count++] = name;
}

static void actors_list(struct book *b, struct names *to)
{
	do
		add_name(&b->p, to, one_actor(b));
	while (!b->p.bad && is_actor(b));
}

static const char *name_of_instrument(struct book *b)
{
	struct party list[PLEDGE_NAMES_MAX];
	size_t n = 0;

	for (; n < b->out->instruments && n < PLEDGE_NAMES_MAX; n++)
		list[n].id = b->out->instrument[n].id;
	if (instrument_named(b->out, parser_peek(&b->p)->what)) {
		parser_step(&b->p);
		return b->p.token[b->p.at - 1].what;
	}
	return is_one_of(&b->p, list, n, "an INSTRUMENT named above");
}

static void read_stage(
	struct parser *p, struct legal_stage *list, size_t *count)
{
	const char *near[LEGAL_COUNT + 1] = {NULL};
	const struct token *t = parser_peek(p);
	struct legal_stage s = {.is = LEGAL_COUNT, .source = {.says = ""}};

	for (int i = 0; i < LEGAL_COUNT; i++) {
		near[i] = legal_name((enum legal)i);
		if (s.is == LEGAL_COUNT && parser_take(p, near[i]))
			s.is = (enum legal)i;
	}
	if (s.is == LEGAL_COUNT)
		parser_wrong(p, "mentioned, draft, announced, endorsed, "
			"signed, ratified, in_force, suspended or ended", near);
	s.at = date(p);
	if (parser_take(p, "SOURCE"))
		read_source(p, &s.source);
	if (!p->bad && *count == PLEDGE_STAGES_MAX)
		parser_wrong_at(p, t, "wanted at most %d STATUS of one",
			PLEDGE_STAGES_MAX);
	if (!p->bad && *count > 0 && list[*count - 1].at.utc_ns > s.at.utc_ns)
		parser_wrong_at(p, t, "a STATUS earlier than the one "
			"before; wanted them in order of time");
	if (!p->bad)
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
		parser_wrong(p, "the file's SHA-256, 64 digits 0-9 a-f", NULL);
		return "";
	}
	parser_step(p);
	return t->what;
}

static void read_file(struct parser *p, struct draft *d)
{
	d->file = parser_word(p, "a file name such as docs/draft.txt");
	if (parser_take(p, "SHA256"))
		d->sha256_hex = read_sha256(p);
}

/* -- statements -- */

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
				"quotes, or the next statement", statements);
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
	} while (!p->bad && !starts(p));
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
	while (!p->bad && !starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "TITLE"))
			i.title = parser_text(p, "its title in quotes");
		else if (parser_take(p, "DATE"))
			i.at = date(p);
		else if (parser_take(p, "STATUS"))
			read_stage(p, i.stage, &i.stages);
		else if (parser_take(p, "SOURCE"))
			read_source(p, &i.source);
		else if (parser_take(p, "TEXT")) {
			parser_want(p, "FILE");
			read_file(p, &final);
		} else
			no_clause(p, "TITLE, DATE, TEXT FILE, STATUS, "
				"SOURCE or the next statement", near);
		if (p->bad)
			next_clause(p, began, near);
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
	while (!p->bad && !starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "DATE"))
			d.at = date(p);
		else if (parser_take(p, "FILE"))
			read_file(p, &d);
		else if (parser_take(p, "SOURCE"))
			read_source(p, &d.source);
		else
			no_clause(p, "DATE, FILE, SOURCE or the next "
				"statement", near);
		if (p->bad)
			next_clause(p, began, near);
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
	const char *instrument = name_of_instrument(b), *said = "";
	struct instant when = INSTANT_UNKNOWN;
	struct citation source = {.says = ""};

	while (!p->bad && !starts(p)) {
		size_t began = p->at;

		if (parser_take(p, "BY")) {
			actors_list(b, &all[0].by);
		} else if (parser_take(p, "NOT")) {
			parser_want(p, "BY");
			actors_list(b, &all[1].by);
		} else if (parser_take(p, "SAID")) {
			said = parser_text(p, "the words in quotes");
		} else if (parser_take(p, "DATE")) {
			when = date(p);
		} else if (parser_take(p, "SOURCE")) {
			read_source(p, &source);
		} else {
			no_clause(p, "BY, NOT BY, SAID, DATE, SOURCE or the "
				"next statement", near);
		}
		if (p->bad)
			next_clause(p, began, near);
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
	while (!p->bad && !starts(p)) {
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
			read_source(p, &l.source);
		} else {
			no_clause(p, "FROM first breach, GRADE, STANDARD, "
				"STEP, SOURCE or the next statement", near);
		}
		if (p->bad)
			next_clause(p, began, near);
	}
	if (!p->slipped && l.steps == 0)
		parser_wrong_at(p, at, "a LADDER without a STEP; wanted "
			"STEP 24 h consult or such");
	if (!p->bad)
		b->out->ladder[b->out->ladders++] = l;
}

/* "1000..5000 troops", "4 aircraft" */
static void read_quantity(struct parser *p, struct pledge *x)
{
	const struct token *t = parser_peek(p);
	int64_t v[2] = {0, 0};
	int k = 0;
	bool digit = false, ok = t->is == TOKEN_WORD;

	for (const char *s = t->what; ok && *s; s++) {
		if (*s >= '0' && *s <= '9' && v[k] < INT64_C(100000000000)) {
			v[k] = 10 * v[k] + (*s - '0');
			digit = true;
		} else if (k == 0 && digit && s[0] == '.' && s[1] == '.') {
			k = 1;
			s++;
			digit = false;
		} else {
			ok = false;
		}
	}
	if (!ok || !digit || (k == 1 && v[1] < v[0])) {
		parser_wrong(p, "a quantity as 4 or 1000..5000", NULL);
		return;
	}
	parser_step(p);
	x->quantity_min = v[0];
	x->quantity_max = v[k];
	x->unit = parser_word(p, "what is counted, such as troops");
}

static void read_trigger(struct parser *p, struct trigger *t)
{
	static const char *const near[] = {"CLAUSE", "GRADE", "STANDARD",
		"PARTY", "WITHIN", "reviewed", "jointly", NULL};
	static const char *const counted[] = {"finding", "findings", NULL};

	t->given = true;
	parser_want(p, ">=");
	t->at_least = parser_whole(p, "how many findings");
	if (!p->bad && t->at_least < 1)
		parser_wrong_at(p, &p->token[p->at - 1],
			"a trigger of no finding; wanted 1 or more");
	if (!parser_take(p, "findings") && !parser_take(p, "finding"))
		parser_wrong(p, "finding or findings", counted);
	while (!p->bad) {
		bool comma = parser_take(p, ",");

		if (parser_take(p, "CLAUSE"))
			t->clause = parser_word(p, "a rule, such as 5.a");
		else if (parser_take(p, "GRADE"))
			t->grade = parser_word(p, "a grade");
		else if (parser_take(p, "STANDARD"))
			t->standard = parser_word(p, "a standard");
		else if (parser_take(p, "PARTY"))
			t->party = parser_word(p, "a party");
		else if (parser_take(p, "WITHIN"))
			t->within_us = parser_duration(p);
		else if (parser_take(p, "reviewed"))
			t->reviewed = true;
		else if (parser_take(p, "jointly")) {
			parser_want(p, "accepted");
			t->joint = true;
		} else if (comma)
			parser_wrong(p, "CLAUSE, GRADE, STANDARD, PARTY, "
				"WITHIN, reviewed or jointly accepted", near);
		else
			return;
	}
}

static const char *read_domain(struct parser *p)
{
	static const struct party domains[] = {{"land", ""}, {"sky", ""},
		{"sea", ""}, {"cyber", ""}, {"funds", ""}, {"training", ""}};

	return is_one_of(p, domains, sizeof domains / sizeof *domains,
		"land, sky, sea, cyber, funds or training");
}

static void read_ladder_of(struct book *b, struct pledge *x)
{
	struct party list[PLEDGE_NAMES_MAX];
	size_t n = 0;

	for (; n < b->out->ladders && n < PLEDGE_NAMES_MAX; n++)
		list[n].id = b->out->ladder[n].id;
	x->ladder = is_one_of(&b->p, list, n, "a LADDER named above");
}

/* One clause of a pledge; false when none begins here. */
static bool who_and_what(struct book *b, struct pledge *x)
{
	struct parser *p = &b->p;

	if (parser_take(p, "FROM")) {
		if (parser_take(p, "endorsers"))
			x->from_endorsers = true;
		else
			actors_list(b, &x->from);
	} else if (parser_take(p, "TO")) {
		actors_list(b, &x->to);
	} else if (parser_take(p, "ACT")) {
		do
			add_name(p, &x->act, parser_word(p,
				"an act, such as intelligence"));
		while (parser_take(p, "or"));
	} else if (parser_take(p, "QUANTITY")) {
		read_quantity(p, x);
	} else if (parser_take(p, "DOMAIN")) {
		x->domain = read_domain(p);
	} else if (parser_take(p, "MODALITY")) {
		x->modality = parser_text(p, "the promise's words in quotes");
	} else if (parser_take(p, "AUTHORITY")) {
		x->authority = parser_text(p, "who decides, in quotes");
	} else {
		return false;
	}
	return true;
}

static bool when_and_why(struct book *b, struct pledge *x)
{
	struct parser *p = &b->p;

	if (parser_take(p, "STATUS")) {
		read_stage(p, x->stage, &x->stages);
	} else if (parser_take(p, "UNDER")) {
		x->under = name_of_instrument(b);
	} else if (parser_take(p, "BY")) {
		parser_want(p, "LADDER");
		read_ladder_of(b, x);
	} else if (parser_take(p, "TRIGGER")) {
		read_trigger(p, &x->trigger);
	} else if (parser_take(p, "DUE")) {
		x->due_us = parser_duration(p);
		parser_want(p, "AFTER");
		parser_want(p, "trigger");
	} else if (parser_take(p, "SOURCE")) {
		read_source(p, &x->source);
	} else {
		return false;
	}
	return true;
}

static void whole_pledge(struct parser *p, const struct token *at,
	const struct pledge *x)
{
	if (!p->bad && x->from.count == 0 && !x->from_endorsers)
		parser_wrong_at(p, at, "who promises is missing: wanted FROM "
			"and actors, or FROM endorsers");
	if (!p->bad && x->from_endorsers && !*x->under)
		parser_wrong_at(p, at, "FROM endorsers of what? wanted UNDER "
			"and an instrument");
	if (!p->bad && x->act.count == 0)
		parser_wrong_at(p, at, "what is promised is missing: wanted "
			"ACT");
	if (!p->bad && x->due_us >= 0 && !x->trigger.given)
		parser_wrong_at(p, at, "DUE after a trigger, and no "
			"TRIGGER; wanted TRIGGER >= 1 finding");
	if (!p->bad && *x->ladder && !x->trigger.given)
		parser_wrong_at(p, at, "a LADDER, and no TRIGGER; wanted "
			"TRIGGER >= 1 finding");
}

static void read_pledge(struct book *b)
{
	static const char *const near[] = {"FROM", "TO", "ACT", "QUANTITY",
		"DOMAIN", "MODALITY", "AUTHORITY", "STATUS", "UNDER", "BY",
		"TRIGGER", "DUE", "SOURCE", NULL};
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct pledge x = {.quantity_min = -1, .quantity_max = -1, .unit = "",
		.domain = "", .modality = "", .under = "", .ladder = "",
		.authority = "", .due_us = -1, .source = {.says = ""},
		.trigger = {.clause = "", .grade = "", .standard = "",
			.party = ""},
		.line = at->line, .column = at->column};

	x.id = parser_word(p, "the pledge's name");
	if (!p->bad && pledge_named(b->out, x.id))
		parser_wrong_at(p, at, "a second PLEDGE '%.40s'; wanted "
			"another name", x.id);
	while (!p->bad && !starts(p)) {
		size_t began = p->at;

		if (!who_and_what(b, &x) && !when_and_why(b, &x))
			no_clause(p, "FROM, TO, ACT, QUANTITY, DOMAIN, "
				"MODALITY, AUTHORITY, STATUS, UNDER, "
				"BY LADDER, TRIGGER, DUE, SOURCE or the next "
				"statement", near);
		if (p->bad)
			next_clause(p, began, near);
	}
	if (!p->slipped)
		whole_pledge(p, at, &x);
	/* Kept with its slips, so that what names it is no slip more. */
	if (p->slipped)
		x = (struct pledge){.id = x.id, .quantity_min = -1,
			.quantity_max = -1, .unit = "", .domain = "",
			.modality = "", .under = "", .ladder = "",
			.authority = "", .due_us = -1, .source = {.says = ""},
			.trigger = {.clause = "", .grade = "",
				.standard = "", .party = ""},
			.line = at->line, .column = at->column};
	if (!p->bad && *x.id)
		b->out->pledge[b->out->pledge_count++] = x;
}

/* "500e6", "-20.5e6", "1200000.25": hundredths. */
static bool amount_of(const char *s, int64_t *out)
{
	bool below = *s == '-', digit = false;
	int64_t v = 0, after = -1, power = 0;

	s += below;
	for (; *s && *s != 'e' && *s != 'E'; s++) {
		if (*s == '.' && after < 0 && digit) {
			after = 0;
			continue;
		}
		if (*s < '0' || *s > '9' || v > INT64_C(99999999999999))
			return false;
		v = 10 * v + (*s - '0');
		digit = true;
		after += after >= 0;
	}
	if (*s && (s[1] < '0' || s[1] > '9' || s[2]))
		return false;
	power = (*s ? s[1] - '0' : 0) + 2 - (after > 0 ? after : 0);
	for (; power > 0; power--) {
		if (v > INT64_MAX / 100)
			return false;
		v *= 10;
	}
	for (; power < 0; power++) {
		if (v % 10 != 0)
			return false; /* finer than a hundredth */
		v /= 10;
	}
	*out = below ? -v : v;
	return digit && v < INT64_C(10000000000000000);
}

static void read_amount(struct parser *p, struct flow *x)
{
	const struct token *t;

	x->unit = parser_word(p, "a currency or what is counted, as EUR");
	t = parser_peek(p);
	if (!p->bad && (t->is != TOKEN_WORD ||
		!amount_of(t->what, &x->amount)))
		parser_wrong(p, "an amount as 500e6 or -1200000.50, no finer "
			"than a hundredth and below 1e14", NULL);
	parser_step(p);
	if (parser_take(p, "PRICES"))
		x->price_year = parser_whole(p, "a year");
	if (parser_take(p, "SOURCE"))
		read_source(p, &x->source);
}

static void read_flow(struct book *b)
{
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	const struct pledge *of = pledge_named(b->out, at->what);
	static const char *const none[] = {"none", NULL};
	bool some = false;

	if (!of) {
		parser_wrong(p, "a PLEDGE named above", NULL);
		return;
	}
	parser_step(p);
	while (!p->bad && !starts(p)) {
		const char *near[FLOW_COUNT + 1] = {NULL};
		size_t began = p->at;
		struct flow x = {.pledge = of->id, .is = FLOW_COUNT,
			.source = {.says = ""}};

		at = parser_peek(p);
		x.line = at->line;
		x.column = at->column;
		for (int i = 0; i < FLOW_COUNT; i++) {
			near[i] = flow_name((enum flow_is)i);
			if (x.is == FLOW_COUNT && parser_take(p, near[i]))
				x.is = (enum flow_is)i;
		}
		if (x.is == FLOW_COUNT)
			no_clause(p, "COMMITTED, ALLOCATED, DELIVERED or "
				"VERIFIED", near);
		some = true;
		if (parser_take(p, "none"))
			continue;
		if (lex_nearest(parser_peek(p)->what, none))
			parser_want(p, "none");
		x.at = date(p);
		read_amount(p, &x);
		if (!p->bad)
			b->out->flow[b->out->flows++] = x;
		else
			next_clause(p, began, near);
	}
	if (!p->bad && !some)
		parser_wrong(p, "COMMITTED, ALLOCATED, DELIVERED or VERIFIED",
			NULL);
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
		read_pledge(b);
	else if (parser_take(p, "FLOW"))
		read_flow(b);
	else
		parser_wrong(p, "REGISTER, ACTORS, INSTRUMENT, DRAFT, "
			"ENDORSED, LADDER, PLEDGE or FLOW", statements);
}

/* Behind a slip: to the next line that begins a statement. */
static void go_on(struct parser *p, size_t began)
{
	p->bad = p->c->broke;
	if (p->at == began)
		parser_step(p);
	while (parser_peek(p)->is != TOKEN_END &&
		!(parser_peek(p)->first && starts(p)))
		parser_step(p);
}

static bool room(struct book *b, size_t n, struct fault *f)
{
	struct pledges *r = b->out;
	size_t count[8] = {0};

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; statements[k]; k++)
			count[k] += b->p.token[i].is == TOKEN_WORD &&
				strcmp(b->p.token[i].what, statements[k]) == 0;
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
		.p = {.a = a, .c = &c, .statements = statements}};
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
