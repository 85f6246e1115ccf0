/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Hostile key events and decisions: each guard of people.c and people_event.c
 * that no random life meets (tests/people.c), once; and all of it again while
 * one allocation after the other fails (Makefile: test_libs). */
#include "base/encode.h"
#include "ledger/body.h"
#include "ledger/people.h"
#include "ledger/people_event.h"
#include "ledger/sign.h"
#include "check.h"

enum { MAX = 700, DAY_MS = 86400000 };

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

/* -- the cast -- */

enum { ENGINE, R1, R2, R3, ANN, REV, CHI, LIA, LIB, SENSOR, SENSOR2, NEW,
	KEYS,
	MORE = KEYS + 140, /* ordinary people, for more room */
};

static const struct {
	const char *role, *org;
	uint8_t person;
} cast[KEYS] = {
	[ENGINE] = {"engine", "e", 0}, [R1] = {"root", "ra", 1},
	[R2] = {"root", "rb", 2}, [R3] = {"root", "rc", 3},
	[ANN] = {"analyst", "o", 4}, [REV] = {"reviewer", "p", 5},
	[CHI] = {"chief", "q", 6}, [LIA] = {"liaison", "A", 7},
	[LIB] = {"liaison", "B", 8}, [SENSOR] = {"", "A", 0},
	[SENSOR2] = {"", "A", 0}, [NEW] = {"analyst", "o", 9},
};

static struct sign_key key[MORE];
static uint8_t block[1 << 20];
static struct digest leaves[MAX];
static struct merkle_tree tree;
static struct fault f;

static struct world {
	struct people p;
	struct arena arena;
	uint64_t n;
	uint8_t subject[MAX][ENTRY_SUBJECT];
	int root[MAX];
	bool withheld;
} w;

static int64_t day(double d)
{
	return (int64_t)(d * DAY_MS) * 1000000;
}

static struct digest root_of(int root)
{
	return sha256_of((struct bytes){(uint8_t *)&root, sizeof root});
}

static const char *hexed(const void *at, size_t n)
{
	static char hex[8][2 * SHA256_LEN + 1];
	static unsigned k;
	struct text t = text_on(hex[++k % 8], sizeof *hex);

	text_hex(&t, (struct bytes){at, n});
	return t.at;
}

static const char *index_text(uint64_t i)
{
	static char at[24];

	(void)snprintf(at, sizeof at, "%d", (int)i);
	return at;
}

static const char *key_hex(int k)
{
	return hexed(key[k].public_key, SIGN_KEY);
}

static const char *leaf_hex(uint64_t index)
{
	return hexed(leaves[index].at, SHA256_LEN);
}

static const char *person_hex(int k)
{
	uint8_t person[PERSON_LEN] = {k < KEYS ? cast[k].person : (uint8_t)k};

	return hexed(person, PERSON_LEN);
}

/* One entry; the rule that it breaks, or "taken". */
static const char *feed(int by, int type, int flags, int root,
	const uint8_t *subject, const struct fields *body)
{
	struct entry e = {.type = (uint8_t)type, .flags = (uint8_t)flags,
		.clock = {day(100)}, .body = root_of(root)};
	struct people_entry x = {w.n, &e, &leaves[w.n], body, w.withheld};

	memcpy(e.subject, subject, ENTRY_SUBJECT);
	sign_key_id(key[by].public_key, e.key_id);
	tree.count[0] = (size_t)w.n;
	w.p.rule = NULL;
	if (!people_may(&w.p, &x, &f) || !people_take(&w.p, &x, &tree, &f))
		return w.p.rule ? w.p.rule : "memory";
	memcpy(w.subject[w.n], subject, ENTRY_SUBJECT);
	w.root[w.n++] = root;
	return "taken";
}

/* C of entry i. */
static const char *confirm(int by, uint64_t i)
{
	return feed(by, ENTRY_REVIEW, 0, w.root[i], w.subject[i], NULL);
}

static bool took(const char *rule)
{
	return strcmp(rule, "taken") == 0;
}

/* -- bodies -- */

enum act { ENROL, SENSES, REVOKE, ROOTS, LOG, POLICY };

static char lines[4096], vkey[512];

static void roots_of(const int *who, size_t n)
{
	struct roots r = {.count = n};
	struct text t = text_on(lines, sizeof lines);

	for (size_t i = 0; i < n; i++) {
		r.of[i].person[0] = cast[who[i]].person;
		memcpy(r.of[i].key, key[who[i]].public_key, SIGN_KEY);
		memcpy(r.of[i].org, cast[who[i]].org,
			strlen(cast[who[i]].org) + 1);
	}
	roots_print(&r, &t);
}

static void about_key(int k, uint8_t subject[ENTRY_SUBJECT])
{
	entry_subject((struct instant){day(90)},
		(struct bytes){key[k].public_key, SIGN_KEY}, subject);
}

/* What a log's key says of so many entries. */
static const char *last_note(int k, const char *origin, uint64_t size,
	const struct digest *root)
{
	static char note[1024];
	struct text t = text_on(note, sizeof note);
	struct checkpoint c = {.size = size, .root = *root};

	memcpy(c.origin, origin, strlen(origin) + 1);
	memcpy(key[k].name, origin, strlen(origin) + 1);
	checkpoint_print(&c, &key[k], &t);
	return note;
}

/* A sound body, and the subject that it wants. */
static struct fields body_of(enum act act, int k, uint8_t *subject)
{
	static const char *const names[] = {"enrol", "sensor", "revoke",
		"roots", "log", "policy"};
	struct fields s = fields_in(&w.arena);
	char at[1024], proof[128];
	struct text t = text_on(at, sizeof at);
	struct text b = text_on(proof, sizeof proof);
	uint8_t signature[SIGN_LEN];

	fields_text(&s, "act", names[act]);
	if (act <= REVOKE) {
		fields_text(&s, "key", key_hex(k));
		about_key(k, subject);
	} else {
		entry_subject(INSTANT_UNKNOWN, bytes_of(names[act]), subject);
	}
	if (act == ENROL || act == SENSES) {
		fields_time(&s, "not_before", (struct instant){day(90)});
		fields_time(&s, "not_after", (struct instant){day(170)});
	}
	if (act == ENROL) {
		fields_text(&s, "person", person_hex(k));
		fields_text(&s, "org", k < KEYS ? cast[k].org : "more");
		fields_text(&s, "role", k < KEYS ? cast[k].role : "analyst");
		people_proof("m/1", &s, &t);
		sign_make(&key[k], text_view(&t), signature);
		text_base64(&b, (struct bytes){signature, SIGN_LEN});
		fields_text(&s, "proof", proof);
	} else if (act == SENSES) {
		fields_text(&s, "sensor", "S01");
		fields_text(&s, "party", cast[k].org);
	} else if (act == REVOKE) {
		fields_time(&s, "since", (struct instant){day(95)});
	} else if (act == ROOTS) {
		fields_text(&s, "roots", lines);
		fields_i64(&s, "threshold", 1);
	} else if (act == LOG) {
		fields_text(&s, "log", vkey);
		fields_text(&s, "last", last_note(NEW, "m/1", 1, &leaves[0]));
	} else {
		fields_text(&s, "policy_sha256", hexed(leaves[7].at,
			SHA256_LEN));
	}
	return s;
}

static void change(struct fields *s, const char *name, const char *value)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->field[i].name, name) != 0)
			continue;
		if (value)
			s->field[i].value = bytes_of(value);
		else
			s->field[i] = s->field[--s->count];
		return;
	}
	if (value)
		s->field[s->count++] = (struct field){name, bytes_of(value)};
}

