/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/associate.h"

#include <string.h>

#include "base/maths.h"
#include "locate/crowd.h"
#include "locate/stack.h"
#include "locate/unit.h"

/* Accept above this ln Lambda.  From scrambling, not from theory: the sensors
 * of FP1 and FP2, moved by +-3 s, score up to 5.4, their rounds from 40 on
 * (tests/pittsburgh.c). */
#define ACCEPT 10.5
/* Squares are split down to this half side, or to where the errors of the
 * nearest ear's time are wider than the square, then climbed. */
#define LEAF_M 24.0
#define LEAF_SHARE 0.5
/* Time is searched in such bins. */
#define BIN_S 0.02
/* Chunks of time overlap by so much. */
#define OVER_S 0.3
/* A posterior of 4 m, 4 m, 4 ms.  A bound may hope for more, but it takes all
 * residuals to be zero and nothing to be left over, which is worth more. */
#define LN_VOLUME_HOPE 0.0
#define LN_MU (-24.3)
/* Units that share a burst's picks lie no farther apart in time: two spans
 * of travel at the longest range, and the chunks themselves. */
#define AGAIN_S 300.0

enum {
	HEARD_LEAST = 4, /* three unknowns and one check */
	NODES_MAX = 16384,
	BINS = 400, /* UNIT_S / BIN_S */
	PEAK_BINS = 10, /* one climb in so many */
	/* Squares looked at in one search of a unit, likeliest first.  Without
	 * bound the rounds of FP1..FP4 are the same and take 4 times longer. */
	SPEND_MAX = 500,
	/* Times apart of rounds found about a unit: 23 rounds of one burst. */
	KNOWN_MAX = 256,
};

struct node { /* a square of ground */
	double bound, x_m, y_m, half_m;
	int lo, hi; /* bins of origin time */
	double leaf_m; /* small enough to climb from */
};

struct search {
	struct scene *scene;
	struct arena *arena;
	struct view_room room;
	ptrdiff_t *choice;
	double (*sum)[HEAR_REACHES], *top; /* by bin */
	int *heard;
	struct node *heap;
	size_t heap_count;
	double accept; /* nor what does not pass this */
	double floor; /* what does not beat this is not wanted */
	double tight_s; /* least error of time of the ears last scanned */
	struct unit *unit;
	const struct unit *best; /* of those searched, or NULL */
	struct origin_limits limits;
	struct rounds rounds;
};

static bool node_below(const struct node *a, const struct node *b)
{
	if (a->bound != b->bound)
		return a->bound < b->bound;
	if (a->half_m != b->half_m)
		return a->half_m > b->half_m;
	if (a->y_m != b->y_m)
		return a->y_m > b->y_m;
	if (a->x_m != b->x_m)
		return a->x_m > b->x_m;
	return a->lo > b->lo;
}

static void push(struct search *q, struct node n)
{
	size_t i = q->heap_count;

	/* Full: the search has lost its way in a storm of picks; what is
	 * dropped is the newest, and the bound of the rest still holds. */
	if (i == NODES_MAX)
		return;
	q->heap_count++;
	while (i > 0 && node_below(&q->heap[(i - 1) / 2], &n)) {
		q->heap[i] = q->heap[(i - 1) / 2];
		i = (i - 1) / 2;
	}
	q->heap[i] = n;
}

static struct node pop(struct search *q)
{
	struct node top = q->heap[0], n = q->heap[--q->heap_count];
	size_t i = 0;

	for (;;) {
		size_t c = 2 * i + 1;

		if (c >= q->heap_count)
			break;
		if (c + 1 < q->heap_count &&
			node_below(&q->heap[c], &q->heap[c + 1]))
			c++;
		if (!node_below(&n, &q->heap[c]))
			break;
		q->heap[i] = q->heap[c];
		i = c;
	}
	q->heap[i] = n;
	return top;
}

static size_t step_of(const struct reach *r, double d)
{
	double q = d > 0 ? d / r->step_m : 0;

	return q < HEAR_STEPS ? (size_t)q : HEAR_STEPS;
}

/* Adds a post's gain to a run of bins: differences, summed up in scan(). */
static void mark_run(struct search *q, const struct post *p, int lo, int hi,
	double ln_rate, const double gain[HEAR_REACHES])
{
	double less = ln_rate - p->ln_rate; /* than the best of its picks */

	q->heard[lo]++;
	q->heard[hi]--;
	for (int k = 0; k < HEAR_REACHES; k++) {
		double g = gain[k] > less ? gain[k] - less : 0;

		q->sum[lo][k] += g;
		q->sum[hi][k] -= g;
	}
}

