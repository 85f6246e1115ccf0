/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/feeds.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/resource.h>

#include "feeds/broker.h"
#include "feeds/push.h"
#include "feeds/seedlink.h"
#include "feeds/tls.h"
#include "feeds/wire.h"

/* of heard_ns: feeds_kept() has something to tell it yet */
#define LEAVING INT64_MIN
#define SECOND_NS INT64_C(1000000000)

enum {
	FEED_NAME = 160,
	READ_MAX = 256 << 10,  /* of one connection in one round */
	HELD_MAX = PUSH_GROUP_MAX + PUSH_LINE_MAX,
	/* Seconds.  Who does not say who it is; who says nothing at all. */
	HELLO_S = 30,
	QUIET_S = 900,
	/* Of a server: until it is asked whether it is there; until it is
	 * given up.  Libslink's defaults are 600 and none. */
	ASK_S = 30,
	GONE_S = 90,
	BACK_OFF_MAX_S = 60,
	REFUSED_MAX = 16, /* frames of a connection, which then is closed */
};

struct node {
	struct wire wire;
	struct push push;
	int64_t heard_ns;
	uint64_t id; /* ascending along the list */
	unsigned refused; /* frames of it */
	bool flooded; /* said that it sends too much */
};

struct server {
	const char *place; /* as it was written, HOST:PORT */
	struct wire_place at;
	struct wire wire;
	struct seedlink link;
	char feed[FEED_NAME];
	bool connecting, asked;
	int64_t heard_ns, again_ns;
	int back_off_s;
};

struct feeds {
	struct feeds_ask ask;
	struct arena arena;
	int listener;
	struct tls_side *client, *nodes_side; /* NULL: not wanted */
	struct node *node;
	size_t nodes;
	struct server *server;
	size_t servers;
	struct broker *broker;
	size_t brokers;
	struct broker_ask asking;
	struct pollfd *poll; /* listener, servers, brokers, nodes, what else */
	int also[FEEDS_ALSO]; /* -1: nothing */
	uint64_t ids;
	size_t held, taken;  /* bytes: in all buffers; in this round */
	int64_t now;         /* of this round */
	size_t turn;
	struct feeds_seen seen;
};

static int64_t now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_NS + t.tv_nsec;
}

PRINTF(2, 3) static void say(struct feeds *s, const char *fmt, ...)
{
	char line[512];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	s->ask.say(s->ask.self, line);
}

static bool give_message(void *, struct wire *, const struct feed_group *,
	struct fault *);
static void say_of_broker(void *, const char *);

/* -- opening -- */

