/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sqlite.c - the embedded index: one file, index.db, by SQLite 3.
 *
 * WAL, synchronous FULL.  One connection writes and checkpoints, guarded by a
 * lock beside the file; all others are query_only and never checkpoint, since
 * SQLite 3.7.0-3.51.2 can corrupt a database when two do both at once
 * (sqlite.org/wal.html, "WAL-reset bug").  A file that is no index of this
 * version is thrown away: everything in it can be made again.
 *
 * Times are whole nanoseconds, so what comes out is what went in.  Places are
 * found by a quarter-degree cell and time, which beats an R-tree here (SCALE.md
 * 6: 2.5 against 8.6 ms).  A box holds south <= lat < north and west <= lon <
 * east; north 90 takes the pole in, and a pole has every longitude. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/text.h"

enum {
	VERSION = 2,
	PATH = 4096,
	KEPT = 32,       /* prepared statements */
	SQL = 2048,
	PARAMETERS = 96,
	CELLS = 64,      /* of a box; more: by time alone */
	ROLE = 64,
	BUSY_MS = 5000,
	CELL_E7 = 2500000, /* a quarter of a degree */
	COLUMNS = 1440,
	POLE_SOUTH = 2000000, /* no cell of the grid */
	POLE_NORTH = 2000001,
};

extern const struct store_engine store_sqlite;

#define E7 INT64_C(10000000)
#define NO_TIME INT64_MIN
#define FOREVER (INT64_MAX / 4)

struct kept {
	char sql[SQL];
	sqlite3_stmt *stmt;
	bool busy;
	unsigned used;
};

struct index {
	sqlite3 *db;
	bool writable, begun;
	int lock; /* -1: none */
	unsigned clock;
	char role[ROLE];
	struct kept kept[KEPT];
};

static const char schema[] =
	"CREATE TABLE row(key INTEGER PRIMARY KEY, type INT, id TEXT,"
	" version INT, t INT, u INT, lat INT, lon INT, cell INT, kind TEXT,"
	" status TEXT, source TEXT, body BLOB, ledger INT, leaf BLOB);"
	"CREATE UNIQUE INDEX by_id ON row(type, id, version);"
	"CREATE INDEX by_time ON row(type, t, id, version);"
	"CREATE INDEX by_cell ON row(type, cell, t, id,"
	" version, lat, lon) WHERE cell >= 0;"
	"CREATE INDEX by_source ON row(type, source, t) WHERE source <> '';"
	"CREATE TABLE longest(type INTEGER PRIMARY KEY, ns INT, version INT);"
	"CREATE TABLE cursor(role TEXT PRIMARY KEY, log BLOB, sequence INT);"
	"CREATE TABLE named(name TEXT PRIMARY KEY, value BLOB);"
	"PRAGMA user_version = 2;";

static const char marks[] = "CREATE TEMP TABLE old(type INT, id TEXT,"
	" PRIMARY KEY(type, id)) WITHOUT ROWID";

static bool no(struct index *x, const char *doing, struct fault *f)
{
	int e = x->db ? sqlite3_system_errno(x->db) : 0;

	/* "disk I/O error" is what SQLite says of a full disk too. */
	if (e != 0 && (sqlite3_errcode(x->db) & 0xff) == SQLITE_IOERR) {
		errno = e;
		return fault_errno(f, "index: %s: %s", doing,
			sqlite3_errmsg(x->db));
	}
	return fault(f, FAULT_SYSTEM, "index: %s: %s", doing,
		x->db ? sqlite3_errmsg(x->db) : "no memory");
}

/* The doing's first word tells enough; all of it would hide the cause. */
static bool run(struct index *x, const char *sql, struct fault *f)
{
	char doing[16];
	struct text t = text_on(doing, sizeof doing);

	text_bytes(&t, bytes_part(bytes_of(sql), 0, strcspn(sql, " ;")));
	return sqlite3_exec(x->db, sql, NULL, NULL, NULL) == SQLITE_OK ||
		no(x, doing, f);
}

/* -- statements -- */

static struct kept *prepare(struct index *x, const char *sql, struct fault *f)
{
	struct kept *k = NULL;

