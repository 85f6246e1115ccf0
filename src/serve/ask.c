/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/ask.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/csv.h"
#include "base/encode.h"
#include "serve/search.h"

static const char *const names[] = {"from", "to", "bbox", "kind", "id",
	"limit", "after", "at", "versions", "f", "q"};

static const struct {
	const char *word, *media;
	enum render_form form;
} forms[] = {
	{"json", "application/json", RENDER_JSON},
	{"geojson", "application/geo+json", RENDER_GEO},
	{"csv", "text/csv", RENDER_CSV},
	{"jsonl", "application/x-ndjson", RENDER_LINES},
};

const char *ask_media(enum render_form form)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (forms[i].form == form)
			return form == RENDER_CSV ? "text/csv; charset=utf-8"
				: forms[i].media;
	return "text/plain; charset=utf-8";
}

/* One reading of a query: the first thing wrong is said. */
struct reading {
	const struct wire_request *request;
	const struct resource *is;
	const char *const *also;
	struct arena *arena;
	struct wire_response *response;
	bool bad;
};

PRINTF(2, 3) static void wrong(struct reading *r, const char *fmt, ...);

static void wrong(struct reading *r, const char *fmt, ...)
{
	char why[400];
	va_list args;

	if (r->bad)
		return;
	r->bad = true;
	va_start(args, fmt);
	(void)vsnprintf(why, sizeof why, fmt, args);
	va_end(args);
	wire_problem(r->response, r->arena, 400, "%s", why);
}

/* NULL: not given. */
static const char *given(struct reading *r, const char *name)
{
	const char *value = NULL;
	bool bad = false;

	if (!wire_parameter(r->request->query, name, r->arena, &value, &bad)) {
		if (bad)
			wrong(r, "%s: a broken %% escape", name);
		return NULL;
	}
	return value;
}

/* Every name there is must be one that is read. */
static void know_names(struct reading *r)
{
	struct bytes q = r->request->query;

	while (q.len > 0 && !r->bad) {
		const uint8_t *amp = memchr(q.at, '&', q.len);
		struct bytes part = bytes_part(q, 0,
			amp ? (size_t)(amp - q.at) : q.len);
		const uint8_t *is = part.len
			? memchr(part.at, '=', part.len) : NULL;
		struct bytes name = bytes_part(part, 0,
			is ? (size_t)(is - part.at) : part.len);
		bool known = part.len == 0 ||
			bytes_are(name, r->is->status_called) ||
			bytes_are(name, r->is->source_called);

		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			known = known || bytes_are(name, names[i]);
		for (size_t i = 0; r->also && r->also[i]; i++)
			known = known || bytes_are(name, r->also[i]);
		if (!known)
			wrong(r, "'%.*s' is no parameter of %s; wants from, "
				"to, bbox, kind, %s, %s, id, q, limit, after, "
				"at, versions, f",
				(int)(name.len < 60 ? name.len : 60),
				(const char *)name.at, r->is->plural,
				r->is->status_called, r->is->source_called);
		q = bytes_part(q, part.len + 1, q.len);
	}
}

static struct instant moment(struct reading *r, const char *name)
{
	const char *s = given(r, name);
	struct instant t = INSTANT_UNKNOWN;
	struct fault f;

	if (s && !instant_parse(bytes_of(s), true, &t, &f))
		wrong(r, "%s=%s: %s", name, s, f.text);
	return t;
}

static void box(struct reading *r, struct query *q)
{
	const char *s = given(r, "bbox");
	double v[4];
	struct bytes left = bytes_of(s);
	struct fault f;

	if (!s)
		return;
	for (int i = 0; i < 4; i++) {
		const uint8_t *comma =
			left.len ? memchr(left.at, ',', left.len) : NULL;
		size_t n = comma ? (size_t)(comma - left.at) : left.len;

		if ((i < 3) != (comma != NULL) || n == 0 ||
			!number_read(bytes_part(left, 0, n), &v[i], &f) ||
			!isfinite(v[i])) {
			wrong(r, "bbox=%s, wants west,south,east,north in "
				"degrees", s);
			return;
		}
		left = bytes_part(left, n + 1, left.len);
	}
	if (v[1] > v[3] || v[1] < -90 || v[3] > 90 || fabs(v[0]) > 180 ||
		fabs(v[2]) > 180)
		wrong(r, "bbox=%s, wants degrees, south not north of north",
			s);
	q->boxed = true;
	q->west = v[0];
	q->south = v[1];
	q->east = v[2];
	q->north = v[3];
}

