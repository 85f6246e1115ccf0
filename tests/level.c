/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * level.c - levels that fall as one sound's do speak for its place; a place
 * farther back, or an arrival of another sound, is paid for, and no single one
 * decides. */
#include "check.h"

#include "base/maths.h"
#include "locate/level.h"

enum { EARS = 6 };
static struct pick pick[EARS];
static struct post post[EARS];
static ptrdiff_t choice[EARS];
static struct scene scene = {.pick = pick, .range_m = 3500};
static struct lee lee;
static struct view view = {.scene = &scene, .post = post, .posts = EARS,
	.air = {.c_ms = 340, .sigma_w_ms = 2}, .lee = &lee};
static struct origin origin = {.choice = choice};

/* All on one side, the first at 150 m. */
static void heard(void)
{
	for (int i = 0; i < EARS; i++) {
		double d = 150 + 600.0 * i;

		post[i] = (struct post){.x_m = d};
		pick[i] = (struct pick){.calibrated = true,
			.level_db = 110 - 22 * m_log10(d / 150)};
		choice[i] = i;
	}
}

static double at(double x_m)
{
	return level_ln(&view, &origin, (struct xy){x_m, 0}, NULL);
}

int main(void)
{
	double here;

	lee_for(&lee, 0, 2, scene.range_m);
	heard();
	here = at(0);
	CHECK(fabs(here - 0.467 * (EARS - 1)) < 0.01, "all fit: %.3f", here);
	CHECK(at(-600) < here - 1.5, "600 m back: %.3f", at(-600));
	CHECK(at(130) < here - 1, "130 m on: %.3f", at(130));
	pick[3].level_db -= 40;
	CHECK(at(0) < here - 4 && at(0) > here - 10, "one of another: %.3f",
		at(0));
	heard();
	for (int i = 0; i < EARS; i++)
		pick[i].level_db += 30;
	CHECK(fabs(at(0) - here) < 1e-9, "the charge does not matter");
	for (int i = 2; i < EARS; i++)
		pick[i].calibrated = false;
	CHECK(at(0) == 0, "two say nothing");
	heard();
	view.lee = NULL;
	CHECK(at(0) == 0, "not asked for");
	return check_done();
}
