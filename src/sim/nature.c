/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens in some scenarios beside the shots of the grid: thunder,
 * quarries, guns, an earthquake, an aircraft, a drone, something far away;
 * and the sensors that hear these.  Times are parts of the scenario's span,
 * so that a short run has all of them. */
#include "base/maths.h"
#include "sim/grid.h"

static double span_s(const struct world *w)
{
	return instant_seconds(w->span.from, w->span.to);
}

struct act *act_add(struct world *w, enum act_sort sort, const char *kind,
	double t_s, struct xy at)
{
	struct act *a = &w->act[w->act_count];

	assert(w->act_count < w->act_room);
	*a = (struct act){.sort = sort, .kind = kind, .at = at,
		.cause = "nature",
		.t0 = instant_round_us(instant_plus_s(w->span.from, t_s))};
	(void)snprintf(a->id, sizeof a->id, "x%03u",
		(unsigned)(++w->others));
	w->act_count++;
	return a;
}

struct act *act_attack(struct act *a, double yield_kg)
{
	a->yield_kg = yield_kg;
	a->cause = "attack";
	a->breach = "5.a";
	return a;
}

/* A storm that crosses the area at 10 m/s; flashes about its middle. */
void add_storm(struct world *w, const struct plan *p)
{
	const uint64_t stream = philox_stream("storm", p->name, 0);
	/* One in 90 s, a common storm's rate over such an area (tbc). */
	const int flashes = (int)fmin(fmax(span_s(w) / 90, 4), 160);

	for (uint64_t i = 0; i < (uint64_t)flashes; i++) {
		const uint64_t k = 9 * i;
		double part = ((double)i + philox_unit(w->seed, stream, k)) /
			flashes;
		double t_s = span_s(w) * (0.05 + 0.9 * part);
		struct xy at = {4000 * philox_normal(w->seed, stream, k + 1),
			2000 + 4000 * philox_normal(w->seed, stream, k + 2)};
		struct act *a;

		at.x_m += 10 * (t_s - span_s(w) / 2);
		a = act_add(w, ACT_THUNDER, "thunder", t_s, at);
		a->range_m = 5000 +
			3000 * philox_unit(w->seed, stream, k + 3);
		a->heading_deg = 360 * philox_unit(w->seed, stream, k + 4);
		a->reach_m = 25000; /* heard no further (refraction) */
	}
}

/* Velocity sensors a metre deep. */
static void add_seismometer(struct world *w, struct xy at, int rate_hz)
{
	struct node *n = &w->node[w->node_count];

	assert(w->node_count < w->node_room);
	*n = (struct node){.channel = "EHZ", .kind = "seismic",
		.owner = "mission", .host = "A", .array = "", .at = at,
		.elev_m = 139, .rate_hz = rate_hz, .counts_per_pa = 1000,
		.ground = true, .run = {{w->span, 0, 100}}, .run_count = 1};
	(void)snprintf(n->station, sizeof n->station, "Z%02u",
		(unsigned)w->node_count % 100);
	(void)snprintf(n->id, sizeof n->id, "XT_%s_00", n->station);
	w->node_count++;
}

static void add_array(struct world *w, struct xy at)
{
	static const struct xy off[4] = {
		{0, 0}, {0, 346}, {-300, -173}, {300, -173}};

	for (unsigned i = 0; i < 4; i++) {
		struct node *n = &w->node[w->node_count];

		assert(w->node_count < w->node_room);
		*n = (struct node){.station = "IS1", .channel = "BDF",
			.kind = "infrasound", .owner = "mission", .host = "A",
			.array = "IS1", .elev_m = 145, .rate_hz = 20,
			.counts_per_pa = 400, .run = {{w->span, 0, 100}},
			.run_count = 1,
			.at = {at.x_m + off[i].x_m, at.y_m + off[i].y_m}};
		(void)snprintf(n->id, sizeof n->id, "XT_IS1_%02u", i + 1);
		w->node_count++;
	}
}

