/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gather.c - arrays: the samples of all elements go to one detector, stretch
 * by stretch of GATHER_AHEAD_S, so that none runs ahead and memory does not
 * grow.  One thread does an array.  One whose samples are all those of an
 * earlier replay is remembered (memo.h); one that grew is heard anew. */
#include "base/text.h"
#include "detect/detector.h"
#include "roles/listen.h"
#include "roles/tape.h"

#define WORK_BYTES ((size_t)8 << 30)
#define STRETCH_NS (INT64_C(1000000000) * GATHER_AHEAD_S)

enum { ELEMENTS = 64, CHANNEL = 256, SLICE = 16 << 10 };

struct group { /* one array */
	const struct source *element[ELEMENTS];
	size_t count;
	const char *tail; /* of the channels that are heard: "_B_D_F" */
};

struct ear { /* of one thread */
	struct listening *shared;
	struct arena scratch, out;
	const struct detector *detector;
	void *state;
	size_t which; /* element being read */
	struct span stretch;
	uint64_t next, resume; /* offsets: after the last segment; of the */
	bool past;             /* first that goes on after the stretch */
	struct detection *d;
	size_t count, room;
	struct health *h;
	size_t health_count, health_room;
	struct arena told; /* what the store gave */
	struct tape tape;
};

/* -- what comes out -- */

static bool copy_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct ear *e = self;
	void *list = e->d;
	struct feature *x;
	struct attribute *t;
	struct detection *y;

	if (!chain_grow(&e->out, &list, e->count, &e->room, sizeof *d, f))
		return false;
	e->d = list;
	x = arena_array(&e->out, d->feature_count + 1, sizeof *x, f);
	t = arena_array(&e->out, d->attribute_count + 1, sizeof *t, f);
	if (!x || !t)
		return false;
	for (size_t i = 0; i < d->feature_count; i++)
		x[i] = d->feature[i];
	for (size_t i = 0; i < d->attribute_count; i++) {
		t[i].name = d->attribute[i].name; /* names are constants */
		t[i].text = arena_text(
			&e->out, bytes_of(d->attribute[i].text), f);
		if (!t[i].text)
			return false;
	}
	y = &e->d[e->count++];
	*y = *d;
	y->feature = x;
	y->attribute = t;
	return true;
}

static bool copy_health(void *self, const struct health *h, struct fault *f)
{
	struct ear *e = self;
	void *list = e->h;
	struct feature *more;

	if (!chain_grow(&e->out, &list, e->health_count, &e->health_room,
		sizeof *h, f))
		return false;
	e->h = list;
	more = arena_array(&e->out, h->more_count + 1, sizeof *more, f);
	if (!more)
		return false;
	for (size_t i = 0; i < h->more_count; i++)
		more[i] = h->more[i];
	e->h[e->health_count] = *h; /* its words are constants */
	e->h[e->health_count++].more = more;
	return true;
}

static bool flush(struct ear *e, struct crew *crew, struct fault *f)
{
	struct listening *s = e->shared;
	struct chain *c = s->c;
	bool ok = true, fresh;

	crew_lock(crew);
	for (size_t i = 0; ok && i < e->count; i++) {
		ok = rows_detection(&c->rows, &e->d[i], &fresh, f);
		s->fresh += ok && fresh;
	}
	s->detections += e->count;
	for (size_t i = 0; ok && i < e->health_count; i++)
		ok = chain_keep_health(c, &c->charge, &c->charge_count,
			&c->charge_room, &e->h[i], f);
	crew_unlock(crew);
	return ok;
}

/* -- what goes in -- */

/* The first sample at or after t. */
static size_t first_at(const struct segment *s, struct instant t)
{
	double n = instant_seconds(s->start, t) * s->rate_hz;
	size_t i = n <= 0 ? 0 : n >= (double)s->count ? s->count : (size_t)n;

	while (i < s->count && segment_time(s, i).utc_ns < t.utc_ns)
		i++;
	while (i > 0 && segment_time(s, i - 1).utc_ns >= t.utc_ns)
		i--;
	return i;
}

