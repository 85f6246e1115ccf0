/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILES_MAX = 1 << 20, DEPTH_MAX = 16 };

bool file_map(const char *path, struct bytes *out, struct fault *f)
{
	struct stat st;
	bool ok = false;
	void *p;
	int fd;

	*out = (struct bytes){0};
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return fault_errno(f, "%s", path);
	if (fstat(fd, &st) < 0) {
		fault_errno(f, "%s", path);
	} else if (!S_ISREG(st.st_mode)) {
		fault(f, FAULT_INPUT, "%s: not a regular file", path);
	} else if (st.st_size == 0) {
		ok = true;
	} else {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd,
			0);
		if (p == MAP_FAILED) {
			fault_errno(f, "%s", path);
		} else {
			*out = (struct bytes){p, (size_t)st.st_size};
			ok = true;
		}
	}
	(void)close(fd);
	return ok;
}

void file_unmap(struct bytes b)
{
	union { /* munmap wants what mmap gave, which was not const */
		const void *given;
		void *ours;
	} p = {b.at};

	if (b.at)
		(void)munmap(p.ours, b.len);
}

bool file_read(
	const char *path, struct arena *a, struct bytes *out, struct fault *f)
{
	struct bytes b;
	char *s;

	if (!file_map(path, &b, f))
		return false;
	s = arena_text(a, b, f);
	*out = (struct bytes){(uint8_t *)s, b.len};
	file_unmap(b);
	return s != NULL || fault_in(f, "%s", path);
}

bool file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool folder_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool folder_make(const char *path, struct fault *f)
{
	char s[4096];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof s)
		return fault(f, FAULT_LIMIT, "path of %zu bytes", n);
	memcpy(s, path, n + 1);
	for (size_t i = 1; i <= n; i++) {
		if (s[i] != '/' && s[i] != '\0')
			continue;
		s[i] = '\0';
		if (mkdir(s, 0777) < 0 && errno != EEXIST)
			return fault_errno(f, "%s", s);
		s[i] = path[i];
	}
	return true;
}

const char *path_join(
	struct arena *a, const char *dir, const char *name, struct fault *f)
{
	struct text t = text_in(a, strlen(dir) + strlen(name) + 2);

	if (t.full) {
		*f = t.lost;
		return NULL;
	}
	text_add(&t, dir);
	if (*dir && dir[strlen(dir) - 1] != '/')
		text_char(&t, '/');
	text_add(&t, name);
	return t.at;
}

struct names {
	struct arena *arena;
	const char **name;
	size_t count, room;
};

static bool keep(struct names *n, const char *name, struct fault *f)
{
	if (n->count == FILES_MAX)
		return fault(f, FAULT_LIMIT, "more than %d files", FILES_MAX);
	if (n->count == n->room) {
		size_t room = n->room ? 2 * n->room : 256;
		const char **more = arena_array(
			n->arena, room, sizeof *more, f);

		if (!more)
			return false;
		for (size_t i = 0; i < n->count; i++)
			more[i] = n->name[i];
		n->name = more;
		n->room = room;
	}
	n->name[n->count] = arena_text(n->arena, bytes_of(name), f);
	return n->name[n->count++] != NULL;
}

static int by_bytes(const void *a, const void *b)
{
	const char *const *x = a, *const *y = b;

	return strcmp(*x, *y);
}

/* The folders on the way down, so that a link back up ends there. */
struct above {
	const struct above *up;
	struct stat st;
};

static bool is_above(const struct above *a, const struct stat *st)
{
	for (; a; a = a->up)
		if (a->st.st_dev == st->st_dev && a->st.st_ino == st->st_ino)
			return true;
	return false;
}

static bool walk(const char *path, const char *prefix, const struct above *up,
	int depth, struct names *n, struct fault *f)
{
	struct above here = {.up = up};
	DIR *d = opendir(path);
	struct dirent *e;
	bool ok = true;

	if (!d || fstat(dirfd(d), &here.st) < 0) {
		ok = (!d && (errno == ENOENT || errno == ENOTDIR)) ||
			fault_errno(f, "%s", path);
		if (d)
			(void)closedir(d);
		return ok;
	}
	while (ok && (e = readdir(d))) {
		const char *full, *rel;
		struct stat st;

		if (e->d_name[0] == '.')
			continue;
		full = path_join(n->arena, path, e->d_name, f);
		rel = full ? path_join(n->arena, prefix, e->d_name, f) : NULL;
		if (!rel)
			ok = false;
		else if (stat(full, &st) < 0 || !S_ISDIR(st.st_mode) ||
			is_above(&here, &st))
			ok = keep(n, rel, f);
		else if (depth == DEPTH_MAX)
			ok = fault(f, FAULT_LIMIT, "%s: deeper than %d folders",
				full, DEPTH_MAX);
		else
			ok = walk(full, rel, &here, depth + 1, n, f);
	}
	(void)closedir(d);
	return ok;
}

static void put(struct names *n, const char ***names, size_t *count)
{
	if (n->count > 0)
		qsort(n->name, n->count, sizeof *n->name, by_bytes);
	*names = n->name;
	*count = n->count;
}

bool folder_list(const char *path, struct arena *a, const char ***names,
	size_t *count, struct fault *f)
{
	struct names n = {.arena = a};
	DIR *d = opendir(path);
	struct dirent *e;
	bool ok = true;

	if (!d)
		ok = errno == ENOENT || errno == ENOTDIR ||
			fault_errno(f, "%s", path);
	while (ok && d && (e = readdir(d)))
		ok = e->d_name[0] == '.' || keep(&n, e->d_name, f);
	if (d)
		(void)closedir(d);
	put(&n, names, count);
	return ok;
}

bool folder_walk(const char *path, struct arena *a, const char ***names,
	size_t *count, struct fault *f)
{
	struct names n = {.arena = a};

	if (!walk(path, "", NULL, 0, &n, f))
		return false;
	put(&n, names, count);
	return true;
}
