/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/duty.h"

#include "judge/canon.h"

enum { TOLD_MAX = 6 }; /* queries of one finding's explanation */

struct receipt { /* us; from < 0: not known */
	int64_t from, to;
};

struct answer {
	const struct id *id; /* NULL: none */
	struct receipt at;
	bool claimed;
	struct chance in_time;
};

struct query {
	const struct activity *is;
	struct receipt at;
	int64_t due_us, due_last_us; /* the end of the window */
	struct answer best;
	size_t count; /* of answers that are or may be in time */
	struct chance undone;
};

static struct receipt receipt(struct instant from, struct instant last)
{
	int64_t a = instant_known(from) ? from.utc_ns / 1000 : -1;
	int64_t b = instant_known(last) ? last.utc_ns / 1000 : -1;

	return (struct receipt){a, fixed_max(a, b)};
}

static const char *said(const struct activity *a, const char *name)
{
	const char *s = attribute_of(a->attribute, a->attribute_count, name);

	return s ? s : "";
}

static bool is_party(const struct terms *t, const char *who)
{
	for (size_t i = 0; i < t->parties; i++)
		if (strcmp(t->party[i].id, who) == 0)
			return true;
	return false;
}

/* The incident, or one that it stands for now. */
static bool about(const struct scene *s, const char *id)
{
	const struct incident *in = s->incident;

	if (!*id)
		return false;
	if (strcmp(id, in->id.text) == 0)
		return true;
	for (size_t i = 0; i < in->link_count; i++)
		if (strcmp(in->link[i].is, "replaces") == 0 &&
			strcmp(id, in->link[i].id.text) == 0)
			return true;
	return false;
}

static bool is_query(const struct scene *s, const struct rule *r,
	const struct activity *a)
{
	return strcmp(a->what, r->of) == 0 &&
		strcmp(a->party, "mission") == 0 &&
		about(s, said(a, "incident"));
}

/* Who owes an answer to a query; NULL: nobody under this rule. */
static const char *owes(const struct scene *s, const struct rule *r,
	const struct activity *a)
{
	const char *to = said(a, "to");

	if (is_party(s->terms, r->by))
		return !*to || strcmp(to, r->by) == 0 ? r->by : NULL;
	if (*to)
		return is_party(s->terms, to) ? to : "";
	return is_party(s->terms, s->party) ? s->party : "";
}

size_t duty_owed(const struct scene *s, const struct rule *r,
	const char *who[PARTIES_MAX + 1])
{
	const struct terms *t = s->terms;
	bool owing[PARTIES_MAX] = {false}, somebody = false;
	size_t n = 0;

	for (size_t i = 0; i < s->facts->activity_count; i++) {
		const struct activity *a = &s->facts->activity[i];
		const char *by = is_query(s, r, a) ? owes(s, r, a) : NULL;

		for (size_t k = 0; by && k < t->parties; k++)
			owing[k] = owing[k] || strcmp(by, t->party[k].id) == 0;
		somebody = somebody || (by && !*by);
	}
	for (size_t k = 0; k < t->parties; k++)
		if (owing[k])
			who[n++] = t->party[k].id;
	if (somebody)
		who[n++] = "";
	return n;
}

static struct chance in_time(const struct query *q, struct receipt at)
{
	if (q->at.from < 0 || at.from < 0)
		return CHANCE_OPEN;
	if (at.from >= q->at.to && at.to <= q->due_us)
		return CHANCE_YES;
	if (at.to < q->at.from || at.from > q->due_last_us)
		return CHANCE_NO;
	return CHANCE_OPEN;
}

static bool too_early(const struct query *q, const struct answer *a)
{
	return a->at.from >= 0 && a->at.to < q->at.from;
}

/* The likelier in time, rather late than before it was asked, then the
 * earlier, then the smaller id: the order of facts does not show. */
