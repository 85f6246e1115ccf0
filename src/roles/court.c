/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/court.h"

#include "geo/frame.h"
#include "roles/chain.h"
#include "roles/reviews.h"

/* A claim of its own concerns an incident this near in time and place. */
#define CLAIM_NS (INT64_C(900) * 1000000000)
#define CLAIM_M 5000.0

enum { ONE_GIB = 1 };

static void know(struct court *c, struct instant t)
{
	if (instant_known(t) &&
		(!instant_known(c->known) || t.utc_ns > c->known.utc_ns))
		c->known = t;
}

static bool take_activity(void *self, const struct row *row, struct fault *f)
{
	struct court *c = self;
	void *list = c->activity;
	const struct tree *t;
	struct activity *a;

	if (!chain_grow(c->arena, &list, c->activity_count, &c->activity_room,
		sizeof *c->activity, f))
		return false;
	c->activity = list;
	a = &c->activity[c->activity_count++];
	c->one.used = 0;
	if (!tree_read(row->body, &c->one, &t, f) ||
		!activity_read(t, c->arena, a, f))
		return false;
	know(c, a->received);
	c->asked = c->asked || attribute_of(a->attribute, a->attribute_count,
		"incident") != NULL;
	return true;
}

static bool take_claim(void *self, const struct row *row, struct fault *f)
{
	struct court *c = self;
	void *list = c->claim;
	const struct tree *t;
	struct claim *claim;

	if (!chain_grow(c->arena, &list, c->claim_count, &c->claim_room,
		sizeof *c->claim, f))
		return false;
	c->claim = list;
	claim = &c->claim[c->claim_count++];
	c->one.used = 0;
	if (!tree_read(row->body, &c->one, &t, f) ||
		!claim_read(t, c->arena, claim, f))
		return false;
	know(c, claim->received);
	return true;
}

static bool take_incident(void *self, const struct row *row, struct fault *f)
{
	(void)f;
	know(self, row->from);
	return true;
}

static bool concerns(const struct claim *c, const struct incident *i)
{
	struct frame at;
	struct xy d;

	if (id_is(&c->incident))
		return strcmp(c->incident.text, i->id.text) == 0;
	if (!instant_known(c->at) ||
		llabs(c->at.utc_ns - i->at.utc_ns) > CLAIM_NS ||
		!place_known(&c->place) || !place_known(&i->place))
		return false;
	at = frame_at(i->place.lat_deg, i->place.lon_deg);
	d = frame_to(&at, c->place.lat_deg, c->place.lon_deg);
	return d.x_m * d.x_m + d.y_m * d.y_m <= CLAIM_M * CLAIM_M;
}

