/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/footprint.h"

#include "base/maths.h"
#include "geo/frame.h"

bool footprint_pixel(const struct point *centre, double scan_m, double track_m,
	double track_azimuth_deg, struct point corner[4])
{
	/* Right-ahead, left-ahead, left-behind, right-behind: so they turn
	 * counter-clockwise. */
	static const double right[4] = {1, -1, -1, 1};
	static const double ahead[4] = {1, 1, -1, -1};
	double az = RAD(track_azimuth_deg);
	bool ok = isfinite(centre->lat_deg) && isfinite(centre->lon_deg) &&
		fabs(centre->lat_deg) < 90 && isfinite(track_azimuth_deg) &&
		scan_m > 0 && scan_m <= 20e3 && track_m > 0 && track_m <= 20e3;

	for (int i = 0; i < 4; i++)
		corner[i] = (struct point){NAN, NAN};
	if (!ok)
		return false;
	struct frame f = frame_at(centre->lat_deg, centre->lon_deg);
	double s = m_sin(az), c = m_cos(az);

	for (int i = 0; i < 4; i++) {
		double r = right[i] * scan_m / 2, a = ahead[i] * track_m / 2;

		corner[i] = frame_from(
			&f, (struct xy){a * s + r * c, a * c - r * s});
	}
	return true;
}

double footprint_track_azimuth_deg(double lat_deg, bool day)
{
	/* SATELLITE.md 3.1: sin b = cos i / cos lat, v = 6.58 km/s over the
	 * ground, 0.465 km/s the Earth's turning at the equator. */
	const double cos_i = -0.15126; /* 98.7 deg */
	double cos_lat = m_cos(RAD(lat_deg));
	double sin_b = fmax(-1, cos_i / fmax(cos_lat, 1e-9));
	double east = 6.58 * sin_b - 0.465 * cos_lat;
	double north = 6.58 * sqrt(1 - sin_b * sin_b) * (day ? 1 : -1);
	double az = DEG(m_atan2(east, north));

	return az < 0 ? az + 360 : az;
}

/* WGS 84 (NIMA TR8350.2). */
#define A_M 6378137.0
#define E2 6.69437999014131699614e-3

struct vec {
	double x, y, z;
};

static struct vec plus(struct vec a, struct vec b, double t)
{
	return (struct vec){a.x + t * b.x, a.y + t * b.y, a.z + t * b.z};
}

