/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fixed.h - the arithmetic of findings: integers, so that every machine gets
 * the same last digit.
 *
 * Angles in 1e-7 degree, lengths in mm, probabilities in 1e-6.  Geodesy is a
 * plane about each incident: the mid-latitude formula (Bowring 1981, "The
 * direct and inverse problems for short geodesics") with the WGS 84 series of
 * metres a degree.  Error against the geodesic, |lat| <= 72: under 2 mm + 1e-5
 * to 10 km, 2.5e-4 to 150 km, 2.5e-3 to 500 km (tests/judge.c, 20 000 random
 * pairs a band).  Beyond FIXED_FAR_MM a coordinate is held there: "far". */
#ifndef JUDGE_FIXED_H
#define JUDGE_FIXED_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FIXED_FAR_MM INT64_C(1000000000) /* 1000 km */
#define FIXED_ONE (INT64_C(1) << 30)     /* of sines and cosines */

struct spot { /* 1e-7 degree */
	int32_t lat, lon;
};

struct flat { /* mm east and north of an origin */
	int64_t x, y;
};

/* v x scale to the nearest integer, half up; false if unknown or beyond
 * 2^53: the one door by which numbers of records come in. */
bool fixed_of(double v, double scale, int64_t *out);
/* A place's degrees, 1e-7 each; false if unknown or not on Earth. */
bool fixed_place(double lat_deg, double lon_deg, struct spot *out);
/* Of an angle in 1e-7 degree, any; error below 4e-9. */
int64_t fixed_cos(int64_t angle);
int64_t fixed_sin(int64_t angle);
/* Normal distribution function of a/b, b > 0; error below 4e-5. */
int32_t fixed_phi(int64_t a, int64_t b);
/* Sum of weight x fixed_phi(limit - at, spread) / 1 over n; whole numbers all,
 * below 2^36 and spreads above 0. */
int64_t fixed_phi_sum(const int64_t *weight, const double *at,
	const double *spread, double limit, size_t n);
struct flat fixed_flat(struct spot origin, struct spot);
/* The same for several spots of one latitude. */
struct parallel {
	int32_t lat;
	int64_t y, east_um;
};
struct parallel fixed_parallel(struct spot origin, int32_t lat);
struct flat fixed_on(struct spot origin, const struct parallel *, int32_t lon);
/* The way back; |p| below 100 km. */
struct spot fixed_spot(struct spot origin, struct flat p);

static inline int64_t fixed_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t fixed_max(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Largest r with r x r <= v; 0 for v <= 0. */
static inline int64_t fixed_sqrt(int64_t v)
{
	int64_t r;

	if (v <= 0)
		return 0;
	/* v and its root are rounded to 53 bits.  A whole root has 32, and v
	 * moves it by less than half of the last of them: so r is never too
	 * small, and too great, by one, only just below a square.  Of the
	 * greatest v it is 3037000499, whose square is below 2^63. */
	r = (int64_t)sqrt((double)v);
	return r * r > v ? r - 1 : r;
}

static inline int64_t fixed_length(struct flat p)
{
	return fixed_sqrt(p.x * p.x + p.y * p.y);
}

/* n / d for 0 <= n < 2^62, d > 0 and a quotient below 2^31.  The processor's
 * quotient of two numbers rounded to 53 bits is less than one off; the product
 * tells which way. */
static inline int64_t fixed_ratio(int64_t n, int64_t d)
{
	int64_t q = (int64_t)((double)n / (double)d);
	int64_t left = n - q * d;

	return left < 0 ? q - 1 : left >= d ? q + 1 : q;
}

#endif
