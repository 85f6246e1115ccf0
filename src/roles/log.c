/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log.c - what the store holds and the ledger does not goes into the ledger.
 *
 * The store is committed first; if we die in between, the next run appends
 * the same bodies again and the ledger answers the old index. */
#include "roles/rows.h"

#include "ledger/people.h"
#include "model/codec.h"

enum {
	GROUP = 64,
	GROUP_BYTES = 4 << 20,
	GROUP_ARENA = 256 << 20,
	BODY_ROOM = 60000,
	BATCH_BYTES = 160 << 20, /* a batch at most */
	BATCH_ROWS = 200000,
};

#define HOUR_NS (INT64_C(3600) * 1000000000)

struct slot {
	enum row_type type;
	uint32_t version;
	char id[80];
	struct fields body;
};

struct group {
	struct rows *rows;
	struct ledger *ledger;
	struct disk *disk;
	struct instant clock;
	struct arena arena;
	struct arena lines, keys; /* of one batch: what it fills is touched */
	struct slot *slot;
	struct ledger_item *item;
	size_t count;
};

static size_t size_of(const struct fields *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->count; i++)
		n += strlen(s->field[i].name) * 2 + s->field[i].value.len + 8;
	return n;
}

/* A body that fits no entry is put beside it, by hash. */
static bool outside(struct group *g, struct slot *s, struct fault *f)
{
	struct text t = text_in(&g->arena, 4 << 20);
	char hex[SHA256_HEX];
	struct blob blob;

	fields_print(&s->body, &t);
	if (!text_check(&t, f) ||
		!blobs_put(g->disk, text_view(&t), &blob, NULL, f))
		return false;
	s->body = fields_in(&g->arena);
	fields_text(&s->body, "id", s->id);
	fields_i64(&s->body, "version", s->version);
	fields_text(&s->body, "blob", digest_hex(&blob.sha256, hex));
	fields_i64(&s->body, "size", (int64_t)blob.size);
	return fields_done(&s->body, f);
}

static bool rewrite(struct group *g, const struct row *row, struct fields *out,
	struct fault *f)
{
	const struct tree *t;
	union {
		struct incident incident;
		struct finding finding;
		struct activity activity;
		struct claim claim;
		struct obligation obligation;
	} x;

	*out = fields_in(&g->arena);
	g->lines.used = 0; /* no batch is being made */
	if (!tree_read(row->body, &g->lines, &t, f))
		return false;
	switch (row->type) {
	case ROW_INCIDENT:
		return incident_read(t, &g->arena, &x.incident, f) &&
			incident_write(&x.incident, out, f);
	case ROW_FINDING:
		return finding_read(t, &g->arena, &x.finding, f) &&
			finding_write(&x.finding, out, f);
	case ROW_OBLIGATION:
		return obligation_read(t, &g->arena, &x.obligation, f) &&
			obligation_write(&x.obligation, out, f);
	case ROW_ACTIVITY:
		return activity_read(t, &g->arena, &x.activity, f) &&
			activity_write(&x.activity, out, f);
	default:
		return claim_read(t, &g->arena, &x.claim, f) &&
			claim_write(&x.claim, out, f);
	}
}

static uint8_t entry_type_of(enum row_type type)
{
	return type == ROW_INCIDENT ? ENTRY_INCIDENT
		: type == ROW_FINDING ? ENTRY_FINDING
		: type == ROW_OBLIGATION ? ENTRY_STEP : ENTRY_CLAIM;
}

static bool gather(void *self, const struct row *row, struct fault *f)
{
	struct group *g = self;
	struct slot *s = &g->slot[g->count];
	struct ledger_item *it = &g->item[g->count];
	struct text t = text_on(s->id, sizeof s->id);
	struct id id;

	text_add(&t, row->id);
	s->type = row->type;
	s->version = row->version;
	if (!rewrite(g, row, &s->body, f))
		return fault_in(f, "%s", s->id);
	if (size_of(&s->body) > BODY_ROOM && !outside(g, s, f))
		return false;
	*it = (struct ledger_item){.type = entry_type_of(row->type),
		.clock = g->clock, .body = &s->body};
	if (!id_read(row->id, &id) || !id_subject(&id, it->subject))
		return fault(f, FAULT_INPUT, "'%s' is no id", row->id);
	g->count++;
	return g->arena.used < GROUP_BYTES; /* false: enough for one group */
}

