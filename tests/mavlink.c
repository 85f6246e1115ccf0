/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MAVLink: frames made here with a bit-by-bit CRC of its own, every sentinel,
 * truncation and bit flips, and a real copter's log.  The golden pairs hold
 * the same kinds of frame (GOLDEN=write of this test writes their .in). */
#include "check.h"
#include "formats/format.h"

extern const struct format format_mavlink;

static uint8_t block[8 << 20];

enum { SEEN_MAX = 20000 };
struct seen {
	struct observation o[SEEN_MAX];
	struct feature f[SEEN_MAX][24];
	size_t count, damages;
	uint64_t damaged;
	char why[240];
	size_t by_what[OBSERVATION_COUNT];
	char vehicle[64], checksum[16];
};
static struct seen seen;

static bool take(void *self, const struct observation *o, struct fault *f)
{
	struct seen *s = self;

	(void)f;
	s->by_what[o->what]++;
	if (s->count < SEEN_MAX) {
		s->o[s->count] = *o;
		memcpy(s->f[s->count], o->feature,
			o->feature_count * sizeof *o->feature);
		s->o[s->count].feature = s->f[s->count];
		s->count++;
	}
	const char *v = attribute_of(o->attribute, o->attribute_count,
		"vehicle");
	const char *c = attribute_of(o->attribute, o->attribute_count,
		"checksum");
	(void)snprintf(s->vehicle, sizeof s->vehicle, "%s", v ? v : "");
	(void)snprintf(s->checksum, sizeof s->checksum, "%s", c ? c : "");
	return true;
}

static bool hurt(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct seen *s = self;

	(void)f;
	(void)offset;
	s->damages++;
	s->damaged += length;
	memcpy(s->why, why->text, sizeof s->why);
	return true;
}

static bool run(const uint8_t *at, size_t len)
{
	struct arena a = arena_on(block, sizeof block);
	struct intake in = {&seen, NULL, take, hurt, false};
	struct origin o = {"x.tlog", ""};
	struct fault f = {0};

	memset(&seen, 0, sizeof seen);
	bool ok = format_mavlink.decode((struct bytes){at, len}, &o, &a, &in,
		&f);
	CHECK_QUIET(ok || f.text[0], "a worded fault");
	return ok;
}

static double feature(size_t i, const char *name)
{
	return feature_of(seen.o[i].feature, seen.o[i].feature_count, name);
}

/* The n-th observation of a kind, or SEEN_MAX - 1 (empty). */
static size_t nth(enum observation_what what, size_t n)
{
	for (size_t i = 0; i < seen.count; i++)
		if (seen.o[i].what == what && n-- == 0)
			return i;
	return SEEN_MAX - 1;
}

/* CRC-16/MCRF4XX bit by bit: reflected 0x8408. */
static uint16_t crc_bits(uint16_t crc, const uint8_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		crc ^= at[i];
		for (int k = 0; k < 8; k++)
			crc = (uint16_t)(crc & 1 ? crc >> 1 ^ 0x8408
						 : crc >> 1);
	}
	return crc;
}

struct stream {
	uint8_t at[65536];
	size_t len;
	uint8_t sequence;
};

static void stamp(struct stream *s, uint64_t us)
{
	put_be(s->at + s->len, us, 8);
	s->len += 8;
}

/* sign: 10 us stamp, 0 unsigned. */
static void frame(struct stream *s, int version, uint32_t id, uint8_t extra,
	const uint8_t *payload, size_t n, uint64_t sign)
{
	uint8_t *b = s->at + s->len;
	size_t h = 0;

	if (version == 2)
		while (n > 1 && payload[n - 1] == 0)
			n--;
	b[h++] = version == 1 ? 0xfe : 0xfd;
	b[h++] = (uint8_t)n;
	if (version == 2) {
		b[h++] = sign > 0;
		b[h++] = 0;
	}
	b[h++] = s->sequence++;
	b[h++] = 7;
	b[h++] = 1;
	put_le(b + h, id, version == 1 ? 1 : 3);
	h += version == 1 ? 1 : 3;
	memcpy(b + h, payload, n);
	h += n;
	put_le(b + h, crc_bits(crc_bits(0xffff, b + 1, h - 1), &extra, 1), 2);
	h += 2;
	if (sign > 0) {
		b[h++] = 3;
		put_le(b + h, sign, 6);
		memset(b + h + 6, 0x5a, 6);
		h += 12;
	}
	s->len += h;
}

