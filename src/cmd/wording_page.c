/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wording_page.c - two wordings as one self-contained page, ready to print:
 * no script, no remote part, and a policy in its head that forbids both. */
#include "cmd/wording.h"
#include "publish/steps.h"
#include "publish/svg.h"

static const char style[] =
	"<style>"
	":root{color-scheme:light dark;--old:#b3261e;--new:#0b6b2d;"
	"--line:#9994}"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;"
	"margin:2rem auto;padding:0 1rem}"
	"h1{font-size:1.6rem;line-height:1.25}h2{margin-top:2.5rem}"
	"h3{margin:1.5rem 0 .25rem}"
	"del{color:var(--old)}ins{color:var(--new);text-decoration:none;"
	"border-bottom:2px solid}"
	"@media(prefers-color-scheme:dark){:root{--old:#ff8a80;--new:#7bd88f}}"
	".words{border-left:3px solid var(--line);padding-left:1rem;"
	"margin:.25rem 0}"
	".law{font-size:.92rem;margin:.25rem 0;padding-left:1.2rem}"
	".duty{font-weight:600}code{font-size:.85em}"
	"table{border-collapse:collapse;width:100%;font-size:.92rem}"
	"th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;"
	"border-bottom:1px solid var(--line)}"
	".id{white-space:nowrap;font-size:.75em}"
	"th.n,td.n{text-align:right;font-variant-numeric:tabular-nums}"
	".why{font-size:.88rem;overflow-wrap:anywhere}"
	".key{font-size:.88rem}"
	".short{border:1px solid var(--line);border-radius:.4rem;"
	"padding:.25rem 1rem}.short h2{margin:.75rem 0 .5rem}"
	".short ul{padding-left:1.2rem}"
	".lost{font-weight:600}summary{cursor:pointer;margin:1.5rem 0 .5rem}"
	"td.at{white-space:nowrap}"
	"@media print{body{margin:0;max-width:none}tr{break-inside:avoid}"
	"thead{display:table-header-group}}"
	"</style>";

static void tagged(struct text *t, const char *tag, const char *s)
{
	text_fmt(t, "<%s>", tag);
	svg_escape(t, s);
	text_fmt(t, "</%.*s>", (int)strcspn(tag, " "), tag);
}

static void pieces(struct text *t, const struct terms_change *c)
{
	text_add(t, "<p class=\"words\">");
	if (!c->was || !c->is)
		tagged(t, c->is ? "ins" : "del", c->is ? c->is : c->was);
	for (size_t i = 0; i < c->pieces; i++) {
		const struct diff_piece *p = &c->piece[i];

		text_add(t, i ? " " : "");
		if (p->is == DIFF_SAME)
			svg_escape(t, p->text);
		else
			tagged(t, p->is == DIFF_OLD ? "del" : "ins", p->text);
	}
	text_add(t, "</p>\n");
}

/* Beside what the rule computes, what was signed. */
static void law(struct text *t, const struct rule_view *v)
{
	if (!*v->article)
		return;
	text_add(t, "<p class=\"law\">Article ");
	svg_escape(t, v->article);
	text_add(t, " says: \u201c");
	svg_escape(t, v->text);
	text_add(t, "\u201d</p>\n");
}

static void change(const struct wording *w, struct text *t,
	const struct terms_change *c)
{
	const char *duty = wording_duty(c);
	const struct rule_view v = wording_law(w, c);

	text_add(t, "<h3>");
	svg_escape(t, c->name);
	text_add(t, !c->was ? " (new)" : !c->is ? " (gone)" : "");
	text_add(t, "</h3>\n");
	pieces(t, c);
	law(t, &v);
	if (*duty)
		text_fmt(t, "<p class=\"duty\">%s: its word of duty was "
			"\u201c%s\u201d and is \u201c%s\u201d</p>\n", duty,
			modality_word_name(c->duty_was),
			modality_word_name(c->duty_is));
	if (c->hedge)
		text_fmt(t, "<p class=\"duty\">A way out is new: "
			"\u201c%s\u201d</p>\n", c->hedge);
}

