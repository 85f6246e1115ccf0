/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/instant.h"

#include <stdio.h>

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

const char *instant_print(
	struct instant t, int decimals, char out[INSTANT_TEXT])
{
	struct civil c;
	char frac[16];
	int n;

	if (!instant_known(t)) {
		(void)snprintf(out, INSTANT_TEXT, "null");
		return out;
	}
	c = instant_civil(t);
	n = snprintf(out, INSTANT_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d",
		c.year % 10000, c.month % 100, c.day % 100, c.hour % 100,
		c.minute % 100, c.second % 100);
	if (decimals > 0) {
		(void)snprintf(frac, sizeof frac, "%09d", (int)c.ns);
		n += snprintf(out + n, INSTANT_TEXT - (size_t)n, ".%.*s",
			decimals, frac);
	}
	(void)snprintf(out + n, INSTANT_TEXT - (size_t)n, "Z");
	return out;
}
