/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <math.h>
#include <stdio.h>

/* The digits of most numbers by integers, ten times as fast: a product below
 * 1e12 is out by 1e-4 of a last digit at most, so what is no near tie rounds
 * as its exact value does.  0: not so. */
static size_t plainly(char s[24], double v, int decimals)
{
	static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7,
		1e8, 1e9};
	double x = decimals < 10 ? fabs(v) * powers[decimals] : 1e12, rest;
	char digits[24];
	uint64_t n;
	size_t len = 0, out = 0;
	bool minus;

	if (x >= 1e12)
		return 0;
	n = (uint64_t)x;
	rest = x - (double)n;
	if (fabs(rest - 0.5) < 1e-3)
		return 0;
	n += rest > 0.5;
	minus = v < 0 && n > 0;
	for (; n > 0 || len <= (size_t)decimals; n /= 10)
		digits[len++] = (char)('0' + n % 10);
	if (minus)
		s[out++] = '-';
	while (len > 0) {
		s[out++] = digits[--len];
		if (len == (size_t)decimals && len > 0)
			s[out++] = '.';
	}
	return out;
}

static size_t by_printf(char *s, size_t size, double v, int decimals)
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

static size_t fixed(char *s, size_t size, double v, int decimals)
{
	size_t n = plainly(s, v, decimals);

	return n > 0 ? n : by_printf(s, size, v, decimals);
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
