/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/charges.h"

#include <string.h>

static bool pass(const struct charges *c, const struct health *h,
	struct instant from, struct instant to, struct fault *f)
{
	struct health part = *h;

	if (to.utc_ns <= from.utc_ns)
		return true;
	part.span = (struct span){from, to};
	health_name(&part);
	return c->out->put(c->out->self, &part, f);
}

bool charges_cut(void *self, const struct health *h, struct fault *f)
{
	const struct charges *c = self;
	struct instant from = h->span.from;

	if (h->state != HEALTH_UP && h->state != HEALTH_DEGRADED)
		return c->out->put(c->out->self, h, f);
	for (size_t i = 0; i < c->count; i++) {
		const struct health *q = &c->charge[i];

		if (strcmp(q->source, h->source) != 0 ||
			!span_meets(q->span, h->span))
			continue;
		if (q->span.from.utc_ns > from.utc_ns &&
			!pass(c, h, from, q->span.from, f))
			return false;
		if (q->span.to.utc_ns > from.utc_ns)
			from = q->span.to;
	}
	return pass(c, h, from, h->span.to, f);
}
