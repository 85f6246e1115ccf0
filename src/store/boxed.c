/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * boxed.c - the first rows in time of a box.  Each cell that the box touches
 * has its rows in the order of time, so a page needs but the beginning of each,
 * and of the later ones only what is earlier than all of a page that was found
 * already: some hundred rows of a million, however many the box holds. */
#include <stdlib.h>

#include "store/index.h"

struct place { /* of a row */
	int64_t t, key;
};

struct places {
	struct place *at; /* the earliest first */
	size_t count, limit, room;
	int64_t latest; /* what begins later is not of the page */
};

/* How many begin no later than t. */
static size_t up_to(const struct places *p, int64_t t)
{
	size_t low = 0, high = p->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->at[mid].t > t)
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

/* Those that begin together with the last of the page stay: their ids say
 * which are of it. */
static bool add(struct places *p, int64_t key, int64_t t, struct fault *f)
{
	size_t n = up_to(p, t);

	if (p->count == p->room) {
		/* Mostly a page and those that begin with its last. */
		size_t room = p->room ? p->room * 2 : p->limit + 32;
		struct place *at = realloc(p->at, room * sizeof *at);

		if (!at)
			return fault(f, FAULT_LIMIT, "memory");
		p->at = at;
		p->room = room;
	}
	memmove(p->at + n + 1, p->at + n, (p->count - n) * sizeof *p->at);
	p->at[n] = (struct place){t, key};
	p->count++;
	if (p->count >= p->limit) {
		p->latest = p->at[p->limit - 1].t;
		p->count = up_to(p, p->latest);
	}
	return true;
}

/* What of one cell can be of the page still. */
static bool one_cell(struct index *x, struct kept *k, struct places *p,
	struct fault *f)
{
	bool ok = true;
	int step;

	while ((step = sqlite3_step(k->stmt)) == SQLITE_ROW) {
		int64_t t = sqlite3_column_int64(k->stmt, 1);

		if (t > p->latest)
			break;
		ok = add(p, sqlite3_column_int64(k->stmt, 0), t, f);
		if (!ok)
			break;
	}
	if (step != SQLITE_DONE && step != SQLITE_ROW)
		ok = index_no(x, "find", f);
	(void)sqlite3_reset(k->stmt);
	return ok;
}

static bool gather(struct index *x, struct sql *s, struct places *p,
	struct fault *f)
{
	struct kept *k;
	bool ok;

	text_add(&s->text, " ORDER BY r.t");
	p->latest = s->high;
	k = query_bound(x, s, f);
	ok = k != NULL;
	for (size_t i = 0; ok && i < s->box.cells; i++) {
		index_int(k, s->cell_at + 1, s->box.cell[i]);
		index_int(k, s->high_at + 1, p->latest);
		ok = one_cell(x, k, p, f);
	}
	if (k)
		index_done(k);
	return ok;
}

static bool distinct(const struct places *p)
{
	for (size_t i = 1; i < p->count; i++)
		if (p->at[i].t == p->at[i - 1].t)
			return false;
	return true;
}

/* Their rows, in the order of lists, which is that of the keys unless some
 * begin together: a join takes its outer side as it comes. */
static bool fetch(struct index *x, const struct query *q,
	const struct places *p,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct sql s = {.text = text_on(s.at, sizeof s.at)};
	size_t size = 24 * p->count + 8;
	char *keys = malloc(size);
	struct text t = text_on(keys, keys ? size : 0);
	struct kept *k;
	bool ok = false;

	if (!keys)
		return fault(f, FAULT_LIMIT, "memory");
	text_char(&t, '[');
	for (size_t i = 0; i < p->count; i++) {
		if (i)
			text_char(&t, ',');
		text_i64(&t, p->at[i].key);
	}
	text_char(&t, ']');
	text_fmt(&s.text, "SELECT %s FROM json_each(?) j CROSS JOIN row r"
		" ON r.key = j.value%s LIMIT ?", query_columns, distinct(p)
		? "" : " ORDER BY r.t, r.id, r.version");
	s.value[s.values++].text = keys;
	query_number(&s, (int64_t)p->limit);
	k = query_bound(x, &s, f);
	if (k)
		ok = index_rows(x, k, q->type, "find", each, self, f);
	free(keys);
	return ok;
}

/* In order of time through everything: a box that touches too many cells, or a
 * pole. */
static bool by_time(struct index *x, const struct query *q,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct sql s;
	struct kept *k;

	if (!query_build(x, &s, q, query_columns, f))
		return false;
	text_add(&s.text, " ORDER BY r.t, r.id, r.version LIMIT ?");
	query_number(&s, (int64_t)q->limit);
	k = query_bound(x, &s, f);
	return k && index_rows(x, k, q->type, "find", each, self, f);
}

static bool by_cells(struct index *x, const struct query *q, struct sql *s,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct places p = {.limit = q->limit};
	bool ok = gather(x, s, &p, f) && (p.count == 0 ||
		fetch(x, q, &p, each, self, f));

	free(p.at);
	return ok;
}

/* Kept, as all that a page asks: its text takes longer than what it does. */
static bool say(struct index *x, const char *sql, struct fault *f)
{
	struct kept *k = index_prepare(x, sql, f);

	return k && index_finish(x, k, sql, f);
}

bool index_boxed(struct index *x, const struct query *q,
	bool (*each)(void *self, const struct row *, struct fault *),
	void *self, struct fault *f)
{
	struct sql s;
	bool ok, ours;

	/* All of it as of one moment. */
	ours = sqlite3_get_autocommit(x->db) != 0;
	if (ours && !say(x, "BEGIN", f))
		return false;
	ok = query_build(x, &s, q, query_places, f) && (s.box.cells > 0
		? by_cells(x, q, &s, each, self, f)
		: by_time(x, q, each, self, f));
	if (ours && !say(x, "COMMIT", f))
		ok = false;
	return ok;
}
