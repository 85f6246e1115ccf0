/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fk.c - beams of a 4-element array over the full grid, beside a plain
 * reference that takes one direction after the other.
 *
 * 240 back azimuths x 120 trace speeds from 300 m/s by 2.5 (28,800
 * directions), 26 frequencies, 0.5-3.0 Hz, the geometry of YJ.BRP; every
 * other window holds a wave.  Two references, on one window in 64: the formula
 * in floats with all steering vectors tabulated beforehand (24 MB), and the
 * formula in doubles, its steering made on the way, whose answers ours must
 * equal.  Turn by turn, 9 rounds, CPU clock, one thread; medians. */
#include "base/maths.h"
#include "detect/fk.h"

#include <stdint.h>
#include <time.h>

enum { ROUNDS = 9, WINDOWS = 512, PLAIN = WINDOWS / 64, DIRECTIONS = 28800 };
enum { FREQS = 26, ELEMENTS = 4 };

static struct fk fk;
static struct fk_window window[WINDOWS];
static struct fk_peak ours[WINDOWS];
static size_t direction[WINDOWS];
static double value[WINDOWS];
static uint64_t seed = 20120409;

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double uniform(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ z >> 31) >> 11) + 0.5) / (1 << 30) / (1 << 23);
}

static double normal(void)
{
	return m_phi_inverse(uniform());
}

static void make(struct fk_window *w, bool wave)
{
	double baz = 2 * PI * uniform(), slow = 1 / (310 + 100 * uniform());
	double sx = -slow * m_sin(baz), sy = -slow * m_cos(baz);

	for (size_t i = 0; i < fk.grid.freqs; i++) {
		double a = wave ? normal() : 0, b = wave ? normal() : 0;
		double h = 2 * PI * (fk.grid.first_hz +
			(double)i * fk.grid.step_hz);

		for (size_t m = 0; m < fk.elements; m++) {
			double t = h * (sx * fk.place[m].x_m +
				sy * fk.place[m].y_m);
			double c = m_cos(t), s = m_sin(t);

			w->re[m][i] = (float)(a * c + b * s + 0.3 * normal());
			w->im[m][i] = (float)(b * c - a * s + 0.3 * normal());
			w->there[m] = true;
		}
	}
}

static double run(void)
{
	double t = seconds();

	for (size_t i = 0; i < WINDOWS; i += FK_LANES) {
		const struct fk_window *w[FK_LANES];

		for (size_t l = 0; l < FK_LANES; l++)
			w[l] = &window[i + l];
		fk_find(&fk, w, FK_LANES, ours + i);
	}
	return seconds() - t;
}

static float steer[DIRECTIONS][FREQS][ELEMENTS][2];

static void make_steering(void)
{
	for (size_t d = 0; d < DIRECTIONS; d++)
		for (size_t i = 0; i < FREQS; i++)
			for (size_t m = 0; m < ELEMENTS; m++) {
				struct xy s = fk_direction(&fk, d);
				double t = 2 * PI * (fk.grid.first_hz +
					(double)i * fk.grid.step_hz) *
					(s.x_m * fk.place[m].x_m +
						s.y_m * fk.place[m].y_m);

				steer[d][i][m][0] = (float)m_cos(t);
				steer[d][i][m][1] = (float)m_sin(t);
			}
}

static float beam(const struct fk_window *w, size_t d)
{
	float sum = 0;

	for (size_t i = 0; i < FREQS; i++) {
		float re = 0, im = 0;

		for (size_t m = 0; m < ELEMENTS; m++) {
			const float *z = steer[d][i][m];

			re += w->re[m][i] * z[0] - w->im[m][i] * z[1];
			im += w->re[m][i] * z[1] + w->im[m][i] * z[0];
		}
		sum += re * re + im * im;
	}
	return sum;
}

static double tabulated(void)
{
	volatile size_t keep = 0;
	double t = seconds();

	for (size_t i = 0; i < PLAIN; i++) {
		float best = -1;

		for (size_t d = 0; d < DIRECTIONS; d++) {
			float b = beam(&window[i], d);

			if (b > best) {
				best = b;
				keep = d;
			}
		}
	}
	(void)keep;
	return seconds() - t;
}

static double plain(void)
{
	double t = seconds();

	for (size_t i = 0; i < PLAIN; i++) {
		value[i] = -1;
		for (size_t d = 0; d < DIRECTIONS; d++) {
			double b = fk_power(
				&fk, &window[i], fk_direction(&fk, d));

			if (b > value[i]) {
				value[i] = b;
				direction[i] = d;
			}
		}
	}
	return seconds() - t;
}

static int order(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int main(void)
{
	static const struct xy place[] = {
		{0, 0}, {34.1, 122.3}, {154.7, 22.4}, {77.4, 33.4}};
	struct fk_grid g = {.first_hz = 0.5, .step_hz = 0.1, .freqs = FREQS,
		.azimuths = 240, .slownesses = 120};
	double speed[ROUNDS], ratio[ROUNDS], table[ROUNDS];
	size_t computed = 0;
	struct fault f;

	for (size_t i = 0; i < g.slownesses; i++)
		g.slowness[i] = 1 / (300 + 2.5 * (double)i);
	if (!fk_init(&fk, place, ELEMENTS, &g, &f))
		return 1;
	make_steering();
	for (size_t i = 0; i < WINDOWS; i++)
		make(&window[i], i % 2);
	for (int i = 0; i < ROUNDS; i++) {
		double a = run(), b = plain(), c = tabulated();

		speed[i] = WINDOWS / a;
		ratio[i] = speed[i] / (PLAIN / b);
		table[i] = speed[i] / (PLAIN / c);
	}
	for (size_t i = 0; i < PLAIN; i++)
		if (direction[i] != ours[i].direction ||
			!(fabs(value[i] - ours[i].b) <= 1e-12)) {
			fprintf(stderr, "window %zu differs\n", i);
			return 1;
		}
	for (size_t i = 0; i < WINDOWS; i++)
		computed += ours[i].computed;
	qsort(speed, ROUNDS, sizeof *speed, order);
	qsort(ratio, ROUNDS, sizeof *ratio, order);
	qsort(table, ROUNDS, sizeof *table, order);
	printf("fk beams ours/one direction at a time, steering tabulated "
		"%.1f\n", table[ROUNDS / 2]);
	printf("fk beams ours/one direction at a time, in doubles %.1f\n",
		ratio[ROUNDS / 2]);
	printf("# %d elements, %d directions x %d frequencies: %.0f windows/s"
		" on one core (slowest round %.0f); %.1f directions a window "
		"by the formula\n", ELEMENTS, DIRECTIONS, FREQS,
		speed[ROUNDS / 2], speed[0], (double)computed / WINDOWS);
	return 0;
}
