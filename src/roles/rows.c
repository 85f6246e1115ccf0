/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/rows.h"

#include "model/codec.h"

enum { SCRATCH = 64 << 20, BODY_TEXT = 1 << 20 };

bool rows_open(struct rows *r, struct store *s, struct fault *f)
{
	*r = (struct rows){.store = s};
	return arena_map(&r->scratch, SCRATCH, f);
}

void rows_close(struct rows *r)
{
	arena_unmap(&r->scratch);
}

static struct fields *blank(struct rows *r)
{
	r->scratch.used = 0;
	r->fields = fields_in(&r->scratch);
	return &r->fields;
}

static bool body_of(struct rows *r, struct bytes *out, struct fault *f)
{
	struct text t = text_in(&r->scratch, BODY_TEXT);

	fields_print(&r->fields, &t);
	if (!text_check(&t, f))
		return false;
	*out = text_view(&t);
	return true;
}

static int32_t e7(double deg)
{
	return isfinite(deg) ? (int32_t)floor(deg * 1e7 + 0.5) : INT32_MIN;
}

static struct row row_of(enum row_type type, const char *id,
	struct instant from, struct instant to)
{
	return (struct row){
		.type = type,
		.id = id,
		.from = from,
		.to = instant_known(to) && to.utc_ns > from.utc_ns ? to : from,
		.lat_e7 = INT32_MIN,
		.lon_e7 = INT32_MIN,
		.kind = "",
		.status = "",
		.source = "",
		.ledger_index = -1,
	};
}

static void put_place(struct row *row, const struct place *p)
{
	if (!place_known(p))
		return;
	row->lat_e7 = e7(p->lat_deg);
	row->lon_e7 = e7(p->lon_deg);
}

struct held { /* what the store holds of an id */
	struct rows *rows;
	bool there;
	uint32_t version;
	struct bytes body;
};

static bool hold(void *self, const struct row *row, struct fault *f)
{
	struct held *h = self;
	char *s = arena_text(&h->rows->scratch, row->body, f);

	h->there = true;
	h->version = row->version;
	h->body = (struct bytes){(uint8_t *)s, row->body.len};
	return s != NULL;
}

static bool newest(struct rows *r, enum row_type type, const char *id,
	struct held *h, struct fault *f)
{
	struct query q = {.type = type, .id = id, .limit = 1,
		.machine = true, .span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	*h = (struct held){.rows = r};
	return r->store->engine->find(r->store, &q, hold, h, f);
}

static bool later(void *self, const struct row *row, struct fault *f)
{
	uint32_t *n = self;
	static const char key[] = "\"version\":";
	const uint8_t *at = row->body.len ? memmem(row->body.at,
		row->body.len, key, sizeof key - 1) : NULL;
	uint32_t v = 0;

	(void)f;
	if (!at)
		return true;
	for (at += sizeof key - 1; at < row->body.at + row->body.len &&
		*at >= '0' && *at <= '9'; at++)
		v = v * 10 + (uint32_t)(*at - '0');
	*n = v > *n ? v : *n;
	return true;
}

bool rows_version(struct store *s, const char *id, uint32_t *n,
	struct fault *f)
{
	struct query q = {.type = ROW_DEED, .id = id, .all_versions = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	uint32_t last = *n;

	if (!s->engine->find(s, &q, later, &last, f))
		return false;
	*n = last + 1;
	return true;
}

/* When a notice or claim was received, as its body has it; none: not known, or
 * another record. */
static struct bytes received(struct bytes body)
{
	static const char key[] = "\"received\":\"";
	const uint8_t *at = body.len ? memmem(body.at, body.len, key,
		sizeof key - 1) : NULL;
	size_t from = at ? (size_t)(at - body.at) + sizeof key - 1 : body.len;

	return bytes_part(body, from, sizeof "2026-02-03T04:05:06.123456Z" - 1);
}

/* Below zero: the first comes first.  Of a notice that came twice the earlier
 * receipt counts. */
static int in_order(struct bytes a, struct bytes b)
{
	struct bytes x = received(a), y = received(b);
	size_t n = a.len < b.len ? a.len : b.len;
	int d = (x.len < y.len) - (x.len > y.len);

	if (d == 0 && x.len > 0)
		d = memcmp(x.at, y.at, x.len);
	if (d == 0)
		d = memcmp(a.at, b.at, n);
	return d ? d : (a.len > b.len) - (a.len < b.len);
}

/* Other bytes stand under the id: what an earlier replay left gives way; of
 * two made by this one the body that sorts first stays. */
static bool settle_once(
	struct rows *r, struct row *row, bool *fresh, struct fault *f)
{
	struct store *s = r->store;
	struct held h;
	bool old;

