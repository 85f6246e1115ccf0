/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/live.h"

#include <time.h>

#include "detect/detector.h"
#include "formats/format.h"
#include "locate/locate.h"
#include "model/phrase.h"

#define SECOND_NS INT64_C(1000000000)
#define EARS_BYTES ((size_t)64 << 30) /* touched as channels come */
#define PICKS_BYTES ((size_t)1 << 30)
#define WORK_BYTES ((size_t)8 << 30)

enum {
	EARS_MAX = 32768,      /* channels; each takes some 40 KiB */
	EARS_OF_SOURCE = 8,    /* or a sender of inventions takes them all */
	PICKS_MAX = 32768,     /* arrivals remembered */
	ALERTS_MAX = 4096,     /* that an arrival may belong to */
	TICK_MS = 100,         /* between two looks, at least */
	AHEAD_S = 3600,        /* of today: no clock is that wrong, or no one
	                          can wait for it */
	AGAIN_S = 60,          /* so much older sound: it goes on from there */
	LINE_MAX_BYTES = 1 << 20,
};

struct ear { /* a channel */
	const char *channel;
	const struct source *source;
	const struct detector *detector;
	void *state;
	struct instant first, heard; /* begin and end of what was heard */
	double late_s;
};

struct pick {
	struct detection d;
	int64_t made_ns;
	uint32_t alert; /* the number of the alert that told of it; 0 */
	bool fresh;
};

struct told { /* an alert */
	size_t picks;
	uint32_t version;
};

struct live {
	const struct mission *mission;
	struct sink out;
	struct arena ears, work, scratch;
	struct arena texts[2]; /* of the picks; the other is empty */
	int now; /* which */
	struct ear *ear;
	uint32_t *bucket; /* of channels: ear + 1 */
	struct pick *pick; /* by detection_order() */
	size_t picks, fresh;
	struct told *told; /* by number modulo ALERTS_MAX */
	uint32_t alerts;
	struct health *health;
	size_t health_count;
	double gap_s;
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
	if (arena_map(&l->ears, EARS_BYTES, f) &&
		arena_map(&l->work, WORK_BYTES, f) &&
		arena_map(&l->scratch, WORK_BYTES, f) &&
		arena_map(&l->texts[0], PICKS_BYTES, f) &&
		arena_map(&l->texts[1], PICKS_BYTES, f) &&
		(l->ear = arena_array(&l->ears, EARS_MAX, sizeof *l->ear, f)) &&
		(l->bucket = arena_array(&l->ears, 2 * EARS_MAX,
			 sizeof *l->bucket, f)) &&
		(l->pick = arena_array(&l->ears, PICKS_MAX + 1, sizeof *l->pick,
			 f)) &&
		(l->told = arena_array(&l->ears, ALERTS_MAX, sizeof *l->told,
			 f)) &&
		(l->health = arena_array(&l->ears, 2 * m->source_count + 1,
			 sizeof *l->health, f))) {
		*out = l;
		return true;
	}
	live_close(l);
	return false;
}

void live_close(struct live *l)
{
	if (!l)
		return;
	arena_unmap(&l->texts[1]);
	arena_unmap(&l->texts[0]);
	arena_unmap(&l->scratch);
	arena_unmap(&l->work);
	arena_unmap(&l->ears);
	free(l);
}

void live_seen(const struct live *l, struct live_seen *out)
{
	*out = l->seen;
}

/* -- channels -- */

static const struct detector *detector_for(const struct source *s)
{
	for (size_t i = 0; detectors[i]; i++)
		if (detectors[i]->hears && detectors[i]->hears(s))
			return detectors[i];
	return NULL;
}

static size_t ears_of(const struct live *l, const struct source *s)
{
	size_t n = 0;

	for (size_t i = 0; i < l->seen.channels; i++)
		n += l->ear[i].source == s;
	return n;
}

static void start_ear(const struct live *l, struct ear *e)
{
	memset(e->state, 0, e->detector->state_size);
	e->detector->start(e->state, e->source, l->mission);
	e->first = e->heard = INSTANT_UNKNOWN;
	e->late_s = 0;
}

