/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/simfolder.h"

#include <dirent.h>
#include <stdio.h>

#include "feeds/file.h"

struct target {
	const char *folder;
	char path[1024];
	FILE *file;
	struct simfolder_sum sum;
};

static bool open_file(void *self, const char *path, struct fault *f)
{
	struct target *t = self;
	int n = snprintf(t->path, sizeof t->path, "%s/%s", t->folder, path);
	char *slash;

	if (n < 0 || (size_t)n >= sizeof t->path)
		return fault(f, FAULT_LIMIT, "%s: path too long", t->folder);
	slash = strrchr(t->path, '/');
	*slash = '\0';
	if (!folder_make(t->path, f))
		return false;
	*slash = '/';
	t->file = fopen(t->path, "wb");
	if (!t->file)
		return fault_errno(f, "%s", t->path);
	t->sum.files++;
	return true;
}

static bool put(void *self, struct bytes b, struct fault *f)
{
	struct target *t = self;

	if (fwrite(b.at, 1, b.len, t->file) != b.len)
		return fault_errno(f, "%s", t->path);
	t->sum.bytes += b.len;
	return true;
}

static bool close_file(void *self, struct fault *f)
{
	struct target *t = self;
	FILE *file = t->file;

	t->file = NULL;
	return fclose(file) == 0 || fault_errno(f, "%s", t->path);
}

static bool is_empty(const char *folder, struct fault *f)
{
	DIR *d = opendir(folder);
	const struct dirent *e;
	bool empty = true;

	if (!d)
		return fault_errno(f, "%s", folder);
	while ((e = readdir(d)))
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			empty = false;
	(void)closedir(d);
	return empty || fault(f, FAULT_INPUT, "%s is not empty; give a new "
		"folder, or remove what is in it", folder);
}

bool simfolder_write(const struct sim_ask *ask, const char *folder,
	struct simfolder_sum *sum, struct fault *f)
{
	struct target t = {.folder = folder};
	const struct sim_files files = {&t, open_file, put, close_file};
	struct arena arena = {0};
	bool ok = false;

	if (!folder_make(folder, f) || !is_empty(folder, f) ||
		!arena_map(&arena, SIM_ARENA, f))
		goto out;
	ok = sim_run(ask, &arena, &files, f);
	if (ok && sum)
		*sum = t.sum;
out:
	if (t.file)
		(void)fclose(t.file);
	arena_unmap(&arena);
	return ok;
}
