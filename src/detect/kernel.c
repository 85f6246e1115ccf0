/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/kernel.h"

#include "base/maths.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))
#define ALL(u) ((lanes){u, u, u, u})

/* By the bilinear transform (R. Bristow-Johnson's cookbook, Q = 1/sqrt 2). */
double gains_poles(
	double f_hz, double rate_hz, bool high, double *a1, double *a2)
{
	double w = 2 * PI * f_hz / rate_hz, c = m_cos(w);
	double alpha = m_sin(w) / (2 * sqrt(0.5)), a0 = 1 + alpha;

	*a1 = -2 * c / a0;
	*a2 = (1 - alpha) / a0;
	return (high ? 1 + c : 1 - c) / 2 / a0;
}

void gains_none(struct gains *g, size_t i)
{
	g->a1[i] = g->a2[i] = g->b1[i] = g->b2[i] = 0;
	g->fast[i] = g->rest[i] = g->slow[i] = 0;
	for (size_t k = 0; k < 4; k++)
		g->fast4[k][i] = 0;
	g->rest4[i] = g->take4[i] = g->keep4[i] = 0;
	g->floor[i] = g->level[i] = g->guard[i] = 0;
	g->guard_floor[i] = 1;
}

void gains_tune(struct gains *g, size_t i, const struct band *b,
	double rate_hz, double floor)
{
	double a1, a2, b1, b2, dt = 1 / rate_hz, keep;
	double gain = gains_poles(b->low_hz, rate_hz, true, &a1, &a2) *
		gains_poles(b->high_hz, rate_hz, false, &b1, &b2);

	g->a1[i] = (float)a1;
	g->a2[i] = (float)a2;
	g->b1[i] = (float)b1;
	g->b2[i] = (float)b2;
	g->fast[i] = (float)(dt / (b->short_s + dt));
	g->rest[i] = 1 - g->fast[i];
	g->slow[i] = (float)(dt / (b->long_s + dt));
	g->fast4[3][i] = g->fast[i];
	for (size_t k = 3; k > 0; k--)
		g->fast4[k - 1][i] = g->fast4[k][i] * g->rest[i];
	g->rest4[i] = g->rest[i] * g->rest[i] * g->rest[i] * g->rest[i];
	keep = 1 - (double)g->slow[i];
	g->keep4[i] = (float)(keep * keep * keep * keep);
	g->take4[i] = 1 - g->keep4[i];
	g->floor[i] = (float)(floor / gain / gain);
}

void gains_level(struct gains *g, size_t i, float ratio)
{
	/* A part in 1e5 for what the two ways of summing round. */
	float least = g->rest[i] * g->rest[i] * g->rest[i] * 0.99999f;

	g->level[i] = ratio;
	g->guard[i] = ratio * least;
	g->guard_floor[i] = g->guard[i] * g->floor[i];
}

/* The zeros of a block. */
INLINE void zeros(const struct kernel *k, const float *x, float *u)
{
	float early[8];

	memcpy(early, k->x, sizeof k->x);
	memcpy(early + 4, x, 4 * sizeof *x);
	for (size_t i = 0; i < 4; i++)
		u[i] = early[i + 4] - 2 * early[i + 2] + early[i];
	for (size_t i = 4; i < KERNEL_BLOCK; i += 4) {
		lanes now, two, four;

		memcpy(&now, x + i, sizeof now);
		memcpy(&two, x + i - 2, sizeof two);
		memcpy(&four, x + i - 4, sizeof four);
		now = now - 2 * two + four;
		memcpy(u + i, &now, sizeof now);
	}
}

#define TARGET
#define MORE kernel_more
#define LESS(a, b, c) kernel_more(-(a), b, c)
#define STEP step_plain
#define SHORT short_plain
#define BLOCK block_plain
#include "detect/kernel_text.h"

#ifdef __x86_64__
#undef TARGET
#undef MORE
#undef LESS
#undef STEP
#undef SHORT
#undef BLOCK
#define TARGET __attribute__((target("avx,fma")))
#define MORE(a, b, c)                                                         \
	((lanes)_mm_fmadd_ps((__m128)(a), (__m128)(b), (__m128)(c)))
#define LESS(a, b, c)                                                         \
	((lanes)_mm_fnmadd_ps((__m128)(a), (__m128)(b), (__m128)(c)))
#define STEP step_fused
#define SHORT short_fused
#define BLOCK block_fused
#include "detect/kernel_text.h"

static bool is_fused(void)
{
	return __builtin_cpu_supports("avx") && __builtin_cpu_supports("fma");
}
#endif

lanes kernel_step(struct kernel *k, const struct gains *g, float x)
{
	float u = x - 2 * k->x[2] + k->x[0];

	memmove(k->x, k->x + 1, 3 * sizeof *k->x);
	k->x[3] = x;
#ifdef __x86_64__
	if (is_fused())
		return step_fused(k, g, ALL(u));
#endif
	return step_plain(k, g, ALL(u));
}

lanes kernel_short(const struct gains *g, lanes S, const lanes e[4])
{
#ifdef __x86_64__
	if (is_fused())
		return short_fused(g, S, e[0], e[1], e[2], e[3]);
#endif
	return short_plain(g, S, e[0], e[1], e[2], e[3]);
}

bool kernel_block_plain(struct kernel *k, const struct gains *g,
	const float x[KERNEL_BLOCK])
{
	return block_plain(k, g, x);
}

bool kernel_block(struct kernel *k, const struct gains *g,
	const float x[KERNEL_BLOCK])
{
#ifdef __x86_64__
	if (is_fused())
		return block_fused(k, g, x);
#endif
	return block_plain(k, g, x);
}

static inline lanes not_subnormal(lanes v)
{
	/* What is not a number compares false. */
	masks keep = (v > KERNEL_NOTHING) | (v < -KERNEL_NOTHING);

	return (lanes)((masks)v & keep);
}

void kernel_rest(struct kernel *k)
{
	k->p1 = not_subnormal(k->p1);
	k->p2 = not_subnormal(k->p2);
	k->q1 = not_subnormal(k->q1);
	k->q2 = not_subnormal(k->q2);
	k->S = not_subnormal(k->S);
	k->L = not_subnormal(k->L);
}
