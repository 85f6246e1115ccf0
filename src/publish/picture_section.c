/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "publish/picture_parts.h"
#include "publish/svg.h"
#include "publish/wave.h"

/* Half of a row is a record's to swing in. */
#define SWING 0.46
/* From row to row, px: as many as there are share the frame's height. */
#define ROW_MOST 136.0
/* Lower rows have one line of words. */
#define ROW_TWO_LINES 34.0

struct drawing {
	const struct picture *p;
	struct text *t;
	struct arena *arena;
	const struct picture_row *row[PICTURE_ROWS_MAX];
	size_t rows, left_out;
	double from_s, to_s; /* of the reduced time */
	double px_s, height, bottom;
	double low_hz, high_hz;
};

/* Expected, on the reduced axis. */
static double expected_s(
	const struct picture *p, const struct picture_row *r)
{
	return r->travel_s - r->d_m / p->speed_ms;
}

/* A blast 10 km away sounds for seconds, a shot 300 m away for milliseconds:
 * the frame grows with the distance. */
static void frame_of(const struct picture *p, double *from_s, double *to_s,
	double *early_s, double *late_s)
{
	double far_m = 0, pre;

	*early_s = *late_s = 0;
	for (size_t i = 0; i < p->rows; i++) {
		double e = expected_s(p, &p->row[i]);

		if (p->row[i].state == PICTURE_OUT)
			continue;
		far_m = fmax(far_m, p->row[i].d_m);
		*early_s = fmin(*early_s, e);
		*late_s = fmax(*late_s, e);
	}
	pre = fmax(0.15, fmin(far_m / 10000, 1));
	*from_s = *early_s - pre;
	*to_s = *late_s + 1.8 * pre;
}

void picture_window(const struct picture *p, double *from_s, double *to_s)
{
	double from, to, early, late;

	frame_of(p, &from, &to, &early, &late);
	*from_s = from - late;
	*to_s = to - early;
}

/* Those that heard, nearest first, then the others, as far as there is room;
 * drawn in order of distance. */
static void choose(struct drawing *s)
{
	const struct picture *p = s->p;
	size_t heard = 0, others = 0, most_heard, most_others;

	for (size_t i = 0; i < p->rows; i++) {
		heard += p->row[i].state == PICTURE_HEARD;
		others += p->row[i].state != PICTURE_HEARD &&
			p->row[i].state != PICTURE_OUT;
	}
	most_others = others < PICTURE_ROWS_MAX / 4 ? others
						    : PICTURE_ROWS_MAX / 4;
	most_heard = heard < PICTURE_ROWS_MAX - most_others
		? heard : PICTURE_ROWS_MAX - most_others;
	if (others > PICTURE_ROWS_MAX - most_heard)
		most_others = PICTURE_ROWS_MAX - most_heard;
	else
		most_others = others;
	s->left_out = heard + others - most_heard - most_others;
	for (size_t i = 0; i < p->rows; i++) {
		size_t *left = p->row[i].state == PICTURE_HEARD ? &most_heard
								: &most_others;

		if (p->row[i].state == PICTURE_OUT || *left == 0)
			continue;
		--*left;
		s->row[s->rows++] = &p->row[i];
	}
}

static double x_of(const struct drawing *s, double reduced_s)
{
	return SECTION_X0 + (reduced_s - s->from_s) * s->px_s;
}

static double top_of(const struct drawing *s, size_t row)
{
	return PANELS_TOP + (double)row * s->height;
}

/* The time of sample 0 on the reduced axis. */
static double start_s(const struct drawing *s, const struct picture_row *r,
	struct instant start)
{
	return instant_seconds(s->p->sound.at, start) -
		r->d_m / s->p->speed_ms;
}

/* -- a record -- */

struct record { /* of one row, filtered */
	double **value;
	double peak; /* largest that is shown */
};

