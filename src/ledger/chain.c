/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/chain.h"

#include "ledger/merkle.h"

const char *chain_verdict_name(enum chain_verdict v)
{
	static const char *const names[CHAIN_VERDICTS] = {"next", "jump",
		"late", "same", "fork", "break", "old", "refused"};

	return names[v];
}

/* -- sensors -- */

bool chains_start(
	struct chains *c, struct arena *a, size_t most, struct fault *f)
{
	*c = (struct chains){.arena = a, .most = most, .room = 64};
	while (c->room < 2 * most)
		c->room *= 2;
	c->sensor = arena_array(a, c->room, sizeof(struct chain_sensor *), f);
	return c->sensor != NULL;
}

static struct chain_sensor **place_of(
	const struct chains *c, const uint8_t id[FRAME_SENSOR])
{
	/* The id is a hash, and only enrolled ones get a place. */
	size_t at = (size_t)bytes_be((struct bytes){id, 8}) & (c->room - 1);

	while (c->sensor[at] &&
		memcmp(c->sensor[at]->id, id, FRAME_SENSOR) != 0)
		at = (at + 1) & (c->room - 1);
	return &c->sensor[at];
}

const struct chain_sensor *chain_of(
	const struct chains *c, const uint8_t id[FRAME_SENSOR])
{
	return *place_of(c, id);
}

/* -- what is remembered -- */

static bool is_slot(const struct chain_slot *s, const struct frame *x)
{
	return s->after == x->sequence + 1 && s->boot == x->boot;
}

static bool is_part(const struct chain_slot *s, const struct frame *x)
{
	return memcmp(s->part, x->digest.at, CHAIN_PART) == 0;
}

static void remember(struct chain_slot *s, const struct frame *x)
{
	s->after = x->sequence + 1;
	s->boot = x->boot;
	memcpy(s->part, x->digest.at, CHAIN_PART);
}

static void remember_odd(struct chain_sensor *s, const struct frame *x)
{
	remember(&s->odd[s->odds++ % CHAIN_ODD], x);
}

/* Same or fork, if one of its boot and sequence is held. */
static bool is_held(const struct chain_sensor *s, const struct frame *x,
	enum chain_verdict *v)
{
	const struct chain_slot *front = &s->front[x->sequence % CHAIN_WINDOW];
	const struct chain_slot *late = &s->late[x->sequence % CHAIN_WINDOW];
	bool held = false, same = false;

	for (size_t i = 0; i < CHAIN_ODD; i++) {
		held |= is_slot(&s->odd[i], x);
		same |= is_slot(&s->odd[i], x) && is_part(&s->odd[i], x);
	}
	held |= is_slot(front, x) || is_slot(late, x);
	same |= (is_slot(front, x) && is_part(front, x)) ||
		(is_slot(late, x) && is_part(late, x));
	*v = same ? CHAIN_SAME : CHAIN_FORK;
	return held;
}

/* -- gaps -- */

static struct chain_gap *gap_of(struct chain_sensor *s, const struct frame *x)
{
	for (size_t i = 0; i < s->gaps; i++) {
		struct chain_gap *g = &s->gap[i];

		if (x->sequence >= g->first && x->sequence < g->end &&
			x->boot >= g->boot_from && x->boot <= g->boot_to)
			return g;
	}
	return NULL;
}

static void drop(struct chain_sensor *s, size_t i)
{
	s->gaps--;
	memmove(&s->gap[i], &s->gap[i + 1],
		(s->gaps - i) * sizeof *s->gap);
}

/* In front of place i. */
static void insert(
	struct chain_sensor *s, size_t i, const struct chain_gap *g)
{
	if (s->gaps == CHAIN_GAPS) {
		s->lost += s->gap[0].end - s->gap[0].first;
		drop(s, 0);
		i -= i > 0;
	}
	memmove(&s->gap[i + 1], &s->gap[i], (s->gaps - i) * sizeof *s->gap);
	s->gap[i] = *g;
	s->gaps++;
}

static bool is_zero(const struct digest *d)
{
	static const struct digest none;

	return digest_equal(d, &none);
}

/* At the gap's ends its neighbours must name each other. */
static bool fits(const struct chain_gap *g, const struct frame *x)
{
	bool anew = (x->flags & FRAME_RESTARTED) && is_zero(&x->prev) &&
		x->boot > g->boot_from;

	if (x->sequence == g->first && !anew &&
		!digest_equal(&x->prev, &g->before))
		return false;
	return x->sequence + 1 != g->end || is_zero(&g->after) ||
		digest_equal(&g->after, &x->digest);
}

/* What is left of it on both sides of a frame that fits. */
static void close_at(
	struct chain_sensor *s, struct chain_gap *g, const struct frame *x)
{
	size_t i = (size_t)(g - s->gap);
	struct chain_gap left = *g, right = *g;

