/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * redteam.c - the operator as the enemy: with root, the code, and every key
 * that lies on the machine, he rewrites a mission as well as can be done; an
 * auditor who holds only the last checkpoint that others cosigned must notice
 * each time, and never where nothing was done.
 *
 * Most attacks make a sound log again: digests, signatures, chains, body
 * roots, tree, checkpoint and tiles all fit, since the attacker computes them
 * anew.  REDTEAM in the environment: so many attacks (default 114; issue 4
 * wants 1,000). */
#include "base/encode.h"
#include "check.h"
#include "faulty.h"
#include "ledger/audit.h"
#include "ledger/inside.h"
#include "spool/spool.h"

static const struct instant now = {INT64_C(1770091506000000000)};
static struct arena memory;

enum { ENTRIES = 24, KEEP = 40 };

static void need(bool ok, const struct fault *f)
{
	if (ok)
		return;
	CHECK(false, "%s", f->text);
	exit(1);
}

/* -- an honest mission -- */

static void add_finding(struct ledger *l, uint64_t k)
{
	struct fields body = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_FINDING,
		.clock = {now.utc_ns + (int64_t)k * 60000000000}};
	uint8_t about = (uint8_t)(k % 5);
	struct fault f = {0};

	fields_text(&body, "kind", k % 2 ? "breach" : "no breach");
	fields_i64(&body, "shots", (int64_t)k);
	fields_text(&body, "text", k % 3 ? "from the north" : "from the south");
	need(fields_done(&body, &f), &f);
	item.body = &body;
	entry_subject(now, (struct bytes){&about, 1}, item.subject);
	need(ledger_append(l, &item, 1, &f), &f);
}

static void take_in(struct faulty *x, struct spool *s, uint64_t n)
{
	uint8_t note[BLOB_NOTE_MAX], file[8];
	struct journal_record r[2] = {
		{.received = now, .kind = JOURNAL_FILE, .payload.at = note},
		{.received = now, .kind = JOURNAL_PACKET,
			.payload = bytes_of("a packet")}};
	struct fault f = {0};
	struct blob b;

	put_be(file, n, 8);
	need(blobs_put(&x->disk, (struct bytes){file, 8}, &b, NULL, &f) &&
			blob_note(&b, bytes_of("name"), note,
				&r[0].payload.len, &f) &&
			spool_append(s, r, 2, &f), &f);
}

/* *early: as it was on the day of the backup. */
static struct faulty *mission(struct faulty **early)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "redteam", .clock = now};
	struct ledger_item item;
	struct ledger *l = NULL;
	struct journal j;
	struct spool s;
	struct fault f = {0};

	need(ledger_init(&x->disk, &b, &f) &&
			ledger_open(&l, &x->disk, true, &f) &&
			spool_open(&s, &x->disk, "inbox", SPOOL_WRITE, 0, &f),
		&f);
	j = spool_journal(&s);
	for (uint64_t k = 0; ledger_size(l) < ENTRIES; k++) {
		if (k % 6 == 0) {
			take_in(x, &s, k);
			need(ledger_append_intake(l, &j, s.log.id, k / 3, 2,
				now, &item, &f), &f);
		}
		add_finding(l, k);
		if (k == 10) {
			need(ledger_sign(l, &f), &f);
			*early = faulty_copy(x);
		}
	}
	need(ledger_sign(l, &f), &f);
	spool_close(&s);
	ledger_close(l);
	faulty_heal(x);
	faulty_heal(*early);
	return x;
}

static bool found(struct faulty *x, struct bytes seen, struct audit *a)
{
	const struct audit_with with = {.since = seen};
	struct fault f = {0};

	/* What cannot even be read is no honest mission either. */
	return !ledger_audit_with(&x->disk, &with, NULL, NULL, a, &f) ||
		!a->is.verified || a->untimely > 0;
}

/* -- what an attacker does -- */

struct known { /* one entry, opened */
	struct entry entry;
	struct instant written;
	uint8_t secret[BODY_SECRET], plain[2048];
	size_t len;
	struct digest leaf;
};

struct heist {
	struct faulty *on;
	struct known e[KEEP];
	size_t count;
	struct sign_key engine, signer;
	char origin[SIGN_NAME_MAX + 1];
	uint64_t random;
	bool honest;
};

