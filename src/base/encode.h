/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * encode.h - bytes as text: hex, base64 (RFC 4648 4, padded, strict: spare
 * bits zero), base32hex (RFC 4648 7, lower case, no padding; sorts as the
 * bytes do). */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "base/bytes.h"
#include "base/fault.h"
#include "base/text.h"

void text_hex(struct text *, struct bytes);
void text_base64(struct text *, struct bytes);
void text_base32hex(struct text *, struct bytes);

/* Exactly n bytes from text; INPUT faults say at which character. */
MUST_USE bool hex_read(struct bytes, uint8_t *out, size_t n, struct fault *);
MUST_USE bool base32hex_read(
	struct bytes, uint8_t *out, size_t n, struct fault *);
/* At most `size` bytes; *n is how many. */
MUST_USE bool base64_read(struct bytes, uint8_t *out, size_t size, size_t *n,
	struct fault *);

/* Bytes of the character in front, 1 to 4; 0: no UTF-8 (surrogates, overlong
 * forms and what lies beyond U+10FFFF are none).  Wants a byte. */
size_t utf8_length(struct bytes);

#endif
