/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MISB KLV: every checksum class, BER form and sentinel; bare and in a
 * transport stream; the worked packets of ST 0902, the vectors of ST 1201 and
 * a synthetic flight whose truth is known.  GOLDEN=write writes the .in of
 * tests/data/klv. */
#include "check.h"
#include "formats/format.h"
#include "formats/klv_packet.h"
#include "geo/footprint.h"
#include "geo/frame.h"

extern const struct format format_klv;

enum { SEEN_MAX = 1400 };
static uint8_t block[4 << 20];
static struct {
	struct observation o[SEEN_MAX];
	struct feature f[SEEN_MAX][24];
	struct point ring[SEEN_MAX][4];
	char checksum[SEEN_MAX][16], vehicle[64];
	bool disagrees;
	size_t count, damages;
	char why[240];
} seen;

static bool take(void *self, const struct observation *o, struct fault *f)
{
	size_t i = seen.count;

	(void)self;
	(void)f;
	if (i == SEEN_MAX)
		return true;
	seen.count++;
	seen.o[i] = *o;
	memcpy(seen.f[i], o->feature, o->feature_count * sizeof *o->feature);
	seen.o[i].feature = seen.f[i];
	if (o->place.region.ring_count > 0)
		memcpy(seen.ring[i], o->place.region.ring[0].point,
			sizeof seen.ring[i]);
	const struct attribute *a = o->attribute;
	size_t n = o->attribute_count;
	(void)snprintf(seen.checksum[i], 16, "%s", attribute_of(a, n,
		"checksum"));
	(void)snprintf(seen.vehicle, 64, "%s", attribute_of(a, n, "vehicle"));
	seen.disagrees = seen.disagrees || attribute_of(a, n, "disagrees");
	return true;
}

static bool hurt(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	(void)self;
	(void)offset;
	(void)length;
	(void)f;
	seen.damages++;
	memcpy(seen.why, why->text, sizeof seen.why);
	return true;
}

static bool run(const uint8_t *at, size_t len)
{
	struct arena a = arena_on(block, sizeof block);
	struct intake in = {NULL, NULL, take, hurt, false};
	struct fault f = {0};

	memset(&seen, 0, sizeof seen);
	bool ok = format_klv.decode((struct bytes){at, len},
		&(struct origin){"x", ""}, &a, &in, &f);
	CHECK_QUIET(ok || f.text[0], "a worded fault");
	return ok;
}

static double feature(size_t i, const char *name)
{
	return feature_of(seen.o[i].feature, seen.o[i].feature_count, name);
}

struct out {
	uint8_t at[65536];
	size_t len;
};

static void put(struct out *p, uint8_t tag, size_t n, uint64_t v)
{
	p->at[p->len++] = tag;
	p->at[p->len++] = (uint8_t)n;
	put_be(p->at + p->len, v, n);
	p->len += n;
}

enum sum { SUM_OK, SUM_PAYLOAD, SUM_WRONG, SUM_NONE };

/* Wraps items in a key, a length (form: its bytes, 0 short) and a sum. */
static void wrap(struct out *to, const struct out *items, int form,
	enum sum sum)
{
	size_t begin = to->len, n = items->len + (sum == SUM_NONE ? 0 : 4);
	size_t body;
	uint16_t s = 0;

	memcpy(to->at + to->len, klv_packet_key, 16);
	to->len += 16;
	if (form == 0) {
		to->at[to->len++] = (uint8_t)n;
	} else {
		to->at[to->len++] = (uint8_t)(0x80 | form);
		put_be(to->at + to->len, n, (size_t)form);
		to->len += (size_t)form;
	}
	body = to->len;
	memcpy(to->at + to->len, items->at, items->len);
	to->len += items->len;
	if (sum == SUM_NONE)
		return;
	to->at[to->len++] = 1;
	to->at[to->len++] = 2;
	if (sum == SUM_PAYLOAD)
		begin = body;
	for (size_t i = begin; i < to->len; i++)
		s = (uint16_t)(s + (to->at[i] << 8 * (1 - (i - begin) % 2)));
	put_be(to->at + to->len, sum == SUM_WRONG ? s ^ 0x0101u : s, 2);
	to->len += 2;
}

#define TIME_US UINT64_C(1770091506123456)

/* A drone at 48.5 N 37.9 E, 1500 m, looking 45 degrees down to the east. */
static struct out scene(void)
{
	struct out p = {.len = 0};

