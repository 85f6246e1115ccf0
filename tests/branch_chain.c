/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Frames that no honest sensor sends, files that were made of them, and the
 * notes of witnesses, wrong in one place: each guard of chain.c, carried.c,
 * custody.c and audit_witness.c that the other tests do not meet. */
#include "base/encode.h"
#include "base/log.h"
#include "check.h"
#include "faulty.h"
#include "ledger/audit.h"
#include "ledger/carried.h"
#include "ledger/chain_ack.h"
#include "ledger/custody.h"
#include "ledger/jointly.h"
#include "ledger/people.h"
#include "ledger/quorum.h"
#include "ledger/secrets.h"

enum { FRAME = FRAME_HEAD + 8 };

static const struct instant now = {INT64_C(1790000000000000000)};
static struct sign_key key = {.name = "s", .seed = {1}};
static uint8_t block[1 << 20];
static struct fault f;

static void need(bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s\n", f.text);
	exit(1);
}

/* -- chains -- */

struct said {
	uint64_t sequence;
	uint32_t boot;
	unsigned flags;
	int prev; /* number of a frame said before; -1: none; -2: a lie */
	uint8_t text;
	enum chain_verdict want;
};

static void hear(const char *what, const struct said *s, size_t n)
{
	struct arena a = arena_on(block, sizeof block);
	struct digest digest[16];
	struct chains c;
	struct chain_arrival r;

	need(chains_start(&c, &a, 4, &f));
	for (size_t i = 0; i < n; i++) {
		uint8_t payload[8] = {s[i].text}, raw[FRAME];
		struct frame x = {.kind = FRAME_OTHER, .boot = s[i].boot,
			.sequence = s[i].sequence, .flags = s[i].flags,
			.payload = {payload, 8}};

		if (s[i].prev == -2)
			x.prev.at[0] = 1;
		else if (s[i].prev >= 0)
			x.prev = digest[s[i].prev];
		frame_write(&x, &key, raw);
		digest[i] = x.digest;
		need(chain_arrive(&c, (struct bytes){raw, FRAME},
			key.public_key, &r, &f));
		CHECK(r.verdict == s[i].want, "%s, frame %zu: %s %s", what, i,
			chain_verdict_name(r.verdict), r.why.text);
	}
}

#define HEAR(what, ...) hear(what, (struct said[]){__VA_ARGS__}, \
	sizeof((struct said[]){__VA_ARGS__}) / sizeof(struct said))

