/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/tree.h"
#include "detect/detector.h"
#include "roles/chain.h"
#include "roles/frames.h"

#define RUN_MAX_S 3600

struct pass { /* over one file */
	struct chain *c;
	const struct chain_file *file;
	size_t first_run;     /* runs before it belong to other files */
	size_t damaged;
	struct detections to; /* of detectors without state */
	struct observation *heat; /* rows of satellites, for looks */
	size_t heat_count, heat_room;
	struct chain_moving moving; /* the latest source seen */
};

static void widen(struct chain *c, struct instant from, struct instant to)
{
	struct span *s = &c->done->data;

	if (!instant_known(from))
		return;
	if (!instant_known(s->from) || from.utc_ns < s->from.utc_ns)
		s->from = from;
	if (!instant_known(to))
		to = from;
	if (!instant_known(s->to) || to.utc_ns >= s->to.utc_ns)
		s->to = (struct instant){to.utc_ns + 1};
}

/* -- segments -- */

/* An hour at most where a part can be read alone: arrays go through the runs
 * of all elements stretch by stretch. */
static bool same_run(const struct chain_run *r, const struct segment *s)
{
	double gap = instant_seconds(r->to, s->start);

	if (r->file->format->sliceable &&
		instant_seconds(r->from, s->start) >= RUN_MAX_S)
		return false;
	return strcmp(r->channel, s->channel) == 0 &&
		fabs(r->rate_hz - s->rate_hz) <= 1e-4 * r->rate_hz &&
		fabs(gap) <= 0.5 / r->rate_hz &&
		s->cite.offset == r->offset + r->length;
}

static bool new_run(struct pass *p, const struct segment *s, struct fault *f)
{
	struct chain *c = p->c;
	const struct mission *m = c->ask->mission;
	void *list = c->run;
	struct chain_run *r;

	if (!chain_grow(&c->arena, &list, c->run_count, &c->run_room,
		sizeof *c->run, f))
		return false;
	c->run = list;
	r = &c->run[c->run_count];
	*r = (struct chain_run){
		.file = p->file,
		.offset = s->cite.offset,
		.length = s->cite.length,
		.from = s->start,
		.rate_hz = s->rate_hz,
		.time_quality = s->time_quality,
		.flags = s->flags,
	};
	r->source = source_of_channel(m->source, m->source_count, s->channel);
	/* Most files hold one channel: share its name. */
	if (c->run_count > 0 &&
		strcmp(c->run[c->run_count - 1].channel, s->channel) == 0)
		r->channel = c->run[c->run_count - 1].channel;
	else
		r->channel = arena_text(&c->arena, bytes_of(s->channel), f);
	if (!r->channel)
		return false;
	c->run_count++;
	return true;
}

static bool take_segment(void *self, const struct segment *s, struct fault *f)
{
	struct pass *p = self;
	struct chain *c = p->c;
	size_t n = s->count ? s->count : s->declared;
	struct chain_run *r;

	if (n == 0)
		return true;
	if (c->run_count == p->first_run ||
		!same_run(&c->run[c->run_count - 1], s)) {
		if (!new_run(p, s, f))
			return false;
	}
	r = &c->run[c->run_count - 1];
	r->to = segment_time(s, n);
	r->samples += n;
	r->flags |= s->flags;
	if (s->cite.offset + s->cite.length > r->offset + r->length)
		r->length = s->cite.offset + s->cite.length - r->offset;
	if (isfinite(s->time_quality))
		r->time_quality = fmin(isfinite(r->time_quality)
			? r->time_quality : s->time_quality, s->time_quality);
	if (!r->source && c->done->strange == 0)
		memcpy(c->done->stranger, r->channel,
			strnlen(r->channel, sizeof c->done->stranger - 1));
	if (!r->source)
		c->done->strange += n;
	c->done->segments++;
	c->done->samples += n;
	widen(c, r->from, (struct instant){r->to.utc_ns - 1});
	return true;
}

/* -- observations -- */

static bool put_detection(
	void *self, const struct detection *d, struct fault *f)
{
	struct pass *p = self;
	bool fresh;

	p->c->done->detections++;
	if (!rows_detection(&p->c->rows, d, &fresh, f))
		return false;
	p->c->done->fresh += fresh;
	return true;
}

