/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/public.h"

#include "base/csv.h"
#include "base/json.h"
#include "publish/cap.h"
#include "publish/report.h"
#include "serve/ask.h"
#include "serve/files.h"
#include "serve/published.h"
#include "serve/render.h"
#include "serve/reports.h"

enum { HOUR_S = 3600, SHOWN = 1 << 20 };

/* -- as JSON -- */

static struct instant hour_of(struct instant t)
{
	int64_t ns = (int64_t)HOUR_S * 1000000000;

	return instant_known(t) ? (struct instant){t.utc_ns - t.utc_ns % ns}
		: t;
}

static void say_incident(struct json *j, const struct shown *x)
{
	const struct count *c = &x->incident.count;

	json_key_text(j, "kind", kind_name(incident_kind(&x->incident)));
	json_key(j, "count");
	json_object(j);
	json_key(j, "value");
	if (c->value == COUNT_UNKNOWN)
		json_text(j, NULL);
	else
		json_i64(j, c->value);
	json_key_text(j, "meaning", count_meaning_name(c->meaning));
	json_close(j);
	json_key(j, "hour");
	if (instant_known(x->incident.at))
		json_time(j, hour_of(x->incident.at), 0);
	else
		json_text(j, NULL);
	json_key(j, "place");
	json_object(j);
	json_key_fixed(j, "lat", x->place.lat_deg, 4);
	json_key_fixed(j, "lon", x->place.lon_deg, 4);
	json_key_fixed(j, "within_m", x->place.region.ellipse.semi_major_m, 0);
	json_close(j);
}

/* What was published of either. */
#define BOTH_SHOW \
	{"count", "count.value", 0}, {"meaning", "count.meaning", 0}, \
	{"hour", "hour", 0}, {"lat", "place.lat", 0}, {"lon", "place.lon", 0}, \
	{"within_m", "place.within_m", 0}, {"state", "state", 0}, \
	{"changed", "changed", 0}, {"why", "why", 0}, \
	{"corrected_by", "corrected_by", 0}, {"corrects", "corrects", 0}, \
	{"entry", "record.index", 0}, {"leaf", "record.leaf", 0}

static const struct resource_column findings_columns[] = {
	{"id", "id", 0}, {"published", "published", 0}, {"clause", "clause", 0},
	{"verdict", "verdict", 0}, {"grade", "grade", 0}, {"party", "party", 0},
	{"terms_sha256", "terms_sha256", 0}, {"kind", "kind", 0},
	BOTH_SHOW,
	{0},
};

static const struct resource shown_findings = {
	.type = ROW_FINDING, .plural = "findings", .schema = "truce.public/1",
	.place = "place", .columns = findings_columns,
};

static const struct resource_column incidents_columns[] = {
	{"id", "id", 0}, {"published", "published", 0}, {"kind", "kind", 0},
	BOTH_SHOW,
	{0},
};

static const struct resource shown_incidents = {
	.type = ROW_FINDING, /* so that its place is read from what is shown */
	.plural = "incidents", .schema = "truce.public_incidents/1",
	.place = "place", .columns = incidents_columns,
};

static void say_finding(struct json *j, const struct finding *n)
{
	json_key_text(j, "clause", n->clause);
	json_key_text(j, "verdict", verdict_name(n->verdict));
	json_key_text(j, "grade", n->grade);
	json_key_text(j, "party", n->party);
	json_key_text(j, "terms_sha256", n->terms_sha256);
}

/* -- what became of it -- */

static void say_name(struct json *j, const char *key, int64_t entry)
{
	char id[32];
	struct text t = text_on(id, sizeof id);

	text_fmt(&t, "p-%lld", (long long)entry);
	json_key_text(j, key, entry < 0 ? NULL : id);
}

/* Whoever has the log's tiles can hold it against them. */
static void say_entry(
	struct json *j, const char *key, int64_t index, const char *leaf)
{
	json_key(j, key);
	json_object(j);
	json_key_i64(j, "index", index);
	json_key_text(j, "leaf", leaf);
	json_close(j);
}

