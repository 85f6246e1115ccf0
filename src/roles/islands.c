/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "roles/islands.h"

#include "roles/crew.h"
#include "watch/clock.h"

#define PICKS_BYTES ((size_t)8 << 30)
#define WORK_BYTES ((size_t)1 << 30)
/* An island of so many arrivals, always the last of its batch, is shared by
 * all hands: it takes longer than the rest of the batch. */
enum { SHARED_LEAST = ISLANDS_PICKS };

struct record { /* of an incident: what a later stage sees was written */
	const struct record *next;
	struct bytes text;
};

struct remembered { /* an island, by its arrivals in order */
	struct remembered *next;
	struct id first; /* of them */
	size_t count;
	const struct record *record;
};

struct island {
	struct detection *pick;
	size_t count, room;
	struct sha256 rows; /* of its picks */
	struct digest key;
	bool known; /* its records are remembered ones; else in `made` */
	const struct record *first, **last;
	struct clock_log fits;
};

struct hand { /* of one thread */
	struct islands *all;
	struct crew *crew;
	struct arena work, page;
	struct fields fields;
	struct island *island;
};

bool islands_open(struct islands *s, struct fault *f)
{
	return arena_map(&s->picks, PICKS_BYTES, f) &&
		arena_map(&s->made, PICKS_BYTES, f) &&
		arena_map(&s->work, WORK_BYTES, f) && tape_open(&s->tape, f);
}

void islands_close(struct islands *s)
{
	tape_close(&s->tape);
	arena_unmap(&s->work);
	arena_unmap(&s->made);
	arena_unmap(&s->picks);
}

static struct island *open_island(struct islands *s, struct fault *f)
{
	if (!s->island && !(s->island = arena_array(&s->picks, ISLANDS_BATCH,
				    sizeof *s->island, f)))
		return NULL;
	return &s->island[s->count];
}

/* The record's tree, ten times its size, goes to `work`. */
bool islands_add(struct islands *s, const struct row *row,
	const struct detection **d, struct fault *f)
{
	struct island *i = open_island(s, f);
	const struct tree *t;
	void *list;

	if (!i)
		return false;
	list = i->pick;
	if (!chain_grow(&s->picks, &list, i->count, &i->room, sizeof *i->pick,
		f))
		return false;
	i->pick = list;
	s->work.used = 0;
	if (!tree_read(row->body, &s->work, &t, f) ||
		!detection_read(t, &s->picks, &i->pick[i->count], f))
		return fault_in(f, "%s", row->id);
	if (i->count == 0)
		sha256_start(&i->rows);
	memo_text(&i->rows, row->id);
	memo_number(&i->rows, row->body.len);
	sha256_add(&i->rows, row->body);
	*d = &i->pick[i->count++];
	s->batch_picks++;
	return true;
}

/* -- one thread -- */

static bool keep_record(void *self, const struct incident *i, struct fault *f)
{
	struct hand *h = self;
	struct islands *s = h->all;
	struct fields *x = &h->fields;
	struct record *r;
	struct text t;

	h->page.used = 0;
	*x = fields_in(&h->page);
	if (!incident_write(i, x, f))
		return false;
	t = text_in(&h->page, 1 << 20);
	fields_print(x, &t);
	if (!text_check(&t, f))
		return false;
	crew_lock(h->crew);
	if ((r = arena_array(&s->made, 1, sizeof *r, f)) &&
		(r->text.at = (uint8_t *)arena_text(
			 &s->made, text_view(&t), f)))
		r->text.len = t.len;
	crew_unlock(h->crew);
	if (!r || !r->text.at)
		return false;
	*h->island->last = r;
	h->island->last = &r->next;
	return true;
}

static bool keep_fit(void *self, const struct fit *fit, struct fault *f)
{
	struct hand *h = self;
	bool ok;

	crew_lock(h->crew);
	ok = clock_take(&h->island->fits, fit, f);
	crew_unlock(h->crew);
	return ok;
}

static bool one_island(struct hand *h, struct island *i, struct fault *f)
{
	struct network net = *h->all->net;
	struct fits fits = {keep_fit, h};
	struct incidents to = {keep_record, h};

	if (net.fits)
		net.fits = &fits;
	net.hands = h->all->lent.count > 1 ? &h->all->lent : NULL;
	h->island = i;
	h->work.used = 0;
	return i->known ||
		locate_sound(&net, i->pick, i->count, &h->work, &to, f);
}

