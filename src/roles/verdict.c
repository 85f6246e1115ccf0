/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verdict.c - incidents to findings: each newest version before each rule,
 * with the notices and the claims that concern it. */
#include "geo/frame.h"
#include "roles/chain.h"

/* A claim of its own concerns an incident this near in time and place. */
#define CLAIM_NS (INT64_C(900) * 1000000000)
#define CLAIM_M 5000.0

struct judging {
	struct chain *c;
	struct activity *activity;
	size_t activity_count, activity_room;
	struct claim *claim, *near;
	size_t claim_count, claim_room;
	struct arena one; /* an incident */
	uint64_t seen, total;
};

static bool take_activity(void *self, const struct row *row, struct fault *f)
{
	struct judging *j = self;
	struct arena *a = &j->c->arena;
	void *list = j->activity;
	const struct tree *t;

	if (!chain_grow(a, &list, j->activity_count, &j->activity_room,
		sizeof *j->activity, f))
		return false;
	j->activity = list;
	j->one.used = 0;
	return tree_read(row->body, &j->one, &t, f) &&
		activity_read(t, a, &j->activity[j->activity_count++], f);
}

static bool take_claim(void *self, const struct row *row, struct fault *f)
{
	struct judging *j = self;
	struct arena *a = &j->c->arena;
	void *list = j->claim;
	const struct tree *t;

	if (!chain_grow(a, &list, j->claim_count, &j->claim_room,
		sizeof *j->claim, f))
		return false;
	j->claim = list;
	j->one.used = 0;
	return tree_read(row->body, &j->one, &t, f) &&
		claim_read(t, a, &j->claim[j->claim_count++], f);
}

static bool concerns(const struct claim *c, const struct incident *i)
{
	struct frame at;
	struct xy d;

	if (id_is(&c->incident))
		return strcmp(c->incident.text, i->id.text) == 0;
	if (!instant_known(c->at) ||
		llabs(c->at.utc_ns - i->at.utc_ns) > CLAIM_NS ||
		!place_known(&c->place) || !place_known(&i->place))
		return false;
	at = frame_at(i->place.lat_deg, i->place.lon_deg);
	d = frame_to(&at, c->place.lat_deg, c->place.lon_deg);
	return d.x_m * d.x_m + d.y_m * d.y_m <= CLAIM_M * CLAIM_M;
}

static bool put_finding(void *self, const struct finding *x, struct fault *f)
{
	struct chain *c = self;
	bool fresh;

	c->done->findings++;
	if (!rows_finding(&c->rows, x, &fresh, f))
		return fault_in(f, "%s", x->id.text);
	c->done->fresh += fresh;
	return true;
}

static bool judge_row(void *self, const struct row *row, struct fault *f)
{
	struct judging *j = self;
	struct chain *c = j->c;
	struct findings to = {put_finding, c};
	struct facts facts = {.mission = c->ask->mission,
		.activity = j->activity, .activity_count = j->activity_count,
		.claim = j->near};
	const struct tree *t;
	struct incident i;

	chain_progress(c, "judge", j->seen++, j->total);
	if (strcmp(row->status, status_name(STATUS_REJECTED)) == 0)
		return true;
	j->one.used = 0;
	if (!tree_read(row->body, &j->one, &t, f) ||
		!incident_read(t, &j->one, &i, f))
		return fault_in(f, "%s", row->id);
	if (incident_is_part(&i))
		return true;
	for (size_t k = 0; k < j->claim_count; k++)
		if (concerns(&j->claim[k], &i))
			j->near[facts.claim_count++] = j->claim[k];
	return judge_incident(c->ask->terms, &facts, &i, &j->one, &to, f) ||
		fault_in(f, "%s", row->id);
}

struct stale { /* findings that are no more */
	struct arena *arena;
	struct finding *x;
	size_t count, room;
};

static bool find_stale(void *self, const struct row *row, struct fault *f)
{
	struct stale *s = self;
	const struct tree *t;
	void *list = s->x;

	if (!chain_grow(s->arena, &list, s->count, &s->room, sizeof *s->x, f))
		return false;
	s->x = list;
	if (!tree_read(row->body, s->arena, &t, f) ||
		!finding_read(t, s->arena, &s->x[s->count], f))
		return fault_in(f, "%s", row->id);
	s->count += s->x[s->count].status != STATUS_REJECTED;
	return true;
}

/* A finding falls with its incident, or with its rule. */
static bool withdraw(struct judging *j, struct fault *f)
{
	struct store *s = j->c->ask->store;
	struct stale stale = {.arena = &j->one};
	struct query q = {.type = ROW_FINDING, .old = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool fresh;

	if (instant_known(j->c->ask->span.from))
		return true; /* a part of the time only: nothing is known */
	j->one.used = 0;
	if (!s->engine->find(s, &q, find_stale, &stale, f))
		return false;
	for (size_t i = 0; i < stale.count; i++) {
		stale.x[i].status = STATUS_REJECTED;
		if (!rows_finding(&j->c->rows, &stale.x[i], &fresh, f))
			return false;
		j->c->done->fresh += fresh;
	}
	return true;
}

static int by_received(const void *a, const void *b)
{
	const struct activity *x = a, *y = b;

	if (x->received.utc_ns != y->received.utc_ns)
		return x->received.utc_ns < y->received.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

static bool judge_all(struct judging *j, struct fault *f)
{
	struct store *s = j->c->ask->store;
	const struct span all = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};
	struct query q = {.type = ROW_ACTIVITY, .span = all};

	if (!s->engine->find(s, &q, take_activity, j, f))
		return false;
	q.type = ROW_CLAIM;
	if (!s->engine->find(s, &q, take_claim, j, f))
		return false;
	if (j->activity_count > 0)
		qsort(j->activity, j->activity_count, sizeof *j->activity,
			by_received);
	j->near = arena_array(&j->c->arena, j->claim_count + 1,
		sizeof *j->near, f);
	if (!j->near)
		return false;
	q.type = ROW_INCIDENT;
	q.span = j->c->ask->span;
	return s->engine->renew(s, ROW_FINDING, f) &&
		s->engine->count(s, &q, &j->total, f) &&
		s->engine->find(s, &q, judge_row, j, f) && withdraw(j, f);
}

bool chain_judge(struct chain *c, struct fault *f)
{
	struct judging j = {.c = c};
	struct store *s = c->ask->store;
	bool ok;

	if (!c->ask->terms)
		return true;
	ok = arena_map(&j.one, (size_t)1 << 30, f) &&
		s->engine->begin(s, "judge", f);
	if (ok && !(ok = judge_all(&j, f)))
		s->engine->rollback(s);
	if (ok)
		ok = s->engine->commit(s, NULL, f);
	arena_unmap(&j.one);
	return ok;
}
