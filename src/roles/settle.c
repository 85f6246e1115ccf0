/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * settle.c - incidents by sensors, sensors by incidents.
 *
 * Located sounds tell which sensors are late or misplaced; without those the
 * sounds are located anew.  Twice and no more: the judge has left out each
 * culprit before he judged the next (watch/clock.h). */
#include "roles/chain.h"
#include "watch/arrivals.h"
#include "watch/clock.h"

struct settling {
	struct chain *c;
	struct arena arena; /* of the log */
	struct clock_log log;
	struct arrivals arrivals;
};

/* What earlier replays made and this one did not: a late file closed a gap,
 * or the program knows better now.  The ledger keeps it. */
static bool sweep(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;

	return s->engine->sweep(s, ROW_DETECTION, f) &&
		s->engine->sweep(s, ROW_HEALTH, f);
}

/* Who could have heard it is asked once all sensors are known. */
static bool end(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;

	if (chain_look_out(c, f) && s->engine->sweep(s, ROW_LOOK, f))
		return s->engine->commit(s, NULL, f);
	s->engine->rollback(s);
	return false;
}

static bool keep_fit(void *self, const struct fit *fit, struct fault *f)
{
	struct settling *s = self;

	return clock_take(&s->log, fit, f);
}

static bool see_arrival(
	void *self, const struct detection *d, struct fault *f)
{
	struct settling *s = self;

	return arrivals_take(&s->arrivals, d, f);
}

static bool keep_charge(void *self, const struct health *h, struct fault *f)
{
	struct chain *c = self;

	return chain_keep_health(c, &c->charge, &c->charge_count,
		&c->charge_room, h, f);
}

static bool take_charge(void *self, const struct row *row, struct fault *f)
{
	struct chain *c = self;
	const struct tree *t;
	struct health h;

	c->work.used = 0;
	if (!tree_read(row->body, &c->work, &t, f) ||
		!health_read(t, &c->work, &h, f))
		return fault_in(f, "%s", row->id);
	/* Uptime quarantines nobody and cites nothing. */
	return (h.evidence_count == 0 && h.state != HEALTH_QUARANTINED) ||
		keep_charge(c, &h, f);
}

/* A part of the time is not enough to judge by: what stands holds. */
static bool recall(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	struct query q = {.type = ROW_HEALTH,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	return s->engine->find(s, &q, take_charge, c, f);
}

static bool once(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;

	if (!s->engine->begin(s, "settle", f))
		return false;
	if (chain_watch(c, f) && sweep(c, f) && chain_locate(c, f))
		return true;
	s->engine->rollback(s);
	return false;
}

static bool judge(struct settling *g, struct fault *f)
{
	struct chain *c = g->c;
	struct healths to = {keep_charge, c};
	struct span all = c->span;

	c->work.used = 0;
	return arrivals_finish(&g->arrivals, all, f) &&
		(g->log.count == 0 || clock_judge(&g->log, c->ask->mission,
			all, &c->work, &to, f));
}

static bool settle(struct settling *g, struct fault *f)
{
	struct chain *c = g->c;
	struct store *s = c->ask->store;
	struct fits fits = {keep_fit, g};
	struct detections arrivals = {see_arrival, g};
	struct healths to = {keep_charge, c};
	struct replay_done was = *c->done;
	bool part = instant_known(c->ask->span.from);
	size_t heard = c->charge_count; /* by the samples themselves */

	if (part && !recall(c, f))
		return false;
	if (!arrivals_start(&g->arrivals, c->ask->mission, &g->arena, &to, f))
		return false;
	c->fits = part ? NULL : &fits;
	c->arrivals = part ? NULL : &arrivals;
	if (!once(c, f))
		return false;
	c->fits = NULL;
	c->arrivals = NULL;
	if (part)
		return end(c, f);
	if (!judge(g, f)) {
		s->engine->rollback(s);
		return false;
	}
	if (c->charge_count == heard)
		return end(c, f);
	s->engine->rollback(s);
	*c->done = was;
	c->health_count = c->look_count = 0;
	return once(c, f) && end(c, f);
}

bool chain_settle(struct chain *c, struct fault *f)
{
	struct settling g = {.c = c};
	bool ok = arena_map(&g.arena, (size_t)8 << 30, f);

	g.log.arena = &g.arena;
	ok = ok && settle(&g, f);
	arena_unmap(&g.arena);
	return ok;
}
