/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is wrong with a node, on purpose. */
#include "base/maths.h"
#include "sim/world.h"

static const char *const names[FLAW_SORTS] = {
	[FLAW_NONE] = "none",
	[FLAW_FILE_TWICE] = "file_twice",
	[FLAW_FILE_LATE] = "file_late",
	[FLAW_RECORD_DAMAGED] = "record_damaged",
	[FLAW_RECORDS_TWICE] = "records_twice",
	[FLAW_RECORDS_SHUFFLED] = "records_shuffled",
	[FLAW_BYTES_DAMAGED] = "bytes_damaged",
	[FLAW_CLOCK_STEP] = "clock_step",
	[FLAW_CLOCK_DRIFT] = "clock_drift",
	[FLAW_CLOCK_WALK] = "clock_walk",
	[FLAW_GNSS_LOST] = "gnss_lost",
	[FLAW_SPOOFED] = "spoofed",
	[FLAW_RAIL] = "rail",
	[FLAW_GAIN] = "gain",
	[FLAW_FLIP] = "flip",
	[FLAW_MOVED] = "moved",
	[FLAW_LOOP] = "loop",
	[FLAW_REPLAY] = "replay",
};

const char *flaw_name(enum flaw_sort s)
{
	return names[s];
}

const struct flaw *node_flaw(
	const struct node *n, enum flaw_sort sort, struct instant t)
{
	for (size_t i = 0; i < n->flaw_count; i++)
		if (n->flaw[i].sort == sort && span_holds(n->flaw[i].span, t))
			return &n->flaw[i];
	return NULL;
}

const struct node_run *node_run_at(const struct node *n, struct instant t)
{
	for (size_t i = 0; i < n->run_count; i++)
		if (span_holds(n->run[i].span, t))
			return &n->run[i];
	return NULL;
}

/* A Brownian path over the flaw's span, as its first 16 sines (Karhunen and
 * Loeve): a function of the moment alone; `size` is its spread after 1 h. */
static double walk_s(const struct world *w, const struct node *n,
	const struct flaw *x, struct instant t)
{
	const uint64_t stream = philox_stream("walk", n->id, 0);
	const double long_s = instant_seconds(x->span.from, x->span.to);
	const double at = instant_seconds(x->span.from, t) / long_s;
	double sum = 0;

	for (uint64_t k = 0; k < 16; k++) {
		double rate = ((double)k + 0.5) * PI;

		sum += philox_normal(w->seed, stream, k) * m_sin(rate * at) /
			rate;
	}
	return x->size * sqrt(2 * long_s / 3600) * sum;
}

double node_clock_s(
	const struct world *w, const struct node *n, struct instant t)
{
	double sum = 0;

	for (size_t i = 0; i < n->flaw_count; i++) {
		const struct flaw *x = &n->flaw[i];

		if (!span_holds(x->span, t))
			continue;
		switch (x->sort) {
		case FLAW_CLOCK_STEP:
		case FLAW_SPOOFED:
			sum += x->size;
			break;
		case FLAW_CLOCK_DRIFT:
		case FLAW_GNSS_LOST:
			sum += 1e-6 * x->size *
				instant_seconds(x->span.from, t);
			break;
		case FLAW_CLOCK_WALK:
			sum += walk_s(w, n, x, t);
			break;
		default:
			break;
		}
	}
	return sum;
}

struct xy node_place(
	const struct world *w, const struct node *n, struct instant t)
{
	const struct flaw *x = node_flaw(n, FLAW_MOVED, t);
	const uint64_t survey = philox_stream("survey", n->id, 0);
	struct xy p = n->at;
	double to;

	if (w->survey_m > 0) {
		p.x_m += w->survey_m * philox_normal(w->seed, survey, 0);
		p.y_m += w->survey_m * philox_normal(w->seed, survey, 1);
	}
	if (!x)
		return p;
	to = 2 * PI * philox_unit(
		w->seed, philox_stream("moved", n->id, 0), 0);
	p.x_m += x->size * m_sin(to);
	p.y_m += x->size * m_cos(to);
	return p;
}
