/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"

static const char b32[] = "0123456789abcdefghijklmnopqrstuv";

void text_base32hex(struct text *t, struct bytes b)
{
	uint32_t v = 0;
	unsigned bits = 0;

	for (size_t i = 0; i < b.len; i++) {
		v = (v << 8 | b.at[i]) & 0xfff;
		bits += 8;
		while (bits >= 5) {
			bits -= 5;
			text_char(t, b32[v >> bits & 31]);
		}
	}
	if (bits > 0)
		text_char(t, b32[v << (5 - bits) & 31]);
}

bool base32hex_read(struct bytes b, uint8_t *out, size_t n, struct fault *f)
{
	uint32_t v = 0;
	unsigned bits = 0;
	size_t done = 0;

	if (b.len != (n * 8 + 4) / 5)
		return fault(f, FAULT_INPUT, "%zu characters, wants %zu",
			b.len, (n * 8 + 4) / 5);
	for (size_t i = 0; i < b.len; i++) {
		const char *d = b.at[i] ? strchr(b32, b.at[i]) : NULL;

		if (!d)
			return fault(f, FAULT_INPUT,
				"character %zu is not base32hex", i + 1);
		v = (v << 5 | (uint32_t)(d - b32)) & 0xfff;
		bits += 5;
		if (bits >= 8 && done < n) {
			bits -= 8;
			out[done++] = (uint8_t)(v >> bits);
		}
	}
	if ((v & ((1U << bits) - 1)) != 0)
		return fault(f, FAULT_INPUT, "spare bits are not zero");
	return true;
}
