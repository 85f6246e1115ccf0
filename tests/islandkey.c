/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * islandkey.c - what an island is remembered by (roles/islands.h): all that is
 * asked of the network about its time, and nothing of other times. */
#include "check.h"

#include "locate/bearing.h"
#include "roles/islands.h"

#define SECOND INT64_C(1000000000)
#define HOUR (3600 * SECOND)
static const int64_t t0 = INT64_C(1770134400) * SECOND;

static struct source source[2] = {
	{.id = "A", .kind = SOURCE_ACOUSTIC, .lat_deg = 48, .lon_deg = 37},
	{.id = "B", .kind = SOURCE_ACOUSTIC, .lat_deg = 48.01, .lon_deg = 37},
};
static struct mission mission = {.source = source, .source_count = 2};

static struct span hours(double from, double to)
{
	return (struct span){{t0 + (int64_t)(from * (double)HOUR)},
		{t0 + (int64_t)(to * (double)HOUR)}};
}

/* Of an island within the first minute after t0. */
static bool same(const struct network *a, const struct network *b)
{
	struct span when = {{t0}, {t0 + 60 * SECOND}};
	const struct digest rows = {{7}};
	struct memo memo = {.off = false};
	struct digest x, y;

	sha256_start(&memo.base);
	x = islands_key(&memo, a, &rows, when);
	y = islands_key(&memo, b, &rows, when);
	return memcmp(&x, &y, sizeof x) == 0;
}

static struct network with_health(const struct health *h, size_t n)
{
	return (struct network){.mission = &mission, .health = h,
		.health_count = n};
}

static void check_health(void)
{
	const struct network none = with_health(NULL, 0);
	struct health h = {.source = "A", .state = HEALTH_DOWN,
		.why = "no data", .span = hours(-1, 1)}, g = h;
	struct network a = with_health(&h, 1), b = with_health(&g, 1);

	CHECK(!same(&a, &none), "a source is down: another key");
	g.span = hours(-30, 1);
	CHECK(same(&a, &b), "it was down for longer: the same");
	g.span = hours(-1, 30);
	CHECK(same(&a, &b), "it stays down: the same");
	g.span = hours(0.005, 1);
	CHECK(!same(&a, &b), "only from within the island on: another");
	g = h;
	g.state = HEALTH_QUARANTINED;
	CHECK(!same(&a, &b), "not believed: another");
	g = h;
	g.why = "stuck";
	CHECK(!same(&a, &b), "for another reason: another");
	g = h;
	g.source = "B";
	CHECK(!same(&a, &b), "another source: another");
	g = h;
	g.measure = (struct feature){"late_ms", 3};
	CHECK(!same(&a, &b), "late by so much: another");
	g.measure = (struct feature){"noise_db", 3};
	CHECK(same(&a, &b), "its noise is not asked for: the same");
	g = h;
	g.span = hours(20, 30);
	CHECK(same(&b, &none), "down at another time: as if it were not");
	g = h;
	g.state = HEALTH_UP;
	CHECK(same(&b, &none), "up: as if nothing were said");
}

static void check_air(void)
{
	struct weather w = {.at = {t0 + 2 * HOUR}, .lat_deg = 48,
		.lon_deg = 37, .temperature_c = 3, .pressure_pa = 1e5,
		.humidity_pct = 60, .wind_ms = 2, .wind_from_deg = 10,
		.temperature_err_c = 1, .wind_err_ms = 1}, v = w;
	struct network a = {.mission = &mission, .weather = &w,
		.weather_count = 1}, b = a, none = {.mission = &mission};

	b.weather = &v;
	CHECK(!same(&a, &none) && same(&a, &b), "a report two hours later");
	v.wind_ms = 3;
	CHECK(!same(&a, &b), "of another wind");
	v = w;
	v.at.utc_ns = t0 + 20 * HOUR;
	CHECK(same(&b, &none), "one of the next day speaks of other air");
}

static void check_bearings(void)
{
	struct bearing x = {.source = &source[1], .at = {t0 + 20 * HOUR},
		.end = 1};
	struct bearings one = {&x, 1};
	struct health h = {.source = "B", .state = HEALTH_QUARANTINED,
		.why = "stuck", .span = hours(19, 21)};
	struct network none = {.mission = &mission}, a = none, b = none;

	a.bearings = b.bearings = &one;
	CHECK(!same(&a, &none), "who is far hears it whenever: all count");
	b.health = &h;
	b.health_count = 1;
	CHECK(!same(&a, &b), "and whether they are believed then");
}

static bool take(void *self, const struct fit *fit, struct fault *f)
{
	(void)self;
	(void)fit;
	(void)f;
	return true;
}

int main(void)
{
	const struct fits fits = {take, NULL};
	struct network a = {.mission = &mission}, b = a;

	CHECK(same(&a, &b), "the same network: the same key");
	b.fits = &fits;
	CHECK(!same(&a, &b), "fits are wanted: another");
	check_health();
	check_air();
	check_bearings();
	return check_done();
}
