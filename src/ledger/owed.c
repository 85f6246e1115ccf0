/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/owed.h"

#include "ledger/body.h"
#include "ledger/people_event.h"

/* What stands in p->by_owed for a fulfilment, besides openings. */
#define STEP_AT (UINT64_C(1) << 32)

const char *owed_word(enum owed_does does)
{
	static const char *const words[OWED_WORDS] = {"acknowledge", "decide",
		"fulfil", "decline", "contest"};

	return words[does];
}

const struct people_owed *owed_of(
	const struct people *p, const uint8_t subject[ENTRY_SUBJECT])
{
	struct digest d = table_subject(subject);
	uint64_t n;

	return table_get(&p->by_owed, &d, &n) ? &p->owed[n] : NULL;
}

bool owed_counts(const struct people *p, const struct people_step *s)
{
	const struct people_key *k = &p->key[s->key];

	return k->revoked == UINT64_MAX || s->clock.utc_ns <= k->since.utc_ns;
}

/* Where a step leads; OBLIGATION_STATES: nowhere from there.  Forward only:
 * open, acknowledged, decided, declined, fulfilled; who declined may still do
 * it. */
static enum obligation_state leads(
	enum obligation_state from, enum owed_does does)
{
	static const struct {
		enum obligation_state to;
		int rank;
	} by[] = {[OWED_ACKNOWLEDGE] = {OBLIGATION_ACKNOWLEDGED, 1},
		[OWED_DECIDE] = {OBLIGATION_DECIDED, 2},
		[OWED_DECLINE] = {OBLIGATION_DECLINED, 3},
		[OWED_FULFIL] = {OBLIGATION_FULFILLED, 4}};
	int rank = 0;

	if (does == OWED_CONTEST)
		return from == OBLIGATION_FULFILLED ? from : OBLIGATION_STATES;
	for (size_t i = 0; i < sizeof by / sizeof *by; i++)
		if (by[i].to == from)
			rank = by[i].rank;
	return by[does].rank > rank ? by[does].to : OBLIGATION_STATES;
}

/* By the steps that count, from the first on.  They are linked from the last,
 * so each round looks for the earliest that leads somewhere from where it
 * stands; at most four do. */
enum obligation_state owed_state(
	const struct people *p, const struct people_owed *d)
{
	enum obligation_state state = OBLIGATION_OPEN;
	uint32_t at = 0, next;

	do {
		next = 0;
		for (uint32_t n = d->last; n > at; n = p->step[n - 1].before) {
			const struct people_step *s = &p->step[n - 1];

			if (s->does != OWED_CONTEST && owed_counts(p, s) &&
				leads(state, s->does) != OBLIGATION_STATES)
				next = n;
		}
		if (next > 0) {
			state = leads(state, p->step[next - 1].does);
			at = next;
		}
	} while (next > 0);
	return state;
}

bool owed_contested(const struct people *p, const struct people_owed *d)
{
	if (owed_state(p, d) != OBLIGATION_FULFILLED)
		return false;
	for (uint32_t n = d->last; n > 0; n = p->step[n - 1].before)
		if (p->step[n - 1].does == OWED_CONTEST &&
			owed_counts(p, &p->step[n - 1]))
			return true;
	return false;
}

/* -- taken in -- */

static bool hidden(const struct people_entry *x, const char *name)
{
	return !x->body || (x->withheld && !fields_find(x->body, name));
}

static bool reads(const struct people_entry *x, const char *name)
{
	const struct field *y = fields_find(x->body, name);

	return y && value_reads(y->value);
}

static bool add_duty(struct people *p, const struct entry *e, size_t *n,
	struct fault *f)
{
	struct digest subject = table_subject(e->subject);
	struct people_owed *d;

	if (!people_room(&p->owed, p->owes, &p->owed_room, sizeof *d, f))
		return false;
	*n = p->owes++;
	d = &p->owed[*n];
	*d = (struct people_owed){.dark = false};
	memcpy(d->subject, e->subject, ENTRY_SUBJECT);
	return table_set(&p->by_owed, &subject, *n, f);
}

static bool opens(struct people *p, const struct people_entry *x,
	bool dark, struct fault *f)
{
	struct digest subject = table_subject(x->entry->subject);
	char actor[ORG_MAX + 1] = "";
	struct people_owed *d;
	uint64_t at = 0;
	size_t n;
	bool known = table_get(&p->by_owed, &subject, &at);

	n = (size_t)at;
	if (!dark) {
		if (!reads(x, "pledge") || !reads(x, "actor"))
			return people_refuse(p, "body", "an obligation wants "
				"pledge and actor", f);
		if (!people_text(x->body, "actor", actor, sizeof actor))
			actor[0] = '\0';
		if (known && !p->owed[n].dark &&
			strcmp(p->owed[n].actor, actor) != 0)
			return people_refuse(p, "body", "an obligation of "
				"another actor has this subject", f);
	}
	if (!known && !add_duty(p, x->entry, &n, f))
		return false;
	d = &p->owed[n];
	d->dark |= dark;
	if (!dark)
		memcpy(d->actor, actor, sizeof actor);
	d->index = x->index;
	d->leaf = *x->leaf;
	return table_set(&p->by_owed, x->leaf, n, f);
}

