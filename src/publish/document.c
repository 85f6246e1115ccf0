/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/document.h"

#include "base/encode.h"
#include "publish/sentences.h"
#include "publish/steps.h"
#include "publish/svg.h"
#include "publish/trend.h"

/* FINDINGS_MOST: as many as a person reads; the table holds them all. */
enum { FINDINGS_MOST = 40, FACTS_MOST = 256, RULES_MOST = 256,
	LEGEND_MOST = GROUP_COUNT + 9 };

struct items {
	struct fact at[FACTS_MOST];
	size_t n;
};

static const char *word(const struct view *v, enum word w)
{
	return catalogue_word(v->words, w);
}

static void item(struct items *x, const char *term, const char *text)
{
	if (x->n < FACTS_MOST)
		x->at[x->n++] = (struct fact){term, text};
}

static const char *moment(struct view *v, struct instant t)
{
	return view_fmt(v, "%s = %s", view_utc(v, t), view_local(v, t));
}

static const char *hex(struct view *v, const struct digest *d)
{
	char at[65];
	struct text t = text_on(at, sizeof at);

	text_hex(&t, digest_view(d));
	return view_keep(v, &t);
}

static const char *number(struct view *v, uint64_t n)
{
	return view_fmt(v, "%llu", (unsigned long long)n);
}

static void open_as(struct view *v, struct writer w, const char *title,
	const struct items *x)
{
	const struct mission *m = v->mission;

	w.does->open(w.self, &(struct masthead){
		.over = m->title ? m->title : m->name, .title = title,
		.note = word(v, W_NOTICE_TRANSLATED),
		.label = v->report->now.period.label, .fact = x->at,
		.facts = x->n});
}

/* A day or a week: its span and the one before. */
static void open_period(struct view *v, struct writer w, enum word title)
{
	const struct report *r = v->report;
	const struct mission *m = v->mission;
	const struct period *p = &r->now.period, *b = &r->before.period;
	struct items x = {.n = 0};

	item(&x, word(v, W_FROM), moment(v, p->span.from));
	item(&x, word(v, W_TO), moment(v, p->span.to));
	item(&x, word(v, W_EVENINGS), view_fmt(v, "%d", p->evenings));
	item(&x, word(v, W_CUTOFF), sentences_cutoff(v));
	item(&x, word(v, W_TZDATA), view_fmt(v, "%.60s, tzdata %.40s",
		m->timezone ? m->timezone : "UTC",
		m->tzdata ? m->tzdata : word(v, W_NOT_STATED)));
	if (b->label[0])
		item(&x, word(v, W_PREVIOUS_PERIOD), SAY(v,
			"{0}, {1} to {2}", b->label,
			view_local(v, b->span.from),
			view_local(v, b->span.to)));
	item(&x, word(v, W_LEVEL), view_tr(v, level_name(r->level)));
	open_as(v, w, view_fmt(v, "%s %s", word(v, title), p->label), &x);
}

/* A table with its heading, or what is said when it has no rows. */
static bool table(struct view *v, struct writer w, enum table_id id,
	struct fault *f)
{
	struct table x;

	if (!table_make(v, id, &x, f))
		return false;
	w.does->section(w.self, x.name, word(v, x.title));
	if (x.rows == 0)
		w.does->say(w.self, SAY_EMPTY, x.empty);
	else
		w.does->table(w.self, &x);
	w.does->section_end(w.self);
	return true;
}

static bool summary(struct view *v, struct writer w, struct fault *f)
{
	const char *said[SUMMARY_MOST];
	size_t n = sentences_summary(v, said);
	struct table x;

	w.does->section(w.self, "summary", word(v, W_SUMMARY));
	w.does->list(w.self, said, n);
	if (!table_make(v, TABLE_COUNTS, &x, f))
		return false;
	w.does->table(w.self, &x);
	if (!table_make(v, TABLE_REGIONS, &x, f))
		return false;
	if (x.rows > 0)
		w.does->table(w.self, &x);
	w.does->section_end(w.self);
	return true;
}

static void entry(struct view *v, struct legend *x, size_t *n,
	const struct text *svg, const char *text)
{
	const char *kept = view_keep(v, svg);

	x[(*n)++] = (struct legend){bytes_of(kept), text};
}