/* *out NULL: nobody hears it. */
static bool new_ear(struct live *l, const char *channel, uint32_t *bucket,
	struct ear **out, struct fault *f)
{
	const struct source *s = source_of_channel(
		l->mission->source, l->mission->source_count, channel);
	const struct detector *d;
	struct ear *e = &l->ear[l->seen.channels];

	*out = NULL;
	if (!s || s->kind != SOURCE_ACOUSTIC || !(d = detector_for(s)))
		return true;
	if (l->seen.channels == EARS_MAX || ears_of(l, s) >= EARS_OF_SOURCE) {
		l->seen.deaf++;
		return true;
	}
	*e = (struct ear){.source = s, .detector = d};
	if (!(e->channel = arena_text(&l->ears, bytes_of(channel), f)) ||
		!(e->state = arena_take(&l->ears, d->state_size, f)))
		return false;
	start_ear(l, e);
	*bucket = (uint32_t)++l->seen.channels;
	*out = e;
	return true;
}

/* FNV-1a, for short names. */
static size_t hash(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h % (2 * EARS_MAX);
}

static bool ear_for(struct live *l, const char *channel, struct ear **out,
	struct fault *f)
{
	size_t i = hash(channel);

	for (; l->bucket[i]; i = (i + 1) % (2 * EARS_MAX)) {
		*out = &l->ear[l->bucket[i] - 1];
		if (strcmp((*out)->channel, channel) == 0)
			return true;
	}
	return new_ear(l, channel, &l->bucket[i], out, f);
}

/* -- arrivals -- */

static bool copy(struct live *l, const struct detection *d,
	struct detection *to, struct fault *f)
{
	struct arena *a = &l->texts[l->now];
	struct feature *x = arena_array(a, d->feature_count + 1, sizeof *x, f);

	if (!x)
		return false;
	for (size_t i = 0; i < d->feature_count; i++)
		x[i] = d->feature[i]; /* names are constants */
	*to = *d;
	to->feature = x;
	return true;
}

/* Those that no new one can be of one sound with, and when there are too
 * many the oldest, are forgotten. */
static bool forget(struct live *l, struct fault *f)
{
	int64_t old = live_now_ns() - (int64_t)(2 * l->gap_s * 1e9) -
		60 * SECOND_NS;
	size_t kept = 0;
	size_t from = l->picks > PICKS_MAX / 2 ? l->picks - PICKS_MAX / 2 : 0;

	l->now = 1 - l->now;
	l->texts[l->now].used = 0;
	for (size_t i = from; i < l->picks; i++) {
		struct pick p = l->pick[i];

		if (p.made_ns < old)
			continue;
		if (!copy(l, &p.d, &p.d, f))
			return false;
		l->pick[kept++] = p;
	}
	l->picks = kept;
	return true;
}

static bool put_pick(void *self, const struct detection *d, struct fault *f)
{
	struct live *l = self;
	size_t at;

	if ((l->picks == PICKS_MAX ||
		l->texts[l->now].used > l->texts[l->now].size / 2) &&
		!forget(l, f))
		return false;
	for (at = l->picks; at > 0; at--) {
		int order = detection_order(&l->pick[at - 1].d, d);

		if (order == 0)
			return true; /* an ear that began again */
		if (order < 0)
			break;
	}
	memmove(&l->pick[at + 1], &l->pick[at],
		(l->picks - at) * sizeof *l->pick);
	l->pick[at] = (struct pick){.made_ns = l->came_ns, .fresh = true};
	l->picks++;
	l->fresh++;
	l->seen.arrivals++;
	return copy(l, d, &l->pick[at].d, f);
}

static bool take_segment(void *self, const struct segment *s, struct fault *f)
{
	struct live *l = self;
	struct detections to = {put_pick, l};
	struct instant end = segment_time(s, s->count);
	struct ear *e;

	if (s->count == 0 || !instant_known(s->start) ||
		end.utc_ns > l->utc.utc_ns + AHEAD_S * SECOND_NS)
		return true;
	if (!ear_for(l, s->channel, &e, f))
		return false;
	if (!e)
		return true;
	if (instant_known(e->heard) && end.utc_ns <= e->heard.utc_ns) {
		e->late_s += instant_seconds(s->start, end);
		l->seen.late += s->count;
		if (e->late_s < AGAIN_S)
			return true;
		start_ear(l, e);
	}
	if (!instant_known(e->first))
		e->first = s->start;
	e->heard = end;
	e->late_s = 0;
	l->seen.samples += s->count;
	return e->detector->segment(e->state, s, &to, f);
}

