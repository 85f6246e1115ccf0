/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * telling_owed.c - an obligation in words: under which words, called up by
 * what, by when, and what became of it. */
#include "cmd/take.h"
#include "cmd/telling.h"
#include "model/finding.h"
#include "roles/steps.h"

static void say_span(const char *what, struct span s)
{
	char from[INSTANT_TEXT], to[INSTANT_TEXT];

	if (!instant_known(s.from)) {
		printf("%s: at no stated time\n", what);
		return;
	}
	printf("%s: %s to %s\n", what, instant_print(s.from, 3, from),
		instant_print(s.to, 3, to));
}

static bool say_finding(struct telling *t, const char *what,
	const struct id *id, struct fault *f)
{
	struct found x = {.arena = &t->arena};
	struct query q = {.type = ROW_FINDING, .id = id->text,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *tree;
	struct finding y;

	if (!t->store->engine->find(t->store, &q, telling_keep, &x, f))
		return false;
	printf("%s: %s", what, id->text);
	if (x.count == 0)
		printf(", which is not here\n");
	else if (tree_read(x.body, &t->arena, &tree, f) &&
		finding_read(tree, &t->arena, &y, f))
		printf(", %s of %s\n", verdict_name(y.verdict), y.clause);
	else
		return false;
	return true;
}

static void say_history(const struct tree *list)
{
	for (const struct tree *k = list ? list->first : NULL; k; k = k->next) {
		const char *why = tree_text(k, "why");
		const char *evidence = tree_text(k, "evidence");
		const char *at = tree_text(k, "at");

		printf("  %s %s: %s", at ? at : "", tree_text(k, "org"),
			tree_text(k, "does"));
		if (why)
			printf(", \"%s\"", why);
		if (evidence)
			printf(", evidence %s", evidence);
		printf("%s\n", tree_flag(k, "counts", true) ? ""
			: " (its key was revoked: counts nothing)");
	}
}

bool telling_owed(struct telling *t, const struct found *x, struct fault *f)
{
	const struct row row = {.type = ROW_OBLIGATION, .id = x->id,
		.body = x->body};
	const struct tree *history;
	struct owed_shown s;
	const struct obligation *o = &s.record;

	if (!steps_shown(t->store, &row, take_now(), &t->arena, &s, f) ||
		!tree_read(s.history, &t->arena, &history, f))
		return false;
	printf("%s: %s owes under pledge %s", x->id, o->actor, o->pledge);
	for (size_t i = 0; i < o->acts; i++)
		printf("%s%s", i ? " or " : ": ", o->act[i]);
	printf("%s%s\n", *o->step ? ", step " : "", o->step);
	if (*o->modality)
		printf("in the words \"%s\" (strength: %s)\n", o->modality,
			o->strength);
	if (*o->instrument)
		printf("instrument: %s, endorsed by it: %s%s%s\n",
			o->instrument, o->endorsed, *o->stage ? ", stage "
			: "", o->stage);
	if (!say_finding(t, "first breach", &o->finding, f) ||
		!say_finding(t, "trigger reached by", &o->completed_by, f))
		return false;
	say_span("opened", o->opens);
	say_span("due", o->due);
	if (o->fall != OBLIGATION_STANDS)
		printf("stands no more: %s%s%s\n",
			obligation_fall_name(o->fall),
			id_is(&o->replaced_by) ? ", opened anew as " : "",
			o->replaced_by.text);
	printf("state: %s%s%s\n", obligation_state_name(s.state),
		s.contested ? ", contested" : "",
		s.decidable ? "" : ", as far as it can be seen here");
	say_history(history);
	return true;
}
