/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/amend.h"

#include "base/csv.h"
#include "base/encode.h"
#include "base/tree.h"
#include "ledger/sign.h"
#include "model/incident.h"
#include "roles/reviews.h"

enum { PARTS = 16, BODY_TEXT = 160 << 10 };

static const char *const words[] = {"amend", "merge", "split", "link"};

bool amend_word(const char *does)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], does) == 0)
			return true;
	return false;
}

size_t amend_others(const struct people *p, const struct people_item *x,
	uint64_t *index, size_t room)
{
	size_t n = 0;

	for (size_t i = 0; i < p->items && people_versions(x); i++) {
		const struct people_item *o = &p->item[i];

		if (people_versions(o) && o->index != x->index &&
			o->author == x->author && n < room &&
			o->clock.utc_ns == x->clock.utc_ns)
			index[n++] = o->index;
	}
	return n;
}

/* -- the version that stands -- */

struct base {
	struct amending *ask;
	struct incident incident;
	struct digest leaf;
	uint8_t subject[ENTRY_SUBJECT];
	uint32_t newest; /* version of any entry about it */
	bool read;
};

static bool read_body(void *self, const struct ledger_entry *e,
	struct fault *f)
{
	struct base *b = self;
	struct arena *a = &b->ask->desk->arena;
	struct text json = text_in(a, BODY_TEXT);
	const struct tree *t;
	int64_t n;

	f->kind = FAULT_NONE;
	if (!e->open)
		return false;
	fields_print(e->body, &json);
	if (!text_check(&json, f) || !tree_read(text_view(&json), a, &t, f))
		return false;
	n = tree_i64(t, "version", 0);
	b->newest = n > b->newest ? (uint32_t)n : b->newest;
	/* One that lies outside its entry is no record itself. */
	if (!fields_find(e->body, "blob") &&
		incident_read(t, a, &b->incident, f))
		b->read = true;
	return false;
}

static bool read_item(struct base *b, uint64_t index, struct fault *f)
{
	f->kind = FAULT_NONE;
	b->read = false;
	return ledger_read(b->ask->desk->ledger, index, read_body, b, f) ||
		f->kind == FAULT_NONE;
}

static bool stands(const struct people *p, const struct people_item *x)
{
	enum people_state s = people_state(p, x);

	return s == PEOPLE_REVIEWED || s == PEOPLE_PUBLISHED;
}

/* Of an id: people's newest that two stand behind, else the machine's. */
static bool find_base(struct base *b, const char *id, struct fault *f)
{
	struct desk *d = b->ask->desk;
	const struct people *p = d->people;
	const struct people_item *of = NULL, *x;
	uint64_t newest = 0;

	if (!desk_find(d, id, &newest, f))
		return false;
	x = people_item_at(p, newest);
	if (!x || x->type != ENTRY_INCIDENT)
		return fault(f, FAULT_INPUT, "'%s' is no incident", id);
	memcpy(b->subject, x->subject, ENTRY_SUBJECT);
	b->newest = 0;
	for (size_t i = 0; i < p->items; i++) {
		x = &p->item[i];
		if (x->type != ENTRY_INCIDENT || memcmp(x->subject,
			b->subject, ENTRY_SUBJECT) != 0)
			continue;
		if (!read_item(b, x->index, f))
			return false;
		if (people_versions(x) ? stands(p, x)
				       : !of || !people_versions(of))
			of = x;
	}
	if (!of || !read_item(b, of->index, f) || !b->read ||
		!ledger_leaf(d->ledger, of->index, &b->leaf))
		return fault(f, FAULT_INPUT, "the body of '%s' is not at hand",
			id);
	return true;
}

/* -- NAME=VALUE -- */

static bool bad(const char *word, const char *want, struct fault *f)
{
	return fault(f, FAULT_INPUT, "'%s': wants %s", word, want);
}

static bool set_kind(struct incident *i, const char *s, struct fault *f)
{
	int k = kind_named(s);

	if (k < 0)
		return bad(s, "a kind (truce incidents --kind)", f);
	memset(i->kind, 0, sizeof i->kind);
	i->kind[k] = 1;
	return true;
}

