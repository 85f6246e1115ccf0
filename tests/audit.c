/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whatever bit of whatever file changes, the audit finds it and says where;
 * and what nobody changed is verified. */
#include "ledger/audit.h"

#include "check.h"
#include "faulty.h"
#include "ledger/inside.h"
#include "ledger/sign.h"
#include "spool/spool.h"

static const struct instant now = {INT64_C(1770091506000000000)};
static struct arena memory;

static void need(bool ok, const struct fault *f)
{
	if (ok)
		return;
	CHECK(false, "%s", f->text);
	exit(1);
}

static void add_entry(struct ledger *l, const char *subject, const char *text)
{
	struct fields body = fields_in(&memory);
	struct ledger_item item = {.type = ENTRY_FINDING, .clock = now,
		.body = &body};
	struct fault f = {0};

	fields_text(&body, "text", text);
	need(fields_done(&body, &f), &f);
	entry_subject(now, bytes_of(subject), item.subject);
	need(ledger_append(l, &item, 1, &f), &f);
}

static void take_in(struct faulty *x, struct spool *s, const char *file)
{
	uint8_t note[BLOB_NOTE_MAX];
	struct journal_record r[2] = {
		{.received = now, .kind = JOURNAL_FILE, .payload.at = note},
		{.received = now, .kind = JOURNAL_PACKET,
			.payload = bytes_of("a packet")}};
	struct fault f = {0};
	struct blob b;

	need(blobs_put(&x->disk, bytes_of(file), &b, NULL, &f) &&
			blob_note(&b, bytes_of("name"), note,
				&r[0].payload.len, &f) &&
			spool_append(s, r, 2, &f), &f);
}

/* A small mission with all that an audit looks at. */
static struct faulty *mission(void)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "audit", .clock = now};
	struct ledger_item item;
	struct journal j;
	struct ledger *l = NULL;
	struct spool s;
	struct blob blob;
	struct fault f = {0};

	need(ledger_init(&x->disk, &b, &f) &&
			ledger_open(&l, &x->disk, true, &f) &&
			spool_open(&s, &x->disk, "inbox", SPOOL_WRITE, 0, &f),
		&f);
	j = spool_journal(&s);
	take_in(x, &s, "file one");
	need(ledger_append_intake(l, &j, s.log.id, 0, 2, now, &item, &f), &f);
	add_entry(l, "a", "first");
	take_in(x, &s, "file two");
	need(ledger_append_intake(l, &j, s.log.id, 2, 2, now, &item, &f), &f);
	need(ledger_intake_end(l, s.log.id) == 4, &f);
	need(ledger_append_batch(l, "look", bytes_of("{\"n\":1}\n{\"n\":2}\n"),
			now, now, &item, &blob, &f), &f);
	add_entry(l, "a", "second");
	need(ledger_sign(l, &f), &f);
	spool_close(&s);
	ledger_close(l);
	return x;
}

static bool audit(struct faulty *x, struct audit *a)
{
	struct fault f = {0};

	return ledger_audit(&x->disk, NULL, NULL, a, &f) ||
		fault(&f, FAULT_INPUT, "x");
}

static void test_sound(struct faulty *x)
{
	struct audit a;

	CHECK(audit(x, &a) && a.is.verified, "an honest mission: %s %s",
		a.is.rule,
		a.is.where);
	CHECK(a.entries == 6 && a.bodies == 6 && a.intakes == 2 &&
			a.batches == 1 && a.blobs == 3 && a.spools == 1 &&
			a.spool_records == 4 && a.uncommitted == 0 &&
			a.signed_size == 6, "counted");
	CHECK(x->opened == 0, "nothing left open");
}

/* The same records once more, under another name: they were met. */
static void test_twice(const struct faulty *of)
{
	struct faulty *x = faulty_copy(of);
	struct faulty_file *from = faulty_at(x,
		"spool/inbox/0000000000000000.seg");
	struct fault f = {0};
	struct audit a;
	int file;

	need(from && x->disk.open(x, "spool/more/0000000000000000.seg",
		DISK_CREATE, &file, &f) && x->disk.write(x, file, 0,
		(struct bytes){from->now, from->size}, &f), &f);
	x->disk.close(x, file);
	CHECK(audit(x, &a) && a.is.verified && a.spools == 2 &&
		a.uncommitted == 4, "a spool twice: %s %s", a.is.rule,
		a.is.where);
	faulty_free(x);
}

