/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weather.h - the air at a place and time, as somebody reported it. */
#ifndef MODEL_WEATHER_H
#define MODEL_WEATHER_H

#include "base/instant.h"

struct weather { /* NAN not known */
	struct instant at;
	double lat_deg, lon_deg;
	double temperature_c, pressure_pa, humidity_pct;
	double wind_ms, wind_from_deg;
	/* One sigma, of wind an axis; none is 0: 0 or NAN is not stated. */
	double temperature_err_c, wind_err_ms;
};

#endif