static void test_chain(void)
{
	struct arena small = arena_on(block, 3000);
	struct chain_arrival r;
	uint8_t raw[FRAME];
	struct frame x = {.kind = FRAME_OTHER, .payload = bytes_of("abcdefgh")};
	struct chains c;

	HEAR("a late one twice, then another", {0, 1, 0, -1, 1, CHAIN_NEXT},
		{5, 1, 0, -2, 1, CHAIN_JUMP}, {2, 1, 0, -2, 1, CHAIN_LATE},
		{2, 1, 0, -2, 1, CHAIN_SAME}, {2, 1, 0, -2, 2, CHAIN_FORK},
		{2, 1, 0, -2, 2, CHAIN_SAME});
	HEAR("late, of another boot", {0, 2, 0, -1, 1, CHAIN_NEXT},
		{5, 3, 0, -2, 1, CHAIN_JUMP}, {2, 4, 0, -2, 1, CHAIN_BREAK},
		{3, 1, 0, -2, 1, CHAIN_OLD}, {3, 2, 0, -2, 1, CHAIN_LATE});
	HEAR("late, at the front of a gap", {0, 1, 0, -1, 1, CHAIN_NEXT},
		{5, 3, 0, -2, 1, CHAIN_JUMP}, {1, 1, 0, -2, 1, CHAIN_BREAK},
		{1, 2, 1, -1, 1, CHAIN_LATE});
	HEAR("late, restarted, as it says", {0, 1, 0, -1, 1, CHAIN_NEXT},
		{5, 3, 0, -2, 1, CHAIN_JUMP}, {1, 1, 1, -1, 1, CHAIN_BREAK},
		{1, 2, 1, -2, 1, CHAIN_BREAK}, {2, 1, 0, -2, 1, CHAIN_LATE});
	HEAR("late, at the end of a gap", {0, 1, 0, -1, 1, CHAIN_NEXT},
		{5, 1, 0, -2, 1, CHAIN_JUMP}, {4, 1, 0, -2, 1, CHAIN_BREAK},
		{6, 1, 0, 1, 1, CHAIN_NEXT}, {9, 1, 0, -1, 1, CHAIN_JUMP},
		{8, 1, 0, -2, 1, CHAIN_LATE});
	HEAR("a restart", {7, 1, 0, -1, 1, CHAIN_NEXT},
		{8, 2, 1, -1, 1, CHAIN_NEXT}, {0, 3, 1, -1, 1, CHAIN_NEXT},
		{1, 4, 1, -2, 1, CHAIN_BREAK}, {9, 5, 1, -1, 1, CHAIN_JUMP},
		{3, 9, 1, -1, 1, CHAIN_BREAK});
	HEAR("a restart that is none", {7, 5, 0, -1, 1, CHAIN_NEXT},
		{8, 5, 1, -1, 1, CHAIN_BREAK}, {0, 5, 1, -1, 1, CHAIN_OLD},
		{12, 4, 0, -2, 1, CHAIN_BREAK});
	frame_write(&x, &key, raw);
	need(chains_start(&c, &small, 4, &f));
	small.size = small.used;
	CHECK(!chain_recall(&c, (struct bytes){raw, FRAME}, &r, &f) &&
		f.kind == FAULT_LIMIT, "no room: %s", f.text);
	CHECK(!chain_recall(&c, bytes_of("x"), &r, &f), "%s", f.text);
	small.size = 8;
	small.used = 0;
	CHECK(!chains_start(&c, &small, 4, &f), "nor for any: %s", f.text);
}

/* -- what they carry -- */

static struct bytes frame(unsigned kind, uint8_t sensor, uint32_t boot,
	uint64_t sequence, size_t len, uint8_t raw[FRAME])
{
	struct frame x = {.kind = kind, .boot = boot, .sequence = sequence,
		.sensor = {sensor}, .payload = {raw, len}};
	uint8_t payload[8] = {sensor, (uint8_t)boot, (uint8_t)sequence};

	x.payload.at = payload;
	frame_write(&x, &key, raw);
	return (struct bytes){raw, FRAME_HEAD + len};
}

static void test_carried(void)
{
	static const uint8_t verdict[] = {CHAIN_NEXT, CHAIN_JUMP, CHAIN_LATE,
		CHAIN_BREAK, CHAIN_SAME, CHAIN_FORK, CHAIN_OLD, CHAIN_REFUSED,
		CHAIN_NEXT, CHAIN_NEXT};
	static const struct {
		unsigned kind;
		uint8_t sensor;
		uint32_t boot;
		uint64_t sequence;
	} row[] = {
		{FRAME_OTHER, 1, 1, 1}, {FRAME_MINISEED, 2, 1, 1},
		{FRAME_MINISEED, 1, 2, 1}, {FRAME_MINISEED, 1, 1, 2},
		{FRAME_OTHER, 1, 1, 1}, {FRAME_OTHER, 1, 1, 1},
		{FRAME_OTHER, 1, 1, 1}, {FRAME_OTHER, 1, 1, 1},
		{FRAME_MINISEED, 1, 1, 2}, {FRAME_MINISEED, 1, 1, 1},
	};
	static const uint64_t order[] = {9, 3, 8, 2, 1, 0};
	struct arena a = arena_on(block, sizeof block);
	struct carried_list x = {.arena = &a, .verdict = verdict,
		.verdicts = sizeof verdict};
	uint8_t raw[FRAME];
	struct journal_record r = {.kind = JOURNAL_PACKET};
	struct digest none;
	size_t n, bad = 0;

	carried_sort(&x, &n);
	none = carried_digest(&x, 0);
	CHECK(n == 0 && x.count == 0, "nothing");
	need(carried_add(&x, &r, &f));
	r.kind = JOURNAL_FRAME;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		r.sequence = i;
		r.payload = frame(row[i].kind, row[i].sensor, row[i].boot,
			row[i].sequence, i == 1 ? 0 : 8, raw);
		need(carried_add(&x, &r, &f));
	}
	r.sequence = sizeof verdict; /* nothing is known of it */
	need(carried_add(&x, &r, &f));
	CHECK(x.count == 6 && x.bytes == 40, "six of them carry: %zu", x.count);
	carried_sort(&x, &n);
	for (size_t i = 0; i < 6; i++)
		bad += x.at[i].record != order[i];
	CHECK(n == 5 && bad == 0, "by kind, sensor, boot, sequence, record");
	CHECK(memcmp(carried_digest(&x, 5).at, none.at, SHA256_LEN) != 0,
		"a digest of them");
	r.sequence = 0;
	r.payload = bytes_of("x");
	CHECK(!carried_add(&x, &r, &f), "no frame: %s", f.text);
	r.payload = frame(1, 1, 1, 1, 8, raw);
	a.size = a.used;
	CHECK(!carried_add(&x, &r, &f), "no room for its payload: %s", f.text);
	x.room = x.count;
	CHECK(!carried_add(&x, &r, &f), "nor for the list: %s", f.text);
	a.size = sizeof block;
	CHECK(carried_add(&x, &r, &f) && x.count == 7 && x.at[0].record == 9,
		"the list grows: %s", f.text);
}

