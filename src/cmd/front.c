/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * front.c - the process of fronts.h: a loop of feeds.h with one door. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/fronts.h"
#include "parser/sandbox.h"

enum { WAIT_MS = 50 };

struct front {
	struct feeds_ask ask;
	const char *one[1]; /* its server */
	struct feeds *feeds;
	struct arena texts; /* of what it was asked */
	uint8_t *in;
	uint64_t mark;
	size_t given; /* groups of this round */
	bool kept;
};

/* -- the pair -- */

static bool send_all(const void *at, size_t n, struct fault *f)
{
	const uint8_t *b = at;

	while (n > 0) {
		ssize_t r = send(FRONT_FD, b, n, MSG_NOSIGNAL);

		if (r < 0 && errno != EINTR)
			return fault_errno(f, "front");
		b += r > 0 ? r : 0;
		n -= r > 0 ? (size_t)r : 0;
	}
	return true;
}

static bool tell(const struct front_head *h, struct bytes b, struct fault *f)
{
	return send_all(h, sizeof *h, f) && send_all(b.at, b.len, f);
}

static bool read_all(void *at, size_t n, struct fault *f)
{
	uint8_t *b = at;

	while (n > 0) {
		ssize_t r = recv(FRONT_FD, b, n, 0);

		if (r == 0)
			return fault(f, FAULT_SYSTEM,
				"nobody is there any more");
		if (r < 0 && errno != EINTR)
			return fault_errno(f, "front");
		b += r > 0 ? r : 0;
		n -= r > 0 ? (size_t)r : 0;
	}
	return true;
}

static bool hear(struct front *x, struct front_head *h, struct fault *f)
{
	return read_all(h, sizeof *h, f) &&
		(h->length <= FRONT_MAX || fault(f, FAULT_SYSTEM,
			"front: a message of %u bytes", h->length)) &&
		read_all(x->in, h->length, f);
}

/* -- what the feeds want -- */

static bool take(void *self, const struct feed_group *g, struct fault *f)
{
	struct front *x = self;
	size_t feed = strlen(g->feed) + 1, entry = strlen(g->entry) + 1;
	const struct front_head h = {
		.length = (uint32_t)(feed + entry + g->bytes.len),
		.kind = g->file ? FRONT_FILE : FRONT_GROUP, .a = g->sequence,
		.b = g->node, .c = g->lost};

	x->given++;
	return send_all(&h, sizeof h, f) && send_all(g->feed, feed, f) &&
		send_all(g->entry, entry, f) &&
		send_all(g->bytes.at, g->bytes.len, f);
}

static bool resume(void *self, const char *feed, const char *entry,
	uint64_t *sequence)
{
	struct front *x = self;
	size_t n = strlen(feed) + 1, m = strlen(entry) + 1;
	struct front_head h = {.length = (uint32_t)(n + m),
		.kind = FRONT_RESUME};
	struct fault f;

	if (!send_all(&h, sizeof h, &f) || !send_all(feed, n, &f) ||
		!send_all(entry, m, &f) || !hear(x, &h, &f))
		return false; /* the next that it says fails too */
	*sequence = h.b;
	return h.a != 0;
}

static void say(void *self, const char *text)
{
	const struct front_head h = {.length = (uint32_t)strlen(text),
		.kind = FRONT_SAY};
	struct fault f;
	bool said = tell(&h, bytes_of(text), &f);

	(void)self;
	(void)said; /* who does not listen is gone: the loop ends */
}

/* -- what it is told -- */

static void obey(struct front *x, const struct front_head *h)
{
	if (h->kind == FRONT_ANSWER)
		feeds_answer(x->feeds, h->a,
			(struct bytes){x->in, h->length});
	else if (h->kind == FRONT_REFUSE)
		feeds_refuse(x->feeds, h->a);
	else if (h->kind == FRONT_HEARD)
		feeds_heard(x->feeds, h->a);
	else if (h->kind == FRONT_KEPT) {
		x->mark = h->a;
		x->kept = true;
	}
}

