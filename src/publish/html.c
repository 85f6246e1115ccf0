/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * html.c - a report as one self-contained page, ready to print.
 *
 * No script, no remote part, and a policy in its head that forbids both.  All
 * text from outside passes svg_escape(). */
#include "publish/document.h"
#include "publish/qr.h"
#include "publish/style.h"
#include "publish/svg.h"

enum { BUFFER = 1 << 16 };

struct html {
	struct view *v;
	struct text *t;
};

/* Escaped, and with the spaces kept that no line may break at: between a
 * figure and its percent sign, and behind the plus-minus. */
static void prose(struct text *t, const char *s)
{
	while (*s) {
		size_t n = 0;

		while (s[n] && !(s[n] == ' ' &&
				(s[n + 1] == '%' ||
					(n > 1 && s[n - 1] == '\xb1' &&
						s[n - 2] == '\xc2'))))
			n++;
		svg_escape_bytes(t, (struct bytes){(const uint8_t *)s, n});
		s += n;
		if (*s == ' ') {
			text_add(t, "&nbsp;");
			s++;
		}
	}
}

static void tagged(struct text *t, const char *tag, const char *s)
{
	text_fmt(t, "<%s>", tag);
	prose(t, s);
	text_fmt(t, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

static void heading(struct text *t, int level, const char *id, const char *s)
{
	text_fmt(t, "<h%d id=\"%s\">", level, id);
	svg_escape(t, s);
	text_fmt(t, "</h%d>\n", level);
}

static void head(struct html *h, const struct masthead *m)
{
	const struct mission *mission = h->v->mission;

	text_fmt(h->t, "<!doctype html>\n<html lang=\"%s\">\n<head>\n"
		       "<meta charset=\"utf-8\">\n"
		       "<meta http-equiv=\"Content-Security-Policy\" "
		       "content=\"default-src 'none'; "
		       "style-src 'unsafe-inline'\">\n"
		       "<meta name=\"viewport\" content=\"width=device-width, "
		       "initial-scale=1\">\n<title>", h->v->words->lang);
	svg_escape(h->t, mission->title ? mission->title : "");
	text_fmt(h->t, " %s</title>\n<style>\n", m->label);
	for (size_t i = 0; style_sheet[i]; i++)
		text_add(h->t, style_sheet[i]);
	text_add(h->t, "</style>\n</head>\n<body>\n");
}

static void write_facts(void *self, const struct fact *x, size_t n)
{
	struct html *h = self;

	text_add(h->t, "<dl class=\"head\">\n");
	for (size_t i = 0; i < n; i++) {
		text_add(h->t, "<dt>");
		svg_escape(h->t, x[i].term);
		text_add(h->t, "</dt><dd>");
		svg_escape(h->t, x[i].text);
		text_add(h->t, "</dd>\n");
	}
	text_add(h->t, "</dl>\n");
}

static void write_open(void *self, const struct masthead *m)
{
	struct html *h = self;

	head(h, m);
	text_add(h->t, "<header>\n");
	tagged(h->t, "p class=\"over\"", m->over);
	text_add(h->t, "<h1>");
	svg_escape(h->t, m->title);
	text_add(h->t, "</h1>\n");
	if (m->note[0])
		tagged(h->t, "p class=\"note\"", m->note);
	write_facts(h, m->fact, m->facts);
	text_add(h->t, "</header>\n");
}

static void write_section(void *self, const char *id, const char *title)
{
	struct html *h = self;

	text_add(h->t, "<section>\n");
	heading(h->t, 2, id, title);
}

static void write_section_end(void *self)
{
	text_add(((struct html *)self)->t, "</section>\n");
}

static void write_part(void *self, const char *id, const char *title)
{
	heading(((struct html *)self)->t, 3, id, title);
}

static void write_say(void *self, enum manner manner, const char *s)
{
	static const char *const tags[] = {
		"p", "p class=\"note\"", "p class=\"empty\""};

	tagged(((struct html *)self)->t, tags[manner], s);
}

static void write_list(void *self, const char *const *said, size_t n)
{
	struct html *h = self;

	text_add(h->t, "<ul class=\"plain\">\n");
	for (size_t i = 0; i < n; i++)
		tagged(h->t, "li", said[i]);
	text_add(h->t, "</ul>\n");
}

static void cell(struct html *h, const struct table *x, size_t c,
	const struct table_row *r)
{
	const char *s = r->cell[c] ? r->cell[c] : "";
	const char *key = x->column[c].key;

	if (strcmp(key, "incident") == 0) {
		text_add(h->t, "<td class=\"id\" title=\"");
		svg_escape(h->t, s);
		text_add(h->t, "\">");
		s = table_short_id(h->v, s);
	} else {
		text_add(h->t, strcmp(key, "number") == 0 ? "<td class=\"n\">"
							  : "<td>");
	}
	if (r->icon >= 0 && c == x->icon_at)
		svg_icon(h->t, (enum group)r->icon, r->mark);
	prose(h->t, s);
	text_add(h->t, "</td>");
}

static void table_head(struct text *t, const struct table *x)
{
	text_fmt(t, "<div class=\"scroll\" tabindex=\"0\">"
		    "<table class=\"%s\">\n<thead><tr>", x->name);
	for (size_t c = 0; c < x->columns; c++) {
		if (!(x->column[c].where & ON_PAGE))
			continue;
		text_add(t, strcmp(x->column[c].key, "number") == 0
				? "<th class=\"n\">"
				: "<th>");
		svg_escape(t, x->column[c].heading);
		text_add(t, "</th>");
	}
	text_add(t, "</tr></thead>\n<tbody>\n");
}

/* An incident's row in the table that it stands in carries the anchor. */
static void table_line(
	struct html *h, const struct table *x, const struct table_row *row)
{
	text_add(h->t, "<tr");
	if (x->anchors && row->anchor[0]) {
		text_add(h->t, " id=\"");
		svg_escape(h->t, row->anchor);
		text_char(h->t, '"');
	}
	text_char(h->t, '>');
	for (size_t c = 0; c < x->columns; c++)
		if (x->column[c].where & ON_PAGE)
			cell(h, x, c, row);
	text_add(h->t, "</tr>\n");
}

static void write_table(void *self, const struct table *x)
{
	struct html *h = self;
	const char *group = "";

	table_head(h->t, x);
	for (size_t r = 0; r < x->rows; r++) {
		if (strcmp(x->row[r].group, group) != 0) {
			group = x->row[r].group;
			text_fmt(h->t,
				"<tr class=\"group\"><td colspan=\"%zu\">",
				table_page_columns(x));
			svg_escape(h->t, group);
			text_add(h->t, "</td></tr>\n");
		}
		table_line(h, x, &x->row[r]);
	}
	text_add(h->t, "</tbody></table></div>\n");
}

static void write_figure(void *self, const struct figure *x)
{
	struct html *h = self;

	text_add(h->t, "<div class=\"scroll\" tabindex=\"0\">");
	text_bytes(h->t, x->svg);
	text_add(h->t, "</div>\n");
	for (size_t i = 0; i < x->notes; i++)
		tagged(h->t, "p class=\"note\"", x->note[i]);
}

static void write_legend(void *self, const struct legend *x, size_t n)
{
	struct html *h = self;

	text_add(h->t, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < n; i++) {
		text_add(h->t, "<li>");
		text_bytes(h->t, x[i].svg);
		svg_escape(h->t, x[i].text);
		text_add(h->t, "</li>\n");
	}
	text_add(h->t, "</ul>\n");
}

static void write_verdicts(void *self, const struct tally_box *x, size_t n)
{
	struct html *h = self;

	text_add(h->t, "<div class=\"verdicts\">\n");
	for (size_t i = 0; i < n; i++) {
		text_fmt(h->t, "<div class=\"%s\"><b>%zu</b>",
			verdict_name(x[i].verdict), x[i].count);
		svg_escape(h->t, x[i].word);
		tagged(h->t, "p class=\"note\"", x[i].meaning);
		text_add(h->t, "</div>\n");
	}
	text_add(h->t, "</div>\n");
}

static void details(struct html *h, const char *english)
{
	text_add(h->t, "<details><summary>");
	svg_escape(h->t, view_tr(h->v, english));
	text_add(h->t, "</summary>\n");
}

static void write_finding(void *self, const struct finding_block *x)
{
	struct html *h = self;

	text_add(h->t, "<div class=\"finding\">\n<p>");
	svg_icon(h->t, x->group, verdict_name(x->verdict));
	text_add(h->t, "<a href=\"#");
	svg_escape(h->t, x->anchor);
	text_add(h->t, "\">");
	svg_escape(h->t, table_short_id(h->v, x->anchor));
	text_add(h->t, "</a> ");
	prose(h->t, x->event);
	text_add(h->t, "</p>\n");
	tagged(h->t, "p", x->judgement);
	if (x->steps > 0) {
		/* Closed, so that print stays short; no script opens it. */
		details(h, "every step of the finding");
		text_add(h->t, "<ul>\n");
		for (size_t i = 0; i < x->steps; i++)
			tagged(h->t, "li", x->step[i]);
		text_add(h->t, "</ul>\n</details>\n");
	}
	if (x->picture.len > 0) {
		details(h, "what each sensor recorded, and where it was");
		text_bytes(h->t, x->picture);
		text_add(h->t, "</details>\n");
	}
	text_add(h->t, "</div>\n");
}

static void write_turn(void *self, bool wide)
{
	struct html *h = self;

	text_add(h->t, wide ? "<div class=\"wide\">\n" : "</div>\n");
}

static void write_proof(void *self, const struct proof_block *x)
{
	struct html *h = self;

	text_add(h->t, "<footer id=\"proof\">\n<h2>");
	svg_escape(h->t, x->title);
	text_add(h->t, "</h2>\n");
	write_facts(h, x->fact, x->facts);
	tagged(h->t, "p", x->before);
	tagged(h->t, "pre", x->command);
	tagged(h->t, "p", x->after);
	if (x->code[0] && qr_svg(h->t, x->code))
		tagged(h->t, "p class=\"note\"", x->code_is);
	text_add(h->t, "</footer>\n");
}

static bool write_close(void *self, struct fault *f)
{
	struct html *h = self;

	text_add(h->t, "</body>\n</html>\n");
	return text_flush(h->t, f);
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
	struct text out = text_in(a, BUFFER);
	struct view v;
	struct html h = {&v, &out};

	out.sink = &sink;
	return report_view(r, a, &v, f) &&
		document_write(&v, (struct writer){&writes, &h}, f);
}

const struct publisher publisher_html = {
	.name = "html",
	.about = "one page to read and to print, self-contained",
	.media_type = "text/html; charset=utf-8",
	.suffix = "html",
	.print = print,
};