/* -- who signs -- */

static bool find(void *self, const uint8_t id[FRAME_SENSOR],
	struct chain_owner *o)
{
	(void)id;
	*o = (struct chain_owner){"S1", key.public_key};
	return self == NULL;
}

static const char of_one[] = "{\"frames_spool\":\"000000000000000000000000"
	"00000000\",\"frames_first\":0,\"frames_after\":1}";

static void test_custody(void)
{
	const struct chain_keys keys = {NULL, find};
	struct people_key k[2] = {{.role = PEOPLE_SENSOR, .from = 5,
		.until = UINT64_MAX, .revoked = UINT64_MAX,
		.not_after = {INSTANT_MAX_NS}}};
	struct people p = {.key = k, .keys = 2};
	struct digest d = sha256_of(bytes_of("S1"));
	uint8_t id[FRAME_SENSOR] = {0}, raw[FRAME];
	struct custody c;
	struct journal_record r = {.kind = JOURNAL_FRAME, .received = now,
		.payload = frame(1, 1, 1, 1, 8, raw)};

	CHECK(custody_key(&keys, NULL, id, 9, now) == key.public_key &&
		custody_key(&keys, &p, id, 9, now) == key.public_key,
		"of sensors.csv, where no directory knows it");
	need(table_set(&p.by_sensor, &d, 0, &f));
	CHECK(custody_key(&keys, &p, id, 5, now) == key.public_key &&
		custody_key(&keys, &p, id, 6, now) == k[0].key,
		"of the directory, once it counts");
	k[0].until = 7;
	CHECK(custody_key(&keys, &p, id, 8, now) == NULL, "and no more");
	k[1] = k[0];
	k[1].from = UINT64_MAX;
	k[1].before = 1;
	need(table_set(&p.by_sensor, &d, 1, &f));
	CHECK(custody_key(&keys, &p, id, 6, now) == k[0].key, "what is only "
		"proposed takes none away");
	table_free(&p.by_sensor);
	need(custody_start(&c, &keys, NULL, &f));
	CHECK(custody_take(&c, &r, 0, &f) && custody_take(&c, &r, 0, &f) &&
		c.seen.twice == 1 && c.marks.used == 1, "twice");
	r.payload = frame(1, 1, 0, 0, 8, raw);
	r.sequence = 3;
	CHECK(custody_take(&c, &r, 0, &f) && c.seen.twice == 2 &&
		c.marks.used == 4, "and an old one");
	r.sequence = UINT64_C(1) << 40;
	CHECK(!custody_take(&c, &r, 0, &f), "%s", f.text);
	c.claims.size = c.claims.used + 8;
	CHECK(!custody_file(&c, &d, bytes_of(of_one), &f), "no room: %s",
		f.text);
	custody_end(&c);
}

