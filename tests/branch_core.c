/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Guards of the trusted core that nobody else's test meets: steps of
 * guarantors that are no steps, ranges that are no subtrees, paths of large
 * tiles; and steps again while one allocation after the other fails (Makefile:
 * test_libs). */
#include "check.h"

#include "ledger/chain.h"
#include "ledger/equivocation.h"
#include "ledger/owed.h"
#include "ledger/people_event.h"
#include "ledger/tiles.h"

#include <stdlib.h>

/* -- memory that fails -- */

void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);

static long calls, fail_at; /* 0: none fails */

void *__wrap_calloc(size_t n, size_t of)
{
	return ++calls == fail_at ? NULL : __real_calloc(n, of);
}

void *__wrap_realloc(void *old, size_t n)
{
	return ++calls == fail_at ? NULL : __real_realloc(old, n);
}

/* -- obligations -- */

enum { ENGINE, FR, GB, GB2, ANN, KEYS };

static struct people_key key[KEYS] = {
	[ENGINE] = {.role = PEOPLE_ENGINE, .revoked = UINT64_MAX},
	[FR] = {.role = PEOPLE_GUARANTOR, .revoked = UINT64_MAX, .org = "FR",
		.person = {1}},
	[GB] = {.role = PEOPLE_GUARANTOR, .revoked = UINT64_MAX, .org = "GB",
		.person = {2}},
	[GB2] = {.role = PEOPLE_GUARANTOR, .revoked = UINT64_MAX, .org = "GB",
		.person = {3}},
	[ANN] = {.role = PEOPLE_ANALYST, .revoked = UINT64_MAX}};

static struct people p;
static struct fault f;
static uint64_t now;

static void begin(void)
{
	people_free(&p);
	p.key = malloc(sizeof key);
	if (!p.key)
		abort();
	memcpy(p.key, key, sizeof key);
	p.keys = KEYS;
	now = 0;
}

struct said {
	const char *name, *value; /* as it stands in a body */
};

static struct digest leaf_of(uint64_t index)
{
	return sha256_of((struct bytes){(const uint8_t *)&index, 8});
}

/* Quoted, as a body has it where it begins with a digit. */
static const char *leaf(uint64_t index)
{
	static char at[SHA256_HEX + 2];
	struct digest d = leaf_of(index);
	char hex[SHA256_HEX];
	struct text t = text_on(at, sizeof at);

	text_fmt(&t, "\"%s\"", digest_hex(&d, hex));
	return at;
}

/* By whom (KEYS: nobody known), about which subject; NULL: taken. */
static const char *says(int by, uint8_t subject, bool withheld,
	const struct said *s, size_t n)
{
	struct entry e = {.type = ENTRY_STEP, .subject = {subject},
		.clock = {(int64_t)now}};
	struct digest own = leaf_of(now);
	struct fields body = {.count = n};
	struct people_entry x = {now++, &e, &own, &body, withheld};

	for (size_t i = 0; i < n; i++)
		body.field[i] = (struct field){
			s[i].name, bytes_of(s[i].value)};
	x.body = s ? &body : NULL;
	p.rule = NULL;
	f = (struct fault){0};
	if (owed_take(&p, &x, by < KEYS ? &p.key[by] : NULL, &f))
		return NULL;
	return p.rule ? p.rule : "memory";
}

#define SAYS(by, subject, withheld, ...)                                     \
	says(by, subject, withheld, (const struct said[]){__VA_ARGS__},       \
		sizeof((const struct said[]){__VA_ARGS__}) /                  \
			sizeof(struct said))

static bool is(const char *got, const char *want)
{
	return got == want || (got && want && strcmp(got, want) == 0);
}

