/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "feeds/mission.h"

#include <math.h>
#include <stdarg.h>

#include "base/csv.h"
#include "base/encode.h"
#include "base/words.h"
#include "feeds/shapes.h"
#include "feeds/yaml.h"
#include "feeds/zone.h"

struct load {
	const char *folder;
	struct arena *arena;
	struct mission *out;
	struct complaints *c;
	struct fault *f;
};

/* "line 3, column 5: what": the place that a reader put in front of its
 * sentence; the sentence after it. */
static const char *place_in(const char *s, size_t *line, size_t *column)
{
	static const char *const word[] = {"line ", ", column "};
	size_t n[2] = {0, 0};
	const char *at = s;

	for (int i = 0; i < 2; i++) {
		const char *digit;

		if (strncmp(at, word[i], strlen(word[i])) != 0)
			break;
		digit = at += strlen(word[i]);
		for (; *at >= '0' && *at <= '9' && at - digit < 12; at++)
			n[i] = 10 * n[i] + (size_t)(*at - '0');
	}
	if (n[0] == 0 || strncmp(at, ": ", 2) != 0)
		return s;
	*line = n[0];
	*column = n[1];
	return at + 2;
}

void complain(struct complaints *c, const char *file, size_t line,
	size_t column, const char *fmt, ...)
{
	char at[512];
	const char *text = at;
	struct fault f;
	va_list ap;
	struct complaint *x;

	if (!c->list)
		c->list = arena_array(
			c->arena, COMPLAINTS_MAX, sizeof *c->list, &f);
	if (!c->list || c->count == COMPLAINTS_MAX)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(at, sizeof at, fmt, ap);
	va_end(ap);
	if (line == 0)
		text = place_in(at, &line, &column);
	x = &c->list[c->count];
	x->file = arena_text(c->arena, bytes_of(file), &f);
	x->line = line;
	x->column = column;
	x->text = arena_text(c->arena, bytes_of(text), &f);
	if (x->file && x->text)
		c->count++;
}

#define YAML_FILE "mission.yaml"

/* The keys of mission.yaml; anything else is a complaint. */
static const struct {
	const char *key;
	enum yaml_type type;
	bool needed;
} schema[] = {
	{"name", YAML_SCALAR, true},
	{"title", YAML_SCALAR, false},
	{"timezone", YAML_SCALAR, true},
	{"cutoff", YAML_SCALAR, false},
	{"weekend_joins", YAML_SCALAR, false},
	{"exercise", YAML_SCALAR, false},
	{"languages", YAML_LIST, false},
	{"area", YAML_MAP, true},
	{"parties", YAML_LIST, true},
	{"agreement", YAML_SCALAR, false},
	{"pledges", YAML_SCALAR, false},
	{"sensors", YAML_SCALAR, false},
	{"gazetteer", YAML_SCALAR, false},
	{"control_at", YAML_SCALAR, false},
	{"geometry", YAML_LIST, false},
	{"publication", YAML_MAP, false},
	{"yields_kg", YAML_LIST, false},
	{"retention", YAML_MAP, false},
};

static const char *const type_names[] = {"a word", "a list", "a map"};

static const char *nearest(const char *word)
{
	const char *best = schema[0].key;

	for (size_t i = 1; i < sizeof schema / sizeof *schema; i++)
		if (words_apart(word, schema[i].key) < words_apart(word, best))
			best = schema[i].key;
	return best;
}

static void check_keys(struct load *l, const struct yaml *y)
{
	enum { N = sizeof schema / sizeof *schema };

	for (const struct yaml *k = y->first; k; k = k->next) {
		size_t i = 0;

		while (i < N && strcmp(schema[i].key, k->key) != 0)
			i++;
		if (i == N)
			complain(l->c, YAML_FILE, k->line, k->column,
				"unknown key '%s'; did you mean '%s'?", k->key,
				nearest(k->key));
		else if (k->type != schema[i].type)
			complain(l->c, YAML_FILE, k->line, k->column,
				"%s is %s, wants %s", k->key,
				type_names[k->type],
				type_names[schema[i].type]);
	}
	for (size_t i = 0; i < N; i++)
		if (schema[i].needed && !yaml_get(y, schema[i].key))
			complain(l->c, YAML_FILE, y->line, 1,
				"'%s' is missing", schema[i].key);
}

static const char *word(
	const struct yaml *y, const char *key, const char *otherwise)
{
	const struct yaml *k = yaml_get(y, key);

	return k && k->type == YAML_SCALAR ? k->text : otherwise;
}