static bool mark(struct group *g, struct fault *f)
{
	struct store *s = g->rows->store;

	if (!s->engine->begin(s, "log", f))
		return false;
	for (size_t i = 0; i < g->count; i++)
		if (!s->engine->logged(s, g->slot[i].type, g->slot[i].id,
			g->slot[i].version, (int64_t)g->item[i].index,
			&g->item[i].leaf, f)) {
			s->engine->rollback(s);
			return false;
		}
	return s->engine->commit(s, NULL, f);
}

static bool empty_group(struct group *g, struct fault *f)
{
	g->arena.used = 0;
	g->count = 0;
	g->slot = arena_array(&g->arena, GROUP, sizeof *g->slot, f);
	g->item = arena_array(&g->arena, GROUP, sizeof *g->item, f);
	return g->slot && g->item;
}

static bool log_type(
	struct group *g, enum row_type type, uint64_t *logged, struct fault *f)
{
	struct store *s = g->rows->store;

	for (;;) {
		struct query q = {.type = type, .unlogged = true,
			.all_versions = true, .limit = GROUP,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		if (!empty_group(g, f) ||
			!s->engine->find(s, &q, gather, g, f))
			return false;
		if (g->count == 0)
			return true;
		if (!ledger_append(g->ledger, g->item, g->count, f) ||
			!mark(g, f))
			return false;
		*logged += g->count;
	}
}

/* -- batches: one kind, one UTC hour -- */

struct row_key {
	char id[80];
	struct digest leaf;
	struct instant from;
};

struct batch { /* those that wait to be appended, and the one being made */
	struct group *g; /* whose items they are */
	enum row_type type;
	const char *kind;
	struct text lines;
	struct row_key *key;
	size_t count;      /* keys of all */
	size_t begun;      /* the first key of the one being made */
	size_t end[GROUP]; /* of each that waits, in keys */
	bool more; /* the room is used up, and the hour goes on */
};

static bool add_line(void *self, const struct row *row, struct fault *f)
{
	struct batch *b = self;
	struct row_key *k = &b->key[b->count];
	struct text t;

	if (b->count - b->begun == BATCH_ROWS ||
		b->lines.len + row->body.len + 2 > b->lines.size) {
		b->more = true;
		return false;
	}
	t = text_on(k->id, sizeof k->id);
	text_add(&t, row->id);
	k->from = row->from;
	k->leaf = merkle_leaf(row->body);
	b->count++;
	text_bytes(&b->lines, row->body);
	text_char(&b->lines, '\n');
	return text_check(&b->lines, f);
}

static bool mark_batches(struct batch *b, struct fault *f)
{
	struct store *s = b->g->rows->store;
	size_t k = 0;

	if (!s->engine->begin(s, "log", f))
		return false;
	for (size_t i = 0; i < b->g->count; i++)
		for (; k < b->end[i]; k++)
			if (!s->engine->logged(s, b->type, b->key[k].id, 0,
				(int64_t)b->g->item[i].index, &b->key[k].leaf,
				f)) {
				s->engine->rollback(s);
				return false;
			}
	return s->engine->commit(s, NULL, f);
}

/* All that wait go into the ledger together, then are marked. */
static bool append(struct batch *b, uint64_t *logged, struct fault *f)
{
	struct group *g = b->g;

	if (g->count > 0 && (!ledger_append(g->ledger, g->item, g->count, f) ||
		!mark_batches(b, f)))
		return false;
	*logged += b->count;
	b->count = 0;
	return empty_group(g, f);
}

static bool one_batch(struct batch *b, struct query *q, struct fault *f)
{
	struct group *g = b->g;
	struct store *s = g->rows->store;
	struct fields *body = &g->slot[g->count].body;
	struct blob blob;

	b->begun = b->count;
	b->lines.len = 0;
	b->more = false;
	if (!s->engine->find(s, q, add_line, b, f))
		return false;
	if (b->count == b->begun)
		return fault(f, FAULT_LIMIT, "a row above 160 MiB");
	*body = fields_in(&g->arena);
	if (!ledger_batch(g->ledger, b->kind, text_view(&b->lines),
		b->key[b->begun].from, body, &g->item[g->count], &blob, f))
		return false;
	g->item[g->count].clock = g->clock;
	b->end[g->count++] = b->count;
	return true;
}

/* Every row of an hour in which one is not logged yet: so a batch is the
 * same whenever it is made from the same rows. */
static bool log_hour(struct batch *b, struct instant hour, uint64_t *logged,
	struct fault *f)
{
	struct query q = {.type = b->type,
		.span = {hour, {hour.utc_ns + HOUR_NS}},
		.after_from = {hour.utc_ns - 1}, .after_id = "~"};
	char after[80];