	for (int i = 0; i < KEPT; i++) {
		struct kept *y = &x->kept[i];

		if (y->busy)
			continue;
		if (y->stmt && strcmp(y->sql, sql) == 0) {
			k = y;
			break;
		}
		if (!k || y->used < k->used)
			k = y;
	}
	if (!k) {
		fault(f, FAULT_LIMIT, "index: more than %d queries at once",
			KEPT);
		return NULL;
	}
	if (!k->stmt || strcmp(k->sql, sql) != 0) {
		struct text t = text_on(k->sql, sizeof k->sql);

		(void)sqlite3_finalize(k->stmt);
		k->stmt = NULL;
		text_add(&t, sql);
		if (sqlite3_prepare_v3(x->db, sql, -1,
			SQLITE_PREPARE_PERSISTENT, &k->stmt, NULL) !=
			SQLITE_OK) {
			no(x, "prepare", f);
			return NULL;
		}
	}
	k->busy = true;
	k->used = ++x->clock;
	return k;
}

static void done(struct kept *k)
{
	(void)sqlite3_reset(k->stmt);
	(void)sqlite3_clear_bindings(k->stmt);
	k->busy = false;
}

static void bind_text(struct kept *k, int at, const char *s)
{
	(void)sqlite3_bind_text(k->stmt, at, s ? s : "", -1, SQLITE_STATIC);
}

static void bind_int(struct kept *k, int at, int64_t v)
{
	(void)sqlite3_bind_int64(k->stmt, at, v);
}

static void bind_bytes(struct kept *k, int at, struct bytes b)
{
	(void)sqlite3_bind_blob64(
		k->stmt, at, b.len ? b.at : (const uint8_t *)"", b.len,
		SQLITE_STATIC);
}

/* A statement without rows. */
static bool finish(
	struct index *x, struct kept *k, const char *doing, struct fault *f)
{
	bool ok = sqlite3_step(k->stmt) == SQLITE_DONE || no(x, doing, f);

	done(k);
	return ok;
}

/* -- places -- */

static int64_t turned(int64_t lon_e7)
{
	if (lon_e7 >= 180 * E7)
		return lon_e7 - 360 * E7;
	return lon_e7 < -180 * E7 ? lon_e7 + 360 * E7 : lon_e7;
}

static int64_t cell_of(int64_t lat_e7, int64_t lon_e7)
{
	if (lat_e7 == INT32_MIN || lon_e7 == INT32_MIN ||
		lat_e7 > 90 * E7 || lat_e7 < -90 * E7)
		return -1;
	if (lat_e7 == 90 * E7)
		return POLE_NORTH;
	if (lat_e7 == -90 * E7)
		return POLE_SOUTH;
	return (lat_e7 + 90 * E7) / CELL_E7 * COLUMNS +
		(turned(lon_e7) + 180 * E7) / CELL_E7;
}

struct box {
	int64_t south, north, west, east; /* e7; west in [-180, 180) */
	bool round, empty; /* all longitudes; nothing */
	int64_t cell[CELLS + 2];
	size_t cells; /* 0: too many */
};

static void box_cells(struct box *b)
{
	int64_t width = b->round ? 360 * E7 : b->east > b->west ?
		b->east - b->west : b->east - b->west + 360 * E7;
	int64_t first = (b->west + 180 * E7) / CELL_E7;
	int64_t across = (b->west + 180 * E7 + width - 1) / CELL_E7 - first;
	int64_t low = (b->south + 90 * E7) / CELL_E7;
	int64_t high = (b->north + 90 * E7 - 1) / CELL_E7;

	b->cells = 0;
	if ((high - low + 1) * (across + 1) > CELLS)
		return;
	for (int64_t r = low; r <= high; r++)
		for (int64_t c = 0; c <= across; c++)
			b->cell[b->cells++] =
				r * COLUMNS + (first + c) % COLUMNS;
	if (b->north >= 90 * E7)
		b->cell[b->cells++] = POLE_NORTH;
	if (b->south <= -90 * E7)
		b->cell[b->cells++] = POLE_SOUTH;
}

