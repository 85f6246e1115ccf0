/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nomemory.c - log and verifiers, while one allocation after the other fails:
 * a fault with words, nothing left open, nothing leaked (the sanitizer looks,
 * and what is allocated is counted), nothing acknowledged that is not there;
 * and with memory again all goes on.  The linker puts our malloc in the place
 * of theirs (Makefile: test_libs_nomemory). */
#include <stdlib.h>

void *__real_malloc(size_t);
void *__real_calloc(size_t, size_t);
void *__real_realloc(void *, size_t);
void __real_free(void *);
void *__real_mmap(void *, size_t, int, int, int, long);
void *__wrap_malloc(size_t);
void *__wrap_calloc(size_t, size_t);
void *__wrap_realloc(void *, size_t);
void __wrap_free(void *);
void *__wrap_mmap(void *, size_t, int, int, int, long);

/* The disk in memory has all it wants. */
#define malloc __real_malloc
#define calloc __real_calloc
#define realloc __real_realloc
#define free __real_free
#include "check.h"
#include "faulty.h"
#undef malloc
#undef calloc
#undef realloc
#undef free

#include "ledger/audit.h"
#include "ledger/ledger.h"
#include "ledger/mirror.h"
#include "ledger/sign.h"

#include <sys/mman.h>

enum { ENTRIES = 70 }; /* more than the first room of tree and tables */

static long calls, fail_at, held; /* fail_at 0: none */
static bool counting;

static bool fails_now(void)
{
	return counting && ++calls == fail_at;
}

void *__wrap_malloc(size_t n)
{
	void *p = fails_now() ? NULL : __real_malloc(n);

	held += counting && p;
	return p;
}

void *__wrap_calloc(size_t n, size_t of)
{
	void *p = fails_now() ? NULL : __real_calloc(n, of);

	held += counting && p;
	return p;
}

void *__wrap_realloc(void *old, size_t n)
{
	void *p = fails_now() ? NULL : __real_realloc(old, n);

	held += counting && p && !old;
	return p;
}

void __wrap_free(void *p)
{
	held -= counting && p;
	__real_free(p);
}

void *__wrap_mmap(void *at, size_t n, int prot, int flags, int fd, long from)
{
	return fails_now() ? MAP_FAILED
			   : __real_mmap(at, n, prot, flags, fd, from);
}

static const struct instant now = {INT64_C(1770091506000000000)};
static uint8_t block[1 << 16];
static unsigned silent, open_left, leaked, lost;

static bool begin(struct faulty *x, struct fault *f)
{
	struct ledger_birth b = {.mission = "nomemory", .clock = now};

	return ledger_init(&x->disk, &b, f);
}

static bool stamps; /* one of them is an outside anchor */

/* Entry k again: known, or new. */
static bool add(struct ledger *l, uint32_t k, struct fault *f)
{
	struct arena a = arena_on(block, sizeof block);
	struct fields body = fields_in(&a);
	struct ledger_item item = {.type = stamps && k == 0 ? ENTRY_ANCHOR
		: ENTRY_FINDING, .clock = now, .body = &body};
	uint8_t about[4];

	put_be(about, k, 4);
	entry_subject(now, (struct bytes){about, 4}, item.subject);
	fields_i64(&body, "number", k);
	return fields_done(&body, f) && ledger_append(l, &item, 1, f);
}

/* How many were acknowledged. */
static uint32_t work(struct faulty *x, struct fault *f)
{
	struct ledger *l = NULL;
	uint32_t n = 0;
	bool there;

	if (!ledger_exists(&x->disk, &there, f) ||
		(!there && !begin(x, f)) ||
		!ledger_open(&l, &x->disk, true, f))
		return 0;
	while (n < ENTRIES && add(l, n, f))
		n++;
	if (n == ENTRIES && !ledger_sign(l, f))
		n--;
	ledger_close(l);
	return n;
}

