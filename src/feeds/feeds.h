/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * feeds.h - records as they come over the network: nodes that push (push.h),
 * SeedLink servers that are asked (seedlink.h) and MQTT brokers (mqtt.h), in
 * one loop with poll().
 *
 *	feeds_wait()   hands each group that is whole to take()
 *	...            the caller makes them durable
 *	feeds_kept()   tells nodes and brokers; who sends frames hears of each,
 *	               by feeds_answer()
 *
 * Nothing a peer does ends the loop, or holds it up: what is wrong with a
 * connection closes that connection, and is said.  A server is connected to
 * again, after 1 s and then twice as long each time, up to a minute. */
#ifndef FEEDS_FEEDS_H
#define FEEDS_FEEDS_H

#include "base/arena.h"

enum {
	FEEDS_NODES_MAX = 16384,
	FEEDS_SERVERS_MAX = 64, /* of each sort */
};
/* Held for all connections together; who wants more then is cut. */
#define FEEDS_HELD_MAX ((size_t)256 << 20)
/* Taken in one round, so that what waits for its sync stays small. */
#define FEEDS_ROUND_MAX ((size_t)16 << 20)

struct feed_group {
	const char *feed;  /* "push", "seedlink3 HOST:PORT", "seedlink4 ...",
			    * "mqtt ..."; "lost push": a node tells of a gap
			    * (formats/gaps.c) */
	const char *entry; /* the node, the source; the subscription, "" none */
	uint64_t sequence; /* of the server; of the connection's groups */
	bool file;         /* of any sort, not records alone */
	uint64_t lost;     /* bytes that were too many to be held; then there
			    * are none */
	struct bytes bytes; /* whole records, as they were sent */
	uint64_t node; /* of a frame: whom feeds_answer() tells; 0: records */
};

struct feeds_ask {
	const char *listen; /* HOST:PORT; NULL: no nodes */
	int listener;       /* of it, if it listens already; 0: not yet */
	bool frames;        /* nodes may send signed frames */
	const char *const *seedlink; /* "HOST:PORT[/STREAMS]" */
	size_t seedlink_count;
	const char *const *mqtt; /* "HOST:PORT/TOPIC[,TOPIC]..." */
	size_t mqtt_count;
	const char *client, *user, *password; /* of it; mqtt.h */
	/* Files of PEM, of "tls:HOST:PORT": authorities that we believe of
	 * servers; what we show to nodes; whose certificate nodes must show,
	 * NULL: they need none. */
	const char *tls_ca, *tls_cert, *tls_key, *tls_nodes;
	/* Borrowed until it returns; false ends feeds_wait(). */
	bool (*take)(void *self, const struct feed_group *, struct fault *);
	/* The last sequence number that was kept; false: none. */
	bool (*resume)(void *self, const char *feed, const char *entry,
		uint64_t *sequence);
	void (*say)(void *self, const char *text);
	void *self;
};

struct feeds_seen { /* for people */
	uint64_t groups, bytes, refused;
	size_t nodes; /* connected now */
	size_t servers;
};

struct feeds;

MUST_USE bool feeds_open(
	struct feeds **, const struct feeds_ask *, struct fault *);
/* One round, waiting at most so long for something to come. */
MUST_USE bool feeds_wait(struct feeds *, int wait_ms, struct fault *);
/* All that take() was given is durable; it is heard when `mark` is, which
 * never goes back. */
void feeds_kept(struct feeds *, uint64_t mark);
/* What was kept up to this mark is heard: its senders have credit again
 * (wire.h). */
void feeds_heard(struct feeds *, uint64_t mark);
/* To a node that sends frames, if it is still there and reads. */
void feeds_answer(struct feeds *, uint64_t node, struct bytes);
/* One of its frames was refused: of too many its connection is closed. */
void feeds_refuse(struct feeds *, uint64_t node);
enum { FEEDS_ALSO = 2 };
/* feeds_wait() ends early when one of these can be read; -1: none. */
void feeds_watch(struct feeds *, size_t which, int fd);
void feeds_seen(const struct feeds *, struct feeds_seen *);
void feeds_close(struct feeds *);

#endif
