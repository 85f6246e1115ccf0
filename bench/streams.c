/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the stream costs with thousands who listen: records are logged one by
 * one, five a second, into an index of its own; the door tells them; another
 * process holds the CLIENTS and notes when each had each.  SLOW more never
 * read at all.
 *
 *	bench/streams [CLIENTS [EVENTS [SLOW]]] */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "serve/door.h"

enum { EVENTS_MAX = 1000, CLIENTS_MAX = 4500, SETTLE_S = 20 };

/* Both processes see it. */
struct shared {
	volatile int ready;          /* all listen */
	volatile double sent[EVENTS_MAX];
	volatile double client_cpu;
};

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void no(const char *what)
{
	fprintf(stderr, "bench/streams: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double cpu_s(void)
{
	struct rusage r;

	(void)getrusage(RUSAGE_SELF, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) +
		1e-6 * (double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec);
}

/* -- those who listen -- */

struct ear {
	int fd, seen;
	char at[256]; /* the begin of a line that is not whole yet */
	size_t n;
	bool hello;
};

static int listen_to(uint16_t port)
{
	static const char ask[] =
		"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
		send(fd, ask, sizeof ask - 1, 0) != sizeof ask - 1)
		no("connect");
	return fd;
}

/* When it had it, since it was logged, into late[]. */
static size_t lines(struct ear *e, const char *at, size_t n, double now,
	const struct shared *s, float *late)
{
	size_t got = 0;

	for (size_t i = 0; i < n; i++) {
		if (at[i] != '\n') {
			if (e->n < sizeof e->at - 1)
				e->at[e->n++] = at[i];
			continue;
		}
		e->at[e->n] = '\0';
		e->n = 0;
		if (strncmp(e->at, "retry", 5) == 0)
			e->hello = true;
		if (strncmp(e->at, "id: ", 4) != 0)
			continue;
		late[got++] = (float)(now - s->sent[strtoll(
			e->at + 4, NULL, 10)]);
		e->seen++;
	}
	return got;
}

static int by_size(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void say(int clients, int events, int whole, float *late, size_t n)
{
	qsort(late, n, sizeof *late, by_size);
	printf("streams: %d clients, %d records: %d have all; %zu of %d "
		"arrived; p50 %.0f p99 %.0f max %.0f ms\n", clients, events,
		whole, n, clients * events, n ? late[n / 2] * 1e3 : 0.0,
		n ? late[n * 99 / 100] * 1e3 : 0.0,
		n ? late[n - 1] * 1e3 : 0.0);
	fflush(stdout);
}

static void hear(uint16_t port, int clients, int events, int slow,
	struct shared *s)
{
	static struct ear ears[CLIENTS_MAX];
	static char at[1 << 16];
	struct epoll_event e[512];
	float *late = calloc((size_t)clients * (size_t)events + 512,
		sizeof *late);
	int ep = epoll_create1(0), whole = 0, hello = 0;
	size_t n = 0;
	double end = now_s() + 1e6;

	for (int i = 0; i < clients; i++) {
		struct epoll_event w = {.events = EPOLLIN,
			.data.ptr = &ears[i]};

		ears[i].fd = listen_to(port);
		(void)epoll_ctl(ep, EPOLL_CTL_ADD, ears[i].fd, &w);
	}
	for (int i = 0; i < slow; i++)
		(void)listen_to(port);
	while (late && whole < clients && now_s() < end) {
		int k = epoll_wait(ep, e, 512, 1000);

		for (int i = 0; i < k; i++) {
			struct ear *x = e[i].data.ptr;
			ssize_t got = recv(x->fd, at, sizeof at, MSG_DONTWAIT);
			bool hailed = x->hello;
			int seen = x->seen;

			if (got <= 0)
				continue;
			n += lines(x, at, (size_t)got, now_s(), s, late + n);
			hello += x->hello && !hailed;
			whole += x->seen >= events && seen < events;
		}
		if (hello == clients && !s->ready) {
			s->ready = 1;
			end = now_s() + events * 0.2 + SETTLE_S;
		}
	}
	s->client_cpu = cpu_s();
	say(clients, events, whole, late, n);
	free(late);
	_exit(whole < clients);
}

/* -- what is logged -- */

static bool put(struct store *s, int64_t index, struct fault *f)
{
	static char body[800];
	char id[40];
	struct row r = {.type = ROW_FINDING, .id = id, .version = 1,
		.from = {index}, .to = {index}, .lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN, .kind = "", .status = "", .source = "",
		.body = {(uint8_t *)body, sizeof body},
		.ledger_index = index};
	bool fresh;

	memset(body, 'x', sizeof body);
	memcpy(body, "{\"x\":\"", 6);
	memcpy(body + sizeof body - 2, "\"}", 2);
	(void)snprintf(id, sizeof id, "f-%026lld", (long long)index);
	return s->engine->begin(s, "bench", f) &&
		s->engine->put(s, &r, &fresh, f) &&
		s->engine->commit(s, NULL, f);
}

int main(int argc, char **argv)
{
	int clients = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 4000;
	int events = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 20;
	int slow = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0;
	char dir[] = "/tmp/truce-bench-streams.XXXXXX", cmd[80];
	const struct rlimit files = {20000, 20000};
	struct shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct api api = {.open = true, .level = LEVEL_MISSION, .folder = dir};
	struct store store = {0};
	struct fault f = {0};
	struct door *door;
	int pipes[2], status = 1;
	uint16_t port;
	pid_t child;

	if (s == MAP_FAILED || !mkdtemp(dir) || pipe(pipes) < 0 ||
		clients > CLIENTS_MAX || events >= EVENTS_MAX)
		no("begin");
	(void)setrlimit(RLIMIT_NOFILE, &files);
	child = fork(); /* before there are threads */
	if (child == 0) {
		if (read(pipes[0], &port, sizeof port) != sizeof port)
			no("port");
		hear(port, clients, events, slow, s);
	}
	if (!stores[0]->open(&store, dir, true, &f) || !put(&store, 0, &f) ||
		!door_open(&door, &api, 0, &f)) {
		fprintf(stderr, "bench/streams: %s\n", f.text);
		return 1;
	}
	port = door_port(door);
	if (write(pipes[1], &port, sizeof port) != sizeof port)
		no("port");
	while (!s->ready && waitpid(child, &status, WNOHANG) == 0)
		(void)usleep(10000);
	for (int i = 1; s->ready && i <= events; i++) {
		s->sent[i] = now_s();
		if (!put(&store, i, &f))
			no(f.text);
		(void)usleep(200000);
	}
	(void)waitpid(child, &status, 0);
	printf("streams: %.1f us of the door and %.1f us of the listener for "
		"each of %d deliveries\n", cpu_s() * 1e6 / clients / events,
		s->client_cpu * 1e6 / clients / events, clients * events);
	door_close(door);
	store.engine->close(&store);
	snprintf(cmd, sizeof cmd, "rm -rf %s", dir);
	return system(cmd) != 0 || status != 0;
}
