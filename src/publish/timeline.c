/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/drawings.h"

#include "publish/svg.h"
#include "publish/watched.h"

enum {
	WIDTH = 1000,
	LEFT = 262, /* names of the lanes */
	RIGHT = 64, /* the highest count of a lane */
	TOP = 8,
	LANE = 40,
	STRIP = 26,
	BINS_MAX = 128,
};
#define PLOT_W ((double)(WIDTH - LEFT - RIGHT))
#define HOUR_NS (INT64_C(3600) * 1000000000)

struct lanes {
	struct view *v;
	struct text *t;
	struct span span;
	int64_t bin_ns;
	size_t bins;
	size_t count[GROUP_COUNT][BINS_MAX];
	size_t total[GROUP_COUNT], most[GROUP_COUNT];
	size_t outside; /* incidents that began before the period, or no time */
	double y;
};

/* Whole hours, so many that no more than 100 bins are drawn. */
static void cut(struct lanes *l)
{
	int64_t length = l->span.to.utc_ns - l->span.from.utc_ns;

	l->bin_ns = HOUR_NS;
	while (length / l->bin_ns > 100)
		l->bin_ns += HOUR_NS;
	l->bins = (size_t)((length + l->bin_ns - 1) / l->bin_ns);
}

static void count_events(struct lanes *l)
{
	for (size_t i = 0; i < l->v->event_count; i++) {
		const struct event *e = &l->v->event[i];
		struct instant at = e->incident.at;
		size_t bin;

		if (!instant_known(at) || !span_holds(l->span, at)) {
			l->outside++;
			continue;
		}
		bin = (size_t)((at.utc_ns - l->span.from.utc_ns) / l->bin_ns);
		if (++l->count[e->group][bin] > l->most[e->group])
			l->most[e->group] = l->count[e->group][bin];
		l->total[e->group]++;
	}
}

static double x_at(const struct lanes *l, struct instant t)
{
	return LEFT + PLOT_W *
		((double)(t.utc_ns - l->span.from.utc_ns) /
			(double)(l->span.to.utc_ns - l->span.from.utc_ns));
}

static struct instant bin_at(const struct lanes *l, size_t i)
{
	int64_t t = l->span.from.utc_ns + l->bin_ns * (int64_t)i;

	return (struct instant){
		t < l->span.to.utc_ns ? t : l->span.to.utc_ns};
}

static void draw_lane(struct lanes *l, enum group g)
{
	double base = l->y + LANE - 5, room = LANE - 12;

	svg_mark(l->t, g, 14, base - 8, 6, "");
	text_fmt(l->t, "<text class=\"lane\" x=\"28\" y=\"%.1f\">", base - 4);
	svg_escape(l->t, view_tr(l->v, report_group_name(g)));
	text_add(l->t, "</text>");
	text_fmt(l->t, "<path class=\"base\" d=\"M%d %.1fH%.1f\"/>\n", LEFT,
		base, LEFT + PLOT_W);
	for (size_t i = 0; i < l->bins; i++) {
		double x = x_at(l, bin_at(l, i));
		double w = x_at(l, bin_at(l, i + 1)) - x;
		double h = room * (double)l->count[g][i] / (double)l->most[g];

		if (l->count[g][i] > 0)
			text_fmt(l->t, "<rect class=\"count\" x=\"%.1f\" "
				       "y=\"%.1f\" width=\"%.1f\" "
				       "height=\"%.1f\" fill=\"%s\"/>",
				x + 1, base - h, w > 4 ? w - 2 : w, h,
				svg_hue(g));
	}
	text_fmt(l->t, "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\">%s"
		       "</text>\n", LEFT + PLOT_W + 8, l->y + 15,
		SAY(l->v, "max {0}", view_fmt(l->v, "%zu", l->most[g])));
	l->y += LANE;
}

static bool draw_strip(struct lanes *l, struct fault *f)
{
	const struct mission *m = l->v->mission;
	struct box box = {m->south, m->west, m->north, m->east};
	struct watched *w;
	double top = l->y + 4;

	if (!watched_make(l->v, &box, 32, 32, l->bins, &w, f))
		return false;
	text_fmt(l->t, "<text class=\"lane\" x=\"6\" y=\"%.1f\">", top + 17);
	svg_escape(l->t, catalogue_word(l->v->words, W_WATCHED));
	text_fmt(l->t, " (%s)", w->known
			? view_tr(l->v, kind_name(w->kind))
			: view_tr(l->v, "no record"));
	text_add(l->t, "</text>");
	text_fmt(l->t, "<rect fill=\"url(#none-watched-strip)\" x=\"%d\" "
		       "y=\"%.1f\" width=\"%.1f\" height=\"%d\"/>\n", LEFT,
		top, PLOT_W, STRIP);
	for (size_t i = 0; i < l->bins; i++) {
		double x = x_at(l, bin_at(l, i));
		double share = watched_slot(w, i), h = share * STRIP;

		if (h > 0)
			text_fmt(l->t, "<rect class=\"seen\" x=\"%.1f\" "
				       "y=\"%.1f\" width=\"%.1f\" "
				       "height=\"%.1f\"/>",
				x, top + STRIP - h,
				x_at(l, bin_at(l, i + 1)) - x, h);
	}
	text_fmt(l->t, "<rect class=\"frame\" x=\"%d\" y=\"%.1f\" "
		       "width=\"%.1f\" height=\"%d\"/>", LEFT, top, PLOT_W,
		STRIP);
	text_fmt(l->t, "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\">100 %%"
		       "</text><text class=\"deg\" x=\"%.1f\" y=\"%.1f\">0 %%"
		       "</text>\n", LEFT + PLOT_W + 8, top + 9,
		LEFT + PLOT_W + 8, top + STRIP + 1.0);
	l->y += STRIP + 8;
	return true;
}

