/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/quake_fit.h"

#include <string.h>

#include "base/cholesky.h"
#include "base/maths.h"

/* As afar.c: an incident an hour within 50 km of who felt it; 1/(m2 s), ln. */
#define LN_MU (-31.0)
/* Slowness of P, s/m, and how far off it may be; S over P: sedimentary rock to
 * granite at the surface, 5 to 6.3 km/s; Poisson's ratio of 0.22 to 0.28. */
#define SLOW_P (1 / 5700.0)
#define SIGMA_SLOW 0.07
#define RATIO 1.73
#define SIGMA_RATIO 0.03
/* Paths and late picks as the associator's (docs/hearing.md, "Association"):
 * the mean of the late share is taken off. */
#define PATH_P_S 0.15
#define PATH_S_S 0.20
#define PATH_GROW 0.03
#define LATE_MEAN_S 0.045
#define PICK_UNKNOWN_S 0.1
/* So many sigmas off, a pick counts a quarter: late ones are none of the
 * normal's. */
#define FAR 3.0
/* A factor on all sigmas, as the nodes': log-normal of 0.25. */
enum { SCALES = 3, DEPTHS = QUAKE_DEPTHS };
static const double scale[SCALES] = {0.78, 1.20, 1.85};
static const double scale_share[SCALES] = {1 / 6.0, 2 / 3.0, 1 / 6.0};
/* Depths, and how earthquakes of the crust share them: z exp(-z/5 km), so the
 * mode is at 5 km, the mean at 10 (as local catalogues have it; tbc). */
const double quake_depth_m[DEPTHS] = {300, 2e3, 4e3, 6e3, 8e3, 10e3, 13e3,
	16e3, 20e3, 25e3, 30e3};
static const double crust[DEPTHS] = {0.018, 0.107, 0.143, 0.144, 0.130,
	0.136, 0.116, 0.091, 0.066, 0.034, 0.015};
#define LN_2PI 1.8378770664093454836
enum { UNKNOWNS = QUAKE_UNKNOWNS };

static double own_sigma(const struct bearing *b)
{
	return isfinite(b->sigma_s) ? b->sigma_s : PICK_UNKNOWN_S;
}

bool quake_may_be(const struct bearing *b, bool s)
{
	unsigned p = b->phases;

	/* What states no phase may be P or the air's (bearing.c): or S. */
	return s ? p & 1u << PHASE_S || p & 1u << PHASE_AIR
		 : (p & 1u << PHASE_P) != 0;
}

/* -- travel -- */

/* At the mean speeds, with the late picks' mean. */
double quake_travel(double way_m, bool s)
{
	return way_m * SLOW_P * (s ? RATIO : 1) + LATE_MEAN_S;
}

static double sigma_of(const struct bearing *b, bool s, double travel_s)
{
	double own = own_sigma(b), path = s ? PATH_S_S : PATH_P_S;
	double grow = PATH_GROW * travel_s;

	return sqrt(own * own + path * path + grow * grow);
}

double quake_way(double x_m, double y_m, double z_m)
{
	return sqrt(x_m * x_m + y_m * y_m + z_m * z_m + 1);
}

/* -- a place's density: over depth, speeds and time -- */

struct sums { /* of normal equations in time, slowness, ratio */
	double a[9], b[3], rr, ln;
	size_t n;
};

static void sum_up(const struct quake_trial *g, double x, double y, double z,
	struct sums *s)
{
	memset(s, 0, sizeof *s);
	for (size_t i = 0; i < g->count; i++) {
		const struct quake_member *m = &g->at[i];
		double way = quake_way(x - m->x_m, y - m->y_m, z);
		double t = quake_travel(way, m->s), r, w;
		double sigma = m->wide * sigma_of(m->pick->of, m->s, t);
		double h[3] = {1, t, m->s ? t : 0};

		r = m->pick->t_s - g->u[3] - t;
		w = 1 / (sigma * sigma);
		for (int j = 0; j < 3; j++) {
			for (int k = 0; k <= j; k++)
				s->a[3 * j + k] += w * h[j] * h[k];
			s->b[j] += w * h[j] * r;
		}
		s->rr += w * r * r;
		s->ln -= m_log(sigma) + 0.5 * LN_2PI;
		s->n++;
	}
}

/* ln of the integral over time and speeds at one scale. */
static double over_speeds(
	const struct sums *s, double f, double *t_s, double *var_t_s2)
{
	double a[9], x[3], e[3] = {1, 0, 0}, fit = s->rr / (f * f);
	double w = 1 / (f * f), ln;

	for (int k = 0; k < 9; k++)
		a[k] = s->a[k] * w;
	a[4] += 1 / (SIGMA_SLOW * SIGMA_SLOW);
	a[8] += 1 / (SIGMA_RATIO * SIGMA_RATIO);
	for (int k = 0; k < 3; k++)
		x[k] = s->b[k] * w;
	if (!cholesky(a, 3))
		return -INFINITY;
	cholesky_solve(a, 3, x);
	cholesky_solve(a, 3, e);
	for (int k = 0; k < 3; k++)
		fit -= x[k] * s->b[k] * w;
	*t_s = x[0];
	*var_t_s2 = e[0];
	ln = s->ln - (double)s->n * m_log(f) - 0.5 * fit + 0.5 * LN_2PI -
		m_log(a[0] * a[4] * a[8]);
	return ln - m_log(SIGMA_SLOW * SIGMA_RATIO);
}

