/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a log writes for itself, damaged or against its bounds: each guard of
 * tiles.c, blobs.c, secrets.c, cosigner.c, witness.c and quorum.c once. */
#include "base/encode.h"
#include "check.h"
#include "faulty.h"
#include "base/log.h"
#include "ledger/blobs.h"
#include "ledger/bracket.h"
#include "ledger/quorum.h"
#include "ledger/secrets.h"
#include "ledger/sign.h"
#include "ledger/tiles.h"

static struct fault f;

static void need(bool ok)
{
	if (ok)
		return;
	printf("Bail out! %s\n", f.text);
	exit(1);
}

static void put(struct faulty *x, const char *path, struct bytes b)
{
	int file;

	need(x->disk.open(x, path, DISK_WRITE, &file, &f) &&
		x->disk.truncate(x, file, 0, &f) &&
		x->disk.write(x, file, 0, b, &f));
	x->disk.close(x, file);
}

static bool says(bool ok, const char *what)
{
	return what ? !ok && strstr(f.text, what) : ok;
}

/* -- tiles -- */

static void grow(struct merkle_tree *t, uint64_t n)
{
	while (t->count[0] < n) {
		uint8_t raw[ENTRY_LEN] = {0};
		struct digest leaf;

		put_be(raw, t->count[0], 8);
		leaf = entry_leaf((struct bytes){raw, ENTRY_LEN});
		need(merkle_tree_add(t, &leaf, &f));
	}
}

static bool write_tiles(struct faulty *x, const char *folder,
	const struct merkle_tree *tree, uint64_t before, uint64_t size)
{
	struct tiles t;
	bool ok = tiles_begin(&t, &x->disk, folder, &f);

	for (uint64_t i = tiles_from(before); ok && i < size; i++) {
		uint8_t raw[ENTRY_LEN] = {0};

		put_be(raw, i, 8);
		ok = tiles_add(&t, i, raw, &f);
	}
	ok = ok && tiles_end(&t, tree, before, size, &f);
	tiles_free(&t);
	return ok;
}

static bool check_tiles(struct faulty *x, const struct merkle_tree *tree,
	uint64_t size)
{
	uint64_t index;

	return tiles_check(&x->disk, "p", tree, size, &index, &f);
}

static void resize(struct faulty *x, const char *path, size_t size)
{
	struct faulty_file *y = faulty_at(x, path);

	faulty_grow(y, size);
	y->size = size;
}

static void test_tile_files(void)
{
	static const struct {
		const char *what, *path, *says;
		size_t size, at; /* at: this byte is turned */
	} row[] = {
		{"as they are", NULL, NULL, 0, 0},
		{"no full bundle", "p/tile/entries/000", "is not there", 0, 0},
		{"a bundle too short", "p/tile/entries/000", "not what", 170,
			0},
		{"an entry too long", "p/tile/entries/000", "not what", 0, 1},
		{"an entry too long by far", "p/tile/entries/000", "not what",
			0, 9},
		{"a hash", "p/tile/0/000", "not what", 0, 3},
		{"a partial hash", "p/tile/0/001.p/3", "not what", 0, 3},
		{"no partial tile", "p/tile/0/001.p/3", "is not there", 0, 0},
		{"too many hashes", "p/tile/0/001", "not what", 8192, 0},
		{"no hashes", "p/tile/0/001", "bytes", SIZE_MAX, 0},
		{"too long", "p/tile/0/001.p/3", "bytes", 1 << 17, 0},
		{"a name of none", "p/tile/0/001.p/x", "is no tile", 96, 0},
		{"a name of 0", "p/tile/0/001.p/0", "is no tile", 96, 0},
		{"a name of 256", "p/tile/0/001.p/256", "is no tile", 96, 0},
		{"a name of 03", "p/tile/0/001.p/03", "is no tile", 96, 0},
		{"a name of 3:", "p/tile/0/001.p/3:", "is no tile", 96, 0},
		{"a name of letters", "p/tile/0/001.p/letters", "is no tile",
			96, 0},
		{"a name of 2560", "p/tile/0/001.p/2560", "is no tile", 96,
			0},
		{"too many entries", "p/tile/entries/001", "not what",
			256 * (2 + ENTRY_LEN), 0},
		{"what a crash left", "p/tile/0/001.p/4.new", NULL, 96, 0},
		{"what is new", "p/tile/0/001.p/.new", "is no tile", 96, 0},
		{"an upper hash", "p/tile/1/000.p/1", "not what", 0, 3},
		{"an older one", "p/tile/0/001.p/2", NULL, 0, 0},
	};
	struct merkle_tree tree = {.count = {0}};

	grow(&tree, 259);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		bool gone = row[i].says && strstr(row[i].says, "not there");

		need(write_tiles(x, "p", &tree, 0, 258) &&
			write_tiles(x, "p", &tree, 258, 259));
		if (row[i].path && !faulty_at(x, row[i].path))
			put(x, row[i].path, bytes_of("x"));
		if (row[i].size)
			resize(x, row[i].path, row[i].size == SIZE_MAX ? 0 :
				row[i].size);
		if (row[i].path && strcmp(row[i].path, "p/tile/entries/001") ==
			0) {
			uint8_t *to = faulty_at(x, row[i].path)->now;
			struct faulty_file *y = faulty_at(x,
				"p/tile/entries/001.p/3");

			memcpy(to, y->now, y->size);
			for (size_t k = 3; k < 256; k++)
				put_be(to + k * (2 + ENTRY_LEN), ENTRY_LEN, 2);
		}
		if (row[i].at)
			faulty_at(x, row[i].path)->now[row[i].at - 1] ^= 1;
		if (gone)
			faulty_find(x, row[i].path, false)->now = -1;
		CHECK(says(check_tiles(x, &tree, 259), row[i].says),
			"tiles, %s: %s", row[i].what, f.text);
		faulty_free(x);
	}
	merkle_tree_free(&tree);
}

/* Lengths inside a bundle that lead out of it, or make more entries of it. */
static void test_bundle(void)
{
	struct merkle_tree tree = {.count = {0}};
	struct faulty *x = faulty_make();
	struct faulty_file *y;

	grow(&tree, 2);
	need(write_tiles(x, "p", &tree, 0, 2));
	y = faulty_at(x, "p/tile/entries/000.p/2");
	y->now[171] += 1;
	CHECK(!check_tiles(x, &tree, 2), "the last one leads out: %s", f.text);
	y->now[171] -= 2;
	CHECK(!check_tiles(x, &tree, 2), "and one byte is left: %s", f.text);
	y->now[171] += 1;
	/* The second one begins where a third would end it just as well. */
	put_be(y->now + 170, 0, 2);
	put_be(y->now + 172, 166, 2);
	CHECK(!check_tiles(x, &tree, 2), "three in place of two: %s", f.text);
	CHECK(!tiles_there(&x->disk, "p", 0) && tiles_there(&x->disk, "p", 2),
		"there, or not");
	faulty_find(x, "p/tile/0/000.p/2", false)->now = -1;
	CHECK(!tiles_there(&x->disk, "p", 2), "not all of it");
	faulty_find(x, "p/tile/entries/000.p/2", false)->now = -1;
	CHECK(!tiles_there(&x->disk, "p", 2), "nothing of it");
	x->fail_at = 1;
	x->calls = 0;
	CHECK(!tiles_there(&x->disk, "p", 2), "who knows");
	faulty_free(x);
	merkle_tree_free(&tree);
}

