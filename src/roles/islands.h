/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * islands.h - arrivals of sound to incidents, island by island, on several
 * threads.
 *
 * An island is what lies between two silences of locate_gap_s(), and has
 * nothing to do with the others.  A batch of them is collected, located by
 * whoever is free, a large one by all hands together, and given out in order:
 * nothing depends on the number of threads.
 *
 * What an earlier replay made of the same arrivals, in a network that says the
 * same of their time, is taken from what it remembered (memo.h). */
#ifndef ROLES_ISLANDS_H
#define ROLES_ISLANDS_H

#include "base/hands.h"
#include "locate/locate.h"
#include "roles/chain.h"
#include "roles/tape.h"

enum { ISLANDS_BATCH = 128, ISLANDS_PICKS = 4096 };

struct island;
struct remembered;

/* What a walk over all islands made, for another walk: what no charge has come
 * between is taken from here.  Beyond `most` bytes nothing is remembered, and
 * made again. */
struct islands_memory { /* start with {.arena = ..., .most = ...} */
	struct arena *arena;
	size_t most;
	struct remembered *first, *last, *at;
};

struct islands {
	const struct network *net; /* whose fits come in order too */
	int jobs;
	struct islands_memory *memory; /* NULL: none */
	struct memo *memo; /* of earlier replays; NULL: none */
	/* Of the second walk: for what times sensors were charged after the
	 * first, and where all that incidents point to goes. */
	const struct span *charged;
	size_t charged_count;
	struct arena *into;
	const struct incidents *out; /* by island, then as locate_sound();
	                                NULL: the first walk */
	/* Own. */
	struct arena picks, made; /* of the batch */
	struct arena work;        /* emptied by every call */
	struct tape tape;
	struct island *island;
	size_t count, batch_picks, next, end;
	struct hands lent; /* to each island */
};

/* The first ones are set. */
MUST_USE bool islands_open(struct islands *, struct fault *);
/* An arrival, by its record, to the island that is open; *d stays until the
 * island has been given out. */
MUST_USE bool islands_add(struct islands *, const struct row *,
	const struct detection **d, struct fault *);
/* Of arrivals whose rows sum up to `rows`: with all that locate_sound() asks
 * the network for, wherever it may ask. */
struct digest islands_key(const struct memo *, const struct network *,
	const struct digest *rows, struct span arrivals);
/* The island is whole. */
MUST_USE bool islands_end(struct islands *, struct fault *);
/* The same, and all that is whole is located and given out. */
MUST_USE bool islands_flush(struct islands *, struct fault *);
void islands_close(struct islands *);

#endif