static bool work(void *self, struct crew *crew, struct fault *f)
{
	struct islands *s = self;
	struct hand h = {.all = s, .crew = crew};
	bool ok = arena_map(&h.work, PICKS_BYTES, f) &&
		arena_map(&h.page, WORK_BYTES, f);
	size_t i;

	while (ok && crew_next(crew, &s->next, s->end, &i))
		ok = one_island(&h, &s->island[i], f);
	arena_unmap(&h.page);
	arena_unmap(&h.work);
	return ok;
}

/* -- from one walk to the next -- */

static bool remember(
	struct islands_memory *m, const struct island *i, struct fault *f)
{
	struct remembered *x;
	struct record *to;
	const struct record **last;

	if (m->arena->used >= m->most)
		return true;
	if (!(x = arena_array(m->arena, 1, sizeof *x, f)))
		return false;
	*x = (struct remembered){.first = i->pick[0].id, .count = i->count};
	last = &x->record;
	for (const struct record *r = i->first; r; r = r->next) {
		if (!(to = arena_array(m->arena, 1, sizeof *to, f)) ||
			!(to->text.at = (uint8_t *)arena_text(
				  m->arena, r->text, f)))
			return false;
		to->text.len = r->text.len;
		*last = to;
		last = &to->next;
	}
	*(m->last ? &m->last->next : &m->first) = x;
	m->last = x;
	return true;
}

/* Whether a sensor was charged with something for a time that any working
 * source may have heard this in. */
static bool is_touched(const struct islands *s, const struct island *i)
{
	double gap = locate_gap_s(s->net->mission);
	struct span span = {instant_plus_s(i->pick[0].at, -2 * gap),
		instant_plus_s(i->pick[i->count - 1].at, 2 * gap)};

	for (size_t k = 0; k < s->charged_count; k++)
		if (span_meets(s->charged[k], span))
			return true;
	return false;
}

static void recall(struct islands *s, struct island *i)
{
	struct remembered *x = s->memory->at;

	if (!x || x->count != i->count ||
		strcmp(x->first.text, i->pick[0].id.text) != 0)
		return;
	s->memory->at = x->next;
	i->known = !is_touched(s, i);
	if (i->known)
		i->first = x->record;
}

/* -- from one replay to the next -- */

static bool tape_fit(void *self, const struct fit *given, struct fault *f)
{
	struct tape *t = self;
	struct fit fit = *given;

	fit.far = NULL; /* lives as long as its call */
	fit.far_count = 0;
	if (!tape_raw(t, &fit, sizeof fit, f))
		return false;
	for (size_t i = 0; i < fit.hearing_count; i++) {
		const struct hearing *h = &fit.hearing[i];

		if (!tape_raw(t, h, sizeof *h, f) ||
			!tape_text(t, h->source, f))
			return false;
		for (size_t k = 0; k < h->near_count; k++)
			if (!tape_raw(t, &h->near[k], sizeof *h->near, f) ||
				!tape_text(t, h->near[k].detection, f))
				return false;
	}
	return true;
}

static bool read_near(struct reader *r, struct hearing *h, struct arena *a,
	struct fault *f)
{
	struct near *n;

	if (h->near_count > reader_left(r) ||
		!(n = arena_array(a, h->near_count + 1, sizeof *n, f)))
		return false;
	for (size_t k = 0; k < h->near_count; k++) {
		if (!tape_read(r, &n[k], sizeof *n))
			return false;
		n[k].detection = tape_read_text(r);
	}
	h->near = n;
	return true;
}

static bool read_fit(struct reader *r, struct fit *fit, struct arena *a,
	struct fault *f)
{
	struct hearing *h;

	if (!tape_read(r, fit, sizeof *fit) ||
		fit->hearing_count > reader_left(r) ||
		!(h = arena_array(a, fit->hearing_count + 1, sizeof *h, f)))
		return false;
	for (size_t i = 0; i < fit->hearing_count; i++) {
		if (!tape_read(r, &h[i], sizeof *h))
			return false;
		h[i].source = tape_read_text(r);
		if (!read_near(r, &h[i], a, f))
			return false;
	}
	fit->hearing = h;
	return true;
}

/* They were given the last first, and are taken in their order. */
static bool read_fits(struct islands *s, struct reader *r, struct island *i,
	uint64_t count, struct fault *f)
{
	struct fit *fit;

	if (count > reader_left(r) || !(fit = arena_array(&s->made, count + 1,
		sizeof *fit, f)))
		return false;
	for (uint64_t k = 0; k < count; k++)
		if (!read_fit(r, &fit[k], &s->made, f))
			return false;
	for (uint64_t k = count; k-- > 0;)
		if (!clock_take(&i->fits, &fit[k], f))
			return false;
	return true;
}

