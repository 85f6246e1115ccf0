/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Missions and mirrors that somebody with all keys made wrong in one place,
 * and sound everywhere else: each guard of audit.c and mirror.c by its rule
 * and its entry. */
#include "crafted.h"
#include "ledger/audit.h"
#include "ledger/chain.h"
#include "ledger/chain_ack.h"
#include "ledger/mirror.h"
#include "ledger/tiles.h"

static struct audit audit;

static void judged(struct faulty *x, const struct audit_with *with,
	const char *what, const char *rule, uint64_t index)
{
	static const struct audit_with nothing;
	struct fault why = {0};
	bool ok = ledger_audit_with(&x->disk, with ? with : &nothing, NULL,
		NULL, &audit, &why);

	CHECK(ok && (rule ? strcmp(audit.is.rule, rule) == 0 &&
		audit.is.index == index : audit.is.verified),
		"%s: %s at %ju: %s", what, audit.is.verified ? "verified" :
		audit.is.rule, (uintmax_t)audit.is.index, audit.is.where);
	CHECK_QUIET(x->opened == 0, "%s: left open", what);
	x->opened = 0;
	memory.used = 0;
}

static void test_entries(void)
{
	struct faulty *blobs = faulty_make();

	put_blob(blobs);
	faulty_free(blobs);
	const struct {
		const char *what, *rule;
		struct job j;
	} row[] = {
		{"sound", NULL, {2, 0, 1, ENGINE, SOUND, BODY}},
		{"another kind of record", "journal",
			{2, 0, 1, ENGINE, PACKET, BODY}},
		{"of a feed", "journal", {2, 0, 1, ENGINE, FEED, BODY}},
		{"flags of a record", "journal",
			{2, 0, 1, ENGINE, FLAG, BODY}},
		{"no entry", "entry", {2, 0, 1, ENGINE, RAW, BODY}},
		{"signature", "signature", {2, 0, 1, ENGINE, SIGNATURE, BODY}},
		{"author", "author", {2, 0, 1, STRANGER, SOUND, BODY}},
		{"role", "role", {9, 2, 1, ENGINE, SOUND, BODY}},
		{"chain", "prev", {2, 0, 1, ENGINE, PREV, BODY}},
		{"root", "body", {2, 0, 1, ENGINE, ROOT_OF, BODY}},
		{"cut", "body", {2, 0, 1, ENGINE, CUT, BODY}},
		{"noise", "body", {2, 0, 1, ENGINE, NOISE, BODY}},
		{"names", "body", {2, 0, 1, ENGINE, DISORDER, BODY}},
		{"no secret", "secret", {2, 0, 1, ENGINE, NO_SECRET, BODY}},
		{"a torn slot", "secret", {2, 0, 1, ENGINE, SLOT, BODY}},
		{"neither body nor secret", "secret",
			{2, 0, 1, ENGINE, BARE, BODY}},
		{"handed over without", NULL,
			{2, 0, 1, ENGINE, NO_BODY, BODY}},
		{"shown by a pack", "body", {2, 0, 1, ENGINE, FOREIGN, BODY}},
		{"shown by none", "body",
			{2, 0, 1, ENGINE, FOREIGN_BAD, BODY}},
		{"shown by a pack, all", NULL,
			{2, 0, 1, ENGINE, FOREIGN_OPEN, BODY}},
		{"shown but for names", NULL,
			{2, 0, 1, ENGINE, FOREIGN_SHUT, BODY}},
		{"shown by a pack that never had a list of names", NULL,
			{2, 0, 1, ENGINE, FOREIGN_NAMELESS, BODY}},
		{"a key event that was shown", "body",
			{7, 2, 1, ROOT, FOREIGN_SHUT, BODY}},
		{"no heartbeat", "heartbeat", {8, 0, 1, ENGINE, BEAT, BODY}},
		{"told nobody", "access", {11, 0, 1, ENGINE, SOUND, BODY}},
		{"a key event of nothing", "role",
			{7, 2, 1, ENGINE, SOUND, BODY}},
		{"a key event", "body", {7, 2, 1, ROOT, SOUND, BODY}},
		{"intake: first", "intake", {1, 0, 1, ENGINE, SOUND,
			{{"count", "1"}, {"root", HASH}}}},
		{"intake: count", "intake", {1, 0, 1, ENGINE, SOUND,
			{{"first", "0"}, {"root", HASH}}}},
		{"intake: none", "intake", {1, 0, 1, ENGINE, SOUND,
			{{"first", "0"}, {"count", "0"}, {"root", HASH}}}},
		{"intake: root", "intake", {1, 0, 1, ENGINE, SOUND,
			{{"first", "0"}, {"count", "1"}}}},
		{"intake: not there", "spool", {1, 0, 1, ENGINE, SOUND,
			{{"first", "0"}, {"count", "1"}, {"root", HASH}}}},
		{"batch: none", "batch", {13, 0, 1, ENGINE, SOUND, BODY}},
		{"batch: not there", "blob", {13, 0, 1, ENGINE, SOUND,
			{{"blob", HASH}}}},
		{"batch: count", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"root", line_root}}}},
		{"batch: another", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "3"},
				{"root", line_root}}}},
		{"batch: root", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "2"}}}},
		{"batch: other root", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "2"},
				{"root", HASH}}}},
		{"batch", NULL, {13, 0, 1, ENGINE, SOUND, {{"blob", blob_hex},
			{"count", "2"}, {"root", line_root}}}},
		{"a finding's file", NULL, {3, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}}}},
		{"a finding's file gone", "blob", {3, 0, 1, ENGINE, SOUND,
			{{"blob", HASH}}}},
		{"a finding's name of none", "batch", {3, 0, 1, ENGINE, SOUND,
			{{"blob", "x"}}}},
		{"a stamp", "anchor", {12, 0, 1, ENGINE, SOUND, BODY}},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct job j[2] = {first(NULL, NULL), row[i].j};

		put_blob(x);
		store(x, j, 2);
		judged(x, NULL, row[i].what, row[i].rule, 1);
		faulty_free(x);
	}
}

