/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/associate.h"

#include <string.h>

#include "base/maths.h"

/* Accept above this ln Lambda.  From scrambling, not from theory: see
 * tests/pittsburgh.c, which moves the sensors of FP1 and FP2 by +-3 s. */
#define ACCEPT 12.0
/* Squares are split down to this half side, then climbed. */
#define LEAF_M 24.0
/* Time is cut so; also the finest time structure kept for one leaf. */
#define CHUNK_S 8.0
#define BIN_S 0.2
/* A vague posterior of 100 m, 100 m, 50 ms: what a bound may hope for. */
#define LN_VOLUME_HOPE 6.0
#define LN_MU (-24.3)
/* Weaker arrivals of the same ear for so long after are echoes. */
#define CODA_S 0.6

enum {
	HEARD_LEAST = 4, /* three unknowns and one check */
	NODES_MAX = 16384,
	BINS_MAX = 64,
	USES_MAX = 64,
};

struct node { /* a square of ground */
	double bound, x_m, y_m, half_m;
};

struct event { /* an interval of origin times begins or ends */
	double t_s;
	uint32_t post;
	int32_t step;
};

struct unit {
	struct point at;
	double half_m, from_s, to_s;
	bool stale;
	double score, x_m, y_m, t_s;
	size_t uses[USES_MAX]; /* picks of its best; all, or too many */
	size_t use_count;
};

struct search {
	struct scene *scene;
	struct post *post;
	ptrdiff_t *choice, *best_choice;
	struct event *event, *spare;
	uint32_t *active;
	double *gain; /* HEAR_REACHES by post */
	struct node *heap;
	size_t heap_count;
	struct unit *unit;
	size_t units, units_max;
};

