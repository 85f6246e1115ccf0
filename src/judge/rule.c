/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rule.c - RULE and EXAMPLE statements. */
#include "judge/parser.h"

static const char *const clause_words[] = {"WITHIN", "INSIDE", "OUTSIDE",
	"ON", "FROM", "UNTIL", "DAILY", "BY", "NOTIFIED", "EXCEPT",
	"STANDARD", "GRADE", "NEAR", NULL};

static const struct {
	const char *word;
	uint32_t kinds;
} manners[] = {
	{"presence", 1u << KIND_WEAPON | 1u << KIND_VEHICLE},
	{"flight", 1u << KIND_FLIGHT},
	{"use", 1u << KIND_EXPLOSION | 1u << KIND_SHOT | 1u << KIND_BURST |
			1u << KIND_PROJECTILE | 1u << KIND_MUZZLE_FLASH},
};

static void subject(struct parser *p, struct rule *r)
{
	static const char *const near[] = {
		"presence", "flight", "use", NULL};
	const struct token *at;

	for (size_t i = 0; i < sizeof manners / sizeof *manners; i++) {
		if (!parser_is(p, manners[i].word) ||
			!parser_then(p, 1, "of"))
			continue;
		parser_step(p);
		parser_step(p);
		r->manner = manners[i].kinds;
		r->subject = manners[i].word;
		break;
	}
	if (!r->manner && parser_then(p, 1, "of"))
		parser_wrong(p, "presence, flight or use", near);
	at = parser_peek(p);
	r->is = parser_factor(p, 0);
	if (!p->bad && r->manner && !(r->manner & r->is->kinds))
		parser_wrong_at(p, at, "'%.40s' is no matter of %s; wanted "
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

		parser_wrong(p, "own side, or side OF a party", near);
		return;
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

static void add(struct parser *p, const struct token *at,
	struct condition *list, size_t *count, const struct condition *c)
{
	if (*count == TERMS_CONDITIONS_MAX)
		parser_wrong_at(p, at, "wanted at most %d conditions",
			TERMS_CONDITIONS_MAX);
	if (!p->bad)
		list[(*count)++] = *c;
}

static void near_nothing(struct parser *p, const struct token *at)
{
	parser_wrong_at(p, at, "NEAR says how near to what was NOTIFIED, and "
		"nothing was; wanted NOTIFIED before it");
}

static void near_by(struct parser *p, struct exception *e)
{
	const struct token *at = parser_peek(p);
	int64_t mm;

	parser_step(p);
	mm = parser_length(p);
	if (p->bad)
		return;
	for (size_t i = e->conditions; i > 0; i--) {
		if (e->condition[i - 1].is != ON_NOTIFIED)
			continue;
		e->condition[i - 1].near_mm = mm;
		return;
	}
	near_nothing(p, at);
}

static bool belongs(const char *id, const char *to)
{
	size_t n = strlen(to);

	return strncmp(id, to, n) == 0 && id[n] == '.' && id[n + 1];
}

static void exception(struct parser *p, const struct rule *r,
	struct exception *e)
{
	const struct token *at = parser_peek(p);
	struct condition c;

	e->id = parser_word(p, "the number of the exception, such as 4.a.1");
	if (!p->bad && !belongs(e->id, r->id))
		parser_note(p, at, "exception '%.40s' stands in rule "
			"%.40s; wanted a number that begins with %.40s.",
			e->id, r->id, r->id);
	while (!p->bad) {
		at = parser_peek(p);
		if (parser_take(p, ","))
			continue;
		if (parser_is(p, "NEAR"))
			near_by(p, e);
		else if (condition(p, &c))
			add(p, at, e->condition, &e->conditions, &c);
		else
			break;
	}
	if (e->conditions == 0 && !p->bad)
		parser_wrong(p, "what is excepted: INSIDE, NOTIFIED, BY, "
			"WITHIN, DAILY, FROM or UNTIL", clause_words);
}

static void grade(struct parser *p, struct rule *r)
{
	struct grade_step *g = r->grade;

	r->grades = 0;
	r->by_count = false;
	if (!parser_take(p, "by")) {
		g->name = parser_word(p, "a grade, or by count (...)");
		r->grades = !p->bad;
		return;
	}
	r->by_count = true;
	parser_want(p, "count");
	parser_want(p, "(");
	do {
		const struct token *at = parser_peek(p);

		if (r->grades == TERMS_GRADES_MAX) {
			parser_wrong_at(p, at, "wanted at most %d grades",
				TERMS_GRADES_MAX);
			break;
		}
		g = &r->grade[r->grades];
		g->at_least = parser_whole(p, "a count");
		g->name = parser_word(p, "a grade");
		if (r->grades > 0 && !p->bad && g->at_least <= g[-1].at_least)
			parser_wrong_at(p, at, "'%.40s' stands after %d; "
				"wanted rising counts", at->what,
				(int)g[-1].at_least);
		r->grades += !p->bad;
	} while (parser_take(p, ","));
	parser_want(p, ")");
}

/* After a slip: on to the next clause, line or statement; always at least
 * one word on from where the clause began. */
static void recover(struct parser *p, size_t began)
{
	p->bad = p->c->broke;
	if (p->at == began)
		parser_step(p);
	while (!p->bad && parser_peek(p)->is != TOKEN_END &&
		!parser_starts(p) && !parser_peek(p)->first) {
		for (size_t i = 0; clause_words[i]; i++)
			if (parser_is(p, clause_words[i]))
				return;
		parser_step(p);
	}
}

static void same_exception(struct parser *p, const struct token *at,
	const struct exception *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(e[i].id, e[n].id) == 0)
			parser_wrong_at(p, at, "exception %.40s stands twice; "
				"wanted another number", e[n].id);
}

static void no_clause(struct parser *p, const struct rule *r)
{
	static const char *const near[] = {"ELSE", NULL};
	bool last = r->requires_ && !*r->else_ && r->conditions == 0;

	parser_wrong(p, "WITHIN, INSIDE, OUTSIDE, ON, FROM, UNTIL, "
		"DAILY, BY, EXCEPT, STANDARD or GRADE",
		last && lex_nearest(parser_peek(p)->what, near) ? near
								: clause_words);
}

static void clause(struct parser *p, struct rule *r, struct exception *ex)
{
	const struct token *at = parser_peek(p);
	struct condition c;

	if (parser_take(p, ",")) {
		return;
	} else if (parser_take(p, "EXCEPT")) {
		if (r->exceptions == TERMS_EXCEPTIONS_MAX) {
			parser_wrong_at(p, at, "wanted at most %d exceptions",
				TERMS_EXCEPTIONS_MAX);
			return;
		}
		ex[r->exceptions] = (struct exception){0};
		exception(p, r, &ex[r->exceptions]);
		same_exception(p, at, ex, r->exceptions);
		r->exceptions += !p->bad;
	} else if (parser_take(p, "STANDARD")) {
		r->standard = parser_standard(p);
	} else if (parser_take(p, "GRADE")) {
		grade(p, r);
	} else if (condition(p, &c)) {
		if (c.is == ON_NOTIFIED)
			parser_wrong_at(p, at, "NOTIFIED stands in a rule; "
				"wanted EXCEPT before it");
		add(p, at, r->condition, &r->conditions, &c);
	} else if (parser_is(p, "NEAR")) {
		near_nothing(p, at);
	} else {
		no_clause(p, r);
	}
}

static void duty(struct parser *p, struct rule *r)
{
	int kind;

	r->requires_ = true;
	r->subject = parser_word(p, "what is owed, such as answer");
	if (parser_take(p, "BY"))
		r->by = parser_word(p, "who owes it");
	parser_want(p, "WITHIN");
	r->due_us = parser_duration(p);
	parser_want(p, "OF");
	r->of = parser_word(p, "what starts the clock");
	if (!parser_take(p, "ELSE"))
		return;
	kind = kind_named(parser_peek(p)->what);
	if (kind < 0) {
		const char *near[KIND_COUNT + 1] = {NULL};

		for (int i = 0; i < KIND_COUNT; i++)
			near[i] = kind_name((enum kind)i);
		parser_wrong(p, "a kind, such as obstruction", near);
		return;
	}
	r->else_ = parser_word(p, "a kind");
	r->manner = (uint32_t)1 << kind;
}

/* The article whose number the rule's begins with, the longest. */
static void find_article(const struct terms *t, struct rule *r)
{
	size_t best = 0;

	for (size_t i = 0; i < t->articles; i++) {
		const struct article *a = &t->article[i];
		size_t n = strlen(a->id);

		if (n <= best || (!belongs(r->id, a->id) &&
					 strcmp(r->id, a->id) != 0))
			continue;
		best = n;
		r->article = a->id;
		r->text = a->text;
	}
}

void parser_rule(struct parser *p, struct rule *r)
{
	static const char *const near[] = {"FORBIDS", "REQUIRES", NULL};
	struct exception ex[TERMS_EXCEPTIONS_MAX];
	struct exception *kept;

	*r = (struct rule){.article = "", .text = "", .subject = "",
		.by = "", .of = "", .else_ = "", .standard = SIZE_MAX,
		.line = parser_peek(p)->line,
		.column = parser_peek(p)->column};
	r->id = parser_word(p, "the number of the rule, such as 4.a");
	if (parser_take(p, "REQUIRES"))
		duty(p, r);
	else if (parser_take(p, "FORBIDS"))
		subject(p, r);
	else if (!p->bad)
		parser_wrong(p, "FORBIDS or REQUIRES", near);
	if (p->bad)
		recover(p, SIZE_MAX);
	while (!p->bad && !parser_starts(p) &&
		parser_peek(p)->is != TOKEN_END) {
		size_t began = p->at;

		clause(p, r, ex);
		if (p->bad)
			recover(p, began);
	}
	find_article(p->t, r);
	if (!r->is && !r->requires_ && !p->bad)
		r->is = parser_stand_in(p);
	if (r->exceptions == 0 || p->bad)
		return;
	kept = arena_array(p->a, r->exceptions, sizeof *kept, p->c->fault);
	if (!kept) {
		p->c->broke = p->bad = true;
		return;
	}
	memcpy(kept, ex, r->exceptions * sizeof *kept);
	r->exception = kept;
}

static const char *const fact_words[] = {"INSIDE", "OUTSIDE", "ERROR",
	"CALIBRE", "COUNT", "MODALITIES", "BY", "AT", "NOTIFIED", "UNTIL", ",",
	"->", NULL};

/* After a slip in an example: on to its next fact. */
static void next_fact(struct parser *p, size_t began)
{
	p->bad = p->c->broke;
	if (p->at == began && !p->bad && !parser_starts(p))
		parser_step(p);
	while (!p->bad && parser_peek(p)->is != TOKEN_END &&
		!parser_starts(p)) {
		for (size_t i = 0; fact_words[i]; i++)
			if (parser_is(p, fact_words[i]))
				return;
		parser_step(p);
	}
}

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

static void given(struct parser *p, struct example *e)
{
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
	} else if (t->is == TOKEN_WORD && *t->what >= '0' &&
		*t->what <= '9') {
		e->distance_mm = parser_length(p);
		parser_want(p, "FROM");
		e->from = parser_area(p, true);
	} else {
		parser_wrong(p, "a distance, INSIDE, OUTSIDE, ERROR, CALIBRE, "
			"COUNT, MODALITIES, BY, AT, NOTIFIED, UNTIL or ->",
			fact_words);
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

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!parser_take(p, words[i].a))
			continue;
		if (words[i].b)
			parser_want(p, words[i].b);
		e->want = words[i].v;
		return;
	}
	if (!p->bad)
		parser_wrong(p, "BREACH, NO BREACH, UNDETERMINED, "
			"NOT APPLICABLE or CONFLICT", near);
}

