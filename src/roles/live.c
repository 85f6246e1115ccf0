/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/live.h"

#include <time.h>

#include "base/json.h"
#include "locate/locate.h"
#include "model/obligation.h"
#include "model/phrase.h"
#include "parser/parser.h"
#include "roles/beams.h"
#include "roles/ears.h"
#include "roles/picks.h"
#include "roles/told.h"

#define SECOND_NS INT64_C(1000000000)
#define LASTING_BYTES ((size_t)64 << 30) /* touched as channels come */
/* hold() of detect/stalta.c for 2 to 15 Hz, 1.05 s, and a block of 64 samples
 * at 100 Hz. */
#define WAIT_S 1.75
#define SLOWEST_MS 298.0 /* told.c */
#define PICK_S 1.0
#define WORK_BYTES ((size_t)8 << 30)

enum {
	PICKS_LOOK = 256,      /* arrivals looked at together */
	LOOK_LEAST = 3,        /* fewer are no sound */
	/* Sources that a look is at: a sound is located by its first arrivals,
	 * which are near each other.  Fewer where they heard more than may be
	 * looked at. */
	NEAR = 48, NEAR_LEAST = 16,
	AGAIN_TIMES = 2,       /* so many more arrivals: it is told again */
	AGAIN_MOST = 40,       /* and not with more */
	TICK_MS = 100,         /* so long is looked, and then heard */
	BETWEEN_MS = 40,       /* two looks, at least */
	AHEAD_S = 3600,        /* of today: no clock is that wrong, or no one
	                          can wait for it */
	AGAIN_S = 60,          /* so much older sound: it goes on from there */
	LINE_MAX_BYTES = 1 << 20,
};

struct live {
	const struct mission *mission;
	struct sink out;
	struct parsers *parsers;
	struct arena lasting, work, scratch;
	struct ears ears;
	struct beams beams;
	struct picks picks;
	struct told told;
	struct told_near *near; /* NEAR for each source, the nearest first */
	bool *taken;       /* by source; false between looks */
	struct health *health;
	size_t health_count, health_room;
	const struct known *known;
	double gap_s, spacing_m;
	int64_t tick_ns, cost_ns; /* when the last look began, and its length */
	/* while something is heard */
	struct ear *hearing;
	int64_t came_ns;
	struct instant utc;
	struct live_seen seen;
};

int64_t live_now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * SECOND_NS + t.tv_nsec;
}

bool live_open(struct live **out, const struct mission *m, struct sink to,
	struct fault *f)
{
	struct live *l = calloc(1, sizeof *l);

	*out = NULL;
	if (!l)
		return fault(f, FAULT_LIMIT, "no memory");
	l->mission = m;
	l->out = to;
	l->gap_s = locate_gap_s(m);
	l->spacing_m = locate_spacing_m(m);
	if (parsers_open(&l->parsers, NULL, f) &&
		arena_map(&l->lasting, LASTING_BYTES, f) &&
		arena_map(&l->work, WORK_BYTES, f) &&
		arena_map(&l->scratch, WORK_BYTES, f) &&
		ears_open(&l->ears, m, &l->lasting, f) &&
		beams_open(&l->beams, m, &l->lasting, f) &&
		picks_open(&l->picks, &l->lasting, f) &&
		told_open(&l->told, m, l->gap_s, &l->lasting, f) &&
		(l->taken = arena_take(&l->lasting, m->source_count + 1, f)) &&
		(l->near = arena_array(&l->lasting, m->source_count + 1,
			 NEAR * sizeof *l->near, f)) &&
		(l->health = arena_array(&l->lasting, 6 * m->source_count + 1,
			 sizeof *l->health, f))) {
		l->health_room = 6 * m->source_count + 1;
		*out = l;
		told_nearest(&l->told, l->near, NEAR);
		return true;
	}
	live_close(l);
	return false;
}

void live_close(struct live *l)
{
	if (!l)
		return;
	parsers_close(l->parsers);
	picks_close(&l->picks);
	arena_unmap(&l->scratch);
	arena_unmap(&l->work);
	arena_unmap(&l->lasting);
	free(l);
}

struct parsers *live_parsers(struct live *l)
{
	return l->parsers;
}

void live_know(struct live *l, const struct known *k)
{
	l->known = k;
}

struct instant live_heard(const struct live *l)
{
	return ears_heard(&l->ears);
}

