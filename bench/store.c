/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store.c - rows into the index against bare SQLite with the same table and
 * indexes (SCALE.md 11: at least 0.6), and what a query costs on them. */
#include "store/store.h"

#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

enum { ROWS = 200000, BATCH = 1000 };

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static char body[220];

static struct row row_of(int i, char id[40])
{
	uint32_t h = (uint32_t)i * 2654435761u;

	(void)snprintf(id, 40, "d-%012d%08x", i / 3, (unsigned)h);
	return (struct row){.type = ROW_DETECTION, .id = id,
		.from = {INT64_C(1770000000000000000) + i * INT64_C(1000000)},
		.to = {INT64_C(1770000000000000000) + i * INT64_C(1000000)},
		.lat_e7 = 480000000 + (int32_t)(h % 10000000),
		.lon_e7 = 370000000 + (int32_t)(h / 7 % 20000000),
		.kind = "explosion", .status = "automatic", .source = "S01",
		.body = {(uint8_t *)body, sizeof body}, .ledger_index = -1};
}

static double ours(const char *folder)
{
	struct store s = {0};
	const struct store_engine *e = stores[0];
	struct fault f = {0};
	double from;
	bool ok = e->open(&s, folder, true, &f), fresh;

	from = now_s();
	for (int i = 0; ok && i < ROWS; i++) {
		char id[40];
		struct row r = row_of(i, id);

		if (i % BATCH == 0)
			ok = e->begin(&s, "bench", &f);
		ok = ok && e->put(&s, &r, &fresh, &f);
		if (i % BATCH == BATCH - 1)
			ok = ok && e->commit(&s, NULL, &f);
	}
	from = now_s() - from;
	if (!ok) {
		printf("%s\n", f.text);
		exit(1);
	}
	e->close(&s);
	return ROWS / from;
}

static void run(sqlite3 *db, const char *sql)
{
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
}

static double bare(const char *folder)
{
	char path[128], sql[4096] = "";
	sqlite3 *from_db, *db;
	sqlite3_stmt *q;
	double from;

	/* the very schema, taken from the file just made */
	(void)snprintf(path, sizeof path, "%s/index.db", folder);
	if (sqlite3_open(path, &from_db) != SQLITE_OK ||
		sqlite3_prepare_v2(from_db, "SELECT group_concat(sql, ';') FROM"
			" sqlite_master WHERE tbl_name = 'row' AND sql NOT NULL"
			" ORDER BY rowid", -1, &q, NULL) != SQLITE_OK ||
		sqlite3_step(q) != SQLITE_ROW)
		exit(1);
	(void)snprintf(sql, sizeof sql, "%s",
		(const char *)sqlite3_column_text(q, 0));
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(from_db);
	(void)snprintf(path, sizeof path, "%s/bare.db", folder);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		exit(1);
	run(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"PRAGMA wal_autocheckpoint = 20000;"
		"PRAGMA cache_size = -65536");
	run(db, sql);
	if (sqlite3_prepare_v2(db, "INSERT INTO row VALUES(NULL,?,?,?,1,?,?,?,"
		"?,?,?,?,?,?,?,?,?,?)", -1, &q, NULL) != SQLITE_OK)
		exit(1);
	from = now_s();
	for (int i = 0; i < ROWS; i++) {
		char id[40];
		struct row r = row_of(i, id);

		if (i % BATCH == 0)
			run(db, "BEGIN IMMEDIATE");
		sqlite3_bind_int(q, 1, (int)r.type);
		sqlite3_bind_text(q, 2, r.id, -1, SQLITE_STATIC);
		sqlite3_bind_int(q, 3, 0);
		sqlite3_bind_int64(q, 4, r.from.utc_ns);
		sqlite3_bind_int64(q, 5, r.to.utc_ns);
		sqlite3_bind_int(q, 6, r.lat_e7);
		sqlite3_bind_int(q, 7, r.lon_e7);
		/* of some 1/12, 1/24 and 4/3 degrees */
		for (int k = 0; k < 3; k++) {
			static const int sizes[] = {833333, 416667, 13333333};

			sqlite3_bind_int64(q, 8 + k, (r.lat_e7 + 900000000) /
				sizes[k] * 10000 + (r.lon_e7 + 1800000000) /
				sizes[k]);
		}
		sqlite3_bind_text(q, 11, r.kind, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 12, r.status, -1, SQLITE_STATIC);
		sqlite3_bind_text(q, 13, r.source, -1, SQLITE_STATIC);
		sqlite3_bind_blob(q, 14, body, sizeof body, SQLITE_STATIC);
		sqlite3_bind_int(q, 15, -1);
		sqlite3_bind_null(q, 16);
		if (sqlite3_step(q) != SQLITE_DONE)
			exit(1);
		(void)sqlite3_reset(q);
		if (i % BATCH == BATCH - 1)
			run(db, "COMMIT");
	}
	from = now_s() - from;
	(void)sqlite3_finalize(q);
	(void)sqlite3_close(db);
	return ROWS / from;
}

static bool count(void *self, const struct row *r, struct fault *f)
{
	(void)r;
	(void)f;
	++*(size_t *)self;
	return true;
}

static void queries(const char *folder)
{
	struct store s = {0};
	const struct store_engine *e = stores[0];
	struct query q = {.type = ROW_DETECTION, .boxed = true, .south = 48.2,
		.north = 48.5, .west = 37.5, .east = 38,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct fault f = {0};
	double from;
	size_t n = 0, m = 0;

	if (!e->open(&s, folder, false, &f))
		exit(1);
	from = now_s();
	q.limit = 1000;
	if (!e->find(&s, &q, count, &n, &f))
		exit(1);
	printf("store: box of 0.5 x 0.3 deg in %d rows: %.1f ms, %zu rows\n",
		ROWS, 1e3 * (now_s() - from), n);
	q = (struct query){.type = ROW_DETECTION, .limit = 1000,
		.span = {{INT64_C(1770000000000000000) + ROWS * INT64_C(500000)
			}, INSTANT_UNKNOWN}};
	from = now_s();
	if (!e->find(&s, &q, count, &m, &f))
		exit(1);
	printf("store: a page of %zu by time: %.2f ms\n", m,
		1e3 * (now_s() - from));
	e->close(&s);
}

int main(void)
{
	char folder[] = "./bench-store-XXXXXX", command[64];
	double o, b;

	memset(body, 'x', sizeof body);
	if (!mkdtemp(folder))
		return 1;
	o = ours(folder);
	b = bare(folder);
	printf("store: batches of %d, all indexes, %.0f rows/s, bare SQLite "
	       "%.0f; ratio %.2f (wants 0.6)\n", BATCH, o, b, o / b);
	queries(folder);
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0;
}
