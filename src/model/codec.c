/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/codec.h"

#include "base/json.h"

#include <string.h>

struct name { /* "prefix.member" */
	char text[80];
};

static struct name join(const char *prefix, const char *member)
{
	struct name n;
	struct text t = text_on(n.text, sizeof n.text);

	text_add(&t, prefix);
	text_char(&t, '.');
	text_add(&t, member);
	return n;
}

static void write_json(struct fields *s, const char *name, struct text *t)
{
	if (t->full) {
		struct fault f = {0};

		if (s->why.kind == FAULT_NONE && !text_check(t, &f)) {
			s->why = f;
			fault_in(&s->why, "%s", name);
		}
		return;
	}
	fields_json(s, name, text_view(t));
}

static void ring_json(struct json *j, const struct ring *r)
{
	json_list(j);
	for (size_t i = 0; r->count > 0 && i <= r->count; i++) {
		json_list(j); /* GeoJSON closes its rings; lon, lat */
		json_fixed(j, r->point[i % r->count].lon_deg, 7);
		json_fixed(j, r->point[i % r->count].lat_deg, 7);
		json_close(j);
	}
	json_close(j);
}

static void write_rings(
	struct fields *s, const char *name, const struct region *r)
{
	struct text t = text_in(s->arena, CODEC_VALUE_MAX);
	struct json j = json_on(&t);

	json_object(&j);
	json_key(&j, "coordinates");
	json_list(&j);
	for (size_t i = 0; i < r->ring_count; i++) {
		if (r->ring_count > 1)
			json_list(&j);
		ring_json(&j, &r->ring[i]);
		if (r->ring_count > 1)
			json_close(&j);
	}
	json_close(&j);
	json_key_text(&j, "type", r->ring_count > 1 ? "MultiPolygon" :
		"Polygon");
	json_close(&j);
	write_json(s, name, &t);
}

static void write_cells(
	struct fields *s, const char *name, const struct region *r)
{
	struct text t = text_in(s->arena, CODEC_VALUE_MAX);
	struct json j = json_on(&t);

	json_list(&j);
	for (size_t i = 0; i < r->cell_count && i < REGION_CELLS_MAX; i++) {
		json_list(&j);
		json_fixed(&j, r->cell[i].lat_deg, 7);
		json_fixed(&j, r->cell[i].lon_deg, 7);
		json_fixed(&j, r->cell[i].half_side_m, 1);
		json_fixed(&j, r->cell[i].share, 6);
		json_close(&j);
	}
	json_close(&j);
	write_json(s, name, &t);
}

void write_place(struct fields *s, const char *prefix, const struct place *p)
{
	const struct region *r = &p->region;
	bool known = place_known(p);

	fields_fixed(s, join(prefix, "lat").text, p->lat_deg, 7);
	fields_fixed(s, join(prefix, "lon").text, p->lon_deg, 7);
	fields_fixed(s, join(prefix, "alt_m").text, p->alt_m, 1);
	if (!known && r->ring_count == 0) {
		fields_null(s, join(prefix, "region").text);
		return;
	}
	fields_fixed(s, join(prefix, "region.level").text, r->level, 2);
	fields_fixed(s, join(prefix, "region.ellipse.semi_major_m").text,
		r->ellipse.semi_major_m, 1);
	fields_fixed(s, join(prefix, "region.ellipse.semi_minor_m").text,
		r->ellipse.semi_minor_m, 1);
	fields_fixed(s, join(prefix, "region.ellipse.azimuth_deg").text,
		isfinite(r->ellipse.semi_major_m)
			? r->ellipse.azimuth_deg : NAN, 1);
	if (r->ring_count > 0)
		write_rings(s, join(prefix, "region.geojson").text, r);
	else
		fields_null(s, join(prefix, "region.geojson").text);
	if (r->cell_count > 0)
		write_cells(s, join(prefix, "cells").text, r);
}

static bool read_ring(const struct tree *t, struct arena *a, struct ring *out,
	struct fault *f)
{
	struct point *p;
	size_t n = t ? t->count : 0, i = 0;

	*out = (struct ring){0};
	if (n == 0)
		return true;
	if (!(p = arena_array(a, n, sizeof *p, f)))
		return false;
	for (const struct tree *k = t->first; k; k = k->next, i++) {
		const struct tree *lon = tree_at(k, 0), *lat = tree_at(k, 1);

		if (!lon || !lat || !isfinite(lon->number + lat->number))
			return fault(f, FAULT_INPUT,
				"a ring's point %zu is not [lon, lat]", i);
		p[i] = (struct point){lat->number, lon->number};
	}
	if (n > 1 && p[0].lat_deg == p[n - 1].lat_deg &&
		p[0].lon_deg == p[n - 1].lon_deg)
		n--;
	*out = (struct ring){p, n};
	return true;
}

