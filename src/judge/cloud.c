/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cloud.c - a place's error as samples; see reach.h. */
#include "judge/reach.h"

#include <string.h>

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

static void stretch(struct flat *low, struct flat *high, struct flat p)
{
	low->x = fixed_min(low->x, p.x);
	low->y = fixed_min(low->y, p.y);
	high->x = fixed_max(high->x, p.x);
	high->y = fixed_max(high->y, p.y);
}

static void close_tile(struct cloud *c, struct tile *t)
{
	struct flat low = c->at[t->from], high = low;
	int64_t far = 0;

	for (size_t i = t->from; i < t->from + t->count; i++)
		stretch(&low, &high, c->at[i]);
	t->middle = (struct flat){(low.x + high.x) / 2, (low.y + high.y) / 2};
	t->weight = t->spread_mm = 0;
	for (size_t i = t->from; i < t->from + t->count; i++) {
		struct flat off = {c->at[i].x - t->middle.x,
			c->at[i].y - t->middle.y};

		far = fixed_max(far, off.x * off.x + off.y * off.y);
		t->spread_mm = fixed_max(t->spread_mm, c->half[i]);
		t->weight += c->weight[i];
	}
	t->radius_mm = fixed_sqrt(far) + 1;
	t->middle_mm = fixed_length(t->middle);
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

enum { STRIPS = 5, STRIP_PARTS = 64, PARTS = STRIPS * STRIP_PARTS };

static int64_t nth_part(int64_t v, int64_t low, int64_t high, int64_t parts)
{
	return (v - low) * parts / (high - low + 1);
}

struct order {
	size_t from[PARTS + 1]; /* of each part's samples, in `at` */
	size_t at[CLOUD_MAX];
};

/* Five strips from south to north, each in parts from west to east. */
static void order_of(const struct cloud *c, struct order *o)
{
	struct flat low = c->at[0], high = low;
	size_t part[CLOUD_MAX], next[PARTS];

	for (size_t i = 0; i < c->count; i++)
		stretch(&low, &high, c->at[i]);
	memset(o->from, 0, sizeof o->from);
	for (size_t i = 0; i < c->count; i++) {
		part[i] = (size_t)(nth_part(c->at[i].y, low.y, high.y, STRIPS) *
				STRIP_PARTS +
			nth_part(c->at[i].x, low.x, high.x, STRIP_PARTS));
		o->from[part[i] + 1]++;
	}
	for (size_t i = 0; i < PARTS; i++) {
		o->from[i + 1] += o->from[i];
		next[i] = o->from[i];
	}
	for (size_t i = 0; i < c->count; i++)
		o->at[next[part[i]]++] = i;
}

/* Samples of any order so that 16 that follow each other are neighbours.
 * What a share is does not hang on it. */
static void tile_sorted(struct cloud *c)
{
	struct flat at[CLOUD_MAX];
	int64_t half[CLOUD_MAX], weight[CLOUD_MAX];
	struct order o;

	order_of(c, &o);
	for (size_t i = 0; i < c->count; i++) {
		at[i] = c->at[o.at[i]];
		half[i] = c->half[o.at[i]];
		weight[i] = c->weight[o.at[i]];
	}
	memcpy(c->at, at, c->count * sizeof *at);
	memcpy(c->half, half, c->count * sizeof *half);
	memcpy(c->weight, weight, c->count * sizeof *weight);
	c->tiles = 0;
	for (size_t i = 0; i < STRIPS; i++)
		tile_strip(c, o.from[i * STRIP_PARTS],
			o.from[(i + 1) * STRIP_PARTS]);
}

/* n x n normals with weights w, `step` half sigmas apart; how far each row and
 * column of them lies off, x 4. */
struct lattice {
	const int32_t *w;
	int64_t n, step;
	struct flat row[LATTICE], col[LATTICE];
};

static struct lattice lattice_of(const struct cloud *c)
{
	struct lattice l = {.w = c->of ? coarse : lattice,
		.n = c->of ? COARSE : LATTICE, .step = c->of ? 2 : 1};

	for (int64_t i = 0; i < l.n; i++) {
		int64_t u = l.step * (2 * i - l.n + 1);

		l.row[i] = (struct flat){c->sigma[0].x * u, c->sigma[0].y * u};
		l.col[i] = (struct flat){c->sigma[1].x * u, c->sigma[1].y * u};
	}
	return l;
}

/* About the middle of 4 x 4 of them, however many are there. */
static void close_block(struct cloud *c, const struct lattice *l, int64_t i,
	int64_t j, struct tile *t)
{
	struct flat a = {(l->row[i].x + l->row[i + 3].x) / 2,
		(l->row[i].y + l->row[i + 3].y) / 2};
	struct flat b = {(l->col[j].x + l->col[j + 3].x) / 2,
		(l->col[j].y + l->col[j + 3].y) / 2};
	struct flat u = {l->row[i].x - a.x, l->row[i].y - a.y};
	struct flat v = {l->col[j].x - b.x, l->col[j].y - b.y};
	int64_t p = fixed_length((struct flat){u.x + v.x, u.y + v.y});
	int64_t m = fixed_length((struct flat){u.x - v.x, u.y - v.y});

	t->middle = (struct flat){(a.x + b.x) / 4, (a.y + b.y) / 4};
	t->middle_mm = fixed_length(t->middle);
	t->radius_mm = fixed_max(p, m) / 4 + 4;
	t->spread_mm = c->longer_mm + 3;
}

static bool in_core(const struct lattice *l, int64_t i)
{
	return i >= l->n / 4 && i < l->n * 3 / 4;
}

/* 4 x 4 of them from i, j, `but` the core of all. */
static void block(struct cloud *c, const struct lattice *l, int64_t i,
	int64_t j, bool but)
{
	struct tile *t = &c->tile[c->tiles++];
	size_t at = c->count;

	t->from = at;
	t->weight = 0;
	for (int64_t row = i; row < i + 4; row++) {
		for (int64_t col = j; col < j + 4; col++) {
			if (but && in_core(l, row) && in_core(l, col))
				continue;
			c->at[at].x = (l->row[row].x + l->col[col].x) / 4;
			c->at[at].y = (l->row[row].y + l->col[col].y) / 4;
			c->half[at] = 0;
			c->weight[at] =
				(int64_t)l->w[row] * l->w[col] / 1000;
			t->weight += c->weight[at];
			at++;
		}
	}
	t->count = at - c->count;
	c->total += t->weight;
	c->count = at;
	close_block(c, l, i, j, t);
}

/* Of 8 x 8 the middle 4 x 4, which have 99.5 % of the weight, are a tile. */
static void spread_out(struct cloud *c)
{
	struct lattice l = lattice_of(c);

	c->count = c->tiles = 0;
	c->total = 0;
	for (int i = 0; i < 2; i++)
		c->axis[i] = (struct flat){c->sigma[i].x * 35 * l.step / 100,
			c->sigma[i].y * 35 * l.step / 100};
	c->longer_mm = fixed_max(
		fixed_length(c->axis[0]), fixed_length(c->axis[1]));
	c->shorter_mm = fixed_min(
		fixed_length(c->axis[0]), fixed_length(c->axis[1]));
	if (c->of)
		block(c, &l, COARSE / 4, COARSE / 4, false);
	for (int64_t i = 0; i < l.n; i += 4)
		for (int64_t j = 0; j < l.n; j += 4)
			block(c, &l, i, j, c->of != NULL);
}

static void start_normal(struct cloud *c)
{
	int64_t major = fixed_length(c->sigma[0]);
	int64_t minor = fixed_length(c->sigma[1]);

	c->normal = true;
	c->total = 1; /* there will be samples */
	c->radius_mm = fixed_max(major, minor) * 5 + 2;
	c->narrow = fixed_min(major, minor) * 100 <=
		fixed_max(major, minor) * 54;
}

static int64_t scaled(int64_t v, int64_t scale)
{
	return v * scale / CLOUD_SCALE_ONE;
}

static struct flat flat_scaled(struct flat v, int64_t scale)
{
	return (struct flat){scaled(v.x, scale), scaled(v.y, scale)};
}

static void fill_as(const struct cloud *of, struct cloud *c)
{
	c->count = of->count;
	c->total = of->total;
	for (size_t i = 0; i < c->count; i++) {
		c->at[i] = flat_scaled(of->at[i], c->scale);
		c->half[i] = scaled(of->half[i], c->scale);
		c->weight[i] = of->weight[i];
	}
	c->tiles = of->tiles;
	for (size_t i = 0; i < c->tiles; i++) {
		struct tile *t = &c->tile[i];

		*t = of->tile[i];
		t->middle = flat_scaled(t->middle, c->scale);
		t->middle_mm = fixed_length(t->middle);
		t->radius_mm = scaled(t->radius_mm, c->scale) + 4;
		t->spread_mm = scaled(t->spread_mm, c->scale);
	}
}

void cloud_fill(struct cloud *c)
{
	if (c->filled)
		return;
	c->filled = true;
	if (c->normal) {
		spread_out(c);
	} else if (c->of) {
		cloud_fill(c->of);
		fill_as(c->of, c);
	} else {
		tile_sorted(c);
	}
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
	struct parallel on = fixed_parallel(c->centre, c->centre.lat);

	for (size_t i = 0; i < r->cell_count; i++) {
		const struct cell *k = &r->cell[i];
		int64_t half, share;
		struct spot s;

		if (!fixed_place(k->lat_deg, k->lon_deg, &s) ||
			!fixed_of(k->half_side_m, 1000, &half) ||
			!fixed_of(k->share, 1e9, &share))
			continue;
		if (s.lat != on.lat) /* cells come in rows */
			on = fixed_parallel(c->centre, s.lat);
		add(c, fixed_on(c->centre, &on, s.lon),
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
	c->of = NULL;
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
		axes(r, c->err, c->sigma);
		start_normal(c);
	} else if (r->ring) {
		uniform(r, c);
	}
	if (c->err[0].x == 0 && c->err[0].y == 0) {
		c->err[0].x = c->radius_mm * (c->normal == false);
		c->err[1].y = c->err[0].x;
	}
	c->known = c->total > 0 && c->radius_mm < FIXED_FAR_MM / 2;
}

void cloud_scale(struct cloud *c, int64_t scale, struct cloud *out)
{
	out->known = c->known;
	out->filled = false;
	out->normal = c->normal;
	out->of = c;
	out->scale = scale;
	out->centre = c->centre;
	out->count = 0;
	for (int i = 0; i < 2; i++) {
		out->err[i] = flat_scaled(c->err[i], scale);
		out->sigma[i] = (struct flat){out->err[i].x * 10000 / 21460,
			out->err[i].y * 10000 / 21460};
	}
	if (c->normal)
		start_normal(out);
	else
		out->radius_mm = scaled(c->radius_mm, scale) + 2;
	if (out->radius_mm >= FIXED_FAR_MM / 2)
		out->known = false;
}

/* Of a normal, by eighths of its longer sigma: the samples of either lattice
 * within the circle, each to the part of its own normal that a straight border
 * there leaves, less a thousandth for what is rounded (tests/judge.c).  First
 * of a round one, then of one whose shorter sigma is 0.55 of the longer: a
 * longer one's samples are nearer. */
enum { WITHIN_ROWS = 41, LEAST_SIGMA_MM = 10000 };
static const int32_t within[2][WITHIN_ROWS] = {
	{0, 0, 0, 0, 0, 0, 146176, 307652, 346693, 431288, 464478, 575582,
		665313, 705042, 731841, 806195, 856015, 876500, 906083, 937360,
		952029, 965306, 971979, 982904, 986947, 990813, 992997, 995599,
		996758, 997558, 998063, 998449, 998700, 998817, 998898, 998949,
		998971, 998983, 998991, 998995, 998997},
	{0, 0, 0, 0, 0, 223504, 288590, 447268, 512512, 587480, 635373, 744101,
		778068, 837154, 859156, 908336, 935234, 947776, 957155, 975343,
		981794, 986345, 988994, 993653, 995396, 996476, 997116, 998045,
		998414, 998615, 998733, 998868, 998922, 998954, 998973, 998985,
		998991, 998995, 998997, 998998, 998999},
};

int32_t cloud_within(const struct cloud *c, int64_t mm)
{
	int64_t sigma = c->radius_mm / 5;

	if (!c->normal || mm <= 0 || sigma < LEAST_SIGMA_MM)
		return 0;
	return within[c->narrow][fixed_min(mm * 8 / sigma, WITHIN_ROWS - 1)];
}
