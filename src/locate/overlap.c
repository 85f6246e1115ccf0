/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/overlap.h"

#include "base/maths.h"

/* Beyond this many sigma an ellipse's density counts as none. */
static const double reach_sigma = 3;

struct grid {
	struct frame frame;
	double west_m, south_m, step_m;
	double a[OVERLAP_GRID][OVERLAP_GRID];
};

static double sigma_scale(const struct region *r)
{
	double level = r->level > 0 && r->level < 1 ? r->level : 0.9;

	return sqrt(-2 * m_log(1 - level));
}

static void stretch(struct box *b, double lat, double lon)
{
	b->south = fmin(b->south, lat);
	b->north = fmax(b->north, lat);
	b->west = fmin(b->west, lon);
	b->east = fmax(b->east, lon);
}

bool overlap_box(const struct place *p, struct box *b)
{
	const struct region *r = &p->region;

	*b = (struct box){90, 180, -90, -180};
	for (size_t i = 0; i < r->ring_count; i++)
		for (size_t k = 0; k < r->ring[i].count; k++)
			stretch(b, r->ring[i].point[k].lat_deg,
				r->ring[i].point[k].lon_deg);
	for (size_t i = 0; i < r->cell_count; i++) {
		struct frame f = frame_at(r->cell[i].lat_deg, 0);
		double y = r->cell[i].half_side_m / f.m_per_deg_lat;
		double x = r->cell[i].half_side_m /
			(f.m_per_deg_lon * fmax(f.cos_lat, 1e-3));

		stretch(b, r->cell[i].lat_deg - y, r->cell[i].lon_deg - x);
		stretch(b, r->cell[i].lat_deg + y, r->cell[i].lon_deg + x);
	}
	if (r->ring_count > 0 || r->cell_count > 0)
		return b->east - b->west < 180;
	if (!place_known(p) || !isfinite(r->ellipse.semi_major_m))
		return false;
	struct frame f = frame_at(p->lat_deg, p->lon_deg);
	double m = fmax(r->ellipse.semi_major_m, 1) / sigma_scale(r) *
		reach_sigma;
	double y = m / f.m_per_deg_lat;
	double x = m / (f.m_per_deg_lon * fmax(f.cos_lat, 1e-3));
	stretch(b, p->lat_deg - y, p->lon_deg - x);
	stretch(b, p->lat_deg + y, p->lon_deg + x);
	return b->east - b->west < 180;
}

static double ellipse_density(
	const struct place *p, const struct frame *fr, struct xy at)
{
	const struct ellipse *e = &p->region.ellipse;
	double k = sigma_scale(&p->region);
	double a = fmax(e->semi_major_m, 1) / k;
	double b = fmax(e->semi_minor_m, 1) / k;
	struct xy c = frame_to(fr, p->lat_deg, p->lon_deg);
	double s = m_sin(RAD(e->azimuth_deg)), o = m_cos(RAD(e->azimuth_deg));
	double x = at.x_m - c.x_m, y = at.y_m - c.y_m;
	double u = (x * s + y * o) / a, v = (x * o - y * s) / b;
	double q = u * u + v * v;

	if (q > reach_sigma * reach_sigma)
		return 0;
	return m_exp(-q / 2) / (2 * PI * a * b);
}

static double area(const struct region *r)
{
	double sum = 0;

	for (size_t i = 0; i < r->ring_count; i++)
		sum += polygon_area_m2(&r->ring[i]);
	return fmax(sum, 1);
}

static double density(const struct place *p, double one_over_area,
	const struct frame *fr, struct xy at)
{
	const struct region *r = &p->region;

	if (r->ring_count == 0)
		return ellipse_density(p, fr, at);
	for (size_t i = 0; i < r->ring_count; i++)
		if (polygon_holds(&r->ring[i], frame_from(fr, at)))
			return one_over_area;
	return 0;
}

static bool shared_box(
	const struct place *a, const struct place *b, struct box *s)
{
	struct box x, y;

	if (!overlap_box(a, &x) || !overlap_box(b, &y))
		return false;
	s->south = fmax(x.south, y.south);
	s->north = fmin(x.north, y.north);
	s->west = fmax(x.west, y.west);
	s->east = fmin(x.east, y.east);
	return s->south < s->north && s->west < s->east;
}

static struct xy node(const struct grid *g, int i, int k)
{
	return (struct xy){g->west_m + (k + 0.5) * g->step_m,
		g->south_m + (i + 0.5) * g->step_m};
}

static void lay(struct grid *g, const struct box *b)
{
	double lat = (b->south + b->north) / 2, lon = (b->west + b->east) / 2;
	struct xy high;

	g->frame = frame_at(lat, lon);
	high.x_m = (b->east - lon) * g->frame.m_per_deg_lon *
		fmax(g->frame.cos_lat, 1e-3);
	high.y_m = (b->north - lat) * g->frame.m_per_deg_lat;
	/* Square cells: the wider side sets the step. */
	g->step_m = 2 * fmax(high.x_m, high.y_m) / OVERLAP_GRID;
	g->west_m = g->south_m = -g->step_m * OVERLAP_GRID / 2;
}

