/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every call of the disk and every allocation fails once, in whatever is done
 * to a mission that has all of it: witnesses, persons, an erasure, intakes,
 * frames and a file made of them.  A fault has words, nothing stays open, and
 * nothing is called sound that could not be read (Makefile: test_libs).
 * Every fifth call; with EVERY_CALL in the environment each of them. */
#include <stdlib.h>

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void *__real_mmap(void *, size_t, int, int, int, long);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void *__wrap_mmap(void *, size_t, int, int, int, long);

/* The disk in memory has all it wants. */
#define malloc __real_malloc
#define calloc __real_calloc
#define realloc __real_realloc
#include "check.h"
#include "faulty.h"
#undef malloc
#undef calloc
#undef realloc

#include "enrol.h"
#include "ledger/audit.h"
#include "ledger/bracket.h"
#include "ledger/chain.h"
#include "ledger/chain_ack.h"
#include "ledger/inside.h"
#include "ledger/jointly.h"
#include "ledger/mirror.h"
#include "ledger/receipt.h"
#include "ledger/receipt_write.h"
#include "ledger/takeover.h"
#include "roles/export.h"
#include "roles/import.h"
#include "spool/spool.h"

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>

int __real_sodium_init(void);
int __wrap_sodium_init(void);
int __real_pthread_create(pthread_t *, const pthread_attr_t *,
	void *(*)(void *), void *);
int __wrap_pthread_create(pthread_t *, const pthread_attr_t *,
	void *(*)(void *), void *);

static long calls, fail_at; /* 0: none */

static bool fails_now(void)
{
	return fail_at > 0 && ++calls == fail_at;
}

void *__wrap_malloc(size_t n)
{
	return fails_now() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t of)
{
	return fails_now() ? NULL : __real_calloc(n, of);
}

void *__wrap_realloc(void *old, size_t n)
{
	return fails_now() ? NULL : __real_realloc(old, n);
}

void *__wrap_mmap(void *at, size_t n, int prot, int flags, int fd, long from)
{
	return fails_now() ? MAP_FAILED
			   : __real_mmap(at, n, prot, flags, fd, from);
}

int __wrap_sodium_init(void)
{
	return fails_now() ? -1 : __real_sodium_init();
}

int __wrap_pthread_create(pthread_t *t, const pthread_attr_t *how,
	void *(*does)(void *), void *self)
{
	return fails_now() ? EAGAIN : __real_pthread_create(t, how, does, self);
}

/* -- a mission -- */

enum { CHIEF, REVIEWER, SENSOR, KEYS };
enum { MANY = 2 * 512 + 9 };

static const struct instant now = {INT64_C(1790000000000000000)};
static struct sign_key key[KEYS];
static uint8_t block[1 << 22];
static struct arena memory;
static struct fault f;

static void need(bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s\n", f.text);
	exit(1);
}

static bool see(void *self, const struct ledger_entry *e, struct fault *why)
{
	struct entry *last = self;

	(void)why;
	*last = e->entry;
	return true;
}

static bool add(struct ledger *l, const char *about, const char *text,
	struct ledger_item *item, struct fault *why)
{
	struct fields body = fields_in(&memory);

	*item = (struct ledger_item){.type = ENTRY_FINDING, .clock = now,
		.body = &body};
	fields_text(&body, "text", text);
	entry_subject(now, bytes_of(about), item->subject);
	return fields_done(&body, why) && ledger_append(l, item, 1, why);
}

/* A file in the inbox; `about` says of what it was made. */
static void take_file(
	struct faulty *x, struct spool *s, struct bytes file, const char *about)
{
	uint8_t note[BLOB_NOTE_MAX];
	struct journal_record r = {.received = now, .kind = JOURNAL_FILE,
		.payload.at = note};
	struct blob b;

	need(blobs_put(&x->disk, file, &b, NULL, &f) && blob_note(&b,
		bytes_of(about), note, &r.payload.len, &f) &&
		spool_append(s, &r, 1, &f));
}

/* Four frames: in order, and one after a gap. */
static void take_frames(struct spool *s, struct bytes *carried)
{
	static uint8_t raw[4][FRAME_HEAD + 8], all[32];
	struct frame x = {.kind = FRAME_MINISEED, .boot = 1, .start = now,
		.payload = {all, 8}};

	chain_sensor_id("S1", x.sensor);
	for (int i = 0; i < 4; i++) {
		struct journal_record r = {.received = now,
			.kind = JOURNAL_FRAME, .payload = {raw[i],
				FRAME_HEAD + 8}};

		x.payload.at = memset(all + 8 * i, 'a' + i, 8);
		frame_write(&x, &key[SENSOR], raw[i]);
		x.prev = x.digest;
		x.sequence += i == 2 ? 2 : 1;
		need(spool_append(s, &r, 1, &f));
	}
	*carried = (struct bytes){all, sizeof all};
}

/* What a crash left of a file that was being made. */
static void leave(struct faulty *x, const char *path)
{
	char new[200];
	int file;

	(void)snprintf(new, sizeof new, "%s.new", path);
	need(x->disk.open(x, new, DISK_WRITE, &file, &f));
	x->disk.close(x, file);
}

