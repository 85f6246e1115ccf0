/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/tiles.h"

#include <sqlite3.h>

#include "base/csv.h"

/* Steps of SQLite's machine in one answer: a tile found by the key takes some
 * dozens, one found by reading 100,000 rows a million. */
enum { STEPS = 1000, STEPS_TIMES = 20000 };

struct tiles {
	sqlite3 *db;
};

static int enough(void *times)
{
	return ++*(int *)times > STEPS_TIMES;
}

static bool no(sqlite3 *db, struct fault *f)
{
	return fault(f, FAULT_INPUT, "not to be read as MBTiles: %s",
		sqlite3_errmsg(db));
}

static const char *value_of(
	sqlite3 *db, const char *name, struct arena *a, struct fault *f)
{
	const char *found = "";
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, "SELECT value FROM metadata WHERE name = ?1",
		-1, &s, NULL) != SQLITE_OK) {
		(void)no(db, f);
		return NULL;
	}
	(void)sqlite3_bind_text(s, 1, name, -1, SQLITE_STATIC);
	if (sqlite3_step(s) == SQLITE_ROW && sqlite3_column_text(s, 0))
		found = (const char *)sqlite3_column_text(s, 0);
	found = arena_text(a, bytes_of(found), f);
	(void)sqlite3_finalize(s);
	return found;
}

static bool zoom(sqlite3 *db, const char *name, const char *extreme,
	struct arena *a, int *out, struct fault *f)
{
	const char *said = value_of(db, name, a, f);
	sqlite3_stmt *s;
	int64_t n = -1;
	struct fault why;

	if (!said)
		return false;
	if (!*said) {
		if (sqlite3_prepare_v2(db, extreme, -1, &s, NULL) != SQLITE_OK)
			return no(db, f);
		if (sqlite3_step(s) == SQLITE_ROW)
			n = sqlite3_column_int64(s, 0);
		(void)sqlite3_finalize(s);
	} else if (!integer_read(bytes_of(said), &n, &why)) {
		n = -1;
	}
	if (n < 0 || n > TILES_ZOOM)
		return fault(f, FAULT_INPUT, "%s is '%s', wants 0 to %d", name,
			said, TILES_ZOOM);
	*out = (int)n;
	return true;
}

static bool facts(
	sqlite3 *db, struct arena *a, struct tiles_facts *t, struct fault *f)
{
	static const char *const formats[] = {"pbf", "png", "jpg", "webp"};

	t->format = value_of(db, "format", a, f);
	t->attribution = t->format ? value_of(db, "attribution", a, f) : NULL;
	t->layers = t->attribution ? value_of(db, "json", a, f) : NULL;
	if (!t->layers)
		return false;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(t->format, formats[i]) == 0)
			return zoom(db, "minzoom", "SELECT min(zoom_level) "
				"FROM tiles", a, &t->zoom_min, f) &&
			zoom(db, "maxzoom", "SELECT max(zoom_level) "
				"FROM tiles", a, &t->zoom_max, f);
	return fault(f, FAULT_INPUT,
		"its format is '%s', wants pbf, png, jpg or webp", t->format);
}

bool tiles_open(const char *path, struct arena *a, struct tiles **out,
	struct tiles_facts *t, struct fault *f)
{
	struct tiles *tiles = arena_array(a, 1, sizeof *tiles, f);
	int off = 0, times = 0;
	bool ok;

	*out = NULL;
	if (!tiles)
		return false;
	*tiles = (struct tiles){0};
	if (sqlite3_open_v2(path, &tiles->db, SQLITE_OPEN_READONLY |
		SQLITE_OPEN_FULLMUTEX, NULL) != SQLITE_OK) {
		(void)no(tiles->db, f);
		tiles_close(tiles);
		return fault_in(f, "%s", path);
	}
	/* Its schema may name views and functions of anybody's choice. */
	(void)sqlite3_db_config(
		tiles->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, &off);
	(void)sqlite3_db_config(tiles->db, SQLITE_DBCONFIG_DEFENSIVE, 1, &off);
	(void)sqlite3_limit(tiles->db, SQLITE_LIMIT_LENGTH, 16 << 20);
	sqlite3_progress_handler(tiles->db, STEPS, enough, &times);
	ok = facts(tiles->db, a, t, f);
	sqlite3_progress_handler(tiles->db, 0, NULL, NULL);
	if (!ok) {
		tiles_close(tiles);
		return fault_in(f, "%s", path);
	}
	*out = tiles;
	return true;
}

void tiles_close(struct tiles *t)
{
	if (t && t->db)
		(void)sqlite3_close(t->db);
}

static bool found(struct tiles *t, sqlite3_stmt *s, struct arena *a,
	struct bytes *out, struct fault *f)
{
	int rc = sqlite3_step(s);
	struct bytes b;

	*out = (struct bytes){0};
	if (rc == SQLITE_DONE)
		return true;
	if (rc != SQLITE_ROW)
		return no(t->db, f);
	b = (struct bytes){sqlite3_column_blob(s, 0),
		(size_t)sqlite3_column_bytes(s, 0)};
	if (b.len > TILE_BYTES)
		return fault(f, FAULT_INPUT, "a tile of %zu bytes, at most %d",
			b.len, TILE_BYTES);
	if (b.len > 0) {
		uint8_t *at = arena_room(a, b.len, f);

		if (!at)
			return false;
		memcpy(at, b.at, b.len);
		*out = (struct bytes){at, b.len};
	}
	return true;
}

bool tiles_get(struct tiles *t, int level, uint32_t x, uint32_t y,
	struct arena *a, struct bytes *out, struct fault *f)
{
	sqlite3_stmt *s;
	int times = 0;
	bool ok;

	*out = (struct bytes){0};
	if (level < 0 || level > TILES_ZOOM || x >> level || y >> level)
		return true;
	/* Held throughout, so that nobody else's bound is set in between. */
	sqlite3_mutex_enter(sqlite3_db_mutex(t->db));
	sqlite3_progress_handler(t->db, STEPS, enough, &times);
	if (sqlite3_prepare_v2(t->db, "SELECT tile_data FROM tiles WHERE "
		"zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3", -1,
		&s, NULL) == SQLITE_OK) {
		(void)sqlite3_bind_int(s, 1, level);
		(void)sqlite3_bind_int64(s, 2, x);
		(void)sqlite3_bind_int64(s, 3,
			((INT64_C(1) << level) - 1) - (int64_t)y);
		ok = found(t, s, a, out, f);
		(void)sqlite3_finalize(s);
	} else {
		ok = no(t->db, f);
	}
	sqlite3_progress_handler(t->db, 0, NULL, NULL);
	sqlite3_mutex_leave(sqlite3_db_mutex(t->db));
	return ok;
}
