/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fronts.h - the front doors of `truce run`, each a process of its own: the
 * listener, each SeedLink server, each broker (feeds/feeds.h).
 *
 * It is the same program, executed anew: no key of the log was ever in its
 * memory, and once its addresses are resolved and its files of TLS read it
 * gives up all but the network it has (parser/sandbox.h).  It hands each group
 * that is whole through a socket pair; here they are kept; then it is told, and
 * tells its peers.  It goes on only then, so what it may have under way is
 * bounded.  One that dies is begun anew after a second: its peers, who were not
 * told "kept", send again.  The listening socket stays ours, so nobody who
 * connects meanwhile is turned away.
 *
 * The calls are those of feeds.h. */
#ifndef CMD_FRONTS_H
#define CMD_FRONTS_H

#include "feeds/feeds.h"

struct fronts;

MUST_USE bool fronts_open(
	struct fronts **, const struct feeds_ask *, struct fault *);
MUST_USE bool fronts_wait(struct fronts *, int wait_ms, struct fault *);
void fronts_kept(struct fronts *, uint64_t mark);
void fronts_heard(struct fronts *, uint64_t mark);
void fronts_answer(struct fronts *, uint64_t node, struct bytes);
void fronts_refuse(struct fronts *, uint64_t node);
void fronts_watch(struct fronts *, size_t which, int fd);
void fronts_seen(const struct fronts *, struct feeds_seen *);
/* In a process that was forked: they are the parent's. */
void fronts_leave(struct fronts *);
void fronts_close(struct fronts *);

/* The process; its other end is fd 3, a listener fd 4. */
int front_run(void);

/* What is said between them: a head, and `length` bytes. */
enum { FRONT_FD = 3, FRONT_LISTENER = 4, FRONT_STRINGS = 10,
	FRONT_MAX = (1 << 20) + (64 << 10) };
enum front_kind {
	/* to it */
	FRONT_ASK,     /* FRONT_STRINGS texts with their zeros; a: frames */
	FRONT_RESUMED, /* a: known; b: sequence */
	FRONT_KEPT,    /* all of the round; a: mark */
	FRONT_HEARD,   /* a: mark */
	FRONT_ANSWER,  /* a: node; bytes */
	FRONT_REFUSE,  /* a: node */
	/* from it */
	FRONT_READY,
	FRONT_FAULT,   /* it cannot begin; a: kind; text */
	FRONT_RESUME,  /* feed, entry: where were we? */
	FRONT_GROUP,   /* a: sequence; b: node; c: lost; feed, entry, bytes */
	FRONT_FILE,    /* the same, of any sort */
	FRONT_ROUND,   /* that was all for now; a, b, c: groups, bytes, refused
			* since it began */
	FRONT_SAY,     /* text */
};
struct front_head {
	uint32_t length, kind;
	uint64_t a, b, c;
};

#endif
