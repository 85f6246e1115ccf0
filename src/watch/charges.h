/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * charges.h - what sensors are charged with goes before their uptime: a source
 * is not up while it is charged.  Data that are missing stay missing. */
#ifndef WATCH_CHARGES_H
#define WATCH_CHARGES_H

#include "model/health.h"

struct charges {
	const struct health *charge; /* by source, then from */
	size_t count;
	const struct healths *out;
};

/* A sink (self: struct charges) that passes health from uptime on, without
 * the time in which the source is charged. */
MUST_USE bool charges_cut(
	void *self, const struct health *, struct fault *);

#endif
