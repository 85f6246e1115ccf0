/* SPDX-License-Identifier: GPL-3.0-or-later */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "base/sha256_many.h"

#include <openssl/sha.h>

enum { BLOCK = 64, LONGEST = SHA256_LAID - 9 }; /* FIPS 180-4, 5.1.1 */

static struct digest at_once(const struct sha256 *front,
	const struct bytes *part, size_t parts)
{
	struct sha256 s;

	if (!front)
		return sha256_parts(part, parts);
	s = *front;
	for (size_t i = 0; i < parts; i++)
		sha256_add(&s, part[i]);
	return sha256_end(&s);
}

void sha256_lay(struct sha256_many *m, const struct sha256 *front,
	const struct bytes *part, size_t parts, struct digest *out)
{
	uint8_t *in = m->in[m->n];
	size_t n = 0, whole;

	for (size_t i = 0; i < parts; i++) {
		if (part[i].len > LONGEST - n) {
			*out = at_once(front, part, parts);
			return;
		}
		if (part[i].len > 0)
			memcpy(in + n, part[i].at, part[i].len);
		n += part[i].len;
	}
	whole = (n + 9 + BLOCK - 1) / BLOCK * BLOCK;
	memset(in + n, 0, whole - n);
	in[n] = 0x80;
	put_be(in + whole - 8, 8 * (n + (front ? BLOCK : 0)), 8);
	m->of[m->n].front = front;
	m->of[m->n].out = out;
	m->of[m->n++].blocks = whole / BLOCK;
}

void sha256_all(struct sha256_many *m)
{
	SHA256_CTX begin, c;

	(void)SHA256_Init(&begin);
	for (size_t i = 0; i < m->n; i++) {
		if (m->of[i].front)
			memcpy(&c, m->of[i].front, sizeof c);
		else
			c = begin;
		for (size_t k = 0; k < m->of[i].blocks; k++)
			SHA256_Transform(&c, m->in[i] + k * BLOCK);
		for (size_t k = 0; k < 8; k++)
			put_be(m->of[i].out->at + 4 * k, c.h[k], 4);
	}
	m->n = 0;
}
