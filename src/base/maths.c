/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"

#include <stdint.h>
#include <stdbool.h>
#include <string.h>

#define LN2_HIGH 6.93147180369123816490e-01 /* 33 bits, k x this is exact */
#define LN2_LOW 1.90821492927058770002e-10
#define PIO2_1 1.57079632673412561417e+00 /* 33 bits each */
#define PIO2_2 6.07710050630396597660e-11
#define PIO2_3 2.02226624879595063154e-21

/* 1/n! for n = 0..19, and 1/(2n+1) for n = 0..12: constants, since a
 * division costs more than all the rest of a term. */
#define OVER_FACTORIAL \
	1.0, 1.0, 1.0 / 2., 1.0 / 6., 1.0 / 24., 1.0 / 120., 1.0 / 720., \
	1.0 / 5040., 1.0 / 40320., 1.0 / 362880., 1.0 / 3628800., \
	1.0 / 39916800., 1.0 / 479001600., 1.0 / 6227020800., \
	1.0 / 87178291200., 1.0 / 1307674368000., 1.0 / 20922789888000., \
	1.0 / 355687428096000., 1.0 / 6402373705728000., \
	1.0 / 121645100408832000.
#define OVER_ODD \
	1.0, 1.0 / 3., 1.0 / 5., 1.0 / 7., 1.0 / 9., 1.0 / 11., \
	1.0 / 13., 1.0 / 15., 1.0 / 17., 1.0 / 19., 1.0 / 21., \
	1.0 / 23., 1.0 / 25.

static double times_two_to(double v, int e)
{
	while (e > 1000) {
		v *= 0x1p1000;
		e -= 1000;
	}
	while (e < -1000) {
		v *= 0x1p-1000;
		e += 1000;
	}
	uint64_t bits = (uint64_t)(1023 + e) << 52;
	double two;

	memcpy(&two, &bits, sizeof two);
	return v * two;
}

double m_exp(double x)
{
	static const double over[] = {OVER_FACTORIAL};
	double k, r, sum = over[14];

	if (!(x == x))
		return x;
	if (x > 709.782712893384)
		return INFINITY;
	if (x < -745.2)
		return 0;
	k = floor(x * 1.44269504088896338700 + 0.5);
	r = (x - k * LN2_HIGH) - k * LN2_LOW;
	for (int n = 13; n >= 0; n--) /* Horner on the Taylor series */
		sum = over[n] + r * sum;
	return times_two_to(sum, (int)k);
}

double m_log(double x)
{
	static const double odd[] = {OVER_ODD};
	int e = 0;
	double m, s, z, sum = 0;

	if (x < 0 || !(x == x))
		return NAN;
	if (x == 0)
		return -INFINITY;
	if (x > 1.7976931348623157e308)
		return INFINITY;
	m = frexp(x, &e); /* exact */
	if (m < 0.70710678118654752440) {
		m *= 2;
		e--;
	}
	s = (m - 1) / (m + 1);
	z = s * s;
	for (int n = 11; n >= 1; n--) /* 2 atanh(s) */
		sum = (sum + odd[n]) * z;
	return e * LN2_HIGH + (2 * s + (2 * s * sum + e * LN2_LOW));
}

typedef double four __attribute__((vector_size(32)));

/* Lane by lane what m_exp() does, where it needs no care. */
void m_exp4(double x[4])
{
	static const double over[] = {OVER_FACTORIAL};
	four v, k, r, sum, two;
	bool plain = true;

	for (int i = 0; i < 4; i++)
		plain = plain && x[i] > -690 && x[i] < 690;
	if (!plain) {
		for (int i = 0; i < 4; i++)
			x[i] = m_exp(x[i]);
		return;
	}
	memcpy(&v, x, sizeof v);
	r = v * 1.44269504088896338700 + 0.5;
	for (int i = 0; i < 4; i++) {
		int64_t n = (int64_t)r[i];
		uint64_t bits;

		n -= (double)n > r[i]; /* floor */
		k[i] = (double)n;
		bits = (uint64_t)(1023 + n) << 52;
		memcpy((double *)&two + i, &bits, sizeof bits);
	}
	r = (v - k * LN2_HIGH) - k * LN2_LOW;
	sum = (four){over[14], over[14], over[14], over[14]};
	for (int n = 13; n >= 0; n--)
		sum = over[n] + r * sum;
	sum *= two;
	memcpy(x, &sum, sizeof sum);
}

