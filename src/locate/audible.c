/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/audible.h"

#include "base/maths.h"

struct step { /* between two of a reach table */
	size_t at;
	double part, beyond; /* nats that Pd falls by behind its end */
};

static double between(const double *table, struct step s)
{
	return table[s.at] + s.part * (table[s.at + 1] - table[s.at]);
}

/* What wind does to sound is known of flat ground and steady air.  One time in
 * ten it is taken to bend none, for all ears (cal.: sounds of bench/locate, in
 * wind that bends none, were left without arrivals that were theirs). */
enum { BENT, STRAIGHT, WAYS };
static const double ln_way[WAYS] = {-0.10536051565782628, -2.302585092994046};

/* As far as a place seems from a post. */
static double seems_m(
	const struct view *v, const struct post *p, struct xy at, int way)
{
	double dx = p->x_m - at.x_m, dy = p->y_m - at.y_m;
	double d = sqrt(dx * dx + dy * dy + 1);

	if (way == STRAIGHT || !v->lee)
		return d;
	return lee_m(v->lee,
		(v->air.east_ms * dx + v->air.north_ms * dy) / d, d);
}

static struct step step_of(const struct view *v, double d_m)
{
	double q = fmin(d_m / v->scene->reach.step_m, HEAR_STEPS - 1e-9);
	size_t at = (size_t)q;

	/* Pd falls with the fourth power of distance: scene_reach(). */
	return (struct step){at, q - (double)at, d_m > v->scene->range_m
		? 4 * m_log(d_m / v->scene->range_m) : 0};
}

/* By each reach. */
static void add(const struct audible *g, struct xy at, int way, double *sum)
{
	const struct view *v = g->view;
	const struct reach *r = &v->scene->reach;

	for (int n = 0; n < HEAR_REACHES; n++)
		sum[n] = ln_way[way];
	for (size_t i = 0; i < v->posts; i++) {
		bool heard = g->origin->choice[i] != HEAR_NONE;
		double d = seems_m(v, &v->post[i], at, way);
		struct step s;

		if (!heard && d >= v->scene->range_m)
			continue;
		s = step_of(v, d);
		for (int n = 0; n < HEAR_REACHES; n++)
			sum[n] += between(heard ? r->ln_pd[n] : r->ln_not[n],
				s) - s.beyond;
	}
}

static int best_of(const double *sum, int count, double *ln)
{
	int best = 0;
	double all = 0;

	for (int n = 1; n < count; n++)
		best = sum[n] > sum[best] ? n : best;
	for (int n = 0; n < count; n++)
		all += m_exp(sum[n] - sum[best]);
	*ln = sum[best] + m_log(all);
	return best;
}

double audible_ln(const struct audible *g, struct xy at, double *odds)
{
	const struct view *v = g->view;
	const struct reach *r = &v->scene->reach;
	double sum[WAYS * HEAR_REACHES], ln;
	int best, way, ways = v->lee ? WAYS : 1;

	for (way = 0; way < ways; way++)
		add(g, at, way, sum + way * HEAR_REACHES);
	best = best_of(sum, ways * HEAR_REACHES, &ln);
	way = best / HEAR_REACHES;
	best %= HEAR_REACHES;
	for (size_t i = 0; i < v->posts; i++) {
		struct step s;

		if (g->origin->choice[i] == HEAR_NONE)
			continue;
		s = step_of(v, seems_m(v, &v->post[i], at, way));
		*odds++ = m_exp(between(r->ln_not[best], s) -
			between(r->ln_pd[best], s) + s.beyond);
	}
	return ln;
}
