/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pieces.h - the newest records of a stream as formatted text, each once for
 * all who listen.  A piece is what one look at the store found: the records
 * behind `after`, up to `index`.
 *
 * Pieces are counted by who uses them: one that falls out of the ring goes when
 * the last who is in the middle of it has had it.  Of one thread (teller.h). */
#ifndef SERVE_PIECES_H
#define SERVE_PIECES_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"

enum { PIECES_KEPT = 1024, PIECES_BYTES = 32 << 20 };

struct piece {
	int64_t after, index;
	size_t len;
	unsigned users;
	char text[];
};

struct pieces {
	struct piece *kept[PIECES_KEPT]; /* a ring */
	uint64_t first, next; /* numbers of those there */
	size_t bytes;         /* of them, at most PIECES_BYTES or one */
	int64_t last;         /* index that has been told up to */
};

/* Yours, to be let go; NULL: no memory. */
struct piece *piece_new(int64_t after, int64_t index, struct bytes text);
void piece_free(struct piece *); /* when nobody uses it any more */
/* Where in it the records behind `index` begin. */
size_t piece_skip(const struct piece *, int64_t index);

/* Begins behind the index; what was there is let go. */
void pieces_begin(struct pieces *, int64_t index);
/* What follows, up to `index`; takes the piece. */
void pieces_add(struct pieces *, struct piece *);
/* The piece that has the first record behind `index`; NULL: there is none yet,
 * or *behind: it is no longer here. */
struct piece *pieces_after(
	const struct pieces *, int64_t index, bool *behind);

#endif
