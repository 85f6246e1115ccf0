/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/gaps.h"

#include <stdlib.h>
#include <string.h>

enum { WHY_TEXT = 256 };

static int by_source(const void *a, const void *b)
{
	const struct gap *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (!d)
		d = span_order(x->span, y->span);
	return d ? d : strcmp(x->why, y->why);
}

size_t gaps_sort(struct gap *g, size_t count)
{
	size_t n = 0;

	if (count > 0)
		qsort(g, count, sizeof *g, by_source);
	for (size_t i = 0; i < count; i++) {
		struct gap x = g[i];

		if (n > 0 && strcmp(g[n - 1].source, x.source) == 0 &&
			x.span.from.utc_ns < g[n - 1].span.to.utc_ns)
			x.span.from = g[n - 1].span.to;
		if (x.span.from.utc_ns < x.span.to.utc_ns)
			g[n++] = x;
	}
	return n;
}

static bool pass(const struct gaps *g, const struct health *h,
	struct instant from, struct instant to, const char *why,
	struct fault *f)
{
	struct health part = *h;

	if (to.utc_ns <= from.utc_ns)
		return true;
	part.span = (struct span){from, to};
	part.why = why;
	part.measure = (struct feature){"gap_s", instant_seconds(from, to)};
	health_name(&part);
	return g->out->put(g->out->self, &part, f);
}

bool gaps_name(void *self, const struct health *h, struct fault *f)
{
	struct gaps *g = self;
	struct instant from = h->span.from;
	char why[WHY_TEXT];
	int d = -1;

	if (h->state != HEALTH_DOWN)
		return g->out->put(g->out->self, h, f);
	while (g->at < g->count && ((d = strcmp(g->gap[g->at].source,
		h->source)) < 0 || (d == 0 &&
			g->gap[g->at].span.to.utc_ns <= from.utc_ns)))
		g->at++;
	for (size_t i = g->at; i < g->count; i++) {
		struct gap x = g->gap[i];

		if (strcmp(x.source, h->source) != 0 ||
			x.span.from.utc_ns >= h->span.to.utc_ns)
			break;
		if (x.span.from.utc_ns < from.utc_ns)
			x.span.from = from;
		if (x.span.to.utc_ns > h->span.to.utc_ns)
			x.span.to = h->span.to;
		(void)snprintf(why, sizeof why, GAPS_LOST "%.200s", x.why);
		if (!pass(g, h, from, x.span.from, h->why, f) ||
			!pass(g, h, x.span.from, x.span.to, why, f))
			return false;
		from = x.span.to;
	}
	return pass(g, h, from, h->span.to, h->why, f);
}
