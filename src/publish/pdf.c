/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pdf.c - a report as sheets of paper: A4, tagged, fonts embedded, the same
 * bytes for the same records.  It says what html.c says (document.h). */
#include "publish/flow.h"

#include "base/maths.h"
#include "publish/drawn.h"
#include "publish/qr.h"
#include "publish/svg.h"

static const struct type body = {FACE_PLAIN, 9, INK_TEXT};
static const struct type small = {FACE_PLAIN, 7.6, INK_NOTE};
static const struct type empty = {FACE_ITALIC, 9, INK_TEXT};
static const struct type term = {FACE_PLAIN, 8.6, INK_NOTE};
static const struct type fact = {FACE_PLAIN, 8.6, INK_TEXT};
static const struct type strong = {FACE_BOLD, 9, INK_TEXT};

static void set_facts(
	struct flow *w, const struct fact *x, size_t n, double all)
{
	double column = 0;

	for (size_t i = 0; i < n; i++)
		column = fmax(column, press_width(w->press, term, x[i].term,
			strlen(x[i].term)));
	column = fmin(column, all * 0.34) + 12;
	for (size_t i = 0; i < n; i++) {
		double wide = all - column, y;

		flow_room(w, flow_height(w, fact, wide, x[i].text));
		y = w->y;
		flow_text(w, "P", term, FLOW_EDGE, column - 8, x[i].term);
		w->y = y;
		flow_text(w, "P", fact, FLOW_EDGE + column, wide, x[i].text);
		w->y += 1;
	}
	w->y += 4;
}

static void write_facts(void *self, const struct fact *x, size_t n)
{
	set_facts(self, x, n, flow_width(self));
}

static const char *created(struct view *v)
{
	char at[INSTANT_TEXT];
	struct instant t = v->report->proof.at;

	/* The last entry of the log; without a log, the period's end. */
	if (!instant_known(t))
		t = v->report->now.period.span.to;
	return view_fmt(v, "%s", instant_known(t) ? instant_print(t, 0, at)
						  : "1970-01-01T00:00:00Z");
}

static void write_open(void *self, const struct masthead *m)
{
	struct flow *w = self;

	w->foot = view_fmt(w->v, "%.200s \xc2\xb7 %.100s \xc2\xb7 %s", m->over,
		m->title, view_tr(w->v, level_name(w->v->report->level)));
	flow_sheet(w);
	flow_text(w, "P", small, FLOW_EDGE, flow_width(w), m->over);
	flow_heading(w, 1, m->title);
	flow_room(w, 40);
	if (m->note[0])
		flow_text(w, "P", small, FLOW_EDGE, flow_width(w), m->note);
	w->y += 4;
	write_facts(w, m->fact, m->facts);
}

static void write_section(void *self, const char *id, const char *title)
{
	(void)id;
	flow_heading(self, 2, title);
}

static void write_section_end(void *self)
{
	((struct flow *)self)->y += 3;
}

static void write_part(void *self, const char *id, const char *title)
{
	(void)id;
	flow_heading(self, 3, title);
}

static void write_say(void *self, enum manner manner, const char *s)
{
	struct flow *w = self;
	struct type type = manner == SAY_NOTE ? small
		: manner == SAY_EMPTY	      ? empty
					      : body;

	flow_room(w, fmin(flow_height(w, type, flow_width(w), s), 40));
	flow_text(w, "P", type, FLOW_EDGE, flow_width(w), s);
	w->y += 3;
}

static void write_list(void *self, const char *const *said, size_t n)
{
	struct flow *w = self;

	for (size_t i = 0; i < n; i++) {
		double wide = flow_width(w) - 11;

		flow_room(w, fmin(flow_height(w, body, wide, said[i]), 60));
		if (i == 0)
			press_tag(w->press, "L");
		press_text(w->press, body, FLOW_EDGE + 1, w->y + body.pt,
			"\xe2\x80\xa2", 3);
		flow_text(w, "LI", body, FLOW_EDGE + 11, wide, said[i]);
		w->y += 2;
	}
	if (n > 0)
		press_untag(w->press, "L");
	w->y += 3;
}

static void write_table(void *self, const struct table *x)
{
	flow_table(self, x);
}

