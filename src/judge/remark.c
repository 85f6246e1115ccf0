/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * remark.c - what reads well and cannot have been meant: a rule that nothing
 * breaks, a period without a moment, exceptions that always collide, an
 * article that nothing is judged by. */
#include "judge/canon.h"
#include "judge/lex.h"
#include "judge/slips.h"

/* Words all of whose letters are of another alphabet: so many are looked for
 * among the others. */
enum { STRANGE_MAX = 100 };

struct list { /* conditions that must all hold */
	const struct condition *at;
	size_t count;
};

static struct list of_rule(const struct rule *r)
{
	return (struct list){r->condition, r->conditions};
}

static struct list of_exception(const struct exception *e)
{
	return (struct list){e->condition, e->conditions};
}

static bool same(const struct terms *t, const struct condition *a,
	const struct condition *b)
{
	char s[512], z[512];
	struct text one = text_on(s, sizeof s), two = text_on(z, sizeof z);

	canon_condition(t, a, &one);
	canon_condition(t, b, &two);
	return strcmp(s, z) == 0;
}

/* Whatever meets `all` meets `some`, since each of these is among those. */
static bool within(const struct terms *t, struct list some, struct list all)
{
	size_t found = 0;

	for (size_t i = 0; i < some.count; i++)
		for (size_t k = 0; k < all.count; k++)
			if (same(t, &some.at[i], &all.at[k])) {
				found++;
				break;
			}
	return found == some.count;
}

/* Why no incident meets both; NULL when one may. */
static const char *apart(const struct condition *a, const struct condition *b)
{
	if (a->is == ON_INSIDE && b->is == ON_OUTSIDE && a->area == b->area)
		return "INSIDE and OUTSIDE one zone";
	if (a->is == ON_BY && b->is == ON_BY && strcmp(a->who, b->who) != 0)
		return "BY two at once";
	return NULL;
}

/* Why no incident meets them all; NULL when one may. */
static const char *empty(struct list l)
{
	int64_t from = INT64_MIN, until = INT64_MAX;

	for (size_t i = 0; i < l.count; i++) {
		const struct condition *c = &l.at[i];

		if (c->is == ON_FROM)
			from = fixed_max(from, c->at_us);
		if (c->is == ON_UNTIL)
			until = fixed_min(until, c->at_us);
		for (size_t k = 0; k < l.count; k++) {
			const char *why = apart(c, &l.at[k]);

			if (why)
				return why;
		}
	}
	return from >= until ? "UNTIL is not after FROM" : NULL;
}

/* Of two that name the same, one is told of. */
static void collide(const struct terms *t, const struct rule *r,
	const struct exception *a, const struct exception *b, struct slips *c)
{
	bool both = within(t, of_exception(a), of_exception(b));

	if (both || within(t, of_exception(b), of_exception(a)))
		slips_add(c, r->line, r->column, "where exception %.40s holds "
			"%.40s holds too: a CONFLICT each time",
			both ? b->id : a->id, both ? a->id : b->id);
}

/* Why an exception meets nothing that its rule does. */
static const char *idle(const struct rule *r, const struct exception *e)
{
	struct condition both[2 * TERMS_CONDITIONS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < r->conditions; i++)
		both[n++] = r->condition[i];
	for (size_t i = 0; i < e->conditions; i++)
		both[n++] = e->condition[i];
	return empty((struct list){both, n});
}

static void on_exceptions(const struct terms *t, const struct rule *r,
	struct slips *c)
{
	for (size_t i = 0; i < r->exceptions; i++) {
		const struct exception *e = &r->exception[i];
		const char *why = idle(r, e);

		if (why)
			slips_add(c, r->line, r->column, "exception %.40s "
				"never holds: %s", e->id, why);
		if (within(t, of_exception(e), of_rule(r)))
			slips_add(c, r->line, r->column, "exception %.40s "
				"holds wherever rule %.40s does: nothing "
				"breaks that rule", e->id, r->id);
		for (size_t k = i + 1; k < r->exceptions; k++)
			collide(t, r, e, &r->exception[k], c);
	}
}

