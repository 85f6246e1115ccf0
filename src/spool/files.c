/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "spool/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { READ_FLAGS = O_RDONLY | O_NOFOLLOW | O_CLOEXEC };

static int root_of(void *self)
{
	return ((struct files *)self)->root;
}

static bool path_ok(const char *path, struct fault *f)
{
	if (path[0] == '\0' || path[0] == '/' || strlen(path) >= PATH_MAX)
		return fault(f, FAULT_INPUT, "'%.80s' is no path here", path);
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || !p[2]))
			return fault(f, FAULT_INPUT, "'%.80s' leads out", path);
	}
	return true;
}

static bool sync_at(int root, const char *path, struct fault *f)
{
	int fd = openat(root, path, READ_FLAGS | O_DIRECTORY);
	bool ok;

	if (fd < 0)
		return fault_errno(f, "%s", path);
	ok = fsync(fd) == 0;
	if (!ok)
		fault_errno(f, "%s: fsync", path);
	(void)close(fd);
	return ok;
}

/* The part in front of the n-th byte, as a folder name; "." if none. */
static void front(const char *path, size_t n, char out[PATH_MAX])
{
	if (n == 0) {
		out[0] = '.';
		out[1] = '\0';
		return;
	}
	memcpy(out, path, n);
	out[n] = '\0';
}

static size_t last_slash(const char *path)
{
	const char *p = strrchr(path, '/');

	return p ? (size_t)(p - path) : 0;
}

/* Every folder of the first n bytes of path; the name of a new one is synced
 * at once, so no later sync rests on a folder that may vanish. */
