/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "locate/nearby.h"

#include "base/maths.h"

/* Points in a square, about, and squares to a side at most. */
enum { SQUARE = 4, SIDE_MOST = 256 };
/* Lists that go so far round the globe are cut by latitude alone. */
#define LONGITUDES_MOST 90.0
/* How much farther it is looked, for the last bits. */
#define MARGIN 1.001

static size_t step(double at, double from, double side, size_t count)
{
	double i = floor((at - from) / side);

	return !(i > 0) ? 0 : i >= (double)count ? count - 1 : (size_t)i;
}

static size_t square_of(const struct nearby *n, struct point p)
{
	return step(p.lat_deg, n->south_deg, n->row_deg, n->rows) * n->cols +
		step(p.lon_deg, n->west_deg, n->col_deg, n->cols);
}

static void divide(struct nearby *n, const struct point *p, size_t count)
{
	double north = -INFINITY, east = -INFINITY, side;

	n->south_deg = n->west_deg = INFINITY;
	for (size_t i = 0; i < count; i++) {
		n->south_deg = fmin(n->south_deg, p[i].lat_deg);
		n->west_deg = fmin(n->west_deg, p[i].lon_deg);
		north = fmax(north, p[i].lat_deg);
		east = fmax(east, p[i].lon_deg);
	}
	side = fmin(SIDE_MOST, floor(1 + sqrt((double)count / SQUARE)));
	n->rows = (size_t)side;
	n->cols = east - n->west_deg < LONGITUDES_MOST ? n->rows : 1;
	n->row_deg = fmax(1e-9, (north - n->south_deg) / (double)n->rows);
	n->col_deg = fmax(1e-9, (east - n->west_deg) / (double)n->cols);
}

bool nearby_make(const struct point *p, size_t count, struct arena *a,
	struct nearby *n, struct fault *f)
{
	size_t squares;

	*n = (struct nearby){.points = count};
	if (count == 0)
		return true;
	divide(n, p, count);
	squares = n->rows * n->cols;
	n->first = arena_array(a, squares + 2, sizeof *n->first, f);
	n->member = arena_array(a, count, sizeof *n->member, f);
	if (!n->first || !n->member)
		return false;
	for (size_t i = 0; i < count; i++)
		n->first[square_of(n, p[i]) + 2]++;
	for (size_t i = 2; i < squares + 2; i++)
		n->first[i] += n->first[i - 1];
	for (size_t i = 0; i < count; i++)
		n->member[n->first[square_of(n, p[i]) + 1]++] = (uint32_t)i;
	return true;
}

static size_t all(const struct nearby *n, uint32_t *out)
{
	for (size_t i = 0; i < n->points; i++)
		out[i] = (uint32_t)i;
	return n->points;
}

/* Shell sort (Ciura's gaps, 2001): some dozens. */
static void in_order(uint32_t *x, size_t count)
{
	static const size_t gap[] = {701, 301, 132, 57, 23, 10, 4, 1};

	for (size_t g = 0; g < sizeof gap / sizeof *gap; g++)
		for (size_t i = gap[g]; i < count; i++) {
			uint32_t q = x[i];
			size_t k = i;

			for (; k >= gap[g] && x[k - gap[g]] > q; k -= gap[g])
				x[k] = x[k - gap[g]];
			x[k] = q;
		}
}

size_t nearby_find(const struct nearby *n, const struct frame *f,
	double half_m, uint32_t *out)
{
	double lat = MARGIN * half_m / f->m_per_deg_lat, lon, far;
	size_t low, high, left = 0, right = n->cols, count = 0;

	if (n->points == 0)
		return 0;
	/* Degrees of longitude are shortest at the edge that is nearest to a
	 * pole; across 180 degrees all are asked. */
	far = fmin(89, fabs(f->lat_deg) + lat);
	lon = MARGIN * half_m / (f->m_per_deg_lon * m_cos(RAD(far)));
	if (fabs(f->lon_deg) + lon >= 180)
		lon = 360;
	low = step(f->lat_deg - lat, n->south_deg, n->row_deg, n->rows);
	high = step(f->lat_deg + lat, n->south_deg, n->row_deg, n->rows) + 1;
	if (n->cols > 1) {
		left = step(f->lon_deg - lon, n->west_deg, n->col_deg, n->cols);
		right = step(f->lon_deg + lon, n->west_deg, n->col_deg,
			n->cols) + 1;
	}
	if (2 * (high - low) * (right - left) > n->rows * n->cols)
		return all(n, out);
	for (size_t i = low; i < high; i++)
		for (uint32_t k = n->first[i * n->cols + left];
			k < n->first[i * n->cols + right]; k++)
			out[count++] = n->member[k];
	in_order(out, count);
	return count;
}
