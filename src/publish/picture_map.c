/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "geo/frame.h"
#include "geo/polygon.h"
#include "model/called.h"
#include "publish/picture_parts.h"
#include "publish/svg.h"

enum { TOWNS_MAX = 7 };
/* A square is shaded by the root of its density, so that the flanks show. */
#define SHADE 0.8
#define SHADE_LEAST 0.04

struct map {
	const struct picture *p;
	struct text *t;
	struct arena *arena;
	struct sheet_room room;
	struct frame frame; /* at the sound */
	struct xy mid;      /* of the drawing, in it */
	double px_m;
	const char *clip;
};

static double x_of(const struct map *m, struct xy q)
{
	return (m->room.frame.x0 + m->room.frame.x1) / 2 +
		(q.x_m - m->mid.x_m) * m->px_m;
}

static double y_of(const struct map *m, struct xy q)
{
	return (m->room.frame.y0 + m->room.frame.y1) / 2 -
		(q.y_m - m->mid.y_m) * m->px_m;
}

static bool holds(const struct map *m, double x, double y, double margin)
{
	const struct sheet_box *b = &m->room.frame;

	return x >= b->x0 + margin && x <= b->x1 - margin &&
		y >= b->y0 + margin && y <= b->y1 - margin;
}

/* Shows a box of metres, true to scale. */
static void fit(struct map *m, struct xy least, struct xy most)
{
	const struct sheet_box *b = &m->room.frame;
	double w = fmax(most.x_m - least.x_m, 1);
	double h = fmax(most.y_m - least.y_m, 1);

	m->mid = (struct xy){(least.x_m + most.x_m) / 2,
		(least.y_m + most.y_m) / 2};
	m->px_m = fmin((b->x1 - b->x0) / w, (b->y1 - b->y0) / h);
}

static void widen(struct xy *least, struct xy *most, struct xy q)
{
	least->x_m = fmin(least->x_m, q.x_m);
	least->y_m = fmin(least->y_m, q.y_m);
	most->x_m = fmax(most->x_m, q.x_m);
	most->y_m = fmax(most->y_m, q.y_m);
}

static struct map map_on(const struct picture *p, struct arena *a,
	struct text *t, double y0, double y1, const char *clip)
{
	return (struct map){.p = p, .t = t, .arena = a, .clip = clip,
		.room = {.frame = {MAP_X0, y0, MAP_X1, y1}},
		.frame = frame_at(p->sound.place.lat_deg,
			p->sound.place.lon_deg)};
}

static void open_map(struct map *m)
{
	const struct sheet_box *b = &m->room.frame;

	text_fmt(m->t, "<clipPath id=\"%s-%s\"><rect x=\"%.0f\" y=\"%.0f\" "
		       "width=\"%.0f\" height=\"%.0f\"/></clipPath>\n"
		       "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" "
		       "height=\"%.0f\" fill=\"" PAPER "\"/>\n", m->clip,
		m->p->incident->id.text, b->x0, b->y0, b->x1 - b->x0,
		b->y1 - b->y0, b->x0, b->y0, b->x1 - b->x0, b->y1 - b->y0);
}

static void group(struct map *m)
{
	text_fmt(m->t, "<g clip-path=\"url(#%s-%s)\">\n", m->clip,
		m->p->incident->id.text);
}

static void close_map(struct map *m)
{
	const struct sheet_box *b = &m->room.frame;

	text_fmt(m->t, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" "
		       "height=\"%.0f\" fill=\"none\" stroke=\"" INK "\"/>\n",
		b->x0, b->y0, b->x1 - b->x0, b->y1 - b->y0);
}

/* -- what lies around -- */

/* Points nearer than a pixel to the last are dropped; so are open stretches
 * that lie wholly to one side. */
