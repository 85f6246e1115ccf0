/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/pattern.h"

#include <string.h>

#include "base/maths.h"

#define BIN_S 0.002
enum {
	HALF = 675, /* 1.35 s */
	BINS = 2 * HALF + 1,
	LAGS = 560, /* 1.12 s each way: a leap second and some */
	LEAST_LAG = 7,
	BEFORE_LEAST = 4, /* sounds that make a pattern */
	AFTER_MOST = 12,
	WIDTH = 6, /* bins of a kernel to each side */
	OCCASIONS = 3,
	CHANGES_MAX = 16,
	ALIKE = 5, /* bins by which one step may differ from place to place */
	SLACK = 1, /* sounds by which its time may */
};
/* Arrivals repeat within 1-2 ms, places and picks add 3 (FP1, FP2). */
#define KERNEL_S 0.004
/* Of chance arrivals, 1/s. */
#define RATE 1.0
/* One sound may not decide: nats at most from each; and the limit, beyond what
 * 1,120 lags reach by chance in twelve sounds (tests/sensor.c). */
#define SOUND_MOST 6.0
#define LIMIT 18.0
/* Rounds of one burst repeat each other's arrivals: one occasion. */
#define OCCASION_S 10.0

struct template {
	double count[BINS]; /* arrivals, smoothed, a second */
	double ln[BINS];
	double sounds;
};

struct best {
	double score;
	int lag;
};

static int bin_of(double late_s)
{
	return (int)floor(late_s / BIN_S + 0.5) + HALF;
}

static double late(const struct sight *s, size_t i)
{
	return s->hearing->near[i].offset_s + s->shift_s;
}

static void add(struct template *t, const struct sight *s)
{
	t->sounds++;
	for (size_t i = 0; i < s->hearing->near_count; i++) {
		int at = bin_of(late(s, i) - s->lag_s);

		for (int b = at - WIDTH; b <= at + WIDTH; b++) {
			double u = (b - at) * BIN_S / KERNEL_S;

			if (b >= 0 && b < BINS)
				t->count[b] += m_exp(-0.5 * u * u) *
					0.39894228040143267794 / KERNEL_S;
		}
	}
}

static void take_logs(struct template *t)
{
	for (int b = 0; b < BINS; b++)
		t->ln[b] = t->count[b] > 0
			? m_log(RATE + t->count[b] / t->sounds)
			: 0; /* ln RATE */
}

/* What a lag gains for one sound over none, in nats. */
static double gain(const struct template *t, const struct sight *s, int zero,
	int lag)
{
	double sum = 0;

	for (size_t i = 0; i < s->hearing->near_count; i++) {
		int at = bin_of(late(s, i)) - zero, moved = at - lag;

		if (at >= 0 && at < BINS && moved >= 0 && moved < BINS)
			sum += t->ln[moved] - t->ln[at];
	}
	return fmax(-SOUND_MOST, fmin(SOUND_MOST, sum));
}

/* The best lag of the next sounds against the pattern so far; zero: the lag
 * that holds now, in bins. */
static struct best try_lags(const struct template *t, struct sight *const *s,
	size_t count, int zero)
{
	struct best best = {0, 0};

	for (int lag = -LAGS; lag <= LAGS; lag++) {
		double sum = 0;

		if (lag > -LEAST_LAG && lag < LEAST_LAG)
			continue;
		for (size_t k = 0; k < count; k++)
			sum += gain(t, s[k], zero, lag);
		if (sum > best.score)
			best = (struct best){sum, lag};
	}
	return best;
}

/* On how many occasions it gains. */
static int occasions(const struct template *t, struct sight *const *s,
	size_t count, int zero, int lag)
{
	struct instant last = INSTANT_UNKNOWN;
	int n = 0;

	for (size_t k = 0; k < count; k++) {
		if (gain(t, s[k], zero, lag) < 1)
			continue;
		if (!instant_known(last) ||
			instant_seconds(last, s[k]->fit->at) > OCCASION_S)
			n++;
		last = s[k]->fit->at;
	}
	return n;
}

