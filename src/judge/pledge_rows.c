/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pledge_rows.c - PLEDGE and FLOW statements. */
#include "judge/book.h"

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
		if (!parser_instead(p, "a quantity as 4 or 1000..5000", NULL))
			return;
		v[0] = v[1] = -1;
	} else {
		parser_step(p);
	}
	x->quantity_min = v[0];
	x->quantity_max = v[k];
	x->unit = parser_word(p, "what is counted, such as troops");
}

/* One clause of a trigger; false when none begins here. */
static bool trigger_clause(struct parser *p, struct trigger *t)
{
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
	} else
		return false;
	return true;
}

static void read_trigger(struct parser *p, struct trigger *t)
{
	static const char *const near[] = {"CLAUSE", "GRADE", "STANDARD",
		"PARTY", "WITHIN", "reviewed", "jointly", NULL};
	static const char *const counted[] = {"finding", "findings", NULL};
	size_t told = p->told;

	t->given = true;
	parser_want(p, ">=");
	t->at_least = parser_whole(p, "how many findings");
	if (p->told == told && !p->bad && t->at_least < 1)
		parser_note(p, &p->token[p->at - 1],
			"a trigger of no finding; wanted 1 or more");
	if (!p->bad && !parser_take(p, "findings") &&
		!parser_take(p, "finding"))
		(void)parser_instead(p, "finding or findings", counted);
	while (!p->bad) {
		bool comma = parser_take(p, ",");

		if (trigger_clause(p, t))
			continue;
		if (comma)
			parser_wrong(p, "CLAUSE, GRADE, STANDARD, PARTY, "
				"WITHIN, reviewed or jointly accepted", near);
		return;
	}
}

static const char *read_domain(struct parser *p)
{
	static const struct party domains[] = {{"land", ""}, {"sky", ""},
		{"sea", ""}, {"cyber", ""}, {"funds", ""}, {"training", ""}};

	return book_one_of(p, domains, sizeof domains / sizeof *domains,
		"land, sky, sea, cyber, funds or training");
}

static void read_ladder_of(struct book *b, struct pledge *x)
{
	struct party list[PLEDGE_NAMES_MAX];
	size_t n = 0;

	for (; n < b->out->ladders && n < PLEDGE_NAMES_MAX; n++)
		list[n].id = b->out->ladder[n].id;
	x->ladder = book_one_of(&b->p, list, n, "a LADDER named above");
}

/* `or`, or a short word in its place before another act. */
static bool another_act(struct parser *p)
{
	static const char *const near[] = {"or", NULL};
	const struct token *t = parser_peek(p);

	if (p->bad || parser_take(p, "or"))
		return !p->bad;
	return parser_strange(p, 0) && strlen(t->what) <= 3 &&
		t[1].is == TOKEN_WORD && !t[1].first &&
		*t[1].what >= 'a' && *t[1].what <= 'z' &&
		parser_instead(p, "or", near);
}

/* One clause of a pledge; false when none begins here. */
static bool who_and_what(struct book *b, struct pledge *x)
{
	struct parser *p = &b->p;

	if (parser_take(p, "FROM")) {
		if (parser_take(p, "endorsers"))
			x->from_endorsers = true;
		else
			book_actors(b, &x->from);
	} else if (parser_take(p, "TO")) {
		book_actors(b, &x->to);
	} else if (parser_take(p, "ACT")) {
		do
			book_add_name(p, &x->act, parser_word(p,
				"an act, such as intelligence"));
		while (another_act(p));
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
		book_stage(p, x->stage, &x->stages);
	} else if (parser_take(p, "UNDER")) {
		x->under = book_instrument(b);
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
		book_source(p, &x->source);
	} else {
		return false;
	}
	return true;
}

static void whole_pledge(struct parser *p, const struct token *at,
	const struct pledge *x)
{
	if (x->from.count == 0 && !x->from_endorsers)
		parser_note(p, at, "who promises is missing: wanted FROM "
			"and actors, or FROM endorsers");
	if (x->from_endorsers && !*x->under)
		parser_note(p, at, "FROM endorsers of what? wanted UNDER "
			"and an instrument");
	if (x->act.count == 0)
		parser_note(p, at, "what is promised is missing: wanted ACT");
	if (x->due_us >= 0 && !x->trigger.given)
		parser_note(p, at, "DUE after a trigger, and no "
			"TRIGGER; wanted TRIGGER >= 1 finding");
	else if (*x->ladder && !x->trigger.given)
		parser_note(p, at, "a LADDER, and no TRIGGER; wanted "
			"TRIGGER >= 1 finding");
}

struct promise {
	struct pledge x;
	size_t told;
};

static void pledge_clauses(struct parser *, struct promise *);

static void try_pledge(struct parser *p, void *self)
{
	struct promise x = *(const struct promise *)self;

	pledge_clauses(p, &x);
}

