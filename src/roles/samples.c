/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * samples.c - retrace_samples(): from the received files to what each sensor
 * of some pictures recorded.
 *
 * The files' headers, gone through once, say which bytes hold the wanted
 * stretches; then those alone are read.  Of several channels of a sensor that
 * is drawn which the used arrival was read from, else the first by name; of
 * copies in several files the first by content. */
#include <stdlib.h>

#include "ledger/blobs.h"
#include "roles/chain.h"
#include "roles/retrace.h"
#include "spool/spool.h"

#define WORK_BYTES ((size_t)1 << 30)
/* A filter has settled after so many seconds before what is shown; one of 2
 * Hz, the lowest of a microphone's bands, rings for one. */
#define SETTLE_S 3.0
/* Of one sensor: eight minutes at 12 kHz. */
#define VALUES_MAX 6e6

struct want { /* what a sensor recorded around one moment */
	struct picture_row *row;
	struct span span;
	size_t order; /* as asked */
};

struct piece { /* bytes of one file that may hold some of it */
	struct chain_run run;
	size_t want;
	bool used; /* holds the arrival that was used */
};

struct cutting {
	struct disk *disk;
	struct parsers *parsers;
	const struct mission *mission;
	struct arena *arena;
	struct arena work;
	struct want *want; /* by source, then as asked */
	size_t wants;
	const struct chain_file *file; /* being looked through */
	struct piece *piece;
	size_t pieces, room, first_of_file;
	/* Of what is being read. */
	struct span span;
	struct instant heard; /* until when it was read */
	struct picture_row *row;
	struct picture_stretch *stretch;
	size_t stretches, stretch_room;
	float *value; /* of all stretches, one behind the other */
	size_t values, value_room;
};

/* -- what is wanted -- */

static int by_source(const void *a, const void *b)
{
	const struct want *x = a, *y = b;
	int d = strcmp(x->row->source->id, y->row->source->id);

	return d ? d : (x->order > y->order) - (x->order < y->order);
}

static void want_of(struct cutting *c, const struct picture *p)
{
	double from_s, to_s;

	picture_window(p, &from_s, &to_s);
	for (size_t i = 0; i < p->rows; i++) {
		struct instant t = instant_plus_s(
			p->sound.at, p->row[i].travel_s);

		if (p->row[i].state == PICTURE_OUT)
			continue;
		c->want[c->wants] = (struct want){&p->row[i],
			{instant_plus_s(t, from_s - SETTLE_S),
				instant_plus_s(t, to_s)}, c->wants};
		c->wants++;
	}
}

static bool want_all(struct cutting *c, const struct picture *p, size_t count,
	struct fault *f)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		n += p[i].rows;
	if (!(c->want = arena_array(c->arena, n + 1, sizeof *c->want, f)))
		return false;
	for (size_t i = 0; i < count; i++)
		want_of(c, &p[i]);
	qsort(c->want, c->wants, sizeof *c->want, by_source);
	return true;
}

/* The first that is wanted of a source; c->wants: none is. */
static size_t first_of(const struct cutting *c, const char *id)
{
	size_t lo = 0, hi = c->wants;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(c->want[mid].row->source->id, id) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < c->wants && strcmp(c->want[lo].row->source->id, id) == 0
		? lo : c->wants;
}

/* -- which bytes -- */

static bool is_cited(const struct picture_row *r, const struct chain_file *f,
	const struct segment *s)
{
	const struct detection *d = r->used;

	return d && memcmp(d->cite.blob.at, f->blob.at, SHA256_LEN) == 0 &&
		d->cite.offset < s->cite.offset + s->cite.length &&
		s->cite.offset < d->cite.offset + d->cite.length;
}

