/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The plain scenarios: a square grid of microphones with jitter, and
 * explosions drawn at random in time and place.  Adding a node moves none of
 * the others' noise, nor any explosion. */
#include "base/maths.h"
#include "sim/world.h"

enum { NODES_MAX = 10000, SHOTS_MAX = 100000, STATION_MAX = 46656 };

struct plan { /* what differs between them */
	const char *name, *title;
	int nodes, shots;
	double hours;
	double spacing_m;
	double gap_s; /* between shots; 0: evenly random over the span */
	int rate_hz;
	bool faults;
};

static const struct plan plans[] = {
	{"quiet", "Quiet night", 12, 0, 2, 2000, 0, 100, false},
	{"singles", "Single explosions", 16, 24, 2, 1500, 0, 100, false},
	{"barrage", "Barrage", 16, 200, 0.25, 1500, 3, 100, false},
	{"faults", "Faults", 16, 24, 2, 1500, 0, 100, true},
	{"nodes", "Load", 200, 60, 0.5, 1000, 0, 100, false},
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
	n->run[0] = (struct node_run){w->span, 0, 100};
	n->run_count = 1;
}

/* One in five dies half-way; then a clock that is off, and each fault of a
 * file once. */
static void set_faults(struct world *w)
{
	struct instant half = w->span.from;

	half.utc_ns += (w->span.to.utc_ns - w->span.from.utc_ns) / 2 /
		1000000000 * 1000000000;
	for (size_t i = 0; i < w->node_count; i++) {
		struct node *n = &w->node[i];

		n->fault_at = half;
		if (i % 5 == 4)
			n->run[0].span.to = half;
		else if (i == 1)
			n->run[0].clock_s = -0.25;
		else if (i == 2)
			n->fault = FILE_TWICE;
		else if (i == 3)
			n->fault = FILE_LATE;
		else if (i == 5)
			n->fault = RECORD_DAMAGED;
	}
}

static void set_blast(struct world *w, const struct plan *p, size_t i,
	double half_m)
{
	const uint64_t stream = philox_stream("blast", p->name, i);
	const double long_s = instant_seconds(w->span.from, w->span.to);
	struct blast *b = &w->blast[i];
	double u = philox_unit(w->seed, stream, 0);
	/* Not in the first two minutes, nor in the last: detectors warm up
	 * and sound travels. */
	double at_s = p->gap_s > 0 ? 120 + p->gap_s * ((double)i + 0.5 * u) :
		120 + (long_s - 240) * ((double)i + 0.1 + 0.8 * u) /
			(double)w->blast_count;

	(void)snprintf(b->id, sizeof b->id, "t%05u", (unsigned)i + 1);
	b->t0 = instant_round_us(instant_plus_s(w->span.from, at_s));
	b->at.x_m = half_m * (2 * philox_unit(w->seed, stream, 1) - 1);
	b->at.y_m = half_m * (2 * philox_unit(w->seed, stream, 2) - 1);
	/* 1 to 50 kg, evenly in the logarithm. */
	b->yield_kg = m_exp(
		m_log(50) * philox_unit(w->seed, stream, 3));
	b->kind = "explosion";
	b->cause = "attack";
	b->breach = "5.a";
}

static bool fill(struct world *w, const struct plan *p, struct fault *f)
{
	/* Half the side of the grid's square. */
	double half_m = 0.5 * p->spacing_m * sqrt((double)p->nodes);

	w->half_x_m = fmax(29000, 1.2 * half_m);
	w->half_y_m = fmax(21000, 1.2 * half_m);
	w->node_count = (size_t)p->nodes;
	w->blast_count = (size_t)p->shots;
	w->node = arena_array(w->arena, w->node_count, sizeof *w->node, f);
	w->blast = arena_array(
		w->arena, w->blast_count + 1, sizeof *w->blast, f);
	if (!w->node || !w->blast)
		return false;
	for (size_t i = 0; i < w->node_count; i++)
		set_node(w, p, i);
	for (size_t i = 0; i < w->blast_count; i++)
		set_blast(w, p, i, half_m);
	if (p->faults)
		set_faults(w);
	return true;
}

bool plain_make(struct world *w, const struct sim_ask *ask, struct fault *f)
{
	struct plan p = plans[0];

	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
		if (strcmp(plans[i].name, ask->scenario) == 0)
			p = plans[i];
	p.nodes = ask->nodes > 0 ? ask->nodes : p.nodes;
	p.shots = ask->shots > 0 ? ask->shots : p.shots;
	p.hours = ask->hours > 0 ? ask->hours : p.hours;
	if (p.nodes > NODES_MAX || p.shots > SHOTS_MAX || p.hours > 24 * 366)
		return fault(f, FAULT_LIMIT, "at most %d nodes, %d shots and "
			"a year", NODES_MAX, SHOTS_MAX);
	w->name = p.name;
	w->title = p.title;
	w->span.from = world_time("2026-02-03T18:00:00Z");
	w->span.to = instant_plus_ns(
		w->span.from, (int64_t)(p.hours * 3600) * 1000000000);
	w->wind_ms = 3;
	w->wind_from_deg = 240;
	w->temperature_c = 5;
	return fill(w, &p, f);
}
