/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is appended, drafted and signed, each wrong in one way: the guards of
 * append.c, and of signing.c by a witness that a courier plays. */
#include "check.h"
#include "faulty.h"

#include "enrol.h"
#include "ledger/audit.h"
#include "ledger/equivocation.h"
#include "ledger/inside.h"
#include "ledger/pulse.h"
#include "ledger/receipt_write.h"

enum { CHIEF, ANALYST, REVIEWER, KEYS };

static const struct instant now = {INT64_C(1790000000000000000)};
static struct sign_key key[KEYS];
static struct arena memory;
static struct fault f;
static char big[BODY_MAX];

static void need(bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s\n", f.text);
	exit(1);
}

static void lose(struct faulty *x, const char *path)
{
	faulty_find(x, path, true)->now = -1;
}

static void put(struct faulty *x, const char *path, struct bytes b)
{
	need(small_write(&x->disk, path, b, false, &f));
}

/* A log with three persons in it; `policy` NULL: both witnesses here. */
static struct ledger *mission(struct faulty **out, const char *policy)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "write", .clock = now};
	struct ledger *l = NULL;

	if (policy)
		put(x, "ledger/policy/accepted.policy", bytes_of(policy));
	need(ledger_init(&x->disk, &b, &f) &&
		ledger_open(&l, &x->disk, true, &f) &&
		enrol(&x->disk, l, &memory, &key[CHIEF], "chief", now, &f) &&
		enrol(&x->disk, l, &memory, &key[ANALYST], "analyst", now,
			&f) &&
		enrol(&x->disk, l, &memory, &key[REVIEWER], "reviewer", now,
			&f));
	memory.used = 0;
	*out = x;
	return l;
}

static struct fields text_body(const char *text)
{
	struct fields s = fields_in(&memory);

	fields_text(&s, "text", text);
	return s;
}

static struct ledger_item finding(const struct fields *body, const char *about)
{
	struct ledger_item item = {.type = ENTRY_FINDING, .clock = now,
		.body = body};

	entry_subject(now, bytes_of(about), item.subject);
	return item;
}

static bool add(struct ledger *l, const char *about, const char *text)
{
	struct fields body = text_body(text);
	struct ledger_item item = finding(&body, about);

	return ledger_append(l, &item, 1, &f);
}

static void refused(struct ledger *l, struct ledger_item *item,
	const char *says)
{
	struct fault why = {0};

	CHECK(!ledger_append(l, item, 1, &why) && strstr(why.text, says),
		"%s: %s", says, why.text);
}

/* The engine's key is revoked: it writes no more. */
static void test_revoked(void)
{
	static const char engine[] = "ledger/keys/engine";
	struct faulty *x;
	struct ledger *l = mission(&x, NULL);
	uint8_t at[SECRETS_FILE_MAX];
	struct fields s = fields_in(&memory);
	struct sign_key k, root;
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &s, .author = &root};
	size_t n;

	need(small_read(&x->disk, engine, at, &n, &f) &&
		sign_key_read((struct bytes){at, n}, &k, &f) &&
		small_read(&x->disk, "ledger/keys/root", at, &n, &f) &&
		sign_key_read((struct bytes){at, n}, &root, &f));
	fields_text(&s, "act", "revoke");
	hex(&s, "key", k.public_key, SIGN_KEY);
	fields_time(&s, "since", now);
	/* it has been good since ever */
	entry_subject((struct instant){0}, (struct bytes){k.public_key,
		SIGN_KEY}, item.subject);
	need(fields_done(&s, &f) && ledger_append(l, &item, 1, &f) &&
		ledger_sign(l, &f));
	ledger_close(l);
	CHECK(!ledger_open(&l, &x->disk, true, &f) && strstr(f.text,
		"not the keys"), "%s", f.text);
	faulty_free(x);
	memory.used = 0;
}

