/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

void staging_remove(const char *folder)
{
	char *const roots[] = {(char *)(uintptr_t)folder, NULL};
	FTS *t = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *e;

	while (t && (e = fts_read(t)))
		if (e->fts_info == FTS_DP)
			(void)rmdir(e->fts_accpath);
		else if (e->fts_info != FTS_D)
			(void)unlink(e->fts_accpath);
	if (t)
		(void)fts_close(t);
}

static bool check_empty(const char *to, struct fault *f)
{
	DIR *d = opendir(to);
	const struct dirent *e;
	bool some = false;

	if (!d)
		return errno == ENOENT || fault_errno(f, "%s", to);
	while ((e = readdir(d)))
		some |= strcmp(e->d_name, ".") != 0 &&
			strcmp(e->d_name, "..") != 0;
	(void)closedir(d);
	return !some || fault(f, FAULT_INPUT, "%s: is not empty: name a new "
		"folder", to);
}

static bool take_lock(struct staging *s, struct fault *f)
{
	s->lock = open(s->part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
		O_CLOEXEC);
	if (s->lock < 0)
		return fault_errno(f, "%s", s->part);
	if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	(void)close(s->lock);
	s->lock = -1;
	return fault(f, FAULT_SYSTEM, "%s: in use by another process",
		s->part);
}

bool staging_open(struct staging *s, const char *to, struct fault *f)
{
	size_t n = strlen(to);
	struct text t = text_on(s->to, sizeof s->to);
	struct text p = text_on(s->part, sizeof s->part);

	s->lock = -1;
	while (n > 1 && to[n - 1] == '/')
		n--;
	text_bytes(&t, (struct bytes){(const uint8_t *)to, n});
	text_fmt(&p, "%s.part", s->to);
	if (!text_check(&t, f) || !text_check(&p, f) || !check_empty(s->to, f))
		return false;
	if (mkdir(s->part, 0755) != 0 && errno == EEXIST) {
		if (!take_lock(s, f))
			return false;
		staging_remove(s->part);
		(void)close(s->lock);
		s->lock = -1;
		if (mkdir(s->part, 0755) != 0)
			return fault_errno(f, "%s", s->part);
	} else if (access(s->part, F_OK) != 0) {
		return fault_errno(f, "%s", s->part);
	}
	return take_lock(s, f);
}

/* The folder that `path` lies in. */
static bool sync_above(const char *path, struct fault *f)
{
	char above[STAGING_PATH];
	const char *end = strrchr(path, '/');
	size_t n = end ? (size_t)(end - path) : 0;
	int fd;
	bool ok;

	memcpy(above, n > 0 ? path : end ? "/" : ".", n > 0 ? n : 1);
	above[n > 0 ? n : 1] = '\0';
	fd = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fault_errno(f, "%s", above);
	ok = fsync(fd) == 0 || fault_errno(f, "%s: fsync", above);
	(void)close(fd);
	return ok;
}

bool staging_done(struct staging *s, struct fault *f)
{
	if (fsync(s->lock) != 0)
		return fault_errno(f, "%s: fsync", s->part);
	if (rename(s->part, s->to) != 0)
		return fault_errno(f, "%s", s->to);
	/* A name that may vanish is none. */
	if (!sync_above(s->to, f)) {
		(void)rename(s->to, s->part);
		return false;
	}
	(void)close(s->lock);
	s->lock = -1;
	return true;
}

void staging_drop(struct staging *s)
{
	if (s->lock < 0)
		return;
	staging_remove(s->part);
	(void)close(s->lock);
	s->lock = -1;
}
