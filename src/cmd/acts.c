/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/acts.h"

#include <inttypes.h>

#include "base/encode.h"
#include "ledger/owed.h"
#include "model/activity.h"
#include "model/obligation.h"
#include "model/reply.h"
#include "roles/reviews.h"

static const char *const words[] = {"confirm", "reject", "take", "release",
	"note", "publish", "amend", "merge", "split", "link", "acknowledge",
	"decide", "fulfil", "decline", "contest", "reply", "withdraw"};

bool acts_known(const char *does)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], does) == 0)
			return true;
	return false;
}

bool acts_want_why(const char *does)
{
	return amend_word(does) || strcmp(does, "reject") == 0 ||
		strcmp(does, "reply") == 0 || strcmp(does, "withdraw") == 0;
}

static int owed_does(const char *does)
{
	for (int i = 0; i < OWED_WORDS; i++)
		if (strcmp(owed_word((enum owed_does)i), does) == 0)
			return i;
	return -1;
}

bool acts_owed(const char *does)
{
	return owed_does(does) >= 0;
}

/* So that two do not do the same at a time. */
static bool is_free_in_log(const struct acts *x,
	const struct people_item *item, struct fault *f)
{
	const struct desk *d = x->desk;
	const struct people_key *h =
		people_holder(d->people, item, d->now);
	const struct people_key *me =
		people_key(d->people, x->author->public_key);
	char until[INSTANT_TEXT], hex[2 * PERSON_LEN + 1];
	struct text t = text_on(hex, sizeof hex);

	if (!h || (me && memcmp(me->person, h->person, PERSON_LEN) == 0))
		return true;
	text_hex(&t, (struct bytes){h->person, PERSON_LEN});
	return fault(f, FAULT_INPUT, "entry %" PRIu64 " is taken by the %s %s "
		"of %s until %s", item->index, people_role_name(h->role),
		hex, h->org, instant_print(item->held, 0, until));
}

static bool is_record(const struct people_item *i)
{
	return i->type == ENTRY_INCIDENT || i->type == ENTRY_FINDING;
}

/* Whoever acts, as far as leases know persons. */
static struct office_person me(const struct acts *x)
{
	const struct people_key *k =
		people_key(x->desk->people, x->author->public_key);
	struct office_person p = {.role = PEOPLE_AUDITOR};
	struct text org = text_on(p.org, sizeof p.org);

	if (k) {
		memcpy(p.person, k->person, PERSON_LEN);
		text_add(&org, k->org);
		p.role = k->role;
	}
	return p;
}

static bool is_free(const struct acts *x, const struct people_item *item,
	struct fault *f)
{
	struct office_person mine = me(x);
	char id[ID_TEXT], until[INSTANT_TEXT];
	struct lease l;

	if (!is_free_in_log(x, item, f))
		return false;
	if (!x->ask->leases || !is_record(item))
		return true;
	reviews_id(item, id);
	return !leases_holder(x->ask->leases, id, x->desk->now, &l) ||
		lease_is(&l, &mine) || fault(f, FAULT_INPUT, "%s is taken "
			"by the %s of %s until %s", id,
			people_role_name(l.who.role), l.who.org,
			instant_print(l.until, 0, until));
}

/* What was taken, released or decided is so at the desk too. */
static void lease(const struct acts *x)
{
	bool takes = strcmp(x->ask->does, "take") == 0;
	struct office_person mine = me(x);
	struct lease l;

	if (!x->ask->leases || strcmp(x->ask->does, "note") == 0)
		return;
	for (size_t i = 0; i < x->count; i++) {
		const struct people_item *of =
			people_item_at(x->desk->people, x->about[i]);
		char id[ID_TEXT];

		if (!of || !is_record(of))
			continue;
		reviews_id(of, id);
		if (takes)
			(void)leases_take(x->ask->leases, id, &mine,
				x->desk->now, instant_plus_ns(x->desk->now,
					x->ask->minutes * 60 * 1000000000),
				&l);
		else
			(void)!leases_give(x->ask->leases, id, &mine,
				x->desk->now, &l);
	}
}

/* The next item, empty, with a body to fill. */
static struct ledger_item *next(struct acts *x, uint8_t type,
	uint64_t about, struct fields **body)
{
	size_t n = x->count++;

	x->about[n] = about;
	x->body[n] = fields_in(&x->desk->arena);
	*body = &x->body[n];
	x->made[n] = (struct ledger_item){.type = type,
		.clock = x->desk->now, .author = x->author,
		.body = &x->body[n]};
	return &x->made[n];
}

