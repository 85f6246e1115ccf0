/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/take.h"

#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "cmd/confine.h"
#include "cmd/courier.h"
#include "roles/indexed.h"
#include "roles/packets.h"
#include "roles/turn.h"

enum { GROUP = 64 };

struct instant take_now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_REALTIME, &t);
	return (struct instant){t.tv_sec * INT64_C(1000000000) + t.tv_nsec};
}

/* Sensors that sign, or frames of some. */
static bool open_frames(struct taking *t, struct fault *f)
{
	bool wanted;

	if (!frames_wanted(t->intake.disk, &t->loaded.mission,
		t->intake.ledger, &wanted, f))
		return false;
	if (!wanted)
		return true;
	if (frames_open(&t->own, t->intake.disk, &t->loaded.mission,
		t->intake.ledger, &t->others, f))
		t->frames = &t->own;
	return t->frames || t->others;
}

static bool open_intake(struct taking *t, struct ledger *l, struct fault *f)
{
	struct disk *d = &t->files.disk;
	struct digest sha;

	if (l)
		return intake_open_on(&t->intake, d, l, f);
	if (!take_sha256(&t->loaded, &sha, f) || !intake_open(&t->intake, d,
		t->loaded.mission.name, sha, take_now(), f))
		return false;
	if (ledger_compare(t->intake.ledger, &courier_http, f))
		return true;
	intake_close(&t->intake);
	return false;
}

/* What was killed may have left a child that has yet to end. */
enum { WAIT_MS = 5000, STEP_MS = 20 };

static bool waited(int *ms, const struct fault *f)
{
	const struct timespec step = {0, STEP_MS * 1000000};

	if (!turn_in_use(f) || *ms >= WAIT_MS)
		return false;
	(void)nanosleep(&step, NULL);
	*ms += STEP_MS;
	return true;
}

static bool wait_intake(struct taking *t, struct ledger *l, struct fault *f)
{
	for (int ms = 0; !open_intake(t, l, f);) {
		if (l || !waited(&ms, f))
			return false;
		*f = (struct fault){.kind = FAULT_NONE};
	}
	return true;
}

static bool wait_store(struct store *s, const char *folder, struct fault *f)
{
	for (int ms = 0; !s->engine->open(s, folder, true, f);) {
		if (!waited(&ms, f))
			return false;
		*f = (struct fault){.kind = FAULT_NONE};
	}
	return true;
}

bool take_sha256(struct loaded *l, struct digest *sha, struct fault *f)
{
	const char *path =
		path_join(&l->arena, l->folder, "mission.yaml", f);
	struct bytes yaml;

	if (!path || !file_map(path, &yaml, f))
		return false;
	*sha = sha256_of(yaml);
	file_unmap(yaml);
	return true;
}

/* What the index speaks of is in this log. */
static bool index_fits(struct taking *t, struct fault *f)
{
	struct store s = {stores[0], NULL};
	struct fault none;
	bool ok;

	/* Where there is none a replay makes it, or says why not. */
	if (!s.engine->open(&s, t->loaded.folder, false, &none))
		return true;
	ok = indexed_fits(&s, t->intake.ledger, f);
	s.engine->close(&s);
	return ok;
}

int take_open_beside(struct taking *t, const struct cmd *cmd,
	const char *folder, struct ledger *l, struct frames *frames)
{
	struct fault f = {0};
	int code;

	*t = (struct taking){.cmd = cmd, .frames = frames};
	code = load_sound(cmd, folder, &t->loaded);
	if (code != EXIT_DONE)
		return code;
	if (!files_open(&t->files, folder, &f)) {
		load_free(&t->loaded);
		return cmd_fault(cmd, &f);
	}
	if (!wait_intake(t, l, &f)) {
		files_close(&t->files);
		load_free(&t->loaded);
		return cmd_fault(cmd, &f);
	}
	t->open = true;
	if (index_fits(t, &f) && (frames || open_frames(t, &f)))
		return EXIT_DONE;
	take_close(t);
	return cmd_fault(cmd, &f);
}

int take_open(struct taking *t, const struct cmd *cmd, const char *folder)
{
	int code = take_open_beside(t, cmd, folder, NULL, NULL);

	if (code == EXIT_DONE)
		code = confine_check(cmd, t->intake.parsers);
	if (code != EXIT_DONE)
		take_close(t);
	return code;
}

