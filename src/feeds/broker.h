/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * broker.h - a connection to an MQTT broker (mqtt.h), for the loop of feeds.h:
 * called again after 1 s and then twice as long each time, up to a minute.
 *
 * The last level of a topic names the source, "truce/S01": S01. */
#ifndef FEEDS_BROKER_H
#define FEEDS_BROKER_H

#include <poll.h>

#include "feeds/feeds.h"
#include "feeds/mqtt.h"
#include "feeds/wire.h"

struct broker {
	const char *place; /* HOST:PORT */
	struct wire_place at;
	struct wire wire;
	struct mqtt link;
	char feed[160];
	bool connecting, asked;
	int64_t heard_ns, again_ns;
	int back_off_s;
	bool known; /* it had a session of ours */
	bool over; /* what it sent was wrong: hang up */
	struct fault why;
};

struct broker_ask { /* who wants it */
	/* As feeds_ask.take; false ends it. */
	bool (*give)(void *self, struct wire *, const struct feed_group *,
		struct fault *);
	void (*say)(void *self, const char *text);
	void *self;
};

/* what: "HOST:PORT/TOPIC[,TOPIC]..." */
MUST_USE bool broker_open(struct broker *, const char *what,
	const struct feeds_ask *, struct arena *, struct fault *);
/* Connects, asks and gives up, by the clock. */
void broker_mind(struct broker *, const struct broker_ask *, int64_t now);
void broker_watch(struct broker *, int64_t now, struct pollfd *);
/* false: the caller failed. */
MUST_USE bool broker_serve(struct broker *, const struct broker_ask *,
	short events, int64_t now, struct fault *);
/* All that was given is durable. */
void broker_kept(struct broker *, const struct broker_ask *, int64_t now);

#endif
