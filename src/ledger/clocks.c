/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ledger/clocks.h"

#include "ledger/bracket.h"

#include <stdlib.h>

bool clocks_note(struct clocks *x, struct instant t, struct fault *f)
{
	size_t room = x->room ? 2 * x->room : 1024;
	struct instant *more;

	if (x->count == x->room) {
		more = realloc(x->at, room * sizeof *more);
		if (!more)
			return fault(f, FAULT_LIMIT, "memory");
		x->at = more;
		x->room = room;
	}
	x->at[x->count++] = t;
	return true;
}

void clocks_meet(struct clocks *x, uint64_t size, const uint64_t *time_s,
	size_t n)
{
	uint64_t to_s = bracket_least(time_s, n, BRACKET_LIARS);
	struct clocks_seen *s = &x->seen;

	for (; x->next < x->count && x->next < size; x->next++) {
		int64_t t = x->at[x->next].utc_ns / 1000000000;

		s->proved += to_s > 0;
		if ((to_s == 0 || t <= (int64_t)to_s + CLOCKS_OFF_S) &&
			t >= (int64_t)x->from_s - CLOCKS_OFF_S)
			continue;
		if (s->off++ > 0)
			continue;
		s->first = x->next;
		s->stated = x->at[x->next];
		s->from_s = x->from_s;
		s->to_s = to_s;
	}
	x->from_s = bracket_most(time_s, n, BRACKET_LIARS);
}

void clocks_free(struct clocks *x)
{
	free(x->at);
	*x = (struct clocks){.at = NULL};
}
