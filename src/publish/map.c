/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/drawings.h"

#include <stdlib.h>

#include "base/maths.h"
#include "geo/frame.h"
#include "publish/svg.h"
#include "publish/watched.h"

/* Of the drawing: outer width, margins for the graticule's labels, limits of
 * the frame's height.  A4 portrait at 1000 px a width gives 0.18 mm a px. */
enum {
	WIDTH = 1000,
	MARGIN_LEFT = 64,
	MARGIN_RIGHT = 14,
	MARGIN_TOP = 10,
	MARGIN_BOTTOM = 30,
	HEIGHT_LEAST = 420,
	HEIGHT_MOST = 860,
	BOXES_MAX = 4096, /* taken by marks, labels and lines */
	ELLIPSES_MAX = 300, /* more are a stain, and say nothing */
	TOWNS_MAX = 36,
};
#define FRAME_W ((double)(WIDTH - MARGIN_LEFT - MARGIN_RIGHT))
/* Sides of the cells in which marks are joined, and how many marks are read
 * singly: with more of them the map is a stain (a thousand were tried). */
#define CELL_FEW_PX 15.0
#define CELL_MANY_PX 40.0
#define FEW 120
#define TOWN_PX 14.0

struct rect {
	double x0, y0, x1, y1;
};

struct mark {
	enum group group;
	double x, y;
	size_t events;
	int gravity;
	const char *verdict;
	long cell;
};

struct map {
	struct view *v;
	struct text *t;
	struct box box;
	double lon_px, lat_px; /* px a degree */
	double m_per_px;       /* at the middle latitude */
	double cell_px;        /* in which marks are joined */
	double height;         /* of the frame */
	struct rect taken[BOXES_MAX];
	size_t taken_count;
	struct mark *mark;
	size_t mark_count;
	size_t outside;
	bool known; /* of coverage, and of which kind */
	enum kind kind;
};

static double x_of(const struct map *m, double lon)
{
	return MARGIN_LEFT + (lon - m->box.west) * m->lon_px;
}

static double y_of(const struct map *m, double lat)
{
	return MARGIN_TOP + (m->box.north - lat) * m->lat_px;
}

static bool in_frame(const struct map *m, double x, double y)
{
	return x >= MARGIN_LEFT && x <= MARGIN_LEFT + FRAME_W &&
		y >= MARGIN_TOP && y <= MARGIN_TOP + m->height;
}

static void widen(struct box *b, double lat, double lon)
{
	if (!isfinite(lat + lon))
		return;
	b->south = isfinite(b->south) ? fmin(b->south, lat) : lat;
	b->north = isfinite(b->north) ? fmax(b->north, lat) : lat;
	b->west = isfinite(b->west) ? fmin(b->west, lon) : lon;
	b->east = isfinite(b->east) ? fmax(b->east, lon) : lon;
}

/* The mission's box; without one, what there is to draw. */
static struct box extent(const struct view *v)
{
	const struct mission *m = v->mission;
	struct box b = {m->south, m->west, m->north, m->east};

	if (isfinite(b.south + b.north + b.west + b.east) &&
		b.north > b.south && b.east > b.west)
		return b;
	b = (struct box){NAN, NAN, NAN, NAN};
	for (size_t i = 0; i < v->event_count; i++)
		widen(&b, v->event[i].incident.place.lat_deg,
			v->event[i].incident.place.lon_deg);
	for (size_t i = 0; i < m->town_count; i++)
		widen(&b, m->town[i].lat_deg, m->town[i].lon_deg);
	if (!isfinite(b.south + b.west))
		b = (struct box){-1, -1, 1, 1};
	return (struct box){b.south - 0.05, b.west - 0.05, b.north + 0.05,
		b.east + 0.05};
}

