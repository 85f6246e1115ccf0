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

#include <stdbool.h>
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
/* Largest r with r x r <= v; 0 for v <= 0. */
int64_t fixed_sqrt(int64_t v);
int64_t fixed_length(struct flat);
/* Of an angle in 1e-7 degree, any; error below 4e-9. */
int64_t fixed_cos(int64_t angle);
int64_t fixed_sin(int64_t angle);
/* Normal distribution function of a/b, b > 0; error below 4e-5. */
int32_t fixed_phi(int64_t a, int64_t b);
struct flat fixed_flat(struct spot origin, struct spot);
/* The way back; |p| below 100 km. */
struct spot fixed_spot(struct spot origin, struct flat p);
int64_t fixed_min(int64_t, int64_t);
int64_t fixed_max(int64_t, int64_t);

#endif
