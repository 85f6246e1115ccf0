/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Missions that somebody with all keys made wrong in one place, opened to be
 * written on: each guard of ledger.c and signing.c that stands before that;
 * then heartbeats, and what says who was told what, each wrong in one word. */
#include "crafted.h"

#include "ledger/access.h"
#include "ledger/ledger.h"
#include "ledger/pulse.h"

/* -- entries -- */

static void opened(struct faulty *x, bool writable, const char *what,
	const char *says)
{
	struct fault why = {0};
	struct ledger *l = NULL;
	bool ok = ledger_open(&l, &x->disk, writable, &why);

	CHECK(says ? !ok && strstr(why.text, says) : ok, "%s: %s", what,
		why.text);
	CHECK_QUIET(ok || !l, "%s: nothing is handed out", what);
	ledger_close(l);
	CHECK_QUIET(x->opened == 0, "%s: left open", what);
	x->opened = 0;
	memory.used = 0;
}

static void test_entries(void)
{
	static const struct {
		const char *what, *says;
		struct job j;
	} row[] = {
		{"sound", NULL, {2, 0, 1, ENGINE, SOUND, BODY}},
		{"another kind", "of kind", {2, 0, 1, ENGINE, PACKET, BODY}},
		{"no entry", "entry 1", {2, 0, 1, ENGINE, RAW, BODY}},
		{"by a stranger", "author", {2, 0, 1, STRANGER, SOUND, BODY}},
		{"cut", "body is damaged", {2, 0, 1, ENGINE, CUT, BODY}},
		{"noise", "body is damaged", {2, 0, 1, ENGINE, NOISE, BODY}},
		{"names", "name", {2, 0, 1, ENGINE, DISORDER, BODY}},
		{"root", "another root", {2, 0, 1, ENGINE, ROOT_OF, BODY}},
		{"no secret", NULL, {2, 0, 1, ENGINE, NO_SECRET, BODY}},
		{"a torn slot", "secret is damaged",
			{2, 0, 1, ENGINE, SLOT, BODY}},
		{"an intake of no first", NULL, {1, 0, 1, ENGINE, SOUND,
			{{"count", "1"}}}},
		{"an intake of no count", NULL, {1, 0, 1, ENGINE, SOUND,
			{{"first", "1"}}}},
		{"an intake that is shut", NULL, {1, 0, 1, ENGINE, NO_BODY,
			{{"first", "1"}}}},
		{"without its body", NULL, {2, 0, 1, ENGINE, NO_BODY, BODY}},
		{"shown by a pack", NULL,
			{2, 0, 1, ENGINE, FOREIGN_OPEN, BODY}},
		{"shown in part", NULL, {2, 0, 1, ENGINE, FOREIGN_SHUT, BODY}},
		{"shown by none", "body",
			{2, 0, 1, ENGINE, FOREIGN_BAD, BODY}},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct job j[2] = {first(NULL, NULL), row[i].j};

		store(x, j, 2);
		opened(x, false, row[i].what, row[i].says);
		faulty_free(x);
	}
}

static void test_first(void)
{
	static const struct {
		const char *what, *says, *name;
		enum harm harm;
		enum entry_type type;
	} row[] = {
		{"of another type", "genesis", NULL, SOUND, 2},
		{"of no secret", "genesis", NULL, NO_SECRET, 7},
		{"by a stranger", NULL, NULL, OTHER_ID, 7},
		{"without `act`", "entry 0", "act", SOUND, 7},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct job j = first(row[i].name, NULL);

		j.harm = row[i].harm;
		j.type = row[i].type;
		store(x, &j, 1);
		opened(x, false, row[i].what, row[i].says);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();
		struct job j = first(NULL, NULL);
		struct faulty_file *y;

		opened(x, false, "nothing", "no ledger here");
		store(x, &j, 1);
		y = faulty_at(x, "ledger/journal/0000000000000000.seg");
		memset(y->now + LOG_HEAD, 0, y->size - LOG_HEAD);
		y->size = LOG_HEAD;
		opened(x, false, "no entry", "no entry is left");
		faulty_free(x);
	}
}