#define T0 UINT64_C(1770091506000000) /* 2026-02-03T04:05:06Z */

static void system_time(struct stream *s, int version, uint32_t boot_ms)
{
	uint8_t p[12];

	put_le(p, T0 + boot_ms * UINT64_C(1000), 8);
	put_le(p + 8, boot_ms, 4);
	frame(s, version, 2, 137, p, 12, 0);
}

static void global(struct stream *s, int version, uint32_t boot_ms, double lat,
	double lon)
{
	uint8_t p[28] = {0};

	put_le(p, boot_ms, 4);
	put_le(p + 4, (uint32_t)(int32_t)(lat * 1e7 + 0.5), 4);
	put_le(p + 8, (uint32_t)(int32_t)(lon * 1e7 + 0.5), 4);
	put_le(p + 12, 345678, 4);
	put_le(p + 16, 123456, 4);
	put_le(p + 20, 300, 2);  /* 3 m/s north, 4 east, 1 down */
	put_le(p + 22, 400, 2);
	put_le(p + 24, 100, 2);
	put_le(p + 26, 5313, 2);
	frame(s, version, 33, 104, p, 28, 0);
}

static void gps(struct stream *s, int version, uint32_t boot_ms, uint8_t fix,
	uint16_t eph, uint32_t h_acc)
{
	uint8_t p[52] = {0};

	put_le(p, boot_ms * UINT64_C(1000), 8);
	put_le(p + 8, 481000000, 4);
	put_le(p + 12, 371000000, 4);
	put_le(p + 16, 345000, 4);
	put_le(p + 20, eph, 2);
	put_le(p + 22, 65535, 2);
	put_le(p + 24, 65535, 2);
	put_le(p + 26, 65535, 2);
	p[28] = fix;
	p[29] = 255;
	put_le(p + 34, h_acc, 4);
	frame(s, version, 24, 24, p, version == 1 ? 30 : 52, 0);
}

static struct stream s;

static void test_fields(void)
{
	s = (struct stream){0};
	gps(&s, 2, 900, 3, 120, 2000);
	system_time(&s, 2, 1000);
	global(&s, 1, 1500, 48.1, 37.1);
	CHECK(run(s.at, s.len) && seen.damages == 0, "a bare stream");
	size_t g = nth(OBSERVATION_GNSS, 0), t = nth(OBSERVATION_TRACK, 1);
	CHECK(seen.o[g].at.utc_ns == (int64_t)(T0 + 900000) * 1000,
		"what came before SYSTEM_TIME has its time too");
	CHECK(isnan(feature(g, "sats")) && isnan(feature(g, "vdop")) &&
		isnan(feature(g, "speed_ms")) && feature(g, "hdop") == 1.2 &&
		feature(g, "h_acc_m") == 2, "sentinels of GPS_RAW_INT");
	CHECK(seen.o[t].place.lat_deg == 48.1 && seen.o[t].place.lon_deg ==
		37.1 && seen.o[t].place.alt_m == 345.678 &&
		feature(t, "alt_relative_m") == 123.456 &&
		feature(t, "speed_ms") == 5 && feature(t, "climb_ms") == -1 &&
		fabs(feature(t, "course_deg") - 53.13) < 0.01,
		"fields of GLOBAL_POSITION_INT");
	/* 1.52 x 2 m; along: 2.146 x 5 m/s x 0.1 s. */
	CHECK(fabs(seen.o[t].place.region.ellipse.semi_minor_m - 3.04) < 1e-9 &&
		fabs(seen.o[t].place.region.ellipse.semi_major_m -
			sqrt(3.04 * 3.04 + 1.073 * 1.073)) < 1e-3 &&
		fabs(seen.o[t].place.region.ellipse.azimuth_deg - 53.13) < 0.01,
		"error ellipse");
	CHECK(strcmp(seen.vehicle, "mav-7") == 0 && feature(seen.count - 1,
		"frames_ok") == 3, "vehicle and counts");

	static const struct {
		const char *name;
		uint8_t fix;
		uint16_t eph;
		uint32_t h_acc;
		double r90_m;
	} q[] = {{"h_acc first", 3, 120, 2000, 3.04},
		{"hdop without it", 3, 120, 0, 9.12},
		{"neither", 3, 65535, 0, INFINITY},
		{"autopilots' 9999", 3, 9999, 0, INFINITY},
		{"no fix", 1, 120, 2000, INFINITY}};
	for (size_t i = 0; i < sizeof q / sizeof *q; i++) {
		s = (struct stream){0};
		system_time(&s, 2, 1000);
		gps(&s, 2, 1100, q[i].fix, q[i].eph, q[i].h_acc);
		CHECK(run(s.at, s.len), "%s", q[i].name);
		struct place p = seen.o[nth(OBSERVATION_GNSS, 0)].place;
		CHECK((isinf(q[i].r90_m) ? isinf(p.region.ellipse.semi_minor_m)
			: fabs(p.region.ellipse.semi_minor_m - q[i].r90_m) <
			1e-9) && place_known(&p) == (q[i].fix >= 2) &&
			seen.by_what[OBSERVATION_TRACK] == (q[i].fix >= 2),
			"%s: region", q[i].name);
	}
}

