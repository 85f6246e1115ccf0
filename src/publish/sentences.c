/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/sentences.h"

#include "publish/glimpse.h"
#include "publish/turned.h"

static const char *say(struct view *v, enum sentence s, uint64_t n,
	const char *const *args, size_t count)
{
	char at[1024];
	struct text t = text_on(at, sizeof at);

	catalogue_say(v->speaker, &t, s, n, args, count);
	return view_keep(v, &t);
}

static const char *plain(struct view *v, size_t n)
{
	return view_fmt(v, "%zu", n);
}

static const char *watched(struct view *v, const struct kind_row *k)
{
	const char *args[] = {catalogue_kind(v->speaker, k->kind),
		view_share(v, k->watched), view_share(v, k->watched_before)};
	const struct coverage *c = coverage_of(
		&v->report->now, "all", k->kind);
	enum sentence s = !isfinite(k->watched) ? S_WATCHED_NEVER
		: !isfinite(k->watched_before)	? S_WATCHED_ONCE
		: k->comparable			? S_WATCHED
						: S_WATCHED_APART;

	if (is_glimpse(c)) {
		args[1] = view_glimpse(v, c);
		s = S_GLIMPSED;
	}
	return say(v, s, 0, args, 3);
}

size_t sentences_summary(struct view *v, const char *out[SUMMARY_MOST])
{
	const struct report *r = v->report;
	size_t n = 0, all = 0;
	const char *five[VERDICT_COUNT];
	const char *two[2] = {plain(v, v->event_count),
		plain(v, v->before_count)};

	out[n++] = say(v, S_INCIDENTS, v->event_count, two, 2);
	for (size_t i = 0; i < v->kind_count; i++)
		if (v->kind[i].kind == KIND_EXPLOSION ||
			(v->kind[i].kind == KIND_FIRE &&
				isfinite(v->kind[i].watched)))
			out[n++] = watched(v, &v->kind[i]);
	if (r->now.limits.count > 0) {
		two[0] = view_limit(v, &r->now.limits.limit[0]);
		out[n++] = say(v, S_LIMIT, 0, two, 1);
	}
	for (int i = 0; i < VERDICT_COUNT; i++)
		all += v->verdicts[i];
	five[0] = plain(v, v->verdicts[VERDICT_BREACH]);
	five[1] = plain(v, v->verdicts[VERDICT_UNDETERMINED]);
	five[2] = plain(v, v->verdicts[VERDICT_NO_BREACH]);
	five[3] = plain(v, v->verdicts[VERDICT_NOT_APPLICABLE]);
	five[4] = plain(v, v->verdicts[VERDICT_CONFLICT]);
	out[n++] = say(v, S_FINDINGS, all, five, 5);
	two[0] = plain(v, v->apart_count);
	if (v->apart_count > 0)
		out[n++] = say(v, S_NOTIFIED, v->apart_count, two, 1);
	two[0] = plain(v, v->failing);
	two[1] = plain(v, v->mission->source_count);
	if (v->failing > 0)
		out[n++] = say(v, S_BLIND, v->failing, two, 2);
	else if (r->health_count > 0)
		out[n++] = say(v, S_NOT_BLIND, 0, two + 1, 1);
	two[0] = plain(v, v->rejected);
	if (v->rejected > 0)
		out[n++] = say(v, S_REJECTED, v->rejected, two, 1);
	two[0] = plain(v, v->unplaced);
	if (v->unplaced > 0)
		out[n++] = say(v, S_UNPLACED, v->unplaced, two, 1);
	two[0] = plain(v, r->now.outside);
	if (r->now.outside > 0)
		out[n++] = say(v, S_OUTSIDE, r->now.outside, two, 1);
	return n;
}

const char *sentences_event(struct view *v, const struct event *e)
{
	struct count c = e->incident.count;
	bool one = c.meaning == COUNT_EXACT && c.value == 1;
	char what[256];
	struct text t = text_on(what, sizeof what);

	if (one)
		text_add(&t, SAY(v, "1 {0}", e->observation));
	else if (c.value < 0)
		text_add(&t, SAY(v, "{0}, number {1}",
			catalogue_kind(v->speaker, e->kind), e->number));
	else
		text_add(&t, SAY(v, "{0} {1}", e->number,
			catalogue_kind(v->speaker, e->kind)));
	if (strcmp(e->weapon, view_tr(v, "undetermined")) != 0)
		text_fmt(&t, " (%.80s)", e->weapon);
	return view_fmt(v, "%s, %.300s%s%s %s (%s)%s%s.", what,
		e->incident.phrase[0] ? e->incident.phrase : e->place,
		view_mark(v, ';'), e->time, e->plus_minus,
		view_utc(v, e->incident.at), view_mark(v, ';'), e->means);
}