static void say_change(struct json *j, const struct tree *c)
{
	int64_t entry = tree_i64(c, "entry", -1);

	json_object(j);
	json_key(j, "at");
	if (instant_known(tree_time(c, "at")))
		json_time(j, tree_time(c, "at"), 0);
	else
		json_text(j, NULL);
	json_key(j, "by");
	json_list(j);
	for (const struct tree *k = tree_get(c, "by")
			? tree_get(c, "by")->first : NULL; k; k = k->next)
		json_bytes(j, k->text);
	json_close(j);
	json_key_text(j, "does", tree_text(c, "does"));
	if (entry >= 0)
		say_entry(j, "entry", entry, tree_text(c, "leaf"));
	say_name(j, "corrected_by", tree_i64(c, "publication", -1));
	json_key_text(j, "why", tree_text(c, "why"));
	json_close(j);
}

/* The publication of an earlier version of the same record; or NULL. */
static const struct publication *corrects(
	const struct gathering *g, const struct publication *p)
{
	const struct publication *found = NULL;

	for (const struct publication *x = g->one; x < p; x++)
		if (x->of < p->of && strcmp(x->id, p->id) == 0)
			found = x;
	return found;
}

/* The change that made its state what it is, or NULL. */
static const struct tree *last_change(const struct publication *p)
{
	const struct tree *last = NULL;

	for (const struct tree *c = p->changes ? p->changes->first : NULL; c;
			c = c->next)
		if (strcmp(tree_text(c, "does"), p->state) == 0)
			last = c;
	return last;
}

static void say_standing(struct json *j, const struct gathering *g,
	const struct publication *p)
{
	const struct tree *last = last_change(p);
	const struct publication *before = corrects(g, p);

	json_key_text(j, "state", p->state);
	json_key(j, "changed");
	if (instant_known(tree_time(last, "at")))
		json_time(j, tree_time(last, "at"), 0);
	else
		json_text(j, NULL);
	json_key_text(j, "why", tree_text(last, "why"));
	say_name(j, "corrected_by", tree_i64(last, "publication", -1));
	say_name(j, "corrects", before ? (int64_t)before->entry : -1);
	say_entry(j, "record", (int64_t)p->of, p->of_leaf);
	say_entry(j, "publication", (int64_t)p->entry, p->leaf);
	json_key(j, "changes");
	json_list(j);
	for (const struct tree *c = p->changes ? p->changes->first : NULL; c;
			c = c->next)
		say_change(j, c);
	json_close(j);
}

/* What is shown is the row: nothing of the record goes with it. */
static bool say(struct gathering *g, struct render *to, const struct shown *x,
	struct fault *f)
{
	char id[32];
	struct text t = text_on(id, sizeof id), b = text_in(g->arena, SHOWN);
	struct json j = json_on(&b);
	struct row row = {.type = ROW_FINDING, .id = id, .kind = "",
		.status = "", .source = "", .lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN, .ledger_index = -1};

	text_fmt(&t, "p-%llu", (unsigned long long)x->of->entry);
	json_object(&j);
	json_key_text(&j, "id", id);
	json_key_time(&j, "published", x->of->at, 0);
	if (to->is == &shown_findings)
		say_finding(&j, &x->finding);
	if (x->known)
		say_incident(&j, x);
	say_standing(&j, g, x->of);
	json_close(&j);
	row.body = text_view(&b);
	return text_check(&b, f) && render_row(to, &row, f);
}

static void answer_text(struct wire_response *r, const char *type,
	const struct text *t)
{
	struct digest d = sha256_of(text_view(t));
	char hex[SHA256_HEX];
	struct text e = text_on(r->etag, sizeof r->etag);

	api_text(r, type, t);
	r->cache = "public, max-age=60";
	text_fmt(&e, "\"%.32s\"", digest_hex(&d, hex));
}

/* What goes wrong inside is nobody's business outside. */
static void sorry(struct arena *a, struct wire_response *r)
{
	wire_problem(r, a, 503, "not now");
}

/* Of one id, or of one state, or all. */
struct wanted {
	const char *state;
	int64_t entry; /* -1: all */
	size_t found;
};

static bool is_wanted(const struct wanted *w, const struct publication *p)
{
	return (!w->state || strcmp(w->state, p->state) == 0) &&
		(w->entry < 0 || (uint64_t)w->entry == p->entry);
}

/* Of the publications of an incident's version, itself or its findings, the
 * first that stands speaks for it; where none does, the first. */
struct told {
	struct id incident;
	uint32_t version;
	size_t by;
};

static void tell(const struct gathering *g, const struct shown *x, size_t by,
	struct told *told, size_t *n)
{
	static const char stands[] = "stands";
	const struct incident *i = &x->incident;

