/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sqlite.c - the embedded index as a store: rows out of it and into it.
 * Times are whole nanoseconds, so what comes out is what went in. */
#include "store/index.h"

extern const struct store_engine store_sqlite;

/* -- reading -- */

static const char *column_text(struct kept *k, int at)
{
	const unsigned char *s = sqlite3_column_text(k->stmt, at);

	return s ? (const char *)s : "";
}

static struct bytes column_bytes(struct kept *k, int at)
{
	const uint8_t *p = sqlite3_column_blob(k->stmt, at);

	return (struct bytes){p, (size_t)sqlite3_column_bytes(k->stmt, at)};
}

static struct row row_of(struct kept *k, enum row_type type)
{
	struct row r = {.type = type, .id = column_text(k, 0),
		.version = (uint32_t)sqlite3_column_int64(k->stmt, 1),
		.from = {sqlite3_column_int64(k->stmt, 2)},
		.to = {sqlite3_column_int64(k->stmt, 3)},
		.lat_e7 = sqlite3_column_int(k->stmt, 4),
		.lon_e7 = sqlite3_column_int(k->stmt, 5),
		.kind = column_text(k, 6), .status = column_text(k, 7),
		.source = column_text(k, 8), .body = column_bytes(k, 9),
		.ledger_index = sqlite3_column_int64(k->stmt, 10)};
	struct bytes leaf = column_bytes(k, 11);

	if (leaf.len == SHA256_LEN)
		memcpy(r.ledger_leaf.at, leaf.at, SHA256_LEN);
	return r;
}

/* Till `each` has had enough.  type 0: it stands behind query_columns. */
bool index_rows(struct index *x, struct kept *k, enum row_type type,
	const char *doing,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	int step;

	while ((step = sqlite3_step(k->stmt)) == SQLITE_ROW) {
		struct row r = row_of(k, type ? type : (enum row_type)
			sqlite3_column_int(k->stmt, 12));

		if (!each(self, &r, f)) {
			index_done(k);
			return f->kind == FAULT_NONE;
		}
	}
	if (step != SQLITE_DONE)
		index_no(x, doing, f);
	index_done(k);
	return step == SQLITE_DONE;
}

static bool s_find(struct store *s, const struct query *q,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct index *x = s->self;
	struct sql sql;
	struct kept *k;

	f->kind = FAULT_NONE;
	if (q->boxed && q->limit > 0 && q->limit <= INDEX_PAGE)
		return index_boxed(x, q, each, self, f);
	/* Sorted before the bodies are fetched: a box can hold many rows. */
	if (!query_build(x, &sql, q, q->boxed ? query_keys : query_columns, f))
		return false;
	text_add(&sql.text, " ORDER BY r.t, r.id, r.version");
	if (q->limit > 0) {
		text_add(&sql.text, " LIMIT ?");
		query_number(&sql, (int64_t)q->limit);
	}
	if (q->boxed)
		text_add(&sql.text, ") k JOIN row r ON r.key = k.key"
			" ORDER BY k.t, k.id, k.version");
	k = query_bound(x, &sql, f);
	return k && index_rows(x, k, q->type, "find", each, self, f);
}

static bool s_since(struct store *s, const char *types, int64_t index,
	size_t limit,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct index *x = s->self;
	struct sql sql = {.text = text_on(sql.at, sizeof sql.at)};
	struct kept *k;

	f->kind = FAULT_NONE;
	text_fmt(&sql.text, "SELECT %s, r.type FROM row r INDEXED BY by_ledger"
		" WHERE r.ledger > ? AND r.ledger >= 0"
		" AND instr(?, char(r.type)) > 0"
		" ORDER BY r.ledger LIMIT ?", query_columns);
	query_number(&sql, index);
	sql.value[sql.values++].text = types;
	query_number(&sql, (int64_t)limit);
	k = query_bound(x, &sql, f);
	return k && index_rows(x, k, 0, "since", each, self, f);
}

static bool s_search(struct store *s, const char *matching, size_t limit,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct index *x = s->self;
	struct sql sql = {.text = text_on(sql.at, sizeof sql.at)};
	struct kept *k;

	f->kind = FAULT_NONE;
	text_fmt(&sql.text, "SELECT %s, r.type FROM words w CROSS JOIN row r"
		" ON r.key = w.rowid WHERE w.words MATCH ? AND r.newest"
		" ORDER BY w.rowid DESC LIMIT ?",
		query_columns);
	sql.value[sql.values++].text = matching;
	query_number(&sql, (int64_t)limit);
	k = query_bound(x, &sql, f);
	return k && index_rows(x, k, 0, "search", each, self, f);
}

