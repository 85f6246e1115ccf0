/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reach.c - what is said of a share by little geometry is what each sample
 * says: of lines that wind, bend about the place or pass through it, and of
 * errors of all shapes, as they are and bigger or smaller. */
#include "check.h"
#include "dice.h"
#include "judge/reach.h"
#include "outline.h"

#include <math.h>

enum { CORNERS = 400, PLACES = 700, LIMITS = 12 };

static struct arena arena;
static struct point corner[CORNERS];
static struct cell cell[REGION_CELLS_MAX];

/* Of the corners as they are now. */
static const struct outline *line_now(void)
{
	static const struct ring ring = {corner, CORNERS};

	return outline_of(&ring, 1, &arena);
}

/* About 48, 37: across from south to north and back, or round it. */
static void draw(int manner)
{
	double wide = pow(10, -5 + 4 * uniform()), turn = 0, r = 0.2 * wide;
	double lat = 48, lon = 37 + wide * (uniform() - 0.5);

	for (int i = 0; i < CORNERS; i++) {
		turn += (uniform() - 0.5) * 0.6;
		if (manner % 3 == 0) { /* straight but for its teeth */
			lat = 48 + (i - CORNERS / 2) * wide / 40;
			lon = 37 + wide * (uniform() + manner % 7) * 0.2;
		} else if (manner % 3 == 1) { /* wandering */
			lat += r * cos(turn);
			lon += r * sin(turn);
		} else { /* about the place, more or less */
			lat = 48 + wide * cos(i * 0.0158) * (1 + 0.02 *
				uniform());
			lon = 37 + 1.4 * wide * sin(i * 0.0158);
		}
		corner[i] = (struct point){lat, lon};
	}
}

static struct place place_of(int manner)
{
	struct place p = PLACE_UNKNOWN;
	double major = pow(10, -1 + 5 * uniform());

	p.lat_deg = 48 + 0.02 * (uniform() - 0.5);
	p.lon_deg = 37 + 0.02 * (uniform() - 0.5);
	p.region.level = 0.9;
	p.region.ellipse.semi_major_m = major;
	p.region.ellipse.semi_minor_m = major * (manner % 4 == 0 ? 1
		: manner % 4 == 1 ? 0 : uniform());
	p.region.ellipse.azimuth_deg = 360 * uniform();
	if (manner % 5 != 0)
		return p;
	p.region.cell = cell;
	p.region.cell_count = 1 + (size_t)(uniform() * REGION_CELLS_MAX);
	for (size_t i = 0; i < p.region.cell_count; i++)
		cell[i] = (struct cell){
			p.lat_deg + major * 1e-5 * (uniform() - 0.5),
			p.lon_deg + major * 1e-5 * (uniform() - 0.5),
			major * (i % 7 == 0 ? 0 : 0.05), uniform()};
	return p;
}

static int64_t along(struct flat axis, struct flat way, int64_t n)
{
	int64_t dot = axis.x * way.x + axis.y * way.y;

	return dot < 0 ? -(-dot / n) : dot / n;
}

/* One sample's normal across the way to its nearest point, or its square. */
static int64_t spread(const struct cloud *c, size_t i, struct flat way)
{
	int64_t n = fixed_length(way);

	if (!c->normal)
		return c->half[i];
	if (n == 0)
		return fixed_max(fixed_length(c->axis[0]),
			fixed_length(c->axis[1]));
	return fixed_length((struct flat){along(c->axis[0], way, n),
		along(c->axis[1], way, n)});
}

static int32_t within(const struct cloud *c, int64_t room, int64_t wide)
{
	if (wide == 0)
		return room >= 0 ? CHANCE_SURE : 0;
	if (c->normal)
		return fixed_phi(room, wide);
	if (room <= -wide || room >= wide)
		return room > 0 ? CHANCE_SURE : 0;
	return (int32_t)((room + wide) * CHANCE_SURE / (2 * wide));
}