static bool shown(const struct terms *t, const struct rule *r)
{
	for (size_t i = 0; i < t->examples; i++)
		if (strcmp(t->example[i].rule, r->id) == 0)
			return true;
	return false;
}

static bool ruled(const struct terms *t, const struct article *a)
{
	for (size_t i = 0; i < t->rules; i++)
		if (strcmp(t->rule[i].article, a->id) == 0)
			return true;
	return false;
}

/* A word as the eye takes it, where its letters beyond ASCII look like Latin
 * ones: Cyrillic and Greek.  False where there is none, or another. */
static bool looks_latin(const char *word, char *out, bool *mixed)
{
	static const char like[] = /* two bytes each */
		"\u0410\u0412\u0415\u041A\u041C\u041D\u041E\u0420\u0421\u0422"
		"\u0425\u0406\u0408\u0405\u0430\u0435\u043E\u0440\u0441\u0443"
		"\u0445\u0456\u0458\u0455\u0391\u0392\u0395\u0396\u0397\u0399"
		"\u039A\u039C\u039D\u039F\u03A1\u03A4\u03A5\u03A7\u03BF";
	static const char latin[] = "ABEKMHOPCTXIJSaeopcyxijsABEZHIKMNOPTYXo";
	bool strange = false;

	for (*mixed = false; *word; out++) {
		size_t i = 0;

		if ((unsigned char)*word < 128) {
			*mixed = *mixed || *word > '9';
			*out = *word++;
			continue;
		}
		while (latin[i] && memcmp(word, like + 2 * i, 2) != 0)
			i++;
		if (!latin[i])
			return false;
		*out = latin[i];
		word += 2;
		strange = true;
	}
	*out = '\0';
	return strange;
}

static bool stands(const struct terms *t, const char *word)
{
	const struct token *k = t->token;

	while (k->is != TOKEN_END && (k->is != TOKEN_WORD ||
					     strcmp(k->what, word) != 0))
		k++;
	return k->is != TOKEN_END;
}

static void on_letters(const struct terms *t, struct slips *c)
{
	size_t whole = 0;

	for (const struct token *k = t->token; k->is != TOKEN_END; k++) {
		char latin[LEX_WORD_MAX + 1];
		bool mixed;

		if (k->is != TOKEN_WORD || !looks_latin(k->what, latin, &mixed))
			continue;
		if (mixed || (whole++ < STRANGE_MAX && stands(t, latin)))
			slips_add(c, k->line, k->column, "'%.40s' is not "
				"'%.40s': it has letters of another alphabet "
				"that look the same", k->what, latin);
	}
}

bool terms_remarks(const struct terms *t, struct arena *a,
	const struct terms_error **out, size_t *count, struct fault *f)
{
	struct slips c = {.arena = a, .fault = f};

	for (size_t i = 0; i < t->articles; i++)
		if (!ruled(t, &t->article[i]))
			slips_add(&c, t->article[i].line, t->article[i].column,
				"article %.40s has no RULE: nothing is judged "
				"by it", t->article[i].id);
	for (size_t i = 0; i < t->rules; i++) {
		const struct rule *r = &t->rule[i];
		const char *why = !r->requires_ && r->is->kinds == 0
			? "nothing is of two kinds" : empty(of_rule(r));

		if (why)
			slips_add(&c, r->line, r->column, "rule %.40s never "
				"applies: %s", r->id, why);
		else
			on_exceptions(t, r, &c);
		if (!shown(t, r))
			slips_add(&c, r->line, r->column, "rule %.40s has no "
				"EXAMPLE: nobody can see what it means", r->id);
	}
	on_letters(t, &c);
	slips_sort(&c);
	*out = c.error;
	*count = c.count;
	return !c.broke;
}
