/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store.c - one conformance suite for every store engine; it knows none. */
#include "store/store.h"

#include <signal.h>
#include <sys/wait.h>

#include "base/text.h"
#include "check.h"

static char folder[] = "/tmp/truce-store-XXXXXX";
static struct fault f;

static struct row row(const char *id, uint32_t version, int64_t from,
	int64_t to, const char *body)
{
	return (struct row){ROW_INCIDENT, id, version, {from}, {to},
		INT32_MIN, INT32_MIN, "explosion", "automatic", "",
		bytes_of(body), -1, {{0}}};
}

struct got {
	char ids[4096];
	size_t count;
	struct row last;
	char body[64];
};

static bool gather(void *self, const struct row *r, struct fault *why)
{
	struct got *g = self;
	struct text t = {.at = g->ids, .size = sizeof g->ids,
		.len = strlen(g->ids)};

	(void)why;
	text_fmt(&t, "%s.%u ", r->id, (unsigned)r->version);
	g->count++;
	g->last = *r;
	t = text_on(g->body, sizeof g->body);
	text_bytes(&t, r->body);
	return true;
}

static struct got find(struct store *s, struct query q)
{
	struct got g = {0};

	q.type = ROW_INCIDENT;
	if (!s->engine->find(s, &q, gather, &g, &f))
		CHECK(false, "find: %s", f.text);
	return g;
}

#define ALL .span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}

static bool put(struct store *s, struct row r)
{
	bool fresh, ok;

	f = (struct fault){0};
	ok = s->engine->begin(s, "test", &f) &&
		s->engine->put(s, &r, &fresh, &f);
	if (!ok) {
		s->engine->rollback(s);
		return false;
	}
	return s->engine->commit(s, NULL, &f) && fresh;
}

static void test_put(struct store *s)
{
	bool fresh = true;
	struct row r = row("a", 1, 100, 100, "one");

	CHECK(put(s, r), "put: %s", f.text);
	CHECK(!put(s, r) && f.kind == FAULT_NONE, "twice is nothing");
	CHECK(!put(s, row("a", 1, 100, 100, "two")) && f.kind == FAULT_INPUT,
		"other bytes are refused: %s", f.text);
	CHECK(put(s, row("a", 2, 100, 100, "two")), "version 2");
	CHECK(strcmp(find(s, (struct query){ALL}).ids, "a.2 ") == 0,
		"the newest is found");
	CHECK(strcmp(find(s, (struct query){ALL, .all_versions = true}).ids,
		"a.1 a.2 ") == 0, "all versions");
	r = row("a", 1, 100, 100, "uno");
	CHECK(s->engine->begin(s, "test", &f) &&
		s->engine->replace(s, &r, &f) &&
		s->engine->commit(s, NULL, &f) &&
		strcmp(find(s, (struct query){ALL}).ids, "a.2 ") == 0,
		"replacing an old version leaves the newest");
	(void)fresh;
}

static void test_order(struct store *s)
{
	struct got g;

	CHECK(put(s, row("c", 1, 200, 300, "c")) &&
		put(s, row("b", 1, 200, 200, "b")) &&
		put(s, row("d", 1, 150, 900, "Київ")), "more rows");
	CHECK(strcmp(find(s, (struct query){ALL}).ids, "a.2 d.1 b.1 c.1 ") ==
		0, "order is time, then id");
	g = find(s, (struct query){ALL, .limit = 2});
	CHECK(strcmp(g.ids, "a.2 d.1 ") == 0, "limit");
	g = find(s, (struct query){ALL, .limit = 2, .after_from = {150},
		.after_id = "d"});
	CHECK(strcmp(g.ids, "b.1 c.1 ") == 0, "next page");
	g = find(s, (struct query){ALL, .after_from = {200}, .after_id = "b"});
	CHECK(strcmp(g.ids, "c.1 ") == 0, "paging with equal times");
	CHECK(find(s, (struct query){.span = {{100}, {101}}}).count == 1 &&
		find(s, (struct query){.span = {{99}, {100}}}).count == 0 &&
		find(s, (struct query){.span = {{299}, {300}}}).count == 2 &&
		find(s, (struct query){.span = {{300}, {301}}}).count == 1,
		"spans are half-open");
	g = find(s, (struct query){ALL, .id = "d"});
	CHECK(strcmp(g.body, "Київ") == 0 && g.last.lat_e7 == INT32_MIN,
		"Cyrillic, and an unknown place is not zero");
}

static void test_boxes(struct store *s)
{
	struct row r = row("e1-xyz", 1, 400, 400, "");

	r.lat_e7 = 0;
	r.lon_e7 = 1799999999;
	CHECK(put(s, r), "at 180");
	r.id = "e2-xyq";
	r.lon_e7 = -1799999999;
	r.lat_e7 = 900000000;
	CHECK(put(s, r), "at the pole");
	CHECK(strcmp(find(s, (struct query){ALL, .boxed = true, .south = -90,
		.north = 90, .west = 179, .east = -179}).ids,
		"e1-xyz.1 e2-xyq.1 ") == 0, "a box across 180");
	CHECK(find(s, (struct query){ALL, .boxed = true, .south = -1,
		.north = 1, .west = -180, .east = 180}).count == 1,
		"no unknown place is in a box");
	CHECK(find(s, (struct query){ALL, .id_ending = "xyz"}).count == 1 &&
		find(s, (struct query){ALL, .id_ending = "-xy"}).count == 0 &&
		find(s, (struct query){ALL, .id_ending = "q"}).count == 1,
		"endings of ids");
}

