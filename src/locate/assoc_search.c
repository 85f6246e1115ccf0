/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_search.c - the best first: blocks of ground and time wait in a heap
 * by their bounds.  The top one is split, until it is small enough to climb
 * from; an origin that comes to the top is the best there is, and is taken.
 *
 * In a barrage of sound blocks prune what they should not; there three arrivals
 * at a time say where to climb from (trio.h).
 *
 * Bounds only fall as picks go, so an old bound still holds: a block that
 * comes up after something near it was taken is weighed anew. */
#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "locate/assoc_scene.h"
#include "locate/trio.h"

enum { HEAP = 1 << 20, WAITING = 65536, LEVELS = 12 };
/* Passes over what is left, each with the rates of what is left.  What scores
 * many times the least comes first: then few blocks wait, and fewer wait in
 * vain (a day of picks: four passes take half the time of one). */
static const double times[] = {6, 3, 1.6, 1};
/* What part of the picks that are left is thought false: at first most are of
 * incidents still to be found. */
static const double share[] = {0.2, 0.2, 0.3, 0.5};
enum { PASSES = sizeof times / sizeof *times };
/* Length of a window, in what two origins that share a pick can be apart. */
#define WINDOW 16.0
/* Slots of the tables of what was touched and tried; cuts of time in them. */
enum { SLOT_BITS = 18, MOMENTS = 4 };
/* One climb is enough for so many leaves' sides: the best was first. */
#define TRIED 2.0
/* Depth is halved with the ground while it is more than this of it: travel
 * times depend less on it. */
#define DEEPER 0.9
/* Nats that a start of three arrivals has at least; what its times are good
 * to. */
#define TRIO_LEAST 6.0
#define TRIO_S 0.06
/* Beyond the range of hearing up to so many of it, the loudest are heard. */
#define FAR 3.0
/* What fits there, and a metre: with 5e-6 or 15e-6 a point less is found of the
 * bench's barrage. */
#define FAR_S 0.02
#define FAR_S_PER_M 10e-6
/* Picks of a channel while a sound crosses the range, from which on three
 * arrivals are asked, and not blocks. */
#define BARRAGE 0.8

struct node {
	int32_t bound;
	uint32_t tile, epoch;
	int32_t origin; /* or ASSOC_NONE: a block */
	uint16_t level;
	uint16_t ix, iy, iz;
	double from_s, to_s;
};

struct tried { /* a start of a climb */
	uint64_t key;
	uint32_t epoch, pass;
};

struct search {
	struct assoc_scene scene;
	struct arena *arena;
	struct node *heap;
	size_t nodes, inner; /* inner: that begin before end_s */
	size_t skipped;
	double end_s;              /* of the window being searched */
	struct origin_of origin[WAITING];
	bool waits[WAITING];
	size_t last; /* none waits beyond */
	struct bounds bounds;
	struct run run[ASSOC_RUNS];
	int32_t *choice;
	uint32_t epoch;
	uint32_t *touched; /* last epoch by hash of district and time */
	double district_m, moment_s;
	double far_m;   /* range */
	double busy;    /* picks of a channel while a sound crosses it */
	double share_s; /* origins this far apart in time share no picks */
	struct tried *tried;
	uint32_t pass;
	int32_t floor[LEVELS + 1]; /* of bounds, in this pass */
	int32_t least;             /* of any key */
	int levels;
	int deep[LEVELS + 2]; /* halvings of the depth, by level */
	int32_t lower[LEVELS + 1]; /* than floor: what blur takes, by level */
	struct assoc_event *event;
	size_t events, most;
};

static bool above(const struct node *a, const struct node *b)
{
	if (a->bound != b->bound)
		return a->bound > b->bound;
	if (a->from_s < b->from_s || a->from_s > b->from_s)
		return a->from_s < b->from_s;
	if (a->tile != b->tile)
		return a->tile < b->tile;
	if (a->level != b->level)
		return a->level > b->level;
	if (a->iz != b->iz)
		return a->iz < b->iz;
	return a->iy != b->iy ? a->iy < b->iy : a->ix < b->ix;
}