static uint64_t erased, inbox_intake;
static uint8_t inbox_id[LOG_ID];

static struct faulty *mission(struct faulty **before, struct entry *proposal)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "disk", .clock = now};
	struct ledger_item item;
	struct ledger *l = NULL;
	struct spool inbox, frames;
	struct journal j;
	struct fields s;
	struct blob blob;
	struct bytes carried;
	char about[200], id[2 * LOG_ID + 1];
	struct text t = text_on(id, sizeof id);

	need(ledger_init(&x->disk, &b, &f) && small_write(&x->disk,
		"ledger/policy/joint.policy", bytes_of("quorum none\n"), false,
		&f) && ledger_open(&l, &x->disk, true, &f) &&
		spool_open(&inbox, &x->disk, "inbox", SPOOL_WRITE, 0, &f) &&
		spool_open(&frames, &x->disk, "frames", SPOOL_WRITE, 0, &f));
	need(enrol(&x->disk, l, &memory, &key[CHIEF], "chief", now, &f) &&
		enrol(&x->disk, l, &memory, &key[REVIEWER], "reviewer", now,
			&f));
	take_frames(&frames, &carried);
	j = spool_journal(&frames);
	need(ledger_append_intake(l, &j, frames.log.id, 0, 4, now, &item, &f));
	text_hex(&t, (struct bytes){frames.log.id, LOG_ID});
	(void)snprintf(about, sizeof about, "{\"frames_spool\":\"%s\","
		"\"frames_first\":0,\"frames_after\":4}", id);
	take_file(x, &inbox, bytes_of("one"), "name");
	take_file(x, &inbox, carried, about);
	j = spool_journal(&inbox);
	memcpy(inbox_id, inbox.log.id, LOG_ID);
	need(ledger_append_intake(l, &j, inbox.log.id, 0, 2, now, &item, &f));
	inbox_intake = item.index;
	need(ledger_append_batch(l, "look", bytes_of("{\"n\":1}\n"), now, now,
		&item, &blob, &f) && add(l, "a", "one", &item, &f) &&
		add(l, "a", "gone", &item, &f) && ledger_sign(l, &f) &&
		pulse_beat(l, &x->disk, now, PULSE_EVERY_S, &f));
	erased = item.index;
	s = fields_in(&memory);
	fields_text(&s, "act", "erase");
	hex(&s, "of", item.leaf.at, SHA256_LEN);
	fields_i64(&s, "index", (int64_t)erased);
	fields_text(&s, "why", "asked");
	item = (struct ledger_item){.type = ENTRY_PUBLICATION, .clock = now,
		.body = &s, .subject = {2}, .author = &key[CHIEF]};
	need(fields_done(&s, &f) && ledger_append(l, &item, 1, &f) &&
		ledger_sign(l, &f) && ledger_read(l, 0, see, proposal, &f));
	*before = faulty_copy(x);
	item = (struct ledger_item){.type = ENTRY_REVIEW, .clock = now,
		.confirms = proposal, .author = &key[REVIEWER]};
	need(ledger_append(l, &item, 1, &f) && ledger_sign(l, &f));
	spool_close(&inbox);
	spool_close(&frames);
	ledger_close(l);
	blob = blob_of(bytes_of("new"));
	blob_path(&blob.sha256, about);
	leave(x, "ledger/signer/HEAD");
	leave(x, about);
	faulty_heal(x);
	(*before)->opened = 0;
	faulty_heal(*before);
	memory.used = 0;
	return x;
}

static bool find(void *self, const uint8_t id[FRAME_SENSOR],
	struct chain_owner *o)
{
	(void)self;
	(void)id;
	*o = (struct chain_owner){"S1", key[SENSOR].public_key};
	return true;
}

static const struct chain_keys sensors = {NULL, find};

/* -- what is done -- */

static struct entry proposal;
static struct mirror_anchors known = {.has_key = true};

static bool do_audit(struct faulty *x, struct fault *why)
{
	const struct audit_with with = {.sensors = &sensors};
	static struct audit a;

	return ledger_audit_with(&x->disk, &with, NULL, NULL, &a, why) &&
		(a.is.verified || fault(why, FAULT_INPUT, "%s: %.60s",
			a.is.rule, a.is.where));
}

static bool do_mirror(struct faulty *x, struct fault *why)
{
	static struct mirror m;

	return mirror_audit(&x->disk, &known, &m, why) &&
		(m.is.verified || fault(why, FAULT_INPUT, "%s", m.is.rule));
}

/* As add() made it. */
static bool is_there(const struct ledger *l, const struct ledger_item *item)
{
	struct fields body = fields_in(&memory);
	uint64_t n;

	fields_text(&body, "text", "new");
	return ledger_find(l, item->type, item->subject, &body, &n);
}

