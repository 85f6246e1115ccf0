/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/elsewhere.h"

#include "base/maths.h"
#include "locate/joint.h"
#include "locate/mirror.h"
#include "locate/rounds.h"

/* A thousandth is no part of a region. */
#define LEAST_NATS 7.0
/* Fewer do not say a place; so many hardly stand on a line, and of so many no
 * one moves a place. */
enum { LEAST = 4, FEW = 24 };
/* To which the places that it begins with are good. */
#define START_S 0.06

struct freed { /* a view in which an origin's arrivals are free again */
	struct scene scene;
	struct view view;
	const struct view *from;
};

static bool free_view(const struct view *v, const struct origin *o,
	struct arena *a, struct freed *to, struct fault *f)
{
	struct post *post = arena_array(a, v->posts + 1, sizeof *post, f);
	struct pick *pick;
	double *ln_rate;
	size_t n = 0;

	for (size_t i = 0; i < v->posts; i++)
		n += v->post[i].end - v->post[i].first;
	pick = arena_array(a, n + 1, sizeof *pick, f);
	ln_rate = arena_array(a, n + 1, sizeof *ln_rate, f);
	if (!post || !pick || !ln_rate)
		return false;
	n = 0;
	for (size_t i = 0; i < v->posts; i++) {
		ptrdiff_t own = o->choice[i];

		post[i] = v->post[i];
		post[i].first = n;
		for (size_t k = v->post[i].first; k < v->post[i].end; k++) {
			pick[n] = v->scene->pick[k];
			ln_rate[n] = v->ln_rate[k];
			if (own == (ptrdiff_t)k || (own != HEAR_NONE &&
				rounds_is_echo(&v->scene->pick[own],
					&pick[n])))
				pick[n].gone = pick[n].far = false;
			n++;
		}
		post[i].end = n;
	}
	*to = (struct freed){*v->scene, *v, v};
	to->scene.pick = pick;
	to->scene.picks = n;
	to->view.scene = &to->scene;
	to->view.post = post;
	to->view.ln_rate = ln_rate;
	return true;
}

static bool climb(const struct freed *w, const struct origin *from,
	double floor_score, ptrdiff_t *choice, struct origin *to)
{
	return origin_climb(&w->view, &(struct origin_start){.x_m = from->x_m,
			.y_m = from->y_m, .t_s = from->t_s,
			.error_s = START_S}, floor_score, NULL, choice, to) &&
		to->score > floor_score && to->heard >= LEAST;
}

static bool is_apart(const struct origin *o, const struct origin *p)
{
	return mirror_apart(&(struct posterior_peak){o->x_m, o->y_m, o->cov_xx,
		o->cov_xy, o->cov_yy}, p->x_m, p->y_m);
}

/* ln of what others than the nodes say of an origin. */
static double far_ln(const struct view *v, const struct origin *o)
{
	double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS] = {{0}};
	double b[ORIGIN_UNKNOWNS] = {0};

	return o->far ? joint_gather(v, o, a, b) : 0;
}

/* The freed view's choice in terms of the first. */
static void choose_there(const struct freed *w, struct origin *o)
{
	for (size_t i = 0; i < w->view.posts; i++)
		if (o->choice[i] != HEAR_NONE)
			o->choice[i] += (ptrdiff_t)w->from->post[i].first -
				(ptrdiff_t)w->view.post[i].first;
}

bool elsewhere_find(const struct view *v, const struct origin *o,
	const struct lone *lone, struct arena *a, struct elsewhere *to,
	struct fault *f)
{
	struct posterior_peak beyond;
	struct origin own, from[2];
	size_t froms = 0;
	ptrdiff_t *choice[2];
	struct freed w;

	*to = (struct elsewhere){0};
	if (v->scene->ears < ORIGIN_MANY || o->heard >= FEW)
		return true;
	choice[0] = arena_array(a, v->posts + 1, sizeof *choice[0], f);
	choice[1] = arena_array(a, v->posts + 1, sizeof *choice[1], f);
	if (!choice[0] || !choice[1] || !free_view(v, o, a, &w, f))
		return false;
	if (!climb(&w, o, -INFINITY, choice[0], &own) || is_apart(o, &own))
		return true;
	to->at.score = own.score - LEAST_NATS;
	beyond = mirror_of(v, o);
	from[froms++] = (struct origin){
		.x_m = beyond.x_m, .y_m = beyond.y_m, .t_s = o->t_s};
	if (lone->is)
		from[froms++] = lone->without;
	for (size_t i = 0; i < froms; i++) {
		struct origin x;

		if (!climb(&w, &from[i], to->at.score, choice[0], &x) ||
			!is_apart(o, &x))
			continue;
		to->is = true;
		to->as_others = i > 0;
		to->at = x;
		choice[0] = choice[1];
		choice[1] = x.choice;
	}
	if (!to->is)
		return true;
	choose_there(&w, &to->at);
	to->at.far = own.far = o->far;
	to->ln = to->at.score - own.score + far_ln(v, &to->at) -
		far_ln(v, &own);
	return true;
}