	put(&p, 2, 8, TIME_US);
	p.at[p.len++] = 4;
	p.at[p.len++] = 4;
	memcpy(p.at + p.len, "UA-7", 4);
	p.len += 4;
	put(&p, 5, 2, 16384);                 /* heading 90.0014 */
	put(&p, 6, 2, 0);
	put(&p, 7, 2, 0);
	put(&p, 13, 4, 0x44FA4FA3u);          /* 48.5 */
	put(&p, 14, 4, 0x1AF37C04u);          /* 37.9 */
	put(&p, 15, 2, 7905);                 /* 1500.4 m */
	put(&p, 16, 2, 3641);                 /* 10.0 deg */
	put(&p, 17, 2, 3641);
	put(&p, 18, 4, 0);
	put(&p, 19, 4, 0xE0000000u);          /* -45 deg */
	put(&p, 20, 4, 0);
	put(&p, 25, 2, 3557);                 /* 180.1 m */
	put(&p, 56, 1, 30);
	return p;
}

static void test_forms(void)
{
	static const struct {
		const char *name;
		int form;
		enum sum sum;
		const char *word;
		size_t observations, damages;
	} cases[] = {
		{"short length", 0, SUM_OK, "ok", 2, 0},
		{"long length", 1, SUM_OK, "ok", 2, 0},
		{"long length, not minimal", 4, SUM_OK, "ok", 2, 0},
		{"sum of the payload", 2, SUM_PAYLOAD, "payload_only", 2, 0},
		{"wrong sum", 1, SUM_WRONG, "wrong", 1, 1},
		{"no sum", 1, SUM_NONE, "absent", 1, 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct out items = scene(), whole = {.len = 0};

		wrap(&whole, &items, cases[i].form, cases[i].sum);
		CHECK(run(whole.at, whole.len) &&
			seen.count == cases[i].observations &&
			seen.damages == cases[i].damages &&
			strcmp(seen.checksum[0], cases[i].word) == 0,
			"%s: %zu observations, %s", cases[i].name, seen.count,
			seen.checksum[0]);
	}
}

static void test_scene(void)
{
	struct out items = scene(), whole = {.len = 0};

	wrap(&whole, &items, 1, SUM_OK);
	CHECK(run(whole.at, whole.len) && seen.count == 2, "scene");
	CHECK(fabs(seen.o[0].place.lat_deg - 48.5) < 1e-7 &&
		fabs(seen.o[0].place.lon_deg - 37.9) < 1e-7 &&
		fabs(seen.o[0].place.alt_m - 1500.4) < 0.1 &&
		seen.o[0].at.utc_ns == (int64_t)TIME_US * 1000 &&
		feature(0, "speed_ms") == 30 &&
		strcmp(seen.vehicle, "UA-7") == 0, "platform");
	struct frame f = frame_at(48.5, 37.9);
	struct xy mid = frame_to(&f, seen.o[1].place.lat_deg,
		seen.o[1].place.lon_deg);
	CHECK(fabs(mid.x_m - 1320.3) < 2 && fabs(mid.y_m) < 1,
		"looks at %.1f m east, %.1f north", mid.x_m, mid.y_m);
	CHECK(fabs(feature(1, "hfov_deg") - 10) < 0.01 &&
		fabs(feature(1, "gimbal_el_deg") + 45) < 1e-6 &&
		fabs(feature(1, "slant_m") - 1867) < 2, "optics");
}

/* Values that mean "not known" never become numbers. */
static void test_sentinels(void)
{
	static const struct {
		uint8_t tag;
		size_t n;
		uint64_t v;
	} bad[] = {{6, 2, 0x8000}, {7, 2, 0x8000}, {13, 4, 0x80000000},
		{14, 4, 0x80000000}, {19, 4, 0x80000000}, {23, 4, 0x80000000},
		{26, 2, 0x8000}, {40, 4, 0x80000000}, {82, 4, 0x80000000},
		{90, 4, 0x80000000}, {104, 3, 0xC80000}, {96, 2, 0xE800},
		{5, 3, 7}, {13, 2, 7}, {15, 0, 0}};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct out items = {.len = 0}, whole = {.len = 0};
		struct klv_packet p;
		struct fault f;

		put(&items, bad[i].tag, bad[i].n, bad[i].v);
		wrap(&whole, &items, 0, SUM_OK);
		CHECK(klv_packet_read((struct bytes){whole.at, whole.len}, &p,
			&f) && isnan(p.item[bad[i].tag]) &&
			p.checksum == KLV_OK, "item %u is not known",
			bad[i].tag);
	}
	/* A nested security set is counted; a two-byte tag is skipped. */
	struct out items = scene(), whole = {.len = 0};
	static const uint8_t nested[] = {48, 6, 1, 1, 1, 2, 1, 7,
		0x81, 0x0f, 2, 9, 9};
	memcpy(items.at + items.len, nested, sizeof nested);
	items.len += sizeof nested;
	wrap(&whole, &items, 1, SUM_OK);
	CHECK(run(whole.at, whole.len) && feature(0, "security_items") == 2 &&
		feature(0, "classification") == 1, "ST 0102 within");
	items = scene();
	items.at[items.len++] = 72;
	items.at[items.len++] = 100;
	whole.len = 0;
	wrap(&whole, &items, 1, SUM_NONE);
	CHECK(run(whole.at, whole.len) && seen.count == 0 && seen.damages == 1,
		"an item past the end: %s", seen.why);
}

