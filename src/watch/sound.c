/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sound.c - what the network would have heard, cell by cell in the course of
 * time, as looks (capability.h).
 *
 * Time goes in slots of AMBIENT_SLOT_S, the ones that noise is measured in,
 * and within a slot it is cut at the minutes in which a source began or ceased
 * to work.  A source counts in a piece of time only when it worked all of it:
 * shares of uptime would multiply as if outages were independent, and one
 * power cut takes all nodes at once.  Cells are asked again only when
 * something about their own sources has changed. */
#include "base/maths.h"
#include "watch/capability.h"
#include "watch/watch.h"

#define CELL_MIN_M 1000.0
#define MINUTE_NS INT64_C(60000000000)
#define SLOT_NS (INT64_C(1000000000) * AMBIENT_SLOT_S)
#define WORKED_SHARE 0.99
/* One kilogram of TNT: half of what a 120 mm mortar bomb holds. */
#define YIELD_KG 1.0
enum { SLOTS_MAX = 6 * 24 * 400, MINUTES = AMBIENT_SLOT_S / 60 };
/* Pd is told in steps, rounded down: what is stated was there. */
#define PD_STEPS 20

struct rows { /* of one source, by time; `at` is where time has come to */
	const struct health *health;
	size_t healths, health_at;
	const struct ambient *ambient;
	size_t ambients, ambient_at;
	const struct ambient *now; /* NULL: does not work */
	bool changed;
};

struct told { /* a cell's looks that still grow */
	struct instant from, to;
	double w90_kg; /* INFINITY: not observed */
	double pd[MISSION_YIELDS];
};

struct sound {
	const struct mission *m;
	const struct watch_air *air;
	struct capability cap;
	double yield_kg[MISSION_YIELDS];
	size_t yields;
	struct rows *rows; /* by source of the mission */
	struct told *told;
	const struct looks *out;
};

static bool tell(struct sound *s, size_t cell, struct fault *f)
{
	const struct told *t = &s->told[cell];
	struct point corner[4];

	if (!isfinite(t->w90_kg))
		return true;
	grid_corners(&s->cap.grid, cell, corner);
	for (size_t k = 0; k < s->yields; k++) {
		struct look l = {
			.source = "sound",
			.modality = MODALITY_ACOUSTIC,
			.span = {t->from, t->to},
			.area = {corner, 4},
			.kind = KIND_EXPLOSION,
			.of = {{"yield_kg", s->yield_kg[k]},
				{"w90_kg", t->w90_kg}},
			.of_count = 2,
			.pd = t->pd[k],
		};

		look_name(&l);
		if (!s->out->put(s->out->self, &l, f))
			return false;
	}
	return true;
}

static struct told ask(struct sound *s, size_t cell, struct span piece)
{
	struct told t = {piece.from, piece.to, INFINITY, {0}};

	if (capability_working(&s->cap, cell) < LOUDNESS_NODES_MIN)
		return t;
	t.w90_kg = capability_w90_kg(&s->cap, cell);
	for (size_t k = 0; k < s->yields; k++)
		t.pd[k] = floor(PD_STEPS * capability_pd(
			&s->cap, cell, s->yield_kg[k]) + 1e-9) / PD_STEPS;
	return t;
}

/* A look goes on while what it states is true and not much too modest: noise
 * goes up and down a little, and each change of mind is a record.  Both it and
 * the reader stand firm at CAPABILITY_PD, though. */
static bool still(const struct sound *s, const struct told *a,
	const struct told *now)
{
	if (a->to.utc_ns != now->from.utc_ns ||
		isfinite(a->w90_kg) != isfinite(now->w90_kg))
		return false;
	if (!isfinite(a->w90_kg))
		return true;
	for (size_t k = 0; k < s->yields; k++)
		if (a->pd[k] > now->pd[k] || a->pd[k] < now->pd[k] - 0.1 ||
			(a->pd[k] < CAPABILITY_PD) !=
				(now->pd[k] < CAPABILITY_PD))
			return false;
	/* 2.5: one step of the yields. */
	return a->w90_kg >= now->w90_kg && a->w90_kg <= 2.5 * now->w90_kg;
}

static bool has_changed(const struct sound *s, size_t cell)
{
	const struct capability *c = &s->cap;

	for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++)
		if (s->rows[c->pair[i].node].changed)
			return true;
	return false;
}

