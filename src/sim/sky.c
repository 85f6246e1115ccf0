/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/sky.h"

#include "base/maths.h"

static const char *const turns[AIR_TURNS] = {"temperature", "wind", "turn"};

void sky_prepare(struct world *w)
{
	for (size_t i = 0; i < AIR_TURNS; i++)
		for (uint64_t k = 0; k < AIR_WAVES; k++)
			w->air[i][k] = philox_unit(w->seed,
				philox_stream("air", turns[i], k), 0);
}

/* Four sines of 3 to 11 h with phases of the seed: weather that turns slowly,
 * rms 1. */
static double slow_wave(const double phase[AIR_WAVES], double hours)
{
	double sum = 0;

	for (size_t k = 0; k < AIR_WAVES; k++)
		sum += m_sin(2 * PI *
			(hours / (3 + 2.7 * (double)k) + phase[k]));
	return sum / 1.4142135623730951;
}

struct sky sky_at(const struct world *w, struct instant t)
{
	double h = instant_seconds(w->span.from, t) / 3600;
	/* Local solar time over 37 E is UTC + 2.5 h; warmest at 14:00. */
	double day = (double)(t.utc_ns / 1000000000 % 86400) / 3600 + 2.5;
	double warm = m_cos(2 * PI * (day - 14) / 24);
	struct sky a = {.pressure_hpa = 1018, .humidity_pct = 80};
	double to;

	a.temperature_c = w->temperature_c + 2.5 * warm +
		0.5 * slow_wave(w->air[0], h);
	a.humidity_pct -= 8 * warm;
	a.wind_ms = fmax(0.3, w->wind_ms * (1 + 0.25 * warm) +
			0.4 * slow_wave(w->air[1], h));
	a.wind_from_deg = w->wind_from_deg + 12 * slow_wave(w->air[2], h);
	a.wind_from_deg -= 360 * floor(a.wind_from_deg / 360);
	to = RAD(a.wind_from_deg + 180);
	a.east_ms = RAY_WIND * a.wind_ms * m_sin(to);
	a.north_ms = RAY_WIND * a.wind_ms * m_cos(to);
	return a;
}

void sky_acts(struct world *w)
{
	for (size_t i = 0; i < w->act_count; i++)
		w->act[i].sky = sky_at(w, w->act[i].t0);
}

/* Ideal gas with vapour, WAVEFORM.md 3.3; saturation pressure by Magnus (WMO
 * No. 8, annex 4.B). */
double sky_sound_ms(const struct sky *a)
{
	double t = a->temperature_c;
	double e = a->humidity_pct / 100 * 6.112 *
		m_exp(17.62 * t / (243.12 + t));

	return 20.047 * sqrt(t + 273.15) * (1 + 0.16 * e / a->pressure_hpa);
}

double sky_travel_s(const struct sky *a, struct xy from, struct xy to)
{
	double d = world_distance(from, to);
	double c = sky_sound_ms(a);
	double ux, uy, along, across2;

	if (!(d > 0))
		return 0;
	ux = (to.x_m - from.x_m) / d;
	uy = (to.y_m - from.y_m) / d;
	along = a->east_ms * ux + a->north_ms * uy;
	across2 = a->east_ms * a->east_ms + a->north_ms * a->north_ms -
		along * along;
	return d / (along + sqrt(c * c - fmax(across2, 0)));
}

static double squared(double v)
{
	return v * v;
}

struct pulse sky_blast(double yield_kg, double distance_m)
{
	double cube = m_pow(yield_kg, 1.0 / 3);
	double z = fmax(distance_m / cube, 0.5);
	double near = fmin(z, 100);
	double top = 808 * (1 + squared(near / 4.5));
	double below = sqrt((1 + squared(near / 0.048)) *
		(1 + squared(near / 0.32)) * (1 + squared(near / 1.35)));
	struct pulse p = {.peak_pa = 101325 * top / below};

	if (z > 100)
		p.peak_pa *= m_pow(z / 100, -1.1);
	/* 4.2 ms kg^(-1/3) is the far limit of Kinney and Graham; weak shocks
	 * lengthen with the square root of ln r (Landau 1945); 0.2 makes 1.3
	 * times at 5 km from 10 kg. */
	p.td_s = 4.2e-3 * cube * sqrt(1 + 0.2 * m_log(1 + z / 100));
	return p;
}