static const struct row {
	const char *what, *rule; /* NULL: taken */
	int by;
	bool withheld;
	struct said s[4];
} rows[] = {
	{"nothing owed", NULL, ENGINE, false, {{"step", "x"}}},
	{"an analyst's", NULL, ANN, false, {{"does", "decide"}}},
	{"owed by nobody", "body", ENGINE, false, {{"pledge", "x"}}},
	{"a pledge cut short", "body", ENGINE, false,
		{{"pledge", "\"x"}, {"actor", "FR"}}},
	{"an actor cut short", "body", ENGINE, false,
		{{"pledge", "x"}, {"actor", "\"FR"}}},
	{"does nothing", "body", FR, false, {{"of", "x"}, {"why", "x"}}},
	{"does what is no word", "body", FR, false,
		{{"does", "sing"}, {"of", "%"}, {"why", "x"}}},
	{"of what is no hash", "body", FR, false,
		{{"does", "decide"}, {"of", "x"}, {"why", "x"}}},
	{"without a reason", "body", FR, false,
		{{"does", "decide"}, {"of", "%"}}},
	{"a reason cut short", "body", FR, false,
		{{"does", "decide"}, {"of", "%"}, {"why", "\"x"}}},
	{"evidence that is no hash", "body", FR, false,
		{{"does", "decide"}, {"of", "%"}, {"why", "x"},
			{"evidence", "x"}}},
	{"fulfilled without evidence", "body", FR, false,
		{{"does", "fulfil"}, {"of", "%"}, {"why", "x"}}},
	{"its evidence is hidden", NULL, FR, true,
		{{"does", "fulfil"}, {"of", "%"}, {"why", "x"}}},
	{"its reason is hidden", NULL, FR, true,
		{{"does", "decide"}, {"of", "%"}}},
	{"what it does is hidden", NULL, FR, true, {{"of", "%"}}},
	{"of what is hidden", NULL, FR, true, {{"does", "decide"}}},
	{"somebody's, of a key that is not known", NULL, KEYS, false,
		{{"pledge", "x"}, {"actor", "FR"}}},
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct said s[4];
		const char *got;
		size_t n = 0;

		begin();
		got = SAYS(ENGINE, 1, false, {"pledge", "x"}, {"actor", "FR"});
		CHECK_QUIET(!got, "opened");
		for (; n < 4 && rows[i].s[n].name; n++) {
			s[n] = rows[i].s[n];
			if (s[n].value[0] == '%')
				s[n].value = leaf(0);
		}
		got = says(rows[i].by, 1, rows[i].withheld, s, n);
		CHECK(is(got, rows[i].rule), "%s: %s", rows[i].what,
			got ? got : "taken");
	}
}

static void test_hidden(void)
{
	static char actor[80];

	begin();
	CHECK(!says(FR, 7, false, NULL, 0) && !says(FR, 7, true, NULL, 0),
		"no body, and nothing owed");
	CHECK(!says(KEYS, 7, false, NULL, 0) &&
		!says(ENGINE, 7, false, NULL, 0), "perhaps opened");
	begin();
	memset(actor, 'A', sizeof actor - 1);
	CHECK(!SAYS(ENGINE, 1, false, {"pledge", "x"}, {"actor", actor}) &&
		p.owed[0].actor[0] == '\0', "an actor that is no organisation");
	CHECK(is(SAYS(FR, 1, false, {"does", "decide"}, {"of", leaf(0)},
		{"why", "x"}), "role"), "whose step is nobody's");
}

static void test_contest(void)
{
	const struct people_owed *d;
	const struct said contest[] = {
		{"does", "contest"}, {"of", leaf(1)}, {"why", "x"}};
	static char of[SHA256_HEX + 2];
	struct said again[3];

	memcpy(of, contest[1].value, sizeof of);
	memcpy(again, contest, sizeof again);
	again[1].value = of;
	begin();
	CHECK_QUIET(!SAYS(ENGINE, 1, false, {"pledge", "x"}, {"actor", "FR"}),
		"opened");
	CHECK(!SAYS(FR, 1, false, {"does", "fulfil"}, {"of", leaf(0)},
		{"why", "x"}, {"evidence", leaf(0)}), "fulfilled");
	d = &p.owed[0];
	CHECK(!owed_contested(&p, d), "nobody contests it");
	CHECK(!says(GB, 1, false, again, 3) && owed_contested(&p, d),
		"somebody does");
	p.key[GB].revoked = 9;
	p.key[GB].since = (struct instant){0};
	CHECK(!owed_contested(&p, d), "whose key was somebody else's");
	CHECK(!says(GB2, 1, false, again, 3) && owed_contested(&p, d),
		"somebody else does");
	CHECK(is(says(GB2, 1, false, again, 3), "step"), "and twice");
	CHECK(!owed_of(&p, (const uint8_t[ENTRY_SUBJECT]){9}), "of nothing");
}

/* So many that everything grows. */
static bool life(void)
{
	static char evidence[SHA256_HEX + 2];

	memcpy(evidence, leaf(0), sizeof evidence);
	begin();
	for (int i = 0; i < 140; i++) {
		uint8_t subject = (uint8_t)i;

		if (SAYS(ENGINE, subject, false, {"pledge", "x"},
			    {"actor", "FR"}) ||
			SAYS(FR, subject, false, {"does", "fulfil"},
				{"of", leaf(now - 1)}, {"why", "x"},
				{"evidence", evidence}))
			return false;
	}
	return true;
}

static void test_memory(void)
{
	long n = 1, silent = 0, wrong = 0;
	bool ok;

	for (;; n++) {
		calls = 0;
		fail_at = n;
		ok = life();
		fail_at = 0;
		if (calls < n)
			break;
		silent += !f.text[0];
		wrong += ok;
	}
	CHECK(ok, "with all memory: %s", f.text);
	CHECK(n > 8 && silent == 0 && wrong == 0, "%ld allocations failed: "
		"%ld without words, %ld unnoticed", n - 1, silent, wrong);
}

