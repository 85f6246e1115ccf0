/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/landmarks.h"

#include "base/json.h"

/* Nobody monitored by this before 2014. */
#define OFFSETS_FROM (INT64_C(1388534400) * 1000000000)

static void text_member(struct json *j, const char *key, const char *value)
{
	json_key_text(j, key, value && value[0] ? value : NULL);
}

static void offsets(struct json *j, const struct mission *m)
{
	json_key(j, "offsets");
	json_list(j);
	for (size_t i = 0; i < m->offset_count; i++) {
		if (i + 1 < m->offset_count &&
			m->offset[i + 1].from.utc_ns < OFFSETS_FROM)
			continue;
		json_object(j);
		json_key_time(j, "from", m->offset[i].from, 0);
		json_key_i64(j, "east_s", m->offset[i].east_s);
		text_member(j, "called", m->offset[i].abbreviation);
		json_close(j);
	}
	json_close(j);
}

/* What the agreement's lines and zones are called by their maps. */
static void called(struct json *j, const struct mission *m)
{
	json_key(j, "called");
	json_list(j);
	for (size_t i = 0; i < m->called_count; i++) {
		const struct called *c = &m->called[i];

		json_object(j);
		text_member(j, "id", c->id);
		text_member(j, "name", c->name);
		text_member(j, "name_uk", c->name_uk);
		text_member(j, "name_ru", c->name_ru);
		text_member(j, "name_fr", c->name_fr);
		json_close(j);
	}
	json_close(j);
}

void landmarks_mission(const struct api *api, int64_t newest, struct text *t)
{
	static const struct digest none;
	const struct mission *m = api->mission;
	struct json j = json_on(t);
	char hex[SHA256_HEX];

	json_object(&j);
	text_member(&j, "schema", "truce.mission/1");
	text_member(&j, "name", m->name);
	text_member(&j, "title", m->title);
	text_member(&j, "timezone", m->timezone);
	text_member(&j, "tzdata", m->tzdata);
	offsets(&j, m);
	json_key_i64(&j, "cutoff_minute", m->cutoff_minute);
	json_key(&j, "parties");
	json_list(&j);
	for (size_t i = 0; i < m->party_count; i++) {
		json_object(&j);
		text_member(&j, "id", m->party[i].id);
		text_member(&j, "name", m->party[i].name);
		json_close(&j);
	}
	json_close(&j);
	json_key(&j, "bbox");
	json_list(&j);
	json_short(&j, m->west, 7);
	json_short(&j, m->south, 7);
	json_short(&j, m->east, 7);
	json_short(&j, m->north, 7);
	json_close(&j);
	called(&j, m);
	text_member(&j, "terms_sha256",
		memcmp(&none, &api->terms, sizeof none) == 0 ? NULL
		: digest_hex(&api->terms, hex));
	json_key(&j, "index");
	if (newest < 0)
		json_null_value(&j);
	else
		json_i64(&j, newest);
	json_close(&j);
	text_char(t, '\n');
}

static void begin(struct json *j)
{
	json_object(j);
	text_member(j, "type", "FeatureCollection");
	json_key(j, "features");
	json_list(j);
}

static void end(struct json *j)
{
	json_close(j);
	json_close(j);
	text_char(j->out, '\n');
}

static void position(struct json *j, double lat, double lon)
{
	json_list(j);
	json_fixed(j, lon, 7);
	json_fixed(j, lat, 7);
	json_close(j);
}

static void point(struct json *j, double lat, double lon)
{
	json_key(j, "geometry");
	if (!(lat == lat && lon == lon)) {
		json_null_value(j);
		return;
	}
	json_object(j);
	text_member(j, "type", "Point");
	json_key(j, "coordinates");
	position(j, lat, lon);
	json_close(j);
}

void landmarks_sources(const struct mission *m, struct text *t)
{
	struct json j = json_on(t);

	begin(&j);
	for (size_t i = 0; i < m->source_count; i++) {
		const struct source *s = &m->source[i];

		json_object(&j);
		text_member(&j, "type", "Feature");
		text_member(&j, "id", s->id);
		point(&j, s->lat_deg, s->lon_deg);
		json_key(&j, "properties");
		json_object(&j);
		text_member(&j, "id", s->id);
		text_member(&j, "kind", source_kind_name(s->kind));
		json_key_short(&j, "elev_m", s->elev_m, 1);
		json_key_short(&j, "rate_hz", s->rate_hz, 3);
		text_member(&j, "owner", s->owner);
		text_member(&j, "host_party", s->host_party);
		text_member(&j, "array", s->array);
		json_key_short(&j, "position_err_m", s->position_err_m, 2);
		json_close(&j);
		json_close(&j);
	}
	end(&j);
}

static void ring(struct json *j, const struct ring *r, bool closed)
{
	json_list(j);
	for (size_t i = 0; i < r->count; i++)
		position(j, r->point[i].lat_deg, r->point[i].lon_deg);
	if (closed && r->count > 0)
		position(j, r->point[0].lat_deg, r->point[0].lon_deg);
	json_close(j);
}

static void shape(struct json *j, const struct shape *s)
{
	static const char *const roles[] = {
		"line", "zone", "basemap", "control"};
	char hex[SHA256_HEX];

	json_object(j);
	text_member(j, "type", "Feature");
	json_key(j, "geometry");
	json_object(j);
	text_member(j, "type", s->closed ? "MultiPolygon" : "MultiLineString");
	json_key(j, "coordinates");
	json_list(j);
	for (size_t i = 0; i < s->ring_count; i++) {
		if (s->closed)
			json_list(j);
		ring(j, &s->ring[i], s->closed);
		if (s->closed)
			json_close(j);
	}
	json_close(j);
	json_close(j);
	json_key(j, "properties");
	json_object(j);
	text_member(j, "role", roles[s->role]);
	text_member(j, "name", s->name);
	text_member(j, "version", s->version);
	text_member(j, "class", s->class_);
	text_member(j, "party", s->party);
	text_member(j, "sha256", digest_hex(&s->sha256, hex));
	json_close(j);
	json_close(j);
}

static void town(struct json *j, const struct town *w)
{
	json_object(j);
	text_member(j, "type", "Feature");
	point(j, w->lat_deg, w->lon_deg);
	json_key(j, "properties");
	json_object(j);
	text_member(j, "role", "town");
	text_member(j, "name", w->name);
	text_member(j, "name_uk", w->name_uk);
	text_member(j, "name_ru", w->name_ru);
	text_member(j, "name_fr", w->name_fr);
	text_member(j, "former", w->former);
	json_key(j, "population");
	if (w->population < 0)
		json_null_value(j);
	else
		json_i64(j, w->population);
	text_member(j, "control", w->control);
	json_close(j);
	json_close(j);
}

void landmarks_geometry(const struct mission *m, struct text *t)
{
	struct json j = json_on(t);

	begin(&j);
	for (size_t i = 0; i < m->shape_count; i++)
		shape(&j, &m->shape[i]);
	for (size_t i = 0; i < m->town_count; i++)
		town(&j, &m->town[i]);
	end(&j);
}