static void marks(struct view *v, struct legend *x, size_t *n)
{
	bool has[GROUP_COUNT] = {false};
	char at[1024];
	struct text t;

	for (size_t i = 0; i < v->event_count; i++)
		has[v->event[i].group] = true;
	for (int g = 0; g < GROUP_COUNT; g++) {
		if (!has[g])
			continue;
		t = text_on(at, sizeof at);
		svg_icon(&t, (enum group)g, "");
		entry(v, x, n, &t,
			view_tr(v, report_group_name((enum group)g)));
	}
	t = text_on(at, sizeof at);
	svg_icon(&t, GROUP_EXPLOSION, "breach");
	entry(v, x, n, &t, view_tr(v, "thick outline: breach"));
	t = text_on(at, sizeof at);
	svg_icon(&t, GROUP_EXPLOSION, "undetermined");
	entry(v, x, n, &t,
		view_tr(v, "dashed outline: undetermined or conflict"));
}

static void legend(struct view *v, struct writer w)
{
	static const struct {
		const char *drawn, *text;
	} rest[] = {
		{NULL, "number: incidents in one mark"},
		{"<rect width=\"26\" height=\"14\" "
		 "fill=\"url(#none-watched)\"/>", "not watched"},
		{"<rect width=\"26\" height=\"14\" "
		 "fill=\"url(#part-watched)\"/>", "partly watched"},
		{"<rect class=\"paper\" width=\"26\" height=\"14\"/>",
			"watched (90 % of the period or more)"},
		{"<ellipse class=\"region\" cx=\"13\" cy=\"7\" rx=\"11\" "
		 "ry=\"5\"/>", "region that holds the place in 90 of 100 "
			       "cases"},
		{"<path class=\"line\" d=\"M1 9L9 5L17 9L25 5\"/>",
			"line of the agreement"},
		{"<rect class=\"zone\" x=\"2\" y=\"2\" width=\"22\" "
		 "height=\"10\"/>", "zone"},
	};
	struct legend x[LEGEND_MOST];
	size_t n = 0;

	marks(v, x, &n);
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
		char at[512];
		struct text t = text_on(at, sizeof at);

		if (rest[i].drawn)
			text_fmt(&t, "<svg class=\"swatch\" "
				     "viewBox=\"0 0 26 14\">%s</svg>",
				rest[i].drawn);
		entry(v, x, &n, &t, view_tr(v, rest[i].text));
	}
	w.does->legend(w.self, x, n);
}

static bool drawings(struct view *v, struct writer w, struct fault *f)
{
	struct figure x;

	if (!drawing_map(v, &x, f))
		return false;
	w.does->section(w.self, "map", word(v, W_MAP));
	w.does->figure(w.self, &x);
	legend(v, w);
	w.does->section_end(w.self);
	if (!drawing_timeline(v, &x, f))
		return false;
	w.does->section(w.self, "timeline", word(v, W_TIMELINE));
	w.does->figure(w.self, &x);
	w.does->section_end(w.self);
	return true;
}

/* Of the sound, once: with the first of its findings that is a breach. */
static struct bytes picture(struct view *v, const struct event *e,
	const struct finding *x)
{
	const struct report *r = v->report;
	size_t first = 0;

	while (first < e->finding_count &&
		e->finding[first].verdict != VERDICT_BREACH)
		first++;
	if (first == e->finding_count || x != &e->finding[first])
		return (struct bytes){0};
	for (size_t i = 0; i < r->depiction_count; i++)
		if (strcmp(r->depiction[i].incident.text,
			e->incident.id.text) == 0)
			return r->depiction[i].svg;
	return (struct bytes){0};
}

static void finding(struct view *v, struct writer w, const struct event *e,
	const struct finding *x)
{
	size_t steps = x->explanation_count;
	/* In the arena: an annex prints them at the end. */
	const char **step = arena_array(
		v->arena, steps, sizeof *step, &v->why);

	steps = step ? steps : 0;
	for (size_t i = 0; i < steps; i++)
		step[i] = view_step(v, x->explanation[i]);
	w.does->finding(w.self, &(struct finding_block){
		.anchor = e->incident.id.text, .group = e->group,
		.verdict = x->verdict, .event = sentences_event(v, e),
		.judgement = sentences_finding(v, x), .step = step,
		.steps = steps,
		.picture = v->report->edition == EDITION_SPOT
			? (struct bytes){0}
			: picture(v, e, x)});
}