static bool long_name(void *self, const char *path,
	bool (*each)(void *each_self, const char *name, struct fault *),
	void *each_self, struct fault *why)
{
	char name[300];

	(void)self;
	(void)path;
	memset(name, 'n', sizeof name);
	name[sizeof name - 1] = '\0';
	return each(each_self, name, why);
}

/* Somebody put a file with a long name where partial tiles lie. */
static void test_long_name(void)
{
	struct merkle_tree tree = {.count = {0}};
	struct faulty *x = faulty_make();

	grow(&tree, 256);
	x->disk.list = long_name;
	CHECK(!write_tiles(x, "p", &tree, 0, 256) && f.kind == FAULT_LIMIT,
		"%s", f.text);
	faulty_free(x);
	merkle_tree_free(&tree);
}

/* Partial tiles go when the full one is there; each call fails once. */
static void test_full_tile(void)
{
	struct merkle_tree tree = {.count = {0}};
	bool over = false;
	size_t silent = 0;

	grow(&tree, 256);
	for (uint64_t n = 1; !over; n++) {
		struct faulty *x = faulty_make();
		bool ok;

		need(write_tiles(x, "p", &tree, 0, 255));
		x->calls = 0;
		x->fail_at = n;
		f = (struct fault){0};
		ok = write_tiles(x, "p", &tree, 255, 256);
		over = x->calls < n;
		silent += !ok && !f.text[0];
		x->fail_at = 0;
		CHECK_QUIET(!ok || !over || (check_tiles(x, &tree, 256) &&
			!faulty_at(x, "p/tile/0/000.p/255")), "%s", f.text);
		faulty_free(x);
	}
	CHECK(silent == 0, "a tile becomes full: %zu faults without words",
		silent);
	merkle_tree_free(&tree);
}

static void test_tile_bounds(void)
{
	struct merkle_tree tree = {.count = {0}};
	struct faulty *x = faulty_make();
	char folder[400];
	struct tiles t;
	uint8_t raw[ENTRY_LEN] = {0}, at[TILE_BUNDLE];
	bool all = true;
	struct tile one = {.width = 3, .at = at};

	grow(&tree, 2);
	one.width = TILE_WIDTH;
	CHECK(tiles_read(&x->disk, "none", &one, &f) && one.len == 0,
		"no full tile");
	put_be(at, 1, 2);
	put_be(at + 3, 2, 2);
	CHECK(tiles_entry((struct bytes){at, 7}, 1).len == 2 &&
		tiles_entry((struct bytes){at, 7}, 2).len == 0,
		"an entry of a bundle");
	one.width = 3;
	CHECK(tile_level_size(8, 1) == 0 && tile_width(1, 256) == 0,
		"beyond the last");
	need(tiles_begin(&t, &x->disk, "p", &f));
	CHECK(!tiles_add(&t, 1, raw, &f) && strstr(f.text, "out of order"),
		"%s", f.text);
	need(tiles_add(&t, 0, raw, &f));
	CHECK(!tiles_end(&t, &tree, 0, 2, &f) && strstr(f.text, "wants 2"),
		"%s", f.text);
	CHECK(!tiles_end(&t, &(struct merkle_tree){.count = {0}}, 0, 1, &f),
		"%s", f.text);
	tiles_free(&t);
	/* Names of folders that are too long for a path with this, or that. */
	memset(folder, 'f', sizeof folder);
	for (size_t n = 140; n < 300; n++) {
		uint64_t index;

		folder[n] = '\0';
		if (n > 166)
			all &= !write_tiles(x, folder, &tree, 0, 2) &&
				f.kind == FAULT_LIMIT;
		if (n > 275)
			all &= !tiles_check(&x->disk, folder, &tree, 2,
				&index, &f) && f.kind == FAULT_LIMIT &&
				!tiles_read(&x->disk, folder, &one, &f);
		folder[n] = 'f';
	}
	CHECK(all, "folders with long names: %s", f.text);
	faulty_free(x);
	merkle_tree_free(&tree);
}

/* -- evidence -- */

static bool count(void *self, const struct digest *d, struct fault *why)
{
	(void)d;
	(void)why;
	++*(int *)self;
	return true;
}

static void test_blobs(void)
{
	static const struct {
		const char *path, *says;
	} row[] = {
		{"blobs/sha256/aa/bb/x", "is no blob"},
		{"blobs/sha256/aa/bb/.new", "is no blob"},
		{"blobs/sha256/aa/bb/x.new", NULL},
		{"blobs/sha256/aa/bb/00000000000000000000000000000000"
			"00000000000000000000000000000000", "is no blob"},
		{"blobs/sha256/aaa/bb/x", "is no folder"},
	};
	struct faulty *x = faulty_make();
	char path[BLOB_PATH];
	uint8_t note[BLOB_NOTE_MAX];
	static char about[BLOB_NOTE_MAX];
	struct blob b, c;
	struct bytes at;
	bool fresh;
	int n = 0;
	size_t len;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		put(x, row[i].path, bytes_of("x"));
		CHECK(says(blobs_each(&x->disk, count, &n, &f), row[i].says),
			"%s: %s", row[i].path, f.text);
		faulty_find(x, row[i].path, false)->now = -1;
	}
	need(blobs_put(&x->disk, bytes_of("one"), &b, NULL, &f));
	faulty_at(x, blob_path(&b.sha256, path))->now[0] ^= 1;
	CHECK(!blobs_get_sound(&x->disk, &b.sha256, &at, &f) &&
		f.kind == FAULT_SYSTEM, "rotten: %s", f.text);
	CHECK(!blobs_verify(&x->disk, &b.sha256, &c, &f) &&
		f.kind == FAULT_INPUT, "rotten: %s", f.text);
	(void)snprintf(path + strlen(path), 8, ".new");
	put(x, path, bytes_of("half"));
	CHECK(blobs_put(&x->disk, bytes_of("one"), &b, &fresh, &f) && fresh &&
		blobs_verify(&x->disk, &b.sha256, &c, &f), "and healed: %s",
		f.text);
	memset(about, 'a', sizeof about);
	CHECK(!blob_note(&b, (struct bytes){(uint8_t *)about, sizeof about},
		note, &len, &f), "too much about it: %s", f.text);
	CHECK(blob_note(&b, (struct bytes){0}, note, &len, &f) &&
		blob_note_read((struct bytes){note, len}, &c, &at, &f) &&
		at.len == 0 && !blob_note_read((struct bytes){note, len - 1},
			&c, &at, &f), "nothing about it: %s", f.text);
	faulty_free(x);
}

/* -- secrets -- */

static bool none_erased(void *self, uint64_t index)
{
	return self && index == 0;
}