static bool node_below(const struct node *a, const struct node *b)
{
	if (a->bound != b->bound)
		return a->bound < b->bound;
	if (a->half_m != b->half_m)
		return a->half_m > b->half_m;
	if (a->y_m != b->y_m)
		return a->y_m > b->y_m;
	return a->x_m > b->x_m;
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

/* Merge sort by time; beginnings before ends at the same moment. */
static struct event *sorted(struct event *a, struct event *b, size_t n)
{
	for (size_t w = 1; w < n; w *= 2) {
		struct event *swap;

		for (size_t lo = 0; lo < n; lo += 2 * w) {
			size_t mid = lo + w < n ? lo + w : n;
			size_t hi = lo + 2 * w < n ? lo + 2 * w : n;
			size_t i = lo, j = mid, k = lo;

			while (i < mid && j < hi)
				b[k++] = a[j].t_s < a[i].t_s ||
						(a[j].t_s == a[i].t_s &&
							a[j].step > a[i].step)
					? a[j++]
					: a[i++];
			while (i < mid)
				b[k++] = a[i++];
			while (j < hi)
				b[k++] = a[j++];
		}
		swap = a;
		a = b;
		b = swap;
	}
	return a;
}

static size_t step_of(const struct reach *r, double d)
{
	double q = fmax(0, d) / r->step_m;

	return q < HEAR_STEPS ? (size_t)q : HEAR_STEPS;
}

/* Intervals of origin time that each pick of a post allows for a square. */
static size_t intervals(struct search *q, const struct view *v, size_t at,
	const struct node *n, double base[HEAR_REACHES], size_t events)
{
	const struct scene *s = v->scene;
	const struct post *p = &v->post[at];
	const struct reach *r = &s->reach;
	double dx = p->x_m - n->x_m, dy = p->y_m - n->y_m;
	double dz = p->z_m - v->z_m;
	double d = sqrt(dx * dx + dy * dy + dz * dz);
	double slack = n->half_m * 1.41421356237309504880, c = v->air.c_ms;
	double tt = d / c, best = -INFINITY;
	double air = 1.5 * tt *
		(v->air.sigma_c_ms + v->air.sigma_w_ms) / c;
	size_t near = step_of(r, d - slack), far = step_of(r, d + slack) + 1;

	if (d - slack > s->range_m)
		return events;
	for (size_t i = p->first; i < p->end; i++) {
		const struct pick *k = &s->pick[i];
		double sigma, tol;

		if (k->gone)
			continue;
		sigma = hear_sigma_s(v, p, k, d);
		best = fmax(best, 1 / sigma);
		tol = slack / c + 4 * sigma + air;
		q->event[events++] = (struct event){
			k->t_s - tt - tol - s->late_s, (uint32_t)at, 1};
		q->event[events++] = (struct event){
			k->t_s - tt + tol, (uint32_t)at, -1};
	}
	if (best > 0)
		best = m_log(0.4 * best) - p->ln_rate;
	for (int k = 0; k < HEAR_REACHES; k++) {
		double not = r->ln_not[k][far];

		base[k] += not;
		q->gain[at * HEAR_REACHES + (size_t)k] =
			fmax(0, r->ln_pd[k][near] + best - not);
	}
	q->active[at] = 0;
	return events;
}

struct peak {
	double bound, t_s;
};

/* The most that any origin time could score in a square; with bins, the best
 * of every BIN_S and its time. */
static double bound_of(struct search *q, const struct view *v,
	const struct node *n, struct peak bin[BINS_MAX])
{
	double base[HEAR_REACHES] = {0}, best = -INFINITY;
	size_t events = 0, active = 0;
	struct event *e;

	for (size_t i = 0; i < v->posts; i++)
		events = intervals(q, v, i, n, base, events);
	e = sorted(q->event, q->spare, events);
	for (size_t i = 0; i < events; i++) {
		const double *g = &q->gain[e[i].post * HEAR_REACHES];
		double top = -INFINITY;

		if (e[i].step < 0) {
			if (--q->active[e[i].post] == 0) {
				active--;
				for (int k = 0; k < HEAR_REACHES; k++)
					base[k] -= g[k];
			}
			continue;
		}
		if (q->active[e[i].post]++ > 0)
			continue;
		active++;
		for (int k = 0; k < HEAR_REACHES; k++) {
			base[k] += g[k];
			top = fmax(top, base[k]);
		}
		if (active < HEARD_LEAST || e[i].t_s > v->to_s)
			continue;
		best = fmax(best, top);
		if (bin) {
			/* The peak lasts until something ends. */
			double until = i + 1 < events ? e[i + 1].t_s : e[i].t_s;
			double t = (e[i].t_s + until) / 2;
			double at = floor((t - v->from_s) / BIN_S);
			struct peak *b;

			b = &bin[at < 0 ? 0
					: at >= BINS_MAX ? BINS_MAX - 1
							 : (size_t)at];
			if (top > b->bound)
				*b = (struct peak){top, t};
		}
	}
	return best + LN_MU + LN_VOLUME_HOPE;
}

/* Climb from every time in a leaf that could beat the best so far. */
static void climb(struct search *q, const struct view *v,
	const struct node *n, struct unit *u)
{
	struct peak bin[BINS_MAX];

	for (int i = 0; i < BINS_MAX; i++)
		bin[i].bound = -INFINITY;
	(void)bound_of(q, v, n, bin);
	for (int i = 0; i < BINS_MAX; i++) {
		struct origin o;

		if (bin[i].bound + LN_MU + LN_VOLUME_HOPE <=
			fmax(ACCEPT, u->score))
			continue;
		if (!origin_climb(v, n->x_m, n->y_m, bin[i].t_s, q->choice,
				&o) ||
			o.heard < HEARD_LEAST || o.score <= u->score ||
			o.t_s < v->from_s - 0.3 || o.t_s > v->to_s + 0.3)
			continue;
		u->score = o.score;
		u->x_m = o.x_m;
		u->y_m = o.y_m;
		u->t_s = o.t_s;
		u->use_count = 0;
		for (size_t k = 0; k < v->posts; k++)
			if (o.choice[k] != HEAR_NONE) {
				if (u->use_count < USES_MAX)
					u->uses[u->use_count] =
						(size_t)o.choice[k];
				u->use_count++;
			}
	}
}

static void search_unit(struct search *q, struct unit *u)
{
	struct view v;
	size_t heard = 0;
	const double start_m = u->half_m / 4;

	view_make(q->scene, q->post, u->at, u->half_m, u->from_s, u->to_s, &v);
	u->score = -INFINITY;
	u->stale = false;
	for (size_t i = 0; i < v.posts; i++)
		heard += v.post[i].end > v.post[i].first;
	if (heard < HEARD_LEAST)
		return;
	q->heap_count = 0;
	for (int j = -3; j <= 3; j += 2)
		for (int i = -3; i <= 3; i += 2) {
			struct node n = {
				0, i * start_m, j * start_m, start_m};

			n.bound = bound_of(q, &v, &n, NULL);
			if (n.bound > ACCEPT)
				push(q, n);
		}
	while (q->heap_count > 0) {
		struct node n = pop(q);

		if (n.bound <= fmax(ACCEPT, u->score))
			break;
		if (n.half_m <= LEAF_M) {
			climb(q, &v, &n, u);
			continue;
		}
		for (int k = 0; k < 4; k++) {
			struct node c = n;

			c.half_m = n.half_m / 2;
			c.x_m += k & 1 ? c.half_m : -c.half_m;
			c.y_m += k & 2 ? c.half_m : -c.half_m;
			c.bound = fmin(n.bound, bound_of(q, &v, &c, NULL));
			if (c.bound > fmax(ACCEPT, u->score))
				push(q, c);
		}
	}
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
	double from_s, double to_s, struct fault *f)
{
	double wide = column_deg(t.row, half_m);
	struct point at = {((double)t.row + 0.5) * row_deg(half_m),
		((double)t.column + 0.5) * wide};

	if (fabs(at.lat_deg) > 89)
		return true;
	if (q->units == q->units_max)
		return fault(f, FAULT_LIMIT, "locate: over %zu units of search",
			q->units_max);
	q->unit[q->units++] = (struct unit){.at = at, .half_m = half_m,
		.from_s = from_s, .to_s = to_s, .stale = true,
		.score = INFINITY};
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

static bool make_units(struct search *q, struct arena *a, struct fault *f)
{
	const struct scene *s = q->scene;
	double half_m = s->range_m / 2, first = INFINITY, last = -INFINITY;
	double phase = (double)(s->start.utc_ns % 8000000000) * 1e-9;
	struct tile *list;
	size_t tiles;
	int64_t from, to;

	list = arena_array(a, 9 * s->ears + 1, sizeof *list, f);
	if (!list)
		return false;
	tiles = tiles_of(s, half_m, list);
	for (size_t i = 0; i < s->picks; i++) {
		first = fmin(first, s->pick[i].t_s);
		last = fmax(last, s->pick[i].t_s);
	}
	first -= s->range_m * 1.5 / 300;
	from = (int64_t)floor((first + phase) / CHUNK_S);
	to = (int64_t)floor((last + phase) / CHUNK_S);
	q->units_max = tiles * (size_t)(to - from + 1);
	q->unit = arena_array(a, q->units_max + 1, sizeof *q->unit, f);
	if (!q->unit)
		return false;
	for (int64_t k = from; k <= to; k++)
		for (size_t i = 0; i < tiles; i++)
			if (!add_unit(q, list[i], half_m,
					(double)k * CHUNK_S - phase,
					(double)(k + 1) * CHUNK_S - phase, f))
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
				!(p->level_db >= used->level_db))
				p->gone = true;
		}
	}
}