static double number(struct load *l, const struct yaml *k, double lo,
	double hi, const char *what)
{
	struct fault f = {0};
	double v = NAN;

	if (!k || k->type != YAML_SCALAR ||
		!number_read(bytes_of(k->text), &v, &f) || !(v >= lo) ||
		!(v <= hi)) {
		complain(l->c, YAML_FILE, k ? k->line : 1, k ? k->column : 1,
			"%s: '%s', wants a number from %g to %g", what,
			k && k->text ? k->text : "", lo, hi);
		return NAN;
	}
	return v;
}

static void load_area(struct load *l, const struct yaml *y)
{
	static const char *const names[] = {"west", "south", "east", "north"};
	const struct yaml *area = yaml_get(y, "area");
	const struct yaml *box = yaml_get(area, "bbox"), *k;
	double v[4] = {NAN, NAN, NAN, NAN};
	size_t i = 0;

	if (!area)
		return;
	if (!box || box->type != YAML_LIST || box->count != 4) {
		complain(l->c, YAML_FILE, area->line, area->column,
			"area wants bbox: [west, south, east, north]");
		return;
	}
	for (k = box->first; k; k = k->next, i++)
		v[i] = number(l, k, i % 2 ? -90 : -180, i % 2 ? 90 : 180,
			names[i]);
	if (v[1] >= v[3])
		complain(l->c, YAML_FILE, box->line, box->column,
			"south %g lies north of north %g", v[1], v[3]);
	if (v[0] >= v[2])
		complain(l->c, YAML_FILE, box->line, box->column,
			"west %g lies east of east %g", v[0], v[2]);
	l->out->west = v[0];
	l->out->south = v[1];
	l->out->east = v[2];
	l->out->north = v[3];
}

static void load_cutoff(struct load *l, const struct yaml *y)
{
	const struct yaml *k = yaml_get(y, "cutoff");
	struct bytes b = bytes_of(word(y, "cutoff", "19:30"));
	int64_t h = -1, m = -1;
	struct fault f;

	l->out->cutoff_minute = 19 * 60 + 30;
	if (b.len == 5 && b.at[2] == ':' &&
		integer_read(bytes_part(b, 0, 2), &h, &f) &&
		integer_read(bytes_part(b, 3, 2), &m, &f) && h >= 0 &&
		h < 24 && m >= 0 && m < 60)
		l->out->cutoff_minute = (int)(h * 60 + m);
	else
		complain(l->c, YAML_FILE, k ? k->line : 1, k ? k->column : 1,
			"cutoff '%.*s', wants local time like \"19:30\"",
			(int)b.len, (const char *)b.at);
}

static void load_parties(struct load *l, const struct yaml *y)
{
	const struct yaml *list = yaml_get(y, "parties");

	for (const struct yaml *k = list && list->type == YAML_LIST
			? list->first : NULL; k; k = k->next) {
		const char *id = word(k, "id", NULL);
		const char *name = word(k, "name", NULL);

		if (!id || !*id || !name) {
			complain(l->c, YAML_FILE, k->line, k->column,
				"a party wants {id: A, name: Party A}");
			continue;
		}
		if (l->out->party_count == PARTIES_MAX) {
			complain(l->c, YAML_FILE, k->line, k->column,
				"more than %d parties", PARTIES_MAX);
			return;
		}
		l->out->party[l->out->party_count++] =
			(struct party){id, name};
	}
}

static bool load_zone(struct load *l, const struct yaml *y)
{
	const struct yaml *k = yaml_get(y, "timezone");
	struct fault f = {0};

	l->out->timezone = word(y, "timezone", "UTC");
	if (zone_load(l->out->timezone, l->arena, &l->out->offset,
		&l->out->offset_count, &l->out->tzdata, &f))
		return true;
	if (f.kind != FAULT_INPUT) {
		*l->f = f;
		return false;
	}
	complain(l->c, YAML_FILE, k ? k->line : 1, k ? k->column : 1, "%s",
		f.text);
	return true;
}

static bool load_yaml(struct load *l, const struct yaml **out)
{
	const char *path = path_join(l->arena, l->folder, YAML_FILE, l->f);
	const struct yaml *y;
	struct fault f = {0};
	struct bytes in;

	*out = NULL;
	if (!path)
		return false;
	if (!file_exists(path)) {
		complain(l->c, YAML_FILE, 0, 0, "%s has no mission.yaml; "
			"`truce init DIR` makes a mission folder", l->folder);
		return true;
	}
	if (!file_read(path, l->arena, &in, l->f))
		return false;
	if (!yaml_read(in, l->arena, &y, &f)) {
		complain(l->c, YAML_FILE, 0, 0, "%s", f.text);
		return true;
	}
	if (!y || y->type != YAML_MAP) {
		complain(l->c, YAML_FILE, 1, 1, "wants keys and values");
		return true;
	}
	check_keys(l, y);
	*out = y;
	return true;
}

