/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stalta.c - onsets: made pulses in made noise, and the Pittsburgh shots. */
#include "base/maths.h"
#include "base/tree.h"
#include "check.h"
#include "detect/detector.h"
#include "formats/format.h"

#include <dirent.h>

extern const struct detector detector_stalta;
extern const struct format format_wav;

enum { GOT_MAX = 4096 };

struct got {
	struct detection d[GOT_MAX];
	double duration[GOT_MAX], polarity[GOT_MAX], band[GOT_MAX];
	size_t count;
};
static struct got got;

static bool put(void *self, const struct detection *d, struct fault *f)
{
	(void)self;
	(void)f;
	if (got.count == GOT_MAX)
		abort();
	got.duration[got.count] = feature_of(
		d->feature, d->feature_count, "duration_s");
	got.polarity[got.count] = feature_of(
		d->feature, d->feature_count, "polarity");
	got.band[got.count] = feature_of(
		d->feature, d->feature_count, "band_low_hz");
	got.d[got.count++] = *d;
	return true;
}

static const struct detections out = {put, NULL};
static void *state;
static struct source source = {.id = "S01", .kind = SOURCE_ACOUSTIC,
	.sensitivity = NAN};

static void start(enum source_kind kind)
{
	free(state);
	state = calloc(1, detector_stalta.state_size);
	source.kind = kind;
	got.count = 0;
	detector_stalta.start(state, &source, NULL);
}

static uint64_t seed;

