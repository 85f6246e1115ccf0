/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hear.c - runs of samples to detections: each channel in order of time,
 * channels spread over threads.  A thread has up to STRANDS channels open and
 * reads a little of each in turn, so that a detector can hear them side by side
 * (pending.h); they need not be of one time.  What two files both hold is heard
 * once; which of them is read first is settled by content.  What an earlier
 * replay heard of a channel is told again (heard.h).
 *
 * Memory: of an open channel the detectors' states, half a megabyte to find
 * loops with, and what is pending: 1.2 MB, so 19 MB a thread. */
#include "detect/detector.h"
#include "roles/heard.h"
#include "roles/listen.h"
#include "roles/pending.h"
#include "watch/signal.h"

#define WORK_BYTES ((size_t)8 << 30)
/* Of each open channel. */
#define STATES_BYTES ((size_t)256 << 20)
#define OUT_BYTES ((size_t)2 << 30)
/* Detections and stretches of noise that go to the store together. */
enum { FLUSH = 256 };
/* Detectors that hear one channel. */
enum { EAR_DETECTORS = 8 };

struct ear { /* one of a thread: an open channel */
	struct listening *shared;
	struct crew *crew;
	struct arena *scratch; /* of the thread */
	struct arena out, states, fixed;
	struct chain_run *run; /* NULL: no channel is open */
	size_t runs, done, next; /* done: heard by an earlier replay */
	uint64_t at, end, slice; /* of what is read of the next run */
	const struct source *source;
	const struct detector *detector[EAR_DETECTORS];
	void *state[EAR_DETECTORS];
	size_t detectors;
	const struct detector *beside; /* hears it beside others; NULL */
	struct pending pending; /* for that one */
	struct detections to;
	struct ambients air;
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

/* To the one that hears channels side by side. */
static bool wait_beside(struct ear *e, const struct segment *s, struct fault *f)
{
	struct pending *all = &e->pending;
	struct segment own = *s;

	own.channel = e->run->channel;
	if (pending_add(all, &own))
		return true;
	if (pending_any(all) && !pending_turn(&all, 1, e->beside, f))
		return false;
	return pending_add(all, &own) ||
		e->beside->segment(all->strand.state, s, &e->to, f);
}

static bool hear(void *self, const struct segment *given, struct fault *f)
{
	struct ear *e = self;
	struct healths charges = {copy_charge, e};
	struct segment s = *given;
	struct instant end = segment_time(&s, s.count);

	e->end = s.cite.offset + s.cite.length;
	if (!unheard(e, &s))
		return true;
	e->heard = end;
	if (!signal_next(e->signal, &s, &charges, f))
		return false;
	for (size_t i = 0; i < e->detectors; i++)
		if (e->detector[i] != e->beside &&
			!e->detector[i]->segment(e->state[i], &s, &e->to, f))
			return false;
	return !e->beside || wait_beside(e, &s, f);
}

static bool flush(struct ear *e, struct fault *f)
{
	struct listening *s = e->shared;
	bool ok = true, fresh;

	crew_lock(e->crew);
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
	crew_unlock(e->crew);
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
static bool begin(struct ear *e, struct fault *f)
{
	e->detectors = 0;
	e->beside = NULL;
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
			d->listen(state, &e->air);
		if (d->abreast && !e->beside) {
			e->beside = d;
			e->pending.strand.state = state;
		}
		e->detector[e->detectors] = d;
		e->state[e->detectors++] = state;
	}
	return true;
}

static bool end(struct ear *e, struct fault *f)
{
	struct healths charges = {copy_charge, e};

	for (size_t i = 0; i < e->detectors; i++)
		if (!e->detector[i]->finish(e->state[i], &e->to, f))
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

		e->scratch->used = 0;
		if (!(state = arena_room(e->scratch, size, f)))
			return false;
		ok = tape_read(&r, state, size);
		if (ok)
			e->detector[i]->resume(e->state[i], state);
	}
	return ok || fault(f, FAULT_INPUT, "a memo makes no sense");
}

/* -- a channel -- */

/* The runs of the next channel, unless the thread has its share of those that
 * are not done: *from, and how many. */
static size_t next_channel(
	struct listening *s, struct crew *crew, size_t held, size_t *from)
{
	struct chain *c = s->c;
	size_t n = 0, jobs = c->ask->jobs > 1 ? (size_t)c->ask->jobs : 1;