static bool confirm(struct acts *x, uint64_t index, struct fault *f)
{
	size_t n = x->count;
	struct fields *unused;
	struct ledger_item *item = next(x, ENTRY_REVIEW, index, &unused);

	item->body = NULL;
	item->confirms = &x->entry[n];
	return desk_entry(x->desk, index, &x->entry[n], f);
}

static bool decide(struct acts *x, const struct people_item *of,
	const struct digest *leaf, struct fault *f)
{
	struct fields *body;
	struct ledger_item *item = next(x, ENTRY_REVIEW, of->index, &body);
	const char *does = x->ask->does;

	memcpy(item->subject, of->subject, ENTRY_SUBJECT);
	fields_text(body, "does", does);
	desk_hex(body, "of", leaf->at, SHA256_LEN);
	fields_text(body, "why", x->ask->why);
	if (strcmp(does, "take") == 0)
		fields_time(body, "until", instant_plus_ns(x->desk->now,
			x->ask->minutes * 60 * 1000000000));
	return fields_done(body, f);
}

/* Until when the parties may reply to it; what nobody lays before them has no
 * such time. */
static bool reply_time(struct acts *x, const struct people_item *of,
	struct instant *until, struct fault *f)
{
	struct instant laid = people_completed(x->desk->people, of);
	struct arena work;
	struct complaints none = {.arena = &work};
	struct mission m = {0};
	bool ok;

	*until = INSTANT_UNKNOWN;
	if ((of->type != ENTRY_INCIDENT && of->type != ENTRY_FINDING) ||
		!instant_known(laid))
		return true;
	if (!arena_map(&work, (size_t)4 << 30, f))
		return false;
	ok = mission_load(x->desk->folder, &work, &m, &none, f);
	if (ok)
		*until = reply_until(&m, laid);
	arena_unmap(&work);
	return ok;
}

static bool is_early(const struct acts *x)
{
	return x->ask->words == 1 && strcmp(x->ask->word[0], "early") == 0;
}

/* Not before the parties had their time, unless the chief says why. */
static bool in_time(struct acts *x, const struct people_item *of,
	struct instant *until, struct fault *f)
{
	char at[INSTANT_TEXT];

	if (x->ask->words > 0 && !is_early(x))
		return fault(f, FAULT_INPUT, "publish '%.40s', wants early or "
			"nothing", x->ask->word[0]);
	if (!reply_time(x, of, until, f))
		return false;
	if (!instant_known(*until) || x->desk->now.utc_ns >= until->utc_ns) {
		*until = INSTANT_UNKNOWN;
		return true;
	}
	if (is_early(x) && *x->ask->why)
		return true;
	return fault(f, FAULT_INPUT, "entry %" PRIu64 ": the parties may reply "
		"until %s; who publishes it before says `publish early`, and "
		"why it cannot wait", of->index, instant_print(*until, 0, at));
}

static bool publish(struct acts *x, const struct people_item *of,
	const struct digest *leaf, struct fault *f)
{
	struct fields *body;
	struct ledger_item *item;
	struct instant until = INSTANT_UNKNOWN;
	enum people_state s = people_state(x->desk->people, of);

	if (s != PEOPLE_REVIEWED)
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " is %s: only "
			"what is reviewed is published", of->index,
			people_state_name(s));
	if (!in_time(x, of, &until, f))
		return false;
	item = next(x, ENTRY_PUBLICATION, of->index, &body);
	fields_text(body, "act", "publish");
	desk_hex(body, "of", leaf->at, SHA256_LEN);
	fields_text(body, "what", x->ask->why);
	if (instant_known(until))
		fields_time(body, "reply_until", until);
	entry_subject(x->desk->now, digest_view(leaf), item->subject);
	return fields_done(body, f);
}

/* -- what was published is no more -- */

/* The newest version of a record that was published: later ones may stand
 * beside it, a rejected one among them. */
static const struct people_item *published(
	const struct people *p, const struct people_item *of)
{
	const struct people_item *found = NULL;

	for (size_t i = 0; i < p->items; i++)
		if (p->item[i].type == of->type && memcmp(p->item[i].subject,
				of->subject, ENTRY_SUBJECT) == 0 &&
			people_state(p, &p->item[i]) == PEOPLE_PUBLISHED)
			found = &p->item[i];
	return found;
}

/* Everybody reads its words once a second person signed them. */
static bool withdraw(struct acts *x, struct fault *f)
{
	const struct people *p = x->desk->people;
	const struct people_item *of, *is;
	struct fields *body;
	struct ledger_item *item;
	struct digest leaf;

	if (!desk_item(x->desk, x->ask->of, &of, f))
		return false;
	is = published(p, of);
	if (!is || !is_record(is) ||
		!ledger_leaf(x->desk->ledger, is->index, &leaf))
		return fault(f, FAULT_INPUT, "entry %" PRIu64 " is %s: only "
			"what is published is withdrawn", of->index,
			people_state_name(people_state(p, of)));
	item = next(x, ENTRY_CORRECTION, is->index, &body);
	fields_text(body, "does", x->ask->does);
	desk_hex(body, "of", leaf.at, SHA256_LEN);
	fields_text(body, "why", x->ask->why);
	entry_subject(x->desk->now, digest_view(&leaf), item->subject);
	return fields_done(body, f);
}

