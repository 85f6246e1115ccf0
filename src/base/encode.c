/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"

static const char hex[] = "0123456789abcdef";
static const char b64[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value_in(const char *alphabet, uint8_t c)
{
	const char *p = c ? strchr(alphabet, c) : NULL;

	return p ? (int)(p - alphabet) : -1;
}

void text_hex(struct text *t, struct bytes b)
{
	for (size_t i = 0; i < b.len; i++) {
		text_char(t, hex[b.at[i] >> 4]);
		text_char(t, hex[b.at[i] & 15]);
	}
}

void text_base64(struct text *t, struct bytes b)
{
	for (size_t i = 0; i < b.len; i += 3) {
		struct bytes p = bytes_part(b, i, 3);
		uint32_t v = (uint32_t)bytes_be(p) << (8 * (3 - p.len));

		text_char(t, b64[v >> 18 & 63]);
		text_char(t, b64[v >> 12 & 63]);
		text_char(t, p.len > 1 ? b64[v >> 6 & 63] : '=');
		text_char(t, p.len > 2 ? b64[v & 63] : '=');
	}
}

bool hex_read(struct bytes b, uint8_t *out, size_t n, struct fault *f)
{
	if (b.len != 2 * n)
		return fault(f, FAULT_INPUT, "%zu hex digits, wants %zu",
			b.len, 2 * n);
	for (size_t i = 0; i < b.len; i++) {
		int v = value_in(hex, b.at[i]);

		if (v < 0)
			return fault(f, FAULT_INPUT,
				"character %zu is no hex digit", i + 1);
		out[i / 2] = (uint8_t)(i % 2 ? out[i / 2] << 4 | v : v);
	}
	return true;
}

bool base64_read(
	struct bytes b, uint8_t *out, size_t size, size_t *n, struct fault *f)
{
	size_t pad = 0;

	*n = 0;
	if (b.len % 4 != 0)
		return fault(f, FAULT_INPUT, "base64 of %zu characters", b.len);
	while (pad < 2 && pad < b.len && b.at[b.len - 1 - pad] == '=')
		pad++;
	for (size_t i = 0; i < b.len; i += 4) {
		size_t have = i + 4 == b.len ? 4 - pad : 4;
		uint32_t v = 0;

		for (size_t k = 0; k < have; k++) {
			int d = value_in(b64, b.at[i + k]);

			if (d < 0)
				return fault(f, FAULT_INPUT,
					"character %zu is not base64",
					i + k + 1);
			v |= (uint32_t)d << (18 - 6 * k);
		}
		if (*n + have - 1 > size)
			return fault(f, FAULT_LIMIT,
				"base64 of more than %zu bytes", size);
		for (size_t k = 0; k + 1 < have; k++)
			out[(*n)++] = (uint8_t)(v >> (16 - 8 * k));
		if (have < 4 && (v & ((1U << (24 - 8 * (have - 1))) - 1)) != 0)
			return fault(f, FAULT_INPUT, "spare bits are not zero");
	}
	return true;
}

/* Length of the UTF-8 character at the front, 0 if it is none (Unicode 15,
 * table 3-7). */
size_t utf8_length(struct bytes b)
{
	uint8_t c = b.at[0];
	uint8_t low = 0x80, high = 0xbf;
	size_t n;

	if (c < 0x80)
		return 1;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	n = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0;
	else if (c == 0xed)
		high = 0x9f;
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f;
	if (b.len < n || b.at[1] < low || b.at[1] > high)
		return 0;
	for (size_t i = 2; i < n; i++)
		if (b.at[i] < 0x80 || b.at[i] > 0xbf)
			return 0;
	return n;
}
