/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/serving.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cmd/list.h"
#include "cmd/maps.h"
#include "cmd/office.h"
#include "serve/door.h"
#include "serve/entries.h"
#include "serve/gate.h"
#include "serve/leases.h"
#include "serve/queue.h"
#include "serve/search.h"
#include "spool/files.h"

/* All that the child says, in the arena; INPUT fault: it says no, and why. */
static bool hear_child(pid_t child, int out, int err, struct arena *a,
	struct bytes *said, struct fault *f)
{
	size_t room = API_BYTES, n = 0, m = 0;
	char why[400];
	uint8_t *at = arena_room(a, room, f);
	ssize_t got = 0;
	int status = 0;

	while (at && n < room && (got = read(out, at + n, room - n)) > 0)
		n += (size_t)got;
	(void)close(out);
	while (m < sizeof why - 1 &&
		(got = read(err, why + m, sizeof why - 1 - m)) > 0)
		m += (size_t)got;
	(void)close(err);
	why[m] = '\0';
	if (waitpid(child, &status, 0) < 0)
		return fault_errno(f, "explain");
	if (!at || n == room)
		return fault(f, FAULT_LIMIT, "truce: its answer is too long");
	*said = (struct bytes){at, n};
	return (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_DONE) ||
		fault(f, FAULT_INPUT, "%.*s", (int)strcspn(why, "\n"), why);
}

/* What a verb says on the descriptor `on`, in a process of its own: it reads
 * evidence, and may take a second. */
static bool run_verb(char *const argv[], int on, struct arena *a,
	struct bytes *out, struct fault *f)
{
	posix_spawn_file_actions_t actions;
	int to[2], err[2], rc;
	pid_t child;

	if (pipe2(to, O_CLOEXEC) < 0)
		return fault_errno(f, "pipe");
	if (pipe2(err, O_CLOEXEC) < 0) {
		(void)close(to[0]);
		(void)close(to[1]);
		return fault_errno(f, "pipe");
	}
	(void)posix_spawn_file_actions_init(&actions);
	/* A picture goes beside what the verb prints. */
	if (on != 1)
		(void)posix_spawn_file_actions_addopen(&actions, 1,
			"/dev/null", O_WRONLY, 0);
	(void)posix_spawn_file_actions_adddup2(&actions, to[1], on);
	(void)posix_spawn_file_actions_adddup2(&actions, err[1], 2);
	rc = posix_spawn(&child, "/proc/self/exe", &actions, NULL, argv,
		environ);
	(void)posix_spawn_file_actions_destroy(&actions);
	(void)close(to[1]);
	(void)close(err[1]);
	if (rc == 0)
		return hear_child(child, to[0], err[0], a, out, f);
	(void)close(to[0]);
	(void)close(err[0]);
	errno = rc;
	return fault_errno(f, "truce");
}

/* An argument; no verb writes into one. */
static char *arg(const char *s)
{
	return (char *)(uintptr_t)s;
}

static bool tell(void *self, const struct api_telling *x, struct arena *a,
	struct bytes *out, struct fault *f)
{
	const struct loaded *l = self;
	char *explain[] = {"truce", "explain", arg(l->folder), arg(x->id),
		"--json", NULL};
	char *picture[] = {"truce", "explain", arg(l->folder), arg(x->id),
		"--svg", "/dev/fd/3", "--lang", arg(x->lang), NULL};
	char *board[] = {"truce", "pledges", "board", arg(l->folder),
		"--json", NULL};

	if (x->what == API_PICTURE)
		return run_verb(picture, 3, a, out, f);
	return run_verb(x->what == API_BOARD ? board : explain, 1, a, out, f);
}

static bool print(void *self, const struct api_report *x, struct arena *a,
	struct bytes *out, struct fault *f)
{
	const struct loaded *l = self;
	char *argv[] = {"truce", "report", arg(l->folder), "--format",
		arg(x->format), "--lang", arg(x->lang), "--level",
		arg(x->level), "--period", arg(x->period),
		x->week	      ? "--week"
		: x->incident ? "--incident"
			      : NULL,
		arg(x->incident), NULL};

