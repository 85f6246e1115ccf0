/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * listen.h - what the threads that turn samples into detections share: each
 * takes arrays first, then channels (chain_listen()). */
#ifndef ROLES_LISTEN_H
#define ROLES_LISTEN_H

#include "roles/chain.h"
#include "roles/crew.h"

struct listening { /* all but c and group: under the crew's lock */
	struct chain *c;
	const struct group *group; /* of gather.c: the arrays */
	size_t groups, next_group;
	size_t next_run; /* that begins the next channel to take */
	size_t undone;   /* channels that are not over */
	uint64_t detections, fresh, duplicates;
};

/* All of a run that what is heard of it hangs on, to a key (memo.h). */
void listen_key(struct sha256 *, const struct chain_run *);
/* Parsers that died so far, by any thread.  What was read meanwhile is not
 * remembered: a death's record is made when it happens. */
size_t listen_deaths(struct chain *);
/* Finds the arrays that have data; runs are sorted by channel, then time. */
MUST_USE bool listen_arrays_start(struct listening *, struct fault *);
/* Arrays, one after the other, until none is left. */
MUST_USE bool listen_arrays(
	struct listening *, struct crew *, struct fault *);

#endif
