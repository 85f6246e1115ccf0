/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/commitments.h"

#include "cmd/drafting.h"
#include "model/activity.h"
#include "publish/board.h"
#include "roles/steps.h"

enum { PAGE_MAX = 256 << 20, ROWS_FIRST = 64 };

struct gathering {
	struct store store;
	struct arena *arena;
	struct instant now;
	struct board_owed *list;
	size_t count, room;
	struct board_deployed *deployed;
	size_t deployed_count, deployed_room;
};

/* A list that doubles. */
static bool widen(struct arena *a, void **list, size_t count, size_t *room,
	size_t size, struct fault *f)
{
	size_t more = *room ? 2 * *room : ROWS_FIRST;
	void *wide;

	if (count < *room)
		return true;
	if (!(wide = arena_array(a, more, size, f)))
		return false;
	if (count > 0)
		memcpy(wide, *list, count * size);
	*list = wide;
	*room = more;
	return true;
}

static const char *text_of(const struct tree *t, const char *key)
{
	const char *s = tree_text(t, key);

	return s ? s : "";
}

static bool history(struct gathering *g, const struct owed_shown *s,
	struct board_owed *o, struct fault *f)
{
	const struct tree *t;
	struct board_step *x;
	size_t i = 0;

	if (!tree_read(s->history, g->arena, &t, f))
		return false;
	x = arena_array(g->arena, t->count + 1, sizeof *x, f);
	if (!x)
		return false;
	for (const struct tree *k = t->first; k; k = k->next)
		x[i++] = (struct board_step){.at = tree_time(k, "at"),
			.org = text_of(k, "org"), .does = text_of(k, "does"),
			.why = text_of(k, "why"),
			.evidence = text_of(k, "evidence"),
			.counts = tree_flag(k, "counts", true)};
	o->step = x;
	o->steps = i;
	return true;
}

struct cause { /* what called it up */
	struct arena *arena;
	const char *clause, *grade;
};

static bool take_finding(void *self, const struct row *row, struct fault *f)
{
	struct cause *c = self;
	const struct tree *t;

	if (!tree_read(row->body, c->arena, &t, f))
		return false;
	c->clause = text_of(t, "clause");
	c->grade = text_of(t, "grade");
	return true;
}

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;
	struct cause by = {g->arena, "", ""};
	struct query q = {.type = ROW_FINDING,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct owed_shown s;
	struct board_owed *o;
	void *list = g->list;

	if (!widen(g->arena, &list, g->count, &g->room, sizeof *o, f))
		return false;
	g->list = list;
	if (!steps_shown(&g->store, row, g->now, g->arena, &s, f))
		return false;
	q.id = s.record.finding.text;
	if (!g->store.engine->find(&g->store, &q, take_finding, &by, f))
		return false;
	o = &g->list[g->count++];
	*o = (struct board_owed){.record = s.record, .state = s.state,
		.clock = s.clock, .contested = s.contested,
		.decidable = s.decidable, .clause = by.clause,
		.grade = by.grade, .ledger_index = row->ledger_index};
	return history(g, &s, o, f);
}

static bool take_activity(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;
	const struct tree *t;
	const char *pledge;
	struct activity a;
	void *list = g->deployed;
	size_t mark = g->arena->used;

	if (!tree_read(row->body, g->arena, &t, f) ||
		!activity_read(t, g->arena, &a, f))
		return fault_in(f, "%s", row->id);
	pledge = attribute_of(a.attribute, a.attribute_count, "pledge");
	if (!pledge) {
		g->arena->used = mark;
		return true;
	}
	if (!widen(g->arena, &list, g->deployed_count, &g->deployed_room,
		sizeof *g->deployed, f))
		return false;
	g->deployed = list;
	g->deployed[g->deployed_count++] = (struct board_deployed){
		.pledge = pledge, .party = a.party, .what = a.what,
		.text = a.text, .span = a.span, .received = a.received,
		.lat_deg = a.place.lat_deg, .lon_deg = a.place.lon_deg,
		.radius_m = a.place.region.ellipse.semi_major_m, .id = a.id};
	return true;
}

