/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hearing.c - the side of `truce run`; the process is heard.c. */
#include "cmd/hearing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/ui.h"

#define SECOND_NS INT64_C(1000000000)
#define LINE_BYTES ((size_t)4 << 20) /* more than an alert has */

enum { PLACE_TEXT = 64, WAIT_MS = 100 };
/* Of its own three, or as often as somebody kills it. */
enum { DEATHS_MOST = 30, DEATH_OWN = 10, DEATH_KILLED = 1 };

static const char path[] = "spool/live/heard";

bool hearing_numbers(struct bytes line, const char *word, uint64_t *out,
	size_t count)
{
	size_t at = strlen(word);

	if (!bytes_start(line, word))
		return false;
	for (size_t i = 0; i < count; i++) {
		size_t from;

		while (at < line.len && line.at[at] == ' ')
			at++;
		from = at;
		for (out[i] = 0; at < line.len && line.at[at] >= '0' &&
			line.at[at] <= '9' && at - from < 18; at++)
			out[i] = out[i] * 10 + (uint64_t)(line.at[at] - '0');
		if (at == from)
			return false;
	}
	return true;
}

/* -- where it is -- */

static bool load(struct hearing *h, struct heard *at, bool *there,
	struct fault *f)
{
	struct disk *d = h->disk;
	char text[PLACE_TEXT] = "";
	uint64_t size, place[2];
	size_t n = 0;
	int file;
	bool ok;

	if (!d->size(d->self, path, &size, there, f) || !*there)
		return f->kind == FAULT_NONE;
	if (!d->open(d->self, path, DISK_READ, &file, f))
		return false;
	ok = d->read(d->self, file, 0, (uint8_t *)text, sizeof text - 1, &n, f);
	d->close(d->self, file);
	/* Not synced: after a power cut it may be anything. */
	*there = ok && hearing_numbers((struct bytes){(const uint8_t *)text,
		n}, "at", place, 2);
	if (*there)
		*at = (struct heard){place[0], place[1]};
	return ok;
}

static bool save(struct hearing *h, const struct heard *at, struct fault *f)
{
	struct disk *d = h->disk;
	char text[PLACE_TEXT];
	struct text t = text_on(text, sizeof text);
	bool ok;
	int file;

	text_fmt(&t, "at %20" PRIu64 " %20" PRIu64 "\n", at->live, at->frames);
	if (!d->open(d->self, path, DISK_WRITE, &file, f))
		return false;
	ok = d->write(d->self, file, 0, text_view(&t), f);
	d->close(d->self, file);
	return ok;
}

/* Once a second: a minute ago it was at the last mark. */
static bool mark(struct hearing *h, struct fault *f)
{
	int64_t now = live_now_ns();

	if (now < h->mark_ns)
		return true;
	h->mark_ns = now + SECOND_NS;
	memmove(&h->mark[1], &h->mark[0],
		sizeof h->mark - sizeof *h->mark);
	h->mark[0] = h->at;
	return save(h, &h->mark[HEARING_MARKS - 1], f);
}

struct heard hearing_needs(const struct hearing *h)
{
	return h->mark[HEARING_MARKS - 1];
}

/* -- its life -- */

static bool spawn(struct hearing *h, int theirs, struct fault *f)
{
	char name[] = "truce", verb[] = "run", place[2 * PLACE_TEXT];
	char option[] = "--hearing", quiet[] = "--quiet";
	char strict[] = "--strict", folder[4096];
	char *argv[8] = {name, verb, folder, option, place};
	size_t n = 5;
	posix_spawn_file_actions_t a;
	int why;

	(void)snprintf(folder, sizeof folder, "%s", h->folder);
	(void)snprintf(place, sizeof place, "from %" PRIu64 " %" PRIu64,
		h->at.live, h->at.frames);
	if (ui_quiet())
		argv[n++] = quiet;
	if (ui_strict())
		argv[n++] = strict;
	if (posix_spawn_file_actions_init(&a) != 0)
		return fault(f, FAULT_LIMIT, "no memory");
	(void)posix_spawn_file_actions_adddup2(&a, theirs, HEARING_FD);
	(void)posix_spawn_file_actions_addclosefrom_np(&a, HEARING_FD + 1);
	why = posix_spawn(&h->pid, "/proc/self/exe", &a, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&a);
	if (why == 0)
		return true;
	h->pid = 0;
	errno = why;
	return fault_errno(f, "/proc/self/exe");
}

static bool begin(struct hearing *h, struct fault *f)
{
	int fd[2];
	bool ok;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) != 0)
		return fault_errno(f, "socketpair");
	/* dup2() onto itself would leave it to be closed. */
	if (fd[1] == HEARING_FD && (fd[1] = fcntl(HEARING_FD, F_DUPFD_CLOEXEC,
		HEARING_FD + 1)) >= 0)
		(void)close(HEARING_FD);
	h->fd = fd[0];
	h->have = 0;
	h->told = (struct heard){0};
	h->learn = false;
	ok = fd[1] >= 0 && fcntl(h->fd, F_SETFL, O_NONBLOCK) == 0 &&
		spawn(h, fd[1], f);
	(void)close(fd[1]);
	return ok;
}

static void reap(struct hearing *h, int *status)
{
	*status = 0;
	if (h->fd >= 0)
		(void)close(h->fd);
	h->fd = -1;
	while (h->pid > 0 && waitpid(h->pid, status, 0) < 0 && errno == EINTR)
		;
	h->pid = 0;
}

/* Where it was a minute ago; what it dies of thrice is left to replays.  Who is
 * killed does not die of what it hears: nothing is passed over for that. */
