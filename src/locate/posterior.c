/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/posterior.h"

#include <string.h>

#include "base/maths.h"
#include "locate/joint.h"

#define LEVEL 0.9
/* The first square: so many sigmas of the Laplace covariance to each side. */
#define SIGMAS 6.0
enum { NUISANCES = 5, STEPS = 1, START = 8, PIECES_MAX = 16,
	SCALES = HEAR_SCALES };
/* How well the sigmas themselves are known: a fifth to a third (turbulence is
 * 5-10 ms/km, a path 5-7 ms: docs/WAVEFORM.md 3.3).  A factor on all of them,
 * log-normal of sigma 0.25, is integrated out by three points of Gauss and
 * Hermite: exp(0, +-0.25 sqrt 3), weights 2/3, 1/6.  What fits better or worse
 * than its sigmas say narrows or widens its own region.  Its median is 1.08:
 * with 1, regions of 90 % held 87.0 % of 13,754 sounds that nothing had been
 * tuned with (bench/locate, seed 2), weak ones and unknown winds less. */
static const double scales[SCALES] = {1.08, 0.7004772, 1.6651508};
static const double ln_share[SCALES] = {
	-0.40546510810816438, -1.7917594692280550, -1.7917594692280550};

struct square {
	double x_m, y_m, half_m;
	double ln; /* of the density at its centre */
	double mass;
	double t_s, var_t_s2; /* the origin's time, were it there */
	int piece;            /* of the region; -1 outside */
};

struct heard { /* an arrival that was used, seen from a place */
	const struct post *post;
	const struct pick *pick;
	double travel_s; /* from the origin */
	double part[NUISANCES];
	double late_s, sigma_s;
	double sigma[SCALES], ln[SCALES], pull[SCALES]; /* by scale */
};

struct nodes { /* what the nodes' density rests on */
	const struct view *view;
	const struct origin *origin;
	struct heard *heard;
	size_t hearers;
};

struct grid {
	const struct posterior_field *field;
	struct square square[REGION_CELLS_MAX];
	size_t count;
	double top; /* largest ln */
	/* Axes of the Laplace covariance: a unit vector and two sigmas. */
	double ux, uy, major_m, minor_m;
};

