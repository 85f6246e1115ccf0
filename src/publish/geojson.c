/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geojson.c - incidents with their findings as properties (RFC 7946).
 *
 * A point a feature (null geometry where the place is not known), its region
 * of error in the properties as numbers; the order is that of the tables. */
#include "publish/tables.h"

#include "base/json.h"

enum { BUFFER = 1 << 16 };

static void findings(struct json *j, const struct event *e)
{
	json_key(j, "findings");
	json_list(j);
	for (size_t i = 0; i < e->finding_count; i++) {
		const struct finding *x = &e->finding[i];

		json_object(j);
		json_key(j, "id");
		json_text(j, x->id.text);
		json_key(j, "clause");
		json_text(j, x->clause);
		json_key(j, "verdict");
		json_text(j, verdict_name(x->verdict));
		json_key(j, "probability");
		json_list(j);
		json_fixed(j, x->lo_ppm / 1e6, 6);
		json_fixed(j, x->hi_ppm / 1e6, 6);
		json_close(j);
		json_key(j, "standard");
		json_text(j, x->standard);
		json_key(j, "party");
		json_text(j, x->party);
		json_key(j, "cause");
		json_text(j, x->cause);
		json_key(j, "status");
		json_text(j, status_name(x->status));
		json_close(j);
	}
	json_close(j);
}

static void properties(struct json *j, const struct event *e)
{
	const struct incident *i = &e->incident;
	const struct ellipse *r = &i->place.region.ellipse;

	json_key(j, "properties");
	json_object(j);
	json_key(j, "kind");
	json_text(j, kind_name(e->kind));
	json_key(j, "kind_probability");
	json_fixed(j, i->kind[e->kind], 6);
	json_key(j, "at");
	json_time(j, i->at, 6);
	json_key(j, "plus_minus_s");
	json_fixed(j, e->half_s, 3);
	json_key(j, "local");
	json_text(j, e->time);
	json_key(j, "count");
	json_object(j);
	json_key(j, "value");
	if (i->count.value < 0)
		json_null_value(j);
	else
		json_i64(j, i->count.value);
	json_key(j, "meaning");
	json_text(j, count_meaning_name(i->count.meaning));
	json_key(j, "max");
	if (i->count.max < 0)
		json_null_value(j);
	else
		json_i64(j, i->count.max);
	json_close(j);
	json_key(j, "phrase");
	json_text(j, i->phrase);
	json_key(j, "region");
	json_text(j, e->region);
	json_key(j, "level");
	json_short(j, i->place.region.level, 6);
	json_key(j, "semi_major_m");
	json_fixed(j, r->semi_major_m, 1);
	json_key(j, "semi_minor_m");
	json_fixed(j, r->semi_minor_m, 1);
	json_key(j, "azimuth_deg");
	json_fixed(j, r->azimuth_deg, 1);
	json_key(j, "means");
	json_text(j, e->means);
	json_key(j, "weapon");
	json_text(j, e->weapon);
	json_key(j, "status");
	json_text(j, status_name(i->status));
	json_key(j, "version");
	json_i64(j, i->version);
	json_key(j, "verdict");
	json_text(j, e->judged ? verdict_name(e->verdict) : NULL);
	findings(j, e);
	json_close(j);
}

static void feature(struct json *j, const struct event *e)
{
	const struct place *p = &e->incident.place;

	json_object(j);
	json_key(j, "type");
	json_text(j, "Feature");
	json_key(j, "id");
	json_text(j, e->incident.id.text);
	json_key(j, "geometry");
	if (place_known(p)) {
		json_object(j);
		json_key(j, "type");
		json_text(j, "Point");
		json_key(j, "coordinates");
		json_list(j);
		json_fixed(j, p->lon_deg, 7);
		json_fixed(j, p->lat_deg, 7);
		json_close(j);
		json_close(j);
	} else {
		json_null_value(j);
	}
	properties(j, e);
	json_close(j);
}

static bool print(const struct report *r, struct arena *a, struct sink sink,
	struct fault *f)
{
	struct text out = text_in(a, BUFFER);
	struct json j = json_on(&out);
	struct view v;

	out.sink = &sink;
	if (!report_view(r, a, &v, f))
		return false;
	json_object(&j);
	json_key(&j, "type");
	json_text(&j, "FeatureCollection");
	json_key(&j, "period");
	json_text(&j, r->now.period.label);
	json_key(&j, "publication");
	json_text(&j, level_name(r->level));
	json_key(&j, "features");
	json_list(&j);
	for (size_t i = 0; i < v.event_count; i++)
		feature(&j, &v.event[i]);
	json_close(&j);
	json_close(&j);
	text_char(&out, '\n');
	return text_flush(&out, f);
}

const struct publisher publisher_geojson = {
	.name = "geojson",
	.about = "incidents with their findings (RFC 7946)",
	.media_type = "application/geo+json",
	.suffix = "geojson",
	.print = print,
};
