/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * silence.h - sensors that sign, and have stopped: named within two of their
 * frames' spans.  What comes of it in health is the replay's to say. */
#ifndef ROLES_SILENCE_H
#define ROLES_SILENCE_H

#include "base/arena.h"

struct silence_of {
	int64_t heard_ns; /* monotonic; 0: not yet */
	int64_t span_ns;  /* of its last frame */
	bool silent;
};

struct silence {
	struct silence_of *of; /* by number of the sensor */
	size_t count;
};

MUST_USE bool silence_open(
	struct silence *, struct arena *, size_t sensors, struct fault *);
/* *after_s: how long it was silent, if it was said; else NAN. */
void silence_heard(struct silence *, size_t sensor, uint32_t span_us,
	int64_t now_ns, double *after_s);
/* The next that has fallen silent, from *sensor on; false: no more. */
bool silence_next(struct silence *, int64_t now_ns, size_t *sensor);

#endif
