/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dice.h - random numbers of a test: the same from the same seed. */
#ifndef TESTS_DICE_H
#define TESTS_DICE_H

#include <stdint.h>

#include "base/maths.h"

static uint64_t seed;

/* [0,1) (splitmix64: Steele, Lea, Flood 2014). */
static double uniform(void)
{
	uint64_t x = seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return (double)((x ^ x >> 31) >> 11) * 0x1p-53;
}

/* Of mean 0 and variance 1. */
static double normal(void)
{
	return m_phi_inverse(0.5 * 0x1p-53 + uniform() * (1 - 0x1p-53));
}

#endif
