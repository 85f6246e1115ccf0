/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wording_short.c - what two wordings come to, in a few lines. */
#include "cmd/wording.h"

const char wording_unjudged[] = "no past incident was judged: with --mission "
	"MISSION it says whose verdicts would change";

bool wording_ranked(const struct wording *w, struct arena *a, size_t **out,
	size_t *count, struct fault *f)
{
	size_t n = 0, *x = arena_array(a, w->changes + 1, sizeof *x, f);

	*out = x;
	*count = 0;
	if (!x)
		return false;
	for (size_t i = 0; i < w->changes; i++) {
		const struct terms_change *c = &w->change[i];
		size_t at = n;

		if (c->of != CHANGE_ARTICLE ||
			(terms_weaker(c) == 0 && !c->hedge))
			continue;
		for (; at > 0 && terms_weaker(&w->change[x[at - 1]]) <
			terms_weaker(c); at--)
			x[at] = x[at - 1];
		x[at] = i;
		n++;
	}
	*count = n;
	return true;
}

/* A rule's turns of one effect are summed at the first of them. */
static uint64_t of_effect(const struct wording *w, size_t i)
{
	uint64_t sum = 0;

	for (size_t k = 0; k < w->turns; k++) {
		if (w->turn[k].effect != w->turn[i].effect ||
			strcmp(w->turn[k].rule, w->turn[i].rule) != 0)
			continue;
		if (k < i)
			return 0;
		sum += w->turn[k].count;
	}
	return sum;
}

/* "; by A 3" at the first of that effect and party. */
static void say_party(const struct wording *w, enum effect e, size_t i,
	struct text *t)
{
	const struct flipped *x = w->flipped;
	uint64_t sum = 0;

	for (size_t k = 0; k < w->count && x[i].effect == e; k++) {
		if (x[k].effect != e || strcmp(x[k].party, x[i].party) != 0)
			continue;
		if (k < i)
			return;
		sum++;
	}
	if (sum > 0)
		text_fmt(t, "; by %s %llu", x[i].party,
			(unsigned long long)sum);
}

void wording_effect(const struct wording *w, enum effect e, struct text *t)
{
	static const char *const one[] = {" breach would be none any more",
		" finding would be a breach",
		" breach would have another grade",
		" finding was or would be undetermined",
		" finding would have been different, no breach under either"};
	static const char *const many[] = {" breaches would be none any more",
		" findings would be a breach",
		" breaches would have another grade",
		" findings were or would be undetermined",
		" findings would have been different, no breach under either"};
	uint64_t n = w->effect[e];
	bool some = false;

	text_fmt(t, "%llu%s", (unsigned long long)n, n == 1 ? one[e] : many[e]);
	for (size_t i = 0; i < w->turns; i++) {
		uint64_t sum = w->turn[i].effect == e ? of_effect(w, i) : 0;

		if (sum == 0)
			continue;
		text_fmt(t, "%s%s %llu", some ? ", " : ": ", w->turn[i].rule,
			(unsigned long long)sum);
		some = true;
	}
	for (size_t i = 0; i < w->count && e <= EFFECT_GRADE; i++)
		say_party(w, e, i, t);
}

void wording_examples(const struct wording *w, struct text *t)
{
	text_fmt(t, "%zu of the %zu examples of the old text fail%s under the "
		"new: ", w->broke, w->examples, w->broke == 1 ? "s" : "");
	for (size_t i = 0, same; i < w->broke; i += same) {
		for (same = 1; i + same < w->broke && strcmp(w->broken[i].rule,
			w->broken[i + same].rule) == 0;)
			same++;
		text_fmt(t, "%s%s %zu", i > 0 ? ", " : "", w->broken[i].rule,
			same);
	}
}

static bool changed(const struct wording *w, const char *what,
	const char *name)
{
	size_t n = strlen(what);

	for (size_t i = 0; i < w->changes; i++)
		if (strncmp(w->change[i].name, what, n) == 0 &&
			strcmp(w->change[i].name + n, name) == 0)
			return true;
	return false;
}