static bool better(const struct query *q, const struct answer *a)
{
	const struct answer *b = &q->best;
	int32_t x = a->in_time.lo + a->in_time.hi;
	int32_t y = b->in_time.lo + b->in_time.hi;

	if (!b->id || x != y)
		return !b->id || x > y;
	if (too_early(q, a) != too_early(q, b))
		return too_early(q, b);
	if (a->at.from != b->at.from)
		return a->at.from < b->at.from;
	return strcmp(a->id->text, b->id->text) < 0;
}

static void take(struct query *q, struct answer a)
{
	a.in_time = in_time(q, a.at);
	q->undone = chance_or(q->undone, a.in_time); /* its opposite so far */
	q->count += a.in_time.hi > 0;
	if (better(q, &a))
		q->best = a;
}

static bool by_asked(const struct scene *s, const char *party)
{
	return *s->asked ? strcmp(party, s->asked) == 0
			 : is_party(s->terms, party);
}

/* The record reaches beyond it. */
static bool known(const struct facts *facts, int64_t us)
{
	return instant_known(facts->known) && facts->known.utc_ns / 1000 > us;
}

static struct query query(const struct scene *s, const struct rule *r,
	const struct activity *a)
{
	const struct facts *facts = s->facts;
	struct query q = {.is = a, .undone = CHANCE_NO,
		.at = receipt(a->received, a->received_last)};

	q.due_us = q.at.from + r->due_us;
	q.due_last_us = q.at.to + r->due_us;
	for (size_t i = 0; i < facts->activity_count; i++) {
		const struct activity *b = &facts->activity[i];

		if (strcmp(b->what, r->subject) == 0 &&
			by_asked(s, b->party) && about(s, said(b, "incident")))
			take(&q, (struct answer){&b->id,
				receipt(b->received, b->received_last),
				b->received_claimed, CHANCE_NO});
	}
	for (size_t i = 0; i < facts->claim_count &&
		strcmp(r->subject, "answer") == 0; i++) {
		const struct claim *c = &facts->claim[i];

		if (by_asked(s, c->party) && about(s, c->incident.text))
			take(&q, (struct answer){&c->id,
				receipt(c->received, c->received_last),
				c->received_claimed, CHANCE_NO});
	}
	/* What is not on record yet may still have come in time. */
	if (q.at.from < 0 || !known(facts, q.due_last_us))
		q.undone = chance_or(q.undone, CHANCE_OPEN);
	q.undone = chance_not(q.undone);
	if (!*s->asked) /* nobody known is late */
		q.undone.lo = 0;
	return q;
}

static void say_receipt(struct receipt at, bool claimed, struct text *t)
{
	text_add(t, ", received ");
	canon_time(t, at.from);
	if (at.to != at.from) {
		text_add(t, " to ");
		canon_time(t, at.to);
	}
	if (claimed && at.from >= 0)
		text_add(t, " (receipt claimed, not proven)");
}

static void say_query(const struct scene *s, const struct rule *r,
	const struct query *q, struct trace *trace)
{
	struct text none, *t = trace_line(trace, &none);

	text_fmt(t, "%s %s", r->of, q->is->id.text);
	text_fmt(t, " to %s", *s->asked ? s->asked : "a party not known");
	say_receipt(q->at, q->is->received_claimed, t);
	if (q->at.from >= 0) {
		text_fmt(t, ": %s due by ", r->subject);
		canon_time(t, q->due_us);
		if (q->due_last_us != q->due_us) {
			text_add(t, " to ");
			canon_time(t, q->due_last_us);
		}
	}
	trace_end(trace);
}

