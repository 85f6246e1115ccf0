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

struct sky {
	double temperature_c, humidity_pct, pressure_hpa;
	double wind_ms, wind_from_deg; /* at 10 m */
	double east_ms, north_ms;      /* of the layer that carries sound */
};

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
/* Mean pressure of a pulse over [t, t + dt] after its onset. */
double sky_pulse_mean(const struct pulse *, double t_s, double dt_s);

#endif
