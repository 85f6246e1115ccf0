/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/deeds.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/tree.h"
#include "ledger/body.h"
#include "ledger/genesis.h"
#include "model/codec.h"
#include "roles/reviews.h"

enum { WORK = 8 << 20, WHY_MAX = 4096 };

#define SEEN "deeds" /* named value: 8 bytes, the entry to go on from */

struct work {
	struct store *store;
	const struct people *people;
	struct arena arena;
	uint64_t next;
};

struct told { /* an entry, as far as it is a deed */
	const struct people_item *about;
	char does[16];
	bool whole; /* its body is a record */
};

static bool is_record(const struct people_item *i)
{
	return i && (i->type == ENTRY_INCIDENT || i->type == ENTRY_FINDING);
}

static const char *text_in_body(const struct ledger_entry *e, const char *name,
	char *out, size_t size)
{
	const struct field *x = e->open ? fields_find(e->body, name) : NULL;

	return x && value_text(x->value, out, size) ? out : "";
}

static bool published(struct work *w, const struct ledger_entry *e,
	struct told *t)
{
	struct digest of;

	(void)text_in_body(e, "act", t->does, sizeof t->does);
	if (strcmp(t->does, "publish") != 0 ||
		!body_digest(e->body, "of", &of))
		return false;
	t->about = people_item_of(w->people, &of);
	return is_record(t->about);
}

/* A party's word to a record, by its liaison's key; or that what was published
 * is no more. */
static bool said(struct work *w, const struct ledger_entry *e,
	const char *does, struct told *t)
{
	struct digest of;

	(void)text_in_body(e, "does", t->does, sizeof t->does);
	if (strcmp(t->does, does) != 0 || !body_digest(e->body, "of", &of))
		return false;
	t->about = people_item_of(w->people, &of);
	return is_record(t->about);
}

/* False: nothing about an incident or a finding. */
static bool tell(struct work *w, const struct ledger_entry *e, struct told *t)
{
	struct text does = text_on(t->does, sizeof t->does);
	struct digest of;

	if (e->entry.type == ENTRY_PUBLICATION)
		return e->open && published(w, e, t);
	if (e->entry.type == ENTRY_INCIDENT) {
		t->about = people_item_at(w->people, e->index);
		t->whole = true;
		return e->open && t->about && *text_in_body(e, "does",
			t->does, sizeof t->does);
	}
	if (e->entry.type == ENTRY_CLAIM)
		return e->open && said(w, e, "reply", t);
	if (e->entry.type == ENTRY_CORRECTION)
		return e->open && said(w, e, "withdraw", t);
	if (e->entry.type != ENTRY_REVIEW)
		return false;
	t->about = people_confirmed(w->people, &e->entry);
	if (t->about) {
		text_add(&does, "confirm");
		return is_record(t->about);
	}
	if (!e->open || !body_digest(e->body, "of", &of))
		return false;
	t->about = people_item_of(w->people, &of);
	return is_record(t->about) &&
		*text_in_body(e, "does", t->does, sizeof t->does);
}

static bool write_body(struct work *w, const struct ledger_entry *e,
	const struct people_key *k, const struct told *t, struct bytes *out)
{
	struct text body = text_in(&w->arena, 1 << 20);
	struct json j = json_on(&body);
	char hex[2 * PERSON_LEN + 1], why[WHY_MAX];
	struct text by = text_on(hex, sizeof hex);
	struct fault no;

	text_hex(&by, (struct bytes){k->person, PERSON_LEN});
	json_object(&j);
	json_key_time(&j, "at", e->entry.clock, 6);
	json_key_text(&j, "by", hex);
	json_key_text(&j, "does", t->does);
	json_key_text(&j, "org", k->org);
	json_key_i64(&j, "of", (int64_t)t->about->index);
	json_key_text(&j, "why", text_in_body(e, e->entry.type ==
		ENTRY_PUBLICATION ? "what" : e->entry.type == ENTRY_CLAIM ?
		"says" : "why", why, sizeof why));
	if (t->whole) {
		text_add(&body, ",\"record\":");
		fields_print(e->body, &body);
	}
	json_close(&j);
	*out = text_view(&body);
	return text_check(&body, &no);
}

static bool keep(void *self, const struct ledger_entry *e, struct fault *f)
{
	struct work *w = self;
	const struct people_key *k = people_author(w->people, e->entry.key_id);
	struct told t = {0};
	char id[ID_TEXT];
	struct row row = {.type = ROW_DEED, .id = id,
		.version = (uint32_t)e->index, .from = e->entry.clock,
		.to = e->entry.clock, .lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN, .kind = t.does, .status = "",
		.source = "", .ledger_index = (int64_t)e->index,
		.ledger_leaf = e->leaf};
	bool fresh;

	w->arena.used = 0;
	w->next = e->index + 1;
	if (!k || k->role == PEOPLE_ENGINE || !tell(w, e, &t))
		return true;
	reviews_id(t.about, id);
	return write_body(w, e, k, &t, &row.body)
		? w->store->engine->put(w->store, &row, &fresh, f) : true;
}