/* Fits the box into the frame, widening it where its shape asks. */
static void fit(struct map *m)
{
	struct box *b = &m->box;
	double mid = (b->south + b->north) / 2;
	struct frame f = frame_at(mid, 0);
	double w_m, h_m, px;

	/* Some air around, so that nothing sits on the frame. */
	b->south -= (b->north - b->south) * 0.03;
	b->north += (b->north - mid) * 0.06;
	w_m = (b->east - b->west) * 1.06 * f.m_per_deg_lon * f.cos_lat;
	h_m = (b->north - b->south) * f.m_per_deg_lat;
	m->m_per_px = fmax(w_m / FRAME_W, h_m / HEIGHT_MOST);
	px = 1 / m->m_per_px;
	m->lat_px = f.m_per_deg_lat * px;
	m->lon_px = f.m_per_deg_lon * f.cos_lat * px;
	m->height = fmin(fmax(h_m * px, HEIGHT_LEAST), HEIGHT_MOST);
	mid = (b->south + b->north) / 2;
	b->south = mid - m->height / m->lat_px / 2;
	b->north = mid + m->height / m->lat_px / 2;
	mid = (b->west + b->east) / 2;
	b->west = mid - FRAME_W / m->lon_px / 2;
	b->east = mid + FRAME_W / m->lon_px / 2;
}

static void pair(struct text *t, double x, double y)
{
	svg_number(t, x);
	text_char(t, ' ');
	svg_number(t, y);
}

/* A line or ring; points nearer than half a pixel to the last are dropped,
 * and so are stretches that lie wholly to one side of the frame (not of
 * closed rings, whose inside would change). */
static void trace(struct map *m, const struct ring *r, bool closed)
{
	double px = NAN, py = NAN;
	bool down = false;

	for (size_t i = 0; i < r->count; i++) {
		double x = x_of(m, r->point[i].lon_deg);
		double y = y_of(m, r->point[i].lat_deg);
		bool last = i + 1 == r->count;
		bool away = !closed && isfinite(px) &&
			((x < MARGIN_LEFT && px < MARGIN_LEFT) ||
				(x > WIDTH && px > WIDTH) ||
				(y < 0 && py < 0) ||
				(y > MARGIN_TOP + m->height &&
					py > MARGIN_TOP + m->height));

		if (!isfinite(x + y))
			continue;
		if (away) {
			down = false;
			px = x;
			py = y;
			continue;
		}
		if (isfinite(px) && down && !last &&
			fabs(x - px) < 0.5 && fabs(y - py) < 0.5)
			continue;
		if (!down && isfinite(px) && !closed) {
			text_char(m->t, 'M');
			pair(m->t, px, py);
			down = true;
		}
		text_char(m->t, down ? 'L' : 'M');
		pair(m->t, x, y);
		down = true;
		px = x;
		py = y;
	}
	if (closed && down)
		text_char(m->t, 'z');
}

/* Closed rings are clipped first, so that a country's outline costs only
 * what is seen of it. */
static bool shape_path(struct map *m, const struct shape *s, struct fault *f)
{
	struct box *b = &m->box;
	double dx = (b->east - b->west) * 0.02, dy = (b->north - b->south) *
		0.02;
	struct point corner[4] = {{b->south - dy, b->west - dx},
		{b->south - dy, b->east + dx}, {b->north + dy, b->east + dx},
		{b->north + dy, b->west - dx}};
	struct ring frame = {corner, 4};
	size_t mark = m->v->arena->used;

	for (size_t i = 0; i < s->ring_count; i++) {
		struct ring part = s->ring[i];

		if (s->closed && !polygon_clip(&s->ring[i], &frame,
					 m->v->arena, &part, f))
			return false;
		trace(m, &part, s->closed);
		m->v->arena->used = mark;
	}
	return true;
}

/* Shores may come as lines, and a line has no inside. */
static const char *basemap_style(const char *class_, bool closed)
{
	if (strstr(class_, "coast") || (strstr(class_, "lake") && !closed))
		return "fill=\"none\" stroke=\"#9fb9c6\" "
		       "stroke-width=\"0.9\"";
	if (strstr(class_, "river") || strstr(class_, "stream"))
		return "fill=\"none\" stroke=\"#7fa3b5\" stroke-width=\"1.2\"";
	if (strstr(class_, "lake") || strstr(class_, "water") ||
		strstr(class_, "sea"))
		return "fill=\"#dbe6ea\" stroke=\"#9fb9c6\" "
		       "stroke-width=\"0.6\"";
	if (strstr(class_, "road") || strstr(class_, "rail"))
		return "fill=\"none\" stroke=\"#c9bfae\" stroke-width=\"0.9\"";
	return "fill=\"none\" stroke=\"#b9b0a2\" stroke-width=\"0.8\" "
	       "stroke-dasharray=\"7 3 1.5 3\"";
}

