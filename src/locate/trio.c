/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/trio.h"

#include "base/maths.h"
#include "base/sort.h"

enum {
	PAIR = 8,    /* of the nearest ears, two make a trio */
	PAIR_THOROUGH = 14,
	AROUND = 20, /* ears that are asked what fits */
	REACHES = 3,
	STEPS = 64,  /* of distance in the tables */
	HITS_LEAST = 4,
	BUCKET = 4,  /* ears in a square of the hash, about */
	PIECE = 16,  /* ears in a piece of work */
};
/* Sources lie no farther from the first ear, in its spacings: in a grid of
 * ears none is farther than 0.71 from the nearest, 1.12 from the second. */
#define FIRST_MOST 1.6
/* Farther ears are not asked, in spacings. */
#define ASK_MOST 3.0
/* What fits, seconds, and a second a metre: a trio's errors, and a wind that
 * is 2 m/s off (WAVEFORM.md 3.3). */
#define FIT_S 0.03
#define FIT_S_PER_M 18e-6
/* Of two neighbours, the sine of the angle between them. */
#define SINE_LEAST 0.3
/* Trios of one sound end so near each other; one is enough to climb from. */
#define SAME_M 40.0
#define SAME_S 0.08
/* Share of sounds in easy reach that an ear reports; least rate of false
 * arrivals, 1/s. */
#define PD_NEAR 0.8
#define RATE_LEAST 0.01
/* An arrival this much before the first may be a late one's. */
#define EARLY_S 0.02
/* Of those that heard a sound one was first, and can be the one that begins;
 * so what came long before it is not its.  A second or two leaves another
 * ear's chance arrivals out; the first that is no ear's of the trio is in. */
#define FIRST_S 2.0

struct near { /* an ear seen from another */
	double x_m, y_m, d_m;
	size_t ear;
	size_t lo; /* its first arrival that may matter */
	double most[REACHES]; /* that it and all farther ones can add */
};

struct table { /* by distance; of one spacing */
	double step_m, per_m;
	double pd[REACHES][STEPS + 1], not[REACHES][STEPS + 1];
	double fit_s[STEPS + 1], ln_fit[STEPS + 1];
};

struct trio {
	const struct trio_ask *ask;
	struct trio_start *start; /* by arrival; without hits: none */
	double *ln_rate; /* by ear */
	/* The hash. */
	struct frame frame;
	double west_m, south_m, side_m;
	size_t nx, ny;
	uint32_t *first, *member;
	struct xy *at;
	size_t pair;
	/* About one ear. */
	struct near near[AROUND];
	size_t count;
	double spacing_m;
	struct table table;
	struct frame here;
};

/* -- who is near -- */

static size_t column(const struct trio *q, double x)
{
	double i = floor((x - q->west_m) / q->side_m);

	return i < 0 ? 0 : i >= (double)q->nx ? q->nx - 1 : (size_t)i;
}

static size_t row(const struct trio *q, double y)
{
	double i = floor((y - q->south_m) / q->side_m);

	return i < 0 ? 0 : i >= (double)q->ny ? q->ny - 1 : (size_t)i;
}

static void bounds(struct trio *q)
{
	const struct trio_ask *k = q->ask;
	double east = -INFINITY, north = -INFINITY;

	q->frame = frame_at(k->ear[0].lat_deg, k->ear[0].lon_deg);
	q->west_m = q->south_m = INFINITY;
	for (size_t i = 0; i < k->ears; i++) {
		struct xy p = frame_to(
			&q->frame, k->ear[i].lat_deg, k->ear[i].lon_deg);

		q->at[i] = p;
		q->west_m = fmin(q->west_m, p.x_m);
		q->south_m = fmin(q->south_m, p.y_m);
		east = fmax(east, p.x_m);
		north = fmax(north, p.y_m);
	}
	q->side_m = fmax(1, sqrt((east - q->west_m + 1) *
		(north - q->south_m + 1) * BUCKET / (double)k->ears));
	/* A network on a line. */
	q->side_m = fmax(q->side_m,
		fmax(east - q->west_m, north - q->south_m) / 1000);
	q->nx = 1 + (size_t)((east - q->west_m) / q->side_m);
	q->ny = 1 + (size_t)((north - q->south_m) / q->side_m);
}

