/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * counts.c - how many incidents of a kind lie in a cell: kept as they come and
 * go (index.h: INDEX_COUNTS), so that a map of a million is made of some
 * thousand numbers.  A span of time is whole days, added up in blocks of 256,
 * 16 and 1, and the rows at its two ends.  What counts do not know, such as a
 * status or a box, is counted row by row. */
#include "store/index.h"

/* recount(n, t, cell, kind) is a procedure: n, 1 or -1, more of that. */
#define KEYS "SELECT s.level, CASE WHEN new.t < 0 THEN -1 ELSE new.t / s.ns" \
	" END, new.cell, new.kind FROM main.spans s"
#define NEWER(row) "(SELECT 1 FROM main.row o WHERE o.type = 105" \
	" AND o.id = " row ".id AND o.version > " row ".version)"
#define BEFORE(row) "FROM main.row o WHERE o.type = 105 AND o.id = " row ".id" \
	" AND o.version = (SELECT max(p.version) FROM main.row p WHERE" \
	" p.type = 105 AND p.id = " row ".id AND p.version < " row ".version)"
#define SAME(row) "o.t = " row ".t AND o.cell = " row ".cell" \
	" AND o.kind = " row ".kind"
/* The version before takes its place, or gives it up, unless both count as
 * one. */
#define CHANGE(row, come, go) \
	" INSERT INTO recount SELECT " come ", " row ".t, " row ".cell," \
	" " row ".kind WHERE NOT EXISTS (SELECT 1 " BEFORE(row) " AND " \
	SAME(row) ");" \
	" INSERT INTO recount SELECT " go ", o.t, o.cell, o.kind " \
	BEFORE(row) " AND NOT (" SAME(row) ");"

const char index_counting[] =
	"CREATE TEMP VIEW recount(n, t, cell, kind) AS SELECT 0, 0, 0, '';"
	"CREATE TEMP TRIGGER recounted INSTEAD OF INSERT ON recount BEGIN"
	" INSERT INTO counts SELECT s.level, CASE WHEN new.t < 0 THEN -1"
	" ELSE new.t / s.ns END, new.cell, new.kind, new.n, new.t"
	" FROM main.spans s WHERE true ON CONFLICT(level, block, cell, kind)"
	" DO UPDATE SET n = n + excluded.n,"
	" newest = max(newest, excluded.newest);"
	" DELETE FROM counts WHERE new.n < 0 AND n = 0"
	" AND (level, block, cell, kind) IN (" KEYS ");"
	/* The newest of those that are left. */
	" UPDATE counts SET newest = (SELECT r.t FROM main.row r"
	" WHERE r.type = 105 AND r.type IN (102, 105)"
	" AND r.kind = counts.kind AND r.cell = counts.cell"
	" AND r.t <= new.t AND NOT EXISTS " NEWER("r")
	" ORDER BY r.t DESC LIMIT 1)"
	" WHERE new.n < 0 AND newest = new.t"
	" AND (level, block, cell, kind) IN (" KEYS ");"
	"END;"
	"CREATE TEMP TRIGGER counts_come AFTER INSERT ON main.row"
	" WHEN new.type = 105 AND NOT EXISTS " NEWER("new") " BEGIN"
	CHANGE("new", "1", "-1")
	"END;"
	"CREATE TEMP TRIGGER counts_go AFTER DELETE ON main.row"
	" WHEN old.type = 105 AND NOT EXISTS " NEWER("old") " BEGIN"
	CHANGE("old", "-1", "1")
	"END;"
	"CREATE TEMP TRIGGER days_come AFTER INSERT ON main.row"
	" WHEN new.type IN (102, 105) AND new.ledger >= 0 BEGIN"
	" INSERT INTO days VALUES(new.type, CASE WHEN new.t < 0 THEN -1 ELSE"
	" new.t / 86400000000000 END, new.ledger) ON CONFLICT(type, day)"
	" DO UPDATE SET least = min(least, excluded.least)"
	" WHERE least > excluded.least;"
	"END;"
	"CREATE TEMP TRIGGER days_logged AFTER UPDATE OF ledger ON main.row"
	" WHEN new.type IN (102, 105) AND new.ledger >= 0 BEGIN"
	" INSERT INTO days VALUES(new.type, CASE WHEN new.t < 0 THEN -1 ELSE"
	" new.t / 86400000000000 END, new.ledger) ON CONFLICT(type, day)"
	" DO UPDATE SET least = min(least, excluded.least)"
	" WHERE least > excluded.least;"
	"END;";

enum { LEVELS = 3, TIMES = 16 };

/* Blocks [from, to) of a level. */
struct part {
	int level;
	int64_t from, to;
};

struct parts {
	struct part part[2 * LEVELS - 1];
	size_t count;
	int64_t first_ns, end_ns; /* [first, end): whole days */
};

static bool serves(const struct query *q, int bits)
{
	return q->type == ROW_INCIDENT && bits <= INDEX_CELL && !q->id &&
		!q->id_ending && !q->status && !q->source && !q->boxed &&
		!q->all_versions && !q->matching && !q->unlogged &&
		!q->machine && !q->old && q->at <= 0 && !q->after_id;
}

static void add_part(struct parts *p, int level, int64_t from, int64_t to)
{
	if (from < to)
		p->part[p->count++] = (struct part){level, from, to};
}

/* The days as blocks, the largest that fit. */
static void divide(struct parts *p, int64_t from, int64_t to)
{
	for (int level = 0; level < LEVELS; level++) {
		int64_t low = (from + TIMES - 1) / TIMES, high = to / TIMES;

		if (level == LEVELS - 1 || low >= high) {
			add_part(p, level, from, to);
			return;
		}
		add_part(p, level, from, low * TIMES);
		add_part(p, level, high * TIMES, to);
		from = low;
		to = high;
	}
}

