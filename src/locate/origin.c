/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/origin.h"

#include <string.h>

#include "base/maths.h"
#include "locate/joint.h"
#include "locate/level.h"
#include "locate/pitch.h"

/* A posterior of some 30 m, 30 m, 20 ms: more is not hoped for in mid-climb. */
#define LN_HOPE 4.0
#define LN_2PI 1.8378770664093454836
/* Sigmas are widened by such parts of the start's error, step by step. */
static const double wider[] = {1, 0.5, 0.2, 0, 0};
/* A step so small is the last of its kind: the next would be its square. */
#define STILL_M 0.02
/* Steps that may still bring a climb back into its stretch of time; and so near
 * a known place it will end there. */
#define LIMIT_S 0.2
#define KNOWN_M 1.0
enum { STEPS = sizeof wider / sizeof *wider, NEWTONS = 3, JOINS = 8,
	RANGES = 24, HEARD_LEAST = 3, AS_LOUD_STEPS = 4 };

/* What sigmas of time are widened by: the start's error, and so many sigmas of
 * what is not known of the air. */
struct wide {
	double start_s, air;
};

/* The variance that it adds to an arrival that travels so long.  post.air is
 * 1.5 sigma. */
static double widening(struct wide w, const struct post *p, double travel_s)
{
	double air = w.air * p->air / 1.5 * travel_s;

	return w.start_s * w.start_s + air * air;
}

double origin_travel(const struct origin *o, const struct post *p,
	double part[ORIGIN_UNKNOWNS], double *d_m)
{
	double dx = p->x_m - o->x_m, dy = p->y_m - o->y_m;
	double dz = p->z_m - o->z_m;
	double d = sqrt(dx * dx + dy * dy + dz * dz + 1e-6);
	double ux = dx / d, uy = dy / d;
	double along = o->east_ms * ux + o->north_ms * uy;
	double cross = o->north_ms * ux - o->east_ms * uy;
	double v = o->c_ms + along - 0.5 * cross * cross / o->c_ms;

	v = fmax(v, 200);
	if (part) {
		double slow = -d / (v * v);

		part[0] = -ux / v;
		part[1] = -uy / v;
		part[2] = 1;
		part[3] = slow;
		part[4] = slow * ux;
		part[5] = slow * uy;
		part[6] = -dz / d / v;
	}
	*d_m = d;
	return d / v;
}

/* The reach table at a distance: linear between its steps. */
static double reach_at(const double *t, double step_m, double d)
{
	double q = fmin(d / step_m, HEAR_STEPS);
	size_t i = (size_t)q;

	return t[i] + (q - (double)i) * (t[i + 1] - t[i]);
}

/* The pick of a post that fits best, and ln of its density over chance. */
static double best_pick(const struct view *v, const struct origin *o,
	const struct post *p, struct wide wide, ptrdiff_t *best, double *d_m)
{
	const struct scene *s = v->scene;
	double travel_s = origin_travel(o, p, NULL, d_m);
	double at = o->t_s + travel_s, most = -INFINITY;
	double add = widening(wide, p, travel_s);

	*best = HEAR_NONE;
	for (size_t i = p->first; i < p->end; i++) {
		const struct pick *k = &s->pick[i];
		double sigma, r = k->t_s - at, g;

		if (k->gone || r < -2 || r > 2)
			continue;
		sigma = hear_sigma_s(v, p, k, *d_m);
		sigma = sqrt(sigma * sigma + add);
		if (r < -5 * sigma || r > 5 * sigma + 4 * s->late_s)
			continue;
		g = hear_density(s, r, sigma, NULL) - v->ln_rate[i];
		if (g > most) {
			most = g;
			*best = (ptrdiff_t)i;
		}
	}
	return most;
}

/* What a post adds under a reach: as one that heard, or as a silent one. */
static double reach_gain(const struct reach *r, int n, const struct post *p)
{
	double q = fmin(p->as_m / r->step_m, HEAR_STEPS);
	size_t i = (size_t)q;
	double part = q - (double)i, not, pd;

	if (q >= HEAR_STEPS)
		return 0;
	not = r->ln_not[n][i] + part * (r->ln_not[n][i + 1] - r->ln_not[n][i]);
	pd = r->ln_pd[n][i] + part * (r->ln_pd[n][i + 1] - r->ln_pd[n][i]);
	return fmax(not, p->gain + pd);
}

/* Within hearing it never seems to be beyond; down the wind, as far as views
 * go, it may seem to be within. */