/* A file for each node, if the system lets us. */
static void allow_files(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

static bool open_tls(struct feeds *s, struct fault *f)
{
	const struct feeds_ask *a = &s->ask;

	if (a->tls_ca && !tls_client(&s->client, a->tls_ca, f))
		return false;
	if (!a->listen || strncmp(a->listen, "tls:", 4) != 0)
		return true;
	if (!a->tls_cert || !a->tls_key)
		return fault(f, FAULT_INPUT, "%s: wants --tls-cert and "
			"--tls-key", a->listen);
	return tls_server(&s->nodes_side, a->tls_cert, a->tls_key,
		a->tls_nodes, f);
}

static bool secure(const struct feeds *s, const char *what,
	struct wire_place *at, struct fault *f)
{
	at->tls = at->secure ? s->client : NULL;
	return !at->secure || at->tls || fault(f, FAULT_INPUT,
		"%s: wants --tls-ca, the authorities of its certificate", what);
}

static bool open_server(struct feeds *s, const char *what, struct fault *f)
{
	struct server *x = &s->server[s->servers];
	const char *slash = strchr(what, '/');
	size_t n = slash ? (size_t)(slash - what) : strlen(what);

	x->wire.fd = -1;
	x->back_off_s = 1;
	x->place = arena_text(
		&s->arena, bytes_part(bytes_of(what), 0, n), f);
	if (!x->place || n > WIRE_NAME)
		return x->place ? fault(f, FAULT_INPUT, "%s: too long", what)
				: false;
	s->servers++;
	return wire_resolve(x->place, false, &x->at, f) &&
		secure(s, x->place, &x->at, f) &&
		(seedlink_entries(slash ? slash + 1 : "", &x->link, &s->arena,
			 f) || fault_in(f, "%s", x->place));
}

/* Where each subscription was when we were last here. */
static void resume(struct feeds *s, struct server *x)
{
	for (int version = 3; version <= 4; version++) {
		(void)snprintf(x->feed, sizeof x->feed, "seedlink%d %s",
			version, x->place);
		for (size_t i = 0; i < x->link.count; i++) {
			struct seedlink_entry *e = &x->link.entry[i];

			e->known[version - 3] = s->ask.resume(s->ask.self,
				x->feed, e->station, &e->last[version - 3]);
		}
	}
}

static bool open_all(struct feeds *s, struct fault *f)
{
	char name[WIRE_NAME];
	struct wire_place at;

	if (s->ask.seedlink_count > FEEDS_SERVERS_MAX ||
		s->ask.mqtt_count > FEEDS_SERVERS_MAX)
		return fault(f, FAULT_LIMIT, "more than %d servers",
			FEEDS_SERVERS_MAX);
	if (!arena_map(&s->arena, (size_t)1 << 30, f) ||
		!(s->node = arena_array(&s->arena, FEEDS_NODES_MAX,
			  sizeof *s->node, f)) ||
		!(s->server = arena_array(&s->arena, FEEDS_SERVERS_MAX,
			  sizeof *s->server, f)) ||
		!(s->poll = arena_array(&s->arena, FEEDS_NODES_MAX +
			  2 * FEEDS_SERVERS_MAX + 1 + FEEDS_ALSO,
			  sizeof *s->poll, f)) ||
		!(s->broker = arena_array(&s->arena, FEEDS_SERVERS_MAX,
			  sizeof *s->broker, f)) || !open_tls(s, f))
		return false;
	for (; s->brokers < s->ask.mqtt_count; s->brokers++)
		if (!broker_open(&s->broker[s->brokers], s->ask.mqtt[
			s->brokers], &s->ask, &s->arena, f) ||
			!secure(s, s->broker[s->brokers].place,
				&s->broker[s->brokers].at, f))
			return false;
	for (size_t i = 0; i < s->ask.seedlink_count; i++) {
		if (!open_server(s, s->ask.seedlink[i], f))
			return false;
		resume(s, &s->server[i]);
	}
	s->listener = s->ask.listener > 0 ? s->ask.listener : -1;
	if (!s->ask.listen || s->listener >= 0)
		return true;
	if (!wire_resolve(s->ask.listen, true, &at, f) ||
		!wire_listen(&at, &s->listener, name, f))
		return fault_in(f, "%s", s->ask.listen);
	say(s, "listening on %s", name);
	return true;
}

bool feeds_open(
	struct feeds **out, const struct feeds_ask *ask, struct fault *f)
{
	struct feeds *s = calloc(1, sizeof *s);

	*out = NULL;
	if (!s)
		return fault(f, FAULT_LIMIT, "no memory");
	s->ask = *ask;
	s->listener = -1;
	for (size_t i = 0; i < FEEDS_ALSO; i++)
		s->also[i] = -1;
	s->asking = (struct broker_ask){give_message, say_of_broker, s};
	allow_files();
	if (open_all(s, f)) {
		*out = s;
		return true;
	}
	feeds_close(s);
	return false;
}

void feeds_close(struct feeds *s)
{
	struct wire listener = {.fd = s ? s->listener : -1};

	if (!s)
		return;
	wire_close(&listener);
	for (size_t i = 0; i < s->nodes; i++)
		wire_close(&s->node[i].wire);
	for (size_t i = 0; i < s->servers; i++)
		wire_close(&s->server[i].wire);
	for (size_t i = 0; i < s->brokers; i++)
		wire_close(&s->broker[i].wire);
	tls_side_free(s->client);
	tls_side_free(s->nodes_side);
	arena_unmap(&s->arena);
	free(s);
}

void feeds_seen(const struct feeds *s, struct feeds_seen *out)
{
	*out = s->seen;
	out->nodes = s->nodes;
	out->servers = 0;
	for (size_t i = 0; i < s->servers; i++)
		out->servers += s->server[i].wire.fd >= 0 &&
			s->server[i].link.stage == SEEDLINK_STREAM;
	for (size_t i = 0; i < s->brokers; i++)
		out->servers += s->broker[i].wire.fd >= 0 &&
			s->broker[i].link.stage == MQTT_READY;
}

/* -- both -- */

/* How much memory a wire holds is counted over all. */
static bool receive(struct feeds *s, struct wire *w, size_t most, size_t *got,
	struct fault *f)
{
	size_t was = w->room;
	bool ok = wire_read(w, most, READ_MAX, got, f);

	s->held = s->held - was + w->room;
	if (ok && s->held > FEEDS_HELD_MAX)
		return fault(f, FAULT_LIMIT, "too much is under way");
	return ok;
}

static void used(struct feeds *s, struct wire *w, size_t n)
{
	size_t was = w->room;

	wire_used(w, n);
	s->held = s->held - was + w->room;
}

static void hang_up(struct feeds *s, struct wire *w)
{
	s->held -= w->room;
	wire_close(w);
}

static bool give(struct feeds *s, struct wire *w, const struct feed_group *g,
	struct fault *f)
{
	wire_owes(w, g->bytes.len, s->now);
	s->seen.groups++;
	s->seen.bytes += g->bytes.len;
	s->taken += g->bytes.len;
	return s->ask.take(s->ask.self, g, f);
}

static bool give_message(void *self, struct wire *w,
	const struct feed_group *g, struct fault *f)
{
	return give(self, w, g, f);
}

static void say_of_broker(void *self, const char *text)
{
	struct feeds *s = self;

	s->ask.say(s->ask.self, text);
}

/* -- nodes -- */

static void welcome(struct feeds *s, int64_t now, struct fault *f)
{
	int fd;

	/* No more in one round than may be answered at once. */
	for (int i = 0; i < 1024; i++) {
		if (!wire_accept(s->listener, &fd, f)) {
			say(s, "%s", f->text);
			return;
		}
		if (fd < 0)
			return;
		if (s->nodes == FEEDS_NODES_MAX) {
			struct wire w = {.fd = fd};

			s->seen.refused++;
			wire_close(&w);
			continue;
		}
		s->node[s->nodes] = (struct node){.wire = {.fd = fd},
			.heard_ns = now, .id = ++s->ids,
			.push = {.signs = s->ask.frames}};
		if (s->nodes_side && !wire_secure(&s->node[s->nodes].wire,
			s->nodes_side, f)) {
			say(s, "%s", f->text);
			wire_close(&s->node[s->nodes].wire);
			continue;
		}
		s->nodes++;
	}
}

/* All that is whole, up to the round's bound; *ok false: take() failed. */
static bool groups_of(struct feeds *s, struct node *x, bool *ok,
	struct fault *f)
{
	size_t at = 0, n = 1;
	char line[PUSH_LINE_MAX];
	bool good = true;

	*ok = true;
	while (*ok && good && n > 0 && s->taken < FEEDS_ROUND_MAX &&
		wire_may(&x->wire, s->now)) {
		struct text answer = text_on(line, sizeof line);
		struct feed_group g = {.feed = "push", .entry = x->push.name};
		struct bytes in = wire_view(&x->wire);
		bool got;

		in = bytes_part(in, at, in.len);
		good = push_take(&x->push, in, &n, &g.bytes, &got, &answer, f)
			&& wire_say(&x->wire, text_view(&answer), f);
		if (good && got) {
			g.sequence = x->push.groups;
			g.node = x->push.frames ? x->id : 0;
			g.file = x->push.lost;
			g.feed = g.file ? "lost push" : "push";
			*ok = give(s, &x->wire, &g, f);
		}
		at += good ? n : 0;
	}
	used(s, &x->wire, at);
	x->wire.held_back = !wire_may(&x->wire, s->now);
	if (x->wire.spent >= WIRE_FLOOD && !x->flooded) {
		x->flooded = true;
		say(s, "node %s sends more than can be heard at once: it is "
			"held back, and nobody else", x->push.name);
	}
	return good;
}

/* What is wrong, to the node and to people. */
static void complain_of(
	struct feeds *s, struct node *x, const struct fault *why)
{
	struct fault no;
	char line[300];
	struct text t = text_on(line, sizeof line);

	/* A sensor knows acknowledgements and nothing else. */
	if (!x->push.frames)
		text_fmt(&t, "ERROR %s\n", why->text);
	bool told = x->wire.over || (wire_say(&x->wire, text_view(&t), &no) &&
		wire_flush(&x->wire, &no));
	(void)told; /* it may have gone without listening */
	say(s, "node %s: %s", x->push.name[0] ? x->push.name : "?", why->text);
	s->seen.refused++;
}

/* false: the program cannot go on. */
static bool serve_node(struct feeds *s, struct node *x, short events,
	int64_t now, struct fault *f)
{
	struct fault gone, why;
	size_t got = 0;
	bool came, good, ok;

	/* What came before it closed counts all the same. */
	came = !(events & (POLLIN | POLLHUP | POLLERR)) ||
		receive(s, &x->wire, HELD_MAX, &got, &gone);
	x->wire.over = !came;
	if (got > 0)
		x->heard_ns = now;
	good = groups_of(s, x, &ok, &why);
	if (!ok) {
		*f = why;
		return false;
	}
	if (!good)
		complain_of(s, x, &why);
	else if (!came && strncmp(gone.text, "TLS", 3) == 0)
		complain_of(s, x, &gone);
	if (came && good)
		return true;
	/* A node that leaves is told what was kept of it, if it listens. */
	if (x->push.groups > x->push.told)
		x->heard_ns = LEAVING;
	else
		hang_up(s, &x->wire);
	return true;
}

/* Closed connections leave the list; the rest keep their order. */
static void sweep_nodes(struct feeds *s, int64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->nodes; i++) {
		struct node *x = &s->node[i];
		int64_t most = x->push.name[0] ? QUIET_S : HELLO_S;

		if (x->wire.fd >= 0 && (x->heard_ns == LEAVING ?
			x->push.told == x->push.groups :
			now - x->heard_ns > most * SECOND_NS))
			hang_up(s, &x->wire);
		if (x->wire.fd >= 0)
			s->node[kept++] = *x;
	}
	s->nodes = kept;
}

