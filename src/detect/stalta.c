/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stalta.c - sounds that begin: short over long average of power in up to
 * four bands at once, then the onset by AIC.
 *
 * Band-pass (Butterworth, two poles each end), e = y^2, S and L its recursive
 * averages over T_S and T_L (Withers et al. 1998, BSSA 88); on when ln(S/L) is
 * above `on`, off below on - ln 2.  L is frozen while on, for 3 T_L at most:
 * else a step in the noise would deafen the node for ever.  While on, a rise
 * of S by the same factor above its lowest since the last peak is a new onset,
 * so shots 0.4 s apart within one reverberation are not one.
 *
 * `on` is the level that noise passes k times an hour: a histogram of q =
 * ln(S/L) while off, its tail above the 99 % point taken as exponential,
 * never below ln 4.  It forgets with a half-life of hours instead of keeping
 * one histogram for each hour of the day.
 *
 * No trigger until L is an average.  L starts as the plain mean since the gap
 * and becomes recursive after T_L, so it is as good as it can be at any time;
 * after 50/B seconds it is a mean of 100 independent numbers (2 B t), good to
 * 14 %, a tenth of ln 4.  That is 0.3 s in 40-200 Hz, where recordings of
 * seconds are all there is (the shortest lead of a shot in the Pittsburgh set
 * is 0.42 s), and 11 s in 0.5-5 Hz.
 *
 * Onset: AIC of Maeda (1985) on the filtered window about the trigger, sigma
 * from the same curve.  Bands that see one onset within one period of the
 * lower band edge make one detection, the best-timed.
 *
 * All work is done on blocks that count from the last gap, so how a stream is
 * cut does not matter.  The four bands lie in the four lanes of a vector;
 * the loop has no branch on data: a block in which a lane would switch, or
 * that begins while one is on, is gone through again sample by sample. */
#include "base/maths.h"
#include "detect/detector.h"

enum {
	LANES = 4,
	RING = 8192,     /* samples kept for picks: 0.68 s at 12 kHz */
	BLOCK = 64,      /* band samples a block */
	PICK_MAX = 12000, /* Hz; above, neighbours are averaged */
	BAND_MAX = 2400, /* Hz; bands end at 1000 Hz */
	BINS = 192,
	TRIGGERS = 16,
	ONSETS = 32,
	PLACES = 64,     /* segments remembered for time and cite */
	BURST_MIN_MS = 50, /* WAVEFORM.md 3.4: a new t0 is 50 ms later */
};

typedef float lanes __attribute__((vector_size(16)));
typedef int32_t masks __attribute__((vector_size(16)));
typedef int32_t counts4 __attribute__((vector_size(16)));

struct band {
	double low_hz, high_hz, short_s, long_s;
};

/* WAVEFORM.md 3.1; by kind of source, the first lane differs. */
static const struct band bands[LANES] = {
	{0.5, 5, 0.5, 30},
	{2, 15, 0.1, 10},
	{10, 60, 0.05, 5},
	{40, 200, 0.02, 2},
};
/* A microphone has no use for the lowest (wind), and where its rate allows
 * hears small arms best here: of the Pittsburgh pulses of 10 dB and more the
 * other three alone miss a fifth. */
static const struct band high_band = {200, 1000, 0.01, 2};
static const double floor_on = 1.3862943611198906; /* ln 4 */
static const double ceiling_on = 4.1588830833596715; /* ln 64: never deaf */
static const double ln2 = 0.69314718055994531;
static const double false_per_hour = 4; /* over all bands, WAVEFORM.md 3.1 */
static const double histogram_h = 6;

struct filter { /* what the loop carries from sample to sample */
	float x1, x2;
	lanes p1, p2, q1, q2; /* outputs of the two sections */
	lanes S, L;
};

struct gains {
	lanes g, a1, a2, b1, b2; /* high-pass a, low-pass b, both gains g */
	lanes fast, rest, slow; /* weights of e and of S in S; of e in L */
	lanes keep, take;
	lanes fast4[4], rest4, take4[4], keep4; /* four samples at once */
	lanes level;      /* S > level x L switches */
	masks on;
};

struct lane {
	bool active, is_on;
	double short_s, long_s, on;
	uint64_t settled, warm; /* band samples since the gap */
	uint64_t since;  /* band sample of the last trigger */
	uint64_t started; /* band sample at which it went on */
	float low, recent; /* of S since the trigger; average over 5 T_S */
	uint64_t low_at;
	double heard;    /* sum of e since it went on */
	uint32_t bin[BINS];
	uint32_t counted, fresh, skip;
};

struct trigger {
	uint64_t at, not_before, due; /* pick samples */
	unsigned lane;
	bool closed;
	uint64_t closed_at;
};

