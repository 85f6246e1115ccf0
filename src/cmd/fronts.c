/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fronts.c - the side of `truce run`; the process is front.c. */
#include "cmd/fronts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "feeds/wire.h"

#define SECOND_NS INT64_C(1000000000)
#define ARENA_BYTES ((size_t)1 << 30)

enum { MOST = 2 * FEEDS_SERVERS_MAX + 1,
	IN_BYTES = FRONT_MAX + (int)sizeof(struct front_head),
	OUT_BYTES = 1 << 20,
	/* A node here is a front, which of its lives, and its node there. */
	ID_BITS = 40, LIFE_BITS = 16 };

struct front_of { /* one of them */
	const char *text[FRONT_STRINGS]; /* NULL: none */
	const char *place;
	pid_t pid; /* 0: none */
	int fd;
	uint16_t life;
	int64_t again_ns;
	bool ready, round;
	uint64_t heard; /* that it was told of */
	uint8_t *in, *out;
	size_t have, goes;
	struct feeds_seen seen, before; /* before: of its earlier lives */
	struct fault why; /* it could not begin */
};

struct fronts {
	struct feeds_ask ask;
	struct arena arena;
	int listener; /* -1: none */
	struct front_of front[MOST];
	size_t count;
	int also[FEEDS_ALSO];
	struct pollfd poll[MOST + FEEDS_ALSO];
	uint64_t heard;
};

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* -- to one -- */

static void flush(struct front_of *x)
{
	while (x->goes > 0) {
		ssize_t n = send(x->fd, x->out, x->goes,
			MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* later; that it is gone is seen by reading */
		x->goes -= (size_t)n;
		memmove(x->out, x->out + n, x->goes);
	}
}

/* false: there is no room, as it does not read. */
static bool tell(struct front_of *x, struct front_head h, struct bytes b)
{
	if (x->fd < 0 || OUT_BYTES - x->goes < sizeof h + b.len)
		return false;
	h.length = (uint32_t)b.len;
	memcpy(x->out + x->goes, &h, sizeof h);
	if (b.len > 0)
		memcpy(x->out + x->goes + sizeof h, b.at, b.len);
	x->goes += sizeof h + b.len;
	flush(x);
	return true;
}

/* -- its life -- */

static bool spawn(struct front_of *x, int theirs, int listener,
	struct fault *f)
{
	char name[] = "truce", verb[] = "run", option[] = "--front";
	char *argv[] = {name, verb, option, NULL};
	posix_spawn_file_actions_t a;
	int why;

	if (posix_spawn_file_actions_init(&a) != 0)
		return fault(f, FAULT_LIMIT, "no memory");
	(void)posix_spawn_file_actions_adddup2(&a, theirs, FRONT_FD);
	if (listener >= 0)
		(void)posix_spawn_file_actions_adddup2(
			&a, listener, FRONT_LISTENER);
	(void)posix_spawn_file_actions_addclosefrom_np(&a, FRONT_LISTENER +
		(listener >= 0));
	why = posix_spawn(&x->pid, "/proc/self/exe", &a, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&a);
	if (why == 0)
		return true;
	x->pid = 0;
	errno = why;
	return fault_errno(f, "/proc/self/exe");
}

/* Above the numbers that are given to the process. */
static int lift(int fd)
{
	int high;

	if (fd < 0 || fd > FRONT_LISTENER)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, FRONT_LISTENER + 1);
	(void)close(fd);
	return high;
}

static bool ask(struct fronts *s, struct front_of *x)
{
	char text[16384];
	struct text t = text_on(text, sizeof text);
	struct fault no;

	for (size_t i = 0; i < FRONT_STRINGS; i++) {
		text_add(&t, x->text[i] ? x->text[i] : "");
		text_char(&t, '\0');
	}
	return text_check(&t, &no) && tell(x, (struct front_head){
		.kind = FRONT_ASK, .a = s->ask.frames}, text_view(&t));
}

