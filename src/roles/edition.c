/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/edition.h"

#include "base/maths.h"
#include "geo/frame.h"
#include "geo/polygon.h"
#include "roles/chain.h"
#include "roles/deeds.h"
#include "roles/reviews.h"

bool edition_last(
	const struct edition_ask *ask, struct period *out, struct fault *f)
{
	uint8_t block[64];
	struct arena a = arena_on(block, sizeof block);
	struct bytes b;
	struct instant t;

	if (!ask->store->engine->get(ask->store, EDITION_LAST, &a, &b, f))
		return false;
	if (b.len != 8)
		return fault(f, FAULT_INPUT,
			"no period has data yet; put files into inbox/ "
			"and `truce replay`, or give --period");
	t.utc_ns = (int64_t)bytes_be(b);
	*out = period_at(ask->mission, t);
	return true;
}

/* A list that grows as rows are read. */
struct gather {
	struct arena *arena;
	void *list;
	size_t count, room;
	struct span span;
	struct revising people; /* what they made of it */
	const struct tree *published; /* published.h; NULL: nothing was */
	struct deeds deeds;
};

/* As the log has it, instead of the record's own word. */
static enum status status_of(
	const struct gather *g, const struct row *row, enum status own)
{
	char word[16];
	const char *said = reviews_status(
		g->people.reviews, row->ledger_index, word);
	int status = said ? status_named(said) : -1;

	return status < 0 ? own : (enum status)status;
}

static bool tree_of(
	struct gather *g, const struct row *row, const struct tree **t,
	struct fault *f)
{
	return tree_read(row->body, g->arena, t, f) || fault_in(f, "%s",
		row->id);
}

#define TAKE(name, type, reader, keep)                                        \
	static bool name(void *self, const struct row *row, struct fault *f)  \
	{                                                                     \
		struct gather *g = self;                                      \
		const struct tree *t;                                         \
		struct type *x;                                               \
		if (!chain_grow(g->arena, &g->list, g->count, &g->room,       \
			sizeof(struct type), f) || !tree_of(g, row, &t, f))   \
			return false;                                         \
		x = (struct type *)g->list + g->count;                        \
		if (!reader(t, g->arena, x, f))                               \
			return fault_in(f, "%s", row->id);                    \
		if (keep)                                                     \
			g->count++;                                           \
		return true;                                                  \
	}

/* Two persons withdrew the publication of this version of a finding. */
static bool is_withdrawn(const struct gather *g, int64_t index)
{
	const struct tree *t = g->published ? g->published->first : NULL;

	for (; t; t = t->next)
		if (tree_i64(t, "of", -1) == index &&
			strcmp(tree_text(t, "state"), "withdrawn") == 0)
			return true;
	return false;
}

/* What was withdrawn is no more; what people rejected is counted. */
TAKE(take_incident, incident, incident_read,
	x->status != STATUS_REJECTED &&
		(x->status = status_of(g, row, x->status),
			span_holds(g->span, x->at)))
TAKE(take_finding, finding, finding_read,
	(x->replies.of = row->ledger_index,
	 x->status = status_of(g, row, x->status)) != STATUS_REJECTED &&
		(x->status != STATUS_PUBLISHED ||
			!is_withdrawn(g, row->ledger_index)))
TAKE(take_health, health, health_read, true)
TAKE(take_look, look, look_read, true)
TAKE(take_activity, activity, activity_read, true)
TAKE(take_claim, claim, claim_read, true)
TAKE(take_detection, detection, detection_read, true)

