/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cloud.c - a place's error as samples; see reach.h. */
#include "base/sort.h"
#include "judge/reach.h"

#define FAR_M 300000.0 /* an axis beyond: somewhere */

/* Weights of the lattice (i - 7.5)/2 sigma, from the normal of variance
 * 1 - 0.35^2, in millionths; tails beyond 3.75 sigma hold 1.4e-4. */
enum { LATTICE = 16, COARSE = 8, RINGS = 20 };
static const int32_t lattice[LATTICE] = {71, 518, 2863, 11898, 37189, 87419,
	154549, 205493, 205493, 154549, 87419, 37189, 11898, 2863, 518, 71};
/* The same with sigmas 1 and 0.7. */
static const int32_t coarse[COARSE] = {
	3, 1219, 61540, 437237, 437237, 61540, 1219, 3};

/* Semi-axes of a level in sigma, x 1e4: sqrt(-2 ln(1 - level)). */
static const struct {
	double level;
	int64_t e4;
} levels[] = {{0.5, 11774}, {0.68, 15096}, {0.9, 21460}, {0.95, 24477},
	{0.99, 30349}, {0.999, 37169}};

static int64_t sigmas(double level)
{
	size_t i = 1;

	if (!(level >= 0.5 && level <= 0.999))
		return level > 0.999 ? 37169 : 21460;
	while (level > levels[i].level)
		i++;
	if (level == levels[i].level)
		return levels[i].e4;
	/* Between the rows linear, in whole permille. */
	int64_t at, from, to;

	(void)fixed_of(level, 1000, &at);
	(void)fixed_of(levels[i - 1].level, 1000, &from);
	(void)fixed_of(levels[i].level, 1000, &to);
	return levels[i - 1].e4 +
		(levels[i].e4 - levels[i - 1].e4) * (at - from) / (to - from);
}

static struct flat along(int64_t mm, int64_t sin, int64_t cos)
{
	return (struct flat){mm * sin / FIXED_ONE, mm * cos / FIXED_ONE};
}

static bool ellipse_known(const struct ellipse *e)
{
	return e->semi_major_m >= 0 && e->semi_major_m <= FAR_M &&
		e->semi_minor_m >= 0 && e->semi_minor_m <= FAR_M;
}

/* Semi-axes as vectors, and their length for one sigma. */
static void axes(const struct region *r, struct flat err[2],
	struct flat sigma[2])
{
	int64_t a, b, az, e4 = sigmas(r->level), s, c;

	(void)fixed_of(r->ellipse.semi_major_m, 1000, &a);
	(void)fixed_of(r->ellipse.semi_minor_m, 1000, &b);
	if (!fixed_of(r->ellipse.azimuth_deg, 1e7, &az))
		b = a = fixed_max(a, b); /* direction unknown: the circle */
	s = fixed_sin(az);
	c = fixed_cos(az);
	sigma[0] = along(a * 10000 / e4, s, c);
	sigma[1] = along(b * 10000 / e4, c, -s);
	for (int i = 0; i < 2; i++)
		err[i] = (struct flat){sigma[i].x * 21460 / 10000,
			sigma[i].y * 21460 / 10000};
}

static void close_tile(struct cloud *c, struct tile *t)
{
	struct flat low = c->at[t->from], high = low;

	for (size_t i = t->from; i < t->from + t->count; i++) {
		low.x = fixed_min(low.x, c->at[i].x);
		low.y = fixed_min(low.y, c->at[i].y);
		high.x = fixed_max(high.x, c->at[i].x);
		high.y = fixed_max(high.y, c->at[i].y);
	}
	t->middle = (struct flat){(low.x + high.x) / 2, (low.y + high.y) / 2};
	t->weight = t->radius_mm = t->spread_mm = 0;
	for (size_t i = t->from; i < t->from + t->count; i++) {
		struct flat off = {c->at[i].x - t->middle.x,
			c->at[i].y - t->middle.y};

		t->radius_mm = fixed_max(t->radius_mm, fixed_length(off) + 1);
		t->spread_mm = fixed_max(t->spread_mm, c->half[i]);
		t->weight += c->weight[i];
	}
	/* Across any way a normal is as wide as its longer axis at most. */
	if (c->normal)
		t->spread_mm = fixed_max(fixed_length(c->axis[0]),
				       fixed_length(c->axis[1])) + 3;
}

/* 16 samples each as they stand; strips begin a tile of their own. */
static void tile_strip(struct cloud *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i += CLOUD_TILE) {
		struct tile *t = &c->tile[c->tiles++];

		t->from = i;
		t->count = to - i < CLOUD_TILE ? to - i : CLOUD_TILE;
		close_tile(c, t);
	}
}

static void tile_up(struct cloud *c)
{
	c->tiles = 0;
	tile_strip(c, 0, c->count);
}

