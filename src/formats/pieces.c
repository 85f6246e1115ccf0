/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/pieces.h"

static bool zero(const struct segment *s, size_t i)
{
	return s->counts ? s->counts[i] == 0 : !(fabsf(s->values[i]) > 0);
}

static bool hole(const struct segment *s, size_t i)
{
	return s->values && !isfinite(s->values[i]);
}

static bool put(const struct segment *whole, size_t from, size_t to,
	const struct intake *in, struct fault *f)
{
	struct segment s = *whole;

	if (from >= to)
		return true;
	s.start = segment_time(whole, from);
	s.count = s.declared = to - from;
	s.counts = s.counts ? s.counts + from : NULL;
	s.values = s.values ? s.values + from : NULL;
	return in->segment(in->self, &s, f);
}

/* Shortens [*from, *to) by long runs of zeros at its ends. */
static void trim(
	const struct segment *s, double zero_s, size_t *from, size_t *to)
{
	size_t i = *from, j = *to;

	while (i < j && zero(s, i))
		i++;
	while (j > i && zero(s, j - 1))
		j--;
	if ((double)(i - *from) >= zero_s * s->rate_hz)
		*from = i;
	if (i < *to && (double)(*to - j) >= zero_s * s->rate_hz)
		*to = j;
}

bool pieces_put(const struct segment *s, double zero_s,
	const struct intake *in, struct fault *f)
{
	size_t from = 0, to = s->count, start, holes = 0;

	if (zero_s > 0)
		trim(s, zero_s, &from, &to);
	if (s->counts)
		return put(s, from, to, in, f);
	start = from;
	for (size_t i = from; i < to; i++) {
		if (!hole(s, i))
			continue;
		if (!put(s, start, i, in, f))
			return false;
		start = i + 1;
		holes++;
	}
	if (!put(s, start, to, in, f))
		return false;
	return holes == 0 ||
		format_damage(in, s->cite.offset, s->cite.length, f,
			"%zu of %zu samples are no numbers: a gap", holes,
			s->count);
}
