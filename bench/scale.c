/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * scale.c - from samples to incidents at any size: what it costs, what it
 * finds.
 *
 *     scale [NODES[,NODES...] [MINUTES [RATE_HZ [SEED [SHOTS [FILE]]]]]]
 *
 * The scenario "load": a node a square kilometre, light shots all over, ten a
 * second for 10,000 nodes (so one a second for 1,000; the first and the last
 * fifth of the time, two minutes at most, are silent).  The full run is
 * `scale 100,1000,10000 10`; without arguments a small one.  FILE keeps the
 * arrivals; where it is there, it is read, and the locating alone is repeated.
 *
 * Two threads go through the nodes as a replay does, sixteen at a time: Steim2
 * to samples, the judge of signals, the detectors.  The simulator makes the
 * bytes of sixteen nodes at a time, and its time is left out (CPU time of the
 * thread).  Then all arrivals go through locate_sound(), island by island, each
 * shared by two threads.  Not here: the store.
 *
 * Lost are counted of those shots that the map of what could be heard states
 * as heard and placed (watch/capability.h, the product's own), at their place
 * and in their slot, with 0.9 (W90), 0.99 and 0.999; beside it, how many lost
 * ones these probabilities allow. */
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "detect/detector.h"
#include "locate/hear.h"
#include "model/loudness.h"
#include "roles/crew.h"
#include "roles/pending.h"
#include "scale_kept.h"
#include "watch/capability.h"
#include "watch/signal.h"

enum { JOBS = 2, SIZES_MAX = 8, DECODE_EVERY = 16, FALSE_TOLD = 8 };
enum { EARS_MAX = 4 };
/* Still air at 5 degrees, as in the scenario; and from so far a shot may be
 * heard. */
#define SPEED_MS 334.6
#define HEARD_M 12000.0

enum stage { SIMULATE, DECODE, DETECT, LOCATE, STAGES };
static const char *const stage_name[STAGES] = {
	"simulate", "decode", "detect", "locate"};

struct list { /* of things of one size, that grows */
	uint8_t *at;
	size_t count, room, size;
};

struct run { /* of one size of network */
	struct sim *sim;
	struct mission mission;
	struct weathers weather;
	struct target world;
	struct arena text; /* of detections and sources */
	struct arena made; /* incidents */
	struct truth *truth;
	size_t truths;
	size_t next; /* node */
	struct list detection, ambient, incident;
	uint64_t samples, bytes;
	size_t charges;
	double cpu_s[STAGES];
	double locate_wall_s, locate_own_s; /* own: of the thread that calls */
	double hours;
};

struct voice { /* a node that is heard */
	struct hand *hand;
	const struct source *source;
	struct arena bytes; /* what it sent; used: read */
	size_t sent;
	struct arena state, fixed;
	struct signal *signal;
	struct detections to;
	struct ambients air;
	struct pending pending;
};

struct hand { /* of one thread */
	struct run *run;
	struct crew *crew;
	struct target world;
	struct arena node, scratch;
	struct voice voice[STRANDS];
	const struct detector *beside; /* of these the one that hears many */
	const struct detector *ear[EARS_MAX];
	size_t state_at[EARS_MAX], ears;
	struct list detection, ambient;
	double cpu_s[STAGES];
	uint64_t samples, bytes, decoded; /* decoded: samples, alone */
	size_t charges;
};

static double thread_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double process_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double wall_s(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static bool list_add(struct list *l, const void *x, size_t n, struct fault *f)
{
	if (l->count + n > l->room) {
		l->room = 2 * l->room + n + 64;
		l->at = realloc(l->at, l->room * l->size);
		if (!l->at)
			return fault(f, FAULT_SYSTEM, "no memory");
	}
	if (n > 0)
		memcpy(l->at + l->count * l->size, x, n * l->size);
	l->count += n;
	return true;
}

/* -- samples to detections -- */

static bool take_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct voice *v = self;
	struct hand *h = v->hand;
	struct detection x = *d;
	struct feature *y;

	crew_lock(h->crew);
	y = arena_array(&h->run->text, d->feature_count + 1, sizeof *y, f);
	crew_unlock(h->crew);
	if (!y)
		return false;
	memcpy(y, d->feature, d->feature_count * sizeof *y);
	x.feature = y;
	x.source = v->source->id;
	return list_add(&h->detection, &x, 1, f);
}

static bool take_ambient(void *self, const struct ambient *a, struct fault *f)
{
	struct voice *v = self;
	struct ambient x = *a;

	x.source = v->source->id;
	return list_add(&v->hand->ambient, &x, 1, f);
}

static bool take_charge(void *self, const struct health *c, struct fault *f)
{
	struct hand *h = self;

	(void)c;
	(void)f;
	h->charges++;
	return true;
}

/* As roles/hear.c does: samples are read once for all detectors. */
static bool hear(void *self, const struct segment *s, struct fault *f)
{
	struct voice *v = self;
	struct hand *h = v->hand;
	struct healths charges = {take_charge, h};

	h->samples += s->count;
	if (!signal_next(v->signal, s, &charges, f))
		return false;
	for (size_t i = 0; i < h->ears; i++)
		if (h->ear[i] != h->beside && !h->ear[i]->segment(
			    v->state.at + h->state_at[i], s, &v->to, f))
			return false;
	return pending_add(&v->pending, s) ||
		fault(f, FAULT_LIMIT, "too many samples in a slice");
}

static bool count_samples(
	void *self, const struct segment *s, struct fault *f)
{
	struct voice *v = self;

	(void)f;
	v->hand->decoded += s->count;
	return true;
}

static bool decode(struct voice *v, size_t from, size_t length,
	bool (*take)(void *, const struct segment *, struct fault *),
	struct fault *f)
{
	const struct origin o = {"", v->source->id};
	struct intake in = {v, take, intake_no_observation, intake_no_damage,
		false};
	struct bytes b = {v->bytes.at + from, length};

	v->hand->scratch.used = 0;
	return format_named("miniseed")->decode(
		b, &o, &v->hand->scratch, &in, f);
}

static void start(struct voice *v)
{
	struct hand *h = v->hand;

	memset(v->state.at, 0, v->state.size);
	signal_start(v->signal, v->source->id, (void *)(v->signal + 1));
	for (size_t i = 0; i < h->ears; i++) {
		void *state = v->state.at + h->state_at[i];

		h->ear[i]->start(state, v->source, &h->run->mission);
		if (h->ear[i]->listen)
			h->ear[i]->listen(state, &v->air);
		if (h->ear[i] == h->beside)
			v->pending.strand.state = state;
	}
	v->pending.strand.out = &v->to;
}

static bool finish(struct voice *v, struct fault *f)
{
	struct hand *h = v->hand;
	struct healths charges = {take_charge, h};
	bool ok = signal_finish(v->signal, &charges, f);

	for (size_t i = 0; ok && i < h->ears; i++)
		ok = h->ear[i]->finish(
			v->state.at + h->state_at[i], &v->to, f);
	return ok;
}

/* Records are of 512 bytes, and a slice of whole ones. */
static bool read_on(struct voice *v, struct fault *f)
{
	while (v->bytes.used < v->sent &&
		(!pending_any(&v->pending) ||
			v->pending.samples < PENDING_ENOUGH)) {
		size_t from = v->bytes.used, left = v->sent - from;
		size_t n = left < PENDING_SLICE ? left : PENDING_SLICE;

		v->bytes.used += n;
		if (!decode(v, from, n, hear, f))
			return false;
	}
	return true;
}

static bool listen(struct hand *h, size_t count, struct fault *f)
{
	struct pending *all[STRANDS];
	bool any = true, ok = true;

	for (size_t i = 0; i < count; i++) {
		start(&h->voice[i]);
		all[i] = &h->voice[i].pending;
	}
	while (ok && any) {
		any = false;
		for (size_t i = 0; ok && i < count; i++) {
			ok = pending_any(all[i]) || read_on(&h->voice[i], f);
			any |= ok && pending_any(all[i]);
		}
		ok = ok && pending_turn(all, count, h->beside, f);
	}
	for (size_t i = 0; ok && i < count; i++)
		ok = finish(&h->voice[i], f);
	return ok;
}

/* What node i sends. */
static bool one_node(struct voice *v, size_t i, struct fault *f)
{
	struct hand *h = v->hand;
	const struct sim_files files = {
		&h->world, target_open, target_put, target_close};
	uint8_t *to;

	h->world.node.len = 0;
	h->node.used = 0;
	if (!sim_node(h->run->sim, i, &h->node, &files, f))
		return false;
	/* The simulator's nodes are in the order of their ids. */
	v->source = &h->run->mission.source[i];
	v->bytes.used = 0;
	v->sent = h->world.node.len;
	if (!(to = arena_take(&v->bytes, v->sent, f)))
		return false;
	memcpy(to, h->world.node.at, v->sent);
	v->bytes.used = 0;
	h->bytes += v->sent;
	return true;
}

static bool some_nodes(
	struct hand *h, const size_t *node, size_t count, struct fault *f)
{
	double t, was = thread_s();

	for (size_t i = 0; i < count; i++)
		if (!one_node(&h->voice[i], node[i], f))
			return false;
	t = thread_s();
	h->cpu_s[SIMULATE] += t - was;
	if (!listen(h, count, f))
		return false;
	was = thread_s();
	h->cpu_s[DETECT] += was - t;
	for (size_t i = 0; i < count; i++)
		if (node[i] % DECODE_EVERY == 0 && !decode(&h->voice[i], 0,
			h->voice[i].sent, count_samples, f))
			return false;
	h->cpu_s[DECODE] += thread_s() - was;
	return true;
}

/* Those that hear sound, and room for their states. */
static bool choose(struct hand *h, struct fault *f)
{
	const struct source *s = h->run->mission.source;
	size_t room = 0, signal = sizeof(struct signal) +
		SIGNAL_MARKS * sizeof(struct signal_mark);

	for (size_t i = 0; detectors[i] && h->ears < EARS_MAX; i++) {
		if (!detectors[i]->hears || !detectors[i]->hears(s))
			continue;
		if (detectors[i]->abreast)
			h->beside = detectors[i];
		h->ear[h->ears] = detectors[i];
		h->state_at[h->ears++] = room;
		room += (detectors[i]->state_size + 63) / 64 * 64;
	}
	for (size_t i = 0; i < STRANDS; i++) {
		struct voice *v = &h->voice[i];

		v->hand = h;
		v->to = (struct detections){take_detection, v};
		v->air = (struct ambients){take_ambient, v};
		if (!arena_map(&v->state, room, f) ||
			!arena_map(&v->bytes, (size_t)1 << 30, f) ||
			!arena_map(&v->fixed, signal + PENDING_BYTES, f) ||
			!pending_open(&v->pending, &v->fixed, f) ||
			!(v->signal = arena_take(&v->fixed, signal, f)))
			return false;
	}
	return true;
}

static bool gather(struct hand *h, struct fault *f)
{
	struct run *r = h->run;
	bool ok;

	/* Decoding alone was measured on a part of the nodes. */
	if (h->decoded > 0)
		h->cpu_s[DECODE] *= (double)h->samples / (double)h->decoded;
	h->cpu_s[DETECT] -= h->cpu_s[DECODE];
	crew_lock(h->crew);
	for (int k = 0; k < STAGES; k++)
		r->cpu_s[k] += h->cpu_s[k];
	r->samples += h->samples;
	r->bytes += h->bytes;
	r->charges += h->charges;
	ok = list_add(&r->detection, h->detection.at, h->detection.count, f) &&
		list_add(&r->ambient, h->ambient.at, h->ambient.count, f);
	crew_unlock(h->crew);
	return ok;
}

static bool nodes(void *self, struct crew *crew, struct fault *f)
{
	struct run *r = self;
	struct hand h = {.run = r, .crew = crew,
		.detection.size = sizeof(struct detection),
		.ambient.size = sizeof(struct ambient)};
	size_t node[STRANDS], n;
	bool ok = arena_map(&h.node, SIM_NODE_ARENA, f) &&
		arena_map(&h.scratch, (size_t)1 << 30, f) && choose(&h, f);

	do {
		n = 0;
		while (n < STRANDS && crew_next(crew, &r->next,
			r->mission.source_count, &node[n]))
			n++;
		ok = ok && some_nodes(&h, node, n, f);
	} while (ok && n > 0);
	ok = ok && gather(&h, f);
	for (size_t i = 0; i < STRANDS; i++) {
		arena_unmap(&h.voice[i].fixed);
		arena_unmap(&h.voice[i].bytes);
		arena_unmap(&h.voice[i].state);
	}
	arena_unmap(&h.scratch);
	arena_unmap(&h.node);
	target_free(&h.world);
	free(h.detection.at);
	free(h.ambient.at);
	return ok;
}

/* -- detections to incidents -- */

static int by_time(const void *a, const void *b)
{
	return detection_order(a, b);
}

static bool take_incident(
	void *self, const struct incident *i, struct fault *f)
{
	struct run *r = self;

	return list_add(&r->incident, i, 1, f);
}

static bool locate(struct run *r, struct fault *f)
{
	struct detection *d = (struct detection *)(void *)r->detection.at;
	struct network net = {.mission = &r->mission,
		.weather = r->weather.w, .weather_count = r->weather.count};
	struct incidents to = {take_incident, r};
	struct hands hands = crew_hands(JOBS);
	double gap = locate_gap_s(&r->mission), was = process_s();
	double wall = wall_s(), own = thread_s();
	bool ok = true;

	net.hands = &hands;

	if (r->detection.count > 0)
		qsort(d, r->detection.count, sizeof *d, by_time);
	for (size_t i = 0, k; ok && i < r->detection.count; i = k) {
		for (k = i + 1; k < r->detection.count &&
			instant_seconds(d[k - 1].at, d[k].at) <= gap; k++)
			;
		ok = locate_sound(&net, d + i, k - i, &r->made, &to, f);
	}
	r->cpu_s[LOCATE] = process_s() - was;
	r->locate_wall_s = wall_s() - wall;
	r->locate_own_s = thread_s() - own;
	return ok;
}

/* -- against the truth -- */

static const struct ambient *ambient_of(
	const struct run *r, const char *source, struct instant t)
{
	const struct ambient *a = (const void *)r->ambient.at;
	size_t lo = 0, hi = r->ambient.count;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (strcmp(a[mid].source, source) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < r->ambient.count && !strcmp(a[lo].source, source); lo++)
		if (span_holds(a[lo].span, t))
			return &a[lo];
	return NULL;
}

static int64_t slot_of(const struct truth *t)
{
	return t->at.utc_ns / (INT64_C(1000000000) * AMBIENT_SLOT_S);
}

static int ambient_order(const void *a, const void *b)
{
	const struct ambient *x = a, *y = b;

	return strcmp(x->source, y->source);
}

/* What the map states (watch/capability.h), at the place and in the minute of
 * each shot, by what the detectors measured: the product's own code. */
static bool state(struct run *r, double range_m, struct fault *f)
{
	struct box box = {0, 0, 0.001, 0.001};
	struct grid none = grid_on(&box, 1, 1);
	struct capability c;
	struct arena a = {0};
	bool ok = arena_map(&a, (size_t)1 << 30, f) &&
		capability_make(&c, &r->mission, &none, range_m, &a, f);

	for (size_t i = 0; ok && i < r->truths; i++) {
		struct truth *t = &r->truth[i];
		struct loudness_wind w = loudness_wind_at(
			r->weather.w, r->weather.count, t->at);

		capability_wind(&c, &w);
		/* Slots change seldom: the shots come in order of time. */
		for (size_t k = 0; ok && k < r->mission.source_count &&
			(i == 0 || slot_of(t) != slot_of(t - 1)); k++)
			ok = capability_set(&c, k, ambient_of(r,
				r->mission.source[k].id, t->at), f);
		ok = ok && capability_pd_at(&c, &r->mission, range_m,
			(struct point){t->lat_deg, t->lon_deg}, t->yield_kg,
			&t->pd, f);
	}
	arena_unmap(&a);
	return ok;
}

/* A shot and an incident that may be it. */
struct pair {
	double apart; /* metres and, at the speed of sound, seconds */
	size_t shot, incident;
};

static int by_apart(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->apart < y->apart || x->apart > y->apart)
		return x->apart < y->apart ? -1 : 1;
	return (x->incident > y->incident) - (x->incident < y->incident);
}