static bool take_observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)o;
	(void)f;
	return true;
}

/* Told when the packet becomes a file of the mission. */
static bool take_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)why;
	(void)offset;
	(void)length;
	(void)f;
	return true;
}

bool live_hear(struct live *l, struct bytes b, int64_t now_ns,
	struct instant utc, struct fault *f)
{
	const struct format *fmt = format_named("miniseed");
	struct intake in = {l, take_segment, take_observation, take_damage,
		false};
	struct origin o = {"", ""};
	struct fault why = {0};

	l->came_ns = now_ns;
	l->utc = utc;
	l->scratch.used = 0;
	if (fmt->decode(b, &o, &l->scratch, &in, &why) ||
		why.kind == FAULT_INPUT)
		return true;
	*f = why;
	return false;
}

/* -- who was listening -- */

static void down(struct live *l, const struct source *s, struct instant from,
	struct instant to)
{
	l->health[l->health_count++] = (struct health){.source = s->id,
		.span = {from, to}, .state = HEALTH_DOWN, .why = "no data"};
}

static int by_source(const void *a, const void *b)
{
	const struct health *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	return d ? d : (x->span.from.utc_ns > y->span.from.utc_ns) -
			(x->span.from.utc_ns < y->span.from.utc_ns);
}

/* A source with several channels is as good as the first of them. */
static void attend(struct live *l)
{
	const struct mission *m = l->mission;
	const struct instant begin = {0}, end = {INSTANT_MAX_NS - 1};
	bool *heard = l->work.at ? arena_take(&l->work, m->source_count + 1,
		&(struct fault){0}) : NULL;

	l->health_count = 0;
	for (size_t i = 0; heard && i < l->seen.channels; i++) {
		const struct ear *e = &l->ear[i];
		size_t k = (size_t)(e->source - m->source);

		if (heard[k] || !instant_known(e->heard))
			continue;
		heard[k] = true;
		down(l, e->source, begin, e->first);
		down(l, e->source, e->heard, end);
	}
	for (size_t i = 0; heard && i < m->source_count; i++)
		if (m->source[i].kind == SOURCE_ACOUSTIC && !heard[i])
			down(l, &m->source[i], begin, end);
	if (l->health_count > 0)
		qsort(l->health, l->health_count, sizeof *l->health, by_source);
}

/* -- alerts -- */

struct looking { /* at some of the picks */
	struct live *l;
	struct pick *pick;
	size_t count;
	struct arena *page;
};

static struct pick *pick_of(const struct looking *x, const struct id *id)
{
	for (size_t i = 0; i < x->count; i++)
		if (strcmp(x->pick[i].d.id.text, id->text) == 0)
			return &x->pick[i];
	return NULL;
}

struct evidence {
	size_t picks, fresh;
	int64_t made_ns;    /* the last */
	struct instant at;  /* the latest */
	uint32_t alert;     /* that most of it was told with; 0: none */
	size_t shared;
};

static struct evidence weigh(const struct looking *x, const struct incident *i)
{
	struct evidence e = {.at = {0}};

	for (size_t k = 0; k < i->evidence_count; k++) {
		const struct pick *p = pick_of(x, &i->evidence[k]);
		size_t same = 0;

		if (!p)
			continue;
		e.picks++;
		e.fresh += p->fresh;
		if (p->made_ns > e.made_ns)
			e.made_ns = p->made_ns;
		if (p->d.at.utc_ns > e.at.utc_ns)
			e.at = p->d.at;
		for (size_t j = 0; p->alert && j < i->evidence_count; j++) {
			const struct pick *q = pick_of(x, &i->evidence[j]);

			same += q && q->alert == p->alert;
		}
		if (same > e.shared) {
			e.shared = same;
			e.alert = p->alert;
		}
	}
	return e;
}

