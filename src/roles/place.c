/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * place.c - detections to incidents.
 *
 * Sound first, island by island; then everything of a stretch that no silence
 * of a day divides is fused.  Each island and each stretch is worked on from
 * what the store gives in order of time and id, so nothing depends on the
 * order of arrival, and memory on the stretch, not on the archive. */
#include "locate/afar.h"
#include "locate/impact.h"
#include "locate/quake.h"
#include "model/phrase.h"
#include "roles/islands.h"

/* Looks of one fire lie at most a day apart (SATELLITE.md 3.4). */
#define QUIET_NS (INT64_C(24) * 3600 * 1000000000)
/* A stretch longer than this is cut all the same. */
enum { STRETCH_MAX = 200000 };

struct list { /* detections, in order */
	struct detection *d;
	size_t count, room;
};

struct placing {
	struct chain *c;
	struct network net;
	struct islands islands;
	struct incidents located; /* by them; in `stretch` */
	struct arena stretch, out;
	struct list others;         /* in `stretch` */
	struct incident *sound;     /* in `stretch` */
	size_t sound_count, sound_room;
	struct shaken_arrival *heard; /* of sound; in `stretch` */
	size_t heard_count, heard_room;
	struct incident *far; /* what arrays heard; in `stretch` */
	size_t far_count, far_room;
	bool first_walk; /* sounds only, for those who judge sensors */
	struct instant last_pick, first_any, last_any;
	double gap_s;
};

/* The record's tree, ten times its size, goes to `work`. */
static bool append(struct arena *a, struct arena *work, struct list *l,
	const struct row *row, struct fault *f)
{
	const struct tree *t;
	void *list = l->d;

	if (!chain_grow(a, &list, l->count, &l->room, sizeof *l->d, f))
		return false;
	l->d = list;
	work->used = 0;
	if (!tree_read(row->body, work, &t, f) ||
		!detection_read(t, a, &l->d[l->count], f))
		return fault_in(f, "%s", row->id);
	l->count++;
	return true;
}

static bool keep_sound(void *self, const struct incident *i, struct fault *f)
{
	struct placing *p = self;
	void *list = p->sound;

	if (!chain_grow(&p->stretch, &list, p->sound_count, &p->sound_room,
		sizeof *i, f))
		return false;
	p->sound = list;
	p->sound[p->sound_count++] = *i;
	return true;
}

static bool put_incident(void *self, const struct incident *given,
	struct fault *f)
{
	struct placing *p = self;
	struct chain *c = p->c;
	struct incident i = *given;
	struct span ask = c->ask->span;
	char phrase[PHRASE_TEXT];
	bool fresh;

	if (instant_known(ask.from) && !span_holds(ask, i.at))
		return true;
	if (place_known(&i.place)) {
		phrase[0] = '\0';
		(void)gazetteer_phrase(c->ask->mission, i.place.lat_deg,
			i.place.lon_deg, phrase, sizeof phrase);
		i.phrase = phrase;
	}
	c->done->incidents++;
	if (!rows_incident(&c->rows, &i, &fresh, f))
		return fault_in(f, "%s", i.id.text);
	c->done->fresh += fresh;
	return true;
}

struct stale { /* incidents that are no more */
	struct placing *p;
	struct incident *i;
	size_t count, room;
};

static bool find_stale(void *self, const struct row *row, struct fault *f)
{
	struct stale *s = self;
	struct placing *p = s->p;
	const struct tree *t;
	void *list = s->i;

	if (strcmp(row->status, status_name(STATUS_REJECTED)) == 0)
		return true;
	if (!chain_grow(&p->stretch, &list, s->count, &s->room, sizeof *s->i,
		f))
		return false;
	s->i = list;
	p->out.used = 0;
	return tree_read(row->body, &p->out, &t, f) &&
		incident_read(t, &p->stretch, &s->i[s->count++], f);
}

/* Late data may give an incident an earlier first detection, and so another
 * id, or join two: what is no longer made is withdrawn by a new version. */