static const char *event(int by, struct fields *s, const uint8_t *subject)
{
	static int root = 1000;

	if (!fields_done(s, &f))
		return f.text;
	return feed(by, ENTRY_KEY, ENTRY_TWO, ++root, subject, s);
}

static const char *key_event(int by, enum act act, int k)
{
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s = body_of(act, k, subject);

	return event(by, &s, subject);
}

/* Entry 0: roots 1 and 2. */
static const char *begin(uint64_t threshold, bool two_orgs,
	const char *field, const char *value)
{
	struct genesis g = {.mission = "m", .origin = "m/1",
		.two_orgs = two_orgs,
		.roots = {.count = 2, .threshold = threshold}};
	struct fields s;
	uint8_t none[ENTRY_SUBJECT] = {0};
	const char *rule;

	people_free(&w.p);
	memset(&w, 0, sizeof w);
	w.arena = arena_on(block, sizeof block);
	s = fields_in(&w.arena);
	memcpy(g.engine, key[ENGINE].public_key, SIGN_KEY);
	memcpy(g.log, key[NEW].public_key, SIGN_KEY);
	for (int i = 0; i < 2; i++) {
		g.roots.of[i].person[0] = cast[R1 + i].person;
		memcpy(g.roots.of[i].key, key[R1 + i].public_key, SIGN_KEY);
		memcpy(g.roots.of[i].org, cast[R1 + i].org, 3);
	}
	genesis_fields(&g, &s);
	if (field)
		change(&s, field, value);
	if (!fields_done(&s, &f))
		return f.text;
	rule = feed(ENGINE, ENTRY_KEY, 0, -1, none, &s);
	return rule;
}

/* All but NEW, each known at once, as one root is enough. */
static void people(bool two_orgs)
{
	CHECK_QUIET(took(begin(1, two_orgs, NULL, NULL)), "%s", f.text);
	for (int k = ANN; k <= LIB; k++)
		CHECK_QUIET(took(key_event(R1, ENROL, k)), "%d: %s", k,
			f.text);
}

/* -- key events, a field at a time -- */

static const struct row {
	enum act act;
	const char *field, *value, *want; /* value NULL: the field is gone */
} rows[] = {
	{ENROL, NULL, NULL, "taken"},
	{ENROL, "act", NULL, "body"},
	{ENROL, "act", "a-word-that-is-too-long", "body"},
	{ENROL, "role", NULL, "body"},
	{ENROL, "role", "king", "body"},
	{ENROL, "key", NULL, "body"},
	{ENROL, "key", "00", "body"},
	{ENROL, "person", NULL, "body"},
	{ENROL, "person", "00", "body"},
	{ENROL, "org", NULL, "body"},
	{ENROL, "org", "a b", "body"},
	{ENROL, "org", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaaaaaaaaaaa", "body"},
	{ENROL, "not_before", NULL, "body"},
	{ENROL, "not_before", "\"1970-04-01T00:00:0Z\"", "body"},
	{ENROL, "not_before", "\"1970-04-01 00:00:00Z\"", "body"},
	{ENROL, "not_before", "\"1970-04-01T00:00:00z\"", "body"},
	{ENROL, "not_before", "\"1970-04-01T00:00:00.Z\"", "body"},
	{ENROL, "not_before", "\"1970-04-01T00:00:00+00Z\"", "body"},
	{ENROL, "not_before", "\"1970-04-01T00:00:60Z\"", "body"},
	{ENROL, "not_before", "\"1970-99-01T00:00:00Z\"", "body"},
	{ENROL, "not_before", "\"1970-04-01T00:00:00Z", "body"},
	{ENROL, "not_after", NULL, "body"},
	{ENROL, "not_after", "\"1970-04-01T00:00:00Z\"", "body"},
	{ENROL, "not_after", "\"1970-03-31T00:00:00Z\"", "body"},
	{ENROL, "not_after", "\"1971-04-01T00:00:00Z\"", "body"},
	{ENROL, "not_after", "\"1970-06-30T00:00:00Z\"", "proof"},
	{ENROL, "not_after", "\"1970-06-30T00:00:00.000001Z\"", "body"},
	{ENROL, "replaces", "00", "body"},
	{ENROL, "proof", NULL, "proof"},
	{ENROL, "proof", "A", "proof"},
	{ENROL, "proof", "AAAA", "proof"},
	{ENROL, "proof", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==", "proof"},
	{SENSES, NULL, NULL, "taken"},
	{SENSES, "key", NULL, "body"},
	{SENSES, "sensor", NULL, "body"},
	{SENSES, "sensor", "a b", "body"},
	{SENSES, "party", NULL, "body"},
	{SENSES, "not_before", NULL, "body"},
	{SENSES, "not_after", NULL, "body"},
	{SENSES, "not_after", "\"1970-04-01T00:00:00Z\"", "body"},
	{SENSES, "not_after", "\"1990-04-01T00:00:00Z\"", "taken"},
	{SENSES, "replaces", "00", "body"},
	{REVOKE, NULL, NULL, "taken"},
	{REVOKE, "key", NULL, "body"},
	{REVOKE, "since", NULL, "body"},
	{ROOTS, NULL, NULL, "taken"},
	{ROOTS, "roots", NULL, "body"},
	{ROOTS, "roots", "me", "body"},
	{ROOTS, "threshold", NULL, "body"},
	{ROOTS, "threshold", "3", "body"},
	{LOG, NULL, NULL, "taken"},
	{LOG, "log", NULL, "body"},
	{LOG, "log", "m/1+0+0", "body"},
	{LOG, "last", NULL, "body"},
	{LOG, "last", "a note", "body"},
	{POLICY, NULL, NULL, "taken"},
	{POLICY, "act", "polite", "body"},
	{POLICY, "policy_sha256", NULL, "body"},
};

static void test_rows(void)
{
	static const int who[] = {R1, R2};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		uint8_t subject[ENTRY_SUBJECT];
		struct fields s;
		const char *rule;
		int k = r->act == SENSES ? SENSOR : r->act == REVOKE ? ANN :
			NEW;

		people(false);
		roots_of(who, 2);
		s = body_of(r->act, k, subject);
		if (r->field)
			change(&s, r->field, r->value);
		rule = event(R1, &s, subject);
		CHECK(strcmp(rule, r->want) == 0, "%zu: %s = %.30s: %s", i,
			r->field ? r->field : "all", r->value ? r->value :
			"(gone)", rule);
		/* Nobody's subject but its own. */
		if (r->field)
			continue;
		people(false);
		s = body_of(r->act, k, subject);
		subject[15] ^= 1;
		rule = event(R1, &s, subject);
		CHECK(strcmp(rule, "body") == 0, "%zu, of another subject: %s",
			i, rule);
	}
}

/* What depends on the keys that are there. */
static void test_keys_there(void)
{
	static const struct {
		enum act act;
		int k, other; /* whom it replaces */
		const char *want;
	} row[] = {
		{ENROL, NEW, ANN, "body"},  /* another person */
		{ENROL, NEW, CHI, "body"},  /* another role */
		{ENROL, NEW, SENSOR, "body"}, /* nobody has it */
		{ENROL, ANN, -1, "key"},
		{SENSES, ANN, -1, "key"},
		{SENSES, SENSOR, ANN, "body"},
		{REVOKE, NEW, -1, "body"},
		{REVOKE, R1, -1, "body"},
	};
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s;
	const char *rule;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		people(false);
		s = body_of(row[i].act, row[i].k, subject);
		if (row[i].other >= 0)
			change(&s, "replaces", key_hex(row[i].other));
		rule = event(R1, &s, subject);
		CHECK(strcmp(rule, row[i].want) == 0, "keys %zu: %s", i, rule);
	}
	/* A root is no key that can be revoked, whatever the subject. */
	people(false);
	s = body_of(REVOKE, R1, subject);
	entry_subject((struct instant){0},
		(struct bytes){key[R1].public_key, SIGN_KEY}, subject);
	rule = event(R1, &s, subject);
	CHECK(strcmp(rule, "body") == 0, "a root is not revoked: %s", rule);
	/* Two keys of one id: as if somebody had found such. */
	for (int act = ENROL; act <= REVOKE; act++) {
		people(false);
		people_taken(&w.p, key[ANN].public_key)->key[0] ^= 1;
		s = body_of((enum act)act, act == REVOKE ? ANN : act == SENSES
			? SENSOR : NEW, subject);
		if (act != REVOKE)
			change(&s, "replaces", key_hex(ANN));
		rule = event(R1, &s, subject);
		CHECK(strcmp(rule, "body") == 0 &&
			!people_key(&w.p, key[ANN].public_key),
			"another key with its id: %s", rule);
	}
	people(false);
	CHECK(people_key(&w.p, key[ANN].public_key) &&
		!people_key(&w.p, key[NEW].public_key), "who is there");
}

