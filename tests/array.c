/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * array.c - the detector of arrays on made waves: what it says of them, how
 * often it cries wolf in noise that is coherent, that cuts, gaps and restarts
 * change nothing, and which broken element it names. */
#include "base/maths.h"
#include "check.h"
#include "detect/detector.h"
#include "geo/frame.h"

#include <string.h>

extern const struct detector detector_array;

enum { RATE = 40, ELEMENTS = 6, GOT = 4096 };

static const struct xy place[ELEMENTS] = {{0, 0}, {34, 122}, {155, 22},
	{77, 33}, {-60, 80}, {70, -90}};

static struct source source[ELEMENTS];
static const struct source *element[ELEMENTS];
static struct mission mission;
static void *state;
static float *wave[ELEMENTS];
static size_t samples;
static const struct instant zero = {INT64_C(1770091506008300000)};
static uint64_t seed = 1;

static struct got {
	struct detection d[GOT];
	double f[GOT], sigma[GOT];
	size_t count;
	char bad[64][80]; /* health */
	size_t bads;
} got;

/* Steele, Lea, Flood 2014 (splitmix64). */
static double uniform(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return ((double)((z ^ z >> 31) >> 11) + 0.5) / (1 << 30) / (1 << 23);
}

/* Twelve uniforms would do, three pairs are faster and as good here. */
static double normal(void)
{
	double sum = -3;

	for (int i = 0; i < 6; i++)
		sum += uniform();
	return sum * sqrt(2);
}

static bool put(void *self, const struct detection *d, struct fault *f)
{
	(void)self;
	(void)f;
	if (got.count == GOT)
		abort();
	got.f[got.count] = feature_of(d->feature, d->feature_count, "f_stat");
	got.sigma[got.count] = feature_of(
		d->feature, d->feature_count, "sigma_slowness_s_per_km");
	got.d[got.count++] = *d;
	return true;
}

static bool put_health(void *self, const struct health *h, struct fault *f)
{
	(void)self;
	(void)f;
	if (got.bads < 64)
		(void)snprintf(got.bad[got.bads++], sizeof *got.bad, "%s %s",
			h->source, h->why);
	return true;
}

static const struct detections out = {put, NULL};

static void quiet(double seconds)
{
	samples = (size_t)(seconds * RATE);
	for (size_t m = 0; m < ELEMENTS; m++) {
		wave[m] = realloc(wave[m], samples * sizeof(float));
		if (!wave[m])
			abort();
	}
}

/* Independent at each element, or shared and late by s.r; both of a spectrum
 * that falls from 1.5 Hz on. */
struct colour {
	double a, b;
};

static double step(struct colour *c)
{
	const double k = 2 * PI * 1.5 / RATE;

	c->a += k * (normal() - c->a);
	c->b += k * (c->a - c->b);
	return c->b;
}

static void noise(double sd)
{
	for (size_t m = 0; m < ELEMENTS; m++) {
		struct colour c = {0};

		for (size_t i = 0; i < samples; i++)
			wave[m][i] = (float)(sd * (step(&c) + 0.1 * normal()));
	}
}

/* Shared noise from a direction, between two moments, swelling and fading. */
static void shared(double baz_deg, double speed_ms, double sd, double from_s,
	double to_s)
{
	enum { PAD = 8 * RATE };
	double sx = -m_sin(RAD(baz_deg)) / speed_ms;
	double sy = -m_cos(RAD(baz_deg)) / speed_ms;
	size_t n = (size_t)((to_s - from_s) * RATE), at;
	float *x = malloc((n + 2 * PAD) * sizeof *x);
	struct colour c = {0};

	if (!x)
		abort();
	for (size_t i = 0; i < n + 2 * PAD; i++)
		x[i] = (float)(sd * step(&c));
	at = (size_t)(from_s * RATE);
	for (size_t m = 0; m < ELEMENTS; m++) {
		double late = (sx * place[m].x_m + sy * place[m].y_m) * RATE;

		for (size_t i = 0; i < n && at + i < samples; i++) {
			double t = PAD + (double)i - late, k = floor(t);
			size_t j = (size_t)k;
			double edge = fmin((double)i, (double)(n - 1 - i)) /
				RATE;
			double v = (double)x[j] +
				(t - k) * (double)(x[j + 1] - x[j]);

			wave[m][at + i] += (float)(v * fmin(1, edge / 2));
		}
	}
	free(x);
}