static bool to_detectors(
	struct pass *p, const struct observation *o, struct fault *f)
{
	const struct mission *m = p->c->ask->mission;
	const struct source *source =
		source_find(m->source, m->source_count, o->source);

	for (size_t i = 0; detectors[i]; i++) {
		const struct detector *d = detectors[i];

		if (!d->sees || d->state_size > 0 || !d->sees(o->what))
			continue;
		if (d->start)
			d->start(NULL, source, m);
		if (!d->observation(NULL, o, &p->to, f))
			return fault_in(f, "%s", d->name);
	}
	return true;
}

/* What the mission itself saw: notices and claims speak of other times. */
static bool is_data(enum observation_what w)
{
	return w != OBSERVATION_NOTICE && w != OBSERVATION_CLAIM &&
		w != OBSERVATION_WEATHER && w != OBSERVATION_SHAPE &&
		w != OBSERVATION_SURVEY && w != OBSERVATION_GAP &&
		w != OBSERVATION_PHOTO;
}

static bool moves(enum observation_what w)
{
	return w == OBSERVATION_TRACK || w == OBSERVATION_FOOTPRINT ||
		w == OBSERVATION_GNSS || w == OBSERVATION_STATUS;
}

static bool note_moving(
	struct pass *p, const struct observation *o, struct fault *f)
{
	struct chain *c = p->c;
	struct chain_moving *m = c->moving;
	size_t i = c->moving_count;
	void *list = m;

	while (i > 0 && m[i - 1].file == p->file &&
		strcmp(m[i - 1].source, o->source) != 0)
		i--;
	if (i > 0 && m[i - 1].file == p->file) {
		m = &m[i - 1];
		if (o->at.utc_ns < m->span.from.utc_ns)
			m->span.from = o->at;
		if (o->at.utc_ns > m->span.to.utc_ns)
			m->span.to = o->at;
		return true;
	}
	if (!chain_grow(&c->arena, &list, c->moving_count, &c->moving_room,
		sizeof *m, f))
		return false;
	c->moving = list;
	m = &c->moving[c->moving_count++];
	m->source = arena_text(&c->arena, bytes_of(o->source), f);
	m->file = p->file;
	m->span = (struct span){o->at, o->at};
	return m->source != NULL;
}

/* The pixel's outline: a pass looked at what its pixels span. */
static bool keep_rings(
	struct region *r, struct arena *keep, struct fault *f)
{
	struct ring *ring = arena_array(
		keep, r->ring_count + 1, sizeof *ring, f);

	for (size_t i = 0; ring && i < r->ring_count; i++) {
		size_t n = r->ring[i].count;
		struct point *p = arena_array(keep, n + 1, sizeof *p, f);

		if (!p)
			return false;
		for (size_t k = 0; k < n; k++)
			p[k] = r->ring[i].point[k];
		ring[i] = (struct ring){p, n};
	}
	r->ring = ring;
	return ring != NULL;
}

/* What looks need of a heat row outlives the decoder's call. */
static bool keep_heat(
	struct pass *p, const struct observation *o, struct fault *f)
{
	void *list = p->heat;
	struct observation *x;
	struct feature *features;

	if (!chain_grow(&p->c->keep, &list, p->heat_count, &p->heat_room,
		sizeof *x, f))
		return false;
	p->heat = list;
	x = &p->heat[p->heat_count];
	*x = *o;
	x->source = arena_text(&p->c->keep, bytes_of(o->source), f);
	x->attribute = NULL;
	x->attribute_count = 0;
	features = arena_array(&p->c->keep, o->feature_count + 1,
		sizeof *features, f);
	if (!x->source || !features ||
		!keep_rings(&x->place.region, &p->c->keep, f))
		return false;
	for (size_t i = 0; i < o->feature_count; i++)
		features[i] = o->feature[i];
	x->feature = features;
	p->heat_count++;
	return true;
}

static bool keep_gap(struct chain *c, const struct observation *o,
	struct fault *f)
{
	void *list = c->gap;
	struct gap *x;
	const struct mission *m = c->ask->mission;
	const struct source *s = source_of_channel(m->source,
		m->source_count, o->source);
	const char *why = "";

