/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/teller.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "serve/events.h"
#include "serve/pieces.h"
#include "serve/seat.h"
#include "store/alerts.h"

enum {
	EVENTS = 256,
	TOGETHER = 16,   /* pieces in one write */
	CAUGHT_KEPT = 4, /* of those that come back together, one is asked */
};

#define MS INT64_C(1000000)

struct listener {
	struct listener *before, *after;
	void *who;
	int fd;
	bool full;          /* his socket; epoll says when it is not */
	int64_t full_ns;    /* since */
	int64_t come_ns;
	int64_t index;      /* told, or being told, up to here */
	struct piece *now;  /* being told; NULL: none */
	size_t sent;        /* of it */
};

struct teller {
	struct teller_how how;
	struct seat told;
	struct arena text, work;
	int epoll, bell; /* the bell: who joins, and the end */
	pthread_t thread;
	bool telling;
	pthread_mutex_t lock;  /* over these three */
	struct listener *come; /* not yet met by the teller */
	size_t count;
	bool ending;
	/* The teller's alone: */
	struct listener *first;
	struct pieces pieces;
	struct piece *beat;
	struct alerts alerts;
	struct piece *caught[CAUGHT_KEPT]; /* since the last look */
	size_t caught_next;
};

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 * MS + t.tv_nsec;
}

/* -- those who listen -- */

static void leave(struct teller *s, struct listener *l)
{
	int fd = l->fd;
	void *who = l->who;

	(void)epoll_ctl(s->epoll, EPOLL_CTL_DEL, fd, NULL);
	if (l->after)
		l->after->before = l->before;
	if (l->before)
		l->before->after = l->after;
	else
		s->first = l->after;
	piece_free(l->now);
	free(l);
	(void)pthread_mutex_lock(&s->lock);
	s->count--;
	(void)pthread_mutex_unlock(&s->lock);
	s->how.left(s->how.self, who, fd);
}

static void begin_piece(struct listener *l, struct piece *p)
{
	p->users++;
	l->sent = piece_skip(p, l->index);
	l->now = p;
	if (p->index > l->index)
		l->index = p->index;
}

/* From the store, behind the index; the pieces of one look are kept, since
 * after a restart all come back from one place. */
static struct piece *ask_store(struct teller *s, int64_t after)
{
	struct fault f = {0};
	struct piece **keep = &s->caught[s->caught_next++ % CAUGHT_KEPT];
	struct text t;
	int64_t last;

	s->text.used = s->work.used = 0;
	t = text_in(&s->text, API_BYTES);
	if (!seat_ready(&s->told, &f) || !events_since(
		&s->told.api, after, &s->work, &t, &last, &f))
		return NULL;
	piece_free(*keep);
	*keep = piece_new(after, last, text_view(&t));
	return *keep;
}

/* False: it cannot be read, and he has to come again. */
static bool catch_up(struct teller *s, struct listener *l)
{
	struct piece *p = NULL;

	for (size_t i = 0; i < CAUGHT_KEPT && !p; i++)
		if (s->caught[i] && s->caught[i]->after == l->index)
			p = s->caught[i];
	if (!p)
		p = ask_store(s, l->index);
	if (!p)
		return false;
	if (p->len > 0)
		begin_piece(l, p);
	else if (l->index < s->pieces.last)
		l->index = s->pieces.last; /* none of these is told */
	return true;
}

/* What he is told next into l->now; NULL there: nothing as yet. */
static bool next(struct teller *s, struct listener *l)
{
	bool behind = true;
	struct piece *p = NULL;

	while (!l->now && behind) {
		p = pieces_after(&s->pieces, l->index, &behind);
		if (behind && !catch_up(s, l))
			return false;
	}
	if (p && !l->now)
		begin_piece(l, p);
	return true;
}

/* The rest of his piece, and those that follow it in the ring. */
static int gather(const struct teller *s, const struct listener *l,
	struct iovec *v)
{
	struct piece *p = l->now;
	int64_t index = l->index;
	bool behind;
	int n = 0;

	v[n++] = (struct iovec){p->text + l->sent, p->len - l->sent};
	while (n < TOGETHER && p && p->index >= 0 &&
		(p = pieces_after(&s->pieces, index, &behind)) != NULL &&
		p->after == index) {
		v[n++] = (struct iovec){p->text, p->len};
		index = p->index;
	}
	return n;
}

static bool took(struct teller *s, struct listener *l, size_t n)
{
	while (l->now && n >= l->now->len - l->sent) {
		n -= l->now->len - l->sent;
		piece_free(l->now);
		l->now = NULL;
		if (!next(s, l))
			return false;
		if (n == 0)
			return true;
	}
	if (l->now)
		l->sent += n;
	return true;
}

/* As much as he takes; he may be gone behind it. */
static void push(struct teller *s, struct listener *l)
{
	if (!l->now && !next(s, l)) {
		leave(s, l);
		return;
	}
	while (l->now && !l->full) {
		struct iovec v[TOGETHER];
		struct msghdr m = {.msg_iov = v,
			.msg_iovlen = (size_t)gather(s, l, v)};
		ssize_t n = sendmsg(l->fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			l->full = true;
			l->full_ns = now_ns();
		} else if (n < 0 || !took(s, l, (size_t)n)) {
			leave(s, l);
			return;
		}
	}
}