static int incident_order(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;

	if (x->at.utc_ns != y->at.utc_ns)
		return x->at.utc_ns < y->at.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

static int finding_order(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	int d = strcmp(x->incident.text, y->incident.text);

	return d ? d : strcmp(x->clause, y->clause);
}

static int id_order(const void *a, const void *b)
{
	const struct id *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static int health_order(const void *a, const void *b)
{
	const struct health *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (d)
		return d;
	return (x->span.from.utc_ns > y->span.from.utc_ns) -
		(x->span.from.utc_ns < y->span.from.utc_ns);
}

static int detection_by_id(const void *a, const void *b)
{
	const struct detection *x = a, *y = b;

	return strcmp(x->id.text, y->id.text);
}

static bool gather(const struct edition_ask *ask, struct gather *g,
	enum row_type type, struct span span,
	bool (*each)(void *, const struct row *, struct fault *),
	struct fault *f)
{
	struct query q = {.type = type, .span = span};

	g->list = NULL;
	g->count = g->room = 0;
	g->span = span;
	return ask->store->engine->find(ask->store, &q, each, g, f);
}

static void sort(struct gather *g, size_t size,
	int (*order)(const void *, const void *))
{
	if (g->count > 1)
		qsort(g->list, g->count, size, order);
}

/* Whether the box of the mission's area and that of the incident's region of
 * 0.9 are apart.  What has no place may have been in the area. */
static bool is_outside(const struct mission *m, const struct incident *x)
{
	const struct place *p = &x->place;
	struct box area = m->area.count >= 3 ? polygon_box(&m->area)
		: (struct box){m->south, m->west, m->north, m->east};
	double err = p->region.ellipse.semi_major_m, lat, lon;
	struct point at = {p->lat_deg, p->lon_deg};
	struct frame f;

	if (!place_known(p) || !isfinite(err) || !(area.south < area.north))
		return false;
	f = frame_at(p->lat_deg, p->lon_deg);
	lat = err / f.m_per_deg_lat;
	lon = err / fmax(f.m_per_deg_lon * f.cos_lat, 1);
	area = (struct box){area.south - lat, area.west - lon,
		area.north + lat, area.east + lon};
	return !box_holds(&area, at);
}

static void leave_outside(
	const struct mission *m, struct gather *g, struct report_part *p)
{
	struct incident *x = g->list;
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++)
		if (!is_outside(m, &x[i]))
			x[n++] = x[i];
	p->outside = g->count - n;
	g->count = n;
}

/* Findings of incidents that the part holds; a finding of a withdrawn
 * incident goes with it.  Both lists are sorted by the incident's id. */
static void only_theirs(const struct id *id, size_t count, struct gather *g)
{
	struct finding *x = g->list;
	size_t n = 0;

	for (size_t i = 0, k = 0; i < g->count; i++) {
		while (k < count && strcmp(id[k].text, x[i].incident.text) < 0)
			k++;
		if (k < count && strcmp(id[k].text, x[i].incident.text) == 0)
			x[n++] = x[i];
	}
	g->count = n;
}

size_t edition_heard(
	const struct incident *x, size_t count, struct point *out)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (x[i].status != STATUS_REJECTED &&
			incident_kind(&x[i]) == KIND_EXPLOSION &&
			place_known(&x[i].place))
			out[n++] = (struct point){x[i].place.lat_deg,
				x[i].place.lon_deg};
	return n;
}

/* The public hears that a party replied, not who reviewed. */
static bool add_people(
	const struct edition_ask *ask, struct gather *g, struct fault *f)
{
	bool names = ask->level != LEVEL_PUBLIC;
	struct finding *x = g->list;

	for (size_t i = 0; i < g->count; i++)
		if ((names && !deeds_reviews(&g->deeds, x[i].id.text,
				g->arena, &x[i].review, &x[i].review_count,
				f)) ||
			!reviews_replies(&g->people, x[i].id.text,
				x[i].replies.of, g->arena, &x[i].replies, f))
			return false;
	return true;
}

static bool part(const struct edition_ask *ask, struct gather *g,
	struct report_part *p, struct fault *f)
{
	struct span span = p->period.span;
	struct coverage *coverage;
	const struct look *look;
	struct point *heard;
	struct id *id;
	size_t n;

	if (!gather(ask, g, ROW_INCIDENT, span, take_incident, f))
		return false;
	leave_outside(ask->mission, g, p);
	sort(g, sizeof(struct incident), incident_order);
	p->incident = g->list;
	p->incident_count = g->count;
	if (!gather(ask, g, ROW_FINDING, span, take_finding, f))
		return false;
	if (!(id = arena_array(g->arena, p->incident_count + 1, sizeof *id, f)))
		return false;
	for (size_t i = 0; i < p->incident_count; i++)
		id[i] = p->incident[i].id;
	qsort(id, p->incident_count, sizeof *id, id_order);
	sort(g, sizeof(struct finding), finding_order);
	only_theirs(id, p->incident_count, g);
	if (!add_people(ask, g, f))
		return false;
	p->finding = g->list;
	p->finding_count = g->count;
	if (!gather(ask, g, ROW_LOOK, span, take_look, f))
		return false;
	look = g->list;
	n = g->count;
	if (!watch_coverage(ask->mission, span, look, n, g->arena, &coverage,
		&p->coverage_count, f))
		return false;
	p->coverage = coverage;
	if (!(heard = arena_array(g->arena, p->incident_count + 1,
		      sizeof *heard, f)))
		return false;
	return watch_limits(ask->mission, span, look, n, &(struct ring){heard,
		edition_heard(p->incident, p->incident_count, heard)},
		g->arena, &p->limits, f);
}