static bool print(struct live *l, const struct incident *i,
	const struct evidence *e, const struct told *told, struct arena *page,
	struct fault *f)
{
	double latency_s = (double)(live_now_ns() - e->made_ns) * 1e-9;
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
	json_key(&j, "schema");
	json_text(&j, "truce.alert/1");
	json_key(&j, "version");
	json_i64(&j, told->version);
	json_key(&j, "picks");
	json_i64(&j, (int64_t)e->picks);
	json_key(&j, "latency_s");
	json_fixed(&j, latency_s, 3);
	json_key(&j, "delay_s");
	json_fixed(&j, instant_seconds(e->at, l->utc) +
		(double)(live_now_ns() - l->came_ns) * 1e-9, 3);
	json_key(&j, "incident");
	json_raw(&j, text_view(&body));
	json_close(&j);
	text_char(&t, '\n');
	if (latency_s > l->seen.slowest_s)
		l->seen.slowest_s = latency_s;
	l->seen.alerts++;
	if (!text_check(&body, f) || !text_check(&t, f))
		return false;
	page->used = mark;
	return sink_put(l->out, text_view(&t), f);
}

/* Told already, if half of the smaller's arrivals are shared; then it is told
 * again only when it has grown to twice what it was. */
static bool put_sound(void *self, const struct incident *given,
	struct fault *f)
{
	struct looking *x = self;
	struct live *l = x->l;
	struct evidence e = weigh(x, given);
	struct told *told = &l->told[e.alert % ALERTS_MAX];
	struct incident i = *given;
	char phrase[PHRASE_TEXT] = "";
	bool known = e.alert && 2 * e.shared >= (e.picks < told->picks
			? e.picks : told->picks);

	if (e.fresh == 0)
		return true; /* nothing new, or cut at the edge */
	if (!known) {
		if (++l->alerts == 0)
			l->alerts = 1;
		e.alert = l->alerts;
		told = &l->told[e.alert % ALERTS_MAX];
		*told = (struct told){0};
	}
	for (size_t k = 0; k < i.evidence_count; k++) {
		struct pick *p = pick_of(x, &i.evidence[k]);

		if (p)
			p->alert = e.alert;
	}
	if (known && e.picks < 2 * told->picks)
		return true;
	told->picks = e.picks;
	told->version++;
	if (place_known(&i.place)) {
		(void)gazetteer_phrase(l->mission, i.place.lat_deg,
			i.place.lon_deg, phrase, sizeof phrase);
		i.phrase = phrase;
	}
	return print(l, &i, &e, told, x->page, f);
}

/* -- a look -- */

static bool look_at(struct live *l, size_t from, size_t to, struct fault *f)
{
	struct looking x = {l, &l->pick[from], to - from, &l->scratch};
	struct incidents out = {put_sound, &x};
	struct network net = {.mission = l->mission, .health = l->health,
		.health_count = l->health_count};
	struct detection *d;

	l->scratch.used = 0;
	if (!(d = arena_array(&l->work, x.count, sizeof *d, f)))
		return false;
	for (size_t i = 0; i < x.count; i++)
		d[i] = x.pick[i].d;
	return locate_sound(&net, d, x.count, &l->work, &out, f);
}

/* All within a gap's reach of a new one, stretch by stretch. */
static bool look(struct live *l, struct fault *f)
{
	size_t from = 0;

	for (size_t i = 0; i < l->picks; i++) {
		size_t to = i + 1, last = i;

		if (!l->pick[i].fresh)
			continue;
		while (from < i && instant_seconds(l->pick[from].d.at,
			l->pick[i].d.at) > l->gap_s)
			from++;
		for (; to < l->picks && instant_seconds(l->pick[last].d.at,
			l->pick[to].d.at) <= l->gap_s; to++)
			if (l->pick[to].fresh)
				last = to;
		l->work.used = 0;
		attend(l);
		if (!look_at(l, from, to, f))
			return false;
		i = last;
	}
	for (size_t i = 0; i < l->picks; i++)
		l->pick[i].fresh = false;
	l->fresh = 0;
	return true;
}

bool live_tick(struct live *l, bool last, struct fault *f)
{
	int64_t now = live_now_ns(), wait = TICK_MS * (SECOND_NS / 1000);

	if (l->fresh == 0)
		return true;
	/* As long as the last one took, so that half the time is left for what
	 * comes in. */
	if (wait < l->cost_ns)
		wait = l->cost_ns;
	if (!last && now - l->tick_ns - l->cost_ns < wait)
		return true;
	l->tick_ns = now;
	if (!look(l, f))
		return false;
	l->cost_ns = live_now_ns() - now;
	return true;
}