/* What is due first stands first; what is due at no stated time last. */
static int by_due(const void *a, const void *b)
{
	const struct board_owed *x = a, *y = b;
	const struct obligation *o = &x->record, *p = &y->record;
	uint64_t due[2] = {(uint64_t)o->due.from.utc_ns,
		(uint64_t)p->due.from.utc_ns};
	int d;

	if ((o->fall == OBLIGATION_STANDS) != (p->fall == OBLIGATION_STANDS))
		return o->fall == OBLIGATION_STANDS ? -1 : 1;
	if (due[0] != due[1])
		return due[0] < due[1] ? -1 : 1;
	d = strcmp(o->pledge, p->pledge);
	d = d ? d : strcmp(o->actor, p->actor);
	return d ? d : strcmp(o->id.text, p->id.text);
}

static bool gather(struct gathering *g, const char *folder, struct fault *f)
{
	struct query q = {.type = ROW_OBLIGATION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool ok;

	g->store.engine = stores[0];
	if (!g->store.engine->open(&g->store, folder, false, f))
		return false;
	ok = g->store.engine->find(&g->store, &q, take, g, f);
	q.type = ROW_ACTIVITY;
	ok = ok && g->store.engine->find(
		&g->store, &q, take_activity, g, f);
	g->store.engine->close(&g->store);
	if (ok && g->count > 0)
		qsort(g->list, g->count, sizeof *g->list, by_due);
	return ok;
}

static bool write_out(const char *path, const struct text *t, struct fault *f)
{
	FILE *to = path ? fopen(path, "wbe") : stdout;
	bool ok;

	if (!to)
		return fault_errno(f, "%s", path);
	ok = fwrite(t->at, 1, t->len, to) == t->len && fflush(to) == 0;
	if (path && fclose(to) != 0)
		ok = false;
	return ok || fault_errno(f, "%s", path ? path : "write");
}

static bool hash_of(const struct pledges *r, struct arena *a,
	const char **hex, struct fault *f)
{
	size_t mark = a->used;
	struct text t = text_in(a, PAGE_MAX);
	struct digest d;
	char *out;

	if (!pledges_canonical(r, &t, f))
		return false;
	d = sha256_of(text_view(&t));
	a->used = mark;
	out = arena_take(a, SHA256_HEX, f);
	*hex = out ? digest_hex(&d, out) : NULL;
	return out != NULL;
}

bool commitments_write(
	const struct commitments_ask *ask, struct arena *a, struct fault *f)
{
	const struct loaded *l = ask->mission;
	const struct mission *m = &l->mission;
	struct gathering g = {.arena = a, .now = ask->now};
	struct pledge_notice *notice;
	struct drafting d;
	struct board b = {.mission = m->title && *m->title ? m->title : m->name,
		.guarantees = l->pledges, .now = ask->now,
		.next = period_at(m, ask->now).span.to,
		.promised_only = ask->public};
	struct text t;

	if (!hash_of(l->pledges, a, &b.register_sha256, f) ||
		!drafting_read(l->pledges, l->folder, m->pledges, a, &d, f) ||
		!pledges_notices(l->pledges, a, &notice, &b.notices, f) ||
		(!ask->public && !gather(&g, l->folder, f)))
		return false;
	b.notice = notice;
	b.change = d.change;
	b.changes = d.changes;
	b.weaker = d.weaker;
	b.weaker_count = d.count;
	b.owed = g.list;
	b.owed_count = g.count;
	b.deployed = g.deployed;
	b.deployed_count = g.deployed_count;
	t = text_in(a, PAGE_MAX);
	return (ask->json ? board_json(&b, &t, f)
			: board_html(&b, ask->lang, a, &t, f)) &&
		write_out(ask->out, &t, f);
}
