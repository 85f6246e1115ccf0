/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kinds.c - what a sound was, from its clues: sums, what is not known, what
 * does not go together, rounds, and the charge.  That the probabilities are
 * right as often as they say is tested on simulated sounds (kinds.sh). */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "locate/classify.h"

static struct clues nothing(void)
{
	struct clues c = {.calibrated = 0};

	for (size_t i = 0; i < CLUE_COUNT; i++)
		c.x[i] = NAN;
	return c;
}

/* As ten kilograms a kilometre off, at 16 sources 500 samples a second. */
static struct clues bomb(void)
{
	struct clues c = nothing();

	c.x[CLUE_LONG] = -0.8;
	c.x[CLUE_SHAPE] = -0.18;
	c.x[CLUE_FIT] = 0.92;
	c.x[CLUE_KG] = 1;
	c.x[CLUE_SLOPE] = 0;
	c.x[CLUE_ROLL] = c.x[CLUE_BEFORE] = 0.05;
	c.x[CLUE_UP] = 1;
	c.x[CLUE_HIGH] = 0;
	c.x[CLUE_OTHERS] = 1;
	c.calibrated = 16;
	return c;
}

static enum kind best(const double kind[KIND_COUNT])
{
	size_t top = 0;

	for (size_t k = 1; k < KIND_COUNT; k++)
		if (kind[k] > kind[top])
			top = k;
	return (enum kind)top;
}

static void sums(void)
{
	struct clues c = bomb();
	double kind[KIND_COUNT], sum = 0, sure, own;

	classify(&c, kind);
	for (size_t k = 0; k < KIND_COUNT; k++)
		sum += kind[k];
	CHECK(fabs(sum - 1) < 1e-12, "probabilities sum to one");
	CHECK(best(kind) == KIND_EXPLOSION && kind[KIND_EXPLOSION] > 0.7,
		"a bomb is an explosion: %.3f", kind[KIND_EXPLOSION]);
	sure = kind[KIND_EXPLOSION];
	own = kind[KIND_UNKNOWN];
	for (size_t k = 0; k < CLUE_ROLL; k++)
		c.x[k] = NAN;
	classify(&c, kind);
	CHECK(kind[KIND_EXPLOSION] < sure && kind[KIND_UNKNOWN] > own,
		"less so when half is not known: %.3f, unknown %.3f",
		kind[KIND_EXPLOSION], kind[KIND_UNKNOWN]);
	c = nothing();
	classify(&c, kind);
	CHECK(best(kind) == KIND_UNKNOWN && kind[KIND_UNKNOWN] >= 0.45,
		"nothing known is unknown: %.3f", kind[KIND_UNKNOWN]);
}

static void odd(void)
{
	struct clues c = bomb();
	double kind[KIND_COUNT];

	c.x[CLUE_OTHERS] = 0;
	classify(&c, kind);
	CHECK(best(kind) == KIND_UNKNOWN,
		"heard by one owner, by no other as near: unknown %.3f",
		kind[KIND_UNKNOWN]);
	c = bomb();
	c.x[CLUE_KG] = -9;
	c.x[CLUE_UP] = 0;
	c.x[CLUE_FIT] = 0.05;
	c.x[CLUE_LONG] = 6;
	classify(&c, kind);
	CHECK(best(kind) == KIND_UNKNOWN,
		"what does not go together: unknown %.3f",
		kind[KIND_UNKNOWN]);
	c = bomb();
	for (size_t k = 0; k < CLUE_COUNT; k++)
		c.x[k] = k % 2 ? 1e9 : -1e9;
	classify(&c, kind);
	CHECK(isfinite(kind[KIND_UNKNOWN]) && best(kind) == KIND_UNKNOWN,
		"absurd clues: unknown %.3f", kind[KIND_UNKNOWN]);
}

static void charges(void)
{
	struct clues c = bomb();
	struct yield y = classify_yield(&c);

	CHECK(y.low_kg < 10 && y.high_kg > 10 && y.high_kg / y.low_kg < 100,
		"ten kilograms: %.2g to %.2g", y.low_kg, y.high_kg);
	c.calibrated = 4;
	CHECK(classify_yield(&c).high_kg > y.high_kg,
		"fewer sources, wider interval");
	c.calibrated = 0;
	y = classify_yield(&c);
	CHECK(isnan(y.low_kg) && isnan(y.high_kg),
		"no level known, no charge");
}

static struct clue_round sound(double t_s, double north_m)
{
	const struct instant zero = {INT64_C(1770000000000000000)};

	return (struct clue_round){instant_plus_s(zero, t_s),
		48 + north_m / 111200, 37, 5};
}

static void rounds(void)
{
	const struct clue_round r[] = {sound(0, 0), sound(0.5, 5),
		sound(0.8, 900), sound(1.0, -5), sound(1.5, 0), sound(30, 0)};
	struct clues c = nothing();

	clues_rounds(r, 6, 0, &c);
	CHECK(fabs(c.x[CLUE_GAP] - m_log(0.5)) < 1e-3 &&
		c.x[CLUE_EVEN] < -4,
		"four rounds as even as a clock: %.3f, %.3f",
		c.x[CLUE_GAP], c.x[CLUE_EVEN]);
	c = nothing();
	clues_rounds(r, 6, 2, &c);
	CHECK(isnan(c.x[CLUE_GAP]), "elsewhere: alone");
	clues_rounds(r, 6, 5, &c);
	CHECK(isnan(c.x[CLUE_GAP]) && isnan(c.x[CLUE_EVEN]),
		"later: alone, and no interval");
}

int main(void)
{
	sums();
	odd();
	charges();
	rounds();
	return check_done();
}
