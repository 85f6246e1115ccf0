/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/crowd.h"

#include <string.h>

#include "base/maths.h"
#include "locate/trio.h"

/* From so many arrivals on, so many a second, a scene is one: asking every
 * place takes seconds then, and of the simulated shots of a barrage it finds
 * six in ten, from these starts all but a few (docs/hearing.md). */
enum { PICKS_LEAST = 1000 };
#define RATE_LEAST_HZ 20.0
/* Nats by which the nearest ears must fit better than by chance.  With 6 in
 * place of 3 as much is found (load, 1,024 nodes), with fewer climbs. */
#define START_LEAST 6.0
/* Starts are good to this; views are of so much ground about them. */
#define START_S 0.06
#define VIEW_M 100.0
/* As in associate.c, where it is found once and weighed again; by what a quiet
 * network expects.  From the second pass on the sounds that were found say how
 * many there are, and that a further one is likelier by as much: 3.4 nats in
 * the load of ten a second; half of what was lost were scores of 8 to 10. */
#define ACCEPT 10.5
/* No more than that: with all of it three of 6.5 to 7.8 were false (scale,
 * seeds 4, 43 and 46); with this that of 46 is gone, that of 43 is not. */
#define MORE_MOST 1.5
/* Share of sounds in easy reach that a node reports which is heard to work: it
 * has arrivals of others.  With hear.c's 0.8, of nodes of which nobody knows, a
 * sound was put where the node beside it was silent. */
#define PD_ALIVE 0.95
/* Heard from one side alone a sound may have been nearer, and later by as much:
 * so many metres along the mean way to its ears are tried, where their unit
 * vectors have a mean of so much (two thirds of a circle of ears: 0.41). */
static const double along_m[] = {
	-900, -600, -300, -150, 150, 300, 600, 900};
#define ONE_SIDED 0.4
/* What is left of a sound may agree on another beside it: that of six in 6,000
 * shots did, within 98 m and 0.22 s.  Of shots so near each other the second is
 * given up: one in 6,000 (scale 10000 10). */
#define TWIN_M 200.0
#define TWIN_S 0.45
/* Unless so many heard it. */
enum { TWIN_HEARD = 8 };
/* Beyond the range of hearing up to so many of it, the loudest are heard. */
#define FAR 5.0
/* They are no louder there than where the wind carries it, by the fall of
 * level over ten times the distance (loudness.h), but for so much; echoes, for
 * so long after, are weaker.  Of the arrivals that nobody had used half were
 * such (3,000 nodes), and what is not explained counts against all. */
#define DB_PER_DECADE 22.0
#define FAR_DB 3.0
#define NEAR_SHARE 0.3
#define FAR_ECHO_S 0.6
#define FAR_ECHO_DB (-6.0)
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
	bool thorough; /* the passes after the first */
	double accept; /* least score */
};