/* The bins of origin time that each pick of a post allows for a square; where
 * they overlap, the best of them counts. */
static void mark(struct search *q, const struct view *v,
	const struct post *p, const struct node *n, double tt, double tol,
	const double gain[HEAR_REACHES])
{
	const struct scene *s = v->scene;
	int from = -1, to = -1;
	double ln_rate = 0;

	for (size_t i = p->first; i < p->end; i++) {
		const struct pick *k = &s->pick[i];
		double t = k->t_s - tt - v->from_s;
		int lo, hi;

		if (k->gone)
			continue;
		lo = (int)floor((t - tol - s->late_s) / BIN_S);
		hi = (int)floor((t + tol) / BIN_S) + 1;
		lo = lo < n->lo ? n->lo : lo;
		hi = hi > n->hi ? n->hi : hi;
		if (lo >= hi)
			continue;
		if (from >= 0 && lo < to) {
			to = hi > to ? hi : to;
			ln_rate = fmin(ln_rate, v->ln_rate[i]);
			continue;
		}
		if (from >= 0)
			mark_run(q, p, from, to, ln_rate, gain);
		from = lo;
		to = hi;
		ln_rate = v->ln_rate[i];
	}
	if (from >= 0)
		mark_run(q, p, from, to, ln_rate, gain);
}

static void mark_post(struct search *q, const struct view *v,
	const struct post *p, const struct node *n, double base[HEAR_REACHES])
{
	const struct reach *r = &v->scene->reach;
	double dx = p->x_m - n->x_m, dy = p->y_m - n->y_m;
	double dz = p->z_m - v->z_m;
	double d = sqrt(dx * dx + dy * dy + dz * dz), gain[HEAR_REACHES];
	double slack = n->half_m * 1.41421356237309504880, c = v->air.c_ms;
	double air = d / c * p->air, best = p->ln_peak - p->ln_rate;
	size_t near = step_of(r, d - slack), far = step_of(r, d + slack) + 1;

	if (d - slack > v->scene->range_m)
		return;
	for (int k = 0; k < HEAR_REACHES; k++) {
		double not = r->ln_not[k][far];
		double g = r->ln_pd[k][near] + best - not;

		base[k] += not;
		gain[k] = g > 0 ? g : 0;
	}
	if (p->first == p->end)
		return;
	if (p->tol_s + air < q->tight_s)
		q->tight_s = p->tol_s + air;
	mark(q, v, p, n, d / c, slack / c + p->tol_s + air, gain);
}

/* The most that each bin of origin time could score in a square, into
 * q->top; returns the largest. */
static double scan(
	struct search *q, const struct view *v, const struct node *n)
{
	double base[HEAR_REACHES] = {0}, best = -INFINITY;
	size_t bins = (size_t)(n->hi - n->lo) + 1;
	int heard = 0;

	q->tight_s = INFINITY;
	memset(&q->sum[n->lo], 0, bins * sizeof q->sum[0]);
	memset(&q->heard[n->lo], 0, bins * sizeof q->heard[0]);
	for (size_t i = 0; i < v->posts; i++)
		mark_post(q, v, &v->post[i], n, base);
	for (int k = 0; k < HEAR_REACHES; k++)
		base[k] += LN_MU + LN_VOLUME_HOPE;
	for (int i = n->lo; i < n->hi; i++) {
		double top = -INFINITY;

		heard += q->heard[i];
		for (int k = 0; k < HEAR_REACHES; k++) {
			base[k] += q->sum[i][k];
			top = base[k] > top ? base[k] : top;
		}
		if (heard < HEARD_LEAST)
			top = -INFINITY;
		q->top[i] = top;
		best = top > best ? top : best;
	}
	return best;
}

static double floor_of(const struct search *q, const struct unit *u)
{
	return fmax(q->floor, u->score);
}

static void keep_best(const struct view *v, const struct origin *o,
	struct unit *u)
{
	u->score = o->score;
	u->x_m = o->x_m;
	u->y_m = o->y_m;
	u->t_s = o->t_s;
	u->use_count = 0;
	for (size_t k = 0; k < v->posts; k++) {
		if (o->choice[k] == HEAR_NONE)
			continue;
		if (u->use_count < UNIT_USES_MAX)
			u->uses[u->use_count] = (size_t)o->choice[k];
		u->use_count++;
	}
}