static bool begin(struct fronts *s, struct front_of *x, struct fault *f)
{
	int fd[2];
	bool ok;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0)
		return fault_errno(f, "socketpair");
	x->fd = lift(fd[0]);
	fd[1] = lift(fd[1]);
	x->life++;
	x->have = x->goes = 0;
	x->ready = x->round = false;
	x->heard = 0;
	x->why = (struct fault){0};
	ok = x->fd >= 0 && fd[1] >= 0 && spawn(x, fd[1], x->text[0] ?
		s->listener : -1, f);
	(void)close(fd[1]);
	return ok && (ask(s, x) || fault(f, FAULT_LIMIT, "%s: too long",
		x->place));
}

static void reap(struct front_of *x, int *status)
{
	*status = 0;
	if (x->fd >= 0)
		(void)close(x->fd);
	x->fd = -1;
	if (x->pid > 0)
		(void)kill(x->pid, SIGKILL);
	while (x->pid > 0 && waitpid(x->pid, status, 0) < 0 && errno == EINTR)
		;
	x->pid = 0;
}

static void died(struct fronts *s, struct front_of *x)
{
	char text[300];
	int status;

	reap(x, &status);
	x->again_ns = now_ns() + SECOND_NS;
	x->before.groups += x->seen.groups;
	x->before.bytes += x->seen.bytes;
	x->before.refused += x->seen.refused;
	x->seen = (struct feeds_seen){0};
	(void)snprintf(text, sizeof text, "%.160s: its process ended (%s %d): "
		"again in 1 s", x->place, WIFSIGNALED(status) ? "signal" :
		"code", WIFSIGNALED(status) ? WTERMSIG(status) :
		WEXITSTATUS(status));
	s->ask.say(s->ask.self, text);
}

/* -- from one -- */

/* A text with its end at the front of what is left. */
static const char *text_of(struct bytes *b)
{
	const uint8_t *zero = b->len ? memchr(b->at, '\0', b->len) : NULL;
	const char *text = (const char *)b->at;

	if (!zero)
		return NULL;
	*b = bytes_part(*b, (size_t)(zero - b->at) + 1, b->len);
	return text;
}

static uint64_t node_of(const struct fronts *s, const struct front_of *x,
	uint64_t id)
{
	uint64_t at = (uint64_t)(x - s->front);

	return id == 0 ? 0 : at << (ID_BITS + LIFE_BITS) |
		(uint64_t)x->life << ID_BITS | (id & ((1ULL << ID_BITS) - 1));
}

static bool group(struct fronts *s, struct front_of *x,
	const struct front_head *h, struct bytes b, struct fault *f)
{
	struct feed_group g = {.sequence = h->a, .node = node_of(s, x, h->b),
		.lost = h->c, .file = h->kind == FRONT_FILE};

	g.feed = text_of(&b);
	g.entry = g.feed ? text_of(&b) : NULL;
	g.bytes = b;
	return !g.entry || s->ask.take(s->ask.self, &g, f);
}

static void resume(struct fronts *s, struct front_of *x, struct bytes b)
{
	const char *feed = text_of(&b), *entry = feed ? text_of(&b) : NULL;
	struct front_head h = {.kind = FRONT_RESUMED};

	h.a = entry && s->ask.resume(s->ask.self, feed, entry, &h.b);
	(void)tell(x, h, (struct bytes){0});
}

static void say(struct fronts *s, struct bytes b)
{
	char text[512];

	(void)snprintf(text, sizeof text, "%.*s", (int)(b.len < 500 ? b.len :
		500), (const char *)b.at);
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = '?';
	s->ask.say(s->ask.self, text);
}

static bool hear(struct fronts *s, struct front_of *x,
	const struct front_head *h, struct bytes b, struct fault *f)
{
	if (h->kind == FRONT_GROUP || h->kind == FRONT_FILE)
		return group(s, x, h, b, f);
	if (h->kind == FRONT_RESUME)
		resume(s, x, b);
	else if (h->kind == FRONT_READY)
		x->ready = true;
	else if (h->kind == FRONT_SAY)
		say(s, b);
	else if (h->kind == FRONT_FAULT)
		(void)fault(&x->why, h->a == FAULT_SYSTEM ? FAULT_SYSTEM :
			h->a == FAULT_LIMIT ? FAULT_LIMIT : FAULT_INPUT,
			"%.*s", (int)(b.len < 400 ? b.len : 400),
			(const char *)b.at);
	else if (h->kind == FRONT_ROUND) {
		x->round = true;
		x->seen = (struct feeds_seen){.groups = h->a, .bytes = h->b,
			.refused = h->c};
	}
	return true;
}

