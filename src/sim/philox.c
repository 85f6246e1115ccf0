/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/philox.h"

#include "base/maths.h"

/* Multipliers and Weyl increments of the paper's table 2 and section 3.2. */
#define M0 UINT32_C(0xD2511F53)
#define M1 UINT32_C(0xCD9E8D57)
#define W0 UINT32_C(0x9E3779B9)
#define W1 UINT32_C(0xBB67AE85)
enum { ROUNDS = 10 };

struct philox philox_block(struct philox c, const uint32_t key[2])
{
	uint32_t k0 = key[0], k1 = key[1];

	for (int i = 0; i < ROUNDS; i++) {
		uint64_t a = (uint64_t)M0 * c.at[0];
		uint64_t b = (uint64_t)M1 * c.at[2];

		c = (struct philox){{(uint32_t)(b >> 32) ^ c.at[1] ^ k0,
			(uint32_t)b, (uint32_t)(a >> 32) ^ c.at[3] ^ k1,
			(uint32_t)a}};
		k0 += W0;
		k1 += W1;
	}
	return c;
}

struct philox philox(uint64_t seed, uint64_t stream, uint64_t index)
{
	const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
	struct philox c = {{(uint32_t)index, (uint32_t)(index >> 32),
		(uint32_t)stream, (uint32_t)(stream >> 32)}};

	return philox_block(c, key);
}

/* Offset basis and prime of 64-bit FNV-1a (Fowler, Noll, Vo). */
uint64_t philox_stream(const char *what, const char *who, uint64_t n)
{
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (; *what; what++)
		h = (h ^ (uint8_t)*what) * UINT64_C(0x100000001b3);
	h = (h ^ 0xff) * UINT64_C(0x100000001b3);
	for (; *who; who++)
		h = (h ^ (uint8_t)*who) * UINT64_C(0x100000001b3);
	for (int i = 0; i < 8; i++, n >>= 8)
		h = (h ^ (n & 0xff)) * UINT64_C(0x100000001b3);
	return h;
}

double philox_unit(uint64_t seed, uint64_t stream, uint64_t index)
{
	struct philox p = philox(seed, stream, index);
	uint64_t v = (uint64_t)p.at[1] << 32 | p.at[0];

	return (double)(v >> 11) * 0x1p-53;
}

double philox_normal(uint64_t seed, uint64_t stream, uint64_t index)
{
	/* The middle of its 2^-53 step, so that neither end is met. */
	return m_phi_inverse(philox_unit(seed, stream, index) + 0x1p-54);
}

double philox_wait(uint64_t seed, uint64_t stream, uint64_t index)
{
	return -m_log(1 - philox_unit(seed, stream, index));
}
