/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/afar.h"

#include <string.h>

#include "base/maths.h"
#include "base/sort.h"
#include "geo/geodesic.h"
#include "locate/joint.h"
#include "locate/posterior.h"

/* An incident an hour within 3,000 km; and within 50 km of a sensor that heard
 * it: 1/(m2 s), ln (docs/hearing.md, "Association"). */
#define LN_MU_FAR (-39.2)
#define LN_MU_NEAR (-31.0)
#define NEAR_M 50e3
/* Odds against chance.  In 300 days of four arrays that speak four times a day
 * by chance, a pair came beyond 8 three times, and three arrays to 6.2 once; an
 * array and two seismometers of four picks an hour to 7.8 in 100
 * (tests/afar.c). */
#define ACCEPT_LN 6.4
#define ACCEPT_FEW_LN 9.0
/* Who agrees is taken, so what is taken agrees too well: as the nodes' sigmas,
 * all are made wider by this (locate/posterior.c; without it regions of four
 * arrays within 250 km held 85.7 %). */
#define WIDER 1.08
/* What more may yet join is looked for from here on. */
#define SEED_LN (-2.0)
/* What one more must add. */
#define MORE_LN 1.0
/* Probability that a source tells of it, where none is known. */
#define LN_PD (-0.9)
/* Ranges of an incident from an array, and from a seismometer. */
#define RANGE_LEAST_M 1e3
#define RANGE_MOST_M 1500e3
#define GROUND_MOST_M 100e3
/* Slowest celerity that counts, m/s. */
#define SLOWEST_MS 220.0
/* Who speaks more often is not asked alone, 1/s: chance would make pairs (at
 * 1.5 an hour none in 16 days of four arrays, at 2.8 one in two). */
#define RATE_ARRAY_MOST (2 / 3600.0)
#define RATE_PICK_MOST (60 / 3600.0)
#define Z_90 1.6448536269514722
#define LN_2PI 1.8378770664093454836
enum {
	MEMBERS = 12,  /* of a group */
	RANGES = 150,  /* by 5 % */
	ACROSS = 11,   /* bearings of the pivot, to 2.5 sigma */
	TIMES = 160,   /* of origin, at most */
	SEEDS = 4096,
	GROUND_LEAST = 2, /* seismometers beside one array */
};

struct member {
	const struct bearing *of;
	enum phase phase;
};

struct group { /* the first is an array, whose bearings are walked */
	struct member at[MEMBERS];
	size_t count;
	double ln; /* Lambda */
	struct point mid;
	struct instant start; /* times are since then */
};

struct search {
	const struct network *net;
	const struct afar_ask *ask;
	struct arena *arena;
	const struct bearing **heard; /* those that may be used */
	size_t count;
	bool *taken; /* by `heard` */
	struct group *seed;
	size_t seeds;
};

static struct point place_of(const struct bearing *b)
{
	return (struct point){b->source->lat_deg, b->source->lon_deg};
}

static double wrapped(double rad)
{
	return rad - 2 * PI * floor(rad / (2 * PI) + 0.5);
}

/* -- the density at a place -- */

struct seen { /* of one member from a place */
	double d_m, ln_az, at_s;
	struct joint_way way[JOINT_WAYS];
	size_t ways;
};

static double range_of(enum phase p)
{
	return p == PHASE_FAR ? RANGE_MOST_M : GROUND_MOST_M;
}

/* false where it is out of reach or out of direction. */
static bool see(const struct member *m, struct instant start, struct point at,
	struct seen *s)
{
	struct geodesic g = geodesic_between(place_of(m->of), at);
	double off, sigma;

	s->d_m = g.length_m;
	s->ln_az = 0;
	if (s->d_m > range_of(m->phase))
		return false;
	if (bearing_is_array(m->of)) {
		sigma = WIDER * RAD(joint_sigma_deg(
			m->of->sigma_az_deg, s->d_m));
		off = wrapped(RAD(m->of->back_azimuth_deg - g.azimuth_deg)) /
			sigma;
		if (fabs(off) > 5)
			return false;
		/* Over chance, which comes from anywhere. */
		s->ln_az = 0.5 * LN_2PI - m_log(sigma) - 0.5 * off * off;
	}
	s->at_s = instant_seconds(start, m->of->at);
	s->ways = joint_ways(m->of, m->phase, s->d_m, s->way);
	for (size_t i = 0; i < s->ways; i++)
		s->way[i].sigma_s *= WIDER;
	return true;
}