static bool hash(struct trio *q, struct arena *a, struct fault *f)
{
	size_t n = q->ask->ears, cells;

	q->at = arena_array(a, n + 1, sizeof *q->at, f);
	q->member = arena_array(a, n + 1, sizeof *q->member, f);
	if (!q->at || !q->member)
		return false;
	bounds(q);
	cells = q->nx * q->ny;
	q->first = arena_array(a, cells + 2, sizeof *q->first, f);
	if (!q->first)
		return false;
	for (size_t i = 0; i < n; i++)
		q->first[row(q, q->at[i].y_m) * q->nx +
			column(q, q->at[i].x_m) + 2]++;
	for (size_t i = 2; i < cells + 2; i++)
		q->first[i] += q->first[i - 1];
	for (size_t i = 0; i < n; i++)
		q->member[q->first[row(q, q->at[i].y_m) * q->nx +
			column(q, q->at[i].x_m) + 1]++] = (uint32_t)i;
	return true;
}

static void consider(struct trio *q, size_t of, size_t i)
{
	const struct trio_ear *e = &q->ask->ear[i];
	struct xy p;
	double d;
	size_t k;

	if (i == of)
		return;
	p = frame_to(&q->here, e->lat_deg, e->lon_deg);
	d = sqrt(p.x_m * p.x_m + p.y_m * p.y_m);
	if (q->count == AROUND && d >= q->near[AROUND - 1].d_m)
		return;
	k = q->count < AROUND ? q->count++ : AROUND - 1;
	for (; k > 0 && q->near[k - 1].d_m > d; k--)
		q->near[k] = q->near[k - 1];
	q->near[k] = (struct near){
		.x_m = p.x_m, .y_m = p.y_m, .d_m = d, .ear = i, .lo = e->first};
}

/* The nearest ears, in rings of squares until no nearer can come. */
static void look_around(struct trio *q, size_t of)
{
	const struct trio_ear *e = &q->ask->ear[of];
	size_t x = column(q, q->at[of].x_m), y = row(q, q->at[of].y_m);
	size_t most = q->nx > q->ny ? q->nx : q->ny;

	q->here = frame_at(e->lat_deg, e->lon_deg);
	q->count = 0;
	for (size_t ring = 0; ring <= most; ring++) {
		if (q->count == AROUND && ring > 0 &&
			q->near[AROUND - 1].d_m <
				((double)ring - 1) * q->side_m)
			break;
		for (size_t j = y < ring ? 0 : y - ring;
			j <= y + ring && j < q->ny; j++)
			for (size_t i = x < ring ? 0 : x - ring;
				i <= x + ring && i < q->nx; i++) {
				size_t cell = j * q->nx + i;

				if (i + ring != x && i != x + ring &&
					j + ring != y && j != y + ring)
					continue;
				for (uint32_t m = q->first[cell];
					m < q->first[cell + 1]; m++)
					consider(q, of, q->member[m]);
			}
	}
}

static void table_make(struct table *t, double spacing_m)
{
	static const double share[REACHES] = {0.7, 1.4, 2.8};

	t->step_m = ASK_MOST * spacing_m / STEPS;
	t->per_m = 1 / t->step_m;
	for (int i = 0; i <= STEPS; i++) {
		double d = t->step_m * i;

		t->fit_s[i] = FIT_S + FIT_S_PER_M * d;
		t->ln_fit[i] = -m_log(2 * t->fit_s[i]);
		for (int k = 0; k < REACHES; k++) {
			double u = d / (share[k] * spacing_m);
			double pd = PD_NEAR / (1 + u * u * u * u);

			t->pd[k][i] = m_log(pd);
			t->not[k][i] = m_log(1 - pd);
		}
	}
}

/* What an ear adds at its best: from the nearest that a source can lie. */
static void hopes(struct trio *q)
{
	double most[REACHES] = {0};

	for (size_t m = q->count; m-- > 0;) {
		struct near *n = &q->near[m];
		double d = fmax(0, n->d_m - FIRST_MOST * q->spacing_m);
		size_t step = (size_t)fmin(d * q->table.per_m, STEPS);
		double gain = q->table.ln_fit[step] - q->ln_rate[n->ear];

		for (int r = 0; r < REACHES; r++)
			n->most[r] = most[r] +=
				fmax(0, gain + q->table.pd[r][step]);
	}
}

/* -- one place -- */

