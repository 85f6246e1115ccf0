/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cells.c - incidents counted by cells, and pages of boxes, against the plain
 * definition: a list of all versions there are, gone through.  Versions come,
 * are replaced, dropped, erased and swept, as a year of replays does it. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "store/store.h"

enum { IDS = 300, VERSIONS = 4, KINDS = 3, DAYS = 700 };

#define DAY INT64_C(86400000000000)

static const char *const kinds[KINDS] = {"explosion", "shot", "fire"};
static const struct store_engine *engine;
static struct store store;
static struct row model[IDS][VERSIONS]; /* version 0: there is none */
static char names[IDS][16];
static int64_t logged;

static int64_t dice(int64_t n)
{
	static uint64_t x = 11;

	x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return (int64_t)(x >> 33) % n;
}

static struct row any_row(int id, uint32_t version)
{
	struct row r = {.type = ROW_INCIDENT, .id = names[id],
		.version = version, .from = {dice(DAYS) * DAY +
			(dice(3) ? dice(DAY / 1000) * 1000 : 0)},
		.lat_e7 = 480000000 + (int32_t)dice(30) * 100000,
		.lon_e7 = 370000000 + (int32_t)dice(30) * 100000,
		.kind = kinds[dice(KINDS)], .status = "automatic",
		.source = "", .ledger_index = dice(4) ? logged++ : -1};

	r.to = r.from;
	if (dice(5) == 0)
		r.to.utc_ns += dice(40) * DAY;
	if (dice(50) == 0)
		r.to = INSTANT_UNKNOWN;
	if (dice(20) == 0)
		r.lat_e7 = r.lon_e7 = INT32_MIN;
	if (dice(40) == 0)
		r.from.utc_ns = r.to.utc_ns = dice(2) ? INT64_MIN : -5 * DAY;
	if (dice(30) == 0)
		r.lon_e7 = (dice(2) ? 1800000000 : -1800000000) +
			(int32_t)(dice(3) - 1) * 99999;
	if (dice(60) == 0)
		r.lat_e7 = 900000000;
	return r;
}

/* The same as it was, another place, or another time. */
static struct row any_change(int id, uint32_t version)
{
	struct row r = any_row(id, version);
	const struct row *o = version > 1 ? &model[id][version - 2] : NULL;

	if (o && o->version && dice(2)) {
		r.from = o->from;
		r.to = o->to;
		r.lat_e7 = o->lat_e7;
		r.lon_e7 = o->lon_e7;
		if (dice(2))
			r.kind = o->kind;
	}
	return r;
}

static bool step(struct fault *f)
{
	int id = (int)dice(IDS);
	uint32_t v = 1 + (uint32_t)dice(VERSIONS);
	struct row *m = &model[id][v - 1];
	uint64_t gone;
	bool fresh;

	switch (dice(8)) {
	case 0:
		*m = (struct row){0};
		return engine->drop(&store, ROW_INCIDENT, names[id], v, f);
	case 1:
		if (!m->version || m->ledger_index < 0)
			return true;
		if (!engine->erase(&store, m->ledger_index, &gone, f) ||
			gone != 1)
			return false;
		*m = (struct row){0};
		return true;
	case 2:
		*m = any_change(id, v);
		return engine->replace(&store, m, f);
	case 3:
		if (!m->version || m->ledger_index >= 0)
			return true;
		m->ledger_index = logged++;
		return engine->logged(&store, ROW_INCIDENT, m->id, v,
			m->ledger_index, &(struct digest){{1}}, f);
	default:
		if (m->version)
			return true;
		*m = any_change(id, v);
		return engine->put(&store, m, &fresh, f) && fresh;
	}
}

/* The newest version of those logged before `at`; 0: of all. */
static const struct row *newest(int id, int64_t at)
{
	for (int v = VERSIONS; v-- > 0;) {
		const struct row *r = &model[id][v];

		if (r->version && (at == 0 || (r->ledger_index >= 0 &&
			r->ledger_index < at)))
			return r;
	}
	return NULL;
}

/* Of a longitude, as far as it is; a row may say 180.01 for -179.99. */
static int64_t east_of(double west, int32_t lon_e7)
{
	const int64_t around = 3600000000;

	return (lon_e7 - llround(west * 1e7) + 2 * around) % around;
}

