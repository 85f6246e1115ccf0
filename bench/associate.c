/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * associate.c - picks a second of one core, beside a plain grid search.
 *
 * The load of docs/WAVEFORM.md 6: ten incidents a second among nodes that
 * each report 300 false arrivals an hour, in 1,000 km2 (some 290 to 380 picks
 * a second); and what it costs as the network grows at the same density.
 * The yardstick is a grid search of the same picks: places every 100 m, the
 * arrivals of each node within its range shifted back to origin times, sorted
 * and counted in a window as wide as the grid is blunt; each place once.  It
 * only counts: it chooses nothing, places nothing, consumes nothing. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "assoc_sim.h"

static double cpu(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

struct counted {
	const struct assoc_sim *sim;
	size_t events, found, able;
	bool used[1 << 16];
};

static bool put(void *self, const struct assoc_event *e, struct fault *f)
{
	struct counted *c = self;
	struct xy p = frame_to(&c->sim->frame, e->lat_deg, e->lon_deg);

	(void)f;
	c->events++;
	for (size_t i = 0; i < c->sim->truths; i++) {
		const struct truth *t = &c->sim->truth[i];
		double dx = p.x_m - t->x_m, dy = p.y_m - t->y_m;

		if (!c->used[i] && fabs(e->t_s - t->t_s) < 0.5 &&
			dx * dx + dy * dy < 150 * 150) {
			c->used[i] = true;
			c->found++;
			return true;
		}
	}
	return true;
}

static struct assoc_model model(const struct assoc_sim *s)
{
	struct assoc_model m = assoc_model(
		s->source, s->nodes, 1u << ASSOC_AIR);

	m.sigma_c_ms = 1.2; /* as with a weather feed, WAVEFORM 3.3 */
	m.sigma_w_ms = 2;
	return m;
}

static double ours(const struct assoc_sim *s, struct counted *c)
{
	struct assoc_model m = model(s);
	size_t skipped = 0;
	struct assoc_events to = {put, c, &skipped};
	struct fault f = {0};
	struct arena a;
	double from;

	memset(c, 0, sizeof *c);
	c->sim = s;
	if (!arena_map(&a, (size_t)4 << 30, &f))
		exit(1);
	from = cpu();
	if (!assoc(&m, s->source, s->nodes, s->pick, s->picks, &a, &to, &f)) {
		fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	from = cpu() - from;
	arena_unmap(&a);
	for (size_t i = 0; i < s->truths; i++)
		c->able += s->truth[i].heard >= 12;
	return from;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of a share of the places, for it is slow; scaled to all. */
static double grid(const struct assoc_sim *s, size_t *places)
{
	double step = 100, range = model(s).law[ASSOC_AIR].range_m, from;
	double *t = calloc(s->picks + 1, sizeof *t);
	size_t n = (size_t)(s->side_m / step), every = 97, most = 0;

	if (!t)
		exit(1);
	from = cpu();
	*places = 0;
	for (size_t i = 0; i < n * n; i += every) {
		double x = ((double)(i % n) + 0.5) * step - s->side_m / 2;
		double y = ((double)(i / n) + 0.5) * step - s->side_m / 2;
		size_t count = 0, lo = 0;

		++*places;
		for (size_t k = 0; k < s->picks; k++) {
			const struct assoc_pick *p = &s->pick[k];
			double dx = s->x_m[p->source] - x;
			double dy = s->y_m[p->source] - y;
			double d2 = dx * dx + dy * dy;

			if (d2 < range * range)
				t[count++] = p->t_s - sqrt(d2) / 340;
		}
		qsort(t, count, sizeof *t, by_value);
		for (size_t k = 0; k < count; k++) {
			while (t[k] - t[lo] > 0.4)
				lo++;
			most = k - lo > most ? k - lo : most;
		}
	}
	from = cpu() - from;
	free(t);
	if (most == 0)
		exit(1);
	return from * (double)(n * n) / (double)*places;
}

static struct assoc_sim network(size_t nodes, double span_s)
{
	return (struct assoc_sim){.nodes = nodes,
		.side_m = sqrt((double)nodes) * 1000, .span_s = span_s,
		.incidents_hz = (double)nodes / 100, .false_hz = 300 / 3600.0,
		.reach_m = 2500, .weather = 1, .seed = 7};
}

int main(void)
{
	static const size_t sizes[] = {100, 1024, 10000};
	static struct counted c;
	struct rusage use;

	for (int i = 0; i < 3; i++) {
		struct assoc_sim s = network(sizes[i], i == 2 ? 60 : 120);
		double own, plain;
		size_t places;

		sim_make(&s);
		own = ours(&s, &c);
		printf("associate: %zu nodes, %zu picks, %.0f a second in "
			"1,000 km2: %.0f picks/s of one core; %zu incidents, "
			"%zu true; of those that 12 nodes heard %.1f %%\n",
			s.nodes, s.picks, (double)s.picks / s.span_s * 1e9 /
				(s.side_m * s.side_m),
			(double)s.picks / own, c.events, c.found,
			100 * (double)c.found / (double)c.able);
		if (i == 1) {
			plain = grid(&s, &places);
			printf("associate: a plain grid search of 100 m only "
				"counts, and takes %.1f x as long (%zu of its "
				"places measured)\n", plain / own, places);
		}
		sim_free(&s);
	}
	(void)getrusage(RUSAGE_SELF, &use);
	printf("associate: %ld MB in all, the simulation's picks among them\n",
		use.ru_maxrss / 1024);
	return 0;
}
