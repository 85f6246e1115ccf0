/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * signal.c - what samples say of their sensor: stuck, dead, clipped, looped;
 * and that live noise, quiet or loud, says nothing, however it is cut. */
#include <string.h>

#include "base/maths.h"
#include "check.h"
#include "dice.h"
#include "watch/signal.h"

enum { RATE = 500, MINUTES = 40, ALL = MINUTES * 60 * RATE, ROWS = 32 };
#define T0 INT64_C(1770091203000000000)

static int32_t counts[ALL];
static struct signal state;
static struct signal_mark mark[SIGNAL_MARKS];
static struct health row[ROWS];
static size_t rows;
static struct { /* of doubt, at the ends of pieces: seconds */
	double first, last, since;
} doubt;
static bool keep(void *self, const struct health *h, struct fault *f)
{
	(void)self;
	(void)f;
	if (rows < ROWS)
		row[rows++] = *h;
	return true;
}

static void note_doubt(double now_s)
{
	struct instant since;

	if (!signal_doubt(&state, &since))
		return;
	if (isnan(doubt.first)) {
		doubt.first = now_s;
		doubt.since = (double)(since.utc_ns - T0) * 1e-9;
	}
	doubt.last = now_s;
}

/* Pieces of up to `most` samples. */
static void hear(size_t most)
{
	struct healths to = {keep, NULL};
	struct fault f = {0};
	bool ok = true;

	rows = 0;
	doubt.first = doubt.last = doubt.since = NAN;
	signal_start(&state, "S1", mark);
	for (size_t at = 0; at < ALL && ok;) {
		size_t n = 1 + (size_t)(uniform() * (double)most);
		struct segment s = {.channel = "S1", .rate_hz = RATE,
			.start = {T0 + (int64_t)at * (1000000000 / RATE)},
			.counts = counts + at,
			.count = n < ALL - at ? n : ALL - at};

		ok = signal_next(&state, &s, &to, &f);
		at += s.count;
		note_doubt((double)at / RATE);
	}
	CHECK_QUIET(ok && signal_finish(&state, &to, &f), "%s", f.text);
}

static void noise(double sigma)
{
	for (size_t i = 0; i < ALL; i++)
		counts[i] = (int32_t)floor(sigma * normal() + 0.5);
}

/* Sums of a block of fractions, cut into pieces. */
static void sums(size_t piece, double out[2 * SIGNAL_LANES])
{
	static float x[9 * RATE]; /* of two blocks */
	struct healths to = {keep, NULL};
	struct fault f = {0};
	bool ok = true;

	seed = 12;
	for (size_t i = 0; i < sizeof x / sizeof *x; i++)
		x[i] = (float)(0.1 * normal());
	signal_start(&state, "S1", mark);
	for (size_t at = 0; at < sizeof x / sizeof *x && ok;) {
		size_t left = sizeof x / sizeof *x - at;
		struct segment s = {.channel = "S1", .rate_hz = RATE,
			.start = {T0 + (int64_t)at * (1000000000 / RATE)},
			.values = x + at,
			.count = piece < left ? piece : left};

		ok = signal_next(&state, &s, &to, &f);
		at += s.count;
	}
	CHECK_QUIET(ok, "%s", f.text);
	memcpy(out, state.sum, sizeof state.sum);
	memcpy(out + SIGNAL_LANES, state.sum2, sizeof state.sum2);
}

static void sums_alike(void)
{
	double whole[2 * SIGNAL_LANES], cut[2 * SIGNAL_LANES];

	sums(100000, whole);
	sums(37, cut);
	CHECK(whole[0] != 0 && memcmp(whole, cut, sizeof whole) == 0,
		"sums of fractions are the same bytes in pieces of 37");
}

static double from_s(const struct health *h)
{
	return (double)(h->span.from.utc_ns - T0) * 1e-9;
}

static double to_s(const struct health *h)
{
	return (double)(h->span.to.utc_ns - T0) * 1e-9;
}

static void one(const char *name, const char *why, double from, double to,
	double slack)
{
	bool good = rows == 1 && strcmp(row[0].why, why) == 0 &&
		fabs(from_s(&row[0]) - from) <= slack &&
		fabs(to_s(&row[0]) - to) <= slack;

	CHECK(good, "%s", name);
	for (size_t i = 0; i < rows && !good; i++)
		printf("# %s %.1f to %.1f s, %g\n", row[i].why,
			from_s(&row[i]), to_s(&row[i]), row[i].measure.value);
}

