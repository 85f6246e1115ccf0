/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "publish/glimpse.h"
#include "publish/said.h"
#include "publish/trend.h"

#include <stdlib.h>

static const char *const names[TABLES] = {"counts", "violations", "harm",
	"weapons", "restrictions", "notified", "claims", "coverage", "limits",
	"health", "regions", "days", "corrections", "reviews"};

int table_named(const char *name)
{
	for (int i = 0; name && i < TABLES; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

void table_column(struct table *t, const char *key, const char *heading,
	unsigned where)
{
	t->column[t->columns++] = (struct column){key, heading, where, false};
}

static void column(struct view *v, struct table *t, const char *key,
	enum word w, unsigned where)
{
	table_column(t, key, catalogue_word(v->words, w), where);
}

static void number(struct table *t, const char *key)
{
	table_column(t, key, key, IN_DATA);
	t->column[t->columns - 1].number = true;
}

bool table_rows(struct view *v, struct table *t, size_t n, struct fault *f)
{
	t->row = arena_array(v->arena, n + 1, sizeof *t->row, f);
	for (size_t i = 0; t->row && i <= n; i++)
		t->row[i] = (struct table_row){
			.group = "", .anchor = "", .mark = "", .icon = -1};
	return t->row != NULL;
}

static const char *decimal(struct view *v, double x, int digits)
{
	char at[64];
	struct text t = text_on(at, sizeof at);

	if (!isfinite(x))
		return "";
	text_fixed(&t, x, digits);
	return view_keep(v, &t);
}

const char *table_stamp(struct view *v, struct instant t)
{
	char at[INSTANT_TEXT];

	return instant_known(t) ? view_fmt(v, "%s", instant_print(t, 6, at))
				: "";
}

const char *table_short_id(struct view *v, const char *id)
{
	size_t n = strlen(id);

	return n > 8 ? view_fmt(v, "%.2s\xe2\x80\xa6%s", id, id + n - 6) : id;
}

size_t table_page_columns(const struct table *t)
{
	size_t n = 0;

	for (size_t c = 0; c < t->columns; c++)
		n += (t->column[c].where & ON_PAGE) != 0;
	return n;
}

static const char *region_group(struct view *v, const struct event *e)
{
	if (!place_known(&e->incident.place))
		return catalogue_word(v->words, W_PLACE_NOT_KNOWN);
	return e->region[0] ? view_area(v, e->region)
			    : catalogue_word(v->words, W_OUTSIDE_ZONES);
}

static const char *clauses(struct view *v, const struct event *e)
{
	char at[512];
	struct text t = text_on(at, sizeof at);

	for (size_t i = 0; i < e->finding_count; i++)
		text_fmt(&t, "%s%.40s=%s", i ? " " : "", e->finding[i].clause,
			verdict_name(e->finding[i].verdict));
	return view_keep(v, &t);
}

/* How sure, from the published digits, without "0.0". */
static const char *when(struct view *v, const struct event *e)
{
	return view_fmt(v, "%s %s", e->time, e->plus_minus);
}

static void event_columns(struct view *v, struct table *t)
{
	table_column(t, "region", "region", IN_DATA);
	column(v, t, "position", W_POSITION, BOTH);
	column(v, t, "place", W_PLACE, BOTH);
	number(t, "lat");
	number(t, "lon");
	number(t, "error_m");
	column(v, t, "means", W_MEANS, BOTH);
	column(v, t, "number", W_NUMBER, BOTH);
	t->icon_at = t->columns;
	column(v, t, "observation", W_OBSERVATION, BOTH);
	column(v, t, "description", W_DESCRIPTION, BOTH);
	column(v, t, "weapon", W_WEAPON, BOTH);
	column(v, t, "time", W_TIME, ON_PAGE);
	table_column(t, "utc", "utc", IN_DATA);
	table_column(t, "local", "local", IN_DATA);
	number(t, "plus_minus_s");
	column(v, t, "finding", W_FINDING, ON_PAGE);
	table_column(t, "verdict", "verdict", IN_DATA);
	table_column(t, "rules", "rules", IN_DATA);
	table_column(t, "cause", "cause", IN_DATA);
	table_column(t, "status", "status", IN_DATA);
	column(v, t, "incident", W_ID, BOTH);
}

static void cells(struct table_row *r, const char *const *cell, size_t n)
{
	for (size_t i = 0; i < n; i++)
		r->cell[i] = cell[i] ? cell[i] : "";
}

#define CELLS(row, ...)                                                       \
	cells(row, (const char *const[]){__VA_ARGS__},                        \
		sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static void event_row(struct view *v, const struct event *e,
	struct table_row *r)
{
	const struct incident *i = &e->incident;
	const struct place *p = &i->place;

	r->group = region_group(v, e);
	r->anchor = i->id.text;
	r->mark = e->judged ? verdict_name(e->verdict) : "";
	r->icon = (int)e->group;
	CELLS(r, r->group, e->position, e->place, decimal(v, p->lat_deg, 7),
		decimal(v, p->lon_deg, 7),
		decimal(v, p->region.ellipse.semi_major_m, 1), e->means,
		e->number, e->observation, e->description, e->weapon,
		when(v, e), table_stamp(v, i->at), e->time,
		decimal(v, e->half_s, 3),
		e->judgement, e->judged ? verdict_name(e->verdict) : "",
		clauses(v, e), e->cause, status_name(i->status), i->id.text);
}

static size_t events_in(const struct view *v, enum section s)
{
	size_t n = 0;

	for (size_t i = 0; i < v->event_count; i++)
		n += v->event[i].section == s;
	return n;
}

/* A share, or the looks where there is no share to speak of. */
static const char *watched_or(struct view *v, const struct report_part *p,
	enum kind k, double share)
{
	const struct coverage *c = coverage_of(p, "all", k);

	return is_glimpse(c) ? view_watched(v, c) : view_share(v, share);
}

/* What is said of an empty table: never silence, always with coverage. */
static const char *none(struct view *v, enum kind k)
{
	double watched = coverage_share(&v->report->now, "all", k);
	const char *share = watched_or(v, &v->report->now, k, watched);
	char at[512];
	struct text t = text_on(at, sizeof at);

	catalogue_say(v->words, &t,
		isfinite(watched) ? S_NONE_OF_KIND : S_NONE_UNKNOWN, 0,
		&share, 1);
	return view_keep(v, &t);
}

static bool make_events(struct view *v, struct table *t, enum section s,
	struct fault *f)
{
	event_columns(v, t);
	t->empty = none(v, s == SECTION_HARM ? KIND_CASUALTY : KIND_EXPLOSION);
	if (!table_rows(v, t, events_in(v, s), f))
		return false;
	for (size_t i = 0; i < v->event_count; i++)
		if (v->event[i].section == s)
			event_row(v, &v->event[i], &t->row[t->rows++]);
	return true;
}

static const char *weapon_state(const struct event *e)
{
	const struct incident *i = &e->incident;
	const char *said = attribute_of(
		i->attribute, i->attribute_count, "state");
	bool stored = strstr(e->cause, "storage") ||
		strstr(e->region, "storage");

	if (said && strstr(said, "missing"))
		return "missing from storage";
	switch (e->judged ? e->verdict : VERDICT_NOT_APPLICABLE) {
	case VERDICT_BREACH:
		return "in violation of the withdrawal lines";
	case VERDICT_NO_BREACH:
		return stored ? "in storage"
			: e->cause[0]
			? "beyond the lines, or excepted; outside storage"
			: "beyond the lines, outside storage";
	case VERDICT_UNDETERMINED:
	case VERDICT_CONFLICT:
		return "undetermined";
	default:
		return stored ? "in storage" : "no rule concerns it";
	}
}

static bool make_weapons(struct view *v, struct table *t, struct fault *f)
{
	table_column(t, "region", "region", IN_DATA);
	column(v, t, "time", W_DATE, ON_PAGE);
	table_column(t, "utc", "utc", IN_DATA);
	table_column(t, "local", "local", IN_DATA);
	column(v, t, "number", W_NUMBER, BOTH);
	column(v, t, "type", W_TYPE, BOTH);
	column(v, t, "place", W_PLACE, BOTH);
	number(t, "lat");
	number(t, "lon");
	column(v, t, "source", W_SOURCE, BOTH);
	column(v, t, "state", W_STATE, BOTH);
	table_column(t, "verdict", "verdict", IN_DATA);
	column(v, t, "finding", W_FINDING, ON_PAGE);
	table_column(t, "rules", "rules", IN_DATA);
	column(v, t, "incident", W_ID, BOTH);
	t->empty = none(v, KIND_WEAPON);
	if (!table_rows(v, t, events_in(v, SECTION_WEAPONS), f))
		return false;
	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];
		const struct incident *x = &e->incident;
		struct table_row *r = &t->row[t->rows];

		if (e->section != SECTION_WEAPONS)
			continue;
		t->rows++;
		r->group = region_group(v, e);
		r->anchor = x->id.text;
		r->mark = e->judged ? verdict_name(e->verdict) : "";
		CELLS(r, r->group, when(v, e), table_stamp(v, x->at), e->time,
			e->number, e->weapon, e->place,
			decimal(v, x->place.lat_deg, 7),
			decimal(v, x->place.lon_deg, 7), e->position,
			view_tr(v, weapon_state(e)), r->mark, e->judgement,
			clauses(v, e), x->id.text);
	}
	return true;
}

static const char *restriction_type(enum kind k)
{
	switch (k) {
	case KIND_DENIAL:
	case KIND_DELAY:
	case KIND_OBSTRUCTION:
		return "Freedom of movement";
	case KIND_JAMMING:
	case KIND_SPOOFING:
		return "Signal interference";
	default:
		return "Loss of sensors and data";
	}
}

static const char *said(const struct incident *i, const char *name,
	const char *otherwise)
{
	const char *s = attribute_of(i->attribute, i->attribute_count, name);

	return s && s[0] ? s : otherwise;
}

static void restriction_row(struct view *v, const struct event *e,
	struct table_row *r)
{
	const struct incident *x = &e->incident;
	const char *unknown = catalogue_word(v->words, W_NOT_STATED);
	const char *party = said(x, "party", "");
	bool ends = instant_known(x->to) && x->to.utc_ns > x->at.utc_ns;

	r->group = view_tr(v, restriction_type(e->kind));
	r->anchor = x->id.text;
	r->mark = e->judged ? verdict_name(e->verdict) : "";
	CELLS(r, r->group, e->observation, when(v, e), table_stamp(v, x->at),
		ends ? table_stamp(v, x->to) : "", e->place, e->position,
		party[0] ? view_party(v, party) : unknown,
		said(x, "notes", unknown), e->judgement, r->mark,
		clauses(v, e), x->id.text);
}

static int by_group(const void *pa, const void *pb)
{
	const struct table_row *a = pa, *b = pb;
	int c = strcmp(a->group, b->group);

	/* Column 3 is the moment, 12 the id. */
	if (c == 0)
		c = strcmp(a->cell[3], b->cell[3]);
	return c ? c : strcmp(a->cell[12], b->cell[12]);
}

static bool make_restrictions(
	struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;
	size_t n = events_in(v, SECTION_RESTRICTIONS) + r->health_count;

	table_column(t, "type", "type", IN_DATA);
	column(v, t, "kind", W_KIND, BOTH);
	column(v, t, "time", W_TIME, ON_PAGE);
	table_column(t, "from", "from", IN_DATA);
	table_column(t, "to", "to", IN_DATA);
	column(v, t, "place", W_PLACE, BOTH);
	column(v, t, "source", W_POSITION, BOTH);
	column(v, t, "by_whom", W_BY_WHOM, BOTH);
	column(v, t, "explanation", W_EXPLANATION, BOTH);
	column(v, t, "finding", W_FINDING, ON_PAGE);
	table_column(t, "verdict", "verdict", IN_DATA);
	table_column(t, "rules", "rules", IN_DATA);
	column(v, t, "incident", W_ID, BOTH);
	t->empty = view_tr(v, "None recorded. Restrictions are known only "
			      "where the mission moved or a source reported.");
	if (!table_rows(v, t, n, f))
		return false;
	for (size_t i = 0; i < v->event_count; i++)
		if (v->event[i].section == SECTION_RESTRICTIONS)
			restriction_row(v, &v->event[i], &t->row[t->rows++]);
	for (size_t i = 0; i < r->health_count; i++) {
		const struct health *h = &r->health[i];
		struct table_row *row = &t->row[t->rows];

		if (h->state != HEALTH_DOWN && h->state != HEALTH_QUARANTINED)
			continue;
		t->rows++;
		row->group = view_tr(v, restriction_type(KIND_OUTAGE));
		CELLS(row, row->group, view_tr(v, health_state_name(h->state)),
			view_fmt(v, "%s, %s", view_local(v, h->span.from),
				view_duration(v, h->span)),
			table_stamp(v, h->span.from),
			table_stamp(v, h->span.to), "",
			view_source(v, h->source), "",
			view_tr(v, h->why ? h->why : ""), "", "", "", "");
	}
	qsort(t->row, t->rows, sizeof *t->row, by_group);
	return true;
}

static bool make_counts(struct view *v, struct table *t, struct fault *f)
{
	column(v, t, "kind", W_KIND, BOTH);
	column(v, t, "recorded", W_RECORDED, BOTH);
	column(v, t, "set_apart", W_OF_WHICH_NOTIFIED, BOTH);
	column(v, t, "incidents", W_INCIDENTS, BOTH);
	column(v, t, "before", W_BEFORE, BOTH);
	column(v, t, "change", W_CHANGE, BOTH);
	column(v, t, "watched", W_WATCHED, BOTH);
	column(v, t, "watched_before", W_WATCHED_BEFORE, BOTH);
	t->empty = "";
	if (!table_rows(v, t, v->kind_count, f))
		return false;
	for (size_t i = 0; i < v->kind_count; i++) {
		const struct kind_row *k = &v->kind[i];

		t->row[t->rows].icon = (int)report_group(k->kind);
		CELLS(&t->row[t->rows++], catalogue_kind(v->words, k->kind),
			view_tally(v, &k->now), view_tally(v, &k->apart),
			view_fmt(v, "%zu", k->now.incidents),
			view_tally(v, &k->before), view_change(v, k),
			watched_or(v, &v->report->now, k->kind, k->watched),
			watched_or(v, &v->report->before, k->kind,
				k->watched_before));
	}
	return true;
}

static const char *area_name(struct view *v, const char *area)
{
	return strcmp(area, "all") == 0 ? catalogue_word(v->words, W_ALL_AREA)
					: view_area(v, area);
}

static int coverage_order(const void *pa, const void *pb)
{
	const struct coverage *a = pa, *b = pb;
	bool alla = strcmp(a->area, "all") == 0;
	bool allb = strcmp(b->area, "all") == 0;
	int c;

	if (alla != allb)
		return alla ? -1 : 1;
	c = strcmp(a->area, b->area);
	if (c == 0)
		c = (int)a->kind - (int)b->kind;
	/* All means together first. */
	if (c == 0)
		c = ((int)a->modality + 1) % (MODALITY_COUNT + 1) -
			((int)b->modality + 1) % (MODALITY_COUNT + 1);
	return c;
}

static const char *recorded_in(
	struct view *v, const char *area, enum kind k)
{
	struct tally t = {.sum = COUNT_OF(0)};

	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];

		if (e->kind != k || (strcmp(area, "all") != 0 &&
				strcmp(area, e->region) != 0))
			continue;
		tally_add(&t, e->incident.count);
	}
	return view_tally(v, &t);
}