static bool filter(const struct drawing *s, const struct picture_row *r,
	struct record *w, struct fault *f)
{
	w->value = arena_array(s->arena, r->stretches + 1, sizeof *w->value,
		f);
	if (!w->value)
		return false;
	w->peak = 0;
	for (size_t i = 0; i < r->stretches; i++) {
		const struct picture_stretch *x = &r->stretch[i];
		double at = start_s(s, r, x->start);
		double *v = arena_array(s->arena, x->count, sizeof *v, f);

		if (!v)
			return false;
		for (size_t k = 0; k < x->count; k++)
			v[k] = (double)x->value[k];
		wave_band(v, x->count, r->rate_hz, s->low_hz, s->high_hz);
		for (size_t k = 0; k < x->count; k++) {
			double tau = at + (double)k / r->rate_hz;

			if (tau >= s->from_s && tau <= s->to_s)
				w->peak = fmax(w->peak, fabs(v[k]));
		}
		w->value[i] = v;
	}
	return true;
}

static bool draw_stretch(struct drawing *s, const struct picture_row *r,
	const struct picture_stretch *x, const double *v, double scale,
	double middle, struct fault *f)
{
	double step = s->px_s / r->rate_hz;
	double at = start_s(s, r, x->start);
	double skip = fmax(0, floor((s->from_s - at) * r->rate_hz));
	double end = fmin((double)x->count,
		floor((s->to_s - at) * r->rate_hz) + 2);
	struct wave_point *p;
	size_t n, from = (size_t)skip;

	if (skip >= end)
		return true;
	n = (size_t)end - from;
	if (!(p = arena_array(s->arena, wave_room(n, step), sizeof *p, f)))
		return false;
	n = wave_thin(v + from, n, x_of(s, at + skip / r->rate_hz), step, p);
	for (size_t i = 0; i < n; i++) {
		text_char(s->t, i ? 'L' : 'M');
		svg_number(s->t, p[i].x);
		text_char(s->t, ' ');
		svg_number(s->t, middle - p[i].y * scale);
	}
	return true;
}

static bool draw_record(struct drawing *s, size_t row, double *peak,
	struct fault *f)
{
	const struct picture_row *r = s->row[row];
	double middle = top_of(s, row) + s->height / 2, scale;
	bool heard = r->state == PICTURE_HEARD;
	size_t mark = s->arena->used;
	struct record w;
	char cut[SHEET_CUT];

	*peak = NAN;
	if (r->stretches == 0) {
		sheet_text(s->t, (SECTION_X0 + SECTION_X1) / 2.0, middle + 4,
			11, SHEET_MIDDLE, "font-style=\"italic\" fill=\"#555\"",
			sheet_cut(r->missing ? r->missing : "", 11,
				SECTION_X1 - SECTION_X0 - 16, cut));
		return true;
	}
	if (!filter(s, r, &w, f))
		return false;
	scale = w.peak > 0 ? SWING * s->height / w.peak : 0;
	text_fmt(s->t, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" "
		       "stroke-linejoin=\"round\" d=\"",
		heard ? INK : PALE, heard ? "0.9" : "0.8");
	for (size_t i = 0; i < r->stretches; i++)
		if (!draw_stretch(s, r, &r->stretch[i], w.value[i], scale,
			middle, f))
			return false;
	text_add(s->t, "\"/>\n");
	*peak = w.peak;
	s->arena->used = mark;
	return true;
}

/* -- marks -- */

static void draw_expected(struct drawing *s)
{
	for (size_t i = 0; i < s->rows; i++) {
		const struct picture_row *r = s->row[i];
		double x = x_of(s, expected_s(s->p, r));
		double w = PICTURE_Z_90 * r->sigma_s * s->px_s;
		double y = top_of(s, i);

		if (isfinite(w))
			text_fmt(s->t, "<rect x=\"%.1f\" y=\"%.1f\" "
				       "width=\"%.1f\" height=\"%.1f\" "
				       "fill=\"" EXPECTED "\" "
				       "fill-opacity=\"0.16\"/>\n",
				x - w, y, 2 * w, s->height);
		text_fmt(s->t, "<path d=\"M%.1f %.1fV%.1f\" stroke=\"" EXPECTED
			       "\" stroke-width=\"1.3\" "
			       "stroke-dasharray=\"4 2.5\"/>\n",
			x, y + s->height / 2, y + s->height);
	}
}

static void draw_arrivals(struct drawing *s, size_t row)
{
	const struct picture_row *r = s->row[row];
	double y = top_of(s, row), e = expected_s(s->p, r);

	for (size_t i = 0; i < r->near_count; i++) {
		double x = x_of(s, e + r->near[i].offset_s);
		bool used = r->used && strcmp(r->near[i].detection,
			r->used->id.text) == 0;

		if (x > SECTION_X0 && x < SECTION_X1 - 7)
			picture_flag(s->t, x, y + 2, y + s->height / 2, used);
	}
}