static bool s_newest(struct store *s, int64_t *index, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k = index_prepare(x, "SELECT max(ledger) FROM row"
		" INDEXED BY by_ledger WHERE ledger >= 0", f);
	bool ok;

	*index = -1;
	if (!k)
		return false;
	ok = sqlite3_step(k->stmt) == SQLITE_ROW || index_no(x, "newest", f);
	if (ok && sqlite3_column_type(k->stmt, 0) == SQLITE_INTEGER)
		*index = sqlite3_column_int64(k->stmt, 0);
	index_done(k);
	return ok;
}

static bool s_count(struct store *s, const struct query *q, uint64_t *n,
	struct fault *f)
{
	struct index *x = s->self;
	struct sql sql;
	struct kept *k;
	bool ok;

	*n = 0;
	if (!query_build(x, &sql, q, "count(*)", f) ||
		!(k = query_bound(x, &sql, f)))
		return false;
	ok = sqlite3_step(k->stmt) == SQLITE_ROW || index_no(x, "count", f);
	if (ok)
		*n = (uint64_t)sqlite3_column_int64(k->stmt, 0);
	index_done(k);
	if (ok && q->limit > 0 && *n > q->limit)
		*n = q->limit;
	return ok;
}

/* -- writing -- */

static bool for_writing(struct index *x, struct fault *f)
{
	return x->writable ||
		fault(f, FAULT_SYSTEM, "index: opened for reading");
}

static bool s_begin(struct store *s, const char *role, struct fault *f)
{
	struct index *x = s->self;
	struct text t = text_on(x->role, sizeof x->role);

	if (!for_writing(x, f))
		return false;
	if (x->begun)
		return fault(f, FAULT_SYSTEM, "index: begun twice");
	text_add(&t, role);
	if (!text_check(&t, f) || !index_run(x, "BEGIN IMMEDIATE", f))
		return false;
	x->begun = true;
	return true;
}

