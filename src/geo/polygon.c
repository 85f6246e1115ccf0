/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/polygon.h"
#include "base/sort.h"

static double lon_from(double lon_deg, double origin_deg)
{
	double d = lon_deg - origin_deg;

	while (d > 180)
		d -= 360;
	while (d < -180)
		d += 360;
	return d;
}

bool polygon_holds(const struct ring *r, struct point p)
{
	bool in = false;

	if (!point_known(p) || r->count < 3)
		return false;
	double ax = lon_from(r->point[r->count - 1].lon_deg, p.lon_deg);

	for (size_t i = 0, j = r->count - 1; i < r->count; j = i++) {
		double ay = r->point[j].lat_deg - p.lat_deg;
		double by = r->point[i].lat_deg - p.lat_deg;
		/* From its neighbour, or a ring behind the Earth would
		 * wrap around the point. */
		double bx = ax + lon_from(r->point[i].lon_deg,
				r->point[j].lon_deg);

		if ((ay > 0) != (by > 0) &&
			ax + (bx - ax) * (-ay / (by - ay)) > 0)
			in = !in;
		ax = bx;
	}
	return in;
}

static struct frame frame_of(const struct ring *r)
{
	struct box b = polygon_box(r);

	return frame_at((b.south + b.north) / 2, b.west);
}

double polygon_signed_area_m2(const struct ring *r)
{
	double twice = 0;

	if (r->count < 3)
		return 0;
	struct frame f = frame_of(r);
	struct xy a = frame_to(&f, r->point[r->count - 1].lat_deg,
		r->point[r->count - 1].lon_deg);

	for (size_t i = 0; i < r->count; i++) {
		struct xy b = frame_to(
			&f, r->point[i].lat_deg, r->point[i].lon_deg);

		twice += a.x_m * b.y_m - b.x_m * a.y_m;
		a = b;
	}
	return twice / 2;
}

double polygon_area_m2(const struct ring *r)
{
	return fabs(polygon_signed_area_m2(r));
}

static struct point mean_point(const struct ring *r)
{
	double lat = 0, lon = 0;

	if (r->count == 0)
		return (struct point){NAN, NAN};
	for (size_t i = 0; i < r->count; i++) {
		lat += r->point[i].lat_deg;
		lon += lon_from(r->point[i].lon_deg, r->point[0].lon_deg);
	}
	struct point p = {lat / (double)r->count,
		r->point[0].lon_deg + lon / (double)r->count};

	p.lon_deg = lon_from(p.lon_deg, 0);
	return p;
}

struct point polygon_centroid(const struct ring *r)
{
	struct point mean = mean_point(r);
	double twice = 0, x = 0, y = 0;
	struct xy low = {0, 0}, high = {0, 0};

	if (r->count < 3)
		return mean;
	/* About the mean, so that small rings lose no digits. */
	struct frame f = frame_at(mean.lat_deg, mean.lon_deg);
	struct xy a = frame_to(&f, r->point[r->count - 1].lat_deg,
		r->point[r->count - 1].lon_deg);

	for (size_t i = 0; i < r->count; i++) {
		struct xy b = frame_to(
			&f, r->point[i].lat_deg, r->point[i].lon_deg);
		double cross = a.x_m * b.y_m - b.x_m * a.y_m;

		twice += cross;
		x += (a.x_m + b.x_m) * cross;
		y += (a.y_m + b.y_m) * cross;
		low = (struct xy){fmin(low.x_m, b.x_m), fmin(low.y_m, b.y_m)};
		high = (struct xy){
			fmax(high.x_m, b.x_m), fmax(high.y_m, b.y_m)};
		a = b;
	}
	x /= 3 * twice;
	y /= 3 * twice;
	/* Loops of a line that crosses itself take from one another: what is
	 * left may have its middle anywhere. */
	if (!(fabs(twice) > 1e-9 && x >= low.x_m && x <= high.x_m &&
		    y >= low.y_m && y <= high.y_m))
		return mean;
	return frame_from(&f, (struct xy){x, y});
}

static double edge_m(struct xy a, struct xy b)
{
	double dx = b.x_m - a.x_m, dy = b.y_m - a.y_m;
	double len2 = dx * dx + dy * dy;
	double t = len2 > 0 ? -(a.x_m * dx + a.y_m * dy) / len2 : 0;

	t = fmin(1, fmax(0, t));
	double x = a.x_m + t * dx, y = a.y_m + t * dy;
	return sqrt(x * x + y * y);
}

double polygon_distance_m(const struct ring *r, bool closed, struct point p)
{
	double best = INFINITY;

	if (!point_known(p))
		return NAN;
	if (r->count == 0)
		return best;
	/* The plane is the point's own: it lies at the origin. */
	struct frame f = frame_at(p.lat_deg, p.lon_deg);
	size_t last = closed ? r->count - 1 : 0;
	struct xy a = frame_to(
		&f, r->point[last].lat_deg, r->point[last].lon_deg);

	for (size_t i = 0; i < r->count; i++) {
		struct xy b = frame_to(
			&f, r->point[i].lat_deg, r->point[i].lon_deg);

		best = fmin(best, edge_m(a, b));
		a = b;
	}
	return best;
}

struct box polygon_box(const struct ring *r)
{
	struct box b = {NAN, NAN, NAN, NAN};
	double west = 0, east = 0;