/* An intake as a writer made it that had not learnt of the last one. */
static void forgotten(struct faulty *x, uint64_t first, uint64_t count,
	bool other)
{
	struct ledger *l = NULL;
	struct ledger_item item;
	struct journal j;
	struct spool s, more;
	struct fault f = {0};

	need(ledger_open(&l, &x->disk, true, &f) &&
		spool_open(&s, &x->disk, "inbox", SPOOL_WRITE, 4, &f) &&
		spool_open(&more, &x->disk, "more", SPOOL_WRITE, 0, &f), &f);
	if (other)
		take_in(x, &more, "another's");
	j = spool_journal(other ? &more : &s);
	table_free(&l->intake);
	need(ledger_append_intake(l, &j, s.log.id, first, count, now, &item,
		&f) && ledger_sign(l, &f), &f);
	spool_close(&more);
	spool_close(&s);
	ledger_close(l);
}

/* What an older version wrote: records taken in twice; none is missing. */
static void test_taken_in_twice(const struct faulty *of)
{
	static const struct {
		uint64_t first, count;
	} cases[] = {{0, 1}, {1, 3}, {1, 2}, {2, 1}, {3, 1}, {0, 4}};
	struct faulty *x = faulty_copy(of);
	struct audit a;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		forgotten(x, cases[i].first, cases[i].count, false);
	CHECK(audit(x, &a) && a.is.verified && a.twice == 6 &&
		a.first_twice == 6 && a.intakes == 8 && a.uncommitted == 0,
		"%zu taken in twice, the first entry %zu: %s %s",
		(size_t)a.twice, (size_t)a.first_twice, a.is.rule, a.is.where);
	for (uint64_t n = 1, over = 0; !over; n++) {
		struct fault f = {0};
		bool ok;

		x->calls = 0;
		x->fail_at = n;
		ok = ledger_audit(&x->disk, NULL, NULL, &a, &f) &&
			a.is.verified;
		over = x->calls < n;
		CHECK_QUIET(ok == (bool)over, "call %d fails: %s", (int)n,
			ok ? "verified" : a.is.rule);
	}
	x->fail_at = 0;
	forgotten(x, 0, 2, true);
	CHECK(audit(x, &a) && !a.is.verified && strcmp(a.is.rule, "intake")
		== 0 && a.is.index == 12, "records that are others: %s %s",
		a.is.rule, a.is.where);
	/* The same from where another one begins too. */
	forgotten(x, 0, 3, false);
	CHECK(audit(x, &a) && !a.is.verified && strcmp(a.is.rule, "intake")
		== 0 && a.is.index == 12, "and read once more: %s %s",
		a.is.rule, a.is.where);
	faulty_free(x);
}

static void test_bits(struct faulty *x)
{
	size_t step = getenv("TRUCE_LONG") ? 1 : 29, flips = 0, missed = 0;

	for (int i = 0; i < x->names; i++) {
		struct faulty_name *n = &x->name[i];
		struct faulty_file *y;

		if (n->now < 0)
			continue;
		y = &x->file[n->now];
		for (size_t k = 0; k < 8 * y->size; k += step, flips++) {
			struct audit a;
			bool found;

			y->now[k / 8] ^= (uint8_t)(1 << k % 8);
			found = !audit(x, &a) ||
				(!a.is.verified && a.is.rule[0] &&
				a.is.where[0]);
			y->now[k / 8] ^= (uint8_t)(1 << k % 8);
			CHECK_QUIET(found, "%s bit %zu", n->path, k);
			missed += !found;
		}
		printf("# %s: %zu bytes\n", n->path, y->size);
	}
	CHECK(missed == 0, "%zu bits flipped in all files, each found", flips);
}

