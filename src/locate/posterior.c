/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/posterior.h"

#include <string.h>

#include "base/maths.h"
#include "locate/density.h"
#include "locate/elsewhere.h"
#include "locate/mirror.h"
#include "locate/rival.h"

#define LEVEL 0.9
/* The first square: so many sigmas of the Laplace covariance to each side. */
#define SIGMAS 6.0
/* Where more than this share of the mass is at the edge of all squares, they
 * do not hold it: they start anew, twice as wide; so often at most. */
#define EDGE 0.005
enum { START = 8, PIECES_MAX = 16, WIDER_MAX = 3 };
#define LN_4 1.38629436111989061883
/* What is so much likelier holds the region by itself. */
#define LN_9 2.19722457733621938279

struct square {
	double x_m, y_m, half_m;
	double ln; /* of the density at its centre */
	double ln_area; /* of its share of a square that it began with */
	double mass;
	double t_s, var_t_s2; /* the origin's time, were it there */
	int piece;            /* of the region; -1 outside */
};

struct hill { /* as a normal density */
	double x_m, y_m, top; /* ln there */
	double ux, uy, major_m, minor_m; /* axes: a unit vector, two sigmas */
};

struct grid {
	const struct posterior_field *field;
	struct square square[REGION_CELLS_MAX];
	size_t count;
	double top; /* largest ln */
	struct hill hill[1 + POSTERIOR_ALSO];
	size_t hills;
};

static void put(struct grid *g, size_t at, double x, double y, double half,
	double ln_area)
{
	struct square *s = &g->square[at];

	*s = (struct square){.x_m = x, .y_m = y, .half_m = half,
		.ln_area = ln_area, .piece = -1};
	s->ln = g->field->ln(g->field->self, (struct xy){x, y}, half,
		&s->t_s, &s->var_t_s2);
	g->top = s->ln > g->top ? s->ln : g->top;
}

static void hill(struct grid *g, const struct posterior_peak *o)
{
	double mean = (o->cov_xx + o->cov_yy) / 2;
	double diff = (o->cov_xx - o->cov_yy) / 2;
	double root = sqrt(diff * diff + o->cov_xy * o->cov_xy);
	double turn = 0.5 * m_atan2(2 * o->cov_xy, 2 * diff);
	double t_s, var_t_s2;

	g->hill[g->hills++] = (struct hill){o->x_m, o->y_m,
		g->field->ln(g->field->self, (struct xy){o->x_m, o->y_m}, 0,
			&t_s, &var_t_s2), m_cos(turn), m_sin(turn),
		sqrt(fmax(mean + root, 1e-4)), sqrt(fmax(mean - root, 1e-4))};
}

/* ln of a square's mass for the choice of what to split.  The centre of a
 * square wider than a ridge can miss it: then the covariance says what the
 * best of the square may be. */
static double weight(const struct grid *g, const struct square *s)
{
	double reach = s->half_m * 1.41421356237309504880, ln = s->ln;

	for (size_t i = 0; i < g->hills; i++) {
		const struct hill *h = &g->hill[i];
		double dx = s->x_m - h->x_m, dy = s->y_m - h->y_m, a, b;

		if (s->half_m <= 0.75 * h->minor_m)
			continue;
		a = fmax(0, fabs(dx * h->ux + dy * h->uy) - reach) / h->major_m;
		b = fmax(0, fabs(dy * h->ux - dx * h->uy) - reach) / h->minor_m;
		ln = fmax(ln, h->top - 0.5 * (a * a + b * b));
	}
	return ln + s->ln_area;
}

/* The heaviest square becomes four until there is no room; a fixed number of
 * times. */
