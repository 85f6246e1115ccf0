/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * porter.h - a process that watches the inbox and names what is complete there
 * (feeds/inbox.h), so that no walk of a large folder holds up who receives.
 *
 * It writes names into a pipe; who reads takes as many as there is room for,
 * and the rest waits there and in the folder.  If the porter dies another
 * begins, and names all files again: what was taken in is known by its
 * content. */
#ifndef CMD_PORTER_H
#define CMD_PORTER_H

#include <sys/types.h>

#include "base/arena.h"

struct porter {
	const char *folder; /* the inbox */
	void (*leave)(void *self); /* in the process: what is not its own */
	void *self;
	pid_t pid;     /* 0: none */
	int fd;        /* of the pipe */
	int64_t again_ns;
	struct arena memory;
	const char **name; /* complete, not taken: in the order they were */
	size_t count;
	char *part;    /* of a name */
	size_t have;
	uint64_t walks; /* that were told of */
	int64_t since_ns; /* when the first of them was named */
};

MUST_USE bool porter_open(struct porter *, const char *folder,
	void (*leave)(void *), void *self, struct fault *);
/* What has been named since; never waits. */
MUST_USE bool porter_go(struct porter *, struct fault *);
/* The first n are taken. */
void porter_taken(struct porter *, size_t n);
/* -1: none. */
int porter_fd(const struct porter *);
void porter_close(struct porter *);

#endif