/* A crash met an erasure once at most. */
static void test_torn(void)
{
	struct faulty *x = faulty_make();
	struct job j[3] = {first(NULL, NULL), {2, 0, 1, ENGINE, SLOT, BODY},
		{2, 0, 2, ENGINE, SLOT, BODY}};

	store(x, j, 3);
	opened(x, false, "two torn slots", "entry 2: its secret is damaged");
	faulty_free(x);
}

/* -- keys, and what was signed last -- */

static void put_keys(struct faulty *x)
{
	write_key(x, "ledger/keys/engine", ENGINE);
	write_key(x, "ledger/keys/log", LOG);
}

static void lose(struct faulty *x, const char *path)
{
	faulty_find(x, path, true)->now = -1;
}

static const char engine_path[] = "ledger/keys/engine";
static const char log_path_[] = "ledger/keys/log";
static const char head[] = "ledger/signer/HEAD";
static const char shown[] = "ledger/pub/checkpoint";

static struct faulty *house(size_t n)
{
	struct faulty *x = faulty_make();
	struct job j[3] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY},
		{2, 0, 2, ENGINE, SOUND, BODY}};

	store(x, j, n);
	put_keys(x);
	memory.used = 0;
	return x;
}

static void test_keys(void)
{
	static const struct {
		const char *what, *path, *says;
		int key; /* -1: no key at all, -2: gone */
	} row[] = {
		{"as they are", engine_path, NULL, ENGINE},
		{"no engine", engine_path, "a key is missing", -2},
		{"no log", log_path_, "a key is missing", -2},
		{"a stranger's", engine_path, "not the keys", STRANGER},
		{"the root's", engine_path, "not the keys", ROOT},
		{"another log's", log_path_, "not the keys", STRANGER},
		{"none", engine_path, "ledger/keys/engine", -1},
		{"nor this", log_path_, "ledger/keys/log", -1},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = house(2);

		if (row[i].key >= 0)
			write_key(x, row[i].path, row[i].key);
		else if (row[i].key == -2)
			lose(x, row[i].path);
		else
			need(small_write(&x->disk, row[i].path, bytes_of("x"),
				true, &f));
		opened(x, true, row[i].what, row[i].says);
		faulty_free(x);
	}
}

static void put_note(struct faulty *x, const char *path, uint64_t size,
	const struct digest *root)
{
	char at[1024];

	need(small_write(&x->disk, path, note_of(size, root, at, sizeof at),
		false, &f));
}

static bool signs(struct faulty *x, struct fault *why)
{
	struct ledger *l = NULL;
	bool ok = ledger_open(&l, &x->disk, true, why) &&
		ledger_compare(l, NULL, why) && ledger_sign(l, why);

	ledger_close(l);
	memory.used = 0;
	return ok;
}

static void test_heads(void)
{
	struct faulty *x = house(2);
	struct digest wrong = {{1}}, root = root_of(2);
	struct fault why = {0};

	put_note(x, head, 2, &wrong);
	opened(x, true, "another history was signed", "not those signed");
	put_note(x, head, 3, &root);
	opened(x, true, "more was signed", "restored backup");
	need(small_write(&x->disk, head, bytes_of("x"), false, &f));
	opened(x, true, "a HEAD of none", head);
	lose(x, head);
	opened(x, false, "without HEAD it can be read", NULL);
	opened(x, true, "and not be written on", "signed last is not known");
	put_note(x, shown, 2, &root);
	CHECK(signs(x, &why), "with what was shown it can: %s", why.text);
	/* What was shown does not fit: all is written once more. */
	put_note(x, shown, 3, &root);
	CHECK(signs(x, &why), "more was shown: %s", why.text);
	need(small_write(&x->disk, shown, bytes_of("x"), false, &f));
	CHECK(signs(x, &why), "what was shown is none: %s", why.text);
	faulty_free(x);
	x = house(1);
	lose(x, head);
	CHECK(signs(x, &why) && faulty_at(x, head), "HEAD of entry 0 alone is "
		"made: %s", why.text);
	CHECK(signs(x, &why), "and stays: %s", why.text);
	faulty_free(x);
}

