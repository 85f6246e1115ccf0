/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * confine.h - whether strangers' bytes are read where they do no harm
 * (docs/sandbox.md), said to who runs a command. */
#ifndef CMD_CONFINE_H
#define CMD_CONFINE_H

#include "cmd/cmd.h"
#include "parser/parser.h"

/* Warns where the kernel refuses the sandbox; with --strict, or where no child
 * can be started, the code to end with instead of EXIT_DONE. */
int confine_check(const struct cmd *, struct parsers *);
/* A line for people; true: strangers' bytes are confined. */
enum { CONFINE_TEXT = 256 };
bool confine_tell(char text[CONFINE_TEXT]);

#endif
