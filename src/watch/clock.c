/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/clock.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "geo/frame.h"
#include "watch/loudness.h"

/* Sounds so near each other share their paths (docs/WAVEFORM.md 7: turbulence
 * and paths are alike within some wave lengths and walls). */
#define PLACE_M 50.0
/* Each round takes the worst of those that share no sound. */
enum { ROUNDS_MAX = 16, EVIDENCE_MAX = 20, MEASURES = 6 };

struct kept {
	struct fit fit;
	struct kept *last;
};

struct bench {
	const struct mission *m;
	struct span all;
	struct arena *arena; /* lasts; scratch does not */
	struct arena *scratch;
	const struct fit **fit; /* by time, then place */
	size_t *first;          /* by fit: its first of by_fit */
	size_t fits;
	struct sight *sight;    /* by source, then time */
	struct sight **by_fit;
	struct suspect *suspect; /* by source */
	size_t suspects;
	bool *dirty;    /* by fit */
	bool *accused;  /* by suspect */
};

bool clock_take(struct clock_log *l, const struct fit *fit, struct fault *f)
{
	struct kept *k = arena_array(l->arena, 1, sizeof *k, f);
	struct hearing *h = k ? arena_array(l->arena, fit->hearing_count + 1,
		sizeof *h, f) : NULL;

	if (!h)
		return false;
	for (size_t i = 0; i < fit->hearing_count; i++) {
		const struct hearing *from = &fit->hearing[i];
		struct near *n = arena_array(
			l->arena, from->near_count + 1, sizeof *n, f);

		if (!n)
			return false;
		h[i] = *from;
		h[i].near = n;
		for (size_t q = 0; q < from->near_count; q++) {
			n[q] = from->near[q];
			n[q].detection = arena_text(l->arena,
				bytes_of(from->near[q].detection), f);
			if (!n[q].detection)
				return false;
		}
		h[i].source = arena_text(l->arena, bytes_of(from->source), f);
		if (!h[i].source)
			return false;
	}
	k->fit = *fit;
	k->fit.hearing = h;
	k->last = l->last;
	l->last = k;
	l->count++;
	return true;
}

bool clock_each(
	const struct clock_log *l, const struct fits *to, struct fault *f)
{
	for (const struct kept *k = l->last; k; k = k->last)
		if (!to->put(to->self, &k->fit, f))
			return false;
	return true;
}

static int order(const void *x, const void *y, const void *self)
{
	const struct fit *a = *(const struct fit *const *)x;
	const struct fit *b = *(const struct fit *const *)y;

	(void)self;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	if (a->lat_deg < b->lat_deg || a->lat_deg > b->lat_deg)
		return a->lat_deg < b->lat_deg ? -1 : 1;
	return (a->lon_deg > b->lon_deg) - (a->lon_deg < b->lon_deg);
}

static size_t source_index(const struct bench *b, const char *id)
{
	const struct source *s = source_find(
		b->m->source, b->m->source_count, id);

	return s ? (size_t)(s - b->m->source) : b->m->source_count;
}

/* The number of the place of each fit: of the first within PLACE_M. */
static bool places(const struct bench *b, size_t *place, struct fault *f)
{
	size_t *head = arena_array(b->scratch, b->fits + 1, sizeof *head, f);
	size_t n = 0;

	if (!head)
		return false;
	for (size_t i = 0; i < b->fits; i++) {
		struct frame here = frame_at(
			b->fit[i]->lat_deg, b->fit[i]->lon_deg);
		size_t best = n;
		double least = PLACE_M * PLACE_M;

		for (size_t k = 0; k < n; k++) {
			const struct fit *o = b->fit[head[k]];
			struct xy p = frame_to(&here, o->lat_deg, o->lon_deg);
			double d2 = p.x_m * p.x_m + p.y_m * p.y_m;

			if (d2 < least) {
				least = d2;
				best = k;
			}
		}
		if (best == n)
			head[n++] = i;
		place[i] = best;
	}
	return true;
}

