/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * assoc_climb.c - from a start to the likeliest origin nearby, and its score.
 *
 * Unknowns: place (east, north, height), time, and, for sound in air, its
 * speed and the wind with their priors.  Gauss-Newton with Geman-McClure
 * weights 1/(1 + u^2)^2, u = r / (2.5 sigma) (docs/WAVEFORM.md 3.5), picks
 * chosen anew as the sigmas are narrowed; a fixed number of steps. */
#include <string.h>

#include "base/maths.h"
#include "locate/assoc_scene.h"

enum { X, Y, T, Z, C, EAST, NORTH, UNKNOWNS };
#define LN_2PI 1.8378770664093454836
/* Sigmas are widened by such parts of the start's error, step by step. */
static const double wider[] = {1, 0.3, 0, 0};
enum { STEPS = sizeof wider / sizeof *wider, NEWTONS = 2 };
/* The azimuth of an array says nothing finer than this of a place, metres:
 * keeps the normal equations sound near an array. */
#define AZ_NEAR_M 1000.0
/* A working channel should have heard if it does so more often than not. */

struct climb {
	const struct assoc_scene *s;
	const struct tile *t;
	int32_t *choice;
	double x[UNKNOWNS];
	double prior[UNKNOWNS], sigma[UNKNOWNS]; /* INFINITY: none; 0: fixed */
	int on[UNKNOWNS], count; /* the unknowns that move */
	double wide_s;
	double a[UNKNOWNS][UNKNOWNS], b[UNKNOWNS];
};

static const struct channel *channel_at(const struct climb *k, uint32_t i)
{
	return &k->s->channel[k->s->hear[k->t->first + i]];
}

/* Path to a channel with the weather as it is thought to be; air: what a
 * change of c, east and north adds. */
static void path_to(const struct climb *k, const struct channel *c,
	bool parts, struct path *p, double air[3])
{
	double ux, uy, v, slow;

	assoc_path(k->s, c, k->x[X], k->x[Y], k->x[Z], parts, p);
	air[0] = air[1] = air[2] = 0;
	if (c->phase != ASSOC_AIR)
		return;
	ux = (c->x_m - k->x[X]) / p->d_m;
	uy = (c->y_m - k->x[Y]) / p->d_m;
	v = k->s->model->law[ASSOC_AIR].speed_ms + k->x[C] +
		k->x[EAST] * ux + k->x[NORTH] * uy;
	v = fmax(v, 200);
	p->t_s = p->d_m / v;
	if (!parts)
		return;
	p->part[0] = -ux / v;
	p->part[1] = -uy / v;
	p->part[2] = -(c->z_m - k->x[Z]) / (p->d_m * v);
	slow = -p->d_m / (v * v);
	air[0] = slow;
	air[1] = slow * ux;
	air[2] = slow * uy;
}

/* The pick of a channel that fits best, and its r. */
static int32_t nearest(const struct climb *k, const struct channel *c,
	const struct path *p, double *r_s)
{
	const struct assoc_scene *s = k->s;
	double late = s->law[c->phase].late_s, at = k->x[T] + p->t_s;
	double window, best = INFINITY;
	int32_t found = ASSOC_NONE;
	uint32_t end = c->first + c->count;

	window = s->law[c->phase].tol_s[(size_t)fmin(
			 p->d_m / s->law[c->phase].step_m, ASSOC_STEPS)] +
		2 * k->wide_s;
	for (uint32_t i = channel_from(s, c, at - window); i < end; i++) {
		const struct arrival *a = &s->arrival[i];
		double r = a->t_s - at, cost;

		if (r > window + late)
			break;
		if (a->gone)
			continue;
		/* Late is likelier than early, twice over. */
		cost = r < 0 ? -r : 0.5 * r;
		if (a->sigma_az > 0) {
			double off = p->az - (double)a->az;

			off -= 2 * PI * floor(off / (2 * PI) + 0.5);
			if (fabs(off) > 3 * (double)a->sigma_az +
				AZ_NEAR_M / p->d_m + (k->wide_s > 0 ? 0.3 : 0))
				continue;
		}
		if (cost < best) {
			best = cost;
			found = (int32_t)i;
			*r_s = r;
		}
	}
	return found;
}

