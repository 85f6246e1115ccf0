/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/lts.h"

#include <string.h>

#include "base/maths.h"

/* -- tops of cross correlations -- */

struct correlation { /* of one pair */
	const struct fk_grid *grid;
	double re[FK_FREQS], im[FK_FREQS];
	double scale; /* 1 over the geometric mean of energies; 0 silent */
};

static bool correlate(const struct fk *k, const struct fk_window *w,
	size_t pair, struct correlation *c)
{
	size_t a = k->a[pair], b = k->b[pair];
	double ea = 0, eb = 0;

	*c = (struct correlation){.grid = &k->grid};
	for (size_t i = 0; i < k->grid.freqs; i++) {
		double ar = (double)w->re[a][i], ai = (double)w->im[a][i];
		double br = (double)w->re[b][i], bi = (double)w->im[b][i];

		c->re[i] = ar * br + ai * bi;
		c->im[i] = ai * br - ar * bi;
		ea += ar * ar + ai * ai;
		eb += br * br + bi * bi;
	}
	c->scale = ea * eb > 0 ? 1 / sqrt(ea * eb) : 0;
	return w->there[a] && w->there[b] && c->scale > 0;
}

/* The correlation at tau, and its first two derivatives. */
static double at(const struct correlation *c, double tau, double d[2])
{
	double w = 2 * PI * c->grid->first_hz, step = 2 * PI * c->grid->step_hz;
	double re = m_cos(w * tau), im = m_sin(w * tau);
	double sr = m_cos(step * tau), si = m_sin(step * tau), sum = 0;

	d[0] = d[1] = 0;
	for (size_t i = 0; i < c->grid->freqs; i++, w += step) {
		double even = c->re[i] * re - c->im[i] * im;
		double odd = c->re[i] * im + c->im[i] * re;
		double turn = re * sr - im * si;

		sum += even;
		d[0] -= w * odd;
		d[1] -= w * w * even;
		im = re * si + im * sr;
		re = turn;
	}
	d[0] *= c->scale;
	d[1] *= c->scale;
	return sum * c->scale;
}

/* e^{i w tau} at all frequencies, for one delay after the other at even
 * steps: a scan needs no sine a step.  Sums go in four parts, whose order is
 * fixed. */
enum { PARTS = 4 };

struct comb {
	size_t n; /* frequencies, made up to a multiple of PARTS */
	double re[FK_FREQS], im[FK_FREQS], on_re[FK_FREQS], on_im[FK_FREQS];
};

static void comb_make(
	struct comb *t, const struct fk_grid *g, double tau, double step)
{
	t->n = (g->freqs + PARTS - 1) / PARTS * PARTS;
	for (size_t i = 0; i < t->n; i++) {
		double w = 2 * PI * (g->first_hz + (double)i * g->step_hz);

		t->re[i] = m_cos(w * tau);
		t->im[i] = m_sin(w * tau);
		t->on_re[i] = m_cos(w * step);
		t->on_im[i] = m_sin(w * step);
	}
}

/* The correlation there; then the comb goes on. */
static double comb_next(struct comb *t, const struct correlation *c)
{
	double sum[PARTS] = {0};

	for (size_t i = 0; i < t->n; i += PARTS)
		for (size_t k = i; k < i + PARTS; k++) {
			double re = t->re[k], im = t->im[k];

			sum[k - i] += c->re[k] * re - c->im[k] * im;
			t->re[k] = re * t->on_re[k] - im * t->on_im[k];
			t->im[k] = re * t->on_im[k] + im * t->on_re[k];
		}
	return ((sum[0] + sum[1]) + (sum[2] + sum[3])) * c->scale;
}

static double highest(const struct fk_grid *g)
{
	return g->first_hz + (double)(g->freqs - 1) * g->step_hz;
}

/* To the top (sign 1) or bottom (-1) nearby, at most `reach` away. */
static double polish(const struct correlation *c, double sign, double tau,
	double reach, double *rho)
{
	double from = tau, d[2], v = at(c, tau, d);

	for (int i = 0; i < 12; i++) {
		double step = sign * d[1] < 0 ? -d[0] / d[1]
			: sign * d[0] > 0     ? reach / 8
					      : -reach / 8;
		double to = tau + fmax(fmin(step, reach / 2), -reach / 2), e[2];
		double u = at(c, to, e);

		if (!(sign * u > sign * v) || fabs(to - from) > reach)
			break;
		tau = to;
		v = u;
		d[0] = e[0];
		d[1] = e[1];
	}
	*rho = v;
	return tau;
}