/* A person's new key takes the place of the old, an engine's too. */
static void test_replace(void)
{
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s;
	struct people_counts c;

	people(false);
	s = body_of(ENROL, NEW, subject);
	/* The same person as ANN: proof and all. */
	{
		struct people_key *k = people_taken(&w.p,
			key[ANN].public_key);

		memset(k->person, 0, PERSON_LEN);
		k->person[0] = cast[NEW].person;
	}
	c = people_count(&w.p);
	change(&s, "replaces", key_hex(ANN));
	CHECK(took(event(R1, &s, subject)), "%s", f.text);
	CHECK(!people_key_good(people_taken(&w.p, key[ANN].public_key), w.n,
		(struct instant){day(100)}) && people_key_good(people_taken(
		&w.p, key[NEW].public_key), w.n, (struct instant){day(100)}) &&
		people_count(&w.p).persons == c.persons, "the new one counts");
	/* One that was revoked before is not given back. */
	people(false);
	people_taken(&w.p, key[ANN].public_key)->person[0] = cast[NEW].person;
	CHECK(took(key_event(R1, REVOKE, ANN)), "%s", f.text);
	s = body_of(ENROL, NEW, subject);
	change(&s, "replaces", key_hex(ANN));
	CHECK(took(event(R1, &s, subject)) && people_taken(&w.p,
		key[ANN].public_key)->until == w.n - 2, "%s", f.text);
	/* An engine is nobody, so any engine may follow. */
	people(false);
	people_taken(&w.p, key[ENGINE].public_key)->person[0] = 99;
	people_taken(&w.p, key[ANN].public_key)->role = PEOPLE_ENGINE;
	s = body_of(ENROL, NEW, subject);
	change(&s, "role", "engine");
	change(&s, "replaces", key_hex(ENGINE));
	CHECK(strcmp(event(R1, &s, subject), "proof") == 0,
		"an engine replaced, but for the signature");
}

static void test_revoked_twice(void)
{
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s;
	const struct people_key *k;

	people(false);
	CHECK(took(key_event(R1, REVOKE, ANN)), "%s", f.text);
	k = people_taken(&w.p, key[ANN].public_key);
	uint64_t at = 0, until = k->until;

	/* An earlier time, that counts from where it was said; a later one. */
	for (int i = 0; i < 2; i++) {
		s = body_of(REVOKE, ANN, subject);
		change(&s, "since", i ? "\"1970-04-08T00:00:00Z\""
				      : "\"1970-04-03T00:00:00Z\"");
		CHECK(took(event(R1, &s, subject)), "%s", f.text);
		k = people_taken(&w.p, key[ANN].public_key);
		at = i ? at : w.n - 1;
		CHECK(k->revoked == at && k->until == until &&
			k->since.utc_ns == day(92), "the earliest holds");
	}
}

/* -- sensors -- */

static const struct people_key *signs(const char *sensor, double at)
{
	return people_sensor(&w.p, bytes_of(sensor), w.n,
		(struct instant){day(at)});
}

static void test_sensors(void)
{
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s;
	uint64_t i;

	people(false);
	i = w.n;
	CHECK(took(key_event(R1, SENSES, SENSOR)) && !signs("S01", 100),
		"no liaison stands behind it");
	CHECK(took(confirm(LIB, i)) && !signs("S01", 100),
		"one of another party does not help");
	CHECK(took(confirm(LIA, i)) && signs("S01", 100),
		"that of the host does");
	CHECK(!signs("S02", 100) && !signs("S01", 80) && !signs("S01", 171),
		"no other sensor or time");
	CHECK(people_count(&w.p).sensors == 1, "one sensor");
	/* A second key, from then on; the first one still proves the past. */
	s = body_of(SENSES, SENSOR2, subject);
	change(&s, "replaces", key_hex(SENSOR));
	i = w.n;
	CHECK(took(event(R1, &s, subject)) && took(confirm(LIA, i)),
		"replaced: %s", f.text);
	CHECK(memcmp(signs("S01", 100)->key, key[SENSOR2].public_key,
		SIGN_KEY) == 0, "the new key signs");
	CHECK(people_sensor(&w.p, bytes_of("S01"), w.n - 2, (struct instant){
		day(100)}) != NULL, "the old one did");
	CHECK(took(key_event(R1, REVOKE, SENSOR2)), "%s", f.text);
	w.n--;
	CHECK(signs("S01", 94) && !signs("S01", 96),
		"what it signed later is in doubt");
	w.n++;
	/* The key of another sensor is not replaced. */
	people(false);
	CHECK(took(key_event(R1, SENSES, SENSOR)), "%s", f.text);
	s = body_of(SENSES, SENSOR2, subject);
	change(&s, "sensor", "S02");
	change(&s, "replaces", key_hex(SENSOR));
	CHECK(strcmp(event(R1, &s, subject), "body") == 0, "of another");
}

/* -- roots -- */

