/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Acts other than blasts, as a node hears them (WAVEFORM.md 7). */
#include "base/maths.h"
#include "sim/ear.h"

/* Crust: P and S, m/s (WAVEFORM.md 3.7: 5.8 to 8.0 and 3.3 to 4.6). */
#define P_MS 5800
#define S_MS 3350

enum { SEGMENTS = 300, HOLES = 20 };

static double begin_s(const struct ear *e, const struct act *a)
{
	return instant_seconds(e->w->span.from, a->t0);
}

static void tell(struct ear *e, const struct act *a, const struct sky *sky,
	double t_s, double peak_pa, const char *phase)
{
	struct arrival x = ear_arrival(e, a, sky, t_s, peak_pa);

	x.phase = phase;
	ear_told(e, &x);
}

/* The N-wave of a projectile on a path from `at` over range_m; a thousandth of
 * the range high at least, a parabola of a tenth of the range for guns. */
static bool hear_shock(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const struct xy to = ear_place(e, a->t0);
	const double c = sky_sound_ms(sky), mach = a->speed_ms / c;
	const double h = RAD(a->heading_deg);
	const double x = to.x_m - a->at.x_m, y = to.y_m - a->at.y_m;
	const double along = x * m_sin(h) + y * m_cos(h);
	const double off2 = x * x + y * y - along * along;
	const double part = along / a->range_m;
	const double up = a->height_m * 4 * part * (1 - part);
	const double miss = sqrt(fmax(off2, 0) + up * up);
	const double root = sqrt(fmax(mach * mach - 1, 0));
	struct sound s = {.shape = SOUND_NWAVE};
	double from;

	/* Heard only where the cone's ray left the path while it flew. */
	from = root > 0 ? along - miss / root : -1;
	if (mach < 1.05 || from < 0 || from > a->range_m)
		return true;
	/* A bullet is 4 calibres long, a shell 4.5 (typical). */
	s.pulse = sky_nwave(a->size, 4.2 * a->size, mach, miss, c);
	s.pulse.peak_pa *= m_pow(10, (ear_scatter_db(e, a, miss) - miss *
		sky_absorption_db_m(sky, 1 / s.pulse.td_s)) / 20);
	s.t_s = begin_s(e, a) + along / a->speed_ms +
		miss / c * root / mach + ear_late_s(e, a, miss);
	/* The mean over a sample of a wave that is shorter is less. */
	tell(e, a, sky, s.t_s, 0.5 * s.pulse.peak_pa *
		fmin(1, s.pulse.td_s * e->n->rate_hz), "air");
	return ear_put(e, &s, f);
}

struct xyz {
	double x, y, z;
};

/* The channel: up for 4 km, then sideways; steps turn at random (tortuous:
 * Ribner and Roy 1982), so that its parts are heard for seconds. */
static struct xyz channel_step(const struct ear *e, const struct act *a,
	uint64_t stream, uint64_t i, struct xyz p)
{
	const double step = a->range_m / SEGMENTS;
	const uint64_t seed = e->w->seed;
	const double h = RAD(a->heading_deg);
	struct xyz d = {0.5 * philox_normal(seed, stream, 3 * i),
		0.5 * philox_normal(seed, stream, 3 * i + 1),
		0.3 * philox_normal(seed, stream, 3 * i + 2)};
	double long_m;

	if (p.z < 4000)
		d.z += 0.8;
	else
		d = (struct xyz){d.x + m_sin(h), d.y + m_cos(h), d.z};
	long_m = sqrt(d.x * d.x + d.y * d.y + d.z * d.z);
	return (struct xyz){p.x + step * d.x / long_m,
		p.y + step * d.y / long_m,
		fmax(0, p.z + step * d.z / long_m)};
}

/* Each of 300 segments makes an N-wave; 3 Pa at 1 km for the whole of it is a
 * common figure (tbc), so 0.6 Pa of each. */
static bool hear_thunder(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const uint64_t stream = philox_stream("channel", a->id, 0);
	const double c = sky_sound_ms(sky);
	const struct xy to = ear_place(e, a->t0);
	struct xyz p = {a->at.x_m, a->at.y_m, 0};
	double first_s = INFINITY, most = 0;

	for (uint64_t i = 0; i < SEGMENTS; i++) {
		struct xyz next = channel_step(e, a, stream, i, p);
		double x = to.x_m - p.x, y = to.y_m - p.y;
		double d = sqrt(x * x + y * y + p.z * p.z);
		double u = philox_unit(e->w->seed, stream, 1000 + i);
		struct sound s = {.shape = SOUND_NWAVE};

		/* The N-wave lengthens as the root of the way. */
		s.pulse.td_s = (0.006 + 0.008 * u) * m_pow(
			fmax(d, 100) / 1000, 0.25);
		s.pulse.peak_pa = 0.6 * (0.4 + 1.2 * u) *
			m_pow(fmax(d, 50) / 1000, -1.1) * m_pow(10, -d *
				sky_absorption_db_m(sky, 1 / s.pulse.td_s) /
				20);
		s.t_s = begin_s(e, a) + d / c;
		first_s = fmin(first_s, s.t_s);
		most = fmax(most, s.pulse.peak_pa);
		if (!ear_put(e, &s, f))
			return false;
		p = next;
	}
	tell(e, a, sky, first_s, most, "air");
	return true;
}