static const struct coverage *row_before(
	const struct view *v, const struct coverage *c)
{
	const struct report_part *p = &v->report->before;

	for (size_t i = 0; i < p->coverage_count; i++)
		if (p->coverage[i].kind == c->kind &&
			p->coverage[i].modality == c->modality &&
			strcmp(p->coverage[i].area, c->area) == 0)
			return &p->coverage[i];
	return NULL;
}

static const char *points(struct view *v, double now, double before)
{
	double d = floor(now * 100 + 0.5) - floor(before * 100 + 0.5);

	if (!isfinite(d))
		return catalogue_word(v->words, W_NOT_KNOWN);
	return SAY(v, "{0} points", d < 0
			? view_fmt(v, "\xe2\x88\x92%.0f", -d)
			: view_fmt(v, d > 0 ? "+%.0f" : "%.0f", d));
}

/* One means that saw nothing, or all that was seen: the row of all means
 * says as much. */
static bool says_nothing_new(
	const struct coverage *c, size_t count, size_t i)
{
	if (c[i].modality == MODALITY_COUNT)
		return false;
	if (c[i].looks == 0 && c[i].watched + c[i].partly < 0.01)
		return true;
	for (size_t k = 0; k < count; k++)
		if (c[k].modality == MODALITY_COUNT &&
			c[k].kind == c[i].kind &&
			strcmp(c[k].area, c[i].area) == 0 &&
			c[k].looks == c[i].looks &&
			fabs(c[k].watched - c[i].watched) < 0.005 &&
			fabs(c[k].partly - c[i].partly) < 0.005)
			return true;
	return false;
}