/* Whether an incident may be of a shot: half a second and 150 m, or twice its
 * region and as long as sound takes through that. */
static bool may_be(const struct incident *i, const struct frame *f,
	const struct truth *t, struct pair *out)
{
	double reach = fmax(150, 2 * i->place.region.ellipse.semi_major_m);
	double dt = fabs(instant_seconds(i->at, t->at)), d;
	struct xy p;

	if (dt > fmax(0.5, reach / 300))
		return false;
	p = frame_to(f, t->lat_deg, t->lon_deg);
	d = sqrt(p.x_m * p.x_m + p.y_m * p.y_m);
	out->apart = d + 340 * dt;
	return d <= reach;
}

/* Whether the region of 90 % holds it. */
static bool holds(const struct incident *i, const struct truth *t)
{
	const struct ellipse *e = &i->place.region.ellipse;
	struct frame f = frame_at(i->place.lat_deg, i->place.lon_deg);
	struct xy p = frame_to(&f, t->lat_deg, t->lon_deg);
	double s = m_sin(RAD(e->azimuth_deg)), c = m_cos(RAD(e->azimuth_deg));
	double along = (p.x_m * s + p.y_m * c) / e->semi_major_m;
	double across = (p.x_m * c - p.y_m * s) / e->semi_minor_m;

	return along * along + across * across <= 1;
}