static bool obey_all(struct front *x, struct fault *f)
{
	struct pollfd one = {.fd = FRONT_FD, .events = POLLIN};
	struct front_head h;

	while (poll(&one, 1, 0) > 0) {
		if (!hear(x, &h, f))
			return false;
		obey(x, &h);
	}
	return true;
}

/* Nothing more is taken before it is kept. */
static bool end_round(struct front *x, struct fault *f)
{
	struct feeds_seen s;
	struct front_head h = {.kind = FRONT_ROUND};

	feeds_seen(x->feeds, &s);
	h.a = s.groups;
	h.b = s.bytes;
	h.c = s.refused;
	if (!tell(&h, (struct bytes){0}, f))
		return false;
	for (x->kept = false; !x->kept;) {
		if (!hear(x, &h, f))
			return false;
		obey(x, &h);
	}
	return true;
}

static bool loop(struct front *x, struct fault *f)
{
	for (;;) {
		x->given = 0;
		if (!feeds_wait(x->feeds, WAIT_MS, f) ||
			(x->given > 0 && !end_round(x, f)) || !obey_all(x, f))
			return false;
		feeds_kept(x->feeds, x->mark);
	}
}

/* -- its life -- */

/* What it is to do; a text that is empty is none. */
static bool asked(struct front *x, struct fault *f)
{
	const char *text[FRONT_STRINGS] = {NULL}, *at;
	struct front_head h;
	uint8_t *copy;

	if (!hear(x, &h, f))
		return false;
	if (h.kind != FRONT_ASK)
		return fault(f, FAULT_SYSTEM, "front: nothing is asked");
	if (!arena_map(&x->texts, h.length + (size_t)1, f) ||
		!(copy = arena_room(&x->texts, h.length + (size_t)1, f)))
		return false;
	memcpy(copy, x->in, h.length);
	copy[h.length] = '\0';
	at = (const char *)copy;
	for (size_t i = 0; i < FRONT_STRINGS; i++) {
		text[i] = *at ? at : NULL;
		at += at < (const char *)copy + h.length ? strlen(at) + 1 : 0;
	}
	x->ask = (struct feeds_ask){.listen = text[0], .frames = h.a != 0,
		.seedlink = x->one, .seedlink_count = text[1] != NULL,
		.mqtt = x->one, .mqtt_count = text[2] != NULL,
		.listener = text[0] ? FRONT_LISTENER : 0,
		.client = text[3], .user = text[4], .password = text[5],
		.tls_ca = text[1] || text[2] ? text[6] : NULL,
		.tls_cert = text[7], .tls_key = text[8], .tls_nodes = text[9],
		.take = take, .resume = resume,
		.say = say, .self = x};
	x->one[0] = text[1] ? text[1] : text[2];
	return true;
}

static bool begin(struct front *x, uint8_t *room, struct fault *f)
{
	const struct front_head ready = {.kind = FRONT_READY};
	struct front_head h = {.kind = FRONT_FAULT};
	struct fault why = {0}, no;

	x->in = room;
	if (!asked(x, f))
		return false;
	if (feeds_open(&x->feeds, &x->ask, &why)) {
		feeds_watch(x->feeds, 0, FRONT_FD);
		sandbox_network();
		return tell(&ready, (struct bytes){0}, f);
	}
	*f = why;
	h.a = (uint64_t)why.kind;
	h.length = (uint32_t)strlen(why.text);
	return tell(&h, bytes_of(why.text), &no) && false;
}

int front_run(void)
{
	struct arena room = {0};
	struct front x = {.mark = 0};
	struct fault f = {0};

	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_IGN);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (arena_map(&room, FRONT_MAX, &f) && begin(&x, room.at, &f))
		(void)loop(&x, &f);
	feeds_close(x.feeds);
	arena_unmap(&x.texts);
	arena_unmap(&room);
	return EXIT_SYSTEM; /* its parent is gone, or will see */
}
