/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/rejudge.h"

#include "roles/court.h"
#include "roles/crew.h"

/* Incidents are read in batches, judged by several hands, and told in their
 * order: what comes out hangs on neither. */
enum { BATCH = 256, BATCH_BYTES = 32 << 20 };

struct verdicts { /* of one incident under one wording */
	struct finding *at;
	size_t count;
};

struct hand { /* of one thread */
	struct verdicts was, is;
	struct hearing *of_was, *of_is;
	bool *why_was, *why_is; /* rules of which a verdict is another */
	struct claim *near;
};

struct outcome { /* of one incident */
	struct row row;
	struct incident incident;
	bool sits;
	uint64_t findings;
	struct rejudged *changed;
	size_t changes;
};

struct work {
	struct rejudging *ask;
	struct court court;
	bool *of_was, *of_is; /* rules that the other wording does not have */
	struct hands hands;
	struct hand hand[HANDS_MAX];
	struct arena each[HANDS_MAX];
	struct outcome outcome[BATCH];
	size_t count;
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

/* Of findings in brief, that have no id: the same rule and party. */
static const struct finding *same(
	const struct verdicts *v, const struct finding *x)
{
	for (size_t i = 0; i < v->count; i++)
		if (strcmp(v->at[i].clause, x->clause) == 0 &&
			strcmp(v->at[i].party, x->party) == 0)
			return &v->at[i];
	return NULL;
}

static bool equal(const struct finding *x, const struct finding *y)
{
	return x->verdict == y->verdict &&
		strcmp(grade_of(x), grade_of(y)) == 0;
}

static void mark(const struct terms *t, const char *rule, bool *list)
{
	for (size_t i = 0; i < terms_rules(t); i++)
		list[i] = list[i] || strcmp(terms_rule(t, i).id, rule) == 0;
}

static void mark_both(const struct work *w, struct hand *h, const char *rule)
{
	mark(w->ask->was, rule, h->why_was);
	mark(w->ask->is, rule, h->why_is);
}

/* Does anything change, and of which rules?  Counts the pairs. */
static bool differs(const struct work *w, struct hand *h, uint64_t *pairs)
{
	bool some = false;

	memset(h->why_was, 0, terms_rules(w->ask->was));
	memset(h->why_is, 0, terms_rules(w->ask->is));
	*pairs += h->is.count;
	for (size_t i = 0; i < h->is.count; i++) {
		const struct finding *x = same(&h->was, &h->is.at[i]);

		if (x && equal(x, &h->is.at[i]))
			continue;
		mark_both(w, h, h->is.at[i].clause);
		some = true;
	}
	for (size_t i = 0; i < h->was.count; i++)
		if (!same(&h->is, &h->was.at[i])) {
			mark_both(w, h, h->was.at[i].clause);
			*pairs += 1;
			some = true;
		}
	return some;
}

/* Both wordings: in brief of the rules that they do not share, else of those
 * that differs() marked. */
static bool both(const struct work *w, struct hand *h, struct outcome *o,
	bool brief, struct arena *a, struct fault *f)
{
	struct judge_ask was = {.rules = brief ? w->of_was : h->why_was,
		.brief = brief, .unflipped = true};
	struct judge_ask is = {.rules = brief ? w->of_is : h->why_is,
		.brief = brief, .unflipped = true,
		.passed = brief ? &o->findings : NULL};
	struct findings to_was = {take, &h->was}, to_is = {take, &h->is};

	h->was.count = h->is.count = 0;
	return judge_heard(h->of_was, &was, a, &to_was, f) &&
		judge_heard(h->of_is, &is, a, &to_is, f);
}

static void pair(struct outcome *o, const struct finding *was,
	const struct finding *is)
{
	struct rejudged r = {&o->incident, is ? is->clause : was->clause,
		was ? (int)was->verdict : VERDICT_NONE,
		is ? (int)is->verdict : VERDICT_NONE, grade_of(was),
		grade_of(is), why(was, is), why(is, was), party_of(was, is)};

	if (!was || !is || !equal(was, is))
		o->changed[o->changes++] = r;
}

static bool explain(const struct work *w, struct hand *h, struct outcome *o,
	struct arena *a, struct fault *f)
{
	if (!both(w, h, o, false, a, f))
		return false;
	o->changed = arena_array(
		a, h->was.count + h->is.count, sizeof *o->changed, f);
	for (size_t k = 0; k < h->is.count && o->changed; k++)
		pair(o, like(&h->was, &h->is.at[k]), &h->is.at[k]);
	for (size_t k = 0; k < h->was.count && o->changed; k++)
		if (!like(&h->is, &h->was.at[k]))
			pair(o, &h->was.at[k], NULL);
	return o->changed != NULL;
}

static bool hear(const struct work *w, struct hand *h, struct outcome *o,
	struct arena *a, struct arena *scratch, struct fault *f)
{
	struct facts facts = court_facts(&w->court, &o->incident, h->near);
	size_t mark = a->used;

