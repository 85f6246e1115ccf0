/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/fixed.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { TURN = 360 };
#define DEGREE INT64_C(10000000)

bool fixed_of(double v, double scale, int64_t *out)
{
	double r = floor(v * scale + 0.5);

	*out = 0;
	if (!(r >= -0x1p53 && r <= 0x1p53))
		return false;
	*out = (int64_t)r;
	return true;
}

bool fixed_place(double lat_deg, double lon_deg, struct spot *out)
{
	int64_t lat, lon;

	if (!fixed_of(lat_deg, 1e7, &lat) || !fixed_of(lon_deg, 1e7, &lon) ||
		lat < -90 * DEGREE || lat > 90 * DEGREE ||
		lon < -180 * DEGREE || lon > 180 * DEGREE)
		return false;
	*out = (struct spot){(int32_t)lat, (int32_t)lon};
	return true;
}

static int64_t times(int64_t a, int64_t b)
{
	return (a * b + (FIXED_ONE >> 1)) >> 30;
}

/* Cosine of 0..90 degrees: Taylor's series nested, in units of 2^-30; the
 * term left out is x^16/16! < 7e-11. */
static int64_t cos_quarter(int64_t angle)
{
	/* pi/180 x 1e-7 x 2^30 x 2^32 */
	int64_t x = (angle * INT64_C(8048910509) + (INT64_C(1) << 31)) >> 32;
	int64_t x2 = times(x, x), sum = FIXED_ONE;

	for (int64_t n = 14; n >= 2; n -= 2)
		sum = FIXED_ONE - times(x2, sum) / (n * (n - 1));
	return fixed_max(sum, 0);
}

int64_t fixed_cos(int64_t angle)
{
	int64_t a = angle % (TURN * DEGREE);

	if (a < 0)
		a = -a;
	if (a > 180 * DEGREE)
		a = TURN * DEGREE - a;
	if (a > 90 * DEGREE)
		return -cos_quarter(180 * DEGREE - a);
	return cos_quarter(a);
}

int64_t fixed_sin(int64_t angle)
{
	return fixed_cos(angle - 90 * DEGREE);
}

/* Phi(i/32) in 1e-6, i = 0..160, the last row twice; between the rows linear,
 * which is off by less than 0.242/8/32^2 = 3e-5. */
static const int32_t phi[162] = {
	500000, 512465, 524918, 537346, 549738, 562082, 574366, 586578,
	598706, 610741, 622670, 634483, 646170, 657721, 669126, 680376,
	691462, 702377, 713112, 723660, 734014, 744168, 754116, 763853,
	773373, 782672, 791748, 800595, 809213, 817598, 825749, 833665,
	841345, 848788, 855996, 862968, 869705, 876211, 882485, 888530,
	894350, 899947, 905324, 910485, 915434, 920175, 924712, 929050,
	933193, 937146, 940915, 944504, 947919, 951164, 954246, 957170,
	959941, 962564, 965046, 967390, 969604, 971691, 973658, 975509,
	977250, 978885, 980420, 981859, 983207, 984468, 985647, 986748,
	987776, 988733, 989625, 990455, 991226, 991941, 992605, 993221,
	993790, 994317, 994804, 995253, 995668, 996049, 996401, 996724,
	997020, 997292, 997542, 997771, 997980, 998171, 998346, 998505,
	998650, 998782, 998903, 999012, 999111, 999201, 999282, 999356,
	999423, 999483, 999538, 999587, 999631, 999671, 999706, 999739,
	999767, 999793, 999816, 999837, 999856, 999872, 999887, 999900,
	999912, 999922, 999931, 999939, 999947, 999953, 999959, 999964,
	999968, 999972, 999976, 999979, 999981, 999984, 999986, 999988,
	999989, 999991, 999992, 999993, 999994, 999995, 999995, 999996,
	999997, 999997, 999997, 999998, 999998, 999998, 999999, 999999,
	999999, 999999, 999999, 999999, 999999, 1000000, 1000000, 1000000,
	1000000, 1000000,
};

int32_t fixed_phi(int64_t a, int64_t b)
{
	int64_t z, at;
	int32_t p;

	if (a <= -5 * b)
		return 0;
	if (a >= 5 * b)
		return 1000000;
	z = fixed_ratio((a < 0 ? -a : a) * 32768, b); /* 1/1024 of a row */
	at = z / 1024;
	p = phi[at] + (int32_t)((phi[at + 1] - phi[at]) * (z % 1024) / 1024);
	return a < 0 ? 1000000 - p : p;
}

typedef double pair __attribute__((vector_size(16)));
typedef int32_t wholes __attribute__((vector_size(16))); /* the first two */

/* |limit - at| / spread in 1/1024 of a row, cut at the table's end.  Rounded to
 * 53 bits the quotient of whole numbers stays below the next whole one: it is
 * a 2^36th away at least, and half a unit of what is below 2^18 is less. */
