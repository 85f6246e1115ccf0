/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * html.c - the daily report as one self-contained page, ready to print.
 *
 * No script, no remote part, and a policy in its head that forbids both.  All
 * text from outside passes svg_escape(). */
#include "publish/drawings.h"
#include "publish/sentences.h"
#include "publish/style.h"
#include "publish/svg.h"

#include "base/encode.h"

/* FINDINGS_MOST: as many as a person reads; the table holds them all. */
enum { BUFFER = 1 << 16, FINDINGS_MOST = 40, LINES_MOST = 12 };

static const char *word(const struct view *v, enum word w)
{
	return catalogue_word(v->words, w);
}

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

static void heading(struct view *v, struct text *t, const char *id, enum word w)
{
	text_fmt(t, "<h2 id=\"%s\">", id);
	svg_escape(t, word(v, w));
	text_add(t, "</h2>\n");
}

static void item(struct text *t, const char *term, const char *s)
{
	text_add(t, "<dt>");
	svg_escape(t, term);
	text_add(t, "</dt><dd>");
	svg_escape(t, s);
	text_add(t, "</dd>\n");
}

static const char *moment(struct view *v, struct instant t)
{
	return view_fmt(v, "%s = %s", view_utc(v, t), view_local(v, t));
}

static const char *hex(struct view *v, const struct digest *d)
{
	char at[80];
	struct text t = text_on(at, sizeof at);

	text_hex(&t, digest_view(d));
	return view_keep(v, &t);
}

static void head(struct view *v, struct text *t)
{
	const struct report *r = v->report;

	text_fmt(t, "<!doctype html>\n<html lang=\"%s\">\n<head>\n"
		    "<meta charset=\"utf-8\">\n"
		    "<meta http-equiv=\"Content-Security-Policy\" "
		    "content=\"default-src 'none'; "
		    "style-src 'unsafe-inline'\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, "
		    "initial-scale=1\">\n<title>", v->words->lang);
	svg_escape(t, v->mission->title ? v->mission->title : "");
	text_fmt(t, " %s</title>\n<style>\n", r->now.period.label);
	for (size_t i = 0; style_sheet[i]; i++)
		text_add(t, style_sheet[i]);
	text_add(t, "</style>\n</head>\n<body>\n");
}

static void geometry(struct view *v, struct text *t)
{
	const struct mission *m = v->mission;

	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];

		if (s->role != SHAPE_LINE && s->role != SHAPE_ZONE)
			continue;
		item(t, s->role == SHAPE_LINE ? "Line" : "Zone",
			view_fmt(v, "%.80s, version %.40s, SHA-256 %.16s"
				    "\xe2\x80\xa6", s->name,
				s->version && s->version[0] ? s->version
							    : "not stated",
				hex(v, &s->sha256)));
	}
}

static void masthead(struct view *v, struct text *t)
{
	const struct report *r = v->report;
	const struct mission *m = v->mission;
	const struct period *p = &r->now.period, *b = &r->before.period;

	text_add(t, "<header>\n");
	tagged(t, "p class=\"over\"", m->title ? m->title : m->name);
	text_add(t, "<h1>");
	svg_escape(t, word(v, W_REPORT));
	text_fmt(t, " %s</h1>\n", p->label);
	if (word(v, W_NOTICE_TRANSLATED)[0])
		tagged(t, "p class=\"note\"", word(v, W_NOTICE_TRANSLATED));
	text_add(t, "<dl class=\"head\">\n");
	item(t, word(v, W_FROM), moment(v, p->span.from));
	item(t, word(v, W_TO), moment(v, p->span.to));
	item(t, word(v, W_EVENINGS), view_fmt(v, "%d", p->evenings));
	item(t, word(v, W_CUTOFF), sentences_cutoff(v));
	item(t, word(v, W_TZDATA), view_fmt(v, "%.60s, tzdata %.40s",
		m->timezone ? m->timezone : "UTC",
		m->tzdata ? m->tzdata : "not stated"));
	if (b->label[0])
		item(t, word(v, W_PREVIOUS_PERIOD), view_fmt(v,
			"%s, %s to %s", b->label, view_local(v, b->span.from),
			view_local(v, b->span.to)));
	item(t, word(v, W_LEVEL), level_name(r->level));
	text_add(t, "</dl>\n</header>\n");
}