static bool factor(double a[NUISANCES][NUISANCES])
{
	for (int i = 0; i < NUISANCES; i++)
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

static void solve(double a[NUISANCES][NUISANCES], double b[NUISANCES])
{
	for (int i = 0; i < NUISANCES; i++) {
		for (int k = 0; k < i; k++)
			b[i] -= a[i][k] * b[k];
		b[i] /= a[i][i];
	}
	for (int i = NUISANCES - 1; i >= 0; i--) {
		for (int k = i + 1; k < NUISANCES; k++)
			b[i] -= a[k][i] * b[k];
		b[i] /= a[i][i];
	}
}

/* What others than the nodes heard; their sigmas are not the nodes'. */
static double others(const struct view *v, const struct origin *o,
	double a[NUISANCES][NUISANCES], double b[NUISANCES])
{
	double far[ORIGIN_UNKNOWNS][ORIGIN_UNKNOWNS] = {{0}};
	double off[ORIGIN_UNKNOWNS] = {0};
	double ln = joint_gather(v, o, far, off);

	for (int m = 0; m < NUISANCES; m++) {
		for (int n = 0; n <= m; n++)
			a[m][n] += far[2 + m][2 + n];
		b[m] += off[2 + m];
	}
	return ln;
}

/* Each arrival seen from o: the same at all scales. */
static void see(const struct nodes *g, const struct origin *o)
{
	for (size_t i = 0; i < g->hearers; i++) {
		struct heard *h = &g->heard[i];
		double part[ORIGIN_UNKNOWNS], d;

		h->late_s = h->pick->t_s - o->t_s -
			origin_travel(o, h->post, part, &d);
		h->sigma_s = hear_sigma_s(g->view, h->post, h->pick, d);
		for (int m = 0; m < NUISANCES; m++)
			h->part[m] = part[2 + m];
	}
}

/* Their densities at all scales; or as they are, as if at the first. */
static void weigh(const struct nodes *g, bool scaled)
{
	const struct scene *s = g->view->scene;

	for (size_t i = 0; i < g->hearers; i++) {
		struct heard *h = &g->heard[i];

		for (int k = 0; k < SCALES; k++)
			h->sigma[k] = (scaled ? scales[k] : 1) * h->sigma_s;
		if (scaled)
			hear_densities(s, h->late_s, h->sigma, h->ln, h->pull);
		else
			h->ln[0] = hear_density(
				s, h->late_s, h->sigma[0], &h->pull[0]);
	}
}

/* Normal equations of time, speed, wind, height at o, at a scale of all sigmas
 * of arrivals; returns ln of the likelihood and prior there.  After weigh(). */
static double gather(const struct nodes *g, const struct origin *o, int scale,
	double a[NUISANCES][NUISANCES], double b[NUISANCES])
{
	const struct view *v = g->view;
	double off[4] = {v->air.c_ms - o->c_ms, v->air.east_ms - o->east_ms,
		v->air.north_ms - o->north_ms, o->z0_m - o->z_m};
	double sigma[4] = {v->air.sigma_c_ms, v->air.sigma_w_ms,
		v->air.sigma_w_ms, o->sigma_z_m};
	double ln = 0;

	memset(a, 0, sizeof(double[NUISANCES][NUISANCES]));
	memset(b, 0, sizeof(double[NUISANCES]));
	for (size_t i = 0; i < g->hearers; i++) {
		const struct heard *h = &g->heard[i];
		double s = h->sigma[scale], w = h->pull[scale] / (s * s);

		ln += h->ln[scale];
		for (int m = 0; m < NUISANCES; m++) {
			for (int n = 0; n <= m; n++)
				a[m][n] += w * h->part[m] * h->part[n];
			b[m] += w * h->part[m] * h->late_s;
		}
	}
	if (o->far)
		ln += others(v, o, a, b);
	for (int m = 0; m < 4; m++) {
		double q = 1 / (sigma[m] * sigma[m]);

		a[1 + m][1 + m] += q;
		b[1 + m] += q * off[m];
		ln -= 0.5 * q * off[m] * off[m];
	}
	return ln;
}

/* ln of the density near the best time, air and height at one scale, these
 * integrated out; what one step more would gain is in it. */
static double at_scale(const struct nodes *g, const struct origin *o, int k,
	double *t_s, double *var_t_s2)
{
	double one[NUISANCES] = {1}, half[NUISANCES];
	double a[NUISANCES][NUISANCES], b[NUISANCES], side[NUISANCES], ln;

	ln = ln_share[k] + gather(g, o, k, a, b);
	if (!factor(a))
		return -INFINITY;
	memcpy(half, b, sizeof half);
	solve(a, b);
	for (int m = 0; m < NUISANCES; m++)
		side[m] = a[m][m];
	m_log4(side);
	side[4] = m_log(side[4]);
	for (int m = 0; m < NUISANCES; m++)
		ln += 0.5 * half[m] * b[m] - side[m];
	solve(a, one);
	*t_s = o->t_s + b[0];
	*var_t_s2 = one[0];
	return ln;
}

static double over_scales(
	const struct nodes *g, const struct origin *o, struct square *at)
{
	double t[SCALES] = {0}, var[SCALES] = {0}, ln[SCALES];
	double top = -INFINITY, sum = 0;

	see(g, o);
	weigh(g, true);
	for (int k = 0; k < SCALES; k++) {
		ln[k] = at_scale(g, o, k, &t[k], &var[k]);
		top = fmax(top, ln[k]);
	}
	if (!(top > -INFINITY))
		return -INFINITY;
	for (int k = 0; k < SCALES; k++) {
		if (!(ln[k] > -INFINITY))
			continue;
		ln[k] = m_exp(ln[k] - top);
		sum += ln[k];
		at->t_s += ln[k] * (t[k] - o->t_s);
		at->var_t_s2 +=
			ln[k] * (var[k] + (t[k] - o->t_s) * (t[k] - o->t_s));
	}
	at->t_s /= sum;
	at->var_t_s2 = at->var_t_s2 / sum - at->t_s * at->t_s;
	at->t_s += o->t_s;
	return top + m_log(sum);
}

/* ln of the posterior density at a place, but for a constant; and the time
 * there. */
static double density(const void *self, struct xy where, double half_m,
	double *t_s, double *var_t_s2)
{
	const struct nodes *g = self;
	struct square at = {0};
	struct origin o = *g->origin;
	double a[NUISANCES][NUISANCES], b[NUISANCES];
	double d, shift = 0, ln;

	(void)half_m; /* smooth within the squares that it is asked for */
	o.x_m = where.x_m;
	o.y_m = where.y_m;
	/* The time that fits best from here, for a start. */
	for (size_t i = 0; i < g->hearers; i++)
		shift += g->heard[i].travel_s -
			origin_travel(&o, g->heard[i].post, NULL, &d);
	o.t_s += shift / fmax((double)g->hearers, 1);
	for (int step = 0; step < STEPS; step++) {
		see(g, &o);
		weigh(g, false);
		(void)gather(g, &o, 0, a, b);
		if (!factor(a))
			return -INFINITY;
		solve(a, b);
		o.t_s += b[0];
		o.c_ms += b[1];
		o.east_ms += b[2];
		o.north_ms += b[3];
		o.z_m += b[4];
	}
	ln = over_scales(g, &o, &at);
	*t_s = at.t_s;
	*var_t_s2 = at.var_t_s2;
	return ln;
}

static void put(struct grid *g, size_t at, double x, double y, double half)
{
	struct square *s = &g->square[at];

	*s = (struct square){.x_m = x, .y_m = y, .half_m = half, .piece = -1};
	s->ln = g->field->ln(g->field->self, (struct xy){x, y}, half,
		&s->t_s, &s->var_t_s2);
	g->top = fmax(g->top, s->ln);
}

static void axes(struct grid *g)
{
	const struct posterior_field *o = g->field;
	double mean = (o->cov_xx + o->cov_yy) / 2;
	double diff = (o->cov_xx - o->cov_yy) / 2;
	double root = sqrt(diff * diff + o->cov_xy * o->cov_xy);
	double turn = 0.5 * m_atan2(2 * o->cov_xy, 2 * diff);

	g->ux = m_cos(turn);
	g->uy = m_sin(turn);
	g->major_m = sqrt(fmax(mean + root, 1e-4));
	g->minor_m = sqrt(fmax(mean - root, 1e-4));
}

/* ln of a square's mass for the choice of what to split.  The centre of a
 * square wider than a ridge can miss it: then the covariance says what the
 * best of the square may be. */
static double weight(const struct grid *g, const struct square *s)
{
	double dx = s->x_m - g->field->x_m, dy = s->y_m - g->field->y_m;
	double reach = s->half_m * 1.41421356237309504880, a, b, ln;

	ln = s->ln;
	if (s->half_m > 0.75 * g->minor_m) {
		a = fmax(0, fabs(dx * g->ux + dy * g->uy) - reach) / g->major_m;
		b = fmax(0, fabs(dy * g->ux - dx * g->uy) - reach) / g->minor_m;
		ln = fmax(ln, g->top - 0.5 * (a * a + b * b));
	}
	return ln + 2 * m_log(s->half_m);
}

/* The heaviest square becomes four until there is no room; a fixed number of
 * times. */
static void refine(struct grid *g)
{
	while (g->count + 3 <= REGION_CELLS_MAX) {
		struct square s;
		size_t big = 0;
		double most = -INFINITY, h;

		for (size_t i = 0; i < g->count; i++) {
			double m = weight(g, &g->square[i]);

			if (m > most) {
				most = m;
				big = i;
			}
		}
		s = g->square[big];
		h = s.half_m / 2;
		put(g, big, s.x_m - h, s.y_m - h, h);
		put(g, g->count, s.x_m + h, s.y_m - h, h);
		put(g, g->count + 1, s.x_m - h, s.y_m + h, h);
		put(g, g->count + 2, s.x_m + h, s.y_m + h, h);
		g->count += 3;
	}
}

/* Densest first; then south to north, west to east. */
static bool denser(const struct square *a, const struct square *b)
{
	if (a->ln != b->ln)
		return a->ln > b->ln;
	if (a->y_m != b->y_m)
		return a->y_m < b->y_m;
	return a->x_m < b->x_m;
}

static void order(struct square *s, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct square q = s[i];
		size_t k = i;

		for (; k > 0 && denser(&q, &s[k - 1]); k--)
			s[k] = s[k - 1];
		s[k] = q;
	}
}

