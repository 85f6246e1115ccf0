/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detector.h - what a detector is: segments and observations in, detections
 * out.
 *
 * One file, src/detect/NAME.c, that defines `detector_NAME`; found by its
 * name.  Pure, streaming: it gets the segments of one channel in order of
 * time, or the observations of one source in order of time, and must give
 * the same detections however they are cut into pieces.  A detector of arrays
 * gets the segments of all their elements.  State lies in the caller's block of
 * state_size bytes, zeroed. */
#ifndef DETECT_DETECTOR_H
#define DETECT_DETECTOR_H

#include "model/ambient.h"
#include "model/detection.h"
#include "model/health.h"
#include "model/mission.h"
#include "model/segment.h"

enum { STRANDS = 16 };

struct strand { /* one of several that are heard side by side */
	void *state;
	const struct detections *out;
	const struct segment *segment; /* what it has to hear, in order */
	size_t segments;
	size_t at, end; /* within the first: where it is, and where the piece
	                   ends that is being heard; 0 and 0 before */
};

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
	/* At most STRANDS of them, each a state of its own, until one has no
	 * more to hear: the same detections as by segment().  NULL: it hears
	 * one alone. */
	MUST_USE bool (*abreast)(
		struct strand *const *, size_t count, struct fault *);
	MUST_USE bool (*observation)(void *state, const struct observation *,
		const struct detections *, struct fault *);
	/* No more will come: give what is still held. */
	MUST_USE bool (*finish)(
		void *state, const struct detections *, struct fault *);
	/* Arrays; NULL: none.  The elements are the sources of one kind that
	 * have the same word in the column `array`, by id.  Each element's
	 * segments come in order of time, those of several in any order, but
	 * none is given before until(t) is called that is more than
	 * GATHER_AHEAD_S later than t.  until(): of what begins before t, all
	 * has been given. */
	bool (*gathers)(const struct source *const *element, size_t count);
	void (*gather)(void *state, const struct source *const *element,
		size_t count, const struct mission *);
	MUST_USE bool (*element)(void *state, size_t which,
		const struct segment *, const struct detections *,
		struct fault *);
	MUST_USE bool (*until)(void *state, struct instant,
		const struct detections *, struct fault *);
	/* After finish(): what is wrong with its sources; NULL: no word. */
	MUST_USE bool (*health)(
		void *state, const struct healths *, struct fault *);
	/* After start(): who wants to know what its source could have
	 * noticed, for as long as segments come; NULL: it cannot say. */
	void (*listen)(void *state, const struct ambients *);
	/* After a segment: what it would say by now of what it has heard and
	 * holds back for more samples.  A first word, for those who cannot
	 * wait: it may be said otherwise or never, and changes nothing of what
	 * is given in the end.  NULL: it has none. */
	MUST_USE bool (*early)(const void *state, const struct detections *,
		struct fault *);
	/* After start() and listen(): goes on from where another stood that
	 * heard the same source in the same program, its state as it was after
	 * a segment.  NULL: it cannot. */
	void (*resume)(void *state, const void *stood);
};

#define GATHER_AHEAD_S 300

extern const struct detector *const detectors[]; /* NULL ends it */

#endif
