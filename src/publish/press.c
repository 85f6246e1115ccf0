/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/press.h"

#include <cairo-pdf.h>
#include <fontconfig/fontconfig.h>
#include <pango/pangocairo.h>

#include "base/maths.h"
#include "publish/drawn.h"
#include "publish/svg.h"
#include "publish/tagged.h"

/* Noto Sans of Debian's fonts-noto-core: Latin, Greek, Cyrillic. */
#define FONTS "/usr/share/fonts/truetype/noto/NotoSans-"
/* Letters that we set ourselves: up to Cyrillic, punctuation to operators. */
enum { LOW_END = 0x530, HIGH = 0x2000, HIGH_END = 0x2300,
	GLYPHS = LOW_END + HIGH_END - HIGH, RUN = 256 };
#define EM 1000.0 /* the size at which advances are read */

struct glyph {
	unsigned long index; /* 0: the font has none */
	double advance;      /* of an em */
	bool asked;
};

struct press {
	struct tagged out;
	struct fault why; /* the first trouble */
	FcConfig *config;
	PangoFontMap *map;
	PangoContext *context;
	PangoLayout *layout;
	PangoFontDescription *words[FACES];
	cairo_font_face_t *face[FACES];
	cairo_scaled_font_t *big[FACES];
	struct glyph glyph[FACES][GLYPHS];
	cairo_surface_t *surface;
	cairo_t *cr;
	bool begun; /* a sheet lies in the press */
	char *clean; /* text made safe */
	size_t clean_size;
};

static cairo_status_t put(void *self, const unsigned char *at, unsigned int n)
{
	struct press *p = self;

	if (p->why.kind == FAULT_NONE &&
		tagged_put(&p->out, (struct bytes){at, n}, &p->why))
		return CAIRO_STATUS_SUCCESS;
	return CAIRO_STATUS_WRITE_ERROR;
}

static bool add_fonts(struct press *p, struct fault *f)
{
	static const char *const files[FACES] = {
		FONTS "Regular.ttf", FONTS "Bold.ttf", FONTS "Italic.ttf"};

	p->config = FcConfigCreate();
	for (int i = 0; i < FACES; i++)
		if (!p->config || !FcConfigAppFontAddFile(p->config,
				(const FcChar8 *)files[i]))
			return fault(f, FAULT_SYSTEM, "%s cannot be read: "
				"install fonts-noto-core", files[i]);
	return true;
}

