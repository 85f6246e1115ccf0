/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/mirror.h"

#include "base/maths.h"

/* The reflected place is off by some tens of metres, and so worth less than its
 * top, by some tens of nats: of 363 shots that few heard (scale, 400 nodes,
 * seeds 160 to 163) one was within 8 nats there. */
#define HINT_NATS 60.0
/* A thousandth is no part of a region. */
#define LEAST_NATS 7.0
#define STEP_LEAST_M 2.0
enum { STEPS_MOST = 100 };
/* So many hardly stand on a line. */
enum { FEW = 24 };
/* So many sigmas off it is no part of the same hill. */
#define APART 4.0

struct line { /* through the ears, the surer the more */
	double x_m, y_m, ux, uy;
};

static struct line line_of(const struct view *v, const struct origin *o)
{
	double w, sum = 0, x = 0, y = 0, xx = 0, xy = 0, yy = 0, turn, d;

	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double dx = p->x_m - o->x_m, dy = p->y_m - o->y_m;

		if (o->choice[i] == HEAR_NONE)
			continue;
		d = sqrt(dx * dx + dy * dy);
		w = hear_sigma_s(v, p, &v->scene->pick[o->choice[i]], d);
		w = 1 / (w * w);
		sum += w;
		x += w * dx;
		y += w * dy;
		xx += w * dx * dx;
		xy += w * dx * dy;
		yy += w * dy * dy;
	}
	x /= sum;
	y /= sum;
	turn = 0.5 * m_atan2(2 * (xy / sum - x * y),
		xx / sum - x * x - (yy / sum - y * y));
	return (struct line){
		o->x_m + x, o->y_m + y, m_cos(turn), m_sin(turn)};
}

struct posterior_peak mirror_of(const struct view *v, const struct origin *o)
{
	struct line of = line_of(v, o), *l = &of;
	double dx = o->x_m - l->x_m, dy = o->y_m - l->y_m;
	double along = dx * l->ux + dy * l->uy;
	double c = l->ux * l->ux - l->uy * l->uy, s = 2 * l->ux * l->uy;
	double a = c * o->cov_xx + s * o->cov_xy;
	double b = c * o->cov_xy + s * o->cov_yy;

	return (struct posterior_peak){
		.x_m = l->x_m + 2 * along * l->ux - dx,
		.y_m = l->y_m + 2 * along * l->uy - dy,
		.cov_xx = a * c + b * s,
		.cov_xy = a * s - b * c,
		.cov_yy = s * s * o->cov_xx - 2 * s * c * o->cov_xy +
			c * c * o->cov_yy};
}

static double ln_at(const struct posterior_field *g, double x_m, double y_m)
{
	double t_s, var_t_s2;

	return g->ln(g->self, (struct xy){x_m, y_m}, 0, &t_s, &var_t_s2);
}

bool mirror_apart(const struct posterior_peak *hill, double x_m, double y_m)
{
	double dx = x_m - hill->x_m, dy = y_m - hill->y_m;
	double det = hill->cov_xx * hill->cov_yy - hill->cov_xy * hill->cov_xy;

	return hill->cov_yy * dx * dx - 2 * hill->cov_xy * dx * dy +
		hill->cov_xx * dy * dy > APART * APART * det;
}

/* The hill about the field's place has the covariance that a reflected one
 * has, too. */
static bool is_apart(
	const struct posterior_field *g, const struct posterior_peak *p)
{
	return mirror_apart(&(struct posterior_peak){g->x_m, g->y_m, g->cov_xx,
		g->cov_xy, g->cov_yy}, p->x_m, p->y_m);
}

bool mirror_hint(const struct view *v, const struct origin *o,
	const struct posterior_field *g, struct posterior_peak *to)
{
	if (v->posts < ORIGIN_MANY || o->heard >= FEW)
		return false;
	*to = mirror_of(v, o);
	return is_apart(g, to) && ln_at(g, to->x_m, to->y_m) >
		ln_at(g, g->x_m, g->y_m) - HINT_NATS;
}

bool mirror_climb(const struct posterior_field *g, struct posterior_peak *p)
{
	static const struct xy way[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};
	double dx = p->x_m - g->x_m, dy = p->y_m - g->y_m;
	double step = sqrt(dx * dx + dy * dy) / 4;
	double best = ln_at(g, p->x_m, p->y_m);

	for (int n = 0; n < STEPS_MOST && step > STEP_LEAST_M; n++) {
		bool moved = false;

		for (size_t i = 0; i < sizeof way / sizeof *way; i++) {
			double x = p->x_m + step * way[i].x_m;
			double y = p->y_m + step * way[i].y_m;
			double ln = ln_at(g, x, y);

			if (!(ln > best))
				continue;
			best = ln;
			p->x_m = x;
			p->y_m = y;
			moved = true;
		}
		step = moved ? step : step / 2;
	}
	return is_apart(g, p) && best > ln_at(g, g->x_m, g->y_m) - LEAST_NATS;
}