static bool touch(const struct square *a, const struct square *b)
{
	double reach = (a->half_m + b->half_m) * (1 + 1e-9);

	return fabs(a->x_m - b->x_m) <= reach && fabs(a->y_m - b->y_m) <= reach;
}

/* Squares of the region, by pieces that touch.  Returns how many squares. */
static size_t pieces(struct grid *g, int *count)
{
	double mass = 0;
	size_t n = 0;
	bool more = true;

	while (n < g->count && mass < LEVEL) {
		mass += g->square[n].mass;
		g->square[n].piece = (int)n;
		n++;
	}
	/* Lower the numbers until neighbours agree. */
	while (more) {
		more = false;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < i; k++) {
				struct square *a = &g->square[i];
				struct square *b = &g->square[k];
				int low = a->piece < b->piece ? a->piece
							      : b->piece;

				if (a->piece == b->piece || !touch(a, b))
					continue;
				a->piece = b->piece = low;
				more = true;
			}
	}
	*count = 0;
	for (size_t i = 0; i < n; i++)
		if (g->square[i].piece == (int)i)
			(*count)++;
	return n;
}

static double cross(struct xy o, struct xy a, struct xy b)
{
	return (a.x_m - o.x_m) * (b.y_m - o.y_m) -
	       (a.y_m - o.y_m) * (b.x_m - o.x_m);
}

