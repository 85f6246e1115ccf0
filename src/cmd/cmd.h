/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd.h - a subcommand: one file, src/cmd/NAME.c, that defines `cmd_NAME`.
 *
 * The only room that prints, exits or sees argv.  run() returns an exit code
 * (CONTRACT.md): 0 done, 1 the check says no, 2 usage, 3 input, 4 store, disk
 * or network, 130 interrupted.  cmd_fault() prints a fault and gives its
 * code. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/fault.h"

enum {
	EXIT_DONE = 0,
	EXIT_NO = 1,
	EXIT_USAGE = 2,
	EXIT_INPUT = 3,
	EXIT_SYSTEM = 4,
	EXIT_INTERRUPTED = 130,
};

struct cmd {
	const char *name;
	const char *usage; /* "decode FORMAT [FILE]" */
	const char *about; /* "show what a sensor's bytes say" */
	int (*run)(int argc, char **argv); /* argv[0] is the verb */
};

extern const struct cmd *const cmds[]; /* NULL ends it */

/* Prints "truce VERB: text" on stderr; the exit code of the fault's kind. */
int cmd_fault(const struct cmd *, const struct fault *);
/* Prints the usage line; EXIT_USAGE. */
PRINTF(2, 3) int cmd_usage(const struct cmd *, const char *fmt, ...);

#endif
