/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every kind of sound in turn, in air, wind and houses that the seed draws:
 * what the classifier is fitted to and judged by (docs/hearing.md,
 * Classification).  One happening every half minute or so.  And batteries,
 * whose rounds fall where they are heard. */
#include "base/maths.h"
#include "sim/grid.h"

enum { ROUNDS_MAX = 12 };

struct dice { /* numbers of one happening */
	uint64_t seed, stream, next;
};

static double unit(struct dice *d)
{
	return philox_unit(d->seed, d->stream, d->next++);
}

static double between(struct dice *d, double low, double high)
{
	return low + (high - low) * unit(d);
}

/* Evenly in the logarithm. */
static double about(struct dice *d, double low, double high)
{
	return low * m_exp(m_log(high / low) * unit(d));
}

static struct xy place(struct dice *d, double half_m)
{
	double x = between(d, -half_m, half_m);

	return (struct xy){x, between(d, -half_m, half_m)};
}

static void blast(struct world *w, struct dice *d, double t_s, double half_m)
{
	/* A grenade to a large bomb. */
	double kg = about(d, 0.05, 500);

	act_attack(act_add(w, ACT_BLAST, "explosion", t_s, place(d, half_m)),
		kg);
}

/* A round and its bullet, which is faster than sound for 800 m (typical). */
static void round_of(struct world *w, const char *group, double t_s,
	struct xy at, double kg, double heading_deg)
{
	const size_t gun = w->act_count;
	struct act *a = act_attack(act_add(w, ACT_MUZZLE,
		strcmp(group, "burst") == 0 ? group : "shot", t_s, at), kg);

	a->group = group;
	a->heading_deg = heading_deg;
	a = act_add(w, ACT_SHOCK, "projectile", t_s, at);
	a->heading_deg = heading_deg;
	a->speed_ms = 700;
	a->range_m = 800;
	a->height_m = 1;
	a->size = 0.0076;
	a->link_is = "shock_of";
	a->link = gun;
}

static void shot(struct world *w, struct dice *d, double t_s, double half_m)
{
	struct xy at = place(d, half_m);
	/* A pistol's behind houses to a heavy rifle's. */
	double kg = about(d, 0.00002, 0.003);

	round_of(w, "shot", t_s, at, kg, between(d, 0, 360));
}

/* 2 to 5 aimed rounds, one after the other. */
static void string(struct world *w, struct dice *d, double t_s, double half_m)
{
	const int rounds = (int)between(d, 2, 6);
	const double kg = about(d, 0.00002, 0.003);
	const double apart_s = about(d, 0.5, 2.5);
	const double heading_deg = between(d, 0, 360);
	const struct xy at = place(d, half_m);

	for (int i = 0; i < rounds; i++) {
		round_of(w, "string", t_s, at, kg, heading_deg);
		t_s += apart_s * between(d, 0.7, 1.3);
	}
}

/* A mortar or a gun: the charge that drives the shell. */
static void gun(struct world *w, struct dice *d, double t_s, double half_m)
{
	struct act *a = act_attack(
		act_add(w, ACT_MUZZLE, "shot", t_s, place(d, half_m)),
		about(d, 0.1, 8));

	a->heading_deg = between(d, 0, 360);
}

/* 3 to 10 rounds, 75 to 600 a minute, as even as a mechanism. */
static void burst(struct world *w, struct dice *d, double t_s, double half_m)
{
	const int rounds = (int)between(d, 3, 11);
	const double apart_s = about(d, 0.1, 0.8);
	const double kg = about(d, 0.0001, 0.03);
	const double heading_deg = between(d, 0, 360);
	const struct xy at = place(d, half_m);

	for (int i = 0; i < rounds; i++) {
		round_of(w, "burst", t_s, at, kg, heading_deg);
		t_s += apart_s * between(d, 0.95, 1.05);
	}
}

/* 3 to 8 shells that a battery or a launcher puts into one field. */
static void salvo(struct world *w, struct dice *d, double t_s, double half_m)
{
	const int shells = (int)between(d, 3, 9);
	const double kg = about(d, 0.3, 30), apart_s = about(d, 0.4, 4);
	const double even = unit(d) < 0.5 ? 0.05 : 0.5;
	const double wide_m = about(d, 5, 100);
	const struct xy at = place(d, half_m);

	for (int i = 0; i < shells; i++) {
		struct xy to = {at.x_m + between(d, -wide_m, wide_m),
			at.y_m + between(d, -wide_m, wide_m)};

		act_attack(act_add(w, ACT_BLAST, "explosion", t_s, to), kg)
			->group = "salvo";
		t_s += apart_s * between(d, 1 - even, 1 + even);
	}
}

/* Shells of 5 to 100 g that burst 50 to 150 m up, as someone lights them. */
static void fireworks(
	struct world *w, struct dice *d, double t_s, double half_m)
{
	const int shells = (int)between(d, 5, ROUNDS_MAX);
	const struct xy at = place(d, half_m);

	for (int i = 0; i < shells; i++) {
		struct act *a = act_add(w, ACT_BLAST, "fireworks", t_s,
			(struct xy){at.x_m + between(d, -30, 30),
				at.y_m + between(d, -30, 30)});

		a->yield_kg = about(d, 0.005, 0.1);
		a->height_m = between(d, 50, 150);
		t_s += between(d, 0.3, 3);
	}
}

