/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wire.h - a TCP connection that nobody waits for: bytes that came in and were
 * not used yet, bytes that go out when they can.
 *
 * "tls:HOST:PORT" is spoken to in TLS (tls.h), once the wire or its place is
 * given a side.
 *
 * Nothing here blocks but wire_resolve(), which asks for a name.  What came in
 * is held up to the `most` of wire_read(), so a peer that sends without end
 * costs no more; one that never reads what it is told is cut by wire_say().
 *
 * Credit: of what a peer sent, WIRE_CREDIT may wait to be heard; beyond that
 * nothing is read from it, and TCP tells it to wait.  So a flood is taken as
 * fast as it is heard, and who sends little does not wait behind it.  As what
 * is kept goes before what is heard, credit comes back after a while anyway. */
#ifndef FEEDS_WIRE_H
#define FEEDS_WIRE_H

#include <netinet/in.h>
#include <stddef.h>

#include "base/bytes.h"
#include "base/fault.h"

enum { WIRE_OUT = 64 << 10, WIRE_NAME = 128,
	WIRE_CREDIT = 512 << 10,
	WIRE_FLOOD = 64, /* so often spent, 32 MiB: worth a word */
	WIRE_PATIENCE_MS = 100 }; /* so 5 MB/s at least */

struct tls;
struct tls_side;

struct wire {
	int fd; /* -1: none */
	uint8_t *in; /* heap; have <= room */
	size_t have, room;
	char *out; /* heap, at most WIRE_OUT */
	size_t out_len, out_room;
	struct tls *tls;
	bool reads; /* nothing goes out before something came */
	/* credit */
	size_t owed;     /* bytes that are not heard */
	int64_t owed_ns; /* since when */
	uint64_t mark;   /* they are heard when this is */
	bool fresh;      /* not kept yet: the mark is to come */
	bool held_back;  /* it had none left */
	unsigned spent;  /* how often it had used up all its credit */
	bool over;       /* no more will come, and needs any */
};

struct wire_place { /* where to connect or listen */
	struct sockaddr_storage address;
	socklen_t len;
	bool secure;     /* it began with tls: */
	char host[256];
	const struct tls_side *tls; /* set by the caller if it is */
};

/* "127.0.0.1:18000", "[::1]:18000", "name:18000"; "tls:" before. */
MUST_USE bool wire_resolve(
	const char *at, bool passive, struct wire_place *, struct fault *);
/* name: as it is bound, with the port that was chosen for port 0. */
MUST_USE bool wire_listen(const struct wire_place *, int *fd,
	char name[WIRE_NAME], struct fault *);
/* *fd -1 and true: nobody is waiting any more. */
MUST_USE bool wire_accept(int listener, int *fd, struct fault *);
/* Begins; it is done, or has failed, when poll() says that it is writable. */
MUST_USE bool wire_connect(
	struct wire *, const struct wire_place *, struct fault *);
/* What became of it; TLS begins. */
MUST_USE bool wire_connected(
	struct wire *, const struct wire_place *, struct fault *);
/* A connection that was taken is to be of TLS. */
MUST_USE bool wire_secure(
	struct wire *, const struct tls_side *, struct fault *);
/* Is something to go out that may? */
static inline bool wire_goes(const struct wire *w)
{
	return w->out_len > 0 && !w->reads;
}

/* At most `budget` bytes more, and `most` held; *got is how many.  false: it
 * is over, closed or broken. */
MUST_USE bool wire_read(struct wire *, size_t most, size_t budget, size_t *got,
	struct fault *);
static inline struct bytes wire_view(const struct wire *w)
{
	return (struct bytes){w->in, w->have};
}
/* Forgets the first n bytes that came. */
void wire_used(struct wire *, size_t n);
/* So many bytes were handed on. */
static inline void wire_owes(struct wire *w, size_t n, int64_t now_ns)
{
	w->owed_ns = w->owed ? w->owed_ns : now_ns;
	w->spent += w->owed < WIRE_CREDIT && w->owed + n >= WIRE_CREDIT;
	w->owed += n;
	w->fresh = true;
}
/* All that was handed on is kept, and heard when `mark` is. */
static inline void wire_kept(struct wire *w, uint64_t mark)
{
	w->mark = w->fresh ? mark : w->mark;
	w->fresh = false;
}
static inline void wire_heard(struct wire *w, uint64_t mark)
{
	if (!w->fresh && w->mark <= mark)
		w->owed = 0;
}
/* Has it credit? */
static inline bool wire_may(struct wire *w, int64_t now_ns)
{
	if (w->owed >= WIRE_CREDIT && now_ns - w->owed_ns >=
			WIRE_PATIENCE_MS * INT64_C(1000000))
		w->owed = 0;
	return w->over || w->owed < WIRE_CREDIT;
}
/* LIMIT fault: the peer does not read. */
MUST_USE bool wire_say(struct wire *, struct bytes, struct fault *);
/* As much as goes. */
MUST_USE bool wire_flush(struct wire *, struct fault *);
/* Closes and frees. */
void wire_close(struct wire *);

#endif