static bool box_of(const struct query *q, struct box *b, struct fault *f)
{
	if (!isfinite(q->south + q->north + q->west + q->east) ||
		fabs(q->west) > 720 || fabs(q->east) > 720)
		return fault(f, FAULT_INPUT, "index: a box without bounds");
	*b = (struct box){.south = llround(fmax(q->south, -90) * 1e7),
		.north = llround(fmin(q->north, 90) * 1e7),
		.round = q->east - q->west >= 360};
	b->west = turned(llround(q->west * 1e7));
	b->east = llround(q->east * 1e7);
	if (b->east != 180 * E7)
		b->east = turned(b->east);
	b->empty = b->south > 90 * E7 || b->north < b->south ||
		(b->north == b->south && b->north != 90 * E7) ||
		(!b->round && q->west == q->east);
	if (!b->empty)
		box_cells(b);
	return true;
}

/* -- queries as SQL -- */

static const char columns[] =
	"r.id, r.version, r.t, r.u, r.lat, r.lon, r.kind, r.status, r.source,"
	" r.body, r.ledger, r.leaf";
static const char keys[] = "r.key, r.t, r.id, r.version";

struct sql {
	struct text text;
	char at[SQL];
	struct {
		const char *text; /* or NULL */
		int64_t number;
	} value[PARAMETERS];
	int values;
};

static void number(struct sql *s, int64_t v)
{
	s->value[s->values].text = NULL;
	s->value[s->values++].number = v;
}

static void equals(struct sql *s, const char *column, const char *v)
{
	if (!v)
		return;
	text_fmt(&s->text, " AND %s = ?", column);
	s->value[s->values++].text = v;
}

/* Of a type: the longest span, and the highest version. */
static bool longest(struct index *x, enum row_type type, int64_t *ns,
	int64_t *version, struct fault *f)
{
	struct kept *k = prepare(
		x, "SELECT ns, version FROM longest WHERE type = ?", f);
	int step;

	*ns = *version = 0;
	if (!k)
		return false;
	bind_int(k, 1, type);
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		*ns = sqlite3_column_int64(k->stmt, 0);
		*version = sqlite3_column_int64(k->stmt, 1);
	} else if (step != SQLITE_DONE) {
		no(x, "longest", f);
	}
	done(k);
	return step == SQLITE_ROW || step == SQLITE_DONE;
}

/* [t, u) touches [from, to); t = u is a moment; u unknown: goes on. */
static void add_span(struct sql *s, const struct query *q, int64_t ns)
{
	int64_t from = q->span.from.utc_ns, to = q->span.to.utc_ns;

	if (from == NO_TIME)
		return;
	text_add(&s->text, " AND r.t < ? AND r.t >= ? AND (r.u > ? OR"
		" (r.u = r.t AND r.t >= ?) OR r.u = ?)");
	number(s, to == NO_TIME ? INT64_MAX : to);
	number(s, from > ns ? from - ns : 0);
	number(s, from);
	number(s, from);
	number(s, NO_TIME);
}

static void add_box(struct sql *s, const struct box *b)
{
	static const size_t sizes[] = {4, 16, CELLS + 2};
	bool through = b->west >= b->east;
	size_t n = 0;

	if (b->empty) {
		text_add(&s->text, " AND 0");
		return;
	}
	text_add(&s->text, " AND r.cell >= 0");
	if (b->cells > 0) {
		while (n < 2 && sizes[n] < b->cells)
			n++;
		text_add(&s->text, " AND r.cell IN (?");
		for (size_t i = 1; i < sizes[n]; i++)
			text_add(&s->text, ",?");
		text_add(&s->text, ")");
		for (size_t i = 0; i < sizes[n]; i++)
			number(s, b->cell[i < b->cells ? i : 0]);
	}
	text_fmt(&s->text, " AND r.lat >= ? AND r.lat %s ?",
		b->north == 90 * E7 ? "<=" : "<");
	number(s, b->south);
	number(s, b->north);
	if (b->round)
		return;
	text_fmt(&s->text, " AND (r.cell >= %d OR %s"
		"(CASE WHEN r.lon >= 1800000000 THEN r.lon - 3600000000"
		" WHEN r.lon < -1800000000 THEN r.lon + 3600000000"
		" ELSE r.lon END %s ?", POLE_SOUTH,
		through ? "NOT " : "", through ? "<" : ">=");
	/* through 180: not (east <= lon < west) */
	text_fmt(&s->text, " AND CASE WHEN r.lon >= 1800000000"
		" THEN r.lon - 3600000000 WHEN r.lon < -1800000000"
		" THEN r.lon + 3600000000 ELSE r.lon END %s ?))",
		through ? ">=" : "<");
	number(s, b->west);
	number(s, b->east);
}