/* What a channel adds when silent at a moment. */
static lanes silence(const struct climb *k, const struct channel *c,
	size_t step, double t_s)
{
	lanes none = {0};

	return channel_works(k->s, c, channel_from(k->s, c, t_s), t_s)
		? k->s->law[c->phase].sums[c->hears].not[step]
		: none;
}

/* Chooses picks; what they would add if all residuals were nought. */
static int32_t choose(struct climb *k, size_t *picks)
{
	lanes sum = {0};
	int32_t top = INT32_MIN;

	*picks = 0;
	for (uint32_t i = 0; i < k->t->count; i++) {
		const struct channel *c = channel_at(k, i);
		const struct law *w = &k->s->law[c->phase];
		double r, air[3];
		struct path p;
		lanes not, heard, more;
		size_t step;
		int32_t g;

		k->choice[i] = ASSOC_NONE;
		path_to(k, c, false, &p, air);
		if (p.d_m > k->s->model->law[c->phase].range_m)
			continue;
		step = (size_t)(p.d_m / w->step_m);
		not = silence(k, c, step, k->x[T] + p.t_s);
		if (c->count > 0)
			k->choice[i] = nearest(k, c, &p, &r);
		if (k->choice[i] == ASSOC_NONE) {
			sum += not;
			continue;
		}
		g = w->peak[step] + k->s->arrival[k->choice[i]].gain;
		heard = w->sums[c->hears].pd[step] + (lanes){g, g, g, g};
		more = heard > not;
		sum += (heard & more) | (not & ~more);
		++*picks;
	}
	for (int n = 0; n < ASSOC_REACHES; n++)
		top = sum[n] > top ? sum[n] : top;
	return top;
}

static void row(struct climb *k, const double part[UNKNOWNS], double r,
	double w)
{
	for (int m = 0; m < k->count; m++) {
		double pm = w * part[k->on[m]];

		for (int n = 0; n <= m; n++)
			k->a[m][n] += pm * part[k->on[n]];
		k->b[m] += pm * r;
	}
}

/* The azimuth of an array, as one more row. */
static void az_row(struct climb *k, const struct channel *c,
	const struct arrival *a, const struct path *p)
{
	double off = (double)a->az - p->az, d = fmax(p->d_m, AZ_NEAR_M);
	double part[UNKNOWNS] = {0}, sigma = (double)a->sigma_az, u, w;

	(void)c;
	off -= 2 * PI * floor(off / (2 * PI) + 0.5);
	/* az from north, clockwise, from the array to the source. */
	part[X] = m_cos(p->az) / d;
	part[Y] = -m_sin(p->az) / d;
	u = off / (2.5 * sigma);
	w = 1 / ((1 + u * u) * (1 + u * u));
	row(k, part, off, w / (sigma * sigma));
}

static void gather(struct climb *k)
{
	memset(k->a, 0, sizeof k->a);
	memset(k->b, 0, sizeof k->b);
	for (uint32_t i = 0; i < k->t->count; i++) {
		const struct channel *c = channel_at(k, i);
		const struct arrival *a;
		double part[UNKNOWNS], air[3], r, s, u, w;
		struct path p;

		if (k->choice[i] == ASSOC_NONE)
			continue;
		a = &k->s->arrival[k->choice[i]];
		path_to(k, c, true, &p, air);
		r = a->t_s - k->x[T] - p.t_s;
		s = assoc_sigma(k->s, c, a, p.t_s);
		s = sqrt(s * s + k->wide_s * k->wide_s);
		u = r / (2.5 * s);
		w = 1 / ((1 + u * u) * (1 + u * u));
		part[X] = p.part[0];
		part[Y] = p.part[1];
		part[T] = 1;
		part[Z] = p.part[2];
		part[C] = air[0];
		part[EAST] = air[1];
		part[NORTH] = air[2];
		row(k, part, r, w / (s * s));
		if (a->sigma_az > 0)
			az_row(k, c, a, &p);
	}
	for (int m = 0; m < k->count; m++) {
		double s = k->sigma[k->on[m]], q = 1 / (s * s);

		k->a[m][m] += q;
		k->b[m] += q * (k->prior[k->on[m]] - k->x[k->on[m]]);
	}
}