	for (size_t i = 0; i < o->attribute_count; i++)
		if (strcmp(o->attribute[i].name, "why") == 0)
			why = o->attribute[i].text;
	if (!chain_grow(&c->arena, &list, c->gap_count, &c->gap_room,
		sizeof *x, f))
		return false;
	c->gap = list;
	x = &c->gap[c->gap_count++];
	x->span = (struct span){o->at, o->until};
	x->source = arena_text(&c->arena, bytes_of(s ? s->id : o->source), f);
	x->why = arena_text(&c->arena, bytes_of(why), f);
	return x->source && x->why;
}

static bool to_records(
	struct pass *p, const struct observation *o, struct fault *f)
{
	struct rows *rows = &p->c->rows;
	struct activity a;
	struct claim cl;
	bool fresh = false, ok = true;

	if (o->what == OBSERVATION_NOTICE)
		ok = activity_of(o, p->file->received, &a, f) &&
			rows_activity(rows, &a, &fresh, f);
	else if (o->what == OBSERVATION_CLAIM)
		ok = claim_of(o, p->file->received, &cl, f) &&
			rows_claim(rows, &cl, &fresh, f);
	else if (o->what == OBSERVATION_WEATHER || o->what == OBSERVATION_PHOTO)
		ok = rows_observation(rows, o, &fresh, f);
	p->c->done->fresh += fresh;
	return ok;
}

static bool take_observation(
	void *self, const struct observation *given, struct fault *f)
{
	struct pass *p = self;
	struct observation o = *given;

	o.cite.blob = p->file->blob;
	p->c->done->observations++;
	if (is_data(o.what))
		widen(p->c, o.at, o.at);
	if (moves(o.what) && instant_known(o.at) && !note_moving(p, &o, f))
		return false;
	if (o.what == OBSERVATION_GAP && !keep_gap(p->c, &o, f))
		return false;
	if (o.what == OBSERVATION_HEAT && !keep_heat(p, &o, f))
		return false;
	return to_detectors(p, &o, f) && to_records(p, &o, f);
}

static bool take_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct pass *p = self;

	(void)why;
	(void)offset;
	(void)length;
	(void)f;
	p->damaged++;
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

static int by_source(const void *a, const void *b)
{
	const struct observation *x = a, *y = b;
	int d = strcmp(x->source, y->source);

	if (d)
		return d;
	if (x->at.utc_ns != y->at.utc_ns)
		return x->at.utc_ns < y->at.utc_ns ? -1 : 1;
	if (x->place.lat_deg != y->place.lat_deg)
		return x->place.lat_deg < y->place.lat_deg ? -1 : 1;
	return (x->place.lon_deg > y->place.lon_deg) -
		(x->place.lon_deg < y->place.lon_deg);
}

static bool heat_looks(struct pass *p, struct fault *f)
{
	struct chain *c = p->c;
	struct looks to = {put_look, c};

	if (p->heat_count == 0)
		return true;
	qsort(p->heat, p->heat_count, sizeof *p->heat, by_source);
	return watch_footprints(c->ask->mission, p->heat, p->heat_count,
		&c->work, &to, f);
}

static bool decode_file(
	struct chain *c, const struct chain_file *file, struct fault *f)
{
	const char *slash = strrchr(file->name, '/');
	struct origin o = {slash ? slash + 1 : file->name, file->source};
	struct pass p = {.c = c, .file = file, .first_run = c->run_count};
	struct intake in = {&p, take_segment, take_observation, take_damage,
		true};
	struct disk *disk = c->ask->intake->disk;
	struct parse parse = {.format = file->format, .origin = &o,
		.scratch = &c->work};
	struct fault why = {0};
	bool ok;

	p.to = (struct detections){put_detection, &p};
	c->work.used = c->keep.used = 0;
	/* The first reading of a replay; the later ones trust it. */
	if (!blobs_get_sound(disk, &file->blob, &parse.in, f))
		return false;
	ok = parsers_decode(c->ask->intake->parsers, &parse, &in, &why);
	chain_died(&c->deaths, file, 0, &parse);
	if (!ok && why.kind == FAULT_INPUT)
		ok = true; /* the spool holds its fault already */
	else if (!ok)
		*f = why;
	ok = ok && heat_looks(&p, f);
	blobs_release(disk, parse.in);
	for (size_t i = p.first_run; i < c->run_count; i++)
		c->run[i].damaged = p.damaged;
	return ok || fault_in(f, "%s", file->name);
}

