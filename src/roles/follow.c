/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * follow.c - moving sources: their files in order of time, those that overlap
 * or nearly touch together, so that a track goes on from one to the next. */
#include "detect/detector.h"
#include "roles/chain.h"

#define TOUCH_NS (INT64_C(600) * 1000000000) /* 10 min: one flight */
enum { STATE_MAX = 1 << 20 };

struct cluster {
	struct chain *c;
	const char *source;
	const struct chain_file *file;
	struct observation *o;
	size_t count, room;
};

static bool copy_region(
	struct arena *a, struct region *r, struct fault *f)
{
	struct ring *ring;

	r->cell = NULL;
	r->cell_count = 0;
	if (r->ring_count == 0)
		return true;
	if (!(ring = arena_array(a, r->ring_count, sizeof *ring, f)))
		return false;
	for (size_t i = 0; i < r->ring_count; i++) {
		struct point *p = arena_array(
			a, r->ring[i].count, sizeof *p, f);

		if (!p)
			return false;
		for (size_t k = 0; k < r->ring[i].count; k++)
			p[k] = r->ring[i].point[k];
		ring[i] = (struct ring){p, r->ring[i].count};
	}
	r->ring = ring;
	return true;
}

static bool copy_lists(
	struct arena *a, struct observation *o, struct fault *f)
{
	struct feature *x = arena_array(a, o->feature_count + 1, sizeof *x, f);
	struct attribute *y =
		arena_array(a, o->attribute_count + 1, sizeof *y, f);

	if (!x || !y)
		return false;
	for (size_t i = 0; i < o->feature_count; i++)
		x[i] = o->feature[i];
	for (size_t i = 0; i < o->attribute_count; i++) {
		y[i].name = o->attribute[i].name; /* names are constants */
		y[i].text = arena_text(a, bytes_of(o->attribute[i].text), f);
		if (!y[i].text)
			return false;
	}
	o->feature = x;
	o->attribute = y;
	return true;
}

static bool keep(void *self, const struct observation *o, struct fault *f)
{
	struct cluster *k = self;
	struct arena *a = &k->c->keep;
	void *list = k->o;
	struct observation *x;

	if (strcmp(o->source, k->source) != 0 || !instant_known(o->at) ||
		(o->what != OBSERVATION_TRACK && o->what != OBSERVATION_GNSS &&
			o->what != OBSERVATION_STATUS &&
			o->what != OBSERVATION_FOOTPRINT))
		return true;
	if (!chain_grow(a, &list, k->count, &k->room, sizeof *x, f))
		return false;
	k->o = list;
	x = &k->o[k->count];
	*x = *o;
	x->source = k->source;
	x->cite.blob = k->file->blob;
	if (!copy_region(a, &x->place.region, f) || !copy_lists(a, x, f))
		return false;
	k->count++;
	return true;
}

/* By time, then what, then content: two files of the same flight give the
 * same order whichever came first. */
static int by_time(const void *a, const void *b)
{
	const struct observation *x = a, *y = b;
	int d;

	if (x->at.utc_ns != y->at.utc_ns)
		return x->at.utc_ns < y->at.utc_ns ? -1 : 1;
	if (x->what != y->what)
		return x->what < y->what ? -1 : 1;
	d = memcmp(x->cite.blob.at, y->cite.blob.at, SHA256_LEN);
	if (d)
		return d;
	return (x->cite.offset > y->cite.offset) -
		(x->cite.offset < y->cite.offset);
}

static bool put_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct chain *c = self;
	bool fresh;

	c->done->detections++;
	if (!rows_detection(&c->rows, d, &fresh, f))
		return false;
	c->done->fresh += fresh;
	return true;
}

static bool put_look(void *self, const struct look *l, struct fault *f)
{
	struct chain *c = self;
	bool fresh;

	c->done->looks++;
	/* Made anew by every replay: no news. */
	return rows_look(&c->rows, l, &fresh, f);
}

static bool detect(struct cluster *k, const struct detector *d, void *state,
	struct fault *f)
{
	const struct mission *m = k->c->ask->mission;
	struct detections to = {put_detection, k->c};

	memset(state, 0, d->state_size);
	d->start(state, source_find(m->source, m->source_count, k->source), m);
	for (size_t i = 0; i < k->count; i++)
		if (d->sees(k->o[i].what) &&
			!d->observation(state, &k->o[i], &to, f))
			return fault_in(f, "%s", d->name);
	return d->finish(state, &to, f);
}

static bool follow(struct cluster *k, void *state, struct fault *f)
{
	struct chain *c = k->c;
	struct looks looks = {put_look, c};

	if (k->count == 0)
		return true;
	qsort(k->o, k->count, sizeof *k->o, by_time);
	for (size_t i = 0; detectors[i]; i++)
		if (detectors[i]->sees && detectors[i]->state_size > 0 &&
			!detect(k, detectors[i], state, f))
			return false;
	c->work.used = 0;
	return watch_footprints(
		c->ask->mission, k->o, k->count, &c->work, &looks, f);
}

static bool read_file(struct cluster *k, struct fault *f)
{
	const char *slash = strrchr(k->file->name, '/');
	struct origin o = {slash ? slash + 1 : k->file->name,
		k->file->source};
	struct intake in = {k, intake_no_segment, keep, intake_no_damage, true};
	struct disk *disk = k->c->ask->intake->disk;
	struct parse p = {.format = k->file->format, .origin = &o,
		.scratch = &k->c->work};
	struct fault why = {0};
	bool ok;

	k->c->work.used = 0;
	if (!blobs_get(disk, &k->file->blob, &p.in, f))
		return false;
	ok = parsers_decode(k->c->ask->intake->parsers, &p, &in, &why);
	blobs_release(disk, p.in);
	chain_died(&k->c->deaths, k->file, 0, &p);
	if (!ok && why.kind != FAULT_INPUT) {
		*f = why;
		return fault_in(f, "%s", k->file->name);
	}
	return true;
}

static int by_source(const void *a, const void *b)
{
	const struct chain_moving *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (!d)
		d = instant_order(x->span.from, y->span.from);
	return d ? d
		 : memcmp(x->file->blob.at, y->file->blob.at, SHA256_LEN);
}

static bool clusters(struct chain *c, void *state, struct fault *f)
{
	struct chain_moving *m = c->moving;

	for (size_t i = 0; i < c->moving_count;) {
		struct cluster k = {.c = c, .source = m[i].source};
		int64_t end = m[i].span.to.utc_ns;

		c->keep.used = 0;
		chain_progress(c, "follow", i, c->moving_count);
		do {
			k.file = m[i].file;
			if (m[i].span.to.utc_ns > end)
				end = m[i].span.to.utc_ns;
			if (!read_file(&k, f))
				return false;
			i++;
		} while (i < c->moving_count &&
			strcmp(m[i].source, k.source) == 0 &&
			m[i].span.from.utc_ns <= end + TOUCH_NS);
		if (!follow(&k, state, f))
			return false;
	}
	return true;
}

bool chain_follow(struct chain *c, struct fault *f)
{
	struct store *s = c->ask->store;
	void *state;

	if (c->moving_count == 0)
		return true;
	qsort(c->moving, c->moving_count, sizeof *c->moving, by_source);
	if (!(state = arena_take(&c->arena, STATE_MAX, f)) ||
		!s->engine->begin(s, "follow", f))
		return false;
	if (!clusters(c, state, f)) {
		s->engine->rollback(s);
		return false;
	}
	return s->engine->commit(s, NULL, f);
}
