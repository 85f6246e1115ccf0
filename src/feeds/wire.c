/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/wire.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "feeds/tls.h"

enum {
	BACKLOG = 4096, /* all sensors come at once after an outage (SCALE 8) */
	READ_LEAST = 4096,
	SAY_LEAST = 512,
};

bool wire_resolve(
	const char *at, bool passive, struct wire_place *out, struct fault *f)
{
	const char *whole = at, *colon;
	struct addrinfo ask = {.ai_socktype = SOCK_STREAM,
		.ai_flags = passive ? AI_PASSIVE : 0}, *got;
	char *host = out->host;
	struct bytes name;
	int code;

	*out = (struct wire_place){.secure = strncmp(at, "tls:", 4) == 0};
	at += out->secure ? 4 : 0;
	colon = strrchr(at, ':');
	if (!colon || colon == at || !colon[1])
		return fault(f, FAULT_INPUT, "'%s', wants HOST:PORT", whole);
	name = bytes_part(bytes_of(at), 0, (size_t)(colon - at));
	if (name.len > 2 && name.at[0] == '[' && name.at[name.len - 1] == ']')
		name = bytes_part(name, 1, name.len - 2);
	if (name.len >= sizeof out->host)
		return fault(f, FAULT_INPUT, "'%s': the host is too long", at);
	memcpy(host, name.at, name.len);
	host[name.len] = '\0';
	code = getaddrinfo(host, colon + 1, &ask, &got);
	if (code != 0)
		return fault(f, FAULT_SYSTEM, "%s: %s", at, gai_strerror(code));
	memcpy(&out->address, got->ai_addr, got->ai_addrlen);
	out->len = got->ai_addrlen;
	freeaddrinfo(got);
	return true;
}

