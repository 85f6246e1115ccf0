/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/instant.h"

#include <string.h>

#define NS INT64_C(1000000000)

struct instant instant_round_us(struct instant t)
{
	int64_t up = t.utc_ns + 500;
	int64_t over = up % 1000;

	if (!instant_known(t))
		return t;
	return (struct instant){up - over};
}

struct civil instant_civil(struct instant t)
{
	int64_t s = t.utc_ns / NS, ns = t.utc_ns % NS, z, era, doe, yoe, doy,
		mp;
	struct civil c;

	if (ns < 0) {
		ns += NS;
		s--;
	}
	z = s / 86400;
	s %= 86400;
	if (s < 0) {
		s += 86400;
		z--;
	}
	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (int)(yoe + era * 400 + (c.month <= 2));
	c.hour = (int)(s / 3600);
	c.minute = (int)(s / 60 % 60);
	c.second = (int)(s % 60);
	c.ns = (int32_t)ns;
	return c;
}

int instant_weekday(struct instant t)
{
	int64_t days = t.utc_ns / NS / 86400;

	return (int)((days + 3) % 7) + 1; /* 1970-01-01 was a Thursday */
}

/* n digits and what follows them. */
static char *digits(char *to, int v, int n, char after)
{
	for (int i = n - 1; i >= 0; i--, v /= 10)
		to[i] = (char)('0' + v % 10);
	to[n] = after;
	return to + n + 1;
}

const char *instant_print(
	struct instant t, int decimals, char out[INSTANT_TEXT])
{
	struct civil c;
	char *to = out;
	int unit = 1;

	if (!instant_known(t)) {
		memcpy(out, "null", sizeof "null");
		return out;
	}
	c = instant_civil(t);
	to = digits(to, c.year, 4, '-');
	to = digits(to, c.month, 2, '-');
	to = digits(to, c.day, 2, 'T');
	to = digits(to, c.hour, 2, ':');
	to = digits(to, c.minute, 2, ':');
	to = digits(to, c.second, 2, decimals > 0 ? '.' : 'Z');
	for (int i = decimals; i < 9; i++)
		unit *= 10;
	if (decimals > 0)
		to = digits(to, (int)c.ns / unit, decimals, 'Z');
	*to = '\0';
	return out;
}
