/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/tiles.h"

#include <stdlib.h>

void tile_index(uint64_t n, struct text *t)
{
	uint64_t unit = 1;

	while (n / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000)
		text_fmt(t, "x%03u/", (unsigned)(n / unit % 1000));
	text_fmt(t, "%03u", (unsigned)(n % 1000));
}

const char *tile_path(
	int level, uint64_t n, unsigned width, char out[TILE_PATH])
{
	struct text t = text_on(out, TILE_PATH);

	text_add(&t, "tile/");
	if (level == TILE_ENTRIES)
		text_add(&t, "entries");
	else
		text_i64(&t, level);
	text_char(&t, '/');
	tile_index(n, &t);
	if (width < TILE_WIDTH)
		text_fmt(&t, ".p/%u", width);
	return out;
}

uint64_t tile_level_size(int level, uint64_t size)
{
	return level < 8 ? size >> (8 * level) : 0;
}

unsigned tile_width(uint64_t n, uint64_t hashes)
{
	uint64_t from = n * TILE_WIDTH;

	if (from >= hashes)
		return 0;
	return hashes - from < TILE_WIDTH ? (unsigned)(hashes - from)
					  : TILE_WIDTH;
}

/* Temporary name, sync, rename: a file is whole or not there. */
static bool put_file(struct tiles *t, const char *path, size_t n,
	struct fault *f)
{
	char to[2 * TILE_PATH], tmp[2 * TILE_PATH];
	struct text a = text_on(to, sizeof to), b = text_on(tmp, sizeof tmp);
	struct disk *d = t->disk;
	struct fault no;
	int file;
	bool ok;

	text_fmt(&a, "%s/%s", t->folder, path);
	text_fmt(&b, "%s/%s.new", t->folder, path);
	if (!text_check(&a, f) || !text_check(&b, f))
		return false;
	(void)d->remove(d->self, tmp, &no);
	if (!d->open(d->self, tmp, DISK_CREATE, &file, f))
		return fault_in(f, "%s", to);
	ok = d->write(d->self, file, 0, (struct bytes){t->at, n}, f) &&
		d->sync(d->self, file, f);
	d->close(d->self, file);
	ok = ok && d->replace(d->self, tmp, to, f);
	if (!ok)
		(void)d->remove(d->self, tmp, &no);
	return ok || fault_in(f, "%s", to);
}

/* Partial tiles may go once the full one is there. */
static bool drop_one(void *self, const char *name, struct fault *f)
{
	const struct tiles *t = self;
	char path[3 * TILE_PATH];
	struct text p = text_on(path, sizeof path);

	text_fmt(&p, "%s/%s.p/%s", t->folder, t->full, name);
	return text_check(&p, f) &&
		t->disk->remove(t->disk->self, path, f);
}

static bool put_tile(struct tiles *t, int level, uint64_t n, unsigned width,
	size_t len, struct fault *f)
{
	char path[TILE_PATH], folder[2 * TILE_PATH];
	struct text p = text_on(folder, sizeof folder);

	t->full = tile_path(level, n, width, path);
	if (!put_file(t, path, len, f))
		return false;
	if (width < TILE_WIDTH)
		return true;
	text_fmt(&p, "%s/%s.p", t->folder, path); /* shorter than .new */
	return t->disk->list(t->disk->self, folder, drop_one, t, f);
}

bool tiles_begin(
	struct tiles *t, struct disk *d, const char *folder, struct fault *f)
{
	*t = (struct tiles){.disk = d, .folder = folder};
	t->at = malloc(TILE_BUNDLE);
	return t->at || fault(f, FAULT_LIMIT, "memory");
}

void tiles_free(struct tiles *t)
{
	free(t->at);
	t->at = NULL;
}

static bool put_bundle(struct tiles *t, struct fault *f)
{
	size_t n = t->count;

	t->count = 0;
	return n == 0 || put_tile(t, TILE_ENTRIES, (t->end - 1) / TILE_WIDTH,
		(unsigned)n, n * (2 + ENTRY_LEN), f);
}

bool tiles_add(struct tiles *t, uint64_t index, const uint8_t raw[ENTRY_LEN],
	struct fault *f)
{
	uint8_t *at = t->at + t->count * (2 + ENTRY_LEN);