static void findings_of(struct view *v, struct writer w, enum verdict verdict)
{
	size_t shown = 0, all = v->verdicts[verdict];

	if (all == 0)
		return;
	w.does->part(w.self, verdict_name(verdict), view_fmt(v, "%s%s%zu",
		catalogue_verdict(v->words, verdict), view_mark(v, ':'), all));
	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];

		for (size_t k = 0; k < e->finding_count; k++)
			if (e->finding[k].verdict == verdict &&
				shown < FINDINGS_MOST) {
				finding(v, w, e, &e->finding[k]);
				shown++;
			}
	}
	if (shown < all) {
		char at[256];
		struct text s = text_on(at, sizeof at);
		const char *more = number(v, all - shown);

		catalogue_say(v->words, &s, S_MORE, all - shown, &more, 1);
		w.does->say(w.self, SAY_TEXT, at);
	}
}

static bool judged_by(const struct event *e, const char *clause)
{
	for (size_t i = 0; i < e->finding_count; i++)
		if (strcmp(e->finding[i].clause, clause) == 0)
			return true;
	return false;
}

/* All of the agreement's, or those that judged one incident. */
static void rules(struct view *v, struct writer w, const struct event *of)
{
	const char *last = "", *said[RULES_MOST];
	size_t n = 0;

	for (size_t i = 0; n < RULES_MOST &&
		i < terms_rules(v->report->terms); i++) {
		struct rule_view r = terms_rule(v->report->terms, i);
		if (of && !judged_by(of, r.id))
			continue;
		const char *quote = sentences_rule(v, r.id);
		bool again = strcmp(quote, last) == 0;

		/* The judge's words begin with "rule", as its traces do. */
		if (r.words && bytes_start(bytes_of(r.words), "rule "))
			said[n++] = SAY(v, "Rule {0}. {1}",
				view_moments(v, view_named(v, r.words + 5)),
				again ? "" : quote);
		else
			said[n++] = SAY(v, "Rule {0}. {1}",
				view_fmt(v, "%.40s", r.id),
				again ? "" : quote);
		last = quote;
	}
	w.does->list(w.self, said, n);
}

static void findings(struct view *v, struct writer w)
{
	static const enum verdict order[VERDICT_COUNT] = {VERDICT_BREACH,
		VERDICT_UNDETERMINED, VERDICT_CONFLICT, VERDICT_NO_BREACH,
		VERDICT_NOT_APPLICABLE};
	struct tally_box box[VERDICT_COUNT];

	w.does->section(w.self, "findings", word(v, W_FINDINGS));
	for (size_t i = 0; i < VERDICT_COUNT; i++)
		box[i] = (struct tally_box){order[i], v->verdicts[order[i]],
			catalogue_verdict(v->words, order[i]),
			sentences_verdict(v, order[i])};
	w.does->verdicts(w.self, box, VERDICT_COUNT);
	if (v->report->terms)
		rules(v, w, NULL);
	/* What was no breach, or does not apply, is in the tables. */
	for (size_t i = 0; i < 3; i++)
		findings_of(v, w, order[i]);
	w.does->section_end(w.self);
}

static void geometry(struct view *v, struct items *x)
{
	const struct mission *m = v->mission;

	for (size_t i = 0; i < m->shape_count; i++) {
		const struct shape *s = &m->shape[i];

		if (s->role != SHAPE_LINE && s->role != SHAPE_ZONE)
			continue;
		item(x, view_tr(v, s->role == SHAPE_LINE ? "Line" : "Zone"),
			SAY(v, "{0}, version {1}, SHA-256 {2}\xe2\x80\xa6",
				view_area(v, s->name),
				s->version && s->version[0]
					? view_fmt(v, "%.40s", s->version)
					: word(v, W_NOT_STATED),
				view_fmt(v, "%.16s", hex(v, &s->sha256))));
	}
}

static void method(struct view *v, struct writer w)
{
	const char *said[METHOD_MOST];
	size_t n = sentences_method(v, said);
	struct items x = {.n = 0};
	struct digest terms;

	w.does->section(w.self, "method", word(v, W_METHOD));
	w.does->list(w.self, said, n);
	if (v->report->terms) {
		terms = terms_sha256(v->report->terms);
		item(&x, word(v, W_TERMS), hex(v, &terms));
	}
	item(&x, word(v, W_SOFTWARE), v->report->rules_version
				? v->report->rules_version
				: word(v, W_NOT_STATED));
	geometry(v, &x);
	w.does->facts(w.self, x.at, x.n);
	w.does->section_end(w.self);
}

/* The checkpoint that the report rests on, as its note has it (C2SP
 * tlog-checkpoint): origin, size, root in base64, a line each. */