/* Cholesky, in the lower half. */
static bool factor(struct climb *k)
{
	for (int i = 0; i < k->count; i++)
		for (int j = 0; j <= i; j++) {
			double sum = k->a[i][j];

			for (int m = 0; m < j; m++)
				sum -= k->a[i][m] * k->a[j][m];
			if (i != j) {
				k->a[i][j] = sum / k->a[j][j];
				continue;
			}
			if (!(sum > 1e-30))
				return false;
			k->a[i][i] = sqrt(sum);
		}
	return true;
}

static void solve(const struct climb *k, double b[UNKNOWNS])
{
	for (int i = 0; i < k->count; i++) {
		for (int m = 0; m < i; m++)
			b[i] -= k->a[i][m] * b[m];
		b[i] /= k->a[i][i];
	}
	for (int i = k->count - 1; i >= 0; i--) {
		for (int m = i + 1; m < k->count; m++)
			b[i] -= k->a[m][i] * b[m];
		b[i] /= k->a[i][i];
	}
}

static bool newton(struct climb *k)
{
	double far = k->s->model->tile_m, move;

	gather(k);
	if (!factor(k))
		return false;
	solve(k, k->b);
	move = sqrt(k->b[0] * k->b[0] + k->b[1] * k->b[1]);
	if (!(move < 1e8))
		return false;
	for (int m = 0; m < k->count; m++)
		k->x[k->on[m]] += k->b[m] * (move > far ? far / move : 1);
	k->x[Z] = fmax(k->s->bottom_m, fmin(k->s->top_m, k->x[Z]));
	return true;
}

/* What a channel adds at each reach; *heard as one that heard it; *off is
 * what its residual cost. */
static lanes term(const struct climb *k, uint32_t i, lanes *heard, double *r,
	int32_t *off)
{
	const struct channel *c = channel_at(k, i);
	const struct law *w = &k->s->law[c->phase];
	lanes not = {0}, gain;
	const struct arrival *a;
	double air[3], ln;
	struct path p;
	size_t step;
	int32_t g;

	*heard = (lanes){INT32_MIN / 4, INT32_MIN / 4, INT32_MIN / 4,
		INT32_MIN / 4};
	path_to(k, c, false, &p, air);
	if (p.d_m > k->s->model->law[c->phase].range_m)
		return not;
	step = (size_t)(p.d_m / w->step_m);
	not = silence(k, c, step, k->x[T] + p.t_s);
	k->choice[i] = c->count ? nearest(k, c, &p, r) : ASSOC_NONE;
	if (k->choice[i] == ASSOC_NONE)
		return not;
	a = &k->s->arrival[k->choice[i]];
	ln = assoc_density(k->s, c, a, &p, *r);
	g = (int32_t)floor(ln * ASSOC_UNIT);
	*off = w->peak[step] - g - w->blur[step];
	g += a->gain;
	gain = w->sums[c->hears].pd[step];
	*heard = gain + (lanes){g, g, g, g};
	return not;
}

/* Chooses the reach and who heard; the sum of all terms in units. */
static int32_t weigh(struct climb *k, struct origin_of *o)
{
	lanes sum = {0};
	double squares = 0;
	uint32_t last = UINT32_MAX;

	for (uint32_t i = 0; i < k->t->count; i++) {
		double r;
		int32_t off;
		lanes heard, not = term(k, i, &heard, &r, &off);
		lanes more = heard > not;

		sum += (heard & more) | (not & ~more);
	}
	o->reach = 0;
	for (int n = 1; n < ASSOC_REACHES; n++)
		if (sum[n] > sum[o->reach])
			o->reach = n;
	o->picks = o->sources = 0;
	memset(o->of_phase, 0, sizeof o->of_phase);
	o->key = sum[o->reach];
	for (uint32_t i = 0; i < k->t->count; i++) {
		double r;
		int32_t off;
		lanes heard, not = term(k, i, &heard, &r, &off);

		if (heard[o->reach] <= not[o->reach]) {
			k->choice[i] = ASSOC_NONE;
			continue;
		}
		o->picks++;
		o->of_phase[channel_at(k, i)->phase]++;
		o->key += off;
		squares += r * r;
		o->sources += channel_at(k, i)->source != last;
		last = channel_at(k, i)->source;
	}
	o->rms_s = o->picks ? sqrt(squares / (double)o->picks) : NAN;
	return sum[o->reach];
}