static double most_slowness(const struct fk *k)
{
	double most = 0;

	for (size_t i = 0; i < k->grid.slownesses; i++)
		most = fmax(most, k->grid.slowness[i]);
	return most;
}

static struct xy apart(const struct fk *k, size_t pair)
{
	const struct xy *a = &k->place[k->a[pair]], *b = &k->place[k->b[pair]];

	return (struct xy){a->x_m - b->x_m, a->y_m - b->y_m};
}

static void extremes(const struct fk *k, const struct correlation *c,
	double range, size_t pair, struct delays *o)
{
	/* A tenth of the shortest period: no top lies between unseen. */
	double step = 0.1 / highest(&k->grid), top = -2, low = 2, t = 0, b = 0;
	long n = (long)(range / step) + 1;
	double from = -(double)n * step;
	struct comb comb = {0};

	comb_make(&comb, c->grid, from, step);
	for (long i = -n; i <= n; i++) {
		double v = comb_next(&comb, c);

		if (v > top) {
			top = v;
			t = (double)i * step;
		}
		if (v < low) {
			low = v;
			b = (double)i * step;
		}
	}
	o->tau_s[pair] = polish(c, 1, t, step, &o->rho[pair]);
	o->low_s[pair] = polish(c, -1, b, step, &o->low_rho[pair]);
}

void lts_delays(const struct fk *k, const struct fk_window *w, double beyond_s,
	struct delays *o)
{
	double most = most_slowness(k);

	*o = (struct delays){0};
	for (size_t p = 0; p < k->pairs; p++) {
		struct correlation c;
		struct xy d = apart(k, p);
		double far = sqrt(d.x_m * d.x_m + d.y_m * d.y_m);
		/* Beyond half of it the correlation only repeats. */
		double range = fmin(far * most + beyond_s,
			0.5 / k->grid.step_hz);

		if (!(o->known[p] = correlate(k, w, p, &c)))
			continue;
		extremes(k, &c, range, p, o);
	}
}

void lts_delays_near(const struct fk *k, const struct fk_window *w,
	struct xy s, struct delays *o)
{
	*o = (struct delays){0};
	for (size_t p = 0; p < k->pairs; p++) {
		struct correlation c;
		struct xy d = apart(k, p);

		if (!(o->known[p] = correlate(k, w, p, &c)))
			continue;
		o->tau_s[p] = polish(&c, 1, s.x_m * d.x_m + s.y_m * d.y_m,
			0.5 / highest(&k->grid), &o->rho[p]);
	}
}

/* -- closure -- */

double lts_consistency(const struct fk *k, const struct delays *d)
{
	double sum = 0;
	size_t n = 0;

	for (size_t i = 0; i < k->elements; i++)
		for (size_t j = i + 1; j < k->elements; j++)
			for (size_t l = j + 1; l < k->elements; l++) {
				size_t p = fk_pair(k, i, j);
				size_t q = fk_pair(k, j, l);
				size_t r = fk_pair(k, i, l);
				double c;

				if (!d->known[p] || !d->known[q] ||
					!d->known[r])
					continue;
				c = d->tau_s[p] + d->tau_s[q] - d->tau_s[r];
				sum += c * c;
				n++;
			}
	return n ? sqrt(sum / (double)n) : NAN;
}

/* -- least trimmed squares -- */

struct trim {
	const struct fk *k;
	const struct delays *d;
	struct xy apart[FK_PAIRS];
	size_t n, keep; /* delays known; that count */
};

static bool solve(const struct trim *t, const bool *use, struct xy *s)
{
	double xx = 0, xy = 0, yy = 0, xt = 0, yt = 0, det;

	for (size_t p = 0; p < t->k->pairs; p++) {
		struct xy r = t->apart[p];

		if (!use[p])
			continue;
		xx += r.x_m * r.x_m;
		xy += r.x_m * r.y_m;
		yy += r.y_m * r.y_m;
		xt += r.x_m * t->d->tau_s[p];
		yt += r.y_m * t->d->tau_s[p];
	}
	det = xx * yy - xy * xy;
	/* 1e-6: elements within 0.06 degree of one line. */
	if (!(det > 1e-6 * xx * yy) || !(xx + yy > 0))
		return false;
	s->x_m = (yy * xt - xy * yt) / det;
	s->y_m = (xx * yt - xy * xt) / det;
	return true;
}

