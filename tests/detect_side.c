/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * detect_side.c - a channel's state is the same bytes alone and beside any
 * others, in vectors of any width. */
#include "base/maths.h"
#include "check.h"
#include "detect/bank.h"
#include "detect/side.h"

enum { BLOCKS = 500, CHANNELS = SIDE_CHANNELS };

static float wave[CHANNELS][BLOCKS * KERNEL_BLOCK];
static struct bank bank[CHANNELS];
static uint64_t seed = 7;

static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(seed >> 11) / 9007199254740992.0;
}

/* Noise of another height on each channel, and bangs. */
static void make_waves(void)
{
	for (size_t c = 0; c < CHANNELS; c++)
		for (size_t i = 0; i < BLOCKS * KERNEL_BLOCK; i++) {
			double bang = i % (2000 + 97 * c) < 30
				? 400 * (double)(c + 1) : 0;

			wave[c][i] = (float)floor((double)(c + 1) * 60 *
				(uniform() + uniform() + uniform()) + bang);
		}
}

static void tune(double rate_hz, bool low)
{
	static const struct band bands[KERNEL_LANES] = {
		{200, 1000, 0.01, 2}, {2, 15, 0.1, 10}, {10, 60, 0.05, 5},
		{40, 200, 0.02, 2}};

	for (size_t c = 0; c < CHANNELS; c++) {
		memset(&bank[c], 0, sizeof bank[c]);
		memcpy(bank[c].nominal, bands, sizeof bands);
		if (low)
			bank[c].nominal[0] = (struct band){0.5, 5, 0.5, 30};
		bank_start(&bank[c], rate_hz, 1.0 / 12);
		for (size_t i = 0; i < KERNEL_LANES; i++)
			gains_level(&bank[c].gains, i, 8 + (float)c);
	}
}

static bool same_lanes(
	const struct kernel *a, const struct side_set *set, size_t channel)
{
	struct kernel other, *b = &other;
	bool same;

	side_store(set, channel, b);
	same = memcmp(a->x, b->x, sizeof a->x) == 0;

	for (size_t i = 0; i < KERNEL_LANES; i++)
		if (bank->lane[i].active)
			same &= a->p1[i] == b->p1[i] && a->p2[i] == b->p2[i] &&
				a->q1[i] == b->q1[i] && a->q2[i] == b->q2[i] &&
				a->S[i] == b->S[i] && a->L[i] == b->L[i];
	return same;
}

static void test_alone(double rate_hz, bool low, size_t count)
{
	static struct kernel one[CHANNELS];
	static struct side_set many, plain;
	size_t wrong = 0, quiet = 0;

	tune(rate_hz, low);
	memset(one, 0, sizeof one);
	side_start(&many, &bank->gains);
	side_start(&plain, &bank->gains);
	for (size_t c = 0; c < count; c++) {
		for (size_t i = 0; i < KERNEL_LANES; i++)
			one[c].S[i] = one[c].L[i] = 1e9f;
		side_load(&many, c, &one[c], &bank[c].gains);
		side_load(&plain, c, &one[c], &bank[c].gains);
	}
	for (size_t n = 0; n < BLOCKS; n++) {
		const float *x[CHANNELS];
		unsigned all = 0;

		for (size_t c = 0; c < count; c++) {
			x[c] = wave[c] + n * KERNEL_BLOCK;
			all |= (unsigned)kernel_block(&one[c], &bank[c].gains,
				       x[c]) << c;
			kernel_rest(&one[c]);
		}
		wrong += all != side_block(&many, x, (1u << count) - 1);
		wrong += all != side_block_plain(
			&plain, x, (1u << count) - 1);
		for (size_t c = 0; c < count; c++) {
			wrong += !same_lanes(&one[c], &many, c) ||
				!same_lanes(&one[c], &plain, c);
			quiet += all >> c & 1;
			if (all >> c & 1)
				continue;
			/* Else it would be refused for ever. */
			bank[c].gains.guard *= 1.2f;
			side_load(&many, c, &one[c], &bank[c].gains);
			side_load(&plain, c, &one[c], &bank[c].gains);
		}
	}
	CHECK(wrong == 0 && quiet > 0 && quiet < count * BLOCKS,
		"%zu channels at %.0f Hz: %zu of %zu blocks quiet, %zu differ",
		count, rate_hz, quiet, count * BLOCKS, wrong);
}

int main(void)
{
	make_waves();
	test_alone(500, false, CHANNELS);
	test_alone(500, true, CHANNELS);
	test_alone(2400, false, CHANNELS);
	test_alone(2400, true, 5);
	test_alone(80, false, 1);
	tune(500, false);
	bank[1].gains.level[2] = 99;
	CHECK(side_equal(&bank[0].gains, &bank[1].gains),
		"other levels may lie beside");
	bank[1].gains.b1[2] += 0.5f;
	CHECK(!side_equal(&bank[0].gains, &bank[1].gains),
		"other filters may not");
	return check_done();
}
