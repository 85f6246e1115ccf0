/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * seat.h - what one thread of a front door reads with: its own view of the
 * index, opened anew when a replay made the index anew. */
#ifndef SERVE_SEAT_H
#define SERVE_SEAT_H

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

#endif
