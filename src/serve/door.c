/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "serve/seat.h"
#include "serve/teller.h"
#include "serve/submission.h"

enum { URI_MAX = 8192, HEAD = 2048 };

struct door {
	struct MHD_Daemon *daemon;
	struct seats seats;
	struct tellers tellers;
	uint16_t port;
};

struct asked { /* one request, while it comes */
	char uri[URI_MAX];
	bool seen, too_long;
	bool listened; /* to the stream, and no longer */
	uint8_t *body; /* of a submission; PHOTO_BYTES and one */
	size_t len;
};

/* -- answers -- */

static void header_of(void *self, const char *name, const char *value)
{
	(void)MHD_add_response_header(self, name, value);
}

static void arena_free(void *self)
{
	struct arena *a = self;

	arena_unmap(a);
	free(a);
}

static enum MHD_Result queue(struct MHD_Connection *c,
	const struct wire_response *w, struct MHD_Response *r)
{
	enum MHD_Result ok;

	if (!r)
		return MHD_NO;
	wire_headers(w, header_of, r);
	ok = MHD_queue_response(c, w->status, r);
	MHD_destroy_response(r);
	return ok;
}

static enum MHD_Result send_file(
	struct MHD_Connection *c, const struct wire_response *w)
{
	struct MHD_Response *r;
	struct stat st;
	int fd = open(w->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return MHD_NO;
	if (fstat(fd, &st) < 0 ||
		!(r = MHD_create_response_from_fd64(
			(uint64_t)st.st_size, fd))) {
		(void)close(fd);
		return MHD_NO;
	}
	return queue(c, w, r);
}

/* -- the stream -- */

static void header_line(void *self, const char *name, const char *value)
{
	text_fmt(self, "%s: %s\r\n", name, value);
}

/* The library has no answer that others write: the connection is suspended, and
 * its socket lent to the teller till he gives it back.  It ends with the
 * connection, so its length need not be told. */
static enum MHD_Result send_events(struct door *d, struct MHD_Connection *c,
	struct asked *x, const struct wire_response *w)
{
	static const char hello[] = "retry: 2000\n\n";
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		c, MHD_CONNECTION_INFO_CONNECTION_FD);
	char head[HEAD];
	struct text t = text_on(head, sizeof head);

	text_fmt(&t, "HTTP/1.1 %u OK\r\nConnection: close\r\n", w->status);
	wire_headers(w, header_line, &t);
	text_fmt(&t, "\r\n%s", hello);
	/* Nothing was sent on it yet, so all of this finds room. */
	if (!info || t.full || send(info->connect_fd, t.at, t.len,
		MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)t.len)
		return MHD_NO;
	x->listened = true;
	MHD_suspend_connection(c);
	if (!tellers_join(&d->tellers, info->connect_fd, w, c))
		MHD_resume_connection(c);
	return MHD_YES;
}

/* The library asks answer() once more, which ends the connection. */
static void left(void *self, void *connection, int fd)
{
	(void)self;
	(void)fd;
	MHD_resume_connection(connection);
}

/* -- requests -- */

static bool host_ok(struct MHD_Connection *c)
{
	const char *host = MHD_lookup_connection_value(
		c, MHD_HEADER_KIND, "Host");
	size_t n = host ? strcspn(host, ":") : 0;

	return host && ((n == 9 && (memcmp(host, "127.0.0.1", n) == 0 ||
				memcmp(host, "localhost", n) == 0)) ||
			strncmp(host, "[::1]", 5) == 0);
}

static struct bytes header(struct MHD_Connection *c, const char *name)
{
	return bytes_of(MHD_lookup_connection_value(
		c, MHD_HEADER_KIND, name));
}

static void ask(struct door *d, struct MHD_Connection *c, const char *method,
	const struct asked *x, struct arena *a, struct wire_response *w)
{
	struct bytes uri = bytes_of(x->uri);
	const uint8_t *mark = uri.len ? memchr(uri.at, '?', uri.len) : NULL;
	size_t n = mark ? (size_t)(mark - uri.at) : uri.len;
	struct text path = text_in(a, n + 1);
	struct wire_request q = {.method = wire_method_named(bytes_of(method)),
		.origin = header(c, "Origin"),
		.cookie = header(c, "Cookie"),
		.token = header(c, "X-Truce-Token"),
		.content_type = header(c, "Content-Type"),
		.body = {x->body, x->len},
		.query = bytes_part(uri, n + 1, uri.len),
		.accept = header(c, "Accept"), .host = header(c, "Host"),
		.last_event_id = header(c, "Last-Event-ID"),
		.if_none_match = header(c, "If-None-Match"),
	};

	if (!host_ok(c)) {
		wire_problem(w, a, 403, "not a loopback name");
	} else if (x->too_long ||
		!wire_decode(bytes_part(uri, 0, n), false, &path)) {
		wire_problem(w, a, 400, "a broken or too long address");
	} else {
		q.path = text_view(&path);
		seats_answer(&d->seats, &q, a, w);
	}
}

