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

/* As far as a place seems from a post. */
static double seems_m(const struct view *v, const struct post *p, struct xy at)
{
	double dx = p->x_m - at.x_m, dy = p->y_m - at.y_m;
	double d = sqrt(dx * dx + dy * dy + 1);

	return v->lee ? lee_m(v->lee, (v->air.east_ms * dx +
			v->air.north_ms * dy) / d, d) : d;
}

static struct step step_of(const struct view *v, double d_m)
{
	double q = fmin(d_m / v->scene->reach.step_m, HEAR_STEPS - 1e-9);
	size_t at = (size_t)q;

	/* Pd falls with the fourth power of distance: scene_reach(). */
	return (struct step){at, q - (double)at, d_m > v->scene->range_m
		? 4 * m_log(d_m / v->scene->range_m) : 0};
}

static int best_of(const double *sum, double *ln)
{
	int best = 0;
	double all = 0;

	for (int n = 1; n < HEAR_REACHES; n++)
		best = sum[n] > sum[best] ? n : best;
	for (int n = 0; n < HEAR_REACHES; n++)
		all += m_exp(sum[n] - sum[best]);
	*ln = sum[best] + m_log(all);
	return best;
}

double audible_ln(const struct audible *g, struct xy at, double *odds)
{
	const struct view *v = g->view;
	const struct reach *r = &v->scene->reach;
	double sum[HEAR_REACHES] = {0}, ln;
	size_t h = 0;
	int best;

	for (size_t i = 0; i < v->posts; i++) {
		bool heard = g->origin->choice[i] != HEAR_NONE;
		double d = seems_m(v, &v->post[i], at);
		struct step s;

		if (!heard && d >= v->scene->range_m)
			continue;
		s = step_of(v, d);
		for (int n = 0; n < HEAR_REACHES; n++)
			sum[n] += between(heard ? r->ln_pd[n] : r->ln_not[n],
				s) - s.beyond;
		if (heard)
			odds[h++] = d;
	}
	best = best_of(sum, &ln);
	for (size_t i = 0; i < h; i++) {
		struct step s = step_of(v, odds[i]);

		odds[i] = m_exp(between(r->ln_not[best], s) -
			between(r->ln_pd[best], s) + s.beyond);
	}
	return ln;
}
