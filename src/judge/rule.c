/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rule.c - RULE and EXAMPLE statements. */
#include "judge/parser.h"

/* The first of a duty only. */
static const char *const duty_words[] = {"ELSE", "WITHIN", "INSIDE",
	"OUTSIDE", "ON", "FROM", "UNTIL", "DAILY", "BY", "NOTIFIED", "EXCEPT",
	"STANDARD", "GRADE", "NEAR", NULL};
static const char *const *const clause_words = duty_words + 1;
static const char a_clause[] = "WITHIN, INSIDE, OUTSIDE, ON, FROM, UNTIL, "
	"DAILY, BY, EXCEPT, STANDARD or GRADE";

/* A rule as it is read. */
struct ruling {
	struct rule r;
	struct exception ex[TERMS_EXCEPTIONS_MAX];
	struct exception *open; /* its conditions are being read */
	size_t began, open_began; /* slips told before */
};

static const struct {
	const char *word;
	uint32_t kinds;
} manners[] = {
	{"presence", 1u << KIND_WEAPON | 1u << KIND_VEHICLE},
	{"flight", 1u << KIND_FLIGHT},
	{"use", 1u << KIND_EXPLOSION | 1u << KIND_SHOT | 1u << KIND_BURST |
			1u << KIND_PROJECTILE | 1u << KIND_MUZZLE_FLASH},
};

/* Behind a word that may be a manner, or a kind of the same name. */
static bool of_behind(const struct parser *p)
{
	return parser_then(p, 1, "of") || (parser_strange(p, 1) &&
		(parser_begins(p, 2) || (parser_strange(p, 2) &&
			kind_named(parser_peek(p)->what) < 0)));
}

/* "presence of", either word of it misspelt, or none. */
static void manner(struct parser *p, struct rule *r)
{
	static const char *const near[] = {
		"presence", "flight", "use", NULL};

	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		if (!parser_is(p, manners[i].word) ||
			!of_behind(p))
			continue;
		parser_step(p);
		parser_want(p, "of");
		r->manner = manners[i].kinds;
		r->subject = manners[i].word;
		return;
	}
	if (!parser_then(p, 1, "of") && !(parser_strange(p, 0) &&
		parser_strange(p, 1) && parser_begins(p, 2)))
		return;
	if (parser_instead(p, "presence, flight or use", near))
		parser_want(p, "of");
}

static void subject(struct parser *p, struct rule *r)
{
	const struct token *at;
	size_t told = p->told;

	manner(p, r);
	at = parser_peek(p);
	r->is = parser_factor(p, 0);
	if (!p->bad && p->told == told && r->manner &&
		!(r->manner & r->is->kinds))
		parser_note(p, at, "'%.40s' is no matter of %s; wanted "
			"it without '%s of', or another", at->what, r->subject,
			r->subject);
}

static void on_within(struct parser *p, struct condition *c)
{
	c->is = ON_WITHIN;
	c->limit_mm = parser_length(p);
	c->total = parser_total(p);
	if (c->total)
		c->limit_mm /= 2;
	c->area = parser_area(p, true);
}

static void on_side(struct parser *p, struct condition *c)
{
	c->is = ON_OWN_SIDE;
	if (parser_take(p, "own")) {
		parser_want(p, "side");
		return;
	}
	if (!parser_take(p, "side")) {
		static const char *const near[] = {"own", "side", NULL};
		bool of = parser_then(p, 1, "OF") || (parser_strange(p, 1) &&
			parser_party(p, 2));

		if (!parser_instead(p, "own side, or side OF a party", near))
			return;
		if (!of) {
			if (!parser_take(p, "side") && parser_strange(p, 0))
				parser_want(p, "side");
			return;
		}
	}
	c->is = ON_SIDE_OF;
	parser_want(p, "OF");
	c->who = parser_who(p);
}

static void on_notified(struct parser *p, struct condition *c)
{
	c->is = ON_NOTIFIED;
	c->what = parser_word(p, "what was notified, such as demining");
	c->before_us = parser_duration(p);
	parser_want(p, "BEFORE");
}