	return run_verb(argv, 1, a, out, f);
}

/* What persons need: in memory, as long as we serve. */
struct staff {
	struct sessions sessions;
	struct leases leases;
	struct drafts drafts;
	struct totals totals;
	struct office office;
	struct clerk clerk;
};

static void staff_open(struct staff *s, const char *folder, struct api *api)
{
	sessions_init(&s->sessions);
	leases_init(&s->leases, folder);
	drafts_init(&s->drafts);
	totals_init(&s->totals);
	office_open(&s->office, &s->clerk, folder);
	api->sessions = &s->sessions;
	api->leases = &s->leases;
	api->drafts = &s->drafts;
	api->totals = &s->totals;
	api->office = &s->office;
}

static void staff_close(struct staff *s)
{
	sessions_done(&s->sessions);
	leases_done(&s->leases);
	drafts_done(&s->drafts);
	totals_done(&s->totals);
	office_close(&s->clerk);
}

/* One of the two doors. */
struct doors {
	struct door *door;
	struct gate *gate;
};

static bool open_doors(struct doors *d, const struct api *api,
	const struct serving *how, struct fault *f)
{
	*d = (struct doors){NULL, NULL};
	if (how->scgi ? !gate_open(&d->gate, api, how->scgi, f)
		: !door_open(&d->door, api, how->port, f))
		return false;
	if (d->gate)
		printf("open       %s by SCGI   (Ctrl-C ends)\n", how->scgi);
	else
		printf("open       http://127.0.0.1:%u/   (Ctrl-C ends)\n",
			(unsigned)door_port(d->door));
	(void)fflush(stdout);
	return true;
}

static bool serve(const struct api *api, const struct serving *how,
	struct fault *f)
{
	struct doors doors;
	sigset_t set;
	int got;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGINT);
	(void)sigaddset(&set, SIGTERM);
	(void)sigprocmask(SIG_BLOCK, &set, NULL);
	if (!sign_ready(f) || !open_doors(&doors, api, how, f))
		return false;
	(void)sigwait(&set, &got);
	door_close(doors.door);
	gate_close(doors.gate);
	printf("\nended\n");
	return true;
}

bool serving_until_end(const struct loaded *l, const struct serving *how,
	struct fault *f)
{
	static struct staff staff;
	char web[4200];
	struct api api = {.open = !how->closed && !how->scgi,
		.secure = how->scgi != NULL, .level = LEVEL_MISSION,
		.folder = l->folder, .mission = &l->mission,
		.web = maps_web(web, sizeof web), .revise = list_revise,
		.owed = list_owed,
		.tell = tell, .print = print,
		.self = (void *)(uintptr_t)l};
	struct atlas atlas = {0};
	struct arena maps, towns;
	struct search_names names;
	struct files files;
	bool ok;

	if (l->terms)
		api.terms = terms_sha256(l->terms);
	if (!arena_map(&maps, 8 << 20, f))
		return false;
	if (!arena_map(&towns, (size_t)1 << 30, f) ||
		!search_fold(&l->mission, &towns, &names, f)) {
		arena_unmap(&maps);
		return false;
	}
	api.names = &names;
	if (how->submissions && !files_open(&files, l->folder, f)) {
		arena_unmap(&maps);
		arena_unmap(&towns);
		return false;
	}
	api.disk = how->submissions ? &files.disk : NULL;
	maps_open(&atlas, l->folder, api.web, &maps);
	api.atlas = &atlas;
	staff_open(&staff, l->folder, &api);
	ok = serve(&api, how, f);
	atlas_close(&atlas);
	staff_close(&staff);
	if (how->submissions)
		files_close(&files);
	arena_unmap(&maps);
	arena_unmap(&towns);
	return ok;
}
