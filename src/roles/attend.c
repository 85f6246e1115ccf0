/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * attend.c - health and looks: who was listening, and what would they have
 * noticed? */
#include "roles/chain.h"
#include "watch/charges.h"

static int by_source(const void *a, const void *b)
{
	const struct uptime *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	return d ? d : span_order(x->span, y->span);
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

bool chain_keep_health(struct chain *c, struct health **list, size_t *count,
	size_t *room, const struct health *h, struct fault *f)
{
	void *wide = *list;
	struct health *x;
	struct feature *more;
	const char **evidence;

	if (!chain_grow(&c->arena, &wide, *count, room, sizeof *x, f))
		return false;
	*list = wide;
	x = &(*list)[*count];
	*x = *h;
	x->source = arena_text(&c->arena, bytes_of(h->source), f);
	x->why = arena_text(&c->arena, bytes_of(h->why ? h->why : ""), f);
	more = arena_array(&c->arena, h->more_count + 1, sizeof *more, f);
	evidence = arena_array(
		&c->arena, h->evidence_count + 1, sizeof *evidence, f);
	if (!x->source || !x->why || !more || !evidence)
		return false;
	for (size_t i = 0; i < h->more_count; i++)
		more[i] = h->more[i];
	for (size_t i = 0; i < h->evidence_count; i++)
		if (!(evidence[i] = arena_text(&c->arena,
			      bytes_of(h->evidence[i]), f)))
			return false;
	x->more = more;
	x->evidence = evidence;
	(*count)++;
	return true;
}

static bool keep_health(void *self, const struct health *h, struct fault *f)
{
	struct chain *c = self;

	return chain_keep_health(c, &c->health, &c->health_count,
		&c->health_room, h, f);
}

int chain_by_place(const void *a, const void *b)
{
	const struct health *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (!d)
		d = instant_order(x->span.from, y->span.from);
	return d ? d : strcmp(x->id.text, y->id.text);
}

/* Charges join what uptime says; all by source and time. */
static bool join_charges(struct chain *c, struct fault *f)
{
	for (size_t i = 0; i < c->charge_count; i++)
		if (!keep_health(c, &c->charge[i], f))
			return false;
	if (c->health_count > 0)
		qsort(c->health, c->health_count, sizeof *c->health,
			chain_by_place);
	return true;
}

/* Samples of channels that sensors.csv lacks: kept, and heard by nobody, as no
 * one knows where they stand.  That must be said of each.  Runs are in order
 * of their channels. */
static bool strangers(struct chain *c, struct fault *f)
{
	for (size_t i = 0; i < c->run_count;) {
		const struct chain_run *r = &c->run[i];
		struct health h = {.source = r->channel,
			.span = {r->from, r->to}, .state = HEALTH_UNKNOWN,
			.why = "not in sensors.csv"};
		uint64_t samples = 0;

		for (; i < c->run_count &&
			strcmp(c->run[i].channel, r->channel) == 0; i++) {
			samples += c->run[i].samples;
			if (c->run[i].to.utc_ns > h.span.to.utc_ns)
				h.span.to = c->run[i].to;
		}
		h.measure = (struct feature){"samples", (double)samples};
		health_name(&h);
		if (!r->source && !keep_health(c, &h, f))
			return false;
	}
	return true;
}

static bool put_look(void *self, const struct look *l, struct fault *f)
{
	struct chain *c = self;
	bool fresh;

	c->done->looks++;
	/* Made anew by every replay: no news. */
	return rows_look(&c->rows, l, &fresh, f);
}

static void set_span(struct chain *c)
{
	const struct mission *m = c->ask->mission;
	struct period first = period_at(m, c->done->data.from);
	struct period last = period_at(m,
		(struct instant){c->done->data.to.utc_ns - 1});

	c->span = (struct span){first.span.from, last.span.to};
}

bool chain_attend(struct chain *c, struct fault *f)
{
	struct healths health = {keep_health, c};
	struct charges cut = {c->charge, c->charge_count, &health};
	struct healths uncharged = {charges_cut, &cut};
	struct gaps gaps = {c->gap, c->gap_count, 0, &uncharged};
	struct healths uptime = {gaps_name, &gaps};
	struct uptime *u;
	size_t n;

	c->health_count = 0;
	if (!instant_known(c->done->data.from))
		return true;
	set_span(c);
	c->work.used = 0;
	gaps.count = c->gap_count = gaps_sort(c->gap, c->gap_count);
	/* Several judge; threads tell in any order. */
	if (c->charge_count > 0)
		qsort(c->charge, c->charge_count, sizeof *c->charge,
			chain_by_place);
	return chain_air(c, f) && uptimes(c, &u, &n, f) &&
		watch_health(c->ask->mission, c->span, u, n, &c->work, &uptime,
			f) &&
		strangers(c, f) && join_charges(c, f);
}

/* Made anew by every replay: no news. */
static bool put_health(struct chain *c, struct fault *f)
{
	bool fresh;

	for (size_t i = 0; i < c->health_count; i++)
		if ((c->health[i].state == HEALTH_UP &&
			!chain_say_ambient(c, &c->health[i], f)) ||
			!rows_health(&c->rows, &c->health[i], &fresh, f))
			return false;
	return true;
}

bool chain_watch(struct chain *c, struct fault *f)
{
	struct looks looks = {put_look, c};
	struct watch_air air;

	if (!instant_known(c->done->data.from))
		return true;
	chain_progress(c, "watch", 0, 0);
	chain_around(c, &air);
	c->work.used = 0;
	return put_health(c, f) && watch_sound(c->ask->mission, c->span, &air,
		&c->work, &looks, f);
}
