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
#include <unistd.h>

#include "serve/scgi.h"
#include "serve/seat.h"
#include "serve/teller.h"
#include "serve/submission.h"

enum {
	LOOK_MS = 100,
	STACK = 512 << 10,
	HEAD = 8192,
};

struct gate {
	int socket;
	char path[108];
	gid_t group;
	pthread_t porter;
	struct seats seats;
	struct tellers tellers;
	pthread_mutex_t lock; /* over what follows */
	pthread_cond_t freed;
	bool ending;
	size_t threads;
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

/* -- one request -- */

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
	if (n > PHOTO_BYTES) {
		wire_problem(w, a, 413, "over %d bytes", PHOTO_BYTES);
		return true;
	}
	pause_at_most(fd, SO_RCVTIMEO, GATE_BODY_S);
	at = n > 0 ? arena_room(a, n, &f) : NULL;
	if (n > 0 && (!at || !receive(fd, at, n)))
		return false;
	q->body = (struct bytes){at, n};
	return true;
}

/* True: the socket is the teller's now. */
static bool answer(struct gate *g, int fd)
{
	static const char hello[] = "retry: 2000\n\n";
	struct wire_request q = {0};
	struct wire_response w = {0};
	char head[HEAD];
	struct text t = text_on(head, sizeof head);
	struct arena a;
	struct fault f;
	bool streams = false;

	if (!arena_map(&a, (size_t)3 * API_BYTES, &f))
		return false;
	pause_at_most(fd, SO_SNDTIMEO, GATE_BODY_S);
	if (read_request(fd, &a, &q, &w)) {
		if (w.status == 0)
			seats_answer(&g->seats, &q, &a, &w);
		scgi_head(&w, &t);
	}
	if (t.len > 0 && !t.full && send_all(fd, t.at, t.len) &&
		q.method != WIRE_HEAD) {
		streams = w.is == WIRE_EVENTS && w.status == 200;
		if (w.is == WIRE_FILE)
			send_file(fd, &w);
		else if (!streams)
			(void)send_all(fd, w.body.at, w.body.len);
	}
	arena_unmap(&a);
	return streams && send_all(fd, hello, sizeof hello - 1) &&
		tellers_join(&g->tellers, fd, &w, NULL);
}

static void left(void *self, void *who, int fd)
{
	(void)self;
	(void)who;
	(void)close(fd);
}

static void *visit(void *self)
{
	struct visit v = *(struct visit *)self;

	free(self);
	if (!answer(v.gate, v.fd))
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

static void put_away(struct gate *g)
{
	if (g->socket >= 0)
		(void)close(g->socket);
	if (g->path[0])
		(void)unlink(g->path);
	tellers_close(&g->tellers);
	seats_done(&g->seats);
	(void)pthread_cond_destroy(&g->freed);
	(void)pthread_mutex_destroy(&g->lock);
	free(g);
}

bool gate_open(struct gate **out, const struct api *api, const char *socket,
	struct fault *f)
{
	struct gate *g = calloc(1, sizeof *g);
	const struct teller_how how = {.most = GATE_STREAMS, .left = left};

	*out = g;
	if (!g)
		return fault(f, FAULT_LIMIT, "memory");
	g->socket = -1;
	seats_init(&g->seats, api);
	(void)pthread_mutex_init(&g->lock, NULL);
	(void)pthread_cond_init(&g->freed, NULL);
	if (listen_at(g, socket, f) &&
		tellers_open(&g->tellers, api, &how, f)) {
		if (pthread_create(&g->porter, NULL, porter, g) == 0)
			return true;
		fault(f, FAULT_LIMIT, "a thread");
	}
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
	(void)pthread_mutex_unlock(&g->lock);
	(void)pthread_join(g->porter, NULL);
	(void)pthread_mutex_lock(&g->lock);
	while (g->threads > 0)
		(void)pthread_cond_wait(&g->freed, &g->lock);
	(void)pthread_mutex_unlock(&g->lock);
	put_away(g);
}