static double dot(struct vec a, struct vec b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

static struct vec ecef(double lat_deg, double lon_deg, double h)
{
	double s = m_sin(RAD(lat_deg)), c = m_cos(RAD(lat_deg));
	double n = A_M / sqrt(1 - E2 * s * s);

	return (struct vec){(n + h) * c * m_cos(RAD(lon_deg)),
		(n + h) * c * m_sin(RAD(lon_deg)), (n * (1 - E2) + h) * s};
}

/* Bowring (1976), one step: under 1e-9 deg for heights below 10 km. */
static struct point geodetic(struct vec v)
{
	double b = A_M * sqrt(1 - E2), ep2 = E2 / (1 - E2);
	double p = sqrt(v.x * v.x + v.y * v.y);
	double t = m_atan2(v.z * A_M, p * b);
	double s = m_sin(t), c = m_cos(t);

	return (struct point){DEG(m_atan2(v.z + ep2 * b * s * s * s,
		p - E2 * A_M * c * c * c)), DEG(m_atan2(v.y, v.x))};
}

/* Rotations about forward, right, down axes: v in the turned frame, back in
 * the frame that was turned. */
static struct vec roll_back(struct vec v, double deg)
{
	double s = m_sin(RAD(deg)), c = m_cos(RAD(deg));

	return (struct vec){v.x, c * v.y - s * v.z, s * v.y + c * v.z};
}

static struct vec pitch_back(struct vec v, double deg)
{
	double s = m_sin(RAD(deg)), c = m_cos(RAD(deg));

	return (struct vec){c * v.x + s * v.z, v.y, c * v.z - s * v.x};
}

static struct vec yaw_back(struct vec v, double deg)
{
	double s = m_sin(RAD(deg)), c = m_cos(RAD(deg));

	return (struct vec){c * v.x - s * v.y, s * v.x + c * v.y, v.z};
}

/* North, east, down of the ray at (u, v), -1..1 right and down. */
static struct vec ray_ned(const struct camera *k, double u, double v)
{
	struct vec d = {1, u * m_tan(RAD(k->hfov_deg / 2)),
		v * m_tan(RAD(k->vfov_deg / 2))};
	double n = sqrt(dot(d, d));

	d = (struct vec){d.x / n, d.y / n, d.z / n};
	d = roll_back(d, k->rot_deg);
	d = pitch_back(d, k->el_deg);
	d = yaw_back(d, k->az_deg);
	d = roll_back(d, k->roll_deg);
	d = pitch_back(d, k->pitch_deg);
	return yaw_back(d, k->heading_deg);
}

static struct vec to_ecef(const struct camera *k, struct vec d)
{
	double s = m_sin(RAD(k->lat_deg)), c = m_cos(RAD(k->lat_deg));
	double sl = m_sin(RAD(k->lon_deg)), cl = m_cos(RAD(k->lon_deg));

	return (struct vec){
		0 - d.x * s * cl - d.y * sl - d.z * c * cl,
		0 - d.x * s * sl + d.y * cl - d.z * c * sl,
		d.x * c - d.z * s};
}

/* Distance along the ray to the ellipsoid grown by ground_m; NAN: a miss.
 * The grown ellipsoid is off the surface of that height by under 1 cm. */
static double range_of(const struct camera *k, double ground_m, struct vec d,
	struct point *hit)
{
	double a2 = (A_M + ground_m) * (A_M + ground_m);
	double b = A_M * sqrt(1 - E2) + ground_m, b2 = b * b;
	struct vec o = ecef(k->lat_deg, k->lon_deg, k->height_m);
	double qa = (d.x * d.x + d.y * d.y) / a2 + d.z * d.z / b2;
	double qb = (o.x * d.x + o.y * d.y) / a2 + o.z * d.z / b2;
	double qc = (o.x * o.x + o.y * o.y) / a2 + o.z * o.z / b2 - 1;
	double root = qb * qb - qa * qc;

	*hit = (struct point){NAN, NAN};
	if (!(root >= 0) || !(qc >= 0) || !(qb < 0))
		return NAN;
	/* The nearer root, in the form that loses no digits. */
	double t = qc / (sqrt(root) - qb);
	*hit = geodetic(plus(o, d, t));
	return t;
}

struct view {
	const struct camera *k;
	double ground_m, range_m;
};

static bool hits(const struct view *w, double u, double v, struct point *p)
{
	struct vec d = to_ecef(w->k, ray_ned(w->k, u, v));

	return range_of(w->k, w->ground_m, d, p) <= w->range_m;
}

/* The last point that is hit from (u0, v0), which is, to (u1, v1), which is
 * not: 40 halvings, far below a pixel. */
static struct point last_hit(const struct view *w, double u0, double v0,
	double u1, double v1)
{
	struct point p, q;

	(void)hits(w, u0, v0, &p);
	for (int i = 0; i < 40; i++) {
		double u = (u0 + u1) / 2, v = (v0 + v1) / 2;

		if (hits(w, u, v, &q)) {
			p = q;
			u0 = u;
			v0 = v;
		} else {
			u1 = u;
			v1 = v;
		}
	}
	return p;
}

static bool known(const struct camera *k, double ground_m, double range_m)
{
	return isfinite(k->lat_deg + k->lon_deg + k->height_m +
		       k->heading_deg + k->pitch_deg + k->roll_deg +
		       k->az_deg + k->el_deg + k->rot_deg) &&
		k->hfov_deg > 0 && k->hfov_deg < 180 && k->vfov_deg > 0 &&
		k->vfov_deg < 180 && k->height_m > ground_m && range_m > 0;
}

static void centre_of(const struct view *w, struct footprint *out)
{
	struct vec d = ray_ned(w->k, 0, 0);
	double level = sqrt(d.x * d.x + d.y * d.y);
	double az = DEG(m_atan2(d.y, d.x));

	out->azimuth_deg = az < 0 ? az + 360 : az;
	out->depression_deg = DEG(m_atan2(d.z, level));
	out->slant_m = range_of(
		w->k, w->ground_m, to_ecef(w->k, d), &out->centre);
	out->ground_m = out->slant_m * level;
	if (!(out->slant_m <= w->range_m))
		out->centre = (struct point){NAN, NAN};
}

bool footprint_camera(const struct camera *k, double ground_m, double range_m,
	struct footprint *out)
{
	static const double u[4] = {-1, 1, 1, -1}, v[4] = {-1, -1, 1, 1};
	/* Of each corner: the other end of its upright side of the image,
	 * then of its level side. */
	static const int upright[4] = {3, 2, 1, 0}, level[4] = {1, 0, 3, 2};
	struct view w = {k, ground_m, range_m};
	bool hit[4], middle, any = false;
	struct point p;

	*out = (struct footprint){.slant_m = NAN};
	if (!known(k, ground_m, range_m))
		return false;
	for (int i = 0; i < 4; i++) {
		hit[i] = hits(&w, u[i], v[i], &out->corner[i]);
		any = any || hit[i];
	}
	middle = hits(&w, 0, 0, &p);
	if (!any && !middle)
		return false;
	for (int i = 0; i < 4; i++) {
		int a = upright[i], b = level[i];

		out->open[i] = !hit[i];
		if (hit[i])
			continue;
		if (hit[a])
			p = last_hit(&w, u[a], v[a], u[i], v[i]);
		else if (hit[b])
			p = last_hit(&w, u[b], v[b], u[i], v[i]);
		else if (middle)
			p = last_hit(&w, 0, 0, u[i], v[i]);
		else
			p = last_hit(&w, u[(i + 2) % 4], v[(i + 2) % 4], u[i],
				v[i]);
		out->corner[i] = p;
	}
	centre_of(&w, out);
	return true;
}

struct ellipse footprint_error(const struct footprint *p, double above_m,
	const struct camera_error *e)
{
	double s = m_sin(RAD(p->depression_deg));
	double cot = m_cos(RAD(p->depression_deg)) / s;
	double turn = RAD(e->attitude_deg);
	double el = above_m / (s * s) * turn, az = above_m * cot * turn;
	double own = e->horizontal_m * e->horizontal_m;
	double along = REGION_SIGMA_90 * sqrt(el * el + own +
		cot * cot * (e->vertical_m * e->vertical_m +
				   e->ground_m * e->ground_m) +
		e->along_m * e->along_m);
	double cross = REGION_SIGMA_90 * sqrt(az * az + own);
	double towards = p->azimuth_deg;

	if (!(s > 0) || !isfinite(along))
		return (struct ellipse){INFINITY, INFINITY, 0};
	if (cross > along)
		towards += 90;
	return (struct ellipse){fmax(along, cross), fmin(along, cross),
		towards - 180 * floor(towards / 180)};
}

double footprint_ce90(double a, double b)
{
	double most = fmax(a, b), c = fmin(a, b) / most;

	return most > 0 ? most * (1.6545 - 0.1391 * c + 0.6324 * c * c) : 0;
}
