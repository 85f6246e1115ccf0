/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * words.c - what the index says in SQL of its own: the folded words by which a
 * row is found, and the cell of the Web Mercator grid it lies in. */
#include <math.h>

#include "base/arena.h"
#include "model/fold.h"
#include "store/index.h"

enum { WORDS = 4096 };

/* The text behind `key` in a body of ours, without its escapes: they fold to
 * blanks or, of \u, to letters that nobody looks for. */
static void add(struct bytes body, const char *key, struct text *t)
{
	size_t n = strlen(key), end;
	const uint8_t *at = memmem(body.at, body.len, key, n);
	struct bytes v;

	if (!at)
		return;
	v = bytes_part(body, (size_t)(at - body.at) + n, body.len);
	for (end = 0; end < v.len && v.at[end] != '"'; end++)
		if (v.at[end] == '\\')
			end++;
	if (end > WORDS / 4)
		end = WORDS / 4;
	fold(bytes_part(v, 0, end), t);
	text_char(t, ' ');
}

static void words_of(sqlite3_context *c, int n, sqlite3_value **v)
{
	static const struct {
		enum row_type type;
		const char *key;
	} keys[] = {{ROW_INCIDENT, "\"phrase\":\""},
		{ROW_INCIDENT, "\"place_name\":\""},
		{ROW_INCIDENT, "\"weapon\":\""},
		{ROW_ACTIVITY, "\"text\":\""}, {ROW_ACTIVITY, "\"what\":\""},
		{ROW_ACTIVITY, "\"place_name\":\""},
		{ROW_CLAIM, "\"says\":\""}, {ROW_OBLIGATION, "\"pledge\":\""},
		{ROW_OBLIGATION, "\"actor\":\""}};
	char at[WORDS];
	struct text t = text_on(at, sizeof at);
	enum row_type type = (enum row_type)sqlite3_value_int(v[0]);
	const char *kind = (const char *)sqlite3_value_text(v[1]);
	struct bytes body = {sqlite3_value_blob(v[2]),
		(size_t)sqlite3_value_bytes(v[2])};

	(void)n;
	for (size_t i = 0; body.at && i < sizeof keys / sizeof *keys; i++)
		if (keys[i].type == type)
			add(body, keys[i].key, &t);
	if (kind)
		fold(bytes_of(kind), &t);
	sqlite3_result_text(c, at, (int)t.len, SQLITE_TRANSIENT);
}

/* [0, 2^bits) of a share of the world; what lies beyond, at its edge. */
static int64_t cell(double share, int bits)
{
	int64_t n = INT64_C(1) << bits;
	int64_t i = (int64_t)floor(share * (double)n);

	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

void store_cell_of(int32_t lat_e7, int32_t lon_e7, int bits, int64_t *x,
	int64_t *y)
{
	const double pi = 3.14159265358979323846;
	double lat = lat_e7 * 1e-7 * pi / 180, most = 85.06 * pi / 180;
	double share = lon_e7 / 3.6e9 + 0.5;

	*x = *y = -1;
	if (lat_e7 == INT32_MIN || lon_e7 == INT32_MIN)
		return;
	lat = lat > most ? most : lat < -most ? -most : lat;
	*x = cell(share - floor(share), bits);
	*y = cell(0.5 - asinh(tan(lat)) / (2 * pi), bits);
}

/* x << 32 | y; -1: nowhere. */
static void mercator(sqlite3_context *c, int n, sqlite3_value **v)
{
	int64_t x, y;

	(void)n;
	store_cell_of(sqlite3_value_int(v[0]), sqlite3_value_int(v[1]),
		sqlite3_value_int(v[2]), &x, &y);
	sqlite3_result_int64(c, x < 0 ? -1 : x << 32 | y);
}

static void cell_of(sqlite3_context *c, int n, sqlite3_value **v)
{
	(void)n;
	sqlite3_result_int64(c, index_cell(sqlite3_value_int64(v[0]),
		sqlite3_value_int64(v[1]), sqlite3_value_int(v[2])));
}

bool index_functions(struct index *x, struct fault *f)
{
	static const struct {
		const char *name;
		void (*call)(sqlite3_context *, int, sqlite3_value **);
	} functions[] = {{"words_of", words_of}, {"mercator", mercator},
		{"cell_of", cell_of}};

	for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
		if (sqlite3_create_function_v2(x->db, functions[i].name, 3,
			SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
			NULL, functions[i].call, NULL, NULL, NULL) !=
			SQLITE_OK)
			return index_no(x, "functions", f);
	return true;
}