/* Steele, Lea, Flood 2014 (splitmix64). */
static uint64_t random64(void)
{
	uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static double normal(void)
{
	return m_phi_inverse(((double)(random64() >> 11) + 0.5) / (1 << 30) /
		(1 << 23));
}

enum { RATE = 500, LONG = RATE * 120 };
static int32_t wave[LONG];
static const struct instant zero = {INT64_C(1770091506000000000)};

static void noise(double sd)
{
	for (size_t i = 0; i < LONG; i++)
		wave[i] = (int32_t)floor(1000 + sd * normal() + 0.5);
}

/* A blast pulse, WAVEFORM.md 3.8, beginning at t. */
static void pulse(double t, double peak, double td)
{
	for (size_t i = 0; i < LONG; i++) {
		double u = ((double)i / RATE - t) / td;

		if (u >= 0 && u < 20)
			wave[i] += (int32_t)floor(peak * (1 - u) * m_exp(-u));
	}
}

static void feed(size_t from, size_t to, size_t cut_max)
{
	struct segment whole = {.channel = "S01", .start = zero,
		.rate_hz = RATE, .scale = NAN, .time_quality = NAN};
	struct fault f = {0};

	while (from < to) {
		struct segment s = whole;

		s.count = cut_max ? 1 + random64() % cut_max : to - from;
		if (s.count > to - from)
			s.count = to - from;
		s.start = segment_time(&whole, from);
		s.counts = wave + from;
		from += s.count;
		if (!detector_stalta.segment(state, &s, &out, &f))
			abort();
	}
}

static void finish(void)
{
	struct fault f = {0};

	if (!detector_stalta.finish(state, &out, &f))
		abort();
}

static double at(size_t i)
{
	return instant_seconds(zero, got.d[i].at);
}

static void test_pulses(void)
{
	double worst = 0, sum = 0, chi = 0;
	size_t found = 0, twice = 0, wanted = 0, up = 0, false_ones = 0;

	for (int round = 0; round < 10; round++) {
		double t[20];

		seed = (uint64_t)round;
		noise(20);
		for (size_t i = 0; i < 20; i++) {
			t[i] = 10 + 5 * (double)i +
				(double)(random64() % 1000) / 1000;
			pulse(t[i], 400, 0.006);
		}
		start(SOURCE_ACOUSTIC);
		feed(0, LONG, 0);
		finish();
		wanted += 20;
		false_ones += got.count;
		for (size_t i = 0; i < 20; i++) {
			size_t n = 0;

			for (size_t k = 0; k < got.count; k++) {
				double e = at(k) - t[i];
				if (fabs(e) > 0.3)
					continue;
				n++;
				false_ones--;
				if (n > 1)
					continue;
				worst = fmax(worst, fabs(e));
				sum += e;
				chi += e * e / got.d[k].sigma_s /
					got.d[k].sigma_s;
				up += got.polarity[k] > 0;
			}
			found += n > 0;
			twice += n > 1;
		}
	}
	CHECK(found == wanted, "%zu of %zu pulses found", found, wanted);
	/* At 10 dB in the band; sigma must neither boast nor hide. */
	CHECK(worst < 0.025 && chi < 1.5 * (double)found &&
			chi > 0.1 * (double)found,
		"worst onset %.1f ms off, mean %.2f ms, rms "
		"%.2f sigma", 1e3 * worst, 1e3 * sum / (double)found,
		sqrt(chi / (double)found));
	CHECK(up > wanted * 95 / 100, "first motion up in %zu", up);
	CHECK(twice + false_ones <= 2, "%zu seen twice, %zu false in 20 min",
		twice, false_ones);
}

/* A crack that a kilohertz hears above 200 Hz, and weakly in the wind below,
 * where its onset drowns: an ear hears one sound. */
static void test_bands(void)
{
	struct segment s = {.channel = "S01", .start = zero,
		.rate_hz = 2 * RATE, .scale = NAN, .time_quality = NAN,
		.counts = wave, .count = LONG};
	size_t sounds = 0, again = 0;
	struct fault f = {0};

	for (seed = 200; seed < 210;) {
		uint64_t round = seed;
		double wind = 0;

		noise(4);
		for (size_t i = 0; i < LONG; i++) {
			wind = 0.95 * wind + 12 * normal();
			wave[i] += (int32_t)floor(wind);
		}
		for (int i = 0; i < 60; i++)
			pulse(10 + 1.8 * i, 120 + 2 * i, 0.004);
		start(SOURCE_ACOUSTIC);
		if (!detector_stalta.segment(state, &s, &out, &f))
			abort();
		finish();
		for (size_t k = 0; k < got.count; k++)
			if (k > 0 && at(k) - at(k - 1) < 0.15)
				again++;
			else
				sounds++;
		seed = round + 1;
	}
	CHECK(sounds >= 300 && again * 33 <= sounds,
		"%zu cracks heard, %zu of them twice", sounds, again);
}

static void test_burst(void)
{
	size_t hit = 0;

	seed = 77;
	noise(20);
	for (int i = 0; i < 10; i++)
		pulse(30 + 0.4 * i, 500, 0.004);
	start(SOURCE_ACOUSTIC);
	feed(0, LONG, 0);
	finish();
	for (int i = 0; i < 10; i++)
		for (size_t k = 0; k < got.count; k++)
			if (fabs(at(k) - (30 + 0.4 * i)) < 0.02) {
				hit++;
				break;
			}
	CHECK(hit == 10 && got.count == 10,
		"burst of 10 at 0.4 s: %zu of them, %zu detections", hit,
		got.count);
}

static void test_cuts(void)
{
	static struct got whole;
	bool same = true;

	seed = 5;
	noise(20);
	for (int i = 0; i < 40; i++)
		pulse(6 + 2.3 * i, 100 + 30 * i, 0.004);
	start(SOURCE_ACOUSTIC);
	feed(0, LONG, 0);
	finish();
	whole = got;
	for (size_t max = 1; max < 5000; max = max * 3 + 1) {
		start(SOURCE_ACOUSTIC);
		feed(0, LONG, max);
		finish();
		same &= got.count == whole.count;
		for (size_t i = 0; same && i < got.count; i++)
			same = got.d[i].at.utc_ns == whole.d[i].at.utc_ns &&
				strcmp(got.d[i].id.text,
					whole.d[i].id.text) == 0 &&
				memcmp(&got.d[i].sigma_s, &whole.d[i].sigma_s,
					8) == 0 &&
				memcmp(&got.d[i].amplitude,
					&whole.d[i].amplitude, 8) == 0 &&
				memcmp(&got.d[i].snr, &whole.d[i].snr, 8) ==
					0 &&
				got.d[i].cite.offset ==
					whole.d[i].cite.offset;
	}
	CHECK(same && whole.count >= 38, "any cuts, the same %zu detections",
		whole.count);
}

static void test_quiet(void)
{
	size_t before;

	/* A step in noise: one detection, then the node hears again. */
	seed = 9;
	noise(20);
	for (size_t i = 30 * RATE; i < LONG; i++)
		wave[i] = 1000 + (wave[i] - 1000) * 10;
	pulse(100, 8000, 0.004);
	start(SOURCE_ACOUSTIC);
	feed(0, LONG, 0);
	before = got.count;
	finish();
	CHECK(got.count > 0 && fabs(at(got.count - 1) - 100) < 0.01 &&
			got.count <= 5,
		"a step in noise releases: %zu detections, %zu late",
		got.count, got.count - before);
	/* Data that begin and end in the middle of noise. */
	noise(300);
	start(SOURCE_ACOUSTIC);
	for (size_t i = 0; i < 20; i++)
		feed(i * 6 * RATE, i * 6 * RATE + 4 * RATE, 0);
	finish();
	CHECK(got.count <= 1, "20 runs between gaps: %zu detections",
		got.count);
	for (size_t i = 0; i < LONG; i++)
		wave[i] = 0;
	start(SOURCE_SEISMIC);
	feed(0, LONG, 0);
	finish();
	CHECK(got.count == 0, "digital silence: %zu detections", got.count);
}

static bool wav_segment(void *self, const struct segment *s, struct fault *f)
{
	(void)self;
	return detector_stalta.segment(state, s, &out, f);
}

static bool no_observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)o;
	(void)f;
	return true;
}