static void load_yields(struct load *l, const struct yaml *y)
{
	const struct yaml *list = yaml_get(y, "yields_kg");
	struct mission *m = l->out;

	for (const struct yaml *k = list ? list->first : NULL; k;
		k = k->next) {
		double kg = number(l, k, 0.01, 10000, "yields_kg");

		if (m->yield_count == MISSION_YIELDS || (m->yield_count > 0 &&
				kg <= m->yield_kg[m->yield_count - 1])) {
			complain(l->c, YAML_FILE, k->line, k->column,
				"yields_kg: wants at most %d, ascending",
				MISSION_YIELDS);
			return;
		}
		m->yield_kg[m->yield_count++] = kg;
	}
}

/* A day: what is laid before a party at night is answered by the same hour. */
enum { REPLY_H = 24, REPLY_H_MOST = 720 };

static void load_reply(struct load *l, const struct yaml *k)
{
	double h = k ? number(l, k, 0, REPLY_H_MOST, "reply_h") : REPLY_H;

	if (h == floor(h))
		l->out->reply_h = (int)h;
	else if (k && isfinite(h))
		complain(l->c, YAML_FILE, k->line, k->column,
			"reply_h '%s', wants whole hours", k->text);
}

/* true or false; false where it is not given. */
static bool flag(struct load *l, const struct yaml *y, const char *key)
{
	const char *says = word(y, key, "false");

	if (strcmp(says, "true") != 0 && strcmp(says, "false") != 0)
		complain(l->c, YAML_FILE, yaml_get(y, key)->line,
			yaml_get(y, key)->column, "%s '%s', wants true or "
			"false", key, says);
	return strcmp(says, "true") == 0;
}

static bool load_values(struct load *l, const struct yaml *y)
{
	struct mission *m = l->out;
	const struct yaml *cell =
		yaml_get(yaml_get(y, "publication"), "public_cell_m");
	struct fault f;

	m->name = word(y, "name", "");
	m->title = word(y, "title", m->name);
	m->agreement = word(y, "agreement", "agreement.terms");
	m->pledges = word(y, "pledges", "pledges.pledges");
	m->weekend_joins = flag(l, y, "weekend_joins");
	m->exercise = flag(l, y, "exercise");
	if (cell)
		m->public_cell_m = number(
			l, cell, 100, 100000, "public_cell_m");
	load_reply(l, yaml_get(yaml_get(y, "publication"), "reply_h"));
	if (yaml_get(y, "control_at") &&
		!instant_parse(bytes_of(word(y, "control_at", "")), true,
			&m->control_at, &f))
		complain(l->c, YAML_FILE, yaml_get(y, "control_at")->line,
			yaml_get(y, "control_at")->column, "control_at: %s",
			f.text);
	load_area(l, y);
	load_cutoff(l, y);
	load_parties(l, y);
	load_yields(l, y);
	return load_zone(l, y);
}

/* Opens a CSV file of the mission; *there false when it does not exist. */
static bool table_open(struct load *l, const char *name, struct csv *t,
	bool *there)
{
	const char *path = path_join(l->arena, l->folder, name, l->f);
	struct fault f = {0};
	struct bytes in;

	*there = false;
	if (!path)
		return false;
	if (!file_exists(path))
		return true;
	if (!file_read(path, l->arena, &in, l->f))
		return false;
	if (!csv_open(t, in, &f)) {
		complain(l->c, name, 1, 1, "%s", f.text);
		return true;
	}
	*there = true;
	return true;
}

struct cell_of { /* reads one row's cells, complaining as it goes */
	struct load *l;
	const char *file;
	struct csv *t;
};

static const char *cell_text(struct cell_of *x, const char *column)
{
	const char *s = csv_text(
		x->t, csv_column(x->t, column), x->l->arena, x->l->f);

	return s ? s : "";
}

/* So many bytes in hex, or nothing. */
static const char *cell_hex(struct cell_of *x, const char *column, size_t n)
{
	const char *s = cell_text(x, column);
	uint8_t at[32];
	struct fault f = {0};

	assert(n <= sizeof at);
	if (*s && !hex_read(bytes_of(s), at, n, &f))
		complain(x->l->c, x->file, x->t->line, 0,
			"%s '%.80s', wants %zu hex digits or nothing", column,
			s, 2 * n);
	return s;
}

