/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Predicted probabilities of detection against what the detector does with
 * simulated explosions; the map's W90. */
#include "check.h"
#include "base/maths.h"
#include "detect/detector.h"
#include "model/loudness.h"
#include "sim/ear.h"
#include "watch/capability.h"

#define T0 INT64_C(1770091200000000000)

extern const struct detector detector_stalta;

enum { BINS = 10, SHOTS = 900, MANY = 8192, AMBIENTS = 64, SEED = 11 };

static struct instant heard[MANY];
static struct ambient ambient[AMBIENTS];
static size_t heards, ambients;
static struct fault f;

static bool put_detection(
	void *self, const struct detection *d, struct fault *why)
{
	(void)self;
	(void)why;
	if (heards < MANY)
		heard[heards++] = d->at;
	return true;
}

static bool put_ambient(void *self, const struct ambient *a, struct fault *why)
{
	(void)self;
	(void)why;
	if (ambients < AMBIENTS)
		ambient[ambients++] = *a;
	return true;
}

struct shot {
	double t_s, yield_kg, d_m, azimuth;
};

/* One node for some hours; an explosion every 8 s, anywhere. */
struct trial {
	struct world w;
	struct node n;
	struct sound sound[SHOTS];
	struct shot shot[SHOTS];
	double hits[BINS], expected[BINS], spread[BINS], count[BINS];
};

static void draw(struct trial *x, size_t i)
{
	uint64_t s = philox_stream("shot", x->n.id, i);
	struct shot *o = &x->shot[i];
	struct world *w = &x->w;
	struct xy from;
	struct sky sky;
	double g, db;

	o->t_s = 60 + 8 * ((double)i + 0.5 * philox_unit(w->seed, s, 0));
	o->yield_kg = m_pow(10, -1 + 3 * philox_unit(w->seed, s, 1));
	o->d_m = m_pow(10, 2.7 + 1.6 * philox_unit(w->seed, s, 2));
	o->azimuth = 2 * PI * philox_unit(w->seed, s, 3);
	from = (struct xy){o->d_m * m_sin(o->azimuth),
		o->d_m * m_cos(o->azimuth)};
	sky = sky_at(w, instant_plus_s(w->span.from, o->t_s));
	x->sound[i] = (struct sound){.t_s = o->t_s,
		.pulse = sky_blast(o->yield_kg, o->d_m)};
	g = sky_gradient(&sky, 0, from, x->n.at);
	db = sky_bend_db(g, sky_sound_ms(&sky), 1, o->d_m) -
		o->d_m * sky_absorption_db_m(&sky,
			1 / (2 * PI * x->sound[i].pulse.td_s)) +
		(3 + 3 * fmin(o->d_m / 10000, 1)) *
			philox_normal(w->seed, s, 4);
	x->sound[i].pulse.peak_pa *= m_pow(10, db / 20);
}

static void listen(struct trial *x)
{
	static char state[1 << 20];
	struct source src = {.id = "S01", .kind = SOURCE_ACOUSTIC,
		.rate_hz = x->n.rate_hz, .sensitivity = 1};
	struct ear e = {.w = &x->w, .n = &x->n, .sound = x->sound,
		.count = SHOTS, .longest_s = 1};
	struct noise noise = noise_of(&x->w, &x->n);
	struct detections to = {put_detection, NULL};
	struct ambients also = {put_ambient, NULL};
	struct mission m = {0};
	double dt = 1.0 / x->n.rate_hz, pa[NOISE_CHUNK];
	size_t n = (size_t)((60 + 8 * SHOTS + 60) / dt), first = 0;
	float v[NOISE_CHUNK];

	heards = ambients = 0;
	memset(state, 0, sizeof state);
	detector_stalta.start(state, &src, &m);
	detector_stalta.listen(state, &also);
	for (size_t i = 0; i < n; i += NOISE_CHUNK) {
		struct segment s = {.channel = "S01", .rate_hz = x->n.rate_hz,
			.count = NOISE_CHUNK, .values = v, .scale = 1,
			.start = instant_plus_s(x->w.span.from,
				(double)i * dt)};

		noise_fill(&noise, &x->w, &x->n, pa, NOISE_CHUNK, i, s.start);
		sound_add(&e, &first, pa, NOISE_CHUNK, (double)i * dt);
		for (size_t k = 0; k < NOISE_CHUNK; k++)
			v[k] = (float)pa[k];
		CHECK_QUIET(detector_stalta.segment(state, &s, &to, &f),
			"segment");
	}
	CHECK_QUIET(detector_stalta.finish(state, &to, &f), "finish");
}

