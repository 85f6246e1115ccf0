/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/mqtt.h"

enum {
	CONNECT = 1, CONNACK = 2, PUBLISH = 3, PUBACK = 4, SUBSCRIBE = 8,
	SUBACK = 9, PINGREQ = 12, PINGRESP = 13, /* 2.2.1 */
	SUBSCRIBE_ID = 1,
	FILTERS_MAX = 64,
};

/* -- what we say -- */

static void put16(struct text *t, size_t n)
{
	text_char(t, (char)(uint8_t)(n >> 8));
	text_char(t, (char)(uint8_t)n);
}

static void put_word(struct text *t, struct bytes b)
{
	put16(t, b.len);
	text_bytes(t, b);
}

/* Type and flags, then the length, seven bits a byte (2.2.3). */
static void put_head(struct text *t, unsigned type, unsigned flags, size_t n)
{
	text_char(t, (char)(uint8_t)(type << 4 | flags));
	for (; n > 127; n >>= 7)
		text_char(t, (char)(uint8_t)(n | 128));
	text_char(t, (char)(uint8_t)n);
}

static size_t word_len(const char *s)
{
	return s ? 2 + strlen(s) : 0;
}

void mqtt_start(struct mqtt *m, struct text *say)
{
	m->stage = MQTT_CONNECT;
	m->opens = 0; /* what was open comes again */
	m->skip = 0;
	put_head(say, CONNECT, 0, 10 + word_len(m->client) +
		word_len(m->user) + word_len(m->user ? m->password : NULL));
	put_word(say, bytes_of("MQTT"));
	text_char(say, 4); /* the level of 3.1.1 */
	text_char(say, (char)(uint8_t)((m->user ? 128 : 0) |
		(m->user && m->password ? 64 : 0)));
	put16(say, MQTT_ALIVE_S);
	put_word(say, bytes_of(m->client));
	if (m->user)
		put_word(say, bytes_of(m->user));
	if (m->user && m->password)
		put_word(say, bytes_of(m->password));
}

void mqtt_ask(struct text *say)
{
	put_head(say, PINGREQ, 0, 0);
}

/* The next filter of the list; false: no more. */
static bool next(struct bytes *list, struct bytes *filter)
{
	size_t n = 0;

	if (!list->at)
		return false;
	while (n < list->len && list->at[n] != ',')
		n++;
	*filter = bytes_part(*list, 0, n);
	*list = n < list->len ? bytes_part(*list, n + 1, list->len)
			      : (struct bytes){0};
	return true;
}

/* 4.7.1: '#' alone in the last level, '+' alone in a level. */
static bool filter_ok(struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		bool first = i == 0 || b.at[i - 1] == '/';
		bool last = i + 1 == b.len;

		if (b.at[i] == 0 || (b.at[i] == '#' && !(first && last)))
			return false;
		if (b.at[i] == '+' && !(first && (last ||
			b.at[i + 1] == '/')))
			return false;
	}
	return b.len > 0 && b.len <= MQTT_TOPIC_MAX;
}

bool mqtt_topics_ok(const char *topics, struct fault *f)
{
	struct bytes list = bytes_of(topics), one;
	size_t n = 0;

	if (list.len > MQTT_SAY_MAX / 2)
		return fault(f, FAULT_LIMIT, "topics: too long");
	while (next(&list, &one))
		if (!filter_ok(one) || n++ == FILTERS_MAX)
			return fault(f, FAULT_INPUT, "'%.*s' is no filter of "
				"topics", (int)(one.len < 80 ? one.len : 80),
				(const char *)one.at);
	return n > 0 || fault(f, FAULT_INPUT, "a topic is wanted");
}

static void subscribe(struct mqtt *m, struct text *say)
{
	struct bytes list = bytes_of(m->topics), one;
	size_t n = 2;

	while (next(&list, &one))
		n += 2 + one.len + 1;
	put_head(say, SUBSCRIBE, 2, n);
	put16(say, SUBSCRIBE_ID);
	list = bytes_of(m->topics);
	while (next(&list, &one)) {
		put_word(say, one);
		text_char(say, 1); /* QoS 1 */
	}
}

static void acknowledge(struct text *say, uint16_t id)
{
	put_head(say, PUBACK, 0, 2);
	put16(say, id);
}

void mqtt_kept(struct mqtt *m, struct text *say)
{
	size_t n = 0;

	for (; n < m->opens && say->size - say->len > 8; n++)
		acknowledge(say, m->open[n]);
	m->opens -= n;
	memmove(m->open, m->open + n, m->opens * sizeof *m->open);
}

/* -- what we hear -- */

struct head {
	unsigned type, flags;
	size_t size, body; /* of the head; of what follows */
};

/* False: more must come; or a length of five bytes, *bad. */
static bool read_head(struct bytes in, struct head *h, bool *bad)
{
	h->size = 1;
	h->body = 0;
	*bad = false;
	for (unsigned i = 0; i < 4; i++) {
		if (in.len < 2 + (size_t)i)
			return false;
		h->body |= (size_t)(in.at[1 + i] & 127) << (7 * i);
		h->size++;
		if (in.at[1 + i] < 128) {
			h->type = in.at[0] >> 4;
			h->flags = in.at[0] & 15;
			return true;
		}
	}
	*bad = true;
	return false;
}

