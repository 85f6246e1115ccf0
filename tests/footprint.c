/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Footprints of pixels and cameras, and the rings they are made of. */
#include "check.h"
#include "geo/footprint.h"
#include "geo/polygon.h"

static uint8_t block[1 << 20];

static void test_rings(void)
{
	static const struct point l_shape[] = {{48, 37}, {48, 37.2},
		{48.1, 37.2}, {48.1, 37.1}, {48.2, 37.1}, {48.2, 37}};
	static const struct point fiji[] = {{-17, 179.5}, {-17, -179.5},
		{-16, -179.5}, {-16, 179.5}};
	static const struct point crossed[] = {
		{48, 37}, {41, 54}, {49, 38}, {24, 38}};
	static const struct point wide[] = {{48, 37}, {-49, 7}, {-49, 76},
		{-49, 1}, {-36, 75}, {4, 7}};
	struct ring l = {l_shape, 6}, d = {fiji, 4};
	static const struct {
		double lat, lon;
		bool in;
	} cases[] = {{48.05, 37.15, true}, {48.15, 37.15, false},
		{48.15, 37.05, true}, {47.99, 37.1, false},
		{48.05, 37.21, false}, {NAN, 37.1, false}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(polygon_holds(&l, (struct point){cases[i].lat,
			cases[i].lon}) == cases[i].in, "L shape, row %zu", i);
	CHECK(polygon_holds(&d, (struct point){-16.5, 179.9}) &&
		polygon_holds(&d, (struct point){-16.5, -179.9}) &&
		!polygon_holds(&d, (struct point){-16.5, 0}), "180 meridian");
	struct box b = polygon_box(&d);
	CHECK(b.west == 179.5 && b.east == -179.5 &&
		box_holds(&b, (struct point){-16.5, 180}) &&
		!box_holds(&b, (struct point){-16.5, 0}), "box over it");
	/* 0.1 deg at 48 N: 11119.5 m north, 7468 m east (WGS 84). */
	CHECK(fabs(polygon_area_m2(&l) / (3 * 11119.5 * 7458) - 1) < 0.002 &&
		polygon_signed_area_m2(&l) > 0, "area %.0f",
		polygon_area_m2(&l));
	struct point c = polygon_centroid(&l);
	CHECK(fabs(c.lat_deg - 48.0833) < 2e-4 &&
		fabs(c.lon_deg - 37.0833) < 2e-4, "centroid %.5f %.5f",
		c.lat_deg, c.lon_deg);
	/* Its loops take from one another; from fuzzing. */
	struct ring x = {crossed, 4};
	c = polygon_centroid(&x);
	CHECK(fabs(c.lat_deg - 40.5) < 1e-9, "centroid of a crossed ring %.5f",
		c.lat_deg);
	struct ring w = {wide, 6};
	c = polygon_centroid(&w);
	CHECK(c.lat_deg >= -49 && c.lat_deg <= 48, "of a wide one %.5f",
		c.lat_deg);
	CHECK(fabs(polygon_distance_m(&l, true, (struct point){47.99, 37.1}) -
		1112) < 1, "distance to the south edge");
	CHECK(polygon_distance_m(&l, false, (struct point){48.1, 36.99}) >
		polygon_distance_m(&l, true, (struct point){48.1, 36.99}),
		"an open line has no closing edge");
	CHECK(isnan(polygon_distance_m(&l, true, (struct point){NAN, 0})),
		"unknown stays unknown");
}

static void test_clip(void)
{
	static const struct point square[] = {
		{48, 37}, {48, 37.1}, {48.1, 37.1}, {48.1, 37}};
	static const struct point cw[] = {{48.15, 37.05}, {48.15, 37.15},
		{48.05, 37.15}, {48.05, 37.05}};
	static const struct point far[] = {{50, 37}, {50, 37.1}, {50.1, 37.1}};
	struct arena a = arena_on(block, sizeof block);
	struct ring s = {square, 4}, t = {cw, 4}, u = {far, 3}, out;
	struct fault f = {0};

	CHECK(polygon_clip(&s, &t, &a, &out, &f) && out.count == 4 &&
		fabs(polygon_area_m2(&out) / polygon_area_m2(&s) - 0.25) < 1e-3,
		"a quarter is left, whichever way the clip ring turns");
	CHECK(polygon_clip(&s, &u, &a, &out, &f) && out.count == 0, "apart");
	CHECK(polygon_clip(&s, &s, &a, &out, &f) &&
			fabs(polygon_area_m2(&out) - polygon_area_m2(&s)) < 1,
		"itself");
	struct point many[] = {{48, 37}, {48.05, 37.05}, {48, 37.1},
		{48.1, 37.1}, {48.1, 37}, {48.02, 37.03}, {NAN, 3}};
	CHECK(polygon_hull(many, 7, &a, &out, &f) && out.count == 4 &&
		polygon_signed_area_m2(&out) > 0, "hull of a square");
	struct point turned[4];
	memcpy(turned, cw, sizeof cw);
	polygon_turn(turned, 4);
	CHECK(polygon_signed_area_m2(&(struct ring){turned, 4}) > 0, "turned");
}

static void test_pixels(void)
{
	struct point at = {48, 37}, c[4];
	struct ring r = {c, 4};

	/* SATELLITE.md 3.1. */
	CHECK(fabs(footprint_track_azimuth_deg(48, true) - 344.3) < 0.1 &&
		fabs(footprint_track_azimuth_deg(48, false) - 195.7) < 0.1,
		"ground track 344 by day, 196 by night");
	CHECK(isfinite(footprint_track_azimuth_deg(89, true)), "near the pole");
	CHECK(footprint_pixel(&at, 800, 400, 344.3, c) &&
		fabs(polygon_area_m2(&r) - 320e3) < 100 &&
		polygon_signed_area_m2(&r) > 0, "area of a pixel");
	CHECK(footprint_pixel(&at, 800, 400, 0, c) &&
		fabs(polygon_distance_m(&r, true, at) - 200) < 0.2 &&
		fabs(c[0].lon_deg - c[1].lon_deg) * 74600 > 790,
		"scan lies across the track");
	CHECK(!footprint_pixel(&at, NAN, 400, 0, c) && isnan(c[0].lat_deg) &&
		!footprint_pixel(&at, 0, 400, 0, c), "unknown, or no size");
}

static void test_cameras(void)
{
	struct camera k = {48, 37, 1180, 0, 0, 0, 0, -90, 0, 60, 60};
	struct footprint w;
	struct ring r = {w.corner, 4};

	/* Straight down from 1000 m: a square of 2 x 1000 tan 30. */
	CHECK(footprint_camera(&k, 180, 50e3, &w) &&
		fabs(sqrt(polygon_area_m2(&r)) - 1154.7) < 1 &&
		fabs(w.centre.lat_deg - 48) < 1e-9 &&
		fabs(w.slant_m - 1000) < 0.01, "nadir");
	/* 45 degrees down, to the east, level: 1000 m away. */
	k.heading_deg = 30;
	k.az_deg = 60;
	k.el_deg = -45;
	k.hfov_deg = k.vfov_deg = 10;
	CHECK(footprint_camera(&k, 180, 50e3, &w) &&
		fabs(w.azimuth_deg - 90) < 1e-9 &&
		fabs(w.depression_deg - 45) < 1e-9 &&
		fabs(w.ground_m - 1000) < 0.2, "%.3f m", w.ground_m);
	struct frame f = frame_at(48, 37);
	struct xy p = frame_to(&f, w.centre.lat_deg, w.centre.lon_deg);
	CHECK(fabs(p.x_m - 1000) < 0.3 && fabs(p.y_m) < 0.2,
		"its middle: %.3f %.3f", p.x_m, p.y_m);
	/* Upper left is farther and to the north when looking east. */
	struct xy ul = frame_to(&f, w.corner[0].lat_deg, w.corner[0].lon_deg);
	struct xy lr = frame_to(&f, w.corner[2].lat_deg, w.corner[2].lon_deg);
	CHECK(ul.x_m > 1000 && ul.y_m > 0 && lr.x_m < 1000 && lr.y_m < 0,
		"corners as in the image");

	/* Sky in view: open above, cut at the range, no area beyond. */
	k.el_deg = -5;
	k.vfov_deg = 20;
	CHECK(footprint_camera(&k, 180, 20e3, &w) && w.open[0] && w.open[1] &&
		!w.open[2] && !w.open[3], "sky in view");
	ul = frame_to(&f, w.corner[0].lat_deg, w.corner[0].lon_deg);
	CHECK(fabs(sqrt(ul.x_m * ul.x_m + ul.y_m * ul.y_m) - 20e3) < 100,
		"cut at 20 km");
	k.el_deg = 20;
	CHECK(!footprint_camera(&k, 180, 20e3, &w), "sky alone");
	k.el_deg = -45;
	CHECK(!footprint_camera(&k, 1200, 20e3, &w), "below the ground");
	k.roll_deg = NAN;
	CHECK(!footprint_camera(&k, 180, 20e3, &w), "unknown attitude");

	/* The table of TRACKS.md 5. */
	static const struct {
		double h, d, attitude, ce90;
	} rows[] = {{120, 30, 0.1, 23}, {120, 30, 2, 37}, {300, 45, 0.1, 14},
		{300, 45, 1, 23}, {3000, 20, 0.5, 379}, {3000, 20, 1, 751}};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct camera_error e = {rows[i].attitude, 3, 5, 6, 0};
		struct footprint q = {.depression_deg = rows[i].d};
		struct ellipse l = footprint_error(&q, rows[i].h, &e);
		double ce = footprint_ce90(l.semi_major_m / REGION_SIGMA_90,
			l.semi_minor_m / REGION_SIGMA_90);

		CHECK(fabs(ce / rows[i].ce90 - 1) < 0.04, "CE90 %.0f m: %.1f",
			rows[i].ce90, ce);
	}
	CHECK(fabs(footprint_ce90(1, 1) - 2.146) < 0.013, "circular");
}

int main(void)
{
	test_rings();
	test_clip();
	test_pixels();
	test_cameras();
	return check_done();
}