/* Whose roots the file says, and none by a file that is wrong. */
static void test_roots(void)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "roots", .clock = now};
	struct roots r = {.count = 2};
	struct ledger *l = NULL;
	char at[1024];
	struct text t = text_on(at, sizeof at);

	put(x, "roots", bytes_of("threshold 2\n"));
	CHECK(!ledger_init(&x->disk, &b, &f) && strstr(f.text, "line 2"),
		"of one line: %s", f.text);
	faulty_free(x);
	x = faulty_make();
	for (size_t i = 0; i < r.count; i++) {
		memset(r.of[i].person, (int)i + 1, PERSON_LEN);
		memcpy(r.of[i].key, key[i].public_key, SIGN_KEY);
		memcpy(r.of[i].org, "o", sizeof "o");
	}
	text_add(&t, "threshold 2\ntwo_orgs no\n");
	roots_print(&r, &t);
	put(x, "roots", text_view(&t));
	CHECK(ledger_init(&x->disk, &b, &f) && ledger_open(&l, &x->disk, false,
		&f) && l->people.threshold == 2 && people_key(&l->people,
		key[0].public_key) && people_key(&l->people,
		key[1].public_key), "two of them: %s", f.text);
	ledger_close(l);
	faulty_free(x);
}

static void test_long_name(void)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = big, .clock = now};
	struct ledger *l = NULL;

	CHECK(!ledger_init(&x->disk, &b, &f), "a name that fills a body: %s",
		f.text);
	faulty_free(x);
	x = faulty_make();
	big[300] = '\0';
	CHECK(ledger_init(&x->disk, &b, &f) && ledger_open(&l, &x->disk, false,
		&f) && strlen(ledger_origin(l)) == 109, "a long name: %s",
		f.text);
	big[300] = 'x';
	ledger_close(l);
	faulty_free(x);
}

static void test_items(struct ledger *l)
{
	struct fields body = text_body("one"), large = text_body(big);
	struct ledger_draft d = {.entry = {0}};
	struct ledger_item sound = finding(&body, "a"), item = sound;
	struct entry e = {.type = ENTRY_FINDING};
	uint64_t n;

	item.clock = INSTANT_UNKNOWN;
	refused(l, &item, "no clock");
	item = sound;
	item.draft = &d;
	refused(l, &item, "a draft of nobody");
	item = sound;
	item.confirms = &e;
	refused(l, &item, "by type 4");
	item.type = ENTRY_REVIEW;
	refused(l, &item, "by type 4");
	item = finding(&large, "a");
	refused(l, &item, "put what is large into a blob");
	CHECK(!ledger_find(l, ENTRY_FINDING, item.subject, &large, &n),
		"and is not found");
	item = sound;
	item.author = &key[ANALYST];
	CHECK(ledger_append(l, &item, 1, &f) && item.fresh,
		"an analyst's finding: %s", f.text);
	item = sound;
	CHECK(ledger_append(l, &item, 1, &f) && item.fresh &&
		ledger_append(l, &item, 1, &f) && !item.fresh,
		"and the engine's is another: %s", f.text);
	CHECK(!ledger_leaf(l, ledger_size(l), &item.leaf) &&
		ledger_leaf(l, ledger_size(l) - 1, &item.leaf), "leaves");
	memory.used = 0;
}

/* Bodies that make more than one group of bytes. */
static void test_large(struct ledger *l)
{
	enum { MANY = 132, LARGE = 65000 };
	static struct ledger_item item[MANY];
	static struct fields body[MANY];
	uint64_t before = ledger_size(l);

	big[LARGE] = '\0';
	for (size_t i = 0; i < MANY; i++) {
		char name[8];

		(void)snprintf(name, sizeof name, "%zu", i);
		body[i] = text_body(big);
		item[i] = finding(&body[i], name);
	}
	big[LARGE] = 'x';
	CHECK(ledger_append(l, item, MANY, &f) &&
		ledger_size(l) == before + MANY, "8 MiB at once: %s", f.text);
	memory.used = 0;
}

/* -- drafts -- */

static void sign_draft(const struct sign_key *k, struct ledger_draft *d)
{
	uint8_t said[SIGN_ENTRY];

	sign_entry_text(d->entry, said);
	sign_make(k, (struct bytes){said, sizeof said},
		d->entry + ENTRY_SIGNED);
}