static void test_roots(void)
{
	static const int three[] = {R1, R3}, back[] = {R1, R2}, same[] = {R2,
		R2}, taken[] = {R1, ANN};
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s;
	uint64_t i;

	people(false);
	roots_of(taken, 2);
	CHECK(strcmp(key_event(R1, ROOTS, 0), "key") == 0, "one is ANN's");
	roots_of(same, 2);
	CHECK(strcmp(key_event(R1, ROOTS, 0), "body") == 0, "one twice");
	roots_of(three, 2);
	i = w.n;
	CHECK(took(key_event(R1, ROOTS, 0)), "R3 for R2: %s", f.text);
	CHECK(strcmp(key_event(R2, POLICY, 0), "key") == 0 &&
		took(key_event(R3, POLICY, 0)), "who is root now");
	CHECK(people_taken(&w.p, key[R1].public_key)->from == 0 &&
		people_taken(&w.p, key[R2].public_key)->until == i, "since");
	roots_of(back, 2);
	i = w.n;
	CHECK(took(key_event(R1, ROOTS, 0)) && took(key_event(R2, POLICY, 0))
		&& people_taken(&w.p, key[R2].public_key)->from == i,
		"R2 comes back: %s", f.text);
	roots_of(back + 1, 1);
	CHECK(took(key_event(R1, ROOTS, 0)) && strcmp(key_event(R1, POLICY,
		0), "key") == 0, "only R2: %s", f.text);
	roots_of(back + 1, 1);
	CHECK(took(key_event(R2, ROOTS, 0)), "again, R1 long gone");
	/* Two new ones with one key, and one with a liar's person. */
	{
		struct roots r = {.count = 2};
		struct text t = text_on(lines, sizeof lines);

		for (int n = 0; n < 2; n++) {
			r.of[n].person[0] = (uint8_t)(50 + n);
			memcpy(r.of[n].key, key[NEW].public_key, SIGN_KEY);
			memcpy(r.of[n].org, "z", 2);
		}
		roots_print(&r, &t);
		CHECK(strcmp(key_event(R2, ROOTS, 0), "key") == 0,
			"one key for two");
		for (int n = 0; n < 4; n++) {
			t = text_on(lines, sizeof lines);
			r.count = 1;
			memset(&r.of[0], 0, sizeof r.of[0]);
			r.of[0].person[0] = (uint8_t)(n == 1 ? 99 : 2);
			memcpy(r.of[0].key, key[R2].public_key, SIGN_KEY);
			memcpy(r.of[0].org, n == 2 ? "zz" : "rb", 3);
			roots_print(&r, &t);
			if (n == 3)
				people_taken(&w.p, key[R2].public_key)
					->key[3] ^= 1;
			s = body_of(ROOTS, 0, subject);
			CHECK(strcmp(event(R2, &s, subject), n == 0 ? "taken" :
				"key") == 0, "root %d as it was: %s", n,
				w.p.rule ? w.p.rule : "taken");
		}
	}
}

/* With two wanted, one who is no root any more does not count. */
static void test_two_roots(void)
{
	static const int three[] = {R1, R3};
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s;
	uint64_t i, j;

	CHECK(took(begin(2, false, NULL, NULL)), "%s", f.text);
	i = w.n;
	CHECK(took(key_event(R2, POLICY, 0)), "%s", f.text);
	roots_of(three, 2);
	j = w.n;
	s = body_of(ROOTS, 0, subject);
	change(&s, "threshold", "2");
	CHECK(took(event(R2, &s, subject)) && took(confirm(R1, j)) &&
		strcmp(confirm(R1, j), "self") == 0, "%s", f.text);
	CHECK(took(confirm(R1, i)) && people_state(&w.p, people_item_at(&w.p,
		i)) == PEOPLE_PROPOSED, "R2 counts no more");
}

static void test_odds(void)
{
	static const int first[] = {R1, R2};
	char at[256];
	struct text t = text_on(at, sizeof at);
	struct fields s = fields_in(&w.arena);
	char other[512];
	struct text v = text_on(other, sizeof other);
	uint8_t subject[ENTRY_SUBJECT];

	people_proof("m/1", &s, &t);
	CHECK(bytes_are(text_view(&t), "cfm/enrol/v1\nm/1\n\n\n\n\n\n\n"),
		"an enrolment of nothing");
	roots_of(first, 2);
	people(false);
	s = body_of(LOG, 0, subject);
	sign_vkey_print("m/2", key[R3].public_key, &v);
	change(&s, "log", other);
	CHECK(strcmp(event(R1, &s, subject), "body") == 0, "another log");
}

/* The old key's word ends with the note that the event carries, the new one's
 * begins behind the entry that completes it. */
static void test_hand_over(void)
{
	static const struct {
		int by;
		const char *origin;
		uint64_t size;
		int leaf;
	} bad[] = {{ENGINE, "m/1", 1, 0}, {NEW, "m/2", 1, 0},
		{NEW, "m/1", 0, 0}, {NEW, "m/1", 1, 1}, {NEW, "m/1", 100, 0}};
	static const int first[] = {R1, R2};
	const uint8_t *old, *now;
	uint8_t subject[ENTRY_SUBJECT];
	struct checkpoint c;
	struct note_key by;
	struct fields s;
	uint64_t i, n;

	roots_of(first, 2);
	for (size_t k = 0; k < sizeof bad / sizeof *bad; k++) {
		people(false);
		s = body_of(LOG, 0, subject);
		change(&s, "last", last_note(bad[k].by, bad[k].origin,
			bad[k].size, &leaves[bad[k].leaf]));
		CHECK(strcmp(event(R1, &s, subject), "body") == 0,
			"last note %zu", k);
	}
	CHECK_QUIET(took(begin(2, false, NULL, NULL)), "%s", f.text);
	old = key[NEW].public_key;
	CHECK(memcmp(people_log_key(&w.p, 7), old, SIGN_KEY) == 0 &&
		people_note(&w.p, bytes_of(last_note(NEW, "m/1", 1,
			&leaves[0])), &c, NULL, &f), "entry 0's: %s", f.text);
	s = body_of(LOG, 0, subject);
	i = w.n;
	CHECK(took(event(R1, &s, subject)) && w.p.logs == 1, "proposed");
	/* The same again, beside it: whichever counts first holds. */
	CHECK(took(feed(R1, ENTRY_KEY, ENTRY_TWO, 77, subject, &s)), "twice");
	CHECK(took(confirm(R2, i)) && w.p.logs == 2, "it counts");
	n = w.n;
	CHECK(took(confirm(R2, i + 1)) && w.p.logs == 2, "the other does not");
	now = people_log_key(&w.p, UINT64_MAX);
	CHECK(people_log_key(&w.p, 1) && !people_log_key(&w.p, 2) &&
		!people_log_key(&w.p, n - 1) && people_log_key(&w.p, n) == now,
		"which sizes are whose");
	CHECK(people_note(&w.p, bytes_of(last_note(NEW, "m/1", 1,
			&leaves[0])), &c, &by, &f) &&
		memcmp(by.key, old, SIGN_KEY) == 0, "its last note stays");
	CHECK(!people_note(&w.p, bytes_of(last_note(NEW, "m/1", 2,
			&leaves[0])), &c, &by, &f) &&
		strstr(f.text, "handed over"), "%s", f.text);
	CHECK(!people_note(&w.p, bytes_of(last_note(NEW, "m/1", n,
			&leaves[0])), &c, &by, &f) &&
		strstr(f.text, "no signature"), "%s", f.text);
	s = body_of(LOG, 0, subject);
	change(&s, "last", last_note(R3, "m/1", 1, &leaves[0]));
	CHECK(strcmp(event(R1, &s, subject), "body") == 0,
		"a new key's word on what was the old one's");
	CHECK(!people_note(&w.p, bytes_of("x"), &c, &by, &f) &&
		!people_note(&w.p, bytes_of("x\n\n\xe2\x80\x94 a AAAAAAA=\n"),
			&c, &by, &f), "no note, no checkpoint");
}

