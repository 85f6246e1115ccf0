/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/fk.h"

#include <stdint.h>

#include "base/maths.h"

/* Rounding of floats: a table entry is a sum of at most 128 terms, a beam of
 * 120 entries; 2^-24 a step, times what they sum to. */
#define ROUNDING (300 * 5.9604644775390625e-08)
/* And of a position in the table, in entries: 768 x 2^-23, doubled. */
#define MISPLACED 2e-4

typedef int32_t masks __attribute__((vector_size(16)));

static size_t directions(const struct fk_grid *g)
{
	return g->azimuths * g->slownesses;
}

static bool bounds(const struct fk_grid *g, size_t elements, struct fault *f)
{
	if (elements < 2 || elements > FK_ELEMENTS)
		return fault(f, FAULT_INPUT, "fk: %zu elements, wants 2..%d",
			elements, FK_ELEMENTS);
	if (g->freqs < 1 || g->freqs > FK_FREQS || !(g->first_hz > 0) ||
		!(g->step_hz > 0))
		return fault(f, FAULT_INPUT, "fk: %zu frequencies, wants 1..%d",
			g->freqs, FK_FREQS);
	if (g->azimuths < 1 || g->azimuths > FK_AZIMUTHS ||
		g->slownesses < 1 || g->slownesses > FK_SLOWNESSES ||
		directions(g) > FK_DIRECTIONS)
		return fault(f, FAULT_INPUT, "fk: a grid of %zu x %zu "
			"directions, wants at most %d", g->azimuths,
			g->slownesses, FK_DIRECTIONS);
	for (size_t i = 0; i < g->slownesses; i++)
		if (!(g->slowness[i] > 0 && g->slowness[i] < 1))
			return fault(f, FAULT_INPUT,
				"fk: slowness is outside (0, 1) s/m");
	return true;
}

static void set_pairs(struct fk *k)
{
	k->pairs = 0;
	for (size_t a = 0; a < k->elements; a++)
		for (size_t b = a + 1; b < k->elements; b++) {
			k->a[k->pairs] = (unsigned char)a;
			k->b[k->pairs++] = (unsigned char)b;
		}
}

static struct xy apart(const struct fk *k, size_t pair)
{
	const struct xy *a = &k->place[k->a[pair]], *b = &k->place[k->b[pair]];

	return (struct xy){a->x_m - b->x_m, a->y_m - b->y_m};
}

/* The step is a 40th of the shortest period, which makes the table's lines
 * good to 0.003 of what they read; coarser if delays are too long. */
static void set_lags(struct fk *k)
{
	double far = 0, most = 0, top = k->grid.first_hz +
		(double)k->grid.freqs * k->grid.step_hz;

	for (size_t i = 0; i < k->grid.slownesses; i++)
		most = fmax(most, k->grid.slowness[i]);
	for (size_t p = 0; p < k->pairs; p++) {
		struct xy d = apart(k, p);

		far = fmax(far, sqrt(d.x_m * d.x_m + d.y_m * d.y_m));
	}
	k->lags = (size_t)fmin(FK_LAGS - 2, 16 + far * most * top * 40);
	k->lag_s = fmax(far * most / (double)k->lags, 1e-9);
	for (size_t p = 0; p < k->pairs; p++) {
		struct xy d = apart(k, p);

		/* Two more for the straight line and for rounding. */
		k->needs[p] = 2 + (size_t)(most / k->lag_s *
			sqrt(d.x_m * d.x_m + d.y_m * d.y_m));
	}
	for (size_t j = 0; j <= k->lags + 1; j++)
		for (size_t i = 0; i < k->grid.freqs; i++) {
			double w = 2 * PI * (k->grid.first_hz +
				(double)i * k->grid.step_hz);
			double t = (double)j * k->lag_s;

			k->c[j][i] = (float)m_cos(w * t);
			k->s[j][i] = (float)m_sin(w * t);
		}
}