static double seems_m(const struct view *v, const struct origin *o,
	const struct post *p)
{
	double dx = p->x_m - o->x_m, dy = p->y_m - o->y_m;
	double along = (v->air.east_ms * dx + v->air.north_ms * dy) / p->d_m;
	double as_m = lee_m(v->lee, along, p->d_m);

	if (p->d_m > v->scene->range_m)
		return as_m;
	return as_m < 0.99 * v->scene->range_m ? as_m
					       : 0.99 * v->scene->range_m;
}

/* Which posts heard it, under the reach that explains them best.  Returns
 * the sum of their terms. */
static double choose(
	const struct view *v, struct origin *o, struct wide wide)
{
	const struct reach *r = &v->scene->reach;
	double sum[HEAR_REACHES] = {0};

	for (size_t i = 0; i < v->posts; i++) {
		struct post *p = &v->post[i];

		p->gain = best_pick(v, o, p, wide, &o->choice[i], &p->d_m);
		p->as_m = v->lee ? seems_m(v, o, p) : p->d_m;
		for (int n = 0; n < HEAR_REACHES; n++)
			sum[n] += reach_gain(r, n, p);
	}
	o->reach = 0;
	for (int n = 1; n < HEAR_REACHES; n++)
		if (sum[n] > sum[o->reach])
			o->reach = n;
	o->heard = 0;
	for (size_t i = 0; i < v->posts; i++) {
		const struct post *p = &v->post[i];
		double not = reach_at(r->ln_not[o->reach], r->step_m, p->as_m);

		if (p->as_m > v->scene->range_m ||
			reach_gain(r, o->reach, p) <= not)
			o->choice[i] = HEAR_NONE;
		o->heard += o->choice[i] != HEAR_NONE;
	}
	return sum[o->reach];
}

/* Cholesky of a symmetric positive matrix, in its lower half. */
static bool factor(double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS])
{
	for (int i = 0; i < ORIGIN_UNKNOWNS; i++)
		for (int j = 0; j <= i; j++) {
			double sum = a[i][j];

			for (int k = 0; k < j; k++)
				sum -= a[i][k] * a[j][k];
			if (i != j) {
				a[i][j] = sum / a[j][j];
				continue;
			}
			if (!(sum > 1e-18))
				return false;
			a[i][i] = sqrt(sum);
		}
	return true;
}

static void solve(double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS],
	double b[ORIGIN_UNKNOWNS])
{
	for (int i = 0; i < ORIGIN_UNKNOWNS; i++) {
		for (int k = 0; k < i; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
	for (int i = ORIGIN_UNKNOWNS - 1; i >= 0; i--) {
		for (int k = i + 1; k < ORIGIN_UNKNOWNS; k++)
			b[i] -= a[k][i] * b[k];
		b[i] /= a[i][i];
	}
}

/* What the priors say of speed, wind and height: offsets and precisions. */
static void priors(const struct view *v, const struct origin *o,
	double off[4], double sigma[4])
{
	off[0] = v->air.c_ms - o->c_ms;
	off[1] = v->air.east_ms - o->east_ms;
	off[2] = v->air.north_ms - o->north_ms;
	off[3] = o->z0_m - o->z_m;
	sigma[0] = v->air.sigma_c_ms;
	sigma[1] = sigma[2] = v->air.sigma_w_ms;
	sigma[3] = o->sigma_z_m;
}

/* Normal equations at o. */
static void gather(const struct view *v, const struct origin *o,
	struct wide wide, double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS],
	double b[ORIGIN_UNKNOWNS])
{
	double off[4], sigma[4];

	memset(a, 0, sizeof(double[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS]));
	memset(b, 0, sizeof(double[ORIGIN_UNKNOWNS]));
	for (size_t i = 0; i < v->posts; i++) {
		double part[ORIGIN_UNKNOWNS], d, t, r, s, w;
		const struct pick *k;

		if (o->choice[i] == HEAR_NONE)
			continue;
		k = &v->scene->pick[o->choice[i]];
		t = origin_travel(o, &v->post[i], part, &d);
		r = k->t_s - o->t_s - t;
		s = hear_sigma_s(v, &v->post[i], k, d);
		s = sqrt(s * s + widening(wide, &v->post[i], t));
		w = hear_pull(v->scene, r, s) / (s * s);
		for (int m = 0; m < ORIGIN_UNKNOWNS; m++) {
			for (int n = 0; n <= m; n++)
				a[m][n] += w * part[m] * part[n];
			b[m] += w * part[m] * r;
		}
	}
	if (o->far)
		(void)joint_gather(v, o, a, b);
	priors(v, o, off, sigma);
	for (int m = 0; m < 4; m++) {
		double q = 1 / (sigma[m] * sigma[m]);

		a[3 + m][3 + m] += q;
		b[3 + m] += q * off[m];
	}
}

static bool newton(const struct view *v, struct origin *o, struct wide wide,
	double *moved_m)
{
	double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS], b[ORIGIN_UNKNOWNS];
	double move, limit = 200;

	gather(v, o, wide, a, b);
	/* A place at infinity is no place: 3 km a priori. */
	a[0][0] += 1e-7;
	a[1][1] += 1e-7;
	if (!factor(a))
		return false;
	solve(a, b);
	move = sqrt(b[0] * b[0] + b[1] * b[1]);
	if (!(move < 1e6))
		return false;
	if (move > limit)
		for (int m = 0; m < ORIGIN_UNKNOWNS; m++)
			b[m] *= limit / move;
	o->x_m += b[0];
	o->y_m += b[1];
	o->t_s += b[2];
	o->c_ms += b[3];
	o->east_ms += b[4];
	o->north_ms += b[5];
	o->z_m += b[6];
	*moved_m = move + fabs(b[2]) * o->c_ms;
	return true;
}