/* Without HEAD, each call of the disk fails. */
static void test_calls(void)
{
	size_t silent = 0, tries = 0;

	for (size_t entries = 1; entries < 3; entries++) {
		bool over = false;

		for (uint64_t n = 1; !over; n++, tries++) {
			struct faulty *x = house(entries);
			struct digest root = root_of(entries);
			struct fault why = {0};
			bool ok;

			lose(x, head);
			if (entries > 1)
				put_note(x, shown, entries, &root);
			x->calls = 0;
			x->fail_at = n;
			ok = signs(x, &why);
			over = x->calls < n;
			silent += (!ok && !why.text[0]) || (over && !ok);
			faulty_free(x);
		}
	}
	CHECK(silent == 0 && tries > 20, "each of %zu calls fails: %zu "
		"without words", tries, silent);
}

/* Entry 0 came from a pack, alone or with a stamp; and the keys beside it. */
static void test_given_keys(void)
{
	struct faulty *x = faulty_make();
	struct job j[2] = {first(NULL, NULL),
		{ENTRY_ANCHOR, 0, 1, ENGINE, FOREIGN_OPEN, BODY}};
	static struct disclosure d;
	struct faulty_file *y;
	struct fault why = {0};

	j[0].harm = FOREIGN_OPEN;
	store(x, j, 1);
	lose(x, head);
	opened(x, true, "a copy of one entry", NULL);
	CHECK(!faulty_at(x, head), "without a key nothing is signed");
	faulty_free(x);
	x = faulty_make();
	store(x, j, 2);
	opened(x, true, "a copy", NULL);
	put_keys(x);
	CHECK(signs(x, &why) && !faulty_at(x,
		"ledger/pub/disclosures/000.disclosure"),
		"no salts of its own to show entry 0 by: %s", why.text);
	y = faulty_at(x, "ledger/pub/disclosures/001.disclosure");
	CHECK(y && disclosure_read((struct bytes){y->now, y->size}, &memory,
		&d, &why), "but a stamp as the pack showed it: %s", why.text);
	memory.used = 0;
	faulty_free(x);
}

/* -- heartbeats -- */

static struct merkle_tree tree;
static char roots[3][SHA256_HEX + 2], note_hex[2][SHA256_HEX + 2];

static struct fields body_of(const struct piece p[PIECES])
{
	struct fields s = fields_in(&memory);

	for (size_t i = 0; i < PIECES && p[i].name; i++)
		fields_json(&s, p[i].name, bytes_of(p[i].value));
	need(fields_done(&s, &f));
	return s;
}

static struct bytes notes[2];

static void grow(void)
{
	for (uint8_t i = 0; i < 6; i++)
		need(merkle_tree_add(&tree, &(struct digest){{i}}, &f));
	for (uint64_t n = 1; n < 3; n++) {
		struct digest root = merkle_tree_root(&tree, n);
		char hex[SHA256_HEX];

		(void)snprintf(roots[n], sizeof *roots, "\"%s\"",
			digest_hex(&root, hex));
	}
	for (int i = 0; i < 2; i++) {
		struct digest d;
		char hex[SHA256_HEX];

		notes[i] = bytes_of(i ? "second" : "first");
		d = sha256_of(notes[i]);
		(void)snprintf(note_hex[i], sizeof *note_hex, "\"%s\"",
			digest_hex(&d, hex));
	}
}

/* One of entry `index`, at a second, with these fields. */
static const char *beat(struct pulse *p, uint64_t index, double at_s,
	bool is_first, const struct piece with[PIECES])
{
	struct entry e = {.type = ENTRY_HEALTH,
		.clock = instant_plus_s(now, at_s)};
	struct fields s = body_of(with);
	struct people_entry x = {index, &e, &tree.level[0][index], &s, false};
	const char *rule;

	entry_subject(INSTANT_UNKNOWN, bytes_of("heartbeat"), e.subject);
	e.prev.at[0] = !is_first;
	rule = pulse_take(p, &x, &tree, &f);
	memory.used = 0;
	return rule;
}

