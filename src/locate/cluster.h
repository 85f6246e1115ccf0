/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cluster.h - hot pixels become fires (SATELLITE.md 3.4, 3.5).
 *
 * Two pixels are of one fire when their footprints, each grown by half a
 * pixel (190 m), meet and their looks are at most a day apart; so one fire
 * seen by two satellites, or pass after pass, is one incident.  Cells of 500 m
 * that are hot on six distinct dates or more are a candidate for a persistent
 * source: all their pixels are one incident, never one a night.  A fire longer
 * than 5 km or 10 days is marked complex.  A hash over 0.01 degree makes it
 * O(n) in pixels.
 *
 * Place: the footprints of the first look.  Onset is censored: `from` is the
 * end of the last look that saw nothing there, else 12.2 h earlier, the longest
 * gap of one VIIRS; `at` and `to` are the first look that saw heat. */
#ifndef LOCATE_CLUSTER_H
#define LOCATE_CLUSTER_H

#include "locate/locate.h"

/* heat: sorted by detection_order(), no id twice.  One incident a cluster, in
 * order of their first pixels; lists lie in the arena. */
MUST_USE bool cluster_heat(const struct network *,
	const struct detection *const *heat, size_t count, struct arena *,
	struct incident **out, size_t *out_count, struct fault *);

#endif