static void test_genesis(void)
{
	char same[4096];
	struct text t = text_on(same, sizeof same);
	uint8_t none[ENTRY_SUBJECT] = {0};

	CHECK(strcmp(begin(3, false, NULL, NULL), "genesis") == 0, "%s",
		f.text);
	CHECK(strcmp(begin(1, false, "engine", key_hex(R1)), "genesis") == 0 &&
		strstr(f.text, "one key twice"), "%s", f.text);
	text_fmt(&t, "\"%s %s a\\n%s %s b\"", person_hex(R1), key_hex(R1),
		person_hex(R2), key_hex(R1));
	CHECK(strcmp(begin(1, false, "roots", same), "genesis") == 0 &&
		strstr(f.text, "one key twice"), "%s", f.text);
	people_free(&w.p);
	memset(&w, 0, sizeof w);
	CHECK(strcmp(feed(ENGINE, ENTRY_FINDING, 0, 1, none, NULL), "genesis")
		== 0, "another type: %s", f.text);
	CHECK(took(feed(ENGINE, ENTRY_KEY, 0, 1, none, NULL)) && w.p.blind,
		"its body is not at hand");
	/* Then nobody is known, and nobody wrong. */
	CHECK(took(feed(ANN, ENTRY_FINDING, 0, 2, none, NULL)) &&
		took(feed(ANN, ENTRY_REVIEW, 0, 2, none, NULL)) &&
		took(feed(R1, ENTRY_KEY, ENTRY_TWO, 3, none, NULL)) &&
		took(feed(ANN, ENTRY_PUBLICATION, ENTRY_TWO, 4, none, NULL)),
		"%s", f.text);
	CHECK(people_state(&w.p, people_item_at(&w.p, 1)) == PEOPLE_UNDECIDED,
		"not decidable");
	w.arena = arena_on(block, sizeof block);
	for (int act = ENROL; act <= POLICY; act++) {
		uint8_t subject[ENTRY_SUBJECT];
		struct fields s = body_of((enum act)act, NEW, subject);

		CHECK(took(event(R1, &s, subject)), "what would change who "
			"is unknown: %d: %s", act, f.text);
	}
}

/* A key event must be open; one whose body is not at hand leaves us blind. */
static void test_blind(void)
{
	uint8_t subject[ENTRY_SUBJECT];

	people(false);
	w.withheld = true;
	CHECK(strcmp(key_event(R1, ENROL, NEW), "body") == 0, "%s", f.text);
	w.withheld = false;
	/* Proposed, not yet counting: in the dark it may count. */
	CHECK(took(begin(2, false, NULL, NULL)) &&
		took(key_event(R1, ENROL, NEW)) &&
		!people_key(&w.p, key[NEW].public_key) &&
		strcmp(feed(NEW, ENTRY_INCIDENT, 0, 5, key[0].seed, NULL),
			"key") == 0, "%s", f.text);
	about_key(ANN, subject);
	CHECK(took(feed(R1, ENTRY_KEY, ENTRY_TWO, 6, subject, NULL)) &&
		took(feed(NEW, ENTRY_INCIDENT, 0, 5, key[0].seed, NULL)),
		"%s", f.text);
}

/* -- decisions -- */

static const uint8_t about[ENTRY_SUBJECT] = {1};

struct said {
	const char *field, *value;
};

static const char *says(int by, int type, const struct said *p, size_t n)
{
	struct fields s = fields_in(&w.arena);
	static int root = 5000;

	for (size_t i = 0; i < n; i++)
		if (p[i].field)
			fields_json(&s, p[i].field, bytes_of(p[i].value));
	if (!fields_done(&s, &f))
		return f.text;
	return feed(by, type, type == ENTRY_REVIEW ? 0 : ENTRY_TWO, ++root,
		about, &s);
}

#define SAYS(by, type, ...) says(by, type, (struct said[]){__VA_ARGS__}, \
	sizeof((struct said[]){__VA_ARGS__}) / sizeof(struct said))

static uint64_t finding(int by, int root)
{
	CHECK_QUIET(took(feed(by, ENTRY_FINDING, by == ENGINE ? 0 : ENTRY_TWO,
		root, about, NULL)), "%s", f.text);
	return w.n - 1;
}

static enum people_state state(uint64_t i)
{
	return people_state(&w.p, people_item_at(&w.p, i));
}

static void test_decisions(void)
{
	uint64_t i;
	const char *of;
	struct entry e = {.type = ENTRY_REVIEW, .body = root_of(1)};

	people(false);
	i = finding(ENGINE, 1);
	of = leaf_hex(i);
	memcpy(e.subject, about, ENTRY_SUBJECT);
	CHECK(!instant_known(people_completed(&w.p, people_item_at(&w.p, i))),
		"never complete");
	CHECK(people_confirmed(&w.p, &e) == people_item_at(&w.p, i),
		"what a C would confirm");
	e.body = root_of(-77);
	CHECK(!people_confirmed(&w.p, &e), "nothing");
	memset(e.subject, 0, ENTRY_SUBJECT);
	e.body = root_of(-1);
	CHECK(!people_confirmed(&w.p, &e), "nor entry 0");
	e.type = ENTRY_FINDING;
	CHECK(!people_confirmed(&w.p, &e), "nor is it a C");
	CHECK(strcmp(SAYS(CHI, 4, {"does", "note"}, {"why", "x"}), "body") == 0
		&& strcmp(SAYS(CHI, 4, {"does", "note"}, {"of", of}), "body")
		== 0 && strcmp(SAYS(CHI, 4, {"of", of}, {"why", "x"}), "body")
		== 0, "what it needs: %s", f.text);
	CHECK(strcmp(SAYS(CHI, 4, {"does", "note"}, {"of", of}, {"why",
		"\"\\u0061\""}), "body") == 0, "words that cannot be read");
	CHECK(strcmp(SAYS(CHI, 4, {"does", "note"}, {"of", leaf_hex(i + 1)},
		{"why", "x"}), "body") == 0, "of what is not there");
	CHECK(strcmp(SAYS(CHI, 4, {"does", "note"}, {"of", "00"},
		{"why", "x"}), "body") == 0, "of no hash");
	CHECK(took(SAYS(CHI, 4, {"does", "take"}, {"of", of}, {"why", "x"},
		{"until", "\"1970-04-20T00:00:00Z\""})) && people_holder(&w.p,
		people_item_at(&w.p, i), (struct instant){day(108)}) &&
		!people_holder(&w.p, people_item_at(&w.p, i),
			(struct instant){day(110)}), "held until it says");
	CHECK(took(SAYS(REV, 4, {"does", "take"}, {"of", of}, {"why", "x"})) &&
		people_holder(&w.p, people_item_at(&w.p, i), (struct instant){
		day(100)})->role == PEOPLE_CHIEF, "nobody else takes it");
	CHECK(took(SAYS(CHI, 4, {"does", "take"}, {"of", of}, {"why", "x"},
		{"until", "soon"})) && !people_holder(&w.p, people_item_at(
		&w.p, i), (struct instant){day(101)}), "a time of no form");
	CHECK(took(SAYS(CHI, 4, {"does", "release"}, {"of", of},
		{"why", "x"})) && !people_holder(&w.p, people_item_at(&w.p,
		i), (struct instant){day(100)}), "given back");
	/* Words withheld: a reason may be, a decision leaves all open. */
	w.withheld = true;
	CHECK(took(SAYS(CHI, 4, {"does", "note"}, {"of", of})),
		"its reason is withheld: %s", f.text);
	CHECK(state(i) == PEOPLE_AUTOMATIC, "which decides nothing");
	CHECK(took(SAYS(CHI, 4, {"of", of}, {"why", "x"})) &&
		state(i) == PEOPLE_UNDECIDED, "what it does, that does");
	w.withheld = false;
	i = finding(ENGINE, 3);
	CHECK(state(i) == PEOPLE_AUTOMATIC, "what comes after it is clear");
	/* What is rejected is confirmed in vain. */
	i = finding(ENGINE, 2);
	CHECK(took(SAYS(CHI, 4, {"does", "reject"}, {"of", leaf_hex(i)},
		{"why", "x"})) && took(confirm(ANN, i)) &&
		took(confirm(REV, i)) && state(i) == PEOPLE_REJECTED,
		"rejected: %s", f.text);
	CHECK(people_count(&w.p).rejected == 1, "one of them");
	/* A liaison's word completes an agreement alone. */
	i = finding(ENGINE, 4);
	CHECK(took(confirm(ANN, i)) && took(confirm(REV, i)) &&
		state(i) == PEOPLE_REVIEWED, "reviewed: %s", f.text);
	people_taken(&w.p, key[REV].public_key)->role = PEOPLE_LIAISON;
	CHECK(state(i) == PEOPLE_PROPOSED, "not if it were a liaison's");
}

