/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gate.h - the front door for a network: api.h on a unix socket, by SCGI
 * (scgi.h), behind a web server that is the only parser of HTTP and TLS
 * (deploy/nginx.conf).
 *
 * The socket is 0660; who connects must be root, we ourselves, or of the
 * socket's group.  A connection is a request; 2 s for its block, 20 s for each
 * pause of its body.  One thread each, at most GATE_THREADS: whoever comes then
 * hears 503 at once, so a flood waits in the web server and not in us.  Who
 * listens to the stream has no thread (teller.h), and there are at most
 * GATE_STREAMS. */
#ifndef SERVE_GATE_H
#define SERVE_GATE_H

#include "serve/api.h"

enum { GATE_THREADS = 256, GATE_STREAMS = 4096, GATE_BLOCK_S = 2,
	GATE_BODY_S = 20 };

struct gate;

MUST_USE bool gate_open(struct gate **, const struct api *,
	const char *socket, struct fault *);
void gate_close(struct gate *);

#endif
