/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/records.h"

#include "base/json.h"
#include "publish/steps.h"
#include "serve/level.h"

enum { TAIL = 4096 };

struct page {
	const struct api *api;
	struct render render;
	struct arena *work;
	struct bytes reviews;
	const char *status; /* looked for in what people made of them */
	size_t limit;
	bool more;
	struct instant last_from;
	char last_id[256];
};

static bool put(void *self, const struct row *given, struct fault *f)
{
	struct page *p = self;
	struct row row = *given;
	struct text id;

	p->work->used = 0;
	if (!level_row(p->api, p->reviews, &row, p->work, f))
		return false;
	if (p->status && strcmp(p->status, row.status) != 0)
		return true;
	if (p->render.rows == p->limit) {
		p->more = true;
		f->kind = FAULT_NONE;
		return false;
	}
	p->last_from = row.from;
	id = text_on(p->last_id, sizeof p->last_id);
	text_add(&id, row.id);
	return render_row(&p->render, &row, f);
}

static void plain_tail(
	void *self, const struct records_tail *x, struct text *t)
{
	struct json j = json_on(t);

	(void)self;
	text_add(t, ",\"next\":");
	json_text(&j, x->next[0] ? x->next : NULL);
	text_add(t, ",\"index\":");
	if (x->newest < 0)
		text_add(t, "null");
	else
		text_i64(t, x->newest);
}

/* The rows of a page into p->render. */
static bool fill(struct page *p, const struct ask *ask, struct arena *a,
	int64_t *newest, struct fault *f)
{
	struct store *s = p->api->store;
	struct query q = ask->query;

	p->limit = q.limit;
	q.limit++; /* is there one more? */
	/* The index first: what is logged meanwhile comes twice, not never. */
	if (!s->engine->newest(s, newest, f) ||
		!api_reviews(p->api, a, &p->reviews, f))
		return false;
	if (q.status && ((p->reviews.len > 0 && q.type == ROW_INCIDENT) ||
			(p->api->owed && q.type == ROW_OBLIGATION))) {
		p->status = q.status; /* the index has what the machine said */
		q.status = NULL;
		q.limit = 0;
	}
	f->kind = FAULT_NONE;
	return s->engine->find(s, &q, put, p, f) || f->kind == FAULT_NONE;
}

void records_list(const struct api *api, const struct ask *ask,
	const struct resource *is,
	void (*tail)(void *self, const struct records_tail *, struct text *),
	void *self, struct arena *a, struct wire_response *r)
{
	struct arena work;
	struct text t = text_in(a, API_BYTES), more = text_in(a, TAIL);
	struct page p = {.api = api, .work = &work,
		.render = {is, ask->form, &t, &work, 0}};
	struct records_tail end = {.next = ""};
	struct fault f = {0};
	char place[300];
	struct text at = text_on(place, sizeof place);
	bool ok;

	if (!arena_map(&work, API_BYTES, &f)) {
		api_fault(&f, a, r);
		return;
	}
	render_head(&p.render);
	ok = fill(&p, ask, a, &end.newest, &f);
	arena_unmap(&work);
	if (p.more) {
		ask_place(&at, p.last_from, p.last_id);
		end.next = place;
	}
	end.rows = p.render.rows;
	(tail ? tail : plain_tail)(self, &end, &more);
	render_end(&p.render, more.at);
	if (!ok || !text_check(&t, &f)) {
		api_fault(&f, a, r);
		return;
	}
	api_text(r, ask_media(ask->form), &t);
	if (p.more)
		r->next = arena_text(a, text_view(&at), &f);
}

struct one {
	const struct api *api;
	struct arena *work;
	struct bytes reviews;
	const struct resource *is;
	enum render_form form;
	const char *lang; /* of a finding's sentences; NULL: as recorded */
	struct text *out;
	char id[256];
	size_t count; /* of ids that end so */
};

/* With its sentences in another language besides. */
static bool add_said(const struct one *o, struct row *row, struct fault *f)
{
	struct text t = text_in(o->work, 4 * row->body.len + 1024);
	const struct tree *tree;
	struct finding x;

	text_bytes(&t, bytes_part(row->body, 0, row->body.len - 1));
	text_add(&t, ",\"said\":");
	if (!tree_read(row->body, o->work, &tree, f) ||
		!finding_read(tree, o->work, &x, f) ||
		!steps_json(o->api->mission, o->lang, &x, o->work, &t, f))
		return false;
	text_char(&t, '}');
	row->body = text_view(&t);
	return text_check(&t, f);
}