static bool same_text(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* What is there under this name: the same? */
static bool compare(struct index *x, const struct row *r, struct fault *f)
{
	struct kept *k = index_prepare(x,
		"SELECT r.id, r.version, r.t, r.u, r.lat,"
		" r.lon, r.kind, r.status, r.source, r.body, r.ledger, r.leaf"
		" FROM row r WHERE type = ? AND id = ? AND version = ?", f);
	bool ok;

	if (!k)
		return false;
	index_int(k, 1, r->type);
	index_text(k, 2, r->id);
	index_int(k, 3, r->version);
	ok = sqlite3_step(k->stmt) == SQLITE_ROW || index_no(x, "compare", f);
	if (ok) {
		struct row o = row_of(k, r->type);

		if (o.from.utc_ns != r->from.utc_ns ||
			o.to.utc_ns != r->to.utc_ns ||
			o.lat_e7 != r->lat_e7 || o.lon_e7 != r->lon_e7 ||
			!same_text(o.kind, r->kind) ||
			!same_text(o.status, r->status) ||
			!same_text(o.source, r->source) ||
			!bytes_equal(o.body, r->body))
			ok = fault(f, FAULT_INPUT, "index: %c %s version %u is"
				" there with other bytes", r->type, r->id,
				r->version);
	}
	index_done(k);
	return ok;
}

static bool note_length(struct index *x, const struct row *r, struct fault *f)
{
	int64_t ns = r->to.utc_ns == NO_TIME ? INDEX_FOREVER :
		r->from.utc_ns == NO_TIME ? 0 :
		r->to.utc_ns - r->from.utc_ns;
	struct kept *k;

	if (ns <= 0 && r->version == 0)
		return true;
	k = index_prepare(x,
		"INSERT INTO longest VALUES(?, ?, ?) ON CONFLICT(type)"
		" DO UPDATE SET ns = max(ns, excluded.ns),"
		" version = max(version, excluded.version)"
		" WHERE ns < excluded.ns OR version < excluded.version", f);
	if (!k)
		return false;
	index_int(k, 1, r->type);
	index_int(k, 2, ns > 0 ? ns : 0);
	index_int(k, 3, r->version);
	return index_finish(x, k, "put", f);
}

/* Two types under one letter do not compile. */
static bool is_type(enum row_type t)
{
	switch (t) {
	case ROW_DETECTION:
	case ROW_INCIDENT:
	case ROW_FINDING:
	case ROW_LOOK:
	case ROW_HEALTH:
	case ROW_ACTIVITY:
	case ROW_CLAIM:
	case ROW_OBSERVATION:
	case ROW_OBLIGATION:
	case ROW_STEPS:
	case ROW_SEGMENT:
	case ROW_FAULT:
	case ROW_FILE:
	case ROW_REPORT:
	case ROW_DEED:
	case ROW_MEMO:
		return true;
	}
	return false;
}

static bool insert(struct index *x, const char *sql, const struct row *r,
	struct fault *f)
{
	static const struct digest none;
	struct kept *k;

	if (!x->begun)
		return fault(f, FAULT_SYSTEM, "index: put before begin");
	if (!is_type(r->type))
		return fault(f, FAULT_SYSTEM, "index: no type '%c'", r->type);
	k = index_prepare(x, sql, f);
	if (!k)
		return false;
	index_int(k, 1, r->type);
	index_text(k, 2, r->id);
	index_int(k, 3, r->version);
	index_int(k, 4, r->from.utc_ns);
	index_int(k, 5, r->to.utc_ns);
	index_int(k, 6, r->lat_e7);
	index_int(k, 7, r->lon_e7);
	index_int(k, 8, index_cell(r->lat_e7, r->lon_e7, INDEX_CELL));
	index_int(k, 9, index_cell(r->lat_e7, r->lon_e7, INDEX_FINE));
	index_int(k, 10, index_cell(r->lat_e7, r->lon_e7, INDEX_NEAR));
	index_int(k, 11, index_cell(r->lat_e7, r->lon_e7, INDEX_WIDE));
	index_text(k, 12, r->kind);
	index_text(k, 13, r->status);
	index_text(k, 14, r->source);
	index_bytes(k, 15, r->body);
	index_int(k, 16, r->ledger_index);
	if (memcmp(&none, &r->ledger_leaf, sizeof none) != 0)
		index_bytes(k, 17, digest_view(&r->ledger_leaf));
	return index_finish(x, k, "put", f);
}

#define INTO_ROW "INTO row(newest, type, id, version, t, u, lat, lon, cell," \
	" fine, near, wide, kind, status, source, body, ledger, leaf)" \
	" VALUES(1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

static bool s_put(
	struct store *s, const struct row *r, bool *fresh, struct fault *f)
{
	struct index *x = s->self;

	*fresh = false;
	if (!insert(x, "INSERT " INTO_ROW " ON CONFLICT DO NOTHING", r, f))
		return false;
	*fresh = sqlite3_changes(x->db) > 0;
	return *fresh ? note_length(x, r, f) : compare(x, r, f);
}

static bool s_replace(struct store *s, const struct row *r, struct fault *f)
{
	struct index *x = s->self;

	return insert(x, "INSERT OR REPLACE " INTO_ROW, r, f) &&
		note_length(x, r, f);
}

static void s_rollback(struct store *s)
{
	struct index *x = s->self;
	struct fault f;

	if (x->begun && !index_run(x, "ROLLBACK", &f))
		x->begun = false; /* SQLite had rolled back by itself */
	x->begun = false;
}

static bool s_commit(struct store *s, const struct cursor *c, struct fault *f)
{
	struct index *x = s->self;
	bool ok = x->begun || fault(f, FAULT_SYSTEM, "index: commit before "
		"begin");

	if (ok && c) {
		struct kept *k = index_prepare(x,
			"INSERT INTO cursor VALUES(?, ?,"
			" ?) ON CONFLICT(role) DO UPDATE SET log ="
			" excluded.log, sequence = excluded.sequence", f);

		ok = k != NULL;
		if (ok) {
			index_text(k, 1, x->role);
			index_bytes(k, 2, (struct bytes){c->log_id,
				sizeof c->log_id});
			index_int(k, 3, (int64_t)c->sequence);
			ok = index_finish(x, k, "cursor", f);
		}
	}
	ok = ok && index_run(x, "COMMIT", f);
	if (!ok)
		s_rollback(s);
	x->begun = false;
	return ok;
}

static bool s_cursor(struct store *s, const char *role, struct cursor *c,
	bool *known, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k = index_prepare(x,
		"SELECT log, sequence FROM cursor WHERE role = ?", f);
	struct bytes log;
	int step;

	*c = (struct cursor){.sequence = 0};
	*known = false;
	if (!k)
		return false;
	index_text(k, 1, role);
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		log = column_bytes(k, 0);
		*known = log.len == sizeof c->log_id;
		if (*known)
			memcpy(c->log_id, log.at, sizeof c->log_id);
		c->sequence = (uint64_t)sqlite3_column_int64(k->stmt, 1);
	} else if (step != SQLITE_DONE) {
		index_no(x, "cursor", f);
	}
	index_done(k);
	return step == SQLITE_ROW || step == SQLITE_DONE;
}

