/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/crowd.h"

#include <string.h>

#include "base/maths.h"
#include "locate/level.h"
#include "locate/trio.h"

/* From so many arrivals on, so many a second, a scene is one: asking every
 * place takes seconds then, and of the simulated shots of a barrage it finds
 * six in ten, from these starts all but a few (docs/hearing.md). */
enum { PICKS_LEAST = 1000 };
#define RATE_LEAST_HZ 20.0
/* Nats by which the nearest ears must fit better than by chance.  With 6 in
 * place of 3 as much is found (load, 1,024 nodes), with fewer climbs. */
#define START_LEAST 6.0
/* From the second time on, with few arrivals left: with 6, two of 2,040 shots
 * less were found (scale, seeds 42 to 45 and 51, 2 minutes). */
#define START_THOROUGH 2.0
/* Starts are good to this; views are of so much ground about them. */
#define START_S 0.06
#define VIEW_M 100.0
/* Where an ear has ARRIVALS_HZ, an origin is taken as in associate.c, where it
 * is found once and weighed again.  The fewer there are, the fewer sounds make
 * them, and a chance is the less likely to be one: the logarithm of that, as
 * the rate of incidents in a score, but no more than so much.  At ten a second
 * the weakest true one of 2,151 had 14.1 nats, and one of five arrivals that
 * was none 10.9 (scale, 3,000 nodes, seeds 41 to 46); at a hundred twelve of
 * 900 have less than 12.5, and none of these was false. */
#define ACCEPT 10.5
#define ACCEPT_MOST 13.0
#define ARRIVALS_HZ 0.5
/* Share of sounds in easy reach that a node reports which is heard to work: it
 * has arrivals of others.  With hear.c's 0.8, of nodes of which nobody knows, a
 * sound was put where the node beside it was silent. */
#define PD_ALIVE 0.95
/* Down the wind sound is heard beyond the range of hearing, so many times as
 * far.  Without what ears there heard, weak shots at the edge were put nearer
 * to them, where they are within it; with 1.5, of 240 shots at a hundred a
 * second 12 less were found (seeds 41 to 46, 51; 4). */
#define DOWNWIND 1.25
/* Heard from one side alone a sound may have been nearer, and later by as much:
 * so many metres along the mean way to its ears are tried, where their unit
 * vectors have a mean of so much (two thirds of a circle of ears: 0.41). */
static const double along_m[] = {
	-900, -600, -300, -150, 150, 300, 600, 900};
#define ONE_SIDED 0.4
/* And the places from which an arrival at an ear so near would be of it, if few
 * are as loud there: the fixed steps miss a place that is known to 30 m.  Of
 * weak shots put up to 800 m off two became right with it (seeds 43, 46), and
 * what these had used up was found; with 1 km at most in place of 2, two of
 * 7,200 stood 0.5 and 1.3 km off where two ears more hear them (260, 263). */
#define NEAR_EAR_M 1500.0
#define ALONG_LEAST_M 30.0
#define ALONG_MOST_M 2000.0
#define LN_LOUD (-3.5) /* one in 33 s */
/* What is left of a sound may agree on another beside it: that of six in 6,000
 * shots did, within 98 m and 0.22 s.  Of shots so near each other the second is
 * given up: one in 6,000 (scale 10000 10). */
#define TWIN_M 200.0
#define TWIN_S 0.45
/* Unless so many heard it. */
enum { TWIN_HEARD = 8 };
/* Beyond the range of hearing up to so many of it, the loudest are heard. */
#define FAR 5.0
/* They are no louder there than such a sound can be, by so many sigmas
 * (level.h); echoes, for so long after, are weaker.  What is excused too easily
 * hides near shots, what is not speaks against all as clutter: of the arrivals
 * that nobody had used half were such (3,000 nodes).  By the loudest of what
 * was heard, and 3 dB, for both, one arrival of another sound made all be
 * excused that came to a ring of ears: 7 of 5,955 stated shots were lost and
 * one false (10,000 nodes, seed 351), with these 1 and none; with 2 sigmas 4,
 * with 2.5 6.  Among shots 10 to 20 dB louder 1,539 of 2,160 were placed, 1,487
 * by that loudest, 1,585 with 2 sigmas, and with 1 for both 1,481; of 1,440
 * others, not looked at before, 923 and by that loudest 850 (tests/crowd.c). */
