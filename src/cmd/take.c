/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/take.h"

#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "roles/packets.h"

struct instant take_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct instant){t.tv_sec * INT64_C(1000000000) + t.tv_nsec};
}

int take_open(struct taking *t, const struct cmd *cmd, const char *folder)
{
	struct fault f = {0};
	const char *path;
	struct bytes yaml;
	struct digest sha;
	int code;

	*t = (struct taking){.cmd = cmd};
	code = load_sound(cmd, folder, &t->loaded);
	if (code != EXIT_DONE)
		return code;
	path = path_join(&t->loaded.arena, folder, "mission.yaml", &f);
	if (!path || !file_map(path, &yaml, &f))
		goto bad;
	sha = sha256_of(yaml);
	file_unmap(yaml);
	if (!files_open(&t->files, folder, &f))
		goto bad;
	if (!intake_open(&t->intake, &t->files.disk, t->loaded.mission.name,
		sha, take_now(), &f)) {
		files_close(&t->files);
		goto bad;
	}
	t->open = true;
	return EXIT_DONE;
bad:
	load_free(&t->loaded);
	return cmd_fault(cmd, &f);
}

void take_close(struct taking *t)
{
	if (!t->open)
		return;
	intake_close(&t->intake);
	files_close(&t->files);
	load_free(&t->loaded);
	t->open = false;
}

static void say_damage(const struct intake_file *x)
{
	if (x->damaged == 0 || ui_quiet())
		return;
	(void)fprintf(stderr,
		"%s: %s; %llu damaged part%s kept with its fault%s\n", x->name,
		x->why.text, (unsigned long long)x->damaged,
		x->damaged == 1 ? "" : "s", x->damaged == 1 ? "" : "s");
}

bool take_file(struct taking *t, const char *path, const char *name,
	const char *source, const char *format, struct fault *f)
{
	struct intake_file x = {.name = name, .source = source,
		.format = format, .now = take_now()};
	struct fault why = {0};
	bool ok;

	if (!file_map(path, &x.bytes, &why)) {
		(void)fprintf(stderr, "truce %s: %s\n", t->cmd->name, why.text);
		t->unread++;
		t->unopened++;
		return true;
	}
	ok = intake_take(&t->intake, &x, f);
	file_unmap(x.bytes);
	if (!ok)
		return fault_in(f, "%s", name);
	t->taken += x.fresh;
	t->known += !x.fresh;
	t->damaged += x.damaged;
	if (x.fresh)
		say_damage(&x);
	if (x.fresh && (!*x.found || x.taken == 0) && x.damaged > 0)
		t->unread++;
	return true;
}

/* inbox/S01/x.mseed: its source is S01. */
static const char *source_of(struct taking *t, const char *name,
	struct fault *f)
{
	const char *slash = strchr(name, '/');
	size_t n = slash ? (size_t)(slash - name) : 0;

	return arena_text(&t->loaded.arena,
		bytes_part(bytes_of(name), 0, n), f);
}

bool take_inbox(struct taking *t, struct fault *f)
{
	struct arena *a = &t->loaded.arena;
	const char *inbox = path_join(a, t->loaded.folder, "inbox", f);
	const char **names;
	size_t count;

	if (!inbox || !folder_walk(inbox, a, &names, &count, f))
		return false;
	t->progress = ui_progress("take in", count);
	for (size_t i = 0; i < count; i++) {
		const char *path = path_join(a, inbox, names[i], f);
		const char *source = source_of(t, names[i], f);

		if (!path || !source ||
			!take_file(t, path, names[i], source, NULL, f))
			return false;
		ui_progress_at(&t->progress, i + 1);
	}
	ui_progress_end(&t->progress);
	return true;
}

bool take_live(struct taking *t, struct fault *f)
{
	struct disk *d = &t->files.disk;
	struct packets p;
	struct packed done = {0};
	uint64_t first;
	size_t n = 0;
	bool busy, ok;
	struct fault why;

	/* LIMIT: there is more than one segment. */
	if (log_segments(d, "spool/live", &first, 1, &n, &why) ? n == 0 :
		why.kind != FAULT_LIMIT)
		return true;
	if (!packets_open(&p, d, &busy, f)) {
		if (!busy)
			return false;
		(void)fprintf(stderr, "`truce run` is receiving: what it has "
			"not taken in yet is not in this replay\n");
		return true;
	}
	ok = packets_pack(&p, &t->intake, spool_end(&p.spool), take_now(),
		     &done, f) && packets_packed(&p, f);
	packets_close(&p);
	t->taken += done.files;
	t->damaged += done.damaged;
	return ok;
}

bool take_jobs(const struct cmd *cmd, const char *s, int *jobs)
{
	struct fault f;
	int64_t n = sysconf(_SC_NPROCESSORS_ONLN);

	if (s && (!integer_read(bytes_of(s), &n, &f) || n < 1 || n > 64)) {
		(void)cmd_usage(cmd, "--jobs '%s', wants 1 to 64", s);
		return false;
	}
	*jobs = (int)(n < 1 ? 1 : n > 64 ? 64 : n);
	return true;
}

bool take_commit(struct taking *t, struct fault *f)
{
	return intake_commit(&t->intake, take_now(), f);
}

static void show(void *self, const char *what, uint64_t done, uint64_t total)
{
	struct taking *t = self;

	if (strcmp(t->progress.what, what) != 0) {
		ui_progress_end(&t->progress);
		t->progress = ui_progress(what, total);
	}
	t->progress.total = total;
	ui_progress_at(&t->progress, done);
}

bool take_replay(struct taking *t, struct span span, int jobs,
	struct replay_done *done, struct fault *f)
{
	struct store store = {stores[0], NULL};
	struct replay_ask ask = {
		.mission = &t->loaded.mission,
		.terms = t->loaded.terms,
		.intake = &t->intake,
		.store = &store,
		.span = span,
		.jobs = jobs,
		.now = take_now(),
		.progress = show,
		.self = t,
	};
	bool ok;

	t->progress = ui_progress("decode", 0);
	if (!store.engine->open(&store, t->loaded.folder, true, f))
		return false;
	ok = replay_run(&ask, done, f);
	ui_progress_end(&t->progress);
	store.engine->close(&store);
	return ok;
}