/* The piece of this file that it is another part of. */
static struct piece *begun(
	const struct cutting *c, size_t want, const struct segment *s)
{
	for (size_t i = c->pieces; i-- > c->first_of_file;) {
		struct piece *p = &c->piece[i];

		if (p->want == want &&
			strcmp(p->run.channel, s->channel) == 0 &&
			s->cite.offset == p->run.offset + p->run.length)
			return p;
	}
	return NULL;
}

static struct piece *new_piece(struct cutting *c, size_t want,
	const struct segment *s, struct fault *f)
{
	void *list = c->piece;
	struct piece *p;

	if (!chain_grow(c->arena, &list, c->pieces, &c->room,
		sizeof *c->piece, f))
		return NULL;
	c->piece = list;
	p = &c->piece[c->pieces];
	*p = (struct piece){.want = want, .run = {.file = c->file,
		.channel = arena_text(c->arena, bytes_of(s->channel), f),
		.source = c->want[want].row->source, .offset = s->cite.offset,
		.from = s->start, .rate_hz = s->rate_hz}};
	if (!p->run.channel)
		return NULL;
	c->pieces++;
	return p;
}

static bool note(struct cutting *c, size_t want, const struct segment *s,
	struct instant end, struct fault *f)
{
	struct piece *p = begun(c, want, s);

	if (!p && !(p = new_piece(c, want, s, f)))
		return false;
	p->run.length = s->cite.offset + s->cite.length - p->run.offset;
	p->run.to = end;
	p->used = p->used || is_cited(c->want[want].row, c->file, s);
	return true;
}

static bool see_segment(void *self, const struct segment *s, struct fault *f)
{
	struct cutting *c = self;
	const struct mission *m = c->mission;
	size_t n = s->count ? s->count : s->declared;
	const struct source *source;
	struct span span;

	if (n == 0)
		return true;
	span = (struct span){s->start, segment_time(s, n)};
	source = source_of_channel(m->source, m->source_count, s->channel);
	if (!source)
		return true;
	for (size_t i = first_of(c, source->id); i < c->wants &&
		strcmp(c->want[i].row->source->id, source->id) == 0; i++)
		if (span_meets(c->want[i].span, span) &&
			!note(c, i, s, span.to, f))
			return false;
	return true;
}

static const char *missing_blob(
	struct cutting *c, const struct digest *blob, const char *what,
	struct fault *f)
{
	char path[BLOB_PATH];
	struct text t = text_in(c->arena, 256);

	text_fmt(&t, "%s: %s", what, blob_path(blob, path));
	return text_check(&t, f) ? t.at : NULL;
}

/* Said of the sensors whose file it was: by the folder it came in, or because
 * an arrival was read from it. */
static bool is_gone(struct cutting *c, struct fault *f)
{
	for (size_t i = 0; i < c->wants; i++) {
		struct picture_row *r = c->want[i].row;
		bool cited = r->used && memcmp(r->used->cite.blob.at,
			c->file->blob.at, SHA256_LEN) == 0;

		if (r->missing || (!cited &&
				strcmp(r->source->id, c->file->source) != 0))
			continue;
		r->missing = missing_blob(c, &c->file->blob,
			"its evidence is not held here", f);
		if (!r->missing)
			return false;
	}
	return true;
}

/* A folder that bears the name of a source that is not asked about. */
static bool is_other(const struct cutting *c, const char *folder)
{
	const struct mission *m = c->mission;

	return first_of(c, folder) == c->wants &&
		source_find(m->source, m->source_count, folder) != NULL;
}

static bool look_through(struct cutting *c, struct fault *f)
{
	const char *slash = strrchr(c->file->name, '/');
	struct origin o = {
		slash ? slash + 1 : c->file->name, c->file->source};
	struct intake in = {c, see_segment, intake_no_observation,
		intake_no_damage, true};
	struct parse p = {.format = c->file->format, .origin = &o,
		.scratch = &c->work};
	struct fault why = {0};
	bool has, ok;

	if (!blobs_has(c->disk, &c->file->blob, &has, f))
		return false;
	if (!has)
		return is_gone(c, f);
	c->work.used = 0;
	c->first_of_file = c->pieces;
	if (!blobs_get(c->disk, &c->file->blob, &p.in, f))
		return false;
	ok = parsers_decode(c->parsers, &p, &in, &why);
	blobs_release(c->disk, p.in);
	if (!ok && why.kind != FAULT_INPUT)
		*f = why;
	return ok || why.kind == FAULT_INPUT;
}

