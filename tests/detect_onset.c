/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detect_onset.c - is the sigma of an onset right?  Simulated pulses at known
 * times: error / sigma has a standard deviation near 1 at every snr.  The
 * constants of onset_error() were fitted to other seeds of the same kinds. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"

extern const struct detector detector_stalta;

/* Runs are short: a node that hears a shot every four seconds all day would
 * raise its threshold. */
enum { EVENTS = 250, BINS = 7 };

static const struct kind_of {
	double rate_hz;
	int runs; /* of EVENTS */
	double short_s, long_s; /* of the positive part, log-uniform */
	enum source_kind source;
	double gap_s;
} kinds[] = {
	{500, 24, 0.002, 0.03, SOURCE_ACOUSTIC, 4},
	{200, 16, 0.004, 0.03, SOURCE_ACOUSTIC, 4},
	{80, 24, 0.004, 0.03, SOURCE_ACOUSTIC, 4},
	{100, 8, 0.02, 0.2, SOURCE_SEISMIC, 8},
	{100, 6, 0.05, 0.3, SOURCE_ACOUSTIC, 4},
	{500, 6, 0.05, 0.3, SOURCE_ACOUSTIC, 4},
};

static const double edges[BINS + 1] = {0, 6, 9, 12, 15, 20, 30, 99};
static struct bin {
	size_t n;
	double sum, sum2;
} bins[BINS];

static const struct instant zero = {INT64_C(1770091506000000000)};
static double truth[EVENTS];
static bool used[EVENTS];
static size_t wild, heard;
static uint64_t seed;

/* Steele, Lea, Flood 2014 (splitmix64). */
static uint64_t random64(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double uniform(void)
{
	return ((double)(random64() >> 11) + 0.5) / 9007199254740992.0;
}

/* Twelve uniforms of 16 bits: nearly normal. */
static double normal(void)
{
	double sum = -6;

	for (int k = 0; k < 3; k++) {
		uint64_t z = random64();

		for (int i = 0; i < 64; i += 16)
			sum += (double)(z >> i & 0xffff) / 65536;
	}
	return sum;
}

static bool put(void *self, const struct detection *d, struct fault *f)
{
	double t = instant_seconds(zero, d->at), least = 0.4;
	int best = -1;

	(void)self;
	(void)f;
	for (int i = 0; i < EVENTS; i++)
		if (fabs(t - truth[i]) < fabs(least)) {
			least = t - truth[i];
			best = i;
		}
	if (best < 0 || used[best])
		return true;
	used[best] = true;
	heard++;
	wild += fabs(least) > 5 * d->sigma_s;
	for (size_t i = 0; i < BINS; i++)
		if (d->snr >= edges[i] && d->snr < edges[i + 1]) {
			double u = least / d->sigma_s;

			bins[i].n++;
			bins[i].sum += u;
			bins[i].sum2 += u * u;
		}
	return true;
}

/* Three shapes: a blast's, an N, one that emerges. */
static double shape(int which, double u)
{
	if (which == 0)
		return (1 - u) * m_exp(-u);
	if (which == 1)
		return u < 1 ? 1 - 2 * u : 0;
	return m_sin(PI / 2 * u) * m_exp(-u / 3) * (1 - m_exp(-3 * u));
}

/* As a digitiser does: the mean over the sample's own interval, its time the
 * middle.  s and at in samples. */
static double sampled(int which, double s, double at)
{
	double sum = 0;

	for (int k = 0; k < 8; k++) {
		double u = (at - 0.5 + (k + 0.5) / 8) / s;

		if (u >= 0)
			sum += shape(which, u);
	}
	return sum / 8;
}

static void make(const struct kind_of *k, double *x, size_t n)
{
	double red = 0, keep = m_exp(-2 * PI / k->rate_hz);

	for (size_t i = 0; i < n; i++) {
		red = keep * red + normal() * sqrt(1 - keep * keep);
		x[i] = 1000 + 20 * normal() + 60 * red;
	}
	for (int e = 0; e < EVENTS; e++) {
		double t = 60 + k->gap_s * e + uniform();
		double s = k->short_s * m_pow(k->long_s / k->short_s,
			uniform());
		double peak = 20 * m_pow(10, (10 + 40 * uniform()) / 20);
		int which = (int)(3 * uniform());
		size_t i = (size_t)(t * k->rate_hz);

		truth[e] = t;
		for (; (double)i < (t + 20 * s) * k->rate_hz; i++)
			x[i] += peak * sampled(which, k->rate_hz * s,
				(double)i - t * k->rate_hz);
	}
	memset(used, 0, sizeof used);
}

static void run(const struct kind_of *k)
{
	size_t n = (size_t)((60 + k->gap_s * (EVENTS + 2)) * k->rate_hz);
	double *x = malloc(n * sizeof *x);
	int32_t *counts = malloc(n * sizeof *counts);
	void *state = calloc(1, detector_stalta.state_size);
	struct source source = {.id = "S01", .kind = k->source,
		.sensitivity = NAN};
	struct segment s = {.channel = "S01", .start = zero,
		.rate_hz = k->rate_hz, .count = n, .counts = counts,
		.scale = NAN, .time_quality = NAN};
	struct detections out = {put, NULL};
	struct fault f;

	if (!x || !counts || !state)
		abort();
	make(k, x, n);
	for (size_t i = 0; i < n; i++)
		counts[i] = (int32_t)floor(x[i] + 0.5);
	detector_stalta.start(state, &source, NULL);
	if (!detector_stalta.segment(state, &s, &out, &f) ||
		!detector_stalta.finish(state, &out, &f))
		abort();
	free(x);
	free(counts);
	free(state);
}

int main(void)
{
	seed = 20260206;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		for (int k = 0; k < kinds[i].runs; k++)
			run(&kinds[i]);
	for (size_t i = 0; i < BINS; i++) {
		const struct bin *b = &bins[i];
		double n = (double)b->n, mean = b->sum / n;
		double sd = sqrt(b->sum2 / n - mean * mean);

		CHECK(b->n > 500 && sd > 0.9 && sd < 1.1 && fabs(mean) < 0.35,
			"%2.0f to %.0f dB: %zu onsets, error / sigma %+.2f "
			"+- %.2f", edges[i], edges[i + 1], b->n, mean, sd);
	}
	CHECK(wild * 100 < heard, "beyond 5 sigma: %zu of %zu", wild, heard);
	return check_done();
}