	if (index % TILE_WIDTH != t->count)
		return fault(f, FAULT_SYSTEM, "tiles: entry %ju out of order",
			(uintmax_t)index);
	put_be(at, ENTRY_LEN, 2);
	memcpy(at + 2, raw, ENTRY_LEN);
	t->count++;
	t->end = index + 1;
	return t->count < TILE_WIDTH || put_bundle(t, f);
}

/* Hash i of a level lies in the tree, 8 of its levels a level of tiles. */
static bool put_level(struct tiles *t, const struct merkle_tree *tree,
	int level, uint64_t before, uint64_t size, struct fault *f)
{
	uint64_t had = tile_level_size(level, before);
	uint64_t has = tile_level_size(level, size);

	if (had == has)
		return true;
	for (uint64_t n = had / TILE_WIDTH; n * TILE_WIDTH < has; n++) {
		unsigned width = tile_width(n, has);
		size_t len = width * sizeof(struct digest);

		memcpy(t->at, tree->level[8 * level] + n * TILE_WIDTH, len);
		if (!put_tile(t, level, n, width, len, f))
			return false;
	}
	return true;
}

bool tiles_end(struct tiles *t, const struct merkle_tree *tree,
	uint64_t before, uint64_t size, struct fault *f)
{
	if (t->end != size || size > tree->count[0])
		return fault(f, FAULT_SYSTEM, "tiles: %ju entries, wants %ju",
			(uintmax_t)t->end, (uintmax_t)size);
	if (!put_bundle(t, f))
		return false;
	for (int level = 0; level < 8; level++)
		if (!put_level(t, tree, level, before, size, f))
			return false;
	return true;
}

/* -- reading -- */

/* At most TILE_BUNDLE bytes; *n 0: there is no such file. */
static bool get_file(struct disk *d, const char *folder, const char *path,
	uint8_t *at, size_t *n, struct fault *f)
{
	char from[3 * TILE_PATH];
	struct text t = text_on(from, sizeof from);
	uint64_t size;
	bool exists, ok;
	int file;

	*n = 0;
	text_fmt(&t, "%s%s%s", folder, folder[0] ? "/" : "", path);
	if (!text_check(&t, f) ||
		!d->size(d->self, from, &size, &exists, f))
		return false;
	if (!exists)
		return true;
	if (size == 0 || size > TILE_BUNDLE)
		return fault(f, FAULT_INPUT, "%s: %ju bytes", path,
			(uintmax_t)size);
	if (!d->open(d->self, from, DISK_READ, &file, f))
		return false;
	ok = d->read(d->self, file, 0, at, (size_t)size, n, f);
	d->close(d->self, file);
	return ok;
}

bool tiles_read(
	struct disk *d, const char *folder, struct tile *t, struct fault *f)
{
	(void)tile_path(t->level, t->n, t->width, t->path);
	if (!get_file(d, folder, t->path, t->at, &t->len, f))
		return false;
	if (t->len > 0 || t->width == TILE_WIDTH)
		return true;
	(void)tile_path(t->level, t->n, TILE_WIDTH, t->path);
	if (!get_file(d, folder, t->path, t->at, &t->len, f))
		return false;
	if (t->len == 0)
		(void)tile_path(t->level, t->n, t->width, t->path);
	return true;
}

static bool is_there(struct disk *d, const char *folder, int level, uint64_t n,
	unsigned width)
{
	char name[TILE_PATH], path[3 * TILE_PATH];
	struct text t = text_on(path, sizeof path);
	struct fault no;
	uint64_t size;
	bool yes = false;

	text_fmt(&t, "%s/%s", folder, tile_path(level, n, width, name));
	return d->size(d->self, path, &size, &yes, &no) && yes;
}

bool tiles_there(struct disk *d, const char *folder, uint64_t size)
{
	uint64_t last = size > 0 ? (size - 1) / TILE_WIDTH : 0;
	unsigned width = tile_width(last, size);

	return size > 0 && is_there(d, folder, TILE_ENTRIES, last, width) &&
		is_there(d, folder, 0, last, width);
}

struct bytes tiles_entry(struct bytes b, unsigned i)
{
	struct reader r = reader(b);

	while (i-- > 0)
		reader_skip(&r, read_u16be(&r));
	return read_bytes(&r, read_u16be(&r));
}

struct check {
	struct disk *disk;
	const char *folder;
	const struct merkle_tree *tree;
	uint64_t size, *index;
	int level;
	uint64_t n;
	uint8_t *at;
};