#define SOUND_BEAT(n, at, of) {{"act", "heartbeat"}, {"beat", n}, \
	{"next_s", "60"}, {"note", note_hex[at]}, {"root", roots[of]}, \
	{"size", #of}}

static void test_words(void)
{
	static const struct {
		const char *name, *with, *says;
	} row[] = {
		{NULL, NULL, NULL},
		{"act", "beat", "no heartbeat"},
		{"act", NULL, "no heartbeat"},
		{"beat", "x", "no heartbeat"},
		{"next_s", NULL, "no heartbeat"},
		{"next_s", "99999999", "no heartbeat"},
		{"size", NULL, "no heartbeat"},
		{"root", NULL, "no heartbeat"},
		{"note", "\"a\"", "no heartbeat"},
		{"root", HASH, "another history"},
		{"size", "0", "cannot have been"},
		{"size", "4", "cannot have been"},
		{"beat", "1", "does not follow"},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct piece p[PIECES] = SOUND_BEAT("0", 0, 1);
		struct pulse seen = {0};
		const char *rule;
		size_t n = 0;

		for (size_t k = 0; p[k].name; k++) {
			bool it = row[i].name &&
				strcmp(p[k].name, row[i].name) == 0;

			if (!it || row[i].with)
				p[n++] = (struct piece){p[k].name,
					it ? row[i].with : p[k].value};
		}
		p[n].name = NULL;
		f = (struct fault){0};
		rule = beat(&seen, 3, 0, true, p);
		CHECK(row[i].says ? rule && strcmp(rule, "heartbeat") == 0 &&
			strstr(f.text, row[i].says) : !rule,
			"a beat whose %s is %s: %s", row[i].name ?
			row[i].name : "nothing", row[i].with ? row[i].with :
			"wrong or gone", f.text);
		pulse_free(&seen);
	}
}

static void test_beats(void)
{
	const struct piece a[PIECES] = SOUND_BEAT("0", 0, 2),
		b[PIECES] = SOUND_BEAT("1", 0, 2),
		c[PIECES] = SOUND_BEAT("2", 1, 2),
		late[PIECES] = SOUND_BEAT("3", 1, 2),
		older[PIECES] = SOUND_BEAT("1", 0, 1);
	const struct piece last[PIECES] = {{"act", "heartbeat"},
		{"beat", "4"}, {"next_s", "0"}, {"note", note_hex[1]},
		{"root", roots[2]}, {"size", "2"}};
	const struct piece again[PIECES] = SOUND_BEAT("5", 1, 2);
	struct entry e = {.type = ENTRY_HEALTH};
	struct people_entry other = {5, &e, &tree.level[0][5], NULL, false};
	struct pulse p = {0};

	CHECK(!pulse_missing(&p.seen, now), "none is missed of who has none");
	CHECK(!pulse_take(&p, &other, &tree, &f) && p.seen.beats == 0,
		"what the engine says of its health besides is none");
	CHECK(!beat(&p, 3, 0, true, a), "a first one: %s", f.text);
	CHECK(beat(&p, 3, 60, false, c) && strstr(f.text, "not follow"),
		"one is left out: %s", f.text);
	CHECK(beat(&p, 3, 60, false, older) && strstr(f.text, "cannot"),
		"names less than was named: %s", f.text);
	CHECK(!beat(&p, 3, 60, false, b) && !beat(&p, 4, 120, false, c) &&
		p.seen.late == 0, "two more: %s", f.text);
	CHECK(!beat(&p, 5, 600, false, late) && p.seen.late == 1 &&
		p.seen.late_after.beat == 2, "late");
	CHECK(pulse_missing(&p.seen, instant_plus_s(now, 9999)) &&
		!pulse_missing(&p.seen, instant_plus_s(now, 600)), "missing");
	CHECK(!beat(&p, 5, 9999, false, last) && p.seen.late == 2 &&
		p.seen.late_after.beat == 2, "the first that was late is kept");
	CHECK(!pulse_missing(&p.seen, instant_plus_s(now, 999999)),
		"the last one said that none follows");
	CHECK(!beat(&p, 5, 9999999, false, again) && p.seen.late == 2,
		"so one that does is not late: %s", f.text);
	CHECK(pulse_unmet(&p) && pulse_unmet(&p)->beat == 0, "none is met");
	pulse_met(&p, bytes_of("nobody's"));
	pulse_met(&p, notes[0]);
	CHECK(pulse_unmet(&p) && pulse_unmet(&p)->beat == 2, "two are met");
	pulse_met(&p, notes[1]);
	pulse_met(&p, notes[1]);
	CHECK(!pulse_unmet(&p), "all are");
	entry_subject(INSTANT_UNKNOWN, bytes_of("heartbeat"), e.subject);
	CHECK(!pulse_take(&p, &other, &tree, &f) && !p.seen.known,
		"one whose body is gone");
	CHECK(!beat(&p, 5, 99999, false, again) && p.seen.known,
		"what follows it has any number");
	other.body = &(struct fields){.count = 0};
	other.withheld = true;
	CHECK(!pulse_take(&p, &other, &tree, &f) && !p.seen.known,
		"one that is shown in part");
	pulse_free(&p);
}

/* -- who was told -- */

static void test_access(void)
{
	static const struct {
		const char *what;
		struct piece p[PIECES];
		bool sound, withheld;
	} row[] = {
		{"told", {{"who", "a"}, {"of", HASH}, {"fields", "b"},
			{"to", "c"}, {"why", "d"}}, true, false},
		{"nobody", {{"of", HASH}, {"fields", "b"}, {"to", "c"},
			{"why", "d"}}, false, false},
		{"some of it", {{"who", "a"}}, true, true},
		{"of nothing", {{"who", "a"}, {"of", "x"}, {"fields", "b"},
			{"to", "c"}, {"why", "d"}}, false, false},
		{"no number", {{"who", "a"}, {"of", HASH}, {"fields", "b"},
			{"to", "c"}, {"why", "d"}, {"index", "x"}}, false,
			false},
		{"of what comes", {{"who", "a"}, {"of", HASH}, {"fields", "b"},
			{"to", "c"}, {"why", "d"}, {"index", "5"}}, false,
			false},
		{"of another", {{"who", "a"}, {"of", HASH}, {"fields", "b"},
			{"to", "c"}, {"why", "d"}, {"index", "1"}}, false,
			false},
		{"of this", {{"who", "a"}, {"of", "\"0100000000000000000000000"
			"000000000000000000000000000000000000000\""},
			{"fields", "b"}, {"to", "c"}, {"why", "d"},
			{"index", "1"}}, true, false},
	};
	struct entry e = {.type = ENTRY_ACCESS};
	uint64_t told = 0;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct fields s = body_of(row[i].p);
		struct people_entry x = {3, &e, &tree.level[0][3], &s,
			row[i].withheld};
		const char *rule = access_take(&told, &x, &tree, &f);

		CHECK(!rule == row[i].sound && told == i + 1, "%s: %s",
			row[i].what, rule ? f.text : "");
		memory.used = 0;
	}
	CHECK(!access_take(&told, &(struct people_entry){3, &e,
		&tree.level[0][3], NULL, false}, &tree, &f), "not at hand");
	e.type = ENTRY_HEALTH;
	CHECK(!access_take(&told, &(struct people_entry){3, &e,
		&tree.level[0][3], NULL, false}, &tree, &f) && told == 9,
		"another type");
}

int main(void)
{
	begin();
	grow();
	test_entries();
	test_first();
	test_torn();
	test_keys();
	test_heads();
	test_calls();
	test_given_keys();
	test_words();
	test_beats();
	test_access();
	merkle_tree_free(&tree);
	return check_done();
}
