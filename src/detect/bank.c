/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "detect/bank.h"

#include "base/maths.h"

enum { LANES = KERNEL_LANES, BLOCK = KERNEL_BLOCK };

static const double ln2 = 0.69314718055994531;
static const double false_per_hour = 4; /* over all bands, WAVEFORM.md 3.1 */
static const double histogram_h = 6;

/* What S/L is compared with, after a lane switched or its level moved. */
static void set_level(struct bank *b, size_t i)
{
	struct lane *l = &b->lane[i];
	double on = l->threshold.on;

	l->again = (float)m_exp(on);
	gains_level(&b->gains, i, (float)m_exp(l->is_on ? on - ln2 : on));
}

/* A slow channel hears the lower part of a band: its top comes down to 0.4 of
 * the rate while an octave is left.  (Demonstration day, 80 Hz: a 1-10 kg
 * blast peaks at 30-60 Hz; with the band cut off instead, one node noticed 35
 * of 42 blasts, with 10-32 Hz all 42, and onsets were 4 times sharper.) */
static struct band fit(struct band b, double rate_hz)
{
	double top = 0.4 * rate_hz;

	if (b.high_hz > top && top >= 2 * b.low_hz)
		b.high_hz = top;
	return b;
}

static void start_lane(struct bank *b, size_t i)
{
	struct band *band = &b->band[i];
	struct lane *l = &b->lane[i];
	double width, was = band->high_hz;
	uint64_t last;

	*band = fit(b->nominal[i], b->rate_hz);
	width = band->high_hz - band->low_hz;
	l->active = band->high_hz <= 0.45 * b->rate_hz;
	l->is_on = false;
	l->since = 0;
	/* No two of one T_S, and two a second are enough. */
	l->every = (uint32_t)fmax(1, fmax(band->short_s, 0.5) * b->rate_hz /
				BLOCK);
	l->settled = (uint64_t)(2 / band->low_hz * b->rate_hz) + 1;
	l->warm = l->settled + (uint64_t)(50 / width * b->rate_hz);
	if (band->high_hz > was || band->high_hz < was)
		threshold_start(&l->threshold, width, band->short_s,
			false_per_hour / LANES);
	if (!l->active) {
		gains_none(&b->gains, i);
		return;
	}
	last = l->settled + (uint64_t)((band->long_s + 1) * b->rate_hz);
	b->steady = last > b->steady ? last : b->steady;
	gains_tune(&b->gains, i, band, b->rate_hz, b->floor);
	set_level(b, i);
}

void bank_start(struct bank *b, double rate_hz, double floor)
{
	b->rate_hz = rate_hz;
	b->samples = b->steady = 0;
	b->on = 0;
	b->floor = floor;
	memset(&b->kernel, 0, sizeof b->kernel);
	for (size_t i = 0; i < LANES; i++)
		start_lane(b, i);
}

static void switch_on(struct bank *b, size_t i, const struct bank_ear *ear)
{
	struct lane *l = &b->lane[i];
	uint64_t n = b->samples;
	/* Noise before it is before it: look back, but not into the last. */
	double back_s = fmax(0.2, 1 / b->band[i].low_hz);
	uint64_t back = (uint64_t)(back_s * b->rate_hz);
	uint64_t after = n > back ? n - back : 0;
	uint64_t last = l->since + (uint64_t)(BURST_MIN_MS * 1e-3 * b->rate_hz);

	if (l->since > 0 && after < last)
		after = last;
	l->is_on = true;
	b->on++;
	l->started = l->since = n;
	l->recent = l->low = b->kernel.S[i];
	l->low_at = n;
	l->heard = 0;
	set_level(b, i);
	ear->on(ear->self, i, n, after < n ? after : n);
}

static void switch_off(struct bank *b, size_t i, const struct bank_ear *ear)
{
	struct lane *l = &b->lane[i];

	l->is_on = false;
	b->on--;
	set_level(b, i);
	ear->off(ear->self, i, l->since, b->samples);
}

/* A new onset while on: S above its own recent average, as it would have to
 * be above L.  (Above its lowest would do for noise after a step, too.) */
static bool again(struct bank *b, size_t i, float e)
{
	struct lane *l = &b->lane[i];
	uint64_t n = b->samples;
	float S = b->kernel.S[i];

	if ((double)(n - l->since) * 1000 < BURST_MIN_MS * b->rate_hz) {
		l->recent = S > l->recent ? S : l->recent;
		l->low = S;
		l->low_at = n;
		return false;
	}
	l->recent += b->gains.fast[i] / 5 * (e - l->recent);
	if (S < l->low) {
		l->low = S;
		l->low_at = n;
	}
	return S > l->again * l->recent;
}

/* While on: is this the next of a burst, the end, or a step in noise? */
static void while_on(
	struct bank *b, size_t i, float e, const struct bank_ear *ear)
{
	struct lane *l = &b->lane[i];
	uint64_t n = b->samples;
	float S = b->kernel.S[i];

