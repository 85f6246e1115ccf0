/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "watch/signal.h"

#include <string.h>

#include "base/maths.h"

/* No live digitiser gives one value for so long. */
#define STUCK_S 5.0
enum { STUCK_LEAST = 50 };
#define BLOCK_NS INT64_C(10000000000)
/* Noise by wind and day swings by 20 dB; a cut cable falls farther.  Blocks
 * that make a median: ten minutes. */
#define DEAD_DB 30.0
enum { LEVELS_LEAST = 60 };
/* Rails: three equal samples and more at the extreme of a block, as high as
 * ever; a share of them that costs amplitude and shape; and a swing in counts
 * below which equal neighbours are only coarse steps. */
#define CLIPPED_SHARE 0.002
#define SWING_LEAST 256.0
enum { RAIL_RUN = 3 };
/* Kept hashes: one in 4,096 samples at 500 Hz, one in 8 s at any rate: 32,768
 * of them hold 24 h in a table a third full. */
#define KEEP_S 8.192
/* Kept ones are 8 s apart in the mean: so long without one is the end. */
#define LOOP_GAP_NS INT64_C(80000000000)
enum { CHANGES_LEAST = SIGNAL_WINDOW / 2, REPEATS_LEAST = 3 };
#define DAY_NS INT64_C(86400000000000)
/* Samples at once, and of them those looked at together. */
enum { AT_ONCE = 256, FEW = 16 };
typedef double pair __attribute__((vector_size(16)));
typedef int64_t pair_mask __attribute__((vector_size(16)));
typedef int32_t four __attribute__((vector_size(16)));
enum { LANES = SIGNAL_LANES / 2 }; /* of pairs */
/* Odd, its bits mixed: spreads what sums differ by to the upper bits. */
#define SPREAD UINT64_C(0x9e3779b97f4a7c15)
static_assert(SIGNAL_WINDOW == 64, "what is older is shifted out of 64 bits");