/* -- all -- */

static bool one(struct acts *x, uint64_t index, struct fault *f)
{
	const struct people_item *of = people_item_at(x->desk->people, index);
	const char *does = x->ask->does;
	struct digest leaf;
	bool publishes = strcmp(does, "publish") == 0;

	if (!ledger_leaf(x->desk->ledger, index, &leaf) ||
		(strcmp(does, "note") != 0 && !publishes &&
			!is_free(x, of, f)))
		return false;
	return (strcmp(does, "confirm") == 0 ? confirm(x, index, f)
		       : publishes ? publish(x, of, &leaf, f)
				   : decide(x, of, &leaf, f)) ||
		fault_in(f, "entry %" PRIu64, index);
}

/* The entries of a merge or a split are decided together. */
static bool together(struct acts *x, struct fault *f)
{
	const char *does = x->ask->does;
	bool decides = strcmp(does, "confirm") == 0 ||
		strcmp(does, "reject") == 0;
	const struct people_item *item;
	uint64_t all[ACTS_MAX];
	size_t n = 1;

	if (!desk_item(x->desk, x->ask->of, &item, f))
		return false;
	all[0] = item->index;
	if (decides)
		n += amend_others(
			x->desk->people, item, all + 1, ACTS_MAX - 1);
	x->desk->versions = decides && (people_versions(item) ||
		(item->type == ENTRY_INCIDENT &&
			strcmp(does, "reject") == 0));
	for (size_t i = 0; i < n; i++)
		if (!one(x, all[i], f))
			return false;
	return true;
}

/* -- obligations -- */

static struct id owed_id(const struct people_owed *o)
{
	struct id id;
	struct text t = text_on(id.text, sizeof id.text);

	text_add(&t, "o-");
	text_base32hex(&t, (struct bytes){o->subject, ENTRY_SUBJECT});
	return id;
}

static const struct people_owed *find_owed(
	const struct acts *x, struct fault *f)
{
	const struct people *p = x->desk->people;
	const struct people_owed *found = NULL;
	size_t n = strlen(x->ask->of);

	if (n < 4 || n >= ID_TEXT) {
		fault(f, FAULT_INPUT, "'%.40s' is no id: give its last 4 "
			"letters or more", x->ask->of);
		return NULL;
	}
	for (size_t i = 0; i < p->owes; i++) {
		struct id id = owed_id(&p->owed[i]);

		if (strcmp(id.text + ID_TEXT - 1 - n, x->ask->of) != 0)
			continue;
		if (found) {
			fault(f, FAULT_INPUT, "several obligations end in "
				"'%s': give more letters", x->ask->of);
			return NULL;
		}
		found = &p->owed[i];
	}
	if (!found)
		fault(f, FAULT_INPUT, "no obligation has the id '%s'; `truce "
			"obligations %s` lists them", x->ask->of,
			x->desk->folder);
	return found;
}

/* Of a contest the last fulfilment, else the newest opening. */
static bool step_of(const struct people *p, const struct people_owed *o,
	enum owed_does does, struct digest *of, struct fault *f)
{
	*of = o->leaf;
	if (does != OWED_CONTEST)
		return true;
	for (uint32_t n = o->last; n > 0; n = p->step[n - 1].before)
		if (p->step[n - 1].does == OWED_FULFIL &&
			owed_counts(p, &p->step[n - 1])) {
			*of = p->step[n - 1].leaf;
			return true;
		}
	return fault(f, FAULT_INPUT, "nobody says that it is fulfilled");
}

/* evidence=HEX: the hash of a blob, as a word. */
static bool evidence(const struct acts *x, struct fields *body,
	struct fault *f)
{
	static const char name[] = "evidence=";
	uint8_t at[SHA256_LEN];

	for (int i = 0; i < x->ask->words; i++) {
		const char *w = x->ask->word[i];

		if (strncmp(w, name, sizeof name - 1) != 0 || !hex_read(
			bytes_of(w + sizeof name - 1), at, sizeof at, f))
			return fault(f, FAULT_INPUT, "'%.80s': wants evidence= "
				"and 64 hex digits", w);
		desk_hex(body, "evidence", at, sizeof at);
	}
	return true;
}