/* What the ears around say of a source at x, y, t0, in nats; -INFINITY as soon
 * as it cannot be more than `least`.  An ear whose arrival there does not count
 * says nothing, and is no witness against it. */
static double weigh(const struct trio *q, double x, double y, double t0,
	double least, size_t *hits)
{
	const struct trio_ask *k = q->ask;
	const struct table *w = &q->table;
	double sum[REACHES] = {0}, best = -INFINITY, slow = 1 / k->c_ms;

	*hits = 0;
	for (size_t m = 0; m < q->count; m++) {
		const struct near *n = &q->near[m];
		const struct trio_ear *e = &k->ear[n->ear];
		double dx = n->x_m - x, dy = n->y_m - y;
		double d = sqrt(dx * dx + dy * dy), at, fit, gain;
		size_t step = (size_t)(d * w->per_m), i;
		bool hit = false, hidden = false;

		/* Two are the trio's own. */
		if (m == q->pair && *hits < HITS_LEAST - 1)
			return -INFINITY;
		if (sum[0] + n->most[0] <= least &&
			sum[1] + n->most[1] <= least &&
			sum[2] + n->most[2] <= least)
			return -INFINITY;
		if (step >= STEPS)
			continue;
		/* First order in the wind: a millisecond off at 3 s. */
		at = t0 + slow * (d - slow * (k->east_ms * dx +
			k->north_ms * dy));
		fit = w->fit_s[step];
		for (i = n->lo; i < e->first + e->count &&
			k->t_s[i] <= at + fit; i++) {
			bool gone = k->gone && k->gone[i];

			hit = hit || (k->t_s[i] >= at - fit && !gone);
			hidden = hidden || (k->t_s[i] >= at - fit && gone);
		}
		*hits += hit || hidden;
		if (hidden && !hit)
			continue;
		gain = w->ln_fit[step] - q->ln_rate[n->ear];
		for (int r = 0; r < REACHES; r++)
			sum[r] += hit && gain + w->pd[r][step] > w->not[r][step]
				? gain + w->pd[r][step] : w->not[r][step];
	}
	for (int r = 0; r < REACHES; r++)
		best = fmax(best, sum[r]);
	return best;
}

struct late { /* an arrival at a neighbour */
	double x_m, y_m; /* where it stood, carried back by the wind */
	double c_tau, half; /* c tau; (p^2 - c^2 tau^2) / 2 */
};

static void try_trio(const struct trio *q, const struct late *a,
	const struct late *b, double t_s, struct trio_start *best)
{
	const struct trio_ask *k = q->ask;
	double det = a->x_m * b->y_m - a->y_m * b->x_m;
	double ax, ay, bx, by, qa, qb, qc, root;

	/* Source s at distance r: s = A - B r, and |s| = r. */
	ax = (a->half * b->y_m - b->half * a->y_m) / det;
	ay = (b->half * a->x_m - a->half * b->x_m) / det;
	bx = (a->c_tau * b->y_m - b->c_tau * a->y_m) / det;
	by = (b->c_tau * a->x_m - a->c_tau * b->x_m) / det;
	qa = bx * bx + by * by - 1;
	qb = -(ax * bx + ay * by);
	qc = ax * ax + ay * ay;
	root = qb * qb - qa * qc;
	if (root < 0 || fabs(qa) < 1e-9)
		return;
	root = sqrt(root);
	for (int sign = -1; sign <= 1; sign += 2) {
		double r = (-qb + sign * root) / qa, x, y, t0, score;
		size_t hits;

		if (!(r >= 0) || r > FIRST_MOST * q->spacing_m)
			continue;
		t0 = t_s - r / k->c_ms;
		x = ax - bx * r - k->east_ms * r / k->c_ms;
		y = ay - by * r - k->north_ms * r / k->c_ms;
		if (best->hits > 0 && fabs(x - best->at.lat_deg) < SAME_M &&
			fabs(y - best->at.lon_deg) < SAME_M &&
			fabs(t0 - best->t_s) < SAME_S)
			continue;
		score = weigh(q, x, y, t0, best->score, &hits);
		if (hits + 1 < HITS_LEAST || score <= best->score)
			continue;
		best->score = score;
		best->hits = hits + 1;
		best->t_s = t0;
		best->at = (struct point){x, y}; /* metres yet */
	}
}

enum { LATE_MOST = 64 };