/* More frames than there is room for. */
static void test_gathering(void)
{
	const struct chain_keys keys = {NULL, find};
	struct log_options o = {.folder = "spool/frames", .use = LOG_SPOOL,
		.writable = true};
	struct faulty *x = faulty_make();
	uint8_t raw[FRAME];
	struct journal_record r = {.kind = JOURNAL_FRAME, .received = now,
		.payload = frame(1, 1, 1, 1, 8, raw)};
	struct digest d = sha256_of(bytes_part(r.payload, FRAME_HEAD, 8));
	struct log log = {0};
	struct custody c;
	size_t room;

	need(log_open(&log, &x->disk, &o, &f) && log_append(&log, &r, 1, &f) &&
		custody_start(&c, &keys, NULL, &f) &&
		custody_take(&c, &r, 0, &f) &&
		custody_file(&c, &d, bytes_of(of_one), &f));
	log_close(&log);
	custody_spool(&c, o.id, 1);
	CHECK(custody_parents(&c, &x->disk, &f), "one: %s", f.text);
	room = c.work.size;
	c.work.size = 8;
	CHECK(!custody_parents(&c, &x->disk, &f) && f.kind == FAULT_LIMIT,
		"no room for it: %s", f.text);
	c.work.size = room;
	custody_end(&c);
	faulty_free(x);
}

/* -- witnesses -- */

static struct sign_key log_key, witness[2];
static struct digest root;
static char origin[SIGN_NAME_MAX + 1];

static void take(struct faulty *x, const char *path, struct sign_key *k)
{
	uint8_t at[SECRETS_FILE_MAX];
	size_t n;

	need(small_read(&x->disk, path, at, &n, &f) &&
		sign_key_read((struct bytes){at, n}, k, &f));
}

static struct faulty *mission(void)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "w", .clock = now};
	struct ledger *l = NULL;

	need(ledger_init(&x->disk, &b, &f) &&
		ledger_open(&l, &x->disk, true, &f));
	root = ledger_root(l);
	(void)snprintf(origin, sizeof origin, "%s", ledger_origin(l));
	ledger_close(l);
	take(x, "ledger/keys/log", &log_key);
	take(x, "ledger/witness/1/key", &witness[0]);
	take(x, "ledger/witness/2/key", &witness[1]);
	return x;
}

enum harm { SOUND, SIZE, ROOT, ORIGIN, STRANGER, BITS, ALONE, LOG_BITS };

/* A note of this log, cosigned by both, but for one thing. */
static struct bytes note(enum harm h, char *at, size_t n)
{
	struct checkpoint c = {.size = h == SIZE ? 9 : 1, .root = root};
	struct text t = text_on(at, n);
	struct sign_key by = log_key;
	struct bytes text;

	if (h == STRANGER)
		by.seed[0] ^= 1;
	sign_key_fill(&by);
	if (h == ROOT)
		c.root.at[0] ^= 1;
	(void)snprintf(c.origin, sizeof c.origin, "%s", h == ORIGIN ? "other" :
		origin);
	checkpoint_print(&c, &by, &t);
	text = bytes_part(text_view(&t), 0,
		(size_t)(strstr(at, "\n\n") + 1 - at));
	if (h == LOG_BITS)
		at[t.len - 20] = at[t.len - 20] == 'A' ? 'B' : 'A';
	for (int i = 0; i < 2 && h != ALONE; i++)
		need(note_cosign(text, &witness[i], 1790000000, &t, &f));
	if (h == BITS)
		at[t.len - 20] = at[t.len - 20] == 'A' ? 'B' : 'A';
	return text_view(&t);
}

static void put(struct faulty *x, const char *path, struct bytes b)
{
	int file;

	need(x->disk.open(x, path, DISK_WRITE, &file, &f) &&
		x->disk.truncate(x, file, 0, &f) &&
		x->disk.write(x, file, 0, b, &f));
	x->disk.close(x, file);
}