static bool build(struct index *x, struct sql *s, const struct query *q,
	const char *what, struct fault *f)
{
	struct box b = {0};
	int64_t ns, version;

	if ((q->boxed && !box_of(q, &b, f)) ||
		!longest(x, q->type, &ns, &version, f))
		return false;
	s->text = text_on(s->at, sizeof s->at);
	s->values = 0;
	if (what == keys)
		text_fmt(&s->text, "SELECT %s FROM (", columns);
	text_fmt(&s->text, "SELECT %s FROM row r", what);
	if (q->boxed && b.cells > 0)
		text_add(&s->text, " INDEXED BY by_cell");
	else if (q->id && q->id[0])
		/* The planner, asked for an order in time, walks by_time. */
		text_add(&s->text, " INDEXED BY by_id");
	text_add(&s->text, " WHERE r.type = ?");
	number(s, q->type);
	equals(s, "r.id", q->id);
	equals(s, "r.kind", q->kind);
	equals(s, "r.status", q->status);
	if (q->source && q->source[0])
		text_add(&s->text, " AND r.source <> ''");
	equals(s, "r.source", q->source);
	if (q->id_ending && q->id_ending[0]) {
		text_fmt(&s->text, " AND substr(r.id, -%zu) = ?",
			strlen(q->id_ending));
		s->value[s->values++].text = q->id_ending;
	}
	add_span(s, q, ns);
	if (q->boxed)
		add_box(s, &b);
	if (!q->all_versions && version > 0)
		text_add(&s->text, " AND NOT EXISTS (SELECT 1 FROM row n"
			" WHERE n.type = r.type AND n.id = r.id"
			" AND n.version > r.version)");
	if (q->unlogged)
		text_add(&s->text, " AND r.ledger < 0");
	if (q->old)
		text_add(&s->text, " AND r.id IN (SELECT o.id FROM old o"
			" WHERE o.type = r.type)");
	if (q->after_id) {
		text_add(&s->text, " AND (r.t, r.id) > (?, ?)");
		number(s, q->after_from.utc_ns);
		s->value[s->values++].text = q->after_id;
	}
	return true;
}

static struct kept *bound(struct index *x, struct sql *s, struct fault *f)
{
	struct kept *k;

	if (!text_check(&s->text, f))
		return NULL;
	k = prepare(x, s->at, f);
	for (int i = 0; k && i < s->values; i++)
		if (s->value[i].text)
			bind_text(k, i + 1, s->value[i].text);
		else
			bind_int(k, i + 1, s->value[i].number);
	return k;
}

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

static bool s_find(struct store *s, const struct query *q,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct index *x = s->self;
	struct sql sql;
	struct kept *k;
	int step;

	f->kind = FAULT_NONE;
	/* Sorted before the bodies are fetched: a box can hold many rows. */
	if (!build(x, &sql, q, q->boxed ? keys : columns, f))
		return false;
	text_add(&sql.text, " ORDER BY r.t, r.id, r.version");
	if (q->limit > 0) {
		text_add(&sql.text, " LIMIT ?");
		number(&sql, (int64_t)q->limit);
	}
	if (q->boxed)
		text_add(&sql.text, ") k JOIN row r ON r.key = k.key"
			" ORDER BY k.t, k.id, k.version");
	k = bound(x, &sql, f);
	if (!k)
		return false;
	while ((step = sqlite3_step(k->stmt)) == SQLITE_ROW) {
		struct row r = row_of(k, q->type);

		if (!each(self, &r, f)) {
			done(k);
			return f->kind == FAULT_NONE;
		}
	}
	if (step != SQLITE_DONE)
		no(x, "find", f);
	done(k);
	return step == SQLITE_DONE;
}