static void test_damage(void)
{
	struct out items = scene(), whole = {.len = 0};
	size_t least = SIZE_MAX;

	wrap(&whole, &items, 1, SUM_OK);
	memcpy(whole.at + whole.len, "junk", 4);
	whole.len += 4;
	wrap(&whole, &items, 2, SUM_OK);
	CHECK(run(whole.at, whole.len) && seen.count == 4 && seen.damages == 1,
		"goes on after garbage");
	for (size_t n = 0; n <= whole.len; n++) {
		uint8_t *exact = malloc(n ? n : 1);

		memcpy(exact, whole.at, n);
		(void)run(exact, n);
		free(exact);
	}
	CHECK(true, "truncation at every byte");
	for (size_t bit = 0; bit < 8 * whole.len; bit++) {
		whole.at[bit / 8] = (uint8_t)(whole.at[bit / 8] ^ 1 << bit % 8);
		CHECK_QUIET(run(whole.at, whole.len), "bit %zu", bit);
		least = seen.count < least ? seen.count : least;
		whole.at[bit / 8] = (uint8_t)(whole.at[bit / 8] ^ 1 << bit % 8);
	}
	CHECK(least >= 2, "a flipped bit costs one packet: %zu", least);
	CHECK(!run((const uint8_t *)"nothing", 7), "nothing is refused");
}

static void test_0902(void)
{
	static const char *const names[] = {
		"drones/klv/st0902/DynamicConstantMISMMSPacketData.bin",
		"drones/klv/st0902/DynamicOnlyMISMMSPacketData.bin"};

	for (size_t i = 0; i < 2; i++) {
		const char *path = check_data(names[i]);
		size_t len;

		if (!path) {
			CHECK_SKIP("no worked packets of ST 0902");
			continue;
		}
		uint8_t *at = check_file(path, &len);
		/* The standard's own values: 60.1768 N, 128.4268 E, 14190.7 m
		 * and the frame centre -10.5424, 29.1579. */
		/* The first one's checksum, as published, fits no sum of its
		 * bytes: kept, marked, without footprint. */
		CHECK(run(at, len) && seen.count == (i ? 2 : 1) &&
			seen.damages == (i ? 0 : 1) &&
			strcmp(seen.checksum[0], i ? "ok" : "wrong") == 0 &&
			fabs(seen.o[0].place.lat_deg - 60.1768229669783) <
				1e-7 &&
			fabs(seen.o[0].place.lon_deg - 128.426759042045) <
				1e-7 &&
			fabs(seen.o[0].place.alt_m - 14190.7195) < 0.2,
			"%s: %zu observations", names[i] + 18, seen.count);
		free(at);
	}
}

/* The value after "name": in a line, as text up to a comma. */
static const char *value(const char *line, const char *name)
{
	char quoted[32];

	(void)snprintf(quoted, sizeof quoted, "\"%s\": ", name);
	const char *at = strstr(line, quoted);
	return at ? at + strlen(quoted) : "";
}

