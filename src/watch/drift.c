/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/drift.h"

#include <math.h>

enum { HITS_LEAST = 8 };
/* As of a step (suspect.c): 5 sigma, and of use. */
#define SIGMAS 5.0
#define GROWN_LEAST_S 0.020
/* An outlier counts no more than this. */
#define CLIP 9.0
/* chi^2 that a line must gain over a step, which has one unknown more. */
#define BETTER 6.0

struct line {
	double at, mean, slope, sigma; /* s, s, s/s */
	double n;
};

static double variance(const struct sight *s)
{
	double own = s->hearing->sigma_s;

	return own * own + s->var_s2;
}

static double time_of(const struct suspect *s, const struct sight *x)
{
	return instant_seconds(s->sight[0].fit->at, x->fit->at);
}

static struct line line_of(const struct suspect *s)
{
	struct line l = {0};
	double w = 0, t = 0, y = 0, tt = 0, ty = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < s->count; i++) {
			const struct sight *x = &s->sight[i];
			double p, dt;

			if (!isfinite(x->late_s))
				continue;
			p = 1 / variance(x);
			if (pass == 0) {
				w += p;
				t += p * time_of(s, x);
				y += p * x->late_s;
				l.n++;
				continue;
			}
			dt = time_of(s, x) - t / w;
			tt += p * dt * dt;
			ty += p * dt * x->late_s;
		}
	if (w <= 0 || tt <= 0)
		return l;
	l.at = t / w;
	l.mean = y / w;
	l.slope = ty / tt;
	l.sigma = 1 / sqrt(tt);
	return l;
}

static double misfit(const struct sight *x, double expected_s)
{
	double r = x->late_s - expected_s;

	return fmin(CLIP, r * r / variance(x));
}

/* Misfit of two latenesses, before sight `from` and from it on. */
static double by_two(const struct suspect *s, size_t from)
{
	double w[2] = {0}, y[2] = {0}, sum = 0;

	for (size_t i = 0; i < s->count; i++) {
		const struct sight *x = &s->sight[i];

		if (!isfinite(x->late_s))
			continue;
		w[i >= from] += 1 / variance(x);
		y[i >= from] += x->late_s / variance(x);
	}
	for (size_t i = 0; i < s->count; i++)
		if (isfinite(s->sight[i].late_s))
			sum += misfit(&s->sight[i],
				y[i >= from] / w[i >= from]);
	return sum;
}

bool drift_found(const struct suspect *s, struct charge *c)
{
	struct line l = line_of(s);
	double by_line = 0, by_step = INFINITY, first = NAN, last = NAN;

	if (l.n < HITS_LEAST || fabs(l.slope) < SIGMAS * l.sigma)
		return false;
	for (size_t i = 0; i < s->count; i++) {
		const struct sight *x = &s->sight[i];
		double t = time_of(s, x);

		if (!isfinite(x->late_s))
			continue;
		first = isnan(first) ? t : first;
		last = t;
		by_line += misfit(x, l.mean + l.slope * (t - l.at));
		by_step = fmin(by_step, by_two(s, i));
	}
	c->late_s = l.slope * (last - first);
	c->sigma_s = l.sigma * (last - first);
	c->drift_ppm = l.slope * 1e6;
	return fabs(c->late_s) > GROWN_LEAST_S && by_line + BETTER < by_step;
}