/* The volume of the posterior and the covariance of the place. */
static bool volume(const struct view *v, struct origin *o, double *ln)
{
	double a[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS], b[ORIGIN_UNKNOWNS];
	double off[4], sigma[4], e[3][ORIGIN_UNKNOWNS] = {{0}};

	gather(v, o, (struct wide){0}, a, b);
	a[0][0] += 1e-7;
	a[1][1] += 1e-7;
	if (!factor(a))
		return false;
	*ln = 3.5 * LN_2PI;
	for (int m = 0; m < ORIGIN_UNKNOWNS; m++)
		*ln -= m_log(a[m][m]);
	priors(v, o, off, sigma);
	for (int m = 0; m < 4; m++)
		*ln -= 0.5 * LN_2PI + m_log(sigma[m]) +
			0.5 * off[m] * off[m] / (sigma[m] * sigma[m]);
	for (int m = 0; m < 3; m++) {
		e[m][m] = 1;
		solve(a, e[m]);
	}
	o->cov_xx = e[0][0];
	o->cov_xy = e[0][1];
	o->cov_yy = e[1][1];
	o->sigma_t_s = sqrt(e[2][2]);
	return true;
}

/* Many ears say how loud a sound was.  Few do not, and what walls and air may
 * have made of one as loud counts there, 12 dB down: else six ears of
 * Pittsburgh make 62 incidents of 1,244 that were none, with it 54 of 1,232. */
static int as_loud(const struct view *v, const struct pick *k)
{
	int n = hear_loudness(k) - (v->posts < ORIGIN_MANY ? AS_LOUD_STEPS : 0);

	return n > 0 ? n : 0;
}

/* ln of how much, as loud as that and louder, an origin leaves unexplained, a
 * second and post.  Weaker arrivals than the chosen one are its ear's echoes.
 */
static void left_over(const struct view *v, const struct origin *o,
	double ln[HEAR_LOUDNESSES])
{
	/* The posts' windows: view_make(). */
	double window_s = v->to_s - v->from_s +
		v->scene->range_m * 1.5 / v->air.c_ms;
	const struct pick *pick = v->scene->pick;
	double left[HEAR_LOUDNESSES] = {0}, sum = 0;

	for (size_t i = 0; i < v->posts; i++) {
		ptrdiff_t c = o->choice[i];

		for (size_t k = v->post[i].first; k < v->post[i].end; k++)
			if (!pick[k].gone && !pick[k].far &&
				(ptrdiff_t)k != c)
				left[hear_clutter_at(&pick[k])] +=
					c == HEAR_NONE ? 1
					: hear_clutter(pick[k].level_db,
						  pick[c].level_db);
	}
	for (int n = HEAR_LOUDNESSES; n-- > 0;) {
		sum += left[n];
		ln[n] = m_log(1e-9 + sum / ((double)v->posts * window_s));
	}
}

/* What an origin leaves unexplained says how much there is to be heard by
 * chance, here and now: where much is left, a few that fit mean little.  What
 * is weaker than an arrival is none that could be taken for it: with all
 * alike, echoes and what weak shots left hid loud shots (of 2,821 stated with
 * 0.9 three were lost, without that none: scale, 3,000 nodes, seeds 65 to 72).
 */
static double leftover(const struct view *v, const struct origin *o)
{
	const struct pick *pick = v->scene->pick;
	double ln[HEAR_LOUDNESSES], sum = 0;

	left_over(v, o, ln);
	for (size_t i = 0; i < v->posts; i++) {
		ptrdiff_t c = o->choice[i];

		if (c != HEAR_NONE)
			sum += fmax(0, ln[as_loud(v, &pick[c])] -
				v->ln_rate[c]);
	}
	return sum;
}