static struct best score(const struct template *t, struct sight *const *s,
	size_t left, int zero)
{
	size_t count = left < AFTER_MOST ? left : AFTER_MOST;
	struct best b = try_lags(t, s, count, zero);

	if (b.score < LIMIT ||
		occasions(t, s, count, zero, b.lag) < OCCASIONS)
		b.score = 0;
	return b;
}

struct change { /* a step, after one sight and not after another */
	size_t before, after;
	int lag; /* bins */
};

struct changes {
	struct change at[CHANGES_MAX];
	size_t count;
};

/* A step that two places show is one: its bounds are the narrower ones. */
static void add_change(struct changes *c, struct change x)
{
	for (size_t i = 0; i < c->count; i++) {
		struct change *y = &c->at[i];

		if (x.before > y->after + SLACK ||
			y->before > x.after + SLACK || abs(x.lag - y->lag) >
				ALIKE)
			continue;
		y->before = x.before > y->before ? x.before : y->before;
		y->after = x.after < y->after ? x.after : y->after;
		return;
	}
	if (c->count < CHANGES_MAX)
		c->at[c->count++] = x;
}

/* Sights of one place, by time. */
static void align(struct sight *const *s, size_t n, const struct sight *first,
	struct template *t, struct changes *changes)
{
	struct best was = {0, 0}; /* at the sound before, if it may be a step */
	int zero = 0;

	memset(t, 0, sizeof *t);
	for (size_t k = 0; k < n; k++) {
		struct best b = {0, 0};

		s[k]->lag_s = zero * BIN_S;
		if (k >= BEFORE_LEAST) {
			take_logs(t);
			b = score(t, s + k, n - k, zero);
		}
		if (was.score > 0 && b.score <= was.score) {
			/* The ratio was greatest there: there it steps. */
			zero += was.lag;
			s[k - 1]->lag_s = s[k]->lag_s = zero * BIN_S;
			add_change(changes, (struct change){
				(size_t)(s[k - 2] - first),
				(size_t)(s[k - 1] - first), was.lag});
			add(t, s[k - 1]);
			b.score = 0;
		} else if (was.score > 0) {
			add(t, s[k - 1]);
		}
		was = b;
		if (was.score <= 0)
			add(t, s[k]);
	}
}

static bool usable(const struct sight *s)
{
	return s->hearing->near_count > 0 && isfinite(s->shift_s);
}

bool pattern_align(struct sight *s, size_t count, struct arena *a,
	struct fault *f)
{
	size_t mark = a->used, places = 0;
	struct template *t = arena_array(a, 1, sizeof *t, f);
	struct sight **of = t ? arena_array(a, count + 1, sizeof *of, f) : NULL;
	struct changes changes = {.count = 0};
	size_t *of_place;

	for (size_t i = 0; i < count; i++) {
		s[i].lag_s = 0;
		places = s[i].place >= places ? s[i].place + 1 : places;
	}
	of_place = of ? arena_array(a, places + 1, sizeof *of_place, f) : NULL;
	if (!of_place)
		return false;
	for (size_t i = 0; i < count; i++)
		of_place[s[i].place] += usable(&s[i]);
	for (size_t p = 0; p < places; p++) {
		size_t n = 0;

		if (of_place[p] < BEFORE_LEAST + OCCASIONS)
			continue;
		for (size_t i = 0; i < count; i++)
			if (s[i].place == p && usable(&s[i]))
				of[n++] = &s[i];
		align(of, n, s, t, &changes);
	}
	/* The clock is one for all places. */
	for (size_t i = 0; i < count; i++) {
		int lag = 0;

		for (size_t k = 0; k < changes.count; k++)
			if (i >= changes.at[k].after)
				lag += changes.at[k].lag;
		s[i].lag_s = lag * BIN_S;
	}
	a->used = mark;
	return true;
}