static bool connected(struct mqtt *m, struct bytes b, struct text *say,
	struct fault *f)
{
	static const char *const why[] = {"", "speaks another version",
		"does not like our name", "is out of service",
		"knows no such user and password", "does not let us"};

	if (m->stage != MQTT_CONNECT || b.len != 2)
		return fault(f, FAULT_INPUT, "mqtt: a strange CONNACK");
	if (b.at[1] != 0)
		return fault(f, FAULT_INPUT, "the broker %s", b.at[1] < 6
			? why[b.at[1]] : "refuses");
	m->resumed = b.at[0] & 1;
	m->stage = MQTT_SUBSCRIBE;
	subscribe(m, say);
	return true;
}

static bool subscribed(struct mqtt *m, struct bytes b, struct fault *f)
{
	if (m->stage != MQTT_SUBSCRIBE || b.len < 3 || b.at[0] != 0 ||
		b.at[1] != SUBSCRIBE_ID)
		return fault(f, FAULT_INPUT, "mqtt: a strange SUBACK");
	for (size_t i = 2; i < b.len; i++)
		if (b.at[i] > 1)
			return fault(f, FAULT_INPUT, "the broker does not let "
				"us subscribe to topic %zu", i - 1);
	m->stage = MQTT_READY;
	return true;
}

/* Topic and id; what is left of `b` is the body. */
static bool front(struct bytes *b, unsigned flags, struct mqtt_message *x,
	struct fault *f)
{
	unsigned qos = flags >> 1 & 3;
	size_t n = b->len >= 2 ? (size_t)b->at[0] << 8 | b->at[1] : 0, at;

	if (qos > 1)
		return fault(f, FAULT_INPUT, "mqtt: a message of QoS %u", qos);
	at = 2 + n + (qos ? 2 : 0);
	if (n == 0 || n > MQTT_TOPIC_MAX || at > b->len)
		return fault(f, FAULT_INPUT, "mqtt: a strange topic");
	x->topic = bytes_part(*b, 2, n);
	if (memchr(x->topic.at, 0, n))
		return fault(f, FAULT_INPUT, "mqtt: a strange topic");
	x->id = (uint16_t)(qos ? b->at[at - 2] << 8 | b->at[at - 1] : 0);
	if (qos && x->id == 0)
		return fault(f, FAULT_INPUT, "mqtt: a message without id");
	*b = bytes_part(*b, at, b->len);
	return true;
}

static void give(struct mqtt *m, const struct mqtt_message *x)
{
	if (x->id)
		m->open[m->opens++] = x->id;
}

/* Too long to be held: its front is enough. */
static bool pass_over(struct mqtt *m, struct bytes in, const struct head *h,
	size_t *used, struct mqtt_message *x, bool *got, struct fault *f)
{
	struct bytes b = bytes_part(in, h->size, in.len);
	size_t whole = b.len;

	if (b.len < MQTT_TOPIC_MAX + 4)
		return true;
	if (!front(&b, h->flags, x, f))
		return false;
	*used = h->size + (whole - b.len);
	m->skip = h->body - (whole - b.len);
	x->lost = m->skip;
	give(m, x);
	*got = true;
	return true;
}

static bool packet(struct mqtt *m, const struct head *h, struct bytes b,
	struct mqtt_message *x, bool *got, struct text *say, struct fault *f)
{
	switch (h->type) {
	case CONNACK:
		return connected(m, b, say, f);
	case SUBACK:
		return subscribed(m, b, f);
	case PINGRESP:
		return true;
	case PUBLISH:
		if (m->stage == MQTT_CONNECT)
			break;
		if (!front(&b, h->flags, x, f))
			return false;
		x->body = b;
		give(m, x);
		*got = true;
		return true;
	default:
		break;
	}
	return fault(f, FAULT_INPUT, "mqtt: packet %u is not for us", h->type);
}

bool mqtt_take(struct mqtt *m, struct bytes in, size_t *used,
	struct mqtt_message *x, bool *got, struct text *say, struct fault *f)
{
	struct head h;
	bool bad;

	*x = (struct mqtt_message){.lost = 0};
	*used = 0;
	*got = false;
	if (m->skip > 0) {
		*used = in.len < m->skip ? in.len : (size_t)m->skip;
		m->skip -= *used;
		return true;
	}
	if (m->opens == MQTT_OPEN_MAX)
		return true;
	if (!read_head(in, &h, &bad))
		return !bad || fault(f, FAULT_INPUT, "mqtt: a strange length");
	if (h.body > MQTT_MESSAGE_MAX + MQTT_TOPIC_MAX)
		return h.type == PUBLISH && m->stage != MQTT_CONNECT
			? pass_over(m, in, &h, used, x, got, f)
			: fault(f, FAULT_LIMIT, "mqtt: a packet of %zu bytes",
				h.body);
	if (in.len - h.size < h.body)
		return true;
	*used = h.size + h.body;
	return packet(m, &h, bytes_part(in, h.size, h.body), x, got, say, f);
}