/* By what a mission knows: the noise its node measured, and a wind that was
 * reported 2 m/s off. */
static double predicted(const struct trial *x, const struct shot *o)
{
	struct instant at = instant_plus_s(x->w.span.from, o->t_s);
	struct sky sky = sky_at(&x->w, at);
	double to = RAD(sky.wind_from_deg + 180), along, best = -INFINITY;
	uint64_t report = philox_stream("report", "", (uint64_t)(o - x->shot));
	struct loudness_bend bend;

	along = 2 * philox_normal(x->w.seed, report, 0) -
		sky.wind_ms * m_cos(o->azimuth - to);
	bend = loudness_bends(along, 2, o->d_m);
	for (size_t i = 0; i < ambients; i++)
		for (size_t k = 0; k < ambient[i].bands &&
			span_holds(ambient[i].span, at); k++) {
			const struct ambient_band *b = &ambient[i].band[k];

			best = fmax(best, loudness_band_db(o->yield_kg, o->d_m,
				b) - loudness_needed_db(b));
		}
	return loudness_pd(best, &bend);
}

/* Within the time that a band takes to rise. */
static bool was_heard(const struct trial *x, double t_s)
{
	for (size_t i = 0; i < heards; i++) {
		double late = instant_seconds(x->w.span.from, heard[i]) - t_s;

		if (late > -0.1 && late < 0.25)
			return true;
	}
	return false;
}

static void one_node(
	struct trial *x, int rate_hz, double wind_ms, uint64_t seed)
{
	x->w = (struct world){.seed = seed, .full = true,
		.span = {{T0}, {T0 + INT64_C(7320000000000)}},
		.wind_ms = wind_ms, .wind_from_deg = 250, .temperature_c = 10};
	x->n = (struct node){.id = "N", .kind = "acoustic",
		.rate_hz = rate_hz};
	sky_prepare(&x->w);
	for (size_t i = 0; i < SHOTS; i++)
		draw(x, i);
	listen(x);
	for (size_t i = 0; i < SHOTS; i++) {
		double pd = predicted(x, &x->shot[i]);
		size_t b = (size_t)fmin(pd * BINS, BINS - 1);

		x->count[b]++;
		x->expected[b] += pd;
		x->spread[b] += pd * (1 - pd);
		x->hits[b] += was_heard(x, x->shot[i].t_s);
	}
}

/* Ten bins, 0.9 for all of them together: 0.99 each; and 0.015, since a bell
 * is not the tail of everything. */
static void test_pd(void)
{
	static const int rates[] = {80, 100, 500, 1000};
	static struct trial x;
	size_t slots = 0;

	for (int r = 0; r < 4; r++)
		for (int k = 0; k < 3; k++) {
			one_node(&x, rates[r], 2 + 2 * k,
				SEED + (uint64_t)(3 * r + k));
			slots += ambients;
		}
	CHECK(slots == 12 * 13, "%zu slots of noise: 2 h 2 min a node", slots);
	for (int b = 0; b < BINS; b++) {
		double off = (x.hits[b] - x.expected[b]) / sqrt(x.spread[b]);

		CHECK(x.count[b] > 100 && fabs(x.hits[b] - x.expected[b]) <
				2.58 * sqrt(x.spread[b]) + 0.015 * x.count[b],
			"Pd %.3f predicted, %.3f heard, of %.0f (%+.1f sigma)",
			x.expected[b] / x.count[b], x.hits[b] / x.count[b],
			x.count[b], off);
	}
}

static struct source node(const char *id, double lat, double lon)
{
	return (struct source){.id = id, .kind = SOURCE_ACOUSTIC,
		.lat_deg = lat, .lon_deg = lon, .elev_m = 100,
		.installed = INSTANT_UNKNOWN};
}

static struct ambient ears(double noise_db)
{
	return (struct ambient){.bands = 2, .band = {
		{10, 60, 0.05, noise_db, 8}, {2, 15, 0.1, noise_db + 6, 9}}};
}