/* -- trees and tiles -- */

static void test_subtrees(void)
{
	static const struct {
		uint64_t start, end, n;
		bool holds; /* with no path, of itself */
	} of[] = {{0, 0, 0, false}, {3, 2, 9, false}, {1, 3, 9, false},
		{0, 3, 2, false}, {0, 2, 2, true}, {0, 3, 3, true},
		{4, 5, 4, false}, {4, 6, 6, false}, {0, 3, 4, false}};
	const struct digest d = {{7}};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		const uint64_t range[] = {of[i].start, of[i].end};

		CHECK(merkle_subtree_extends(range, of[i].n, &d, &d, NULL, 0)
			== of[i].holds, "[%d, %d) of %d", (int)range[0],
			(int)range[1], (int)of[i].n);
	}
	CHECK(!merkle_includes(2, 2, &d, &d, NULL, 0) &&
		!merkle_includes(UINT64_MAX, UINT64_MAX, &d, &d, NULL, 0) &&
		merkle_includes(0, 1, &d, &d, NULL, 0), "leaves");
	CHECK(!merkle_includes(0, 1, &d, &d, &d, 1), "a path too long");
	CHECK(!merkle_extends(0, 2, &d, &d, NULL, 0), "of nothing");
}

static const char *broken; /* a path whose size nobody can tell */
static bool size_of(void *self, const char *path, uint64_t *size,
	bool *exists, struct fault *why)
{
	(void)self;
	*size = 0;
	*exists = false;
	return !broken || strcmp(path, broken) != 0 ||
		fault(why, FAULT_SYSTEM, "broken");
}

static void test_tiles(void)
{
	static uint8_t at[TILE_BUNDLE];
	struct disk disk = {.size = size_of};
	struct tile t = {.level = 1, .n = 1234067, .width = 9, .at = at};
	char path[TILE_PATH];

	CHECK(strcmp(tile_path(0, 1234067, TILE_WIDTH, path),
		"tile/0/x001/x234/067") == 0, "%s", path);
	CHECK(tiles_read(&disk, "", &t, &f) && t.len == 0 &&
		strcmp(t.path, "tile/1/x001/x234/067.p/9") == 0,
		"neither it nor the full one is there");
	broken = "tile/1/x001/x234/067.p/9";
	CHECK(!tiles_read(&disk, "", &t, &f), "it cannot be asked for");
	broken = "tile/1/x001/x234/067";
	CHECK(!tiles_read(&disk, "", &t, &f), "nor can the full one");
}

/* -- frames and histories -- */

static void test_kept(void)
{
	unsigned kept = 0, told = 0;

	for (int v = 0; v < CHAIN_VERDICTS; v++) {
		kept |= (unsigned)chain_keeps((enum chain_verdict)v) << v;
		told |= (unsigned)chain_acknowledges((enum chain_verdict)v)
			<< v;
	}
	CHECK(kept == (1 << CHAIN_NEXT | 1 << CHAIN_JUMP | 1 << CHAIN_LATE |
		1 << CHAIN_FORK | 1 << CHAIN_BREAK) &&
		told == (kept | 1 << CHAIN_SAME), "what is kept: %x, %x",
		kept, told);
}

#define LINE "\n\xe2\x80\x94 a AAAAAAA=\n"
#define ROOT "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"

static void test_no_equivocation(void)
{
	static const struct note_key log = {.name = "a", .type = NOTE_SIGNS};
	static const struct merkle_tree tree;
	struct bytes one = bytes_of("a\n1\n" ROOT LINE);
	struct bytes two = bytes_of("a\n2\n" ROOT LINE);
	char at[1024];
	struct text t = text_on(at, sizeof at), tiny = text_on(at, 4);

	CHECK(!equivocation_make(&log, bytes_of("a\n" LINE), one, &tree, &t,
		&f), "a note that is no checkpoint: %s", f.text);
	CHECK(!equivocation_make(&log, one, bytes_of("a\n" LINE), &tree, &t,
		&f), "nor is ours: %s", f.text);
	CHECK(!equivocation_make(&log, one, two, &tree, &t, &f),
		"of what we have not: %s", f.text);
	CHECK(!equivocation_make(&log, one, one, &tree, &tiny, &f),
		"no room: %s", f.text);
	CHECK(!equivocation_make(&log, one, one, &tree, &t, &f),
		"nobody signed: %s", f.text);
}

int main(void)
{
	test_rows();
	test_hidden();
	test_contest();
	test_memory();
	test_subtrees();
	test_tiles();
	test_kept();
	test_no_equivocation();
	people_free(&p);
	return check_done();
}
