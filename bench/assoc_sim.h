/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_sim.h - sound among many nodes, for the test and the bench of the
 * associator: nodes on a jittered grid, incidents at random places and
 * times, heard by chance (half at a reach of its own), late by echoes, in a
 * wind that nobody reports; false picks beside them.
 *
 * What is simulated is not what the associator believes: reaches vary by a
 * factor of two each way, sigmas by channel, echoes are uniform. */
#ifndef BENCH_ASSOC_SIM_H
#define BENCH_ASSOC_SIM_H

#include <stdlib.h>

#include "base/maths.h"
#include "locate/assoc.h"

struct assoc_sim {
	size_t nodes;
	double side_m, span_s;
	double incidents_hz, false_hz; /* of all; of one node */
	double reach_m; /* median */
	double dead;    /* share of nodes */
	double weather; /* how wrong: 1 as a feed is (WAVEFORM 3.3), 3 none */
	uint64_t seed;
	/* made */
	struct assoc_source *source;
	struct assoc_pick *pick;
	size_t picks, most;
	struct truth {
		double x_m, y_m, t_s;
		size_t heard;
	} *truth;
	size_t truths;
	double *x_m, *y_m;
	bool *is_dead;
	struct frame frame;
};

static double sim_even(struct assoc_sim *s)
{
	s->seed = s->seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(s->seed >> 11) * 0x1p-53;
}

static double sim_normal(struct assoc_sim *s)
{
	double u = sim_even(s) + 1e-12;

	return sqrt(-2 * m_log(u)) * m_cos(2 * PI * sim_even(s));
}

static void sim_add(struct assoc_sim *s, size_t node, double t)
{
	if (t < 0 || t > s->span_s || s->picks == s->most || s->is_dead[node])
		return;
	s->pick[s->picks++] = (struct assoc_pick){.source = node,
		.phase = ASSOC_AIR, .t_s = t, .sigma_s = 0.01,
		.level_db = NAN, .back_azimuth_deg = NAN,
		.sigma_az_deg = NAN};
}

static void sim_nodes(struct assoc_sim *s)
{
	size_t n = (size_t)(sqrt((double)s->nodes) + 0.5);
	double step = s->side_m / (double)n;

	s->nodes = n * n;
	s->frame = frame_at(48, 37);
	s->source = calloc(s->nodes, sizeof *s->source);
	s->x_m = calloc(s->nodes, sizeof *s->x_m);
	s->y_m = calloc(s->nodes, sizeof *s->y_m);
	s->is_dead = calloc(s->nodes, sizeof *s->is_dead);
	for (size_t i = 0; i < s->nodes; i++) {
		double x = ((double)(i % n) + 0.5 + 0.4 * sim_even(s) - 0.2);
		double y = ((double)(i / n) + 0.5 + 0.4 * sim_even(s) - 0.2);
		struct point p;

		s->x_m[i] = x * step - s->side_m / 2;
		s->y_m[i] = y * step - s->side_m / 2;
		p = frame_from(&s->frame, (struct xy){s->x_m[i], s->y_m[i]});
		s->is_dead[i] = sim_even(s) < s->dead;
		s->source[i] = (struct assoc_source){p.lat_deg, p.lon_deg,
			150 + 20 * sim_even(s), false};
	}
}

static void sim_incident(struct assoc_sim *s, double c, double we, double wn)
{
	struct truth *t = &s->truth[s->truths++];
	double reach = s->reach_m * m_exp(0.35 * sim_normal(s));

	t->x_m = (sim_even(s) - 0.5) * s->side_m;
	t->y_m = (sim_even(s) - 0.5) * s->side_m;
	t->t_s = sim_even(s) * (s->span_s - 20);
	for (size_t i = 0; i < s->nodes; i++) {
		double dx = s->x_m[i] - t->x_m, dy = s->y_m[i] - t->y_m;
		double d = sqrt(dx * dx + dy * dy), q = d / reach, at;

		if (q > 4 || sim_even(s) > 0.85 / (1 + q * q * q * q))
			continue;
		at = t->t_s + d / (c + (we * dx + wn * dy) / (d + 1)) +
			sim_normal(s) * (0.004 + 0.006 * sim_even(s) +
				6e-6 * d);
		if (sim_even(s) < 0.08)
			at += 0.15 * sim_even(s);
		t->heard += !s->is_dead[i];
		sim_add(s, i, at);
	}
}

/* Fills what is made; freed by sim_free(). */
static void sim_make(struct assoc_sim *s)
{
	size_t n = (size_t)(s->incidents_hz * (s->span_s - 20));
	double c, we, wn;

	sim_nodes(s);
	c = 340 + s->weather * 1.2 * sim_normal(s);
	we = s->weather * 2 * sim_normal(s);
	wn = s->weather * 2 * sim_normal(s);
	s->most = n * 400 + (size_t)(2 * s->false_hz * s->span_s *
		(double)s->nodes) + 1000;
	s->pick = calloc(s->most, sizeof *s->pick);
	s->truth = calloc(n + 1, sizeof *s->truth);
	for (size_t i = 0; i < n; i++)
		sim_incident(s, c, we, wn);
	for (size_t i = 0; i < s->nodes; i++)
		for (double t = 0; s->false_hz > 0;) {
			t -= m_log(sim_even(s) + 1e-12) / s->false_hz;
			if (t > s->span_s)
				break;
			sim_add(s, i, t);
		}
	/* In no order. */
	for (size_t i = s->picks; i > 1; i--) {
		size_t k = (size_t)(sim_even(s) * (double)i);
		struct assoc_pick swap = s->pick[i - 1];

		s->pick[i - 1] = s->pick[k];
		s->pick[k] = swap;
	}
}

static void sim_free(struct assoc_sim *s)
{
	free(s->source);
	free(s->pick);
	free(s->truth);
	free(s->x_m);
	free(s->y_m);
	free(s->is_dead);
}

#endif
