/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/pending.h"

bool pending_open(struct pending *p, struct arena *a, struct fault *f)
{
	*p = (struct pending){.segments = 0};
	p->segment = arena_array(a, PENDING_SEGMENTS, sizeof *p->segment, f);
	p->sample = arena_array(a, PENDING_SAMPLES, sizeof(int32_t), f);
	return p->segment && p->sample;
}

bool pending_any(const struct pending *p)
{
	return p->strand.segments > 0;
}

bool pending_add(struct pending *p, const struct segment *s)
{
	const void *from = s->counts ? (const void *)s->counts : s->values;
	struct segment *to;
	void *at;

	if (!pending_any(p)) {
		p->segments = p->samples = 0;
		p->strand.segment = p->segment;
		p->strand.at = p->strand.end = 0;
	}
	if (p->segments == PENDING_SEGMENTS ||
		s->count > PENDING_SAMPLES - p->samples)
		return false;
	if (s->count == 0)
		return true;
	at = p->sample + sizeof(int32_t) * p->samples;
	memcpy(at, from, sizeof(int32_t) * s->count);
	p->samples += s->count;
	to = &p->segment[p->segments++];
	*to = *s;
	to->counts = s->counts ? at : NULL;
	to->values = s->counts ? NULL : at;
	p->strand.segments++;
	return true;
}

bool pending_turn(struct pending *const *p, size_t count,
	const struct detector *d, struct fault *f)
{
	struct strand *strand[STRANDS];
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (pending_any(p[i]))
			strand[n++] = &p[i]->strand;
	return d->abreast(strand, n, f);
}
