/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hmac.h - HMAC-SHA-256 (RFC 2104).
 *
 * One key for many texts: two of four blocks of a short one are its. */
#ifndef BASE_HMAC_H
#define BASE_HMAC_H

#include "base/sha256.h"

struct hmac {
	struct sha256 inner, outer;
};

void hmac_begin(struct hmac *, struct bytes key);
struct digest hmac_of(const struct hmac *, struct bytes data);
struct digest hmac_sha256(struct bytes key, struct bytes data);

#endif
