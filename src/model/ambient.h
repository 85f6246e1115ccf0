/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ambient.h - what one source could have noticed over a stretch of time: in
 * each band that its detector listens to, how much noise there was and how far
 * above it a sound had to rise.
 *
 * Silence of a source says something only together with these (R10): they come
 * from the detector itself and are measured, not assumed.  A source without
 * them may work, but nobody knows what it could have heard. */
#ifndef MODEL_AMBIENT_H
#define MODEL_AMBIENT_H

#include "base/fault.h"
#include "base/instant.h"

enum { AMBIENT_BANDS = 4, AMBIENT_SLOT_S = 600 };

struct ambient_band {
	double low_hz, high_hz;
	double short_s;  /* over which a sound's power is averaged */
	double noise_db; /* mean power in the band, dB above (20 uPa)^2 */
	double on_db;    /* ratio of average to noise that is reported */
};

struct ambient {
	/* An arena's step: one put behind another is the next of an array. */
	_Alignas(16) const char *source;
	struct span span; /* of about one slot: AMBIENT_SLOT_S, UTC */
	struct ambient_band band[AMBIENT_BANDS];
	size_t bands;
	double busy_hz; /* arrivals a second in its busiest minute */
};

struct ambients { /* where they go */
	bool (*put)(void *self, const struct ambient *, struct fault *);
	void *self;
};

#endif
