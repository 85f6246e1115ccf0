/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/trend.h"

#include "base/maths.h"
#include "publish/svg.h"

/* The chart, in px of a drawing a thousand wide. */
enum { WIDTH = 1000, LEFT = 64, TOP = 26, BARS = 230, GAP = 40, STRIP = 60,
	FOOT = 44, ENTRY = 18 };
#define PLOT_W ((double)(WIDTH - LEFT - 14))

static void cut_date(struct view *v, struct instant t, char out[16])
{
	struct text at = text_on(out, 16);

	text_fmt(&at, "%.10s", view_local(v, t));
}

static void head(struct table *t, const char *key, const char *heading)
{
	table_column(t, key, heading, BOTH);
}

struct day { /* of the week, counted */
	struct tally kind[KIND_COUNT];
	size_t group[GROUP_COUNT], all, other, verdict[VERDICT_COUNT];
	double watched; /* explosions, NAN not known */
};

static void count_day(const struct report_part *p, struct day *d)
{
	*d = (struct day){.watched = coverage_share(p, "all", KIND_EXPLOSION)};
	for (size_t i = 0; i < p->incident_count; i++) {
		const struct incident *x = &p->incident[i];
		enum kind k = incident_kind(x);

		if (x->status == STATUS_REJECTED)
			continue;
		tally_add(&d->kind[k], x->count);
		d->group[report_group(k)]++;
		d->all++;
		d->other += k != KIND_EXPLOSION;
	}
	for (size_t i = 0; i < p->finding_count; i++)
		d->verdict[p->finding[i].verdict]++;
}

bool days_table(struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;
	const struct catalogue *w = v->words;
	struct day last = {.watched = NAN};

	head(t, "period", catalogue_word(w, W_PERIOD));
	head(t, "to", catalogue_word(w, W_TO));
	head(t, "explosions", catalogue_kind(w, KIND_EXPLOSION));
	head(t, "change", catalogue_word(w, W_CHANGE));
	head(t, "watched", catalogue_word(w, W_WATCHED));
	head(t, "other", catalogue_word(w, W_OTHER_INCIDENTS));
	head(t, "breach", catalogue_verdict(w, VERDICT_BREACH));
	head(t, "undetermined", catalogue_verdict(w, VERDICT_UNDETERMINED));
	t->empty = "";
	if (!table_rows(v, t, r->day_count, f))
		return false;
	for (size_t i = 0; i < r->day_count; i++) {
		const struct report_part *p = &r->day[i];
		struct table_row *row = &t->row[t->rows++];
		struct day d;
		struct kind_row k;

		count_day(p, &d);
		k = (struct kind_row){.now = d.kind[KIND_EXPLOSION],
			.before = last.kind[KIND_EXPLOSION],
			.comparable = i > 0 &&
				report_comparable(d.watched, last.watched)};
		row->cell[0] = p->period.label;
		row->cell[1] = view_local(v, p->period.span.to);
		row->cell[2] = view_tally(v, &k.now);
		row->cell[3] = i > 0 ? view_change(v, &k) : "";
		row->cell[4] = view_share(v, d.watched);
		row->cell[5] = view_fmt(v, "%zu", d.other);
		row->cell[6] = view_fmt(v, "%zu", d.verdict[VERDICT_BREACH]);
		row->cell[7] = view_fmt(v, "%zu",
			d.verdict[VERDICT_UNDETERMINED]);
		last = d;
	}
	return true;
}

