/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sound.c - what the network would have heard, cell by cell and hour by hour.
 *
 * Pd of one node: Phi[(level - noise - on) / sigma] in dB (WAVEFORM.md 4,
 * "Nothing heard"); of the network: P(at least 4 nodes), by the
 * Poisson-binomial recursion.  A node counts in an hour only when it worked
 * nearly all of it: shares of uptime would multiply as if outages were
 * independent, and one power cut takes all nodes at once. */
#include "base/maths.h"
#include "watch/grid.h"
#include "watch/watch.h"

enum { NODES_MIN = 4, HOURS_MAX = 24 * 400 };
#define CELL_MIN_M 1000.0
#define HOUR_NS INT64_C(3600000000000)
#define WORKED_SHARE 0.99
/* Class told: 1 kg of TNT, about what a 120 mm mortar bomb holds half of. */
#define YIELD_KG 1.0
/* dB re 20 uPa in the band above 10 Hz: 0.2 Pa, wind of 4 m/s behind a screen;
 * a pick needs a peak of 12 dB over it; all cal.  sigma: WAVEFORM.md 4. */
#define NOISE_DB 80.0
#define ON_DB 12.0
#define SIGMA_DB 8.0
/* Mean loss by ground and refraction, of 22 dB shadow upwind and 3 dB gain
 * downwind (WAVEFORM.md 7), grown over 3 km. */
#define SHADOW_DB 10.0
#define SHADOW_M 3000.0
#define PD_LEAST 0.01 /* below: not observed, no look */

struct cell_state { /* P of exactly k nodes; [NODES_MIN]: that or more */
	double p[NODES_MIN + 1];
};

struct told { /* a cell's look that still grows */
	struct instant from, to;
	double pd; /* NAN: none */
};

struct sound {
	const struct mission *m;
	struct grid grid;
	double reach_m;
	struct cell_state *cell;
	struct told *told;
	struct arena *arena;
	const struct looks *out;
};

static double square(double v)
{
	return v * v;
}

/* Peak overpressure of a free-air blast (Kinney and Graham 1985), beyond
 * 100 m/kg^(1/3) as r^-1.1. */
static double level_db(double d_m)
{
	double z = fmax(d_m / m_pow(YIELD_KG, 1.0 / 3), 1);
	double near = fmin(z, 100);
	double top = 808 * (1 + square(near / 4.5));
	double below = sqrt((1 + square(near / 0.048)) *
		(1 + square(near / 0.32)) * (1 + square(near / 1.35)));
	double pa = 101325 * top / below * m_pow(z / near, -1.1);

	return 20 * m_log10(pa / 20e-6) -
		SHADOW_DB * (1 - m_exp(-d_m / SHADOW_M));
}

static double node_pd(double d_m)
{
	return m_phi((level_db(d_m) - NOISE_DB - ON_DB) / SIGMA_DB);
}

/* Beyond it one node has less than PD_LEAST: found to a metre, once. */
static double reach(void)
{
	double lo = 0, hi = 200e3;

	while (hi - lo > 1) {
		double mid = (lo + hi) / 2;

		if (node_pd(mid) >= PD_LEAST)
			lo = mid;
		else
			hi = mid;
	}
	return hi;
}

static void hear(struct cell_state *c, double pd)
{
	c->p[NODES_MIN] += c->p[NODES_MIN - 1] * pd;
	for (int k = NODES_MIN - 1; k > 0; k--)
		c->p[k] = c->p[k] * (1 - pd) + c->p[k - 1] * pd;
	c->p[0] *= 1 - pd;
}

static size_t clamp(double v, size_t most)
{
	return v < 0 ? 0 : v > (double)most ? most : (size_t)v;
}

/* Cells within reach of a node, and only those. */
static void add_node(struct sound *s, const struct source *n)
{
	const struct grid *g = &s->grid;
	struct frame f = frame_at(n->lat_deg, n->lon_deg);
	double dlat = s->reach_m / f.m_per_deg_lat;
	size_t lo = clamp((n->lat_deg - dlat - g->box.south) / g->lat_step,
		g->rows);
	size_t hi = clamp((n->lat_deg + dlat - g->box.south) / g->lat_step + 1,
		g->rows);

	for (size_t i = lo * g->columns; i < hi * g->columns; i++) {
		struct point p = grid_centre(g, i);
		struct xy q = frame_to(&f, p.lat_deg, p.lon_deg);
		double d = sqrt(q.x_m * q.x_m + q.y_m * q.y_m);

		if (d <= s->reach_m)
			hear(&s->cell[i], node_pd(d));
	}
}

static bool hears(const struct source *n)
{
	return (n->kind == SOURCE_ACOUSTIC || n->kind == SOURCE_INFRASOUND) &&
		isfinite(n->lat_deg) && isfinite(n->lon_deg);
}