void live_seen(const struct live *l, struct live_seen *out)
{
	*out = l->seen;
	out->channels = l->ears.count;
	out->deaf = l->ears.deaf;
}

/* -- arrivals -- */

/* What a doubted source says is kept for the replay, and not used. */
static bool doubted(const struct live *l, const struct ear *e,
	struct instant at)
{
	return ear_doubt(e).utc_ns <= at.utc_ns ||
		(l->known && known_doubted(l->known, e->source->id, at));
}

static bool put(struct live *l, const struct detection *d, bool early,
	struct fault *f)
{
	const struct pick p = {.d = *d, .source = l->hearing->source,
		.ear = l->hearing, .made_ns = l->came_ns,
		.heard_ns = live_now_ns(), .early = early};

	/* No new one can be of one sound with what is older. */
	return picks_put(&l->picks, &p, p.heard_ns - 60 * SECOND_NS -
		(int64_t)(2 * l->gap_s * 1e9), f);
}

static bool put_pick(void *self, const struct detection *d, struct fault *f)
{
	struct live *l = self;

	if (doubted(l, l->hearing, d->at)) {
		l->seen.doubted++;
		return true;
	}
	l->seen.arrivals++;
	return put(l, d, false, f);
}

static bool put_early(void *self, const struct detection *d, struct fault *f)
{
	struct live *l = self;

	l->hearing->holds = true;
	return doubted(l, l->hearing, d->at) || put(l, d, true, f);
}

/* What the ear of sounds says of a segment, and what it holds back. */
static bool hear_sounds(
	struct live *l, const struct segment *s, struct fault *f)
{
	const struct detections to = {put_pick, l}, early = {put_early, l};
	struct ear *e = l->hearing;
	bool held = e->holds && picks_doubt(&l->picks, e) > 0;

	e->holds = false;
	if (!e->detector->segment(e->state, s, &to, f) ||
		(e->detector->early &&
			!e->detector->early(e->state, &early, f)))
		return false;
	if (held)
		picks_drop(&l->picks, e);
	return true;
}

/* A record as a line of its own, under its name. */
static bool tell_record(struct live *l, const char *name,
	struct fields *x, struct fault *f)
{
	struct text t = text_in(&l->work, LINE_MAX_BYTES);

	text_fmt(&t, "{\"schema\":\"truce.alert/1\",\"%s\":", name);
	fields_print(x, &t);
	text_add(&t, "}\n");
	l->seen.told++;
	return text_check(&t, f) && sink_put(l->out, text_view(&t), f);
}

/* What no other is needed for: an array's beam, a hum. */
static bool tell_detection(void *self, const struct detection *d,
	struct fault *f)
{
	struct live *l = self;
	size_t mark = l->work.used;
	struct fields *x = arena_take(&l->work, sizeof *x, f);
	bool ok;

	if (!x)
		return false;
	*x = fields_in(&l->work);
	ok = detection_write(d, x, f) && tell_record(l, "detection", x, f);
	l->work.used = mark;
	return ok;
}

/* When a sensor begins to be in doubt, and when it ends; the replay says it in
 * full. */
static bool watch_ear(struct live *l, struct ear *e, struct fault *f)
{
	struct instant since = e->unsure;
	const char *why = signal_doubt(e->signal, &since);
	struct health h = {.source = e->source->id, .state = HEALTH_DEGRADED};
	size_t mark = l->work.used;
	struct fields *x;
	bool ok;

	if (!why && instant_known(e->unsure))
		why = "clock in doubt";
	if (why == e->told || (why && e->told && strcmp(why, e->told) == 0))
		return true;
	h.why = why ? why : e->told;
	h.span = (struct span){why ? since : e->doubted, e->heard};
	if (!why)
		h.state = HEALTH_UP;
	e->told = why;
	e->doubted = since;
	health_name(&h);
	if (!(x = arena_take(&l->work, sizeof *x, f)))
		return false;
	*x = fields_in(&l->work);
	ok = health_write(&h, x, f) && tell_record(l, "health", x, f);
	l->work.used = mark;
	return ok;
}

/* Of samples: the replay tells of it. */
static bool no_health(void *self, const struct health *h, struct fault *f)
{
	(void)self;
	(void)h;
	(void)f;
	return true;
}

