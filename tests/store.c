/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One conformance suite for every store engine: it takes the table of engines
 * and knows none (SCALE.md 12). */
#include "store/store.h"

#include "base/text.h"
#include "check.h"

#include <math.h>
#include <pthread.h>
#include <sys/wait.h>

#define MS INT64_C(1000000)
#define UNKNOWN_PLACE INT32_MIN

static const struct store_engine *engine;
static char folder[64];

static struct row row(enum row_type type, const char *id, int64_t at,
	const char *body)
{
	return (struct row){.type = type, .id = id, .from = {at}, .to = {at},
		.lat_e7 = UNKNOWN_PLACE, .lon_e7 = UNKNOWN_PLACE, .kind = "",
		.status = "", .source = "", .body = bytes_of(body),
		.ledger_index = -1};
}

static struct store open_store(bool writable)
{
	struct store s = {0};
	struct fault f = {0};

	if (!engine->open(&s, folder, writable, &f)) {
		CHECK(false, "open: %s", f.text);
		exit(1);
	}
	return s;
}

static bool put(struct store *s, struct row r, bool *fresh, struct fault *f)
{
	return engine->put(s, &r, fresh, f);
}

static bool begin(struct store *s, struct fault *f)
{
	return engine->begin(s, "test", f);
}

static void wipe(struct store *s)
{
	static const enum row_type all[] = {ROW_DETECTION, ROW_INCIDENT,
		ROW_LOOK, ROW_OBSERVATION, ROW_SEGMENT};
	struct fault f = {0};
	struct span ever = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (!engine->forget(s, all[i], ever, &f))
			CHECK(false, "forget: %s", f.text);
}

/* Ids that a query gives, joined by commas, with versions above 1. */
struct got {
	char at[4096];
	struct text text;
	size_t n, stop;
};

static bool take(void *self, const struct row *r, struct fault *f)
{
	struct got *g = self;

	(void)f;
	if (g->stop && g->n == g->stop)
		return false;
	text_fmt(&g->text, "%s%s", g->n++ ? "," : "", r->id);
	if (r->version > 1)
		text_fmt(&g->text, "/%u", r->version);
	return true;
}