static bool withdraw(struct placing *p, struct fault *f)
{
	static const char *const why[] = {
		"withdrawn: later data made another incident of its evidence"};
	struct store *st = p->c->ask->store;
	struct stale s = {.p = p};
	struct query q = {.type = ROW_INCIDENT, .old = true, .machine = true,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	bool fresh;

	if (instant_known(p->c->ask->span.from))
		return true; /* a part of the time only: nothing is known */
	if (!st->engine->find(st, &q, find_stale, &s, f))
		return false;
	for (size_t i = 0; i < s.count; i++) {
		s.i[i].status = STATUS_REJECTED;
		s.i[i].health = why;
		s.i[i].health_count = 1;
		if (!rows_incident(&p->c->rows, &s.i[i], &fresh, f))
			return false;
		p->c->done->fresh += fresh;
	}
	return true;
}

static int by_order(const void *a, const void *b)
{
	const struct incident *x = a, *y = b;

	if (x->at.utc_ns != y->at.utc_ns)
		return x->at.utc_ns < y->at.utc_ns ? -1 : 1;
	return strcmp(x->id.text, y->id.text);
}

static int by_id(const void *a, const void *b)
{
	const struct id *x = a, *y = b;

	return strcmp(x->text, y->text);
}

/* What others than nodes told of, in one of these lists. */
static bool add_used(struct placing *p, const struct incident *of,
	size_t count, struct id **used, size_t *n, struct fault *f)
{
	size_t most = *n;
	struct id *x;

	for (size_t i = 0; i < count; i++)
		most += of[i].evidence_count;
	if (!(x = arena_array(&p->stretch, most + 1, sizeof *x, f)))
		return false;
	for (size_t i = 0; i < *n; i++)
		x[i] = (*used)[i];
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < of[i].evidence_count &&
			of[i].modalities & ~(1u << MODALITY_ACOUSTIC); k++)
			x[(*n)++] = of[i].evidence[k];
	if (*n > 0)
		qsort(x, *n, sizeof *x, by_id);
	*used = x;
	return true;
}

static bool keep_far(void *self, const struct incident *i, struct fault *f)
{
	struct placing *p = self;
	void *list = p->far;

	if (!chain_grow(&p->stretch, &list, p->far_count, &p->far_room,
		sizeof *i, f))
		return false;
	p->far = list;
	p->far[p->far_count++] = *i;
	return true;
}

static int by_sound(const void *a, const void *b)
{
	const struct quake_sound *x = a, *y = b;

	if (x->t0.utc_ns != y->t0.utc_ns)
		return x->t0.utc_ns < y->t0.utc_ns ? -1 : 1;
	if (x->at.lat_deg < y->at.lat_deg || x->at.lat_deg > y->at.lat_deg)
		return x->at.lat_deg < y->at.lat_deg ? -1 : 1;
	return (x->at.lon_deg > y->at.lon_deg) -
		(x->at.lon_deg < y->at.lon_deg);
}

static int by_arrival(const void *a, const void *b)
{
	const struct shaken_arrival *x = a, *y = b;

	if (x->at.utc_ns != y->at.utc_ns)
		return x->at.utc_ns < y->at.utc_ns ? -1 : 1;
	return strcmp(x->source->id, y->source->id);
}

/* What seismometers alone felt, with what nodes heard or not. */
static bool from_below(struct placing *p, struct quake_ask *ask,
	const struct incidents *to, struct fault *f)
{
	struct quake_sound *x = arena_array(&p->stretch,
		p->sound_count + p->far_count + 1, sizeof *x, f);
	size_t n = 0;

	if (!x)
		return false;
	for (size_t i = 0; i < p->sound_count + p->far_count; i++) {
		const struct incident *s = i < p->sound_count ? &p->sound[i]
			: &p->far[i - p->sound_count];

		if (place_known(&s->place) && instant_known(s->at))
			x[n++] = (struct quake_sound){{s->place.lat_deg,
				s->place.lon_deg}, s->at};
	}
	if (n > 0)
		qsort(x, n, sizeof *x, by_sound);
	if (p->heard_count > 0)
		qsort(p->heard, p->heard_count, sizeof *p->heard, by_arrival);
	ask->sound = x;
	ask->sound_count = n;
	ask->arrival = p->heard;
	ask->arrival_count = p->heard_count;
	return quake_find(&p->net, ask, &p->stretch, to, f);
}

/* What others than nodes heard alone: beside what is fused, since a report's
 * sector is sharper than most of their regions.  Arrays first: who heard the
 * air of it knows more. */
