/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * locate.h - detections become incidents: associate, locate, fuse.
 *
 * Pure and order-free: the same set of detections gives the same incidents in
 * the same order, whatever the order they came in.  Two steps:
 *
 * locate_sound() takes an island of arrivals (acoustic detections with no
 * gap longer than locate_gap_s(); see below) and gives one incident per shot
 * or explosion.
 * locate_fuse() takes those incidents and all other detections (heat, report,
 * track, image) of a stretch of time, and gives the final incidents: one per
 * thing that happened, with all its evidence and its silent sources. */
#ifndef LOCATE_LOCATE_H
#define LOCATE_LOCATE_H

#include "model/activity.h"
#include "model/ambient.h"
#include "model/fit.h"
#include "model/health.h"
#include "model/incident.h"
#include "model/look.h"
#include "model/mission.h"
#include "model/weather.h"

struct bearings; /* locate/bearing.h */
struct hands;    /* base/hands.h */

struct network { /* who could have heard, and in what air */
	const struct mission *mission;
	const struct health *health; /* by source then from; a source without
	                                a row is taken to be up */
	size_t health_count;
	const struct weather *weather; /* by time */
	size_t weather_count;
	const struct look *look; /* satellite and drone looks, by from */
	size_t look_count;
	const struct ambient *ambient; /* what sources could have heard, by
	                                  source, then from; may be NULL */
	size_t ambient_count;
	const struct bearings *bearings; /* what others than the nodes heard;
	                                    NULL: nothing */
	const struct fits *fits; /* takes the fit of each located sound, in no
	                            stated order; NULL: not wanted */
	const struct hands *hands; /* lent; NULL: the caller's own */
	double spacing_m; /* locate_spacing_m(); 0: reckoned anew each time */
	bool quick; /* for those who cannot wait: only what three arrivals say
	               is looked for, as in a barrage (trio.h), no booms */
};

/* Longest silence, seconds, that two arrivals of one incident can enclose:
 * the largest distance of two sources over the slowest sound. */
double locate_gap_s(const struct mission *);

/* Median distance of a node to its third neighbour. */
double locate_spacing_m(const struct mission *);

/* detections: acoustic, sorted by detection_order().  Incidents come out in
 * order of time, then id; all they point to lies in the arena. */
MUST_USE bool locate_sound(const struct network *,
	const struct detection *, size_t count, struct arena *,
	const struct incidents *, struct fault *);

/* sound: the output of locate_sound() for the span, in order.  detections:
 * all others, sorted by detection_order(). */
MUST_USE bool locate_fuse(const struct network *,
	const struct incident *sound, size_t sound_count,
	const struct detection *, size_t count, struct arena *,
	const struct incidents *, struct fault *);

#endif
