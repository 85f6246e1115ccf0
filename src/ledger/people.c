/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/people.h"

#include "base/encode.h"
#include "ledger/body.h"
#include "ledger/owed.h"
#include "ledger/people_event.h"

#include <stdlib.h>

#define BIT(type) (1u << (type))

enum {
	ANY_TWO = BIT(ENTRY_SEALED) | BIT(ENTRY_INCIDENT) |
		BIT(ENTRY_FINDING) | BIT(ENTRY_AGREEMENT) |
		BIT(ENTRY_PUBLICATION) | BIT(ENTRY_CORRECTION) |
		BIT(ENTRY_REPORT),
	CONFIRMABLE = ANY_TWO | BIT(ENTRY_KEY),
	LEASE_S = 1800, /* where `take` says no other time: half an hour */
};

/* PROOF.md 7: types each role may append, and those it may confirm. */
static const struct {
	const char *name;
	uint32_t appends, confirms;
} roles[PEOPLE_ROLES] = {
	[PEOPLE_ENGINE] = {"engine", BIT(ENTRY_INTAKE) | BIT(ENTRY_INCIDENT) |
		BIT(ENTRY_FINDING) | BIT(ENTRY_STEP) | BIT(ENTRY_HEALTH) |
		BIT(ENTRY_ACCESS) | BIT(ENTRY_ANCHOR) | BIT(ENTRY_BATCH) |
		BIT(ENTRY_CLAIM), 0},
	[PEOPLE_ANALYST] = {"analyst", BIT(ENTRY_SEALED) |
		BIT(ENTRY_INCIDENT) | BIT(ENTRY_FINDING) | BIT(ENTRY_STEP) |
		BIT(ENTRY_CORRECTION) | BIT(ENTRY_REVIEW),
		BIT(ENTRY_INCIDENT) | BIT(ENTRY_FINDING)},
	[PEOPLE_REVIEWER] = {"reviewer", BIT(ENTRY_REVIEW), ANY_TWO},
	[PEOPLE_CHIEF] = {"chief", BIT(ENTRY_REVIEW) | BIT(ENTRY_AGREEMENT) |
		BIT(ENTRY_PUBLICATION) | BIT(ENTRY_REPORT), ANY_TWO},
	[PEOPLE_LIAISON] = {"liaison", BIT(ENTRY_CLAIM) | BIT(ENTRY_REVIEW),
		BIT(ENTRY_AGREEMENT) | BIT(ENTRY_KEY)},
	[PEOPLE_GUARANTOR] = {"guarantor", BIT(ENTRY_STEP), 0},
	[PEOPLE_REPORTER] = {"reporter", BIT(ENTRY_CLAIM), 0},
	[PEOPLE_AUDITOR] = {"auditor", 0, 0},
	[PEOPLE_ROOT] = {"root", BIT(ENTRY_KEY) | BIT(ENTRY_REVIEW),
		BIT(ENTRY_KEY)},
	[PEOPLE_SENSOR] = {"sensor", 0, 0},
};

const char *people_role_name(enum people_role r)
{
	return roles[r].name;
}

bool people_role_named(struct bytes name, enum people_role *r)
{
	for (int i = 0; i < PEOPLE_ROOT; i++)
		if (bytes_are(name, roles[i].name)) {
			*r = (enum people_role)i;
			return true;
		}
	return false;
}

bool people_refuse(struct people *p, const char *rule, const char *why,
	struct fault *f)
{
	p->rule = rule;
	return fault(f, FAULT_INPUT, "%s", why);
}

void people_free(struct people *p)
{
	free(p->key);
	free(p->item);
	free(p->behind);
	free(p->event);
	free(p->owed);
	free(p->step);
	free(p->log);
	table_free(&p->by_id);
	table_free(&p->by_root);
	table_free(&p->by_leaf);
	table_free(&p->by_sensor);
	table_free(&p->by_subject);
	table_free(&p->erased);
	table_free(&p->by_owed);
	*p = (struct people){0};
}

bool people_room(void *list, size_t used, size_t *room, size_t size,
	struct fault *f)
{
	size_t more = *room ? 2 * *room : 64;
	void *at;

	if (used < *room)
		return true;
	memcpy(&at, list, sizeof at);
	at = realloc(at, more * size);
	if (!at)
		return fault(f, FAULT_LIMIT, "memory");
	memcpy(list, &at, sizeof at);
	*room = more;
	return true;
}

