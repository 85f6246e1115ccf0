/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An erasure on a disk that fails at every call, killed or without power: the
 * body is there until the log says, by two persons, that it is to go; then it
 * is gone, at the latest when the log is opened again; audits agree. */
#include "check.h"
#include "faulty.h"

#include "enrol.h"
#include "ledger/audit.h"

static const struct instant now = {INT64_C(1790000000000000000)};
static struct arena memory;
static struct sign_key chief, reviewer;

enum { SECRET = 3 }; /* entry whose body goes: behind 0 and two enrolments */

static void need(bool ok, const struct fault *f)
{
	if (ok)
		return;
	CHECK(false, "%s", f->text);
	exit(1);
}

static bool see(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct entry *last = self;

	(void)f;
	*last = e->entry;
	return true;
}

/* Up to the chief's proposal to erase. */
static struct faulty *mission(struct entry *proposal)
{
	struct faulty *x = faulty_make();
	struct ledger_birth b = {.mission = "erase", .clock = now};
	struct fields s;
	struct ledger_item claim = {.type = ENTRY_CLAIM, .clock = now,
		.body = &s, .subject = {1}};
	struct ledger_item erase = {.type = ENTRY_PUBLICATION, .clock = now,
		.body = &s, .subject = {2}, .author = &chief};
	struct ledger *l = NULL;
	struct fault f = {0};

	need(ledger_init(&x->disk, &b, &f) &&
			ledger_open(&l, &x->disk, true, &f), &f);
	need(enrol(&x->disk, l, &memory, &chief, "chief", now, &f) &&
		enrol(&x->disk, l, &memory, &reviewer, "reviewer", now, &f),
		&f);
	s = fields_in(&memory);
	fields_text(&s, "text", "the witness lives at");
	need(fields_done(&s, &f) && ledger_append(l, &claim, 1, &f) &&
		claim.index == SECRET, &f);
	s = fields_in(&memory);
	fields_text(&s, "act", "erase");
	hex(&s, "of", claim.leaf.at, SHA256_LEN);
	fields_i64(&s, "index", SECRET);
	fields_text(&s, "why", "asked");
	need(fields_done(&s, &f) && ledger_append(l, &erase, 1, &f) &&
		ledger_sign(l, &f) && ledger_read(l, 0, see, proposal, &f),
		&f);
	ledger_close(l);
	memory.used = 0;
	return x;
}

static bool confirm(struct faulty *x, const struct entry *p)
{
	struct ledger_item item = {.type = ENTRY_REVIEW, .clock = now,
		.author = &reviewer, .confirms = p};
	struct ledger *l = NULL;
	struct fault f = {0};
	bool ok = ledger_open(&l, &x->disk, true, &f) &&
		ledger_append(l, &item, 1, &f);

	ledger_close(l);
	return ok;
}

static bool is_open_entry(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	*(bool *)self = e->open;
	f->kind = FAULT_NONE;
	return false;
}

/* 1: as it must be. */
static bool as_it_must(struct faulty *x, bool acknowledged, const char *what)
{
	struct ledger *l = NULL;
	struct fault f = {0};
	struct audit a;
	bool there = false, wanted, ok;

	if (!ledger_open(&l, &x->disk, true, &f)) {
		CHECK(false, "%s: %s", what, f.text);
		return false;
	}
	wanted = people_erased(ledger_people(l), SECRET);
	f = (struct fault){0};
	need(ledger_read(l, SECRET, is_open_entry, &there, &f) ||
		f.kind == FAULT_NONE, &f);
	ok = there == !wanted && (wanted || !acknowledged);
	ledger_close(l);
	CHECK_QUIET(ok, "%s: body %s, %s", what, there ? "there" : "gone",
		wanted ? "to be erased" : "nobody erased it");
	f = (struct fault){0};
	if (!ledger_audit(&x->disk, NULL, NULL, &a, &f) || !a.is.verified ||
		a.closed != wanted) {
		CHECK(false, "%s: audit: %s %s, %d closed", what, a.is.rule,
			a.is.where, (int)a.closed);
		return false;
	}
	return ok;
}

static void test_crash(enum faulty_crash crash, bool forever)
{
	size_t tries = 0, bad = 0, gone = 0;

	for (uint64_t n = 1;; n++) {
		struct entry p;
		struct faulty *x = mission(&p);
		uint64_t before = x->calls, calls;
		char what[80];
		bool said;

		x->random = n;
		x->fail_at = before + n;
		x->forever = forever;
		x->how = (enum faulty_how)(n % 3);
		said = confirm(x, &p);
		calls = x->calls - before;
		faulty_crash(x, crash);
		x->fail_at = 0;
		x->forever = false;
		(void)snprintf(what, sizeof what, "call %d, crash %d, on %d",
			(int)n, crash, forever);
		bad += !as_it_must(x, said, what);
		gone += said;
		/* Said again, it is done, and nothing twice. */
		said = confirm(x, &p) && confirm(x, &p);
		CHECK_QUIET(said, "%s: works again", what);
		bad += !as_it_must(x, true, what);
		tries++;
		faulty_free(x);
		if (calls < n)
			break;
	}
	CHECK(bad == 0, "%zu failing disks, %s, %s: %zu erased at once",
		tries, crash == FAULTY_KILL ? "kill" : "power",
		forever ? "from then on" : "once", gone);
}

int main(void)
{
	struct fault f;
	struct entry p;
	struct faulty *x;

	if (!arena_map(&memory, 1 << 22, &f) || !sign_ready(&f))
		return 1;
	sign_random(chief.seed, SIGN_SEED);
	sign_random(reviewer.seed, SIGN_SEED);
	sign_key_fill(&chief);
	sign_key_fill(&reviewer);
	x = mission(&p);
	CHECK(as_it_must(x, false, "proposed"), "one person erases nothing");
	CHECK(confirm(x, &p) && as_it_must(x, true, "confirmed"),
		"two persons do");
	faulty_free(x);
	test_crash(FAULTY_KILL, false);
	test_crash(FAULTY_KILL, true);
	test_crash(FAULTY_POWER, false);
	test_crash(FAULTY_POWER, true);
	arena_unmap(&memory);
	return check_done();
}