/* Climbs need not find the best so far again, nor what another chunk of time
 * finds. */
static void limit(struct search *q, const struct view *v, const struct unit *u)
{
	const struct unit *b = u->score > -INFINITY ? u : q->best;

	q->limits = (struct origin_limits){v->from_s - OVER_S,
		v->to_s + OVER_S, NAN, NAN, NAN};
	if (b) {
		struct frame f = frame_at(b->at.lat_deg, b->at.lon_deg);
		struct point p = frame_from(&f, (struct xy){b->x_m, b->y_m});
		struct xy here = frame_to(&v->frame, p.lat_deg, p.lon_deg);

		q->limits.x_m = here.x_m;
		q->limits.y_m = here.y_m;
		q->limits.t_s = b->t_s;
	}
}

/* A climb from near the best would end there. */
static bool near_best(const struct unit *u, const struct node *n, double t_s)
{
	double reach = 3 * n->half_m;

	return u->score > -INFINITY && fabs(n->x_m - u->x_m) < reach &&
		fabs(n->y_m - u->y_m) < reach &&
		fabs(t_s - u->t_s) < 0.2 + reach / 300;
}

/* Climb from every peak of a leaf that could beat the best so far. */
static void climb(struct search *q, const struct view *v,
	const struct node *n, struct unit *u)
{
	(void)scan(q, v, n);
	for (int i = n->lo; i < n->hi; i += PEAK_BINS) {
		struct origin o;
		int first = i, last;
		double start_s;

		for (int k = i; k < i + PEAK_BINS && k < n->hi; k++)
			first = q->top[k] > q->top[first] ? k : first;
		if (q->top[first] <= floor_of(q, u))
			continue;
		for (last = first; last + 1 < n->hi &&
			q->top[last + 1] == q->top[first];)
			last++;
		start_s = v->from_s + BIN_S * (first + last + 1) / 2;
		if (near_best(u, n, start_s))
			continue;
		if (!origin_climb(v, &(struct origin_start){n->x_m, n->y_m,
				start_s, 2 * n->half_m / v->air.c_ms, 0},
				floor_of(q, u), &q->limits, q->choice, &o) ||
			o.heard < HEARD_LEAST || o.score <= floor_of(q, u) ||
			o.t_s < q->limits.from_s || o.t_s > q->limits.to_s)
			continue;
		keep_best(v, &o, u);
		limit(q, v, u);
	}
}

/* Puts the stretches of time in which a square could beat the floor on the
 * heap: a stretch ends where nothing could for PEAK_BINS. */
static void grow(struct search *q, const struct view *v, struct node n,
	const struct unit *u, double bound)
{
	double above = floor_of(q, u);
	int lo = n.lo, hi = n.hi, from = -1, last = 0;
	double best = -INFINITY;

	if (scan(q, v, &n) <= above)
		return;
	n.leaf_m = fmax(LEAF_M, LEAF_SHARE * v->air.c_ms * q->tight_s);
	for (int i = lo; i <= hi; i++) {
		bool high = i < hi && q->top[i] > above;

		if (high) {
			from = from < 0 ? i : from;
			last = i;
			best = fmax(best, q->top[i]);
		}
		if (from >= 0 && (i == hi || i - last > PEAK_BINS)) {
			n.lo = from;
			n.hi = last + 1;
			n.bound = fmin(bound, best);
			push(q, n);
			from = -1;
			best = -INFINITY;
		}
	}
}

/* The best of a unit, if it beats the floor; what was not looked at keeps its
 * bound, for when the floor sinks. */
static void search_unit(struct search *q, struct unit *u, double floor_score)
{
	struct view v;

	view_make(q->scene, &q->room, u->at, u->half_m, u->from_s, u->to_s, &v);
	view_hopes(&v);
	u->score = -INFINITY;
	limit(q, &v, u);
	q->floor = fmax(floor_score, q->accept);
	q->heap_count = 0;
	grow(q, &v, (struct node){.half_m = u->half_m, .hi = BINS}, u,
		u->bound);
	for (int spent = 0; q->heap_count > 0 && spent < SPEND_MAX; spent++) {
		struct node n = pop(q);

		if (n.bound <= floor_of(q, u))
			break;
		if (n.half_m <= n.leaf_m) {
			climb(q, &v, &n, u);
			continue;
		}
		for (int k = 0; k < 4; k++) {
			struct node c = n;

			c.half_m = n.half_m / 2;
			c.x_m += k & 1 ? c.half_m : -c.half_m;
			c.y_m += k & 2 ? c.half_m : -c.half_m;
			grow(q, &v, c, u, n.bound);
		}
	}
	u->bound = fmin(u->bound, floor_of(q, u));
}