static double residual(const struct trim *t, struct xy s, size_t p)
{
	return t->d->tau_s[p] - s.x_m * t->apart[p].x_m -
		s.y_m * t->apart[p].y_m;
}

/* The `keep` smallest residuals of s; the sum of their squares. */
static double concentrate(const struct trim *t, struct xy s, bool *use)
{
	double r[FK_PAIRS] = {0}, sum = 0;

	for (size_t p = 0; p < t->k->pairs; p++) {
		r[p] = t->d->known[p] ? fabs(residual(t, s, p)) : INFINITY;
		use[p] = false;
	}
	for (size_t i = 0; i < t->keep; i++) {
		size_t best = 0;

		while (use[best])
			best++;
		for (size_t p = best + 1; p < t->k->pairs; p++)
			if (!use[p] && r[p] < r[best])
				best = p;
		use[best] = true;
		sum += r[best] * r[best];
	}
	return sum;
}

/* From one triple of elements to the nearest minimum. */
static double descend(const struct trim *t, const size_t m[3], struct xy *s)
{
	bool use[FK_PAIRS] = {false};
	double sum = INFINITY;

	for (size_t i = 0; i < 3; i++)
		for (size_t j = i + 1; j < 3; j++) {
			size_t p = fk_pair(t->k, m[i], m[j]);

			if (!t->d->known[p])
				return INFINITY;
			use[p] = true;
		}
	if (!solve(t, use, s))
		return INFINITY;
	for (int i = 0; i < 10; i++) {
		struct xy to = *s;
		double was = sum;

		sum = concentrate(t, *s, use);
		if (!(sum < was) || !solve(t, use, &to))
			break;
		*s = to;
	}
	return concentrate(t, *s, use);
}

static double search(const struct trim *t, struct xy *s)
{
	double best = INFINITY;

	for (size_t i = 0; i < t->k->elements; i++)
		for (size_t j = i + 1; j < t->k->elements; j++)
			for (size_t l = j + 1; l < t->k->elements; l++) {
				struct xy to;
				double sum = descend(
					t, (size_t[]){i, j, l}, &to);

				if (sum < best) {
					best = sum;
					*s = to;
				}
			}
	return best;
}

static void weigh(struct trim *t, double best, double tolerance_s,
	struct lts_fit *o)
{
	/* Rousseeuw and Leroy (1987): 1.4826 (1 + 5/(n - p)) x a median;
	 * 2.5 of it is the customary cut. */
	double scale = 1.4826 * (1 + 5 / fmax((double)t->n - 2, 1)) *
		sqrt(best / (double)t->keep);
	double cut = fmax(2.5 * scale, tolerance_s);
	size_t of[FK_ELEMENTS] = {0}, well[FK_ELEMENTS] = {0};
	struct xy s;

	for (int round = 0; round < 2; round++) {
		for (size_t p = 0; p < t->k->pairs; p++)
			o->good[p] = t->d->known[p] &&
				fabs(residual(t, o->slowness, p)) <= cut;
		if (round == 0 && solve(t, o->good, &s))
			o->slowness = s;
	}
	for (size_t p = 0; p < t->k->pairs; p++) {
		of[t->k->a[p]] += t->d->known[p];
		of[t->k->b[p]] += t->d->known[p];
		well[t->k->a[p]] += o->good[p];
		well[t->k->b[p]] += o->good[p];
	}
	for (size_t m = 0; m < t->k->elements; m++) {
		o->consistent[m] = of[m] > 0 && 2 * well[m] >= of[m];
		o->elements += of[m] > 0;
		o->agreeing += o->consistent[m];
	}
}

void lts_fit(const struct fk *k, const struct delays *d, double tolerance_s,
	struct lts_fit *o)
{
	struct trim t = {.k = k, .d = d};
	double best;

	*o = (struct lts_fit){.slowness = {NAN, NAN}};
	for (size_t p = 0; p < k->pairs; p++) {
		t.apart[p] = apart(k, p);
		t.n += d->known[p];
	}
	if (t.n < 3)
		return;
	/* The least that half the data bad can pull nowhere (2 unknowns). */
	t.keep = t.n == 3 ? 3 : (t.n + 3) / 2;
	best = search(&t, &o->slowness);
	if (best < INFINITY)
		weigh(&t, best, tolerance_s, o);
}

/* -- the plane and its error -- */

