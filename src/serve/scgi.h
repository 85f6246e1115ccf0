/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scgi.h - a request as a web server hands it on (SCGI, PROOF.md 12): the
 * block of names and values, and the response in front of a body.  Memory
 * only; gate.h has the socket.
 *
 *	70:CONTENT_LENGTH 00 27 00 SCGI 00 1 00 ... ,BODY
 *
 * CONTENT_LENGTH comes first, SCGI is 1, no name twice, names are
 * [A-Z0-9_]{1,64}, a value has at most 8 KiB, the block 32 KiB. */
#ifndef SERVE_SCGI_H
#define SERVE_SCGI_H

#include "serve/wire.h"

enum {
	SCGI_BLOCK = 32 << 10,
	SCGI_VALUE = 8 << 10,
	SCGI_NAMES = 64,
	SCGI_LENGTH = 6, /* digits and colon */
};

/* How long the block is, of `len:` in front; *head is where it begins.  False
 * without a fault: more bytes are needed. */
MUST_USE bool scgi_length(
	struct bytes, size_t *head, size_t *length, struct fault *);
/* The block, without `len:` and comma.  Paths lie in the arena, all else is
 * borrowed; the body is not there yet. */
MUST_USE bool scgi_read(struct bytes block, struct arena *,
	struct wire_request *, size_t *body, struct fault *);
/* Status line and headers, with the empty line. */
void scgi_head(const struct wire_response *, struct text *);

#endif