static bool matches(const struct row *r, const struct query *q)
{
	int64_t from = q->span.from.utc_ns, to = q->span.to.utc_ns;
	int64_t t = r->from.utc_ns, u = r->to.utc_ns;

	if (q->kind && strcmp(q->kind, r->kind) != 0)
		return false;
	if (from != INT64_MIN && (t < 0 || (to != INT64_MIN && t >= to) ||
		!(u > from || (u == t && t >= from) || u == INT64_MIN)))
		return false;
	return !q->boxed || (r->lat_e7 != INT32_MIN &&
		r->lat_e7 >= llround(q->south * 1e7) &&
		(r->lat_e7 < llround(q->north * 1e7) || q->north == 90) &&
		(r->lat_e7 == 900000000 || east_of(q->west, r->lon_e7) <
			east_of(q->west, (int32_t)llround(q->east * 1e7))));
}

struct grid {
	struct store_cell cell[IDS];
	size_t count;
};

static void count_one(struct grid *g, const struct row *r, int bits)
{
	struct store_cell c = {.kind = r->kind, .count = 1, .newest = r->from};
	size_t i = 0;

	store_cell_of(r->lat_e7, r->lon_e7, bits, &c.x, &c.y);
	while (i < g->count && (g->cell[i].x != c.x || g->cell[i].y != c.y ||
		strcmp(g->cell[i].kind, c.kind) != 0))
		i++;
	if (i == g->count) {
		g->cell[g->count++] = c;
		return;
	}
	g->cell[i].count++;
	if (c.newest.utc_ns > g->cell[i].newest.utc_ns)
		g->cell[i].newest = c.newest;
}

/* Takes it away from what is wanted; what is left, or not there, is wrong. */
static bool tick(void *self, const struct store_cell *c, struct fault *f)
{
	struct grid *g = self;

	for (size_t i = 0; i < g->count; i++) {
		struct store_cell *w = &g->cell[i];

		if (w->x == c->x && w->y == c->y && w->count == c->count &&
			strcmp(w->kind, c->kind) == 0 &&
			w->newest.utc_ns == c->newest.utc_ns) {
			*w = g->cell[--g->count];
			return true;
		}
	}
	return fault(f, FAULT_INPUT, "cell %lld %lld %s: %llu, newest %lld",
		(long long)c->x, (long long)c->y, c->kind,
		(unsigned long long)c->count, (long long)c->newest.utc_ns);
}

static struct query any_query(void)
{
	struct query q = {.type = ROW_INCIDENT,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN},
		.kind = dice(3) ? NULL : kinds[dice(KINDS)]};

	if (dice(4) == 0)
		return q;
	q.span.from.utc_ns = dice(DAYS) * DAY + (dice(2) ? dice(DAY) : 0);
	if (dice(4))
		q.span.to.utc_ns = q.span.from.utc_ns + 1 + dice(4) *
			dice(DAYS / 3) * DAY + (dice(2) ? dice(DAY) : 0);
	return q;
}

static bool cells_right(struct fault *f)
{
	struct query q = any_query();
	int bits = 5 + (int)dice(9);
	struct grid g = {.count = 0};

	for (int id = 0; id < IDS; id++) {
		const struct row *r = newest(id, 0);

		if (r && matches(r, &q))
			count_one(&g, r, bits);
	}
	return engine->cells(&store, &q, bits, tick, &g, f) &&
		(g.count == 0 || fault(f, FAULT_INPUT, "%zu cells less",
			g.count));
}

struct page {
	const struct row *want[IDS];
	size_t count, got;
	size_t limit;
};