static void trace(struct map *m, const struct ring *r, bool closed)
{
	const struct sheet_box *b = &m->room.frame;
	double px = NAN, py = NAN;
	bool down = false;

	for (size_t i = 0; i < r->count; i++) {
		struct xy q = frame_to(&m->frame, r->point[i].lat_deg,
			r->point[i].lon_deg);
		double x = x_of(m, q), y = y_of(m, q);
		bool away = !closed && isfinite(px) &&
			((x < b->x0 && px < b->x0) ||
				(x > b->x1 && px > b->x1) ||
				(y < b->y0 && py < b->y0) ||
				(y > b->y1 && py > b->y1));

		if (!isfinite(x + y))
			continue;
		if (down && fabs(x - px) < 1 && fabs(y - py) < 1 &&
			i + 1 < r->count)
			continue;
		if (!away && !down && isfinite(px))
			text_fmt(m->t, "M%.1f %.1f", px, py);
		if (!away && (isfinite(px) || closed))
			text_fmt(m->t, "%c%.1f %.1f",
				isfinite(px) ? 'L' : 'M', x, y);
		down = !away && (isfinite(px) || closed);
		px = x;
		py = y;
	}
	if (closed && down)
		text_char(m->t, 'z');
}

/* The drawing's box, and some more. */
static void corners(const struct map *m, struct point out[4])
{
	static const int way[4][2] = {{-1, -1}, {1, -1}, {1, 1}, {-1, 1}};
	const struct sheet_box *b = &m->room.frame;
	double w = (b->x1 - b->x0) / m->px_m * 0.52;
	double h = (b->y1 - b->y0) / m->px_m * 0.52;

	for (int i = 0; i < 4; i++)
		out[i] = frame_from(&m->frame,
			(struct xy){m->mid.x_m + way[i][0] * w,
				m->mid.y_m + way[i][1] * h});
}

static bool draw_shape(struct map *m, const struct shape *s,
	const char *style, struct fault *f)
{
	struct point corner[4];
	struct ring box = {corner, 4};
	size_t mark = m->arena->used;

	corners(m, corner);
	text_fmt(m->t, "<path %s d=\"", style);
	for (size_t i = 0; i < s->ring_count; i++) {
		struct ring part = s->ring[i];

		if (s->closed && !polygon_clip(&s->ring[i], &box, m->arena,
			&part, f))
			return false;
		trace(m, &part, s->closed);
		m->arena->used = mark;
	}
	text_add(m->t, "\"/>\n");
	return true;
}

/* Control and disputed boundaries are never drawn (DESK 9). */
static bool draw_around(struct map *m, struct fault *f)
{
	static const struct {
		enum shape_role role;
		const char *style;
	} layers[] = {
		{SHAPE_BASEMAP, "fill=\"none\" stroke=\"#b9b0a2\" "
				"stroke-width=\"0.8\""},
		{SHAPE_ZONE, "fill=\"#6b655a\" fill-opacity=\"0.06\" "
			     "stroke=\"#6b655a\" stroke-width=\"1\" "
			     "stroke-dasharray=\"5 3\""},
		{SHAPE_LINE, "fill=\"none\" stroke=\"" INK "\" "
			     "stroke-width=\"2\""},
	};
	const struct mission *mission = m->p->mission;

	for (size_t k = 0; k < sizeof layers / sizeof *layers; k++)
		for (size_t i = 0; i < mission->shape_count; i++) {
			const struct shape *s = &mission->shape[i];

			if (s->role == layers[k].role &&
				!(s->class_ && strstr(s->class_, "disputed")) &&
				!draw_shape(m, s, layers[k].style, f))
				return false;
		}
	return true;
}

/* Of its points in the frame that which is nearest to a place in it. */
static bool point_near(const struct map *m, const struct shape *s, double x0,
	double y0, double *x, double *y)
{
	double best = INFINITY;

	*x = *y = 0;
	for (size_t i = 0; i < s->ring_count; i++)
		for (size_t k = 0; k < s->ring[i].count; k++) {
			const struct point *p = &s->ring[i].point[k];
			struct xy q = frame_to(
				&m->frame, p->lat_deg, p->lon_deg);
			double px = x_of(m, q), py = y_of(m, q);
			double d = fabs(px - x0) + fabs(py - y0);

			if (!(d < best) || !holds(m, px, py, 8))
				continue;
			best = d;
			*x = px;
			*y = py;
		}
	return isfinite(best);
}

