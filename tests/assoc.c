/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc.c - the associator on simulated sound whose truth is known, and on
 * ground motion of a made-up table; its properties. */
#include "../bench/assoc_sim.h"

#include "check.h"

#include <string.h>

enum { MOST = 4096 };

struct got {
	struct assoc_event event[MOST];
	size_t pick[MOST * 8], picks;
	size_t count;
};

static bool put(void *self, const struct assoc_event *e, struct fault *f)
{
	struct got *g = self;

	if (g->count == MOST || g->picks + e->picks > MOST * 8)
		return fault(f, FAULT_LIMIT, "too many");
	memcpy(g->pick + g->picks, e->pick, e->picks * sizeof *e->pick);
	g->event[g->count] = *e;
	g->event[g->count].pick = g->pick + g->picks;
	g->event[g->count++].silent = NULL;
	g->picks += e->picks;
	return true;
}

static struct got *run(const struct assoc_model *m,
	const struct assoc_source *s, size_t sources,
	const struct assoc_pick *p, size_t picks)
{
	struct got *g = calloc(1, sizeof *g);
	size_t skipped = 0;
	struct assoc_events to = {put, g, &skipped};
	struct arena a;
	struct fault f = {0};

	if (!g || !arena_map(&a, (size_t)1 << 30, &f))
		abort();
	if (!assoc(m, s, sources, p, picks, &a, &to, &f) || skipped > 0) {
		printf("# %s, %zu skipped\n", f.text, skipped);
		abort();
	}
	arena_unmap(&a);
	return g;
}

/* How many of the truths with so many picks are found, each event once. */
static size_t found(const struct assoc_sim *s, const struct got *g,
	size_t heard, size_t *able)
{
	bool used[MOST] = {false};
	size_t n = 0;

	*able = 0;
	for (size_t i = 0; i < s->truths; i++) {
		const struct truth *t = &s->truth[i];
		bool hit = false;

		for (size_t k = 0; k < g->count && !hit; k++) {
			struct xy p = frame_to(&s->frame, g->event[k].lat_deg,
				g->event[k].lon_deg);
			double dx = p.x_m - t->x_m, dy = p.y_m - t->y_m;

			if (used[k] || sqrt(dx * dx + dy * dy) > 150 ||
				fabs(g->event[k].t_s - t->t_s) > 0.5)
				continue;
			hit = used[k] = true;
		}
		*able += t->heard >= heard;
		n += hit && t->heard >= heard;
	}
	return n;
}

static size_t picks_twice(const struct got *g, size_t picks)
{
	bool *used = calloc(picks + 1, sizeof *used);
	size_t twice = 0;

	for (size_t i = 0; i < g->picks; i++) {
		twice += g->pick[i] >= picks || used[g->pick[i]];
		used[g->pick[i]] = true;
	}
	free(used);
	return twice;
}

static bool same(double a, double b)
{
	return memcmp(&a, &b, sizeof a) == 0;
}

/* Whether two results are one, to the last bit; map: from the numbers of b's
 * picks to a's. */
static bool equal(const struct got *a, const struct got *b, const size_t *map)
{
	if (a->count != b->count || a->picks != b->picks)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		const struct assoc_event *p = &a->event[i], *q = &b->event[i];
		size_t sum = 0;

		if (!same(p->lat_deg, q->lat_deg) || !same(p->t_s, q->t_s) ||
			!same(p->lon_deg, q->lon_deg) ||
			!same(p->score, q->score) || p->picks != q->picks)
			return false;
		for (size_t k = 0; k < p->picks; k++)
			for (size_t m = 0; m < p->picks; m++)
				sum += p->pick[k] == map[q->pick[m]];
		if (sum != p->picks)
			return false;
	}
	return true;
}

static struct assoc_model model(const struct assoc_sim *s)
{
	struct assoc_model m = assoc_model(
		s->source, s->nodes, 1u << ASSOC_AIR);

	/* As with a weather feed. */
	m.sigma_c_ms = 1.2;
	m.sigma_w_ms = 2;
	return m;
}

static void shuffled(const struct assoc_sim *s, const struct assoc_model *m,
	const struct got *g)
{
	struct assoc_pick *p = calloc(s->picks, sizeof *p);
	size_t *map = calloc(s->picks, sizeof *map);
	struct got *h;

	for (size_t i = 0; i < s->picks; i++) {
		map[i] = (i * 7919) % s->picks;
		p[i] = s->pick[map[i]];
	}
	CHECK(s->picks % 7919 != 0, "the shuffle is one");
	h = run(m, s->source, s->nodes, p, s->picks);
	CHECK(equal(g, h, map), "shuffled picks give the same incidents, to "
		"the last bit (%zu)", h->count);
	free(h);
	free(p);
	free(map);
}

/* The same picks, each source's shifted by up to three seconds: nothing of
 * what is left is an incident. */