static uint64_t pick(struct heist *h, uint64_t below)
{
	h->random = h->random * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (h->random >> 33) % below;
}

static bool steal(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct heist *h = self;
	struct known *k = &h->e[h->count++];

	(void)f;
	k->entry = e->entry;
	k->leaf = e->leaf;
	k->written = e->entry.clock;
	memcpy(k->secret, e->secret, BODY_SECRET);
	memcpy(k->plain, e->plain.at, k->len = e->plain.len);
	return true;
}

static void gone(struct faulty *x, const char *front)
{
	for (int i = 0; i < x->names; i++)
		if (strncmp(x->name[i].path, front, strlen(front)) == 0)
			x->name[i].now = x->name[i].kept = -1;
}

/* What the witnesses of this machine have seen; their keys he keeps. */
static void make_forget(struct faulty *x)
{
	gone(x, "ledger/cosigned/");
	gone(x, "ledger/equivocation");
	for (int i = 0; i < x->names; i++) {
		const char *path = x->name[i].path;

		if (strncmp(path, "ledger/witness/", 15) == 0 &&
			strcmp(path + strlen(path) - 3, "key") != 0)
			x->name[i].now = x->name[i].kept = -1;
	}
}

static struct heist *enter(struct faulty *x, uint64_t seed)
{
	struct heist *h = calloc(1, sizeof *h);
	struct ledger *l = NULL;
	struct fault f = {0};

	if (!h)
		abort();
	h->on = faulty_copy(x);
	h->random = seed;
	need(ledger_open(&l, &h->on->disk, true, &f) &&
			ledger_read(l, 0, steal, h, &f), &f);
	h->engine = l->engine;
	h->signer = l->signer;
	memcpy(h->origin, l->origin, sizeof h->origin);
	ledger_close(l);
	return h;
}

/* A root over fields in whatever order: the house's own refuses some. */
static struct digest any_root(struct bytes plain, const uint8_t *secret)
{
	struct reader r = reader(plain);
	struct merkle m = {0};

	while (!reader_done(&r)) {
		struct bytes name = read_bytes(&r, read_u16be(&r));
		struct bytes value = read_bytes(&r, read_u32be(&r));
		uint8_t leaf[2048];
		struct digest d;

		body_salt(secret, name, leaf);
		put_be(leaf + BODY_SALT, name.len, 2);
		memcpy(leaf + BODY_SALT + 2, name.at, name.len);
		memcpy(leaf + BODY_SALT + 2 + name.len, value.at, value.len);
		d = merkle_leaf((struct bytes){leaf,
			BODY_SALT + 2 + name.len + value.len});
		merkle_add(&m, &d);
	}
	return merkle_root(&m);
}

/* HEAD says what he wants it to. */
static void sign_head(struct heist *h)
{
	struct checkpoint c = {.size = h->count};
	struct merkle m = {0};
	struct fault f = {0};
	char note[1024];
	struct text t = text_on(note, sizeof note);

	for (size_t i = 0; i < h->count; i++)
		merkle_add(&m, &h->e[i].leaf);
	c.root = merkle_root(&m);
	memcpy(c.origin, h->origin, sizeof c.origin);
	checkpoint_print(&c, &h->signer, &t);
	need(small_write(&h->on->disk, "ledger/signer/HEAD", text_view(&t),
		true, &f), &f);
}

/* The log again from `from` on, sound in every way: chains, roots, secrets,
 * signatures, journal; then HEAD, tiles and checkpoint. */
