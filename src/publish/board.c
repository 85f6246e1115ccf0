/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/board.h"

#include "publish/page.h"
#include "publish/report.h"
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

struct pen {
	struct text *t;
	struct view *v; /* the language, and an arena for what is said */
	const struct board *b;
};

static void put(struct pen *p, const char *said)
{
	svg_escape(p->t, said);
}

static void item(struct pen *p, const char *term, const char *s)
{
	page_item(p->t, term, s);
}

/* A part of a list, set off from what stands before it. */
static void part(struct pen *p, bool *some, const char *mark, const char *said)
{
	text_add(p->t, *some ? mark : "");
	*some = true;
	put(p, said);
}

static const char *escaped(struct pen *p, const char *s)
{
	struct text t = text_in(p->v->arena, 6 * strlen(s) + 1);

	svg_escape(&t, s);
	return view_keep(p->v, &t);
}

static const char *id_of(struct pen *p, const struct id *id)
{
	char at[256];
	struct text t = text_on(at, sizeof at);

	page_id(&t, id);
	return view_keep(p->v, &t);
}

static const char *actor_name(const struct pledges *r, const char *id)
{
	for (size_t i = 0; i < r->actors; i++)
		if (strcmp(r->actor[i].id, id) == 0)
			return r->actor[i].name;
	return id;
}

/* As HTML: whence, as its register has it. */
static const char *cited(struct pen *p, const struct citation *s)
{
	const char *says = escaped(p, s->says);

	if (!*s->says)
		return "";
	if (s->line > 0)
		says = SAY(p->v, "{0}, line {1}", says,
			view_fmt(p->v, "%zu", s->line));
	return s->reported ? SAY(p->v, "{0} (as reported)", says) : says;
}

/* The same behind other words. */
static void citation(struct pen *p, const char *before,
	const struct citation *s)
{
	const char *says = cited(p, s);

	text_add(p->t, *says ? before : "");
	text_add(p->t, says);
}

static const char *day(struct pen *p, struct instant at)
{
	char s[INSTANT_TEXT];

	return instant_known(at)
		? view_fmt(p->v, "%.10s", instant_print(at, 0, s))
		: view_tr(p->v, "no date");
}

/* 12,345.50 */
static void amount(struct pen *p, int64_t hundredths)
{
	char s[32];
	struct text d = text_on(s, sizeof s), *t = p->t;
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
		text_fmt(t, "%c%02u", strcmp(p->v->words->lang, "en") == 0
			? '.' : ',', (unsigned)(v % 100));
}

/* What is done: words of the register, "deploy_forces" as "deploy forces". */
static const char *acts(struct pen *p, const char *const *act, size_t count)
{
	const char *all = "";

	for (size_t i = 0; i < count; i++) {
		char at[200];
		struct text t = text_on(at, sizeof at);
		const char *one;

		catalogue_spoken(&t, act[i]);
		one = view_keep(p->v, &t);
		all = i ? SAY(p->v, "{0} or {1}", all, one) : one;
	}
	return all;
}

static const char *plain(struct pen *p, const char *name)
{
	return acts(p, &name, 1);
}

static const char *names(struct pen *p, const struct names *of)
{
	const struct pledges *r = p->b->guarantees;
	struct text t;
	size_t n = 1;

	for (size_t i = 0; i < of->count; i++)
		n += strlen(actor_name(r, of->at[i])) + 2;
	t = text_in(p->v->arena, n);
	for (size_t i = 0; i < of->count; i++) {
		text_add(&t, i ? ", " : "");
		text_add(&t, actor_name(r, of->at[i]));
	}
	return view_keep(p->v, &t);
}

/* -- what is due -- */

static bool waits(const struct board_owed *o)
{
	return o->record.fall == OBLIGATION_STANDS &&
		(o->state == OBLIGATION_OPEN ||
			o->state == OBLIGATION_ACKNOWLEDGED);
}

static void tile(struct pen *p, size_t n, const char *what, bool hot)
{
	text_fmt(p->t, "<div%s><b>%zu</b>",
		hot && n ? " class=\"hot\"" : "", n);
	put(p, what);
	text_add(p->t, "</div>\n");
}

