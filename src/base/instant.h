/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * instant.h - moments in UTC, as nanoseconds in a struct, so that nobody adds
 * one to metres.
 *
 * The range is 1970-01-01 to 2200-01-01; outside it, and for INSTANT_UNKNOWN,
 * nothing is computed.  No function here asks what time it is.  Leap seconds:
 * "23:59:60" is read as the following second (POSIX time has no other place
 * for it); who needs to know keeps the flag of the source. */
#ifndef BASE_INSTANT_H
#define BASE_INSTANT_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/fault.h"

struct instant {
	int64_t utc_ns; /* since 1970-01-01T00:00:00Z */
};

struct span { /* half-open: from <= t < to */
	struct instant from, to;
};

struct civil { /* proleptic Gregorian, UTC */
	int year, month, day, hour, minute, second;
	int32_t ns;
};

enum { INSTANT_TEXT = 40 };
#define INSTANT_UNKNOWN ((struct instant){INT64_MIN})
#define INSTANT_MAX_NS (INT64_C(7258118400) * 1000000000) /* 2200-01-01 */

static inline bool instant_known(struct instant t)
{
	return t.utc_ns >= 0 && t.utc_ns < INSTANT_MAX_NS;
}

static inline struct instant instant_plus_ns(struct instant t, int64_t ns)
{
	return (struct instant){t.utc_ns + ns};
}

/* Seconds from a to b; exact below 2^53 ns apart (104 days). */
static inline double instant_seconds(struct instant a, struct instant b)
{
	return (double)(b.utc_ns - a.utc_ns) * 1e-9;
}

/* Nearest nanosecond. */
struct instant instant_plus_s(struct instant, double s);
/* To the microsecond, half up: the resolution of records. */
struct instant instant_round_us(struct instant);

/* -1, 0, 1: as qsort() asks. */
static inline int instant_order(struct instant a, struct instant b)
{
	return (a.utc_ns > b.utc_ns) - (a.utc_ns < b.utc_ns);
}

/* By beginning, then by end. */
static inline int span_order(struct span a, struct span b)
{
	int d = instant_order(a.from, b.from);

	return d ? d : instant_order(a.to, b.to);
}

static inline bool span_holds(struct span s, struct instant t)
{
	return t.utc_ns >= s.from.utc_ns && t.utc_ns < s.to.utc_ns;
}

static inline bool span_meets(struct span a, struct span b)
{
	return a.from.utc_ns < b.to.utc_ns && b.from.utc_ns < a.to.utc_ns;
}

struct civil instant_civil(struct instant);
/* 1..7, Monday first. */
int instant_weekday(struct instant);
/* Checks every part; second 60 is allowed. */
MUST_USE bool instant_of_civil(
	const struct civil *, struct instant *, struct fault *);
/* Days since 1970-01-01 of a civil date (Howard Hinnant, "chrono-compatible
 * low-level date algorithms"). */
int64_t days_of_civil(int year, int month, int day);

/* RFC 3339: date, 'T' or space, time with up to 9 decimals, 'Z' or +hh:mm;
 * also a bare date (midnight) when `date_ok`.  A time without zone is refused:
 * local time without a zone is a trap. */
MUST_USE bool instant_parse(
	struct bytes, bool date_ok, struct instant *, struct fault *);
/* "2026-02-03T04:05:06.123456Z" with 0..9 decimals (cut, not rounded), or
 * "null" when unknown.  Returns out. */
const char *instant_print(
	struct instant, int decimals, char out[INSTANT_TEXT]);

#endif