static void test_wraps(void)
{
	static const struct {
		const char *text, *says;
	} row[] = {
		{"truce.wrap/1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
			NULL},
		{"truce.wrap/2 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n",
			"no wrap key"},
		{"truce.wrap/1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
			"no wrap key"},
		{"truce.wrap/1 A\n", "no wrap key"},
		{"truce.wrap/1 AAAA\n", "no wrap key"},
		{"", "no wrap key"},
	};
	struct secrets s;
	static uint8_t big[SECRETS_FILE_MAX + 1], secret[1][BODY_SECRET];
	uint8_t out[SECRETS_FILE_MAX];
	char path[200];
	size_t n;

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();

		put(x, "ledger/keys/wrap.00000001", bytes_of(row[i].text));
		CHECK(says(secrets_open(&s, &x->disk, false, &f), row[i].says),
			"wrap %zu: %s", i, f.text);
		secrets_close(&s);
		faulty_free(x);
	}
	struct faulty *x = faulty_make();

	put(x, "big", (struct bytes){big, sizeof big});
	CHECK(!small_read(&x->disk, "big", out, &n, &f), "%s", f.text);
	memset(path, 'p', sizeof path);
	path[100] = '\0';
	CHECK(!small_write(&x->disk, path, bytes_of("x"), false, &f), "%s",
		f.text);
	/* As many epochs as there may be: each is one failed write. */
	need(secrets_open(&s, &x->disk, true, &f));
	for (int i = 0; i < 70; i++) {
		secret[0][0] = 1;
		x->calls = 0;
		x->fail_at = 4; /* size, open, folder, then the write */
		s.file = s.file >= 0 ? (x->disk.close(x->disk.self, s.file),
			-1) : -1;
		if (!secrets_put(&s, 0, (const uint8_t (*)[BODY_SECRET])
			secret, 1, &f))
			break;
	}
	x->fail_at = 0;
	CHECK(strstr(f.text, "more than 64 epochs") != NULL, "%s", f.text);
	secrets_close(&s);
	CHECK(secrets_open(&s, &x->disk, false, &f) && s.epochs == 64,
		"all of them read: %s", f.text);
	secrets_close(&s);
	secrets_close(&(struct secrets){.disk = NULL});
	faulty_free(x);
}

static void test_slots(void)
{
	static uint8_t secret[3][BODY_SECRET];
	struct faulty *x = faulty_make();
	struct secrets s;
	struct faulty_file *y;
	uint8_t out[BODY_SECRET];
	enum secret_state state;
	bool yes = true;
	static const struct {
		const char *path, *says;
	} row[] = {
		{"ledger/secrets/x/00000000", "hex"},
		{"ledger/secrets/00000000/00000000", "has no wrap key"},
		{"ledger/secrets/00000009/00000000", "has no wrap key"},
		{"ledger/secrets/00000001/x", "hex"},
	};

	need(secrets_open(&s, &x->disk, true, &f));
	memset(secret, 1, sizeof secret);
	/* Over the end of a file, and an empty one between. */
	memset(secret[1], 0, BODY_SECRET);
	need(secrets_put(&s, SECRETS_FILE_SLOTS - 1,
		(const uint8_t (*)[BODY_SECRET])secret, 3, &f) &&
		secrets_put(&s, 0, (const uint8_t (*)[BODY_SECRET])secret, 3,
			&f));
	CHECK(secrets_get(&s, SECRETS_FILE_SLOTS + 1, out, &state, &f) &&
		state == SECRET_OPEN && secrets_get(&s, 1, out, &state, &f) &&
		state == SECRET_EMPTY && secrets_get(&s, 9999999, out, &state,
			&f) && state == SECRET_EMPTY, "kept: %s", f.text);
	CHECK(secrets_check(&s, 3, none_erased, NULL, &f), "%s", f.text);
	/* The newest epoch is looked at first. */
	y = faulty_at(x, "ledger/secrets/00000001/00000000");
	y->now[40] ^= 1;
	CHECK(secrets_get(&s, 0, out, &state, &f) && state == SECRET_DAMAGED &&
		!secrets_check(&s, 3, none_erased, NULL, &f) && strstr(f.text,
			"entry 0 is damaged"), "damaged: %s", f.text);
	CHECK(secrets_check(&s, 3, none_erased, &yes, &f) &&
		secrets_check(&s, 0, none_erased, NULL, &f),
		"nothing where it was to go, or is no entry");
	s.file = s.file >= 0 ? (x->disk.close(x->disk.self, s.file), -1) : -1;
	x->calls = 0;
	x->fail_at = 4;
	need(secrets_put(&s, 0, (const uint8_t (*)[BODY_SECRET])secret, 1,
		&f));
	x->fail_at = 0;
	CHECK(s.epochs == 2 && secrets_get(&s, 0, out, &state, &f) &&
		state == SECRET_OPEN && secrets_check(&s, 3, none_erased,
			NULL, &f), "a new epoch makes it good: %s", f.text);
	CHECK(secrets_erase(&s, 0, &f) && secrets_get(&s, 0, out, &state, &f)
		&& state == SECRET_EMPTY && secrets_erase(&s, 0, &f) &&
		secrets_erase(&s, 9999999, &f), "erased in both: %s", f.text);
	y = faulty_at(x, "ledger/secrets/00000001/00000000");
	resize(x, "ledger/secrets/00000001/00000000", 2 * SECRETS_SLOT + 5);
	CHECK(secrets_check(&s, 2, none_erased, NULL, &f),
		"cut where nothing is: %s", f.text);
	CHECK(!secrets_get(&s, 2, out, &state, &f) || state ==
		SECRET_DAMAGED, "half a slot");
	CHECK(!secrets_check(&s, 3, none_erased, NULL, &f) && strstr(f.text,
		"no whole number"), "cut: %s", f.text);
	resize(x, "ledger/secrets/00000001/00000000",
		(SECRETS_FILE_SLOTS + 1) * SECRETS_SLOT);
	CHECK(!secrets_check(&s, 3, none_erased, NULL, &f) && strstr(f.text,
		"too many"), "%s", f.text);
	faulty_find(x, "ledger/secrets/00000001/00000000", false)->now = -1;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		put(x, row[i].path, bytes_of("x"));
		CHECK(!secrets_check(&s, 3, none_erased, NULL, &f) &&
			strstr(f.text, row[i].says), "%s: %s", row[i].path,
			f.text);
		faulty_find(x, row[i].path, false)->now = -1;
	}
	secrets_close(&s);
	faulty_free(x);
}

static uint64_t slots_written;

static bool note_slots(
	void *self, int file, uint64_t at, struct bytes b, struct fault *why)
{
	slots_written = (at + b.len) / SECRETS_SLOT;
	return faulty_write(self, file, at, b, why);
}

/* A few slots come where zeros were written before (log_write.c says why),
 * which are cut off in the end.  A group of 512 is written once. */
static void test_slots_ahead(void)
{
	static uint8_t secret[512][BODY_SECRET];
	struct faulty *x = faulty_make();
	struct faulty_file *y;
	struct secrets s;
	bool ok;

	need(secrets_open(&s, &x->disk, true, &f));
	memset(secret, 1, sizeof secret);
	x->disk.write = note_slots;
	ok = secrets_put(&s, 0, (const uint8_t (*)[BODY_SECRET])secret, 20,
		&f);
	y = faulty_at(x, "ledger/secrets/00000001/00000000");
	CHECK(ok && slots_written == 1024 && y->size == 1024 * SECRETS_SLOT,
		"1,024 at a time: %d", (int)slots_written);
	CHECK(secrets_put(&s, 20, (const uint8_t (*)[BODY_SECRET])secret, 20,
		&f) && slots_written == 40, "and over them: %d",
		(int)slots_written);
	secrets_close(&s);
	CHECK(y->size == 40 * SECRETS_SLOT, "closed, no more than it holds: "
		"%zu", y->size);
	resize(x, "ledger/secrets/00000001/00000000", 1024 * SECRETS_SLOT);
	need(secrets_open(&s, &x->disk, false, &f));
	CHECK(secrets_put(&s, 40, (const uint8_t (*)[BODY_SECRET])secret, 20,
		&f) && slots_written == 60, "as a kill left it: %d",
		(int)slots_written);
	CHECK(secrets_put(&s, 1020, (const uint8_t (*)[BODY_SECRET])secret, 9,
		&f) && slots_written == 2048, "the next: %d",
		(int)slots_written);
	CHECK(secrets_put(&s, 1800, (const uint8_t (*)[BODY_SECRET])secret,
		512, &f) && slots_written == 2312, "no zeros behind 512: %d",
		(int)slots_written);
	CHECK(secrets_check(&s, 3000, none_erased, NULL, &f), "%s", f.text);
	secrets_close(&s);
	faulty_free(x);
}

