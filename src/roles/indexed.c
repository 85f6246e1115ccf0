/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/indexed.h"

#include <inttypes.h>

#include "ledger/body.h"
#include "ledger/people.h"
#include "ledger/table.h"
#include "roles/holding.h"
#include "roles/rows.h"

enum { WORK = 16 << 20, BODY_TEXT = 1 << 20 };

struct work {
	struct store *store;
	struct ledger *ledger;
	struct indexed *out;
	struct arena arena;
	uint8_t *met; /* a bit for each entry that a row has */
	const struct row *row;
	struct disk *disk;
	struct table lines; /* of batches, each with its entry */
	struct holding holding;
};

static void note(struct indexed *x, uint64_t *n, const char *what,
	const char *id, const char *is, uint64_t index)
{
	struct text t;

	if ((*n)++ > 0 || x->first[0])
		return;
	t = text_on(x->first, sizeof x->first);
	text_fmt(&t, "%.40s%s%.40s %s %" PRIu64, what, *id ? " " : "", id, is,
		index);
}

static const char *what_of(enum row_type type)
{
	return type == ROW_DETECTION ? "detection" : type == ROW_LOOK ?
		"look" : type == ROW_HEALTH ? "health" :
		type == ROW_INCIDENT ? "incident" : type == ROW_FINDING
		? "finding" : type == ROW_ACTIVITY ? "notice" : type ==
		ROW_CLAIM ? "claim" : "obligation";
}

/* Is it found by what its body says?  The arena is emptied. */
static bool found_by_it(struct work *w, const struct row *row)
{
	struct fault no;
	struct row x;

	w->arena.used = 0;
	if (!rows_made(row->type, row->body, &w->arena, &x, &no))
		return false;
	if (x.version > 0 && row->version >= ROW_PEOPLE)
		x.version += ROW_PEOPLE;
	return strcmp(x.id, row->id) == 0 && x.version == row->version &&
		x.from.utc_ns == row->from.utc_ns &&
		x.to.utc_ns == row->to.utc_ns && x.lat_e7 == row->lat_e7 &&
		x.lon_e7 == row->lon_e7 && strcmp(x.kind, row->kind) == 0 &&
		strcmp(x.status, row->status) == 0 &&
		strcmp(x.source, row->source) == 0;
}

static const char otherwise[] = "is found by what it does not say, entry";

/* One whose body lies outside is held against its hash. */
static bool hold(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct work *w = self;
	const struct row *row = w->row;
	struct digest want, is;
	struct text t;
	bool same;

	w->arena.used = 0;
	t = text_in(&w->arena, BODY_TEXT);
	if (e->open && body_digest(e->body, "blob", &want)) {
		is = sha256_of(row->body);
		same = digest_equal(&is, &want);
	} else if (e->open) {
		fields_print(e->body, &t);
		same = text_check(&t, f) &&
			bytes_equal(text_view(&t), row->body);
	} else {
		same = false; /* erased: it is to be nowhere */
	}
	f->kind = FAULT_NONE;
	w->met[e->index / 8] |= (uint8_t)(1 << e->index % 8);
	/* What lists show of it. */
	if (same && (row->type == ROW_INCIDENT || row->type == ROW_FINDING) &&
		!fields_find(e->body, "blob") &&
		!rows_back(&w->holding.store, e, &w->arena,
			row->version >= ROW_PEOPLE, f))
		return false;
	f->kind = FAULT_NONE;
	if (!same)
		note(w->out, &w->out->differ, what_of(row->type), row->id,
			"is not what the log says, entry", e->index);
	else if (!found_by_it(w, row))
		note(w->out, &w->out->differ, what_of(row->type), row->id,
			otherwise, e->index);
	else
		w->out->same++;
	return false; /* this one only */
}

static bool each_row(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	uint64_t index = (uint64_t)row->ledger_index;

	if (row->ledger_index < 0 || index >= ledger_size(w->ledger)) {
		note(w->out, &w->out->unlogged, what_of(row->type), row->id,
			"is not in the log of entries up to",
			ledger_size(w->ledger));
		return true;
	}
	w->row = row;
	f->kind = FAULT_NONE;
	return ledger_read(w->ledger, index, hold, w, f) ||
		f->kind == FAULT_NONE;
}

/* A line of that batch: the same may be in another. */
static struct digest line_key(struct digest leaf, uint64_t index)
{
	uint8_t at[8];

	put_be(at, index, 8);
	for (size_t i = 0; i < sizeof at; i++)
		leaf.at[i] ^= at[i];
	return leaf;
}

static bool each_batch(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct work *w = self;
	struct digest blob;
	struct bytes b;
	bool ok = true;

	if (e->entry.type != ENTRY_BATCH || !e->open ||
		!body_digest(e->body, "blob", &blob))
		return true;
	if (!blobs_get(w->disk, &blob, &b, f))
		return false;
	for (size_t at = 0; ok && at < b.len;) {
		const uint8_t *lf = memchr(b.at + at, '\n', b.len - at);
		size_t n = lf ? (size_t)(lf - b.at) - at : b.len - at;
		struct digest key = line_key(merkle_leaf(
			bytes_part(b, at, n)), e->index);

		ok = table_set(&w->lines, &key, e->index, f);
		at += n + 1;
	}
	blobs_release(w->disk, b);
	return ok;
}