/* "5", "about:5", "range:3-5", "uncountable". */
static bool set_count(struct incident *i, const char *s, struct fault *f)
{
	const char *colon = strchr(s, ':'), *dash;
	char name[24];
	struct text t = text_on(name, sizeof name);
	int meaning;
	struct count c = {COUNT_UNKNOWN, COUNT_EXACT, COUNT_UNKNOWN};
	struct bytes n = bytes_of(colon ? colon + 1 : s);

	if (strcmp(s, "uncountable") == 0) {
		i->count = COUNT_NOT_STATED;
		return true;
	}
	text_bytes(&t, bytes_part(bytes_of(s), 0,
		colon ? (size_t)(colon - s) : 0));
	meaning = colon ? count_meaning_named(name) : COUNT_EXACT;
	dash = meaning == COUNT_RANGE ? strchr(s, '-') : NULL;
	if (dash)
		n = bytes_part(n, 0, (size_t)(dash - colon - 1));
	if (meaning < 0 || (meaning == COUNT_RANGE) != (dash != NULL) ||
		!integer_read(n, &c.value, f) || c.value < 0 ||
		(dash && (!integer_read(bytes_of(dash + 1), &c.max, f) ||
				c.max < c.value)))
		return bad(s, "a number, about:N, at_least:N, over:N, "
			"range:N-M or uncountable", f);
	c.meaning = (enum count_meaning)meaning;
	i->count = c;
	return true;
}

struct spot { /* they go together */
	double lat, lon, radius;
	bool any;
};

static bool set_time(struct instant *t, const char *s, struct fault *f)
{
	return instant_parse(bytes_of(s), false, t, f) ||
		bad(s, "a time like 2026-02-03T04:05:06Z", f);
}

static bool set_degrees(double *x, const char *s, double most, struct spot *p,
	struct fault *f)
{
	p->any = true;
	return (number_read(bytes_of(s), x, f) && fabs(*x) <= most) ||
		bad(s, "degrees, or metres", f);
}

static bool set_one(struct incident *i, const char *word, struct spot *p,
	struct arena *a, struct fault *f)
{
	const char *eq = strchr(word, '='), *v = eq ? eq + 1 : "";
	struct bytes name = bytes_part(
		bytes_of(word), 0, eq ? (size_t)(eq - word) : 0);

	if (bytes_are(name, "kind"))
		return set_kind(i, v, f);
	if (bytes_are(name, "count"))
		return set_count(i, v, f);
	if (bytes_are(name, "at"))
		return set_time(&i->at, v, f);
	if (bytes_are(name, "from"))
		return set_time(&i->from, v, f);
	if (bytes_are(name, "to"))
		return set_time(&i->to, v, f);
	if (bytes_are(name, "lat"))
		return set_degrees(&p->lat, v, 90, p, f);
	if (bytes_are(name, "lon"))
		return set_degrees(&p->lon, v, 180, p, f);
	if (bytes_are(name, "radius_m"))
		return set_degrees(&p->radius, v, 1e6, p, f);
	if (bytes_are(name, "phrase")) {
		i->phrase = arena_text(a, bytes_of(v), f);
		return i->phrase != NULL;
	}
	return bad(word, "kind=, count=, at=, from=, to=, phrase=, or lat=, "
		"lon= and radius_m= together", f);
}

/* Those of the words that have a '='. */
static bool set_all(struct amending *ask, struct incident *i, struct fault *f)
{
	struct spot p = {NAN, NAN, NAN, false};

	for (int k = 0; k < ask->words; k++)
		if (strchr(ask->word[k], '=') && !set_one(i, ask->word[k], &p,
			&ask->desk->arena, f))
			return false;
	if (p.any && !isfinite(p.lat + p.lon + p.radius))
		return fault(f, FAULT_INPUT,
			"lat=, lon= and radius_m= go together");
	if (p.any)
		i->place = (struct place){.lat_deg = p.lat, .lon_deg = p.lon,
			.alt_m = i->place.alt_m, .region = {.level = 0.9,
				.ellipse = {p.radius, p.radius, 0}}};
	if (instant_known(i->from) && i->at.utc_ns < i->from.utc_ns)
		i->from = i->at;
	if (instant_known(i->to) && i->at.utc_ns > i->to.utc_ns)
		i->to = i->at;
	return true;
}

/* -- entries -- */

struct act { /* a few entries that stand or fall together */
	struct amending *ask;
	struct base base[PARTS];
	size_t bases;
	struct incident made[PARTS];
	struct fields body[PARTS];
	struct ledger_item item[PARTS];
	size_t count;
};

static bool add(struct act *x, const struct base *of, const char *with,
	const struct incident *made, struct fault *f)
{
	size_t n = x->count;
	struct fields *s = &x->body[n];
	struct ledger_item *item = &x->item[n];

	x->made[n] = *made;
	x->made[n].status = STATUS_CORRECTED;
	*s = fields_in(&x->ask->desk->arena);
	if (!incident_write(&x->made[n], s, f))
		return false;
	fields_text(s, "does", x->ask->does);
	desk_hex(s, "of", of->leaf.at, SHA256_LEN);
	fields_text(s, "why", x->ask->why);
	if (with)
		fields_text(s, "with", with);
	*item = (struct ledger_item){.type = ENTRY_INCIDENT,
		.clock = x->ask->desk->now, .author = x->ask->author,
		.body = s};
	x->count++;
	return id_subject(&made->id, item->subject) && fields_done(s, f);
}

