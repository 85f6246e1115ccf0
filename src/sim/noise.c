/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/noise.h"

#include "base/maths.h"

#define FLOOR_PA 0.006
/* Wind noise at 1 Hz, Pa^2/Hz, in 4 m/s behind a wind screen; it grows with
 * the fourth power of the speed (WAVEFORM.md 7: w^2 in pressure). */
#define WIND_PSD 0.002

/* Six plane waves of 0.15 to 0.3 Hz, from the seed alone; a phase is that at
 * the node. */
static void set_microbarom(
	struct noise *s, const struct world *w, const struct node *n)
{
	for (uint64_t k = 0; k < NOISE_WAVES; k++) {
		uint64_t x = philox_stream("microbarom", "", k);
		double to = 2 * PI * philox_unit(w->seed, x, 1);

		s->wave_hz[k] = 0.15 + 0.15 * philox_unit(w->seed, x, 0);
		s->wave_phase[k] = philox_unit(w->seed, x, 2) -
			s->wave_hz[k] / 340 *
			(n->at.x_m * m_sin(to) + n->at.y_m * m_cos(to));
	}
}

struct noise noise_of(const struct world *w, const struct node *n)
{
	struct noise s = {.stream = philox_stream("noise", n->id, 0)};
	const double top = 0.4 * n->rate_hz, low = fmin(10, 0.25 * top);
	double hz = 0.1;

	for (size_t k = 0; k < NOISE_FILTERS; k++, hz *= 4) {
		s.step[k] = 1 - m_exp(-2 * PI * hz / n->rate_hz);
		s.weight[k] = m_pow(hz, -5.0 / 6);
	}
	/* The integral of S f^-5/3 is 1.5 S (f1^-2/3 - f2^-2/3). */
	s.band = 1.5 * (m_pow(low, -2.0 / 3) - m_pow(top, -2.0 / 3));
	if (w->microbarom_pa > 0)
		set_microbarom(&s, w, n);
	s.exposure = 0.8 + 0.45 * philox_unit(w->seed, s.stream, UINT64_MAX);
	return s;
}

static double wind_psd(const struct sky *a)
{
	double r = a->wind_ms / 4;

	return WIND_PSD * r * r * r * r;
}

double noise_pa(const struct noise *s, const struct sky *a)
{
	double psd = wind_psd(a) * s->exposure * s->exposure;

	return sqrt(FLOOR_PA * FLOOR_PA + psd * s->band);
}

/* Four bytes summed: mean 510, variance 4 (256^2 - 1)/12; normal enough
 * (kurtosis 2.7), and exact on any machine. */
static double white(uint32_t r)
{
	r = (r & 0x00ff00ff) + (r >> 8 & 0x00ff00ff);
	return ((double)(int32_t)((r & 0xffff) + (r >> 16)) - 510) / 147.8;
}

static void fill_white(uint64_t seed, uint64_t stream, uint64_t index,
	double *v, size_t n)
{
	size_t i = 0;

	while (i < n) {
		struct philox p = philox(seed, stream, index >> 2);

		for (size_t k = index & 3; k < 4 && i < n; k++, index++)
			v[i++] = white(p.at[k]);
	}
}

static double microbarom(const struct noise *s, double t_s)
{
	double sum = 0;

	for (size_t k = 0; k < NOISE_WAVES; k++) {
		double cycles = s->wave_phase[k] + s->wave_hz[k] * t_s;

		sum += m_sin(2 * PI * (cycles - floor(cycles)));
	}
	return sum / 1.7320508075688772; /* rms 1 */
}

/* A knot each eighth of a second and straight lines between: 0.7 % off. */
static void add_microbarom(const struct noise *s, double rms_pa,
	const struct node *n, double *pa, size_t count, double t_s)
{
	const double dt = 1.0 / n->rate_hz;
	double knot = floor(8 * t_s);
	double a = microbarom(s, knot / 8), b = microbarom(s, (knot + 1) / 8);

	for (size_t i = 0; i < count; i++) {
		double at = 8 * (t_s + (double)i * dt) - knot;

		if (at >= 1) {
			knot = floor(8 * (t_s + (double)i * dt));
			at = 8 * (t_s + (double)i * dt) - knot;
			a = b;
			b = microbarom(s, (knot + 1) / 8);
		}
		pa[i] += rms_pa * (a + (b - a) * at);
	}
}

/* A tone, turned on from sample to sample. */
static void add_hum(
	const struct node *n, double *pa, size_t count, double t_s)
{
	const double cycles = n->hum_hz * t_s;
	const double phase = 2 * PI * (cycles - floor(cycles));
	const double turn = 2 * PI * n->hum_hz / n->rate_hz;
	const double c = m_cos(turn), s = m_sin(turn);
	double x = n->hum_pa * m_cos(phase), y = n->hum_pa * m_sin(phase);

	for (size_t i = 0; i < count; i++) {
		double was = x;

		pa[i] += y;
		x = c * x - s * y;
		y = s * was + c * y;
	}
}

/* The four filters of one sample stand in two pairs, so that a machine does
 * two at once; all the same, sums are in the order of the filters. */
typedef double pair __attribute__((vector_size(16)));

static void fill_wind(struct noise *s, double *pa, size_t n, double gain)
{
	const pair step[2] = {{s->step[0], s->step[1]},
		{s->step[2], s->step[3]}};
	const pair keep[2] = {1 - step[0], 1 - step[1]};
	const pair weight[2] = {{s->weight[0], s->weight[1]},
		{s->weight[2], s->weight[3]}};
	pair a = {s->state[0], s->state[1]}, b = {s->state[2], s->state[3]};

	for (size_t i = 0; i < n; i++) {
		const pair v = {pa[i], pa[i]};
		pair x, y;

		a = keep[0] * a + step[0] * v;
		b = keep[1] * b + step[1] * v;
		x = weight[0] * a;
		y = weight[1] * b;
		pa[i] = gain * (x[0] + x[1] + y[0] + y[1]) + FLOOR_PA * pa[i];
	}
	memcpy(s->state, &a, sizeof a);
	memcpy(s->state + 2, &b, sizeof b);
}

void noise_fill(struct noise *s, const struct world *w, const struct node *n,
	double *pa, size_t count, uint64_t index, struct instant t)
{
	const struct sky a = sky_at(w, t);
	const double t_s = instant_seconds(w->span.from, t);

	fill_white(w->seed, s->stream, index, pa, count);
	/* The filters' sum is 2.04 at 1 Hz and a white sequence of variance 1
	 * has a density of 2/rate: hence 2 x 2.04^2 = 8.32. */
	fill_wind(s, pa, count,
		s->exposure * sqrt(wind_psd(&a) * n->rate_hz / 8.32));
	if (w->microbarom_pa > 0)
		add_microbarom(s, w->microbarom_pa, n, pa, count, t_s);
	if (n->hum_pa > 0)
		add_hum(n, pa, count, t_s);
}