struct shake { /* ground motion, um/s */
	double t_s, way_m, p_ums, s_ums, hz;
	uint64_t nth; /* of an act that shakes more than once */
};

static bool ring(struct ear *e, const struct act *a, const struct sky *sky,
	const struct shake *k, bool p, struct fault *f)
{
	struct sound s = {.shape = SOUND_RING, .hz = p ? k->hz : 0.7 * k->hz,
		.stream = philox_stream(p ? "ring-p" : "ring-s", a->id,
			k->nth)};

	s.t_s = k->t_s + k->way_m / (p ? P_MS : S_MS);
	s.pulse.peak_pa = p ? k->p_ums : k->s_ums;
	s.pulse.td_s = p ? 0.1 + 2e-6 * k->way_m : 0.2 + 5e-6 * k->way_m;
	s.long_s = 8 * s.pulse.td_s;
	if (k->nth == 0)
		tell(e, a, sky, s.t_s, s.pulse.peak_pa, p ? "P" : "S");
	return ear_put(e, &s, f);
}

/* P, then S, each ringing about a tone of its own. */
static bool hear_ground(struct ear *e, const struct act *a,
	const struct sky *sky, const struct shake *k, struct fault *f)
{
	return !e->n->ground || (ring(e, a, sky, k, true, f) &&
		ring(e, a, sky, k, false, f));
}

/* Peak velocity of blasts in rock, 1143 (R/W^1/2)^-1.6 mm/s (Siskind et al.
 * 1980, USBM RI 8507, R in m, W in kg: the common upper line, verify); times
 * the coupling: 0.02 of a charge on the surface (tbc), 0.3 of a quarry's. */
static double ground_ums(double yield_kg, double way_m, double coupling)
{
	return 1.143e6 * coupling *
		m_pow(fmax(way_m, 10) / sqrt(yield_kg), -1.6);
}

static bool hear_blast_ground(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const double d = world_distance(a->at, e->n->at);
	double v = ground_ums(a->yield_kg, d, 0.02) *
		m_pow(10, ear_scatter_db(e, a, d) / 20);

	return hear_ground(e, a, sky, &(struct shake){begin_s(e, a), d,
		0.5 * v, v, 12, 0}, f);
}

/* Holes at 25 ms, a comb at 40 Hz; the air wave is that of a thousandth of the
 * charge, since the rock holds the rest (tbc). */
static bool hear_quarry(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const struct xy to = ear_place(e, a->t0);
	const double d = world_distance(a->at, to);
	const double hole_kg = a->yield_kg / HOLES;
	const double scatter = m_pow(10, ear_scatter_db(e, a, d) / 20);
	const double g = sky_gradient(sky, e->w->inversion_k_m, a->at, to);
	const double bend = m_pow(10,
		sky_bend_db(g, sky_sound_ms(sky), 5, d) / 20);
	const double v = scatter * ground_ums(hole_kg, d, 0.3);
	const double late_s = ear_late_s(e, a, d);
	struct sound s = {.pulse = sky_blast(hole_kg * 1e-3, d)};

	s.pulse.peak_pa *= scatter * bend;
	s.pulse.td_s *= 6; /* ground heaves slowly */
	for (uint64_t k = 0; k < HOLES; k++) {
		double t_s = begin_s(e, a) + 0.025 * (double)k;

		if (!hear_ground(e, a, sky, &(struct shake){t_s, d, 0.5 * v,
			v, 9, k}, f))
			return false;
		s.t_s = t_s + sky_travel_s(sky, a->at, to) + late_s;
		if (k == 0)
			tell(e, a, sky, s.t_s, sky_pulse_mean(
				&s.pulse, 0, 1.0 / e->n->rate_hz), "air");
		if (!ear_put(e, &s, f))
			return false;
	}
	return true;
}

/* Local magnitude of Hutton and Boore 1987: Wood-Anderson amplitude (gain
 * 2080) by hypocentral distance; ground velocity at 6 Hz. */
static bool hear_quake(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const double d = world_distance(a->at, e->n->at);
	const double way = sqrt(d * d + a->height_m * a->height_m);
	const double km = way / 1000;
	const double less = 1.110 * m_log10(km / 100) +
		0.00189 * (km - 100) + 3.0;
	const double s_ums = m_pow(10, a->size - less) / 2080 * 1e3 *
		2 * PI * 6 * m_pow(10, ear_scatter_db(e, a, d) / 20);

	return hear_ground(e, a, sky, &(struct shake){begin_s(e, a), way,
		0.3 * s_ums, s_ums, 8, 0}, f);
}