	if (!newest(r, row->type, row->id, &h, f) ||
		!s->engine->remade(s, row->type, row->id, &old, f))
		return false;
	if (!old && in_order(h.body, row->body) < 0)
		return true;
	*fresh = true;
	return s->engine->replace(s, row, f);
}

/* Not versioned. */
static bool put_once(
	struct rows *r, struct row *row, bool *fresh, struct fault *f)
{
	struct store *s = r->store;
	bool old;

	*fresh = false;
	if (!body_of(r, &row->body, f))
		return false;
	if (s->engine->put(s, row, fresh, f))
		return *fresh ||
			s->engine->remade(s, row->type, row->id, &old, f);
	return f->kind == FAULT_INPUT && settle_once(r, row, fresh, f);
}

static struct row of_detection(const struct detection *d)
{
	struct row row = row_of(ROW_DETECTION, d->id.text, d->at, d->until);

	put_place(&row, &d->place);
	row.kind = kind_name(d->kind);
	row.status = modality_name(d->modality);
	row.source = d->source;
	return row;
}

bool rows_detection(struct rows *r, const struct detection *d, bool *fresh,
	struct fault *f)
{
	struct row row = of_detection(d);

	return detection_write(d, blank(r), f) && put_once(r, &row, fresh, f);
}

static struct row of_look(const struct look *l)
{
	struct row row =
		row_of(ROW_LOOK, l->id.text, l->span.from, l->span.to);

	row.kind = kind_name(l->kind);
	row.source = l->source;
	return row;
}

bool rows_look(
	struct rows *r, const struct look *l, bool *fresh, struct fault *f)
{
	struct row row = of_look(l);

	return look_write(l, blank(r), f) && put_once(r, &row, fresh, f);
}

static struct row of_health(const struct health *h)
{
	struct row row =
		row_of(ROW_HEALTH, h->id.text, h->span.from, h->span.to);

	row.status = health_state_name(h->state);
	row.source = h->source;
	return row;
}

bool rows_health(
	struct rows *r, const struct health *h, bool *fresh, struct fault *f)
{
	struct row row = of_health(h);

	return health_write(h, blank(r), f) && put_once(r, &row, fresh, f);
}

static struct row of_activity(const struct activity *a)
{
	struct row row =
		row_of(ROW_ACTIVITY, a->id.text, a->span.from, a->span.to);

	put_place(&row, &a->place);
	row.kind = a->what;
	row.source = a->party;
	return row;
}

bool rows_activity(
	struct rows *r, const struct activity *a, bool *fresh, struct fault *f)
{
	struct row row = of_activity(a);

	return activity_write(a, blank(r), f) && put_once(r, &row, fresh, f);
}

static struct row of_claim(const struct claim *c)
{
	struct instant at = instant_known(c->at) ? c->at : c->received;
	struct row row = row_of(ROW_CLAIM, c->id.text, at, at);

	put_place(&row, &c->place);
	row.kind = kind_name(c->kind);
	row.source = c->party;
	return row;
}

bool rows_claim(
	struct rows *r, const struct claim *c, bool *fresh, struct fault *f)
{
	struct row row = of_claim(c);

	return claim_write(c, blank(r), f) && put_once(r, &row, fresh, f);
}

bool rows_observation(struct rows *r, const struct observation *o,
	bool *fresh, struct fault *f)
{
	struct fields *s = blank(r);
	struct digest d;
	char hex[SHA256_HEX];
	struct row row;

	fields_text(s, "what", observation_what_name(o->what));
	fields_text(s, "source", o->source);
	fields_time(s, "at", o->at);
	write_place(s, "place", &o->place);
	write_features(s, "features", o->feature, o->feature_count);
	write_attributes(s, "attributes", o->attribute, o->attribute_count);
	if (!fields_done(s, f) || !body_of(r, &row.body, f))
		return false;
	d = sha256_of(row.body);
	/* A photo is asked for by the name that reports have of it. */
	if (o->what == OBSERVATION_PHOTO)
		d = o->cite.blob;
	row = row_of(ROW_OBSERVATION, digest_hex(&d, hex), o->at, o->until);
	put_place(&row, &o->place);
	row.kind = observation_what_name(o->what);
	row.source = o->source;
	return put_once(r, &row, fresh, f);
}

/* Takes off the mark that renew() made. */
static bool remade(
	struct rows *r, enum row_type type, const char *id, struct fault *f)
{
	bool was;

	return r->store->engine->remade(r->store, type, id, &was, f);
}

static struct row of_incident(const struct incident *i)
{
	struct row row = row_of(ROW_INCIDENT, i->id.text, i->from, i->to);