static bool do_write(struct faulty *x, struct fault *why)
{
	struct ledger *l = NULL;
	struct ledger_item item;
	struct blob b;
	bool ok;

	if (!ledger_open(&l, &x->disk, true, why))
		return false;
	ok = ledger_compare(l, NULL, why) && add(l, "b", "new", &item, why) &&
		(is_there(l, &item) || fault(why, FAULT_LIMIT, "not found")) &&
		ledger_append_batch(l, "look", bytes_of("{\"n\":2}\n"), now,
			now, &item, &b, why) && ledger_sign(l, why);
	if (ok && ledger_held(l)[0]) /* as well: it says why */
		ok = fault(why, FAULT_SYSTEM, "%s", ledger_held(l));
	ledger_close(l);
	memory.used = 0;
	return ok;
}

static bool do_confirm(struct faulty *x, struct fault *why)
{
	struct ledger_item item = {.type = ENTRY_REVIEW, .clock = now,
		.confirms = &proposal, .author = &key[REVIEWER]};
	struct ledger *l = NULL;
	bool ok;

	if (!ledger_open(&l, &x->disk, true, why))
		return false;
	ok = ledger_append(l, &item, 1, why) && ledger_sign(l, why);
	ledger_close(l);
	return ok;
}

static bool do_begin(struct faulty *x, struct fault *why)
{
	struct ledger_birth b = {.mission = "new", .clock = now};

	return ledger_init(&x->disk, &b, why);
}

static bool do_beat(struct faulty *x, struct fault *why)
{
	struct ledger *l = NULL;
	bool ok = ledger_open(&l, &x->disk, true, why) &&
		pulse_beat(l, &x->disk, now, PULSE_EVERY_S, why) &&
		ledger_sign(l, why);

	ledger_close(l);
	return ok;
}

static bool do_receipt(struct faulty *x, struct fault *why)
{
	static char at[1 << 16];
	static struct disclosure batch;
	struct text t = text_on(at, sizeof at);
	struct receipt r = {.batch = &batch};
	struct receipt_batch of;
	struct receipts out;
	struct ledger *l = NULL;
	struct spool s;
	struct journal j;
	uint8_t note[SECRETS_FILE_MAX];
	const char *rule = "";
	struct checkpoint c;
	bool ok, open;
	size_t n = 0;

	if (!ledger_open(&l, &x->disk, false, why))
		return false;
	open = spool_open(&s, &x->disk, "inbox", SPOOL_READ, 0, why);
	if (open)
		j = spool_journal(&s);
	ok = open && small_read(&x->disk, "ledger/pub/checkpoint", note, &n,
		why) && receipt_find(l, inbox_id, 1, &of, why) &&
		of.index == inbox_intake && receipts_open(&out, l, &j, &of,
			(struct bytes){note, n}, &memory, why);
	if (ok) {
		ok = receipts_print(&out, 1, &t, why) && receipt_read(
			text_view(&t), &memory, &r, &rule, why) &&
			receipt_holds(&r, &known.key, &c, &rule, why);
		receipts_close(&out);
	}
	if (open)
		spool_close(&s);
	ledger_close(l);
	memory.used = 0;
	return ok;
}

static bool do_jointly(struct faulty *x, struct fault *why)
{
	struct jointly j = {.size = 0};
	struct ledger *l = NULL;
	bool ok;

	if (!ledger_open(&l, &x->disk, false, why))
		return false;
	ok = jointly_read(&j, &x->disk, l, why) && j.size > 0;
	ledger_close(l);
	return ok;
}

static bool each(void *self, const struct digest *d, struct fault *why)
{
	struct faulty *x = self;
	struct blob b;
	struct bytes at;

	if (!blobs_verify(&x->disk, d, &b, why) ||
		!blobs_get_sound(&x->disk, d, &at, why))
		return false;
	blobs_release(&x->disk, at);
	return true;
}

static bool do_blobs(struct faulty *x, struct fault *why)
{
	struct blob b;
	bool fresh, has;

	return blobs_put(&x->disk, bytes_of("one"), &b, &fresh, why) &&
		!fresh && blobs_put(&x->disk, bytes_of("new"), &b, &fresh,
			why) && fresh && blobs_has(&x->disk, &b.sha256, &has,
			why) && has && blobs_each(&x->disk, each, x, why);
}

static bool do_witness(struct faulty *x, struct fault *why)
{
	static struct cosigner c;
	static uint8_t note[SECRETS_FILE_MAX];
	struct note_key k, other = {.name = "other", .type = NOTE_SIGNS};
	char id[COSIGNER_ID];
	size_t n;
	bool ok;

	if (!cosigner_make(&x->disk, "w", "w.org", &k, why) ||
		!cosigner_make(&x->disk, "w", "w.org", &k, why) ||
		!cosigner_open(&c, &x->disk, "w", true, why))
		return false;
	cosigner_id("other", id);
	ok = cosigner_add(&c, &other, why) && cosigner_add(&c, &other, why) &&
		cosigner_note(&c, id, note, sizeof note, &n, why) && n == 0;
	cosigner_close(&c);
	if (!ok || !cosigner_open(&c, &x->disk, "w", false, why))
		return false;
	cosigner_close(&c);
	return true;
}

static bool do_bracket(struct faulty *x, struct fault *why)
{
	struct bracket b = {.index = 3};

	return bracket_of(&x->disk, &b, why) && (b.with ||
		fault(why, FAULT_INPUT, "in no checkpoint"));
}

