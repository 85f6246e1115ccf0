/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trio.h - where sounds may have begun, from three arrivals each.
 *
 * Who is loud enough to be placed is heard by the ears that are nearest.  So
 * each arrival is taken as one of those, and with the arrivals of each two
 * ears about it gives a place and a time in closed form: places are seen from
 * a frame that the wind carries along, in which sound is a circle that grows,
 * and two differences of times are two straight lines and a square.  The ears
 * around say how much more fits there (hits against false arrivals, silence
 * against reach; docs/WAVEFORM.md 3.4).  An arrival's best start is kept.
 *
 * The work is the arrivals times what a neighbourhood of ears hears while
 * sound crosses it: it does not grow with the network. */
#ifndef LOCATE_TRIO_H
#define LOCATE_TRIO_H

#include "base/hands.h"
#include "geo/frame.h"

struct trio_ear {
	double lat_deg, lon_deg;
	size_t first, count; /* its arrivals */
};

struct trio_ask {
	const struct trio_ear *ear;
	size_t ears;
	const double *t_s; /* of arrivals, by ear, then time */
	const bool *gone;  /* of arrivals that do not count; NULL: all do */
	double c_ms, east_ms, north_ms; /* where the wind blows to */
	double least;      /* score of a start */
	bool thorough;     /* more trios of each arrival, for few arrivals */
	const struct hands *hands; /* that share the ears out; NULL: none */
};

struct trio_start {
	struct point at;
	double t_s, score;
	size_t ear;        /* about which it was found */
	size_t hits;       /* ears */
};

void trio_sort(struct trio_start *, size_t count);
/* In order of score, then time, then ear. */
MUST_USE bool trio_find(const struct trio_ask *, struct arena *,
	struct trio_start **, size_t *count, struct fault *);
/* Leaves out what has a better one beside it; they come best first. */
enum trio_same {
	TRIO_STARTS, TRIO_STARTS_THOROUGH,
	TRIO_SOUNDS, /* climbed, no starts any more */
};
MUST_USE bool trio_thin(struct trio_start *, size_t *count, enum trio_same,
	struct arena *, struct fault *);

#endif