static void draw_names(struct map *m)
{
	const struct mission *mission = m->p->mission;
	const struct sheet_box *b = &m->room.frame;

	for (size_t i = 0; i < mission->shape_count; i++) {
		const struct shape *s = &mission->shape[i];
		char name[256], cut[SHEET_CUT];
		struct text t = text_on(name, sizeof name);
		double x, y;

		if ((s->role != SHAPE_LINE && s->role != SHAPE_ZONE) ||
			!point_near(m, s, (b->x0 + b->x1) / 2,
				b->y0 + (b->y1 - b->y0) * 0.3, &x, &y))
			continue;
		text_fmt(&t, "%.80s", called_shape(s, picture_lang(m->p)));
		if (s->role == SHAPE_LINE && s->version && *s->version)
			text_fmt(&t, " (%.40s)", s->version);
		(void)sheet_label(m->t, &m->room, x, y, &(struct sheet_word){
			sheet_cut(name, 10.5, 330, cut),
			s->role == SHAPE_LINE ? "font-weight=\"700\""
					      : "fill=\"#5a554b\"",
			10.5, 5, x > (b->x0 + b->x1) / 2});
	}
}

static void draw_towns(struct map *m)
{
	const struct mission *mission = m->p->mission;
	size_t drawn = 0;
	char cut[SHEET_CUT];

	for (size_t i = 0; i < mission->town_count && drawn < TOWNS_MAX; i++) {
		const struct town *w = &mission->town[i];
		struct xy q = frame_to(&m->frame, w->lat_deg, w->lon_deg);
		double x = x_of(m, q), y = y_of(m, q);

		struct sheet_box dot = {x - 3, y - 3, x + 3, y + 3};

		if (!isfinite(x + y) || !sheet_free(&m->room, &dot) ||
			!sheet_label(m->t, &m->room, x, y, &(struct sheet_word){
				sheet_cut(called_town(w,
						picture_lang(m->p)), 11, 130,
					cut),
				"font-style=\"italic\" fill=\"#4a463e\"", 11, 4,
				false}))
			continue;
		text_fmt(m->t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"4\" "
			       "height=\"4\" fill=\"#4a463e\"/>\n", x - 2,
			y - 2);
		(void)sheet_take(&m->room, dot);
		drawn++;
	}
}

/* -- sensors -- */

static void take_around(struct map *m, double x, double y, double r)
{
	(void)sheet_take(&m->room, (struct sheet_box){x - r, y - r, x + r,
		y + r});
}

static void draw_rays(struct map *m)
{
	double x0 = x_of(m, (struct xy){0, 0}), y0 = y_of(m, (struct xy){0, 0});

	for (size_t i = 0; i < m->p->rows; i++) {
		const struct source *s = m->p->row[i].source;
		struct xy q = frame_to(&m->frame, s->lat_deg, s->lon_deg);

		if (m->p->row[i].state == PICTURE_HEARD)
			text_fmt(m->t, "<path d=\"M%.1f %.1fL%.1f %.1f\" "
				       "stroke=\"" PICKED "\" "
				       "stroke-opacity=\"0.5\" "
				       "stroke-width=\"0.8\"/>\n", x0, y0,
				x_of(m, q), y_of(m, q));
	}
}

/* Whence an array heard it, and the sector that holds 90 % of its errors; an
 * open square is one that gave a time. */