/* Along the track x at speed V, the cone reaches a place r off it at x/V +
 * (r/V) sqrt(M^2 - 1) (Whitham).  60 Pa at 10 km height over 150 ms is a
 * common fighter's (tbc); r^-3/4. */
static bool hear_boom(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const struct xy to = ear_place(e, a->t0);
	const double h = RAD(a->heading_deg);
	const double x = to.x_m - a->at.x_m, y = to.y_m - a->at.y_m;
	const double along = x * m_sin(h) + y * m_cos(h);
	const double r = sqrt(fmax(x * x + y * y - along * along, 0) +
		a->height_m * a->height_m);
	const double mach = a->speed_ms / sky_sound_ms(sky);
	struct sound s = {.shape = SOUND_NWAVE};

	s.pulse.peak_pa = 60 * m_pow(r / 10000, -0.75) *
		m_pow(10, ear_scatter_db(e, a, r) / 20);
	s.pulse.td_s = 0.15 * m_pow(r / 10000, 0.25);
	s.t_s = begin_s(e, a) + along / a->speed_ms +
		r / a->speed_ms * sqrt(fmax(mach * mach - 1, 0)) +
		ear_late_s(e, a, r);
	tell(e, a, sky, s.t_s, s.pulse.peak_pa, "air");
	return ear_put(e, &s, f);
}

/* A piston engine, 30 Pa at 1 m (about 120 dB at 1 m, tbc), over range_m. */
static bool hear_drone(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const double d = sqrt(a->height_m * a->height_m +
		world_distance(a->at, e->n->at) *
			world_distance(a->at, e->n->at));
	struct sound s = {.shape = SOUND_DRONE, .act = a,
		.pulse = {30, 1}, .long_s = a->range_m / a->speed_ms};

	if (e->n->ground || d > a->range_m)
		return true;
	s.t_s = begin_s(e, a) - 0.5 * s.long_s;
	tell(e, a, sky, begin_s(e, a) + d / sky_sound_ms(sky), 30 / d, "air");
	return ear_put(e, &s, f);
}

/* Celerities of WAVEFORM.md 3.7, after Blom 2015. */
static double celerity_ms(const struct ear *e, uint64_t stream)
{
	static const double weight[3] = {0.0539, 0.0899, 0.8562};
	static const double nu[3] = {327, 293, 260};
	static const double spread[3] = {0.066, 0.08, 0.33};
	double u = philox_unit(e->w->seed, stream, 0), slow;
	size_t k = 0;

	while (k < 2 && u > weight[k])
		u -= weight[k++];
	slow = 1000 / nu[k] + spread[k] *
		philox_normal(e->w->seed, stream, 1);
	return 1000 / fmax(slow, 2.5);
}

/* A plane wave over the elements of an array: 345 m/s, its azimuth biased by
 * cross winds (3 degrees), the same tones at each.  The level is the LANL
 * law, 5.95e4 (R/W^1/2)^-1.41 microbar, R in km, W in kt (Whitaker et al.
 * 1990, verify). */
static bool hear_far(struct ear *e, const struct act *a,
	const struct sky *sky, struct fault *f)
{
	const uint64_t stream = philox_stream("far", a->id, 0);
	const double d = world_distance(a->at, (struct xy){0, 0});
	const double kt = a->yield_kg / 1e6;
	const double to = m_atan2(-a->at.x_m, -a->at.y_m) +
		RAD(3) * philox_normal(e->w->seed, stream, 2);
	struct sound s = {.shape = SOUND_RING, .hz = 0.7, .long_s = 30,
		.stream = stream};

	if (strcmp(e->n->kind, "infrasound") != 0)
		return true;
	s.pulse.td_s = 4;
	s.pulse.peak_pa = 0.1 * 5.95e4 *
		m_pow(d / 1000 / sqrt(kt), -1.4072);
	s.t_s = begin_s(e, a) + d / celerity_ms(e, stream) +
		(e->n->at.x_m * m_sin(to) + e->n->at.y_m * m_cos(to)) / 345;
	tell(e, a, sky, s.t_s, s.pulse.peak_pa, "air");
	return ear_put(e, &s, f);
}

bool act_hear(struct ear *e, const struct act *a, const struct sky *sky,
	struct fault *f)
{
	switch (a->sort) {
	case ACT_SHOCK:
		return hear_shock(e, a, sky, f);
	case ACT_THUNDER:
		return hear_thunder(e, a, sky, f);
	case ACT_QUARRY:
		return hear_quarry(e, a, sky, f);
	case ACT_QUAKE:
		return hear_quake(e, a, sky, f);
	case ACT_BOOM:
		return hear_boom(e, a, sky, f);
	case ACT_DRONE:
		return hear_drone(e, a, sky, f);
	case ACT_FAR:
		return hear_far(e, a, sky, f);
	case ACT_BLAST:
	case ACT_MUZZLE:
	case ACT_FORGED:
		break;
	}
	return hear_blast_ground(e, a, sky, f);
}
