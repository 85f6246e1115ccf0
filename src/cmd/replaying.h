/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * replaying.h - a replay in a process of its own, beside the one that receives.
 *
 * One process has the log open and appends: the caller, where sensors sign and
 * wait for receipts; else a sequencer, forked for this replay, that opens it,
 * so that the caller never waits for a log.  The replay is its child and
 * appends through it (roles/loan.h).  Between two of its questions whoever
 * waits at a desk, or serves, has a turn (roles/turn.h); when a turn was given,
 * the index learns of it after the replay.
 *
 * No thread may run in the caller, so that a fork is a whole process.  All end
 * with their parent. */
#ifndef CMD_REPLAYING_H
#define CMD_REPLAYING_H

#include <sys/types.h>

#include "cmd/load.h"
#include "roles/frames.h"
#include "roles/loan.h"

struct replaying {
	/* set by the caller */
	const struct cmd *cmd;
	struct loaded *loaded;
	struct disk *disk;
	struct frames *frames; /* NULL: nobody signs */
	int jobs;
	const char *const *inbox; /* what it is to take in, by name */
	size_t files;
	void (*leave)(void *self); /* in each child: what is not its own */
	void *self;
	/* its own */
	pid_t child; /* 0: none */
	struct loan loan;
	bool lends; /* this process has the log */
	int lock;
	uint64_t turns; /* given since it began */
};

/* The log, made at the first time, for writing: waited for a while, if another
 * has a turn, or a child of one that was killed has it still. */
MUST_USE bool replaying_log(const struct replaying *, struct ledger **,
	struct fault *);
/* Takes in what lies below `end` of spool/live and those files, and replays.
 * log NULL: a sequencer opens it. */
MUST_USE bool replaying_begin(struct replaying *, struct ledger *log,
	uint64_t end, struct fault *);
/* Answers it, and gives turns at *log if this process has it.  *done: it has
 * ended, with *status of waitpid().  wait: until it has. */
MUST_USE bool replaying_go(struct replaying *, struct ledger **log, bool wait,
	bool *done, int *status, struct fault *);
/* To be watched by poll(); -1: none. */
int replaying_fd(const struct replaying *);
/* Begins to tell the index of turns that were given; the caller waits for the
 * process.  0: nothing to tell. */
MUST_USE bool replaying_tell(struct replaying *, pid_t *, struct fault *);

#endif
