/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * capability.h - what a network could hear, cell by cell: the probability that
 * enough working sources report an explosion of a yield there, and the
 * smallest yield for which that is 90 % (W90).
 *
 *     Pd_i = mean over winds of Phi[(level + bend - needed_i) / sigma]
 *     P    = P(at least LOUDNESS_NODES_MIN of them)      Poisson-binomial
 *
 * level and bend are model/loudness.h's; needed_i is what the source's own
 * detector measured (model/ambient.h).  A source that does not work, or of
 * which nobody knows what it could hear, is not there.  In a cell with fewer
 * than LOUDNESS_NODES_MIN sources in range nothing was observed.
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

/* 0.01 kg to 10 t, three a decade: the error of a yield told from sound is
 * half a decade (WAVEFORM.md 3.8), and louder than 10 t nobody fires. */
enum { CAPABILITY_YIELDS = 19, CAPABILITY_TUNED = 32 };
#define CAPABILITY_PD 0.9

struct capability_pair { /* a cell's middle and a source */
	size_t node;
	double d_m, east, north; /* unit vector from the cell */
	double step;             /* of the tables */
	struct loudness_bend bend;
	uint64_t wind;           /* which wind bend is of */
};

struct capability_node {
	size_t bands; /* 0: does not work */
	double needed_db[AMBIENT_BANDS];
	const double *table[AMBIENT_BANDS];
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

double capability_yield_kg(size_t); /* 0.01, 0.02, 0.05, 0.1, ... */
/* Working sources in range of a cell. */
size_t capability_working(const struct capability *, size_t cell);
/* That an explosion of a yield in a cell is heard by enough. */
double capability_pd(struct capability *, size_t cell, double yield_kg);
/* The smallest of the yields with CAPABILITY_PD; INFINITY: none. */
double capability_w90_kg(struct capability *, size_t cell);

#endif