	if (!judge_hear(w->ask->was, &facts, &o->incident, NULL, scratch,
		&h->of_was, f) ||
		!judge_hear(w->ask->is, &facts, &o->incident, h->of_was,
			scratch, &h->of_is, f) ||
		!both(w, h, o, true, a, f))
		return false;
	if (differs(w, h, &o->findings))
		return explain(w, h, o, a, f);
	a->used = mark;
	return true;
}

static bool one(void *self, size_t hand, size_t piece, struct fault *f)
{
	struct work *w = self;
	struct arena *a = &w->each[hand], scratch;
	struct outcome *o = &w->outcome[piece];
	size_t mark = a->used, size = a->size;
	bool ok;

	if (!court_read(&w->court, &o->row, a, &o->incident, &o->sits, f))
		return false;
	if (!o->sits)
		return true;
	scratch = judge_scratch(a);
	ok = hear(w, &w->hand[hand], o, a, &scratch, f);
	a->size = size;
	if (o->changes == 0)
		a->used = mark;
	return ok || fault_in(f, "%s", o->row.id);
}

static bool tell(struct work *w, struct fault *f)
{
	for (size_t i = 0; i < w->count; i++) {
		struct outcome *o = &w->outcome[i];

		w->ask->incidents += o->sits;
		w->ask->findings += o->findings;
		w->ask->changed += o->changes;
		for (size_t k = 0; k < o->changes; k++)
			if (!w->ask->put(w->ask->self, &o->changed[k], f))
				return false;
	}
	return true;
}

static bool batch(struct work *w, struct fault *f)
{
	struct pieces pieces = {w, one, w->count};
	bool ok = hands_lend(&w->hands, &w->court.one, w->each, f) &&
		hands_run(&w->hands, &pieces, f) && tell(w, f);

	w->count = w->court.one.used = 0;
	return ok;
}

static bool each(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	struct arena *a = &w->court.one;
	struct outcome *o = &w->outcome[w->count];
	char *body = arena_text(a, row->body, f);

	*o = (struct outcome){.row = {.type = row->type,
		.version = row->version, .ledger_index = row->ledger_index,
		.id = arena_text(a, bytes_of(row->id), f),
		.status = arena_text(a, bytes_of(row->status), f)}};
	if (!body || !o->row.id || !o->row.status)
		return false;
	o->row.body = (struct bytes){(const uint8_t *)body, row->body.len};
	w->count++;
	return (w->count < BATCH && a->used < BATCH_BYTES) || batch(w, f);
}

/* Rules that have no equal, by number and meaning, in the other wording. */
static bool *apart(const struct terms *t, const struct terms *other,
	struct arena *a, struct fault *f)
{
	bool *list = arena_array(a, terms_rules(t) + 1, sizeof *list, f);

	for (size_t i = 0; list && i < terms_rules(t); i++) {
		struct digest d = terms_rule_sha256(t, i);

		list[i] = true;
		for (size_t k = 0; k < terms_rules(other) && list[i]; k++) {
			struct digest e;

			if (strcmp(terms_rule(t, i).id,
				    terms_rule(other, k).id) != 0)
				continue;
			e = terms_rule_sha256(other, k);
			list[i] = memcmp(&d, &e, sizeof d) != 0;
		}
	}
	return list;
}

static struct verdicts room(
	const struct terms *t, struct arena *a, struct fault *f)
{
	return (struct verdicts){.at = arena_array(a,
		terms_rules(t) * (PARTIES_MAX + 1) + 1,
		sizeof(struct finding), f)};
}

static bool prepare(struct work *w, struct arena *a, struct fault *f)
{
	w->of_was = apart(w->ask->was, w->ask->is, a, f);
	w->of_is = apart(w->ask->is, w->ask->was, a, f);
	if (!w->of_was || !w->of_is)
		return false;
	for (size_t i = 0; i < w->hands.count; i++) {
		struct hand *h = &w->hand[i];

		h->was = room(w->ask->was, a, f);
		h->is = room(w->ask->is, a, f);
		h->why_was = arena_array(
			a, terms_rules(w->ask->was) + 1, sizeof(bool), f);
		h->why_is = arena_array(
			a, terms_rules(w->ask->is) + 1, sizeof(bool), f);
		h->near = arena_array(
			a, w->court.claim_count + 1, sizeof *h->near, f);
		if (!h->was.at || !h->is.at || !h->why_was || !h->why_is ||
			!h->near)
			return false;
	}
	return true;
}

bool rejudge(struct rejudging *ask, struct store *s, const struct mission *m,
	struct arena *a, struct fault *f)
{
	struct work *w = arena_take(a, sizeof *w, f);
	struct query q = {.type = ROW_INCIDENT,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool ok;

	ask->incidents = ask->findings = ask->changed = 0;
	if (!w || !court_open(&w->court, s, m, a, f))
		return false;
	w->ask = ask;
	w->hands = crew_hands(ask->jobs > 1 ? ask->jobs : 1);
	ok = prepare(w, a, f);
	w->court.one.used = 0;
	ok = ok && s->engine->find(s, &q, each, w, f) &&
		(w->count == 0 || batch(w, f));
	court_close(&w->court);
	return ok;
}
