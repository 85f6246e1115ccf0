/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hearing.h - live sounds (roles/live.h) in a process of its own, which reads
 * what was kept from the spools `live` and `frames`, in order.
 *
 * So nobody who sends waits for what is heard, and a hearing that dies loses
 * nothing: another begins where it was a minute before, as detectors must hear
 * a while before they judge; sounds of that minute may be told again.  Where it
 * is, is in spool/live/heard, also for the next `truce run`.
 *
 * It is the same program, executed anew, so that no key was ever in its
 * memory.  A socket pair joins them, in lines:
 *
 *	to LIVE FRAMES     what is durable, by sequence
 *	learn              a replay is done
 *	end                no more will come
 *
 *	{...}              an alert
 *	at LIVE FRAMES     what was heard, by sequence
 *	seen ...           in the end, for people */
#ifndef CMD_HEARING_H
#define CMD_HEARING_H

#include <sys/types.h>

#include "base/arena.h"
#include "base/disk.h"
#include "base/sink.h"
#include "roles/live.h"

struct heard { /* sequences of the two spools: the next that is not heard */
	uint64_t live, frames;
};

enum { HEARING_MARKS = 60 };

struct hearing {
	/* set by the caller */
	const char *folder;
	struct disk *disk; /* of it */
	struct sink alerts;
	void (*say)(void *self, const char *text);
	void *self;
	/* its own */
	pid_t pid; /* 0: none */
	int fd;
	int64_t again_ns, mark_ns;
	struct heard kept, told, at; /* durable; said to it; heard */
	struct heard mark[HEARING_MARKS]; /* a second each, the last first */
	unsigned deaths; /* without any progress, weighed */
	struct arena memory;
	char *line; /* of it, not whole yet */
	size_t have;
	bool learn; /* to be said */
	struct live_seen seen;
	struct fault why; /* of alerts */
};

/* Begins where the last one was a minute before, though a replay may have
 * packed what follows; of a mission that was never heard at `first`. */
MUST_USE bool hearing_open(struct hearing *, struct heard first,
	struct fault *);
/* All below is durable.  Never waits. */
void hearing_kept(struct hearing *, struct heard);
/* What a replay found is to be read. */
void hearing_learn(struct hearing *);
/* Takes what it says; begins another if it died.  Never waits. */
MUST_USE bool hearing_go(struct hearing *, struct fault *);
/* Until it has heard all. */
MUST_USE bool hearing_end(struct hearing *, int most_ms, struct fault *);
/* To be watched by poll(); -1: none. */
int hearing_fd(const struct hearing *);
/* All below may go. */
struct heard hearing_needs(const struct hearing *);
void hearing_close(struct hearing *);
/* "WORD N N ...": a line of theirs. */
bool hearing_numbers(struct bytes line, const char *word, uint64_t *,
	size_t count);

/* The process: of a mission, from a place on; its other end is fd 3. */
struct mission;
int hearing_run(const char *folder, const struct mission *, struct heard from);
enum { HEARING_FD = 3 };

#endif
