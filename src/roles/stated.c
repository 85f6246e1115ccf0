/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stated.c - what sensors state of themselves in kept frames, to charges. */
#include "roles/chain.h"
#include "roles/frames.h"
#include "watch/stated.h"

struct gathering {
	struct chain *c;
	const struct frames *frames;
	struct stated *list;
	size_t count, room;
};

static bool take(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct gathering *g = self;
	const struct frames_sensor *s;
	enum chain_verdict v = CHAIN_REFUSED;
	struct frame x;
	void *list = g->list;

	if (rec->sequence < g->frames->marks.used)
		v = g->frames->marks.at[rec->sequence];
	if (rec->kind != JOURNAL_FRAME || !chain_keeps(v))
		return true;
	if (!frame_read(rec->payload, &x, f))
		return false;
	s = frames_sensor(&g->frames->sensors, x.sensor);
	if (!s) /* its row has gone from sensors.csv */
		return true;
	if (!chain_grow(&g->c->work, &list, g->count, &g->room,
		sizeof *g->list, f))
		return false;
	g->list = list;
	g->list[g->count++] = (struct stated){.source = s->source,
		.boot = x.boot, .sequence = x.sequence,
		.record = rec->sequence, .received = rec->received,
		.start = x.start, .monotonic_ns = x.monotonic_ns,
		.span_us = x.span_us, .error_us = x.error_us,
		.time_source = x.time_source, .lock = x.lock,
		.lat_e7 = x.lat_e7, .lon_e7 = x.lon_e7, .tamper = x.tamper,
		.health = x.health, .forked = v == CHAIN_FORK,
		.broken = v == CHAIN_BREAK};
	return true;
}

static bool keep(void *self, const struct health *h, struct fault *f)
{
	struct chain *c = self;

	return chain_keep_health(c, &c->charge, &c->charge_count,
		&c->charge_room, h, f);
}

/* Of a part of the time what stands holds (settle.c). */
bool chain_stated(struct chain *c, struct fault *f)
{
	struct frames *r = c->ask->frames;
	struct gathering g = {.c = c, .frames = r};
	const struct healths out = {keep, c};
	struct span all = c->done->data;
	struct journal j;

	if (!r || instant_known(c->ask->span.from) ||
		!instant_known(all.from))
		return true;
	c->work.used = 0;
	all.to = period_at(c->ask->mission,
		(struct instant){all.to.utc_ns - 1}).span.to;
	j = spool_journal(&r->spool);
	if (!j.read(j.self, 0, take, &g, f))
		return false;
	if (g.count > 0)
		qsort(g.list, g.count, sizeof *g.list, stated_order);
	return stated_judge(g.list, g.count, all, &out, f);
}