static bool make_coverage(struct view *v, struct table *t, struct fault *f)
{
	const struct report_part *p = &v->report->now;
	struct coverage *c = arena_array(
		v->arena, p->coverage_count + 1, sizeof *c, f);

	column(v, t, "area", W_AREA, BOTH);
	column(v, t, "kind", W_KIND, BOTH);
	column(v, t, "by", W_MODALITY, BOTH);
	column(v, t, "recorded", W_RECORDED, BOTH);
	column(v, t, "watched", W_WATCHED, ON_PAGE);
	column(v, t, "partly", W_PARTLY, ON_PAGE);
	column(v, t, "not_watched", W_NOT_WATCHED, ON_PAGE);
	number(t, "watched_share");
	number(t, "partly_share");
	number(t, "not_watched_share");
	column(v, t, "watched_before", W_WATCHED_BEFORE, ON_PAGE);
	number(t, "watched_before_share");
	column(v, t, "difference", W_DIFFERENCE, ON_PAGE);
	t->empty = view_tr(v, "No record of coverage: nothing can be said of "
			      "what was not recorded.");
	if (!c || !table_rows(v, t, p->coverage_count, f))
		return false;
	if (p->coverage_count > 0)
		memcpy(c, p->coverage, p->coverage_count * sizeof *c);
	qsort(c, p->coverage_count, sizeof *c, coverage_order);
	for (size_t i = 0; i < p->coverage_count; i++) {
		const struct coverage *was = row_before(v, &c[i]);
		double before = was ? was->watched : NAN;

		if (says_nothing_new(c, p->coverage_count, i))
			continue;

		CELLS(&t->row[t->rows++], area_name(v, c[i].area),
			catalogue_kind(v->words, c[i].kind),
			c[i].modality == MODALITY_COUNT
				? view_tr(v, "all means")
				: view_tr(v, modality_name(c[i].modality)),
			recorded_in(v, c[i].area, c[i].kind),
			view_watched(v, &c[i]),
			view_share(v, c[i].partly),
			view_share(v, c[i].not_watched),
			decimal(v, c[i].watched, 4),
			decimal(v, c[i].partly, 4),
			decimal(v, c[i].not_watched, 4),
			view_watched(v, was), decimal(v, before, 4),
			is_glimpse(&c[i]) ? catalogue_word(v->words,
				W_NOT_COMPARABLE)
				: points(v, c[i].watched, before));
	}
	return true;
}