static bool take_fits(struct bench *b, const struct clock_log *l,
	struct fault *f)
{
	b->fit = arena_array(b->scratch, l->count + 1, sizeof *b->fit, f);
	b->first = arena_array(b->scratch, l->count + 1, sizeof *b->first, f);
	b->dirty = arena_array(b->scratch, l->count + 1, sizeof *b->dirty, f);
	if (!b->fit || !b->first || !b->dirty)
		return false;
	for (const struct kept *k = l->last; k; k = k->last)
		b->fit[b->fits++] = &k->fit;
	sort_items(b->fit, b->fits, sizeof(struct fit *), order, NULL);
	return true;
}

/* Sights by source and by fit, with room counted first. */
static bool take_sights(struct bench *b, struct fault *f)
{
	size_t sources = b->m->source_count, all = 0, n = 0;
	size_t *count = arena_array(
		b->scratch, sources + 1, sizeof *count, f);
	size_t *place = arena_array(b->scratch, b->fits + 1, sizeof *place, f);

	b->suspect = arena_array(
		b->scratch, sources + 1, sizeof *b->suspect, f);
	b->accused = arena_array(
		b->scratch, sources + 1, sizeof *b->accused, f);
	if (!count || !place || !b->suspect || !b->accused ||
		!places(b, place, f))
		return false;
	for (size_t i = 0; i < b->fits; i++) {
		b->first[i] = all;
		all += b->fit[i]->hearing_count;
		for (size_t k = 0; k < b->fit[i]->hearing_count; k++)
			count[source_index(b, b->fit[i]->hearing[k].source)]++;
	}
	b->sight = arena_array(b->scratch, all + 1, sizeof *b->sight, f);
	b->by_fit = arena_array(b->scratch, all + 1, sizeof *b->by_fit, f);
	if (!b->sight || !b->by_fit)
		return false;
	for (size_t i = 0; i <= sources; i++) {
		b->suspect[i] = (struct suspect){.source = i,
			.sight = b->sight + n};
		n += count[i];
	}
	b->suspects = sources; /* strangers are sights, but no suspects */
	for (size_t i = 0; i < b->fits; i++)
		for (size_t k = 0; k < b->fit[i]->hearing_count; k++) {
			const struct hearing *h = &b->fit[i]->hearing[k];
			struct suspect *s =
				&b->suspect[source_index(b, h->source)];
			struct sight *x = &s->sight[s->count++];

			*x = (struct sight){.fit = b->fit[i], .hearing = h,
				.place = place[i], .near = -1};
			b->by_fit[b->first[i] + k] = x;
		}
	return true;
}

static void refit_dirty(struct bench *b)
{
	for (size_t i = 0; i < b->fits; i++)
		if (b->dirty[i])
			refit(b->fit[i], b->by_fit + b->first[i]);
}