static uint64_t mixed(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

void signal_start(
	struct signal *s, const char *source, struct signal_mark *mark)
{
	memset(s, 0, sizeof *s);
	if (mark)
		memset(mark, 0, SIGNAL_MARKS * sizeof *mark);
	s->mark = mark;
	s->source = source;
	s->end = INSTANT_UNKNOWN;
	s->block = INT64_MIN;
	s->lag_ns = -1;
	s->stuck.from = s->zero.from = s->dead.from = INSTANT_UNKNOWN;
	s->clipped.from = s->looped.from = INSTANT_UNKNOWN;
}

void signal_resume(struct signal *s, const struct signal *stood)
{
	const struct signal own = *s;

	*s = *stood;
	s->source = own.source;
	s->mark = own.mark;
}

static bool tell(const struct signal *s, struct signal_charge *c,
	const char *why, const char *measure, const struct healths *out,
	struct fault *f)
{
	struct health h = {.source = s->source, .why = why,
		.state = HEALTH_QUARANTINED,
		.span = {instant_round_us(c->from), instant_round_us(c->to)},
		.measure = {measure, floor(c->measure * 1e3 + 0.5) / 1e3}};

	if (!instant_known(c->from) ||
		h.span.to.utc_ns <= h.span.from.utc_ns)
		return true;
	/* What is clipped was heard, and at its time. */
	if (c == &s->clipped)
		h.state = HEALTH_DEGRADED;
	c->from = INSTANT_UNKNOWN;
	health_name(&h);
	return out->put(out->self, &h, f);
}

/* Lets a charge grow over a stretch; one that does not touch it is told. */
static bool grow(struct signal *s, struct signal_charge *c, const char *why,
	const char *measure, struct span span, double value,
	const struct healths *out, struct fault *f)
{
	int64_t gap = c == &s->looped ? LOOP_GAP_NS : BLOCK_NS;

	if (instant_known(c->from) &&
		span.from.utc_ns > c->to.utc_ns + gap &&
		!tell(s, c, why, measure, out, f))
		return false;
	if (!instant_known(c->from)) {
		*c = (struct signal_charge){span.from, span.to, value};
		return true;
	}
	if (span.to.utc_ns > c->to.utc_ns)
		c->to = span.to;
	c->measure = fmax(c->measure, value);
	return true;
}

/* now: of the first sample after the run. */
static bool end_run(struct signal *s, struct instant now,
	const struct healths *out, struct fault *f)
{
	double long_s = (double)s->run / s->rate_hz;
	struct span span = {instant_plus_s(now, -long_s), now};

	if (s->run < STUCK_LEAST || long_s < STUCK_S)
		return true;
	if (s->last == 0)
		return grow(s, &s->zero, SIGNAL_DEAD, "stuck_s", span, long_s,
			out, f);
	return grow(s, &s->stuck, SIGNAL_STUCK, "stuck_s", span, long_s, out,
		f);
}

/* The median level so far, in whole dB. */
static double median_db(const struct signal *s)
{
	size_t n = 0;

	for (size_t i = 0; i < SIGNAL_LEVELS; i++) {
		n += s->level[i];
		if (2 * n >= s->levels)
			return (double)i;
	}
	return 0;
}

static double lanes_sum(const double x[static SIGNAL_LANES])
{
	return (x[0] + x[1]) + (x[2] + x[3]);
}

static bool end_block(
	struct signal *s, const struct healths *out, struct fault *f)
{
	double n = (double)s->count, db, usual;
	double mean = lanes_sum(s->sum) / n;
	double var = fmax(0, lanes_sum(s->sum2) / n - mean * mean);
	size_t rail = (s->high >= 0.999 * s->top ? s->at_high : 0) +
		(-s->low >= 0.999 * s->top ? s->at_low : 0);
	struct span span = {{s->block * BLOCK_NS}, {(s->block + 1) * BLOCK_NS}};

	if (n < 0.5 * s->rate_hz * 1e-9 * (double)BLOCK_NS)
		return true; /* a part says little */
	if (s->high - s->low >= SWING_LEAST &&
		(double)rail > CLIPPED_SHARE * n &&
		!grow(s, &s->clipped, SIGNAL_CLIPPED, "clipped_share", span,
			(double)rail / n, out, f))
		return false;
	if (var <= 0)
		return true; /* stuck */
	/* 0 dB: a thousandth of a count. */
	db = fmax(0, fmin(SIGNAL_LEVELS - 1, 60 + 10 * m_log10(var)));
	usual = median_db(s);
	if (s->levels >= LEVELS_LEAST && db < usual - DEAD_DB)
		return grow(s, &s->dead, SIGNAL_DEAD, "quieter_db", span,
			usual - db, out, f);
	s->level[(size_t)db]++;
	s->levels++;
	return true;
}

/* A sample at the least or the greatest of the block, or beyond. */
static void at_rail(struct signal *s, double x)
{
	if (x > s->high) {
		s->high = x;
		s->at_high = s->high_run = 0;
	}
	if (x < s->low) {
		s->low = x;
		s->at_low = s->low_run = 0;
	}
	s->high_run = x == s->high ? s->high_run + 1 : 0;
	s->low_run = x == s->low ? s->low_run + 1 : 0;
	if (s->high_run >= RAIL_RUN)
		s->at_high += s->high_run == RAIL_RUN ? RAIL_RUN : 1;
	if (s->low_run >= RAIL_RUN)
		s->at_low += s->low_run == RAIL_RUN ? RAIL_RUN : 1;
	s->top = fmax(s->top, fabs(x));
}

static inline pair counts_2(const int32_t *x)
{
	return (pair){x[0], x[1]};
}

static inline pair values_2(const float *x)
{
	return (pair){(double)x[0], (double)x[1]};
}

/* The next sample of the block, alone. */
static void add_one(struct signal *s, double x)
{
	size_t lane = s->count % SIGNAL_LANES;

	at_rail(s, x);
	s->sum[lane] += x;
	s->sum2[lane] += x * x;
	s->count++;
}

/* FEW of which some are at the extremes. */
static void few_rails(struct signal *s, const struct segment *seg, size_t i)
{
	for (size_t k = i; k < i + FEW; k++) {
		double x = segment_sample(seg, k);

		if (x > s->low && x < s->high)
			s->low_run = s->high_run = 0;
		else
			at_rail(s, x);
	}
}

/* The next FEW: the same sums side by side.  Live noise is seldom at its
 * extremes. */
static inline __attribute__((always_inline)) void add_few(
	struct signal *s, const struct segment *seg, size_t i, bool counts)
{
	const pair low = {s->low, s->low}, high = {s->high, s->high};
	pair_mask within = {-1, -1};
	pair sum[LANES], sum2[LANES];

	memcpy(sum, s->sum, sizeof sum);
	memcpy(sum2, s->sum2, sizeof sum2);
	for (size_t j = i; j < i + FEW; j += SIGNAL_LANES)
		for (size_t k = 0; k < LANES; k++) {
			pair v = counts ? counts_2(seg->counts + j + 2 * k)
					: values_2(seg->values + j + 2 * k);

			within &= (v > low) & (v < high);
			sum[k] += v;
			sum2[k] += v * v;
		}
	memcpy(s->sum, sum, sizeof sum);
	memcpy(s->sum2, sum2, sizeof sum2);
	s->count += FEW;
	if (within[0] & within[1])
		s->low_run = s->high_run = 0;
	else
		few_rails(s, seg, i);
}

/* Extremes and power of a part of the block, samples i .. to of a segment.  A
 * sample's lane hangs on its number in the block, so sums round alike however
 * the block is cut. */
static void rails(struct signal *s, const struct segment *seg, size_t i,
	size_t to)
{
	if (s->count == 0) {
		s->low = s->high = segment_sample(seg, i);
		s->at_low = s->at_high = s->low_run = s->high_run = 0;
		memset(s->sum, 0, sizeof s->sum);
		memset(s->sum2, 0, sizeof s->sum2);
	}
	for (; i < to && s->count % SIGNAL_LANES > 0; i++)
		add_one(s, segment_sample(seg, i));
	for (; seg->counts && i + FEW <= to; i += FEW)
		add_few(s, seg, i, true);
	for (; !seg->counts && i + FEW <= to; i += FEW)
		add_few(s, seg, i, false);
	for (; i < to; i++)
		add_one(s, segment_sample(seg, i));
}

/* A kept hash: was it heard before, and how long ago? */
static bool recall(struct signal *s, uint64_t h, struct instant now,
	const struct healths *out, struct fault *f)
{
	struct signal_mark *m = &s->mark[h >> 32 & (SIGNAL_MARKS - 1)];
	struct signal_mark was = *m;
	int64_t lag = now.utc_ns - was.utc_ns;
	int64_t sample = (int64_t)(1e9 / s->rate_hz);
	struct span span = {instant_plus_s(now, -KEEP_S), now};

	*m = (struct signal_mark){h, now.utc_ns};
	if (was.hash != h || was.utc_ns == 0 || lag > DAY_NS || lag <= 0)
		return true;
	if (s->lag_ns < 0 || lag < s->lag_ns - sample ||
		lag > s->lag_ns + sample) {
		s->lag_ns = lag;
		s->repeats = 0;
	}
	if (++s->repeats < REPEATS_LEAST)
		return true;
	if (s->repeats == REPEATS_LEAST)
		span.from = instant_plus_s(now, -KEEP_S * REPEATS_LEAST);
	return grow(s, &s->looped, SIGNAL_LOOPED, "repeats_after_s", span,
		(double)lag * 1e-9, out, f);
}

/* A window of which half the neighbours are equal repeats by chance. */
static bool lively(const uint32_t *x)
{
	size_t changes = 0;

	for (size_t i = 1; i < SIGNAL_WINDOW; i++)
		changes += x[i] != x[i - 1];
	return changes >= CHANGES_LEAST;
}

/* sum[i] = 2 sum[i - 1] + x[i]; whether one of them is to be kept. */
static inline __attribute__((always_inline)) bool next_sums(
	struct signal *s, const uint32_t *x, size_t n, uint64_t *sum)
{
	uint64_t last = s->sum_bits;
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		sum[i] = last = 2 * last + x[i];
		any |= last * SPREAD < s->keep;
	}
	s->sum_bits = last;
	return any;
}

