/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/capability.h"

#include <stdlib.h>

#include "base/maths.h"

/* Distances of the tables: 30 m to 40 km, 40 steps a decade. */
enum { STEPS = 126, STEPS_DECADE = 40 };
#define NEAREST_LOG 1.4771212547196624 /* of 30 m */
/* Seconds for which an arrival hides those of other sounds: a weaker one is
 * taken for its echo for 0.6 s (locate/rounds.c), and half of the others are
 * weaker; two within 0.05 s are one (detect/bank.h), to both sides. */
#define DEAF_S 0.4
/* What an arrival says for a sound: 10 nats where there are four others an hour
 * (locate/origin.c: ln of 0.4/0.01 s over the rate), less where there are more;
 * in a barrage an eighth of them is of no sound that was found. */
#define NATS 10.0
#define QUIET_HZ (4 / 3600.0)
#define UNEXPLAINED 0.125
/* Lost though enough hear it, for each arrival a second: another sound within
 * 200 m and 0.45 s takes its arrivals for its own (locate/crowd.c: 0.2 %), or
 * several more than arrive are hidden together (bench/scale, seeds 1 to 8: 1 of
 * 2,300 at 0.2 a second).  Where as much is heard that two others come at a
 * time, it grows with the square: at a hundred shots a second 30 of 822 were
 * lost at 0.55 (400 nodes, seeds 4, 14, 22, 23), where the first term alone
 * allowed 11, and 82 of 1,120 at 0.72 (1,024 nodes, seeds 21, 24), 19 allowed.
 */
#define CONFUSED_S 0.01
#define CONFUSED_S2 0.1
enum { SIXTHS = 6, SIDES = 1 << SIXTHS, NEED_MOST = 12 };
/* Sources that hardly hear it are left out: less is claimed for it. */
#define PD_LEAST 1e-3
enum { ASK_EVERY = 4 };

static bool hears(const struct source *n)
{
	/* What locate/ takes: one arrival at an element of an array does not
	 * place a sound. */
	return n->kind == SOURCE_ACOUSTIC && isfinite(n->lat_deg) &&
		isfinite(n->lon_deg);
}

double capability_yield_kg(size_t i)
{
	static const double digit[] = {2, 5, 10};
	double kg = 0.0001;

	for (size_t k = 0; k < i / 3; k++)
		kg *= 10;
	return digit[i % 3] * kg;
}

static double step_of(double d_m)
{
	double s = (m_log10(fmax(d_m, 1)) - NEAREST_LOG) * STEPS_DECADE;

	return fmin(fmax(s, 0), STEPS - 1.001);
}