static bool take_rooms(struct search *q, struct fault *f)
{
	size_t ears = q->scene->ears + 1, bins = BINS + 1;
	struct arena *a = q->arena;

	return view_room(q->scene, a, &q->room, f) &&
		(q->choice = arena_array(a, ears, sizeof *q->choice, f)) &&
		(q->sum = arena_array(a, bins, sizeof *q->sum, f)) &&
		(q->top = arena_array(a, bins, sizeof *q->top, f)) &&
		(q->heard = arena_array(a, bins, sizeof *q->heard, f)) &&
		(q->heap = arena_array(a, NODES_MAX, sizeof *q->heap, f));
}

/* The best of all: units in order of their bounds, each searched only for
 * what beats the best so far. */
static struct unit *best_unit(struct search *q)
{
	for (;;) {
		struct unit *best = NULL, *next = NULL;

		for (struct unit *u = q->unit; u; u = u->next) {
			if (u->score > -INFINITY &&
				(!best || u->score > best->score))
				best = u;
		}
		for (struct unit *u = q->unit; u; u = u->next) {
			if (u->score == -INFINITY && u->bound > q->accept &&
				(!best || u->bound > best->score) &&
				(!next || u->bound > next->bound))
				next = u;
		}
		if (!next)
			return best;
		q->best = best;
		search_unit(q, next, best ? best->score : -INFINITY);
	}
}

/* Bests that rest on picks that are gone are none; their bounds still hold. */
static void refresh(struct search *q)
{
	for (struct unit *u = q->unit; u; u = u->next) {
		bool stale = u->use_count > UNIT_USES_MAX;

		for (size_t k = 0; k < u->use_count && !stale; k++)
			stale = q->scene->pick[u->uses[k]].gone;
		if (stale)
			u->score = -INFINITY;
	}
}

/* Whether the best of a unit, looked at again, is what it was: as good, or of
 * a burst the place of its stack, whose score is then its own. */
static bool stands(const struct unit *u, struct origin *o)
{
	if (o->heard < HEARD_LEAST)
		return false;
	if (u->apart_s == 0)
		return o->score > ACCEPT - 3;
	o->score = fmax(o->score, u->score);
	return o->x_m * o->x_m + o->y_m * o->y_m <
		BURST_PLACE_M * BURST_PLACE_M;
}

/* A unit's best, looked at with all ears that its place reaches: it may lie in
 * the next tile, whose ears are not all the unit's. */
static void view_best(
	const struct search *q, const struct unit *u, struct view *v)
{
	struct frame f = frame_at(u->at.lat_deg, u->at.lon_deg);

	view_make(q->scene, &q->room,
		frame_from(&f, (struct xy){u->x_m, u->y_m}), u->half_m,
		u->t_s - BURST_S, u->t_s + BURST_S, v);
}

/* Climbs from there, and with the air's sigma added to each ear's: in air that
 * is not as it is thought to be, the ears near each other agree on places where
 * most of the others did not hear anything. */
static bool climb_best(struct search *q, const struct unit *u,
	const struct view *v, struct round *r)
{
	struct origin o;
	bool found = origin_climb(v, &(struct origin_start){.t_s = u->t_s,
			.error_s = 0.06}, -INFINITY, NULL, r->choice,
			&r->origin);

	if (!origin_climb(v, &(struct origin_start){.t_s = u->t_s,
			.error_s = 0.06, .air = 1}, -INFINITY, NULL,
			q->choice, &o) ||
		(found && o.score <= r->origin.score))
		return found;
	r->origin = o;
	memcpy(r->choice, q->choice, v->posts * sizeof *r->choice);
	return true;
}

/* Takes the origin of a unit, and all rounds that repeat it. */
static bool accept(struct search *q, const struct unit *u, bool *taken,
	struct fault *f)
{
	struct round *r = rounds_new(&q->rounds, f);
	struct view v;