/* Heard from one side. */
static bool is_long(const struct incident *i)
{
	return i->place.region.ellipse.semi_major_m >
		3 * i->place.region.ellipse.semi_minor_m;
}

/* One incident to one shot, the nearest pairs first; is_true by incident. */
static void match(struct run *r, bool *is_true)
{
	const struct incident *x = (const void *)r->incident.at;
	struct list pairs = {.size = sizeof(struct pair)};
	size_t n = 0, in = 0, longs = 0, long_in = 0;
	const struct pair *p;
	struct fault f;

	for (size_t i = 0; i < r->incident.count; i++) {
		struct frame frame = frame_at(
			x[i].place.lat_deg, x[i].place.lon_deg);

		for (size_t k = 0; k < r->truths; k++) {
			struct pair q = {0, k, i};

			if (may_be(&x[i], &frame, &r->truth[k], &q) &&
				!list_add(&pairs, &q, 1, &f))
				exit(1);
		}
	}
	if (pairs.count > 0)
		qsort(pairs.at, pairs.count, sizeof *p, by_apart);
	p = (const void *)pairs.at;
	for (size_t i = 0; i < pairs.count; i++) {
		struct truth *t = &r->truth[p[i].shot];

		if (t->found || is_true[p[i].incident])
			continue;
		t->found = is_true[p[i].incident] = true;
		n += 1;
		in += holds(&x[p[i].incident], t);
		if (is_long(&x[p[i].incident])) {
			longs += 1;
			long_in += holds(&x[p[i].incident], t);
		}
	}
	printf("scale: ellipses of 90 %% hold %zu of %zu; of those three times "
		"as long as wide %zu of %zu\n", in, n, long_in, longs);
	free(pairs.at);
}

