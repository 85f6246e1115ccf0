/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verdict.c - incidents to findings: each newest version before each rule. */
#include "roles/chain.h"
#include "roles/court.h"

struct judging {
	struct chain *c;
	struct court court;
	uint64_t seen, total;
};

static bool put_finding(void *self, const struct finding *x, struct fault *f)
{
	struct chain *c = self;
	bool fresh;

	c->done->findings++;
	if (!rows_finding(&c->rows, x, &fresh, f))
		return fault_in(f, "%s", x->id.text);
	c->done->fresh += fresh;
	return true;
}

static bool judge_row(void *self, const struct row *row, struct fault *f)
{
	struct judging *j = self;
	struct findings to = {put_finding, j->c};
	struct incident i;
	bool sits;

	chain_progress(j->c, "judge", j->seen++, j->total);
	if (!court_hear(&j->court, row, &i, &sits, f))
		return false;
	return !sits || court_judge(&j->court, j->c->ask->terms, &i, &to, f) ||
		fault_in(f, "%s", row->id);
}

struct stale { /* findings that are no more */
	struct arena *arena;
	struct finding *x;
	size_t count, room;
};

static bool find_stale(void *self, const struct row *row, struct fault *f)
{
	struct stale *s = self;
	const struct tree *t;
	void *list = s->x;

	if (!chain_grow(s->arena, &list, s->count, &s->room, sizeof *s->x, f))
		return false;
	s->x = list;
	if (!tree_read(row->body, s->arena, &t, f) ||
		!finding_read(t, s->arena, &s->x[s->count], f))
		return fault_in(f, "%s", row->id);
	s->count += s->x[s->count].status != STATUS_REJECTED;
	return true;
}

/* A finding falls with its incident, or with its rule. */
static bool withdraw(struct judging *j, struct fault *f)
{
	struct store *s = j->c->ask->store;
	struct stale stale = {.arena = &j->court.one};
	struct query q = {.type = ROW_FINDING, .old = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool fresh;

	if (instant_known(j->c->ask->span.from))
		return true; /* a part of the time only: nothing is known */
	j->court.one.used = 0;
	if (!s->engine->find(s, &q, find_stale, &stale, f))
		return false;
	for (size_t i = 0; i < stale.count; i++) {
		if (!court_withdraw(&j->court, &stale.x[i], f) ||
			!rows_finding(&j->c->rows, &stale.x[i], &fresh, f))
			return false;
		j->c->done->fresh += fresh;
	}
	return true;
}

static bool judge_all(struct judging *j, struct fault *f)
{
	struct store *s = j->c->ask->store;
	struct query q = {.type = ROW_INCIDENT, .span = j->c->ask->span};

	return s->engine->renew(s, ROW_FINDING, f) &&
		s->engine->count(s, &q, &j->total, f) &&
		s->engine->find(s, &q, judge_row, j, f) && withdraw(j, f);
}

bool chain_judge(struct chain *c, struct fault *f)
{
	struct judging j = {.c = c};
	struct store *s = c->ask->store;
	bool ok;

	if (!c->ask->terms)
		return true;
	if (!court_open(&j.court, s, c->ask->mission, &c->arena, f))
		return false;
	ok = s->engine->begin(s, "judge", f);
	if (ok && !(ok = judge_all(&j, f)))
		s->engine->rollback(s);
	if (ok)
		ok = s->engine->commit(s, NULL, f);
	court_close(&j.court);
	return ok;
}