static int by_id(const void *a, const void *b)
{
	const struct id *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static int by_leaf(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct digest));
}

/* Lines of leaves, ascending. */
static const char *leaves(struct act *x, size_t from, size_t to)
{
	struct digest d[PARTS];
	struct text t = text_in(&x->ask->desk->arena, PARTS * 66);

	for (size_t i = from; i < to; i++)
		d[i - from] = x->base[i].leaf;
	qsort(d, to - from, sizeof *d, by_leaf);
	for (size_t i = 0; i < to - from; i++) {
		text_add(&t, i ? "\n" : "");
		text_hex(&t, (struct bytes){d[i].at, SHA256_LEN});
	}
	return t.at;
}

static bool add_link(struct act *x, struct incident *i, const char *is,
	const struct id *id, struct fault *f)
{
	struct link *l = arena_array(&x->ask->desk->arena, i->link_count + 1,
		sizeof *l, f);

	if (!l)
		return false;
	for (size_t k = 0; k < i->link_count; k++)
		l[k] = i->link[k];
	l[i->link_count] = (struct link){is, *id};
	i->link = l;
	i->link_count++;
	return true;
}

static bool amend(struct act *x, struct fault *f)
{
	struct incident i = x->base[0].incident;

	for (int k = 0; k < x->ask->words; k++)
		if (!strchr(x->ask->word[k], '='))
			return bad(x->ask->word[k], "NAME=VALUE", f);
	if (x->ask->words == 0)
		return fault(f, FAULT_INPUT, "amend what? NAME=VALUE");
	i.version = x->base[0].newest + 1;
	return set_all(x->ask, &i, f) && add(x, &x->base[0], NULL, &i, f);
}

/* is=ID: echo_of=i-..., and so on. */
static bool link_to(struct act *x, struct fault *f)
{
	static const char *const kinds[] = {LINK_SHOCK_OF, LINK_IMPACT_OF,
		LINK_PART_OF, "echo_of", "replaces", "near", NULL};
	struct incident i = x->base[0].incident;
	const char *word = x->ask->words == 1 ? x->ask->word[0] : "";
	const char *eq = strchr(word, '=');
	size_t k = 0;

	while (eq && kinds[k] && !bytes_are(bytes_part(bytes_of(word), 0,
			(size_t)(eq - word)), kinds[k]))
		k++;
	if (!eq || !kinds[k])
		return bad(word, "one of shock_of=, impact_of=, part_of=, "
			"echo_of=, replaces=, near= and an ID", f);
	x->base[1].ask = x->ask;
	if (!find_base(&x->base[1], eq + 1, f))
		return false;
	if (strcmp(x->base[1].incident.id.text, i.id.text) == 0)
		return fault(f, FAULT_INPUT, "it is not linked to itself");
	i.version = x->base[0].newest + 1;
	return add_link(x, &i, kinds[k], &x->base[1].incident.id, f) &&
		add(x, &x->base[0], NULL, &i, f);
}

/* The evidence of all, in the first. */
static bool join(struct act *x, struct incident *i, struct fault *f)
{
	struct id *e;
	size_t n = 0;

	for (size_t k = 0; k < x->bases; k++)
		n += x->base[k].incident.evidence_count;
	if (!(e = arena_array(&x->ask->desk->arena, n + 1, sizeof *e, f)))
		return false;
	n = 0;
	for (size_t k = 0; k < x->bases; k++) {
		const struct incident *o = &x->base[k].incident;

		for (size_t j = 0; j < o->evidence_count; j++)
			e[n++] = o->evidence[j];
		i->modalities |= o->modalities;
	}
	qsort(e, n, sizeof *e, by_id);
	i->evidence_count = 0;
	for (size_t k = 0; k < n; k++)
		if (k == 0 || strcmp(e[k].text, e[k - 1].text) != 0)
			e[i->evidence_count++] = e[k];
	i->evidence = e;
	return true;
}

static bool merge(struct act *x, struct fault *f)
{
	struct incident i = x->base[0].incident;

	for (int k = 0; k < x->ask->words; k++) {
		struct base *b = &x->base[x->bases];

		if (strchr(x->ask->word[k], '='))
			continue;
		if (x->bases == PARTS)
			return fault(f, FAULT_INPUT, "at most %d", PARTS);
		b->ask = x->ask;
		if (!find_base(b, x->ask->word[k], f))
			return false;
		for (size_t j = 0; j < x->bases; j++)
			if (memcmp(x->base[j].subject, b->subject,
				ENTRY_SUBJECT) == 0)
				return bad(x->ask->word[k], "each once", f);
		x->bases++;
	}
	if (x->bases < 2)
		return fault(f, FAULT_INPUT, "merge with which? IDs");
	i.version = x->base[0].newest + 1;
	if (!join(x, &i, f) || !set_all(x->ask, &i, f) ||
		!add(x, &x->base[0], leaves(x, 1, x->bases), &i, f))
		return false;
	for (size_t k = 1; k < x->bases; k++) {
		i = x->base[k].incident;
		i.version = x->base[k].newest + 1;
		if (!add_link(x, &i, LINK_PART_OF, &x->base[0].incident.id,
			f) || !add(x, &x->base[k], leaves(x, 0, 1), &i, f))
			return false;
	}
	return true;
}