/* The rolling hash over n samples of a segment from first on; x: their bits
 * after those of the window before.  It is kept where its upper bits are
 * zero. */
static bool hashed(struct signal *s, const struct segment *seg, size_t first,
	const uint32_t *x, size_t n, const struct healths *out,
	struct fault *f)
{
	enum { W = SIGNAL_WINDOW };
	uint64_t sum[FEW];

	for (size_t i = 0; i < n; i += FEW) {
		size_t few = n - i < FEW ? n - i : FEW;

		/* A known count of steps is taken without branches. */
		if (!(few == FEW ? next_sums(s, x + W + i, FEW, sum)
				 : next_sums(s, x + W + i, few, sum)))
			continue;
		for (size_t k = i; k < i + few; k++)
			if (sum[k - i] * SPREAD < s->keep &&
				s->ring_count + k >= W && lively(x + k + 1) &&
				!recall(s, mixed(sum[k - i]),
					segment_time(seg, first + k), out, f))
				return false;
	}
	return true;
}

static bool run_on(struct signal *s, uint32_t x, const struct segment *seg,
	size_t i, const struct healths *out, struct fault *f)
{
	if (s->run > 0 && x == s->last_bits) {
		s->run++;
		return true;
	}
	if (s->run >= STUCK_LEAST &&
		!end_run(s, segment_time(seg, i), out, f))
		return false;
	s->run = 1;
	s->last_bits = x;
	s->last = segment_sample(seg, i);
	return true;
}

