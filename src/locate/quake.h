/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * quake.h - what only seismometers felt: P and S at four or more of them that
 * agree on a place, a depth and a time are an incident.
 *
 * A pick of a single channel does not know its phase, so each may be either;
 * only P and S together tell how far it was.  Straight rays; the ground's
 * speed and the ratio of P to S are common to all picks and integrated out,
 * as is depth over eleven steps: the surface, where blasts are, or the crust.
 *
 *   Lambda = integral over place, depth, time and speeds of
 *            mu prod_k Pd p_k / rate_k
 *
 * mu as afar.h's: an incident an hour within 50 km of a sensor that felt it.
 * rate_k is how often the channel says things as strong, within an hour, by
 * what is left when the ground's and the air's waves of located sounds are
 * taken away.  Nobody is called silent.  What it was: shaken.h. */
#ifndef LOCATE_QUAKE_H
#define LOCATE_QUAKE_H

#include "locate/bearing.h"
#include "locate/shaken.h"

struct quake_sound { /* a located one: its waves are its own */
	struct point at;
	struct instant t0;
};

struct quake_ask {
	struct span span; /* of the detections; from unknown: all */
	/* Detections that are evidence of something already, sorted. */
	const struct id *used;
	size_t used_count;
	const struct quake_sound *sound; /* by time */
	size_t sound_count;
	const struct shaken_arrival *arrival; /* of sound, by time */
	size_t arrival_count;
};

/* Incidents in order of time, then id; all they point to lies in the arena. */
MUST_USE bool quake_find(const struct network *, const struct quake_ask *,
	struct arena *, const struct incidents *, struct fault *);

#endif
