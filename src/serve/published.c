/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/published.h"

#include "publish/report.h"

static bool take(
	struct gathering *g, const struct tree *t, struct publication *p)
{
	*p = (struct publication){.entry = (uint64_t)tree_i64(t, "entry", -1),
		.of = (uint64_t)tree_i64(t, "of", -1),
		.id = tree_text(t, "id"), .state = tree_text(t, "state"),
		.at = tree_time(t, "at"), .leaf = tree_text(t, "leaf"),
		.of_leaf = tree_text(t, "of_leaf"),
		.changes = tree_get(t, "changes")};
	return p->id && p->state && (p->id[0] == ROW_FINDING ||
		(g->incidents && p->id[0] == ROW_INCIDENT));
}

static int by_entry(const void *a, const void *b)
{
	const struct publication *x = a, *y = b;

	return (x->entry > y->entry) - (x->entry < y->entry);
}

bool published_gather(struct gathering *g, struct fault *f)
{
	struct store *s = g->api->store;
	const struct tree *list = NULL;
	struct bytes b;

	if (!s->engine->get(s, "published", g->arena, &b, f) ||
		(b.len > 0 && !tree_read(b, g->arena, &list, f)) ||
		!(g->one = arena_array(g->arena, (list ? list->count : 0) + 1,
			sizeof *g->one, f)))
		return false;
	for (const struct tree *t = list ? list->first : NULL; t; t = t->next)
		g->count += take(g, t, &g->one[g->count]);
	if (g->count > 1)
		qsort(g->one, g->count, sizeof *g->one, by_entry);
	return true;
}

/* -- one of them -- */

struct looking {
	struct gathering *g;
	struct shown *out;
	bool found;
	int64_t last; /* the newest entry that may be taken */
	uint32_t version; /* of the incident; 0: that entry's own */
};

static bool take_finding(void *self, const struct row *row, struct fault *f)
{
	struct looking *l = self;
	const struct tree *t;

	if (row->ledger_index != l->last)
		return true;
	l->out->leaf = row->ledger_leaf;
	l->found = tree_read(row->body, l->g->arena, &t, f) &&
		finding_read(t, l->g->arena, &l->out->finding, f);
	return l->found;
}

static bool take_incident(void *self, const struct row *row, struct fault *f)
{
	struct looking *l = self;
	const struct tree *t;
	struct incident x;

	if (row->ledger_index < 0 || row->ledger_index > l->last ||
		(l->version == 0 && row->ledger_index != l->last))
		return true;
	if (!tree_read(row->body, l->g->arena, &t, f) ||
		!incident_read(t, l->g->arena, &x, f))
		return false;
	if (l->version == 0 || x.version == l->version) {
		l->found = l->out->known = true;
		l->out->incident = x;
	}
	return true;
}

/* What is shown is what was published: the incident too is the version that
 * the finding judged, whatever is thought of it since. */
bool published_look(struct gathering *g, const struct publication *p,
	struct shown *x, bool *found, struct fault *f)
{
	struct store *s = g->api->store;
	const struct report level = {.level = LEVEL_PUBLIC};
	const struct view view = {.report = &level,
		.mission = g->api->mission, .arena = g->arena};
	struct looking l = {.g = g, .out = x, .last = (int64_t)p->of};
	struct query q = {.type = ROW_FINDING, .id = p->id,
		.all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	*x = (struct shown){.of = p, .place = PLACE_UNKNOWN};
	if (p->id[0] == ROW_FINDING) {
		if (!s->engine->find(s, &q, take_finding, &l, f))
			return false;
		*found = l.found;
		if (!l.found)
			return true;
		q.id = x->finding.incident.text;
		l.version = x->finding.incident_version;
	}
	q.type = ROW_INCIDENT;
	if (!s->engine->find(s, &q, take_incident, &l, f))
		return false;
	*found = l.found;
	if (x->known)
		x->place = view_place(&view, &x->incident.place);
	return true;
}
