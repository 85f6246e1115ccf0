/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/search.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/tree.h"
#include "model/fold.h"
#include "serve/level.h"
#include "serve/resource.h"

enum { Q_MAX = 200, HITS = 20, HITS_MAX = 100, ALIASES = 8, NAME = 200 };

static const char *folded(const char *s, char out[NAME])
{
	struct text t = text_on(out, NAME);

	fold(bytes_of(s), &t);
	return out;
}

bool search_fold(const struct mission *m, struct arena *a,
	struct search_names *n, struct fault *f)
{
	char at[5 * NAME];

	n->all = arena_array(a, m->town_count + 1, sizeof *n->all, f);
	n->own = arena_array(a, m->town_count + 1, sizeof *n->own, f);
	for (size_t i = 0; n->all && n->own && i < m->town_count; i++) {
		const struct town *x = &m->town[i];
		const char *const names[] = {x->name, x->name_uk, x->name_ru,
			x->name_fr, x->former};
		struct text t = text_on(at, sizeof at);

		fold(bytes_of(x->name), &t);
		n->own[i] = arena_text(a, text_view(&t), f);
		t.len = 0;
		for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
			if (names[k])
				fold(bytes_of(names[k]), &t);
			text_char(&t, '\n');
		}
		n->all[i] = arena_text(a, text_view(&t), f);
		if (!n->own[i] || !n->all[i])
			return false;
	}
	return n->all && n->own;
}

const char *search_expression(
	const struct api *api, struct bytes q, struct arena *a)
{
	char wanted[NAME];
	struct text w = text_on(wanted, sizeof wanted);
	struct text t = text_in(a, (ALIASES + 1) * (NAME + 8));
	const struct search_names *n = api->names;
	size_t aliases = 0;

	fold(bytes_part(q, 0, Q_MAX), &w);
	if (w.full || w.len < 3)
		return NULL;
	text_fmt(&t, "\"%s\"", wanted);
	for (size_t i = 0; n && i < api->mission->town_count &&
		aliases < ALIASES; i++) {
		if (!strstr(n->all[i], wanted) || strlen(n->own[i]) < 3 ||
			strstr(n->own[i], wanted))
			continue;
		text_fmt(&t, " OR \"%.*s\"", NAME, n->own[i]);
		aliases++;
	}
	return t.at;
}

/* -- hits -- */

struct hits {
	const struct api *api;
	struct json j;
	struct arena *work;
	struct bytes reviews;
	size_t count, limit;
};

struct hit {
	const char *is, *id, *kind, *status, *title;
	struct instant at;
	double lat, lon;
};

static void say(struct hits *h, const struct hit *x)
{
	if (h->count++ >= h->limit)
		return;
	json_object(&h->j);
	json_key_text(&h->j, "is", x->is);
	json_key_text(&h->j, "id", x->id);
	json_key(&h->j, "at");
	if (instant_known(x->at))
		json_time(&h->j, x->at, 6);
	else
		json_text(&h->j, NULL);
	json_key_text(&h->j, "kind", x->kind && *x->kind ? x->kind : NULL);
	json_key_text(&h->j, "status", x->status && *x->status ? x->status :
		NULL);
	json_key_text(&h->j, "title", x->title);
	json_key_fixed(&h->j, "lat", x->lat, 7);
	json_key_fixed(&h->j, "lon", x->lon, 7);
	json_close(&h->j);
}

static const char *name_of(enum row_type type)
{
	switch (type) {
	case ROW_INCIDENT: return "incident";
	case ROW_FINDING: return "finding";
	case ROW_ACTIVITY: return "activity";
	case ROW_CLAIM: return "claim";
	default: return "obligation";
	}
}

static const char *title_of(const struct tree *t)
{
	static const char *const keys[] = {"phrase", "text", "says", "pledge",
		"clause"};
	const char *s = NULL;

	for (size_t i = 0; !s && i < sizeof keys / sizeof *keys; i++)
		s = tree_text(t, keys[i]);
	return s ? s : "";
}

static double degrees(int32_t e7)
{
	return e7 == INT32_MIN ? NAN : e7 * 1e-7;
}

static bool add_row(void *self, const struct row *given, struct fault *f)
{
	struct hits *h = self;
	struct row row = *given;
	const struct tree *t;

	h->work->used = 0;
	if (!level_row(h->api, h->reviews, &row, h->work, f))
		return false;
	if (!tree_read(row.body, h->work, &t, f))
		return false;
	say(h, &(struct hit){name_of(row.type), row.id, row.kind, row.status,
		title_of(t), row.from, degrees(row.lat_e7),
		degrees(row.lon_e7)});
	return true;
}

