/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * teller.c - one stream of records told to many sockets: all of it, once and in
 * order, whoever else reads slowly, goes away, or comes back. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "check.h"
#include "serve/teller.h"
#include "store/alerts.h"

enum { MANY = 40, TOLD = 3000, LENGTH = 600 };

static char folder[] = "/tmp/truce-teller.XXXXXX";
static struct api api;
static struct store writer;
static int64_t logged; /* the next index */
static atomic_int gone;

static void left(void *self, void *who, int fd)
{
	(void)self;
	(void)who;
	(void)close(fd);
	atomic_fetch_add(&gone, 1);
}

/* n more records, in one commit. */
static bool log_more(int n)
{
	char id[40], body[LENGTH];
	struct fault f = {0};
	bool fresh, ok = writer.engine->begin(&writer, "t", &f);

	for (int i = 0; ok && i < n; i++, logged++) {
		struct row r = {.type = ROW_FINDING, .id = id, .version = 1,
			.from = {logged}, .to = {logged}, .lat_e7 = INT32_MIN,
			.lon_e7 = INT32_MIN, .kind = "", .status = "",
			.source = "", .ledger_index = logged,
			.body = {(uint8_t *)body, sizeof body}};

		memset(body, 'x', sizeof body);
		memcpy(body, "{\"x\":\"", 6);
		memcpy(body + sizeof body - 2, "\"}", 2);
		snprintf(id, sizeof id, "f-%026lld", (long long)logged);
		ok = writer.engine->put(&writer, &r, &fresh, &f);
	}
	return ok && writer.engine->commit(&writer, NULL, &f);
}

struct ear {
	int fd;
	int64_t next;  /* index that must come */
	bool wrong, ended;
	int alerts;
	char left[LENGTH * 4];
	size_t n;
};

/* Lines of "id: N" must count up by one. */
static void hear(struct ear *e)
{
	ssize_t got = recv(e->fd, e->left + e->n, sizeof e->left - 1 - e->n,
		MSG_DONTWAIT);
	char *at = e->left, *end;

	if (got == 0)
		e->ended = true;
	if (got <= 0)
		return;
	e->n += (size_t)got;
	e->left[e->n] = '\0';
	while ((end = strchr(at, '\n')) != NULL) {
		if (strncmp(at, "id: ", 4) == 0 &&
			strtoll(at + 4, NULL, 10) != e->next++)
			e->wrong = true;
		e->alerts += strncmp(at, "data: {\"alert\":", 15) == 0;
		at = end + 1;
	}
	e->n -= (size_t)(at - e->left);
	memmove(e->left, at, e->n);
}

static bool join(struct teller *t, struct ear *e, int64_t after)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return false;
	*e = (struct ear){.fd = pair[0], .next = after + 1};
	if (teller_join(t, pair[1], after, e))
		return true;
	(void)close(pair[1]);
	return false;
}

static double now_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Until all of them have what was logged, or for so long. */
static bool all_have(struct ear *e, size_t n, double seconds)
{
	double end = now_s() + seconds;
	size_t have = 0;

	while (have < n && now_s() < end) {
		have = 0;
		for (size_t i = 0; i < n; i++) {
			hear(&e[i]);
			have += e[i].next == logged && !e[i].wrong;
		}
		if (have < n)
			(void)usleep(1000);
	}
	return have == n;
}

static void everybody(struct teller *t)
{
	static struct ear e[MANY], slow, later, first;
	int told = 0;

	for (int i = 0; i < MANY; i++)
		CHECK_QUIET(join(t, &e[i], logged - 1), "who comes is heard");
	CHECK(join(t, &slow, logged - 1), "one more, who does not read");
	for (; told < TOLD; told += 100)
		CHECK_QUIET(log_more(100) && all_have(e, MANY, 20),
			"all have what was logged");
	CHECK(all_have(e, MANY, 20), "%d who listen have all of %d records "
		"while one does not read", MANY, TOLD);
	CHECK(slow.next == logged - TOLD, "he has none as yet");
	CHECK(all_have(&slow, 1, 20), "and all of them, once, when he reads");
	CHECK(join(t, &later, logged - 1700) && all_have(&later, 1, 20) &&
		join(t, &first, -1) && all_have(&first, 1, 20),
		"who comes back goes on where he was, be it at the begin");
	CHECK(log_more(7) && all_have(&later, 1, 5) && all_have(&first, 1, 5) &&
		all_have(&slow, 1, 5) && all_have(e, MANY, 5),
		"then all hear the same");
	atomic_store(&gone, 0);
	(void)close(later.fd);
	(void)close(first.fd);
	for (int i = 0; i < 200 && atomic_load(&gone) < 2; i++)
		(void)usleep(10000);
	CHECK(atomic_load(&gone) == 2 && log_more(1) && all_have(e, MANY, 5),
		"who closes is let go at once, and missed by nobody");
}

