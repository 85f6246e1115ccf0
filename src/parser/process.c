/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "parser/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "parser/child.h"

/* Room for a whole part behind what is read at once, which stays in the second
 * cache. */
enum {
	READ = 256 << 10,
	BUFFER = READ + 2 * (MESSAGE_HEAD + MESSAGE_PART),
	PIPE = 1 << 20, /* what Linux gives to anybody */
	LOOK_MS = 1000,
	/* Less processor time than this in LOOK_MS is none. */
	IDLE_NS = 5 * 1000 * 1000,
	/* Nothing that is timed is, where a sanitizer slows it all. */
	SLOWER = SANDBOX_SANITIZED ? 5 : 1,
};

/* -- its life -- */

struct pipes {
	int in[2], out[2];
};

static void close_one(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

/* Where this process was started without a standard input or output, their
 * numbers would be given to the pipes. */
static bool move_up(int *fd)
{
	int high;

	if (*fd > 2)
		return true;
	high = fcntl(*fd, F_DUPFD_CLOEXEC, 3);
	close_one(fd);
	*fd = high;
	return high >= 0;
}

static bool open_pipes(struct pipes *p, struct fault *f)
{
	if (pipe2(p->in, O_CLOEXEC) != 0 || pipe2(p->out, O_CLOEXEC) != 0 ||
		!move_up(&p->in[0]) || !move_up(&p->in[1]) ||
		!move_up(&p->out[0]) || !move_up(&p->out[1]) ||
		fcntl(p->in[1], F_SETFL, O_NONBLOCK) != 0 ||
		fcntl(p->out[0], F_SETFL, O_NONBLOCK) != 0)
		return fault_errno(f, "pipe");
	/* Refused: smaller ones do. */
	(void)fcntl(p->in[1], F_SETPIPE_SZ, (int)PIPE);
	(void)fcntl(p->out[1], F_SETPIPE_SZ, (int)PIPE);
	return true;
}

/* A group of its own, so that a terminal's ^C ends it with its parent, and
 * signals as they were before the parent set them. */
static bool attributes(posix_spawnattr_t *a)
{
	sigset_t none, all;

	if (posix_spawnattr_init(a) != 0)
		return false;
	(void)sigemptyset(&none);
	(void)sigfillset(&all);
	(void)posix_spawnattr_setsigmask(a, &none);
	(void)posix_spawnattr_setsigdefault(a, &all);
	(void)posix_spawnattr_setpgroup(a, 0);
	return posix_spawnattr_setflags(a,
		       (short)(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
			       POSIX_SPAWN_SETPGROUP)) == 0;
}

static bool spawn(struct process *x, const struct pipes *p, size_t memory_mib,
	struct fault *f)
{
	char name[32], mib[24];
	char *argv[] = {name, mib, NULL}, *none[] = {NULL};
	posix_spawn_file_actions_t a;
	posix_spawnattr_t how;
	int why;

	(void)snprintf(name, sizeof name, "%s", child_mark);
	(void)snprintf(mib, sizeof mib, "%zu", memory_mib);
	if (posix_spawn_file_actions_init(&a) != 0 || !attributes(&how))
		return fault(f, FAULT_LIMIT, "no memory");
	(void)posix_spawn_file_actions_adddup2(&a, p->in[0], 0);
	(void)posix_spawn_file_actions_adddup2(&a, p->out[1], 1);
	why = posix_spawn(&x->pid, "/proc/self/exe", &a, &how, argv,
		SANDBOX_SANITIZED ? environ : none);
	(void)posix_spawn_file_actions_destroy(&a);
	(void)posix_spawnattr_destroy(&how);
	if (why == 0)
		return true;
	x->pid = 0;
	errno = why;
	return fault_errno(f, "/proc/self/exe");
}

static bool greet(void *self, struct process *x, unsigned kind, struct bytes b,
	struct fault *f)
{
	bool *greeted = self;

	*greeted = true;
	return kind == MESSAGE_HELLO
		       ? inbox_hello(b, &x->sandbox, f)
		       : fault(f, FAULT_INPUT, "it does not greet");
}

/* The reading end of the pipe to it stays open here, so that writing to a dead
 * one is no SIGPIPE; that it is dead, the other pipe tells. */
bool process_new(struct process **out, size_t memory_mib, unsigned idle_s,
	struct fault *f)
{
	struct process *x = calloc(1, sizeof *x);
	struct pipes p = {{-1, -1}, {-1, -1}};
	bool greeted = false, ok;

	*out = NULL;
	if (!x)
		return fault(f, FAULT_LIMIT, "no memory");
	x->idle_s = idle_s;
	ok = arena_map(&x->buffer, BUFFER, f) &&
	     arena_map(&x->whole, MESSAGE_MAX, f) && open_pipes(&p, f) &&
	     spawn(x, &p, memory_mib, f);
	x->hold = p.in[0];
	x->to = p.in[1];
	x->from = p.out[0];
	close_one(&p.out[1]);
	x->may_say = MESSAGE_PART;
	while (ok && !greeted)
		ok = process_hear(x, greet, &greeted, f);
	if (ok) {
		*out = x;
		return true;
	}
	f->kind = FAULT_SYSTEM;
	process_free(x);
	return false;
}

void process_free(struct process *x)
{
	if (!x)
		return;
	close_one(&x->to);
	close_one(&x->from);
	close_one(&x->hold);
	if (x->pid > 0) {
		(void)kill(x->pid, SIGKILL);
		while (waitpid(x->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	arena_unmap(&x->buffer);
	arena_unmap(&x->whole);
	free(x);
}

/* -- how it ended -- */

/* It is killed if it lives, and waited for. */
static bool ended(struct process *x, struct fault *f)
{
	int status = 0;
	pid_t pid;

	(void)kill(x->pid, SIGKILL); /* one that is dead already stays so */
	while ((pid = waitpid(x->pid, &status, 0)) < 0 && errno == EINTR)
		;
	x->pid = 0;
	if (pid < 0)
		return fault_errno(f, "waitpid");
	if (WIFEXITED(status))
		return fault(f, FAULT_INPUT, "it ended with %d",
			WEXITSTATUS(status));
	switch (WTERMSIG(status)) {
	case SIGSYS:
		return fault(f, FAULT_INPUT,
			"signal 31 (SIGSYS): a system "
			"call that its sandbox forbids");
	case SIGXCPU:
		return fault(f, FAULT_INPUT,
			"signal 24 (SIGXCPU): over its "
			"bound of processor time");
	default:
		return fault(f, FAULT_INPUT, "signal %d (SIG%s)",
			WTERMSIG(status),
			sigabbrev_np(WTERMSIG(status))
				? sigabbrev_np(WTERMSIG(status))
				: "?");
	}
}

static bool put_an_end(struct process *x)
{
	struct fault f;

	(void)ended(x, &f);
	return false;
}

/* -- waiting -- */

static int64_t cpu_ns(const struct process *x)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(x->pid, &clock) != 0 ||
		clock_gettime(clock, &t) != 0)
		return 0;
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static bool await(struct process *x, bool to_write, struct fault *f)
{
	struct pollfd p[2] = {{x->from, to_write ? 0 : POLLIN, 0},
		{to_write ? x->to : -1, POLLOUT, 0}};
	unsigned idle = 0;
	int64_t was = -1;

	for (;;) {
		int n = poll(p, 2, LOOK_MS);
		int64_t now;

		if (n < 0 && errno != EINTR)
			return fault_errno(f, "poll");
		if (n > 0 && (p[0].revents & POLLHUP) &&
			!(p[0].revents & POLLIN) && !p[1].revents)
			return ended(x, f);
		if (n > 0 && to_write && !p[1].revents)
			return ended(x, f);
		if (n > 0)
			return true;
		now = cpu_ns(x);
		idle = now - was < IDLE_NS ? idle + 1 : 0;
		was = now;
		if (idle * (LOOK_MS / 1000) >= x->idle_s)
			return put_an_end(x) ||
			       fault(f, FAULT_INPUT, "it did nothing for %u s",
				       x->idle_s);
	}
}

/* -- asking -- */

/* From what it has used by now; only the parent can move it. */
static bool bound_cpu(struct process *x, unsigned s, struct fault *f)
{
	rlim_t most = (rlim_t)(cpu_ns(x) / 1000000000 + 1) + s * SLOWER;
	struct rlimit l;

	if (prlimit(x->pid, RLIMIT_CPU, NULL, &l) != 0)
		return fault_errno(f, "RLIMIT_CPU of the child");
	l.rlim_cur = most < l.rlim_max ? most : l.rlim_max;
	return prlimit(x->pid, RLIMIT_CPU, &l, NULL) == 0 ||
	       fault_errno(f, "RLIMIT_CPU of the child");
}

static bool send_all(
	struct process *x, struct iovec *v, int count, struct fault *f)
{
	while (count > 0) {
		ssize_t n = writev(x->to, v, count);

		if (n < 0 && errno == EAGAIN) {
			if (!await(x, true, f))
				return false;
			continue;
		}
		if (n < 0 && errno != EINTR)
			return fault_errno(f, "writing to the child");
		for (; count > 0 && n >= (ssize_t)v->iov_len; count--, v++)
			n -= (ssize_t)v->iov_len;
		if (count > 0 && n > 0) {
			v->iov_base = (uint8_t *)v->iov_base + n;
			v->iov_len -= (size_t)n;
		}
	}
	return true;
}

/* writev() takes what it does not change without const. */
static void *plain(const uint8_t *at)
{
	union {
		const uint8_t *from;
		void *to;
	} u = {.from = at};

	return u.to;
}

static bool send_data(struct process *x, struct bytes b, struct fault *f)
{
	static const uint8_t zeros[8];

	for (size_t at = 0; at < b.len; at += MESSAGE_PART) {
		struct bytes part = bytes_part(b, at, MESSAGE_PART);
		size_t fill = (8 - part.len % 8) % 8;
		struct message_head h = {part.len + fill, MESSAGE_DATA, x->job};
		uint8_t head[MESSAGE_HEAD];
		struct iovec v[] = {{head, sizeof head},
			{plain(part.at), part.len}, {plain(zeros), fill}};

		message_head_put(&h, head);
		if (!send_all(x, v, 3, f))
			return false;
	}
	return true;
}

bool process_ask(struct process *x, const struct message_job *j,
	struct bytes in, const struct process_bounds *bounds, struct fault *f)
{
	/* The buffer holds nothing between two jobs. */
	uint8_t head[MESSAGE_HEAD], *body = x->buffer.at;
	struct message_head h = {.kind = MESSAGE_JOB, .job = ++x->job};
	struct iovec v[] = {{head, sizeof head}, {body, 0}};

	x->at = x->have = 0;
	x->whole.used = 0;
	x->may_say = bounds->said;
	if (!bound_cpu(x, bounds->cpu_s, f) ||
		!message_job_put(j, body, &h.length, f))
		return false;
	message_head_put(&h, head);
	v[1].iov_len = h.length;
	return send_all(x, v, 2, f) && send_data(x, in, f);
}

/* -- hearing -- */

static bool more(struct process *x, struct fault *f)
{
	ssize_t n;

	/* What is left goes to the front, when a part might not fit. */
	if (x->at == x->have) {
		x->at = x->have = 0;
	} else if (x->have + READ > BUFFER) {
		memmove(x->buffer.at, x->buffer.at + x->at, x->have - x->at);
		x->have -= x->at;
		x->at = 0;
	}
	for (;;) {
		n = read(x->from, x->buffer.at + x->have, READ);
		if (n == 0)
			return ended(x, f);
		if (n > 0)
			break;
		if (errno == EAGAIN && !await(x, false, f))
			return false;
		if (errno != EAGAIN && errno != EINTR)
			return fault_errno(f, "reading from the child");
	}
	x->have += (size_t)n;
	if ((uint64_t)n > x->may_say)
		return put_an_end(x) || fault(f, FAULT_INPUT,
						"it says more "
						"than such bytes can mean");
	x->may_say -= (uint64_t)n;
	return true;
}

/* The next part, when it is there. */
static bool part(struct process *x, struct message_head *h, struct bytes *b,
	bool *got, struct fault *f)
{
	const uint8_t *at = x->buffer.at + x->at;

	*got = x->have - x->at >= MESSAGE_HEAD;
	if (!*got)
		return true;
	if (!message_head_read(at, h) || h->job != x->job)
		return put_an_end(x) ||
		       fault(f, FAULT_INPUT, "it says no message");
	*got = x->have - x->at >= MESSAGE_HEAD + h->length;
	*b = (struct bytes){at + MESSAGE_HEAD, h->length};
	if (*got)
		x->at += MESSAGE_HEAD + h->length;
	return true;
}

static bool join(
	struct process *x, struct bytes *b, bool goes_on, struct fault *f)
{
	uint8_t *to;

	if (!goes_on && x->whole.used == 0)
		return true;
	/* Parts are units of 8 bytes, and arenas of 16. */
	if (b->len > x->whole.size - x->whole.used)
		return fault(f, FAULT_INPUT, "it says a message of over 1 GiB");
	to = x->whole.at + x->whole.used;
	if (b->len > 0)
		memcpy(to, b->at, b->len);
	x->whole.used += b->len;
	*b = (struct bytes){x->whole.at, x->whole.used};
	return true;
}

bool process_hear(struct process *x,
	bool (*take)(void *self, struct process *, unsigned kind, struct bytes,
		struct fault *),
	void *self, struct fault *f)
{
	struct message_head h = {0};
	bool got, goes_on;
	struct bytes b = {0};

	if (!more(x, f))
		return false;
	for (;;) {
		if (!part(x, &h, &b, &got, f))
			return false;
		if (!got)
			return true;
		goes_on = h.kind & MESSAGE_GOES_ON;
		if (!join(x, &b, goes_on, f))
			return false;
		if (goes_on)
			continue;
		x->whole.used = 0;
		if (!take(self, x, h.kind, b, f))
			return false;
	}
}