static void test_drafts(struct ledger *l)
{
	struct sign_key public_ = {.name = "analyst"};
	struct fields body = text_body("drafted"), large = text_body(big);
	struct ledger_item item = finding(&body, "d"), it;
	struct ledger_draft d;
	struct entry done;

	memcpy(public_.public_key, key[ANALYST].public_key, SIGN_KEY);
	CHECK(!ledger_draft(l, &item, &d, &f), "of nobody: %s", f.text);
	item.author = &public_;
	item.clock = INSTANT_UNKNOWN;
	CHECK(!ledger_draft(l, &item, &d, &f), "of no time: %s", f.text);
	item.clock = now;
	it = item;
	it.body = &large;
	CHECK(!ledger_draft(l, &it, &d, &f), "too large: %s", f.text);
	it = item;
	it.type = ENTRY_PUBLICATION;
	CHECK(!ledger_draft(l, &it, &d, &f) && strstr(f.text,
		"refused: role"), "not theirs to do: %s", f.text);
	need(ledger_draft(l, &item, &d, &f));
	item.draft = &d;
	refused(l, &item, "refused: signature");
	sign_draft(&key[ANALYST], &d);
	need(add(l, "d", "meanwhile"));
	refused(l, &item, "refused: prev");
	need(ledger_draft(l, &item, &d, &f));
	sign_draft(&key[ANALYST], &d);
	CHECK(ledger_append(l, &item, 1, &f) && item.fresh, "drafted, signed "
		"elsewhere, logged: %s", f.text);
	need(entry_read((struct bytes){d.entry, ENTRY_LEN}, &done, &f));
	memcpy(public_.public_key, key[REVIEWER].public_key, SIGN_KEY);
	it = (struct ledger_item){.type = ENTRY_REVIEW, .clock = now,
		.confirms = &done, .author = &public_};
	need(ledger_draft(l, &it, &d, &f));
	sign_draft(&key[REVIEWER], &d);
	it.draft = &d;
	CHECK(ledger_append(l, &it, 1, &f) && it.fresh, "and confirmed so: %s",
		f.text);
	memory.used = 0;
}

/* -- through another process -- */

static bool count_append(
	void *self, struct ledger_item *item, size_t n, struct fault *why)
{
	(void)item;
	(void)why;
	*(size_t *)self += n;
	return true;
}

static bool count_sign(void *self, struct fault *why)
{
	(void)why;
	*(size_t *)self += 100;
	return true;
}

static void test_forward(struct ledger *l)
{
	size_t n = 0;
	const struct ledger_writer w = {&n, count_append, count_sign};
	uint64_t before = ledger_size(l);

	ledger_forward(l, &w);
	CHECK(add(l, "f", "forwarded") && ledger_sign(l, &f) && n == 101 &&
		ledger_size(l) == before && ledger_forwards(l) == &w,
		"another process appends and signs");
	ledger_forward(l, NULL);
	memory.used = 0;
}

/* -- intakes and batches -- */

struct records {
	uint64_t n;
	bool fails;
};

static bool give(void *self, uint64_t from,
	bool (*each)(void *each_self, const struct journal_record *,
		struct fault *),
	void *each_self, struct fault *why)
{
	const struct records *x = self;

	if (x->fails)
		return fault(why, FAULT_SYSTEM, "the spool fails");
	for (uint64_t i = from; i < x->n; i++)
		if (!each(each_self, &(struct journal_record){.sequence = i,
			.received = now, .kind = JOURNAL_PACKET,
			.payload = bytes_of("p")}, why))
			return why->kind == FAULT_NONE;
	return true;
}

static bool lend(
	void *self, struct ledger_item *item, size_t count, struct fault *why)
{
	(void)self;
	(void)why;
	for (size_t i = 0; i < count; i++)
		item[i].index = 0;
	return true;
}