bool corrections_table(struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;
	const struct catalogue *w = v->words;
	bool open = r->level != LEVEL_PUBLIC; /* what persons wrote */
	bool why = open;

	for (size_t i = 0; i < r->correction_count; i++)
		why = why || r->correction[i].published;
	head(t, "incident", catalogue_word(w, W_ID));
	head(t, "of", catalogue_word(w, W_INCIDENT));
	head(t, "at", catalogue_word(w, W_TIME));
	head(t, "does", catalogue_word(w, W_DID));
	if (why) {
		head(t, "by", catalogue_word(w, W_BY_WHOM));
		head(t, "why", catalogue_word(w, W_WHY));
	}
	t->empty = catalogue_word(w, W_NO_CORRECTION);
	t->anchors = false;
	if (!table_rows(v, t, r->correction_count, f))
		return false;
	for (size_t i = 0; i < r->correction_count; i++) {
		const struct correction *c = &r->correction[i];
		struct table_row *row = &t->row[t->rows++];

		row->cell[0] = c->published ? view_fmt(v, "%s, %s",
			c->published, c->incident.text) : c->incident.text;
		row->cell[1] = view_local(v, c->of);
		row->cell[2] = view_local(v, c->at);
		row->cell[3] = view_tr(v, c->does);
		if (!why)
			continue;
		row->cell[4] = open || c->published ? c->org : "";
		row->cell[5] = open || c->published ? c->why : "";
	}
	return true;
}

bool reviews_table(struct view *v, struct table *t, struct fault *f)
{
	const struct catalogue *w = v->words;
	size_t n = 0;

	head(t, "clause", catalogue_word(w, W_FINDING));
	head(t, "at", catalogue_word(w, W_TIME));
	head(t, "does", catalogue_word(w, W_DID));
	head(t, "by", catalogue_word(w, W_BY_WHOM));
	head(t, "why", catalogue_word(w, W_WHY));
	t->empty = "";
	t->anchors = false;
	for (size_t i = 0; i < v->finding_count; i++)
		n += v->finding[i].review_count;
	if (!table_rows(v, t, n, f))
		return false;
	for (size_t i = 0; i < v->finding_count; i++)
		for (size_t k = 0; k < v->finding[i].review_count; k++) {
			const struct finding_review *x =
				&v->finding[i].review[k];
			struct table_row *row = &t->row[t->rows++];

			row->cell[0] = v->finding[i].clause;
			row->cell[1] = view_local(v, x->at);
			row->cell[2] = view_tr(v, x->does);
			row->cell[3] = x->org;
			row->cell[4] = x->why;
		}
	return true;
}

struct chart {
	struct view *v;
	struct text *t;
	struct day *day;
	size_t days, most; /* incidents of the fullest day, at least 1 */
	double step;
};

static double x_of(const struct chart *c, size_t i)
{
	return LEFT + c->step * (double)i;
}

static void draw_bars(struct chart *c, size_t i)
{
	double x = x_of(c, i) + c->step * 0.18, w = c->step * 0.64;
	double y = TOP + BARS;

	for (int g = 0; g < GROUP_COUNT; g++) {
		double h = BARS * (double)c->day[i].group[g] /
			(double)c->most;

		if (!(h > 0))
			continue;
		y -= h;
		text_fmt(c->t, "<rect class=\"count\" x=\"%.1f\" y=\"%.1f\" "
			       "width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>",
			x, y, w, h, svg_hue((enum group)g));
		if (h > 16)
			svg_mark(c->t, (enum group)g, x + 12, y + h / 2, 5, "");
	}
	text_fmt(c->t, "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\" "
		       "text-anchor=\"middle\">%zu</text>\n", x + w / 2, y - 6,
		c->day[i].all);
}

/* Hatched where it is not known, or was not watched. */
static void draw_watched(struct chart *c, size_t i)
{
	double x = x_of(c, i), top = TOP + BARS + GAP;
	double share = c->day[i].watched, h = isfinite(share) ? share * STRIP
							       : 0;

	text_fmt(c->t, "<rect fill=\"url(#none-watched-week)\" x=\"%.1f\" "
		       "y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>", x, top,
		c->step, STRIP);
	if (h > 0)
		text_fmt(c->t, "<rect class=\"seen\" x=\"%.1f\" y=\"%.1f\" "
			       "width=\"%.1f\" height=\"%.1f\"/>", x,
			top + STRIP - h, c->step, h);
	text_fmt(c->t, "<rect class=\"frame\" x=\"%.1f\" y=\"%.1f\" "
		       "width=\"%.1f\" height=\"%d\"/>"
		       "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\" "
		       "text-anchor=\"middle\">", x, top, c->step, STRIP,
		x + c->step / 2, top - 6);
	svg_escape(c->t, view_share(c->v, share));
	text_add(c->t, "</text>\n");
}

