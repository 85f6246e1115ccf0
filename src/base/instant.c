/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/instant.h"

#include <math.h>

#define NS INT64_C(1000000000)

struct instant instant_plus_s(struct instant t, double s)
{
	return (struct instant){t.utc_ns + (int64_t)llround(s * 1e9)};
}

int64_t days_of_civil(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

static int month_days(int year, int month)
{
	static const int days[] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : days[month - 1];
}

bool instant_of_civil(
	const struct civil *c, struct instant *t, struct fault *f)
{
	int64_t s;

	if (c->year < 1970 || c->year > 2199)
		return fault(f, FAULT_INPUT, "year %d, wants 1970 to 2199",
			c->year);
	if (c->month < 1 || c->month > 12)
		return fault(f, FAULT_INPUT, "month %d", c->month);
	if (c->day < 1 || c->day > month_days(c->year, c->month))
		return fault(f, FAULT_INPUT, "day %d of month %d", c->day,
			c->month);
	if (c->hour < 0 || c->hour > 23 || c->minute < 0 || c->minute > 59 ||
		c->second < 0 || c->second > 60)
		return fault(f, FAULT_INPUT, "time %02d:%02d:%02d", c->hour,
			c->minute, c->second);
	if (c->ns < 0 || c->ns >= NS)
		return fault(f, FAULT_INPUT, "%d ns", (int)c->ns);
	s = days_of_civil(c->year, c->month, c->day) * 86400 +
		c->hour * 3600 + c->minute * 60 + c->second;
	t->utc_ns = s * NS + c->ns;
	return true;
}

/* n digits, or -1. */
static int digits(struct reader *r, size_t n)
{
	struct bytes b = read_bytes(r, n);
	int v = 0;

	for (size_t i = 0; i < b.len; i++) {
		if (b.at[i] < '0' || b.at[i] > '9')
			return -1;
		v = v * 10 + (b.at[i] - '0');
	}
	return b.len == n ? v : -1;
}

static bool mark(struct reader *r, const char *set)
{
	uint8_t c = read_u8(r);

	return !r->ran_out && c != 0 && strchr(set, c) != NULL;
}

static bool parse_clock(struct reader *r, struct civil *c)
{
	c->hour = digits(r, 2);
	if (!mark(r, ":"))
		return false;
	c->minute = digits(r, 2);
	if (reader_left(r) == 0 || r->in.at[r->pos] != ':')
		return c->hour >= 0 && c->minute >= 0;
	reader_skip(r, 1);
	c->second = digits(r, 2);
	if (reader_left(r) > 0 && r->in.at[r->pos] == '.') {
		int32_t scale = 100000000;
		size_t n = 0;

		reader_skip(r, 1);
		while (reader_left(r) > 0 && r->in.at[r->pos] >= '0' &&
			r->in.at[r->pos] <= '9') {
			c->ns += (read_u8(r) - '0') * scale;
			scale /= 10;
			n++;
		}
		if (n == 0)
			return false;
	}
	return c->hour >= 0 && c->minute >= 0 && c->second >= 0;
}

/* Seconds east of UTC. */
static bool parse_zone(struct reader *r, int *east_s)
{
	uint8_t c = read_u8(r);
	int h, m;

	*east_s = 0;
	if (c == 'Z' || c == 'z')
		return !r->ran_out;
	if (c != '+' && c != '-')
		return false;
	h = digits(r, 2);
	if (reader_left(r) > 0 && r->in.at[r->pos] == ':')
		reader_skip(r, 1);
	m = digits(r, 2);
	if (h < 0 || h > 15 || m < 0 || m > 59)
		return false;
	*east_s = (h * 60 + m) * (c == '-' ? -60 : 60);
	return true;
}

bool instant_parse(
	struct bytes b, bool date_ok, struct instant *t, struct fault *f)
{
	struct reader r = reader(b);
	struct civil c = {0};
	int east_s = 0;

	c.year = digits(&r, 4);
	if (!mark(&r, "-"))
		goto bad;
	c.month = digits(&r, 2);
	if (!mark(&r, "-"))
		goto bad;
	c.day = digits(&r, 2);
	if (c.year < 0 || c.month < 0 || c.day < 0 || r.ran_out)
		goto bad;
	if (!reader_done(&r)) {
		if (!mark(&r, "Tt ") || !parse_clock(&r, &c) || r.ran_out)
			goto bad;
		if (reader_done(&r))
			return fault(f, FAULT_INPUT,
				"time '%.*s' has no zone, wants Z or +hh:mm",
				(int)(b.len < 40 ? b.len : 40), b.at);
		if (!parse_zone(&r, &east_s) || !reader_done(&r) || r.ran_out)
			goto bad;
	} else if (!date_ok) {
		goto bad;
	}
	if (!instant_of_civil(&c, t, f))
		return false;
	t->utc_ns -= east_s * NS;
	if (!instant_known(*t))
		return fault(f, FAULT_INPUT, "time before 1970 or after 2199");
	return true;
bad:
	return fault(f, FAULT_INPUT,
		"time '%.*s', wants 2026-02-03T04:05:06Z",
		(int)(b.len < 40 ? b.len : 40), b.at ? (const char *)b.at : "");
}