static const char *checkpoint(struct view *v)
{
	const struct proof *p = &v->report->proof;
	char at[512];
	struct text t = text_on(at, sizeof at);

	if (!p->origin || p->size == 0)
		return "";
	text_fmt(&t, "%.300s\n%llu\n", p->origin,
		(unsigned long long)p->size);
	text_base64(&t, digest_view(&p->root));
	text_char(&t, '\n');
	return view_keep(v, &t);
}

static void proof(struct view *v, struct writer w)
{
	const struct proof *p = &v->report->proof;
	struct items x = {.n = 0};

	item(&x, word(v, W_ROOT), hex(v, &p->root));
	item(&x, word(v, W_SIZE), number(v, p->size));
	item(&x, word(v, W_INDEX), number(v, p->index));
	item(&x, word(v, W_AT), moment(v, p->at));
	w.does->proof(w.self, &(struct proof_block){
		.title = word(v, W_PROOF), .fact = x.at, .facts = x.n,
		.before = view_tr(v, "Every record behind this page is in a "
			  "log whose root stands above. Whoever holds a copy "
			  "of the mission folder, of either party, checks "
			  "signatures, hashes and every finding anew with"),
		.command = "truce audit MISSION",
		.after = view_tr(v, "The root printed there for this number "
			 "of entries must be the one above."),
		.code = checkpoint(v),
		.code_is = view_tr(v, "The square holds the checkpoint of the "
			   "log: its name, the number of entries and the "
			   "root, in the form that witnesses sign.")});
}

static bool tables(struct view *v, struct writer w,
	const enum table_id *id, size_t n, struct fault *f)
{
	for (size_t i = 0; i < n; i++)
		if (!table(v, w, id[i], f))
			return false;
	return true;
}

static const enum table_id watch[] = {
	TABLE_COVERAGE, TABLE_LIMITS, TABLE_HEALTH};
static const enum table_id events[] = {TABLE_VIOLATIONS, TABLE_HARM,
	TABLE_WEAPONS, TABLE_RESTRICTIONS, TABLE_NOTIFIED,
	TABLE_CORRECTIONS, TABLE_CLAIMS};

/* How many of them stand up to the last that has rows. */
static bool until_rows(struct view *v, const enum table_id *id, size_t *n,
	struct fault *f)
{
	struct table x = {.rows = 0};

	while (*n > 0 && x.rows == 0) {
		if (!table_make(v, id[*n - 1], &x, f))
			return false;
		*n -= x.rows == 0;
	}
	return true;
}

static bool daily(struct view *v, struct writer w, struct fault *f)
{
	size_t all = sizeof events / sizeof *events, wide = all;

	open_period(v, w, W_REPORT);
	if (!summary(v, w, f) || !drawings(v, w, f) ||
		!tables(v, w, watch, sizeof watch / sizeof *watch, f))
		return false;
	findings(v, w);
	/* Wide tables together, so that the paper turns once; what is said of
	 * empty ones behind them needs no wide sheet. */
	if (!until_rows(v, events, &wide, f))
		return false;
	if (wide > 0)
		w.does->turn(w.self, true);
	if (!tables(v, w, events, wide, f))
		return false;
	if (wide > 0)
		w.does->turn(w.self, false);
	return tables(v, w, events + wide, all - wide, f);
}

static void map_of(struct view *v, struct writer w, const struct figure *x)
{
	w.does->section(w.self, "map", word(v, W_MAP));
	w.does->figure(w.self, x);
	legend(v, w);
	w.does->section_end(w.self);
}

/* The trend alone: what happened one by one is in the days' own reports. */
static bool week(struct view *v, struct writer w, struct fault *f)
{
	static const enum table_id rest[] = {TABLE_COVERAGE, TABLE_LIMITS,
		TABLE_HEALTH, TABLE_CORRECTIONS, TABLE_CLAIMS};
	struct figure chart, map;
	struct table x;

	open_period(v, w, W_WEEK_REPORT);
	if (!summary(v, w, f) || !drawing_days(v, &chart, f) ||
		!drawing_map(v, &map, f) || !table_make(v, TABLE_DAYS, &x, f))
		return false;
	w.does->section(w.self, "days", word(v, W_DAYS));
	w.does->figure(w.self, &chart);
	w.does->table(w.self, &x);
	w.does->section_end(w.self);
	map_of(v, w, &map);
	return tables(v, w, rest, sizeof rest / sizeof *rest, f);
}