/* One condition; false when none begins here. */
static bool condition(struct parser *p, struct condition *c)
{
	*c = (struct condition){.near_mm = -1, .who = "", .what = ""};
	if (parser_take(p, "WITHIN")) {
		on_within(p, c);
	} else if (parser_is(p, "INSIDE") || parser_is(p, "OUTSIDE")) {
		c->is = parser_is(p, "INSIDE") ? ON_INSIDE : ON_OUTSIDE;
		parser_step(p);
		c->area = parser_area(p, false);
	} else if (parser_take(p, "ON")) {
		on_side(p, c);
	} else if (parser_is(p, "FROM") || parser_is(p, "UNTIL")) {
		c->is = parser_is(p, "FROM") ? ON_FROM : ON_UNTIL;
		parser_step(p);
		c->at_us = parser_time(p, "a time with its zone, as "
			"2026-02-02T00:00Z");
	} else if (parser_take(p, "DAILY")) {
		c->is = ON_DAILY;
		parser_window(p, &c->daily_from_us, &c->daily_to_us);
	} else if (parser_take(p, "BY")) {
		c->is = ON_BY;
		c->who = parser_who(p);
	} else if (parser_take(p, "NOTIFIED")) {
		on_notified(p, c);
	} else {
		return false;
	}
	return true;
}

/* What has a slip is no condition. */
static void add(struct parser *p, const struct token *at, size_t told,
	struct condition *list, size_t *count, const struct condition *c)
{
	if (p->bad || p->told != told)
		return;
	if (*count == TERMS_CONDITIONS_MAX)
		parser_wrong_at(p, at, "wanted at most %d conditions",
			TERMS_CONDITIONS_MAX);
	else
		list[(*count)++] = *c;
}

static void near_nothing(struct parser *p, const struct token *at)
{
	parser_note(p, at, "NEAR says how near to what was NOTIFIED, and "
		"nothing was; wanted NOTIFIED before it");
}

/* Behind a slip it may be that one which hides what was NOTIFIED. */
static void near_by(struct parser *p, struct ruling *d)
{
	const struct token *at = parser_peek(p);
	struct exception *e = d->open;
	bool hidden = p->told != d->open_began;
	int64_t mm;

	parser_step(p);
	mm = parser_length(p);
	if (p->bad)
		return;
	for (size_t i = e ? e->conditions : 0; i > 0; i--) {
		if (e->condition[i - 1].is != ON_NOTIFIED)
			continue;
		e->condition[i - 1].near_mm = mm;
		return;
	}
	if (!hidden)
		near_nothing(p, at);
}

static bool belongs(const char *id, const char *to)
{
	size_t n = strlen(to);

	return strncmp(id, to, n) == 0 && id[n] == '.' && id[n + 1];
}

static void clauses(struct parser *, struct ruling *);
static void excepted(struct parser *, struct ruling *);

/* After a slip: on to the next clause, line or statement; always at least
 * one word on from where the clause began. */
static void recover(struct parser *p, size_t began)
{
	parser_give_up(p, began);
	while (!p->bad && parser_peek(p)->is != TOKEN_END &&
		!parser_starts(p) && !parser_peek(p)->first) {
		for (size_t i = 0; clause_words[i]; i++)
			if (parser_is(p, clause_words[i]))
				return;
		parser_pass(p);
	}
}

/* parser_mend() reads on on a copy. */
static void try_clauses(struct parser *p, void *self)
{
	struct ruling d = *(const struct ruling *)self;

	if (d.open) {
		d.open = &d.ex[d.r.exceptions];
		excepted(p, &d);
		if (p->bad)
			recover(p, p->at);
	}
	clauses(p, &d);
}

/* No clause begins here: told, and mended where it can be. */
static bool no_clause(struct parser *p, struct ruling *d, const char *wanted)
{
	const char *const *words = d->r.requires_ ? duty_words : clause_words;

	parser_wrong(p, wanted, words);
	return parser_mend(p, words, try_clauses, d);
}