static void judged(struct faulty *x, const char *what, const char *rule)
{
	static struct audit a;
	struct fault why = {0};
	bool ok = ledger_audit(&x->disk, NULL, NULL, &a, &why);

	CHECK(ok && (rule ? strcmp(a.is.rule, rule) == 0 : a.is.verified),
		"%s: %s: %s", what, a.is.verified ? "verified" : a.is.rule,
		a.is.where[0] ? a.is.where : why.text);
	faulty_free(x);
}

static void test_notes(void)
{
	static const struct {
		const char *what;
		enum harm harm;
		bool shown;
	} row[] = {
		{"a size beyond", SIZE, false}, {"a root", ROOT, false},
		{"a name", ORIGIN, false}, {"a key", STRANGER, false},
		{"a cosignature", BITS, false},
		{"its own signature", LOG_BITS, false},
		{"shown: a size", SIZE, true},
		{"shown: a root", ROOT, true}, {"shown: a name", ORIGIN, true},
		{"shown: a cosignature", BITS, true},
		{"shown: too few", ALONE, true},
	};
	char at[4096];
	struct journal_record r = {.kind = JOURNAL_COSIGNATURE,
		.received = now};
	static const struct {
		const char *what;
		uint8_t kind, feed, flags;
		const char *text;
	} record[] = {
		{"a record of another kind", JOURNAL_PACKET, 0, 0, NULL},
		{"of a feed", JOURNAL_COSIGNATURE, 1, 0, NULL},
		{"with flags", JOURNAL_COSIGNATURE, 0, 1, NULL},
		{"no note", JOURNAL_COSIGNATURE, 0, 0, "x"},
		{"no checkpoint", JOURNAL_COSIGNATURE, 0, 0,
			"x\n\n\xe2\x80\x94 l AAAAAAA=\n"},
	};

	judged(mission(), "as it is", NULL);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = mission();
		static struct quorum q;

		q = (struct quorum){.disk = &x->disk};
		if (row[i].shown)
			put(x, "ledger/pub/checkpoint", note(row[i].harm, at,
				sizeof at));
		else
			need(quorum_keep(&q, note(row[i].harm, at, sizeof at),
				7, &f));
		quorum_close(&q);
		/* Of what is shown the log's own checks come first. */
		judged(x, row[i].what, !row[i].shown || row[i].harm >= BITS ?
			"witness" : "checkpoint");
	}
	for (size_t i = 0; i < sizeof record / sizeof *record; i++) {
		struct faulty *x = mission();
		struct log_options o = {.folder = "ledger/cosigned",
			.use = LOG_JOURNAL, .writable = true};
		struct log log = {0};

		r.kind = record[i].kind;
		r.feed = record[i].feed;
		r.flags = record[i].flags;
		r.payload = record[i].text ? bytes_of(record[i].text) :
			note(SOUND, at, sizeof at);
		need(log_open(&log, &x->disk, &o, &f) &&
			log_append(&log, &r, 1, &f));
		log_close(&log);
		judged(x, record[i].what, "witness");
	}
	{
		struct faulty *x = mission();

		/* Cosigned at another time: sound, but not what was kept. */
		put(x, "ledger/pub/checkpoint", note(SOUND, at, sizeof at));
		judged(x, "not among those kept", "witness");
		x = mission();
		faulty_find(x, "ledger/cosigned/0000000000000000.seg", false)
			->path[31] = '1';
		judged(x, "the first of them gone", "witness");
	}
}

/* A second segment of what was cosigned. */
static void more_notes(struct faulty *x)
{
	char at[4096];
	struct journal_record r = {.kind = JOURNAL_COSIGNATURE,
		.received = now, .payload = note(SOUND, at, sizeof at)};
	struct log_options o = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL, .writable = true, .segment_max = 1};
	struct log log = {0};

	for (int i = 0; i < 2; i++) {
		need(log_open(&log, &x->disk, &o, &f) &&
			log_append(&log, &r, 1, &f));
		log_close(&log);
	}
	need(faulty_at(x, "ledger/cosigned/0000000000000001.seg") ||
		faulty_at(x, "ledger/cosigned/0000000000000002.seg"));
}