/* Whether FEW samples are one value. */
static bool all_same(const uint32_t *x)
{
	four same = {-1, -1, -1, -1}, first, v;

	memcpy(&first, x, sizeof first);
	first = __builtin_shufflevector(first, first, 0, 0, 0, 0);
	for (size_t i = 0; i < FEW; i += 4) {
		memcpy(&v, x + i, sizeof v);
		same &= v == first;
	}
	return same[0] & same[1] & same[2] & same[3];
}

/* Runs of equal samples, a few at a time: between two that differ none grows
 * long, and only where it stands at the end is of interest. */
static bool runs(struct signal *s, const struct segment *seg, size_t first,
	const uint32_t *x, size_t n, const struct healths *out, struct fault *f)
{
	for (size_t i = 0; i < n;) {
		size_t end = n - i < FEW ? n : i + FEW;

		if (end < i + FEW || s->run + FEW >= STUCK_LEAST ||
			all_same(x + i)) {
			for (; i < end; i++)
				if (!run_on(s, x[i], seg, first + i, out, f))
					return false;
			continue;
		}
		i = end;
		s->last_bits = x[i - 1];
		s->last = segment_sample(seg, first + i - 1);
		for (s->run = 1; x[i - s->run - 1] == s->last_bits;)
			s->run++;
	}
	return true;
}

/* Samples i .. to of a segment, of one block. */
static bool part(struct signal *s, const struct segment *seg, size_t i,
	size_t to, const struct healths *out, struct fault *f)
{
	enum { W = SIGNAL_WINDOW };
	uint32_t bits[W + AT_ONCE]; /* the last window's before them */

	while (i < to) {
		size_t n = to - i < AT_ONCE ? to - i : AT_ONCE;
		const void *from = seg->counts
			? (const void *)(seg->counts + i)
			: (const void *)(seg->values + i);

		memcpy(bits, s->ring, sizeof s->ring);
		memcpy(bits + W, from, n * sizeof *bits);
		/* Zero has two signs, and is one value. */
		for (size_t k = W; !seg->counts && k < W + n; k++)
			bits[k] = bits[k] == UINT32_C(0x80000000) ? 0 : bits[k];
		rails(s, seg, i, i + n);
		if (!runs(s, seg, i, bits + W, n, out, f) ||
			(s->mark && !hashed(s, seg, i, bits, n, out, f)))
			return false;
		memcpy(s->ring, bits + n, sizeof s->ring);
		s->ring_count += n;
		i += n;
	}
	return true;
}