#define FAR_SIGMAS 1.5
#define FAR_ECHO_SIGMAS 0.0
#define FAR_ECHO_S 0.6
#define FAR_ECHO_DB (-6.0)
/* Where levels are not of sound pressure: by the fall of level over ten times
 * the distance (loudness.h), of the loudest that is not near, but for so much.
 */
#define DB_PER_DECADE 22.0
#define FAR_DB 3.0
#define NEAR_SHARE 0.3
/* The first pass takes nearly all.  The others are thorough: more trios of each
 * arrival, and starts that lie nearer to better ones, which may have climbed to
 * the wrong place; with so few left it costs little. */
enum { PASSES = 6, HEARD_LEAST = 4 };
/* Starts in a piece of work. */
enum { PIECE = 16 };

struct crowd_hand {
	struct view_room room;
	struct lee lee;
	ptrdiff_t *choice;
};

struct crowd {
	struct rounds *rounds;
	struct scene *scene;
	struct arena *arena;
	const struct hands *hands;
	struct crowd_hand *hand; /* of each; the first takes */
	struct trio_start *start;
	size_t starts;
	double accept; /* nats */
	bool thorough; /* the passes after the first */
};

struct sounded { /* a sound, as an ear would have it */
	struct xy xy;
	double at_1m_db;      /* of sound pressure; NAN not known */
	double loudest_db;    /* there, of any level; NAN not known */
	double t_s, fit_s;    /* when, and how well that is known */
};

static double rate_hz(const struct scene *s)
{
	double from = INFINITY, to = -INFINITY;

	for (size_t i = 0; i < s->picks; i++) {
		from = fmin(from, s->pick[i].t_s);
		to = fmax(to, s->pick[i].t_s);
	}
	return (double)s->picks / (to - from);
}

bool crowd_is(const struct scene *s)
{
	return s->picks >= PICKS_LEAST && rate_hz(s) >= RATE_LEAST_HZ;
}

static double accept_nats(const struct scene *s)
{
	double rare = ARRIVALS_HZ * (double)s->ears / rate_hz(s);

	return fmin(ACCEPT + fmax(m_log(rare), 0), ACCEPT_MOST);
}

/* The air in the middle of time and ground. */
static struct air middle(const struct scene *s)
{
	struct point p = {0, 0};
	double last = 0, n = (double)s->ears;

	for (size_t i = 0; i < s->ears; i++) {
		p.lat_deg += s->ear[i].source->lat_deg / n;
		p.lon_deg += s->ear[i].source->lon_deg / n;
	}
	for (size_t i = 0; i < s->picks; i++)
		last = fmax(last, s->pick[i].t_s);
	return air_at(s->net, instant_plus_s(s->start, last / 2), p);
}

static bool find_starts(const struct crowd *q, struct trio_start **out,
	size_t *count, struct fault *f)
{
	const struct scene *s = q->scene;
	struct air air = middle(s);
	struct trio_ear *e = arena_array(q->arena, s->ears + 1, sizeof *e, f);
	double *t = arena_array(q->arena, s->picks + 1, sizeof *t, f);
	bool *gone = arena_array(q->arena, s->picks + 1, sizeof *gone, f);
	struct trio_ask ask = {.ear = e, .ears = s->ears, .t_s = t,
		.gone = gone, .c_ms = air.c_ms, .east_ms = air.east_ms,
		.north_ms = air.north_ms,
		.least = q->thorough ? START_THOROUGH : START_LEAST,
		.thorough = q->thorough, .hands = q->hands};

	if (!e || !t || !gone)
		return false;
	for (size_t i = 0; i < s->ears; i++)
		e[i] = (struct trio_ear){s->ear[i].source->lat_deg,
			s->ear[i].source->lon_deg, s->ear[i].first,
			s->ear[i].count};
	for (size_t i = 0; i < s->picks; i++) {
		t[i] = s->pick[i].t_s;
		gone[i] = s->pick[i].gone || s->pick[i].far;
	}
	return trio_find(&ask, q->arena, out, count, f) &&
		trio_thin(*out, count, q->thorough ? TRIO_STARTS_THOROUGH :
			TRIO_STARTS, q->arena, f);
}

