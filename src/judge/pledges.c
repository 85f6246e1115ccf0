/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/pledges.h"

#include "judge/terms.h"

static const char *const legals[LEGAL_COUNT + 1] = {"mentioned", "draft",
	"announced", "endorsed", "signed", "ratified", "in_force",
	"suspended", "ended", "not stated"};

const char *legal_name(enum legal l)
{
	return legals[l];
}

const char *flow_name(enum flow_is is)
{
	static const char *const names[FLOW_COUNT + 1] = {
		"COMMITTED", "ALLOCATED", "DELIVERED", "VERIFIED", ""};

	return names[is];
}

const char *notice_name(enum notice_is is)
{
	static const char *const names[NOTICE_COUNT] = {"not_endorsed",
		"endorsement_withheld", "no_source", "no_instrument",
		"account_over", "suspended"};

	return names[is];
}

/* -- the strength of words -- */

static const struct {
	const char *word;
	enum modality_word is;
} modals[] = {{"could", MODAL_COULD}, {"would", MODAL_COULD},
	{"might", MODAL_MAY}, {"may", MODAL_MAY}, {"can", MODAL_MAY},
	{"stand ready", MODAL_STANDS_READY},
	{"stands ready", MODAL_STANDS_READY}, {"ready to", MODAL_STANDS_READY},
	{"intend", MODAL_INTENDS}, {"intent", MODAL_INTENDS},
	{"intends", MODAL_INTENDS},
	{"plans", MODAL_INTENDS}, {"plan", MODAL_INTENDS},
	{"will", MODAL_WILL}, {"must", MODAL_MUST}, {"shall", MODAL_SHALL}};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool letter(char c)
{
	c = lower(c);
	return (c >= 'a' && c <= 'z') || (unsigned char)c > 127;
}

static bool word_at(const char *text, size_t at, const char *word)
{
	size_t n = strlen(word);

	if (at > 0 && letter(text[at - 1]))
		return false;
	for (size_t i = 0; i < n; i++)
		if (lower(text[at + i]) != word[i])
			return false;
	return !letter(text[at + n]);
}

enum modality_word modality_of(const char *text)
{
	enum modality_word least = MODAL_NONE;

	for (size_t at = 0; text[at]; at++)
		for (size_t i = 0; i < sizeof modals / sizeof *modals; i++)
			if (word_at(text, at, modals[i].word) &&
				(least == MODAL_NONE || modals[i].is < least))
				least = modals[i].is;
	return least;
}

const char *modality_word_name(enum modality_word m)
{
	static const char *const names[] = {"not stated", "could", "may",
		"stands ready", "intends", "will", "must", "shall"};

	return names[m];
}

/* -- looking up -- */

const struct pledge *pledge_named(const struct pledges *r, const char *id)
{
	for (size_t i = 0; i < r->pledge_count; i++)
		if (strcmp(r->pledge[i].id, id) == 0)
			return &r->pledge[i];
	return NULL;
}

const struct instrument *instrument_named(
	const struct pledges *r, const char *id)
{
	for (size_t i = 0; i < r->instruments; i++)
		if (strcmp(r->instrument[i].id, id) == 0)
			return &r->instrument[i];
	return NULL;
}

enum legal legal_now(const struct legal_stage *s, size_t count)
{
	return count > 0 ? s[count - 1].is : LEGAL_COUNT;
}

static bool rests(
	const struct legal_stage *s, size_t count, struct instant t)
{
	enum legal is = LEGAL_COUNT;

	for (size_t i = 0; i < count; i++)
		if (!instant_known(s[i].at) || s[i].at.utc_ns <= t.utc_ns)
			is = s[i].is;
	return is == LEGAL_SUSPENDED || is == LEGAL_ENDED;
}

bool pledge_rests(const struct pledges *r, const struct pledge *p,
	struct instant t)
{
	const struct instrument *under = instrument_named(r, p->under);

	return rests(p->stage, p->stages, t) ||
		(under && rests(under->stage, under->stages, t));
}

static bool among(const struct names *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->at[i], name) == 0)
			return true;
	return false;
}

/* The last statement about an actor holds. */
static enum { SILENT, ENDORSED, WITHHELD } endorses(const struct pledges *r,
	const char *instrument, const char *actor)
{
	for (size_t i = r->endorsements; i-- > 0;) {
		const struct endorsement *e = &r->endorsement[i];

		if (strcmp(e->instrument, instrument) == 0 &&
			among(&e->by, actor))
			return e->withheld ? WITHHELD : ENDORSED;
	}
	return SILENT;
}

bool pledge_binds(const struct pledges *r, const struct pledge *p,
	const char *actor)
{
	if (p->from_endorsers)
		return endorses(r, p->under, actor) == ENDORSED;
	return among(&p->from, actor);
}

