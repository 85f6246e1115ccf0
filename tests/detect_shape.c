/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detect_shape.c - made blasts and Ns are told apart, and their lengths found;
 * what a detection says of its bands. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"
#include "detect/features.h"

extern const struct detector detector_stalta;

enum { COUNT = 1000, ONSET = 300, TRIALS = 400 };

static uint64_t seed = 3;

static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(seed >> 11) / 9007199254740992.0;
}

static double normal(void)
{
	double sum = -6;

	for (int k = 0; k < 12; k++)
		sum += uniform();
	return sum;
}

static void make(double *x, bool is_n, double length, double peak)
{
	for (size_t i = 0; i < COUNT; i++) {
		double u = ((double)i - ONSET - 0.3) / length;

		x[i] = 300 + normal();
		if (u >= 0)
			x[i] += peak * (is_n ? u < 1 ? 1 - 2 * u : 0
					     : (1 - u) * m_exp(-u));
	}
}

static void test_shapes(double peak)
{
	static double x[COUNT];
	size_t right = 0, near = 0;

	for (int k = 0; k < TRIALS; k++) {
		bool is_n = k % 2;
		double length = (is_n ? 2 : 1) * 6 * m_pow(12, uniform());
		struct pulse_shape s;

		make(x, is_n, length, k % 4 < 2 ? peak : -peak);
		features_shape(x, ONSET, COUNT, 1000, &s);
		right += is_n == (s.n_fit > s.blast_fit);
		near += fabs((is_n ? s.n_s : s.blast_s) * 1000 / length - 1) <
			0.25;
	}
	CHECK(right * 100 >= TRIALS * 95 && near * 100 >= TRIALS * 90,
		"peak %.0f sigma: %zu of %d told apart, %zu lengths within "
		"25 %%", peak, right, TRIALS, near);
}

static void test_edges(void)
{
	double x[COUNT] = {0};
	struct pulse_shape s;

	features_shape(x, 4, COUNT, 1000, &s);
	CHECK(isnan(s.n_fit) && isnan(s.blast_fit), "no noise before: silent");
	features_shape(x, COUNT - 3, COUNT, 1000, &s);
	CHECK(isnan(s.n_fit) && isnan(s.blast_fit), "nothing behind: silent");
	features_shape(x, ONSET, COUNT, 1000, &s);
	CHECK(isnan(s.n_fit) && isnan(s.blast_fit), "silence has no shape");
}

static double said[8];

static bool put(void *self, const struct detection *d, struct fault *f)
{
	static const char *const names[] = {"snr_2_15_db", "snr_10_60_db",
		"snr_40_200_db", "blast_fit", "blast_s", "n_wave_fit"};

	(void)self;
	(void)f;
	for (size_t i = 0; i < 6; i++)
		said[i] = feature_of(d->feature, d->feature_count, names[i]);
	said[6] += 1;
	said[7] = d->snr;
	return true;
}

static void test_said(void)
{
	enum { RATE = 500, LONG = 40 * RATE };
	static int32_t wave[LONG];
	static struct source source = {.id = "S01", .kind = SOURCE_ACOUSTIC,
		.sensitivity = NAN};
	struct segment s = {.channel = "S01", .start = {1770091506000000000},
		.rate_hz = RATE, .count = LONG, .counts = wave, .scale = NAN,
		.time_quality = NAN};
	void *state = calloc(1, detector_stalta.state_size);
	struct detections out = {put, NULL};
	struct fault f;

	if (!state)
		abort();
	for (size_t i = 0; i < LONG; i++) {
		double u = ((double)i / RATE - 30) / 0.012;

		wave[i] = (int32_t)floor(20 * normal() +
			(u >= 0 ? 2000 * (1 - u) * m_exp(-u) : 0));
	}
	detector_stalta.start(state, &source, NULL);
	if (!detector_stalta.segment(state, &s, &out, &f) ||
		!detector_stalta.finish(state, &out, &f))
		abort();
	CHECK(said[6] > 0 && said[6] < 2 && said[0] > 3 && said[1] > 10 &&
			said[2] > 10,
		"a blast of 12 ms: %.1f, %.1f, %.1f dB in three bands",
		said[0], said[1], said[2]);
	CHECK(said[3] > 0.9 && said[3] > said[5] &&
			fabs(said[4] - 0.012) < 0.003,
		"its shape: blast %.2f of %.1f ms, N %.2f", said[3],
		1e3 * said[4], said[5]);
	free(state);
}

int main(void)
{
	test_shapes(10);
	test_shapes(50);
	test_edges();
	test_said();
	return check_done();
}
