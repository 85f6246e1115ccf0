/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * heat.c - hot pixels, reports and pulses as detections; a pixel's region
 * holds a source, drawn as SATELLITE.md 3.1 says, 90 times in 100. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"
#include "formats/format.h"
#include "geo/frame.h"
#include "geo/polygon.h"

extern const struct detector detector_heat, detector_report, detector_arrival;

struct got {
	const struct detector *detector;
	struct detections to;
	size_t count;
	struct id id[16];
	struct detection last; /* strings are of no use later */
	struct point corner[4];
	bool look;
};

static bool keep(void *self, const struct detection *d, struct fault *f)
{
	struct got *g = self;

	(void)f;
	if (g->count < 16)
		g->id[g->count] = d->id;
	g->count++;
	g->last = *d;
	if (d->place.region.ring_count == 1)
		for (size_t i = 0; i < 4; i++)
			g->corner[i] = d->place.region.ring[0].point[i];
	return true;
}

static bool pass(void *self, const struct observation *o, struct fault *f)
{
	struct got *g = self;

	return g->detector->observation(NULL, o, &g->to, f);
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self, (void)offset, (void)length, (void)f;
	CHECK(false, "no damage: %s", why->text);
	return true;
}

static struct got detect(const struct detector *d, const char *format,
	const char *csv)
{
	static uint8_t block[1 << 20];
	struct got g = {.detector = d};
	struct arena a = arena_on(block, sizeof block);
	struct intake in = {&g, NULL, pass, damage, false};
	struct origin o = {"", ""};
	struct fault f = {0};

	g.to = (struct detections){keep, &g};
	CHECK(format_named(format)->decode(bytes_of(csv), &o, &a, &in, &f),
		"%s is read", format);
	g.to.self = NULL;
	return g;
}

static void test_identity(void)
{
	struct got g = detect(&detector_heat, "firms",
		"latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,"
		"satellite,confidence,version,bright_ti5,frp,daynight\n"
		"48.1,37.2,316,0.38,0.36,2026-02-03,48,N,n,2.0NRT,291,1.6,N\n"
		"48.10,37.20,316,0.38,0.36,2026-02-03,0048,N,n,2.0NRT,291,2,N\n"
		"48.1,37.2,316,0.38,0.36,2026-02-03,0048,1,n,2.0NRT,291,1.6,N\n"
		"48.1,37.2,316,0.38,0.36,2026-02-03,0048,N,n,2,291,1.6,N\n"
		"48.10001,37.2,316,0.38,0.36,2026-02-03,48,N,n,2.0NRT,,,N\n"
		"48.1,37.2,316,0.38,0.36,2026-02-03,49,N,n,2.0NRT,291,1.6,N\n");

	CHECK(g.count == 6, "six rows, six detections");
	CHECK(strcmp(g.id[0].text, g.id[1].text) == 0,
		"the same row written otherwise has the same id");
	for (size_t i = 2; i < 6; i++)
		CHECK(strcmp(g.id[0].text, g.id[i].text) != 0,
			"another satellite, version, place or minute: %zu", i);
	CHECK(g.last.kind == KIND_FIRE && g.last.modality == MODALITY_HEAT &&
		g.last.place.region.level == 0.9, "a fire, by heat");
}

static double uniform(uint64_t *state)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return ((double)(*state >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(uint64_t *state)
{
	return m_phi_inverse(uniform(state));
}

static void test_coverage(const char *csv, double scan, double track,
	bool modis)
{
	struct got g = detect(&detector_heat, "firms", csv);
	struct ring ring = {g.corner, 4};
	struct frame fr = frame_at(48.1, 37.2);
	uint64_t seed = 7;
	int in = 0;
	/* Night pass at 48.1 N: the track runs to 195.7 degrees. */
	double az = RAD(195.705);

	for (int i = 0; i < 20000; i++) {
		double u = uniform(&seed) - 0.5;
		double s = (modis ? u + uniform(&seed) - 0.5 : u) * scan +
			130 * normal(&seed);
		double t = (uniform(&seed) - 0.5) * track +
			130 * normal(&seed);
		struct xy at = {t * m_sin(az) + s * m_cos(az),
			t * m_cos(az) - s * m_sin(az)};

		in += polygon_holds(&ring, frame_from(&fr, at));
	}
	CHECK(in > 17800 && in < 18200, "%.0f m pixel: region of 0.9 holds "
		"%.4f", scan, in / 20000.0);
}

static void test_report(void)
{
	struct got g = detect(&detector_report, "reports",
		"report_id,observer,lat,lon,at,means,kind,count,count_meaning,"
		"bearing,dist_min_m,dist_max_m\n"
		"R1,P1,48.1,37.2,2026-02-03T04:05:00Z,heard,explosion,12,"
		"at_least,S,1000,2000\n"
		"R2,P1,48.1,37.2,2026-02-03T04:05:00Z,heard,explosion,12,"
		"at_least,S,1000,2000\n");

	CHECK(g.count == 2 && strcmp(g.id[0].text, g.id[1].text) != 0,
		"two reports alike are two");
	CHECK(g.last.kind == KIND_EXPLOSION && g.last.count.value == 12 &&
		g.last.count.meaning == COUNT_AT_LEAST &&
		g.last.modality == MODALITY_WITNESS &&
		g.last.place.region.ring_count == 1 &&
		g.last.place.lat_deg < 48.1, "kind, count and sector stay");
}

int main(void)
{
	test_identity();
	test_coverage("latitude,longitude,bright_ti4,scan,track,acq_date,"
		"acq_time,daynight\n48.1,37.2,316,0.38,0.36,2026-02-03,48,N\n",
		380, 360, false);
	test_coverage("latitude,longitude,bright_ti4,scan,track,acq_date,"
		"acq_time,daynight\n48.1,37.2,316,0.8,0.79,2026-02-03,48,N\n",
		800, 790, false);
	test_coverage("latitude,longitude,brightness,scan,track,acq_date,"
		"acq_time,daynight\n48.1,37.2,316,1.34,1.15,2026-02-03,48,N\n",
		1340, 1150, true);
	test_report();
	return check_done();
}