/* -- keys -- */

static struct digest id_key(const uint8_t id[ENTRY_KEY_ID])
{
	struct digest d = {{0}};

	memcpy(d.at, id, ENTRY_KEY_ID);
	return d;
}

const struct people_key *people_author(
	const struct people *p, const uint8_t id[ENTRY_KEY_ID])
{
	struct digest d = id_key(id);
	uint64_t n;

	/* In the dark, what is proposed may count by now. */
	return table_get(&p->by_id, &d, &n) && !(p->blind &&
		p->key[n].from == UINT64_MAX) ? &p->key[n] : NULL;
}

static struct digest key_of(const uint8_t key[SIGN_KEY])
{
	uint8_t id[ENTRY_KEY_ID];

	sign_key_id(key, id);
	return id_key(id);
}

struct people_key *people_taken(
	struct people *p, const uint8_t key[SIGN_KEY])
{
	struct digest d = key_of(key);
	uint64_t n;

	return table_get(&p->by_id, &d, &n) ? &p->key[n] : NULL;
}

struct people_key *people_add(
	struct people *p, const struct people_key *like, struct fault *f)
{
	struct digest d = key_of(like->key);
	struct people_key *k;

	if (!people_room(&p->key, p->keys, &p->key_room, sizeof *k, f) ||
		!table_set(&p->by_id, &d, p->keys, f))
		return NULL;
	k = &p->key[p->keys++];
	*k = *like;
	k->from = k->until = k->revoked = UINT64_MAX;
	k->since = INSTANT_UNKNOWN;
	return k;
}

const uint8_t *people_log_key(const struct people *p, uint64_t size)
{
	for (size_t i = 0; i < p->logs; i++)
		if (size >= p->log[i].from && size <= p->log[i].to)
			return p->log[i].key;
	return NULL;
}

const struct people_key *people_key(
	const struct people *p, const uint8_t key[SIGN_KEY])
{
	uint8_t id[ENTRY_KEY_ID];
	const struct people_key *k;

	sign_key_id(key, id);
	k = people_author(p, id);
	return k && k->from != UINT64_MAX &&
		memcmp(k->key, key, SIGN_KEY) == 0 ? k : NULL;
}

bool people_key_good(
	const struct people_key *k, uint64_t index, struct instant clock)
{
	return k->from < index && index <= k->until &&
		clock.utc_ns >= k->not_before.utc_ns &&
		clock.utc_ns <= k->not_after.utc_ns;
}

/* -- items -- */

static struct digest root_key(const struct entry *e)
{
	struct sha256 s;

	sha256_start(&s);
	sha256_add(&s, (struct bytes){e->subject, ENTRY_SUBJECT});
	sha256_add(&s, digest_view(&e->body));
	return sha256_end(&s);
}

/* What stands for an entry of a type that nobody confirms. */
enum { NO_ITEM = 1 << 30 };

static bool find_root(
	const struct people *p, const struct entry *e, uint64_t *n)
{
	struct digest d = root_key(e);

	return table_get(&p->by_root, &d, n);
}

const struct people_item *people_confirmed(
	const struct people *p, const struct entry *e)
{
	uint64_t n;

	return e->type == ENTRY_REVIEW && find_root(p, e, &n) && n < NO_ITEM
		? &p->item[n] : NULL;
}

const struct people_item *people_item_of(
	const struct people *p, const struct digest *leaf)
{
	uint64_t n;

	return table_get(&p->by_leaf, leaf, &n) && n < NO_ITEM ?
		&p->item[n] : NULL;
}

static bool may_confirm(
	const struct people_key *k, const struct people_item *x)
{
	return (roles[k->role].confirms & BIT(x->type)) != 0 &&
		(k->role != PEOPLE_ANALYST || x->by_engine);
}

/* Would somebody stand behind it twice? */
static bool stands(const struct people *p, const struct people_item *x,
	const struct people_key *k)
{
	for (uint32_t n = x->behind; n > 0; n = p->behind[n - 1].before) {
		const struct people_key *o = &p->key[p->behind[n - 1].key];

		if (memcmp(o->person, k->person, PERSON_LEN) == 0 ||
			(p->two_orgs && strcmp(o->org, k->org) == 0))
			return true;
	}
	return false;
}

