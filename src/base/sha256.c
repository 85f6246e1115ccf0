/* SPDX-License-Identifier: GPL-3.0-or-later */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256.h"

#include <openssl/sha.h>

_Static_assert(sizeof(SHA256_CTX) <= sizeof(struct sha256),
	"struct sha256 is too small");

/* memcpy in and out keeps the types honest; 112 bytes against a block's
 * compression is noise. */
void sha256_start(struct sha256 *s)
{
	SHA256_CTX c;

	(void)SHA256_Init(&c);
	memcpy(s, &c, sizeof c);
}

void sha256_add(struct sha256 *s, struct bytes b)
{
	SHA256_CTX c;

	if (b.len == 0)
		return;
	memcpy(&c, s, sizeof c);
	(void)SHA256_Update(&c, b.at, b.len);
	memcpy(s, &c, sizeof c);
}

struct digest sha256_end(struct sha256 *s)
{
	struct digest d;
	SHA256_CTX c;

	memcpy(&c, s, sizeof c);
	(void)SHA256_Final(d.at, &c);
	return d;
}

struct digest sha256_of(struct bytes b)
{
	struct digest d;
	SHA256_CTX c;

	(void)SHA256_Init(&c);
	if (b.len > 0)
		(void)SHA256_Update(&c, b.at, b.len);
	(void)SHA256_Final(d.at, &c);
	return d;
}

struct digest hmac_sha256(struct bytes key, struct bytes data)
{
	uint8_t pad[64] = {0};
	struct digest d;
	struct sha256 s;

	if (key.len > sizeof pad) {
		d = sha256_of(key);
		memcpy(pad, d.at, sizeof d.at);
	} else if (key.len > 0) {
		memcpy(pad, key.at, key.len);
	}
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36;
	sha256_start(&s);
	sha256_add(&s, (struct bytes){pad, sizeof pad});
	sha256_add(&s, data);
	d = sha256_end(&s);
	for (size_t i = 0; i < sizeof pad; i++)
		pad[i] ^= 0x36 ^ 0x5c;
	sha256_start(&s);
	sha256_add(&s, (struct bytes){pad, sizeof pad});
	sha256_add(&s, digest_view(&d));
	return sha256_end(&s);
}

const char *digest_hex(const struct digest *d, char out[SHA256_HEX])
{
	static const char hex[] = "0123456789abcdef";

	for (size_t i = 0; i < SHA256_LEN; i++) {
		out[2 * i] = hex[d->at[i] >> 4];
		out[2 * i + 1] = hex[d->at[i] & 15];
	}
	out[2 * SHA256_LEN] = '\0';
	return out;
}