/* Likewise m_log(). */
void m_log4(double x[4])
{
	static const double odd[] = {OVER_ODD};
	four m, e, s, z, sum = {0};
	bool plain = true;

	for (int i = 0; i < 4; i++)
		plain = plain && x[i] > 1e-300 && x[i] < 1e300;
	if (!plain) {
		for (int i = 0; i < 4; i++)
			x[i] = m_log(x[i]);
		return;
	}
	for (int i = 0; i < 4; i++) {
		uint64_t bits;
		double part;

		memcpy(&bits, &x[i], sizeof bits);
		e[i] = (double)((int64_t)(bits >> 52) - 1022);
		bits = (bits & UINT64_C(0xfffffffffffff)) |
			UINT64_C(1022) << 52;
		memcpy(&part, &bits, sizeof part);
		if (part < 0.70710678118654752440) {
			part *= 2;
			e[i]--;
		}
		m[i] = part;
	}
	s = (m - 1) / (m + 1);
	z = s * s;
	for (int n = 11; n >= 1; n--)
		sum = (sum + odd[n]) * z;
	s = e * LN2_HIGH + (2 * s + (2 * s * sum + e * LN2_LOW));
	memcpy(x, &s, sizeof s);
}

double m_log10(double x)
{
	return m_log(x) * 0.43429448190325182765;
}

double m_pow(double x, double y)
{
	if (x == 0)
		return y > 0 ? 0 : y == 0 ? 1 : INFINITY;
	return m_exp(y * m_log(x));
}

static double sin_core(double r)
{
	static const double over[] = {OVER_FACTORIAL};
	double z = r * r, sum = over[19];

	for (int n = 17; n >= 1; n -= 2)
		sum = over[n] - z * sum;
	return r * sum;
}

static double cos_core(double r)
{
	static const double over[] = {OVER_FACTORIAL};
	double z = r * r, sum = over[18];

	for (int n = 16; n >= 0; n -= 2)
		sum = over[n] - z * sum;
	return sum;
}

static double quarter(double x, int *which)
{
	double n = floor(x * 0.63661977236758134308 + 0.5);

	*which = (int)((int64_t)n & 3);
	return ((x - n * PIO2_1) - n * PIO2_2) - n * PIO2_3;
}

double m_sin(double x)
{
	int q;
	double r;

	if (!(fabs(x) < 1e6))
		return NAN;
	r = quarter(x, &q);
	switch (q) {
	case 0:
		return sin_core(r);
	case 1:
		return cos_core(r);
	case 2:
		return -sin_core(r);
	default:
		return -cos_core(r);
	}
}

double m_cos(double x)
{
	int q;
	double r;

	if (!(fabs(x) < 1e6))
		return NAN;
	r = quarter(x, &q);
	switch (q) {
	case 0:
		return cos_core(r);
	case 1:
		return -sin_core(r);
	case 2:
		return -cos_core(r);
	default:
		return sin_core(r);
	}
}

double m_tan(double x)
{
	return m_sin(x) / m_cos(x);
}

static double atan_positive(double x)
{
	static const double odd[] = {OVER_ODD};
	double z, sum = 0;
	bool over = x > 1;

	if (over)
		x = 1 / x;
	/* Half the angle twice: then x <= 0.199. */
	x = x / (1 + sqrt(1 + x * x));
	x = x / (1 + sqrt(1 + x * x));
	z = x * x;
	for (int n = 12; n >= 0; n--)
		sum = odd[n] - z * sum;
	sum = 4 * x * sum;
	return over ? PI / 2 - sum : sum;
}

double m_atan2(double y, double x)
{
	double a;

	if (!(x == x) || !(y == y))
		return NAN;
	if (x == 0 && y == 0)
		return 0;
	if (fabs(x) >= fabs(y))
		a = atan_positive(fabs(y) / fabs(x));
	else
		a = PI / 2 - atan_positive(fabs(x) / fabs(y));
	if (x < 0)
		a = PI - a;
	return y < 0 ? -a : a;
}

double m_asin(double x)
{
	x = fmax(-1, fmin(1, x));
	return m_atan2(x, sqrt((1 - x) * (1 + x)));
}

double m_acos(double x)
{
	x = fmax(-1, fmin(1, x));
	return m_atan2(sqrt((1 - x) * (1 + x)), x);
}

/* Abramowitz and Stegun 7.1.6 (all terms positive) below 2; the continued
 * fraction 7.1.14, 80 levels from the bottom, above. */
static const double erf_a[] = {3.16112374387056560e0, 1.13864154151050156e2,
	3.77485237685302021e2, 3.20937758913846947e3, 1.85777706184603153e-1};
static const double erf_b[] = {2.36012909523441209e1, 2.44024637934444173e2,
	1.28261652607737228e3, 2.84423683343917062e3};
