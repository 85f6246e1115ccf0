/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * help.h - the man pages, built in (tools/helps renders man/truce-VERB.1). */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdbool.h>
#include <stdio.h>

struct help {
	const char *name; /* verb */
	const char *text;
};

extern const struct help helps[]; /* name NULL ends it */

void help_short(FILE *);
bool help_page(const char *verb, FILE *); /* false: there is none */

#endif
