/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * process.h - a parser's child, seen from its parent: started, asked, heard,
 * ended.
 *
 * It is this program's own file (/proc/self/exe), executed anew with a pipe to
 * its fd 0 and one from its fd 1, and no environment.  Nothing here waits for
 * it without an end: it may compute as long as its RLIMIT_CPU, which the parent
 * moves on before each job, and be idle for idle_s. */
#ifndef PARSER_PROCESS_H
#define PARSER_PROCESS_H

#include <sys/types.h>

#include "parser/message.h"

struct process {
	struct process *next; /* parser.c's list */
	struct sandbox sandbox;
	pid_t pid;
	int to, from;
	int hold; /* the reading end of `to`: see process_new() */
	unsigned idle_s;
	uint64_t job;
	uint64_t may_say; /* bytes of this job, from now on */
	struct arena buffer, whole;
	size_t at, have; /* of buffer: read, and not looked at */
	const char *name[MESSAGE_NAMES]; /* by its numbers */
	size_t names;
};

struct process_bounds { /* of a job */
	unsigned cpu_s;
	uint64_t said; /* bytes */
};

/* SYSTEM fault: it cannot be started. */
MUST_USE bool process_new(
	struct process **, size_t memory_mib, unsigned idle_s, struct fault *);
/* Ends it, whatever it does. */
void process_free(struct process *);

/* Of both, false: it is dead or as good as, and the fault says how.  One that
 * was ended by take() has take()'s. */
MUST_USE bool process_ask(struct process *, const struct message_job *,
	struct bytes, const struct process_bounds *, struct fault *);
/* The messages that have come, at least one; `take` gets each. */
MUST_USE bool process_hear(struct process *,
	bool (*take)(void *self, struct process *, unsigned kind, struct bytes,
		struct fault *),
	void *self, struct fault *);

#endif
