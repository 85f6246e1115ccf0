/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ui.h - manners of the terminal: options, colour, progress, errors.
 *
 * Data go to stdout, all else to stderr; no colour and no progress unless
 * stderr is a terminal (NO_COLOR, TERM=dumb, --color=never). */
#ifndef CMD_UI_H
#define CMD_UI_H

#include <stdint.h>
#include <stdio.h>

#include "base/instant.h"
#include "base/sink.h"
#include "cmd/cmd.h"

#define TRUCE_VERSION "0.1.0"

/* Takes --color[=always|auto|never], --quiet and --strict out of argv. */
void ui_start(int *argc, char **argv);
bool ui_quiet(void);
bool ui_strict(void); /* what would be warned of ends the command */

struct ui_option { /* "--from T": value set; "--json": flag set */
	const char *name;   /* "--from" */
	const char **value; /* or NULL */
	bool *flag;         /* or NULL */
};

/* Takes options (ended by a NULL name) out of argv; what is left is operands,
 * argv[0] stays.  False after printing usage for an unknown or broken one. */
bool ui_options(const struct cmd *, int *argc, char **argv,
	const struct ui_option *);
/* "; did you mean 'replay'?", or "" when no word is near. */
enum { UI_MEANT = 96 };
const char *ui_meant(const char *word, const char *const *words, size_t n,
	char out[UI_MEANT]);

/* One line that rewrites itself, at most 5 times a second, after 1 s; with
 * rate and time left.  total 0: not known. */
struct ui_progress {
	const char *what;
	uint64_t total;
	int64_t began_ns, shown_ns;
	bool drawn;
};
struct ui_progress ui_progress(const char *what, uint64_t total);
void ui_progress_at(struct ui_progress *, uint64_t done);
void ui_progress_end(struct ui_progress *);

/* stdout as a sink; a failed write is a SYSTEM fault. */
struct sink ui_stdout(void);
/* A file as a sink. */
struct sink ui_file(FILE *);

/* Reads "2026-02-03", "2026-02-03T04:05Z"; "" or NULL leaves *t. */
bool ui_time(const struct cmd *, const char *, struct instant *t);

#endif
