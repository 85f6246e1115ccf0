/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * coverage.c - the share of area and time that looks watched.
 *
 * An area is sampled at the centres of a grid (at most 20 a side: a share is
 * good to about 2 %); at each, the lengths of the unions of the looks that
 * hold it are exact.  Looks at one place and time do not add up: the best
 * counts. */
#include "base/json.h"
#include "watch/grid.h"
#include "watch/watch.h"
#include "base/sort.h"

#define PD_WATCHED 0.9
#define PD_PARTLY 0.1
#define CELL_MIN_M 100.0

struct eyes { /* the looks of a span, in order of time */
	const struct look **look;
	struct box *box;
	size_t count;
	struct span span;
};

struct share {
	double watched, any; /* seconds, then shares */
};

/* Of a larger charge than the least that is told: it says nothing new. */
static bool is_more(const struct mission *m, const struct look *l)
{
	double kg = feature_of(l->of, l->of_count, "yield_kg");

	return kg > (m->yield_count > 0 ? m->yield_kg[0] : 1);
}

static int order(const void *x, const void *y, const void *self)
{
	const struct look *a = *(const struct look *const *)x;
	const struct look *b = *(const struct look *const *)y;
	int d = instant_order(a->span.from, b->span.from);

	(void)self;
	return d ? d : strcmp(a->id.text, b->id.text);
}

static bool open_eyes(struct eyes *e, const struct mission *m,
	struct span span, const struct look *look, size_t count,
	struct arena *arena, struct fault *f)
{
	/* A moment is the shortest of spans. */
	if (span.to.utc_ns <= span.from.utc_ns)
		span.to = instant_plus_ns(span.from, 1);
	*e = (struct eyes){.span = span};
	e->look = arena_array(arena, count + 1, sizeof *e->look, f);
	e->box = arena_array(arena, count + 1, sizeof *e->box, f);
	if (!e->look || !e->box)
		return false;
	for (size_t i = 0; i < count; i++)
		if (look[i].area.count >= 3 && !is_more(m, &look[i]) &&
			span_meets(look[i].span, span))
			e->look[e->count++] = &look[i];
	sort_items(e->look, e->count, sizeof(struct look *), order, NULL);
	for (size_t i = 0; i < e->count; i++)
		e->box[i] = polygon_box(&e->look[i]->area);
	return true;
}

/* Adds what of [a, b) lies beyond *end, in seconds. */
static double beyond(int64_t a, int64_t b, int64_t *end)
{
	if (a < *end)
		a = *end;
	if (b <= a)
		return 0;
	*end = b;
	return (double)(b - a) * 1e-9;
}

static struct share at_point(const struct eyes *e, struct point p,
	enum kind kind, enum modality modality)
{
	int64_t first = e->span.from.utc_ns, last = e->span.to.utc_ns;
	int64_t watched = first, any = first;
	struct share s = {0, 0};

	for (size_t i = 0; i < e->count; i++) {
		const struct look *l = e->look[i];
		int64_t to = l->span.to.utc_ns < last ? l->span.to.utc_ns
						      : last;

		if (l->kind != kind || !(l->pd >= PD_PARTLY) ||
			(modality != MODALITY_COUNT &&
				l->modality != modality) ||
			!box_holds(&e->box[i], p) ||
			!polygon_holds(&l->area, p))
			continue;
		if (l->pd >= PD_WATCHED)
			s.watched += beyond(l->span.from.utc_ns, to, &watched);
		s.any += beyond(l->span.from.utc_ns, to, &any);
	}
	double all = (double)(last - first) * 1e-9;
	s.watched = fmin(1, s.watched / all);
	s.any = fmin(1, s.any / all);
	return s;
}

struct region_points {
	const struct point *point;
	size_t count;
	struct box box;
};

static bool in_rings(const struct ring *ring, size_t count, struct point p)
{
	for (size_t i = 0; i < count; i++)
		if (polygon_holds(&ring[i], p))
			return true;
	return false;
}

static struct box rings_box(const struct ring *ring, size_t count)
{
	struct box b = polygon_box(&ring[0]);

	for (size_t i = 1; i < count; i++) {
		struct box c = polygon_box(&ring[i]);

		b.south = fmin(b.south, c.south);
		b.north = fmax(b.north, c.north);
		b.west = fmin(b.west, c.west);
		b.east = fmax(b.east, c.east);
	}
	return b;
}

