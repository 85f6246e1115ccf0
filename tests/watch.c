/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Health from uptime, looks of sound, cameras and passes, shares watched. */
#include "check.h"
#include "model/segment.h"
#include "geo/polygon.h"
#include "watch/gaps.h"
#include "watch/watch.h"

#define T0 INT64_C(1770091200000000000) /* 2026-02-03T04:00:00Z */
#define AT(s) ((struct instant){T0 + (int64_t)((s) * 1e9)})

static uint8_t block[8 << 20];
static struct arena arena;
static struct fault f;

enum { MANY = 20000 };
static struct health health[MANY];
static struct look look[MANY];
static struct point area[MANY][32];
static size_t healths, looks;

static bool put_health(void *self, const struct health *h, struct fault *why)
{
	(void)self;
	(void)why;
	if (healths < MANY)
		health[healths++] = *h;
	return true;
}

static bool put_look(void *self, const struct look *l, struct fault *why)
{
	(void)self;
	(void)why;
	CHECK_QUIET(l->id.text[0] == 'l' && l->area.count >= 3 &&
		l->area.count <= 32 && l->span.to.utc_ns > l->span.from.utc_ns,
		"a whole look");
	if (looks < MANY) {
		look[looks] = *l;
		memcpy(area[looks], l->area.point,
			l->area.count * sizeof *l->area.point);
		look[looks].area.point = area[looks];
		looks++;
	}
	return true;
}

static const struct healths to_health = {put_health, NULL};
static const struct looks to_looks = {put_look, NULL};

static struct source node(const char *id, enum source_kind kind, double lat,
	double lon)
{
	return (struct source){.id = id, .kind = kind, .lat_deg = lat,
		.lon_deg = lon, .elev_m = 200, .rate_hz = 500,
		.installed = INSTANT_UNKNOWN};
}

static void test_health(void)
{
	struct source s[] = {node("S01", SOURCE_ACOUSTIC, 48, 37),
		node("S02", SOURCE_ACOUSTIC, 48, 37),
		node("S03", SOURCE_DRONE, NAN, NAN),
		node("S04", SOURCE_SEISMIC, 48, 37)};
	struct mission m = {.source = s, .source_count = 4};
	struct uptime u[] = {
		{"S01", {AT(0), AT(1000)}, 100, 0, 0},
		{"S01", {AT(1000.5), AT(2000)}, 90, 0, 1}, /* no gap */
		{"S01", {AT(2060), AT(3000)}, 20, 0, 0},   /* gap, poor clock */
		{"S01", {AT(2900), AT(3600)}, NAN, 0, 0},  /* overlaps */
		{"S03", {AT(0), AT(3600)}, NAN, 0, 0},
		{"S04", {AT(-500), AT(9999)}, NAN, SEGMENT_TIME_DOUBTFUL, 0},
	};
	static const struct {
		const char *source;
		double from, to;
		enum health_state state;
	} want[] = {
		{"S01", 0, 2000, HEALTH_UP},
		{"S01", 2000, 2060, HEALTH_DOWN},
		{"S01", 2060, 3000, HEALTH_DEGRADED},
		{"S01", 3000, 3600, HEALTH_UP},
		{"S02", 0, 3600, HEALTH_DOWN},
		{"S04", 0, 1800, HEALTH_UNKNOWN},
		{"S04", 1800, 3600, HEALTH_DEGRADED},
	};

	s[3].installed = AT(1800);
	healths = 0;
	CHECK(watch_health(&m, (struct span){AT(0), AT(3600)}, u, 6, &arena,
		&to_health, &f) && healths == 7, "%zu rows", healths);
	for (size_t i = 0; i < 7 && i < healths; i++)
		CHECK(strcmp(health[i].source, want[i].source) == 0 &&
			health[i].span.from.utc_ns == AT(want[i].from).utc_ns &&
			health[i].span.to.utc_ns == AT(want[i].to).utc_ns &&
			health[i].state == want[i].state, "health row %zu", i);
	CHECK(fabs(health[1].measure.value - 60) < 1e-9, "the gap is measured");
}

