/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/side.h"

#include "base/maths.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

#define NAME band_4
#define MORE kernel_more
#define LESS(a, b, c) kernel_more(-(a), b, c)
#define WIDTH 4
#define TARGET
#define vec lanes
#define mask masks
#define EVERY(x) ((lanes){x, x, x, x})
#include "detect/side_text.h"
#undef NAME
#undef MORE
#undef LESS
#undef WIDTH
#undef TARGET
#undef vec
#undef mask
#undef EVERY

#ifdef __x86_64__
typedef float lanes8 __attribute__((vector_size(32)));
typedef int32_t masks8 __attribute__((vector_size(32)));
#define NAME band_8
#define MORE(a, b, c)                                                         \
	((lanes8)_mm256_fmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define LESS(a, b, c)                                                         \
	((lanes8)_mm256_fnmadd_ps((__m256)(a), (__m256)(b), (__m256)(c)))
#define WIDTH 8
#define TARGET __attribute__((target("avx,fma")))
#define vec lanes8
#define mask masks8
#define EVERY(x) ((lanes8){x, x, x, x, x, x, x, x})
#include "detect/side_text.h"
#endif

bool side_equal(const struct gains *a, const struct gains *b)
{
	/* All that comes before the levels: filters and averages. */
	return memcmp(a, b, offsetof(struct gains, level)) == 0;
}

/* Taken into the function for each machine, and made for it. */
#define INLINE static inline __attribute__((always_inline))
#define MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
/* Four rows of four become four columns.  Names, not an array: gcc 12 would
 * send an array through memory. */
#define TURN_4(a, b, c, d)                                                    \
	do {                                                                  \
		lanes ab = MIX(a, b, 0, 4, 1, 5), AB = MIX(a, b, 2, 6, 3, 7); \
		lanes cd = MIX(c, d, 0, 4, 1, 5), CD = MIX(c, d, 2, 6, 3, 7); \
		a = MIX(ab, cd, 0, 1, 4, 5);                                  \
		b = MIX(ab, cd, 2, 3, 6, 7);                                  \
		c = MIX(AB, CD, 0, 1, 4, 5);                                  \
		d = MIX(AB, CD, 2, 3, 6, 7);                                  \
	} while (0)

INLINE lanes load(const float *x)
{
	lanes v;

	memcpy(&v, x, sizeof v);
	return v;
}

INLINE void store(float *x, lanes v)
{
	memcpy(x, &v, sizeof v);
}

INLINE lanes zeros(const float *x)
{
	return load(x) - 2 * load(x - 2) + load(x - 4);
}

/* Zeros of four channels from `first` on, turned: u[time][channel]; past goes
 * on to the end of the block. */
INLINE void turn_4(struct side_set *s, const float *const *x, size_t first,
	float (*u)[SIDE_CHANNELS])
{
	float early[4][KERNEL_PAST + 4];
	const float *at[4];

	for (size_t k = 0; k < 4; k++) {
		for (size_t j = 0; j < KERNEL_PAST; j++) {
			early[k][j] = s->past[j][first + k];
			s->past[j][first + k] =
				x[k][KERNEL_BLOCK - KERNEL_PAST + j];
		}
		memcpy(early[k] + KERNEL_PAST, x[k], 4 * sizeof(float));
		at[k] = early[k] + KERNEL_PAST;
	}
	for (size_t i = 0; i < KERNEL_BLOCK; i += 4) {
		lanes a = zeros(at[0]), b = zeros(at[1]);
		lanes c = zeros(at[2]), d = zeros(at[3]);

		TURN_4(a, b, c, d);
		store(u[i] + first, a);
		store(u[i + 1] + first, b);
		store(u[i + 2] + first, c);
		store(u[i + 3] + first, d);
		for (size_t k = 0; k < 4; k++)
			at[k] = x[k] + i + 4;
	}
}

/* The same of all channels, four by four. */
static void turn_plain(struct side_set *s, const float *const *x,
	float (*u)[SIDE_CHANNELS])
{
	for (size_t k = 0; k < SIDE_CHANNELS; k += 4)
		turn_4(s, x + k, k, u);
}

#ifdef __x86_64__
/* Eight rows of eight become eight columns: pairs, fours, halves. */
#define LOW_PAIRS(a, b) MIX(a, b, 0, 8, 1, 9, 4, 12, 5, 13)
#define HIGH_PAIRS(a, b) MIX(a, b, 2, 10, 3, 11, 6, 14, 7, 15)
#define LOW_FOURS(a, b) MIX(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH_FOURS(a, b) MIX(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#define LOW_HALVES(a, b) MIX(a, b, 0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH_HALVES(a, b) MIX(a, b, 4, 5, 6, 7, 12, 13, 14, 15)
#define ROW(k) load_8(x[k] + i)
#define ZEROS(j, now, two, four)                                              \
	do {                                                                  \
		lanes8 zero = (now) - 2 * (two) + (four);                     \
		memcpy(u[i + (j)] + first, &zero, sizeof zero);               \
	} while (0)

__attribute__((target("avx"))) static inline lanes8 load_8(const float *x)
{
	lanes8 v;

	memcpy(&v, x, sizeof v);
	return v;
}

/* Turned first, so that the zeros take no loads. */
__attribute__((target("avx"))) static void turn_8(struct side_set *s,
	const float *const *x, size_t first, float (*u)[SIDE_CHANNELS])
{
	lanes8 h0 = load_8(s->past[0] + first);
	lanes8 h1 = load_8(s->past[1] + first);
	lanes8 h2 = load_8(s->past[2] + first);
	lanes8 h3 = load_8(s->past[3] + first);

	for (size_t i = 0; i < KERNEL_BLOCK; i += 8) {
		lanes8 a = LOW_PAIRS(ROW(0), ROW(1));
		lanes8 b = LOW_PAIRS(ROW(2), ROW(3));
		lanes8 c = LOW_PAIRS(ROW(4), ROW(5));
		lanes8 d = LOW_PAIRS(ROW(6), ROW(7));
		lanes8 e = HIGH_PAIRS(ROW(0), ROW(1));
		lanes8 f = HIGH_PAIRS(ROW(2), ROW(3));
		lanes8 g = HIGH_PAIRS(ROW(4), ROW(5));
		lanes8 h = HIGH_PAIRS(ROW(6), ROW(7));
		lanes8 ab0 = LOW_FOURS(a, b), cd0 = LOW_FOURS(c, d);
		lanes8 ab1 = HIGH_FOURS(a, b), cd1 = HIGH_FOURS(c, d);
		lanes8 ef0 = LOW_FOURS(e, f), gh0 = LOW_FOURS(g, h);
		lanes8 ef1 = HIGH_FOURS(e, f), gh1 = HIGH_FOURS(g, h);
		lanes8 t0 = LOW_HALVES(ab0, cd0), t1 = LOW_HALVES(ab1, cd1);
		lanes8 t2 = LOW_HALVES(ef0, gh0), t3 = LOW_HALVES(ef1, gh1);

		ZEROS(0, t0, h2, h0);
		ZEROS(1, t1, h3, h1);
		ZEROS(2, t2, t0, h2);
		ZEROS(3, t3, t1, h3);
		h0 = HIGH_HALVES(ab0, cd0);
		h1 = HIGH_HALVES(ab1, cd1);
		h2 = HIGH_HALVES(ef0, gh0);
		h3 = HIGH_HALVES(ef1, gh1);
		ZEROS(4, h0, t2, t0);
		ZEROS(5, h1, t3, t1);
		ZEROS(6, h2, h0, t2);
		ZEROS(7, h3, h1, t3);
	}
	memcpy(s->past[0] + first, &h0, sizeof h0);
	memcpy(s->past[1] + first, &h1, sizeof h1);
	memcpy(s->past[2] + first, &h2, sizeof h2);
	memcpy(s->past[3] + first, &h3, sizeof h3);
}

__attribute__((target("avx"))) static void turn_wide(struct side_set *s,
	const float *const *x, float (*u)[SIDE_CHANNELS])
{
	turn_8(s, x, 0, u);
	turn_8(s, x + 8, 8, u);
}
#endif

/* The states that a block changes, by band and channel. */
#define EACH(what)                                                            \
	what(p1);                                                             \
	what(p2);                                                             \
	what(q1);                                                             \
	what(q2);                                                             \
	what(S);                                                              \
	what(L)

void side_start(struct side_set *s, const struct gains *g)
{
	memset(s, 0, sizeof *s);
	s->gains = *g;
}

void side_load(struct side_set *s, size_t channel, const struct kernel *k,
	const struct gains *g)
{
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		struct side_band *b = &s->band[i];

#define LOAD(what) b->what[channel] = k->what[i]
		EACH(LOAD);
		b->guard[channel] = g->guard[i];
		b->floor[channel] = g->guard_floor[i];
	}
	for (size_t j = 0; j < KERNEL_PAST; j++)
		s->past[j][channel] = k->x[j];
}