static bool is_enough(const struct assoc_scene *s, const struct origin_of *o)
{
	for (int p = 0; p < ASSOC_PHASES; p++)
		if (s->phases & 1u << p &&
			o->of_phase[p] < s->model->of_phase[p])
			return false;
	return o->picks >= s->model->picks && o->sources >= s->model->sources;
}

/* The posterior's volume, and the covariances. */
static bool volume(struct climb *k, struct origin_of *o, double *ln)
{
	double e[UNKNOWNS][UNKNOWNS] = {{0}};
	int z = -1;

	k->wide_s = 0;
	gather(k);
	if (!factor(k))
		return false;
	*ln = 0;
	for (int m = 0; m < k->count; m++) {
		int u = k->on[m];
		double s = k->sigma[u], off = (k->prior[u] - k->x[u]) / s;

		*ln += 0.5 * LN_2PI - m_log(k->a[m][m]);
		/* The depth's prior is in ln_mu: even over the depths. */
		if (u >= C)
			*ln -= 0.5 * LN_2PI + m_log(s) + 0.5 * off * off;
		if (u == Z)
			z = m;
	}
	for (int m = 0; m < k->count && m < 4; m++) {
		e[m][m] = 1;
		solve(k, e[m]);
	}
	o->cov_xx = e[X][X];
	o->cov_xy = e[X][Y];
	o->cov_yy = e[Y][Y];
	o->sigma_t_s = sqrt(e[T][T]);
	o->sigma_z_m = z >= 0 ? sqrt(e[z][z]) : NAN;
	return true;
}

static void unknown(struct climb *k, int u, double sigma)
{
	k->sigma[u] = sigma;
	k->on[k->count++] = u;
}

static struct climb start(const struct assoc_scene *s, const struct tile *t,
	int32_t *choice, const struct origin_of *o)
{
	struct climb k = {.s = s, .t = t, .choice = choice};

	k.x[X] = k.prior[X] = o->x_m;
	k.x[Y] = k.prior[Y] = o->y_m;
	k.x[T] = k.prior[T] = o->t_s;
	k.x[Z] = o->z_m;
	k.prior[Z] = (s->top_m + s->bottom_m) / 2;
	/* Weak: they only keep the equations sound. */
	unknown(&k, X, 4 * s->model->tile_m);
	unknown(&k, Y, 4 * s->model->tile_m);
	unknown(&k, T, 4 * s->model->tile_m / 300);
	if (s->top_m > s->bottom_m)
		unknown(&k, Z, (s->top_m - s->bottom_m) / 2);
	if (s->phases & 1u << ASSOC_AIR) {
		unknown(&k, C, s->model->sigma_c_ms);
		unknown(&k, EAST, s->model->sigma_w_ms);
		unknown(&k, NORTH, s->model->sigma_w_ms);
		k.x[EAST] = k.prior[EAST] = s->model->east_ms;
		k.x[NORTH] = k.prior[NORTH] = s->model->north_ms;
	}
	return k;
}

bool assoc_climb(const struct assoc_scene *s, const struct tile *t,
	double start_s, int32_t floor_, int32_t *choice, struct origin_of *o)
{
	struct climb k = start(s, t, choice, o);
	double ln;
	int32_t sum;
	size_t picks;

	for (int step = 0; step < STEPS; step++) {
		k.wide_s = wider[step] * start_s;
		if (choose(&k, &picks) <= floor_ || picks < s->model->picks)
			return false;
		for (int n = 0; n < NEWTONS; n++)
			if (!newton(&k))
				return false;
	}
	k.wide_s = 0;
	sum = weigh(&k, o);
	if (!is_enough(s, o) || !volume(&k, o, &ln))
		return false;
	o->vol = ln;
	o->x_m = k.x[X];
	o->y_m = k.x[Y];
	o->t_s = k.x[T];
	o->z_m = k.x[Z];
	/* The last is ln of the number of reaches. */
	o->score = sum / (double)ASSOC_UNIT + ln + s->model->ln_mu -
		1.3862943611198906;
	return true;
}
