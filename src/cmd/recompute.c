/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/recompute.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <inttypes.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd/staging.h"
#include "cmd/take.h"
#include "roles/reviews.h"

/* What the mission made, and what it has not taken in. */
static bool left_out(const char *name)
{
	static const char *const names[] = {"ledger", "inbox", "reports",
		"index.db", "index.db-shm", "index.db-wal", "index.db.lock",
		NULL};

	for (size_t i = 0; names[i]; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static bool all_of(int from, int to, off_t size)
{
	while (size > 0) {
		ssize_t n = sendfile(to, from, NULL, (size_t)size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		size -= n;
	}
	return true;
}

static bool copy_file(const char *from, const char *to, off_t size,
	struct fault *f)
{
	int in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), out;
	bool ok;

	if (in < 0)
		return fault(f, FAULT_SYSTEM, "%s: %s", from, strerror(errno));
	out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ok = out >= 0 && all_of(in, out, size);
	if (!ok)
		(void)fault(f, FAULT_SYSTEM, "%s: %s", to, strerror(errno));
	if (out >= 0 && close(out) != 0 && ok)
		ok = fault(f, FAULT_SYSTEM, "%s: %s", to, strerror(errno));
	(void)close(in);
	return ok;
}

/* Blobs are never written to, so a second name does. */
static bool copy_one(const FTSENT *e, const char *to, bool blob,
	struct fault *f)
{
	if (e->fts_info == FTS_D)
		return mkdir(to, 0700) == 0 || errno == EEXIST ||
			fault(f, FAULT_SYSTEM, "%s: %s", to, strerror(errno));
	if (e->fts_info == FTS_DNR || e->fts_info == FTS_ERR ||
		e->fts_info == FTS_NS)
		return fault(f, FAULT_SYSTEM, "%s: %s", e->fts_path,
			strerror(e->fts_errno));
	if (e->fts_info == FTS_SL || e->fts_info == FTS_SLNONE)
		return fault(f, FAULT_INPUT, "%s is a link: what it points to "
			"would be left out", e->fts_path);
	if (e->fts_info != FTS_F)
		return true;
	return (blob && link(e->fts_path, to) == 0) ||
		copy_file(e->fts_path, to, e->fts_statp->st_size, f);
}

static bool copy(const char *mission, const char *to, struct fault *f)
{
	char *const roots[] = {(char *)(uintptr_t)mission, NULL};
	FTS *t = fts_open(
		roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
	struct stat own = {0};
	bool ok = t != NULL && stat(to, &own) == 0, blobs = false;
	FTSENT *e;

	while (ok && (errno = 0, e = fts_read(t))) {
		char path[STAGING_PATH];
		struct text p = text_on(path, sizeof path);

		/* The copy may lie within. */
		if (e->fts_info == FTS_D &&
			e->fts_statp->st_ino == own.st_ino &&
			e->fts_statp->st_dev == own.st_dev) {
			(void)fts_set(t, e, FTS_SKIP);
			continue;
		}
		if (e->fts_level == 1) {
			blobs = strcmp(e->fts_name, "blobs") == 0;
			if (left_out(e->fts_name)) {
				(void)fts_set(t, e, FTS_SKIP);
				continue;
			}
		}
		text_add(&p, to);
		text_add(&p, e->fts_path + strlen(mission));
		ok = text_check(&p, f) && copy_one(e, path, blobs, f);
	}
	/* A walk that breaks off ends like one that is through. */
	if (f->kind == FAULT_NONE && (!ok || errno != 0))
		ok = fault(f, FAULT_SYSTEM, "%s: %s", mission,
			strerror(errno));
	if (t)
		(void)fts_close(t);
	return ok;
}

/* What two persons made of an incident is an input: it follows from nothing,
 * and findings follow from it. */
static bool carry_versions(
	struct ledger *people, const char *folder, struct fault *f)
{
	struct store s = {stores[0], NULL};
	bool ok = s.engine->open(&s, folder, true, f) &&
		reviews_versions(&s, people, true, f);

	if (s.self)
		s.engine->close(&s);
	return ok;
}

/* What was reviewed and accepted stands in the log alone: pledges may ask. */
static int replay(const struct cmd *cmd, const char *mission,
	const char *folder)
{
	struct files log = {.root = -1};
	struct ledger *people = NULL;
	struct span all = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	struct replay_done done;
	struct fault f = {0};
	struct taking t;
	int jobs, code;

	if (!take_jobs(cmd, NULL, &jobs))
		return EXIT_USAGE;
	code = take_open(&t, cmd, folder);
	if (code != EXIT_DONE)
		return code;
	if (!files_open(&log, mission, &f) ||
		!ledger_open(&people, &log.disk, false, &f) ||
		!carry_versions(people, folder, &f)) {
		code = cmd_fault(cmd, &f);
	} else {
		t.people_of = people;
		t.people_disk = &log.disk;
		if (!take_commit(&t, &f) ||
			!take_replay(&t, all, jobs, &done, &f))
			code = cmd_fault(cmd, &f);
	}
	ledger_close(people);
	files_close(&log);
	take_close(&t);
	return code;
}

static bool compare(const char *mission, const char *folder,
	struct compared *c, struct fault *f)
{
	struct files log = {.root = -1}, anew = {.root = -1};
	bool ok = files_open(&log, mission, f) &&
		files_open(&anew, folder, f) &&
		logs_compare(&log.disk, &anew.disk, c, f);

	files_close(&anew);
	files_close(&log);
	return ok;
}

int recompute(const struct cmd *cmd, const char *mission, const char *folder,
	struct compared *c)
{
	char from[STAGING_PATH];
	struct fault f = {0};
	size_t n = strlen(mission);
	int code;

	/* Names below it are what follows its own. */
	while (n > 0 && mission[n - 1] == '/')
		n--;
	if (n == 0)
		return cmd_usage(cmd, "'%s' is no mission", mission);
	if (n >= sizeof from)
		return cmd_usage(cmd, "the name of the mission is too long");
	memcpy(from, mission, n);
	from[n] = '\0';
	if (mkdir(folder, 0700) != 0) {
		(void)fault_errno(&f, "%s", folder);
		return cmd_fault(cmd, &f);
	}
	code = copy(from, folder, &f) ? replay(cmd, from, folder)
				      : cmd_fault(cmd, &f);
	if (code == EXIT_DONE && !compare(from, folder, c, &f))
		code = cmd_fault(cmd, &f);
	return code;
}

void recompute_print(const struct compared *c)
{
	printf("recomputed from the evidence: %" PRIu64 " same, %" PRIu64
		" within one unit, %" PRIu64 " different; %" PRIu64
		" in the log follow from nothing, %" PRIu64
		" that follow are not in it\n", c->same, c->unit,
		c->different, c->unfounded, c->missing);
	if (c->withdrawn + c->closed + c->superseded > 0)
		printf("not recomputed: %" PRIu64 " withdrawn, %" PRIu64
			" erased, %" PRIu64 " batches of hours that have "
			"another since\n", c->withdrawn, c->closed,
			c->superseded);
	if (compared_well(c))
		return;
	printf("first: %s %s, %s\n  logged %s\n  made   %s\n", c->what,
		c->id, c->field, c->logged, c->made);
	printf("NOT RECOMPUTED ");
	if (c->index != UINT64_MAX)
		printf("%" PRIu64 " ", c->index);
	else
		printf("- ");
	printf("%s\n", c->field);
}

static void count(struct json *j, const char *key, uint64_t n)
{
	json_key_i64(j, key, (int64_t)n);
}

void recompute_json(struct json *j, const struct compared *c)
{
	json_key(j, "recomputed");
	json_object(j);
	count(j, "same", c->same);
	count(j, "one_unit", c->unit);
	count(j, "different", c->different);
	count(j, "unfounded", c->unfounded);
	count(j, "missing", c->missing);
	count(j, "withdrawn", c->withdrawn);
	count(j, "erased", c->closed);
	count(j, "superseded", c->superseded);
	json_key(j, "first");
	if (compared_well(c)) {
		json_null_value(j);
	} else {
		json_object(j);
		json_key(j, "index");
		if (c->index == UINT64_MAX)
			json_null_value(j);
		else
			json_i64(j, (int64_t)c->index);
		json_key_text(j, "what", c->what);
		json_key_text(j, "id", c->id);
		json_key_text(j, "field", c->field);
		json_key_text(j, "logged", c->logged);
		json_key_text(j, "made", c->made);
		json_close(j);
	}
	json_close(j);
}