bool fk_init(struct fk *k, const struct xy *place, size_t elements,
	const struct fk_grid *grid, struct fault *f)
{
	struct xy mean = {0, 0};

	if (!bounds(grid, elements, f))
		return false;
	k->elements = elements;
	k->grid = *grid;
	for (size_t m = 0; m < elements; m++) {
		mean.x_m += place[m].x_m / (double)elements;
		mean.y_m += place[m].y_m / (double)elements;
	}
	for (size_t m = 0; m < elements; m++)
		k->place[m] = (struct xy){place[m].x_m - mean.x_m,
			place[m].y_m - mean.y_m};
	set_pairs(k);
	set_lags(k);
	for (size_t i = 0; i < grid->slownesses; i++)
		k->slow[i] = (float)grid->slowness[i];
	for (size_t i = 0; i < grid->azimuths; i++) {
		double turn = (double)i / (double)grid->azimuths;
		double az = RAD(-180 + 360 * turn);
		struct xy u = {-m_sin(az), -m_cos(az)};

		k->toward[i] = u;
		for (size_t p = 0; p < k->pairs; p++) {
			struct xy d = apart(k, p);

			k->project[i][p] = (float)(
				(u.x_m * d.x_m + u.y_m * d.y_m) / k->lag_s);
		}
	}
	return true;
}

struct xy fk_direction(const struct fk *k, size_t direction)
{
	size_t i = direction / k->grid.slownesses;
	double s = k->grid.slowness[direction % k->grid.slownesses];

	return (struct xy){s * k->toward[i].x_m, s * k->toward[i].y_m};
}

/* -- the formula -- */

struct wave { /* e^{i w t} for one delay at all frequencies, by recurrence */
	double re, im, step_re, step_im;
};

static struct wave wave(const struct fk_grid *g, double delay_s)
{
	double w = 2 * PI * g->first_hz * delay_s;
	double d = 2 * PI * g->step_hz * delay_s;

	return (struct wave){m_cos(w), m_sin(w), m_cos(d), m_sin(d)};
}

static inline void next(struct wave *w)
{
	double re = w->re * w->step_re - w->im * w->step_im;

	w->im = w->re * w->step_im + w->im * w->step_re;
	w->re = re;
}

static double norm2(const struct fk *k, const struct fk_window *w, size_t m)
{
	double sum = 0;

	for (size_t i = 0; i < k->grid.freqs; i++)
		sum += (double)w->re[m][i] * (double)w->re[m][i] +
			(double)w->im[m][i] * (double)w->im[m][i];
	return sum;
}

/* M times the energy; 0 when nothing is there. */
static double most_power(const struct fk *k, const struct fk_window *w)
{
	double sum = 0;
	size_t there = 0;

	for (size_t m = 0; m < k->elements; m++)
		if (w->there[m]) {
			sum += norm2(k, w, m);
			there++;
		}
	return sum * (double)there;
}

struct climb { /* the numerator, its gradient and second derivatives */
	double g, gx, gy, gxx, gxy, gyy;
};

static void add_freq(struct climb *o, const double y[2], const double d[2][2],
	const double e[3][2])
{
	o->g += y[0] * y[0] + y[1] * y[1];
	o->gx += 2 * (y[0] * d[0][0] + y[1] * d[0][1]);
	o->gy += 2 * (y[0] * d[1][0] + y[1] * d[1][1]);
	o->gxx += 2 * (d[0][0] * d[0][0] + d[0][1] * d[0][1] +
		y[0] * e[0][0] + y[1] * e[0][1]);
	o->gxy += 2 * (d[0][0] * d[1][0] + d[0][1] * d[1][1] +
		y[0] * e[1][0] + y[1] * e[1][1]);
	o->gyy += 2 * (d[1][0] * d[1][0] + d[1][1] * d[1][1] +
		y[0] * e[2][0] + y[1] * e[2][1]);
}

static struct climb slopes(
	const struct fk *k, const struct fk_window *x, struct xy s)
{
	struct wave w[FK_ELEMENTS];
	struct climb o = {0};

	for (size_t m = 0; m < k->elements; m++)
		w[m] = wave(&k->grid, s.x_m * k->place[m].x_m +
			s.y_m * k->place[m].y_m);
	for (size_t i = 0; i < k->grid.freqs; i++) {
		double h = 2 * PI * (k->grid.first_hz +
			(double)i * k->grid.step_hz);
		double y[2] = {0}, d[2][2] = {{0}}, e[3][2] = {{0}};

		for (size_t m = 0; m < k->elements; m++) {
			double a = (double)x->re[m][i], b = (double)x->im[m][i];
			double re = a * w[m].re - b * w[m].im;
			double im = a * w[m].im + b * w[m].re;
			double rx = h * k->place[m].x_m;
			double ry = h * k->place[m].y_m;

			y[0] += re;
			y[1] += im;
			d[0][0] -= rx * im;
			d[0][1] += rx * re;
			d[1][0] -= ry * im;
			d[1][1] += ry * re;
			for (size_t c = 0; c < 3; c++) {
				double rr = (c < 2 ? rx : ry) *
					(c < 1 ? rx : ry);

				e[c][0] -= rr * re;
				e[c][1] -= rr * im;
			}
			next(&w[m]);
		}
		add_freq(&o, y, (const double(*)[2])d, (const double(*)[2])e);
	}
	return o;
}