static const struct detection *detection_of(
	const struct run *r, const struct id *id)
{
	const struct detection *d = (const void *)r->detection.at;

	for (size_t i = 0; i < r->detection.count; i++)
		if (strcmp(d[i].id.text, id->text) == 0)
			return &d[i];
	return NULL;
}

/* The shot that an arrival may be of, NULL none: within 30 ms and 1 % of its
 * way in the wind that was reported, or an echo up to 0.3 s later; the least
 * late.  *late_s and *d_m: by how much, from how far. */
static const struct truth *heard_of(const struct run *r,
	const struct detection *d, double *late_s, double *d_m)
{
	const struct source *s = source_find(
		r->mission.source, r->mission.source_count, d->source);
	struct frame f = frame_at(s->lat_deg, s->lon_deg);
	struct loudness_wind w = loudness_wind_at(
		r->weather.w, r->weather.count, d->at);
	const struct truth *best = NULL;
	double least = INFINITY;

	for (size_t k = 0; k < r->truths; k++) {
		struct xy p = frame_to(
			&f, r->truth[k].lat_deg, r->truth[k].lon_deg);
		double far = sqrt(p.x_m * p.x_m + p.y_m * p.y_m) + 1;
		double along = -(w.east_ms * p.x_m + w.north_ms * p.y_m) / far;
		double travel = far / (SPEED_MS + along);
		double late = instant_seconds(r->truth[k].at, d->at) - travel;

		if (far > HEARD_M || late < -0.03 - 0.01 * travel ||
			late > 0.3 || fabs(late) >= least)
			continue;
		least = fabs(late);
		best = &r->truth[k];
		*late_s = late;
		*d_m = far;
	}
	return best;
}