static void test_first(void)
{
	static const struct {
		const char *what, *rule, *name, *with;
		enum harm harm;
		uint8_t flags;
		enum entry_type type;
		int by;
	} row[] = {
		{"sound", NULL, NULL, NULL, SOUND, 0, 7, ENGINE},
		{"type", "genesis", NULL, NULL, SOUND, 0, 2, ENGINE},
		{"flags", "genesis", NULL, NULL, SOUND, 2, 7, ENGINE},
		{"body", "genesis", "act", NULL, SOUND, 0, 7, ENGINE},
		{"by another", "signature", NULL, NULL, SOUND, 0, 7, ROOT},
		{"signature", "signature", NULL, NULL, SIGNATURE, 0, 7,
			ENGINE},
		{"no secret", "secret", NULL, NULL, NO_SECRET, 0, 7, ENGINE},
		{"slot", "secret", NULL, NULL, SLOT, 0, 7, ENGINE},
		{"no body", "body", NULL, NULL, NO_BODY, 0, 7, ENGINE},
		{"one key twice", "genesis", "engine", NULL, SOUND, 0, 7,
			ENGINE},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct job j = first(row[i].name, row[i].with);

		j.harm = row[i].harm;
		j.flags = row[i].flags;
		j.type = row[i].type;
		j.by = row[i].by;
		store(x, &j, 1);
		judged(x, NULL, row[i].what, row[i].rule, 0);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();
		struct job j = first(NULL, NULL);
		struct faulty_file *y;

		store(x, &j, 1);
		y = faulty_at(x, "ledger/journal/0000000000000000.seg");
		memset(y->now + LOG_HEAD, 0, y->size - LOG_HEAD);
		y->size = LOG_HEAD;
		judged(x, NULL, "no entry", "journal", 0);
		faulty_free(x);
		x = faulty_make();
		CHECK(!ledger_audit(&x->disk, NULL, NULL, &audit, &f) &&
			strstr(f.text, "no ledger"), "nothing: %s", f.text);
		faulty_free(x);
	}
}

/* -- files beside the journal -- */

static void test_files(void)
{
	static const struct {
		const char *what, *path, *rule;
		int key; /* -1: no key at all */
	} row[] = {
		{"engine", "ledger/keys/engine", NULL, ENGINE},
		{"another's", "ledger/keys/engine", "key", ROOT},
		{"a stranger's", "ledger/keys/engine", "key", STRANGER},
		{"none", "ledger/keys/engine", "key", -1},
		{"log", "ledger/keys/log", NULL, LOG},
		{"not the log's", "ledger/keys/log", "key", ENGINE},
		{"root", "ledger/keys/root", NULL, ROOT},
		{"not the root's", "ledger/keys/root", "key", ENGINE},
	};
	struct job j[2] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY}};
	char at[1024], other[1024];
	struct audit_with with = {.since = {0}};
	struct digest wrong = {{1}};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();

		store(x, j, 2);
		if (row[i].key >= 0)
			write_key(x, row[i].path, row[i].key);
		else
			need(small_write(&x->disk, row[i].path, bytes_of("x"),
				true, &f));
		judged(x, NULL, row[i].what, row[i].rule, UINT64_MAX);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();
		struct digest root;

		store(x, j, 2);
		root = root_of(2);
		with.since = note_of(2, &root, at, sizeof at);
		judged(x, &with, "seen before", NULL, 0);
		with.since = bytes_of("x");
		judged(x, &with, "seen what", "checkpoint", UINT64_MAX);
		with.since = note_of(3, &root, at, sizeof at);
		judged(x, &with, "more was seen", "checkpoint", 2);
		with.since = note_of(2, &wrong, at, sizeof at);
		judged(x, &with, "another was seen", "checkpoint", 2);
		with.since = (struct bytes){0};
		need(small_write(&x->disk, "ledger/signer/HEAD", note_of(3,
			&root, at, sizeof at), true, &f));
		judged(x, &with, "more was signed", "checkpoint", 2);
		need(small_write(&x->disk, "ledger/signer/HEAD", note_of(2,
			&root, at, sizeof at), true, &f) && small_write(
			&x->disk, "ledger/pub/checkpoint", note_of(2, &wrong,
			other, sizeof other), false, &f));
		judged(x, &with, "another is shown", "checkpoint", 2);
		need(small_write(&x->disk, "ledger/pub/checkpoint",
			bytes_of(at), false, &f));
		judged(x, &with, "no tiles", "tile", 0);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();

		store(x, j, 1);
		faulty_find(x, "ledger/signer/HEAD", false)->now = -1;
		judged(x, NULL, "a crash before the first HEAD", NULL, 0);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();
		struct digest d = sha256_of(bytes_of("x\n"));
		char hex_of[SHA256_HEX + 2];

		(void)snprintf(hex_of, sizeof hex_of, "\"%s\"",
			digest_hex(&d, at));
		j[0] = first("policy_sha256", hex_of);
		store(x, j, 1);
		need(small_write(&x->disk, "ledger/policy/accepted.policy",
			bytes_of("x\n"), false, &f));
		judged(x, NULL, "its policy is none", "witness", UINT64_MAX);
		faulty_free(x);
	}
}