static bool draw_basemap(struct map *m, struct fault *f)
{
	const struct mission *mission = m->v->mission;

	for (size_t i = 0; i < mission->shape_count; i++) {
		const struct shape *s = &mission->shape[i];
		const char *class_ = s->class_ ? s->class_ : "";

		if (s->role != SHAPE_BASEMAP || strstr(class_, "disputed"))
			continue;
		text_fmt(m->t, "<path %s d=\"",
			basemap_style(class_, s->closed));
		if (!shape_path(m, s, f))
			return false;
		text_add(m->t, "\"/>\n");
	}
	return true;
}

static bool draw_zones(struct map *m, struct fault *f)
{
	const struct mission *mission = m->v->mission;

	for (size_t i = 0; i < mission->shape_count; i++) {
		const struct shape *s = &mission->shape[i];

		if (s->role != SHAPE_ZONE)
			continue;
		text_add(m->t, "<path class=\"zone\" d=\"");
		if (!shape_path(m, s, f))
			return false;
		text_add(m->t, "\"/>\n");
	}
	return true;
}

static void take(struct map *m, struct rect r)
{
	if (m->taken_count < BOXES_MAX)
		m->taken[m->taken_count++] = r;
}

/* A label must not lie on the line: boxes of a few pixels along it. */
static void take_line(struct map *m, const struct ring *r)
{
	for (size_t i = 1; i < r->count; i++) {
		double x = x_of(m, r->point[i - 1].lon_deg);
		double y = y_of(m, r->point[i - 1].lat_deg);
		double dx = x_of(m, r->point[i].lon_deg) - x;
		double dy = y_of(m, r->point[i].lat_deg) - y;
		double n = floor(sqrt(dx * dx + dy * dy) / 8) + 1;

		for (double k = 0; n < 1000 && k <= n; k++) {
			double px = x + dx * k / n, py = y + dy * k / n;

			if (in_frame(m, px, py))
				take(m, (struct rect){px - 4, py - 4, px + 4,
					py + 4});
		}
	}
}

static bool draw_lines(struct map *m, struct fault *f)
{
	static const char *const strokes[] = {"line-under", "line"};
	const struct mission *mission = m->v->mission;

	for (size_t i = 0; i < mission->shape_count; i++)
		for (size_t k = 0; k < 2; k++) {
			const struct shape *s = &mission->shape[i];

			if (s->role != SHAPE_LINE)
				continue;
			text_fmt(m->t, "<path class=\"%s\" d=\"", strokes[k]);
			if (!shape_path(m, s, f))
				return false;
			text_add(m->t, "\"/>\n");
		}
	return true;
}

/* Runs of cells in one state, row by row, in one path a state. */
static bool draw_hatch(struct map *m, struct fault *f)
{
	static const char *const fills[] = {"none-watched", "part-watched"};
	struct watched *w;

	if (!watched_make(m->v, &m->box, WATCHED_WIDE,
		    (size_t)fmax(8, floor(m->height * WATCHED_WIDE / FRAME_W)),
		    96, &w, f))
		return false;
	m->known = w->known;
	m->kind = w->kind;
	for (int state = WATCHED_NOT; state <= WATCHED_PARTLY; state++) {
		double cw = FRAME_W / (double)w->wide;
		double ch = m->height / (double)w->high;

		text_fmt(m->t, "<path fill=\"url(#%s)\" d=\"", fills[state]);
		for (size_t r = 0; r < w->high; r++)
			for (size_t c = 0; c < w->wide; c++) {
				size_t from = c;

				while (c < w->wide &&
					(int)watched_cell(w, r, c) == state)
					c++;
				if (c == from)
					continue;
				text_char(m->t, 'M');
				pair(m->t, MARGIN_LEFT + cw * (double)from,
					MARGIN_TOP + ch * (double)r);
				text_char(m->t, 'h');
				svg_number(m->t, cw * (double)(c - from));
				text_char(m->t, 'v');
				svg_number(m->t, ch);
				text_char(m->t, 'h');
				svg_number(m->t, -cw * (double)(c - from));
				text_char(m->t, 'z');
			}
		text_add(m->t, "\"/>\n");
	}
	return true;
}