/* Behind a slip, clauses of the trigger that it hides, too. */
static void pledge_clauses(struct parser *p, struct promise *x)
{
	static const char *const all[] = {"CLAUSE", "GRADE", "STANDARD",
		"PARTY", "WITHIN", "reviewed", "jointly", "FROM", "TO", "ACT",
		"QUANTITY", "DOMAIN", "MODALITY", "AUTHORITY", "STATUS",
		"UNDER", "BY", "TRIGGER", "DUE", "SOURCE", BOOK_OPTIONS};
	struct book *b = book_of(p);

	while (parser_more(p)) {
		bool inner = x->x.trigger.given || p->trying;
		const char *const *near = inner ? all : all + 7;
		size_t began = p->at;

		if (!who_and_what(b, &x->x) && !when_and_why(b, &x->x) &&
			!book_option(p, x->told) &&
			!((p->told != x->told || p->trying) &&
				trigger_clause(p, &x->x.trigger)))
			book_no_clause(p, "FROM, TO, ACT, QUANTITY, DOMAIN, "
				"MODALITY, AUTHORITY, STATUS, UNDER, "
				"BY LADDER, TRIGGER, DUE, SOURCE or the next "
				"statement", near, try_pledge, x);
		if (p->bad)
			parser_next_clause(p, began, near);
	}
}

void book_pledge(struct book *b)
{
	struct parser *p = &b->p;
	const struct token *at = parser_peek(p);
	struct promise y = {.told = p->told};
	bool twice;
	struct pledge x = {.quantity_min = -1, .quantity_max = -1, .unit = "",
		.domain = "", .modality = "", .under = "", .ladder = "",
		.authority = "", .due_us = -1, .source = {.says = ""},
		.trigger = {.clause = "", .grade = "", .standard = "",
			.party = ""},
		.line = at->line, .column = at->column};

	x.id = parser_word(p, "the pledge's name");
	twice = !p->bad && pledge_named(b->out, x.id);
	if (twice)
		parser_note(p, at, "a second PLEDGE '%.40s'; wanted "
			"another name", x.id);
	y.x = x;
	b->out->pledge[b->out->pledge_count++] = x;
	pledge_clauses(p, &y);
	b->out->pledge_count--;
	x = y.x;
	if (!p->bad && p->told == y.told)
		whole_pledge(p, at, &x);
	/* Kept with its slips, so that what names it is no slip more. */
	if (p->told != y.told)
		x = (struct pledge){.id = x.id, .quantity_min = -1,
			.quantity_max = -1, .unit = "", .domain = "",
			.modality = "", .under = "", .ladder = "",
			.authority = "", .due_us = -1, .source = {.says = ""},
			.trigger = {.clause = "", .grade = "",
				.standard = "", .party = ""},
			.line = at->line, .column = at->column};
	if (!p->bad && *x.id && !twice)
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
		(void)parser_instead(p, "an amount as 500e6 or -1200000.50, no "
			"finer than a hundredth and below 1e14", NULL);
	else
		parser_step(p);
	if (parser_take(p, "PRICES"))
		x->price_year = parser_whole(p, "a year");
	if (parser_take(p, "SOURCE"))
		book_source(p, &x->source);
}

static const char *const flow_words[] = {"COMMITTED", "ALLOCATED",
	"DELIVERED", "VERIFIED", "SOURCE", BOOK_OPTIONS};

static void flow_rows(struct parser *, struct flow *);

static void try_rows(struct parser *p, void *self)
{
	struct flow x = *(const struct flow *)self;

	flow_rows(p, &x);
}

static bool none_meant(const struct parser *p)
{
	static const char *const none[] = {"none", NULL};
	const struct token *t = parser_peek(p);
	bool ends = parser_strange(p, 0) && (t[1].is == TOKEN_END ||
		(t[1].first && t[1].column == p->margin));

	for (int i = 0; i < FLOW_COUNT && !ends; i++)
		ends = parser_strange(p, 0) &&
			parser_then(p, 1, flow_name((enum flow_is)i));
	return ends || lex_nearest(t->what, none);
}

/* A row without its first word, kept when nothing was told. */
static void flow_row(struct parser *p, struct flow *x)
{
	struct pledges *r = book_of(p)->out;
	size_t told = p->told;

	if (parser_take(p, "none"))
		return;
	if (none_meant(p)) {
		parser_want(p, "none");
		return;
	}
	x->at = book_date(p);
	read_amount(p, x);
	if (!p->bad && p->told == told && *x->pledge)
		r->flow[r->flows++] = *x;
}

/* of->line: slips told before. */
static void flow_rows(struct parser *p, struct flow *of)
{
	while (parser_more(p)) {
		const struct token *at = parser_peek(p);
		size_t began = p->at;
		struct flow x = {.pledge = of->pledge, .is = FLOW_COUNT,
			.source = {.says = ""}, .line = at->line,
			.column = at->column};

		for (int i = 0; i < FLOW_COUNT && x.is == FLOW_COUNT; i++)
			if (parser_take(p, flow_words[i]))
				x.is = (enum flow_is)i;
		if (x.is < FLOW_COUNT)
			flow_row(p, &x);
		else if (p->told != of->line && parser_take(p, "SOURCE"))
			book_source(p, &x.source);
		else if (!book_option(p, of->line))
			book_no_clause(p, "COMMITTED, ALLOCATED, DELIVERED or "
				"VERIFIED", flow_words, try_rows, of);
		if (p->bad)
			parser_next_clause(p, began, flow_words);
	}
}

void book_flow(struct book *b)
{
	struct parser *p = &b->p;
	const struct pledge *of = pledge_named(b->out, parser_peek(p)->what);
	struct flow x = {.pledge = of ? of->id : "", .line = p->told};
	size_t began;

	if (of)
		parser_step(p);
	else if (!parser_instead(p, "a PLEDGE named above", NULL))
		return;
	began = p->at;
	flow_rows(p, &x);
	if (!p->bad && p->at == began)
		parser_wrong(p, "COMMITTED, ALLOCATED, DELIVERED or VERIFIED",
			NULL);
}
