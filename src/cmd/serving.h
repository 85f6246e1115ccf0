/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * serving.h - the front door opened for a mission, until Ctrl-C or a polite
 * kill; for serve and demo. */
#ifndef CMD_SERVING_H
#define CMD_SERVING_H

#include "cmd/load.h"

struct serving {
	uint16_t port;      /* on 127.0.0.1; 0: any that is free */
	const char *scgi;   /* a socket for a web server instead; NULL */
	bool submissions;   /* taken into the inbox */
	bool closed;        /* without a session only what is public */
};

/* Prints where it listens. */
MUST_USE bool serving_until_end(
	const struct loaded *, const struct serving *, struct fault *);

#endif
