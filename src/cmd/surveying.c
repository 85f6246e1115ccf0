/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/surveying.h"

#include <ctype.h>

#include "base/csv.h"
#include "base/json.h"
#include "base/tree.h"

static const struct tree *features(
	struct bytes in, struct arena *a, struct fault *f)
{
	const struct tree *t = NULL;

	if (!tree_read(in, a, &t, f))
		return NULL;
	t = tree_get(t, "features");
	if (!t)
		(void)fault(f, FAULT_INPUT, "no features in it");
	return t;
}

/* ':' and '-' as '_', whatever the case. */
static bool same_word(const char *a, const char *b)
{
	for (; *a && *b; a++, b++) {
		int x = tolower((unsigned char)*a);

		if ((x == ':' || x == '-' ? '_' : x) != *b)
			return false;
	}
	return *a == *b;
}

/* The first property that is called one of these (lower case, ended by
 * NULL). */
static const struct tree *property(
	const struct tree *feature, const char *const *called)
{
	const struct tree *p = tree_get(feature, "properties");

	for (; *called; called++)
		for (const struct tree *k = p ? p->first : NULL; k;
			k = k->next)
			if (k->key && same_word(k->key, *called) &&
				k->type != TREE_NULL)
				return k;
	return NULL;
}

static struct bytes own(
	const struct tree *feature, const char *const *called)
{
	const struct tree *p = property(feature, called);

	return p && p->type == TREE_TEXT ? p->text : (struct bytes){0};
}

/* -- shapes -- */

static void position(struct json *j, const struct tree *p)
{
	json_list(j);
	json_fixed(j, tree_at(p, 0) ? tree_at(p, 0)->number : 0, 7);
	json_fixed(j, tree_at(p, 1) ? tree_at(p, 1)->number : 0, 7);
	json_close(j);
}

static void coordinates(struct json *j, const struct tree *t)
{
	if (t->first && t->first->type == TREE_NUMBER) {
		position(j, t);
		return;
	}
	json_list(j);
	for (const struct tree *k = t->first; k; k = k->next)
		coordinates(j, k);
	json_close(j);
}

/* The rings of polygons as lines, one under the other. */
static void outlines(struct json *j, const struct tree *t, int depth)
{
	for (const struct tree *k = t->first; k; k = k->next)
		if (depth > 0)
			outlines(j, k, depth - 1);
		else
			coordinates(j, k);
}

static void properties(struct json *j, const struct survey *s,
	const struct tree *feature)
{
	static const char *const name[] = {"name", "title", NULL};
	static const char *const class_[] = {"class", NULL};
	static const char *const version[] = {"version", NULL};
	static const char *const party[] = {"party", NULL};
	const struct {
		const char *key, *given;
		struct bytes own;
	} p[] = {{"name", NULL, own(feature, name)},
		{"class", s->class_, own(feature, class_)},
		{"version", s->version, own(feature, version)},
		{"party", s->party, own(feature, party)}};

	json_key(j, "properties");
	json_object(j);
	json_key_text(j, "role", s->as);
	for (size_t i = 0; i < sizeof p / sizeof *p; i++) {
		if (!p[i].given && p[i].own.len == 0)
			continue;
		json_key(j, p[i].key);
		if (p[i].given)
			json_text(j, p[i].given);
		else
			json_bytes(j, p[i].own);
	}
	json_close(j);
}

static void shape(struct json *j, const struct survey *s,
	const struct tree *feature, const char *type, const struct tree *c)
{
	bool polygons = strstr(type, "Polygon") != NULL;
	bool lines = polygons && strcmp(s->as, "basemap") == 0;

	json_object(j);
	json_key_text(j, "type", "Feature");
	properties(j, s, feature);
	json_key(j, "geometry");
	json_object(j);
	json_key_text(j, "type", lines ? "MultiLineString" : type);
	json_key(j, "coordinates");
	if (lines) {
		json_list(j);
		outlines(j, c, strcmp(type, "MultiPolygon") == 0);
		json_close(j);
	} else {
		coordinates(j, c);
	}
	json_close(j);
	json_close(j);
	text_char(j->out, '\n');
}

static bool holed(const struct tree *c, bool many)
{
	for (const struct tree *p = many ? c->first : c; p; p = p->next) {
		if (p->count > 1)
			return true;
		if (!many)
			break;
	}
	return false;
}

