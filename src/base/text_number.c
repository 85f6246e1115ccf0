/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <math.h>
#include <stdio.h>

static size_t fixed(char *s, size_t size, double v, int decimals)
{
	int n = snprintf(s, size, "%.*f", decimals, v);
	size_t len = n < 0 || (size_t)n >= size ? 0 : (size_t)n;
	bool zero = true;

	for (size_t i = 0; i < len; i++)
		zero = zero && (s[i] == '0' || s[i] == '.' || s[i] == '-');
	if (zero && len > 0 && s[0] == '-') {
		memmove(s, s + 1, len);
		len--;
	}
	return len;
}

void text_fixed(struct text *t, double v, int decimals)
{
	char s[352]; /* DBL_MAX has 309 digits before the point */

	if (!isfinite(v)) {
		text_add(t, "null");
		return;
	}
	text_bytes(t, (struct bytes){(uint8_t *)s,
		fixed(s, sizeof s, v, decimals)});
}

void text_short(struct text *t, double v, int decimals)
{
	char s[352];
	size_t n;

	if (!isfinite(v)) {
		text_add(t, "null");
		return;
	}
	n = fixed(s, sizeof s, v, decimals);
	if (decimals > 0) {
		while (n > 0 && s[n - 1] == '0')
			n--;
		if (n > 0 && s[n - 1] == '.')
			n--;
	}
	text_bytes(t, (struct bytes){(uint8_t *)s, n});
}
