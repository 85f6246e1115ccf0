/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stations.c - places of sensors as CSV, one a row; a mission's sensors.csv
 * is one such, and so are the lists that other programs write.
 *
 *   id, station_id or station   its name
 *   latitude or lat, longitude or lon     degrees
 *   elev_m, elevation_m or elevation      metres; optional
 *   kind, owner, position_err_m           as in sensors.csv; optional
 */
#include "formats/statement.h"

static const char *const id_names[] = {"id", "station_id", "station", NULL};
static const char *const lat_names[] = {"lat", "latitude", NULL};
static const char *const lon_names[] = {"lon", "longitude", NULL};
static const char *const elev_names[] = {
	"elev_m", "elevation_m", "elevation", NULL};

/* The first of the names that is a column, or NULL. */
static const char *among(const struct csv *c, const char *const *names)
{
	for (; *names; names++)
		if (csv_column(c, *names) >= 0)
			return *names;
	return NULL;
}

static bool row(struct statement *s, struct fault *f)
{
	struct observation *o = &s->o;
	const char *elev = among(s->csv, elev_names);
	double err;

	o->what = OBSERVATION_SURVEY;
	if (!statement_needs(s, among(s->csv, id_names), &o->source, f) ||
		!statement_number(s, among(s->csv, lat_names), -90, 90,
			&o->place.lat_deg, f) ||
		!statement_number(s, among(s->csv, lon_names), -180, 180,
			&o->place.lon_deg, f) ||
		!statement_number(s, elev ? elev : "elev_m", -12000, 9000,
			&o->place.alt_m, f) ||
		!statement_number(s, "position_err_m", 0, 1e6, &err, f))
		return false;
	statement_add_number(s, "position_err_m", err);
	statement_add_text(s, "what", "station");
	return statement_keep(s, "kind", f) && statement_keep(s, "owner", f);
}

static bool has_columns(struct bytes head)
{
	struct csv c = {0};
	struct fault f;

	return csv_open(&c, head, &f) && among(&c, id_names) &&
		among(&c, lat_names) && among(&c, lon_names);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	if (!has_columns(in))
		return fault(f, FAULT_INPUT, "no table of stations: columns "
			"id, lat, lon are wanted");
	return statements_csv(in, o, a, to, row, f);
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	return has_columns(head) ? 50 : 0;
}

const struct format format_stations = {
	.name = "stations",
	.about = "places of sensors (CSV)",
	.sniff = sniff,
	.decode = decode,
};