static void test_intakes(struct ledger *l)
{
	static const struct ledger_writer lent = {.append = lend};
	static const uint8_t id[16] = "spool";
	struct fields body = fields_in(&memory);
	struct records x = {5, true};
	struct journal j = {.self = &x, .read = give};
	struct receipt_batch of;
	struct ledger_item out, other;
	struct ledger_item odd = {.type = ENTRY_INTAKE, .clock = now,
		.body = &body};
	struct blob blob;

	CHECK(!ledger_append_intake(l, &j, id, 0, 0, now, &out, &f),
		"of nothing: %s", f.text);
	CHECK(!ledger_append_intake(l, &j, id, 0, 2, now, &out, &f) &&
		strstr(f.text, "spool fails"), "%s", f.text);
	x.fails = false;
	CHECK(!ledger_append_intake(l, &j, id, 3, 9, now, &out, &f) &&
		strstr(f.text, "wants 9"), "of more than there is: %s",
		f.text);
	/* What an engine wrote of an intake that names no records. */
	memcpy(odd.subject, id, sizeof id);
	fields_i64(&body, "a", 1);
	need(ledger_append(l, &odd, 1, &f));
	fields_i64(&body, "first", 1);
	need(ledger_append(l, &odd, 1, &f));
	CHECK(ledger_append_intake(l, &j, id, 1, 2, now, &out, &f) &&
		ledger_intake_end(l, id) == 3, "taken in: %s", f.text);
	CHECK(receipt_find(l, id, 2, &of, &f) && of.index == out.index &&
		of.first == 1 && of.count == 2, "and found: %s", f.text);
	/* Said again it is there; what is in it already is not taken in. */
	CHECK(ledger_append_intake(l, &j, id, 1, 2, now, &other, &f) &&
		!other.fresh && other.index == out.index, "the same again");
	CHECK(!ledger_append_intake(l, &j, id, 2, 2, now, &other, &f) &&
		strstr(f.text, "refused: intake") && ledger_intake_end(l, id)
		== 3, "one that begins before the last one's end: %s", f.text);
	CHECK(ledger_append_intake(l, &j, (const uint8_t *)"another spool ...",
		0, 1, now, &other, &f) && other.fresh,
		"the log is written on: %s", f.text);
	/* Through another process: what it took in is not taken in again. */
	ledger_forward(l, &lent);
	CHECK(ledger_append_intake(l, &j, id, 3, 1, now, &other, &f) &&
		ledger_intake_end(l, id) == 4, "forwarded: %s", f.text);
	ledger_forward(l, NULL);
	/* Its body is not at hand any more. */
	{
		struct faulty *at = l->disk->self;
		struct faulty_file *slots = faulty_at(at,
			"ledger/secrets/00000001/00000000");
		uint8_t *slot = slots->now + out.index * SECRETS_SLOT;
		uint8_t kept[SECRETS_SLOT];

		memcpy(kept, slot, sizeof kept);
		memset(slot, 0, SECRETS_SLOT);
		CHECK(!receipt_find(l, id, 2, &of, &f), "shut: %s", f.text);
		memcpy(slot, kept, sizeof kept);
	}
	CHECK(!receipt_find(l, id, 0, &of, &f) && !receipt_find(l, id, 3, &of,
		&f), "before and behind: %s", f.text);
	CHECK(!ledger_append_batch(l, "k", (struct bytes){0}, now, now, &out,
		&blob, &f) && !ledger_append_batch(l, "k", bytes_of("x"), now,
		now, &out, &blob, &f), "no lines: %s", f.text);
	memory.used = 0;
}

/* -- what was stored -- */

/* A bit of memory turns between an append and the signature. */
static void test_stored(void)
{
	struct faulty *x;
	struct ledger *l = mission(&x, NULL);

	need(ledger_sign(l, &f) && add(l, "s", "stored"));
	l->tree.level[2][0].at[0] ^= 1;
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "root of what is stored"),
		"in a node: %s", f.text);
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "cannot be written") &&
		!add(l, "s", "more"), "and no more: %s", f.text);
	ledger_close(l);
	faulty_free(x);
	l = mission(&x, NULL);
	need(ledger_sign(l, &f) && add(l, "s", "stored"));
	l->tree.level[0][ledger_size(l) - 1].at[0] ^= 1;
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "otherwise than it came"),
		"in a leaf: %s", f.text);
	ledger_close(l);
	need(ledger_open(&l, &x->disk, false, &f));
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "cannot be written"),
		"opened for reading: %s", f.text);
	ledger_close(l);
	faulty_free(x);
	memory.used = 0;
}

/* -- key events in public -- */

static const char *event_path(uint64_t index)
{
	static char at[96];

	(void)snprintf(at, sizeof at, "ledger/pub/disclosures/%03d"
		".disclosure", (int)index);
	return at;
}

/* The secret of the first enrolment is lost: it is not shown, the others
 * are. */
static void test_lost_event(void)
{
	struct faulty *x;
	struct ledger *l = mission(&x, NULL);
	struct faulty_file *slots =
		faulty_at(x, "ledger/secrets/00000001/00000000");

	memset(slots->now + SECRETS_SLOT, 0, SECRETS_SLOT);
	CHECK(ledger_sign(l, &f) && !faulty_at(x, event_path(1)) &&
		faulty_at(x, event_path(2)) && faulty_at(x, event_path(3)) &&
		!faulty_at(x, event_path(4)), "two of three: %s", f.text);
	ledger_close(l);
	faulty_free(x);
	memory.used = 0;
}

