/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * mseed_write.h - miniSEED records made for tests and benches: version 2 in
 * 512 bytes and version 3, Steim 2 (big-endian), as the SEED manual's
 * appendix B packs them: as many differences in a word as fit. */
#ifndef TESTS_MSEED_WRITE_H
#define TESTS_MSEED_WRITE_H

#include "base/bytes.h"
#include "base/instant.h"
#include "formats/crc32c.h"

static bool steim2_fits(const int32_t *d, size_t k, int bits)
{
	for (size_t i = 0; i < k; i++)
		if (d[i] < -(1 << (bits - 1)) || d[i] >= 1 << (bits - 1))
			return false;
	return true;
}

/* One word from the n differences; how many went in, *code its 2 bits. */
static size_t steim2_word(
	const int32_t *d, size_t n, uint32_t *word, uint32_t *code)
{
	static const struct {
		size_t k;
		int bits;
		uint32_t code, sub;
	} ways[] = {{7, 4, 3, 2}, {6, 5, 3, 1}, {5, 6, 3, 0}, {4, 8, 1, 0},
		{3, 10, 2, 3}, {2, 15, 2, 2}, {1, 30, 2, 1}};

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		size_t k = ways[i].k;
		uint32_t w = 0, mask = (1u << ways[i].bits) - 1;

		if (k > n || !steim2_fits(d, k, ways[i].bits))
			continue;
		for (size_t j = 0; j < k; j++)
			w = w << ways[i].bits | ((uint32_t)d[j] & mask);
		if (ways[i].code != 1)
			w |= ways[i].sub << 30;
		*word = w;
		*code = ways[i].code;
		return k;
	}
	abort();
}

/* x[0..n) with the sample before it into `frames` frames; how many samples
 * went in.  x may end early: the rest are empty words. */
static size_t steim2_pack(
	const int32_t *x, size_t n, int32_t before, uint8_t *out, size_t frames)
{
	size_t done = 0;
	int32_t d[7];

	memset(out, 0, frames * 64);
	for (size_t w = 0; w < frames * 16 && done < n; w++) {
		uint32_t word, code;
		size_t k = n - done < 7 ? n - done : 7;

		if (w % 16 == 0 || w == 1 || w == 2)
			continue;
		for (size_t j = 0; j < k; j++)
			d[j] = (int32_t)((uint32_t)x[done + j] -
					 (uint32_t)(done + j ? x[done + j - 1]
							     : before));
		done += steim2_word(d, k, &word, &code);
		put_be(out + 4 * w, word, 4);
		uint8_t *control = out + 4 * (w - w % 16);
		put_be(control, bytes_be((struct bytes){control, 4}) |
				code << (30 - 2 * (w % 16)), 4);
	}
	put_be(out + 4, (uint32_t)x[0], 4);
	put_be(out + 8, (uint32_t)x[done - 1], 4);
	return done;
}

static void mseed_day(struct instant t, unsigned *day)
{
	struct civil c = instant_civil(t);

	*day = (unsigned)(days_of_civil(c.year, c.month, c.day) -
		days_of_civil(c.year, 1, 1) + 1);
}

/* 48 + 16 bytes of header with blockettes 1000 and 1001; Steim 2 by 512. */
static void mseed2_header(uint8_t *out, const char *name12, struct instant t,
	size_t samples, int rate_hz)
{
	struct civil c = instant_civil(t);
	unsigned day;

	mseed_day(t, &day);
	memcpy(out, "000001D ", 8);
	memcpy(out + 8, name12, 12); /* STATI LO CHA NE */
	put_be(out + 20, (uint64_t)c.year, 2);
	put_be(out + 22, day, 2);
	out[24] = (uint8_t)c.hour;
	out[25] = (uint8_t)c.minute;
	out[26] = (uint8_t)c.second;
	out[27] = 0;
	put_be(out + 28, (uint64_t)c.ns / 100000, 2);
	put_be(out + 30, samples, 2);
	put_be(out + 32, (uint64_t)rate_hz, 2);
	put_be(out + 34, 1, 2);
	memset(out + 36, 0, 8);
	out[39] = 2;
	put_be(out + 44, 64, 2);
	put_be(out + 46, 48, 2);
	put_be(out + 48, UINT64_C(0x03e800380b010900), 8);
	put_be(out + 56, UINT64_C(0x03e9000064000007), 8);
	out[61] = (uint8_t)(c.ns / 1000 % 100);
}

/* Samples that went into the 512 bytes. */
__attribute__((unused)) static size_t mseed2_record(uint8_t out[512],
	const char *name12, struct instant t, int rate_hz, const int32_t *x,
	size_t n)
{
	size_t k = steim2_pack(x, n, x[0], out + 64, 7);

	mseed2_header(out, name12, t, k, rate_hz);
	return k;
}

/* A version 3 record; its length. */
__attribute__((unused)) static size_t mseed3_record(uint8_t *out,
	const char *sid, struct instant t, double rate_hz, const int32_t *x,
	size_t n, const char *extra)
{
	struct civil c = instant_civil(t);
	size_t id = strlen(sid), more = strlen(extra);
	size_t at = 40 + id + more;
	uint64_t bits;
	unsigned day;

	mseed_day(t, &day);
	memset(out, 0, 40);
	memcpy(out, "MS\3", 3);
	put_le(out + 4, (uint64_t)c.ns, 4);
	put_le(out + 8, (uint64_t)c.year, 2);
	put_le(out + 10, day, 2);
	out[12] = (uint8_t)c.hour;
	out[13] = (uint8_t)c.minute;
	out[14] = (uint8_t)c.second;
	out[15] = 11;
	memcpy(&bits, &rate_hz, 8);
	put_le(out + 16, bits, 8);
	put_le(out + 24, steim2_pack(x, n, x[0], out + at, 7), 4);
	out[32] = 1;
	out[33] = (uint8_t)id;
	put_le(out + 34, more, 2);
	put_le(out + 36, 448, 4);
	memcpy(out + 40, sid, id);
	memcpy(out + 40 + id, extra, more);
	put_le(out + 28, crc32c_add(0, (struct bytes){out, at + 448}), 4);
	return at + 448;
}

#endif
