/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sky.h - the true air of a world, and what it does to a blast.
 *
 * Blast: Kinney and Graham 1985 as in WAVEFORM.md 3.8 up to a scaled distance
 * of 100 m/kg^(1/3), r^-1.1 beyond.  Sound travels in the true wind, which no
 * weather station reports exactly. */
#ifndef SIM_SKY_H
#define SIM_SKY_H

#include "sim/world.h"

/* Of wind at 10 m, the mean along low rays: ln(z/z0)/ln(10/z0) at z = 20 m
 * over z0 = 0.1 m of open farmland (WAVEFORM.md 7, refraction). */
#define RAY_WIND 1.15

/* Draws the weather of a world; once, before all else. */
void sky_prepare(struct world *);
/* The air at the time of each act; after sky_prepare(). */
void sky_acts(struct world *);
struct sky sky_at(const struct world *, struct instant);
double sky_sound_ms(const struct sky *);
/* Seconds from a to b through uniform wind. */
double sky_travel_s(const struct sky *, struct xy from, struct xy to);

struct pulse { /* P (1 - t/td) e^(-t/td) from its onset on */
	double peak_pa, td_s;
};
struct pulse sky_blast(double yield_kg, double distance_m);
/* dB by which refraction raises (+) or lowers (-) the level. */
double sky_refraction_db(const struct sky *, struct xy from, struct xy to);
/* A projectile's N-wave (Whitham 1952, as in WAVEFORM.md 3.8): P (1 - 2t/T)
 * for T seconds, at a miss distance, from calibre and length in metres. */
struct pulse sky_nwave(double calibre_m, double length_m, double mach,
	double miss_m, double sound_ms);
/* ISO 9613-1:1993, equations 3 to 5. */
double sky_absorption_db_m(const struct sky *, double hz);
/* Change of the effective speed of sound with height, 1/s, from one place
 * towards another: logarithmic wind over 2 to 50 m, and temperature. */
double sky_gradient(const struct sky *, double inversion_k_m, struct xy from,
	struct xy to);
/* Where the shadow begins when sound is bent up by g < 0 (1/s): WAVEFORM.md 7;
 * INFINITY for g >= 0. */
double sky_shadow_m(
	double gradient, double sound_ms, double source_m, double node_m);
/* dB, for worlds that are full: up to 25 dB lost in the shadow, up to 6 dB
 * gained where sound is bent down. */
double sky_bend_db(
	double gradient, double sound_ms, double source_m, double distance_m);
/* Mean pressure of a pulse over [t, t + dt] after its onset. */
double sky_pulse_mean(const struct pulse *, double t_s, double dt_s);

#endif