/* 1, 2 or 5 times a power of ten, or a part of 60 below a degree. */
static double step_deg(double span_deg)
{
	static const double steps[] = {10, 5, 2, 1, 0.5, 0.25, 1 / 6.0,
		1 / 12.0, 1 / 30.0, 1 / 60.0};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (span_deg / steps[i] >= 4)
			return steps[i];
	return 1 / 60.0;
}

static void degree_label(struct text *t, double deg, bool is_lat)
{
	double minutes = floor(fabs(deg) * 60 + 0.5);
	int d = (int)(minutes / 60), mm = (int)(minutes - d * 60.0);

	text_fmt(t, "%d\xc2\xb0", d);
	if (mm)
		text_fmt(t, "%02d\xe2\x80\xb2", mm);
	text_char(t, deg < 0 ? (is_lat ? 'S' : 'W') : (is_lat ? 'N' : 'E'));
}

static void draw_graticule(struct map *m)
{
	struct box *b = &m->box;
	double step = step_deg(fmax(b->east - b->west, b->north - b->south));
	double bottom = MARGIN_TOP + m->height;

	for (double k = floor(b->west / step) + 1; k * step < b->east; k++) {
		double x = x_of(m, k * step);

		text_fmt(m->t, "<path class=\"grid\" d=\"M%.1f %dV%.1f\"/>", x,
			MARGIN_TOP, bottom);
		if (x < MARGIN_LEFT + 24 || x > MARGIN_LEFT + FRAME_W - 24)
			continue;
		text_fmt(m->t, "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\" "
			       "text-anchor=\"middle\">", x, bottom + 17);
		degree_label(m->t, k * step, false);
		text_add(m->t, "</text>\n");
	}
	for (double k = floor(b->south / step) + 1; k * step < b->north; k++) {
		double y = y_of(m, k * step);

		text_fmt(m->t, "<path class=\"grid\" d=\"M%d %.1fH%.1f\"/>",
			MARGIN_LEFT, y, MARGIN_LEFT + FRAME_W);
		if (y < MARGIN_TOP + 10 || y > bottom - 6)
			continue;
		text_fmt(m->t, "<text class=\"deg\" x=\"%d\" y=\"%.1f\" "
			       "text-anchor=\"end\">", MARGIN_LEFT - 6, y + 4);
		degree_label(m->t, k * step, true);
		text_add(m->t, "</text>\n");
	}
}

static bool is_free(const struct map *m, const struct rect *r)
{
	if (r->x0 < MARGIN_LEFT + 3 || r->x1 > MARGIN_LEFT + FRAME_W - 3 ||
		r->y0 < MARGIN_TOP + 3 || r->y1 > MARGIN_TOP + m->height - 3)
		return false;
	for (size_t i = 0; i < m->taken_count; i++)
		if (r->x0 < m->taken[i].x1 && r->x1 > m->taken[i].x0 &&
			r->y0 < m->taken[i].y1 && r->y1 > m->taken[i].y0)
			return false;
	return true;
}

/* Text on a scrap of paper rather than with a halo: some PDF engines draw the
 * halo over the letters. */
static void label(struct map *m, const char *class_, const struct rect *r,
	double px, const char *s)
{
	text_fmt(m->t, "<rect class=\"scrap\" x=\"%.1f\" y=\"%.1f\" "
		       "width=\"%.1f\" height=\"%.1f\"/>", r->x0, r->y0,
		r->x1 - r->x0, r->y1 - r->y0);
	text_fmt(m->t, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\" "
		       "text-anchor=\"middle\">", class_,
		(r->x0 + r->x1) / 2, r->y0 + px * 0.95);
	svg_escape(m->t, s);
	text_add(m->t, "</text>\n");
}