/* What senders told names the times without data, and no others. */
static void test_gaps(void)
{
	struct source s[] = {node("S01", SOURCE_ACOUSTIC, 48, 37),
		node("S02", SOURCE_ACOUSTIC, 48, 37)};
	struct mission m = {.source = s, .source_count = 2};
	struct uptime u[] = {{"S01", {AT(0), AT(1000)}, 100, 0, 0},
		{"S01", {AT(2000), AT(3000)}, 100, 0, 0}};
	struct gap g[] = {{"S02", "b", {AT(100), AT(300)}},
		{"S01", "far", {AT(500), AT(900)}},
		{"S01", "early", {AT(900), AT(1200)}},
		{"S02", "a", {AT(0), AT(200)}},
		{"S01", "late", {AT(1900), AT(4000)}},
		{"S00", "who", {AT(0), AT(4000)}}};
	struct gaps gaps = {g, gaps_sort(g, 6), 0, &to_health};
	const struct healths named = {gaps_name, &gaps};
	static const struct {
		const char *source;
		double from, to;
		enum health_state state;
	} want[] = {
		{"S01", 0, 1000, HEALTH_UP}, {"S01", 1000, 1200, HEALTH_DOWN},
		{"S01", 1200, 1900, HEALTH_DOWN},
		{"S01", 1900, 2000, HEALTH_DOWN},
		{"S01", 2000, 3000, HEALTH_UP},
		{"S01", 3000, 3600, HEALTH_DOWN}, {"S02", 0, 200, HEALTH_DOWN},
		{"S02", 200, 300, HEALTH_DOWN}, {"S02", 300, 3600, HEALTH_DOWN},
	};
	bool good = true;

	healths = 0;
	CHECK(watch_health(&m, (struct span){AT(0), AT(3600)}, u, 2, &arena,
		&named, &f) && healths == 9, "gaps: %zu rows", healths);
	for (size_t i = 0; i < 9 && i < healths; i++)
		good = good && strcmp(health[i].source, want[i].source) == 0 &&
			health[i].span.from.utc_ns == AT(want[i].from).utc_ns &&
			health[i].span.to.utc_ns == AT(want[i].to).utc_ns &&
			health[i].state == want[i].state;
	CHECK(good, "divided where gaps begin and end");
	CHECK(fabs(health[1].measure.value - 200) < 1e-9, "and measured");
}

/* Noise of a quiet field, every ten minutes. */
static size_t quiet(struct ambient *a, const char *source, double from_s,
	double to_s)
{
	size_t n = 0;

	for (double s = from_s; s < to_s; s += AMBIENT_SLOT_S)
		a[n++] = (struct ambient){.source = source, .bands = 1,
			.span = {AT(s), AT(fmin(s + AMBIENT_SLOT_S, to_s))},
			.band = {{10, 60, 0.05, 60, 8}}};
	return n;
}

static double pd_at(struct point p, double s)
{
	double pd = -1;

	for (size_t i = 0; i < looks; i++)
		if (polygon_holds(&look[i].area, p) &&
			span_holds(look[i].span, AT(s)))
			pd = fmax(pd, look[i].pd);
	return pd;
}