double sky_refraction_db(const struct sky *a, struct xy from, struct xy to)
{
	double d = world_distance(from, to);
	double along = d > 0 ? (a->east_ms * (to.x_m - from.x_m) +
			a->north_ms * (to.y_m - from.y_m)) / d : 0;
	/* Fully developed beyond some kilometres: 22 dB of shadow upwind, 3
	 * dB of gain downwind (WAVEFORM.md 7: 20-30 dB and 0-6 dB). */
	double grown = 1 - m_exp(-d / 3000);

	return grown * (along < 0 ? 22 * fmax(along / 5, -1)
				  : 3 * fmin(along / 5, 1));
}

struct pulse sky_nwave(double calibre_m, double length_m, double mach,
	double miss_m, double sound_ms)
{
	double over = mach * mach - 1, b = fmax(miss_m, 0.5);
	double root = m_pow(length_m, 0.25);

	return (struct pulse){
		.peak_pa = 0.53 * 101325 * m_pow(over, 0.125) * calibre_m /
			(m_pow(b, 0.75) * root),
		.td_s = 1.82 * mach * m_pow(b, 0.25) * calibre_m /
			(sound_ms * m_pow(over, 0.375) * root)};
}

double sky_absorption_db_m(const struct sky *a, double hz)
{
	const double t = a->temperature_c + 273.15, rel = t / 293.15;
	const double p = a->pressure_hpa / 1013.25;
	const double sat = m_pow(
		10, -6.8346 * m_pow(273.16 / t, 1.261) + 4.6151);
	const double h = a->humidity_pct * sat / p;
	const double o = p * (24 + 4.04e4 * h * (0.02 + h) / (0.391 + h));
	const double n = p / sqrt(rel) *
		(9 + 280 * h * m_exp(-4.170 * (m_pow(rel, -1.0 / 3) - 1)));

	return 8.686 * hz * hz * (1.84e-11 / p * sqrt(rel) +
		m_pow(rel, -2.5) *
		(0.01275 * m_exp(-2239.1 / t) / (o + hz * hz / o) +
		 0.1068 * m_exp(-3352.0 / t) / (n + hz * hz / n)));
}

/* The air from 2 to 50 m is taken as one slope; over open farmland, whose
 * roughness is 0.1 m, the wind grows there by ln 25/ln 100 of that at 10 m. */
#define WIND_SLOPE (0.698970004336019 / 48)

double sky_gradient(const struct sky *a, double inversion_k_m, struct xy from,
	struct xy to)
{
	double d = world_distance(from, to), along = 0;

	if (d > 0)
		along = (a->east_ms * (to.x_m - from.x_m) +
			a->north_ms * (to.y_m - from.y_m)) / d / RAY_WIND;
	/* dc/dT is 0.6 m/s a kelvin. */
	return 0.6 * inversion_k_m + along * WIND_SLOPE;
}

double sky_shadow_m(
	double gradient, double sound_ms, double source_m, double node_m)
{
	if (!(gradient < 0))
		return INFINITY;
	return sqrt(2 * sound_ms / -gradient) *
		(sqrt(source_m) + sqrt(node_m));
}

/* Microphones stand on masts or walls, metres. */
#define NODE_ABOVE 1.5

double sky_bend_db(
	double gradient, double sound_ms, double source_m, double distance_m)
{
	double shadow = sky_shadow_m(
		gradient, sound_ms, source_m, NODE_ABOVE);

	/* Sets in over some shadow lengths; 25 dB (20 to 30 in WAVEFORM.md 7)
	 * is what scatter by turbulence leaves. */
	if (distance_m > shadow)
		return -25 * (1 - m_exp(-(distance_m - shadow) /
			(2 * shadow)));
	if (gradient > 0)
		return 6 * (1 - m_exp(-gradient / 0.02)) *
			(1 - m_exp(-distance_m / 1000));
	return 0;
}

double sky_pulse_mean(const struct pulse *p, double t, double dt)
{
	double a = fmax(t, 0), b = t + dt;

	if (b <= 0)
		return 0;
	/* The integral of P (1 - t/td) exp(-t/td) is P t exp(-t/td). */
	return p->peak_pa * (b * m_exp(-b / p->td_s) -
		a * m_exp(-a / p->td_s)) / dt;
}