/* A word of the scenario's own; "" when the arena is full, which a plan's size
 * excludes. */
static const char *moment(struct world *w, double t_s)
{
	struct fault f;
	char s[INSTANT_TEXT];
	const char *out = arena_text(w->arena, bytes_of(instant_print(
		instant_plus_s(w->span.from, t_s), 0, s)), &f);

	return NEVER(!out) ? "" : out;
}

/* Notified three days before. */
static void add_notice(struct world *w, const char *what, const char *text,
	double from_s, double to_s, struct xy at)
{
	static const char *const ids[] = {"n-1", "n-2", "n-3", "n-4"};
	struct notice *n = &w->own_notice[w->notice_count];

	assert(w->notice_count < OWN_NOTICES);
	*n = (struct notice){.id = ids[w->notice_count], .party = "B",
		.what = what, .from = moment(w, from_s),
		.until = moment(w, to_s), .place_name = "", .text = text,
		.received = moment(w, -3 * 86400.0), .at = at,
		.radius_m = 500};
	w->notice = w->own_notice;
	w->notice_count++;
}

/* Three blasts of a quarry, two of them notified; training that was notified;
 * and a small earthquake, since it shakes the ground likewise. */
void add_quarry(struct world *w, const struct plan *p)
{
	static const struct xy pit = {-7000, 4000}, range = {12000, -9000};
	const double long_s = span_s(w);
	struct act *a;

	for (int i = 0; i < 4; i++)
		add_seismometer(w, (struct xy){-4000.0 + 2500 * i,
			i % 2 ? -2500 : 2500}, p->rate_hz);
	for (int i = 0; i < 3; i++) {
		a = act_add(w, ACT_QUARRY, "quarry_blast",
			long_s * (0.3 + 0.2 * i), pit);
		a->yield_kg = 1500;
		a->cause = "quarry";
		a->party = "B";
	}
	add_notice(w, "blasting", "Blasts in the quarry", long_s * 0.25,
		long_s * 0.55, pit);
	for (int i = 0; i < 4; i++) {
		a = act_add(w, ACT_BLAST, "explosion",
			long_s * (0.4 + 0.02 * i),
			(struct xy){range.x_m + 60 * i, range.y_m - 40 * i});
		a->yield_kg = 4;
		a->cause = a->group = "training";
		a->party = "B";
	}
	add_notice(w, "training", "Live-fire training, inside the training "
		"area", long_s * 0.38, long_s * 0.5, range);
	a = act_add(w, ACT_QUAKE, "earthquake", long_s * 0.8,
		(struct xy){9000, 12000});
	a->height_m = -8000;
	a->size = 2.2;
}

/* A gun, its shell and where that lands, 9 km off: 480 m/s on average,
 * a summit of 900 m, so the shell is only heard where it comes down. */
static void add_gun(
	struct world *w, double t_s, struct xy at, double heading_deg)
{
	const double range_m = 9000, ms = 480, h = RAD(heading_deg);
	const struct xy to = {at.x_m + range_m * m_sin(h),
		at.y_m + range_m * m_cos(h)};
	const size_t gun = w->act_count;
	struct act *a = act_attack(act_add(w, ACT_MUZZLE, "shot", t_s, at), 8);

	a->heading_deg = heading_deg;
	a = act_attack(act_add(w, ACT_SHOCK, "projectile", t_s, at), 0);
	a->breach = NULL;
	a->heading_deg = heading_deg;
	a->speed_ms = ms;
	a->range_m = range_m;
	a->height_m = 900;
	a->size = 0.122;
	a->link_is = "shock_of";
	a->link = gun;
	a = act_attack(act_add(w, ACT_BLAST, "explosion", t_s + range_m / ms,
		to), 4);
	a->link_is = "impact_of";
	a->link = gun;
}