/* Three groups; refused: one of the last is nothing an engine may append. */
static bool groups(struct faulty *x, bool refused, struct fault *why)
{
	static struct ledger_item item[MANY];
	static struct fields body[MANY];
	struct ledger *l = NULL;
	bool ok = ledger_open(&l, &x->disk, true, why);

	for (uint32_t i = 0; ok && i < MANY; i++) {
		uint8_t made_of[4];

		put_be(made_of, i, 4);
		body[i] = fields_in(&memory);
		fields_i64(&body[i], "n", i);
		item[i] = (struct ledger_item){.type = refused &&
				i + 2 == MANY ? ENTRY_KEY : ENTRY_INCIDENT,
			.clock = now, .body = &body[i]};
		entry_subject(now, (struct bytes){made_of, 4},
			item[i].subject);
	}
	ok = ok && ledger_append(l, item, MANY, why) != refused;
	ok = ok && (!refused || strstr(why->text, "refused")) &&
		ledger_append(l, item, 1, why) && !item[0].fresh;
	ledger_close(l);
	memory.used = 0;
	return ok;
}

static bool do_groups(struct faulty *x, struct fault *why)
{
	return groups(x, false, why);
}

static bool do_refused(struct faulty *x, struct fault *why)
{
	return groups(x, true, why);
}

static bool read_all(
	void *self, const struct ledger_entry *e, struct fault *why)
{
	(void)why;
	*(size_t *)self += e->open;
	return true;
}

/* Nothing can be written on a copy; all else can be done with it. */
static bool do_copy(struct faulty *x, struct fault *why)
{
	struct ledger *l = NULL;
	struct ledger_item item;
	struct fault no;
	size_t opened = 0;
	bool ok = ledger_open(&l, &x->disk, true, why) &&
		ledger_read(l, 0, read_all, &opened, why) &&
		ledger_sign(l, why) && (opened > 2 ||
			fault(why, FAULT_INPUT, "%zu open", opened)) &&
		(!add(l, "b", "new", &item, &no) ||
			fault(why, FAULT_INPUT, "a copy was written on"));

	ledger_close(l);
	memory.used = 0;
	return ok && do_audit(x, why);
}

/* Another operator makes keys, and the root persons would name them. */
static bool do_take_over(struct faulty *x, struct fault *why)
{
	char at[SIGN_NAME_MAX + 64];
	struct text vkey = text_on(at, sizeof at);
	struct ledger *l = NULL;
	struct takeover t;
	bool ok = takeover_make(&x->disk, &vkey, why) &&
		ledger_open(&l, &x->disk, true, why) &&
		takeover_read(&x->disk, l, &t, why) && (t.policy ||
			fault(why, FAULT_INPUT, "and there is no policy"));

	ledger_close(l);
	return ok;
}

/* The root persons name them, and what was signed last. */
static bool name_them(struct faulty *x, struct ledger *l, struct takeover *t,
	struct fault *why)
{
	static const char *const act[] = {"policy", "log"};
	uint8_t at[SECRETS_FILE_MAX];
	char vkey[2 * SIGN_NAME_MAX];
	struct text v = text_on(vkey, sizeof vkey);
	struct sign_key root;
	size_t n;

	sign_vkey_print(t->log.name, t->log.public_key, &v);
	if (!small_read(&x->disk, "ledger/keys/root", at, &n, why) ||
		!sign_key_read((struct bytes){at, n}, &root, why) ||
		!enrol(&x->disk, l, &memory, &t->engine, "engine", now, why))
		return false;
	for (int i = 0; i < 2; i++) {
		struct fields s = fields_in(&memory);
		struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
			.body = &s, .author = &root};

		fields_text(&s, "act", act[i]);
		if (i == 0)
			hex(&s, "policy_sha256", t->policy_sha256.at,
				SHA256_LEN);
		else
			fields_text(&s, "log", vkey);
		if (i == 1)
			fields_text(&s, "last", t->last);
		entry_subject(INSTANT_UNKNOWN, bytes_of(act[i]), item.subject);
		if (!fields_done(&s, why) ||
			!ledger_append(l, &item, 1, why) || (i == 0 &&
				(!ledger_sign(l, why) || !*ledger_held(l) ||
					!do_audit(x, why))))
			return false;
	}
	return true;
}

/* From then on it signs as any log does; till then it says why it does not. */
static bool do_hand_over(struct faulty *x, struct fault *why)
{
	char at[SIGN_NAME_MAX + 64], twice[SIGN_NAME_MAX + 64];
	struct text vkey = text_on(at, sizeof at);
	struct text again = text_on(twice, sizeof twice);
	struct ledger *l = NULL;
	struct takeover t;
	bool done, ok = takeover_make(&x->disk, &vkey, why) &&
		do_audit(x, why) &&
		ledger_open(&l, &x->disk, true, why) &&
		ledger_compare(l, NULL, why) &&
		takeover_read(&x->disk, l, &t, why) && ledger_sign(l, why) &&
		(strstr(ledger_held(l), "handed") || fault(why, FAULT_INPUT,
			"it does not wait")) && name_them(x, l, &t, why) &&
		ledger_sign(l, why) && (!*ledger_held(l) || fault(why,
			FAULT_SYSTEM, "%s", ledger_held(l)));

	ledger_close(l);
	memory.used = 0;
	/* Once more: it is done. */
	return ok && do_audit(x, why) &&
		takeover_make(&x->disk, &again, why) &&
		takeover_done(&x->disk, &done, why) && (done || fault(why,
			FAULT_INPUT, "it was not taken over"));
}