/* Local hours that three divides, and the date where a day begins.  The
 * clock is read at each whole hour of UTC, so nights of 23 and 25 h show
 * their hours as they were. */
static void draw_axis(struct lanes *l)
{
	const struct mission *m = l->v->mission;
	int64_t first = (l->span.from.utc_ns + HOUR_NS - 1) / HOUR_NS;
	int every = l->bins > 60 ? 6 : 3;
	const char *zone = "";
	double dated = -1e9;

	for (int64_t k = first; k * HOUR_NS <= l->span.to.utc_ns; k++) {
		struct instant t = {k * HOUR_NS};
		struct instant local = instant_plus_ns(t,
			mission_offset(m, t, &zone) * INT64_C(1000000000));
		struct civil c = instant_civil(local);
		double x = x_at(l, t);
		bool date = c.hour < every && x - dated > 90;

		if (c.hour % every != 0 || c.minute != 0)
			continue;
		text_fmt(l->t, "<path class=\"tick\" d=\"M%.1f %.1fv5\"/>"
			       "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\" "
			       "text-anchor=\"middle\">%02d</text>", x, l->y,
			x, l->y + 17, c.hour);
		if (!date)
			continue;
		text_fmt(l->t, "<text class=\"deg day\" x=\"%.1f\" y=\"%.1f\" "
			       "text-anchor=\"middle\">%04d-%02d-%02d</text>\n",
			x, l->y + 33, c.year, c.month, c.day);
		dated = x;
	}
	text_fmt(l->t, "<text class=\"deg\" x=\"%.1f\" y=\"%.1f\">%s</text>\n",
		LEFT + PLOT_W + 14, l->y + 17, zone);
	text_fmt(l->t, "<text class=\"lane\" x=\"6\" y=\"%.1f\">",
		l->y + 17);
	svg_escape(l->t, m->timezone ? m->timezone : "UTC");
	text_add(l->t, "</text>\n");
	l->y += 40;
}

/* The drawing's height is known before it is drawn. */
static double height(const struct lanes *l)
{
	size_t lanes = 0;

	for (int g = 0; g < GROUP_COUNT; g++)
		lanes += l->total[g] > 0;
	return TOP + (double)(lanes ? lanes : 1) * LANE + STRIP + 8 + 40;
}

static void notes(struct lanes *l, struct figure *out)
{
	struct view *v = l->v;
	const char *each = view_tr(v, l->bin_ns == HOUR_NS
			? "Incidents in each hour by their likeliest time; "
			  "each row has a scale of its own, to the maximum "
			  "beside it."
			: "Incidents in each few hours by their likeliest "
			  "time; each row has a scale of its own, to the "
			  "maximum beside it.");

	if (l->outside > 0)
		each = SAY(v, l->outside == 1
				? "{0} {1} incident that began outside the "
				  "period, or at a time not known, is not "
				  "drawn."
				: "{0} {1} incidents that began outside the "
				  "period, or at a time not known, are not "
				  "drawn.",
			each, view_fmt(v, "%zu", l->outside));
	out->note[out->notes++] = each;
	out->alt = catalogue_word(v->words, W_TIMELINE);
}

static bool draw(struct lanes *l, struct fault *f)
{
	bool some = false;

	text_fmt(l->t, "<svg class=\"timeline\" viewBox=\"0 0 %d %.0f\" "
		       "role=\"img\" aria-labelledby=\"time-title\">"
		       "<title id=\"time-title\">", WIDTH, height(l));
	svg_escape(l->t, catalogue_word(l->v->words, W_TIMELINE));
	text_add(l->t, "</title><defs><pattern id=\"none-watched-strip\" "
		       "width=\"7\" height=\"7\" "
		       "patternUnits=\"userSpaceOnUse\" "
		       "patternTransform=\"rotate(45)\"><path d=\"M0 0V7\" "
		       "stroke=\"#8d8577\" stroke-width=\"1.3\"/></pattern>"
		       "</defs>\n");
	for (int g = 0; g < GROUP_COUNT; g++) {
		if (l->total[g] == 0)
			continue;
		draw_lane(l, (enum group)g);
		some = true;
	}
	if (!some) {
		text_fmt(l->t, "<text class=\"lane\" x=\"%d\" y=\"%.1f\">",
			LEFT, l->y + 24);
		svg_escape(l->t, catalogue_word(l->v->words,
			W_NONE_RECORDED));
		text_add(l->t, "</text>\n");
		l->y += LANE;
	}
	if (!draw_strip(l, f))
		return false;
	draw_axis(l);
	text_add(l->t, "</svg>\n");
	return true;
}

bool drawing_timeline(struct view *v, struct figure *out, struct fault *f)
{
	struct lanes *l = arena_take(v->arena, sizeof *l, f);
	struct text t = text_in(v->arena, FIGURE_MAX);

	if (!l)
		return false;
	*out = (struct figure){0};
	l->v = v;
	l->t = &t;
	l->y = TOP;
	l->span = v->report->now.period.span;
	if (!instant_known(l->span.from) ||
		l->span.to.utc_ns <= l->span.from.utc_ns)
		return true;
	cut(l);
	count_events(l);
	if (!draw(l, f) || !text_check(&t, f))
		return false;
	notes(l, out);
	out->svg = text_view(&t);
	return true;
}
