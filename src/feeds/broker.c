/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/broker.h"

#include <string.h>

#define SECOND_NS INT64_C(1000000000)

enum {
	READ_MAX = 256 << 10, /* in one round, as feeds.c */
	BACK_OFF_MAX_S = 60,
	GONE_S = MQTT_ALIVE_S + MQTT_ALIVE_S / 2,
	NAME_MAX_LEN = 63, /* as push.h */
};

bool broker_open(struct broker *x, const char *what,
	const struct feeds_ask *ask, struct arena *a, struct fault *f)
{
	const char *slash = strchr(what, '/');
	size_t n = slash ? (size_t)(slash - what) : strlen(what);

	*x = (struct broker){.wire = {.fd = -1}, .back_off_s = 1};
	if (!slash || n > WIRE_NAME)
		return fault(f, FAULT_INPUT, "'%.80s', wants HOST:PORT/TOPIC",
			what);
	x->link.topics = slash + 1;
	x->link.client = ask->client;
	x->link.user = ask->user;
	x->link.password = ask->password;
	x->place = arena_text(a, bytes_part(bytes_of(what), 0, n), f);
	if (!x->place || !wire_resolve(x->place, false, &x->at, f))
		return false;
	(void)snprintf(x->feed, sizeof x->feed, "mqtt %s", x->place);
	return mqtt_topics_ok(x->link.topics, f) || fault_in(f, "%s", x->place);
}

static void say(const struct broker *x, const struct broker_ask *ask,
	const char *text)
{
	char line[512];

	(void)snprintf(line, sizeof line, "%s: %s", x->place, text);
	ask->say(ask->self, line);
}

static void give_up(struct broker *x, const struct broker_ask *ask,
	int64_t now, const struct fault *why)
{
	char line[400];

	(void)snprintf(line, sizeof line, "%.300s; again in %d s", why->text,
		x->back_off_s);
	say(x, ask, line);
	wire_close(&x->wire);
	x->over = false;
	x->again_ns = now + x->back_off_s * SECOND_NS;
	x->back_off_s = x->back_off_s * 2 < BACK_OFF_MAX_S ? x->back_off_s * 2
							   : BACK_OFF_MAX_S;
}

static bool speak(struct broker *x, const struct text *t, struct fault *f)
{
	return wire_say(&x->wire, text_view(t), f) && wire_flush(&x->wire, f);
}

void broker_mind(struct broker *x, const struct broker_ask *ask, int64_t now)
{
	struct fault why = {0};
	char line[16];
	struct text t = text_on(line, sizeof line);
	int64_t quiet = now - x->heard_ns;

	if (x->wire.fd < 0 && now < x->again_ns)
		return;
	if (x->wire.fd < 0) {
		x->connecting = wire_connect(&x->wire, &x->at, &why);
		x->asked = false;
		x->heard_ns = now;
		if (!x->connecting)
			give_up(x, ask, now, &why);
	} else if (x->over) {
		why = x->why;
		give_up(x, ask, now, &why);
	} else if (quiet > GONE_S * SECOND_NS) {
		(void)fault(&why, FAULT_INPUT, "nothing came for %d s", GONE_S);
		give_up(x, ask, now, &why);
	} else if (!x->asked && !x->connecting &&
		quiet > MQTT_ALIVE_S / 2 * SECOND_NS) {
		x->asked = true;
		mqtt_ask(&t);
		if (!speak(x, &t, &why))
			give_up(x, ask, now, &why);
	}
}

void broker_watch(struct broker *x, int64_t now, struct pollfd *p)
{
	bool out = x->connecting || wire_goes(&x->wire);

	/* Nothing more is held than may be open. */
	*p = (struct pollfd){.fd = x->wire.fd, .events = (short)(
		(x->link.opens < MQTT_OPEN_MAX && wire_may(&x->wire, now)
			? POLLIN : 0) |
		(out ? POLLOUT : 0))};
}