/* Each cell adds to the nodes in it. */
static void fill_cells(struct grid *g, const struct region *r)
{
	for (size_t c = 0; c < r->cell_count; c++) {
		double half = r->cell[c].half_side_m;
		struct xy m = frame_to(&g->frame, r->cell[c].lat_deg,
			r->cell[c].lon_deg);

		for (int i = 0; half > 0 && i < OVERLAP_GRID; i++) {
			if (fabs(node(g, i, 0).y_m - m.y_m) > half)
				continue;
			for (int k = 0; k < OVERLAP_GRID; k++)
				if (fabs(node(g, i, k).x_m - m.x_m) <= half)
					g->a[i][k] += r->cell[c].share /
						(4 * half * half);
		}
	}
}

static void fill(struct grid *g, const struct place *p)
{
	double per_area = 1 / area(&p->region);

	memset(g->a, 0, sizeof g->a);
	if (p->region.cell_count > 0) {
		fill_cells(g, &p->region);
		return;
	}
	for (int i = 0; i < OVERLAP_GRID; i++)
		for (int k = 0; k < OVERLAP_GRID; k++)
			g->a[i][k] = density(
				p, per_area, &g->frame, node(g, i, k));
}

double overlap_share(const struct place *a, const struct place *b)
{
	struct grid g, h;
	struct box box;
	double in_a = 0, in_b = 0, da;

	if (!shared_box(a, b, &box))
		return 0;
	lay(&g, &box);
	h = g;
	fill(&g, a);
	fill(&h, b);
	da = g.step_m * g.step_m;
	for (int i = 0; i < OVERLAP_GRID; i++)
		for (int k = 0; k < OVERLAP_GRID; k++) {
			in_a += h.a[i][k] > 0 ? g.a[i][k] * da : 0;
			in_b += g.a[i][k] > 0 ? h.a[i][k] * da : 0;
		}
	return fmin(1, fmax(in_a, in_b));
}

/* Moments of the cells, as an ellipse of level 0.9. */
static void moments(const struct grid *g, double sum, struct place *out)
{
	double mx = 0, my = 0, xx = 0, yy = 0, xy = 0;

	for (int i = 0; i < OVERLAP_GRID; i++)
		for (int k = 0; k < OVERLAP_GRID; k++) {
			struct xy at = node(g, i, k);
			double w = g->a[i][k] / sum;

			mx += w * at.x_m;
			my += w * at.y_m;
			xx += w * at.x_m * at.x_m;
			yy += w * at.y_m * at.y_m;
			xy += w * at.x_m * at.y_m;
		}
	xx += g->step_m * g->step_m / 12 - mx * mx;
	yy += g->step_m * g->step_m / 12 - my * my;
	xy -= mx * my;
	double mid = (xx + yy) / 2, diff = (xx - yy) / 2;
	double root = sqrt(diff * diff + xy * xy);
	double az = DEG(m_atan2(2 * xy, yy - xx)) / 2;
	struct point c = frame_from(&g->frame, (struct xy){mx, my});
	out->lat_deg = c.lat_deg;
	out->lon_deg = c.lon_deg;
	out->region.ellipse = (struct ellipse){
		REGION_SIGMA_90 * sqrt(fmax(mid + root, 0)),
		REGION_SIGMA_90 * sqrt(fmax(mid - root, 0)),
		az - 180 * floor(az / 180)};
}

/* The product's nodes become squares: REGION_CELLS_MAX of the densest. */
static bool cells(const struct grid *g, double sum, struct arena *a,
	struct region *r, struct fault *f)
{
	double least = 0, kept = 0;
	struct cell *c;
	size_t n = 0;

	/* The densest first: raise the bar until they fit. */
	for (int step = 0; step < 60; step++) {
		n = 0;
		for (int i = 0; i < OVERLAP_GRID * OVERLAP_GRID; i++)
			n += g->a[i / OVERLAP_GRID][i % OVERLAP_GRID] > least;
		if (n <= REGION_CELLS_MAX)
			break;
		least = least > 0 ? least * 1.25 : sum * 1e-6;
	}
	if (n == 0 || n > REGION_CELLS_MAX)
		return true;
	if (!(c = arena_array(a, n, sizeof *c, f)))
		return false;
	n = 0;
	for (int i = 0; i < OVERLAP_GRID; i++)
		for (int k = 0; k < OVERLAP_GRID; k++) {
			struct point p = frame_from(&g->frame, node(g, i, k));

			if (!(g->a[i][k] > least))
				continue;
			c[n++] = (struct cell){p.lat_deg, p.lon_deg,
				g->step_m / 2, g->a[i][k]};
			kept += g->a[i][k];
		}
	for (size_t i = 0; i < n; i++)
		c[i].share /= kept;
	r->cell = c;
	r->cell_count = n;
	return true;
}

bool overlap_product(const struct place *a, const struct place *b,
	struct arena *arena, struct place *out, struct fault *f)
{
	struct grid g, h;
	struct box box;
	double sum = 0;

	*out = *a;
	if (!shared_box(a, b, &box))
		return true;
	lay(&g, &box);
	h = g;
	fill(&g, a);
	fill(&h, b);
	for (int i = 0; i < OVERLAP_GRID; i++)
		for (int k = 0; k < OVERLAP_GRID; k++) {
			g.a[i][k] *= h.a[i][k];
			sum += g.a[i][k];
		}
	if (!(sum > 0))
		return true;
	*out = PLACE_UNKNOWN;
	moments(&g, sum, out);
	return cells(&g, sum, arena, &out->region, f);
}