static int nearer(const void *a, const void *b)
{
	const struct capability_pair *x = a, *y = b;

	if (x->d_m < y->d_m || x->d_m > y->d_m)
		return x->d_m < y->d_m ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

/* North is the middle of the first; tan 30 degrees. */
static unsigned sixth_of(struct xy p)
{
	if (fabs(p.x_m) < 0.57735026918962576 * fabs(p.y_m))
		return p.y_m > 0 ? 0 : 3;
	if (p.x_m > 0)
		return p.y_m > 0 ? 1 : 2;
	return p.y_m > 0 ? 5 : 4;
}

/* The pairs of one cell; only counted while out is NULL. */
static size_t pairs_of(const struct mission *m, struct point p,
	double range_m, struct capability_pair *out)
{
	struct frame f = frame_at(p.lat_deg, p.lon_deg);
	double dlat = range_m / f.m_per_deg_lat * 1.01;
	size_t n = 0;

	for (size_t i = 0; i < m->source_count; i++) {
		const struct source *s = &m->source[i];
		struct xy q;
		double d;

		if (!hears(s) || fabs(s->lat_deg - p.lat_deg) > dlat)
			continue;
		q = frame_to(&f, s->lat_deg, s->lon_deg);
		d = sqrt(q.x_m * q.x_m + q.y_m * q.y_m);
		if (d > range_m)
			continue;
		if (out)
			out[n] = (struct capability_pair){.node = i, .d_m = d,
				.east = d > 0 ? q.x_m / d : 0,
				.north = d > 0 ? q.y_m / d : 0,
				.sixth = sixth_of(q),
				.step = step_of(d)};
		n++;
	}
	if (out && n > 1)
		qsort(out, n, sizeof *out, nearer);
	return n;
}

bool capability_make(struct capability *c, const struct mission *m,
	const struct grid *g, double range_m, struct arena *a, struct fault *f)
{
	size_t all = 0;

	*c = (struct capability){.grid = *g, .cells = g->columns * g->rows,
		.nodes = m->source_count, .winds = 1, .arena = a};
	loudness_curve_make(&c->curve);
	c->first = arena_array(a, c->cells + 1, sizeof *c->first, f);
	c->node = arena_array(a, c->nodes + 1, sizeof *c->node, f);
	if (!c->first || !c->node)
		return false;
	for (size_t i = 0; i < c->cells; i++) {
		c->first[i] = all;
		all += pairs_of(m, grid_centre(g, i), range_m, NULL);
	}
	c->first[c->cells] = all;
	c->pair = arena_array(a, all + 1, sizeof *c->pair, f);
	if (!c->pair)
		return false;
	for (size_t i = 0; i < c->cells; i++)
		(void)pairs_of(m, grid_centre(g, i), range_m,
			c->pair + c->first[i]);
	for (size_t i = 0; i < c->nodes; i++)
		c->node[i] = (struct capability_node){0};
	return true;
}

void capability_wind(struct capability *c, const struct loudness_wind *w)
{
	double off = fabs(c->wind.east_ms - w->east_ms) +
		fabs(c->wind.north_ms - w->north_ms) +
		fabs(c->wind.sigma_ms - w->sigma_ms);

	if (!(off > 0))
		return;
	c->wind = *w;
	c->winds++;
}

/* A larger charge is not less loud, whatever a band makes of its length. */
static void fill(struct capability_tuned *t)
{
	for (size_t y = 0; y < CAPABILITY_YIELDS; y++)
		for (size_t k = 0; k < STEPS; k++) {
			double d = m_pow(10, NEAREST_LOG +
					(double)k / STEPS_DECADE);
			double db = loudness_band_db(
				capability_yield_kg(y), d, &t->band);
			double *at = &t->db[y * STEPS + k];

			*at = y > 0 ? fmax(db, at[-STEPS]) : db;
		}
}

static const double *table_of(struct capability *c,
	const struct ambient_band *b, struct fault *f)
{
	struct capability_tuned *t;

	for (size_t i = 0; i < c->tuned_count; i++) {
		t = &c->tuned[i];
		if (!(t->band.low_hz < b->low_hz ||
			t->band.low_hz > b->low_hz ||
			t->band.high_hz < b->high_hz ||
			t->band.high_hz > b->high_hz ||
			t->band.short_s < b->short_s ||
			t->band.short_s > b->short_s))
			return t->db;
	}
	if (c->tuned_count == CAPABILITY_TUNED) {
		fault(f, FAULT_LIMIT, "watch: more than %d bands of sound",
			CAPABILITY_TUNED);
		return NULL;
	}
	t = &c->tuned[c->tuned_count];
	t->band = *b;
	t->db = arena_array(c->arena, (size_t)CAPABILITY_YIELDS * STEPS,
		sizeof *t->db, f);
	if (!t->db)
		return NULL;
	c->tuned_count++;
	fill(t);
	return t->db;
}

bool capability_set(struct capability *c, size_t i, const struct ambient *a,
	struct fault *f)
{
	struct capability_node *n = &c->node[i];

	n->bands = 0;
	n->busy_hz = a ? a->busy_hz : 0;
	n->deaf = 1 - m_exp(-DEAF_S * n->busy_hz);
	for (size_t k = 0; a && k < a->bands; k++) {
		const struct ambient_band *b = &a->band[k];
		double needed = loudness_needed_db(b);

		if (!isfinite(needed))
			continue;
		if (!(n->table[n->bands] = table_of(c, b, f)))
			return false;
		n->needed_db[n->bands++] = needed;
	}
	return true;
}

size_t capability_working(const struct capability *c, size_t cell)
{
	size_t n = 0;

	for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++)
		n += c->node[c->pair[i].node].bands > 0;
	return n;
}

struct asked { /* yields of the tables, and how far between them */
	size_t y;
	double part;
};

static double between(const double *v, double part)
{
	return v[0] + part * (v[1] - v[0]);
}

/* Of the band in which it stands out most. */
static double excess_db(const struct capability_node *n, struct asked q,
	double step)
{
	size_t k = (size_t)step;
	double part = step - (double)k, best = -INFINITY;

	for (size_t b = 0; b < n->bands; b++) {
		const double *at = n->table[b] + q.y * STEPS + k;
		double db = between(at, part);

		if (q.part > 0)
			db += q.part * (between(at + STEPS, part) - db);
		best = fmax(best, db - n->needed_db[b]);
	}
	return best;
}

struct capability_need capability_need(double busy_hz)
{
	double less = m_log(1 + UNEXPLAINED * busy_hz / QUIET_HZ);
	double n = LOUDNESS_NODES_MIN * NATS / fmax(NATS - less, 1);
	struct capability_need need = {(size_t)floor(n + 0.5), 0};

	if (need.around > NEED_MOST - NEED_MOST / 4)
		need.around = NEED_MOST - NEED_MOST / 4;
	need.aside = need.around + need.around / 3;
	return need;
}

/* How many hear it, and from which sixths: Poisson-binomial; the last column:
 * that or more. */
struct hearers {
	double p[SIDES][NEED_MOST + 1];
	struct capability_need need;
	size_t columns;
	double clear; /* not confused with another */
};

