/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/board.h"

#include "publish/page.h"
#include "publish/svg.h"

enum { UNITS = 64 };

static const char style[] =
	"body{max-width:1000px}"
	"header .sub{color:#555;margin:.2rem 0 0}"
	".tiles{display:grid;grid-template-columns:repeat(5,1fr);gap:8px;"
	"margin:16px 0}"
	".tiles div{border:1px solid #bbb5a8;padding:8px 10px}"
	".tiles b{display:block;font-size:22px;line-height:1.2}"
	".tiles .hot{border:2.4px solid #1a1a1a}"
	".state{font-weight:600;white-space:nowrap}"
	".late{border:1.6px solid #1a1a1a;padding:0 4px}"
	"td.due{min-width:11em}"
	"tr.fell td{color:#777;text-decoration:line-through}"
	"tr.fell td.keep{text-decoration:none}"
	".pledge{border-top:1px solid #bbb5a8;padding-top:10px;"
	"margin-top:14px;break-inside:avoid}"
	"blockquote{margin:6px 0;padding:2px 0 2px 14px;"
	"border-left:3px solid #bbb5a8;font-size:15px}"
	"blockquote footer{margin:0;font-size:12px;color:#555}"
	"del{color:#8a1c13}ins{color:#0b5a27;text-decoration:none;"
	"border-bottom:1.6px solid #0b5a27}"
	".words{border-left:3px solid #bbb5a8;padding-left:14px;"
	"max-width:82ch}"
	"dl.facts{display:grid;grid-template-columns:max-content 1fr;"
	"gap:2px 16px;margin:6px 0;font-size:13px}"
	"dl.facts dt{color:#555}dl.facts dd{margin:0;overflow-wrap:anywhere}"
	".steps{margin:2px 0 0;padding-left:16px;font-size:11.5px;color:#444}"
	"code{font-family:\"DejaVu Sans Mono\",monospace;font-size:.86em}"
	"@media (max-width:700px){.tiles{grid-template-columns:1fr 1fr}}\n";

/* -- parts of speech -- */

static const char *actor_name(const struct pledges *r, const char *id)
{
	for (size_t i = 0; i < r->actors; i++)
		if (strcmp(r->actor[i].id, id) == 0)
			return r->actor[i].name;
	return id;
}

static void citation(struct text *t, const struct citation *s)
{
	if (!*s->says)
		return;
	svg_escape(t, s->says);
	if (s->line > 0)
		text_fmt(t, ", line %zu", s->line);
	text_add(t, s->reported ? " (as reported)" : "");
}

static void day(struct text *t, struct instant at)
{
	char s[INSTANT_TEXT];

	if (!instant_known(at)) {
		text_add(t, "no date");
		return;
	}
	text_bytes(t, bytes_part(bytes_of(instant_print(at, 0, s)), 0, 10));
}

/* 12,345.50 */
static void amount(struct text *t, int64_t hundredths)
{
	char s[32];
	struct text d = text_on(s, sizeof s);
	uint64_t v = hundredths < 0 ? 0 - (uint64_t)hundredths
				    : (uint64_t)hundredths;
	size_t n;

	text_fmt(&d, "%llu", (unsigned long long)(v / 100));
	n = d.len;
	text_add(t, hundredths < 0 ? "\u2212" : "");
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			text_add(t, "\u202f");
		text_char(t, s[i]);
	}
	if (v % 100)
		text_fmt(t, ".%02u", (unsigned)(v % 100));
}

/* -- what is due -- */

static bool waits(const struct board_owed *o)
{
	return o->record.fall == OBLIGATION_STANDS &&
		(o->state == OBLIGATION_OPEN ||
			o->state == OBLIGATION_ACKNOWLEDGED);
}

static void tile(struct text *t, size_t n, const char *what, bool hot)
{
	text_fmt(t, "<div%s><b>%zu</b>%s</div>\n",
		hot && n ? " class=\"hot\"" : "", n, what);
}

static void tiles(struct text *t, const struct board *b)
{
	size_t standing = 0, open = 0, soon = 0, lapsed = 0, done = 0;

	for (size_t i = 0; i < b->owed_count; i++) {
		const struct board_owed *o = &b->owed[i];

		if (o->record.fall != OBLIGATION_STANDS)
			continue;
		standing++;
		open += waits(o);
		soon += waits(o) && (o->clock == CLOCK_NEAR ||
					    o->clock == CLOCK_PERHAPS);
		lapsed += o->state == OBLIGATION_LAPSED;
		done += o->state == OBLIGATION_FULFILLED;
	}
	text_add(t, "<div class=\"tiles\">\n");
	tile(t, standing, "obligations stand", false);
	tile(t, open, "wait for a decision", false);
	tile(t, soon, "near their deadline", true);
	tile(t, lapsed, "lapsed undecided", true);
	tile(t, done, "fulfilled", false);
	text_add(t, "</div>\n");
}

