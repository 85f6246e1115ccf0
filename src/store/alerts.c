/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/alerts.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

static bool path_of(const char *folder, char at[4200])
{
	struct text t = text_on(at, 4200);

	text_fmt(&t, "%s/alerts.jsonl", folder);
	return !t.full;
}

/* Whole, or nothing of it: of the next line it would be the beginning. */
static bool add_whole(int fd, struct bytes line)
{
	struct stat st;
	off_t end;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return false;
	end = st.st_size + (off_t)line.len <= ALERTS_MAX ? st.st_size : 0;
	if (end < st.st_size && ftruncate(fd, 0) != 0)
		return false;
	n = write(fd, line.at, line.len);
	if (n > 0 && (size_t)n < line.len) {
		(void)!ftruncate(fd, end);
		errno = ENOSPC;
	}
	return n == (ssize_t)line.len;
}

bool alerts_add(const char *folder, struct bytes line, struct fault *f)
{
	char path[4200];
	bool ok;
	int fd;

	if (!path_of(folder, path) || line.len > ALERTS_MAX)
		return fault(f, FAULT_LIMIT, "alerts.jsonl");
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		0644);
	if (fd < 0)
		return fault_errno(f, "%s", path);
	ok = add_whole(fd, line);
	if (!ok)
		(void)fault_errno(f, "%s", path);
	(void)close(fd);
	return ok;
}

void alerts_done(struct alerts *a)
{
	if (a->open)
		(void)close(a->fd);
	a->open = false;
}

/* Of a file that another has taken the place of, all is new. */
static bool is_open(struct alerts *a, const char *path, const struct stat *st)
{
	bool first = a->file == 0;

	if (a->open && st->st_ino == a->file && st->st_dev == a->device)
		return true;
	alerts_done(a);
	a->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	a->open = a->fd >= 0;
	a->file = st->st_ino;
	a->device = st->st_dev;
	a->at = first ? st->st_size : 0;
	return a->open;
}

struct bytes alerts_read(struct alerts *a, const char *folder, uint8_t *at)
{
	char path[4200];
	struct stat st;
	ssize_t n = 0;
	const uint8_t *end;

	if (!path_of(folder, path))
		return (struct bytes){0};
	if (stat(path, &st) < 0) {
		a->file = a->file ? a->file : 1; /* what comes will be new */
		return (struct bytes){0};
	}
	if (!is_open(a, path, &st))
		return (struct bytes){0};
	if (st.st_size < a->at)
		a->at = 0; /* it was emptied */
	if (st.st_size > a->at)
		n = pread(a->fd, at, ALERTS_MAX, a->at);
	end = n > 0 ? memrchr(at, '\n', (size_t)n) : NULL;
	if (!end)
		return (struct bytes){0};
	a->at += end + 1 - at;
	return (struct bytes){at, (size_t)(end + 1 - at)};
}
