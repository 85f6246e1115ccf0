/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sqlite.c - the embedded store: one table of rows in index.db (SCALE.md 6).
 *
 * WAL with synchronous=FULL, so a commit is durable; one handle writes and
 * checkpoints, all others read only (the "WAL-reset bug" of SQLite before
 * 3.51.3 needs two that checkpoint).  A handle belongs to one thread.  Every
 * statement is a fixed text; what a query leaves out is bound as NULL. */
#include <sqlite3.h>
#include <stdio.h>

#include "store/store.h"

enum { POOL = 8, PATH_MAX_BYTES = 4096, BUSY_MS = 5000 };

enum sql {
	SQL_ID, SQL_TAIL, SQL_SOURCE, SQL_TIME, SQL_COUNT,
	SQL_SAME, SQL_NEWER, SQL_OLDER, SQL_PUT, SQL_REPLACE,
	SQL_LONGEST, SQL_LONGER,
	SQL_LOGGED, SQL_FORGET, SQL_SET, SQL_GET, SQL_CURSOR, SQL_MOVE,
	SQL_BEGIN, SQL_COMMIT, SQL_ROLLBACK, SQL_STATEMENTS,
};

#define COLUMNS "type, id, version, from_ns, to_ns, lat, lon, kind, status," \
	" source, body, ledger_index, leaf"
/* 1 type, 2 from, 3 to, 4 longest, 5 kind, 6 status, 7 source, 8 all
 * versions, 9 unlogged, 10..13 south north west east, 14 after_from, 15
 * after_id, 16 limit, 17 id or tail */
#define SINCE " AND from_ns >= max(?14, ?2 - ?4) AND from_ns < ?3"
#define WHERE                                                                 \
	" AND (to_ns > ?2 OR (to_ns = from_ns AND from_ns >= ?2))"            \
	" AND (?5 IS NULL OR kind = ?5) AND (?6 IS NULL OR status = ?6)"      \
	" AND (?8 OR newest) AND (NOT ?9 OR ledger_index < 0)"                \
	" AND (?10 IS NULL OR (lat BETWEEN ?10 AND ?11 AND"                   \
	" CASE WHEN ?12 <= ?13 THEN lon BETWEEN ?12 AND ?13"                  \
	" ELSE lon >= ?12 OR lon <= ?13 END))"                                \
	" AND (?15 IS NULL OR from_ns > ?14 OR (from_ns = ?14 AND id > ?15))"
#define ORDER " ORDER BY from_ns, id, version LIMIT ?16"

static const char *const texts[SQL_STATEMENTS] = {
	[SQL_ID] = "SELECT " COLUMNS " FROM rows WHERE type = ?1 AND id = ?17"
		SINCE " AND (?7 IS NULL OR source = ?7)" WHERE ORDER,
	[SQL_TAIL] = "SELECT " COLUMNS " FROM rows WHERE type = ?1 AND"
		" tail >= ?17 AND tail < ?17 || '~'" SINCE
		" AND (?7 IS NULL OR source = ?7)" WHERE ORDER,
	[SQL_SOURCE] = "SELECT " COLUMNS " FROM rows WHERE type = ?1 AND"
		" source = ?7" SINCE WHERE ORDER,
	[SQL_TIME] = "SELECT " COLUMNS " FROM rows WHERE type = ?1" SINCE
		" AND ?7 IS NULL" WHERE ORDER,
	[SQL_COUNT] = "SELECT count(*) FROM rows WHERE type = ?1" SINCE
		" AND (?7 IS NULL OR source = ?7) AND ?16 AND"
		" (?17 IS NULL OR id = ?17)" WHERE,
	[SQL_SAME] = "SELECT body FROM rows WHERE type = ?1 AND id = ?2 AND"
		" version = ?3",
	[SQL_NEWER] = "SELECT 1 FROM rows WHERE type = ?1 AND id = ?2 AND"
		" version > ?3 LIMIT 1",
	[SQL_OLDER] = "UPDATE rows SET newest = 0 WHERE type = ?1 AND id = ?2"
		" AND version < ?3 AND newest",
	[SQL_PUT] = "INSERT INTO rows (" COLUMNS ", newest, tail) VALUES"
		" (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
		" ?14, ?15)",
	[SQL_REPLACE] = "DELETE FROM rows WHERE type = ?1 AND id = ?2 AND"
		" version = ?3",
	[SQL_LONGEST] = "SELECT ns FROM longest WHERE type = ?1",
	[SQL_LONGER] = "INSERT INTO longest VALUES (?1, ?2) ON CONFLICT (type)"
		" DO UPDATE SET ns = max(ns, excluded.ns)",
	[SQL_LOGGED] = "UPDATE rows SET ledger_index = ?4, leaf = ?5 WHERE"
		" type = ?1 AND id = ?2 AND version = ?3",
	[SQL_FORGET] = "DELETE FROM rows WHERE type = ?1 AND from_ns >= ?2 AND"
		" from_ns < ?3",
	[SQL_SET] = "INSERT INTO named VALUES (?1, ?2) ON CONFLICT (name) DO"
		" UPDATE SET value = excluded.value",
	[SQL_GET] = "SELECT value FROM named WHERE name = ?1",
	[SQL_CURSOR] = "SELECT log_id, sequence FROM cursors WHERE role = ?1",
	[SQL_MOVE] = "INSERT INTO cursors VALUES (?1, ?2, ?3) ON CONFLICT"
		" (role) DO UPDATE SET log_id = excluded.log_id,"
		" sequence = excluded.sequence",
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
};

