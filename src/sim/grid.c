/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The scenarios on a grid: a square grid of microphones with jitter, and
 * explosions drawn at random in time and place; then what is peculiar to each
 * (nature.c, spoil.c).  Adding a node changes no other's place, noise or path;
 * the explosions are spread over as much as the nodes are. */
#include "base/maths.h"
#include "sim/grid.h"
#include "sim/noise.h"

enum { NODES_MAX = 10000, SHOTS_MAX = 100000, STATION_MAX = 46656,
	RATE_MAX = 4000, OTHER_NODES = 16, OTHER_ACTS = 256 };

static const struct plan plans[] = {
	{.name = "quiet", .title = "Quiet night", .nodes = 12, .hours = 2,
		.spacing_m = 2000, .rate_hz = 100},
	{.name = "singles", .title = "Single explosions", .nodes = 16,
		.shots = 24, .hours = 2, .spacing_m = 1500, .rate_hz = 100},
	{.name = "barrage", .title = "Barrage", .nodes = 16, .shots = 200,
		.hours = 0.25, .spacing_m = 1500, .gap_s = 3, .rate_hz = 100},
	{.name = "faults", .title = "Faults", .nodes = 16, .shots = 24,
		.hours = 2, .spacing_m = 1500, .rate_hz = 100,
		.more = spoil_files},
	{.name = "nodes", .title = "Load", .nodes = 200, .shots = 60,
		.hours = 0.5, .spacing_m = 1000, .rate_hz = 100},
	/* Light shots, a rifle's muzzle: heard by some 30 nodes. */
	{.name = "load", .title = "Load: a dense network under fire",
		.nodes = 10000, .per_node_hour = 3.6, .hours = 1.0 / 6,
		.spacing_m = 1000, .rate_hz = 1000, .full = true,
		.kind = "shot", .least_kg = 0.0004, .most_kg = 0.0015,
		.wind_ms = 6},
	{.name = "day", .title = "Quiet day", .nodes = 12, .hours = 24,
		.spacing_m = 2000, .rate_hz = 100, .full = true,
		.hum_pa = 0.01, .microbarom_pa = 0.05, .traffic_s = 1200},
	{.name = "drumfire", .title = "Drumfire", .nodes = 100,
		.per_s = 10, .hours = 1.0 / 30, .spacing_m = 1000,
		.rate_hz = 500, .full = true, .kind = "shot",
		.least_kg = 0.0005, .most_kg = 0.002, .wind_ms = 5},
	{.name = "upwind", .title = "Strong wind", .nodes = 25, .shots = 24,
		.hours = 1, .spacing_m = 1500, .rate_hz = 100, .full = true,
		.least_kg = 0.05, .most_kg = 2, .wind_ms = 9,
		.inversion_k_m = -0.01},
	{.name = "town", .title = "Town", .nodes = 24, .shots = 20,
		.hours = 0.5, .spacing_m = 600, .rate_hz = 500, .full = true,
		.kind = "shot", .least_kg = 0.001, .most_kg = 0.3, .facades = 8,
		.blocked = 0.1, .hum_pa = 0.02, .traffic_s = 600,
		.clip_pa = 200},
	{.name = "thunder", .title = "Thunderstorm", .nodes = 16, .shots = 8,
		.hours = 1, .spacing_m = 1500, .rate_hz = 250, .full = true,
		.wind_ms = 5, .more = add_storm, .flashes = true},
	{.name = "quarry", .title = "Quarry and training", .nodes = 16,
		.shots = 8, .hours = 2, .spacing_m = 1500, .rate_hz = 100,
		.full = true, .more = add_quarry},
	{.name = "dead", .title = "Dead nodes", .nodes = 25, .shots = 24,
		.hours = 2, .spacing_m = 1500, .rate_hz = 100, .full = true,
		.more = spoil_lives},
	{.name = "clocks", .title = "Wrong clocks", .nodes = 16, .shots = 60,
		.hours = 2, .spacing_m = 1500, .rate_hz = 100, .full = true,
		.more = spoil_clocks},
	{.name = "tamper", .title = "Tampering by one owner", .nodes = 18,
		.shots = 36, .hours = 2, .spacing_m = 1500, .rate_hz = 100,
		.full = true, .microbarom_pa = 0.02, .more = spoil_owner},
	{.name = "sparse", .title = "Few nodes", .nodes = 5, .shots = 20,
		.hours = 2, .spacing_m = 3000, .rate_hz = 100, .full = true},
	{.name = "mixed", .title = "Array, nodes and seismometers",
		.nodes = 12, .shots = 6, .hours = 1, .spacing_m = 1200,
		.rate_hz = 500, .full = true, .microbarom_pa = 0.1,
		.traffic_s = 4800, .clip_pa = 200, .more = add_mixed},
	{.name = "battery", .title = "Batteries and where their rounds fall",
		.nodes = 25, .shots = 8, .hours = 0.5, .spacing_m = 1200,
		.rate_hz = 250, .full = true, .traffic_s = 2400,
		.more = add_batteries},
	{.name = "kinds", .title = "Every kind of sound", .nodes = 16,
		.hours = 0.5, .spacing_m = 300, .spacing_most_m = 1600,
		.rate_hz = 500, .full = true, .microbarom_pa = 0.05,
		.traffic_s = 2400, .clip_pa = 1000, .more = add_kinds},
};

