/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/associate.h"

#include <string.h>

#include "base/maths.h"
#include "locate/burst.h"

/* Accept above this ln Lambda.  From scrambling, not from theory: the sensors
 * of FP1 and FP2, moved by +-3 s, score up to 5.4, their rounds from 40 on
 * (tests/pittsburgh.c). */
#define ACCEPT 10.5
/* Squares are split down to this half side, or to where the errors of the
 * nearest ear's time are wider than the square, then climbed. */
#define LEAF_M 24.0
#define LEAF_SHARE 0.5
/* Time is cut so, and searched in such bins. */
#define CHUNK_S 8.0
#define BIN_S 0.02
/* A posterior of 4 m, 4 m, 4 ms.  A bound may hope for more, but it takes all
 * residuals to be zero and nothing to be left over, which is worth more. */
#define LN_VOLUME_HOPE 0.0
#define LN_MU (-24.3)
/* Arrivals of the same ear weaker by so much, for so long after, are echoes:
 * rounds of one weapon differ by 1 dB at most ears (FP1, FP2). */
#define CODA_DB 2.0
#define CODA_S 0.6

enum {
	HEARD_LEAST = 4, /* three unknowns and one check */
	NODES_MAX = 16384,
	BINS = 400, /* CHUNK_S / BIN_S */
	PEAK_BINS = 10, /* one climb in so many */
	USES_MAX = 64,
	/* Squares looked at in one search of a unit, likeliest first.  Without
	 * bound the rounds of FP1..FP4 are the same and take 4 times longer. */
	SPEND_MAX = 500,
};

struct node { /* a square of ground */
	double bound, x_m, y_m, half_m;
	int lo, hi; /* bins of origin time */
	double leaf_m; /* small enough to climb from */
};

struct unit {
	struct unit *next;
	struct point at;
	double half_m, from_s, to_s;
	double bound; /* nothing in it scores more */
	double score, x_m, y_m, t_s; /* the best found, or -INFINITY */
	size_t uses[USES_MAX]; /* picks of its best; all, or too many */
	size_t use_count;
};

struct search {
	struct scene *scene;
	struct post *post;
	ptrdiff_t *choice, *next_choice;
	double (*sum)[HEAR_REACHES], *top; /* by bin */
	int *heard;
	struct node *heap;
	size_t heap_count;
	double floor; /* what does not beat this is not wanted */
	double tight_s; /* least error of time of the ears last scanned */
	struct unit *unit;
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
			ln_rate = fmin(ln_rate, k->ln_rate);
			continue;
		}
		if (from >= 0)
			mark_run(q, p, from, to, ln_rate, gain);
		from = lo;
		to = hi;
		ln_rate = k->ln_rate;
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
		if (u->use_count < USES_MAX)
			u->uses[u->use_count] = (size_t)o->choice[k];
		u->use_count++;
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
		if (!origin_climb(v, n->x_m, n->y_m, start_s,
				2 * n->half_m / v->air.c_ms, floor_of(q, u),
				q->choice, &o) ||
			o.heard < HEARD_LEAST || o.score <= floor_of(q, u) ||
			o.t_s < v->from_s - 0.3 || o.t_s > v->to_s + 0.3)
			continue;
		keep_best(v, &o, u);
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

	view_make(q->scene, q->post, u->at, u->half_m, u->from_s, u->to_s, &v);
	u->score = -INFINITY;
	q->floor = fmax(floor_score, ACCEPT);
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

/* The tile grid: squares of half side half_m on a frame of degrees, the same
 * for every island of the mission. */
struct tile {
	int64_t row, column;
};

static double row_deg(double half_m)
{
	return 2 * half_m / 111200.0;
}

static double column_deg(int64_t row, double half_m)
{
	double lat = ((double)row + 0.5) * row_deg(half_m);

	return row_deg(half_m) / fmax(0.05, m_cos(RAD(lat)));
}

static bool add_unit(struct search *q, struct tile t, double half_m,
	double from_s, double to_s, struct arena *a, struct fault *f)
{
	double wide = column_deg(t.row, half_m);
	struct point at = {((double)t.row + 0.5) * row_deg(half_m),
		((double)t.column + 0.5) * wide};
	struct unit *u;

	if (fabs(at.lat_deg) > 89)
		return true;
	u = arena_array(a, 1, sizeof *u, f);
	if (!u)
		return false;
	*u = (struct unit){.at = at, .half_m = half_m, .from_s = from_s,
		.to_s = to_s, .bound = INFINITY, .score = -INFINITY,
		.next = q->unit};
	q->unit = u;
	return true;
}

