/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/gate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "serve/events.h"
#include "serve/listeners.h"
#include "serve/scgi.h"
#include "serve/seat.h"
#include "serve/submission.h"

enum {
	SEATS = 8, /* answer at a time */
	LOOK_MS = 100,
	STACK = 512 << 10,
	HEAD = 8192,
};

struct gate {
	int socket;
	char path[108];
	gid_t group;
	pthread_t porter, teller;
	struct seat told;
	struct seat seat[SEATS];
	pthread_mutex_t writing; /* one submission at a time */
	pthread_mutex_t lock;    /* over what follows */
	pthread_cond_t freed, news;
	bool taken[SEATS];
	bool ending;
	size_t threads, streams;
	uint64_t beats;
	struct listeners listeners;
};

struct visit { /* one connection */
	struct gate *gate;
	int fd;
};

/* -- bytes -- */

static bool send_all(int fd, const void *at, size_t n)
{
	const uint8_t *p = at;

	while (n > 0) {
		ssize_t got = send(fd, p, n, MSG_NOSIGNAL);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static void pause_at_most(int fd, int option, int seconds)
{
	struct timeval t = {.tv_sec = seconds};

	(void)setsockopt(fd, SOL_SOCKET, option, &t, sizeof t);
}

/* Exactly n; false: the other is gone, or too slow. */
static bool receive(int fd, uint8_t *at, size_t n)
{
	while (n > 0) {
		ssize_t got = recv(fd, at, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		n -= (size_t)got;
	}
	return true;
}

/* The block of names, in the arena: `len:` a byte at a time, so that none of
 * the body is read with it. */
static bool read_block(int fd, struct arena *a, struct bytes *block,
	struct fault *f)
{
	uint8_t front[SCGI_LENGTH], *at;
	size_t n = 0, head, length;

	do {
		if (n == sizeof front || !receive(fd, &front[n++], 1))
			return fault(f, FAULT_INPUT, "scgi: no length");
		if (scgi_length((struct bytes){front, n}, &head, &length, f))
			break;
		if (f->kind != FAULT_NONE)
			return false;
	} while (true);
	at = arena_room(a, length + 1, f);
	if (!at)
		return false;
	if (!receive(fd, at, length + 1) || at[length] != ',')
		return fault(f, FAULT_INPUT, "scgi: the block is cut");
	*block = (struct bytes){at, length};
	return true;
}

/* -- seats -- */

static struct seat *seat_take(struct gate *g)
{
	size_t i;

	(void)pthread_mutex_lock(&g->lock);
	for (;;) {
		for (i = 0; i < SEATS && g->taken[i]; i++)
			;
		if (i < SEATS)
			break;
		(void)pthread_cond_wait(&g->freed, &g->lock);
	}
	g->taken[i] = true;
	(void)pthread_mutex_unlock(&g->lock);
	return &g->seat[i];
}

static void seat_give(struct gate *g, const struct seat *s)
{
	(void)pthread_mutex_lock(&g->lock);
	g->taken[s - g->seat] = false;
	(void)pthread_cond_signal(&g->freed);
	(void)pthread_mutex_unlock(&g->lock);
}

/* -- the stream -- */

/* The next of the records into the arena; false: it ends.  *behind: they are
 * no longer here, and *index may go on to `before`. */
static bool next_news(struct gate *g, int64_t *index, uint64_t *beat,
	bool *behind, int64_t *before, struct arena *a, struct bytes *out)
{
	static const char comment[] = ":\n\n";
	const struct listeners_one *o;
	struct fault f;
	bool ok = true;
	char *at;

	*out = (struct bytes){0};
	(void)pthread_mutex_lock(&g->lock);
	for (;;) {
		*before = g->listeners.before;
		o = listeners_after(&g->listeners, *index, behind);
		if (g->ending || o || *behind || *beat != g->beats)
			break;
		(void)pthread_cond_wait(&g->news, &g->lock);
	}
	if (g->ending) {
		ok = false;
	} else if (o) {
		at = arena_room(a, o->len, &f);
		ok = at != NULL;
		if (ok) {
			memcpy(at, o->text, o->len);
			*out = (struct bytes){(uint8_t *)at, o->len};
			*index = o->index;
		}
	} else if (!*behind) {
		*beat = g->beats;
		*out = (struct bytes){(const uint8_t *)comment,
			sizeof comment - 1};
	}
	(void)pthread_mutex_unlock(&g->lock);
	return ok;
}

static bool catch_up(struct gate *g, int64_t *index, int64_t before,
	struct arena *a, struct bytes *out)
{
	struct fault f = {0};
	struct arena work;
	struct seat *s;
	struct text t = text_in(a, API_BYTES - 64);
	bool ok;

	if (!arena_map(&work, API_BYTES, &f))
		return false;
	s = seat_take(g);
	ok = seat_ready(s, &f) && events_since(&s->api, *index, &work, &t,
		index, &f);
	seat_give(g, s);
	arena_unmap(&work);
	*out = text_view(&t);
	if (t.len == 0 && *index < before)
		*index = before;
	return ok;
}

static void stream(struct gate *g, int fd, int64_t index)
{
	static const char hello[] = "retry: 2000\n\n";
	struct arena a;
	struct fault f;
	uint64_t beat;
	bool ok;

	(void)pthread_mutex_lock(&g->lock);
	ok = g->streams < GATE_STREAMS;
	g->streams += ok;
	beat = g->beats;
	(void)pthread_mutex_unlock(&g->lock);
	if (!ok)
		return;
	ok = arena_map(&a, API_BYTES, &f) &&
		send_all(fd, hello, sizeof hello - 1);
	while (ok) {
		struct bytes out;
		int64_t before = 0;
		bool behind = false;

		a.used = 0;
		ok = next_news(g, &index, &beat, &behind, &before, &a, &out) &&
			(!behind || catch_up(g, &index, before, &a, &out)) &&
			send_all(fd, out.at, out.len);
	}
	arena_unmap(&a);
	(void)pthread_mutex_lock(&g->lock);
	g->streams--;
	(void)pthread_mutex_unlock(&g->lock);
}

/* -- one request -- */

static struct instant now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct instant){t.tv_sec * INT64_C(1000000000) + t.tv_nsec};
}

static void send_file(int fd, const struct wire_response *w)
{
	uint8_t at[16384];
	int file = open(w->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	ssize_t n;

	while (file >= 0 && (n = read(file, at, sizeof at)) > 0)
		if (!send_all(fd, at, (size_t)n))
			break;
	if (file >= 0)
		(void)close(file);
}

/* False: the other is gone. */
static bool read_request(int fd, struct arena *a, struct wire_request *q,
	struct wire_response *w)
{
	struct fault f = {0};
	struct bytes block = {0};
	size_t n;
	uint8_t *at;

	pause_at_most(fd, SO_RCVTIMEO, GATE_BLOCK_S);
	if (!read_block(fd, a, &block, &f))
		return false;
	if (!scgi_read(block, a, q, &n, &f)) {
		wire_problem(w, a, 400, "%s", f.text);
		return true;
	}
	if (n > SUBMISSION_BYTES) {
		wire_problem(w, a, 413, "over %d bytes", SUBMISSION_BYTES);
		return true;
	}
	pause_at_most(fd, SO_RCVTIMEO, GATE_BODY_S);
	at = n > 0 ? arena_room(a, n, &f) : NULL;
	if (n > 0 && (!at || !receive(fd, at, n)))
		return false;
	q->body = (struct bytes){at, n};
	return true;
}

static void ask(struct gate *g, const struct wire_request *q, struct arena *a,
	struct wire_response *w)
{
	struct fault f = {0};
	struct seat *s = seat_take(g);
	bool put = q->method == WIRE_PUT;

	if (put)
		(void)pthread_mutex_lock(&g->writing);
	/* A submission needs no index. */
	if (put || seat_ready(s, &f))
		api_answer(&s->api, q, a, w);
	else
		api_fault(&f, a, w);
	if (put)
		(void)pthread_mutex_unlock(&g->writing);
	seat_give(g, s);
}

static void answer(struct gate *g, int fd)
{
	struct wire_request q = {0};
	struct wire_response w = {0};
	char head[HEAD];
	struct text t = text_on(head, sizeof head);
	struct arena a;
	struct fault f;
	int64_t after = -1;
	bool streams;

	if (!arena_map(&a, (size_t)3 * API_BYTES, &f))
		return;
	pause_at_most(fd, SO_SNDTIMEO, GATE_BODY_S);
	if (read_request(fd, &a, &q, &w)) {
		q.now = now();
		if (w.status == 0)
			ask(g, &q, &a, &w);
		scgi_head(&w, &t);
		after = w.after;
	}
	streams = w.is == WIRE_EVENTS && w.status == 200;
	if (t.len > 0 && !t.full && send_all(fd, t.at, t.len) &&
		q.method != WIRE_HEAD) {
		if (w.is == WIRE_FILE)
			send_file(fd, &w);
		else if (!streams)
			(void)send_all(fd, w.body.at, w.body.len);
	} else {
		streams = false;
	}
	arena_unmap(&a);
	if (streams)
		stream(g, fd, after);
}

static void *visit(void *self)
{
	struct visit v = *(struct visit *)self;

	free(self);
	answer(v.gate, v.fd);
	(void)close(v.fd);
	(void)pthread_mutex_lock(&v.gate->lock);
	v.gate->threads--;
	(void)pthread_cond_broadcast(&v.gate->freed);
	(void)pthread_mutex_unlock(&v.gate->lock);
	return NULL;
}

/* -- the porter -- */

static bool known(const struct gate *g, int fd)
{
	struct ucred who;
	socklen_t n = sizeof who;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &n) == 0 &&
		(who.uid == 0 || who.uid == geteuid() ||
			who.gid == g->group);
}

static bool begin_visit(struct gate *g, int fd)
{
	struct visit *v = malloc(sizeof *v);
	pthread_attr_t attr;
	pthread_t thread;
	bool ok;

	if (!v)
		return false;
	*v = (struct visit){g, fd};
	(void)pthread_mutex_lock(&g->lock);
	ok = g->threads < GATE_THREADS;
	g->threads += ok;
	(void)pthread_mutex_unlock(&g->lock);
	if (!ok) {
		free(v);
		return false;
	}
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, STACK);
	(void)pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	ok = pthread_create(&thread, &attr, visit, v) == 0;
	(void)pthread_attr_destroy(&attr);
	if (ok)
		return true;
	free(v);
	(void)pthread_mutex_lock(&g->lock);
	g->threads--;
	(void)pthread_mutex_unlock(&g->lock);
	return false;
}