static void scrambled(struct assoc_sim *s, const struct assoc_model *m)
{
	double *off = calloc(s->nodes, sizeof *off);
	struct got *g;

	for (size_t i = 0; i < s->nodes; i++)
		off[i] = 6 * sim_even(s) - 3;
	for (size_t i = 0; i < s->picks; i++)
		s->pick[i].t_s += off[s->pick[i].source];
	g = run(m, s->source, s->nodes, s->pick, s->picks);
	CHECK(g->count <= 2, "scrambled by up to 3 s: %zu incidents of %zu "
		"true ones", g->count, s->truths);
	free(g);
	free(off);
}

static void sound(const char *what, struct assoc_sim s, size_t heard)
{
	struct assoc_model m;
	struct got *g;
	size_t n, able;

	sim_make(&s);
	m = model(&s);
	g = run(&m, s.source, s.nodes, s.pick, s.picks);
	n = found(&s, g, heard, &able);
	CHECK((double)n >= 0.94 * (double)able, "%s: %zu of %zu incidents "
		"that %zu nodes heard, in %zu picks", what, n, able, heard,
		s.picks);
	n = found(&s, g, 0, &able);
	CHECK(g->count - n <= 1 + g->count / 50, "%s: %zu incidents, %zu of "
		"them true", what, g->count, n);
	CHECK(picks_twice(g, s.picks) == 0, "%s: no pick twice", what);
	shuffled(&s, &m, g);
	scrambled(&s, &m);
	free(g);
	sim_free(&s);
}

static void nothing(void)
{
	struct assoc_source s[5] = {{48, 37, 100, true}, {48.01, 37, 100, true},
		{48, 37.01, 100, true}, {48.01, 37.01, NAN, true},
		{NAN, NAN, NAN, false}};
	struct assoc_model m = assoc_model(s, 5, 1u << ASSOC_AIR);
	struct assoc_pick p[3] = {
		{4, ASSOC_AIR, 1, 0.01, NAN, NAN, NAN},
		{0, ASSOC_AIR, NAN, 0.01, NAN, NAN, NAN},
		{9, ASSOC_AIR, 1, 0.01, NAN, NAN, NAN}};
	struct got *g = run(&m, s, 5, p, 0);

	CHECK(g->count == 0, "no picks, no incidents");
	free(g);
	g = run(&m, s, 5, p, 3);
	CHECK(g->count == 0, "picks of unknown places, times and sources");
	free(g);
}

static void table(void)
{
	static char text[1 << 16];
	size_t n = 0;
	const struct assoc_table *t;
	struct arena a;
	struct fault f = {0};
	double part[2];

	/* Straight lines at 6 and 3.5 km/s. */
	for (int z = 0; z <= 4; z++)
		for (int d = 1; d <= 30; d++) {
			double km = d * 0.01 * 111.19;
			double l = sqrt(km * km + 25.0 * z * z);

			n += (size_t)snprintf(text + n, sizeof text - n,
				"%g %d %.9g %.9g 0 0 0 0 P S\n", d * 0.01,
				5 * z, l / 6, l / 3.5);
		}
	if (!arena_map(&a, 1 << 20, &f))
		abort();
	CHECK(assoc_table_read((struct bytes){(uint8_t *)text, n}, &a, &t, &f),
		"a table is read: %s", f.text);
	CHECK(fabs(assoc_table_at(t, ASSOC_S, 20000, 10000, part) -
		      sqrt(500) / 3.5) < 0.02, "and gives its times");
	CHECK(fabs(part[0] - 2 / sqrt(5) / 3500) < 2e-5 &&
		fabs(part[1] - 1 / sqrt(5) / 3500) < 4e-5, "and slownesses");
	CHECK(fabs(assoc_table_at(t, ASSOC_P, 0, 10000, NULL) - 10.0 / 6) <
		0.01, "straight up");
	CHECK(!assoc_table_read((struct bytes){(uint8_t *)text, n - 40}, &a,
		      &t, &f), "a part of it is refused: %s", f.text);
	CHECK(!assoc_table_read(bytes_of("1 2 3\n"), &a, &t, &f),
		"so is a line: %s", f.text);
	arena_unmap(&a);
}

int main(void)
{
	sound("a quiet hour's minute", (struct assoc_sim){.nodes = 100,
		.side_m = 10000, .span_s = 120, .incidents_hz = 0.2,
		.false_hz = 0.01, .reach_m = 2500, .weather = 1, .seed = 1}, 6);
	sound("20 % dead", (struct assoc_sim){.nodes = 100,
		.side_m = 10000, .span_s = 120, .incidents_hz = 0.2,
		.false_hz = 0.01, .reach_m = 2500, .dead = 0.2, .weather = 1,
		.seed = 2}, 6);
	sound("a busy minute", (struct assoc_sim){.nodes = 400,
		.side_m = 20000, .span_s = 60, .incidents_hz = 2,
		.false_hz = 0.08, .reach_m = 2500, .weather = 1, .seed = 3},
		12);
	nothing();
	table();
	return check_done();
}
