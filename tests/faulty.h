/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * faulty.h - a disk in memory that fails on purpose.
 *
 * Call number `fail_at` (counted from 1) fails as `how` says, and with
 * `forever` every later one does.  It keeps what was synced beside what is
 * seen, so faulty_crash() can take the power away: synced bytes and synced
 * names stay, of everything else any 512-byte sector may or may not.  A second
 * sync of a file whose sync failed is counted in `resynced`: it must be 0. */
#ifndef TESTS_FAULTY_H
#define TESTS_FAULTY_H

#include "base/disk.h"

#include <stdio.h>
#include <stdlib.h>

enum { FAULTY_FILES = 512, FAULTY_NAMES = 512, FAULTY_SECTOR = 512 };

enum faulty_how { FAULTY_EIO, FAULTY_ENOSPC, FAULTY_SHORT };
enum faulty_crash { FAULTY_KILL, FAULTY_POWER };

struct faulty_file {
	uint8_t *now, *kept;
	size_t size, kept_size, room;
	bool used, bad_sync, lock_held;
};

struct faulty_name {
	char path[160];
	int now, kept; /* file numbers, -1 none */
};

struct faulty {
	struct disk disk;
	struct faulty_file file[FAULTY_FILES];
	struct faulty_name name[FAULTY_NAMES];
	int names;
	uint64_t calls, fail_at;
	enum faulty_how how;
	bool forever;
	unsigned resynced;
	uint64_t random;
	int opened; /* handles that are open */
};

static inline uint64_t faulty_next(struct faulty *x)
{
	x->random = x->random * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return x->random >> 33;
}

static inline bool faulty_fails(struct faulty *x, struct fault *f)
{
	x->calls++;
	if (x->fail_at == 0 || (x->calls != x->fail_at &&
		!(x->forever && x->calls > x->fail_at)))
		return false;
	fault(f, FAULT_SYSTEM,
		x->how == FAULTY_ENOSPC ? "no space left (on purpose)"
					: "I/O error (on purpose)");
	return true;
}

static inline struct faulty_name *faulty_find(
	struct faulty *x, const char *path, bool make)
{
	for (int i = 0; i < x->names; i++)
		if (strcmp(x->name[i].path, path) == 0)
			return &x->name[i];
	if (!make)
		return NULL;
	if (x->names == FAULTY_NAMES || strlen(path) >= 160)
		abort();
	(void)snprintf(x->name[x->names].path, 160, "%s", path);
	x->name[x->names].now = x->name[x->names].kept = -1;
	return &x->name[x->names++];
}

static inline void faulty_grow(struct faulty_file *y, size_t size)
{
	if (size > y->room) {
		size_t room = y->room ? y->room : 4096;

		while (room < size)
			room *= 2;
		y->now = realloc(y->now, room);
		y->kept = realloc(y->kept, room);
		if (!y->now || !y->kept)
			abort();
		memset(y->now + y->room, 0, room - y->room);
		memset(y->kept + y->room, 0, room - y->room);
		y->room = room;
	}
	if (size > y->size)
		y->size = size;
}

/* A file no name points to is free for use again. */
static inline int faulty_new(struct faulty *x)
{
	for (int i = 0; i < FAULTY_FILES; i++) {
		struct faulty_file *y = &x->file[i];
		bool named = false;

		for (int k = 0; k < x->names; k++)
			named |= x->name[k].now == i || x->name[k].kept == i;
		if (named || y->used)
			continue;
		if (y->now) {
			memset(y->now, 0, y->room);
			memset(y->kept, 0, y->room);
		}
		*y = (struct faulty_file){.now = y->now, .kept = y->kept,
			.room = y->room};
		faulty_grow(y, 1);
		y->size = 0;
		return i;
	}
	abort();
}

static inline bool faulty_open(void *self, const char *path,
	enum disk_mode mode, int *file, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_name *n;

	if (faulty_fails(x, f))
		return false;
	n = faulty_find(x, path, mode != DISK_READ);
	if (mode == DISK_READ && (!n || n->now < 0))
		return fault(f, FAULT_SYSTEM, "%s: no such file", path);
	if (mode != DISK_READ && mode != DISK_WRITE && n->now >= 0)
		return fault(f, FAULT_SYSTEM, "%s: is there", path);
	if (n->now < 0)
		n->now = faulty_new(x);
	*file = n->now;
	x->file[n->now].used = true;
	x->opened++;
	return true;
}

static inline bool faulty_read(void *self, int file, uint64_t at, uint8_t *to,
	size_t len, size_t *n, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_file *y = &x->file[file];

	if (faulty_fails(x, f))
		return false;
	*n = at >= y->size ? 0 : y->size - (size_t)at;
	if (*n > len)
		*n = len;
	if (*n > 0)
		memcpy(to, y->now + at, *n);
	return true;
}