struct sample {
	struct flat at;
	int64_t half, weight;
};

static int sign(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int by_y(const void *a, const void *b, const void *self)
{
	const struct sample *s = a, *t = b;
	int d = sign(s->at.y, t->at.y);

	(void)self;
	d = d ? d : sign(s->at.x, t->at.x);
	d = d ? d : sign(s->half, t->half);
	return d ? d : sign(s->weight, t->weight);
}

static int by_x(const void *a, const void *b, const void *self)
{
	const struct sample *s = a, *t = b;
	int d = sign(s->at.x, t->at.x);

	return d ? d : by_y(a, b, self);
}

/* Samples of any order into five strips from south to north, each from west
 * to east: tiles about as wide as high. */
static void tile_sorted(struct cloud *c)
{
	struct sample s[CLOUD_MAX];
	size_t strip = (c->count / 5 / CLOUD_TILE + 1) * CLOUD_TILE;

	for (size_t i = 0; i < c->count; i++)
		s[i] = (struct sample){c->at[i], c->half[i], c->weight[i]};
	sort_items(s, c->count, sizeof *s, by_y, NULL);
	c->tiles = 0;
	for (size_t from = 0; from < c->count; from += strip) {
		size_t n = c->count - from < strip ? c->count - from : strip;

		sort_items(s + from, n, sizeof *s, by_x, NULL);
		for (size_t i = from; i < from + n; i++) {
			c->at[i] = s[i].at;
			c->half[i] = s[i].half;
			c->weight[i] = s[i].weight;
		}
		tile_strip(c, from, from + n);
	}
}

/* n x n normals with weights w, `step` half sigmas apart; axes given. */
static void spread_out(struct cloud *c, const struct flat sigma[2],
	const int32_t *w, int64_t n, int64_t step)
{
	c->normal = true;
	c->count = 0;
	c->total = 0;
	for (int64_t k = 0; k < n * n; k++) { /* by tiles of 4 x 4 */
		int64_t tile = k / CLOUD_TILE, across = n / 4;
		int64_t i = tile / across * 4 + k % CLOUD_TILE / 4;
		int64_t j = tile % across * 4 + k % 4;
		int64_t u = step * (2 * i - n + 1);
		int64_t v = step * (2 * j - n + 1);

		c->at[k].x = (sigma[0].x * u + sigma[1].x * v) / 4;
		c->at[k].y = (sigma[0].y * u + sigma[1].y * v) / 4;
		c->half[k] = 0;
		c->weight[k] = (int64_t)w[i] * w[j] / 1000;
		c->total += c->weight[k];
	}
	c->count = (size_t)(n * n);
	for (int i = 0; i < 2; i++)
		c->axis[i] = (struct flat){sigma[i].x * 35 * step / 100,
			sigma[i].y * 35 * step / 100};
	c->radius_mm = fixed_max(fixed_length(sigma[0]),
			       fixed_length(sigma[1])) * 5 + 2;
	tile_up(c);
}

static void normal(const struct region *r, struct cloud *c)
{
	axes(r, c->err, c->sigma);
	c->normal = true;
	c->total = 1; /* there will be samples */
	c->radius_mm = fixed_max(fixed_length(c->sigma[0]),
			       fixed_length(c->sigma[1])) * 5 + 2;
}

void cloud_fill(struct cloud *c)
{
	if (c->filled)
		return;
	c->filled = true;
	if (c->normal)
		spread_out(c, c->sigma, lattice, LATTICE, 1);
	else
		tile_sorted(c);
}

static void add(struct cloud *c, struct flat at, int64_t half, int64_t weight)
{
	int64_t r = fixed_length(at) + half * 1415 / 1000 + 2;

	if (weight <= 0)
		return;
	c->at[c->count] = at;
	c->half[c->count] = half;
	c->weight[c->count++] = weight;
	c->total += weight;
	c->radius_mm = fixed_max(c->radius_mm, r);
}

static void cells(const struct region *r, struct cloud *c)
{
	for (size_t i = 0; i < r->cell_count; i++) {
		const struct cell *k = &r->cell[i];
		int64_t half, share;
		struct spot s;

		if (fixed_place(k->lat_deg, k->lon_deg, &s) &&
			fixed_of(k->half_side_m, 1000, &half) &&
			fixed_of(k->share, 1e9, &share))
			add(c, fixed_flat(c->centre, s),
				fixed_max(0, fixed_min(half, 300000000)),
				fixed_min(share, 1000000000));
	}
}

/* Even-odd over all rings, in 1e-7 degree. */
static bool in_rings(const struct region *r, struct spot p)
{
	bool in = false;

	for (size_t k = 0; k < r->ring_count; k++)
		for (size_t i = 0; i < r->ring[k].count; i++) {
			const struct ring *g = &r->ring[k];
			const struct point *q = &g->point[i];
			const struct point *n = &g->point[(i + 1) % g->count];
			struct spot a = p, b = p;

			/* uniform() has seen that each is on Earth. */
			(void)fixed_place(q->lat_deg, q->lon_deg, &a);
			(void)fixed_place(n->lat_deg, n->lon_deg, &b);
			if ((a.lat > p.lat) == (b.lat > p.lat))
				continue;
			if (a.lon + ((int64_t)b.lon - a.lon) *
					((int64_t)p.lat - a.lat) /
					((int64_t)b.lat - a.lat) > p.lon)
				in = !in;
		}
	return in;
}

static void uniform(const struct region *r, struct cloud *c)
{
	struct spot low = {INT32_MAX, INT32_MAX}, high = {INT32_MIN, INT32_MIN};
	struct spot s;
	struct flat side;

	for (size_t k = 0; k < r->ring_count; k++)
		for (size_t i = 0; i < r->ring[k].count; i++) {
			const struct point *q = &r->ring[k].point[i];

			if (!fixed_place(q->lat_deg, q->lon_deg, &s))
				return;
			low.lat = s.lat < low.lat ? s.lat : low.lat;
			low.lon = s.lon < low.lon ? s.lon : low.lon;
			high.lat = s.lat > high.lat ? s.lat : high.lat;
			high.lon = s.lon > high.lon ? s.lon : high.lon;
		}
	if (low.lat > high.lat)
		return;
	side = fixed_flat(low, high);
	for (int64_t i = 0; i < RINGS; i++)
		for (int64_t j = 0; j < RINGS; j++) {
			s.lat = (int32_t)(low.lat + ((int64_t)high.lat -
				low.lat) * (2 * i + 1) / (2 * RINGS));
			s.lon = (int32_t)(low.lon + ((int64_t)high.lon -
				low.lon) * (2 * j + 1) / (2 * RINGS));
			if (in_rings(r, s))
				add(c, fixed_flat(c->centre, s),
					fixed_max(side.x, side.y) /
						(2 * RINGS), 1);
		}
	if (c->count == 0) /* thinner than the lattice */
		add(c, fixed_flat(c->centre, s),
			fixed_max(side.x, side.y) / 2, 1);
}

void cloud_of(const struct place *p, struct cloud *c)
{
	const struct region *r = &p->region;
	struct flat sigma[2];

	c->known = c->normal = c->filled = false;
	c->count = 0;
	c->total = c->radius_mm = 0;
	c->err[0] = c->err[1] = c->axis[0] = c->axis[1] = (struct flat){0, 0};
	if (!fixed_place(p->lat_deg, p->lon_deg, &c->centre))
		return;
	if (r->cell && r->cell_count > 0 && r->cell_count <= CLOUD_MAX) {
		cells(r, c);
		if (ellipse_known(&r->ellipse))
			axes(r, c->err, sigma);
	} else if (ellipse_known(&r->ellipse)) {
		normal(r, c);
	} else if (r->ring) {
		uniform(r, c);
	}
	if (c->err[0].x == 0 && c->err[0].y == 0) {
		c->err[0].x = c->radius_mm * (c->normal == false);
		c->err[1].y = c->err[0].x;
	}
	c->known = c->total > 0 && c->radius_mm < FIXED_FAR_MM / 2;
}

static int64_t scaled(int64_t v, int64_t scale)
{
	return v * scale / CLOUD_SCALE_ONE;
}

static struct flat flat_scaled(struct flat v, int64_t scale)
{
	return (struct flat){scaled(v.x, scale), scaled(v.y, scale)};
}

void cloud_scale(struct cloud *c, int64_t scale, struct cloud *out)
{
	if (!c->normal)
		cloud_fill(c);
	out->known = c->known;
	out->filled = true;
	out->normal = c->normal;
	out->centre = c->centre;
	for (int i = 0; i < 2; i++)
		out->err[i] = flat_scaled(c->err[i], scale);
	if (c->normal) {
		const struct flat sigma[2] = {
			{out->err[0].x * 10000 / 21460,
				out->err[0].y * 10000 / 21460},
			{out->err[1].x * 10000 / 21460,
				out->err[1].y * 10000 / 21460}};

		spread_out(out, sigma, coarse, COARSE, 2);
	} else {
		out->count = c->count;
		out->total = c->total;
		out->radius_mm = scaled(c->radius_mm, scale) + 2;
		for (size_t i = 0; i < c->count; i++) {
			out->at[i] = flat_scaled(c->at[i], scale);
			out->half[i] = scaled(c->half[i], scale);
			out->weight[i] = c->weight[i];
		}
		out->tiles = 0;
		for (size_t i = 0; i < c->tiles; i++)
			tile_strip(out, c->tile[i].from,
				c->tile[i].from + c->tile[i].count);
	}
	if (out->radius_mm >= FIXED_FAR_MM / 2)
		out->known = false;
}