static void duty_row(struct text *t, const struct terms_change *c)
{
	int weaker = terms_weaker(c);

	text_add(t, "<tr>");
	tagged(t, "td", c->name);
	text_fmt(t, "<td>%s</td><td>%s</td><td>%s%s", weaker == 0 ? ""
			: modality_word_name(c->duty_was),
		weaker == 0 ? "" : !c->is ? "(gone)"
			: modality_word_name(c->duty_is),
		weaker > 0 ? "weaker" : weaker < 0 ? "stronger" : "",
		weaker != 0 && c->hedge ? "; " : "");
	if (c->hedge)
		text_fmt(t, "a way out is new: \u201c%s\u201d", c->hedge);
	text_add(t, "</td></tr>\n");
}

static void apart(const struct wording *w, struct text *t)
{
	char s[300];
	bool some = false;

	for (size_t i = 0; i < w->changes; i++) {
		struct text line = text_on(s, sizeof s);

		if (!wording_apart(w, &w->change[i], &line))
			continue;
		text_add(t, some ? "" : "<ul>\n");
		tagged(t, "li", s);
		text_char(t, '\n');
		some = true;
	}
	text_add(t, some ? "</ul>\n" : "");
}

static bool in_short(const struct wording *w, struct text *t,
	struct arena *a, struct fault *f)
{
	size_t *rank, n;

	if (!wording_ranked(w, a, &rank, &n, f))
		return false;
	if (w->changes == 0)
		return true;
	text_add(t, "<div class=\"short\"><h2>In short</h2>\n");
	if (w->ask->mission || w->broke > 0)
		text_add(t, "<ul>\n");
	if (w->ask->mission) {
		for (int e = 0; e < EFFECT_COUNT; e++) {
			if (w->effect[e] == 0 && e > EFFECT_GAINED)
				continue;
			text_fmt(t, "<li%s>", w->effect[e] > 0 &&
				e <= EFFECT_GAINED ? " class=\"lost\"" : "");
			wording_effect(w, (enum effect)e, t);
			text_add(t, "</li>\n");
		}
	}
	if (w->broke > 0) {
		text_add(t, "<li><a href=\"#examples\">");
		wording_examples(w, t);
		text_add(t, "</a></li>\n");
	}
	if (w->ask->mission || w->broke > 0)
		text_add(t, "</ul>\n");
	if (n > 0) {
		text_add(t, "<table><thead><tr><th>Words of duty<th>Was<th>"
			"Would be<th></tr></thead><tbody>\n");
		for (size_t i = 0; i < n; i++)
			duty_row(t, &w->change[rank[i]]);
		text_add(t, "</tbody></table>\n");
	}
	apart(w, t);
	if (!w->ask->mission) {
		tagged(t, "p", wording_unjudged);
		text_char(t, '\n');
	}
	text_add(t, "</div>\n");
	return true;
}

static void examples(struct text *t, const struct wording *w)
{
	if (w->broke == 0)
		return;
	text_fmt(t, "<h2 id=\"examples\">Examples of the old text that fail"
		"</h2>\n<p>%zu of "
		"its %zu examples come out otherwise by the new words.</p>\n"
		"<table><thead><tr><th>Rule<th>Example<th>Was<th>Would be"
		"</tr></thead><tbody>\n", w->broke, w->examples);
	for (size_t i = 0; i < w->broke; i++) {
		const struct broken *b = &w->broken[i];

		text_add(t, "<tr>");
		tagged(t, "td", b->rule);
		tagged(t, "td", b->says);
		tagged(t, "td", b->was);
		tagged(t, "td", b->is);
		text_add(t, "</tr>\n");
	}
	text_add(t, "</tbody></table>\n");
}

static void turns(struct text *t, const struct wording *w)
{
	text_add(t, "<table><thead><tr><th>Rule<th>Was<th>Would be"
		"<th class=\"n\">Incidents</tr></thead><tbody>\n");
	for (size_t i = 0; i < w->turns; i++) {
		const struct turn *x = &w->turn[i];

		text_add(t, "<tr>");
		tagged(t, "td", x->rule);
		tagged(t, "td", x->was);
		tagged(t, "td", x->is);
		text_fmt(t, "<td class=\"n\">%llu</td></tr>\n",
			(unsigned long long)x->count);
	}
	text_add(t, "</tbody></table>\n");
}

static void by(struct text *t, const char *party)
{
	text_add(t, *party ? ", by " : "");
	svg_escape(t, party);
}

