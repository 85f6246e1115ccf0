/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wording_page.c - two wordings as one self-contained page, ready to print:
 * no script, no remote part, and a policy in its head that forbids both. */
#include "cmd/wording.h"
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
	".duty{font-weight:600}code{font-size:.85em}"
	"table{border-collapse:collapse;width:100%;font-size:.92rem}"
	"th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;"
	"border-bottom:1px solid var(--line)}"
	".id{white-space:nowrap;font-size:.75em}"
	"td.n{text-align:right;font-variant-numeric:tabular-nums}"
	".why{font-size:.88rem;overflow-wrap:anywhere}"
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

static void change(struct text *t, const struct terms_change *c)
{
	const char *duty = wording_duty(c);

	text_add(t, "<h3>");
	svg_escape(t, c->name);
	text_add(t, !c->was ? " (new)" : !c->is ? " (gone)" : "");
	text_add(t, "</h3>\n");
	pieces(t, c);
	if (*duty)
		text_fmt(t, "<p class=\"duty\">%s: its weakest word of duty "
			"was \u201c%s\u201d and is \u201c%s\u201d</p>\n", duty,
			modality_word_name(c->duty_was),
			modality_word_name(c->duty_is));
}

static void turns(struct text *t, const struct wording *w)
{
	text_add(t, "<table><thead><tr><th>Rule<th>Was<th>Would be<th>"
		"Incidents</tr></thead><tbody>\n");
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

static void flipped(struct text *t, const struct flipped *x)
{
	char at[INSTANT_TEXT];

	text_add(t, "<tr><td>");
	svg_escape(t, instant_print(x->at, 0, at));
	text_add(t, "<br>");
	svg_escape(t, kind_name(x->kind));
	text_add(t, "<br>");
	tagged(t, "code class=\"id\"", x->incident);
	text_add(t, "</td>");
	tagged(t, "td", x->rule);
	text_add(t, "<td>");
	svg_escape(t, x->was);
	text_add(t, "<div class=\"why\">");
	svg_escape(t, x->why_was);
	text_add(t, "</div></td><td>");
	svg_escape(t, x->is);
	text_add(t, "<div class=\"why\">");
	svg_escape(t, x->why_is);
	text_add(t, "</div></td></tr>\n");
}

static void past(struct text *t, const struct wording *w)
{
	text_add(t, "<h2>Past incidents whose verdict would change</h2>\n");
	text_fmt(t, "<p>%llu incidents of the mission were judged under both "
		"wordings; %llu of %llu findings would be others.</p>\n",
		(unsigned long long)w->done.incidents,
		(unsigned long long)w->done.changed,
		(unsigned long long)w->done.findings);
	if (w->count == 0)
		return;
	turns(t, w);
	text_add(t, "<h3>One by one</h3><table><thead><tr><th>Incident<th>"
		"Rule<th>Was, and why<th>Would be, and why</tr></thead>"
		"<tbody>\n");
	for (size_t i = 0; i < w->count; i++)
		flipped(t, &w->flipped[i]);
	text_add(t, "</tbody></table>\n");
	if (w->count < w->done.changed)
		text_fmt(t, "<p>The first %zu are shown.</p>\n", w->count);
}

static void version(struct text *t, const char *name, const char *file,
	const struct terms *x)
{
	struct digest d = terms_sha256(x);
	char hex[SHA256_HEX];

	text_fmt(t, "<p>%s: ", name);
	svg_escape(t, file);
	text_fmt(t, " <code>%.16s</code></p>\n", digest_hex(&d, hex));
}

bool wording_page(const struct wording *w, struct text *t, struct fault *f)
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
	text_fmt(t, "<h2>Words</h2>\n");
	if (w->changes == 0)
		text_add(t, "<p>No word differs.</p>\n");
	for (size_t i = 0; i < w->changes; i++)
		change(t, &w->change[i]);
	if (w->ask->mission)
		past(t, w);
	text_add(t, "</body></html>\n");
	return text_check(t, f);
}
