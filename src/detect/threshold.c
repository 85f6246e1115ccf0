/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/threshold.h"

#include "base/maths.h"

static const double floor_on = 1.3862943611198906;   /* ln 4 */
static const double ceiling_on = 4.1588830833596715; /* ln 64: never deaf */

enum {
	FIRST = (127 - 2) << 4, /* bits >> 19 of 2^-2 */
	WHITE = 20, /* numbers that white noise's own tail is worth: of ten
	               alone the level of one node in two was far off */
};

/* ln of the level that a share p of white noise's S/L is above. */
static double white(double freedoms, double p)
{
	double z = m_phi_inverse(1 - p), v = 2 / (9 * freedoms);

	return 3 * m_log(1 - v + z * sqrt(v));
}

void threshold_start(struct threshold *t, double bandwidth_hz, double short_s,
	double false_per_hour)
{
	/* Noise out of doors is red: two thirds of a band hold nearly all of
	 * it (of 0.5, 0.7 and 1, what keeps 200 restarts in noise red below
	 * 1 Hz to the quota; tests/detect_quiet.c). */
	double n = 4 * 0.7 * bandwidth_hz * short_s;
	double p = false_per_hour * short_s / 3600, on = white(n, p);

	*t = (struct threshold){.on = fmax(on, floor_on),
		.slope = (on - white(n, 0.01)) / m_log(0.01 / p)};
}

bool threshold_count(struct threshold *t, float ratio)
{
	uint32_t bits;

	/* Exponent and four bits of mantissa: 16 bins an octave. */
	memcpy(&bits, &ratio, sizeof bits);
	bits >>= 19;
	t->bin[bits < FIRST ? 0 : bits - FIRST >= THRESHOLD_BINS
			? THRESHOLD_BINS - 1 : bits - FIRST]++;
	t->counted++;
	/* 1000: ten numbers in the tail above the 99 % point. */
	return ++t->fresh >= 256 && t->counted >= 1000;
}

/* ln of a bin's lower edge. */
static double edge(size_t i)
{
	size_t octave = i / 16;

	return ((double)octave - 2) * 0.69314718055994531 +
		m_log(1 + (double)(i % 16) / 16);
}

/* Mean of an exponential of which nothing beyond `cut` was seen (a lane that
 * is on is not counted), from the mean of what was. */
static double untruncated(double seen, double cut)
{
	double mean = seen;

	if (!(cut > seen))
		return seen;
	for (int i = 0; i < 4; i++)
		mean = fmin(seen + cut / (m_exp(cut / mean) - 1), 1.5 * seen);
	return mean;
}

void threshold_fit(struct threshold *t, double tries_per_hour,
	double false_per_hour, double most)
{
	uint32_t tail = 0, want = t->counted / 100;
	double sum = 0, mean;
	size_t i = THRESHOLD_BINS;

	t->fresh = 0;
	while (i > 0 && tail < want) {
		i--;
		tail += t->bin[i];
	}
	for (size_t k = i; k < THRESHOLD_BINS; k++)
		if (t->bin[k] > 0)
			sum += t->bin[k] *
				((edge(k) + edge(k + 1)) / 2 - edge(i));
	mean = untruncated((sum + WHITE * t->slope) / (tail + WHITE),
		t->on - edge(i));
	t->on = edge(i) + mean * m_log((double)tail / t->counted *
			tries_per_hour / false_per_hour + 1e-9);
	t->on = fmin(fmax(t->on, floor_on), ceiling_on);
	if (t->counted < most)
		return;
	t->counted = 0;
	for (size_t k = 0; k < THRESHOLD_BINS; k++)
		t->counted += t->bin[k] /= 2;
}