static void test_sentinels(void)
{
	static const int32_t bad[][2] = {{0, 0}, {INT32_MAX, INT32_MAX},
		{INT32_MAX, 371000000}, {910000000, 1810000000}};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		uint8_t p[28] = {0};

		s = (struct stream){0};
		system_time(&s, 2, 1000);
		put_le(p, 1100, 4);
		put_le(p + 4, (uint32_t)bad[i][0], 4);
		put_le(p + 8, (uint32_t)bad[i][1], 4);
		frame(&s, 2, 33, 104, p, 28, 0);
		CHECK(run(s.at, s.len) && seen.by_what[OBSERVATION_TRACK] == 0,
			"no place from sentinel %zu", i);
	}
}

static void test_streams(void)
{
	uint8_t junk[20] = {0xfe, 9, 0xfd, 1, 2, 3};

	s = (struct stream){0};
	system_time(&s, 1, 1000);
	memcpy(s.at + s.len, junk, sizeof junk);
	s.len += sizeof junk;
	global(&s, 2, 1100, 48.1, 37.1);
	size_t kept = s.len;
	global(&s, 2, 1200, 48.1, 37.1);
	s.at[kept + 20] ^= 0x10;
	system_time(&s, 2, 1300);
	CHECK(run(s.at, s.len) && seen.damages == 2 &&
		seen.by_what[OBSERVATION_TRACK] == 1,
		"garbage and a flipped bit: 2 damages, one track point");
	CHECK(strcmp(seen.checksum, "ok") == 0 &&
		feature(seen.count - 1, "frames_wrong") == 1, "counted wrong");

	/* Definition changed: three frames agree on another extra byte. */
	s = (struct stream){0};
	system_time(&s, 2, 1000);
	for (int i = 0; i < 3; i++)
		frame(&s, 2, 142, 99, junk, 20, 0);
	frame(&s, 2, 5000, 12, junk, 20, 0);
	system_time(&s, 2, 1100);
	CHECK(run(s.at, s.len) && seen.damages == 0 &&
		strcmp(seen.checksum, "unchecked") == 0 &&
		feature(seen.count - 1, "frames_unchecked") == 4,
		"changed and unknown definitions are unchecked, not damaged");

	/* A restart, seen as a falling boot counter. */
	s = (struct stream){0};
	stamp(&s, T0);
	system_time(&s, 2, 900000);
	stamp(&s, T0 + 1000000);
	gps(&s, 2, 1000, 3, 100, 0);
	CHECK(run(s.at, s.len) && seen.o[0].what == OBSERVATION_STATUS &&
		seen.o[1].at.utc_ns == (int64_t)(T0 + 1000000) * 1000,
		"after a restart the old boot time is not believed");

	/* Signing. */
	uint8_t hb[9] = {0};
	s = (struct stream){0};
	system_time(&s, 2, 1000);
	frame(&s, 2, 0, 50, hb, 9, 1000);
	frame(&s, 2, 0, 50, hb, 9, 1001);
	frame(&s, 2, 0, 50, hb, 9, 1001);
	frame(&s, 2, 0, 50, hb, 9, 0);
	CHECK(run(s.at, s.len) && seen.damages == 2 &&
		feature(seen.count - 1, "frames_repeated") == 1 &&
		feature(seen.count - 1, "frames_unsigned") == 1,
		"repeated and unsigned frames on a signed link");

	s = (struct stream){0};
	gps(&s, 1, 900, 3, 120, 0);
	CHECK(run(s.at, s.len) && seen.damages == 1 && seen.count == 0,
		"no clock, no time: said, not guessed");
	CHECK(!run(junk, sizeof junk), "garbage alone is refused");
}

