/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "serve/events.h"
#include "serve/listeners.h"
#include "serve/seat.h"
#include "serve/submission.h"

enum { LOOK_NS = 100000000, URI_MAX = 8192 };

struct listener {
	struct listener *before, *after;
	struct MHD_Connection *connection;
	struct door *door;
	int64_t index; /* told up to here */
	bool waits;    /* suspended */
	bool beat;
	struct arena arena; /* of `text`, mapped once it was left behind */
	char *text;         /* being sent; his own */
	size_t len, sent;
};

struct door {
	struct MHD_Daemon *daemon;
	struct seat told; /* of the teller */
	struct seat asked[DOOR_THREADS];
	pthread_t teller;
	bool telling; /* the thread is there */
	uint16_t port;
	pthread_mutex_t writing; /* one submission at a time */
	pthread_mutex_t lock; /* over what follows */
	bool taken[DOOR_THREADS]; /* of the seats asked */
	bool ending;
	struct listeners listeners;
	struct listener *first;
};

struct asked { /* one request, while it comes */
	char uri[URI_MAX];
	bool seen, too_long;
	uint8_t *body; /* of a submission; SUBMISSION_BYTES and one */
	size_t len;
};

/* As many seats as threads: there is always one. */
static struct seat *seat_take(struct door *d)
{
	size_t i = 0;

	(void)pthread_mutex_lock(&d->lock);
	while (i + 1 < DOOR_THREADS && d->taken[i])
		i++;
	d->taken[i] = true;
	(void)pthread_mutex_unlock(&d->lock);
	return &d->asked[i];
}

static void seat_give(struct door *d, struct seat *s)
{
	(void)pthread_mutex_lock(&d->lock);
	d->taken[s - d->asked] = false;
	(void)pthread_mutex_unlock(&d->lock);
}

/* -- answers -- */

