/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/api.h"

#include "base/csv.h"
#include "base/json.h"
#include "model/words.h"
#include "serve/ask.h"
#include "serve/disclosures.h"
#include "serve/entries.h"
#include "serve/features.h"
#include "serve/files.h"
#include "serve/intake.h"
#include "serve/landmarks.h"
#include "serve/leases.h"
#include "serve/level.h"
#include "serve/photos.h"
#include "serve/points.h"
#include "serve/public.h"
#include "serve/queue.h"
#include "serve/records.h"
#include "serve/search.h"
#include "serve/reports.h"
#include "serve/submission.h"
#include "serve/watching.h"

#define ROOT "/api/v1/"
/* Ours alone; style and worker too.  The map needs img data: and nothing
 * inline. */
#define POLICY "default-src 'none'; script-src 'self'; worker-src 'self'; " \
	"style-src 'self'; img-src 'self' data: blob:; font-src 'self'; " \
	"connect-src 'self'; manifest-src 'self'; base-uri 'none'; " \
	"form-action 'self'; " \
	"frame-ancestors 'none'"
/* Reports carry their style within. */
#define POLICY_REPORT "default-src 'none'; style-src 'unsafe-inline'; " \
	"img-src 'self' data:; base-uri 'none'; form-action 'none'; " \
	"frame-ancestors 'none'"

void api_fault(
	const struct fault *f, struct arena *a, struct wire_response *r)
{
	switch (f->kind) {
	case FAULT_INPUT:
		wire_problem(r, a, 400, "%s", f->text);
		return;
	case FAULT_LIMIT:
		wire_problem(r, a, 413, "more than one answer holds: ask for "
			"less (limit, from, to, bbox)");
		return;
	default:
		wire_problem(r, a, 503, "%s", f->text);
	}
}

bool api_reviews(const struct api *api, struct arena *a, struct bytes *reviews,
	struct fault *f)
{
	*reviews = (struct bytes){0};
	return !api->revise ||
		api->store->engine->get(api->store, "reviews", a, reviews, f);
}

void api_text(
	struct wire_response *r, const char *type, const struct text *t)
{
	*r = (struct wire_response){.status = 200, .type = type,
		.cache = "no-cache", .body = text_view(t)};
}

/* Letters and digits only: it goes to a command line. */
static bool id_ok(const char *id)
{
	size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n >= 4 && n < 64 && id[n] == '\0' && id[0] != '-';
}

static void explanation(const struct api *api, const struct api_telling *x,
	struct arena *a, struct wire_response *r)
{
	bool picture = x->what == API_PICTURE;
	struct fault f = {0};

	*r = (struct wire_response){.status = 200, .cache = "no-cache",
		.type = picture ? "image/svg+xml" : "application/json",
		.policy = picture ? "default-src 'none'; style-src "
			"'unsafe-inline'; frame-ancestors 'none'" : NULL};
	if (!api->tell || !id_ok(x->id))
		wire_problem(r, a, 404, "wants an id, or its last letters");
	else if (api->tell(api->self, x, a, &r->body, &f))
		return;
	else if (f.kind == FAULT_INPUT)
		wire_problem(r, a, 404, "%s", f.text);
	else
		api_fault(&f, a, r);
}

/* 404 of a mission that has no register. */
static void board(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	struct fault f = {0};

	*r = (struct wire_response){.status = 200, .cache = "no-cache",
		.type = "application/json"};
	if (!api->tell)
		wire_problem(r, a, 404, "there is no board here");
	else if (api->tell(api->self, &(struct api_telling){
			.what = API_BOARD}, a, &r->body, &f))
		return;
	else if (f.kind == FAULT_INPUT)
		wire_problem(r, a, 404, "%s", f.text);
	else
		api_fault(&f, a, r);
}

/* In one of the house's languages: ?lang=uk, or 400. */
static void picture(const struct api *api, const struct wire_request *q,
	const char *id, struct arena *a, struct wire_response *r)
{
	struct api_telling x = {.what = API_PICTURE, .id = id,
		.lang = "en"};

	if (records_spoken(q, a, &x.lang, r))
		explanation(api, &x, a, r);
}

static void words(struct json *j, const char *key, const char *(*nth)(int))
{
	const char *w;

	json_key(j, key);
	json_list(j);
	for (int i = 0; (w = nth(i)) != NULL; i++)
		json_text(j, w);
	json_close(j);
}