static bool read_rings(const struct tree *geo, struct arena *a,
	struct region *r, struct fault *f)
{
	const struct tree *c = tree_get(geo, "coordinates");
	const char *type = tree_text(geo, "type");
	bool many = type && strcmp(type, "MultiPolygon") == 0;
	struct ring *ring;
	size_t n = c ? c->count : 0, i = 0;

	if (n == 0)
		return true;
	if (!(ring = arena_array(a, n, sizeof *ring, f)))
		return false;
	for (const struct tree *k = c->first; k; k = k->next, i++)
		if (!read_ring(many ? tree_at(k, 0) : k, a, &ring[i], f))
			return false;
	r->ring = ring;
	r->ring_count = n;
	return true;
}

static bool read_cells(const struct tree *t, struct arena *a,
	struct region *r, struct fault *f)
{
	struct cell *cell;
	size_t i = 0;

	if (!t || t->count == 0)
		return true;
	if (t->count > REGION_CELLS_MAX)
		return fault(f, FAULT_LIMIT, "%zu cells, at most %d", t->count,
			REGION_CELLS_MAX);
	if (!(cell = arena_array(a, t->count, sizeof *cell, f)))
		return false;
	for (const struct tree *k = t->first; k; k = k->next, i++) {
		const struct tree *v[4] = {tree_at(k, 0), tree_at(k, 1),
			tree_at(k, 2), tree_at(k, 3)};

		if (!v[0] || !v[1] || !v[2] || !v[3])
			return fault(f, FAULT_INPUT, "cell %zu", i);
		cell[i] = (struct cell){v[0]->number, v[1]->number,
			v[2]->number, v[3]->number};
	}
	r->cell = cell;
	r->cell_count = t->count;
	return true;
}

static double or_infinite(double v)
{
	return isfinite(v) ? v : INFINITY;
}

bool read_place(const struct tree *t, struct arena *a, struct place *p,
	struct fault *f)
{
	const struct tree *r = tree_get(t, "region");
	const struct tree *e = tree_get(r, "ellipse");
	double azimuth = tree_number(e, "azimuth_deg");

	*p = PLACE_UNKNOWN;
	p->lat_deg = tree_number(t, "lat");
	p->lon_deg = tree_number(t, "lon");
	p->alt_m = tree_number(t, "alt_m");
	if (place_known(p) && (fabs(p->lat_deg) > 90 || fabs(p->lon_deg) > 180))
		return fault(f, FAULT_INPUT, "place %.7f, %.7f is not on Earth",
			p->lat_deg, p->lon_deg);
	if (isfinite(tree_number(r, "level")))
		p->region.level = tree_number(r, "level");
	p->region.ellipse.semi_major_m =
		or_infinite(tree_number(e, "semi_major_m"));
	p->region.ellipse.semi_minor_m =
		or_infinite(tree_number(e, "semi_minor_m"));
	p->region.ellipse.azimuth_deg = isfinite(azimuth) ? azimuth : 0;
	return read_rings(tree_get(r, "geojson"), a, &p->region, f) &&
		read_cells(tree_get(t, "cells"), a, &p->region, f);
}

void write_count(struct fields *s, const char *prefix, struct count c)
{
	fields_text(s, join(prefix, "meaning").text,
		count_meaning_name(c.meaning));
	if (c.value >= 0)
		fields_i64(s, join(prefix, "value").text, c.value);
	else
		fields_null(s, join(prefix, "value").text);
	if (c.meaning == COUNT_RANGE && c.max >= 0)
		fields_i64(s, join(prefix, "max").text, c.max);
}

bool read_count(const struct tree *t, struct count *c, struct fault *f)
{
	int meaning;

	*c = COUNT_NOT_STATED;
	if (!t || t->type == TREE_NULL)
		return true;
	if (!read_word(t, "meaning", count_meaning_named, &meaning, f))
		return false;
	c->meaning = (enum count_meaning)meaning;
	c->value = tree_i64(t, "value", COUNT_UNKNOWN);
	c->max = tree_i64(t, "max", COUNT_UNKNOWN);
	return true;
}

void write_features(struct fields *s, const char *name,
	const struct feature *x, size_t count)
{
	struct text t = text_in(s->arena, 128 * count + 16);
	struct json j = json_on(&t);

	json_object(&j);
	for (size_t i = 0; i < count; i++)
		json_key_short(&j, x[i].name, x[i].value, 9);
	json_close(&j);
	write_json(s, name, &t);
}

bool read_features(const struct tree *t, struct arena *a,
	const struct feature **out, size_t *count, struct fault *f)
{
	struct feature *x;
	size_t i = 0;

	*out = NULL;
	*count = 0;
	if (!t || t->type != TREE_OBJECT || t->count == 0)
		return true;
	if (!(x = arena_array(a, t->count, sizeof *x, f)))
		return false;
	for (const struct tree *k = t->first; k; k = k->next, i++) {
		x[i].name = arena_text(a, bytes_of(k->key), f);
		x[i].value = k->number;
		if (!x[i].name)
			return false;
	}
	*out = x;
	*count = t->count;
	return true;
}