static bool refuses_slots(void *self, const char *path, enum disk_mode mode,
	int *file, struct fault *why)
{
	return mode != DISK_READ && strstr(path, "ledger/secrets/") ?
		fault(why, FAULT_SYSTEM, "no slots") :
		faulty_open(self, path, mode, file, why);
}

/* A new epoch helps nothing where no file can be made; and each call fails
 * once while a slot is erased, or looked for. */
static void test_slot_calls(void)
{
	static uint8_t secret[1][BODY_SECRET] = {{1}};
	size_t silent = 0, left = 0;

	for (int what = 0; what < 2; what++) {
		bool over = false;

		for (uint64_t n = 1; !over; n++) {
			struct faulty *x = faulty_make();
			struct secrets s;
			bool ok;

			need(secrets_open(&s, &x->disk, true, &f) &&
				secrets_put(&s, 0, (const uint8_t (*)
					[BODY_SECRET])secret, 1, &f));
			secrets_close(&s);
			if (what)
				faulty_at(x, "ledger/secrets/00000001/00000000"
					)->now[40] ^= 1;
			need(secrets_open(&s, &x->disk, false, &f));
			x->calls = 0;
			x->fail_at = n;
			f = (struct fault){0};
			ok = what ? secrets_check(&s, 1, none_erased, NULL,
				&f) : secrets_erase(&s, 0, &f);
			over = x->calls < n;
			silent += !ok && !f.text[0];
			left += what ? ok : ok != over;
			secrets_close(&s);
			faulty_free(x);
		}
	}
	CHECK(silent == 0 && left == 0, "erased, and looked for, each call "
		"fails: %zu without words, %zu called done", silent, left);
	{
		struct faulty *x = faulty_make();
		struct secrets s;

		need(secrets_open(&s, &x->disk, true, &f));
		x->disk.open = refuses_slots;
		CHECK(!secrets_put(&s, 0, (const uint8_t (*)[BODY_SECRET])
			secret, 1, &f) && s.epochs == 2 && strstr(f.text,
			"no slots"), "no file in two epochs: %s", f.text);
		secrets_close(&s);
		faulty_free(x);
	}
}

/* -- a witness -- */

static struct sign_key log_key = {.name = "l.org/log", .seed = {1}};
static struct note_key log_public = {.name = "l.org/log",
	.type = NOTE_SIGNS};
static struct merkle_tree history, fork_;

static struct bytes signed_note(const struct merkle_tree *t, uint64_t size,
	const char *origin, char *at, size_t n)
{
	struct checkpoint c = {.size = size,
		.root = merkle_tree_root(t, size)};
	struct text x = text_on(at, n);

	(void)snprintf(c.origin, sizeof c.origin, "%s", origin);
	checkpoint_print(&c, &log_key, &x);
	return text_view(&x);
}

static int answered(struct cosigner *c, const char *front,
	struct bytes note, struct cosigned *r)
{
	static char at[1 << 16];
	struct text t = text_on(at, sizeof at);

	text_add(&t, front);
	text_bytes(&t, note);
	cosigner_answer(c, text_view(&t), 77, r);
	return r->status;
}

