/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sha256_many.h - short texts hashed one behind the other.
 *
 * A processor that is to hash what was written a moment ago waits until that
 * has left it: 80 ns for a text of one block, and 50 where all are laid out
 * before the first is hashed.  So the texts are laid, and then all hashed.
 * Who writes the log uses this; nothing that verifies a mirror does. */
#ifndef BASE_SHA256_MANY_H
#define BASE_SHA256_MANY_H

#include "base/sha256.h"

enum { SHA256_MANY = 17, SHA256_LAID = 3 * 64 };

struct sha256_many {
	uint8_t in[SHA256_MANY][SHA256_LAID]; /* padded */
	struct {
		const struct sha256 *front;
		struct digest *out;
		size_t blocks;
	} of[SHA256_MANY];
	size_t n; /* texts that are laid; 0: begin */
};

/* front: 64 bytes that come before, or NULL.  The parts may change from then
 * on, and `out` be one of them; it is there once all are hashed.  What is too
 * long to be laid is hashed at once.  At most SHA256_MANY are laid. */
void sha256_lay(struct sha256_many *, const struct sha256 *front,
	const struct bytes *part, size_t parts, struct digest *out);
/* Hashes what is laid, and begins anew. */
void sha256_all(struct sha256_many *);

#endif
