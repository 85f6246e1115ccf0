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

struct fit {
	double explained, share, length;
};

/* Of `support` samples.  An N: 1 - 2u up to u = 1, then nothing.  A blast:
 * (1 - u) exp(-u). */
static void template_of(double *t, size_t support, double length, bool is_n)
{
	double slope = (is_n ? 2 : 1) / length, power_of = 1;
	double decay = is_n ? 1 : m_exp(-1 / length);

	for (size_t i = 0; i < support; i++, power_of *= decay)
		t[i] = is_n && (double)i >= length
			? 0 : (1 - slope * (double)i) * power_of;
}

/* sum[i]: the energy of the samples before i. */
static void try_fit(const double *x, const double *sum, const double *t,
	size_t support, double own, double length, struct fit *best)
{
	double dot = 0, all = sum[support] - sum[0];

	for (size_t i = 0; i < support; i++)
		dot += x[i] * t[i];
	if (!(all > 0) || dot * dot / own <= best->explained)
		return;
	/* After a glitch a difference of sums may round below what it is. */
	*best = (struct fit){dot * dot / own,
		fmin(1, dot * dot / own / all), length};
}

/* Lengths a fifth apart, from a few samples to what is there; the onset one
 * sample off at most. */
static struct fit search(const double *x, const double *sum, size_t k,
	size_t end, bool is_n)
{
	struct fit best = {0, NAN, NAN};
	double reach = is_n ? 1.5 : 4, t[SHAPE_MAX];

	for (double length = is_n ? 4 : 2;
		length * reach < (double)(end - k + 1); length *= 1.2) {
		size_t support = (size_t)(length * reach);
		double own = 0;

		template_of(t, support, length, is_n);
		for (size_t i = 0; i < support; i++)
			own += t[i] * t[i];
		for (size_t from = k - 1; from <= k + 1 && from < end &&
			length * reach < (double)(end - from); from++)
			try_fit(x + from, sum + from, t, support, own, length,
				&best);
	}
	return best;
}

void features_shape(const double *x, size_t k, size_t end, double rate_hz,
	struct pulse_shape *s)
{
	double y[SHAPE_MAX], sum[SHAPE_MAX + 1], level = 0;
	struct fit n, blast;

	*s = (struct pulse_shape){NAN, NAN, NAN, NAN};
	if (k < 8 || end <= k || end > SHAPE_MAX)
		return;
	for (size_t i = 0; i < k; i++)
		level += x[i] / (double)k;
	sum[0] = 0;
	for (size_t i = 0; i < end; i++) {
		y[i] = x[i] - level;
		sum[i + 1] = sum[i] + y[i] * y[i];
	}
	n = search(y, sum, k, end, true);
	blast = search(y, sum, k, end, false);
	s->n_fit = n.share;
	s->n_s = n.length / rate_hz;
	s->blast_fit = blast.share;
	s->blast_s = blast.length / rate_hz;
}
