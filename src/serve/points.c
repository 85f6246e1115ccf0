/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/points.h"

#include "base/csv.h"
#include "model/words.h"
#include "serve/level.h"

#define NS INT64_C(1000000000)

static const struct {
	char name[9];
	uint8_t is_signed, width;
	int16_t exponent;
} columns[] = {
	{"id", 0, 4, 0}, {"t", 0, 4, 0}, {"d", 0, 4, 0},
	{"lon", 1, 4, -7}, {"lat", 1, 4, -7}, {"err", 0, 2, 1},
	{"kind", 0, 1, 0}, {"state", 0, 1, 0}, {"n", 0, 2, 0},
	{"nq", 0, 1, 0},
};

enum {
	COLUMN_COUNT = sizeof columns / sizeof *columns,
	HEAD = 40, COLUMN_HEAD = 24,
};

struct point_row {
	uint32_t id;
	int64_t t_s; /* since 1970, cut down */
	uint32_t d;
	int32_t lon, lat;
	uint16_t err, n;
	uint8_t kind, state, nq;
};

struct gathering {
	const struct api *api;
	struct arena *work;
	struct bytes reviews;
	const char *status; /* looked for in what people made of them */
	struct point_row *row;
	size_t count;
	bool cut;
};

/* CRC-32 of IEEE 802.3, as zlib and PNG have it, four bits at a time. */
static uint32_t crc32_of(struct bytes b)
{
	static const uint32_t step[16] = {0x00000000, 0x1db71064, 0x3b6e20c8,
		0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c,
		0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0,
		0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
	uint32_t crc = 0xffffffff;

	for (size_t i = 0; i < b.len; i++) {
		crc ^= b.at[i];
		crc = step[crc & 15] ^ crc >> 4;
		crc = step[crc & 15] ^ crc >> 4;
	}
	return ~crc;
}

/* The value that follows `key` in a body of ours: a number, or the text
 * between quotes; empty: none.  Bodies are written by incident.c, whose keys
 * stand where they stand; reading the whole tree costs forty times more. */
static struct bytes value_of(struct bytes body, const char *key)
{
	size_t n = strlen(key), end;
	const uint8_t *at = memmem(body.at, body.len, key, n);
	struct bytes v;

	if (!at)
		return (struct bytes){0};
	v = bytes_part(body, (size_t)(at - body.at) + n, 64);
	if (v.len > 0 && v.at[0] == '"')
		v = bytes_part(v, 1, v.len);
	for (end = 0; end < v.len; end++)
		if (strchr(",}]\"", v.at[end]))
			break;
	return bytes_part(v, 0, end);
}

static uint16_t small(struct bytes text, double unit)
{
	struct fault f;
	double v;

	if (text.len == 0 || !number_read(text, &v, &f) || !(v >= 0) ||
		v / unit + 0.5 >= 65535)
		return 65535;
	return (uint16_t)(v / unit + 0.5);
}

static uint8_t number_of(int named)
{
	return named < 0 ? 255 : (uint8_t)named;
}

/* Whole seconds from its begin, cut down, to its end, rounded up: so that a
 * window of whole seconds touches it here as it does in the index. */
static uint32_t lasts(const struct row *r)
{
	int64_t end;

	if (!instant_known(r->to))
		return UINT32_MAX;
	if (r->to.utc_ns == r->from.utc_ns)
		return 0;
	end = (r->to.utc_ns + NS - 1) / NS - r->from.utc_ns / NS;
	return end < UINT32_MAX ? (uint32_t)end : UINT32_MAX;
}

static bool gather(void *self, const struct row *given, struct fault *f)
{
	struct gathering *g = self;
	struct row row = *given;
	struct point_row *p = &g->row[g->count];
	char word[32];
	struct text t = text_on(word, sizeof word);
	struct bytes count;

	if (!instant_known(row.from))
		return true;
	if (g->count == POINTS_MAX) {
		g->cut = true;
		f->kind = FAULT_NONE;
		return false;
	}
	g->work->used = 0;
	if (!level_row(g->api, g->reviews, &row, g->work, f))
		return false;
	if (g->status && strcmp(g->status, row.status) != 0)
		return true;
	count = memmem(row.body.at, row.body.len, "\"count\":{", 9)
		? row.body : (struct bytes){0};
	*p = (struct point_row){
		.id = row.ledger_index < 0 || row.ledger_index > UINT32_MAX
			? UINT32_MAX : (uint32_t)row.ledger_index,
		.t_s = row.from.utc_ns / NS, .d = lasts(&row),
		.lon = row.lon_e7, .lat = row.lat_e7,
		.err = small(value_of(row.body, "\"semi_major_m\":"), 10),
		.n = small(value_of(count, "\"value\":"), 1),
		.kind = number_of(kind_named(row.kind)),
		.state = number_of(status_named(row.status)),
	};
	text_bytes(&t, value_of(count, "\"meaning\":"));
	p->nq = number_of(count_meaning_named(word));
	g->count++;
	return true;
}

/* One number of a column. */
static uint64_t cell(const struct point_row *p, int column, int64_t t0_s)
{
	switch (column) {
	case 0: return p->id;
	case 1: return (uint64_t)(p->t_s - t0_s);
	case 2: return p->d;
	case 3: return (uint32_t)p->lon;
	case 4: return (uint32_t)p->lat;
	case 5: return p->err;
	case 6: return p->kind;
	case 7: return p->state;
	case 8: return p->n;
	default: return p->nq;
	}
}

static void write_columns(const struct gathering *g, int64_t newest,
	uint8_t *at, struct bytes *out)
{
	int64_t t0 = g->count ? g->row[0].t_s : 0;
	size_t head = HEAD + COLUMN_COUNT * COLUMN_HEAD, pos = (head + 7) & ~7u;

	memcpy(at, "TRUCECL1", 8);
	put_le(at + 8, head, 4);
	put_le(at + 12, g->count, 4);
	put_le(at + 16, (uint64_t)t0 * 1000, 8);
	put_le(at + 24, (uint64_t)(newest + 1), 8);
	put_le(at + 32, COLUMN_COUNT, 4);
	put_le(at + 36, 1u | (g->cut ? 4u : 0u), 4);
	for (int c = 0; c < COLUMN_COUNT; c++) {
		uint8_t *h = at + HEAD + c * COLUMN_HEAD;
		size_t w = columns[c].width, n = w * g->count;

		for (size_t i = 0; i < g->count; i++)
			put_le(at + pos + i * w, cell(&g->row[i], c, t0), w);
		memcpy(h, columns[c].name, 8);
		h[8] = columns[c].is_signed;
		h[9] = columns[c].width;
		put_le(h + 10, (uint16_t)columns[c].exponent, 2);
		put_le(h + 12, pos, 4);
		put_le(h + 16, n, 4);
		put_le(h + 20, crc32_of((struct bytes){at + pos, n}), 4);
		pos = (pos + n + 7) & ~(size_t)7;
	}
	*out = (struct bytes){at, pos};
}

/* The rows of a query as lists show them. */
static bool gather_all(const struct api *api, const struct query *asked,
	struct gathering *g, int64_t *newest, struct arena *a,
	struct fault *f)
{
	struct query q = *asked;
	struct arena work;
	bool ok;

	q.limit = POINTS_MAX + 1;
	*g = (struct gathering){.api = api, .work = &work};
	g->row = arena_room(a, (POINTS_MAX + 1) * sizeof *g->row, f);
	if (!g->row || !arena_map(&work, API_BYTES, f))
		return false;
	ok = api->store->engine->newest(api->store, newest, f) &&
		api_reviews(api, a, &g->reviews, f);
	if (ok && g->reviews.len > 0 && q.status) {
		g->status = q.status; /* the index has the machine's word */
		q.status = NULL;
		q.limit = 0;
	}
	ok = ok && api->store->engine->find(api->store, &q, gather, g, f);
	arena_unmap(&work);
	return ok;
}

bool points_write(const struct api *api, const struct query *asked,
	struct arena *a, struct bytes *out, struct fault *f)
{
	struct gathering g;
	int64_t newest;
	uint8_t *at;

	if (!gather_all(api, asked, &g, &newest, a, f))
		return false;
	at = arena_take(a, 4096 + g.count * 24, f);
	if (!at)
		return false;
	write_columns(&g, newest, at, out);
	return true;
}

/* -- cells -- */

enum { CELL_COLUMNS = 6, CELLS_MAX = 200000 };

struct cell_row {
	int64_t x, y;
	uint32_t n, by_kind[KIND_COUNT];
	int64_t newest_s;
};

struct counting {
	struct cell_row *row;
	size_t count;
	struct arena *arena;
	bool seen[KIND_COUNT];
	int64_t first_s;
};

static bool add_cell(void *self, const struct store_cell *c, struct fault *f)
{
	struct counting *k = self;
	struct cell_row *r = k->count ? &k->row[k->count - 1] : NULL;
	int kind = kind_named(c->kind);
	int64_t s = c->newest.utc_ns / NS;

	/* Cells come together, kind by kind. */
	if (!r || r->x != c->x || r->y != c->y) {
		if (k->count == CELLS_MAX)
			return fault(f, FAULT_LIMIT, "too many cells");
		r = &k->row[k->count++];
		*r = (struct cell_row){.x = c->x, .y = c->y, .newest_s = s};
	}
	r->n += (uint32_t)c->count;
	if (kind >= 0) {
		r->by_kind[kind] += (uint32_t)c->count;
		k->seen[kind] = true;
	}
	if (s > r->newest_s)
		r->newest_s = s;
	if (k->first_s == INT64_MIN || s < k->first_s)
		k->first_s = s;
	return true;
}

/* Centre of a cell, 1e-7 degree; longitude and latitude. */
static int32_t lon_of(int64_t x, int bits)
{
	return x < 0 ? INT32_MIN : (int32_t)llround(
		(((double)x + 0.5) / (double)(INT64_C(1) << bits) - 0.5) *
		3.6e9);
}

static int32_t lat_of(int64_t y, int bits)
{
	double pi = 3.14159265358979323846;
	double share = ((double)y + 0.5) / (double)(INT64_C(1) << bits);

	return y < 0 ? INT32_MIN : (int32_t)llround(
		atan(sinh(pi * (1 - 2 * share))) * 180 / pi * 1e7);
}

static uint32_t cell_value(
	const struct cell_row *r, int column, int bits, int64_t t0_s)
{
	switch (column) {
	case 0: return (uint32_t)r->x;
	case 1: return (uint32_t)r->y;
	case 2: return r->n;
	case 3: return (uint32_t)(r->newest_s - t0_s);
	case 4: return (uint32_t)lon_of(r->x, bits);
	case 5: return (uint32_t)lat_of(r->y, bits);
	default: return r->by_kind[column - CELL_COLUMNS];
	}
}

static void write_cells(const struct counting *k, int bits, int64_t newest,
	uint8_t *at, struct bytes *out)
{
	static const char *const names[] = {"x", "y", "n", "t", "lon", "lat"};
	int64_t t0 = k->count ? k->first_s : 0;
	int column[CELL_COLUMNS + KIND_COUNT];
	size_t used = 0, head, pos;

	for (int c = 0; c < CELL_COLUMNS + KIND_COUNT; c++)
		if (c < CELL_COLUMNS || k->seen[c - CELL_COLUMNS])
			column[used++] = c;
	head = HEAD + used * COLUMN_HEAD;
	pos = (head + 7) & ~(size_t)7;
	memcpy(at, "TRUCECL1", 8);
	put_le(at + 8, head, 4);
	put_le(at + 12, k->count, 4);
	put_le(at + 16, (uint64_t)t0 * 1000, 8);
	put_le(at + 24, (uint64_t)(newest + 1), 8);
	put_le(at + 32, used, 4);
	put_le(at + 36, POINTS_CELLS, 4);
	for (size_t i = 0; i < used; i++) {
		uint8_t *h = at + HEAD + i * COLUMN_HEAD;
		int c = column[i];
		bool place = c == 4 || c == 5;
		char name[16];
		struct text t = text_on(name, sizeof name);

		if (c < CELL_COLUMNS)
			text_add(&t, names[c]);
		else
			text_fmt(&t, "k%02d", c - CELL_COLUMNS);
		for (size_t row = 0; row < k->count; row++)
			put_le(at + pos + 4 * row, cell_value(&k->row[row], c,
				bits, t0), 4);
		memset(h, 0, COLUMN_HEAD);
		memcpy(h, name, t.len);
		h[8] = place;
		h[9] = 4;
		put_le(h + 10, (uint16_t)(place ? -7 : 0), 2);
		put_le(h + 12, pos, 4);
		put_le(h + 16, 4 * k->count, 4);
		put_le(h + 20, crc32_of((struct bytes){at + pos,
			4 * k->count}), 4);
		pos = (pos + 4 * k->count + 7) & ~(size_t)7;
	}
	*out = (struct bytes){at, pos};
}

static int by_cell(const void *a, const void *b)
{
	const struct cell_row *x = a, *y = b;

	if (x->x != y->x)
		return x->x < y->x ? -1 : 1;
	return (x->y > y->y) - (x->y < y->y);
}

/* By what people said of them, which the index does not know: one by one. */
static bool count_rows(const struct api *api, const struct query *q, int bits,
	struct counting *k, struct arena *a, struct fault *f)
{
	struct gathering g;
	struct cell_row *one;
	int64_t newest;

	if (!gather_all(api, q, &g, &newest, a, f))
		return false;
	one = arena_array(a, g.count + 1, sizeof *one, f);
	for (size_t i = 0; one && i < g.count; i++) {
		const struct point_row *p = &g.row[i];

		store_cell_of(p->lat, p->lon, bits, &one[i].x, &one[i].y);
		one[i].by_kind[0] = p->kind;
		one[i].newest_s = p->t_s;
	}
	if (!one)
		return false;
	if (g.count > 1)
		qsort(one, g.count, sizeof *one, by_cell);
	for (size_t i = 0; i < g.count; i++) {
		struct store_cell c = {one[i].x, one[i].y, "", 1,
			{one[i].newest_s * NS}};
		const char *kind = one[i].by_kind[0] < KIND_COUNT
			? kind_name((enum kind)one[i].by_kind[0]) : "";

		c.kind = kind;
		if (!add_cell(k, &c, f))
			return false;
	}
	return true;
}

static bool by_people(const struct api *api, const struct query *q,
	struct arena *a, bool *is, struct fault *f)
{
	struct bytes reviews = {0};

	if (q->status && !api_reviews(api, a, &reviews, f))
		return false;
	*is = reviews.len > 0;
	return true;
}

bool points_cells(const struct api *api, const struct query *asked, int zoom,
	struct arena *a, struct bytes *out, struct fault *f)
{
	struct query q = *asked;
	struct counting k = {.arena = a, .first_s = INT64_MIN};
	int bits = zoom + POINTS_CELL_BITS;
	int64_t newest;
	uint8_t *at;
	bool slow;

	q.limit = 0;
	q.after_id = NULL;
	k.row = arena_room(a, CELLS_MAX * sizeof *k.row, f);
	if (!k.row || !api->store->engine->newest(api->store, &newest, f) ||
		!by_people(api, &q, a, &slow, f) ||
		!(slow ? count_rows(api, &q, bits, &k, a, f)
			: api->store->engine->cells(api->store, &q, bits,
				add_cell, &k, f)))
		return false;
	at = arena_take(a, 4096 + k.count * 4 * (CELL_COLUMNS + KIND_COUNT) +
		8 * (CELL_COLUMNS + KIND_COUNT), f);
	if (!at)
		return false;
	write_cells(&k, bits, newest, at, out);
	return true;
}
