/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sim/ear.h"

#include "base/maths.h"

/* Weak pulses in the coda of each arrival. */
enum { SCATTER = 6 };

/* Heard: the largest sample stands 12 dB over the noise of its band, about
 * what a band-passed STA/LTA of ratio 4 asks of a pulse. */
#define HEARD_DB 12
/* What no detector could see in a full world, relative to the noise: -20 dB. */
#define LEAST 0.1

bool ear_put(struct ear *e, const struct sound *s, struct fault *f)
{
	if (e->count == e->most)
		return fault(f, FAULT_LIMIT,
			"sim: more than %zu sounds at %s", e->most, e->n->id);
	e->sound[e->count++] = *s;
	e->longest_s = fmax(e->longest_s, sound_long_s(s));
	return true;
}

static size_t act_index(const struct ear *e, const struct act *a)
{
	return (size_t)(a - e->w->act);
}

struct xy ear_place(const struct ear *e, struct instant t)
{
	return e->n->flaw_count > 0 ? node_place(e->w, e->n, t) : e->stands;
}

static bool is_array(const struct node *n)
{
	return strcmp(n->kind, "infrasound") == 0;
}

struct arrival ear_arrival(const struct ear *e, const struct act *a,
	const struct sky *sky, double t_s, double peak_pa)
{
	struct arrival x = {.act = act_index(e, a), .phase = "air",
		.at = instant_plus_s(e->w->span.from, t_s)};
	const struct node_run *run = node_run_at(e->n, x.at);

	x.snr_db = 20 * m_log10(peak_pa / noise_pa(&e->noise, sky));
	x.heard = run && x.snr_db >= HEARD_DB;
	x.counts = x.heard && run->quality >= 50 && !is_array(e->n);
	return x;
}

void ear_told(struct ear *e, const struct arrival *x)
{
	/* What nobody hears is told where a node was there to hear it; of a
	 * large full world only what is near the noise. */
	bool there = node_run_at(e->n, x->at) != NULL;

	if (e->tell && (x->snr_db >= HEARD_DB ||
		(there && (!e->w->full || x->snr_db >= 0))))
		e->tell(e->self, x);
}

static uint64_t cell_of(struct xy p)
{
	int64_t x = (int64_t)floor(p.x_m / 300);
	int64_t y = (int64_t)floor(p.y_m / 300);

	return (uint64_t)x << 32 ^ ((uint64_t)y & UINT32_MAX);
}

/* A normal number that changes over 300 m: those of the corners of its cell,
 * weighted, and scaled back to variance 1. */