static struct flat way[CLOUD_MAX]; /* from each sample's nearest point */

/* Each sample asked, none spared. */
static void ask_all(const struct outline *o, struct cloud *c)
{
	size_t mark = arena.used;
	struct sight v;
	struct fault f;

	cloud_fill(c);
	sight_start(&v, o, c->centre);
	if (!sight_make(&v, 2 * FIXED_FAR_MM, &arena, &f))
		abort();
	for (size_t i = 0; i < c->count; i++)
		way[i] = sight_nearest(&v, c->at[i]);
	arena.used = mark;
}

static int32_t share_by_all(const struct cloud *c, int64_t limit)
{
	int64_t sum = 0;

	for (size_t i = 0; i < c->count; i++)
		sum += c->weight[i] * within(c, limit - fixed_length(way[i]),
					      spread(c, i, way[i]));
	return (int32_t)((sum + c->total / 2) / c->total);
}

struct found {
	size_t asked, open[CARE_FULL + 1];
	bool held, right;
};

/* Each way of asking once, of a reach that remembers the others or not. */
static void ask(const struct asking *q, struct reach *r, int64_t limit,
	int32_t is, struct found *found)
{
	static const int32_t far[] = {0, 1, -1, 2, -1000, 30000, -200000};
	enum care care = (enum care)(uniform() * (CARE_FULL + 1));
	int32_t ppm = is + far[(size_t)(uniform() * 7)], share;
	struct hold h;
	bool yes;

	if (uniform() < 0.2)
		ppm = uniform() < 0.5 ? 1 : 980000;
	if (uniform() < 0.5) {
		if (!reach_hold(q, r, limit, care, &h))
			abort();
		found->held = found->held && h.low <= is && is <= h.high;
		found->open[care] += h.low < h.high;
	}
	if (ppm > 0 && ppm <= CHANCE_SURE) {
		if (!reach_at_least(q, r, limit, ppm, &yes))
			abort();
		found->right = found->right && yes == (is >= ppm);
	}
	if (uniform() < 0.3) {
		if (!reach_share(q, r, limit, &share))
			abort();
		found->right = found->right && share == is;
	}
	found->asked++;
}

static void of_cloud(struct cloud *c, struct reach *base, struct sight *v,
	struct found *found)
{
	struct reach own = {.centre_mm = base->centre_mm,
		.toward = base->toward, .base = base};
	struct reach *r = c->of ? &own : base;
	struct fault f;
	struct asking q = {c, v, &arena, &f};

	ask_all(v->outline, c);
	for (int i = 0; i < LIMITS; i++) {
		double z = 2 * uniform() - 1;
		int64_t limit = base->centre_mm +
			(int64_t)(z * z * z * 1.1 * (double)c->radius_mm);
		int32_t is = limit - base->centre_mm >= c->radius_mm
				? CHANCE_SURE
			: base->centre_mm - limit > c->radius_mm ? 0
			: -1;

		if (is < 0) /* else settled: nobody looks at 4e-6 */
			is = share_by_all(c, limit);
		ask(&q, r, limit, is, found);
	}
}

static void test_shares(void)
{
	static const int64_t scales[] = {1126, 2048, 8192, 922, 102};
	static struct cloud c[2];
	struct found found = {.held = true, .right = true};
	size_t lines = arena.used;

	for (int i = 0; i < PLACES; i++) {
		const struct outline *o;
		struct place p = place_of(i);
		struct reach base = {0};
		struct sight v;
		struct fault f;

		arena.used = lines;
		draw(i);
		o = line_now();
		cloud_of(&p, &c[0]);
		sight_start(&v, o, c[0].centre);
		if (!reach_centre(&(struct asking){c, &v, &arena, &f}, &base))
			abort();
		of_cloud(&c[0], &base, &v, &found);
		cloud_scale(&c[0], scales[i % 5], &c[1]);
		if (c[1].known)
			of_cloud(&c[1], &base, &v, &found);
		of_cloud(&c[0], &base, &v, &found);
	}
	CHECK(found.held, "of %zu shares each lies within what is said of it "
		"by the centre, by points, tiles and samples", found.asked);
	CHECK(found.right, "and each is so much, or not, as all its samples "
		"say");
	CHECK(found.open[CARE_POINTS] > found.open[CARE_TILES] &&
		found.open[CARE_CENTRE] > found.open[CARE_POINTS] &&
		found.open[CARE_FULL] == 0,
		"with more care less is open: %zu, %zu, %zu, none",
		found.open[CARE_CENTRE], found.open[CARE_POINTS],
		found.open[CARE_TILES]);
}