/* -- the teller -- */

static void meet(struct teller *s)
{
	struct listener *l;
	uint64_t rung;

	(void)!read(s->bell, &rung, sizeof rung);
	(void)pthread_mutex_lock(&s->lock);
	l = s->come;
	s->come = NULL;
	(void)pthread_mutex_unlock(&s->lock);
	while (l) {
		struct listener *after = l->after;
		struct epoll_event e = {.data.ptr = l,
			.events = EPOLLOUT | EPOLLRDHUP | EPOLLET};

		l->before = NULL;
		l->after = s->first;
		if (s->first)
			s->first->before = l;
		s->first = l;
		if (epoll_ctl(s->epoll, EPOLL_CTL_ADD, l->fd, &e) < 0)
			leave(s, l);
		else
			push(s, l);
		l = after;
	}
}

/* What was logged since; false: nothing. */
static bool look(struct teller *s)
{
	struct fault f = {0};
	struct piece *p;
	struct text t;
	int64_t last;

	for (size_t i = 0; i < CAUGHT_KEPT; i++) {
		piece_free(s->caught[i]);
		s->caught[i] = NULL;
	}
	s->text.used = s->work.used = 0;
	t = text_in(&s->text, API_BYTES);
	if (!seat_ready(&s->told, &f) || !events_since(&s->told.api,
		s->pieces.last, &s->work, &t, &last, &f) || t.len == 0)
		return false;
	p = piece_new(s->pieces.last, last, text_view(&t));
	if (!p) { /* from the store, then */
		pieces_begin(&s->pieces, last);
		return true;
	}
	pieces_add(&s->pieces, p);
	for (struct listener *l = s->first, *after; l; l = after) {
		after = l->after;
		if (!l->full)
			push(s, l);
	}
	return true;
}

/* What is of no place in the log, to who has had all else. */
static void hail(struct teller *s, struct piece *p)
{
	for (struct listener *l = s->first, *after; l; l = after) {
		after = l->after;
		if (l->full || l->now)
			continue;
		p->users++;
		l->now = p;
		l->sent = 0;
		push(s, l);
	}
}

/* Alerts of what is not logged yet; findings and clocks come by the log. */
static void herald(struct teller *s)
{
	static const char schema[] = "{\"schema\":\"truce.alert/1\",";
	struct bytes left;
	struct piece *p;
	struct text t;

	s->text.used = s->work.used = 0;
	left = alerts_read(&s->alerts, s->told.api.folder, s->work.at);
	if (left.len == 0)
		return;
	t = text_in(&s->text, API_BYTES);
	while (left.len > 0) {
		const uint8_t *end = memchr(left.at, '\n', left.len);
		struct bytes line = bytes_part(left, 0,
			end ? (size_t)(end - left.at) : left.len);
		struct bytes rest = bytes_part(line, sizeof schema - 1,
			line.len);

		if (!bytes_start(line, schema) ||
			(!bytes_start(rest, "\"finding\":") &&
				!bytes_start(rest, "\"warning\":"))) {
			text_add(&t, "event: alert\ndata: ");
			text_bytes(&t, line);
			text_add(&t, "\n\n");
		}
		left = bytes_part(left, line.len + 1, left.len);
	}
	p = t.len > 0 ? piece_new(-1, -1, text_view(&t)) : NULL;
	if (p)
		hail(s, p);
	piece_free(p);
}

/* A sign of life to who has nothing to hear; and who took nothing for long is
 * let go. */
static void beat(struct teller *s, int64_t now)
{
	int64_t patience = s->how.patience_s * INT64_C(1000) * MS;
	int64_t stay = s->how.stay_s * INT64_C(1000) * MS;

	for (struct listener *l = s->first, *after; l; l = after) {
		/* Who came together does not come back all at once. */
		int64_t longer = stay / 10 * (l->fd % 10) / 10;

		after = l->after;
		if ((l->full && now - l->full_ns > patience) ||
			(!l->now && now - l->come_ns > stay + longer))
			leave(s, l);
	}
	hail(s, s->beat);
}

static bool is_ending(struct teller *s)
{
	bool ending;

	(void)pthread_mutex_lock(&s->lock);
	ending = s->ending;
	(void)pthread_mutex_unlock(&s->lock);
	return ending;
}

static void wait_for(struct teller *s, int64_t until_ns)
{
	struct epoll_event e[EVENTS];
	int64_t ms = (until_ns - now_ns() + MS - 1) / MS;
	int n = epoll_wait(s->epoll, e, EVENTS, ms > 0 ? (int)ms : 0);

	for (int i = 0; i < n; i++) {
		struct listener *l = e[i].data.ptr;

		if (!l) {
			meet(s);
		} else if (e[i].events & (EPOLLHUP | EPOLLERR | EPOLLRDHUP)) {
			leave(s, l);
		} else {
			l->full = false;
			push(s, l);
		}
	}
}