/* *over: it has gone, or is out of its mind. */
static bool receive(struct fronts *s, struct front_of *x, bool *over,
	struct fault *f)
{
	ssize_t n = recv(x->fd, x->in + x->have, IN_BYTES - x->have,
		MSG_DONTWAIT);
	struct front_head h;
	size_t at = 0;

	*over = n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
	x->have += n > 0 ? (size_t)n : 0;
	while (x->have - at >= sizeof h) {
		memcpy(&h, x->in + at, sizeof h);
		*over = *over || h.length > FRONT_MAX;
		if (h.length > FRONT_MAX ||
			x->have - at - sizeof h < h.length)
			break;
		if (!hear(s, x, &h, (struct bytes){x->in + at + sizeof h,
			h.length}, f))
			return false;
		at += sizeof h + h.length;
	}
	x->have -= at;
	memmove(x->in, x->in + at, x->have);
	return true;
}

/* -- all -- */

static bool add(struct fronts *s, size_t which, const char *what,
	struct fault *f)
{
	const struct feeds_ask *a = &s->ask;
	struct front_of *x = &s->front[s->count];
	const char *text[FRONT_STRINGS] = {[3] = a->client, a->user,
		a->password, a->tls_ca, a->tls_cert, a->tls_key, a->tls_nodes};

	if (s->count == MOST)
		return fault(f, FAULT_LIMIT, "more than %d servers",
			FEEDS_SERVERS_MAX);
	text[which] = what;
	memcpy(x->text, text, sizeof text);
	x->place = what;
	x->fd = -1;
	s->count++;
	return (x->in = arena_room(&s->arena, IN_BYTES, f)) &&
		(x->out = arena_room(&s->arena, OUT_BYTES, f)) &&
		begin(s, x, f);
}

static bool listen_at(struct fronts *s, struct fault *f)
{
	char name[WIRE_NAME], text[WIRE_NAME + 32];
	struct wire_place at;

	if (!s->ask.listen)
		return true;
	if (!wire_resolve(s->ask.listen, true, &at, f) ||
		!wire_listen(&at, &s->listener, name, f))
		return fault_in(f, "%s", s->ask.listen);
	s->listener = lift(s->listener);
	if (!add(s, 0, s->ask.listen, f))
		return false;
	(void)snprintf(text, sizeof text, "listening on %s", name);
	s->ask.say(s->ask.self, text);
	return true;
}

/* What is wrong with one's addresses and files is wrong with all. */
static bool await(struct fronts *s, struct fault *f)
{
	for (size_t i = 0; i < s->count; i++) {
		struct front_of *x = &s->front[i];
		bool over = false;

		while (!x->ready) {
			struct pollfd one = {.fd = x->fd, .events = POLLIN};

			(void)poll(&one, 1, 1000);
			if (!receive(s, x, &over, f))
				return false;
			if (x->why.kind != FAULT_NONE) {
				*f = x->why;
				return false;
			}
			if (over)
				return fault(f, FAULT_SYSTEM, "%.160s: its "
					"process ended", x->place);
		}
	}
	return true;
}

bool fronts_open(struct fronts **out, const struct feeds_ask *ask,
	struct fault *f)
{
	struct fronts *s = calloc(1, sizeof *s);
	bool ok;

	*out = NULL;
	if (!s)
		return fault(f, FAULT_LIMIT, "no memory");
	s->ask = *ask;
	s->listener = -1;
	for (size_t i = 0; i < FEEDS_ALSO; i++)
		s->also[i] = -1;
	ok = arena_map(&s->arena, ARENA_BYTES, f);
	for (size_t i = 0; ok && i < ask->seedlink_count; i++)
		ok = add(s, 1, ask->seedlink[i], f);
	for (size_t i = 0; ok && i < ask->mqtt_count; i++)
		ok = add(s, 2, ask->mqtt[i], f);
	ok = ok && listen_at(s, f) && await(s, f);
	if (ok)
		*out = s;
	else
		fronts_close(s);
	return ok;
}

