/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * opening.c - the file of the embedded index: index.db, by SQLite 3.
 *
 * WAL, synchronous FULL.  One connection writes and checkpoints, guarded by a
 * lock beside the file; all others are query_only and never checkpoint, since
 * SQLite 3.7.0-3.51.2 can corrupt a database when two do both at once
 * (sqlite.org/wal.html, "WAL-reset bug").  A file that is no index of this
 * version is thrown away: everything in it can be made again. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "store/index.h"

enum { VERSION = 10, PATH = 4096, BUSY_MS = 5000 };

static const char schema[] =
	"CREATE TABLE row(key INTEGER PRIMARY KEY, type INT, id TEXT,"
	" version INT, newest INT, t INT, u INT, lat INT, lon INT, cell INT,"
	" fine INT, near INT, wide INT, kind TEXT, status TEXT, source TEXT,"
	" body BLOB, ledger INT, leaf BLOB);"
	"CREATE UNIQUE INDEX by_id ON row(type, id, version);"
	"CREATE INDEX by_time ON row(type, t, id, version);"
	/* Whatever a box is asked with: no row is read to be refused. */
	"CREATE INDEX by_fine ON row(type, fine, t, lat, lon, u, newest, kind,"
	" status) WHERE fine >= 0;"
	"CREATE INDEX by_near ON row(type, near, t, lat, lon, u, newest, kind,"
	" status) WHERE near >= 0;"
	"CREATE INDEX by_wide ON row(type, wide, t, lat, lon, u, newest, kind,"
	" status) WHERE wide >= 0;"
	"CREATE INDEX by_lasting ON row(t, u) WHERE type = 105 AND u <> t;"
	"CREATE INDEX by_source ON row(type, source, t) WHERE source <> '';"
	"CREATE INDEX by_status ON row(type, status, t, id, version)"
	" WHERE type IN (102, 105);"
	"CREATE INDEX by_kind ON row(type, kind, t, id, version)"
	" WHERE type IN (102, 105);"
	"CREATE INDEX by_ledger ON row(ledger) WHERE ledger >= 0;"
	"CREATE TABLE longest(type INTEGER PRIMARY KEY, ns INT, version INT);"
	"CREATE TABLE cursor(role TEXT PRIMARY KEY, log BLOB, sequence INT);"
	"CREATE TABLE named(name TEXT PRIMARY KEY, value BLOB);"
	INDEX_COUNTS
	INDEX_WORDS
	"PRAGMA user_version = 10;";

static const char marks[] = "CREATE TEMP TABLE old(type INT, id TEXT,"
	" PRIMARY KEY(type, id)) WITHOUT ROWID;" INDEX_TRIGGERS;

static void close_db(struct index *x)
{
	for (int i = 0; i < INDEX_KEPT; i++) {
		(void)sqlite3_finalize(x->kept[i].stmt);
		x->kept[i] = (struct kept){0};
	}
	(void)sqlite3_close(x->db);
	x->db = NULL;
}

void index_close(struct index *x)
{
	close_db(x);
	if (x->lock >= 0)
		(void)close(x->lock);
	free(x);
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

/* Nothing in the file acts by itself (index.h). */
static bool is_plain(struct index *x)
{
	sqlite3_stmt *q = NULL;
	bool ok = sqlite3_prepare_v2(x->db, "SELECT 1 FROM main.sqlite_schema"
		" WHERE type IN ('trigger', 'view')", -1, &q, NULL) ==
		SQLITE_OK && sqlite3_step(q) == SQLITE_DONE;

	(void)sqlite3_finalize(q);
	return ok;
}

static bool open_db(struct index *x, const char *file, struct fault *f)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
		(x->writable ? SQLITE_OPEN_CREATE : 0);

	if (sqlite3_open_v2(file, &x->db, flags, NULL) != SQLITE_OK)
		return index_no(x, x->writable ? "open" :
			"open (none yet? truce replay makes it)", f);
	(void)sqlite3_busy_timeout(x->db, BUSY_MS);
	if (!x->writable)
		(void)sqlite3_db_config(x->db,
			SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	/* 4 MiB of pages: with 64 MiB a replay grew until they were full, and
	 * was no faster (user time of 48 days 16.6 s, and 16.8 s with 2 MiB);
	 * the system caches the file. */
	return index_functions(x, f) &&
		index_run(x, x->writable ? "PRAGMA trusted_schema = 1"
			: "PRAGMA trusted_schema = 0", f) &&
		/* what REPLACE takes away takes its words with it */
		index_run(x, "PRAGMA recursive_triggers = 1;"
		"PRAGMA foreign_keys = 1", f) &&
		index_run(x, x->writable ? "PRAGMA journal_mode = WAL;"
			"PRAGMA synchronous = FULL;"
			"PRAGMA wal_autocheckpoint = 20000;"
			"PRAGMA cache_size = -4096" :
			"PRAGMA wal_autocheckpoint = 0;"
			"PRAGMA query_only = 1;"
			/* pages where the system has them, uncopied */
			"PRAGMA mmap_size = 2147418112", f);
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
		version == VERSION && is_plain(x))
		return true;
	close_db(x);
	throw_away(file);
	return open_db(x, file, f) && index_run(x, "BEGIN", f) &&
		index_run(x, schema, f) && index_run(x, "COMMIT", f);
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

static bool begin(struct index *x, const char *file, struct fault *f)
{
	int version;

	if (x->writable)
		return take_lock(x, file, f) && open_writer(x, file, f) &&
			index_run(x, marks, f) &&
			index_run(x, index_counting, f);
	if (!open_db(x, file, f))
		return false;
	if (!version_of(x, &version))
		return index_no(x, "open", f);
	return version == VERSION || fault(f, FAULT_SYSTEM, "index: of another "
		"version: truce replay makes it anew");
}

struct index *index_open(const char *folder, bool writable, struct fault *f)
{
	char file[PATH];
	struct text t = text_on(file, sizeof file);
	struct index *x = calloc(1, sizeof *x);

	if (!x) {
		fault(f, FAULT_LIMIT, "memory");
		return NULL;
	}
	x->lock = -1;
	x->writable = writable;
	text_fmt(&t, "%s/index.db", folder);
	if (text_check(&t, f) && begin(x, file, f))
		return x;
	index_close(x);
	return NULL;
}