static void test_1201(void)
{
	const char *path = check_data("drones/klv/st1201/imapb_vectors.json");
	size_t len, n = 0, bad = 0, special = 0;
	char *rest = NULL;

	if (!path) {
		CHECK_SKIP("no vectors of ST 1201");
		return;
	}
	/* One vector a line; integers beyond 2^63, which our JSON refuses. */
	char *at = (char *)check_file(path, &len);
	at = realloc(at, len + 1);
	at[len] = '\0';
	for (char *line = strtok_r(at, "\n", &rest); line;
		line = strtok_r(NULL, "\n", &rest)) {
		const char *hex = value(line, "forwardResultHex");
		const char *want_text = value(line, "reverseResult");
		size_t l = (size_t)strtoul(value(line, "L"), NULL, 10);
		uint8_t raw[8];

		if (hex[0] != '"' || l < 1 || l > 8)
			continue;
		put_be(raw, strtoull(hex + 3, NULL, 16), l);
		double got = klv_packet_imapb((struct bytes){raw, l},
			strtod(value(line, "a"), NULL),
			strtod(value(line, "b"), NULL));
		double step = strtod(value(line, "sR"), NULL);
		n++;
		if (want_text[0] == '"') { /* an infinity or NaN */
			special++;
			bad += isnan(got) ? 0 : 1;
		} else {
			bad += fabs(got - strtod(want_text, NULL)) <= step / 2
				? 0 : 1;
		}
	}
	CHECK(n == 1064 && bad == 0 && special > 10,
		"%zu vectors, %zu special, %zu bad", n, special, bad);
	free(at);
}

static double apart_m(struct point a, double lat, double lon)
{
	struct frame f = frame_at(lat, lon);
	struct xy d = frame_to(&f, a.lat_deg, a.lon_deg);

	return sqrt(d.x_m * d.x_m + d.y_m * d.y_m);
}

/* Columns 15, 16 frame centre; 18.. corners, clockwise from upper left. */
static void test_synthetic(void)
{
	const char *path = check_data("drones/klv/synthetic/synthetic.klv");
	size_t len, csv_len, row = 0, unordered = 0;
	double worst = 0, worst_centre = 0, worst_place = 0;

	if (!path) {
		CHECK_SKIP("no synthetic KLV");
		return;
	}
	uint8_t *at = check_file(path, &len);
	CHECK(run(at, len) && seen.count == 1200 && seen.damages == 0 &&
		!seen.disagrees, "600 packets, 1200 observations (%zu, %zu)",
		seen.count, seen.damages);
	uint8_t *csv = check_file(
		check_data("drones/klv/synthetic/synthetic.csv"), &csv_len);
	csv = realloc(csv, csv_len + 1);
	csv[csv_len] = '\0';
	for (char *line = strchr((char *)csv, '\n'); line && line[1] &&
		row < 600; line = strchr(line + 1, '\n'), row++) {
		double v[30];
		char *p = line + 1;
		size_t t = 2 * row, g = 2 * row + 1;

		for (int i = 0; i < 30; i++, p++)
			v[i] = strtod(p, &p);
		unordered += seen.o[t].at.utc_ns / 1000 != (int64_t)v[1];
		worst_place = fmax(worst_place, apart_m((struct point){
			seen.o[t].place.lat_deg, seen.o[t].place.lon_deg},
			v[5], v[6]));
		worst_centre = fmax(worst_centre, apart_m((struct point){
			seen.o[g].place.lat_deg, seen.o[g].place.lon_deg},
			v[15], v[16]));
		for (int c = 0; c < 4; c++) {
			double best = INFINITY;

			for (int k = 0; k < 4; k++)
				best = fmin(best, apart_m(seen.ring[g][k],
					v[18 + 2 * c], v[19 + 2 * c]));
			worst = fmax(worst, best);
		}
	}
	CHECK(row == 600 && unordered == 0 && worst_place < 0.01 &&
		worst_centre < 1, "%zu rows; platform %.4f m, centre %.3f m",
		row, worst_place, worst_centre);
	CHECK(worst < 1, "corners within 1 m of the truth: %.3f m", worst);

	/* The transport stream gives the same. */
	static struct observation bare[SEEN_MAX];
	static struct point rings[SEEN_MAX][4];
	size_t ts_len, same = 0;
	memcpy(bare, seen.o, sizeof bare);
	memcpy(rings, seen.ring, sizeof rings);
	uint8_t *ts = check_file(
		check_data("drones/klv/synthetic/synthetic.ts"), &ts_len);
	CHECK(run(ts, ts_len) && seen.count == 1200 && seen.damages == 0,
		"transport stream: %zu observations, %zu damages (%s)",
		seen.count, seen.damages, seen.why);
	for (size_t i = 0; i < seen.count; i++)
		same += seen.o[i].at.utc_ns == bare[i].at.utc_ns &&
			seen.o[i].place.lat_deg == bare[i].place.lat_deg &&
			seen.o[i].place.lon_deg == bare[i].place.lon_deg &&
			memcmp(seen.ring[i], rings[i], sizeof rings[i]) == 0;
	CHECK(same == 1200, "both carriages are equal");
	/* A lost transport packet costs one PES packet, and is said. */
	size_t cut = 188 * 100;
	while ((ts[cut + 1] & 0x5f) != 0x01 || ts[cut + 2] != 0)
		cut += 188; /* pid 0x100, the middle of a PES packet */
	memmove(ts + cut, ts + cut + 188, ts_len - cut - 188);
	CHECK(run(ts, ts_len - 188) && seen.damages >= 1 && seen.count >= 1196,
		"a lost transport packet: %zu, %s", seen.count, seen.why);
	CHECK(format_klv.sniff((struct bytes){ts, 65536},
		&(struct origin){"x", ""}) == 90 && format_klv.sniff(
		(struct bytes){at, 65536}, &(struct origin){"x", ""}) == 95,
		"found by content");
	free(at);
	free(ts);
	free(csv);
}