/* Andrew's monotone chain, counter-clockwise; p is sorted in place. */
static size_t hull(struct xy *p, size_t n, struct xy *out)
{
	size_t m = 0, low;

	for (size_t i = 1; i < n; i++) {
		struct xy q = p[i];
		size_t k = i;

		for (; k > 0 &&
			(p[k - 1].x_m > q.x_m || (p[k - 1].x_m == q.x_m &&
							 p[k - 1].y_m > q.y_m));
			k--)
			p[k] = p[k - 1];
		p[k] = q;
	}
	for (size_t i = 0; i < n; i++) {
		while (m >= 2 && cross(out[m - 2], out[m - 1], p[i]) <= 0)
			m--;
		out[m++] = p[i];
	}
	low = m + 1;
	for (size_t i = n - 1; i-- > 0;) {
		while (m >= low && cross(out[m - 2], out[m - 1], p[i]) <= 0)
			m--;
		out[m++] = p[i];
	}
	return m - 1;
}

static bool ring_of(const struct grid *g, size_t n, int piece, struct arena *a,
	struct ring *r, struct fault *f)
{
	struct xy corner[4 * REGION_CELLS_MAX], out[8 * REGION_CELLS_MAX + 2];
	size_t m = 0, count;
	struct point *p;

	for (size_t i = 0; i < n; i++) {
		const struct square *s = &g->square[i];

		if (s->piece != piece)
			continue;
		for (int k = 0; k < 4; k++)
			corner[m++] = (struct xy){
				s->x_m + (k & 1 ? s->half_m : -s->half_m),
				s->y_m + (k & 2 ? s->half_m : -s->half_m)};
	}
	count = hull(corner, m, out);
	if (count > REGION_POINTS_MAX)
		count = REGION_POINTS_MAX;
	p = arena_array(a, count, sizeof *p, f);
	if (!p)
		return false;
	for (size_t i = 0; i < count; i++)
		p[i] = frame_from(g->field->frame, out[i]);
	*r = (struct ring){.point = p, .count = count};
	return true;
}