struct region_row { /* explosions apart, as the monitoring missions do */
	const char *name; /* "" outside the zones, NULL place not known */
	struct tally explosion, explosion_before;
	size_t other, other_before;
};

/* Rows in the order of the events: zones by name, outside, not known. */
static struct region_row *region_row(
	struct region_row *row, size_t *n, const char *name)
{
	for (size_t i = 0; i < *n; i++)
		if (name && row[i].name ? strcmp(row[i].name, name) == 0
					: name == row[i].name)
			return &row[i];
	row[*n] = (struct region_row){.name = name};
	return &row[(*n)++];
}

static int region_order(const void *pa, const void *pb)
{
	const struct region_row *a = pa, *b = pb;
	int ra = !a->name ? 2 : !a->name[0], rb = !b->name ? 2 : !b->name[0];

	return ra != rb ? ra - rb : ra ? 0 : strcmp(a->name, b->name);
}

static size_t count_regions(struct view *v, struct region_row *row)
{
	const struct report_part *before = &v->report->before;
	size_t n = 0;

	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];
		struct region_row *r = region_row(row, &n,
			place_known(&e->incident.place) ? e->region : NULL);

		if (e->kind == KIND_EXPLOSION)
			tally_add(&r->explosion, e->incident.count);
		else
			r->other++;
	}
	for (size_t i = 0; i < before->incident_count; i++) {
		const struct incident *x = &before->incident[i];
		struct place p = view_place(v, &x->place);
		struct region_row *r;

		if (x->status == STATUS_REJECTED)
			continue;
		r = region_row(row, &n,
			place_known(&p) ? view_region(v, &p) : NULL);
		if (incident_kind(x) == KIND_EXPLOSION)
			tally_add(&r->explosion_before, x->count);
		else
			r->other_before++;
	}
	qsort(row, n, sizeof *row, region_order);
	return n;
}

