/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/porter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/cmd.h"
#include "feeds/inbox.h"
#include "roles/live.h"

#define MEMORY_BYTES ((size_t)256 << 20)
#define SECOND_NS INT64_C(1000000000)

enum { NAMES_MAX = 1 << 20, PART_MAX = 8192, WAIT_MS = 1000,
	PIPE_FD = 3 };

/* -- the process -- */

/* A name and a zero; an empty one: a walk is done. */
static bool tell(void *self, const char *name, struct fault *f)
{
	const int *fd = self;
	size_t n = strlen(name) + 1, at = 0;

	while (at < n) {
		ssize_t r = write(*fd, name + at, n - at);

		if (r < 0 && errno != EINTR)
			return fault_errno(f, "inbox");
		at += r > 0 ? (size_t)r : 0;
	}
	return true;
}

static bool watch(const char *folder, int fd, struct fault *f)
{
	struct inbox *x;
	uint64_t walks = 0;

	if (!inbox_open(&x, folder, f))
		return false;
	while (inbox_next(x, WAIT_MS, tell, &fd, f)) {
		if (inbox_walks(x) == walks)
			continue;
		walks = inbox_walks(x);
		if (!tell(&fd, "", f))
			break;
	}
	inbox_close(x);
	return false;
}

static bool begin(struct porter *p, struct fault *f)
{
	pid_t parent = getpid();
	struct fault why = {0};
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return fault_errno(f, "pipe");
	(void)fflush(stdout);
	(void)fflush(stderr);
	p->pid = fork();
	if (p->pid < 0) {
		p->pid = 0;
		(void)close(fd[0]);
		(void)close(fd[1]);
		return fault_errno(f, "fork");
	}
	if (p->pid > 0) {
		(void)close(fd[1]);
		p->fd = fd[0];
		p->have = 0;
		return fcntl(p->fd, F_SETFL, O_NONBLOCK) == 0 ||
			fault_errno(f, "pipe");
	}
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_SYSTEM);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGTERM, SIG_DFL);
	p->leave(p->self);
	/* No lock of the parent's lives on in us. */
	if (dup2(fd[1], PIPE_FD) < 0)
		_exit(EXIT_SYSTEM);
	(void)close_range(PIPE_FD + 1, ~0U, 0);
	if (!watch(p->folder, PIPE_FD, &why))
		(void)fprintf(stderr, "truce run: inbox: %s\n", why.text);
	(void)fflush(stderr);
	_exit(EXIT_SYSTEM);
}

/* -- who reads -- */

bool porter_open(struct porter *p, const char *folder, void (*leave)(void *),
	void *self, struct fault *f)
{
	*p = (struct porter){.folder = folder, .leave = leave, .self = self,
		.fd = -1};
	return arena_map(&p->memory, MEMORY_BYTES, f) &&
		(p->name = arena_array(&p->memory, NAMES_MAX,
			 sizeof *p->name, f)) &&
		(p->part = arena_room(&p->memory, PART_MAX, f)) &&
		begin(p, f);
}

static void end(struct porter *p)
{
	int status;

	if (p->fd >= 0)
		(void)close(p->fd);
	p->fd = -1;
	if (p->pid > 0) {
		(void)kill(p->pid, SIGKILL);
		while (waitpid(p->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	p->pid = 0;
}

void porter_close(struct porter *p)
{
	if (!p->memory.at)
		return;
	end(p);
	arena_unmap(&p->memory);
}

int porter_fd(const struct porter *p)
{
	return p->fd;
}

static bool keep(struct porter *p, const char *name, struct fault *f)
{
	if (!*name) {
		p->walks++;
		return true;
	}
	if (p->count == 0)
		p->since_ns = live_now_ns();
	p->name[p->count] = arena_text(&p->memory, bytes_of(name), f);
	return p->name[p->count++] != NULL;
}

static bool names(struct porter *p, struct fault *f)
{
	char *at = p->part, *zero;

	while ((zero = memchr(at, '\0', p->have))) {
		if (!keep(p, at, f))
			return false;
		p->have -= (size_t)(zero - at) + 1;
		at = zero + 1;
	}
	memmove(p->part, at, p->have);
	return true;
}

/* Is there room for all that a read may bring? */
static bool room(const struct porter *p)
{
	return p->count + PART_MAX <= NAMES_MAX &&
		p->memory.size - p->memory.used >= 4 * (size_t)PART_MAX;
}

bool porter_go(struct porter *p, struct fault *f)
{
	ssize_t n = 0;

	if (p->fd < 0)
		return live_now_ns() < p->again_ns || begin(p, f);
	while (room(p) && p->have < PART_MAX && (n = read(p->fd,
		p->part + p->have, PART_MAX - p->have)) > 0) {
		p->have += (size_t)n;
		if (!names(p, f))
			return false;
	}
	if (n == 0 && room(p)) { /* it is gone */
		end(p);
		p->again_ns = live_now_ns() + SECOND_NS;
	}
	return true;
}

void porter_taken(struct porter *p, size_t n)
{
	size_t mark = p->count - n;

	memmove(p->name, p->name + n, mark * sizeof *p->name);
	p->count = mark;
	if (mark > 0)
		p->since_ns = live_now_ns();
	else /* all texts are done with */
		p->memory.used = (size_t)((uint8_t *)p->part - p->memory.at) +
			PART_MAX;
}