/* A flood of blocks is cut short, and counted. */
static void push(struct search *q, const struct node *n)
{
	size_t i = q->nodes;

	if (q->nodes == HEAP) {
		q->skipped++;
		return;
	}
	q->nodes++;
	q->inner += n->from_s < q->end_s;
	for (; i > 0 && above(n, &q->heap[(i - 1) / 2]); i = (i - 1) / 2)
		q->heap[i] = q->heap[(i - 1) / 2];
	q->heap[i] = *n;
}

static struct node pop(struct search *q)
{
	struct node out = q->heap[0], last = q->heap[--q->nodes];
	size_t i = 0;

	for (;;) {
		size_t k = 2 * i + 1;

		if (k >= q->nodes)
			break;
		if (k + 1 < q->nodes && above(&q->heap[k + 1], &q->heap[k]))
			k++;
		if (!above(&q->heap[k], &last))
			break;
		q->heap[i] = q->heap[k];
		i = k;
	}
	q->heap[i] = last;
	q->inner -= out.from_s < q->end_s;
	return out;
}

static struct block block_of(const struct search *q, const struct node *n)
{
	const struct assoc_scene *s = &q->scene;
	const struct tile *t = &s->tile[n->tile];
	double part = 1 / (double)(1u << n->level);
	double half = s->half_m * part;
	double half_z = s->half_z_m / (double)(1u << q->deep[n->level]);

	return (struct block){
		.x_m = t->x_m - s->half_m + half * (2 * n->ix + 1),
		.y_m = t->y_m - s->half_m + half * (2 * n->iy + 1),
		.z_m = s->half_z_m > 0
			? s->bottom_m + half_z * (2 * n->iz + 1)
			: s->ground_m,
		.half_m = half,
		.half_z_m = half_z};
}

static uint64_t mixed(int64_t a, int64_t b, int64_t c)
{
	uint64_t h = (uint64_t)a * UINT64_C(0x9e3779b97f4a7c15) ^
		(uint64_t)b * UINT64_C(0xc2b2ae3d27d4eb4f) ^
		(uint64_t)c * UINT64_C(0x165667b19e3779f9);

	h ^= h >> 29;
	h *= UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 32;
}

/* Where and when picks went: a coarse cut of ground and time, hashed.  Two
 * that share a slot cost a weighing, no more. */
static uint32_t *slot(const struct search *q, double x, double y, double t)
{
	uint64_t h = mixed((int64_t)floor(x / q->district_m),
		(int64_t)floor(y / q->district_m),
		(int64_t)floor(t / q->moment_s));

	return &q->touched[h >> (64 - SLOT_BITS)];
}

static bool is_old(const struct search *q, const struct node *n)
{
	const struct tile *t = &q->scene.tile[n->tile];

	for (double at = n->from_s;; at += q->moment_s) {
		at = fmin(at, n->to_s);
		if (*slot(q, t->x_m, t->y_m, at) > n->epoch)
			return true;
		if (at >= n->to_s)
			return false;
	}
}

/* Picks up to far_m from an origin went: what could have used them is old. */
static void touch(struct search *q, const struct origin_of *o, double far_m)
{
	double side = q->district_m;
	int n = (int)((far_m + q->far_m / 2 + q->scene.half_m) / side) + 1;

	for (int i = -n; i <= n; i++)
		for (int k = -n; k <= n; k++)
			for (int m = -MOMENTS; m <= MOMENTS; m++)
				*slot(q, o->x_m + i * side, o->y_m + k * side,
					o->t_s + m * q->moment_s) = q->epoch;
}

/* Weighs a block over its time and lets what passes wait. */
static void weigh(struct search *q, struct node n)
{
	struct block b = block_of(q, &n);
	struct run span = {n.from_s, n.to_s, 0};
	uint64_t key = ((((uint64_t)n.tile * 16 + n.level) * 4096 + n.ix) *
			4096 + n.iy) * 4096 + n.iz;
	size_t runs = assoc_runs(&q->scene, &q->bounds, &q->scene.tile[n.tile],
		&b, key, span, q->floor[n.level], q->run);

	n.epoch = q->epoch;
	for (size_t i = 0; i < runs; i++) {
		n.from_s = q->run[i].from_s;
		n.to_s = q->run[i].to_s;
		n.bound = q->run[i].best;
		push(q, &n);
	}
}