/* No rings: the whole box. */
static bool sample(struct box box, const struct ring *ring, size_t count,
	struct arena *arena, struct region_points *out, struct fault *f)
{
	struct grid g = grid_on(&box, GRID_SIDE, CELL_MIN_M);
	size_t n = g.columns * g.rows;
	struct point *p = arena_array(arena, n, sizeof *p, f);

	*out = (struct region_points){p, 0, box};
	if (!p)
		return false;
	for (size_t i = 0; i < n; i++) {
		struct point q = grid_centre(&g, i);

		if (count == 0 || in_rings(ring, count, q))
			p[out->count++] = q;
	}
	if (out->count == 0) { /* thinner than the grid */
		p[0] = count > 0 ? polygon_centroid(&ring[0])
				 : grid_centre(&g, 0);
		out->count = 1;
	}
	return true;
}

/* Which looks saw any of it: where a share says next to nothing, as for a
 * satellite's glance, they are what there is to say. */
static void count_looks(const struct eyes *e, const struct region_points *r,
	struct coverage *c)
{
	c->pd_least = c->pd_most = NAN;
	for (size_t i = 0; i < e->count; i++) {
		const struct look *l = e->look[i];
		bool saw = false;

		if (l->kind != c->kind || (c->modality != MODALITY_COUNT &&
				l->modality != c->modality))
			continue;
		for (size_t k = 0; k < r->count && !saw; k++)
			saw = box_holds(&e->box[i], r->point[k]) &&
				polygon_holds(&l->area, r->point[k]);
		/* A view may be smaller than the grid is fine. */
		for (size_t k = 0; k < l->area.count && !saw; k++)
			saw = box_holds(&r->box, l->area.point[k]);
		if (!saw)
			continue;
		if (c->looks++ == 0)
			c->one = l;
		c->pd_least = fmin(c->pd_least, l->pd);
		c->pd_most = fmax(c->pd_most, l->pd);
	}
}

static struct coverage cover(const struct eyes *e, const char *area,
	const struct region_points *r, enum kind kind, enum modality modality)
{
	struct coverage c = {.area = area, .kind = kind, .modality = modality};
	double watched = 0, any = 0;

	for (size_t i = 0; i < r->count; i++) {
		struct share s = at_point(e, r->point[i], kind, modality);

		watched += s.watched;
		any += fmax(s.any, s.watched);
	}
	c.watched = watched / (double)r->count;
	c.partly = any / (double)r->count - c.watched;
	c.not_watched = 1 - c.watched - c.partly;
	count_looks(e, r, &c);
	return c;
}

struct rows {
	struct coverage *at;
	size_t count;
	unsigned modalities[KIND_COUNT]; /* bit a modality; 0: none speaks */
};

static void cover_area(struct rows *rows, const struct eyes *e,
	const char *area, const struct region_points *r)
{
	for (int k = 0; k < KIND_COUNT; k++) {
		if (rows->modalities[k] == 0)
			continue;
		rows->at[rows->count++] = cover(
			e, area, r, (enum kind)k, MODALITY_COUNT);
		for (int m = 0; m < MODALITY_COUNT; m++)
			if (rows->modalities[k] & 1u << m)
				rows->at[rows->count++] = cover(e, area, r,
					(enum kind)k, (enum modality)m);
	}
}

static bool is_zone(const struct shape *s)
{
	return s->role == SHAPE_ZONE && s->ring_count > 0 &&
		s->ring[0].count >= 3;
}

bool watch_coverage(const struct mission *m, struct span span,
	const struct look *look, size_t count, struct arena *arena,
	struct coverage **out, size_t *out_count, struct fault *f)
{
	struct eyes e;
	struct rows rows = {0};
	struct region_points r;
	size_t kinds = 0, zones = 1;

	*out = NULL;
	*out_count = 0;
	for (size_t i = 0; i < count; i++)
		if ((unsigned)look[i].kind < KIND_COUNT)
			rows.modalities[look[i].kind] |= 1u
				<< look[i].modality;
	for (int k = 0; k < KIND_COUNT; k++)
		for (unsigned b = rows.modalities[k]; b; b &= b - 1)
			kinds++;
	for (size_t i = 0; i < m->shape_count; i++)
		zones += is_zone(&m->shape[i]);
	rows.at = arena_array(arena, 2 * kinds * zones + 1, sizeof *rows.at, f);
	if (!rows.at || !open_eyes(&e, m, span, look, count, arena, f) ||
		!sample(grid_area(m), &m->area, m->area.count >= 3, arena, &r,
			f))
		return fault_in(f, "watch: coverage");
	cover_area(&rows, &e, "all", &r);
	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];

		if (!is_zone(s))
			continue;
		if (!sample(rings_box(s->ring, s->ring_count), s->ring,
			    s->ring_count, arena, &r, f))
			return fault_in(f, "watch: zone %s", s->name);
		cover_area(&rows, &e, s->name, &r);
	}
	*out = rows.at;
	*out_count = rows.count;
	return true;
}

