/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loopback.h - the front door for one's own machine: plain files of a folder
 * on 127.0.0.1, by libmicrohttpd (PROOF.md 12: never beyond loopback).
 *
 * GET and HEAD only; names of one part, [A-Za-z0-9._-], no leading dot;
 * `Host` must be a loopback name, or a page elsewhere could read us (DNS
 * rebinding). */
#ifndef SERVE_LOOPBACK_H
#define SERVE_LOOPBACK_H

#include <stdint.h>

#include "base/fault.h"

struct loopback;

/* `/` answers the file `first`. */
MUST_USE bool loopback_start(struct loopback **, const char *folder,
	const char *first, uint16_t port, struct fault *);
uint16_t loopback_port(const struct loopback *);
void loopback_stop(struct loopback *);

#endif
