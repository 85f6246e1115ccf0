/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bearings.c - what others than the nodes heard, as the locator wants it: some
 * hundred bytes each of the whole time, since a far array hears of a sound
 * minutes after its island is closed. */
#include "locate/bearing.h"
#include "roles/chain.h"

struct loading {
	const struct mission *mission;
	struct arena *arena, *work;
	struct bearing *b;
	size_t count, room;
};

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct loading *l = self;
	void *list = l->b;
	const struct tree *t;
	struct detection d;

	if (!chain_grow(l->arena, &list, l->count, &l->room, sizeof *l->b, f))
		return false;
	l->b = list;
	l->work->used = 0;
	if (!tree_read(row->body, l->work, &t, f) ||
		!detection_read(t, l->work, &d, f))
		return fault_in(f, "%s", row->id);
	l->count += bearing_of(&d, l->mission, &l->b[l->count]);
	return true;
}

bool bearings_load(struct store *s, const struct mission *m, struct span span,
	struct arena *a, struct arena *work, struct bearings *to,
	struct fault *f)
{
	static const enum modality kinds[] = {
		MODALITY_INFRASOUND, MODALITY_SEISMIC};
	struct loading l = {.mission = m, .arena = a, .work = work};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct query q = {.type = ROW_DETECTION, .span = span,
			.status = modality_name(kinds[i])};

		if (!s->engine->find(s, &q, take, &l, f))
			return false;
	}
	to->count = bearings_sort(l.b, l.count);
	to->at = l.b;
	return true;
}

bool chain_bearings(struct chain *c, struct fault *f)
{
	struct span all = {INSTANT_UNKNOWN, INSTANT_UNKNOWN};

	if (c->bearings)
		return true;
	if (!(c->bearings = arena_array(
		      &c->arena, 1, sizeof *c->bearings, f)))
		return false;
	return bearings_load(c->ask->store, c->ask->mission, all, &c->arena,
		&c->work, c->bearings, f);
}
