/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geojson.c - lines and zones of a geometry file (RFC 7946).
 *
 * One SHAPE a feature: its pieces are the rings of its region (outer rings of
 * polygons, turned counter-clockwise and without the repeated last point; or
 * open lines), and the attribute `geometry` says polygon, line or point.
 * Properties role, name, name_uk, name_ru, name_fr, version, party and class
 * become attributes.  A
 * feature with a bad coordinate is damage as a whole: half a line is worse
 * than none.  Holes are damage too: a zone has none here, and one with a hole
 * cut out must not quietly grow. */
#include "base/tree.h"
#include "formats/format.h"
#include "formats/objects.h"
#include "geo/polygon.h"

enum { DEPTH_MAX = 8, ATTRIBUTES = 9 };

struct made { /* pieces of one feature */
	struct arena *arena;
	const char *geometry; /* "polygon", "line", "point" */
	struct ring *ring;
	size_t count, room;
	struct point point;
};

struct walk {
	struct bytes in;
	const struct origin *origin;
	struct arena *arena;
	const struct intake *to;
	size_t number; /* of the feature */
	struct cite cite; /* it stands there */
};

static bool coordinate(const struct tree *t, struct point *p, struct fault *f)
{
	const struct tree *lon = tree_at(t, 0), *lat = tree_at(t, 1);

	if (!lon || !lat || lon->type != TREE_NUMBER ||
		lat->type != TREE_NUMBER)
		return fault(f, FAULT_INPUT,
			"a position wants [longitude, latitude]");
	if (!(fabs(lon->number) <= 180 && fabs(lat->number) <= 90))
		return fault(f, FAULT_INPUT, "position [%g, %g] is not on "
			"Earth", lon->number, lat->number);
	*p = (struct point){lat->number, lon->number};
	return true;
}

static bool same_geometry(struct made *m, const char *name, struct fault *f)
{
	if (m->geometry && strcmp(m->geometry, name) != 0)
		return fault(f, FAULT_INPUT, "%s and %s in one feature",
			m->geometry, name);
	m->geometry = name;
	return true;
}

static bool add_piece(struct made *m, struct point *p, size_t n,
	struct fault *f)
{
	if (m->count == m->room) {
		size_t room = m->room ? 2 * m->room : 8;
		struct ring *more = arena_array(
			m->arena, room, sizeof *more, f);

		if (!more)
			return false;
		for (size_t i = 0; i < m->count; i++)
			more[i] = m->ring[i];
		m->ring = more;
		m->room = room;
	}
	m->ring[m->count++] = (struct ring){p, n};
	return true;
}

/* A list of positions as one piece. */
static bool piece(struct made *m, const struct tree *t, bool closed,
	struct fault *f)
{
	size_t n = t && t->type == TREE_LIST ? t->count : 0, k = 0;
	struct point *p;

	if (n < (closed ? 4u : 2u))
		return fault(f, FAULT_INPUT, "%zu positions, wants %d or more",
			n, closed ? 4 : 2);
	if (!(p = arena_array(m->arena, n, sizeof *p, f)))
		return false;
	for (t = t->first; t; t = t->next)
		if (!coordinate(t, &p[k++], f))
			return fault_in(f, "position %zu", k);
	if (closed) {
		if (p[0].lat_deg != p[n - 1].lat_deg ||
			p[0].lon_deg != p[n - 1].lon_deg)
			return fault(f, FAULT_INPUT, "the ring is not closed");
		n--;
		polygon_turn(p, n);
	}
	return add_piece(m, p, n, f);
}

static bool polygon(struct made *m, const struct tree *t, struct fault *f)
{
	if (!t || t->type != TREE_LIST || t->count == 0)
		return fault(f, FAULT_INPUT, "a polygon wants a ring");
	if (t->count > 1)
		return fault(f, FAULT_INPUT, "a polygon with a hole: draw the "
			"zone without one");
	return piece(m, t->first, true, f);
}

static bool geometry(
	struct made *m, const struct tree *t, int depth, struct fault *f);

static bool pieces(struct made *m, const struct tree *list, bool closed,
	struct fault *f)
{
	if (!list || list->type != TREE_LIST)
		return fault(f, FAULT_INPUT, "no coordinates");
	for (const struct tree *t = list->first; t; t = t->next)
		if (!(closed ? polygon(m, t, f) : piece(m, t, false, f)))
			return false;
	return true;
}

static bool collection(
	struct made *m, const struct tree *list, int depth, struct fault *f)
{
	if (!list || list->type != TREE_LIST)
		return fault(f, FAULT_INPUT, "no geometries");
	for (const struct tree *t = list->first; t; t = t->next)
		if (!geometry(m, t, depth + 1, f))
			return false;
	return true;
}

static bool geometry(
	struct made *m, const struct tree *t, int depth, struct fault *f)
{
	const struct tree *at = tree_get(t, "coordinates");
	const char *type = tree_text(t, "type");

	if (!type || depth > DEPTH_MAX)
		return fault(f, FAULT_INPUT, "no geometry");
	if (strcmp(type, "GeometryCollection") == 0)
		return collection(m, tree_get(t, "geometries"), depth, f);
	if (strcmp(type, "Point") == 0)
		return same_geometry(m, "point", f) &&
			coordinate(at, &m->point, f);
	if (strcmp(type, "LineString") == 0)
		return same_geometry(m, "line", f) && piece(m, at, false, f);
	if (strcmp(type, "MultiLineString") == 0)
		return same_geometry(m, "line", f) && pieces(m, at, false, f);
	if (strcmp(type, "Polygon") == 0)
		return same_geometry(m, "polygon", f) && polygon(m, at, f);
	if (strcmp(type, "MultiPolygon") == 0)
		return same_geometry(m, "polygon", f) && pieces(m, at, true, f);
	return fault(f, FAULT_INPUT, "geometry '%.40s' is not read", type);
}

