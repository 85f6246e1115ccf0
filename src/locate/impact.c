/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/impact.h"

#include "base/maths.h"
#include "geo/frame.h"

/* Guns of one battery stand within this; its rounds fall within that: a
 * hundredth of the range of 5 to 20 km, twice (cal.). */
#define PLACE_M 200.0
#define AREA_M 400.0
/* A place is left when nothing came of it for so long. */
#define IDLE_S 300.0
/* Times of flight: mortars of 100 m/s over the ground to rockets of 900; no
 * shell is longer in the air. */
#define FLIGHT_LEAST_S 2.0
#define FLIGHT_MOST_S 120.0
#define SPEED_LEAST_MS 60.0
#define SPEED_MOST_MS 900.0
#define RANGE_LEAST_M 500.0
/* One sigma of the time of flight of rounds that are alike (charge, wind:
 * 1 % of 30 s). */
#define SPREAD_S 0.3
/* Probability of as many pairs by chance, over all that was tried: with 1e-3
 * a fifth fewer are found, and none fewer wrongly. */
#define BY_CHANCE 5e-3
#define SHARE_LEAST 0.5
/* Of simulated links none of 1,300 was wrong (tests/impact.c). */
#define SURE 0.95
enum { PAIRS_LEAST = 4, ROUNDS_MAX = 32 };

struct group { /* sounds of one place, in order of time */
	struct frame frame;
	size_t round[ROUNDS_MAX];
	size_t count;
	double first_s, last_s;
	double within_m;
	struct group *next;
};

struct work {
	struct incident *sound;
	size_t count;
	struct arena *arena;
	struct instant zero;
	struct group *places, *areas; /* by first_s */
	enum { NOTHING, LAUNCH, IMPACT } *role; /* of sounds: one each */
};

struct match { /* of a place with an area */
	double lag_s;
	size_t pairs;
	size_t from[ROUNDS_MAX], to[ROUNDS_MAX]; /* sounds */
};

static double time_of(const struct work *w, size_t i)
{
	return instant_seconds(w->zero, w->sound[i].at);
}

/* One sigma; the interval is of 90 %. */
static double sigma_of(const struct work *w, size_t i)
{
	const struct incident *s = &w->sound[i];
	double half = instant_seconds(s->from, s->to) / 2;

	return isfinite(half) ? half / 1.645 : 0.1;
}

static bool usable(const struct incident *i)
{
	return place_known(&i->place) && instant_known(i->at) &&
		!incident_is_part(i) &&
		i->kind[KIND_SHOT] + i->kind[KIND_EXPLOSION] +
			i->kind[KIND_BURST] >= 0.5 &&
		i->place.region.ellipse.semi_major_m < AREA_M;
}

/* Adds a sound to the group that it is of, or begins one. */
static bool add(struct work *w, struct group **last_open, double within_m,
	struct group ***end, size_t i, struct fault *f)
{
	const struct place *p = &w->sound[i].place;
	double t = time_of(w, i);
	struct group *g = *last_open;

	/* Groups begin in order of time: the early ones are over. */
	while (g && t - g->last_s > IDLE_S)
		g = g->next;
	*last_open = g;
	for (; g; g = g->next) {
		struct xy at = frame_to(&g->frame, p->lat_deg, p->lon_deg);

		if (t - g->last_s > IDLE_S || g->count == ROUNDS_MAX ||
			at.x_m * at.x_m + at.y_m * at.y_m >
				within_m * within_m)
			continue;
		g->round[g->count++] = i;
		g->last_s = t;
		return true;
	}
	if (!(g = arena_array(w->arena, 1, sizeof *g, f)))
		return false;
	*g = (struct group){.frame = frame_at(p->lat_deg, p->lon_deg),
		.round = {i}, .count = 1, .first_s = t, .last_s = t,
		.within_m = within_m};
	**end = g;
	*end = &g->next;
	if (!*last_open)
		*last_open = g;
	return true;
}

static bool gather(struct work *w, double within_m, struct group **list,
	struct fault *f)
{
	struct group **end = list, *open = NULL;