struct onset {
	uint64_t at;     /* pick sample */
	double sigma_s, amplitude, snr_db, frequency_hz, duration_s;
	int polarity;
	unsigned lane, members; /* best band; bit set of all */
	uint64_t trigger_at;
	bool open;
};

struct place_of { /* where samples from input sample `first` on came from */
	uint64_t first;
	uint64_t zero;   /* input sample of `start` */
	struct instant start;
	double scale;
	struct cite cite;
};

struct stalta {
	const struct source *source;
	struct band band[LANES];
	double rate_hz;      /* of the run; 0: no run */
	double pick_hz, band_hz;
	unsigned fold, thin; /* input to pick to band samples */
	uint64_t input, picks, blocks; /* so far in the run */
	double fold_sum;
	unsigned folded;
	double reference;
	double grain; /* variance of one count's rounding, or 0 */
	struct filter filter;
	struct gains gains;
	struct lane lane[LANES];
	struct trigger trigger[TRIGGERS];
	size_t triggers;
	struct onset onset[ONSETS];
	size_t onsets;
	struct place_of place[PLACES];
	size_t places;
	float ring[RING];
};

static bool hears(const struct source *s)
{
	return s && (s->kind == SOURCE_ACOUSTIC ||
		s->kind == SOURCE_INFRASOUND || s->kind == SOURCE_SEISMIC);
}

static void start(
	void *state, const struct source *s, const struct mission *m)
{
	struct stalta *d = state;

	(void)m;
	d->source = s;
	for (size_t i = 0; i < LANES; i++)
		d->band[i] = bands[i];
	if (s->kind == SOURCE_ACOUSTIC)
		d->band[0] = high_band;
}

/* Butterworth pole pair by the bilinear transform (R. Bristow-Johnson's
 * cookbook, Q = 1/sqrt 2); returns the gain. */
static double poles(
	double f_hz, double rate_hz, bool high, double *a1, double *a2)
{
	double w = 2 * PI * f_hz / rate_hz, c = m_cos(w);
	double alpha = m_sin(w) / (2 * sqrt(0.5)), a0 = 1 + alpha;

	*a1 = -2 * c / a0;
	*a2 = (1 - alpha) / a0;
	return (high ? 1 + c : 1 - c) / 2 / a0;
}

/* The level to begin with, before there is a histogram: S of white noise is
 * chi-square with 4 B T_S degrees of freedom (Wilson and Hilferty 1931). */
static double first_on(const struct band *b)
{
	double n = 4 * (b->high_hz - b->low_hz) * b->short_s;
	double p = false_per_hour / LANES * b->short_s / 3600;
	double z = m_phi_inverse(1 - p), v = 2 / (9 * n);
	double root = 1 - v + z * sqrt(v);

	return fmax(3 * m_log(root), floor_on);
}

static void tune(struct stalta *d, size_t i)
{
	const struct band *b = &d->band[i];
	struct gains *g = &d->gains;
	struct lane *l = &d->lane[i];
	double a1 = 0, a2 = 0, b1 = 0, b2 = 0, dt = 1 / d->band_hz, gain = 0;

	l->active = b->high_hz <= 0.45 * d->band_hz;
	if (!(l->on > 0))
		l->on = first_on(b);
	if (l->active)
		gain = poles(b->low_hz, d->band_hz, true, &a1, &a2) *
			poles(b->high_hz, d->band_hz, false, &b1, &b2);
	g->g[i] = (float)gain;
	g->a1[i] = (float)a1;
	g->a2[i] = (float)a2;
	g->b1[i] = (float)b1;
	g->b2[i] = (float)b2;
	g->fast[i] = (float)(dt / (b->short_s + dt));
	g->rest[i] = 1 - g->fast[i];
	g->slow[i] = (float)(dt / (b->long_s + dt));
	l->settled = (uint64_t)(2 / b->low_hz * d->band_hz) + 1;
	l->warm = l->settled +
		(uint64_t)(50 / (b->high_hz - b->low_hz) * d->band_hz);
	l->is_on = false;
	l->since = 0;
}

/* What the loop compares with, after any lane switched. */
static void set_levels(struct stalta *d)
{
	struct gains *g = &d->gains;

	for (size_t i = 0; i < LANES; i++) {
		const struct lane *l = &d->lane[i];
		double q = l->is_on ? l->on - ln2 : l->on;

		g->level[i] = (float)m_exp(q);
		g->on[i] = l->is_on ? -1 : 0;
		g->take[i] = l->is_on || !l->active ? 0 : g->slow[i];
		g->keep[i] = 1 - g->take[i];
	}
	g->fast4[3] = g->fast;
	g->take4[3] = g->take;
	for (size_t k = 3; k > 0; k--) {
		g->fast4[k - 1] = g->fast4[k] * g->rest;
		g->take4[k - 1] = g->take4[k] * g->keep;
	}
	g->rest4 = g->rest * g->rest * g->rest * g->rest;
	g->keep4 = g->keep * g->keep * g->keep * g->keep;
}