/* Each call of the disk fails while they are published: the next signature
 * shows what is missing. */
static void test_event_calls(void)
{
	size_t silent = 0, missing = 0;
	uint64_t n = 0;

	for (bool over = false; !over;) {
		struct faulty *x;
		struct ledger *l = mission(&x, NULL);
		struct fault why = {0};
		bool ok;

		x->calls = 0;
		x->fail_at = ++n;
		ok = ledger_sign(l, &why);
		over = x->calls < n;
		silent += (!ok && !why.text[0]) || (over && !ok);
		x->fail_at = 0;
		ledger_close(l);
		need(ledger_open(&l, &x->disk, true, &f) &&
			ledger_sign(l, &f));
		for (uint64_t i = 1; i < 4; i++)
			missing += !faulty_at(x, event_path(i));
		ledger_close(l);
		faulty_free(x);
		memory.used = 0;
	}
	CHECK(silent == 0 && missing == 0 && n > 20, "each of %d calls fails: "
		"%zu without words, %zu events not shown after it", (int)n - 1,
		silent, missing);
}

/* -- a witness elsewhere -- */

static struct {
	int status, other; /* of add-checkpoint, of checkpoint/ */
	const char *reply, *shows;
	bool fails;
	const struct sign_key *by; /* NULL: `reply` */
} far;

static struct sign_key far_key[24];

static bool carry(void *self, struct letter *x, size_t n, struct fault *why)
{
	(void)self;
	for (size_t i = 0; i < n; i++) {
		struct text t = text_on((char *)x[i].reply, QUORUM_REPLY);
		bool adds = strstr(x[i].url, "/add-checkpoint") != NULL;
		const char *note = adds ? strstr((const char *)x[i].body.at,
			"\n\n") : NULL;

		x[i].status = adds ? far.status : far.other;
		if (adds && far.by && note)
			need(note_cosign((struct bytes){(const uint8_t *)note +
				2, (size_t)(strstr(note + 2, "\n\n") - note -
				1)}, &far.by[n > 1 ? i : 0], 7, &t, &f));
		else
			text_add(&t, adds ? far.reply : far.shows);
		x[i].len = t.len;
	}
	return !far.fails || fault(why, FAULT_SYSTEM, "no courier");
}

static const struct courier courier = {NULL, carry};

/* A policy of so many witnesses, with names of so many bytes. */
static const char *far_policy(size_t count, size_t len)
{
	static char at[SECRETS_FILE_MAX];
	struct text t = text_on(at, sizeof at);

	text_add(&t, "# of a test\n");
	for (size_t i = 0; i < count; i++) {
		struct note_key k = {.type = NOTE_COSIGNS};

		memset(k.name, 'a' + (int)i, len);
		far_key[i] = (struct sign_key){.seed = {(uint8_t)(80 + i)}};
		memcpy(far_key[i].name, k.name, sizeof k.name);
		sign_key_fill(&far_key[i]);
		memcpy(k.key, far_key[i].public_key, SIGN_KEY);
		text_fmt(&t, "witness w%zu ", i);
		note_key_print(&k, &t);
		text_add(&t, " http://a\n");
	}
	text_fmt(&t, "group g %zu", count);
	for (size_t i = 0; i < count; i++)
		text_fmt(&t, " w%zu", i);
	text_add(&t, "\nquorum g\n");
	need(text_check(&t, &f));
	return at;
}

static bool compares(struct faulty *x, struct fault *why)
{
	struct ledger *l = NULL;
	bool ok = ledger_open(&l, &x->disk, true, why) &&
		ledger_compare(l, &courier, why);

	if (ok && ledger_held(l)[0])
		ok = fault(why, FAULT_SYSTEM, "%s", ledger_held(l));
	ledger_close(l);
	return ok;
}