/* What is shown, with a line of one that only the joint policy asks. */
static void ask_jointly(struct faulty *x)
{
	struct note_key v = {.name = "v", .type = NOTE_COSIGNS};
	struct sign_key by = key;
	uint8_t at[SECRETS_FILE_MAX];
	char text[512], more[2 * SECRETS_FILE_MAX];
	struct text p = text_on(text, sizeof text), t;
	size_t n;

	memcpy(v.key, key.public_key, SIGN_KEY);
	text_add(&p, "witness v ");
	note_key_print(&v, &p);
	text_add(&p, "\nquorum v\n");
	put(x, "ledger/policy/joint.policy", text_view(&p));
	need(small_read(&x->disk, "ledger/pub/checkpoint", at, &n, &f));
	t = text_on(more, sizeof more);
	text_bytes(&t, (struct bytes){at, n});
	(void)snprintf(by.name, sizeof by.name, "v");
	need(note_cosign(bytes_of("another text\n"), &by, 9, &t, &f));
	put(x, "ledger/pub/checkpoint", text_view(&t));
}

/* Stated to have been taken in long after it was cosigned. */
static void take_in_late(struct faulty *x)
{
	struct fields body = fields_in(&(struct arena){block, sizeof block,
		0});
	struct ledger_item item = {.type = ENTRY_INTAKE,
		.clock = {INT64_C(3000000000000000000)}, .body = &body};
	struct ledger *l = NULL;
	struct audit a;

	fields_i64(&body, "count", 1);
	fields_i64(&body, "first", 0);
	fields_text(&body, "root", "f1111111111111111111111111111111"
		"11111111111111111111111111111111");
	need(ledger_open(&l, &x->disk, true, &f) &&
		ledger_append(l, &item, 1, &f) && ledger_sign(l, &f));
	ledger_close(l);
	CHECK(ledger_audit(&x->disk, NULL, NULL, &a, &f) &&
		a.times.outside == 1 && a.times.first == 1 &&
		a.times.to_s > 0, "an intake of a time to come: %s", f.text);
	faulty_free(x);
}

/* Another policy is in force: of one witness, and so it was cosigned. */
static struct faulty *new_policy(void)
{
	struct faulty *x = mission();
	struct fields body = fields_in(&(struct arena){block, sizeof block,
		0});
	struct sign_key by;
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &body, .author = &by};
	struct note_key w = {.type = NOTE_COSIGNS};
	char text[1024], hex[SHA256_HEX];
	struct text t = text_on(text, sizeof text);
	struct ledger *l = NULL;
	struct digest d;

	take(x, "ledger/keys/root", &by);
	memcpy(w.name, witness[0].name, sizeof w.name);
	memcpy(w.key, witness[0].public_key, SIGN_KEY);
	text_add(&t, "witness one ");
	note_key_print(&w, &t);
	text_add(&t, "\nquorum one\n");
	d = sha256_of(text_view(&t));
	fields_text(&body, "act", "policy");
	fields_text(&body, "policy_sha256", digest_hex(&d, hex));
	d = sha256_of(bytes_of("policy"));
	memcpy(item.subject + 6, d.at, 10);
	put(x, "ledger/policy/next.policy", text_view(&t));
	need(ledger_open(&l, &x->disk, true, &f) && fields_done(&body, &f) &&
		ledger_append(l, &item, 1, &f) && ledger_sign(l, &f));
	ledger_close(l);
	return x;
}

static void test_others(void)
{
	struct faulty *x = mission();
	struct ledger *l = NULL;

	more_notes(x);
	judged(x, "two segments", NULL);
	x = mission();
	ask_jointly(x);
	judged(x, "a joint witness that did not sign", "witness");
	take_in_late(mission());
	judged(new_policy(), "a witness and a key of the policy before", NULL);
	x = mission();
	need(ledger_open(&l, &x->disk, true, &f));
	{
		struct fields body = fields_in(&(struct arena){block,
			sizeof block, 0});
		struct ledger_item item = {.type = ENTRY_FINDING,
			.clock = now, .body = &body};

		fields_text(&body, "a", "x");
		need(ledger_append(l, &item, 1, &f) && ledger_sign(l, &f));
	}
	ledger_close(l);
	for (int i = 0; i < x->names; i++)
		if (strncmp(x->name[i].path, "ledger/cosigned", 15) == 0 ||
			strncmp(x->name[i].path, "ledger/pub", 10) == 0)
			x->name[i].now = -1;
	judged(x, "a witness cosigned, and no note is left", "witness");
}

