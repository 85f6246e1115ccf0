/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/rounds.h"

/* Arrivals of the same ear weaker by so much, for so long after, are echoes:
 * rounds of one weapon differ by 1 dB at most ears (FP1, FP2). */
#define CODA_DB 2.0
#define CODA_S 0.6

/* An echo comes within this time after the sound (as sound.c), and so many
 * arrivals of one that is no sound are echoes of another. */
#define ECHO_S 0.6
#define ECHOES 0.8
/* Those whose origins lie farther apart have no arrivals so near in time at
 * ears that one of them reaches: a few hundred metres. */
#define NEAR_S 2.0
/* One so loud that ears beyond the range of hearing heard it is heard by so
 * many more than they are; what they hear is as late as its way. */
#define LOUDER 2
#define FAR_S 100.0
/* Sound is no slower and no faster, along any wind. */
#define SLOW_MS 200.0
#define FAST_MS 500.0

struct round *rounds_new(struct rounds *q, struct fault *f)
{
	struct round *r = q->spare;

	if (r) {
		q->spare = r->next;
		return r;
	}
	r = arena_array(q->arena, 1, sizeof *r, f);
	if (!r || !(r->choice = arena_array(q->arena, q->scene->ears + 1,
			    sizeof *r->choice, f)))
		return NULL;
	return r;
}

bool rounds_is_echo(const struct pick *used, const struct pick *p)
{
	return p->t_s >= used->t_s && p->t_s <= used->t_s + CODA_S &&
		!(p->level_db >= used->level_db - CODA_DB);
}

/* The used picks go, and what sounds like their echoes. */
static void consume(
	struct scene *s, const struct view *v, const struct origin *o)
{
	for (size_t i = 0; i < v->posts; i++) {
		const struct ear *e = &s->ear[v->post[i].ear];
		struct pick *used;

		if (o->choice[i] == HEAR_NONE)
			continue;
		used = &s->pick[o->choice[i]];
		used->gone = true;
		for (size_t k = e->first; k < e->first + e->count; k++)
			if (rounds_is_echo(used, &s->pick[k]))
				s->pick[k].gone = true;
	}
}

/* Whether a round says more of the place than another. */
static bool tells_more(const struct origin *a, const struct origin *b)
{
	double x = a->cov_xx * a->cov_yy - a->cov_xy * a->cov_xy;
	double y = b->cov_xx * b->cov_yy - b->cov_xy * b->cov_xy;

	return a->heard != b->heard ? a->heard > b->heard : x < y;
}

/* The time of a round at another's place: what its arrivals say at the ears
 * that heard both, or all of its own. */
static double time_at(const struct view *v, const struct origin *o,
	const struct origin *at)
{
	const struct pick *pick = v->scene->pick;
	double sum = 0, weight = 0;

	for (size_t i = 0; i < v->posts; i++) {
		double w, s;

		if (o->choice[i] == HEAR_NONE || at->choice[i] == HEAR_NONE)
			continue;
		s = fmax(pick[o->choice[i]].sigma_s,
			pick[at->choice[i]].sigma_s);
		w = 1 / (s * s);
		sum += w * (pick[o->choice[i]].t_s - pick[at->choice[i]].t_s);
		weight += w;
	}
	return weight > 0 ? at->t_s + sum / weight : o->t_s;
}

static bool remember(struct rounds *q, const struct view *v,
	const struct origin *o, struct fault *f)
{
	struct given *g = arena_array(q->arena, 1, sizeof *g, f);

	if (!g || !(g->ear = arena_array(q->arena, o->heard + 1,
			    sizeof *g->ear, f)))
		return false;
	for (size_t i = 0; i < v->posts; i++)
		if (o->choice[i] != HEAR_NONE)
			g->ear[g->ears++] = v->post[i].ear;
	g->at = frame_from(&v->frame, (struct xy){o->x_m, o->y_m});
	g->origin = *o;
	g->origin.choice = NULL;
	g->next = q->given;
	q->given = g;
	return true;
}

static bool heard_by(const struct given *g, size_t ear)
{
	for (size_t i = 0; i < g->ears; i++)
		if (g->ear[i] == ear)
			return true;
	return false;
}

/* How many arrivals of an origin are of a sound that their ears have no other
 * arrival of: late, or from beyond the range of hearing. */