static bool rings(
	struct grid *g, struct arena *a, struct place *p, struct fault *f)
{
	int count;
	size_t n = pieces(g, &count), made = 0;
	struct ring *r;

	if (count > PIECES_MAX)
		count = PIECES_MAX;
	r = arena_array(a, (size_t)count, sizeof *r, f);
	if (!r)
		return false;
	for (size_t i = 0; i < n && made < (size_t)count; i++)
		if (g->square[i].piece == (int)i &&
			!ring_of(g, n, (int)i, a, &r[made++], f))
			return false;
	p->region.ring = r;
	p->region.ring_count = made;
	return true;
}

struct moments {
	double x, y, xx, xy, yy;
};

static struct moments moments_of(const struct grid *g)
{
	struct moments m = {0};

	for (size_t i = 0; i < g->count; i++) {
		m.x += g->square[i].mass * g->square[i].x_m;
		m.y += g->square[i].mass * g->square[i].y_m;
	}
	for (size_t i = 0; i < g->count; i++) {
		const struct square *s = &g->square[i];
		double dx = s->x_m - m.x, dy = s->y_m - m.y;
		double own = s->half_m * s->half_m / 3;

		m.xx += s->mass * (dx * dx + own);
		m.xy += s->mass * dx * dy;
		m.yy += s->mass * (dy * dy + own);
	}
	return m;
}

/* Squared Mahalanobis distance within which LEVEL of the mass lies. */
static double reach_of(const struct grid *g, const struct moments *m)
{
	double det = m->xx * m->yy - m->xy * m->xy, mass = 0, q = 0;
	double d2[REGION_CELLS_MAX], w[REGION_CELLS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++) {
		double dx = g->square[i].x_m - m->x;
		double dy = g->square[i].y_m - m->y;
		double v = (m->yy * dx * dx - 2 * m->xy * dx * dy +
				   m->xx * dy * dy) /
			   det;
		size_t k = n++;

		for (; k > 0 && d2[k - 1] > v; k--) {
			d2[k] = d2[k - 1];
			w[k] = w[k - 1];
		}
		d2[k] = v;
		w[k] = g->square[i].mass;
	}
	for (size_t i = 0; i < n && mass < LEVEL; i++) {
		mass += w[i];
		q = d2[i];
	}
	return q;
}

static void ellipse(const struct grid *g, struct place *p)
{
	struct moments m = moments_of(g);
	double mean = (m.xx + m.yy) / 2, diff = (m.xx - m.yy) / 2;
	double root = sqrt(diff * diff + m.xy * m.xy);
	double q = reach_of(g, &m), az = 0.5 * m_atan2(2 * m.xy, -2 * diff);
	struct point at = frame_from(g->field->frame, (struct xy){m.x, m.y});

	p->lat_deg = at.lat_deg;
	p->lon_deg = at.lon_deg;
	p->region.ellipse.semi_major_m = sqrt(q * (mean + root));
	p->region.ellipse.semi_minor_m = sqrt(q * fmax(mean - root, 0));
	/* The major axis, clockwise from north: tan 2a = 2 xy/(yy - xx). */
	az = DEG(az);
	p->region.ellipse.azimuth_deg = az < 0 ? az + 180 : az;
}

