/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/published.h"

#include "base/json.h"
#include "base/tree.h"
#include "ledger/people_event.h"
#include "roles/deeds.h"

enum { ROOM_GIB = 4, LIST = 1 << 28, CHANGES_MAX = 1024 };

enum becomes { STANDS, UNDER_REVIEW, WITHDRAWN, CORRECTED };

static const char *const becomes_name[] = {
	"stands", "under_review", "withdrawn", "corrected"};

struct change {
	enum becomes does;
	int64_t entry, publication; /* -1: none */
	struct instant at;
	uint32_t by;     /* a bit for each role */
	const char *why; /* or NULL */
	bool firm;       /* two persons say so */
};

struct work {
	struct store *store;
	struct ledger *ledger;
	const struct people *people;
	struct deeds deeds;
	struct arena arena;
	/* of the one in question */
	const struct deed *of;
	bool by_person; /* it is a person's version of an incident */
	struct change change[CHANGES_MAX];
	size_t count;
	const char *incident; /* of a finding that has later versions */
};

/* -- who -- */

static uint32_t behind(const struct people *p, const struct people_item *x)
{
	uint32_t roles = 0;

	for (uint32_t n = x->behind; n > 0; n = p->behind[n - 1].before)
		roles |= 1u << p->key[p->behind[n - 1].key].role;
	return roles;
}

struct author {
	const struct people *people;
	uint32_t role;
};

static bool take_author(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct author *a = self;
	const struct people_key *k =
		people_author(a->people, e->entry.key_id);

	a->role = k ? 1u << k->role : 0;
	f->kind = FAULT_NONE;
	return false;
}

/* Of what a person did: all who stand behind it, or its author alone. */
static bool whose(struct work *w, uint64_t entry, uint32_t *roles,
	struct fault *f)
{
	const struct people_item *x = people_item_at(w->people, entry);
	struct author a = {w->people, 0};
	bool ok = true;

	*roles = x ? behind(w->people, x) : 0;
	if (*roles == 0) {
		f->kind = FAULT_NONE;
		ok = ledger_read(w->ledger, entry, take_author, &a, f) ||
			f->kind == FAULT_NONE;
		*roles = a.role;
	}
	return ok;
}

/* -- what came after it -- */

/* Of more than there is room for the first ones go. */
static struct change *add(struct work *w)
{
	struct change *c;

	if (w->count == CHANGES_MAX)
		memmove(w->change, w->change + 1,
			--w->count * sizeof *w->change);
	c = &w->change[w->count++];
	*c = (struct change){.entry = -1, .publication = -1,
		.at = INSTANT_UNKNOWN};
	return c;
}

/* The last thing that people did about a record between two entries, of those
 * that make another version of it. */
static const struct deed *cause(const struct work *w, const char *id,
	uint64_t from, uint64_t to)
{
	size_t n;
	const struct deed *d = deeds_of(&w->deeds, id, &n), *last = NULL;

	for (size_t i = 0; i < n; i++)
		if (d[i].entry > from && d[i].entry < to &&
			deed_changes(&d[i]))
			last = &d[i];
	return last;
}

/* One that is rejected is another version too: a single person may reject. Of
 * an incident of which people made a version the engine's do not stand. */
static bool version(void *self, const struct row *row, struct fault *f)
{
	struct work *w = self;
	const struct people_item *x;
	struct change *c;

	if (row->ledger_index <= (int64_t)w->of->of ||
		(w->by_person && row->version < ROW_PEOPLE))
		return true;
	x = people_item_at(w->people, (uint64_t)row->ledger_index);
	c = add(w);
	c->does = UNDER_REVIEW;
	c->entry = row->ledger_index;
	c->at = x ? x->clock : INSTANT_UNKNOWN;
	if (row->type != ROW_FINDING || w->incident)
		return true;
	w->incident = arena_text(&w->arena, bytes_of(row->source), f);
	return w->incident != NULL;
}

/* Why there is another version: what people did since the one before it, or
 * the engine by itself. */
static bool causes(struct work *w, struct fault *f)
{
	uint64_t before = w->of->of;

	for (size_t i = 0; i < w->count; i++) {
		struct change *c = &w->change[i];
		uint64_t at = (uint64_t)c->entry;
		const struct deed *d;

		if (c->by != 0)
			continue;
		d = cause(w, w->of->id, before, at + 1);
		if (!d && w->incident)
			d = cause(w, w->incident, before, at);
		c->by = 1u << PEOPLE_ENGINE;
		if (d && !whose(w, d->entry, &c->by, f))
			return false;
		before = at;
	}
	return true;
}

static bool is_complete(
	const struct work *w, const struct deed *d, const char *does)
{
	const struct people_item *x = people_item_at(w->people, d->entry);

	return strcmp(d->is.does, does) == 0 && x &&
		people_state(w->people, x) == PEOPLE_REVIEWED;
}

/* It was complete once, whatever became of the keys. */
static bool was_published(const struct work *w, const struct deed *d)
{
	const struct people_item *x = people_item_at(w->people, d->entry);
	const struct people_item *of = people_item_at(w->people, d->of);

	return strcmp(d->is.does, "publish") == 0 && x && of &&
		x->complete != UINT64_MAX && of->complete != UINT64_MAX;
}