	if (r->count == 0)
		return b;
	b.south = b.north = r->point[0].lat_deg;
	for (size_t i = 1; i < r->count; i++) {
		double x = lon_from(
			r->point[i].lon_deg, r->point[0].lon_deg);

		b.south = fmin(b.south, r->point[i].lat_deg);
		b.north = fmax(b.north, r->point[i].lat_deg);
		west = fmin(west, x);
		east = fmax(east, x);
	}
	b.west = lon_from(r->point[0].lon_deg + west, 0);
	b.east = lon_from(r->point[0].lon_deg + east, 0);
	return b;
}

bool box_holds(const struct box *b, struct point p)
{
	if (!(p.lat_deg >= b->south && p.lat_deg <= b->north))
		return false;
	if (b->west <= b->east)
		return p.lon_deg >= b->west && p.lon_deg <= b->east;
	return p.lon_deg >= b->west || p.lon_deg <= b->east;
}

/* Twice the signed area of a, b, p in the plane of degrees. */
static double side(struct point a, struct point b, struct point p)
{
	double bx = lon_from(b.lon_deg, a.lon_deg);
	double px = lon_from(p.lon_deg, a.lon_deg);

	return bx * (p.lat_deg - a.lat_deg) - px * (b.lat_deg - a.lat_deg);
}

static struct point between(struct point a, struct point b, double sa,
	double sb)
{
	double t = sa / (sa - sb);
	struct point p;

	p.lat_deg = a.lat_deg + t * (b.lat_deg - a.lat_deg);
	p.lon_deg = lon_from(
		a.lon_deg + t * lon_from(b.lon_deg, a.lon_deg), 0);
	return p;
}

/* The part of in[0..n) left of the line a-b, into out[0..); the count. */
static size_t clip_edge(const struct point *in, size_t n, struct point a,
	struct point b, struct point *out)
{
	size_t m = 0;

	for (size_t i = 0, j = n - 1; i < n; j = i++) {
		double sj = side(a, b, in[j]), si = side(a, b, in[i]);

		if ((si >= 0) != (sj >= 0))
			out[m++] = between(in[j], in[i], sj, si);
		if (si >= 0)
			out[m++] = in[i];
	}
	return m;
}

bool polygon_clip(const struct ring *ring, const struct ring *convex,
	struct arena *arena, struct ring *out, struct fault *f)
{
	*out = (struct ring){NULL, 0};
	if (ring->count < 3 || convex->count < 3)
		return true;
	/* Each edge leaves at most one piece, two points; each time the ring
	 * leaves and comes back it may run round some corners.  Twice the
	 * first bound; `next` because one line makes n to at most 3n/2. */
	size_t room = 4 * ring->count + 2 * convex->count;
	struct point *now = arena_array(arena, room, sizeof *now, f);
	struct point *next = arena_array(arena, 2 * room, sizeof *next, f);

	if (!now || !next)
		return false;
	bool ccw = polygon_signed_area_m2(convex) > 0;
	size_t n = ring->count;

	memcpy(now, ring->point, n * sizeof *now);
	for (size_t i = 0; n > 0 && i < convex->count; i++) {
		struct point a = convex->point[i];
		struct point b = convex->point[(i + 1) % convex->count];

		n = clip_edge(now, n, ccw ? a : b, ccw ? b : a, next);
		if (n > room)
			return fault(f, FAULT_LIMIT,
				"polygon: clipping makes over %zu points",
				room);
		memcpy(now, next, n * sizeof *now);
	}
	*out = (struct ring){now, n < 3 ? 0 : n};
	return true;
}

static int by_place(const void *x, const void *y, const void *self)
{
	const struct point *a = x, *b = y;

	(void)self;
	if (a->lon_deg < b->lon_deg || a->lon_deg > b->lon_deg)
		return a->lon_deg < b->lon_deg ? -1 : 1;
	return (a->lat_deg > b->lat_deg) - (a->lat_deg < b->lat_deg);
}

static size_t hull_half(const struct point *p, size_t n, bool back,
	struct point *out)
{
	size_t m = 0;

	for (size_t k = 0; k < n; k++) {
		struct point q = p[back ? n - 1 - k : k];

		while (m >= 2 && side(out[m - 2], out[m - 1], q) <= 0)
			m--;
		out[m++] = q;
	}
	return m > 0 ? m - 1 : 0; /* the last begins the other half */
}

bool polygon_hull(const struct point *p, size_t count, struct arena *arena,
	struct ring *out, struct fault *f)
{
	struct point *all = arena_array(arena, count + 1, sizeof *all, f);
	struct point *hull = arena_array(arena, 2 * count + 2, sizeof *hull, f);
	size_t n = 0;

	*out = (struct ring){NULL, 0};
	if (!all || !hull)
		return false;
	/* Unwrapped about the first, so that 180 E does not tear it. */
	for (size_t i = 0; i < count; i++)
		if (point_known(p[i])) {
			all[n] = p[i];
			all[n].lon_deg = all[0].lon_deg +
				lon_from(p[i].lon_deg, all[0].lon_deg);
			n++;
		}
	sort_items(all, n, sizeof *all, by_place, NULL);
	size_t m = hull_half(all, n, false, hull);

	m += hull_half(all, n, true, hull + m);
	for (size_t i = 0; i < m; i++)
		hull[i].lon_deg = lon_from(hull[i].lon_deg, 0);
	*out = (struct ring){hull, m < 3 ? 0 : m};
	return true;
}

void polygon_turn(struct point *p, size_t count)
{
	struct ring r = {p, count};

	if (!(polygon_signed_area_m2(&r) < 0))
		return;
	for (size_t i = 0, j = count - 1; i < j; i++, j--) {
		struct point t = p[i];

		p[i] = p[j];
		p[j] = t;
	}
}
