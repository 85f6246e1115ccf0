/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mqtt.h - a subscriber's side of MQTT 3.1.1 (OASIS Standard, 29 October 2014):
 * pure, bytes in, messages and bytes to say out.
 *
 * The session is a lasting one (clean session 0, QoS 1).  A message is
 * acknowledged by mqtt_kept(), when the caller has synced it, and not before:
 * so what a crash takes is sent again.  Libraries do it elsewhere:
 * libmosquitto 2.0.11 acknowledges before it tells of a message (shown by
 * killing the subscriber in its callback), libpaho-mqtt 1.3.12 when the
 * callback returns, so each message would need a sync of its own, in a thread.
 *
 * Acknowledged in the order they came (4.6).  A message of QoS 0 has no
 * acknowledgement; of QoS 2 nobody was asked, and it is an error.  One that is
 * longer than MQTT_MESSAGE_MAX is passed over and told of as lost. */
#ifndef FEEDS_MQTT_H
#define FEEDS_MQTT_H

#include "base/text.h"

enum {
	MQTT_MESSAGE_MAX = 1 << 20, /* as push.h's group */
	MQTT_TOPIC_MAX = 1024,
	MQTT_HELD_MAX = MQTT_MESSAGE_MAX + MQTT_TOPIC_MAX + 16,
	MQTT_OPEN_MAX = 1024, /* given out, not acknowledged */
	MQTT_ALIVE_S = 60,
	MQTT_SAY_MAX = 4096,
};

enum mqtt_stage { MQTT_CONNECT, MQTT_SUBSCRIBE, MQTT_READY };

struct mqtt {
	/* set by the caller; texts without zeros */
	const char *client; /* the session's name, up to 23 letters, digits */
	const char *user, *password; /* NULL: none */
	const char *topics; /* filters, separated by commas */
	/* of the connection */
	enum mqtt_stage stage;
	bool resumed; /* the broker knew the session */
	uint16_t open[MQTT_OPEN_MAX];
	size_t opens;
	uint64_t skip; /* bytes of a message that is too long */
};

struct mqtt_message {
	struct bytes topic, body; /* views into `in` */
	uint64_t lost; /* bytes; 0: none.  Then there is no body */
	uint16_t id;   /* 0: of QoS 0 */
};

/* INPUT fault: what is wrong with these filters. */
MUST_USE bool mqtt_topics_ok(const char *topics, struct fault *);
/* A connection stands. */
void mqtt_start(struct mqtt *, struct text *say);
/* As push_take().  `say` needs MQTT_SAY_MAX bytes of room.  Nothing is taken
 * while MQTT_OPEN_MAX messages are open. */
MUST_USE bool mqtt_take(struct mqtt *, struct bytes in, size_t *used,
	struct mqtt_message *, bool *got, struct text *say, struct fault *);
/* All that were given out are kept: up to so many acknowledgements as `say`
 * has room for; mqtt.opens says how many are left. */
void mqtt_kept(struct mqtt *, struct text *say);
/* Is anybody there?  To be asked each MQTT_ALIVE_S / 2. */
void mqtt_ask(struct text *say);

#endif