static void transport(struct out *t, unsigned pid, bool begins, unsigned n,
	const uint8_t *at, size_t len)
{
	uint8_t *p = t->at + t->len;
	size_t fill = 184 - len;

	p[0] = 0x47;
	put_be(p + 1, (begins ? 0x4000u : 0) | pid, 2);
	p[3] = (uint8_t)((fill ? 0x30 : 0x10) | (n & 0xf));
	if (fill) { /* stuffing in an adaptation field */
		p[4] = (uint8_t)(fill - 1);
		memset(p + 5, 0xff, fill - 1);
		if (fill > 1)
			p[5] = 0;
	}
	memcpy(p + 4 + fill, at, len);
	t->len += 188;
}

/* Two packets as synchronous metadata cells of stream type 0x15. */
static struct out in_cells(void)
{
	static const uint8_t pat[] = {0, 0, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 1,
		0xf0, 0, 0, 0, 0, 0};
	static const uint8_t pmt[] = {0, 2, 0xb0, 18, 0, 1, 0xc1, 0, 0, 0xe1,
		0, 0xf0, 0, 0x15, 0xe1, 1, 0xf0, 0, 0, 0, 0, 0};
	struct out items = scene(), one = {.len = 0}, t = {.len = 0};
	uint8_t pes[1024] = {0, 0, 1, 0xfc};
	size_t n = 9;

	wrap(&one, &items, 1, SUM_OK);
	pes[6] = 0x80;
	for (int i = 0; i < 2; i++) {
		pes[n + 1] = (uint8_t)i;
		pes[n + 2] = 0xdf;
		put_be(pes + n + 3, one.len, 2);
		memcpy(pes + n + 5, one.at, one.len);
		n += 5 + one.len;
	}
	put_be(pes + 4, n - 6, 2);
	transport(&t, 0, true, 0, pat, sizeof pat);
	transport(&t, 0x1000, true, 0, pmt, sizeof pmt);
	transport(&t, 0x101, true, 0, pes, 184);
	transport(&t, 0x101, false, 1, pes + 184, n - 184);
	return t;
}

static void test_cells(void)
{
	struct out t = in_cells();

	CHECK(run(t.at, t.len) && seen.count == 4 && seen.damages == 0,
		"two cells in one PES packet: %zu (%s)", seen.count, seen.why);
	for (size_t n = 0; n <= t.len; n++) {
		uint8_t *exact = malloc(n ? n : 1);

		memcpy(exact, t.at, n);
		(void)run(exact, n);
		free(exact);
	}
	for (size_t bit = 0; bit < 8 * t.len; bit++) {
		t.at[bit / 8] = (uint8_t)(t.at[bit / 8] ^ 1 << bit % 8);
		(void)run(t.at, t.len);
		t.at[bit / 8] = (uint8_t)(t.at[bit / 8] ^ 1 << bit % 8);
	}
	CHECK(true, "truncation and bit flips of the stream");
}

static void write_file(const char *path, const struct out *o)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(o->at, 1, o->len, f) != o->len)
		abort();
	(void)fclose(f);
}

static void write_golden(void)
{
	struct out items = scene(), whole = {.len = 0};

	wrap(&whole, &items, 0, SUM_OK);
	wrap(&whole, &items, 3, SUM_PAYLOAD);
	memcpy(whole.at + whole.len, "junk", 4);
	whole.len += 4;
	wrap(&whole, &items, 1, SUM_WRONG);
	wrap(&whole, &items, 1, SUM_NONE);
	write_file("tests/data/klv/one.in", &whole);
	whole = in_cells();
	write_file("tests/data/klv/cells.in", &whole);
}

int main(void)
{
	if (getenv("GOLDEN"))
		write_golden();
	test_forms();
	test_scene();
	test_sentinels();
	test_damage();
	test_0902();
	test_1201();
	test_synthetic();
	test_cells();
	return check_done();
}