static int in_order(const void *a, const void *b)
{
	const struct row *x = *(const struct row *const *)a;
	const struct row *y = *(const struct row *const *)b;

	if (x->from.utc_ns != y->from.utc_ns)
		return x->from.utc_ns < y->from.utc_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

static bool compare(void *self, const struct row *r, struct fault *f)
{
	struct page *p = self;

	if (p->got == p->count || strcmp(p->want[p->got]->id, r->id) != 0 ||
		p->want[p->got]->version != r->version)
		return fault(f, FAULT_INPUT, "%s/%u is number %zu", r->id,
			r->version, p->got);
	p->got++;
	return true;
}

static bool boxes_right(struct fault *f)
{
	static const double sizes[] = {0.04, 0.11, 0.6, 3, 40};
	struct query q = any_query();
	double size = sizes[dice(5)];
	struct page p = {.count = 0};
	size_t n = 0;

	q.boxed = true;
	q.south = 48 + (double)dice(30) * 0.01 - (size > 1 ? 1 : 0);
	q.west = 37 + (double)dice(30) * 0.01 - (size > 1 ? 1 : 0);
	q.north = dice(20) ? q.south + size : 90;
	if (dice(4) == 0) /* through 180, or to it, or from it */
		q.west = 180 - (double)dice(5) * size / 4;
	q.east = q.west + size;
	if (q.east > 180)
		q.east -= 360;
	q.limit = 1 + (size_t)dice(40);
	q.at = dice(2) ? 0 : 1 + dice(logged + 1);
	for (int id = 0; id < IDS; id++) {
		const struct row *r = newest(id, q.at);

		if (r && matches(r, &q))
			p.want[p.count++] = r;
	}
	qsort(p.want, p.count, sizeof *p.want, in_order);
	if (dice(2) && p.count > 2) { /* behind one of them */
		n = 1 + (size_t)dice((int64_t)p.count - 1);
		q.after_from = p.want[n - 1]->from;
		q.after_id = p.want[n - 1]->id;
		p.count -= n;
		memmove(p.want, p.want + n, p.count * sizeof *p.want);
	}
	if (p.count > q.limit)
		p.count = q.limit;
	return engine->find(&store, &q, compare, &p, f) &&
		(p.got == p.count || fault(f, FAULT_INPUT, "%zu of %zu",
			p.got, p.count));
}

/* A replay makes the half of them anew; the rest is swept. */
static bool renew(struct fault *f)
{
	bool was;

	if (!engine->renew(&store, ROW_INCIDENT, f))
		return false;
	for (int id = 0; id < IDS; id++) {
		if (id % 2 && !engine->remade(&store, ROW_INCIDENT,
			names[id], &was, f))
			return false;
		if (id % 2 == 0)
			memset(model[id], 0, sizeof model[id]);
	}
	if (!engine->sweep(&store, ROW_INCIDENT, f))
		return false;
	/* Hours that lost one are to be logged anew; which, it alone knows. */
	for (int id = 0; id < IDS; id++)
		for (uint32_t v = 0; v < VERSIONS; v++)
			if (model[id][v].version) {
				model[id][v].ledger_index = logged++;
				if (!engine->logged(&store, ROW_INCIDENT,
					names[id], v + 1,
					model[id][v].ledger_index,
					&(struct digest){{1}}, f))
					return false;
			}
	return true;
}

int main(void)
{
	char folder[] = "/tmp/truce-cells.XXXXXX", command[64];
	struct fault f = {0};
	int cells = 0, boxes = 0, asked = 0, sound = 0, turns = 0;
	char what[STORE_WHAT] = "";
	bool ok;

	engine = stores[0];
	for (int i = 0; i < IDS; i++)
		snprintf(names[i], sizeof names[i], "i-%05d", i * 7 % IDS);
	if (!mkdtemp(folder) || !engine->open(&store, folder, true, &f))
		return 1;
	ok = true;
	for (int turn = 0; ok && turn < 150; turn++) {
		ok = engine->begin(&store, "t", &f);
		for (int i = 0; ok && i < 30; i++)
			ok = step(&f);
		if (ok && turn % 50 == 49)
			ok = renew(&f);
		ok = ok && engine->commit(&store, NULL, &f);
		turns++;
		if (ok && engine->sound(&store, what, &f) && !what[0])
			sound++;
		else
			printf("# %s %s\n", what, f.text);
		for (int i = 0; ok && i < 20; i++, asked++) {
			f = (struct fault){0};
			cells += cells_right(&f);
			if (f.kind != FAULT_NONE)
				printf("# cells: %s\n", f.text);
			f = (struct fault){0};
			boxes += boxes_right(&f);
			if (f.kind != FAULT_NONE)
				printf("# box: %s\n", f.text);
		}
	}
	CHECK(ok, "what comes and goes %s", f.text);
	CHECK(cells == asked && asked > 0, "%d of %d counts by cells are what "
		"a list gives", cells, asked);
	CHECK(boxes == asked, "%d of %d pages of boxes too", boxes, asked);
	CHECK(sound == turns, "%d of %d times all that rows are found by "
		"follows from them", sound, turns);
	engine->close(&store);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0 ? 1 : check_done();
}