#ifdef __SSE2__

static wholes rows_off(pair off, pair spread)
{
	const pair sign = {-0.0, -0.0}, end = {160 * 1024, 160 * 1024};
	pair q = (pair)_mm_andnot_pd(sign, off) * 32768 / spread;

	return (wholes)_mm_cvttpd_epi32(_mm_min_pd(q, end));
}

#else

static wholes rows_off(pair off, pair spread)
{
	wholes row = {0, 0, 0, 0};

	for (int i = 0; i < 2; i++) {
		double q = fabs(off[i]) * 32768 / spread[i];

		row[i] = q < 160 * 1024 ? (int32_t)q : 160 * 1024;
	}
	return row;
}

#endif

/* By row; of what lies on the other side of the middle the rest to 1. */
static int64_t phi_at(int32_t z, double off)
{
	int32_t at = z >> 10;
	int32_t p = phi[at] + ((phi[at + 1] - phi[at]) * (z & 1023) >> 10);

	return off < 0 ? 1000000 - p : p;
}

int64_t fixed_phi_sum(const int64_t *weight, const double *at,
	const double *spread, double limit, size_t n)
{
	int64_t sum = 0;

	for (size_t i = 0; i < n; i += 2) {
		size_t k = i + 1 < n ? i + 1 : i;
		pair off = {limit - at[i], limit - at[k]};
		wholes row = rows_off(off, (pair){spread[i], spread[k]});

		sum += weight[i] * phi_at(row[0], off[0]);
		if (k > i)
			sum += weight[k] * phi_at(row[1], off[1]);
	}
	return sum;
}

/* Micrometres for 1e-7 degree, x 2^16: WGS 84 series in c = cos(lat), from
 * 111132.954 - 559.822 cos 2L + 1.175 cos 4L and 111412.84 cos L -
 * 93.5 cos 3L + 0.118 cos 5L metres a degree (NGA, length of a degree). */
static int64_t north_um(int64_t c)
{
	int64_t c2 = 2 * times(c, c) - FIXED_ONE;
	int64_t c4 = 2 * times(c2, c2) - FIXED_ONE;

	return (INT64_C(11113295400) - times(55982200, c2) +
		       times(117500, c4)) * 65536 / 1000000;
}

static int64_t east_um(int64_t c)
{
	int64_t c2 = 2 * times(c, c) - FIXED_ONE;
	int64_t c3 = times(c, 2 * c2 - FIXED_ONE);
	int64_t c5 = 2 * times(c3, c2) - c;

	return (times(INT64_C(11141284000) >> 4, c) * 16 -
		       times(9350000, c3) + times(11800, c5)) * 65536 / 1000000;
}

static int64_t held(int64_t v)
{
	return fixed_max(-FIXED_FAR_MM, fixed_min(FIXED_FAR_MM, v));
}

/* v x um / 2^16 / 1000, without passing 2^63: v <= 3.6e9 has 32 bits and um
 * x 2^16 has 30. */
static int64_t mm(int64_t v, int64_t um)
{
	return held((v * um / 65536 + (v < 0 ? -500 : 500)) / 1000);
}

struct parallel fixed_parallel(struct spot o, int32_t lat)
{
	int64_t c = fixed_cos(((int64_t)lat + o.lat) / 2);

	return (struct parallel){
		lat, mm((int64_t)lat - o.lat, north_um(c)), east_um(c)};
}

struct flat fixed_on(struct spot o, const struct parallel *p, int32_t lon)
{
	int64_t dlon = (int64_t)lon - o.lon;

	if (dlon > 180 * DEGREE)
		dlon -= TURN * DEGREE;
	if (dlon < -180 * DEGREE)
		dlon += TURN * DEGREE;
	return (struct flat){mm(dlon, p->east_um), p->y};
}

struct flat fixed_flat(struct spot o, struct spot p)
{
	struct parallel at = fixed_parallel(o, p.lat);

	return fixed_on(o, &at, p.lon);
}

struct spot fixed_spot(struct spot o, struct flat p)
{
	int64_t c = fixed_cos(o.lat);
	int64_t lat = o.lat + p.y * 65536 / (north_um(c) / 1000 + 1);
	int64_t e;

	lat = fixed_max(-90 * DEGREE, fixed_min(90 * DEGREE, lat));
	e = east_um(fixed_cos((lat + o.lat) / 2)) / 1000;
	e = o.lon + p.x * 65536 / (e + 1);
	if (e > 180 * DEGREE)
		e -= TURN * DEGREE;
	if (e < -180 * DEGREE)
		e += TURN * DEGREE;
	return (struct spot){(int32_t)lat,
		(int32_t)fixed_max(-180 * DEGREE, fixed_min(180 * DEGREE, e))};
}