static bool make_regions(struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;
	size_t n = v->mission->shape_count + 2;
	struct region_row *row = arena_array(v->arena, n, sizeof *row, f);
	const char *kind = catalogue_kind(v->words, KIND_EXPLOSION);

	column(v, t, "area", W_AREA, BOTH);
	table_column(t, "explosions", kind, BOTH);
	column(v, t, "explosions_before", W_BEFORE, BOTH);
	table_column(t, "other_incidents",
		view_tr(v, "other incidents"), BOTH);
	column(v, t, "other_before", W_BEFORE, BOTH);
	column(v, t, "watched", W_WATCHED, BOTH);
	column(v, t, "watched_before", W_WATCHED_BEFORE, BOTH);
	t->empty = "";
	if (!row || !table_rows(v, t, n, f))
		return false;
	n = count_regions(v, row);
	for (size_t i = 0; i < n; i++) {
		const char *area = row[i].name;

		CELLS(&t->row[t->rows++],
			!area	  ? catalogue_word(v->words, W_PLACE_NOT_KNOWN)
			: area[0] ? view_area(v, area)
				  : catalogue_word(v->words, W_OUTSIDE_ZONES),
			view_tally(v, &row[i].explosion),
			view_tally(v, &row[i].explosion_before),
			view_fmt(v, "%zu", row[i].other),
			view_fmt(v, "%zu", row[i].other_before),
			view_share(v, area && area[0]
					? coverage_share(&r->now, area,
						  KIND_EXPLOSION)
					: NAN),
			view_share(v, area && area[0]
					? coverage_share(&r->before, area,
						  KIND_EXPLOSION)
					: NAN));
	}
	return true;
}