static bool no_damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)offset;
	(void)length;
	(void)f;
	printf("# damage: %s\n", why->text);
	return true;
}

struct score {
	size_t pulses, near, heard, tagged, tagged_near, files, detections;
	double bias;
};

/* Whether the vendor chose this pulse for a shot. */
static bool is_tagged(const struct tree *tuples, const char *id)
{
	for (const struct tree *t = tuples->first; t; t = t->next)
		for (const struct tree *u = tree_get(t, "pulse_uuids")->first;
			u; u = u->next)
			if (bytes_are(u->text, id))
				return true;
	return false;
}

/* allpulses of the sensor at >= 10 dB against our onsets. */
static void compare(const struct tree *pulses, const struct tree *tuples,
	const char *serial, struct span span, struct score *s)
{
	for (const struct tree *p = pulses->first; p; p = p->next) {
		struct instant t = tree_time(p, "arrival_time_utc");
		double best = 1;

		if (strcmp(tree_text(p, "serial_number"), serial) != 0 ||
			tree_number(p, "signal_to_noise_dB") < 10 ||
			!span_holds(span, t))
			continue;
		for (size_t k = 0; k < got.count; k++) {
			double e = instant_seconds(t, got.d[k].at);
			if (fabs(e) < fabs(best))
				best = e;
		}
		s->pulses++;
		s->heard += fabs(best) < 0.05;
		s->near += fabs(best) <= 0.005;
		bool tagged = is_tagged(tuples, tree_text(p, "pulse_uuid"));
		s->tagged += tagged;
		s->tagged_near += tagged && fabs(best) <= 0.005;
		if (fabs(best) < 0.05)
			s->bias += best;
		if (getenv("STALTA_SHOW"))
			printf("# %s %.3f %.1f dB %+.1f ms%s\n", serial,
				instant_seconds(span.from, t),
				tree_number(p, "signal_to_noise_dB"),
				1e3 * best, tagged ? " tagged" : "");
	}
	s->files++;
	s->detections += got.count;
}

/* Into the arena, so that it goes with the rest. */
static struct bytes file_in(struct arena *a, const char *path)
{
	size_t len;
	unsigned char *held = check_file(path, &len);
	struct fault f;
	char *copy = arena_text(a, (struct bytes){held, len}, &f);

	free(held);
	if (!copy)
		abort();
	return (struct bytes){(const uint8_t *)copy, len};
}

static void recording(const char *dir, const char *test, const char *file,
	struct arena *a, struct score *s)
{
	struct intake in = {NULL, wav_segment, no_observation, no_damage,
		false};
	const struct tree *t, *pulses, *tuples;
	struct fault f = {0};
	struct bytes b;
	char path[1024], name[64];
	size_t stem = strlen(file) - 4;

	a->used = 0;
	(void)snprintf(path, sizeof path, "%s/%.*s.json", dir, (int)stem, file);
	b = file_in(a, path);
	if (!tree_read(b, a, &t, &f))
		abort();
	(void)snprintf(path, sizeof path, "%s/%s.allpulses.json", dir, test);
	b = file_in(a, path);
	if (!tree_read(b, a, &pulses, &f))
		abort();
	(void)snprintf(path, sizeof path, "%s/%s.nlos-tuples.json", dir, test);
	b = file_in(a, path);
	if (!tree_read(b, a, &tuples, &f))
		abort();
	struct instant from = tree_time(t, "timestamp");
	struct civil c = instant_civil(from);
	(void)snprintf(name, sizeof name, "%04d%02d%02dT%02d%02d%02dZ.wav",
		c.year, c.month, c.day, c.hour, c.minute, c.second);
	struct origin o = {name, "S01"};
	(void)snprintf(path, sizeof path, "%s/%s", dir, file);
	b = file_in(a, path);
	start(SOURCE_ACOUSTIC);
	if (!format_wav.decode(b, &o, a, &in, &f))
		abort();
	finish();
	struct span span = {from, instant_plus_s(from, 10)};
	compare(pulses, tuples, tree_text(t, "serial_number"), span, s);
}