static double cell_number(
	struct cell_of *x, const char *column, double lo, double hi)
{
	struct bytes b = csv_field(x->t, csv_column(x->t, column));
	struct fault f = {0};
	double v;

	if (b.len == 0)
		return NAN;
	if (number_read(b, &v, &f) && v >= lo && v <= hi)
		return v;
	complain(x->l->c, x->file, x->t->line, 0,
		"%s: '%.*s', wants a number from %g to %g or nothing", column,
		(int)(b.len < 60 ? b.len : 60), (const char *)b.at, lo, hi);
	return NAN;
}

static bool sensor_row(struct cell_of *x, struct source *s)
{
	const char *kind = cell_text(x, "kind");
	const char *installed = cell_text(x, "installed");
	struct fault f = {0};
	int k = source_kind_named(kind);

	*s = (struct source){.installed = INSTANT_UNKNOWN};
	s->id = cell_text(x, "id");
	if (!*s->id) {
		complain(x->l->c, x->file, x->t->line, 0, "a row without id");
		return false;
	}
	if (k < 0)
		complain(x->l->c, x->file, x->t->line, 0,
			"kind '%.40s', wants acoustic, infrasound, seismic, "
			"drone, satellite, camera, patrol, party, weather or "
			"other", kind);
	s->kind = k < 0 ? SOURCE_OTHER : (enum source_kind)k;
	s->lat_deg = cell_number(x, "lat", -90, 90);
	s->lon_deg = cell_number(x, "lon", -180, 180);
	s->elev_m = cell_number(x, "elev_m", -500, 9000);
	s->rate_hz = cell_number(x, "rate_hz", 1e-6, 1e6);
	s->sensitivity = cell_number(x, "sensitivity", -1e15, 1e15);
	s->position_err_m = cell_number(x, "position_err_m", 0, 1e6);
	s->owner = cell_text(x, "owner");
	s->host_party = cell_text(x, "host_party");
	s->public_key = cell_hex(x, "public_key", 32);
	s->frame_id = cell_hex(x, "frame_id", 16);
	s->array = cell_text(x, "array");
	if (*installed && !instant_parse(bytes_of(installed), true,
				&s->installed, &f))
		complain(x->l->c, x->file, x->t->line, 0, "installed: %s",
			f.text);
	if (s->kind <= SOURCE_SEISMIC && !isfinite(s->lat_deg + s->lon_deg))
		complain(x->l->c, x->file, x->t->line, 0,
			"%s %s has no lat and lon", kind, s->id);
	return true;
}

/* Where each id stands, to say where it stands again. */
struct id_line {
	const char *id;
	size_t line;
};

static int by_id_line(const void *a, const void *b)
{
	const struct id_line *x = a, *y = b;
	int d = strcmp(x->id, y->id);

	return d ? d : (x->line > y->line) - (x->line < y->line);
}

static void check_twice(
	struct load *l, const char *file, struct id_line *list, size_t n)
{
	if (n > 0)
		qsort(list, n, sizeof *list, by_id_line);
	for (size_t i = 1; i < n; i++)
		if (strcmp(list[i - 1].id, list[i].id) == 0)
			complain(l->c, file, list[i].line, 0,
				"source %s is given twice, first in line %zu",
				list[i].id, list[i - 1].line);
}

static int by_id(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	return strcmp(x->id, y->id);
}

static size_t lines_in(struct bytes b)
{
	size_t n = 1;

	for (size_t i = 0; i < b.len; i++)
		n += b.at[i] == '\n';
	return n;
}

static bool load_sensors(struct load *l, const char *file)
{
	struct csv t;
	struct cell_of x = {l, file, &t};
	struct source *s;
	struct id_line *at;
	size_t n = 0;
	bool there;

	if (!table_open(l, file, &t, &there))
		return false;
	if (!there) {
		complain(l->c, file, 0, 0, "there is no such file");
		return true;
	}
	if (csv_column(&t, "id") < 0 || csv_column(&t, "kind") < 0)
		complain(l->c, file, 1, 1,
			"the header wants at least id, kind, lat, lon");
	if (!(s = arena_array(l->arena, lines_in(t.in), sizeof *s, l->f)) ||
		!(at = arena_array(
			  l->arena, lines_in(t.in), sizeof *at, l->f)))
		return false;
	while (!csv_done(&t)) {
		struct fault f = {0};

		if (!csv_row(&t, &f))
			complain(l->c, file, t.line, 0, "%s", f.text);
		else if (t.fields > 0 && sensor_row(&x, &s[n])) {
			at[n] = (struct id_line){s[n].id, t.line};
			n++;
		}
	}
	if (n > 0)
		qsort(s, n, sizeof *s, by_id);
	check_twice(l, file, at, n);
	l->out->source = s;
	l->out->source_count = n;
	return true;
}

