/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/residual.h"

#include <string.h>

#include "base/maths.h"
#include "locate/joint.h"

/* Ears that report less often than this say nothing by silence. */
#define PD_LEAST 0.1

static double pd_at(const struct view *v, const struct origin *o, double d_m)
{
	const struct reach *r = &v->scene->reach;
	size_t step = (size_t)fmin(d_m / r->step_m, HEAR_STEPS);

	return m_exp(r->ln_pd[o->reach][step]);
}

static double polarity(const struct detection *d)
{
	return feature_of(d->feature, d->feature_count, "polarity");
}

/* The arrivals within FIT_NEAR_S of the expected one, nearest first when
 * there are too many; then by time. */
static bool nearest(const struct view *v, const struct origin *o, size_t post,
	double expected_s, struct hearing *h, struct arena *a, struct fault *f)
{
	const struct scene *s = v->scene;
	const struct ear *e = &s->ear[v->post[post].ear];
	struct near *n = arena_array(a, FIT_NEAR_MAX, sizeof *n, f);
	size_t count = 0;

	if (!n)
		return false;
	for (size_t i = e->first; i < e->first + e->count; i++) {
		const struct pick *p = &s->pick[i];
		double off = p->t_s - expected_s;
		size_t far = 0;
		bool own = o->choice[post] == (ptrdiff_t)i;

		if (fabs(off) > FIT_NEAR_S || (p->gone && !own))
			continue;
		if (count == FIT_NEAR_MAX) {
			for (size_t k = 1; k < count; k++)
				if (fabs(n[k].offset_s) > fabs(n[far].offset_s))
					far = k;
			if (fabs(off) >= fabs(n[far].offset_s))
				continue;
			memmove(&n[far], &n[far + 1],
				(--count - far) * sizeof *n);
			h->used -= h->used > (int)far;
		}
		if (own)
			h->used = (int)count;
		n[count++] = (struct near){.detection = p->detection->id.text,
			.at = p->detection->at, .offset_s = off,
			.sigma_s = p->sigma_s, .level_db = p->level_db,
			.polarity = polarity(p->detection)};
	}
	h->near = n;
	h->near_count = count;
	return true;
}

static bool hearing(const struct view *v, const struct origin *o, size_t post,
	struct hearing *h, struct arena *a, struct fault *f)
{
	const struct post *p = &v->post[post];
	double travel, d;
	struct pick typical = {.sigma_s = 0.003};
	const struct pick *used = &typical;

	*h = (struct hearing){.source = v->scene->ear[p->ear].source->id,
		.used = HEAR_NONE};
	travel = origin_travel(o, p, h->part, &d);
	if (o->choice[post] != HEAR_NONE)
		used = &v->scene->pick[o->choice[post]];
	h->d_m = d;
	h->travel_s = travel;
	h->east = (p->x_m - o->x_m) / d;
	h->north = (p->y_m - o->y_m) / d;
	h->pd = pd_at(v, o, d);
	h->sigma_s = hear_sigma_s(v, p, used, d);
	if (!nearest(v, o, post, o->t_s + travel, h, a, f))
		return false;
	if (h->used >= 0)
		h->weight = hear_pull(v->scene, h->near[h->used].offset_s,
			h->sigma_s);
	return true;
}

static void priors(const struct view *v, const struct origin *o,
	struct fit *fit)
{
	const double off[] = {0, 0, 0, v->air.c_ms - o->c_ms,
		v->air.east_ms - o->east_ms, v->air.north_ms - o->north_ms,
		o->z0_m - o->z_m};
	const double sigma[] = {INFINITY, INFINITY, INFINITY,
		v->air.sigma_c_ms, v->air.sigma_w_ms, v->air.sigma_w_ms,
		o->sigma_z_m};

	memcpy(fit->prior_off, off, sizeof off);
	memcpy(fit->prior_sigma, sigma, sizeof sigma);
}

static bool far(const struct view *v, const struct origin *o, struct fit *fit,
	struct arena *a, struct fault *f)
{
	size_t n = o->far ? o->far->count : 0;
	struct far *x;

	if (n == 0)
		return true;
	if (!(x = arena_array(a, n, sizeof *x, f)))
		return false;
	for (size_t i = 0; i < n; i++)
		joint_residual(v, o, &o->far->at[i], &x[i]);
	fit->far = x;
	fit->far_count = n;
	return true;
}

bool residual_put(const struct view *v, const struct origin *o,
	struct arena *a, struct fault *f)
{
	const struct fits *to = v->scene->net->fits;
	struct fit fit = {.path_s = v->scene->path_s};
	struct point at;
	struct hearing *h;
	size_t n = 0;

	if (!to)
		return true;
	h = arena_array(a, v->posts + 1, sizeof *h, f);
	if (!h)
		return false;
	for (size_t i = 0; i < v->posts; i++) {
		if (!hearing(v, o, i, &h[n], a, f))
			return false;
		if (h[n].d_m <= v->scene->range_m &&
			(h[n].used >= 0 || h[n].pd >= PD_LEAST))
			n++;
	}
	at = frame_from(&v->frame, (struct xy){o->x_m, o->y_m});
	fit.at = instant_plus_s(v->scene->start, o->t_s);
	fit.lat_deg = at.lat_deg;
	fit.lon_deg = at.lon_deg;
	fit.sigma_m = sqrt(fmax(o->cov_xx, o->cov_yy));
	priors(v, o, &fit);
	fit.hearing = h;
	fit.hearing_count = n;
	return far(v, o, &fit, a, f) && to->put(to->self, &fit, f);
}