static size_t fit_index(const struct bench *b, const struct fit *fit)
{
	size_t lo = 0, hi = b->fits;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (order(&b->fit[mid], &fit, NULL) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	while (lo < b->fits && b->fit[lo] != fit)
		lo++;
	return lo;
}

static bool touches(const struct bench *b, const struct suspect *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (b->dirty[fit_index(b, s->sight[i].fit)])
			return true;
	return false;
}

static bool judge_dirty(struct bench *b, bool accused, struct fault *f)
{
	for (size_t i = 0; i < b->suspects; i++)
		if (b->suspect[i].count > 0 && b->accused[i] == accused &&
			touches(b, &b->suspect[i]) &&
			!suspect_judge(&b->suspect[i], b->scratch, f))
			return false;
	return true;
}

static void leave_out(struct bench *b, struct suspect *s)
{
	for (size_t i = 0; i < s->charges; i++) {
		const struct piece *p = &s->piece[s->charge[i].piece];

		for (size_t k = p->from; k < p->to; k++)
			s->sight[k].out = true;
	}
	for (size_t k = 0; k < s->count; k++)
		b->dirty[fit_index(b, s->sight[k].fit)] = true;
}

/* Accuses the worst, and all others who share no sound with one that is
 * accused already in this round.  Returns how many. */
static size_t accuse(struct bench *b)
{
	size_t n = 0;

	memset(b->dirty, 0, b->fits * sizeof *b->dirty);
	for (;;) {
		struct suspect *worst = NULL;

		for (size_t i = 0; i < b->suspects; i++) {
			struct suspect *s = &b->suspect[i];

			if (b->accused[i] || s->weight <= 0 ||
				(worst && s->weight <= worst->weight) ||
				touches(b, s))
				continue;
			worst = s;
		}
		if (!worst)
			return n;
		b->accused[worst->source] = true;
		leave_out(b, worst);
		n++;
	}
}

static struct instant arrival(const struct sight *s)
{
	return s->near >= 0 ? s->hearing->near[s->near].at
			    : instant_plus_s(s->fit->at,
				      s->hearing->d_m / 335);
}

/* From just after the last arrival that was right to the first that is right
 * again. */
static struct span span_of(const struct bench *b, const struct suspect *s,
	const struct piece *p)
{
	struct span span = b->all;

	if (p->from > 0) {
		size_t k = p->from - 1;

		while (k > 0 && s->sight[k].near < 0)
			k--;
		span.from = instant_round_us(instant_plus_ns(
			arrival(&s->sight[k]), 1000));
	}
	for (size_t k = p->to; k < s->count; k++)
		if (s->sight[k].near >= 0) {
			span.to = instant_round_us(arrival(&s->sight[k]));
			break;
		}
	return span;
}

static bool measures(const struct bench *b, const struct charge *c,
	struct health *h, struct fault *f)
{
	struct feature *x = arena_array(b->arena, MEASURES, sizeof *x, f);
	size_t n = 0;

	if (!x)
		return false;
	h->measure = isfinite(c->late_s)
		? (struct feature){"late_ms",
			  floor(c->late_s * 1e4 + 0.5) / 10}
		: (struct feature){"moved_m", floor(c->moved_m + 0.5)};
	if (isfinite(c->sigma_s))
		x[n++] = (struct feature){"late_sigma_ms",
			floor(c->sigma_s * 1e4 + 0.5) / 10};
	x[n++] = (struct feature){"sounds", (double)c->sounds};
	x[n++] = (struct feature){"directions", (double)c->directions};
	if (isfinite(c->moved_m)) {
		if (isfinite(c->late_s))
			x[n++] = (struct feature){"moved_m",
				floor(c->moved_m + 0.5)};
		x[n++] = (struct feature){"moved_deg",
			floor(c->moved_deg + 0.5)};
	}
	if (isfinite(c->drift_ppm))
		x[n++] = (struct feature){"drift_ppm",
			floor(c->drift_ppm * 10 + 0.5) / 10};
	h->more = x;
	h->more_count = n;
	return true;
}

static bool evidence(const struct bench *b, const struct suspect *s,
	const struct piece *p, struct health *h, struct fault *f)
{
	const char **id = arena_array(b->arena, EVIDENCE_MAX, sizeof *id, f);
	size_t n = 0;

	if (!id)
		return false;
	for (size_t k = p->from; k < p->to && n < EVIDENCE_MAX; k++)
		if (s->sight[k].near >= 0)
			id[n++] = s->sight[k].hearing->near[s->sight[k].near]
					  .detection;
	h->evidence = id;
	h->evidence_count = n;
	return true;
}

static bool tell(const struct bench *b, const struct suspect *s,
	const struct healths *out, struct fault *f)
{
	for (size_t i = 0; i < s->charges; i++) {
		const struct charge *c = &s->charge[i];
		const struct piece *p = &s->piece[c->piece];
		struct health h = {.source = b->m->source[s->source].id,
			.state = c->state, .why = c->why,
			.span = span_of(b, s, p)};
		struct text t;

		if (h.span.to.utc_ns <= h.span.from.utc_ns)
			continue;
		if (c->twin) {
			t = text_in(b->arena, strlen(c->why) +
				strlen(c->twin) + 8);
			text_fmt(&t, "%s with %s", c->why, c->twin);
			if (!text_check(&t, f))
				return false;
			h.why = t.at;
		}
		if (!measures(b, c, &h, f) || !evidence(b, s, p, &h, f))
			return false;
		health_name(&h);
		if (!out->put(out->self, &h, f))
			return false;
	}
	return true;
}

static bool tell_loudness(const struct bench *b, const struct suspect *s,
	size_t from, const char *why, struct feature measure,
	const struct healths *out, struct fault *f)
{
	struct piece p = {.from = from, .to = s->count};
	struct health h = {.source = b->m->source[s->source].id,
		.state = HEALTH_DEGRADED, .why = why, .measure = measure,
		.span = span_of(b, s, &p)};
	const char **id = arena_array(b->arena, EVIDENCE_MAX, sizeof *id, f);

	if (!id)
		return false;
	for (size_t k = from; k < s->count && h.evidence_count < EVIDENCE_MAX;
		k++)
		if (s->sight[k].hearing->used >= 0)
			id[h.evidence_count++] = s->sight[k].hearing->near[
				s->sight[k].hearing->used].detection;
	h.evidence = id;
	health_name(&h);
	return h.span.to.utc_ns <= h.span.from.utc_ns ||
		out->put(out->self, &h, f);
}

static bool loudnesses(
	struct bench *b, const struct healths *out, struct fault *f)
{
	double agreement = loudness_agreement(b->suspect, b->suspects);

	for (size_t i = 0; i < b->suspects; i++) {
		const struct suspect *s = &b->suspect[i];
		double *room = arena_array(
			b->scratch, s->count + 1, sizeof *room, f);
		struct loudness l;

		if (!room)
			return false;
		if (b->accused[i])
			continue;
		loudness_judge(s, agreement, room, &l);
		if (l.reversed && !tell_loudness(b, s, l.reversed_from,
				LOUDNESS_REVERSED, (struct feature){"sounds",
				l.reversed_sounds}, out, f))
			return false;
		if (l.gain && !tell_loudness(b, s, l.gain_from, LOUDNESS_GAIN,
				(struct feature){"louder_db",
				floor(l.gain_db * 10 + 0.5) / 10}, out, f))
			return false;
	}
	return true;
}

bool clock_judge(const struct clock_log *l, const struct mission *m,
	struct span all, struct arena *scratch, const struct healths *out,
	struct fault *f)
{
	struct bench b = {.m = m, .all = all, .arena = l->arena,
		.scratch = scratch};
	size_t mark = scratch->used, n = 1;
	bool ok = take_fits(&b, l, f) && take_sights(&b, f);

	memset(b.dirty, 1, ok ? b.fits * sizeof *b.dirty : 0);
	for (int round = 0; ok && n > 0 && round < ROUNDS_MAX; round++) {
		refit_dirty(&b);
		ok = judge_dirty(&b, false, f);
		n = ok ? accuse(&b) : 0;
	}
	/* Once more, each by the others that are not accused. */
	memset(b.dirty, 1, ok ? b.fits * sizeof *b.dirty : 0);
	if (ok)
		refit_dirty(&b);
	ok = ok && judge_dirty(&b, true, f);
	for (size_t i = 0; ok && i < b.suspects; i++)
		ok = !b.accused[i] || tell(&b, &b.suspect[i], out, f);
	ok = ok && loudnesses(&b, out, f);
	scratch->used = mark;
	return ok;
}
