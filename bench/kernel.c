/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kernel.c - the detector's loop alone: sixteen channels of 500 Hz, from
 * samples in memory (64 MiB, more than the caches hold) to "may something
 * have begun here", beside
 *
 *   reference   the same band in plain C: two sections of second order with
 *               all their coefficients, S, L and the comparison for each
 *               sample, in doubles, one channel after the other
 *   reading     the bound: each sample read once, and summed
 *
 * Turn by turn, 9 rounds, the process' CPU clock; ratios of speeds, medians
 * over the rounds.  Both see the same number of samples beyond the level. */
#include "base/maths.h"
#include "detect/bank.h"
#include "detect/side.h"

#include <time.h>

enum { CHANNELS = SIDE_CHANNELS, SAMPLES = 1 << 20, ROUNDS = 9, RATE = 500 };

/* Rows are no power of two apart, or all would want one place in the cache. */
static float (*wave)[SAMPLES + 336];
static volatile float sink;

static const struct band bands[KERNEL_LANES] = {
	{200, 1000, 0.01, 2}, /* not at 500 Hz */
	{2, 15, 0.1, 10},
	{10, 60, 0.05, 5},
	{40, 200, 0.02, 2},
};

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void make_wave(void)
{
	uint64_t z = 20260203;

	wave = malloc(CHANNELS * sizeof *wave);
	if (!wave)
		abort();
	for (size_t c = 0; c < CHANNELS; c++)
		for (size_t i = 0; i < SAMPLES; i++) {
			z = z * UINT64_C(6364136223846793005) +
				UINT64_C(1442695040888963407);
			wave[c][i] = (float)((z >> 60) + (z >> 56 & 15) +
				(z >> 52 & 15) + (z >> 48 & 15)) - 30;
		}
}

/* Two sections with their zeros, as a book has them. */
struct section {
	double b0, b1, b2, a1, a2, x1, x2, y1, y2;
};

static inline double section(struct section *s, double x)
{
	double y = s->b0 * x + s->b1 * s->x1 + s->b2 * s->x2 -
		s->a1 * s->y1 - s->a2 * s->y2;

	s->x2 = s->x1;
	s->x1 = x;
	s->y2 = s->y1;
	s->y1 = y;
	return y;
}

static size_t reference_band(const float *x, const struct band *b)
{
	struct section high = {0}, low = {0};
	double g = gains_poles(b->low_hz, RATE, true, &high.a1, &high.a2);
	double dt = 1.0 / RATE, S = 1e4, L = 1e4; /* no alarm at first */
	double fast = dt / (b->short_s + dt), slow = dt / (b->long_s + dt);
	size_t over = 0;

	high.b0 = high.b2 = g;
	high.b1 = -2 * g;
	g = gains_poles(b->high_hz, RATE, false, &low.a1, &low.a2);
	low.b0 = low.b2 = g;
	low.b1 = 2 * g;
	for (size_t i = 0; i < SAMPLES; i++) {
		double y = section(&low, section(&high, (double)x[i]));
		double e = y * y;

		S += fast * (e - S);
		L += slow * (e - L);
		over += S > 20 * L;
	}
	return over;
}

static double reference(size_t first, size_t last, size_t *over)
{
	double t = seconds();

	*over = 0;
	for (size_t c = 0; c < CHANNELS; c++)
		for (size_t i = first; i <= last; i++)
			*over += reference_band(wave[c], &bands[i]);
	return seconds() - t;
}

static double ours(size_t first, size_t last, size_t *loud)
{
	struct kernel k = {0};
	struct gains g = {0};
	struct side_set s;
	double t = seconds();

	*loud = 0;
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		gains_none(&g, i);
		if (i < first || i > last)
			continue;
		gains_tune(&g, i, &bands[i], RATE, 1.0 / 12);
		gains_level(&g, i, 20);
		k.S[i] = k.L[i] = 1e9f;
	}
	side_start(&s, &g);
	for (size_t c = 0; c < CHANNELS; c++)
		side_load(&s, c, &k, &g);
	for (size_t n = 0; n < SAMPLES; n += KERNEL_BLOCK) {
		const float *x[CHANNELS];

		/* Sixteen streams are too many for a machine to foresee. */
		for (size_t c = 0; c < CHANNELS; c++) {
			x[c] = wave[c] + n;
			for (size_t i = 0; i < KERNEL_BLOCK; i += 16)
				__builtin_prefetch(
					x[c] + 2 * KERNEL_BLOCK + i);
		}
		*loud += side_block(&s, x, (1u << CHANNELS) - 1) !=
			(1u << CHANNELS) - 1;
	}
	return seconds() - t;
}

/* One channel after the other, its bands side by side. */
static double alone(size_t first, size_t last, size_t *loud)
{
	struct gains g = {0};
	double t = seconds();

	*loud = 0;
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		gains_none(&g, i);
		if (i < first || i > last)
			continue;
		gains_tune(&g, i, &bands[i], RATE, 1.0 / 12);
		gains_level(&g, i, 20);
	}
	for (size_t c = 0; c < CHANNELS; c++) {
		struct kernel k;

		memset(&k, 0, sizeof k);
		k.S += 1e9f;
		k.L += 1e9f;
		for (size_t n = 0; n < SAMPLES; n += KERNEL_BLOCK)
			*loud += !kernel_block(&k, &g, wave[c] + n);
	}
	return seconds() - t;
}

static double reading(void)
{
	double t = seconds();
	lanes sum[8] = {0};

	for (size_t c = 0; c < CHANNELS; c++)
		for (size_t i = 0; i < SAMPLES; i += 32) {
			lanes v[8];

			memcpy(v, wave[c] + i, sizeof v);
			for (size_t k = 0; k < 8; k++)
				sum[k] += v[k];
		}
	for (size_t k = 1; k < 8; k++)
		sum[0] += sum[k];
	sink = sum[0][0] + sum[0][1] + sum[0][2] + sum[0][3];
	return seconds() - t;
}

static int order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, order);
	return v[ROUNDS / 2];
}

static void compare(const char *what, size_t first, size_t last)
{
	double ratio[2][ROUNDS], bound[ROUNDS], ns[4][ROUNDS];
	double each = 1e9 / CHANNELS / SAMPLES;
	size_t over, loud[2];

	for (size_t i = 0; i < ROUNDS; i++) {
		double r = reference(first, last, &over), m = reading();
		double t[2] = {ours(first, last, &loud[0]),
			alone(first, last, &loud[1])};

		for (size_t k = 0; k < 2; k++) {
			ratio[k][i] = r / t[k];
			ns[k][i] = t[k] * each;
		}
		bound[i] = t[0] / m;
		ns[2][i] = r * each;
		ns[3][i] = m * each;
	}
	if (over || loud[0] || loud[1]) {
		fprintf(stderr, "something was loud: %zu, %zu, %zu\n",
			over, loud[0], loud[1]);
		exit(1);
	}
	printf("kernel of %s, 16 channels / plain C %.1f; one channel at a "
		"time %.1f\n", what, median(ratio[0]), median(ratio[1]));
	printf("kernel of %s: time / reading the samples once %.1f\n", what,
		median(bound));
	printf("# ns a sample: %.2f, %.2f, plain C %.2f, reading %.2f\n",
		median(ns[0]), median(ns[1]), median(ns[2]), median(ns[3]));
}

int main(void)
{
	make_wave();
	compare("one band", 2, 2);
	compare("three bands", 1, 3);
	free(wave);
	return 0;
}