	*list = NULL;
	for (size_t i = 0; i < w->count; i++)
		if (usable(&w->sound[i]) &&
			!add(w, &open, within_m, &end, i, f))
			return false;
	/* Of few nothing can be said. */
	for (struct group **g = list; *g;)
		if ((*g)->count < PAIRS_LEAST)
			*g = (*g)->next;
		else
			g = &(*g)->next;
	return true;
}

/* By how much two may miss a lag. */
static double slack_s(const struct work *w, size_t from, size_t to)
{
	double a = sigma_of(w, from), b = sigma_of(w, to);

	return 2 * sqrt(SPREAD_S * SPREAD_S + a * a + b * b);
}

/* Pairs of rounds that are a lag apart: as all fly alike, in one order. */
static void pair_up(const struct work *w, const struct group *a,
	const struct group *b, struct match *m)
{
	size_t k = 0;

	m->pairs = 0;
	for (size_t i = 0; i < a->count; i++) {
		double due = time_of(w, a->round[i]) + m->lag_s;

		while (k < b->count && time_of(w, b->round[k]) < due -
				slack_s(w, a->round[i], b->round[k]))
			k++;
		if (k == b->count)
			return;
		if (a->round[i] == b->round[k] ||
			time_of(w, b->round[k]) > due +
				slack_s(w, a->round[i], b->round[k]))
			continue;
		m->from[m->pairs] = a->round[i];
		m->to[m->pairs++] = b->round[k++];
	}
}

/* Rounds of a group from one time to another. */
static size_t between(const struct work *w, const struct group *g, double from,
	double to)
{
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++)
		n += time_of(w, g->round[i]) >= from &&
			time_of(w, g->round[i]) <= to;
	return n;
}

/* k or more of n, each with p. */
static double tail(size_t k, size_t n, double p)
{
	double sum = 0, choose = 1;

	for (size_t i = 0; i <= n; i++) {
		if (i >= k)
			sum += choose * m_pow(p, (double)i) *
				m_pow(1 - p, (double)(n - i));
		choose *= (double)(n - i) / (double)(i + 1);
	}
	return sum;
}

/* The probability that so many pairs are chance: one lag is set by a pair, the
 * other rounds find theirs as rounds that fall evenly over the time would. */
static double chance(const struct work *w, const struct group *a,
	const struct group *b, const struct match *m)
{
	double wide = 2 * slack_s(w, m->from[0], m->to[0]);
	double long_s = a->last_s - a->first_s + wide;
	size_t fell = between(w, b, a->first_s + m->lag_s - wide / 2,
		a->last_s + m->lag_s + wide / 2);
	double p = 1 - m_exp(-wide * (double)(fell - 1) / long_s);

	return (double)(a->count * b->count) *
		tail(m->pairs - 1, a->count - 1, p);
}

/* Whether a lag is a time of flight over so far. */
static bool flies(double m, double s)
{
	return s >= FLIGHT_LEAST_S && s <= FLIGHT_MOST_S &&
		m >= s * SPEED_LEAST_MS && m <= s * SPEED_MOST_MS;
}

/* The best lag of two groups; false: none, or another is as good. */
static bool best_lag(const struct work *w, const struct group *a,
	const struct group *b, double way_m, struct match *best)
{
	size_t second = 0;

	best->pairs = 0;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < a->count; i++)
			for (size_t k = 0; k < b->count; k++) {
				struct match m = {.lag_s =
					time_of(w, b->round[k]) -
					time_of(w, a->round[i])};

				if (!flies(way_m, m.lag_s))
					continue;
				pair_up(w, a, b, &m);
				if (pass == 0 && m.pairs > best->pairs)
					*best = m;
				if (pass == 1 && m.pairs > second &&
					fabs(m.lag_s - best->lag_s) >
						8 * SPREAD_S)
					second = m.pairs;
			}
	return best->pairs >= PAIRS_LEAST && second + 1 < best->pairs;
}