static void test_answers(void)
{
	static struct cosigner c;
	static struct cosigned r;
	static char note[1024], path[64 * 46 + 20], many[64 * 40 + 2048];
	struct text p = text_on(path, sizeof path);
	struct faulty *x = faulty_make();
	struct note_key k;
	struct bytes b = signed_note(&history, 3, log_key.name, note,
		sizeof note);
	uint8_t out[SECRETS_FILE_MAX];
	char id[COSIGNER_ID], small[8];
	size_t n;

	need(cosigner_make(&x->disk, "w", "w.org", &k, &f) &&
		cosigner_open(&c, &x->disk, "w", true, &f) &&
		cosigner_add(&c, &log_public, &f));
	text_add(&p, "old 0\n");
	for (int i = 0; i < 64; i++)
		text_add(&p, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n");
	text_add(&p, "\n");
	CHECK(answered(&c, "", (struct bytes){0}, &r) == 400 &&
		answered(&c, "new 0\n\n", b, &r) == 400 &&
		answered(&c, "old x\n\n", b, &r) == 400 &&
		answered(&c, "old 0\nx\n\n", b, &r) == 400 &&
		answered(&c, "old 0\n", (struct bytes){0}, &r) == 400 &&
		answered(&c, path, b, &r) == 400 &&
		answered(&c, "old 0\n\n", bytes_of("x"), &r) == 400 &&
		answered(&c, "old 0\n\n", bytes_of("x\n\n\xe2\x80\x94 l "
			"AAAAAAA=\n"), &r) == 400, "what is no request");
	CHECK(answered(&c, "old 0\n\n", bytes_of("x\n\n- l A\n"), &r) == 403,
		"what cannot be read is no signature");
	CHECK(answered(&c, "old 9\n\n", b, &r) == 400 &&
		answered(&c, "old 2\n\n", b, &r) == 409 &&
		answered(&c, "old 0\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
			"AAAA=\n\n", b, &r) == 422, "sizes and paths");
	{
		char other[1024];

		CHECK(answered(&c, "old 0\n\n", signed_note(&history, 3,
			"l.org/other", other, sizeof other), &r) == 404,
			"another log");
		memcpy(other, note, sizeof other);
		*strstr(other, "\n3\n") = '\n';
		strstr(other, "\n3\n")[1] = '4';
		CHECK(answered(&c, "old 0\n\n", bytes_of(other), &r) == 403,
			"another text");
	}
	/* Lines of others around the log's own. */
	(void)snprintf(many, sizeof many, "%.*s\xe2\x80\x94 other AAAAAAA=\n"
		"%s", (int)(strstr(note, "\n\n") + 2 - note), note,
		strstr(note, "\n\n") + 2);
	CHECK(answered(&c, "old 0\n\n", bytes_of(many), &r) == 200 &&
		c.log[0].size == 3, "cosigned: %s", r.why.text);
	cosigner_id(log_key.name, id);
	CHECK(cosigner_note(&c, id, out, sizeof out, &n, &f) && n > 0 &&
		!cosigner_note(&c, id, (uint8_t *)small, sizeof small, &n, &f),
		"its note, and no room for it: %s", f.text);
	CHECK(cosigner_note(&c, "x", out, sizeof out, &n, &f) && n == 0 &&
		cosigner_note(&c, "000000000000000x", out, sizeof out, &n, &f)
		&& n == 0 && cosigner_note(&c, "0000000000000000", out,
			sizeof out, &n, &f) && n == 0, "of nobody");
	x->calls = 0;
	x->fail_at = 1;
	CHECK(answered(&c, "old 3\n\n", b, &r) == 500 && r.why.text[0],
		"not kept: %s", r.why.text);
	x->fail_at = 0;
	put(x, "w/logs/0123456789abcdef", bytes_of("x"));
	CHECK(!cosigner_note(&c, "0123456789abcdef", out, sizeof out, &n, &f),
		"a state of none: %s", f.text);
	k = log_public;
	k.key[0] ^= 1;
	CHECK(!cosigner_add(&c, &k, &f) && strstr(f.text, "another key"),
		"%s", f.text);
	(void)snprintf(k.name, sizeof k.name, "new");
	k.type = NOTE_COSIGNS;
	CHECK(!cosigner_add(&c, &k, &f), "%s", f.text);
	k.type = NOTE_SIGNS;
	for (int i = 0; i < COSIGNER_LOGS; i++) {
		(void)snprintf(k.name, sizeof k.name, "new %d", i);
		k.name[3] = '-';
		if (!cosigner_add(&c, &k, &f))
			break;
	}
	CHECK(strstr(f.text, "more than 64") != NULL, "%s", f.text);
	cosigner_close(&c);
	faulty_find(x, "w/logs/0123456789abcdef", false)->now = -1;
	put(x, "w/logs/0123456789abcdef.new", bytes_of("cut"));
	CHECK(cosigner_open(&c, &x->disk, "w", false, &f) && c.logs == 64,
		"read again: %s", f.text);
	cosigner_close(&c);
	put(x, "w/logs/zz", bytes_of("x"));
	CHECK(!cosigner_open(&c, &x->disk, "w", false, &f) && strstr(f.text,
		"more than 64"), "one too many: %s", f.text);
	faulty_free(x);
}

static void test_states(void)
{
	static struct cosigner c;
	static struct cosigned r;
	static char note[1024], sound[4096], own[512];
	struct faulty *x = faulty_make();
	struct faulty_file *y;
	struct note_key k;
	char id[COSIGNER_ID], path[64];
	struct bytes b = signed_note(&history, 3, log_key.name, note,
		sizeof note);
	static const struct {
		const char *from, *to, *says;
	} row[] = {
		{NULL, NULL, NULL}, {"l.org/log+", "l.org/log-", "no state"},
		{"\n3 ", "\n0 ", "does not say"},
		{"\n3 ", "\nx ", "size and root"}, {"\n3 ", "\n3x", "size"},
		{"\n3 ", "\n4 ", "does not say"},
		{"=\nl.org/log\n3\n", "=\nl.org/loh\n3\n", "does not say"},
		{"=\nl.org/log\n3\n", "=\nl.org/log\n4\n", "does not say"},
		{"=\nl.org/log\n3\n", "=\nl.org/log\nx\n", "does not say"},
		{"\xe2\x80\x94 l.org", "- xl.org", "does not say"},
		{"\xe2\x80\x94 l.org/log", "\xe2\x80\x94 l.org/loh",
			"does not say"},
		{"\xe2\x80\x94 w.org", "\xe2\x80\x94 v.org", "does not say"},
	};

	need(cosigner_make(&x->disk, "w", "w.org", &k, &f) &&
		cosigner_open(&c, &x->disk, "w", true, &f) &&
		cosigner_add(&c, &log_public, &f));
	CHECK(answered(&c, "old 0\n\n", b, &r) == 200, "cosigned");
	cosigner_close(&c);
	cosigner_id(log_key.name, id);
	(void)snprintf(path, sizeof path, "w/logs/%s", id);
	y = faulty_at(x, path);
	memcpy(sound, y->now, y->size);
	sound[y->size] = '\0';
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		static char bad[4096];
		char *at;

		memcpy(bad, sound, sizeof bad);
		at = row[i].from ? strstr(bad, row[i].from) : NULL;
		if (row[i].from && !at)
			abort();
		if (at)
			memcpy(at, row[i].to, strlen(row[i].to));
		put(x, path, bytes_of(bad));
		CHECK(says(cosigner_open(&c, &x->disk, "w", false, &f),
			row[i].says), "state %zu: %s", i, f.text);
		cosigner_close(&c);
	}
	for (int i = 0; i < 6; i++) {
		char other[2048];
		struct text t = text_on(other, sizeof other);
		struct checkpoint cp = {.size = 3,
			.root = merkle_tree_root(&history, 3)};
		struct digest root = cp.root;
		char said_[1024];
		struct text n = text_on(said_, sizeof said_);
		struct sign_key own_key;
		struct bytes text;
		static const char *const what[] = {"as it should be",
			"of another origin", "not cosigned",
			"cosigned by a stranger", "of another root",
			"no root"};

		y = faulty_at(x, "w/key");
		need(sign_key_read((struct bytes){y->now, y->size}, &own_key,
			&f));
		(void)snprintf(cp.origin, sizeof cp.origin, "%s", i == 1 ?
			"other" : log_key.name);
		checkpoint_print(&cp, &log_key, &n);
		text = bytes_part(text_view(&n), 0,
			(size_t)(strstr(said_, "\n\n") + 1 - said_));
		if (i == 3)
			own_key = log_key;
		if (i != 2)
			need(note_cosign(text, &own_key, 7, &n, &f));
		root.at[0] ^= i == 4;
		note_key_print(&log_public, &t);
		text_add(&t, "\n3 ");
		text_base64(&t, digest_view(&root));
		text_add(&t, i == 5 ? "x\n" : "\n");
		text_bytes(&t, text_view(&n));
		put(x, path, text_view(&t));
		CHECK(cosigner_open(&c, &x->disk, "w", false, &f) == (i == 0),
			"%s: %s", what[i], f.text);
		cosigner_close(&c);
	}
	put(x, path, bytes_of("x"));
	CHECK(!cosigner_open(&c, &x->disk, "w", false, &f), "%s", f.text);
	put(x, path, bytes_of("x\n"));
	CHECK(!cosigner_open(&c, &x->disk, "w", false, &f), "%s", f.text);
	/* Without its key, any cosignature may be its own. */
	put(x, path, bytes_of(sound));
	y = faulty_at(x, "w/key");
	memcpy(own, y->now, y->size);
	own[y->size] = '\0';
	faulty_find(x, "w/key", false)->now = -1;
	CHECK(cosigner_open(&c, &x->disk, "w", false, &f), "%s", f.text);
	cosigner_close(&c);
	CHECK(!cosigner_open(&c, &x->disk, "w", true, &f), "%s", f.text);
	put(x, "w/key", bytes_of("x"));
	CHECK(!cosigner_open(&c, &x->disk, "w", false, &f) &&
		!cosigner_make(&x->disk, "w", "w", &k, &f), "%s", f.text);
	put(x, "w/key", bytes_of(own));
	faulty_find(x, path, false)->now = -1;
	put(x, "w/logs/0123456789abcdef", bytes_of(sound));
	CHECK(!cosigner_open(&c, &x->disk, "w", false, &f) && strstr(f.text,
		"of another log"), "%s", f.text);
	CHECK(!cosigner_open(&c, &x->disk, "a-folder-of-a-name-that-is-longer-"
		"than-any-that-we-would-take-0123456789", false, &f), "%s",
		f.text);
	{
		char name[SIGN_NAME_MAX + 10];

		CHECK(!cosigner_make(&x->disk, "v", "a b", &k, &f), "%s",
			f.text);
		memset(name, 'n', sizeof name);
		name[sizeof name - 1] = '\0';
		CHECK(!cosigner_make(&x->disk, "u", name, &k, &f), "%s",
			f.text);
	}
	faulty_free(x);
}

/* Its state of the log, and what must be said of it. */
static void state_is(struct faulty *x, const char *text, const char *says)
{
	static struct cosigner c;
	char id[COSIGNER_ID], path[64];

	cosigner_id(log_key.name, id);
	(void)snprintf(path, sizeof path, "w/logs/%s", id);
	put(x, path, bytes_of(text));
	CHECK(cosigner_open(&c, &x->disk, "w", false, &f) == !says &&
		(!says || strstr(f.text, says)), "%.20s: %s", text, f.text);
	cosigner_close(&c);
}

