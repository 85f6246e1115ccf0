/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/simfolder.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
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

struct crew { /* threads that write nodes */
	const struct sim *sim;
	const char *folder;
	atomic_size_t next;
	atomic_bool stop;
};

struct hand {
	pthread_t thread;
	struct crew *crew;
	struct simfolder_sum sum;
	struct fault fault;
	bool ok;
};

static bool write_nodes(struct hand *h, struct target *t, struct arena *arena)
{
	const struct sim_files files = {t, open_file, put, close_file};
	struct crew *c = h->crew;

	while (!atomic_load(&c->stop)) {
		size_t i = atomic_fetch_add(&c->next, 1);

		if (i >= sim_nodes(c->sim))
			break;
		if (!sim_node(c->sim, i, arena, &files, &h->fault))
			return false;
	}
	return true;
}

static void *work(void *self)
{
	struct hand *h = self;
	struct target t = {.folder = h->crew->folder};
	struct arena arena = {0};

	h->ok = arena_map(&arena, SIM_NODE_ARENA, &h->fault) &&
		write_nodes(h, &t, &arena);
	if (!h->ok)
		atomic_store(&h->crew->stop, true);
	if (t.file)
		(void)fclose(t.file);
	arena_unmap(&arena);
	h->sum = t.sum;
	return NULL;
}

/* The first hand is this thread. */
static bool all_nodes(const struct sim *sim, int jobs, struct target *t,
	struct fault *f)
{
	struct crew crew = {.sim = sim, .folder = t->folder};
	struct hand hand[SIMFOLDER_JOBS] = {0};
	int begun = 1;
	bool ok = true;

	for (int i = 0; i < jobs; i++)
		hand[i].crew = &crew;
	/* Fewer threads than asked for is no fault. */
	while (begun < jobs && pthread_create(&hand[begun].thread, NULL, work,
		&hand[begun]) == 0)
		begun++;
	(void)work(&hand[0]);
	for (int i = 0; i < begun; i++) {
		if (i > 0)
			(void)pthread_join(hand[i].thread, NULL);
		t->sum.files += hand[i].sum.files;
		t->sum.bytes += hand[i].sum.bytes;
		if (ok && !hand[i].ok)
			*f = hand[i].fault;
		ok = ok && hand[i].ok;
	}
	return ok;
}

bool simfolder_write(const struct sim_ask *ask, int jobs, const char *folder,
	struct simfolder_sum *sum, struct fault *f)
{
	struct target t = {.folder = folder};
	const struct sim_files files = {&t, open_file, put, close_file};
	struct arena arena = {0};
	struct sim *sim;
	bool ok = false;

	assert(jobs >= 1 && jobs <= SIMFOLDER_JOBS);
	if (!folder_make(folder, f) || !is_empty(folder, f) ||
		!arena_map(&arena, SIM_ARENA, f))
		goto out;
	ok = sim_open(ask, &arena, &files, &sim, f) &&
		all_nodes(sim, jobs, &t, f) && sim_close(sim, f);
	if (ok && sum)
		*sum = t.sum;
out:
	if (t.file)
		(void)fclose(t.file);
	arena_unmap(&arena);
	return ok;
}
