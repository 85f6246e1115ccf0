/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_model.c - the constants of the associator, and travel-time tables. */
#include "base/columns.h"
#include "base/maths.h"
#include "locate/assoc_scene.h"

/* Degrees to kilometres as REAL does it. */
#define M_PER_DEGREE 111190.0
enum { DEPTHS_MAX = 256, DISTANCES_MAX = 2048, NEIGHBOUR = 4, SAMPLE = 64 };

struct assoc_table {
	size_t distances, depths;
	double step_m, depth_step_m; /* distances from 1 step, depths from 0 */
	double *at[2]; /* P, S: [depth][distance], distance 0 included */
};

/* The steps of a sorted regular list, or a fault. */
static bool layout(struct bytes in, struct assoc_table *t, struct fault *f)
{
	struct columns c = columns_of(in);
	double d, z, first_d = 0, first_z = 0, last_z = -1;
	size_t rows = 0;

	while (columns_next(&c)) {
		if (!columns_number(&c, 0, 0, 180, &d, f) ||
			!columns_number(&c, 1, -10, 800, &z, f))
			return false;
		if (rows == 0) {
			first_d = d;
			first_z = z;
		}
		if (z != last_z)
			t->depths++;
		if (z == first_z)
			t->distances++;
		if (t->depths == 2 && last_z == first_z)
			t->depth_step_m = 1000 * (z - first_z);
		last_z = z;
		rows++;
	}
	t->step_m = first_d * M_PER_DEGREE;
	if (rows == 0 || t->depths > DEPTHS_MAX ||
		t->distances > DISTANCES_MAX || t->depths < 2 ||
		!(t->step_m > 0) || !(t->depth_step_m > 0) || first_z != 0 ||
		rows != t->depths * t->distances)
		return fault(f, FAULT_INPUT, "no table of travel times: %zu "
			"rows, %zu depths by %zu distances; wants equal "
			"steps, distances within depths, depths from 0",
			rows, t->depths, t->distances);
	return true;
}

/* A distance of 0: straight up through the depths, by the slope that the
 * first two distances leave (times are even in the distance). */
static void close_at_zero(struct assoc_table *t)
{
	size_t n = t->distances + 1;

	for (int k = 0; k < 2; k++)
		for (size_t z = 0; z < t->depths; z++) {
			double *row = t->at[k] + z * n, a = row[1], b = row[2];

			/* t^2 is near enough linear in d^2: t0^2 =
			 * (4 a^2 - b^2) / 3. */
			row[0] = sqrt(fmax(0, (4 * a * a - b * b) / 3));
		}
}

bool assoc_table_read(struct bytes in, struct arena *a,
	const struct assoc_table **out, struct fault *f)
{
	struct assoc_table *t = arena_take(a, sizeof *t, f);
	struct columns c = columns_of(in);
	size_t n;

	*out = NULL;
	if (!t || !layout(in, t, f))
		return false;
	n = t->distances + 1;
	for (int k = 0; k < 2; k++)
		if (!(t->at[k] = arena_array(
			      a, n * t->depths, sizeof(double), f)))
			return false;
	if (t->distances < 2)
		return fault(f, FAULT_INPUT, "a table of one distance");
	for (size_t i = 0; columns_next(&c); i++) {
		size_t z = i / t->distances, d = i % t->distances;
		double deg, km;

		if (!columns_number(&c, 0, 0, 180, &deg, f) ||
			!columns_number(&c, 1, -10, 800, &km, f) ||
			!columns_number(&c, 2, 0, 1e5,
				&t->at[0][z * n + d + 1], f) ||
			!columns_number(&c, 3, 0, 1e5,
				&t->at[1][z * n + d + 1], f))
			return false;
		/* The tables are written with 0.01 steps that add up. */
		if (fabs(deg * M_PER_DEGREE - (double)(d + 1) * t->step_m) >
				0.01 * t->step_m ||
			fabs(1000 * km - (double)z * t->depth_step_m) >
				0.01 * t->depth_step_m)
			return fault(f, FAULT_INPUT, "line %zu: distance %g, "
				"depth %g: not in equal steps", c.line, deg,
				km);
	}
	close_at_zero(t);
	*out = t;
	return true;
}

double assoc_table_at(const struct assoc_table *t, enum assoc_phase phase,
	double distance_m, double depth_m, double part[2])
{
	size_t n = t->distances + 1, i, k;
	double d = distance_m / t->step_m, z = depth_m / t->depth_step_m;
	const double *row = t->at[phase == ASSOC_S];
	double a, b, near, far;

	/* Beyond its ends the table goes on as it ended. */
	i = d < (double)(n - 1) ? (size_t)d : n - 2;
	z = fmax(z, 0);
	k = z < (double)(t->depths - 1) ? (size_t)z : t->depths - 2;
	d -= (double)i;
	z -= (double)k;
	row += k * n + i;
	near = row[0] + z * (row[n] - row[0]);
	far = row[1] + z * (row[n + 1] - row[1]);
	a = row[0] + d * (row[1] - row[0]);
	b = row[n] + d * (row[n + 1] - row[n]);
	if (part) {
		part[0] = (far - near) / t->step_m;
		part[1] = (b - a) / t->depth_step_m;
	}
	return a + z * (b - a);
}

