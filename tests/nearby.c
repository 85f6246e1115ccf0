/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nearby.c - points in a box of ground, found by their squares, against asking
 * all: wherever on the globe, on a line, on one spot. */
#include "check.h"

#include "base/maths.h"
#include "locate/nearby.h"

enum { POINTS = 3000, ASKS = 200 };

static uint64_t state = 7;

static double draw(void)
{
	state = state * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(state >> 11) * 0x1p-53;
}

static const struct {
	const char *name;
	double lat, lon, high, wide; /* degrees */
	size_t count;
} cases[] = {
	{"a network of 100 km",     48,   37,   1,    1.4,  POINTS},
	{"in the south",           -33,  -70,   2,    2,    POINTS},
	{"on a line",               50,   10,   0,    3,    POINTS},
	{"on one spot",             50,   10,   0,    0,    100},
	{"across 180 degrees",      -17, 179.5, 1,    1,    POINTS},
	{"this side of it",         -17, 179.3, 1,    0.69, POINTS},
	{"round the globe",          0, -180, 80,   360,    POINTS},
	{"near the pole",           84,    0,   4,   40,    POINTS},
	{"one",                     48,   37,   1,    1,    1},
	{"none",                    48,   37,   1,    1,    0},
};

int main(void)
{
	static struct point p[POINTS];
	static uint32_t got[POINTS];
	struct arena a;
	struct fault f = {0};

	if (!arena_map(&a, 1 << 24, &f))
		abort();
	for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
		size_t bad = 0, in = 0, out = 0;
		struct nearby n;

		a.used = 0;
		for (size_t i = 0; i < cases[c].count; i++) {
			p[i].lat_deg = cases[c].lat + draw() * cases[c].high;
			p[i].lon_deg = cases[c].lon + draw() * cases[c].wide;
			if (p[i].lon_deg > 180)
				p[i].lon_deg -= 360;
		}
		if (!nearby_make(p, cases[c].count, &a, &n, &f))
			abort();
		for (size_t k = 0; k < ASKS; k++) {
			double lat = cases[c].lat + draw() * cases[c].high;
			double lon = cases[c].lon +
				(1.3 * draw() - 0.15) * cases[c].wide;
			struct frame at = frame_at(lat,
				lon > 180 ? lon - 360 : lon);
			double half_m = 500 + 9500 * draw();
			size_t count = nearby_find(&n, &at, half_m, got);
			size_t next = 0;

			for (size_t i = 0; i + 1 < count; i++)
				bad += got[i] >= got[i + 1];
			for (size_t i = 0; i < cases[c].count; i++) {
				struct xy q = frame_to(&at, p[i].lat_deg,
					p[i].lon_deg);
				bool told = next < count && got[next] == i;

				next += told;
				in += told;
				out += !told;
				bad += !told && fabs(q.x_m) <= half_m &&
					fabs(q.y_m) <= half_m;
			}
			bad += next != count;
		}
		CHECK(bad == 0, "%s: %zu missed; asked of %zu in %zu",
			cases[c].name, bad, in, in + out);
	}
	arena_unmap(&a);
	return check_done();
}