static bool one_piece(
	struct sound *s, struct span piece, bool all, struct fault *f)
{
	for (size_t i = 0; i < s->cap.cells; i++) {
		struct told *t = &s->told[i], now;

		if (t->to.utc_ns == piece.from.utc_ns && !all &&
			!has_changed(s, i)) {
			t->to = piece.to;
			continue;
		}
		now = ask(s, i, piece);
		if (still(s, t, &now)) {
			t->to = piece.to;
			continue;
		}
		if (!tell(s, i, f))
			return false;
		*t = now;
	}
	return true;
}

/* Unknown is not working. */
static bool worked(const struct rows *r, struct span piece)
{
	int64_t up = 0;

	for (size_t i = r->health_at; i < r->healths; i++) {
		const struct health *h = &r->health[i];
		int64_t a = h->span.from.utc_ns, b = h->span.to.utc_ns;

		if (a >= piece.to.utc_ns)
			break;
		if (h->state != HEALTH_UP)
			continue;
		if (a < piece.from.utc_ns)
			a = piece.from.utc_ns;
		if (b > piece.to.utc_ns)
			b = piece.to.utc_ns;
		up += b > a ? b - a : 0;
	}
	return (double)up >= WORKED_SHARE *
		(double)(piece.to.utc_ns - piece.from.utc_ns);
}

/* What was measured in the middle of a piece. */
static const struct ambient *measured(const struct rows *r, struct span piece)
{
	struct instant mid = instant_plus_ns(piece.from,
		(piece.to.utc_ns - piece.from.utc_ns) / 2);

	for (size_t i = r->ambient_at; i < r->ambients; i++) {
		if (r->ambient[i].span.from.utc_ns > mid.utc_ns)
			break;
		if (span_holds(r->ambient[i].span, mid))
			return &r->ambient[i];
	}
	return NULL;
}

static bool set_nodes(struct sound *s, struct span piece, struct fault *f)
{
	for (size_t i = 0; i < s->m->source_count; i++) {
		struct rows *r = &s->rows[i];
		const struct ambient *now = r->ambients > 0 && worked(r, piece)
			? measured(r, piece) : NULL;

		r->changed = now != r->now;
		r->now = now;
		if (r->changed && !capability_set(&s->cap, i, now, f))
			return false;
	}
	return true;
}

/* Minutes of a slot in which a source begins or ceases to work, as bits: the
 * minute itself is a piece of its own. */
static unsigned cuts_of(const struct rows *r, struct instant from)
{
	unsigned cuts = 0;

	for (size_t i = r->health_at; i < r->healths; i++) {
		const struct health *h = &r->health[i];
		int64_t edge[2] = {h->span.from.utc_ns - from.utc_ns,
			h->span.to.utc_ns - from.utc_ns};

		if (edge[0] >= SLOT_NS)
			break;
		for (int k = 0; k < 2; k++)
			if (edge[k] > 0 && edge[k] < SLOT_NS) {
				cuts |= 1u << edge[k] / MINUTE_NS;
				cuts |= 1u << (edge[k] + MINUTE_NS - 1) /
					MINUTE_NS;
			}
	}
	return cuts;
}

/* Rows that are over by then are passed; whether any is left. */
static bool move_on(struct sound *s, struct instant at)
{
	bool left = false;

	for (size_t i = 0; i < s->m->source_count; i++) {
		struct rows *r = &s->rows[i];

		while (r->health_at < r->healths &&
			r->health[r->health_at].span.to.utc_ns <= at.utc_ns)
			r->health_at++;
		while (r->ambient_at < r->ambients &&
			r->ambient[r->ambient_at].span.to.utc_ns <= at.utc_ns)
			r->ambient_at++;
		left |= r->ambient_at < r->ambients;
	}
	return left;
}

static bool one_slot(
	struct sound *s, struct span slot, struct span all, struct fault *f)
{
	struct loudness_wind wind = loudness_wind_at(s->air->weather,
		s->air->weather_count,
		instant_plus_ns(slot.from, SLOT_NS / 2));
	uint64_t was = s->cap.winds;
	unsigned cuts = 1u << MINUTES;
	struct instant from = slot.from;

