/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cosign.h - a witness' front door (C2SP tlog-witness) by libmicrohttpd, on
 * loopback only; nginx stands before it and speaks TLS (PROOF.md 12).
 *
 *	POST /add-checkpoint      200, 400, 403, 404, 409, 422 (witness.h)
 *	GET  /checkpoint/<id>     the last note of a log (cosigner_id()), so
 *	                          that a fork is shown by both its notes
 *
 * One thread answers: one request at a time, of all logs. */
#ifndef SERVE_COSIGN_H
#define SERVE_COSIGN_H

#include <stdint.h>

#include "ledger/cosigner.h"

struct cosign_door;

/* The cosigner is the door's until it is closed. */
MUST_USE bool cosign_open(struct cosign_door **, struct cosigner *,
	uint16_t port, struct fault *);
uint16_t cosign_port(const struct cosign_door *);
void cosign_close(struct cosign_door *);

#endif
