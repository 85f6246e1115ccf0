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
		arena_map(&s->work, WORK_BYTES, f);
}

void islands_close(struct islands *s)
{
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
	i->last = &i->first;
	i->fits = (struct clock_log){.arena = &h->all->made};
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

	s->lent = crew_hands(1);
	s->next = 0;
	s->end = own;
	if (own > 0)
		ok = crew_run(own < (size_t)s->jobs ? (int)own : s->jobs, s,
			work, f);
	s->lent = crew_hands(s->jobs);
	s->end = s->count;
	if (ok && own < s->count)
		ok = crew_run(1, s, work, f);
	for (size_t i = 0; ok && i < s->count; i++)
		ok = give(s, &s->island[i], f);
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