static void test_policies(void)
{
	static const struct {
		const char *what, *path, *text, *rule;
	} row[] = {
		{"another policy", "ledger/policy/accepted.policy",
			"quorum none\n", "witness"},
		{"no joint policy", "ledger/policy/joint.policy", "x\n",
			"witness"},
		{"a joint policy", "ledger/policy/joint.policy",
			"quorum none\n", NULL},
		{"a key of none", "ledger/witness/1/vkey", "x\n", "witness"},
		{"a key without end", "ledger/witness/1/vkey", "x", "witness"},
		{"a key gone", "ledger/witness/2/vkey", "", NULL},
		{"a witness without key", "ledger/witness/1/key", "x",
			"witness"},
	};
	char at[1024], id[COSIGNER_ID], path[96];
	struct text t;
	struct faulty *x;
	struct sign_key k = witness[0];

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		x = mission();
		put(x, row[i].path, bytes_of(row[i].text));
		judged(x, row[i].what, row[i].rule);
	}
	/* A witness of the policy's, under a strange key. */
	x = mission();
	t = text_on(at, sizeof at);
	sign_vkey_print("w", log_key.public_key, &t);
	text_char(&t, '\n');
	put(x, "ledger/witness/1/vkey", text_view(&t));
	judged(x, "a stranger's key", "witness");
	x = mission();
	cosigner_id(origin, id);
	(void)snprintf(path, sizeof path, "ledger/witness/1/logs/%s", id);
	faulty_find(x, path, false)->now = -1;
	judged(x, "it forgot", "witness");
	x = mission();
	k = witness[0];
	(void)snprintf(k.name, sizeof k.name, "stranger");
	t = text_on(at, sizeof at);
	sign_key_print(&k, &t);
	put(x, "ledger/witness/1/key", text_view(&t));
	judged(x, "another's name", "witness");
	x = mission();
	for (int i = 0; i < x->names; i++)
		if (strncmp(x->name[i].path, "ledger/witness/1", 16) == 0)
			x->name[i].now = -1;
	{
		static struct cosigner c;
		struct note_key log = {.type = NOTE_SIGNS}, stranger;

		memcpy(log.name, origin, sizeof log.name);
		memcpy(log.key, log_key.public_key, SIGN_KEY);
		need(cosigner_make(&x->disk, "ledger/witness/1", "stranger",
			&stranger, &f) && cosigner_open(&c, &x->disk,
			"ledger/witness/1", true, &f) &&
			cosigner_add(&c, &log, &f));
		cosigner_close(&c);
	}
	judged(x, "nobody of the policy", "witness");
	/* What it has seen: nothing, another log, another history, more. */
	for (int i = 0; i < 4; i++) {
		static struct cosigner c;
		struct note_key log = {.type = NOTE_SIGNS};

		x = mission();
		cosigner_id(origin, id);
		(void)snprintf(path, sizeof path, "ledger/witness/1/logs/%s",
			id);
		faulty_find(x, path, false)->now = -1;
		memcpy(log.name, i == 1 ? "other" : origin, i == 1 ? 6 :
			sizeof log.name);
		memcpy(log.key, i == 1 ? key.public_key : log_key.public_key,
			SIGN_KEY);
		need(cosigner_open(&c, &x->disk, "ledger/witness/1", true,
			&f) && cosigner_add(&c, &log, &f));
		if (i > 1) {
			static struct cosigned r;
			char request[8192], n[4096];

			t = text_on(request, sizeof request);
			text_add(&t, "old 0\n\n");
			text_bytes(&t, note(i == 2 ? ROOT : SIZE, n,
				sizeof n));
			cosigner_answer(&c, text_view(&t), 1790000000, &r);
			CHECK_QUIET(r.status == 200, "%s", r.text);
		}
		cosigner_close(&c);
		judged(x, i == 3 ? "more" : i == 2 ? "another history" : i ?
			"another log" : "nothing yet", i > 1 ? "witness" :
			NULL);
	}
	/* A copy without its policy, and one without both. */
	x = mission();
	faulty_find(x, "ledger/policy/accepted.policy", false)->now = -1;
	judged(x, "no policy, but notes", "witness");
	x = mission();
	faulty_find(x, "ledger/policy/accepted.policy", false)->now = -1;
	for (int i = 0; i < x->names; i++)
		if (strncmp(x->name[i].path, "ledger/cosigned", 15) == 0)
			x->name[i].now = -1;
	judged(x, "neither", NULL);
	x = mission();
	for (int i = 0; i < x->names; i++)
		if (strncmp(x->name[i].path, "ledger/pub", 10) == 0 ||
			strncmp(x->name[i].path, "ledger/cosigned", 15) == 0)
			x->name[i].now = -1;
	judged(x, "nothing shown yet", NULL);
}