static bool s_count(struct store *s, const struct query *q, uint64_t *n,
	struct fault *f)
{
	struct index *x = s->self;
	struct sql sql;
	struct kept *k;
	bool ok;

	*n = 0;
	if (!build(x, &sql, q, "count(*)", f) || !(k = bound(x, &sql, f)))
		return false;
	ok = sqlite3_step(k->stmt) == SQLITE_ROW || no(x, "count", f);
	if (ok)
		*n = (uint64_t)sqlite3_column_int64(k->stmt, 0);
	done(k);
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
	if (!text_check(&t, f) || !run(x, "BEGIN IMMEDIATE", f))
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
	struct kept *k = prepare(x, "SELECT r.id, r.version, r.t, r.u, r.lat,"
		" r.lon, r.kind, r.status, r.source, r.body, r.ledger, r.leaf"
		" FROM row r WHERE type = ? AND id = ? AND version = ?", f);
	bool ok;

	if (!k)
		return false;
	bind_int(k, 1, r->type);
	bind_text(k, 2, r->id);
	bind_int(k, 3, r->version);
	ok = sqlite3_step(k->stmt) == SQLITE_ROW || no(x, "compare", f);
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
	done(k);
	return ok;
}

static bool note_length(struct index *x, const struct row *r, struct fault *f)
{
	int64_t ns = r->to.utc_ns == NO_TIME ? FOREVER :
		r->from.utc_ns == NO_TIME ? 0 :
		r->to.utc_ns - r->from.utc_ns;
	struct kept *k;

	if (ns <= 0 && r->version == 0)
		return true;
	k = prepare(x, "INSERT INTO longest VALUES(?, ?, ?) ON CONFLICT(type)"
		" DO UPDATE SET ns = max(ns, excluded.ns),"
		" version = max(version, excluded.version)"
		" WHERE ns < excluded.ns OR version < excluded.version", f);
	if (!k)
		return false;
	bind_int(k, 1, r->type);
	bind_int(k, 2, ns > 0 ? ns : 0);
	bind_int(k, 3, r->version);
	return finish(x, k, "put", f);
}

static bool insert(struct index *x, const char *sql, const struct row *r,
	struct fault *f)
{
	static const struct digest none;
	struct kept *k;

	if (!x->begun)
		return fault(f, FAULT_SYSTEM, "index: put before begin");
	k = prepare(x, sql, f);
	if (!k)
		return false;
	bind_int(k, 1, r->type);
	bind_text(k, 2, r->id);
	bind_int(k, 3, r->version);
	bind_int(k, 4, r->from.utc_ns);
	bind_int(k, 5, r->to.utc_ns);
	bind_int(k, 6, r->lat_e7);
	bind_int(k, 7, r->lon_e7);
	bind_int(k, 8, cell_of(r->lat_e7, r->lon_e7));
	bind_text(k, 9, r->kind);
	bind_text(k, 10, r->status);
	bind_text(k, 11, r->source);
	bind_bytes(k, 12, r->body);
	bind_int(k, 13, r->ledger_index);
	if (memcmp(&none, &r->ledger_leaf, sizeof none) != 0)
		bind_bytes(k, 14, digest_view(&r->ledger_leaf));
	return finish(x, k, "put", f);
}

#define INTO_ROW "INTO row(type, id, version, t, u, lat, lon, cell, kind," \
	" status, source, body, ledger, leaf)" \
	" VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)"

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

	if (x->begun && !run(x, "ROLLBACK", &f))
		x->begun = false; /* SQLite had rolled back by itself */
	x->begun = false;
}

static bool s_commit(struct store *s, const struct cursor *c, struct fault *f)
{
	struct index *x = s->self;
	bool ok = x->begun || fault(f, FAULT_SYSTEM, "index: commit before "
		"begin");

	if (ok && c) {
		struct kept *k = prepare(x, "INSERT INTO cursor VALUES(?, ?,"
			" ?) ON CONFLICT(role) DO UPDATE SET log ="
			" excluded.log, sequence = excluded.sequence", f);

		ok = k != NULL;
		if (ok) {
			bind_text(k, 1, x->role);
			bind_bytes(k, 2, (struct bytes){c->log_id,
				sizeof c->log_id});
			bind_int(k, 3, (int64_t)c->sequence);
			ok = finish(x, k, "cursor", f);
		}
	}
	ok = ok && run(x, "COMMIT", f);
	if (!ok)
		s_rollback(s);
	x->begun = false;
	return ok;
}