/* Of the ears beyond the range of hearing those to which the wind carries it.
 */
static void keep_downwind(struct view *v)
{
	double range_m = v->scene->range_m;
	size_t n = 0;

	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double d = sqrt(p->x_m * p->x_m + p->y_m * p->y_m);

		if (d <= range_m + VIEW_M || lee_m(v->lee,
			(v->air.east_ms * p->x_m + v->air.north_ms * p->y_m) /
				d, d) < range_m)
			v->post[n++] = *p;
	}
	v->posts = n;
}

static void look(const struct crowd *q, struct crowd_hand *h,
	const struct trio_start *s, struct view *v)
{
	view_make(q->scene, &h->room, s->at, VIEW_M, s->t_s - BURST_S,
		s->t_s + BURST_S, v);
	lee_for(&h->lee, sqrt(v->air.east_ms * v->air.east_ms +
			v->air.north_ms * v->air.north_ms),
		v->air.sigma_w_ms, q->scene->range_m);
	v->lee = &h->lee;
	keep_downwind(v);
}

/* What a start climbs to; nothing is taken. */
static void weigh(const struct crowd *q, struct crowd_hand *h,
	struct trio_start *s)
{
	struct origin o;
	struct view v;

	look(q, h, s, &v);
	s->score = -INFINITY;
	if (!origin_climb(&v, &(struct origin_start){.t_s = s->t_s,
		    .error_s = START_S}, q->accept, NULL, h->choice, &o) ||
		o.heard < HEARD_LEAST)
		return;
	s->score = o.score;
	s->at = frame_from(&v.frame, (struct xy){o.x_m, o.y_m});
	s->t_s = o.t_s;
}

static bool weigh_some(void *self, size_t hand, size_t piece, struct fault *f)
{
	const struct crowd *q = self;
	size_t from = piece * PIECE;

	(void)f;
	for (size_t i = from; i < from + PIECE && i < q->starts; i++)
		weigh(q, &q->hand[hand], &q->start[i]);
	return true;
}

/* As loud as it was at a metre, had it fallen so all the way; by the loudest
 * of the ears that are not the nearest. */
static double loudest_at_1m_db(const struct view *v, const struct origin *o)
{
	double most = -INFINITY;

	for (size_t i = 0; i < v->posts; i++) {
		double d, level;

		if (o->choice[i] == HEAR_NONE)
			continue;
		level = v->scene->pick[o->choice[i]].level_db;
		(void)origin_travel(o, &v->post[i], NULL, &d);
		if (d > NEAR_SHARE * v->scene->range_m)
			most = fmax(most, level + DB_PER_DECADE * m_log10(d));
	}
	return most > -INFINITY ? most : NAN;
}

/* Whether an arrival is no louder than such a sound can be there, or than its
 * echoes can. */
static bool can_be(const struct view *v, const struct post *p,
	struct pick k, const struct sounded *at, bool echo)
{
	if (echo)
		k.level_db -= FAR_ECHO_DB;
	if (k.calibrated && isfinite(at->at_1m_db))
		return level_louder(v, p, &k, at->xy, at->at_1m_db) <=
			(echo ? FAR_ECHO_SIGMAS : FAR_SIGMAS);
	return echo ? k.level_db < at->loudest_db
		    : !(k.level_db > at->loudest_db);
}

/* Arrivals of an ear that fit a moment, and what then echoes. */
static void excuse(struct scene *s, const struct view *v,
	const struct post *p, const struct ear *e, const struct sounded *at)
{
	for (size_t i = scene_first(s, e, at->t_s - at->fit_s);
		i < e->first + e->count &&
		s->pick[i].t_s <= at->t_s + FAR_ECHO_S;
		i++)
		if (can_be(v, p, s->pick[i], at,
			    s->pick[i].t_s > at->t_s + at->fit_s))
			s->pick[i].far = true;
}

/* What is used is no clutter. */
static void excuse_used(struct scene *s, const struct view *v)
{
	for (size_t i = 0; i < v->posts; i++)
		for (size_t k = v->post[i].first; k < v->post[i].end; k++)
			if (s->pick[k].gone)
				s->pick[k].far = true;
}

