/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * query.c - a query of store.h as the SQL of the embedded index.
 *
 * Places are found by the cell of a Web Mercator grid and time, which beats an
 * R-tree here (SCALE.md 6: 2.5 against 8.6 ms): the smallest cells of which a
 * box touches no more than QUERY_CELLS.  A box holds
 * south <= lat < north and west <= lon < east; north 90 takes the pole in, and
 * a pole has every longitude. */
#include <math.h>

#include "store/index.h"

/* -- places -- */

enum { GRIDS = 3 };

static const struct grid {
	int bits; /* of x and of y of a cell */
	const char *column, *access;
} grids[GRIDS] = {
	{INDEX_FINE, "fine", " INDEXED BY by_fine"},
	{INDEX_NEAR, "near", " INDEXED BY by_near"},
	{INDEX_WIDE, "wide", " INDEXED BY by_wide"}};

static int64_t turned(int64_t lon_e7)
{
	if (lon_e7 >= 180 * E7)
		return lon_e7 - 360 * E7;
	return lon_e7 < -180 * E7 ? lon_e7 + 360 * E7 : lon_e7;
}

int64_t index_cell(int64_t lat_e7, int64_t lon_e7, int bits)
{
	int64_t x, y;

	if (lat_e7 > 90 * E7 || lat_e7 < -90 * E7)
		return -1;
	store_cell_of((int32_t)lat_e7, (int32_t)lon_e7, bits, &x, &y);
	return x < 0 ? -1 : x << bits | y;
}

static void box_cells(struct box *b, const struct grid *g)
{
	int bits = g->bits;
	int64_t west, east, north, south, n = INT64_C(1) << bits, across;

	b->cells = 0;
	b->grid = g;
	/* A pole lies in cells of any longitude. */
	if (b->round || b->north >= 90 * E7 || b->south <= -90 * E7)
		return;
	store_cell_of((int32_t)b->south, (int32_t)b->west, bits, &west,
		&south);
	store_cell_of((int32_t)b->north - 1, (int32_t)(b->east - 1), bits,
		&east, &north);
	/* Once around, and a little more: its first column is its last. */
	across = (east - west + n) % n + 1;
	if (east == west && turned(b->east - 1) < b->west)
		across = n;
	if (across * (south - north + 1) > QUERY_CELLS)
		return;
	for (int64_t y = north; y <= south; y++)
		for (int64_t i = 0; i < across; i++)
			b->cell[b->cells++] = (west + i) % n << bits | y;
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
	if (b->empty)
		return true;
	for (size_t i = 0; i < GRIDS && b->cells == 0; i++)
		box_cells(b, &grids[i]);
	return true;
}

/* -- queries as SQL -- */

const char query_columns[] =
	"r.id, r.version, r.t, r.u, r.lat, r.lon, r.kind, r.status, r.source,"
	" r.body, r.ledger, r.leaf";
const char query_keys[] = "r.key, r.t, r.id, r.version";
const char query_places[] = "r.key, r.t";

void query_number(struct sql *s, int64_t v)
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
	struct kept *k = index_prepare(
		x, "SELECT ns, version FROM longest WHERE type = ?", f);
	int step;

	*ns = *version = 0;
	if (!k)
		return false;
	index_int(k, 1, type);
	step = sqlite3_step(k->stmt);
	if (step == SQLITE_ROW) {
		*ns = sqlite3_column_int64(k->stmt, 0);
		*version = sqlite3_column_int64(k->stmt, 1);
	} else if (step != SQLITE_DONE) {
		index_no(x, "longest", f);
	}
	index_done(k);
	return step == SQLITE_ROW || step == SQLITE_DONE;
}

