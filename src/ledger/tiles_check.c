/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/tiles.h"

#include <stdlib.h>

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

	if (!tiles_file(c->disk, c->folder, path, c->at, &n, f))
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

struct bytes tiles_entry(struct bytes b, unsigned i)
{
	struct reader r = reader(b);

	while (i-- > 0)
		reader_skip(&r, read_u16be(&r));
	return read_bytes(&r, read_u16be(&r));
}