static bool is_ending(struct gate *g)
{
	bool ending;

	(void)pthread_mutex_lock(&g->lock);
	ending = g->ending;
	(void)pthread_mutex_unlock(&g->lock);
	return ending;
}

static void *porter(void *self)
{
	static const char full[] = "Status: 503\r\nContent-Type: "
		"text/plain\r\nRetry-After: 2\r\n\r\nbusy\n";
	struct gate *g = self;

	while (!is_ending(g)) {
		struct pollfd p = {.fd = g->socket, .events = POLLIN};
		int fd;

		if (poll(&p, 1, LOOK_MS) <= 0)
			continue;
		fd = accept4(g->socket, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		if (known(g, fd) && begin_visit(g, fd))
			continue;
		(void)send(fd, full, sizeof full - 1,
			MSG_NOSIGNAL | MSG_DONTWAIT);
		(void)close(fd);
	}
	return NULL;
}

/* -- the teller -- */

static void look(struct gate *g, struct arena *text, struct arena *work,
	bool beat)
{
	struct fault f = {0};
	struct text t;
	int64_t last;

	text->used = work->used = 0;
	t = text_in(text, API_BYTES);
	if (!seat_ready(&g->told, &f) || !events_since(&g->told.api,
		g->listeners.last, work, &t, &last, &f))
		t.len = 0;
	if (t.len == 0 && !beat)
		return;
	(void)pthread_mutex_lock(&g->lock);
	if (!listeners_tell(&g->listeners, text_view(&t), &f))
		listeners_begin(&g->listeners, g->listeners.last);
	g->beats += beat;
	(void)pthread_cond_broadcast(&g->news);
	(void)pthread_mutex_unlock(&g->lock);
}

static void *teller(void *self)
{
	const struct timespec pause = {0, LOOK_MS * 1000000L};
	struct gate *g = self;
	struct arena text, work;
	struct fault f;

	if (!arena_map(&text, API_BYTES + 64, &f))
		return NULL;
	if (arena_map(&work, API_BYTES, &f)) {
		for (unsigned i = 1; !is_ending(g); i++) {
			(void)nanosleep(&pause, NULL);
			look(g, &text, &work,
				i % (GATE_BEAT_S * (1000U / LOOK_MS)) == 0);
		}
		arena_unmap(&work);
	}
	arena_unmap(&text);
	return NULL;
}

/* -- opening -- */

static bool listen_at(struct gate *g, const char *path, struct fault *f)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct text t = text_on(a.sun_path, sizeof a.sun_path);
	struct text own = text_on(g->path, sizeof g->path);
	struct stat st;

	text_add(&t, path);
	if (t.full)
		return fault(f, FAULT_INPUT, "%.40s...: a socket's path has "
			"at most %zu letters", path, sizeof a.sun_path - 1);
	/* What a server before us left; a file that is none is not ours. */
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		(void)unlink(path);
	g->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (g->socket < 0 || bind(g->socket, (struct sockaddr *)&a,
		sizeof a) < 0)
		return fault_errno(f, "%s", path);
	text_add(&own, path);
	if (chmod(path, 0660) < 0 || lstat(path, &st) < 0 ||
		listen(g->socket, 1024) < 0)
		return fault_errno(f, "%s", path);
	g->group = st.st_gid;
	return true;
}