static void tiles(struct pen *p)
{
	const struct board *b = p->b;
	const struct view *v = p->v;
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
	text_add(p->t, "<div class=\"tiles\">\n");
	tile(p, standing, view_tr(v, "obligations stand"), false);
	tile(p, open, view_tr(v, "wait for a decision"), false);
	tile(p, soon, view_tr(v, "near their deadline"), true);
	tile(p, lapsed, view_tr(v, "lapsed undecided"), true);
	tile(p, done, view_tr(v, "obligations fulfilled"), false);
	text_add(p->t, "</div>\n");
}

static const char *clock_says(const struct view *v, enum obligation_clock c)
{
	return c == CLOCK_NEAR ? view_tr(v, "deadline near")
		: c == CLOCK_PERHAPS ? view_tr(v, "deadline perhaps passed")
		: c == CLOCK_PASSED ? view_tr(v, "deadline passed") : "";
}

static void due_cell(struct pen *p, const struct board_owed *o)
{
	const char *says = clock_says(p->v, o->clock);

	text_add(p->t, "<td class=\"keep due\">");
	put(p, instant_known(o->record.due.from)
		? view_interval(p->v, o->record.due)
		: view_tr(p->v, "no time stated"));
	if (*says && (waits(o) || o->state == OBLIGATION_LAPSED)) {
		text_add(p->t, "<br><span class=\"late\">");
		put(p, says);
		text_add(p->t, "</span>");
	}
	text_add(p->t, "</td>");
}

/* What a guarantor's step says, but its time. */
static void step(struct pen *p, const struct board_step *s)
{
	struct view *v = p->v;

	text_add(p->t, "<li>");
	put(p, view_fmt(v, "%s %s%s", view_utc(v, s->at), s->org,
		view_mark(v, ':')));
	put(p, view_spoken(v, s->does));
	if (*s->why) {
		text_add(p->t, view_mark(v, ';'));
		put(p, view_quoted(v, s->why));
	}
	if (*s->evidence)
		text_fmt(p->t, " (%s <code title=\"%s\">%.8s\u2026</code>)",
			view_tr(v, "evidence"), s->evidence, s->evidence);
	if (!s->counts) {
		text_add(p->t, " \u2013 ");
		put(p, view_tr(v, "key revoked, counts nothing"));
	}
	text_add(p->t, "</li>");
}

static const char *fall_says(const struct view *v, enum obligation_fall f)
{
	return f == OBLIGATION_STANDS ? ""
		: f == OBLIGATION_NO_BREACH ? view_tr(v, "no longer called "
			"up: its finding is no breach any more")
		: f == OBLIGATION_NO_TRIGGER ? view_tr(v, "no longer called "
			"up: the trigger is reached by others, or by too few")
		: view_tr(v, "the register does not say it any more");
}

static void steps_cell(struct pen *p, const struct board_owed *o)
{
	struct view *v = p->v;
	const char *state = !o->decidable ? view_tr(v, "not decidable here")
		: view_spoken(v, obligation_state_name(o->state));

	text_add(p->t, "<td class=\"keep\"><span class=\"state\">");
	put(p, o->contested ? SAY(v, "{0}, contested", state) : state);
	text_add(p->t, "</span>");
	text_add(p->t, o->record.fall == OBLIGATION_STANDS ? "" : "<br>");
	put(p, fall_says(v, o->record.fall));
	text_add(p->t, o->steps ? "<ul class=\"steps\">" : "");
	for (size_t i = 0; i < o->steps; i++)
		step(p, &o->step[i]);
	text_add(p->t, o->steps ? "</ul></td>" : "</td>");
}

/* By anybody, or withheld: else nobody's silence says anything. */
static bool is_endorsed(const struct pledges *r, const char *instrument)
{
	for (size_t i = 0; i < r->endorsements; i++)
		if (strcmp(r->endorsement[i].instrument, instrument) == 0)
			return true;
	return false;
}

static const char *endorsed_says(struct pen *p, const struct obligation *r)
{
	const struct view *v = p->v;

	if (strcmp(r->endorsed, "withheld") == 0)
		return view_tr(v, "withholds endorsement");
	if (strcmp(r->endorsed, "no") != 0)
		return "";
	return is_endorsed(p->b->guarantees, r->instrument)
		? view_tr(v, "has not endorsed")
		: view_tr(v, "no endorsement on record");
}