	l->heard += (double)e;
	if (S < b->gains.level[i] * b->kernel.L[i]) {
		switch_off(b, i, ear);
	} else if ((double)(n - l->started) >
		3 * b->band[i].long_s * b->rate_hz) {
		switch_off(b, i, ear);
		b->kernel.L[i] = (float)(l->heard / (double)(n - l->started));
	} else if (again(b, i, e)) {
		ear->off(ear->self, i, l->since, n);
		l->since = n;
		ear->on(ear->self, i, n, l->low_at);
		l->recent = l->low = S;
		l->low_at = n;
	}
}

/* Every decision about the sample just taken, of power e; true when a lane
 * switched. */
static bool decide(struct bank *b, lanes e, const struct bank_ear *ear)
{
	uint64_t n = b->samples;
	bool changed = false;

	for (size_t i = 0; i < LANES; i++) {
		struct lane *l = &b->lane[i];
		bool was = l->is_on;

		if (!l->active)
			continue;
		if (was)
			while_on(b, i, e[i], ear);
		else if (n >= l->warm && b->kernel.S[i] > b->gains.level[i] *
				(b->kernel.L[i] + b->gains.floor[i]))
			switch_on(b, i, ear);
		changed |= was != l->is_on;
	}
	return changed;
}

/* One sample while warming up or on: L by the sample, as each lane needs. */
static void single_step(struct bank *b, float x, const struct bank_ear *ear)
{
	const struct gains *g = &b->gains;
	struct kernel *k = &b->kernel;
	uint64_t n = b->samples;
	lanes e = kernel_step(k, g, x);

	k->S = k->S * g->rest + g->fast * e;
	for (size_t i = 0; i < LANES; i++) {
		const struct lane *l = &b->lane[i];
		float take = g->slow[i];

		if (!l->active || l->is_on)
			continue;
		if (n < l->settled) /* forget the filter's own start */
			take = 1;
		else if (1 > take * (float)(n - l->settled + 1))
			take = 1 / (float)(n - l->settled + 1);
		k->L[i] = k->L[i] * (1 - take) + take * e[i];
		if (n < l->settled)
			k->S[i] = k->L[i];
	}
	(void)decide(b, e, ear);
	b->samples++;
}

/* Four samples as kernel_block() sums them, with every decision; how many
 * until a lane switched. */
static size_t four_steps(
	struct bank *b, const float *x, const struct bank_ear *ear)
{
	const struct gains *g = &b->gains;
	struct kernel *k = &b->kernel;
	lanes before = k->S, e[4];

	for (size_t j = 0; j < 4; j++) {
		e[j] = kernel_step(k, g, x[j]);
		k->S = j < 3 ? k->S * g->rest + g->fast * e[j]
			     : kernel_short(g, before, e);
		bool changed = decide(b, e[j], ear);
		b->samples++;
		if (changed)
			return j + 1;
	}
	k->L = k->L * g->keep4 + k->S * g->take4;
	return 4;
}

/* A calm block is over: whether a lane's S/L is worth counting. */
static bool is_due(struct bank *b)
{
	bool due = false;

	for (size_t i = 0; i < LANES; i++)
		due |= b->lane[i].active &&
			++b->lane[i].skip >= b->lane[i].every;
	return due;
}

static void count(struct bank *b, size_t i)
{
	struct lane *l = &b->lane[i];
	double active = 0, swings;

	if (!l->active || l->skip < l->every)
		return;
	l->skip = 0;
	if (!(b->kernel.S[i] > 0 && b->kernel.L[i] > 0))
		return;
	if (!threshold_count(&l->threshold,
		    b->kernel.S[i] / b->kernel.L[i]))
		return;
	for (size_t k = 0; k < LANES; k++)
		active += b->lane[k].active;
	/* Where T_S is short beside the band's longest period, S follows the
	 * single swings and passes a level more than once in T_S: simulated
	 * noise keeps to the quota so, to a factor of 2 in all bands
	 * (tests/detect_quiet.c). */
	swings = 0.5 / (b->band[i].short_s * b->band[i].low_hz);
	threshold_fit(&l->threshold, 3600 / b->band[i].short_s * swings,
		false_per_hour / active,
		histogram_h * 3600 * b->rate_hz / (BLOCK * l->every));
	set_level(b, i);
}

void bank_count(struct bank *b)
{
	for (size_t i = 0; i < LANES; i++)
		count(b, i);
}

bool bank_is_calm(const struct bank *b)
{
	return b->on == 0 && b->samples >= b->steady && !b->careful;
}

bool bank_passed(struct bank *b)
{
	b->samples += BLOCK;
	return is_due(b);
}

/* Every decision, sample by sample. */
static void slowly(struct bank *b, const float *x, size_t n, bool fours,
	const struct bank_ear *ear)
{
	size_t i = 0;

	while (fours && i + 4 <= n) {
		i += four_steps(b, x + i, ear);
		fours = b->on == 0;
	}
	for (; i < n; i++)
		single_step(b, x[i], ear);
}

void bank_block(
	struct bank *b, const float *x, size_t n, const struct bank_ear *ear)
{
	bool steady = b->on == 0 && b->samples >= b->steady;

	if (bank_is_calm(b) && n == BLOCK &&
		kernel_block(&b->kernel, &b->gains, x))
		b->samples += n;
	else
		slowly(b, x, n, steady, ear);
	kernel_rest(&b->kernel);
	if (steady && b->on == 0 && is_due(b))
		bank_count(b);
}
