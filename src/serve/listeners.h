/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * listeners.h - one stream of records and many who listen: the newest records
 * as formatted text, each once, and a place in it for everybody.
 *
 * Told in the log's order.  A listener whose place has been left behind is
 * told so, and fetches what he missed from the store (events.h), then comes
 * back: nothing is lost to him, and nobody waits for him.  Not locked: the
 * door holds one lock over all. */
#ifndef SERVE_LISTENERS_H
#define SERVE_LISTENERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"

enum { LISTENERS_KEPT = 1024 };

struct listeners_one { /* one record */
	int64_t index;
	char *text;
	size_t len;
};

struct listeners {
	struct listeners_one kept[LISTENERS_KEPT]; /* a ring */
	uint64_t first, next; /* numbers of the records there */
	int64_t before; /* ledger index before the first of them */
	int64_t last;   /* of the last; of before, where there is none */
};

/* Begins behind the index. */
void listeners_begin(struct listeners *, int64_t index);
/* Several records as text; split at empty lines.  Indices must rise. */
MUST_USE bool listeners_tell(
	struct listeners *, struct bytes text, struct fault *);
/* The first record behind `after`; NULL: there is none yet, or *behind: it is
 * no longer here. */
const struct listeners_one *listeners_after(
	const struct listeners *, int64_t after, bool *behind);
void listeners_end(struct listeners *);

#endif