static void due_cell(struct text *t, const struct board_owed *o)
{
	static const char *const words[CLOCKS] = {"", "",
		"<br><span class=\"late\">deadline near</span>",
		"<br><span class=\"late\">perhaps passed</span>",
		"<br><span class=\"late\">passed</span>"};

	text_add(t, "<td class=\"keep due\">");
	if (instant_known(o->record.due.from))
		page_interval(t, o->record.due);
	else
		text_add(t, "no time stated");
	if (waits(o) || o->state == OBLIGATION_LAPSED)
		text_add(t, words[o->clock]);
	text_add(t, "</td>");
}

static void steps_cell(struct text *t, const struct board_owed *o)
{
	static const char *const falls[OBLIGATION_FALLS] = {"",
		"no longer called up: its finding is no breach any more",
		("no longer called up: the trigger is reached by others, or "
			"by too few"),
		"the register does not say it any more"};

	text_add(t, "<td class=\"keep\"><span class=\"state\">");
	text_add(t, !o->decidable ? "not decidable here"
		: obligation_state_name(o->state));
	text_add(t, o->contested ? ", contested</span>" : "</span>");
	text_add(t, *falls[o->record.fall] ? "<br>" : "");
	text_add(t, falls[o->record.fall]);
	text_add(t, o->steps ? "<ul class=\"steps\">" : "");
	for (size_t i = 0; i < o->steps; i++) {
		const struct board_step *s = &o->step[i];

		text_add(t, "<li>");
		page_moment(t, s->at);
		text_add(t, " ");
		svg_escape(t, s->org);
		text_fmt(t, " %s", s->does);
		if (*s->why) {
			text_add(t, ": \u201c");
			svg_escape(t, s->why);
			text_add(t, "\u201d");
		}
		if (*s->evidence)
			text_fmt(t, " (evidence <code title=\"%s\">%.8s\u2026"
				"</code>)", s->evidence, s->evidence);
		text_add(t, s->counts ? "</li>"
			: " \u2013 key revoked, counts nothing</li>");
	}
	text_add(t, o->steps ? "</ul></td>" : "</td>");
}

/* By anybody, or withheld: else nobody's silence says anything. */
static bool is_endorsed(const struct pledges *r, const char *instrument)
{
	for (size_t i = 0; i < r->endorsements; i++)
		if (strcmp(r->endorsement[i].instrument, instrument) == 0)
			return true;
	return false;
}

/* How what is owed was promised, behind its name: `: "may include", signed`. */
static void promised(struct text *t, const struct obligation *r)
{
	if (*r->modality) {
		text_add(t, ": \u201c");
		svg_escape(t, r->modality);
		text_add(t, "\u201d");
	}
	if (*r->stage) {
		text_add(t, *r->modality ? ", " : ": ");
		page_spoken(t, r->stage);
	}
}

static void owed_row(struct text *t, const struct board *b,
	const struct board_owed *o)
{
	const struct obligation *r = &o->record;

	text_add(t, r->fall == OBLIGATION_STANDS ? "<tr><td>"
		: "<tr class=\"fell\"><td>");
	svg_escape(t, actor_name(b->guarantees, r->actor));
	text_add(t, strcmp(r->endorsed, "withheld") == 0
		? "<br><em>withholds endorsement</em>"
		: strcmp(r->endorsed, "no") == 0 &&
			is_endorsed(b->guarantees, r->instrument)
		? "<br><em>has not endorsed</em>"
		: strcmp(r->endorsed, "no") == 0
		? "<br><em>no endorsement on record</em>" : "");
	text_add(t, "</td><td>");
	if (*r->step)
		page_spoken(t, r->step);
	for (size_t i = 0; !*r->step && i < r->acts; i++) {
		text_add(t, i ? " or " : "");
		page_spoken(t, r->act[i]);
	}
	text_add(t, "<br><a href=\"#p-");
	svg_escape(t, r->pledge);
	text_add(t, "\">");
	svg_escape(t, r->pledge);
	text_add(t, "</a>");
	promised(t, r);
	text_add(t, "</td><td class=\"due\">");
	if (*o->clause) {
		text_add(t, "breach of ");
		svg_escape(t, o->clause);
		text_add(t, *o->grade ? ", " : "");
		svg_escape(t, o->grade);
		text_add(t, "<br>");
	}
	page_interval(t, r->opens);
	text_add(t, "<br>finding ");
	page_id(t, &r->finding);
	text_add(t, "</td>");
	due_cell(t, o);
	steps_cell(t, o);
	text_add(t, "<td class=\"keep\">");
	page_id(t, &r->id);
	if (o->ledger_index >= 0)
		text_fmt(t, "<br>log entry %lld", (long long)o->ledger_index);
	text_add(t, "</td></tr>\n");
}