/* False: there is no whole day in it. */
static bool parts_of(const struct query *q, struct parts *p)
{
	const int64_t forever = INT64_MAX / INDEX_DAY / TIMES / TIMES *
		TIMES * TIMES;
	int64_t from = q->span.from.utc_ns, to = q->span.to.utc_ns, first, end;

	*p = (struct parts){.count = 0};
	if (from == NO_TIME) {
		add_part(p, LEVELS - 1, -1, forever);
		p->first_ns = INT64_MIN;
		p->end_ns = INT64_MAX;
		return true;
	}
	from = from > 0 ? from : 0;
	first = from / INDEX_DAY + (from % INDEX_DAY != 0);
	end = to == NO_TIME || to / INDEX_DAY > forever ? forever
		: to / INDEX_DAY;
	if (first >= end)
		return false;
	divide(p, first, end);
	p->first_ns = first * INDEX_DAY;
	p->end_ns = end * INDEX_DAY;
	return true;
}

/* In x << 32 | y of the grid that is asked for. */
static void add_place(struct text *t, int bits)
{
	text_fmt(t, "CASE WHEN c.cell < 0 THEN -1 ELSE"
		" (c.cell >> %d << 32) | ((c.cell & %d) >> %d) END",
		2 * INDEX_CELL - bits, (1 << INDEX_CELL) - 1,
		INDEX_CELL - bits);
}

static void add_kind(struct sql *s, const struct query *q)
{
	if (!q->kind)
		return;
	text_add(&s->text, " AND r.kind = ?");
	s->value[s->values++].text = q->kind;
}

static void add_blocks(struct sql *s, const struct parts *p,
	const struct query *q)
{
	/* Always as many, so that the statement is the same. */
	for (size_t i = 0; i < sizeof p->part / sizeof *p->part; i++) {
		struct part x = i < p->count ? p->part[i]
			: (struct part){0, 0, 0};

		text_fmt(&s->text, "%s SELECT r.cell, r.kind, r.n, r.newest"
			" FROM counts r WHERE r.level = ? AND r.block >= ?"
			" AND r.block < ?", i ? " UNION ALL" : "");
		query_number(s, x.level);
		query_number(s, x.from);
		query_number(s, x.to);
		add_kind(s, q);
	}
}

#define ROWS " UNION ALL SELECT r.cell, r.kind, 1, r.t FROM row r"

/* What begins in the days that are not whole, and what began before all that
 * and lasts. */
static void add_ends(struct sql *s, const struct parts *p,
	const struct query *q)
{
	int64_t from = q->span.from.utc_ns, to = q->span.to.utc_ns;

	for (int end = 0; end < 2; end++) {
		text_add(&s->text, ROWS " INDEXED BY by_time WHERE r.type = 105"
			" AND r.newest AND r.t >= ? AND r.t < ?");
		query_number(s, end ? p->end_ns : from > 0 ? from : 0);
		query_number(s, end ? to == NO_TIME ? INT64_MAX : to
			: p->first_ns);
		add_kind(s, q);
	}
	text_add(&s->text, ROWS " INDEXED BY by_lasting WHERE r.type = 105"
		" AND r.newest AND r.u <> r.t AND r.t >= 0 AND r.t < ?"
		" AND (r.u > ? OR r.u = ?)");
	query_number(s, from);
	query_number(s, from);
	query_number(s, NO_TIME);
	add_kind(s, q);
}

static void build(struct sql *s, const struct query *q,
	const struct parts *p, int bits)
{
	s->text = text_on(s->at, sizeof s->at);
	s->values = 0;
	text_add(&s->text, "SELECT ");
	add_place(&s->text, bits);
	text_add(&s->text, ", c.kind, sum(c.n), max(c.newest) FROM (");
	add_blocks(s, p, q);
	if (q->span.from.utc_ns != NO_TIME)
		add_ends(s, p, q);
	/* The blocks name the columns. */
	text_add(&s->text, ") c");
}

static bool build_rows(struct index *x, struct sql *s, const struct query *q,
	int bits, struct fault *f)
{
	char what[96];
	struct text t = text_on(what, sizeof what);

	text_fmt(&t, "mercator(r.lat, r.lon, %d), r.kind, count(*), max(r.t)",
		bits);
	return query_build(x, s, q, what, f);
}

bool index_cells(struct store *s, const struct query *q, int bits,
	bool (*each)(void *self, const struct store_cell *, struct fault *),
	void *self, struct fault *f)
{
	struct index *x = s->self;
	struct parts parts;
	struct sql sql;
	struct kept *k;
	int step;

	f->kind = FAULT_NONE;
	if (serves(q, bits) && parts_of(q, &parts))
		build(&sql, q, &parts, bits);
	else if (!build_rows(x, &sql, q, bits, f))
		return false;
	text_add(&sql.text, " GROUP BY 1, 2 ORDER BY 1, 2");
	k = query_bound(x, &sql, f);
	if (!k)
		return false;
	while ((step = sqlite3_step(k->stmt)) == SQLITE_ROW) {
		int64_t at = sqlite3_column_int64(k->stmt, 0);
		const char *kind = (const char *)sqlite3_column_text(
			k->stmt, 1);
		struct store_cell c = {at < 0 ? -1 : at >> 32,
			at < 0 ? -1 : at & UINT32_MAX, kind ? kind : "",
			(uint64_t)sqlite3_column_int64(k->stmt, 2),
			{sqlite3_column_int64(k->stmt, 3)}};

		if (!each(self, &c, f)) {
			index_done(k);
			return f->kind == FAULT_NONE;
		}
	}
	if (step != SQLITE_DONE)
		index_no(x, "cells", f);
	index_done(k);
	return step == SQLITE_DONE;
}