static int by_received(const void *a, const void *b)
{
	const struct activity *x = a, *y = b;

	if (x->received.utc_ns != y->received.utc_ns)
		return x->received.utc_ns < y->received.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

static bool load(struct court *c, struct fault *f)
{
	struct store *s = c->store;
	struct query q = {.type = ROW_ACTIVITY,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	if (!s->engine->find(s, &q, take_activity, c, f))
		return false;
	q.type = ROW_CLAIM;
	if (!s->engine->find(s, &q, take_claim, c, f) ||
		!s->engine->get(s, REVIEWS_REJECTED, c->arena, &c->rejected,
			f))
		return false;
	q.type = ROW_INCIDENT;
	if (c->asked && !s->engine->find(s, &q, take_incident, c, f))
		return false;
	if (c->activity_count > 0)
		qsort(c->activity, c->activity_count, sizeof *c->activity,
			by_received);
	c->near = arena_array(
		c->arena, c->claim_count + 1, sizeof *c->near, f);
	return c->near != NULL;
}

bool court_open(struct court *c, struct store *s, const struct mission *m,
	struct arena *a, struct fault *f)
{
	*c = (struct court){.store = s, .mission = m, .arena = a,
		.known = INSTANT_UNKNOWN};
	if (!arena_map(&c->one, (size_t)ONE_GIB << 30, f))
		return false;
	if (load(c, f))
		return true;
	court_close(c);
	return false;
}

void court_close(struct court *c)
{
	arena_unmap(&c->one);
}

static bool read_row(const struct court *c, const struct row *row,
	struct arena *a, struct incident *i, const struct tree **t, bool *sits,
	struct fault *f)
{
	*sits = false;
	*t = NULL;
	if (strcmp(row->status, status_name(STATUS_REJECTED)) == 0 ||
		reviews_rejected(c->rejected, row))
		return true;
	if (!tree_read(row->body, a, t, f) || !incident_read(*t, a, i, f))
		return fault_in(f, "%s", row->id);
	*sits = !incident_is_part(i);
	return true;
}

bool court_read(const struct court *c, const struct row *row,
	struct arena *a, struct incident *i, bool *sits, struct fault *f)
{
	const struct tree *t;

	return read_row(c, row, a, i, &t, sits, f);
}

bool court_hear(struct court *c, const struct row *row, struct incident *i,
	bool *sits, struct fault *f)
{
	const struct tree *t;

	c->one.used = 0;
	c->does[0] = '\0';
	if (!read_row(c, row, &c->one, i, &t, sits, f))
		return false;
	if (t && row->version >= ROW_PEOPLE && tree_text(t, "does")) {
		struct text does = text_on(c->does, sizeof c->does);

		text_add(&does, tree_text(t, "does"));
	}
	return true;
}

/* A line more at the end of its explanation, or instead of the last. */
static bool add_line(struct court *c, struct finding *x, const char *line,
	struct fault *f)
{
	size_t n = x->explanation_count < FINDING_LINES_MAX ?
		x->explanation_count : FINDING_LINES_MAX - 1;
	const char **lines = arena_array(&c->one, n + 1, sizeof *lines, f);

	if (!lines)
		return false;
	for (size_t i = 0; i < n; i++)
		lines[i] = x->explanation[i];
	lines[n] = line;
	x->explanation = lines;
	x->explanation_count = n + 1;
	return true;
}

/* Says that it is people's version that was judged. */
static bool put_with_line(void *self, const struct finding *x, struct fault *f)
{
	struct court *c = self;
	struct finding y = *x;
	struct text t = text_in(&c->one, 128);

	text_fmt(&t, "incident version %u is people's (%s): two persons stand "
		"behind it", (unsigned)x->incident_version, c->does);
	return text_check(&t, f) && add_line(c, &y, t.at, f) &&
		c->to->put(c->to->self, &y, f);
}

struct asked {
	const struct court *court;
	uint32_t rejected; /* out: this version; 0: none */
};

static bool is_rejected(void *self, const struct row *row, struct fault *f)
{
	struct asked *x = self;

	(void)f;
	if (reviews_rejected(x->court->rejected, row))
		x->rejected = row->version;
	return true;
}

bool court_withdraw(struct court *c, struct finding *x, struct fault *f)
{
	struct asked by = {.court = c};
	struct query q = {.type = ROW_INCIDENT, .id = x->incident.text,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct text t = text_in(&c->one, 64);

	x->status = STATUS_REJECTED;
	if (!c->store->engine->find(c->store, &q, is_rejected, &by, f))
		return false;
	text_fmt(&t, "incident version %u was rejected by people",
		(unsigned)by.rejected);
	return by.rejected == 0 ||
		(text_check(&t, f) && add_line(c, x, t.at, f));
}

struct facts court_facts(
	const struct court *c, const struct incident *i, struct claim *near)
{
	struct facts facts = {.mission = c->mission,
		.activity = c->activity, .activity_count = c->activity_count,
		.claim = near, .known = c->known};

	for (size_t k = 0; k < c->claim_count; k++)
		if (concerns(&c->claim[k], i))
			near[facts.claim_count++] = c->claim[k];
	return facts;
}

bool court_judge(struct court *c, const struct terms *terms,
	const struct incident *i, const struct findings *to, struct fault *f)
{
	struct facts facts = court_facts(c, i, c->near);

	c->to = to;
	return judge_incident(terms, &facts, i, &c->one, c->does[0] ?
		&(struct findings){put_with_line, c} : to, f);
}