	for (size_t k = 0; k < *n; k++) {
		struct told *t = &told[k];

		if (t->version != i->version ||
			strcmp(t->incident.text, i->id.text) != 0)
			continue;
		if (strcmp(g->one[t->by].state, stands) != 0 &&
			strcmp(g->one[by].state, stands) == 0)
			t->by = by;
		return;
	}
	told[(*n)++] = (struct told){i->id, i->version, by};
}

/* What does not speak for its incident is silent. */
static bool each_once(struct gathering *g, struct fault *f)
{
	struct told *told = arena_array(
		g->arena, g->count + 1, sizeof *told, f);
	bool *speaks = arena_array(g->arena, g->count + 1, 1, f), found;
	size_t n = 0, used = g->arena->used;
	struct shown x;

	for (size_t i = 0; told && speaks && i < g->count; i++) {
		if (!published_look(g, &g->one[i], &x, &found, f))
			return false;
		if (found && x.known)
			tell(g, &x, i, told, &n);
		g->arena->used = used;
	}
	for (size_t i = 0; told && speaks && i < n; i++)
		speaks[told[i].by] = true;
	for (size_t i = 0; told && speaks && i < g->count; i++)
		g->one[i].silent = !speaks[i];
	return told && speaks;
}

static bool say_all(struct gathering *g, struct render *to, struct wanted *w,
	struct fault *f)
{
	size_t used;
	bool found;
	struct shown x;

	if (g->incidents && w->entry < 0 && !each_once(g, f))
		return false;
	render_head(to);
	used = g->arena->used;
	for (size_t i = 0; i < g->count; i++) {
		if (g->one[i].silent || !is_wanted(w, &g->one[i]))
			continue;
		g->arena->used = used;
		if (!published_look(g, &g->one[i], &x, &found, f))
			return false;
		if (!found || (g->incidents && !x.known))
			continue;
		w->found++;
		if (!say(g, to, &x, f))
			return false;
	}
	render_end(to, "");
	return true;
}

/* False: the response says what is wrong. */
static bool form_of(const struct wire_request *q, struct arena *a,
	enum render_form *form, struct wire_response *r)
{
	const char *said = "json";
	bool bad = false;

	(void)wire_parameter(q->query, "f", a, &said, &bad);
	*form = strcmp(said, "csv") == 0 ? RENDER_CSV
		: strcmp(said, "geojson") == 0 ? RENDER_GEO : RENDER_JSON;
	if (!bad && (*form != RENDER_JSON || strcmp(said, "json") == 0))
		return true;
	wire_problem(r, a, 400, "f=%.20s, wants json, csv or geojson", said);
	return false;
}

static bool state_of(const struct wire_request *q, struct arena *a,
	struct wanted *w, struct wire_response *r)
{
	static const char *const words[] = {
		"stands", "under_review", "withdrawn", "corrected"};
	bool bad = false;

	(void)wire_parameter(q->query, "state", a, &w->state, &bad);
	for (size_t i = 0; w->state && i < sizeof words / sizeof *words; i++)
		if (strcmp(w->state, words[i]) == 0)
			return true;
	if (!bad && !w->state)
		return true;
	wire_problem(r, a, 400, "state=%.20s, wants stands, under_review, "
		"withdrawn or corrected", w->state ? w->state : "");
	return false;
}

/* "p-190" of the path; -1: there is none. */
static int64_t named(struct bytes id)
{
	int64_t entry = -1;
	struct fault f = {0};

	return bytes_start(id, "p-") && integer_read(bytes_part(id, 2,
		id.len), &entry, &f) && entry >= 0 ? entry : -1;
}

/* id: what stands behind the word findings or incidents. */
static void list(const struct api *api, const struct wire_request *q,
	bool incidents, struct bytes id, struct arena *a,
	struct wire_response *r)
{
	struct arena work;
	struct gathering g = {.api = api, .incidents = incidents,
		.arena = &work};
	struct text t = text_in(a, API_BYTES);
	struct render to = {.is = incidents ? &shown_incidents
		: &shown_findings, .out = &t, .work = &work};
	struct wanted w = {.entry = named(id)};
	struct fault f = {0};
	bool ok;