static double w90(const struct mission *m, double noise_db, size_t working,
	const struct loudness_wind *wind, size_t *cells)
{
	static uint8_t room[4 << 20];
	struct arena a = arena_on(room, sizeof room);
	struct box box = {48, 37, 48.2, 37.3};
	struct grid g = grid_on(&box, GRID_SIDE, 1000);
	struct capability c;
	struct ambient e = ears(noise_db);
	double sum = 0;

	CHECK_QUIET(capability_make(&c, m, &g, 15000, &a, &f), "%s", f.text);
	capability_wind(&c, wind);
	for (size_t i = 0; i < m->source_count; i++)
		CHECK_QUIET(capability_set(&c, i, i < working ? &e : NULL, &f),
			"set");
	*cells = 0;
	for (size_t i = 0; i < c.cells; i++) {
		double kg = capability_w90_kg(&c, i);
		double pd = isfinite(kg) ? capability_pd(&c, i, kg) : 0;

		CHECK_QUIET(!isfinite(kg) || pd >= CAPABILITY_PD, "%g kg: %g",
			kg, pd);
		CHECK_QUIET(capability_working(&c, i) <= working, "working");
		if (isfinite(kg)) {
			sum += m_log10(kg);
			(*cells)++;
		}
	}
	return *cells ? sum / (double)*cells : INFINITY;
}

static void test_map(void)
{
	struct source s[] = {node("S1", 48.08, 37.10), node("S2", 48.08, 37.18),
		node("S3", 48.12, 37.10), node("S4", 48.12, 37.18),
		node("S5", 48.10, 37.14), node("S6", 48.05, 37.14),
		node("S7", 48.15, 37.14)};
	struct mission m = {.source = s, .source_count = 7};
	const struct loudness_wind calm = {0, 0, 2},
		unknown = loudness_wind_at(NULL, 0, (struct instant){T0});
	size_t n, had = 0;
	double last = INFINITY;

	for (double db = 80; db >= 50; db -= 5) {
		double now = w90(&m, db, 7, &calm, &n);

		CHECK(now < last, "noise %g dB: W90 %.2g kg", db,
			m_pow(10, now));
		last = now;
	}
	last = INFINITY;
	for (size_t k = 4; k <= 7; k++) {
		double now = w90(&m, 60, k, &calm, &n);

		CHECK(now < last || n > had, "%zu nodes: W90 %.2g kg, mean of "
			"%zu cells", k, m_pow(10, now), n);
		last = now;
		had = n;
	}
	CHECK(w90(&m, 60, 3, &calm, &n) > 1e9 && n == 0,
		"three nodes: nothing is observed");
	CHECK(w90(&m, 60, 7, &unknown, &n) > last,
		"wind not known: less is claimed");
}

enum { SIDE = 9, TRIES = 20000 };

/* A square of nodes a kilometre apart, as busy as that. */
static double stated(struct xy at, double yield_kg, double busy_hz,
	double along_ms)
{
	static uint8_t room[4 << 20];
	static struct source s[SIDE * SIDE];
	static char id[SIDE * SIDE][16];
	struct mission m = {.source = s, .source_count = SIDE * SIDE};
	struct arena a = arena_on(room, sizeof room);
	struct box box = {48, 37, 48.001, 37.001};
	struct grid g = grid_on(&box, 1, 1);
	struct frame frame = frame_at(48, 37);
	struct loudness_wind wind = {along_ms, 0, 2};
	struct ambient e = ears(60);
	struct capability c;
	double pd;

	e.busy_hz = busy_hz;
	for (int i = 0; i < SIDE * SIDE; i++) {
		struct point p = frame_from(&frame, (struct xy){
			1000.0 * (i % SIDE), 1000.0 * (i / SIDE)});

		(void)snprintf(id[i], sizeof id[i], "S%02d", i);
		s[i] = node(id[i], p.lat_deg, p.lon_deg);
	}
	CHECK_QUIET(capability_make(&c, &m, &g, 3500, &a, &f), "make");
	capability_wind(&c, &wind);
	for (size_t i = 0; i < m.source_count; i++)
		CHECK_QUIET(capability_set(&c, i, &e, &f), "set");
	CHECK_QUIET(capability_pd_at(&c, &m, 3500, frame_from(&frame, at),
		yield_kg, &pd, &f), "at");
	return pd;
}