static bool s_cursor(struct store *s, const char *role, struct cursor *c,
	bool *known, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k = prepare(x,
		"SELECT log, sequence FROM cursor WHERE role = ?", f);
	struct bytes log;
	int step;

	*c = (struct cursor){.sequence = 0};
	*known = false;
	if (!k)
		return false;
	bind_text(k, 1, role);
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		log = column_bytes(k, 0);
		*known = log.len == sizeof c->log_id;
		if (*known)
			memcpy(c->log_id, log.at, sizeof c->log_id);
		c->sequence = (uint64_t)sqlite3_column_int64(k->stmt, 1);
	} else if (step != SQLITE_DONE) {
		no(x, "cursor", f);
	}
	done(k);
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
	k = prepare(x, "UPDATE row SET ledger = ?, leaf = ? WHERE type = ?"
		" AND id = ? AND version = ?", f);
	if (!k)
		return false;
	bind_int(k, 1, at);
	bind_bytes(k, 2, digest_view(leaf));
	bind_int(k, 3, type);
	bind_text(k, 4, id);
	bind_int(k, 5, version);
	if (!finish(x, k, "logged", f))
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
	k = prepare(x, all ? "DELETE FROM row WHERE type = ?" : "DELETE FROM"
		" row WHERE type = ? AND t >= ? AND t < ?", f);
	if (!k)
		return false;
	bind_int(k, 1, type);
	if (!all) {
		bind_int(k, 2, span.from.utc_ns);
		bind_int(k, 3, span.to.utc_ns == NO_TIME ? INT64_MAX :
			span.to.utc_ns);
	}
	return finish(x, k, "forget", f);
}

static bool by_type(struct index *x, const char *sql, enum row_type type,
	struct fault *f)
{
	struct kept *k;

	if (!for_writing(x, f) || !(k = prepare(x, sql, f)))
		return false;
	bind_int(k, 1, type);
	return finish(x, k, "renew", f);
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
	if (!for_writing(x, f) || !(k = prepare(x,
		"DELETE FROM old WHERE type = ? AND id = ?", f)))
		return false;
	bind_int(k, 1, type);
	bind_text(k, 2, id);
	if (!finish(x, k, "remade", f))
		return false;
	*was = sqlite3_changes(x->db) > 0;
	return true;
}

static bool s_sweep(struct store *s, enum row_type type, struct fault *f)
{
	return by_type(s->self, "DELETE FROM row WHERE type = ?1 AND id IN"
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
	k = prepare(x, "INSERT INTO named VALUES(?, ?) ON CONFLICT(name) DO"
		" UPDATE SET value = excluded.value", f);
	if (!k)
		return false;
	bind_text(k, 1, name);
	bind_bytes(k, 2, value);
	return finish(x, k, "set", f);
}

static bool s_get(struct store *s, const char *name, struct arena *a,
	struct bytes *out, struct fault *f)
{
	struct index *x = s->self;
	struct kept *k = prepare(
		x, "SELECT value FROM named WHERE name = ?", f);
	bool ok = true;
	int step;

	*out = (struct bytes){0};
	if (!k)
		return false;
	bind_text(k, 1, name);
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		struct bytes b = column_bytes(k, 0);

		out->at = (uint8_t *)arena_text(a, b, f);
		out->len = b.len;
		ok = out->at != NULL;
	} else if (step != SQLITE_DONE) {
		ok = no(x, "get", f);
	}
	done(k);
	return ok;
}

/* -- opening -- */

static void close_db(struct index *x)
{
	for (int i = 0; i < KEPT; i++) {
		(void)sqlite3_finalize(x->kept[i].stmt);
		x->kept[i] = (struct kept){0};
	}
	(void)sqlite3_close(x->db);
	x->db = NULL;
}