static bool begin(struct gate *g, struct fault *f)
{
	int64_t newest = -1;

	if (seat_ready(&g->told, f) && !g->told.store.engine->newest(
		&g->told.store, &newest, f))
		return false;
	listeners_begin(&g->listeners, newest);
	if (pthread_create(&g->teller, NULL, teller, g) != 0)
		return fault(f, FAULT_LIMIT, "a thread");
	if (pthread_create(&g->porter, NULL, porter, g) == 0)
		return true;
	(void)pthread_mutex_lock(&g->lock);
	g->ending = true;
	(void)pthread_mutex_unlock(&g->lock);
	(void)pthread_join(g->teller, NULL);
	return fault(f, FAULT_LIMIT, "a thread");
}

static void put_away(struct gate *g)
{
	if (g->socket >= 0)
		(void)close(g->socket);
	if (g->path[0])
		(void)unlink(g->path);
	listeners_end(&g->listeners);
	for (size_t i = 0; i < SEATS; i++)
		seat_close(&g->seat[i]);
	seat_close(&g->told);
	(void)pthread_cond_destroy(&g->freed);
	(void)pthread_cond_destroy(&g->news);
	(void)pthread_mutex_destroy(&g->lock);
	(void)pthread_mutex_destroy(&g->writing);
	free(g);
}