/* Distance to the third nearest other source, or the farthest there is. */
static double neighbour_m(const struct assoc_source *s, size_t count,
	const struct assoc_source *o)
{
	struct frame f = frame_at(o->lat_deg, o->lon_deg);
	double near[NEIGHBOUR], best = INFINITY;

	for (int k = 0; k < NEIGHBOUR; k++)
		near[k] = INFINITY;
	for (size_t i = 0; i < count; i++) {
		struct xy p;
		double d;

		if (&s[i] == o || !isfinite(s[i].lat_deg + s[i].lon_deg))
			continue;
		p = frame_to(&f, s[i].lat_deg, s[i].lon_deg);
		d = p.x_m * p.x_m + p.y_m * p.y_m;
		for (int k = 0; k < NEIGHBOUR; k++) {
			double was = near[k];

			near[k] = fmin(was, d);
			d = fmax(was, d);
		}
	}
	for (int k = 0; k < NEIGHBOUR - 1; k++)
		if (isfinite(near[k]))
			best = near[k];
	return sqrt(best);
}

/* Median over at most SAMPLE sources, taken evenly. */
static double spacing_m(const struct assoc_source *s, size_t count)
{
	double d[SAMPLE];
	size_t n = 0, step = count / SAMPLE + 1;

	for (size_t i = 0; i < count; i += step) {
		double v = neighbour_m(s, count, &s[i]);
		size_t k;

		if (!isfinite(v) || !isfinite(s[i].lat_deg))
			continue;
		for (k = n++; k > 0 && d[k - 1] > v; k--)
			d[k] = d[k - 1];
		d[k] = v;
	}
	return n ? d[n / 2] : 3000;
}

static void air_model(struct assoc_model *m, double spacing)
{
	/* A network whose third neighbours are nearer than 800 m stands in a
	 * town (docs/WAVEFORM.md 3.3, 3.4: paths, echoes). */
	bool town = spacing < 800;

	m->law[ASSOC_AIR] = (struct assoc_law){
		.speed_ms = 340, /* at 15 deg C */
		.pick_s = 0.010,
		.path_s = town ? 0.007 : 0.002,
		.grow = 0.0025, /* 7 ms/km: turbulence, 3.3 */
		.late = town ? 0.2 : 0.05,
		.late_s = 0.030,
		.range_m = fmax(1500, fmin(30000, 3 * spacing)),
		.pd = 0.8,
		.rate_hz = 4 / 3600.0, /* the quota of 3.1 */
	};
	m->sigma_c_ms = 6; /* without weather, 3.3 */
	m->sigma_w_ms = 5;
	m->ln_mu = -24.3; /* ten an hour in 100 km2 */
	m->hope = 3;      /* 30 m, 30 m, 40 ms: 6; less 3 of residuals */
	m->tile_m = m->law[ASSOC_AIR].range_m / 4;
	m->leaf_m = fmin(120, m->tile_m / 4);
	m->coda_s = 0.6; /* 3.4 */
	m->picks = m->sources = 4;
}

static void ground_model(struct assoc_model *m, double spacing, size_t count)
{
	double range = fmax(20e3, fmin(300e3, 8 * spacing));

	m->law[ASSOC_P] = (struct assoc_law){
		.speed_ms = 6200,
		.pick_s = 0.10,
		.path_s = 0.15,
		.grow = 0.02,
		.late = 0.15,
		.late_s = 0.3,
		.range_m = range,
		.pd = 0.8,
		.rate_hz = 4 / 3600.0,
	};
	m->law[ASSOC_S] = m->law[ASSOC_P];
	m->law[ASSOC_S].speed_ms = 3300;
	m->law[ASSOC_S].pick_s = 0.15;
	m->law[ASSOC_S].path_s = 0.20;
	m->depth_m = 20e3;
	m->ln_mu = -36.9; /* a thousand a day in 80 x 80 x 20 km */
	m->hope = 15;     /* 0.4 km, 0.4 km, 1 km, 0.1 s; less 4 of residuals */
	m->tile_m = range / 8;
	m->leaf_m = 2600;
	m->accept = 12; /* docs/hearing.md: on hours 0 to 8 of the day there */
	m->coda_s = 0.3;
	/* With 60 stations 12 picks, 3 of them P and 2 S: what both peers want
	 * there.  Small networks have to do with less. */
	m->picks = count < 30 ? 6 : count > 60 ? 12 : count / 5;
	m->of_phase[ASSOC_P] = m->picks / 4;
	m->of_phase[ASSOC_S] = m->picks / 6;
	m->sources = 4;
}

static void far_model(struct assoc_model *m)
{
	m->law[ASSOC_FAR] = (struct assoc_law){
		.speed_ms = 275, /* middle of the celerities, 3.7 */
		.pick_s = 5,
		.path_s = 5,
		.grow = 0.09, /* 0.33 of 3.6 s/km */
		.late = 0,
		.late_s = 0,
		.range_m = 3000e3,
		.pd = 0.7,
		.rate_hz = 1 / 3600.0,
	};
	m->ln_mu = -38; /* one an hour within 3000 km */
	m->hope = 31;   /* 80 km, 80 km, 300 s */
	m->tile_m = 200e3;
	m->leaf_m = 50e3;
	m->accept = -3; /* the example groups the same from -8 to -2 */
	m->coda_s = 0;
	m->picks = m->sources = 3;
}

struct assoc_model assoc_model(
	const struct assoc_source *s, size_t count, unsigned phases)
{
	struct assoc_model m = {
		.accept = 4.605170185988092, /* ln 100 */
		.spare = 3.5, .spare_quiet = 2};
	double spacing = spacing_m(s, count);

	if (phases & 1u << ASSOC_FAR)
		far_model(&m);
	if (phases & 1u << ASSOC_AIR)
		air_model(&m, spacing);
	if (phases & (1u << ASSOC_P | 1u << ASSOC_S))
		ground_model(&m, spacing, count);
	return m;
}
