/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * heard.h - what is remembered of a channel, so that a replay hears what is new
 * of it and no more.
 *
 * Under the key of its first k runs lies a link: what was told since the link
 * before, and that one's key; under another, how its ears stood after run k.
 * A channel that grew is taken up behind the longest beginning that is known:
 * what follows is byte for byte what hearing it from its first sample gives,
 * since what hears it is in the same state.  Late data change the order of the
 * runs, so that only what lies before them is found.
 *
 * A link that is long is not gone on with, so a growing channel writes little;
 * how its ears stood before goes with the next replay. */
#ifndef ROLES_HEARD_H
#define ROLES_HEARD_H

#include "roles/chain.h"
#include "roles/crew.h"
#include "roles/tape.h"

enum { HEARD_LINK = 1 << 12 }; /* bytes of a tape */

struct heard { /* of one thread */
	struct chain *c;
	struct crew *crew;
	struct arena past; /* of a channel: keys, and what the store gave */
	struct tape tape;  /* what was told since the last link */
	struct tape stands; /* how the ears stand */
	struct digest *key; /* by run: of all up to it */
	struct digest before; /* the last link; zero: none */
	size_t runs;
	size_t deaths; /* of parsers, before it was heard */
};

MUST_USE bool heard_open(
	struct heard *, struct chain *, struct crew *, struct fault *);
void heard_close(struct heard *);

/* A channel: *done of its runs are remembered, what was told of them is told
 * again, and *stood is how its ears stood; it lasts until the next channel. */
MUST_USE bool heard_begin(struct heard *, const struct chain_run *, size_t runs,
	const struct tape_to *, size_t *done, struct bytes *stood,
	struct fault *);
/* After `done` runs, all told of on the tape. */
MUST_USE bool heard_link(struct heard *, size_t done, struct fault *);
/* After all of them, and before the detectors are told that no more comes: how
 * the ears stand is in `stands`. */
MUST_USE bool heard_end(struct heard *, struct fault *);

#endif