/* A slow channel hears the lower part of a band: its top comes down to 0.4 of
 * the rate while an octave is left.  (Demonstration day, 80 Hz: a 1-10 kg
 * blast peaks at 30-60 Hz; with the band cut off instead, one node noticed 35
 * of 42 blasts, with 10-32 Hz all 42, and onsets were 4 times sharper.) */
static void fit(struct band *b, double rate_hz)
{
	double top = 0.4 * rate_hz;

	if (b->high_hz > top && top >= 2 * b->low_hz)
		b->high_hz = top;
}

static void begin_run(struct stalta *d, const struct segment *s)
{
	double rate = s->rate_hz;

	d->rate_hz = rate;
	d->fold = (unsigned)floor((rate + PICK_MAX - 1) / PICK_MAX);
	d->fold = d->fold ? d->fold : 1;
	d->pick_hz = rate / d->fold;
	d->thin = (unsigned)floor((d->pick_hz + BAND_MAX - 1) / BAND_MAX);
	d->thin = d->thin ? d->thin : 1;
	d->band_hz = d->pick_hz / d->thin;
	d->input = d->picks = d->blocks = 0;
	d->fold_sum = 0;
	d->folded = 0;
	d->reference = segment_sample(s, 0);
	d->grain = s->counts ? 1.0 / 12 : 1e-30;
	memset(&d->filter, 0, sizeof d->filter);
	d->triggers = d->onsets = d->places = 0;
	for (size_t i = 0; i < LANES; i++)
		fit(&d->band[i], d->band_hz);
	for (size_t i = 0; i < LANES; i++)
		tune(d, i);
	set_levels(d);
}

/* Power of the filtered sample. */
static inline lanes filter_step(
	struct filter *f, const struct gains *g, float x)
{
	/* Second difference first: an offset is gone before it can round. */
	float d2 = x - 2 * f->x1 + f->x2;
	lanes p = (lanes){d2, d2, d2, d2} * g->g - g->a2 * f->p2 -
		g->a1 * f->p1;
	lanes q = (p + f->p1 + (f->p1 + f->p2)) - g->b2 * f->q2 -
		g->b1 * f->q1;

	f->x2 = f->x1;
	f->x1 = x;
	f->p2 = f->p1;
	f->p1 = p;
	f->q2 = f->q1;
	f->q1 = q;
	return q * q;
}

static inline lanes sum4(lanes was, lanes keep, const lanes w[4], lanes e0,
	lanes e1, lanes e2, lanes e3)
{
	return was * keep + ((w[0] * e0 + w[1] * e1) + (w[2] * e2 + w[3] * e3));
}

static void trigger_on(
	struct stalta *d, unsigned i, uint64_t at, uint64_t after)
{
	const struct band *b = &d->band[i];
	double post_s = fmax(0.1, 0.5 / b->low_hz);
	struct trigger *t;

	if (d->triggers == TRIGGERS)
		return; /* 16 undecided in a tenth of a second: one roar */
	t = &d->trigger[d->triggers++];
	*t = (struct trigger){.at = at * d->thin, .not_before = after * d->thin,
		.lane = i};
	t->due = t->at + (uint64_t)(post_s * d->pick_hz);
}

/* An onset of this lane is over at a band sample. */
static void close_last(struct stalta *d, unsigned i, uint64_t at)
{
	uint64_t since = d->lane[i].since * d->thin;

	for (size_t k = 0; k < d->triggers; k++)
		if (d->trigger[k].lane == i && d->trigger[k].at == since) {
			d->trigger[k].closed = true;
			d->trigger[k].closed_at = at * d->thin;
		}
	for (size_t k = 0; k < d->onsets; k++) {
		struct onset *o = &d->onset[k];

		if (o->open && o->lane == i && o->trigger_at == since) {
			o->open = false;
			o->duration_s = (double)(at * d->thin > o->at
					? at * d->thin - o->at : 0) /
				d->pick_hz;
		}
	}
}

static void switch_on(struct stalta *d, unsigned i, uint64_t n, float S)
{
	struct lane *l = &d->lane[i];
	/* Noise before it is before it: look back, but not into the last. */
	double back_s = fmax(0.2, 1 / d->band[i].low_hz);
	uint64_t back = (uint64_t)(back_s * d->band_hz);
	uint64_t after = n > back ? n - back : 0;
	uint64_t last = l->since +
		(uint64_t)(BURST_MIN_MS * 1e-3 * d->band_hz);

	if (l->since > 0 && after < last)
		after = last;
	l->is_on = true;
	l->started = l->since = n;
	l->recent = l->low = S;
	l->low_at = n;
	l->heard = 0;
	trigger_on(d, i, n, after < n ? after : n);
}

