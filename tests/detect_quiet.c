/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detect_quiet.c - who cries wolf: noise alone passes the quota of four an
 * hour no oftener than it should, and a node that restarts, loses data, jumps
 * in level or changes its rate says nothing of it. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"

extern const struct detector detector_stalta;

enum { CHUNK = 30000 };

static const struct instant zero = {INT64_C(1770091506000000000)};
static int32_t wave[CHUNK];
static size_t heard;
static uint64_t seed;
static double red;
static void *state;

static uint64_t random64(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

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

/* White, and red below 1 Hz as wind is. */
static void noise(size_t n, double rate_hz, double level)
{
	double keep = m_exp(-2 * PI / rate_hz);

	for (size_t i = 0; i < n; i++) {
		red = keep * red + normal() * sqrt(1 - keep * keep);
		wave[i] = (int32_t)floor(level + 20 * normal() + 60 * red +
			0.5);
	}
}

static bool put(void *self, const struct detection *d, struct fault *f)
{
	(void)self;
	(void)d;
	(void)f;
	heard++;
	return true;
}

static const struct detections out = {put, NULL};

static void start_as(enum source_kind kind)
{
	static struct source source = {.id = "S01", .sensitivity = NAN};

	source.kind = kind;

	memset(state, 0, detector_stalta.state_size);
	detector_stalta.start(state, &source, NULL);
}

static void start(void)
{
	start_as(SOURCE_ACOUSTIC);
}

static void feed(double from_s, size_t n, double rate_hz)
{
	struct segment s = {.channel = "S01", .start =
			instant_plus_s(zero, from_s), .rate_hz = rate_hz,
		.count = n, .counts = wave, .scale = NAN, .time_quality = NAN};
	struct fault f;

	if (!detector_stalta.segment(state, &s, &out, &f))
		abort();
}

static void finish(void)
{
	struct fault f;

	if (!detector_stalta.finish(state, &out, &f))
		abort();
}

static void test_quota(enum source_kind kind, double rate_hz, double hours)
{
	size_t chunks = (size_t)(hours * 3600 * rate_hz / CHUNK);

	heard = 0;
	start_as(kind);
	for (size_t i = 0; i < chunks; i++) {
		noise(CHUNK, rate_hz, 1000);
		feed((double)i * CHUNK / rate_hz, CHUNK, rate_hz);
	}
	finish();
	/* The level is learned from hundreds of numbers: +- 50 %. */
	CHECK((double)heard < 6 * hours, "%.0f h of noise at %.0f Hz: %.1f an "
		"hour of the quota of 4", hours, rate_hz,
		(double)heard / hours);
}

static void test_restarts(void)
{
	heard = 0;
	for (int k = 0; k < 200; k++) {
		start();
		noise(CHUNK / 2, 500, 1000 * k);
		feed(60 * k, CHUNK / 2, 500);
		finish();
	}
	CHECK(heard <= 20, "200 restarts of 30 s, each at another level: %zu "
		"detections in 100 min", heard);
}

/* Gaps of a sample to a minute, and the level jumps. */
static void test_gaps(void)
{
	double at = 0;

	heard = 0;
	start();
	for (int k = 0; k < 200; k++) {
		noise(CHUNK / 3, 500, k % 2 ? 1e6 : -1e6);
		feed(at, CHUNK / 3, 500);
		at += CHUNK / 3 / 500.0 + (k % 4 ? 0.002 * (1 + k) : 60);
	}
	finish();
	CHECK(heard <= 15, "200 gaps with jumps of level: %zu detections in "
		"67 min", heard);
}

static void test_rates(void)
{
	static const double rates[] = {500, 250, 100, 1000, 499, 4000};
	double at = 0;

	heard = 0;
	start();
	for (int k = 0; k < 200; k++) {
		double rate = rates[k % 6];
		size_t n = rate > 1000 ? CHUNK : (size_t)(20 * rate);

		noise(n, rate, 1000);
		feed(at, n, rate);
		at += (double)n / rate;
	}
	finish();
	CHECK(heard <= 15, "200 changes of rate: %zu detections in 58 min",
		heard);
}

int main(void)
{
	state = malloc(detector_stalta.state_size);
	if (!state)
		abort();
	seed = 5;
	test_quota(SOURCE_ACOUSTIC, 80, 24);
	test_quota(SOURCE_ACOUSTIC, 200, 10);
	test_quota(SOURCE_ACOUSTIC, 500, 6);
	test_quota(SOURCE_INFRASOUND, 20, 24);
	test_quota(SOURCE_INFRASOUND, 40, 24);
	test_quota(SOURCE_SEISMIC, 100, 10);
	test_restarts();
	test_gaps();
	test_rates();
	free(state);
	return check_done();
}