/* The conditions of an exception. */
static void excepted(struct parser *p, struct ruling *d)
{
	static const char wanted[] = "what is excepted: INSIDE, NOTIFIED, BY, "
		"WITHIN, DAILY, FROM or UNTIL";
	struct exception *e = d->open;
	struct condition c;

	while (!p->bad && p->at < p->until) {
		const struct token *at = parser_peek(p);
		size_t told = p->told;

		if (parser_take(p, ","))
			continue;
		if (parser_is(p, "NEAR"))
			near_by(p, d);
		else if (condition(p, &c))
			add(p, at, told, e->condition, &e->conditions, &c);
		else if (parser_starts(p) || !parser_strange(p, 0) ||
			!no_clause(p, d, e->conditions == 0 &&
				told == d->open_began ? wanted : a_clause))
			break;
	}
	if (e->conditions == 0 && !p->bad && p->told == d->open_began)
		parser_wrong(p, wanted, clause_words);
	d->r.exceptions += !p->bad && p->told == d->open_began;
	d->open = NULL;
}

static void exception(struct parser *p, struct ruling *d)
{
	struct exception *e = &d->ex[d->r.exceptions];
	const struct token *at = parser_peek(p);
	const char *id = d->r.id;

	d->open = e;
	d->open_began = p->told;
	*e = (struct exception){0};
	e->id = parser_word(p, "the number of the exception, such as 4.a.1");
	if (p->told == d->open_began && *id && !belongs(e->id, id))
		parser_note(p, at, "exception '%.40s' stands in rule "
			"%.40s; wanted a number that begins with %.40s.",
			e->id, id, id);
	for (size_t i = 0; i < d->r.exceptions && !p->bad; i++)
		if (strcmp(d->ex[i].id, e->id) == 0)
			parser_note(p, at - 1, "exception %.40s stands twice; "
				"wanted another number", e->id);
	excepted(p, d);
}

static void grade_steps(struct parser *p, struct rule *r, size_t told)
{
	do {
		const struct token *at = parser_peek(p);
		struct grade_step *g = &r->grade[r->grades];

		if (r->grades == TERMS_GRADES_MAX) {
			parser_wrong_at(p, at, "wanted at most %d grades",
				TERMS_GRADES_MAX);
			break;
		}
		g->at_least = parser_whole(p, "a count");
		g->name = parser_word(p, "a grade");
		if (r->grades > 0 && p->told == told &&
			g->at_least <= g[-1].at_least)
			parser_note(p, at, "'%.40s' stands after %d; "
				"wanted rising counts", at->what,
				(int)g[-1].at_least);
		r->grades += p->told == told;
	} while (parser_take(p, ","));
}

static void grade(struct parser *p, struct rule *r)
{
	static const char *const near[] = {"by", NULL};
	size_t told = p->told;

	r->grades = 0;
	r->by_count = parser_take(p, "by");
	if (!r->by_count && parser_strange(p, 0) &&
		(parser_then(p, 1, "count") || parser_then(p, 2, "(")))
		r->by_count = parser_instead(p, "by", near);
	if (!r->by_count) {
		r->grade[0].name = parser_word(p, "a grade, or by count (...)");
		r->grades = p->told == told;
		return;
	}
	parser_want(p, "count");
	parser_want(p, "(");
	grade_steps(p, r, told);
	parser_want(p, ")");
}

static void kind_else(struct parser *p, struct rule *r)
{
	const char *near[KIND_COUNT + 1] = {NULL};
	int kind = kind_named(parser_peek(p)->what);

	if (kind >= 0) {
		r->else_ = parser_word(p, "a kind");
		r->manner = (uint32_t)1 << kind;
		return;
	}
	for (int i = 0; i < KIND_COUNT; i++)
		near[i] = kind_name((enum kind)i);
	(void)parser_instead(p, "a kind, such as obstruction", near);
}

static void rule_condition(struct parser *p, struct ruling *d,
	const struct token *at, const struct condition *c, size_t told)
{
	if (c->is == ON_NOTIFIED) {
		if (p->told == d->open_began || p->trying)
			parser_wrong_at(p, at, "NOTIFIED stands in a rule; "
				"wanted EXCEPT before it");
		return;
	}
	add(p, at, told, d->r.condition, &d->r.conditions, c);
}

