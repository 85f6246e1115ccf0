/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * teller.h - the teller of a front door: one thread that looks at the store
 * ten times a second and tells what was logged since to all who listen to the
 * stream, on their sockets, as they take it.
 *
 * What `truce run` tells at once (store/alerts.h) goes out as it is, within
 * TELLER_HERALD_MS, without an id: `event: alert`.  Who is behind misses it,
 * and hears of it by the log.
 *
 * Each record is formatted once for all (pieces.h) and written from there;
 * nobody has a thread or a buffer of his own.  Who takes nothing for a while
 * holds up nobody: when he takes again he is told from the store what he
 * missed; after TELLER_PATIENCE_S he is let go, and his browser comes back
 * with the id of the last record that it had.  So is everybody after
 * TELLER_STAY_S, a minute more or less: whose session has ended by then, or
 * whose key was revoked, does not hear on. */
#ifndef SERVE_TELLER_H
#define SERVE_TELLER_H

#include "serve/api.h"

enum { TELLER_LOOK_MS = 100, TELLER_HERALD_MS = 20,
	TELLER_BEAT_S = 15, TELLER_PATIENCE_S = 60,
	TELLER_STAY_S = 600,
	TELLER_BUFFER = 64 << 10 }; /* of a socket */

struct teller_how {
	size_t most;    /* who may listen at once */
	int patience_s; /* 0: TELLER_PATIENCE_S */
	int stay_s;     /* 0: TELLER_STAY_S */
	/* He is no longer told anything, and the socket is yours again; from
	 * the teller's thread. */
	void (*left)(void *self, void *who, int fd);
	void *self;
};

struct teller;

/* `api` without a store: the teller opens its own.  At api->level below
 * mission's (level.h) he tells what is logged alone, no alerts. */
MUST_USE bool teller_open(struct teller **, const struct api *,
	const struct teller_how *, struct fault *);
/* Tells the socket, whose head has been sent, what was logged behind `after`,
 * until left() says so.  False: full, or ending; left() is not called. */
MUST_USE bool teller_join(
	struct teller *, int fd, int64_t after, void *who);
/* left() has been called of everybody. */
void teller_close(struct teller *);

/* One for each level that has a stream. */
struct tellers {
	struct teller *mission, *parties;
};

MUST_USE bool tellers_open(struct tellers *, const struct api *,
	const struct teller_how *, struct fault *);
/* Behind w->after, at the level that w says; see teller_join(). */
MUST_USE bool tellers_join(const struct tellers *, int fd,
	const struct wire_response *w, void *who);
void tellers_close(struct tellers *);

#endif
