/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capability.h - what a network could hear and place, cell by cell: the
 * probability that enough working sources report an explosion of a yield there,
 * and the smallest yield for which that is 90 % (W90).
 *
 *     Pd_i = (1 - deaf_i) mean over winds of Phi[(level + bend - needed_i) /
 *            sigma]
 *     P    = P(at least `around` of them, with no two neighbouring sixths of
 *            the compass empty, or at least `aside` of them)
 *
 * level and bend are model/loudness.h's; needed_i is what the source's own
 * detector measured, and so is how busy it was (model/ambient.h): while another
 * sound's arrival is there it is deaf for a weaker one, and the more it hears
 * the more arrivals it takes to believe in one sound.  With a wider gap, at
 * the edge of a network or down the wind, an arrival more or two must be there
 * to tell near from far.  In a quiet network four and five
 * are enough.  A source that does not work, or of which nobody knows what it
 * could hear, is not there.  In a cell with fewer than LOUDNESS_NODES_MIN
 * sources in range nothing was observed.
 *
 * Levels come from tables over yield and logarithm of distance (off by less
 * than 0.05 dB), and the nearest sources are asked first, until they are
 * enough: the cost of a cell hardly grows with a denser network (bench/watch).
 */
#ifndef WATCH_CAPABILITY_H
#define WATCH_CAPABILITY_H

#include "base/arena.h"
#include "model/loudness.h"
#include "watch/grid.h"

/* 0.2 g to 10 t, three a decade: the error of a yield told from sound is half
 * a decade (WAVEFORM.md 3.8), a rifle's muzzle is half a gram and more, and
 * louder than 10 t nobody fires. */
enum { CAPABILITY_YIELDS = 24, CAPABILITY_TUNED = 32 };
#define CAPABILITY_PD 0.9

struct capability_pair { /* a cell's middle and a source */
	size_t node;
	double d_m, east, north; /* unit vector from the cell */
	unsigned sixth;          /* of the compass: north 0, on by east */
	double step;             /* of the tables */
	struct loudness_bend bend;
	uint64_t wind;           /* which wind bend is of */
};

struct capability_node {
	size_t bands; /* 0: does not work */
	double needed_db[AMBIENT_BANDS];
	const double *table[AMBIENT_BANDS];
	double busy_hz, deaf; /* deaf: share of time */
};

struct capability_tuned { /* levels in one band */
	struct ambient_band band;
	double *db; /* by yield, then distance */
};

struct capability {
	struct grid grid;
	size_t cells, nodes;
	size_t *first; /* pairs of cell i: first[i] to first[i + 1] */
	struct capability_pair *pair; /* of a cell, nearest first */
	struct capability_node *node; /* by source of the mission */
	struct capability_tuned tuned[CAPABILITY_TUNED];
	size_t tuned_count;
	struct loudness_curve curve;
	struct loudness_wind wind;
	uint64_t winds;
	struct arena *arena;
};

/* Sources that hear and have a place, and the cells within range of them. */
MUST_USE bool capability_make(struct capability *, const struct mission *,
	const struct grid *, double range_m, struct arena *, struct fault *);
void capability_wind(struct capability *, const struct loudness_wind *);
/* What source i of the mission can hear from now on; NULL: nothing. */
MUST_USE bool capability_set(struct capability *, size_t i,
	const struct ambient *, struct fault *);

struct capability_need { /* sources that must hear a sound */
	size_t around; /* from all sides */
	size_t aside;  /* with a gap of 120 to 240 degrees or more */
};
/* Where sources have so many arrivals a second. */
struct capability_need capability_need(double busy_hz);
double capability_yield_kg(size_t); /* 0.0002, 0.0005, 0.001, ... */
/* Working sources in range of a cell. */
size_t capability_working(const struct capability *, size_t cell);
/* That an explosion of a yield in a cell is heard by enough. */
double capability_pd(struct capability *, size_t cell, double yield_kg);
/* The same of any place, not of a cell's middle; `m` is the mission that it was
 * made for, range as there. */
MUST_USE bool capability_pd_at(struct capability *, const struct mission *m,
	double range_m, struct point, double yield_kg, double *pd,
	struct fault *);
/* The smallest of the yields with CAPABILITY_PD; INFINITY: none. */
double capability_w90_kg(struct capability *, size_t cell);

#endif
