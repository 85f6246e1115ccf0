/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hum.c - a propeller's comb in noise, passing or hovering, is a flight; noise,
 * mains, a generator and a lone tone are none; pieces, gaps and the rate do
 * not matter. */
#include "base/fft.h"
#include "base/maths.h"
#include "check.h"
#include "dice.h"
#include "detect/detector.h"

extern const struct detector detector_hum;

enum { FOUND = 64, SECONDS = 600 };

struct found {
	struct detection d[FOUND];
	double wander[FOUND];
	size_t count;
};

static bool put(void *self, const struct detection *d, struct fault *f)
{
	struct found *o = self;

	(void)f;
	if (o->count < FOUND) {
		o->d[o->count] = *d;
		o->wander[o->count++] = feature_of(
			d->feature, d->feature_count, "wander");
	}
	return true;
}

enum sound { NOISE, WIND, MAINS, GENERATOR, TONE, PASS, HOVER };

struct day {
	enum sound sound;
	double rate_hz, level; /* of the comb; noise has 1 */
	double gap_from_s, gap_to_s;
	size_t piece;
};

/* Phase in cycles of the blade rate at t. */
static double phase(enum sound sound, double t)
{
	double x = 45 * (t - 300), r = sqrt(x * x + 150 * 150);

	switch (sound) {
	case MAINS:
		return 50 * t;
	case GENERATOR:
		return 75 * t;
	case PASS: /* at 45 m/s, 150 m off at 300 s: Doppler of what left */
		return 92 * (t - r / 340);
	case HOVER: /* the rate wanders by a hundredth in half a minute */
		return 120 * t + 120 * 0.01 * 30 / (2 * PI) *
			m_sin(2 * PI * t / 30);
	default:
		return 0;
	}
}

static double level(const struct day *y, double t)
{
	double x = 45 * (t - 300);

	switch (y->sound) {
	case NOISE:
	case WIND:
	case TONE:
		return 0;
	case PASS:
		return y->level * 150 / sqrt(x * x + 150 * 150);
	case HOVER:
		return t > 200 && t < 320 ? y->level : 0;
	default:
		return y->level;
	}
}

static void hear(const struct day *y, struct found *out)
{
	static struct source source = {.id = "S1", .kind = SOURCE_ACOUSTIC,
		.lat_deg = 48, .lon_deg = 37, .array = ""};
	static float x[SECONDS * 4000];
	struct detections to = {put, out};
	struct fault f = {0};
	void *state = calloc(1, detector_hum.state_size);
	size_t n = (size_t)(SECONDS * y->rate_hz);
	double wind = 0;
	bool ok = state != NULL;

	source.rate_hz = y->rate_hz;
	out->count = 0;
	for (size_t i = 0; i < n; i++) {
		double t = (double)i / y->rate_hz, a = level(y, t);
		double p = a > 0 ? phase(y->sound, t) : 0;

		wind = 0.995 * wind + 0.1 * normal();
		x[i] = (float)(normal() + (y->sound == WIND ? 30 * wind : 0));
		for (int k = 1; a > 0 && k <= 4; k++)
			x[i] += (float)(a / k *
				m_sin(2 * PI * (k * p - floor(k * p))));
		if (y->sound == TONE)
			x[i] += (float)(y->level * m_sin(2 * PI *
				(131.3 * t - floor(131.3 * t))));
	}
	ok = ok && detector_hum.hears(&source);
	if (ok)
		detector_hum.start(state, &source, NULL);
	for (size_t i = 0, k; ok && i < n; i += k) {
		struct segment s = {.channel = "S1", .rate_hz = y->rate_hz,
			.values = x + i, .scale = NAN};
		double t = (double)i / y->rate_hz;

		k = n - i < y->piece ? n - i : y->piece;
		s.count = k;
		s.start = instant_plus_s((struct instant){
			INT64_C(1770000000123000000)}, t);
		if (t >= y->gap_from_s && t < y->gap_to_s)
			continue;
		ok = detector_hum.segment(state, &s, &to, &f);
	}
	ok = ok && detector_hum.finish(state, &to, &f);
	CHECK_QUIET(ok, "%s", f.text);
	free(state);
}