static bool read_island(struct islands *s, struct bytes value,
	struct island *i, struct fault *f)
{
	struct reader r = reader(value);
	uint64_t fits, records;

	if (!tape_read(&r, &fits, sizeof fits) ||
		!tape_read(&r, &records, sizeof records) ||
		!read_fits(s, &r, i, fits, f))
		return false;
	for (; records > 0 && !r.ran_out; records--) {
		struct record *x = arena_array(&s->made, 1, sizeof *x, f);

		if (!x)
			return false;
		x->text = bytes_of(tape_read_text(&r));
		*i->last = x;
		i->last = &x->next;
	}
	i->known = !r.ran_out;
	return i->known;
}

/* What an earlier replay made of it. */
static bool find(struct islands *s, struct island *i, struct fault *f)
{
	struct digest rows;
	struct bytes value;

	i->last = &i->first;
	i->fits = (struct clock_log){.arena = &s->made};
	if (i->known || !s->memo)
		return true;
	rows = sha256_end(&i->rows);
	i->key = islands_key(s->memo, s->net, &rows, (struct span){
		i->pick[0].at, i->pick[i->count - 1].at});
	if (!memo_get(s->memo, &i->key, &s->made, &value, f))
		return false;
	f->kind = FAULT_NONE;
	if (!value.at || read_island(s, value, i, f))
		return true;
	return f->kind == FAULT_NONE &&
		fault(f, FAULT_INPUT, "a memo makes no sense");
}

/* `i` was made by this replay. */
static bool keep(struct islands *s, const struct island *i, struct fault *f)
{
	const struct fits to = {tape_fit, &s->tape};
	uint64_t fits = i->fits.count, records = 0;

	if (!s->memo)
		return true;
	for (const struct record *r = i->first; r; r = r->next)
		records++;
	tape_clear(&s->tape);
	if (!tape_raw(&s->tape, &fits, sizeof fits, f) ||
		!tape_raw(&s->tape, &records, sizeof records, f) ||
		!clock_each(&i->fits, &to, f))
		return false;
	for (const struct record *r = i->first; r; r = r->next)
		if (!tape_text(&s->tape, (const char *)r->text.at, f))
			return false;
	return memo_put(s->memo, &i->key, tape_view(&s->tape), f);
}

/* -- in order -- */

static bool give(struct islands *s, const struct island *i, struct fault *f)
{
	if (s->net->fits && !clock_each(&i->fits, s->net->fits, f))
		return false;
	if (!s->out)
		return !s->memory || remember(s->memory, i, f);
	for (const struct record *r = i->first; r; r = r->next) {
		struct incident x;
		const struct tree *t;

		s->work.used = 0;
		if (!tree_read(r->text, &s->work, &t, f) ||
			!incident_read(t, s->into, &x, f) ||
			!s->out->put(s->out->self, &x, f))
			return false;
	}
	return true;
}

static bool run(struct islands *s, struct fault *f)
{
	const struct island *last = &s->island[s->count - 1];
	size_t own = last->count < SHARED_LEAST ? s->count : s->count - 1;
	bool ok = true;

	for (size_t i = 0; ok && i < s->count; i++)
		ok = find(s, &s->island[i], f);
	s->lent = crew_hands(1);
	s->next = 0;
	s->end = own;
	if (ok && own > 0)
		ok = crew_run(own < (size_t)s->jobs ? (int)own : s->jobs, s,
			work, f);
	s->lent = crew_hands(s->jobs);
	s->end = s->count;
	if (ok && own < s->count)
		ok = crew_run(1, s, work, f);
	for (size_t i = 0; ok && i < s->count; i++)
		ok = (s->island[i].known || keep(s, &s->island[i], f)) &&
			give(s, &s->island[i], f);
	s->island = NULL;
	s->picks.used = s->made.used = 0;
	s->count = s->batch_picks = 0;
	return ok;
}

bool islands_end(struct islands *s, struct fault *f)
{
	if (!s->island || s->island[s->count].count == 0)
		return true;
	if (s->memory && s->out)
		recall(s, &s->island[s->count]);
	s->count++;
	return (s->count < ISLANDS_BATCH && s->batch_picks < ISLANDS_PICKS) ||
		run(s, f);
}

bool islands_flush(struct islands *s, struct fault *f)
{
	return islands_end(s, f) && (s->count == 0 || run(s, f));
}