static bool from_afar(
	struct placing *p, const struct incidents *to, struct fault *f)
{
	struct span span = {p->first_any, instant_plus_s(p->last_any, 1e-6)};
	struct afar_ask ask = {.span = span};
	struct quake_ask below = {.span = span};
	struct incidents far = {keep_far, p};
	struct id *used = NULL;
	size_t n = 0;

	if (!p->net.bearings->count || !instant_known(p->first_any))
		return true;
	if (!add_used(p, p->sound, p->sound_count, &used, &n, f))
		return false;
	ask.used = used;
	ask.used_count = n;
	if (!afar_find(&p->net, &ask, &p->stretch, &far, f) ||
		!add_used(p, p->far, p->far_count, &used, &n, f))
		return false;
	below.used = used;
	below.used_count = n;
	for (size_t i = 0; i < p->far_count; i++)
		if (!to->put(to->self, &p->far[i], f))
			return false;
	return from_below(p, &below, to, f);
}

static bool end_stretch(struct placing *p, struct fault *f)
{
	struct incidents to = {put_incident, p};
	bool ok = from_afar(p, &to, f);

	if (p->sound_count > 0)
		qsort(p->sound, p->sound_count, sizeof *p->sound, by_order);
	ok = ok && impacts_link(p->sound, p->sound_count, &p->stretch, f);
	if (ok && p->sound_count + p->others.count > 0)
		ok = locate_fuse(&p->net, p->sound, p->sound_count,
			p->others.d, p->others.count, &p->stretch, &to, f);
	p->others = (struct list){0};
	p->sound = NULL;
	p->sound_count = p->sound_room = 0;
	p->heard = NULL;
	p->heard_count = p->heard_room = 0;
	p->far = NULL;
	p->far_count = p->far_room = 0;
	p->first_any = INSTANT_UNKNOWN;
	p->stretch.used = 0;
	return ok;
}

/* Who is told of by a detection of sound, and when: a few bytes, where there
 * are seismometers to ask for it. */
static bool keep_heard(
	struct placing *p, const struct detection *d, struct fault *f)
{
	const struct mission *m = p->c->ask->mission;
	const struct source *s;
	void *list = p->heard;

	if (p->first_walk || p->net.bearings->count == 0 ||
		!(s = source_find(m->source, m->source_count, d->source)))
		return true;
	if (!chain_grow(&p->stretch, &list, p->heard_count, &p->heard_room,
		sizeof *p->heard, f))
		return false;
	p->heard = list;
	p->heard[p->heard_count++] = (struct shaken_arrival){s, d->at};
	return true;
}

/* One arrival at an array or a seismometer says nothing of where: it speaks
 * with others (locate/joint.h, locate/afar.h), or stays a detection. */
static bool lone_arrival(const struct row *row)
{
	return row->lat_e7 == INT32_MIN &&
		(strcmp(row->status, modality_name(MODALITY_INFRASOUND)) == 0 ||
			strcmp(row->status, modality_name(MODALITY_SEISMIC)) ==
				0);
}

static bool take(void *self, const struct row *row, struct fault *f)
{
	struct placing *p = self;
	/* A hum has no onset that others could share. */
	bool heard = strcmp(row->status, modality_name(MODALITY_ACOUSTIC)) ==
			0 && strcmp(row->kind, kind_name(KIND_FLIGHT)) != 0;
	const struct detection *d;

	if (instant_known(p->last_pick) &&
		instant_seconds(p->last_pick, row->from) > p->gap_s) {
		if (!islands_end(&p->islands, f))
			return false;
		p->last_pick = INSTANT_UNKNOWN;
	}
	if (instant_known(p->last_any) &&
		(row->from.utc_ns - p->last_any.utc_ns > QUIET_NS ||
			p->others.count + p->sound_count >= STRETCH_MAX)) {
		if (!islands_flush(&p->islands, f) ||
			(!p->first_walk && !end_stretch(p, f)))
			return false;
		p->last_pick = p->last_any = INSTANT_UNKNOWN;
	}
	if (!instant_known(p->first_any))
		p->first_any = row->from;
	if (!instant_known(p->last_any) ||
		row->to.utc_ns > p->last_any.utc_ns)
		p->last_any = row->to;
	if (!heard && lone_arrival(row))
		return true;
	if (!heard)
		return p->first_walk ||
			append(&p->stretch, &p->out, &p->others, row, f);
	p->last_pick = row->from;
	return islands_add(&p->islands, row, &d, f) &&
		keep_heard(p, d, f) &&
		(!p->c->arrivals ||
			p->c->arrivals->put(p->c->arrivals->self, d, f));
}