static int is_wav(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && strcmp(d->d_name + n - 4, ".wav") == 0;
}

static void test_pittsburgh(void)
{
	static const char *const tests[] = {"FP1/test_001", "FP1/test_004",
		"FP2/test_019", "FP2/test_022", "FP3/test_037",
		"FP3/test_040", "FP4/test_055", "FP4/test_058"};
	const char *root = check_data("acoustic/shotspotter-pittsburgh");
	struct score s = {0};
	struct arena a;
	struct fault f;

	if (!root || !arena_map(&a, (size_t)64 << 20, &f)) {
		CHECK_SKIP("acoustic/shotspotter-pittsburgh is not there");
		return;
	}
	for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
		char dir[700];
		struct dirent **files;

		(void)snprintf(dir, sizeof dir, "%s/%s", root, tests[i]);
		int n = scandir(dir, &files, is_wav, alphasort);
		for (int k = 0; k < n; k++)
			recording(dir, tests[i] + 4, files[k]->d_name, &a, &s);
		while (n > 0)
			free(files[--n]);
		free(files);
	}
	arena_unmap(&a);
	printf("# Pittsburgh: %zu recordings, %zu detections; of %zu pulses "
		"listed at >= 10 dB %zu heard, %zu (%.1f %%) within 5 ms, mean "
		"%.2f ms\n", s.files, s.detections, s.pulses, s.heard, s.near,
		100.0 * (double)s.near / (double)s.pulses,
		1e3 * s.bias / (double)s.heard);
	CHECK(s.files == 46 && s.tagged_near * 100 >= s.tagged * 90,
		"Pittsburgh: %zu of %zu tagged onsets within 5 ms",
		s.tagged_near, s.tagged);
}

static struct { struct detection d; uint64_t after; } word[64];
static size_t words;

static bool put_word(void *self, const struct detection *d, struct fault *f)
{
	(void)f;
	if (words == 64)
		abort();
	word[words].d = *d;
	word[words++].after = *(uint64_t *)self;
	return true;
}

/* An early word is there 0.5 s behind an onset, is of its time, is no longer
 * said when the last one was, and changes nothing of that. */
static void test_early(void)
{
	enum { PIECE = RATE / 20, AT = 60 };
	struct got plain;
	struct fault f = {0};
	uint64_t to = 0;
	const struct detections early = {put_word, &to};

	seed = 5;
	noise(20);
	pulse(AT, 4000, 0.02);
	start(SOURCE_ACOUSTIC);
	feed(0, LONG, 0);
	finish();
	plain = got;
	start(SOURCE_ACOUSTIC);
	for (words = 0; to < LONG; to += PIECE) {
		feed(to, to + PIECE, 0);
		if (!detector_stalta.early(state, &early, &f))
			abort();
	}
	finish();
	CHECK(got.count == plain.count && got.count > 0 &&
		memcmp(got.d[0].id.text, plain.d[0].id.text,
			sizeof plain.d[0].id.text) == 0 &&
		!(got.duration[0] < plain.duration[0]) &&
		!(got.duration[0] > plain.duration[0]),
		"an early word changes nothing of the last");
	CHECK(words > 0, "%zu early words of a pulse", words);
	for (size_t i = 0; i < words; i++)
		CHECK(detection_order(&word[i].d, &plain.d[0]) == 0 &&
			word[i].after < (AT + 3) * RATE, "of its time");
	CHECK(words > 0 && word[0].after + PIECE <= AT * RATE + RATE * 6 / 10,
		"after %.2f s", words > 0
			? (double)(word[0].after + PIECE) / RATE - AT : NAN);
}

int main(void)
{
	test_early();
	test_pulses();
	test_bands();
	test_burst();
	test_cuts();
	test_quiet();
	test_pittsburgh();
	free(state);
	return check_done();
}
