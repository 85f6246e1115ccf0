/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/reconsider.h"

#include "ledger/people.h"
#include "roles/court.h"
#include "roles/reviews.h"
#include "roles/rows.h"

enum { ARENA = 64 << 20, OF_ONE = 256 };

struct work {
	struct reconsidering *ask;
	struct arena arena;
	struct rows rows;
	struct court court;
	/* of one incident */
	struct finding was[OF_ONE]; /* its findings so far */
	bool met[OF_ONE];
	size_t count;
	struct arena held; /* they lie here */
	bool there;
};

static bool put(void *self, const struct finding *x, struct fault *f)
{
	struct work *w = self;
	bool fresh;

	for (size_t i = 0; i < w->count; i++)
		w->met[i] |= strcmp(w->was[i].id.text, x->id.text) == 0;
	if (!rows_finding(&w->rows, x, &fresh, f))
		return fault_in(f, "%s", x->id.text);
	w->ask->changed += fresh;
	return true;
}

static bool take_finding(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	const struct tree *t;

	if (w->count == OF_ONE)
		return fault(f, FAULT_LIMIT, "more than %d rules", OF_ONE);
	w->met[w->count] = false;
	return tree_read(row->body, &w->held, &t, f) &&
		finding_read(t, &w->held, &w->was[w->count++], f);
}

static bool judge(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	struct incident i;
	bool sits;

	w->there = true;
	return court_hear(&w->court, row, &i, &sits, f) &&
		(!sits || court_judge(&w->court, w->ask->terms, &i,
			&(struct findings){put, w}, f));
}

static bool withdraw(struct work *w, struct fault *f)
{
	bool fresh;

	for (size_t i = 0; i < w->count; i++) {
		if (w->met[i] || w->was[i].status == STATUS_REJECTED)
			continue;
		w->court.one.used = 0;
		if (!court_withdraw(&w->court, &w->was[i], f) ||
			!rows_finding(&w->rows, &w->was[i], &fresh, f))
			return false;
		w->ask->changed += fresh;
	}
	return true;
}

static bool one(struct work *w, const char *id, struct fault *f)
{
	struct store *s = w->ask->store;
	struct query was = {.type = ROW_FINDING, .source = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct query q = {.type = ROW_INCIDENT, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	w->held.used = 0;
	w->count = 0;
	w->there = false;
	return s->engine->find(s, &was, take_finding, w, f) &&
		s->engine->find(s, &q, judge, w, f) && withdraw(w, f);
}

/* Those of which people made versions, whether these stand or not, or rejected
 * one. */
static bool all(struct work *w, struct fault *f)
{
	const struct people *p = ledger_people(w->ask->ledger);
	char id[ID_TEXT], last[ID_TEXT] = "";

	for (size_t i = 0; i < p->items; i++) {
		const struct people_item *x = &p->item[i];

		if (!people_versions(x) && (x->type != ENTRY_INCIDENT ||
			people_state(p, x) != PEOPLE_REJECTED))
			continue;
		reviews_id(x, id);
		if (strcmp(id, last) != 0 && !one(w, id, f))
			return false;
		memcpy(last, id, sizeof last);
	}
	return true;
}

bool reconsider(struct reconsidering *ask, struct fault *f)
{
	struct work w = {.ask = ask};
	struct store *s = ask->store;
	bool ok = arena_map(&w.arena, ARENA, f) &&
		arena_map(&w.held, ARENA, f) && rows_open(&w.rows, s, f);
	bool open = ok && court_open(&w.court, s, ask->mission, &w.arena, f);
	uint64_t logged;

	ask->changed = 0;
	ok = open && s->engine->begin(s, "judge", f);
	if (ok && !(ok = all(&w, f)))
		s->engine->rollback(s);
	ok = ok && s->engine->commit(s, NULL, f);
	if (open)
		court_close(&w.court);
	ok = ok && (ask->changed == 0 || (rows_log(&w.rows, ask->ledger,
			ask->disk, ask->now, &logged, f) &&
		ledger_sign(ask->ledger, f)));
	rows_close(&w.rows);
	arena_unmap(&w.held);
	arena_unmap(&w.arena);
	return ok;
}