static void forge(struct heist *h)
{
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL, .writable = true, .id = "forger"};
	static uint8_t payload[4096];
	struct secrets s = {.file = -1};
	struct log log = {0};
	struct ledger *l = NULL;
	struct fault f = {0};

	gone(h->on, "ledger/journal/");
	gone(h->on, "ledger/signer/");
	gone(h->on, "ledger/pub/");
	if (!h->honest)
		make_forget(h->on);
	need(secrets_open(&s, &h->on->disk, false, &f) &&
		log_open(&log, &h->on->disk, &o, &f), &f);
	for (size_t i = 0; i < h->count; i++) {
		struct known *k = &h->e[i];
		struct bytes plain = {k->plain, k->len};
		struct journal_record r = {.received = k->written,
			.kind = JOURNAL_ENTRY, .payload = {payload,
				ENTRY_LEN + k->len + BODY_TAG}};

		k->entry.prev = (struct digest){{0}};
		for (size_t j = i; j-- > 0;)
			if (memcmp(h->e[j].entry.subject, k->entry.subject,
				ENTRY_SUBJECT) == 0) {
				k->entry.prev = h->e[j].leaf;
				break;
			}
		k->entry.body = any_root(plain, k->secret);
		sign_entry(&h->engine, &k->entry);
		entry_write(&k->entry, payload);
		k->leaf = entry_leaf((struct bytes){payload, ENTRY_LEN});
		body_seal(plain, k->secret, payload, payload + ENTRY_LEN);
		need(secrets_put(&s, i, (const uint8_t (*)[BODY_SECRET])
			k->secret, 1, &f) && log_append(&log, &r, 1, &f), &f);
	}
	secrets_close(&s);
	log_close(&log);
	sign_head(h);
	/* As far as his own program plays along; it need not. */
	if (ledger_open(&l, &h->on->disk, true, &f)) {
		need(ledger_sign(l, &f), &f);
		ledger_close(l);
	}
}

static void new_body(
	struct known *k, const char *kind, const char *text, bool twice)
{
	struct fields body = fields_in(&memory);
	struct fault f = {0};

	fields_text(&body, "kind", kind);
	fields_text(&body, "text", text);
	need(fields_done(&body, &f) && body_write(&body, k->plain,
		sizeof k->plain, &k->len, &f), &f);
	if (!twice)
		return;
	/* `!`, then kind and text: kind once more, before text */
	uint8_t again[] = "\0\4kind\0\0\0\6breach";
	size_t first = 2 + 1 + 4 + 9, n = 2 + 4 + 4 + strlen(kind);

	memmove(k->plain + first + n + 16, k->plain + first + n,
		k->len - first - n);
	memcpy(k->plain + first + n, again, 16);
	k->len += 16;
}

static size_t some_finding(struct heist *h)
{
	size_t i;

	do
		i = 1 + (size_t)pick(h, h->count - 2);
	while (h->e[i].entry.type != ENTRY_FINDING);
	return i;
}

static struct known *one_more(struct heist *h)
{
	struct known *k = &h->e[h->count];

	*k = h->e[some_finding(h)];
	h->count++;
	return k;
}

static void flip(struct heist *h, const char *front)
{
	int names[FAULTY_NAMES], n = 0;
	struct faulty_file *y;

	for (int i = 0; i < h->on->names; i++)
		if (strncmp(h->on->name[i].path, front, strlen(front)) == 0 &&
			h->on->name[i].now >= 0 &&
			h->on->file[h->on->name[i].now].size > 0)
			names[n++] = h->on->name[i].now;
	y = &h->on->file[names[pick(h, (uint64_t)n)]];
	y->now[pick(h, y->size)] ^= (uint8_t)(1 << pick(h, 8));
}

/* A packet of the spool said something else: its record sealed anew. */
static void edit_spool(struct heist *h)
{
	struct faulty_file *y =
		faulty_at(h->on, "spool/inbox/0000000000000000.seg");
	uint64_t at = LOG_HEAD, skip = 2 * pick(h, 4) + 1;
	struct journal_record r;

	for (;; at += log_record_size(&r)) {
		struct bytes b = {y->now + at, y->size - at};

		if (log_record_read(b, &r) != LOG_RECORD)
			abort();
		if (skip-- == 0)
			break;
	}
	y->now[at + JOURNAL_HEADER] ^= 1;
	r.payload.at = y->now + at + JOURNAL_HEADER;
	log_record_seal(&r, y->now + at);
}

enum attack {
	EDIT, DELETE, REORDER, BACKDATE, SWAP_BODIES, SWAP_FIELDS, INSERT,
	SECOND_KIND, STRANGER, OWN_TYPE, UNFLAGGED, BACKUP, CUT_TAIL,
	EDIT_SPOOL, FLIP_BLOB, FLIP_JOURNAL, FLIP_PUBLIC, STALE_FORK,
	MISDATE, ATTACKS
};

static const char *const named[ATTACKS] = {"an entry edited", "deleted",
	"two in another order", "back-dated", "two bodies swapped",
	"two values swapped", "one put between", "`kind` twice",
	"signed by a key that nobody enrolled", "a type the engine may not",
	"a report of the engine's, unflagged", "a backup restored",
	"the tail and HEAD cut off", "a spool record edited",
	"a blob edited", "the journal edited",
	"a tile or checkpoint edited",
	"a stale view, gone on with otherwise for one party",
	"a record taken in under another day's receipt"};