/* A new onset while on: S above its own recent average, as it would have to
 * be above L.  (Above its lowest would do for noise after a step, too.) */
static bool again(struct stalta *d, unsigned i, uint64_t n, float e)
{
	struct lane *l = &d->lane[i];
	float S = d->filter.S[i];

	if ((double)(n - l->since) * 1000 < BURST_MIN_MS * d->band_hz) {
		l->recent = S > l->recent ? S : l->recent;
		l->low = S;
		l->low_at = n;
		return false;
	}
	l->recent += d->gains.fast[i] / 5 * (e - l->recent);
	if (S < l->low) {
		l->low = S;
		l->low_at = n;
	}
	return S > (float)m_exp(l->on) * l->recent;
}

/* While on: is this the next of a burst, the end, or a step in noise? */
static void while_on(struct stalta *d, unsigned i, uint64_t n)
{
	struct lane *l = &d->lane[i];
	struct filter *f = &d->filter;
	float S = f->S[i], e = f->q1[i] * f->q1[i];

	l->heard += (double)e;
	if (S < d->gains.level[i] * f->L[i]) {
		l->is_on = false;
		close_last(d, i, n);
	} else if ((double)(n - l->started) >
		3 * d->band[i].long_s * d->band_hz) {
		l->is_on = false;
		close_last(d, i, n);
		f->L[i] = (float)(l->heard / (double)(n - l->started));
	} else if (again(d, i, n, e)) {
		close_last(d, i, n);
		l->since = n;
		trigger_on(d, i, n, l->low_at);
		l->recent = l->low = S;
		l->low_at = n;
	}
}

/* One sample with every decision. */
static void slow_step(struct stalta *d, float x, uint64_t n)
{
	struct gains *g = &d->gains;
	bool changed = false;

	for (size_t i = 0; i < LANES; i++) {
		const struct lane *l = &d->lane[i];

		if (!l->active || l->is_on)
			continue;
		g->take[i] = g->slow[i];
		if (n < l->settled)
			g->take[i] = 1; /* forget the filter's own start */
		else if (1 > g->slow[i] * (float)(n - l->settled + 1))
			g->take[i] = 1 / (float)(n - l->settled + 1);
		g->keep[i] = 1 - g->take[i];
	}
	lanes e = filter_step(&d->filter, g, x);
	d->filter.S = d->filter.S * g->rest + g->fast * e;
	d->filter.L = d->filter.L * g->keep + g->take * e;
	for (unsigned i = 0; i < LANES; i++) {
		struct lane *l = &d->lane[i];
		bool was = l->is_on;

		if (!l->active)
			continue;
		if (n < l->settled)
			d->filter.S[i] = d->filter.L[i];
		if (was)
			while_on(d, i, n);
		else if (n >= l->warm && d->filter.S[i] > g->level[i] *
				(d->filter.L[i] + (float)d->grain))
			switch_on(d, i, n, d->filter.S[i]);
		changed |= was != l->is_on;
	}
	if (changed)
		set_levels(d);
}

static bool warm(const struct stalta *d, uint64_t n)
{
	for (size_t i = 0; i < LANES; i++)
		if (d->lane[i].active && (d->lane[i].is_on ||
				(double)n < (double)d->lane[i].settled +
					(d->band[i].long_s + 1) * d->band_hz))
			return false;
	return true;
}

/* All n samples without a decision; false, and nothing changed, when there
 * would have been one. */
static bool fast_block(struct stalta *d, const float *x, size_t n)
{
	const struct gains g = d->gains;
	const float grain = (float)d->grain;
	struct filter f = d->filter;
	masks any = {0};

	if (n != BLOCK)
		return false;
	/* Every fourth: S moves little in a fifth of the shortest T_S. */
	for (size_t i = 0; i < BLOCK; i += 4) {
		lanes e0 = filter_step(&f, &g, x[i]);
		lanes e1 = filter_step(&f, &g, x[i + 1]);
		lanes e2 = filter_step(&f, &g, x[i + 2]);
		lanes e3 = filter_step(&f, &g, x[i + 3]);

		f.S = sum4(f.S, g.rest4, g.fast4, e0, e1, e2, e3);
		f.L = sum4(f.L, g.keep4, g.take4, e0, e1, e2, e3);
		any |= f.S > g.level * (f.L + grain);
	}
	if (any[0] | any[1] | any[2] | any[3])
		return false;
	d->filter = f;
	return true;
}

