/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crew.h - several threads at one work, until it is done or one of them meets
 * a fault.
 *
 * Each thread runs the same function, which takes one piece after another with
 * crew_next().  Whatever pieces share, the store and the chain's arenas above
 * all, is touched between crew_lock() and crew_unlock() only. */
#ifndef ROLES_CREW_H
#define ROLES_CREW_H

#include <pthread.h>

#include "base/hands.h"

struct crew {
	pthread_mutex_t lock;
	bool failed;      /* of a thread: nobody takes another piece */
	struct fault why; /* the first there was */
};

/* Runs `work` on 1..64 threads, `jobs` of them if so many can be had, the
 * caller's among them; false with the first fault. */
MUST_USE bool crew_run(int jobs, void *self,
	bool (*work)(void *self, struct crew *, struct fault *),
	struct fault *);
/* The next piece below count, *next on; false: none is left to do. */
MUST_USE bool crew_next(
	struct crew *, size_t *next, size_t count, size_t *piece);
/* As many threads for a pure room to share its work out to. */
struct hands crew_hands(int jobs);
void crew_lock(struct crew *);
void crew_unlock(struct crew *);

#endif