static size_t texts_room(const struct attribute *x, size_t count)
{
	size_t n = 16;

	for (size_t i = 0; i < count; i++)
		n += 6 * (strlen(x[i].name) + strlen(x[i].text)) + 8;
	return n;
}

void write_attributes(struct fields *s, const char *name,
	const struct attribute *x, size_t count)
{
	struct text t = text_in(s->arena, texts_room(x, count));
	struct json j = json_on(&t);

	json_object(&j);
	for (size_t i = 0; i < count; i++)
		json_key_text(&j, x[i].name, x[i].text);
	json_close(&j);
	write_json(s, name, &t);
}

bool read_attributes(const struct tree *t, struct arena *a,
	const struct attribute **out, size_t *count, struct fault *f)
{
	struct attribute *x;
	size_t n = 0;

	*out = NULL;
	*count = 0;
	if (!t || t->type != TREE_OBJECT || t->count == 0)
		return true;
	if (!(x = arena_array(a, t->count, sizeof *x, f)))
		return false;
	for (const struct tree *k = t->first; k; k = k->next) {
		if (k->type != TREE_TEXT)
			continue;
		x[n].name = arena_text(a, bytes_of(k->key), f);
		x[n].text = arena_text(a, k->text, f);
		if (!x[n].name || !x[n].text)
			return false;
		n++;
	}
	*out = x;
	*count = n;
	return true;
}

void write_texts(struct fields *s, const char *name, const char *const *x,
	size_t count)
{
	size_t room = 16;
	struct text t;
	struct json j;

	for (size_t i = 0; i < count; i++)
		room += 6 * strlen(x[i]) + 4;
	t = text_in(s->arena, room);
	j = json_on(&t);
	json_list(&j);
	for (size_t i = 0; i < count; i++)
		json_text(&j, x[i]);
	json_close(&j);
	write_json(s, name, &t);
}

bool read_texts(const struct tree *t, struct arena *a,
	const char *const **out, size_t *count, struct fault *f)
{
	const char **x;
	size_t n = 0;

	*out = NULL;
	*count = 0;
	if (!t || t->type != TREE_LIST || t->count == 0)
		return true;
	if (!(x = arena_array(a, t->count, sizeof *x, f)))
		return false;
	for (const struct tree *k = t->first; k; k = k->next) {
		if (k->type != TREE_TEXT)
			return fault(f, FAULT_INPUT, "a list of texts holds "
				"something else");
		if (!(x[n++] = arena_text(a, k->text, f)))
			return false;
	}
	*out = x;
	*count = n;
	return true;
}

void write_cite(struct fields *s, const char *prefix, const struct cite *c)
{
	char hex[SHA256_HEX];

	fields_text(s, join(prefix, "blob").text, digest_hex(&c->blob, hex));
	fields_i64(s, join(prefix, "offset").text, (int64_t)c->offset);
	fields_i64(s, join(prefix, "length").text, (int64_t)c->length);
}

static int hex_digit(char c)
{
	const char *at = c ? strchr("0123456789abcdef", c) : NULL;

	return at ? (int)(at - "0123456789abcdef") : -1;
}

bool read_cite(const struct tree *t, struct cite *c, struct fault *f)
{
	const char *hex = tree_text(t, "blob");

	*c = (struct cite){0};
	if (!t || t->type == TREE_NULL)
		return true;
	if (!hex || strlen(hex) != 2 * SHA256_LEN)
		return fault(f, FAULT_INPUT, "cite without a blob");
	for (size_t i = 0; i < 2 * SHA256_LEN; i++) {
		int d = hex_digit(hex[i]);

		if (d < 0)
			return fault(f, FAULT_INPUT, "blob is not hex");
		c->blob.at[i / 2] = (uint8_t)(c->blob.at[i / 2] << 4 | d);
	}
	c->offset = (uint64_t)tree_i64(t, "offset", 0);
	c->length = (uint64_t)tree_i64(t, "length", 0);
	return true;
}

bool read_text(const struct tree *t, const char *key, struct arena *a,
	const char **out, struct fault *f)
{
	const char *s = tree_text(t, key);

	*out = s ? arena_text(a, bytes_of(s), f) : "";
	return *out != NULL;
}

bool read_id(
	const struct tree *t, const char *key, struct id *id, struct fault *f)
{
	const char *s = tree_text(t, key);

	if (!s || !*s) {
		*id = (struct id){0};
		return true;
	}
	if (!id_read(s, id))
		return fault(f, FAULT_INPUT, "%s: '%.40s' is no id", key, s);
	return true;
}

bool read_word(const struct tree *t, const char *key,
	int (*named)(const char *), int *out, struct fault *f)
{
	const char *s = tree_text(t, key);

	*out = named(s);
	if (*out >= 0)
		return true;
	return fault(f, FAULT_INPUT, "%s: '%.40s' is not a word of it", key,
		s ? s : "");
}
