/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/wave.h"

#include "base/maths.h"

#define ROOT_2 1.41421356237309504880

struct section { /* y = b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2 */
	double b0, b1, b2, a1, a2;
};

/* Bilinear transform of 1/(s^2 + sqrt 2 s + 1), its corner moved to hz
 * (Oppenheim and Schafer, "Discrete-Time Signal Processing", 7.2). */
static struct section corner(double hz, double rate_hz, bool high_pass)
{
	double k = m_tan(PI * hz / rate_hz);
	double q = 1 / (1 + ROOT_2 * k + k * k);
	struct section s = {.a1 = 2 * (k * k - 1) * q,
		.a2 = (1 - ROOT_2 * k + k * k) * q};

	s.b0 = s.b2 = high_pass ? q : k * k * q;
	s.b1 = high_pass ? -2 * q : 2 * k * k * q;
	return s;
}

static void run(const struct section *s, double *x, size_t n, bool high_pass)
{
	/* The state of a first value that lasted for ever. */
	double x1 = n ? x[0] : 0, x2 = x1;
	double y1 = high_pass ? 0 : x1, y2 = y1;

	for (size_t i = 0; i < n; i++) {
		double y = s->b0 * x[i] + s->b1 * x1 + s->b2 * x2 -
			s->a1 * y1 - s->a2 * y2;

		x2 = x1;
		x1 = x[i];
		y2 = y1;
		x[i] = y1 = y;
	}
}

void wave_band(
	double *x, size_t n, double rate_hz, double low_hz, double high_hz)
{
	bool low = low_hz > 0 && low_hz < 0.45 * rate_hz;
	bool high = high_hz > 0 && high_hz < 0.45 * rate_hz;
	struct section s;
	double mean = 0;

	if (low) {
		s = corner(low_hz, rate_hz, true);
		run(&s, x, n, true);
	}
	if (high) {
		s = corner(high_hz, rate_hz, false);
		run(&s, x, n, false);
	}
	if (low || n == 0)
		return;
	for (size_t i = 0; i < n; i++)
		mean += x[i];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++)
		x[i] -= mean;
}

size_t wave_room(size_t n, double step_px)
{
	if (step_px >= 0.5)
		return n;
	return 2 * ((size_t)((double)n * step_px) + 2);
}

size_t wave_thin(const double *v, size_t n, double x0, double step_px,
	struct wave_point *p)
{
	size_t made = 0, i = 0;

	while (i < n && step_px >= 0.5) {
		p[i] = (struct wave_point){x0 + (double)i * step_px, v[i]};
		i++;
		made = i;
	}
	while (i < n) {
		double column = floor(x0 + (double)i * step_px);
		size_t low = i, high = i;

		for (; i < n && x0 + (double)i * step_px < column + 1; i++) {
			if (v[i] < v[low])
				low = i;
			if (v[i] > v[high])
				high = i;
		}
		p[made++] = (struct wave_point){
			column + 0.25, v[low < high ? low : high]};
		if (low != high)
			p[made++] = (struct wave_point){
				column + 0.75, v[low < high ? high : low]};
	}
	return made;
}
