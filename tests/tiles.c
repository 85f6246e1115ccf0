/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tiles.c - tiles out of MBTiles, good and hostile, and what /map answers. */
#include <sqlite3.h>
#include <string.h>

#include "check.h"
#include "serve/atlas.h"

static const char good[] =
	"CREATE TABLE metadata(name TEXT, value TEXT);"
	"CREATE TABLE tiles(zoom_level INT, tile_column INT, tile_row INT,"
	" tile_data BLOB);"
	"INSERT INTO metadata VALUES('format','pbf'),('maxzoom','2'),"
	"('attribution','Somebody'),('json',"
	"'{\"vector_layers\":[{\"id\":\"land\"},{\"id\":\"x\\\"y\"}]}');"
	"INSERT INTO tiles VALUES(0,0,0,x'1f8b0800'),(2,1,3,'north'),"
	"(2,1,0,'south'),(1,0,0,zeroblob(5000000));";

static char path[] = "/tmp/truce-tiles.XXXXXX";
static struct arena arena;

/* A fresh file of these statements. */
static void make(const char *sql)
{
	sqlite3 *db;

	(void)unlink(path);
	if (sqlite3_open(path, &db) != SQLITE_OK ||
		sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		exit(1);
	(void)sqlite3_close(db);
}

static bool says(const struct atlas *a, const char *url, unsigned status,
	const char *body)
{
	struct wire_response r = {0};

	atlas_tile(a, bytes_of(url), &arena, &r);
	return r.status == status && (!body || bytes_are(r.body, body));
}

static void answers(void)
{
	struct atlas a = {0};
	struct fault f = {0};
	struct wire_response r = {0};
	struct text t = text_in(&arena, 4096);

	make(good);
	CHECK(atlas_add(&a, "m", path, &arena, &f), "a file opens %s", f.text);
	atlas_facts(&a, &t);
	CHECK(strstr(t.at, "\"minzoom\":0,\"maxzoom\":2,\"attribution\":"
		"\"Somebody\",\"layers\":[\"land\",\"x\\\"y\"]"),
		"its facts, the least zoom found among its tiles");
	CHECK(says(&a, "m/2/1/0", 200, "north") &&
		says(&a, "m/2/1/3", 200, "south"),
		"rows are counted from the north, by name from the south");
	CHECK(says(&a, "m/2/0/0", 204, "") && says(&a, "m/2/4/0", 204, "") &&
		says(&a, "m/22/9999999/9999999", 204, ""),
		"where there is none: nothing");
	CHECK(says(&a, "m/1/0/1", 503, NULL), "a tile too long is refused");
	atlas_tile(&a, bytes_of("m/0/0/0"), &arena, &r);
	CHECK(r.status == 200 && r.encoding &&
		strcmp(r.encoding, "gzip") == 0, "gzip is said");
	static const char *const bad[] = {"", "m", "m/1/2", "m/1/2/3/4",
		"n/1/1/1", "m/-1/0/0", "m/23/0/0", "m/1//1", "m/a/1/1",
		"m/1/1/1x", "m/99999999999999999999/1/1"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK_QUIET(says(&a, bad[i], 404, NULL), "'%s'", bad[i]);
	CHECK(true, "11 other paths are not there");
	for (size_t i = 1; i < ATLAS_SHEETS; i++)
		CHECK_QUIET(atlas_add(&a, "n", path, &arena, &f), "%s", f.text);
	CHECK(!atlas_add(&a, "n", path, &arena, &f) && f.kind == FAULT_LIMIT,
		"a ninth file is too many");
	atlas_close(&a);
}

static void refused(const char *what, const char *sql)
{
	struct atlas a = {0};
	struct fault f = {0};

	make(sql);
	CHECK(!atlas_add(&a, "m", path, &arena, &f) && f.kind == FAULT_INPUT &&
		strstr(f.text, path), "%s: %s", what, f.text + sizeof path);
}

static void hostile(void)
{
	static const char endless[] =
		"CREATE TABLE metadata(name TEXT, value TEXT);"
		"INSERT INTO metadata VALUES('format','png'),('minzoom','0'),"
		"('maxzoom','3');"
		"CREATE VIEW tiles AS WITH RECURSIVE n(i) AS (SELECT 1 UNION "
		"ALL SELECT i+1 FROM n) SELECT 0 AS zoom_level, 0 AS "
		"tile_column, -i AS tile_row, x'00' AS tile_data FROM n;";
	struct atlas a = {0};
	struct fault f = {0};
	FILE *file;

	refused("no table", "CREATE TABLE t(a);");
	refused("no format", "CREATE TABLE metadata(name, value);"
		"CREATE TABLE tiles(zoom_level);");
	refused("a foreign format", "CREATE TABLE metadata(name, value);"
		"INSERT INTO metadata VALUES('format','html');");
	refused("a zoom", "CREATE TABLE metadata(name, value);"
		"INSERT INTO metadata VALUES('format','png'),"
		"('minzoom','-1');");
	make(endless);
	CHECK(atlas_add(&a, "m", path, &arena, &f) &&
		says(&a, "m/0/0/0", 503, NULL),
		"a view without end is given up");
	atlas_close(&a);
	(void)unlink(path);
	CHECK(!atlas_add(&a, "m", path, &arena, &f) &&
		f.kind == FAULT_INPUT, "no file: %s", f.text + sizeof path);
	file = fopen(path, "w");
	if (!file || fputs("this is no database, but long enough to be read as "
		"the head of one, were it one; so it goes on for a while yet",
		file) < 0 || fclose(file) != 0)
		exit(1);
	CHECK(!atlas_add(&a, "m", path, &arena, &f) && f.kind == FAULT_INPUT,
		"no database: %s", f.text + sizeof path);
}

int main(void)
{
	struct fault f = {0};
	int fd = mkstemp(path);

	if (fd < 0 || close(fd) < 0 || !arena_map(&arena, 64 << 20, &f))
		return 1;
	answers();
	hostile();
	(void)unlink(path);
	arena_unmap(&arena);
	return check_done();
}
