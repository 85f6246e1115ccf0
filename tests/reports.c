/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reports.c - the arithmetic of sectors and counts; CSV and JSON agree; the
 * coded facts of an earlier mission are read. */
#include "base/maths.h"
#include "decode.h"

#include "geo/frame.h"
#include "geo/polygon.h"

static const struct {
	const char *words;
	double bearing, half; /* -1: refused */
} arcs[] = {
	{"N", 0, 11.25}, {"S+SSW", 191.25, 22.5}, {"SE+SSE+S", 157.5, 33.75},
	{"N..SE", 67.5, 78.75}, {"NW+N", 337.5, 33.75},
	{"N+NNW+NW+W", 315, 56.25}, {"NNW+NNE", 0, 33.75},
	{"SE+S", 157.5, 33.75}, {"n", 0, -1}, {"S+", 180, 11.25},
	{"S+X", 0, -1}, {"+", 0, -1},
};

struct box_seen {
	double bearing, half;
	struct point point[64];
	size_t count;
};

static bool look(void *self, const struct observation *o)
{
	struct box_seen *s = self;

	s->bearing = feature_of(o->feature, o->feature_count, "bearing_deg");
	s->half = feature_of(o->feature, o->feature_count, "bearing_half_deg");
	s->count = 0;
	if (o->place.region.ring_count == 1)
		for (; s->count < o->place.region.ring[0].count; s->count++)
			s->point[s->count] =
				o->place.region.ring[0].point[s->count];
	return true;
}

static struct decoded read_one(const char *csv, struct box_seen *s)
{
	static uint8_t block[1 << 20];
	struct arena a = arena_on(block, sizeof block);
	struct decoded d = {.each = look, .each_self = s};
	struct intake to = {
		&d, NULL, decoded_observation, decoded_damage, false};
	struct origin o = {"", ""};

	sha256_start(&d.sha);
	d.ok = format_named("reports")->decode(
		bytes_of(csv), &o, &a, &to, &d.fault);
	return d;
}

static void test_arcs(void)
{
	for (size_t i = 0; i < sizeof arcs / sizeof *arcs; i++) {
		struct box_seen s = {0};
		char csv[500];

		(void)snprintf(csv, sizeof csv, "report_id,observer,lat,lon,"
			"at,means,kind,bearing,dist_min_m,dist_max_m\nR,P,48.1,"
			"37.2,2026-02-03T04:05:00Z,heard,shot,%s,1000,2000\n",
			arcs[i].words);
		struct decoded d = read_one(csv, &s);
		if (arcs[i].half < 0) {
			CHECK(d.damage == 1 && d.observations == 0,
				"'%s' is refused", arcs[i].words);
			continue;
		}
		CHECK(fabs(s.bearing - arcs[i].bearing) < 1e-9 &&
			fabs(s.half - arcs[i].half) < 1e-9,
			"%s is %.2f +- %.2f", arcs[i].words, s.bearing, s.half);
	}
}

/* The ring has the area of the sector, turns counter-clockwise, holds what
 * lies in it and not the observer. */
static void test_ring(void)
{
	struct box_seen s = {0};
	struct frame fr = frame_at(48.1, 37.2);
	double want = PI * (4000.0 * 4000 - 1000.0 * 1000) * 45 / 360;

	read_one("report_id,observer,lat,lon,at,means,kind,bearing,dist_min_m,"
		"dist_max_m\nR,P,48.1,37.2,2026-02-03T04:05:00Z,heard,shot,"
		"E+ESE,1000,4000\n", &s);
	struct ring r = {s.point, s.count};
	CHECK(fabs(polygon_signed_area_m2(&r) / want - 1) < 0.01,
		"area %.0f, wants %.0f", polygon_signed_area_m2(&r), want);
	for (int az = 0; az < 360; az += 3)
		for (int m = 250; m < 5000; m += 500) {
			double a = RAD(az);
			bool in = az > 79 && az < 123 && m > 1000 && m < 4000;
			bool edge = az == 78 || az == 123;

			CHECK_QUIET(edge || polygon_holds(&r, frame_from(&fr,
				(struct xy){m * m_sin(a), m * m_cos(a)})) == in,
				"%d deg, %d m", az, m);
		}
}

static void test_same(void)
{
	struct decoded a = decode("reports", bytes_of(
		"report_id,observer,lat,lon,position_err_m,at,means,kind,count,"
		"count_meaning,bearing,dist_min_m,dist_max_m,notes\n"
		"R1,P1,48.1,37.2,20,2026-02-03T04:05:00Z,heard,explosion,12,"
		"at_least,S+SSW,600,4000,\"a \"\"b\"\"\"\n"), "");
	struct decoded b = decode("reportsjson", bytes_of("{\"reports\":[{"
		"\"report_id\":\"R1\",\"observer\":\"P1\",\"lat\":48.1,"
		"\"lon\":37.2,\"position_err_m\":20,\"at\":"
		"\"2026-02-03T04:05:00Z\",\"means\":\"heard\",\"kind\":"
		"\"explosion\",\"count\":12,\"count_meaning\":\"at_least\","
		"\"bearing\":\"S+SSW\",\"dist_min_m\":600,\"dist_max_m\":4000,"
		"\"notes\":\"a \\\"b\\\"\"}]}"), "");

	CHECK(a.observations == 1 && b.observations == 1 &&
		memcmp(&a.printed, &b.printed, sizeof a.printed) == 0,
		"CSV and JSON say the same");
}

static void test_real(void)
{
	const char *path = check_data("practice/osce-smm-facts/"
		"observations.csv");

	if (!path) {
		CHECK_SKIP("no ../shared/data/practice/osce-smm-facts");
		return;
	}
	struct decoded d = decode_file("reports", path, "");
	CHECK(d.ok && d.observations == 25 && d.damage == 0,
		"25 coded observations: %zu, %zu damaged %s", d.observations,
		d.damage, d.damage_text);
}

int main(void)
{
	test_arcs();
	test_ring();
	test_same();
	test_real();
	return check_done();
}