static void word(struct work *w, const struct deed *d)
{
	const struct people_item *x = people_item_at(w->people, d->entry);
	struct change *c;
	bool withdraws = d->of == w->of->of && is_complete(w, d, "withdraw");

	if (!withdraws && (d->entry <= w->of->entry || d->of <= w->of->of ||
		!is_complete(w, d, "publish")))
		return;
	c = add(w);
	c->does = withdraws ? WITHDRAWN : CORRECTED;
	c->entry = (int64_t)d->entry;
	c->publication = withdraws ? -1 : (int64_t)d->entry;
	c->at = people_completed(w->people, x);
	c->by = behind(w->people, x);
	c->why = withdraws ? d->is.why : NULL;
	c->firm = true;
}

/* Keys that were revoked since may leave too few behind it. */
static void keys(struct work *w)
{
	const struct people_item *of = people_item_at(w->people, w->of->of);
	enum people_state s = people_state(w->people, of);
	struct change *c;

	for (size_t i = 0; i < w->count; i++)
		if (w->change[i].firm)
			return;
	if (s == PEOPLE_PUBLISHED && is_complete(w, w->of, "publish"))
		return;
	c = add(w);
	c->does = WITHDRAWN;
	c->by = 1u << PEOPLE_ROOT;
}

/* What has no entry of its own is of now. */
static int by_entry(const void *a, const void *b)
{
	uint64_t x = (uint64_t)((const struct change *)a)->entry;
	uint64_t y = (uint64_t)((const struct change *)b)->entry;

	return (x > y) - (x < y);
}

static bool changes(struct work *w, const struct deed *of, struct fault *f)
{
	const struct people_item *x = people_item_at(w->people, of->of);
	struct query q = {.type = (enum row_type)of->id[0], .id = of->id,
		.all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	size_t n;
	const struct deed *d = deeds_of(&w->deeds, of->id, &n);

	w->of = of;
	w->by_person = people_versions(x);
	w->count = 0;
	w->incident = NULL;
	if (!w->store->engine->find(w->store, &q, version, w, f))
		return false;
	for (size_t i = 0; i < n; i++)
		word(w, &d[i]);
	keys(w);
	qsort(w->change, w->count, sizeof *w->change, by_entry);
	return causes(w, f);
}

/* What two persons said of it is not undone by what the engine finds. */
static enum becomes state(const struct work *w)
{
	enum becomes is = STANDS;
	bool firm = false;

	for (size_t i = 0; i < w->count; i++) {
		const struct change *c = &w->change[i];

		if (firm && !c->firm)
			continue;
		is = c->does;
		firm |= c->firm;
	}
	return is;
}

/* -- as JSON -- */

static void say_entry(
	const struct work *w, struct json *j, const char *key, int64_t entry)
{
	char hex[SHA256_HEX];
	struct digest leaf;

	json_key(j, key);
	if (entry >= 0 && ledger_leaf(w->ledger, (uint64_t)entry, &leaf))
		json_text(j, digest_hex(&leaf, hex));
	else
		json_text(j, NULL);
}

static void say_index(struct json *j, const char *key, int64_t index)
{
	json_key(j, key);
	if (index < 0)
		json_text(j, NULL);
	else
		json_i64(j, index);
}

static void say_change(
	const struct work *w, const struct change *c, struct json *j)
{
	json_object(j);
	json_key(j, "at");
	if (instant_known(c->at))
		json_time(j, c->at, 0);
	else
		json_text(j, NULL);
	json_key(j, "by");
	json_list(j);
	for (int r = 0; r < PEOPLE_ROLES; r++)
		if (c->by & 1u << r)
			json_text(j, people_role_name((enum people_role)r));
	json_close(j);
	json_key_text(j, "does", becomes_name[c->does]);
	say_index(j, "entry", c->entry);
	say_entry(w, j, "leaf", c->entry);
	say_index(j, "publication", c->publication);
	json_key_text(j, "why", c->why);
	json_close(j);
}

static void say(const struct work *w, struct json *j)
{
	const struct deed *d = w->of;

	json_object(j);
	json_key_time(j, "at", d->is.at, 6);
	json_key(j, "changes");
	json_list(j);
	for (size_t i = 0; i < w->count; i++)
		say_change(w, &w->change[i], j);
	json_close(j);
	say_index(j, "entry", (int64_t)d->entry);
	json_key_text(j, "id", d->id);
	say_entry(w, j, "leaf", (int64_t)d->entry);
	say_index(j, "of", (int64_t)d->of);
	say_entry(w, j, "of_leaf", (int64_t)d->of);
	json_key_text(j, "state", becomes_name[state(w)]);
	json_close(j);
}

static bool set(struct work *w, struct fault *f)
{
	struct store *s = w->store;
	struct text t = text_in(&w->arena, LIST);
	struct json j = json_on(&t);

	json_list(&j);
	for (size_t i = 0; i < w->deeds.count; i++) {
		const struct deed *d = &w->deeds.deed[i];

		if (!was_published(w, d))
			continue;
		if (!changes(w, d, f))
			return false;
		say(w, &j);
	}
	json_close(&j);
	if (!text_check(&t, f) || !s->engine->begin(s, "published", f))
		return false;
	if (s->engine->set(s, "published", text_view(&t), f))
		return s->engine->commit(s, NULL, f);
	s->engine->rollback(s);
	return false;
}

bool published_index(struct store *s, struct ledger *l, struct fault *f)
{
	struct work *w;
	struct arena a = {0};
	bool ok = arena_map(&a, (size_t)ROOM_GIB << 30, f) &&
		(w = arena_take(&a, sizeof *w, f)) != NULL;

	if (ok) {
		w->store = s;
		w->ledger = l;
		w->people = ledger_people(l);
		w->arena = a;
		ok = deeds_read(s, &w->arena, &w->deeds, f) && set(w, f);
	}
	arena_unmap(&a);
	return ok;
}
