/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scratch.h - work in a folder that goes when it ends, however it ends. */
#ifndef CMD_SCRATCH_H
#define CMD_SCRATCH_H

#include "cmd/cmd.h"

/* work() runs in a process of its own, with a new folder below TMPDIR or
 * /tmp; what it answers is the exit code.  On SIGINT, SIGTERM and SIGHUP it is
 * ended, the folder removed, and the code is EXIT_INTERRUPTED. */
int scratch_run(const struct cmd *,
	int (*work)(void *self, const char *folder), void *self);

#endif
