/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * swar.h - many bytes of text at once: where one stands, and what plain
 * decimals say, without a branch for each byte.
 *
 * In a register the first byte is the lowest, whatever the machine.  After
 * "Bit Twiddling Hacks" (S. E. Anderson, "Determine if a word has a zero
 * byte") and D. Lemire, "Number parsing at a gigabyte per second" (2021),
 * section 3. */
#ifndef FORMATS_SWAR_H
#define FORMATS_SWAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SWAR_ONES UINT64_C(0x0101010101010101)

/* at[0..8), which must be there.  One load on a little-endian machine. */
static inline uint64_t swar_load(const uint8_t *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 |
		(uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
		(uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 |
		(uint64_t)at[7] << 56;
}

/* The same back; one store. */
static inline void swar_store(char *at, uint64_t x)
{
	at[0] = (char)x;
	at[1] = (char)(x >> 8);
	at[2] = (char)(x >> 16);
	at[3] = (char)(x >> 24);
	at[4] = (char)(x >> 32);
	at[5] = (char)(x >> 40);
	at[6] = (char)(x >> 48);
	at[7] = (char)(x >> 56);
}

/* The first n <= 8 bytes; zeros behind. */
static inline uint64_t swar_first(uint64_t x, size_t n)
{
	return n == 0 ? 0 : x & UINT64_MAX >> (64 - 8 * n);
}

/* Index of the lowest bit that is set; there must be one. */
static inline unsigned swar_lowest(uint64_t x)
{
	return (unsigned)__builtin_ctzll(x);
}

/* Bit i says whether byte i of eight is c.  The product moves bit 8i + 7 to
 * 56 + i; no two of its terms meet. */
static inline uint64_t swar_where8(const uint8_t *at, uint8_t c)
{
	uint64_t y = swar_load(at) ^ SWAR_ONES * c, low = SWAR_ONES * 0x7f;
	uint64_t zero = ~(((y & low) + low) | y | low);

	return zero * UINT64_C(0x0002040810204081) >> 56;
}

static inline uint64_t swar_where_plain(const uint8_t *at, uint8_t c)
{
	uint64_t bits = 0;

	for (size_t i = 0; i < 64; i += 8)
		bits |= swar_where8(at + i, c) << i;
	return bits;
}

/* Bit i says whether byte i of 64, which must be there, is c. */
static inline uint64_t swar_where(const uint8_t *at, uint8_t c)
{
#ifdef __SSE2__
	const __m128i want = _mm_set1_epi8((char)c);
	uint64_t bits = 0;

	for (size_t i = 4; i-- > 0;) {
		__m128i x = _mm_loadu_si128((const void *)(at + 16 * i));
		int b = _mm_movemask_epi8(_mm_cmpeq_epi8(x, want));

		bits = bits << 16 | (unsigned)b;
	}
	return bits;
#else
	return swar_where_plain(at, c);
#endif
}

/* n <= 8 bytes of text at the upper end; digits become 0..9, in front comes
 * zero. */
static inline uint64_t swar_upper(uint64_t x, size_t n)
{
	return (x ^ SWAR_ONES * '0') << (64 - 8 * n);
}

/* Whether every byte is 0..9. */
static inline bool swar_digits(uint64_t v)
{
	return (((v + SWAR_ONES * 0x76) | v) & SWAR_ONES * 0x80) == 0;
}

/* Eight bytes 0..9, the first counting most, as a number. */
static inline unsigned swar_number(uint64_t v)
{
	v = v * 2561 >> 8;
	v = (v & UINT64_C(0x00ff00ff00ff00ff)) * 6553601 >> 16;
	v = (v & UINT64_C(0x0000ffff0000ffff)) * UINT64_C(42949672960001) >>
		32;
	return (unsigned)v;
}

/* A plain decimal in n bytes at `at`: a digit, then digits with at most one
 * point among them, n <= 8, and 8 bytes to be read there.  One division of two
 * exact numbers, rounded right.  False when it is anything else. */
static inline bool swar_decimal(const uint8_t *at, size_t n, double *v)
{
	/* By the number of digits after the point; 7 when there is none. */
	static const double ten[8] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1};
	uint64_t x, y, point, after;

	if (n - 1 > 7 || (uint8_t)(at[0] - '0') > 9)
		return false;
	x = swar_upper(swar_load(at), n);
	y = x ^ SWAR_ONES * ('.' ^ '0');
	point = (y - SWAR_ONES) & ~y & SWAR_ONES * 0x80;
	point &= ~point + 1; /* the first */
	after = ~(point | (point - 1));
	x = (x & after) | (x << (point ? 8 : 0) & ~after);
	if (!swar_digits(x))
		return false;
	*v = swar_number(x) / ten[__builtin_clzll(point | 1) / 8];
	return true;
}

#endif