void fk_beam(const struct fk *k, const struct fk_window *x, struct xy s,
	double power[FK_FREQS])
{
	struct wave w[FK_ELEMENTS];

	for (size_t m = 0; m < k->elements; m++)
		w[m] = wave(&k->grid, s.x_m * k->place[m].x_m +
			s.y_m * k->place[m].y_m);
	for (size_t i = 0; i < k->grid.freqs; i++) {
		double re = 0, im = 0;

		for (size_t m = 0; m < k->elements; m++) {
			double a = (double)x->re[m][i], b = (double)x->im[m][i];

			re += a * w[m].re - b * w[m].im;
			im += a * w[m].im + b * w[m].re;
			next(&w[m]);
		}
		power[i] = re * re + im * im;
	}
}

static double numerator(
	const struct fk *k, const struct fk_window *x, struct xy s)
{
	double power[FK_FREQS], sum = 0;

	fk_beam(k, x, s, power);
	for (size_t i = 0; i < k->grid.freqs; i++)
		sum += power[i];
	return sum;
}

double fk_power(const struct fk *k, const struct fk_window *x, struct xy s)
{
	double most = most_power(k, x);

	return most > 0 ? numerator(k, x, s) / most : NAN;
}

/* -- all directions -- */

/* Cross spectra of all pairs, and by how much a beam read off the table can
 * be wrong, a lane. */
static void cross(struct fk *k, const struct fk_window *const *x, size_t n,
	double slack[FK_LANES])
{
	for (size_t p = 0; p < k->pairs; p++)
		for (size_t i = 0; i < k->grid.freqs; i++) {
			double h = 2 * PI * (k->grid.first_hz +
				(double)i * k->grid.step_hz) * k->lag_s;
			fk_lanes re = {0}, im = {0};

			for (size_t l = 0; l < n; l++) {
				size_t a = k->a[p], b = k->b[p];
				float ar = x[l]->re[a][i], ai = x[l]->im[a][i];
				float br = x[l]->re[b][i], bi = x[l]->im[b][i];

				re[l] = ar * br + ai * bi;
				im[l] = ai * br - ar * bi;
				double size = fabs((double)re[l]) +
					fabs((double)im[l]);
				slack[l] += size * (h * h / 8 + h * MISPLACED +
					ROUNDING);
			}
			k->cross_re[p][i] = re;
			k->cross_im[p][i] = im;
		}
}

static inline fk_lanes all(float x)
{
	return (fk_lanes){x, x, x, x};
}

/* C(+-t) = sum Re cos wt -+ sum Im sin wt, as far as each pair needs it. */
static void tabulate(struct fk *k)
{
	size_t last = k->lags + 1, freqs = k->grid.freqs;
	fk_lanes c[FK_FREQS], s[FK_FREQS];

	for (size_t j = 0; j <= last; j++) {
		for (size_t i = 0; i < freqs; i++) {
			c[i] = all(k->c[j][i]);
			s[i] = all(k->s[j][i]);
		}
		for (size_t p = 0; p < k->pairs; p++) {
			const fk_lanes *re = k->cross_re[p];
			const fk_lanes *im = k->cross_im[p];
			fk_lanes even = {0}, odd = {0};

			if (j > k->needs[p])
				continue;
			for (size_t i = 0; i < freqs; i++) {
				even += re[i] * c[i];
				odd += im[i] * s[i];
			}
			k->table[p][last + j] = even - odd;
			k->table[p][last - j] = even + odd;
		}
	}
}

static inline fk_lanes larger(fk_lanes a, fk_lanes b)
{
	masks m = a > b;

	return (fk_lanes)((m & (masks)a) | (~m & (masks)b));
}

static fk_lanes scan(struct fk *k)
{
	const float middle = (float)(k->lags + 1);
	const size_t pairs = k->pairs, slows = k->grid.slownesses;
	fk_lanes best;
	size_t at = 0;

	for (size_t l = 0; l < FK_LANES; l++)
		best[l] = -INFINITY;
	for (size_t i = 0; i < k->grid.azimuths; i++) {
		const float *project = k->project[i];

		for (size_t v = 0; v < slows; v++) {
			const float slow = k->slow[v];
			fk_lanes sum = {0};

			for (size_t p = 0; p < pairs; p++) {
				float pos = project[p] * slow + middle;
				int whole = (int)pos;
				float part = pos - (float)whole;
				const fk_lanes *t = &k->table[p][whole];

				sum += t[0] + part * (t[1] - t[0]);
			}
			k->power[at++] = sum;
			best = larger(sum, best);
		}
	}
	return best;
}