static double least_sigma(const struct seen *s)
{
	double least = INFINITY;

	for (size_t i = 0; i < s->ways; i++)
		if (s->way[i].share > 0.02)
			least = fmin(least, s->way[i].sigma_s);
	return least;
}

/* Density of a member's time for an origin's. */
static double over_ways(const struct seen *s, double t0_s)
{
	double sum = 0;

	for (size_t i = 0; i < s->ways; i++) {
		const struct joint_way *w = &s->way[i];
		double u = (s->at_s - t0_s - w->travel_s) / w->sigma_s;

		if (u > -6 && u < 6)
			sum += w->share * m_exp(-0.5 * u * u) / w->sigma_s;
	}
	return sum * 0.39894228040143267794;
}

/* The stretch of origin times that a member allows. */
static void allow(const struct seen *s, double *from_s, double *to_s)
{
	double from = INFINITY, to = -INFINITY;

	for (size_t i = 0; i < s->ways; i++) {
		const struct joint_way *w = &s->way[i];
		double mid = s->at_s - w->travel_s;

		from = fmin(from, mid - 4 * w->sigma_s);
		to = fmax(to, mid + 4 * w->sigma_s);
	}
	*from_s = fmax(*from_s, from);
	*to_s = fmin(*to_s, to);
}

/* ln of the integral over the origin's time; its mean and variance. */
static double over_time(const struct seen *s, size_t n, double *t_s,
	double *var_t_s2)
{
	double from = -INFINITY, to = INFINITY, step = INFINITY;
	double sum = 0, sum_t = 0, sum_tt = 0;
	int steps;

	for (size_t i = 0; i < n; i++) {
		allow(&s[i], &from, &to);
		step = fmin(step, 0.5 * least_sigma(&s[i]));
	}
	if (!(to > from))
		return -INFINITY;
	steps = (int)fmin(TIMES, ceil((to - from) / step));
	step = (to - from) / steps;
	for (int i = 0; i < steps; i++) {
		double t = (i + 0.5) * step, p = 1;

		for (size_t k = 0; k < n && p > 0; k++)
			p *= over_ways(&s[k], from + t);
		sum += p;
		sum_t += p * t;
		sum_tt += p * t * t;
	}
	if (!(sum > 0))
		return -INFINITY;
	*t_s = from + sum_t / sum;
	*var_t_s2 = fmax(0, sum_tt / sum - sum_t / sum * sum_t / sum) +
		step * step / 12;
	return m_log(sum * step);
}

static double ln_mu(double nearest_m)
{
	double q = nearest_m / NEAR_M;

	q *= q;
	return m_log(m_exp(LN_MU_FAR) + m_exp(LN_MU_NEAR) / (1 + q * q));
}

/* ln of what Lambda integrates, at a place. */
static double ln_at(const struct group *g, struct point at, double *t_s,
	double *var_t_s2)
{
	struct seen s[MEMBERS];
	double ln = 0, nearest = INFINITY;

	for (size_t i = 0; i < g->count; i++) {
		if (!see(&g->at[i], g->start, at, &s[i]))
			return -INFINITY;
		ln += s[i].ln_az + LN_PD - m_log(g->at[i].of->rate_hz);
		nearest = fmin(nearest, s[i].d_m);
	}
	return ln + ln_mu(nearest) + over_time(s, g->count, t_s, var_t_s2);
}

/* -- the integral along the bearings of an array -- */

struct walk { /* sums over places, in metres of a frame */
	struct frame frame;
	double top, sum, x, y, xx, xy, yy, t;
};

static void add(struct walk *w, double ln, struct xy p, double t_s)
{
	double part;

	if (ln > w->top) {
		part = m_exp(w->top - ln);
		w->sum *= part;
		w->x *= part;
		w->y *= part;
		w->xx *= part;
		w->xy *= part;
		w->yy *= part;
		w->t *= part;
		w->top = ln;
	}
	part = m_exp(ln - w->top);
	w->sum += part;
	w->x += part * p.x_m;
	w->y += part * p.y_m;
	w->xx += part * p.x_m * p.x_m;
	w->xy += part * p.x_m * p.y_m;
	w->yy += part * p.y_m * p.y_m;
	w->t += part * t_s;
}

