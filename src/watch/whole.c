/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/whole.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "geo/frame.h"

#define SECOND_NS INT64_C(1000000000)
#define HALF_HOUR_S INT64_C(1800)
/* Zones are whole and half hours from -12 to +14; the three of 45 minutes are
 * far from where this is used. */
enum { ZONES = 28 };
/* Leap seconds since 1980 and since 1958, both since 2017-01-01 (IERS Bulletin
 * C 52); none is announced. */
#define GPS_LESS_UTC_S 18
#define TAI_LESS_UTC_S 37
enum { LAGS = 2 * ZONES + 4 };
/* Healthy paths are late by up to 128 ms (Pittsburgh set), survey and pick a
 * little more. */
#define NEAR_NS (150 * (SECOND_NS / 1000))
/* The rate of arrivals by chance is taken about each, one at least. */
#define AROUND_NS (30 * SECOND_NS)
/* A working sensor would have reported it. */
#define PD_LEAST 0.5
/* Of those, what comes so late when the clock is wrong; what comes at the
 * right time is an echo of something else. */
#define SHARE 0.6
#define RIGHT_BY_CHANCE 0.05
/* Nats: 18 as for a change of pattern (pattern.c), and ln of 60 lags. */
#define NATS_LEAST 22.0
enum { HITS_LEAST = 5, EVIDENCE_MAX = 20, HEARD_MOST = 1 << 16 };

struct arrival {
	int64_t utc_ns;
	const char *id;
};

struct heard {
	struct arrival *at;
	size_t count, room;
};

struct expected { /* at one source */
	int64_t utc_ns;
	bool right; /* it was heard then */
};

struct course { /* of one source */
	struct expected *at;
	size_t count, missed;
	bool right; /* ever */
};

struct shift { /* by which a part of the course is off */
	int64_t lag_ns;
	double nats;
	size_t from, to, hits;
};

bool whole_start(struct whole *w, const struct mission *m, struct arena *arena,
	struct fault *f)
{
	*w = (struct whole){.m = m, .arena = arena};
	w->of = arena_array(arena, m->source_count + 1, sizeof *w->of, f);
	return w->of != NULL;
}

bool whole_take(struct whole *w, const struct detection *d, struct fault *f)
{
	const struct source *s = source_find(
		w->m->source, w->m->source_count, d->source);
	struct heard *h;

	if (!s || !instant_known(d->at))
		return true;
	h = &w->of[s - w->m->source];
	if (h->count == HEARD_MOST)
		return true;
	if (h->count == h->room) {
		size_t room = h->room ? 2 * h->room : 16;
		struct arrival *wide = arena_array(
			w->arena, room, sizeof *wide, f);

		if (!wide)
			return false;
		for (size_t i = 0; i < h->count; i++)
			wide[i] = h->at[i];
		h->at = wide;
		h->room = room;
	}
	h->at[h->count].utc_ns = d->at.utc_ns;
	h->at[h->count].id = arena_text(w->arena, bytes_of(d->id.text), f);
	return h->at[h->count++].id != NULL;
}

/* -- what was to be heard -- */

struct filling {
	const struct whole *w;
	struct course *of; /* by source */
	size_t *lost;      /* sources that were never right */
	size_t losts;
	bool counting;
};

static void expect(const struct filling *x, size_t source,
	const struct fit *fit, double travel_s, bool right)
{
	struct course *c = &x->of[source];

	if (!x->counting)
		c->at[c->count] = (struct expected){
			instant_plus_s(fit->at, travel_s).utc_ns, right};
	c->count++;
	c->missed += !right;
	c->right |= right;
}

static const struct source *source_of(const struct filling *x, const char *id)
{
	return source_find(x->w->m->source, x->w->m->source_count, id);
}

static bool is_in(const struct fit *fit, const char *id)
{
	for (size_t i = 0; i < fit->hearing_count; i++)
		if (strcmp(fit->hearing[i].source, id) == 0)
			return true;
	return false;
}