static void draw_far(struct map *m)
{
	for (size_t i = 0; i < m->p->far_count; i++) {
		const struct far *h = &m->p->far[i];
		const struct source *s = source_find(m->p->mission->source,
			m->p->mission->source_count, h->source);
		struct xy q = s ? frame_to(&m->frame, s->lat_deg, s->lon_deg)
				: (struct xy){NAN, NAN};
		double x = x_of(m, q), y = y_of(m, q);
		double wide = PICTURE_Z_90 * h->sigma_deg, long_px;

		if (!isfinite(x + y))
			continue;
		long_px = 1.3 * h->d_m * m->px_m + 20;
		for (int k = -1; k <= 1 && isfinite(wide); k++) {
			double az = RAD(h->back_azimuth_deg + k * wide);

			text_fmt(m->t, "<path d=\"M%.1f %.1fl%.1f %.1f\" "
				       "stroke=\"" EXPECTED "\" "
				       "stroke-width=\"%s\"/>\n", x, y,
				long_px * m_sin(az), -long_px * m_cos(az),
				k ? "0.8\" stroke-dasharray=\"6 3" : "1.4");
		}
		picture_other(m->t, x, y);
	}
}

static void draw_sensors(struct map *m)
{
	char cut[SHEET_CUT];

	for (size_t i = 0; i < m->p->rows; i++) {
		const struct picture_row *r = &m->p->row[i];
		struct xy q = frame_to(&m->frame, r->source->lat_deg,
			r->source->lon_deg);
		double x = x_of(m, q), y = y_of(m, q);

		if (!holds(m, x, y, 0))
			continue;
		picture_sensor(m->t, x, y, r->state);
		take_around(m, x, y, 7);
	}
	for (size_t i = 0; i < m->p->rows; i++) {
		const struct source *s = m->p->row[i].source;
		struct xy q = frame_to(&m->frame, s->lat_deg, s->lon_deg);
		double x = x_of(m, q), y = y_of(m, q);

		/* Off the line to the sound. */
		if (holds(m, x, y, 0))
			(void)sheet_label(m->t, &m->room, x, y,
				&(struct sheet_word){sheet_cut(
					s->id, 10.5, 110, cut), "", 10.5, 7,
					q.x_m < 0});
	}
}

/* -- what every map has -- */

/* Whether a sensor or the sound lies within a box. */
static bool is_busy(const struct map *m, const struct sheet_box *b)
{
	bool busy = false;

	for (size_t i = 0; i <= m->p->rows; i++) {
		const struct source *s = i ? m->p->row[i - 1].source : NULL;
		struct xy q = {0, 0};
		double x, y;

		if (s)
			q = frame_to(&m->frame, s->lat_deg, s->lon_deg);
		x = x_of(m, q);
		y = y_of(m, q);
		busy = busy || (x > b->x0 - 8 && x < b->x1 + 8 &&
				       y > b->y0 - 8 && y < b->y1 + 8);
	}
	return busy;
}

static void draw_scale(struct map *m)
{
	const struct sheet_box *b = &m->room.frame;
	double step = sheet_round(120 / m->px_m), w = step * m->px_m;
	double x = b->x1 - w - 16, y = b->y1 - 14;
	char at[48];
	struct text t = text_on(at, sizeof at);

	if (is_busy(m, &(struct sheet_box){x - 70, y - 19, b->x1, b->y1}))
		x = b->x0 + 16;
	if (step < 1000)
		text_short(&t, step, 2);
	else
		text_short(&t, step / 1000, 0);
	text_add(&t, step < 1000 ? " m" : " km");
	text_fmt(m->t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
		       "height=\"28\" fill=\"" PAPER "\" "
		       "fill-opacity=\"0.92\"/>"
		       "<path d=\"M%.1f %.1fh%.1fv4h%.1fz\" fill=\"" INK
		       "\"/>"
		       "<path d=\"M%.1f %.1fh%.1fv4h%.1fz\" fill=\"#fff\" "
		       "stroke=\"" INK "\" stroke-width=\"0.8\"/>\n",
		x - 10, y - 19, w + 20, x, y, w, -w, x + w / 2, y, w / 2,
		-w / 2);
	sheet_text(m->t, x, y - 5, 11, SHEET_START, "", "0");
	sheet_text(m->t, x + w, y - 5, 11, SHEET_END, "", at);
	(void)sheet_take(&m->room, (struct sheet_box){x - 10, y - 19,
		x + w + 10, y + 9});
}