/* Entry 0 as it is shown to who has no key. */
static void test_shown(void)
{
	static const struct {
		const char *what, *rule;
		size_t of, size, at;
		enum harm harm;
	} row[] = {
		{"sound", NULL, 0, 1, 0, SOUND},
		{"shut", "checkpoint", 0, 1, 0, SHUT},
		{"of both", NULL, 0, 2, 0, SOUND},
		{"of more", "checkpoint", 0, 3, 0, SOUND},
		{"of another entry", "checkpoint", 1, 1, 0, SOUND},
		{"of entry 1, where it is", "checkpoint", 1, 2, 1, SOUND},
	};
	struct job j[2] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY}};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		static char to[1 << 16];
		struct text t = text_on(to, sizeof to);
		struct faulty *x = faulty_make();
		struct merkle_tree tree = {.count = {0}};
		struct proof p = {.index = row[i].at};
		struct digest root;
		struct made *m = &made[row[i].of];
		char at[1024];

		store(x, j, 2);
		for (size_t k = 0; k < row[i].size; k++)
			need(merkle_tree_add(&tree, row[i].size == 1 ?
				&m->leaf : &made[k].leaf, &f));
		root = merkle_tree_root(&tree, row[i].size);
		need(merkle_tree_includes(&tree, row[i].at, row[i].size,
			&p.path, &f));
		p.note = note_of(row[i].size, &root, at, sizeof at);
		need(disclosure_print(m->raw, (struct bytes){m->plain, m->len},
			m->secret, row[i].harm == SHUT ? is_shut : NULL,
			(void *)(uintptr_t)&row[i].harm, &p, &t, &f) &&
			small_write(&x->disk,
				"ledger/pub/disclosures/000.disclosure",
				text_view(&t), false, &f));
		judged(x, NULL, row[i].what, row[i].rule, 0);
		merkle_tree_free(&tree);
		faulty_free(x);
	}
}

/* A heartbeat whose note is not here: of no policy, and in a copy. */
static void test_unmet(void)
{
	struct faulty *x = faulty_make();
	struct job j[2] = {first(NULL, NULL), {8, 0, 1, ENGINE, BEAT,
		{{"act", "heartbeat"}, {"beat", "0"}, {"next_s", "60"},
			{"note", HASH}, {"root", NULL}, {"size", "1"}}}};
	struct digest root, d = sha256_of(bytes_of("quorum none\n"));
	char hex_of[SHA256_HEX + 2], policy[SHA256_HEX + 2], at[SHA256_HEX];

	(void)snprintf(policy, sizeof policy, "\"%s\"", digest_hex(&d, at));
	for (int i = 0; i < 3; i++) {
		x = i ? faulty_make() : x;
		if (i > 0)
			j[0] = first("policy_sha256", policy);
		j[0].harm = i == 2 ? FOREIGN_OPEN : SOUND;
		store(x, j, 1);
		root = root_of(1);
		(void)snprintf(hex_of, sizeof hex_of, "\"%s\"",
			digest_hex(&root, at));
		j[1].p[4].value = hex_of;
		faulty_free(x);
		x = faulty_make();
		store(x, j, 2);
		if (i > 0)
			need(small_write(&x->disk,
				"ledger/policy/accepted.policy",
				bytes_of("quorum none\n"), false, &f));
		judged(x, NULL, i == 0 ? "of no policy" : i == 1 ? "unmet" :
			"a copy's", i == 1 ? "heartbeat" : NULL, 1);
		faulty_free(x);
	}
}

/* -- spools -- */

static bool find(void *self, const uint8_t id[FRAME_SENSOR],
	struct chain_owner *o)
{
	(void)id;
	*o = (struct chain_owner){"S1", key[SENSOR].public_key};
	return self == NULL;
}

static const struct chain_keys sensors = {NULL, find};
static const struct chain_keys no_sensors = {block, find};

static void spool(struct faulty *x, const char *folder,
	struct journal_record *r, size_t n)
{
	struct log_options o = {.folder = folder, .use = LOG_SPOOL,
		.writable = true, .id = "spool"};
	struct log log = {0};

	need(log_open(&log, &x->disk, &o, &f));
	for (size_t i = 0; i < n; i++) {
		r[i].received = now;
		need(log_append(&log, &r[i], 1, &f));
	}
	log_close(&log);
}

static struct bytes frame(uint64_t sequence, int by, uint8_t *at)
{
	struct frame x = {.kind = FRAME_OTHER, .boot = 1, .start = now,
		.sequence = sequence, .payload = bytes_of("abcdefgh")};

	chain_sensor_id("S1", x.sensor);
	frame_write(&x, &key[by], at);
	return (struct bytes){at, FRAME_HEAD + 8};
}

static struct bytes file_note(struct faulty *x, const char *file,
	const char *about, uint8_t at[BLOB_NOTE_MAX])
{
	struct blob b = blob_of(bytes_of(file));
	size_t n;

	if (strcmp(file, "gone") != 0)
		need(blobs_put(&x->disk, bytes_of(file), &b, NULL, &f));
	need(blob_note(&b, bytes_of(about), at, &n, &f));
	return (struct bytes){at, n};
}

