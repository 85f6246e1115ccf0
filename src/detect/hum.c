/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hum.c - the hum of a propeller: a comb of tones over seconds to minutes.
 *
 * Every 10 s, and every 2 s while it lasts, comes a spectrum of one second; the
 * power of each bin is divided by the median of its neighbourhood, so that wind
 * and traffic are even.  For each blade rate of 60 to 260 Hz the logarithms at
 * it and its harmonics are summed (WAVEFORM.md 3.8); the best must stand out of
 * what noise gives.  Four such windows whose rates follow each other (Doppler:
 * a pass at 50 m/s and 150 m changes them by a tenth in 2 s) make a hum, three
 * without one end it.
 *
 * A generator or the mains hold one rate; what keeps to it within 0.1 % is left
 * out.  An engine on the ground may sound the same: so this says that a drone
 * is likely, never where, beyond how far it can be heard. */
#include "base/fft.h"
#include "base/maths.h"
#include "detect/detector.h"

#define STEP_NS INT64_C(2000000000)
#define IDLE_NS (5 * STEP_NS)
#define TO_HZ 1000.0 /* samples are averaged down to at least this */
#define F_LEAST 60.0
#define F_MOST 260.0
enum { TONES_LEAST = 3, TONES_MOST = 6, NEAR = 16, AROUND = 4 * NEAR };
/* Tones lie below. */
#define LAST_BIN (0.45 * FFT_SAMPLES)
/* ln of the greatest of three bins of noise over their median: mean and
 * standard deviation of one tone, and how many of those of the sum a comb
 * stands out by.  Of 8,000 windows of noise and wind none had three tones. */
#define NOISE_MEAN 1.0
#define NOISE_SD 0.6
#define ACCEPT 6.0
/* Each of the first three tones, over the median: in noise one in 200. */
#define TONE_LEAST 2.3
#define TIMES 9.9f /* somewhat under e to that */
/* A change of the rate in 2 s; then windows. */
#define CHANGE 0.12
enum { ENOUGH = 4, MISSES = 3, LONGEST = 300 };
/* Standard deviation over mean: a drone that flies straight away keeps to
 * 0.3 %, what is measured of a constant rate to 0.05 %. */
#define STEADY 0.001
#define LEAST_RATE_HZ 600.0
/* Heard no farther: small motors 0.5 km, those of fixed wings 3 km (cal.). */
#define REACH_M 3000.0

struct state {
	const struct source *source;
	struct fft fft;
	double rate_hz; /* of the segments; 0: none yet */
	size_t every, sum_count; /* samples averaged to one */
	double sum;
	struct instant next, window; /* what is awaited; its first sample */
	float x[FFT_SAMPLES];
	size_t count; /* of x; 0: no window is open */
	double step_hz;
	/* The hum. */
	size_t hits, misses, tones;
	struct instant from, to;
	double f, f_sum, f_sum2, db_sum;
	struct cite cite;
};

struct comb {
	double f_hz, z, db;
	size_t tones;
};

static bool hears(const struct source *s)
{
	return s->kind == SOURCE_ACOUSTIC && !s->array[0] &&
		s->rate_hz >= LEAST_RATE_HZ && isfinite(s->lat_deg);
}

static void start(
	void *self, const struct source *source, const struct mission *m)
{
	struct state *s = self;

	(void)m;
	s->source = source;
	s->next = INSTANT_UNKNOWN;
	if (!fft_start(&s->fft))
		s->source = NULL;
}

/* The value that half of them are below, by ranks: no branch on data. */
static float median(const float *x, size_t n)
{
	float most = x[0];
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		int32_t below = 0;

		for (size_t k = 0; k < n; k++)
			below += x[k] < x[i];
		if (below <= (int32_t)(n / 2) && (!any || x[i] > most)) {
			most = x[i];
			any = true;
		}
	}
	return most;
}

struct range {
	size_t from, to;
};

/* The bins around NEAR of them, from b on. */
static struct range around(size_t b)
{
	size_t to = b + AROUND - NEAR;

	return (struct range){b > NEAR ? b - NEAR : 0,
		to < FFT_BINS ? to : FFT_BINS};
}

/* ln of each bin over the median of those around it. */
static void whiten(const float power[FFT_BINS], float ln[FFT_BINS])
{
	for (size_t b = 0; b < FFT_BINS; b += NEAR) {
		struct range r = around(b);
		double m = (double)median(power + r.from, r.to - r.from);

		for (size_t k = b; k < b + NEAR && k < FFT_BINS; k += 4) {
			double q[4] = {1, 1, 1, 1};

			for (size_t i = 0; i < 4 && k + i < FFT_BINS && m > 0;
				i++)
				q[i] = fmax((double)power[k + i] / m, 1e-6);
			m_log4(q);
			for (size_t i = 0; i < 4 && k + i < FFT_BINS; i++)
				ln[k + i] = (float)q[i];
		}
	}
}

/* The i-th blade rate that is tried, in bins: half a bin of the third tone
 * apart. */