static void say_answer(const struct scene *s, const struct rule *r,
	const struct query *q, struct trace *trace)
{
	struct text none, *t = trace_line(trace, &none);
	const struct answer *a = &q->best;
	struct instant until = s->facts->known;

	if (a->id) {
		text_fmt(t, "%s %s", r->subject, a->id->text);
		say_receipt(a->at, a->claimed, t);
		text_add(t, a->in_time.lo > 0 ? ": in time"
			: a->in_time.hi > 0   ? ": perhaps in time"
			: too_early(q, a)     ? ": before it was asked"
					      : ": too late");
	} else {
		text_fmt(t, "no %s is on record, which reaches to ",
			r->subject);
		canon_time(t, instant_known(until) && until.utc_ns > 0
				? until.utc_ns / 1000 : -1);
	}
	text_add(t, "; undone");
	trace_chance(t, q->undone);
	trace_end(trace);
}

struct chance duty_undone(struct scene *s, const struct rule *r,
	struct trace *trace)
{
	struct chance sum = CHANCE_NO;
	size_t told = 0;

	if (s->suppose_undone)
		return CHANCE_YES;
	for (size_t i = 0; i < s->facts->activity_count; i++) {
		const struct activity *a = &s->facts->activity[i];
		const char *by = is_query(s, r, a) ? owes(s, r, a) : NULL;
		struct query q;

		if (!by || strcmp(by, s->asked) != 0)
			continue;
		q = query(s, r, a);
		sum = chance_or(sum, q.undone);
		if (!trace || told++ >= TOLD_MAX)
			continue;
		say_query(s, r, &q, trace);
		say_answer(s, r, &q, trace);
	}
	if (told > TOLD_MAX) {
		struct text none, *t = trace_line(trace, &none);

		text_fmt(t, "and %zu more of %s", told - TOLD_MAX, r->of);
		trace_end(trace);
	}
	return sum;
}

static const char *words(enum verdict v)
{
	return v == VERDICT_BREACH ? "a breach" : "no breach";
}

static void say_missing(const struct scene *s, const struct rule *r,
	const struct query *q, enum verdict then, bool done, struct text *out)
{
	text_fmt(out, "would be %s if %s %s of %s ", words(then),
		done ? "an" : "no", r->subject, s->asked);
	text_add(out, done ? "had been received by " : "is received by ");
	canon_time(out, done ? q->due_us : q->due_last_us);
}

static void say_moved(const struct query *q, const struct rule *r,
	enum verdict then, bool done, struct text *out)
{
	int64_t by = done ? q->best.at.to - q->due_us
			  : q->due_last_us - q->best.at.from;

	text_fmt(out, "would be %s if the %s had been received ",
		words(then), r->subject);
	if (!done)
		text_add(out, "more than ");
	canon_duration(out, by);
	text_add(out, done ? " earlier" : " later");
}

/* One query alone, whose answer by itself decides.  (What is a breach would be
 * none, were it done: then nothing is held.) */
void duty_flip(struct scene *s, const struct rule *r, enum verdict now,
	enum verdict if_undone, struct text *out)
{
	const struct activity *only = NULL;
	struct query q;

	for (size_t i = 0; i < s->facts->activity_count; i++) {
		const struct activity *a = &s->facts->activity[i];
		const char *by = is_query(s, r, a) ? owes(s, r, a) : NULL;

		if (!by || strcmp(by, s->asked) != 0)
			continue;
		if (only)
			return;
		only = a;
	}
	if (!only || !*s->asked || only->received.utc_ns <= 0)
		return;
	q = query(s, r, only);
	if (now == VERDICT_BREACH) {
		if (q.best.id && !too_early(&q, &q.best))
			say_moved(&q, r, VERDICT_NO_BREACH, true, out);
		else
			say_missing(s, r, &q, VERDICT_NO_BREACH, true, out);
	} else if (now == VERDICT_UNDETERMINED && !q.best.id &&
		if_undone == VERDICT_BREACH) {
		say_missing(s, r, &q, if_undone, false, out);
	} else if (now == VERDICT_NO_BREACH && q.best.in_time.lo > 0 &&
		q.count == 1 && known(s->facts, q.due_last_us) &&
		if_undone == VERDICT_BREACH) {
		say_moved(&q, r, if_undone, false, out);
	}
}