static bool cells(
	const struct grid *g, struct arena *a, struct place *p, struct fault *f)
{
	struct cell *c = arena_array(a, g->count, sizeof *c, f);

	if (!c)
		return false;
	for (size_t i = 0; i < g->count; i++) {
		const struct square *s = &g->square[i];
		struct point at = frame_from(
			g->field->frame, (struct xy){s->x_m, s->y_m});

		c[i] = (struct cell){.lat_deg = at.lat_deg,
			.lon_deg = at.lon_deg,
			.half_side_m = s->half_m,
			.share = s->mass};
	}
	p->region.cell = c;
	p->region.cell_count = g->count;
	return true;
}

/* Of a mixture of normal densities, one a square. */
static struct posterior_time time_of(const struct grid *g)
{
	struct posterior_time t = {0};
	double var = 0;

	for (size_t i = 0; i < g->count; i++)
		t.later_s +=
			g->square[i].mass * (g->square[i].t_s - g->field->t_s);
	for (size_t i = 0; i < g->count; i++) {
		const struct square *s = &g->square[i];
		double off = s->t_s - g->field->t_s - t.later_s;

		if (s->mass > 0)
			var += s->mass * (s->var_t_s2 + off * off);
	}
	t.sigma_s = sqrt(var);
	return t;
}

bool posterior_of(const struct posterior_field *o, struct arena *a,
	struct place *p, struct posterior_time *t, struct fault *f)
{
	struct grid g = {.field = o, .top = -INFINITY};
	double wide = SIGMAS * sqrt(fmax(o->cov_xx, o->cov_yy)), sum = 0;

	wide = fmax(wide, 1) / START;
	axes(&g);
	for (int j = 0; j < START; j++)
		for (int i = 0; i < START; i++)
			put(&g, g.count++, o->x_m + (2 * i + 1 - START) * wide,
				o->y_m + (2 * j + 1 - START) * wide, wide);
	refine(&g);
	for (size_t i = 0; i < g.count; i++) {
		struct square *s = &g.square[i];

		s->mass = 4 * s->half_m * s->half_m * m_exp(s->ln - g.top);
		sum += s->mass;
	}
	for (size_t i = 0; i < g.count; i++)
		g.square[i].mass /= sum;
	order(g.square, g.count);
	*p = PLACE_UNKNOWN;
	p->region.level = LEVEL;
	p->alt_m = o->alt_m;
	ellipse(&g, p);
	*t = time_of(&g);
	return rings(&g, a, p, f) && cells(&g, a, p, f);
}

static bool hearers(struct nodes *g, struct arena *a, struct fault *f)
{
	const struct view *v = g->view;
	const struct origin *o = g->origin;
	double d;

	g->heard = arena_array(a, v->posts + 1, sizeof *g->heard, f);
	for (size_t i = 0; g->heard && i < v->posts; i++)
		if (o->choice[i] != HEAR_NONE)
			g->heard[g->hearers++] = (struct heard){
				.post = &v->post[i],
				.pick = &v->scene->pick[o->choice[i]],
				.travel_s = origin_travel(
					o, &v->post[i], NULL, &d)};
	return g->heard != NULL;
}

bool posterior(const struct view *v, const struct origin *o, struct arena *a,
	struct place *p, struct posterior_time *t, struct fault *f)
{
	struct nodes nodes = {.view = v, .origin = o};
	const struct posterior_field field = {.frame = &v->frame,
		.x_m = o->x_m, .y_m = o->y_m, .t_s = o->t_s, .alt_m = o->z_m,
		.cov_xx = o->cov_xx, .cov_xy = o->cov_xy,
		.cov_yy = o->cov_yy, .ln = density, .self = &nodes};

	return hearers(&nodes, a, f) && posterior_of(&field, a, p, t, f);
}