/* -- jointly accepted -- */

static void test_jointly(void)
{
	static const struct {
		const char *what;
		enum harm harm;
		bool ok;
	} row[] = {
		{"sound", SOUND, true}, {"a size beyond", SIZE, true},
		{"a root", ROOT, false}, {"a key", STRANGER, false},
		{"a cosignature", BITS, false},
		{"its signature", LOG_BITS, false},
		{"too few", ALONE, true},
	};
	char at[4096];
	struct ledger *l = NULL;
	struct faulty *x;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct jointly j = {.looked = 1};
		struct faulty_file *y;
		static struct quorum q;
		bool ok;

		x = mission();
		y = faulty_at(x, "ledger/policy/accepted.policy");
		put(x, "ledger/policy/joint.policy",
			(struct bytes){y->now, y->size});
		q = (struct quorum){.disk = &x->disk};
		need(quorum_keep(&q, note(row[i].harm, at, sizeof at), 7, &f));
		quorum_close(&q);
		need(ledger_open(&l, &x->disk, false, &f));
		ok = jointly_read(&j, &x->disk, l, &f);
		CHECK(ok == row[i].ok && j.size == (row[i].harm == SOUND) &&
			j.looked == (row[i].harm == SIZE ? 1 : 2),
			"jointly, %s: %s", row[i].what, ok ? "taken" : f.text);
		if (row[i].harm == SOUND) {
			more_notes(x);
			ok = jointly_read(&j, &x->disk, l, &f);
			CHECK(ok && j.size == 1, "in two segments: %s",
				f.text);
		}
		if (ok) {
			j.looked = 0;
			CHECK(jointly_read(&j, &x->disk, l, &f) && j.size ==
				1, "and the first of all");
		}
		ledger_close(l);
		faulty_free(x);
	}
	for (int i = 0; i < 4; i++) {
		static const char *const text[] = {"", "x\n",
			"x\n\n\xe2\x80\x94 l AAAAAAA=\n", ""};
		struct journal_record r = {.kind = JOURNAL_COSIGNATURE,
			.received = now, .payload = bytes_of(text[i])};
		struct jointly j = {.looked = 0};
		struct log_options o = {.folder = "ledger/cosigned",
			.use = LOG_JOURNAL, .writable = true};
		struct log log = {0};

		x = mission();
		if (i > 0)
			put(x, "ledger/policy/joint.policy", bytes_of(i == 1 ?
				text[1] : "quorum none\n"));
		if (i > 1) {
			need(log_open(&log, &x->disk, &o, &f) &&
				log_append(&log, &r, 1, &f));
			log_close(&log);
		}
		need(ledger_open(&l, &x->disk, false, &f));
		CHECK(jointly_read(&j, &x->disk, l, &f) == (i == 0) &&
			j.size == (i > 1), "jointly, text %d: %s", i, f.text);
		ledger_close(l);
		faulty_free(x);
	}
}

int main(void)
{
	need(sign_ready(&f));
	sign_key_fill(&key);
	test_jointly();
	test_chain();
	test_carried();
	test_custody();
	test_gathering();
	test_notes();
	test_others();
	test_policies();
	return check_done();
}