static void draw_north(struct map *m)
{
	double x = m->room.frame.x1 - 18, y = m->room.frame.y0 + 12;

	text_fmt(m->t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"24\" height=\"42\" "
		       "fill=\"" PAPER "\" fill-opacity=\"0.92\"/>"
		       "<path d=\"M%.1f %.1fl5 13l-5 -3l-5 3z\" fill=\"" INK
		       "\"/>\n", x - 12, y - 8, x, y);
	sheet_text(m->t, x, y + 27, 12, SHEET_MIDDLE, "font-weight=\"600\"",
		"N");
	(void)sheet_take(&m->room,
		(struct sheet_box){x - 12, y - 8, x + 12, y + 34});
}

static void draw_star(struct map *m, double r)
{
	double x = x_of(m, (struct xy){0, 0}), y = y_of(m, (struct xy){0, 0});

	picture_star(m->t, x, y, r);
}

static void heading(const struct map *m, const char *s)
{
	char cut[SHEET_CUT];

	sheet_text(m->t, MAP_X0, m->room.frame.y0 - 10, 12, SHEET_START,
		"font-weight=\"600\"",
		sheet_cut(s, 13, MAP_X1 - MAP_X0, cut));
}

/* -- the two -- */

/* Others too, unless the nodes would shrink to a dot. */
static void widen_far(struct map *m, struct xy *least, struct xy *most)
{
	double far_m = 2 * fmax(most->x_m - least->x_m, most->y_m -
		least->y_m);

	for (size_t i = 0; i < m->p->far_count; i++) {
		const struct source *s = source_find(m->p->mission->source,
			m->p->mission->source_count, m->p->far[i].source);

		if (s && m->p->far[i].d_m < far_m)
			widen(least, most, frame_to(&m->frame, s->lat_deg,
				s->lon_deg));
	}
}

static bool overview(const struct picture *p, struct arena *a, struct text *t,
	struct fault *f)
{
	struct map m = map_on(p, a, t, PANELS_TOP, OVER_Y1, "over");
	struct xy least = {0, 0}, most = {0, 0};
	double pad;

	for (size_t i = 0; i < p->rows; i++)
		widen(&least, &most, frame_to(&m.frame,
			p->row[i].source->lat_deg, p->row[i].source->lon_deg));
	widen_far(&m, &least, &most);
	pad = 0.08 * fmax(most.x_m - least.x_m, most.y_m - least.y_m) + 50;
	fit(&m, (struct xy){least.x_m - pad, least.y_m - pad},
		(struct xy){most.x_m + pad, most.y_m + pad});
	heading(&m, picture_tr(p, "Sensors, and what lies around"));
	open_map(&m);
	group(&m);
	if (!draw_around(&m, f))
		return false;
	draw_far(&m);
	draw_rays(&m);
	text_add(t, "</g>\n");
	draw_scale(&m);
	draw_north(&m);
	take_around(&m, x_of(&m, (struct xy){0, 0}),
		y_of(&m, (struct xy){0, 0}), 10);
	group(&m);
	draw_sensors(&m);
	draw_star(&m, 9);
	draw_towns(&m);
	draw_names(&m);
	text_add(t, "</g>\n");
	close_map(&m);
	return true;
}

/* As far as the ring of 90 % and the ellipse reach. */
static void extent(const struct map *m, struct xy *least, struct xy *most)
{
	const struct region *r = &m->p->sound.place.region;
	double a = r->ellipse.semi_major_m;

	*least = *most = (struct xy){0, 0};
	if (isfinite(a)) {
		widen(least, most, (struct xy){-a, -a});
		widen(least, most, (struct xy){a, a});
	}
	for (size_t i = 0; i < r->ring_count; i++)
		for (size_t k = 0; k < r->ring[i].count; k++)
			widen(least, most, frame_to(&m->frame,
				r->ring[i].point[k].lat_deg,
				r->ring[i].point[k].lon_deg));
}

