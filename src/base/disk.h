/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * disk.h - the least that durable storage needs of a file system.
 *
 * spool/ and ledger/ write only through this table, so a test can pass a disk
 * that fails on purpose (every n-th call, short writes, lost syncs).  The real
 * one is spool/files.c.  Paths are relative to the mission folder. */
#ifndef BASE_DISK_H
#define BASE_DISK_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"

enum disk_mode {
	DISK_READ,   /* must exist */
	DISK_WRITE,  /* made if missing, with its folders */
	DISK_CREATE, /* must not exist */
	DISK_CREATE_PRIVATE, /* the same, 0600, its folder 0700 if made */
	DISK_CREATE_SEALED,  /* the same, 0444: written once, by this handle */
};

struct disk {
	void *self;
	/* *file is a small number, valid until close(). */
	bool (*open)(void *self, const char *path, enum disk_mode, int *file,
		struct fault *);
	/* *n is how many bytes were there, up to len. */
	bool (*read)(void *self, int file, uint64_t at, uint8_t *to,
		size_t len, size_t *n, struct fault *);
	/* Whole, or a fault. */
	bool (*write)(void *self, int file, uint64_t at, struct bytes,
		struct fault *);
	/* fdatasync.  After a false the file must never be synced again. */
	bool (*sync)(void *self, int file, struct fault *);
	bool (*truncate)(void *self, int file, uint64_t size, struct fault *);
	/* Preallocate; best effort on file systems without it. */
	bool (*reserve)(void *self, int file, uint64_t size, struct fault *);
	/* rename, then fsync of the folder. */
	bool (*replace)(void *self, const char *from, const char *to,
		struct fault *);
	bool (*sync_folder)(void *self, const char *path, struct fault *);
	bool (*remove)(void *self, const char *path, struct fault *);
	bool (*size)(void *self, const char *path, uint64_t *n, bool *exists,
		struct fault *);
	/* Names in a folder in byte order; none when there is no folder. */
	bool (*list)(void *self, const char *path,
		bool (*each)(void *each_self, const char *name, struct fault *),
		void *each_self, struct fault *);
	void (*close)(void *self, int file);
	/* The whole of a file that does not change any more, for unmap(). */
	bool (*map)(void *self, const char *path, struct bytes *,
		struct fault *);
	void (*unmap)(void *self, struct bytes);
	/* One holder of a folder, over all processes; made if missing.  Held
	 * until close(*lock), also by children that were forked since; a
	 * SYSTEM fault at once if another has it. */
	bool (*lock)(void *self, const char *folder, int *lock,
		struct fault *);
};

#endif
