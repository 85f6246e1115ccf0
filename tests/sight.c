/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sight.c - the nearest point of a line: of a long one as of each of its
 * stretches by itself, of one that is as near on two sides whichever comes
 * first, and of none of what lies on the far side of the Earth. */
#include "check.h"
#include "judge/judge.h"
#include "judge/sight.h"
#include "outline.h"

#include <math.h>

enum { CORNERS = 6000, CENTRES = 12, POINTS = 60 };

static struct arena arena;
static struct point zigzag[CORNERS];
static const struct point north[] = {{0.01, -0.05}, {0.01, 0.05}};
static const struct point south[] = {{-0.01, -0.05}, {-0.01, 0.05}};
static const struct point east[] = {{-0.05, 0.01}, {0.05, 0.01}};
static const struct point west[] = {{-0.05, -0.01}, {0.05, -0.01}};
static const struct point eastward[] = {{48.1, -143.05}, {48.1, -142.95}};
static const struct point westward[] = {{48.1, -142.95}, {48.1, -143.05}};
static const struct ring rings[] = {{zigzag, CORNERS}, {north, 2}, {south, 2},
	{north, 2}, {eastward, 2}, {westward, 2},
	{east, 2}, {west, 2}, {east, 2}};

/* Of some of those rings. */
static const struct outline *line_of(size_t from, size_t count)
{
	return outline_of(&rings[from], count, &arena);
}

static uint64_t seed = 3;

static int32_t uniform(int32_t low, int32_t high)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return low + (int32_t)((seed >> 33) % (uint64_t)(high - low));
}

/* Each stretch by itself, in real numbers. */
static double nearest_of_all(const struct outline *o, struct spot centre,
	struct flat p)
{
	double least = INFINITY;

	for (size_t i = 0; i < o->chunks; i++)
		for (size_t k = 0; k < o->chunk[i].count; k++) {
			const struct stretch *s =
				&o->stretch[o->chunk[i].from + k];
			struct flat a = fixed_flat(centre, s->a);
			struct flat b = fixed_flat(centre, s->b);
			double dx = (double)(b.x - a.x);
			double dy = (double)(b.y - a.y);
			double x = (double)(p.x - a.x), y = (double)(p.y - a.y);
			double n = dx * dx + dy * dy;
			double t = n > 0 ? (x * dx + y * dy) / n : 0;

			t = fmin(1, fmax(0, t));
			least = fmin(least, hypot(x - t * dx, y - t * dy));
		}
	return least;
}

/* A line that turns at random within a degree: more stretches than one cluster
 * of boxes holds, many of them far from where it is asked. */
static void test_long(void)
{
	const struct outline *o;
	double worst = 0;

	for (int i = 0; i < CORNERS; i++)
		zigzag[i] = (struct point){
			48 + uniform(-100, 100) * 1e-5 + i * 1e-4,
			37 + uniform(-100, 100) * 1e-5};
	o = line_of(0, 1);
	for (int c = 0; c < CENTRES; c++) {
		struct spot centre = {uniform(480000000, 486000000),
			uniform(369000000, 371000000)};
		size_t mark = arena.used;
		struct sight v;
		struct fault f;

		sight_start(&v, o, centre);
		if (!sight_make(&v, FIXED_FAR_MM, &arena, &f))
			abort();
		for (int i = 0; i < POINTS; i++) {
			struct flat p = {uniform(-30000000, 30000000),
				uniform(-30000000, 30000000)};
			double is = (double)fixed_length(sight_nearest(&v, p));

			worst = fmax(worst,
				fabs(is - nearest_of_all(o, centre, p)));
		}
		arena.used = mark;
	}
	CHECK(o->chunks > 512, "%zu chunks of a long line", o->chunks);
	CHECK(worst < 70, "its nearest point is that of its stretches, "
		"within %.1f mm", worst);
}

static struct flat from_centre(const struct outline *o, struct spot centre)
{
	struct sight v;
	struct fault f;

	sight_start(&v, o, centre);
	if (!sight_make(&v, 2 * FIXED_FAR_MM, &arena, &f))
		abort();
	return sight_nearest(&v, (struct flat){0, 0});
}

static void test_equals(void)
{
	struct spot zero = {0, 0};
	struct flat a = from_centre(line_of(1, 2), zero);
	struct flat b = from_centre(line_of(2, 2), zero);

	CHECK(a.x == b.x && a.y == b.y && a.x == 0 && a.y < -1000000,
		"as near north and south: seen from the north, either way");
	a = from_centre(line_of(6, 2), zero);
	b = from_centre(line_of(7, 2), zero);
	CHECK(a.x == b.x && a.y == b.y && a.y == 0 && a.x < -1000000,
		"as near east and west: seen from the east, either way");
}

static void test_far_side(void)
{
	struct spot centre = {480000000, 370000000};

	for (size_t i = 4; i < 6; i++)
		CHECK(fixed_length(from_centre(line_of(i, 1), centre)) >=
				FIXED_FAR_MM,
			"a line %s over 143 W is far from 37 E",
			i == 4 ? "eastward" : "westward");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 28, &f))
		return 1;
	test_long();
	test_equals();
	test_far_side();
	arena_unmap(&arena);
	return check_done();
}