static void split(struct search *q, const struct node *n)
{
	int deep = 1 << (q->deep[n->level + 1] - q->deep[n->level]);

	for (int z = 0; z < deep; z++)
		for (int y = 0; y < 2; y++)
			for (int x = 0; x < 2; x++) {
				struct node c = *n;

				c.level++;
				c.ix = (uint16_t)(2 * n->ix + x);
				c.iy = (uint16_t)(2 * n->iy + y);
				c.iz = (uint16_t)(deep * n->iz + z);
				weigh(q, c);
			}
}

/* All tiles, for a stretch of origin times. */
static void seed(struct search *q, double from_s, double to_s)
{
	const struct assoc_scene *s = &q->scene;

	for (size_t i = 0; i < s->tiles * s->layers; i++) {
		struct node n = {.tile = (uint32_t)(i / s->layers),
			.iz = (uint16_t)(i % s->layers), .origin = ASSOC_NONE};
		struct block b = block_of(q, &n);
		double most = assoc_bin_s(s, &b) * (ASSOC_BINS - 1);
		long steps = (long)floor((to_s - from_s) / most) + 1;
		double step = (to_s - from_s) / (double)steps;

		for (long k = 0; k < steps; k++) {
			n.from_s = from_s + (double)k * step;
			n.to_s = from_s + (double)(k + 1) * step;
			weigh(q, n);
		}
	}
}

static int32_t unit_of(const struct search *q, double score)
{
	/* Beside the bounds, which know no volume. */
	return (int32_t)floor((score - q->scene.model->ln_mu -
		q->scene.model->hope + 1.3862943611198906) * ASSOC_UNIT);
}

/* Whether its like was climbed from: the same place and time but for TRIED
 * leaves, and no picks gone since.  The best of them came first. */
static bool is_tried(struct search *q, const struct block *b,
	const struct node *n)
{
	double side = TRIED * 2 * b->half_m;
	double step = TRIED * assoc_bin_s(&q->scene, b);
	double t = (n->from_s + n->to_s) / 2;
	uint64_t h = mixed((int64_t)floor(b->x_m / side),
		(int64_t)floor(b->y_m / side), (int64_t)floor(t / step));
	struct tried *was = &q->tried[h >> (64 - SLOT_BITS)];
	struct node then = *n;

	then.epoch = was->epoch;
	if (was->key == h && was->pass == q->pass && !is_old(q, &then))
		return true;
	*was = (struct tried){h, q->epoch, q->pass};
	return false;
}

/* Weaker arrivals soon after are the same sound's; so are other picks of the
 * same moment, whatever phase their maker called them. */
static void coda(struct search *q, const struct channel *used,
	const struct arrival *a)
{
	struct assoc_scene *s = &q->scene;
	double before = used->phase == ASSOC_AIR || used->phase == ASSOC_FAR
		? 0
		: s->model->coda_s;
	size_t c = (size_t)(used - s->channel);

	while (c > 0 && s->channel[c - 1].source == used->source)
		c--;
	for (; c < s->channels && s->channel[c].source == used->source; c++) {
		const struct channel *h = &s->channel[c];

		for (uint32_t i = channel_from(s, h, a->t_s - before);
			i < h->first + h->count; i++) {
			struct arrival *b = &s->arrival[i];

			if (b->t_s > a->t_s + s->model->coda_s)
				break;
			if (used->phase == ASSOC_AIR && b != a &&
				b->level_db >= a->level_db - 1)
				continue;
			b->gone = true;
		}
	}
}