static void s_close(struct store *s)
{
	struct index *x = s->self;

	if (!x)
		return;
	s_rollback(s);
	close_db(x);
	if (x->lock >= 0)
		(void)close(x->lock);
	free(x);
	s->self = NULL;
}

static bool version_of(struct index *x, int *version)
{
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(x->db, "PRAGMA user_version", -1, &q,
		NULL) == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW;

	*version = ok ? sqlite3_column_int(q, 0) : 0;
	(void)sqlite3_finalize(q);
	return ok;
}

static bool open_db(struct index *x, const char *file, struct fault *f)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		(x->writable ? SQLITE_OPEN_CREATE : 0);

	if (sqlite3_open_v2(file, &x->db, flags, NULL) != SQLITE_OK)
		return no(x, x->writable ? "open" :
			"open (none yet? truce replay makes it)", f);
	(void)sqlite3_busy_timeout(x->db, BUSY_MS);
	if (!x->writable)
		(void)sqlite3_db_config(x->db,
			SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* 4 MiB of pages: with 64 MiB a replay grew until they were full, and
	 * was no faster (user time of 48 days 16.6 s, and 16.8 s with 2 MiB);
	 * the system caches the file. */
	return run(x, "PRAGMA trusted_schema = 0;"
		"PRAGMA foreign_keys = 1", f) &&
		run(x, x->writable ? "PRAGMA journal_mode = WAL;"
			"PRAGMA synchronous = FULL;"
			"PRAGMA wal_autocheckpoint = 20000;"
			"PRAGMA cache_size = -4096" :
			"PRAGMA wal_autocheckpoint = 0;"
			"PRAGMA query_only = 1", f);
}

static void throw_away(const char *file)
{
	static const char *const end[] = {"", "-wal", "-shm"};
	char path[PATH];

	for (size_t i = 0; i < sizeof end / sizeof *end; i++) {
		struct text t = text_on(path, sizeof path);

		text_fmt(&t, "%s%s", file, end[i]);
		(void)unlink(path);
	}
}

static bool open_writer(struct index *x, const char *file, struct fault *f)
{
	int version;

	if (open_db(x, file, f) && version_of(x, &version) &&
		version == VERSION)
		return true;
	close_db(x);
	throw_away(file);
	return open_db(x, file, f) && run(x, "BEGIN", f) &&
		run(x, schema, f) && run(x, "COMMIT", f);
}

static bool take_lock(struct index *x, const char *file, struct fault *f)
{
	char path[PATH];
	struct text t = text_on(path, sizeof path);

	/* Not index.db itself: closing it would drop SQLite's own locks. */
	text_fmt(&t, "%s.lock", file);
	x->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (x->lock < 0)
		return fault_errno(f, "%s", path);
	return flock(x->lock, LOCK_EX | LOCK_NB) == 0 || fault(f,
		FAULT_SYSTEM, "index: in use by another process that writes");
}

static bool s_open(
	struct store *s, const char *path, bool writable, struct fault *f)
{
	char file[PATH];
	struct text t = text_on(file, sizeof file);
	struct index *x = calloc(1, sizeof *x);
	int version;

	s->engine = &store_sqlite;
	s->self = x;
	if (!x)
		return fault(f, FAULT_LIMIT, "memory");
	x->lock = -1;
	x->writable = writable;
	text_fmt(&t, "%s/index.db", path);
	if (!text_check(&t, f))
		goto bad;
	if (writable) {
		if (!take_lock(x, file, f) || !open_writer(x, file, f) ||
			!run(x, marks, f))
			goto bad;
		return true;
	}
	if (!open_db(x, file, f))
		goto bad;
	if (version_of(x, &version) && version == VERSION)
		return true;
	fault(f, FAULT_SYSTEM, "index: of another version: truce replay makes "
		"it anew");
bad:
	s_close(s);
	return false;
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
	.cursor = s_cursor,
	.logged = s_logged,
	.forget = s_forget,
	.renew = s_renew,
	.remade = s_remade,
	.sweep = s_sweep,
	.set = s_set,
	.get = s_get,
};