static bool taken(
	void *self, struct ledger_item *item, size_t n, struct fault *why)
{
	(void)self;
	(void)item;
	(void)n;
	return !fails_now() || fault(why, FAULT_SYSTEM, "not taken");
}

/* Another process appends; which spools it took in is known here too. */
static bool do_forward(struct faulty *x, struct fault *why)
{
	const struct ledger_writer w = {.append = taken};
	struct ledger *l = NULL;
	struct ledger_item item;
	struct spool s;
	struct journal j;
	bool open = false, ok = ledger_open(&l, &x->disk, true, why);

	if (ok)
		ok = open = spool_open(&s, &x->disk, "frames", SPOOL_READ, 0,
			why);
	if (open) {
		j = spool_journal(&s);
		ledger_forward(l, &w);
	}
	for (int i = 0; ok && i < 200; i++)
		ok = ledger_append_intake(l, &j, (uint8_t[LOG_ID]){1,
			(uint8_t)i}, 0, 1, now, &item, why) &&
			ledger_intake_end(l, (uint8_t[LOG_ID]){1,
				(uint8_t)i}) == 1;
	if (open)
		spool_close(&s);
	ledger_close(l);
	return ok;
}

/* Its witnesses have seen another history: that is said, and proved. */
static bool do_fork(struct faulty *x, struct fault *why)
{
	struct ledger *l = NULL;
	bool there = false, ok = ledger_open(&l, &x->disk, true, why) &&
		!ledger_compare(l, NULL, why) && strstr(why->text, "a fork");
	uint64_t n;

	if (ok && (!x->disk.size(x, "ledger/equivocation", &n, &there, why) ||
		!there))
		ok = fault(why, FAULT_INPUT, "and there is no proof of it");
	ledger_close(l);
	return ok;
}

/* -- each call fails once -- */

struct deed {
	const char *name;
	bool (*does)(struct faulty *, struct fault *);
	bool writes, may; /* may: some calls may fail, and it is done */
};

static void one(const struct deed *d, const struct faulty *base, long n,
	int how, long *silent, long *open, long *wrong, bool *reached)
{
	struct faulty *x = d->writes ? faulty_copy(base)
				     : (struct faulty *)(uintptr_t)base;
	struct fault why = {0};
	bool ok;

	x->calls = 0;
	x->fail_at = how < 3 ? (uint64_t)n : 0;
	x->how = how == 2 ? FAULTY_SHORT : FAULTY_EIO;
	x->forever = how == 1;
	calls = 0;
	fail_at = how == 3 ? n : 0;
	ok = d->does(x, &why);
	*reached = how == 3 ? calls >= n : x->calls >= (uint64_t)n;
	fail_at = 0;
	x->fail_at = 0;
	x->forever = false;
	*silent += !ok && !why.text[0];
	*open += x->opened != 0;
	*wrong += *reached ? ok && !d->may : !ok;
	CHECK_QUIET(*reached || ok, "%s, undisturbed: %s", d->name, why.text);
	CHECK_QUIET(!(*reached && ok && !d->may), "%s: call %ld (%d) fails, "
		"and it is done", d->name, n, how);
	CHECK_QUIET(ok || why.text[0], "%s: call %ld (%d) fails, without a "
		"word", d->name, n, how);
	x->opened = 0;
	memory.used = 0;
	if (d->writes)
		faulty_free(x);
}

static void sweep(const struct deed *d, const struct faulty *base)
{
	static const char *const what[] = {"call of the disk",
		"call and all behind it", "write cut short", "allocation"};
	long silent = 0, open = 0, wrong = 0;
	long step = getenv("EVERY_CALL") ? 1 : 5;

	for (int how = 0; how < 4; how++) {
		bool reached = true;
		long n = how;

		if (!d->writes && (how == 1 || how == 2))
			continue;
		if (step == 1)
			n = 0;
		for (n++; reached; n += step)
			one(d, base, n, how, &silent, &open, &wrong,
				&reached);
		CHECK(silent + open + wrong == 0, "%s, each %s fails: %ld; "
			"%ld without words, %ld left open, %ld unnoticed",
			d->name, what[how], n - step - 1, silent, open, wrong);
	}
}

static struct faulty *pack_of(struct faulty *x)
{
	struct faulty *y = faulty_make();
	struct ledger *l = NULL;
	struct export_ask ask = {.from = &x->disk, .to = &y->disk,
		.level = EXPORT_FULL};
	struct exported p;

	need(ledger_open(&l, &x->disk, false, &f) &&
		note_key_read(bytes_of(ledger_vkey(l)), &known.key, &f));
	ask.ledger = l;
	need(export_write(&ask, &p, &f));
	ledger_close(l);
	return y;
}