/* A dead channel of fractions: zero of either sign. */
static void two_zeros(void)
{
	static float x[60 * RATE];
	struct healths to = {keep, NULL};
	struct fault f = {0};
	struct segment s = {.channel = "S1", .rate_hz = RATE, .start = {T0},
		.values = x, .count = sizeof x / sizeof *x};

	for (size_t i = 0; i < s.count; i++)
		x[i] = i < 10 * RATE ? (float)normal() : i % 3 ? 0.0f : -0.0f;
	rows = 0;
	signal_start(&state, "S1", mark);
	CHECK_QUIET(signal_next(&state, &s, &to, &f) &&
		signal_finish(&state, &to, &f), "%s", f.text);
	one("zeros of both signs are dead", SIGNAL_DEAD, 10, 60, 0.01);
}

int main(void)
{
	static int32_t copy[ALL];
	struct health first[ROWS];
	size_t n;

	noise(300);
	hear(5000);
	CHECK(rows == 0, "noise says nothing");
	noise(2);
	hear(5000);
	CHECK(rows == 0, "nor does the least noise");
	for (size_t i = 0; i < ALL; i++)
		counts[i] = (int32_t)(3000 * m_sin((double)i * 0.011) +
			300 * normal());
	hear(5000);
	CHECK(rows == 0 && isnan(doubt.first), "nor hum in noise");

	noise(300);
	for (size_t i = 100 * RATE; i < 130 * RATE; i++)
		counts[i] = 77;
	hear(4000);
	one("stuck for 30 s", SIGNAL_STUCK, 100, 130, 0.01);
	CHECK(doubt.first >= 105 && doubt.first < 113.1 &&
		fabs(doubt.since - 100) < 0.01 && doubt.last >= 130 &&
		doubt.last < 140.1, "and in doubt while it is, from %.1f to "
		"%.1f s", doubt.first, doubt.last);
	for (size_t i = 100 * RATE; i < 130 * RATE; i++)
		counts[i] = 0;
	hear(4000);
	one("zero for 30 s", SIGNAL_DEAD, 100, 130, 0.01);
	noise(300);
	for (size_t i = 1500 * RATE; i < 1800 * RATE; i++)
		counts[i] = (int32_t)floor(2 * normal() + 0.5);
	hear(4000);
	one("a cut cable", SIGNAL_DEAD, 1500, 1800, 21);
	CHECK(doubt.first < 1530 && doubt.last > 1790 && doubt.last < 1820,
		"and in doubt from %.0f to %.0f s", doubt.first, doubt.last);

	noise(300);
	for (size_t i = 600 * RATE; i < 660 * RATE; i++) {
		double x = 40000 * m_sin((double)i * 0.04);

		counts[i] = (int32_t)fmax(-32768, fmin(32767, x));
	}
	hear(4000);
	one("at the rails for a minute", SIGNAL_CLIPPED, 600, 660, 11);
	noise(300);
	counts[1000 * RATE] = counts[1000 * RATE + 1] = 32767;
	hear(4000);
	CHECK(rows == 0, "two samples at the rail do no harm");

	noise(300);
	memcpy(copy, counts, sizeof copy);
	memcpy(counts + 1200 * RATE, copy + 100 * RATE,
		300 * RATE * sizeof *counts);
	hear(4000);
	one("five minutes of the past", SIGNAL_LOOPED, 1200, 1500, 60);
	CHECK(rows > 0 && fabs(row[0].measure.value - 1100) < 0.01,
		"and how long ago they were");
	memcpy(first, row, sizeof first);
	n = rows;
	hear(37);
	CHECK(n == rows && memcmp(&first[0].span, &row[0].span,
		sizeof row[0].span) == 0, "the same in small pieces");
	noise(300);
	for (size_t i = 600 * RATE; i < ALL; i++)
		counts[i] = counts[i - 40 * RATE];
	hear(4000);
	one("a loop of 40 s", SIGNAL_LOOPED, 600, MINUTES * 60, 100);
	sums_alike();
	two_zeros();
	return check_done();
}