static bool take_segment(void *self, const struct segment *s, struct fault *f)
{
	struct live *l = self;
	const struct detections told = {tell_detection, l};
	const struct healths nobody = {no_health, NULL};
	struct instant end = segment_time(s, s->count);
	struct ear *e;

	if (s->count == 0 || !instant_known(s->start) ||
		end.utc_ns > l->utc.utc_ns + AHEAD_S * SECOND_NS)
		return true;
	if (!beams_hear(&l->beams, s, l->came_ns, &told, f) ||
		!ears_for(&l->ears, s->channel, &e, f))
		return false;
	if (!e)
		return true;
	if (instant_known(e->heard) && end.utc_ns <= e->heard.utc_ns) {
		e->late_s += instant_seconds(s->start, end);
		l->seen.late += s->count;
		if (e->late_s < AGAIN_S)
			return true;
		ear_start(&l->ears, e);
	}
	if (!instant_known(e->first))
		e->first = s->start;
	e->heard = end;
	e->late_s = 0;
	l->hearing = e;
	l->seen.samples += s->count;
	ear_mind(e, s);
	for (size_t i = 0; i < e->others; i++)
		if (!e->other[i]->segment(e->other_state[i], s, &told, f))
			return false;
	return signal_next(e->signal, s, &nobody, f) && watch_ear(l, e, f) &&
		hear_sounds(l, s, f);
}

/* Damage is told when the packet becomes a file of the mission. */
bool live_hear(struct live *l, struct bytes b, int64_t now_ns,
	struct instant utc, struct fault *f)
{
	struct intake in = {l, take_segment,
		intake_no_observation, intake_no_damage,
		false};
	struct origin o = {"", ""};
	struct parse p = {.format = format_named("miniseed"), .in = b,
		.origin = &o, .scratch = &l->scratch};
	struct fault why = {0};

	l->came_ns = now_ns;
	l->utc = utc;
	l->scratch.used = 0;
	if (parsers_decode(l->parsers, &p, &in, &why) ||
		why.kind == FAULT_INPUT)
		return true;
	*f = why;
	return false;
}

/* -- who was listening -- */

static void add_health(struct live *l, const struct health *h)
{
	if (l->health_count < l->health_room)
		l->health[l->health_count++] = *h;
}

static void down(struct live *l, const struct source *s, struct instant from,
	struct instant to)
{
	const struct health h = {.source = s->id, .span = {from, to},
		.state = HEALTH_DOWN, .why = "no data"};

	if (to.utc_ns > from.utc_ns)
		add_health(l, &h);
}

static int by_source(const void *a, const void *b)
{
	const struct health *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	return d ? d : (x->span.from.utc_ns > y->span.from.utc_ns) -
			(x->span.from.utc_ns < y->span.from.utc_ns);
}

/* -- alerts -- */

struct looking { /* at some of the picks */
	struct live *l;
	struct pick **pick; /* by time */
	size_t count;
	struct arena *page;
	struct told_sound *again; /* of these; NULL: at what nobody claims */
	bool said;
};

static struct pick *pick_of(const struct looking *x, const struct id *id)
{
	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->pick[i]->d.id.text, id->text) == 0)
			return x->pick[i];
	return NULL;
}

struct evidence {
	size_t picks;
	int64_t made_ns, heard_ns; /* the last */
	struct instant at; /* the latest */
};

static struct evidence weigh(const struct looking *x, const struct incident *i)
{
	struct evidence e = {.at = {0}};

	for (size_t k = 0; k < i->evidence_count; k++) {
		const struct pick *p = pick_of(x, &i->evidence[k]);

		if (!p)
			continue;
		e.picks++;
		if (p->made_ns > e.made_ns)
			e.made_ns = p->made_ns;
		if (p->heard_ns > e.heard_ns)
			e.heard_ns = p->heard_ns;
		if (p->d.at.utc_ns > e.at.utc_ns)
			e.at = p->d.at;
	}
	return e;
}

static bool print(struct live *l, const struct incident *i,
	const struct evidence *e, const struct told_sound *told,
	struct arena *page, struct fault *f)
{
	int64_t now = live_now_ns();
	double latency_s = (double)(now - e->made_ns) * 1e-9;
	size_t mark = page->used;
	struct fields *x = arena_take(page, sizeof *x, f);
	struct text t = text_in(page, LINE_MAX_BYTES);
	struct json j = json_on(&t);
	struct text body = text_in(page, LINE_MAX_BYTES);