bool chain_note_fault(struct chain *c, const struct journal_record *rec,
	bool *fresh, struct fault *f)
{
	struct digest d = sha256_of(rec->payload);
	char hex[SHA256_HEX];
	struct row row = {.type = ROW_FAULT, .id = digest_hex(&d, hex),
		.from = rec->received, .to = rec->received,
		.lat_e7 = INT32_MIN, .lon_e7 = INT32_MIN, .kind = "",
		.status = "", .source = "", .body = rec->payload,
		.ledger_index = -1};
	struct store *s = c->ask->store;
	struct query q = {.type = ROW_FAULT, .id = row.id,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	const struct tree *t;
	const char *source;
	uint64_t n;

	*fresh = false;
	c->done->damaged++;
	if (!tree_read(rec->payload, &c->arena, &t, f))
		return true; /* counted, but not to be shown */
	if ((source = tree_text(t, "source")))
		row.source = source;
	if (!s->engine->count(s, &q, &n, f))
		return false;
	*fresh = n == 0;
	return n > 0 || s->engine->put(s, &row, fresh, f);
}

static bool take_refused(
	void *self, const struct journal_record *rec, struct fault *f)
{
	bool fresh;

	return rec->kind != JOURNAL_FAULT ||
		chain_note_fault(self, rec, &fresh, f);
}

/* What was no sensor's word. */
static bool refused(struct chain *c, struct fault *f)
{
	struct journal j;

	if (!c->ask->frames)
		return true;
	j = spool_journal(&c->ask->frames->spool);
	return j.read(j.self, 0, take_refused, c, f);
}

static bool take_record(
	void *self, const struct journal_record *rec, struct fault *f)
{
	struct chain *c = self;
	struct intake_note n;
	void *list = c->file;
	bool fresh;

	if (rec->kind == JOURNAL_FAULT)
		return chain_note_fault(c, rec, &fresh, f);
	if (rec->kind != JOURNAL_FILE)
		return true;
	if (!chain_grow(&c->arena, &list, c->file_count, &c->file_room,
		    sizeof *c->file, f) ||
		!intake_note_read(rec, &c->arena, &n, f))
		return false;
	c->file = list;
	c->file[c->file_count++] = (struct chain_file){n.blob.sha256,
		n.aside ? NULL : format_named(n.format), n.name, n.source,
		strcmp(n.how, "network") == 0 ? rec->received
					      : INSTANT_UNKNOWN};
	return true;
}

int chain_by_content(const void *a, const void *b)
{
	const struct chain_file *x = a, *y = b;
	int d = memcmp(x->blob.at, y->blob.at, SHA256_LEN);

	return d ? d : strcmp(x->source, y->source);
}

/* In order of content: of what two files both say the first stays, so a
 * second replay finds what it would write. */
static bool decode_all(struct chain *c, struct fault *f)
{
	if (c->file_count > 0)
		qsort(c->file, c->file_count, sizeof *c->file,
			chain_by_content);
	for (size_t i = 0; i < c->file_count; i++) {
		chain_progress(c, "decode", i, c->file_count);
		c->done->files++;
		if (c->file[i].format && !decode_file(c, &c->file[i], f))
			return false;
	}
	return true;
}

bool chain_decode(struct chain *c, struct fault *f)
{
	struct journal journal = spool_journal(&c->ask->intake->spool);
	struct store *s = c->ask->store;

	if (!s->engine->begin(s, "decode", f))
		return false;
	/* Made anew by every replay: late data change them. */
	if (!s->engine->renew(s, ROW_DETECTION, f) ||
		!s->engine->renew(s, ROW_LOOK, f) ||
		!s->engine->renew(s, ROW_HEALTH, f) ||
		!journal.read(journal.self, 0, take_record, c, f) ||
		!refused(c, f) ||
		!decode_all(c, f)) {
		s->engine->rollback(s);
		return false;
	}
	return s->engine->commit(s, NULL, f);
}