/* What is owed, and how it was promised, behind its name. */
static void what_cell(struct pen *p, const struct obligation *r)
{
	struct view *v = p->v;

	text_add(p->t, "<td>");
	put(p, *r->step ? plain(p, r->step)
		: acts(p, r->act, r->acts));
	text_add(p->t, "<br><a href=\"#p-");
	put(p, r->pledge);
	text_add(p->t, "\">");
	put(p, r->pledge);
	text_add(p->t, "</a>");
	if (*r->modality) {
		text_add(p->t, view_mark(v, ':'));
		put(p, view_quoted(v, r->modality));
	}
	if (*r->stage) {
		text_add(p->t, *r->modality ? ", " : view_mark(v, ':'));
		put(p, view_spoken(v, r->stage));
	}
	text_add(p->t, "</td>");
}

static void owed_row(struct pen *p, const struct board_owed *o)
{
	const struct obligation *r = &o->record;
	const char *says = endorsed_says(p, r);
	struct view *v = p->v;

	text_add(p->t, r->fall == OBLIGATION_STANDS ? "<tr><td>"
		: "<tr class=\"fell\"><td>");
	put(p, actor_name(p->b->guarantees, r->actor));
	if (*says)
		text_fmt(p->t, "<br><em>%s</em>", says);
	text_add(p->t, "</td>");
	what_cell(p, r);
	text_add(p->t, "<td class=\"due\">");
	if (*o->clause) {
		put(p, SAY(v, "breach of {0}", o->clause));
		text_add(p->t, *o->grade ? ", " : "");
		put(p, view_spoken(v, o->grade));
		text_add(p->t, "<br>");
	}
	put(p, view_interval(v, r->opens));
	text_add(p->t, "<br>");
	text_add(p->t, SAY(v, "finding {0}", id_of(p, &r->finding)));
	text_add(p->t, "</td>");
	due_cell(p, o);
	steps_cell(p, o);
	text_add(p->t, "<td class=\"keep\">");
	page_id(p->t, &r->id);
	if (o->ledger_index >= 0) {
		text_add(p->t, "<br>");
		put(p, SAY(v, "log entry {0}", view_fmt(v, "%lld",
			(long long)o->ledger_index)));
	}
	text_add(p->t, "</td></tr>\n");
}

static void owed(struct pen *p)
{
	const struct view *v = p->v;

	page_tag(p->t, "h2", view_tr(v, "What is due"));
	if (p->b->owed_count == 0) {
		page_tag(p->t, "p class=\"empty\"",
			view_tr(v, "No finding has reached a trigger."));
		return;
	}
	page_tag(p->t, "p class=\"note\"", view_tr(v,
		"A deadline runs from the time of the first breach, which is "
		"known within an interval; so is the deadline. The program "
		"opens, shows and remembers; it decides nothing."));
	text_add(p->t, "<div class=\"scroll\"><table>\n<thead><tr>");
	page_tag(p->t, "th", view_tr(v, "Who owes it"));
	page_tag(p->t, "th", view_tr(v, "What"));
	page_tag(p->t, "th", view_tr(v, "Called up by"));
	page_tag(p->t, "th", view_tr(v, "Due"));
	page_tag(p->t, "th", view_tr(v, "State"));
	page_tag(p->t, "th", view_tr(v, "Record"));
	text_add(p->t, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < p->b->owed_count; i++)
		owed_row(p, &p->b->owed[i]);
	text_add(p->t, "</tbody></table></div>\n");
}

/* -- pledges -- */

static const char *hours(struct pen *p, int64_t us)
{
	char at[32];
	struct text t = text_on(at, sizeof at);

	text_short(&t, (double)us / 3.6e9, 6);
	for (size_t i = 0; i < t.len; i++)
		if (at[i] == '.' && strcmp(p->v->words->lang, "en") != 0)
			at[i] = ',';
	return SAY(p->v, "{0} h", view_keep(p->v, &t));
}

static const char *breaches(struct pen *p, const struct trigger *x)
{
	struct view *v = p->v;
	const char *n = view_fmt(v, "%lld", (long long)x->at_least);

	if (*x->clause)
		return x->at_least == 1
			? SAY(v, "{0} breach of {1}", n, x->clause)
			: SAY(v, "{0} breaches of {1}", n, x->clause);
	return x->at_least == 1 ? SAY(v, "{0} breach", n)
				: SAY(v, "{0} breaches", n);
}