static double field(uint64_t seed, uint64_t stream, struct xy p)
{
	double x = p.x_m / 300, y = p.y_m / 300;
	double u = x - floor(x), v = y - floor(y);
	double weight[4] = {
		(1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v};
	double sum = 0, square = 0;

	for (int k = 0; k < 4; k++) {
		struct xy corner = {300 * (floor(x) + (k & 1) + 0.5),
			300 * (floor(y) + (k >> 1) + 0.5)};

		sum += weight[k] * philox_normal(seed, stream, cell_of(corner));
		square += weight[k] * weight[k];
	}
	return sum / sqrt(square);
}

/* Turbulence of 5 ms/km that near nodes share, and a path's own delay: 7 ms
 * in towns, constant for a place and a node (WAVEFORM.md 3.3); 1 ms elsewhere
 * (tbc). */
double ear_late_s(const struct ear *e, const struct act *a, double distance_m)
{
	const uint64_t seed = e->w->seed;
	const uint64_t path = philox_stream("path", e->n->id, cell_of(a->at));
	const uint64_t wave = philox_stream("turbulence", "", act_index(e, a));
	const double own_s = e->w->facades > 0 ? 0.007 : 0.001;

	return e->w->rough * (5e-6 * distance_m *
			field(seed, wave, e->n->at) +
		own_s * philox_normal(seed, path, 100));
}

/* 3 to 6 dB with range. */
double ear_scatter_db(
	const struct ear *e, const struct act *a, double distance_m)
{
	const uint64_t shot = philox_stream("shot", e->n->id, act_index(e, a));

	return e->w->rough * (3 + 3 * fmin(distance_m / 10000, 1)) *
		philox_normal(e->w->seed, shot, 1);
}

/* Late paths of one arrival: at most one clear echo, then scattered coda.  All
 * are a function of where it was (a 300 m cell) and who heard it. */
static bool add_echoes(struct ear *e, const struct sound *direct,
	uint64_t stream, struct fault *f)
{
	uint64_t seed = e->w->seed, i = 0;
	bool echo = philox_unit(seed, stream, i++) < 0.3;

	for (int k = echo ? 0 : 1; k <= SCATTER; k++) {
		struct sound s = *direct;
		double mean_s = k == 0 ? 0.25 : 0.15;
		double loss_db = (k == 0 ? 6 : 14) +
			(k == 0 ? 6 : 10) * philox_unit(seed, stream, i++);

		s.t_s += 0.05 + mean_s * philox_wait(seed, stream, i++);
		s.pulse.peak_pa *= m_pow(10, -loss_db / 20);
		if (philox_unit(seed, stream, i++) < 0.5)
			s.pulse.peak_pa = -s.pulse.peak_pa;
		if (!ear_put(e, &s, f))
			return false;
	}
	return true;
}

/* Image sources off facades: up to `facades` a path, delays of 50 to 500 ms on
 * average, losses of 3 to 12 dB (WAVEFORM.md 7). */
static bool add_images(struct ear *e, const struct sound *direct,
	uint64_t stream, struct fault *f)
{
	const uint64_t seed = e->w->seed;
	const int count = (int)((e->w->facades + 1) *
		philox_unit(seed, stream, 200));
	const double mean_s = 0.05 + 0.45 * philox_unit(seed, stream, 201);

	for (uint64_t k = 0; k < (uint64_t)count; k++) {
		struct sound s = *direct;

		s.t_s += mean_s * philox_wait(seed, stream, 202 + 2 * k);
		s.pulse.peak_pa *= m_pow(10, -(3 + 9 *
			philox_unit(seed, stream, 203 + 2 * k)) / 20);
		if (!ear_put(e, &s, f))
			return false;
	}
	return true;
}

/* An infrasound element breathes through pipes laid out over some metres
 * against the wind: a pulse is spread over the 50 ms that sound takes across
 * them, its first lobe's impulse kept. */
static struct pulse through_pipes(struct pulse p)
{
	double td_s = p.td_s + 0.05;

	return (struct pulse){p.peak_pa * p.td_s / td_s, td_s};
}

/* The plainer air: 3 ms/km that a path keeps, 1 ms/km from shot to shot. */
static bool hear_plain(struct ear *e, const struct act *b,
	const struct sky *sky, struct fault *f)
{
	const struct world *w = e->w;
	const size_t nth = act_index(e, b);
	const double d = world_distance(b->at, e->n->at);
	const uint64_t path = philox_stream("path", e->n->id, cell_of(b->at));
	const uint64_t shot = philox_stream("shot", e->n->id, nth);
	struct sound s = {.pulse = sky_blast(b->yield_kg, d)};
	struct arrival x;
	double late_s, scatter_db;

	if (is_array(e->n))
		s.pulse = through_pipes(s.pulse);
	late_s = w->rough * d * (3e-6 * philox_normal(w->seed, path, 100) +
		1e-6 * philox_normal(w->seed, shot, 0));
	scatter_db = ear_scatter_db(e, b, d);
	s.pulse.peak_pa *= m_pow(10,
		(scatter_db + sky_refraction_db(sky, b->at, e->n->at)) / 20);
	s.t_s = instant_seconds(w->span.from, b->t0) +
		sky_travel_s(sky, b->at, e->n->at) + late_s;
	x = ear_arrival(e, b, sky, s.t_s,
		sky_pulse_mean(&s.pulse, 0, 1.0 / e->n->rate_hz));
	ear_told(e, &x);
	return ear_put(e, &s, f) &&
		(!(w->rough > 0) || add_echoes(e, &s, path, f));
}

/* A gun is 10 dB less loud behind than in front, as a cosine (Pater 1981
 * gives 10 to 14 dB for cannon, verify). */
static double directed_db(const struct act *a, struct xy to)
{
	double x = to.x_m - a->at.x_m, y = to.y_m - a->at.y_m;
	double d = sqrt(x * x + y * y), h = RAD(a->heading_deg);

	return d > 0 ? -5 * (1 - (x * m_sin(h) + y * m_cos(h)) / d) : 0;
}

/* dB of all that changes the level of a pulse of this length on its way but
 * for refraction. */
static double level_db(struct ear *e, const struct act *a,
	const struct sky *sky, double distance_m, double td_s)
{
	double db = ear_scatter_db(e, a, distance_m) - distance_m *
		sky_absorption_db_m(sky, 1 / (2 * PI * td_s));

	return a->sort == ACT_MUZZLE ?
		db + directed_db(a, ear_place(e, a->t0)) : db;
}

/* Where sound is bent down, more than one ray arrives: a second one, weaker,
 * 1 to 3 % late. */
static bool add_later(struct ear *e, const struct act *a, const struct sound *s,
	double gradient, double travel_s, struct fault *f)
{
	const uint64_t shot = philox_stream("later", e->n->id, act_index(e, a));
	struct sound x = *s;

	if (!(gradient > 0) || travel_s < 3)
		return true;
	x.t_s += travel_s *
		(0.01 + 0.02 * philox_unit(e->w->seed, shot, 0));
	x.pulse.peak_pa *= 0.25 + 0.25 * philox_unit(e->w->seed, shot, 1);
	return ear_put(e, &x, f);
}

/* A pulse through the full air, if it could be heard: the cheap parts of its
 * level first, and scatter of no more than 12 dB. */
static bool hear_pulse(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const struct world *w = e->w;
	const struct xy to = ear_place(e, a->t0);
	const double d = world_distance(a->at, to);
	const double g = sky_gradient(sky, w->inversion_k_m, a->at, to);
	const double dt = 1.0 / e->n->rate_hz;
	const double least_pa = LEAST * noise_pa(&e->noise, sky);
	struct sound s = {.pulse = sky_blast(a->yield_kg, d)};
	struct arrival x;
	uint64_t path;
	double mean_pa, travel_s;

	if (is_array(e->n))
		s.pulse = through_pipes(s.pulse);
	s.pulse.peak_pa *= m_pow(10, sky_bend_db(g, sky_sound_ms(sky),
		fmax(1, a->height_m), d) / 20);
	if (4 * sky_pulse_mean(&s.pulse, 0, dt) < least_pa)
		return true;
	s.pulse.peak_pa *= m_pow(10,
		level_db(e, a, sky, d, s.pulse.td_s) / 20);
	mean_pa = sky_pulse_mean(&s.pulse, 0, dt);
	if (mean_pa < least_pa)
		return true;
	path = philox_stream("path", e->n->id, cell_of(a->at));
	travel_s = sky_travel_s(sky, a->at, to);
	s.t_s = instant_seconds(w->span.from, a->t0) + travel_s +
		ear_late_s(e, a, d);
	if (philox_unit(w->seed, path, 300) < w->blocked) {
		/* Behind a house: 15 dB of the direct path are left out. */
		struct sound direct = s;

		direct.pulse.peak_pa *= 0.18;
		mean_pa *= 0.18;
		if (!ear_put(e, &direct, f))
			return false;
	} else if (!ear_put(e, &s, f)) {
		return false;
	}
	x = ear_arrival(e, a, sky, s.t_s, mean_pa);
	ear_told(e, &x);
	if (x.snr_db < 0)
		return true;
	return add_later(e, a, &s, g, travel_s, f) &&
		(w->facades > 0 ? add_images(e, &s, path, f) :
			add_echoes(e, &s, path, f));
}

/* The same wave shape at the time that a shot would have come: what one owner
 * might write into its own nodes' data.  No scatter, no late paths. */
static bool hear_forged(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const double d = world_distance(a->at, e->n->at);
	struct sound s = {.pulse = sky_blast(a->yield_kg, d)};

	if (strcmp(e->n->owner, a->owner) != 0)
		return true;
	s.t_s = instant_seconds(e->w->span.from, a->t0) +
		d / sky_sound_ms(sky);
	return ear_put(e, &s, f);
}

/* Vehicles: swells of a low tone, at no two nodes together. */
static bool add_traffic(struct ear *e, struct fault *f)
{
	uint64_t stream = philox_stream("traffic", e->n->id, 0), i = 0;
	double end_s = instant_seconds(e->w->span.from, e->w->span.to);
	double t = 0;

	if (!(e->w->rough > 0) || !(e->w->traffic_s > 0))
		return true;
	for (;;) {
		struct sound s = {.shape = SOUND_SWELL};

		t += e->w->traffic_s * philox_wait(e->w->seed, stream, i++);
		if (t > end_s)
			return true;
		s.t_s = t;
		s.long_s = 3 + 5 * philox_unit(e->w->seed, stream, i++);
		s.hz = 11 + 7 * philox_unit(e->w->seed, stream, i++);
		s.pulse.peak_pa =
			0.05 + 0.15 * philox_unit(e->w->seed, stream, i++);
		if (!ear_put(e, &s, f))
			return false;
	}
}

static int compare(double x, double y)
{
	return (x > y) - (x < y);
}

/* Sums depend on the order, and qsort() keeps none. */
static int by_time(const void *a, const void *b)
{
	const struct sound *x = a, *y = b;
	int c = compare(x->t_s, y->t_s);

	c = c ? c : compare(x->pulse.peak_pa, y->pulse.peak_pa);
	return c ? c : compare(x->pulse.td_s, y->pulse.td_s);
}

static bool in_reach(const struct ear *e, const struct act *a)
{
	return !(a->reach_m > 0) ||
		world_distance(a->at, e->n->at) <= a->reach_m;
}

static bool hear(struct ear *e, const struct act *a, struct fault *f)
{
	const struct sky *sky = &a->sky;

	if (!in_reach(e, a))
		return true;
	if (!e->w->full)
		return hear_plain(e, a, sky, f);
	switch (a->sort) {
	case ACT_BLAST:
	case ACT_MUZZLE:
		return hear_pulse(e, a, sky, f) &&
			(!e->n->ground || act_hear(e, a, sky, f));
	case ACT_FORGED:
		return hear_forged(e, a, sky, f);
	default:
		return act_hear(e, a, sky, f);
	}
}

/* Sounds that an act makes at most, see above and acts.c. */
static size_t sounds_of(const struct ear *e, const struct act *a)
{
	switch (a->sort) {
	case ACT_THUNDER:
		return 300;
	case ACT_QUARRY:
		return 60;
	default:
		return 5 + SCATTER + (size_t)e->w->facades;
	}
}

static size_t sounds_at_most(const struct ear *e)
{
	const struct world *w = e->w;
	double long_s = instant_seconds(w->span.from, w->span.to);
	size_t n = 64;

	for (size_t i = 0; i < w->act_count; i++)
		if (in_reach(e, &w->act[i]))
			n += sounds_of(e, &w->act[i]);
	/* Twice the mean number of vehicles. */
	if (w->traffic_s > 0)
		n += (size_t)(2 * long_s / w->traffic_s);
	return n < SOUNDS_MAX ? n : SOUNDS_MAX;
}

bool ear_listen(struct ear *e, struct arena *arena, struct fault *f)
{
	e->count = 0;
	e->longest_s = 0;
	e->noise = noise_of(e->w, e->n);
	e->stands = node_place(e->w, e->n, e->w->span.from);
	e->most = sounds_at_most(e);
	e->sound = arena_array(arena, e->most, sizeof *e->sound, f);
	if (!e->sound)
		return false;
	for (size_t i = 0; i < e->w->act_count; i++)
		if (!hear(e, &e->w->act[i], f))
			return false;
	if (!add_traffic(e, f))
		return false;
	qsort(e->sound, e->count, sizeof *e->sound, by_time);
	return true;
}