static void test_sound(void)
{
	struct source s[] = {node("S01", SOURCE_ACOUSTIC, 48.02, 37.02),
		node("S02", SOURCE_ACOUSTIC, 48.02, 37.05),
		node("S03", SOURCE_ACOUSTIC, 48.05, 37.02),
		node("S04", SOURCE_ACOUSTIC, 48.05, 37.05),
		node("S05", SOURCE_ACOUSTIC, 48.08, 37.08),
		node("S06", SOURCE_INFRASOUND, 48.08, 37.08)};
	struct mission m = {.source = s, .source_count = 6, .south = 48,
		.west = 37, .north = 48.1, .east = 37.1};
	struct health h[6];
	static struct ambient a[6 * 13];
	struct watch_air air = {.health = h, .health_count = 6, .ambient = a,
		.range_m = 8000};
	struct span two = {AT(0), AT(7200)};
	struct point mid = {48.035, 37.035};

	for (int i = 0; i < 6; i++) {
		h[i] = (struct health){.source = s[i].id, .span = two,
			.state = HEALTH_UP};
		air.ambient_count += quiet(a + air.ambient_count, s[i].id, 0,
			7200);
	}
	looks = 0;
	CHECK(watch_sound(&m, two, &air, &arena, &to_looks, &f), "sound");
	CHECK(looks > 20 && looks <= 400, "%zu looks: one a cell, as all "
		"slots are alike", looks);
	for (size_t i = 0; i < looks; i++)
		CHECK_QUIET(look[i].span.from.utc_ns == AT(0).utc_ns &&
			look[i].span.to.utc_ns == AT(7200).utc_ns &&
			look[i].of[0].value == 1 && look[i].of_count == 2 &&
			(look[i].pd < 0.9) == (look[i].of[1].value > 1),
			"look %zu: %g, W90 %g kg", i, look[i].pd,
			look[i].of[1].value);
	CHECK(pd_at(mid, 100) > 0.9, "1 kg in the middle: %g",
		pd_at(mid, 100));

	/* Two of five are out for 90 s: no minute of it is watched. */
	h[1].span.to = AT(3690);
	h[2].span.to = AT(3630);
	struct health more[8] = {h[0], h[1],
		{.source = "S02", .span = {AT(3720), AT(7200)}}, h[2],
		{.source = "S03", .span = {AT(3720), AT(7200)}}, h[3], h[4],
		h[5]};
	air.health = more;
	air.health_count = 8;
	looks = 0;
	CHECK(watch_sound(&m, two, &air, &arena, &to_looks, &f), "outage");
	CHECK(pd_at(mid, 3590) > 0.9 && pd_at(mid, 3670) < 0 &&
		pd_at(mid, 3719) < 0 && pd_at(mid, 3725) > 0.9,
		"an outage is a hole, to the minute: %g %g %g %g",
		pd_at(mid, 3590), pd_at(mid, 3670), pd_at(mid, 3719),
		pd_at(mid, 3725));

	/* Up, but nobody measured what it could hear. */
	air.health = h;
	air.health_count = 6;
	h[1].span.to = h[2].span.to = AT(7200);
	air.ambient = a + 24;
	air.ambient_count -= 24;
	looks = 0;
	CHECK(watch_sound(&m, two, &air, &arena, &to_looks, &f) && looks == 0,
		"three nodes and an array cannot place it: no look, not "
		"silence");
}

static struct observation camera(const char *source, double s, double lat,
	struct point *p, struct ring *r)
{
	struct observation o = observation_new(OBSERVATION_FOOTPRINT);

	p[0] = (struct point){lat, 37};
	p[1] = (struct point){lat, 37.01};
	p[2] = (struct point){lat + 0.01, 37.01};
	p[3] = (struct point){lat + 0.01, 37};
	*r = (struct ring){p, 4};
	o.source = source;
	o.at = AT(s);
	o.place.region.ring = r;
	o.place.region.ring_count = 1;
	return o;
}

static void test_footprints(void)
{
	static struct observation o[1000];
	static struct point p[1000][4];
	static struct ring r[1000];
	static const struct feature zoom[] = {{"slant_m", 2000},
		{"hfov_deg", 12}};
	struct mission m = {.south = 47, .north = 49, .west = 36, .east = 38};

	/* 5 minutes at 2 a second, still; then it looks elsewhere. */
	for (size_t i = 0; i < 700; i++) {
		o[i] = camera("D1", 0.5 * (double)i, i < 600 ? 48 : 48.5, p[i],
			&r[i]);
		o[i].feature = zoom;
		o[i].feature_count = 2;
	}
	looks = 0;
	CHECK(watch_footprints(&m, o, 700, &arena, &to_looks, &f) &&
		looks == 12, "%zu looks: two kinds, one a minute", looks);
	double watched = 0;
	for (size_t i = 0; i < looks; i += 2)
		watched += instant_seconds(look[i].span.from, look[i].span.to);
	CHECK(watched > 340 && watched <= 350, "%.1f s watched", watched);
	CHECK(look[0].pd > 0.99 && look[1].pd > look[0].pd - 1e-9,
		"a vehicle at 0.33 m a pixel: %.3f", look[0].pd);

	/* Moving: only what stayed in view is claimed. */
	for (size_t i = 0; i < 20; i++)
		o[i] = camera("D1", (double)i, 48 + 0.0002 * (double)i, p[i],
			&r[i]);
	looks = 0;
	CHECK(watch_footprints(&m, o, 20, &arena, &to_looks, &f) &&
			looks == 2 && isnan(look[0].pd),
		"moving; no optics, no Pd");
	CHECK(fabs(polygon_area_m2(&look[0].area) / polygon_area_m2(&r[0]) -
		0.62) < 0.01, "the common part");

	/* A gap was not watched; a wrong checksum carries no footprint. */
	static const struct attribute wrong[] = {{"checksum", "wrong"}};
	o[0] = camera("D1", 0, 48, p[0], &r[0]);
	o[1] = camera("D1", 5, 48, p[1], &r[1]);
	o[2] = camera("D1", 300, 48, p[2], &r[2]);
	o[3] = camera("D1", 305, 48, p[3], &r[3]);
	o[3].attribute = wrong;
	o[3].attribute_count = 1;
	looks = 0;
	CHECK(watch_footprints(&m, o, 4, &arena, &to_looks, &f) && looks == 2 &&
		look[0].span.to.utc_ns == AT(5).utc_ns, "gap, checksum");

	/* A satellite's pass. */
	for (size_t i = 0; i < 3; i++) {
		o[i] = camera("firms-N", 60 * (double)i, 48 + 0.1 * (double)i,
			p[i], &r[i]);
		o[i].what = OBSERVATION_HEAT;
	}
	o[3] = camera("firms-N", 6000, 48, p[3], &r[3]);
	o[3].what = OBSERVATION_HEAT;
	looks = 0;
	CHECK(watch_footprints(&m, o, 4, &arena, &to_looks, &f) && looks == 2 &&
			look[0].kind == KIND_FIRE &&
			look[0].modality == MODALITY_HEAT &&
			polygon_holds(
				&look[0].area, (struct point){48.15, 37.005}) &&
			look[0].span.from.utc_ns == AT(-120).utc_ns,
		"two passes, ground between rows was scanned");
}