/* Sources down or in doubt: what the mission could not know. */
static bool make_health(struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;

	column(v, t, "source", W_SOURCE, BOTH);
	column(v, t, "state", W_STATE, BOTH);
	column(v, t, "why", W_WHY, BOTH);
	column(v, t, "local_from", W_FROM, ON_PAGE);
	column(v, t, "local_to", W_TO, ON_PAGE);
	column(v, t, "duration", W_DURATION, ON_PAGE);
	table_column(t, "from", "from", IN_DATA);
	table_column(t, "to", "to", IN_DATA);
	t->empty = view_tr(v, "No failure of a source is on record.");
	if (!table_rows(v, t, r->health_count, f))
		return false;
	for (size_t i = 0; i < r->health_count; i++) {
		const struct health *h = &r->health[i];

		if (h->state == HEALTH_UP)
			continue;
		CELLS(&t->row[t->rows++], view_source(v, h->source),
			view_tr(v, health_state_name(h->state)),
			view_tr(v, h->why ? h->why : ""),
			view_local(v, h->span.from), view_local(v, h->span.to),
			view_duration(v, h->span), table_stamp(v, h->span.from),
			table_stamp(v, h->span.to));
	}
	return true;
}

static const char *activity_place(
	struct view *v, const struct activity *a)
{
	struct place p = view_place(v, &a->place);

	if (!place_known(&p))
		return catalogue_word(v->words, W_NOT_STATED);
	return v->report->level == LEVEL_PUBLIC
		? view_fmt(v, "%.2f, %.2f", p.lat_deg, p.lon_deg)
		: view_fmt(v, "%.4f, %.4f", p.lat_deg, p.lon_deg);
}

static void set_apart(struct view *v, struct table *t)
{
	for (size_t i = 0; i < v->event_count; i++) {
		const struct event *e = &v->event[i];
		struct table_row *row = &t->row[t->rows];

		if (e->section != SECTION_NOTIFIED)
			continue;
		t->rows++;
		row->group = view_tr(v, "Events set apart");
		row->anchor = e->incident.id.text;
		row->icon = (int)e->group;
		CELLS(row, "event",
			e->cause[0] ? view_tr(v, e->cause)
				    : SAY(v, "{0} (assessed)",
					      e->observation),
			e->number, e->observation, e->place, when(v, e),
			table_stamp(v, e->incident.at), "", e->judgement,
			e->incident.id.text);
	}
}