static void died(struct hearing *h)
{
	bool mad = h->have == LINE_BYTES;
	char text[160];
	int status;

	(void)kill(h->pid, SIGKILL);
	reap(h, &status);
	h->again_ns = live_now_ns() + SECOND_NS;
	h->deaths += !mad && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL
		? DEATH_KILLED : DEATH_OWN;
	h->at = h->deaths < DEATHS_MOST ? hearing_needs(h) : h->kept;
	if (h->deaths >= DEATHS_MOST)
		for (size_t i = 0; i < HEARING_MARKS; i++)
			h->mark[i] = h->at;
	(void)snprintf(text, sizeof text, "the hearing ended (%s %d): it "
		"begins again %s", WIFSIGNALED(status) ? "signal" : "code",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status),
		h->deaths < DEATHS_MOST ? "with the last minute" :
		"with what comes; what was kept is for the replay");
	h->say(h->self, text);
}

bool hearing_open(struct hearing *h, struct heard first, struct fault *f)
{
	bool there;

	h->fd = -1;
	h->at = first;
	if (!arena_map(&h->memory, LINE_BYTES, f) ||
		!(h->line = arena_room(&h->memory, LINE_BYTES, f)) ||
		!load(h, &h->at, &there, f))
		return false;
	/* What a replay has made files of is heard all the same: nobody told
	 * of it.  The spool begins with what it still has. */
	h->kept = h->at;
	for (size_t i = 0; i < HEARING_MARKS; i++)
		h->mark[i] = h->at;
	return begin(h, f);
}

void hearing_close(struct hearing *h)
{
	int status;

	if (!h->memory.at)
		return;
	if (h->pid > 0)
		(void)kill(h->pid, SIGKILL);
	reap(h, &status);
	arena_unmap(&h->memory);
}

int hearing_fd(const struct hearing *h)
{
	return h->fd;
}

/* -- to it -- */

/* A line goes whole or not at all: the pair is emptied faster than filled. */
static bool tell(const struct hearing *h, const char *line)
{
	size_t n = strlen(line);

	return h->fd >= 0 && send(h->fd, line, n, MSG_NOSIGNAL) == (ssize_t)n;
}

static void tell_kept(struct hearing *h)
{
	char line[2 * PLACE_TEXT];

	if (h->kept.live == h->told.live && h->kept.frames == h->told.frames)
		return;
	(void)snprintf(line, sizeof line, "to %" PRIu64 " %" PRIu64 "\n",
		h->kept.live, h->kept.frames);
	if (tell(h, line))
		h->told = h->kept;
}

void hearing_kept(struct hearing *h, struct heard kept)
{
	h->kept = kept;
	tell_kept(h);
}

void hearing_learn(struct hearing *h)
{
	h->learn = !tell(h, "learn\n");
}

/* -- from it -- */

static bool hear_line(struct hearing *h, struct bytes line, struct fault *f)
{
	uint64_t n[9];

	if (line.len > 0 && line.at[0] == '{')
		return sink_put(h->alerts, line, f);
	if (hearing_numbers(line, "at", n, 2)) {
		if (n[0] > h->at.live || n[1] > h->at.frames)
			h->deaths = 0;
		h->at = (struct heard){n[0], n[1]};
	} else if (hearing_numbers(line, "seen", n, 9)) {
		h->seen = (struct live_seen){.samples = n[0], .late = n[1],
			.arrivals = n[2], .alerts = n[3], .told = n[4],
			.doubted = n[5], .channels = n[6], .deaf = n[7],
			.slowest_s = (double)n[8] * 1e-3};
	}
	return true;
}

static bool lines(struct hearing *h, struct fault *f)
{
	size_t at = 0;
	char *end;

	while (at < h->have && (end = memchr(h->line + at, '\n',
			h->have - at))) {
		size_t n = (size_t)(end - h->line) + 1 - at;
		struct bytes b = {(uint8_t *)h->line + at, n};

		if (!hear_line(h, b, f))
			return false;
		at += n;
	}
	h->have -= at;
	memmove(h->line, h->line + at, h->have);
	return true;
}

/* *over: it has gone. */
static bool receive(struct hearing *h, bool *over, struct fault *f)
{
	ssize_t n;

	*over = false;
	while (!*over) {
		n = recv(h->fd, h->line + h->have, LINE_BYTES - h->have, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return true;
		*over = n <= 0; /* a line without end: it is out of its mind */
		h->have += n > 0 ? (size_t)n : 0;
		if (!lines(h, f))
			return false;
	}
	return true;
}

bool hearing_go(struct hearing *h, struct fault *f)
{
	bool over;

	if (h->pid == 0)
		return live_now_ns() < h->again_ns || begin(h, f);
	if (!receive(h, &over, f))
		return false;
	if (over)
		died(h);
	tell_kept(h);
	if (h->learn)
		hearing_learn(h);
	return mark(h, f);
}

bool hearing_end(struct hearing *h, int most_ms, struct fault *f)
{
	int64_t until = live_now_ns() + most_ms * INT64_C(1000000);
	bool told = false, over = h->pid == 0;
	int status;

	while (!over && live_now_ns() < until) {
		struct pollfd one = {.fd = h->fd, .events = POLLIN};

		tell_kept(h);
		told = told || (h->told.live == h->kept.live &&
			h->told.frames == h->kept.frames && tell(h, "end\n"));
		(void)poll(&one, 1, WAIT_MS);
		if (!receive(h, &over, f))
			return false;
	}
	if (!over)
		(void)kill(h->pid, SIGKILL);
	reap(h, &status);
	return save(h, &h->at, f);
}