/* All that were acknowledged are found again. */
static bool kept(struct faulty *x, uint32_t n)
{
	struct fault f = {0};
	struct ledger *l = NULL;
	uint64_t before;
	bool ok;

	if (n == 0)
		return true;
	if (!ledger_open(&l, &x->disk, true, &f))
		return false;
	before = ledger_size(l);
	ok = before > n;
	for (uint32_t k = 0; ok && k < n; k++)
		ok = add(l, k, &f);
	ok = ok && ledger_size(l) == before;
	ledger_close(l);
	return ok;
}

static void settle(const char *what, long n, struct faulty *x, bool done,
	const struct fault *f)
{
	counting = false;
	silent += !done && !f->text[0];
	open_left += (unsigned)x->opened;
	leaked += held != 0;
	CHECK_QUIET((done || f->text[0]) && x->opened == 0 && held == 0,
		"%s, allocation %ld: %d open, %ld held, '%s'", what, n,
		x->opened, held, f->text);
}

static void start(long n)
{
	calls = held = 0;
	fail_at = n;
	counting = true;
}

static void say(const char *what, long n)
{
	CHECK(silent + open_left + leaked + lost == 0, "%s: each of %ld "
		"allocations failed: %u without words, %u left open, %u "
		"leaked, %u acknowledged and lost", what, n, silent,
		open_left, leaked, lost);
	silent = open_left = leaked = lost = 0;
}

static void test_append(void)
{
	long n = 1;

	for (;; n++) {
		struct faulty *x = faulty_make();
		struct fault f = {0};
		uint32_t got;

		start(n);
		got = work(x, &f);
		settle("append", n, x, got == ENTRIES, &f);
		lost += !kept(x, got);
		f = (struct fault){0};
		lost += work(x, &f) != ENTRIES;
		faulty_free(x);
		if (calls < n)
			break;
	}
	say("a log is made, written, signed", n - 1);
}

static void test_audit(struct faulty *x)
{
	long n = 1;

	for (;; n++) {
		struct fault f = {0};
		struct audit a;
		bool ok;

		start(n);
		ok = ledger_audit(&x->disk, NULL, NULL, &a, &f);
		settle("audit", n, x, ok, &f);
		/* No memory is no reason to doubt a log, nor to trust it. */
		lost += calls >= n && ok && a.is.verified;
		lost += ok && !a.is.verified;
		if (calls < n)
			break;
	}
	say("a mission is audited", n - 1);
}

static void test_mirror(
	struct faulty *x, const struct mirror_anchors *known)
{
	static struct mirror m;
	long n = 1;

	for (;; n++) {
		struct fault f = {0};
		bool ok;

		start(n);
		ok = mirror_audit(&x->disk, known, &m, &f);
		settle("mirror", n, x, ok, &f);
		lost += calls >= n && ok && m.is.verified;
		lost += ok && !m.is.verified;
		if (calls < n)
			break;
	}
	say("a mirror is audited", n - 1);
}

/* ledger/pub as a mirror by itself. */
static struct faulty *public_part(const struct faulty *x)
{
	struct faulty *y = faulty_copy(x);
	static const char front[] = "ledger/pub/";

	for (int i = 0; i < y->names; i++) {
		char *path = y->name[i].path;

		if (strncmp(path, front, sizeof front - 1) != 0)
			y->name[i].now = y->name[i].kept = -1;
		else
			memmove(path, path + sizeof front - 1,
				strlen(path + sizeof front - 1) + 1);
	}
	return y;
}

int main(void)
{
	struct faulty *x = faulty_make(), *y;
	static struct mirror_anchors known = {.has_key = true};
	struct ledger *l = NULL;
	struct fault f = {0};

	if (!sign_ready(&f) || work(x, &f) != ENTRIES ||
		!ledger_open(&l, &x->disk, false, &f) ||
		!note_key_read(bytes_of(ledger_vkey(l)), &known.key, &f))
		return 1;
	ledger_close(l);
	faulty_heal(x);
	y = public_part(x);
	test_append();
	stamps = true;
	test_append();
	stamps = false;
	test_audit(x);
	test_mirror(y, &known);
	faulty_free(y);
	faulty_free(x);
	return check_done();
}
