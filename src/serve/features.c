/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/features.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/json.h"
#include "serve/records.h"

#define ROOT "/ogc"
#define GEOJSON "application/geo+json"
#define CLASS "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/"

static const struct resource *const collections[] = {&resource_incidents,
	&resource_detections, &resource_looks, NULL};

static const struct resource *collection_named(struct bytes name)
{
	for (size_t i = 0; collections[i]; i++)
		if (bytes_are(name, collections[i]->plural))
			return collections[i];
	return NULL;
}

static void member(struct json *j, const char *key, const char *value)
{
	json_key(j, key);
	json_text(j, value);
}

/* path: behind /ogc; absolute, since clients differ in what they resolve. */
PRINTF(5, 6) static void link_to(struct json *j, const struct wire_request *q,
	const char *rel, const char *type, const char *fmt, ...);

static void link_to(struct json *j, const struct wire_request *q,
	const char *rel, const char *type, const char *fmt, ...)
{
	char at[2048];
	struct text t = text_on(at, sizeof at);
	va_list args;

	text_add(&t, "http://");
	text_bytes(&t, q->host);
	text_add(&t, ROOT);
	va_start(args, fmt);
	(void)vsnprintf(at + t.len, sizeof at - t.len, fmt, args);
	va_end(args);
	json_object(j);
	member(j, "rel", rel);
	member(j, "type", type);
	member(j, "href", at);
	json_close(j);
}

static void done(struct json *j, const char *type, struct wire_response *r)
{
	json_close(j);
	text_char(j->out, '\n');
	api_text(r, type, j->out);
}

static void landing(const struct api *api, const struct wire_request *q,
	struct json *j, struct wire_response *r)
{
	json_object(j);
	member(j, "title", api->mission->title);
	member(j, "description", "Incidents under a cease-fire, with their "
		"errors, and what was watched");
	json_key(j, "links");
	json_list(j);
	link_to(j, q, "self", "application/json", "%s", "");
	link_to(j, q, "service-desc",
		"application/vnd.oai.openapi+json;version=3.0", "/api");
	link_to(j, q, "conformance", "application/json", "/conformance");
	link_to(j, q, "data", "application/json", "/collections");
	json_close(j);
	done(j, "application/json", r);
}

static void conformance(struct json *j, struct wire_response *r)
{
	json_object(j);
	json_key(j, "conformsTo");
	json_list(j);
	json_text(j, CLASS "core");
	json_text(j, CLASS "geojson");
	json_text(j, CLASS "oas30");
	json_close(j);
	done(j, "application/json", r);
}

static void collection(const struct api *api, const struct wire_request *q,
	const struct resource *is, struct json *j)
{
	const struct mission *m = api->mission;

	json_object(j);
	member(j, "id", is->plural);
	member(j, "title", is->plural);
	member(j, "description", is->about);
	member(j, "itemType", "feature");
	json_key(j, "extent");
	json_object(j);
	json_key(j, "spatial");
	json_object(j);
	json_key(j, "bbox");
	json_list(j);
	json_list(j);
	json_short(j, m->west, 7);
	json_short(j, m->south, 7);
	json_short(j, m->east, 7);
	json_short(j, m->north, 7);
	json_close(j);
	json_close(j);
	json_close(j);
	json_close(j);
	json_key(j, "links");
	json_list(j);
	link_to(j, q, "self", "application/json", "/collections/%s",
		is->plural);
	link_to(j, q, "items", GEOJSON, "/collections/%s/items", is->plural);
	json_close(j);
}

static void list_collections(const struct api *api,
	const struct wire_request *q, struct json *j, struct wire_response *r)
{
	json_object(j);
	json_key(j, "links");
	json_list(j);
	link_to(j, q, "self", "application/json", "/collections");
	json_close(j);
	json_key(j, "collections");
	json_list(j);
	for (size_t i = 0; collections[i]; i++) {
		collection(api, q, collections[i], j);
		json_close(j);
	}
	json_close(j);
	done(j, "application/json", r);
}

static void description(struct json *j, struct wire_response *r)
{
	json_object(j);
	member(j, "openapi", "3.0.3");
	json_key(j, "info");
	json_object(j);
	member(j, "title", "Truce: OGC API Features");
	member(j, "version", "1.0");
	json_close(j);
	json_key(j, "paths");
	json_object(j);
	for (size_t i = 0; collections[i]; i++) {
		char path[128];
		struct text t = text_on(path, sizeof path);

		text_fmt(&t, ROOT "/collections/%s/items",
			collections[i]->plural);
		json_key(j, path);
		json_raw(j, bytes_of("{\"get\":{\"parameters\":["
			"{\"name\":\"bbox\",\"in\":\"query\",\"schema\":"
			"{\"type\":\"array\",\"items\":{\"type\":\"number\"},"
			"\"minItems\":4,\"maxItems\":4},\"explode\":false},"
			"{\"name\":\"datetime\",\"in\":\"query\",\"schema\":"
			"{\"type\":\"string\"}},"
			"{\"name\":\"limit\",\"in\":\"query\",\"schema\":"
			"{\"type\":\"integer\",\"minimum\":1,"
			"\"maximum\":1000,\"default\":100}}],"
			"\"responses\":{\"200\":{\"description\":"
			"\"a page of features\"}}}}"));
	}
	json_close(j);
	done(j, "application/vnd.oai.openapi+json;version=3.0", r);
}

/* -- items -- */

/* datetime=T, A/B, A/.., ../B as from and to; the rest goes through. */
static bool translate(const struct wire_request *q, struct arena *a,
	struct bytes *query, struct wire_response *r)
{
	struct text t = text_in(a, q->query.len + 512);
	struct bytes left = q->query;
	const char *when = NULL;
	bool bad = false;

