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
		return view_tr(v, "a probability that is not known");
	return SAY(v, "{0} %", lo < hi ? SAY(v, "{0} to {1}",
				 view_fmt(v, "%.0f", lo),
				 view_fmt(v, "%.0f", hi))
			: view_fmt(v, "%.0f", hi));
}

const char *view_watched(struct view *v, const struct coverage *c)
{
	if (!is_glimpse(c))
		return view_share(v, c ? c->watched : NAN);
	return c->looks == 1
		? SAY(v, "at one time: a look with {0}", chance(v, c))
		: SAY(v, "at times: {0} looks, each with {1}",
			view_fmt(v, "%zu", c->looks), chance(v, c));
}

static const char *looks_of(enum modality m, bool one)
{
	switch (m) {
	case MODALITY_HEAT:
		return one ? "{0} pass of a satellite, which would have shown "
			     "{1} with {2}"
			   : "{0} passes of satellites, each of which would "
			     "have shown {1} with {2}";
	case MODALITY_IMAGE:
		return one ? "{0} view by drone or camera, of a part of the "
			     "area, which would have shown {1} with {2}"
			   : "{0} views by drone or camera, each of a part of "
			     "the area, which would have shown {1} with {2}";
	default:
		return one ? "{0} look, which would have shown {1} with {2}"
			   : "{0} looks, each of which would have shown {1} "
			     "with {2}";
	}
}

static const char *thing_of(struct view *v, const struct look *l)
{
	const char *kind = view_tr(v, l->kind == KIND_FIRE ? "a fire"
		: l->kind == KIND_EXPLOSION		   ? "an explosion"
							   : "a thing");
	double area = feature_of(l->of, l->of_count, "area_m2");
	double temp = feature_of(l->of, l->of_count, "temp_k");
	double size = feature_of(l->of, l->of_count, "size_m");
	double kg = feature_of(l->of, l->of_count, "yield_kg");

	if (isfinite(area) && isfinite(temp))
		return SAY(v, "{0} of {1} m\xc2\xb2 at {2} K", kind,
			view_fmt(v, "%.0f", area), view_fmt(v, "%.0f", temp));
	if (isfinite(size))
		return SAY(v, "{0} of {1} m", kind,
			view_fmt(v, "%.0f", size));
	if (isfinite(kg))
		return SAY(v, "{0} of {1} kg", kind,
			view_fmt(v, "%.3g", kg));
	return kind;
}

const char *view_glimpse(struct view *v, const struct coverage *c)
{
	bool one = c->looks == 1;

	return SAY(v, looks_of(c->one->modality, one),
		view_fmt(v, "%zu", c->looks), thing_of(v, c->one),
		chance(v, c));
}

static const char *yield(struct view *v, double kg)
{
	char at[32];
	struct text t = text_on(at, sizeof at);

	text_short(&t, kg < 1000 ? kg : kg / 1000, 3);
	return SAY(v, kg < 1000 ? "{0} kg" : "{0} t", view_keep(v, &t));
}

#define HEARD_OVER                                                            \
	" over {0} of area and hours, and would have been heard there with "  \
	"90 % above {1}"
#define HEARD_IN                                                              \
	HEARD_OVER " in nine tenths of it (above {2} in half, above {3} in all)"
#define NOT_OBSERVED "; {4} not observed"

/* As watch_limit_say() has it in English. */
static const char *limit_of(struct view *v, const struct limit *l)
{
	static const char *const forms[2][2][2] = {
		{{"not heard" HEARD_IN NOT_OBSERVED, "not heard" HEARD_IN},
			{"not heard" HEARD_OVER NOT_OBSERVED,
				"not heard" HEARD_OVER}},
		{{"no other heard" HEARD_IN NOT_OBSERVED,
			"no other heard" HEARD_IN},
			{"no other heard" HEARD_OVER NOT_OBSERVED,
				"no other heard" HEARD_OVER}}};
	bool alike = l->half_kg == l->all_kg && l->most_kg == l->all_kg;
	const char *form = forms[l->heard > 0][alike][l->observed >= 1];

	if (!(l->observed > 0))
		return view_tr(v, "not observed");
	return SAY(v, form, view_share(v, l->observed), yield(v, l->most_kg),
		yield(v, l->half_kg), yield(v, l->all_kg),
		view_share(v, 1 - l->observed));
}

const char *view_limit(struct view *v, const struct limit *l)
{
	char at[512];
	struct text t = text_on(at, sizeof at);

	if (strcmp(v->words->lang, "en") != 0)
		return limit_of(v, l);
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
	column(t, "heard", view_tr(v, "heard"), BOTH);
	column(t, "not_heard", view_tr(v, "otherwise"), ON_PAGE);
	column(t, "observed_share", "observed_share", IN_DATA);
	column(t, "w90_half_kg", "w90_half_kg", IN_DATA);
	column(t, "w90_nine_tenths_kg", "w90_nine_tenths_kg", IN_DATA);
	column(t, "w90_all_kg", "w90_all_kg", IN_DATA);
	t->empty = view_tr(v, "No look of a sound network is on record: "
		   "nothing can be said of explosions that were not "
		   "recorded.");
	t->row = arena_array(v->arena, p->limits.count + 1, sizeof *t->row, f);
	if (!t->row)
		return false;
	for (size_t i = 0; i < p->limits.count; i++) {
		const struct limit *l = &p->limits.limit[i];

		t->row[t->rows++] = (struct table_row){
			.group = "", .anchor = "", .mark = "", .icon = -1,
			.cell = {strcmp(l->area, "all") == 0
				? catalogue_word(v->words, W_ALL_AREA)
				: view_area(v, l->area),
				heard_in(v, l), view_limit(v, l),
				decimal(v, l->observed, 4),
				decimal(v, l->half_kg, 3),
				decimal(v, l->most_kg, 3),
				decimal(v, l->all_kg, 3)}};
	}
	return true;
}