static double after_s(struct instant t)
{
	return instant_seconds((struct instant){INT64_C(1770000000123000000)},
		t);
}

static void nothing(void)
{
	static const struct {
		struct day day;
		const char *name;
	} table[] = {
		{{NOISE, 1000, 0, 0, 0, 4000}, "white noise"},
		{{NOISE, 4000, 0, 0, 0, 4000}, "white noise at 4 kHz"},
		{{WIND, 1000, 0, 0, 0, 4000}, "wind"},
		{{MAINS, 1000, 3, 0, 0, 4000}, "mains"},
		{{GENERATOR, 1000, 2, 0, 0, 4000}, "a generator"},
		{{TONE, 1000, 5, 0, 0, 4000}, "a lone tone"},
	};
	struct found out;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		seed = i + 1;
		hear(&table[i].day, &out);
		CHECK(out.count == 0, "%s: %zu", table[i].name, out.count);
	}
}

static void flights(void)
{
	static const struct {
		struct day day;
		double from_s, to_s, f_hz;
		const char *name;
	} table[] = {
		{{PASS, 1000, 4, 0, 0, 4000}, 295, 305, 92, "a pass, 1 kHz"},
		{{PASS, 700, 4, 0, 0, 4000}, 295, 305, 92, "700 Hz"},
		{{PASS, 4000, 4, 0, 0, 4000}, 295, 305, 92, "4 kHz"},
		{{HOVER, 1000, 1, 0, 0, 4000}, 210, 310, 120, "a hover"},
	};
	struct found out;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct detection *d = out.d;

		seed = 10 + i;
		hear(&table[i].day, &out);
		CHECK(out.count == 1 && d->kind == KIND_FLIGHT &&
			after_s(d->at) <= table[i].from_s &&
			after_s(d->until) >= table[i].to_s &&
			fabs(d->frequency_hz / table[i].f_hz - 1) < 0.15,
			"%s: %zu, %.0f to %.0f s, %.1f Hz, %.1f dB, wanders "
			"%.3f", table[i].name, out.count, after_s(d->at),
			after_s(d->until), d->frequency_hz, d->snr,
			out.wander[0]);
	}
}

static void pieces(void)
{
	struct day day = {PASS, 1000, 4, 0, 0, 4000};
	struct found a, b;

	seed = 30;
	hear(&day, &a);
	seed = 30;
	day.piece = 77;
	hear(&day, &b);
	CHECK(a.count == 1 && b.count == 1 &&
		a.d[0].at.utc_ns == b.d[0].at.utc_ns &&
		a.d[0].frequency_hz == b.d[0].frequency_hz &&
		a.d[0].snr == b.d[0].snr, "the same in small pieces");
	seed = 30;
	day.piece = 1000;
	day.level = 12;
	day.gap_from_s = 295;
	day.gap_to_s = 305;
	hear(&day, &b);
	CHECK(b.count == 2 && after_s(b.d[0].until) < 296 &&
		after_s(b.d[1].at) >= 304, "a gap of 10 s ends it: %zu",
		b.count);
}

static void spectrum(void)
{
	static struct fft fft;
	float x[FFT_SAMPLES], power[FFT_BINS];
	double off = 0;

	CHECK(fft_start(&fft), "the plan fits");
	seed = 9;
	for (size_t i = 0; i < FFT_SAMPLES; i++)
		x[i] = (float)normal();
	fft_power(&fft, x, power);
	for (size_t k = 1; k < FFT_BINS; k += 17) {
		double re = 0, im = 0, want;

		for (size_t i = 0; i < FFT_SAMPLES; i++) {
			double w = 0.5 - 0.5 * m_cos(2 * PI *
				((double)i + 0.5) / FFT_SAMPLES);
			double a = 2 * PI * (double)(i * k % FFT_SAMPLES) /
				FFT_SAMPLES;

			re += w * (double)x[i] * m_cos(a);
			im -= w * (double)x[i] * m_sin(a);
		}
		want = re * re + im * im;
		off = fmax(off, fabs((double)power[k] - want) /
			(want + 1));
	}
	CHECK(off < 1e-4, "as the sums by definition, within %.1e", off);
}

int main(void)
{
	spectrum();
	nothing();
	flights();
	pieces();
	return check_done();
}