/* h: the node's own rows.  Unknown is not working. */
static bool worked(const struct health *h, size_t count, struct span hour)
{
	int64_t up = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t a = h[i].span.from.utc_ns, b = h[i].span.to.utc_ns;

		if (h[i].state != HEALTH_UP)
			continue;
		if (a < hour.from.utc_ns)
			a = hour.from.utc_ns;
		if (b > hour.to.utc_ns)
			b = hour.to.utc_ns;
		up += b > a ? b - a : 0;
	}
	return (double)up >= WORKED_SHARE *
		(double)(hour.to.utc_ns - hour.from.utc_ns);
}

static bool tell(struct sound *s, size_t cell, struct fault *f)
{
	struct told *t = &s->told[cell];
	struct point corner[4];
	struct look l = {
		.source = "sound",
		.modality = MODALITY_ACOUSTIC,
		.span = {t->from, t->to},
		.area = {corner, 4},
		.kind = KIND_EXPLOSION,
		.of = {{"yield_kg", YIELD_KG}},
		.of_count = 1,
		.pd = t->pd,
	};

	if (isnan(t->pd) || t->pd < PD_LEAST)
		return true;
	grid_corners(&s->grid, cell, corner);
	look_name(&l);
	return s->out->put(s->out->self, &l, f);
}

/* Hours of equal Pd (to a hundredth) are one look. */
static bool close_hour(struct sound *s, struct span hour, struct fault *f)
{
	for (size_t i = 0; i < s->grid.columns * s->grid.rows; i++) {
		struct told *t = &s->told[i];
		double pd = floor(s->cell[i].p[NODES_MIN] * 100 + 0.5) / 100;

		if (pd == t->pd) {
			t->to = hour.to;
			continue;
		}
		if (!tell(s, i, f))
			return false;
		*t = (struct told){hour.from, hour.to, pd};
	}
	return true;
}

static bool one_hour(struct sound *s, struct span hour, const struct health *h,
	size_t count, struct fault *f)
{
	size_t i = 0, n = s->grid.columns * s->grid.rows;

	for (size_t k = 0; k < n; k++)
		s->cell[k] = (struct cell_state){{1}};
	for (size_t k = 0; k < s->m->source_count; k++) {
		const struct source *node = &s->m->source[k];
		size_t from;

		while (i < count && strcmp(h[i].source, node->id) < 0)
			i++;
		from = i;
		while (i < count && strcmp(h[i].source, node->id) == 0)
			i++;
		if (hears(node) && worked(h + from, i - from, hour))
			add_node(s, node);
	}
	return close_hour(s, hour, f);
}

/* To the end of the hour; to the next hour in which a source works when none
 * does in this one: years may lie between two stretches of data. */
static int64_t stretch_to(const struct health *h, size_t count, int64_t from)
{
	int64_t hour = (from / HOUR_NS + 1) * HOUR_NS, up = INT64_MAX;

	for (size_t i = 0; i < count; i++) {
		if (h[i].state != HEALTH_UP || h[i].span.to.utc_ns <= from)
			continue;
		if (h[i].span.from.utc_ns < hour)
			return hour;
		if (h[i].span.from.utc_ns < up)
			up = h[i].span.from.utc_ns;
	}
	return up / HOUR_NS * HOUR_NS;
}

bool watch_sound(const struct mission *m, struct span all,
	const struct health *h, size_t count, struct arena *arena,
	const struct looks *out, struct fault *f)
{
	struct box area = grid_area(m);
	struct sound s = {.m = m, .arena = arena, .out = out};
	size_t mark = arena->used, n;
	bool ok = false;
	int64_t from = all.from.utc_ns, hours = 0;

	s.grid = grid_on(&area, GRID_SIDE, CELL_MIN_M);
	n = s.grid.columns * s.grid.rows;
	s.reach_m = reach();
	s.cell = arena_array(arena, n, sizeof *s.cell, f);
	s.told = s.cell ? arena_array(arena, n, sizeof *s.told, f) : NULL;
	if (!s.cell || !s.told || !(s.grid.lat_step > 0))
		goto out;
	for (size_t i = 0; i < n; i++)
		s.told[i].pd = NAN;
	while (from < all.to.utc_ns) {
		int64_t to = stretch_to(h, count, from);

		if (to > all.to.utc_ns)
			to = all.to.utc_ns;
		if (hours++ == HOURS_MAX) {
			fault(f, FAULT_LIMIT, "watch: more than %d hours of "
				"sound", HOURS_MAX);
			goto out;
		}
		if (!one_hour(&s, (struct span){{from}, {to}}, h, count, f))
			goto out;
		from = to;
	}
	ok = true;
	for (size_t i = 0; ok && i < n; i++)
		ok = tell(&s, i, f);
out:
	arena->used = mark;
	/* No area at all: nothing could be watched, and that is no fault. */
	return ok || (s.told && !(s.grid.lat_step > 0));
}
