/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * help.h - the man pages, built in (tools/helps renders man/truce-VERB.1). */
#ifndef CMD_HELP_H
#define CMD_HELP_H

#include <stdbool.h>
#include <stdio.h>

enum { HELP_PARTS = 8 };

struct help {
	const char *name; /* verb */
	const char *text[HELP_PARTS]; /* one after the other; NULL: no more */
};

extern const struct help helps[]; /* name NULL ends it */

void help_short(FILE *);
bool help_page(const char *verb, FILE *); /* false: there is none */

#endif