/* on: the level that noise passes k times an hour. */
static void adapt(struct lane *l, size_t bands_active, double per_hour)
{
	uint32_t tail = 0, want = l->counted / 100;
	double sum = 0, edge, mean;
	size_t i = BINS;

	while (i > 0 && tail + l->bin[i - 1] <= want) {
		i--;
		tail += l->bin[i];
	}
	edge = -4 + (double)i / 16;
	for (size_t k = i; k < BINS; k++)
		sum += l->bin[k] * ((double)(k - i) + 0.5) / 16;
	mean = tail > 0 ? sum / tail : 0;
	l->on = edge + mean * m_log((double)tail / l->counted * per_hour *
			(double)bands_active / false_per_hour + 1e-9);
	l->on = fmin(fmax(l->on, floor_on), ceiling_on);
}

/* One lane a block in turn: a logarithm costs as much as a dozen samples. */
static void count_q(struct stalta *d, size_t i)
{
	struct lane *l = &d->lane[i];
	double turn_s = LANES * BLOCK / d->band_hz, q;
	double step_s = fmax(turn_s, d->band[i].short_s);
	size_t active = 0;

	if (!l->active || l->is_on || ++l->skip * turn_s < step_s)
		return;
	l->skip = 0;
	if (!(d->filter.S[i] > 0 && d->filter.L[i] > 0))
		return;
	q = m_log((double)d->filter.S[i] / (double)d->filter.L[i]);
	l->bin[q < -4 ? 0 : q >= 7.9 ? BINS - 1 : (size_t)((q + 4) * 16)]++;
	l->counted++;
	/* 1000: ten numbers in the tail above the 99 % point. */
	if (++l->fresh < 256 || l->counted < 1000)
		return;
	l->fresh = 0;
	for (size_t k = 0; k < LANES; k++)
		active += d->lane[k].active;
	adapt(l, active, 3600 / d->band[i].short_s);
	set_levels(d);
	if (l->counted < histogram_h * 3600 / step_s)
		return;
	l->counted = 0;
	for (size_t k = 0; k < BINS; k++)
		l->counted += l->bin[k] /= 2;
}

static void block(struct stalta *d, size_t n)
{
	float mean[BLOCK];
	uint64_t first = d->blocks * BLOCK, at = first * d->thin;
	bool ready = warm(d, first);
	/* BLOCK divides RING: a block does not wrap. */
	const float *x = d->thin == 1 ? d->ring + at % RING : mean;

	for (size_t i = 0; i < n && d->thin > 1; i++) {
		float sum = 0;

		for (unsigned k = 0; k < d->thin; k++, at++)
			sum += d->ring[at % RING];
		mean[i] = sum / (float)d->thin;
	}
	if (!ready || !fast_block(d, x, n)) {
		for (size_t i = 0; i < n; i++)
			slow_step(d, x[i], first + i);
		set_levels(d);
	}
	if (ready)
		count_q(d, d->blocks % LANES);
	d->blocks++;
}

/* The upper edge for picks.  Where there is more above the high bands, it
 * sharpens the onset. */
static double top(const struct stalta *d, unsigned lane)
{
	double high = d->band[lane].high_hz;

	return high >= 200 && d->thin > 1 ? 0.4 * d->pick_hz : high;
}

/* Second-order high-pass and low-pass over ring samples [begin, end); keeps
 * what is from `from` on in the window.  In doubles: at 12 kHz the poles lie
 * too near the unit circle for floats. */
static void refilter(const struct stalta *d, const struct trigger *t,
	uint64_t begin, uint64_t from, uint64_t end, double *window)
{
	const struct band *b = &d->band[t->lane];
	double a1, a2, b1, b2, p1 = 0, p2 = 0, q1 = 0, q2 = 0;
	double x1 = (double)d->ring[begin % RING], x2 = x1;
	double g = poles(b->low_hz, d->pick_hz, true, &a1, &a2) *
		poles(top(d, t->lane), d->pick_hz, false, &b1, &b2);

	for (uint64_t i = begin; i < end; i++) {
		double x = (double)d->ring[i % RING];
		double p = g * (x - 2 * x1 + x2) - a1 * p1 - a2 * p2;
		double q = p + 2 * p1 + p2 - b1 * q1 - b2 * q2;

		x2 = x1;
		x1 = x;
		p2 = p1;
		p1 = p;
		q2 = q1;
		q1 = q;
		if (i >= from)
			window[i - from] = q;
	}
}

struct aic {
	double total, least, grain;
	double share; /* of the samples that are independent: 2 B dt */
	size_t n;
};

static double aic(const struct aic *a, double before, size_t k)
{
	double left = fmax(before / (double)k, a->grain);
	double right = fmax((a->total - before) / (double)(a->n - k), a->grain);

	return (double)k * m_log(left) + (double)(a->n - k) * m_log(right);
}