/* A definition that changed and stands in the rule, by name. */
static bool redefined(const struct wording *w, const struct rule_view *v)
{
	for (size_t i = 0; i < w->changes; i++) {
		const char *name = strchr(w->change[i].name, ' ');

		if (w->change[i].of == CHANGE_DEFINITION && name &&
			(strstr(v->words, name) ||
				strcmp(v->standard, name + 1) == 0))
			return true;
	}
	return false;
}

struct rule_view wording_law(
	const struct wording *w, const struct terms_change *c)
{
	const struct terms *t = c->is ? w->is : w->was;

	for (size_t i = 0; c->of == CHANGE_RULE && i < terms_rules(t); i++)
		if (strcmp(terms_rule(t, i).id, c->name + strlen("rule ")) == 0)
			return terms_rule(t, i);
	return (struct rule_view){"", "", "", "", ""};
}

bool wording_apart(const struct wording *w, const struct terms_change *c,
	struct text *t)
{
	size_t n = terms_rules(w->is), of_it = 0;

	if (!c->was || !c->is || c->of == CHANGE_DEFINITION)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct rule_view v = terms_rule(w->is, i);

		if (c->of == CHANGE_RULE) {
			if (strcmp(v.id, c->name + strlen("rule ")) != 0)
				continue;
			if (!*v.article || changed(w, "article ", v.article))
				return false;
			text_fmt(t, "%s changed, the words of article %s did "
				"not", c->name, v.article);
			return true;
		}
		if (strcmp(v.article, c->name + strlen("article ")) != 0)
			continue;
		if (changed(w, "rule ", v.id) || redefined(w, &v))
			return false;
		of_it++;
	}
	if (of_it > 0)
		text_fmt(t, "%s: its words changed, no rule of it did",
			c->name);
	return of_it > 0;
}

static void say_apart(const struct wording *w, struct text *t)
{
	char s[300];

	for (size_t i = 0; i < w->changes; i++) {
		struct text line = text_on(s, sizeof s);

		if (wording_apart(w, &w->change[i], &line))
			text_fmt(t, "  %s\n", s);
	}
}

static void say_duty(const struct terms_change *c, struct text *t)
{
	const char *was = modality_word_name(c->duty_was);
	const char *is = modality_word_name(c->duty_is);

	if (!c->is)
		text_fmt(t, "gone, and with it \"%s\"", was);
	else if (!c->was)
		text_fmt(t, "new, with \"%s\"", is);
	else if (c->duty_is == MODAL_NONE)
		text_fmt(t, "weaker, \"%s\" to no word of duty", was);
	else if (c->duty_was == MODAL_NONE)
		text_fmt(t, "stronger, no word of duty to \"%s\"", is);
	else
		text_fmt(t, "%s, \"%s\" to \"%s\"",
			terms_weaker(c) > 0 ? "weaker" : "stronger", was, is);
}

bool wording_short(const struct wording *w, struct text *t,
	struct arena *a, struct fault *f)
{
	size_t *rank, n;

	if (!wording_ranked(w, a, &rank, &n, f))
		return false;
	if (w->changes == 0)
		return true;
	text_add(t, "In short\n");
	for (int e = 0; e < EFFECT_COUNT; e++) {
		if (w->effect[e] == 0 && e > EFFECT_GAINED)
			continue;
		if (!w->ask->mission)
			continue;
		text_add(t, "  ");
		wording_effect(w, (enum effect)e, t);
		text_char(t, '\n');
	}
	if (w->broke > 0) {
		text_add(t, "  ");
		wording_examples(w, t);
		text_char(t, '\n');
	}
	for (size_t i = 0; i < n; i++) {
		const struct terms_change *c = &w->change[rank[i]];

		text_fmt(t, "  %s: ", c->name);
		if (terms_weaker(c) != 0)
			say_duty(c, t);
		if (c->hedge)
			text_fmt(t, "%sa way out is new, \"%s\"",
				terms_weaker(c) != 0 ? "; " : "", c->hedge);
		text_char(t, '\n');
	}
	say_apart(w, t);
	if (!w->ask->mission)
		text_fmt(t, "  %s\n", wording_unjudged);
	text_char(t, '\n');
	return true;
}