/* Days that have rows among the log's first `at`. */
static bool days(struct index *x, const struct query *q, int64_t *low,
	int64_t *high, struct fault *f)
{
	struct kept *k = index_prepare(x, "SELECT min(day), max(day) FROM days"
		" WHERE type = ? AND least < ?", f);
	bool ok;

	if (!k)
		return false;
	index_int(k, 1, q->type);
	index_int(k, 2, q->at);
	ok = sqlite3_step(k->stmt) == SQLITE_ROW || index_no(x, "days", f);
	if (ok && sqlite3_column_type(k->stmt, 0) != SQLITE_INTEGER) {
		*low = INT64_MAX; /* none */
	} else if (ok) {
		int64_t first = sqlite3_column_int64(k->stmt, 0);

		*low = first < 0 ? INT64_MIN : first * INDEX_DAY;
		*high = (sqlite3_column_int64(k->stmt, 1) + 1) * INDEX_DAY - 1;
	}
	index_done(k);
	return ok;
}

/* Where the rows' begins lie: one range, for the planner takes one. */
static bool range(struct index *x, struct sql *s, const struct query *q,
	int64_t ns, struct fault *f)
{
	int64_t from = q->span.from.utc_ns, to = q->span.to.utc_ns;

	s->low = INT64_MIN;
	s->high = INT64_MAX;
	if (q->at > 0 && (q->type == ROW_FINDING || q->type == ROW_INCIDENT) &&
		!days(x, q, &s->low, &s->high, f))
		return false;
	if (from != NO_TIME) {
		int64_t low = from > ns ? from - ns : 0;

		if (low > s->low)
			s->low = low;
		if (to != NO_TIME && to - 1 < s->high)
			s->high = to - 1;
	}
	if (q->after_id && q->after_from.utc_ns > s->low)
		s->low = q->after_from.utc_ns;
	return true;
}

/* [t, u) touches [from, to); t = u is a moment; u unknown: goes on. */
static void add_span(struct sql *s, const struct query *q)
{
	int64_t from = q->span.from.utc_ns;

	text_add(&s->text, " AND r.t >= ? AND r.t <= ?");
	query_number(s, s->low);
	s->high_at = s->values;
	query_number(s, s->high);
	if (from == NO_TIME)
		return;
	text_add(&s->text, " AND (r.u > ? OR"
		" (r.u = r.t AND r.t >= ?) OR r.u = ?)");
	query_number(s, from);
	query_number(s, from);
	query_number(s, NO_TIME);
}

/* One cell: its place is left to who binds it. */
static void add_cells(struct sql *s, bool one)
{
	static const size_t sizes[] = {4, 16, QUERY_CELLS};
	const struct box *b = &s->box;
	const char *column = b->grid->column;
	size_t n = 0;

	text_fmt(&s->text, " AND r.%s >= 0", column);
	if (one) {
		text_fmt(&s->text, " AND r.%s = ?", column);
		s->cell_at = s->values;
		query_number(s, 0);
		return;
	}
	while (n < 2 && sizes[n] < b->cells)
		n++;
	text_fmt(&s->text, " AND r.%s IN (?", column);
	for (size_t i = 1; i < sizes[n]; i++)
		text_add(&s->text, ",?");
	text_add(&s->text, ")");
	for (size_t i = 0; i < sizes[n]; i++)
		query_number(s, b->cell[i < b->cells ? i : 0]);
}

static void between(struct sql *s, const char *before, int64_t low,
	int64_t high)
{
	text_fmt(&s->text, "%s r.lon >= ? AND r.lon < ?", before);
	query_number(s, low);
	query_number(s, high);
}

/* A row may say 190 for -170; almost none does, so that comes last. */
static void add_longitudes(struct sql *s)
{
	const struct box *b = &s->box;
	int64_t around = 360 * E7;
	int64_t east = b->east + (b->west >= b->east ? around : 0);

	between(s, " AND (", b->west, east);
	between(s, " OR", b->west + around, east + around);
	between(s, " OR", b->west - around, east - around);
	/* A pole has every longitude. */
	text_add(&s->text, b->cells > 0 ? ")"
		: " OR abs(r.lat) = 900000000)");
}

static void add_box(struct sql *s, bool one)
{
	const struct box *b = &s->box;

	if (b->empty) {
		text_add(&s->text, " AND 0");
		return;
	}
	if (b->cells > 0)
		add_cells(s, one);
	else
		text_add(&s->text, " AND r.cell >= 0");
	text_fmt(&s->text, " AND r.lat >= ? AND r.lat %s ?",
		b->north == 90 * E7 ? "<=" : "<");
	query_number(s, b->south);
	query_number(s, b->north);
	if (!b->round)
		add_longitudes(s);
}

