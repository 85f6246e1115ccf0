/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/picks.h"

#include <string.h>

#define PICKS_BYTES ((size_t)1 << 30)

enum { PICKS_MAX = 32768 };

bool picks_open(struct picks *p, struct arena *lasting, struct fault *f)
{
	*p = (struct picks){.pick = arena_array(
		lasting, PICKS_MAX + 1, sizeof *p->pick, f)};
	return p->pick && arena_map(&p->texts[0], PICKS_BYTES, f) &&
		arena_map(&p->texts[1], PICKS_BYTES, f);
}

void picks_close(struct picks *p)
{
	arena_unmap(&p->texts[1]);
	arena_unmap(&p->texts[0]);
}

static bool copy(struct picks *p, const struct detection *d,
	struct detection *to, struct fault *f)
{
	struct feature *x = arena_array(
		&p->texts[p->now], d->feature_count + 1, sizeof *x, f);

	if (!x)
		return false;
	for (size_t i = 0; i < d->feature_count; i++)
		x[i] = d->feature[i];
	*to = *d;
	to->feature = x;
	return true;
}

/* Those that no new one can be of one sound with, and when there are too
 * many the oldest, are forgotten. */
static bool forget(struct picks *p, int64_t old_ns, struct fault *f)
{
	size_t from = p->count > PICKS_MAX / 2 ? p->count - PICKS_MAX / 2 : 0;
	size_t kept = 0;

	p->now = 1 - p->now;
	p->texts[p->now].used = 0;
	for (size_t i = from; i < p->count; i++) {
		struct pick one = p->pick[i];

		if (one.made_ns < old_ns)
			continue;
		if (!copy(p, &one.d, &one.d, f))
			return false;
		p->pick[kept++] = one;
	}
	p->count = kept;
	return true;
}

/* The same again, and perhaps more of it. */
static bool renew(struct picks *p, struct pick *old, const struct pick *given,
	struct fault *f)
{
	if (!old->early)
		return true; /* an ear that began again */
	old->early = given->early;
	old->stale = false;
	return copy(p, &given->d, &old->d, f);
}

bool picks_put(struct picks *p, const struct pick *given, int64_t old_ns,
	struct fault *f)
{
	const struct arena *texts = &p->texts[p->now];
	size_t at;

	if ((p->count == PICKS_MAX || texts->used > texts->size / 2) &&
		!forget(p, old_ns, f))
		return false;
	for (at = p->count; at > 0; at--) {
		int order = detection_order(&p->pick[at - 1].d, &given->d);

		if (order == 0)
			return renew(p, &p->pick[at - 1], given, f);
		if (order < 0)
			break;
	}
	memmove(&p->pick[at + 1], &p->pick[at],
		(p->count - at) * sizeof *p->pick);
	p->pick[at] = *given;
	p->count++;
	p->fresh++;
	return copy(p, &given->d, &p->pick[at].d, f);
}

size_t picks_doubt(struct picks *p, const void *ear)
{
	size_t n = 0;

	for (size_t i = 0; i < p->count; i++)
		if (p->pick[i].early && p->pick[i].ear == ear) {
			p->pick[i].stale = true;
			n++;
		}
	return n;
}

void picks_drop(struct picks *p, const void *ear)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->count; i++)
		if (!p->pick[i].stale || p->pick[i].ear != ear)
			p->pick[kept++] = p->pick[i];
	p->count = kept;
}
