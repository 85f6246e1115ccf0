/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pending.h - samples of a channel that were read, and wait to be heard beside
 * those of fifteen others (detect/detector.h, `abreast`).
 *
 * A decoder gives its segments one behind the other and keeps them no longer;
 * here they lie until a detector has gone through them.  A quarter of a
 * megabyte of samples and as much of segments for each channel. */
#ifndef ROLES_PENDING_H
#define ROLES_PENDING_H

#include "detect/detector.h"

enum {
	PENDING_SAMPLES = 1 << 16,
	PENDING_SEGMENTS = 1 << 10,
	PENDING_ENOUGH = 1 << 12, /* samples: no more are read for a turn */
	/* Bytes of a file that are read at once, where records stand alone:
	 * of Steim 2 no more than 7 samples in 4. */
	PENDING_SLICE = 32 << 10,
};

#define PENDING_BYTES                                                         \
	(PENDING_SAMPLES * sizeof(int32_t) +                                  \
		PENDING_SEGMENTS * sizeof(struct segment) + 64)

struct pending {
	struct strand strand; /* state and out: set by who owns them */
	struct segment *segment;
	uint8_t *sample; /* counts or values, 4 bytes each */
	size_t segments, samples;
};

MUST_USE bool pending_open(
	struct pending *, struct arena *, struct fault *);
/* A copy of the segment; false: there is no room. */
MUST_USE bool pending_add(struct pending *, const struct segment *);
/* Whether any wait. */
bool pending_any(const struct pending *);
/* Those of up to STRANDS channels that have some are heard side by side, until
 * one has no more. */
MUST_USE bool pending_turn(struct pending *const *, size_t count,
	const struct detector *, struct fault *);

#endif