/* Who states other times than now seems to be down, and is in no fit. */
static void expect_lost(const struct filling *x, const struct fit *fit)
{
	struct frame here = frame_at(fit->lat_deg, fit->lon_deg);
	double m = 0, s = 0, reach_m = 0;

	for (size_t i = 0; i < fit->hearing_count; i++) {
		const struct hearing *h = &fit->hearing[i];

		m += h->d_m;
		s += h->travel_s;
		if (h->pd >= PD_LEAST)
			reach_m = fmax(reach_m, h->d_m);
	}
	for (size_t i = 0; i < x->losts; i++) {
		const struct source *to = &x->w->m->source[x->lost[i]];
		struct xy p = frame_to(&here, to->lat_deg, to->lon_deg);
		double d = sqrt(p.x_m * p.x_m + p.y_m * p.y_m);

		if (d < reach_m && !is_in(fit, to->id))
			expect(x, x->lost[i], fit, d * s / m, false);
	}
}

static bool fill(void *self, const struct fit *fit, struct fault *f)
{
	const struct filling *x = self;

	(void)f;
	for (size_t i = 0; i < fit->hearing_count; i++) {
		const struct hearing *h = &fit->hearing[i];
		const struct source *s = source_of(x, h->source);

		if (s && (h->used >= 0 || h->pd >= PD_LEAST))
			expect(x, (size_t)(s - x->w->m->source), fit,
				h->travel_s, h->used >= 0);
	}
	expect_lost(x, fit);
	return true;
}

static void find_lost(struct filling *x)
{
	for (size_t i = 0; i < x->w->m->source_count; i++) {
		const struct source *s = &x->w->m->source[i];

		if (!x->of[i].right && x->w->of[i].count >= HITS_LEAST &&
			isfinite(s->lat_deg))
			x->lost[x->losts++] = i;
		x->of[i].count = x->of[i].missed = 0;
	}
}

static int by_time(const void *x, const void *y, const void *self)
{
	const struct expected *a = x, *b = y;

	(void)self;
	if (a->utc_ns != b->utc_ns)
		return a->utc_ns < b->utc_ns ? -1 : 1;
	return (a->right > b->right) - (a->right < b->right);
}

static bool courses(struct filling *x, const struct clock_log *log,
	struct arena *a, struct fault *f)
{
	const struct fits to = {fill, x};
	size_t n = x->w->m->source_count;

	x->of = arena_array(a, n + 1, sizeof *x->of, f);
	x->lost = arena_array(a, n + 1, sizeof *x->lost, f);
	x->counting = true;
	if (!x->of || !x->lost || !clock_each(log, &to, f))
		return false;
	find_lost(x);
	if (!clock_each(log, &to, f))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct course *c = &x->of[i];

		c->at = arena_array(a, c->count + 1, sizeof *c->at, f);
		if (!c->at)
			return false;
		c->count = c->missed = 0;
	}
	x->counting = false;
	if (!clock_each(log, &to, f))
		return false;
	for (size_t i = 0; i < n; i++)
		sort_items(x->of[i].at, x->of[i].count, sizeof *x->of[i].at,
			by_time, NULL);
	return true;
}

/* -- how it is shifted -- */

/* The first arrival from then on. */
static size_t from_on(const struct heard *h, int64_t utc_ns)
{
	size_t lo = 0, hi = h->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (h->at[mid].utc_ns < utc_ns)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool is_right(const struct course *c, int64_t utc_ns)
{
	size_t lo = 0, hi = c->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->at[mid].utc_ns < utc_ns - NEAR_NS)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < c->count && c->at[lo].utc_ns <= utc_ns + NEAR_NS; lo++)
		if (c->at[lo].right)
			return true;
	return false;
}

/* The arrival at that time that is of no other sound; NULL none. */
static const struct arrival *hit(const struct course *c,
	const struct heard *h, int64_t utc_ns)
{
	size_t k = from_on(h, utc_ns - NEAR_NS);

	for (; k < h->count && h->at[k].utc_ns <= utc_ns + NEAR_NS; k++)
		if (!is_right(c, h->at[k].utc_ns))
			return &h->at[k];
	return NULL;
}

/* ln of how much likelier a sight is when the clock is so much off. */
static double nats(const struct course *c, const struct heard *h,
	const struct expected *e, int64_t lag_ns, bool *found)
{
	int64_t at = e->utc_ns + lag_ns;
	double n, chance;

	*found = false;
	if (e->right)
		return m_log(RIGHT_BY_CHANCE);
	*found = hit(c, h, at) != NULL;
	n = (double)(from_on(h, at + AROUND_NS) - from_on(h, at - AROUND_NS));
	chance = 1 - m_exp(-fmax(1, n) * (double)NEAR_NS / (double)AROUND_NS);
	return *found ? m_log(SHARE / chance)
		      : m_log((1 - SHARE) / (1 - chance));
}