static const char *percent(struct view *v, int32_t ppm)
{
	double p = ppm / 1e4;

	if (ppm > 0 && ppm < 1000)
		return view_tr(v, "under 0.1");
	if (ppm < 1000000 && ppm > 999000)
		return view_tr(v, "over 99.9");
	if (ppm == 0 || ppm == 1000000)
		return view_fmt(v, "%.0f", p);
	return view_decimal(v, p, 1);
}

#define HOLDS "The rule\xe2\x80\x99s conditions hold with a probability "

/* "... between 99.8 and 99.9 %; standard of proof: clear." */
static const char *chance(struct view *v, const struct finding *x)
{
	const char *lo = percent(v, x->lo_ppm), *hi = percent(v, x->hi_ppm);
	const char *standard = x->standard && x->standard[0]
		? view_tr(v, x->standard)
		: NULL;

	/* "between over 99.9 and 100" says no more than "over 99.9". */
	if (x->hi_ppm == 1000000 && x->lo_ppm > 999000)
		hi = lo;
	if (x->lo_ppm == 0 && x->hi_ppm < 1000)
		lo = hi;
	if (strcmp(lo, hi) == 0)
		return standard ? SAY(v, HOLDS "of {0} %; standard of proof: "
				"{1}.", lo, standard)
				: SAY(v, HOLDS "of {0} %.", lo);
	return standard ? SAY(v, HOLDS "between {0} and {1} %; standard of "
			"proof: {2}.", lo, hi, standard)
			: SAY(v, HOLDS "between {0} and {1} %.", lo, hi);
}

static const char *grade(const struct view *v, const char *word)
{
	return strcmp(word, "undetermined") == 0
		? view_tr(v, "gravity undetermined")
		: view_tr(v, word);
}

const char *sentences_finding(struct view *v, const struct finding *x)
{
	const char *verdict = catalogue_verdict(v->speaker, x->verdict);
	char at[2048];
	struct text t = text_on(at, sizeof at);
	const char *clause = view_fmt(v, "%.40s", x->clause);
	const char *turned = x->flips_if ? view_turned(v, x->flips_if) : NULL;

	text_add(&t, x->grade && x->grade[0]
			? SAY(v, "Rule {0}: {1} ({2}).", clause, verdict,
				  grade(v, x->grade))
			: SAY(v, "Rule {0}: {1}.", clause, verdict));
	if (x->cause && x->cause[0])
		text_fmt(&t, " %s", SAY(v, "The exception "
			"\xe2\x80\x9c{0}\xe2\x80\x9d applies.",
			view_tr(v, view_fmt(v, "%.80s", x->cause))));
	text_fmt(&t, " %s", chance(v, x));
	if (x->party && x->party[0] && strcmp(x->party, "undetermined") != 0)
		text_fmt(&t, " %s", SAY(v, "On the evidence, the rule "
			"addresses {0}.", view_party(v, x->party)));
	else if (x->verdict == VERDICT_BREACH)
		text_fmt(&t, " %s", view_tr(v, "By whom is undetermined."));
	if (turned)
		text_fmt(&t, " %s", SAY(v, "It would turn to: {0}.", turned));
	else if (x->flips_if && x->flips_if[0])
		text_fmt(&t, " %s", SAY(v, "The finding {0}.",
			view_named(v, x->flips_if)));
	text_fmt(&t, " %s", SAY(v, "Status: {0}.",
		view_tr(v, status_name(x->status))));
	return view_keep(v, &t);
}

const char *sentences_cutoff(struct view *v)
{
	const struct mission *m = v->mission;

	return SAY(v, m->weekend_joins
			? "{0} local time; Saturday and Sunday close with "
			  "Monday"
			: "{0} local time, every day",
		view_fmt(v, "%02d:%02d", m->cutoff_minute / 60,
			m->cutoff_minute % 60));
}

const char *sentences_verdict(const struct view *v, enum verdict x)
{
	static const char *const said[VERDICT_COUNT] = {
		[VERDICT_BREACH] = "The conditions of a rule are met at the "
				   "standard of proof that the agreement asks "
				   "for. This says what happened, not who is "
				   "to answer for it.",
		[VERDICT_NO_BREACH] = "The conditions are not met, or one "
				      "exception of the agreement applies.",
		[VERDICT_UNDETERMINED] = "The evidence decides neither way at "
					 "the standard of proof. It is neither "
					 "a breach nor its absence.",
		[VERDICT_NOT_APPLICABLE] = "The rule does not concern that "
					   "time, place or party.",
		[VERDICT_CONFLICT] = "Two exceptions of the agreement apply "
				     "at once; the agreement must be read by "
				     "those who signed it.",
	};

	return view_tr(v, said[x]);
}