static const char *meaning(int i)
{
	return i < COUNT_MEANINGS ? count_meaning_name((enum count_meaning)i)
		: NULL;
}

/* What there is, and the words that columns number. */
static void root(struct arena *a, struct wire_response *r)
{
	static const char *const others[] = {"mission", "sources", "geometry",
		"columns", "coverage", "search", "stream", "explanations",
		"pictures", "board", "reports", "report", "intake", "map"};
	struct text t = text_in(a, 32768);
	struct json j = json_on(&t);

	json_object(&j);
	json_key(&j, "schema");
	json_text(&j, "truce.api/1");
	json_key(&j, "resources");
	json_object(&j);
	for (size_t i = 0; resources[i]; i++) {
		json_key(&j, resources[i]->plural);
		json_text(&j, resources[i]->about);
	}
	json_close(&j);
	json_key(&j, "others");
	json_list(&j);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		json_text(&j, others[i]);
	json_close(&j);
	words(&j, "kinds", resource_incidents.kind);
	words(&j, "statuses", resource_incidents.status);
	words(&j, "verdicts", resource_findings.status);
	words(&j, "count_meanings", meaning);
	json_close(&j);
	text_char(&t, '\n');
	api_text(r, "application/json", &t);
}

static void mission(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, 1 << 20);
	struct fault f = {0};
	int64_t newest;

	if (!api->store->engine->newest(api->store, &newest, &f)) {
		api_fault(&f, a, r);
		return;
	}
	landmarks_mission(api, newest, &t);
	api_text(r, "application/json", &t);
}

static void geojson(void (*print)(const struct mission *, struct text *),
	const struct api *api, struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};

	print(api->mission, &t);
	if (text_check(&t, &f))
		api_text(r, "application/geo+json", &t);
	else
		api_fault(&f, a, r);
}

static void columns(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	static const char *const also[] = {"cells", NULL};
	struct fault f = {0};
	struct ask ask;
	const char *cells = NULL;
	bool bad = false;
	int64_t zoom = 0;

	if (!ask_read(api, q, &resource_incidents, also, a, &ask, r))
		return;
	if (wire_parameter(q->query, "cells", a, &cells, &bad) &&
		(!integer_read(bytes_of(cells), &zoom, &f) || zoom < 0 ||
			zoom > POINTS_ZOOM_MAX)) {
		wire_problem(r, a, 400, "cells=%.40s, wants a zoom from 0 to "
			"%d", cells, POINTS_ZOOM_MAX);
		return;
	}
	*r = (struct wire_response){.status = 200, .cache = "no-cache",
		.type = "application/vnd.truce.columns"};
	if (cells ? !points_cells(api, &ask.query, (int)zoom, a, &r->body, &f)
		: !points_write(api, &ask.query, a, &r->body, &f))
		api_fault(&f, a, r);
}

static void stream(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	const char *s = NULL;
	bool bad = false, said;
	struct bytes after = q->last_event_id;
	struct fault f = {0};

	*r = (struct wire_response){.is = WIRE_EVENTS, .status = 200,
		.type = "text/event-stream", .cache = "no-cache",
		.parties = api->level == LEVEL_PARTIES};
	/* A browser that comes back knows better than the URL it opened. */
	said = after.len > 0;
	if (!said && wire_parameter(q->query, "after", a, &s, &bad)) {
		after = bytes_of(s);
		said = true;
	}
	if (said ? !integer_read(after, &r->after, &f) || r->after < -1
		: !api->store->engine->newest(api->store, &r->after, &f))
		wire_problem(r, a, said ? 400 : 503, "after=%.40s, wants the "
			"index of a ledger entry", said && after.len < 40
			? (const char *)after.at : "");
}

static void atlas(
	const struct api *api, struct arena *a, struct wire_response *r)
{
	static const struct atlas none;
	struct text t = text_in(a, 1 << 16);

	atlas_facts(api->atlas ? api->atlas : &none, &t);
	api_text(r, "application/json", &t);
}

static void report(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	reports_print(api, q, a, r);
	if (r->status == 200)
		r->policy = POLICY_REPORT;
}