static bool s_logged(struct store *s, enum row_type type, const char *id,
	uint32_t version, int64_t at, const struct digest *leaf,
	struct fault *f)
{
	struct index *x = s->self;
	struct kept *k;

	if (!for_writing(x, f))
		return false;
	k = index_prepare(x,
		"UPDATE row SET ledger = ?, leaf = ? WHERE type = ?"
		" AND id = ? AND version = ?", f);
	if (!k)
		return false;
	index_int(k, 1, at);
	index_bytes(k, 2, digest_view(leaf));
	index_int(k, 3, type);
	index_text(k, 4, id);
	index_int(k, 5, version);
	if (!index_finish(x, k, "logged", f))
		return false;
	return sqlite3_changes(x->db) > 0 || fault(f, FAULT_INPUT,
		"index: no %c %s version %u", type, id, version);
}

static bool s_forget(struct store *s, enum row_type type, struct span span,
	struct fault *f)
{
	struct index *x = s->self;
	struct kept *k;
	bool all = span.from.utc_ns == NO_TIME;

	if (!for_writing(x, f))
		return false;
	k = index_prepare(x,
		all ? "DELETE FROM row WHERE type = ?" : "DELETE FROM"
		" row WHERE type = ? AND t >= ? AND t < ?", f);
	if (!k)
		return false;
	index_int(k, 1, type);
	if (!all) {
		index_int(k, 2, span.from.utc_ns);
		index_int(k, 3, span.to.utc_ns == NO_TIME ? INT64_MAX :
			span.to.utc_ns);
	}
	return index_finish(x, k, "forget", f);
}

static bool s_drop(struct store *s, enum row_type type, const char *id,
	uint32_t version, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k;

	if (!for_writing(x, f) || !(k = index_prepare(x, "DELETE FROM row"
		" WHERE type = ? AND id = ? AND version = ?", f)))
		return false;
	index_int(k, 1, type);
	index_text(k, 2, id);
	index_int(k, 3, version);
	return index_finish(x, k, "drop", f);
}

/* Of batches the lines lie in a blob; their rows stay. */
static bool s_erase(
	struct store *s, int64_t index, uint64_t *gone, struct fault *f)
{
	static const char whole[] = {ROW_INCIDENT, ROW_FINDING, ROW_ACTIVITY,
		ROW_CLAIM, ROW_OBLIGATION, ROW_STEPS, ROW_DEED, '\0'};
	struct index *x = s->self;
	struct kept *k;

	*gone = 0;
	if (!for_writing(x, f) || !(k = index_prepare(x, "DELETE FROM row"
		" WHERE ledger = ? AND instr(?, char(type)) > 0", f)))
		return false;
	index_int(k, 1, index);
	index_text(k, 2, whole);
	if (!index_finish(x, k, "erase", f))
		return false;
	*gone = (uint64_t)sqlite3_changes(x->db);
	return true;
}

/* Rows that went, and copies of them that B-trees leave where they were split,
 * are in free space: all is written anew, then the log of it is emptied. */
static bool s_scrub(struct store *s, struct fault *f)
{
	struct index *x = s->self;

	if (!for_writing(x, f) || x->begun)
		return x->begun ? fault(f, FAULT_SYSTEM, "index: scrub within "
			"begin and commit") : false;
	/* Words that went lie in old segments until all are one. */
	if (!index_run(x, "PRAGMA secure_delete = 1;"
		"INSERT INTO words(words) VALUES('optimize'); VACUUM", f))
		return false;
	return sqlite3_wal_checkpoint_v2(x->db, NULL,
		       SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL) == SQLITE_OK ||
		fault(f, FAULT_SYSTEM, "index.db is being read: what is erased "
			"lies in it until `truce replay` when nobody reads");
}

static bool by_type(struct index *x, const char *sql, enum row_type type,
	struct fault *f)
{
	struct kept *k;