struct filing {
	struct cutting *c;
	struct chain_file *file;
	size_t count, room;
};

static bool see_file(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct filing *x = self;
	struct arena *a = x->c->arena;
	void *list = x->file;
	struct intake_note n;

	if (rec->kind != JOURNAL_FILE)
		return true;
	if (!intake_note_read(rec, a, &n, f))
		return false;
	if (is_other(x->c, n.source))
		return true;
	if (!chain_grow(a, &list, x->count, &x->room, sizeof *x->file, f))
		return false;
	x->file = list;
	x->file[x->count++] = (struct chain_file){n.blob.sha256,
		n.aside ? NULL : format_named(n.format), n.name, n.source,
		INSTANT_UNKNOWN};
	return true;
}

static bool look(struct cutting *c, struct fault *f)
{
	struct filing x = {.c = c};
	struct journal journal;
	struct spool spool;
	bool ok;

	if (!spool_open(&spool, c->disk, "inbox", SPOOL_READ, 0, f))
		return false;
	journal = spool_journal(&spool);
	ok = journal.read(journal.self, 0, see_file, &x, f);
	spool_close(&spool);
	if (ok && x.count > 0)
		qsort(x.file, x.count, sizeof *x.file, chain_by_content);
	for (size_t i = 0; ok && i < x.count; i++) {
		c->file = &x.file[i];
		ok = !c->file->format || look_through(c, f);
	}
	return ok;
}

/* -- the samples -- */

/* Whether it follows the last stretch without a gap: then it is of it. */
static bool follows(const struct cutting *c, const struct segment *s,
	struct instant start)
{
	const struct picture_stretch *last = c->stretches > 0
		? &c->stretch[c->stretches - 1] : NULL;
	struct instant end;

	if (!last)
		return false;
	end = instant_plus_s(last->start, (double)last->count / s->rate_hz);
	return fabs(instant_seconds(end, start)) * s->rate_hz < 0.5;
}

/* Samples from..end of a segment. */
static bool keep(struct cutting *c, const struct segment *s, size_t from,
	size_t end, struct fault *f)
{
	struct instant start = segment_time(s, from);
	void *list = c->stretch;

	if (!follows(c, s, start)) {
		if (!chain_grow(c->arena, &list, c->stretches,
			&c->stretch_room, sizeof *c->stretch, f))
			return false;
		c->stretch = list;
		c->stretch[c->stretches++] = (struct picture_stretch){
			start, c->value + c->values, 0};
	}
	for (size_t i = from; i < end; i++)
		c->value[c->values++] = (float)segment_sample(s, i);
	c->stretch[c->stretches - 1].count += end - from;
	return true;
}

/* Room for all that can come at this rate. */
static bool make_room(
	struct cutting *c, const struct segment *s, struct fault *f)
{
	double n = instant_seconds(c->span.from, c->span.to) * s->rate_hz + 2;

	if (c->value)
		return true;
	if (n > VALUES_MAX)
		return fault(f, FAULT_LIMIT, "%s: over %.0f samples",
			c->row->source->id, VALUES_MAX);
	c->value_room = (size_t)n;
	c->value = arena_array(c->arena, c->value_room, sizeof *c->value, f);
	return c->value != NULL;
}