/* Of which shots its arrivals are. */
static void tell_arrivals(const struct run *r, const struct incident *i)
{
	for (size_t k = 0; k < i->evidence_count; k++) {
		const struct detection *d = detection_of(r, &i->evidence[k]);
		double late = NAN, far = NAN;
		const struct truth *t = heard_of(r, d, &late, &far);

		printf("#   %s %.1f dB, sigma %.0f ms: ", d->source,
			feature_of(d->feature, d->feature_count, "level_db"),
			1000 * d->sigma_s);
		if (t)
			printf("shot %zu, %.0f m, late by %.0f ms\n",
				(size_t)(t - r->truth), far, 1000 * late);
		else
			printf("no shot\n");
	}
}

/* Of a false one: the shot that is nearest in time and place. */
static void tell_false(const struct run *r, const struct incident *i)
{
	struct frame f = frame_at(i->place.lat_deg, i->place.lon_deg);
	double least = INFINITY, d_m = NAN, dt_s = NAN;
	const struct truth *near = NULL;

	for (size_t k = 0; k < r->truths; k++) {
		const struct truth *t = &r->truth[k];
		struct xy p = frame_to(&f, t->lat_deg, t->lon_deg);
		double d = sqrt(p.x_m * p.x_m + p.y_m * p.y_m);
		double dt = instant_seconds(t->at, i->at);

		if (d + 340 * fabs(dt) >= least)
			continue;
		least = d + 340 * fabs(dt);
		d_m = d;
		dt_s = dt;
		near = t;
	}
	printf("# false: %zu arrivals, score %.1f, region %.0f m; %.2f s and "
		"%.0f m from shot %zu, heard by %zu%s\n", i->evidence_count,
		feature_of(i->feature, i->feature_count, "score"),
		i->place.region.ellipse.semi_major_m, dt_s, d_m,
		near ? (size_t)(near - r->truth) : 0,
		near ? near->heard_by : 0, near && near->found ?
			", found" : "");
	tell_arrivals(r, i);
}