static bool note(struct search *q, const struct tile *t,
	const struct origin_of *o, struct assoc_event *e, struct fault *f)
{
	const struct assoc_scene *s = &q->scene;
	size_t *pick = arena_array(q->arena, o->picks + 1, sizeof *pick, f);
	size_t *silent = arena_array(q->arena, t->count + 1, sizeof *silent, f);
	size_t n = 0, m = 0;

	if (!pick || !silent)
		return false;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct channel *c = &s->channel[s->hear[t->first + i]];
		struct path p;
		size_t k, v, step;

		if (q->choice[i] != ASSOC_NONE) {
			v = s->arrival[q->choice[i]].given;
			for (k = n++; k > 0 && pick[k - 1] > v; k--)
				pick[k] = pick[k - 1];
			pick[k] = v;
			continue;
		}
		assoc_path(s, c, o->x_m, o->y_m, o->z_m, false, &p);
		step = (size_t)(p.d_m / s->law[c->phase].step_m);
		/* More likely than not it should have heard. */
		if (step <= ASSOC_STEPS &&
			s->law[c->phase].sums[c->hears].pd[step][o->reach] >
				-ASSOC_UNIT * 7 / 10 &&
			channel_works(s, c,
				channel_from(s, c, o->t_s + p.t_s),
				o->t_s + p.t_s) &&
			(m == 0 || silent[m - 1] != c->source))
			silent[m++] = c->source;
	}
	e->pick = pick;
	e->picks = n;
	e->silent = silent;
	e->silents = m;
	return true;
}

/* Takes the origin whose picks stand in q->choice. */
static bool take(struct search *q, const struct node *n,
	const struct origin_of *o, struct fault *f)
{
	struct assoc_scene *s = &q->scene;
	const struct tile *t = &s->tile[n->tile];
	struct point p = frame_from(&s->frame, (struct xy){o->x_m, o->y_m});
	double far = 0;
	struct assoc_event *e;

	if (q->events == q->most)
		return fault(f, FAULT_LIMIT, "associate: too many events");
	e = &q->event[q->events++];
	*e = (struct assoc_event){.lat_deg = p.lat_deg, .lon_deg = p.lon_deg,
		.alt_m = o->z_m, .t_s = o->t_s + s->start_s,
		.sigma_t_s = o->sigma_t_s, .sigma_z_m = o->sigma_z_m,
		.cov_xx = o->cov_xx, .cov_xy = o->cov_xy, .cov_yy = o->cov_yy,
		.score = o->score, .rms_s = o->rms_s};
	e->reach_m = q->far_m / (double)(1 << (ASSOC_REACHES - 1 - o->reach));
	if (!note(q, t, o, e, f))
		return false;
	for (uint32_t i = 0; i < t->count; i++) {
		const struct channel *c = &s->channel[s->hear[t->first + i]];
		double dx = c->x_m - o->x_m, dy = c->y_m - o->y_m;

		if (q->choice[i] == ASSOC_NONE)
			continue;
		coda(q, c, &s->arrival[q->choice[i]]);
		far = fmax(far, dx * dx + dy * dy);
	}
	q->epoch++;
	touch(q, o, sqrt(far));
	return true;
}

/* Climbs; the score is had at the rates of all that is left, whatever share
 * of it is thought false for the search's sake. */
static bool passes(struct search *q, uint32_t tile, double start_s,
	struct origin_of *o)
{
	if (!assoc_climb(&q->scene, &q->scene.tile[tile], start_s, q->least,
		    q->choice, o))
		return false;
	o->score += (double)o->picks * m_log(share[q->pass - 1]);
	return o->score >= q->scene.model->accept;
}

/* What could pass an origin by so little is most likely itself, in the blocks
 * next to it. */
static int32_t slack(int32_t key)
{
	return key / 5 + 4 * ASSOC_UNIT;
}

/* Climbs from a start; what passes is taken, or waits for its turn. */
static bool climb(struct search *q, struct node n, struct origin_of o,
	double start_s, struct fault *f)
{
	size_t k;

	if (!passes(q, n.tile, start_s, &o))
		return true;
	if (q->nodes == 0 ||
		(o.key + slack(o.key) >= q->heap[0].bound &&
			o.t_s < q->end_s + q->share_s))
		return take(q, &n, &o, f);
	for (k = 0; k < WAITING && q->waits[k]; k++)
		;
	if (k == WAITING) {
		q->skipped++;
		return true;
	}
	q->origin[k] = o;
	q->waits[k] = true;
	q->last = k + 1 > q->last ? k + 1 : q->last;
	n.origin = (int32_t)k;
	n.bound = o.key;
	n.epoch = q->epoch;
	push(q, &n);
	return true;
}