static void test_far(void)
{
	static const char proof[] = "ledger/equivocation";
	static uint8_t theirs[SECRETS_FILE_MAX + 1];
	struct faulty *x;
	struct ledger *l = mission(&x, far_policy(1, 3));
	struct fault why = {0};
	uint64_t size;
	bool there;
	size_t n;

	l->quorum.courier = &courier;
	far.reply = far.shows = "";
	far.fails = true;
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "no courier"), "%s",
		f.text);
	far.fails = false;
	far.status = 500;
	CHECK(ledger_sign(l, &f) && strstr(ledger_held(l), "nothing is"),
		"held: %s %s", ledger_held(l), f.text);
	far.by = far_key;
	far.status = 200;
	CHECK(ledger_sign(l, &f) && !ledger_held(l)[0] && add(l, "x", "y") &&
		ledger_sign(l, &f) && !ledger_held(l)[0], "cosigned: %s%s",
		f.text, ledger_held(l));
	far.fails = true;
	CHECK(add(l, "x", "z") && !ledger_sign(l, &f) && strstr(f.text,
		"no courier"), "and then not: %s", f.text);
	far.fails = false;
	far.by = NULL;
	far.status = 422;
	far.other = 404;
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "a fork"), "%s", f.text);
	far.by = far_key;
	far.status = 200;
	ledger_close(l);
	CHECK(compares(x, &why), "agrees: %s", why.text);
	need(small_read(&x->disk, "ledger/signer/HEAD", theirs, &n, &f));
	theirs[n] = '\0';
	far.by = NULL;
	far.reply = "99\n";
	far.status = 409;
	CHECK(!compares(x, &why) && strstr(why.text, "restored backup"), "%s",
		why.text);
	far.status = 500;
	CHECK(!compares(x, &why) && strstr(why.text, "must"), "%s", why.text);
	far.status = 422;
	far.other = 404;
	CHECK(!compares(x, &why) && strstr(why.text, "a fork"), "%s",
		why.text);
	far.other = 200;
	far.shows = (const char *)theirs;
	CHECK(!compares(x, &why) && strstr(why.text, "a fork"),
		"what it shows is ours: %s", why.text);
	need(x->disk.size(x, proof, &size, &there, &f));
	CHECK(!there, "that is no proof of a fork");
	/* What was shown stands for a HEAD that is gone, if it can be read. */
	lose(x, "ledger/signer/HEAD");
	put(x, "ledger/pub/checkpoint", bytes_of("x\n"));
	CHECK(!compares(x, &why), "shown is none: %s", why.text);
	faulty_free(x);
	memory.used = 0;
}

/* -- a fork under two keys -- */

static void note_by(const struct ledger *l, const struct sign_key *by,
	uint64_t size, const struct digest *root, char at[1024])
{
	struct checkpoint c = {.size = size, .root = *root};
	struct text t = text_on(at, 1024);

	memcpy(c.origin, l->origin, sizeof c.origin);
	checkpoint_print(&c, by, &t);
}

/* The root person names another key, which signs from there on. */
static void hand_over(struct faulty *x, struct ledger *l, uint8_t seed)
{
	static uint8_t at[SECRETS_FILE_MAX + 1];
	char vkey[LEDGER_VKEY], last[1024];
	struct text v = text_on(vkey, sizeof vkey);
	struct text t = text_on(last, sizeof last);
	struct fields s = fields_in(&memory);
	struct sign_key root, next = {.seed = {seed}};
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &s, .author = &root};
	struct checkpoint c;
	size_t n;

	need(small_read(&x->disk, "ledger/signer/HEAD", at, &n, &f) &&
		checkpoint_read((struct bytes){at, n}, l->origin,
			l->signer.public_key, &c, &f));
	checkpoint_print(&c, &l->signer, &t);
	need(small_read(&x->disk, "ledger/keys/root", at, &n, &f) &&
		sign_key_read((struct bytes){at, n}, &root, &f));
	memcpy(next.name, l->origin, sizeof next.name);
	sign_key_fill(&next);
	sign_vkey_print(next.name, next.public_key, &v);
	fields_text(&s, "act", "log");
	fields_text(&s, "log", vkey);
	fields_text(&s, "last", last);
	entry_subject(INSTANT_UNKNOWN, bytes_of("log"), item.subject);
	need(fields_done(&s, &f) && ledger_append(l, &item, 1, &f));
	l->signer = next;
	memory.used = 0;
}

/* The only proof that ends so, as it is taken away; nothing: there is none. */
static struct bytes kept(struct faulty *x, const char *end)
{
	static uint8_t at[SECRETS_FILE_MAX];
	size_t n = 0;