static void test_spools(void)
{
	static uint8_t note[BLOB_NOTE_MAX], raw[FRAME_HEAD + 8];
	struct job j = first(NULL, NULL);
	char id[2 * LOG_ID + 1], about[8][200];
	struct text t = text_on(id, sizeof id);
	uint8_t own[LOG_ID] = "spool";

	text_hex(&t, (struct bytes){own, LOG_ID});
	(void)snprintf(about[0], sizeof *about, "{\"frames_spool\":\"%s\","
		"\"frames_first\":0,\"frames_after\":1}", id);
	(void)snprintf(about[1], sizeof *about, "{\"frames_spool\":\"%s\","
		"\"frames_first\":0,\"frames_after\":9}", id);
	(void)snprintf(about[2], sizeof *about, "{\"frames_spool\":\"%s\","
		"\"frames_first\":1,\"frames_after\":1}", id);
	(void)snprintf(about[3], sizeof *about, "{\"frames_spool\":\"%s\","
		"\"frames_after\":1}", id);
	(void)snprintf(about[4], sizeof *about, "{\"frames_spool\":\"x\","
		"\"frames_first\":0,\"frames_after\":1}");
	(void)snprintf(about[5], sizeof *about, "{\"frames_spool\":\"0000000"
		"0000000000000000000000000\",\"frames_first\":0,"
		"\"frames_after\":1}");
	const struct {
		const char *what, *file, *about, *rule;
	} row[] = {
		{"a file", "one", "name", NULL},
		{"a file of JSON", "one", "{\"a\":1}", NULL},
		{"a file that is gone", "gone", "name", "blob"},
		{"a file of frames", "abcdefgh", about[0], NULL},
		{"not of these", "one", about[0], "parent"},
		{"of more than there are", "abcdefghabcdefgh", about[1],
			"parent"},
		{"of none", "abcdefgh", about[2], "parent"},
		{"of no first", "abcdefgh", about[3], "parent"},
		{"of no spool", "abcdefgh", about[4], "parent"},
		{"of another spool", "abcdefgh", about[5], "parent"},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		const struct audit_with with = {.sensors = &sensors};
		struct journal_record r[2] = {{.kind = JOURNAL_FILE},
			{.kind = JOURNAL_PACKET, .payload = bytes_of("p")}};
		struct journal_record s[3] = {{.kind = JOURNAL_FRAME},
			{.kind = JOURNAL_GAP, .payload = bytes_of("g")},
			{.kind = JOURNAL_FRAME}};
		static uint8_t next[FRAME_HEAD + 8];

		store(x, &j, 1);
		r[0].payload = file_note(x, row[i].file, row[i].about, note);
		s[0].payload = frame(0, SENSOR, raw);
		s[2].payload = frame(5, SENSOR, next);
		spool(x, "spool/inbox", r, 2);
		spool(x, "spool/frames", s, 3);
		judged(x, &with, row[i].what, row[i].rule, UINT64_MAX);
		faulty_free(x);
	}
	{
		const struct audit_with with = {.sensors = &sensors};
		const struct audit_with none = {.sensors = &no_sensors};
		struct journal_record r = {.kind = JOURNAL_FILE,
			.payload = bytes_of("x")};
		struct journal_record s = {.kind = JOURNAL_FRAME,
			.payload = frame(0, STRANGER, raw)};
		struct faulty *x = faulty_make();

		store(x, &j, 1);
		spool(x, "spool/frames", &s, 1);
		judged(x, &none, "of an unknown sensor", NULL, 0);
		CHECK(audit.custody.unkeyed == 1 && audit.custody.frames == 1,
			"counted");
		judged(x, NULL, "nobody's key", NULL, 0);
		judged(x, &with, "by another key", "frame", UINT64_MAX);
		faulty_free(x);
		x = faulty_make();
		store(x, &j, 1);
		spool(x, "spool/inbox", &r, 1);
		judged(x, &with, "no note of a file", "spool", UINT64_MAX);
		faulty_free(x);
		x = faulty_make();
		store(x, &j, 1);
		spool(x, "spool/sds", &r, 1);
		spool(x, "spool/live", &r, 1);
		judged(x, &with, "what waits", NULL, 0);
		s.payload = bytes_of("no frame");
		spool(x, "spool/frames", &s, 1);
		judged(x, &with, "no frame", "frame", UINT64_MAX);
		faulty_free(x);
	}
}

/* A second segment in the place of ours, from another log. */
static void two_logs(struct faulty *x)
{
	struct log_options o = {.folder = "spool/inbox", .use = LOG_SPOOL,
		.writable = true, .id = "one", .segment_max = 1};
	struct journal_record r = {.kind = JOURNAL_PACKET, .received = now,
		.payload = bytes_of("p")};

	for (int k = 0; k < 2; k++) {
		struct faulty *y = k ? faulty_make() : x;
		struct log log = {0};

		o.id[0] = (uint8_t)('1' + k);
		need(log_open(&log, &y->disk, &o, &f) &&
			log_append(&log, &r, 1, &f) &&
			log_append(&log, &r, 1, &f));
		log_close(&log);
		if (k) {
			static const char path[] =
				"spool/inbox/0000000000000001.seg";
			struct faulty_file *to = faulty_at(x, path);
			struct faulty_file *from = faulty_at(y, path);

			if (!to || !from)
				abort();
			memcpy(to->now, from->now, from->size);
			to->size = from->size;
			faulty_free(y);
		}
	}
}

/* The first segment gone, one of another log, and none at all. */
static void test_segments(void)
{
	struct job j = first(NULL, NULL);
	struct journal_record r = {.kind = JOURNAL_PACKET,
		.payload = bytes_of("p")};
	struct faulty *x = faulty_make();
	struct faulty_name *n;

	store(x, &j, 1);
	spool(x, "spool/inbox", &r, 1);
	n = faulty_find(x, "spool/inbox/0000000000000000.seg", false);
	(void)snprintf(n->path, sizeof n->path,
		"spool/inbox/0000000000000001.seg");
	judged(x, NULL, "its first records", "spool", UINT64_MAX);
	faulty_free(x);
	x = faulty_make();
	store(x, &j, 1);
	two_logs(x);
	judged(x, NULL, "of two logs", "spool", UINT64_MAX);
	faulty_free(x);
	x = faulty_make();
	store(x, &j, 1);
	need(small_write(&x->disk, "spool/inbox/x", bytes_of("x"), false,
		&f));
	judged(x, NULL, "a spool of no records", NULL, 0);
	faulty_free(x);
	/* A folder with a name longer than any that we make is none of ours. */
	x = faulty_make();
	store(x, &j, 1);
	need(small_write(&x->disk, "spool/a-folder-with-a-name-that-is-longer-"
		"than/x", bytes_of("x"), false, &f));
	n = faulty_find(x, "spool/a-folder-with-a-name-that-is-longer-than/x",
		false);
	(void)snprintf(n->path, sizeof n->path, "spool/%080d/x", 1);
	judged(x, NULL, "a long name", NULL, 0);
	faulty_free(x);
}