static inline bool faulty_write(
	void *self, int file, uint64_t at, struct bytes b, struct fault *f)
{
	struct faulty *x = self;
	bool bad = faulty_fails(x, f);
	size_t n = !bad ? b.len : x->how == FAULTY_SHORT ? b.len / 2 : 0;

	if (n > 0) {
		faulty_grow(&x->file[file], (size_t)at + n);
		memcpy(x->file[file].now + at, b.at, n);
	}
	return !bad;
}

static inline bool faulty_sync(void *self, int file, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_file *y = &x->file[file];

	x->resynced += y->bad_sync;
	if (faulty_fails(x, f)) {
		y->bad_sync = true;
		return false;
	}
	memcpy(y->kept, y->now, y->room);
	y->kept_size = y->size;
	return true;
}

static inline bool faulty_truncate(
	void *self, int file, uint64_t size, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_file *y = &x->file[file];

	if (faulty_fails(x, f))
		return false;
	faulty_grow(y, (size_t)size);
	memset(y->now + size, 0, y->room - (size_t)size);
	y->size = (size_t)size;
	return true;
}

static inline bool faulty_reserve(
	void *self, int file, uint64_t size, struct fault *f)
{
	struct faulty *x = self;

	if (faulty_fails(x, f))
		return false;
	faulty_grow(&x->file[file], (size_t)size);
	return true;
}

/* Is path directly below folder?  Gives the rest of it. */
static inline const char *faulty_below(const char *folder, const char *path)
{
	size_t n = strlen(folder);

	if (strcmp(folder, ".") == 0)
		return path;
	return strncmp(path, folder, n) == 0 && path[n] == '/' ?
		path + n + 1 : NULL;
}

static inline bool faulty_sync_folder(
	void *self, const char *path, struct fault *f)
{
	struct faulty *x = self;

	if (faulty_fails(x, f))
		return false;
	for (int i = 0; i < x->names; i++) {
		const char *rest = faulty_below(path, x->name[i].path);

		if (rest && !strchr(rest, '/'))
			x->name[i].kept = x->name[i].now;
	}
	return true;
}

static inline bool faulty_replace(
	void *self, const char *from, const char *to, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_name *a = faulty_find(x, from, false), *b;
	char folder[160];
	char *slash;

	if (faulty_fails(x, f))
		return false;
	if (!a || a->now < 0)
		return fault(f, FAULT_SYSTEM, "%s: no such file", from);
	b = faulty_find(x, to, true);
	a = faulty_find(x, from, false);
	b->now = a->now;
	a->now = -1;
	(void)snprintf(folder, sizeof folder, "%s", to);
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	return faulty_sync_folder(x, slash ? folder : ".", f);
}

static inline bool faulty_remove(
	void *self, const char *path, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_name *n = faulty_find(x, path, false);

	if (faulty_fails(x, f))
		return false;
	if (!n || n->now < 0)
		return fault(f, FAULT_SYSTEM, "%s: no such file", path);
	n->now = -1;
	return true;
}

static inline bool faulty_size(void *self, const char *path, uint64_t *size,
	bool *exists, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_name *n = faulty_find(x, path, false);

	*size = 0;
	*exists = false;
	if (faulty_fails(x, f))
		return false;
	for (int i = 0; i < x->names && !*exists; i++)
		*exists = x->name[i].now >= 0 &&
			faulty_below(path, x->name[i].path);
	if (n && n->now >= 0) {
		*exists = true;
		*size = x->file[n->now].size;
	}
	return true;
}

static inline int faulty_order(const void *a, const void *b)
{
	return strcmp(a, b);
}