static void headers(struct MHD_Response *r, const struct wire_response *w)
{
	char next[400];
	struct text t = text_on(next, sizeof next);

	(void)MHD_add_response_header(r, "Content-Type", w->type);
	(void)MHD_add_response_header(r, "X-Content-Type-Options", "nosniff");
	(void)MHD_add_response_header(r, "Referrer-Policy", "no-referrer");
	(void)MHD_add_response_header(r, "Cross-Origin-Resource-Policy",
		"same-origin");
	(void)MHD_add_response_header(r, "Content-Security-Policy",
		w->policy ? w->policy : "default-src 'none'");
	if (w->encoding)
		(void)MHD_add_response_header(
			r, "Content-Encoding", w->encoding);
	if (w->cache)
		(void)MHD_add_response_header(r, "Cache-Control", w->cache);
	if (w->etag[0])
		(void)MHD_add_response_header(r, "ETag", w->etag);
	if (w->next) {
		text_fmt(&t, "<?after=%s>; rel=\"next\"", w->next);
		(void)MHD_add_response_header(r, "Link", next);
	}
	if (w->cookie)
		(void)MHD_add_response_header(r, "Set-Cookie", w->cookie);
	if (w->is == WIRE_EVENTS)
		(void)MHD_add_response_header(r, "X-Accel-Buffering", "no");
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
	headers(r, w);
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

static bool room_for(struct listener *l, struct fault *f)
{
	l->arena.used = 0;
	l->sent = l->len = 0;
	return l->arena.at || arena_map(&l->arena, API_BYTES, f);
}

/* What he missed, from the store; where that is nothing, he is at `before`. */
static bool catch_up(struct listener *l, int64_t before)
{
	struct fault f = {0};
	struct arena work;
	struct seat *s;
	struct text t;
	bool ok;

	if (!room_for(l, &f) || !arena_map(&work, API_BYTES, &f))
		return false;
	s = seat_take(l->door);
	t = text_in(&l->arena, API_BYTES - 64);
	ok = seat_ready(s, &f) && events_since(&s->api, l->index, &work, &t,
		&l->index, &f);
	seat_give(l->door, s);
	arena_unmap(&work);
	l->text = t.at;
	l->len = t.len;
	if (t.len == 0 && l->index < before)
		l->index = before;
	return ok;
}

enum fetched { FETCHED, FETCHED_NONE, FETCHED_BEHIND, FETCHED_END };

/* The next of his records into l->text; else the connection waits. */
static enum fetched fetch(struct listener *l, int64_t *before)
{
	static char beat[] = ":\n\n";
	struct door *d = l->door;
	const struct listeners_one *o;
	struct fault f;
	bool behind;

	if (d->ending)
		return FETCHED_END;
	*before = d->listeners.before;
	o = listeners_after(&d->listeners, l->index, &behind);
	if (behind)
		return FETCHED_BEHIND;
	if (!o && l->beat) {
		l->text = beat;
		l->len = sizeof beat - 1;
		l->sent = 0;
	} else if (!o) {
		l->waits = true;
		MHD_suspend_connection(l->connection);
		return FETCHED_NONE;
	} else if (room_for(l, &f) &&
		(l->text = arena_room(&l->arena, o->len, &f))) {
		memcpy(l->text, o->text, o->len);
		l->len = o->len;
		l->index = o->index;
	} else {
		return FETCHED_END;
	}
	l->beat = false;
	return FETCHED;
}

static ssize_t tell(void *self, uint64_t pos, char *out, size_t room)
{
	struct listener *l = self;
	struct door *d = l->door;

	(void)pos;
	while (l->sent == l->len) {
		enum fetched got;
		int64_t before;

		(void)pthread_mutex_lock(&d->lock);
		got = fetch(l, &before);
		(void)pthread_mutex_unlock(&d->lock);
		if (got == FETCHED_NONE)
			return 0;
		if (got == FETCHED_END ||
			(got == FETCHED_BEHIND && !catch_up(l, before)))
			return MHD_CONTENT_READER_END_OF_STREAM;
	}
	if (room > l->len - l->sent)
		room = l->len - l->sent;
	memcpy(out, l->text + l->sent, room);
	l->sent += room;
	return (ssize_t)room;
}

static void leave(void *self)
{
	struct listener *l = self;
	struct door *d = l->door;

	(void)pthread_mutex_lock(&d->lock);
	if (l->before)
		l->before->after = l->after;
	else
		d->first = l->after;
	if (l->after)
		l->after->before = l->before;
	(void)pthread_mutex_unlock(&d->lock);
	arena_unmap(&l->arena);
	free(l);
}

static enum MHD_Result send_events(struct door *d, struct MHD_Connection *c,
	const struct wire_response *w)
{
	static char hello[] = "retry: 2000\n\n";
	struct listener *l = calloc(1, sizeof *l);
	struct MHD_Response *r;

	if (!l)
		return MHD_NO;
	*l = (struct listener){.connection = c, .door = d, .index = w->after,
		.text = hello, .len = sizeof hello - 1};
	(void)pthread_mutex_lock(&d->lock);
	l->after = d->first;
	if (d->first)
		d->first->before = l;
	d->first = l;
	(void)pthread_mutex_unlock(&d->lock);
	r = MHD_create_response_from_callback(
		MHD_SIZE_UNKNOWN, 16 << 10, tell, l, leave);
	if (!r) {
		leave(l);
		return MHD_NO;
	}
	return queue(c, w, r);
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

static struct instant now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct instant){t.tv_sec * INT64_C(1000000000) + t.tv_nsec};
}

