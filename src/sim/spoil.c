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