static bool fits(const struct survey *s, const char *type,
	const struct tree *c, size_t number, struct fault *f)
{
	bool closed = strcmp(s->as, "zone") == 0 ||
		strcmp(s->as, "control") == 0;

	if (closed != (strstr(type, "Polygon") != NULL) &&
		strcmp(s->as, "basemap") != 0)
		return fault(f, FAULT_INPUT, "feature %zu is a %s; a %s wants "
			"%s", number, type, s->as,
			closed ? "polygons" : "lines");
	if (closed && holed(c, strcmp(type, "MultiPolygon") == 0))
		return fault(f, FAULT_INPUT, "feature %zu has a hole: a %s is "
			"drawn without one", number, s->as);
	return true;
}

bool survey_shapes(struct survey *s, struct bytes geojson, struct arena *a,
	struct text *out, struct fault *f)
{
	static const char *const types[] = {"LineString", "MultiLineString",
		"Polygon", "MultiPolygon"};
	const struct tree *list = features(geojson, a, f);
	struct json j = json_on(out);
	size_t number = 0;

	if (!list)
		return false;
	json_object(&j);
	json_key_text(&j, "type", "FeatureCollection");
	json_key(&j, "features");
	json_list(&j);
	for (const struct tree *k = list->first; k; k = k->next) {
		const struct tree *g = tree_get(k, "geometry");
		const struct tree *c = tree_get(g, "coordinates");
		const char *type = tree_text(g, "type");
		size_t i = 0;

		number++;
		while (type && i < 4 && strcmp(type, types[i]) != 0)
			i++;
		if (!type || !c || !c->first || i == 4) {
			s->left++;
			continue;
		}
		if (!fits(s, type, c, number, f))
			return false;
		shape(&j, s, k, type, c);
		s->taken++;
	}
	json_close(&j);
	json_close(&j);
	text_char(out, '\n');
	return s->taken > 0 || fault(f, FAULT_INPUT, "no line and no polygon "
		"in it (%zu features)", number);
}

/* -- places -- */

/* Always quoted: a comma, a quote or a line's end may stand in a name. */
static void cell(struct text *t, struct bytes b)
{
	if (b.len == 0)
		return;
	text_char(t, '"');
	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] == '"')
			text_char(t, '"');
		text_char(t, b.at[i] < ' ' ? ' ' : (char)b.at[i]);
	}
	text_char(t, '"');
}

static void place(struct text *t, const struct survey *s,
	const struct tree *feature, const struct tree *at)
{
	static const char *const names[][6] = {
		{"name", "name_en", "nameascii", NULL},
		{"name_uk", "name_ukr", NULL}, {"name_ru", "name_rus", NULL},
		{"name_fr", NULL}, {"former", "old_name", NULL}};
	static const char *const people[] = {
		"population", "pop", "pop_max", "pop_est", NULL};
	static const char *const control[] = {"control", NULL};
	const struct tree *p = property(feature, people);
	struct fault why;
	int64_t n;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		cell(t, own(feature, names[i]));
		text_char(t, ',');
	}
	text_fmt(t, "%.6f,%.6f,", tree_at(at, 1)->number,
		tree_at(at, 0)->number);
	if (p && p->type == TREE_NUMBER && p->number >= 0)
		text_fmt(t, "%.0f", p->number);
	else if (p && p->type == TREE_TEXT &&
		integer_read(p->text, &n, &why) && n >= 0)
		text_fmt(t, "%lld", (long long)n);
	text_char(t, ',');
	cell(t, s->party ? bytes_of(s->party) : own(feature, control));
	text_char(t, '\n');
}

bool survey_places(struct survey *s, struct bytes geojson, struct arena *a,
	struct text *out, struct fault *f)
{
	static const char *const name[] = {
		"name", "name_en", "nameascii", NULL};
	const struct tree *list = features(geojson, a, f);

	if (!list)
		return false;
	text_add(out, "name,name_uk,name_ru,name_fr,former,lat,lon,"
		"population,control\n");
	for (const struct tree *k = list->first; k; k = k->next) {
		const struct tree *g = tree_get(k, "geometry");
		const struct tree *c = tree_get(g, "coordinates");
		const char *type = tree_text(g, "type");

		if (!type || strcmp(type, "Point") != 0 || !tree_at(c, 1) ||
			own(k, name).len == 0) {
			s->left++;
			continue;
		}
		place(out, s, k, c);
		s->taken++;
	}
	return s->taken > 0 ||
		fault(f, FAULT_INPUT, "no point with a name in it");
}