static void swap(struct known *a, struct known *b)
{
	struct known c = *a;

	*a = *b;
	*b = c;
}

/* The log as a whole, rewritten. */
static void rewrite(struct heist *h, enum attack what)
{
	size_t i = some_finding(h), j;
	struct known c;

	switch (what) {
	case EDIT:
		new_body(&h->e[i], "no breach", "all was calm", false);
		break;
	case DELETE:
		memmove(&h->e[i], &h->e[i + 1],
			(--h->count - i) * sizeof *h->e);
		break;
	case REORDER:
		swap(&h->e[i], &h->e[i + 1]);
		break;
	case BACKDATE:
		h->e[i].entry.clock.utc_ns -= INT64_C(3600000000000);
		h->e[i].written.utc_ns -= INT64_C(3600000000000);
		break;
	case SWAP_BODIES:
		do
			j = some_finding(h);
		while (j == i);
		c = h->e[i];
		memcpy(h->e[i].plain, h->e[j].plain, sizeof c.plain);
		h->e[i].len = h->e[j].len;
		memcpy(h->e[j].plain, c.plain, sizeof c.plain);
		h->e[j].len = c.len;
		break;
	case SWAP_FIELDS:
		/* kind and text of an entry like it */
		new_body(&h->e[i], "from the north", "breach", false);
		break;
	default: /* INSERT */
		memmove(&h->e[i + 1], &h->e[i],
			(h->count++ - i) * sizeof *h->e);
		new_body(&h->e[i], "no breach", "all was calm",
			false);
	}
	forge(h);
}

/* Only added to, so that the checkpoint that the auditor holds still fits. */
static void add_to(struct heist *h, enum attack what)
{
	struct known *k = one_more(h);

	new_body(k, "no breach", "all was calm", what == SECOND_KIND);
	if (what == OWN_TYPE) {
		k->entry.type = pick(h, 2) ? ENTRY_REVIEW : ENTRY_CORRECTION;
		k->entry.flags = entry_flags(k->entry.type);
	}
	if (what == UNFLAGGED)
		k->entry.type = ENTRY_REPORT;
	forge(h);
}

/* An entry behind all others, whose author nobody knows. */
static void stranger(struct heist *h)
{
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL, .writable = true, .id = "forger"};
	struct sign_key other = {.name = "x"};
	uint8_t payload[4096];
	struct known *k = one_more(h);
	struct bytes plain = {k->plain, k->len};
	struct journal_record r = {.received = k->written,
		.kind = JOURNAL_ENTRY, .payload = {payload,
			ENTRY_LEN + k->len + BODY_TAG}};
	struct secrets s = {.file = -1};
	struct log log = {0};
	struct fault f = {0};

	memset(other.seed, (int)pick(h, 255), SIGN_SEED);
	sign_key_fill(&other);
	for (size_t j = 0; j + 1 < h->count; j++)
		if (memcmp(h->e[j].entry.subject, k->entry.subject,
			ENTRY_SUBJECT) == 0)
			k->entry.prev = h->e[j].leaf;
	k->entry.body = body_root(plain, k->secret);
	sign_entry(&other, &k->entry);
	if (pick(h, 2)) /* by the engine, so it says */
		memcpy(k->entry.key_id, h->e[0].entry.key_id, ENTRY_KEY_ID);
	entry_write(&k->entry, payload);
	body_seal(plain, k->secret, payload, payload + ENTRY_LEN);
	need(secrets_open(&s, &h->on->disk, false, &f) &&
		log_open(&log, &h->on->disk, &o, &f) &&
		secrets_put(&s, log.end, (const uint8_t (*)[BODY_SECRET])
			k->secret, 1, &f) && log_append(&log, &r, 1, &f), &f);
	secrets_close(&s);
	log_close(&log);
}