void quake_density(const struct quake_trial *g, double x, double y,
	struct quake_view *v)
{
	double ln[DEPTHS][SCALES], t[DEPTHS][SCALES], var[DEPTHS][SCALES];
	double top = -INFINITY, sum = 0, in = 0, open = 0, tt = 0;

	for (int d = 0; d < DEPTHS; d++) {
		struct sums s;

		sum_up(g, x, y, quake_depth_m[d], &s);
		for (int k = 0; k < SCALES; k++) {
			ln[d][k] = over_speeds(&s, scale[k], &t[d][k],
				&var[d][k]);
			top = fmax(top, ln[d][k]);
		}
	}
	memset(v, 0, sizeof *v);
	for (int d = 0; d < DEPTHS; d++)
		for (int k = 0; k < SCALES; k++) {
			double p = scale_share[k] * m_exp(ln[d][k] - top), w;

			in += crust[d] * p;
			open += d == 0 ? p : 0;
			w = 0.5 * p * (crust[d] + (d == 0));
			v->depth[d] += w;
			sum += w;
			v->t_s += w * t[d][k];
			tt += w * (var[d][k] + t[d][k] * t[d][k]);
		}
	for (int d = 0; d < DEPTHS; d++)
		v->depth[d] /= sum;
	v->t_s /= sum;
	v->var_t_s2 = fmax(0, tt / sum - v->t_s * v->t_s);
	v->ln = top + m_log(sum);
	v->ln_crust = top + m_log(in);
	v->ln_open = open > 0 ? top + m_log(open) : -1e6;
}

/* -- which picks a place explains -- */

/* Slack of the first rounds, when the place is a guess. */
static double loose(
	const struct quake_felt *p, bool s, double t, double slack_s)
{
	double sigma = sigma_of(p->of, s, t);

	return 3.5 * sqrt(sigma * sigma + slack_s * slack_s +
		0.03 * 0.03 * t * t);
}

static struct quake_felt *nearest(const struct quake_stand *at,
	const struct quake_trial *g, bool s, double travel_s, double slack_s,
	const struct quake_felt *not)
{
	struct quake_felt *best = NULL;
	double most = 1;

	for (size_t i = 0; i < at->picks; i++) {
		struct quake_felt *p = at->pick[i];
		double off = fabs(p->t_s - g->u[3] - travel_s) /
			loose(p, s, travel_s, slack_s);

		if (p != not && off < most && quake_may_be(p->of, s)) {
			most = off;
			best = p;
		}
	}
	return best;
}

static void put(struct quake_trial *g, const struct quake_stand *at,
	struct quake_felt *p, bool s, double t)
{
	if (p && g->count < QUAKE_MEMBERS)
		g->at[g->count++] = (struct quake_member){.pick = p, .s = s,
			.x_m = at->x_m, .y_m = at->y_m,
			.sigma_s = sigma_of(p->of, s, t)};
}

static void assign(const struct quake_stand *at, size_t n, double slack_s,
	struct quake_trial *g)
{
	g->count = g->stations = g->pairs = 0;
	for (size_t i = 0; i < n; i++) {
		double way = quake_way(g->u[0] - at[i].x_m,
			g->u[1] - at[i].y_m, g->u[2]);
		double p_s = quake_travel(way, false) * (1 + g->u[4]);
		double s_s = quake_travel(way, true) * (1 + g->u[4] + g->u[5]);
		struct quake_felt *p, *s;

		if (way > QUAKE_RANGE_M)
			continue;
		p = nearest(&at[i], g, false, p_s, slack_s, NULL);
		s = nearest(&at[i], g, true, s_s, slack_s, p);
		/* S cannot come before P. */
		if (p && s && s->t_s < p->t_s)
			s = NULL;
		put(g, &at[i], p, false, p_s);
		put(g, &at[i], s, true, s_s);
		g->stations += p || s;
		g->pairs += p && s;
	}
}

/* -- the climb -- */

/* Depth as most earthquakes have it, loosely; speeds by their priors. */
static void priors(const struct quake_trial *g, double *a, double *b)
{
	static const double sigma[UNKNOWNS] = {0, 0, 8e3, 0, SIGMA_SLOW,
		SIGMA_RATIO};
	static const double mean[UNKNOWNS] = {0, 0, 6e3, 0, 0, 0};

	for (int k = 2; k < UNKNOWNS; k++) {
		double w = sigma[k] > 0 ? 1 / (sigma[k] * sigma[k]) : 0;

		a[k * UNKNOWNS + k] += w;
		b[k] += w * (mean[k] - g->u[k]);
	}
	/* Far from all there is no direction. */
	a[0] += 1e-10;
	a[UNKNOWNS + 1] += 1e-10;
}