/* Lost of those for which a probability was stated, and how many that allows:
 * the sum of what is left of it to one. */
static void tell_lost(const struct run *r)
{
	static const double from[] = {CAPABILITY_PD, 0.99, 0.999};

	for (size_t k = 0; k < sizeof from / sizeof *from; k++) {
		size_t can = 0, lost = 0;
		double allowed = 0;

		for (size_t i = 0; i < r->truths; i++) {
			const struct truth *t = &r->truth[i];

			if (!(t->pd >= from[k]))
				continue;
			can++;
			lost += !t->found;
			allowed += 1 - t->pd;
		}
		printf("; stated with %g: %zu lost of %zu (%.1f allowed)",
			from[k], lost, can, allowed);
	}
	printf("\n");
}

/* Of a shot that was stated and lost: how many arrivals are of it, which shot
 * is nearest, which incident. */
static void tell_missed(const struct run *r, const struct truth *t)
{
	const struct detection *d = (const void *)r->detection.at;
	const struct incident *x = (const void *)r->incident.at;
	struct frame f = frame_at(t->lat_deg, t->lon_deg);
	double shot = INFINITY, told = INFINITY;
	size_t own = 0, near = 0, its = 0;

	for (size_t i = 0; i < r->detection.count; i++) {
		double late = NAN, far = NAN;
		double dt = instant_seconds(t->at, d[i].at);

		own += dt >= 0 && dt < HEARD_M / 300.0 &&
			heard_of(r, &d[i], &late, &far) == t;
	}
	for (size_t k = 0; k < r->truths; k++) {
		const struct truth *o = &r->truth[k];
		struct xy p = frame_to(&f, o->lat_deg, o->lon_deg);
		double a = sqrt(p.x_m * p.x_m + p.y_m * p.y_m) +
			340 * fabs(instant_seconds(o->at, t->at));

		if (o != t && a < shot) {
			shot = a;
			near = k;
		}
	}
	for (size_t k = 0; k < r->incident.count; k++) {
		struct xy p = frame_to(
			&f, x[k].place.lat_deg, x[k].place.lon_deg);
		double a = sqrt(p.x_m * p.x_m + p.y_m * p.y_m) +
			340 * fabs(instant_seconds(x[k].at, t->at));

		if (a < told) {
			told = a;
			its = k;
		}
	}
	printf("# lost: shot %zu, %.5f of it stated, heard by %zu, %zu "
		"arrivals; shot %zu %.0f m off "
		"(time as way), %.2f s; incident of %zu "
		"arrivals, %.0f m off, %.2f s\n", (size_t)(t - r->truth), t->pd,
		t->heard_by, own, near, shot, instant_seconds(
		t->at, r->truth[near].at), r->incident.count ?
		x[its].evidence_count : 0, told, r->incident.count ?
		instant_seconds(t->at, x[its].at) : NAN);
}

static void tell_found(struct run *r)
{
	static const size_t from[] = {0, 4, 8, 12, 20, 40, 100000};
	const struct incident *x = (const void *)r->incident.at;
	struct fault f = {0};
	bool *is_true = calloc(r->incident.count + 1, sizeof *is_true);
	size_t wrong = 0;

	if (r->ambient.count > 0)
		qsort(r->ambient.at, r->ambient.count, sizeof(struct ambient),
			ambient_order);
	if (!state(r, hear_range_m(&r->mission), &f)) {
		fprintf(stderr, "scale: %s\n", f.text);
		exit(1);
	}
	match(r, is_true);
	for (size_t i = 0; i < r->incident.count; i++) {
		wrong += !is_true[i];
		if (!is_true[i] && wrong <= FALSE_TOLD)
			tell_false(r, &x[i]);
	}
	for (size_t i = 0; i < r->truths; i++)
		if (r->truth[i].pd >= CAPABILITY_PD && !r->truth[i].found)
			tell_missed(r, &r->truth[i]);
	free(is_true);
	printf("scale: %zu shots, %zu incidents, %zu false (%.1f an hour)",
		r->truths, r->incident.count, wrong, (double)wrong / r->hours);
	tell_lost(r);
	printf("scale: found, by how many nodes it stood 12 dB above the "
		"noise at:");
	for (size_t k = 0; k + 1 < sizeof from / sizeof *from; k++) {
		size_t n = 0, found = 0;

		for (size_t i = 0; i < r->truths; i++) {
			const struct truth *t = &r->truth[i];

			if (t->heard_by < from[k] ||
				t->heard_by >= from[k + 1])
				continue;
			n++;
			found += t->found;
		}
		printf(" %zu+ %zu/%zu", from[k], found, n);
	}
	printf("\n");
}

