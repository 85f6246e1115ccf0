/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * speed.c - the air that sound goes through (docs/WAVEFORM.md 3.3). */
#include "base/maths.h"
#include "locate/hear.h"

/* c = 20.047 sqrt(T/K) (1 + 0.16 e/p), ideal gas with water vapour. */
#define C_PER_ROOT_K 20.047
#define VAPOUR 0.16
#define KELVIN 273.15
#define NORMAL_PA 101325.0
/* Without weather: 10 deg C and the year's spread. */
#define C_UNKNOWN_MS 337.3
#define SIGMA_C_UNKNOWN_MS 6.0
#define SIGMA_W_UNKNOWN_MS 5.0
/* With it: 2 K, and 2 m/s when the report does not state its error. */
#define SIGMA_C_MS 1.2
#define SIGMA_W_MS 2.0
/* Of the wind, for gusts, the height, and the hour between two reports (gusts
 * alone are 20-30 % over built ground: Stull 1988, 9.7). */
#define SIGMA_W_SHARE 0.25
/* Speed of sound a kelvin. */
#define C_PER_KELVIN 0.6
/* A report speaks for three hours (AIR_S) and 100 km; beyond, for nothing. */
#define WEATHER_M 100e3

/* Saturation pressure over water, Pa (Bolton 1980, eq. 10). */
static double vapour_pa(double t_c)
{
	return 611.2 * m_exp(17.67 * t_c / (t_c + 243.5));
}

/* How far a report is in time and space, in hours (50 km count as one);
 * INFINITY when it does not speak for this place and time. */
static double remote(const struct weather *w, struct instant at, struct point p)
{
	double hours, m = 0;

	if (!isfinite(w->temperature_c) || !instant_known(w->at) ||
		!instant_known(at) || w->temperature_c < -90 ||
		w->temperature_c > 70)
		return INFINITY;
	hours = fabs(instant_seconds(w->at, at)) / 3600;
	/* A feed without a place speaks for the whole mission. */
	if (isfinite(w->lat_deg) && isfinite(w->lon_deg)) {
		struct frame f = frame_at(p.lat_deg, p.lon_deg);
		struct xy q = frame_to(&f, w->lat_deg, w->lon_deg);

		m = sqrt(q.x_m * q.x_m + q.y_m * q.y_m);
	}
	if (hours * 3600 > AIR_S || m > WEATHER_M)
		return INFINITY;
	return hours + m / 50e3;
}

static double wind_sigma_ms(const struct weather *w)
{
	double gust = SIGMA_W_SHARE * w->wind_ms;
	double own = w->wind_err_ms > 0 ? w->wind_err_ms : SIGMA_W_MS;

	return sqrt(own * own + gust * gust);
}

struct air air_at(const struct network *net, struct instant at, struct point p)
{
	struct air a = {.c_ms = C_UNKNOWN_MS,
		.sigma_c_ms = SIGMA_C_UNKNOWN_MS,
		.sigma_w_ms = SIGMA_W_UNKNOWN_MS};
	const struct weather *best = NULL;
	double least = INFINITY, e = 0, pa = NORMAL_PA;

	for (size_t i = 0; i < net->weather_count; i++) {
		double d = remote(&net->weather[i], at, p);

		if (d < least) {
			least = d;
			best = &net->weather[i];
		}
	}
	if (!best)
		return a;
	if (best->humidity_pct >= 0 && best->humidity_pct <= 100)
		e = best->humidity_pct / 100 * vapour_pa(best->temperature_c);
	if (best->pressure_pa > 30000 && best->pressure_pa < 120000)
		pa = best->pressure_pa;
	a.c_ms = C_PER_ROOT_K * sqrt(best->temperature_c + KELVIN) *
		 (1 + VAPOUR * e / pa);
	a.sigma_c_ms = SIGMA_C_MS;
	if (best->temperature_err_c > 0)
		a.sigma_c_ms = fmax(
			SIGMA_C_MS, C_PER_KELVIN * best->temperature_err_c);
	if (best->wind_ms >= 0 && best->wind_ms < 60 &&
		(isfinite(best->wind_from_deg) || best->wind_ms == 0)) {
		double from = isfinite(best->wind_from_deg)
				      ? RAD(best->wind_from_deg)
				      : 0;

		a.east_ms = -best->wind_ms * m_sin(from);
		a.north_ms = -best->wind_ms * m_cos(from);
		a.sigma_w_ms = wind_sigma_ms(best);
	}
	return a;
}