struct earliest {
	struct instant at;
	const char *id;
	struct arena *arena;
};

static bool when(void *self, const struct row *row, struct fault *f)
{
	struct earliest *e = self;

	if (!e->id || row->from.utc_ns < e->at.utc_ns ||
		(row->from.utc_ns == e->at.utc_ns &&
			strcmp(row->id, e->id) < 0)) {
		e->at = row->from;
		e->id = arena_text(e->arena, bytes_of(row->id), f);
		return e->id != NULL;
	}
	return true;
}

/* An incident's id is made of its earliest detection. */
static bool name_it(struct act *x, struct incident *i, struct fault *f)
{
	struct desk *d = x->ask->desk;
	struct store s = {stores[0], NULL};
	struct earliest e = {.arena = &d->arena};
	struct detection first = detection_new();
	bool ok = s.engine->open(&s, d->folder, false, f);

	for (size_t k = 0; ok && k < i->evidence_count; k++) {
		struct query q = {.type = ROW_DETECTION,
			.id = i->evidence[k].text,
			.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

		ok = s.engine->find(&s, &q, when, &e, f);
	}
	if (s.self)
		s.engine->close(&s);
	if (!ok)
		return false;
	if (!e.id || !id_read(e.id, &first.id))
		return fault(f, FAULT_INPUT, "its detections are not in the "
			"index: `truce replay` makes it");
	first.at = e.at;
	incident_name(i, &first);
	return strcmp(i->id.text, x->base[0].incident.id.text) != 0 ||
		fault(f, FAULT_INPUT, "the part that has its first detection "
			"is the incident itself: name the others");
}

static bool ends(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return m >= 4 && m <= n && strcmp(text + n - m, end) == 0;
}

/* Each word moves one detection to the new incident. */
static bool pick(struct act *x, struct incident *rest, struct incident *part,
	struct fault *f)
{
	const struct incident *all = &x->base[0].incident;
	struct arena *a = &x->ask->desk->arena;
	struct id *r = arena_array(a, all->evidence_count + 1, sizeof *r, f);
	struct id *p = arena_array(a, all->evidence_count + 1, sizeof *p, f);
	size_t words_met = 0, wanted = 0;

	if (!r || !p)
		return false;
	rest->evidence = r;
	part->evidence = p;
	rest->evidence_count = part->evidence_count = 0;
	for (int k = 0; k < x->ask->words; k++)
		wanted += strchr(x->ask->word[k], '=') == NULL;
	for (size_t i = 0; i < all->evidence_count; i++) {
		bool goes = false;

		for (int k = 0; k < x->ask->words && !goes; k++)
			goes = ends(all->evidence[i].text, x->ask->word[k]);
		words_met += goes;
		if (goes)
			p[part->evidence_count++] = all->evidence[i];
		else
			r[rest->evidence_count++] = all->evidence[i];
	}
	return (wanted > 0 && words_met == wanted &&
		rest->evidence_count > 0) || fault(f, FAULT_INPUT, "split "
		"wants ids of some of its detections, each once, not of all: "
		"%zu of %zu words fit", words_met, wanted);
}

static bool split(struct act *x, struct fault *f)
{
	struct incident rest = x->base[0].incident, part = rest;

	rest.version = x->base[0].newest + 1;
	part.version = 1;
	return pick(x, &rest, &part, f) && name_it(x, &part, f) &&
		set_all(x->ask, &part, f) &&
		add_link(x, &part, LINK_SPLIT_FROM, &rest.id, f) &&
		add(x, &x->base[0], NULL, &rest, f) &&
		add(x, &x->base[0], NULL, &part, f);
}

bool amend_make(struct amending *ask, const char *id,
	struct ledger_item **item, size_t *count, struct fault *f)
{
	struct act *x = arena_take(&ask->desk->arena, sizeof *x, f);
	const char *does = ask->does;

	if (!x)
		return false;
	*x = (struct act){.ask = ask, .base = {{.ask = ask}}, .bases = 1};
	if (!find_base(&x->base[0], id, f) ||
		!(strcmp(does, "amend") == 0 ? amend(x, f)
			: strcmp(does, "merge") == 0 ? merge(x, f)
			: strcmp(does, "split") == 0 ? split(x, f)
						     : link_to(x, f)))
		return false;
	*item = x->item;
	*count = x->count;
	return true;
}