static bool stand(struct people *p, struct people_item *x,
	const struct people_key *k, const struct people_entry *e,
	struct fault *f)
{
	if (!people_room(&p->behind, p->behinds, &p->behind_room,
		sizeof *p->behind, f))
		return false;
	p->behind[p->behinds] = (struct people_behind){
		.key = (uint32_t)(k - p->key), .before = x->behind,
		.index = e->index,
		.clock = e->entry->clock, .author = e->index == x->index};
	x->behind = (uint32_t)++p->behinds;
	return true;
}

/* What a revoked key signed after T counts if somebody confirmed anew. */
static bool counts(const struct people *p, const struct people_item *x,
	const struct people_key *k, struct instant clock)
{
	return k->revoked == UINT64_MAX || clock.utc_ns <= k->since.utc_ns ||
		(x->behind && p->behind[x->behind - 1].index > k->revoked);
}

/* Two persons, of whom one reviewed; and its author's word counts. */
static bool reviewed(const struct people *p, const struct people_item *x)
{
	size_t persons = 0;
	bool by = false;

	if (!x->author || !counts(p, x, &p->key[x->author - 1], x->clock))
		return false;
	for (uint32_t n = x->behind; n > 0; n = p->behind[n - 1].before) {
		const struct people_behind *b = &p->behind[n - 1];
		enum people_role role = p->key[b->key].role;

		if (!counts(p, x, &p->key[b->key], b->clock))
			continue;
		persons++;
		by |= !b->author && (role == PEOPLE_REVIEWER ||
			role == PEOPLE_CHIEF || (role == PEOPLE_LIAISON &&
				x->type == ENTRY_AGREEMENT));
	}
	return persons >= 2 && by;
}

/* Enough stand behind it, by what is known now. */
static bool done(const struct people *p, const struct people_item *x)
{
	return x->type == ENTRY_KEY ? x->complete != UINT64_MAX
				    : reviewed(p, x);
}

static bool is_published(const struct people *p, const struct people_item *x)
{
	for (uint32_t n = x->publisher; n > 0; n = p->item[n - 1].next)
		if (!p->item[n - 1].dead && !p->item[n - 1].dark &&
			reviewed(p, &p->item[n - 1]))
			return true;
	return false;
}

enum people_state people_state(
	const struct people *p, const struct people_item *x)
{
	bool is = done(p, x);

	if (x->dead)
		return PEOPLE_REJECTED;
	if (x->dark || (is && p->blind))
		return PEOPLE_UNDECIDED;
	if (is)
		return is_published(p, x) ? PEOPLE_PUBLISHED :
			PEOPLE_REVIEWED;
	return x->by_engine && !x->behind ? PEOPLE_AUTOMATIC :
		PEOPLE_PROPOSED;
}

const struct people_key *people_holder(const struct people *p,
	const struct people_item *x, struct instant now)
{
	return x->holder && now.utc_ns < x->held.utc_ns ?
		&p->key[x->holder - 1] : NULL;
}

static bool is_good_now(const struct people_key *k)
{
	return k->from != UINT64_MAX && k->until == UINT64_MAX;
}

struct people_counts people_count(const struct people *p)
{
	struct people_counts c = {.erased = p->erased.used};

	for (size_t i = 0; i < p->keys; i++) {
		const struct people_key *k = &p->key[i];
		bool good = is_good_now(k), new = true;

		c.keys += k->from != UINT64_MAX && k->role != PEOPLE_SENSOR;
		c.sensors += good && k->role == PEOPLE_SENSOR;
		if (!good || k->role == PEOPLE_SENSOR ||
			k->role == PEOPLE_ENGINE)
			continue;
		for (size_t j = 0; j < i && new; j++)
			new = !is_good_now(&p->key[j]) ||
				p->key[j].role == PEOPLE_ENGINE ||
				memcmp(p->key[j].person, k->person,
					PERSON_LEN) != 0;
		c.persons += new;
	}
	for (size_t i = 0; i < p->items; i++) {
		enum people_state s = people_state(p, &p->item[i]);

		if (p->item[i].type == ENTRY_KEY)
			continue;
		c.proposed += s == PEOPLE_PROPOSED;
		c.reviewed += s == PEOPLE_REVIEWED || s == PEOPLE_PUBLISHED;
		c.published += s == PEOPLE_PUBLISHED;
		c.rejected += s == PEOPLE_REJECTED;
		c.undecided += s == PEOPLE_UNDECIDED;
		c.amended += people_versions(&p->item[i]) && (s ==
			PEOPLE_REVIEWED || s == PEOPLE_PUBLISHED);
	}
	return c;
}