/* -- a mirror -- */

/* The log's key signed another history, with this entry in it. */
static void other_history(
	const struct merkle_tree *tree, size_t i, size_t n, struct proof *p,
	enum harm harm, char *at, size_t room)
{
	struct merkle_tree t = {.count = {0}};
	const struct digest more = {{9}};
	struct digest root;
	size_t size = harm == LONGER ? n + 1 : n;

	for (size_t k = 0; k < size; k++)
		need(merkle_tree_add(&t, k == n || (harm == FORKED && k != i)
			? &more : &tree->level[0][k], &f));
	root = merkle_tree_root(&t, size);
	need(merkle_tree_includes(&t, i, size, &p->path, &f));
	p->note = note_of(size, &root, at, room);
	merkle_tree_free(&t);
}

static void shown(struct faulty *x, const struct job *j, size_t i,
	const struct merkle_tree *tree, struct bytes note, size_t n)
{
	static char at[1 << 16];
	char path[64];
	struct text t = text_on(at, sizeof at);
	size_t of = j->harm == OTHER_PROOF || j->harm == OTHER_BODY ? 0 : i;
	size_t size = j->harm == OLD_PROOF ? i + 1 : n;
	struct proof p = {.index = of, .note = note};
	struct digest root = merkle_tree_root(tree, size);
	char old[1024], longer[1024];
	const struct made *m = &made[j->harm == OTHER_BODY ? of : i];

	if (j->harm == NO_DISCLOSURE)
		return;
	if (j->harm == STRANGE_NOTE)
		root.at[0] ^= 1;
	if (j->harm == OLD_PROOF || j->harm == STRANGE_NOTE)
		p.note = note_of(size, &root, old, sizeof old);
	if (j->harm == LONG_NOTE)
		p.note = note_of(n + 1, &root, longer, sizeof longer);
	need(merkle_tree_includes(tree, of, size, &p.path, &f));
	if (j->harm == STRANGE_NOTE || j->harm == LONG_NOTE) {
		/* a sound proof of a tree of one, which is not this */
		p.index = i;
		p.path.count = 0;
	}
	if (j->harm == LONGER || j->harm == FORKED)
		other_history(tree, i, n, &p, j->harm, old, sizeof old);
	need(disclosure_print(m->raw, (struct bytes){m->plain, m->len},
		m->secret, j->harm < SHUT ? NULL : is_shut,
		(void *)(uintptr_t)&j->harm, &p, &t, &f));
	if (j->harm == BAD_DISCLOSURE)
		at[0] = 'X';
	(void)snprintf(path, sizeof path, "disclosures/%03zu.disclosure", i);
	need(small_write(&x->disk, path, text_view(&t), false, &f));
}

static struct mirror mirror;

static void reflect(struct faulty *x, const struct job *j, size_t n)
{
	struct merkle_tree tree = {.count = {0}};
	struct tiles t;
	struct digest root;
	static char at[1024];
	struct bytes note;

	jobs = 0;
	need(tiles_begin(&t, &x->disk, ".", &f));
	t.folder = "m";
	for (size_t i = 0; i < n; i++) {
		make(&j[i]);
		need(tiles_add(&t, i, made[i].raw, &f) &&
			merkle_tree_add(&tree, &made[i].leaf, &f));
	}
	need(tiles_end(&t, &tree, 0, n, &f));
	tiles_free(&t);
	/* tiles.h wants a folder; a mirror has none */
	for (int i = 0; i < x->names; i++)
		if (strncmp(x->name[i].path, "m/", 2) == 0)
			memmove(x->name[i].path, x->name[i].path + 2,
				strlen(x->name[i].path) - 1);
	root = merkle_tree_root(&tree, n);
	note = note_of(n, &root, at, sizeof at);
	need(small_write(&x->disk, "checkpoint", note, false, &f));
	for (size_t i = 0; i < n; i++)
		shown(x, &j[i], i, &tree, note, n);
	merkle_tree_free(&tree);
}

static void mirrored(struct faulty *x, const struct mirror_anchors *known,
	const char *what, const char *rule, uint64_t index)
{
	static const struct mirror_anchors nothing;
	struct fault why = {0};
	bool ok = mirror_audit(&x->disk, known ? known : &nothing, &mirror,
		&why);

	CHECK(ok && (rule ? strcmp(mirror.is.rule, rule) == 0 &&
		mirror.is.index == index : mirror.is.verified),
		"mirror, %s: %s at %ju: %s", what, mirror.is.verified ?
		"verified" : mirror.is.rule, (uintmax_t)mirror.is.index,
		mirror.is.where[0] ? mirror.is.where : why.text);
	memory.used = 0;
}

static const char *say_no(void *self, const struct people_entry *x,
	const struct merkle_tree *tree, struct fault *why)
{
	(void)self;
	(void)tree;
	(void)fault(why, FAULT_INPUT, "not by me");
	return x->index == 1 ? "also" : NULL;
}

static bool vanish(void *self, const char *path, uint64_t *size, bool *exists,
	struct fault *why)
{
	static int asked;
	bool ok = faulty_size(self, path, size, exists, why);

	if (strcmp(path, "disclosures/001.disclosure") == 0 && ++asked == 2)
		*exists = false;
	return ok;
}