static double range_at(int i)
{
	static const double ln_most = 7.3132203870903014; /* ln 1500 */

	return RANGE_LEAST_M * m_exp(ln_most * (i + 0.5) / RANGES);
}

/* Lambda, with sums of places in the frame of the pivot. */
static struct walk walk(const struct group *g)
{
	const struct bearing *a = g->at[0].of;
	const double step = 7.3132203870903014 / RANGES;
	struct walk w = {.top = -INFINITY,
		.frame = frame_at(a->source->lat_deg, a->source->lon_deg)};

	for (int i = 0; i < RANGES; i++) {
		double r = range_at(i), t = 0, var;
		double wide = joint_sigma_deg(a->sigma_az_deg, r) * 5 / ACROSS;

		for (int k = 0; k < ACROSS; k++) {
			double off = (k - (ACROSS - 1) * 0.5) * wide;
			struct point p = geodesic_reach(place_of(a),
				a->back_azimuth_deg + off, r);
			double ln = ln_at(g, p, &t, &var);

			if (ln > -INFINITY)
				add(&w, ln + m_log(r * r * step * RAD(wide)),
					frame_to(&w.frame, p.lat_deg,
						p.lon_deg), t);
		}
	}
	return w;
}

static void weigh(struct group *g)
{
	struct walk w = walk(g);

	g->ln = w.sum > 0 ? w.top + m_log(w.sum) : -INFINITY;
	if (w.sum > 0)
		g->mid = frame_from(&w.frame,
			(struct xy){w.x / w.sum, w.y / w.sum});
}

/* Whether the middle of one's bearing is anywhere in another's view: before
 * all is integrated. */
static bool may_meet(const struct bearing *a, const struct bearing *b)
{
	for (int i = 0; i < RANGES; i += 2) {
		double r = range_at(i), off, wide;
		struct geodesic g = geodesic_between(place_of(b),
			geodesic_reach(place_of(a), a->back_azimuth_deg, r));
		double late = instant_seconds(a->at, b->at);

		/* b's error, and a's across its range as seen from b. */
		wide = joint_sigma_deg(b->sigma_az_deg, g.length_m) +
			joint_sigma_deg(a->sigma_az_deg, r) * r /
				fmax(g.length_m, 1);
		off = DEG(wrapped(
			RAD(b->back_azimuth_deg - g.azimuth_deg)));
		if (fabs(off) > 4 * wide)
			continue;
		/* Of all celerities. */
		if (late > g.length_m / 380 - r / SLOWEST_MS - 20 &&
			late < g.length_m / SLOWEST_MS - r / 380 + 20)
			return true;
	}
	return false;
}

/* -- groups -- */

/* Sources of one array are one. */
static bool same_place(const struct bearing *a, const struct bearing *b)
{
	return a->source == b->source || (a->source->array[0] != '\0' &&
		a->source->kind == b->source->kind &&
		strcmp(a->source->array, b->source->array) == 0);
}

static enum phase phase_of(const struct bearing *b)
{
	return b->phases & 1u << PHASE_FAR ? PHASE_FAR
		: b->phases & 1u << PHASE_P ? PHASE_P
		: b->phases & 1u << PHASE_S ? PHASE_S
					    : PHASE_AIR;
}

static size_t arrays_of(const struct group *g)
{
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++)
		n += bearing_is_array(g->at[i].of);
	return n;
}

static bool stands(const struct group *g)
{
	size_t arrays = arrays_of(g);
	bool few = arrays < 3 && g->count < 4;

	return g->ln >= (few ? ACCEPT_FEW_LN : ACCEPT_LN) && (arrays >= 2 ||
		(arrays == 1 && g->count - arrays >= GROUND_LEAST));
}

static void put_member(struct group *g, const struct bearing *b)
{
	g->at[g->count++] = (struct member){b, phase_of(b)};
}

static int by_ln(const void *x, const void *y, const void *self)
{
	const struct group *a = x, *b = y;

	(void)self;
	if (a->ln < b->ln || a->ln > b->ln)
		return a->ln > b->ln ? -1 : 1;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		int c = strcmp(a->at[i].of->id.text, b->at[i].of->id.text);

		if (c != 0)
			return c;
	}
	return (a->count > b->count) - (a->count < b->count);
}

static void keep_seed(struct search *s, struct group *g)
{
	weigh(g);
	if (g->ln > SEED_LN && s->seeds < SEEDS)
		s->seed[s->seeds++] = *g;
}

