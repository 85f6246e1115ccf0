/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/papers.h"

#include "cmd/take.h"
#include "publish/cap.h"
#include "publish/factsheet.h"
#include "roles/reviews.h"
#include "roles/steps.h"

enum { PAPER_MAX = 8 << 20, OWED_MAX = 4096 };

struct gathering {
	struct telling *t;
	struct finding finding;
	struct instant now;
	struct board_owed *owed;
	size_t count;
	int64_t index; /* of the finding in the log */
	struct digest leaf;
};

static bool take_owed(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;
	size_t mark = g->t->arena.used;
	struct owed_shown s;

	if (!steps_shown(g->t->store, row, g->now, &g->t->arena, &s, f))
		return false;
	if (strcmp(s.record.finding.text, g->finding.id.text) != 0 &&
		strcmp(s.record.completed_by.text, g->finding.id.text) != 0) {
		g->t->arena.used = mark;
		return true;
	}
	if (g->count == OWED_MAX)
		return fault(f, FAULT_LIMIT, "more than %d obligations",
			OWED_MAX);
	g->owed[g->count++] = (struct board_owed){.record = s.record,
		.state = s.state, .clock = s.clock, .contested = s.contested,
		.decidable = s.decidable, .clause = "", .grade = "",
		.ledger_index = row->ledger_index};
	return true;
}

static bool take_leaf(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;

	(void)f;
	g->index = row->ledger_index;
	g->leaf = row->ledger_leaf;
	return true;
}

static int by_due(const void *a, const void *b)
{
	const struct obligation *o = &((const struct board_owed *)a)->record;
	const struct obligation *p = &((const struct board_owed *)b)->record;
	uint64_t x = (uint64_t)o->due.from.utc_ns; /* not stated: last */
	uint64_t y = (uint64_t)p->due.from.utc_ns;
	int d = strcmp(o->pledge, p->pledge);

	if (x != y)
		return x < y ? -1 : 1;
	d = d ? d : strcmp(o->actor, p->actor);
	return d ? d : strcmp(o->id.text, p->id.text);
}

static bool take_replies(struct gathering *g, struct fault *f)
{
	struct store *s = g->t->store;
	struct revising by = {.mission = &g->t->loaded->mission,
		.now = g->now};

	return s->engine->get(s, "reviews", &g->t->arena, &by.reviews, f) &&
		reviews_replies(&by, g->finding.id.text, g->index,
			&g->t->arena, &g->finding.replies, f);
}

static bool gather(struct gathering *g, const struct papers_ask *ask,
	struct fault *f)
{
	struct store *s = g->t->store;
	struct query owed = {.type = ROW_OBLIGATION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct query own = {.type = ROW_FINDING, .id = ask->finding->id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *tree;

	g->owed = arena_array(&g->t->arena, OWED_MAX, sizeof *g->owed, f);
	if (!g->owed ||
		!tree_read(ask->finding->body, &g->t->arena, &tree, f) ||
		!finding_read(tree, &g->t->arena, &g->finding, f) ||
		!s->engine->find(s, &own, take_leaf, g, f) ||
		!take_replies(g, f) ||
		!s->engine->find(s, &owed, take_owed, g, f))
		return false;
	if (g->count > 0)
		qsort(g->owed, g->count, sizeof *g->owed, by_due);
	return true;
}

static bool put(const char *path, const struct text *t, struct fault *f)
{
	FILE *to = fopen(path, "wbe");
	bool ok;

	if (!to)
		return fault_errno(f, "%s", path);
	ok = fwrite(t->at, 1, t->len, to) == t->len;
	if (fclose(to) != 0)
		ok = false;
	return ok || fault_errno(f, "%s", path);
}

static bool sheet(struct gathering *g, const struct papers_ask *ask,
	struct fault *f)
{
	const struct loaded *l = g->t->loaded;
	struct factsheet s = {.mission = &l->mission, .terms = l->terms,
		.finding = &g->finding, .incident = ask->incident,
		.status = ask->status ? ask->status
			: status_name(g->finding.status),
		.owed = g->owed, .owed_count = g->count,
		.guarantees = l->pledges,
		.ledger_index = g->index, .leaf = g->leaf, .now = g->now,
		.lang = ask->lang};
	struct text t = text_in(&g->t->arena, PAPER_MAX);

	return factsheet_html(&s, &g->t->arena, &t, f) &&
		put(ask->sheet, &t, f);
}

/* When a publication of it that is complete was signed. */
static bool published_at(struct gathering *g, const struct people *p,
	struct instant *at, struct fault *f)
{
	const struct people_item *x = g->index < 0 ? NULL
		: people_item_at(p, (uint64_t)g->index);

	if (!x || people_state(p, x) != PEOPLE_PUBLISHED)
		return fault(f, FAULT_INPUT, "%s is not published: an alert "
			"is of what two persons published (truce review)",
			g->finding.id.text);
	for (uint32_t n = x->publisher; n > 0; n = p->item[n - 1].next)
		if (p->item[n - 1].complete != UINT64_MAX)
			*at = p->item[n - 1].clock;
	return true;
}

static bool alert(struct gathering *g, const struct papers_ask *ask,
	struct ledger *log, struct fault *f)
{
	const struct loaded *l = g->t->loaded;
	struct cap c = {.mission = &l->mission, .terms = l->terms,
		.finding = &g->finding, .incident = ask->incident,
		.sender = ledger_origin(log), .sent = INSTANT_UNKNOWN,
		.actual = ask->actual, .ledger_index = g->index,
		.leaf = g->leaf};
	struct text t = text_in(&g->t->arena, PAPER_MAX);

	if (!published_at(g, ledger_people(log), &c.sent, f))
		return false;
	return cap_print(&c, &t, f) && put(ask->cap, &t, f);
}

static bool with_log(struct gathering *g, const struct papers_ask *ask,
	struct fault *f)
{
	struct files files = {.root = -1};
	struct ledger *log = NULL;
	bool ok = files_open(&files, g->t->loaded->folder, f) &&
		ledger_open(&log, &files.disk, false, f) &&
		alert(g, ask, log, f);

	ledger_close(log);
	files_close(&files);
	return ok;
}

bool papers_write(struct telling *t, const struct papers_ask *ask,
	struct fault *f)
{
	struct gathering g = {.t = t, .now = take_now(), .index = -1};

	if (ask->finding->type != ROW_FINDING)
		return fault(f, FAULT_INPUT, "%s is no finding",
			ask->finding->id);
	return gather(&g, ask, f) && (!ask->sheet || sheet(&g, ask, f)) &&
		(!ask->cap || with_log(&g, ask, f));
}
