/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serve/queue.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/tree.h"
#include "serve/api.h"
#include "serve/ask.h"
#include "serve/leases.h"
#include "serve/level.h"
#include "serve/render.h"

static const char *const states[] = {"new", "claimed", "needs_more",
	"proposed", "decided", "disputed", NULL};

enum { WAITING = QUEUE_STATES };

/* What a person did (roles/deeds.h). */
struct deed {
	const char *id;
	uint64_t entry, of; /* of: the entry it is about; UINT64_MAX */
	const char *by, *org, *does, *why;
	struct instant at;
	struct bytes record; /* of another version; len 0: none */
};

struct item { /* a record, as far as people came with it */
	struct row row;
	const struct deed *deed; /* all of its id */
	size_t deeds;
	struct lease lease; /* id "": none */
	enum queue_state state;
};

struct queue {
	const struct api *api;
	const struct asker *who;
	const struct resource *is;
	struct instant now;
	struct arena *arena;
	struct bytes reviews;
	struct deed *deed;
	size_t deeds, deed_room;
	struct lease *lease;
	size_t leases;
	struct item *item;
	size_t items, item_room;
	size_t limit;
	bool more;
	int want; /* state; -1: any; WAITING: all but decided */
	struct instant after;
	const char *after_id; /* NULL: from the start */
	struct span span;
	int64_t newest;
};

static bool is(const struct deed *d, const char *does)
{
	return strcmp(d->does, does) == 0;
}

static void *grown(struct arena *a, void *list, size_t count, size_t *room,
	size_t each, struct fault *f)
{
	size_t want = *room ? 2 * *room : 64;
	void *more;

	if (count < *room)
		return list;
	more = arena_array(a, want, each, f);
	if (more && count > 0)
		memcpy(more, list, count * each);
	*room = want;
	return more;
}

/* -- what people did -- */

static const char *said(const struct tree *t, const char *key)
{
	const char *s = tree_text(t, key);

	return s ? s : "";
}

static bool take_deed(void *self, const struct row *row, struct fault *f)
{
	static const char key[] = ",\"record\":";
	struct queue *q = self;
	const struct tree *t;
	struct deed *d;
	const uint8_t *at;
	struct bytes body;

	q->deed = grown(q->arena, q->deed, q->deeds, &q->deed_room,
		sizeof *q->deed, f);
	if (!q->deed || !tree_read(row->body, q->arena, &t, f))
		return false;
	d = &q->deed[q->deeds];
	*d = (struct deed){.id = arena_text(q->arena, bytes_of(row->id), f),
		.entry = row->version,
		.of = (uint64_t)tree_i64(t, "of", -1), .by = said(t, "by"),
		.org = said(t, "org"), .does = said(t, "does"),
		.why = said(t, "why"), .at = tree_time(t, "at")};
	if (!d->id)
		return false;
	at = tree_get(t, "record") ? memmem(row->body.at, row->body.len, key,
		sizeof key - 1) : NULL;
	if (at) {
		body = bytes_part(row->body, (size_t)(at - row->body.at) +
			sizeof key - 1, row->body.len);
		body.len--; /* the object's own brace */
		d->record = (struct bytes){(const uint8_t *)arena_text(
			q->arena, body, f), body.len};
		if (!d->record.at)
			return false;
	}
	q->deeds++;
	return true;
}

static int by_id(const void *a, const void *b)
{
	const struct deed *x = a, *y = b;
	int d = strcmp(x->id, y->id);

	return d ? d : (x->entry > y->entry) - (x->entry < y->entry);
}

