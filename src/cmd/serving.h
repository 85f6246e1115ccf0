/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * serving.h - the front door opened for a mission, until Ctrl-C or a polite
 * kill; for serve and demo. */
#ifndef CMD_SERVING_H
#define CMD_SERVING_H

#include "cmd/load.h"

/* Prints where it listens.  Port 0: any that is free.  submissions: taken into
 * the inbox. */
MUST_USE bool serving_until_end(const struct loaded *, uint16_t port,
	bool submissions, struct fault *);

#endif