static double rate_bin(const struct state *s, size_t i)
{
	return F_LEAST / s->step_hz + (double)i * 0.5 / TONES_LEAST;
}

/* The leading bits of the median of n <= AROUND powers: at most it, and more
 * than 8/9 of it.  The bits of floats that are not negative are in order. */
static float under_median(const float *x, size_t n)
{
	int32_t bits[AROUND], m = 0;
	float out;

	memset(bits, 0x7f, sizeof bits);
	memcpy(bits, x, n * sizeof *x);
	for (int32_t bit = 1 << 30; bit >= 1 << 20; bit >>= 1) {
		int32_t below = 0;

		for (size_t k = 0; k < AROUND; k++)
			below += bits[k] < (m | bit);
		if (below <= (int32_t)(n / 2))
			m |= bit;
	}
	memcpy(&out, &m, sizeof out);
	return out;
}

/* Whether a comb may be there: a rate of which the first tones are, or the
 * bins beside them, as loud as TONE_LEAST asks.  In noise few are. */
static bool may_be(
	const struct state *s, const float power[FFT_BINS], size_t rates)
{
	bool loud[FFT_BINS], near[FFT_BINS] = {false};

	for (size_t b = 0; b < FFT_BINS; b += NEAR) {
		struct range r = around(b);
		float m = TIMES * under_median(power + r.from, r.to - r.from);

		for (size_t k = b; k < b + NEAR && k < FFT_BINS; k++)
			loud[k] = power[k] > m;
	}
	for (size_t k = 1; k + 1 < FFT_BINS; k++)
		near[k] = loud[k - 1] | loud[k] | loud[k + 1];
	for (size_t i = 0; i < rates; i++) {
		double bin = rate_bin(s, i);

		if ((size_t)(LAST_BIN / bin) >= TONES_LEAST &&
			near[(size_t)(bin + 0.5)] &&
			near[(size_t)(2 * bin + 0.5)] &&
			near[(size_t)(3 * bin + 0.5)])
			return true;
	}
	return false;
}

static double tone(const float ln[FFT_BINS], double bin, size_t *at)
{
	size_t k = (size_t)(bin + 0.5);

	*at = k;
	if (ln[k - 1] > ln[*at])
		*at = k - 1;
	if (ln[k + 1] > ln[*at])
		*at = k + 1;
	return (double)ln[*at];
}

/* Where a peak is, in bins: a parabola through its three. */
static double peak(const float ln[FFT_BINS], size_t at)
{
	double a = (double)ln[at - 1], b = (double)ln[at];
	double c = (double)ln[at + 1], bend = a - 2 * b + c;
	double off = bend < 0 ? 0.5 * (a - c) / bend : 0;

	return (double)at + fmax(-0.5, fmin(0.5, off));
}

static void try_rate(const float ln[FFT_BINS], double bin, struct comb *best)
{
	size_t n = (size_t)(LAST_BIN / bin), at;
	double sum = 0, up = 0, down = 0, z;

	if (n > TONES_MOST)
		n = TONES_MOST;
	if (n < TONES_LEAST)
		return;
	for (size_t h = 1; h <= n; h++) {
		double x = tone(ln, (double)h * bin, &at);

		if (h <= TONES_LEAST && x < TONE_LEAST)
			return;
		sum += fmin(x, 6); /* no one tone makes a comb */
		if (x < TONE_LEAST)
			continue;
		/* Least squares: peaks at h times one rate. */
		up += x * (double)h * peak(ln, at);
		down += x * (double)(h * h);
	}
	z = (sum - NOISE_MEAN * (double)n) / (NOISE_SD * sqrt((double)n));
	if (z <= best->z)
		return;
	*best = (struct comb){.f_hz = up / down, .z = z,
		.db = 10 * sum / (double)n / 2.302585092994046, .tones = n};
}

static struct comb comb_of(const struct state *s)
{
	float power[FFT_BINS], ln[FFT_BINS];
	struct comb best = {.z = -INFINITY};
	size_t rates = (size_t)((F_MOST - F_LEAST) * TONES_LEAST /
		(0.5 * s->step_hz));

	fft_power(&s->fft, s->x, power);
	if (!may_be(s, power, rates))
		return best;
	whiten(power, ln);
	for (size_t i = 0; i < rates; i++)
		try_rate(ln, rate_bin(s, i), &best);
	best.f_hz *= s->step_hz;
	return best;
}

static bool end_hum(
	struct state *s, const struct detections *to, struct fault *f)
{
	double n = (double)s->hits, mean = s->f_sum / n;
	double wander = sqrt(fmax(s->f_sum2 / n - mean * mean, 0)) / mean;
	struct feature x[2] = {{"tones", (double)s->tones},
		{"wander", floor(1e3 * wander + 0.5) / 1e3}};
	struct detection d = detection_new();

