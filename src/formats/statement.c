/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/statement.h"

#include "base/maths.h"
#include "base/text.h"
#include "formats/objects.h"
#include "geo/frame.h"

enum { DISC_POINTS = 32 };

static const struct tree *member(const struct statement *s, const char *name)
{
	return s->tree ? tree_get(s->tree, name) : NULL;
}

bool statement_text(struct statement *s, const char *name, const char **text,
	struct fault *f)
{
	const struct tree *t = member(s, name);
	struct text out;

	*text = "";
	if (s->csv) {
		int k = csv_column(s->csv, name);

		if (k >= 0)
			*text = csv_text(s->csv, k, s->arena, f);
		return *text != NULL;
	}
	if (!t || t->type == TREE_NULL)
		return true;
	if (t->type == TREE_TEXT) {
		if (memchr(t->text.at, 0, t->text.len))
			return fault(f, FAULT_INPUT, "%s holds a zero byte",
				name);
		*text = (const char *)t->text.at;
		return true;
	}
	if (t->type != TREE_NUMBER)
		return fault(f, FAULT_INPUT, "%s is neither text nor number",
			name);
	out = text_in(s->arena, 400);
	text_short(&out, t->number, 9);
	*text = out.at;
	return text_check(&out, f);
}

bool statement_number(struct statement *s, const char *name, double min,
	double max, double *v, struct fault *f)
{
	const struct tree *t = member(s, name);
	const char *text;

	*v = NAN;
	if (t && t->type == TREE_NUMBER)
		*v = t->number;
	else if (!statement_text(s, name, &text, f) ||
		!number_read(bytes_trim(bytes_of(text)), v, f))
		return fault_in(f, "%s", name);
	if (*v < min || *v > max)
		return fault(f, FAULT_INPUT, "%s %g, wants %g to %g", name, *v,
			min, max);
	return true;
}

bool statement_time(struct statement *s, const char *name, struct instant *t,
	struct fault *f)
{
	const char *text;

	*t = INSTANT_UNKNOWN;
	if (!statement_text(s, name, &text, f))
		return false;
	if (text[0] == '\0')
		return true;
	return instant_parse(bytes_of(text), false, t, f) ||
		fault_in(f, "%s", name);
}

bool statement_needs(struct statement *s, const char *name, const char **text,
	struct fault *f)
{
	if (!statement_text(s, name, text, f))
		return false;
	return (*text)[0] != '\0' ||
		fault(f, FAULT_INPUT, "%s is empty", name);
}

/* "15-20" */
static bool range(struct bytes b, struct count *c)
{
	const uint8_t *dash = memchr(b.at, '-', b.len);
	size_t n = dash ? (size_t)(dash - b.at) : 0;
	struct fault f;

	if (n == 0)
		return false;
	c->meaning = COUNT_RANGE;
	return integer_read(bytes_part(b, 0, n), &c->value, &f) &&
		integer_read(bytes_part(b, n + 1, b.len), &c->max, &f) &&
		c->value >= 0 && c->max >= c->value;
}

bool statement_count(struct statement *s, struct count *c, struct fault *f)
{
	const char *value, *meaning, *max;
	struct count got = COUNT_NOT_STATED;
	struct fault why;
	int m;

	if (!statement_text(s, "count", &value, f) ||
		!statement_text(s, "count_meaning", &meaning, f) ||
		!statement_text(s, "count_max", &max, f))
		return false;
	m = count_meaning_named(meaning[0] ? meaning : "exact");
	if (m < 0)
		return fault(f, FAULT_INPUT, "count_meaning '%.40s', wants "
			"exact, about, at_least, over, range or uncountable",
			meaning);
	*c = got;
	if (value[0] == '\0' || m == COUNT_UNCOUNTABLE)
		return true;
	if (range(bytes_of(value), c))
		return true;
	got.meaning = (enum count_meaning)m;
	if (!integer_read(bytes_of(value), &got.value, &why) || got.value < 0)
		return fault(f, FAULT_INPUT, "count '%.40s' is no count",
			value);
	if (m == COUNT_RANGE && (!integer_read(bytes_of(max), &got.max, &why) ||
					got.max < got.value))
		return fault(f, FAULT_INPUT, "count_max '%.40s', wants at "
			"least %lld", max, (long long)got.value);
	*c = got;
	return true;
}