	left.end = x->sequence;
	left.boot_to = x->boot;
	left.after = x->prev;
	right.first = x->sequence + 1;
	right.boot_from = x->boot;
	right.before = x->digest;
	drop(s, i);
	if (right.first < right.end)
		insert(s, i, &right);
	if (left.first < left.end)
		insert(s, i, &left);
}

/* -- the verdict -- */

static enum chain_verdict breaks(struct chain_sensor *s,
	const struct frame *x, struct chain_arrival *out, const char *why)
{
	remember_odd(s, x);
	(void)fault(&out->why, FAULT_INPUT, "chain: %s", why);
	return CHAIN_BREAK;
}

static void advance(struct chain_sensor *s, const struct frame *x)
{
	s->next = x->sequence + 1;
	s->boot = x->boot;
	s->last = x->digest;
	remember(&s->front[x->sequence % CHAIN_WINDOW], x);
}

static void open_gap(struct chain_sensor *s, const struct frame *x)
{
	struct chain_gap g = {.first = s->next, .end = x->sequence,
		.boot_from = s->boot, .boot_to = x->boot, .before = s->last,
		.after = x->prev};

	insert(s, s->gaps, &g);
}

static enum chain_verdict from_gap(struct chain_sensor *s,
	struct chain_gap *g, const struct frame *x, struct chain_arrival *out)
{
	if (!fits(g, x))
		return breaks(s, x, out, "its neighbours name others");
	close_at(s, g, x);
	remember(&s->late[x->sequence % CHAIN_WINDOW], x);
	return CHAIN_LATE;
}

/* Neither held, nor of a gap, nor at or beyond the end. */
static enum chain_verdict behind(struct chain_sensor *s,
	const struct frame *x, struct chain_arrival *out)
{
	if (x->boot > s->boot)
		return breaks(s, x, out,
			"the sequence falls, and no restart is said");
	return CHAIN_OLD;
}

static enum chain_verdict judge(struct chain_sensor *s,
	const struct frame *x, struct chain_arrival *out)
{
	bool anew = (x->flags & FRAME_RESTARTED) && x->boot > s->boot &&
		is_zero(&x->prev);
	struct chain_gap *g;
	enum chain_verdict v;

	if (is_held(s, x, &v)) {
		if (v == CHAIN_FORK) {
			s->forked = true;
			remember_odd(s, x);
		}
		return v;
	}
	out->restarted = anew;
	if ((g = gap_of(s, x)))
		return from_gap(s, g, x, out);
	if (x->sequence < s->next && !(anew && x->sequence == 0))
		return behind(s, x, out);
	if (x->boot < s->boot)
		return breaks(s, x, out, "the boot counter falls");
	if (anew && x->sequence <= s->next) {
		advance(s, x);
		return CHAIN_NEXT;
	}
	if (x->sequence > s->next) {
		out->missing = x->sequence - s->next;
		open_gap(s, x);
		advance(s, x);
		return CHAIN_JUMP;
	}
	if (digest_equal(&x->prev, &s->last)) {
		advance(s, x);
		return CHAIN_NEXT;
	}
	/* What comes next names this one. */
	v = breaks(s, x, out, "it names another one before it");
	advance(s, x);
	return v;
}

static bool arrive(struct chains *c, struct chain_arrival *out,
	struct fault *f)
{
	const struct frame *x = &out->frame;
	struct chain_sensor **at = place_of(c, x->sensor);

	if (*at) {
		out->verdict = judge(*at, x, out);
		out->quarantined = (*at)->forked;
		return true;
	}
	if (c->count == c->most)
		return fault(f, FAULT_LIMIT, "chain: more than %zu sensors",
			c->most);
	if (!(*at = arena_take(c->arena, sizeof **at, f)))
		return false;
	c->count++;
	memcpy((*at)->id, x->sensor, FRAME_SENSOR);
	advance(*at, x);
	out->verdict = CHAIN_NEXT;
	return true;
}

static bool refuse(struct chain_arrival *out, const char *why)
{
	(void)fault(&out->why, FAULT_INPUT, "%s", why);
	return true;
}

bool chain_arrive(struct chains *c, struct bytes b,
	const uint8_t key[SIGN_KEY], struct chain_arrival *out,
	struct fault *f)
{
	*out = (struct chain_arrival){.verdict = CHAIN_REFUSED};
	if (!frame_read(b, &out->frame, &out->why))
		return true;
	if (out->frame.sequence == UINT64_MAX) /* none comes after it */
		return refuse(out, "frame: absurd sequence");
	if (!key)
		return refuse(out, "frame: no key of this sensor is good");
	if (!frame_signed(b, key))
		return refuse(out, "frame: signature does not hold");
	return arrive(c, out, f);
}

bool chain_recall(struct chains *c, struct bytes b,
	struct chain_arrival *out, struct fault *f)
{
	*out = (struct chain_arrival){.verdict = CHAIN_REFUSED};
	if (!frame_read(b, &out->frame, f))
		return false;
	return arrive(c, out, f);
}
