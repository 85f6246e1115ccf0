/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/factsheet.h"

#include "judge/terms.h"
#include "publish/page.h"
#include "publish/svg.h"
#include "publish/steps.h"
#include "publish/turned.h"

static const char style[] =
	"body{max-width:860px;padding:22px 28px}"
	"h1{font-size:22px}h2{font-size:15px;margin:16px 0 4px;padding-top:6px}"
	"dl.facts{display:grid;grid-template-columns:8.5em 1fr;gap:2px 14px;"
	"margin:4px 0;font-size:13px}"
	"dl.facts dt{color:#555}dl.facts dd{margin:0;overflow-wrap:anywhere}"
	"blockquote{margin:4px 0;padding:2px 0 2px 12px;"
	"border-left:3px solid #bbb5a8}"
	".verdict{border:2.4px solid #1a1a1a;padding:8px 12px;margin:10px 0;"
	"font-size:15px}.verdict b{font-size:18px}"
	"ol.trace{margin:4px 0;padding-left:20px;font-size:12px;"
	"line-height:1.35}"
	"ol.trace li{margin:1px 0}"
	"code{font-family:\"DejaVu Sans Mono\",monospace;font-size:.86em}"
	/* On one page, with a long trace and what is called up. */
	"@media print{@page{margin:10mm 13mm 12mm}body{padding:0}"
	"h1{font-size:14pt}"
	"h2{font-size:10pt;margin:6pt 0 2pt;padding-top:3pt}"
	".over{font-size:8.5pt}p{margin:3pt 0}"
	".verdict{font-size:9.5pt;padding:4pt 8pt;margin:4pt 0}"
	".verdict b{font-size:12pt}"
	"blockquote,dl.facts{font-size:8.5pt;margin:2pt 0}dl.facts{gap:0 10pt}"
	"table{font-size:8pt;margin:3pt 0}td,th{padding:1pt 6pt 1pt 0}"
	"ol.trace{font-size:7.5pt;line-height:1.25}.note{font-size:7.5pt}}\n";

struct pen {
	struct text *t;
	struct view *v; /* the language, and an arena for what is said */
	const struct factsheet *s;
};

static void put(struct pen *p, const char *said)
{
	svg_escape(p->t, said);
}

static void head(struct pen *p, const char *said)
{
	page_tag(p->t, "h2", said);
}

/* As HTML: the last letters of an id, and a version. */
static void put_version(struct pen *p, const struct id *id, uint32_t version)
{
	char at[256];
	struct text t = text_on(at, sizeof at);

	page_id(&t, id);
	text_add(p->t, SAY(p->v, "{0}, version {1}", view_keep(p->v, &t),
		view_fmt(p->v, "%u", version)));
}

/* -- facts -- */

static void kinds(struct pen *p, const struct incident *i)
{
	bool some = false;

	for (int k = 0; k < KIND_COUNT; k++) {
		if (i->kind[k] < 0.05)
			continue;
		text_add(p->t, some ? ", " : "");
		some = true;
		put(p, SAY(p->v, "{0} (probability {1})",
			view_spoken(p->v, kind_name((enum kind)k)),
			view_decimal(p->v, i->kind[k], 2)));
	}
}

static void where(struct pen *p, const struct incident *i)
{
	struct view *v = p->v;
	const struct place *at = &i->place;
	const char *phrase = i->phrase;

	if (strcmp(v->words->lang, "en") != 0)
		phrase = view_where(v, at->lat_deg, at->lon_deg);
	if (*phrase) {
		put(p, phrase);
		text_add(p->t, view_mark(v, ';'));
	}
	if (!place_known(at)) {
		put(p, view_tr(v, "no one place"));
		return;
	}
	text_fmt(p->t, "%.4f\u00b0, %.4f\u00b0", at->lat_deg, at->lon_deg);
	if (!isfinite(at->region.ellipse.semi_major_m))
		return;
	text_add(p->t, view_mark(v, ';'));
	put(p, SAY(v, "the ellipse of 90 % has semi-axes of {0} and {1} m",
		view_decimal(v, at->region.ellipse.semi_major_m, 0),
		view_decimal(v, at->region.ellipse.semi_minor_m, 0)));
}

static void means(struct pen *p, const struct incident *i)
{
	struct view *v = p->v;
	bool some = false;

	for (int m = 0; m < MODALITY_COUNT; m++) {
		if (!(i->modalities & 1u << m))
			continue;
		text_add(p->t, some ? ", " : "");
		some = true;
		put(p, view_spoken(p->v, modality_name((enum modality)m)));
	}
	text_add(p->t, view_mark(v, ';'));
	put(p, SAY(v, "records of evidence: {0}",
		view_fmt(v, "%zu", i->evidence_count)));
	if (i->silent_count == 0)
		return;
	text_add(p->t, view_mark(v, ';'));
	put(p, SAY(v, "sources that should have noticed and did not: {0}",
		view_fmt(v, "%zu", i->silent_count)));
}