static bool read_step(struct people *p, const struct people_entry *x,
	struct people_step *s, struct fault *f)
{
	const struct field *does = fields_find(x->body, "does");
	bool ok = does && body_digest(x->body, "of", &s->of) &&
		(reads(x, "why") || (hidden(x, "why")));

	s->does = OWED_WORDS;
	for (int i = 0; ok && i < OWED_WORDS; i++)
		if (bytes_are(body_text(does->value),
			owed_word((enum owed_does)i)))
			s->does = (enum owed_does)i;
	ok = ok && s->does != OWED_WORDS;
	if (ok && fields_find(x->body, "evidence"))
		ok = body_digest(x->body, "evidence", &s->evidence);
	else if (ok && s->does == OWED_FULFIL)
		ok = hidden(x, "evidence");
	if (ok)
		return true;
	return people_refuse(p, "body", "a step wants does "
		"(acknowledge, decide, fulfil, decline, contest), of, why, "
		"and evidence where it says fulfil", f);
}

static bool add_step(struct people *p, const struct people_step *s, size_t n,
	struct fault *f)
{
	if (!people_room(&p->step, p->steps, &p->step_room, sizeof *s, f))
		return false;
	p->step[p->steps] = *s;
	p->step[p->steps].before = p->owed[n].last;
	p->owed[n].last = (uint32_t)++p->steps;
	return s->does != OWED_FULFIL ||
		table_set(&p->by_owed, &s->leaf, STEP_AT + n, f);
}

/* The same person, of the same fulfilment. */
static bool said(const struct people *p, const struct people_owed *d,
	const struct people_step *s)
{
	for (uint32_t n = d->last; n > 0; n = p->step[n - 1].before) {
		const struct people_step *o = &p->step[n - 1];

		if (o->does == OWED_CONTEST && owed_counts(p, o) &&
			digest_equal(&o->of, &s->of) &&
			memcmp(p->key[o->key].person, p->key[s->key].person,
				PERSON_LEN) == 0)
			return true;
	}
	return false;
}

static bool steps(struct people *p, const struct people_entry *x,
	const struct people_key *k, struct fault *f)
{
	struct people_step s = {.key = (uint32_t)(k - p->key),
		.index = x->index, .clock = x->entry->clock,
		.leaf = *x->leaf};
	struct digest subject = table_subject(x->entry->subject);
	uint64_t n, of;
	bool own;

	if (hidden(x, "does") || hidden(x, "of")) {
		if (table_get(&p->by_owed, &subject, &n))
			p->owed[n].dark = true;
		return true;
	}
	if (!read_step(p, x, &s, f))
		return false;
	if (!table_get(&p->by_owed, &subject, &n) ||
		!table_get(&p->by_owed, &s.of, &of) ||
		of != n + (s.does == OWED_CONTEST ? STEP_AT : 0))
		return people_refuse(p, "body", "of: no obligation, or none "
			"that says fulfilled, of its subject", f);
	if (p->owed[n].dark) /* whose it is, or how it stands, is not known */
		return add_step(p, &s, (size_t)n, f);
	own = strcmp(k->org, p->owed[n].actor) == 0;
	if (own == (s.does == OWED_CONTEST))
		return people_refuse(p, "role", own
			? "nobody contests what they did themselves"
			: "only a guarantor of the actor that owes it may", f);
	if (leads(owed_state(p, &p->owed[n]), s.does) == OBLIGATION_STATES ||
		(s.does == OWED_CONTEST && said(p, &p->owed[n], &s)))
		return people_refuse(p, "step",
			"leads nowhere from the state it is in, or was said",
			f);
	return add_step(p, &s, (size_t)n, f);
}

bool owed_take(struct people *p, const struct people_entry *x,
	const struct people_key *k, struct fault *f)
{
	if (k && k->role == PEOPLE_GUARANTOR)
		return steps(p, x, k, f);
	if (k && k->role != PEOPLE_ENGINE)
		return true;
	if (!k || hidden(x, "pledge") || hidden(x, "actor"))
		return opens(p, x, true, f);
	return !fields_find(x->body, "pledge") || opens(p, x, false, f);
}