static void trigger(struct pen *p, const struct pledge *of)
{
	const struct trigger *x = &of->trigger;
	struct view *v = p->v;
	bool some = false;

	if (!x->given)
		return;
	page_open_item(p->t, view_tr(v, "Called up by"));
	part(p, &some, ", ", breaches(p, x));
	if (*x->party)
		part(p, &some, ", ", SAY(v, "by {0}", x->party));
	if (*x->grade)
		part(p, &some, ", ", SAY(v, "{0} or worse",
			view_spoken(v, x->grade)));
	if (*x->standard)
		part(p, &some, ", ", SAY(v, "to the standard {0}",
			view_spoken(v, x->standard)));
	if (x->within_us > 0)
		part(p, &some, ", ", SAY(v, "within {0}",
			hours(p, x->within_us)));
	if (x->reviewed)
		part(p, &some, ", ", view_tr(v, "reviewed by two persons"));
	if (x->joint)
		part(p, &some, ", ", view_tr(v, "jointly accepted"));
	page_close_item(p->t);
	if (of->due_us >= 0)
		item(p, view_tr(v, "Due"), SAY(v, "{0} after the trigger",
			hours(p, of->due_us)));
}

static void ladder(struct pen *p, const struct pledge *of)
{
	const struct pledges *r = p->b->guarantees;
	struct view *v = p->v;

	for (size_t i = 0; i < r->ladders; i++) {
		const struct ladder *x = &r->ladder[i];
		bool some = false;

		if (strcmp(x->id, of->ladder) != 0)
			continue;
		page_open_item(p->t, view_tr(v, "Ladder"));
		for (size_t k = 0; k < x->steps; k++)
			part(p, &some, view_mark(v, ';'), view_fmt(v,
				"%s%s%s", hours(p, x->step[k].after_us),
				view_mark(v, ':'),
				plain(p, x->step[k].what)));
		citation(p, " \u2013 ", &x->source);
		page_close_item(p->t);
	}
}

static void account_head(struct pen *p)
{
	const struct view *v = p->v;

	text_add(p->t, "<table><thead><tr>");
	page_tag(p->t, "th", view_tr(v, "Unit"));
	page_tag(p->t, "th class=\"n\"", view_tr(v, "Committed"));
	page_tag(p->t, "th class=\"n\"", view_tr(v, "Allocated"));
	page_tag(p->t, "th class=\"n\"", view_tr(v, "Delivered"));
	page_tag(p->t, "th class=\"n\"", view_tr(v, "Verified"));
	page_tag(p->t, "th class=\"n\"", view_tr(v, "Still open"));
	text_add(p->t, "</tr></thead><tbody>\n");
}

static bool accounts(struct pen *p, const struct pledge *of, struct fault *f)
{
	struct account a[UNITS];
	size_t n;

	if (!pledges_accounts(p->b->guarantees, of->id, a, UNITS, &n, f))
		return false;
	if (n == 0)
		return true;
	account_head(p);
	for (size_t i = 0; i < n; i++) {
		text_add(p->t, "<tr><td>");
		put(p, a[i].price_year ? SAY(p->v, "{0}, prices of {1}",
			a[i].unit, view_fmt(p->v, "%lld",
			(long long)a[i].price_year)) : a[i].unit);
		for (int k = 0; k < FLOW_COUNT; k++) {
			text_add(p->t, "</td><td class=\"n\">");
			amount(p, a[i].sum[k]);
		}
		text_add(p->t, "</td><td class=\"n\">");
		amount(p, a[i].open);
		text_add(p->t, "</td></tr>\n");
	}
	text_add(p->t, "</tbody></table>\n");
	return true;
}

static void stages(struct pen *p, const struct legal_stage *s, size_t n)
{
	if (n == 0)
		return;
	page_open_item(p->t, view_tr(p->v, "Stage in law"));
	for (size_t i = 0; i < n; i++) {
		text_add(p->t, i ? " \u2192 " : "");
		put(p, view_spoken(p->v, legal_name(s[i].is)));
		text_add(p->t, " (");
		put(p, day(p, s[i].at));
		citation(p, ", ", &s[i].source);
		text_char(p->t, ')');
	}
	page_close_item(p->t);
}

static const char *notice_says(const struct view *v, enum notice_is is)
{
	switch (is) {
	case NOTICE_NOT_ENDORSED:
		return view_tr(v, "has not endorsed the instrument");
	case NOTICE_WITHHELD: return view_tr(v, "withholds endorsement");
	case NOTICE_NO_SOURCE: return view_tr(v, "no source is stated");
	case NOTICE_NO_TEXT:
		return view_tr(v, "it stands under no instrument");
	case NOTICE_OVER:
		return view_tr(v, "a later step of its account is more than "
			"the one before");
	default:
		return view_tr(v, "it, or its instrument, is suspended or "
			"ended");
	}
}