static void owed(struct text *t, const struct board *b)
{
	text_add(t, "<h2>What is due</h2>\n");
	if (b->owed_count == 0) {
		text_add(t, "<p class=\"empty\">No finding has reached a "
			"trigger.</p>\n");
		return;
	}
	text_add(t, "<p class=\"note\">A deadline runs from the time of the "
		"first breach, which is known within an interval; so is the "
		"deadline. The program opens, shows and remembers; it decides "
		"nothing.</p>\n<div class=\"scroll\"><table>\n<thead><tr>"
		"<th>Who owes it<th>What<th>Called up by<th>Due<th>State"
		"<th>Record</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < b->owed_count; i++)
		owed_row(t, b, &b->owed[i]);
	text_add(t, "</tbody></table></div>\n");
}

/* -- pledges -- */

static void hours(struct text *t, int64_t us)
{
	double h = (double)us / 3.6e9;

	text_short(t, h, 6);
	text_add(t, h > 1 || h < 1 ? " hours" : " hour");
}

static void trigger(struct text *t, const struct pledge *p)
{
	const struct trigger *x = &p->trigger;

	if (!x->given)
		return;
	text_fmt(t, "<dt>Called up by</dt><dd>%lld breach%s",
		(long long)x->at_least, x->at_least == 1 ? "" : "es");
	if (*x->clause) {
		text_add(t, " of ");
		svg_escape(t, x->clause);
	}
	if (*x->party) {
		text_add(t, " by ");
		svg_escape(t, x->party);
	}
	if (*x->grade) {
		text_add(t, ", ");
		svg_escape(t, x->grade);
		text_add(t, " or worse");
	}
	if (*x->standard) {
		text_add(t, ", to the standard ");
		svg_escape(t, x->standard);
	}
	if (x->within_us > 0) {
		text_add(t, ", within ");
		hours(t, x->within_us);
	}
	text_add(t, x->reviewed ? ", reviewed by two persons" : "");
	text_add(t, x->joint ? ", jointly accepted" : "");
	text_add(t, "</dd>\n");
	if (p->due_us >= 0) {
		text_add(t, "<dt>Due</dt><dd>");
		hours(t, p->due_us);
		text_add(t, " after the trigger</dd>\n");
	}
}

static void ladder(struct text *t, const struct pledges *r,
	const struct pledge *p)
{
	for (size_t i = 0; i < r->ladders; i++) {
		const struct ladder *x = &r->ladder[i];

		if (strcmp(x->id, p->ladder) != 0)
			continue;
		text_add(t, "<dt>Ladder</dt><dd>");
		for (size_t k = 0; k < x->steps; k++) {
			text_add(t, k ? "; " : "");
			hours(t, x->step[k].after_us);
			text_add(t, ": ");
			page_spoken(t, x->step[k].what);
		}
		text_add(t, *x->source.says ? " \u2013 " : "");
		citation(t, &x->source);
		text_add(t, "</dd>\n");
	}
}

static bool accounts(struct text *t, const struct board *b,
	const struct pledge *p, struct fault *f)
{
	struct account a[UNITS];
	size_t n;

	if (!pledges_accounts(b->guarantees, p->id, a, UNITS, &n, f))
		return false;
	if (n == 0)
		return true;
	text_add(t, "<table><thead><tr><th>Unit<th class=\"n\">Committed"
		"<th class=\"n\">Allocated<th class=\"n\">Delivered"
		"<th class=\"n\">Verified<th class=\"n\">Still open</tr>"
		"</thead><tbody>\n");
	for (size_t i = 0; i < n; i++) {
		text_add(t, "<tr><td>");
		svg_escape(t, a[i].unit);
		if (a[i].price_year)
			text_fmt(t, ", prices of %lld",
				(long long)a[i].price_year);
		for (int k = 0; k < FLOW_COUNT; k++) {
			text_add(t, "</td><td class=\"n\">");
			amount(t, a[i].sum[k]);
		}
		text_add(t, "</td><td class=\"n\">");
		amount(t, a[i].open);
		text_add(t, "</td></tr>\n");
	}
	text_add(t, "</tbody></table>\n");
	return true;
}

static void stages(struct text *t, const struct legal_stage *s, size_t n)
{
	if (n == 0)
		return;
	text_add(t, "<dt>Stage in law</dt><dd>");
	for (size_t i = 0; i < n; i++) {
		text_add(t, i ? " \u2192 " : "");
		page_spoken(t, legal_name(s[i].is));
		text_add(t, " (");
		day(t, s[i].at);
		text_add(t, *s[i].source.says ? ", " : "");
		citation(t, &s[i].source);
		text_char(t, ')');
	}
	text_add(t, "</dd>\n");
}

static const char *const notices_say[NOTICE_COUNT] = {
	"has not endorsed the instrument", "withholds endorsement",
	"no source is stated", "it stands under no instrument",
	"a later step of its account is more than the one before",
	"it, or its instrument, is suspended or ended"};

static void notices_of(
	struct text *t, const struct board *b, const struct pledge *p)
{
	bool some = *p->under && !is_endorsed(b->guarantees, p->under);
	bool silent = some;

	text_add(t, some ? "<dt>Note</dt><dd>no endorsement of its instrument "
		"is on record" : "");
	for (size_t i = 0; i < b->notices; i++) {
		const struct pledge_notice *n = &b->notice[i];

		if (strcmp(n->pledge, p->id) != 0 ||
			(silent && n->is == NOTICE_NOT_ENDORSED))
			continue;
		text_add(t, some ? "; " : "<dt>Note</dt><dd>");
		some = true;
		if (*n->actor) {
			svg_escape(t, actor_name(b->guarantees, n->actor));
			text_char(t, ' ');
		}
		text_add(t, notices_say[n->is]);
	}
	text_add(t, some ? "</dd>\n" : "");
}

static void who_to_whom(
	struct text *t, const struct board *b, const struct pledge *p)
{
	if (p->from_endorsers) {
		text_add(t, "Those who endorsed ");
		svg_escape(t, p->under);
	}
	for (size_t i = 0; i < p->from.count; i++) {
		text_add(t, i ? ", " : "");
		svg_escape(t, actor_name(b->guarantees, p->from.at[i]));
	}
	text_add(t, p->to.count ? " to " : "");
	for (size_t i = 0; i < p->to.count; i++) {
		text_add(t, i ? ", " : "");
		svg_escape(t, actor_name(b->guarantees, p->to.at[i]));
	}
	text_add(t, ": ");
	for (size_t i = 0; i < p->act.count; i++) {
		text_add(t, i ? " or " : "");
		page_spoken(t, p->act.at[i]);
	}
}

/* What was notified under it is an activity: matched before anything is
 * judged. */
static void deployed(
	struct text *t, const struct board *b, const struct pledge *p)
{
	bool some = false;

	for (size_t i = 0; i < b->deployed_count; i++) {
		const struct board_deployed *d = &b->deployed[i];

		if (strcmp(d->pledge, p->id) != 0)
			continue;
		text_add(t, some ? "<br>" : "<dt>Notified</dt><dd>");
		some = true;
		page_spoken(t, d->what);
		text_add(t, " by ");
		svg_escape(t, d->party);
		text_add(t, ", ");
		page_interval(t, d->span);
		if (isfinite(d->lat_deg + d->lon_deg))
			text_fmt(t, ", about %.3f\u00b0, %.3f\u00b0",
				d->lat_deg, d->lon_deg);
		if (isfinite(d->radius_m))
			text_fmt(t, " within %.0f\u00a0m", d->radius_m);
		if (*d->text) {
			text_add(t, ": \u201c");
			svg_escape(t, d->text);
			text_add(t, "\u201d");
		}
		text_add(t, "; received ");
		page_moment(t, d->received);
		text_add(t, " ");
		page_id(t, &d->id);
	}
	text_add(t, some ? "</dd>\n" : "");
}

static bool pledge(struct text *t, const struct board *b,
	const struct pledge *p, struct fault *f)
{
	text_add(t, "<section class=\"pledge\" id=\"p-");
	svg_escape(t, p->id);
	text_add(t, "\"><h3>");
	who_to_whom(t, b, p);
	text_add(t, "</h3>\n");
	if (*p->modality) {
		text_add(t, "<blockquote>\u201c");
		svg_escape(t, p->modality);
		text_fmt(t, "\u201d<footer>strength of these words: %s"
			"</footer></blockquote>\n",
			modality_word_name(modality_of(p->modality)));
	}
	text_add(t, "<dl class=\"facts\">\n");
	page_item(t, "Pledge", p->id);
	page_item(t, "Under", p->under);
	page_item(t, "Domain", p->domain);
	if (p->quantity_min >= 0) {
		text_fmt(t, "<dt>Quantity</dt><dd>%lld",
			(long long)p->quantity_min);
		if (p->quantity_max > p->quantity_min)
			text_fmt(t, " to %lld", (long long)p->quantity_max);
		text_char(t, ' ');
		page_spoken(t, p->unit);
		text_add(t, "</dd>\n");
	}
	page_item(t, "Decided by", p->authority);
	stages(t, p->stage, p->stages);
	trigger(t, p);
	ladder(t, b->guarantees, p);
	if (*p->source.says) {
		text_add(t, "<dt>Source</dt><dd>");
		citation(t, &p->source);
		text_add(t, "</dd>\n");
	}
	deployed(t, b, p);
	notices_of(t, b, p);
	text_add(t, "</dl>\n");
	if (!accounts(t, b, p, f))
		return false;
	text_add(t, "</section>\n");
	return true;
}

/* -- instruments -- */

static void pieces(struct text *t, const struct draft_change *c)
{
	enum { CONTEXT = 140 };

	text_fmt(t, "<h4>From ");
	svg_escape(t, c->was);
	text_add(t, " to ");
	svg_escape(t, c->is);
	text_add(t, "</h4>\n<p class=\"words\">");
	for (size_t i = 0; i < c->pieces; i++) {
		const struct diff_piece *p = &c->piece[i];
		size_t n = strlen(p->text), from = 0;

		text_add(t, i ? " " : "");
		if (p->is != DIFF_SAME) {
			page_tag(t, p->is == DIFF_OLD ? "del" : "ins",
				p->text);
			continue;
		}
		if (n > 2 * CONTEXT && i > 0) {
			from = CONTEXT;
			while (from < n && p->text[from] != ' ')
				from++;
			svg_escape_bytes(t, (struct bytes){
				(const uint8_t *)p->text, from});
			text_add(t, " \u2026 ");
		}
		if (n > 2 * CONTEXT && n - CONTEXT > from) {
			from = n - CONTEXT;
			while (from < n && p->text[from] != ' ')
				from++;
			text_add(t, i ? "" : "\u2026 ");
		}
		if (n > 2 * CONTEXT && i + 1 == c->pieces)
			continue;
		svg_escape(t, p->text + from);
	}
	text_add(t, "</p>\n");
}

static void weaker(struct text *t, const struct board *b, const char *id)
{
	bool some = false;

	for (size_t i = 0; i < b->weaker_count; i++) {
		const struct weaker *w = &b->weaker[i];

		if (strcmp(w->instrument, id) != 0)
			continue;
		text_add(t, some ? "" : "<p><b>Weaker wording</b></p><ul "
			"class=\"plain\">\n");
		some = true;
		text_add(t, "<li>");
		svg_escape(t, w->is);
		text_add(t, ": \u2026 ");
		svg_escape(t, w->before);
		text_char(t, ' ');
		if (*w->gone)
			page_tag(t, "del", w->gone);
		if (*w->came)
			page_tag(t, "ins", w->came);
		if (w->duty_is != MODAL_NONE && w->duty_is < w->duty_was)
			text_fmt(t, " (\u201c%s\u201d where \u201c%s\u201d "
				"stood)", modality_word_name(w->duty_is),
				modality_word_name(w->duty_was));
		if (w->promise)
			text_fmt(t, " (a promise is gone: %s)", w->promise);
		else if (w->duty_was != MODAL_NONE && w->duty_is == MODAL_NONE)
			text_add(t, " (a clause with a duty is gone)");
		if (w->hedge)
			text_fmt(t, " (leaves a way out: %s)", w->hedge);
		text_add(t, "</li>\n");
	}
	text_add(t, some ? "</ul>\n" : "");
}

static void endorsements(
	struct text *t, const struct board *b, const char *id)
{
	const struct pledges *r = b->guarantees;

	for (size_t i = 0; i < r->endorsements; i++) {
		const struct endorsement *e = &r->endorsement[i];

		if (strcmp(e->instrument, id) != 0)
			continue;
		text_add(t, e->withheld ? "<dt>Not endorsed by</dt><dd>"
			: "<dt>Endorsed by</dt><dd>");
		for (size_t k = 0; k < e->by.count; k++) {
			text_add(t, k ? ", " : "");
			svg_escape(t, actor_name(r, e->by.at[k]));
		}
		if (*e->said) {
			text_add(t, " \u2013 \u201c");
			svg_escape(t, e->said);
			text_add(t, "\u201d");
		}
		text_add(t, *e->source.says ? " \u2013 " : "");
		citation(t, &e->source);
		text_add(t, "</dd>\n");
	}
}

static void instrument(struct text *t, const struct board *b,
	const struct instrument *x)
{
	const struct pledges *r = b->guarantees;

	text_add(t, "<section class=\"pledge\"><h3>");
	svg_escape(t, *x->title ? x->title : x->id);
	text_add(t, "</h3>\n<dl class=\"facts\">\n");
	page_item(t, "Instrument", x->id);
	text_add(t, "<dt>Date</dt><dd>");
	day(t, x->at);
	text_add(t, "</dd>\n");
	stages(t, x->stage, x->stages);
	endorsements(t, b, x->id);
	for (size_t i = 0; i < r->drafts; i++) {
		const struct draft *d = &r->draft[i];

		if (strcmp(d->instrument, x->id) != 0)
			continue;
		text_add(t, strcmp(d->id, x->id) == 0 ? "<dt>Text</dt><dd>"
			: "<dt>Draft</dt><dd>");
		svg_escape(t, d->id);
		text_add(t, ", ");
		day(t, d->at);
		text_add(t, ", ");
		svg_escape(t, d->file);
		if (*d->sha256_hex)
			text_fmt(t, ", SHA-256 <code title=\"%s\">%.16s\u2026"
				"</code>", d->sha256_hex, d->sha256_hex);
		text_add(t, "</dd>\n");
	}
	if (*x->source.says) {
		text_add(t, "<dt>Source</dt><dd>");
		citation(t, &x->source);
		text_add(t, "</dd>\n");
	}
	text_add(t, "</dl>\n");
	weaker(t, b, x->id);
	for (size_t i = 0; i < b->changes; i++)
		if (strcmp(b->change[i].instrument, x->id) == 0)
			pieces(t, &b->change[i]);
	text_add(t, "</section>\n");
}

bool board_html(const struct board *b, struct text *t, struct fault *f)
{
	const struct pledges *r = b->guarantees;

	page_head(t, "en", *r->title ? r->title : r->id, style);
	text_add(t, "<header>\n");
	page_tag(t, "p class=\"over\"", b->mission);
	page_tag(t, "h1", *r->title ? r->title : r->id);
	text_add(t, "<p class=\"sub\">Commitments board, as of ");
	page_moment(t, b->now);
	if (instant_known(b->next)) {
		text_add(t, ". Next update: ");
		page_moment(t, b->next);
	}
	text_add(t, "</p>\n</header>\n");
	if (b->promised_only)
		text_add(t, "<p class=\"note\">For the public: what is "
			"promised, by whom and in which words. What findings "
			"called up and what parties gave notice of is not "
			"shown here, whether there is any or none.</p>\n");
	if (!b->promised_only) {
		tiles(t, b);
		owed(t, b);
	}
	text_add(t, "<h2>Pledges</h2>\n");
	for (size_t i = 0; i < r->pledge_count; i++)
		if (!pledge(t, b, &r->pledge[i], f))
			return false;
	text_add(t, r->instruments ? "<h2>Instruments</h2>\n" : "");
	for (size_t i = 0; i < r->instruments; i++)
		instrument(t, b, &r->instrument[i]);
	text_fmt(t, "<footer class=\"note\"><p>Register <code>%s</code>. Every "
		"obligation is a record of the mission\u2019s log: <code>truce "
		"audit --recompute</code> derives it again from findings and "
		"register, and verifies who took which step.</p></footer>\n",
		b->register_sha256);
	page_end(t);
	return text_check(t, f);
}