static void *tell(void *self)
{
	struct teller *s = self;
	int64_t beat_ns = s->how.patience_s < TELLER_BEAT_S
		? s->how.patience_s * INT64_C(1000) * MS
		: TELLER_BEAT_S * INT64_C(1000) * MS;
	int64_t look_at = now_ns(), beat_at = look_at + beat_ns;
	bool heralds = s->told.api.level >= LEVEL_MISSION;

	while (!is_ending(s)) {
		int64_t now = now_ns();

		/* A file of a few lines: it is cheaper than a look, and alerts
		 * are in more of a hurry. */
		if (heralds)
			herald(s);
		/* A look has an end; where there was something is more. */
		if (now >= look_at)
			look_at = now + (look(s) ? 0 : TELLER_LOOK_MS * MS);
		if (now >= beat_at) {
			beat(s, now);
			beat_at = now + beat_ns;
		}
		now += TELLER_HERALD_MS * MS;
		wait_for(s, heralds && now < look_at ? now : look_at);
	}
	meet(s);
	while (s->first)
		leave(s, s->first);
	return NULL;
}

/* -- opening -- */

bool teller_join(struct teller *s, int fd, int64_t after, void *who)
{
	struct listener *l = malloc(sizeof *l);
	int one = 1, buffer = TELLER_BUFFER;
	uint64_t ring = 1;
	bool ok;

	if (!l)
		return false;
	*l = (struct listener){.who = who, .fd = fd, .index = after,
		.come_ns = now_ns()};
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	(void)pthread_mutex_lock(&s->lock);
	ok = !s->ending && s->count < s->how.most;
	if (ok) {
		l->after = s->come;
		s->come = l;
		s->count++;
	}
	(void)pthread_mutex_unlock(&s->lock);
	if (!ok)
		free(l);
	else
		(void)!write(s->bell, &ring, sizeof ring);
	return ok;
}

static bool begin(struct teller *s, struct fault *f)
{
	static const char comment[] = ":\n\n";
	struct epoll_event e = {.events = EPOLLIN};
	int64_t newest = -1;

	s->epoll = epoll_create1(EPOLL_CLOEXEC);
	s->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->epoll < 0 || s->bell < 0 ||
		epoll_ctl(s->epoll, EPOLL_CTL_ADD, s->bell, &e) < 0)
		return fault_errno(f, "stream");
	s->beat = piece_new(-1, -1, bytes_of(comment));
	if (!s->beat || !arena_map(&s->text, API_BYTES + 64, f) ||
		!arena_map(&s->work, API_BYTES, f))
		return fault(f, FAULT_LIMIT, "memory");
	/* No index yet: all that will be there is news. */
	if (seat_ready(&s->told, f) && !s->told.store.engine->newest(
		&s->told.store, &newest, f))
		return false;
	pieces_begin(&s->pieces, newest);
	s->telling = pthread_create(&s->thread, NULL, tell, s) == 0;
	return s->telling || fault(f, FAULT_LIMIT, "a thread");
}

bool teller_open(struct teller **out, const struct api *api,
	const struct teller_how *how, struct fault *f)
{
	struct teller *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return fault(f, FAULT_LIMIT, "memory");
	s->how = *how;
	if (s->how.patience_s == 0)
		s->how.patience_s = TELLER_PATIENCE_S;
	if (s->how.stay_s == 0)
		s->how.stay_s = TELLER_STAY_S;
	s->told.api = *api;
	s->epoll = s->bell = -1;
	(void)pthread_mutex_init(&s->lock, NULL);
	if (begin(s, f)) {
		*out = s;
		return true;
	}
	teller_close(s);
	return false;
}

void teller_close(struct teller *s)
{
	uint64_t ring = 1;

	if (!s)
		return;
	(void)pthread_mutex_lock(&s->lock);
	s->ending = true;
	(void)pthread_mutex_unlock(&s->lock);
	if (s->telling) {
		(void)!write(s->bell, &ring, sizeof ring);
		(void)pthread_join(s->thread, NULL);
	}
	pieces_begin(&s->pieces, -1);
	for (size_t i = 0; i < CAUGHT_KEPT; i++)
		piece_free(s->caught[i]);
	piece_free(s->beat);
	if (s->epoll >= 0)
		(void)close(s->epoll);
	if (s->bell >= 0)
		(void)close(s->bell);
	arena_unmap(&s->text);
	arena_unmap(&s->work);
	seat_close(&s->told);
	alerts_done(&s->alerts);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
}

bool tellers_open(struct tellers *t, const struct api *api,
	const struct teller_how *how, struct fault *f)
{
	struct api shown = *api;

	shown.level = LEVEL_PARTIES;
	t->parties = NULL;
	return teller_open(&t->mission, api, how, f) &&
		teller_open(&t->parties, &shown, how, f);
}

bool tellers_join(const struct tellers *t, int fd,
	const struct wire_response *w, void *who)
{
	return teller_join(w->parties ? t->parties : t->mission, fd, w->after,
		who);
}

void tellers_close(struct tellers *t)
{
	teller_close(t->mission);
	teller_close(t->parties);
}
