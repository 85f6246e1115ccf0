/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * look.h - a place that was watched for a time, with the probability of
 * seeing a given thing there.  No finding of quiet without one (R10). */
#ifndef MODEL_LOOK_H
#define MODEL_LOOK_H

#include "model/incident.h"

struct look {
	struct id id;
	const char *source; /* sensor, network or satellite */
	enum modality modality;
	struct span span;
	struct ring area;
	enum kind kind;
	struct feature of[2]; /* yield_kg | area_m2, temp_k | size_m, ... */
	size_t of_count;
	double pd; /* probability of detection, NAN not known */
	struct cite cite; /* length 0: none, of no single piece of evidence */
};

void look_name(struct look *);
MUST_USE bool look_write(const struct look *, struct fields *, struct fault *);
MUST_USE bool look_read(
	const struct tree *, struct arena *, struct look *, struct fault *);

struct looks {
	bool (*put)(void *self, const struct look *, struct fault *);
	void *self;
};

#endif