/* A record that says when it came, taken in by that clock. */
static void receive(struct faulty *x, int64_t received_s, int64_t clock_s)
{
	struct journal_record r = {.kind = JOURNAL_PACKET,
		.received = {now.utc_ns + received_s * 1000000000},
		.payload = bytes_of("a notice of what was done")};
	const struct instant clock = {now.utc_ns + clock_s * 1000000000};
	struct ledger_item item;
	struct ledger *l = NULL;
	struct journal j;
	struct spool s;
	struct fault f = {0};

	need(ledger_open(&l, &x->disk, true, &f) && spool_open(&s, &x->disk,
		"inbox", SPOOL_WRITE, 0, &f), &f);
	j = spool_journal(&s);
	need(spool_append(&s, &r, 1, &f) && ledger_append_intake(l, &j,
		s.log.id, ledger_intake_end(l, s.log.id), 1, clock, &item,
		&f) && ledger_sign(l, &f), &f);
	spool_close(&s);
	ledger_close(l);
}

/* Another record, which he says came two days earlier than it did, or later;
 * all that follows is done as it should be. */
static void misdate(struct heist *h)
{
	const int64_t days = 172800;

	receive(h->on, pick(h, 2) ? days : -days, 60);
}

/* What all saw first, then entries of his own, as many and more. */
static void stale_fork(struct heist *h, const struct faulty *early)
{
	struct faulty *old = faulty_copy(early);
	struct heist *first = enter(old, 1);

	for (size_t i = first->count; i < h->count; i++)
		if (h->e[i].entry.type == ENTRY_FINDING)
			new_body(&h->e[i], "no breach", "all was calm", false);
	while (pick(h, 3) > 0 && h->count < KEEP)
		(void)one_more(h);
	forge(h);
	faulty_free(first->on);
	free(first);
	faulty_free(old);
}

static void attack(struct heist *h, const struct faulty *early,
	enum attack what)
{
	switch (what) {
	case STRANGER:
		stranger(h);
		break;
	case SECOND_KIND:
	case OWN_TYPE:
	case UNFLAGGED:
		add_to(h, what);
		break;
	case BACKUP:
		faulty_free(h->on);
		h->on = faulty_copy(early);
		break;
	case CUT_TAIL:
		h->count -= 1 + (size_t)pick(h, 8);
		forge(h);
		break;
	case STALE_FORK:
		stale_fork(h, early);
		break;
	case EDIT_SPOOL:
		edit_spool(h);
		break;
	case MISDATE:
		misdate(h);
		break;
	case FLIP_BLOB:
		flip(h, "blobs/");
		break;
	case FLIP_JOURNAL:
		flip(h, "ledger/journal/");
		break;
	case FLIP_PUBLIC:
		flip(h, "ledger/pub/");
		break;
	default:
		rewrite(h, what);
	}
}

static void test_attacks(struct faulty *x, const struct faulty *early,
	struct bytes seen, int most)
{
	unsigned tried[ATTACKS] = {0}, noticed[ATTACKS] = {0}, all = 0;
	char rule[ATTACKS][32] = {{0}};
	struct audit a;

	for (int i = 0; i < most; i++) {
		enum attack what = (enum attack)(i % ATTACKS);
		struct heist *h = enter(x, (uint64_t)i + 1);

		memory.used = 0;
		attack(h, early, what);
		tried[what]++;
		if (found(h->on, seen, &a)) {
			noticed[what]++;
			all++;
			memcpy(rule[what], a.is.rule, sizeof *rule);
		}
		faulty_free(h->on);
		free(h);
	}
	for (int k = 0; k < ATTACKS; k++)
		CHECK(noticed[k] == tried[k], "%s: %u of %u found, as %s",
			named[k], noticed[k], tried[k], rule[k]);
	CHECK(all == (unsigned)most, "%u of %d attacks found", all, most);
}

/* The forger's hands are good: a log that he only writes again is sound. */
static void test_honest(struct faulty *x, struct bytes seen)
{
	struct heist *h = enter(x, 1);
	struct ledger *l = NULL;
	struct fault f = {0};
	unsigned alarms = 0;
	struct audit a;

	CHECK(!found(x, seen, &a), "an honest mission: %s %s", a.is.rule,
		a.is.where);
	h->honest = true;
	forge(h);
	CHECK(!found(h->on, seen, &a), "written again as it was: %s %s",
		a.is.rule, a.is.where);
	faulty_free(h->on);
	free(h);
	for (uint64_t k = 100; k < 200; k++) {
		need(ledger_open(&l, &x->disk, true, &f), &f);
		add_finding(l, k);
		if (k % 3 == 0)
			need(ledger_sign(l, &f), &f);
		ledger_close(l);
		alarms += found(x, seen, &a);
	}
	CHECK(alarms == 0, "100 honest continuations, %u alarms", alarms);
}

