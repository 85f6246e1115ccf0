/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/factsheet.h"

#include "judge/terms.h"
#include "model/called.h"
#include "publish/page.h"
#include "publish/svg.h"

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

static void item_open(struct text *t, const char *term)
{
	text_fmt(t, "<dt>%s</dt><dd>", term);
}

static void item_close(struct text *t)
{
	text_add(t, "</dd>\n");
}

/* -- facts -- */

static void kinds(struct text *t, const struct incident *i)
{
	bool some = false;

	for (int k = 0; k < KIND_COUNT; k++) {
		if (i->kind[k] < 0.05)
			continue;
		text_add(t, some ? ", " : "");
		some = true;
		page_spoken(t, kind_name((enum kind)k));
		text_fmt(t, " (probability %.2f)", i->kind[k]);
	}
}

static void where(struct text *t, const struct incident *i)
{
	if (*i->phrase) {
		svg_escape(t, i->phrase);
		text_add(t, "; ");
	}
	if (!place_known(&i->place)) {
		text_add(t, "no one place");
		return;
	}
	text_fmt(t, "%.4f\u00b0, %.4f\u00b0", i->place.lat_deg,
		i->place.lon_deg);
	if (isfinite(i->place.region.ellipse.semi_major_m))
		text_fmt(t, "; the 90\u00a0%% ellipse is %.0f\u00a0m by "
			"%.0f\u00a0m", i->place.region.ellipse.semi_major_m,
			i->place.region.ellipse.semi_minor_m);
}

static void means(struct text *t, const struct incident *i)
{
	bool some = false;

	for (int m = 0; m < MODALITY_COUNT; m++) {
		if (!(i->modalities & 1u << m))
			continue;
		text_add(t, some ? ", " : "");
		some = true;
		page_spoken(t, modality_name((enum modality)m));
	}
	text_fmt(t, "; %zu record%s of evidence", i->evidence_count,
		i->evidence_count == 1 ? "" : "s");
	if (i->silent_count > 0)
		text_fmt(t, "; %zu source%s should have noticed and did not",
			i->silent_count, i->silent_count == 1 ? "" : "s");
}

static void facts(struct text *t, const struct factsheet *s)
{
	const struct incident *i = s->incident;

	text_add(t, "<h2>The facts</h2>\n");
	if (!i) {
		text_add(t, "<p class=\"empty\">The incident is not at hand."
			"</p>\n");
		return;
	}
	text_add(t, "<dl class=\"facts\">\n");
	item_open(t, "What");
	kinds(t, i);
	item_close(t);
	if (i->count.value >= 0) {
		item_open(t, "How many");
		page_spoken(t, count_meaning_name(i->count.meaning));
		text_fmt(t, " %lld", (long long)i->count.value);
		if (i->count.meaning == COUNT_RANGE)
			text_fmt(t, " to %lld", (long long)i->count.max);
		item_close(t);
	}
	item_open(t, "When");
	page_interval(t, (struct span){i->from, i->to});
	item_close(t);
	item_open(t, "Where");
	where(t, i);
	item_close(t);
	item_open(t, "Known by");
	means(t, i);
	item_close(t);
	for (size_t k = 0; k < i->health_count && k < 3; k++)
		page_item(t, "In doubt", i->health[k]);
	item_open(t, "Incident");
	page_id(t, &i->id);
	text_fmt(t, ", version %u", s->finding->incident_version);
	item_close(t);
	text_add(t, "</dl>\n");
}

/* -- law -- */

static const struct rule *rule_of(const struct factsheet *s)
{
	for (size_t i = 0; s->terms && i < s->terms->rules; i++)
		if (strcmp(s->terms->rule[i].id, s->finding->clause) == 0)
			return &s->terms->rule[i];
	return NULL;
}