static void cell(struct view *v, struct text *t, const struct table *x,
	size_t c, const struct table_row *r)
{
	const char *s = r->cell[c] ? r->cell[c] : "";
	const char *key = x->column[c].key;
	bool is_id = strcmp(key, "incident") == 0;
	bool is_number = strcmp(key, "number") == 0;

	if (is_id) {
		text_add(t, "<td class=\"id\" title=\"");
		svg_escape(t, s);
		text_add(t, "\">");
		s = table_short_id(v, s);
	} else {
		text_add(t, is_number ? "<td class=\"n\">" : "<td>");
	}
	if (strcmp(key, "observation") == 0 && r->anchor[0])
		for (int k = 0; k < KIND_COUNT; k++)
			if (strncmp(s, kind_name((enum kind)k),
				    strcspn(s, " ")) == 0) {
				svg_icon(t, report_group((enum kind)k),
					r->mark);
				break;
			}
	prose(t, s);
	text_add(t, "</td>");
}

static size_t page_columns(const struct table *x)
{
	size_t n = 0;

	for (size_t c = 0; c < x->columns; c++)
		n += (x->column[c].where & ON_PAGE) != 0;
	return n;
}

static void table_head(struct text *t, const struct table *x)
{
	text_fmt(t, "<div class=\"scroll\"><table class=\"%s\">\n"
		    "<thead><tr>", x->name);
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

/* A table with its heading; an incident's row in the table that it stands in
 * carries the anchor (claims only refer to it). */
static bool table(struct view *v, struct text *t, enum table_id id,
	struct fault *f)
{
	const char *group = "";
	struct table x;
	bool anchors = id != TABLE_CLAIMS;

	if (!table_make(v, id, &x, f))
		return false;
	text_add(t, "<section>\n");
	heading(v, t, x.name, x.title);
	if (x.rows == 0) {
		tagged(t, "p class=\"empty\"", x.empty);
		text_add(t, "</section>\n");
		return true;
	}
	table_head(t, &x);
	for (size_t r = 0; r < x.rows; r++) {
		const struct table_row *row = &x.row[r];

		if (strcmp(row->group, group) != 0) {
			group = row->group;
			text_fmt(t, "<tr class=\"group\"><td colspan=\"%zu\">",
				page_columns(&x));
			svg_escape(t, group);
			text_add(t, "</td></tr>\n");
		}
		text_add(t, "<tr");
		if (anchors && row->anchor[0]) {
			text_add(t, " id=\"");
			svg_escape(t, row->anchor);
			text_char(t, '"');
		}
		text_char(t, '>');
		for (size_t c = 0; c < x.columns; c++)
			if (x.column[c].where & ON_PAGE)
				cell(v, t, &x, c, row);
		text_add(t, "</tr>\n");
	}
	text_add(t, "</tbody></table></div>\n</section>\n");
	return true;
}

/* A small table without heading, groups or ids. */
static bool plain_table(struct view *v, struct text *t, enum table_id id,
	struct fault *f)
{
	struct table x;

	if (!table_make(v, id, &x, f))
		return false;
	if (x.rows == 0)
		return true;
	table_head(t, &x);
	for (size_t r = 0; r < x.rows; r++) {
		text_add(t, "<tr>");
		for (size_t c = 0; c < x.columns; c++)
			cell(v, t, &x, c, &x.row[r]);
		text_add(t, "</tr>\n");
	}
	text_add(t, "</tbody></table></div>\n");
	return true;
}

static bool summary(struct view *v, struct text *t, struct fault *f)
{
	const char *said[SUMMARY_MOST];
	size_t n = sentences_summary(v, said);
	struct table x;

	text_add(t, "<section>\n");
	heading(v, t, "summary", W_SUMMARY);
	text_add(t, "<ul class=\"plain\">\n");
	for (size_t i = 0; i < n; i++)
		tagged(t, "li", said[i]);
	text_add(t, "</ul>\n");
	if (!table_make(v, TABLE_COUNTS, &x, f))
		return false;
	table_head(t, &x);
	for (size_t r = 0; r < x.rows; r++) {
		text_add(t, "<tr>");
		for (size_t c = 0; c < x.columns; c++) {
			text_add(t, "<td>");
			if (c == 0)
				svg_icon(t, report_group(v->kind[r].kind), "");
			prose(t, x.row[r].cell[c]);
			text_add(t, "</td>");
		}
		text_add(t, "</tr>\n");
	}
	text_add(t, "</tbody></table></div>\n");
	if (!plain_table(v, t, TABLE_REGIONS, f))
		return false;
	text_add(t, "</section>\n");
	return true;
}

static void legend(struct view *v, struct text *t)
{
	bool has[GROUP_COUNT] = {false};

	for (size_t i = 0; i < v->event_count; i++)
		has[v->event[i].group] = true;
	text_add(t, "<ul class=\"legend\">\n");
	for (int g = 0; g < GROUP_COUNT; g++) {
		if (!has[g])
			continue;
		text_add(t, "<li>");
		svg_icon(t, (enum group)g, "");
		svg_escape(t, report_group_name((enum group)g));
		text_add(t, "</li>\n");
	}
	text_add(t, "<li>");
	svg_icon(t, GROUP_EXPLOSION, "breach");
	text_add(t, "thick outline: breach</li>\n<li>");
	svg_icon(t, GROUP_EXPLOSION, "undetermined");
	text_add(t, "dashed outline: undetermined or conflict</li>\n"
		    "<li>number: incidents in one mark</li>\n"
		    "<li><svg class=\"swatch\" viewBox=\"0 0 26 14\">"
		    "<rect width=\"26\" height=\"14\" "
		    "fill=\"url(#none-watched)\"/></svg>not watched</li>\n"
		    "<li><svg class=\"swatch\" viewBox=\"0 0 26 14\">"
		    "<rect width=\"26\" height=\"14\" "
		    "fill=\"url(#part-watched)\"/></svg>partly watched</li>\n"
		    "<li><svg class=\"swatch\" viewBox=\"0 0 26 14\">"
		    "<rect class=\"paper\" width=\"26\" "
		    "height=\"14\"/></svg>watched "
		    "(90 % of the period or more)</li>\n"
		    "<li><svg class=\"swatch\" viewBox=\"0 0 26 14\">"
		    "<ellipse class=\"region\" cx=\"13\" cy=\"7\" rx=\"11\" "
		    "ry=\"5\"/></svg>region that holds the place in 90 of "
		    "100 cases</li>\n"
		    "<li><svg class=\"swatch\" viewBox=\"0 0 26 14\">"
		    "<path class=\"line\" d=\"M1 9L9 5L17 9L25 5\"/></svg>line "
		    "of the agreement</li>\n"
		    "<li><svg class=\"swatch\" viewBox=\"0 0 26 14\">"
		    "<rect class=\"zone\" x=\"2\" y=\"2\" width=\"22\" "
		    "height=\"10\"/></svg>zone</li>\n</ul>\n");
}

static bool drawings(struct view *v, struct text *t, struct fault *f)
{
	text_add(t, "<section>\n");
	heading(v, t, "map", W_MAP);
	if (!drawing_map(v, t, f))
		return false;
	legend(v, t);
	text_add(t, "</section>\n<section>\n");
	heading(v, t, "timeline", W_TIMELINE);
	if (!drawing_timeline(v, t, f))
		return false;
	text_add(t, "</section>\n");
	return true;
}

/* Of the sound, once: with the first of its findings that is a breach. */
static void picture(struct view *v, struct text *t, const struct event *e,
	const struct finding *x)
{
	const struct report *r = v->report;
	size_t first = 0;

	while (first < e->finding_count &&
		e->finding[first].verdict != VERDICT_BREACH)
		first++;
	if (first == e->finding_count || x != &e->finding[first])
		return;
	for (size_t i = 0; i < r->depiction_count; i++) {
		if (strcmp(r->depiction[i].incident.text,
			e->incident.id.text) != 0)
			continue;
		text_add(t, "<details><summary>what each sensor recorded, and "
			    "where it was</summary>\n");
		text_bytes(t, r->depiction[i].svg);
		text_add(t, "</details>\n");
	}
}

static void finding(struct view *v, struct text *t, const struct event *e,
	const struct finding *x)
{
	text_add(t, "<div class=\"finding\">\n<p>");
	svg_icon(t, e->group, verdict_name(x->verdict));
	text_add(t, "<a href=\"#");
	svg_escape(t, e->incident.id.text);
	text_add(t, "\">");
	svg_escape(t, table_short_id(v, e->incident.id.text));
	text_add(t, "</a> ");
	prose(t, sentences_event(v, e));
	text_add(t, "</p>\n");
	tagged(t, "p", sentences_finding(v, x));
	if (x->explanation_count > 0) {
		/* Closed, so that print stays short; no script opens it. */
		text_add(t, "<details><summary>every step of the finding"
			    "</summary>\n<ul>\n");
		for (size_t i = 0; i < x->explanation_count && i < LINES_MOST;
			i++)
			tagged(t, "li", x->explanation[i]);
		text_add(t, "</ul>\n</details>\n");
	}
	picture(v, t, e, x);
	text_add(t, "</div>\n");
}

static void findings_of(struct view *v, struct text *t, enum verdict verdict)
{
	size_t shown = 0, all = v->verdicts[verdict];

	if (all == 0)
		return;
	text_fmt(t, "<h3 id=\"%s\">", verdict_name(verdict));
	svg_escape(t, catalogue_verdict(v->words, verdict));
	text_fmt(t, ": %zu</h3>\n", all);
	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];

		for (size_t k = 0; k < e->finding_count; k++)
			if (e->finding[k].verdict == verdict &&
				shown < FINDINGS_MOST) {
				finding(v, t, e, &e->finding[k]);
				shown++;
			}
	}
	if (shown < all) {
		char at[256];
		struct text s = text_on(at, sizeof at);
		const char *more = view_fmt(v, "%zu", all - shown);

		catalogue_say(v->words, &s, S_MORE, all - shown, &more, 1);
		tagged(t, "p", at);
	}
}

