/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * show.c - the whole agreement read back: what it is, what its words stand
 * for, each article with the rules it means and what these except. */
#include "judge/canon.h"

static void add(struct text *out, const char *before, const char *what)
{
	text_add(out, before);
	text_add(out, what);
}

static void heading(const struct terms *t, struct text *out)
{
	char s[INSTANT_TEXT];

	add(out, "Agreement ", t->id);
	if (*t->title)
		add(out, ": ", t->title);
	if (*t->status)
		add(out, "\n  status ", t->status);
	if (t->status_us >= 0) {
		instant_print((struct instant){t->status_us * 1000}, 0, s);
		if (t->status_us % INT64_C(86400000000) == 0)
			s[strlen("2026-02-01")] = '\0';
		add(out, " ", s);
	}
	if (*t->timezone)
		add(out, "\n  time zone ", t->timezone);
	for (size_t i = 0; i < t->parties; i++) {
		add(out, "\n  party ", t->party[i].id);
		add(out, ": ", t->party[i].name);
	}
	text_char(out, '\n');
}

/* Brackets only where they tell something: `a or b or c`. */
static void aloud(const struct terms *t, const struct expression *e,
	const struct expression *in, struct text *out)
{
	bool joins = e->is == IS_AND || e->is == IS_OR;
	bool apart = joins && in && in->is != e->is;

	if (e->is == IS_NOT) {
		text_add(out, "not ");
		aloud(t, e->a, e, out);
		return;
	}
	if (!joins) {
		canon_expression(t, e, out);
		return;
	}
	text_add(out, apart ? "(" : "");
	aloud(t, e->a, e, out);
	text_add(out, e->is == IS_AND ? " and " : " or ");
	aloud(t, e->b, e, out);
	text_add(out, apart ? ")" : "");
}

static void extent(const struct terms *t, const struct area *z,
	struct text *out)
{
	if (z->not_given) {
		add(out, "not given (", z->not_given);
		text_add(out, "): what rests on it stays undetermined");
	} else if (z->is == AREA_BAND) {
		text_add(out, "within ");
		canon_length(out, z->limit_mm);
		add(out, " of ", t->area[z->of].name);
		text_add(out, " on each side");
	} else {
		text_add(out, z->file);
	}
}

static void area(const struct terms *t, const struct area *z,
	struct text *out)
{
	add(out, z->is == AREA_LINE ? "  line " : "  zone ", z->name);
	text_add(out, ": ");
	extent(t, z, out);
	if (z->error_mm > 0) {
		text_add(out, "; up to ");
		canon_length(out, z->error_mm);
		text_add(out, " off");
	}
	if (z->floor_mm != TERMS_OPEN_MM) {
		text_add(out, "; above ");
		canon_length(out, z->floor_mm);
	}
	if (z->ceiling_mm != TERMS_OPEN_MM) {
		text_add(out, "; below ");
		canon_length(out, z->ceiling_mm);
	}
	if (*z->measured_by)
		add(out, "; measured by ", z->measured_by);
	text_char(out, '\n');
}

static void measure(const struct standard *s, struct text *out)
{
	text_add(out, "probability at least ");
	canon_ppm(out, s->ppm);
	if (s->modalities > 0) {
		text_add(out, ", at least ");
		text_i64(out, s->modalities);
		text_add(out, s->modalities == 1 ? " way of sensing"
						 : " ways of sensing");
	}
}

static void words(const struct terms *t, struct text *out)
{
	text_add(out, "\nWhat its words stand for\n");
	for (size_t i = 0; i < t->areas; i++)
		area(t, &t->area[i], out);
	for (size_t i = 0; i < t->classes; i++) {
		add(out, "  class ", t->class_[i].name);
		text_add(out, ": ");
		aloud(t, t->class_[i].is, NULL, out);
		text_char(out, '\n');
	}
	for (size_t i = 0; i < t->standards; i++) {
		add(out, "  standard ", t->standard[i].name);
		text_add(out, ": ");
		measure(&t->standard[i], out);
		text_char(out, '\n');
	}
}

/* The moments of a rule by the agreement's own clock, where it is known. */
static void local_times(const struct terms *t, const struct condition *c,
	size_t count, const char *before, struct text *out)
{
	for (size_t i = 0; i < count; i++) {
		const struct zone_offset *o = t->offset;
		int64_t ns = c[i].at_us * 1000;
		char s[INSTANT_TEXT];

		if (t->offsets == 0 || (c[i].is != ON_FROM &&
					       c[i].is != ON_UNTIL))
			continue;
		while (o + 1 < t->offset + t->offsets &&
			o[1].from.utc_ns <= ns)
			o++;
		ns += o->east_s * INT64_C(1000000000);
		instant_print((struct instant){ns}, 0, s);
		s[strlen("2026-02-02T00:00:00")] = '\0'; /* no Z: it is local */
		s[strlen("2026-02-02")] = ' ';
		add(out, before, c[i].is == ON_FROM ? "from " : "until ");
		text_add(out, s);
		add(out, " in ", t->timezone);
	}
}

static void exceptions(const struct terms *t, const struct rule *r,
	struct text *out)
{
	for (size_t i = 0; i < r->exceptions; i++) {
		const struct exception *e = &r->exception[i];

		add(out, "\n    but for ", e->id);
		for (size_t k = 0; k < e->conditions; k++) {
			text_add(out, k ? ", " : ": ");
			canon_condition(t, &e->condition[k], out);
		}
		local_times(t, e->condition, e->conditions, "\n      ", out);
	}
}

static void rule(const struct terms *t, const struct rule *r,
	struct text *out)
{
	const struct standard *s = &t->standard[r->standard];

	add(out, "  ", r->head[r->heads - 1]);
	local_times(t, r->condition, r->conditions, "\n    ", out);
	exceptions(t, r, out);
	add(out, "\n    standard ", s->name);
	text_add(out, ": ");
	measure(s, out);
	for (size_t i = 0; i < r->grades; i++) {
		add(out, i ? ", " : "\n    grade ", r->grade[i].name);
		if (r->by_count) {
			text_add(out, " from ");
			text_i64(out, r->grade[i].at_least);
		}
	}
	text_char(out, '\n');
}

/* The rules of one article, or of none (""). */
static size_t rules_of(const struct terms *t, const char *article,
	struct text *out)
{
	size_t n = 0;

	for (size_t i = 0; i < t->rules; i++) {
		if (strcmp(t->rule[i].article, article) != 0)
			continue;
		if (!*article && n == 0)
			text_add(out, "\nOf no article\n");
		rule(t, &t->rule[i], out);
		n++;
	}
	return n;
}

bool terms_show(const struct terms *t, struct text *out, struct fault *f)
{
	heading(t, out);
	words(t, out);
	for (size_t i = 0; i < t->articles; i++) {
		add(out, "\nArticle ", t->article[i].id);
		add(out, "\n  \"", t->article[i].text);
		text_add(out, "\"\n");
		if (rules_of(t, t->article[i].id, out) == 0)
			text_add(out, "  no rule: nothing is judged by it\n");
	}
	(void)rules_of(t, "", out);
	return text_check(out, f);
}
