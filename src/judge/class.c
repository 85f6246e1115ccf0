/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * class.c - expressions: what a class of things is. */
#include "judge/parser.h"

#define ALL_KINDS ((uint32_t)1 << KIND_UNKNOWN)

const char *const terms_weapons[WEAPON_COUNT + 1] = {"tank", "mlrs",
	"artillery", "mortar", "missile", "apc", "ifv", "anti_tank",
	"air_defence", "machine_gun", "small_arms", "grenade_launcher", "uav",
	"aircraft", "helicopter", "mine", NULL};

int terms_weapon(const char *word)
{
	for (int i = 0; i < WEAPON_COUNT; i++)
		if (strcmp(terms_weapons[i], word) == 0)
			return i;
	return -1;
}

static const struct expression *keep(
	struct parser *p, struct expression e)
{
	struct expression *k = arena_take(p->a, sizeof *k, p->c->fault);

	if (!k) {
		p->c->broke = p->bad = true;
		return NULL;
	}
	*k = e;
	return k;
}

static bool too_long(struct parser *p, int words)
{
	if (words > TERMS_TREE_MAX)
		parser_wrong_at(p, parser_peek(p), "more than %d words joined; "
			"wanted a CLASS for a part of them", TERMS_TREE_MAX);
	return words > TERMS_TREE_MAX;
}

static const struct expression *joined(struct parser *p, bool either,
	const struct expression *a, const struct expression *b)
{
	struct expression e = {.a = a, .b = b};

	if (p->bad)
		return NULL;
	e.words = a->words + b->words;
	if (too_long(p, e.words))
		return NULL;
	e.is = either ? IS_OR : IS_AND;
	e.pure = a->pure && b->pure;
	e.kinds = either ? a->kinds | b->kinds : a->kinds & b->kinds;
	return keep(p, e);
}

const struct expression *parser_stand_in(struct parser *p)
{
	return keep(p, (struct expression){.is = IS_KINDS, .pure = true,
			.kinds = ALL_KINDS - 1, .words = 1});
}

bool parser_begins(const struct parser *p, size_t ahead)
{
	const struct token *t = &p->token[p->at + ahead];

	if (t->is == TOKEN_MARK)
		return strcmp(t->what, "(") == 0;
	if (t->is != TOKEN_WORD)
		return false;
	return parser_class(p, ahead) != SIZE_MAX ||
		strcmp(t->what, "not") == 0 ||
		strcmp(t->what, "calibre_mm") == 0 ||
		kind_named(t->what) >= 0 || terms_weapon(t->what) >= 0;
}

static const char *const marks[] = {">=", ">", "<=", "<", "="};

static bool compares(const struct parser *p)
{
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (parser_is(p, marks[i]))
			return true;
	return false;
}

static const struct expression *calibre(struct parser *);

/* A word of no meaning: told, and read over when it is one at all. */
static const struct expression *no_word(struct parser *p, int depth)
{
	static const char wanted[] = "a kind, a weapon, calibre_mm or a CLASS "
		"that stands above";
	const char *near[KIND_COUNT + WEAPON_COUNT + 35];
	const struct token *t = parser_peek(p);
	const char *meant;
	size_t n = 0;

	for (int i = 0; i < KIND_UNKNOWN; i++)
		near[n++] = kind_name((enum kind)i);
	for (int i = 0; i < WEAPON_COUNT; i++)
		near[n++] = terms_weapons[i];
	near[n++] = "calibre_mm";
	near[n++] = "not";
	for (size_t i = 0; i < p->t->classes && i < 32; i++)
		near[n++] = p->t->class_[i].name;
	near[n] = NULL;
	if (t->is != TOKEN_WORD || parser_starts(p)) {
		parser_wrong(p, wanted, near);
		return NULL;
	}
	meant = p->trying ? NULL : lex_nearest(t->what, near);
	parser_note(p, t, "'%.40s' stands here; wanted %s%s%s%s", t->what,
		wanted, meant ? "; did you mean " : "", meant ? meant : "",
		meant ? "?" : "");
	parser_step(p);
	if (compares(p))
		return calibre(p);
	if (!p->bad && !t[1].first && parser_begins(p, 0)) /* `not` was meant */
		return parser_factor(p, depth + 1);
	return p->bad ? NULL : parser_stand_in(p);
}