static bool leaf(struct search *q, const struct node *n, struct fault *f)
{
	struct block b = block_of(q, n);
	struct origin_of o = {.x_m = b.x_m, .y_m = b.y_m, .z_m = b.z_m,
		.t_s = (n->from_s + n->to_s) / 2};

	if (is_tried(q, &b, n))
		return true;
	return climb(q, *n, o, fmax(assoc_bin_s(&q->scene, &b),
		(n->to_s - n->from_s) / 2), f);
}

/* An origin at the top: taken if nothing went since; else the block it was
 * climbed from is weighed anew. */
static bool ripe(struct search *q, struct node *n, struct fault *f)
{
	struct origin_of o = q->origin[n->origin];

	q->waits[n->origin] = false;
	while (q->last > 0 && !q->waits[q->last - 1])
		q->last--;
	n->origin = ASSOC_NONE;
	if (is_old(q, n)) {
		weigh(q, *n);
		return true;
	}
	if (o.t_s >= q->end_s + q->share_s)
		return true; /* the next window's */
	/* Its choice is made again: the room is shared. */
	if (!passes(q, n->tile, 0, &o))
		return true;
	return take(q, n, &o, f);
}

static bool search(struct search *q, struct fault *f)
{
	while (q->inner > 0) {
		struct node n = pop(q);

		if (n.origin != ASSOC_NONE) {
			if (!ripe(q, &n, f))
				return false;
		} else if (is_old(q, &n)) {
			weigh(q, n);
		} else if (n.level >= q->levels) {
			if (!leaf(q, &n, f))
				return false;
		} else {
			split(q, &n);
		}
	}
	return true;
}

/* Time in windows, so that what waits is bounded and at hand.  Each looks a
 * margin ahead and may take what lies in the margin's first half, so that a
 * weak one before the window's end does not get what a strong one after it
 * would. */
static bool windows(struct search *q, struct fault *f)
{
	double reach = q->share_s;
	double long_s = WINDOW * reach, from = -reach;
	double last = q->scene.span_s + 1;

	while (from < last) {
		q->nodes = q->inner = q->last = 0;
		memset(q->waits, 0, sizeof q->waits);
		q->end_s = from + long_s;
		seed(q, from, q->end_s + 2 * reach);
		if (!search(q, f))
			return false;
		from = q->end_s;
	}
	return true;
}

/* The tile of a place; q->scene.tiles if there is none.  Tiles lie in order
 * of their rows, then columns. */
static size_t tile_of(const struct search *q, double x, double y)
{
	const struct assoc_scene *s = &q->scene;
	size_t lo = 0, hi = s->tiles;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct tile *t = &s->tile[mid];

		if (t->y_m + s->half_m < y ||
			(t->y_m - s->half_m <= y && t->x_m + s->half_m < x))
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < s->tiles && fabs(s->tile[lo].x_m - x) <= s->half_m &&
		fabs(s->tile[lo].y_m - y) <= s->half_m)
		return lo;
	return s->tiles;
}

struct trios { /* what trio.h wants */
	struct trio_ask ask;
	struct trio_ear *ear;
	bool *gone;
};

static bool trios_make(struct search *q, const struct assoc_source *source,
	struct trios *t, struct fault *f)
{
	const struct assoc_scene *s = &q->scene;

	t->ear = arena_array(q->arena, s->channels + 1, sizeof *t->ear, f);
	t->gone = arena_array(q->arena, s->arrivals + 1, sizeof *t->gone, f);
	if (!t->ear || !t->gone)
		return false;
	for (size_t i = 0; i < s->channels; i++) {
		const struct channel *c = &s->channel[i];

		t->ear[i] = (struct trio_ear){source[c->source].lat_deg,
			source[c->source].lon_deg, c->first, c->count};
	}
	t->ask = (struct trio_ask){.ear = t->ear, .ears = s->channels,
		.t_s = s->when, .gone = t->gone,
		.c_ms = s->model->law[ASSOC_AIR].speed_ms,
		.east_ms = s->model->east_ms, .north_ms = s->model->north_ms,
		.least = TRIO_LEAST};
	return true;
}