/* Each call of the disk fails, while evidence is looked at too. */
static void test_mirror_calls(void)
{
	static const struct mirror_anchors nothing;
	struct faulty *x = faulty_make();
	struct job j[2] = {first(NULL, NULL), {13, 0, 1, ENGINE, SOUND,
		{{"blob", blob_hex}, {"count", "2"}, {"root", line_root}}}};
	bool over = false;
	size_t bad = 0;

	reflect(x, j, 2);
	put_blob(x);
	for (uint64_t n = 1; !over; n++) {
		struct fault why = {0};
		bool ok;

		x->calls = 0;
		x->fail_at = n;
		ok = mirror_audit(&x->disk, &nothing, &mirror, &why);
		over = x->calls < n;
		bad += over != (ok && mirror.is.verified) ||
			(!ok && !why.text[0]);
	}
	CHECK(bad == 0, "a mirror, each call of the disk fails: %zu wrong",
		bad);
	x->fail_at = 0;
	x->disk.size = vanish;
	mirrored(x, NULL, "a body that is gone before its file is looked for",
		NULL, 0);
	faulty_free(x);
}

/* What its caller asks besides. */
static void test_also(void)
{
	struct mirror_anchors known = {.also = say_no};
	struct faulty *x = faulty_make();
	struct job j[2] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY}};

	reflect(x, j, 2);
	mirrored(x, &known, "what else is asked", "also", 1);
	faulty_free(x);
}

static void test_mirror(void)
{
	const struct {
		const char *what, *rule;
		struct job j;
		bool blobs;
	} row[] = {
		{"sound", NULL, {2, 0, 1, ENGINE, SOUND, BODY}, false},
		{"no entry", "entry", {2, 0, 1, ENGINE, RAW, BODY}, false},
		{"signature", "signature", {2, 0, 1, ENGINE, SIGNATURE, BODY},
			false},
		{"author", "author", {2, 0, 1, STRANGER, SOUND, BODY}, false},
		{"role", "role", {9, 2, 1, ENGINE, SOUND, BODY}, false},
		{"chain", "prev", {2, 0, 1, ENGINE, PREV, BODY}, false},
		{"root", "body", {2, 0, 1, ENGINE, ROOT_OF, BODY}, false},
		{"a key event", "body", {7, 2, 1, ROOT, SOUND, BODY}, false},
		{"a key event that is shut", "body",
			{7, 2, 1, ROOT, SHUT, BODY}, false},
		{"no body at hand", NULL,
			{2, 0, 1, ENGINE, NO_DISCLOSURE, BODY}, false},
		{"no disclosure", "body",
			{2, 0, 1, ENGINE, BAD_DISCLOSURE, BODY}, false},
		{"another's proof", "body",
			{2, 0, 1, ENGINE, OTHER_PROOF, BODY}, false},
		{"another's body", "body",
			{2, 0, 1, ENGINE, OTHER_BODY, BODY}, false},
		{"an older proof", NULL,
			{2, 0, 1, ENGINE, OLD_PROOF, BODY}, false},
		{"of another log", "body",
			{2, 0, 1, ENGINE, STRANGE_NOTE, BODY}, false},
		{"of a longer log", "body",
			{2, 0, 1, ENGINE, LONG_NOTE, BODY}, false},
		{"of a log that went on elsewhere", "body",
			{2, 0, 1, ENGINE, LONGER, BODY}, false},
		{"of a fork", "body", {2, 0, 1, ENGINE, FORKED, BODY}, false},
		{"names not shown", NULL, {2, 0, 1, ENGINE, SHUT, BODY},
			false},
		{"no names at all", NULL, {2, 0, 1, ENGINE, NAMELESS, BODY},
			false},
		{"a step whose names are not shown", NULL,
			{6, 0, 1, ENGINE, SHUT, BODY}, false},
		{"a blob that is shut", NULL, {3, 0, 1, ENGINE, SHUT_BLOB,
			{{"blob", blob_hex}}}, true},
		{"a blob of no name", NULL, {3, 0, 1, ENGINE, SHUT_BOTH,
			{{"blob", blob_hex}}}, true},
		{"a blob whose names are shut", NULL, {3, 0, 1, ENGINE, SHUT,
			{{"blob", blob_hex}}}, true},
		{"batch: none", "batch", {13, 0, 1, ENGINE, SOUND, BODY},
			true},
		{"batch: not there", "blob", {13, 0, 1, ENGINE, SOUND,
			{{"blob", HASH}}}, true},
		{"batch: no blobs at all", NULL, {13, 0, 1, ENGINE, SOUND,
			{{"blob", HASH}}}, false},
		{"batch: count", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"root", line_root}}}, true},
		{"batch: no number", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "x"},
				{"root", line_root}}}, true},
		{"batch: another", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "3"},
				{"root", line_root}}}, true},
		{"batch: root", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "2"}}}, true},
		{"batch: other root", "batch", {13, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}, {"count", "2"}, {"root", HASH}}},
			true},
		{"batch", NULL, {13, 0, 1, ENGINE, SOUND, {{"blob", blob_hex},
			{"count", "2"}, {"root", line_root}}}, true},
		{"a finding's file", NULL, {3, 0, 1, ENGINE, SOUND,
			{{"blob", blob_hex}}}, true},
		{"a finding's name of none", "batch", {3, 0, 1, ENGINE, SOUND,
			{{"blob", "x"}}}, true},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct job j[2] = {first(NULL, NULL), row[i].j};

		reflect(x, j, 2);
		if (row[i].blobs)
			put_blob(x);
		mirrored(x, NULL, row[i].what, row[i].rule, 1);
		if (row[i].j.harm == OTHER_PROOF)
			CHECK(strstr(mirror.is.where, "proof is of another"),
				"and of whom: %s", mirror.is.where);
		faulty_free(x);
	}
}