static struct faulty *copy_of(struct faulty *pack)
{
	struct faulty *x = faulty_make();
	struct import_ask ask = {.from = &pack->disk, .to = &x->disk,
		.mirror = true};
	static struct imported is;

	need(import_new(&ask, &is, &f));
	faulty_heal(x);
	return x;
}

/* As after a change of policy: the new one lies beside the old one. */
static struct faulty *policy_of(const struct faulty *of)
{
	struct faulty *x = faulty_copy(of);
	uint8_t at[SECRETS_FILE_MAX];
	size_t n;

	need(small_read(&x->disk, "ledger/policy/accepted.policy", at, &n,
		&f) && small_write(&x->disk, "ledger/policy/next.policy",
		(struct bytes){at, n}, false, &f) && small_write(&x->disk,
		"ledger/policy/accepted.policy", bytes_of("quorum none\n"),
		false, &f));
	return x;
}

/* Its witnesses followed another copy of it, which went on otherwise. */
static struct faulty *fork_of(const struct faulty *of)
{
	struct faulty *x = faulty_copy(of), *y = faulty_copy(of);
	struct ledger_item item;
	struct ledger *l = NULL;

	need(ledger_open(&l, &y->disk, true, &f) &&
		add(l, "p", "theirs", &item, &f) && ledger_sign(l, &f));
	ledger_close(l);
	need(ledger_open(&l, &x->disk, true, &f) &&
		add(l, "q", "ours", &item, &f) &&
		add(l, "r", "ours", &item, &f) && ledger_sign(l, &f));
	ledger_close(l);
	for (int i = 0; i < y->names; i++) {
		const struct faulty_file *from;

		if (strncmp(y->name[i].path, "ledger/witness/", 15) != 0 ||
			!strstr(y->name[i].path, "/logs/") ||
			!(from = faulty_at(y, y->name[i].path)))
			continue;
		need(small_write(&x->disk, y->name[i].path, (struct bytes){
			from->now, from->size}, false, &f));
	}
	faulty_free(y);
	memory.used = 0;
	return x;
}

/* All files whose names begin so. */
static void copy_files(struct faulty *from, struct faulty *to,
	const char *front)
{
	for (int i = 0; i < from->names; i++) {
		struct faulty_file *y = faulty_at(from, from->name[i].path);

		if (y && strncmp(from->name[i].path, front, strlen(front)) ==
			0)
			need(small_write(&to->disk, from->name[i].path,
				(struct bytes){y->now, y->size}, true, &f));
	}
}

static void test_no_take_over(struct faulty *x, struct faulty *copy)
{
	char at[SIGN_NAME_MAX + 64];
	struct text vkey = text_on(at, sizeof at);
	struct text tiny = text_on(at, 8);
	struct ledger *l = NULL;
	struct takeover t;
	struct faulty *y;
	bool done;

	CHECK(!takeover_make(&copy->disk, &tiny, &f), "no room: %s", f.text);
	/* Another wrote into the folder meanwhile. */
	for (int i = 0; i < 2; i++) {
		y = faulty_copy(copy);
		need(takeover_make(&y->disk, &vkey, &f) &&
			ledger_open(&l, &y->disk, true, &f));
		need(small_write(&y->disk, "ledger/signer/HEAD", bytes_of(i ?
			"x\n\n\xe2\x80\x94 a AAAAAAA=\n" : "x"), true, &f));
		CHECK(!takeover_read(&y->disk, l, &t, &f) && strstr(f.text,
			i ? "checkpoint" : "note"), "HEAD is none: %s",
			f.text);
		ledger_close(l);
		faulty_free(y);
		vkey = text_on(at, sizeof at);
	}
	CHECK(takeover_done(&x->disk, &done, &f) && !done, "nothing was");
	CHECK(!takeover_make(&x->disk, &vkey, &f) && strstr(f.text,
		"not imported"), "%s", f.text);
	need(ledger_open(&l, &x->disk, false, &f));
	CHECK(!takeover_read(&x->disk, l, &t, &f) && strstr(f.text,
		"no keys wait"), "%s", f.text);
	ledger_close(l);
}

static uint64_t name_policy(struct ledger *l, const struct sign_key *by,
	const struct digest *is, const char *note)
{
	struct fields s = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &s, .author = by};

	fields_text(&s, "act", "policy");
	hex(&s, "policy_sha256", is->at, SHA256_LEN);
	fields_text(&s, "why", note);
	entry_subject(INSTANT_UNKNOWN, bytes_of("policy"), item.subject);
	need(fields_done(&s, &f) && ledger_append(l, &item, 1, &f));
	return item.index;
}

struct one {
	uint64_t index;
	struct entry is;
};

static bool see_one(
	void *self, const struct ledger_entry *e, struct fault *why)
{
	struct one *x = self;

	(void)why;
	if (e->index == x->index)
		x->is = e->entry;
	return true;
}

static void stand_behind(
	struct ledger *l, uint64_t index, const struct sign_key *by)
{
	struct one x = {.index = index};
	struct ledger_item item = {.type = ENTRY_REVIEW, .clock = now,
		.confirms = &x.is, .author = by};

	need(ledger_read(l, index, see_one, &x, &f) &&
		ledger_append(l, &item, 1, &f));
}

