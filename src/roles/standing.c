/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/standing.h"

#include <stdlib.h>

#include "roles/reviews.h"

struct numbered {
	struct standing_one one;
	uint64_t index;
};

static int by_id(const void *a, const void *b)
{
	const struct numbered *x = a, *y = b;
	int d = strcmp(x->one.id.text, y->one.id.text);

	return d ? d : (x->index > y->index) - (x->index < y->index);
}

static struct numbered number(const struct people *p,
	const struct people_item *x, uint64_t jointly)
{
	enum people_state s = people_state(p, x);
	struct numbered n = {.index = x->index, .one = {
		.rejected = s == PEOPLE_REJECTED,
		.reviewed = s == PEOPLE_REVIEWED || s == PEOPLE_PUBLISHED,
		.joint = x->index < jointly}};

	n.one.both = n.one.reviewed && x->complete < jointly;
	reviews_id(x, n.one.id.text);
	return n;
}

bool standing_read(struct standing *s, const struct people *p,
	uint64_t jointly, struct arena *a, struct fault *f)
{
	struct numbered *n;
	size_t count = 0;

	*s = (struct standing){0};
	for (size_t i = 0; i < p->items; i++)
		count += p->item[i].type == ENTRY_FINDING;
	s->one = arena_array(a, count + 1, sizeof *s->one, f);
	n = arena_array(a, count + 1, sizeof *n, f);
	if (!s->one || !n)
		return false;
	count = 0;
	for (size_t i = 0; i < p->items; i++)
		if (p->item[i].type == ENTRY_FINDING)
			n[count++] = number(p, &p->item[i], jointly);
	if (count > 0)
		qsort(n, count, sizeof *n, by_id);
	for (size_t i = 0; i < count; i++)
		if (i + 1 == count || strcmp(n[i].one.id.text,
			n[i + 1].one.id.text) != 0)
			s->one[s->count++] = n[i].one;
	return true;
}

const struct standing_one *standing_of(
	const struct standing *s, const struct id *id)
{
	size_t lo = 0, hi = s->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int c = strcmp(s->one[mid].id.text, id->text);

		if (c == 0)
			return &s->one[mid];
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}