/* Climbs from each start; nothing is taken.  Then the best comes first. */
static void trios_weigh(struct search *q, struct trio_start *t, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct xy p = frame_to(
			&q->scene.frame, t[i].at.lat_deg, t[i].at.lon_deg);
		struct origin_of o = {.x_m = p.x_m, .y_m = p.y_m,
			.z_m = q->scene.ground_m, .t_s = t[i].t_s};
		size_t tile = tile_of(q, p.x_m, p.y_m);

		t[i].score = -INFINITY;
		if (tile == q->scene.tiles ||
			!passes(q, (uint32_t)tile, TRIO_S, &o))
			continue;
		t[i].score = o.score;
		t[i].at = frame_from(
			&q->scene.frame, (struct xy){o.x_m, o.y_m});
		t[i].t_s = o.t_s;
	}
	trio_sort(t, count);
}

/* Arrivals of an event that took place beyond the range of hearing. */
static void excuse_far(struct search *q, const struct origin_of *o)
{
	struct assoc_scene *s = &q->scene;
	double far = FAR * q->far_m;

	for (size_t i = 0; i < s->channels; i++) {
		const struct channel *c = &s->channel[i];
		double at, fit;
		struct path p;

		if (c->count == 0 || fabs(c->x_m - o->x_m) > far ||
			fabs(c->y_m - o->y_m) > far)
			continue;
		assoc_path(s, c, o->x_m, o->y_m, o->z_m, false, &p);
		if (p.d_m <= q->far_m || p.d_m > far)
			continue;
		fit = FAR_S + FAR_S_PER_M * p.d_m;
		at = o->t_s + p.t_s;
		for (uint32_t k = channel_from(s, c, at - fit);
			k < c->first + c->count && s->when[k] <= at + fit; k++)
			s->arrival[k].far = true;
	}
}

/* What three arrivals near each other say, the best first. */
static bool trios_pass(struct search *q, struct trios *t, size_t *taken,
	struct fault *f)
{
	struct assoc_scene *s = &q->scene;
	size_t count;
	struct trio_start *start;

	for (size_t i = 0; i < s->arrivals; i++)
		t->gone[i] = s->arrival[i].gone || s->arrival[i].far;
	*taken = 0;
	if (!trio_find(&t->ask, q->arena, &start, &count, f) ||
		!trio_thin(start, &count, TRIO_STARTS, q->arena, f))
		return false;
	trios_weigh(q, start, count);
	for (size_t i = 0; i < count && start[i].score > -INFINITY; i++) {
		struct xy p = frame_to(&s->frame, start[i].at.lat_deg,
			start[i].at.lon_deg);
		struct origin_of o = {.x_m = p.x_m, .y_m = p.y_m,
			.z_m = s->ground_m, .t_s = start[i].t_s};
		struct node n = {.tile = (uint32_t)tile_of(q, p.x_m, p.y_m)};

		if (n.tile == s->tiles || !passes(q, n.tile, 0, &o))
			continue;
		if (!take(q, &n, &o, f))
			return false;
		excuse_far(q, &o);
		++*taken;
	}
	return true;
}

static bool trios(struct search *q, const struct assoc_source *source,
	struct fault *f)
{
	struct trios t = {0};
	size_t taken = 1;

	if (!trios_make(q, source, &t, f))
		return false;
	for (int pass = 0; pass < PASSES && taken > 0; pass++) {
		q->pass = (uint32_t)pass + 1;
		assoc_rates(&q->scene, share[pass]);
		if (!trios_pass(q, &t, &taken, f))
			return false;
	}
	return true;
}

static int by_time(const void *x, const void *y, const void *self)
{
	const struct assoc_event *a = x, *b = y;

	(void)self;
	if (a->t_s < b->t_s || a->t_s > b->t_s)
		return a->t_s < b->t_s ? -1 : 1;
	if (a->lat_deg < b->lat_deg || a->lat_deg > b->lat_deg)
		return a->lat_deg < b->lat_deg ? -1 : 1;
	return a->lon_deg < b->lon_deg ? -1 : a->lon_deg > b->lon_deg;
}