	if (!for_writing(x, f) || !(k = index_prepare(x, sql, f)))
		return false;
	index_int(k, 1, type);
	return index_finish(x, k, "renew", f);
}

static bool s_renew(struct store *s, enum row_type type, struct fault *f)
{
	return by_type(s->self, "DELETE FROM old WHERE type = ?", type, f) &&
		by_type(s->self, "INSERT OR IGNORE INTO old SELECT type, id"
			" FROM row WHERE type = ?", type, f);
}

static bool s_remade(struct store *s, enum row_type type, const char *id,
	bool *was, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k;

	*was = false;
	if (!for_writing(x, f) || !(k = index_prepare(x,
		"DELETE FROM old WHERE type = ? AND id = ?", f)))
		return false;
	index_int(k, 1, type);
	index_text(k, 2, id);
	if (!index_finish(x, k, "remade", f))
		return false;
	*was = sqlite3_changes(x->db) > 0;
	return true;
}

/* Batches are of an hour: one that loses a logged row is to be logged anew. */
static bool reopen_hours(struct index *x, enum row_type type, struct fault *f)
{
	struct kept *k = index_prepare(
		x, "SELECT 1 FROM old WHERE type = ? LIMIT 1", f);
	int step;

	if (!k)
		return false;
	index_int(k, 1, type);
	step = sqlite3_step(k->stmt);
	index_done(k);
	/* Most often nothing is gone, and the rows are many. */
	return step == SQLITE_DONE || by_type(x,
		"UPDATE row SET ledger = -1 WHERE type = ?1 AND"
		" t / 3600000000000 IN (SELECT g.t / 3600000000000"
		" FROM old o CROSS JOIN row g ON o.type = ?1 AND"
		" o.id = g.id WHERE g.type = ?1 AND g.ledger >= 0)", type, f);
}

static bool s_sweep(struct store *s, enum row_type type, struct fault *f)
{
	return reopen_hours(s->self, type, f) &&
		by_type(s->self, "DELETE FROM row WHERE type = ?1 AND id IN"
			" (SELECT id FROM old WHERE type = ?1)", type, f) &&
		by_type(s->self, "DELETE FROM old WHERE type = ?", type, f);
}

static bool s_set(struct store *s, const char *name, struct bytes value,
	struct fault *f)
{
	struct index *x = s->self;
	struct kept *k;

	if (!for_writing(x, f))
		return false;
	k = index_prepare(x,
		"INSERT INTO named VALUES(?, ?) ON CONFLICT(name) DO"
		" UPDATE SET value = excluded.value", f);
	if (!k)
		return false;
	index_text(k, 1, name);
	index_bytes(k, 2, value);
	return index_finish(x, k, "set", f);
}

static bool s_get(struct store *s, const char *name, struct arena *a,
	struct bytes *out, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k = index_prepare(
		x, "SELECT value FROM named WHERE name = ?", f);
	bool ok = true;
	int step;

	*out = (struct bytes){0};
	if (!k)
		return false;
	index_text(k, 1, name);
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		struct bytes b = column_bytes(k, 0);

		out->at = (uint8_t *)arena_text(a, b, f);
		out->len = b.len;
		ok = out->at != NULL;
	} else if (step != SQLITE_DONE) {
		ok = index_no(x, "get", f);
	}
	index_done(k);
	return ok;
}

static void s_close(struct store *s)
{
	if (!s->self)
		return;
	s_rollback(s);
	index_close(s->self);
	s->self = NULL;
}

static bool s_open(
	struct store *s, const char *path, bool writable, struct fault *f)
{
	struct index *x = index_open(path, writable, f);

	*s = (struct store){&store_sqlite, x};
	return x != NULL;
}

const struct store_engine store_sqlite = {
	.name = "sqlite",
	.open = s_open,
	.close = s_close,
	.begin = s_begin,
	.put = s_put,
	.replace = s_replace,
	.commit = s_commit,
	.rollback = s_rollback,
	.find = s_find,
	.count = s_count,
	.cells = index_cells,
	.search = s_search,
	.since = s_since,
	.newest = s_newest,
	.cursor = s_cursor,
	.logged = s_logged,
	.forget = s_forget,
	.renew = s_renew,
	.remade = s_remade,
	.sweep = s_sweep,
	.drop = s_drop,
	.erase = s_erase,
	.scrub = s_scrub,
	.sound = index_sound,
	.set = s_set,
	.get = s_get,
};
