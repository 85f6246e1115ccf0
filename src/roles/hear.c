/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hear.c - runs of samples to detections: one channel after the other in order
 * of time, channels spread over threads.  What two files both hold is heard
 * once; which of them is read first is settled by content. */
#include "detect/detector.h"
#include "roles/listen.h"
#include "watch/signal.h"

#define WORK_BYTES ((size_t)8 << 30)
/* Detections and stretches of noise that go to the store together. */
enum { FLUSH = 256 };

struct ear { /* of one thread */
	struct listening *shared;
	struct arena scratch, out;
	struct chain_run *run; /* the one being read */
	const struct source *source;
	const struct detector *detector;
	void *state;
	struct instant heard; /* end of what was heard of the channel */
	struct detection *d;
	size_t count, room;
	struct signal *signal; /* judges the samples; NULL: done already */
	struct health *charge;
	size_t charges, charge_room;
	struct ambient *ambient;
	size_t ambients, ambient_room;
	uint64_t duplicates;
};

static bool copy_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct ear *e = self;
	void *list = e->d;
	struct feature *x;
	struct detection *y;

	if (!chain_grow(&e->out, &list, e->count, &e->room, sizeof *d, f))
		return false;
	e->d = list;
	y = &e->d[e->count];
	*y = *d;
	if (!(x = arena_array(&e->out, d->feature_count + 1, sizeof *x, f)))
		return false;
	for (size_t i = 0; i < d->feature_count; i++)
		x[i] = d->feature[i];
	y->feature = x;
	y->cite.blob = e->run->file->blob;
	e->count++;
	return true;
}

static bool copy_charge(void *self, const struct health *h, struct fault *f)
{
	struct ear *e = self;
	void *list = e->charge;

	if (!chain_grow(&e->out, &list, e->charges, &e->charge_room, sizeof *h,
		f))
		return false;
	e->charge = list;
	e->charge[e->charges++] = *h;
	return true;
}

static bool copy_ambient(void *self, const struct ambient *a, struct fault *f)
{
	struct ear *e = self;
	void *list = e->ambient;

	if (!chain_grow(&e->out, &list, e->ambients, &e->ambient_room,
		sizeof *a, f))
		return false;
	e->ambient = list;
	e->ambient[e->ambients++] = *a;
	return true;
}

/* The part of a segment that was not heard yet. */
static bool unheard(struct ear *e, struct segment *s)
{
	double over, skip;

	if (!instant_known(e->heard))
		return true;
	over = instant_seconds(s->start, e->heard) * s->rate_hz;
	if (over <= 0.5)
		return true;
	skip = floor(over + 0.5);
	e->duplicates += e->signal != NULL; /* at the first hearing */
	if (skip >= (double)s->count)
		return false;
	s->start = segment_time(s, (size_t)skip);
	s->count -= (size_t)skip;
	if (s->counts)
		s->counts += (size_t)skip;
	if (s->values)
		s->values += (size_t)skip;
	return true;
}

static bool hear(void *self, const struct segment *given, struct fault *f)
{
	struct ear *e = self;
	struct detections to = {copy_detection, e};
	struct healths charges = {copy_charge, e};
	struct segment s = *given;
	struct instant end = segment_time(&s, s.count);

	if (!unheard(e, &s))
		return true;
	e->heard = end;
	if (e->signal && !signal_next(e->signal, &s, &charges, f))
		return false;
	return e->detector->segment(e->state, &s, &to, f);
}

static bool flush(struct ear *e, struct crew *crew, struct fault *f)
{
	struct listening *s = e->shared;
	bool ok = true, fresh;

	crew_lock(crew);
	for (size_t i = 0; ok && i < e->count; i++) {
		ok = rows_detection(&s->c->rows, &e->d[i], &fresh, f);
		s->fresh += ok && fresh;
	}
	/* Samples of several channels may say the same of their source. */
	for (size_t i = 0; ok && i < e->charges; i++)
		ok = chain_keep_health(s->c, &s->c->charge,
			&s->c->charge_count, &s->c->charge_room,
			&e->charge[i], f);
	for (size_t i = 0; ok && i < e->ambients; i++)
		ok = chain_keep_ambient(s->c, &e->ambient[i], f);
	s->detections += e->count;
	s->duplicates += e->duplicates;
	crew_unlock(crew);
	return ok;
}

static void forget(struct ear *e)
{
	e->out.used = 0;
	e->d = NULL;
	e->count = e->room = 0;
	e->charge = NULL;
	e->charges = e->charge_room = 0;
	e->ambient = NULL;
	e->ambients = e->ambient_room = 0;
	e->duplicates = 0;
}