const char *pledge_endorsed(const struct pledges *r, const struct pledge *p,
	const char *actor)
{
	static const char *const words[] = {
		[SILENT] = "no", [ENDORSED] = "yes", [WITHHELD] = "withheld"};

	return *p->under ? words[endorses(r, p->under, actor)] : "";
}

/* -- accounts -- */

static struct account *account_for(const struct flow *x, struct account *list,
	size_t room, size_t *count)
{
	for (size_t i = 0; i < *count; i++)
		if (strcmp(list[i].unit, x->unit) == 0 &&
			list[i].price_year == x->price_year)
			return &list[i];
	if (*count == room)
		return NULL;
	list[*count] = (struct account){
		.unit = x->unit, .price_year = x->price_year};
	return &list[(*count)++];
}

/* Sums stay below 2^63: a register has at most 262,144 rows below 1e16. */
static bool added(int64_t *sum, int64_t amount)
{
	return !__builtin_add_overflow(*sum, amount, sum);
}

bool pledges_accounts(const struct pledges *r, const char *pledge,
	struct account *list, size_t room, size_t *count, struct fault *f)
{
	*count = 0;
	for (size_t i = 0; i < r->flows; i++) {
		const struct flow *x = &r->flow[i];
		struct account *a;

		if (pledge && strcmp(x->pledge, pledge) != 0)
			continue;
		a = account_for(x, list, room, count);
		if (!a)
			return fault(f, FAULT_LIMIT, "more than %zu units and "
				"price years", room);
		if (!added(&a->sum[x->is], x->amount) ||
			(*x->source.says &&
				!added(&a->sourced[x->is], x->amount)))
			return fault(f, FAULT_LIMIT, "line %zu: the sum is "
				"beyond what is counted", x->line);
	}
	for (size_t i = 0; i < *count; i++) {
		struct account *a = &list[i];
		int64_t open = a->sum[FLOW_COMMITTED] - a->sum[FLOW_ALLOCATED];

		a->open = open > 0 ? open : 0;
		for (int k = FLOW_ALLOCATED; k < FLOW_COUNT; k++)
			a->over = a->over || a->sum[k] > a->sum[k - 1];
	}
	return true;
}

/* -- notices -- */

enum { UNITS = 64 };

struct telling {
	struct pledge_notice *list;
	size_t count;
};

static void tell(struct telling *t, enum notice_is is, const struct pledge *p,
	const char *actor)
{
	if (t->list)
		t->list[t->count] = (struct pledge_notice){
			is, p->id, actor, p->line, p->column};
	t->count++;
}

static bool is_suspended(const struct legal_stage *s, size_t n)
{
	enum legal l = legal_now(s, n);

	return l == LEGAL_SUSPENDED || l == LEGAL_ENDED;
}

static void of_actor(struct telling *t, const struct pledges *r,
	const struct pledge *p, const char *actor)
{
	if (endorses(r, p->under, actor) == WITHHELD)
		tell(t, NOTICE_WITHHELD, p, actor);
	else if (endorses(r, p->under, actor) == SILENT)
		tell(t, NOTICE_NOT_ENDORSED, p, actor);
}

static bool of_pledge(struct telling *t, const struct pledges *r,
	const struct pledge *p, struct fault *f)
{
	const struct instrument *under = instrument_named(r, p->under);
	struct account account[UNITS];
	bool over = false;
	size_t n;

	for (size_t i = 0; under && i < p->from.count; i++)
		of_actor(t, r, p, p->from.at[i]);
	if (!*p->source.says && (p->stages == 0 ||
		!*p->stage[p->stages - 1].source.says))
		tell(t, NOTICE_NO_SOURCE, p, "");
	if (!under)
		tell(t, NOTICE_NO_TEXT, p, "");
	if (!pledges_accounts(r, p->id, account, UNITS, &n, f))
		return false;
	for (size_t i = 0; i < n; i++)
		over = over || account[i].over;
	if (over)
		tell(t, NOTICE_OVER, p, "");
	if (is_suspended(p->stage, p->stages) ||
		(under && is_suspended(under->stage, under->stages)))
		tell(t, NOTICE_SUSPENDED, p, "");
	return true;
}

bool pledges_notices(const struct pledges *r, struct arena *a,
	struct pledge_notice **out, size_t *count, struct fault *f)
{
	struct telling t = {0};

	for (int pass = 0; pass < 2; pass++) {
		if (pass == 1) {
			t.list = arena_array(a, t.count + 1, sizeof *t.list, f);
			t.count = 0;
			if (!t.list)
				return false;
		}
		for (size_t i = 0; i < r->pledge_count; i++)
			if (!of_pledge(&t, r, &r->pledge[i], f))
				return false;
	}
	*out = t.list;
	*count = t.count;
	return true;
}