static const struct expression *word(struct parser *p, int depth)
{
	const struct token *t = parser_peek(p);
	struct expression e = {.words = 1};
	int found;

	e.class_ = parser_class(p, 0);
	if (e.class_ != SIZE_MAX) {
		const struct terms_class *c = &p->t->class_[e.class_];

		e.is = IS_CLASS;
		e.pure = c->is->pure;
		e.kinds = c->is->kinds;
		parser_step(p);
		return keep(p, e);
	}
	e.class_ = 0;
	found = t->is == TOKEN_WORD ? kind_named(t->what) : -1;
	if (found >= 0 && found != KIND_UNKNOWN) {
		e.is = IS_KINDS;
		e.pure = true;
		e.kinds = (uint32_t)1 << found;
		parser_step(p);
		return keep(p, e);
	}
	found = t->is == TOKEN_WORD ? terms_weapon(t->what) : -1;
	if (found >= 0) {
		e.is = IS_WEAPON;
		e.kinds = ALL_KINDS - 1;
		e.weapon = (enum weapon)found;
		parser_step(p);
		return keep(p, e);
	}
	return no_word(p, depth);
}

static const struct expression *calibre(struct parser *p)
{
	struct expression e = {.is = IS_CALIBRE, .words = 1,
		.kinds = ALL_KINDS - 1};

	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!parser_take(p, marks[i]))
			continue;
		e.compare = (enum compare)i;
		e.calibre_um = parser_decimal(p, 3, "millimetres");
		(void)parser_take(p, "mm");
		return p->bad ? NULL : keep(p, e);
	}
	parser_wrong(p, ">=, >, <=, < or =", NULL);
	return NULL;
}

static const struct expression *either(struct parser *p, int depth);

const struct expression *parser_factor(struct parser *p, int depth)
{
	const struct expression *e;

	if (p->bad)
		return NULL;
	if (depth > TERMS_DEPTH_MAX) {
		parser_wrong_at(p, parser_peek(p), "nested more than %d deep; "
			"wanted a CLASS for the inner part", TERMS_DEPTH_MAX);
		return NULL;
	}
	if (parser_take(p, "not")) {
		e = parser_factor(p, depth + 1);
		if (p->bad || too_long(p, e->words + 1))
			return NULL;
		return keep(p, (struct expression){.is = IS_NOT, .a = e,
				.words = e->words + 1,
				.pure = e->pure,
				.kinds = e->pure ? (ALL_KINDS - 1) & ~e->kinds
						 : ALL_KINDS - 1});
	}
	if (parser_take(p, "(")) {
		e = either(p, depth + 1);
		parser_want(p, ")");
		return p->bad ? NULL : e;
	}
	if (parser_take(p, "calibre_mm"))
		return calibre(p);
	return word(p, depth);
}

/* A strange word between two things: told, and read as `and`. */
static bool joins(struct parser *p, int depth)
{
	static const char *const near[] = {"and", "or", NULL};

	if (p->bad || !parser_strange(p, 0) || p->token[p->at + 1].first ||
		(!parser_begins(p, 1) && !(parser_strange(p, 1) &&
			(depth > 0 || parser_begins(p, 2)))))
		return false;
	return parser_instead(p, "and or or", near);
}

static const struct expression *both(struct parser *p, int depth)
{
	const struct expression *e = parser_factor(p, depth);

	while (parser_take(p, "and") || joins(p, depth))
		e = joined(p, false, e, parser_factor(p, depth));
	return p->bad ? NULL : e;
}

static const struct expression *either(struct parser *p, int depth)
{
	const struct expression *e = both(p, depth);

	while (parser_take(p, "or"))
		e = joined(p, true, e, both(p, depth));
	return p->bad ? NULL : e;
}

const struct expression *parser_expression(struct parser *p)
{
	const struct expression *e = either(p, 0);

	return e ? e : parser_stand_in(p);
}