static bool keep_one(void *self, const struct row *given, struct fault *f)
{
	struct one *o = self;
	struct row row = *given;
	struct text id = text_on(o->id, sizeof o->id);

	if (o->count > 0 && strcmp(o->id, row.id) != 0) {
		o->count = 2;
		f->kind = FAULT_NONE;
		return false;
	}
	o->count = 1;
	text_add(&id, row.id);
	o->out->len = 0;
	if (!level_row(o->api, o->reviews, &row, o->work, f) ||
		(o->lang && !add_said(o, &row, f)))
		return false;
	if (o->form == RENDER_GEO)
		return render_feature(o->out, o->is, &row, o->work, f);
	render_record(o->out, &row);
	return text_check(o->out, f);
}

bool records_spoken(const struct wire_request *asked, struct arena *a,
	const char **lang, struct wire_response *r)
{
	const char *s;
	bool bad = false;

	if (!wire_parameter(asked->query, "lang", a, &s, &bad) && !bad)
		return true;
	if (!bad)
		*lang = catalogue_of(s)->lang;
	if (bad || strcmp(*lang, s) != 0)
		wire_problem(r, a, 400, "lang=%.40s, wants en, uk, ru or fr",
			bad ? "a broken escape" : s);
	return !bad && strcmp(*lang, s) == 0;
}

void records_one(const struct api *api, const struct wire_request *asked,
	const struct resource *is, const char *id, enum render_form form,
	struct arena *a, struct wire_response *r)
{
	struct query q = {.type = is->type,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}, .id = id};
	struct arena work;
	struct text t = text_in(a, 16 << 20);
	struct one o = {.api = api, .work = &work, .out = &t, .is = is,
		.form = form};
	struct fault f = {0};
	bool ok;

	if (is->type == ROW_FINDING && form == RENDER_JSON &&
		!records_spoken(asked, a, &o.lang, r))
		return;
	if (!arena_map(&work, API_BYTES, &f)) {
		api_fault(&f, a, r);
		return;
	}
	ok = api_reviews(api, a, &o.reviews, &f);
	if (ok && strlen(id) >= 4)
		ok = api->store->engine->find(api->store, &q, keep_one, &o,
			&f) || f.kind == FAULT_NONE;
	if (ok && o.count == 0 && strlen(id) >= 4) {
		q.id = NULL;
		q.id_ending = id;
		ok = api->store->engine->find(api->store, &q, keep_one, &o,
			&f) || f.kind == FAULT_NONE;
	}
	arena_unmap(&work);
	text_char(&t, '\n');
	if (!ok || !text_check(&t, &f))
		api_fault(&f, a, r);
	else if (o.count == 0)
		wire_problem(r, a, 404, "no %s ends in '%.80s' (4 letters at "
			"least)", is->plural, id);
	else if (o.count > 1)
		wire_problem(r, a, 409, "several %s end in '%.80s'",
			is->plural, id);
	else
		api_text(r, ask_media(form), &t);
}

struct naming {
	char *id;
	size_t count; /* of different ids */
};

static bool keep_name(void *self, const struct row *row, struct fault *f)
{
	struct naming *n = self;
	struct text t = text_on(n->id, ID_TEXT);

	if (n->count > 0 && strcmp(n->id, row->id) == 0)
		return true;
	n->count++;
	text_add(&t, row->id);
	f->kind = FAULT_NONE;
	return n->count < 2;
}

static bool find_name(const struct api *api, const char *ending, bool exact,
	struct naming *n, struct fault *f)
{
	static const enum row_type types[] = {ROW_INCIDENT, ROW_FINDING};

	for (size_t i = 0; i < 2; i++) {
		struct query q = {.type = types[i],
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN},
			.id = exact ? ending : NULL,
			.id_ending = exact ? NULL : ending};

		f->kind = FAULT_NONE;
		if (!api->store->engine->find(api->store, &q, keep_name, n,
			f) && f->kind != FAULT_NONE)
			return false;
	}
	return true;
}

bool records_named(const struct api *api, const char *ending,
	char id[ID_TEXT], struct arena *a, struct wire_response *r)
{
	struct naming n = {.id = id};
	struct fault f = {0};
	bool ok = strlen(ending) < 4 ||
		(find_name(api, ending, true, &n, &f) && (n.count > 0 ||
			find_name(api, ending, false, &n, &f)));

	if (!ok)
		api_fault(&f, a, r);
	else if (n.count == 0)
		wire_problem(r, a, 404, "no incident or finding ends in "
			"'%.80s' (4 letters at least)", ending);
	else if (n.count > 1)
		wire_problem(r, a, 409, "several records end in '%.80s'",
			ending);
	return ok && n.count == 1;
}
