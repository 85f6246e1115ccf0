/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * replays.c - of running.h: when a replay is due, and what follows from one. */
#include "cmd/running.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { AGAIN_S = 5, AGAIN_MOST = 12 }; /* after a replay failed */

void running_leave(void *self)
{
	struct running *r = self;

	fronts_leave(r->fronts);
	r->fronts = NULL;
	/* Its locks are the parent's alone: who comes after a parent that was
	 * killed does not wait for its children. */
	(void)close(r->packets.spool.log.lock);
	if (r->framed)
		(void)close(r->frames.spool.log.lock);
}

/* A file of signed frames: they are ours to keep.  *is false: it is none. */
static bool take_frames(struct running *r, const char *name, bool *is,
	struct fault *f)
{
	struct frames_file x = {.name = name, .now = take_now()};
	struct fault why = {0};
	struct arena *a = &r->porter.memory;
	size_t mark = a->used;
	const char *path = path_join(a, r->porter.folder, name, f);
	bool ok;

	*is = false;
	if (!path)
		return false;
	ok = file_map(path, &x.bytes, &why);
	a->used = mark;
	if (!ok)
		return true; /* the replay says why */
	*is = bytes_start(x.bytes, "CFS1");
	ok = !*is || frames_take_file(&r->frames, &x, f);
	file_unmap(x.bytes);
	if (ok && x.count[CHAIN_REFUSED] > 0 && !ui_quiet())
		(void)fprintf(stderr, "truce run: %s: %s; %llu refused, kept "
			"with their faults\n", name, x.why.text,
			(unsigned long long)x.count[CHAIN_REFUSED]);
	return ok;
}

/* Leaves the others for the replay. */
static bool take_all_frames(struct running *r, struct fault *f)
{
	struct porter *p = &r->porter;
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++) {
		bool is;

		if (!take_frames(r, p->name[i], &is, f))
			return false;
		if (!is)
			p->name[kept++] = p->name[i];
	}
	p->count = kept;
	return true;
}

bool running_begin(struct running *r, struct fault *f)
{
	if (r->framed && !take_all_frames(r, f))
		return false;
	r->began_ns = live_now_ns();
	r->hasten_ns = 0;
	r->replaying.inbox = r->porter.name;
	r->replaying.files = r->porter.count;
	if (!replaying_begin(&r->replaying, r->ledger,
		spool_end(&r->packets.spool), f))
		return false;
	if (r->framed) {
		fronts_watch(r->fronts, 0, replaying_fd(&r->replaying));
		r->frames_packed = spool_end(&r->frames.spool);
	}
	return true;
}

/* What the last replay made; there may be none yet.  What cannot be read ends
 * nothing: alerts do without it. */
void running_learn(struct running *r)
{
	struct store store = {stores[0], NULL};
	struct fault why = {0};

	hearing_learn(&r->hearing);
	if (!store.engine->open(&store, r->folder, false, &why)) {
		r->knows = true;
		return;
	}
	if (!warn_each(&store, &r->warned, take_now(), running_alert, r, &why))
		running_say(NULL, why.text);
	/* What was found before we came is no news. */
	if (!(r->knows ? warn_findings(&store, &r->found, running_alert, r,
			&why) : store.engine->newest(&store, &r->found, &why)))
		running_say(NULL, why.text);
	r->knows = true;
	store.engine->close(&store);
}

/* The log may be another after a turn. */
void running_new_log(struct running *r)
{
	if (r->framed)
		r->frames.ledger = r->release.ledger = r->ledger;
}

bool running_end(struct running *r, bool wait, struct fault *f)
{
	int status = 0;
	bool done, ok;

	if (r->replaying.child == 0)
		return true;
	ok = replaying_go(&r->replaying, &r->ledger, wait, &done, &status, f);
	running_new_log(r);
	if (!ok || !done)
		return ok;
	if (r->framed)
		fronts_watch(r->fronts, 0, -1);
	r->replay_ns = live_now_ns() + r->every_s * INT64_C(1000000000);
	r->code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SYSTEM;
	r->replayed = r->code == EXIT_DONE;
	/* Replays for the inbox's sake take half of the time at most. */
	r->failures = r->replayed ? 0 : r->failures + 1;
	r->inbox_ns = r->replayed ? 2 * live_now_ns() - r->began_ns
		: live_now_ns() + (r->failures < AGAIN_MOST ? r->failures
			: AGAIN_MOST) * AGAIN_S * INT64_C(1000000000);
	if (r->replayed) {
		porter_taken(&r->porter, r->replaying.files);
		running_learn(r);
	}
	if (WIFSIGNALED(status))
		(void)fprintf(stderr, "truce run: the replay was killed by "
			"signal %d\n", WTERMSIG(status));
	return packets_packed(&r->packets, hearing_needs(&r->hearing).live,
		f) &&
		replaying_tell(&r->replaying, &r->telling, f);
}

static bool is_new(const struct running *r)
{
	return r->porter.count > 0 ||
		spool_end(&r->packets.spool) > r->packets.done || (r->framed &&
			spool_end(&r->frames.spool) > r->frames_packed);
}

/* Files of the inbox wait for no more than others that come with them. */
bool running_due(const struct running *r)
{
	int64_t now = live_now_ns(), since = INT64_MAX;

	if (r->every_s == 0 || r->replaying.child != 0 || r->beating != 0 ||
		r->telling != 0 || !is_new(r))
		return false;
	if (r->porter.count > 0)
		since = r->porter.since_ns;
	if (r->hasten_ns != 0 && r->hasten_ns < since)
		since = r->hasten_ns;
	return now >= r->replay_ns || (since < INT64_MAX &&
		now >= r->inbox_ns && now - since >=
			RUNNING_INBOX_MS * INT64_C(1000000));
}

bool running_last(struct running *r, struct fault *f)
{
	if (!running_end(r, true, f))
		return false;
	if (r->replayed && !is_new(r))
		return true;
	return running_begin(r, f) && running_end(r, true, f);
}
