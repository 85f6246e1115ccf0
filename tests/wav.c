/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wav.c - WAV and SAC: files made here, whole and broken, and the real ones.
 * WAVE_WRITE=DIR writes the files of the golden pairs to DIR/wav, DIR/sac. */
#include "check.h"
#include "formats/format.h"

#include <math.h>

extern const struct format format_wav, format_sac;

enum { SEEN_MAX = 64, MADE_MAX = 65536, RATE = 8000 };

static struct seen {
	struct segment segment[SEEN_MAX];
	char channel[SEEN_MAX][64];
	double first[SEEN_MAX], last[SEEN_MAX];
	size_t segments, damages, surveys;
	double lat, lon;
	char text[240];
	bool ok;
} seen;

static bool segment(void *self, const struct segment *g, struct fault *f)
{
	size_t i = seen.segments++;

	(void)self;
	(void)f;
	if (i >= SEEN_MAX)
		abort();
	seen.segment[i] = *g;
	(void)snprintf(seen.channel[i], 64, "%s", g->channel);
	seen.first[i] = g->count ? segment_sample(g, 0) : NAN;
	seen.last[i] = g->count ? segment_sample(g, g->count - 1) : NAN;
	return true;
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	(void)self;
	(void)f;
	seen.surveys += o->what == OBSERVATION_SURVEY;
	seen.lat = o->place.lat_deg;
	seen.lon = o->place.lon_deg;
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)f;
	(void)offset;
	(void)length;
	seen.damages++;
	memcpy(seen.text, why->text, sizeof seen.text);
	return true;
}

static void run(const struct format *fmt, struct bytes in, const char *name)
{
	static struct arena scratch;
	struct origin o = {name, "S01"};
	struct intake intake = {NULL, segment, observation, damage, false};
	struct fault f = {0};

	if (!scratch.at && !arena_map(&scratch, (size_t)16 << 20, &f))
		abort();
	scratch.used = 0;
	memset(&seen, 0, sizeof seen);
	seen.ok = fmt->decode(in, &o, &scratch, &intake, &f);
}

static void write_pair(
	const char *format, const char *name, const uint8_t *b, size_t len)
{
	const char *dir = getenv("WAVE_WRITE");
	char path[512];

	if (!dir)
		return;
	(void)snprintf(path, sizeof path, "%s/%s/%s", dir, format, name);
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(b, 1, len, f) != len)
		abort();
	(void)fclose(f);
}

static double tone(size_t i)
{
	return i < 1000 || i >= 3500 ? 0 : ((int)(i * 37 % 200) - 100) / 128.0;
}

static uint8_t *chunk(uint8_t *at, const char *id, size_t len)
{
	memcpy(at, id, 4);
	put_le(at + 4, len, 4);
	return at + 8;
}

/* 4000 frames of 8 kHz; the first 1000 and the last 500 are zeros, which is
 * over 0.1 s at the beginning and under it at the end. */
static size_t make_wav(uint8_t *b, const char *kind, int bits, int format,
	unsigned channels)
{
	size_t size = (size_t)bits / 8, frames = 4000;
	size_t data = frames * size * channels;
	uint8_t *p = b + 12, *body;

	memset(b, 0, MADE_MAX);
	memcpy(b, strstr(kind, "rf64") ? "RF64" : "RIFF", 4);
	memcpy(b + 8, "WAVE", 4);
	if (strstr(kind, "rf64")) {
		body = chunk(p, "ds64", 28);
		put_le(body + 8, data, 8);
		put_le(body + 16, frames, 8);
		p = body + 28;
	}
	body = chunk(p, "fmt ", 16);
	put_le(body, (uint64_t)format, 2);
	put_le(body + 2, channels, 2);
	put_le(body + 4, RATE, 4);
	put_le(body + 8, RATE * size * channels, 4);
	put_le(body + 12, size * channels, 2);
	put_le(body + 14, (uint64_t)bits, 2);
	p = body + 16;
	if (strstr(kind, "bext")) {
		body = chunk(p, "bext", 602);
		memcpy(body + 320, "2026-02-0304:05:06", 18);
		put_le(body + 338, (uint64_t)3600 * RATE + 4, 8);
		p = body + 602;
	}
	body = chunk(p, "data", strstr(kind, "rf64") ? 0xffffffff :
		strstr(kind, "zero-size") ? 0 :
		strstr(kind, "long") ? data + 100 : data);
	for (size_t i = 0; i < frames * channels; i++) {
		double v = tone(i / channels);
		float x = (float)v;
		uint32_t u;

		memcpy(&u, &x, 4);
		if (format == 3 && strstr(kind, "nan") && i == 2000)
			u = 0x7fc00000;
		if (format != 3)
			u = (uint32_t)(int32_t)floor(v * 32767 *
				(bits == 16 ? 1 : bits == 24 ? 256 : 65536));
		put_le(body + i * size, u, size);
	}
	p = body + data;
	put_le(b + 4, (uint64_t)(p - b) - 8, 4);
	return (size_t)(p - b);
}