static void place_of(const struct made *m, struct place *p)
{
	struct point c = m->point;

	if (m->count > 0 && strcmp(m->geometry, "line") == 0)
		c = m->ring[0].point[m->ring[0].count / 2];
	else if (m->count > 0)
		c = polygon_centroid(&m->ring[0]);
	p->lat_deg = c.lat_deg;
	p->lon_deg = c.lon_deg;
	p->region.level = 1;
	p->region.ring = m->ring;
	p->region.ring_count = m->count;
	if (m->count == 0)
		p->region.ellipse = (struct ellipse){0, 0, 0};
}

static size_t properties(const struct tree *p, struct attribute *to)
{
	static const char *const names[] = {
		"role", "name", "name_uk", "name_ru", "name_fr", "version",
		"party", "class"};
	size_t n = 0;

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *text = tree_text(p, names[i]);

		if (text && text[0])
			to[n++] = (struct attribute){names[i], text};
	}
	return n;
}

static bool feature(struct walk *w, const struct tree *t, struct fault *f)
{
	struct observation o = observation_new(OBSERVATION_SHAPE);
	struct attribute attribute[ATTRIBUTES];
	struct made m = {.arena = w->arena, .point = {NAN, NAN}};
	size_t mark = w->arena->used;
	const char *type = tree_text(t, "type");
	const struct tree *g = type && strcmp(type, "Feature") == 0 ?
		tree_get(t, "geometry") : t;
	struct fault why = {0};
	bool ok;

	w->number++;
	if (g && g->type == TREE_NULL)
		return true; /* RFC 7946 3.2: an unlocated feature */
	if (!geometry(&m, g, 0, &why)) {
		if (why.kind != FAULT_INPUT) {
			*f = why;
			return false;
		}
		w->arena->used = mark;
		return format_damage(w->to, w->cite.offset, w->cite.length, f,
			"feature %zu: %s", w->number, why.text);
	}
	o.source = w->origin->source;
	o.attribute_count = properties(tree_get(t, "properties"), attribute);
	attribute[o.attribute_count++] =
		(struct attribute){"geometry",
			m.geometry ? m.geometry : "none"};
	o.attribute = attribute;
	o.cite = w->cite;
	place_of(&m, &o.place);
	ok = w->to->observation(w->to->self, &o, f);
	w->arena->used = mark;
	return ok;
}

static void stands(struct walk *w, struct bytes b)
{
	w->cite.offset = b.len ? (uint64_t)(b.at - w->in.at) : 0;
	w->cite.length = b.len ? b.len : w->in.len;
}

/* The features before the place at which the text ceases to be JSON; what
 * follows the last of them is damage.  False with `cut` when there are none. */
static bool before_cut(struct walk *w, struct objects list, size_t stopped,
	const struct fault *cut, struct fault *f)
{
	size_t end = 0, mark = w->arena->used;

	*f = *cut;
	for (;;) {
		struct bytes b = objects_next(&list);
		const struct tree *t;
		struct fault why;

		stands(w, b);
		if (b.len == 0 || w->cite.offset + b.len > stopped ||
			!tree_read(b, w->arena, &t, &why))
			break;
		end = w->cite.offset + b.len;
		if (!feature(w, t, f))
			return false;
		w->arena->used = mark;
	}
	w->arena->used = mark;
	return w->number > 0 && format_damage(w->to, end, w->in.len - end, f,
		"%s (byte %zu)", cut->text, stopped);
}

static bool decode(struct bytes in, const struct origin *o, struct arena *a,
	const struct intake *to, struct fault *f)
{
	struct walk w = {.in = in, .origin = o, .arena = a, .to = to,
		.cite = {.length = in.len}};
	struct objects list;
	const struct tree *t;
	const char *type;
	size_t stopped, bom = bytes_start(in, "\xef\xbb\xbf") ? 3 : 0;
	struct fault cut;

	in = bytes_part(in, bom, in.len);
	list = objects_in(in, "features");
	if (!tree_read_to(in, a, &t, &stopped, &cut)) {
		*f = cut;
		return cut.kind == FAULT_INPUT &&
			before_cut(&w, list, stopped + bom, &cut, f);
	}
	type = tree_text(t, "type");
	if (!type)
		return fault(f, FAULT_INPUT, "no GeoJSON: no type");
	if (strcmp(type, "FeatureCollection") != 0)
		return feature(&w, t, f);
	t = tree_get(t, "features");
	if (!t || t->type != TREE_LIST)
		return fault(f, FAULT_INPUT, "no GeoJSON: no features");
	for (t = t->first; t; t = t->next) {
		struct bytes none = {0};

		stands(&w, t->type == TREE_OBJECT ? objects_next(&list) : none);
		if (!feature(&w, t, f))
			return false;
	}
	return true;
}

static bool holds(struct bytes head, const char *word)
{
	return memmem(head.at, head.len, word, strlen(word)) != NULL;
}

static int sniff(struct bytes head, const struct origin *o)
{
	(void)o;
	if (head.len == 0 || !memchr("{ \r\n\t\xef", head.at[0], 6))
		return 0;
	if (holds(head, "\"FeatureCollection\""))
		return 85;
	return holds(head, "\"Feature\"") && holds(head, "\"geometry\"") ?
		80 :
		holds(head, "\"coordinates\"") && holds(head, "\"type\"") ? 60 :
									    0;
}

const struct format format_geojson = {
	.name = "geojson",
	.about = "lines and zones of a geometry file (GeoJSON, RFC 7946)",
	.sniff = sniff,
	.decode = decode,
};
