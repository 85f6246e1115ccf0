/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lee.c - how far a source seems in the wind: farther up it, nearer down it, as
 * far as it is in calm and across; smooth, made anew for another wind. */
#include "check.h"

#include "base/maths.h"
#include "locate/lee.h"

static const struct {
	const char *name;
	double speed, sigma, along, d_m, least, most; /* of the factor */
} cases[] = {
	{"calm",                     0, 2,  0, 1000, 0.999,  1.001},
	{"across 6 m/s",             6, 2,  0, 1000, 0.999,  1.001},
	{"down 6 m/s, 1 km",         6, 2,  6, 1000, 0.2,    0.6},
	{"down 6 m/s, 100 m",        6, 2,  6,  100, 0.8,    1},
	{"up 6 m/s, 1 km",           6, 2, -6, 1000, 3,     14},
	{"up 6 m/s, 100 m",          6, 2, -6,  100, 0.95,   1.1},
	{"up 12 m/s, 1 km",         12, 2,-12, 1000, 4,     14},
	{"up 2 m/s, hardly known",   2, 5, -2, 1000, 1,      2},
	{"beyond the range",         6, 2, -6, 9000, 3,     14},
	{"more along than there is", 6, 2, -9, 1000, 3,     14},
};

int main(void)
{
	static struct lee l;
	double most = 0, last = INFINITY;
	bool falls = true;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		double f;

		lee_for(&l, cases[i].speed, cases[i].sigma, 3000);
		f = lee_m(&l, cases[i].along, cases[i].d_m) / cases[i].d_m;
		CHECK(f >= cases[i].least && f <= cases[i].most, "%s: %.3f",
			cases[i].name, f);
	}
	lee_for(&l, 8, 2, 3000);
	for (double w = -8; w <= 8; w += 0.01) {
		double m = lee_m(&l, w, 1300);

		falls = falls && m <= last + 1e-9;
		if (isfinite(last))
			most = fmax(most, fabs(m - last));
		last = m;
	}
	CHECK(falls, "the more down the wind, the nearer");
	CHECK(most < 100, "no jumps: %.0f m in 0.01 m/s", most);
	return check_done();
}
