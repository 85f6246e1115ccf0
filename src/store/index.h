/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * index.h - what the files of the embedded index share: the connection, its
 * kept statements, and a query as SQL. */
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include <sqlite3.h>

#include "base/text.h"
#include "store/store.h"

/* Bits of x and of y of cells that are counted; of those that rows are sought
 * by: 0.011 degree, 0.044, 1.4. */
#define INDEX_CELL_BITS 12
#define INDEX_FINE_BITS 15
#define INDEX_NEAR_BITS 13
#define INDEX_WIDE_BITS 8

enum {
	INDEX_KEPT = 32,  /* prepared statements */
	INDEX_SQL = 2560, /* bytes of one */
	INDEX_ROLE = 64,
	INDEX_PAGE = 1024, /* rows of a box that are sought cell by cell */
	INDEX_CELL = INDEX_CELL_BITS, INDEX_FINE = INDEX_FINE_BITS,
	INDEX_NEAR = INDEX_NEAR_BITS, INDEX_WIDE = INDEX_WIDE_BITS,
	QUERY_CELLS = 64, /* of a box; more: by time alone */
	QUERY_VALUES = 96,
};

#define E7 INT64_C(10000000)
#define NO_TIME INT64_MIN
#define INDEX_FOREVER (INT64_MAX / 4) /* a span without an end, in `longest` */
#define INDEX_DAY INT64_C(86400000000000)

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

/* Of the mission's folder; NULL: a fault.  A writer has it alone. */
MUST_USE struct index *index_open(
	const char *folder, bool writable, struct fault *);
void index_close(struct index *); /* what is begun is rolled back */

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
#define INDEX_WORDS_AS " USING fts5(text, content='', tokenize='trigram');"
#define INDEX_WORDS "CREATE VIRTUAL TABLE words" INDEX_WORDS_AS
/* Of each id, the highest version is `newest`. */
#define INDEX_HIGHEST(row) "version = (SELECT max(n.version) FROM main.row n" \
	" WHERE n.type = " row ".type AND n.id = " row ".id)"
#define INDEX_NEWEST(name, does, row) \
	"CREATE TEMP TRIGGER " name " AFTER " does " ON main.row" \
	" WHEN EXISTS (SELECT 1 FROM main.row o WHERE o.type = " row ".type" \
	" AND o.id = " row ".id AND o.version <> " row ".version) BEGIN" \
	" UPDATE row SET newest = NOT newest WHERE type = " row ".type" \
	" AND id = " row ".id AND newest <> (" INDEX_HIGHEST(row) "); END;"
/* Of a writer's connection, not of the file: they write to a virtual table,
 * which SQLite lets a trigger do only where the schema is trusted.  So a
 * writer trusts it, and a file that has a trigger or a view of its own is
 * none of ours (sqlite.c). */
#define INDEX_TRIGGERS \
	INDEX_NEWEST("newest_come", "INSERT", "new") \
	INDEX_NEWEST("newest_go", "DELETE", "old") \
	"CREATE TEMP TRIGGER words_come AFTER INSERT ON main.row" \
	" WHEN new.type IN (97, 99, 105, 111) BEGIN" \
	" INSERT INTO words(rowid, text) VALUES(new.key," \
	" words_of(new.type, new.kind, new.body)); END;" \
	"CREATE TEMP TRIGGER words_go AFTER DELETE ON main.row" \
	" WHEN old.type IN (97, 99, 105, 111) BEGIN" \
	" INSERT INTO words(words, rowid, text) VALUES('delete', old.key," \
	" words_of(old.type, old.kind, old.body)); END;"

/* words_of(), mercator(), cell_of(). */
MUST_USE bool index_functions(struct index *, struct fault *);

/* -- queries as SQL -- */

/* The cell of a place in the grid of 2^bits around the world; -1: none. */
int64_t index_cell(int64_t lat_e7, int64_t lon_e7, int bits);

/* What is asked for: query_columns of rows, query_keys of those that are
 * sorted first, query_places of one cell of a box, or an expression. */
extern const char query_columns[], query_keys[], query_places[];

struct box {
	int64_t south, north, west, east; /* e7; west in [-180, 180) */
	bool round, empty; /* all longitudes; nothing */
	const struct grid *grid; /* of the cells it touches */
	int64_t cell[QUERY_CELLS];
	size_t cells; /* 0: too many */
};

struct sql {
	struct text text;
	char at[INDEX_SQL];
	struct {
		const char *text; /* or NULL */
		int64_t number;
	} value[QUERY_VALUES];
	int values;
	struct box box;
	int64_t low, high; /* where the begins lie, both within */
	int high_at, cell_at; /* values of the highest, of the one cell */
};

void query_number(struct sql *, int64_t);
MUST_USE bool query_build(struct index *, struct sql *, const struct query *,
	const char *what, struct fault *);
MUST_USE struct kept *query_bound(
	struct index *, struct sql *, struct fault *);

/* -- rows of a box, and counts by cells -- */

MUST_USE bool index_rows(struct index *, struct kept *, enum row_type,
	const char *doing,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *);
/* The first q->limit in time of a box that touches some cells: cell by cell,
 * each as far in time as it can still matter. */
bool index_boxed(struct index *, const struct query *,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *);
/* Of a store, its cells(): kept counts where they can say it. */
bool index_cells(struct store *, const struct query *, int bits,
	bool (*each)(void *self, const struct store_cell *, struct fault *),
	void *self, struct fault *);

/* What of the words does not follow from the rows first; "" all does. */
MUST_USE bool index_worded(
	struct index *, char what[STORE_WHAT], struct fault *);
/* Of a store, its sound(). */
bool index_sound(struct store *, char what[STORE_WHAT], struct fault *);

/* Of incidents, newest versions: how many begin in a cell, by kind, on a day,
 * in 16 days, in 256 days (`spans`); the block before 1970, and of those whose
 * time is not known, is -1. */
#define INDEX_COUNTS \
	"CREATE TABLE spans(level INTEGER PRIMARY KEY, ns INT);" \
	"INSERT INTO spans VALUES(0, 86400000000000)," \
	" (1, 1382400000000000), (2, 22118400000000000);" \
	"CREATE TABLE counts(level INT, block INT, cell INT, kind TEXT," \
	" n INT, newest INT, PRIMARY KEY(level, block, cell, kind))" \
	" WITHOUT ROWID;" \
	"CREATE TABLE days(type INT, day INT, least INT," \
	" PRIMARY KEY(type, day)) WITHOUT ROWID;"
extern const char index_counting[]; /* triggers of a writer */

#endif