	if (!x)
		return false;
	*x = fields_in(page);
	if (!incident_write(i, x, f))
		return false;
	fields_print(x, &body);
	json_object(&j);
	json_key_text(&j, "schema", "truce.alert/1");
	json_key_i64(&j, "alert", told->number);
	json_key_i64(&j, "version", told->version);
	json_key_i64(&j, "picks", (int64_t)e->picks);
	json_key_fixed(&j, "latency_s", latency_s, 3);
	json_key_fixed(&j, "heard_s", (double)(e->heard_ns - e->made_ns) * 1e-9,
		3);
	json_key_fixed(&j, "delay_s", instant_seconds(e->at, l->utc) +
		(double)(now - l->came_ns) * 1e-9, 3);
	json_key_raw(&j, "incident", text_view(&body));
	json_close(&j);
	text_char(&t, '\n');
	if (told->version == 1 && latency_s > l->seen.slowest_s)
		l->seen.slowest_s = latency_s;
	l->seen.alerts += told->version == 1;
	if (!text_check(&body, f) || !text_check(&t, f))
		return false;
	page->used = mark;
	return sink_put(l->out, text_view(&t), f);
}

static bool tell(struct looking *x, const struct incident *given,
	const struct evidence *e, struct told_sound *told, struct fault *f)
{
	struct live *l = x->l;
	struct incident i = *given;
	char phrase[PHRASE_TEXT] = "";

	told_place(&l->told, told, &i);
	if (told->version == 0)
		told->told = e->picks;
	i.version = ++told->version;
	(void)gazetteer_phrase(l->mission, i.place.lat_deg, i.place.lon_deg,
		phrase, sizeof phrase);
	i.phrase = phrase;
	return print(l, &i, e, told, x->page, f);
}

/* The arrivals that it rests on are its own from now on. */
static bool put_new(void *self, const struct incident *i, struct fault *f)
{
	struct looking *x = self;
	struct live *l = x->l;
	struct evidence e = weigh(x, i);
	struct told_sound *told;

	/* The heading of a bullet is nobody's aim. */
	if (!place_known(&i->place) || incident_is_part(i))
		return true;
	told = told_new(&l->told);
	if (!tell(x, i, &e, told, f))
		return false;
	for (size_t k = 0; k < i->evidence_count; k++) {
		struct pick *p = pick_of(x, &i->evidence[k]);

		if (!p)
			continue;
		p->alert = told->number;
		told_give(&l->told, told, p->source, p->d.at);
	}
	x->said = true;
	return true;
}

/* Its own arrivals again, now that there are more; the first that rests on
 * most of them is the sound. */
static bool put_again(void *self, const struct incident *i, struct fault *f)
{
	struct looking *x = self;
	struct evidence e = weigh(x, i);

	if (x->said || 2 * e.picks <= x->count ||
		!place_known(&i->place) || incident_is_part(i))
		return true;
	x->said = true;
	return tell(x, i, &e, x->again, f);
}

/* -- a look -- */

/* What sensors are charged with, around what is looked at, and clocks that
 * are in doubt now. */
static void charge(struct live *l, const struct looking *x)
{
	const struct instant end = {INSTANT_MAX_NS - 1};
	struct span span = {instant_plus_s(x->pick[0]->d.at, -2 * l->gap_s),
		instant_plus_s(x->pick[x->count - 1]->d.at, 2 * l->gap_s)};

	for (size_t i = 0; l->known && i < l->known->charge_count; i++)
		if (span_meets(l->known->charge[i].span, span))
			add_health(l, &l->known->charge[i]);
	for (size_t i = 0; i < l->ears.count; i++) {
		const struct ear *e = &l->ears.ear[i];
		const struct health h = {.source = e->source->id,
			.span = {e->unsure, end}, .state = HEALTH_DEGRADED,
			.why = "clock in doubt"};

		if (instant_known(e->unsure))
			add_health(l, &h);
	}
}


/* Who of `of` listened until `until`, as far as that is known; the rest is left
 * out.  A source with several channels is as good as the first of them.  Who
 * gave an arrival listened until now; of others the last WAIT_S may hold one
 * that the detector has not given yet. */
static bool attend(struct live *l, const struct looking *x, const bool *of,
	struct instant until, struct fault *f)
{
	const struct mission *m = l->mission;
	const struct instant begin = {0}, end = {INSTANT_MAX_NS - 1};
	bool *gave = arena_take(&l->work, m->source_count + 1, f);
	bool *heard = arena_take(&l->work, m->source_count + 1, f);

