/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/tiles.h"

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

bool tiles_file(struct disk *d, const char *folder, const char *path,
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
	if (!tiles_file(d, folder, t->path, t->at, &t->len, f))
		return false;
	if (t->len > 0 || t->width == TILE_WIDTH)
		return true;
	(void)tile_path(t->level, t->n, TILE_WIDTH, t->path);
	if (!tiles_file(d, folder, t->path, t->at, &t->len, f))
		return false;
	if (t->len == 0)
		(void)tile_path(t->level, t->n, t->width, t->path);
	return true;
}
