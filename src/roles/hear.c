/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hear.c - runs of samples to detections: one channel after the other in order
 * of time, channels spread over threads.  What two files both hold is heard
 * once; which of them is read first is settled by content.  What an earlier
 * replay heard of a channel is told again (heard.h). */
#include "detect/detector.h"
#include "roles/heard.h"
#include "roles/listen.h"
#include "watch/signal.h"

#define WORK_BYTES ((size_t)8 << 30)
/* Detections and stretches of noise that go to the store together. */
enum { FLUSH = 256 };
/* Detectors that hear one channel. */
enum { EAR_DETECTORS = 8 };

struct ear { /* of one thread */
	struct listening *shared;
	struct arena scratch, out, states;
	const struct source *source;
	const struct detector *detector[EAR_DETECTORS];
	void *state[EAR_DETECTORS];
	size_t detectors;
	struct instant heard; /* end of what was heard of the channel */
	struct detection *d;
	size_t count, room;
	struct signal *signal; /* judges the samples */
	struct health *charge;
	size_t charges, charge_room;
	struct ambient *ambient;
	size_t ambients, ambient_room;
	uint64_t duplicates; /* of the channel */
	struct heard past;
};

/* Next to the detectors' own, in how the ears stand. */
struct stands {
	struct instant heard;
	uint64_t duplicates;
	struct signal signal;
	uint64_t marks; /* of it that are set; they follow, each behind its
			 * number */
};

static bool keep_detection(
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
	e->count++;
	return true;
}

static bool keep_charge(void *self, const struct health *h, struct fault *f)
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

static bool keep_ambient(void *self, const struct ambient *a, struct fault *f)
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

/* What is heard now goes on the tape too. */
static bool copy_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct ear *e = self;

	return keep_detection(e, d, f) && tape_detection(&e->past.tape, d, f);
}

static bool copy_charge(void *self, const struct health *h, struct fault *f)
{
	struct ear *e = self;

	return keep_charge(e, h, f) && tape_health(&e->past.tape, h, f);
}

static bool copy_ambient(void *self, const struct ambient *a, struct fault *f)
{
	struct ear *e = self;

	return keep_ambient(e, a, f) && tape_ambient(&e->past.tape, a, f);
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
	e->duplicates++;
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
	if (!signal_next(e->signal, &s, &charges, f))
		return false;
	for (size_t i = 0; i < e->detectors; i++)
		if (!e->detector[i]->segment(e->state[i], &s, &to, f))
			return false;
	return true;
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
}

/* All that hear the channel, at its beginning. */
static bool begin(struct ear *e, const struct ambients *to, struct fault *f)
{
	e->detectors = 0;
	e->states.used = 0;
	e->heard = INSTANT_UNKNOWN;
	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *d = detectors[i];
		void *state;

		if (!d->hears || !d->hears(e->source))
			continue;
		if (e->detectors == EAR_DETECTORS)
			return fault(f, FAULT_LIMIT, "over %d detectors of "
				"one channel", EAR_DETECTORS);
		if (!(state = arena_take(&e->states, d->state_size, f)))
			return false;
		d->start(state, e->source, e->shared->c->ask->mission);
		if (d->listen)
			d->listen(state, to);
		e->detector[e->detectors] = d;
		e->state[e->detectors++] = state;
	}
	return true;
}

static bool end(struct ear *e, struct fault *f)
{
	struct detections to = {copy_detection, e};
	struct healths charges = {copy_charge, e};

	for (size_t i = 0; i < e->detectors; i++)
		if (!e->detector[i]->finish(e->state[i], &to, f))
			return fault_in(f, "%s", e->detector[i]->name);
	return signal_finish(e->signal, &charges, f);
}

/* -- how the ears stand -- */

static bool can_resume(const struct ear *e)
{
	for (size_t i = 0; i < e->detectors; i++)
		if (!e->detector[i]->resume)
			return false;
	return true;
}

static bool note_stands(struct ear *e, struct fault *f)
{
	struct tape *t = &e->past.stands;
	const struct signal_mark *mark = e->signal->mark;
	struct stands s;
	bool ok;

	memset(&s, 0, sizeof s); /* its gaps are written too */
	s.heard = e->heard;
	s.duplicates = e->duplicates;
	s.signal = *e->signal;
	for (uint32_t i = 0; i < SIGNAL_MARKS; i++)
		s.marks += mark[i].utc_ns != 0;
	ok = tape_raw(t, &s, sizeof s, f);
	for (uint32_t i = 0; ok && i < SIGNAL_MARKS; i++)
		ok = mark[i].utc_ns == 0 || (tape_raw(t, &i, sizeof i, f) &&
			tape_raw(t, &mark[i], sizeof mark[i], f));
	for (size_t i = 0; ok && i < e->detectors; i++)
		ok = tape_raw(t, e->state[i], e->detector[i]->state_size, f);
	return ok;
}

