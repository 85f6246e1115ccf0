/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * remark.c - what reads well and cannot have been meant: a rule that nothing
 * breaks, a period without a moment, exceptions that always collide, an
 * article that nothing is judged by. */
#include "judge/canon.h"
#include "judge/slips.h"

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
		for (size_t k = 0; c->is == ON_INSIDE && k < l.count; k++)
			if (l.at[k].is == ON_OUTSIDE &&
				l.at[k].area == c->area)
				return "INSIDE and OUTSIDE one zone";
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

static void on_exceptions(const struct terms *t, const struct rule *r,
	struct slips *c)
{
	for (size_t i = 0; i < r->exceptions; i++) {
		const struct exception *e = &r->exception[i];
		const char *why = empty(of_exception(e));

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
		const char *why = empty(of_rule(r));

		if (why)
			slips_add(&c, r->line, r->column, "rule %.40s never "
				"applies: %s", r->id, why);
		on_exceptions(t, r, &c);
		if (!shown(t, r))
			slips_add(&c, r->line, r->column, "rule %.40s has no "
				"EXAMPLE: nobody can see what it means", r->id);
	}
	slips_sort(&c);
	*out = c.error;
	*count = c.count;
	return !c.broke;
}