	if (s->hits < ENOUGH || wander < STEADY) {
		s->hits = 0;
		return true;
	}
	s->hits = 0;
	d.source = s->source->id;
	d.modality = MODALITY_ACOUSTIC;
	d.detector = "hum";
	d.at = s->from;
	d.until = instant_plus_s(s->to, 1);
	d.sigma_s = 1;
	d.kind = KIND_FLIGHT;
	d.frequency_hz = floor(10 * mean + 0.5) / 10;
	d.snr = floor(10 * s->db_sum / n + 0.5) / 10;
	d.place = PLACE_UNKNOWN;
	d.place.lat_deg = s->source->lat_deg;
	d.place.lon_deg = s->source->lon_deg;
	d.place.region.ellipse = (struct ellipse){REACH_M, REACH_M, 0};
	d.feature = x;
	d.feature_count = 2;
	d.cite = s->cite;
	detection_name(&d);
	return to->put(to->self, &d, f);
}

static bool hit(struct state *s, const struct comb *c, const struct cite *cite,
	const struct detections *to, struct fault *f)
{
	bool follows = s->hits > 0 && fabs(c->f_hz - s->f) <
		CHANGE * (double)(s->misses + 1) * s->f;

	if (s->hits > 0 && (!follows || s->hits >= LONGEST) &&
		!end_hum(s, to, f))
		return false;
	if (s->hits == 0) {
		s->from = s->window;
		s->f_sum = s->f_sum2 = s->db_sum = 0;
		s->tones = 0;
		s->cite = *cite;
	}
	s->hits++;
	s->misses = 0;
	s->to = s->window;
	s->f = c->f_hz;
	s->f_sum += c->f_hz;
	s->db_sum += c->db;
	s->f_sum2 += c->f_hz * c->f_hz;
	if (c->tones > s->tones)
		s->tones = c->tones;
	return true;
}

static bool miss(struct state *s, const struct detections *to, struct fault *f)
{
	if (s->hits == 0 || ++s->misses < MISSES)
		return true;
	return end_hum(s, to, f);
}

static bool whole(struct state *s, const struct segment *seg,
	const struct detections *to, struct fault *f)
{
	struct comb c = comb_of(s);

	s->count = 0;
	return c.z >= ACCEPT ? hit(s, &c, &seg->cite, to, f) : miss(s, to, f);
}

/* After a gap, or at another rate. */
static bool anew(struct state *s, const struct segment *seg,
	const struct detections *to, struct fault *f)
{
	s->count = s->sum_count = 0;
	s->sum = 0;
	s->rate_hz = seg->rate_hz;
	s->every = (size_t)fmax(1, floor(seg->rate_hz / TO_HZ));
	s->step_hz = seg->rate_hz / (double)s->every / FFT_SAMPLES;
	return s->hits == 0 || end_hum(s, to, f);
}

/* The first sample at or after the next whole step of time, from i on. */
static size_t next_window(struct state *s, const struct segment *seg, size_t i)
{
	int64_t now = segment_time(seg, i).utc_ns;
	int64_t step = s->hits > 0 ? STEP_NS : IDLE_NS;
	int64_t at = (now + step - 1) / step * step;
	/* A thousandth of a sample is the rounding of times. */
	double skip = (double)(at - now) * 1e-9 * seg->rate_hz - 1e-3;

	if (skip > (double)(seg->count - i - 1))
		return seg->count;
	s->window = (struct instant){at};
	return skip > 0 ? i + (size_t)skip + 1 : i;
}

static bool segment(void *self, const struct segment *seg,
	const struct detections *to, struct fault *f)
{
	struct state *s = self;
	bool open;

	if (!s->source || (!seg->counts && !seg->values) || seg->count == 0)
		return true;
	if ((!instant_known(s->next) || seg->rate_hz != s->rate_hz ||
		    fabs(instant_seconds(s->next, seg->start)) * seg->rate_hz >
			    0.5) && !anew(s, seg, to, f))
		return false;
	s->next = segment_time(seg, seg->count);
	if (seg->rate_hz < LEAST_RATE_HZ)
		return true;
	open = s->count > 0 || s->sum_count > 0;
	for (size_t i = 0; i < seg->count; i++) {
		if (!open && (i = next_window(s, seg, i)) == seg->count)
			break;
		open = true;
		s->sum += segment_sample(seg, i);
		if (++s->sum_count < s->every)
			continue;
		s->x[s->count++] = (float)(s->sum / (double)s->every);
		s->sum = 0;
		s->sum_count = 0;
		if (s->count < FFT_SAMPLES)
			continue;
		open = false;
		if (!whole(s, seg, to, f))
			return false;
	}
	return true;
}

static bool finish(void *self, const struct detections *to, struct fault *f)
{
	struct state *s = self;

	return s->hits == 0 || end_hum(s, to, f);
}

/* The plan points into itself, and stays. */
static void resume(void *self, const void *stood)
{
	const size_t at = offsetof(struct state, rate_hz);
	char *to = self;

	memcpy(to + at, (const char *)stood + at, sizeof(struct state) - at);
}

const struct detector detector_hum = {
	.name = "hum",
	.about = "the comb of tones of a propeller",
	.state_size = sizeof(struct state),
	.hears = hears,
	.start = start,
	.segment = segment,
	.finish = finish,
	.resume = resume,
};