static void facts(struct pen *p)
{
	const struct incident *i = p->s->incident;
	struct view *v = p->v;

	head(p, view_tr(v, "The facts"));
	if (!i) {
		page_tag(p->t, "p class=\"empty\"",
			view_tr(v, "The incident is not at hand."));
		return;
	}
	text_add(p->t, "<dl class=\"facts\">\n");
	page_open_item(p->t, view_tr(v, "What"));
	kinds(p, i);
	page_close_item(p->t);
	if (i->count.value >= 0)
		page_item(p->t, view_tr(v, "How many"),
			view_number(v, i->count));
	page_item(p->t, view_tr(v, "When"),
		view_interval(p->v, (struct span){i->from, i->to}));
	page_open_item(p->t, view_tr(v, "Where"));
	where(p, i);
	page_close_item(p->t);
	page_open_item(p->t, view_tr(v, "Known by"));
	means(p, i);
	page_close_item(p->t);
	for (size_t k = 0; k < i->health_count && k < 3; k++)
		page_item(p->t, view_tr(v, "In doubt"), i->health[k]);
	page_open_item(p->t, view_tr(v, "Incident"));
	put_version(p, &i->id, p->s->finding->incident_version);
	page_close_item(p->t);
	text_add(p->t, "</dl>\n");
}

/* -- law -- */

static const struct rule *rule_of(const struct factsheet *s)
{
	for (size_t i = 0; s->terms && i < s->terms->rules; i++)
		if (strcmp(s->terms->rule[i].id, s->finding->clause) == 0)
			return &s->terms->rule[i];
	return NULL;
}

static const char *code(struct view *v, const char *hash)
{
	return view_fmt(v, "<code title=\"%s\">%.16s\u2026</code>", hash, hash);
}

static void law(struct pen *p)
{
	const struct finding *x = p->s->finding;
	const struct rule *r = rule_of(p->s);
	struct view *v = p->v;

	head(p, view_tr(v, "The law"));
	if (r && *r->article) {
		text_add(p->t, "<blockquote><b>");
		put(p, SAY(v, "Article {0}", r->article));
		text_fmt(p->t, "</b>%s", view_mark(v, ':'));
		put(p, r->text);
		text_add(p->t, "</blockquote>\n");
	}
	text_add(p->t, "<dl class=\"facts\">\n");
	if (p->s->terms)
		page_item(p->t, view_tr(v, "Agreement"), p->s->terms->title);
	page_item(p->t, view_tr(v, "Rule"), x->clause);
	page_item(p->t, view_tr(v, "Standard"), view_spoken(p->v, x->standard));
	page_item(p->t, view_tr(v, "Grade"),
		x->grade ? view_spoken(p->v, x->grade) : "");
	page_item(p->t, view_tr(v, "Exception"),
		x->cause ? view_spoken(p->v, x->cause) : "");
	page_open_item(p->t, view_tr(v, "Versions"));
	text_add(p->t, x->line_sha256 && *x->line_sha256
		? SAY(v, "terms {0}, line {1}", code(v, x->terms_sha256),
			  code(v, x->line_sha256))
		: SAY(v, "terms {0}", code(v, x->terms_sha256)));
	page_close_item(p->t);
	text_add(p->t, "</dl>\n");
}

static void verdict(struct pen *p)
{
	const struct finding *x = p->s->finding;
	struct view *v = p->v;

	text_add(p->t, "<div class=\"verdict\"><b>");
	put(p, catalogue_verdict(v->words, x->verdict));
	text_add(p->t, "</b> ");
	if (strcmp(x->party, "undetermined") == 0)
		put(p, SAY(v, "of rule {0}, by whom is undetermined.",
			x->clause));
	else
		put(p, SAY(v, "of rule {0}, by {1}.", x->clause,
			view_party(v, x->party)));
	text_char(p->t, ' ');
	put(p, SAY(v, "Probability that its conditions hold: {0} to {1}.",
		view_decimal(v, x->lo_ppm * 1e-6, 3),
		view_decimal(v, x->hi_ppm * 1e-6, 3)));
	text_char(p->t, ' ');
	put(p, SAY(v, "Status: {0}.", view_spoken(p->v, p->s->status)));
	text_add(p->t, "</div>\n");
}