static int tile_order(const struct tile *a, const struct tile *b)
{
	if (a->row != b->row)
		return a->row < b->row ? -1 : 1;
	return a->column < b->column ? -1 : a->column > b->column;
}

/* Puts a tile into the ascending list, if it is not there. */
static size_t tile_add(struct tile *list, size_t n, struct tile t)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (tile_order(&list[mid], &t) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < n && tile_order(&list[lo], &t) == 0)
		return n;
	memmove(&list[lo + 1], &list[lo], (n - lo) * sizeof *list);
	list[lo] = t;
	return n + 1;
}

/* Tiles from which a sound could reach an ear that heard something. */
static size_t tiles_of(const struct scene *s, double half_m, struct tile *list)
{
	size_t n = 0;

	for (size_t i = 0; i < s->ears; i++) {
		const struct source *o = s->ear[i].source;
		int64_t row;

		if (s->ear[i].count == 0)
			continue;
		row = (int64_t)floor(o->lat_deg / row_deg(half_m));
		for (int64_t r = row - 1; r <= row + 1; r++) {
			int64_t c = (int64_t)floor(
				o->lon_deg / column_deg(r, half_m));

			for (int64_t k = c - 1; k <= c + 1; k++)
				n = tile_add(list, n, (struct tile){r, k});
		}
	}
	return n;
}

/* Times of the picks that a tile's ears have, with their ears, ascending. */
struct moment {
	double t_s;
	size_t ear;
};

static void sift(struct moment *m, size_t at, size_t n)
{
	for (;;) {
		size_t big = at, l = 2 * at + 1;
		struct moment swap = m[at];

		if (l < n && m[big].t_s < m[l].t_s)
			big = l;
		if (l + 1 < n && m[big].t_s < m[l + 1].t_s)
			big = l + 1;
		if (big == at)
			return;
		m[at] = m[big];
		m[big] = swap;
		at = big;
	}
}

static size_t moments_of(const struct scene *s, struct tile t, double half_m,
	struct moment *m)
{
	struct frame f = frame_at(((double)t.row + 0.5) * row_deg(half_m),
		((double)t.column + 0.5) * column_deg(t.row, half_m));
	size_t n = 0;

	for (size_t i = 0; i < s->ears; i++) {
		const struct ear *e = &s->ear[i];
		struct xy p;

		if (e->count == 0)
			continue;
		p = frame_to(&f, e->source->lat_deg, e->source->lon_deg);
		if (fabs(p.x_m) > half_m + s->range_m ||
			fabs(p.y_m) > half_m + s->range_m)
			continue;
		for (size_t k = e->first; k < e->first + e->count; k++)
			m[n++] = (struct moment){s->pick[k].t_s, i};
	}
	for (size_t i = n / 2; i-- > 0;)
		sift(m, i, n);
	for (size_t i = n; i-- > 1;) {
		struct moment swap = m[0];

		m[0] = m[i];
		m[i] = swap;
		sift(m, 0, i);
	}
	return n;
}

/* The chunks of one tile in which enough ears heard something.  seen: zeroed,
 * by ear; left so. */
static bool tile_units(struct search *q, struct tile t, double half_m,
	struct moment *m, uint32_t *seen, struct arena *a, struct fault *f)
{
	const struct scene *s = q->scene;
	double phase = (double)(s->start.utc_ns % 8000000000) * 1e-9;
	double later = s->range_m * 1.5 / 300 + 1;
	size_t n = moments_of(s, t, half_m, m), lo = 0, hi = 0, ears = 0;
	int64_t k, last;

	if (n < HEARD_LEAST)
		return true;
	k = (int64_t)floor((m[0].t_s + phase - later) / CHUNK_S);
	last = (int64_t)floor((m[n - 1].t_s + phase + 0.5) / CHUNK_S);
	for (; k <= last; k++) {
		double from_s = (double)k * CHUNK_S - phase;

		for (; hi < n && m[hi].t_s <= from_s + CHUNK_S + later; hi++)
			ears += seen[m[hi].ear]++ == 0;
		for (; lo < hi && m[lo].t_s < from_s - 0.5; lo++)
			ears -= --seen[m[lo].ear] == 0;
		if (ears >= HEARD_LEAST && !add_unit(q, t, half_m, from_s,
				from_s + CHUNK_S, a, f))
			return false;
		/* Over a long silence at one step. */
		if (lo == hi && hi < n)
			k = (int64_t)fmax((double)k,
				floor((m[hi].t_s + phase - later) / CHUNK_S) -
					1);
	}
	for (; lo < hi; lo++)
		seen[m[lo].ear]--;
	return true;
}