/* Each detection that an incident cites, once. */
static bool cited(const struct edition_ask *ask, struct gather *g,
	const struct report_part *p, struct fault *f)
{
	g->list = NULL;
	g->count = g->room = 0;
	for (size_t i = 0; i < p->incident_count; i++)
		for (size_t k = 0; k < p->incident[i].evidence_count; k++) {
			struct query q = {.type = ROW_DETECTION,
				.id = p->incident[i].evidence[k].text,
				.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

			if (!ask->store->engine->find(ask->store, &q,
				take_detection, g, f))
				return false;
		}
	sort(g, sizeof(struct detection), detection_by_id);
	return true;
}

static bool last_clock(
	void *self, const struct ledger_entry *e, struct fault *f)
{
	struct proof *p = self;

	(void)f;
	p->at = e->entry.clock;
	return true;
}

static bool prove(const struct edition_ask *ask, struct proof *p,
	struct fault *f)
{
	*p = (struct proof){.at = INSTANT_UNKNOWN};
	if (!ask->ledger || ledger_size(ask->ledger) == 0)
		return true;
	p->size = ledger_size(ask->ledger);
	p->index = p->size - 1;
	p->root = ledger_root(ask->ledger);
	p->origin = ledger_origin(ask->ledger);
	return ledger_read(ask->ledger, p->index, last_clock, p, f);
}

struct one { /* an incident that is looked for */
	struct arena *arena;
	char id[ID_TEXT];
	struct instant at;
	size_t count;
};

/* A row's span may begin in an earlier period: the record has the moment. */
static bool take_one(void *self, const struct row *row, struct fault *f)
{
	struct one *x = self;
	struct text t = text_on(x->id, sizeof x->id);
	const struct tree *tree;
	struct incident i;

	if (strcmp(x->id, row->id) != 0)
		x->count++;
	text_add(&t, row->id);
	if (!tree_read(row->body, x->arena, &tree, f) ||
		!incident_read(tree, x->arena, &i, f))
		return fault_in(f, "%s", row->id);
	x->at = i.at;
	return true;
}

static int correction_order(const void *pa, const void *pb)
{
	const struct correction *a = pa, *b = pb;

	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->incident.text, b->incident.text);
}