static bool take_rooms(struct search *q, struct arena *a, struct fault *f)
{
	size_t ears = q->scene->ears + 1, picks = 2 * q->scene->picks + 2;

	return (q->post = arena_array(a, ears, sizeof *q->post, f)) &&
		(q->choice = arena_array(a, ears, sizeof *q->choice, f)) &&
		(q->active = arena_array(a, ears, sizeof *q->active, f)) &&
		(q->gain = arena_array(a, ears,
			 HEAR_REACHES * sizeof *q->gain, f)) &&
		(q->event = arena_array(a, picks, sizeof *q->event, f)) &&
		(q->spare = arena_array(a, picks, sizeof *q->spare, f)) &&
		(q->heap = arena_array(a, NODES_MAX, sizeof *q->heap, f));
}

/* Greatest score first; then place and time, so that ties have an order. */
static struct unit *best_unit(struct search *q)
{
	struct unit *best = NULL;

	for (size_t i = 0; i < q->units; i++) {
		struct unit *u = &q->unit[i];

		if (u->stale && u->score > ACCEPT)
			search_unit(q, u);
		if (u->score > ACCEPT && (!best || u->score > best->score))
			best = u;
	}
	return best;
}

static void refresh(struct search *q)
{
	for (size_t i = 0; i < q->units; i++) {
		struct unit *u = &q->unit[i];

		u->stale = u->use_count > USES_MAX;
		for (size_t k = 0; k < u->use_count && !u->stale; k++)
			u->stale = q->scene->pick[u->uses[k]].gone;
	}
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
		struct view v;
		struct origin o;

		view_make(s, q.post, u->at, u->half_m, u->from_s, u->to_s, &v);
		if (!origin_climb(&v, u->x_m, u->y_m, u->t_s, q.choice, &o) ||
			o.heard < HEARD_LEAST) {
			u->score = -INFINITY;
			continue;
		}
		if (!out->take(out->self, &v, &o, f))
			return false;
		consume(s, &v, &o);
		refresh(&q);
	}
	return true;
}
