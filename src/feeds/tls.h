/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tls.h - TLS 1.2 and later over a connected socket that nobody waits for: the
 * only file that sees libssl.
 *
 * Who calls checks the peer's certificate against the authorities of a file it
 * is given (no others), its time, and its name: a DNS name, or the address when
 * one was asked for.  Who listens shows a certificate, and may ask its peers
 * for theirs.  The handshake goes on as reading and writing do. */
#ifndef FEEDS_TLS_H
#define FEEDS_TLS_H

#include <stddef.h>

#include "base/fault.h"

struct tls_side; /* what connections of one side share */
struct tls;      /* a connection */

enum { TLS_RECORD = 16 << 10 }; /* of what came, this may lie in it unread */

/* INPUT fault: what is wrong with a file. */
MUST_USE bool tls_client(
	struct tls_side **, const char *authorities, struct fault *);
/* peers: authorities of the certificates they must show; NULL: none. */
MUST_USE bool tls_server(struct tls_side **, const char *certificate,
	const char *key, const char *peers, struct fault *);
void tls_side_free(struct tls_side *);

/* host: as it was asked for; NULL: we were called. */
MUST_USE bool tls_open(struct tls **, const struct tls_side *, int fd,
	const char *host, struct fault *);
/* *got 0: nothing now.  false: it is over; the fault says why. */
MUST_USE bool tls_read(
	struct tls *, void *, size_t room, size_t *got, struct fault *);
/* *put 0: nothing goes now; *reads: before something came. */
MUST_USE bool tls_write(struct tls *, const void *, size_t, size_t *put,
	bool *reads, struct fault *);
/* Bytes that poll() does not see. */
size_t tls_pending(const struct tls *);
/* Says good-bye if that goes at once; the socket stays the caller's. */
void tls_free(struct tls *);

#endif