/* When a record may say that it came: between two intakes, but for 300 s. */
static void test_receipts(const struct faulty *x)
{
	static const struct {
		const char *what;
		int64_t received_s, clock_s; /* the one before: 3600 */
		bool found;
	} tried[] = {
		{"between the intakes", 3700, 4000, false},
		{"by a clock that was put right by 300 s", 3300, 4000,
			false},
		{"earlier than the intake before", 3299, 4000, true},
		{"300 s after its own", 4300, 4000, false},
		{"later", 4301, 4000, true},
		{"in the same second", 3600, 3600, false},
		{"a day before it, where both have one clock", -90000,
			3600, true},
		{"the clock was set back an hour", 10, 20, false},
		{"and it came before that", 3700, 20, false},
		{"or a day before", -86400, 20, true},
	};
	const struct bytes none = {0};

	for (size_t i = 0; i < sizeof tried / sizeof *tried; i++) {
		struct faulty *y = faulty_copy(x);
		struct audit a;
		bool alarm;

		receive(y, 3600, 3600);
		receive(y, tried[i].received_s, tried[i].clock_s);
		alarm = found(y, none, &a);
		CHECK(alarm == tried[i].found && a.is.verified &&
				a.untimely == (alarm ? 1 : 0) &&
				(!alarm || a.untimely_in == a.entries - 1),
			"received %s: %s", tried[i].what,
			alarm ? "told" : "no alarm");
		faulty_free(y);
	}
}

/* -- persons -- */

enum { CHIEF, CHIEF_TOO, REVIEWER, PERSONS };

/* CHIEF and CHIEF_TOO are keys of one person. */
static struct sign_key person_key(int k)
{
	struct sign_key s = {.name = "person"};

	memset(s.seed, 100 + k, sizeof s.seed);
	sign_key_fill(&s);
	return s;
}

static void hex_field(struct fields *s, const char *name, const void *at,
	size_t n)
{
	char hex[2 * SIGN_KEY + 1];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){at, n});
	fields_text(s, name, hex);
}

static struct sign_key root_key(struct faulty *x)
{
	uint8_t at[SECRETS_FILE_MAX];
	struct fault f = {0};
	struct sign_key k;
	size_t n;

	need(small_read(&x->disk, "ledger/keys/root", at, &n, &f) &&
		sign_key_read((struct bytes){at, n}, &k, &f), &f);
	return k;
}

static void by_root(struct faulty *x, struct ledger *l, int k, bool revoke)
{
	static const char *const role[] = {"chief", "reviewer", "reviewer"};
	struct sign_key key = person_key(k), root = root_key(x);
	struct fields body = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &body, .author = &root};
	uint8_t person[PERSON_LEN] = {(uint8_t)(k == REVIEWER)};
	uint8_t signature[SIGN_LEN];
	char at[1024], proof[128];
	struct text t = text_on(at, sizeof at), p = text_on(proof,
		sizeof proof);
	struct fault f = {0};

	fields_text(&body, "act", revoke ? "revoke" : "enrol");
	hex_field(&body, "key", key.public_key, SIGN_KEY);
	if (revoke) {
		fields_time(&body, "since", now);
	} else {
		hex_field(&body, "person", person, sizeof person);
		fields_text(&body, "org", k == REVIEWER ? "b" : "a");
		fields_text(&body, "role", role[k]);
		fields_time(&body, "not_before", now);
		fields_time(&body, "not_after", instant_plus_ns(now,
			INT64_C(86400000000000)));
		people_proof(ledger_origin(l), &body, &t);
		sign_make(&key, text_view(&t), signature);
		text_base64(&p, (struct bytes){signature, SIGN_LEN});
		fields_text(&body, "proof", proof);
	}
	entry_subject(now, (struct bytes){key.public_key, SIGN_KEY},
		item.subject);
	need(fields_done(&body, &f) && ledger_append(l, &item, 1, &f), &f);
}