/* The log's operator changed: what was seen stays, by the old key. */
static void test_accepted(void)
{
	static struct cosigner c;
	static struct cosigned r;
	static char note[1024], two[2048], bad[2048];
	struct note_key k, old = log_public, next = log_public;
	struct sign_key was = log_key, now_ = {.name = "l.org/log",
		.seed = {2}};
	struct faulty *x = faulty_make();
	struct faulty_file *y;
	char id[COSIGNER_ID], path[64];
	char *space;

	sign_key_fill(&now_);
	memcpy(next.key, now_.public_key, SIGN_KEY);
	need(cosigner_make(&x->disk, "w", "w.org", &k, &f) &&
		cosigner_open(&c, &x->disk, "w", true, &f));
	CHECK(!cosigner_accept(&c, &next, &f) && strstr(f.text, "no log"),
		"of no log: %s", f.text);
	need(cosigner_add(&c, &old, &f));
	next.type = NOTE_COSIGNS;
	CHECK(!cosigner_accept(&c, &next, &f), "a witness' key: %s", f.text);
	next.type = NOTE_SIGNS;
	(void)snprintf(next.name, sizeof next.name, "l.org/lox");
	CHECK(!cosigner_accept(&c, &next, &f), "of another: %s", f.text);
	next = log_public;
	memcpy(next.key, now_.public_key, SIGN_KEY);
	CHECK(cosigner_accept(&c, &next, &f) && cosigner_accept(&c, &old, &f),
		"before anything was seen, to and fro: %s", f.text);
	CHECK(answered(&c, "old 0\n\n", signed_note(&history, 2,
		log_key.name, note, sizeof note), &r) == 200, "cosigned");
	for (uint64_t n = 1; memcmp(c.log[0].key.key, old.key, SIGN_KEY) == 0;
		n++) {
		bool ok;

		x->calls = 0;
		x->fail_at = n;
		ok = cosigner_accept(&c, &next, &f);
		CHECK(ok == (memcmp(c.log[0].key.key, old.key, SIGN_KEY) != 0),
			"call %d fails: %s", (int)n, ok ? "accepted" : f.text);
	}
	x->fail_at = 0;
	CHECK(c.log[0].size == 2, "what was seen stays");
	cosigner_close(&c);
	cosigner_id(log_key.name, id);
	(void)snprintf(path, sizeof path, "w/logs/%s", id);
	y = faulty_at(x, path);
	(void)snprintf(two, sizeof two, "%.*s", (int)y->size,
		(const char *)y->now);
	space = strchr(two, ' ');
	CHECK(space && space < strchr(two, '\n'), "both keys are kept");
	state_is(x, two, NULL);
	(void)snprintf(bad, sizeof bad, "%.*s%s", (int)(space - two), two,
		strchr(two, '\n'));
	state_is(x, bad, "does not say");
	(void)snprintf(bad, sizeof bad, "%.*s x%s", (int)(space - two), two,
		strchr(two, '\n'));
	state_is(x, bad, "no state");
	{
		struct text t = text_on(bad, sizeof bad);

		text_fmt(&t, "%.*s ", (int)(space - two), two);
		note_key_print(&k, &t); /* the witness' own, of another name */
		text_add(&t, strchr(two, '\n'));
		need(text_check(&t, &f));
	}
	state_is(x, bad, "no state");
	need(small_write(&x->disk, path, bytes_of(two), false, &f) &&
		cosigner_open(&c, &x->disk, "w", true, &f));
	signed_note(&history, 3, log_key.name, note, sizeof note);
	CHECK(answered(&c, "old 2\n\n", bytes_of(note), &r) == 403,
		"the old key is not heard any more");
	put(x, path, bytes_of("x"));
	CHECK(!cosigner_accept(&c, &old, &f), "a state of none: %s", f.text);
	put(x, path, bytes_of(two));
	log_key = now_;
	{
		struct merkle_path p = {.count = 0};
		char front[256];
		struct text t = text_on(front, sizeof front);

		need(merkle_tree_extends(&history, 2, 3, &p, &f));
		text_add(&t, "old 2\n");
		for (size_t i = 0; i < p.count; i++) {
			text_base64(&t, digest_view(&p.at[i]));
			text_char(&t, '\n');
		}
		text_add(&t, "\n");
		need(text_check(&t, &f));
		CHECK(answered(&c, front, signed_note(&history, 3,
			log_key.name, note, sizeof note), &r) == 200 &&
			c.log[0].size == 3, "the new one is: %s", r.text);
	}
	log_key = was;
	cosigner_close(&c);
	y = faulty_at(x, path);
	CHECK(memchr(y->now, ' ', y->size) > memchr(y->now, '\n', y->size),
		"and its key alone is kept");
	CHECK(cosigner_open(&c, &x->disk, "w", false, &f), "%s", f.text);
	cosigner_close(&c);
	faulty_free(x);
}

/* The policy for a new key of the log, where another operator takes over. */
static void test_next_policy(void)
{
	static const char path[] = "ledger/policy/accepted.policy";
	static const char next[] = "ledger/policy/next.policy";
	static char far[1024], near[1024], said_[2048], long_[4096];
	struct sign_key w = {.name = "w.org", .seed = {9}};
	struct note_key wk = {.name = "w.org", .type = NOTE_COSIGNS};
	char key[512];
	struct text k = text_on(key, sizeof key), t;
	size_t n;

	sign_key_fill(&w);
	memcpy(wk.key, w.public_key, SIGN_KEY);
	note_key_print(&wk, &k);
	(void)snprintf(near, sizeof near, "witness w %s\nquorum w\n", key);
	(void)snprintf(far, sizeof far, "witness w %s http://w.org\n"
		"group g all w\nquorum g\n", key);
	t = text_on(said_, sizeof said_);
	text_add(&t, "log ");
	sign_vkey_print("l.org/log", w.public_key, &t);
	text_add(&t, "\n \tlog\t");
	sign_vkey_print("l.org/other", log_key.public_key, &t);
	text_fmt(&t, "\n\n%s", far);
	/* As long as a policy here may be. */
	(void)snprintf(long_, sizeof long_, "%s#", said_);
	n = strlen(long_);
	memset(long_ + n, 'x', sizeof long_ - n);
	long_[sizeof long_ - 2] = '\n';
	long_[sizeof long_ - 1] = '\0';
	const struct {
		const char *what, *policy, *says, *has;
	} row[] = {
		{"no policy", NULL, NULL, NULL},
		{"none that can be read", "x\n", "line 1", NULL},
		{"witnesses elsewhere, of any log", far, NULL, NULL},
		{"one that has no address", near, NULL, "witness local-1 "},
		{"witnesses elsewhere, of this log", said_, NULL, far},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct faulty *x = faulty_make();
		struct faulty_file *y;
		uint8_t at[SECRETS_FILE_MAX];
		struct policy p;

		if (row[i].policy)
			put(x, path, bytes_of(row[i].policy));
		CHECK(says(quorum_make_next(&x->disk, &log_key, &f),
			row[i].says), "%s: %s", row[i].what, f.text);
		y = faulty_find(x, next, false) ? faulty_at(x, next) : NULL;
		CHECK(!y == !row[i].has, "%s: a new one", row[i].what);
		if (!y) {
			faulty_free(x);
			continue;
		}
		need(small_read(&x->disk, next, at, &n, &f));
		at[n] = '\0';
		CHECK(strstr((char *)at, row[i].has) && policy_read(
			(struct bytes){at, n}, &p, &f) && p.logs == 1 &&
			memcmp(p.log[0].key, log_key.public_key, SIGN_KEY) ==
				0, "%s: of the new key alone: %s", row[i].what,
			f.text);
		faulty_free(x);
	}
	{
		struct faulty *x = faulty_make();
		struct sign_key longer = log_key;

		put(x, path, bytes_of(long_));
		memset(longer.name, 'n', SIGN_NAME_MAX);
		CHECK(!quorum_make_next(&x->disk, &longer, &f), "too long: %s",
			f.text);
		faulty_free(x);
	}
	for (uint64_t i = 1, over = 0; !over; i++) {
		struct faulty *x = faulty_make();
		bool ok;

		put(x, path, bytes_of(said_));
		x->calls = 0;
		x->fail_at = i;
		ok = quorum_make_next(&x->disk, &log_key, &f);
		over = x->calls < i;
		CHECK(ok == (bool)over, "call %d fails: %s", (int)i,
			ok ? "done" : f.text);
		faulty_free(x);
	}
}