/* Yields of the looks' W90 as they occur, with the seconds that each held. */
enum { LIMITS = 32 };
struct held {
	double kg[LIMITS], s[LIMITS];
	size_t count;
	double all_s;
};

static void hold(struct held *h, double kg, double s)
{
	size_t i = 0;

	while (i < h->count && h->kg[i] < kg)
		i++;
	if (i == h->count || h->kg[i] > kg) {
		if (h->count == LIMITS) { /* claims less, never more */
			i = i < LIMITS ? i : LIMITS - 1;
			h->kg[i] = fmax(h->kg[i], kg);
			h->s[i] += s;
			return;
		}
		for (size_t k = h->count++; k > i; k--) {
			h->kg[k] = h->kg[k - 1];
			h->s[k] = h->s[k - 1];
		}
		h->kg[i] = kg;
		h->s[i] = 0;
	}
	h->s[i] += s;
}

/* A place's looks of sound do not overlap. */
static void hold_point(struct held *h, const struct eyes *e, struct point p)
{
	h->all_s += instant_seconds(e->span.from, e->span.to);
	for (size_t i = 0; i < e->count; i++) {
		const struct look *l = e->look[i];
		double kg = feature_of(l->of, l->of_count, "w90_kg");
		int64_t a = l->span.from.utc_ns, b = l->span.to.utc_ns;

		if (l->kind != KIND_EXPLOSION || !isfinite(kg) ||
			!box_holds(&e->box[i], p) ||
			!polygon_holds(&l->area, p))
			continue;
		if (a < e->span.from.utc_ns)
			a = e->span.from.utc_ns;
		if (b > e->span.to.utc_ns)
			b = e->span.to.utc_ns;
		hold(h, kg, (double)(b - a) * 1e-9);
	}
}

static struct limit limit_of(const struct held *h, const char *area)
{
	struct limit l = {area, 0, NAN, NAN, NAN, 0};
	double sum = 0, seen = 0;

	for (size_t i = 0; i < h->count; i++)
		seen += h->s[i];
	for (size_t i = 0; i < h->count; i++) {
		sum += h->s[i];
		l.all_kg = h->kg[i];
		if (!isfinite(l.half_kg) && sum >= 0.5 * seen)
			l.half_kg = h->kg[i];
		if (!isfinite(l.most_kg) && sum >= 0.9 * seen)
			l.most_kg = h->kg[i];
	}
	l.observed = h->all_s > 0 ? fmin(1, seen / h->all_s) : 0;
	return l;
}

static struct limit limit_in(const struct eyes *e, const char *area,
	const struct region_points *r)
{
	struct held h = {.count = 0};

	for (size_t i = 0; i < r->count; i++)
		hold_point(&h, e, r->point[i]);
	return limit_of(&h, area);
}

static bool limit_of_zone(const struct eyes *e, const struct shape *s,
	const struct ring *heard, struct arena *arena, struct limit *out,
	struct fault *f)
{
	struct region_points r;

	if (!sample(rings_box(s->ring, s->ring_count), s->ring, s->ring_count,
		arena, &r, f))
		return fault_in(f, "watch: zone %s", s->name);
	*out = limit_in(e, s->name, &r);
	for (size_t k = 0; k < heard->count; k++)
		out->heard += in_rings(
			s->ring, s->ring_count, heard->point[k]);
	return true;
}

bool watch_limits(const struct mission *m, struct span span,
	const struct look *look, size_t count, const struct ring *heard,
	struct arena *arena, struct limits *out, struct fault *f)
{
	struct limit *l = arena_array(arena, m->shape_count + 1, sizeof *l, f);
	struct region_points r;
	struct eyes e;
	size_t n = 0;

