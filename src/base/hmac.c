/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hmac.h"

enum { BLOCK = 64 };

void hmac_begin(struct hmac *h, struct bytes key)
{
	uint8_t pad[BLOCK] = {0};
	struct digest d;

	if (key.len > sizeof pad) {
		d = sha256_of(key);
		memcpy(pad, d.at, sizeof d.at);
	} else if (key.len > 0) {
		memcpy(pad, key.at, key.len);
	}
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36;
	sha256_start(&h->inner);
	sha256_add(&h->inner, (struct bytes){pad, sizeof pad});
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	sha256_start(&h->outer);
	sha256_add(&h->outer, (struct bytes){pad, sizeof pad});
}

struct digest hmac_of(const struct hmac *h, struct bytes data)
{
	struct digest d = sha256_behind(&h->inner, data);

	return sha256_behind(&h->outer, digest_view(&d));
}

struct digest hmac_sha256(struct bytes key, struct bytes data)
{
	struct hmac h;

	hmac_begin(&h, key);
	return hmac_of(&h, data);
}