static void start(size_t n)
{
	struct frame f = frame_at(48, 37);

	for (size_t m = 0; m < ELEMENTS; m++) {
		static char id[ELEMENTS][8];
		struct point p = frame_from(&f, place[m]);

		(void)snprintf(id[m], sizeof id[m], "E%zu", m + 1);
		source[m] = (struct source){.id = id[m], .array = "A",
			.kind = SOURCE_INFRASOUND, .lat_deg = p.lat_deg,
			.lon_deg = p.lon_deg, .rate_hz = RATE,
			.sensitivity = NAN, .position_err_m = 0.5};
		element[m] = &source[m];
	}
	free(state);
	state = calloc(1, detector_array.state_size);
	memset(&got, 0, sizeof got);
	if (!state || !detector_array.gathers(element, n))
		abort();
	detector_array.gather(state, element, n, &mission);
}

/* Samples [from, to) of an element, in pieces. */
static void feed(size_t m, size_t from, size_t to, size_t cut)
{
	struct segment whole = {.channel = source[m].id, .start = zero,
		.rate_hz = RATE, .scale = NAN, .time_quality = NAN};
	struct fault f = {0};

	while (from < to) {
		struct segment s = whole;

		s.count = cut ? 1 + (size_t)(uniform() * (double)cut)
			      : to - from;
		if (s.count > to - from)
			s.count = to - from;
		s.start = segment_time(&whole, from);
		s.values = wave[m] + from;
		from += s.count;
		if (!detector_array.element(state, m, &s, &out, &f)) {
			printf("# %s\n", f.text);
			abort();
		}
	}
}

/* Samples between two until(); by how many each element is ahead of the one
 * before it. */
static size_t stretch = GATHER_AHEAD_S * RATE, ahead;

static void run(size_t n, size_t cut, bool backwards)
{
	struct segment clock = {.start = zero, .rate_hz = RATE};
	struct healths sick = {put_health, NULL};
	struct fault f = {0};

	for (size_t at = 0; at < samples; at += stretch) {
		size_t to = at + stretch < samples ? at + stretch : samples;

		for (size_t i = 0; i < n; i++) {
			size_t m = backwards ? n - 1 - i : i;
			size_t from = at == 0 ? 0 : at + m * ahead;

			feed(m, from < samples ? from : samples, to + m * ahead
				< samples ? to + m * ahead : samples, cut);
		}
		if (!detector_array.until(state, segment_time(&clock, to),
			&out, &f))
			abort();
	}
	if (!detector_array.finish(state, &out, &f) ||
		!detector_array.health(state, &sick, &f))
		abort();
}

/* -- noise -- */

static size_t false_in(int waves, double loud, double hours)
{
	quiet(hours * 3600);
	noise(1);
	/* Steady waves of the background: sea, wind farms, roads. */
	for (int i = 0; i < waves; i++)
		shared(360 * uniform(), 320 + 200 * uniform(), loud, 0,
			hours * 3600);
	start(4);
	run(4, 0, false);
	return got.count;
}

static void wolf(void)
{
	size_t none = false_in(0, 0, 2), some = false_in(6, 0.4, 2);
	size_t much = false_in(3, 0.7, 2);

	CHECK(none == 0 && some <= 1 && much <= 2, "false in 2 h: %zu in noise "
		"of each element, %zu and %zu in waves of all sides", none,
		some, much);
}

/* -- waves -- */

enum { SIGNALS = 50 };
static double true_baz[SIGNALS], true_speed[SIGNALS];

/* One a minute, 20 s long, after 6 minutes. */
static void signals(size_t count, double loud)
{
	for (size_t i = 0; i < count; i++) {
		true_baz[i] = 360 * uniform();
		true_speed[i] = 330 + 40 * uniform();
		shared(true_baz[i], true_speed[i], loud, 360 + 60 * (double)i,
			380 + 60 * (double)i);
	}
}

