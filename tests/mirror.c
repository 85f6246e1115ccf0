/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A mirror of a log that grew by steps: whole, it is verified; with a byte
 * changed in any file, or a file gone, it is not.
 *
 *	mirror             TAP
 *	mirror DIR N       a mission of about N entries (tests/webproof.sh) */
#include "ledger/secrets.h"
#include "ledger/mirror.h"

#include "check.h"
#include "faulty.h"
#include "ledger/ledger.h"
#include "ledger/tiles.h"
#include "roles/export.h"
#include "spool/files.h"

static const struct instant now = {INT64_C(1770091506000000000)};
static struct arena memory;

static void need(bool ok, const struct fault *f)
{
	if (ok)
		return;
	printf("not ok - %s\n", f->text);
	exit(1);
}

static void add(struct ledger *l, unsigned from, unsigned n)
{
	static struct fields body[64];
	static struct ledger_item item[64];
	struct fault f = {0};

	memory.used = 0;
	for (unsigned i = 0; i < n; i++) {
		uint8_t made_of[4];

		put_be(made_of, (from + i) / 3, 4);
		body[i] = fields_in(&memory);
		fields_i64(&body[i], "n", from + i);
		fields_text(&body[i], "text", i % 2 ? "\xd0\xa3" : "");
		need(fields_done(&body[i], &f), &f);
		item[i] = (struct ledger_item){.type = ENTRY_INCIDENT,
			.clock = now, .body = &body[i]};
		entry_subject(now, (struct bytes){made_of, 4},
			item[i].subject);
	}
	need(ledger_append(l, item, n, &f), &f);
}

/* A mission whose name begins with a digit, so that its keys are quoted. */
static void grow(struct disk *d, unsigned entries)
{
	struct ledger_birth b = {.mission = "7 mirrors", .clock = now};
	struct ledger_item item;
	struct fields body;
	struct ledger *l = NULL;
	struct fault f = {0};
	struct blob blob;

	/* No witnesses: without a policy nobody can check their lines. */
	need(small_write(d, "ledger/policy/accepted.policy",
			bytes_of("quorum none\n"), false, &f) &&
		ledger_init(d, &b, &f) && ledger_open(&l, d, true, &f), &f);
	for (unsigned i = 0; i < entries; i += 50) {
		add(l, i, entries - i < 50 ? entries - i : 50);
		memory.used = 0;
		body = fields_in(&memory);
		fields_i64(&body, "x", i);
		need(ledger_append_batch(l, "look",
			bytes_of(i % 100 ? "{\"n\":1}\n{\"n\":2}\n" :
				"{\"n\":3}\n"), (struct instant){now.utc_ns +
				i * 1000000}, now, &item, &blob, &f), &f);
		need(ledger_sign(l, &f), &f);
	}
	ledger_close(l);
}

static void make_mission(const char *folder, unsigned entries)
{
	struct files files;
	struct fault f = {0};

	need(files_open(&files, folder, &f), &f);
	grow(&files.disk, entries);
	files_close(&files);
}

static bool verified(struct faulty *x, struct mirror *m)
{
	static const struct mirror_anchors none;
	struct fault f = {0};

	return mirror_audit(&x->disk, &none, m, &f) && m->is.verified;
}

static struct faulty *pack_of(struct faulty *x)
{
	struct faulty *y = faulty_make();
	struct ledger *l = NULL;
	struct fault f = {0};
	struct export_ask ask = {.from = &x->disk, .to = &y->disk,
		.level = EXPORT_FULL};
	struct exported p;

	need(ledger_open(&l, &x->disk, false, &f), &f);
	ask.ledger = l;
	need(export_write(&ask, &p, &f), &f);
	ledger_close(l);
	CHECK(p.entries == p.bodies && p.blobs > 0 && x->opened == 0 &&
			y->opened == 0, "a pack of %d entries, %d files",
		(int)p.entries, (int)p.files);
	return y;
}

static bool is_read(const char *path)
{
	static const char *const read[] = {"checkpoint", "tile/",
		"disclosures/", "blobs/"};

	for (size_t i = 0; i < sizeof read / sizeof *read; i++)
		if (strncmp(path, read[i], strlen(read[i])) == 0)
			return true;
	return false;
}

static void test_bits(struct faulty *x)
{
	size_t flips = 0, missed = 0, step = getenv("TRUCE_LONG") ? 1 : 997;
	struct mirror m;

	for (int i = 0; i < x->names; i++) {
		struct faulty_name *n = &x->name[i];
		struct faulty_file *y;

		if (n->now < 0 || !is_read(n->path))
			continue;
		y = &x->file[n->now];
		for (size_t k = (size_t)i % step; k < 8 * y->size;
			k += step, flips++) {
			bool found;

			y->now[k / 8] ^= (uint8_t)(1 << k % 8);
			found = !verified(x, &m) && m.is.rule[0] &&
				m.is.where[0];
			y->now[k / 8] ^= (uint8_t)(1 << k % 8);
			CHECK_QUIET(found, "%s bit %zu", n->path, k);
			missed += !found;
		}
	}
	CHECK(missed == 0, "%zu bits flipped in all files, each found", flips);
}

static void test_files(struct faulty *x)
{
	struct mirror m;

	for (int i = 0; i < x->names; i++) {
		int was = x->name[i].now;
		bool may = strncmp(x->name[i].path, "disclosures/", 12) == 0 &&
			!strstr(x->name[i].path, "/000.");
		bool ok;

		if (was < 0 || !is_read(x->name[i].path))
			continue;
		x->name[i].now = -1;
		ok = verified(x, &m) == may;
		CHECK_QUIET(ok, "without %s: %s, %s", x->name[i].path,
			m.is.rule,
			m.is.where);
		x->name[i].now = was;
	}
	CHECK(verified(x, &m), "each file is missed, but for bodies, which "
		"need not be there");
}

/* Everything in public can be lost, and is written again. */
static void test_again(struct faulty *x)
{
	struct ledger *l = NULL;
	struct fault f = {0};
	int files = 0, back = 0;
	static int had[FAULTY_NAMES];

	for (int i = 0; i < x->names; i++) {
		had[i] = strncmp(x->name[i].path, "ledger/pub/", 11) == 0 ?
			x->name[i].now : -1;
		if (had[i] < 0)
			continue;
		files++;
		x->name[i].now = -1;
	}
	need(ledger_open(&l, &x->disk, true, &f) && ledger_sign(l, &f), &f);
	ledger_close(l);
	for (int i = 0; i < x->names; i++)
		back += had[i] >= 0 && x->name[i].now >= 0;
	/* partial tiles of older checkpoints do not come back */
	CHECK(files > back && back >= 3, "%d of %d public files written again",
		back, files);
}

int main(int argc, char **argv)
{
	struct faulty *x, *y;
	struct fault f;
	struct mirror m;

	need(arena_map(&memory, 1 << 24, &f) && sign_ready(&f), &f);
	if (argc == 3) {
		make_mission(argv[1], (unsigned)strtoul(argv[2], NULL, 10));
		return 0;
	}
	x = faulty_make();
	grow(&x->disk, 60);
	y = pack_of(x);
	CHECK(verified(y, &m) && m.entries == 63 && m.bodies == 63 &&
			m.signatures == 63 && m.batches == 2,
		"an honest mirror: %s %s", m.is.rule, m.is.where);
	test_bits(y);
	test_files(y);
	faulty_free(y);
	test_again(x);
	y = pack_of(x);
	CHECK(verified(y, &m), "and is verified");
	faulty_free(y);
	faulty_free(x);
	arena_unmap(&memory);
	return check_done();
}
