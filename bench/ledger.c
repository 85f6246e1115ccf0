/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ledger.c - the ledger against bare yardsticks in one run (issue 4, SCALE.md
 * 11): at least 0.8, 0.8 and 0.5.
 *
 * append   Entries made durable by ledger_append(), against a loop that writes
 *          as many bytes to two files in the same groups with the same two
 *          syncs: a secret is on the disk before the record that it opens,
 *          since an erasure is to be final (SCALE.md 3).  "Unsigned" takes off
 *          what the authors' signatures took, timed alone; field salts, roots,
 *          sealing and two digests stay in.  Seconds of the clock.
 * verify   What an append costs a core when the author's signature is checked
 *          first, against bare libsodium on the same messages.  CPU seconds
 *          of this thread.
 * audit    Layout, leaf and tree of 1,000,000 entries, against SHA-256 over
 *          the same bytes and no more.  CPU seconds.  Then a whole audit of
 *          what was appended, with bodies, chains, roles, secrets, and what of
 *          it signatures are. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/log.h"
#include "ledger/audit.h"
#include "ledger/ledger.h"
#include "ledger/sign.h"
#include "spool/files.h"

#include <fcntl.h>
#include <openssl/sha.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { GROUP = 512, GROUPS = 20, ROUNDS = 5, SIGNED = 4096, SLOT = 72,
	AUDITED = 1000000 };

static const struct instant now = {INT64_C(1770091506000000000)};
static struct fields body[GROUP];
static struct arena memory;
static uint8_t block[GROUP * 1024];

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

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, by_size);
	return v[ROUNDS / 2];
}

/* Looks of one satellite: short bodies, as most are. */
static void fill(struct ledger_item item[GROUP], uint64_t from)
{
	struct fault f = {0};

	memory.used = 0;
	for (uint64_t i = 0; i < GROUP; i++) {
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

static double add(struct ledger *l, uint64_t from, double *cpu_s)
{
	static struct ledger_item item[GROUP];
	struct fault f = {0};
	double began, busy;

	fill(item, from);
	began = wall();
	busy = cpu();
	need(ledger_append(l, item, GROUP, &f), &f);
	*cpu_s += cpu() - busy;
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

/* CPU seconds an entry, unsigned. */
static double bench_append(
	struct ledger *l, const char *folder, const struct sign_key *key)
{
	static uint8_t raw[GROUP][ENTRY_LEN];
	const size_t size[2] = {GROUP * SLOT, GROUP * 416};
	double all[ROUNDS], plain[ROUNDS], a, b, s, busy = 0, sum = 0;
	double signing = 0;
	uint64_t from = 1 << 30;
	char path[2][128];
	int fd[2];

	for (int k = 0; k < 2; k++) {
		(void)snprintf(path[k], sizeof *path, "%s/bare%d", folder, k);
		fd[k] = open(path[k], O_RDWR | O_CREAT | O_TRUNC, 0600);
		if (fd[k] < 0 || fallocate(fd[k], 0, 0, 64 << 20) < 0)
			exit(1);
	}
	for (int r = 0; r < ROUNDS; r++) {
		a = b = s = 0;
		/* in turn: a disk's moods then are both's */
		for (int i = 0; i < GROUPS; i++, from += GROUP) {
			double began = wall();

			bare_group(fd, r * GROUPS + i, size);
			b += wall() - began;
			a += add(l, from, &busy);
			s += sign_group(key, raw, &signing);
		}
		all[r] = b / a;
		plain[r] = b / (a - s);
		sum += a;
	}
	for (int k = 0; k < 2; k++) {
		(void)close(fd[k]);
		(void)unlink(path[k]);
	}
	b = ROUNDS * GROUPS * GROUP;
	b = ROUNDS * GROUPS * GROUP;
	printf("append: groups of %d, %.0f entries/s durable; ratio to a bare "
	       "loop %.2f unsigned (wants 0.8), %.2f as it is\n", GROUP,
		b / sum, median(plain), median(all));
	busy = (busy - signing) / b;
	printf("append: %.1f us to sign an entry, %.1f us CPU for all else, "
	       "%.0f entries/s a core unsigned (20,000 expected)\n",
		1e6 * signing / b, 1e6 * busy, 1 / busy);
	return busy;
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

int main(void)
{
	char folder[] = "./bench-ledger-XXXXXX", command[64];
	struct ledger_birth birth = {.mission = "bench", .clock = now};
	struct sign_key k = {.name = "author"};
	double verify_s;
	struct files files;
	struct fault f = {0};
	struct ledger *l = NULL;

	need(arena_map(&memory, 1 << 24, &f) && sign_ready(&f), &f);
	sign_random(k.seed, sizeof k.seed);
	sign_key_fill(&k);
	if (!mkdtemp(folder) || !files_open(&files, folder, &f))
		return 1;
	need(ledger_init(&files.disk, &birth, &f) &&
		ledger_open(&l, &files.disk, true, &f), &f);
	verify_s = bench_verify(&k, bench_append(l, folder, &k));
	need(ledger_sign(l, &f), &f);
	bench_audit(&files, l, verify_s);
	ledger_close(l);
	files_close(&files);
	(void)snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command) != 0;
}
