/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/activity.h"

#include "model/codec.h"

static const char *said(const struct observation *o, const char *name)
{
	const char *s = attribute_of(o->attribute, o->attribute_count, name);

	return s ? s : "";
}

/* A time that does not parse is not known. */
static struct instant said_time(const struct observation *o, const char *name)
{
	struct instant t;
	struct fault f;

	return instant_parse(bytes_of(said(o, name)), false, &t, &f)
		? t : INSTANT_UNKNOWN;
}

bool activity_sent(const char *file)
{
	const char *dot = strrchr(file, '.');
	size_t n = strlen(ACTIVITY_SENT);

	return dot && (size_t)(dot - file) >= n &&
		memcmp(dot - n, ACTIVITY_SENT, n) == 0;
}

static void what_made_it(const struct observation *o, struct text *t)
{
	for (size_t i = 0; i < o->attribute_count; i++)
		text_fmt(t, "%s=%.800s\n", o->attribute[i].name,
			o->attribute[i].text);
	text_i64(t, o->at.utc_ns);
	text_char(t, '\n');
	text_i64(t, o->until.utc_ns);
	text_char(t, '\n');
	text_fixed(t, o->place.lat_deg, 7);
	text_char(t, '\n');
	text_fixed(t, o->place.lon_deg, 7);
}

struct receipt {
	struct instant at, last;
	bool claimed;
};

static struct receipt receipt(
	const struct observation *o, struct instant logged)
{
	if (instant_known(logged))
		return (struct receipt){logged, INSTANT_UNKNOWN, false};
	return (struct receipt){
		o->received, said_time(o, "received_last"), true};
}

bool activity_of(const struct observation *o, struct instant logged,
	struct activity *a, struct fault *f)
{
	char at[4096];
	struct text t = text_on(at, sizeof at);
	struct receipt r = receipt(o, logged);

	if (o->what != OBSERVATION_NOTICE)
		return fault(f, FAULT_INPUT, "not a notice");
	*a = (struct activity){
		.party = said(o, "party"),
		.what = said(o, "what"),
		.span = {o->at, o->until},
		.received = r.at,
		.received_last = r.last,
		.received_claimed = r.claimed,
		.place = o->place,
		.text = said(o, "text"),
		.attribute = o->attribute,
		.attribute_count = o->attribute_count,
		.cite = o->cite,
	};
	text_add(&t, "activity\n");
	what_made_it(o, &t);
	a->id = id_make('a', o->at, text_view(&t));
	return true;
}

bool claim_of(const struct observation *o, struct instant logged,
	struct claim *c, struct fault *f)
{
	struct receipt r = receipt(o, logged);
	char at[4096];
	struct text t = text_on(at, sizeof at);

	if (o->what != OBSERVATION_CLAIM)
		return fault(f, FAULT_INPUT, "not a claim");
	*c = (struct claim){
		.party = said(o, "party"),
		.says = said(o, "says"),
		.at = o->at,
		.received = r.at,
		.received_last = r.last,
		.received_claimed = r.claimed,
		.kind = o->kind,
		.count = o->count,
		.place = o->place,
		.cite = o->cite,
	};
	if (!id_read(said(o, "incident"), &c->incident))
		c->incident = (struct id){0};
	text_add(&t, "claim\n");
	what_made_it(o, &t);
	c->id = id_make('c', instant_known(o->at) ? o->at : o->received,
		text_view(&t));
	return true;
}

bool activity_write(
	const struct activity *a, struct fields *s, struct fault *f)
{
	fields_text(s, "schema", "truce.activity/1");
	fields_text(s, "id", a->id.text);
	fields_text(s, "party", a->party);
	fields_text(s, "what", a->what);
	fields_time(s, "from", a->span.from);
	fields_time(s, "to", a->span.to);
	fields_time(s, "received", a->received);
	if (a->received_last.utc_ns > a->received.utc_ns)
		fields_time(s, "received_last", a->received_last);
	fields_flag(s, "received_claimed", a->received_claimed);
	write_place(s, "place", &a->place);
	fields_text(s, "text", a->text);
	write_attributes(s, "attributes", a->attribute, a->attribute_count);
	write_cite(s, "cite", &a->cite);
	return fields_done(s, f);
}

bool activity_read(const struct tree *t, struct arena *m, struct activity *a,
	struct fault *f)
{
	*a = (struct activity){0};
	if (!read_id(t, "id", &a->id, f) ||
		!read_text(t, "party", m, &a->party, f) ||
		!read_text(t, "what", m, &a->what, f) ||
		!read_text(t, "text", m, &a->text, f) ||
		!read_place(tree_get(t, "place"), m, &a->place, f) ||
		!read_attributes(tree_get(t, "attributes"), m, &a->attribute,
			&a->attribute_count, f) ||
		!read_cite(tree_get(t, "cite"), &a->cite, f))
		return fault_in(f, "activity");
	a->span.from = tree_time(t, "from");
	a->span.to = tree_time(t, "to");
	a->received = tree_time(t, "received");
	a->received_last = tree_time(t, "received_last");
	a->received_claimed = tree_flag(t, "received_claimed", true);
	return true;
}

bool claim_write(const struct claim *c, struct fields *s, struct fault *f)
{
	fields_text(s, "schema", "truce.claim/1");
	fields_text(s, "id", c->id.text);
	fields_text(s, "party", c->party);
	fields_text(
		s, "incident", id_is(&c->incident) ? c->incident.text : NULL);
	fields_text(s, "says", c->says);
	fields_time(s, "at", c->at);
	fields_time(s, "received", c->received);
	if (c->received_last.utc_ns > c->received.utc_ns)
		fields_time(s, "received_last", c->received_last);
	fields_flag(s, "received_claimed", c->received_claimed);
	fields_text(s, "kind", kind_name(c->kind));
	write_count(s, "count", c->count);
	write_place(s, "place", &c->place);
	write_cite(s, "cite", &c->cite);
	return fields_done(s, f);
}

bool claim_read(
	const struct tree *t, struct arena *m, struct claim *c, struct fault *f)
{
	int kind;

	*c = (struct claim){0};
	if (!read_id(t, "id", &c->id, f) ||
		!read_id(t, "incident", &c->incident, f) ||
		!read_text(t, "party", m, &c->party, f) ||
		!read_text(t, "says", m, &c->says, f) ||
		!read_word(t, "kind", kind_named, &kind, f) ||
		!read_count(tree_get(t, "count"), &c->count, f) ||
		!read_place(tree_get(t, "place"), m, &c->place, f) ||
		!read_cite(tree_get(t, "cite"), &c->cite, f))
		return fault_in(f, "claim");
	c->kind = (enum kind)kind;
	c->at = tree_time(t, "at");
	c->received = tree_time(t, "received");
	c->received_last = tree_time(t, "received_last");
	c->received_claimed = tree_flag(t, "received_claimed", true);
	return true;
}
