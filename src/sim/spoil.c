/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong, by scenario. */
#include "sim/grid.h"

static struct instant half_way(const struct world *w)
{
	int64_t long_ns = w->span.to.utc_ns - w->span.from.utc_ns;

	return instant_plus_ns(
		w->span.from, long_ns / 2 / 1000000000 * 1000000000);
}

static void add(struct node *n, enum flaw_sort sort, struct span s, double size)
{
	assert(n->flaw_count < NODE_FLAWS);
	n->flaw[n->flaw_count++] = (struct flaw){sort, s, size};
}

/* One in five dies half-way; then a clock that is off, and each fault of a
 * file once. */
void spoil_files(struct world *w, const struct plan *p)
{
	const struct instant half = half_way(w);
	const struct span at = {half, half};

	(void)p;
	for (size_t i = 0; i < w->node_count; i++) {
		struct node *n = &w->node[i];

		if (i % 5 == 4)
			n->run[0].span.to = half;
		else if (i == 1)
			n->run[0].clock_s = -0.25;
		else if (i == 2)
			add(n, FLAW_FILE_TWICE, at, 0);
		else if (i == 3)
			add(n, FLAW_FILE_LATE, at, 0);
		else if (i == 5)
			add(n, FLAW_RECORD_DAMAGED, at, 0);
	}
}

/* One in five dies, at a moment of its own. */
void spoil_lives(struct world *w, const struct plan *p)
{
	const double long_s = instant_seconds(w->span.from, w->span.to);

	(void)p;
	for (size_t i = 4; i < w->node_count; i += 5) {
		const uint64_t stream =
			philox_stream("death", w->node[i].id, 0);
		double part = 0.1 + 0.6 * philox_unit(w->seed, stream, 0);

		w->node[i].run[0].span.to = instant_plus_ns(w->span.from,
			(int64_t)(part * long_s) * 1000000000);
	}
}

static struct span from_half(const struct world *w)
{
	return (struct span){half_way(w), w->span.to};
}

static struct node *nth(struct world *w, size_t i)
{
	return &w->node[i % w->node_count];
}

/* From half-way on; a step of a leap second, a clock that was always off, a
 * drift that is not told and one that is, a walk, and three neighbours whose
 * satellites are counterfeit. */
void spoil_clocks(struct world *w, const struct plan *p)
{
	const struct span half = from_half(w);

	(void)p;
	if (w->node_count < 12)
		return;
	add(nth(w, 1), FLAW_CLOCK_STEP, half, 1);
	add(nth(w, 2), FLAW_CLOCK_STEP, w->span, 0.25);
	add(nth(w, 3), FLAW_CLOCK_DRIFT, half, 40);
	add(nth(w, 5), FLAW_GNSS_LOST, half, 10);
	add(nth(w, 7), FLAW_CLOCK_WALK, w->span, 0.1);
	for (size_t i = 9; i < 12; i++)
		add(nth(w, i), FLAW_SPOOFED, half, 0.35);
}

/* What party A does to the nodes that it owns (every second). */
void spoil_owner(struct world *w, const struct plan *p)
{
	static const struct {
		enum flaw_sort sort;
		double size;
	} what[] = {{FLAW_FLIP, 0}, {FLAW_GAIN, 0.2}, {FLAW_MOVED, 180},
		{FLAW_LOOP, 120}, {FLAW_REPLAY, 600}, {FLAW_RAIL, 0},
		{FLAW_RECORDS_TWICE, 0}, {FLAW_RECORDS_SHUFFLED, 0},
		{FLAW_BYTES_DAMAGED, 0}};
	const struct span half = from_half(w);
	size_t k = 0;

	(void)p;
	for (size_t i = 0; i < w->node_count &&
		k < sizeof what / sizeof *what; i++)
		if (strcmp(w->node[i].owner, "A") == 0) {
			add(&w->node[i], what[k].sort, half, what[k].size);
			k++;
		}
	add_forged(w, "A");
}