static void add_sources(struct hits *h, const char *q)
{
	char at[NAME];

	for (size_t i = 0; i < h->api->mission->source_count; i++) {
		const struct source *s = &h->api->mission->source[i];

		if (strstr(folded(s->id, at), q))
			say(h, &(struct hit){"source", s->id,
				source_kind_name(s->kind), NULL, s->id,
				INSTANT_UNKNOWN, s->lat_deg,
				s->lon_deg});
	}
}

static void add_towns(struct hits *h, const char *q)
{
	const struct search_names *n = h->api->names;

	for (size_t i = 0; n && i < h->api->mission->town_count; i++) {
		const struct town *t = &h->api->mission->town[i];

		if (strstr(n->all[i], q))
			say(h, &(struct hit){"place", t->name, NULL, NULL,
				t->name, INSTANT_UNKNOWN, t->lat_deg,
				t->lon_deg});
	}
}

/* An id, or its begin or end of 4 letters and more. */
static bool add_ids(struct hits *h, struct bytes q, struct fault *f)
{
	static const enum row_type types[] = {ROW_INCIDENT, ROW_FINDING,
		ROW_OBLIGATION, ROW_ACTIVITY, ROW_CLAIM};
	char id[32];
	struct text t = text_on(id, sizeof id);

	text_bytes(&t, q);
	if (t.full || t.len < 4 || strspn(id, "abcdefghijklmnopqrstuvwxyz"
		"0123456789-") != t.len)
		return true;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		struct query x = {.type = types[i], .id_ending = id,
			.limit = h->limit,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
		bool whole = t.len == 28 && id[1] == '-';

		if (whole)
			x.id_ending = NULL;
		if (whole)
			x.id = id;
		if (!h->api->store->engine->find(h->api->store, &x, add_row,
			h, f))
			return false;
	}
	return true;
}

static bool find_all(struct hits *h, struct bytes q, struct arena *a,
	struct fault *f)
{
	char wanted[NAME];
	struct text w = text_on(wanted, sizeof wanted);
	const char *matching = search_expression(h->api, q, a);
	struct store *s = h->api->store;

	fold(bytes_part(q, 0, Q_MAX), &w);
	if (w.len > 0) {
		add_sources(h, wanted);
		add_towns(h, wanted);
	}
	if (!api_reviews(h->api, a, &h->reviews, f))
		return false;
	if (matching && h->count < h->limit && !s->engine->search(s, matching,
		h->limit, add_row, h, f))
		return false;
	return h->count >= h->limit || add_ids(h, q, f);
}

static size_t read_limit(const struct wire_request *r, struct arena *a)
{
	const char *s;
	struct fault f;
	bool bad = false;
	int64_t n;

	if (!wire_parameter(r->query, "limit", a, &s, &bad))
		return HITS;
	return integer_read(bytes_of(s), &n, &f) && n > 0 && n <= HITS_MAX
		? (size_t)n : 0;
}

void search_answer(const struct api *api, const struct wire_request *r,
	struct arena *a, struct wire_response *w)
{
	struct text t = text_in(a, 1 << 20);
	struct arena work;
	struct hits h = {api, json_on(&t), &work, {0}, 0, read_limit(r, a)};
	const char *q = "";
	struct fault f = {0};
	bool bad = false, ok;
	int64_t newest;

	if (!wire_parameter(r->query, "q", a, &q, &bad) || bad || !*q ||
		h.limit == 0) {
		wire_problem(w, a, 400, "wants q=TEXT, and limit=1 to %d",
			HITS_MAX);
		return;
	}
	if (!arena_map(&work, API_BYTES, &f)) {
		api_fault(&f, a, w);
		return;
	}
	json_object(&h.j);
	json_key_text(&h.j, "schema", "truce.search/1");
	json_key_text(&h.j, "q", q);
	json_key(&h.j, "hits");
	json_list(&h.j);
	ok = api->store->engine->newest(api->store, &newest, &f) &&
		find_all(&h, bytes_of(q), a, &f);
	json_close(&h.j);
	json_key_flag(&h.j, "more", h.count > h.limit);
	json_key_i64(&h.j, "index", newest);
	json_close(&h.j);
	text_char(&t, '\n');
	arena_unmap(&work);
	if (ok && text_check(&t, &f))
		api_text(w, "application/json", &t);
	else
		api_fault(&f, a, w);
}