static void test_wav(void)
{
	static const struct {
		const char *name;
		int bits, format;
		unsigned channels;
		size_t segments, damages;
		double first_s; /* of the first segment after 04:05:06 */
	} cases[] = {
		{"pcm16_20260203T040506Z.in", 16, 1, 1, 1, 0, 0.125},
		{"pcm24_20260203T040506,25Z_20260203_040507.in", 24, 1, 1, 1,
			0, 1.125},
		{"pcm32_20260203T040506,5Z_20260203T040506.5Z.in", 32, 1, 1,
			1, 0, 0.625},
		{"float_20260203_040506.in", 32, 3, 1, 1, 0, 0.125},
		{"nan_20260203_040506.in", 32, 3, 1, 2, 1, 0.125},
		{"stereo_20260203_040506.in", 16, 1, 2, 2, 0, 0.125},
		{"bext-rf64.in", 16, 1, 1, 1, 0, -11105.8745},
		{"zero-size_20260203_040506.in", 16, 1, 1, 1, 1, 0.125},
		{"long_20260203_040506.in", 16, 1, 1, 1, 1, 0.125},
		{"no-time.in", 16, 1, 1, 0, 1, NAN},
		{"eight_20260203_040506.in", 8, 1, 1, 0, 1, NAN},
	};
	static uint8_t b[MADE_MAX];
	struct instant at = {INT64_C(1770091506000000000)};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = make_wav(b, cases[i].name, cases[i].bits,
			cases[i].format, cases[i].channels);
		run(&format_wav, (struct bytes){b, len}, cases[i].name);
		double got = seen.segments ? instant_seconds(at,
				seen.segment[0].start) : NAN;
		CHECK(seen.ok && seen.segments == cases[i].segments &&
				seen.damages == cases[i].damages &&
				(seen.segments == 0 ||
					fabs(got - cases[i].first_s) < 1e-6),
			"wav %s: %zu segments from %.4f s, %zu damages %s",
			cases[i].name, seen.segments, got, seen.damages,
			seen.text);
		/* 500 zeros at the end are less than 0.1 s: samples. */
		if (seen.segments == 1)
			CHECK_QUIET(seen.segment[0].count == 3000,
				"wav %s: %zu samples", cases[i].name,
				seen.segment[0].count);
		/* A dot in the name would be a source to the golden test. */
		if (!strchr(cases[i].name, ','))
			write_pair("wav", cases[i].name, b, len);
	}
}

