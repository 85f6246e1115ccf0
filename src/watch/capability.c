/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/capability.h"

#include <stdlib.h>

#include "base/maths.h"

/* Distances of the tables: 30 m to 40 km, 40 steps a decade. */
enum { STEPS = 126, STEPS_DECADE = 40 };
#define NEAREST_LOG 1.4771212547196624 /* of 30 m */

static bool hears(const struct source *n)
{
	/* What locate/ takes: one arrival at an element of an array does not
	 * place a sound. */
	return n->kind == SOURCE_ACOUSTIC && isfinite(n->lat_deg) &&
		isfinite(n->lon_deg);
}

double capability_yield_kg(size_t i)
{
	static const double digit[] = {1, 2, 5};
	double kg = 0.01;

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

/* No further than what is enough to know. */
static double network_pd(
	struct capability *c, size_t cell, struct asked q, double enough)
{
	struct loudness_count heard = loudness_nobody();
	const double *most = &heard.p[LOUDNESS_NODES_MIN];

	for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++) {
		struct capability_pair *p = &c->pair[i];
		const struct capability_node *n = &c->node[p->node];

		if (n->bands == 0)
			continue;
		if (p->wind != c->winds) {
			p->wind = c->winds;
			p->bend = loudness_bends(p->east * c->wind.east_ms +
					p->north * c->wind.north_ms,
				c->wind.sigma_ms, p->d_m);
		}
		loudness_add(&heard, loudness_pd_by(
			&c->curve, excess_db(n, q, p->step), &p->bend));
		if (*most >= enough)
			break;
	}
	return *most;
}

/* Below the least yield of the tables nothing is claimed. */
double capability_pd(struct capability *c, size_t cell, double yield_kg)
{
	double at = (double)CAPABILITY_YIELDS - 1;
	struct asked q = {0, 0};

	if (!(yield_kg >= capability_yield_kg(0)))
		return 0;
	while (q.y + 1 < CAPABILITY_YIELDS &&
		capability_yield_kg(q.y + 1) <= yield_kg * (1 + 1e-9))
		q.y++;
	if ((double)q.y < at) {
		double low = capability_yield_kg(q.y);

		q.part = m_log(yield_kg / low) /
			m_log(capability_yield_kg(q.y + 1) / low);
		q.part = q.part < 1e-6 ? 0 : q.part;
	}
	return network_pd(c, cell, q, 0.9999);
}

double capability_w90_kg(struct capability *c, size_t cell)
{
	size_t lo = 0, hi = CAPABILITY_YIELDS;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		double pd = network_pd(
			c, cell, (struct asked){mid, 0}, CAPABILITY_PD);

		if (pd >= CAPABILITY_PD)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo < CAPABILITY_YIELDS ? capability_yield_kg(lo) : INFINITY;
}