static bool read_marks(
	struct signal_mark *mark, uint64_t marks, struct reader *r)
{
	for (; marks > 0; marks--) {
		uint32_t i;

		if (!tape_read(r, &i, sizeof i) || i >= SIGNAL_MARKS ||
			!tape_read(r, &mark[i], sizeof *mark))
			return false;
	}
	return true;
}

static bool stand(struct ear *e, struct bytes stood, struct fault *f)
{
	struct reader r = reader(stood);
	struct stands s;
	bool ok = tape_read(&r, &s, sizeof s);

	if (ok) {
		e->heard = s.heard;
		e->duplicates = s.duplicates;
		signal_resume(e->signal, &s.signal);
		ok = read_marks(e->signal->mark, s.marks, &r);
	}
	for (size_t i = 0; ok && i < e->detectors; i++) {
		size_t size = e->detector[i]->state_size;
		void *state;

		e->scratch.used = 0;
		if (!(state = arena_room(&e->scratch, size, f)))
			return false;
		ok = tape_read(&r, state, size);
		if (ok)
			e->detector[i]->resume(e->state[i], state);
	}
	return ok || fault(f, FAULT_INPUT, "a memo makes no sense");
}

/* -- a channel -- */

/* The runs that no replay has heard yet. */
static bool hear_rest(struct ear *e, struct chain_run *run, size_t done,
	size_t n, struct crew *crew, struct fault *f)
{
	const struct chain_reader from = chain_reader(e->shared->c);

	for (size_t i = done; i < n; i++) {
		if (!chain_read_run(&from, &run[i], &e->scratch, e, hear, f) ||
			!heard_link(&e->past, i + 1, f))
			return false;
		if (e->count + e->ambients < FLUSH)
			continue;
		if (!flush(e, crew, f))
			return false;
		forget(e);
	}
	return done == n || !can_resume(e) ||
		(note_stands(e, f) && heard_end(&e->past, f));
}

static bool hear_runs(struct ear *e, struct chain_run *run, size_t n,
	struct crew *crew, struct fault *f)
{
	struct ambients ambient = {copy_ambient, e};
	const struct tape_to again = {{keep_detection, e}, {keep_charge, e},
		{keep_ambient, e}};
	struct bytes stood;
	size_t done;

	if (!begin(e, &ambient, f))
		return false;
	if (e->detectors == 0)
		return end(e, f);
	if (!heard_begin(&e->past, run, n, &again, &done, &stood, f) ||
		(done > 0 && !stand(e, stood, f)))
		return false;
	return hear_rest(e, run, done, n, crew, f) && end(e, f);
}

static bool hear_channel(struct ear *e, struct signal *signal,
	struct chain_run *run, size_t n, struct crew *crew, struct fault *f)
{
	forget(e);
	e->duplicates = 0;
	e->source = run->source;
	if (!e->source)
		return true; /* nobody knows where it stands */
	e->signal = signal;
	signal_start(signal, e->source->id, (void *)(signal + 1));
	if (!hear_runs(e, run, n, crew, f) || !flush(e, crew, f))
		return fault_in(f, "%s", run->channel);
	crew_lock(crew);
	e->shared->duplicates += e->duplicates;
	crew_unlock(crew);
	return true;
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

static bool channels(
	struct listening *s, struct crew *crew, struct fault *f)
{
	struct ear e = {.shared = s};
	struct arena signal = {0};
	size_t from, n;
	bool ok = arena_map(&e.scratch, WORK_BYTES, f) &&
		arena_map(&e.out, WORK_BYTES, f) &&
		arena_map(&e.states, WORK_BYTES, f) &&
		arena_map(&signal, sizeof(struct signal) + SIGNAL_MARKS *
			sizeof(struct signal_mark), f) &&
		heard_open(&e.past, s->c, crew, f);

	while (ok && (n = next_channel(s, crew, &from)) > 0)
		ok = hear_channel(&e, (struct signal *)(void *)signal.at,
			&s->c->run[from], n, crew, f);
	heard_close(&e.past);
	arena_unmap(&signal);
	arena_unmap(&e.states);
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