/* Tries eight places around a point, then further out. */
static bool place_label(struct map *m, double x, double y, double gap,
	const char *class_, double px, const char *s)
{
	static const int way[8][2] = {{1, 0}, {-1, 0}, {0, -1}, {0, 1},
		{1, -1}, {-1, -1}, {1, 1}, {-1, 1}};
	double w = svg_width_em(s) * px + 4, h = px * 1.25;

	for (size_t i = 0; i < 16; i++) {
		double d = gap + (i < 8 ? 0 : px);
		double cx = x + way[i % 8][0] * (d + w / 2);
		double cy = y + way[i % 8][1] * (d + h / 2);
		struct rect r = {cx - w / 2, cy - h / 2, cx + w / 2,
			cy + h / 2};

		if (!is_free(m, &r))
			continue;
		take(m, r);
		label(m, class_, &r, px, s);
		return true;
	}
	return false;
}

/* On the line itself: the point in the frame that is nearest to a third of
 * its width, so that the middle stays free. */
static void label_line(struct map *m, const struct shape *s)
{
	double best = INFINITY, bx = 0, by = 0;
	char at[256];
	struct text t = text_on(at, sizeof at);

	for (size_t r = 0; r < s->ring_count; r++)
		for (size_t i = 0; i < s->ring[r].count; i++) {
			double x = x_of(m, s->ring[r].point[i].lon_deg);
			double y = y_of(m, s->ring[r].point[i].lat_deg);
			double d = fabs(x - (MARGIN_LEFT + FRAME_W * 0.3)) +
				fabs(y - (MARGIN_TOP + m->height * 0.3));

			if (!isfinite(d) || !in_frame(m, x, y) || d >= best)
				continue;
			best = d;
			bx = x;
			by = y;
		}
	if (!isfinite(best))
		return;
	text_fmt(&t, "%.80s", view_area(m->v, s->name));
	if (s->version && s->version[0]) {
		const char *name = view_keep(m->v, &t);

		t.len = 0;
		text_add(&t, SAY(m->v, "{0}, version {1}", name,
			view_fmt(m->v, "%.40s", s->version)));
	}
	(void)place_label(m, bx, by, 8, "line-name", 13.5, at);
}

static void label_zone(struct map *m, const struct shape *s)
{
	struct point best = {NAN, NAN};
	double most = 0;
	char at[256];
	struct text t = text_on(at, sizeof at);

	for (size_t r = 0; r < s->ring_count; r++) {
		double a = polygon_area_m2(&s->ring[r]);

		if (!(a > most))
			continue;
		most = a;
		best = polygon_centroid(&s->ring[r]);
	}
	if (!isfinite(best.lat_deg) ||
		!in_frame(m, x_of(m, best.lon_deg), y_of(m, best.lat_deg)))
		return;
	text_fmt(&t, "%.80s", view_area(m->v, s->name));
	(void)place_label(m, x_of(m, best.lon_deg), y_of(m, best.lat_deg), 2,
		"zone-name", 12.5, at);
}

/* No name lies on the dot of a town, whose own comes last. */
static void take_towns(struct map *m)
{
	const struct mission *mission = m->v->mission;

	for (size_t i = 0; i < mission->town_count && i < 400; i++) {
		double x = x_of(m, mission->town[i].lon_deg);
		double y = y_of(m, mission->town[i].lat_deg);

		if (in_frame(m, x, y))
			take(m, (struct rect){x - 3, y - 3, x + 3, y + 3});
	}
}

static void draw_shape_names(struct map *m)
{
	const struct mission *mission = m->v->mission;

	for (size_t i = 0; i < mission->shape_count; i++)
		if (mission->shape[i].role == SHAPE_LINE)
			label_line(m, &mission->shape[i]);
	for (size_t i = 0; i < mission->shape_count; i++)
		if (mission->shape[i].role == SHAPE_ZONE)
			label_zone(m, &mission->shape[i]);
}

static int town_order(const void *pa, const void *pb)
{
	const struct town *const *a = pa, *const *b = pb;

	if ((*a)->population != (*b)->population)
		return (*a)->population > (*b)->population ? -1 : 1;
	return strcmp((*a)->name, (*b)->name);
}

static double mark_radius(const struct mark *k)
{
	/* Area by number; a joined mark has room for its number. */
	return k->events == 1 ? 5.5
			      : fmin(7.5 + sqrt((double)k->events), 18);
}

/* A town's dot must not stain a mark, nor the number in it. */
static bool marked(const struct map *m, double x, double y)
{
	for (size_t i = 0; i < m->mark_count; i++) {
		double r = mark_radius(&m->mark[i]) + 2;

		if (fabs(m->mark[i].x - x) < r && fabs(m->mark[i].y - y) < r)
			return true;
	}
	return false;
}

