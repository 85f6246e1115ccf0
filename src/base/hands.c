/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hands.h"

size_t hands_count(const struct hands *h)
{
	return h ? h->count : 1;
}

bool hands_run(
	const struct hands *h, const struct pieces *p, struct fault *f)
{
	if (h && h->count > 1 && p->count > 1)
		return h->run(h, p, f);
	for (size_t i = 0; i < p->count; i++)
		if (!p->one(p->self, 0, i, f))
			return false;
	return true;
}

bool hands_lend(const struct hands *h, struct arena *from,
	struct arena each[HANDS_MAX], struct fault *f)
{
	size_t n = hands_count(h), part = (from->size - from->used) / 2 / n;

	if (n == 1) {
		each[0] = *from;
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		void *room = arena_room(from, part, f);

		if (!room)
			return false;
		each[i] = arena_on(room, part);
	}
	return true;
}

void hands_return(const struct hands *h, struct arena *from,
	const struct arena each[HANDS_MAX])
{
	if (hands_count(h) == 1)
		from->used = each[0].used;
	else /* the room behind the last is free again */
		from->used = (size_t)(each[h->count - 1].at - from->at) +
			each[h->count - 1].used;
}
