/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/onset.h"

#include "base/maths.h"
#include "detect/kernel.h"

void onset_filter(const double *x, size_t n, double low_hz, double high_hz,
	double rate_hz, double *y)
{
	double a1, a2, b1, b2, p1 = 0, p2 = 0, q1 = 0, q2 = 0;
	double x1 = n > 0 ? x[0] : 0, x2 = x1;
	double gain = gains_poles(low_hz, rate_hz, true, &a1, &a2) *
		gains_poles(high_hz, rate_hz, false, &b1, &b2);

	for (size_t i = 0; i < n; i++) {
		double now = x[i];
		double p = gain * (now - 2 * x1 + x2) - a1 * p1 - a2 * p2;
		double q = p + 2 * p1 + p2 - b1 * q1 - b2 * q2;

		x2 = x1;
		x1 = now;
		p2 = p1;
		p1 = p;
		q2 = q1;
		q1 = q;
		y[i] = q;
	}
}

typedef double pair __attribute__((vector_size(16)));
typedef uint64_t bits2 __attribute__((vector_size(16)));

/* ln of both, normal and positive: m in [1, 2) by the series of atanh about
 * sqrt 2, |z| < 0.172, the first term left out 6e-12.  AIC differences of
 * interest are above 0.01 in sums of 1e4. */
static inline pair log2_of(pair v)
{
	const pair root = {1.4142135623730951, 1.4142135623730951};
	const bits2 mantissa = {UINT64_C(0xfffffffffffff),
		UINT64_C(0xfffffffffffff)};
	const bits2 one = {UINT64_C(0x3ff0000000000000),
		UINT64_C(0x3ff0000000000000)};
	/* 2^52, so that an integer in the mantissa is itself. */
	const bits2 shift = {UINT64_C(0x4330000000000000),
		UINT64_C(0x4330000000000000)};
	bits2 b = (bits2)v;
	pair e = (pair)(b >> 52 | shift) - (4503599627370496.0 + 1022.5);
	pair m = (pair)((b & mantissa) | one);
	pair z = (m - root) / (m + root), t = z * z;
	pair s = ((((t / 11 + 1.0 / 9) * t + 1.0 / 7) * t + 1.0 / 5) * t +
			1.0 / 3) * t + 1;

	return e * 0.69314718055994531 + 2 * z * s;
}

/* AIC of a change at k, `before` the energy of what lies before it. */
static double aic(
	const struct onset_window *w, double total, double before, size_t k)
{
	double left = before / (double)k;
	double right = (total - before) / (double)(w->n - k);
	pair ln = log2_of((pair){fmax(left, w->floor),
		fmax(right, w->floor)});

	return (double)k * ln[0] + (double)(w->n - k) * ln[1];
}

size_t onset_find(const struct onset_window *w, double *sigma)
{
	enum { EDGE = 8 };
	double total = 0, before = 0, least = INFINITY;
	double sum = 0, first = 0, second = 0;
	double curve[ONSET_MAX];
	size_t best = EDGE;

	for (size_t i = 0; i < w->n; i++)
		total += w->y[i] * w->y[i];
	for (size_t k = 0; k + EDGE < w->n; k++) {
		if (k >= EDGE) {
			curve[k] = aic(w, total, before, k);
			if (curve[k] < least) {
				least = curve[k];
				best = k;
			}
		}
		before += w->y[k] * w->y[k];
	}
	for (size_t k = EDGE; k + EDGE < w->n; k++) {
		double gap = (curve[k] - least) * w->share / 2;
		double weight = gap < 30 ? m_exp(-gap) : 0;
		double dk = (double)k - (double)best;

		sum += weight;
		first += weight * dk;
		second += weight * dk * dk;
	}
	first /= sum;
	*sigma = sqrt(fmax(second / sum - first * first, 0));
	return best;
}

double onset_error(double snr_db, double low_hz)
{
	static const double snr[] = {3, 5, 8, 12, 16, 20, 30};
	static const double factor[] = {1.0, 0.85, 0.82, 0.69, 0.66, 0.61,
		0.42};
	double band = low_hz < 10 ? 2.36 : low_hz < 40 ? 1 : 0.65;
	size_t i = 0;

	if (!(snr_db > snr[0]))
		return band * factor[0];
	while (i < 6 && snr_db >= snr[i + 1])
		i++;
	if (i == 6)
		return band * factor[6];
	return band * (factor[i] + (factor[i + 1] - factor[i]) *
			(snr_db - snr[i]) / (snr[i + 1] - snr[i]));
}
