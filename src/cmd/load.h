/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * load.h - opening a mission for a verb: the folder's files, its agreement
 * bound to its geometry, its store. */
#ifndef CMD_LOAD_H
#define CMD_LOAD_H

#include "cmd/ui.h"
#include "feeds/mission.h"
#include "judge/judge.h"
#include "judge/pledges.h"
#include "store/store.h"

struct loaded {
	const char *folder;
	struct arena arena;
	struct mission mission;
	struct terms *terms; /* NULL when there is no agreement file */
	struct pledges *pledges; /* NULL when there is no such file */
	struct complaints complaints;
	size_t wrong; /* complaints and errors of the terms together */
};

/* INPUT fault: no such folder, and how to make one. */
MUST_USE bool load_folder(const char *folder, struct fault *);
/* Loads all; complaints are collected, not printed.  EXIT_DONE, or the code
 * to end with after a SYSTEM or LIMIT fault (printed). */
int load_mission(const struct cmd *, const char *folder, struct loaded *);
/* The same, but complaints are printed and end it (EXIT_INPUT). */
int load_sound(const struct cmd *, const char *folder, struct loaded *);
void load_print(const struct loaded *);
void load_free(struct loaded *);

#endif