static void notices_of(struct pen *p, const struct pledge *of)
{
	const struct board *b = p->b;
	struct view *v = p->v;
	bool silent = *of->under && !is_endorsed(b->guarantees, of->under);
	bool some = false;

	if (silent) {
		page_open_item(p->t, view_tr(v, "Note"));
		part(p, &some, "", view_tr(v, "no endorsement of its "
			"instrument is on record"));
	}
	for (size_t i = 0; i < b->notices; i++) {
		const struct pledge_notice *n = &b->notice[i];
		const char *says = notice_says(v, n->is);

		if (strcmp(n->pledge, of->id) != 0 ||
			(silent && n->is == NOTICE_NOT_ENDORSED))
			continue;
		if (!some)
			page_open_item(p->t, view_tr(v, "Note"));
		part(p, &some, view_mark(v, ';'), *n->actor ? SAY(v,
			"{0}: {1}", actor_name(b->guarantees, n->actor), says)
			: says);
	}
	if (some)
		page_close_item(p->t);
}

/* As its title has it, which a reader knows; not as the register calls it. */
static const char *titled(const struct pledges *r, const char *id)
{
	for (size_t i = 0; i < r->instruments; i++)
		if (strcmp(r->instrument[i].id, id) == 0 &&
			*r->instrument[i].title)
			return r->instrument[i].title;
	return id;
}

static const char *who_to_whom(struct pen *p, const struct pledge *of)
{
	struct view *v = p->v;
	const char *from = of->from_endorsers
		? SAY(v, "Those who endorsed {0}", titled(p->b->guarantees,
			of->under))
		: names(p, &of->from);
	const char *does = acts(p, of->act.at, of->act.count);

	return of->to.count > 0
		? SAY(v, "{0} to {1}: {2}", from, names(p, &of->to), does)
		: SAY(v, "{0}: {1}", from, does);
}

static void about_where(struct pen *p, const struct board_deployed *d)
{
	struct view *v = p->v;
	const char *at;

	if (!isfinite(d->lat_deg + d->lon_deg))
		return;
	at = view_fmt(v, "%.3f\u00b0, %.3f\u00b0", d->lat_deg, d->lon_deg);
	text_add(p->t, ", ");
	put(p, isfinite(d->radius_m) ? SAY(v, "about {0} within {1} m", at,
		view_fmt(v, "%.0f", d->radius_m)) : SAY(v, "about {0}", at));
}

/* What was notified under it is an activity: matched before anything is
 * judged. */
static void deployed(struct pen *p, const struct pledge *of)
{
	const struct board *b = p->b;
	struct view *v = p->v;
	bool some = false;

	for (size_t i = 0; i < b->deployed_count; i++) {
		const struct board_deployed *d = &b->deployed[i];

		if (strcmp(d->pledge, of->id) != 0)
			continue;
		if (some)
			text_add(p->t, "<br>");
		else
			page_open_item(p->t, view_tr(v, "Notified"));
		some = true;
		put(p, SAY(v, "{0} by {1}", view_spoken(v, d->what),
			d->party));
		text_add(p->t, ", ");
		put(p, view_interval(v, d->span));
		about_where(p, d);
		if (*d->text) {
			text_add(p->t, view_mark(v, ':'));
			put(p, view_quoted(v, d->text));
		}
		text_add(p->t, view_mark(v, ';'));
		put(p, SAY(v, "received {0}", view_utc(v, d->received)));
		text_char(p->t, ' ');
		page_id(p->t, &d->id);
	}
	if (some)
		page_close_item(p->t);
}

static void quantity(struct pen *p, const struct pledge *of)
{
	struct view *v = p->v;
	const char *least, *n;

	if (of->quantity_min < 0)
		return;
	least = view_fmt(v, "%lld", (long long)of->quantity_min);
	n = of->quantity_max <= of->quantity_min ? least
		: SAY(v, "{0} to {1}", least, view_fmt(v, "%lld",
			(long long)of->quantity_max));
	item(p, view_tr(v, "Quantity"),
		view_fmt(v, "%s %s", n, plain(p, of->unit)));
}

static void source(struct pen *p, const struct citation *s)
{
	if (!*s->says)
		return;
	page_open_item(p->t, view_tr(p->v, "Source"));
	citation(p, "", s);
	page_close_item(p->t);
}