	for (int i = 0; i < x->names; i++) {
		const char *path = x->name[i].path;

		if (strncmp(path, "ledger/equivocation/", 20) != 0 ||
			x->name[i].now < 0)
			continue;
		if (strstr(path, end))
			need(small_read(&x->disk, path, at, &n, &f));
		x->name[i].now = -1;
	}
	return (struct bytes){at, n};
}

/* While each call of the disk fails it is a fork all the same. */
static void sweep_kept(struct faulty *x, struct ledger *l, const char *note)
{
	far.shows = note;
	for (uint64_t n = 1; n < 200; n++) {
		bool ok;

		l->dead = false;
		x->calls = 0;
		x->fail_at = n;
		ok = ledger_sign(l, &f);
		x->fail_at = 0;
		if (x->calls < n)
			break;
		CHECK_QUIET(!ok, "call %d fails", (int)n);
	}
	(void)kept(x, "");
}

static void test_two_keys(void)
{
	static struct equivocation e;
	const struct digest odd = {{1, 2, 3}};
	char before[1024], early[1024], late[1024], present[1024];
	char usurped[1024], longer[1024], empty[1024];
	struct sign_key old, second;
	struct digest root;
	struct faulty *x;
	struct ledger *l = mission(&x, far_policy(1, 3));
	struct note_key first = {.type = NOTE_SIGNS};
	uint64_t handed;

	l->quorum.courier = &courier;
	far.reply = "";
	far.fails = false;
	far.by = far_key;
	far.status = 200;
	need(add(l, "x", "y") && ledger_sign(l, &f) && !ledger_held(l)[0]);
	handed = ledger_size(l);
	memcpy(first.name, l->origin, sizeof first.name);
	memcpy(first.key, l->signer.public_key, SIGN_KEY);
	old = l->signer;
	note_by(l, &old, 3, &odd, before);
	note_by(l, &old, handed, &odd, early);
	note_by(l, &old, handed + 1, &odd, late);
	hand_over(x, l, 7);
	need(ledger_sign(l, &f) && !ledger_held(l)[0] &&
		l->people.logs == 2);
	note_by(l, &l->signer, handed + 1, &odd, present);
	note_by(l, &l->signer, handed + 99, &odd, longer);
	note_by(l, &old, 0, &odd, empty);
	root = ledger_root_at(l, handed + 1);
	note_by(l, &old, handed + 1, &root, usurped);
	const struct {
		const char *note, *end;
		const uint8_t *key; /* of the proof; NULL: both notes */
	} row[] = {
		{before, ".equivocation", first.key},
		{early, ".equivocation", first.key},
		{present, ".equivocation", l->signer.public_key},
		{late, ".first", NULL},
		{longer, ".first", NULL},
		{empty, ".first", NULL}, /* no proof has room for it */
		{usurped, ".first", NULL}, /* it is not its word any more */
		{"x", NULL, NULL},
	};
	far.by = NULL;
	far.status = 422;
	far.other = 200;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct note_key k = first;
		char about[] = {(char)('a' + i), '\0'};
		struct bytes b;
		bool ok;

		l->dead = false;
		far.shows = row[i].note;
		CHECK(add(l, about, "z") && !ledger_sign(l, &f) && strstr(
			f.text, "a fork"), "fork %zu: %s", i, f.text);
		b = kept(x, row[i].end ? row[i].end : "");
		if (row[i].key)
			memcpy(k.key, row[i].key, SIGN_KEY);
		ok = row[i].key ? equivocation_read(b, &k, &e, &f)
			: row[i].end ? bytes_are(b, row[i].note) : b.len == 0;
		CHECK(ok, "what is kept of it: %s", f.text);
	}
	sweep_kept(x, l, before);
	sweep_kept(x, l, late);
	/* Of the key between too. */
	second = l->signer;
	note_by(l, &second, ledger_size(l), &odd, early);
	far.by = far_key;
	far.status = 200;
	l->dead = false;
	need(ledger_sign(l, &f) && !ledger_held(l)[0]);
	hand_over(x, l, 8);
	need(ledger_sign(l, &f) && l->people.logs == 3);
	memcpy(first.key, second.public_key, SIGN_KEY);
	far.by = NULL;
	far.status = 422;
	far.shows = early;
	CHECK(add(l, "y", "z") && !ledger_sign(l, &f) && equivocation_read(
		kept(x, ".equivocation"), &first, &e, &f), "of the second of "
		"three keys: %s", f.text);
	ledger_close(l);
	faulty_free(x);
	memory.used = 0;
}