/* Those of moving sources; the sound network's own are not evidence. */
static bool moves(const struct row *row)
{
	return strcmp(row->kind, kind_name(KIND_EXPLOSION)) != 0;
}

static bool take_look(void *self, const struct row *row, struct fault *f)
{
	struct placing *p = self;
	struct chain *c = p->c;
	void *list = c->look;
	const struct tree *t;

	if (!moves(row))
		return true;
	if (!chain_grow(&c->arena, &list, c->look_count, &c->look_room,
		sizeof *c->look, f))
		return false;
	c->look = list;
	c->work.used = 0;
	return tree_read(row->body, &c->work, &t, f) &&
		look_read(t, &c->arena, &c->look[c->look_count++], f);
}

static bool network(struct placing *p, struct fault *f)
{
	struct chain *c = p->c;
	struct store *s = c->ask->store;
	struct query looks = {.type = ROW_LOOK, .span = c->span};

	if (!chain_air(c, f) || !chain_bearings(c, f) || (!p->first_walk &&
		!s->engine->find(s, &looks, take_look, p, f)))
		return false;
	p->net = (struct network){
		.mission = c->ask->mission,
		.spacing_m = locate_spacing_m(c->ask->mission),
		.health = c->health,
		.health_count = c->health_count,
		.weather = c->weather,
		.weather_count = c->weather_count,
		.look = c->look,
		.look_count = c->look_count,
		.ambient = c->ambient,
		.ambient_count = c->ambient_count,
		.bearings = c->bearings,
		.fits = c->fits,
	};
	p->gap_s = locate_gap_s(c->ask->mission);
	return true;
}

static bool walk(struct placing *p, struct fault *f)
{
	struct store *s = p->c->ask->store;
	struct query q = {.type = ROW_DETECTION,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};

	if (instant_known(p->c->ask->span.from)) {
		q.span.from = (struct instant){
			p->c->ask->span.from.utc_ns - QUIET_NS};
		q.span.to = (struct instant){
			p->c->ask->span.to.utc_ns + QUIET_NS};
	}
	return network(p, f) && s->engine->find(s, &q, take, p, f) &&
		islands_flush(&p->islands, f);
}

static bool open_placing(
	struct placing *p, struct chain *c, bool first_walk, struct fault *f)
{
	*p = (struct placing){.c = c, .first_walk = first_walk,
		.first_any = INSTANT_UNKNOWN,
		.last_pick = INSTANT_UNKNOWN, .last_any = INSTANT_UNKNOWN};
	p->located = (struct incidents){keep_sound, p};
	p->islands = (struct islands){.net = &p->net, .jobs = c->ask->jobs,
		.memory = c->sounds, .memo = &c->memo,
		.charged = c->charged, .charged_count = c->charged_count,
		.into = &p->stretch,
		.out = first_walk ? NULL : &p->located};
	return islands_open(&p->islands, f) &&
		arena_map(&p->stretch, (size_t)16 << 30, f) &&
		arena_map(&p->out, (size_t)1 << 30, f);
}

static void close_placing(struct placing *p)
{
	arena_unmap(&p->out);
	arena_unmap(&p->stretch);
	islands_close(&p->islands);
}

bool chain_sound_out(struct chain *c, struct fault *f)
{
	struct placing p;
	bool ok;

	chain_progress(c, "sounds", 0, 0);
	ok = open_placing(&p, c, true, f) && walk(&p, f);
	close_placing(&p);
	return ok;
}

bool chain_locate(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	struct placing p;
	bool ok;

	chain_progress(c, "locate", 0, 0);
	ok = open_placing(&p, c, false, f) &&
		s->engine->renew(s, ROW_INCIDENT, f) && walk(&p, f) &&
		end_stretch(&p, f) && withdraw(&p, f);
	close_placing(&p);
	return ok;
}