static void found(size_t n, double loud, size_t least)
{
	size_t hits = 0, others = 0, az90 = 0, slow90 = 0;
	double square = 0;

	quiet(360 + 60 * SIGNALS);
	noise(1);
	signals(SIGNALS, loud);
	start(n);
	run(n, 0, false);
	for (size_t i = 0; i < got.count; i++) {
		const struct detection *d = &got.d[i];
		double t = instant_seconds(zero, d->at) - 360;
		size_t k = (size_t)fmax(floor(t / 60), 0);
		double off = d->back_azimuth_deg - true_baz[k], slow;

		off -= 360 * floor(off / 360 + 0.5);
		slow = d->slowness_s_per_km - 1000 / true_speed[k];
		if (t - 60 * (double)k > 25 || fabs(off) > 20) {
			others++;
			continue;
		}
		hits++;
		square += off * off;
		az90 += fabs(off) <= 1.6449 * d->sigma_az_deg;
		slow90 += fabs(slow) <= 1.6449 * got.sigma[i];
	}
	CHECK(hits >= least && others == 0,
		"%zu elements, %.1f of the noise: %zu detections of %d waves, "
		"%zu others; %.2f deg rms", n, loud, hits, SIGNALS, others,
		sqrt(square / (double)hits));
	CHECK(az90 * 100 >= hits * 85 && slow90 * 100 >= hits * 85,
		"90 %% intervals hold %zu azimuths, %zu slownesses", az90,
		slow90);
}

/* -- cuts, order, gaps -- */

static struct got whole;

static bool same(void)
{
	if (got.count != whole.count)
		return false;
	for (size_t i = 0; i < got.count; i++)
		if (strcmp(got.d[i].id.text, whole.d[i].id.text) != 0 ||
			memcmp(&got.d[i].back_azimuth_deg,
				&whole.d[i].back_azimuth_deg,
				sizeof(double)) != 0 ||
			memcmp(&got.d[i].sigma_az_deg,
				&whole.d[i].sigma_az_deg,
				sizeof(double)) != 0 ||
			got.d[i].until.utc_ns != whole.d[i].until.utc_ns ||
			memcmp(&got.f[i], &whole.f[i], sizeof(double)) != 0)
			return false;
	return got.count > 0;
}

static void cuts(size_t count, double loud)
{
	quiet(420 + 60 * (double)count);
	noise(1);
	signals(count, loud);
	start(4);
	run(4, 0, false);
	whole = got;
	start(4);
	run(4, 97, true);
	CHECK(same(), "%zu detections, the same bytes however it is cut and "
		"whichever element comes first", got.count);
	/* Live, until() comes with every second of samples, and no two
	 * elements are equally far. */
	for (size_t s = 1; s <= 7; s += 3) {
		stretch = s * RATE;
		ahead = s % 2 ? RATE : 3 * RATE / 2;
		start(4);
		run(4, 0, false);
		CHECK(same(), "and however often it is told how far it is: "
			"each %zu s, %zu", s, got.count);
	}
	stretch = GATHER_AHEAD_S * RATE;
	ahead = 0;
}

static void gaps(void)
{
	size_t before;

	quiet(1500);
	noise(1);
	signals(18, 2);
	start(4);
	run(4, 0, false);
	before = got.count;
	/* One element misses five minutes, another is not a number for ten
	 * seconds; all miss a minute and come back with another offset. */
	for (size_t i = 500 * RATE; i < 800 * RATE; i++)
		wave[2][i] = NAN;
	for (size_t i = 900 * RATE; i < 910 * RATE; i++)
		wave[1][i] = NAN;
	for (size_t m = 0; m < 4; m++)
		for (size_t i = 1010 * RATE; i < samples; i++)
			wave[m][i] = i < 1075 * RATE
				? NAN
				: wave[m][i] + 1e4F * (float)(m + 1);
	start(4);
	run(4, 0, false);
	CHECK(before >= 16 && got.count + 3 >= before &&
			got.count <= before + 1,
		"gaps and a restart: %zu detections, %zu without", got.count,
		before);
	CHECK(got.bads == 0, "and no element is charged");
}

/* -- broken elements -- */

static float *sound[ELEMENTS];

