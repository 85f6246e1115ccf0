/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_incident.h - the associator for detections and sources: which of them
 * belong together, as incidents.
 *
 * A detection's phase is its attribute `phase` (P, S, A sound in air, I
 * infrasound of an array), else its modality's.  Its source is the one of
 * its name, or the longest that its name begins with up to a dot.  A source
 * that says nothing at all is not counted as silent, unless `all_work`. */
#ifndef LOCATE_ASSOC_INCIDENT_H
#define LOCATE_ASSOC_INCIDENT_H

#include "locate/assoc.h"
#include "model/incident.h"
#include "model/source.h"

struct assoc_input {
	const struct source *source; /* by id in byte order */
	size_t sources;
	const struct detection *detection; /* by detection_order() */
	size_t detections;
	bool all_work;
	const struct assoc_model *model; /* NULL: assoc_model() of these */
};

/* Bits of the phases that are there, and the sources as the model wants
 * them; both for assoc_model(). */
unsigned assoc_phases(const struct detection *, size_t count);
MUST_USE struct assoc_source *assoc_sources(const struct source *,
	size_t count, bool work, struct arena *, struct fault *);

struct assoc_left {
	size_t unplaced; /* detections of no source with a known place */
	size_t skipped;  /* blocks of ground and time, in a flood of picks */
};

/* Incidents in order of time; what they point to is valid until return. */
MUST_USE bool assoc_incidents(const struct assoc_input *, struct arena *,
	const struct incidents *, struct assoc_left *, struct fault *);

#endif