static void test_files(const struct faulty *x)
{
	for (int i = 0; i < x->names; i++) {
		static const char *const may_go[] = {"ledger/pub/checkpoint",
			"ledger/pub/disclosures/000.disclosure",
			"ledger/signer/HEAD", "ledger/keys/engine",
			"ledger/keys/log", "ledger/keys/root",
			"ledger/witness/1/key", "ledger/witness/2/key",
			"ledger/witness/1/vkey", "ledger/witness/2/vkey",
			/* of an older checkpoint */
			"ledger/pub/tile/entries/000.p/1",
			"ledger/pub/tile/0/000.p/1"};
		struct faulty *y;
		struct audit a;
		bool may = false;

		if (x->name[i].now < 0)
			continue;
		for (size_t k = 0; k < sizeof may_go / sizeof *may_go; k++)
			may |= strcmp(x->name[i].path, may_go[k]) == 0;
		y = faulty_copy(x);
		y->name[i].now = -1;
		CHECK((audit(y, &a) && a.is.verified) == may,
			"without %s: %s, %s", x->name[i].path, a.is.rule,
			a.is.where);
		faulty_free(y);
	}
}

/* What says that something was signed, and cosigned, goes all at once. */
static void test_gone(const struct faulty *x)
{
	static const struct {
		const char *front[3], *rule;
	} cases[] = {
		{{"ledger/signer/HEAD", "ledger/pub/checkpoint"}, "checkpoint"},
		{{"ledger/cosigned/"}, "witness"},
		/* a witness here remembers */
		{{"ledger/cosigned/", "ledger/pub/checkpoint"}, "witness"},
	};

	for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
		struct faulty *y = faulty_copy(x);
		struct ledger *l = NULL;
		struct fault f = {0};
		struct audit a;

		for (int i = 0; i < y->names; i++)
			for (size_t n = 0; n < 3 && cases[k].front[n]; n++)
				if (strncmp(y->name[i].path, cases[k].front[n],
					strlen(cases[k].front[n])) == 0)
					y->name[i].now = -1;
		CHECK(audit(y, &a) && !a.is.verified &&
			strcmp(a.is.rule, cases[k].rule) == 0,
			"without %s: %s, %s", cases[k].front[0], a.is.rule,
			a.is.where);
		if (k == 0)
			CHECK(!ledger_open(&l, &y->disk, true, &f) &&
				f.kind == FAULT_SYSTEM &&
				strstr(f.text, "read only"),
				"nor is it written on: %s", f.text);
		ledger_close(l);
		faulty_free(y);
	}
}

/* Damage that leaves every digest of the journal right: somebody who holds no
 * key rewrites history as well as he can. */
static void test_rewritten(void)
{
	struct faulty *x = mission(), *y = mission();
	struct faulty_file *head = faulty_at(x, "ledger/signer/HEAD");
	struct faulty_file *other = faulty_at(y, "ledger/signer/HEAD");
	struct audit a;
	struct fault f = {0};
	struct ledger *l;

	/* another mission's checkpoint */
	memcpy(head->now, other->now, other->size);
	head->size = other->size;
	CHECK(audit(x, &a) && !a.is.verified &&
			strcmp(a.is.rule, "checkpoint") == 0,
		"HEAD of another log: %s", a.is.where);
	CHECK(!ledger_open(&l, &x->disk, true, &f), "and not opened: %s",
		f.text);
	faulty_free(x);
	/* records of the spool that nobody committed to are counted */
	struct spool s;

	need(spool_open(&s, &y->disk, "inbox", SPOOL_WRITE, 4, &f), &f);
	take_in(y, &s, "file three");
	spool_close(&s);
	CHECK(audit(y, &a) && a.is.verified && a.uncommitted == 2,
		"taken in and not committed: %s", a.is.where);
	faulty_free(y);
}

int main(void)
{
	struct faulty *x;
	struct fault f;

	need(arena_map(&memory, 1 << 24, &f) && sign_ready(&f), &f);
	x = mission();
	test_sound(x);
	test_twice(x);
	test_taken_in_twice(x);
	test_bits(x);
	test_sound(x);
	test_files(x);
	test_gone(x);
	test_rewritten();
	faulty_free(x);
	arena_unmap(&memory);
	return check_done();
}