/* -- all of it -- */

/* Sources, weather and truth of the simulator's pages. */
static bool read_world(struct run *r, struct arena *a, struct fault *f)
{
	struct intake in = {&r->weather, intake_no_segment, take_weather,
		intake_no_damage, false};
	struct bytes b = {r->world.weather.at, r->world.weather.len};

	r->truths = world_truths(&r->world.truth, &r->truth);
	return format_named("weather")->decode(
		b, &(struct origin){"weather.csv", "WX-1"}, a, &in, f);
}

static void kept_list(struct kept *k, struct list *l)
{
	size_t n = l->count;
	struct fault f;

	kept_size(k, &n);
	for (size_t i = 0; i < n; i++) {
		_Alignas(16) uint8_t one[sizeof(struct detection)];

		if (!k->reads)
			memcpy(one, l->at + i * l->size, l->size);
		if (l->size == sizeof(struct detection))
			kept_detection(k, (void *)one);
		else
			kept_ambient(k, (void *)one);
		if (k->reads && !list_add(l, one, 1, &f))
			exit(1);
	}
}

/* A run to a file, or from it. */
static bool keep(struct run *r, const char *path, bool reads, struct fault *f)
{
	struct kept k = {fopen(path, reads ? "rb" : "wb"), reads, true,
		&r->text};

	if (!k.file)
		return fault(f, FAULT_SYSTEM, "%s cannot be opened", path);
	kept_page(&k, &r->world.sensors);
	kept_page(&k, &r->world.weather);
	kept_page(&k, &r->world.truth);
	kept_list(&k, &r->detection);
	kept_list(&k, &r->ambient);
	k.ok = fclose(k.file) == 0 && k.ok;
	return k.ok || fault(f, FAULT_SYSTEM, "%s is cut short", path);
}

static bool repeat(struct run *r, const char *path, struct arena *a,
	struct fault *f)
{
	struct source *s;

	if (!keep(r, path, true, f))
		return false;
	r->mission.source_count =
		world_sources(&r->world.sensors, &r->text, &s);
	r->mission.source = s;
	return read_world(r, a, f);
}

static bool simulate(struct run *r, const struct sim_ask *ask,
	struct arena *a, struct fault *f)
{
	const struct sim_files files = {
		&r->world, target_open, target_put, target_close};
	struct source *s;

	if (!sim_open(ask, a, &files, &r->sim, f))
		return false;
	r->mission.source_count =
		world_sources(&r->world.sensors, &r->text, &s);
	r->mission.source = s;
	if (!s || r->mission.source_count != sim_nodes(r->sim))
		return fault(f, FAULT_INPUT, "sensors.csv is not understood");
	if (!crew_run(JOBS, r, nodes, f) || !sim_close(r->sim, f))
		return false;
	a->used = 0;
	return read_world(r, a, f);
}

/* The arrivals: simulated and detected, or those of a file. */
static bool arrivals(struct run *r, const struct sim_ask *ask,
	const char *path, struct arena *a, struct fault *f)
{
	if (path && access(path, R_OK) == 0)
		return repeat(r, path, a, f);
	return simulate(r, ask, a, f) && (!path || keep(r, path, false, f));
}