/* As wide as the sheet, or as high as there is room. */
static void draw(struct flow *w, struct bytes svg, const char *alt)
{
	double x, y, wide = flow_width(w);
	double most = flow_bottom(w) - FLOW_EDGE - 60;
	double left = flow_bottom(w) - w->y - 40;

	if (!drawn_size(svg, &x, &y))
		return;
	if (wide * y / x > most)
		wide = most * x / y;
	/* Rather three quarters as large than a sheet half empty. */
	if (wide * y / x > left && left > 0.75 * wide * y / x)
		wide = left * x / y;
	flow_room(w, wide * y / x + 8);
	press_figure(w->press, press_safe(w->press, w->arena, alt));
	w->y += 3;
	w->y += press_drawing(w->press, svg,
		FLOW_EDGE + (flow_width(w) - wide) / 2, w->y, wide);
	press_untag(w->press, "Figure");
	w->y += 3;
}

static void write_figure(void *self, const struct figure *x)
{
	struct flow *w = self;

	draw(w, x->svg, x->alt);
	for (size_t i = 0; i < x->notes; i++) {
		flow_text(w, "Caption", small, FLOW_EDGE, flow_width(w),
			x->note[i]);
		w->y += 2;
	}
}

/* One behind the other, as many as a line holds. */
static void write_legend(void *self, const struct legend *x, size_t n)
{
	struct flow *w = self;
	double at = FLOW_EDGE, step = 12;

	flow_room(w, 2 * step);
	press_tag(w->press, "L");
	for (size_t i = 0; i < n; i++) {
		double wide = 0, high = 0;
		double icon = !drawn_size(x[i].svg, &wide, &high) ? 0
			: wide > 20				  ? 16
								  : 9;
		double all = icon + 3 + press_width(w->press, small, x[i].text,
			strlen(x[i].text)) + 12;

		if (at + all > w->wide - FLOW_EDGE && at > FLOW_EDGE) {
			at = FLOW_EDGE;
			w->y += step;
		}
		press_tag(w->press, "LI");
		if (icon > 0)
			(void)press_drawing(
				w->press, x[i].svg, at, w->y, icon);
		press_text(w->press, small, at + (icon > 0 ? icon + 3 : 0),
			w->y + small.pt - 0.4, x[i].text, strlen(x[i].text));
		press_untag(w->press, "LI");
		at += all;
	}
	press_untag(w->press, "L");
	w->y += step + 4;
}

static void write_verdicts(void *self, const struct tally_box *x, size_t n)
{
	static const struct type big = {FACE_BOLD, 15, INK_TEXT};
	static const struct type tiny = {FACE_PLAIN, 6.8, INK_NOTE};
	struct flow *w = self;
	double gap = 6, wide = (flow_width(w) - gap * (double)(n - 1)) /
		(double)n;
	double high = 0, top;

	for (size_t i = 0; i < n; i++)
		high = fmax(high, flow_height(w, tiny, wide - 12,
			x[i].meaning) + flow_height(w, strong, wide - 12,
			x[i].word) + flow_leading(big) + 12);
	flow_room(w, high + 8);
	top = w->y + 3;
	for (size_t i = 0; i < n; i++) {
		double left = FLOW_EDGE + (double)i * (wide + gap);
		bool open = x[i].verdict == VERDICT_UNDETERMINED ||
			x[i].verdict == VERDICT_CONFLICT;

		press_frame(w->press, left, top, wide, high,
			x[i].verdict == VERDICT_BREACH ? 1.8 : 0.8, open);
		w->y = top + 3;
		flow_text(w, "P", big, left + 6, wide - 12,
			view_fmt(w->v, "%zu", x[i].count));
		flow_text(w, "P", strong, left + 6, wide - 12, x[i].word);
		w->y += 3;
		flow_text(w, "P", tiny, left + 6, wide - 12, x[i].meaning);
	}
	w->y = top + high + 8;
}

enum { ANNEX_MOST = 256 };
struct annex { /* findings with their steps, for the end */
	struct finding_block at[ANNEX_MOST];
	size_t n;
};

static double finding_height(struct flow *w, const struct finding_block *x,
	const char *event)
{
	double wide = flow_width(w) - 10;

	return flow_height(w, body, wide - 14, event) +
		flow_height(w, body, wide, x->judgement) + 6;
}