static void law(struct text *t, const struct factsheet *s)
{
	const struct finding *x = s->finding;
	const struct rule *r = rule_of(s);

	text_add(t, "<h2>The law</h2>\n");
	if (r && *r->article) {
		text_add(t, "<blockquote><b>Article ");
		svg_escape(t, r->article);
		text_add(t, "</b>: ");
		svg_escape(t, r->text);
		text_add(t, "</blockquote>\n");
	}
	text_add(t, "<dl class=\"facts\">\n");
	if (s->terms)
		page_item(t, "Agreement", s->terms->title);
	page_item(t, "Rule", x->clause);
	page_item(t, "Standard", x->standard);
	page_item(t, "Grade", x->grade ? x->grade : "");
	page_item(t, "Exception", x->cause ? x->cause : "");
	item_open(t, "Versions");
	text_fmt(t, "terms <code title=\"%s\">%.16s\u2026</code>",
		x->terms_sha256, x->terms_sha256);
	if (x->line_sha256 && *x->line_sha256)
		text_fmt(t, ", line <code title=\"%s\">%.16s\u2026</code>",
			x->line_sha256, x->line_sha256);
	item_close(t);
	text_add(t, "</dl>\n");
}

static void verdict(struct text *t, const struct factsheet *s)
{
	const struct finding *x = s->finding;

	text_add(t, "<div class=\"verdict\"><b>");
	page_spoken(t, verdict_name(x->verdict));
	text_add(t, "</b> of rule ");
	svg_escape(t, x->clause);
	if (strcmp(x->party, "undetermined") == 0) {
		text_add(t, ", by whom is undetermined");
	} else {
		const char *name = x->party;

		for (size_t i = 0; i < s->mission->party_count; i++)
			if (strcmp(s->mission->party[i].id, x->party) == 0)
				name = s->mission->party[i].name;
		text_add(t, ", by ");
		svg_escape(t, name);
	}
	text_fmt(t, ". Probability that its conditions hold: %.3f to %.3f.",
		x->lo_ppm * 1e-6, x->hi_ppm * 1e-6);
	text_add(t, " Status: ");
	svg_escape(t, s->status);
	text_add(t, ".</div>\n");
}

/* The judge's words, lines and zones by their names. */
static void put_named(
	struct text *t, const struct factsheet *s, const char *sentence)
{
	char at[1024];
	struct text named = text_on(at, sizeof at);

	called_text(s->mission, "en", sentence, &named);
	svg_escape(t, at);
}

static void trace(
	struct text *t, const struct factsheet *s, const struct finding *x)
{
	enum { LINES = 24 };

	text_add(t, "<h2>How the verdict follows</h2>\n<ol class=\"trace\">\n");
	for (size_t i = 0; i < x->explanation_count && i < LINES; i++) {
		if (s->terms && strncmp(x->explanation[i], "article ", 8) == 0)
			continue; /* stands above, with the law */
		text_add(t, "<li>");
		put_named(t, s, x->explanation[i]);
		text_add(t, "</li>\n");
	}
	text_add(t, "</ol>\n");
	if (x->explanation_count > LINES)
		text_fmt(t, "<p class=\"note\">%zu more lines: truce explain"
			"</p>\n", x->explanation_count - LINES);
	if (x->flips_if && *x->flips_if) {
		text_add(t, "<p><b>The smallest change that would change it:"
			"</b> ");
		put_named(t, s, x->flips_if);
		text_add(t, "</p>\n");
	}
}

/* -- what is said of it, and what follows -- */

static void quote(
	struct text *t, bool *some, const char *says, struct instant at)
{
	text_add(t, *some ? "<br>\u201c" : "\u201c");
	*some = true;
	svg_escape(t, says);
	text_add(t, "\u201d");
	if (instant_known(at)) {
		text_add(t, ", of ");
		page_moment(t, at);
	}
}

/* That it did not reply is told with the time that it has, or had. */
static void silence(struct text *t, bool some, const struct replies *r,
	const char *party, struct instant now)
{
	enum reply_state is = replies_laid(r) ? reply_state(r, party, now)
		: REPLY_REPLIED;

	if (!some && !replies_laid(r))
		text_add(t, "has said nothing of it");
	if (is == REPLY_REPLIED)
		return;
	text_add(t, some ? "<br>" : "");
	text_add(t, is == REPLY_OPEN ? "has not replied yet; may until "
		: "did not reply until ");
	page_moment(t, r->until);
}

static void party_says(
	struct text *t, const struct factsheet *s, const char *party)
{
	const struct finding *x = s->finding;
	const struct replies *r = &x->replies;
	bool some = false;

	for (size_t i = 0; i < x->claim_count; i++)
		if (strcmp(x->claim[i].party, party) == 0)
			quote(t, &some, x->claim[i].says, x->claim[i].at);
	for (size_t i = 0; i < r->count; i++) {
		const struct reply *y = &r->reply[i];

		if (strcmp(y->party, party) != 0)
			continue;
		quote(t, &some, y->says, y->at);
		text_fmt(t, ", its reply%s (entry %llu)",
			reply_late(r, y) ? ", late" : "",
			(unsigned long long)y->entry);
	}
	silence(t, some, r, party, s->now);
}