static bool pledge(struct pen *p, const struct pledge *of, struct fault *f)
{
	struct view *v = p->v;

	text_add(p->t, "<section class=\"pledge\" id=\"p-");
	put(p, of->id);
	text_add(p->t, "\">");
	page_tag(p->t, "h3", who_to_whom(p, of));
	if (*of->modality) {
		text_add(p->t, "<blockquote><span lang=\"en\">\u201c");
		put(p, of->modality);
		text_add(p->t, "\u201d</span>");
		page_tag(p->t, "footer", SAY(v,
			"strength of these words: {0}", view_tr(v,
			modality_word_name(modality_of(of->modality)))));
		text_add(p->t, "</blockquote>\n");
	}
	text_add(p->t, "<dl class=\"facts\">\n");
	item(p, view_tr(v, "Pledge"), of->id);
	item(p, view_tr(v, "Under"), titled(p->b->guarantees, of->under));
	item(p, view_tr(v, "Domain"), *of->domain ? plain(p, of->domain) : "");
	quantity(p, of);
	item(p, view_tr(v, "Decided by"), of->authority);
	stages(p, of->stage, of->stages);
	trigger(p, of);
	ladder(p, of);
	source(p, &of->source);
	deployed(p, of);
	notices_of(p, of);
	text_add(p->t, "</dl>\n");
	if (!accounts(p, of, f))
		return false;
	text_add(p->t, "</section>\n");
	return true;
}

/* -- instruments -- */

