/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loudness.h - how loud an explosion is at a distance, and whether a source
 * that listens would have reported it.  One model for all rooms.
 *
 * Blast (docs/WAVEFORM.md 3.8): Kinney and Graham 1985 to a scaled distance of
 * 100 m/kg^(1/3), r^-1.1 beyond; p(t) = P (1 - t/td) exp(-t/td).  Its energy
 * in a band is exact: with u = 2 pi f td and g(u) = atan u - u/(1 + u^2),
 *     E = P^2 td / (2 pi) (g(u2) - g(u1))        Pa^2 s
 * which a short average over T_S raises to about E / (T_S + td + 1/(2 B)).
 * That is what a detector compares with its noise, so a long pulse of a large
 * charge is heard in a low band where a small one is not.
 *
 * Air: absorption by ISO 9613-2 (table 2, 10 deg C, 70 %); upwind a shadow of
 * 25 dB, downwind up to 6 dB of gain (WAVEFORM.md 7, refraction).  The wind is
 * known to some metres a second only, and the edge of the shadow is sharp: Pd
 * is the mean over six winds, not that of the mean wind.
 *
 * Levels: dB above 20 uPa (squared); powers averaged over T_S. */
#ifndef MODEL_LOUDNESS_H
#define MODEL_LOUDNESS_H

#include "model/ambient.h"
#include "model/weather.h"

/* One sigma of all that is not modelled: charge, ground, turbulence, path.
 * WAVEFORM.md 4 begins with 8, the wind's part in it; that is apart here, and
 * with 6.5 predicted and simulated shares agree in ten bins, for three seeds
 * (tests/capability.c); with 8 too little is claimed. */
#define LOUDNESS_SIGMA_DB 6.5
/* Located needs so many (WAVEFORM.md 3.4: three unknowns and one check). */
enum { LOUDNESS_NODES_MIN = 4, LOUDNESS_WINDS = 6 };

double loudness_peak_pa(double yield_kg, double d_m);
double loudness_long_s(double yield_kg, double d_m); /* td */
/* Of the averaged power in a band, in still air. */
double loudness_band_db(
	double yield_kg, double d_m, const struct ambient_band *);
/* The level at which a band is reported. */
double loudness_needed_db(const struct ambient_band *);

struct loudness_wind { /* where it blows to, and one sigma of either */
	double east_ms, north_ms, sigma_ms;
};
/* From the report nearest in time; a wide prior about calm without one. */
struct loudness_wind loudness_wind_at(
	const struct weather *, size_t count, struct instant);

struct loudness_bend { /* dB that each of the winds adds or takes */
	double db[LOUDNESS_WINDS];
};
/* along: component from the sound to the source that listens. */
struct loudness_bend loudness_bends(
	double along_ms, double sigma_ms, double d_m);
/* Mean over the winds, and one sigma. */
void loudness_bend_mean(
	const struct loudness_bend *, double *mean_db, double *sigma_db);
/* Of one source: level less what is needed, in still air. */
double loudness_pd(double excess_db, const struct loudness_bend *);

/* For many: the normal distribution in steps of 1/64 sigma, straight lines
 * between; within 1e-5 of loudness_pd(), 1 or 0 beyond 5 sigma. */
enum { LOUDNESS_CURVE = 2 * 5 * 64 + 2 };
struct loudness_curve {
	double share[LOUDNESS_CURVE];
};
void loudness_curve_make(struct loudness_curve *);
double loudness_pd_by(const struct loudness_curve *, double excess_db,
	const struct loudness_bend *);

/* How many of some sources heard it: Poisson-binomial, cut at NODES_MIN. */
struct loudness_count {
	double p[LOUDNESS_NODES_MIN + 1]; /* the last: that or more */
};
struct loudness_count loudness_nobody(void);
void loudness_add(struct loudness_count *, double pd);

#endif