/* Two findings of a subject, and in this order of the second one: A, R, C are
 * confirmations by analyst, reviewer and chief; d a word on it, or on the
 * other, that is not at hand; x the reviewer's key revoked since before. */
static void test_dark_words(void)
{
	static const struct {
		const char *order;
		enum people_state first, second;
	} row[] = {
		{"AR", PEOPLE_AUTOMATIC, PEOPLE_REVIEWED},
		{"ARx", PEOPLE_AUTOMATIC, PEOPLE_PROPOSED},
		{"d", PEOPLE_UNDECIDED, PEOPLE_UNDECIDED},
		{"AdR", PEOPLE_UNDECIDED, PEOPLE_UNDECIDED},
		{"ARd", PEOPLE_UNDECIDED, PEOPLE_REVIEWED},
		{"ARdx", PEOPLE_UNDECIDED, PEOPLE_PROPOSED},
		{"ARdxC", PEOPLE_UNDECIDED, PEOPLE_REVIEWED},
		{"ARxd", PEOPLE_UNDECIDED, PEOPLE_UNDECIDED},
		{"ARxdC", PEOPLE_UNDECIDED, PEOPLE_UNDECIDED},
		{"ARdxd", PEOPLE_UNDECIDED, PEOPLE_UNDECIDED},
	};

	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		uint64_t first, second;
		bool ok = true;

		people(false);
		first = finding(ENGINE, 1);
		second = finding(ENGINE, 2);
		for (const char *o = row[k].order; *o; o++)
			ok &= took(*o == 'd' ? feed(CHI, ENTRY_REVIEW, 0,
				(int)(3 + w.n), about, NULL) : *o == 'x' ?
				key_event(R1, REVOKE, REV) : confirm(
				*o == 'A' ? ANN : *o == 'R' ? REV : CHI,
				second));
		CHECK(ok && state(first) == row[k].first &&
			state(second) == row[k].second, "%s: %s, %s: %s",
			row[k].order, people_state_name(state(first)),
			people_state_name(state(second)), f.text);
	}
}

static const char *revoked(int k, double since)
{
	uint8_t subject[ENTRY_SUBJECT];
	struct fields s = body_of(REVOKE, k, subject);
	static char at[INSTANT_TEXT + 2];
	char plain[INSTANT_TEXT];

	(void)snprintf(at, sizeof at, "\"%s\"", instant_print(
		(struct instant){day(since)}, 0, plain));
	change(&s, "since", at);
	return event(R1, &s, subject);
}

/* An analyst's finding, in this order: R, C are confirmations by reviewer and
 * chief; x the analyst's key revoked since before, y since after it: what
 * nobody doubted yet is not confirmed anew. */
static void test_doubts(void)
{
	static const struct {
		const char *order;
		enum people_state is;
	} row[] = {
		{"Rx", PEOPLE_PROPOSED}, {"RxC", PEOPLE_REVIEWED},
		{"Ry", PEOPLE_REVIEWED}, {"RyC", PEOPLE_REVIEWED},
		{"RCx", PEOPLE_PROPOSED}, {"RyCx", PEOPLE_PROPOSED},
		{"RyxC", PEOPLE_REVIEWED}, {"RxyC", PEOPLE_REVIEWED},
		{"RxCy", PEOPLE_REVIEWED}, {"RxCx", PEOPLE_REVIEWED},
	};

	for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
		bool ok = true;
		uint64_t i;

		people(false);
		i = finding(ANN, 1);
		for (const char *o = row[k].order; *o; o++)
			ok &= took(*o == 'x' || *o == 'y' ?
				revoked(ANN, *o == 'x' ? 95 : 105) :
				confirm(*o == 'R' ? REV : CHI, i));
		CHECK(ok && state(i) == row[k].is, "%s: %s: %s", row[k].order,
			people_state_name(state(i)), f.text);
	}
}

/* How many of the subject's records the word that came last was held
 * against. */
static int steps(void)
{
	int n = 0;

	for (size_t i = 0; i < w.p.items; i++)
		n += memcmp(w.p.item[i].subject, about, ENTRY_SUBJECT) == 0 &&
			w.p.item[i].asked == w.n - 1;
	return n;
}

static int dark_word(void)
{
	CHECK_QUIET(took(feed(CHI, ENTRY_REVIEW, 0, (int)(30000 + w.n), about,
		NULL)), "%s", f.text);
	return steps();
}

/* Withheld words on a subject of many records that are reviewed: each of them
 * is met once, and once more after a key was revoked. */
static void test_dark_steps(void)
{
	enum { RECORDS = 100, WORDS = 100 };
	uint64_t first, last;
	int all = 0;

	people(false);
	first = w.n;
	for (int i = 0; i < RECORDS; i++) {
		last = finding(ENGINE, 20000 + i);
		CHECK_QUIET(took(confirm(ANN, last)) &&
			took(confirm(REV, last)), "%s", f.text);
	}
	CHECK(dark_word() == RECORDS, "the first word meets all");
	for (int i = 0; i < WORDS; i++)
		all += dark_word();
	CHECK(all == 0, "%d more meet none: %d steps", WORDS, all);
	last = finding(ENGINE, 29999);
	CHECK(dark_word() == 1 && state(last) == PEOPLE_UNDECIDED &&
		state(first) == PEOPLE_REVIEWED, "but what came since");
	CHECK(took(revoked(LIB, 95)) && dark_word() == RECORDS + 1 &&
		dark_word() == 0 && state(first) == PEOPLE_REVIEWED,
		"somebody's key was revoked: all once more");
	CHECK(took(revoked(REV, 95)) && took(confirm(CHI, first)) &&
		dark_word() == RECORDS + 1 && state(first) == PEOPLE_REVIEWED
		&& state(first + 3) == PEOPLE_UNDECIDED && took(confirm(CHI,
		first + 3)) && state(first + 3) == PEOPLE_UNDECIDED,
		"what rested on the key, and nobody confirmed anew, is dark");
}

/* Whose key nobody enrolled, in the dark: nothing is refused. */
static void test_strangers(void)
{
	uint8_t subject[ENTRY_SUBJECT];
	uint64_t i;

	people(false);
	i = finding(ENGINE, 1);
	about_key(NEW, subject);
	CHECK(took(feed(R1, ENTRY_KEY, ENTRY_TWO, 6, subject, NULL)), "dark");
	CHECK(took(SAYS(NEW, 4, {"does", "note"}, {"of", leaf_hex(i)},
		{"why", "x"})) && took(confirm(NEW, i)) &&
		took(confirm(NEW, 0)) &&
		took(feed(NEW, ENTRY_FINDING, 0, 9, about, NULL)) &&
		took(feed(NEW, ENTRY_KEY, ENTRY_TWO, 10, about, NULL)),
		"a stranger: %s", f.text);
	CHECK(strcmp(SAYS(NEW, 4, {"does", "sing"}, {"of", leaf_hex(i)},
		{"why", "x"}), "body") == 0, "who must make sense");
}