/* After a gap or at another rate runs and windows begin anew. */
static bool anew(struct signal *s, const struct segment *seg,
	const struct healths *out, struct fault *f)
{
	double keep = seg->rate_hz * KEEP_S;
	uint64_t one_in = 1;

	if (s->run > 0 && !end_run(s, s->end, out, f))
		return false;
	s->run = 0;
	s->ring_count = 0;
	s->rate_hz = seg->rate_hz;
	while ((double)(one_in * 2) <= keep)
		one_in *= 2;
	s->keep = one_in > 1 ? UINT64_MAX / one_in + 1 : UINT64_MAX;
	return true;
}

/* Closes the block before, if another begins; returns where this one ends in
 * the segment, 0 on failure. */
static size_t enter_block(struct signal *s, const struct segment *seg,
	size_t i, const struct healths *out, struct fault *f)
{
	int64_t now = segment_time(seg, i).utc_ns, block = now / BLOCK_NS;
	/* A thousandth of a sample is the rounding of times. */
	double left = (double)((block + 1) * BLOCK_NS - now) * 1e-9 *
		seg->rate_hz - 1e-3;
	size_t n = left > 0 ? (size_t)left + 1 : 1;

	if (block != s->block) {
		if (s->count > 0 && !end_block(s, out, f))
			return 0;
		s->block = block;
		s->count = 0;
	}
	return n < seg->count - i ? i + n : seg->count;
}

bool signal_next(struct signal *s, const struct segment *seg,
	const struct healths *out, struct fault *f)
{
	if ((!seg->counts && !seg->values) || seg->count == 0)
		return true;
	if ((!instant_known(s->end) || seg->rate_hz != s->rate_hz ||
		    fabs(instant_seconds(s->end, seg->start)) * seg->rate_hz >
			    0.5) &&
		!anew(s, seg, out, f))
		return false;
	for (size_t i = 0; i < seg->count;) {
		size_t to = enter_block(s, seg, i, out, f);

		if (to == 0)
			return false;
		if (!part(s, seg, i, to, out, f))
			return false;
		i = to;
	}
	s->end = segment_time(seg, seg->count);
	return true;
}

static bool recent(const struct signal *s, const struct signal_charge *c)
{
	return instant_known(c->from) &&
		s->end.utc_ns - c->to.utc_ns < BLOCK_NS;
}

const char *signal_doubt(const struct signal *s, struct instant *since)
{
	double long_s = (double)s->run / s->rate_hz;
	const struct signal_charge *c = recent(s, &s->stuck) ? &s->stuck
		: recent(s, &s->zero)			     ? &s->zero
		: recent(s, &s->dead)			     ? &s->dead
							     : NULL;

	if (!instant_known(s->end))
		return NULL;
	if (s->run >= STUCK_LEAST && long_s >= STUCK_S) {
		*since = instant_plus_s(s->end, -long_s);
		return s->last == 0 ? SIGNAL_DEAD : SIGNAL_STUCK;
	}
	if (!c)
		return NULL;
	*since = c->from;
	return c == &s->stuck ? SIGNAL_STUCK : SIGNAL_DEAD;
}

bool signal_finish(
	struct signal *s, const struct healths *out, struct fault *f)
{
	if (!instant_known(s->end))
		return true;
	return end_run(s, s->end, out, f) &&
		(s->count == 0 || end_block(s, out, f)) &&
		tell(s, &s->stuck, SIGNAL_STUCK, "stuck_s", out, f) &&
		tell(s, &s->zero, SIGNAL_DEAD, "stuck_s", out, f) &&
		tell(s, &s->dead, SIGNAL_DEAD, "quieter_db", out, f) &&
		tell(s, &s->clipped, SIGNAL_CLIPPED, "clipped_share", out,
			f) &&
		tell(s, &s->looped, SIGNAL_LOOPED, "repeats_after_s", out, f);
}