	if (id.len > 0 && w.entry < 0) {
		wire_problem(r, a, 404, "nothing is published as that; an id "
			"is p- and a number");
		return;
	}
	if (!form_of(q, a, &to.form, r) || !state_of(q, a, &w, r))
		return;
	if (!arena_map(&work, (size_t)1 << 30, &f)) {
		sorry(a, r);
		return;
	}
	ok = published_gather(&g, &f) && say_all(&g, &to, &w, &f);
	arena_unmap(&work);
	if (ok && w.found == 0 && w.entry >= 0)
		wire_problem(r, a, 404, "nothing is published as that");
	else if (ok && text_check(&t, &f))
		answer_text(r, ask_media(to.form), &t);
	else
		sorry(a, r);
}

static void mission(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	const struct mission *m = api->mission;
	struct text t = text_in(a, 65536);
	struct json j = json_on(&t);

	json_object(&j);
	json_key_text(&j, "schema", "truce.public_mission/1");
	json_key_text(&j, "name", m->name);
	json_key_text(&j, "title", m->title);
	json_key_text(&j, "timezone", m->timezone);
	json_key(&j, "parties");
	json_list(&j);
	for (size_t i = 0; i < m->party_count; i++) {
		json_object(&j);
		json_key_text(&j, "id", m->party[i].id);
		json_key_text(&j, "name", m->party[i].name);
		json_close(&j);
	}
	json_close(&j);
	json_key_fixed(&j, "cell_m", m->public_cell_m, 0);
	json_close(&j);
	text_char(&t, '\n');
	answer_text(r, "application/json", &t);
}

/* -- CAP -- */

/* A message of the feed: a publication, or what became of it.  That another
 * version was published is said by that one. */
struct message {
	const struct publication *of;
	const struct tree *change; /* NULL: the publication */
	int64_t entry;
	struct instant at;
};

static int newest_first(const void *a, const void *b)
{
	const struct message *x = a, *y = b;

	return (x->entry < y->entry) - (x->entry > y->entry);
}

/* What follows from a key's end alone has no entry of its own. */
static int64_t entry_of(const struct tree *change, const struct publication *p)
{
	int64_t entry = tree_i64(change, "entry", -1);

	return entry < 0 ? (int64_t)p->entry : entry;
}

static bool gather_messages(struct gathering *g, struct message **out,
	size_t *count, struct fault *f)
{
	size_t n = g->count;

	for (size_t i = 0; i < g->count; i++)
		n += g->one[i].changes ? g->one[i].changes->count : 0;
	*count = 0;
	*out = arena_array(g->arena, n + 1, sizeof **out, f);
	for (size_t i = 0; *out && i < g->count; i++) {
		const struct publication *p = &g->one[i];

		(*out)[(*count)++] = (struct message){
			p, NULL, (int64_t)p->entry, p->at};
		for (const struct tree *c = p->changes ? p->changes->first
				: NULL; c; c = c->next)
			if (strcmp(tree_text(c, "does"), "corrected") != 0)
				(*out)[(*count)++] = (struct message){p, c,
					entry_of(c, p), instant_known(
					tree_time(c, "at")) ? tree_time(c,
					"at") : p->at};
	}
	if (*out)
		qsort(*out, *count, sizeof **out, newest_first);
	return *out != NULL;
}

static void say_link(struct text *t, const struct shown *x,
	const struct message *m, const char *name)
{
	char at[INSTANT_TEXT], id[64];
	struct text i = text_on(id, sizeof id);
	const char *is = m->change ? tree_text(m->change, "does") : "";

	text_fmt(&i, "p-%llu", (unsigned long long)m->of->entry);
	if (m->change)
		text_fmt(&i, ".%lld", (long long)m->entry);
	instant_print(m->at, 0, at);
	text_fmt(t, "<entry><id>urn:truce:%s:%s</id><title>%s%s%s, clause %s"
		"</title><updated>%s</updated><link rel=\"enclosure\" "
		"type=\"application/cap+xml\" href=\"/cap/%s\"/></entry>\n",
		name, id, strcmp(is, "under_review") == 0 ? "under review" : is,
		m->change ? ": " : "", verdict_name(x->finding.verdict),
		x->finding.clause, at, id);
}