/* Policies that two root persons name beside each other: one comes to count
 * after the one behind it, one never does.  What is published was not cosigned
 * by a witness that only the next one asks. */
static void test_two_policies(const struct faulty *of)
{
	struct faulty *x = faulty_copy(of);
	static struct audit a;
	struct roots r = {.count = 2, .threshold = 2};
	struct fields s = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_KEY, .clock = now,
		.body = &s};
	struct sign_key first, second = {.name = "second", .seed = {77}};
	struct note_key far = {.name = "far", .type = NOTE_COSIGNS};
	struct digest is;
	uint8_t at[SECRETS_FILE_MAX];
	struct ledger *l = NULL;
	char lines[1024];
	struct text t = text_on(lines, sizeof lines);
	uint64_t p, q;
	size_t n;

	sign_key_fill(&second);
	need(small_read(&x->disk, "ledger/keys/root", at, &n, &f) &&
		sign_key_read((struct bytes){at, n}, &first, &f) &&
		ledger_open(&l, &x->disk, true, &f));
	r.of[0] = l->people.genesis.roots.of[0];
	r.of[1] = (struct root){.person = {0xff, 1}, .org = "b"};
	memset(r.of[1].person, 0xff, sizeof r.of[1].person);
	memcpy(r.of[1].key, second.public_key, SIGN_KEY);
	roots_print(&r, &t);
	item.author = &first;
	fields_text(&s, "act", "roots");
	fields_text(&s, "roots", lines);
	fields_i64(&s, "threshold", 2);
	entry_subject(INSTANT_UNKNOWN, bytes_of("roots"), item.subject);
	need(fields_done(&s, &f) && ledger_append(l, &item, 1, &f));
	t = text_on(lines, sizeof lines);
	text_add(&t, "witness far ");
	memcpy(far.key, second.public_key, SIGN_KEY);
	note_key_print(&far, &t);
	text_add(&t, " http://far.example\nquorum far\n");
	need(small_write(&x->disk, "ledger/policy/next.policy", text_view(&t),
		false, &f));
	is = sha256_of(text_view(&t));
	p = name_policy(l, &first, &is, "one");
	q = name_policy(l, &first, &is, "two");
	name_policy(l, &first, &is, "three");
	stand_behind(l, q, &second);
	stand_behind(l, p, &second);
	ledger_close(l);
	CHECK(ledger_audit(&x->disk, NULL, NULL, &a, &f) && a.is.verified &&
		a.policy && !a.accepted, "policies beside each other: %s %s",
		a.is.rule, a.is.where);
	faulty_free(x);
	memory.used = 0;
}

/* A copy with its policy and witnesses beside it has what was published, and
 * none of the notes before that. */
static void test_copied_witness(struct faulty *x, struct faulty *copy)
{
	struct faulty *z = faulty_copy(copy);
	static struct audit a;

	copy_files(x, z, "ledger/witness/");
	copy_files(x, z, "ledger/policy/accepted");
	CHECK(ledger_audit(&z->disk, NULL, NULL, &a, &f) && a.is.verified &&
		a.policy && a.accepted && a.kept == 0,
		"a copy and its witnesses: %s %s", a.is.rule, a.is.where);
	faulty_find(z, "ledger/signer/HEAD", true)->now = -1;
	f = (struct fault){0};
	CHECK(do_copy(z, &f), "without HEAD: %s", f.text);
	faulty_free(z);
}

/* A crash met the erasure of a body: its slot is neither. */
static void test_torn(struct faulty *of)
{
	struct faulty *x = faulty_copy(of);
	struct faulty_file *slots = faulty_at(x,
		"ledger/secrets/00000001/00000000");
	struct ledger *l = NULL;
	size_t n = 0;

	slots->now[erased * SECRETS_SLOT + 3] ^= 1;
	CHECK(ledger_open(&l, &x->disk, false, &f) &&
		ledger_read(l, 0, read_all, &n, &f) && n > 4,
		"a torn slot of one that is erased: %s", f.text);
	slots->now[3] ^= 1;
	CHECK(!ledger_read(l, 0, read_all, &n, &f) && strstr(f.text,
		"damaged"), "and of one that is not: %s", f.text);
	ledger_close(l);
	faulty_free(x);
}

/* -- receipts that cannot be given -- */