/* The same by drawing who hears, gap by gap. */
static double drawn(struct xy at, double yield_kg, double busy_hz,
	double along_ms, uint64_t stream)
{
	struct capability_need need = capability_need(busy_hz);
	struct ambient e = ears(60);
	uint64_t i = 0;
	size_t enough = 0;

	for (int k = 0; k < TRIES; k++) {
		bool sixth[6] = {false};
		bool around = true;
		size_t n = 0;

		for (int s = 0; s < SIDE * SIDE; s++) {
			double x = 1000.0 * (s % SIDE) - at.x_m, most = -1e3;
			double y = 1000.0 * (s / SIDE) - at.y_m;
			double d = sqrt(x * x + y * y), to = DEG(m_atan2(x, y));
			struct loudness_bend b = loudness_bends(
				along_ms * x / d, 2, d);

			if (d > 3500)
				continue;
			for (size_t j = 0; j < e.bands; j++)
				most = fmax(most, loudness_band_db(yield_kg, d,
					&e.band[j]) -
					loudness_needed_db(&e.band[j]));
			if (philox_unit(SEED, stream, i++) > m_exp(-0.4 *
					busy_hz) * loudness_pd(most, &b))
				continue;
			n++;
			sixth[(int)floor((to + 390) / 60) % 6] = true;
		}
		for (int j = 0; j < 6; j++)
			around = around && (sixth[j] || sixth[(j + 1) % 6]);
		enough += n >= (around ? need.around : need.aside);
	}
	return m_exp(-(0.01 + 0.1 * busy_hz) * busy_hz) *
		(double)enough / TRIES;
}

static void test_place(void)
{
	static const struct {
		const char *name;
		struct xy at;
		double yield_kg;
	} where[] = {{"inside", {4300, 4400}, 0.002},
		{"at the edge", {7900, 4400}, 0.004},
		{"outside", {9000, 4400}, 0.02},
		{"at a corner", {7900, 7800}, 0.006}};
	static const double rate[] = {0, 0.15, 1.5}, wind[] = {0, 6};
	uint64_t stream = 0;

	for (size_t k = 0; k < sizeof where / sizeof *where; k++)
		for (size_t i = 0; i < 6; i++) {
			double hz = rate[i / 2], w = wind[i % 2];
			double p = stated(where[k].at, where[k].yield_kg, hz,
				w);
			double q = drawn(where[k].at, where[k].yield_kg, hz, w,
				++stream);

			/* What is left out, and three sigma. */
			CHECK(fabs(p - q) < 0.004 + 3 * sqrt(q * (1 - q) /
					TRIES), "%s, %g arrivals/s, wind %g: "
				"%.4f stated, %.4f drawn", where[k].name, hz, w,
				p, q);
		}
	for (size_t k = 0; k < sizeof where / sizeof *where; k++)
		CHECK(stated(where[k].at, where[k].yield_kg, 1.5, 6) <
			stated(where[k].at, where[k].yield_kg, 0.15, 6) &&
			stated(where[k].at, where[k].yield_kg, 0.15, 6) <
			stated(where[k].at, where[k].yield_kg, 0, 6),
			"%s: the busier, the less is claimed", where[k].name);
	CHECK(stated(where[0].at, 0.002, 0.15, 6) >
		stated((struct xy){7900, 4400}, 0.002, 0.15, 6),
		"less is claimed at the edge");
	/* At a hundred shots a second a tenth of the loud are confused. */
	CHECK(stated(where[0].at, 1, 1, 0) < CAPABILITY_PD &&
		stated(where[0].at, 1, 0.15, 0) > 0.99,
		"a kilogram: %.4f at 1 arrival/s, %.4f at 0.15",
		stated(where[0].at, 1, 1, 0), stated(where[0].at, 1, 0.15, 0));
	CHECK(capability_need(0).around == LOUDNESS_NODES_MIN,
		"in a quiet network four are enough");
}

/* Farther is never louder, nor a larger charge weaker. */
static void test_level(void)
{
	static const struct ambient_band bands[] = {{2, 15, 0.1, 0, 0},
		{10, 60, 0.05, 0, 0}, {40, 200, 0.02, 0, 0}};

	for (int b = 0; b < 3; b++)
		for (double kg = 0.01; kg < 20000; kg *= 3) {
			double last = INFINITY;

			for (double d = 50; d < 40000; d *= 1.1) {
				double db = loudness_band_db(kg, d, &bands[b]);

				CHECK_QUIET(isfinite(db) && db < last,
					"%g kg, %g m: %g dB", kg, d, db);
				last = db;
			}
		}
	/* 1 kg at 1 km: Z = 1000 m/kg^(1/3), 0.83 p0/100 (10)^-1.1. */
	CHECK(fabs(loudness_peak_pa(1, 1000) - 66.6) < 1, "%.1f Pa",
		loudness_peak_pa(1, 1000));
	struct loudness_bend up = loudness_bends(-5, 0, 5000),
		down = loudness_bends(5, 0, 5000);
	CHECK(up.db[1] < -20 && down.db[1] > 4, "upwind %.1f, downwind %.1f",
		up.db[1], down.db[1]);
}

int main(void)
{
	test_level();
	test_map();
	test_place();
	test_pd();
	return check_done();
}