static const double erf_c[] = {5.64188496988670089e-1, 8.88314979438837594e0,
	6.61191906371416295e1, 2.98635138197400131e2, 8.81952221241769090e2,
	1.71204761263407058e3, 2.05107837782607147e3, 1.23033935479799725e3,
	2.15311535474403846e-8};
static const double erf_d[] = {1.57449261107098347e1, 1.17693950891312499e2,
	5.37181101862009858e2, 1.62138957456669019e3, 3.29079923573345963e3,
	4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3};
static const double erf_p[] = {3.05326634961232344e-1, 3.60344899949804439e-1,
	1.25781726111229246e-1, 1.60837851487422766e-2,
	6.58749161529837803e-4, 1.63153871373020978e-2};
static const double erf_q[] = {2.56852019228982242e0, 1.87295284992346725e0,
	5.27905102951428412e-1, 6.05183413124413191e-2,
	2.33520497626869185e-3};

/* W. J. Cody, Rational Chebyshev approximations for the error function (Math.
 * Comp. 23, 1969): a ratio of polynomials in each of three ranges. */
static double erfc_positive(double x)
{
	double num, den, y, head, r;

	if (x <= 0.46875) {
		y = x * x;
		num = erf_a[4] * y;
		den = y;
		for (int i = 0; i < 3; i++) {
			num = (num + erf_a[i]) * y;
			den = (den + erf_b[i]) * y;
		}
		return 1 - x * (num + erf_a[3]) / (den + erf_b[3]);
	}
	if (x > 27.3)
		return 0;
	if (x <= 4) {
		num = erf_c[8] * x;
		den = x;
		for (int i = 0; i < 7; i++) {
			num = (num + erf_c[i]) * x;
			den = (den + erf_d[i]) * x;
		}
		r = (num + erf_c[7]) / (den + erf_d[7]);
	} else {
		y = 1 / (x * x);
		num = erf_p[5] * y;
		den = y;
		for (int i = 0; i < 4; i++) {
			num = (num + erf_p[i]) * y;
			den = (den + erf_q[i]) * y;
		}
		r = y * (num + erf_p[4]) / (den + erf_q[4]);
		r = (0.56418958354775628695 - r) / x;
	}
	/* x^2 in two parts, or its rounding costs digits of the exponential. */
	head = floor(x * 16) / 16;
	return m_exp(-head * head) * m_exp(-(x - head) * (x + head)) * r;
}

double m_erfc(double x)
{
	if (!(x == x))
		return x;
	return x >= 0 ? erfc_positive(x) : 2 - erfc_positive(-x);
}

double m_phi(double x)
{
	return 0.5 * m_erfc(-x * 0.70710678118654752440);
}

/* P. J. Acklam's rational fit (relative error 1.15e-9). */
static double phi_inverse_fit(double p)
{
	static const double a[] = {-3.969683028665376e+01,
		2.209460984245205e+02, -2.759285104469687e+02,
		1.383577518672690e+02, -3.066479806614716e+01,
		2.506628277459239e+00};
	static const double b[] = {-5.447609879822406e+01,
		1.615858368580409e+02, -1.556989798598866e+02,
		6.680131188771972e+01, -1.328068155288572e+01};
	static const double c[] = {-7.784894002430293e-03,
		-3.223964580411365e-01, -2.400758277161838e+00,
		-2.549732539343734e+00, 4.374664141464968e+00,
		2.938163982698783e+00};
	static const double d[] = {7.784695709041462e-03,
		3.224671290700398e-01, 2.445134137142996e+00,
		3.754408661907416e+00};
	double q, r, s = 1;

	if (p >= 0.02425 && p <= 1 - 0.02425) {
		q = p - 0.5;
		r = q * q;
		return (((((a[0] * r + a[1]) * r + a[2]) * r + a[3]) * r +
				a[4]) * r + a[5]) * q /
			(((((b[0] * r + b[1]) * r + b[2]) * r + b[3]) * r +
				b[4]) * r + 1);
	}
	if (p > 0.5) {
		p = 1 - p;
		s = -1;
	}
	q = sqrt(-2 * m_log(p));
	return s * (((((c[0] * q + c[1]) * q + c[2]) * q + c[3]) * q + c[4]) *
			q + c[5]) /
		((((d[0] * q + d[1]) * q + d[2]) * q + d[3]) * q + 1);
}

double m_phi_inverse(double p)
{
	double x, e;

	if (!(p > 0))
		return p == 0 ? -INFINITY : NAN;
	if (!(p < 1))
		return p == 1 ? INFINITY : NAN;
	x = phi_inverse_fit(p);
	e = m_phi(x) - p;
	return x - e * 2.50662827463100050242 * m_exp(x * x / 2);
}
