/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/chain.h"
#include "roles/edition.h"
#include "roles/owe.h"
#include "roles/published.h"
#include "roles/reviews.h"
#include "roles/steps.h"

#define ARENA_BYTES ((size_t)16 << 30)

bool chain_grow(struct arena *a, void **list, size_t count, size_t *room,
	size_t size, struct fault *f)
{
	size_t more = *room ? 2 * *room : 256;
	void *wide;

	if (count < *room)
		return true;
	if (!(wide = arena_array(a, more, size, f)))
		return false;
	if (count > 0)
		memcpy(wide, *list, count * size);
	*list = wide;
	*room = more;
	return true;
}

void chain_progress(
	struct chain *c, const char *what, uint64_t done, uint64_t total)
{
	if (c->ask->progress)
		c->ask->progress(c->ask->self, what, done, total);
}

/* An index that was deleted goes on with the versions it had. */
static bool restore(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	struct query q = {.type = ROW_INCIDENT, .machine = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct ledger *l = c->ask->intake->ledger;
	uint64_t n, restored;

	if (!s->engine->count(s, &q, &n, f))
		return false;
	if (n > 0 || ledger_size(l) <= 1)
		return true;
	return rows_restore(&c->rows, l, &restored, f);
}

/* When the data of the mission end: the report of the last period. */
static bool note_last(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	uint8_t at[8];

	if (!instant_known(c->done->data.to))
		return true;
	put_be(at, (uint64_t)c->done->data.to.utc_ns - 1, sizeof at);
	return s->engine->begin(s, "last", f) &&
		s->engine->set(s, EDITION_LAST, (struct bytes){at, sizeof at},
			f) &&
		s->engine->commit(s, NULL, f);
}

/* After what was found is logged and signed: triggers may ask whether it is
 * reviewed and jointly accepted. */
static bool owe(struct chain *c, struct ledger *log, struct fault *f)
{
	const struct replay_ask *ask = c->ask;
	struct owe_ask own = {.pledges = ask->pledges, .rows = &c->rows,
		.ledger = log, .disk = ask->intake->disk,
		.people_of = ask->people_of, .people_disk = ask->people_disk,
		.clock = ask->now};
	struct query q = {.type = ROW_OBLIGATION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct owe_done done;
	uint64_t n;

	if (!ask->store->engine->count(ask->store, &q, &n, f))
		return false;
	if (n == 0 && !owe_wanted(ask->pledges))
		return true;
	if (!owe_all(&own, &done, f))
		return false;
	c->done->obligations = done.standing;
	c->done->fresh += done.opened + done.fell;
	c->done->logged += done.logged;
	return done.logged == 0 || ledger_sign(log, f);
}

/* What people did while the replay went on is read too: a log that another
 * process writes is here as it was at the beginning. */
static bool conclude(struct chain *c, struct fault *f)
{
	struct ledger *log = c->ask->intake->ledger, *now = NULL;
	const struct ledger_writer *w = ledger_forwards(log);
	bool ok = true;

	if (w) {
		ok = ledger_open(&now, c->ask->intake->disk, false, f);
		if (ok)
			ledger_forward(log = now, w);
	}
	ok = ok && owe(c, log, f) && reviews_index(c->ask->store, log, f) &&
		steps_index(c->ask->store, log, f) &&
		published_index(c->ask->store, log, f);
	ledger_close(now);
	return ok;
}

/* Until the end the index may lag behind the log. */
static bool say_whole(struct chain *c, bool whole, struct fault *f)
{
	struct store *s = c->ask->store;

	if (!s->engine->begin(s, "whole", f))
		return false;
	if ((whole ? memo_sweep(&c->memo, f) : memo_open(&c->memo, s,
			c->ask->mission, &c->arena, f)) &&
		s->engine->set(s, REPLAY_WHOLE, bytes_of(whole ? "1" : ""), f))
		return s->engine->commit(s, NULL, f);
	s->engine->rollback(s);
	return false;
}

static bool steps(struct chain *c, struct fault *f)
{
	return restore(c, f) &&
		(c->ask->people_of || reviews_versions(c->ask->store,
			c->ask->intake->ledger, false, f)) &&
		chain_decode(c, f) && chain_follow(c, f) &&
		chain_listen(c, f) && chain_stated(c, f) &&
		chain_settle(c, f) && chain_judge(c, f) &&
		note_last(c, f) && chain_bury(c, f) &&
		rows_log(&c->rows, c->ask->intake->ledger,
			c->ask->intake->disk, c->ask->now, &c->done->logged,
			f) &&
		ledger_sign(c->ask->intake->ledger, f) && conclude(c, f);
}

bool replay_run(const struct replay_ask *ask, struct replay_done *done,
	struct fault *f)
{
	struct chain c = {.ask = ask, .done = done,
		.deaths = {.lock = PTHREAD_MUTEX_INITIALIZER}};
	bool ok;

	*done = (struct replay_done){
		.data = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	c.span = done->data;
	ok = arena_map(&c.arena, ARENA_BYTES, f) &&
		arena_map(&c.work, ARENA_BYTES, f) &&
		arena_map(&c.keep, ARENA_BYTES, f) &&
		arena_map(&c.air, ARENA_BYTES, f) &&
		(c.deaths.death = arena_array(&c.arena, CHAIN_DEATHS_MAX,
			 sizeof *c.deaths.death, f)) &&
		rows_open(&c.rows, ask->store, f) &&
		say_whole(&c, false, f) && steps(&c, f) &&
		say_whole(&c, true, f);
	rows_close(&c.rows);
	arena_unmap(&c.air);
	arena_unmap(&c.keep);
	arena_unmap(&c.work);
	arena_unmap(&c.arena);
	return ok;
}
