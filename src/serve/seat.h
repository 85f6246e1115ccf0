/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * seat.h - what one thread of a front door reads with: its own view of the
 * index, opened anew when a replay made the index anew; and the few seats that
 * all threads of a door share, so that no more requests are worked on at once
 * than there are seats. */
#ifndef SERVE_SEAT_H
#define SERVE_SEAT_H

#include <pthread.h>
#include <sys/types.h>

#include "serve/api.h"

struct seat {
	struct api api;
	struct store store;
	dev_t device;
	ino_t file; /* of the index that is open; 0: none */
};

void seat_close(struct seat *);
MUST_USE bool seat_ready(struct seat *, struct fault *);

enum { SEATS = 8 };

struct seats {
	pthread_mutex_t writing; /* one submission at a time */
	pthread_mutex_t lock;    /* over taken */
	pthread_cond_t freed;
	bool taken[SEATS];
	struct seat seat[SEATS];
};

/* `api` without a store: each seat opens its own when it is first needed. */
void seats_init(struct seats *, const struct api *);
void seats_done(struct seats *);
/* Waits for a seat; `now` of the request is set here. */
void seats_answer(struct seats *, const struct wire_request *, struct arena *,
	struct wire_response *);

#endif