static bool each_line(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	uint64_t index = (uint64_t)row->ledger_index, is;
	struct digest leaf = merkle_leaf(row->body);
	struct digest key = line_key(leaf, index);

	(void)f;
	if (row->ledger_index < 0)
		w->out->waiting++;
	else if (!digest_equal(&leaf, &row->ledger_leaf) ||
		!table_get(&w->lines, &key, &is))
		note(w->out, &w->out->differ, what_of(row->type), row->id,
			"is not what the log says, entry", index);
	else if (!found_by_it(w, row))
		note(w->out, &w->out->differ, what_of(row->type), row->id,
			otherwise, index);
	else
		w->out->lines++;
	return true;
}

static bool all_lines(struct work *w, struct fault *f)
{
	static const enum row_type types[] = {ROW_DETECTION, ROW_LOOK,
		ROW_HEALTH};
	bool ok = ledger_read(w->ledger, 0, each_batch, w, f);

	for (size_t i = 0; ok && i < sizeof types / sizeof *types; i++) {
		struct query q = {.type = types[i], .all_versions = true,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		ok = w->store->engine->find(w->store, &q, each_line, w, f);
	}
	table_free(&w->lines);
	return ok;
}

/* An agreement that was exchanged is nothing that anybody signs.  What falls
 * with its incident keeps the one that it was judged under. */
static void note_terms(struct indexed *x, const struct ledger_entry *e)
{
	bool judged = e->entry.type == ENTRY_FINDING && e->open;
	const struct field *s = judged ? fields_find(e->body, "terms_sha256")
		: NULL;
	const struct field *is = judged ? fields_find(e->body, "status")
		: NULL;
	char sha[SHA256_HEX];
	struct text t;

	if (!s || (is && bytes_are(is->value, "rejected")) ||
		!value_text(s->value, sha, sizeof sha) ||
		strcmp(sha, x->terms_sha256) == 0)
		return;
	x->terms++;
	x->terms_since = e->index;
	t = text_on(x->terms_sha256, sizeof x->terms_sha256);
	text_add(&t, sha);
}

static bool each_entry(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct work *w = self;
	const struct people *p = ledger_people(w->ledger);
	const struct people_key *k = people_author(p, e->entry.key_id);

	(void)f;
	note_terms(w->out, e);
	if (!e->open || !k || k->role != PEOPLE_ENGINE ||
		(e->entry.type != ENTRY_INCIDENT &&
			e->entry.type != ENTRY_FINDING) ||
		(w->met[e->index / 8] & 1 << e->index % 8))
		return true;
	note(w->out, &w->out->absent, e->entry.type == ENTRY_INCIDENT ?
		"incident" : "finding", "", "is not in it, entry", e->index);
	return true;
}

/* And what they are found by on a map, in a span of time. */
static bool derived(struct store *s, struct indexed *out, struct fault *f)
{
	char what[STORE_WHAT];
	struct text t;

	if (!s->engine->sound(s, what, f))
		return false;
	if (!what[0] || out->differ++ > 0 || out->first[0])
		return true;
	t = text_on(out->first, sizeof out->first);
	text_fmt(&t, "%.120s does not follow from its records", what);
	return true;
}

bool indexed_compare(struct store *s, struct ledger *l, struct disk *d,
	struct indexed *out, struct fault *f)
{
	static const enum row_type types[] = {ROW_INCIDENT, ROW_FINDING,
		ROW_ACTIVITY, ROW_CLAIM, ROW_OBLIGATION};
	struct work w = {.store = s, .ledger = l, .out = out, .disk = d};
	struct arena bits = {0};
	bool ok = arena_map(&w.arena, WORK, f) &&
		arena_map(&bits, ledger_size(l) / 8 + 4096, f);

	*out = (struct indexed){.same = 0};
	w.met = ok ? arena_take(&bits, ledger_size(l) / 8 + 1, f) : NULL;
	ok = w.met && holding_open(&w.holding, s, out, f);
	for (size_t i = 0; ok && i < sizeof types / sizeof *types; i++) {
		struct query q = {.type = types[i], .all_versions = true,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		ok = s->engine->find(s, &q, each_row, &w, f);
	}
	ok = ok && ledger_read(l, 0, each_entry, &w, f) && all_lines(&w, f) &&
		holding_people(&w.holding, l, f) && derived(s, out, f);
	holding_close(&w.holding);
	arena_unmap(&bits);
	arena_unmap(&w.arena);
	return ok;
}

static bool is_of(void *self, const struct row *row, struct fault *f)
{
	struct ledger *l = self;
	struct digest leaf;

	return (ledger_leaf(l, (uint64_t)row->ledger_index, &leaf) &&
		digest_equal(&leaf, &row->ledger_leaf)) ||
		fault(f, FAULT_INPUT, "index.db is of another log: its %s %s "
			"is not entry %" PRId64 " of %s; put the log back that "
			"it is of, or delete index.db", what_of(row->type),
			row->id, row->ledger_index, ledger_origin(l));
}

bool indexed_fits(struct store *s, struct ledger *l, struct fault *f)
{
	int64_t newest = -1;

	if (!s->engine->newest(s, &newest, f))
		return false;
	if (newest >= 0 && (uint64_t)newest >= ledger_size(l))
		return fault(f, FAULT_INPUT, "index.db speaks of entry %" PRId64
			", and the log %s has %" PRIu64 " entries: put the log "
			"back that it is of, or delete index.db", newest,
			ledger_origin(l), ledger_size(l));
	return s->engine->since(s, "if", -1, 1, is_of, l, f);
}