static void *take_uri(void *self, const char *uri, struct MHD_Connection *c)
{
	struct asked *x = calloc(1, sizeof *x);
	struct text t;

	(void)self;
	(void)c;
	if (x) {
		t = text_on(x->uri, sizeof x->uri);
		text_add(&t, uri);
		x->too_long = t.full;
	}
	return x;
}

/* One byte more than may be is kept, so that it is seen to be too long. */
static bool take_body(struct asked *x, const char *upload, size_t n)
{
	size_t room = PHOTO_BYTES + 1 - x->len;

	if (!x->body && !(x->body = malloc(PHOTO_BYTES + 1)))
		return false;
	if (n > room)
		n = room;
	memcpy(x->body + x->len, upload, n);
	x->len += n;
	return true;
}

/* MHD calls twice: a reply on the first call closes the connection. */
static enum MHD_Result answer(void *self, struct MHD_Connection *c,
	const char *url, const char *method, const char *version,
	const char *upload, size_t *upload_size, void **seen)
{
	struct door *d = self;
	struct asked *x = *seen;
	struct wire_response w = {0};
	struct arena *a;
	struct fault f;

	(void)url;
	(void)version;
	if (!x || x->listened)
		return MHD_NO;
	if (!x->seen || *upload_size > 0) {
		bool ok = *upload_size == 0 ||
			take_body(x, upload, *upload_size);

		x->seen = true;
		*upload_size = 0;
		return ok ? MHD_YES : MHD_NO;
	}
	a = malloc(sizeof *a);
	if (!a)
		return MHD_NO;
	if (!arena_map(a, (size_t)3 * API_BYTES, &f)) {
		free(a);
		return MHD_NO;
	}
	ask(d, c, method, x, a, &w);
	if (w.is == WIRE_EVENTS && strcmp(method, "HEAD") == 0)
		w.is = WIRE_TEXT; /* nobody listens */
	if (w.is == WIRE_TEXT)
		return queue(c, &w,
			MHD_create_response_from_buffer_with_free_callback_cls(
				w.body.len, (void *)(uintptr_t)w.body.at,
				arena_free, a));
	enum MHD_Result ok = w.is == WIRE_FILE ? send_file(c, &w)
		: send_events(d, c, x, &w);

	arena_free(a);
	return ok;
}

static void forget(void *self, struct MHD_Connection *c, void **seen,
	enum MHD_RequestTerminationCode code)
{
	struct asked *x = *seen;

	(void)self;
	(void)c;
	(void)code;
	if (x)
		free(x->body);
	free(x);
	*seen = NULL;
}

/* -- opening -- */

bool door_open(struct door **out, const struct api *api, uint16_t port,
	struct fault *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct door *d = calloc(1, sizeof *d);
	const union MHD_DaemonInfo *info;
	const struct teller_how how = {.most = DOOR_CONNECTIONS, .left = left};

	*out = d;
	if (!d)
		return fault(f, FAULT_LIMIT, "memory");
	seats_init(&d->seats, api);
	if (!tellers_open(&d->tellers, api, &how, f))
		goto bad;
	d->daemon = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
		MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer, d,
		MHD_OPTION_SOCK_ADDR, &a,
		MHD_OPTION_URI_LOG_CALLBACK, take_uri, NULL,
		MHD_OPTION_NOTIFY_COMPLETED, forget, NULL,
		MHD_OPTION_THREAD_POOL_SIZE, (unsigned)DOOR_THREADS,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)DOOR_CONNECTIONS,
		MHD_OPTION_CONNECTION_TIMEOUT, 30U, MHD_OPTION_END);
	if (!d->daemon) {
		fault_errno(f, "127.0.0.1:%u", (unsigned)port);
		goto bad;
	}
	info = MHD_get_daemon_info(d->daemon, MHD_DAEMON_INFO_BIND_PORT);
	d->port = info ? info->port : port;
	return true;
bad:
	door_close(d);
	*out = NULL;
	return false;
}

uint16_t door_port(const struct door *d)
{
	return d->port;
}

void door_close(struct door *d)
{
	if (!d)
		return;
	/* Who listens is resumed before the library ends. */
	tellers_close(&d->tellers);
	if (d->daemon)
		MHD_stop_daemon(d->daemon);
	seats_done(&d->seats);
	free(d);
}
