/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger.c - the ledger against bare yardsticks in one run (issue 4, SCALE.md
 * 11): at least 0.8, 0.8 and 0.5; receipts below a second.
 *
 * append   Entries made durable by ledger_append(), BATCH at a call, against a
 *          loop that writes as many bytes to two files in the same groups with
 *          the same two syncs: a secret is on the disk before the record that
 *          it opens, since an erasure is to be final (SCALE.md 3).  Unsigned:
 *          sign_entry() does nothing (the build wraps it); salts, roots,
 *          sealing, digests, the copy and the tree stay in.  Seconds of the
 *          clock, on one core and on all, and CPU seconds of the process.  And
 *          against a loop that writes and syncs each entry by itself, which
 *          is what a log without groups would do; and FEW at a call, as
 *          they come (20 each 20 ms), against groups of as many.
 * verify   What an append costs a core when the author's signature is checked
 *          first, against bare libsodium on the same messages.  CPU seconds
 *          of this thread.
 * receipt  From handing an entry in until a checkpoint with it is cosigned and
 *          published, while entries come at a steady pace: two witnesses on
 *          this disk, signed as often as `truce run` does.  Seconds of the
 *          clock, 99 of 100.
 * audit    Layout, leaf and tree of 1,000,000 entries, against SHA-256 over
 *          the same bytes and no more.  CPU seconds.  Then a whole audit of
 *          what was appended, with bodies, chains, roles, secrets, and what of
 *          it signatures are.
 *
 *	ledger [append | few | receipt]    that part alone */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/log.h"
#include "ledger/audit.h"
#include "ledger/body.h"
#include "ledger/ledger.h"
#include "ledger/sign.h"
#include "spool/files.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sched.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { GROUP = 512, GROUPS = 8, BATCH = GROUP * GROUPS, ROUNDS = 9,
	FEW = 20, FEW_ROUNDS = 301,
	SIGNED = 4096, SLOT = 72, AUDITED = 1000000 };
/* Receipts: a group of 20 each 20 ms (PROOF.md 8), signed each 500 ms. */
enum { PACE_MS = 20, PACE_N = 20, SIGN_MS = 500, PACE_S = 12,
	PACED = PACE_S * 1000 / PACE_MS };

static const struct instant now = {INT64_C(1770091506000000000)};
static struct fields body[BATCH];
static struct arena memory;
static uint8_t block[GROUP * 1024];
static bool unsigned_; /* entries get no signature */

void __real_sign_entry(const struct sign_key *, struct entry *);
void __wrap_sign_entry(const struct sign_key *, struct entry *);

void __wrap_sign_entry(const struct sign_key *k, struct entry *e)
{
	if (!unsigned_)
		__real_sign_entry(k, e);
}

