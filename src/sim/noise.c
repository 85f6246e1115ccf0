/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/noise.h"

#include "base/maths.h"

#define FLOOR_PA 0.006
/* Wind noise at 1 Hz, Pa^2/Hz, in 4 m/s behind a wind screen; it grows with
 * the fourth power of the speed (WAVEFORM.md 7: w^2 in pressure). */
#define WIND_PSD 0.002

struct noise noise_of(const struct world *w, const struct node *n)
{
	struct noise s = {.stream = philox_stream("noise", n->id, 0)};
	double hz = 0.1;

	for (size_t k = 0; k < NOISE_FILTERS; k++, hz *= 4) {
		s.step[k] = 1 - m_exp(-2 * PI * hz / n->rate_hz);
		s.weight[k] = m_pow(hz, -5.0 / 6);
	}
	s.exposure = 0.8 + 0.45 * philox_unit(w->seed, s.stream, UINT64_MAX);
	return s;
}

static double wind_psd(const struct sky *a)
{
	double r = a->wind_ms / 4;

	return WIND_PSD * r * r * r * r;
}

/* The integral of S f^-5/3 is 1.5 S (f1^-2/3 - f2^-2/3). */
double noise_pa(const struct noise *s, const struct node *n,
	const struct sky *a)
{
	double top = 0.4 * n->rate_hz, low = fmin(10, 0.25 * top);
	double psd = wind_psd(a) * s->exposure * s->exposure;

	return sqrt(FLOOR_PA * FLOOR_PA + 1.5 * psd *
		(m_pow(low, -2.0 / 3) - m_pow(top, -2.0 / 3)));
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

/* Of 0.15 to 0.3 Hz, six plane waves; a knot each sixteenth of a second and
 * straight lines between them, 0.2 % off. */
static double microbarom(const struct world *w, struct xy at, double t_s)
{
	double sum = 0;

	for (uint64_t k = 0; k < 6; k++) {
		uint64_t s = philox_stream("microbarom", "", k);
		double hz = 0.15 + 0.15 * philox_unit(w->seed, s, 0);
		double to = 2 * PI * philox_unit(w->seed, s, 1);
		double cycles = philox_unit(w->seed, s, 2) + hz * (t_s -
			(at.x_m * m_sin(to) + at.y_m * m_cos(to)) / 340);

		sum += m_sin(2 * PI * (cycles - floor(cycles)));
	}
	return w->microbarom_pa * sum / 1.7320508075688772; /* rms 1 */
}

static void add_microbarom(const struct world *w, const struct node *n,
	double *pa, size_t count, uint64_t index, double t_s)
{
	const uint64_t step = (uint64_t)n->rate_hz / 16 + 1;
	const double dt = 1.0 / n->rate_hz;
	/* The world's own time of the sample with number 0. */
	const double zero_s = t_s - (double)index * dt;
	uint64_t knot = index / step * step;
	double a = 0, b = microbarom(w, n->at, zero_s + (double)knot * dt);

	for (size_t i = 0; i < count; i++) {
		uint64_t at = index + i;

		if (i == 0 || at == knot + step) {
			a = b;
			knot = at / step * step;
			b = microbarom(w, n->at,
				zero_s + (double)(knot + step) * dt);
		}
		pa[i] += a + (b - a) * (double)(at - knot) / (double)step;
	}
}

static void add_hum(
	const struct node *n, double *pa, size_t count, double t_s)
{
	double cycles = n->hum_hz * t_s;
	double phase = 2 * PI * (cycles - floor(cycles));

	for (size_t i = 0; i < count; i++)
		pa[i] += n->hum_pa * m_sin(phase +
			2 * PI * n->hum_hz * (double)i / n->rate_hz);
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
		add_microbarom(w, n, pa, count, index, t_s);
	if (n->hum_pa > 0)
		add_hum(n, pa, count, t_s);
}