void take_close(struct taking *t)
{
	if (!t->open)
		return;
	if (t->frames == &t->own)
		frames_close(&t->own);
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

static void say_unread(struct taking *t, const struct fault *why)
{
	(void)fprintf(stderr, "truce %s: %s\n", t->cmd->name, why->text);
	t->unread++;
	t->unopened++;
}

static bool take_bytes(
	struct taking *t, struct intake_file *x, struct fault *f)
{
	if (!intake_take(&t->intake, x, f))
		return fault_in(f, "%s", x->name);
	t->taken += x->fresh;
	t->known += !x->fresh;
	t->damaged += x->damaged;
	if (x->fresh)
		say_damage(x);
	if (x->fresh && (!*x->found || x->taken == 0) && x->damaged > 0)
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

struct group { /* of files that are opened together */
	const struct take_name *name[GROUP];
	struct bytes bytes[GROUP];
	struct blob blob[GROUP];
	size_t count;
};

/* Frames are held against their chains, each a record of its own. */
static bool take_frames(struct taking *t, const struct take_name *n,
	struct bytes b, struct fault *f)
{
	struct frames_file x = {.name = n->name, .bytes = b,
		.now = take_now()};
	uint64_t kept = 0, refused;

	if (t->frames != &t->own) {
		(void)fprintf(stderr, "%s: %s\n", n->name,
			t->frames || t->others ?
			"signed frames wait until `truce run` ends" :
			"signed frames, but no sensor of sensors.csv has a "
			"public_key");
		t->unread++;
		return true;
	}
	if (!frames_take_file(t->frames, &x, f))
		return fault_in(f, "%s", n->name);
	for (int v = 0; v < CHAIN_VERDICTS; v++)
		kept += chain_keeps((enum chain_verdict)v) ? x.count[v] : 0;
	refused = x.count[CHAIN_REFUSED];
	t->taken += kept > 0;
	t->known += kept == 0 && refused == 0;
	t->damaged += refused;
	t->unread += kept == 0 && x.count[CHAIN_SAME] == 0;
	if (ui_quiet())
		return true;
	if (refused > 0)
		(void)fprintf(stderr, "%s: %s; %llu refused, kept with their "
			"faults\n", n->name, x.why.text,
			(unsigned long long)refused);
	for (int v = CHAIN_FORK; v <= CHAIN_OLD; v++)
		if (x.count[v] > 0)
			(void)fprintf(stderr, "%s: %llu frames: %s\n",
				n->name, (unsigned long long)x.count[v],
				chain_verdict_name((enum chain_verdict)v));
	return true;
}

/* The next files from *at on; what does not open is said. */
static bool open_group(struct taking *t, struct group *g,
	const struct take_name *x, size_t count, const char *format,
	size_t *at, struct fault *f)
{
	for (; *at < count && g->count < GROUP; ++*at) {
		struct bytes *b = &g->bytes[g->count];
		struct fault why = {0};
		bool ok;

		if (!file_map(x[*at].path, b, &why)) {
			say_unread(t, &why);
			continue;
		}
		if (format ? strcmp(format, "frames") != 0
			   : !bytes_start(*b, "CFS1")) {
			g->name[g->count++] = &x[*at];
			continue;
		}
		ok = take_frames(t, &x[*at], *b, f);
		file_unmap(*b);
		if (!ok)
			return false;
	}
	return true;
}

static bool take_group(struct taking *t, struct group *g, const char *format,
	struct fault *f)
{
	if (!intake_ahead(&t->intake, g->bytes, g->count, g->blob, f))
		return false;
	for (size_t i = 0; i < g->count; i++) {
		struct intake_file x = {.name = g->name[i]->name,
			.from = strcmp(g->name[i]->path, g->name[i]->name)
				? "inbox" : "ingest",
			.how = activity_sent(g->name[i]->name)
				? "network" : NULL,
			.source = g->name[i]->source, .format = format,
			.bytes = g->bytes[i], .kept = &g->blob[i],
			.now = take_now()};

		if (!take_bytes(t, &x, f))
			return false;
	}
	return true;
}

bool take_files(struct taking *t, const struct take_name *x, size_t count,
	const char *format, struct fault *f)
{
	bool ok = true;

	t->progress = ui_progress("take in", count);
	for (size_t i = 0; ok && i < count;) {
		struct group g = {.count = 0};

		ok = open_group(t, &g, x, count, format, &i, f) &&
			take_group(t, &g, format, f);
		for (size_t k = 0; k < g.count; k++)
			file_unmap(g.bytes[k]);
		ui_progress_at(&t->progress, i);
	}
	ui_progress_end(&t->progress);
	return ok;
}

bool take_named(struct taking *t, const char *const *names, size_t count,
	struct fault *f)
{
	struct arena *a = &t->loaded.arena;
	const char *inbox = path_join(a, t->loaded.folder, "inbox", f);
	struct take_name *x;

	if (!inbox || !(x = arena_array(a, count + 1, sizeof *x, f)))
		return false;
	for (size_t i = 0; i < count; i++) {
		x[i] = (struct take_name){path_join(a, inbox, names[i], f),
			names[i], source_of(t, names[i], f)};
		if (!x[i].path || !x[i].source)
			return false;
	}
	return take_files(t, x, count, NULL, f);
}

bool take_inbox(struct taking *t, struct fault *f)
{
	struct arena *a = &t->loaded.arena;
	const char *inbox = path_join(a, t->loaded.folder, "inbox", f);
	const char **names;
	size_t count;

	return inbox && folder_walk(inbox, a, &names, &count, f) &&
		take_named(t, names, count, f);
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
		     &done, f) && packets_packed(&p,
			     UINT64_MAX, f);
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

/* Why witnesses keep the log from being shown; what came in is kept. */
static bool say_held(const struct taking *t)
{
	const char *why = ledger_held(t->intake.ledger);

	if (why[0])
		(void)fprintf(stderr, "truce %s: %s\n", t->cmd->name, why);
	return true;
}

bool take_commit(struct taking *t, struct fault *f)
{
	struct instant now = take_now();
	uint64_t files;

	/* Who lends its frames commits to them. */
	return (t->frames != &t->own || frames_commit(t->frames,
				t->intake.ledger, now, f)) &&
		(!t->frames || frames_pack(t->frames, &t->intake, now, &files,
				f)) &&
		intake_commit(&t->intake, now, f) && say_held(t);
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
		.pledges = t->loaded.pledges,
		.people_of = t->people_of,
		.people_disk = t->people_disk,
		.intake = &t->intake,
		.frames = t->frames,
		.store = &store,
		.span = span,
		.jobs = jobs,
		.now = take_now(),
		.progress = show,
		.self = t,
	};
	bool ok;

	t->progress = ui_progress("decode", 0);
	if (!wait_store(&store, t->loaded.folder, f))
		return false;
	ok = replay_run(&ask, done, f);
	ui_progress_end(&t->progress);
	store.engine->close(&store);
	return ok;
}