/* The arrivals of the nearest ears that may be later ones of the same. */
static size_t gather(struct trio *q, double t_s, struct late *late,
	size_t *from)
{
	const struct trio_ask *k = q->ask;
	size_t n = 0;

	for (size_t m = 0; m < q->count && m < q->pair; m++) {
		const struct near *o = &q->near[m];
		const struct trio_ear *e = &k->ear[o->ear];
		double most = o->d_m / (k->c_ms - 20) + 2 * EARLY_S;

		from[m] = n;
		for (size_t i = o->lo; i < e->first + e->count; i++) {
			double tau = k->t_s[i] - t_s, x, y, c_tau;

			if (tau > most)
				break;
			if (tau < -EARLY_S || (k->gone && k->gone[i]) ||
				n == LATE_MOST)
				continue;
			x = o->x_m - k->east_ms * tau;
			y = o->y_m - k->north_ms * tau;
			c_tau = k->c_ms * tau;
			late[n++] = (struct late){x, y, c_tau,
				(x * x + y * y - c_tau * c_tau) / 2};
		}
	}
	from[q->count < q->pair ? q->count : q->pair] = n;
	return n;
}

/* All trios with one arrival as the first. */
static void try_first(struct trio *q, double t_s, struct trio_start *best)
{
	size_t ears = q->count < q->pair ? q->count : q->pair;
	size_t from[PAIR_THOROUGH + 1];
	struct late late[LATE_MOST];

	for (size_t m = 0; m < q->count; m++) {
		struct near *n = &q->near[m];
		const struct trio_ear *e = &q->ask->ear[n->ear];
		double fit = FIRST_S;

		while (n->lo < e->first + e->count &&
			q->ask->t_s[n->lo] < t_s - fit)
			n->lo++;
	}
	if (gather(q, t_s, late, from) < 2)
		return;
	for (size_t i = 0; i < ears; i++)
		for (size_t j = i + 1; j < ears; j++) {
			const struct near *a = &q->near[i], *b = &q->near[j];
			double cross = a->x_m * b->y_m - a->y_m * b->x_m;

			if (fabs(cross) < SINE_LEAST * a->d_m * b->d_m ||
				!(a->d_m > 0))
				continue;
			for (size_t m = from[i]; m < from[i + 1]; m++)
				for (size_t n = from[j]; n < from[j + 1]; n++)
					try_trio(q, &late[m], &late[n], t_s,
						best);
		}
}

static bool rates(struct trio *q, struct arena *a, struct fault *f)
{
	const struct trio_ask *k = q->ask;
	double from = INFINITY, to = -INFINITY;

	q->ln_rate = arena_array(a, k->ears + 1, sizeof *q->ln_rate, f);
	if (!q->ln_rate)
		return false;
	for (size_t i = 0; i < k->ears; i++) {
		const struct trio_ear *e = &k->ear[i];

		if (e->count == 0)
			continue;
		from = fmin(from, k->t_s[e->first]);
		to = fmax(to, k->t_s[e->first + e->count - 1]);
	}
	for (size_t i = 0; i < k->ears; i++) {
		const struct trio_ear *e = &k->ear[i];
		double n = 0;

		for (size_t m = e->first; m < e->first + e->count; m++)
			n += !(k->gone && k->gone[m]);
		q->ln_rate[i] = m_log(fmax(RATE_LEAST, n / (to - from + 10)));
	}
	return true;
}

static int better(const void *x, const void *y, const void *self)
{
	const struct trio_start *a = x, *b = y;

	(void)self;
	if (a->score > b->score || a->score < b->score)
		return a->score > b->score ? -1 : 1;
	if (a->t_s < b->t_s || a->t_s > b->t_s)
		return a->t_s < b->t_s ? -1 : 1;
	return (a->ear > b->ear) - (a->ear < b->ear);
}

void trio_sort(struct trio_start *s, size_t count)
{
	sort_items(s, count, sizeof *s, better, NULL);
}

