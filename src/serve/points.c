/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/points.h"

#include "base/csv.h"
#include "model/words.h"

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
	if (g->api->revise && !g->api->revise(g->reviews, &row, g->work, f))
		return false;
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

bool points_write(const struct api *api, const struct query *asked,
	struct arena *a, struct bytes *out, struct fault *f)
{
	struct query q = *asked;
	struct arena work;
	struct gathering g = {.api = api, .work = &work};
	int64_t newest;
	uint8_t *at;
	bool ok;

	q.limit = POINTS_MAX + 1;
	g.row = arena_room(a, (POINTS_MAX + 1) * sizeof *g.row, f);
	if (!g.row || !arena_map(&work, API_BYTES, f))
		return false;
	ok = api->store->engine->newest(api->store, &newest, f) &&
		api_reviews(api, a, &g.reviews, f) &&
		api->store->engine->find(api->store, &q, gather, &g, f);
	arena_unmap(&work);
	if (!ok)
		return false;
	at = arena_take(a, 4096 + g.count * 24, f);
	if (!at)
		return false;
	write_columns(&g, newest, at, out);
	return true;
}