/* As many as a policy may have, with long names: their lines fill a file. */
static void test_many(void)
{
	struct faulty *x;
	struct ledger *l = mission(&x, far_policy(14, SIGN_NAME_MAX));

	l->quorum.courier = &courier;
	far.by = far_key;
	far.status = 200;
	CHECK(!ledger_sign(l, &f) && f.kind == FAULT_LIMIT,
		"more lines than a file has room for: %s", f.text);
	far.by = NULL;
	/* The people put another policy in force, which is not here. */
	l->people.policy.at[0] ^= 1;
	CHECK(!ledger_sign(l, &f) && strstr(f.text, "next.policy"), "%s",
		f.text);
	ledger_close(l);
	faulty_free(x);
	memory.used = 0;
}

/* -- heartbeats of a writer -- */

static bool is_last(void *self, const struct ledger_entry *e, struct fault *why)
{
	(void)why;
	*(uint64_t *)self = e->index;
	return body_number(e->body, "beat", (uint64_t *)self + 1);
}

/* The number that a beat gets. */
static uint64_t beats(struct faulty *x, struct ledger *l, double at_s)
{
	uint64_t is[2] = {0, UINT64_MAX};

	if (!pulse_beat(l, &x->disk, instant_plus_s(now, at_s), 60, &f) ||
		!ledger_read(l, ledger_size(l) - 1, is_last, is, &f))
		return UINT64_MAX;
	return is[1];
}

static void test_beats(void)
{
	struct faulty *x;
	struct ledger *l = mission(&x, NULL);
	struct fields body = text_body("no beat");
	struct ledger_item odd = {.type = ENTRY_HEALTH, .clock = now,
		.body = &body};
	struct faulty_file *slots;
	uint64_t before;

	need(ledger_sign(l, &f) && beats(x, l, 0) == 0);
	CHECK(beats(x, l, 60) == 1, "one after the other: %s", f.text);
	entry_subject(INSTANT_UNKNOWN, bytes_of("heartbeat"), odd.subject);
	need(ledger_append(l, &odd, 1, &f));
	CHECK(beats(x, l, 120) == 0, "after what is none: from 0");
	/* The last one's body is gone. */
	slots = faulty_at(x, "ledger/secrets/00000001/00000000");
	memset(slots->now + (ledger_size(l) - 1) * SECRETS_SLOT, 0,
		SECRETS_SLOT);
	need(ledger_sign(l, &f)); /* else it would be an older one once more */
	CHECK(beats(x, l, 180) == 0, "after one that is gone: from 0");
	before = ledger_size(l);
	put(x, "ledger/pub/checkpoint", bytes_of("x"));
	CHECK(!pulse_beat(l, &x->disk, now, 60, &f), "of no note: %s",
		f.text);
	put(x, "ledger/pub/checkpoint",
		bytes_of("x\n\n\xe2\x80\x94 a AAAAAAA=\n"));
	CHECK(!pulse_beat(l, &x->disk, now, 60, &f), "of no checkpoint: %s",
		f.text);
	lose(x, "ledger/pub/checkpoint");
	CHECK(pulse_beat(l, &x->disk, now, 60, &f) &&
		ledger_size(l) == before, "of nothing: none");
	ledger_close(l);
	faulty_free(x);
	memory.used = 0;
}

int main(void)
{
	struct faulty *x;
	struct ledger *l;

	need(arena_map(&memory, 1 << 26, &f) && sign_ready(&f));
	memset(big, 'x', sizeof big - 1);
	for (int k = 0; k < KEYS; k++) {
		memset(key[k].seed, k + 1, SIGN_SEED);
		(void)snprintf(key[k].name, sizeof key[k].name, "k%d", k);
		sign_key_fill(&key[k]);
	}
	l = mission(&x, NULL);
	test_items(l);
	test_large(l);
	test_drafts(l);
	test_forward(l);
	test_intakes(l);
	ledger_close(l);
	faulty_free(x);
	test_revoked();
	test_roots();
	test_long_name();
	test_stored();
	test_lost_event();
	test_event_calls();
	test_far();
	test_two_keys();
	test_many();
	test_beats();
	arena_unmap(&memory);
	return check_done();
}