	while (left.len > 0) {
		const uint8_t *amp = memchr(left.at, '&', left.len);
		struct bytes part = bytes_part(left, 0,
			amp ? (size_t)(amp - left.at) : left.len);

		if (!bytes_start(part, "datetime=") &&
			!bytes_start(part, "f=") && part.len > 0) {
			text_bytes(&t, part);
			text_char(&t, '&');
		}
		left = bytes_part(left, part.len + 1, left.len);
	}
	text_add(&t, "f=geojson");
	if (wire_parameter(q->query, "datetime", a, &when, &bad)) {
		const char *slash = strchr(when, '/');
		int n = slash ? (int)(slash - when) : (int)strlen(when);
		const char *to = slash ? slash + 1 : "";
		struct instant at;
		struct fault f;
		char next[INSTANT_TEXT];

		if (!slash && instant_parse(bytes_of(when), true, &at, &f))
			to = instant_print(instant_plus_ns(at, 1), 9, next);
		if (n > 0 && strncmp(when, "..", 2) != 0)
			text_fmt(&t, "&from=%.*s", n, when);
		if (*to && strcmp(to, "..") != 0)
			text_fmt(&t, "&to=%s", to);
	}
	if (bad || t.full)
		wire_problem(r, a, 400, "datetime, wants T, A/B, A/.. or "
			"../B");
	*query = text_view(&t);
	return !bad && !t.full;
}

struct paging {
	const struct wire_request *request;
	const struct resource *is;
};

/* The page's own links; the next has what this one was asked, but its place. */
static void tail(void *self, const struct records_tail *x, struct text *t)
{
	const struct paging *p = self;
	struct bytes left = p->request->query;
	char same[1024];
	struct text s = text_on(same, sizeof same);
	struct json j = json_on(t);

	while (left.len > 0) {
		const uint8_t *amp = memchr(left.at, '&', left.len);
		struct bytes part = bytes_part(left, 0,
			amp ? (size_t)(amp - left.at) : left.len);

		if (!bytes_start(part, "after=")) {
			text_bytes(&s, part);
			text_char(&s, '&');
		}
		left = bytes_part(left, part.len + 1, left.len);
	}
	text_add(t, ",\"links\":");
	json_list(&j);
	link_to(&j, p->request, "self", GEOJSON, "/collections/%s/items?%.*s",
		p->is->plural, (int)p->request->query.len,
		(const char *)p->request->query.at);
	if (x->next[0])
		link_to(&j, p->request, "next", GEOJSON,
			"/collections/%s/items?%safter=%s", p->is->plural,
			same, x->next);
	json_close(&j);
	text_fmt(t, ",\"numberReturned\":%llu", (unsigned long long)x->rows);
}

/* What lies on an edge intersects the box (7.15.3 of the standard); a box of
 * ours has its south and west alone. */
static void close_box(struct query *q)
{
	const double least = 1e-7; /* the digits that places have */

	q->east += least;
	if (q->north < 90)
		q->north += least;
}

static void items(const struct api *api, const struct wire_request *asked,
	const struct resource *is, struct arena *a, struct wire_response *r)
{
	struct paging p = {asked, is};
	struct wire_request q = *asked;
	struct ask ask;

	if (q.query.len > 900)
		wire_problem(r, a, 400, "a query of over 900 bytes");
	else if (translate(asked, a, &q.query, r) &&
		ask_read(api, &q, is, NULL, a, &ask, r)) {
		close_box(&ask.query);
		records_list(api, &ask, is, tail, &p, a, r);
	}
}

/* "/C", "/C/items", "/C/items/ID" */
static void inside(const struct api *api, const struct wire_request *q,
	struct bytes path, struct json *j, struct arena *a,
	struct wire_response *r)
{
	const uint8_t *slash = path.len > 1
		? memchr(path.at + 1, '/', path.len - 1) : NULL;
	size_t n = slash ? (size_t)(slash - path.at) : path.len;
	const struct resource *is =
		collection_named(bytes_part(path, 1, n - 1));
	struct bytes rest = bytes_part(path, n, path.len);
	struct fault f = {0};
	const char *id;

	if (is && rest.len == 0) {
		collection(api, q, is, j);
		done(j, "application/json", r);
	} else if (is && bytes_are(rest, "/items")) {
		items(api, q, is, a, r);
	} else if (is && bytes_start(rest, "/items/") &&
		(id = arena_text(a, bytes_part(rest, 7, rest.len), &f))) {
		records_one(api, q, is, id, RENDER_GEO, a, r);
	} else {
		wire_problem(r, a, 404, "no such collection or item; "
			ROOT "/collections says what there is");
	}
}

void features_answer(const struct api *api, const struct wire_request *q,
	struct arena *a, struct wire_response *r)
{
	struct bytes path = bytes_part(q->path, strlen(ROOT), q->path.len);
	struct text t = text_in(a, 1 << 20);
	struct json j = json_on(&t);

	if (path.len == 0 || bytes_are(path, "/"))
		landing(api, q, &j, r);
	else if (bytes_are(path, "/conformance"))
		conformance(&j, r);
	else if (bytes_are(path, "/api"))
		description(&j, r);
	else if (bytes_are(path, "/collections"))
		list_collections(api, q, &j, r);
	else if (bytes_start(path, "/collections/"))
		inside(api, q, bytes_part(path, 12, path.len), &j, a, r);
	else
		wire_problem(r, a, 404, "there is no such page of " ROOT);
}