/* Newton's steps upward, no farther than a cell of the grid. */
static void climb(const struct fk *k, const struct fk_window *x, double most,
	double cell, struct fk_peak *o)
{
	struct xy from = fk_direction(k, o->direction);

	o->slowness = from;
	o->b_top = o->b;
	for (int round = 0; round < 8; round++) {
		struct climb c = slopes(k, x, o->slowness);
		double det = c.gxx * c.gyy - c.gxy * c.gxy;
		struct xy s = o->slowness;
		double dx, dy, b, gained;

		if (!(c.gxx < 0 && det > 0))
			return;
		s.x_m -= (c.gyy * c.gx - c.gxy * c.gy) / det;
		s.y_m -= (c.gxx * c.gy - c.gxy * c.gx) / det;
		dx = s.x_m - from.x_m;
		dy = s.y_m - from.y_m;
		if (!(dx * dx + dy * dy <= cell * cell))
			return;
		b = numerator(k, x, s) / most;
		if (!(b > o->b_top))
			return;
		gained = b - o->b_top;
		o->b_top = b;
		o->slowness = s;
		/* The next step would gain its square. */
		if (gained < 1e-5 * b)
			return;
	}
}

static double cell_of(const struct fk_grid *g, size_t direction)
{
	size_t v = direction % g->slownesses;
	double s = g->slowness[v];
	double wide = s * 2 * PI / (double)g->azimuths, deep = 0;

	if (v > 0)
		deep = fabs(s - g->slowness[v - 1]);
	if (v + 1 < g->slownesses)
		deep = fmax(deep, fabs(s - g->slowness[v + 1]));
	return sqrt(wide * wide + deep * deep);
}

static void choose(const struct fk *k, const struct fk_window *x, size_t lane,
	double least, struct fk_peak *o)
{
	double most = most_power(k, x), best = -INFINITY;

	*o = (struct fk_peak){.b = NAN, .b_top = NAN, .slowness = {NAN, NAN}};
	for (size_t m = 0; m < k->elements; m++)
		o->elements += x->there[m];
	if (!(most > 0))
		return;
	for (size_t i = 0; i < directions(&k->grid); i++) {
		double g;

		if ((double)k->power[i][lane] < least)
			continue;
		o->computed++;
		g = numerator(k, x, fk_direction(k, i));
		if (g > best) {
			best = g;
			o->direction = i;
		}
	}
	o->b = best / most;
	climb(k, x, most, cell_of(&k->grid, o->direction), o);
}

void fk_find(struct fk *k, const struct fk_window *const *x, size_t n,
	struct fk_peak *out)
{
	double slack[FK_LANES] = {0};
	fk_lanes best;

	if (NEVER(n > FK_LANES))
		n = FK_LANES;
	cross(k, x, n, slack);
	tabulate(k);
	best = scan(k);
	for (size_t l = 0; l < n; l++)
		choose(k, x[l], l, (double)best[l] - 2 * slack[l], &out[l]);
}

/* -- odds -- */

double fk_f(double b, size_t elements)
{
	return ((double)elements - 1) * b / fmax(1 - b, 1e-12);
}

/* P(F > x) = I_w(b, a), w = b/(b + a x); for whole a and b a binomial sum of
 * a terms (Abramowitz and Stegun 26.5.6), the largest first. */
double fk_chance(double x, int a, int b)
{
	double w = b / (b + a * x), term = 0, sum = 0;
	int n = a + b - 1;

	if (isnan(x))
		return NAN;
	if (!(x > 0))
		return 1;
	/* ln of C(n, b) w^b (1-w)^(n-b); then j = b, b+1, ... n. */
	for (int j = 1; j <= b; j++)
		term += m_log((double)(n - b + j) / j);
	term += b * m_log(w) + (n - b) * m_log(1 - w);
	for (int j = b; j <= n; j++) {
		sum += m_exp(term);
		if (j < n)
			term += m_log((double)(n - j) / (j + 1) * w / (1 - w));
	}
	return fmin(sum, 1);
}

double fk_mode(int a, int b)
{
	return (a - 1.0) / a * b / (b + 1.0);
}

double fk_back_azimuth_deg(struct xy s)
{
	return DEG(m_atan2(-s.x_m, -s.y_m));
}
