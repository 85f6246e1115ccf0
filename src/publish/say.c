/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * say.c - the view's words in its language: phrases filled in, and where a
 * place is. */
#include "publish/report.h"

#include "base/maths.h"
#include "geo/geodesic.h"
#include "model/called.h"
#include "model/phrase.h"
#include "publish/phrases.h"

const char *view_tr(const struct view *v, const char *english)
{
	return phrase_in(v->words->lang, english);
}

static bool in(const struct view *v, const char *lang)
{
	return strcmp(v->words->lang, lang) == 0;
}

const char *view_fill(struct view *v, const char *s, const char *const *arg)
{
	char at[2048];
	struct text t = text_on(at, sizeof at);
	size_t longest = 0, room = strlen(s) + 1;

	for (size_t i = 0; arg[i]; i++)
		if (strlen(arg[i]) > longest)
			longest = strlen(arg[i]);
	for (const char *c = s; *c; c++)
		room += *c == '{' ? longest : 0;
	if (room > sizeof at)
		t = text_in(v->arena, room);
	phrase_fill(&t, v->words->lang, s, arg);
	return text_check(&t, &v->why) ? view_keep(v, &t) : "";
}

const char *view_say(
	struct view *v, const char *english, const char *const *arg)
{
	return view_fill(v, view_tr(v, english), arg);
}

const char *view_decimal(struct view *v, double x, int digits)
{
	char at[64];
	struct text t = text_on(at, sizeof at);

	text_fmt(&t, "%.*f", digits, x);
	for (size_t i = 0; i < t.len; i++)
		if (at[i] == '.' && !in(v, "en"))
			at[i] = ',';
	return view_keep(v, &t);
}

const char *view_mark(const struct view *v, char mark)
{
	if (mark == ';')
		return in(v, "fr") ? "\u00a0; " : "; ";
	return in(v, "fr") ? "\u00a0: " : ": ";
}

const char *view_spoken(struct view *v, const char *name)
{
	char at[80];
	struct text t = text_on(at, sizeof at);

	catalogue_spoken(&t, name);
	return view_tr(v, view_keep(v, &t));
}

const char *view_interval(struct view *v, struct span s)
{
	int64_t half;

	if (!instant_known(s.from) || !instant_known(s.to))
		return view_utc(v, s.from);
	half = (s.to.utc_ns - s.from.utc_ns) / 2;
	if (half == 0)
		return view_utc(v, s.from);
	if (half >= 30 * INT64_C(1000000000)) {
		const char *from = view_utc(v, s.from), *to = view_utc(v, s.to);
		size_t day = strlen("2026-02-03 ");

		/* The day and the zone once, where they are the same. */
		return strncmp(from, to, day) == 0
			? view_fmt(v, "%.19s \u2013 %s", from, to + day)
			: view_fmt(v, "%.19s \u2013 %s", from, to);
	}
	return view_fmt(v, "%s %s",
		view_utc(v, (struct instant){s.from.utc_ns + half}),
		SAY(v, "\xc2\xb1 {0} s", view_decimal(v, (double)half * 1e-9,
			half < 1000000000 ? 2 : half < 10000000000)));
}

const char *view_quoted(struct view *v, const char *words)
{
	return SAY(v, "\xe2\x80\x9c{0}\xe2\x80\x9d", words);
}

const char *view_area(const struct view *v, const char *name)
{
	const struct mission *m = v->mission;

	for (size_t i = 0; i < m->shape_count; i++)
		if (strcmp(m->shape[i].name, name) == 0)
			return called_shape(&m->shape[i], v->words->lang);
	return name;
}

const char *view_town(const struct view *v, const struct town *t)
{
	return called_town(t, v->words->lang);
}

const char *view_named(struct view *v, const char *sentence)
{
	char at[500];
	struct text t = text_on(at, sizeof at);

	called_text(v->mission, v->words->lang, sentence, &t);
	return view_keep(v, &t);
}

/* The rule of model/phrase.h, in another language than that of records. */
const char *view_where(struct view *v, double lat_deg, double lon_deg)
{
	const struct town *t = phrase_town(v->mission, lat_deg, lon_deg);
	const char *way, *name, *said;
	struct geodesic g;

	if (!t)
		return "";
	g = geodesic_between((struct point){t->lat_deg, t->lon_deg},
		(struct point){lat_deg, lon_deg});
	if (!isfinite(g.length_m))
		return "";
	name = view_town(v, t);
	way = view_tr(v, phrase_compass(g.azimuth_deg));
	if (g.length_m < 300)
		said = SAY(v, "at {0}", name);
	else if (g.length_m < 950)
		said = SAY(v, "{0} m {1} of {2}", view_fmt(v, "%.0f",
			floor(g.length_m / 100 + 0.5) * 100), way, name);
	else
		said = SAY(v, "{0} km {1} of {2}", view_fmt(v, "%.0f",
			floor(g.length_m / 1000 + 0.5)), way, name);
	return t->control && t->control[0]
		? SAY(v, "{0} (party {1}-controlled)", said, t->control)
		: said;
}