/* A line of the trace as a report says it: lines and zones by name. */
static void why(struct wording *w, struct text *t, const char *line)
{
	const struct catalogue *en = catalogue_of("en");
	struct view v = {.mission = &w->mission.mission, .arena = &w->arena,
		.words = en, .speaker = en};

	text_add(t, "<div class=\"why\">");
	svg_escape(t, view_step(&v, line));
	text_add(t, "</div>");
}

static void flipped(
	struct wording *w, struct text *t, const struct flipped *x)
{
	char at[INSTANT_TEXT];

	text_add(t, "<tr><td>");
	svg_escape(t, mission_local(&w->mission.mission, x->at, at));
	text_add(t, "<br>");
	svg_escape(t, x->what);
	text_add(t, *x->where ? ", " : "");
	svg_escape(t, x->where);
	text_add(t, "<br>");
	tagged(t, "code class=\"id\"", x->incident);
	text_add(t, "</td>");
	tagged(t, "td", x->rule);
	text_add(t, "<td>");
	svg_escape(t, x->was);
	if (x->effect != EFFECT_GAINED)
		by(t, x->party);
	why(w, t, x->why_was);
	text_add(t, "</td><td>");
	svg_escape(t, x->is);
	if (x->effect == EFFECT_GAINED)
		by(t, x->party);
	why(w, t, x->why_is);
	text_add(t, "</td></tr>\n");
}

static void listed(struct wording *w, struct text *t, bool neither)
{
	text_add(t, "<table><thead><tr><th>Incident<th>"
		"Rule<th>Was, and why<th>Would be, and why</tr></thead>"
		"<tbody>\n");
	for (size_t i = 0; i < w->count; i++)
		if ((w->flipped[i].effect == EFFECT_NEITHER) == neither)
			flipped(w, t, &w->flipped[i]);
	text_add(t, "</tbody></table>\n");
}

static void past(struct text *t, struct wording *w)
{
	uint64_t neither = w->effect[EFFECT_NEITHER];

	text_add(t, "<h2>Past incidents whose verdict would change</h2>\n");
	text_fmt(t, "<p>%llu incidents of the mission were judged under both "
		"wordings; %llu of %llu findings would change.</p>\n",
		(unsigned long long)w->done.incidents,
		(unsigned long long)w->done.changed,
		(unsigned long long)w->done.findings);
	if (w->count == 0)
		return;
	turns(t, w);
	text_add(t, "<p class=\"key\">\u201cNot applicable\u201d: the rule "
		"does not speak of it, by time, place or party. P is how "
		"likely it is from what is known that the condition holds: "
		"1.000 is certain, two numbers are its bounds.</p>\n");
	text_add(t, "<h3>One by one, breaches first</h3>\n");
	if (w->done.changed > neither)
		listed(w, t, false);
	if (neither > 0) {
		text_fmt(t, "<details><summary>%llu that are no breach under "
			"either wording</summary>\n",
			(unsigned long long)neither);
		listed(w, t, true);
		text_add(t, "</details>\n");
	}
	if (w->count < w->done.changed)
		text_fmt(t, "<p>The first %zu are shown.</p>\n", w->count);
}

static void version(struct text *t, const char *name, const char *file,
	const struct terms *x)
{
	struct digest d = terms_sha256(x);
	char hex[SHA256_HEX];

	text_fmt(t, "<p>%s: <b>", name);
	svg_escape(t, terms_name(x));
	text_add(t, "</b>, ");
	svg_escape(t, file);
	text_fmt(t, " <code>%.16s</code></p>\n", digest_hex(&d, hex));
}

bool wording_page(struct wording *w, struct text *t, struct fault *f)
{
	text_add(t, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		"<meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-"
		"Policy\" content=\"default-src 'none'; style-src "
		"'unsafe-inline'\"><meta name=\"viewport\" content=\"width="
		"device-width\"><title>Two wordings</title>");
	text_add(t, style);
	text_add(t, "</head><body>\n<h1>Two wordings of an agreement</h1>\n");
	version(t, "Was", w->ask->was, w->was);
	version(t, "Would be", w->ask->is, w->is);
	if (!in_short(w, t, &w->arena, f))
		return false;
	text_add(t, "<h2>Words</h2>\n");
	if (w->changes == 0)
		text_add(t, "<p>No word differs.</p>\n");
	for (size_t i = 0; i < w->changes; i++)
		change(w, t, &w->change[i]);
	examples(t, w);
	if (w->ask->mission)
		past(t, w);
	text_add(t, "</body></html>\n");
	return text_check(t, f);
}
