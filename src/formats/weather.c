/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * weather.c - weather of stations or models as CSV: at, lat, lon,
 * temperature_c, pressure_hpa, humidity_pct, wind_ms, wind_from_deg,
 * temperature_err_c, wind_err_ms; errors are 1 sigma. */
#include "formats/statement.h"

static const char *const wanted[] = {"at", "temperature_c", NULL};
static const char *const told_by[] = {
	"at", "lat", "lon", "temperature_c", NULL};

/* Bounds: the extremes on record (WMO archive of weather extremes: -89.2 and
 * 56.7 C, 870 and 1084 hPa, 113 m/s), rounded outward. */
static const struct {
	const char *column, *name;
	double min, max, scale;
} values[] = {
	{"temperature_c", "temperature_c", -95, 65, 1},
	{"pressure_hpa", "pressure_pa", 300, 1100, 100},
	{"humidity_pct", "humidity_pct", 0, 105, 1},
	{"wind_ms", "wind_ms", 0, 120, 1},
	{"wind_from_deg", "wind_from_deg", 0, 360, 1},
	{"temperature_err_c", "temperature_err_c", 0, 50, 1},
	{"wind_err_ms", "wind_err_ms", 0, 100, 1},
};

static bool row(struct statement *s, struct fault *f)
{
	struct observation *o = &s->o;
	double v;

	o->what = OBSERVATION_WEATHER;
	o->source = s->origin->source[0] ? s->origin->source : "weather";
	if (!statement_time(s, "at", &o->at, f) ||
		!statement_number(s, "lat", -90, 90, &o->place.lat_deg, f) ||
		!statement_number(s, "lon", -180, 180, &o->place.lon_deg, f))
		return false;
	if (!instant_known(o->at))
		return fault(f, FAULT_INPUT, "at is empty");
	for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
		if (!statement_number(s, values[i].column, values[i].min,
			    values[i].max, &v, f))
			return false;
		statement_add_number(s, values[i].name, v * values[i].scale);
	}
	return true;
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (!statements_header(in, wanted))
		return fault(f, FAULT_INPUT, "no table of weather: columns at, "
			"temperature_c are wanted");
	return statements_csv(in, o, a, to, row, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return statements_header(head, told_by);
}

const struct format format_weather = {
	.name = "weather",
	.about = "weather of stations or models (CSV)",
	.sniff = sniff,
	.decode = decode,
};
