/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/picture.h"

#include <stdlib.h>

#include "base/maths.h"
#include "model/words.h"
#include "publish/catalogue.h"
#include "publish/picture_parts.h"
#include "publish/svg.h"

/* A working source should have heard if it does so more often than not
 * (locate/sound.c). */
#define SHOULD 0.5
enum { SENTENCE = 1536 };
#define GLUE "\xc2\xa0" /* a space at which no line breaks */

/* -- words -- */

/* None of what is said as 0. */
static const char *sign(double x, double least)
{
	return fabs(x) < least ? "" : x < 0 ? "\xe2\x88\x92" : "+";
}

static void late_words(const struct picture_row *r, double late_s,
	struct text *t)
{
	double sigmas = late_s / r->sigma_s;

	text_fmt(t, "%s%.0f ms", sign(late_s, 0.0005), fabs(late_s) * 1000);
	if (isfinite(sigmas))
		text_fmt(t, ", %s%.1f \xcf\x83", sign(sigmas, 0.05),
			fabs(sigmas));
}

static double nearest_s(const struct picture_row *r)
{
	double best = INFINITY;

	for (size_t i = 0; i < r->near_count; i++)
		if (fabs(r->near[i].offset_s) < fabs(best))
			best = r->near[i].offset_s;
	return best;
}

const char *picture_lang(const struct picture *p)
{
	return p->lang ? p->lang : "en";
}

const char *picture_tr(const struct picture *p, const char *english)
{
	return phrase_in(picture_lang(p), english);
}

void picture_words(
	const struct picture_row *r, const char *lang, struct text *t)
{
	const struct picture p = {.lang = lang};

	switch (r->state) {
	case PICTURE_HEARD:
		late_words(r, r->late_s, t);
		return;
	case PICTURE_APART:
		text_fmt(t, "%s: %+.2f s", picture_tr(&p, "not used"),
			nearest_s(r));
		return;
	case PICTURE_DOUBTED:
	case PICTURE_OUT:
		text_add(t, picture_tr(&p, r->why));
		return;
	default:
		text_fmt(t, "%s, ", picture_tr(&p, "silent"));
		if (isfinite(r->pd))
			text_fmt(t, "Pd %.0f %%", r->pd * 100);
		else
			text_add(t, "Pd < 10 %");
	}
}

void picture_level(struct text *t, const struct picture_row *r, double value)
{
	bool pascal = isfinite(r->scale) || r->source->sensitivity > 0;
	double v = isfinite(r->scale) ? value * r->scale
		: pascal	      ? value / r->source->sensitivity
				      : value;
	int decimals = 0;

	for (double x = v; x > 0 && x < 10 && decimals < 6; x *= 10)
		decimals++;
	text_fixed(t, v, decimals);
	text_add(t, !pascal ? " counts"
		: r->source->kind == SOURCE_SEISMIC ? " m/s" : " Pa");
}