bool gate_open(struct gate **out, const struct api *api, const char *socket,
	struct fault *f)
{
	struct gate *g = calloc(1, sizeof *g);

	*out = g;
	if (!g)
		return fault(f, FAULT_LIMIT, "memory");
	g->socket = -1;
	g->told.api = *api;
	for (size_t i = 0; i < SEATS; i++)
		g->seat[i].api = *api;
	(void)pthread_mutex_init(&g->lock, NULL);
	(void)pthread_mutex_init(&g->writing, NULL);
	(void)pthread_cond_init(&g->freed, NULL);
	(void)pthread_cond_init(&g->news, NULL);
	if (listen_at(g, socket, f) && begin(g, f))
		return true;
	put_away(g);
	*out = NULL;
	return false;
}

/* Threads that wait for a client end with his pause, streams at once. */
void gate_close(struct gate *g)
{
	if (!g)
		return;
	(void)pthread_mutex_lock(&g->lock);
	g->ending = true;
	(void)pthread_cond_broadcast(&g->news);
	(void)pthread_mutex_unlock(&g->lock);
	(void)pthread_join(g->porter, NULL);
	(void)pthread_join(g->teller, NULL);
	(void)pthread_mutex_lock(&g->lock);
	while (g->threads > 0)
		(void)pthread_cond_wait(&g->freed, &g->lock);
	(void)pthread_mutex_unlock(&g->lock);
	put_away(g);
}