/* Its picture is folded away in the page: on paper a spot report has it. */
static void write_finding(void *self, const struct finding_block *x)
{
	struct flow *w = self;
	double wide = flow_width(w) - 10, left = FLOW_EDGE + 10, top;
	const char *event = view_fmt(w->v, "%s %s",
		table_short_id(w->v, x->anchor), x->event);
	char at[1024];
	struct text icon = text_on(at, sizeof at);
	int sheet;

	flow_room(w, fmin(finding_height(w, x, event), 300));
	top = w->y;
	sheet = w->sheet;
	svg_icon(&icon, x->group, verdict_name(x->verdict));
	(void)press_drawing(w->press, text_view(&icon), left, w->y + 1.5, 9.5);
	flow_text(w, "P", body, left + 14, wide - 14, event);
	flow_text(w, "P", body, left, wide, x->judgement);
	if (x->steps > 0 && w->annex->n < ANNEX_MOST)
		w->annex->at[w->annex->n++] = *x;
	if (w->sheet != sheet)
		top = FLOW_EDGE;
	press_fill(w->press, FLOW_EDGE, top, 1.4, w->y - top, 0xbbb5a8);
	w->y += 6;
}

/* What a reader may want and most do not: the page has it folded away. */
static void write_annex(struct flow *w)
{
	double wide = flow_width(w);

	for (size_t i = 0; i < w->annex->n; i++) {
		const struct finding_block *x = &w->annex->at[i];
		const char *id = table_short_id(w->v, x->anchor);

		if (i == 0)
			flow_heading(w, 2, catalogue_word(w->v->words,
				W_STEPS));
		flow_room(w, 50);
		flow_text(w, "P", fact, FLOW_EDGE, wide,
			view_fmt(w->v, "%s \xc2\xb7 %s", id, x->judgement));
		/* An article once, not again with each finding under it. */
		for (size_t k = 0; k < x->steps; k++)
			if (k > 0 || i == 0 || w->annex->at[i - 1].steps == 0 ||
				strcmp(x->step[0],
					w->annex->at[i - 1].step[0]) != 0)
				flow_text(w, "P", small, FLOW_EDGE + 12,
					wide - 12, x->step[k]);
		w->y += 4;
	}
}

static void write_turn(void *self, bool wide)
{
	struct flow *w = self;

	w->turn_asked = wide;
}

static void write_proof(void *self, const struct proof_block *x)
{
	enum { SQUARE = 96 };
	struct flow *w = self;
	struct text svg = text_in(w->arena, 1 << 16);
	double top, wide = flow_width(w);

	write_annex(w);
	flow_heading(w, 2, x->title);
	flow_room(w, 170);
	top = w->y;
	if (x->code[0] && qr_svg(&svg, x->code)) {
		press_figure(w->press,
			press_safe(w->press, w->arena, x->code_is));
		(void)press_drawing(w->press, text_view(&svg),
			w->wide - FLOW_EDGE - SQUARE, top + 4, SQUARE);
		press_untag(w->press, "Figure");
		wide -= SQUARE + 14;
	}
	set_facts(w, x->fact, x->facts, wide);
	flow_text(w, "P", body, FLOW_EDGE, wide, x->before);
	w->y += 3;
	flow_text(w, "P", strong, FLOW_EDGE + 10, wide, x->command);
	w->y += 3;
	flow_text(w, "P", body, FLOW_EDGE, wide, x->after);
	if (x->code[0])
		flow_text(w, "P", small, FLOW_EDGE, wide, x->code_is);
	w->y = fmax(w->y, top + SQUARE + 8);
}

static bool write_close(void *self, struct fault *f)
{
	return press_close(((struct flow *)self)->press, f);
}

static const struct writing writes = {
	.open = write_open,
	.section = write_section,
	.section_end = write_section_end,
	.part = write_part,
	.say = write_say,
	.list = write_list,
	.facts = write_facts,
	.table = write_table,
	.figure = write_figure,
	.legend = write_legend,
	.verdicts = write_verdicts,
	.finding = write_finding,
	.turn = write_turn,
	.proof = write_proof,
	.close = write_close,
};

static bool print(const struct report *r, struct arena *a, struct sink sink,
	struct fault *f)
{
	struct press_paper paper;
	struct flow w = {.arena = a, .held = "", .foot = ""};
	struct view v;

	if (!report_view(r, a, &v, f))
		return false;
	w.v = &v;
	w.annex = arena_take(a, sizeof *w.annex, f);
	if (!w.annex)
		return false;
	paper = (struct press_paper){
		.title = view_fmt(&v, "%.300s %s",
			r->mission->title ? r->mission->title : "",
			r->now.period.label),
		.subject = level_name(r->level),
		.lang = v.words->lang,
		.created = created(&v)};
	return press_open(&w.press, &paper, sink, a, f) &&
		document_write(&v, (struct writer){&writes, &w}, f);
}

const struct publisher publisher_pdf = {
	.name = "pdf",
	.about = "sheets of paper: A4, tagged, fonts embedded",
	.media_type = "application/pdf",
	.suffix = "pdf",
	.print = print,
};
