/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/rejudge.h"

#include "roles/court.h"

struct verdicts { /* of one incident under one wording */
	struct finding *at;
	size_t count;
};

struct work {
	struct rejudging *ask;
	struct court court;
	struct verdicts was, is;
};

static bool take(void *self, const struct finding *x, struct fault *f)
{
	struct verdicts *v = self;

	(void)f;
	v->at[v->count++] = *x; /* at most one a rule, or rule and party */
	return true;
}

/* One incident, one rule, of a duty one party: one id. */
static const struct finding *like(
	const struct verdicts *v, const struct finding *x)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->at[i].id.text, x->id.text) == 0)
			return &v->at[i];
	return NULL;
}

static bool head(const char *line)
{
	return strncmp(line, "article ", 8) == 0 ||
		strncmp(line, "rule ", 5) == 0 ||
		strncmp(line, "incident ", 9) == 0;
}

static bool has(const struct finding *x, const char *line)
{
	for (size_t i = 0; i < x->explanation_count; i++)
		if (strcmp(x->explanation[i], line) == 0)
			return true;
	return false;
}

/* The first line of x that y does not have. */
static const char *why(const struct finding *x, const struct finding *y)
{
	for (size_t i = 0; x && i < x->explanation_count; i++)
		if (!head(x->explanation[i]) &&
			(!y || !has(y, x->explanation[i])))
			return x->explanation[i];
	return "";
}

static const char *grade_of(const struct finding *x)
{
	return x && x->grade && x->verdict == VERDICT_BREACH ? x->grade : "";
}

static const char *party_of(
	const struct finding *was, const struct finding *is)
{
	if (was && was->verdict == VERDICT_BREACH)
		return was->party;
	return is && is->verdict == VERDICT_BREACH ? is->party : "";
}

static bool pair(struct work *w, const struct incident *i,
	const struct finding *was, const struct finding *is, struct fault *f)
{
	struct rejudged r = {i, is ? is->clause : was->clause,
		was ? (int)was->verdict : VERDICT_NONE,
		is ? (int)is->verdict : VERDICT_NONE, grade_of(was),
		grade_of(is), why(was, is), why(is, was), party_of(was, is)};

	w->ask->findings++;
	if (r.was == r.is && strcmp(r.grade_was, r.grade_is) == 0)
		return true;
	w->ask->changed++;
	return w->ask->put(w->ask->self, &r, f);
}

static bool each(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	struct findings was = {take, &w->was}, is = {take, &w->is};
	struct incident i;
	bool sits;

	if (!court_hear(&w->court, row, &i, &sits, f))
		return false;
	if (!sits)
		return true;
	w->ask->incidents++;
	w->was.count = w->is.count = 0;
	if (!court_judge(&w->court, w->ask->was, &i, &was, f) ||
		!court_judge(&w->court, w->ask->is, &i, &is, f))
		return fault_in(f, "%s", row->id);
	for (size_t k = 0; k < w->is.count; k++)
		if (!pair(w, &i, like(&w->was, &w->is.at[k]),
			&w->is.at[k], f))
			return false;
	for (size_t k = 0; k < w->was.count; k++)
		if (!like(&w->is, &w->was.at[k]) &&
			!pair(w, &i, &w->was.at[k], NULL, f))
			return false;
	return true;
}

bool rejudge(struct rejudging *ask, struct store *s, const struct mission *m,
	struct arena *a, struct fault *f)
{
	struct work w = {.ask = ask};
	struct query q = {.type = ROW_INCIDENT,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool ok;

	ask->incidents = ask->findings = ask->changed = 0;
	w.was.at = arena_array(a, terms_rules(ask->was) * (PARTIES_MAX + 1) + 1,
		sizeof *w.was.at, f);
	w.is.at = arena_array(a, terms_rules(ask->is) * (PARTIES_MAX + 1) + 1,
		sizeof *w.is.at, f);
	if (!w.was.at || !w.is.at || !court_open(&w.court, s, m, a, f))
		return false;
	ok = s->engine->find(s, &q, each, &w, f);
	court_close(&w.court);
	return ok;
}
