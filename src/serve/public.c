/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/public.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/tree.h"
#include "model/finding.h"
#include "publish/cap.h"
#include "publish/report.h"
#include "serve/ask.h"
#include "serve/files.h"
#include "serve/render.h"
#include "serve/reports.h"

enum { PUBLISHED_MAX = 20000, HOUR_S = 3600 };

struct publication { /* of a record's version, by two persons */
	const char *id;
	uint64_t entry, of;
	struct instant at;
};

struct gathering {
	const struct api *api;
	bool incidents; /* those too that were published by themselves */
	struct arena *arena;
	struct bytes reviews;
	struct publication *one;
	size_t count;
};

/* Of a publication, as far as the public may see it. */
struct shown {
	const struct publication *of;
	struct finding finding;
	struct incident incident;
	struct place place; /* generalised */
	bool known;         /* incident is there */
	struct digest leaf;
};

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct gathering *g = self;
	struct publication *p = &g->one[g->count];
	const struct tree *t;
	int64_t of;

	if (strcmp(row->kind, "publish") != 0 || (row->id[0] != ROW_FINDING &&
			!(g->incidents && row->id[0] == ROW_INCIDENT)))
		return true;
	if (!tree_read(row->body, g->arena, &t, f))
		return false;
	of = tree_i64(t, "of", -1);
	if (of < 0)
		return true;
	if (g->count == PUBLISHED_MAX)
		return fault(f, FAULT_LIMIT, "publications");
	*p = (struct publication){.entry = row->version, .of = (uint64_t)of,
		.id = arena_text(g->arena, bytes_of(row->id), f),
		.at = row->from};
	g->count++;
	return p->id != NULL;
}

static int by_entry(const void *a, const void *b)
{
	const struct publication *x = a, *y = b;

	return (x->entry > y->entry) - (x->entry < y->entry);
}