static void test_mirror_first(void)
{
	static const struct {
		const char *what, *rule, *name, *with;
		enum harm harm;
		uint8_t flags;
		enum entry_type type;
		int by;
	} row[] = {
		{"type", "genesis", NULL, NULL, SOUND, 0, 2, ENGINE},
		{"flags", "genesis", NULL, NULL, SOUND, 2, 7, ENGINE},
		{"body", "genesis", "act", NULL, SOUND, 0, 7, ENGINE},
		{"roots", "genesis", "roots", "x", SOUND, 0, 7, ENGINE},
		{"by another", "signature", NULL, NULL, SOUND, 0, 7, ROOT},
		{"signature", "signature", NULL, NULL, SIGNATURE, 0, 7,
			ENGINE},
		{"key id", "signature", NULL, NULL, OTHER_ID, 0, 7, ENGINE},
		{"proof", "genesis", NULL, NULL, STRANGE_NOTE, 0, 7, ENGINE},
		{"disclosure", "genesis", NULL, NULL, BAD_DISCLOSURE, 0, 7,
			ENGINE},
		{"names shut", "genesis", NULL, NULL, SHUT, 0, 7, ENGINE},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct job j[2] = {first(row[i].name, row[i].with),
			{2, 0, 1, ENGINE, SOUND, BODY}};

		j[0].harm = row[i].harm;
		j[0].flags = row[i].flags;
		j[0].type = row[i].type;
		j[0].by = row[i].by;
		reflect(x, j, 2);
		mirrored(x, NULL, row[i].what, row[i].rule, 0);
		faulty_free(x);
	}
}

static struct bytes note_by(int by, uint64_t size, const struct digest *root,
	char *at, size_t n)
{
	struct checkpoint c = {.size = size, .root = *root};
	struct sign_key k = key[by];
	struct text t = text_on(at, n);

	memcpy(c.origin, birth.origin, sizeof c.origin);
	memcpy(k.name, birth.origin, sizeof k.name);
	checkpoint_print(&c, &k, &t);
	return text_view(&t);
}

static void put_note(struct faulty *x, struct bytes note)
{
	need(small_write(&x->disk, "checkpoint", note, false, &f));
}

/* What the auditor knows beforehand. */
static void test_known(void)
{
	struct mirror_seen seen = {.size = UINT64_MAX};
	static struct policy policy;
	struct mirror_anchors known = {.has_key = true,
		.key.type = NOTE_SIGNS};
	struct faulty *x = faulty_make();
	struct job j[2] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY}};
	struct digest root, wrong = {{1}};
	char at[1024], text[512];
	struct text t = text_on(text, sizeof text);

	memcpy(known.key.name, birth.origin, sizeof known.key.name);
	memcpy(known.key.key, key[LOG].public_key, SIGN_KEY);
	reflect(x, j, 2);
	root = root_of(2);
	mirrored(x, &known, "its key", NULL, 0);
	known.has_genesis = true;
	known.genesis = made[0].leaf;
	mirrored(x, &known, "its entry 0", NULL, 0);
	known.genesis.at[0] ^= 1;
	mirrored(x, &known, "another entry 0", "genesis", 0);
	known.has_genesis = false;
	known.key.key[0] ^= 1;
	mirrored(x, &known, "another key", "genesis", 0);
	known.key.key[0] ^= 1;
	known.key.name[0] ^= 1;
	mirrored(x, &known, "another name", "genesis", 0);
	known.key.name[0] ^= 1;
	known.seen = &seen;
	known.seen_count = 1;
	seen.note = note_of(2, &root, at, sizeof at);
	mirrored(x, &known, "seen before", NULL, 0);
	seen.note = note_of(3, &root, at, sizeof at);
	mirrored(x, &known, "more was seen", "checkpoint", 2);
	seen.note = note_of(2, &wrong, at, sizeof at);
	mirrored(x, &known, "another was seen", "checkpoint", 2);
	seen.note = bytes_of("x");
	mirrored(x, &known, "seen what", "checkpoint", UINT64_MAX);
	seen.note = bytes_of("x\n\n\xe2\x80\x94 a AAAAAAA=\n");
	mirrored(x, &known, "seen no checkpoint", "checkpoint", UINT64_MAX);
	seen.note = note_by(STRANGER, 2, &root, at, sizeof at);
	mirrored(x, &known, "seen by another key", "checkpoint", UINT64_MAX);
	seen.size = 1;
	mirrored(x, &known, "kept what", "checkpoint", 1);
	seen.note = note_of(2, &root, at, sizeof at);
	mirrored(x, &known, "kept under another size", "checkpoint", 1);
	seen.size = 2;
	mirrored(x, &known, "kept", NULL, 0);
	known.seen_count = 0;
	need(policy_read(bytes_of("quorum none\n"), &policy, &f));
	known.policy = &policy;
	mirrored(x, &known, "of a policy", NULL, 0);
	text_add(&t, "log ");
	sign_vkey_print("other", key[ROOT].public_key, &t);
	text_add(&t, "\nquorum none\n");
	need(policy_read(text_view(&t), &policy, &f));
	mirrored(x, &known, "of no log of the policy", "quorum", UINT64_MAX);
	t = text_on(text, sizeof text);
	text_add(&t, "log ");
	sign_vkey_print(birth.origin, key[LOG].public_key, &t);
	text_add(&t, "\nquorum none\n");
	need(policy_read(text_view(&t), &policy, &f));
	mirrored(x, &known, "of a log of the policy", NULL, 0);
	/* Without disclosures only who knows the key can check. */
	faulty_find(x, "disclosures/000.disclosure", false)->now = -1;
	known.policy = NULL;
	mirrored(x, &known, "without bodies", NULL, 0);
	mirrored(x, NULL, "whose key?", "key", UINT64_MAX);
	known.key.key[0] ^= 1;
	mirrored(x, &known, "by another key", "checkpoint", UINT64_MAX);
	known.key.key[0] ^= 1;
	faulty_find(x, "checkpoint", false)->now = -1;
	mirrored(x, &known, "without checkpoint", "checkpoint", UINT64_MAX);
	need(small_write(&x->disk, "checkpoint", note_of(0, &wrong, at,
		sizeof at), false, &f));
	mirrored(x, &known, "of nothing", "checkpoint", 0);
	need(small_write(&x->disk, "checkpoint", note_of(2, &wrong, at,
		sizeof at), false, &f));
	mirrored(x, &known, "of another root", "checkpoint", 2);
	faulty_free(x);
	/* Entry 0 names the log's key; there may have been another since. */
	x = faulty_make();
	reflect(x, j, 2);
	root = root_of(2);
	put_note(x, note_by(STRANGER, 2, &root, at, sizeof at));
	mirrored(x, NULL, "by a key that nobody named", "checkpoint",
		UINT64_MAX);
	faulty_free(x);
}