static void rules(struct view *v, struct text *t)
{
	const char *last = "";

	text_add(t, "<ul class=\"plain\">\n");
	for (size_t i = 0; v->report->terms &&
		i < terms_rules(v->report->terms); i++) {
		struct rule_view r = terms_rule(v->report->terms, i);
		const char *quote = sentences_rule(v, r.id);
		bool again = strcmp(quote, last) == 0;

		/* The judge's words begin with "rule", as its traces do. */
		if (r.words && bytes_start(bytes_of(r.words), "rule "))
			tagged(t, "li", view_fmt(v, "Rule %.300s. %.600s",
				r.words + 5, again ? "" : quote));
		else
			tagged(t, "li", view_fmt(v, "Rule %.40s. %.600s", r.id,
				again ? "" : quote));
		last = quote;
	}
	text_add(t, "</ul>\n");
}

static void findings(struct view *v, struct text *t)
{
	static const enum verdict order[] = {VERDICT_BREACH,
		VERDICT_UNDETERMINED, VERDICT_CONFLICT, VERDICT_NO_BREACH,
		VERDICT_NOT_APPLICABLE};

	text_add(t, "<section>\n");
	heading(v, t, "findings", W_FINDINGS);
	text_add(t, "<div class=\"verdicts\">\n");
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		text_fmt(t, "<div class=\"%s\"><b>%zu</b>",
			verdict_name(order[i]), v->verdicts[order[i]]);
		svg_escape(t, catalogue_verdict(v->words, order[i]));
		tagged(t, "p class=\"note\"", sentences_verdict(order[i]));
		text_add(t, "</div>\n");
	}
	text_add(t, "</div>\n");
	if (v->report->terms)
		rules(v, t);
	/* What was no breach, or does not apply, is in the tables. */
	for (size_t i = 0; i < 3; i++)
		findings_of(v, t, order[i]);
	text_add(t, "</section>\n");
}

