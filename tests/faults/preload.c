/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * preload.c - a disk that fails, for tests/disk.sh: loaded by LD_PRELOAD.
 *
 * FAULT_AT=n    the n-th call (from 1) of fsync, fdatasync, pwrite, rename,
 *               ftruncate, fallocate fails with EIO; 0: none
 * FAULT_ON=1    all later ones too
 * FAULT_KILL=1  instead of failing, the process is killed in front of it
 * FAULT_LOG=F   at the failure: the call and its file; FAULT_AT=0: all calls
 * FAULT_SLOW_MS=n  each of these calls takes so much longer
 * FAULT_CLOCK_S=n  the clock is so far ahead, or behind
 * A pwrite that fails has written half. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static atomic_long calls;

static void note(const char *what, const char *path, long n)
{
	const char *log = getenv("FAULT_LOG");
	char line[PATH_MAX + 64];
	int fd = log ? open(log, O_WRONLY | O_CREAT | O_APPEND, 0644) : -1;
	int len = snprintf(line, sizeof line, "%s %s %ld\n", what, path, n);

	if (fd >= 0 && write(fd, line, (size_t)len) != len)
		abort();
	if (fd >= 0)
		close(fd);
}

static int fails(const char *what, int fd, const char *path)
{
	const char *at = getenv("FAULT_AT"), *on = getenv("FAULT_ON");
	long n = atomic_fetch_add(&calls, 1) + 1, want = at ? atol(at) : 0;
	const char *slow = getenv("FAULT_SLOW_MS");
	char link[64], to[PATH_MAX];
	ssize_t len;

	if (slow)
		usleep(1000 * (useconds_t)atol(slow));
	if (!at || n < want || (want != 0 && n > want && !on))
		return 0;
	if (path && (n == want || want == 0)) {
		note(what, path, n);
	} else if (n == want || want == 0) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		len = readlink(link, to, sizeof to - 1);
		to[len > 0 ? len : 0] = '\0';
		note(what, to, n);
	}
	if (want != 0 && getenv("FAULT_KILL"))
		kill(getpid(), SIGKILL);
	errno = EIO;
	return want != 0;
}

#define NEXT(name) __typeof__(&name) next = \
	(__typeof__(&name))dlsym(RTLD_NEXT, #name)

int fsync(int fd)
{
	NEXT(fsync);
	return fails("fsync", fd, NULL) ? -1 : next(fd);
}

int fdatasync(int fd)
{
	NEXT(fdatasync);
	return fails("fdatasync", fd, NULL) ? -1 : next(fd);
}

#define PWRITE(name, off) \
	ssize_t name(int fd, const void *b, size_t n, off at) \
	{ \
		NEXT(name); \
		if (!fails("pwrite", fd, NULL)) \
			return next(fd, b, n, at); \
		if (n > 1) \
			(void)!next(fd, b, n / 2, at); \
		errno = EIO; \
		return -1; \
	}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define SHORTEN(name, off) \
	int name(int fd, off n) \
	{ \
		NEXT(name); \
		return fails("ftruncate", fd, NULL) ? -1 : next(fd, n); \
	}
SHORTEN(ftruncate, off_t)
SHORTEN(ftruncate64, off64_t)

#define RESERVE(name, off) \
	int name(int fd, int mode, off at, off n) \
	{ \
		NEXT(name); \
		return fails("fallocate", fd, NULL) ? -1 \
			: next(fd, mode, at, n); \
	}
RESERVE(fallocate, off_t)
RESERVE(fallocate64, off64_t)

int rename(const char *a, const char *b)
{
	NEXT(rename);
	return fails("rename", -1, b) ? -1 : next(a, b);
}

int renameat(int x, const char *a, int y, const char *b)
{
	NEXT(renameat);
	return fails("rename", -1, b) ? -1 : next(x, a, y, b);
}

static time_t ahead(void)
{
	const char *s = getenv("FAULT_CLOCK_S");

	return s ? (time_t)atol(s) : 0;
}

time_t time(time_t *out)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	if (out)
		*out = t.tv_sec;
	return t.tv_sec;
}

int clock_gettime(clockid_t id, struct timespec *t)
{
	NEXT(clock_gettime);
	int r = next(id, t);

	if (id == CLOCK_REALTIME)
		t->tv_sec += ahead();
	return r;
}

int gettimeofday(struct timeval *restrict out, void *restrict zone)
{
	struct timespec t;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &t);
	*out = (struct timeval){t.tv_sec, t.tv_nsec / 1000};
	return 0;
}