static void draw_day(struct chart *c, size_t i)
{
	const struct period *p = &c->v->report->day[i].period;
	double x = x_of(c, i) + c->step / 2;
	double y = TOP + BARS + GAP + STRIP + 17;
	char date[16];

	cut_date(c->v, p->span.to, date);
	text_fmt(c->t, "<text class=\"deg day\" x=\"%.1f\" y=\"%.1f\" "
		       "text-anchor=\"middle\">%s</text>"
		       "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\" "
		       "text-anchor=\"middle\">%s</text>\n", x, y, p->label, x,
		y + 16, date);
}

static void draw_chart(struct chart *c)
{
	text_fmt(c->t, "<svg class=\"timeline\" viewBox=\"0 0 %d %d\" "
		       "role=\"img\"><title>", WIDTH,
		TOP + BARS + GAP + STRIP + FOOT);
	svg_escape(c->t, catalogue_word(c->v->words, W_DAYS));
	text_add(c->t, "</title><defs><pattern id=\"none-watched-week\" "
		       "width=\"7\" height=\"7\" "
		       "patternUnits=\"userSpaceOnUse\" "
		       "patternTransform=\"rotate(45)\"><path d=\"M0 0V7\" "
		       "stroke=\"#8d8577\" stroke-width=\"1.3\"/></pattern>"
		       "</defs>\n");
	text_fmt(c->t, "<path class=\"base\" d=\"M%d %dH%.1f\"/>"
		       "<text class=\"deg\" x=\"%d\" y=\"%d\" "
		       "text-anchor=\"end\">%zu</text>"
		       "<text class=\"deg\" x=\"%d\" y=\"%d\" "
		       "text-anchor=\"end\">0</text>", LEFT, TOP + BARS,
		LEFT + PLOT_W, LEFT - 8, TOP + 5, c->most, LEFT - 8,
		TOP + BARS + 4);
	text_fmt(c->t, "<text class=\"deg\" x=\"%d\" y=\"%d\" "
		       "text-anchor=\"end\">100 %%</text>"
		       "<text class=\"deg\" x=\"%d\" y=\"%d\" "
		       "text-anchor=\"end\">0 %%</text>\n", LEFT - 8,
		TOP + BARS + GAP + 9, LEFT - 8, TOP + BARS + GAP + STRIP);
	for (size_t i = 0; i < c->days; i++) {
		draw_bars(c, i);
		draw_watched(c, i);
		draw_day(c, i);
	}
	text_add(c->t, "</svg>\n");
}

bool drawing_days(struct view *v, struct figure *out, struct fault *f)
{
	const struct report *r = v->report;
	struct chart c = {.v = v, .days = r->day_count, .most = 1};
	struct text t = text_in(v->arena, 1 << 18);

	*out = (struct figure){0};
	c.day = arena_array(v->arena, c.days + 1, sizeof *c.day, f);
	if (!c.day)
		return false;
	c.t = &t;
	c.step = PLOT_W / (double)(c.days ? c.days : 1);
	for (size_t i = 0; i < c.days; i++) {
		count_day(&r->day[i], &c.day[i]);
		if (c.day[i].all > c.most)
			c.most = c.day[i].all;
	}
	draw_chart(&c);
	out->alt = catalogue_word(v->words, W_DAYS);
	out->note[out->notes++] = SAY(v, "Columns: incidents of each "
		"day. Beneath them: what share of area and hours was watched "
		"for {0}.", catalogue_kind(v->words, KIND_EXPLOSION));
	out->svg = text_view(&t);
	return text_check(&t, f);
}