/* Each arrival of an ear as the first. */
static void try_ear(struct trio *q, size_t i)
{
	const struct trio_ask *ask = q->ask;
	const struct trio_ear *e = &ask->ear[i];

	if (e->count == 0)
		return;
	look_around(q, i);
	if (q->count < HITS_LEAST - 1)
		return;
	q->spacing_m = fmax(1, q->near[2].d_m);
	table_make(&q->table, q->spacing_m);
	hopes(q);
	for (size_t k = e->first; k < e->first + e->count; k++) {
		struct trio_start *best = &q->start[k];

		if (ask->gone && ask->gone[k])
			continue;
		*best = (struct trio_start){.score = ask->least, .ear = i};
		try_first(q, ask->t_s[k], best);
		if (best->hits > 0)
			best->at = frame_from(&q->here, (struct xy){
				best->at.lat_deg, best->at.lon_deg});
	}
}

static bool try_ears(void *self, size_t hand, size_t piece, struct fault *f)
{
	struct trio *q = (struct trio *)self + hand;
	size_t from = piece * PIECE;

	(void)f;
	for (size_t i = from; i < from + PIECE && i < q->ask->ears; i++)
		try_ear(q, i);
	return true;
}

bool trio_find(const struct trio_ask *ask, struct arena *a,
	struct trio_start **out, size_t *count, struct fault *f)
{
	size_t picks = 0, hands = hands_count(ask->hands);
	struct trio *q = arena_array(a, hands, sizeof *q, f);
	struct pieces work = {q, try_ears, (ask->ears + PIECE - 1) / PIECE};

	for (size_t i = 0; i < ask->ears; i++)
		picks += ask->ear[i].count;
	*out = arena_array(a, picks + 1, sizeof **out, f);
	*count = 0;
	if (!q || !*out || picks == 0)
		return q && *out;
	q->ask = ask;
	q->start = *out;
	q->pair = ask->thorough ? PAIR_THOROUGH : PAIR;
	if (!hash(q, a, f) || !rates(q, a, f))
		return false;
	for (size_t i = 1; i < hands; i++)
		q[i] = q[0];
	if (!hands_run(ask->hands, &work, f))
		return false;
	for (size_t k = 0; k < picks; k++)
		if ((*out)[k].hits > 0)
			(*out)[(*count)++] = (*out)[k];
	trio_sort(*out, *count);
	return true;
}

/* -- the same twice -- */

/* Sides of cells: what lies in the next one to a better start is likely the
 * same.  Starts are rougher than sounds, but the better start need not climb to
 * the right place. */
static const double same_m[] = {150, 50, 300}, same_s[] = {0.2, 0.1, 0.6};

struct seen { /* cells in which there was one */
	uint64_t *slot; /* 0: free */
	size_t mask;
	double side_m, long_s;
};

static uint64_t key_of(const struct seen *h, const struct trio_start *s,
	int i, int j, int k)
{
	double row = floor(s->at.lat_deg * 111200 / h->side_m);
	/* Wider near the equator, narrower near the poles. */
	double col = floor(s->at.lon_deg * 75000 / h->side_m);
	double t = floor(s->t_s / h->long_s);

	return 1 + (((uint64_t)(int64_t)(row + i) & 0xfffff) << 40 |
		((uint64_t)(int64_t)(col + j) & 0xfffff) << 20 |
		((uint64_t)(int64_t)(t + k) & 0xfffff));
}

static uint64_t *slot_of(const struct seen *h, uint64_t key)
{
	size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) &
		h->mask;

	while (h->slot[i] != 0 && h->slot[i] != key)
		i = (i + 1) & h->mask;
	return &h->slot[i];
}

static void put(const struct seen *h, const struct trio_start *k)
{
	uint64_t key = key_of(h, k, 0, 0, 0);

	*slot_of(h, key) = key;
}

static bool is_near(const struct seen *h, const struct trio_start *k)
{
	for (int i = 0; i < 27; i++)
		if (*slot_of(h, key_of(h, k, i / 9 - 1, i / 3 % 3 - 1,
			i % 3 - 1)) != 0)
			return true;
	return false;
}

bool trio_thin(struct trio_start *s, size_t *count, enum trio_same same,
	struct arena *a, struct fault *f)
{
	struct seen h = {NULL, 1, same_m[same], same_s[same]};
	size_t n = 0;

	while (h.mask < 2 * *count)
		h.mask = 2 * h.mask + 1;
	h.slot = arena_array(a, h.mask + 1, sizeof *h.slot, f);
	if (!h.slot)
		return false;
	for (size_t i = 0; i < *count; i++) {
		bool twin = is_near(&h, &s[i]);

		put(&h, &s[i]);
		if (!twin)
			s[n++] = s[i];
	}
	*count = n;
	return true;
}