static int by_value(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The median of a feature of the used arrivals. */
static double middle(const struct picture *p, const char *name)
{
	double x[256];
	size_t n = 0;

	for (size_t i = 0; i < p->rows && n < 256; i++) {
		const struct detection *d = p->row[i].used;
		double v = d ? feature_of(d->feature, d->feature_count, name)
			     : NAN;

		if (isfinite(v))
			x[n++] = v;
	}
	if (n == 0)
		return NAN;
	qsort(x, n, sizeof *x, by_value);
	return x[n / 2];
}

void picture_band(const struct picture *p, double *low_hz, double *high_hz)
{
	*low_hz = middle(p, "band_low_hz");
	*high_hz = middle(p, "band_high_hz");
}

/* -- marks -- */

void picture_flag(struct text *t, double x, double y0, double y1, bool used)
{
	double h = fmin(9, (y1 - y0) * 0.6);

	text_fmt(t, "<path d=\"M%.1f %.1fV%.1fl%.1f %.1fL%.1f %.1f\" "
		    "fill=\"%s\" stroke=\"%s\" stroke-width=\"%s\"/>\n",
		x, y1, y0, h, h / 2, x, y0 + h, used ? PICKED : "#fff",
		used ? PICKED : "#555", used ? "1.5" : "1");
}

void picture_sensor(
	struct text *t, double x, double y, enum picture_state state)
{
	if (state == PICTURE_OUT || state == PICTURE_DOUBTED) {
		text_fmt(t, "<path d=\"M%.1f %.1fl9 9m0 -9l-9 9\" "
			    "stroke=\"" INK "\" stroke-width=\"1.6\"/>\n",
			x - 4.5, y - 4.5);
		return;
	}
	text_fmt(t, "<path d=\"M%.1f %.1fl6.2 10.6h-12.4z\" fill=\"%s\" "
		    "stroke=\"" INK "\" stroke-width=\"1.3\"/>\n", x, y - 6.6,
		state == PICTURE_HEARD ? INK : "#fff");
}

void picture_other(struct text *t, double x, double y)
{
	text_fmt(t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"9\" height=\"9\" "
		    "fill=\"#fff\" stroke=\"" EXPECTED "\" "
		    "stroke-width=\"1.6\"/>\n", x - 4.5, y - 4.5);
}

/* With a light edge, since it lies on the darkest part. */
void picture_star(struct text *t, double x, double y, double r)
{
	static const char *const edge[] = {"#fff\" stroke-width=\"4", INK};

	for (int pass = 0; pass < 2; pass++) {
		text_add(t, "<path d=\"");
		for (int i = 0; i < 10; i++) {
			double a = RAD(36.0 * i), d = i % 2 ? r * 0.42 : r;

			text_fmt(t, "%c%.1f %.1f", i ? 'L' : 'M',
				x + d * m_sin(a), y - d * m_cos(a));
		}
		text_fmt(t, "z\" fill=\"" PICKED "\" stroke=\"%s\"/>",
			edge[pass]);
	}
	text_char(t, '\n');
}

/* -- above -- */

static void title(const struct picture *p, struct text *t)
{
	const struct incident *i = p->incident;
	char line[768], cut[SHEET_CUT], at[INSTANT_TEXT], version[16];
	struct text l = text_on(line, sizeof line);
	struct text v = text_on(version, sizeof version);
	char kind[32];
	struct text k = text_on(kind, sizeof kind);
	double px;

	instant_print(i->at, 3, at);
	catalogue_spoken(&k, kind_name(incident_kind(i)));
	if (p->lang)
		text_add(&l, picture_tr(p, kind));
	else
		text_fmt(&l, "%c%s", *kind - 32, kind + 1);
	text_fmt(&l, " (%.0f %%), %.10s %.12s UTC",
		i->kind[incident_kind(i)] * 100, at, at + 11);
	if (*i->phrase && !p->lang) /* which is English */
		text_fmt(&l, ", %.500s", i->phrase);
	/* Bold is a tenth wider. */
	px = fmin(23, (SHEET_W - 2 * EDGE) / (1.1 * svg_width_em(line)));
	px = fmax(15, floor(px));
	sheet_text(t, EDGE, 46, px, SHEET_START, "font-weight=\"600\"",
		sheet_cut(line, 1.1 * px, SHEET_W - 2 * EDGE, cut));
	l = text_on(line, sizeof line);
	text_fmt(&l, "%.200s \xc2\xb7 ",
		p->mission->title && *p->mission->title ? p->mission->title
							: p->mission->name);
	text_i64(&v, i->version);
	PICTURE_SAY(p, &l, "incident {0}, version {1}, {2}", i->id.text,
		version, picture_tr(p, status_name(i->status)));
	sheet_text(t, EDGE, 68, 12.5, SHEET_START, "fill=\"#444\"",
		sheet_cut(line, 12.5, SHEET_W - 2 * EDGE, cut));
}

struct ears {
	size_t heard, silent, apart, doubted, out, should;
};

static struct ears count(const struct picture *p)
{
	struct ears n = {0};

	for (size_t i = 0; i < p->rows; i++) {
		const struct picture_row *r = &p->row[i];

		n.heard += r->state == PICTURE_HEARD;
		n.apart += r->state == PICTURE_APART;
		n.silent += r->state == PICTURE_SILENT;
		n.out += r->state == PICTURE_OUT;
		n.doubted += r->state == PICTURE_DOUBTED;
		n.should += r->state == PICTURE_SILENT && r->pd > SHOULD;
	}
	return n;
}

static void say_count(const struct picture *p, const char *before,
	const char *english, size_t n, size_t of, struct text *l)
{
	char a[24], b[24];
	struct text ta = text_on(a, sizeof a), tb = text_on(b, sizeof b);

	text_fmt(&ta, "%zu", n);
	text_fmt(&tb, "%zu", of);
	text_add(l, before);
	PICTURE_SAY(p, l, english, a, b);
}

static void who(const struct picture *p, const struct ears *n, struct text *l)
{
	size_t working = n->heard + n->apart + n->silent;

	say_count(p, "", n->heard == working
			? "All {0} working sensors in range heard it"
			: "Of {1} working sensors in range, {0} heard it",
		n->heard, working, l);
	if (n->apart > 0)
		say_count(p, ", ", "{0} reported another arrival", n->apart, 0,
			l);
	if (n->silent > 0)
		say_count(p, ", ", "{0} reported nothing", n->silent, 0, l);
	if (n->should > 0)
		say_count(p, ", ", "{0} of them against expectation (Pd over "
			"50 %)", n->should, 0, l);
	if (n->doubted > 0)
		say_count(p, "; ", n->doubted == 1
				? "{0} more is not believed"
				: "{0} more are not believed", n->doubted, 0,
			l);
	if (n->out > 0)
		say_count(p, "; ", n->out == 1
				? "{0} more was not working"
				: "{0} more were not working", n->out, 0, l);
}

static void where(const struct picture *p, struct text *l)
{
	const struct place *w = &p->sound.place;
	const struct ellipse *e = &w->region.ellipse;

	char share[8], major[16], minor[16], at[64], s[16];
	struct text t[] = {text_on(share, sizeof share),
		text_on(major, sizeof major), text_on(minor, sizeof minor),
		text_on(at, sizeof at), text_on(s, sizeof s)};

	text_add(l, ". ");
	if (!isfinite(e->semi_major_m + e->semi_minor_m)) {
		text_add(l, picture_tr(p, "Where is not known."));
		return;
	}
	text_fmt(&t[0], "%.0f", w->region.level * 100);
	text_fmt(&t[1], "%.0f", e->semi_major_m);
	text_fmt(&t[2], "%.0f", e->semi_minor_m);
	text_fmt(&t[3], "%.5f\xc2\xb0" GLUE "%c" GLUE "%.5f\xc2\xb0" GLUE "%c",
		fabs(w->lat_deg), w->lat_deg < 0 ? 'S' : 'N',
		fabs(w->lon_deg), w->lon_deg < 0 ? 'W' : 'E');
	text_fmt(&t[4], "%.2f",
		instant_seconds(p->sound.from, p->sound.to) / 2);
	PICTURE_SAY(p, l, "{0}" GLUE "% of the probability lies in an ellipse "
		"of semi-axes {1}" GLUE "and" GLUE "{2}" GLUE "m about {3}, "
		"and within {4}" GLUE "s of that time.", share, major, minor,
		at, s);
}

/* What others than nodes heard, by phase. */
static void others(const struct picture *p, struct text *l)
{
	static const char *const what[PHASES] = {
		[PHASE_AIR] = "the air wave at other sensors",
		[PHASE_P] = "the P wave in the ground",
		[PHASE_S] = "the S wave in the ground",
		[PHASE_FAR] = "whence arrays heard it",
	};
	size_t n[PHASES] = {0};
	const char *lead = " ";

	for (size_t i = 0; i < p->far_count; i++)
		n[p->far[i].phase]++;
	for (int k = 0; k < PHASES; k++)
		if (n[k] > 0) {
			text_add(l, lead);
			if (*lead == ' ')
				text_add(l, picture_tr(p, "Counted with it: "));
			text_fmt(l, "%s (%zu)", picture_tr(p, what[k]), n[k]);
			lead = ", ";
		}
	if (p->far_count > 0)
		text_char(l, '.');
}

/* What it shows. */
static void sentence(const struct picture *p, struct text *t)
{
	struct ears n = count(p);
	char line[SENTENCE];
	struct text l = text_on(line, sizeof line);

	who(p, &n, &l);
	where(p, &l);
	others(p, &l);
	if (!p->same)
		text_fmt(&l, " %s", picture_tr(p, "The records that are held "
			"here do not give the recorded origin again: drawn is "
			"the nearest that they give."));
	(void)sheet_lines(t, EDGE, 91, 13.5, SHEET_W - 2 * EDGE, "", line);
}

/* -- below -- */

struct entry {
	const char *words;
	void (*mark)(struct text *, double x, double y);
};

static void mark_used(struct text *t, double x, double y)
{
	picture_flag(t, x + 6, y - 11, y + 3, true);
}

static void mark_other(struct text *t, double x, double y)
{
	picture_flag(t, x + 6, y - 11, y + 3, false);
}

static void mark_expected(struct text *t, double x, double y)
{
	text_fmt(t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"16\" height=\"15\" "
		    "fill=\"" EXPECTED "\" fill-opacity=\"0.16\"/>"
		    "<path d=\"M%.1f %.1fv15\" stroke=\"" EXPECTED "\" "
		    "stroke-width=\"1.3\" stroke-dasharray=\"4 2.5\"/>\n", x,
		y - 11.5, x + 8, y - 11.5);
}

static void mark_heard(struct text *t, double x, double y)
{
	picture_sensor(t, x + 8, y - 4, PICTURE_HEARD);
}

static void mark_silent(struct text *t, double x, double y)
{
	picture_sensor(t, x + 8, y - 4, PICTURE_SILENT);
}

static void mark_out(struct text *t, double x, double y)
{
	picture_sensor(t, x + 8, y - 4, PICTURE_OUT);
}

static void mark_place(struct text *t, double x, double y)
{
	picture_star(t, x + 8, y - 4, 8);
}

static void mark_ring(struct text *t, double x, double y)
{
	text_fmt(t, "<rect x=\"%.1f\" y=\"%.1f\" width=\"15\" height=\"11\" "
		    "fill=\"#31485f\" fill-opacity=\"0.4\" stroke=\"" INK "\" "
		    "stroke-width=\"1.8\"/>\n", x, y - 10);
}

static void mark_ellipse(struct text *t, double x, double y)
{
	text_fmt(t, "<ellipse cx=\"%.1f\" cy=\"%.1f\" rx=\"10\" ry=\"6\" "
		    "fill=\"none\" stroke=\"" PICKED "\" "
		    "stroke-width=\"1.6\" stroke-dasharray=\"5 3\"/>\n", x + 8,
		y - 4);
}

static void mark_other_sensor(struct text *t, double x, double y)
{
	text_fmt(t, "<path d=\"M%.1f %.1fh16\" stroke=\"" EXPECTED "\" "
		    "stroke-width=\"1.4\"/>\n", x, y - 4);
	picture_other(t, x + 5, y - 4);
}

static void legend(const struct picture *p, struct text *t)
{
	static const struct entry entries[] = {
		{"arrival used", mark_used},
		{"other arrival", mark_other},
		{"expected, and 90 % band", mark_expected},
		{"heard it", mark_heard},
		{"worked, did not", mark_silent},
		{"down or not believed", mark_out},
		{"likeliest place", mark_place},
		{"probability, ring of 90 %", mark_ring},
		{"recorded ellipse, 90 %", mark_ellipse},
		{"array", mark_other_sensor},
	};
	size_t count = sizeof entries / sizeof *entries - (p->far_count == 0);
	double x = EDGE, gap = p->far_count > 0 ? 8 : 14, em = 0, px;

	for (size_t i = 0; i < count; i++)
		em += svg_width_em(picture_tr(p, entries[i].words));
	/* Words of other languages are longer. */
	px = fmin(12, (SHEET_W - 2 * EDGE - (22 + gap) * (double)count) / em);
	for (size_t i = 0; i < count; i++) {
		const char *words = picture_tr(p, entries[i].words);

		entries[i].mark(t, x, 886);
		sheet_text(t, x + 22, 886, px, SHEET_START, "", words);
		x += 22 + svg_width_em(words) * px + gap;
	}
}

#define RECORDS "Records: each moved back by its distance at the speed of " \
	"sound that fits best, so that one sound stands in one column."
#define PASSED "They are passed from {0} to {1} Hz, the band of most " \
	"arrivals (Butterworth, 2 poles each, run forward only)."
#define SCALED "Each is scaled by itself to its largest value in the frame, " \
	"stated beside it. Grey: not used. Late by: arrived less expected, " \
	"in milliseconds and in standard deviations (\xcf\x83) of clock, " \
	"pick, survey, path and weather together. Pd: probability that a " \
	"working sensor there reports such a sound."
#define MAPS "Maps: north is up; distances are true. Shading: root of the " \
	"probability per area. Dashed grey: zones; heavy: the line. All " \
	"times are UTC, distances straight. Located anew from the mission's " \
	"records; drawn by truce explain from evidence whose bytes were held " \
	"against their names."

static void notes(const struct picture *p, struct text *t)
{
	static const char grey[] = "fill=\"#333\"";
	char line[SENTENCE];
	struct text l = text_on(line, sizeof line);
	char lo[24], hi[24];
	struct text tl = text_on(lo, sizeof lo), th = text_on(hi, sizeof hi);
	double low, high;
	size_t n;

	picture_band(p, &low, &high);
	text_short(&tl, low, 1);
	text_short(&th, high, 1);
	text_add(&l, picture_tr(p, RECORDS));
	text_char(&l, ' ');
	if (isfinite(low + high))
		PICTURE_SAY(p, &l, PASSED, lo, hi);
	else
		text_add(&l, picture_tr(p, "They are not filtered, less their "
			"mean."));
	text_fmt(&l, " %s", picture_tr(p, SCALED));
	n = sheet_lines(t, EDGE, 912, 11.5, SHEET_W - 2 * EDGE, grey, line);
	l = text_on(line, sizeof line);
	text_add(&l, picture_tr(p, MAPS));
	(void)sheet_lines(t, EDGE, 912 + (double)n * 11.5 * 1.4 + 3, 11.5,
		SHEET_W - 2 * EDGE, grey, line);
}

bool picture_svg(const struct picture *p, struct arena *a, struct text *t,
	struct fault *f)
{
	text_fmt(t, "<svg class=\"picture\" "
		    "xmlns=\"http://www.w3.org/2000/svg\" "
		    "viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
		    "font-family=\"Noto Sans,DejaVu Sans,Arial,sans-serif\" "
		    "fill=\"" INK "\" role=\"img\">\n<title>", SHEET_W,
		SHEET_H, SHEET_W, SHEET_H);
	svg_escape(t, p->incident->id.text);
	text_fmt(t, "</title>\n<rect width=\"%d\" height=\"%d\" "
		    "fill=\"#fff\"/>\n", SHEET_W, SHEET_H);
	title(p, t);
	sentence(p, t);
	if (!picture_section(p, a, t, f) || !picture_maps(p, a, t, f))
		return false;
	legend(p, t);
	notes(p, t);
	text_add(t, "</svg>\n");
	return text_check(t, f);
}