	capability_wind(&s->cap, &wind);
	for (size_t i = 0; i < s->m->source_count; i++)
		cuts |= cuts_of(&s->rows[i], slot.from);
	for (int k = 1; k <= MINUTES; k++) {
		struct span piece = {from,
			instant_plus_ns(slot.from, k * MINUTE_NS)};

		if (!(cuts & 1u << k))
			continue;
		from = piece.to;
		if (piece.from.utc_ns < all.from.utc_ns)
			piece.from = all.from;
		if (piece.to.utc_ns > all.to.utc_ns)
			piece.to = all.to;
		if (piece.to.utc_ns <= piece.from.utc_ns)
			continue;
		if (!set_nodes(s, piece, f) ||
			!one_piece(s, piece, s->cap.winds != was, f))
			return false;
		was = s->cap.winds;
	}
	return true;
}

/* The first slot at or after `at` in which anything is measured: years may lie
 * between two stretches of data. */
static int64_t next_slot(const struct sound *s, int64_t at)
{
	int64_t first = INT64_MAX;

	for (size_t i = 0; i < s->m->source_count; i++) {
		const struct rows *r = &s->rows[i];

		if (r->ambient_at < r->ambients &&
			r->ambient[r->ambient_at].span.from.utc_ns < first)
			first = r->ambient[r->ambient_at].span.from.utc_ns;
	}
	first = first / SLOT_NS * SLOT_NS;
	return first > at ? first : at;
}

static bool run(struct sound *s, struct span all, struct fault *f)
{
	int64_t at = all.from.utc_ns / SLOT_NS * SLOT_NS, slots = 0;

	while (move_on(s, (struct instant){at}) && at < all.to.utc_ns) {
		at = next_slot(s, at);
		if (at >= all.to.utc_ns)
			break;
		if (slots++ == SLOTS_MAX)
			return fault(f, FAULT_LIMIT, "watch: more than %d "
				"days of sound", SLOTS_MAX / 144);
		if (!one_slot(s, (struct span){{at}, {at + SLOT_NS}}, all, f))
			return false;
		at += SLOT_NS;
	}
	for (size_t i = 0; i < s->cap.cells; i++)
		if (!tell(s, i, f))
			return false;
	return true;
}

/* All three lists are sorted by id: one walk. */
static void deal_rows(struct sound *s)
{
	const struct watch_air *a = s->air;
	size_t h = 0, n = 0;

	for (size_t i = 0; i < s->m->source_count; i++) {
		const char *id = s->m->source[i].id;
		struct rows *r = &s->rows[i];

		*r = (struct rows){0};
		while (h < a->health_count &&
			strcmp(a->health[h].source, id) < 0)
			h++;
		r->health = a->health + h;
		while (h < a->health_count &&
			strcmp(a->health[h].source, id) == 0)
			h++;
		r->healths = (size_t)(a->health + h - r->health);
		while (n < a->ambient_count &&
			strcmp(a->ambient[n].source, id) < 0)
			n++;
		r->ambient = a->ambient + n;
		while (n < a->ambient_count &&
			strcmp(a->ambient[n].source, id) == 0)
			n++;
		r->ambients = (size_t)(a->ambient + n - r->ambient);
	}
}

bool watch_sound(const struct mission *m, struct span all,
	const struct watch_air *air, struct arena *arena,
	const struct looks *out, struct fault *f)
{
	struct box area = grid_area(m);
	struct grid grid = grid_on(&area, GRID_SIDE, CELL_MIN_M);
	struct sound s = {.m = m, .air = air, .out = out};
	size_t mark = arena->used;
	bool ok = false;

	/* No area at all: nothing could be watched, and that is no fault. */
	if (!(grid.lat_step > 0))
		return true;
	s.yields = m->yield_count;
	memcpy(s.yield_kg, m->yield_kg, sizeof s.yield_kg);
	if (s.yields == 0)
		s.yield_kg[s.yields++] = YIELD_KG;
	s.rows = arena_array(arena, m->source_count + 1, sizeof *s.rows, f);
	s.told = arena_array(arena, grid.columns * grid.rows, sizeof *s.told,
		f);
	if (s.rows && s.told &&
		capability_make(&s.cap, m, &grid, air->range_m, arena, f)) {
		for (size_t i = 0; i < s.cap.cells; i++)
			s.told[i] = (struct told){INSTANT_UNKNOWN,
				INSTANT_UNKNOWN, INFINITY, {0}};
		deal_rows(&s);
		ok = run(&s, all, f);
	}
	arena->used = mark;
	return ok;
}