static void clause(struct parser *p, struct ruling *d)
{
	const struct token *at = parser_peek(p);
	struct rule *r = &d->r;
	size_t told = p->told;
	struct condition c;

	if (parser_take(p, ",")) {
		return;
	} else if (parser_take(p, "EXCEPT")) {
		if (r->exceptions == TERMS_EXCEPTIONS_MAX)
			parser_wrong_at(p, at, "wanted at most %d exceptions",
				TERMS_EXCEPTIONS_MAX);
		else
			exception(p, d);
	} else if (parser_take(p, "STANDARD")) {
		r->standard = parser_standard(p);
	} else if (parser_take(p, "GRADE")) {
		grade(p, r);
	} else if (condition(p, &c)) {
		rule_condition(p, d, at, &c, told);
	} else if (parser_is(p, "NEAR")) {
		near_by(p, d);
	} else if (r->requires_ && told != d->began && parser_take(p, "ELSE")) {
		kind_else(p, r);
	} else {
		(void)no_clause(p, d, a_clause);
	}
}

static void clauses(struct parser *p, struct ruling *d)
{
	while (parser_more(p)) {
		size_t began = p->at;

		clause(p, d);
		if (p->bad)
			recover(p, began);
	}
}

/* "BY party", or nothing: WITHIN is behind. */
static void who_owes(struct parser *p, struct rule *r)
{
	static const char *const near[] = {"BY", NULL};
	static const char *const units[] = {"d", "h", "min", "s"};
	bool by = parser_take(p, "BY");

	if (!by && !p->bad && parser_strange(p, 0) &&
		!parser_then(p, 1, "WITHIN")) {
		const char *next = p->token[p->at + 1].what;

		by = parser_then(p, 2, "WITHIN") || *next < '0' || *next > '9';
		for (size_t i = 0; i < sizeof units / sizeof *units; i++)
			by = by && !parser_then(p, 2, units[i]);
		by = by && parser_instead(p, "BY or WITHIN", near);
	}
	if (by)
		r->by = parser_word(p, "who owes it");
}

static void duty(struct parser *p, struct rule *r)
{
	r->requires_ = true;
	r->subject = parser_word(p, "what is owed, such as answer");
	who_owes(p, r);
	parser_want(p, "WITHIN");
	r->due_us = parser_duration(p);
	parser_want(p, "OF");
	r->of = parser_word(p, "what starts the clock");
	if (parser_take(p, "ELSE"))
		kind_else(p, r);
}

/* The article whose number the rule's begins with, the longest. */
static void find_article(const struct parser *p, struct rule *r)
{
	for (size_t n = strlen(r->id); n > 0; n--) {
		size_t i;

		if (r->id[n] != '\0' && (r->id[n] != '.' || !r->id[n + 1]))
			continue;
		i = roll_find(&p->roll->article, p->t->articles, r->id, n);
		if (i == SIZE_MAX)
			continue;
		r->article = p->t->article[i].id;
		r->text = p->t->article[i].text;
		return;
	}
}

static void demand(struct parser *p, struct rule *r)
{
	if (parser_take(p, "REQUIRES"))
		duty(p, r);
	else if (parser_take(p, "FORBIDS"))
		subject(p, r);
}

static void try_demand(struct parser *p, void *self)
{
	struct ruling d = *(const struct ruling *)self;

	demand(p, &d.r);
	if (p->bad)
		recover(p, p->at);
	clauses(p, &d);
}

static void keep_exceptions(struct parser *p, struct rule *r,
	const struct exception *ex)
{
	struct exception *kept;

	if (r->exceptions == 0 || p->bad || p->trying)
		return;
	kept = arena_array(p->a, r->exceptions, sizeof *kept, p->c->fault);
	if (!kept) {
		p->c->broke = p->bad = true;
		return;
	}
	memcpy(kept, ex, r->exceptions * sizeof *kept);
	r->exception = kept;
}