static void versioned(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	struct bytes rest = bytes_part(q->path, strlen(ROOT), q->path.len);
	const uint8_t *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
	struct bytes word = bytes_part(rest, 0,
		slash ? (size_t)(slash - rest.at) : rest.len);
	struct bytes id = bytes_part(rest, word.len + 1, rest.len);
	const struct resource *is = resource_named(word);
	struct fault f = {0};
	const char *text = arena_text(a, id, &f);
	struct ask ask;

	if (!text)
		api_fault(&f, a, r);
	else if (is && id.len > 0)
		records_one(api, q, is, text, RENDER_JSON, a, r);
	else if (is && ask_read(api, q, is, NULL, a, &ask, r))
		records_list(api, &ask, is, NULL, NULL, a, r);
	else if (is)
		return;
	else if (bytes_are(word, "explanations") && id.len > 0)
		explanation(api, &(struct api_telling){.what = API_EXPLANATION,
			.id = text}, a, r);
	else if (bytes_are(word, "pictures") && id.len > 0)
		picture(api, q, text, a, r);
	else if (bytes_are(word, "photos") && id.len > 0)
		photos_answer(api, q, text, a, r);
	else if (rest.len == 0)
		root(a, r);
	else if (bytes_are(rest, "mission"))
		mission(api, a, r);
	else if (bytes_are(rest, "sources"))
		geojson(landmarks_sources, api, a, r);
	else if (bytes_are(rest, "geometry"))
		geojson(landmarks_geometry, api, a, r);
	else if (bytes_are(rest, "columns"))
		columns(api, q, a, r);
	else if (bytes_are(rest, "map"))
		atlas(api, a, r);
	else if (bytes_are(rest, "board"))
		board(api, a, r);
	else if (bytes_are(rest, "reports"))
		reports_answer(api, a, r);
	else if (bytes_are(rest, "report"))
		report(api, q, a, r);
	else if (bytes_are(rest, "intake"))
		intake_answer(api, a, r);
	else if (bytes_are(rest, "search"))
		search_answer(api, q, a, r);
	else if (bytes_are(rest, "coverage"))
		watching_answer(api, q, a, r);
	else if (bytes_are(rest, "stream"))
		stream(api, q, a, r);
	else
		wire_problem(r, a, 404, "there is no '%.*s' here; " ROOT
			" says what there is", (int)(rest.len < 80 ? rest.len
			: 80), (const char *)rest.at);
}

static void page_file(const struct api *api, struct bytes path,
	struct arena *a, struct wire_response *r)
{
	struct text t = text_in(a, 4096);
	bool out = bytes_start(path, "/out/");

	if (!api->web && bytes_are(path, "/")) { /* the report, till then */
		path = bytes_of("/out/report.html");
		out = true;
	}
	if (out) {
		text_fmt(&t, "%s/out", api->folder);
		files_below(t.at, bytes_part(path, 4, path.len), a, r);
		r->policy = POLICY_REPORT;
	} else if (!api->web) {
		wire_problem(r, a, 404, "the page is not installed; the data "
			"are at " ROOT);
	} else {
		files_below(api->web, bytes_are(path, "/")
			? bytes_of("/index.html") : path, a, r);
	}
}

static void submission(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	struct fault f = {0};
	const char *id = arena_text(a, bytes_part(q->path,
		sizeof ROOT "submissions/" - 1, q->path.len), &f);

	if (id)
		submission_answer(api, q, id, a, r);
	else
		api_fault(&f, a, r);
}

/* What persons do.  False: the path is none of these. */
static bool people(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct wire_response *r)
{
	struct bytes rest = bytes_part(q->path, strlen(ROOT), q->path.len);
	const uint8_t *slash = rest.len ? memchr(rest.at, '/', rest.len) : NULL;
	struct bytes word = bytes_part(rest, 0,
		slash ? (size_t)(slash - rest.at) : rest.len);
	struct bytes more = bytes_part(rest, word.len + 1, rest.len);
	struct fault f = {0};
	const char *id;

	if (!bytes_start(q->path, ROOT))
		return false;
	if (bytes_are(rest, "session"))
		session_answer(api, q, who, a, r);
	else if (bytes_are(word, "entries"))
		entries_answer(api, q, who, more, a, r);
	else if (bytes_are(rest, "disclosures"))
		disclosures_answer(api, q, who, a, r);
	else if (bytes_are(rest, "queue"))
		queue_answer(api, q, who, a, r);
	else if (!bytes_are(word, "leases"))
		return false;
	else if ((id = arena_text(a, more, &f)))
		leases_answer(api, q, who, id, a, r);
	else
		api_fault(&f, a, r);
	return true;
}