static bool bundle_fits(const struct check *c, struct bytes b)
{
	const struct digest *leaf = c->tree->level[0] + c->n * TILE_WIDTH;
	struct reader r = reader(b);
	size_t room = c->tree->count[0] - c->n * TILE_WIDTH;

	for (size_t i = 0; !reader_done(&r); i++) {
		struct bytes e = read_bytes(&r, read_u16be(&r));
		struct digest d = merkle_leaf(e);

		if (r.ran_out || i >= room || !digest_equal(&d, &leaf[i]))
			return false;
	}
	return true;
}

static bool hashes_fit(const struct check *c, struct bytes b)
{
	int k = 8 * c->level;
	size_t room = c->tree->count[k] - c->n * TILE_WIDTH;

	return b.len / SHA256_LEN <= room &&
		memcmp(b.at, c->tree->level[k] + c->n * TILE_WIDTH, b.len) ==
			0;
}

static bool check_tile(struct check *c, const char *path, unsigned width,
	bool wanted, struct fault *f)
{
	size_t each = c->level == TILE_ENTRIES ? 2 + ENTRY_LEN : SHA256_LEN, n;
	struct bytes b;

	if (!get_file(c->disk, c->folder, path, c->at, &n, f))
		return false;
	if (n == 0 && !wanted)
		return true;
	if (n == 0)
		return fault(f, FAULT_INPUT, "%s: is not there", path);
	b = (struct bytes){c->at, n};
	return (n == width * each && (c->level == TILE_ENTRIES
			? bundle_fits(c, b) : hashes_fit(c, b))) ||
		fault(f, FAULT_INPUT, "%s: is not what the log says", path);
}

static bool check_partial(void *self, const char *name, struct fault *f)
{
	struct check *c = self;
	char path[TILE_PATH], own[8];
	struct text t = text_on(own, sizeof own);
	size_t len = strlen(name);
	unsigned width = 0;

	if (len > 4 && strcmp(name + len - 4, ".new") == 0)
		return true; /* cut short, and never shown to anybody */
	for (const char *p = name; *p >= '0' && *p <= '9' && width < 256; p++)
		width = 10 * width + (unsigned)(*p - '0');
	text_i64(&t, width);
	if (width == 0 || width > 255 || strcmp(own, name) != 0)
		return fault(f, FAULT_INPUT, "%s: is no tile", name);
	return check_tile(c, tile_path(c->level, c->n, width, path), width,
		true, f);
}

static bool check_index(struct check *c, uint64_t hashes, struct fault *f)
{
	unsigned width = tile_width(c->n, hashes);
	/* Longer by `.p/255` than what check_tile() takes. */
	char path[TILE_PATH], folder[3 * TILE_PATH + 8];
	struct text t = text_on(folder, sizeof folder);
	bool exists = false;
	uint64_t size;

	if (!check_tile(c, tile_path(c->level, c->n, TILE_WIDTH, path),
		    TILE_WIDTH, width == TILE_WIDTH, f))
		return false;
	text_fmt(&t, "%s/%s", c->folder,
		tile_path(c->level, c->n, width, path));
	if (width < TILE_WIDTH && !c->disk->size(c->disk->self, folder, &size,
		&exists, f))
		return false;
	if (width < TILE_WIDTH && !exists)
		return check_tile(c, path, width, true, f);
	t = text_on(folder, sizeof folder);
	text_fmt(&t, "%s/%s.p", c->folder,
		tile_path(c->level, c->n, TILE_WIDTH, path));
	return c->disk->list(c->disk->self, folder, check_partial, c, f);
}

bool tiles_check(struct disk *d, const char *folder,
	const struct merkle_tree *tree, uint64_t size, uint64_t *index,
	struct fault *f)
{
	struct check c = {d, folder, tree, size, index, TILE_ENTRIES, 0,
		malloc(TILE_BUNDLE)};
	bool ok = c.at != NULL;

	if (!ok)
		return fault(f, FAULT_LIMIT, "memory");
	for (; ok && c.level < 8; c.level++) {
		int k = c.level < 0 ? 0 : c.level;
		uint64_t hashes = tile_level_size(k, size);

		for (c.n = 0; ok && c.n * TILE_WIDTH < hashes; c.n++) {
			*index = (c.n * TILE_WIDTH) << (8 * k);
			ok = check_index(&c, hashes, f);
		}
	}
	free(c.at);
	return ok;
}