static bool draw_towns(struct map *m, struct fault *f)
{
	const struct mission *mission = m->v->mission;
	const struct town **town = arena_array(m->v->arena,
		mission->town_count + 1, sizeof *town, f);
	size_t n = 0, drawn = 0;

	if (!town)
		return false;
	for (size_t i = 0; i < mission->town_count; i++) {
		const struct town *w = &mission->town[i];

		if (in_frame(m, x_of(m, w->lon_deg), y_of(m, w->lat_deg)))
			town[n++] = w;
	}
	qsort(town, n, sizeof *town, town_order);
	for (size_t i = 0; i < n && i < 400 && drawn < TOWNS_MAX; i++) {
		double x = x_of(m, town[i]->lon_deg);
		double y = y_of(m, town[i]->lat_deg);

		if (!place_label(m, x, y, 5, "town", TOWN_PX,
			    view_town(m->v, town[i])))
			continue;
		drawn++;
		if (marked(m, x, y))
			continue;
		text_fmt(m->t, "<rect class=\"dot\" x=\"%.1f\" y=\"%.1f\" "
			       "width=\"4\" height=\"4\"/>\n", x - 2, y - 2);
	}
	return true;
}

static void draw_region(struct map *m, const struct place *p)
{
	const struct ellipse *e = &p->region.ellipse;
	double x = x_of(m, p->lon_deg), y = y_of(m, p->lat_deg);
	double a = e->semi_major_m / m->m_per_px;
	double b = e->semi_minor_m / m->m_per_px;

	if (p->region.ring_count > 0) {
		text_add(m->t, "<path class=\"region\" d=\"");
		for (size_t i = 0; i < p->region.ring_count; i++)
			trace(m, &p->region.ring[i], true);
		text_add(m->t, "\"/>\n");
		return;
	}
	/* Smaller than its mark, or wider than the sheet: nothing to see. */
	if (!(a > 5) || !(a < 2 * WIDTH))
		return;
	text_fmt(m->t, "<ellipse class=\"region\" rx=\"%.1f\" ry=\"%.1f\" "
		       "transform=\"translate(%.1f %.1f) rotate(%.1f)\"/>\n",
		a, fmax(b, 0.5), x, y, e->azimuth_deg - 90);
}

static int gravity(const struct event *e)
{
	static const int rank[VERDICT_COUNT] = {
		[VERDICT_BREACH] = 4,
		[VERDICT_CONFLICT] = 3,
		[VERDICT_UNDETERMINED] = 2,
		[VERDICT_NO_BREACH] = 1,
	};

	return e->judged ? rank[e->verdict] : 0;
}

static int mark_order(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	if (a->cell != b->cell)
		return a->cell < b->cell ? -1 : 1;
	if (a->group != b->group)
		return (int)a->group - (int)b->group;
	if (a->gravity != b->gravity)
		return b->gravity - a->gravity;
	if (a->x != b->x)
		return a->x < b->x ? -1 : 1;
	return a->y < b->y ? -1 : a->y > b->y;
}

/* Drawn from the lightest to the gravest, the large below the small. */
static int draw_order(const void *pa, const void *pb)
{
	const struct mark *a = pa, *b = pb;

	if (a->gravity != b->gravity)
		return a->gravity - b->gravity;
	if (a->events != b->events)
		return a->events > b->events ? -1 : 1;
	return mark_order(pa, pb);
}

/* One mark a cell and group, at the middle of its events. */
static void join_marks(struct map *m)
{
	size_t n = 0;

	qsort(m->mark, m->mark_count, sizeof *m->mark, mark_order);
	for (size_t i = 0; i < m->mark_count; i++) {
		struct mark *last = n ? &m->mark[n - 1] : NULL;
		const struct mark *x = &m->mark[i];

		if (last && last->cell == x->cell &&
			last->group == x->group) {
			double k = (double)last->events;

			last->x = (last->x * k + x->x) / (k + 1);
			last->y = (last->y * k + x->y) / (k + 1);
			last->events++;
			continue;
		}
		m->mark[n++] = *x;
	}
	m->mark_count = n;
	qsort(m->mark, n, sizeof *m->mark, draw_order);
}