static void pieces(struct pen *w, const struct draft_change *c)
{
	enum { CONTEXT = 140 };
	struct text *t = w->t;

	page_tag(t, "h4", SAY(w->v, "From {0} to {1}", c->was, c->is));
	text_add(t, "<p class=\"words\" lang=\"en\">");
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

/* Words of the drafts stay as they are. */
static void weaker_one(struct pen *p, const struct weaker *w)
{
	struct view *v = p->v;
	struct text *t = p->t;

	text_add(t, "<li>");
	put(p, w->is);
	text_add(t, view_mark(v, ':'));
	text_add(t, "<span lang=\"en\">\u2026 ");
	put(p, w->before);
	text_char(t, ' ');
	if (*w->gone)
		page_tag(t, "del", w->gone);
	if (*w->came)
		page_tag(t, "ins", w->came);
	text_add(t, "</span>");
	if (w->duty_is != MODAL_NONE && w->duty_is < w->duty_was)
		put(p, SAY(v, " (\xe2\x80\x9c{0}\xe2\x80\x9d where "
			"\xe2\x80\x9c{1}\xe2\x80\x9d stood)",
			modality_word_name(w->duty_is),
			modality_word_name(w->duty_was)));
	if (w->promise)
		put(p, SAY(v, " (a promise is gone: {0})", w->promise));
	else if (w->duty_was != MODAL_NONE && w->duty_is == MODAL_NONE)
		put(p, view_tr(v, " (a clause with a duty is gone)"));
	if (w->hedge)
		put(p, SAY(v, " (leaves a way out: {0})", w->hedge));
	text_add(t, "</li>\n");
}

static void weaker(struct pen *p, const char *id)
{
	bool some = false;

	for (size_t i = 0; i < p->b->weaker_count; i++) {
		if (strcmp(p->b->weaker[i].instrument, id) != 0)
			continue;
		if (!some) {
			text_add(p->t, "<p><b>");
			put(p, view_tr(p->v, "Weaker wording"));
			text_add(p->t, "</b></p><ul class=\"plain\">\n");
		}
		some = true;
		weaker_one(p, &p->b->weaker[i]);
	}
	text_add(p->t, some ? "</ul>\n" : "");
}

static void endorsements(struct pen *p, const char *id)
{
	const struct pledges *r = p->b->guarantees;

	for (size_t i = 0; i < r->endorsements; i++) {
		const struct endorsement *e = &r->endorsement[i];

		if (strcmp(e->instrument, id) != 0)
			continue;
		page_open_item(p->t, e->withheld
			? view_tr(p->v, "Not endorsed by")
			: view_tr(p->v, "Endorsed by"));
		put(p, names(p, &e->by));
		if (*e->said) {
			text_add(p->t, " \u2013 <span lang=\"en\">\u201c");
			put(p, e->said);
			text_add(p->t, "\u201d</span>");
		}
		citation(p, " \u2013 ", &e->source);
		page_close_item(p->t);
	}
}

static void draft(struct pen *p, const struct draft *d, bool is_text)
{
	page_open_item(p->t, is_text ? view_tr(p->v, "Text")
		: view_tr(p->v, "Draft of it"));
	put(p, d->id);
	text_add(p->t, ", ");
	put(p, day(p, d->at));
	text_add(p->t, ", ");
	put(p, d->file);
	if (*d->sha256_hex)
		text_fmt(p->t, ", SHA-256 <code title=\"%s\">%.16s\u2026"
			"</code>", d->sha256_hex, d->sha256_hex);
	page_close_item(p->t);
}

static void instrument(struct pen *p, const struct instrument *x)
{
	const struct board *b = p->b;
	const struct pledges *r = b->guarantees;

	text_add(p->t, "<section class=\"pledge\">");
	page_tag(p->t, "h3", *x->title ? x->title : x->id);
	text_add(p->t, "<dl class=\"facts\">\n");
	item(p, view_tr(p->v, "Instrument"), x->id);
	item(p, view_tr(p->v, "Date"), day(p, x->at));
	stages(p, x->stage, x->stages);
	endorsements(p, x->id);
	for (size_t i = 0; i < r->drafts; i++)
		if (strcmp(r->draft[i].instrument, x->id) == 0)
			draft(p, &r->draft[i],
				strcmp(r->draft[i].id, x->id) == 0);
	source(p, &x->source);
	text_add(p->t, "</dl>\n");
	weaker(p, x->id);
	for (size_t i = 0; i < b->changes; i++)
		if (strcmp(b->change[i].instrument, x->id) == 0)
			pieces(p, &b->change[i]);
	text_add(p->t, "</section>\n");
}

static void top(struct pen *p, const char *title)
{
	const struct board *b = p->b;
	struct view *v = p->v;

	page_head(p->t, v->words->lang, title, style);
	text_add(p->t, "<header>\n");
	page_tag(p->t, "p class=\"over\"", b->mission);
	page_tag(p->t, "h1", title);
	text_add(p->t, "<p class=\"sub\">");
	put(p, SAY(v, "Commitments board, as of {0}.", view_utc(v, b->now)));
	if (instant_known(b->next)) {
		text_char(p->t, ' ');
		put(p, SAY(v, "Next update: {0}.", view_utc(v, b->next)));
	}
	text_add(p->t, "</p>\n</header>\n");
	if (b->promised_only)
		page_tag(p->t, "p class=\"note\"", view_tr(v,
			"For the public: what is promised, by whom and in "
			"which words. What findings called up and what "
			"parties gave notice of is not shown here, whether "
			"there is any or none."));
}

static void foot(struct pen *p)
{
	struct view *v = p->v;

	text_add(p->t, "<footer class=\"note\"><p>");
	text_add(p->t, SAY(v, "Register {0}. Every obligation is a record of "
		"the mission\xe2\x80\x99s log: {1} derives it again from "
		"findings and register, and verifies who took which step.",
		view_fmt(v, "<code>%s</code>", p->b->register_sha256),
		"<code>truce audit --recompute</code>"));
	text_add(p->t, "</p>");
	if (strcmp(v->words->lang, "en") != 0)
		page_tag(p->t, "p",
			catalogue_word(v->words, W_NOTICE_TRANSLATED));
	text_add(p->t, "</footer>\n");
}

bool board_html(const struct board *b, const char *lang, struct arena *a,
	struct text *t, struct fault *f)
{
	const struct pledges *r = b->guarantees;
	const struct catalogue *words = catalogue_of(lang);
	struct view v = {.arena = a, .words = words, .speaker = words};
	struct pen p = {t, &v, b};

	top(&p, *r->title ? r->title : r->id);
	if (!b->promised_only) {
		tiles(&p);
		owed(&p);
	}
	page_tag(t, "h2", view_tr(&v, "Pledges"));
	for (size_t i = 0; i < r->pledge_count; i++)
		if (!pledge(&p, &r->pledge[i], f))
			return false;
	if (r->instruments)
		page_tag(t, "h2", view_tr(&v, "Instruments"));
	for (size_t i = 0; i < r->instruments; i++)
		instrument(&p, &r->instrument[i]);
	foot(&p);
	page_end(t);
	if (v.why.kind != FAULT_NONE)
		*f = v.why;
	return v.why.kind == FAULT_NONE && text_check(t, f);
}