static bool step(struct acts *x, enum owed_does does, struct fault *f)
{
	const struct people_owed *o = find_owed(x, f);
	const struct people_key *k =
		people_key(x->desk->people, x->author->public_key);
	struct fields *body;
	struct ledger_item *item;
	struct digest of;

	if (!o)
		return false;
	/* An analyst's entry of this type would be taken, and say nothing. */
	if (k && k->role != PEOPLE_GUARANTOR)
		return fault(f, FAULT_INPUT, "the key is of the role %s: a "
			"guarantor of %s is wanted", people_role_name(k->role),
			*o->actor ? o->actor : "the actor that owes it");
	if (!step_of(x->desk->people, o, does, &of, f))
		return fault_in(f, "%s", owed_id(o).text);
	item = next(x, ENTRY_STEP, o->index, &body);
	memcpy(item->subject, o->subject, ENTRY_SUBJECT);
	if (!evidence(x, body, f))
		return false;
	fields_text(body, "does", x->ask->does);
	desk_hex(body, "of", of.at, SHA256_LEN);
	fields_text(body, "why", x->ask->why);
	return fields_done(body, f);
}

/* -- a party's word -- */

/* A claim by the party's own key; `of` is the leaf that it speaks of. */
static bool reply(struct acts *x, struct fault *f)
{
	const struct people_key *k =
		people_key(x->desk->people, x->author->public_key);
	const struct people_item *of;
	struct claim c = {.says = x->ask->why, .at = INSTANT_UNKNOWN,
		.received = x->desk->now, .received_last = INSTANT_UNKNOWN,
		.kind = KIND_UNKNOWN, .count = COUNT_NOT_STATED,
		.place = PLACE_UNKNOWN};
	struct text made = text_in(&x->desk->arena, ACTS_WHY + 256);
	struct fields *body;
	struct ledger_item *item;
	struct digest leaf;
	char id[ID_TEXT];

	if (!desk_item(x->desk, x->ask->of, &of, f) ||
		!ledger_leaf(x->desk->ledger, of->index, &leaf))
		return false;
	if (of->type != ENTRY_INCIDENT && of->type != ENTRY_FINDING)
		return fault(f, FAULT_INPUT, "a reply is to an incident or a "
			"finding");
	if (!k || k->role != PEOPLE_LIAISON)
		return fault(f, FAULT_INPUT, "a party replies by the key of "
			"its liaison");
	c.party = k->org;
	reviews_id(of, id);
	if (of->type == ENTRY_INCIDENT && !id_read(id, &c.incident))
		return fault(f, FAULT_INPUT, "'%s' is no id", id);
	text_fmt(&made, "reply\n%s\n%s\n%s", k->org, id, c.says);
	c.id = id_make('c', c.received, text_view(&made));
	item = next(x, ENTRY_CLAIM, of->index, &body);
	if (!id_subject(&c.id, item->subject) || !claim_write(&c, body, f))
		return false;
	fields_text(body, "does", "reply");
	desk_hex(body, "of", leaf.at, SHA256_LEN);
	return fields_done(body, f);
}

bool acts_make(struct acts *x, struct desk *d, const struct sign_key *author,
	const struct acts_ask *ask, struct fault *f)
{
	struct amending a = {d, author, ask->does, ask->why, ask->word,
		ask->words};
	int does = owed_does(ask->does);

	x->desk = d;
	x->author = author;
	x->ask = ask;
	x->item = x->made;
	x->count = 0;
	if (strlen(ask->why) > ACTS_WHY)
		return fault(f, FAULT_INPUT, "the reason is over %d letters",
			ACTS_WHY);
	if (acts_want_why(ask->does) && !*ask->why)
		return fault(f, FAULT_INPUT, "%s wants a reason", ask->does);
	if (does >= 0)
		return step(x, (enum owed_does)does, f);
	if (strcmp(ask->does, "reply") == 0)
		return reply(x, f);
	if (strcmp(ask->does, "withdraw") == 0)
		return withdraw(x, f);
	return amend_word(ask->does)
		? amend_make(&a, ask->of, &x->item, &x->count, f)
		: together(x, f);
}

bool acts_append(struct acts *x, struct fault *f)
{
	bool ok = desk_append_all(x->desk, x->item, x->count, f);

	if (x->desk->logged)
		lease(x);
	return ok;
}

const char *acts_state(const struct desk *d, uint64_t about)
{
	const struct people_item *i = people_item_at(d->people, about);

	if (i)
		return i->type == ENTRY_KEY ? i->complete != UINT64_MAX ?
			"in force" : "proposed" :
			people_state_name(people_state(d->people, i));
	for (size_t k = 0; k < d->people->owes; k++)
		if (d->people->owed[k].index == about)
			return obligation_state_name(owed_state(
				d->people, &d->people->owed[k]));
	return "logged";
}
