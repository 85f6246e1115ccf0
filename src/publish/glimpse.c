/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/glimpse.h"

const struct coverage *coverage_of(
	const struct report_part *p, const char *area, enum kind k)
{
	for (size_t i = 0; i < p->coverage_count; i++)
		if (p->coverage[i].kind == k &&
			p->coverage[i].modality == MODALITY_COUNT &&
			strcmp(p->coverage[i].area, area) == 0)
			return &p->coverage[i];
	return NULL;
}

bool is_glimpse(const struct coverage *c)
{
	return c && c->looks > 0 && c->watched < GLIMPSE_SHARE;
}

/* "40 %", "97 to 100 %" */
static const char *chance(struct view *v, const struct coverage *c)
{
	double lo = floor(c->pd_least * 100 + 0.5);
	double hi = floor(c->pd_most * 100 + 0.5);

	if (!isfinite(lo + hi))
		return "a probability that is not known";
	return lo < hi ? view_fmt(v, "%.0f to %.0f %%", lo, hi)
		       : view_fmt(v, "%.0f %%", hi);
}

const char *view_watched(struct view *v, const struct coverage *c)
{
	if (!is_glimpse(c))
		return view_share(v, c ? c->watched : NAN);
	return c->looks == 1
		? view_fmt(v, "at one time: a look with %s", chance(v, c))
		: view_fmt(v, "at times: %zu looks, each with %s", c->looks,
			chance(v, c));
}

static const char *looks_of(enum modality m, bool one)
{
	switch (m) {
	case MODALITY_HEAT:
		return one ? "pass of a satellite" : "passes of satellites";
	case MODALITY_IMAGE:
		return one ? "view by drone or camera, of a part of the area"
			   : "views by drone or camera, each of a part of the "
			     "area";
	default:
		return one ? "look" : "looks";
	}
}

static const char *thing_of(struct view *v, const struct look *l)
{
	const char *kind = l->kind == KIND_FIRE ? "a fire"
		: l->kind == KIND_EXPLOSION	? "an explosion"
						: "a thing";
	double area = feature_of(l->of, l->of_count, "area_m2");
	double temp = feature_of(l->of, l->of_count, "temp_k");
	double size = feature_of(l->of, l->of_count, "size_m");
	double kg = feature_of(l->of, l->of_count, "yield_kg");

	if (isfinite(area) && isfinite(temp))
		return view_fmt(v, "%s of %.0f m\xc2\xb2 at %.0f K", kind,
			area, temp);
	if (isfinite(size))
		return view_fmt(v, "%s of %.0f m", kind, size);
	if (isfinite(kg))
		return view_fmt(v, "%s of %.3g kg", kind, kg);
	return kind;
}

const char *view_glimpse(struct view *v, const struct coverage *c)
{
	bool one = c->looks == 1;

	return view_fmt(v, "%zu %s%s which would have shown %s with %s",
		c->looks, looks_of(c->one->modality, one),
		one || c->one->modality == MODALITY_IMAGE ? "," : ", each of",
		thing_of(v, c->one), chance(v, c));
}

const char *view_limit(struct view *v, const struct limit *l)
{
	char at[512];
	struct text t = text_on(at, sizeof at);

	watch_limit_say(l, &t);
	return view_keep(v, &t);
}

static void column(struct table *t, const char *key, const char *heading,
	unsigned where)
{
	t->column[t->columns++] = (struct column){
		key, heading, where, where == IN_DATA};
}

static const char *decimal(struct view *v, double x, int digits)
{
	char at[64];
	struct text t = text_on(at, sizeof at);

	if (isfinite(x))
		text_short(&t, x, digits);
	return view_keep(v, &t);
}

/* Heard, from the events as this level shows them; the first table row is the
 * whole area. */
static const char *heard_in(struct view *v, const struct limit *l)
{
	struct tally t = {.sum = COUNT_OF(0)};

	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];

		if (e->kind == KIND_EXPLOSION && (strcmp(l->area, "all") == 0 ||
				strcmp(l->area, e->region) == 0))
			tally_add(&t, e->incident.count);
	}
	return view_tally(v, &t);
}

bool limits_table(struct view *v, struct table *t, struct fault *f)
{
	const struct report_part *p = &v->report->now;

	column(t, "area", catalogue_word(v->words, W_AREA), BOTH);
	column(t, "heard", "heard", BOTH);
	column(t, "not_heard", "otherwise", ON_PAGE);
	column(t, "observed_share", "observed_share", IN_DATA);
	column(t, "w90_half_kg", "w90_half_kg", IN_DATA);
	column(t, "w90_nine_tenths_kg", "w90_nine_tenths_kg", IN_DATA);
	column(t, "w90_all_kg", "w90_all_kg", IN_DATA);
	t->empty = "No look of a sound network is on record: nothing can be "
		   "said of explosions that were not recorded.";
	t->row = arena_array(v->arena, p->limits.count + 1, sizeof *t->row, f);
	if (!t->row)
		return false;
	for (size_t i = 0; i < p->limits.count; i++) {
		const struct limit *l = &p->limits.limit[i];

		t->row[t->rows++] = (struct table_row){
			.group = "", .anchor = "", .mark = "",
			.cell = {strcmp(l->area, "all") == 0
				? catalogue_word(v->words, W_ALL_AREA)
				: l->area, heard_in(v, l), view_limit(v, l),
				decimal(v, l->observed, 4),
				decimal(v, l->half_kg, 3),
				decimal(v, l->most_kg, 3),
				decimal(v, l->all_kg, 3)}};
	}
	return true;
}
