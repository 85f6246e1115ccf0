/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * health.h - how a source fared: up, degraded, down, quarantined, unknown;
 * from when to when, and why, with the measure that showed it (R9, R11). */
#ifndef MODEL_HEALTH_H
#define MODEL_HEALTH_H

#include "model/incident.h"

enum { HEALTH_MORE_MAX = 15 };

struct health {
	struct id id;
	const char *source;
	struct span span;
	enum health_state state;
	const char *why;     /* "no data", "clock in doubt", ... */
	struct feature measure; /* name NULL: none */
	const struct feature *more; /* what else was measured */
	size_t more_count;
	const char *const *evidence; /* detections that show it */
	size_t evidence_count;
};

void health_name(struct health *);
MUST_USE bool health_write(
	const struct health *, struct fields *, struct fault *);
MUST_USE bool health_read(
	const struct tree *, struct arena *, struct health *, struct fault *);

struct healths {
	bool (*put)(void *self, const struct health *, struct fault *);
	void *self;
};

#endif