void feeds_heard(struct feeds *s, uint64_t mark)
{
	for (size_t i = 0; i < s->servers; i++)
		wire_heard(&s->server[i].wire, mark);
	for (size_t i = 0; i < s->brokers; i++)
		wire_heard(&s->broker[i].wire, mark);
	for (size_t i = 0; i < s->nodes; i++)
		wire_heard(&s->node[i].wire, mark);
}

void feeds_kept(struct feeds *s, uint64_t mark)
{
	struct fault no;

	for (size_t i = 0; i < s->servers; i++)
		wire_kept(&s->server[i].wire, mark);
	for (size_t i = 0; i < s->brokers; i++) {
		wire_kept(&s->broker[i].wire, mark);
		broker_kept(&s->broker[i], &s->asking, now_ns());
	}
	for (size_t i = 0; i < s->nodes; i++) {
		struct node *x = &s->node[i];
		char line[PUSH_LINE_MAX];
		struct text t = text_on(line, sizeof line);

		wire_kept(&x->wire, mark);
		if (x->push.frames)
			x->push.told = x->push.groups;
		if (x->wire.fd < 0 || x->push.told == x->push.groups)
			continue;
		text_fmt(&t, "KEPT %llu\n",
			(unsigned long long)x->push.groups);
		/* Who does not read what was kept is told later, by a larger
		 * number; or never. */
		if (wire_say(&x->wire, text_view(&t), &no) ||
			x->heard_ns == LEAVING)
			x->push.told = x->push.groups;
		if (!wire_flush(&x->wire, &no))
			hang_up(s, &x->wire);
	}
}