/* A bullet, level and fast. */
static void add_rifle(struct world *w, double t_s, struct xy at,
	double heading_deg)
{
	const size_t gun = w->act_count;
	struct act *a = act_attack(act_add(w, ACT_MUZZLE, "shot", t_s, at),
		0.001);

	a->heading_deg = heading_deg;
	a = act_add(w, ACT_SHOCK, "projectile", t_s, at);
	a->cause = "attack";
	a->heading_deg = heading_deg;
	a->speed_ms = 750;
	a->range_m = 800;
	a->height_m = 1;
	a->size = 0.0076;
	a->link_is = "shock_of";
	a->link = gun;
}

/* Rounds 0.45 s apart or so from one place. */
static void add_burst(struct world *w, double t_s, struct xy at, int rounds)
{
	const uint64_t stream = philox_stream("burst", w->name, 0);
	size_t first = w->act_count;

	for (int i = 0; i < rounds; i++) {
		struct act *a = act_attack(
			act_add(w, ACT_BLAST, "explosion", t_s, at), 0.5);

		a->group = "burst";
		t_s += 0.45 * (0.9 + 0.2 *
			philox_unit(w->seed, stream, (uint64_t)i));
	}
	w->patrol[0].id = "P-1";
	w->patrol[0].at = (struct xy){at.x_m + 900, at.y_m - 1400};
	w->patrol_count = 1;
	w->own_hearing = (struct hearing){0, first, w->act_count - 1, "heard",
		"outgoing", "about"};
	w->hearing = &w->own_hearing;
	w->hearing_count = 1;
}

static void add_passers(struct world *w, double long_s)
{
	struct act *a = act_add(w, ACT_DRONE, "flight", long_s * 0.45,
		(struct xy){600, -400});

	a->cause = "flight";
	a->heading_deg = 250;
	a->speed_ms = 45;
	a->height_m = 150;
	a->range_m = 12000;
	a->size = 92; /* blade rate, Hz */
	a->breach = "6.a";
	a = act_add(w, ACT_BOOM, "sonic_boom", long_s * 0.6,
		(struct xy){-2000, 3000});
	a->cause = "flight";
	a->heading_deg = 80;
	a->speed_ms = 480;
	a->height_m = 9000;
	a = act_add(w, ACT_QUAKE, "earthquake", long_s * 0.7,
		(struct xy){-11000, -6000});
	a->height_m = -10000;
	a->size = 2.4;
	/* A depot, 180 km away: its sound comes 11 minutes later. */
	a = act_add(w, ACT_FAR, "explosion", long_s * 0.75,
		(struct xy){150000, 100000});
	a->cause = "accident";
	a->yield_kg = 60000;
}

void add_mixed(struct world *w, const struct plan *p)
{
	const double long_s = span_s(w);

	add_array(w, (struct xy){-4200, 2600});
	for (int i = 0; i < 3; i++)
		add_seismometer(w, (struct xy){-1500.0 + 2200 * i,
			i % 2 ? 1900 : -2100}, 100);
	(void)p;
	add_burst(w, long_s * 0.2, (struct xy){700, 1200}, 6);
	add_gun(w, long_s * 0.3, (struct xy){7500, 5000}, 235);
	add_gun(w, long_s * 0.33, (struct xy){7500, 5000}, 236);
	for (int i = 0; i < 4; i++)
		add_rifle(w, long_s * 0.4 + 3.0 * i, (struct xy){-350, 380},
			100 + 25 * i);
	add_passers(w, long_s);
}

/* What one owner writes into its own data: six shots that nobody fired. */
void add_forged(struct world *w, const char *owner)
{
	const uint64_t stream = philox_stream("forged", owner, 0);

	for (uint64_t i = 0; i < 6; i++) {
		struct xy at = {
			2500 * (2 * philox_unit(w->seed, stream, 2 * i) - 1),
			2500 * (2 * philox_unit(w->seed, stream, 2 * i + 1) -
				1)};
		struct act *a = act_add(w, ACT_FORGED, "explosion",
			span_s(w) * (0.15 + 0.13 * (double)i), at);

		a->yield_kg = 5;
		a->owner = owner;
	}
}