static const char *find(struct store *s, struct query q)
{
	static struct got g;
	struct fault f = {0};
	uint64_t n;

	if (q.span.from.utc_ns == 0 && q.span.to.utc_ns == 0) /* not given */
		q.span = (struct span){INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	g.n = g.stop = 0;
	g.text = text_on(g.at, sizeof g.at);
	if (!engine->find(s, &q, take, &g, &f) ||
		!engine->count(s, &q, &n, &f))
		return f.text[0] ? "fault" : "?";
	return n == g.n ? g.at : "count differs";
}

#define FINDS(s, want, ...)                                                   \
	do {                                                                  \
		const char *got_ = find(s, (struct query){                    \
			__VA_ARGS__});                                        \
		CHECK(strcmp(got_, want) == 0, "%s: '%s' for " #__VA_ARGS__,  \
			engine->name, got_);                                  \
	} while (0)

static void test_put(void)
{
	struct store s = open_store(true);
	struct fault f = {0};
	struct row r = row(ROW_DETECTION, "d-1", 5 * MS, "{\"a\":1}"), o;
	bool fresh;

	CHECK(!put(&s, r, &fresh, &f), "put before begin: %s", f.text);
	CHECK(begin(&s, &f) && put(&s, r, &fresh, &f) && fresh, "put");
	CHECK(put(&s, r, &fresh, &f) && !fresh, "put twice: nothing to do");
	o = r;
	o.body = bytes_of("{\"a\":2}");
	CHECK(!put(&s, o, &fresh, &f) && f.kind == FAULT_INPUT,
		"other bytes: %s", f.text);
	o = r;
	o.from.utc_ns++;
	CHECK(!put(&s, o, &fresh, &f), "another time is other bytes");
	o = r;
	o.status = "x";
	CHECK(!put(&s, o, &fresh, &f), "another status too");
	o = r;
	o.version = 1;
	CHECK(put(&s, o, &fresh, &f) && fresh, "another version is another");
	o = r;
	o.type = ROW_INCIDENT;
	CHECK(put(&s, o, &fresh, &f) && fresh, "another type is another");
	o = r;
	o.body = bytes_of("new");
	CHECK(engine->replace(&s, &o, &f) && put(&s, o, &fresh, &f) && !fresh,
		"replace");
	CHECK(engine->commit(&s, NULL, &f), "commit: %s", f.text);
	engine->close(&s);
	s = open_store(false);
	FINDS(&s, "d-1,d-1", .type = ROW_DETECTION, .all_versions = true);
	FINDS(&s, "d-1", .type = ROW_DETECTION);
	CHECK(!begin(&s, &f), "a reader cannot begin: %s", f.text);
	engine->close(&s);
}

static void test_commit(void)
{
	struct store s = open_store(true);
	struct cursor c = {.log_id = "0123456789abcde", .sequence = 42}, got;
	struct fault f = {0};
	bool fresh, known;

	wipe(&s);
	CHECK(engine->cursor(&s, "test", &got, &known, &f) && !known,
		"no cursor at first");
	CHECK(begin(&s, &f) && put(&s, row(ROW_DETECTION, "d-a", MS, "1"),
			&fresh, &f) && engine->commit(&s, &c, &f) &&
			engine->cursor(&s, "test", &got, &known, &f) &&
			known && got.sequence == 42 &&
			memcmp(got.log_id, c.log_id, 16) == 0,
		"cursor and outputs");
	c.sequence = 43;
	CHECK(begin(&s, &f) && put(&s, row(ROW_DETECTION, "d-b", MS, "1"),
			&fresh, &f), "begun");
	engine->rollback(&s);
	FINDS(&s, "d-a", .type = ROW_DETECTION);
	CHECK(engine->cursor(&s, "test", &got, &known, &f) &&
			got.sequence == 42, "rolled back, both");
	CHECK(engine->cursor(&s, "other", &got, &known, &f) && !known,
		"a cursor for each role");
	CHECK(!engine->commit(&s, &c, &f), "commit before begin");
	engine->close(&s);
	/* The process dies with work begun. */
	pid_t pid = fork();

	if (pid == 0) {
		s = open_store(true);
		if (begin(&s, &f) && put(&s, row(ROW_DETECTION, "d-c", MS,
			"1"), &fresh, &f))
			_exit(7);
		_exit(1);
	}
	int status = 0;

	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) &&
			WEXITSTATUS(status) == 7, "a writer that dies");
	s = open_store(true);
	FINDS(&s, "d-a", .type = ROW_DETECTION);
	struct store second;

	CHECK(!engine->open(&second, folder, true, &f) &&
			f.kind == FAULT_SYSTEM, "one writer: %s", f.text);
	engine->close(&s);
}