void statement_add_number(struct statement *s, const char *name, double v)
{
	if (isnan(v) || NEVER(s->o.feature_count == STATEMENT_FEATURES))
		return;
	s->feature[s->o.feature_count++] = (struct feature){name, v};
}

void statement_add_text(struct statement *s, const char *name, const char *v)
{
	if (v[0] == '\0' || NEVER(s->o.attribute_count == STATEMENT_ATTRIBUTES))
		return;
	s->attribute[s->o.attribute_count++] = (struct attribute){name, v};
}

bool statement_keep(struct statement *s, const char *name, struct fault *f)
{
	const char *text;

	if (!statement_text(s, name, &text, f))
		return false;
	statement_add_text(s, name, text);
	return true;
}

bool statement_disc(struct statement *s, struct fault *f)
{
	struct place *p = &s->o.place;
	double radius, lat, lon;
	struct point *ring;
	struct ring *one;

	if (!statement_number(s, "lat", -90, 90, &lat, f) ||
		!statement_number(s, "lon", -180, 180, &lon, f) ||
		!statement_number(s, "radius_m", 0, 1e6, &radius, f))
		return false;
	if (isnan(lat) != isnan(lon))
		return fault(f, FAULT_INPUT, "lat without lon, or lon without "
			"lat");
	p->lat_deg = lat;
	p->lon_deg = lon;
	if (isnan(lat) || isnan(radius) || fabs(lat) > 85)
		return true;
	p->region.ellipse = (struct ellipse){radius, radius, 0};
	if (radius == 0)
		return true;
	ring = arena_array(s->arena, DISC_POINTS, sizeof *ring, f);
	one = arena_take(s->arena, sizeof *one, f);
	if (!ring || !one)
		return false;
	struct frame fr = frame_at(lat, lon);
	for (int i = 0; i < DISC_POINTS; i++) {
		double a = -2 * PI * i / DISC_POINTS;

		ring[i] = frame_from(&fr, (struct xy){radius * m_sin(a),
			radius * m_cos(a)});
	}
	*one = (struct ring){ring, DISC_POINTS};
	p->region.ring = one;
	p->region.ring_count = 1;
	return true;
}

/* One row to the intake, or as damage. */
static bool put(struct statement *s, statement_maker *make, const char *where,
	const struct intake *to, struct fault *f)
{
	struct cite cite = s->o.cite;
	size_t mark = s->arena->used;
	struct fault why = {0};
	bool ok;

	ok = make(s, &why);
	if (!ok && why.kind != FAULT_INPUT) {
		*f = why;
		return false;
	}
	s->o.cite = cite;
	s->o.feature = s->feature;
	s->o.attribute = s->attribute;
	if (ok)
		ok = to->observation(to->self, &s->o, f);
	else
		ok = format_damage(to, cite.offset, cite.length, f, "%s: %s",
			where, why.text);
	s->arena->used = mark;
	return ok;
}

bool statements_csv(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, statement_maker *make, struct fault *f)
{
	struct csv c = {0};
	struct statement *s = arena_take(a, sizeof *s, f);
	char where[40];
	struct fault why;

	if (!s || !csv_open(&c, in, f))
		return false;
	while (!csv_done(&c)) {
		if (!csv_row(&c, &why)) {
			if (!format_damage(to, c.row_at, c.pos - c.row_at, f,
				"%s", why.text))
				return false;
			continue;
		}
		if (c.fields == 0)
			break;
		*s = (struct statement){.csv = &c, .origin = o, .arena = a};
		s->o = observation_new(OBSERVATION_REPORT);
		s->o.cite.offset = c.row_at;
		s->o.cite.length = c.pos - c.row_at;
		(void)snprintf(where, sizeof where, "line %zu", c.line);
		if (!put(s, make, where, to, f))
			return false;
	}
	return true;
}