/* A report of CHIEF's as the last entry. */
static struct faulty *with_persons(struct entry *report)
{
	struct faulty *early, *x = mission(&early);
	struct fields body = fields_in(&memory);
	struct sign_key chief = person_key(CHIEF);
	struct ledger_item item = {.type = ENTRY_REPORT, .clock = now,
		.subject = {7}, .body = &body, .author = &chief};
	struct fault f = {0};
	struct ledger *l;
	struct heist *h;

	faulty_free(early);
	need(ledger_open(&l, &x->disk, true, &f), &f);
	for (int k = 0; k < PERSONS; k++)
		by_root(x, l, k, false);
	fields_text(&body, "text", "all is well");
	need(fields_done(&body, &f) && ledger_append(l, &item, 1, &f) &&
		ledger_sign(l, &f), &f);
	ledger_close(l);
	faulty_heal(x);
	h = enter(x, 1);
	*report = h->e[h->count - 1].entry;
	faulty_free(h->on);
	free(h);
	return x;
}

/* Our writer refuses; he writes into the journal himself.  `of`: confirmed;
 * NULL: a report with no body of anybody's. */
static void press(struct faulty *x, const struct sign_key *by,
	const struct entry *of)
{
	struct log_options o = {.folder = "ledger/journal",
		.use = LOG_JOURNAL, .writable = true};
	static const uint8_t none[1][BODY_SECRET];
	struct entry e = {.type = of ? ENTRY_REVIEW : ENTRY_REPORT,
		.flags = of ? 0 : ENTRY_TWO, .clock = now};
	uint8_t raw[ENTRY_LEN], seal[ENTRY_LEN + 256], plain[64];
	struct journal_record r = {.received = now, .kind = JOURNAL_ENTRY,
		.payload = {raw, ENTRY_LEN}};
	uint8_t secret[1][BODY_SECRET] = {{1}};
	struct fields body = fields_in(&memory);
	struct secrets s = {.file = -1};
	struct log log = {0};
	struct fault f = {0};
	size_t n = 0;

	if (of) {
		struct digest leaf;

		memcpy(e.subject, of->subject, ENTRY_SUBJECT);
		e.body = of->body;
		entry_write(of, raw);
		leaf = entry_leaf((struct bytes){raw, ENTRY_LEN});
		e.prev = leaf;
	} else {
		fields_text(&body, "text", "x");
		e.subject[0] = 8;
		need(fields_done(&body, &f) && body_write(&body, plain,
			sizeof plain, &n, &f), &f);
		e.body = body_root((struct bytes){plain, n}, secret[0]);
	}
	sign_entry(by, &e);
	entry_write(&e, raw);
	if (!of) {
		memcpy(seal, raw, ENTRY_LEN);
		body_seal((struct bytes){plain, n}, secret[0], raw,
			seal + ENTRY_LEN);
		r.payload = (struct bytes){seal, ENTRY_LEN + n + BODY_TAG};
	}
	need(secrets_open(&s, &x->disk, false, &f) &&
		log_open(&log, &x->disk, &o, &f) &&
		secrets_put(&s, log.end, of ? none : (const uint8_t (*)
			[BODY_SECRET])secret, 1, &f) &&
		log_append(&log, &r, 1, &f), &f);
	secrets_close(&s);
	log_close(&log);
}

static void test_persons(void)
{
	struct sign_key other = person_key(REVIEWER);
	struct sign_key same = person_key(CHIEF_TOO);
	struct entry report;
	struct faulty *x = with_persons(&report), *y;
	const struct bytes none = {0};
	struct fault f = {0};
	struct ledger *l;
	struct audit a;

	y = faulty_copy(x);
	press(y, &other, &report);
	CHECK(!found(y, none, &a) && a.people.reviewed == 1,
		"another person confirms: no alarm, reviewed: %s %s",
		a.is.rule, a.is.where);
	faulty_free(y);
	y = faulty_copy(x);
	press(y, &same, &report);
	CHECK(found(y, none, &a) && strcmp(a.is.rule, "self") == 0,
		"one person confirms with another key: %s", a.is.rule);
	faulty_free(y);
	y = faulty_copy(x);
	press(y, &(struct sign_key){0}, &report);
	CHECK(found(y, none, &a), "a key of nobody confirms: %s", a.is.rule);
	faulty_free(y);

	y = faulty_copy(x);
	same = person_key(CHIEF);
	press(y, &same, NULL);
	CHECK(!found(y, none, &a) && a.people.reviewed == 0,
		"a key that is good writes: no alarm: %s %s", a.is.rule,
		a.is.where);
	faulty_free(y);
	need(ledger_open(&l, &x->disk, true, &f), &f);
	by_root(x, l, CHIEF, true);
	by_root(x, l, REVIEWER, true);
	ledger_close(l);
	y = faulty_copy(x);
	press(y, &same, NULL);
	CHECK(found(y, none, &a) && strcmp(a.is.rule, "key") == 0,
		"a key writes after its revocation: %s", a.is.rule);
	faulty_free(y);
	press(x, &other, &report);
	CHECK(found(x, none, &a) && strcmp(a.is.rule, "key") == 0,
		"a key confirms after its revocation: %s", a.is.rule);
	faulty_free(x);
}