static bool say_feed(struct gathering *g, struct text *t, struct fault *f)
{
	const struct mission *m = g->api->mission;
	struct instant last = {0};
	struct message *message;
	char at[INSTANT_TEXT];
	struct shown x;
	size_t count;
	bool found;

	if (!published_gather(g, f) ||
		!gather_messages(g, &message, &count, f))
		return false;
	for (size_t i = 0; i < count; i++)
		if (message[i].at.utc_ns > last.utc_ns)
			last = message[i].at;
	/* A mission's name is letters, digits, dashes. */
	text_fmt(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:truce:%s"
		"</id><title>%s</title><updated>%s</updated><author><name>%s"
		"</name></author>\n", m->name, m->name,
		instant_print(last, 0, at), m->name);
	for (size_t i = 0; i < count; i++) {
		if (!published_look(g, message[i].of, &x, &found, f))
			return false;
		if (found)
			say_link(t, &x, &message[i], m->name);
	}
	text_add(t, "</feed>\n");
	return text_check(t, f);
}

/* Who speaks is said; the words are theirs, and may name a place. */
static void withhold(struct gathering *g, struct finding *n)
{
	struct fault f;
	struct finding_claim *c = arena_array(
		g->arena, n->claim_count + 1, sizeof *c, &f);

	for (size_t i = 0; c && i < n->claim_count; i++) {
		c[i] = n->claim[i];
		c[i].says = "(a statement that is not shown here)";
	}
	n->claim = c;
	n->claim_count = c ? n->claim_count : 0;
}

static struct cap cap_of(const struct gathering *g, struct shown *x)
{
	return (struct cap){.mission = g->api->mission,
		.sender = g->api->mission->name, .sent = x->of->at,
		.finding = &x->finding,
		.incident = x->known ? &x->incident : NULL,
		.ledger_index = (int64_t)x->of->of, .leaf = x->leaf};
}

/* Of the messages that are no more: the publications of earlier versions; or,
 * of one that is withdrawn, its own. */
static bool references(struct gathering *g, const struct publication *p,
	bool own, struct text *t, struct fault *f)
{
	struct shown x;
	bool found;

	for (const struct publication *k = own ? p : g->one; k < p + own; k++) {
		struct cap c;

		if (strcmp(k->id, p->id) != 0 || (!own && k->of >= p->of))
			continue;
		if (!published_look(g, k, &x, &found, f))
			return false;
		c = cap_of(g, &x);
		if (found && t->len > 0)
			text_char(t, ' ');
		if (found)
			cap_reference(&c, t);
	}
	return text_check(t, f);
}

static const char *note_on(
	struct gathering *g, const struct tree *change, struct fault *f)
{
	struct text t = text_in(g->arena, SHOWN);
	const char *why = tree_text(change, "why");

	if (strcmp(tree_text(change, "does"), "withdrawn") == 0)
		text_add(&t, "This finding is withdrawn.");
	else
		text_add(&t, "This finding is under review: there is a later "
			"version, which is not published.");
	if (why)
		text_fmt(&t, " %s", why);
	return text_check(&t, f) ? t.at : NULL;
}

static bool say_message(struct gathering *g, const struct message *m,
	struct text *t, bool *found, struct fault *f)
{
	struct text r = text_in(g->arena, SHOWN);
	struct shown x;
	struct cap c;

	if (!published_look(g, m->of, &x, found, f))
		return false;
	if (!*found)
		return true;
	if (!references(g, m->of, m->change != NULL, &r, f))
		return false;
	c = cap_of(g, &x);
	c.references = r.len > 0 ? r.at : NULL;
	c.message = m->change && strcmp(tree_text(m->change, "does"),
		"withdrawn") == 0 ? CAP_CANCEL : r.len > 0 ? CAP_UPDATE
		: CAP_ALERT;
	if (m->change) {
		c.sent = m->at;
		c.change = m->entry;
		c.note = note_on(g, m->change, f);
		if (!c.note)
			return false;
	}
	x.incident.at = x.incident.from = x.incident.to =
		hour_of(x.incident.at);
	withhold(g, &x.finding);
	x.finding.status = STATUS_PUBLISHED;
	x.finding.at = x.incident.at;
	return cap_print(&c, t, f);
}

/* change 0: the publication itself. */
static bool say_alert(struct gathering *g, int64_t entry, int64_t change,
	struct text *t, bool *found, struct fault *f)
{
	struct message *m;
	size_t count;

	*found = false;
	if (!published_gather(g, f) || !gather_messages(g, &m, &count, f))
		return false;
	for (size_t i = 0; i < count; i++)
		if (m[i].of->entry == (uint64_t)entry &&
			(m[i].change ? m[i].entry == change : change == 0))
			return say_message(g, &m[i], t, found, f);
	return true;
}

