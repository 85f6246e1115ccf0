/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/owe.h"

#include "base/tree.h"
#include "roles/chain.h"

#define ARENA_BYTES ((size_t)4 << 30)
#define WORK_BYTES ((size_t)1 << 30)

/* The value of the index that says how far the log was weighed. */
#define JOINTLY "jointly"

bool owe_wanted(const struct pledges *r)
{
	for (size_t i = 0; r && i < r->pledge_count; i++)
		if (r->pledge[i].trigger.given)
			return true;
	return false;
}

static bool joint_wanted(const struct pledges *r)
{
	for (size_t i = 0; i < r->pledge_count; i++)
		if (r->pledge[i].trigger.given && r->pledge[i].trigger.joint)
			return true;
	return false;
}

/* -- breaches -- */

struct gathering {
	struct store *store;
	const struct standing *standing;
	struct arena *arena, work;
	struct breach *list;
	size_t count, room;
};

/* As its record says, not as the index rounds it. */
static bool origin(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;
	struct breach *b = &g->list[g->count];
	const struct tree *t, *time;

	if (!tree_read(row->body, &g->work, &t, f))
		return fault_in(f, "%s", row->id);
	time = tree_get(t, "time");
	b->from = tree_time(time, "from");
	b->to = tree_time(time, "to");
	if (!instant_known(b->from))
		b->from = b->to = tree_time(time, "at");
	return true;
}

static bool copy(struct gathering *g, const char **to, const char *text,
	struct fault *f)
{
	*to = arena_text(g->arena, bytes_of(text), f);
	return *to != NULL;
}

static bool add_breach(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;
	const struct standing_one *s;
	const struct tree *t;
	void *list = g->list;
	struct finding x;
	struct breach *b;

	g->work.used = 0;
	if (!tree_read(row->body, &g->work, &t, f) ||
		!finding_read(t, &g->work, &x, f))
		return fault_in(f, "%s", row->id);
	s = g->standing ? standing_of(g->standing, &x.id) : NULL;
	if (x.status == STATUS_REJECTED || (s && s->rejected))
		return true;
	if (!chain_grow(g->arena, &list, g->count, &g->room, sizeof *g->list,
		f))
		return false;
	g->list = list;
	b = &g->list[g->count];
	*b = (struct breach){.id = x.id, .from = x.at, .to = x.at,
		.reviewed = s && s->reviewed, .joint = s && s->joint,
		.both = s && s->both};
	if (!copy(g, &b->clause, x.clause, f) ||
		!copy(g, &b->grade, x.grade, f) ||
		!copy(g, &b->standard, x.standard, f) ||
		!copy(g, &b->party, x.party, f) ||
		!g->store->engine->find(g->store, &(struct query){
				.type = ROW_INCIDENT, .id = x.incident.text,
				.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}},
			origin, g, f))
		return false;
	g->count++;
	return true;
}

bool owe_breaches(struct store *s, const struct standing *standing,
	struct arena *a, struct breach **list, size_t *count, struct fault *f)
{
	struct gathering g = {.store = s, .standing = standing, .arena = a};
	struct query q = {.type = ROW_FINDING, .status = "breach",
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool ok = arena_map(&g.work, WORK_BYTES, f) &&
		s->engine->find(s, &q, add_breach, &g, f);