static void make_tlog(void)
{
	s = (struct stream){0};
	for (uint32_t i = 0; i < 8; i++) {
		stamp(&s, T0 + 1000000 + i * 500000);
		if (i == 0)
			system_time(&s, 1, 1000);
		else if (i % 2)
			gps(&s, 2, 1000 + 500 * i, 3, 120, 1500);
		else
			global(&s, 2, 1000 + 500 * i, 48.1 + 1e-4 * i, 37.1);
	}
}

static void test_damage(void)
{
	static uint8_t copy[sizeof s.at];

	make_tlog();
	for (size_t n = 0; n <= s.len; n++) {
		uint8_t *exact = malloc(n ? n : 1);

		memcpy(exact, s.at, n);
		(void)run(exact, n);
		free(exact);
	}
	CHECK(true, "truncation at every byte");
	CHECK(run(s.at, s.len) && seen.damages == 0 &&
		seen.by_what[OBSERVATION_TRACK] == 4, "a whole .tlog");
	size_t worst = SIZE_MAX;
	for (size_t bit = 0; bit < 8 * s.len; bit++) {
		memcpy(copy, s.at, s.len);
		copy[bit / 8] = (uint8_t)(copy[bit / 8] ^ 1 << bit % 8);
		CHECK_QUIET(run(copy, s.len), "bit %zu", bit);
		size_t n = seen.by_what[OBSERVATION_GNSS] +
			seen.by_what[OBSERVATION_TRACK];
		worst = n < worst ? n : worst;
	}
	/* 4 receiver rows, one of them also a track before the first
	 * estimate, 3 estimates: a flip costs one record, 2 rows at most. */
	CHECK(worst >= 6, "a flipped bit costs one record (%zu of 8)", worst);
	for (int i = 0; i < 3; i++)
		CHECK(format_mavlink.sniff(
			      (struct bytes){s.at + 8 * (i == 1), s.len - 8},
			      &(struct origin){"x", ""}) > (i < 2 ? 90 : 0),
			"sniffed");
	CHECK(format_mavlink.sniff(bytes_of("latitude,longitude\n"),
		&(struct origin){"x.csv", ""}) == 0, "not a table");
}

/* A message of which the definition changed: its extra byte is another. */
static void changed(struct stream *to, uint8_t system_status)
{
	uint8_t p[9] = {0, 0, 0, 0, 2, 3, 0x81, system_status, 3};

	frame(to, 1, 0, 51, p, sizeof p, 0);
}

/* What no other case notices when it is taken out. */
static void test_guards(void)
{
	uint8_t early[12] = {0};
	size_t from, early_ones = 0, junk;
	uint8_t extra = 104;

	s = (struct stream){0};
	system_time(&s, 2, 1000);
	from = s.len;
	global(&s, 2, 1500, 48.1, 37.1);
	s.at[from + 2] = 2; /* a flag that we do not know, the CRC right */
	put_le(s.at + s.len - 2, crc_bits(crc_bits(0xffff, s.at + from + 1,
		s.len - from - 3), &extra, 1), 2);
	global(&s, 2, 2000, 48.1, 37.1);
	CHECK(run(s.at, s.len) && seen.by_what[OBSERVATION_TRACK] == 1 &&
		seen.damages == 1, "a frame with an unknown flag is dropped");
	for (size_t n = 2; n <= 3; n++) {
		s = (struct stream){0};
		system_time(&s, 1, 1000);
		for (size_t i = 0; i < n; i++)
			changed(&s, (uint8_t)i);
		CHECK(run(s.at, s.len) && seen.damages == (n < 3 ? n : 0),
			"%zu frames of another definition", n);
	}
	s = (struct stream){0};
	put_le(early, UINT64_C(1000000000000), 8); /* 1970-01-12 */
	put_le(early + 8, 1000, 4);
	frame(&s, 1, 2, 137, early, 12, 0);
	global(&s, 2, 1500, 48.1, 37.1);
	CHECK(run(s.at, s.len), "a clock not set yet");
	for (size_t i = 0; i < seen.count; i++)
		early_ones += instant_known(seen.o[i].at) &&
			seen.o[i].at.utc_ns < INT64_C(946684800000000000);
	CHECK(early_ones == 0, "a clock not set yet gives no time");
	make_tlog();
	from = s.len;
	memcpy(s.at + s.len, "no frame", 7);
	s.len += 7;
	stamp(&s, T0 + 6000000);
	global(&s, 2, 6000, 48.1, 37.1);
	s.at[s.len - 5] ^= 1;
	junk = s.len - from;
	stamp(&s, T0 + 6500000);
	global(&s, 2, 6500, 48.1, 37.1);
	CHECK(run(s.at, s.len) && seen.damages == 1 && seen.damaged == junk,
		"the thread is found at a sound frame only: %zu damages, %llu "
		"bytes", seen.damages, (unsigned long long)seen.damaged);
}