static bool take(void *self, const struct segment *s, struct fault *f)
{
	struct cutting *c = self;
	struct picture_row *r = c->row;
	struct span w = c->span;
	double from, end;
	size_t n = s->count;

	if (instant_known(c->heard) && c->heard.utc_ns > w.from.utc_ns)
		w.from = c->heard;
	from = instant_seconds(s->start, w.from) * s->rate_hz;
	end = instant_seconds(s->start, w.to) * s->rate_hz;
	from = fmax(0, floor(from + 0.5));
	end = fmin((double)n, floor(end + 0.5));
	if (from >= end)
		return true;
	if (c->stretches > 0 && (r->rate_hz < s->rate_hz ||
			r->rate_hz > s->rate_hz))
		return true; /* of another rate: what came first stands */
	if (!make_room(c, s, f))
		return false;
	end = fmin(end, from + (double)(c->value_room - c->values));
	r->rate_hz = s->rate_hz;
	r->scale = s->scale;
	c->heard = segment_time(s, (size_t)end);
	return keep(c, s, (size_t)from, (size_t)end, f);
}

static bool read_piece(
	struct cutting *c, const struct piece *p, struct fault *f)
{
	const struct digest *blob = &p->run.file->blob;
	struct fault why = {0};
	struct bytes b;

	if (!blobs_get_sound(c->disk, blob, &b, &why)) {
		c->row->missing = missing_blob(c, blob,
			"its evidence is not what it was", f);
		return c->row->missing != NULL;
	}
	blobs_release(c->disk, b);
	return chain_read_run(&(struct chain_reader){c->disk, c->parsers, NULL},
		&p->run, &c->work, c, take, f);
}

static int by_time(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;
	int d;

	if (x->want != y->want)
		return x->want < y->want ? -1 : 1;
	d = strcmp(x->run.channel, y->run.channel);
	if (d)
		return d;
	if (x->run.from.utc_ns != y->run.from.utc_ns)
		return x->run.from.utc_ns < y->run.from.utc_ns ? -1 : 1;
	return memcmp(x->run.file->blob.at, y->run.file->blob.at, SHA256_LEN);
}

/* Pieces from..to are of one want. */
static bool read_want(struct cutting *c, const struct want *w, size_t from,
	size_t to, struct fault *f)
{
	const char *channel = from < to ? c->piece[from].run.channel : NULL;

	c->row = w->row;
	c->span = w->span;
	c->heard = INSTANT_UNKNOWN;
	c->stretch = NULL;
	c->value = NULL;
	c->stretches = c->stretch_room = c->values = c->value_room = 0;
	for (size_t i = to; i-- > from;)
		if (c->piece[i].used)
			channel = c->piece[i].run.channel;
	for (size_t i = from; i < to; i++)
		if (strcmp(channel, c->piece[i].run.channel) == 0 &&
			!read_piece(c, &c->piece[i], f))
			return false;
	c->row->stretch = c->stretch;
	c->row->stretches = c->stretches;
	if (c->stretches > 0)
		c->row->missing = NULL;
	else if (!c->row->missing)
		c->row->missing = "no samples of that time are held here";
	return true;
}

static bool read_all(struct cutting *c, struct fault *f)
{
	size_t from = 0;

	if (c->pieces > 0)
		qsort(c->piece, c->pieces, sizeof *c->piece, by_time);
	for (size_t i = 0; i < c->wants; i++) {
		size_t to = from;

		while (to < c->pieces && c->piece[to].want == i)
			to++;
		if (!read_want(c, &c->want[i], from, to, f))
			return false;
		from = to;
	}
	return true;
}

bool retrace_samples(struct disk *disk, struct picture *p, size_t count,
	struct arena *a, struct fault *f)
{
	struct cutting c = {.disk = disk, .arena = a};
	bool ok;

	if (count == 0)
		return true;
	c.mission = p->mission;
	ok = parsers_open(&c.parsers, NULL, f) &&
		arena_map(&c.work, WORK_BYTES, f) &&
		want_all(&c, p, count, f) &&
		look(&c, f) && read_all(&c, f);
	parsers_close(c.parsers);
	arena_unmap(&c.work);
	return ok;
}