static void test_coverage(void)
{
	struct point west[] = {
		{48, 37}, {48, 37.05}, {48.1, 37.05}, {48.1, 37}};
	struct point zone[] = {{48.02, 37.06}, {48.02, 37.09}, {48.05, 37.09},
		{48.05, 37.06}};
	struct point all[] = {{47.9, 36.9}, {47.9, 37.2}, {48.2, 37.2},
		{48.2, 36.9}};
	struct ring ring = {zone, 4};
	struct shape shape = {.name = "zone", .role = SHAPE_ZONE,
		.ring = &ring, .ring_count = 1, .closed = true};
	struct mission m = {.south = 48, .west = 37, .north = 48.1,
		.east = 37.1, .shape = &shape, .shape_count = 1};
	struct look l[] = {
		/* Overlapping looks do not add up. */
		{.modality = MODALITY_IMAGE, .span = {AT(0), AT(500)},
			.area = {west, 4}, .kind = KIND_WEAPON, .pd = 0.95},
		{.modality = MODALITY_IMAGE, .span = {AT(400), AT(500)},
			.area = {west, 4}, .kind = KIND_WEAPON, .pd = 0.99},
		{.modality = MODALITY_ACOUSTIC, .span = {AT(0), AT(1000)},
			.area = {all, 4}, .kind = KIND_WEAPON, .pd = 0.5},
		{.modality = MODALITY_ACOUSTIC, .span = {AT(0), AT(1000)},
			.area = {all, 4}, .kind = KIND_FIRE, .pd = 0.05},
		{.modality = MODALITY_HEAT, .span = {AT(0), AT(1000)},
			.area = {all, 4}, .kind = KIND_FIRE, .pd = NAN},
	};
	struct coverage *c;
	size_t n;
	static const struct {
		const char *area;
		enum kind kind;
		enum modality modality;
		double watched, partly;
	} want[] = {
		{"all", KIND_FIRE, MODALITY_COUNT, 0, 0},
		{"all", KIND_FIRE, MODALITY_ACOUSTIC, 0, 0},
		{"all", KIND_FIRE, MODALITY_HEAT, 0, 0},
		{"all", KIND_WEAPON, MODALITY_COUNT, 0.25, 0.75},
		{"all", KIND_WEAPON, MODALITY_ACOUSTIC, 0, 1},
		{"all", KIND_WEAPON, MODALITY_IMAGE, 0.25, 0},
		{"zone", KIND_FIRE, MODALITY_COUNT, 0, 0},
		{"zone", KIND_FIRE, MODALITY_ACOUSTIC, 0, 0},
		{"zone", KIND_FIRE, MODALITY_HEAT, 0, 0},
		{"zone", KIND_WEAPON, MODALITY_COUNT, 0, 1},
		{"zone", KIND_WEAPON, MODALITY_ACOUSTIC, 0, 1},
		{"zone", KIND_WEAPON, MODALITY_IMAGE, 0, 0},
	};

	CHECK(watch_coverage(&m, (struct span){AT(0), AT(1000)}, l, 5, &arena,
		&c, &n, &f) && n == 12, "%zu rows", n);
	for (size_t i = 0; i < n && i < 12; i++)
		CHECK(strcmp(c[i].area, want[i].area) == 0 &&
			c[i].kind == want[i].kind &&
			c[i].modality == want[i].modality &&
			fabs(c[i].watched - want[i].watched) < 0.03 &&
			fabs(c[i].partly - want[i].partly) < 0.03 &&
			fabs(c[i].watched + c[i].partly + c[i].not_watched -
				1) < 1e-12, "row %zu: %.3f %.3f", i,
			c[i].watched, c[i].partly);
	static char out[1 << 20];
	struct text t = text_on(out, sizeof out);
	CHECK(watch_geojson(&m, (struct span){AT(450), AT(450)}, KIND_WEAPON, l,
		5, &arena, &t, &f) && strstr(out, "\"watched\":1.000") &&
		strstr(out, "\"partly\":1.000,\"watched\":0.000"),
		"a moment, as GeoJSON");
	CHECK(watch_coverage(&m, (struct span){AT(0), AT(1000)}, NULL, 0,
		&arena, &c, &n, &f) && n == 0, "no looks, no rows");
}

