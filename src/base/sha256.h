/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sha256.h - SHA-256 (FIPS 180-4).
 *
 * Nothing else hashes, but sha256_many.c.  libcrypto's low-level calls: the
 * state lies in our struct, so nothing allocates and pure rooms may call it,
 * and the SHA extensions of the processor are used.  (The EVP calls allocate,
 * and cost 4 x on 65 bytes when used one-shot.) */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include "base/bytes.h"

enum { SHA256_LEN = 32, SHA256_HEX = 65 };

struct sha256 {
	uint64_t state[16]; /* room for libcrypto's SHA256_CTX, checked */
};

struct digest {
	uint8_t at[SHA256_LEN];
};

void sha256_start(struct sha256 *);
void sha256_add(struct sha256 *, struct bytes);
struct digest sha256_end(struct sha256 *);
struct digest sha256_of(struct bytes);
/* One after the other, at once: the fastest for what is short. */
struct digest sha256_parts(const struct bytes *, size_t parts);

/* Of 64 bytes that are in *block, and what comes behind them. */
struct digest sha256_behind(const struct sha256 *block, struct bytes);

static inline struct bytes digest_view(const struct digest *d)
{
	return (struct bytes){d->at, SHA256_LEN};
}

/* Lower-case hex with its end mark. Returns out. */
const char *digest_hex(const struct digest *, char out[SHA256_HEX]);

#endif