static void test_logged(struct store *s)
{
	struct digest leaf = sha256_of(bytes_of("x"));
	struct got g;
	uint64_t n;

	CHECK(s->engine->logged(s, ROW_INCIDENT, "b", 1, 7, &leaf, &f), "log");
	g = find(s, (struct query){ALL, .id = "b"});
	CHECK(g.last.ledger_index == 7 &&
		memcmp(g.last.ledger_leaf.at, leaf.at, 32) == 0, "logged");
	g = find(s, (struct query){ALL, .unlogged = true});
	CHECK(strstr(g.ids, "b.1") == NULL && g.count == 5, "unlogged");
	CHECK(s->engine->count(s, &(struct query){.type = ROW_INCIDENT, ALL},
		&n, &f) && n == 6, "count");
}

static void test_values(struct store *s)
{
	static uint8_t block[4096];
	struct arena a = arena_on(block, sizeof block);
	struct bytes b;

	CHECK(s->engine->get(s, "k", &a, &b, &f) && b.len == 0, "not set");
	CHECK(s->engine->set(s, "k", bytes_of("v"), &f) &&
		s->engine->get(s, "k", &a, &b, &f) && bytes_are(b, "v"), "set");
}

static void test_cursor(struct store *s)
{
	struct cursor c = {{1, 2, 3}, 42}, back;
	struct row r = row("z", 1, 999, 999, "z");
	bool known, fresh;

	CHECK(s->engine->cursor(s, "test", &back, &known, &f) && !known,
		"no cursor yet");
	CHECK(s->engine->begin(s, "test", &f) &&
		s->engine->put(s, &r, &fresh, &f), "begin");
	s->engine->rollback(s);
	CHECK(find(s, (struct query){ALL, .id = "z"}).count == 0, "rolled back");
	CHECK(s->engine->begin(s, "test", &f) &&
		s->engine->put(s, &r, &fresh, &f) &&
		s->engine->commit(s, &c, &f) &&
		s->engine->cursor(s, "test", &back, &known, &f) && known &&
		back.sequence == 42 && back.log_id[2] == 3,
		"outputs and cursor together");
}

/* A writer is killed before its commit: nothing of it is there. */
static void test_kill(const struct store_engine *engine)
{
	struct store s = {engine, NULL};
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		struct row r = row("killed", 1, 1, 1, "x");
		bool fresh;

		if (engine->open(&s, folder, true, &f) &&
			engine->begin(&s, "test", &f) &&
			engine->put(&s, &r, &fresh, &f))
			(void)raise(SIGKILL);
		_exit(1);
	}
	(void)waitpid(pid, &status, 0);
	CHECK(WIFSIGNALED(status), "killed before its commit");
	CHECK(engine->open(&s, folder, true, &f) &&
		find(&s, (struct query){ALL, .id = "killed"}).count == 0,
		"and nothing of it is there: %s", f.text);
	CHECK(put(&s, row("killed", 1, 1, 1, "x")), "the next one writes");
	engine->close(&s);
}

struct nest {
	struct store *s;
	size_t depth, seen;
};

static bool nested(void *self, const struct row *r, struct fault *why)
{
	struct nest *n = self;
	struct query q = {.type = ROW_INCIDENT, ALL, .limit = 3};
	bool ok;

	(void)r;
	n->seen++;
	if (n->depth == 3)
		return true;
	n->depth++;
	ok = n->s->engine->find(n->s, &q, nested, n, why);
	n->depth--;
	return ok;
}

static void test_readers(const struct store_engine *engine, struct store *w)
{
	struct store r = {engine, NULL};
	struct row x = row("late", 1, 5, 5, "x");
	struct nest n = {w, 0, 0};
	struct query q = {.type = ROW_INCIDENT, ALL, .limit = 3};
	bool fresh;

	CHECK(engine->open(&r, folder, false, &f), "a reader: %s", f.text);
	CHECK(engine->begin(w, "test", &f) && engine->put(w, &x, &fresh, &f) &&
		find(&r, (struct query){ALL, .id = "late"}).count == 0 &&
		engine->commit(w, NULL, &f) &&
		find(&r, (struct query){ALL, .id = "late"}).count == 1,
		"a reader sees what is committed, and only that");
	CHECK(!engine->begin(&r, "test", &f) || !engine->put(&r, &x, &fresh,
		&f) || !fresh, "a reader does not write");
	engine->close(&r);
	CHECK(engine->find(w, &q, nested, &n, &f) && n.seen == 3 + 9 + 27 + 81,
		"finds within finds: %zu", n.seen);
}

int main(void)
{
	if (!mkdtemp(folder))
		return 1;
	for (size_t i = 0; stores[i]; i++) {
		struct store s = {stores[i], NULL};

		CHECK(s.engine->open(&s, folder, true, &f), "%s opens: %s",
			s.engine->name, f.text);
		test_put(&s);
		test_order(&s);
		test_boxes(&s);
		test_logged(&s);
		test_values(&s);
		test_cursor(&s);
		test_readers(s.engine, &s);
		s.engine->close(&s);
		test_kill(stores[i]);
	}
	return check_done();
}
