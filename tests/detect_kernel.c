/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detect_kernel.c - the loop of every sample: the same bytes in vectors of
 * any width and as a plain loop, the same switches by the block and sample by
 * sample, and how far floats are from doubles. */
#include "base/maths.h"
#include "check.h"
#include "detect/bank.h"
#include "detect/onset.h"

enum { BLOCKS = 4000, COUNT = BLOCKS * KERNEL_BLOCK };

static float wave[COUNT];
static double exact[COUNT], filtered[COUNT];
static uint64_t seed;

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

/* Whole counts: noise on a swell 50 times as high, and bangs. */
static void make_wave(uint64_t s)
{
	seed = s;
	for (size_t i = 0; i < COUNT; i++) {
		size_t since = i % 9973;
		double bang = since < 200
			? (double)(i / 9973) * 40 * m_exp(-(double)since / 20)
			: 0;

		wave[i] = (float)floor(30 * normal() + bang +
			1500 * m_sin((double)(i % 100000) * 2 * PI / 4000));
	}
}

static const struct band bands[KERNEL_LANES] = {
	{200, 1000, 0.01, 2},
	{2, 15, 0.1, 10},
	{10, 60, 0.05, 5},
	{40, 200, 0.02, 2},
};

static void tune(struct bank *b, double rate_hz)
{
	memset(b, 0, sizeof *b);
	memcpy(b->nominal, bands, sizeof bands);
	bank_start(b, rate_hz, 1.0 / 12);
}

/* One lane, one number at a time; what kernel.h says. */
struct single {
	float x[4], p1, p2, q1, q2, S, L;
};

static bool single_block(
	struct single *k, const struct gains *g, size_t i, const float *x)
{
	bool may = false;

	for (size_t n = 0; n < KERNEL_BLOCK; n += 4) {
		float e[4];

		for (size_t j = 0; j < 4; j++) {
			float u = x[n + j] - 2 * k->x[2] + k->x[0];
			float p = fmaf(-g->a1[i], k->p1,
				fmaf(-g->a2[i], k->p2, u));
			float q = fmaf(-g->b1[i], k->q1,
				fmaf(-g->b2[i], k->q2, p));

			memmove(k->x, k->x + 1, 3 * sizeof *k->x);
			k->x[3] = x[n + j];
			k->p2 = k->p1;
			k->p1 = p;
			k->q2 = k->q1;
			k->q1 = q;
			e[j] = q * q;
		}
		float early = fmaf(g->fast4[1][i], e[1],
			g->fast4[0][i] * e[0]);
		float late = fmaf(g->fast4[3][i], e[3],
			g->fast4[2][i] * e[2]);

		k->S = fmaf(k->S, g->rest4[i], early + late);
		may |= k->S > fmaf(g->guard[i], k->L, g->guard_floor[i]);
		k->L = k->L * g->keep4[i] + k->S * g->take4[i];
	}
	return !may;
}

static bool is_lane(const struct kernel *k, size_t i, const struct single *s)
{
	return k->p1[i] == s->p1 && k->p2[i] == s->p2 && k->q1[i] == s->q1 &&
		k->q2[i] == s->q2 && k->S[i] == s->S && k->L[i] == s->L;
}

static void test_widths(void)
{
	static struct bank b;
	struct kernel plain = {0}, best = {0};
	struct single one[KERNEL_LANES] = {0};
	size_t quiet = 0, same = 0;

	make_wave(1);
	tune(&b, 2400);
	for (size_t n = 0; n < BLOCKS; n++) {
		const float *x = wave + n * KERNEL_BLOCK;
		struct single was[KERNEL_LANES];
		bool ok = true, all = true, is = true;

		memcpy(was, one, sizeof one);
		for (size_t i = 0; i < KERNEL_LANES; i++)
			all &= single_block(&one[i], &b.gains, i, x);
		ok &= kernel_block(&best, &b.gains, x) == all;
		ok &= kernel_block_plain(&plain, &b.gains, x) == all;
		if (!all)
			memcpy(one, was, sizeof one);
		for (size_t i = 0; i < KERNEL_LANES; i++)
			is &= is_lane(&best, i, &one[i]);
		quiet += all;
		same += ok && is && memcmp(&best, &plain, sizeof best) == 0;
		if (!all) /* a start anywhere will do */
			b.gains.guard_floor *= 1.5f;
	}
	CHECK(same == BLOCKS && quiet > BLOCKS / 2 && quiet < BLOCKS,
		"%zu of %d blocks the same by this machine, as any can, and "
		"one by one, %zu of them quiet", same, BLOCKS, quiet);
}

