/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/kernel.h"

#include "base/maths.h"

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

INLINE lanes step(struct kernel *k, const struct gains *g, lanes u)
{
	lanes p = u - g->a2 * k->p2 - g->a1 * k->p1;
	lanes q = p - g->b2 * k->q2 - g->b1 * k->q1;

	k->p2 = k->p1;
	k->p1 = p;
	k->q2 = k->q1;
	k->q1 = q;
	return q * q;
}

lanes kernel_step(struct kernel *k, const struct gains *g, float x)
{
	float u = x - 2 * k->x[2] + k->x[0];

	memmove(k->x, k->x + 1, 3 * sizeof *k->x);
	k->x[3] = x;
	return step(k, g, ALL(u));
}

INLINE lanes sum4(const struct gains *g, lanes S, lanes e0, lanes e1,
	lanes e2, lanes e3)
{
	return S * g->rest4 + ((g->fast4[0] * e0 + g->fast4[1] * e1) +
			(g->fast4[2] * e2 + g->fast4[3] * e3));
}

lanes kernel_short(const struct gains *g, lanes S, const lanes e[4])
{
	return sum4(g, S, e[0], e[1], e[2], e[3]);
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

#define ALL_OF(v, i) __builtin_shufflevector(v, v, i, i, i, i)

/* Whether no lane may switch; *k goes to the end of the block. */
static bool run_4(struct kernel *k, const struct gains *g, const float *zero)
{
	masks any = {0};

	for (size_t i = 0; i < KERNEL_BLOCK; i += 4) {
		lanes u;

		memcpy(&u, zero + i, sizeof u);
		lanes e0 = step(k, g, ALL_OF(u, 0));
		lanes e1 = step(k, g, ALL_OF(u, 1));
		lanes e2 = step(k, g, ALL_OF(u, 2));
		lanes e3 = step(k, g, ALL_OF(u, 3));

		k->S = sum4(g, k->S, e0, e1, e2, e3);
		any |= k->S > g->guard * k->L + g->guard_floor;
		k->L = k->L * g->keep4 + k->S * g->take4;
	}
	return !(any[0] | any[1] | any[2] | any[3]);
}

#ifdef __x86_64__
typedef float lanes8 __attribute__((vector_size(32)));
typedef int32_t masks8 __attribute__((vector_size(32)));

#define WIDE(low, high) \
	__builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7)
#define LOW(v) __builtin_shufflevector(v, v, 0, 1, 2, 3)
#define HIGH(v) __builtin_shufflevector(v, v, 4, 5, 6, 7)
#define BESIDE(high) WIDE(((lanes){0}), high)

/* The same in fewer instructions where vectors are of eight: the first
 * section of a sample beside the second section of two samples before it (of
 * one before it, the step from lane to lane would be waited for). */
__attribute__((target("avx"))) static bool run_8(
	struct kernel *k, const struct gains *g, const float *zero)
{
	const lanes8 c1 = WIDE(g->a1, g->b1), c2 = WIDE(g->a2, g->b2);
	const lanes8 rest4 = BESIDE(g->rest4), w0 = BESIDE(g->fast4[0]);
	const lanes8 w1 = BESIDE(g->fast4[1]), w2 = BESIDE(g->fast4[2]);
	const lanes8 w3 = BESIDE(g->fast4[3]), keep4 = BESIDE(g->keep4);
	const lanes8 take4 = BESIDE(g->take4), guard = BESIDE(g->guard);
	const lanes8 guard_floor = BESIDE(g->guard_floor);
	lanes p0 = ALL(zero[0]) - g->a2 * k->p2 - g->a1 * k->p1;
	lanes p1 = ALL(zero[1]) - g->a2 * k->p1 - g->a1 * p0;
	lanes8 y0 = WIDE(p1, k->q1), y3 = WIDE(p0, k->q2), y1, y2;
	lanes8 S = BESIDE(k->S), L = BESIDE(k->L);
	masks8 any = {0};

/* Names turn instead of values: y follows last and older. */
#define TURN(y, last, older, u)                                               \
	y = WIDE(ALL(u), LOW(older)) - c2 * older - c1 * last
	for (size_t i = 2; i < KERNEL_BLOCK + 2; i += 4) {
		TURN(y1, y0, y3, zero[i]);
		TURN(y2, y1, y0, zero[i + 1]);
		TURN(y3, y2, y1, zero[i + 2]);
		TURN(y0, y3, y2, zero[i + 3]);
		S = S * rest4 + ((w0 * (y1 * y1) + w1 * (y2 * y2)) +
				(w2 * (y3 * y3) + w3 * (y0 * y0)));
		any |= S > guard * L + guard_floor;
		L = L * keep4 + S * take4;
	}
	k->S = HIGH(S);
	k->L = HIGH(L);
	/* The low halves of y3 and y0 are ahead of the block. */
	k->p2 = LOW(y1);
	k->p1 = LOW(y2);
	k->q2 = HIGH(y3);
	k->q1 = HIGH(y0);
	return !(any[4] | any[5] | any[6] | any[7]);
}
#endif

typedef bool run(struct kernel *, const struct gains *, const float *);

INLINE bool block(struct kernel *state, const struct gains *g,
	const float *x, run *run_all)
{
	float zero[KERNEL_BLOCK + 2];
	struct kernel k = *state;

	zeros(&k, x, zero);
	/* run_8() looks two further, and forgets what it saw. */
	zero[KERNEL_BLOCK] = zero[KERNEL_BLOCK + 1] = 0;
	if (!run_all(&k, g, zero))
		return false;
	memcpy(k.x, x + KERNEL_BLOCK - KERNEL_PAST, sizeof k.x);
	*state = k;
	return true;
}

bool kernel_block_plain(struct kernel *k, const struct gains *g,
	const float x[KERNEL_BLOCK])
{
	return block(k, g, x, run_4);
}

#ifdef __x86_64__
__attribute__((target("avx"))) static bool block_8(
	struct kernel *k, const struct gains *g, const float *x)
{
	return block(k, g, x, run_8);
}
#endif

bool kernel_block(struct kernel *k, const struct gains *g,
	const float x[KERNEL_BLOCK])
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx"))
		return block_8(k, g, x);
#endif
	return block(k, g, x, run_4);
}

static inline lanes not_subnormal(lanes v)
{
	/* The smallest normal number is 1.2e-38; S falls to 1 - fast a step.
	 * What is not a number compares false. */
	masks keep = (v > 1e-35f) | (v < -1e-35f);

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