/* -- the log's side -- */

static struct {
	int status;
	char reply[QUORUM_REPLY];
	bool fails;
} said;

static bool carry(void *self, struct letter *x, size_t n, struct fault *why)
{
	(void)self;
	for (size_t i = 0; i < n; i++) {
		x[i].status = said.status;
		x[i].len = strlen(said.reply);
		memcpy(x[i].reply, said.reply, x[i].len);
		x[i].why = (struct fault){.text = "silence"};
	}
	return !said.fails || fault(why, FAULT_SYSTEM, "no courier");
}

static const struct courier courier = {NULL, carry};

static void test_quorum(void)
{
	static struct quorum q;
	static char policy[2048], note[1024], at[8192], good[1024];
	static char bent[1024], more[2200], wide[4000];
	struct sign_key w = {.name = "w.org", .seed = {9}};
	struct note_key wk = {.name = "w.org", .type = NOTE_COSIGNS};
	struct text t = text_on(policy, sizeof policy), lines;
	struct text g = text_on(good, sizeof good);
	struct faulty *x = faulty_make();
	struct checkpoint c = {.size = 3};
	struct quorum_ask ask = {&history, &c, {0}};
	struct digest is, none = {{0}};
	struct bytes text;
	static struct letter letter;

	sign_key_fill(&w);
	memcpy(wk.key, w.public_key, SIGN_KEY);
	text_add(&t, "witness w ");
	note_key_print(&wk, &t);
	text_add(&t, " http://w.org\nwitness v ");
	wk.key[0] ^= 1;
	note_key_print(&wk, &t);
	text_add(&t, "\ngroup g any w v\nquorum g\n");
	is = sha256_of(text_view(&t));
	CHECK(quorum_open(&q, &x->disk, &none, &f) && !q.wanted, "none wanted");
	CHECK(!quorum_open(&q, &x->disk, &is, &f) && strstr(f.text,
		"not the one"), "not there: %s", f.text);
	put(x, "ledger/policy/accepted.policy", bytes_of("x\n"));
	none = sha256_of(bytes_of("x\n"));
	CHECK(!quorum_open(&q, &x->disk, &none, &f) && strstr(f.text,
		"policy: line 1"), "no policy: %s", f.text);
	put(x, "ledger/policy/accepted.policy", text_view(&t));
	need(quorum_open(&q, &x->disk, &is, &f));
	q.courier = &courier;
	ask.note = signed_note(&history, 3, log_key.name, note, sizeof note);
	c.root = merkle_tree_root(&history, 3);
	text = bytes_part(ask.note, 0, (size_t)(strstr(note, "\n\n") + 1 -
		note));
	need(note_cosign(text, &w, 7, &g, &f));
	memcpy(bent, good, sizeof bent);
	bent[g.len - 20] = bent[g.len - 20] == 'A' ? 'B' : 'A';
	(void)snprintf(more, sizeof more, "%s\xe2\x80\x94 l AAAAAAA=\n"
		"\xe2\x80\x94 w.org AAAAAAA=\n", good);
	const struct {
		const char *reply, *why;
		int status;
		enum quorum_state state;
	} row[] = {
		{good, "", 200, QUORUM_AGREES},
		{"x", "no cosignature", 200, QUORUM_SILENT},
		{"\n\xe2\x80\x94 l AAAAAAA=\n", "no cosig", 200,
			QUORUM_SILENT},
		{"\xe2\x80\x94 l AAAAAAA=\n", "no cosig", 200, QUORUM_SILENT},
		{"\xe2\x80\x94 w.org AAAAAAA=\n", "no cosig", 200,
			QUORUM_SILENT},
		{"", "silence", 0, QUORUM_SILENT},
		{"", "does not watch", 404, QUORUM_SILENT},
		{"", "another history", 422, QUORUM_FORK},
		{"9\n", "has seen more", 409, QUORUM_AHEAD},
		{"2\n", "", 409, QUORUM_SILENT},
		{"2", "no cosig", 409, QUORUM_SILENT},
		{"22", "no cosig", 409, QUORUM_SILENT},
		{bent, "no cosig", 200, QUORUM_SILENT},
		{more, "", 200, QUORUM_AGREES},
		{"x\n", "no cosig", 409, QUORUM_SILENT},
		{"\n", "no cosig", 409, QUORUM_SILENT},
		{"", "no cosig", 409, QUORUM_SILENT},
	};
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		said.status = row[i].status;
		(void)snprintf(said.reply, sizeof said.reply, "%s",
			row[i].reply);
		lines = text_on(at, sizeof at);
		q.seen[0] = 0;
		CHECK(quorum_cosign(&q, &ask, &lines, &f) &&
			q.state[0] == row[i].state && (lines.len > 0) ==
				(row[i].state == QUORUM_AGREES),
			"answer %zu: %s", i, q.why);
	}
	{
		/* Lines enough to fill a checkpoint, all in its name; and its
		 * own once more, of another time. */
		struct text r = text_on(said.reply, sizeof said.reply);
		struct text older = text_on(bent, sizeof bent);
		char junk[103] = "";

		memset(junk, 'A', 102); /* 76 bytes of base64 */
		for (int i = 0; i < 20; i++)
			text_fmt(&r, "\xe2\x80\x94 w.org %s==\n", junk);
		need(note_cosign(text, &w, 6, &older, &f));
		text_bytes(&r, text_view(&older));
		text_add(&r, good);
		need(text_check(&r, &f));
		said.status = 200;
		lines = text_on(at, sizeof at);
		CHECK(quorum_cosign(&q, &ask, &lines, &f) &&
			q.state[0] == QUORUM_AGREES &&
			bytes_are(text_view(&lines), good),
			"the newest of its lines is kept, and no other");
	}
	said.fails = true;
	CHECK(!quorum_cosign(&q, &ask, &lines, &f), "no courier: %s", f.text);
	CHECK(!quorum_other(&q, 0, log_key.name, &letter, &f) &&
		quorum_other(&q, 1, log_key.name, &letter, &f) &&
		letter.status == 0, "nor for the other: %s", f.text);
	said.fails = false;
	q.seen[0] = 1;
	ask.tree = &fork_; /* of one entry */
	CHECK(!quorum_cosign(&q, &ask, &lines, &f), "no path: %s", f.text);
	ask.tree = NULL;
	CHECK(quorum_cosign(&q, &ask, &lines, &f), "nothing is proved");
	q.seen[0] = 0;
	ask.note = bytes_of("x");
	said.status = 200;
	CHECK(quorum_cosign(&q, &ask, &lines, &f) &&
		q.state[0] == QUORUM_SILENT, "no note is asked about");
	{
		struct text l = text_on(wide, sizeof wide);

		while (l.len < 3000)
			text_add(&l, "a long line of text that is signed\n");
		text = text_view(&l);
		text_char(&l, '\n');
		note_sign(text, &log_key, &l);
		memset(said.reply, 'x', sizeof said.reply - 1);
		ask.note = text_view(&l);
		CHECK(quorum_cosign(&q, &ask, &lines, &f) &&
			q.state[0] == QUORUM_SILENT, "too long an answer");
	}
	{
		static uint8_t huge[80 << 10];

		ask.note = (struct bytes){huge, sizeof huge};
		CHECK(!quorum_cosign(&q, &ask, &lines, &f), "a huge one: %s",
			f.text);
	}
	ask.note = bytes_of(note);
	q.courier = NULL;
	CHECK(quorum_cosign(&q, &ask, &lines, &f) && strstr(q.why,
		"cannot be reached") && quorum_other(&q, 0, log_key.name,
			&letter, &f), "without a courier: %s", q.why);
	(void)snprintf(more, sizeof more, "%s%s", note, good);
	quorum_recall(&q, bytes_of(more));
	CHECK(q.said_s[0] == 7 && q.said_s[1] == 0, "what it said last");
	more[strlen(more) - 20] = more[strlen(more) - 20] == 'A' ? 'B' : 'A';
	quorum_recall(&q, bytes_of(more));
	CHECK(q.said_s[0] == 0, "not what it never said");
	quorum_recall(&q, bytes_of("x"));
	CHECK(q.said_s[0] == 0, "nor of what is no note");
	quorum_close(&q);
	CHECK(quorum_make(&x->disk, &log_key, &f), "a policy is kept");
	{
		struct faulty *y = faulty_make();
		struct sign_key longer = log_key;

		memset(longer.name, 'n', SIGN_NAME_MAX);
		CHECK(!quorum_make(&y->disk, &longer, &f), "a long name: %s",
			f.text);
		faulty_free(y);
	}
	faulty_free(x);
}