	if (!gave || !heard)
		return false;
	for (size_t i = 0; i < x->count; i++)
		gave[x->pick[i]->source - m->source] = true;
	l->health_count = 0;
	for (size_t i = 0; i < l->ears.count; i++) {
		const struct ear *e = &l->ears.ear[i];
		size_t k = (size_t)(e->source - m->source);
		struct span up = {e->first, e->heard};

		if (heard[k] || !instant_known(e->heard) ||
			!(of ? of[k] : gave[k]))
			continue;
		heard[k] = true;
		if (!gave[k])
			up.to = instant_plus_s(up.to, -WAIT_S);
		if (up.to.utc_ns > until.utc_ns)
			up.to = until;
		if (up.to.utc_ns > ear_doubt(e).utc_ns)
			up.to = ear_doubt(e);
		down(l, e->source, begin, up.from);
		down(l, e->source, up.to, end);
	}
	for (size_t i = 0; i < m->source_count; i++)
		if (m->source[i].kind == SOURCE_ACOUSTIC && !heard[i])
			down(l, &m->source[i], begin, end);
	charge(l, x);
	if (l->health_count > 0)
		qsort(l->health, l->health_count, sizeof *l->health, by_source);
	return true;
}

static bool look_at(struct looking *x, struct fault *f)
{
	struct live *l = x->l;
	struct incidents out = {x->again ? put_again : put_new, x};
	struct network net = {.mission = l->mission, .health = l->health,
		.health_count = l->health_count,
		.spacing_m = l->spacing_m, .quick = true};
	const struct known *k = l->known;
	struct detection *d;

	if (k) {
		net.weather = k->weather;
		net.weather_count = k->weather_count;
	}
	l->scratch.used = 0;
	x->page = &l->scratch;
	if (!(d = arena_array(&l->work, x->count + 1, sizeof *d, f)))
		return false;
	for (size_t i = 0; i < x->count; i++)
		d[i] = x->pick[i]->d;
	return locate_sound(&net, d, x->count, &l->work, &out, f);
}

static void claim(struct live *l, struct pick *p)
{
	const struct told_sound *s = told_claim(&l->told, p->source, p->d.at);

	p->alert = s ? s->number : 0;
}

/* From which pick on, and how far in time, `near` sources may share a sound
 * with a seed; returns how many of theirs there are. */
static size_t reach(const struct live *l, size_t seed, size_t near, bool *of,
	size_t *first, double *reach_m)
{
	const struct pick *s = &l->picks.pick[seed];
	size_t from = (size_t)(s->source - l->mission->source), n = 0, i = seed;
	const struct told_near *by = &l->near[from * NEAR];
	double reach_s;

	memset(of, 0, l->mission->source_count * sizeof *of);
	*reach_m = 0;
	for (size_t k = 0; k < near && by[k].source; k++) {
		of[by[k].source - 1] = true;
		*reach_m = (double)by[k].m;
	}
	reach_s = *reach_m / SLOWEST_MS + PICK_S;
	while (i > 0 && instant_seconds(l->picks.pick[i - 1].d.at, s->d.at) <=
			reach_s)
		i--;
	*first = i;
	for (; i < l->picks.count && instant_seconds(s->d.at,
			l->picks.pick[i].d.at) <= reach_s; i++)
		n += of[l->picks.pick[i].source - l->mission->source] &&
			!l->picks.pick[i].alert;
	return n;
}

/* What may be of one sound with a seed: at a source near it, and no farther in
 * time than sound takes from one to the other.  `of`: who is near. */
static void around(struct live *l, size_t seed, struct looking *x, bool *of,
	struct instant *until)
{
	const struct pick *s = &l->picks.pick[seed];
	size_t from = (size_t)(s->source - l->mission->source), i;
	size_t near = NEAR;
	double reach_m;