static void ask(struct door *d, struct MHD_Connection *c, const char *method,
	const struct asked *x, struct arena *a, struct wire_response *w)
{
	struct bytes uri = bytes_of(x->uri);
	const uint8_t *mark = uri.len ? memchr(uri.at, '?', uri.len) : NULL;
	size_t n = mark ? (size_t)(mark - uri.at) : uri.len;
	struct text path = text_in(a, n + 1);
	struct wire_request q = {.method = wire_method_named(bytes_of(method)),
		.now = now(), .origin = header(c, "Origin"),
		.cookie = header(c, "Cookie"),
		.token = header(c, "X-Truce-Token"),
		.content_type = header(c, "Content-Type"),
		.body = {x->body, x->len},
		.query = bytes_part(uri, n + 1, uri.len),
		.accept = header(c, "Accept"), .host = header(c, "Host"),
		.last_event_id = header(c, "Last-Event-ID"),
		.if_none_match = header(c, "If-None-Match"),
	};
	struct fault f = {0};

	if (!host_ok(c)) {
		wire_problem(w, a, 403, "not a loopback name");
	} else if (x->too_long ||
		!wire_decode(bytes_part(uri, 0, n), false, &path)) {
		wire_problem(w, a, 400, "a broken or too long address");
	} else {
		struct seat *s = seat_take(d);

		q.path = text_view(&path);
		if (q.method == WIRE_PUT)
			(void)pthread_mutex_lock(&d->writing);
		/* A submission needs no index. */
		if (q.method == WIRE_PUT || seat_ready(s, &f))
			api_answer(&s->api, &q, a, w);
		else
			api_fault(&f, a, w);
		if (q.method == WIRE_PUT)
			(void)pthread_mutex_unlock(&d->writing);
		seat_give(d, s);
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
	size_t room = SUBMISSION_BYTES + 1 - x->len;

	if (!x->body && !(x->body = malloc(SUBMISSION_BYTES + 1)))
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
	if (!x)
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
	if (w.is == WIRE_TEXT)
		return queue(c, &w,
			MHD_create_response_from_buffer_with_free_callback_cls(
				w.body.len, (void *)(uintptr_t)w.body.at,
				arena_free, a));
	enum MHD_Result ok = w.is == WIRE_FILE ? send_file(c, &w)
		: send_events(d, c, &w);

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

/* -- the teller -- */

static void wake(struct door *d, bool beat)
{
	for (struct listener *l = d->first; l; l = l->after) {
		l->beat = l->beat || beat;
		if (l->waits) {
			l->waits = false;
			MHD_resume_connection(l->connection);
		}
	}
}

/* What was logged since, to all. */
static void look(struct door *d, struct arena *text, struct arena *work,
	bool beat)
{
	struct fault f = {0};
	struct text t;
	int64_t last;

	text->used = work->used = 0;
	t = text_in(text, API_BYTES);
	if (!seat_ready(&d->told, &f) || !events_since(&d->told.api,
		d->listeners.last, work, &t, &last, &f))
		t.len = 0;
	if (t.len == 0 && !beat)
		return;
	(void)pthread_mutex_lock(&d->lock);
	if (!listeners_tell(&d->listeners, text_view(&t), &f))
		listeners_begin(&d->listeners, d->listeners.last);
	wake(d, beat);
	(void)pthread_mutex_unlock(&d->lock);
}

static void *teller(void *self)
{
	const struct timespec pause = {0, LOOK_NS};
	struct door *d = self;
	struct arena text, work;
	struct fault f;
	bool ending = false;

	if (!arena_map(&text, API_BYTES + 64, &f))
		return NULL;
	if (!arena_map(&work, API_BYTES, &f)) {
		arena_unmap(&text);
		return NULL;
	}
	for (unsigned i = 1; !ending; i++) {
		(void)nanosleep(&pause, NULL);
		look(d, &text, &work,
			i % (DOOR_BEAT_S * (1000000000U / LOOK_NS)) == 0);
		(void)pthread_mutex_lock(&d->lock);
		ending = d->ending;
		(void)pthread_mutex_unlock(&d->lock);
	}
	arena_unmap(&text);
	arena_unmap(&work);
	return NULL;
}

static bool begin_telling(struct door *d, struct fault *f)
{
	int64_t newest = -1;

	if (seat_ready(&d->told, f) && !d->told.store.engine->newest(
		&d->told.store, &newest, f))
		return false;
	listeners_begin(&d->listeners, newest);
	d->telling = pthread_create(&d->teller, NULL, teller, d) == 0;
	return d->telling || fault(f, FAULT_LIMIT, "a thread");
}

bool door_open(struct door **out, const struct api *api, uint16_t port,
	struct fault *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct door *d = calloc(1, sizeof *d);
	const union MHD_DaemonInfo *info;

	*out = d;
	if (!d)
		return fault(f, FAULT_LIMIT, "memory");
	d->told.api = *api;
	for (size_t i = 0; i < DOOR_THREADS; i++)
		d->asked[i].api = *api;
	(void)pthread_mutex_init(&d->lock, NULL);
	(void)pthread_mutex_init(&d->writing, NULL);
	if (!begin_telling(d, f))
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
	(void)pthread_mutex_lock(&d->lock);
	d->ending = true;
	(void)pthread_mutex_unlock(&d->lock);
	if (d->telling)
		(void)pthread_join(d->teller, NULL);
	(void)pthread_mutex_lock(&d->lock);
	wake(d, false);
	(void)pthread_mutex_unlock(&d->lock);
	if (d->daemon)
		MHD_stop_daemon(d->daemon);
	listeners_end(&d->listeners);
	for (size_t i = 0; i < DOOR_THREADS; i++)
		seat_close(&d->asked[i]);
	seat_close(&d->told);
	(void)pthread_mutex_destroy(&d->lock);
	(void)pthread_mutex_destroy(&d->writing);
	free(d);
}