/* Ears beyond the range of hearing hear the loudest all the same. */
static void excuse_far(const struct crowd *q, const struct view *v,
	const struct origin *o)
{
	struct scene *s = q->scene;
	double far = FAR * s->range_m;
	struct sounded at = {.xy = {o->x_m, o->y_m},
		.at_1m_db = level_at_1m_db(v, o)};
	double loudest_db = loudest_at_1m_db(v, o) + FAR_DB;
	uint32_t *ear = q->hand->room.ear;
	size_t n = nearby_find(&s->nearby, &v->frame, far + VIEW_M, ear);

	for (size_t i = 0; i < n; i++) {
		const struct ear *e = &s->ear[ear[i]];
		struct xy x = view_ear(&v->frame, e);
		struct post p = {.x_m = x.x_m, .y_m = x.y_m, .z_m = o->z_m};
		double d, t;

		if (e->count == 0)
			continue;
		t = o->t_s + origin_travel(o, &p, NULL, &d);
		if (d <= s->range_m || d >= far)
			continue;
		at.t_s = t;
		at.fit_s = 0.04 + 2 * hear_air_s(d);
		at.loudest_db = loudest_db - DB_PER_DECADE * m_log10(d);
		excuse(s, v, &p, e, &at);
	}
}

static bool is_twin(
	const struct crowd *q, const struct view *v, const struct origin *o)
{
	for (const struct burst *b = q->rounds->burst; b; b = b->next)
		for (size_t i = 0; i < b->count; i++) {
			struct xy p;
			double dx, dy;

			if (fabs(b->t_s[i] - o->t_s) > TWIN_S)
				continue;
			p = frame_to(&v->frame, b->at.lat_deg, b->at.lon_deg);
			dx = p.x_m - o->x_m;
			dy = p.y_m - o->y_m;
			if (dx * dx + dy * dy < TWIN_M * TWIN_M)
				return true;
		}
	return false;
}

/* The mean way from an origin to the ears that heard it. */
static struct xy way(const struct view *v, const struct origin *o)
{
	struct xy u = {0, 0};

	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double dx = p->x_m - o->x_m, dy = p->y_m - o->y_m;
		double n = sqrt(dx * dx + dy * dy + 1) * (double)o->heard;

		if (o->choice[i] == HEAR_NONE)
			continue;
		u.x_m += dx / n;
		u.y_m += dy / n;
	}
	return u;
}

struct slide { /* of an origin along the way to its ears */
	const struct crowd *q;
	const struct view *v;
	struct origin from, *best;
	struct xy u; /* unit vector */
};

/* To what a place so far along climbs to, if that is better. */
static void slide_to(const struct slide *s, double along)
{
	const struct origin *from = &s->from;
	struct origin to;

	if (!origin_climb(s->v, &(struct origin_start){
			.x_m = from->x_m + along * s->u.x_m,
			.y_m = from->y_m + along * s->u.y_m,
			.t_s = from->t_s + along / s->v->air.c_ms,
			.error_s = START_S}, s->best->score, NULL,
		    s->q->hand->choice, &to) ||
		to.score <= s->best->score || to.heard < HEARD_LEAST)
		return;
	memcpy(s->best->choice, to.choice, s->v->posts * sizeof *to.choice);
	to.choice = s->best->choice;
	*s->best = to;
}

/* Where along it would an arrival be of this sound?  At time t + s/c, place s u
 * from here: |e - s u| = tau - s, with tau the time times c. */
static void slide_by(const struct slide *s, const struct post *p,
	const struct pick *k)
{
	double c = s->v->air.c_ms;
	double dx = p->x_m - s->from.x_m, dy = p->y_m - s->from.y_m;
	double a = dx * s->u.x_m + dy * s->u.y_m;
	double tau = c * (k->t_s - s->from.t_s);
	double along = (tau * tau - dx * dx - dy * dy) / (2 * (tau - a));

	if (fabs(along) >= ALONG_LEAST_M && fabs(along) <= ALONG_MOST_M &&
		tau >= along)
		slide_to(s, along);
}