static int64_t whole(struct reading *r, const char *name, int64_t otherwise,
	int64_t low, int64_t high)
{
	const char *s = given(r, name);
	struct fault f;
	int64_t n;

	if (!s)
		return otherwise;
	if (integer_read(bytes_of(s), &n, &f) && n >= low && n <= high)
		return n;
	wrong(r, "%s=%s, wants a number from %lld to %lld", name, s,
		(long long)low, (long long)high);
	return otherwise;
}

static const char *word(struct reading *r, const char *name,
	const char *(*nth)(int))
{
	const char *s = given(r, name);
	char list[300];
	struct text t = text_on(list, sizeof list);
	const char *w;

	if (!s || !nth)
		return s;
	for (int i = 0; (w = nth(i)) != NULL; i++) {
		if (strcmp(s, w) == 0)
			return s;
		text_fmt(&t, "%s%s", i ? ", " : "", w);
	}
	wrong(r, "%s=%s, wants %s", name, s, list);
	return s;
}

static void page(struct reading *r, struct query *q)
{
	const char *s = given(r, "after");
	const char *tilde = s ? strchr(s, '~') : NULL;
	uint8_t t[8];
	struct fault f;

	q->limit = (size_t)whole(r, "limit", ASK_PAGE, 1, ASK_PAGE_MAX);
	if (!s)
		return;
	if (!tilde || !tilde[1] || !hex_read((struct bytes){
		(const uint8_t *)s, (size_t)(tilde - s)}, t, sizeof t, &f)) {
		wrong(r, "after=%s, wants `next` of the page before", s);
		return;
	}
	q->after_from.utc_ns = (int64_t)bytes_be((struct bytes){t, sizeof t});
	q->after_id = tilde + 1;
}

void ask_place(struct text *t, struct instant from, const char *id)
{
	uint8_t ns[8];

	put_be(ns, (uint64_t)from.utc_ns, sizeof ns);
	text_hex(t, (struct bytes){ns, sizeof ns});
	text_char(t, '~');
	text_add(t, id);
}

/* The first medium of Accept that we have; what comes first counts, q is not
 * weighed. */
static enum render_form form(struct reading *r)
{
	const char *s = given(r, "f");
	struct bytes a = r->request->accept;

	for (size_t i = 0; s && i < sizeof forms / sizeof *forms; i++)
		if (strcmp(s, forms[i].word) == 0)
			return forms[i].form;
	if (s)
		wrong(r, "f=%s, wants json, geojson, csv, jsonl", s);
	while (a.len > 0) {
		const uint8_t *comma = memchr(a.at, ',', a.len);
		size_t n = comma ? (size_t)(comma - a.at) : a.len;
		struct bytes m = bytes_trim(bytes_part(a, 0, n));
		const uint8_t *semi = m.len ? memchr(m.at, ';', m.len) : NULL;

		if (semi)
			m.len = (size_t)(semi - m.at);
		for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
			if (bytes_are(m, forms[i].media))
				return forms[i].form;
		a = bytes_part(a, n + 1, a.len);
	}
	return RENDER_JSON;
}

static void words(struct reading *r, const struct api *api, struct query *q)
{
	const char *s = given(r, "q");

	if (!s)
		return;
	if (r->is->type != ROW_INCIDENT && r->is->type != ROW_OBLIGATION) {
		wrong(r, "q: %s have no words; /api/v1/search looks for all",
			r->is->plural);
		return;
	}
	q->matching = search_expression(api, bytes_of(s), r->arena);
	if (!q->matching)
		wrong(r, "q=%s, wants three letters or more", s);
}

bool ask_read(const struct api *api, const struct wire_request *request,
	const struct resource *is,
	const char *const *also, struct arena *a, struct ask *out,
	struct wire_response *response)
{
	struct reading r = {request, is, also, a, response, false};
	struct query *q = &out->query;
	const char *versions;

	*out = (struct ask){.query.type = is->type};
	know_names(&r);
	q->span = (struct span){moment(&r, "from"), moment(&r, "to")};
	if (instant_known(q->span.from) && instant_known(q->span.to) &&
		q->span.to.utc_ns < q->span.from.utc_ns)
		wrong(&r, "to is before from");
	if (instant_known(q->span.to) && !instant_known(q->span.from))
		q->span.from = (struct instant){0};
	box(&r, q);
	q->kind = word(&r, "kind", is->kind);
	q->status = word(&r, is->status_called, is->status);
	q->source = given(&r, is->source_called);
	q->id = given(&r, "id");
	words(&r, api, q);
	q->at = whole(&r, "at", -1, 0, INT64_MAX) + 1;
	versions = given(&r, "versions");
	if (versions && strcmp(versions, "all") != 0)
		wrong(&r, "versions=%s, wants all", versions);
	q->all_versions = versions != NULL;
	page(&r, q);
	out->form = form(&r);
	return !r.bad;
}