void side_store(const struct side_set *s, size_t channel, struct kernel *k)
{
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		const struct side_band *b = &s->band[i];

#define STORE(what) k->what[i] = b->what[channel]
		EACH(STORE);
	}
	for (size_t j = 0; j < KERNEL_PAST; j++)
		k->x[j] = s->past[j][channel];
}

/* A channel goes back to where it was before the block. */
static void undo(struct side_set *s, const struct side_set *was, size_t c)
{
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		if (!(s->gains.rest4[i] > 0)) /* no such lane */
			continue;
#define UNDO(what) s->band[i].what[c] = was->band[i].what[c]
		EACH(UNDO);
	}
	for (size_t j = 0; j < KERNEL_PAST; j++)
		s->past[j][c] = was->past[j][c];
}

typedef void turn(
	struct side_set *, const float *const *, float (*)[SIDE_CHANNELS]);
typedef void run(struct side_band *, const struct gains *, size_t,
	float (*)[SIDE_CHANNELS]);

INLINE unsigned block(struct side_set *s, const float *const *x, unsigned who,
	turn *turn_all, run *band)
{
	const float *all[SIDE_CHANNELS];
	float u[KERNEL_BLOCK][SIDE_CHANNELS];
	struct side_set was;
	int32_t any[SIDE_CHANNELS] = {0};
	unsigned quiet = 0;

	/* Who is missing is played by one who is not, and not heard. */
	for (size_t k = 0; k < SIDE_CHANNELS; k++)
		all[k] = x[who >> k & 1 ? k : (size_t)__builtin_ctz(who)];
	memcpy(was.past, s->past, sizeof was.past);
	turn_all(s, all, u);
	for (size_t i = 0; i < KERNEL_LANES; i++) {
		if (!(s->gains.rest4[i] > 0)) /* no such lane */
			continue;
		was.band[i] = s->band[i];
		band(&s->band[i], &s->gains, i, u);
		for (size_t k = 0; k < SIDE_CHANNELS; k++)
			any[k] |= s->band[i].any[k];
	}
	for (size_t k = 0; k < SIDE_CHANNELS; k++) {
		if (any[k] || !(who >> k & 1))
			undo(s, &was, k);
		else
			quiet |= 1u << k;
	}
	return quiet;
}

unsigned side_block_plain(
	struct side_set *s, const float *const *x, unsigned who)
{
	return block(s, x, who, turn_plain, band_4);
}

#ifdef __x86_64__
__attribute__((target("avx,fma"))) static unsigned block_8(
	struct side_set *s, const float *const *x, unsigned who)
{
	return block(s, x, who, turn_wide, band_8);
}
#endif

unsigned side_block(struct side_set *s, const float *const *x, unsigned who)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx") && __builtin_cpu_supports("fma"))
		return block_8(s, x, who);
#endif
	return block(s, x, who, turn_plain, band_4);
}
