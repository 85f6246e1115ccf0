/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * attend.c - health and looks: who was listening, and what would they have
 * noticed? */
#include "roles/chain.h"

static int by_source(const void *a, const void *b)
{
	const struct uptime *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (d)
		return d;
	if (x->span.from.utc_ns != y->span.from.utc_ns)
		return x->span.from.utc_ns < y->span.from.utc_ns ? -1 : 1;
	return (x->span.to.utc_ns > y->span.to.utc_ns) -
		(x->span.to.utc_ns < y->span.to.utc_ns);
}

static bool uptimes(struct chain *c, struct uptime **out, size_t *count,
	struct fault *f)
{
	struct uptime *u =
		arena_array(&c->work, c->run_count + 1, sizeof *u, f);
	size_t n = 0;

	if (!u)
		return false;
	for (size_t i = 0; i < c->run_count; i++) {
		const struct chain_run *r = &c->run[i];

		if (!r->source)
			continue;
		u[n++] = (struct uptime){r->source->id, {r->from, r->to},
			r->time_quality, r->flags, r->damaged};
	}
	if (n > 0)
		qsort(u, n, sizeof *u, by_source);
	*out = u;
	*count = n;
	return true;
}

static bool put_health(void *self, const struct health *h, struct fault *f)
{
	struct chain *c = self;
	void *list = c->health;
	struct health *x;
	bool fresh;

	if (!chain_grow(&c->arena, &list, c->health_count, &c->health_room,
		sizeof *x, f))
		return false;
	c->health = list;
	x = &c->health[c->health_count++];
	*x = *h;
	x->source = arena_text(&c->arena, bytes_of(h->source), f);
	x->why = arena_text(&c->arena, bytes_of(h->why ? h->why : ""), f);
	/* Made anew by every replay: no news. */
	return x->source && x->why && rows_health(&c->rows, x, &fresh, f);
}

static bool put_look(void *self, const struct look *l, struct fault *f)
{
	struct chain *c = self;
	bool fresh;

	c->done->looks++;
	/* Made anew by every replay: no news. */
	return rows_look(&c->rows, l, &fresh, f);
}

static bool make(struct chain *c, struct fault *f)
{
	struct healths health = {put_health, c};
	struct looks looks = {put_look, c};
	const struct mission *m = c->ask->mission;
	struct uptime *u;
	size_t n;

	c->work.used = 0;
	return uptimes(c, &u, &n, f) &&
		watch_health(m, c->span, u, n, &c->work, &health, f) &&
		watch_sound(m, c->span, c->health, c->health_count, &c->work,
			&looks, f);
}

bool chain_watch(struct chain *c, struct fault *f)
{
	const struct mission *m = c->ask->mission;
	struct store *s = c->ask->store;
	struct period first, last;

	if (!instant_known(c->done->data.from))
		return true;
	first = period_at(m, c->done->data.from);
	last = period_at(m, (struct instant){c->done->data.to.utc_ns - 1});
	c->span = (struct span){first.span.from, last.span.to};
	chain_progress(c, "watch", 0, 0);
	if (!s->engine->begin(s, "watch", f))
		return false;
	if (!make(c, f)) {
		s->engine->rollback(s);
		return false;
	}
	return s->engine->commit(s, NULL, f);
}