static void alerts(struct teller *t)
{
	static const char sound[] = "{\"alert\":1,\"version\":1}\n";
	static const char found[] =
		"{\"schema\":\"truce.alert/1\",\"finding\":{}}\n";
	static char long_line[ALERTS_MAX / 2];
	static struct ear e;
	struct fault f = {0};
	double end = now_s() + 20;

	CHECK(join(t, &e, logged - 1) && log_more(1) && all_have(&e, 1, 5),
		"one who listens");
	CHECK(alerts_add(folder, bytes_of(sound), &f) &&
		alerts_add(folder, bytes_of(found), &f), "%s", f.text);
	while (now_s() < end && e.alerts < 1)
		hear(&e);
	CHECK(log_more(3) && all_have(&e, 1, 5) && e.alerts == 1,
		"hears what is told at once, and of findings by the log");
	memset(long_line, ' ', sizeof long_line);
	memcpy(long_line, found, sizeof found - 2);
	long_line[sizeof long_line - 1] = '\n';
	for (int i = 0; i < 3; i++) {
		CHECK_QUIET(alerts_add(folder, (struct bytes){(uint8_t *)
			long_line, sizeof long_line}, &f), "%s", f.text);
		(void)usleep(300000);
	}
	CHECK(alerts_add(folder, bytes_of(sound), &f), "%s", f.text);
	for (end = now_s() + 20; now_s() < end && e.alerts < 2;)
		hear(&e);
	CHECK(e.alerts == 2 && !e.wrong,
		"the file begins anew when it is full");
	(void)close(e.fd);
}

/* Nobody stays for ever: by then his session may have ended. */
static void leave_taking(void)
{
	const struct teller_how how = {.most = 2, .patience_s = 1,
		.stay_s = 1, .left = left};
	struct fault f = {0};
	struct teller *t;
	static struct ear e;
	double end = now_s() + 20;

	CHECK(teller_open(&t, &api, &how, &f) && join(t, &e, logged - 1) &&
		log_more(1) && all_have(&e, 1, 5), "one who listens");
	while (now_s() < end && !e.ended) {
		hear(&e);
		(void)usleep(1000);
	}
	CHECK(e.ended && !e.wrong && e.next == logged,
		"is let go after a while, with all that he was told");
	teller_close(t);
}

/* A second, which is the beat too. */
static void impatience(void)
{
	const struct teller_how how = {.most = 2, .patience_s = 1,
		.left = left};
	struct fault f = {0};
	struct teller *t;
	static struct ear deaf, idle;
	double end = now_s() + 20;

	atomic_store(&gone, 0);
	CHECK(teller_open(&t, &api, &how, &f), "another %s", f.text);
	CHECK(join(t, &deaf, -1) && join(t, &idle, logged - 1),
		"one takes nothing, one has nothing to hear");
	while (now_s() < end && atomic_load(&gone) == 0)
		(void)usleep(10000);
	CHECK(atomic_load(&gone) == 1, "the first is let go");
	hear(&idle);
	CHECK(!idle.ended && !idle.wrong && log_more(1) &&
		all_have(&idle, 1, 5), "not the other");
	for (int i = 0; i < 10000 && !deaf.ended; i++)
		hear(&deaf);
	CHECK(deaf.ended && !deaf.wrong && deaf.next < logged,
		"what he had was in order, up to %lld", (long long)deaf.next);
	deaf.n = 0;
	CHECK(join(t, &deaf, deaf.next - 1) && all_have(&deaf, 1, 20),
		"and he goes on from there when he comes back");
	teller_close(t);
}

/* A disk that is full in the midst of a line. */
static void torn(void)
{
	static const char line[] = "{\"alert\":1,\"version\":1}\n";
	static uint8_t room[ALERTS_MAX];
	struct alerts reader = {0};
	struct fault f = {0};
	struct rlimit was, low;
	struct bytes got = alerts_read(&reader, folder, room);
	off_t end = reader.at;
	bool whole;

	(void)signal(SIGXFSZ, SIG_IGN);
	(void)getrlimit(RLIMIT_FSIZE, &was);
	low = (struct rlimit){(rlim_t)end + sizeof line + 7, was.rlim_max};
	whole = alerts_add(folder, bytes_of(line), &f);
	(void)setrlimit(RLIMIT_FSIZE, &low);
	whole = whole && !alerts_add(folder, bytes_of(line), &f);
	(void)setrlimit(RLIMIT_FSIZE, &was);
	CHECK(whole && strstr(f.text, "No space left"), "a line for which "
		"there is no room is refused, and said why: %s", f.text);
	whole = alerts_add(folder, bytes_of(line), &f);
	got = alerts_read(&reader, folder, room);
	CHECK(whole && got.len == 2 * (sizeof line - 1) && memcmp(got.at,
		got.at + got.len / 2, got.len / 2) == 0,
		"nothing of it stands before the next");
	alerts_done(&reader);
}

int main(void)
{
	const struct teller_how how = {.most = MANY + 6, .left = left};
	struct fault f = {0};
	struct teller *t;
	struct ear more[8];
	int full = 0;
	char command[64];

	if (!mkdtemp(folder) ||
		!stores[0]->open(&writer, folder, true, &f) || !log_more(10))
		return 1;
	api = (struct api){.open = true, .level = LEVEL_MISSION,
		.folder = folder};
	CHECK(teller_open(&t, &api, &how, &f), "a teller %s", f.text);
	everybody(t);
	alerts(t);
	for (int i = 0; i < 8; i++)
		full += !join(t, &more[i], logged);
	CHECK(full > 0 && full < 8, "there is room for so many: %d of 8 not",
		full);
	atomic_store(&gone, 0);
	teller_close(t);
	CHECK(atomic_load(&gone) == MANY + 6, "at the end all are let go, %d",
		atomic_load(&gone));
	impatience();
	leave_taking();
	torn();
	writer.engine->close(&writer);
	snprintf(command, sizeof command, "rm -rf %s", folder);
	printf("1..%d\n", check_count);
	return system(command) != 0 || check_failed > 0;
}