static void method(struct view *v, struct text *t)
{
	const char *said[METHOD_MOST];
	size_t n = sentences_method(v, said);
	struct digest terms;

	text_add(t, "<section>\n");
	heading(v, t, "method", W_METHOD);
	text_add(t, "<ul class=\"plain\">\n");
	for (size_t i = 0; i < n; i++)
		tagged(t, "li", said[i]);
	text_add(t, "</ul>\n<dl class=\"head\">\n");
	if (v->report->terms) {
		terms = terms_sha256(v->report->terms);
		item(t, word(v, W_TERMS), hex(v, &terms));
	}
	item(t, word(v, W_SOFTWARE), v->report->rules_version
				? v->report->rules_version
				: "not stated");
	geometry(v, t);
	text_add(t, "</dl>\n</section>\n");
}

static void proof(struct view *v, struct text *t)
{
	const struct proof *p = &v->report->proof;

	text_add(t, "<footer id=\"proof\">\n<h2>");
	svg_escape(t, word(v, W_PROOF));
	text_add(t, "</h2>\n<dl class=\"head\">\n");
	item(t, word(v, W_ROOT), hex(v, &p->root));
	item(t, word(v, W_SIZE), view_fmt(v, "%llu",
					 (unsigned long long)p->size));
	item(t, word(v, W_INDEX), view_fmt(v, "%llu",
					  (unsigned long long)p->index));
	item(t, word(v, W_AT), moment(v, p->at));
	text_add(t, "</dl>\n<p>Every record behind this page is in a log whose "
		    "root stands above. Whoever holds a copy of the mission "
		    "folder, of either party, checks signatures, hashes and "
		    "every finding anew with</p>\n"
		    "<pre>truce audit MISSION</pre>\n"
		    "<p>The root printed there for this number of entries must "
		    "be the one above.</p>\n</footer>\n</body>\n</html>\n");
}