/* Times from delays: the mean over partners, exact when they close. */
static void times(const struct fk *k, const struct delays *d,
	struct lts_plane *o)
{
	for (size_t p = 0; p < k->pairs; p++) {
		if (!o->there[k->a[p]] || !o->there[k->b[p]])
			continue;
		o->time_s[k->a[p]] += d->tau_s[p] / (double)o->elements;
		o->time_s[k->b[p]] -= d->tau_s[p] / (double)o->elements;
	}
}

static bool whole(const struct fk *k, const struct delays *d,
	const struct lts_plane *o)
{
	for (size_t p = 0; p < k->pairs; p++)
		if (o->there[k->a[p]] && o->there[k->b[p]] && !d->known[p])
			return false;
	return true;
}

bool lts_plane(const struct fk *k, const struct delays *d, const bool *use,
	struct lts_plane *o)
{
	*o = (struct lts_plane){.slowness = {NAN, NAN}};
	for (size_t m = 0; m < k->elements; m++) {
		o->there[m] = use[m];
		o->elements += use[m];
	}
	if (o->elements < 3 || !whole(k, d, o))
		return false;
	times(k, d, o);
	return lts_plane_of_times(k, o);
}

struct mean { /* of places and times */
	double x, y, t;
};

static struct mean mean_of(const struct fk *k, const struct lts_plane *o)
{
	struct mean c = {0};

	for (size_t m = 0; m < k->elements; m++)
		if (o->there[m]) {
			c.x += k->place[m].x_m / (double)o->elements;
			c.y += k->place[m].y_m / (double)o->elements;
			c.t += o->time_s[m] / (double)o->elements;
		}
	return c;
}

static void residuals(
	const struct fk *k, struct mean c, struct lts_plane *o)
{
	o->square_s2 = 0;
	for (size_t m = 0; m < k->elements; m++) {
		double x = k->place[m].x_m - c.x, y = k->place[m].y_m - c.y;

		if (!o->there[m])
			continue;
		o->residual_s[m] = o->time_s[m] - c.t - o->slowness.x_m * x -
			o->slowness.y_m * y;
		o->share[m] = 1 - 1 / (double)o->elements - o->xx * x * x -
			2 * o->xy * x * y - o->yy * y * y;
		o->square_s2 += o->residual_s[m] * o->residual_s[m];
	}
}

bool lts_plane_of_times(const struct fk *k, struct lts_plane *o)
{
	struct mean c = mean_of(k, o);
	double xx = 0, xy = 0, yy = 0, xt = 0, yt = 0, det;

	for (size_t m = 0; m < k->elements; m++) {
		double x = k->place[m].x_m - c.x, y = k->place[m].y_m - c.y;

		if (!o->there[m])
			continue;
		xx += x * x;
		xy += x * y;
		yy += y * y;
		xt += x * (o->time_s[m] - c.t);
		yt += y * (o->time_s[m] - c.t);
	}
	det = xx * yy - xy * xy;
	if (o->elements < 3 || !(det > 1e-6 * xx * yy))
		return false;
	o->xx = yy / det;
	o->xy = -xy / det;
	o->yy = xx / det;
	o->slowness.x_m = o->xx * xt + o->xy * yt;
	o->slowness.y_m = o->xy * xt + o->yy * yt;
	residuals(k, c, o);
	return true;
}

/* Student's t at 0.95: Abramowitz and Stegun, table 26.10. */
double lts_t90(int freedom)
{
	static const double t[] = {6.314, 2.920, 2.353, 2.132, 2.015, 1.943,
		1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
		1.746, 1.740, 1.734, 1.729, 1.725};
	const int n = (int)(sizeof t / sizeof *t);

	if (freedom < 1)
		return INFINITY;
	/* Beyond, the first term of its expansion in 1/freedom. */
	return freedom <= n ? t[freedom - 1] : 1.6449 + 1.524 / freedom;
}

double lts_azimuth_deg(const struct lts_plane *p, struct xy s, double sigma_s)
{
	double size2 = s.x_m * s.x_m + s.y_m * s.y_m;
	/* n normal to s. */
	double v = s.y_m * s.y_m * p->xx - 2 * s.x_m * s.y_m * p->xy +
		s.x_m * s.x_m * p->yy;

	return DEG(sigma_s * sqrt(v) / size2);
}

double lts_slowness(const struct lts_plane *p, struct xy s, double sigma_s)
{
	double size2 = s.x_m * s.x_m + s.y_m * s.y_m;
	double v = s.x_m * s.x_m * p->xx + 2 * s.x_m * s.y_m * p->xy +
		s.y_m * s.y_m * p->yy;

	return sigma_s * sqrt(v / size2);
}