static void tell_cost(const struct run *r, double minutes)
{
	struct rusage use;
	double sum = 0, two, longest = fmax(r->locate_own_s,
		r->cpu_s[LOCATE] - r->locate_own_s);

	(void)getrusage(RUSAGE_SELF, &use);
	printf("scale: %zu nodes, %.3g M samples, %.0f MB of Steim2, %zu "
		"arrivals; CPU seconds:", r->mission.source_count,
		(double)r->samples * 1e-6, (double)r->bytes * 1e-6,
		r->detection.count);
	for (int k = 0; k < STAGES; k++) {
		printf(" %s %.2f", stage_name[k], r->cpu_s[k]);
		sum += k != SIMULATE ? r->cpu_s[k] : 0;
	}
	/* Nodes are shared out evenly; of locate its longest thread counts, and
	 * on a busy machine the clock on the wall says more than that. */
	two = (sum - r->cpu_s[LOCATE]) / JOBS;
	printf("; without the simulator %.1f, on two cores %.1f x real time "
		"(locate %.2f in its longest thread, %.2f on the wall: %.1f "
		"x)\n", sum, 60 * minutes / (two + longest), longest,
		r->locate_wall_s, 60 * minutes / (two + r->locate_wall_s));
	printf("scale: %.1f ns a sample to decode and detect, %.0f arrivals a "
		"second to incidents; peak %ld MB; %zu charges\n",
		1e9 * (r->cpu_s[DECODE] + r->cpu_s[DETECT]) /
			(double)r->samples,
		(double)r->detection.count / r->cpu_s[LOCATE],
		use.ru_maxrss / 1024, r->charges);
}

static double one(const struct sim_ask *ask, const char *path)
{
	struct run r = {.detection.size = sizeof(struct detection),
		.ambient.size = sizeof(struct ambient),
		.incident.size = sizeof(struct incident), .hours = ask->hours};
	struct arena a;
	struct fault f = {0};

	if (!arena_map(&a, SIM_ARENA, &f) ||
		!arena_map(&r.text, (size_t)16 << 30, &f) ||
		!arena_map(&r.made, (size_t)16 << 30, &f) ||
		!arrivals(&r, ask, path, &a, &f) || !locate(&r, &f)) {
		fprintf(stderr, "scale: %s\n", f.text);
		exit(1);
	}
	tell_cost(&r, ask->hours * 60);
	tell_found(&r);
	target_free(&r.world);
	arena_unmap(&r.made);
	arena_unmap(&r.text);
	arena_unmap(&a);
	free(r.detection.at);
	free(r.ambient.at);
	free(r.incident.at);
	free(r.truth);
	return r.cpu_s[DECODE] + r.cpu_s[DETECT] + r.cpu_s[LOCATE];
}

/* Least squares of relative errors: y = slope x + base. */
static void fit(const double *x, const double *y, size_t n)
{
	double sw = 0, sx = 0, sy = 0, sxx = 0, sxy = 0, slope, base;
	double mean = 0, total = 0, left = 0, worst = 0;

	for (size_t i = 0; i < n; i++) {
		double w = 1 / (y[i] * y[i]);

		sw += w;
		sx += w * x[i];
		sy += w * y[i];
		sxx += w * x[i] * x[i];
		sxy += w * x[i] * y[i];
		mean += y[i] / (double)n;
	}
	slope = (sw * sxy - sx * sy) / (sw * sxx - sx * sx);
	base = (sy - slope * sx) / sw;
	for (size_t i = 0; i < n; i++) {
		double r = y[i] - base - slope * x[i];

		total += (y[i] - mean) * (y[i] - mean);
		left += r * r;
		worst = fmax(worst, fabs(r) / y[i]);
	}
	printf("scale: CPU seconds = %.3g + %.4g x nodes; R2 %.5f, largest "
		"residual %.1f %%\n", base, slope, 1 - left / total,
		100 * worst);
}

int main(int argc, char **argv)
{
	const char *sizes = argc > 1 ? argv[1] : "64,256,576";
	double minutes = argc > 2 ? strtod(argv[2], NULL) : 1;
	double x[SIZES_MAX], y[SIZES_MAX];
	struct sim_ask ask = {.scenario = "load", .hours = minutes / 60,
		.rate_hz = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 1000,
		.seed = argc > 4 ? strtoull(argv[4], NULL, 10) : 1};
	double shots = argc > 5 ? strtod(argv[5], NULL) : 10;
	size_t n = 0;
	char *end;

	for (; *sizes && n < SIZES_MAX; sizes = *end ? end + 1 : end) {
		ask.nodes = (int)strtol(sizes, &end, 10);
		if (end == sizes || ask.nodes < 4 || !(minutes >= 0.5)) {
			fprintf(stderr, "usage: scale [NODES[,NODES...] "
				"[MINUTES [RATE_HZ [SEED [SHOTS "
				"[FILE]]]]]]\n");
			return 2;
		}
		ask.shots = (int)(shots * 60 * minutes * ask.nodes / 10000 +
			0.5);
		x[n] = ask.nodes;
		y[n++] = one(&ask, argc > 6 ? argv[6] : NULL);
		(void)fflush(stdout);
	}
	if (n > 2)
		fit(x, y, n);
	return 0;
}