struct listing {
	struct bytes in;
	const char *key;
	const struct origin *origin;
	struct arena *arena;
	const struct intake *to;
	statement_maker *make;
	struct statement *s;
	struct objects objects;
	size_t number;
};

/* One member, which stands at `at`. */
static bool member_put(struct listing *l, const struct tree *t,
	struct bytes at, struct fault *f)
{
	struct statement *s = l->s;
	char where[60];

	(void)snprintf(where, sizeof where, "%s, number %zu", l->key,
		++l->number);
	if (t->type != TREE_OBJECT)
		return format_damage(l->to, 0, l->in.len, f, "%s: no object",
			where);
	*s = (struct statement){
		.tree = t, .origin = l->origin, .arena = l->arena};
	s->o = observation_new(OBSERVATION_REPORT);
	s->o.cite.offset = at.len ? (uint64_t)(at.at - l->in.at) : 0;
	s->o.cite.length = at.len ? at.len : l->in.len;
	return put(s, l->make, where, l->to, f);
}

/* The members before the place at which the text ceases to be JSON; what
 * follows the last of them is damage.  False with `cut` when there are none. */
static bool before_cut(struct listing *l, size_t stopped,
	const struct fault *cut, struct fault *f)
{
	size_t end = 0, mark = l->arena->used;

	*f = *cut;
	for (;;) {
		struct bytes b = objects_next(&l->objects);
		size_t from = b.len ? (size_t)(b.at - l->in.at) : 0;
		const struct tree *t;
		struct fault why;

		if (b.len == 0 || from + b.len > stopped ||
			!tree_read(b, l->arena, &t, &why))
			break;
		end = from + b.len;
		if (!member_put(l, t, b, f))
			return false;
		l->arena->used = mark;
	}
	l->arena->used = mark;
	return l->number > 0 && format_damage(l->to, end, l->in.len - end, f,
		"%s (byte %zu)", cut->text, stopped);
}

bool statements_json(struct bytes in, const char *key, const struct origin *o,
	struct arena *a, const struct intake *to, statement_maker *make,
	struct fault *f)
{
	struct listing l = {.in = in, .key = key, .origin = o, .arena = a,
		.to = to, .make = make, .objects = objects_in(in, key)};
	const struct tree *t;
	size_t stopped;
	struct fault cut;

	l.s = arena_take(a, sizeof *l.s, f);
	if (!l.s)
		return false;
	if (!tree_read_to(in, a, &t, &stopped, &cut)) {
		*f = cut;
		return cut.kind == FAULT_INPUT &&
			before_cut(&l, stopped, &cut, f);
	}
	if (t->type == TREE_OBJECT)
		t = tree_get(t, key);
	if (!t || t->type != TREE_LIST)
		return fault(f, FAULT_INPUT, "no list '%s'", key);
	for (t = t->first; t; t = t->next) {
		struct bytes at = {0};

		if (t->type == TREE_OBJECT)
			at = objects_next(&l.objects);
		if (!member_put(&l, t, at, f))
			return false;
	}
	return true;
}

bool statement_json(struct bytes in, const struct tree *t,
	const struct origin *o, struct arena *a, const struct intake *to,
	statement_maker *make, struct fault *f)
{
	struct statement *s = arena_take(a, sizeof *s, f);

	if (!s)
		return false;
	*s = (struct statement){.tree = t, .origin = o, .arena = a};
	s->o = observation_new(OBSERVATION_REPORT);
	s->o.cite.length = in.len;
	return put(s, make, "object", to, f);
}

int statements_header(struct bytes head, const char *const *names)
{
	struct csv c = {0};
	struct fault f;

	if (!csv_open(&c, head, &f))
		return 0;
	for (; *names; names++)
		if (csv_column(&c, *names) < 0)
			return 0;
	return 90;
}
