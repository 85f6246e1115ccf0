/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/office.h"

#include <inttypes.h>
#include <stdio.h>

#include "cmd/disclosing.h"
#include "ledger/body.h"
#include "roles/reviews.h"

static bool read_origin(void *self, char out[SIGN_NAME_MAX + 1],
	struct fault *f)
{
	struct clerk *c = self;
	struct text t = text_on(out, SIGN_NAME_MAX + 1);
	bool ok = true;

	(void)pthread_mutex_lock(&c->one);
	if (!c->origin[0]) {
		struct text o = text_on(c->origin, sizeof c->origin);

		ok = desk_look(&c->desk, c->folder, f);
		if (ok)
			text_add(&o, ledger_origin(c->desk.ledger));
		desk_close(&c->desk);
	}
	text_add(&t, c->origin);
	(void)pthread_mutex_unlock(&c->one);
	return ok;
}

static bool has_desk(enum people_role r)
{
	return r != PEOPLE_ENGINE && r != PEOPLE_ROOT && r != PEOPLE_SENSOR;
}

static bool find_person(const struct desk *d, const uint8_t *key,
	struct instant now, struct office_person *out, struct fault *f)
{
	const struct people_key *k = people_key(d->people, key);
	struct text org = text_on(out->org, sizeof out->org);

	if (!k || !has_desk(k->role))
		return fault(f, FAULT_INPUT, "that key is enrolled as nobody "
			"who works here (truce key enrol)");
	if (!people_key_good(k, ledger_size(d->ledger), now))
		return fault(f, FAULT_INPUT, "that key is not good now: it was "
			"revoked, replaced, or its time is over");
	memcpy(out->key, key, SIGN_KEY);
	memcpy(out->person, k->person, PERSON_LEN);
	text_add(&org, k->org);
	out->role = k->role;
	out->not_after = k->not_after;
	return true;
}

static bool person(void *self, const uint8_t key[SIGN_KEY],
	struct instant now, struct office_person *out, struct fault *f)
{
	struct clerk *c = self;
	struct office_person p = {.role = PEOPLE_AUDITOR};
	bool ok;

	(void)pthread_mutex_lock(&c->one);
	ok = desk_look(&c->desk, c->folder, f) &&
		find_person(&c->desk, key, now, &p, f);
	desk_close(&c->desk);
	(void)pthread_mutex_unlock(&c->one);
	if (ok)
		*out = p;
	return ok;
}

/* -- acts -- */

static bool make(struct clerk *c, const struct office_act *act,
	struct acts_ask *ask, struct fault *f)
{
	*ask = (struct acts_ask){.does = act->does, .of = act->of,
		.why = act->why, .word = (char **)(uintptr_t)act->word,
		.words = act->words, .minutes = ACTS_LEASE_MIN};
	c->author = (struct sign_key){{0}, {0}, {0}};
	memcpy(c->author.public_key, act->key, SIGN_KEY);
	c->desk.now = act->clock;
	return acts_make(&c->acts, &c->desk, &c->author, ask, f);
}

/* The record that an entry is about; of a publication, what it publishes. */
static void name_record(
	const struct people *p, uint64_t about, char out[ID_TEXT])
{
	const struct people_item *i = people_item_at(p, about);

	if (i && i->type == ENTRY_PUBLICATION)
		i = people_item_at(p, i->target);
	if (i && (i->type == ENTRY_INCIDENT || i->type == ENTRY_FINDING))
		reviews_id(i, out);
}

struct taking_plain {
	struct arena *arena;
	struct office_entry *out;
};

static bool take_plain(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct taking_plain *t = self;
	uint8_t *at;

	f->kind = FAULT_NONE;
	if (!e->open || e->plain.len == 0 || !e->secret)
		return false;
	at = arena_room(t->arena, e->plain.len, f);
	if (!at)
		return false;
	memcpy(at, e->plain.at, e->plain.len);
	t->out->plain = (struct bytes){at, e->plain.len};
	memcpy(t->out->secret, e->secret, BODY_SECRET);
	return false;
}

/* What is signed: a body of its own, or that of the entry it confirms. */
static bool show_body(struct clerk *c, const struct ledger_item *item,
	uint64_t about, struct arena *a, struct office_entry *out,
	struct fault *f)
{
	struct taking_plain t = {a, out};
	uint8_t *at;
	size_t n;

	f->kind = FAULT_NONE;
	if (item->confirms && desk_sealed(&c->desk, about))
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " is sealed, and "
			"nobody reads it before the log says so: `truce "
			"disclose read`, then `truce review`", about);
	if (item->confirms)
		return ledger_read(c->desk.ledger, about, take_plain, &t, f) ||
			f->kind == FAULT_NONE;
	if (!body_size(item->body, BODY_MAX, &n, f))
		return false;
	at = arena_room(a, n, f);
	if (!at || !body_write(item->body, at, n, &n, f))
		return false;
	out->plain = (struct bytes){at, n};
	memcpy(out->secret, out->draft.secret, BODY_SECRET);
	return true;
}

