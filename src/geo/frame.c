/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/frame.h"

#include "base/maths.h"

/* WGS 84 (NIMA TR8350.2). */
#define A_M 6378137.0
#define E2 6.69437999014131699614e-3

static double meridian_m_per_deg(double lat_deg)
{
	double s = m_sin(RAD(lat_deg));
	double w = 1 - E2 * s * s;

	return A_M * (1 - E2) / (w * sqrt(w)) * (PI / 180);
}

static double normal_m_per_deg(double lat_deg)
{
	double s = m_sin(RAD(lat_deg));

	return A_M / sqrt(1 - E2 * s * s) * (PI / 180);
}

static double wrapped(double lon_deg)
{
	while (lon_deg > 180)
		lon_deg -= 360;
	while (lon_deg <= -180)
		lon_deg += 360;
	return lon_deg;
}

struct frame frame_at(double lat_deg, double lon_deg)
{
	struct frame f = {.lat_deg = lat_deg, .lon_deg = lon_deg};

	f.cos_lat = m_cos(RAD(lat_deg));
	f.m_per_deg_lat = meridian_m_per_deg(lat_deg);
	f.m_per_deg_lon = normal_m_per_deg(lat_deg);
	return f;
}

struct xy frame_to(const struct frame *f, double lat_deg, double lon_deg)
{
	double mid = m_cos(RAD(lat_deg));
	struct xy p;

	p.x_m = wrapped(lon_deg - f->lon_deg) * f->m_per_deg_lon * mid;
	p.y_m = (lat_deg - f->lat_deg) * f->m_per_deg_lat;
	return p;
}

struct point frame_from(const struct frame *f, struct xy p)
{
	struct point q;

	q.lat_deg = f->lat_deg + p.y_m / f->m_per_deg_lat;
	q.lon_deg = wrapped(f->lon_deg + p.x_m / (f->m_per_deg_lon *
				fmax(m_cos(RAD(q.lat_deg)), 1e-6)));
	return q;
}