/* -- words -- */

static void say_peak(const struct picture *p, const struct picture_row *r,
	const char *english, double peak, struct text *t)
{
	char level[64];
	struct text l = text_on(level, sizeof level);

	picture_level(&l, r, peak);
	PICTURE_SAY(p, t, english, level);
}

static void draw_names(struct drawing *s, size_t row, double peak)
{
	const struct picture_row *r = s->row[row];
	double y = top_of(s, row) + s->height / 2, end = SECTION_X0 - 8;
	bool two = s->height >= ROW_TWO_LINES;
	char cut[SHEET_CUT], at[INSTANT_TEXT], line[96];
	struct text t = text_on(line, sizeof line);

	if (r->d_m < 1000)
		text_fmt(&t, "%.0f m", r->d_m);
	else
		text_fmt(&t, "%.2f km", r->d_m / 1000);
	if (!two) {
		sheet_text(s->t, EDGE, y + 4, 12, SHEET_START,
			"font-weight=\"600\"",
			sheet_cut(r->source->id, 13, end - EDGE - 62, cut));
		sheet_text(s->t, end, y + 4, 11, SHEET_END,
			"fill=\"#444\"", line);
		return;
	}
	sheet_text(s->t, EDGE, y - 3, 13, SHEET_START, "font-weight=\"600\"",
		sheet_cut(r->source->id, 14, end - EDGE, cut));
	if (r->used)
		text_fmt(&t, " \xc2\xb7 %.12s",
			instant_print(r->used->at, 3, at) + 11);
	if (r->state == PICTURE_DOUBTED && isfinite(peak)) {
		text_add(&t, " \xc2\xb7 ");
		say_peak(s->p, r, "peak {0}", peak, &t);
	}
	sheet_text(s->t, EDGE, y + 12, 11, SHEET_START, "fill=\"#444\"", line);
}

static void draw_words(struct drawing *s, size_t row, double peak)
{
	const struct picture_row *r = s->row[row];
	double y = top_of(s, row) + s->height / 2;
	bool two = s->height >= ROW_TWO_LINES;
	char line[128], level[64], cut[SHEET_CUT];
	struct text t = text_on(line, sizeof line);
	struct text l = text_on(level, sizeof level);

	picture_words(r, s->p->lang, &t);
	if (isfinite(peak))
		picture_level(&l, r, peak);
	if (!two) {
		sheet_text(s->t, SECTION_WORDS, y + 4, 11, SHEET_START, "",
			sheet_cut(line, 11, 98, cut));
		sheet_text(s->t, SECTION_END, y + 4, 9.5, SHEET_END,
			"fill=\"#444\"", level);
		return;
	}
	if (r->state == PICTURE_DOUBTED) { /* a sentence, for two lines */
		(void)sheet_lines(s->t, SECTION_WORDS, y - 3, 11,
			SECTION_END - SECTION_WORDS, "", line);
		return;
	}
	sheet_text(s->t, SECTION_WORDS, y - 3, 12, SHEET_START, "",
		sheet_cut(line, 12, SECTION_END - SECTION_WORDS, cut));
	if (isfinite(peak)) {
		t = text_on(line, sizeof line);
		say_peak(s->p, r, r->used && r->weight < 0.5
				? "{0}, hardly counted" : "peak {0}", peak, &t);
		sheet_text(s->t, SECTION_WORDS, y + 12, 11, SHEET_START,
			"fill=\"#444\"", line);
	}
}

/* -- the frame -- */

