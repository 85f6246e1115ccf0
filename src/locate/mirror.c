/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/mirror.h"

#include "base/maths.h"

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

struct origin mirror_of(const struct view *v, const struct origin *o)
{
	struct line l = line_of(v, o);
	double dx = o->x_m - l.x_m, dy = o->y_m - l.y_m;
	double along = dx * l.ux + dy * l.uy;
	struct origin to = *o;

	to.x_m = l.x_m + 2 * along * l.ux - dx;
	to.y_m = l.y_m + 2 * along * l.uy - dy;
	return to;
}