static void test_order(void)
{
	static const char *const id[] = {"c", "a", "b", "e", "d"};
	static const int64_t at[] = {3, 3, 3, 1, 9};
	struct store s = open_store(true);
	struct fault f = {0};
	struct got g = {.stop = 2};
	bool fresh, ok = begin(&s, &f);

	wipe(&s);
	for (size_t i = 0; ok && i < 5; i++)
		ok = put(&s, row(ROW_DETECTION, id[i], at[i] * MS, "x"),
			&fresh, &f);
	for (uint32_t v = 1; ok && v < 4; v++) {
		struct row r = row(ROW_INCIDENT, "i", (10 - v) * MS, "x");

		r.version = v;
		ok = put(&s, r, &fresh, &f);
	}
	ok = ok && put(&s, row(ROW_DETECTION, "u", INT64_MIN, "x"), &fresh,
		&f) && engine->commit(&s, NULL, &f);
	CHECK(ok, "rows in any order: %s", f.text);
	FINDS(&s, "u,e,a,b,c,d", .type = ROW_DETECTION);
	FINDS(&s, "u,e", .type = ROW_DETECTION, .limit = 2);
	FINDS(&s, "a,b", .type = ROW_DETECTION, .limit = 2,
		.after_from = {1 * MS}, .after_id = "e");
	FINDS(&s, "c,d", .type = ROW_DETECTION, .limit = 2,
		.after_from = {3 * MS}, .after_id = "b");
	FINDS(&s, "", .type = ROW_DETECTION, .limit = 2,
		.after_from = {9 * MS}, .after_id = "d");
	FINDS(&s, "i/3", .type = ROW_INCIDENT);
	FINDS(&s, "i/3,i/2,i", .type = ROW_INCIDENT, .all_versions = true);
	FINDS(&s, "b", .type = ROW_DETECTION, .id = "b");
	FINDS(&s, "b", .type = ROW_DETECTION, .id_ending = "b");
	struct query q = {.type = ROW_DETECTION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	g.text = text_on(g.at, sizeof g.at);
	CHECK(engine->find(&s, &q, take, &g, &f) && g.n == 2,
		"each() may stop early");
	engine->close(&s);
}

static void test_spans(void)
{
	struct store s = open_store(true);
	struct fault f = {0};
	struct row r;
	bool fresh, ok = begin(&s, &f);

	wipe(&s);
	ok = ok && put(&s, row(ROW_LOOK, "m10", 10, "x"), &fresh, &f) &&
		put(&s, row(ROW_LOOK, "m20", 20, "x"), &fresh, &f);
	r = row(ROW_LOOK, "s5-10", 5, "x");
	r.to.utc_ns = 10;
	ok = ok && put(&s, r, &fresh, &f);
	r = row(ROW_LOOK, "s12-99", 12, "x");
	r.to.utc_ns = 99;
	ok = ok && put(&s, r, &fresh, &f);
	ok = ok && put(&s, row(ROW_LOOK, "u", INT64_MIN, "x"), &fresh, &f) &&
		engine->commit(&s, NULL, &f);
	CHECK(ok, "spans: %s", f.text);
	FINDS(&s, "m10,s12-99", .type = ROW_LOOK, .span = {{10}, {20}});
	FINDS(&s, "s12-99,m20", .type = ROW_LOOK, .span = {{20}, {21}});
	FINDS(&s, "s5-10", .type = ROW_LOOK, .span = {{9}, {10}});
	FINDS(&s, "s12-99", .type = ROW_LOOK, .span = {{98}, {1000}});
	FINDS(&s, "", .type = ROW_LOOK, .span = {{99}, {1000}});
	FINDS(&s, "s5-10,m10,s12-99,m20", .type = ROW_LOOK,
		.span = {{0}, INSTANT_UNKNOWN});
	ok = begin(&s, &f);
	r = row(ROW_LOOK, "open", 30, "x");
	r.to = INSTANT_UNKNOWN;
	ok = ok && put(&s, r, &fresh, &f) && engine->commit(&s, NULL, &f);
	FINDS(&s, "open", .type = ROW_LOOK, .span = {{99}, {1000}});
	FINDS(&s, "s12-99", .type = ROW_LOOK, .span = {{25}, {30}});
	CHECK(ok && engine->forget(&s, ROW_LOOK, (struct span){{10}, {20}},
			&f), "forget");
	FINDS(&s, "u,s5-10,m20,open", .type = ROW_LOOK);
	engine->close(&s);
}

static void test_renew(void)
{
	struct store s = open_store(true);
	struct fault f = {0};
	bool fresh, was = false, ok = begin(&s, &f);

	wipe(&s);
	ok = ok && put(&s, row(ROW_LOOK, "stays", 1, "x"), &fresh, &f) &&
		put(&s, row(ROW_LOOK, "goes", 2, "x"), &fresh, &f) &&
		put(&s, row(ROW_HEALTH, "goes", 3, "x"), &fresh, &f) &&
		engine->renew(&s, ROW_LOOK, &f) &&
		put(&s, row(ROW_LOOK, "new", 4, "x"), &fresh, &f) &&
		engine->commit(&s, NULL, &f);
	FINDS(&s, "stays,goes,new", .type = ROW_LOOK);
	FINDS(&s, "stays,goes", .type = ROW_LOOK, .old = true);
	CHECK(ok && engine->remade(&s, ROW_LOOK, "stays", &was, &f) && was,
		"an old row is made anew: %s", f.text);
	CHECK(engine->remade(&s, ROW_LOOK, "stays", &was, &f) && !was,
		"and then is old no more");
	CHECK(engine->remade(&s, ROW_LOOK, "new", &was, &f) && !was,
		"what came after renew() is not old");
	FINDS(&s, "goes", .type = ROW_LOOK, .old = true);
	CHECK(engine->sweep(&s, ROW_LOOK, &f), "sweep: %s", f.text);
	FINDS(&s, "stays,new", .type = ROW_LOOK);
	CHECK(engine->sweep(&s, ROW_HEALTH, &f), "sweep: %s", f.text);
	for (int i = 0; i < 100; i++) /* a server's connection lives long */
		CHECK_QUIET(engine->renew(&s, ROW_SEGMENT, &f) &&
			engine->sweep(&s, ROW_SEGMENT, &f), "%s", f.text);
	FINDS(&s, "goes", .type = ROW_HEALTH);
	engine->close(&s);
}

static void test_boxes(void)
{
	static const struct {
		const char *id;
		double lat, lon;
	} at[] = {{"paris", 48.85, 2.35}, {"fiji", -17.7, 178.0},
		{"samoa", -13.8, -171.8}, {"date+", 0, 180},
		{"date-", 10, -180}, {"north", 90, 77}, {"south", -90, 0},
		{"null", 0, 0}};
	struct store s = open_store(true);
	struct fault f = {0};
	bool fresh, ok = begin(&s, &f);

	wipe(&s);
	for (size_t i = 0; ok && i < sizeof at / sizeof *at; i++) {
		struct row r = row(ROW_OBSERVATION, at[i].id,
			(int64_t)(i + 1) * MS, "x");

		r.lat_e7 = (int32_t)(at[i].lat * 1e7);
		r.lon_e7 = (int32_t)(at[i].lon * 1e7);
		ok = put(&s, r, &fresh, &f);
	}
	ok = ok && put(&s, row(ROW_OBSERVATION, "nowhere", MS, "x"), &fresh,
		&f) && engine->commit(&s, NULL, &f);
	CHECK(ok, "places: %s", f.text);
	FINDS(&s, "paris", .type = ROW_OBSERVATION, .boxed = true, .south = 48,
		.north = 49, .west = 2, .east = 3);
	/* half-open: a point on the edge is in one of two neighbours */
	FINDS(&s, "paris", .type = ROW_OBSERVATION, .boxed = true,
		.south = 48.85, .north = 49, .west = 2.35, .east = 3);
	FINDS(&s, "", .type = ROW_OBSERVATION, .boxed = true, .south = 48,
		.north = 48.85, .west = 2, .east = 3);
	FINDS(&s, "", .type = ROW_OBSERVATION, .boxed = true, .south = 48,
		.north = 49, .west = 2, .east = 2.35);
	FINDS(&s, "null", .type = ROW_OBSERVATION, .boxed = true, .south = -1,
		.north = 1, .west = -1, .east = 1);
	FINDS(&s, "fiji,samoa,date+", .type = ROW_OBSERVATION, .boxed = true,
		.south = -20, .north = 5, .west = 170, .east = -170);
	FINDS(&s, "fiji", .type = ROW_OBSERVATION, .boxed = true, .south = -20,
		.north = 20, .west = 170, .east = 180);
	FINDS(&s, "samoa,date+,date-", .type = ROW_OBSERVATION, .boxed = true,
		.south = -20, .north = 20, .west = -180, .east = -170);
	FINDS(&s, "date+", .type = ROW_OBSERVATION, .boxed = true,
		.south = -0.1, .north = 0.1, .west = 179.9, .east = -179.9);
	FINDS(&s, "north", .type = ROW_OBSERVATION, .boxed = true, .south = 89,
		.north = 90, .west = 0, .east = 1);
	FINDS(&s, "south", .type = ROW_OBSERVATION, .boxed = true,
		.south = -90, .north = -89.9, .west = 100, .east = 100.2);
	FINDS(&s, "", .type = ROW_OBSERVATION, .boxed = true, .south = 88,
		.north = 89.9, .west = -180, .east = 180);
	FINDS(&s, "paris,fiji,samoa,date+,date-,north,south,null",
		.type = ROW_OBSERVATION, .boxed = true, .south = -90,
		.north = 90, .west = -180, .east = 180);
	FINDS(&s, "fiji,samoa", .type = ROW_OBSERVATION, .boxed = true,
		.south = -90, .north = 90, .west = -180, .east = 180,
		.span = {{2 * MS}, {4 * MS}});
	FINDS(&s, "nowhere,paris,fiji,samoa,date+,date-,north,south,null",
		.type = ROW_OBSERVATION);
	FINDS(&s, "fault", .type = ROW_OBSERVATION, .boxed = true,
		.south = NAN, .north = 1, .west = 0, .east = 1);
	engine->close(&s);
}

struct whole {
	struct row r;
	char id[64], kind[64], status[64], source[4096];
	uint8_t *body;
};

static bool keep(void *self, const struct row *r, struct fault *f)
{
	struct whole *w = self;

	(void)f;
	w->r = *r;
	(void)snprintf(w->id, sizeof w->id, "%s", r->id);
	(void)snprintf(w->kind, sizeof w->kind, "%s", r->kind);
	(void)snprintf(w->status, sizeof w->status, "%s", r->status);
	(void)snprintf(w->source, sizeof w->source, "%s", r->source);
	w->body = malloc(r->body.len + 1);
	if (!w->body)
		abort();
	if (r->body.len > 0)
		memcpy(w->body, r->body.at, r->body.len);
	return true;
}

static void test_values(void)
{
	enum { LONG = 3000000 };
	struct store s = open_store(true);
	struct fault f = {0};
	struct whole w = {0};
	struct digest leaf = {{9, 8}};
	char source[4000], *body = malloc(LONG + 1);
	struct row r = row(ROW_SEGMENT, "s-\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2",
		INT64_C(1770091506123456789), NULL);
	struct query q = {.type = ROW_SEGMENT,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct arena a;
	struct bytes v;
	bool fresh;

	if (!body || !arena_map(&a, 1 << 20, &f))
		abort();
	memset(body, 'x', LONG);
	body[LONG] = '\0';
	body[77] = '\0';
	memset(source, 'y', sizeof source);
	source[sizeof source - 1] = '\0';
	r.body = (struct bytes){(uint8_t *)body, LONG};
	r.kind = "\xd0\xb2\xd0\xb8\xd0\xb1\xd1\x83\xd1\x85";
	r.source = source;
	r.version = UINT32_MAX;
	wipe(&s);
	CHECK(begin(&s, &f) && put(&s, r, &fresh, &f) &&
			engine->commit(&s, NULL, &f) &&
			engine->find(&s, &q, keep, &w, &f), "long values");
	CHECK(w.r.from.utc_ns == r.from.utc_ns && w.r.version == UINT32_MAX &&
			w.r.lat_e7 == UNKNOWN_PLACE &&
			w.r.lon_e7 == UNKNOWN_PLACE &&
			strcmp(w.id, r.id) == 0 &&
			strcmp(w.kind, r.kind) == 0 && w.status[0] == '\0' &&
			strcmp(w.source, source) == 0 && w.r.body.len == LONG &&
			memcmp(w.body, body, LONG) == 0 &&
			w.r.ledger_index == -1,
		"what comes out is what went in; unknown is not zero");
	free(w.body);
	FINDS(&s, r.id[0] ? "s-\xd0\x9a\xd0\xb8\xd1\x97\xd0\xb2/4294967295" :
		"", .type = ROW_SEGMENT, .kind = r.kind, .unlogged = true);
	FINDS(&s, "", .type = ROW_SEGMENT, .kind = "");
	CHECK(engine->logged(&s, ROW_SEGMENT, r.id, UINT32_MAX, 12, &leaf, &f),
		"logged: %s", f.text);
	CHECK(engine->find(&s, &q, keep, &w, &f) && w.r.ledger_index == 12 &&
			memcmp(&w.r.ledger_leaf, &leaf, 32) == 0, "noted");
	free(w.body);
	FINDS(&s, "", .type = ROW_SEGMENT, .unlogged = true);
	CHECK(begin(&s, &f) && put(&s, r, &fresh, &f) && !fresh &&
			engine->commit(&s, NULL, &f),
		"where it was logged is none of its bytes");
	CHECK(!engine->logged(&s, ROW_SEGMENT, "none", 0, 1, &leaf, &f),
		"no such row: %s", f.text);
	CHECK(engine->get(&s, "n", &a, &v, &f) && v.len == 0, "not set");
	CHECK(engine->set(&s, "n", bytes_of("one"), &f) &&
			engine->set(&s, "n", bytes_of("two"), &f) &&
			engine->get(&s, "n", &a, &v, &f) &&
			bytes_are(v, "two"), "small named values");
	engine->close(&s);
	arena_unmap(&a);
	free(body);
}

/* -- readers beside the writer -- */

enum { READERS = 16, ROUNDS = 40, BATCH = 50 };

static bool whole_batches(void *self, const struct row *r, struct fault *f)
{
	(void)r;
	(void)f;
	++*(size_t *)self;
	return true;
}

static void *read_on(void *self)
{
	struct store s = open_store(false);
	struct query q = {.type = ROW_DETECTION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool *bad = self;
	size_t last = 0;

	for (int i = 0; i < 60 && last < ROUNDS * BATCH; i++) {
		struct fault f = {0};
		size_t n = 0;

		if (!engine->find(&s, &q, whole_batches, &n, &f) ||
			n % BATCH != 0 || n < last)
			*bad = true;
		last = n;
		(void)usleep(1000);
	}
	engine->close(&s);
	return NULL;
}

static void test_readers(void)
{
	struct store s = open_store(true);
	pthread_t t[READERS];
	bool bad[READERS] = {false}, any = false, ok = true, fresh;
	struct fault f = {0};

	wipe(&s);
	for (size_t i = 0; i < READERS; i++)
		if (pthread_create(&t[i], NULL, read_on, &bad[i]))
			abort();
	for (int b = 0; ok && b < ROUNDS; b++) {
		ok = begin(&s, &f);
		for (int i = 0; ok && i < BATCH; i++) {
			char id[32];

			(void)snprintf(id, sizeof id, "d-%06d", b * BATCH + i);
			ok = put(&s, row(ROW_DETECTION, id, b * MS, "x"),
				&fresh, &f);
		}
		ok = ok && engine->commit(&s, NULL, &f);
	}
	for (size_t i = 0; i < READERS; i++) {
		(void)pthread_join(t[i], NULL);
		any |= bad[i];
	}
	CHECK(ok, "a writer beside %d readers: %s", READERS, f.text);
	CHECK(!any, "readers see whole batches, and none lost");
	engine->close(&s);
}

#define NEXT(n) \
	((int64_t)((x = x * UINT64_C(6364136223846793005) + 1) >> 33) % (n))

/* A random set against the plain definition. */
static void test_random(void)
{
	enum { N = 400, QUERIES = 200 };
	static struct row all[N];
	static char id[N][16];
	struct store s = open_store(true);
	struct fault f = {0};
	uint64_t x = 7;
	size_t wrong = 0;
	bool fresh, ok = begin(&s, &f);

	wipe(&s);
	for (size_t i = 0; ok && i < N; i++) {
		(void)snprintf(id[i], sizeof id[i], "o-%05d", (int)i);
		all[i] = row(ROW_OBSERVATION, id[i], NEXT(1000), "x");
		all[i].to.utc_ns += NEXT(3) ? 0 : NEXT(200);
		all[i].lat_e7 = (int32_t)(NEXT(1800) - 900) * 1000000;
		all[i].lon_e7 = (int32_t)(NEXT(3600) - 1800) * 1000000;
		ok = put(&s, all[i], &fresh, &f);
	}
	ok = ok && engine->commit(&s, NULL, &f);
	for (size_t k = 0; ok && k < QUERIES; k++) {
		struct query q = {.type = ROW_OBSERVATION, .boxed = true};
		int64_t south = NEXT(1700) - 900, west = NEXT(3600) - 1800;
		int64_t north = south + 1 + NEXT(60), wide = 1 + NEXT(60);
		int64_t east = west + wide;
		uint64_t n, want = 0;

		q.span.from.utc_ns = NEXT(1000);
		q.span.to.utc_ns = q.span.from.utc_ns + 1 + NEXT(900);
		q.south = (double)south / 10;
		q.north = (double)north / 10;
		q.west = (double)west / 10;
		q.east = (double)(east > 1800 ? east - 3600 : east) / 10;
		for (size_t i = 0; i < N; i++) {
			const struct row *r = &all[i];
			int64_t off = r->lon_e7 / 1000000 - west;
			bool moment = r->from.utc_ns == r->to.utc_ns;

			off = (off + 7200) % 3600;
			want += r->lat_e7 >= south * 1000000 &&
				r->lat_e7 < north * 1000000 &&
				(off < wide || r->lat_e7 == -900000000) &&
				(moment ? span_holds(q.span, r->from) :
					span_meets(q.span, (struct span){
						r->from, r->to}));
		}
		wrong += !engine->count(&s, &q, &n, &f) || n != want;
	}
	CHECK(ok && wrong == 0, "%d random boxes and spans, %zu wrong: %s",
		QUERIES, wrong, f.text);
	engine->close(&s);
}

/* Pages of boxes of every size, of rows close together, against the plain
 * definition: rows begin in the order of their ids, some together. */
static void test_pages(void)
{
	enum { N = 3000, QUERIES = 300, PAGE = 12 };
	static struct row all[N];
	static char id[N][16];
	static const int64_t sizes[] = {10000, 100000, 400000, 2000000,
		6000000};
	struct store s = open_store(true);
	struct fault f = {0};
	uint64_t x = 11;
	size_t wrong = 0, found = 0;
	bool fresh, ok = begin(&s, &f);

	wipe(&s);
	for (size_t i = 0; ok && i < N; i++) {
		(void)snprintf(id[i], sizeof id[i], "o-%05d", (int)i);
		all[i] = row(ROW_OBSERVATION, id[i], 1 + (int64_t)i / 2, "x");
		all[i].lat_e7 = (int32_t)(480000000 + NEXT(6000000));
		all[i].lon_e7 = (int32_t)(370000000 + NEXT(6000000));
		ok = put(&s, all[i], &fresh, &f);
	}
	ok = ok && engine->commit(&s, NULL, &f);
	for (size_t k = 0; ok && k < QUERIES; k++) {
		int64_t size = sizes[k % 5], south = 479000000 + NEXT(7000000);
		int64_t west = 369000000 + NEXT(7000000);
		struct query q = {.type = ROW_OBSERVATION, .boxed = true,
			.limit = PAGE, .south = (double)south * 1e-7,
			.north = (double)(south + size) * 1e-7,
			.west = (double)west * 1e-7,
			.east = (double)(west + size) * 1e-7};
		struct got want = {.text = text_on(want.at, sizeof want.at)};

		for (size_t i = 0; i < N && want.n < PAGE; i++)
			if (all[i].lat_e7 >= south &&
				all[i].lat_e7 < south + size &&
				all[i].lon_e7 >= west &&
				all[i].lon_e7 < west + size)
				(void)take(&want, &all[i], &f);
		found += want.n;
		wrong += strcmp(find(&s, q), want.at) != 0;
	}
	CHECK(ok && wrong == 0 && found > QUERIES,
		"%d pages of boxes, %zu rows, %zu wrong: %s", QUERIES, found,
		wrong, f.text);
	engine->close(&s);
}

int main(void)
{
	for (size_t i = 0; stores[i]; i++) {
		char command[80];

		engine = stores[i];
		(void)snprintf(folder, sizeof folder, "/tmp/truce-st-XXXXXX");
		if (!mkdtemp(folder))
			return 1;
		printf("# %s\n", engine->name);
		test_put();
		test_commit();
		test_order();
		test_spans();
		test_renew();
		test_boxes();
		test_values();
		test_random();
		test_pages();
		test_readers();
		(void)snprintf(command, sizeof command, "rm -rf %s", folder);
		if (system(command) != 0)
			return 1;
	}
	return check_done();
}