/* The sample at which the window's power changes, and its spread. */
static size_t change(const double *y, struct aic *a, double *sigma)
{
	enum { EDGE = 8 };
	double before = 0, sum = 0, first = 0, second = 0;
	double curve[RING];
	size_t best = EDGE;

	a->total = 0;
	a->least = INFINITY;
	for (size_t i = 0; i < a->n; i++)
		a->total += y[i] * y[i];
	for (size_t k = 0; k + EDGE < a->n; before += y[k] * y[k], k++) {
		curve[k] = k >= EDGE ? aic(a, before, k) : INFINITY;
		if (curve[k] < a->least) {
			a->least = curve[k];
			best = k;
		}
	}
	for (size_t k = 0; k + EDGE < a->n; k++) {
		double gap = (curve[k] - a->least) * a->share / 2;
		double w = gap < 30 ? m_exp(-gap) : 0;
		double dk = (double)k - (double)best;

		sum += w;
		first += w * dk;
		second += w * dk * dk;
	}
	first /= sum;
	*sigma = sqrt(fmax(second / sum - first * first, 0));
	return best;
}

static double power(const double *y, size_t from, size_t to)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += y[i] * y[i];
	return to > from ? sum / (double)(to - from) : 0;
}

/* Amplitude, frequency, first motion and snr of what begins at y[k]. */
static void measure(const struct stalta *d, const double *y, size_t n,
	size_t k, struct onset *o)
{
	double noise = fmax(power(y, 0, k), d->grain), change2 = 0, peak = 0;
	size_t m = k + (size_t)(4 * d->band[o->lane].short_s * d->pick_hz) + 8;
	double level, ratio;

	m = m < n ? m : n;
	level = power(y, k, m);
	for (size_t i = k; i < m; i++) {
		double step = i > k ? y[i] - y[i - 1] : 0;

		change2 += step * step;
		peak = fmax(peak, fabs(y[i]));
		if (o->polarity == 0 && y[i] * y[i] > 16 * noise)
			o->polarity = y[i] > 0 ? 1 : -1;
	}
	ratio = change2 / fmax(level * (double)(m - k), 1e-30);
	o->amplitude = peak;
	o->snr_db = 10 * m_log10(fmax(level / noise, 1e-3));
	/* Of a sine, step^2 / y^2 = 4 sin^2(pi f dt). */
	o->frequency_hz = d->pick_hz / PI * m_asin(sqrt(ratio) / 2);
}

static bool pick(
	const struct stalta *d, const struct trigger *t, struct onset *o)
{
	const struct band *b = &d->band[t->lane];
	uint64_t oldest = d->picks > RING ? d->picks - RING : 0;
	uint64_t lead = (uint64_t)(2 / b->low_hz * d->pick_hz);
	uint64_t from = t->not_before > oldest ? t->not_before : oldest;
	uint64_t begin = from > oldest + lead ? from - lead : oldest;
	uint64_t end = t->due < d->picks ? t->due : d->picks;
	struct aic a = {.grain = d->grain > 1e-20 ? 1 : 1e-30,
		.share = fmin(1, 2 * (b->high_hz - b->low_hz) / d->pick_hz)};
	double window[RING], sigma, dt = 1 / d->pick_hz;
	size_t k;

	if (end < from + 24)
		return false;
	a.n = (size_t)(end - from);
	refilter(d, t, begin, from, end, window);
	k = change(window, &a, &sigma);
	*o = (struct onset){.at = from + k, .lane = t->lane,
		.members = 1u << t->lane, .trigger_at = t->at,
		.open = !t->closed, .duration_s = NAN};
	/* An onset is smeared over the shortest period that passes; a quarter
	 * of it keeps a low band from claiming the better time (tests). */
	sigma = sqrt(sigma * sigma + 1.0 / 12) * dt;
	double smear = 0.25 / top(d, t->lane);
	o->sigma_s = fmax(sqrt(sigma * sigma + smear * smear), 1e-3);
	if (t->closed)
		o->duration_s = (double)(t->closed_at > o->at
				? t->closed_at - o->at : 0) * dt;
	measure(d, window, a.n, k, o);
	return true;
}

/* Into the onset that another band has seen, or a new one. */
static void join(struct stalta *d, const struct onset *o)
{
	struct onset *near = NULL;
	double nearest = INFINITY;

	for (size_t i = 0; i < d->onsets; i++) {
		struct onset *p = &d->onset[i];
		double gap = fabs((double)p->at - (double)o->at) / d->pick_hz;
		double low = fmin(d->band[p->lane].low_hz,
			d->band[o->lane].low_hz);

		if (!(p->members & o->members) && gap <= 1 / low &&
			gap < nearest) {
			near = p;
			nearest = gap;
		}
	}
	if (!near) {
		d->onset[d->onsets++] = *o;
		return;
	}
	unsigned members = near->members | o->members;
	if (o->sigma_s < near->sigma_s)
		*near = *o;
	near->members = members;
}