/* Of a border: no two points tell on which side of it a sample is. */
static void test_border(void)
{
	static struct cloud c;
	struct found found = {.right = true};
	size_t lines = arena.used;

	for (int i = 0; i < PLACES / 10; i++) {
		struct place p = place_of(i);
		struct outline o;
		struct sight v;
		struct reach r = {0};
		struct fault f;
		struct asking q = {&c, &v, &arena, &f};

		arena.used = lines;
		draw(2);
		o = *line_now();
		o.closed = true;
		cloud_of(&p, &c);
		sight_start(&v, &o, c.centre);
		if (!reach_centre(&q, &r))
			abort();
		for (int k = 0; k < LIMITS; k++) {
			struct reach other = r;
			int64_t limit = r.centre_mm + (int64_t)(
				(2 * uniform() - 1) * (double)c.radius_mm);
			int32_t is, ppm = 1 + (int32_t)(uniform() * 999999);
			bool yes;

			if (!reach_at_least(&q, &other, limit, ppm, &yes) ||
				!reach_share(&q, &r, limit, &is))
				abort();
			found.right = found.right && yes == (is >= ppm);
			found.asked++;
		}
	}
	CHECK(found.right, "%zu shares within a border, too", found.asked);
}

/* Memory ends anywhere: a fault, or the same answer. */
static void test_little_memory(void)
{
	static struct cloud c[2];
	size_t lines = arena.used, failed = 0, done = 0;
	bool right = true;

	for (int i = 0; i < 40; i++) {
		struct place p = place_of(i);
		const struct outline *o;

		arena.used = lines;
		draw(i);
		o = line_now();
		for (size_t size = 0; size < 120000; size += 1 + size / 12) {
			struct arena small = arena_on(arena.at +
				((arena.used + 63) & ~(size_t)63), size);
			struct sight v;
			struct reach r = {0};
			struct fault f;
			struct asking q = {&c[i % 2], &v, &small, &f};
			int64_t limit;
			int32_t is;
			struct hold h;
			bool yes;

			cloud_of(&p, &c[0]);
			cloud_scale(&c[0], 2048, &c[1]);
			sight_start(&v, o, c[0].centre);
			if (!reach_centre(&q, &r)) {
				failed++;
				continue;
			}
			limit = r.centre_mm + c[0].radius_mm / 20;
			if (!(size % 3 == 0 ? reach_share(&q, &r, limit, &is)
					    : size % 3 == 1
					? reach_hold(&q, &r, limit, CARE_TILES,
						  &h)
					: reach_at_least(&q, &r, limit, 620000,
						  &yes)) ||
				!reach_at_least(&q, &r, limit, 620000, &yes)) {
				failed++;
				continue;
			}
			ask_all(o, &c[i % 2]);
			right = right && yes == (share_by_all(
				&c[i % 2], limit) >= 620000);
			done++;
		}
	}
	CHECK(right && failed > 0 && done > 0, "where memory ends: %zu times "
		"a fault, %zu the same answer", failed, done);
}

int main(void)
{
	struct fault f;

	seed = 11;
	(void)normal;
	if (!arena_map(&arena, (size_t)1 << 28, &f))
		return 1;
	test_shares();
	test_border();
	test_little_memory();
	arena_unmap(&arena);
	return check_done();
}
