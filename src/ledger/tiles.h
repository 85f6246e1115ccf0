/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tiles.h - the log as files that any web server can serve (C2SP tlog-tiles):
 *
 *	tile/<L>/<N>[.p/<W>]        256 hashes of level L, or W of them
 *	tile/entries/<N>[.p/<W>]    256 entries, each behind a u16 length
 *
 * A file never changes: a partial tile is another file than the next one, and
 * may go when the full one is there.  All of it can be written again from the
 * journal. */
#ifndef LEDGER_TILES_H
#define LEDGER_TILES_H

#include "base/disk.h"
#include "base/text.h"
#include "ledger/entry.h"
#include "ledger/merkle.h"

enum {
	TILE_WIDTH = 256,
	TILE_BYTES = TILE_WIDTH * SHA256_LEN,
	TILE_BUNDLE = TILE_WIDTH * (2 + ENTRY_LEN),
	TILE_PATH = 96,
	TILE_ENTRIES = -1, /* as a level */
};

/* "tile/0/x001/234" + ".p/W" where width is below 256. */
const char *tile_path(int level, uint64_t n, unsigned width,
	char out[TILE_PATH]);
/* 1234067 -> "x001/x234/067" */
void tile_index(uint64_t n, struct text *);
/* Hashes of a level in a tree of size. */
uint64_t tile_level_size(int level, uint64_t size);
/* Width of tile n of a level with so many hashes; 0: there is none. */
unsigned tile_width(uint64_t n, uint64_t hashes);

/* Writing what a tree of `size` has more than one of `before`: entries from
 * tiles_from(before) on, in order, then the hashes.
 *
 *	if (!tiles_begin(&t, disk, "ledger/pub", f)) ...
 *	if (!tiles_add(&t, index, raw, f)) ...        each entry
 *	ok = tiles_end(&t, &tree, before, size, f);   durable
 *	tiles_free(&t);
 */
struct tiles {
	struct disk *disk;
	const char *folder;
	uint8_t *at; /* TILE_BUNDLE bytes */
	size_t count; /* entries of the bundle that is being filled */
	uint64_t end;
	const char *full; /* the tile being written */
};

static inline uint64_t tiles_from(uint64_t before)
{
	return before / TILE_WIDTH * TILE_WIDTH;
}

MUST_USE bool tiles_begin(
	struct tiles *, struct disk *, const char *folder, struct fault *);
MUST_USE bool tiles_add(struct tiles *, uint64_t index,
	const uint8_t raw[ENTRY_LEN], struct fault *);
MUST_USE bool tiles_end(struct tiles *, const struct merkle_tree *,
	uint64_t before, uint64_t size, struct fault *);
void tiles_free(struct tiles *);

/* The last tile and bundle of a log of `size` are there (0: nothing is). */
bool tiles_there(struct disk *, const char *folder, uint64_t size);

/* At most TILE_BUNDLE bytes; *n 0: there is no such file. */
MUST_USE bool tiles_file(struct disk *, const char *folder, const char *path,
	uint8_t *at, size_t *n, struct fault *);

struct tile { /* one file, to be read */
	int level;
	uint64_t n;
	unsigned width;
	uint8_t *at; /* TILE_BUNDLE bytes, the reader's */
	size_t len;  /* 0: it is not there */
	char path[TILE_PATH];
};

/* As named, or the full one where a partial one is gone: path says which. */
MUST_USE bool tiles_read(
	struct disk *, const char *folder, struct tile *, struct fault *);
/* Entry i of a bundle of n bytes; empty: it ends before. */
struct bytes tiles_entry(struct bytes bundle, unsigned i);

/* Are all files that a tree of `size` wants there, and is every one, older
 * partial ones too, what the tree says?  INPUT fault: which is not, and *index
 * the first entry it speaks of. */
MUST_USE bool tiles_check(struct disk *, const char *folder,
	const struct merkle_tree *, uint64_t size, uint64_t *index,
	struct fault *);

#endif
