/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/features.h"

#include "base/maths.h"

static double power(const double *y, size_t from, size_t to)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += y[i] * y[i];
	return to > from ? sum / (double)(to - from) : 0;
}

void features_of(const double *y, size_t k, size_t end, double rate_hz,
	double floor, struct features *f)
{
	double noise = fmax(power(y, 0, k), floor), change2 = 0, peak = 0;
	double level = power(y, k, end), ratio;

	*f = (struct features){0};
	for (size_t i = k; i < end; i++) {
		double step = i > k ? y[i] - y[i - 1] : 0;

		change2 += step * step;
		peak = fmax(peak, fabs(y[i]));
		if (f->polarity == 0 && y[i] * y[i] > 16 * noise)
			f->polarity = y[i] > 0 ? 1 : -1;
	}
	ratio = change2 / fmax(level * (double)(end - k), 1e-30);
	f->amplitude = peak;
	f->snr_db = 10 * m_log10(fmax(level / noise, 1e-3));
	/* Of a sine, step^2 / y^2 = 4 sin^2(pi f dt). */
	f->frequency_hz = rate_hz / PI * m_asin(sqrt(ratio) / 2);
}
