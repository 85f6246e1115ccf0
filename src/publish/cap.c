/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/cap.h"

#include "geo/frame.h"
#include "judge/terms.h"
#include "publish/catalogue.h"
#include "publish/report.h"
#include "publish/svg.h"

static void element(struct text *t, const char *name, const char *s)
{
	text_fmt(t, "<%s>", name);
	svg_escape(t, s);
	text_fmt(t, "</%s>\n", name);
}

static void time_text(struct text *t, struct instant at)
{
	struct civil c = instant_civil(at);

	text_fmt(t, "%04d-%02d-%02dT%02d:%02d:%02d-00:00", c.year, c.month,
		c.day, c.hour, c.minute, c.second);
}

static void time_element(struct text *t, const char *name, struct instant at)
{
	if (!instant_known(at))
		return;
	text_fmt(t, "<%s>", name);
	time_text(t, at);
	text_fmt(t, "</%s>\n", name);
}

static void parameter(struct text *t, const char *name, const char *value)
{
	if (!*value)
		return;
	text_add(t, "<parameter>\n");
	element(t, "valueName", name);
	element(t, "value", value);
	text_add(t, "</parameter>\n");
}

/* Identifier and sender hold no space, comma, < or & (3.2.1). */
static void token(struct text *t, const char *s)
{
	for (; *s; s++) {
		bool plain = (unsigned char)*s > ' ' && *s != ',' &&
			*s != '<' && *s != '&' && *s != '>';

		text_char(t, plain ? *s : '_');
	}
}

static void identifier(struct text *t, const struct cap *c)
{
	token(t, c->finding->id.text);
	text_fmt(t, ".%u", c->finding->version);
	if (c->change > 0)
		text_fmt(t, ".%lld", (long long)c->change);
}

void cap_reference(const struct cap *c, struct text *t)
{
	token(t, c->sender);
	text_char(t, ',');
	identifier(t, c);
	text_char(t, ',');
	time_text(t, c->sent);
}

static const char *severity(const struct finding *x)
{
	static const char *const by[][2] = {{"minor", "Minor"},
		{"serious", "Severe"}, {"grave", "Extreme"}};

	for (size_t i = 0; x->grade && i < sizeof by / sizeof *by; i++)
		if (strcmp(x->grade, by[i][0]) == 0)
			return by[i][1];
	return "Unknown";
}

/* The standard's own words: Likely is more than one half. */
static const char *certainty(const struct finding *x)
{
	return x->lo_ppm > 500000 ? "Likely"
		: x->hi_ppm > 0 ? "Possible" : "Unknown";
}

static const struct rule *rule_of(const struct cap *c)
{
	for (size_t i = 0; c->terms && i < c->terms->rules; i++)
		if (strcmp(c->terms->rule[i].id, c->finding->clause) == 0)
			return &c->terms->rule[i];
	return NULL;
}

/* A party's name, where the mission has one for it. */
static const char *called(const struct cap *c, const char *party)
{
	for (size_t i = 0; i < c->mission->party_count; i++)
		if (strcmp(c->mission->party[i].id, party) == 0)
			return c->mission->party[i].name;
	return party;
}

static void headline(const struct cap *c, char *out, size_t size)
{
	const struct finding *x = c->finding;
	struct text t = text_on(out, size);

	catalogue_spoken(&t, verdict_name(x->verdict));
	text_fmt(&t, " of rule %.60s", x->clause);
	if (x->grade && *x->grade)
		text_fmt(&t, ", %.40s", x->grade);
	text_add(&t, strcmp(x->party, "undetermined") == 0
		? ", by whom is undetermined" : ", by ");
	if (strcmp(x->party, "undetermined") != 0)
		text_fmt(&t, "%.60s", called(c, x->party));
}

/* What fits of a person's letters. */
static void quote(struct text *t, const char *says)
{
	size_t n = strlen(says) < 300 ? strlen(says) : 300;

	while (says[n] && n > 0 && ((uint8_t)says[n] & 0xc0) == 0x80)
		n--;
	text_fmt(t, "\"%.*s%s\" ", (int)n, says, says[n] ? "\u2026" : "");
}

/* That it spoke; its words may name a place, and stand in the sheet. */
static void replied(struct text *t, const struct cap *c)
{
	const struct replies *r = &c->finding->replies;

	for (size_t i = 0; i < r->count; i++) {
		size_t k = 0;

		while (k < i && strcmp(r->reply[k].party,
			r->reply[i].party) != 0)
			k++;
		if (k == i)
			text_fmt(t, "%.60s has replied. ",
				called(c, r->reply[i].party));
	}
}