static int by_node(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

void feeds_answer(struct feeds *s, uint64_t id, struct bytes b)
{
	const struct node want = {.id = id};
	struct node *x = s->nodes == 0 ? NULL : bsearch(&want, s->node,
		s->nodes, sizeof want, by_node);
	struct fault no;

	/* Who does not read what was said goes without: it asks again. */
	if (x && x->wire.fd >= 0 && wire_say(&x->wire, b, &no) &&
		!wire_flush(&x->wire, &no))
		hang_up(s, &x->wire);
}

void feeds_refuse(struct feeds *s, uint64_t id)
{
	const struct node want = {.id = id};
	struct node *x = s->nodes == 0 ? NULL : bsearch(&want, s->node,
		s->nodes, sizeof want, by_node);

	s->seen.refused++;
	if (!x || x->wire.fd < 0 || ++x->refused < REFUSED_MAX)
		return;
	say(s, "node %s: %u frames were refused", x->push.name, x->refused);
	hang_up(s, &x->wire);
}

void feeds_watch(struct feeds *s, size_t which, int fd)
{
	s->also[which] = fd;
}

/* -- servers -- */

static void give_up(struct feeds *s, struct server *x, int64_t now,
	const struct fault *why)
{
	say(s, "%s: %s; again in %d s", x->place, why->text, x->back_off_s);
	hang_up(s, &x->wire);
	x->again_ns = now + x->back_off_s * SECOND_NS;
	x->back_off_s = x->back_off_s * 2 < BACK_OFF_MAX_S ? x->back_off_s * 2
							   : BACK_OFF_MAX_S;
}

static bool speak(struct server *x, const struct text *t, struct fault *f)
{
	return wire_say(&x->wire, text_view(t), f) && wire_flush(&x->wire, f);
}

static void call(struct feeds *s, struct server *x, int64_t now)
{
	struct fault why = {0};

	x->connecting = wire_connect(&x->wire, &x->at, &why);
	x->asked = false;
	x->heard_ns = now;
	if (!x->connecting)
		give_up(s, x, now, &why);
}

static bool connected(struct server *x, struct fault *f)
{
	char line[256];
	struct text t = text_on(line, sizeof line);

	x->connecting = false;
	seedlink_start(&x->link, &t);
	return wire_connected(&x->wire, &x->at, f) && speak(x, &t, f);
}

static bool packets_of(struct feeds *s, struct server *x, bool *ok,
	struct fault *f)
{
	size_t at = 0, n = 1;
	char line[256];
	bool good = true;

	*ok = true;
	while (*ok && good && n > 0 && s->taken < FEEDS_ROUND_MAX &&
		wire_may(&x->wire, s->now)) {
		struct text t = text_on(line, sizeof line);
		enum seedlink_stage was = x->link.stage;
		struct bytes in = wire_view(&x->wire);
		struct seedlink_packet p;
		bool got;

		in = bytes_part(in, at, in.len);
		good = seedlink_take(&x->link, in, &n, &p, &got, &t, f) &&
			speak(x, &t, f);
		if (good && was != SEEDLINK_STREAM &&
			x->link.stage == SEEDLINK_STREAM) {
			(void)snprintf(x->feed, sizeof x->feed,
				"seedlink%d %s", x->link.version, x->place);
			say(s, "%s: SeedLink %d", x->place, x->link.version);
		}
		if (good && got) {
			struct feed_group g = {.feed = x->feed,
				.entry = p.entry ? p.entry->station : "",
				.sequence = p.sequence, .bytes = p.record};

			x->back_off_s = 1;
			*ok = give(s, &x->wire, &g, f);
		}
		at += good ? n : 0;
	}
	used(s, &x->wire, at);
	x->wire.held_back = !wire_may(&x->wire, s->now);
	return good;
}

static bool serve_server(struct feeds *s, struct server *x, short events,
	int64_t now, struct fault *f)
{
	struct fault gone = {0}, why = {0};
	bool came, good, ok;
	size_t got = 0;

	if (x->connecting && (events & (POLLOUT | POLLERR | POLLHUP)) &&
		!connected(x, &why)) {
		give_up(s, x, now, &why);
		return true;
	}
	if (x->connecting)
		return true;
	came = !(events & (POLLIN | POLLHUP | POLLERR)) ||
		receive(s, &x->wire, SEEDLINK_HELD_MAX, &got, &gone);
	x->wire.over = !came;
	if (got > 0) {
		x->heard_ns = now;
		x->asked = false;
	}
	good = packets_of(s, x, &ok, &why);
	if (!ok) {
		*f = why;
		return false;
	}
	if (came && good && (events & POLLOUT))
		came = wire_flush(&x->wire, &gone);
	if (!came || !good)
		give_up(s, x, now, good ? &gone : &why);
	return true;
}

/* Silence: is anybody there?  Then: nobody is. */
static void mind(struct feeds *s, struct server *x, int64_t now)
{
	int64_t quiet = now - x->heard_ns;
	struct fault why = {0};
	char line[32];
	struct text t = text_on(line, sizeof line);

	if (x->wire.fd < 0) {
		if (now >= x->again_ns)
			call(s, x, now);
		return;
	}
	if (quiet > GONE_S * SECOND_NS) {
		(void)fault(&why, FAULT_INPUT, "nothing came for %d s", GONE_S);
		give_up(s, x, now, &why);
	} else if (!x->asked && !x->connecting && quiet > ASK_S * SECOND_NS) {
		x->asked = true;
		seedlink_ask(&x->link, &t);
		if (!speak(x, &t, &why))
			give_up(s, x, now, &why);
	}
}

/* -- a round -- */

/* Is there more of it at hand than it had credit for, and has it now? */
static bool may_go_on(struct feeds *s, struct wire *w)
{
	return w->fd >= 0 && w->have > 0 && w->held_back &&
		wire_may(w, s->now);
}

static short wanted(struct feeds *s, struct wire *w, bool out)
{
	return (short)((wire_may(w, s->now) ? POLLIN : 0) |
		(out ? POLLOUT : 0));
}

static size_t watch(struct feeds *s, bool *more)
{
	size_t n = 0;

	/* A round that met its bound left whole groups behind. */
	*more = s->taken >= FEEDS_ROUND_MAX;
	s->poll[n++] = (struct pollfd){.fd = s->listener, .events = POLLIN};
	for (size_t i = 0; i < s->servers; i++) {
		struct server *x = &s->server[i];

		s->poll[n++] = (struct pollfd){.fd = x->wire.fd,
			.events = wanted(s, &x->wire, x->connecting ||
				wire_goes(&x->wire))};
		*more = *more || may_go_on(s, &x->wire);
	}
	for (size_t i = 0; i < s->brokers; i++) {
		broker_watch(&s->broker[i], s->now, &s->poll[n++]);
		*more = *more || may_go_on(s, &s->broker[i].wire);
	}
	for (size_t i = 0; i < s->nodes; i++) {
		struct node *x = &s->node[i];

		s->poll[n++] = (struct pollfd){.fd = x->wire.fd,
			.events = wanted(s, &x->wire, wire_goes(&x->wire))};
		*more = *more || may_go_on(s, &x->wire);
	}
	for (size_t i = 0; i < FEEDS_ALSO; i++)
		s->poll[n++] = (struct pollfd){.fd = s->also[i],
			.events = POLLIN};
	return n;
}

static bool serve_brokers(struct feeds *s, bool more, int64_t now,
	struct fault *f)
{
	for (size_t i = 0; i < s->brokers; i++) {
		struct broker *x = &s->broker[i];
		short events = s->poll[1 + s->servers + i].revents;

		if (x->wire.fd >= 0 && (events || x->wire.have > 0 || more) &&
			!broker_serve(x, &s->asking, events, now, f))
			return false;
	}
	return true;
}

bool feeds_wait(struct feeds *s, int wait_ms, struct fault *f)
{
	int64_t now = now_ns();
	size_t nodes = s->nodes, n;
	bool more;

	for (size_t i = 0; i < s->servers; i++)
		mind(s, &s->server[i], now);
	for (size_t i = 0; i < s->brokers; i++)
		broker_mind(&s->broker[i], &s->asking, now);
	s->now = now;
	n = watch(s, &more);
	s->taken = 0;
	if (poll(s->poll, n, more ? 0 : wait_ms) < 0)
		return errno == EINTR || fault_errno(f, "poll");
	s->now = now = now_ns();
	for (size_t i = 0; i < s->servers; i++) {
		struct server *x = &s->server[i];
		short events = s->poll[1 + i].revents;

		if (x->wire.fd >= 0 && (events || (more && x->wire.have > 0)) &&
			!serve_server(s, x, events, now, f))
			return false;
	}
	if (!serve_brokers(s, more, now, f))
		return false;
	s->turn++; /* nobody is always the last */
	for (size_t k = 0; k < nodes; k++) {
		size_t i = (k + s->turn) % nodes;
		struct node *x = &s->node[i];
		short events = s->poll[1 + s->servers + s->brokers + i].revents;
		struct fault no;

		if ((events & POLLOUT) && !wire_flush(&x->wire, &no))
			hang_up(s, &x->wire);
		if (x->wire.fd >= 0 && x->heard_ns != LEAVING &&
			(events || (more && x->wire.have > 0)) &&
			!serve_node(s, x, events, now, f))
			return false;
	}
	if (s->poll[0].revents)
		welcome(s, now, f);
	sweep_nodes(s, now);
	return true;
}