static inline bool faulty_list(void *self, const char *path,
	bool (*each)(void *each_self, const char *name, struct fault *),
	void *each_self, struct fault *f)
{
	struct faulty *x = self;
	char (*names)[160];
	bool ok = true;
	size_t n = 0;

	if (faulty_fails(x, f))
		return false;
	names = calloc(FAULTY_NAMES, sizeof *names);
	if (!names)
		abort();
	for (int i = 0; i < x->names; i++) {
		const char *rest = faulty_below(path, x->name[i].path);

		if (x->name[i].now >= 0 && rest)
			(void)snprintf(names[n++], 160, "%.*s",
				(int)strcspn(rest, "/"), rest);
	}
	qsort(names, n, sizeof *names, faulty_order);
	for (size_t i = 0; i < n && ok; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			ok = each(each_self, names[i], f);
	free(names);
	return ok;
}

static inline void faulty_close(void *self, int file)
{
	struct faulty *x = self;

	x->opened--;
	if (file < FAULTY_FILES)
		x->file[file].used = false;
}

static inline bool faulty_map(
	void *self, const char *path, struct bytes *b, struct fault *f)
{
	struct faulty *x = self;
	struct faulty_name *n = faulty_find(x, path, false);
	uint8_t *copy;

	*b = (struct bytes){0};
	if (faulty_fails(x, f))
		return false;
	if (!n || n->now < 0)
		return fault(f, FAULT_SYSTEM, "%s: no such file", path);
	copy = malloc(x->file[n->now].size + 1);
	if (!copy)
		abort();
	memcpy(copy, x->file[n->now].now, x->file[n->now].size);
	*b = (struct bytes){copy, x->file[n->now].size};
	return true;
}

static inline void faulty_unmap(void *self, struct bytes b)
{
	(void)self;
	free((void *)(uintptr_t)b.at);
}

static inline bool faulty_lock(
	void *self, const char *folder, int *lock, struct fault *f)
{
	struct faulty *x = self;

	(void)folder;
	if (faulty_fails(x, f))
		return false;
	*lock = FAULTY_FILES;
	x->opened++;
	return true;
}

static inline struct faulty *faulty_make(void)
{
	struct faulty *x = calloc(1, sizeof *x);

	if (!x)
		abort();
	x->disk = (struct disk){.self = x, .open = faulty_open,
		.read = faulty_read, .write = faulty_write,
		.sync = faulty_sync, .truncate = faulty_truncate,
		.reserve = faulty_reserve, .replace = faulty_replace,
		.sync_folder = faulty_sync_folder, .remove = faulty_remove,
		.size = faulty_size, .list = faulty_list,
		.close = faulty_close, .map = faulty_map,
		.unmap = faulty_unmap, .lock = faulty_lock};
	x->random = 1;
	return x;
}

static inline void faulty_free(struct faulty *x)
{
	for (int i = 0; i < FAULTY_FILES; i++) {
		free(x->file[i].now);
		free(x->file[i].kept);
	}
	free(x);
}

/* As new, but for memory that stays ours. */
static inline void faulty_reset(struct faulty *x)
{
	for (int i = 0; i < FAULTY_FILES && x->file[i].now; i++) {
		struct faulty_file *y = &x->file[i];

		memset(y->now, 0, y->size);
		memset(y->kept, 0, y->kept_size);
		y->size = y->kept_size = 0;
		y->used = y->bad_sync = false;
	}
	x->names = 0;
	x->opened = 0;
	x->calls = 0;
}

static inline void faulty_heal(struct faulty *x)
{
	x->fail_at = 0;
	x->calls = 0;
}

/* The process is gone; with POWER the cache is too. */
static inline void faulty_crash(struct faulty *x, enum faulty_crash how)
{
	for (int i = 0; i < FAULTY_FILES; i++) {
		struct faulty_file *y = &x->file[i];
		size_t most = y->size > y->kept_size ? y->size : y->kept_size;

		y->used = y->bad_sync = false;
		if (how == FAULTY_KILL || !y->now)
			continue;
		for (size_t at = 0; at < most; at += FAULTY_SECTOR)
			if (faulty_next(x) % 2)
				memcpy(y->now + at, y->kept + at,
					y->room - at < FAULTY_SECTOR ?
						y->room - at : FAULTY_SECTOR);
		if (faulty_next(x) % 2)
			y->size = y->kept_size;
		memset(y->now + y->size, 0, y->room - y->size);
		memcpy(y->kept, y->now, y->room);
		y->kept_size = y->size;
	}
	for (int i = 0; i < x->names && how == FAULTY_POWER; i++) {
		if (faulty_next(x) % 2)
			x->name[i].now = x->name[i].kept;
		x->name[i].kept = x->name[i].now;
	}
	x->opened = 0;
	faulty_heal(x);
}

/* A whole copy, to cut and bend. */
static inline struct faulty *faulty_copy(const struct faulty *x)
{
	struct faulty *y = malloc(sizeof *y);

	if (!y)
		abort();
	memcpy(y, x, sizeof *y);
	y->disk.self = y;
	for (int i = 0; i < FAULTY_FILES; i++) {
		struct faulty_file *z = &y->file[i];

		if (!x->file[i].now)
			continue;
		z->now = malloc(z->room);
		z->kept = malloc(z->room);
		if (!z->now || !z->kept)
			abort();
		memcpy(z->now, x->file[i].now, z->room);
		memcpy(z->kept, x->file[i].kept, z->room);
	}
	return y;
}

/* The bytes under a name, to be changed by a test. */
static inline struct faulty_file *faulty_at(struct faulty *x, const char *path)
{
	struct faulty_name *n = faulty_find(x, path, false);

	return n && n->now >= 0 ? &x->file[n->now] : NULL;
}

#endif