static void test_publications(void)
{
	uint64_t i, p, sealed, intake;
	char index[24], of[SHA256_HEX + 1];
	static const uint8_t other[ENTRY_SUBJECT] = {2};

	people(false);
	i = finding(ENGINE, 1);
	CHECK(took(feed(ANN, ENTRY_SEALED, ENTRY_EMBARGO, 2, other, NULL)),
		"sealed: %s", f.text);
	sealed = w.n - 1;
	CHECK(took(feed(ENGINE, ENTRY_INTAKE, 0, 3, other, NULL)), "intake");
	intake = w.n - 1;
	CHECK(took(confirm(ANN, i)) && took(confirm(REV, i)) &&
		state(i) == PEOPLE_REVIEWED && instant_known(
			people_completed(&w.p, people_item_at(&w.p, i))),
		"reviewed");
	CHECK(strcmp(SAYS(CHI, 9, {"act", "sing"}), "body") == 0 &&
		strcmp(SAYS(CHI, 9, {"of", "x"}), "body") == 0 &&
		strcmp(SAYS(CHI, 9, {"act", "publish"}, {"what", "x"}),
			"body") == 0 &&
		strcmp(SAYS(CHI, 9, {"act", "publish"}, {"of", "00"},
			{"what", "x"}), "body") == 0 &&
		strcmp(SAYS(CHI, 9, {"act", "publish"}, {"of",
			leaf_hex(intake)}, {"what", "x"}), "body") == 0,
		"what it needs: %s", f.text);
	p = w.n;
	CHECK(took(SAYS(CHI, 9, {"act", "publish"}, {"of", leaf_hex(i)},
		{"what", "x"})) && state(i) == PEOPLE_REVIEWED, "proposed");
	CHECK(took(confirm(REV, p)) && state(i) == PEOPLE_PUBLISHED &&
		people_count(&w.p).published == 1 &&
		people_count(&w.p).reviewed == 2, "published: %s", f.text);
	i = finding(ENGINE, 14);
	CHECK(took(confirm(ANN, i)) && took(confirm(REV, i)), "and one more");
	p = w.n;
	w.withheld = true;
	CHECK(took(SAYS(CHI, 9, {"act", "publish"}, {"of", leaf_hex(i)},
		{"what", "x"})) && took(SAYS(CHI, 4, {"of", leaf_hex(p)},
		{"why", "x"})) && took(confirm(REV, p)) &&
		state(i) == PEOPLE_REVIEWED, "by what is not clear");
	w.withheld = false;
	/* Another, that is rejected, changes nothing. */
	i = finding(ENGINE, 4);
	CHECK(took(confirm(ANN, i)) && took(confirm(REV, i)), "another");
	p = w.n;
	CHECK(took(SAYS(CHI, 9, {"act", "publish"}, {"of", leaf_hex(i)},
		{"what", "x"})) && took(SAYS(REV, 4, {"does", "reject"},
		{"of", leaf_hex(p)}, {"why", "x"})) &&
		state(i) == PEOPLE_REVIEWED, "not published: %s", f.text);
	(void)snprintf(of, sizeof of, "%s", leaf_hex(sealed));
	(void)snprintf(index, sizeof index, "%d", (int)sealed);
	{
		static const struct {
			const char *field, *value;
		} wrong[] = {
			{"index", "x"}, {"index", "1"}, {"type", "x"},
			{"type", "0"}, {"type", "16"}, {"subject", "00"},
			{"of", "00"},
		};

		for (size_t k = 0; k < sizeof wrong / sizeof *wrong; k++) {
			struct said b[] = {{"act", "lift"}, {"of", of},
				{"index", index}, {"type", "3"}, {"subject",
				"00000000000000000000000000000000"}};

			for (size_t j = 0; j < 5; j++)
				if (strcmp(b[j].field, wrong[k].field) == 0)
					b[j].value = wrong[k].value;
			CHECK(strcmp(says(CHI, 9, b, 5), "body") == 0,
				"lift, %s = %s: %s", wrong[k].field,
				wrong[k].value, f.text);
		}
	}
	CHECK(strcmp(SAYS(CHI, 9, {"act", "lift"}, {"of", leaf_hex(i)},
		{"index", index}, {"type", "3"}, {"subject",
		"00000000000000000000000000000000"}), "body") == 0,
		"what is not sealed");
	p = w.n;
	CHECK(took(SAYS(CHI, 9, {"act", "lift"}, {"of", of}, {"index", index},
		{"type", "3"}, {"subject", "00000000000000000000000000000000"}
		)) && took(confirm(REV, p)) && people_item_at(&w.p, sealed)
		->lifted, "lifted: %s", f.text);
}

static void test_erasures(void)
{
	static const uint8_t other[ENTRY_SUBJECT] = {2};
	uint64_t i, p, review;
	char index[24];

	people(false);
	i = finding(ENGINE, 1);
	CHECK(took(feed(ENGINE, ENTRY_INTAKE, 0, 3, other, NULL)), "intake");
	CHECK(took(SAYS(CHI, 4, {"does", "note"}, {"of", leaf_hex(i)},
		{"why", "x"})), "a note");
	review = w.n - 1;
	p = w.n;
	CHECK(took(SAYS(CHI, 9, {"act", "publish"}, {"of", leaf_hex(i)},
		{"what", "x"})), "a publication");
	{
		const struct {
			const char *index;
			uint64_t of;
			const char *want;
		} row[] = {
			{"x", i, "body"}, {"0", 0, "body"},
			{"199", i, "body"}, {"2", i, "body"},
			{"199", 199, "body"}, /* none yet, by its own leaf */
			{"1", 1, "body"}, /* a key event */
			{NULL, review, "body"}, {NULL, p, "body"},
			{NULL, i + 1, "taken"}, {NULL, i, "taken"},
		};

		for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
			const char *rule;

			(void)snprintf(index, sizeof index, "%d",
				(int)row[k].of);
			rule = SAYS(CHI, 9, {"act", "erase"}, {"of",
				leaf_hex(row[k].of)}, {"index", row[k].index ?
				row[k].index : index}, {"why", "x"});
			CHECK(strcmp(rule, row[k].want) == 0, "erase %zu: %s",
				k, rule);
		}
	}
	CHECK(!people_erased(&w.p, i) && took(confirm(REV, w.n - 1)) &&
		people_erased(&w.p, i), "by two: erased");
	/* Withheld words of a publication. */
	w.withheld = true;
	p = w.n;
	CHECK(took(SAYS(CHI, 9, {"of", leaf_hex(i)})) && took(SAYS(CHI, 9,
		{"act", "publish"}, {"what", "x"})) && took(SAYS(CHI, 9,
		{"act", "erase"}, {"of", leaf_hex(i)}, {"why", "x"})) &&
		state(p) == PEOPLE_UNDECIDED && state(p + 1) ==
			PEOPLE_UNDECIDED, "not decidable: %s", f.text);
	CHECK(took(SAYS(CHI, 9, {"act", "publish"}, {"of", leaf_hex(i)})),
		"what for is not needed: %s", f.text);
	w.withheld = false;
	CHECK(took(feed(CHI, ENTRY_PUBLICATION, ENTRY_TWO, 99, about, NULL)),
		"no body at all: %s", f.text);
	/* The dark one among its publishers does not publish it. */
	CHECK(state(i) != PEOPLE_PUBLISHED, "not published");
}