	if (!r)
		return false;
	view_best(q, u, &v);
	*taken = climb_best(q, u, &v, r) && stands(u, &r->origin);
	if (*taken)
		return rounds_take(&q->rounds, &v, r, f);
	rounds_put_back(&q->rounds, r);
	return true;
}

static bool search_all(struct search *q, struct fault *f)
{
	struct unit *u;

	while ((u = best_unit(q)) != NULL) {
		bool taken;

		if (!accept(q, u, &taken, f))
			return false;
		if (!taken)
			u->score = u->bound = -INFINITY;
		refresh(q);
	}
	return true;
}

/* The times apart that rounds found near a unit explain, and their echoes
 * with them. */
static size_t known_apart(const struct search *q, const struct unit *u,
	double *known)
{
	double reach_m = u->half_m + q->scene->range_m;
	double later_s = q->scene->range_m * 1.5 / 300 + 1;
	size_t n = 0;

	for (const struct burst *b = q->rounds.burst; b; b = b->next) {
		struct frame f = frame_at(u->at.lat_deg, u->at.lon_deg);
		struct xy p = frame_to(&f, b->at.lat_deg, b->at.lon_deg);

		if (fabs(p.x_m) > reach_m || fabs(p.y_m) > reach_m ||
			b->t_s[0] < u->from_s - later_s ||
			b->t_s[0] > u->to_s + later_s)
			continue;
		for (size_t i = 0; i < b->count; i++)
			for (size_t k = 0; k < b->count; k++)
				if (b->t_s[i] < b->t_s[k] && n < KNOWN_MAX)
					known[n++] = b->t_s[k] - b->t_s[i];
	}
	return n;
}

/* The best place of a burst in a unit, if any passes. */
static bool try_stacks(struct search *q, struct unit *u, struct fault *f)
{
	double known[KNOWN_MAX + STACK_TRIES];
	size_t n = known_apart(q, u, known), mark = q->arena->used;

	u->searched = true;
	u->score = -INFINITY;
	for (int i = 0; i < STACK_TRIES; i++) {
		struct search t = *q;
		struct unit one = *u;
		struct stack s;
		struct view v;

		q->arena->used = mark;
		view_make(q->scene, &q->room, u->at, u->half_m, u->from_s,
			u->to_s, &v);
		if (!stack_make(&v, known, n, q->arena, &s, f))
			return false;
		if (s.apart_s == 0)
			break;
		known[n++] = s.apart_s;
		t.scene = &s.scene;
		if (!view_room(t.scene, q->arena, &t.room, f))
			return false;
		one.bound = INFINITY;
		search_unit(&t, &one, -INFINITY);
		if (one.score > u->score) {
			u->score = one.score;
			u->x_m = one.x_m;
			u->y_m = one.y_m;
			u->t_s = one.t_s;
			u->apart_s = s.apart_s;
		}
	}
	q->arena->used = mark;
	return true;
}

/* The first or the second round of a stack must stand. */
static bool accept_stack(struct search *q, const struct unit *u, bool *taken,
	struct fault *f)
{
	struct unit one = *u;

	if (!accept(q, &one, taken, f))
		return false;
	one.t_s += one.apart_s;
	return *taken || accept(q, &one, taken, f);
}

/* What the single rounds do not show: bursts that are heard only together. */
static bool search_stacks(struct search *q, struct fault *f)
{
	for (;;) {
		struct unit *best = NULL;
		bool taken = false;

		for (struct unit *u = q->unit; u; u = u->next) {
			if (!u->searched && !try_stacks(q, u, f))
				return false;
			if (u->score > -INFINITY &&
				(!best || u->score > best->score))
				best = u;
		}
		if (!best)
			return true;
		if (!accept_stack(q, best, &taken, f))
			return false;
		if (!taken)
			best->score = -INFINITY;
		for (struct unit *u = q->unit; taken && u; u = u->next)
			if (fabs(u->from_s - best->from_s) < AGAIN_S)
				u->searched = false;
	}
}

bool associate(struct scene *s, struct arena *a, const struct accepted *out,
	struct fault *f)
{
	struct search q = {.scene = s, .arena = a, .accept = ACCEPT,
		.rounds = {.scene = s, .arena = a, .out = out}};

	if (s->picks == 0)
		return true;
	if (s->net->quick || crowd_is(s))
		return crowd_search(&q.rounds, f);
	return take_rooms(&q, f) &&
		unit_make(s, HEARD_LEAST, a, &q.unit, f) &&
		search_all(&q, f) && search_stacks(&q, f);
}