static double density(const struct cell *c)
{
	return c->share / (c->half_side_m * c->half_side_m);
}

/* One part of a colour between paper and the darkest. */
static unsigned mixed(double paper, double dark, double shade)
{
	return (unsigned)(paper + (dark - paper) * shade + 0.5);
}

/* Opaque, and to whole pixels outward, so that neighbours leave no seam. */
static void draw_cell(
	struct map *m, double x, double y, double h, double shade)
{
	double x0 = floor(x - h), y0 = floor(y - h);

	text_fmt(m->t, "<rect x=\"%.0f\" y=\"%.0f\" width=\"%.0f\" "
		       "height=\"%.0f\" fill=\"#%02x%02x%02x\"/>\n",
		x0, y0, floor(x + h) + 1 - x0, floor(y + h) + 1 - y0,
		mixed(250, 49, shade), mixed(248, 72, shade),
		mixed(243, 95, shade));
}

/* The densest come first in a record, and lie on top here. */
static void draw_cells(struct map *m)
{
	const struct region *r = &m->p->sound.place.region;
	double top = 0;

	for (size_t i = 0; i < r->cell_count; i++)
		top = fmax(top, density(&r->cell[i]));
	for (size_t i = r->cell_count; i-- > 0;) {
		const struct cell *c = &r->cell[i];
		struct xy q = frame_to(&m->frame, c->lat_deg, c->lon_deg);
		double h = c->half_side_m * m->px_m;
		double shade = SHADE * sqrt(density(c) / top);

		if (shade >= SHADE_LEAST &&
			holds(m, x_of(m, q), y_of(m, q), -h))
			draw_cell(m, x_of(m, q), y_of(m, q), h, shade);
	}
}

static void draw_region(struct map *m)
{
	const struct region *r = &m->p->sound.place.region;
	const struct place *p = &m->p->incident->place;
	const struct ellipse *e = &p->region.ellipse;
	struct xy q = frame_to(&m->frame, p->lat_deg, p->lon_deg);

	text_add(m->t, "<path fill=\"none\" stroke=\"" INK "\" "
		       "stroke-width=\"1.8\" d=\"");
	for (size_t i = 0; i < r->ring_count; i++)
		trace(m, &r->ring[i], true);
	text_add(m->t, "\"/>\n");
	if (!isfinite(e->semi_major_m) || !place_known(p))
		return;
	text_fmt(m->t, "<ellipse rx=\"%.1f\" ry=\"%.1f\" "
		       "transform=\"translate(%.1f %.1f) rotate(%.1f)\" "
		       "fill=\"none\" stroke=\"" PICKED "\" "
		       "stroke-width=\"1.6\" stroke-dasharray=\"7 4\"/>\n",
		e->semi_major_m * m->px_m, e->semi_minor_m * m->px_m,
		x_of(m, q), y_of(m, q), e->azimuth_deg - 90);
}

static bool zoom(const struct picture *p, struct arena *a, struct text *t,
	struct fault *f)
{
	struct map m = map_on(p, a, t, ZOOM_Y0, PANELS_END, "zoom");
	struct xy least, most;
	double pad;

	extent(&m, &least, &most);
	pad = 0.25 * fmax(most.x_m - least.x_m, most.y_m - least.y_m);
	fit(&m, (struct xy){least.x_m - pad, least.y_m - pad},
		(struct xy){most.x_m + pad, most.y_m + pad});
	heading(&m, picture_tr(p, "Where it was: probability, and its 90 %"));
	open_map(&m);
	group(&m);
	draw_cells(&m);
	if (!draw_around(&m, f))
		return false;
	draw_region(&m);
	draw_far(&m);
	draw_scale(&m);
	draw_north(&m);
	draw_sensors(&m);
	draw_star(&m, 7);
	text_add(t, "</g>\n");
	close_map(&m);
	return true;
}

bool picture_maps(const struct picture *p, struct arena *a, struct text *t,
	struct fault *f)
{
	return overview(p, a, t, f) && zoom(p, a, t, f);
}
