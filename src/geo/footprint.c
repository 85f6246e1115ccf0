/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/footprint.h"

#include "base/maths.h"
#include "geo/frame.h"

bool footprint_pixel(const struct point *centre, double scan_m, double track_m,
	double track_azimuth_deg, struct point corner[4])
{
	/* Right-ahead, left-ahead, left-behind, right-behind: so they turn
	 * counter-clockwise. */
	static const double right[4] = {1, -1, -1, 1}, ahead[4] = {1, 1, -1, -1};
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