/* "a/b/S01" is of S01; what is no name of a source is "_". */
static void source_of(struct bytes topic, char name[NAME_MAX_LEN + 1])
{
	size_t from = topic.len, n;

	while (from > 0 && topic.at[from - 1] != '/')
		from--;
	n = topic.len - from;
	n = n > NAME_MAX_LEN ? NAME_MAX_LEN : n;
	memcpy(name, topic.at + from, n);
	name[n] = '\0';
	for (size_t i = 0; i < n; i++)
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvw"
			"xyz0123456789_-.", name[i]))
			name[i] = '_';
	if (n == 0 || name[0] == '.')
		(void)snprintf(name, NAME_MAX_LEN + 1, "_");
}

static bool give(struct broker *x, const struct broker_ask *ask,
	const struct mqtt_message *m, struct fault *f)
{
	char name[NAME_MAX_LEN + 1];
	struct feed_group g = {.feed = x->feed, .entry = name,
		.sequence = m->id, .bytes = m->body, .lost = m->lost,
		.file = true};

	source_of(m->topic, name);
	x->back_off_s = 1;
	return ask->give(ask->self, &x->wire, &g, f);
}

/* One that lost its memory says nothing of what it held for us. */
static void greet(struct broker *x, const struct broker_ask *ask)
{
	say(x, ask, x->link.resumed ? "MQTT, as before" : !x->known ? "MQTT" :
		"MQTT, but it forgot our session: what it had not sent yet is "
		"lost");
	x->known = true;
}

static bool messages(struct broker *x, const struct broker_ask *ask,
	int64_t now, struct fault *f)
{
	size_t at = 0, n = 1;
	char line[MQTT_SAY_MAX];
	bool ok = true;

	while (ok && !x->over && n > 0 && wire_may(&x->wire, now)) {
		struct text t = text_on(line, sizeof line);
		enum mqtt_stage was = x->link.stage;
		struct bytes in = wire_view(&x->wire);
		struct mqtt_message m;
		bool got;

		in = bytes_part(in, at, in.len);
		x->over = !mqtt_take(&x->link, in, &n, &m, &got, &t, &x->why) ||
			!speak(x, &t, &x->why);
		if (!x->over && was != MQTT_READY &&
			x->link.stage == MQTT_READY)
			greet(x, ask);
		if (!x->over && got)
			ok = give(x, ask, &m, f);
		at += x->over ? 0 : n;
	}
	wire_used(&x->wire, at);
	x->wire.held_back = !wire_may(&x->wire, now);
	return ok;
}

bool broker_serve(struct broker *x, const struct broker_ask *ask, short events,
	int64_t now, struct fault *f)
{
	char line[MQTT_SAY_MAX];
	struct text t = text_on(line, sizeof line);
	struct fault why = {0};
	size_t got = 0;

	if (x->connecting && (events & (POLLOUT | POLLERR | POLLHUP))) {
		x->connecting = false;
		mqtt_start(&x->link, &t);
		if (!wire_connected(&x->wire, &x->at, &why) ||
			!speak(x, &t, &why))
			give_up(x, ask, now, &why);
		return true;
	}
	if (x->connecting)
		return true;
	if ((events & (POLLIN | POLLHUP | POLLERR)) && !x->over &&
		!wire_read(&x->wire, MQTT_HELD_MAX, READ_MAX, &got, &x->why))
		x->over = true;
	if (got > 0) {
		x->heard_ns = now;
		x->asked = false;
	}
	/* What came before it closed counts all the same. */
	if (x->wire.have > 0) {
		bool closed = x->over;
		struct fault closing = x->why;

		x->over = false;
		x->wire.over = closed;
		if (!messages(x, ask, now, f))
			return false;
		if (closed && !x->over) {
			x->over = true;
			x->why = closing;
		}
	}
	if (!x->over && (events & POLLOUT) && !wire_flush(&x->wire, &x->why))
		x->over = true;
	return true;
}

void broker_kept(struct broker *x, const struct broker_ask *ask, int64_t now)
{
	char line[MQTT_SAY_MAX];
	struct fault why = {0};
	size_t was;

	if (x->wire.fd < 0)
		return;
	do {
		struct text t = text_on(line, sizeof line);

		was = x->link.opens;
		mqtt_kept(&x->link, &t);
		if (t.len > 0 && !speak(x, &t, &why)) {
			give_up(x, ask, now, &why);
			return;
		}
	} while (x->link.opens > 0 && x->link.opens < was);
}