/* -- another policy -- */

/* A policy without the lines that have a word, and one witness enough. */
static size_t without(struct bytes b, const char *word, char *out, size_t size)
{
	struct text t = text_on(out, size);

	for (size_t at = 0; at < b.len;) {
		const uint8_t *lf = memchr(b.at + at, '\n', b.len - at);
		size_t n = (size_t)(lf - b.at) + 1 - at;
		char line[1024];

		(void)snprintf(line, sizeof line, "%.*s", (int)n,
			(const char *)b.at + at);
		if (!strstr(line, word) && strncmp(line, "group", 5) != 0 &&
			strncmp(line, "quorum", 6) != 0)
			text_add(&t, line);
		at += n;
	}
	text_add(&t, "quorum local-1\n");
	return t.len;
}

/* Root keys put another policy in force, which wants one witness less: the
 * log goes on, and what was cosigned before still counts. */
static void test_policy(void)
{
	struct faulty *early, *x = mission(&early);
	struct sign_key root = root_key(x);
	struct fields body = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &body, .author = &root};
	uint8_t at[SECRETS_FILE_MAX];
	char text[SECRETS_FILE_MAX];
	const struct bytes none = {0};
	struct fault f = {0};
	struct digest d;
	struct ledger *l;
	struct audit a;
	size_t n;
	bool ok;

	faulty_free(early);
	need(small_read(&x->disk, "ledger/policy/accepted.policy", at, &n, &f),
		&f);
	n = without((struct bytes){at, n}, "witness local-2", text,
		sizeof text);
	d = sha256_of((struct bytes){(uint8_t *)text, n});
	fields_text(&body, "act", "policy");
	hex_field(&body, "policy_sha256", d.at, sizeof d);
	d = sha256_of(bytes_of("policy"));
	memcpy(item.subject + 6, d.at, 10);
	need(ledger_open(&l, &x->disk, true, &f) && fields_done(&body, &f) &&
		ledger_append(l, &item, 1, &f), &f);
	ok = !ledger_sign(l, &f);
	CHECK(ok && strstr(f.text, "next.policy"),
		"a policy that is not here is not met: %s", f.text);
	ledger_close(l);
	need(small_write(&x->disk, "ledger/policy/next.policy", (struct bytes){
		(uint8_t *)text, n}, false, &f), &f);
	ok = ledger_open(&l, &x->disk, true, &f);
	if (ok)
		add_finding(l, 50);
	ok = ok && ledger_sign(l, &f) && !ledger_held(l)[0];
	ledger_close(l);
	CHECK(ok && !found(x, none, &a) && a.asked == 1 && a.accepted &&
		a.signed_size == a.entries,
		"the next policy takes its place, and all verifies: %s %s %s",
		f.text, a.is.rule, a.is.where);
	faulty_free(x);
}

int main(void)
{
	const char *most = getenv("REDTEAM");
	struct faulty *x, *early = NULL;
	struct faulty_file *note;
	uint8_t seen[2048];
	struct fault f;

	need(arena_map(&memory, 1 << 24, &f) && sign_ready(&f), &f);
	x = mission(&early);
	note = faulty_at(x, "ledger/pub/checkpoint");
	memcpy(seen, note->now, note->size);
	test_attacks(x, early, (struct bytes){seen, note->size},
		most ? (int)strtol(most, NULL, 10) : 6 * ATTACKS);
	test_honest(x, (struct bytes){seen, note->size});
	test_receipts(x);
	memory.used = 0;
	test_persons();
	test_policy();
	faulty_free(early);
	faulty_free(x);
	arena_unmap(&memory);
	return check_done();
}
