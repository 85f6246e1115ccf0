/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * philox.h - random numbers that are a function of (seed, stream, index).
 *
 * Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as
 * easy as 1, 2, 3", SC11): no state, so that adding a node to a scenario
 * changes no other node's noise.  A stream is any 64-bit name; philox_stream()
 * makes one from words. */
#ifndef SIM_PHILOX_H
#define SIM_PHILOX_H

#include <stdint.h>

struct philox {
	uint32_t at[4];
};

struct philox philox_block(struct philox counter, const uint32_t key[2]);
struct philox philox(uint64_t seed, uint64_t stream, uint64_t index);

/* FNV-1a over the words and the number; a name, not a hash for safety. */
uint64_t philox_stream(const char *what, const char *who, uint64_t n);

/* [0, 1) with 53 bits; normal(0, 1); exponential of mean 1. */
double philox_unit(uint64_t seed, uint64_t stream, uint64_t index);
double philox_normal(uint64_t seed, uint64_t stream, uint64_t index);
double philox_wait(uint64_t seed, uint64_t stream, uint64_t index);

#endif