/* -- before an entry -- */

static bool may_append(const struct people_key *k, const struct entry *e)
{
	if (e->type > ENTRY_REPORT)
		return true;
	/* What the engine finds is nobody's proposal. */
	if (k->role == PEOPLE_ENGINE && e->type == ENTRY_FINDING &&
		(e->flags & ENTRY_TWO))
		return false;
	return (roles[k->role].appends & BIT(e->type)) != 0;
}

static bool flags_fit(const struct people_key *k, const struct entry *e)
{
	bool two = entry_flags(e->type) != 0 || (e->type == ENTRY_FINDING &&
		k && k->role != PEOPLE_ENGINE);

	if (e->type > ENTRY_REPORT)
		return true;
	return !!(e->flags & ENTRY_EMBARGO) == (e->type == ENTRY_SEALED) &&
		(!two || (e->flags & ENTRY_TWO)) &&
		(e->type != ENTRY_REVIEW || e->flags == 0);
}

bool people_may(struct people *p, const struct people_entry *x,
	struct fault *f)
{
	const struct entry *e = x->entry;
	const struct people_key *k;
	uint64_t n;

	if (x->index == 0 && (e->type != ENTRY_KEY || e->flags != 0))
		return people_refuse(p, "genesis",
			"entry 0 is no key entry without flags", f);
	if (x->index == 0)
		return true;
	k = people_author(p, e->key_id);
	if (!k && !p->blind)
		return people_refuse(p, "author",
			"by a key that nobody enrolled", f);
	if (k && !people_key_good(k, x->index, e->clock))
		return people_refuse(p, "key",
			"its key is not good at this entry and time", f);
	if (k && !may_append(k, e))
		return people_refuse(p, "role",
			"its author may not append this type", f);
	if (!flags_fit(k, e))
		return people_refuse(p, "flags",
			"flags are not those of type and author", f);
	if (!k || e->type != ENTRY_REVIEW || !find_root(p, e, &n))
		return true;
	if (n < NO_ITEM && may_confirm(k, &p->item[n]))
		return true;
	return people_refuse(p, "role",
		"its author may not confirm this entry", f);
}

/* -- an entry is taken in -- */

static bool finish(struct people *p, struct people_item *x, uint64_t index,
	struct fault *f)
{
	struct digest d = {{0}};

	if (x->complete != UINT64_MAX ||
		!(x->type == ENTRY_KEY ? people_event_done(p, x) :
						reviewed(p, x)))
		return true;
	x->complete = index;
	if (x->type == ENTRY_KEY)
		return people_event_apply(p, x, index, f);
	if (x->act == PEOPLE_LIFT)
		p->item[x->target].lifted = true;
	if (x->act != PEOPLE_ERASE)
		return true;
	put_be(d.at, x->target, 8);
	return table_set(&p->erased, &d, index, f);
}

/* Who has decided holds it no more. */
static void let_go(const struct people *p, struct people_item *i,
	const struct people_key *k)
{
	if (i->holder && memcmp(p->key[i->holder - 1].person, k->person,
				 PERSON_LEN) == 0)
		i->holder = 0;
}

static bool confirm(struct people *p, const struct people_entry *x,
	const struct people_key *k, size_t n, struct fault *f)
{
	struct people_item *i = &p->item[n];

	if (!k)
		return true;
	if (stands(p, i, k))
		return people_refuse(p, "self", p->two_orgs ?
			"its author or organisation stands behind it already" :
			"its author stands behind it already", f);
	let_go(p, i, k);
	return i->dead ||
		(stand(p, i, k, x, f) && finish(p, i, x->index, f));
}

static void lease(struct people *p, const struct people_entry *x,
	const struct people_key *k, struct people_item *i)
{
	const struct people_key *h = people_holder(p, i, x->entry->clock);
	struct instant until;
	struct fault no;
	char text[INSTANT_TEXT];

	if (h && memcmp(h->person, k->person, PERSON_LEN) != 0)
		return;
	if (!people_text(x->body, "until", text, sizeof text) ||
		!instant_parse(bytes_of(text), false, &until, &no))
		until = instant_plus_s(x->entry->clock, LEASE_S);
	i->holder = 1 + (uint32_t)(k - p->key);
	i->held = until;
}