static bool collect_marks(struct map *m, struct fault *f)
{
	struct view *v = m->v;

	m->cell_px = v->event_count > FEW ? CELL_MANY_PX : CELL_FEW_PX;
	m->mark = arena_array(
		v->arena, v->event_count + 1, sizeof *m->mark, f);
	if (!m->mark)
		return false;
	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];
		const struct place *p = &e->incident.place;
		double x = x_of(m, p->lon_deg), y = y_of(m, p->lat_deg);

		if (!place_known(p))
			continue;
		if (!in_frame(m, x, y)) {
			m->outside++;
			continue;
		}
		m->mark[m->mark_count++] = (struct mark){e->group, x, y, 1,
			gravity(e), e->judged ? verdict_name(e->verdict) : "",
			(long)floor(y / m->cell_px) * 4096 +
				(long)floor(x / m->cell_px)};
	}
	join_marks(m);
	return true;
}

/* Inside the mark: a number beside it would be taken for its neighbour's. */
static void number_mark(struct map *m, const struct mark *k)
{
	bool dark = k->group == GROUP_EXPLOSION ||
		k->group == GROUP_SMALL_ARMS || k->group == GROUP_WEAPON;
	double px = k->events < 100 ? 11 : 9;

	if (k->events < 2)
		return;
	text_fmt(m->t, "<text class=\"sum\" x=\"%.1f\" y=\"%.1f\" "
		       "font-size=\"%.0f\" fill=\"%s\" "
		       "text-anchor=\"middle\">%zu</text>\n", k->x,
		k->y + px * 0.36 +
			(k->group == GROUP_SMALL_ARMS ? px * 0.35 : 0),
		px, dark ? "#fff" : "#1a1a1a", k->events);
}

static void draw_marks(struct map *m)
{
	struct view *v = m->v;

	text_add(m->t, "<g>");
	for (size_t i = 0; v->event_count <= ELLIPSES_MAX &&
		i < v->event_count; i++)
		if (place_known(&v->event[i].incident.place))
			draw_region(m, &v->event[i].incident.place);
	text_add(m->t, "</g>\n");
	for (size_t i = 0; i < m->mark_count; i++) {
		const struct mark *k = &m->mark[i];
		double r = mark_radius(k);

		svg_mark(m->t, k->group, k->x, k->y, r, k->verdict);
		text_char(m->t, '\n');
		number_mark(m, k);
		take(m, (struct rect){k->x - r - 2, k->y - r - 2, k->x + r + 2,
			k->y + r + 2});
	}
}

/* Scale bar, in the lower right corner: 1, 2 or 5 times a power of ten. */
static void draw_scale(struct map *m)
{
	double most_m = m->m_per_px * 190, step = 1, x, y, w;
	char at[48];
	struct text t = text_on(at, sizeof at);

	while (step * 10 <= most_m)
		step *= 10;
	step *= most_m / step >= 5 ? 5 : most_m / step >= 2 ? 2 : 1;
	w = step / m->m_per_px;
	x = MARGIN_LEFT + FRAME_W - w - 24;
	y = MARGIN_TOP + m->height - 18;
	if (step < 1000)
		text_fmt(&t, "%.0f m", step);
	else
		text_fmt(&t, "%.0f km", step / 1000);
	text_fmt(m->t, "<rect class=\"scale-paper\" x=\"%.1f\" y=\"%.1f\" "
		       "width=\"%.1f\" height=\"30\"/>", x - 12, y - 20,
		w + 28);
	text_fmt(m->t, "<rect class=\"bar\" x=\"%.1f\" y=\"%.1f\" "
		       "width=\"%.1f\" height=\"4\"/>", x, y, w);
	text_fmt(m->t, "<rect class=\"bar-half\" x=\"%.1f\" y=\"%.1f\" "
		       "width=\"%.1f\" height=\"4\"/>", x + w / 2, y, w / 2);
	text_fmt(m->t, "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\">0</text>"
		       "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\" "
		       "text-anchor=\"end\">%s</text>\n", x, y - 5, x + w,
		y - 5, at);
	take(m, (struct rect){x - 12, y - 20, x + w + 16, y + 10});
}