static bool take(void *self, const struct segment *given, struct fault *f)
{
	struct ear *e = self;
	struct detections to = {copy_detection, e};
	struct segment s = *given;
	size_t from = first_at(&s, e->stretch.from);
	size_t end = first_at(&s, e->stretch.to);

	e->next = s.cite.offset + s.cite.length;
	if (end < s.count && !e->past) {
		e->past = true;
		e->resume = s.cite.offset;
	}
	if (from >= end)
		return true;
	s.start = segment_time(given, from);
	s.count = end - from;
	if (s.counts)
		s.counts += from;
	if (s.values)
		s.values += from;
	return e->detector->element(e->state, e->which, &s, &to, f);
}

struct runs { /* of one element, by time */
	const struct chain_run *run;
	size_t count, done; /* those before `done` are over */
	size_t read;        /* the one that was read last, */
	uint64_t at;        /* and from where it is read on */
};

/* The first run of a channel that is not before `name`; chain_listen() has
 * sorted them. */
static size_t run_from(const struct chain *c, const char *name)
{
	size_t low = 0, high = c->run_count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(c->run[mid].channel, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct runs runs_of(
	const struct chain *c, const struct source *s, const char *tail)
{
	char name[CHANNEL];
	struct text t = text_on(name, sizeof name);
	struct runs r = {0};
	size_t i;

	text_add(&t, s->id);
	text_add(&t, tail);
	i = run_from(c, name);
	r.run = &c->run[i];
	for (; i < c->run_count && strcmp(c->run[i].channel, name) == 0; i++)
		r.count++;
	return r;
}

/* What a stretch needs of a run: where records stand alone, bit by bit from
 * where the last stretch ended. */
static bool read_part(
	struct ear *e, struct runs *x, size_t i, struct fault *f)
{
	const struct chain_reader from = chain_reader(e->shared->c);
	struct chain_run part = x->run[i];
	uint64_t end = part.offset + part.length, slice = SLICE;

	if (!part.file->format->sliceable)
		return chain_read_run(&from, &part, &e->scratch, e, take, f);
	if (x->at == 0 || x->read != i)
		x->at = part.offset;
	x->read = i;
	for (e->past = false; !e->past && x->at < end;) {
		part.offset = e->next = x->at;
		part.length = end - x->at < slice ? end - x->at : slice;
		if (!chain_read_run(&from, &part, &e->scratch, e, take, f))
			return false;
		if (e->past)
			x->at = e->resume;
		else if (part.offset + part.length == end)
			x->at = end;
		else if (e->next > x->at)
			x->at = e->next;
		else
			slice *= 2; /* a longer record, or of others */
	}
	return true;
}

/* Data of all elements in a stretch. */
static bool stretch(struct ear *e, const struct group *g, struct runs *r,
	struct fault *f)
{
	for (e->which = 0; e->which < g->count; e->which++) {
		struct runs *x = &r[e->which];

		while (x->done < x->count && x->run[x->done].to.utc_ns <=
				e->stretch.from.utc_ns)
			x->done++;
		for (size_t i = x->done; i < x->count &&
			x->run[i].from.utc_ns < e->stretch.to.utc_ns; i++)
			if (x->run[i].to.utc_ns > e->stretch.from.utc_ns &&
				!read_part(e, x, i, f))
				return false;
	}
	return true;
}

/* When the next data after t begin; false: no more. */
static bool data_after(const struct group *g, const struct runs *r,
	struct instant t, struct instant *next)
{
	*next = INSTANT_UNKNOWN;
	for (size_t m = 0; m < g->count; m++)
		for (size_t i = r[m].done; i < r[m].count; i++) {
			struct instant from = r[m].run[i].from;

			if (r[m].run[i].to.utc_ns <= t.utc_ns)
				continue;
			if (from.utc_ns < t.utc_ns)
				from = t;
			if (!instant_known(*next) ||
				from.utc_ns < next->utc_ns)
				*next = from;
			break; /* the others begin later */
		}
	return instant_known(*next);
}

static bool gather_with(struct ear *e, const struct detector *d,
	const struct group *g, struct fault *f)
{
	struct detections to = {copy_detection, e};
	struct healths sick = {copy_health, e};
	struct chain *c = e->shared->c;
	struct runs r[ELEMENTS] = {{0}};
	struct instant t = {0};

	e->detector = d;
	for (size_t m = 0; m < g->count; m++)
		r[m] = runs_of(c, g->element[m], g->tail);
	memset(e->state, 0, d->state_size);
	d->gather(e->state, g->element, g->count, c->ask->mission);
	while (data_after(g, r, t, &t)) {
		e->stretch.from.utc_ns = t.utc_ns / STRETCH_NS * STRETCH_NS;
		e->stretch.to.utc_ns = e->stretch.from.utc_ns + STRETCH_NS;
		if (!d->until(e->state, e->stretch.from, &to, f) ||
			!stretch(e, g, r, f) ||
			!d->until(e->state, e->stretch.to, &to, f))
			return false;
		t = e->stretch.to;
	}
	return d->finish(e->state, &to, f) &&
		(!d->health || d->health(e->state, &sick, f));
}

static bool gather_anew(struct ear *e, const struct group *g, struct fault *f)
{
	for (size_t i = 0; detectors[i]; i++)
		if (detectors[i]->gathers &&
			detectors[i]->gathers(g->element, g->count) &&
			!gather_with(e, detectors[i], g, f))
			return fault_in(f, "%s of array %s",
				detectors[i]->name, g->element[0]->array);
	return true;
}

/* -- what is remembered -- */

static struct digest key_of(const struct chain *c, const struct group *g)
{
	struct sha256 s = memo_key(&c->memo, "array");

	memo_text(&s, g->tail);
	for (size_t m = 0; m < g->count; m++) {
		struct runs r = runs_of(c, g->element[m], g->tail);

		memo_text(&s, g->element[m]->id);
		memo_number(&s, r.count);
		for (size_t i = 0; i < r.count; i++)
			listen_key(&s, &r.run[i]);
	}
	return sha256_end(&s);
}

static bool remember(struct ear *e, const struct digest *key,
	struct crew *crew, struct fault *f)
{
	bool ok = true;

	tape_clear(&e->tape);
	for (size_t i = 0; ok && i < e->count; i++)
		ok = tape_detection(&e->tape, &e->d[i], f);
	for (size_t i = 0; ok && i < e->health_count; i++)
		ok = tape_health(&e->tape, &e->h[i], f);
	crew_lock(crew);
	ok = ok && (e->tape.partial || memo_put(&e->shared->c->memo, key,
			    tape_view(&e->tape), f));
	crew_unlock(crew);
	return ok;
}

static bool gather(struct ear *e, const struct group *g, struct crew *crew,
	struct fault *f)
{
	const struct tape_to to = {{copy_detection, e}, {copy_health, e}, {0}};
	struct chain *c = e->shared->c;
	struct digest key = key_of(c, g);
	size_t deaths = listen_deaths(c);
	struct bytes past;
	bool ok;

	e->out.used = e->told.used = 0;
	e->d = NULL;
	e->h = NULL;
	e->count = e->room = e->health_count = e->health_room = 0;
	crew_lock(crew);
	ok = memo_get(&c->memo, &key, &e->told, &past, f) && (!past.at ||
		tape_play(past, &c->memo, NULL, &e->told, &to, f));
	crew_unlock(crew);
	if (ok && !past.at)
		ok = gather_anew(e, g, f) && (listen_deaths(c) != deaths ||
			remember(e, &key, crew, f));
	return ok && flush(e, crew, f);
}

/* -- which arrays -- */

static bool is_vertical(const char *tail)
{
	size_t n = tail ? strlen(tail) : 0;

	return n > 0 && tail[n - 1] == 'Z';
}

/* How many elements have such a channel. */
static size_t elements_with(
	const struct chain *c, const struct group *g, const char *tail)
{
	size_t n = 0;

	for (size_t m = 0; m < g->count; m++)
		n += runs_of(c, g->element[m], tail).count > 0;
	return n;
}

/* The ending of the channels of most elements; of equals, that of the
 * vertical, then the first in byte order. */
static void choose_tail(const struct chain *c, struct group *g)
{
	size_t most = 0;

	for (size_t m = 0; m < g->count; m++) {
		const struct source *s = g->element[m];
		size_t n = strlen(s->id);
		const char *last = NULL;

		for (size_t i = run_from(c, s->id); i < c->run_count &&
			strncmp(c->run[i].channel, s->id, n) == 0; i++) {
			const char *tail = c->run[i].channel + n;
			size_t with;
			int better;

			if (c->run[i].source != s ||
				(last && strcmp(last, tail) == 0))
				continue;
			last = tail;
			with = elements_with(c, g, tail);
			better = (with > most) - (with < most);
			if (better == 0)
				better = is_vertical(tail) -
					is_vertical(g->tail);
			if (better == 0)
				better = -strcmp(tail, g->tail);
			if (better > 0) {
				most = with;
				g->tail = tail;
			}
		}
	}
}

static bool is_first(const struct mission *m, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (m->source[k].kind == m->source[i].kind &&
			strcmp(m->source[k].array, m->source[i].array) == 0)
			return false;
	return true;
}

static bool find_groups(
	struct chain *c, const struct group **out, size_t *count,
	struct fault *f)
{
	const struct mission *m = c->ask->mission;
	size_t room = 0;
	void *list = NULL;

	*count = 0;
	for (size_t i = 0; i < m->source_count; i++) {
		struct group g = {0};

		if (!m->source[i].array[0] || !is_first(m, i))
			continue;
		for (size_t k = i; k < m->source_count; k++)
			if (m->source[k].kind == m->source[i].kind &&
				strcmp(m->source[k].array,
					m->source[i].array) == 0) {
				if (g.count == ELEMENTS)
					return fault(f, FAULT_LIMIT,
						"array %s has more than %d "
						"elements", m->source[i].array,
						ELEMENTS);
				g.element[g.count++] = &m->source[k];
			}
		choose_tail(c, &g);
		if (!g.tail)
			continue; /* no data */
		if (!chain_grow(&c->arena, &list, *count, &room, sizeof g, f))
			return false;
		((struct group *)list)[(*count)++] = g;
	}
	*out = list;
	return true;
}

/* -- one thread -- */

static size_t state_room(void)
{
	size_t room = 1;

	for (size_t i = 0; detectors[i]; i++)
		if (detectors[i]->gathers && detectors[i]->state_size > room)
			room = detectors[i]->state_size;
	return room;
}

bool listen_arrays_start(struct listening *s, struct fault *f)
{
	return find_groups(s->c, &s->group, &s->groups, f);
}

bool listen_arrays(struct listening *s, struct crew *crew, struct fault *f)
{
	struct ear e = {.shared = s};
	struct arena state = {0};
	size_t i;
	bool ok = s->groups == 0 || (arena_map(&e.scratch, WORK_BYTES, f) &&
		arena_map(&e.out, WORK_BYTES, f) &&
		arena_map(&e.told, WORK_BYTES, f) && tape_open(&e.tape, f) &&
		arena_map(&state, state_room(), f));

	e.state = state.at;
	while (ok && crew_next(crew, &s->next_group, s->groups, &i))
		ok = gather(&e, &s->group[i], crew, f);
	arena_unmap(&state);
	tape_close(&e.tape);
	arena_unmap(&e.told);
	arena_unmap(&e.out);
	arena_unmap(&e.scratch);
	return ok;
}
