/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wire.h - how a node's samples lie in files. */
#ifndef SIM_WIRE_H
#define SIM_WIRE_H

#include "sim/world.h"

/* The span of the file that begins here: to the next block's beginning. */
struct span wire_file_at(const struct node_run *, struct instant from);
/* The flaw of the file over this span, or NULL. */
const struct flaw *wire_file_flaw(const struct node *, struct span);
/* "inbox/ID/MARKID_20260203T180000Z.mseed" */
void wire_path(const struct node *, struct instant, const char *mark, char *out,
	size_t size);

#endif