static const char *heading(struct view *v)
{
	return SAY(v, "Map: {0} incidents", view_fmt(v, "%zu", v->event_count));
}

static void open_svg(struct map *m)
{
	text_fmt(m->t, "<svg class=\"map\" viewBox=\"0 0 %d %.0f\" "
		       "role=\"img\" aria-labelledby=\"map-title\">\n"
		       "<title id=\"map-title\">", WIDTH,
		MARGIN_TOP + m->height + MARGIN_BOTTOM);
	svg_escape(m->t, heading(m->v));
	text_fmt(m->t, "</title>\n<defs><clipPath id=\"frame\"><rect "
		       "x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%.1f\"/>"
		       "</clipPath>\n"
		       "<pattern id=\"none-watched\" width=\"7\" height=\"7\" "
		       "patternUnits=\"userSpaceOnUse\" "
		       "patternTransform=\"rotate(45)\"><path d=\"M0 0V7\" "
		       "stroke=\"#8d8577\" stroke-width=\"1.3\"/></pattern>\n"
		       "<pattern id=\"part-watched\" width=\"14\" "
		       "height=\"14\" patternUnits=\"userSpaceOnUse\" "
		       "patternTransform=\"rotate(45)\"><path d=\"M0 0V14\" "
		       "stroke=\"#a39b8d\" stroke-width=\"0.9\"/></pattern>"
		       "</defs>\n", MARGIN_LEFT, MARGIN_TOP, FRAME_W,
		m->height);
	text_fmt(m->t, "<rect class=\"paper\" x=\"%d\" y=\"%d\" "
		       "width=\"%.1f\" height=\"%.1f\"/>\n", MARGIN_LEFT,
		MARGIN_TOP, FRAME_W, m->height);
}

static void notes(struct map *m, struct figure *out)
{
	struct view *v = m->v;

	out->note[out->notes++] = m->known
		? SAY(v, "Coverage is that for {0}, over the whole period.",
			  catalogue_kind(v->speaker, m->kind))
		: view_tr(v, "No coverage is on record: all is drawn as not "
			     "watched.");
	if (m->outside > 0)
		out->note[out->notes++] = SAY(v, m->outside == 1
				? "{0} incident lies outside the map."
				: "{0} incidents lie outside the map.",
			view_fmt(v, "%zu", m->outside));
	out->alt = heading(v);
}

static bool draw(struct map *m, struct fault *f)
{
	const struct mission *mission = m->v->mission;

	open_svg(m);
	text_add(m->t, "<g clip-path=\"url(#frame)\">\n");
	if (!draw_basemap(m, f) || !draw_zones(m, f) || !draw_hatch(m, f))
		return false;
	text_add(m->t, "</g>\n");
	draw_graticule(m);
	text_add(m->t, "<g clip-path=\"url(#frame)\">\n");
	if (!draw_lines(m, f))
		return false;
	draw_marks(m);
	text_add(m->t, "</g>\n");
	draw_scale(m);
	for (size_t i = 0; i < mission->shape_count; i++)
		for (size_t r = 0; mission->shape[i].role == SHAPE_LINE &&
			r < mission->shape[i].ring_count; r++)
			take_line(m, &mission->shape[i].ring[r]);
	take_towns(m);
	draw_shape_names(m);
	if (!draw_towns(m, f))
		return false;
	text_fmt(m->t, "<rect class=\"frame\" x=\"%d\" y=\"%d\" "
		       "width=\"%.1f\" height=\"%.1f\"/>\n</svg>\n",
		MARGIN_LEFT, MARGIN_TOP, FRAME_W, m->height);
	return true;
}

bool drawing_map(struct view *v, struct figure *out, struct fault *f)
{
	struct map *m = arena_take(v->arena, sizeof *m, f);
	struct text t = text_in(v->arena, FIGURE_MAX);

	if (!m)
		return false;
	*out = (struct figure){0};
	m->v = v;
	m->t = &t;
	m->box = extent(v);
	fit(m);
	if (!collect_marks(m, f) || !draw(m, f) || !text_check(&t, f))
		return false;
	notes(m, out);
	out->svg = text_view(&t);
	return true;
}