static void add_hearer(struct hearers *h, unsigned sixth, double pd)
{
	const size_t most = h->columns;
	const unsigned bit = 1u << sixth;

	for (unsigned with = 0; with < SIDES; with++) {
		double *a = h->p[with], *b = h->p[with & ~bit];

		if (!(with & bit))
			continue;
		a[most] += (a[most - 1] + b[most] + b[most - 1]) * pd;
		b[most] *= 1 - pd;
		for (size_t k = most - 1; k > 0; k--) {
			a[k] = a[k] * (1 - pd) + (a[k - 1] + b[k - 1]) * pd;
			b[k] *= 1 - pd;
		}
		a[0] *= 1 - pd;
		b[0] *= 1 - pd;
	}
}

/* No two beside each other are empty. */
static bool is_around(unsigned sides)
{
	unsigned none = ~sides & (SIDES - 1);

	return !(none & (none >> 1 | none << (SIXTHS - 1)));
}

static double enough_hear(const struct hearers *h)
{
	double sum = 0;

	for (unsigned sides = 1; sides < SIDES; sides++)
		for (size_t k = is_around(sides) ? h->need.around
						 : h->need.aside;
			k <= h->columns; k++)
			sum += h->p[sides][k];
	return sum * h->clear;
}

/* What is needed where so many sources hear so much, on average. */
static struct hearers nobody_of(const struct capability *c,
	const struct capability_pair *pair, size_t pairs)
{
	struct hearers h = {.p[0][0] = 1};
	double busy = 0, n = 0;

	for (size_t i = 0; i < pairs; i++) {
		const struct capability_node *node = &c->node[pair[i].node];

		busy += node->bands > 0 ? node->busy_hz : 0;
		n += node->bands > 0;
	}
	busy /= fmax(n, 1);
	h.need = capability_need(busy);
	h.clear = m_exp(-(CONFUSED_S + CONFUSED_S2 * busy) * busy);
	h.columns = h.need.aside;
	return h;
}

/* No further than what is enough to know. */
static double network_pd(struct capability *c, struct capability_pair *pair,
	size_t pairs, struct asked q, double enough)
{
	struct hearers h = nobody_of(c, pair, pairs);
	size_t asked = 0;

	for (size_t i = 0; i < pairs; i++) {
		struct capability_pair *p = &pair[i];
		const struct capability_node *n = &c->node[p->node];
		double pd;

		if (n->bands == 0)
			continue;
		if (p->wind != c->winds) {
			p->wind = c->winds;
			p->bend = loudness_bends(p->east * c->wind.east_ms +
					p->north * c->wind.north_ms,
				c->wind.sigma_ms, p->d_m);
		}
		pd = (1 - n->deaf) * loudness_pd_by(
			&c->curve, excess_db(n, q, p->step), &p->bend);
		if (pd < PD_LEAST)
			continue;
		add_hearer(&h, p->sixth, pd);
		if (++asked % ASK_EVERY == 0 && enough_hear(&h) >= enough)
			break;
	}
	return enough_hear(&h);
}

static double cell_pd(
	struct capability *c, size_t cell, struct asked q, double enough)
{
	return network_pd(c, c->pair + c->first[cell],
		c->first[cell + 1] - c->first[cell], q, enough);
}

static struct asked asked_of(double yield_kg)
{
	struct asked q = {0, 0};
	double low;

	while (q.y + 1 < CAPABILITY_YIELDS &&
		capability_yield_kg(q.y + 1) <= yield_kg * (1 + 1e-9))
		q.y++;
	if (q.y + 1 == CAPABILITY_YIELDS)
		return q;
	low = capability_yield_kg(q.y);
	q.part = m_log(yield_kg / low) /
		m_log(capability_yield_kg(q.y + 1) / low);
	q.part = q.part < 1e-6 ? 0 : q.part;
	return q;
}

/* Below the least yield of the tables nothing is claimed. */
double capability_pd(struct capability *c, size_t cell, double yield_kg)
{
	if (!(yield_kg >= capability_yield_kg(0)))
		return 0;
	return cell_pd(c, cell, asked_of(yield_kg), 0.9999);
}

bool capability_pd_at(struct capability *c, const struct mission *m,
	double range_m, struct point at, double yield_kg, double *pd,
	struct fault *f)
{
	size_t mark = c->arena->used, n = pairs_of(m, at, range_m, NULL);
	struct capability_pair *pair = arena_array(
		c->arena, n + 1, sizeof *pair, f);

	*pd = 0;
	if (!pair)
		return false;
	(void)pairs_of(m, at, range_m, pair);
	if (n >= LOUDNESS_NODES_MIN && yield_kg >= capability_yield_kg(0))
		*pd = network_pd(c, pair, n, asked_of(yield_kg), 0.9999);
	c->arena->used = mark;
	return true;
}

double capability_w90_kg(struct capability *c, size_t cell)
{
	size_t lo = 0, hi = CAPABILITY_YIELDS;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		double pd = cell_pd(
			c, cell, (struct asked){mid, 0}, CAPABILITY_PD);

		if (pd >= CAPABILITY_PD)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo < CAPABILITY_YIELDS ? capability_yield_kg(lo) : INFINITY;
}