static void refine(struct grid *g)
{
	while (g->count + 3 <= REGION_CELLS_MAX) {
		struct square s;
		size_t big = 0;
		double most = -INFINITY, h, part;

		for (size_t i = 0; i < g->count; i++) {
			double m = weight(g, &g->square[i]);

			if (m > most) {
				most = m;
				big = i;
			}
		}
		s = g->square[big];
		h = s.half_m / 2;
		part = s.ln_area - LN_4;
		put(g, big, s.x_m - h, s.y_m - h, h, part);
		put(g, g->count, s.x_m + h, s.y_m - h, h, part);
		put(g, g->count + 1, s.x_m - h, s.y_m + h, h, part);
		put(g, g->count + 2, s.x_m + h, s.y_m + h, h, part);
		g->count += 3;
	}
}

/* Shell sorts (Ciura's gaps, 2001): a few hundred things each. */
static const size_t gap[] = {301, 132, 57, 23, 10, 4, 1};
enum { GAPS = sizeof gap / sizeof *gap };

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
	for (size_t g = 0; g < GAPS; g++)
		for (size_t i = gap[g]; i < n; i++) {
			struct square q = s[i];
			size_t k = i;

			for (; k >= gap[g] && denser(&q, &s[k - gap[g]]);
				k -= gap[g])
				s[k] = s[k - gap[g]];
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

static bool is_east(const struct xy *a, const struct xy *b)
{
	return a->x_m > b->x_m || (a->x_m == b->x_m && a->y_m > b->y_m);
}

static void west_to_east(struct xy *p, size_t n)
{
	for (size_t g = 0; g < GAPS; g++)
		for (size_t i = gap[g]; i < n; i++) {
			struct xy q = p[i];
			size_t k = i;

			for (; k >= gap[g] && is_east(&p[k - gap[g]], &q);
				k -= gap[g])
				p[k] = p[k - gap[g]];
			p[k] = q;
		}
}

/* Andrew's monotone chain, counter-clockwise; p is sorted in place. */
static size_t hull(struct xy *p, size_t n, struct xy *out)
{
	size_t m = 0, low;

	west_to_east(p, n);
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

/* Of two hills the place is the first one's top, or a small one far off would
 * draw it away from both; how far it may be off, the region says: the densest
 * squares alone. */
static size_t counted(const struct grid *g, double *mass)
{
	size_t n = 0;

	*mass = 0;
	while (n < g->count && (g->hills < 2 || *mass < LEVEL))
		*mass += g->square[n++].mass;
	return n;
}

static struct xy middle(const struct grid *g)
{
	struct xy p = {0, 0};

	if (g->hills > 1)
		return (struct xy){g->field->x_m, g->field->y_m};
	for (size_t i = 0; i < g->count; i++) {
		p.x_m += g->square[i].mass * g->square[i].x_m;
		p.y_m += g->square[i].mass * g->square[i].y_m;
	}
	return p;
}

static struct moments moments_of(const struct grid *g)
{
	struct xy p = middle(g);
	struct moments m = {.x = p.x_m, .y = p.y_m};
	double all;
	size_t n = counted(g, &all);

	for (size_t i = 0; i < n; i++) {
		const struct square *s = &g->square[i];
		double dx = s->x_m - m.x, dy = s->y_m - m.y;
		double own = s->half_m * s->half_m / 3;

		m.xx += s->mass / all * (dx * dx + own);
		m.xy += s->mass / all * dx * dy;
		m.yy += s->mass / all * (dy * dy + own);
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

/* The squares in a box of half side half_m; returns the share of their mass
 * that lies at its edge. */
static double fill(struct grid *g, double half_m)
{
	const struct posterior_field *o = g->field;
	double h = half_m / START, sum = 0, edge = 0;

	g->count = 0;
	g->top = -INFINITY;
	for (int j = 0; j < START; j++)
		for (int i = 0; i < START; i++)
			put(g, g->count++, o->x_m + (2 * i + 1 - START) * h,
				o->y_m + (2 * j + 1 - START) * h, h, 0);
	refine(g);
	for (size_t i = 0; i < g->count; i++) {
		struct square *s = &g->square[i];
		double out = fmax(fabs(s->x_m - o->x_m),
				fabs(s->y_m - o->y_m)) + 1.5 * s->half_m;

		s->mass = 4 * s->half_m * s->half_m * m_exp(s->ln - g->top);
		sum += s->mass;
		edge += out > half_m ? s->mass : 0;
	}
	for (size_t i = 0; i < g->count; i++)
		g->square[i].mass /= sum;
	return edge / sum;
}

/* Sigmas of all hills, to each side of the first. */
static double width_m(const struct posterior_field *o)
{
	double wide = SIGMAS * sqrt(fmax(o->cov_xx, o->cov_yy));

	for (const struct posterior_peak *q = o->also;
		q < o->also + o->also_count; q++)
		wide = fmax(wide, fmax(fabs(q->x_m - o->x_m),
				fabs(q->y_m - o->y_m)) +
			SIGMAS * sqrt(fmax(q->cov_xx, q->cov_yy)));
	return fmax(wide, 1);
}

bool posterior_of(const struct posterior_field *o, struct arena *a,
	struct place *p, struct posterior_time *t, struct fault *f)
{
	const struct posterior_peak first = {
		o->x_m, o->y_m, o->cov_xx, o->cov_xy, o->cov_yy};
	struct grid g = {.field = o};
	double wide = width_m(o);

	assert(o->also_count <= POSTERIOR_ALSO);
	hill(&g, &first);
	for (size_t i = 0; i < o->also_count; i++)
		hill(&g, &o->also[i]);
	for (int k = 0; fill(&g, wide) > EDGE && k < WIDER_MAX; k++)
		wide *= 2;
	order(g.square, g.count);
	*p = PLACE_UNKNOWN;
	p->region.level = LEVEL;
	p->alt_m = o->alt_m;
	ellipse(&g, p);
	*t = time_of(&g);
	return rings(&g, a, p, f) && cells(&g, a, p, f);
}

enum { ALL = 1 + POSTERIOR_ALSO };

struct either { /* of some that exclude each other */
	struct density of[ALL];
	double ln[ALL]; /* added to each */
	size_t count;
	struct lone lone; /* the second looks into it */
	struct elsewhere other; /* the last */
};

static double either_ln(const void *self, struct xy at, double half_m,
	double *t_s, double *var_t_s2)
{
	const struct either *e = self;
	double t[ALL] = {0}, var[ALL] = {0}, ln[ALL], top = -INFINITY;
	double sum = 0, later = 0, square = 0;
	size_t best = 0;

	for (size_t k = 0; k < e->count; k++) {
		ln[k] = density_ln(&e->of[k], at, half_m, &t[k], &var[k]) +
			e->ln[k];
		if (!(ln[k] > top))
			continue;
		top = ln[k];
		best = k;
	}
	*t_s = t[best];
	*var_t_s2 = var[best];
	if (!(top > -INFINITY))
		return top;
	for (size_t k = 0; k < e->count; k++) {
		double share = ln[k] > -INFINITY ? m_exp(ln[k] - top) : 0;
		double off = share > 0 ? t[k] - t[best] : 0;

		sum += share;
		later += share * off;
		square += share > 0 ? share * (var[k] + off * off) : 0;
	}
	later /= sum;
	*t_s += later;
	*var_t_s2 = square / sum - later * later;
	return top + m_log(sum);
}

/* How often what a post heard is of something else. */
static double chance_hz(
	const struct view *v, const struct origin *o, size_t post)
{
	ptrdiff_t pick = o->choice[post];
	double hz = density_rate_hz(v, pick);

	if (v->scene->rivals)
		hz += rivals_hz(v->scene->rivals, v, post, pick);
	return hz;
}

/* With what a place hangs on, and without it. */
static bool make_both(const struct view *v, const struct origin *o,
	struct arena *a, struct either *e, struct fault *f)
{
	const struct lone *l = &e->lone;
	struct density *with = &e->of[0], *without = &e->of[1];

	if (!density_make(v, o, a, with, f) ||
		!density_make(v, &l->without, a, without, f))
		return false;
	with->in_full = without->in_full = true;
	density_believe(with, l->post);
	without->ln_besides = m_log(chance_hz(v, o, l->post));
	e->count = 2;
	return true;
}

/* ln of a hill's mass, but for a constant. */
static double ln_mass(const struct density *g, const struct origin *o)
{
	double t_s, var_t_s2, det = o->cov_xx * o->cov_yy -
		o->cov_xy * o->cov_xy;

	return density_ln(g, (struct xy){o->x_m, o->y_m}, 0, &t_s,
		&var_t_s2) + 0.5 * m_log(fmax(det, 1e-8));
}

bool posterior_doubt(const struct view *v, struct origin *o, struct arena *a,
	struct fault *f)
{
	struct either e = {0};
	struct lone *l = &e.lone;

	do {
		if (!lone_find(v, o, a, l, f))
			return false;
		if (!l->is)
			return true;
		if (!make_both(v, o, a, &e, f))
			return false;
		l->is = ln_mass(&e.of[1], &l->without) >
			ln_mass(&e.of[0], o) + LN_9;
		if (l->is) {
			memcpy(o->choice, l->without.choice,
				v->posts * sizeof *o->choice);
			l->without.choice = o->choice;
			*o = l->without;
		}
	} while (l->is);
	return true;
}

static struct posterior_peak peak_of(const struct origin *o)
{
	return (struct posterior_peak){
		o->x_m, o->y_m, o->cov_xx, o->cov_xy, o->cov_yy};
}

/* The densities of an origin, and the hills of all but the first. */
static bool make_all(const struct view *v, const struct origin *o,
	struct either *e, struct posterior_peak *also, struct arena *a,
	struct fault *f)
{
	struct elsewhere *x = &e->other;
	struct density *d;

	if (!lone_find(v, o, a, &e->lone, f) ||
		!elsewhere_find(v, o, &e->lone, a, x, f))
		return false;
	/* The same place, with all that may be heard there. */
	if (x->is && x->as_others)
		e->lone.is = false;
	e->count = 1;
	if (!(e->lone.is ? make_both(v, o, a, e, f)
			 : density_make(v, o, a, &e->of[0], f)))
		return false;
	if (e->lone.is)
		also[0] = peak_of(&e->lone.without);
	if (!x->is)
		return true;
	also[e->count - 1] = peak_of(&x->at);
	d = &e->of[e->count];
	if (!density_make(v, &x->at, a, d, f))
		return false;
	e->ln[e->count++] =
		x->ln + ln_mass(&e->of[0], o) - ln_mass(d, &x->at);
	return true;
}

bool posterior(const struct view *v, const struct origin *o, struct arena *a,
	struct place *p, struct posterior_time *t, struct fault *f)
{
	struct posterior_peak also[POSTERIOR_ALSO] = {{0}};
	struct posterior_field field = {.frame = &v->frame,
		.x_m = o->x_m, .y_m = o->y_m, .t_s = o->t_s, .alt_m = o->z_m,
		.cov_xx = o->cov_xx, .cov_xy = o->cov_xy,
		.cov_yy = o->cov_yy, .also = also};
	struct either e = {0};

	if (!make_all(v, o, &e, also, a, f))
		return false;
	field.also_count = e.count - 1;
	field.ln = e.count > 1 ? either_ln : density_ln;
	field.self = e.count > 1 ? (const void *)&e : &e.of[0];
	if (!e.other.is &&
		mirror_hint(v, o, &field, &also[field.also_count])) {
		/* Of two sides, who was silent tells. */
		e.of[0].in_full = true;
		field.also_count += mirror_climb(
			&field, &also[field.also_count]);
	}
	return posterior_of(&field, a, p, t, f);
}