static const char schema[] =
	"CREATE TABLE IF NOT EXISTS rows (n INTEGER PRIMARY KEY,"
	" type INTEGER NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,"
	" from_ns INTEGER NOT NULL, to_ns INTEGER NOT NULL,"
	" lat INTEGER, lon INTEGER, kind TEXT NOT NULL, status TEXT NOT NULL,"
	" source TEXT NOT NULL, ledger_index INTEGER NOT NULL, leaf BLOB,"
	" newest INTEGER NOT NULL, tail TEXT NOT NULL, body BLOB NOT NULL);"
	"CREATE UNIQUE INDEX IF NOT EXISTS by_id ON rows (type, id, version);"
	"CREATE INDEX IF NOT EXISTS by_time ON rows (type, from_ns, id,"
	" version);"
	"CREATE INDEX IF NOT EXISTS by_tail ON rows (type, tail);"
	"CREATE INDEX IF NOT EXISTS by_source ON rows (type, source, from_ns);"
	"CREATE INDEX IF NOT EXISTS to_log ON rows (type, from_ns, id) WHERE"
	" ledger_index < 0;"
	"CREATE TABLE IF NOT EXISTS longest (type INTEGER PRIMARY KEY,"
	" ns INTEGER NOT NULL);"
	"CREATE TABLE IF NOT EXISTS named (name TEXT PRIMARY KEY,"
	" value BLOB NOT NULL);"
	"CREATE TABLE IF NOT EXISTS cursors (role TEXT PRIMARY KEY,"
	" log_id BLOB NOT NULL, sequence INTEGER NOT NULL);";

struct engine {
	sqlite3 *db;
	sqlite3_stmt *pool[SQL_STATEMENTS][POOL];
	bool writable, in_transaction;
	char role[64];
};

static bool wrong(struct engine *e, const char *what, struct fault *f)
{
	return fault(f, FAULT_SYSTEM, "index.db: %s: %s", what,
		e->db ? sqlite3_errmsg(e->db) : "no memory");
}

