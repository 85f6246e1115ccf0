/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * example.c - the examples written inside an agreement, judged.
 *
 * An example has no map: the thing lies at the stated distance of every line
 * (they are taken as straight), inside the zone it names and outside every
 * other that has a file of its own, on the ground of the party it names.
 * Of a duty NOTIFIED tells what the mission asked and what that party said,
 * and the record is whole, or reaches to UNTIL. */
#include "judge/duty.h"
#include "judge/opinion.h"

struct staged { /* what the example says, as facts */
	struct incident in;
	struct attribute attribute[4];
	struct activity activity[TERMS_NOTICES_MAX];
	struct attribute about[2];
	struct facts facts;
	char calibre[24];
};

static struct instant at_us(int64_t us)
{
	return us < 0 ? INSTANT_UNKNOWN : (struct instant){us * 1000};
}

static enum kind first_kind(uint32_t kinds, enum kind otherwise)
{
	for (int i = 0; i < KIND_UNKNOWN; i++)
		if (kinds >> i & 1)
			return (enum kind)i;
	return otherwise;
}

static void attribute(struct staged *g, const char *name, const char *text)
{
	g->attribute[g->in.attribute_count++] =
		(struct attribute){name, text};
}

static void stage_thing(
	struct staged *g, const struct example *e, const struct rule *r)
{
	enum kind kind = KIND_WEAPON;

	if (e->thing->is == IS_KINDS) {
		kind = first_kind(e->thing->kinds, KIND_WEAPON);
	} else {
		kind = first_kind(r->manner, r->is && r->is->pure
				? first_kind(r->is->kinds, KIND_WEAPON)
				: KIND_WEAPON);
		attribute(g, "weapon", terms_weapons[e->thing->weapon]);
	}
	/* `presence of` lists vehicles first; a weapon is a weapon. */
	if (kind == KIND_VEHICLE && e->thing->is == IS_WEAPON)
		kind = KIND_WEAPON;
	g->in.kind[kind] = 1;
	if (e->calibre_um >= 0) {
		struct text t = text_on(g->calibre, sizeof g->calibre);

		text_i64(&t, e->calibre_um / 1000);
		text_char(&t, '.');
		for (int64_t unit = 100; unit > 0; unit /= 10)
			text_char(&t, (char)('0' + e->calibre_um / unit % 10));
		attribute(g, "calibre_mm", g->calibre);
	}
	if (*e->by)
		attribute(g, "party", e->by);
}

static void stage_notice(struct staged *g, const struct example *e,
	const struct rule *r, size_t i)
{
	bool asks = r->requires_ && strcmp(e->notified[i].what, r->of) == 0;

	g->activity[i] = (struct activity){.what = e->notified[i].what,
		.party = asks ? "mission" : e->by, .text = "",
		.span = {at_us(e->at_us), INSTANT_UNKNOWN},
		.received = at_us(e->notified[i].at_us),
		.received_last = INSTANT_UNKNOWN, .place = g->in.place};
	if (!r->requires_)
		return;
	g->about[0] = (struct attribute){"incident", g->in.id.text};
	g->about[1] = (struct attribute){"to", e->by};
	g->activity[i].attribute = g->about;
	g->activity[i].attribute_count = 2;
}

static void stage(
	struct staged *g, const struct example *e, const struct rule *r)
{
	*g = (struct staged){.in = incident_new()};
	(void)memcpy(g->in.id.text, "example", sizeof "example");
	for (int i = 0; i < KIND_COUNT; i++)
		g->in.kind[i] = 0;
	g->in.at = g->in.from = g->in.to = at_us(e->at_us);
	g->in.place.lat_deg = g->in.place.lon_deg = 0;
	g->in.modalities = e->modalities < 0 ? 1u
		: (1u << fixed_min(e->modalities, MODALITY_COUNT)) - 1;
	g->in.count = COUNT_OF(e->count < 0 ? 1 : e->count);
	stage_thing(g, e, r);
	g->in.attribute = g->attribute;
	for (size_t i = 0; i < e->notices; i++)
		stage_notice(g, e, r, i);
	g->facts.activity = g->activity;
	g->facts.activity_count = e->notices;
	g->facts.known = e->until_us >= 0 ? at_us(e->until_us)
		: (struct instant){INSTANT_MAX_NS - 1};
}