bool fronts_wait(struct fronts *s, int wait_ms, struct fault *f)
{
	size_t n = 0;
	bool over;

	for (size_t i = 0; i < s->count; i++)
		s->poll[n++] = (struct pollfd){.fd = s->front[i].fd,
			.events = (short)(s->front[i].goes > 0 ?
				POLLIN | POLLOUT : POLLIN)};
	for (size_t i = 0; i < FEEDS_ALSO; i++)
		s->poll[n++] = (struct pollfd){.fd = s->also[i],
			.events = POLLIN};
	if (poll(s->poll, n, wait_ms) < 0)
		return errno == EINTR || fault_errno(f, "poll");
	for (size_t i = 0; i < s->count; i++) {
		struct front_of *x = &s->front[i];

		if (x->pid == 0) {
			if (now_ns() >= x->again_ns && !begin(s, x, f))
				return false;
			continue;
		}
		flush(x);
		if (!s->poll[i].revents)
			continue;
		if (!receive(s, x, &over, f))
			return false;
		if (over || x->why.kind != FAULT_NONE)
			died(s, x);
	}
	return true;
}

void fronts_kept(struct fronts *s, uint64_t mark)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->front[i].round)
			s->front[i].round = !tell(&s->front[i],
				(struct front_head){.kind = FRONT_KEPT,
					.a = mark}, (struct bytes){0});
}

void fronts_heard(struct fronts *s, uint64_t mark)
{
	for (size_t i = 0; i < s->count; i++) {
		struct front_of *x = &s->front[i];

		/* One that does not read now is told of a later one. */
		if (x->ready && x->heard != mark && x->goes == 0 && tell(x,
			(struct front_head){.kind = FRONT_HEARD, .a = mark},
			(struct bytes){0}))
			x->heard = mark;
	}
}

static struct front_of *front_of(struct fronts *s, uint64_t *node)
{
	uint64_t at = *node >> (ID_BITS + LIFE_BITS);
	uint16_t life = (uint16_t)(*node >> ID_BITS);

	*node &= (1ULL << ID_BITS) - 1;
	return at < s->count && s->front[at].life == life ? &s->front[at]
		: NULL;
}

void fronts_answer(struct fronts *s, uint64_t node, struct bytes b)
{
	struct front_of *x = front_of(s, &node);

	/* Who does not read what was said goes without: it asks again. */
	if (x)
		(void)tell(x, (struct front_head){.kind = FRONT_ANSWER,
			.a = node}, b);
}

void fronts_refuse(struct fronts *s, uint64_t node)
{
	struct front_of *x = front_of(s, &node);

	if (x)
		(void)tell(x, (struct front_head){.kind = FRONT_REFUSE,
			.a = node}, (struct bytes){0});
}

void fronts_watch(struct fronts *s, size_t which, int fd)
{
	s->also[which] = fd;
}

void fronts_seen(const struct fronts *s, struct feeds_seen *out)
{
	*out = (struct feeds_seen){0};
	for (size_t i = 0; i < s->count; i++) {
		const struct front_of *x = &s->front[i];

		out->groups += x->seen.groups + x->before.groups;
		out->bytes += x->seen.bytes + x->before.bytes;
		out->refused += x->seen.refused + x->before.refused;
	}
}

void fronts_leave(struct fronts *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->count; i++)
		if (s->front[i].fd >= 0)
			(void)close(s->front[i].fd);
	if (s->listener >= 0)
		(void)close(s->listener);
	arena_unmap(&s->arena);
	free(s);
}

void fronts_close(struct fronts *s)
{
	int status;

	for (size_t i = 0; s && i < s->count; i++)
		reap(&s->front[i], &status);
	fronts_leave(s);
}
