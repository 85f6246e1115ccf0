/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/pieces.h"

static bool put(const struct segment *whole, size_t from, size_t to,
	const struct intake *in, struct fault *f)
{
	struct segment s = *whole;

	if (from >= to)
		return true;
	s.start = segment_time(whole, from);
	if (!instant_known(s.start))
		return format_damage(in, s.cite.offset, s.cite.length, f,
			"time runs beyond 2200");
	s.count = s.declared = to - from;
	s.values = whole->values + from;
	return in->segment(in->self, &s, f);
}

bool pieces_put(
	const struct segment *s, const struct intake *in, struct fault *f)
{
	size_t start = 0, holes = 0;

	if (!s->values)
		return s->count == 0 || in->segment(in->self, s, f);
	for (size_t i = 0; i < s->count; i++) {
		if (isfinite(s->values[i]))
			continue;
		if (!put(s, start, i, in, f))
			return false;
		start = i + 1;
		holes++;
	}
	if (!put(s, start, s->count, in, f))
		return false;
	return holes == 0 ||
		format_damage(in, s->cite.offset, s->cite.length, f,
			"%zu of %zu samples are no numbers: a gap", holes,
			s->count);
}
