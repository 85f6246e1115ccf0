/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/density.h"

#include <stdint.h>
#include <string.h>

#include "base/maths.h"
#include "locate/joint.h"
#include "locate/level.h"
#include "locate/pitch.h"

enum { NUISANCES = DENSITY_NUISANCES, SCALES = DENSITY_SCALES,
	PAIRS = NUISANCES * (NUISANCES + 1) / 2, SUMS = PAIRS + NUISANCES };
/* How well the sigmas themselves are known: a fifth to a third (turbulence is
 * 5-10 ms/km, a path 5-7 ms: docs/WAVEFORM.md 3.3).  A factor on all of them,
 * log-normal of sigma 0.25, is integrated out by three points of Gauss and
 * Hermite: exp(0, +-0.25 sqrt 3), weights 2/3, 1/6.  What fits better or worse
 * than its sigmas say narrows or widens its own region.  Its median is 1.08:
 * with 1, regions of 90 % held 87.0 % of 13,754 sounds that nothing had been
 * tuned with (bench/locate, seed 2), weak ones and unknown winds less. */
static const double scales[SCALES] = {1.08, 0.7004772, 1.6651508};
static const double plain[1] = {1};
static const double ln_share[SCALES] = {
	-0.40546510810816438, -1.7917594692280550, -1.7917594692280550};
/* Densities this small are taken one by one, lest their product be zero;
 * products leave off before they get as far. */
#define SMALL 1e-100
#define PRODUCT_LEAST 1e-150
#define PRODUCT_MOST 1e150
/* ln of a density that is zero to the machine. */
#define LN_NONE (-745)
#define SQRT_1_2PI 0.39894228040143267794

static bool factor(double a[NUISANCES][NUISANCES])
{
	for (int i = 0; i < NUISANCES; i++)
		for (int j = 0; j <= i; j++) {
			double sum = a[i][j];

			for (int k = 0; k < j; k++)
				sum -= a[i][k] * a[j][k];
			if (i != j) {
				a[i][j] = sum / a[j][j];
				continue;
			}
			if (!(sum > 1e-18))
				return false;
			a[i][i] = sqrt(sum);
		}
	return true;
}