void parser_rule(struct parser *p, struct rule *r)
{
	static const char *const near[] = {"FORBIDS", "REQUIRES", NULL};
	struct ruling d = {.began = p->told, .open_began = p->told};

	d.r = (struct rule){.article = "", .text = "", .subject = "",
		.by = "", .of = "", .else_ = "", .standard = SIZE_MAX,
		.line = parser_peek(p)->line,
		.column = parser_peek(p)->column};
	d.r.id = parser_word(p, "the number of the rule, such as 4.a");
	*r = d.r; /* whoever tries other statements sees it */
	if (!p->bad && !parser_is(p, "FORBIDS") && !parser_is(p, "REQUIRES")) {
		parser_wrong(p, "FORBIDS or REQUIRES", near);
		(void)parser_mend(p, near, try_demand, &d);
		if (p->trying && parser_strange(p, 0)) {
			p->bad = false;
			parser_step(p);
			if (parser_begins(p, 0) || parser_then(p, 1, "of"))
				subject(p, &d.r);
			else
				duty(p, &d.r);
		}
	}
	demand(p, &d.r);
	if (p->bad)
		recover(p, SIZE_MAX);
	clauses(p, &d);
	*r = d.r;
	find_article(p, r);
	if (!r->is && !r->requires_ && !p->bad)
		r->is = parser_stand_in(p);
	keep_exceptions(p, r, d.ex);
}

static const char *const fact_words[] = {"INSIDE", "OUTSIDE", "ERROR",
	"CALIBRE", "COUNT", "MODALITIES", "BY", "AT", "NOTIFIED", "UNTIL", ",",
	"->", NULL};

static void given_notice(struct parser *p, struct example *e,
	const struct token *at)
{
	const char *what = parser_word(p, "what was notified");
	int64_t us;

	parser_want(p, "AT");
	us = parser_time(p, "a time with its zone");
	if (e->notices == TERMS_NOTICES_MAX)
		parser_wrong_at(p, at, "wanted at most %d notices",
			TERMS_NOTICES_MAX);
	if (p->bad)
		return;
	e->notified[e->notices].what = what;
	e->notified[e->notices++].at_us = us;
}

static void given_outside(struct parser *p, struct example *e,
	const struct token *at)
{
	size_t area = parser_area(p, false);

	if (e->outsides == TERMS_NOTICES_MAX)
		parser_wrong_at(p, at, "wanted at most %d zones",
			TERMS_NOTICES_MAX);
	if (!p->bad)
		e->outside[e->outsides++] = area;
}

/* "12 km FROM line", the number perhaps misspelt. */
static bool distance(const struct parser *p)
{
	static const char *const units[] = {"km", "m", "mm"};
	const struct token *t = parser_peek(p);
	bool so = t->is == TOKEN_WORD && *t->what >= '0' && *t->what <= '9';

	for (size_t i = 0; i < sizeof units / sizeof *units && !so; i++)
		so = parser_strange(p, 0) && parser_then(p, 1, units[i]);
	return so || (parser_strange(p, 0) && parser_then(p, 2, "FROM"));
}

static void facts(struct parser *, struct example *);
static void wanted_verdict(struct parser *, struct example *);

static void try_facts(struct parser *p, void *self)
{
	struct example e = *(const struct example *)self;

	facts(p, &e);
	wanted_verdict(p, &e);
	if (parser_more(p))
		parser_wrong(p, "the next statement", NULL);
}

static void given(struct parser *p, struct example *e)
{
	static const char *const near[] = {"INSIDE", "OUTSIDE", "ERROR",
		"CALIBRE", "COUNT", "MODALITIES", "BY", "AT", "NOTIFIED",
		"UNTIL", "->", NULL};
	const struct token *t = parser_peek(p);

	if (parser_take(p, ",")) {
		return;
	} else if (parser_take(p, "INSIDE")) {
		e->inside = parser_area(p, false);
	} else if (parser_take(p, "OUTSIDE")) {
		given_outside(p, e, t);
	} else if (parser_take(p, "ERROR")) {
		e->error_mm = parser_length(p);
	} else if (parser_take(p, "CALIBRE")) {
		e->calibre_um = parser_decimal(p, 3, "millimetres");
		parser_want(p, "mm");
	} else if (parser_take(p, "COUNT")) {
		e->count = parser_whole(p, "a count");
	} else if (parser_take(p, "MODALITIES")) {
		e->modalities = parser_whole(p, "a number of modalities");
	} else if (parser_take(p, "BY")) {
		e->by = parser_who(p);
	} else if (parser_take(p, "AT")) {
		e->at_us = parser_time(p, "a time with its zone");
	} else if (parser_take(p, "UNTIL")) {
		e->until_us = parser_time(p, "a time with its zone");
	} else if (parser_take(p, "NOTIFIED")) {
		given_notice(p, e, t);
	} else if (distance(p)) {
		e->distance_mm = parser_length(p);
		parser_want(p, "FROM");
		e->from = parser_area(p, true);
	} else {
		parser_wrong(p, "a distance, INSIDE, OUTSIDE, ERROR, CALIBRE, "
			"COUNT, MODALITIES, BY, AT, NOTIFIED, UNTIL or ->",
			near);
		(void)parser_mend(p, near, try_facts, e);
	}
}

