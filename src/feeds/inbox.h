/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * inbox.h - files that come into a folder and below it, each named when it is
 * complete.
 *
 * The kernel tells what was written and closed, or moved in (inotify(7)); a
 * walk, each INBOX_WALK_S and when the kernel lost count, finds what it did not
 * tell, as on network file systems.  A file is complete when nobody has it open
 * for writing, which a read lease knows (fcntl(2), F_SETLEASE), and nothing of
 * it changed for INBOX_QUIET_S; where leases are refused (others' files, other
 * file systems), for INBOX_UNSURE_S.  So is an empty one.  What changes later
 * is named again.  Names that begin with a dot are nobody's yet.
 *
 *	while (inbox_next(x, 1000, name, self, f))
 *		...                       name() was called of each, once */
#ifndef FEEDS_INBOX_H
#define FEEDS_INBOX_H

#include "base/arena.h"

enum { INBOX_WALK_S = 5, INBOX_UNSURE_S = 10 };
#define INBOX_QUIET_S 0.3

struct inbox;

/* The folder need not be there yet. */
MUST_USE bool inbox_open(struct inbox **, const char *folder, struct fault *);
/* Waits at most so long; name() gets paths relative to the folder. */
MUST_USE bool inbox_next(struct inbox *, int wait_ms,
	bool (*name)(void *self, const char *path, struct fault *),
	void *self, struct fault *);
/* How many walks are done. */
uint64_t inbox_walks(const struct inbox *);
void inbox_close(struct inbox *);

#endif
