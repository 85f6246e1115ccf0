/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "judge/form.h"

/* The one condition that moves, if it is a distance; SIZE_MAX none. */
static size_t distance_of(const struct scene *s, const struct rule *r)
{
	size_t found = SIZE_MAX;

	for (size_t i = 0; i < r->conditions; i++) {
		if (!opinion_moves(s, &r->condition[i]))
			continue;
		if (found != SIZE_MAX || r->condition[i].is != ON_WITHIN)
			return SIZE_MAX;
		found = i;
	}
	for (size_t i = 0; i < r->exceptions; i++) {
		const struct exception *e = &r->exception[i];

		for (size_t k = 0; k < e->conditions; k++)
			if (opinion_moves(s, &e->condition[k]))
				return SIZE_MAX;
	}
	return found;
}

/* Judged once as if that distance held. */
static void make(struct scene *s, const struct rule *r, struct form *form)
{
	uint32_t bit;
	struct opinion o;
	size_t i;

	form->made = true;
	if (r->requires_)
		return;
	i = distance_of(s, r);
	if (i == SIZE_MAX)
		return;
	bit = (uint32_t)1 << i;
	s->still.conditions |= bit;
	s->still.of_condition[i] = CHANCE_YES;
	o = opinion_of(s, r, 0, NULL);
	s->still.conditions &= ~bit;
	form->can = true;
	form->place = &r->condition[i];
	form->rest = o.held;
	form->unless = o.unless;
	form->applied = o.applied;
	form->may = o.may;
	form->out = o.verdict == VERDICT_NOT_APPLICABLE;
	form->enough = o.enough;
	form->cause = o.cause;
}

bool form_fits(struct scene *s, const struct rule *r)
{
	struct form *form = &s->still.form;

	if (!form->made)
		make(s, r, form);
	return form->can;
}

static bool at_least(struct scene *s, const struct form *form, int sign,
	int32_t ppm)
{
	return scene_at_least(
		s, form->place->area, form->place->limit_mm, sign, ppm);
}

static bool is_breach(struct scene *s, const struct form *form, int32_t ppm)
{
	/* The standard is a half at least, and no share is more than one. */
	int32_t least = ppm + CHANCE_SURE - form->rest.lo + form->unless.hi;

	return form->enough && least <= CHANCE_SURE &&
		at_least(s, form, -1, least);
}

static bool is_none(struct scene *s, const struct form *form, int32_t ppm)
{
	int32_t most = CHANCE_SURE - ppm;

	if (form->applied == 1 && form->may > 0)
		return false;
	return form->rest.hi <= most ||
		CHANCE_SURE - form->unless.lo <= most ||
		!at_least(s, form, 1, most + 1);
}

struct opinion form_verdict(struct scene *s, const struct standard *std)
{
	const struct form *form = &s->still.form;
	struct opinion o = {.verdict = VERDICT_UNDETERMINED,
		.cause = form->cause, .applied = form->applied,
		.may = form->may};

	if (form->out || !at_least(s, form, 1, 1))
		return (struct opinion){.verdict = VERDICT_NOT_APPLICABLE,
			.cause = ""};
	if (form->applied >= 2)
		o.verdict = VERDICT_CONFLICT;
	else if (is_breach(s, form, std->ppm))
		o.verdict = VERDICT_BREACH;
	else if (is_none(s, form, std->ppm))
		o.verdict = VERDICT_NO_BREACH;
	return o;
}

bool form_excludes(struct scene *s, const struct rule *r)
{
	return form_fits(s, r) && s->still.form.out;
}

bool form_stays(struct scene *s, int sign)
{
	const struct form *form = &s->still.form;

	return sign > 0 ? at_least(s, form, -1, CHANCE_SURE)
			: !at_least(s, form, 1, 1);
}