static struct xy jitter(const struct world *w, uint64_t i, double within_m)
{
	uint64_t stream = philox_stream("stand", "node", i);

	return (struct xy){
		within_m * (2 * philox_unit(w->seed, stream, 0) - 1),
		within_m * (2 * philox_unit(w->seed, stream, 1) - 1)};
}

/* The i-th step of a square spiral from the middle, so that a place does not
 * depend on how many nodes there are. */
static struct xy spiral(size_t i)
{
	static const struct xy step[4] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
	struct xy p = {0, 0};
	size_t side = 1, turn = 0, done = 0;

	while (done < i) {
		for (size_t k = 0; k < side && done < i; k++, done++) {
			p.x_m += step[turn % 4].x_m;
			p.y_m += step[turn % 4].y_m;
		}
		turn++;
		side += turn % 2 == 0;
	}
	return p;
}

/* "000", "001", ... in base 36: a station code has five letters at most. */
static void station_name(char out[8], size_t i)
{
	static const char digit[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	assert(i < STATION_MAX);
	(void)snprintf(out, 8, "G%c%c%c", digit[i / 1296 % 36],
		digit[i / 36 % 36], digit[i % 36]);
}

static void set_node(struct world *w, const struct plan *p, size_t i)
{
	struct node *n = &w->node[i];
	struct xy at = spiral(i), j = jitter(w, i, 0.2 * p->spacing_m);

	*n = (struct node){.channel = "EDF", .kind = "acoustic",
		.owner = i % 2 ? "A" : "B", .host = i % 2 ? "A" : "B",
		.array = "", .elev_m = 140, .rate_hz = p->rate_hz,
		.counts_per_pa = 64};
	station_name(n->station, i);
	(void)snprintf(n->id, sizeof n->id, "XT_%s_00", n->station);
	n->at.x_m = at.x_m * p->spacing_m + j.x_m;
	n->at.y_m = at.y_m * p->spacing_m + j.y_m;
	n->clip_pa = p->clip_pa;
	if (p->hum_pa > 0 && i % 3 == 0) {
		n->hum_pa = p->hum_pa;
		n->hum_hz = 50;
	}
	n->run[0] = (struct node_run){w->span, 0, 100};
	n->run_count = 1;
}

/* So far that not even a sheltered node downwind, with scatter, could hear it
 * over a fifth of its noise, as the mean of a sample. */
static double reach_m(
	const struct world *w, const struct plan *p, const struct act *a)
{
	const struct sky sky = sky_at(w, a->t0);
	const struct node n = {.rate_hz = p->rate_hz, .id = ""};
	struct noise quiet = noise_of(w, &n);
	double least_pa;
	double m = 100;

	quiet.exposure = 0.8;
	least_pa = 0.2 * noise_pa(&quiet, &sky);
	while (m < 1e6) {
		struct pulse x = sky_blast(a->yield_kg, m);
		double db = 12 - m * sky_absorption_db_m(
			&sky, 1 / (2 * PI * x.td_s));

		if (sky_pulse_mean(&x, 0, 1.0 / p->rate_hz) *
			m_pow(10, db / 20) < least_pa)
			break;
		m *= 1.1;
	}
	return m;
}

static void set_blast(struct world *w, const struct plan *p, size_t i,
	double half_m)
{
	const uint64_t stream = philox_stream("blast", p->name, i);
	const double long_s = instant_seconds(w->span.from, w->span.to);
	struct act *b = &w->act[i];
	double u = philox_unit(w->seed, stream, 0);
	/* Not in the first two minutes, nor in the last: detectors warm up
	 * and sound travels.  Of short runs of full worlds, the first fifth. */
	const double lead_s = p->full ? fmin(120, long_s / 5) : 120;
	double at_s = p->gap_s > 0 ?
		lead_s + p->gap_s * ((double)i + 0.5 * u) :
		lead_s + (long_s - 2 * lead_s) * ((double)i + 0.1 + 0.8 * u) /
			(double)w->act_count;

	(void)snprintf(b->id, sizeof b->id, "t%05u", (unsigned)i + 1);
	b->t0 = instant_round_us(instant_plus_s(w->span.from, at_s));
	b->at.x_m = half_m * (2 * philox_unit(w->seed, stream, 1) - 1);
	b->at.y_m = half_m * (2 * philox_unit(w->seed, stream, 2) - 1);
	/* 1 to 50 kg, evenly in the logarithm. */
	b->yield_kg = m_exp(
		m_log(50) * philox_unit(w->seed, stream, 3));
	if (p->most_kg > 0)
		b->yield_kg = p->least_kg * m_exp(
			m_log(p->most_kg / p->least_kg) *
				philox_unit(w->seed, stream, 3));
	b->kind = p->kind ? p->kind : "explosion";
	b->cause = "attack";
	b->breach = "5.a";
	if (p->full)
		b->reach_m = reach_m(w, p, b);
}

static bool fill(struct world *w, const struct plan *p, struct fault *f)
{
	/* Half the side of the grid's square. */
	double half_m = 0.5 * p->spacing_m * sqrt((double)p->nodes);

	w->half_x_m = fmax(29000, 1.2 * half_m);
	w->half_y_m = fmax(21000, 1.2 * half_m);
	w->node_count = (size_t)p->nodes;
	w->act_count = (size_t)p->shots;
	w->node_room = w->node_count + OTHER_NODES;
	w->act_room = w->act_count + OTHER_ACTS;
	w->node = arena_array(w->arena, w->node_room, sizeof *w->node, f);
	w->act = arena_array(w->arena, w->act_room, sizeof *w->act, f);
	if (!w->node || !w->act)
		return false;
	for (size_t i = 0; i < w->node_count; i++)
		set_node(w, p, i);
	for (size_t i = 0; i < w->act_count; i++)
		set_blast(w, p, i, half_m);
	if (p->more)
		p->more(w, p);
	return true;
}

static bool plan_of(
	const struct sim_ask *ask, struct plan *p, struct fault *f)
{
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		if (strcmp(plans[i].name, ask->scenario) == 0)
			*p = plans[i];
	p->nodes = ask->nodes > 0 ? ask->nodes : p->nodes;
	p->hours = ask->hours > 0 ? ask->hours : p->hours;
	p->rate_hz = ask->rate_hz > 0 ? ask->rate_hz : p->rate_hz;
	if (p->per_node_hour > 0)
		p->shots = (int)(p->per_node_hour * p->nodes * p->hours + 0.5);
	if (p->per_s > 0)
		p->shots = (int)(p->per_s * 3600 * p->hours + 0.5);
	p->shots = ask->shots > 0 ? ask->shots : p->shots;
	if (p->nodes > NODES_MAX || p->shots > SHOTS_MAX ||
		p->hours > 24 * 366)
		return fault(f, FAULT_LIMIT, "at most %d nodes, %d shots and "
			"a year", NODES_MAX, SHOTS_MAX);
	if (p->rate_hz > RATE_MAX || 1000000000 % p->rate_hz != 0)
		return fault(f, FAULT_INPUT, "a rate of %d Hz: wants a divisor "
			"of 1,000,000,000, at most %d", p->rate_hz, RATE_MAX);
	return true;
}

bool grid_make(struct world *w, const struct sim_ask *ask, struct fault *f)
{
	struct plan p = plans[0];

	if (!plan_of(ask, &p, f))
		return false;
	if (p.spacing_most_m > 0)
		p.spacing_m *= m_exp(m_log(p.spacing_most_m / p.spacing_m) *
			philox_unit(ask->seed,
				philox_stream("spacing", p.name, 0), 0));
	w->name = p.name;
	w->title = p.title;
	w->span.from = world_time("2026-02-03T18:00:00Z");
	w->span.to = instant_plus_ns(
		w->span.from, (int64_t)(p.hours * 3600 + 1e-6) * 1000000000);
	w->wind_ms = p.wind_ms > 0 ? p.wind_ms : 3;
	w->wind_from_deg = 240;
	w->temperature_c = 5;
	w->full = p.full;
	w->facades = p.facades;
	w->blocked = p.blocked;
	w->microbarom_pa = p.microbarom_pa;
	w->inversion_k_m = p.inversion_k_m;
	w->flashes = p.flashes;
	if (p.full) {
		w->traffic_s = p.traffic_s;
		w->survey_m = 2; /* as folder.c says in sensors.csv */
	}
	return fill(w, &p, f);
}
