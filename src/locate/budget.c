/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/budget.h"

#include <string.h>

#include "base/cholesky.h"

/* What is held fast has this precision. */
#define FAST 1e12
enum { N = ORIGIN_UNKNOWNS, AIR = 3, HEIGHT = 6 };

static const char *const names[BUDGET_PARTS] = {
	"clock", "geometry", "path", "picks", "survey", "weather"};
static const char *const features[BUDGET_PARTS] = {"error_clock",
	"error_geometry", "error_path", "error_picks", "error_survey",
	"error_weather"};

struct sums {
	double normal[N * N];
	double once[N * N]; /* of the same, what another round has anew */
	double info; /* of the arrivals: sum 1/(sigma v)^2, 1/m2 */
	double part[BUDGET_PARTS]; /* of it, as each makes the variances */
};

static void add(double a[N * N], const double g[N], double w)
{
	for (int m = 0; m < N; m++)
		for (int n = 0; n <= m; n++)
			a[m * N + n] += w * g[m] * g[n];
}

static void gather(const struct view *v, const struct origin *o, struct sums *s)
{
	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double g[N], d, sigma, w, clock, speed, air, pick;
		const struct pick *k;

		if (o->choice[i] == HEAR_NONE)
			continue;
		k = &v->scene->pick[o->choice[i]];
		speed = origin_travel(o, p, g, &d);
		sigma = hear_sigma_s(v, p, k, d);
		w = hear_pull(v->scene, k->t_s - o->t_s - speed, sigma) /
			(sigma * sigma);
		speed = d / speed;
		air = hear_air_s(d);
		clock = k->clock_s * k->clock_s;
		pick = k->sigma_s * k->sigma_s - clock;
		add(s->normal, g, w);
		add(s->once, g, w * w * (pick + air * air));
		s->info += w / (speed * speed);
		w /= speed * speed * sigma * sigma;
		s->part[BUDGET_CLOCK] += w * clock;
		s->part[BUDGET_PICKS] += w * pick;
		s->part[BUDGET_PATH] += w * v->scene->path_s * v->scene->path_s;
		s->part[BUDGET_SURVEY] += w * p->place_s * p->place_s;
		s->part[BUDGET_WEATHER] += w * air * air;
	}
}

/* x' A x, of a symmetric A in its lower half. */
static double form(const double a[N * N], const double x[N])
{
	double sum = 0;

	for (int m = 0; m < N; m++) {
		sum += a[m * N + m] * x[m] * x[m];
		for (int n = 0; n < m; n++)
			sum += 2 * a[m * N + n] * x[m] * x[n];
	}
	return sum;
}

/* Variance of the place, m2, with air and height known or not; in *once the
 * part of it that another round would have anew. */
static double variance(const struct view *v, const struct origin *o,
	const struct sums *s, bool know_air, bool know_height, double *once)
{
	double a[N * N], x[N] = {1}, y[N] = {0, 1}, own[N] = {0};

	memcpy(a, s->normal, sizeof a);
	own[AIR] = 1 / (v->air.sigma_c_ms * v->air.sigma_c_ms);
	own[AIR + 1] = 1 / (v->air.sigma_w_ms * v->air.sigma_w_ms);
	own[AIR + 2] = own[AIR + 1];
	own[HEIGHT] = 1 / (o->sigma_z_m * o->sigma_z_m);
	for (int m = AIR; m < N; m++)
		a[m * N + m] +=
			(m == HEIGHT ? know_height : know_air) ? FAST : own[m];
	if (!cholesky(a, N))
		return NAN;
	cholesky_solve(a, N, x);
	cholesky_solve(a, N, y);
	*once = form(s->once, x) + form(s->once, y);
	return x[0] + y[1];
}

bool budget(const struct view *v, const struct origin *o,
	double share[BUDGET_PARTS], double *shared)
{
	struct sums s = {.info = 0};
	double all, still, flat, even, once, unused;

	gather(v, o, &s);
	still = variance(v, o, &s, true, false, &unused);
	flat = variance(v, o, &s, true, true, &unused);
	all = variance(v, o, &s, false, false, &once);
	if (!(s.info > 0 && all > 0 && still > 0 && flat > 0))
		return false;
	even = fmin(4 / s.info, flat);
	for (int k = 0; k < BUDGET_PARTS; k++)
		share[k] = even / all * s.part[k] / s.info;
	share[BUDGET_GEOMETRY] += fmax(0, still - even) / all;
	share[BUDGET_WEATHER] += fmax(0, all - still) / all;
	*shared = fmax(0, 1 - once / all);
	return true;
}

const char *budget_name(enum budget_part k)
{
	return names[k];
}

const char *budget_feature(enum budget_part k)
{
	return features[k];
}