/* "explosion 97 %, unknown 2 %, shot 1 %", the likeliest first. */
static const char *likely(struct view *v, const struct incident *x)
{
	char at[512];
	struct text t = text_on(at, sizeof at);
	double last = 2;

	for (int n = 0; n < 4; n++) {
		int best = -1;

		for (int k = 0; k < KIND_COUNT; k++)
			if (x->kind[k] < last && x->kind[k] >= 0.005 &&
				(best < 0 || x->kind[k] > x->kind[best]))
				best = k;
		if (best < 0)
			break;
		last = x->kind[best];
		text_fmt(&t, "%s%s %s", n ? ", " : "",
			catalogue_kind(v->words, (enum kind)best),
			view_share(v, last));
	}
	return view_keep(v, &t);
}

static void open_spot(struct view *v, struct writer w, const struct event *e)
{
	const struct incident *i = &e->incident;
	struct items x = {.n = 0};
	char at[1024];
	struct text t = text_on(at, sizeof at);

	item(&x, word(v, W_ID), i->id.text);
	item(&x, word(v, W_TIME), view_fmt(v, "%s %s = %s", e->time,
		e->plus_minus, view_utc(v, i->at)));
	item(&x, word(v, W_PLACE), e->place);
	item(&x, word(v, W_DESCRIPTION), e->description);
	item(&x, word(v, W_KINDS_LIKELY), likely(v, i));
	item(&x, word(v, W_NUMBER), e->number);
	item(&x, word(v, W_MEANS), e->means);
	item(&x, word(v, W_POSITION), e->position);
	item(&x, word(v, W_WEAPON), e->weapon);
	for (size_t k = 0; k < i->silent_count && k < 24; k++)
		text_fmt(&t, "%s%.40s", k ? ", " : "", i->silent[k]);
	if (t.len)
		item(&x, word(v, W_SILENT), view_keep(v, &t));
	item(&x, word(v, W_WATCHED), view_fmt(v, "%s (%s, %s)",
		view_share(v, coverage_share(&v->report->now, "all", e->kind)),
		catalogue_kind(v->words, e->kind),
		v->report->now.period.label));
	item(&x, word(v, W_STATUS), view_tr(v, status_name(i->status)));
	item(&x, word(v, W_LEVEL), view_tr(v, level_name(v->report->level)));
	open_as(v, w, view_fmt(v, "%s %s", word(v, W_SPOT_REPORT),
		table_short_id(v, i->id.text)), &x);
}

static void findings_spot(struct view *v, struct writer w,
	const struct event *e)
{
	struct bytes all = v->report->depiction_count > 0
		? v->report->depiction[0].svg
		: (struct bytes){0};

	w.does->section(w.self, "findings", word(v, W_FINDINGS));
	if (e->finding_count == 0)
		w.does->say(w.self, SAY_EMPTY, word(v, W_NO_RULE));
	for (size_t k = 0; k < e->finding_count; k++)
		finding(v, w, e, &e->finding[k]);
	if (v->report->terms)
		rules(v, w, e);
	w.does->section_end(w.self);
	if (all.len == 0)
		return;
	w.does->section(w.self, "records", word(v, W_RECORDS));
	w.does->figure(w.self, &(struct figure){
		.svg = all, .alt = word(v, W_RECORDS)});
	w.does->section_end(w.self);
}

static bool spot(struct view *v, struct writer w, struct fault *f)
{
	const struct event *e = &v->event[0];
	struct figure map;
	struct table x;

	if (v->event_count != 1)
		return fault(f, FAULT_INPUT, "%zu incidents, wants one",
			v->event_count);
	if (!drawing_map(v, &map, f) || !table_make(v, TABLE_REVIEWS, &x, f))
		return false;
	open_spot(v, w, e);
	findings_spot(v, w, e);
	map_of(v, w, &map);
	if (!table(v, w, TABLE_CLAIMS, f))
		return false;
	return x.rows == 0 || table(v, w, TABLE_REVIEWS, f);
}

bool document_write(struct view *v, struct writer w, struct fault *f)
{
	enum edition edition = v->report->edition;

	if (!(edition == EDITION_WEEK ? week(v, w, f)
			: edition == EDITION_SPOT ? spot(v, w, f)
						  : daily(v, w, f)))
		return false;
	method(v, w);
	proof(v, w);
	if (v->why.kind != FAULT_NONE) {
		*f = v->why;
		return false;
	}
	return w.does->close(w.self, f);
}