static void turns(struct pen *p, const char *flips_if)
{
	const char *said = view_turned(p->v, flips_if);

	text_add(p->t, "<p><b>");
	put(p, view_tr(p->v, "The smallest change that would change it"));
	text_fmt(p->t, "%s</b>", view_mark(p->v, ':'));
	put(p, said ? said : view_named(p->v, flips_if));
	text_add(p->t, "</p>\n");
}

static void trace(struct pen *p)
{
	enum { LINES = 24 };
	const struct finding *x = p->s->finding;
	struct view *v = p->v;

	head(p, view_tr(v, "How the verdict follows"));
	text_add(p->t, "<ol class=\"trace\">\n");
	for (size_t i = 0; i < x->explanation_count && i < LINES; i++) {
		if (p->s->terms &&
			strncmp(x->explanation[i], "article ", 8) == 0)
			continue; /* stands above, with the law */
		page_tag(p->t, "li", view_step(v, x->explanation[i]));
	}
	text_add(p->t, "</ol>\n");
	if (x->explanation_count > LINES)
		page_tag(p->t, "p class=\"note\"",
			SAY(v, "{0} more lines: truce explain", view_fmt(v,
				"%zu", x->explanation_count - LINES)));
	if (x->flips_if && *x->flips_if)
		turns(p, x->flips_if);
}

/* -- what is said of it, and what follows -- */

static void quote(
	struct pen *p, bool *some, const char *says, struct instant at)
{
	text_add(p->t, *some ? "<br>" : "");
	*some = true;
	put(p, view_quoted(p->v, says));
	if (instant_known(at)) {
		text_add(p->t, ", ");
		put(p, view_utc(p->v, at));
	}
}

/* That it did not reply is told with the time that it has, or had. */
static void silence(struct pen *p, bool some, const char *party)
{
	const struct replies *r = &p->s->finding->replies;
	enum reply_state is = replies_laid(r)
		? reply_state(r, party, p->s->now) : REPLY_REPLIED;

	if (!some && !replies_laid(r))
		put(p, view_tr(p->v, "(no statement)"));
	if (is == REPLY_REPLIED)
		return;
	text_add(p->t, some ? "<br>" : "");
	put(p, SAY(p->v, is == REPLY_OPEN
			? "(no reply yet; may reply until {0})"
			: "(no reply until {0})", view_utc(p->v, r->until)));
}

static void party_says(struct pen *p, const char *party)
{
	const struct finding *x = p->s->finding;
	const struct replies *r = &x->replies;
	bool some = false;

	for (size_t i = 0; i < x->claim_count; i++)
		if (strcmp(x->claim[i].party, party) == 0)
			quote(p, &some, x->claim[i].says, x->claim[i].at);
	for (size_t i = 0; i < r->count; i++) {
		const struct reply *y = &r->reply[i];
		const char *entry = view_fmt(p->v, "%llu",
			(unsigned long long)y->entry);

		if (strcmp(y->party, party) != 0)
			continue;
		quote(p, &some, y->says, y->at);
		text_add(p->t, ", ");
		put(p, reply_late(r, y)
			? SAY(p->v, "its reply, late (entry {0})", entry)
			: SAY(p->v, "its reply (entry {0})", entry));
	}
	silence(p, some, party);
}

static void laid(struct pen *p, const struct replies *r)
{
	struct view *v = p->v;
	const char *from = view_utc(v, r->opened);
	const char *until = view_utc(v, r->until);

	text_add(p->t, "<p>");
	put(p, replies_open(r, p->s->now)
		? SAY(v, "Laid before the parties {0}; they may reply until "
			"{1}.", from, until)
		: SAY(v, "Laid before the parties {0}; the time to reply "
			"ended {1}.", from, until));
	if (r->why) {
		text_char(p->t, ' ');
		put(p, SAY(v, "Published before that, {0}, because: {1}.",
			view_utc(v, r->early), view_quoted(v, r->why)));
	}
	text_add(p->t, "</p>\n");
}

static void claims(struct pen *p)
{
	const struct mission *m = p->s->mission;

	head(p, view_tr(p->v, "What the parties say"));
	if (replies_laid(&p->s->finding->replies))
		laid(p, &p->s->finding->replies);
	text_add(p->t, "<dl class=\"facts\">\n");
	for (size_t i = 0; i < m->party_count; i++) {
		page_open_item(p->t, m->party[i].name);
		party_says(p, m->party[i].id);
		page_close_item(p->t);
	}
	text_add(p->t, "</dl>\n");
}

static const char *actor_name(const struct pledges *r, const char *id)
{
	for (size_t i = 0; r && i < r->actors; i++)
		if (strcmp(r->actor[i].id, id) == 0)
			return r->actor[i].name;
	return id;
}