static void break_it(const char *how, size_t m, size_t k, double late_s)
{
	size_t n = (size_t)floor(late_s * RATE + 0.5);

	for (size_t i = 0; i < ELEMENTS; i++)
		memcpy(wave[i], sound[i], samples * sizeof(float));
	if (strcmp(how, "reversed") == 0)
		for (size_t i = 0; i < samples; i++)
			wave[m][i] = -wave[m][i];
	else if (strcmp(how, "deaf") == 0)
		for (size_t i = 0; i < samples; i++)
			wave[m][i] = (float)(0.01 * normal());
	else if (strcmp(how, "late") == 0)
		memcpy(wave[m] + n, sound[m], (samples - n) * sizeof(float));
	else if (strcmp(how, "swapped") == 0) {
		memcpy(wave[m], sound[k], samples * sizeof(float));
		memcpy(wave[k], sound[m], samples * sizeof(float));
	}
}

static bool charged(size_t m, const char *why)
{
	char want[80];

	(void)snprintf(want, sizeof want, "E%zu %s", m + 1, why);
	for (size_t i = 0; i < got.bads; i++)
		if (strcmp(got.bad[i], want) == 0)
			return true;
	return false;
}

static void broken(void)
{
	enum { KINDS = 9 };
	static const struct {
		const char *how, *why;
		double late_s;
		int least[2]; /* of 3, with 4 and 6 elements */
	} kind[KINDS] = {{"sound", NULL, 0, {3, 3}},
		{"reversed", "polarity reversed", 0, {3, 3}},
		{"deaf", "deaf", 0, {3, 3}},
		{"late", "clock or place wrong", 0.025, {0, 2}},
		{"late", "clock or place wrong", 0.05, {0, 3}},
		{"late", "clock or place wrong", 0.1, {1, 3}},
		{"late", "clock or place wrong", 0.25, {2, 3}},
		{"late", "clock or place wrong", 1, {2, 3}},
		{"swapped", "swapped", 0, {2, 3}}};
	/* For the rates of docs/hearing.md: TRIALS=20. */
	const char *more = getenv("TRIALS");
	int trials = more ? (int)strtol(more, NULL, 10) : 3;
	int named[KINDS][2] = {{0}}, wrong[2] = {0};

	for (int trial = 0; trial < trials; trial++) {
		quiet(360 + 12 * 60);
		noise(1);
		signals(12, 3);
		for (size_t i = 0; i < ELEMENTS; i++) {
			sound[i] = realloc(sound[i], samples * sizeof(float));
			memcpy(sound[i], wave[i], samples * sizeof(float));
		}
		for (int i = 0; i < KINDS * 2; i++) {
			size_t n = i % 2 ? 6 : 4, m = (size_t)trial % n;
			size_t k = (m + 1 + (size_t)trial / 4) % n;
			bool swap = strcmp(kind[i / 2].how, "swapped") == 0;
			size_t want = swap ? 2u : i / 2 > 0 ? 1u : 0u;
			bool good = true;

			break_it(kind[i / 2].how, m, k, kind[i / 2].late_s);
			start(n);
			run(n, 0, false);
			if (want > 0)
				good = charged(m, kind[i / 2].why);
			if (swap)
				good = good && charged(k, kind[i / 2].why);
			named[i / 2][i % 2] += good && got.bads == want;
			wrong[i % 2] += got.bads > (good ? want : 0);
		}
	}
	for (int i = 0; i < KINDS; i++)
		CHECK(3 * named[i][0] >= kind[i].least[0] * trials &&
				3 * named[i][1] >=
					kind[i].least[1] * trials,
			"%s %.3f s: %s in %d and %d of %d, with 4 and 6 "
			"elements", kind[i].how, kind[i].late_s,
			i ? "named" : "nothing said", named[i][0], named[i][1],
			trials);
	CHECK(50 * (wrong[0] + wrong[1]) <= trials * KINDS,
		"a wrong element is named in %d and %d of %d", wrong[0],
		wrong[1], trials * KINDS);
}

int main(void)
{
	cuts(8, 2);
	gaps();
	broken();
	found(4, 1, 15);
	found(4, 3, 48);
	found(6, 1, 41);
	wolf();
	/* Weak ones, of which few windows pass. */
	cuts(18, 1);
	for (size_t m = 0; m < ELEMENTS; m++) {
		free(wave[m]);
		free(sound[m]);
	}
	free(state);
	return check_done();
}
