/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * noise.h - what a node hears when nothing happens.
 *
 * Wind noise of slope f^-5/3 (one white sequence through four one-pole filters
 * two octaves apart), the digitiser's floor, a motor's or the mains' hum, and
 * microbaroms, whose waves are the same at every node.  White numbers are a
 * function of (seed, node, number of the sample), so what a node hears does
 * not depend on the others; a filter remembers, so the samples of a run are to
 * be asked for in order. */
#ifndef SIM_NOISE_H
#define SIM_NOISE_H

#include "sim/sky.h"

enum { NOISE_FILTERS = 4, NOISE_WAVES = 6, NOISE_CHUNK = 256 };

struct noise {
	uint64_t stream;
	double state[NOISE_FILTERS], step[NOISE_FILTERS];
	double weight[NOISE_FILTERS];
	double wave_hz[NOISE_WAVES], wave_phase[NOISE_WAVES];
	double exposure; /* of this node to the wind */
	double band;     /* power of wind noise in it, of its density at 1 Hz */
};

struct noise noise_of(const struct world *, const struct node *);
/* Rms between 10 Hz and 0.4 of the rate. */
double noise_pa(const struct noise *, const struct sky *);
/* n <= NOISE_CHUNK samples; the first has this number and time. */
void noise_fill(struct noise *, const struct world *, const struct node *,
	double *pa, size_t n, uint64_t index, struct instant);

#endif