static void thunder(struct world *w, struct dice *d, double t_s, double half_m)
{
	struct act *a = act_add(
		w, ACT_THUNDER, "thunder", t_s, place(d, 1.5 * half_m));

	a->range_m = between(d, 5000, 8000);
	a->heading_deg = between(d, 0, 360);
	a->reach_m = 25000;
}

static void quarry(struct world *w, struct dice *d, double t_s, double half_m)
{
	struct act *a = act_add(
		w, ACT_QUARRY, "quarry_blast", t_s, place(d, half_m));

	a->yield_kg = about(d, 300, 5000);
	a->cause = "quarry";
}

static void boom(struct world *w, struct dice *d, double t_s, double half_m)
{
	struct act *a = act_add(
		w, ACT_BOOM, "sonic_boom", t_s, place(d, half_m));

	a->cause = "flight";
	a->heading_deg = between(d, 0, 360);
	a->speed_ms = between(d, 390, 560);
	a->height_m = about(d, 1500, 12000);
}

static void drone(struct world *w, struct dice *d, double t_s, double half_m)
{
	struct act *a = act_add(
		w, ACT_DRONE, "flight", t_s + 60, place(d, 0.5 * half_m));

	a->cause = "flight";
	a->heading_deg = between(d, 0, 360);
	a->speed_ms = between(d, 30, 50);
	a->height_m = about(d, 60, 300);
	a->range_m = 120 * a->speed_ms;
	a->size = between(d, 80, 110); /* blade rate, Hz */
}

/* What happens, in how many of a hundred, and how long it is then left alone;
 * the shares are those of docs/hearing.md, and mean nothing else. */
static const struct {
	void (*make)(struct world *, struct dice *, double, double);
	double share, long_s;
} sorts[] = {
	{blast, 22, 25},
	{salvo, 6, 45},
	{shot, 16, 20},
	{string, 8, 35},
	{gun, 10, 25},
	{burst, 10, 25},
	{fireworks, 4, 50},
	{thunder, 8, 70},
	{quarry, 8, 30},
	{boom, 6, 45},
	{drone, 4, 130},
};

void add_kinds(struct world *w, const struct plan *p)
{
	const double long_s = instant_seconds(w->span.from, w->span.to);
	const double half_m = 0.5 * p->spacing_m * sqrt((double)p->nodes);
	struct dice d = {w->seed, philox_stream("kinds", "air", 0), 0};
	double t_s = 30;

	w->wind_ms = between(&d, 1, 7);
	w->wind_from_deg = between(&d, 0, 360);
	w->temperature_c = between(&d, -10, 25);
	w->inversion_k_m = between(&d, -0.01, 0.01);
	w->facades = unit(&d) < 0.3 ? 5 : 0;
	for (uint64_t i = 1; w->act_count + 2 * ROUNDS_MAX < w->act_room;
		i++) {
		double u;
		size_t k = 0;

		d = (struct dice){
			w->seed, philox_stream("kinds", "what", i), 0};
		u = 100 * unit(&d);
		while (k + 1 < sizeof sorts / sizeof *sorts &&
			u > sorts[k].share)
			u -= sorts[k++].share;
		if (t_s + sorts[k].long_s > long_s)
			break;
		sorts[k].make(w, &d, t_s + between(&d, 0, 5), half_m);
		t_s += sorts[k].long_s + 5;
	}
}

/* Guns of one place at one field, as fast as each is laid; the shells fly
 * below or above the speed of sound for the same time, but for 1 %. */
static void battery(struct world *w, struct dice *d, double t_s, double half_m)
{
	const int rounds = (int)between(d, 6, 11);
	const struct xy at = place(d, 0.6 * half_m);
	const double range_m = between(d, 1.0, 1.4) * half_m;
	const double heading = between(d, 0, 2 * PI);
	const double flight_s = range_m / between(d, 150, 350);
	struct xy to = {at.x_m + range_m * m_sin(heading),
		at.y_m + range_m * m_cos(heading)};

	/* Into the network. */
	to.x_m = fmax(-half_m, fmin(half_m, to.x_m));
	to.y_m = fmax(-half_m, fmin(half_m, to.y_m));
	for (int i = 0; i < rounds; i++) {
		const size_t gun = w->act_count;
		struct act *a = act_attack(act_add(w, ACT_MUZZLE, "shot", t_s,
			(struct xy){at.x_m + between(d, -80, 80),
				at.y_m + between(d, -80, 80)}), 1);

		a->heading_deg = heading * 180 / PI;
		a->group = "battery";
		a = act_attack(act_add(w, ACT_BLAST, "explosion",
			t_s + flight_s * between(d, 0.985, 1.015),
			(struct xy){to.x_m + between(d, -150, 150),
				to.y_m + between(d, -150, 150)}), 4);
		a->group = "battery";
		a->link_is = "impact_of";
		a->link = gun;
		t_s += between(d, 4, 16);
	}
}

void add_batteries(struct world *w, const struct plan *p)
{
	const double long_s = instant_seconds(w->span.from, w->span.to);
	const double half_m = 0.5 * p->spacing_m * sqrt((double)p->nodes);

	for (uint64_t i = 0; i < 3; i++) {
		struct dice d = {w->seed,
			philox_stream("battery", "what", i), 0};

		battery(w, &d, long_s * (0.08 + 0.3 * (double)i), half_m);
	}
}