/* The stretch of sounds that speaks most for a lag (Kadane's sum). */
static void try_lag(const struct course *c, const struct heard *h,
	int64_t lag_ns, struct shift *best)
{
	struct shift now = {.lag_ns = lag_ns};

	for (size_t k = 0; k < c->count; k++) {
		bool found;
		double x = nats(c, h, &c->at[k], lag_ns, &found);

		if (now.nats <= 0)
			now = (struct shift){.lag_ns = lag_ns, .from = k};
		now.nats += x;
		now.hits += found;
		now.to = k + 1;
		if (now.nats > best->nats && now.hits >= HITS_LEAST)
			*best = now;
	}
}

static int64_t lag_s(size_t k)
{
	static const int64_t other[] = {GPS_LESS_UTC_S, -GPS_LESS_UTC_S,
		TAI_LESS_UTC_S, -TAI_LESS_UTC_S};

	if (k < 4)
		return other[k];
	k -= 4;
	return (int64_t)(k / 2 + 1) * (k % 2 ? -HALF_HOUR_S : HALF_HOUR_S);
}

static const char *why(int64_t lag_ns)
{
	int64_t s = lag_ns < 0 ? -lag_ns / SECOND_NS : lag_ns / SECOND_NS;

	if (s == GPS_LESS_UTC_S)
		return WHOLE_GPS;
	return s == TAI_LESS_UTC_S ? WHOLE_TAI : WHOLE_ZONE;
}

/* In the times that the source itself states: from its last arrival that was
 * right to its first that is right again.  A clock put back states times anew
 * that it stated before. */
static struct span span_of(const struct course *c, const struct shift *s,
	struct span all)
{
	struct span span = all;

	for (size_t k = s->from; k-- > 0;)
		if (c->at[k].right) {
			span.from = instant_plus_ns((struct instant){
				c->at[k].utc_ns}, NEAR_NS +
				(s->lag_ns < 0 ? s->lag_ns : 0));
			break;
		}
	for (size_t k = s->to; k < c->count; k++)
		if (c->at[k].right) {
			span.to = instant_plus_ns((struct instant){
				c->at[k].utc_ns}, -NEAR_NS);
			break;
		}
	return (struct span){instant_round_us(span.from),
		instant_round_us(span.to)};
}

static bool tell(const struct whole *w, size_t source, const struct course *c,
	const struct shift *s, struct span all, const struct healths *out,
	struct fault *f)
{
	struct health h = {.source = w->m->source[source].id,
		.state = HEALTH_QUARANTINED, .why = why(s->lag_ns),
		.span = span_of(c, s, all),
		.measure = {"late_ms", (double)s->lag_ns / 1e6}};
	struct feature *more = arena_array(w->arena, 1, sizeof *more, f);
	const char **id = arena_array(w->arena, EVIDENCE_MAX, sizeof *id, f);

	if (!more || !id)
		return false;
	more[0] = (struct feature){"sounds", (double)s->hits};
	for (size_t k = s->from; k < s->to && h.evidence_count < EVIDENCE_MAX;
		k++) {
		const struct arrival *a = c->at[k].right ? NULL :
			hit(c, &w->of[source], c->at[k].utc_ns + s->lag_ns);

		if (a)
			id[h.evidence_count++] = a->id;
	}
	h.more = more;
	h.more_count = 1;
	h.evidence = id;
	health_name(&h);
	return h.span.to.utc_ns <= h.span.from.utc_ns ||
		out->put(out->self, &h, f);
}

bool whole_judge(const struct whole *w, const struct clock_log *log,
	struct span all, struct arena *scratch, const struct healths *out,
	struct fault *f)
{
	struct filling x = {.w = w};
	size_t mark = scratch->used;
	bool ok = courses(&x, log, scratch, f);

	for (size_t i = 0; ok && i < w->m->source_count; i++) {
		struct shift best = {.nats = NATS_LEAST};

		if (w->of[i].count < HITS_LEAST || x.of[i].missed < HITS_LEAST)
			continue;
		for (size_t k = 0; k < LAGS; k++)
			try_lag(&x.of[i], &w->of[i], lag_s(k) * SECOND_NS,
				&best);
		if (best.hits > 0)
			ok = tell(w, i, &x.of[i], &best, all, out, f);
	}
	scratch->used = mark;
	return ok;
}