bool crowd_is(const struct scene *s)
{
	double from = INFINITY, to = -INFINITY;

	for (size_t i = 0; i < s->picks; i++) {
		from = fmin(from, s->pick[i].t_s);
		to = fmax(to, s->pick[i].t_s);
	}
	return s->picks >= PICKS_LEAST &&
		(double)s->picks >= RATE_LEAST_HZ * (to - from);
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
		.north_ms = air.north_ms, .least = START_LEAST,
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

static void look(const struct crowd *q, struct crowd_hand *h,
	const struct trio_start *s, struct view *v)
{
	view_make(q->scene, &h->room, s->at, VIEW_M, s->t_s - BURST_S,
		s->t_s + BURST_S, v);
	lee_for(&h->lee, sqrt(v->air.east_ms * v->air.east_ms +
			v->air.north_ms * v->air.north_ms),
		v->air.sigma_w_ms, q->scene->range_m);
	v->lee = &h->lee;
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

/* Arrivals of an ear that fit a moment, and what then echoes, none louder than
 * a level. */
static void excuse(struct scene *s, const struct ear *e, double at, double fit,
	double level_db)
{
	for (size_t i = scene_first(s, e, at - fit);
		i < e->first + e->count && s->pick[i].t_s <= at + FAR_ECHO_S;
		i++)
		if (s->pick[i].t_s <= at + fit
			    ? !(s->pick[i].level_db > level_db)
			    : s->pick[i].level_db < level_db + FAR_ECHO_DB)
			s->pick[i].far = true;
}

static double decades_db(double d_m)
{
	return DB_PER_DECADE * m_log10(d_m);
}

/* As loud as it was at a metre, had it fallen so all the way; by the ears that
 * are not the nearest. */
static double level_at_1m_db(const struct view *v, const struct origin *o)
{
	double most = -INFINITY;

	for (size_t i = 0; i < v->posts; i++) {
		double d, level;

		if (o->choice[i] == HEAR_NONE)
			continue;
		level = v->scene->pick[o->choice[i]].level_db;
		(void)origin_travel(o, &v->post[i], NULL, &d);
		if (d > NEAR_SHARE * v->scene->range_m)
			most = fmax(most, level + decades_db(d));
	}
	return most > -INFINITY ? most : NAN;
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
	double level_db = level_at_1m_db(v, o) + FAR_DB;
	uint32_t *ear = q->hand->room.ear;
	size_t n = nearby_find(&s->nearby, &v->frame, far + VIEW_M, ear);

	for (size_t i = 0; i < n; i++) {
		const struct ear *e = &s->ear[ear[i]];
		struct xy at = view_ear(&v->frame, e);
		struct post p = {.x_m = at.x_m, .y_m = at.y_m, .z_m = o->z_m};
		double d, t;

		if (e->count == 0)
			continue;
		t = o->t_s + origin_travel(o, &p, NULL, &d);
		if (d > s->range_m && d < far)
			excuse(s, e, t, 0.04 + 2 * hear_air_s(d),
				level_db - decades_db(d));
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

/* To the best place along it. */
static void slide(const struct crowd *q, const struct view *v,
	struct origin *o)
{
	const struct origin from = *o;
	struct xy u = way(v, o);
	double long_m = sqrt(u.x_m * u.x_m + u.y_m * u.y_m);
	struct origin to;

	if (!(long_m > ONE_SIDED))
		return;
	for (size_t i = 0; i < sizeof along_m / sizeof *along_m; i++) {
		double x = along_m[i] * u.x_m / long_m;
		double y = along_m[i] * u.y_m / long_m;

		if (!origin_climb(v, &(struct origin_start){
				.x_m = from.x_m + x, .y_m = from.y_m + y,
				.t_s = from.t_s + along_m[i] / v->air.c_ms,
				.error_s = START_S}, o->score, NULL,
			    q->hand->choice, &to) || to.score <= o->score ||
			to.heard < HEARD_LEAST)
			continue;
		memcpy(o->choice, to.choice, v->posts * sizeof *to.choice);
		to.choice = o->choice;
		*o = to;
	}
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

/* How many more sounds there are than is expected of a quiet network, as nats:
 * by those that were found. */
static double more_than_quiet(const struct crowd *q)
{
	const struct scene *s = q->scene;
	double from = INFINITY, to = -INFINITY, n = 0, side = s->range_m / 3;

	for (size_t i = 0; i < s->picks; i++) {
		from = fmin(from, s->pick[i].t_s);
		to = fmax(to, s->pick[i].t_s);
	}
	for (const struct given *g = q->rounds->given; g; g = g->next)
		n++;
	n /= fmax(1, to - from) * (double)s->ears * side * side;
	return n > 0 ? fmin(fmax(0, m_log(n) - ORIGIN_LN_MU), MORE_MOST) : 0;
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
		.hands = r->scene->net->hands};
	size_t taken = 1;

	if (!take_rooms(&q, f))
		return false;
	scene_reach(q.scene, PD_ALIVE);
	for (int i = 0; i < PASSES && taken > 0; i++) {
		q.thorough = i > 0;
		q.accept = ACCEPT - more_than_quiet(&q);
		if (!pass(&q, &taken, f))
			return false;
	}
	return true;
}
