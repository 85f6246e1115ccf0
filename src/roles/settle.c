/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * settle.c - incidents by sensors, sensors by incidents.
 *
 * Located sounds tell which sensors are late or misplaced; then all is placed
 * without those.  Sounds that no charge has come between are not located anew.
 * Once and no more: the judge has left out each culprit before he judged the
 * next (watch/clock.h). */
#include "roles/islands.h"
#include "watch/arrivals.h"
#include "watch/clock.h"
#include "watch/whole.h"

/* Located sounds that are remembered: some hundred and thirty. */
#define SOUNDS_BYTES ((size_t)2 << 20)

struct settling {
	struct chain *c;
	struct arena arena; /* of the log */
	struct arena sounds;
	struct islands_memory memory;
	struct clock_log log;
	struct arrivals arrivals;
	struct whole whole;
};

/* What earlier replays made and this one did not: a late file closed a gap,
 * or the program knows better now.  The ledger keeps it. */
static bool sweep(struct chain *c, enum row_type type, struct fault *f)
{
	return c->ask->store->engine->sweep(c->ask->store, type, f);
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

	return arrivals_take(&s->arrivals, d, f) &&
		whole_take(&s->whole, d, f);
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

static bool judge(struct settling *g, struct fault *f)
{
	struct chain *c = g->c;
	struct healths to = {keep_charge, c};
	struct span all = c->span;

	c->work.used = 0;
	return arrivals_finish(&g->arrivals, all, f) &&
		(g->log.count == 0 ||
			(clock_judge(&g->log, c->ask->mission, all, &c->work,
				 &to, f) &&
			 whole_judge(&g->whole, &g->log, all, &c->work, &to,
				 f)));
}

static bool note_times(struct chain *c, size_t from, struct fault *f)
{
	c->charged_count = c->charge_count - from;
	c->charged = arena_array(
		&c->arena, c->charged_count + 1, sizeof *c->charged, f);
	for (size_t i = 0; c->charged && i < c->charged_count; i++)
		c->charged[i] = c->charge[from + i].span;
	return c->charged != NULL;
}

/* A part of the time is not enough to judge by. */
static bool sensors(struct settling *g, struct fault *f)
{
	struct chain *c = g->c;
	struct fits fits = {keep_fit, g};
	struct detections arrivals = {see_arrival, g};
	struct healths to = {keep_charge, c};
	size_t by_samples = c->charge_count;
	bool ok;

	if (instant_known(c->ask->span.from))
		return recall(c, f) && chain_attend(c, f);
	if (!arrivals_start(&g->arrivals, c->ask->mission, &g->arena, &to, f) ||
		!whole_start(&g->whole, c->ask->mission, &g->arena, f))
		return false;
	c->fits = &fits;
	c->arrivals = &arrivals;
	c->sounds = &g->memory;
	ok = chain_attend(c, f) && chain_sound_out(c, f);
	c->fits = NULL;
	c->arrivals = NULL;
	g->memory.at = g->memory.first;
	return ok && judge(g, f) && note_times(c, by_samples, f) &&
		(c->charged_count == 0 || chain_attend(c, f));
}

static bool settle(struct settling *g, struct fault *f)
{
	struct chain *c = g->c;
	struct store *s = c->ask->store;

	if (!s->engine->begin(s, "settle", f))
		return false;
	if (sweep(c, ROW_DETECTION, f) && sensors(g, f) &&
		chain_watch(c, f) && sweep(c, ROW_LOOK, f) &&
		sweep(c, ROW_HEALTH, f) && chain_locate(c, f))
		return s->engine->commit(s, NULL, f);
	s->engine->rollback(s);
	return false;
}

bool chain_settle(struct chain *c, struct fault *f)
{
	struct settling g = {.c = c};
	bool ok = arena_map(&g.arena, (size_t)8 << 30, f) &&
		arena_map(&g.sounds, (size_t)1 << 30, f);

	g.log.arena = &g.arena;
	g.memory.arena = &g.sounds;
	g.memory.most = SOUNDS_BYTES;
	ok = ok && settle(&g, f);
	c->sounds = NULL;
	arena_unmap(&g.sounds);
	arena_unmap(&g.arena);
	return ok;
}