static size_t echoes_of(const struct view *v, const struct origin *o,
	const struct given *g)
{
	struct origin at = g->origin;
	struct xy here = frame_to(
		&v->frame, g->at.lat_deg, g->at.lon_deg);
	size_t n = 0;

	at.x_m = here.x_m;
	at.y_m = here.y_m;
	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		const struct pick *k;
		double d, late;

		if (o->choice[i] == HEAR_NONE || heard_by(g, p->ear))
			continue;
		k = &v->scene->pick[o->choice[i]];
		late = k->t_s - at.t_s - origin_travel(&at, p, NULL, &d);
		n += late < ECHO_S && late > (d < v->scene->range_m
			? 0 : -3 * hear_sigma_s(v, p, k, d));
	}
	return n;
}

static double near_s(const struct origin *of, const struct origin *o)
{
	return of->heard >= LOUDER * o->heard ? FAR_S : NEAR_S;
}

/* Whether any ear that heard one could hear the other at the same time: a sound
 * is no earlier there than its way to the nearer side of that ear's hearing. */
static bool may_meet(
	const struct view *v, const struct origin *o, const struct given *g)
{
	struct xy p = frame_to(&v->frame, g->at.lat_deg, g->at.lon_deg);
	double dx = p.x_m - o->x_m, dy = p.y_m - o->y_m;
	double d = sqrt(dx * dx + dy * dy), later = o->t_s - g->origin.t_s;

	return later < d / SLOW_MS + NEAR_S &&
		later > (d - 2 * v->scene->range_m) / FAST_MS - NEAR_S;
}

static bool is_echoes(const struct rounds *q, const struct view *v,
	const struct origin *o)
{
	for (const struct given *g = q->given; g; g = g->next)
		if (fabs(g->origin.t_s - o->t_s) < near_s(&g->origin, o) &&
			g->origin.heard > o->heard &&
			may_meet(v, o, g) &&
			(double)echoes_of(v, o, g) >= ECHOES *
				(double)o->heard)
			return true;
	return false;
}

/* Rounds of a burst come from one place: that of the round that says most. */
static bool give(struct rounds *q, const struct view *v, struct fault *f)
{
	struct burst *b = arena_array(q->arena, 1, sizeof *b, f);
	const struct origin *best = NULL;
	size_t n = 0;

	if (!b)
		return false;
	for (const struct round *r = q->round; r; r = r->next, n++)
		if (!best || tells_more(&r->origin, best))
			best = &r->origin;
	b->t_s = arena_array(q->arena, n, sizeof *b->t_s, f);
	if (!b->t_s)
		return false;
	b->at = frame_from(&v->frame, (struct xy){best->x_m, best->y_m});
	for (const struct round *r = q->round; r; r = r->next) {
		struct origin o = *best;

		o.t_s = time_at(v, &r->origin, best);
		o.choice = r->origin.choice;
		o.heard = r->origin.heard;
		o.score = r->origin.score;
		b->t_s[b->count++] = o.t_s;
		if (!q->out->take(q->out->self, v, &o, best, f) ||
			!remember(q, v, &o, f))
			return false;
	}
	b->next = q->burst;
	q->burst = b;
	return true;
}

static void keep_round(struct rounds *q, const struct view *v,
	struct round *r)
{
	r->origin.choice = r->choice;
	r->next = q->round;
	q->round = r;
	consume(q->scene, v, &r->origin);
}

void rounds_put_back(struct rounds *q, struct round *r)
{
	r->next = q->spare;
	q->spare = r;
}

bool rounds_take(struct rounds *q, const struct view *v,
	struct round *first, struct fault *f)
{
	struct round *r = first;

	first->origin.choice = first->choice;
	if (is_echoes(q, v, &first->origin)) {
		consume(q->scene, v, &first->origin);
		rounds_put_back(q, first);
		return true;
	}
	q->round = NULL;
	do {
		keep_round(q, v, r);
		r = rounds_new(q, f);
		if (!r)
			return false;
	} while (burst_next(v, &first->origin, r->choice, &r->origin));
	rounds_put_back(q, r);
	if (!give(q, v, f))
		return false;
	while ((r = q->round)) {
		q->round = r->next;
		rounds_put_back(q, r);
	}
	return true;
}