	do {
		const struct row_key *last;

		if ((b->g->count == GROUP || b->count > BATCH_ROWS) &&
			!append(b, logged, f))
			return false;
		if (!one_batch(b, &q, f))
			return false;
		last = &b->key[b->count - 1];
		q.after_from = last->from;
		memcpy(after, last->id, sizeof after);
		q.after_id = after;
	} while (b->more);
	return true;
}

static bool first_hour(void *self, const struct row *row, struct fault *f)
{
	struct instant *hour = self;

	(void)f;
	hour->utc_ns = row->from.utc_ns / HOUR_NS * HOUR_NS;
	return true;
}

static bool log_batches(struct group *g, enum row_type type, const char *kind,
	uint64_t *logged, struct fault *f)
{
	struct store *s = g->rows->store;
	struct batch b = {.g = g, .type = type, .kind = kind,
		.lines = text_on((char *)g->lines.at, g->lines.size),
		.key = (void *)g->keys.at};
	struct query q = {.type = type, .unlogged = true, .limit = 1,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	if (!empty_group(g, f))
		return false;
	for (;;) {
		struct instant hour = INSTANT_UNKNOWN;

		if (!s->engine->find(s, &q, first_hour, &hour, f))
			return false;
		if (!instant_known(hour))
			return append(&b, logged, f);
		if (!log_hour(&b, hour, logged, f))
			return fault_in(f, "%s", kind);
		q.after_from = (struct instant){hour.utc_ns + HOUR_NS - 1};
		q.after_id = "~";
	}
}

bool rows_log(struct rows *r, struct ledger *l, struct disk *disk,
	struct instant clock, uint64_t *logged, struct fault *f)
{
	struct group g = {.rows = r, .ledger = l, .disk = disk,
		.clock = clock};
	bool ok;

	*logged = 0;
	ok = arena_map(&g.arena, GROUP_ARENA, f) &&
		arena_map(&g.lines, BATCH_BYTES, f) &&
		arena_map(&g.keys, 2 * BATCH_ROWS * sizeof(struct row_key),
			f) &&
		log_batches(&g, ROW_DETECTION, "detection", logged, f) &&
		log_batches(&g, ROW_LOOK, "look", logged, f) &&
		log_batches(&g, ROW_HEALTH, "health", logged, f) &&
		log_type(&g, ROW_ACTIVITY, logged, f) &&
		log_type(&g, ROW_CLAIM, logged, f) &&
		log_type(&g, ROW_INCIDENT, logged, f) &&
		log_type(&g, ROW_FINDING, logged, f) &&
		log_type(&g, ROW_OBLIGATION, logged, f);
	arena_unmap(&g.keys);
	arena_unmap(&g.lines);
	arena_unmap(&g.arena);
	return ok;
}

/* -- back from the ledger -- */

struct back {
	struct rows *rows;
	const struct people *people;
	struct arena arena;
	uint64_t count;
};

/* What the engine opened, not what a person did of it. */
static bool is_opening(const struct back *b, const struct ledger_entry *e)
{
	const struct people_key *by = people_author(b->people, e->entry.key_id);

	return e->entry.type == ENTRY_STEP && by &&
		by->role == PEOPLE_ENGINE && fields_find(e->body, "pledge");
}

bool rows_back(struct store *s, const struct ledger_entry *e,
	struct arena *a, bool people, struct fault *f)
{
	const struct tree *t;
	struct row row = {.lat_e7 = INT32_MIN, .lon_e7 = INT32_MIN,
		.kind = "", .status = "", .source = ""};
	struct text json;
	bool fresh;

	json = text_in(a, 1 << 20);
	fields_print(e->body, &json);
	if (!text_check(&json, f) || !tree_read(text_view(&json), a, &t, f))
		return false;
	row.id = tree_text(t, "id");
	row.version = (uint32_t)tree_i64(t, "version", 1) +
		(people ? ROW_PEOPLE : 0);
	row.body = text_view(&json);
	row.ledger_index = (int64_t)e->index;
	row.ledger_leaf = e->leaf;
	if (e->entry.type == ENTRY_INCIDENT) {
		struct incident i;

		if (!incident_read(t, a, &i, f))
			return false;
		row.type = ROW_INCIDENT;
		row.from = instant_known(i.from) ? i.from : i.at;
		row.to = instant_known(i.to) ? i.to : i.at;
		if (place_known(&i.place)) {
			row.lat_e7 = (int32_t)floor(
				i.place.lat_deg * 1e7 + 0.5);
			row.lon_e7 = (int32_t)floor(
				i.place.lon_deg * 1e7 + 0.5);
		}
		row.kind = kind_name(incident_kind(&i));
		row.status = status_name(i.status);
	} else if (e->entry.type == ENTRY_STEP) {
		struct obligation o;

		if (!obligation_read(t, a, &o, f))
			return false;
		row.type = ROW_OBLIGATION;
		row.from = o.opens.from;
		row.to = o.opens.to;
		row.kind = o.pledge;
		row.status = o.fall == OBLIGATION_STANDS ? "stands" : "fell";
		row.source = o.actor;
	} else {
		row.type = ROW_FINDING;
		row.from = row.to = tree_time(t, "at");
		row.kind = tree_text(t, "clause");
		row.status = tree_text(t, "verdict");
		row.source = tree_text(t, "incident");
	}
	return !row.id || !row.kind || !row.status || !row.source ||
		s->engine->put(s, &row, &fresh, f);
}

/* What people wrote comes with their names, once it stands (reviews.h). */
static bool bring(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct back *b = self;
	const struct people_key *k =
		people_author(b->people, e->entry.key_id);

	b->arena.used = 0;
	if (!e->open || (e->entry.type != ENTRY_INCIDENT &&
				e->entry.type != ENTRY_FINDING &&
				!is_opening(b, e)) ||
		!k || k->role != PEOPLE_ENGINE ||
		fields_find(e->body, "blob"))
		return true;
	b->count++;
	return rows_back(b->rows->store, e, &b->arena, false, f);
}

bool rows_restore(struct rows *r, struct ledger *l, uint64_t *restored,
	struct fault *f)
{
	struct store *s = r->store;
	struct back b = {.rows = r, .people = ledger_people(l)};
	bool ok;

	*restored = 0;
	if (!arena_map(&b.arena, 64 << 20, f))
		return false;
	ok = s->engine->begin(s, "restore", f);
	if (ok && !(ok = ledger_read(l, 0, bring, &b, f)))
		s->engine->rollback(s);
	if (ok)
		ok = s->engine->commit(s, NULL, f);
	arena_unmap(&b.arena);
	*restored = b.count;
	return ok;
}