static bool rooms(struct search *q, size_t picks, struct fault *f)
{
	const struct assoc_model *m = q->scene.model;
	struct arena *a = q->arena;
	size_t slots = (size_t)1 << SLOT_BITS;

	q->most = picks / m->picks + 1;
	return assoc_bounds(&q->scene, a, &q->bounds, f) &&
		(q->heap = arena_array(a, HEAP, sizeof *q->heap, f)) &&
		(q->event = arena_array(a, q->most, sizeof *q->event, f)) &&
		(q->choice = arena_array(a, q->scene.most + 1,
			 sizeof *q->choice, f)) &&
		(q->touched = arena_array(a, slots, sizeof *q->touched, f)) &&
		(q->tried = arena_array(a, slots, sizeof *q->tried, f));
}

/* What blur takes from the weakest incident, spread over its picks, in a
 * block of a level: its bound is that much lower than its key. */
static int32_t lower(const struct search *q, int level, double spare)
{
	const struct assoc_model *m = q->scene.model;
	double half = q->scene.half_m / (double)(1 << level), sum = 0;
	int n = 0;

	for (int ph = 0; ph < ASSOC_PHASES; ph++) {
		size_t step = ASSOC_STEPS / 4;

		if (!(q->scene.phases & 1u << ph))
			continue;
		sum += assoc_blur(&q->scene, ph, step,
			1.1 * half / m->law[ph].speed_ms +
				q->scene.law[ph].tol_s[step]);
		n++;
	}
	return -(int32_t)(spare * sum / n);
}

static void scales(struct search *q)
{
	const struct assoc_scene *s = &q->scene;
	const struct assoc_model *m = s->model;
	double side = s->tile_m, quiet;

	for (int ph = 0; ph < ASSOC_PHASES; ph++) {
		const struct assoc_law *l = &m->law[ph];

		if (!(s->phases & 1u << ph))
			continue;
		q->far_m = fmax(q->far_m, l->range_m);
		q->share_s = fmax(q->share_s, l->range_m / l->speed_ms +
			s->law[ph].tol_s[ASSOC_STEPS]);
	}
	/* Picks of a channel while a sound crosses the range: 0.2 on a day of
	 * aftershocks, 2.5 in a barrage. */
	q->busy = (double)s->arrivals / (double)s->channels * q->share_s /
		(s->span_s + q->share_s);
	quiet = fmax(0, fmin(1, 1.5 - q->busy));
	for (; side > m->leaf_m && q->levels < LEVELS; side /= 2)
		q->levels++;
	for (int i = 0; i <= q->levels; i++) {
		q->deep[i + 1] = q->deep[i] + (DEEPER * s->half_z_m /
			(double)(1 << q->deep[i]) > s->half_m /
			(double)(1 << i));
		q->lower[i] = lower(q, i, m->spare + quiet * m->spare_quiet);
	}
	q->district_m = q->far_m;
	q->moment_s = q->share_s / (MOMENTS - 1);
	q->least = unit_of(q, m->accept);
}

static bool blocks(struct search *q, struct fault *f)
{
	for (int pass = 0; pass < PASSES; pass++) {
		for (int i = 0; i <= q->levels; i++)
			q->floor[i] = (int32_t)(times[pass] *
				(q->least + q->lower[i]));
		q->pass = (uint32_t)pass + 1;
		assoc_rates(&q->scene, share[pass]);
		if (!windows(q, f))
			return false;
	}
	return true;
}

bool assoc(const struct assoc_model *m, const struct assoc_source *source,
	size_t sources, const struct assoc_pick *p, size_t picks,
	struct arena *a, const struct assoc_events *out, struct fault *f)
{
	struct search *q = arena_take(a, sizeof *q, f);

	if (!q || !assoc_scene_make(m, source, sources, p, picks, a,
			  &q->scene, f))
		return false;
	q->arena = a;
	if (q->scene.arrivals == 0)
		return true;
	if (!rooms(q, picks, f))
		return false;
	scales(q);
	if (q->scene.phases == 1u << ASSOC_AIR && q->busy >= BARRAGE
			? !trios(q, source, f) : !blocks(q, f))
		return false;
	sort_items(q->event, q->events, sizeof *q->event, by_time, NULL);
	*out->skipped = q->skipped;
	for (size_t i = 0; i < q->events; i++)
		if (!out->put(out->self, &q->event[i], f))
			return false;
	return true;
}
