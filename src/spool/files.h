/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * files.h - the real struct disk (base/disk.h): files below one folder.
 *
 *	struct files files;
 *	if (!files_open(&files, "missions/demo", f)) ...
 *	struct disk *disk = &files.disk;
 *	...
 *	files_close(&files);
 *
 * Paths are relative to the folder; "..", absolute paths and links are
 * refused.  Folders are made as needed and their names synced. */
#ifndef SPOOL_FILES_H
#define SPOOL_FILES_H

#include "base/disk.h"

struct files {
	struct disk disk; /* self points here: do not copy or move */
	int root;
};

/* The folder must exist. */
MUST_USE bool files_open(struct files *, const char *root, struct fault *);
void files_close(struct files *);

#endif