static void notice(
	struct view *v, const struct activity *a, struct table_row *row)
{
	bool untold = v->report->level == LEVEL_PUBLIC || !a->text;

	row->group = view_tr(v, "Notices in force");
	CELLS(row, "notice",
		SAY(v, "{0}, notified by {1}",
			view_tr(v, view_fmt(v, "%.60s", a->what)),
			view_party(v, a->party)),
		"", untold ? "" : a->text, activity_place(v, a),
		SAY(v, a->received_claimed
			? "{0}, {1}; received {2} (as the file states)"
			: "{0}, {1}; received {2}",
			view_local(v, a->span.from), view_duration(v, a->span),
			view_local(v, a->received)),
		table_stamp(v, a->span.from), table_stamp(v, a->span.to), "",
		a->id.text);
}

/* Events set apart, then the notices themselves. */
static bool make_notified(struct view *v, struct table *t, struct fault *f)
{
	const struct report *r = v->report;
	size_t n = events_in(v, SECTION_NOTIFIED) + r->activity_count;

	table_column(t, "what", "what", IN_DATA);
	column(v, t, "cause", W_CAUSE, BOTH);
	column(v, t, "number", W_NUMBER, BOTH);
	t->icon_at = t->columns;
	column(v, t, "observation", W_OBSERVATION, BOTH);
	column(v, t, "place", W_PLACE, BOTH);
	column(v, t, "time", W_TIME, ON_PAGE);
	table_column(t, "from", "from", IN_DATA);
	table_column(t, "to", "to", IN_DATA);
	column(v, t, "finding", W_FINDING, BOTH);
	column(v, t, "incident", W_ID, BOTH);
	t->empty = view_tr(
		v, "No activity was notified and no other cause assessed.");
	if (!table_rows(v, t, n, f))
		return false;
	set_apart(v, t);
	for (size_t i = 0; i < r->activity_count; i++)
		notice(v, &r->activity[i], &t->row[t->rows++]);
	return true;
}

bool table_make(struct view *v, enum table_id id, struct table *t,
	struct fault *f)
{
	static const enum word titles[TABLES] = {W_SUMMARY, W_EVENTS, W_HARM,
		W_WEAPONS, W_RESTRICTIONS, W_NOTIFIED, W_CLAIMS, W_COVERAGE,
		W_LIMITS, W_HEALTH, W_AREA, W_DAYS, W_CORRECTIONS, W_REVIEWS};
	bool ok = false;

	*t = (struct table){.name = names[id], .title = titles[id],
		.anchors = id != TABLE_CLAIMS};
	switch (id) {
	case TABLE_VIOLATIONS:
		ok = make_events(v, t, SECTION_EVENTS, f);
		break;
	case TABLE_HARM:
		ok = make_events(v, t, SECTION_HARM, f);
		break;
	case TABLE_WEAPONS:
		ok = make_weapons(v, t, f);
		break;
	case TABLE_RESTRICTIONS:
		ok = make_restrictions(v, t, f);
		break;
	case TABLE_NOTIFIED:
		ok = make_notified(v, t, f);
		break;
	case TABLE_CLAIMS:
		ok = claims_table(v, t, f);
		break;
	case TABLE_COVERAGE:
		ok = make_coverage(v, t, f);
		break;
	case TABLE_LIMITS:
		ok = limits_table(v, t, f);
		break;
	case TABLE_REGIONS:
		ok = make_regions(v, t, f);
		break;
	case TABLE_DAYS:
		ok = days_table(v, t, f);
		break;
	case TABLE_CORRECTIONS:
		ok = corrections_table(v, t, f);
		break;
	case TABLE_REVIEWS:
		ok = reviews_table(v, t, f);
		break;
	case TABLE_HEALTH:
		ok = make_health(v, t, f);
		break;
	default:
		ok = make_counts(v, t, f);
	}
	if (ok && v->why.kind != FAULT_NONE) {
		*f = v->why;
		ok = false;
	}
	return ok || fault_in(f, "table %s", names[id]);
}
