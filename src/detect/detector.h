/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detector.h - what a detector is: segments and observations in, detections
 * out.
 *
 * One file, src/detect/NAME.c, that defines `detector_NAME`; found by its
 * name.  Pure, streaming: it gets the segments of one channel in order of
 * time, or the observations of one source in order of time, and must give
 * the same detections however they are cut into pieces.  State lies in the
 * caller's block of state_size bytes, zeroed. */
#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H

#include "model/detection.h"
#include "model/mission.h"
#include "model/segment.h"

struct detector {
	const char *name;
	const char *about;
	size_t state_size;
	/* Whether it wants what this source sends.  source may be NULL for
	 * observations of a source that sensors.csv does not name. */
	bool (*hears)(const struct source *); /* segments; NULL: none */
	bool (*sees)(enum observation_what);  /* observations; NULL: none */
	void (*start)(void *state, const struct source *,
		const struct mission *);
	MUST_USE bool (*segment)(void *state, const struct segment *,
		const struct detections *, struct fault *);
	MUST_USE bool (*observation)(void *state, const struct observation *,
		const struct detections *, struct fault *);
	/* No more will come: give what is still held. */
	MUST_USE bool (*finish)(
		void *state, const struct detections *, struct fault *);
};

extern const struct detector *const detectors[]; /* NULL ends it */

#endif
