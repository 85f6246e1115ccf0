/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * index.h - what the files of the embedded index share: the connection, its
 * kept statements, and a query as SQL. */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include <sqlite3.h>

#include "base/text.h"
#include "store/store.h"

enum {
	INDEX_KEPT = 32,  /* prepared statements */
	INDEX_SQL = 2048, /* bytes of one */
	INDEX_ROLE = 64,
	QUERY_CELLS = 64, /* of a box; more: by time alone */
	QUERY_VALUES = 96,
};

#define E7 INT64_C(10000000)
#define NO_TIME INT64_MIN

struct kept {
	char sql[INDEX_SQL];
	sqlite3_stmt *stmt;
	bool busy;
	unsigned used;
};

struct index {
	sqlite3 *db;
	bool writable, begun;
	int lock; /* -1: none */
	unsigned clock;
	char role[INDEX_ROLE];
	struct kept kept[INDEX_KEPT];
};

/* -- statements -- */

/* The fault of SQLite's last error; false. */
bool index_no(struct index *, const char *doing, struct fault *);
MUST_USE bool index_run(struct index *, const char *sql, struct fault *);
/* A statement, kept for the next time; NULL: a fault.  index_done() ends it. */
MUST_USE struct kept *index_prepare(
	struct index *, const char *sql, struct fault *);
void index_done(struct kept *);
void index_text(struct kept *, int at, const char *);
void index_int(struct kept *, int at, int64_t);
void index_bytes(struct kept *, int at, struct bytes);
/* A statement without rows, run and ended. */
MUST_USE bool index_finish(
	struct index *, struct kept *, const char *doing, struct fault *);

/* -- words and cells -- */

/* What is found by its words.  Their text is not kept: what goes must be told
 * once more. */
#define INDEX_WORDS \
	"CREATE VIRTUAL TABLE words USING fts5(text, content=''," \
	" tokenize='trigram');"
/* Of a writer's connection, not of the file: they write to a virtual table,
 * which SQLite lets a trigger do only where the schema is trusted.  So a
 * writer trusts it, and a file that has a trigger or a view of its own is
 * none of ours (sqlite.c). */
#define INDEX_TRIGGERS \
	"CREATE TEMP TRIGGER words_come AFTER INSERT ON main.row" \
	" WHEN new.type IN (97, 99, 105, 111) BEGIN" \
	" INSERT INTO words(rowid, text) VALUES(new.key," \
	" words_of(new.type, new.kind, new.body)); END;" \
	"CREATE TEMP TRIGGER words_go AFTER DELETE ON main.row" \
	" WHEN old.type IN (97, 99, 105, 111) BEGIN" \
	" INSERT INTO words(words, rowid, text) VALUES('delete', old.key," \
	" words_of(old.type, old.kind, old.body)); END;"

/* words_of(), mercator(). */
MUST_USE bool index_functions(struct index *, struct fault *);

/* -- queries as SQL -- */

/* The quarter-degree cell of a place; -1: none. */
int64_t index_cell(int64_t lat_e7, int64_t lon_e7);

extern const char query_columns[], query_keys[];

struct sql {
	struct text text;
	char at[INDEX_SQL];
	struct {
		const char *text; /* or NULL */
		int64_t number;
	} value[QUERY_VALUES];
	int values;
};

void query_number(struct sql *, int64_t);
/* what: query_columns, query_keys or an expression. */
MUST_USE bool query_build(struct index *, struct sql *, const struct query *,
	const char *what, struct fault *);
MUST_USE struct kept *query_bound(
	struct index *, struct sql *, struct fault *);

#endif