/* A statement of this text that nobody else is stepping. */
static sqlite3_stmt *take(struct engine *e, enum sql which, struct fault *f)
{
	sqlite3_stmt *s = NULL;

	for (int i = 0; i < POOL; i++) {
		if (!e->pool[which][i])
			continue;
		s = e->pool[which][i];
		e->pool[which][i] = NULL;
		return s;
	}
	if (sqlite3_prepare_v3(e->db, texts[which], -1,
		SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK) {
		wrong(e, "prepare", f);
		return NULL;
	}
	return s;
}

static void give(struct engine *e, enum sql which, sqlite3_stmt *s)
{
	if (!s)
		return;
	(void)sqlite3_reset(s);
	(void)sqlite3_clear_bindings(s);
	for (int i = 0; i < POOL; i++)
		if (!e->pool[which][i]) {
			e->pool[which][i] = s;
			return;
		}
	(void)sqlite3_finalize(s);
}

static void bind_text(sqlite3_stmt *s, int at, const char *v)
{
	if (v)
		(void)sqlite3_bind_text(s, at, v, -1, SQLITE_STATIC);
}

static void bind_bytes(sqlite3_stmt *s, int at, struct bytes b)
{
	(void)sqlite3_bind_blob64(
		s, at, b.len ? (const void *)b.at : "", b.len, SQLITE_STATIC);
}

/* Steps once to the end. */
static bool run(
	struct engine *e, enum sql which, sqlite3_stmt *s, struct fault *f)
{
	int rc = sqlite3_step(s);
	bool ok = rc == SQLITE_DONE || rc == SQLITE_ROW;

	if (!ok)
		wrong(e, "step", f);
	give(e, which, s);
	return ok;
}

static bool plain(struct engine *e, enum sql which, struct fault *f)
{
	sqlite3_stmt *s = take(e, which, f);

	return s && run(e, which, s, f);
}

static void bind_key(sqlite3_stmt *s, int type, const char *id,
	uint32_t version)
{
	(void)sqlite3_bind_int(s, 1, type);
	bind_text(s, 2, id);
	(void)sqlite3_bind_int64(s, 3, version);
}

static void store_close(struct store *st)
{
	struct engine *e = st->self;

	if (!e)
		return;
	for (int i = 0; i < SQL_STATEMENTS; i++)
		for (int k = 0; k < POOL; k++)
			(void)sqlite3_finalize(e->pool[i][k]);
	(void)sqlite3_close_v2(e->db);
	free(e);
	st->self = NULL;
}

static bool setup(struct engine *e, struct fault *f)
{
	static const char writer[] = "PRAGMA journal_mode=WAL;"
		"PRAGMA synchronous=FULL;PRAGMA wal_autocheckpoint=20000;"
		"PRAGMA trusted_schema=OFF;PRAGMA cache_size=-65536;";
	static const char reader[] = "PRAGMA query_only=ON;"
		"PRAGMA wal_autocheckpoint=0;PRAGMA trusted_schema=OFF;";
	char *why = NULL;
	int rc;

	(void)sqlite3_busy_timeout(e->db, BUSY_MS);
	rc = sqlite3_exec(e->db, e->writable ? writer : reader, NULL, NULL,
		&why);
	if (rc == SQLITE_OK && e->writable)
		rc = sqlite3_exec(e->db, schema, NULL, NULL, &why);
	if (rc == SQLITE_OK && !e->writable)
		(void)sqlite3_db_config(e->db,
			SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (rc != SQLITE_OK)
		fault(f, FAULT_SYSTEM, "index.db: %s", why ? why : "set-up");
	sqlite3_free(why);
	return rc == SQLITE_OK;
}

static bool store_open(
	struct store *st, const char *folder, bool writable, struct fault *f)
{
	char path[PATH_MAX_BYTES];
	struct engine *e = calloc(1, sizeof *e);
	int flags = SQLITE_OPEN_NOMUTEX |
		(writable ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
			  : SQLITE_OPEN_READWRITE);

	st->self = e;
	if (!e)
		return fault(f, FAULT_LIMIT, "index.db: no memory");
	e->writable = writable;
	if (snprintf(path, sizeof path, "%s/index.db", folder) >=
		(int)sizeof path) {
		fault(f, FAULT_LIMIT, "%s: path too long", folder);
	} else if (sqlite3_open_v2(path, &e->db, flags, NULL) != SQLITE_OK) {
		wrong(e, writable ? "open" : "open (`truce replay` makes it)",
			f);
	} else if (setup(e, f)) {
		return true;
	}
	store_close(st);
	return false;
}

static bool store_begin(struct store *st, const char *role, struct fault *f)
{
	struct engine *e = st->self;

	(void)snprintf(e->role, sizeof e->role, "%s", role);
	e->in_transaction = plain(e, SQL_BEGIN, f);
	return e->in_transaction;
}

static void store_rollback(struct store *st)
{
	struct engine *e = st->self;
	struct fault f;

	if (e->in_transaction)
		(void)plain(e, SQL_ROLLBACK, &f);
	e->in_transaction = false;
}

static bool store_commit(
	struct store *st, const struct cursor *c, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s;

	if (c) {
		if (!(s = take(e, SQL_MOVE, f)))
			return false;
		bind_text(s, 1, e->role);
		bind_bytes(s, 2, (struct bytes){c->log_id, sizeof c->log_id});
		(void)sqlite3_bind_int64(s, 3, (int64_t)c->sequence);
		if (!run(e, SQL_MOVE, s, f))
			return false;
	}
	if (!plain(e, SQL_COMMIT, f)) {
		store_rollback(st);
		return false;
	}
	e->in_transaction = false;
	return true;
}

/* What is held under a key: 1 the same bytes, 0 nothing, -1 other bytes, -2
 * a fault. */
static int held(struct engine *e, const struct row *r, struct fault *f)
{
	sqlite3_stmt *s = take(e, SQL_SAME, f);
	struct bytes b;
	int rc, same = 0;

	if (!s)
		return -2;
	bind_key(s, r->type, r->id, r->version);
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW) {
		b.at = sqlite3_column_blob(s, 0);
		b.len = (size_t)sqlite3_column_bytes(s, 0);
		same = bytes_equal(b, r->body) ? 1 : -1;
	} else if (rc != SQLITE_DONE) {
		wrong(e, "read", f);
		same = -2;
	}
	give(e, SQL_SAME, s);
	return same;
}

static bool has_newer(
	struct engine *e, const struct row *r, bool *newer, struct fault *f)
{
	sqlite3_stmt *s = take(e, SQL_NEWER, f);
	int rc;

	if (!s)
		return false;
	bind_key(s, r->type, r->id, r->version);
	rc = sqlite3_step(s);
	*newer = rc == SQLITE_ROW;
	give(e, SQL_NEWER, s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE || wrong(e, "read", f);
}

static void turned(const char *id, char out[128])
{
	size_t n = strlen(id);

	if (n > 127)
		n = 127;
	for (size_t i = 0; i < n; i++)
		out[i] = id[strlen(id) - 1 - i];
	out[n] = '\0';
}

static bool insert(
	struct engine *e, const struct row *r, bool newest, struct fault *f)
{
	sqlite3_stmt *s = take(e, SQL_PUT, f);
	char tail[128];

	if (!s)
		return false;
	turned(r->id, tail);
	bind_key(s, r->type, r->id, r->version);
	(void)sqlite3_bind_int64(s, 4, r->from.utc_ns);
	(void)sqlite3_bind_int64(s, 5, r->to.utc_ns);
	if (r->lat_e7 != INT32_MIN && r->lon_e7 != INT32_MIN) {
		(void)sqlite3_bind_int(s, 6, r->lat_e7);
		(void)sqlite3_bind_int(s, 7, r->lon_e7);
	}
	bind_text(s, 8, r->kind);
	bind_text(s, 9, r->status);
	bind_text(s, 10, r->source);
	bind_bytes(s, 11, r->body);
	(void)sqlite3_bind_int64(s, 12, r->ledger_index);
	if (r->ledger_index >= 0)
		bind_bytes(s, 13, digest_view(&r->ledger_leaf));
	(void)sqlite3_bind_int(s, 14, newest);
	bind_text(s, 15, tail);
	return run(e, SQL_PUT, s, f);
}

static bool note_longest(
	struct engine *e, const struct row *r, struct fault *f)
{
	sqlite3_stmt *s;

	if (r->to.utc_ns <= r->from.utc_ns)
		return true;
	if (!(s = take(e, SQL_LONGER, f)))
		return false;
	(void)sqlite3_bind_int(s, 1, r->type);
	(void)sqlite3_bind_int64(s, 2, r->to.utc_ns - r->from.utc_ns);
	return run(e, SQL_LONGER, s, f);
}

static bool add_row(struct engine *e, const struct row *r, struct fault *f)
{
	sqlite3_stmt *s;
	bool newer;

	if (!has_newer(e, r, &newer, f))
		return false;
	if (!newer && r->version > 1) {
		if (!(s = take(e, SQL_OLDER, f)))
			return false;
		bind_key(s, r->type, r->id, r->version);
		if (!run(e, SQL_OLDER, s, f))
			return false;
	}
	return insert(e, r, !newer, f) && note_longest(e, r, f);
}

static bool store_put(
	struct store *st, const struct row *r, bool *fresh, struct fault *f)
{
	struct engine *e = st->self;

	*fresh = false;
	switch (held(e, r, f)) {
	case 1:
		return true;
	case 0:
		*fresh = true;
		return add_row(e, r, f);
	case -1:
		return fault(f, FAULT_INPUT,
			"%s version %u is held with other bytes", r->id,
			(unsigned)r->version);
	default:
		return false;
	}
}

static bool store_replace(
	struct store *st, const struct row *r, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s = take(e, SQL_REPLACE, f);

	if (!s)
		return false;
	bind_key(s, r->type, r->id, r->version);
	return run(e, SQL_REPLACE, s, f) && add_row(e, r, f);
}

static bool longest(
	struct engine *e, enum row_type type, int64_t *ns, struct fault *f)
{
	sqlite3_stmt *s = take(e, SQL_LONGEST, f);

	*ns = 0;
	if (!s)
		return false;
	(void)sqlite3_bind_int(s, 1, type);
	if (sqlite3_step(s) == SQLITE_ROW)
		*ns = sqlite3_column_int64(s, 0);
	give(e, SQL_LONGEST, s);
	return true;
}

static int e7(double deg)
{
	double v = deg * 1e7;

	return (int)(v < 0 ? v - 0.5 : v + 0.5);
}

static void bind_query(sqlite3_stmt *s, const struct query *q, int64_t most,
	const char *key)
{
	bool timed = instant_known(q->span.from) || instant_known(q->span.to);
	int64_t from = timed && instant_known(q->span.from)
		? q->span.from.utc_ns : INT64_MIN / 2;
	int64_t to = timed && instant_known(q->span.to)
		? q->span.to.utc_ns : INT64_MAX;

	(void)sqlite3_bind_int(s, 1, q->type);
	(void)sqlite3_bind_int64(s, 2, from);
	(void)sqlite3_bind_int64(s, 3, to);
	(void)sqlite3_bind_int64(s, 4, most);
	bind_text(s, 5, q->kind);
	bind_text(s, 6, q->status);
	bind_text(s, 7, q->source);
	(void)sqlite3_bind_int(s, 8, q->all_versions);
	(void)sqlite3_bind_int(s, 9, q->unlogged);
	if (q->boxed) {
		(void)sqlite3_bind_int(s, 10, e7(q->south));
		(void)sqlite3_bind_int(s, 11, e7(q->north));
		(void)sqlite3_bind_int(s, 12, e7(q->west));
		(void)sqlite3_bind_int(s, 13, e7(q->east));
	}
	(void)sqlite3_bind_int64(s, 14,
		q->after_id ? q->after_from.utc_ns : INT64_MIN);
	bind_text(s, 15, q->after_id);
	(void)sqlite3_bind_int64(s, 16, q->limit ? (int64_t)q->limit : -1);
	bind_text(s, 17, key);
}

static const char *column_text(sqlite3_stmt *s, int at)
{
	const unsigned char *t = sqlite3_column_text(s, at);

	return t ? (const char *)t : "";
}

static void read_row(sqlite3_stmt *s, struct row *r)
{
	const void *leaf = sqlite3_column_blob(s, 12);

	*r = (struct row){
		.type = (enum row_type)sqlite3_column_int(s, 0),
		.id = column_text(s, 1),
		.version = (uint32_t)sqlite3_column_int64(s, 2),
		.from = {sqlite3_column_int64(s, 3)},
		.to = {sqlite3_column_int64(s, 4)},
		.lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN,
		.kind = column_text(s, 7),
		.status = column_text(s, 8),
		.source = column_text(s, 9),
		.ledger_index = sqlite3_column_int64(s, 11),
	};
	if (sqlite3_column_type(s, 5) != SQLITE_NULL) {
		r->lat_e7 = sqlite3_column_int(s, 5);
		r->lon_e7 = sqlite3_column_int(s, 6);
	}
	r->body.at = sqlite3_column_blob(s, 10);
	r->body.len = (size_t)sqlite3_column_bytes(s, 10);
	if (leaf && sqlite3_column_bytes(s, 12) == SHA256_LEN)
		memcpy(r->ledger_leaf.at, leaf, SHA256_LEN);
}

static enum sql choose(const struct query *q)
{
	if (q->id)
		return SQL_ID;
	if (q->id_ending)
		return SQL_TAIL;
	return q->source ? SQL_SOURCE : SQL_TIME;
}

static bool store_find(struct store *st, const struct query *q,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct engine *e = st->self;
	enum sql which = choose(q);
	char tail[128] = "";
	struct fault why = {0};
	sqlite3_stmt *s;
	int64_t most;
	bool ok = true;
	int rc = SQLITE_ROW;

	if (q->id_ending)
		turned(q->id_ending, tail);
	if (!longest(e, q->type, &most, f) || !(s = take(e, which, f)))
		return false;
	bind_query(s, q, most, q->id ? q->id : tail);
	while (ok && (rc = sqlite3_step(s)) == SQLITE_ROW) {
		struct row r;

		read_row(s, &r);
		ok = each(self, &r, &why);
	}
	if (!ok && why.kind == FAULT_NONE)
		ok = true; /* enough */
	else if (!ok)
		*f = why;
	else if (rc != SQLITE_DONE)
		ok = wrong(e, "find", f);
	give(e, which, s);
	return ok;
}

static bool store_count(
	struct store *st, const struct query *q, uint64_t *n, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s;
	int64_t most;
	bool ok;

	*n = 0;
	if (!longest(e, q->type, &most, f) || !(s = take(e, SQL_COUNT, f)))
		return false;
	bind_query(s, q, most, q->id);
	ok = sqlite3_step(s) == SQLITE_ROW;
	if (ok)
		*n = (uint64_t)sqlite3_column_int64(s, 0);
	else
		wrong(e, "count", f);
	give(e, SQL_COUNT, s);
	return ok;
}

static bool store_cursor(struct store *st, const char *role,
	struct cursor *c, bool *known, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s = take(e, SQL_CURSOR, f);

	*c = (struct cursor){0};
	*known = false;
	if (!s)
		return false;
	bind_text(s, 1, role);
	if (sqlite3_step(s) == SQLITE_ROW &&
		sqlite3_column_bytes(s, 0) == (int)sizeof c->log_id) {
		memcpy(c->log_id, sqlite3_column_blob(s, 0), sizeof c->log_id);
		c->sequence = (uint64_t)sqlite3_column_int64(s, 1);
		*known = true;
	}
	give(e, SQL_CURSOR, s);
	return true;
}

static bool store_logged(struct store *st, enum row_type type, const char *id,
	uint32_t version, int64_t index, const struct digest *leaf,
	struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s = take(e, SQL_LOGGED, f);

	if (!s)
		return false;
	bind_key(s, type, id, version);
	(void)sqlite3_bind_int64(s, 4, index);
	bind_bytes(s, 5, digest_view(leaf));
	return run(e, SQL_LOGGED, s, f);
}

static bool store_forget(
	struct store *st, enum row_type type, struct span span, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s = take(e, SQL_FORGET, f);

	if (!s)
		return false;
	(void)sqlite3_bind_int(s, 1, type);
	(void)sqlite3_bind_int64(s, 2, span.from.utc_ns);
	(void)sqlite3_bind_int64(s, 3, span.to.utc_ns);
	return run(e, SQL_FORGET, s, f);
}

static bool store_set(
	struct store *st, const char *name, struct bytes value, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s = take(e, SQL_SET, f);

	if (!s)
		return false;
	bind_text(s, 1, name);
	bind_bytes(s, 2, value);
	return run(e, SQL_SET, s, f);
}

static bool store_get(struct store *st, const char *name, struct arena *a,
	struct bytes *out, struct fault *f)
{
	struct engine *e = st->self;
	sqlite3_stmt *s = take(e, SQL_GET, f);
	char *copy = NULL;
	bool ok = true;

	*out = (struct bytes){0};
	if (!s)
		return false;
	bind_text(s, 1, name);
	if (sqlite3_step(s) == SQLITE_ROW) {
		out->at = sqlite3_column_blob(s, 0);
		out->len = (size_t)sqlite3_column_bytes(s, 0);
		copy = arena_text(a, *out, f);
		out->at = (uint8_t *)copy;
		ok = copy != NULL;
	}
	give(e, SQL_GET, s);
	return ok;
}

const struct store_engine store_sqlite = {
	.name = "sqlite",
	.open = store_open,
	.close = store_close,
	.begin = store_begin,
	.put = store_put,
	.replace = store_replace,
	.commit = store_commit,
	.rollback = store_rollback,
	.find = store_find,
	.count = store_count,
	.cursor = store_cursor,
	.logged = store_logged,
	.forget = store_forget,
	.set = store_set,
	.get = store_get,
};