static bool hear_with(struct ear *e, const struct detector *d,
	struct chain_run *run, size_t n, struct crew *crew, struct fault *f)
{
	struct detections to = {copy_detection, e};
	struct healths charges = {copy_charge, e};
	struct ambients ambient = {copy_ambient, e};

	e->detector = d;
	e->heard = INSTANT_UNKNOWN;
	memset(e->state, 0, d->state_size);
	d->start(e->state, e->source, e->shared->c->ask->mission);
	if (d->listen)
		d->listen(e->state, &ambient);
	for (size_t i = 0; i < n; i++) {
		e->run = &run[i];
		if (!chain_read_run(e->shared->c->ask->intake->disk, e->run,
			&e->scratch, e, hear, f))
			return false;
		if (e->count + e->ambients < FLUSH)
			continue;
		if (!flush(e, crew, f))
			return false;
		forget(e);
	}
	if (e->signal && !signal_finish(e->signal, &charges, f))
		return false;
	return d->finish(e->state, &to, f) || fault_in(f, "%s", d->name);
}

static bool hear_channel(struct ear *e, struct signal *signal,
	struct chain_run *run, size_t n, struct crew *crew, struct fault *f)
{
	forget(e);
	e->source = run->source;
	if (!e->source)
		return true; /* nobody knows where it stands */
	e->signal = signal;
	signal_start(signal, e->source->id, (void *)(signal + 1));
	for (size_t i = 0; detectors[i]; i++) {
		if (!detectors[i]->hears || !detectors[i]->hears(e->source))
			continue;
		if (!hear_with(e, detectors[i], run, n, crew, f))
			return fault_in(f, "%s", run->channel);
		e->signal = NULL; /* once is enough */
	}
	return flush(e, crew, f);
}

/* The runs of the next channel; 0 when there is none, or somebody failed. */
static size_t next_channel(
	struct listening *s, struct crew *crew, size_t *from)
{
	struct chain *c = s->c;
	size_t n = 0;

	crew_lock(crew);
	*from = s->next_run;
	if (!crew->failed) {
		chain_progress(c, "detect", s->next_run, c->run_count);
		while (s->next_run < c->run_count &&
			strcmp(c->run[s->next_run].channel,
				c->run[*from].channel) == 0)
			s->next_run++;
		n = s->next_run - *from;
	}
	crew_unlock(crew);
	return n;
}

static size_t state_room(void)
{
	size_t room = 1;

	for (size_t i = 0; detectors[i]; i++)
		if (detectors[i]->state_size > room)
			room = detectors[i]->state_size;
	return room;
}

static bool channels(
	struct listening *s, struct crew *crew, struct fault *f)
{
	struct ear e = {.shared = s};
	struct arena state = {0}, signal = {0};
	size_t from, n;
	bool ok = arena_map(&e.scratch, WORK_BYTES, f) &&
		arena_map(&e.out, WORK_BYTES, f) &&
		arena_map(&state, state_room(), f) &&
		arena_map(&signal, sizeof(struct signal) + SIGNAL_MARKS *
			sizeof(struct signal_mark), f);

	e.state = state.at;
	while (ok && (n = next_channel(s, crew, &from)) > 0)
		ok = hear_channel(&e, (struct signal *)(void *)signal.at,
			&s->c->run[from], n, crew, f);
	arena_unmap(&signal);
	arena_unmap(&state);
	arena_unmap(&e.out);
	arena_unmap(&e.scratch);
	return ok;
}

/* Arrays take longest and go first. */
static bool work(void *self, struct crew *crew, struct fault *f)
{
	return listen_arrays(self, crew, f) && channels(self, crew, f);
}

static int by_channel(const void *a, const void *b)
{
	const struct chain_run *x = a, *y = b;
	int d = strcmp(x->channel, y->channel);

	if (d)
		return d;
	if (x->from.utc_ns != y->from.utc_ns)
		return x->from.utc_ns < y->from.utc_ns ? -1 : 1;
	d = memcmp(x->file->blob.at, y->file->blob.at, SHA256_LEN);
	if (d)
		return d;
	return (x->offset > y->offset) - (x->offset < y->offset);
}

bool chain_listen(struct chain *c, struct fault *f)
{
	struct store *st = c->ask->store;
	struct listening s = {.c = c};

	if (c->run_count == 0)
		return true;
	qsort(c->run, c->run_count, sizeof *c->run, by_channel);
	if (!listen_arrays_start(&s, f) || !st->engine->begin(st, "detect", f))
		return false;
	if (!crew_run(c->ask->jobs, &s, work, f)) {
		st->engine->rollback(st);
		return false;
	}
	c->done->detections += s.detections;
	c->done->fresh += s.fresh;
	c->done->duplicates += s.duplicates;
	return st->engine->commit(st, NULL, f);
}
