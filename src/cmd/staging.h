/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * staging.h - a folder that is whole or not there.
 *
 * It is made as NAME.part and gets its name when all of it is durable.  What
 * a run that was killed left of it is removed by the next. */
#ifndef CMD_STAGING_H
#define CMD_STAGING_H

#include "base/fault.h"

enum { STAGING_PATH = 4096 };

struct staging {
	char to[STAGING_PATH], part[STAGING_PATH];
	int lock; /* -1: not open */
};

/* `to` is not there, or an empty folder: else an INPUT fault. */
MUST_USE bool staging_open(struct staging *, const char *to, struct fault *);
/* Its files and their names are synced already. */
MUST_USE bool staging_done(struct staging *, struct fault *);
/* After staging_done() this does nothing. */
void staging_drop(struct staging *);

/* A folder and all below it; links are not followed. */
void staging_remove(const char *folder);

#endif