	while (reach(l, seed, near, of, &i, &reach_m) > PICKS_LOOK &&
		near > NEAR_LEAST)
		near -= near / 4;
	*until = (struct instant){INSTANT_MAX_NS - 1};
	for (; i < l->picks.count && instant_seconds(s->d.at,
			l->picks.pick[i].d.at) <= reach_m / SLOWEST_MS +
			PICK_S; i++) {
		struct pick *p = &l->picks.pick[i];
		size_t k = (size_t)(p->source - l->mission->source);
		double m = told_apart_m(&l->told, from, k);

		if (!of[k] || fabs(instant_seconds(s->d.at, p->d.at)) >
				m / SLOWEST_MS + PICK_S)
			continue;
		if (p->alert) {
			l->taken[k] = true;
			continue;
		}
		if (x->count == PICKS_LOOK) {
			*until = p->d.at;
			break;
		}
		x->pick[x->count++] = p;
	}
	l->picks.pick[seed].looked = true;
	/* Who gave an arrival to another sound is no witness of silence. */
	for (size_t k = 0; k < l->mission->source_count; k++) {
		of[k] = of[k] && !l->taken[k];
		l->taken[k] = false;
	}
	for (size_t k = 0; k < x->count; k++)
		of[x->pick[k]->source - l->mission->source] = true;
}

static bool look_around(struct live *l, size_t seed, struct fault *f)
{
	struct looking x = {.l = l};
	struct instant until;
	bool *of;

	l->work.used = 0;
	x.pick = arena_array(&l->work, PICKS_LOOK, sizeof *x.pick, f);
	of = arena_take(&l->work, l->mission->source_count + 1, f);
	if (!x.pick || !of)
		return false;
	around(l, seed, &x, of, &until);
	if (x.count < LOOK_LEAST)
		return true;
	if (!attend(l, &x, of, until, f) || !look_at(&x, f))
		return false;
	for (size_t i = 0; x.said && i < l->picks.count; i++)
		if (!l->picks.pick[i].alert)
			claim(l, &l->picks.pick[i]);
	return true;
}

/* Looks around what is new, the newest first: what waits longer is most likely
 * of no sound that can be located.  Ends after a while all the same, as more
 * comes in. */
static bool look_new(struct live *l, bool last, struct fault *f)
{
	int64_t until = live_now_ns() + TICK_MS * (SECOND_NS / 1000);

	for (size_t i = 0; i < l->picks.count; i++)
		if (!l->picks.pick[i].looked && !l->picks.pick[i].alert)
			claim(l, &l->picks.pick[i]);
	l->picks.fresh = 0;
	for (size_t i = l->picks.count; i > 0; i--) {
		struct pick *p = &l->picks.pick[i - 1];

		if (p->looked || p->alert)
			continue;
		if (!last && live_now_ns() > until)
			l->picks.fresh++;
		else if (!look_around(l, i - 1, f))
			return false;
	}
	return true;
}

/* A sound that has twice the arrivals it had: by the first of
 * them, as if nobody else were there. */
static bool look_again(struct live *l, struct told_sound *s, struct fault *f)
{
	struct looking x = {.l = l, .again = s};
	const struct instant end = {INSTANT_MAX_NS - 1};

	l->work.used = 0;
	x.pick = arena_array(&l->work, AGAIN_MOST, sizeof *x.pick, f);
	if (!x.pick)
		return false;
	for (size_t k = 0; k < l->picks.count && x.count < AGAIN_MOST; k++)
		if (l->picks.pick[k].alert == s->number)
			x.pick[x.count++] = &l->picks.pick[k];
	s->told = s->claimed; /* found again or not */
	return attend(l, &x, NULL, end, f) && look_at(&x, f);
}

static bool look(struct live *l, bool last, struct fault *f)
{
	int64_t until;

	if (!look_new(l, last, f))
		return false;
	until = live_now_ns() + TICK_MS * (SECOND_NS / 1000);
	for (size_t i = 0; i < TOLD_MAX; i++) {
		struct told_sound *s = &l->told.sound[i];

		if (!last && live_now_ns() > until)
			break;
		if (s->number > 0 && s->told < AGAIN_MOST &&
			s->claimed >= AGAIN_TIMES * s->told &&
			!look_again(l, s, f))
			return false;
	}
	return true;
}

bool live_tick(struct live *l, bool last, struct fault *f)
{
	int64_t now = live_now_ns(), wait = BETWEEN_MS * (SECOND_NS / 1000);

	if (l->picks.fresh == 0)
		return true;
	if (!last && now - l->tick_ns - l->cost_ns < wait)
		return true;
	l->tick_ns = now;
	if (!look(l, last, f))
		return false;
	l->cost_ns = live_now_ns() - now;
	return true;
}