struct heard {
	uint64_t at[20000];
	size_t count;
};
static struct heard heard[2];

static void on(void *self, size_t lane, uint64_t at, uint64_t not_before)
{
	struct heard *h = self;

	if (h->count + 3 > sizeof h->at / sizeof *h->at)
		abort();
	h->at[h->count++] = lane;
	h->at[h->count++] = at;
	h->at[h->count++] = not_before;
}

static void off(void *self, size_t lane, uint64_t since, uint64_t at)
{
	on(self, lane + 10, since, at);
}

static void test_careful(double rate_hz)
{
	static struct bank b[2];
	bool same = true;

	make_wave(2);
	for (size_t k = 0; k < 2; k++) {
		struct bank_ear ear = {on, off, &heard[k]};

		tune(&b[k], rate_hz);
		b[k].careful = k;
		heard[k].count = 0;
		for (size_t n = 0; n < BLOCKS; n++)
			bank_block(&b[k], wave + n * KERNEL_BLOCK,
				KERNEL_BLOCK, &ear);
	}
	same = heard[0].count == heard[1].count &&
		memcmp(heard[0].at, heard[1].at,
			heard[0].count * sizeof *heard[0].at) == 0;
	b[1].careful = false;
	CHECK(same && memcmp(&b[0], &b[1], sizeof *b) == 0 &&
			heard[0].count > 100,
		"%.0f Hz: %zu switches, the same by the block and sample by "
		"sample", rate_hz, heard[0].count / 3);
}

/* The loop's own power of lane i against a filter in doubles, both from the
 * same samples: rms of the difference over rms, the last half. */
static double float_error(struct bank *b, size_t i)
{
	struct kernel k = {0};
	double diff = 0, all = 0, gain, a1, a2, b1, b2;

	gain = gains_poles(b->band[i].low_hz, b->rate_hz, true, &a1, &a2) *
		gains_poles(b->band[i].high_hz, b->rate_hz, false, &b1, &b2);
	for (size_t n = 0; n < COUNT; n++)
		exact[n] = (double)wave[n] - (double)wave[0];
	onset_filter(exact, COUNT, b->band[i].low_hz, b->band[i].high_hz,
		b->rate_hz, filtered);
	for (size_t n = 0; n < COUNT; n++) {
		(void)kernel_step(&k, &b->gains, wave[n] - wave[0]);
		if (n < COUNT / 2)
			continue;
		double d = gain * (double)k.q1[i] - filtered[n];
		diff += d * d;
		all += filtered[n] * filtered[n];
	}
	return sqrt(diff / all);
}

static void test_floats(void)
{
	static const double rates[] = {80, 200, 500, 1000, 2400};

	make_wave(3);
	for (size_t r = 0; r < sizeof rates / sizeof *rates; r++) {
		static struct bank b;
		double worst = 0;

		tune(&b, rates[r]);
		for (size_t i = 0; i < KERNEL_LANES; i++)
			if (b.lane[i].active)
				worst = fmax(worst, float_error(&b, i));
		CHECK(worst < 0.01, "%.0f Hz: floats off by %.1e of the band's "
			"rms at most", rates[r], worst);
	}
}

int main(void)
{
	test_widths();
	test_careful(2400);
	test_careful(500);
	test_careful(80);
	test_floats();
	return check_done();
}