static void claims(struct text *t, const struct factsheet *s)
{
	const struct replies *r = &s->finding->replies;

	text_add(t, "<h2>What the parties say</h2>\n");
	if (replies_laid(r)) {
		text_add(t, "<p>Laid before the parties ");
		page_moment(t, r->opened);
		text_add(t, replies_open(r, s->now) ? "; they may reply until "
			: "; the time to reply ended ");
		page_moment(t, r->until);
		if (r->why) {
			text_add(t, ". Published before that, ");
			page_moment(t, r->early);
			text_add(t, ", because: \u201c");
			svg_escape(t, r->why);
			text_add(t, "\u201d");
		}
		text_add(t, ".</p>\n");
	}
	text_add(t, "<dl class=\"facts\">\n");
	for (size_t p = 0; p < s->mission->party_count; p++) {
		text_add(t, "<dt>");
		svg_escape(t, s->mission->party[p].name);
		text_add(t, "</dt><dd>");
		party_says(t, s, s->mission->party[p].id);
		text_add(t, "</dd>\n");
	}
	text_add(t, "</dl>\n");
}

static void triggers(struct text *t, const struct factsheet *s)
{
	text_add(t, "<h2>What it calls up</h2>\n");
	if (s->owed_count == 0) {
		text_add(t, "<p class=\"empty\">Nothing: it reaches no trigger "
			"of a guarantee.</p>\n");
		return;
	}
	text_add(t, "<table><thead><tr><th>Who owes it<th>Pledge, step"
		"<th>Due<th>State</tr></thead><tbody>\n");
	for (size_t i = 0; i < s->owed_count; i++) {
		const struct board_owed *o = &s->owed[i];

		text_add(t, "<tr><td>");
		svg_escape(t, o->record.actor);
		text_add(t, strcmp(o->record.endorsed, "no") == 0
			? " (has not endorsed it)"
			: strcmp(o->record.endorsed, "withheld") == 0
			? " (withholds endorsement)" : "");
		text_add(t, "</td><td>");
		svg_escape(t, o->record.pledge);
		if (*o->record.step) {
			text_add(t, ", ");
			page_spoken(t, o->record.step);
		}
		board_words(t, &o->record);
		text_add(t, "</td><td>");
		if (instant_known(o->record.due.from))
			page_interval(t, o->record.due);
		else
			text_add(t, "no time stated");
		text_fmt(t, "</td><td>%s%s</td></tr>\n",
			o->record.fall == OBLIGATION_STANDS
				? obligation_state_name(o->state)
				: "no longer called up",
			o->contested ? ", contested" : "");
	}
	text_add(t, "</tbody></table>\n");
}

bool factsheet_html(
	const struct factsheet *s, struct text *t, struct fault *f)
{
	const struct finding *x = s->finding;
	const struct mission *m = s->mission;
	char title[160];
	struct text h = text_on(title, sizeof title);
	char hex[SHA256_HEX];

	text_fmt(&h, "Finding on rule %.60s", x->clause);
	page_head(t, title, style);
	text_add(t, "<header>\n");
	page_tag(t, "p class=\"over\"",
		m->title && *m->title ? m->title : m->name);
	page_tag(t, "h1", title);
	text_add(t, "<p class=\"over\">");
	page_moment(t, x->at);
	text_add(t, "; finding ");
	page_id(t, &x->id);
	text_fmt(t, ", version %u</p>\n</header>\n", x->version);
	verdict(t, s);
	facts(t, s);
	law(t, s);
	trace(t, s, x);
	claims(t, s);
	triggers(t, s);
	text_add(t, "<footer class=\"note\"><p>As of ");
	page_moment(t, s->now);
	if (s->ledger_index >= 0)
		text_fmt(t, ". Log entry %lld, leaf <code>%s</code>",
			(long long)s->ledger_index,
			digest_hex(&s->leaf, hex));
	text_add(t, ". Anyone with the mission\u2019s log can derive this "
		"finding again: <code>truce audit --recompute</code>.</p>"
		"</footer>\n");
	page_end(t);
	return text_check(t, f);
}
