/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/side.h"

struct side_band { /* one band of all channels */
	float p1[SIDE_CHANNELS], p2[SIDE_CHANNELS];
	float q1[SIDE_CHANNELS], q2[SIDE_CHANNELS];
	float S[SIDE_CHANNELS], L[SIDE_CHANNELS];
	float guard[SIDE_CHANNELS], floor[SIDE_CHANNELS];
	int32_t any[SIDE_CHANNELS];
};

#define NAME band_4
#define WIDTH 4
#define TARGET
#define vec lanes
#define mask masks
#define EVERY(x) ((lanes){x, x, x, x})
#include "detect/side_text.h"
#undef NAME
#undef WIDTH
#undef TARGET
#undef vec
#undef mask
#undef EVERY

#ifdef __x86_64__
typedef float lanes8 __attribute__((vector_size(32)));
typedef int32_t masks8 __attribute__((vector_size(32)));
#define NAME band_8
#define WIDTH 8
#define TARGET __attribute__((target("avx")))
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

/* Zeros of four channels from `first` on, turned: u[time][channel]. */
INLINE void turn(const struct side *s, size_t first, float (*u)[SIDE_CHANNELS])
{
	float early[4][KERNEL_PAST + 4];
	const float *x0 = early[0] + 4, *x1 = early[1] + 4;
	const float *x2 = early[2] + 4, *x3 = early[3] + 4;

	for (size_t k = 0; k < 4; k++) {
		memcpy(early[k], s[k].kernel->x, sizeof s[k].kernel->x);
		memcpy(early[k] + KERNEL_PAST, s[k].x, 4 * sizeof(float));
	}
	for (size_t i = 0; i < KERNEL_BLOCK; i += 4) {
		lanes a = zeros(x0), b = zeros(x1);
		lanes c = zeros(x2), d = zeros(x3);

		TURN_4(a, b, c, d);
		store(u[i] + first, a);
		store(u[i + 1] + first, b);
		store(u[i + 2] + first, c);
		store(u[i + 3] + first, d);
		x0 = s[0].x + i + 4;
		x1 = s[1].x + i + 4;
		x2 = s[2].x + i + 4;
		x3 = s[3].x + i + 4;
	}
}

/* One thing of four channels from `first` on, by band: from a vector in each
 * channel's `from` to a row in each band, and back. */
#define GATHER(to, from)                                                      \
	do {                                                                  \
		lanes v0 = c[0].from, v1 = c[1].from;                         \
		lanes v2 = c[2].from, v3 = c[3].from;                         \
		TURN_4(v0, v1, v2, v3);                                       \
		store(s[0].to + first, v0);                                   \
		store(s[1].to + first, v1);                                   \
		store(s[2].to + first, v2);                                   \
		store(s[3].to + first, v3);                                   \
	} while (0)
#define SCATTER(what)                                                         \
	do {                                                                  \
		lanes v0 = load(s[0].what + first);                           \
		lanes v1 = load(s[1].what + first);                           \
		lanes v2 = load(s[2].what + first);                           \
		lanes v3 = load(s[3].what + first);                           \
		TURN_4(v0, v1, v2, v3);                                       \
		if (quiet & 1)                                                \
			c[0].kernel->what = v0;                               \
		if (quiet & 2)                                                \
			c[1].kernel->what = v1;                               \
		if (quiet & 4)                                                \
			c[2].kernel->what = v2;                               \
		if (quiet & 8)                                                \
			c[3].kernel->what = v3;                               \
	} while (0)

INLINE void gather(struct side_band *s, const struct side *c, size_t first)
{
	GATHER(p1, kernel->p1);
	GATHER(p2, kernel->p2);
	GATHER(q1, kernel->q1);
	GATHER(q2, kernel->q2);
	GATHER(S, kernel->S);
	GATHER(L, kernel->L);
	GATHER(guard, gains->guard);
	GATHER(floor, gains->guard_floor);
}

INLINE void scatter(const struct side_band *s, const struct side *c,
	size_t first, unsigned quiet)
{
	quiet >>= first;
	SCATTER(p1);
	SCATTER(p2);
	SCATTER(q1);
	SCATTER(q2);
	SCATTER(S);
	SCATTER(L);
	for (size_t k = 0; k < 4; k++)
		if (quiet >> k & 1)
			memcpy(c[k].kernel->x,
				c[k].x + KERNEL_BLOCK - KERNEL_PAST,
				sizeof c[k].kernel->x);
}

typedef void run(
	struct side_band *, const struct gains *, size_t, float (*)[16]);

INLINE unsigned block(const struct side *side, size_t count, run *band)
{
	struct side c[SIDE_CHANNELS];
	struct side_band s[KERNEL_LANES];
	float u[KERNEL_BLOCK][SIDE_CHANNELS];
	unsigned quiet = 0;

	/* Who is missing is played by the first, and not heard. */
	for (size_t k = 0; k < SIDE_CHANNELS; k++)
		c[k] = side[k < count ? k : 0];
	for (size_t k = 0; k < SIDE_CHANNELS; k += 4) {
		turn(c + k, k, u);
		gather(s, c + k, k);
	}
	for (size_t i = 0; i < KERNEL_LANES; i++)
		if (c->gains->rest4[i] > 0) /* a lane that is there */
			band(&s[i], c->gains, i, u);
		else
			memset(s[i].any, 0, sizeof s[i].any);
	for (size_t k = 0; k < count; k++)
		quiet |= (unsigned)!(s[0].any[k] | s[1].any[k] | s[2].any[k] |
				 s[3].any[k]) << k;
	for (size_t k = 0; k < SIDE_CHANNELS; k += 4)
		scatter(s, c + k, k, quiet);
	return quiet;
}

unsigned side_block_plain(const struct side *c, size_t count)
{
	return block(c, count, band_4);
}

#ifdef __x86_64__
__attribute__((target("avx"))) static unsigned block_8(
	const struct side *c, size_t count)
{
	return block(c, count, band_8);
}
#endif

unsigned side_block(const struct side *c, size_t count)
{
#ifdef __x86_64__
	if (__builtin_cpu_supports("avx"))
		return block_8(c, count);
#endif
	return block(c, count, band_4);
}