bool deeds_index(struct store *s, struct ledger *l, struct fault *f)
{
	struct work w = {.store = s, .people = ledger_people(l)};
	uint8_t at[8];
	struct bytes b;
	bool ok = arena_map(&w.arena, WORK, f) &&
		s->engine->get(s, SEEN, &w.arena, &b, f);

	if (ok && b.len == 8)
		w.next = bytes_be(b);
	if (ok && w.next < ledger_size(l)) {
		ok = ledger_read(l, w.next, keep, &w, f);
		put_be(at, w.next, sizeof at);
		ok = ok && s->engine->set(s, SEEN,
			(struct bytes){at, sizeof at}, f);
	}
	arena_unmap(&w.arena);
	return ok;
}

/* -- back from the index -- */

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct deeds *d = self;
	static const char key[] = ",\"record\":";
	const struct tree *t;
	const uint8_t *at;
	struct deed *x;

	if (d->count == d->room) {
		size_t room = d->room ? 2 * d->room : 64;

		x = arena_array(d->arena, room, sizeof *x, f);
		if (!x)
			return false;
		if (d->count > 0)
			memcpy(x, d->deed, d->count * sizeof *x);
		d->deed = x;
		d->room = room;
	}
	x = &d->deed[d->count];
	*x = (struct deed){.id = arena_text(d->arena, bytes_of(row->id), f),
		.entry = row->version};
	if (!x->id || !tree_read(row->body, d->arena, &t, f) ||
		!read_text(t, "by", d->arena, &x->is.by, f) ||
		!read_text(t, "org", d->arena, &x->is.org, f) ||
		!read_text(t, "does", d->arena, &x->is.does, f) ||
		!read_text(t, "why", d->arena, &x->is.why, f))
		return false;
	x->is.at = tree_time(t, "at");
	x->of = (uint64_t)tree_i64(t, "of", -1);
	at = tree_get(t, "record") ? memmem(row->body.at, row->body.len, key,
		sizeof key - 1) : NULL;
	if (at) {
		struct bytes r = bytes_part(row->body, (size_t)(at -
			row->body.at) + sizeof key - 1, row->body.len);

		r.len--; /* the object's own brace */
		x->record = (struct bytes){(const uint8_t *)arena_text(
			d->arena, r, f), r.len};
		if (!x->record.at)
			return false;
	}
	d->count++;
	return true;
}

static int order(const void *a, const void *b)
{
	const struct deed *x = a, *y = b;
	int d = strcmp(x->id, y->id);

	return d ? d : (x->entry > y->entry) - (x->entry < y->entry);
}

bool deeds_read(
	struct store *s, struct arena *a, struct deeds *d, struct fault *f)
{
	struct query q = {.type = ROW_DEED, .all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	*d = (struct deeds){.arena = a};
	if (!s->engine->find(s, &q, take, d, f))
		return false;
	if (d->count > 1)
		qsort(d->deed, d->count, sizeof *d->deed, order);
	return true;
}

const struct deed *deeds_of(
	const struct deeds *d, const char *id, size_t *count)
{
	size_t from = 0, to = d->count;

	while (from < to) {
		size_t mid = from + (to - from) / 2;

		if (strcmp(d->deed[mid].id, id) < 0)
			from = mid + 1;
		else
			to = mid;
	}
	for (*count = 0; from + *count < d->count &&
		strcmp(d->deed[from + *count].id, id) == 0;)
		++*count;
	return *count > 0 ? &d->deed[from] : NULL;
}

bool deed_changes(const struct deed *d)
{
	static const char *const changes[] = {
		"reject", "amend", "merge", "split", "link"};

	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++)
		if (strcmp(d->is.does, changes[i]) == 0)
			return true;
	return false;
}

bool deeds_reviews(const struct deeds *d, const char *id, struct arena *a,
	const struct finding_review **out, size_t *count, struct fault *f)
{
	size_t all;
	const struct deed *x = deeds_of(d, id, &all);
	struct finding_review *r;

	*out = NULL;
	*count = 0;
	if (all == 0)
		return true;
	r = arena_array(a, all, sizeof *r, f);
	for (size_t i = 0; r && i < all; i++)
		if (strcmp(x[i].is.does, "take") != 0 &&
			strcmp(x[i].is.does, "release") != 0)
			r[(*count)++] = x[i].is;
	*out = r;
	return r != NULL;
}
