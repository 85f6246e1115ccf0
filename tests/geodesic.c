/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Geodesics: the five lines of Vincenty's paper, the line Flinders Peak to
 * Buninyong of the Geocentric Datum of Australia's manual, and round trips. */
#include "geo/geodesic.h"

#include "base/maths.h"
#include "check.h"
#include "geo/frame.h"

static const struct spheroid bessel = {6377397.155, 1 / 299.1528128};
static const struct spheroid hayford = {6378388, 1 / 297.0};
static const struct spheroid grs80 = {6378137, 1 / 298.257222101};

static double dms(int d, int m, double s, int sign)
{
	return sign * (d + m / 60.0 + s / 3600);
}

static const struct {
	const char *name;
	const struct spheroid *e;
	struct { int d, m; double s; int sign; } lat1, az1, lat2, lon, az2;
	double length_m;
} lines[] = {
	{"Vincenty a", &bessel, {55, 45, 0, 1}, {96, 36, 8.79960, 1},
		{33, 26, 0, -1}, {108, 13, 0, 1}, {137, 52, 22.01454, 1},
		14110526.170},
	{"Vincenty b", &hayford, {37, 19, 54.95367, 1}, {95, 27, 59.63089, 1},
		{26, 7, 42.83946, 1}, {41, 28, 35.50729, 1},
		{118, 5, 58.96161, 1}, 4085966.703},
	{"Vincenty c", &hayford, {35, 16, 11.24862, 1}, {15, 44, 23.74850, 1},
		{67, 22, 14.77638, 1}, {137, 47, 28.31435, 1},
		{144, 55, 39.92147, 1}, 8084823.839},
	{"Vincenty d", &hayford, {1, 0, 0, 1}, {89, 0, 0, 1},
		{0, 59, 53.83076, -1}, {179, 17, 48.02997, 1},
		{91, 0, 6.11733, 1}, 19960000.000},
	{"Vincenty e", &hayford, {1, 0, 0, 1}, {4, 59, 59.99995, 1},
		{1, 1, 15.18952, 1}, {179, 46, 17.84244, 1},
		{174, 59, 59.88481, 1}, 19780006.558},
	{"Flinders Peak to Buninyong", &grs80, {37, 57, 3.72030, -1},
		{306, 52, 5.37, 1}, {37, 39, 10.15610, -1},
		{0, 29, 54.1405, -1}, {307, 10, 25.07, 1}, 54972.271},
};
#define OF(x) dms(x.d, x.m, x.s, x.sign)

static void test_lines(void)
{
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct point p = {OF(lines[i].lat1), 0};
		struct point q = {OF(lines[i].lat2), OF(lines[i].lon)}, r;
		struct geodesic g = geodesic_between_on(lines[i].e, p, q);
		double end;
		/* Lines d and e are nearly opposite: their azimuths hang on
		 * the last digit; the last line is given to 0.01". */
		double wants_deg = i == 5 ? 3e-6 : i == 4 ? 1e-5
			: i == 3	  ? 1e-6
					  : 3e-8;

		CHECK(fabs(g.length_m - lines[i].length_m) < 0.0011 &&
				fabs(g.azimuth_deg - OF(lines[i].az1)) <
					wants_deg &&
				fabs(g.azimuth_end_deg - OF(lines[i].az2)) <
					wants_deg,
			"%s, inverse: %.4f m, %.9f, %.9f", lines[i].name,
			g.length_m, g.azimuth_deg, g.azimuth_end_deg);
		r = geodesic_reach_on(lines[i].e, p, OF(lines[i].az1),
			lines[i].length_m, &end);
		CHECK(fabs(r.lat_deg - q.lat_deg) < 1e-8 * (i == 5 ? 20 : 1) &&
				fabs(r.lon_deg - q.lon_deg) <
					1e-8 * (i == 5 ? 20 : 1),
			"%s, direct: %.9f %.9f", lines[i].name, r.lat_deg,
			r.lon_deg);
	}
}

static void test_closed_forms(void)
{
	struct geodesic g;

	g = geodesic_between((struct point){0, 10}, (struct point){0, 11});
	CHECK(fabs(g.length_m - 6378137.0 * PI / 180) < 1e-6 &&
			g.azimuth_deg == 90, "a degree of the equator: %.6f",
		g.length_m);
	g = geodesic_between((struct point){0, 0}, (struct point){0.5, 179.7});
	CHECK(!isfinite(g.length_m), "nearly opposite: not known");
	g = geodesic_between((struct point){0, 20}, (struct point){90, 20});
	CHECK(fabs(g.length_m - 10001965.7293) < 1e-3,
		"quarter of the meridian: %.4f", g.length_m);
	g = geodesic_between((struct point){48, 37}, (struct point){48, 37});
	CHECK(g.length_m == 0 && g.azimuth_deg == 0, "the same point");
	g = geodesic_between((struct point){1, 179.9},
		(struct point){1, -179.9});
	CHECK(fabs(g.length_m - 22260.5) < 5 && g.azimuth_deg < 90.01,
		"over the date line: %.1f", g.length_m);
	g = geodesic_between((struct point){NAN, 0}, (struct point){0, 0});
	CHECK(!isfinite(g.length_m), "unknown stays unknown");
	CHECK(!isfinite(geodesic_reach((struct point){48, 37}, NAN, 5)
			      .lat_deg), "unknown way, unknown end");
}

/* Out and back, and the frame's stated error. */
static void test_round_trips(void)
{
	double worst_m = 0, worst_55 = 0, worst_50 = 0, worst_200 = 0;

	for (int i = 0; i < 4000; i++) {
		struct point p = {-70 + (i * 37 % 1400) * 0.1,
			-180 + (i * 101 % 3600) * 0.1};
		double far = 1000.0 * (1 + i % 200), az = i * 7.3;
		struct point q = geodesic_reach(p, az, far);
		struct geodesic g = geodesic_between(p, q);
		struct frame f = frame_at(p.lat_deg, p.lon_deg);
		struct xy d = frame_to(&f, q.lat_deg, q.lon_deg);
		double off = fabs(sqrt(d.x_m * d.x_m + d.y_m * d.y_m) / far -
			1);

		worst_m = fmax(worst_m, fabs(g.length_m - far));
		if (far <= 50e3 && fabs(p.lat_deg) <= 55)
			worst_55 = fmax(worst_55, off);
		if (far <= 50e3)
			worst_50 = fmax(worst_50, off);
		worst_200 = fmax(worst_200, off);
	}
	CHECK(worst_m < 1e-6, "4000 round trips, worst %.2e m", worst_m);
	CHECK(worst_55 < 0.003 && worst_50 < 0.004 && worst_200 < 0.016,
		"frame off by %.2f %% within 50 km below 55 degrees, %.2f %% "
		"below 70, %.2f %% within 200 km", 100 * worst_55,
		100 * worst_50, 100 * worst_200);
}

int main(void)
{
	test_lines();
	test_closed_forms();
	test_round_trips();
	return check_done();
}
