/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/simfolder.h"

#include <dirent.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "cmd/simsign.h"
#include "feeds/file.h"

/* A file of one node, or sensors.csv. */
#define TAPE_BYTES ((size_t)1 << 30)


struct target {
	const char *folder;
	char path[1024];
	FILE *file;
	struct simfolder_sum sum;
	/* of those that sign */
	struct simsign *sign;
	struct arena tape, made, scratch;
	bool sensors; /* what is on the tape is sensors.csv */
	const struct simsign_sensor *by; /* whose records are on the tape */
	struct simsign_chain chain;
};

/* What is signed, and what names the keys, is gathered first. */
static bool tape(struct target *t, const char *path, struct fault *f)
{
	const struct simsign_sensor *was = t->by;
	const char *end = strrchr(path, '.');

	t->sensors = strcmp(path, "sensors.csv") == 0;
	t->by = end && strcmp(end, ".mseed") == 0 ?
		simsign_find(t->sign, path) : NULL;
	if (t->by && t->by != was)
		t->chain = (struct simsign_chain){.booted_ns = 0};
	t->tape.used = 0;
	return (!t->sensors && !t->by) || t->tape.at ||
		(arena_map(&t->tape, TAPE_BYTES, f) &&
			arena_map(&t->made, TAPE_BYTES, f) &&
			arena_map(&t->scratch, TAPE_BYTES, f));
}

static bool is_taped(const struct target *t)
{
	return t->sensors || t->by;
}

static bool open_file(void *self, const char *path, struct fault *f)
{
	struct target *t = self;
	int n = snprintf(t->path, sizeof t->path, "%s/%s", t->folder, path);
	char *slash;

	if (n < 0 || (size_t)n >= sizeof t->path)
		return fault(f, FAULT_LIMIT, "%s: path too long", t->folder);
	if (t->sign && !tape(t, path, f))
		return false;
	if (is_taped(t) && t->by) /* .mseed: longer than what takes its place */
		memcpy(strrchr(t->path, '.'), ".cfs", sizeof ".cfs");
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

	if (is_taped(t)) {
		if (b.len > t->tape.size - t->tape.used)
			return fault(f, FAULT_LIMIT, "%s: too long to be "
				"signed", t->path);
		memcpy(t->tape.at + t->tape.used, b.at, b.len);
		t->tape.used += b.len;
		return true;
	}
	if (fwrite(b.at, 1, b.len, t->file) != b.len)
		return fault_errno(f, "%s", t->path);
	t->sum.bytes += b.len;
	return true;
}

static bool play(struct target *t, struct fault *f)
{
	struct bytes b = {t->tape.at, t->tape.used};
	struct text out;

	t->made.used = 0;
	out = text_in(&t->made, t->made.size - 64);
	if (t->sensors ? !simsign_sensors(t->sign, b, &out, f) :
		!simsign_file(&t->chain, t->by, b, &t->scratch, &out, f))
		return false;
	t->sensors = false;
	b = text_view(&out);
	if (fwrite(b.at, 1, b.len, t->file) != b.len)
		return fault_errno(f, "%s", t->path);
	t->sum.bytes += b.len;
	return true;
}

static bool close_file(void *self, struct fault *f)
{
	struct target *t = self;
	FILE *file = t->file;
	bool ok = !is_taped(t) || play(t, f);

	t->file = NULL;
	if (!ok) {
		(void)fclose(file);
		return false;
	}
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
	struct simsign *sign;
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

static void done(struct target *t)
{
	arena_unmap(&t->tape);
	arena_unmap(&t->made);
	arena_unmap(&t->scratch);
}

static void *work(void *self)
{
	struct hand *h = self;
	struct target t = {.folder = h->crew->folder,
		.sign = h->crew->sign};
	struct arena arena = {0};

	h->ok = arena_map(&arena, SIM_NODE_ARENA, &h->fault) &&
		write_nodes(h, &t, &arena);
	if (!h->ok)
		atomic_store(&h->crew->stop, true);
	if (t.file)
		(void)fclose(t.file);
	done(&t);
	arena_unmap(&arena);
	h->sum = t.sum;
	return NULL;
}

/* The first hand is this thread. */
static bool all_nodes(const struct sim *sim, int jobs, struct target *t,
	struct fault *f)
{
	struct crew crew = {.sim = sim, .folder = t->folder,
		.sign = t->sign};
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

bool simfolder_write(const struct sim_ask *ask, int jobs, size_t sign,
	const char *folder, struct simfolder_sum *sum, struct fault *f)
{
	struct simsign signs = {.wanted = sign};
	struct target t = {.folder = folder,
		.sign = sign > 0 ? &signs : NULL};
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
	done(&t);
	simsign_done(&signs);
	arena_unmap(&arena);
	return ok;
}