	arena_unmap(&g.work);
	*list = g.list;
	*count = g.count;
	return ok;
}

/* -- obligations -- */

struct owning {
	const struct owe_ask *ask;
	struct owe_done *done;
	struct arena arena, work;
	struct jointly jointly;
	struct owing owing;
	struct obligation *fallen;
	size_t fallen_count, fallen_room;
};

static bool was_opened(void *self, const struct row *row, struct fault *f)
{
	struct owning *o = self;
	const struct tree *t;
	void *list = o->fallen;
	struct obligation x;

	o->work.used = 0;
	if (!tree_read(row->body, &o->work, &t, f) ||
		!obligation_read(t, &o->arena, &x, f))
		return fault_in(f, "%s", row->id);
	if (!owing_fell(&o->owing, &x))
		return true;
	if (!chain_grow(&o->arena, &list, o->fallen_count, &o->fallen_room,
		sizeof *o->fallen, f))
		return false;
	o->fallen = list;
	o->fallen[o->fallen_count++] = x;
	return true;
}

static bool put_all(struct owning *o, struct fault *f)
{
	struct store *s = o->ask->rows->store;
	struct query q = {.type = ROW_OBLIGATION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool fresh;

	if (!s->engine->find(s, &q, was_opened, o, f))
		return false;
	for (size_t i = 0; i < o->owing.count; i++) {
		if (!rows_obligation(o->ask->rows, &o->owing.owed[i], &fresh,
			f))
			return false;
		o->done->opened += fresh;
	}
	for (size_t i = 0; i < o->fallen_count; i++) {
		if (!rows_obligation(o->ask->rows, &o->fallen[i], &fresh, f))
			return false;
		o->done->fell += fresh;
	}
	o->done->standing = o->owing.count;
	return true;
}

static bool store_all(struct owning *o, struct fault *f)
{
	struct store *s = o->ask->rows->store;
	uint8_t at[16];

	put_be(at, o->jointly.looked, 8);
	put_be(at + 8, o->jointly.size, 8);
	if (!s->engine->begin(s, "owe", f))
		return false;
	if (put_all(o, f) && s->engine->set(s, JOINTLY,
		(struct bytes){at, sizeof at}, f))
		return s->engine->commit(s, NULL, f);
	s->engine->rollback(s);
	return false;
}

/* The log may be older than what the index remembers of it. */
static bool how_far(struct owning *o, struct fault *f)
{
	const struct owe_ask *ask = o->ask;
	struct store *s = ask->rows->store;
	struct bytes b;

	if (!joint_wanted(ask->pledges))
		return true;
	if (!ask->people_of) {
		if (!s->engine->get(s, JOINTLY, &o->work, &b, f))
			return false;
		if (b.len == 16)
			o->jointly = (struct jointly){
				bytes_be(bytes_part(b, 0, 8)),
				bytes_be(bytes_part(b, 8, 8))};
		if (o->jointly.size > ledger_size(ask->ledger))
			o->jointly = (struct jointly){0};
	}
	return jointly_read(&o->jointly,
		ask->people_of ? ask->people_disk : ask->disk,
		ask->people_of ? ask->people_of : ask->ledger, f);
}

static bool owe(struct owning *o, struct fault *f)
{
	const struct owe_ask *ask = o->ask;
	struct standing standing;
	struct breach *breach;
	size_t count;

	return how_far(o, f) && standing_read(&standing,
			ledger_people(ask->people_of ? ask->people_of
						     : ask->ledger),
			o->jointly.size, &o->arena, f) &&
		owe_breaches(ask->rows->store, &standing, &o->arena, &breach,
			&count, f) &&
		owing_find(ask->pledges, breach, count, &o->arena, &o->owing,
			f) && store_all(o, f) &&
		rows_log(ask->rows, ask->ledger, ask->disk, ask->clock,
			&o->done->logged, f);
}

bool owe_all(const struct owe_ask *ask, struct owe_done *done,
	struct fault *f)
{
	static const struct pledges none = {.id = "", .title = ""};
	struct owe_ask own = *ask;
	struct owning o = {.ask = &own, .done = done};
	bool ok;

	if (!own.pledges) /* what was opened under one that is gone falls */
		own.pledges = &none;
	*done = (struct owe_done){0};
	ok = arena_map(&o.arena, ARENA_BYTES, f) &&
		arena_map(&o.work, WORK_BYTES, f) && owe(&o, f);
	arena_unmap(&o.work);
	arena_unmap(&o.arena);
	return ok;
}