static void description(struct text *t, const struct cap *c)
{
	char at[4096];
	struct text d = text_on(at, sizeof at);
	const struct finding *x = c->finding;
	const struct rule *r = rule_of(c);

	if (r && *r->article)
		text_fmt(&d, "Article %.40s: %.1200s ", r->article, r->text);
	text_fmt(&d, "The probability that the rule's conditions hold is %.3f "
		"to %.3f, to the standard %.60s. ", x->lo_ppm * 1e-6,
		x->hi_ppm * 1e-6, x->standard);
	if (x->claim_count + x->replies.count == 0)
		text_add(&d, "No party has said anything of it.");
	for (size_t i = 0; i < x->claim_count && i < 4; i++) {
		text_fmt(&d, "%.60s says: ", called(c, x->claim[i].party));
		quote(&d, x->claim[i].says);
	}
	replied(&d, c);
	element(t, "description", at);
}

static void corner(struct text *t, double lat, double lon)
{
	text_fixed(t, lat, 5);
	text_char(t, ',');
	text_fixed(t, lon, 5);
}

/* South, east, north, west: counter-clockwise, and closed. */
static void box(struct text *t, double south, double west, double north,
	double east)
{
	text_add(t, "<polygon>");
	corner(t, south, west);
	text_char(t, ' ');
	corner(t, south, east);
	text_char(t, ' ');
	corner(t, north, east);
	text_char(t, ' ');
	corner(t, north, west);
	text_char(t, ' ');
	corner(t, south, west);
	text_add(t, "</polygon>\n");
}

static void area(struct text *t, const struct cap *c)
{
	const struct mission *m = c->mission;
	struct report r = {.mission = m, .level = LEVEL_PUBLIC};
	struct view v = {.mission = m, .report = &r};
	struct place p = PLACE_UNKNOWN;
	struct frame f;
	double half_m;

	if (c->incident)
		p = view_place(&v, &c->incident->place);
	half_m = p.region.ellipse.semi_major_m;
	text_add(t, "<area>\n");
	if (place_known(&p) && isfinite(half_m) && half_m < 500e3) {
		struct point a, b;

		f = frame_at(p.lat_deg, p.lon_deg);
		a = frame_from(&f, (struct xy){-half_m, -half_m});
		b = frame_from(&f, (struct xy){half_m, half_m});
		element(t, "areaDesc", "where the incident lies, generalised "
			"for the public");
		box(t, a.lat_deg, a.lon_deg, b.lat_deg, b.lon_deg);
	} else {
		element(t, "areaDesc", m->title && *m->title ? m->title
			: m->name);
		if (isfinite(m->south + m->west + m->north + m->east))
			box(t, m->south, m->west, m->north, m->east);
	}
	text_add(t, "</area>\n");
}

static void parameters(struct text *t, const struct cap *c)
{
	const struct finding *x = c->finding;
	char number[24], hex[SHA256_HEX];
	struct text n = text_on(number, sizeof number);

	parameter(t, "finding", x->id.text);
	parameter(t, "clause", x->clause);
	parameter(t, "verdict", verdict_name(x->verdict));
	parameter(t, "party", x->party);
	parameter(t, "standard", x->standard);
	parameter(t, "terms_sha256", x->terms_sha256);
	if (c->ledger_index < 0)
		return;
	text_fmt(&n, "%lld", (long long)c->ledger_index);
	parameter(t, "ledger_index", number);
	parameter(t, "ledger_leaf", digest_hex(&c->leaf, hex));
}

static void info(struct text *t, const struct cap *c)
{
	const struct mission *m = c->mission;
	const struct incident *i = c->incident;
	char line[256];

	headline(c, line, sizeof line);
	text_add(t, "<info>\n");
	element(t, "language", "en");
	element(t, "category", "Security");
	element(t, "event", "Finding under a cease-fire agreement");
	element(t, "urgency", "Past");
	element(t, "severity", severity(c->finding));
	element(t, "certainty", certainty(c->finding));
	time_element(t, "effective", c->sent);
	time_element(t, "onset", i && instant_known(i->from) ? i->from
		: c->finding->at);
	element(t, "senderName", m->title && *m->title ? m->title : m->name);
	element(t, "headline", line);
	description(t, c);
	parameters(t, c);
	area(t, c);
	text_add(t, "</info>\n");
}

static void note(struct text *t, const struct cap *c)
{
	if (!c->mission->exercise && !c->note)
		return;
	text_add(t, "<note>");
	if (c->mission->exercise)
		text_add(t, "Of an exercise: nothing in it happened.");
	if (c->mission->exercise && c->note)
		text_char(t, ' ');
	if (c->note)
		svg_escape(t, c->note);
	text_add(t, "</note>\n");
}

bool cap_print(const struct cap *c, struct text *t, struct fault *f)
{
	static const char *const types[] = {"Alert", "Update", "Cancel"};

	text_add(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\">\n"
		"<identifier>");
	identifier(t, c);
	text_add(t, "</identifier>\n<sender>");
	token(t, c->sender);
	text_add(t, "</sender>\n");
	time_element(t, "sent", c->sent);
	element(t, "status", c->mission->exercise ? "Exercise"
		: c->actual ? "Actual" : "Draft");
	element(t, "msgType", types[c->message]);
	element(t, "scope", "Public");
	note(t, c);
	if (c->references)
		element(t, "references", c->references);
	info(t, c);
	text_add(t, "</alert>\n");
	return text_check(t, f);
}