static const struct deed *deeds_of(
	const struct queue *q, const char *id, size_t *count)
{
	size_t from = 0, to = q->deeds;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (strcmp(q->deed[mid].id, id) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	for (*count = 0; from + *count < q->deeds &&
		strcmp(q->deed[from + *count].id, id) == 0;)
		++*count;
	return *count > 0 ? &q->deed[from] : NULL;
}

/* -- the state of one -- */

/* What people decided of an entry: "" nothing. */
static const char *decided(const struct queue *q, uint64_t entry)
{
	struct row r = {.type = ROW_INCIDENT, .id = "", .status = "",
		.body = bytes_of("{}"), .ledger_index = (int64_t)entry};
	struct fault f = {0};

	if (q->api->revise && q->api->revise(q->reviews, NULL, q->now, &r,
		q->arena, &f))
		return r.status;
	return "";
}

static bool published(const struct item *x)
{
	return strcmp(x->row.status, "published") == 0;
}

static const char *status_of(const struct queue *q, const struct row *row)
{
	return decided(q, (uint64_t)row->ledger_index);
}

/* Another version, its publication, or its withdrawal, that wants another
 * person. */
static bool open_proposal(
	const struct queue *q, const struct item *x, const struct deed *d)
{
	if (*decided(q, d->entry))
		return false;
	if (d->record.len > 0)
		return d->entry > (uint64_t)x->row.ledger_index;
	return is(d, "withdraw") || (is(d, "publish") && !published(x) &&
		(d->of == UINT64_MAX ||
		d->of == (uint64_t)x->row.ledger_index));
}

static bool stands_behind(const struct item *x, const struct deed *d)
{
	return is(d, "confirm") && (d->of == UINT64_MAX
		? d->entry > (uint64_t)x->row.ledger_index
		: d->of == (uint64_t)x->row.ledger_index);
}

static enum queue_state state_of(const struct queue *q, const struct item *x)
{
	bool proposed = false, settled = *x->row.status != '\0';
	const struct deed *last = NULL, *word = NULL;

	for (size_t i = 0; i < x->deeds; i++) {
		const struct deed *d = &x->deed[i];

		proposed = proposed || open_proposal(q, x, d) ||
			(!settled && stands_behind(x, d));
		if (is(d, "reply"))
			word = d;
		else if (!is(d, "take") && !is(d, "release") &&
			d->entry > (uint64_t)x->row.ledger_index)
			last = d;
	}
	if (word && (!last || last->entry < word->entry))
		return QUEUE_DISPUTED;
	if (x->lease.id[0])
		return QUEUE_CLAIMED;
	if (last && is(last, "note"))
		return QUEUE_NEEDS_MORE;
	if (proposed)
		return QUEUE_PROPOSED;
	return settled ? QUEUE_DECIDED : QUEUE_NEW;
}

/* *row becomes x's, its status what people decided; no copy. */
static void look_at(struct queue *q, const struct row *row, struct item *x)
{
	*x = (struct item){.row = *row};
	x->deed = deeds_of(q, row->id, &x->deeds);
	x->row.status = status_of(q, row);
	for (size_t i = 0; i < q->leases; i++)
		if (strcmp(q->lease[i].id, row->id) == 0)
			x->lease = q->lease[i];
	x->state = state_of(q, x);
}

/* -- gathering -- */

static bool keep(struct queue *q, const struct item *x, struct fault *f)
{
	struct item *to;

	q->item = grown(q->arena, q->item, q->items, &q->item_room,
		sizeof *q->item, f);
	if (!q->item)
		return false;
	to = &q->item[q->items++];
	*to = *x;
	to->row.id = arena_text(q->arena, bytes_of(x->row.id), f);
	to->row.kind = arena_text(q->arena, bytes_of(x->row.kind), f);
	to->row.source = arena_text(q->arena, bytes_of(x->row.source), f);
	to->row.body.at = (const uint8_t *)arena_text(
		q->arena, x->row.body, f);
	return to->row.id && to->row.kind && to->row.source &&
		to->row.body.at;
}

static bool each_row(void *self, const struct row *row, struct fault *f)
{
	struct queue *q = self;
	struct item x;

	if (row->ledger_index < 0)
		return true; /* not logged: nothing to sign yet */
	look_at(q, row, &x);
	if (q->want == WAITING ? x.state == QUEUE_DECIDED
			       : q->want >= 0 && (int)x.state != q->want)
		return true;
	if (q->items == q->limit) {
		q->more = true;
		f->kind = FAULT_NONE;
		return false;
	}
	return keep(q, &x, f);
}

static bool each_touched(void *self, const struct row *row, struct fault *f)
{
	struct queue *q = self;
	struct item x;

	if (row->ledger_index < 0)
		return true;
	look_at(q, row, &x);
	return keep(q, &x, f);
}

static bool touch(struct queue *q, const char *id, struct fault *f)
{
	struct query x = {.type = q->is->type, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	return q->api->store->engine->find(
		q->api->store, &x, each_touched, q, f);
}

/* All about which somebody did something, or that somebody has. */
static bool touched(struct queue *q, struct fault *f)
{
	size_t n;

	for (size_t i = 0; i < q->deeds; i++)
		if (q->deed[i].id[0] == (char)q->is->type &&
			(i == 0 || strcmp(q->deed[i].id,
				q->deed[i - 1].id) != 0) &&
			!touch(q, q->deed[i].id, f))
			return false;
	for (size_t i = 0; i < q->leases; i++)
		if (q->lease[i].id[0] == (char)q->is->type &&
			!deeds_of(q, q->lease[i].id, &n) &&
			!touch(q, q->lease[i].id, f))
			return false;
	return true;
}

static int by_time(const void *a, const void *b)
{
	const struct row *x = &((const struct item *)a)->row;
	const struct row *y = &((const struct item *)b)->row;

	if (x->from.utc_ns != y->from.utc_ns)
		return x->from.utc_ns < y->from.utc_ns ? -1 : 1;
	return strcmp(x->id, y->id);
}

static bool asked_for(const struct queue *q, const struct item *x)
{
	const struct row *r = &x->row;
	int64_t t = r->from.utc_ns;

	return (int)x->state == q->want &&
		(!instant_known(q->span.from) ||
			t >= q->span.from.utc_ns) &&
		(!instant_known(q->span.to) || t < q->span.to.utc_ns) &&
		(!q->after_id || t > q->after.utc_ns ||
			(t == q->after.utc_ns &&
				strcmp(r->id, q->after_id) > 0));
}

/* A page of those touched: few, so they are sorted here. */
static void page_of_touched(struct queue *q)
{
	size_t n = 0;

	if (q->items > 1)
		qsort(q->item, q->items, sizeof *q->item, by_time);
	for (size_t i = 0; i < q->items && !q->more; i++) {
		if (!asked_for(q, &q->item[i]))
			continue;
		q->more = n == q->limit;
		if (!q->more)
			q->item[n++] = q->item[i];
	}
	q->items = n;
}

void totals_init(struct totals *t)
{
	memset(t, 0, sizeof *t);
	(void)pthread_mutex_init(&t->lock, NULL);
}

void totals_done(struct totals *t)
{
	(void)pthread_mutex_destroy(&t->lock);
}

/* How many there are of the kind, counted once for each state of the log. */
static bool total(struct queue *q, uint64_t *n, struct fault *f)
{
	struct totals *t = q->api->totals;
	struct total *one =
		t ? &t->one[q->is->type == ROW_INCIDENT] : NULL;
	struct query x = {.type = q->is->type,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool known = false, ok;

	if (one) {
		(void)pthread_mutex_lock(&t->lock);
		known = one->counted && one->index == q->newest;
		*n = one->count;
		(void)pthread_mutex_unlock(&t->lock);
	}
	if (known)
		return true;
	ok = q->api->store->engine->count(q->api->store, &x, n, f);
	if (ok && one) {
		(void)pthread_mutex_lock(&t->lock);
		*one = (struct total){true, q->newest, *n};
		(void)pthread_mutex_unlock(&t->lock);
	}
	return ok;
}

/* -- printing -- */

static void say_deed(struct json *j, const struct deed *d)
{
	json_key_time(j, "at", d->at, 3);
	json_key_text(j, "by", d->by);
	json_key_text(j, "does", d->does);
	json_key_text(j, "org", d->org);
	json_key_text(j, "why", d->why);
}

static bool mine(const struct queue *q, const struct deed *d)
{
	char hex[2 * PERSON_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	text_hex(&t, (struct bytes){q->who->is.person, PERSON_LEN});
	return q->who->known && strcmp(hex, d->by) == 0;
}

/* The other entries of the same act, which stand or fall with it: of a merge
 * or a split. */
static void say_with(
	const struct queue *q, const struct deed *of, struct json *j)
{
	json_key(j, "with");
	json_list(j);
	for (size_t i = 0; i < q->deeds && of->record.len > 0; i++) {
		const struct deed *d = &q->deed[i];

		if (d->entry == of->entry || d->record.len == 0 ||
			d->at.utc_ns != of->at.utc_ns ||
			strcmp(d->by, of->by) != 0 || !is(d, of->does))
			continue;
		json_object(j);
		json_key_text(j, "id", d->id);
		json_key_i64(j, "index", (int64_t)d->entry);
		json_key_raw(j, "record", d->record);
		json_close(j);
	}
	json_close(j);
}

static void say_people(struct queue *q, const struct item *x, struct json *j)
{
	json_key(j, "words");
	json_list(j);
	for (size_t i = 0; i < x->deeds; i++) {
		if (is(&x->deed[i], "take") || is(&x->deed[i], "release"))
			continue;
		json_object(j);
		json_key_i64(j, "index", (int64_t)x->deed[i].entry);
		say_deed(j, &x->deed[i]);
		json_close(j);
	}
	json_close(j);
	json_key(j, "proposals");
	json_list(j);
	for (size_t i = 0; i < x->deeds; i++) {
		const struct deed *d = &x->deed[i];

		if (!open_proposal(q, x, d))
			continue;
		json_object(j);
		json_key_i64(j, "index", (int64_t)d->entry);
		say_deed(j, d);
		json_key_flag(j, "mine", mine(q, d));
		json_key_raw(j, "record", d->record.len > 0 ? d->record :
			bytes_of("null"));
		say_with(q, d, j);
		json_close(j);
	}
	json_close(j);
}

static bool behind(const struct queue *q, const struct item *x)
{
	for (size_t i = 0; i < x->deeds; i++)
		if (stands_behind(x, &x->deed[i]) && mine(q, &x->deed[i]))
			return true;
	return false;
}

/* What became of it in public, in this version or an earlier one. */
enum outside { UNTOLD, STANDS, TAKING_BACK /* one wants to */, TAKEN_BACK };

static enum outside outside(const struct queue *q, const struct item *x)
{
	enum outside is_now = UNTOLD;

	for (size_t i = 0; i < x->deeds; i++) {
		const struct deed *d = &x->deed[i];
		const char *was = decided(q, d->entry);
		bool agreed = strcmp(was, "reviewed") == 0;

		if (is(d, "publish") && agreed)
			is_now = STANDS;
		else if (is(d, "withdraw") && strcmp(was, "rejected") != 0)
			is_now = agreed ? TAKEN_BACK : TAKING_BACK;
	}
	return is_now;
}

static bool may_now(
	const struct queue *q, const struct item *x, const char *word)
{
	bool settled = *x->row.status != '\0';
	bool others = x->lease.id[0] && !lease_is(&x->lease, &q->who->is);

	if (strcmp(word, "note") == 0 || strcmp(word, "reply") == 0)
		return true;
	if (strcmp(word, "withdraw") == 0)
		return outside(q, x) == STANDS;
	if (strcmp(word, "publish") == 0) {
		for (size_t i = 0; i < x->deeds; i++)
			if (is(&x->deed[i], "publish") &&
				open_proposal(q, x, &x->deed[i]))
				return false;
		return strcmp(x->row.status, "reviewed") == 0;
	}
	if (others)
		return false;
	if (strcmp(word, "confirm") == 0 || strcmp(word, "reject") == 0)
		return !settled && !behind(q, x);
	return strcmp(word, "take") == 0 || q->is->type == ROW_INCIDENT;
}

struct glance { /* at the incident of a finding */
	struct arena *arena;
	const char *kind, *phrase, *meaning;
	int64_t count;  /* -1 not known */
	double err90_m; /* NAN not known */
};

static bool glance_at(void *self, const struct row *row, struct fault *f)
{
	struct glance *g = self;
	const struct tree *t;

	if (!tree_read(row->body, g->arena, &t, f))
		return false;
	g->phrase = tree_text(t, "phrase");
	g->meaning = tree_text(tree_get(t, "count"), "meaning");
	g->count = tree_i64(tree_get(t, "count"), "value", -1);
	g->err90_m = tree_number(tree_get(tree_get(tree_get(t, "place"),
		"region"), "ellipse"), "semi_major_m");
	g->kind = arena_text(g->arena, bytes_of(row->kind), f);
	return g->kind != NULL;
}

/* What happened and where, so that a list of findings reads as one of acts. */
static bool say_about(
	struct queue *q, const struct item *x, struct json *j, struct fault *f)
{
	struct glance g = {.arena = q->arena, .count = -1, .err90_m = NAN};
	struct query of = {.type = ROW_INCIDENT,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *t;

	if (!tree_read(x->row.body, q->arena, &t, f))
		return false;
	of.id = tree_text(t, "incident");
	if (of.id && !q->api->store->engine->find(
			     q->api->store, &of, glance_at, &g, f))
		return false;
	json_key(j, "about");
	json_object(j);
	json_key_text(j, "kind", g.kind);
	json_key_text(j, "phrase", g.phrase);
	json_key(j, "count");
	json_object(j);
	json_key(j, "value");
	if (g.count >= 0)
		json_i64(j, g.count);
	else
		json_text(j, NULL);
	json_key_text(j, "meaning", g.meaning);
	json_close(j);
	json_key_fixed(j, "err90_m", g.err90_m, 1);
	json_close(j);
	return true;
}

static bool say_item(
	struct queue *q, struct item *x, struct json *j, struct fault *f)
{
	static const char *const none[] = {NULL};
	const char *const *may = q->who->known
		? session_may(q->who->is.role) : none;
	struct row row = x->row;

	row.status = "";
	if (!level_row(q->api, q->reviews, &row, q->arena, f))
		return false;
	json_object(j);
	json_key_text(j, "id", x->row.id);
	json_key_i64(j, "index", x->row.ledger_index);
	json_key_i64(j, "version", x->row.version);
	json_key_text(j, "state", states[x->state]);
	json_key_text(j, "status", outside(q, x) == TAKEN_BACK ? "withdrawn" :
		*x->row.status ? x->row.status : "automatic");
	json_key(j, "lease");
	if (x->lease.id[0])
		lease_say(j, &x->lease, q->who);
	else
		json_text(j, NULL);
	say_people(q, x, j);
	json_key_flag(j, "mine", behind(q, x));
	json_key(j, "may");
	json_list(j);
	for (size_t i = 0; may[i]; i++)
		if (may_now(q, x, may[i]))
			json_text(j, may[i]);
	json_close(j);
	if (q->is->type == ROW_FINDING && !say_about(q, x, j, f))
		return false;
	json_key_raw(j, "record", (struct bytes){0});
	render_record(j->out, &row);
	json_close(j);
	return text_check(j->out, f);
}

static bool say(struct queue *q, const uint64_t counts[QUEUE_STATES],
	struct text *t, struct fault *f)
{
	struct json j = json_on(t);
	char place[300];
	struct text p = text_on(place, sizeof place);

	json_object(&j);
	json_key_text(&j, "schema", "truce.queue/1");
	json_key_text(&j, "type", q->is->type == ROW_INCIDENT ? "incident" :
		"finding");
	json_key(&j, "counts");
	json_object(&j);
	for (int i = 0; i < QUEUE_STATES; i++)
		json_key_i64(&j, states[i], (int64_t)counts[i]);
	json_close(&j);
	json_key(&j, "queue");
	json_list(&j);
	for (size_t i = 0; i < q->items; i++)
		if (!say_item(q, &q->item[i], &j, f))
			return false;
	json_close(&j);
	if (q->more && q->items > 0)
		ask_place(&p, q->item[q->items - 1].row.from,
			q->item[q->items - 1].row.id);
	json_key_text(&j, "next", q->more ? place : NULL);
	json_key_i64(&j, "index", q->newest);
	json_close(&j);
	text_char(t, '\n');
	return text_check(t, f);
}

/* -- the answer -- */

static bool count_all(
	struct queue *q, uint64_t counts[QUEUE_STATES], struct fault *f)
{
	uint64_t all, others = 0;

	if (!touched(q, f) || !total(q, &all, f))
		return false;
	for (size_t i = 0; i < q->items; i++)
		counts[q->item[i].state]++;
	for (int i = 0; i < QUEUE_STATES; i++)
		others += i == QUEUE_NEW ? 0 : counts[i];
	counts[QUEUE_NEW] = all > others ? all - others : 0;
	return true;
}

static bool fill(struct queue *q, const struct ask *ask,
	uint64_t counts[QUEUE_STATES], struct fault *f)
{
	struct store *s = q->api->store;
	struct query all = {.type = ROW_DEED, .all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct query rows = ask->query;

	q->lease = arena_array(q->arena, LEASES, sizeof *q->lease, f);
	if (!q->lease || !s->engine->newest(s, &q->newest, f) ||
		!api_reviews(q->api, q->arena, &q->reviews, f) ||
		!s->engine->find(s, &all, take_deed, q, f))
		return false;
	if (q->deeds > 1)
		qsort(q->deed, q->deeds, sizeof *q->deed, by_id);
	if (q->api->leases)
		q->leases = leases_all(q->api->leases, q->now, q->lease);
	if (!count_all(q, counts, f))
		return false;
	if (q->want > QUEUE_NEW && q->want != WAITING) {
		page_of_touched(q);
		return true;
	}
	q->items = 0;
	rows.limit = 0;
	f->kind = FAULT_NONE;
	return s->engine->find(s, &rows, each_row, q, f) ||
		f->kind == FAULT_NONE;
}

static int named(const char *s, const char *const *list)
{
	for (int i = 0; list[i]; i++)
		if (strcmp(list[i], s) == 0)
			return i;
	return -1;
}

static bool read_asked(const struct wire_request *r, struct queue *q,
	struct ask *ask, struct arena *a, struct wire_response *w)
{
	static const char *const also[] = {"type", "state", NULL};
	static const char *const types[] = {"finding", "incident", NULL};
	const char *type = "finding", *state = NULL;
	bool bad = false;

	(void)wire_parameter(r->query, "type", a, &type, &bad);
	(void)wire_parameter(r->query, "state", a, &state, &bad);
	q->want = !state ? -1 : strcmp(state, "waiting") == 0 ? WAITING
		: named(state, states);
	if (bad || named(type, types) < 0) {
		wire_problem(w, a, 400, "type=%.40s, wants finding or "
			"incident", type);
		return false;
	}
	if (state && q->want < 0) {
		wire_problem(w, a, 400, "state=%.40s, wants waiting, new, "
			"claimed, needs_more, proposed, decided, disputed",
			state);
		return false;
	}
	q->is = named(type, types) == 0 ? &resource_findings
		: &resource_incidents;
	if (!ask_read(q->api, r, q->is, also, a, ask, w))
		return false;
	q->limit = ask->query.limit;
	q->span = ask->query.span;
	q->after = ask->query.after_from;
	q->after_id = ask->query.after_id;
	return true;
}

void queue_answer(const struct api *api, const struct wire_request *r,
	const struct asker *who, struct arena *a, struct wire_response *w)
{
	struct arena work;
	struct queue q = {.api = api, .who = who, .now = r->now,
		.arena = &work};
	uint64_t counts[QUEUE_STATES] = {0};
	struct text t = text_in(a, API_BYTES);
	struct fault f = {0};
	struct ask ask;

	if (who->level < LEVEL_MISSION) {
		wire_problem(w, a, 403, "the mission's own");
		return;
	}
	if (!read_asked(r, &q, &ask, a, w))
		return;
	if (!arena_map(&work, (size_t)4 << 30, &f)) {
		api_fault(&f, a, w);
		return;
	}
	if (fill(&q, &ask, counts, &f) && say(&q, counts, &t, &f)) {
		api_text(w, "application/json", &t);
		w->cache = "no-store";
	} else {
		api_fault(&f, a, w);
	}
	arena_unmap(&work);
}