static void owed_row(struct pen *p, const struct board_owed *o)
{
	const struct obligation *r = &o->record;
	struct view *v = p->v;
	const char *state = r->fall == OBLIGATION_STANDS
		? view_spoken(p->v, obligation_state_name(o->state))
		: view_tr(v, "no longer called up");

	text_add(p->t, "<tr><td>");
	put(p, actor_name(p->s->guarantees, r->actor));
	text_char(p->t, ' ');
	put(p, strcmp(r->endorsed, "no") == 0
		? view_tr(v, "(has not endorsed it)")
		: strcmp(r->endorsed, "withheld") == 0
		? view_tr(v, "(withholds endorsement)") : "");
	text_add(p->t, "</td><td>");
	put(p, r->pledge);
	if (*r->step) {
		text_add(p->t, ", ");
		page_spoken(p->t, r->step);
	}
	if (*r->modality) {
		text_add(p->t, view_mark(v, ':'));
		put(p, view_quoted(v, r->modality));
	}
	if (*r->stage) {
		text_add(p->t, *r->modality ? ", " : view_mark(v, ':'));
		put(p, view_spoken(p->v, r->stage));
	}
	text_add(p->t, "</td><td>");
	put(p, instant_known(r->due.from) ? view_interval(p->v, r->due)
		: view_tr(v, "no time stated"));
	text_add(p->t, "</td><td>");
	put(p, o->contested ? SAY(v, "{0}, contested", state) : state);
	text_add(p->t, "</td></tr>\n");
}

static void triggers(struct pen *p)
{
	struct view *v = p->v;

	head(p, view_tr(v, "What it calls up"));
	if (p->s->owed_count == 0) {
		page_tag(p->t, "p class=\"empty\"", view_tr(v,
			"Nothing: it reaches no trigger of a guarantee."));
		return;
	}
	text_add(p->t, "<table><thead><tr>");
	page_tag(p->t, "th", view_tr(v, "Who owes it"));
	page_tag(p->t, "th", view_tr(v, "Pledge, step"));
	page_tag(p->t, "th", view_tr(v, "Due"));
	page_tag(p->t, "th", view_tr(v, "State"));
	text_add(p->t, "</tr></thead><tbody>\n");
	for (size_t i = 0; i < p->s->owed_count; i++)
		owed_row(p, &p->s->owed[i]);
	text_add(p->t, "</tbody></table>\n");
}

static void foot(struct pen *p)
{
	const struct factsheet *s = p->s;
	struct view *v = p->v;
	char hex[SHA256_HEX];

	text_add(p->t, "<footer class=\"note\"><p>");
	put(p, SAY(v, "As of {0}.", view_utc(v, s->now)));
	text_char(p->t, ' ');
	if (s->ledger_index >= 0)
		text_add(p->t, SAY(v, "Log entry {0}, leaf {1}.",
			view_fmt(v, "%lld", (long long)s->ledger_index),
			view_fmt(v, "<code>%s</code>",
				digest_hex(&s->leaf, hex))));
	text_char(p->t, ' ');
	text_add(p->t, SAY(v, "Anyone with the mission\xe2\x80\x99s log can "
		"derive this finding again: {0}.",
		"<code>truce audit --recompute</code>"));
	text_add(p->t, "</p>");
	if (strcmp(v->words->lang, "en") != 0)
		page_tag(p->t, "p",
			catalogue_word(v->words, W_NOTICE_TRANSLATED));
	text_add(p->t, "</footer>\n");
}

bool factsheet_html(const struct factsheet *s, struct arena *a,
	struct text *t, struct fault *f)
{
	const struct finding *x = s->finding;
	const struct mission *m = s->mission;
	const struct catalogue *words = catalogue_of(s->lang);
	struct view v = {.mission = m, .arena = a, .words = words,
		.speaker = words};
	struct pen p = {t, &v, s};
	const char *title = SAY(p.v, "Finding on rule {0}", x->clause);

	page_head(t, words->lang, title, style);
	text_add(t, "<header>\n");
	page_tag(t, "p class=\"over\"",
		m->title && *m->title ? m->title : m->name);
	page_tag(t, "h1", title);
	text_add(t, "<p class=\"over\">");
	put(&p, view_utc(&v, x->at));
	text_add(t, view_mark(&v, ';'));
	put_version(&p, &x->id, x->version);
	text_add(t, "</p>\n</header>\n");
	verdict(&p);
	facts(&p);
	law(&p);
	trace(&p);
	claims(&p);
	triggers(&p);
	foot(&p);
	page_end(t);
	if (v.why.kind != FAULT_NONE)
		*f = v.why;
	return v.why.kind == FAULT_NONE && text_check(t, f);
}