static void test_real(void)
{
	const char *path = check_data("drones/mavlink/flight_300_900.tlog");
	size_t len;

	if (!path) {
		CHECK_SKIP("no real MAVLink log");
		return;
	}
	uint8_t *at = check_file(path, &len);

	CHECK(run(at, len) && seen.damages == 0, "real log: no damage (%zu %s)",
		seen.damages, seen.why);
	double ok = 0, unchecked = 0, wrong = 0;
	for (size_t i = 0; i < seen.count; i++)
		if (!isnan(feature(i, "frames_ok"))) {
			ok += feature(i, "frames_ok");
			unchecked += feature(i, "frames_unchecked");
			wrong += feature(i, "frames_wrong");
		}
	CHECK(ok == 43036 && unchecked == 586 && wrong == 0,
		"43036 frames right, 586 unchecked: %.0f %.0f %.0f", ok,
		unchecked, wrong);
	CHECK(seen.by_what[OBSERVATION_TRACK] == 1643 + 1 &&
			seen.by_what[OBSERVATION_GNSS] == 1661,
		"1643 estimates, a fix before the first: %zu; %zu receiver "
		"rows",
		seen.by_what[OBSERVATION_TRACK],
		seen.by_what[OBSERVATION_GNSS]);
	size_t odd = 0;
	for (size_t i = 0; i < seen.count; i++) {
		double sats = feature(i, "sats");

		odd += seen.o[i].what == OBSERVATION_GNSS &&
			(feature(i, "fix_type") != 3 || sats < 7 || sats > 8);
	}
	CHECK(odd == 0, "3-D fix and 7-8 satellites throughout");
	/* Counts of the ids that give one status each. */
	CHECK(seen.by_what[OBSERVATION_STATUS] ==
		1199 + 1639 + 1636 + 597 + 3,
		"heartbeat, attitude, EKF, radio and 3 counts: %zu",
		seen.by_what[OBSERVATION_STATUS]);
	free(at);
}

/* The input of tests/data/mavlink, written when asked. */
static void write_golden(void)
{
	FILE *f = fopen("tests/data/mavlink/flight.in", "wb");

	make_tlog();
	if (!f || fwrite(s.at, 1, s.len, f) != s.len)
		abort();
	(void)fclose(f);
	s = (struct stream){0};
	uint8_t hb[9] = {4, 0, 0, 0, 2, 3, 0x81, 4, 3}, junk[5] = "junk";
	system_time(&s, 2, 1000);
	frame(&s, 2, 0, 50, hb, 9, 0);
	memcpy(s.at + s.len, junk, 4);
	s.len += 4;
	gps(&s, 1, 1500, 3, 95, 0);
	frame(&s, 2, 5000, 12, junk, 4, 0);
	gps(&s, 1, 2000, 0, 65535, 0);
	f = fopen("tests/data/mavlink/stream.in", "wb");
	if (!f || fwrite(s.at, 1, s.len, f) != s.len)
		abort();
	(void)fclose(f);
}

int main(void)
{
	if (getenv("GOLDEN"))
		write_golden();
	test_fields();
	test_sentinels();
	test_streams();
	test_damage();
	test_guards();
	test_real();
	return check_done();
}
