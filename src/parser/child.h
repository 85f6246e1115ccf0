/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * child.h - the process that parses.
 *
 * Every program that links this can be its own child: before main(), a process
 * whose name (argv[0]) is child_mark becomes one and never returns.  So the
 * program may be called anything and lie anywhere, and tests are their own
 * children too.  Its argument says the bound of memory in MiB.
 *
 * It reads jobs from fd 0 and answers on fd 1 (message.h), one after the other,
 * and forgets each before the next: its arenas are emptied, and given back when
 * a job used much of them.  It ends when fd 0 does. */
#ifndef PARSER_CHILD_H
#define PARSER_CHILD_H

extern const char child_mark[];

#endif
