/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arena.h - memory that dies at once.
 *
 * Pure rooms call neither malloc nor free: lists go into a caller's arena, a
 * plain block that is filled from the front and emptied as a whole when the
 * packet, the hour or the report is done.  A full arena is a LIMIT fault.
 * Nothing in an arena is ever freed alone; take a mark and go back to it. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"

struct arena {
	uint8_t *at;
	size_t size;
	size_t used; /* never greater than size */
};

static inline struct arena arena_on(void *block, size_t size)
{
	return (struct arena){.at = block, .size = size};
}

/* n zeroed bytes, aligned for any type; NULL and a LIMIT fault when full. */
MUST_USE void *arena_take(struct arena *, size_t n, struct fault *);
/* The same, not zeroed: for bytes that are written before they are read. */
MUST_USE void *arena_room(struct arena *, size_t n, struct fault *);
/* count zeroed things of size bytes each; the product is checked. */
MUST_USE void *arena_array(
	struct arena *, size_t count, size_t size, struct fault *);
/* A copy, ended by a zero byte that is not counted. */
MUST_USE char *arena_text(struct arena *, struct bytes, struct fault *);

/* For the porch and tests: a block from the system, given out page by page as
 * it is first touched, so a generous size costs nothing. */
MUST_USE bool arena_map(struct arena *, size_t size, struct fault *);
void arena_unmap(struct arena *);

#endif
