/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the map of capability costs: microseconds of one core for one cell and
 * one step of time, against the number of sensors at one density and at one
 * area.  Yardstick in the same run: the same question without tables, each
 * level by its formula and all sources asked. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/maths.h"
#include "watch/capability.h"

enum { ROUNDS = 5 };

static struct fault f;

static double cpu_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static const struct ambient ear = {.bands = 3, .band = {
	{10, 60, 0.05, 62, 8}, {2, 15, 0.1, 68, 9}, {40, 200, 0.02, 55, 7}}};

static struct source *grid_of(size_t n, double spacing_m)
{
	struct source *s = calloc(n, sizeof *s);
	size_t side = (size_t)sqrt((double)n);

	for (size_t i = 0; s && i < n; i++)
		s[i] = (struct source){.id = "S", .kind = SOURCE_ACOUSTIC,
			.lat_deg = 48 + (double)(i / side) * spacing_m / 111200,
			.lon_deg = 37 + (double)(i % side) * spacing_m / 74400};
	return s;
}

/* Without tables: loudness.h alone. */
static double plain_pd(const struct capability *c, size_t cell, double kg)
{
	struct loudness_count heard = loudness_nobody();

	for (size_t i = c->first[cell]; i < c->first[cell + 1]; i++) {
		const struct capability_pair *p = &c->pair[i];
		struct loudness_bend b = loudness_bends(
			p->east * c->wind.east_ms + p->north * c->wind.north_ms,
			c->wind.sigma_ms, p->d_m);
		double best = -INFINITY;

		for (size_t k = 0; k < ear.bands; k++)
			best = fmax(best, loudness_band_db(kg, p->d_m,
				&ear.band[k]) -
				loudness_needed_db(&ear.band[k]));
		loudness_add(&heard, loudness_pd(best, &b));
	}
	return heard.p[LOUDNESS_NODES_MIN];
}

static void one(size_t n, double spacing_m, struct arena *a)
{
	struct source *s = grid_of(n, spacing_m);
	double side = sqrt((double)n) * spacing_m;
	struct mission m = {.source = s, .source_count = n, .south = 48,
		.west = 37, .north = 48 + side / 111200,
		.east = 37 + side / 74400};
	struct box box = {m.south, m.west, m.north, m.east};
	struct grid g = grid_on(&box, GRID_SIDE, 1000);
	double range = fmin(fmax(3 * spacing_m, 3000), 30000);
	double made, ours = 0, plain = 0, sum = 0, off = 0;
	struct capability c;
	double t = cpu_s();

	a->used = 0;
	if (!s || !capability_make(&c, &m, &g, range, a, &f))
		exit(1);
	for (size_t i = 0; i < n; i++)
		if (!capability_set(&c, i, &ear, &f))
			exit(1);
	made = cpu_s() - t;
	for (int r = 0; r < ROUNDS; r++) {
		struct loudness_wind w = {3 + r, 1, 2};

		capability_wind(&c, &w);
		t = cpu_s();
		for (size_t i = 0; i < c.cells; i++)
			sum += capability_w90_kg(&c, i) +
				capability_pd(&c, i, 1);
		ours += cpu_s() - t;
		t = cpu_s();
		for (size_t i = 0; i < c.cells; i += 8)
			off = fmax(off, fabs(plain_pd(&c, i, 1) -
				capability_pd(&c, i, 1)));
		plain += cpu_s() - t;
	}
	printf("%5zu sensors, %4.0f m: %3zu cells, %5.1f sources a cell; "
		"made in %.3f s; W90 and Pd %.1f us a cell and step, %.2f x "
		"of one Pd without tables (off by %.4f)\n", n, spacing_m,
		c.cells, (double)c.first[c.cells] / (double)c.cells, made,
		ours / ROUNDS / (double)c.cells * 1e6,
		ours / (8 * plain), off);
	if (!(sum > 0))
		exit(1);
	free(s);
}

int main(void)
{
	struct arena a;

	if (!arena_map(&a, (size_t)4 << 30, &f))
		return 1;
	one(100, 1000, &a);
	one(1000, 1000, &a);
	one(10000, 1000, &a);
	one(100, 5000, &a);
	one(1000, 1600, &a);
	arena_unmap(&a);
	return 0;
}