/* The rows and versions that count; version: the highest there is. */
static void add_versions(struct sql *s, const struct query *q, int64_t version)
{
	if (q->at > 0) {
		text_add(&s->text, " AND r.ledger >= 0 AND r.ledger < ?");
		query_number(s, q->at);
	}
	if (q->machine)
		text_fmt(&s->text, " AND r.version < %d", ROW_PEOPLE);
	if (q->all_versions || version == 0)
		return;
	if (!q->machine && q->at <= 0) {
		text_add(&s->text, " AND r.newest");
		return;
	}
	text_add(&s->text, " AND NOT EXISTS (SELECT 1 FROM row n"
		" WHERE n.type = r.type AND n.id = r.id"
		" AND n.version > r.version");
	if (q->machine)
		text_fmt(&s->text, " AND n.version < %d", ROW_PEOPLE);
	if (q->at > 0) {
		text_add(&s->text, " AND n.ledger >= 0 AND n.ledger < ?");
		query_number(s, q->at);
	}
	text_add(&s->text, ")");
}

/* Of these alone by_status and by_kind are. */
static bool by_words(const struct query *q)
{
	return (q->status || q->kind) &&
		(q->type == ROW_FINDING || q->type == ROW_INCIDENT);
}

/* The planner, asked for an order in time, walks by_time, however few rows the
 * filter leaves (bench/serve.c: 35 to 73 ms for one incident's of 20,000);
 * each of these is in that order itself, but by_id, of a few rows. */
static const char *access(const struct query *q, const struct box *b)
{
	if (q->boxed && b->cells > 0)
		return b->grid->access;
	if (q->id && q->id[0])
		return " INDEXED BY by_id";
	if (q->source && q->source[0])
		return " INDEXED BY by_source";
	if (!by_words(q))
		return "";
	return q->status ? " INDEXED BY by_status" : " INDEXED BY by_kind";
}

bool query_build(struct index *x, struct sql *s, const struct query *q,
	const char *what, struct fault *f)
{
	int64_t ns, version;

	s->box = (struct box){0};
	if ((q->boxed && !box_of(q, &s->box, f)) ||
		!longest(x, q->type, &ns, &version, f) ||
		!range(x, s, q, ns, f))
		return false;
	s->text = text_on(s->at, sizeof s->at);
	s->values = 0;
	if (what == query_keys)
		text_fmt(&s->text, "SELECT %s FROM (", query_columns);
	text_fmt(&s->text, "SELECT %s FROM row r", what);
	text_add(&s->text, access(q, &s->box));
	text_add(&s->text, " WHERE r.type = ?");
	query_number(s, q->type);
	/* In the words of by_status and by_kind, which are of these alone. */
	if (by_words(q))
		text_add(&s->text, " AND r.type IN (102, 105)");
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
	if (q->matching) {
		text_add(&s->text, " AND r.key IN (SELECT rowid FROM words"
			" WHERE words MATCH ?)");
		s->value[s->values++].text = q->matching;
	}
	add_span(s, q);
	if (q->boxed)
		add_box(s, what == query_places);
	add_versions(s, q, version);
	if (q->unlogged)
		text_add(&s->text, " AND r.ledger < 0");
	if (q->old)
		text_add(&s->text, " AND EXISTS (SELECT 1 FROM old o"
			" WHERE o.type = r.type AND o.id = r.id)");
	if (q->after_id) {
		text_add(&s->text, " AND (r.t > ? OR r.id > ?)");
		query_number(s, q->after_from.utc_ns);
		s->value[s->values++].text = q->after_id;
	}
	return true;
}

struct kept *query_bound(struct index *x, struct sql *s, struct fault *f)
{
	struct kept *k;

	if (!text_check(&s->text, f))
		return NULL;
	k = index_prepare(x, s->at, f);
	for (int i = 0; k && i < s->values; i++)
		if (s->value[i].text)
			index_text(k, i + 1, s->value[i].text);
		else
			index_int(k, i + 1, s->value[i].number);
	return k;
}