bool people_texts(const struct people_entry *x, const char *const *names,
	bool *hidden)
{
	bool all = true;

	*hidden = !x->body;
	for (; *names && x->body; names++) {
		const struct field *y = fields_find(x->body, *names);
		bool spared = !y && x->withheld &&
			(*names)[0] == 'w'; /* why, what */

		*hidden |= !y && x->withheld && !spared;
		all = all && (spared || (y && value_reads(y->value)));
	}
	return all;
}

/* A type 4 with a body of its own. */
static bool decide(struct people *p, const struct people_entry *x,
	const struct people_key *k, struct fault *f)
{
	static const char *const wants[] = {"does", "of", "why", NULL};
	struct digest of, subject = table_subject(x->entry->subject);
	struct people_item *i;
	struct bytes word;
	bool hidden, ok = people_texts(x, wants, &hidden);
	uint64_t n = 0;

	if (hidden)
		(void)table_get(&p->by_subject, &subject, &n);
	/* It may have been a rejection of what was not complete then.  What
	 * such a word before it found complete stays so until a key is
	 * revoked, and that word met all that are older. */
	for (; n > 0 && p->item[n - 1].asked <= p->taken_back; n = i->older) {
		i = &p->item[n - 1];
		i->dark |= !done(p, i);
		i->asked = x->index;
	}
	if (hidden)
		return true;
	word = ok ? body_text(fields_find(x->body, "does")->value) :
		(struct bytes){0};
	if (!ok || !body_digest(x->body, "of", &of) ||
		!table_get(&p->by_leaf, &of, &n) || n >= NO_ITEM ||
		memcmp(p->item[n].subject, x->entry->subject,
			ENTRY_SUBJECT) != 0 ||
		!(bytes_are(word, "reject") || bytes_are(word, "take") ||
			bytes_are(word, "release") || bytes_are(word, "note")))
		return people_refuse(p, "body", "wants does (reject, take, "
			"release, note), of (an entry of its subject), why", f);
	i = &p->item[n];
	if (!k)
		return true;
	if (!may_confirm(k, i))
		return people_refuse(p, "role",
			"its author may not review this entry", f);
	if (bytes_are(word, "reject") && !stands(p, i, k) && !done(p, i))
		i->dead = true;
	if (bytes_are(word, "take"))
		lease(p, x, k, i);
	else if (!bytes_are(word, "note"))
		let_go(p, i, k);
	return true;
}

static bool lifts(const struct people_entry *x, const struct people_item *of)
{
	uint8_t subject[ENTRY_SUBJECT];
	uint64_t index, type;
	struct fault no;

	return of && of->type == ENTRY_SEALED &&
		body_number(x->body, "index", &index) && index == of->index &&
		body_number(x->body, "type", &type) && type > 0 &&
		type <= ENTRY_REPORT && hex_read(body_text(fields_find(x->body,
			"subject")->value), subject, sizeof subject, &no);
}

/* What decides stays open: types 4, 7, 9. */
static bool erases(const struct people *p, const struct people_entry *x,
	const struct digest *leaf, const struct merkle_tree *leaves,
	uint64_t *target)
{
	const struct people_item *of = people_item_of(p, leaf);
	uint64_t n;

	return body_number(x->body, "index", target) && *target > 0 &&
		*target < x->index &&
		digest_equal(leaf, &leaves->level[0][*target]) &&
		(of || !table_get(&p->by_leaf, leaf, &n)) &&
		(!of || (of->type != ENTRY_KEY &&
				of->type != ENTRY_PUBLICATION));
}

/* Acts of type 9: fills act and target. */
static bool publication(struct people *p, const struct people_entry *x,
	struct people_item *i, const struct merkle_tree *leaves,
	struct fault *f)
{
	static const struct {
		const char *name, *wants[6];
	} acts[] = {[PEOPLE_PUBLISH] = {"publish", {"act", "of", "what"}},
		[PEOPLE_LIFT] = {"lift",
			{"act", "of", "index", "type", "subject"}},
		[PEOPLE_ERASE] = {"erase", {"act", "of", "index", "why"}}};
	const struct field *act = x->body ? fields_find(x->body, "act") : NULL;
	const struct people_item *of;
	struct digest leaf;
	bool hidden = !x->body || (!act && x->withheld), ok = false;