/* From a page of ours, or from no page.  A web server may hand on the name
 * without its port (nginx' $host, the safe one). */
static bool own_origin(const struct wire_request *q)
{
	struct bytes o = q->origin, h = q->host;
	const uint8_t *port;

	if (o.len == 0)
		return true;
	o = bytes_part(o, bytes_start(o, "https://") ? 8
		: bytes_start(o, "http://") ? 7 : o.len, o.len);
	port = o.len && h.len && !memchr(h.at, ':', h.len)
		? memchr(o.at, ':', o.len) : NULL;
	if (port)
		o.len = (size_t)(port - o.at);
	return o.len > 0 && bytes_equal(o, h);
}

static bool reads(const struct wire_request *q)
{
	return q->method == WIRE_GET || q->method == WIRE_HEAD;
}

/* What somebody hands in; reporters too, who read what the public does. */
static bool hands_in(const struct wire_request *q)
{
	return q->method == WIRE_PUT &&
		bytes_start(q->path, ROOT "submissions/");
}

static void route(const struct api *api, const struct wire_request *q,
	const struct asker *who, struct arena *a, struct wire_response *r)
{
	if (!level_permits(api->level, q->path) &&
		!(who->known && hands_in(q)))
		wire_problem(r, a, who->known ? 403 : 401, "not for the level "
			"%s", level_name(api->level));
	else if (hands_in(q)) {
		if (api->open || session_writes(q, who, a, r))
			submission(api, q, a, r);
	} else if (people(api, q, who, a, r))
		return;
	else if (!reads(q))
		wire_problem(r, a, 405, "GET and HEAD only");
	else if (bytes_start(q->path, ROOT))
		versioned(api, q, a, r);
	else if (api->atlas && bytes_start(q->path, "/map/"))
		atlas_tile(api->atlas, bytes_part(q->path, 5, q->path.len), a,
			r);
	else if (bytes_start(q->path, "/ogc"))
		features_answer(api, q, a, r);
	else if (!files_of_log(api->folder, q->path, a, r))
		page_file(api, q->path, a, r);
}

/* The same path without `party/`, and the level that goes with it. */
static bool for_party(struct api *api, struct wire_request *q, struct arena *a)
{
	static const char prefix[] = ROOT "party/";
	struct text t;

	if (!bytes_start(q->path, prefix))
		return true;
	if (api->level < LEVEL_PARTIES)
		return false;
	api->level = LEVEL_PARTIES;
	t = text_in(a, q->path.len + 1);
	text_add(&t, ROOT);
	text_bytes(&t, bytes_part(q->path, sizeof prefix - 1, q->path.len));
	q->path = text_view(&t);
	return true;
}

static void answer(const struct api *given, const struct wire_request *asked,
	struct arena *a, struct wire_response *r)
{
	struct wire_request q = *asked;
	struct api api = *given;
	struct asker who;

	api.now = q.now;
	if (!reads(&q) && !own_origin(&q)) {
		wire_problem(r, a, 403, "from another page");
		return;
	}
	/* No session is looked at: these bytes are everybody's. */
	if (public_answer(&api, &q, a, r))
		return;
	session_asker(&api, &q, &who);
	api.level = who.level;
	if (for_party(&api, &q, a))
		route(&api, &q, &who, a, r);
	else
		wire_problem(r, a, who.known ? 403 : 401, "not for the level "
			"%s", level_name(api.level));
	/* A cache must not hand one's answer to another. */
	if (who.known && r->cache && strcmp(r->cache, "no-cache") == 0)
		r->cache = "private, no-cache";
}

void api_answer(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	struct bytes tag = q->if_none_match;

	*r = (struct wire_response){0};
	answer(api, q, a, r);
	if (!r->policy)
		r->policy = POLICY;
	/* A web server that packs an answer calls its tag weak. */
	if (bytes_start(tag, "W/"))
		tag = bytes_part(tag, 2, tag.len);
	if (r->status == 200 && r->etag[0] && bytes_are(tag, r->etag)) {
		r->is = WIRE_TEXT;
		r->status = 304;
		r->body = (struct bytes){0};
	}
}