static bool draft_one(struct clerk *c, size_t k, struct arena *a,
	struct office_entry *out, struct fault *f)
{
	const struct ledger_item *item = &c->acts.item[k];
	bool own = c->acts.item == c->acts.made;
	struct text id = text_on(out->id, sizeof out->id);
	const struct field *x;

	out->about = own ? c->acts.about[k] : UINT64_MAX;
	if (!ledger_draft(c->desk.ledger, item, &out->draft, f))
		return false;
	if (own) {
		name_record(c->desk.people, out->about, out->id);
	} else if ((x = fields_find(item->body, "id"))) {
		text_bytes(&id, x->value);
	}
	return show_body(c, item, out->about, a, out, f);
}

static bool draft(void *self, const struct office_act *act, struct arena *a,
	struct office_entry *out, size_t *count, struct fault *f)
{
	struct clerk *c = self;
	struct acts_ask ask;
	bool ok;

	*count = 0;
	if (!acts_known(act->does))
		return fault(f, FAULT_INPUT, "nobody does '%.40s'", act->does);
	(void)pthread_mutex_lock(&c->one);
	ok = desk_look(&c->desk, c->folder, f) && make(c, act, &ask, f);
	for (size_t k = 0; ok && k < c->acts.count; k++)
		ok = draft_one(c, k, a, &out[k], f);
	if (ok)
		*count = c->acts.count;
	desk_close(&c->desk);
	(void)pthread_mutex_unlock(&c->one);
	return ok;
}

static void tell(const struct clerk *c, struct office_entry *out, size_t count)
{
	for (size_t k = 0; k < count; k++) {
		const struct ledger_item *item = &c->acts.item[k];
		struct text t = text_on(out[k].state, sizeof out[k].state);

		out[k].index = item->index;
		out[k].leaf = item->leaf;
		out[k].fresh = item->fresh;
		text_add(&t, acts_state(&c->desk, out[k].about != UINT64_MAX
			? out[k].about : item->index));
	}
}

static bool append(void *self, const struct office_act *act,
	struct office_entry *out, size_t count, struct office_done *done,
	struct fault *f)
{
	struct clerk *c = self;
	struct acts_ask ask;
	bool ok;

	(void)pthread_mutex_lock(&c->one);
	ok = desk_open(&c->desk, c->folder, f) && make(c, act, &ask, f);
	if (ok && c->acts.count != count)
		ok = fault(f, FAULT_INPUT, "refused: prev: something was "
			"logged about it meanwhile");
	for (size_t k = 0; ok && k < count; k++)
		c->acts.item[k].draft = &out[k].draft;
	done->indexed = ok && acts_append(&c->acts, f);
	if (ok && !done->indexed && c->desk.logged)
		(void)fprintf(stderr, "truce serve: logged, but: %s\n",
			f->text);
	ok = ok && c->desk.logged;
	if (ok) {
		tell(c, out, count);
		done->changed = c->desk.changed;
		done->size = ledger_size(c->desk.ledger);
	}
	desk_close(&c->desk);
	(void)pthread_mutex_unlock(&c->one);
	return ok;
}

/* -- one entry, shown -- */

static bool nothing_shut(void *self, struct bytes name)
{
	(void)self;
	(void)name;
	return false;
}

static bool may_show(struct clerk *c, const struct office_showing *s,
	uint64_t index, struct fault *f)
{
	struct entry e;

	if (!desk_entry(&c->desk, index, &e, f))
		return false;
	if (s->parties && !disclosing_to_parties(e.type))
		return fault(f, FAULT_INPUT, "refused: entry %" PRIu64 " is "
			"no incident and no finding, and parties are shown "
			"nothing else", index);
	return !desk_sealed(&c->desk, index) || fault(f, FAULT_INPUT,
		"refused: entry %" PRIu64 " is sealed: it is handed out once "
		"two persons lifted that", index);
}

static bool show(void *self, const struct office_showing *s, struct text *out,
	uint64_t *index, struct fault *f)
{
	struct clerk *c = self;
	struct disclosing d = {.desk = &c->desk, .person = s->person,
		.to = s->parties ? "parties" : "mission", .why = s->why,
		.shut = s->parties ? disclosing_shut : nothing_shut};
	uint64_t at;
	bool ok;

	(void)pthread_mutex_lock(&c->one);
	ok = desk_open(&c->desk, c->folder, f);
	c->desk.now = s->clock;
	ok = ok && desk_find(&c->desk, s->of, index, f) &&
		may_show(c, s, *index, f);
	d.index = *index;
	ok = ok && disclosing_log(&d, &at, f) && disclosing_print(&d, out, f);
	desk_close(&c->desk);
	(void)pthread_mutex_unlock(&c->one);
	return ok;
}

void office_open(struct office *o, struct clerk *c, const char *folder)
{
	*c = (struct clerk){.folder = folder};
	(void)pthread_mutex_init(&c->one, NULL);
	*o = (struct office){.self = c, .origin = read_origin,
		.person = person, .draft = draft, .append = append,
		.show = show};
}

void office_close(struct clerk *c)
{
	(void)pthread_mutex_destroy(&c->one);
}