static void rule_above(
	struct parser *p, const struct token *at, const char *id)
{
	const struct terms *t = p->t;
	const char **near = arena_array(
		p->a, t->rules + 1, sizeof *near, p->c->fault);
	const char *meant;

	if (!near) {
		p->c->broke = p->bad = true;
		return;
	}
	for (size_t i = 0; i < t->rules; i++) {
		near[i] = t->rule[i].id;
		if (strcmp(near[i], id) == 0)
			return;
	}
	meant = lex_nearest(id, near);
	parser_note(p, at, "no rule '%.40s' stands above; wanted the number "
		"of one%s%s%s", id, meant ? "; did you mean " : "",
		meant ? meant : "", meant ? "?" : "");
}

void parser_example(struct parser *p, struct example *e)
{
	const struct token *at = parser_peek(p);

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
	e->thing = parser_factor(p, 0);
	if (!p->bad && e->thing->is != IS_KINDS && e->thing->is != IS_WEAPON)
		parser_wrong_at(p, at, "'%.40s' is no single thing; wanted a "
			"kind or a weapon", at->what);
	if (p->bad)
		next_fact(p, p->at);
	while (!p->bad && !parser_take(p, "->")) {
		size_t began = p->at;

		if (parser_starts(p) || parser_peek(p)->is == TOKEN_END) {
			parser_wrong(p, "a fact, or -> and a verdict", NULL);
			break;
		}
		given(p, e);
		if (p->bad)
			next_fact(p, began);
	}
	wanted_verdict(p, e);
}