static void solve(double a[NUISANCES][NUISANCES], double b[NUISANCES])
{
	for (int i = 0; i < NUISANCES; i++) {
		for (int k = 0; k < i; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
	for (int i = NUISANCES - 1; i >= 0; i--) {
		for (int k = i + 1; k < NUISANCES; k++)
			b[i] -= a[k][i] * b[k];
		b[i] /= a[i][i];
	}
}

/* What others than the nodes heard; their sigmas are not the nodes'. */
static double others(const struct view *v, const struct origin *o,
	double a[NUISANCES][NUISANCES], double b[NUISANCES])
{
	double far[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS] = {{0}};
	double off[ORIGIN_UNKNOWNS] = {0};
	double ln = joint_gather(v, o, far, off);

	for (int m = 0; m < NUISANCES; m++) {
		for (int n = 0; n <= m; n++)
			a[m][n] += far[2 + m][2 + n];
		b[m] += off[2 + m];
	}
	return ln;
}

/* -- all arrivals side by side, two at a time -- */

typedef double two __attribute__((vector_size(16)));
typedef int64_t mask __attribute__((vector_size(16)));

static two load(const double *at)
{
	two v;

	memcpy(&v, at, sizeof v);
	return v;
}

static void store(double *at, two v)
{
	memcpy(at, &v, sizeof v);
}

static two where(mask is, two a, two b)
{
	return (two)((is & (mask)a) | (~is & (mask)b));
}

static two root(two v)
{
	return (two){sqrt(v[0]), sqrt(v[1])};
}

/* origin_travel() and hear_sigma_s() of each. */
static void see(const struct density *g, const struct origin *o)
{
	const double air = hear_air_s(1), over_c = 0.5 / o->c_ms;
	const two least = {200, 200};

	for (size_t i = 0; i < g->room; i += 2) {
		two dx = load(g->x_m + i) - o->x_m;
		two dy = load(g->y_m + i) - o->y_m;
		two dz = load(g->z_m + i) - o->z_m;
		two d = root(dx * dx + dy * dy + dz * dz + 1e-6);
		two over_d = 1 / d, ux = dx * over_d, uy = dy * over_d;
		two along = o->east_ms * ux + o->north_ms * uy;
		two cross = o->north_ms * ux - o->east_ms * uy;
		two v = o->c_ms + along - over_c * cross * cross;
		two s = air * d, over_v, travel, slow;

		over_v = 1 / where(v < least, least, v);
		travel = d * over_v;
		slow = -travel * over_v;
		store(g->travel_s + i, travel);
		store(g->sigma_s + i, root(load(g->var_s2 + i) + s * s));
		store(g->part[1] + i, slow);
		store(g->part[2] + i, slow * ux);
		store(g->part[3] + i, slow * uy);
		store(g->part[4] + i, -dz * over_d * over_v);
	}
}

static void late(const struct density *g, double t_s)
{
	for (size_t i = 0; i < g->room; i++)
		g->late_s[i] = g->t_s[i] - t_s - g->travel_s[i];
}

/* e to the power of what the mixture's parts have it be. */
static void powers(const struct density *g, const double *scale, int count)
{
	const double rate = 1 / g->view->scene->late_s;

	for (size_t i = 0; i < g->room; i += 2) {
		two r = load(g->late_s + i), sigma = load(g->sigma_s + i);
		two over = 1 / sigma, none = {0, 0}, u = r * over;
		two near = sigma * rate, late_u = r * rate;

		store(g->over_sigma + i, over);
		u = -0.5 * u * u;
		near = 0.5 * near * near;
		for (int k = 0; k < count; k++) {
			double part = 1 / scale[k];
			two x = near * (scale[k] * scale[k]) - late_u;

			store(g->bell[k] + i, u * (part * part));
			store(g->tail[k] + i, where(x < none, x, none));
		}
	}
	for (int k = 0; k < count; k++)
		for (size_t i = 0; i < g->room; i += 4) {
			m_exp4(g->bell[k] + i);
			m_exp4(g->tail[k] + i);
		}
}

/* One over Mills' ratio of the normal distribution, (1 - Phi)/phi, from 0 on:
 * within 0.6 % (Boyd 1959). */
static two over_mills(two z)
{
	return ((PI - 1) * z + root(z * z + 2 * PI)) * (1 / PI);
}

/* Of each at so many scales: its density with chance, how it pulls, -d ln p/dr,
 * and what it weighs in the normal equations.  What is late is a normal plus an
 * exponential delay,
 *     g(r) = rate exp(s^2/2 - r rate) Phi(r/sigma - s),   s = sigma rate
 *     g'   = rate (n - g)                  n the normal's density
 * and weights are the curvatures of ln n and ln g, each by how likely it is; at
 * least what takes r to 0 at one step: the delay alone has no curvature. */
static void weigh(const struct density *g, const double *scale, int count)
{
	const double share = g->view->scene->late;
	const double rate = 1 / g->view->scene->late_s;

	powers(g, scale, count);
	for (size_t i = 0; i < g->room; i += 2) {
		two r = load(g->late_s + i), sigma = load(g->sigma_s + i);
		two over = load(g->over_sigma + i), none = {0, 0};
		two chance = load(g->chance + i), over_r = 1 / r;

		for (int k = 0; k < count; k++) {
			two phi = SQRT_1_2PI * load(g->bell[k] + i);
			two o = over * (1 / scale[k]), o2 = o * o, n = phi * o;
			two z = sigma * (scale[k] * rate) - r * o;
			two m = over_mills(where(z < none, -z, z));
			two h = phi / m, late = load(g->tail[k] + i) - h;
			two ratio = where(z < none, n / (rate * late),
				o * m * (1 / rate));
			two bend = ratio * rate * (r * o2 + (ratio - 1) * rate);
			two p, one, pull, w, chord;

			h = share * rate * where(z < none, late, h);
			bend = where(bend < none, none, bend);
			bend = where(bend < o2, bend, o2);
			w = (1 - share) * n * o2;
			pull = w * r + rate * (h - share * n);
			p = (1 - share) * n + h + chance;
			one = 1 / p;
			pull *= one;
			w = (w + h * bend) * one;
			chord = where(r > none, pull * over_r, none);
			store(g->p[k] + i, p);
			store(g->pull[k] + i, pull);
			store(g->weight[k] + i, where(w < chord, chord, w));
		}
	}
}

static double ln_product(const double *p, size_t count)
{
	double ln = 0, product = 1;

	for (size_t i = 0; i < count; i++) {
		if (p[i] < SMALL) {
			ln += p[i] > 0 ? m_log(p[i]) : LN_NONE;
			continue;
		}
		product *= p[i];
		if (product < PRODUCT_LEAST || product > PRODUCT_MOST) {
			ln += m_log(product);
			product = 1;
		}
	}
	return ln + m_log(product);
}

/* Normal equations of time, speed, wind, height at o, with the weights and
 * pulls of a scale of all sigmas of arrivals, after weigh(). */
static void normal(const struct density *g, const double *w,
	const double *pull, double a[NUISANCES][NUISANCES],
	double b[NUISANCES])
{
	const double *const *part = (const double *const *)g->part;
	double sum[SUMS + 1] = {0};
	int at = 0;

	for (size_t i = 0; i < g->hearers; i++) {
		double c = part[1][i], e = part[2][i], n = part[3][i];
		double z = part[4][i], r = pull[i];
		double wc = w[i] * c, we = w[i] * e, wn = w[i] * n;
		double wz = w[i] * z;
		const double add[SUMS + 1] = {w[i], wc, wc * c, we, we * c,
			we * e, wn, wn * c, wn * e, wn * n, wz, wz * c, wz * e,
			wz * n, wz * z, r, c * r, e * r, n * r, z * r};

		for (int m = 0; m < SUMS + 1; m++)
			sum[m] += add[m];
	}
	for (int m = 0; m < NUISANCES; m++)
		for (int n = 0; n <= m; n++)
			a[m][n] = sum[at++];
	memcpy(b, sum + PAIRS, sizeof(double[NUISANCES]));
}

/* With what others heard and with the priors; returns ln of these two. */
static double gather(const struct density *g, const struct origin *o,
	const double *w, const double *pull, double a[NUISANCES][NUISANCES],
	double b[NUISANCES])
{
	const struct view *v = g->view;
	double off[4] = {v->air.c_ms - o->c_ms, v->air.east_ms - o->east_ms,
		v->air.north_ms - o->north_ms, o->z0_m - o->z_m};
	double sigma[4] = {v->air.sigma_c_ms, v->air.sigma_w_ms,
		v->air.sigma_w_ms, o->sigma_z_m};
	double ln = 0;

	normal(g, w, pull, a, b);
	if (o->far)
		ln += others(v, o, a, b);
	for (int m = 0; m < 4; m++) {
		double q = 1 / (sigma[m] * sigma[m]);

		a[1 + m][1 + m] += q;
		b[1 + m] += q * off[m];
		ln -= 0.5 * q * off[m] * off[m];
	}
	return ln;
}

/* -- one place -- */

struct sum { /* over scales */
	double t_s, var_t_s2;
};

/* ln of the density near the best time, air and height at one scale, these
 * integrated out; what one step more would gain is in it. */
static double at_scale(const struct density *g, const struct origin *o, int k,
	double *later_s, double *var_t_s2)
{
	double one[NUISANCES] = {1}, half[NUISANCES], volume = 1;
	double a[NUISANCES][NUISANCES], b[NUISANCES], ln;

	ln = ln_share[k] + gather(g, o, g->weight[k], g->pull[k], a, b) +
		ln_product(g->p[k], g->hearers);
	if (!factor(a))
		return -INFINITY;
	memcpy(half, b, sizeof half);
	solve(a, b);
	for (int m = 0; m < NUISANCES; m++) {
		volume *= a[m][m];
		ln += 0.5 * half[m] * b[m];
	}
	solve(a, one);
	*later_s = b[0];
	*var_t_s2 = one[0];
	return ln - m_log(volume);
}

static double over_scales(const struct density *g, const struct origin *o,
	double *t_s, double *var_t_s2)
{
	double t[SCALES] = {0}, var[SCALES] = {0}, ln[SCALES];
	double top = -INFINITY, sum = 0, mean = 0, square = 0;

	see(g, o);
	late(g, o->t_s);
	weigh(g, scales, SCALES);
	for (int k = 0; k < SCALES; k++) {
		ln[k] = at_scale(g, o, k, &t[k], &var[k]);
		top = ln[k] > top ? ln[k] : top;
	}
	if (!(top > -INFINITY))
		return -INFINITY;
	for (int k = 0; k < SCALES; k++) {
		if (!(ln[k] > -INFINITY))
			continue;
		ln[k] = m_exp(ln[k] - top);
		sum += ln[k];
		mean += ln[k] * t[k];
		square += ln[k] * (var[k] + t[k] * t[k]);
	}
	mean /= sum;
	*t_s = o->t_s + mean;
	*var_t_s2 = square / sum - mean * mean;
	return top + m_log(sum);
}

/* ln of the probability that these ears heard it there and no others; what
 * each arrival is by chance, with it. */
static double hear_at(const struct density *g, struct xy at)
{
	double ln = audible_ln(&g->audible, at, g->odds) +
		level_ln(g->view, g->origin, at, g->unlike) + g->ln_pitch;

	for (size_t i = 0; i < g->hearers; i++)
		g->chance[i] = g->odds[i] * g->rate_hz[i] * g->unlike[i];
	return ln;
}

double density_ln(const void *self, struct xy at, double half_m,
	double *t_s, double *var_t_s2)
{
	const struct density *g = self;
	struct origin o = *g->origin;
	double a[NUISANCES][NUISANCES], b[NUISANCES], shift = 0;
	double ln = g->ln_besides;

	(void)half_m; /* smooth within the squares that it is asked for */
	*t_s = *var_t_s2 = 0;
	o.x_m = at.x_m;
	o.y_m = at.y_m;
	if (g->in_full)
		ln += hear_at(g, at);
	see(g, &o);
	/* The time that fits best from here, then one step, with the weights of
	 * the origin: off it residuals are large until air and time follow,
	 * and weights of here would believe none. */
	for (size_t i = 0; i < g->hearers; i++)
		shift += g->from_s[i] - g->travel_s[i];
	o.t_s += shift / fmax((double)g->hearers, 1);
	late(g, o.t_s);
	for (size_t i = 0; i < g->room; i++)
		g->pull[0][i] = g->steady[i] * g->late_s[i] + g->besides[i];
	(void)gather(g, &o, g->steady, g->pull[0], a, b);
	if (!factor(a))
		return -INFINITY;
	solve(a, b);
	o.t_s += b[0];
	o.c_ms += b[1];
	o.east_ms += b[2];
	o.north_ms += b[3];
	o.z_m += b[4];
	return ln + over_scales(g, &o, t_s, var_t_s2);
}

/* -- what it rests on -- */

static bool take_room(struct density *g, struct arena *a, struct fault *f)
{
	double **row[] = {&g->x_m, &g->y_m, &g->z_m, &g->t_s, &g->from_s,
		&g->var_s2, &g->rate_hz, &g->odds, &g->unlike, &g->chance,
		&g->travel_s, &g->late_s, &g->sigma_s,
		&g->tail[0], &g->tail[1], &g->tail[2], &g->pull[0], &g->pull[1],
		&g->pull[2], &g->part[1], &g->part[2], &g->part[3],
		&g->part[4], &g->bell[0], &g->bell[1], &g->bell[2], &g->p[0],
		&g->p[1], &g->p[2], &g->steady, &g->besides, &g->over_sigma,
		&g->weight[0], &g->weight[1], &g->weight[2]};
	size_t rows = sizeof row / sizeof *row;
	double *all = arena_array(a, rows * g->room, sizeof *all, f);

	for (size_t i = 0; all && i < rows; i++)
		*row[i] = all + i * g->room;
	/* Of nobody, behind the last. */
	for (size_t i = g->hearers; all && i < g->room; i++)
		g->var_s2[i] = 1;
	return all != NULL;
}

double density_rate_hz(const struct view *v, ptrdiff_t pick)
{
	return fmax(m_exp(v->ln_rate[pick]),
		v->scene->left_hz[hear_loudness(&v->scene->pick[pick])]);
}

void density_believe(struct density *g, size_t post)
{
	size_t n = 0;

	for (size_t i = 0; i < post; i++)
		n += g->origin->choice[i] != HEAR_NONE;
	g->rate_hz[n] = 0;
}

bool density_make(const struct view *v, const struct origin *o,
	struct arena *a, struct density *g, struct fault *f)
{
	size_t n = 0;

	*g = (struct density){.view = v, .origin = o, .audible = {v, o}};
	for (size_t i = 0; i < v->posts; i++)
		g->hearers += o->choice[i] != HEAR_NONE;
	g->room = (g->hearers + 3) / 4 * 4;
	if (!take_room(g, a, f))
		return false;
	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		const struct pick *k;
		double d, s;

		if (o->choice[i] == HEAR_NONE)
			continue;
		k = &v->scene->pick[o->choice[i]];
		s = hear_sigma_s(v, p, k, 0);
		g->x_m[n] = p->x_m;
		g->y_m[n] = p->y_m;
		g->z_m[n] = p->z_m;
		g->t_s[n] = k->t_s;
		g->from_s[n] = origin_travel(o, p, NULL, &d);
		g->rate_hz[n] = density_rate_hz(v, o->choice[i]);
		g->var_s2[n++] = s * s;
	}
	/* What is unlike the others is the likelier of something else. */
	g->ln_pitch = pitch_ln(v, o, g->unlike);
	for (size_t i = 0; i < g->hearers; i++)
		g->rate_hz[i] *= g->unlike[i];
	(void)hear_at(g, (struct xy){o->x_m, o->y_m});
	see(g, o);
	late(g, o->t_s);
	weigh(g, plain, 1);
	for (size_t i = 0; i < g->room; i++) {
		g->steady[i] = g->weight[0][i];
		g->besides[i] = g->pull[0][i] - g->steady[i] * g->late_s[i];
	}
	return true;
}