static void facts(struct parser *p, struct example *e)
{
	while (!p->bad && p->at < p->until && !parser_take(p, "->")) {
		size_t began = p->at;

		if (parser_starts(p) || parser_peek(p)->is == TOKEN_END) {
			parser_wrong(p, "a fact, or -> and a verdict", NULL);
			break;
		}
		given(p, e);
		if (p->bad)
			parser_next_clause(p, began, fact_words);
	}
}

static void wanted_verdict(struct parser *p, struct example *e)
{
	static const struct {
		const char *a, *b;
		enum verdict v;
	} words[] = {{"BREACH", NULL, VERDICT_BREACH},
		{"NO", "BREACH", VERDICT_NO_BREACH},
		{"UNDETERMINED", NULL, VERDICT_UNDETERMINED},
		{"NOT", "APPLICABLE", VERDICT_NOT_APPLICABLE},
		{"CONFLICT", NULL, VERDICT_CONFLICT}};
	static const char *const near[] = {"BREACH", "UNDETERMINED", "NOT",
		"CONFLICT", NULL};

	if (p->at >= p->until)
		return;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!parser_take(p, words[i].a))
			continue;
		if (words[i].b)
			parser_want(p, words[i].b);
		e->want = words[i].v;
		return;
	}
	if (p->bad || !parser_instead(p, "BREACH, NO BREACH, UNDETERMINED, "
			"NOT APPLICABLE or CONFLICT", near))
		return;
	/* It was the first of two. */
	if (parser_take(p, "BREACH") || parser_take(p, "APPLICABLE"))
		return;
	if (parser_strange(p, 0) && !parser_peek(p)->first)
		parser_want(p, "BREACH");
}

static void rule_above(
	struct parser *p, const struct token *at, const char *id)
{
	const struct terms *t = p->t;
	const char **near, *meant;

	if (roll_find(&p->roll->rule, t->rules, id, strlen(id)) != SIZE_MAX)
		return;
	near = arena_array(p->a, t->rules + 1, sizeof *near, p->c->fault);
	if (!near) {
		p->c->broke = p->bad = true;
		return;
	}
	for (size_t i = 0; i < t->rules; i++)
		near[i] = t->rule[i].id;
	meant = p->trying ? NULL : lex_nearest(id, near);
	parser_note(p, at, "no rule '%.40s' stands above; wanted the number "
		"of one%s%s%s", id, meant ? "; did you mean " : "",
		meant ? meant : "", meant ? "?" : "");
}

void parser_example(struct parser *p, struct example *e)
{
	const struct token *at = parser_peek(p);
	size_t told;

	*e = (struct example){.distance_mm = -1, .inside = SIZE_MAX,
		.calibre_um = -1, .at_us = TERMS_NEVER_US, .count = -1,
		.modalities = -1, .by = "", .until_us = TERMS_NEVER_US,
		.line = at->line, .column = at->column};
	e->rule = parser_word(p, "the number of a rule");
	if (!p->bad)
		rule_above(p, at, e->rule);
	e->says = parser_text(p, "the example's name in quotes");
	parser_want(p, "GIVEN");
	at = parser_peek(p);
	told = p->told;
	e->thing = parser_factor(p, 0);
	if (!p->bad && p->told == told && e->thing->is != IS_KINDS &&
		e->thing->is != IS_WEAPON)
		parser_note(p, at, "'%.40s' is no single thing; wanted a "
			"kind or a weapon", at->what);
	if (p->bad)
		parser_next_clause(p, p->at, fact_words);
	facts(p, e);
	wanted_verdict(p, e);
}
