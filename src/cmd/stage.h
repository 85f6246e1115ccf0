/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stage.h - a folder that is whole or not there.
 *
 * It is made as NAME.part and gets its name when all of it is durable.  What
 * a run that was killed left of it is removed by the next. */
#ifndef CMD_STAGE_H
#define CMD_STAGE_H

#include "base/fault.h"

enum { STAGE_PATH = 4096 };

struct stage {
	char to[STAGE_PATH], part[STAGE_PATH];
	int lock; /* -1: not open */
};

/* `to` is not there, or an empty folder: else an INPUT fault. */
MUST_USE bool stage_open(struct stage *, const char *to, struct fault *);
/* Its files and their names are synced already. */
MUST_USE bool stage_done(struct stage *, struct fault *);
/* After stage_done() this does nothing. */
void stage_drop(struct stage *);

/* A folder and all below it; links are not followed. */
void stage_remove(const char *folder);

#endif
