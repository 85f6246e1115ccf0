/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/seed2.h"

enum { HEADER = 64, FRAMES = 7, WORDS = 16 };

/* Steim 2 (SEED manual, appendix B): differences a word, bits of each, the
 * two-bit code in the frame's first word, and the two bits at the top of the
 * word itself (-1: it has none).  Densest first. */
static const struct {
	size_t count;
	int bits;
	uint32_t code;
	int top;
} packs[] = {
	{7, 4, 3, 2},
	{6, 5, 3, 1},
	{5, 6, 3, 0},
	{4, 8, 1, -1},
	{3, 10, 2, 3},
	{2, 15, 2, 2},
	{1, 30, 2, 1},
};
enum { PACKS = sizeof packs / sizeof *packs };

static bool fits(const int32_t *d, size_t n, int bits)
{
	const int32_t half = (int32_t)1 << (bits - 1);

	for (size_t i = 0; i < n; i++)
		if (d[i] < -half || d[i] >= half)
			return false;
	return true;
}

/* One word from at most n differences; says how many it took, 0 when a
 * difference does not fit in 30 bits. */
static size_t pack_word(
	const int32_t *d, size_t n, uint32_t *word, uint32_t *code)
{
	for (size_t p = 0; p < PACKS; p++) {
		size_t k = packs[p].count;
		uint32_t v = packs[p].top < 0 ? 0 : (uint32_t)packs[p].top;

		if (k > n || !fits(d, k, packs[p].bits))
			continue;
		/* Bits between the top and the first difference are unused. */
		v <<= packs[p].top < 0 ? 0 : 30 - (int)k * packs[p].bits;
		for (size_t i = 0; i < k; i++)
			v = v << packs[p].bits |
				((uint32_t)d[i] &
					((UINT32_C(1) << packs[p].bits) - 1));
		*word = v;
		*code = packs[p].code;
		return k;
	}
	return 0;
}

static void put_time(uint8_t *at, struct instant t)
{
	struct civil c = instant_civil(t);
	int64_t day = days_of_civil(c.year, c.month, c.day) -
		days_of_civil(c.year, 1, 1) + 1;

	put_be(at, (uint64_t)c.year, 2);
	put_be(at + 2, (uint64_t)day, 2);
	at[4] = (uint8_t)c.hour;
	at[5] = (uint8_t)c.minute;
	at[6] = (uint8_t)c.second;
	at[7] = 0;
	put_be(at + 8, (uint64_t)(c.ns / 100000), 2); /* 0.1 ms */
}

static void put_padded(uint8_t *at, size_t size, const char *s)
{
	for (size_t i = 0; i < size; i++)
		at[i] = *s ? (uint8_t)*s++ : ' ';
}

static void put_header(const struct seed2 *s, uint8_t *at, size_t samples)
{
	char number[8];
	int32_t us = (int32_t)(s->start.utc_ns / 1000 % 100);

	(void)snprintf(number, sizeof number, "%06u",
		(unsigned)(s->sequence % 1000000));
	memcpy(at, number, 6);
	at[6] = 'D';
	at[7] = ' ';
	put_padded(at + 8, 5, s->station);
	put_padded(at + 13, 2, s->location);
	put_padded(at + 15, 3, s->channel);
	put_padded(at + 18, 2, s->network);
	put_time(at + 20, s->start);
	put_be(at + 30, samples, 2);
	put_be(at + 32, (uint64_t)s->rate_hz, 2);
	put_be(at + 34, 1, 2);
	at[37] = s->locked ? 1 << 5 : 0;
	at[38] = s->locked ? 0 : 1 << 7; /* time tag is questionable */
	at[39] = 2;                      /* blockettes */
	put_be(at + 44, HEADER, 2);
	put_be(at + 46, 48, 2);
	put_be(at + 48, 1000, 2);
	put_be(at + 50, 56, 2);
	at[52] = 11; /* Steim 2 */
	at[53] = 1;  /* big-endian */
	at[54] = 9;  /* 2^9 bytes */
	put_be(at + 56, 1001, 2);
	at[60] = (uint8_t)s->quality;
	at[61] = (uint8_t)us; /* microseconds beyond the 0.1 ms, 0..99 */
	at[63] = FRAMES;
}

/* Fills the frames; how many samples went in (0: a difference too large). */
static size_t put_data(const struct seed2 *s, uint8_t *at)
{
	int32_t d[SEED2_SAMPLES + 1];
	int32_t before = s->last;
	size_t done = 0;

	for (size_t i = 0; i < s->count; i++) {
		/* Samples are 24-bit (the digitiser's), so this is exact. */
		d[i] = s->pending[i] - before;
		before = s->pending[i];
	}
	for (size_t f = 0; f < FRAMES; f++) {
		uint8_t *frame = at + f * 64;
		uint32_t codes = 0;

		for (size_t w = f == 0 ? 3 : 1; w < WORDS; w++) {
			uint32_t word = 0, code = 0;
			size_t n = pack_word(
				d + done, s->count - done, &word, &code);

			if (n == 0)
				break;
			put_be(frame + 4 * w, word, 4);
			codes |= code << (30 - 2 * w);
			done += n;
		}
		put_be(frame, codes, 4);
	}
	if (done > 0) {
		put_be(at + 4, (uint32_t)s->pending[0], 4);
		put_be(at + 8, (uint32_t)s->pending[done - 1], 4);
	}
	return done;
}

static bool put_record(struct seed2 *s, struct fault *f)
{
	uint8_t at[SEED2_RECORD] = {0};
	size_t n = put_data(s, at + HEADER);

	if (n == 0)
		return fault(f, FAULT_LIMIT,
			"seed2: a difference beyond 30 bits");
	put_header(s, at, n);
	s->last = s->pending[n - 1];
	s->count -= n;
	memmove(s->pending, s->pending + n, s->count * sizeof *s->pending);
	s->start.utc_ns += (int64_t)n * (1000000000 / s->rate_hz);
	s->sequence = s->sequence % 999999 + 1;
	return sink_put(s->out, (struct bytes){at, sizeof at}, f);
}

void seed2_start(struct seed2 *s, struct instant t)
{
	assert(s->count == 0 && s->rate_hz > 0 &&
		1000000000 % s->rate_hz == 0);
	s->start = t;
	if (s->sequence == 0)
		s->sequence = 1;
}

bool seed2_add(struct seed2 *s, const int32_t *v, size_t count, struct fault *f)
{
	for (size_t i = 0; i < count; i++) {
		s->pending[s->count++] = v[i];
		if (s->count > SEED2_SAMPLES && !put_record(s, f))
			return false;
	}
	return true;
}

bool seed2_flush(struct seed2 *s, struct fault *f)
{
	while (s->count > 0)
		if (!put_record(s, f))
			return false;
	return true;
}