/* A file too large for what it is, and tiles that do not fit. */
static void test_mirror_files(void)
{
	static const struct {
		const char *what, *path, *rule;
		size_t size;
		uint64_t index;
	} row[] = {
		{"a huge checkpoint", "checkpoint", "checkpoint", 1 << 17,
			UINT64_MAX},
		{"a huge disclosure", "disclosures/000.disclosure", "genesis",
			1 << 19, 0},
		{"a huge body", "disclosures/001.disclosure", "body", 1 << 19,
			1},
		{"a tile with a part", "tile/0/000.p/2", "tile", 65, 0},
		{"a tile too short", "tile/0/000.p/2", "tile", 32, 0},
		{"a bundle too short", "tile/entries/000.p/2", "bundle", 171,
			0},
		{"a bundle of one", "tile/entries/000.p/2", "bundle", 170,
			0},
		{"a bundle of nothing", "tile/entries/000.p/2", "bundle", 0,
			0},
	};
	struct job j[2] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY}};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct faulty_file *y;

		reflect(x, j, 2);
		y = faulty_at(x, row[i].path);
		faulty_grow(y, row[i].size);
		y->size = row[i].size;
		mirrored(x, NULL, row[i].what, row[i].rule, row[i].index);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();
		struct faulty_file *y;

		/* A full tile in place of a partial one is as good. */
		reflect(x, j, 2);
		y = faulty_at(x, "tile/entries/000.p/2");
		faulty_grow(y, 3 * (2 + ENTRY_LEN));
		put_be(y->now + 2 * (2 + ENTRY_LEN), ENTRY_LEN, 2);
		mirrored(x, NULL, "a bundle with more", NULL, 0);
		y = faulty_at(x, "tile/0/000.p/2");
		y->now[40] ^= 1;
		mirrored(x, NULL, "another hash", "tile", 1);
		y->now[40] ^= 1;
		y = faulty_at(x, "tile/entries/000.p/2");
		y->now[200] ^= 1;
		mirrored(x, NULL, "another entry", "entry", 1);
		y->now[200] ^= 1;
		for (int i = 0; i < x->names; i++)
			if (strcmp(x->name[i].path, "tile/0/000.p/2") == 0)
				x->name[i].path[strlen("tile/0/000")] = '\0';
		mirrored(x, NULL, "a full tile for a partial one", NULL, 0);
		faulty_free(x);
	}
}

/* More entries than a tile has, so that there are tiles above. */
static void test_mirror_upper(void)
{
	static struct job j[JOBS];
	struct faulty *x = faulty_make();
	struct faulty_file *y;

	j[0] = first(NULL, NULL);
	for (size_t i = 1; i < JOBS; i++)
		j[i] = (struct job){2, 0, 1, ENGINE, NO_DISCLOSURE, BODY};
	reflect(x, j, JOBS);
	mirrored(x, NULL, "of 300", NULL, 0);
	y = faulty_at(x, "tile/1/000.p/1");
	y->now[5] ^= 1;
	mirrored(x, NULL, "another hash above", "tile", 0);
	y->now[5] ^= 1;
	y->size = 31;
	mirrored(x, NULL, "a hash cut short", "tile", 0);
	faulty_find(x, "tile/1/000.p/1", false)->now = -1;
	mirrored(x, NULL, "no tile above", "tile", 0);
	faulty_free(x);
}

/* Of a witness that the policy names, one bit of whose line is wrong. */
static void test_mirror_witness(void)
{
	static struct policy policy;
	struct mirror_anchors known = {.policy = &policy};
	struct faulty *x = faulty_make();
	struct job j[2] = {first(NULL, NULL),
		{2, 0, 1, ENGINE, SOUND, BODY}};
	struct note_key w = {.name = "another", .type = NOTE_COSIGNS};
	char text[512], note[2048];
	struct text t = text_on(text, sizeof text);
	struct text c = text_on(note, sizeof note);
	struct bytes signed_;
	struct digest root;

	memcpy(w.key, key[STRANGER].public_key, SIGN_KEY);
	text_add(&t, "witness w ");
	note_key_print(&w, &t);
	text_add(&t, "\nquorum w\n");
	need(policy_read(text_view(&t), &policy, &f));
	reflect(x, j, 2);
	root = root_of(2);
	signed_ = note_of(2, &root, note, sizeof note);
	c.len = signed_.len;
	signed_.len = (size_t)(strstr(note, "\n\n") - note) + 1;
	need(note_cosign(signed_, &key[STRANGER], 7, &c, &f));
	need(small_write(&x->disk, "checkpoint", text_view(&c), false, &f));
	mirrored(x, &known, "witnessed", NULL, 0);
	note[c.len - 20] = note[c.len - 20] == 'A' ? 'B' : 'A';
	need(small_write(&x->disk, "checkpoint", text_view(&c), false, &f));
	mirrored(x, &known, "a witness that did not sign", "checkpoint",
		UINT64_MAX);
	faulty_free(x);
}

int main(void)
{
	begin();
	test_entries();
	test_first();
	test_files();
	test_spools();
	test_segments();
	test_shown();
	test_unmet();
	test_also();
	test_mirror_calls();
	test_mirror();
	test_mirror_first();
	test_known();
	test_mirror_files();
	test_mirror_upper();
	test_mirror_witness();
	return check_done();
}