/* An array and another: `heard` is in order of time. */
static void seed_arrays(struct search *s, size_t i)
{
	const struct bearing *a = s->heard[i];

	for (size_t k = i + 1; k < s->count; k++) {
		const struct bearing *b = s->heard[k];
		struct group g = {.start = a->at};

		if (instant_seconds(a->at, b->at) > RANGE_MOST_M / SLOWEST_MS)
			break;
		if (!bearing_is_array(b) || same_place(a, b) ||
			!may_meet(a, b))
			continue;
		put_member(&g, a);
		put_member(&g, b);
		keep_seed(s, &g);
		g.count = 0;
		put_member(&g, b);
		put_member(&g, a);
		keep_seed(s, &g);
	}
}

static bool ground_agrees(const struct bearing *a, const struct bearing *b)
{
	double d = geodesic_between(place_of(a), place_of(b)).length_m;

	/* Slow ground, and picks that are late. */
	return !same_place(a, b) &&
		fabs(instant_seconds(a->at, b->at)) <= d / 3000 + 1.5;
}

/* An array that heard after two seismometers: the ground is faster. */
static void seed_ground(struct search *s, size_t i)
{
	const struct bearing *a = s->heard[i];
	double back_s = GROUND_MOST_M / SLOWEST_MS;

	for (size_t k = i; k-- > 0;) {
		const struct bearing *p = s->heard[k];

		if (instant_seconds(p->at, a->at) > back_s)
			break;
		if (bearing_is_array(p))
			continue;
		for (size_t j = k; j-- > 0;) {
			const struct bearing *q = s->heard[j];
			struct group g = {.start = a->at};

			if (instant_seconds(q->at, p->at) > 40)
				break;
			if (bearing_is_array(q) || !ground_agrees(p, q))
				continue;
			put_member(&g, a);
			put_member(&g, q);
			put_member(&g, p);
			keep_seed(s, &g);
		}
	}
}

/* More that agree, the best first. */
static void grow(const struct search *s, struct group *g)
{
	bool more = true;

	while (more && g->count < MEMBERS) {
		struct group best = *g;

		more = false;
		for (size_t i = 0; i < s->count; i++) {
			struct group x = *g;
			double apart = instant_seconds(
				g->at[0].of->at, s->heard[i]->at);
			double t, var;
			bool own = s->taken[i] || fabs(apart) >
				RANGE_MOST_M / SLOWEST_MS;

			for (size_t k = 0; k < g->count && !own; k++)
				own = same_place(g->at[k].of, s->heard[i]);
			if (own)
				continue;
			put_member(&x, s->heard[i]);
			if (!(ln_at(&x, g->mid, &t, &var) >
				    ln_at(g, g->mid, &t, &var) - 12))
				continue;
			weigh(&x);
			if (x.ln > best.ln + (more ? 0 : MORE_LN)) {
				best = x;
				more = true;
			}
		}
		*g = best;
	}
}

/* -- as an incident -- */

struct ground_of { /* for posterior_of() */
	const struct group *group;
	const struct frame *frame;
};

/* The mean over a square: several ways of sound make ridges in it. */
static double density(const void *self, struct xy mid, double half_m,
	double *t_s, double *var_t_s2)
{
	const struct ground_of *o = self;
	double ln[9], t[9] = {0}, var[9] = {0}, top = -1e6, sum = 0, part;

	*t_s = *var_t_s2 = 0;
	for (int i = 0; i < 9; i++) {
		int row = i / 3, column = i % 3;
		struct xy p = {mid.x_m + (column - 1) * half_m * 2 / 3,
			mid.y_m + (row - 1) * half_m * 2 / 3};

		ln[i] = ln_at(o->group, frame_from(o->frame, p), &t[i],
			&var[i]);
		top = fmax(top, ln[i]);
	}
	for (int i = 0; i < 9; i++) {
		if (!(ln[i] > top - 40))
			continue;
		part = m_exp(ln[i] - top);
		sum += part;
		*t_s += part * t[i];
		*var_t_s2 += part * (var[i] + t[i] * t[i]);
	}
	if (!(sum > 0))
		return top;
	*t_s /= sum;
	*var_t_s2 = fmax(0, *var_t_s2 / sum - *t_s * *t_s);
	return top + m_log(sum / 9);
}