static size_t make_sac(uint8_t *b, bool big, const char *kind)
{
	void (*put)(uint8_t *, uint64_t, size_t) = big ? put_be : put_le;
	static const struct {
		size_t at;
		float v;
	} set[] = {{0, 0.01f}, {20, 0.5f}, {124, 48.25f}, {128, 37.5f}};
	static const int32_t when[] = {2026, 34, 4, 5, 6, 250, 6};

	for (size_t i = 0; i < 158; i++) {
		float undefined = -12345;
		uint32_t u;

		memcpy(&u, &undefined, 4);
		put(b + 4 * i, i < 70 ? u : (uint32_t)-12345, 4);
	}
	for (size_t i = 0; i < sizeof set / sizeof *set; i++) {
		uint32_t u;

		memcpy(&u, &set[i].v, 4);
		put(b + set[i].at, u, 4);
	}
	for (size_t i = 0; i < 7; i++)
		put(b + 280 + 4 * i, (uint32_t)when[i], 4);
	put(b + 316, 100, 4);
	put(b + 340, 1, 4);
	put(b + 420, 1, 4);
	for (size_t i = 440; i < 632; i += 8)
		memcpy(b + i, "-12345  ", 8);
	memcpy(b + 440, "NODE    ", 8);
	memcpy(b + 600, "HDF     ", 8);
	memcpy(b + 608, "XX      ", 8);
	for (size_t i = 0; i < 100; i++) {
		float v = (float)i / 4;
		uint32_t u;

		memcpy(&u, &v, 4);
		put(b + 632 + 4 * i, u, 4);
	}
	if (strcmp(kind, "slow") == 0) /* an interval of 2e18 s (fuzzer) */
		put(b, 0x5dde0b6b, 4);
	if (strcmp(kind, "notime") == 0)
		put(b + 280, (uint32_t)-12345, 4);
	return strcmp(kind, "cut") == 0 ? 632 + 202 : 632 + 400;
}

static void test_sac(void)
{
	static const struct {
		const char *name;
		bool big;
		size_t segments, damages, count;
	} cases[] = {
		{"little", false, 1, 0, 100},
		{"big", true, 1, 0, 100},
		{"cut", false, 1, 1, 50},
		{"notime", true, 0, 1, 0},
		{"slow", false, 0, 1, 0},
	};
	static uint8_t b[MADE_MAX];
	struct instant at = {INT64_C(1770091506750000000)};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = make_sac(b, cases[i].big, cases[i].name);
		char name[64];

		run(&format_sac, (struct bytes){b, len}, cases[i].name);
		CHECK(seen.ok && seen.segments == cases[i].segments &&
				seen.damages == cases[i].damages &&
				seen.segment[0].count == cases[i].count &&
				(seen.segments == 0 ||
					(seen.segment[0].start.utc_ns ==
						at.utc_ns && seen.surveys == 1
						&& seen.lat == 48.25 &&
						fabs(seen.segment[0].rate_hz -
							100) < 1e-9 &&
						strcmp(seen.channel[0],
							"XX_NODE__H_D_F") ==
							0)),
			"sac %s: %zu segments, %zu damages %s", cases[i].name,
			seen.segments, seen.damages, seen.text);
		(void)snprintf(name, sizeof name, "%s.in", cases[i].name);
		write_pair("sac", name, b, len);
	}
}

static void test_real(void)
{
	const char *path = check_data("infrasound/brp-array/YJ.BRP1..EDF.SAC");
	struct bytes b;
	size_t samples = 0;

	if (!path) {
		CHECK_SKIP("infrasound/brp-array is not there");
	} else {
		unsigned char *held = check_file(path, &b.len);

		b.at = held;
		run(&format_sac, b, "YJ.BRP1..EDF.SAC");
		for (size_t i = 0; i < seen.segments; i++)
			samples += seen.segment[i].count;
		CHECK(seen.ok && samples == 120000 && seen.damages == 0 &&
				fabs(seen.segment[0].rate_hz - 100) < 1e-9 &&
				seen.surveys == 1 && fabs(seen.lat) < 90,
			"real SAC: %zu samples at %.9g Hz of %s at %.4f, %.4f",
			samples, seen.segment[0].rate_hz, seen.channel[0],
			seen.lat, seen.lon);
		free(held);
	}
	path = check_data("acoustic/shotspotter-pittsburgh/FP4/test_055/"
		"test_055.audio.SCP-00-BNG-5573.wav");
	if (!path) {
		CHECK_SKIP("acoustic/shotspotter-pittsburgh is not there");
		return;
	}
	unsigned char *held = check_file(path, &b.len);
	b.at = held;
	run(&format_wav, b, "20181219_000000.wav");
	CHECK(seen.ok && seen.segments == 1 && seen.damages == 0 &&
			seen.segment[0].count < 32900 &&
			fabs(seen.first[0]) > 0 && fabs(seen.last[0]) > 0,
		"real WAV: zeros at both ends are a gap, %zu samples left",
		seen.segment[0].count);
	free(held);
}

int main(void)
{
	test_wav();
	test_sac();
	test_real();
	return check_done();
}