const char *sentences_rule(struct view *v, const char *clause)
{
	const struct terms *terms = v->report->terms;

	for (size_t i = 0; terms && i < terms_rules(terms); i++) {
		struct rule_view r = terms_rule(terms, i);

		if (r.id && strcmp(r.id, clause) == 0 && r.text && r.text[0])
			return SAY(v, "Article {0}: "
				"\xe2\x80\x9c{1}\xe2\x80\x9d",
				view_fmt(v, "%.40s",
					r.article ? r.article : "?"),
				r.text);
	}
	return "";
}

/* Which boundaries the mission chose to have drawn; NULL: none. */
static const char *boundaries(struct view *v)
{
	static const char *const others[] = {"disputed", "coast", "river",
		"stream", "lake", "water", "sea", "road", "rail"};
	char list[200];
	struct text t = text_on(list, sizeof list);

	for (size_t i = 0; i < v->mission->shape_count; i++) {
		const struct shape *s = &v->mission->shape[i];
		const char *class_ = s->class_[0] ? s->class_ : s->name;
		size_t k = 0;

		while (k < sizeof others / sizeof *others &&
			!strstr(class_, others[k]))
			k++;
		if (s->role == SHAPE_BASEMAP &&
			k == sizeof others / sizeof *others &&
			!strstr(list, class_))
			text_fmt(&t, "%s%s%s%s", t.len ? ", " : "", class_,
				s->version[0] ? " as of " : "", s->version);
	}
	return t.len == 0 ? NULL : SAY(v, "Boundaries that the mission chose "
		"to have drawn: {0}. Drawing one acknowledges nothing.",
		view_keep(v, &t));
}

size_t sentences_method(struct view *v, const char *out[METHOD_MOST])
{
	const struct mission *m = v->mission;
	const char *drawn;
	size_t n = 0;

	out[n++] = "Nothing recorded does not mean that nothing happened: "
		   "every count is to be read beside the share that was "
		   "watched. Watched means that an event of the stated kind "
		   "would have been noticed with a probability of 90 % or "
		   "more; partly, 10 to 90 %. Of explosions three things are "
		   "said, and no more: heard; not heard, and would have been "
		   "heard above a stated charge (kilograms of TNT, from the "
		   "noise and the threshold that each sensor measured, and "
		   "from the wind); not observed. A sensor that failed is the "
		   "third, never calm.";
	out[n++] = "A count keeps its word. A sum with \xe2\x80\x9c"
		   "at least\xe2\x80\x9d is \xe2\x80\x9c"
		   "at least\xe2\x80\x9d; what could not be counted adds no "
		   "number and is named apart. Two periods are compared only "
		   "where their coverage differs by no more than 10 points.";
	out[n++] = "Times are those of the mission\xe2\x80\x99s clocks, with "
		   "the half-width of the interval that holds the true moment "
		   "in 90 of 100 cases. Places are the likeliest; the region "
		   "behind \xe2\x80\x9cwithin\xe2\x80\x9d holds the true place "
		   "in 90 of 100 cases. Findings weigh the whole region, "
		   "tables are sorted by the likeliest place.";
	out[n++] = "A finding measures an incident against the wording of the "
		   "agreement. It attributes nothing beyond what evidence "
		   "carries; the parties\xe2\x80\x99 statements stand beside "
		   "it, and none replaces another.";
	out[n++] = "Incidents are automatic until reviewed; their status is "
		   "given. A later version never overwrites an earlier one.";
	if (instant_known(m->control_at))
		out[n++] = SAY(v, "Statements of control are as of {0} and "
				  "follow the gazetteer; they decide nothing.",
			view_fmt(v, "%.10s", view_utc(v, m->control_at)));
	out[n++] = "Map: equirectangular projection, true to scale at its "
		   "middle latitude, WGS 84. Disputed boundaries are not "
		   "drawn. Hues and shapes stand for kinds of events, never "
		   "for a side.";
	if ((drawn = boundaries(v)) != NULL)
		out[n++] = drawn;
	if (v->report->level == LEVEL_PUBLIC)
		out[n++] = "Public level: places are generalised to cells, "
			   "and what could identify persons or sensors is left "
			   "out. The full record is in the log that the proof "
			   "below commits to.";
	/* What is in the table of phrases; the others are said already. */
	for (size_t i = 0; i < n; i++)
		out[i] = view_tr(v, out[i]);
	return n;
}