/* Who is far louder than is likely there heard something else: it is silent
 * then.  Returns what that changes. */
static double unchoose(const struct view *v, struct origin *o)
{
	const struct reach *r = &v->scene->reach;
	double db = level_at_1m_db(v, o), sum = 0, moved_m;
	size_t was = o->heard;

	for (size_t i = 0; isfinite(db) && i < v->posts; i++) {
		const struct post *p = &v->post[i];

		if (o->choice[i] == HEAR_NONE ||
			!level_too_loud(v, o, i, db, p->gain))
			continue;
		sum += reach_at(r->ln_not[o->reach], r->step_m, p->as_m) -
			reach_gain(r, o->reach, p);
		o->choice[i] = HEAR_NONE;
		o->heard--;
	}
	if (o->heard < was && o->heard >= HEARD_LEAST)
		(void)newton(v, o, (struct wide){0}, &moved_m);
	return sum;
}

static double scored(const struct view *v, struct origin *o)
{
	double ln, sum = choose(v, o, (struct wide){0});

	if (v->posts >= ORIGIN_MANY)
		sum += unchoose(v, o);
	if (o->heard < HEARD_LEAST || !volume(v, o, &ln))
		return -INFINITY;
	/* The last is ln of the number of reaches. */
	return sum - leftover(v, o) + ln + ORIGIN_LN_MU -
		1.6094379124341003746 +
		level_ln(v, o, (struct xy){o->x_m, o->y_m}, NULL) +
		pitch_ln(v, o, NULL);
}

static double hope(const struct view *v, double wide_s)
{
	double s = v->least_sigma_s;

	return 0.5 * m_log(1 + wide_s * wide_s / (s * s));
}

/* Where it will end, while sigmas are still wide. */
static bool is_beyond(const struct origin *o, const struct origin_limits *l,
	double wide_s)
{
	double slack_s = wide_s + LIMIT_S;

	return o->t_s < l->from_s - slack_s || o->t_s > l->to_s + slack_s ||
		(fabs(o->x_m - l->x_m) < KNOWN_M &&
			fabs(o->y_m - l->y_m) < KNOWN_M &&
			fabs(o->t_s - l->t_s) < KNOWN_M / 340);
}

bool origin_climb(const struct view *v, const struct origin_start *from,
	double floor_score, const struct origin_limits *l, ptrdiff_t *choice,
	struct origin *o)
{
	*o = (struct origin){.x_m = from->x_m, .y_m = from->y_m,
		.t_s = from->t_s,
		.c_ms = v->air.c_ms, .east_ms = v->air.east_ms,
		.north_ms = v->air.north_ms, .score = -INFINITY,
		.choice = choice};
	view_ground(v, o->x_m, o->y_m, &o->z0_m, &o->sigma_z_m);
	o->z_m = o->z0_m;
	for (int step = 0; step < STEPS; step++) {
		struct wide wide = {wider[step] * from->error_s,
			wider[step] * from->air};
		double moved_m = INFINITY, sum = choose(v, o, wide);

		/* What widening took from each density, given back. */
		sum += (double)o->heard * hope(v, wide.start_s);
		if (o->heard < HEARD_LEAST ||
			sum + ORIGIN_LN_MU + LN_HOPE <= floor_score)
			return false;
		for (int n = 0; n < NEWTONS && moved_m > STILL_M; n++)
			if (!newton(v, o, wide, &moved_m))
				return false;
		if (l && step > 1 && is_beyond(o, l, wide.start_s))
			return false;
	}
	o->score = scored(v, o);
	return o->score > -INFINITY;
}

void origin_join(const struct view *v, struct origin *o)
{
	struct origin to = *o;
	double moved_m = INFINITY, ln;

	for (int n = 0; n < JOINS && moved_m > STILL_M; n++)
		if (!newton(v, &to, (struct wide){0}, &moved_m))
			return;
	if (volume(v, &to, &ln))
		*o = to;
}

bool origin_without(const struct view *v, const struct origin *o, size_t post,
	ptrdiff_t *choice, struct origin *to)
{
	double moved_m = INFINITY, ln;

	*to = *o;
	memcpy(choice, o->choice, v->posts * sizeof *choice);
	choice[post] = HEAR_NONE;
	to->choice = choice;
	to->heard--;
	for (int n = 0; n < RANGES && moved_m > STILL_M; n++)
		if (!newton(v, to, (struct wide){0}, &moved_m))
			return false;
	return volume(v, to, &ln);
}