/* -- between what times -- */

static struct sign_key clocks[3];

/* A checkpoint of so many entries, cosigned at these times (0: not). */
static struct bytes seen_at(uint64_t size, const uint64_t time_s[3], char *at,
	size_t room)
{
	struct checkpoint c = {.origin = "l", .size = size};
	struct text t = text_on(at, room);
	struct bytes signed_;

	checkpoint_print(&c, &log_key, &t);
	signed_ = (struct bytes){(const uint8_t *)at,
		(size_t)(strstr(at, "\n\n") - at) + 1};
	for (int i = 0; i < 3; i++)
		need(time_s[i] == 0 || note_cosign(signed_, &clocks[i],
			time_s[i], &t, &f));
	return text_view(&t);
}

static void keep_notes(struct faulty *x, const struct bytes *note, size_t n)
{
	struct log_options o = {.folder = "ledger/cosigned",
		.use = LOG_JOURNAL, .writable = true, .id = "seen"};
	struct log log = {0};

	need(log_open(&log, &x->disk, &o, &f));
	for (size_t i = 0; i < n; i++) {
		struct journal_record r = {.kind = JOURNAL_COSIGNATURE,
			.received = {1}, .payload = note[i]};

		need(log_append(&log, &r, 1, &f));
	}
	log_close(&log);
}

static void ask_policy(struct text *t)
{
	for (int i = 0; i < 3; i++) {
		struct note_key k = {.type = NOTE_COSIGNS};

		clocks[i] = (struct sign_key){.name = {(char)('a' + i)},
			.seed = {(uint8_t)(40 + i)}};
		sign_key_fill(&clocks[i]);
		memcpy(k.name, clocks[i].name, sizeof k.name);
		memcpy(k.key, clocks[i].public_key, SIGN_KEY);
		text_fmt(t, "witness %s ", k.name);
		note_key_print(&k, t);
		text_char(t, '\n');
	}
	text_add(t, "group g 2 a b c\nquorum g\n");
}

static void test_brackets(void)
{
	static const char path[] = "ledger/policy/accepted.policy";
	static char at[4][4096], policy[2048];
	struct text t = text_on(policy, sizeof policy);
	struct bytes note[4], odd;
	struct bracket b = {.index = 5};
	struct faulty *x = faulty_make();
	static const struct {
		uint64_t size, time_s[3];
	} seen[4] = {{2, {10, 0, 11}}, {5, {20, 30, 40}}, {6, {50, 61, 70}},
		{9, {80, 81, 82}}};

	ask_policy(&t);
	CHECK(bracket_of(&x->disk, &b, &f) && b.from_s == 0 && b.to_s == 0,
		"without a policy nothing is known");
	need(small_write(&x->disk, path, bytes_of("witness\n"), false, &f));
	CHECK(!bracket_of(&x->disk, &b, &f), "a policy: %s", f.text);
	put(x, path, text_view(&t));
	for (int i = 0; i < 4; i++)
		note[i] = seen_at(seen[i].size, seen[i].time_s, at[i],
			sizeof at[i]);
	keep_notes(x, note, 4);
	CHECK(bracket_of(&x->disk, &b, &f) && b.from_s == 30 && b.to_s == 61,
		"between %d and %d s", (int)b.from_s, (int)b.to_s);
	b = (struct bracket){.index = 1};
	CHECK(bracket_of(&x->disk, &b, &f) && b.from_s == 0 && b.to_s == 11,
		"in the first: %d to %d s", (int)b.from_s, (int)b.to_s);
	b = (struct bracket){.index = 99};
	CHECK(bracket_of(&x->disk, &b, &f) && b.from_s == 81 && b.to_s == 0 &&
		!b.with, "in none: from %d s", (int)b.from_s);
	faulty_free(x);
	at[0][strlen(at[0]) - 20] ^= 1;
	for (int i = 0; i < 3; i++) {
		static const char *const what[] = {"a note of nothing",
			"a note that is no checkpoint", "a false witness"};

		x = faulty_make();
		need(small_write(&x->disk, path, text_view(&t), false, &f));
		odd = i == 0 ? bytes_of("x") : i == 1 ? bytes_of(
			"x\n\n\xe2\x80\x94 a AAAAAAA=\n") : note[0];
		keep_notes(x, &odd, 1);
		f = (struct fault){0};
		CHECK(!bracket_of(&x->disk, &b, &f) && f.text[0], "%s: %s",
			what[i], f.text);
		faulty_free(x);
	}
	CHECK(bracket_least((const uint64_t[]){4, 4, 1}, 3, 1) == 4 &&
		bracket_most((const uint64_t[]){4, 4, 1}, 3, 1) == 4 &&
		bracket_least(NULL, 0, 1) == 0 && bracket_most((const
			uint64_t[]){4}, 1, 1) == 0, "two alike, none, too few");
}

int main(void)
{
	need(sign_ready(&f));
	sign_key_fill(&log_key);
	memcpy(log_public.key, log_key.public_key, SIGN_KEY);
	grow(&history, 3);
	grow(&fork_, 1);
	test_tile_files();
	test_bundle();
	test_tile_bounds();
	test_full_tile();
	test_long_name();
	test_blobs();
	test_wraps();
	test_slots();
	test_slots_ahead();
	test_slot_calls();
	test_answers();
	test_states();
	test_accepted();
	test_next_policy();
	test_quorum();
	test_brackets();
	merkle_tree_free(&history);
	merkle_tree_free(&fork_);
	return check_done();
}