	i->dark |= hidden;
	if (hidden)
		return true;
	for (uint8_t k = PEOPLE_PUBLISH; act && k <= PEOPLE_ERASE; k++)
		if (bytes_are(body_text(act->value), acts[k].name))
			i->act = k;
	if (i->act && !people_texts(x, acts[i->act].wants, &hidden)) {
		i->dark |= hidden;
		i->act = 0;
		if (hidden)
			return true;
	}
	if (i->act && body_digest(x->body, "of", &leaf)) {
		of = people_item_of(p, &leaf);
		i->target = of ? (uint64_t)(of - p->item) : 0;
		ok = i->act == PEOPLE_PUBLISH ? of != NULL
			: i->act == PEOPLE_LIFT ? lifts(x, of)
			: erases(p, x, &leaf, leaves, &i->target);
	}
	if (ok)
		return true;
	return people_refuse(p, "body", "wants act (publish, lift, erase) and "
		"of, an earlier entry that fits", f);
}

static bool add_item(struct people *p, const struct people_entry *x,
	const struct people_key *k, struct people_item *i, struct fault *f)
{
	struct digest subject = table_subject(i->subject);
	struct people_item *of;

	(void)table_get(&p->by_subject, &subject, &i->older);
	if (!people_room(&p->item, p->items, &p->item_room, sizeof *of, f))
		return false;
	p->item[p->items] = *i;
	i = &p->item[p->items++];
	if (i->act == PEOPLE_PUBLISH) {
		of = &p->item[i->target];
		i->next = of->publisher;
		of->publisher = (uint32_t)p->items;
	}
	if (!table_set(&p->by_leaf, x->leaf, p->items - 1, f) ||
		!table_set(&p->by_subject, &subject, p->items, f) ||
		(k && !i->by_engine && !stand(p, i, k, x, f)))
		return false;
	return finish(p, i, x->index, f);
}

static bool propose(struct people *p, const struct people_entry *x,
	const struct people_key *k, const struct merkle_tree *leaves,
	struct fault *f)
{
	struct people_item i = {.index = x->index, .type = x->entry->type,
		.complete = UINT64_MAX, .clock = x->entry->clock,
		.by_engine = k && k->role == PEOPLE_ENGINE, .dark = !k};

	memcpy(i.subject, x->entry->subject, ENTRY_SUBJECT);
	if (i.type == ENTRY_KEY && k) {
		if (!people_event_read(p, x, &i, leaves, f))
			return false;
		k = people_author(p, x->entry->key_id); /* keys moved */
	}
	i.author = k ? 1 + (uint32_t)(k - p->key) : 0;
	if ((i.type == ENTRY_PUBLICATION &&
			!publication(p, x, &i, leaves, f)) ||
		(i.type == ENTRY_INCIDENT && k && !i.by_engine &&
			!people_version(p, x, &i, f)))
		return false;
	return add_item(p, x, k, &i, f);
}

bool people_take(struct people *p, const struct people_entry *x,
	const struct merkle_tree *leaves, struct fault *f)
{
	const struct entry *e = x->entry;
	const struct people_key *k;
	struct digest root = root_key(e);
	uint64_t n = NO_ITEM;
	bool ok;

	p->rule = NULL;
	if (x->index == 0)
		return people_begin(p, x, f) &&
			table_set(&p->by_root, &root, NO_ITEM, f);
	k = people_author(p, e->key_id);
	if (e->type == ENTRY_REVIEW && table_get(&p->by_root, &root, &n))
		ok = n >= NO_ITEM || confirm(p, x, k, n, f);
	else if (e->type == ENTRY_REVIEW)
		ok = decide(p, x, k, f);
	else if (e->type <= ENTRY_REPORT && (CONFIRMABLE & BIT(e->type)))
		ok = (n = p->items, propose(p, x, k, leaves, f));
	else if (e->type == ENTRY_STEP)
		ok = owed_take(p, x, k, f);
	else
		ok = true;
	if (!ok)
		return false;
	p->latest = x->index;
	/* A type 4 is nothing that another could be about. */
	return e->type == ENTRY_REVIEW ? table_set(&p->by_leaf, x->leaf,
		NO_ITEM, f) : table_set(&p->by_root, &root, n, f);
}