static double seconds(clockid_t which)
{
	struct timespec t;

	(void)clock_gettime(which, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double wall(void)
{
	return seconds(CLOCK_MONOTONIC);
}

static double cpu(void)
{
	return seconds(CLOCK_THREAD_CPUTIME_ID);
}

static void need(bool ok, const struct fault *f)
{
	if (ok)
		return;
	(void)fprintf(stderr, "%s\n", f->text);
	exit(1);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double process(void)
{
	return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

static double median_of(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_size);
	return v[n / 2];
}

static double median(double *v)
{
	return median_of(v, ROUNDS);
}

/* Looks of one satellite: short bodies, as most are. */
static void fill(struct ledger_item *item, size_t n, uint64_t from)
{
	struct fault f = {0};

	memory.used = 0;
	for (uint64_t i = 0; i < n; i++) {
		uint8_t made_of[8];

		put_be(made_of, from + i, 8);
		body[i] = fields_in(&memory);
		fields_text(&body[i], "class", "explosion");
		fields_text(&body[i], "kind", "incident");
		fields_i64(&body[i], "number", (int64_t)(from + i));
		fields_fixed(&body[i], "place.lat", 48.1234567, 7);
		fields_fixed(&body[i], "place.lon", 37.7654321, 7);
		fields_text(&body[i], "source", "sensor-17");
		need(fields_done(&body[i], &f), &f);
		item[i] = (struct ledger_item){.type = ENTRY_INCIDENT,
			.clock = now, .body = &body[i]};
		entry_subject(now, (struct bytes){made_of, 8},
			item[i].subject);
	}
}

/* Seconds of the clock; CPU seconds are added. */
static double add(struct ledger *l, size_t n, uint64_t from, double *cpu_s)
{
	static struct ledger_item item[BATCH];
	struct fault f = {0};
	double began, busy;

	fill(item, n, from);
	began = wall();
	busy = process();
	need(ledger_append(l, item, n, &f), &f);
	*cpu_s += process() - busy;
	return wall() - began;
}

/* One group, in both files. */
static void bare_group(const int fd[2], off_t i, const size_t size[2])
{
	for (int k = 0; k < 2; k++)
		if (pwrite(fd[k], block, size[k], i * (off_t)size[k]) !=
				(ssize_t)size[k] || fdatasync(fd[k]) < 0)
			exit(1);
}

/* A group of entries signed, and nothing else. */
static double sign_group(
	const struct sign_key *k, uint8_t raw[][ENTRY_LEN], double *cpu_s)
{
	struct entry e = {.type = ENTRY_INCIDENT, .clock = now};
	double began = wall(), busy = cpu();

	for (size_t i = 0; i < GROUP; i++) {
		put_be(e.subject, i, 8);
		sign_entry(k, &e);
		entry_write(&e, raw[i]);
	}
	*cpu_s += cpu() - busy;
	return wall() - began;
}

struct bare {
	int fd[2];
	char path[2][128];
	off_t group;
};

static void bare_open(struct bare *x, const char *folder)
{
	for (int k = 0; k < 2; k++) {
		(void)snprintf(x->path[k], sizeof x->path[k], "%s/bare%d",
			folder, k);
		x->fd[k] = open(x->path[k], O_RDWR | O_CREAT | O_TRUNC, 0600);
		if (x->fd[k] < 0 || fallocate(x->fd[k], 0, 0, 128 << 20) < 0)
			exit(1);
	}
}

static void bare_close(struct bare *x)
{
	for (int k = 0; k < 2; k++) {
		(void)close(x->fd[k]);
		(void)unlink(x->path[k]);
	}
}

/* One core: whoever calls and what it starts. */
static void cores(bool one)
{
	static cpu_set_t all;
	cpu_set_t set;

	if (CPU_COUNT(&all) == 0 && sched_getaffinity(0, sizeof all, &all) < 0)
		exit(1);
	set = all;
	for (size_t i = 0, seen = 0; one && i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &set) && seen++ > 0)
			CPU_CLR(i, &set);
	if (sched_setaffinity(0, sizeof set, &set) < 0)
		exit(1);
}

/* Bytes of one record, with padding: header, entry, body, tag. */
static size_t record_size(struct ledger_item *item)
{
	static uint8_t plain[1024];
	struct fault f = {0};
	size_t n;

	fill(item, 1, 1 << 30);
	need(body_write(item->body, plain, sizeof plain, &n, &f), &f);
	return (64 + ENTRY_LEN + n + 16 + 7) / 8 * 8;
}

/* Seconds an entry of a loop that syncs each: as many bytes, one file. */
static double bare_single(const struct bare *x, size_t size)
{
	double began = wall();

	for (off_t i = 0; i < GROUP; i++)
		if (pwrite(x->fd[0], block, size, i * (off_t)size) !=
				(ssize_t)size || fdatasync(x->fd[0]) < 0)
			exit(1);
	return (wall() - began) / GROUP;
}

/* CPU seconds an entry. */
static double bench_append(struct ledger *l, const char *folder, bool one)
{
	static uint64_t from = 1 << 30;
	struct ledger_item item;
	const size_t size[2] = {GROUP * SLOT, GROUP * record_size(&item)};
	double ratio[ROUNDS], single[ROUNDS], a, b;
	double busy = 0, sum = 0, bare = 0, idle = 0;
	const double n = (double)ROUNDS * BATCH;
	struct bare x = {0};

	cores(one);
	bare_open(&x, folder);
	for (int r = 0; r < ROUNDS; r++, from += BATCH) {
		double began = wall(), used = process();

		/* in turn: a disk's moods then are both's */
		for (int i = 0; i < GROUPS; i++)
			bare_group(x.fd, x.group++, size);
		idle += process() - used;
		b = wall() - began;
		a = add(l, BATCH, from, &busy);
		ratio[r] = b / a;
		sum += a;
		bare += b;
		single[r] = bare_single(&x, size[1] / GROUP + SLOT);
	}
	bare_close(&x);
	cores(false);
	printf("append: %s, %s: ratio to a bare loop %.2f%s, %.0f entries/s "
	       "durable\n", one ? "one core" : "all cores",
		unsigned_ ? "unsigned" : "engine's signature", median(ratio),
		unsigned_ ? " (wants 0.8)" : "", n / sum);
	printf("append:   an entry of %zu + %d bytes, %d groups of %d a call: "
	       "%.1f us, of which CPU %.1f; bare loop %.1f, CPU %.1f\n",
		size[1] / GROUP, SLOT, GROUPS, GROUP, 1e6 * sum / n,
		1e6 * busy / n, 1e6 * bare / n, 1e6 * idle / n);
	printf("append:   a loop that syncs each entry: %.0f us, ratio %.1f\n",
		1e6 * median(single), median(single) * n / sum);
	return busy / n;
}

/* As they come: one group a call, so that nothing is made while it syncs. */
static void bench_few(struct ledger *l, const char *folder)
{
	static uint64_t from = UINT64_C(1) << 36;
	struct ledger_item item;
	const size_t size[2] = {FEW * SLOT, FEW * record_size(&item)};
	double ratio[FEW_ROUNDS], busy = 0, sum = 0, bare = 0, idle = 0;
	const double n = (double)FEW_ROUNDS * FEW;
	struct bare x = {0};

	cores(true);
	bare_open(&x, folder);
	for (int r = 0; r < FEW_ROUNDS; r++, from += FEW) {
		double began = wall(), used = process(), a, b;

		bare_group(x.fd, x.group++, size);
		idle += process() - used;
		b = wall() - began;
		a = add(l, FEW, from, &busy);
		ratio[r] = b / a;
		sum += a;
		bare += b;
	}
	bare_close(&x);
	cores(false);
	printf("append: one core, unsigned, %d a call: ratio to a bare loop "
	       "%.2f (wants 0.8), %.0f entries/s durable (bare %.0f), CPU "
	       "%.1f us an entry (bare %.1f)\n", FEW, median_of(ratio,
		FEW_ROUNDS), n / sum, n / bare, 1e6 * busy / n,
		1e6 * idle / n);
}

/* -- receipts -- */

static void bench_receipt(struct ledger *l)
{
	static struct ledger_item item[PACE_N];
	static double came[PACED], told[PACED];
	double began = wall(), due = began + 1e-3 * SIGN_MS, worst = 0;
	struct fault f = {0};
	size_t waits = 0;

	for (size_t i = 0; i < PACED; i++) {
		double at = began + 1e-3 * PACE_MS * (double)i, left;

		left = at - wall();
		if (left > 0)
			(void)usleep((useconds_t)(1e6 * left));
		fill(item, PACE_N, UINT64_C(1) << 40 | i * PACE_N);
		came[i] = at; /* also if it had to wait for us */
		need(ledger_append(l, item, PACE_N, &f), &f);
		if (wall() < due && i + 1 < PACED)
			continue;
		need(ledger_sign(l, &f), &f);
		if (ledger_held(l)[0])
			exit(1);
		due = wall() + 1e-3 * SIGN_MS;
		for (; waits <= i; waits++)
			told[waits] = wall() - came[waits];
	}
	qsort(told, PACED, sizeof *told, by_size);
	worst = told[PACED - 1];
	printf("receipt: %d entries/s, signed each %d ms, 2 witnesses: half "
	       "within %.2f s, 99 of 100 within %.2f s (wants 1), all of %d "
	       "within %.2f s\n", PACE_N * 1000 / PACE_MS, SIGN_MS,
		told[PACED / 2], told[PACED * 99 / 100], PACED * PACE_N,
		worst);
}

struct taken {
	uint8_t (*raw)[ENTRY_LEN];
	size_t n, most;
};

static bool take(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct taken *t = self;

	(void)f;
	if (t->n < t->most)
		memcpy(t->raw[t->n++], e->raw.at, ENTRY_LEN);
	return true;
}

/* Seconds to check one. */
static double bench_verify(const struct sign_key *k, double append_s)
{
	static uint8_t raw[SIGNED][ENTRY_LEN], message[SIGNED][117];
	double ratio[ROUNDS], with[ROUNDS], bare = 0, ours = 0, began;

	for (size_t i = 0; i < SIGNED; i += GROUP)
		(void)sign_group(k, raw + i, &ours);
	for (size_t i = 0; i < SIGNED; i++) {
		memcpy(message[i], "cfm/entry/v1\n", 13);
		memcpy(message[i] + 13, raw[i], ENTRY_SIGNED);
	}
	for (int r = 0; r < ROUNDS; r++) {
		bool ok = true;

		bare = ours = 0;
		for (size_t i = 0; i < SIGNED; i++) {
			began = cpu();
			ok &= crypto_sign_verify_detached(
				raw[i] + ENTRY_SIGNED, message[i],
				sizeof *message, k->public_key) == 0;
			bare += cpu() - began;
			began = cpu();
			ok &= sign_entry_holds(k->public_key,
				(struct bytes){raw[i], ENTRY_LEN});
			ours += cpu() - began;
		}
		if (!ok)
			exit(1);
		ratio[r] = bare / ours;
		with[r] = bare / (ours + append_s * SIGNED);
	}
	printf("verify: %.1f us a signature, libsodium's %.1f, ratio %.2f; "
	       "with the append %.2f (wants 0.8), %.0f entries/s a core (8,000 "
	       "expected)\n", 1e6 * ours / SIGNED, 1e6 * bare / SIGNED,
		median(ratio), median(with), 1 / (ours / SIGNED + append_s));
	return ours / SIGNED;
}

/* SHA-256 over all leaves and nodes of a tree, and nothing else. */
static void bare_hash(const void *in, size_t n, uint8_t out[32])
{
	SHA256_CTX c; /* SHA256() itself takes four times as long */

	(void)SHA256_Init(&c);
	(void)SHA256_Update(&c, in, n);
	(void)SHA256_Final(out, &c);
}

static double bare_hashes(const struct taken *t)
{
	static uint8_t in[1 + ENTRY_LEN], node[65] = {1};
	uint8_t out[32];
	double began = cpu();

	for (size_t i = 0; i < t->n; i++) {
		memcpy(in + 1, t->raw[i], ENTRY_LEN);
		bare_hash(in, sizeof in, out);
	}
	for (size_t i = 1; i < t->n; i++) {
		memcpy(node + 1, out, 32);
		bare_hash(node, sizeof node, out);
	}
	return cpu() - began;
}

static double tree_hashes(const struct taken *t, struct fault *f)
{
	struct merkle_tree tree = {0};
	double began = cpu();
	struct entry e;

	for (size_t i = 0; i < t->n; i++) {
		struct bytes raw = {t->raw[i], ENTRY_LEN};
		struct digest leaf = entry_leaf(raw);

		need(entry_read(raw, &e, f) &&
			merkle_tree_add(&tree, &leaf, f), f);
	}
	(void)merkle_tree_root(&tree, t->n);
	began = cpu() - began;
	merkle_tree_free(&tree);
	return began;
}

static void bench_audit(struct files *files, struct ledger *l, double verify_s)
{
	struct taken t = {.most = AUDITED};
	double ratio[ROUNDS], began;
	struct fault f = {0};
	struct audit a;

	t.raw = malloc(t.most * sizeof *t.raw);
	need(t.raw && ledger_read(l, 0, take, &t, &f), &f);
	/* those, and as many more like them */
	for (size_t i = 0, n = t.n; t.n < AUDITED; i++, t.n++) {
		memcpy(t.raw[t.n], t.raw[i % n], ENTRY_LEN);
		put_be(t.raw[t.n] + 16, t.n, 8);
	}
	for (int r = 0; r < ROUNDS; r++) {
		double bare = bare_hashes(&t);

		ratio[r] = bare / tree_hashes(&t, &f);
	}
	printf("audit: %zu entries, layout, leaves and tree: ratio to bare "
	       "SHA-256 of the same bytes %.2f (wants 0.5)\n", t.n,
		median(ratio));
	free(t.raw);
	began = cpu();
	need(ledger_audit(&files->disk, NULL, NULL, &a, &f) && a.is.verified,
		&f);
	began = cpu() - began;
	printf("audit: all of it %.1f us an entry, of which %.1f are its "
	       "signature (one core)\n", 1e6 * began / (double)a.entries,
		1e6 * verify_s);
}

static void begin(struct ledger **l, struct files *files, char *folder)
{
	struct ledger_birth birth = {.mission = "bench", .clock = now};
	struct fault f = {0};

	if (!mkdtemp(folder) || !files_open(files, folder, &f))
		exit(1);
	need(ledger_init(&files->disk, &birth, &f) &&
		ledger_open(l, &files->disk, true, &f), &f);
}

static void end(struct ledger *l, struct files *files, const char *folder)
{
	char command[64];

	ledger_close(l);
	files_close(files);
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	if (system(command) != 0)
		exit(1);
}

/* In a log of its own: its entries do not verify. */
static double bench_unsigned(bool few)
{
	char folder[] = "./bench-ledger-XXXXXX";
	struct files files;
	struct ledger *l;
	double s = 0;

	begin(&l, &files, folder);
	unsigned_ = true;
	if (!few) {
		s = bench_append(l, folder, true);
		(void)bench_append(l, folder, false);
	}
	bench_few(l, folder);
	unsigned_ = false;
	end(l, &files, folder);
	return s;
}

int main(int argc, char **argv)
{
	const char *only = argc > 1 ? argv[1] : "";
	char folder[] = "./bench-ledger-XXXXXX";
	struct sign_key k = {.name = "author"};
	double append_s, verify_s;
	struct files files;
	struct fault f = {0};
	struct ledger *l = NULL;

	need(arena_map(&memory, 1 << 26, &f) && sign_ready(&f), &f);
	sign_random(k.seed, sizeof k.seed);
	sign_key_fill(&k);
	append_s = strcmp(only, "receipt") != 0 ?
		bench_unsigned(strcmp(only, "few") == 0) : 0;
	if (strcmp(only, "append") == 0 || strcmp(only, "few") == 0)
		return 0;
	begin(&l, &files, folder);
	if (!*only)
		(void)bench_append(l, folder, true);
	need(ledger_sign(l, &f), &f);
	bench_receipt(l);
	if (!*only) {
		verify_s = bench_verify(&k, append_s);
		bench_audit(&files, l, verify_s);
	}
	end(l, &files, folder);
	return 0;
}