static bool bound_name(int fd, char name[WIRE_NAME], struct fault *f)
{
	struct sockaddr_storage a;
	socklen_t len = sizeof a;
	char host[64], port[16];
	struct text t = text_on(name, WIRE_NAME);

	if (getsockname(fd, (struct sockaddr *)(void *)&a, &len) < 0)
		return fault_errno(f, "getsockname");
	if (getnameinfo((const struct sockaddr *)(const void *)&a, len, host,
		    sizeof host, port, sizeof port,
		    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		return fault(f, FAULT_SYSTEM, "no name for the socket");
	text_fmt(&t, strchr(host, ':') ? "[%s]:%s" : "%s:%s", host, port);
	return true;
}

bool wire_listen(const struct wire_place *p, int *fd, char name[WIRE_NAME],
	struct fault *f)
{
	const struct sockaddr *a = (const void *)&p->address;
	int one = 1;

	*fd = socket(a->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		0);
	if (*fd < 0)
		return fault_errno(f, "socket");
	if (setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0 &&
		bind(*fd, a, p->len) == 0 && listen(*fd, BACKLOG) == 0)
		return bound_name(*fd, name, f);
	(void)fault_errno(f, "listen");
	(void)close(*fd);
	*fd = -1;
	return false;
}

/* A peer that is gone without a word is noticed; small answers go at once. */
static void manners(int fd)
{
	int one = 1;

	(void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

bool wire_accept(int listener, int *fd, struct fault *f)
{
	*fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (*fd >= 0) {
		manners(*fd);
		return true;
	}
	/* Whoever gave up meanwhile, and what the network says of it
	 * (accept(2)), is not our trouble; too many files open is, but passes
	 * when others leave. */
	if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK)
		return fault_errno(f, "accept");
	return true;
}

bool wire_connect(
	struct wire *w, const struct wire_place *p, struct fault *f)
{
	const struct sockaddr *a = (const void *)&p->address;

	w->have = w->out_len = 0;
	w->fd = socket(a->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC,
		0);
	if (w->fd < 0)
		return fault_errno(f, "socket");
	manners(w->fd);
	if (connect(w->fd, a, p->len) == 0 || errno == EINPROGRESS)
		return true;
	(void)fault_errno(f, "connect");
	wire_close(w);
	return false;
}

bool wire_secure(
	struct wire *w, const struct tls_side *side, struct fault *f)
{
	return tls_open(&w->tls, side, w->fd, NULL, f);
}

bool wire_connected(
	struct wire *w, const struct wire_place *p, struct fault *f)
{
	int code = 0;
	socklen_t len = sizeof code;

	if (getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
		return fault_errno(f, "connect");
	errno = code;
	return code == 0 ? !p->tls || tls_open(&w->tls, p->tls, w->fd, p->host,
		f) : fault_errno(f, "connect");
}

static bool grow(struct wire *w, size_t most, struct fault *f)
{
	size_t room = w->room ? 2 * w->room : READ_LEAST;
	uint8_t *in;

	if (w->have < w->room || w->room >= most)
		return true;
	room = room < most ? room : most;
	if (!(in = realloc(w->in, room)))
		return fault(f, FAULT_LIMIT, "no memory for what came in");
	w->in = in;
	w->room = room;
	return true;
}

/* All that lies in TLS is taken, as poll() does not see it. */
static bool read_tls(struct wire *w, size_t most, size_t budget, size_t *got,
	struct fault *f)
{
	size_t n = 1;

	w->reads = false;
	while (n > 0 && ((*got < budget && w->have < most) ||
			tls_pending(w->tls) > 0)) {
		if (!grow(w, most + TLS_RECORD, f) || !tls_read(w->tls,
			w->in + w->have, w->room - w->have, &n, f))
			return false;
		w->have += n;
		*got += n;
	}
	return true;
}

bool wire_read(struct wire *w, size_t most, size_t budget, size_t *got,
	struct fault *f)
{
	*got = 0;
	if (w->tls)
		return read_tls(w, most, budget, got, f);
	while (*got < budget) {
		size_t n;
		ssize_t r;

		if (!grow(w, most, f))
			return false;
		n = w->room - w->have;
		n = n < budget - *got ? n : budget - *got;
		if (n == 0)
			return true; /* as much as is held: use it first */
		r = recv(w->fd, w->in + w->have, n, 0);
		if (r == 0)
			return fault(f, FAULT_INPUT, "the peer has closed");
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ||
				fault_errno(f, "receive");
		w->have += (size_t)r;
		*got += (size_t)r;
	}
	return true;
}

void wire_used(struct wire *w, size_t n)
{
	if (n == 0)
		return;
	w->have -= n;
	memmove(w->in, w->in + n, w->have);
	/* Most hold little: what a long record took is given back. */
	if (w->have == 0 && w->room > 16 * (size_t)READ_LEAST) {
		free(w->in);
		w->in = NULL;
		w->room = 0;
	}
}

bool wire_say(struct wire *w, struct bytes b, struct fault *f)
{
	size_t room = w->out_room ? w->out_room : SAY_LEAST;
	char *out;

	if (b.len > WIRE_OUT - w->out_len)
		return fault(f, FAULT_LIMIT, "the peer does not read");
	while (room < w->out_len + b.len)
		room *= 2;
	if (room > w->out_room) {
		if (!(out = realloc(w->out, room)))
			return fault(f, FAULT_LIMIT, "no memory to answer");
		w->out = out;
		w->out_room = room;
	}
	if (b.len > 0)
		memcpy(w->out + w->out_len, b.at, b.len);
	w->out_len += b.len;
	return true;
}

/* *put 0: nothing goes now. */
static bool put(struct wire *w, size_t *put, struct fault *f)
{
	ssize_t r;

	if (w->tls)
		return tls_write(w->tls, w->out, w->out_len, put, &w->reads,
			f);
	do
		r = send(w->fd, w->out, w->out_len, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	*put = r > 0 ? (size_t)r : 0;
	return r >= 0 || errno == EAGAIN || errno == EWOULDBLOCK ||
		fault_errno(f, "send");
}

bool wire_flush(struct wire *w, struct fault *f)
{
	while (w->out_len > 0) {
		size_t r;

		if (!put(w, &r, f))
			return false;
		if (r == 0)
			return true;
		w->out_len -= r;
		memmove(w->out, w->out + r, w->out_len);
	}
	/* Most are told little: what a long answer took is given back. */
	if (w->out_room > 8 * (size_t)SAY_LEAST) {
		free(w->out);
		w->out = NULL;
		w->out_room = 0;
	}
	return true;
}

void wire_close(struct wire *w)
{
	tls_free(w->tls);
	if (w->fd >= 0)
		(void)close(w->fd);
	free(w->in);
	free(w->out);
	*w = (struct wire){.fd = -1};
}
