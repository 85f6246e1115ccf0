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
		json_key_text(j, "id", x->id.text);
		json_key_text(j, "clause", x->clause);
		json_key_text(j, "verdict", verdict_name(x->verdict));
		json_key(j, "probability");
		json_list(j);
		json_fixed(j, x->lo_ppm / 1e6, 6);
		json_fixed(j, x->hi_ppm / 1e6, 6);
		json_close(j);
		json_key_text(j, "standard", x->standard);
		json_key_text(j, "party", x->party);
		json_key_text(j, "cause", x->cause);
		json_key_text(j, "status", status_name(x->status));
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
	json_key_text(j, "kind", kind_name(e->kind));
	json_key_fixed(j, "kind_probability", i->kind[e->kind], 6);
	json_key_time(j, "at", i->at, 6);
	json_key_fixed(j, "plus_minus_s", e->half_s, 3);
	json_key_text(j, "local", e->time);
	json_key(j, "count");
	json_object(j);
	json_key(j, "value");
	if (i->count.value < 0)
		json_null_value(j);
	else
		json_i64(j, i->count.value);
	json_key_text(j, "meaning", count_meaning_name(i->count.meaning));
	json_key(j, "max");
	if (i->count.max < 0)
		json_null_value(j);
	else
		json_i64(j, i->count.max);
	json_close(j);
	json_key_text(j, "phrase", i->phrase);
	json_key_text(j, "region", e->region);
	json_key_short(j, "level", i->place.region.level, 6);
	json_key_fixed(j, "semi_major_m", r->semi_major_m, 1);
	json_key_fixed(j, "semi_minor_m", r->semi_minor_m, 1);
	json_key_fixed(j, "azimuth_deg", r->azimuth_deg, 1);
	json_key_text(j, "means", e->means);
	json_key_text(j, "weapon", e->weapon);
	json_key_text(j, "status", status_name(i->status));
	json_key_i64(j, "version", i->version);
	json_key_text(j, "verdict", e->judged ? verdict_name(e->verdict) :
		NULL);
	findings(j, e);
	json_close(j);
}

static void feature(struct json *j, const struct event *e)
{
	const struct place *p = &e->incident.place;

	json_object(j);
	json_key_text(j, "type", "Feature");
	json_key_text(j, "id", e->incident.id.text);
	json_key(j, "geometry");
	if (place_known(p)) {
		json_object(j);
		json_key_text(j, "type", "Point");
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
	json_key_text(&j, "type", "FeatureCollection");
	json_key_text(&j, "period", r->now.period.label);
	json_key_text(&j, "publication", level_name(r->level));
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
