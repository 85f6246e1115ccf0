/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * door.h - the front door for one's own machine: api.h on 127.0.0.1, by
 * libmicrohttpd (PROOF.md 12: never beyond loopback; nginx stands before
 * anything else).
 *
 * `Host` must be a loopback name, or a page elsewhere could read us (DNS
 * rebinding).  Four threads answer requests; who listens to the stream is told
 * by another (teller.h), on the connection's own socket.  The index is opened
 * anew when a replay made it anew. */
#ifndef SERVE_DOOR_H
#define SERVE_DOOR_H

#include "serve/api.h"

struct door;

enum { DOOR_CONNECTIONS = 4600, DOOR_THREADS = 4 };

/* `api` without a store: each thread opens its own. */
MUST_USE bool door_open(
	struct door **, const struct api *, uint16_t port, struct fault *);
uint16_t door_port(const struct door *);
void door_close(struct door *);

#endif