static bool make_folders(
	int root, const char *path, size_t n, mode_t mode, struct fault *f)
{
	char part[PATH_MAX], above[PATH_MAX];
	struct stat st;

	front(path, n, part);
	if (fstatat(root, part, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return S_ISDIR(st.st_mode) ||
			fault(f, FAULT_SYSTEM, "%s is no folder", part);
	for (size_t i = 1; i <= n; i++) {
		if (i < n && path[i] != '/')
			continue;
		front(path, i, part);
		if (mkdirat(root, part, mode) == 0) {
			front(part, last_slash(part), above);
			if (!sync_at(root, above, f))
				return false;
		} else if (errno != EEXIST) {
			return fault_errno(f, "%s", part);
		}
	}
	return true;
}

static bool f_open(void *self, const char *path, enum disk_mode mode,
	int *file, struct fault *f)
{
	bool private = mode == DISK_CREATE_PRIVATE;
	int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
	mode_t bits = private ? 0600 : mode == DISK_CREATE_SEALED ? 0444 : 0644;

	if (!path_ok(path, f))
		return false;
	if (mode == DISK_READ)
		flags = READ_FLAGS;
	else if (!make_folders(root_of(self), path, last_slash(path),
		private ? 0700 : 0755, f))
		return false;
	if (mode != DISK_READ && mode != DISK_WRITE)
		flags |= O_EXCL;
	*file = openat(root_of(self), path, flags, bits);
	return *file >= 0 || fault_errno(f, "%s", path);
}

static bool f_read(void *self, int file, uint64_t at, uint8_t *to, size_t len,
	size_t *n, struct fault *f)
{
	(void)self;
	for (*n = 0; *n < len;) {
		ssize_t k = pread(file, to + *n, len - *n, (off_t)(at + *n));

		if (k == 0)
			break;
		if (k > 0)
			*n += (size_t)k;
		else if (errno != EINTR)
			return fault_errno(f, "read");
	}
	return true;
}

static bool f_write(
	void *self, int file, uint64_t at, struct bytes b, struct fault *f)
{
	(void)self;
	for (size_t n = 0; n < b.len;) {
		ssize_t k = pwrite(file, b.at + n, b.len - n, (off_t)(at + n));

		if (k > 0)
			n += (size_t)k;
		else if (k == 0 || errno != EINTR)
			return fault_errno(f, "write");
	}
	return true;
}

static bool f_sync(void *self, int file, struct fault *f)
{
	(void)self;
	return fdatasync(file) == 0 || fault_errno(f, "fdatasync");
}

static bool f_truncate(void *self, int file, uint64_t size, struct fault *f)
{
	(void)self;
	return ftruncate(file, (off_t)size) == 0 || fault_errno(f, "truncate");
}

static bool f_reserve(void *self, int file, uint64_t size, struct fault *f)
{
	(void)self;
	if (fallocate(file, 0, 0, (off_t)size) == 0 || errno == EOPNOTSUPP ||
		errno == ENOSYS)
		return true;
	return fault_errno(f, "preallocate");
}

static bool f_sync_folder(void *self, const char *path, struct fault *f)
{
	return path_ok(path, f) && sync_at(root_of(self), path, f);
}

static bool f_replace(
	void *self, const char *from, const char *to, struct fault *f)
{
	char folder[PATH_MAX];

	if (!path_ok(from, f) || !path_ok(to, f))
		return false;
	if (renameat(root_of(self), from, root_of(self), to) < 0)
		return fault_errno(f, "%s: rename", from);
	front(to, last_slash(to), folder);
	return sync_at(root_of(self), folder, f);
}

static bool f_remove(void *self, const char *path, struct fault *f)
{
	return path_ok(path, f) && (unlinkat(root_of(self), path, 0) == 0 ||
		fault_errno(f, "%s: remove", path));
}

static bool f_size(void *self, const char *path, uint64_t *n, bool *exists,
	struct fault *f)
{
	struct stat st;

	*n = 0;
	*exists = false;
	if (!path_ok(path, f))
		return false;
	if (fstatat(root_of(self), path, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT || fault_errno(f, "%s", path);
	*exists = true;
	*n = (uint64_t)st.st_size;
	return true;
}

static int hidden(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static bool f_list(void *self, const char *path,
	bool (*each)(void *each_self, const char *name, struct fault *),
	void *each_self, struct fault *f)
{
	struct dirent **name;
	bool ok = true;
	int n;

	if (!path_ok(path, f))
		return false;
	n = scandirat(root_of(self), path, &name, hidden, by_bytes);
	if (n < 0)
		return errno == ENOENT || errno == ENOTDIR ||
			fault_errno(f, "%s", path);
	for (int i = 0; i < n; i++) {
		ok = ok && each(each_self, name[i]->d_name, f);
		free(name[i]);
	}
	free(name);
	return ok;
}

/* A lock goes too where a child has the same file open still. */
static void f_close(void *self, int file)
{
	(void)self;
	(void)flock(file, LOCK_UN);
	(void)close(file);
}

static bool f_map(void *self, const char *path, struct bytes *b,
	struct fault *f)
{
	struct stat st;
	void *p = MAP_FAILED;
	int fd;

	*b = (struct bytes){0};
	if (!path_ok(path, f))
		return false;
	fd = openat(root_of(self), path, READ_FLAGS);
	if (fd < 0)
		return fault_errno(f, "%s", path);
	if (fstat(fd, &st) < 0) {
		fault_errno(f, "%s", path);
	} else if (st.st_size == 0) {
		(void)close(fd);
		return true;
	} else {
		p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd,
			0);
		if (p == MAP_FAILED)
			fault_errno(f, "%s: map", path);
		else
			*b = (struct bytes){p, (size_t)st.st_size};
	}
	(void)close(fd);
	return p != MAP_FAILED;
}

static void f_unmap(void *self, struct bytes b)
{
	(void)self;
	if (b.len > 0)
		(void)munmap((void *)(uintptr_t)b.at, b.len);
}

/* The process that has the lock, as the kernel lists it; 0: not known. */
static int holder_of(int fd)
{
	char list[1 << 16], one[64];
	struct stat st;
	int locks = open("/proc/locks", O_RDONLY | O_CLOEXEC), pid = 0;
	ssize_t n = locks < 0 ? -1 : read(locks, list, sizeof list - 1);
	const char *at;

	if (locks >= 0)
		(void)close(locks);
	if (n <= 0 || fstat(fd, &st) != 0)
		return 0;
	list[n] = '\0';
	(void)snprintf(one, sizeof one, " %02x:%02x:%lu ", major(st.st_dev),
		minor(st.st_dev), (unsigned long)st.st_ino);
	if (!(at = strstr(list, one)))
		return 0;
	for (int ten = 1; at > list && at[-1] >= '0' && at[-1] <= '9' &&
		ten < 1000000000; ten *= 10)
		pid += (*--at - '0') * ten;
	return pid;
}

static void say_in_use(int fd, struct fault *f)
{
	int pid = holder_of(fd);

	if (pid > 0)
		fault(f, FAULT_SYSTEM, "in use by another process, %d", pid);
	else
		fault(f, FAULT_SYSTEM, "in use by another process");
}

static bool f_lock(void *self, const char *folder, int *lock, struct fault *f)
{
	if (!path_ok(folder, f) || !make_folders(root_of(self), folder,
		strlen(folder), 0755, f))
		return false;
	*lock = openat(root_of(self), folder, READ_FLAGS | O_DIRECTORY);
	if (*lock < 0)
		return fault_errno(f, "%s", folder);
	if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
		return true;
	if (errno == EWOULDBLOCK)
		say_in_use(*lock, f);
	else
		fault_errno(f, "lock");
	(void)close(*lock);
	*lock = -1;
	return false;
}

bool files_open(struct files *x, const char *root, struct fault *f)
{
	x->disk = (struct disk){.self = x, .open = f_open, .read = f_read,
		.write = f_write, .sync = f_sync, .truncate = f_truncate,
		.reserve = f_reserve, .replace = f_replace,
		.sync_folder = f_sync_folder, .remove = f_remove,
		.size = f_size, .list = f_list, .close = f_close,
		.map = f_map, .unmap = f_unmap, .lock = f_lock};
	x->root = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return x->root >= 0 || fault_errno(f, "%s", root);
}

void files_close(struct files *x)
{
	if (x->root >= 0)
		(void)close(x->root);
	x->root = -1;
}
