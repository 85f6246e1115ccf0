/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * file.h - whole files and folders, for the porch. */
#ifndef FEEDS_FILE_H
#define FEEDS_FILE_H

#include "base/arena.h"
#include "base/text.h"

/* Maps a file for reading; empty files give an empty view. */
MUST_USE bool file_map(const char *path, struct bytes *, struct fault *);
void file_unmap(struct bytes);
/* A copy in the arena, ended by a zero byte. */
MUST_USE bool file_read(
	const char *path, struct arena *, struct bytes *, struct fault *);
bool file_exists(const char *path);
bool folder_exists(const char *path);
/* Makes it and its parents. */
MUST_USE bool folder_make(const char *path, struct fault *);
/* Names in a folder in byte order, "." files left out; none if no folder. */
MUST_USE bool folder_list(const char *path, struct arena *,
	const char ***names, size_t *count, struct fault *);
/* Every file below, as paths relative to `path`, in byte order; also what no
 * one can read (a pipe, a link to nowhere or back up): mapping it says so. */
MUST_USE bool folder_walk(const char *path, struct arena *,
	const char ***names, size_t *count, struct fault *);
/* "dir/name" in the arena. */
MUST_USE const char *path_join(
	struct arena *, const char *dir, const char *name, struct fault *);

#endif