static bool step(struct quake_trial *g, double *a)
{
	double b[UNKNOWNS] = {0};

	memset(a, 0, UNKNOWNS * UNKNOWNS * sizeof *a);
	for (size_t i = 0; i < g->count; i++) {
		struct quake_member *m = &g->at[i];
		double x = g->u[0] - m->x_m, y = g->u[1] - m->y_m;
		double way = quake_way(x, y, g->u[2]);
		double t0 = quake_travel(way, m->s);
		double t = t0 * (1 + g->u[4] + (m->s ? g->u[5] : 0));
		double r = m->pick->t_s - g->u[3] - t;
		double h[UNKNOWNS] = {t / way * x / way, t / way * y / way,
			t / way * g->u[2] / way, 1, t0, m->s ? t0 : 0};
		double far = r / (FAR * m->sigma_s), w;

		/* Geman-McClure: who is far off pulls little. */
		m->wide = 1 + far * far;
		w = m->sigma_s * m->wide;
		w = 1 / (w * w);

		for (int j = 0; j < UNKNOWNS; j++) {
			for (int k = 0; k <= j; k++)
				a[j * UNKNOWNS + k] += w * h[j] * h[k];
			b[j] += w * h[j] * r;
		}
	}
	priors(g, a, b);
	if (!cholesky(a, UNKNOWNS))
		return false;
	cholesky_solve(a, UNKNOWNS, b);
	for (int k = 0; k < UNKNOWNS; k++)
		g->u[k] += b[k];
	g->u[2] = fmax(100, fmin(30e3, g->u[2]));
	g->u[4] = fmax(-0.2, fmin(0.2, g->u[4]));
	g->u[5] = fmax(-0.1, fmin(0.1, g->u[5]));
	return true;
}

static double covariance(const double *l, int i, int k)
{
	double e[UNKNOWNS] = {0};

	e[i] = 1;
	cholesky_solve(l, UNKNOWNS, e);
	return e[k];
}

bool quake_enough(const struct quake_trial *g)
{
	return (g->stations >= QUAKE_STATIONS && g->pairs >= QUAKE_PAIRS) ||
		(g->stations == QUAKE_STATIONS - 1 &&
			g->pairs == g->stations);
}

/* ln of the probability that k of n waves are told of, whatever share of them
 * is: k! (n-k)! / (n+1)!.  All of stations as near as the farthest could be. */
static double ln_told(const struct quake_stand *at, size_t n,
	const struct quake_trial *g)
{
	double far = 0, ln = 0;
	size_t could = 0;

	for (size_t i = 0; i < g->count; i++)
		far = fmax(far, quake_way(g->u[0] - g->at[i].x_m,
			g->u[1] - g->at[i].y_m, 0));
	for (size_t i = 0; i < n; i++)
		could += quake_way(g->u[0] - at[i].x_m,
			g->u[1] - at[i].y_m, 0) <= far ? 2 : 0;
	for (size_t k = 1; k <= g->count; k++)
		ln += m_log((double)k / (double)(could - g->count + k));
	return ln - m_log((double)could + 1);
}

/* Lambda by Laplace over place; the rest is summed. */
static void weigh(const struct quake_stand *at, size_t n,
	struct quake_trial *g, const double *l)
{
	struct quake_view v;
	double det;

	g->cov_xx = covariance(l, 0, 0);
	g->cov_xy = covariance(l, 0, 1);
	g->cov_yy = covariance(l, 1, 1);
	det = g->cov_xx * g->cov_yy - g->cov_xy * g->cov_xy;
	quake_density(g, g->u[0], g->u[1], &v);
	g->ln = v.ln + LN_2PI + 0.5 * m_log(fmax(det, 1)) + LN_MU +
		ln_told(at, n, g);
	for (size_t i = 0; i < g->count; i++)
		g->ln -= g->at[i].pick->ln_rate;
}

void quake_climb(const struct quake_stand *at, size_t n, struct quake_trial *g)
{
	static const double slack[] = {1.2, 0.6, 0.3, 0, 0};
	double a[UNKNOWNS * UNKNOWNS];

	g->ln = -INFINITY;
	for (size_t k = 0; k < sizeof slack / sizeof *slack; k++) {
		assign(at, n, slack[k], g);
		if (!quake_enough(g))
			return;
		for (int i = 0; i < 4; i++)
			if (!step(g, a))
				return;
	}
	if (fabs(g->u[0]) < QUAKE_RANGE_M && fabs(g->u[1]) < QUAKE_RANGE_M)
		weigh(at, n, g, a);
}