static void test_no_receipt(struct faulty *x)
{
	static const struct {
		const char *what, *says;
		struct receipt_batch of;
		int note; /* 0: ours, 1, 2: none, 3: older, 4: newer */
	} row[] = {
		{"an entry without a secret", "secret", {0, 0, 2}, 0},
		{"more than the spool has", "spool", {0, 0, 3}, 0},
		{"no note", "note", {0, 0, 2}, 1},
		{"no checkpoint", "checkpoint", {0, 0, 2}, 2},
		{"a note from before", "yet", {0, 0, 2}, 3},
		{"a note from after", "", {0, 0, 2}, 4},
	};
	static uint8_t note[SECRETS_FILE_MAX];
	struct sign_key k = {.name = "x"};
	char old[1024], tiny[8];
	struct text t = text_on(old, sizeof old), no = text_on(tiny, 8);
	struct checkpoint c = {.origin = "x"};
	struct receipt_batch of;
	struct receipts out;
	struct ledger *l = NULL;
	struct spool s;
	struct journal j;
	struct arena nothing = {0};
	char after[1024];
	struct text u = text_on(after, sizeof after);
	struct bytes notes[5];
	size_t n = 0;

	sign_key_fill(&k);
	checkpoint_print(&c, &k, &t);
	c.size = 9999;
	checkpoint_print(&c, &k, &u);
	need(ledger_open(&l, &x->disk, false, &f) &&
		spool_open(&s, &x->disk, "inbox", SPOOL_READ, 0, &f) &&
		small_read(&x->disk, "ledger/pub/checkpoint", note, &n, &f));
	j = spool_journal(&s);
	notes[0] = (struct bytes){note, n};
	notes[1] = bytes_of("x");
	notes[2] = bytes_of("x\n\n\xe2\x80\x94 a AAAAAAA=\n");
	notes[3] = text_view(&t);
	notes[4] = text_view(&u);
	CHECK(!receipt_find(l, (const uint8_t[16]){1}, 0, &of, &f) &&
		strstr(f.text, "no intake"), "of no spool: %s", f.text);
	CHECK(!receipt_find(l, inbox_id, 9, &of, &f), "beyond: %s", f.text);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		of = row[i].of;
		of.index = i == 0 ? erased : inbox_intake;
		CHECK(!receipts_open(&out, l, &j, &of, notes[row[i].note],
			&memory, &f) && strstr(f.text, row[i].says),
			"receipt, %s: %s", row[i].what, f.text);
	}
	need(receipt_find(l, inbox_id, 0, &of, &f));
	CHECK(!receipts_open(&out, l, &j, &of, notes[0], &nothing, &f),
		"no memory: %s", f.text);
	need(receipts_open(&out, l, &j, &of, notes[0], &memory, &f));
	CHECK(!receipts_print(&out, 2, &no, &f), "another's: %s", f.text);
	CHECK(!receipts_print(&out, 0, &no, &f), "no room: %s", f.text);
	receipts_close(&out);
	of.count = 1;
	CHECK(receipts_open(&out, l, &j, &of, notes[0], &memory, &f) &&
		out.tree.count[0] == 1, "no record behind the batch is in it");
	receipts_close(&out);
	spool_close(&s);
	ledger_close(l);
	memory.used = 0;
}

int main(void)
{
	static const struct deed deeds[] = {
		{"an audit", do_audit, false, false},
		{"a receipt", do_receipt, false, false},
		{"joint acceptance", do_jointly, false, false},
		{"an intake elsewhere", do_forward, true, false},
		{"a time", do_bracket, false, false},
		{"entries", do_write, true, true},
		{"a beat", do_beat, true, true},
		{"evidence", do_blobs, true, true},
		{"a witness", do_witness, true, true},
	};
	static const struct deed mirror = {"a mirror", do_mirror, false, true};
	static const struct deed confirm = {"an erasure", do_confirm, true,
		true};
	static const struct deed begin = {"a log", do_begin, true, true};
	static const struct deed copy = {"a copy", do_copy, true, true};
	static const struct deed fork_ = {"a fork", do_fork, true, true};
	static const struct deed over = {"a take-over", do_take_over, true,
		true};
	static const struct deed hand = {"a hand-over", do_hand_over, true,
		true};
	static const struct deed policy = {"a policy", do_write, true, true};
	static const struct deed many = {"groups", do_groups, true, true};
	static const struct deed refused = {"one refused", do_refused, true,
		true};
	struct faulty *x, *before, *y, *empty = faulty_make(), *z;
	struct blob batch;

	memory = arena_on(block, sizeof block);
	need(sign_ready(&f));
	for (int k = 0; k < KEYS; k++) {
		memset(key[k].seed, k + 1, SIGN_SEED);
		(void)snprintf(key[k].name, sizeof key[k].name, "k%d", k);
		sign_key_fill(&key[k]);
	}
	x = mission(&before, &proposal);
	y = pack_of(x);
	/* its evidence, which a pack of this level leaves out */
	need(blobs_put(&y->disk, bytes_of("{\"n\":1}\n"), &batch, NULL, &f));
	for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
		sweep(&deeds[i], x);
	test_no_receipt(x);
	sweep(&mirror, y);
	sweep(&confirm, before);
	sweep(&begin, empty);
	z = copy_of(y);
	sweep(&copy, z);
	test_copied_witness(x, z);
	copy_files(x, z, "ledger/policy/accepted");
	sweep(&over, z);
	test_no_take_over(x, z);
	copy_files(x, z, "ledger/keys/root");
	sweep(&hand, z);
	faulty_free(z);
	test_torn(x);
	test_two_policies(x);
	z = fork_of(x);
	sweep(&fork_, z);
	faulty_free(z);
	z = policy_of(x);
	sweep(&policy, z);
	faulty_free(z);
	sweep(&many, x);
	sweep(&refused, x);
	faulty_free(x);
	faulty_free(y);
	faulty_free(before);
	faulty_free(empty);
	return check_done();
}
