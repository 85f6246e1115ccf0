/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/silence.h"

#include <math.h>

/* Frames of less than this come when something is heard, not by the clock. */
#define SPAN_LEAST_NS INT64_C(100000000)

bool silence_open(
	struct silence *s, struct arena *a, size_t sensors, struct fault *f)
{
	*s = (struct silence){.count = sensors};
	s->of = arena_array(a, sensors + 1, sizeof *s->of, f);
	return s->of != NULL;
}

void silence_heard(struct silence *s, size_t sensor, uint32_t span_us,
	int64_t now_ns, double *after_s)
{
	struct silence_of *x = &s->of[sensor];

	*after_s = x->silent ? (double)(now_ns - x->heard_ns) * 1e-9 : NAN;
	*x = (struct silence_of){now_ns, span_us * INT64_C(1000), false};
}

bool silence_next(struct silence *s, int64_t now_ns, size_t *sensor)
{
	for (; *sensor < s->count; ++*sensor) {
		struct silence_of *x = &s->of[*sensor];

		if (x->heard_ns == 0 || x->silent ||
			x->span_ns < SPAN_LEAST_NS ||
			now_ns - x->heard_ns <= 2 * x->span_ns)
			continue;
		x->silent = true;
		return true;
	}
	return false;
}