/* "p-190", or "p-190.195": what became of it by entry 195. */
static bool message_named(struct bytes id, int64_t *entry, int64_t *change)
{
	const uint8_t *dot = id.len ? memchr(id.at, '.', id.len) : NULL;
	size_t n = dot ? (size_t)(dot - id.at) : id.len;
	struct fault f = {0};

	*change = 0;
	*entry = named(bytes_part(id, 0, n));
	return *entry >= 0 && (!dot || (integer_read(bytes_part(id, n + 1,
		id.len), change, &f) && *change > 0));
}

static void cap(const struct api *api, struct bytes id, struct arena *a,
	struct wire_response *r)
{
	struct arena work;
	struct gathering g = {.api = api, .arena = &work};
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};
	bool ok, found = true;
	int64_t entry = -1, change = 0;

	if (id.len > 0 && !message_named(id, &entry, &change)) {
		wire_problem(r, a, 404, "there is no such alert");
		return;
	}
	if (!arena_map(&work, (size_t)1 << 30, &f)) {
		sorry(a, r);
		return;
	}
	ok = entry < 0 ? say_feed(&g, &t, &f)
		: say_alert(&g, entry, change, &t, &found, &f);
	arena_unmap(&work);
	if (!ok)
		sorry(a, r);
	else if (!found)
		wire_problem(r, a, 404, "there is no such alert");
	else
		answer_text(r, entry < 0 ? "application/atom+xml"
			: "application/cap+xml", &t);
}

static void root(struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, 512);

	text_add(&t, "{\"schema\":\"truce.public_api/1\",\"resources\":["
		"\"findings\",\"incidents\",\"mission\",\"reports\"],"
		"\"cap\":\"/cap\"}\n");
	answer_text(r, "application/json", &t);
}

static void report(const struct api *api, struct bytes name, struct arena *a,
	struct wire_response *r)
{
	struct text t = text_in(a, 4096), path = text_in(a, 512);

	text_fmt(&t, "%s/out/public", api->folder);
	text_char(&path, '/');
	text_bytes(&path, name);
	files_below(t.at, text_view(&path), a, r);
	r->policy = "default-src 'none'; style-src 'unsafe-inline'; "
		"img-src 'self' data:; base-uri 'none'; form-action 'none'; "
		"frame-ancestors 'none'";
}

/* What out/public/ holds; none, when there is no such folder. */
static void list_reports(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};

	if (reports_list(api, "out/public", a, &t, &f))
		answer_text(r, "application/json", &t);
	else
		sorry(a, r);
}

/* WORD, or WORD/ID. */
static bool below(struct bytes rest, const char *word, struct bytes *id)
{
	size_t n = strlen(word);

	*id = bytes_part(rest, n + 1, rest.len);
	return bytes_are(rest, word) || (bytes_start(rest, word) &&
		id->len > 0 && rest.at[n] == '/');
}

bool public_answer(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	static const char top[] = "/public/", reports[] = "reports/";
	struct bytes rest = bytes_part(
		q->path, sizeof "/public/v1/" - 1, q->path.len);
	struct bytes id;
	bool caps = bytes_are(q->path, "/cap") ||
		bytes_start(q->path, "/cap/");

	if (!caps && !bytes_start(q->path, top))
		return false;
	if (q->method != WIRE_GET && q->method != WIRE_HEAD)
		wire_problem(r, a, 405, "GET and HEAD only");
	else if (caps)
		cap(api, bytes_part(q->path, 5, q->path.len), a, r);
	else if (!bytes_start(q->path, "/public/v1/"))
		wire_problem(r, a, 404, "/public/v1/ says what there is");
	else if (rest.len == 0)
		root(a, r);
	else if (below(rest, "findings", &id))
		list(api, q, false, id, a, r);
	else if (below(rest, "incidents", &id))
		list(api, q, true, id, a, r);
	else if (bytes_are(rest, "reports"))
		list_reports(api, a, r);
	else if (bytes_are(rest, "mission"))
		mission(api, a, r);
	else if (bytes_start(rest, reports))
		report(api, bytes_part(rest, sizeof reports - 1, rest.len), a,
			r);
	else
		wire_problem(r, a, 404, "/public/v1/ says what there is");
	return true;
}