static double apart_m(const struct group *a, const struct group *b)
{
	struct xy p = frame_to(&a->frame, b->frame.lat_deg, b->frame.lon_deg);

	return sqrt(p.x_m * p.x_m + p.y_m * p.y_m);
}

/* Of what is a shot, an explosion or a burst, nearly all is that: a gun's and a
 * shell's sound are alike, what threw what is not. */
static void name_kind(struct incident *i, enum kind kind)
{
	double all = i->kind[KIND_SHOT] + i->kind[KIND_EXPLOSION] +
		i->kind[KIND_BURST];

	i->kind[KIND_SHOT] = i->kind[KIND_EXPLOSION] = i->kind[KIND_BURST] = 0;
	i->kind[kind] = SURE * all;
	i->kind[kind == KIND_SHOT ? KIND_EXPLOSION : KIND_SHOT] =
		(1 - SURE) * all;
}

static bool link_one(struct work *w, struct incident *from,
	struct incident *to, size_t pairs, struct fault *f)
{
	size_t n = to->link_count, k = to->feature_count;
	struct link *l = arena_array(w->arena, n + 1, sizeof *l, f);
	struct feature *x = arena_array(w->arena, k + 2, sizeof *x, f);
	double s = instant_seconds(from->at, to->at);

	if (!l || !x)
		return false;
	for (size_t j = 0; j < n; j++)
		l[j] = to->link[j];
	for (size_t j = 0; j < k; j++)
		x[j] = to->feature[j];
	l[n] = (struct link){LINK_IMPACT_OF, from->id};
	x[k] = (struct feature){"flight_s", floor(10 * s + 0.5) / 10};
	x[k + 1] = (struct feature){"rounds", (double)pairs};
	to->link = l;
	to->link_count = n + 1;
	to->feature = x;
	to->feature_count = k + 2;
	name_kind(from, KIND_SHOT);
	name_kind(to, KIND_EXPLOSION);
	return true;
}

static bool join(struct work *w, const struct match *m, struct fault *f)
{
	for (size_t i = 0; i < m->pairs; i++) {
		struct incident *from = &w->sound[m->from[i]];
		struct incident *to = &w->sound[m->to[i]];

		if (w->role[m->from[i]] != NOTHING ||
			w->role[m->to[i]] != NOTHING)
			continue;
		w->role[m->from[i]] = LAUNCH;
		w->role[m->to[i]] = IMPACT;
		if (!link_one(w, from, to, m->pairs, f))
			return false;
	}
	return true;
}

/* Where the rounds of a place fell, if anywhere. */
static bool follow(struct work *w, const struct group *a, struct fault *f)
{
	struct match best = {.pairs = 0}, m;
	double least = INFINITY, tried = 0;

	for (const struct group *b = w->areas; b; b = b->next) {
		double way, p;

		if (b->first_s > a->last_s + FLIGHT_MOST_S)
			break;
		if (b->last_s < a->first_s + FLIGHT_LEAST_S)
			continue;
		way = apart_m(a, b);
		if (way < RANGE_LEAST_M ||
			way > FLIGHT_MOST_S * SPEED_MOST_MS)
			continue;
		tried++;
		if (!best_lag(w, a, b, way, &m) ||
			(double)m.pairs < SHARE_LEAST * (double)a->count)
			continue;
		p = chance(w, a, b, &m);
		if (p < least) {
			least = p;
			best = m;
		}
	}
	return !(least * tried < BY_CHANCE) || join(w, &best, f);
}

bool impacts_link(
	struct incident *sound, size_t count, struct arena *a, struct fault *f)
{
	struct work w = {.sound = sound, .count = count, .arena = a};

	if (count < 2 * PAIRS_LEAST)
		return true;
	w.zero = sound[0].at;
	if (!(w.role = arena_array(a, count, sizeof *w.role, f)))
		return false;
	if (!gather(&w, PLACE_M, &w.places, f) ||
		!gather(&w, AREA_M, &w.areas, f))
		return false;
	for (struct group *g = w.places; g; g = g->next)
		if (!follow(&w, g, f))
			return false;
	return true;
}