/* A zone that nobody has drawn, and of which the example says nothing. */
static bool not_said(
	const struct terms *t, const struct example *e, size_t area)
{
	if (!t->area[area].not_given || t->area[area].is != AREA_FILE ||
		area == e->inside)
		return false;
	for (size_t i = 0; i < e->outsides; i++)
		if (e->outside[i] == area)
			return false;
	return true;
}

static bool place(struct scene *s, const struct example *e)
{
	struct cloud *c = s->cloud;
	int64_t sigma = e->error_mm * 10000 / 21460;

	*c = (struct cloud){.known = e->distance_mm >= 0 ||
			e->inside < s->terms->areas || e->outsides > 0,
		.filled = true, .normal = true, .count = 1,
		.weight = {1}, .total = 1,
		.axis = {{sigma, 0}, {0, sigma}},
		.err = {{e->error_mm, 0}, {0, e->error_mm}},
		.radius_mm = 5 * sigma + 2};
	for (size_t i = 0; i < s->terms->areas; i++) {
		struct reach *r = &s->look[i]->reach;

		s->look[i]->open = not_said(s->terms, e, i);
		r->centre_mm = s->terms->area[i].is != AREA_FILE
			? fixed_max(e->distance_mm, 0)
			: i == e->inside ? -FIXED_FAR_MM / 4
					 : FIXED_FAR_MM / 4;
		r->err_mm = e->error_mm;
		if (!reach_room(c, r, s->scratch, s->fault))
			return false;
		r->mm[0] = (double)r->centre_mm;
		r->spread[0] = (double)sigma;
		r->thin = sigma == 0;
		r->sampled = s->look[i]->reached = true;
	}
	s->given = true;
	return true;
}

size_t terms_examples(const struct terms *t)
{
	return t->examples;
}

/* The same zones by another text's numbers. */
static bool area_in(
	const struct terms *of, const struct terms *t, size_t *area)
{
	const char *name = of->area[*area].name;

	for (*area = 0; *area < t->areas; ++*area)
		if (strcmp(t->area[*area].name, name) == 0)
			return true;
	return false;
}

static bool carried(
	const struct terms *of, const struct terms *t, struct example *e)
{
	if (e->inside < of->areas && !area_in(of, t, &e->inside))
		return false;
	for (size_t i = 0; i < e->outsides; i++)
		if (!area_in(of, t, &e->outside[i]))
			return false;
	return true;
}

static const struct rule *rule_of(const struct terms *t, const char *id)
{
	for (size_t i = 0; i < t->rules; i++)
		if (strcmp(t->rule[i].id, id) == 0)
			return &t->rule[i];
	return NULL;
}

bool terms_example_under(const struct terms *of, size_t i,
	const struct terms *t, struct arena *a, struct example_result *out,
	struct fault *f)
{
	struct example e = of->example[i];
	const struct rule *r = rule_of(t, e.rule);
	const char *who[PARTIES_MAX + 1];
	size_t mark = a->used;
	struct staged g;
	struct scene s;
	bool ok;

	*out = (struct example_result){e.rule, e.says, e.line, e.column,
		e.want, VERDICT_UNDETERMINED, r && carried(of, t, &e)};
	if (!out->asked)
		return true;
	stage(&g, &e, r);
	ok = scene_of(&s, t, &g.facts, &g.in, NULL, a, f) && place(&s, &e);
	if (ok) {
		if (r->requires_ && duty_owed(&s, r, who) > 0)
			s.asked = who[0];
		out->got = opinion_concerns(&s, r)
			? opinion_of(&s, r, 0, NULL).verdict
			: VERDICT_NOT_APPLICABLE;
		ok = !s.broke;
	}
	a->used = mark;
	return ok || fault_in(f, "example of rule %s", e.rule);
}

bool terms_example(const struct terms *t, size_t i, struct arena *a,
	struct example_result *out, struct fault *f)
{
	return terms_example_under(t, i, t, a, out, f);
}