	crew_lock(crew);
	*from = s->next_run;
	if (!crew->failed && held < (s->undone + jobs - 1) / jobs) {
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

static bool open_channel(struct ear *e, struct fault *f)
{
	const struct tape_to again = {{keep_detection, e}, {keep_charge, e},
		{keep_ambient, e}};
	struct bytes stood;

	forget(e);
	e->duplicates = 0;
	e->detectors = e->done = e->next = 0;
	e->at = 0;
	e->source = e->run->source;
	if (e->source) {
		signal_start(e->signal, e->source->id,
			(void *)(e->signal + 1));
		if (!begin(e, f))
			return false;
	}
	if (e->detectors == 0) { /* nobody hears it */
		e->done = e->next = e->runs;
		return true;
	}
	if (!heard_begin(&e->past, e->run, e->runs, &again, &e->done, &stood,
		f) || (e->done > 0 && !stand(e, stood, f)))
		return false;
	e->next = e->done;
	return true;
}

/* Its run stays NULL: there is none. */
static bool open_next(struct ear *e, size_t held, struct fault *f)
{
	size_t from;

	e->runs = next_channel(e->shared, e->crew, held, &from);
	if (e->runs == 0)
		return true;
	e->run = &e->shared->c->run[from];
	return open_channel(e, f) || fault_in(f, "%s", e->run->channel);
}

/* Nothing is pending: what was told goes where it belongs. */
static bool keep_up(struct ear *e, struct fault *f)
{
	if (e->at == 0 && e->next > e->done &&
		!heard_link(&e->past, e->next, f))
		return false;
	if (e->count + e->ambients < FLUSH)
		return true;
	if (!flush(e, f))
		return false;
	forget(e);
	return true;
}

/* The next run, or where records stand alone the next bytes of it. */
static bool read_on(struct ear *e, struct fault *f)
{
	const struct chain_reader from = chain_reader(e->shared->c);
	struct chain_run part = e->run[e->next];
	uint64_t last = part.offset + part.length;

	if (part.file->format->sliceable) {
		if (e->at == 0) {
			e->at = part.offset;
			e->slice = PENDING_SLICE;
		}
		part.offset = e->at;
		part.length = last - e->at < e->slice ? last - e->at
						      : e->slice;
	}
	e->end = 0;
	if (!chain_read_run(&from, &part, e->scratch, e, hear, f))
		return false;
	if (part.offset + part.length == last) {
		e->at = 0;
		e->next++;
	} else if (e->end > e->at) {
		e->at = e->end;
	} else {
		e->slice *= 2; /* a longer record, or of others */
	}
	return true;
}

static bool close_channel(struct ear *e, struct fault *f)
{
	if (e->done < e->runs && can_resume(e) &&
		(!note_stands(e, f) || !heard_end(&e->past, f)))
		return false;
	if (e->source && (!end(e, f) || !flush(e, f)))
		return false;
	crew_lock(e->crew);
	e->shared->duplicates += e->duplicates;
	e->shared->undone--;
	crew_unlock(e->crew);
	e->run = NULL;
	return true;
}

/* Until something is pending or the channel is over. */
static bool go_on(struct ear *e, struct fault *f)
{
	const char *channel = e->run->channel;
	bool ok = true;

	if (pending_any(&e->pending))
		return true;
	while (ok && e->next < e->runs &&
		(!pending_any(&e->pending) ||
			e->pending.samples < PENDING_ENOUGH))
		ok = (pending_any(&e->pending) || keep_up(e, f)) &&
			read_on(e, f);
	if (ok && !pending_any(&e->pending))
		ok = close_channel(e, f);
	return ok || fault_in(f, "%s", channel);
}

/* -- those that a thread has open -- */

/* Every ear has something to hear, as long as there are channels for it; how
 * many are open. */
static bool fill_up(struct ear *ear, size_t *open, struct fault *f)
{
	*open = 0;
	for (size_t i = 0; i < STRANDS; i++)
		*open += ear[i].run != NULL;
	for (size_t i = 0; i < STRANDS; i++) {
		struct ear *e = &ear[i];

		do {
			if (!e->run) {
				if (!open_next(e, *open, f))
					return false;
				*open += e->run != NULL;
			}
			if (!e->run)
				break; /* none is left */
			if (!go_on(e, f))
				return false;
			*open -= e->run == NULL; /* it is over */
		} while (!e->run);
	}
	return true;
}

/* Those that one detector hears, until one of them has no more. */
static bool hear_beside(struct ear *ear, struct fault *f)
{
	struct pending *all[STRANDS];
	const struct detector *d = NULL;
	size_t n = 0;

	for (size_t i = 0; i < STRANDS; i++) {
		if (!ear[i].run)
			continue;
		d = d ? d : ear[i].beside;
		if (ear[i].beside == d)
			all[n++] = &ear[i].pending;
	}
	return pending_turn(all, n, d, f) || fault_in(f, "%s", d->name);
}

static bool open_ear(struct ear *e, struct listening *s, struct crew *crew,
	struct arena *scratch, struct fault *f)
{
	size_t signal = sizeof(struct signal) +
		SIGNAL_MARKS * sizeof(struct signal_mark);

	*e = (struct ear){.shared = s, .crew = crew, .scratch = scratch};
	if (!arena_map(&e->out, OUT_BYTES, f) ||
		!arena_map(&e->states, STATES_BYTES, f) ||
		!arena_map(&e->fixed, signal + PENDING_BYTES, f) ||
		!pending_open(&e->pending, &e->fixed, f) ||
		!(e->signal = arena_take(&e->fixed, signal, f)) ||
		!heard_open(&e->past, s->c, crew, f))
		return false;
	e->to = (struct detections){copy_detection, e};
	e->air = (struct ambients){copy_ambient, e};
	e->pending.strand.out = &e->to;
	return true;
}

static void close_ear(struct ear *e)
{
	heard_close(&e->past);
	arena_unmap(&e->fixed);
	arena_unmap(&e->states);
	arena_unmap(&e->out);
}

static bool channels(
	struct listening *s, struct crew *crew, struct fault *f)
{
	struct ear ear[STRANDS] = {{.run = NULL}};
	struct arena scratch = {0};
	size_t open = 0;
	bool ok = arena_map(&scratch, WORK_BYTES, f);

	for (size_t i = 0; ok && i < STRANDS; i++)
		ok = open_ear(&ear[i], s, crew, &scratch, f);
	while (ok && (ok = fill_up(ear, &open, f)) && open > 0)
		ok = hear_beside(ear, f);
	for (size_t i = 0; i < STRANDS; i++)
		close_ear(&ear[i]);
	arena_unmap(&scratch);
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
	for (size_t i = 0; i < c->run_count; i++)
		s.undone += i == 0 || strcmp(c->run[i].channel,
			c->run[i - 1].channel) != 0;
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