/* By the arrivals of an ear near by. */
static void slide_by_ear(const struct slide *s, const struct post *p)
{
	double dx = p->x_m - s->from.x_m, dy = p->y_m - s->from.y_m;
	double late_s = (ALONG_MOST_M + NEAR_EAR_M) / s->v->air.c_ms;

	if (dx * dx + dy * dy > NEAR_EAR_M * NEAR_EAR_M)
		return;
	for (size_t i = p->first; i < p->end; i++) {
		const struct pick *k = &s->v->scene->pick[i];

		if (!k->gone && !k->far && s->v->ln_rate[i] < LN_LOUD &&
			fabs(k->t_s - s->from.t_s) < late_s)
			slide_by(s, p, k);
	}
}

/* To the best place along it. */
static void slide(const struct crowd *q, const struct view *v,
	struct origin *o)
{
	struct slide s = {.q = q, .v = v, .from = *o, .best = o,
		.u = way(v, o)};
	double long_m = sqrt(s.u.x_m * s.u.x_m + s.u.y_m * s.u.y_m);

	if (!(long_m > ONE_SIDED))
		return;
	s.u.x_m /= long_m;
	s.u.y_m /= long_m;
	for (size_t i = 0; i < sizeof along_m / sizeof *along_m; i++)
		slide_to(&s, along_m[i]);
	for (size_t i = 0; i < v->posts; i++)
		slide_by_ear(&s, &v->post[i]);
}

static bool take(struct crowd *q, const struct trio_start *s, bool *taken,
	struct fault *f)
{
	struct round *r = rounds_new(q->rounds, f);
	struct origin o;
	struct view v;

	if (!r)
		return false;
	look(q, q->hand, s, &v);
	*taken = origin_climb(&v, &(struct origin_start){.t_s = s->t_s,
			 .error_s = START_S}, q->accept, NULL, r->choice,
			 &r->origin) &&
		r->origin.heard >= HEARD_LEAST &&
		r->origin.score > q->accept;
	if (*taken)
		slide(q, &v, &r->origin);
	*taken = *taken && (r->origin.heard >= TWIN_HEARD ||
		!is_twin(q, &v, &r->origin));
	if (!*taken) {
		rounds_put_back(q->rounds, r);
		return true;
	}
	o = r->origin;
	if (!rounds_take(q->rounds, &v, r, f))
		return false;
	excuse_used(q->scene, &v);
	excuse_far(q, &v, &o);
	return true;
}

static bool pass(struct crowd *q, size_t *taken, struct fault *f)
{
	struct pieces work = {q, weigh_some, 0};
	bool one;

	*taken = 0;
	if (!find_starts(q, &q->start, &q->starts, f))
		return false;
	work.count = (q->starts + PIECE - 1) / PIECE;
	if (!hands_run(q->hands, &work, f))
		return false;
	trio_sort(q->start, q->starts);
	if (!trio_thin(q->start, &q->starts, TRIO_SOUNDS, q->arena, f))
		return false;
	for (size_t i = 0; i < q->starts; i++) {
		if (!(q->start[i].score > q->accept))
			break;
		if (!take(q, &q->start[i], &one, f))
			return false;
		*taken += one;
	}
	return true;
}

static bool take_rooms(struct crowd *q, struct fault *f)
{
	size_t n = hands_count(q->hands), ears = q->scene->ears + 1;

	if (!(q->hand = arena_array(q->arena, n, sizeof *q->hand, f)))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!view_room(q->scene, q->arena, &q->hand[i].room, f) ||
			!(q->hand[i].choice = arena_array(q->arena, ears,
				  sizeof *q->hand[i].choice, f)))
			return false;
	return true;
}

/* The best first; then once more with what is left. */
bool crowd_search(struct rounds *r, struct fault *f)
{
	struct crowd q = {.rounds = r, .scene = r->scene, .arena = r->arena,
		.hands = r->scene->net->hands,
		.accept = accept_nats(r->scene)};
	size_t taken = 1;

	if (!take_rooms(&q, f))
		return false;
	scene_reach(q.scene, PD_ALIVE);
	q.scene->far_m = DOWNWIND * q.scene->range_m;
	for (int i = 0; i < PASSES && taken > 0; i++) {
		q.thorough = i > 0;
		if (!pass(&q, &taken, f))
			return false;
	}
	return true;
}
