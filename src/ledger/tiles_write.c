/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/tiles.h"

#include <stdlib.h>

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
