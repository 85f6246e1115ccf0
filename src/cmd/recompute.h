/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * recompute.h - the whole chain anew over what a mission received, in a folder
 * of its own, and what it makes held against the log. */
#ifndef CMD_RECOMPUTE_H
#define CMD_RECOMPUTE_H

#include "base/json.h"
#include "cmd/cmd.h"
#include "roles/compare.h"

/* The mission is only read.  Spool, blobs, terms, sensors and places are
 * copied (blobs linked, where that can be) into `folder`, which is made.
 * EXIT_DONE, or the code to end with. */
int recompute(const struct cmd *, const char *mission, const char *folder,
	struct compared *);
void recompute_print(const struct compared *);
/* The member `recomputed` of truce.audit/1. */
void recompute_json(struct json *, const struct compared *);

#endif
