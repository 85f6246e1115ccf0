/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * peers.h - whom `truce run` is told to ask: options that may stand several
 * times, and a file with user and password. */
#ifndef CMD_PEERS_H
#define CMD_PEERS_H

#include "base/arena.h"
#include "cmd/cmd.h"

/* An option of at most FEEDS_SERVERS_MAX values, taken out of argv.  False
 * after usage. */
bool peers_listed(const struct cmd *, int *argc, char **argv,
	const char *name, const char **list, size_t *count);
/* Two lines; password NULL: there is one. */
MUST_USE bool peers_login(const char *path, struct arena *, const char **user,
	const char **password, struct fault *);

#endif