	if (!instant_known(row.from))
		row.from = row.to = i->at;
	put_place(&row, &i->place);
	row.version = i->version;
	row.kind = kind_name(incident_kind(i));
	row.status = status_name(i->status);
	return row;
}

/* Versioned: `version` in the body is that of what is held, so equal content
 * gives equal bytes. */
bool rows_incident(
	struct rows *r, const struct incident *i, bool *fresh, struct fault *f)
{
	struct row row = of_incident(i);
	struct incident now = *i;
	struct held h;

	*fresh = false;
	blank(r);
	if (!newest(r, ROW_INCIDENT, i->id.text, &h, f) ||
		!remade(r, ROW_INCIDENT, i->id.text, f))
		return false;
	now.version = h.there ? h.version : 1;
	r->fields = fields_in(&r->scratch);
	if (!incident_write(&now, &r->fields, f) || !body_of(r, &row.body, f))
		return false;
	if (h.there && bytes_equal(h.body, row.body))
		return true;
	if (h.there) {
		r->fields = fields_in(&r->scratch);
		if (!rows_version(r->store, now.id.text, &now.version, f) ||
			!incident_write(&now, &r->fields, f) ||
			!body_of(r, &row.body, f))
			return false;
	}
	row.version = now.version;
	return r->store->engine->put(r->store, &row, fresh, f);
}

static struct row of_finding(const struct finding *x)
{
	struct row row = row_of(ROW_FINDING, x->id.text, x->at, x->at);

	row.version = x->version;
	row.kind = x->clause;
	row.status = verdict_name(x->verdict);
	row.source = x->incident.text;
	return row;
}

bool rows_finding(
	struct rows *r, const struct finding *x, bool *fresh, struct fault *f)
{
	struct row row = of_finding(x);
	struct finding now = *x;
	struct held h;

	*fresh = false;
	blank(r);
	if (!newest(r, ROW_FINDING, x->id.text, &h, f) ||
		!remade(r, ROW_FINDING, x->id.text, f))
		return false;
	now.version = h.there ? h.version : 1;
	r->fields = fields_in(&r->scratch);
	if (!finding_write(&now, &r->fields, f) || !body_of(r, &row.body, f))
		return false;
	if (h.there && bytes_equal(h.body, row.body))
		return true;
	if (h.there) {
		now.version++;
		r->fields = fields_in(&r->scratch);
		if (!finding_write(&now, &r->fields, f) ||
			!body_of(r, &row.body, f))
			return false;
	}
	row.version = now.version;
	return r->store->engine->put(r->store, &row, fresh, f);
}

static struct row of_obligation(const struct obligation *o)
{
	struct row row = row_of(ROW_OBLIGATION, o->id.text, o->opens.from,
		o->opens.to);

	row.version = o->version;
	row.kind = o->pledge;
	row.status = o->fall == OBLIGATION_STANDS ? "stands" : "fell";
	row.source = o->actor;
	return row;
}

bool rows_obligation(struct rows *r, const struct obligation *o, bool *fresh,
	struct fault *f)
{
	struct row row = of_obligation(o);
	struct obligation now = *o;
	struct held h;

	*fresh = false;
	blank(r);
	if (!newest(r, ROW_OBLIGATION, o->id.text, &h, f))
		return false;
	now.version = h.there ? h.version : 1;
	for (;;) {
		r->fields = fields_in(&r->scratch);
		if (!obligation_write(&now, &r->fields, f) ||
			!body_of(r, &row.body, f))
			return false;
		if (!h.there)
			break;
		if (now.version == h.version &&
			bytes_equal(h.body, row.body))
			return true;
		if (now.version > h.version)
			break;
		now.version++;
	}
	row.version = now.version;
	return r->store->engine->put(r->store, &row, fresh, f);
}

/* -- from its body again -- */

union noun {
	struct detection detection;
	struct look look;
	struct health health;
	struct activity activity;
	struct claim claim;
	struct incident incident;
	struct finding finding;
	struct obligation obligation;
};

bool rows_made(enum row_type type, struct bytes body, struct arena *a,
	struct row *row, struct fault *f)
{
	union noun *x = arena_take(a, sizeof *x, f);
	const struct tree *t;

#define MADE(noun) (noun##_read(t, a, &x->noun, f) && \
	(*row = of_##noun(&x->noun), true))
	if (!x || !tree_read(body, a, &t, f))
		return false;
	switch (type) {
	case ROW_DETECTION:
		return MADE(detection);
	case ROW_LOOK:
		return MADE(look);
	case ROW_HEALTH:
		return MADE(health);
	case ROW_ACTIVITY:
		return MADE(activity);
	case ROW_CLAIM:
		return MADE(claim);
	case ROW_INCIDENT:
		return MADE(incident);
	case ROW_FINDING:
		return MADE(finding);
	default:
		return MADE(obligation);
	}
#undef MADE
}
