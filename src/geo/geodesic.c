/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/geodesic.h"

#include "base/maths.h"

/* 1e-13 rad is 0.6 um on the ground.  Six rounds reach it on usual lines;
 * nearly opposite points creep, and beyond 1000 rounds there is no limit. */
enum { ROUNDS = 1000 };
#define CLOSE_RAD 1e-13

static const struct geodesic unknown = {NAN, NAN, NAN};

static double turn(double deg)
{
	double t = deg - 360 * floor(deg / 360);

	return t >= 360 ? 0 : t;
}

static double wrapped(double lon_deg)
{
	return turn(lon_deg + 180) - 180;
}

/* Vincenty's A and B (3, 4) of u2. */
static double series_a(double u2)
{
	return 1 + u2 / 16384 *
			(4096 + u2 * (-768 + u2 * (320 - 175 * u2)));
}

static double series_b(double u2)
{
	return u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
}

/* Delta sigma (6). */
static double series_d(double b, double sin_s, double cos_s, double cos_2m)
{
	double c2 = cos_2m * cos_2m;

	return b * sin_s *
		(cos_2m + b / 4 * (cos_s * (2 * c2 - 1) -
					b / 6 * cos_2m *
						(4 * sin_s * sin_s - 3) *
						(4 * c2 - 3)));
}

/* Difference of longitude on the sphere less that on the ellipsoid (10, 11). */
static double series_l(double f, double cos2_a, double sin_a, double s,
	double sin_s, double cos_s, double cos_2m)
{
	double c = f / 16 * cos2_a * (4 + f * (4 - 3 * cos2_a));

	return (1 - c) * f * sin_a *
		(s + c * sin_s *
				(cos_2m + c * cos_s *
						(2 * cos_2m * cos_2m - 1)));
}

struct reduced { /* latitude on the auxiliary sphere */
	double sin, cos;
};

static struct reduced reduce(double lat_deg, double f)
{
	double y = (1 - f) * m_sin(RAD(lat_deg)), x = m_cos(RAD(lat_deg));
	double r = sqrt(x * x + y * y);

	return (struct reduced){y / r, x / r};
}

struct geodesic geodesic_between_on(
	const struct spheroid *e, struct point p, struct point q)
{
	const double f = e->flattening, b_m = e->a_m * (1 - f);
	struct reduced u = reduce(p.lat_deg, f), v = reduce(q.lat_deg, f);
	double l = RAD(wrapped(q.lon_deg - p.lon_deg)), lambda = l;

	if (!isfinite(p.lat_deg + p.lon_deg + q.lat_deg + q.lon_deg))
		return unknown;
	for (int i = 0; i < ROUNDS; i++) {
		double sin_l = m_sin(lambda), cos_l = m_cos(lambda);
		double x = v.cos * sin_l;
		double y = u.cos * v.sin - u.sin * v.cos * cos_l;
		double sin_s = sqrt(x * x + y * y);
		double cos_s = u.sin * v.sin + u.cos * v.cos * cos_l;
		double s, sin_a, cos2_a, cos_2m, was = lambda, u2;

		if (sin_s == 0)
			return cos_s > 0 ? (struct geodesic){0, 0, 0} : unknown;
		s = m_atan2(sin_s, cos_s);
		sin_a = u.cos * v.cos * sin_l / sin_s;
		cos2_a = 1 - sin_a * sin_a;
		/* On the equator the midpoint means nothing. */
		cos_2m = cos2_a > 1e-16 ? cos_s - 2 * u.sin * v.sin / cos2_a
					: 0;
		lambda = l + series_l(f, cos2_a, sin_a, s, sin_s, cos_s,
				     cos_2m);
		if (fabs(lambda) > PI)
			return unknown;
		if (fabs(lambda - was) > CLOSE_RAD)
			continue;
		u2 = cos2_a * (e->a_m * e->a_m - b_m * b_m) / (b_m * b_m);
		return (struct geodesic){
			b_m * series_a(u2) *
				(s - series_d(series_b(u2), sin_s, cos_s,
					     cos_2m)),
			turn(DEG(m_atan2(x, y))),
			turn(DEG(m_atan2(u.cos * sin_l,
				u.cos * v.sin * cos_l - u.sin * v.cos))),
		};
	}
	return unknown;
}

struct point geodesic_reach_on(const struct spheroid *e, struct point p,
	double azimuth_deg, double length_m, double *azimuth_end_deg)
{
	const double f = e->flattening, b_m = e->a_m * (1 - f);
	struct reduced u = reduce(p.lat_deg, f);
	double sin_1 = m_sin(RAD(azimuth_deg)), cos_1 = m_cos(RAD(azimuth_deg));
	double sin_a = u.cos * sin_1, cos2_a = 1 - sin_a * sin_a;
	double u2 = cos2_a * (e->a_m * e->a_m - b_m * b_m) / (b_m * b_m);
	double first = length_m / (b_m * series_a(u2)), s = first;
	double sigma_1 = m_atan2(u.sin, u.cos * cos_1);
	double sin_s = 0, cos_s = 1, cos_2m = 0, x, y, lambda;
	struct point q = {NAN, NAN};

	if (azimuth_end_deg)
		*azimuth_end_deg = NAN;
	if (!isfinite(p.lat_deg + p.lon_deg + azimuth_deg + length_m) ||
		!(fabs(length_m) < 1e9))
		return q;
	/* Each round gains three digits: ten are more than double holds. */
	for (int i = 0; i < 10; i++) {
		cos_2m = m_cos(2 * sigma_1 + s);
		sin_s = m_sin(s);
		cos_s = m_cos(s);
		s = first + series_d(series_b(u2), sin_s, cos_s, cos_2m);
	}
	cos_2m = m_cos(2 * sigma_1 + s);
	sin_s = m_sin(s);
	cos_s = m_cos(s);
	x = u.sin * cos_s + u.cos * sin_s * cos_1;
	y = u.sin * sin_s - u.cos * cos_s * cos_1;
	q.lat_deg = DEG(m_atan2(x, (1 - f) * sqrt(sin_a * sin_a + y * y)));
	lambda = m_atan2(sin_s * sin_1, u.cos * cos_s - u.sin * sin_s * cos_1);
	q.lon_deg = wrapped(p.lon_deg +
		DEG(lambda - series_l(f, cos2_a, sin_a, s, sin_s, cos_s,
				     cos_2m)));
	if (azimuth_end_deg)
		*azimuth_end_deg = turn(DEG(m_atan2(sin_a, -y)));
	return q;
}

struct geodesic geodesic_between(struct point p, struct point q)
{
	struct spheroid e = SPHEROID_WGS84;

	return geodesic_between_on(&e, p, q);
}

struct point geodesic_reach(
	struct point p, double azimuth_deg, double length_m)
{
	struct spheroid e = SPHEROID_WGS84;

	return geodesic_reach_on(&e, p, azimuth_deg, length_m, NULL);
}
