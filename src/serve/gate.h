/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gate.h - the front door for a network: api.h on a unix socket, by SCGI
 * (scgi.h), behind a web server that is the only parser of HTTP and TLS
 * (deploy/nginx.conf).
 *
 * The socket is 0660; who connects must be root, we ourselves, or of the
 * socket's group.  A connection is a request; 2 s for its block, 20 s for each
 * pause of its body.  One thread each, at most GATE_THREADS, of which streams
 * have at most GATE_STREAMS: whoever comes then hears 503 at once, so a flood
 * waits in the web server and not in us.  What is logged is formatted once for
 * all streams; who reads slowly holds up nobody. */
#ifndef SERVE_GATE_H
#define SERVE_GATE_H

#include "serve/api.h"

enum { GATE_THREADS = 1200, GATE_STREAMS = 1024, GATE_BLOCK_S = 2,
	GATE_BODY_S = 20, GATE_BEAT_S = 15 };

struct gate;

MUST_USE bool gate_open(struct gate **, const struct api *,
	const char *socket, struct fault *);
void gate_close(struct gate *);

#endif