/* named: by mission.yaml, so that it has to be there. */
static bool load_towns(struct load *l, const char *file, bool named)
{
	struct csv t;
	struct cell_of x = {l, file, &t};
	struct town *town;
	size_t n = 0;
	bool there;

	if (!table_open(l, file, &t, &there))
		return false;
	if (!there && named)
		complain(l->c, file, 0, 0, "there is no such file");
	if (!there)
		return true;
	if (!(town = arena_array(l->arena, lines_in(t.in), sizeof *town,
			l->f)))
		return false;
	while (!csv_done(&t)) {
		struct fault f = {0};
		double people;

		if (!csv_row(&t, &f)) {
			complain(l->c, file, t.line, 0, "%s", f.text);
			continue;
		}
		if (t.fields == 0)
			continue;
		town[n].name = cell_text(&x, "name");
		town[n].name_uk = cell_text(&x, "name_uk");
		town[n].name_ru = cell_text(&x, "name_ru");
		town[n].name_fr = cell_text(&x, "name_fr");
		town[n].former = cell_text(&x, "former");
		town[n].control = cell_text(&x, "control");
		town[n].lat_deg = cell_number(&x, "lat", -90, 90);
		town[n].lon_deg = cell_number(&x, "lon", -180, 180);
		people = cell_number(&x, "population", 0, 1e9);
		town[n].population =
			isfinite(people) ? (int64_t)people : COUNT_UNKNOWN;
		if (isfinite(town[n].lat_deg + town[n].lon_deg))
			n++;
		else
			complain(l->c, file, t.line, 0, "%s has no place",
				town[n].name);
	}
	l->out->town = town;
	l->out->town_count = n;
	return true;
}

static bool load_geometry(struct load *l, const struct yaml *y)
{
	const struct yaml *list = yaml_get(y, "geometry");
	const char **names = NULL;
	size_t count = 0, i = 0;

	if (list && list->type == YAML_LIST) {
		names = arena_array(
			l->arena, list->count, sizeof *names, l->f);
		if (!names)
			return false;
		for (const struct yaml *k = list->first; k; k = k->next)
			names[count++] = k->text ? k->text : "";
	} else {
		const char *geo = path_join(l->arena, l->folder, "geo", l->f);

		if (!geo || !folder_list(geo, l->arena, &names, &count, l->f))
			return false;
		for (size_t k = 0; k < count; k++) {
			size_t n = strlen(names[k]);

			if (n < 9 || strcmp(names[k] + n - 8, ".geojson") != 0)
				continue;
			names[i] = path_join(l->arena, "geo", names[k], l->f);
			if (!names[i++])
				return false;
		}
		count = i;
	}
	return shapes_load(l->folder, names, count, l->arena, l->out, l->c,
		l->f);
}

/* A folder that the simulator wrote is an exercise whatever it says. */
static bool load_truth(struct load *l)
{
	const char *path = path_join(l->arena, l->folder, "truth.jsonl", l->f);

	if (path && file_exists(path))
		l->out->exercise = true;
	return path != NULL;
}

bool mission_load(const char *folder, struct arena *a, struct mission *out,
	struct complaints *c, struct fault *f)
{
	struct load l = {folder, a, out, c, f};
	const struct yaml *y;

	*out = (struct mission){
		.name = "",
		.title = "",
		.timezone = "UTC",
		.tzdata = "unknown",
		.south = NAN,
		.west = NAN,
		.north = NAN,
		.east = NAN,
		.control_at = INSTANT_UNKNOWN,
		.agreement = "agreement.terms", .pledges = "pledges.pledges",
		.public_cell_m = 5000,
	};
	c->arena = a;
	if (!load_yaml(&l, &y))
		return false;
	if (!y)
		return true;
	return load_values(&l, y) && load_truth(&l) &&
		load_sensors(&l, word(y, "sensors", "sensors.csv")) &&
		load_towns(&l, word(y, "gazetteer", "geo/places.csv"),
			yaml_get(y, "gazetteer") != NULL) &&
		load_geometry(&l, y);
}