static const struct place_of *place_at(const struct stalta *d, uint64_t input)
{
	size_t i = d->places;

	while (i > 1 && d->place[i - 1].first > input)
		i--;
	return &d->place[i - 1];
}

static bool emit(struct stalta *d, const struct onset *o,
	const struct detections *out, struct fault *f)
{
	const struct place_of *p = place_at(d, o->at * d->fold);
	const struct band *b = &d->band[o->lane];
	struct segment clock = {.start = p->start, .rate_hz = d->rate_hz};
	struct detection n = detection_new();
	double scale = p->scale, shift = (d->fold - 1) / 2.0 / d->rate_hz;
	struct feature feature[6];
	size_t k = 0;

	if (!isfinite(scale) && d->source->sensitivity > 0)
		scale = 1 / d->source->sensitivity;
	n.source = d->source->id;
	n.modality = d->source->kind == SOURCE_SEISMIC ? MODALITY_SEISMIC
		: d->source->kind == SOURCE_INFRASOUND ? MODALITY_INFRASOUND
						       : MODALITY_ACOUSTIC;
	n.detector = "stalta";
	n.at = o->at * d->fold >= p->zero
		? segment_time(&clock, (size_t)(o->at * d->fold - p->zero))
		: instant_plus_s(p->start, -(double)(p->zero -
				o->at * d->fold) / d->rate_hz);
	n.at = instant_round_us(instant_plus_s(n.at, shift));
	n.sigma_s = o->sigma_s;
	n.amplitude = isfinite(scale) ? o->amplitude * scale : o->amplitude;
	n.frequency_hz = o->frequency_hz;
	n.snr = o->snr_db;
	n.cite = p->cite;
	feature[k++] = (struct feature){"snr_db", o->snr_db};
	feature[k++] = (struct feature){"band_low_hz", b->low_hz};
	feature[k++] = (struct feature){"band_high_hz", b->high_hz};
	if (isfinite(o->duration_s))
		feature[k++] = (struct feature){"duration_s", o->duration_s};
	if (o->polarity != 0)
		feature[k++] = (struct feature){"polarity", o->polarity};
	/* Sound pressure level, dB above 20 micropascal. */
	if (isfinite(scale) && n.modality != MODALITY_SEISMIC &&
		n.amplitude > 0)
		feature[k++] = (struct feature){"level_db",
			20 * m_log10(n.amplitude / 20e-6)};
	n.feature = feature;
	n.feature_count = k;
	detection_name(&n);
	return out->put(out->self, &n, f);
}

/* Seconds until every band has had its say about an onset. */
static double hold(const struct stalta *d)
{
	double most = 0;

	for (size_t i = 0; i < LANES; i++)
		if (d->lane[i].active)
			most = fmax(most, 3 * d->band[i].short_s +
				fmax(0.1, 0.5 / d->band[i].low_hz) +
				1 / d->band[i].low_hz);
	return most;
}

/* Picks what is due and gives what is ready; at the end of a run, all. */
static bool serve(struct stalta *d, bool last, const struct detections *out,
	struct fault *f)
{
	/* Nobody waits longer than 5 s for a roar to end. */
	double wait = hold(d) * d->pick_hz, most = 5 * d->pick_hz;
	size_t kept = 0;

	for (size_t i = 0; i < d->triggers; i++) {
		struct onset o;

		if (!last && d->trigger[i].due > d->picks) {
			d->trigger[kept++] = d->trigger[i];
			continue;
		}
		if (!pick(d, &d->trigger[i], &o))
			continue;
		if (d->onsets == ONSETS) {
			if (!emit(d, &d->onset[0], out, f))
				return false;
			d->onsets--;
			memmove(d->onset, d->onset + 1,
				d->onsets * sizeof *d->onset);
		}
		join(d, &o);
	}
	d->triggers = kept;
	kept = 0;
	for (size_t i = 0; i < d->onsets; i++) {
		struct onset o = d->onset[i];
		double age = (double)(d->picks - o.at);

		if (!last && (age < wait || (o.open && age < wait + most)))
			d->onset[kept++] = o;
		else if (!emit(d, &o, out, f))
			return false;
	}
	d->onsets = kept;
	return true;
}

static bool end_run(
	struct stalta *d, const struct detections *out, struct fault *f)
{
	uint64_t first = d->blocks * BLOCK * d->thin;

	if (!(d->rate_hz > 0))
		return true;
	if (d->picks > first)
		block(d, (size_t)(d->picks - first) / d->thin);
	if (!serve(d, true, out, f))
		return false;
	d->rate_hz = 0;
	return true;
}

/* Where the next sample should be in time. */
static struct instant expected(const struct stalta *d)
{
	const struct place_of *p = &d->place[d->places - 1];
	struct segment clock = {.start = p->start, .rate_hz = d->rate_hz};