static bool gather(struct gathering *g, struct fault *f)
{
	struct query q = {.type = ROW_DEED, .all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	g->one = arena_array(g->arena, PUBLISHED_MAX, sizeof *g->one, f);
	if (!g->one || !api_reviews(g->api, g->arena, &g->reviews, f) ||
		!g->api->store->engine->find(g->api->store, &q, take, g, f))
		return false;
	if (g->count > 1)
		qsort(g->one, g->count, sizeof *g->one, by_entry);
	return true;
}

/* -- one of them -- */

struct looking {
	struct gathering *g;
	struct shown *out;
	bool found;
};

static bool published(struct gathering *g, const struct row *row)
{
	struct row r = *row;
	struct fault f = {0};
	const struct tree *t;

	return g->api->revise && g->api->revise(g->reviews, NULL,
		g->api->now, &r, g->arena, &f) &&
		tree_read(r.body, g->arena, &t, &f) &&
		tree_text(t, "status") &&
		strcmp(tree_text(t, "status"), "published") == 0;
}

static bool take_finding(void *self, const struct row *row, struct fault *f)
{
	struct looking *l = self;
	const struct tree *t;

	if (row->ledger_index < 0 ||
		(uint64_t)row->ledger_index != l->out->of->of ||
		!published(l->g, row))
		return true;
	l->out->leaf = row->ledger_leaf;
	l->found = tree_read(row->body, l->g->arena, &t, f) &&
		finding_read(t, l->g->arena, &l->out->finding, f);
	return l->found;
}

static bool take_incident(void *self, const struct row *row, struct fault *f)
{
	struct looking *l = self;
	const struct tree *t;
	bool alone = l->out->of->id[0] == ROW_INCIDENT;

	if (alone && (row->ledger_index < 0 ||
		(uint64_t)row->ledger_index != l->out->of->of ||
		!published(l->g, row)))
		return true;
	l->found = l->found || alone;
	l->out->known = tree_read(row->body, l->g->arena, &t, f) &&
		incident_read(t, l->g->arena, &l->out->incident, f);
	return l->out->known;
}

/* *found false: the publication is not complete, or a newer version stands
 * there. */
static bool look(struct gathering *g, const struct publication *p,
	struct shown *x, bool *found, struct fault *f)
{
	struct store *s = g->api->store;
	const struct report level = {.level = LEVEL_PUBLIC};
	const struct view view = {.report = &level,
		.mission = g->api->mission, .arena = g->arena};
	struct looking l = {.g = g, .out = x};
	struct query q = {.type = ROW_FINDING, .id = p->id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	*x = (struct shown){.of = p, .place = PLACE_UNKNOWN};
	if (p->id[0] == ROW_FINDING) {
		if (!s->engine->find(s, &q, take_finding, &l, f))
			return false;
		*found = l.found;
		if (!l.found)
			return true;
		q.id = x->finding.incident.text;
	}
	q.type = ROW_INCIDENT;
	if (!s->engine->find(s, &q, take_incident, &l, f))
		return false;
	*found = l.found;
	if (x->known)
		x->place = view_place(&view, &x->incident.place);
	return true;
}

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

	json_key(j, "kind");
	json_text(j, kind_name(incident_kind(&x->incident)));
	json_key(j, "count");
	json_object(j);
	json_key(j, "value");
	if (c->value == COUNT_UNKNOWN)
		json_text(j, NULL);
	else
		json_i64(j, c->value);
	json_key(j, "meaning");
	json_text(j, count_meaning_name(c->meaning));
	json_close(j);
	json_key(j, "hour");
	if (instant_known(x->incident.at))
		json_time(j, hour_of(x->incident.at), 0);
	else
		json_text(j, NULL);
	json_key(j, "place");
	json_object(j);
	json_key(j, "lat");
	json_fixed(j, x->place.lat_deg, 4);
	json_key(j, "lon");
	json_fixed(j, x->place.lon_deg, 4);
	json_key(j, "within_m");
	json_fixed(j, x->place.region.ellipse.semi_major_m, 0);
	json_close(j);
}

static const struct resource_column findings_columns[] = {
	{"id", "id", 0}, {"published", "published", 0}, {"clause", "clause", 0},
	{"verdict", "verdict", 0}, {"grade", "grade", 0}, {"party", "party", 0},
	{"terms_sha256", "terms_sha256", 0}, {"kind", "kind", 0},
	{"count", "count.value", 0}, {"meaning", "count.meaning", 0},
	{"hour", "hour", 0}, {"lat", "place.lat", 0}, {"lon", "place.lon", 0},
	{"within_m", "place.within_m", 0},
	{0},
};

static const struct resource shown_findings = {
	.type = ROW_FINDING, .plural = "findings", .schema = "truce.public/1",
	.place = "place", .columns = findings_columns,
};

static const struct resource_column incidents_columns[] = {
	{"id", "id", 0}, {"published", "published", 0}, {"kind", "kind", 0},
	{"count", "count.value", 0}, {"meaning", "count.meaning", 0},
	{"hour", "hour", 0}, {"lat", "place.lat", 0}, {"lon", "place.lon", 0},
	{"within_m", "place.within_m", 0},
	{0},
};

static const struct resource shown_incidents = {
	.type = ROW_FINDING, /* so that its place is read from what is shown */
	.plural = "incidents", .schema = "truce.public_incidents/1",
	.place = "place", .columns = incidents_columns,
};

static void say_finding(struct json *j, const struct finding *n)
{
	json_key(j, "clause");
	json_text(j, n->clause);
	json_key(j, "verdict");
	json_text(j, verdict_name(n->verdict));
	json_key(j, "grade");
	json_text(j, n->grade);
	json_key(j, "party");
	json_text(j, n->party);
	json_key(j, "terms_sha256");
	json_text(j, n->terms_sha256);
}

/* What is shown is the row: nothing of the record goes with it. */
static bool say(struct render *to, const struct shown *x, struct fault *f)
{
	char id[32], body[2048];
	struct text t = text_on(id, sizeof id), b = text_on(body, sizeof body);
	struct json j = json_on(&b);
	struct row row = {.type = ROW_FINDING, .id = id, .kind = "",
		.status = "", .source = "", .lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN, .ledger_index = -1};

	text_fmt(&t, "p-%llu", (unsigned long long)x->of->entry);
	json_object(&j);
	json_key(&j, "id");
	json_text(&j, id);
	json_key(&j, "published");
	json_time(&j, x->of->at, 0);
	if (to->is == &shown_findings)
		say_finding(&j, &x->finding);
	if (x->known)
		say_incident(&j, x);
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

/* An incident is told once, however many of its findings were published. */
static bool told_before(struct gathering *g, const char **told, size_t *n,
	const struct shown *x, struct fault *f)
{
	const char *id = x->incident.id.text;

	for (size_t i = 0; i < *n; i++)
		if (strcmp(told[i], id) == 0)
			return true;
	told[*n] = arena_text(g->arena, bytes_of(id), f);
	*n += told[*n] != NULL;
	return false;
}

static bool say_all(struct gathering *g, struct render *to, struct fault *f)
{
	const char **told = arena_array(
		g->arena, g->count + 1, sizeof *told, f);
	size_t n = 0;
	bool found;
	struct shown x;

	render_head(to);
	for (size_t i = 0; told && i < g->count; i++) {
		if (!look(g, &g->one[i], &x, &found, f))
			return false;
		if (!found || (g->incidents && (!x.known ||
				told_before(g, told, &n, &x, f))))
			continue;
		if (!say(to, &x, f))
			return false;
	}
	render_end(to, "");
	return told != NULL;
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

static void list(const struct api *api, const struct wire_request *q,
	bool incidents, struct arena *a, struct wire_response *r)
{
	struct arena work;
	struct gathering g = {.api = api, .incidents = incidents,
		.arena = &work};
	struct text t = text_in(a, API_BYTES);
	struct render to = {.is = incidents ? &shown_incidents
		: &shown_findings, .out = &t, .work = &work};
	struct fault f = {0};
	bool ok;

	if (!form_of(q, a, &to.form, r))
		return;
	if (!arena_map(&work, (size_t)1 << 30, &f)) {
		sorry(a, r);
		return;
	}
	ok = gather(&g, &f) && say_all(&g, &to, &f);
	arena_unmap(&work);
	if (ok && text_check(&t, &f))
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
	json_key(&j, "schema");
	json_text(&j, "truce.public_mission/1");
	json_key(&j, "name");
	json_text(&j, m->name);
	json_key(&j, "title");
	json_text(&j, m->title);
	json_key(&j, "timezone");
	json_text(&j, m->timezone);
	json_key(&j, "parties");
	json_list(&j);
	for (size_t i = 0; i < m->party_count; i++) {
		json_object(&j);
		json_key(&j, "id");
		json_text(&j, m->party[i].id);
		json_key(&j, "name");
		json_text(&j, m->party[i].name);
		json_close(&j);
	}
	json_close(&j);
	json_key(&j, "cell_m");
	json_fixed(&j, m->public_cell_m, 0);
	json_close(&j);
	text_char(&t, '\n');
	answer_text(r, "application/json", &t);
}

/* -- CAP -- */

static void say_link(struct text *t, const struct shown *x, const char *name)
{
	char at[INSTANT_TEXT];
	unsigned long long n = x->of->entry;

	instant_print(x->of->at, 0, at);
	text_fmt(t, "<entry><id>urn:truce:%s:p-%llu</id><title>%s, clause %s"
		"</title><updated>%s</updated><link rel=\"enclosure\" "
		"type=\"application/cap+xml\" href=\"/cap/p-%llu\"/></entry>\n",
		name, n, verdict_name(x->finding.verdict), x->finding.clause,
		at, n);
}

static bool say_feed(struct gathering *g, struct text *t, struct fault *f)
{
	const struct mission *m = g->api->mission;
	struct instant last = {0};
	char at[INSTANT_TEXT];
	struct shown x;
	bool found;

	if (!gather(g, f))
		return false;
	for (size_t i = 0; i < g->count; i++)
		if (g->one[i].at.utc_ns > last.utc_ns)
			last = g->one[i].at;
	/* A mission's name is letters, digits, dashes. */
	text_fmt(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:truce:%s"
		"</id><title>%s</title><updated>%s</updated><author><name>%s"
		"</name></author>\n", m->name, m->name,
		instant_print(last, 0, at), m->name);
	for (size_t i = g->count; i > 0; i--) {
		if (!look(g, &g->one[i - 1], &x, &found, f))
			return false;
		if (found)
			say_link(t, &x, m->name);
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

static bool say_alert(struct gathering *g, uint64_t entry, struct text *t,
	bool *found, struct fault *f)
{
	struct shown x;

	*found = false;
	if (!gather(g, f))
		return false;
	for (size_t i = 0; i < g->count && !*found; i++) {
		struct cap cap = {.mission = g->api->mission,
			.sender = g->api->mission->name,
			.sent = g->one[i].at};

		if (g->one[i].entry != entry)
			continue;
		if (!look(g, &g->one[i], &x, found, f))
			return false;
		if (!*found)
			return true;
		cap.finding = &x.finding;
		cap.incident = x.known ? &x.incident : NULL;
		cap.ledger_index = (int64_t)x.of->of;
		cap.leaf = x.leaf;
		x.incident.at = x.incident.from = x.incident.to =
			hour_of(x.incident.at);
		withhold(g, &x.finding);
		x.finding.status = STATUS_PUBLISHED;
		x.finding.at = x.incident.at;
		if (!cap_print(&cap, t, f))
			return false;
	}
	return true;
}

static void cap(const struct api *api, struct bytes id, struct arena *a,
	struct wire_response *r)
{
	struct arena work;
	struct gathering g = {.api = api, .arena = &work};
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};
	bool ok, found = true;
	int64_t entry = -1;

	if (id.len > 0 && (!bytes_start(id, "p-") || !integer_read(
		bytes_part(id, 2, id.len), &entry, &f) || entry < 0)) {
		wire_problem(r, a, 404, "there is no such alert");
		return;
	}
	if (!arena_map(&work, (size_t)1 << 30, &f)) {
		sorry(a, r);
		return;
	}
	ok = entry < 0 ? say_feed(&g, &t, &f)
		: say_alert(&g, (uint64_t)entry, &t, &found, &f);
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

bool public_answer(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	static const char top[] = "/public/", reports[] = "reports/";
	struct bytes rest = bytes_part(
		q->path, sizeof "/public/v1/" - 1, q->path.len);
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
	else if (bytes_are(rest, "findings"))
		list(api, q, false, a, r);
	else if (bytes_are(rest, "incidents"))
		list(api, q, true, a, r);
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