/* A person's version of an incident: one field wrong at a time. */
static void test_versions(void)
{
	static const uint8_t others[3][ENTRY_SUBJECT] = {{2}, {3}, {4}};
	char of[SHA256_HEX], with[4][SHA256_HEX], two[200], back[200];
	char cut[200], same[200], space[200], finds[SHA256_HEX];
	int low, high;

	people(false);
	CHECK(took(feed(ENGINE, ENTRY_INCIDENT, 0, 1, about, NULL)), "one");
	(void)snprintf(of, sizeof of, "%s", leaf_hex(w.n - 1));
	for (int i = 0; i < 3; i++) {
		CHECK(took(feed(ENGINE, ENTRY_INCIDENT, 0, 2 + i, others[i],
			NULL)), "and others");
		(void)snprintf(with[i], sizeof with[i], "%s",
			leaf_hex(w.n - 1));
	}
	(void)finding(ENGINE, 9);
	(void)snprintf(finds, sizeof finds, "%s", leaf_hex(w.n - 1));
	low = strcmp(with[0], with[1]) > 0;
	high = !low;
	(void)snprintf(two, sizeof two, "\"%s\\n%s\"", with[low],
		with[high]);
	(void)snprintf(back, sizeof back, "\"%s\\n%s\"", with[high],
		with[low]);
	(void)snprintf(same, sizeof same, "\"%s\\n%s\"", with[low],
		with[low]);
	(void)snprintf(cut, sizeof cut, "\"%s\\n%.60s\"", with[low],
		with[high]);
	(void)snprintf(space, sizeof space, "\"%s %s\"", with[low],
		with[high]);
	const struct {
		const char *does, *of, *why, *with, *want;
	} row[] = {
		{"amend", of, "x", NULL, "taken"},
		{"link", of, "x", NULL, "taken"},
		{"split", with[0], "x", NULL, "taken"},
		{"amend", with[0], "x", NULL, "body"},
		{"sing", of, "x", NULL, "body"},
		{"amend", finds, "x", NULL, "body"},
		{"amend", "00", "x", NULL, "body"},
		{"amend", "00000000000000000000000000000000"
			"00000000000000000000000000000000", "x", NULL, "body"},
		{"amend", of, "\"\"", NULL, "body"},
		{"amend", of, "", NULL, "body"},
		{"amend", of, NULL, NULL, "body"},
		{"merge", of, "x", NULL, "body"},
		{"merge", of, "x", with[0], "taken"},
		{"merge", of, "x", two, "taken"},
		{"merge", of, "x", back, "body"},
		{"merge", of, "x", same, "body"},
		{"merge", of, "x", cut, "body"},
		{"merge", of, "x", space, "body"},
		{"merge", of, "x", of, "body"},
		{"merge", of, "x", finds, "body"},
		{"merge", of, "x", "\"0000000000000000000000000000000000000000"
			"00000000000000000000000G\"", "body"},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct said b[] = {{"does", row[i].does}, {"of", row[i].of},
			{row[i].why ? "why" : NULL, row[i].why},
			{row[i].with ? "with" : NULL, row[i].with}};
		const char *rule = says(ANN, ENTRY_INCIDENT, b, 4);

		CHECK(strcmp(rule, row[i].want) == 0, "version %zu: %s", i,
			rule);
	}
	w.withheld = true;
	CHECK(took(SAYS(ANN, ENTRY_INCIDENT, {"does", "amend"}, {"why", "x"}))
		&& took(SAYS(ANN, ENTRY_INCIDENT, {"does", "merge"}, {"of",
		of})) && took(SAYS(ANN, ENTRY_INCIDENT, {"does", "merge"},
		{"of", of}, {"why", "x"})), "what is withheld is not judged");
	w.withheld = false;
	CHECK(took(SAYS(ANN, ENTRY_INCIDENT, {"does", "amend"}, {"of", of},
		{"why", "x"})) && people_count(&w.p).amended == 0 &&
		took(confirm(REV, w.n - 1)) && people_count(&w.p).amended ==
			1, "by two: amended");
	{
		uint64_t p = w.n, i = w.n - 2;

		CHECK(took(SAYS(CHI, 9, {"act", "publish"}, {"of",
			leaf_hex(i)}, {"what", "x"})) && took(confirm(REV,
			p)) && state(i) == PEOPLE_PUBLISHED &&
			people_count(&w.p).amended == 1, "and published");
	}
}

/* -- all of it, without memory -- */

static void test_memory(void)
{
	long n = 1, silent = 0, wrong = 0;

	for (;; n++) {
		uint64_t i, p;
		size_t room = 257; /* it grew, and by a C */
		bool ok;

		people_free(&w.p);
		memset(&w, 0, sizeof w);
		calls = 0;
		fail_at = n;
		f = (struct fault){0};
		ok = took(begin(1, false, NULL, NULL));
		for (int k = ANN; ok && k <= LIB; k++)
			ok = took(key_event(R1, ENROL, k));
		ok = ok && took(key_event(R1, SENSES, SENSOR)) &&
			took(confirm(LIA, w.n - 1));
		static const int three[] = {R1, R3};
		roots_of(three, 2);
		for (int k = KEYS; ok && w.p.keys < w.p.key_room; k++)
			ok = took(key_event(R1, ENROL, k));
		ok = ok && took(key_event(R1, ROOTS, 0));
		for (int k = KEYS + 60; ok && k < MORE; k++)
			ok = took(key_event(R1, ENROL, k));
		for (int k = 0; ok && (k < 50 || w.p.behinds < room); k++)
			ok = took(feed(ENGINE, ENTRY_FINDING, 0, k, about,
				NULL)) && took(confirm(ANN, w.n - 1));
		i = w.n - 2;
		p = w.n;
		ok = ok && took(SAYS(CHI, 9, {"act", "publish"}, {"of",
			leaf_hex(i)}, {"what", "x"})) && took(confirm(REV, p));
		p = w.n;
		ok = ok && took(SAYS(CHI, 9, {"act", "erase"}, {"of",
			leaf_hex(i)}, {"index", index_text(i)}, {"why",
			"x"})) && took(confirm(REV, p));
		ok = ok && took(feed(CHI, ENTRY_REVIEW, 0, 777, about, NULL));
		fail_at = 0;
		if (calls < n) {
			CHECK(ok, "with all memory: %s", f.text);
			break;
		}
		silent += !f.text[0];
		wrong += ok;
	}
	CHECK(silent == 0 && wrong == 0, "%ld allocations failed: %ld without "
		"words, %ld unnoticed", n - 1, silent, wrong);
}

int main(void)
{
	static const int first[] = {R1, R2};
	struct text t = text_on(vkey, sizeof vkey);

	if (!sign_ready(&f))
		return 1;
	for (int k = 0; k < MORE; k++) {
		memset(key[k].seed, k + 1, SIGN_SEED);
		sign_key_fill(&key[k]);
	}
	for (uint32_t i = 0; i < MAX; i++)
		leaves[i] = sha256_of((struct bytes){(uint8_t *)&i, sizeof i});
	tree.level[0] = leaves;
	sign_vkey_print("m/1", key[R3].public_key, &t);
	roots_of(first, 2);
	test_rows();
	test_keys_there();
	test_replace();
	test_revoked_twice();
	test_sensors();
	test_roots();
	test_two_roots();
	test_odds();
	test_hand_over();
	test_genesis();
	test_blind();
	test_decisions();
	test_dark_words();
	test_doubts();
	test_dark_steps();
	test_strangers();
	test_publications();
	test_erasures();
	test_versions();
	test_memory();
	people_free(&w.p);
	return check_done();
}