	return segment_time(&clock, (size_t)(d->input - p->zero));
}

static void remember(struct stalta *d, const struct segment *s)
{
	struct place_of p = {.first = d->input, .zero = d->input,
		.start = s->start, .scale = s->scale, .cite = s->cite};

	if (d->places > 0) {
		const struct place_of *was = &d->place[d->places - 1];
		int64_t off = expected(d).utc_ns - s->start.utc_ns;

		/* Cut elsewhere, a record's start differs by its rounding. */
		if (off >= -2 && off <= 2) {
			p.zero = was->zero;
			p.start = was->start;
			if (memcmp(&p.cite, &was->cite, sizeof p.cite) == 0)
				return;
		}
	}
	if (d->places == PLACES) {
		d->places--;
		memmove(d->place, d->place + 1,
			d->places * sizeof *d->place);
	}
	d->place[d->places++] = p;
}

/* Floats hold 24 bits: counts beyond 2^24 lose what is below their 24th bit,
 * and none wraps. */
static void take_counts(float *out, const int32_t *in, size_t n, float ref)
{
	size_t k = 0;

	for (; k + 4 <= n; k += 4) {
		counts4 c;
		lanes v;

		memcpy(&c, in + k, sizeof c);
		v = __builtin_convertvector(c, lanes) - ref;
		memcpy(out + k, &v, sizeof v);
	}
	for (; k < n; k++)
		out[k] = (float)in[k] - ref;
}

/* Samples [i, n) as far as one block goes; how many were taken. */
static size_t take(
	struct stalta *d, const struct segment *s, size_t i, size_t n)
{
	uint64_t full = (d->blocks + 1) * BLOCK * d->thin;
	size_t room = (size_t)(full - d->picks), at = d->picks % RING;
	double ref = d->reference;

	if (d->fold == 1) {
		n = n - i < room ? n - i : room;
		n = n < RING - at ? n : RING - at;
		if (s->counts)
			take_counts(d->ring + at, s->counts + i, n, (float)ref);
		else
			for (size_t k = 0; k < n; k++)
				d->ring[at + k] = (float)(
					(double)s->values[i + k] - ref);
		d->picks += n;
		d->input += n;
		return n;
	}
	d->fold_sum += segment_sample(s, i) - ref;
	d->input++;
	if (++d->folded == d->fold) {
		d->ring[at] = (float)(d->fold_sum / d->fold);
		d->picks++;
		d->folded = 0;
		d->fold_sum = 0;
	}
	return 1;
}

/* A piece of finite samples. */
static bool finite_piece(struct stalta *d, struct segment s,
	const struct detections *out, struct fault *f)
{
	size_t i = 0;

	if (d->rate_hz > 0) {
		double late = instant_seconds(expected(d), s.start) * s.rate_hz;

		if (fabs(s.rate_hz / d->rate_hz - 1) > 1e-4 || late > 0.5) {
			if (!end_run(d, out, f))
				return false;
		} else if (late < -0.5) { /* seen already */
			if (-late >= (double)s.count)
				return true;
			i = (size_t)floor(0.5 - late);
			if (i >= s.count)
				return true;
			s.start = segment_time(&s, i);
		}
	}
	if (!(d->rate_hz > 0))
		begin_run(d, &s);
	remember(d, &s);
	while (i < s.count) {
		i += take(d, &s, i, s.count);
		if (d->picks < (d->blocks + 1) * BLOCK * d->thin)
			continue;
		block(d, BLOCK);
		if (d->triggers + d->onsets > 0 && !serve(d, false, out, f))
			return false;
	}
	return true;
}

static bool segment(void *state, const struct segment *s,
	const struct detections *out, struct fault *f)
{
	struct stalta *d = state;
	size_t from = 0;

	if (s->count == 0 || !(s->rate_hz > 0) || !instant_known(s->start))
		return true;
	if (s->counts)
		return finite_piece(d, *s, out, f);
	for (size_t i = 0; i <= s->count; i++) {
		struct segment part = *s;

		if (i < s->count && isfinite(s->values[i]))
			continue;
		part.start = segment_time(s, from);
		part.values = s->values + from;
		part.count = i - from;
		from = i + 1;
		if (part.count > 0 && !finite_piece(d, part, out, f))
			return false;
	}
	return true;
}

static bool finish(
	void *state, const struct detections *out, struct fault *f)
{
	return end_run(state, out, f);
}

const struct detector detector_stalta = {
	.name = "stalta",
	.about = "onsets of sound and ground motion, STA/LTA and AIC",
	.state_size = sizeof(struct stalta),
	.hears = hears,
	.start = start,
	.segment = segment,
	.finish = finish,
};