static void test_limits(void)
{
	struct point west[] = {
		{48, 37}, {48, 37.05}, {48.1, 37.05}, {48.1, 37}};
	struct point zone[] = {{48.02, 37.06}, {48.02, 37.09}, {48.05, 37.09},
		{48.05, 37.06}};
	struct ring ring = {zone, 4};
	struct shape shape = {.name = "zone", .role = SHAPE_ZONE,
		.ring = &ring, .ring_count = 1, .closed = true};
	struct mission m = {.south = 48, .west = 37, .north = 48.1,
		.east = 37.1, .shape = &shape, .shape_count = 1};
	struct look l[] = {
		{.modality = MODALITY_ACOUSTIC, .span = {AT(0), AT(400)},
			.area = {west, 4}, .kind = KIND_EXPLOSION, .pd = 0.05,
			.of = {{"yield_kg", 1}, {"w90_kg", 20}}, .of_count = 2},
		/* An outage of 200 s. */
		{.modality = MODALITY_ACOUSTIC, .span = {AT(600), AT(1000)},
			.area = {west, 4}, .kind = KIND_EXPLOSION, .pd = 0.95,
			.of = {{"yield_kg", 1}, {"w90_kg", 0.5}},
			.of_count = 2},
	};
	struct point heard[] = {{48.03, 37.07}, {48.03, 37.01}};
	struct span all = {AT(0), AT(1000)};
	struct ring spots = {heard, 2}, nowhere = {0};
	struct limits limits;
	const struct limit *x;
	char said[512];

	CHECK(watch_limits(&m, all, l, 2, &spots, &arena, &limits, &f) &&
		limits.count == 2, "%zu areas", limits.count);
	x = limits.limit;
	CHECK(fabs(x[0].observed - 0.4) < 0.03 && x[0].half_kg == 0.5 &&
		x[0].most_kg == 20 && x[0].all_kg == 20 && x[0].heard == 2,
		"half of the area, four fifths of the time: %.3f",
		x[0].observed);
	CHECK(x[1].observed == 0 && isnan(x[1].all_kg) && x[1].heard == 1,
		"the zone lies where nobody listened");
	for (size_t i = 0; i < 2; i++) {
		struct text t = text_on(said, sizeof said);

		watch_limit_say(&x[i], &t);
		CHECK(i == 0 ? strstr(said, "40 %") && strstr(said, "60 % not "
			"observed") : strcmp(said, "not observed") == 0, "%s",
			said);
	}
	/* The moment of the outage. */
	CHECK(watch_limits(&m, (struct span){AT(500), AT(501)}, l, 2, &nowhere,
		&arena, &limits, &f) && limits.limit[0].observed == 0,
		"an outage is not observed");
}

int main(void)
{
	arena = arena_on(block, sizeof block);
	test_health();
	test_gaps();
	test_sound();
	test_footprints();
	test_coverage();
	test_limits();
	return check_done();
}