static bool print(const struct report *r, struct arena *a, struct sink sink,
	struct fault *f)
{
	static const enum table_id ids[] = {TABLE_VIOLATIONS, TABLE_HARM,
		TABLE_WEAPONS, TABLE_RESTRICTIONS, TABLE_NOTIFIED,
		TABLE_CLAIMS};
	struct text out = text_in(a, BUFFER);
	struct view v;

	out.sink = &sink;
	if (!report_view(r, a, &v, f))
		return false;
	head(&v, &out);
	masthead(&v, &out);
	if (!summary(&v, &out, f) || !drawings(&v, &out, f))
		return false;
	if (!table(&v, &out, TABLE_COVERAGE, f) ||
		!table(&v, &out, TABLE_LIMITS, f) ||
		!table(&v, &out, TABLE_HEALTH, f))
		return false;
	findings(&v, &out);
	/* Wide tables together, so that the paper turns once. */
	text_fmt(&out, "<div%s>\n", v.event_count ? " class=\"wide\"" : "");
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
		if (!table(&v, &out, ids[i], f))
			return false;
	text_add(&out, "</div>\n");
	method(&v, &out);
	proof(&v, &out);
	if (v.why.kind != FAULT_NONE) {
		*f = v.why;
		return false;
	}
	return text_flush(&out, f);
}

const struct publisher publisher_html = {
	.name = "html",
	.about = "one page to read and to print, self-contained",
	.media_type = "text/html; charset=utf-8",
	.suffix = "html",
	.print = print,
};