	*out = (struct limits){l, 0};
	if (!l || !open_eyes(&e, m, span, look, count, arena, f) ||
		!sample(grid_area(m), &m->area, m->area.count >= 3, arena, &r,
			f))
		return fault_in(f, "watch: limits");
	l[n] = limit_in(&e, "all", &r);
	l[n++].heard = heard->count;
	for (size_t i = 0; i < m->shape_count; i++)
		if (is_zone(&m->shape[i]) &&
			!limit_of_zone(&e, &m->shape[i], heard, arena,
				&l[n++], f))
			return false;
	out->count = n;
	return true;
}

static void share_say(struct text *t, double share)
{
	double p = floor(share * 100 + 0.5);

	if (share > 0 && p < 1)
		text_add(t, "under 1 %");
	else if (share < 1 && p > 99)
		text_add(t, "over 99 %");
	else
		text_fmt(t, "%.0f %%", p);
}

/* 0.05 kg, 20 kg, 2 t */
static void yield_say(struct text *t, double kg)
{
	text_short(t, kg < 1000 ? kg : kg / 1000, 3);
	text_add(t, kg < 1000 ? " kg" : " t");
}

void watch_limit_say(const struct limit *l, struct text *t)
{
	if (!(l->observed > 0)) {
		text_add(t, "not observed");
		return;
	}
	text_add(t, l->heard ? "no other heard over " : "not heard over ");
	share_say(t, l->observed);
	text_add(t, " of area and hours, and would have been heard there with "
		    "90 % above ");
	yield_say(t, l->most_kg);
	if (l->half_kg != l->all_kg || l->most_kg != l->all_kg) {
		text_add(t, " in nine tenths of it (above ");
		yield_say(t, l->half_kg);
		text_add(t, " in half, above ");
		yield_say(t, l->all_kg);
		text_add(t, " in all)");
	}
	if (l->observed < 1) {
		text_add(t, "; ");
		share_say(t, 1 - l->observed);
		text_add(t, " not observed");
	}
}

static void ring_json(struct json *j, const struct point *p, size_t n)
{
	json_list(j);
	json_list(j);
	for (size_t i = 0; i <= n; i++) {
		json_list(j);
		json_short(j, p[i % n].lon_deg, 6);
		json_short(j, p[i % n].lat_deg, 6);
		json_close(j);
	}
	json_close(j);
	json_close(j);
}

static void limit_json(struct json *j, const struct eyes *e, struct point p)
{
	struct held h = {.count = 0};
	struct limit l;

	hold_point(&h, e, p);
	l = limit_of(&h, "");
	json_key(j, "limit");
	json_object(j);
	json_key_fixed(j, "observed", l.observed, 3);
	json_key_short(j, "w90_kg", l.all_kg, 3);
	json_close(j);
}

bool watch_geojson(const struct mission *m, struct span span, enum kind kind,
	const struct look *look, size_t count, struct arena *arena,
	struct text *out, struct fault *f)
{
	struct box box = grid_area(m);
	struct grid g = grid_on(&box, 2 * GRID_SIDE, CELL_MIN_M);
	struct json j = json_on(out);
	struct eyes e;
	size_t mark = arena->used;

	if (!open_eyes(&e, m, span, look, count, arena, f))
		return fault_in(f, "watch: geojson");
	json_object(&j);
	json_key_text(&j, "type", "FeatureCollection");
	json_key(&j, "features");
	json_list(&j);
	for (size_t i = 0; i < g.columns * g.rows; i++) {
		struct point corner[4], p = grid_centre(&g, i);
		struct share s;

		if (m->area.count >= 3 && !polygon_holds(&m->area, p))
			continue;
		s = at_point(&e, p, kind, MODALITY_COUNT);
		grid_corners(&g, i, corner);
		json_object(&j);
		json_key_text(&j, "type", "Feature");
		json_key(&j, "geometry");
		json_object(&j);
		json_key_text(&j, "type", "Polygon");
		json_key(&j, "coordinates");
		ring_json(&j, corner, 4);
		json_close(&j);
		json_key(&j, "properties");
		json_object(&j);
		json_key_text(&j, "kind", kind_name(kind));
		json_key_fixed(&j, "partly", fmax(0, s.any - s.watched), 3);
		if (kind == KIND_EXPLOSION)
			limit_json(&j, &e, p);
		json_key_fixed(&j, "watched", s.watched, 3);
		json_close(&j);
		json_close(&j);
	}
	json_close(&j);
	json_close(&j);
	arena->used = mark;
	return text_check(out, f);
}