static void draw_axis(struct drawing *s)
{
	double step = sheet_round((s->to_s - s->from_s) / 6);
	int decimals = step >= 1 ? 0 : step >= 0.1 ? 1 : 2;
	char line[240], speed[16];
	struct text t;

	for (double k = floor(s->from_s / step) + 1; k * step < s->to_s; k++) {
		double x = x_of(s, k * step);

		text_fmt(s->t, "<path d=\"M%.1f %dV%.1f\" stroke=\"" INK
			       "\" stroke-opacity=\"%s\" "
			       "stroke-width=\"0.8\"/>", x, PANELS_TOP,
			s->bottom, fabs(k) < 0.5 ? "0.6" : "0.14");
		t = text_on(line, sizeof line);
		text_add(&t, k < -0.5 ? "\xe2\x88\x92" : "");
		text_fixed(&t, fabs(k) * step, decimals);
		sheet_text(s->t, x, s->bottom + 15, 11.5, SHEET_MIDDLE,
			"fill=\"#444\"", line);
	}
	t = text_on(speed, sizeof speed);
	text_fmt(&t, "%.1f", s->p->speed_ms);
	t = text_on(line, sizeof line);
	PICTURE_SAY(s->p, &t, "seconds after the origin, less distance at "
		"{0} m/s (0: in still air)", speed);
	sheet_text(s->t, (SECTION_X0 + SECTION_X1) / 2.0, s->bottom + 32, 12,
		SHEET_MIDDLE, "", line);
}

static void draw_heads(struct drawing *s)
{
	static const char head[] = "font-weight=\"600\"";
	char line[96];
	struct text t = text_on(line, sizeof line);

	text_add(&t, picture_tr(s->p, "Records, nearest first"));
	if (isfinite(s->low_hz + s->high_hz)) {
		text_add(&t, ", ");
		text_short(&t, s->low_hz, 1);
		text_add(&t, "\xe2\x80\x93");
		text_short(&t, s->high_hz, 1);
		text_add(&t, " Hz");
	}
	if (s->left_out > 0)
		text_fmt(&t, " (+%zu)", s->left_out);
	sheet_text(s->t, EDGE, PANELS_TOP - 10, 12, SHEET_START, head,
		picture_tr(s->p, "Sensor, distance"));
	sheet_text(s->t, SECTION_X0, PANELS_TOP - 10, 12, SHEET_START, head,
		line);
	sheet_text(s->t, SECTION_WORDS, PANELS_TOP - 10, 12, SHEET_START, head,
		picture_tr(s->p, "Late by"));
}

static bool draw_rows(struct drawing *s, struct fault *f)
{
	double peak[PICTURE_ROWS_MAX];

	text_fmt(s->t, "<clipPath id=\"section-%s\"><rect x=\"%d\" y=\"%d\" "
		       "width=\"%d\" height=\"%.1f\"/></clipPath>\n"
		       "<g clip-path=\"url(#section-%s)\">\n",
		s->p->incident->id.text, SECTION_X0, PANELS_TOP,
		SECTION_X1 - SECTION_X0, s->bottom - PANELS_TOP,
		s->p->incident->id.text);
	draw_expected(s);
	for (size_t i = 0; i < s->rows; i++)
		if (!draw_record(s, i, &peak[i], f))
			return false;
	for (size_t i = 0; i < s->rows; i++)
		draw_arrivals(s, i);
	text_add(s->t, "</g>\n");
	for (size_t i = 0; i < s->rows; i++) {
		draw_names(s, i, peak[i]);
		draw_words(s, i, peak[i]);
	}
	return true;
}

bool picture_section(const struct picture *p, struct arena *a,
	struct text *t, struct fault *f)
{
	struct drawing s = {.p = p, .t = t, .arena = a};
	double early, late;

	choose(&s);
	frame_of(p, &s.from_s, &s.to_s, &early, &late);
	picture_band(p, &s.low_hz, &s.high_hz);
	s.px_s = (SECTION_X1 - SECTION_X0) / (s.to_s - s.from_s);
	s.height = fmin(ROW_MOST, (PANELS_END - PANELS_TOP) /
			fmax(1, (double)s.rows));
	s.bottom = PANELS_TOP + s.height * fmax(1, (double)s.rows);
	draw_heads(&s);
	text_fmt(t, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%.1f\" "
		    "fill=\"" PAPER "\"/>\n", SECTION_X0, PANELS_TOP,
		SECTION_X1 - SECTION_X0, s.bottom - PANELS_TOP);
	draw_axis(&s);
	if (!draw_rows(&s, f))
		return false;
	text_fmt(t, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%.1f\" "
		    "fill=\"none\" stroke=\"" INK "\"/>\n", SECTION_X0,
		PANELS_TOP, SECTION_X1 - SECTION_X0, s.bottom - PANELS_TOP);
	return true;
}