static bool when(const struct edition_ask *ask, struct gather *g,
	const char *id, struct instant *at, struct fault *f)
{
	struct query q = {.type = ROW_INCIDENT, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct one x = {.arena = g->arena, .at = INSTANT_UNKNOWN};
	bool ok = ask->store->engine->find(ask->store, &q, take_one, &x, f);

	*at = x.at;
	return ok;
}

/* What people changed in this period of incidents before it: an earlier
 * report said otherwise. */
static bool changed(const struct edition_ask *ask, struct gather *g,
	struct report *r, struct correction *c, struct fault *f)
{
	struct span now = r->now.period.span;

	for (size_t i = 0; i < g->deeds.count; i++) {
		const struct deed *d = &g->deeds.deed[i];
		struct correction *x = &c[r->correction_count];

		if (!span_holds(now, d->is.at) || !deed_changes(d))
			continue;
		if (!when(ask, g, d->id, &x->of, f))
			return false;
		if (!instant_known(x->of) ||
			x->of.utc_ns >= now.from.utc_ns ||
			!id_read(d->id, &x->incident))
			continue;
		x->at = d->is.at;
		x->does = d->is.does;
		x->org = d->is.org;
		x->why = d->is.why;
		r->correction_count++;
	}
	return true;
}

static bool take_of(void *self, const struct row *row, struct fault *f)
{
	char *id = self;
	struct text t = text_on(id, ID_TEXT);

	text_add(&t, row->source);
	return text_check(&t, f);
}

/* "analyst, reviewer" */
static const char *roles_of(
	struct gather *g, const struct tree *change, struct fault *f)
{
	const struct tree *by = tree_get(change, "by");
	struct text t = text_in(g->arena, 256);

	for (const struct tree *k = by ? by->first : NULL; k; k = k->next) {
		text_add(&t, k == by->first ? "" : ", ");
		text_bytes(&t, k->text);
	}
	return text_check(&t, f) ? t.at : NULL;
}

static const char *told_as(const struct tree *change)
{
	const char *does = tree_text(change, "does");

	return strcmp(does, "withdrawn") == 0 ? "withdraw"
		: strcmp(does, "corrected") == 0 ? "correct" : "under review";
}

/* A change of what was published; `of` unknown: what it was is not there. */
static bool told(const struct edition_ask *ask, struct gather *g,
	const struct tree *p, const struct tree *change,
	struct correction *x, struct fault *f)
{
	struct text name = text_in(g->arena, 32);
	const char *id = tree_text(p, "id"), *why = tree_text(change, "why");
	struct query q = {.type = ROW_FINDING, .id = id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	char of[ID_TEXT] = "";

	text_fmt(&name, "p-%lld", (long long)tree_i64(p, "entry", -1));
	if (id[0] == ROW_FINDING) {
		if (!ask->store->engine->find(ask->store, &q, take_of, of, f))
			return false;
		id = of;
	}
	*x = (struct correction){.at = tree_time(change, "at"),
		.does = told_as(change),
		.org = roles_of(g, change, f), .published = name.at,
		.why = arena_text(g->arena, bytes_of(why ? why : ""), f)};
	return x->org && x->why && text_check(&name, f) &&
		(!*id || (id_read(id, &x->incident) &&
			when(ask, g, id, &x->of, f)));
}

/* Of versions that nobody published the last is told, as long as none is. */
static bool is_news(const struct tree *p, const struct tree *change)
{
	return strcmp(tree_text(change, "does"), "under_review") != 0 ||
		(!change->next &&
			strcmp(tree_text(p, "state"), "under_review") == 0);
}

/* What everybody was told, and is no more so, whenever it was. */
static bool retracted(const struct edition_ask *ask, struct gather *g,
	struct report *r, struct correction *c, struct fault *f)
{
	for (const struct tree *p = g->published ? g->published->first : NULL;
			p; p = p->next)
		for (const struct tree *k = tree_get(p, "changes")->first; k;
				k = k->next) {
			struct correction *x = &c[r->correction_count];
			struct instant at = tree_time(k, "at");

			if (!instant_known(at) ||
				!span_holds(r->now.period.span, at) ||
				!is_news(p, k))
				continue;
			if (!told(ask, g, p, k, x, f))
				return false;
			r->correction_count += instant_known(x->of);
		}
	return true;
}

static bool corrections(const struct edition_ask *ask, struct gather *g,
	struct report *r, struct fault *f)
{
	size_t room = g->deeds.count + 1;
	struct correction *c;

	for (const struct tree *p = g->published ? g->published->first : NULL;
			p; p = p->next)
		room += tree_get(p, "changes")->count;
	c = arena_array(g->arena, room, sizeof *c, f);
	r->correction_count = 0;
	if (!c || !changed(ask, g, r, c, f) || !retracted(ask, g, r, c, f))
		return false;
	if (r->correction_count > 1)
		qsort(c, r->correction_count, sizeof *c, correction_order);
	r->correction = c;
	return true;
}

static bool begin(const struct edition_ask *ask, struct gather *g,
	struct report *r, struct fault *f)
{
	struct bytes published;

	*r = (struct report){.mission = ask->mission, .terms = ask->terms,
		.level = ask->level, .lang = ask->lang,
		.rules_version = RULES_VERSION};
	g->people.mission = ask->mission;
	return ask->store->engine->get(ask->store, "reviews", g->arena,
		       &g->people.reviews, f) &&
		ask->store->engine->get(ask->store, "published", g->arena,
			&published, f) &&
		(published.len == 0 || tree_read(
			published, g->arena, &g->published, f)) &&
		deeds_read(ask->store, g->arena, &g->deeds, f);
}

/* Both periods are set. */
static bool fill(const struct edition_ask *ask, struct gather *g,
	struct report *r, struct fault *f)
{
	struct span span = r->now.period.span;

	if (!part(ask, g, &r->before, f) || !part(ask, g, &r->now, f) ||
		!corrections(ask, g, r, f) ||
		!gather(ask, g, ROW_LOOK, span, take_look, f))
		return false;
	r->look = g->list;
	r->look_count = g->count;
	if (!gather(ask, g, ROW_HEALTH, span, take_health, f))
		return false;
	sort(g, sizeof(struct health), health_order);
	r->health = g->list;
	r->health_count = g->count;
	if (!gather(ask, g, ROW_ACTIVITY, span, take_activity, f))
		return false;
	r->activity = g->list;
	r->activity_count = g->count;
	if (!gather(ask, g, ROW_CLAIM, span, take_claim, f))
		return false;
	r->claim = g->list;
	r->claim_count = g->count;
	if (!cited(ask, g, &r->now, f))
		return false;
	r->detection = g->list;
	r->detection_count = g->count;
	return prove(ask, &r->proof, f);
}

bool edition_gather(const struct edition_ask *ask, const struct period *period,
	struct arena *a, struct report *r, struct fault *f)
{
	struct gather g = {.arena = a};

	if (!begin(ask, &g, r, f))
		return false;
	r->now.period = *period;
	r->before.period = period_before(ask->mission, period);
	return fill(ask, &g, r, f);
}

enum { WEEK = 7 };

/* "019-025/2026": from the first of its periods to the last. */
static struct period week_of(const struct mission *m, struct period last,
	struct period day[WEEK])
{
	struct period week = last;
	struct text label = text_on(week.label, sizeof week.label);

	week.evenings = 0;
	for (size_t i = WEEK; i > 0; i--) {
		day[i - 1] = last;
		week.evenings += last.evenings;
		week.span.from = last.span.from;
		last = period_before(m, &last);
	}
	text_fmt(&label, "%.3s-%.8s", day[0].label, day[WEEK - 1].label);
	return week;
}

bool edition_week(const struct edition_ask *ask, const struct period *last,
	struct arena *a, struct report *r, struct fault *f)
{
	struct gather g = {.arena = a};
	struct period day[WEEK], old[WEEK], close;
	struct report_part *part_of;

	if (!begin(ask, &g, r, f))
		return false;
	r->edition = EDITION_WEEK;
	r->now.period = week_of(ask->mission, *last, day);
	close = period_before(ask->mission, &day[0]);
	r->before.period = week_of(ask->mission, close, old);
	part_of = arena_array(a, WEEK, sizeof *part_of, f);
	if (!part_of)
		return false;
	for (size_t i = 0; i < WEEK; i++) {
		part_of[i].period = day[i];
		if (!part(ask, &g, &part_of[i], f))
			return false;
	}
	r->day = part_of;
	r->day_count = WEEK;
	return fill(ask, &g, r, f);
}

/* Only what is of that incident stays. */
static void only(struct report *r, const char *id)
{
	struct report_part *p = &r->now;
	size_t first = 0, n = 0, i = 0;

	while (i < p->incident_count &&
		(p->incident[i].status == STATUS_REJECTED ||
			strcmp(p->incident[i].id.text, id) != 0))
		i++;
	p->incident += i;
	p->incident_count = i < p->incident_count;
	while (first < p->finding_count &&
		strcmp(p->finding[first].incident.text, id) != 0)
		first++;
	while (first + n < p->finding_count &&
		strcmp(p->finding[first + n].incident.text, id) == 0)
		n++;
	p->finding += n ? first : 0;
	p->finding_count = n;
}

static void only_claims(struct report *r, const char *id)
{
	struct claim *c = (struct claim *)(uintptr_t)r->claim;
	size_t n = 0;

	for (size_t i = 0; i < r->claim_count; i++)
		if (strcmp(c[i].incident.text, id) == 0)
			c[n++] = c[i];
	r->claim_count = n;
}

bool edition_spot(const struct edition_ask *ask, const char *ending,
	struct arena *a, struct report *r, struct fault *f)
{
	struct one x = {.arena = a, .at = INSTANT_UNKNOWN};
	struct query q = {.type = ROW_INCIDENT, .id_ending = ending,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct period period;

	if (!ask->store->engine->find(ask->store, &q, take_one, &x, f))
		return false;
	if (x.count != 1)
		return fault(f, FAULT_INPUT, x.count
				? "%zu incidents end in '%s': give more of it"
				: "no incident of %zu ends in '%s'",
			x.count, ending);
	period = period_at(ask->mission, x.at);
	if (!edition_gather(ask, &period, a, r, f))
		return false;
	r->edition = EDITION_SPOT;
	only(r, x.id);
	only_claims(r, x.id);
	r->activity_count = r->correction_count = 0;
	return r->now.incident_count == 1 ||
		fault(f, FAULT_INPUT, "%s was rejected, or lies outside the "
			"mission's area", x.id);
}