static bool make_units(struct search *q, struct arena *a, struct fault *f)
{
	const struct scene *s = q->scene;
	double half_m = s->range_m / 2;
	struct tile *list = arena_array(a, 9 * s->ears + 1, sizeof *list, f);
	struct moment *m = arena_array(a, s->picks, sizeof *m, f);
	uint32_t *seen = arena_array(a, s->ears, sizeof *seen, f);
	size_t tiles;

	if (!list || !m || !seen)
		return false;
	tiles = tiles_of(s, half_m, list);
	for (size_t i = 0; i < tiles; i++)
		if (!tile_units(q, list[i], half_m, m, seen, a, f))
			return false;
	return true;
}

/* The used picks go, and what sounds like their echoes. */
static void consume(
	struct scene *s, const struct view *v, const struct origin *o)
{
	for (size_t i = 0; i < v->posts; i++) {
		const struct ear *e = &s->ear[v->post[i].ear];
		struct pick *used;

		if (o->choice[i] == HEAR_NONE)
			continue;
		used = &s->pick[o->choice[i]];
		used->gone = true;
		for (size_t k = e->first; k < e->first + e->count; k++) {
			struct pick *p = &s->pick[k];

			if (p->t_s >= used->t_s &&
				p->t_s <= used->t_s + CODA_S &&
				!(p->level_db >= used->level_db - CODA_DB))
				p->gone = true;
		}
	}
}

static bool take_rooms(struct search *q, struct arena *a, struct fault *f)
{
	size_t ears = q->scene->ears + 1, bins = BINS + 1;

	return (q->post = arena_array(a, ears, sizeof *q->post, f)) &&
		(q->choice = arena_array(a, ears, sizeof *q->choice, f)) &&
		(q->next_choice = arena_array(
			 a, ears, sizeof *q->next_choice, f)) &&
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
			if (u->score == -INFINITY && u->bound > ACCEPT &&
				(!best || u->bound > best->score) &&
				(!next || u->bound > next->bound))
				next = u;
		}
		if (!next)
			return best;
		search_unit(q, next, best ? best->score : -INFINITY);
	}
}

/* Bests that rest on picks that are gone are none; their bounds still hold. */
static void refresh(struct search *q)
{
	for (struct unit *u = q->unit; u; u = u->next) {
		bool stale = u->use_count > USES_MAX;

		for (size_t k = 0; k < u->use_count && !stale; k++)
			stale = q->scene->pick[u->uses[k]].gone;
		if (stale)
			u->score = -INFINITY;
	}
}

/* Takes an origin and all rounds that repeat it. */
static bool accept(struct search *q, const struct unit *u,
	const struct accepted *out, bool *taken, struct fault *f)
{
	struct view v;
	struct origin first, next;

	view_make(q->scene, q->post, u->at, u->half_m, u->t_s - BURST_S,
		u->t_s + BURST_S, &v);
	*taken = origin_climb(&v, u->x_m, u->y_m, u->t_s, 0.06, -INFINITY,
			 q->choice, &first) &&
		first.heard >= HEARD_LEAST && first.score > ACCEPT - 3;
	if (!*taken)
		return true;
	if (!out->take(out->self, &v, &first, f))
		return false;
	consume(q->scene, &v, &first);
	while (burst_next(&v, &first, q->next_choice, &next)) {
		if (!out->take(out->self, &v, &next, f))
			return false;
		consume(q->scene, &v, &next);
	}
	return true;
}

bool associate(struct scene *s, struct arena *a, const struct accepted *out,
	struct fault *f)
{
	struct search q = {.scene = s};
	struct unit *u;

	if (s->picks == 0)
		return true;
	if (!take_rooms(&q, a, f) || !make_units(&q, a, f))
		return false;
	while ((u = best_unit(&q)) != NULL) {
		bool taken;

		if (!accept(&q, u, out, &taken, f))
			return false;
		if (!taken)
			u->score = u->bound = -INFINITY;
		refresh(&q);
	}
	return true;
}
