/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/seed2.h"

enum { HEADER = 64, FRAMES = 7, WORDS = 16, PACK_MAX = 7 };

/* Steim 2 (SEED manual, appendix B): differences a word, bits of each, the
 * two-bit code in the frame's first word, and the two bits at the top of the
 * word itself (-1: it has none).  Densest first. */
static const struct {
	uint8_t count, bits, code;
	int8_t top;
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

/* Four differences at once.  The densest pack that holds one is the number of
 * these that its magnitude (sign not counted) passes. */
typedef int32_t lanes __attribute__((vector_size(16)));

static lanes pack_of(lanes d)
{
	const lanes u = d ^ (d >> 31);

	return -((u > 7) + (u > 15) + (u > 31) + (u > 127) + (u > 511) +
		(u > 16383) + (u > 536870911));
}

static int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* The densest pack whose count of differences all fit, from at least seven
 * that wait; PACKS: none does.  Without a branch: a pack fits when the
 * largest of its first ones does. */
static size_t pack_choose(const int32_t *pack)
{
	const int32_t m2 = larger(pack[0], pack[1]), m3 = larger(m2, pack[2]);
	const int32_t m4 = larger(m3, pack[3]), m5 = larger(m4, pack[4]);
	const int32_t m6 = larger(m5, pack[5]), m7 = larger(m6, pack[6]);
	const unsigned fits = (unsigned)(m7 <= 0) | (unsigned)(m6 <= 1) << 1 |
		(unsigned)(m5 <= 2) << 2 | (unsigned)(m4 <= 3) << 3 |
		(unsigned)(m3 <= 4) << 4 | (unsigned)(m2 <= 5) << 5 |
		(unsigned)(pack[0] <= 6) << 6 | 1u << PACKS;

	return (size_t)__builtin_ctz(fits);
}

static uint32_t low(int32_t d, int bits)
{
	return (uint32_t)d & ((UINT32_C(1) << bits) - 1);
}

/* Bits between the top and the first difference are unused. */
static uint32_t pack_word(const int32_t *d, size_t p)
{
	const int bits = packs[p].bits, k = packs[p].count;
	uint32_t v = packs[p].top < 0 ? 0 :
		(uint32_t)packs[p].top << (30 - bits * k);

	switch (k) {
	case 7:
		v = v << bits | low(*d++, bits);
		__attribute__((fallthrough));
	case 6:
		v = v << bits | low(*d++, bits);
		__attribute__((fallthrough));
	case 5:
		v = v << bits | low(*d++, bits);
		__attribute__((fallthrough));
	case 4:
		v = v << bits | low(*d++, bits);
		__attribute__((fallthrough));
	case 3:
		v = v << bits | low(*d++, bits);
		__attribute__((fallthrough));
	case 2:
		v = v << bits | low(*d++, bits);
		__attribute__((fallthrough));
	default:
		return v << bits | low(*d, bits);
	}
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

static void put_header(struct seed2 *s, struct instant start)
{
	uint8_t *at = s->record;
	char number[8];
	int32_t us = (int32_t)(start.utc_ns / 1000 % 100);

	(void)snprintf(number, sizeof number, "%06u",
		(unsigned)(s->sequence % 1000000));
	memcpy(at, number, 6);
	at[6] = 'D';
	at[7] = ' ';
	put_padded(at + 8, 5, s->station);
	put_padded(at + 13, 2, s->location);
	put_padded(at + 15, 3, s->channel);
	put_padded(at + 18, 2, s->network);
	put_time(at + 20, start);
	put_be(at + 30, s->samples, 2);
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

static bool put_record(struct seed2 *s, struct fault *f)
{
	int64_t ahead_ns = s->ahead_ns ? s->ahead_ns(s->self, s->start) : 0;

	put_header(s, instant_plus_ns(s->start, ahead_ns));
	put_be(s->record + HEADER + 4, (uint32_t)s->first, 4);
	put_be(s->record + HEADER + 8, (uint32_t)s->last, 4);
	s->start.utc_ns += (int64_t)s->samples * (1000000000 / s->rate_hz);
	s->sequence = s->sequence % 999999 + 1;
	s->samples = s->slot = 0;
	return sink_put(
		s->out, (struct bytes){s->record, sizeof s->record}, f);
}

/* A word into the record: the first of a frame holds the codes of the others,
 * and two of the first frame the integration constants. */
static void put_word(struct seed2 *s, uint32_t word, uint32_t code)
{
	uint8_t *frame = s->record + HEADER + 64 * (s->slot / WORDS);
	const size_t n = s->slot % WORDS;

	put_be(frame + 4 * n, word, 4);
	frame[n / 4] |= (uint8_t)(code << (6 - 2 * (n % 4)));
	s->slot += n == WORDS - 1 ? 2 : 1;
}

/* At the end fewer than seven may wait: what is not there fits nowhere. */
static void pad(struct seed2 *s)
{
	for (size_t i = 0; i < PACK_MAX; i++)
		s->pack[s->waiting + i] = PACKS;
}

/* Packs what waits, but for the last few, which may yet share a word with what
 * follows; all of it when `whole`. */
static bool pack_waiting(struct seed2 *s, bool whole, struct fault *f)
{
	size_t at = 0, least = whole ? 1 : PACK_MAX;
	int32_t last = s->last;

	while (s->waiting - at >= least) {
		const int32_t *d = s->wait + at;
		size_t p = pack_choose(s->pack + at);

		if (p == PACKS)
			return fault(f, FAULT_LIMIT,
				"seed2: a difference beyond 30 bits");
		if (s->slot == 0) {
			memset(s->record, 0, sizeof s->record);
			s->slot = 3;
			s->first = last + d[0];
		}
		put_word(s, pack_word(d, p), packs[p].code);
		at += packs[p].count;
		last = s->value[at - 1];
		s->samples += packs[p].count;
		s->last = last;
		if (s->slot > SEED2_SLOTS && !put_record(s, f))
			return false;
	}
	s->waiting -= at;
	memmove(s->wait, s->wait + at, s->waiting * sizeof *s->wait);
	memmove(s->value, s->value + at, s->waiting * sizeof *s->value);
	memmove(s->pack, s->pack + at, s->waiting * sizeof *s->pack);
	return true;
}

void seed2_start(struct seed2 *s, struct instant t)
{
	assert(s->waiting == 0 && s->samples == 0 && s->rate_hz > 0 &&
		1000000000 % s->rate_hz == 0);
	s->start = t;
	if (s->sequence == 0)
		s->sequence = 1;
}

/* Samples are 24-bit (the digitiser's), so differences are exact. */
static void take(struct seed2 *s, const int32_t *v, size_t n)
{
	int32_t *d = s->wait + s->waiting, *pack = s->pack + s->waiting;
	size_t i = 0;

	memcpy(s->value + s->waiting, v, n * sizeof *v);
	if (n == 0)
		return;
	d[0] = v[0] - s->before;
	for (i = 1; i < n; i++)
		d[i] = v[i] - v[i - 1];
	s->before = v[n - 1];
	s->waiting += n;
	/* What lies behind the last is packed too, and not looked at. */
	for (i = 0; i < n; i += 4) {
		lanes x;

		memcpy(&x, d + i, sizeof x);
		x = pack_of(x);
		memcpy(pack + i, &x, sizeof x);
	}
}

bool seed2_add(struct seed2 *s, const int32_t *v, size_t count, struct fault *f)
{
	for (size_t done = 0; done < count;) {
		size_t n = SEED2_WAIT - s->waiting;

		n = count - done < n ? count - done : n;
		take(s, v + done, n);
		done += n;
		if (!pack_waiting(s, false, f))
			return false;
	}
	return true;
}

bool seed2_flush(struct seed2 *s, struct fault *f)
{
	pad(s);
	return pack_waiting(s, true, f) &&
		(s->samples == 0 || put_record(s, f));
}