/* Without hints, so that a width does not depend on its size. */
static void set_options(PangoContext *c)
{
	cairo_font_options_t *o = cairo_font_options_create();

	cairo_font_options_set_hint_style(o, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(o, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(o, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(c, o);
	cairo_font_options_destroy(o);
}

static bool open_faces(struct press *p, struct fault *f)
{
	static const char *const words[FACES] = {"Noto Sans", "Noto Sans Bold",
		"Noto Sans Italic"};

	for (int i = 0; i < FACES; i++) {
		PangoFont *font;

		p->words[i] = pango_font_description_from_string(words[i]);
		pango_font_description_set_absolute_size(
			p->words[i], EM * PANGO_SCALE);
		font = pango_font_map_load_font(
			p->map, p->context, p->words[i]);
		if (!font)
			return fault(f, FAULT_SYSTEM, "no font %s", words[i]);
		p->big[i] = cairo_scaled_font_reference(
			pango_cairo_font_get_scaled_font(
				PANGO_CAIRO_FONT(font)));
		p->face[i] = cairo_scaled_font_get_font_face(p->big[i]);
		g_object_unref(font);
	}
	return true;
}

/* A text made safe, in the press's own room; borrowed until the next one. */
static const char *safe(struct press *p, const char *s, size_t n)
{
	struct text t = text_on(p->clean, p->clean_size);

	svg_plain(&t, (struct bytes){(const uint8_t *)s, n});
	return p->clean;
}

static void set_metadata(struct press *p, const struct press_paper *paper)
{
	cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE,
		safe(p, paper->title, strlen(paper->title)));
	cairo_pdf_surface_set_metadata(
		p->surface, CAIRO_PDF_METADATA_SUBJECT, paper->subject);
	cairo_pdf_surface_set_metadata(
		p->surface, CAIRO_PDF_METADATA_CREATOR, "truce report");
	/* From the record, never from the clock. */
	cairo_pdf_surface_set_metadata(
		p->surface, CAIRO_PDF_METADATA_CREATE_DATE, paper->created);
}

bool press_open(struct press **out, const struct press_paper *paper,
	struct sink sink, struct arena *a, struct fault *f)
{
	struct press *p = arena_take(a, sizeof *p, f);

	*out = p;
	if (!p || !add_fonts(p, f))
		return false;
	if (!tagged_init(&p->out, sink, paper->lang, a, f))
		return false;
	p->clean_size = 1 << 16;
	p->clean = arena_room(a, p->clean_size, f);
	if (!p->clean)
		return false;
	/* Ours is the current one: fontconfig then never reads the system's. */
	FcConfigSetCurrent(p->config);
	p->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	p->context = pango_font_map_create_context(p->map);
	pango_context_set_language(
		p->context, pango_language_from_string(paper->lang));
	set_options(p->context);
	p->layout = pango_layout_new(p->context);
	p->surface = cairo_pdf_surface_create_for_stream(put, p, 595, 842);
	p->cr = cairo_create(p->surface);
	set_metadata(p, paper);
	return open_faces(p, f);
}

static void done(struct press *p)
{
	for (int i = 0; i < FACES; i++) {
		pango_font_description_free(p->words[i]);
		cairo_scaled_font_destroy(p->big[i]);
	}
	g_object_unref(p->layout);
	g_object_unref(p->context);
	g_object_unref(p->map);
	FcConfigDestroy(p->config);
	/* The current one is fontconfig's own to drop. */
	FcFini();
}

bool press_close(struct press *p, struct fault *f)
{
	cairo_status_t status;

	press_untag(p, "Document");
	status = cairo_status(p->cr);
	cairo_destroy(p->cr);
	cairo_surface_finish(p->surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(p->surface);
	cairo_surface_destroy(p->surface);
	done(p);
	if (p->why.kind != FAULT_NONE || !tagged_done(&p->out, &p->why)) {
		*f = p->why;
		return false;
	}
	return status == CAIRO_STATUS_SUCCESS ||
		fault(f, FAULT_SYSTEM, "cairo: %s",
			cairo_status_to_string(status));
}

void press_sheet(struct press *p, double wide, double high)
{
	bool first = !p->begun;

	if (p->begun)
		cairo_show_page(p->cr);
	p->begun = true;
	cairo_pdf_surface_set_size(p->surface, wide, high);
	/* A size drops what was on the sheet before it, tags too. */
	if (first)
		press_tag(p, "Document");
}

void press_tag(struct press *p, const char *name)
{
	cairo_tag_begin(p->cr, name, NULL);
}

void press_untag(struct press *p, const char *name)
{
	cairo_tag_end(p->cr, name);
}

void press_figure(struct press *p, const char *alt)
{
	tagged_alt(&p->out, alt);
	press_tag(p, "Figure");
}

static void set_rgb(cairo_t *cr, uint32_t rgb, double alpha)
{
	cairo_set_source_rgba(cr, (rgb >> 16 & 255) / 255.0,
		(rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, alpha);
}

/* Text of clean UTF-8: svg_plain() saw to it. */
static uint32_t letter(const char *s, size_t *n)
{
	uint8_t c = (uint8_t)s[0];
	uint32_t code;

	*n = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	code = *n == 1 ? c : c & (0xffu >> (*n + 1));
	for (size_t i = 1; i < *n; i++)
		code = code << 6 | ((uint8_t)s[i] & 0x3fu);
	return code;
}

/* NULL: pango's to set. */
static const struct glyph *glyph_of(
	struct press *p, enum face face, uint32_t code, const char *s, size_t n)
{
	/* This Noto Sans has no minus sign: drawn as the dash of its width,
	 * and copied out as what it is. */
	static const char dash[] = "\xe2\x80\x93";
	bool low = code < LOW_END, marks = code >= 0x300 && code < 0x370;
	struct glyph *g;

	if (code < ' ' || code == 0xad || marks ||
		(code >= 0x483 && code <= 0x489) ||
		(!low && (code < HIGH + 0x10 || code >= HIGH_END)))
		return NULL;
	g = &p->glyph[face][low ? code : code - HIGH + LOW_END];
	if (!g->asked) {
		cairo_glyph_t at[4], *got = at;
		cairo_text_extents_t size;
		int count = 4;

		g->asked = true;
		if (code == 0x2212)
			s = dash;
		if (cairo_scaled_font_text_to_glyphs(p->big[face], 0, 0, s,
			    (int)n, &got, &count, NULL, NULL, NULL) !=
				CAIRO_STATUS_SUCCESS || count != 1)
			return NULL;
		cairo_scaled_font_glyph_extents(p->big[face], got, 1, &size);
		g->index = got->index;
		g->advance = size.x_advance / EM;
		if (got != at)
			cairo_glyph_free(got);
	}
	return g->index ? g : NULL;
}

/* Width by ourselves; false: pango's to set. */
static bool plain_width(struct press *p, struct type type, const char *s,
	size_t n, double *wide)
{
	double sum = 0;

	for (size_t i = 0, k; i < n; i += k) {
		uint32_t code = letter(s + i, &k);
		const struct glyph *g =
			glyph_of(p, type.face, code, s + i, k);

		if (!g)
			return false;
		sum += g->advance;
	}
	*wide = sum * type.pt;
	return true;
}

static void lay(struct press *p, struct type type, const char *s, size_t n,
	double wide)
{
	PangoFontDescription *d =
		pango_font_description_copy(p->words[type.face]);

	pango_font_description_set_absolute_size(d, type.pt * PANGO_SCALE);
	pango_layout_set_font_description(p->layout, d);
	pango_font_description_free(d);
	pango_layout_set_width(p->layout,
		wide > 0 ? (int)(wide * PANGO_SCALE) : -1);
	pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_single_paragraph_mode(p->layout, TRUE);
	pango_layout_set_text(p->layout, s, (int)n);
}

double press_width(struct press *p, struct type type, const char *s, size_t n)
{
	double wide = 0;
	int w, h;

	s = safe(p, s, n);
	n = strlen(s);
	if (plain_width(p, type, s, n, &wide))
		return wide;
	lay(p, type, s, n, 0);
	pango_layout_get_size(p->layout, &w, &h);
	return (double)w / PANGO_SCALE;
}

static bool is_unit(const char *s)
{
	static const char *const units[] = {"%", "s", "min", "h", "m", "km",
		"mm", "t", "kg", "g", "Hz", "m\xc2\xb2", "с", "хв", "мин",
		"год", "ч", "м", "км", "мм", "т", "кг"};
	size_t n = strcspn(s, " ,;.)");

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (strlen(units[i]) == n && strncmp(s, units[i], n) == 0)
			return true;
	return false;
}

/* A space at which a line may end: not between a figure and its unit, nor
 * behind the plus-minus. */
static bool breaks(const char *s, size_t i)
{
	if (s[i] != ' ' || i == 0)
		return s[i] == ' ';
	if (s[i - 1] >= '0' && s[i - 1] <= '9' && is_unit(s + i + 1))
		return false;
	return !(i > 1 && s[i - 1] == '\xb1' && s[i - 2] == '\xc2');
}

double press_word(struct press *p, struct type type, const char *s)
{
	double most = 0;
	size_t from = 0;

	for (size_t i = 0;; i++) {
		if (s[i] && !breaks(s, i))
			continue;
		if (i > from)
			most = fmax(most,
				press_width(p, type, s + from, i - from));
		if (!s[i])
			return most;
		from = i + 1;
	}
}

/* Bytes of the next line. */
static size_t plain_line(struct press *p, struct type type, const char *s,
	double wide)
{
	size_t last = 0, i = 0, k;
	double x = 0;

	for (; s[i]; i += k) {
		uint32_t code = letter(s + i, &k);

		if (breaks(s, i))
			last = i;
		x += glyph_of(p, type.face, code, s + i, k)->advance * type.pt;
		if (x > wide + 0.01 && s[i] != ' ')
			return last ? last : i ? i : k;
	}
	return i;
}

static size_t pango_lines(struct press *p, struct type type, const char *s,
	double wide, struct press_line *out, size_t most)
{
	GSList *at;
	size_t n = 0;

	lay(p, type, s, strlen(s), wide);
	for (at = pango_layout_get_lines_readonly(p->layout); at;
		at = at->next, n++) {
		const PangoLayoutLine *line = at->data;

		if (n < most)
			out[n] = (struct press_line){(size_t)line->start_index,
				(size_t)line->length};
	}
	return n;
}

/* Safe text is as long as the text that it is made of only where nothing was
 * replaced; so lines are of safe text, and callers give that. */
size_t press_break(struct press *p, struct type type, const char *s,
	double wide, struct press_line *out, size_t most)
{
	size_t n = 0, at = 0;
	double all;

	if (!plain_width(p, type, s, strlen(s), &all))
		return pango_lines(p, type, s, wide, out, most);
	do {
		size_t len = plain_line(p, type, s + at, wide);

		if (n < most)
			out[n] = (struct press_line){at, len};
		n++;
		at += len;
		while (s[at] == ' ')
			at++;
	} while (s[at]);
	return n;
}

const char *press_safe(struct press *p, struct arena *a, const char *s)
{
	struct text t;
	size_t i = 0;

	while ((uint8_t)s[i] >= ' ' && (uint8_t)s[i] < 0x7f)
		i++;
	if (!s[i])
		return s;
	t = text_in(a, 3 * strlen(s) + 1);
	svg_plain(&t, bytes_of(s));
	return text_check(&t, &p->why) ? t.at : "";
}

static void plain_text(struct press *p, struct type type, double x, double y,
	const char *s, size_t n)
{
	cairo_glyph_t glyph[RUN];
	cairo_text_cluster_t cluster[RUN];
	size_t from = 0, i = 0, k;
	int count = 0;

	cairo_set_font_face(p->cr, p->face[type.face]);
	cairo_set_font_size(p->cr, type.pt);
	while (i < n) {
		uint32_t code = letter(s + i, &k);
		const struct glyph *g =
			glyph_of(p, type.face, code, s + i, k);

		glyph[count] = (cairo_glyph_t){g->index, x, y};
		cluster[count++] = (cairo_text_cluster_t){(int)k, 1};
		x += g->advance * type.pt;
		i += k;
		if (count < RUN && i < n)
			continue;
		cairo_show_text_glyphs(p->cr, s + from, (int)(i - from), glyph,
			count, cluster, count, 0);
		from = i;
		count = 0;
	}
}

void press_text(struct press *p, struct type type, double x, double y,
	const char *s, size_t n)
{
	double wide;

	s = safe(p, s, n);
	n = strlen(s);
	set_rgb(p->cr, type.rgb, 1);
	if (plain_width(p, type, s, n, &wide)) {
		plain_text(p, type, x, y, s, n);
		return;
	}
	lay(p, type, s, n, 0);
	cairo_move_to(p->cr, x, y);
	pango_cairo_show_layout_line(
		p->cr, pango_layout_get_line_readonly(p->layout, 0));
	cairo_new_path(p->cr);
}

void press_rule(struct press *p, double x, double y, double wide, double thick,
	uint32_t rgb)
{
	set_rgb(p->cr, rgb, 1);
	cairo_rectangle(p->cr, x, y - thick / 2, wide, thick);
	cairo_fill(p->cr);
}

void press_fill(struct press *p, double x, double y, double w, double h,
	uint32_t rgb)
{
	set_rgb(p->cr, rgb, 1);
	cairo_rectangle(p->cr, x, y, w, h);
	cairo_fill(p->cr);
}

void press_frame(struct press *p, double x, double y, double w, double h,
	double thick, bool dashed)
{
	static const double dash[] = {3, 2};

	set_rgb(p->cr, 0x1a1a1a, 1);
	cairo_set_line_width(p->cr, thick);
	cairo_set_dash(p->cr, dash, dashed ? 2 : 0, 0);
	cairo_rectangle(p->cr, x, y, w, h);
	cairo_stroke(p->cr);
	cairo_set_dash(p->cr, dash, 0, 0);
}

/* The brush, for drawn.h. */

static void brush_size(void *self, double wide, double high)
{
	(void)self;
	(void)wide;
	(void)high;
}

static void brush_move(void *self, double x, double y)
{
	cairo_move_to(((struct press *)self)->cr, x, y);
}

static void brush_line(void *self, double x, double y)
{
	cairo_line_to(((struct press *)self)->cr, x, y);
}

static void brush_shut(void *self)
{
	cairo_close_path(((struct press *)self)->cr);
}

static void brush_ellipse(void *self, double x, double y, double rx, double ry,
	double turn_deg)
{
	cairo_t *cr = ((struct press *)self)->cr;

	if (!(rx > 0) || !(ry > 0))
		return;
	cairo_save(cr);
	cairo_translate(cr, x, y);
	cairo_rotate(cr, RAD(turn_deg));
	cairo_scale(cr, rx, ry);
	cairo_new_sub_path(cr);
	cairo_arc(cr, 0, 0, 1, 0, 2 * RAD(180));
	cairo_close_path(cr);
	cairo_restore(cr);
}

/* Lines across the box of the path, within it. */
static void hatch(cairo_t *cr, const struct hatch *h)
{
	double x0, y0, x1, y1, d = h->every * 1.41421356237309505;

	cairo_path_extents(cr, &x0, &y0, &x1, &y1);
	cairo_save(cr);
	cairo_clip(cr);
	set_rgb(cr, h->rgb, 1);
	cairo_set_line_width(cr, h->width);
	for (double k = floor((x0 - y1) / d); k * d < x1 - y0 && d > 0; k++) {
		cairo_move_to(cr, y0 + k * d, y0);
		cairo_line_to(cr, y1 + k * d, y1);
	}
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void brush_ink(void *self, const struct ink *k)
{
	cairo_t *cr = ((struct press *)self)->cr;
	cairo_path_t *path = k->hatch ? cairo_copy_path(cr) : NULL;

	if (k->hatch) {
		hatch(cr, k->hatch);
		cairo_new_path(cr);
		cairo_append_path(cr, path);
		cairo_path_destroy(path);
	} else if (k->fills) {
		set_rgb(cr, k->fill, k->fill_alpha);
		cairo_fill_preserve(cr);
	}
	if (k->strokes) {
		set_rgb(cr, k->stroke, k->stroke_alpha);
		cairo_set_line_width(cr, k->width);
		cairo_set_dash(cr, k->dash, (int)k->dashes, 0);
		cairo_stroke_preserve(cr);
		cairo_set_dash(cr, k->dash, 0, 0);
	}
	cairo_new_path(cr);
}

static void brush_clip(void *self, double x, double y, double w, double h)
{
	cairo_t *cr = ((struct press *)self)->cr;

	cairo_save(cr);
	cairo_rectangle(cr, x, y, w, h);
	cairo_clip(cr);
}

static void brush_unclip(void *self)
{
	cairo_restore(((struct press *)self)->cr);
}

static void brush_text(void *self, double x, double y, const char *s,
	const struct lettering *l)
{
	struct press *p = self;
	struct type type = {l->bold ? FACE_BOLD
			: l->italic ? FACE_ITALIC
				    : FACE_PLAIN,
		l->px, l->rgb};
	size_t n = strlen(s);
	double wide = l->anchor == ANCHOR_START ? 0
						: press_width(p, type, s, n);

	press_text(p, type, l->anchor == ANCHOR_MIDDLE ? x - wide / 2
					: l->anchor == ANCHOR_END ? x - wide
								  : x,
		y, s, n);
}

double press_drawing(
	struct press *p, struct bytes svg, double x, double y, double wide)
{
	struct brush brush = {p, brush_size, brush_move, brush_line,
		brush_shut, brush_ellipse, brush_ink, brush_clip,
		brush_unclip, brush_text};
	double w, h;

	if (!drawn_size(svg, &w, &h))
		return 0;
	cairo_save(p->cr);
	cairo_translate(p->cr, x, y);
	cairo_scale(p->cr, wide / w, wide / w);
	cairo_new_path(p->cr);
	drawn(svg, &brush);
	cairo_restore(p->cr);
	return h * wide / w;
}