static bool place_it(struct search *s, const struct group *g,
	struct incident *i, struct fault *f)
{
	struct walk w = walk(g);
	struct frame frame = frame_at(g->mid.lat_deg, g->mid.lon_deg);
	struct ground_of ground = {g, &frame};
	double x = w.x / w.sum, y = w.y / w.sum;
	struct posterior_field field = {.frame = &frame, .t_s = w.t / w.sum,
		.alt_m = NAN, .cov_xx = w.xx / w.sum - x * x + 1e4,
		.cov_xy = w.xy / w.sum - x * y,
		.cov_yy = w.yy / w.sum - y * y + 1e4,
		.ln = density, .self = &ground};
	struct posterior_time t;
	struct instant at;

	if (!posterior_of(&field, s->arena, &i->place, &t, f))
		return false;
	at = instant_plus_s(g->start, field.t_s + t.later_s);
	i->at = instant_round_us(at);
	i->from = instant_round_us(instant_plus_s(at, -Z_90 * t.sigma_s));
	i->to = instant_round_us(instant_plus_s(at, Z_90 * t.sigma_s));
	i->time_level = 0.9;
	return true;
}

static bool evidence(struct search *s, const struct group *g,
	struct incident *i, struct fault *f)
{
	struct id *id = arena_array(s->arena, g->count, sizeof *id, f);
	struct detection first = detection_new();

	if (!id)
		return false;
	i->status = STATUS_AUTOMATIC;
	for (size_t n = 0; n < g->count; n++) {
		const struct bearing *b = g->at[n].of;
		size_t k = n;

		if (n == 0 || b->at.utc_ns < first.at.utc_ns ||
			(b->at.utc_ns == first.at.utc_ns &&
				strcmp(b->id.text, first.id.text) < 0)) {
			first.at = b->at;
			first.id = b->id;
		}
		for (; k > 0 && strcmp(id[k - 1].text, b->id.text) > 0; k--)
			id[k] = id[k - 1];
		id[k] = b->id;
		i->modalities |= 1u << b->modality;
		/* Of two owners, or one could have made it up. */
		if (strcmp(b->source->owner, g->at[0].of->source->owner) != 0)
			i->status = STATUS_ASSOCIATED;
	}
	i->evidence = id;
	i->evidence_count = g->count;
	incident_name(i, &first);
	return true;
}

static bool features(struct search *s, const struct group *g,
	struct incident *i, struct fault *f)
{
	static const char *const names[PHASES] = {
		"picks_air", "picks_p", "picks_s", "picks_far"};
	struct feature *x = arena_array(s->arena, 1 + PHASES, sizeof *x, f);
	double n[PHASES] = {0};

	if (!x)
		return false;
	/* Rounded: a record must not hang on a last bit. */
	x[i->feature_count++] = (struct feature){
		"score", floor(g->ln * 1000 + 0.5) / 1000};
	for (size_t k = 0; k < g->count; k++)
		n[g->at[k].phase]++;
	for (int p = 0; p < PHASES; p++)
		if (n[p] > 0)
			x[i->feature_count++] = (struct feature){
				names[p], n[p]};
	i->feature = x;
	return true;
}

static bool make(struct search *s, const struct group *g, struct incident *i,
	struct fault *f)
{
	*i = incident_new();
	for (int k = 0; k < KIND_COUNT; k++)
		i->kind[k] = k == KIND_UNKNOWN;
	i->count = COUNT_OF(1);
	return place_it(s, g, i, f) && evidence(s, g, i, f) &&
		features(s, g, i, f);
}

/* -- all of it -- */

static int by_time(const void *x, const void *y, const void *self)
{
	const struct bearing *a = *(const struct bearing *const *)x;
	const struct bearing *b = *(const struct bearing *const *)y;

	(void)self;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

/* What is not explained, speaks seldom enough, and is believed. */
static bool gather(struct search *s, size_t *arrays, struct fault *f)
{
	const struct bearings *all = s->net->bearings;

	*arrays = 0;
	s->heard = arena_array(s->arena, all->count, sizeof *s->heard, f);
	s->taken = arena_array(s->arena, all->count, sizeof *s->taken, f);
	if (!s->heard || !s->taken)
		return false;
	for (size_t i = 0; i < all->count; i++) {
		const struct bearing *b = &all->at[i];
		bool array = bearing_is_array(b);
		enum phase phase = phase_of(b);

		if ((instant_known(s->ask->span.from) &&
			    !span_holds(s->ask->span, b->at)) ||
			phase == PHASE_AIR ||
			id_among(s->ask->used, s->ask->used_count, &b->id) ||
			b->rate_hz > (array ? RATE_ARRAY_MOST
					    : RATE_PICK_MOST) ||
			(!array && hear_doubted(
					s->net, b->source->id, b->at)))
			continue;
		s->heard[s->count++] = b;
		*arrays += array;
	}
	if (s->count > 0)
		sort_items(s->heard, s->count, sizeof *s->heard, by_time,
			NULL);
	return true;
}

static bool is_free(const struct search *s, const struct group *g)
{
	for (size_t k = 0; k < g->count; k++)
		for (size_t i = 0; i < s->count; i++)
			if (s->heard[i] == g->at[k].of && s->taken[i])
				return false;
	return true;
}

static void take(struct search *s, const struct group *g)
{
	for (size_t k = 0; k < g->count; k++)
		for (size_t i = 0; i < s->count; i++)
			if (s->heard[i] == g->at[k].of)
				s->taken[i] = true;
}

static int by_order(const void *x, const void *y, const void *self)
{
	const struct incident *a = x, *b = y;

	(void)self;
	if (a->at.utc_ns != b->at.utc_ns)
		return a->at.utc_ns < b->at.utc_ns ? -1 : 1;
	return strcmp(a->id.text, b->id.text);
}

static bool settle(struct search *s, const struct incidents *out,
	struct fault *f)
{
	struct incident *made = arena_array(
		s->arena, s->seeds + 1, sizeof *made, f);
	size_t n = 0;

	if (!made)
		return false;
	sort_items(s->seed, s->seeds, sizeof *s->seed, by_ln, NULL);
	for (size_t i = 0; i < s->seeds; i++) {
		struct group g = s->seed[i];

		if (!is_free(s, &g))
			continue;
		grow(s, &g);
		if (!stands(&g))
			continue;
		take(s, &g);
		if (!make(s, &g, &made[n++], f))
			return false;
	}
	sort_items(made, n, sizeof *made, by_order, NULL);
	for (size_t i = 0; i < n; i++)
		if (!out->put(out->self, &made[i], f))
			return false;
	return true;
}

bool afar_find(const struct network *net, const struct afar_ask *ask,
	struct arena *a, const struct incidents *out, struct fault *f)
{
	struct search s = {.net = net, .ask = ask, .arena = a};
	size_t arrays;

	if (!net->bearings || net->bearings->count == 0)
		return true;
	if (!gather(&s, &arrays, f))
		return false;
	if (arrays == 0 || s.count < 2)
		return true;
	if (!(s.seed = arena_array(a, SEEDS, sizeof *s.seed, f)))
		return false;
	for (size_t i = 0; i < s.count; i++)
		if (bearing_is_array(s.heard[i])) {
			seed_arrays(&s, i);
			seed_ground(&s, i);
		}
	return s.seeds == 0 || settle(&s, out, f);
}

void afar_residual(const struct bearing *b, struct point at, double depth_m,
	struct instant when, struct far *to)
{
	struct geodesic g = geodesic_between(place_of(b), at);
	double z = isfinite(depth_m) ? depth_m : 0, took, off;
	double way = sqrt(g.length_m * g.length_m + z * z);
	struct joint_way best = {0}, s = {0};
	enum phase phase = phase_of(b);

	took = instant_seconds(when, b->at);
	off = joint_way_of(b, phase, way, took, &best);
	/* A lone channel's pick may be S, where depth is known of. */
	if (isfinite(depth_m) && b->phases & 1u << PHASE_AIR &&
		joint_way_of(b, PHASE_S, way, took, &s) < off) {
		phase = PHASE_S;
		best = s;
	}
	*to = (struct far){.source = b->source->id,
		.detection = b->id.text, .phase = phase, .at = b->at,
		.d_m = g.length_m, .travel_s = best.travel_s,
		.late_s = took - best.travel_s, .sigma_s = best.sigma_s,
		.back_azimuth_deg = b->back_azimuth_deg,
		.off_deg = DEG(wrapped(RAD(
			b->back_azimuth_deg - g.azimuth_deg))),
		.sigma_deg = bearing_is_array(b)
			? joint_sigma_deg(b->sigma_az_deg, g.length_m) : NAN,
		.weight = 1};
}
