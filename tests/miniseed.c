/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * miniseed.c - our decoder against libmseed's: the listing that version 3.4.0
 * made of ../shared/data/waveform/miniseed, Debian's 2.19.8 sample by sample,
 * and records that are broken on purpose.  MSEED_WRITE=DIR writes the records
 * of the golden pairs. */
#include "check.h"
#include "formats/format.h"
#include "mseed_write.h"

#include <libmseed.h>
#include <math.h>

extern const struct format format_miniseed;

enum { SEEN_MAX = 1024 };

struct seen {
	struct segment segment[SEEN_MAX];
	char channel[SEEN_MAX][80];
	double first[SEEN_MAX], last[SEEN_MAX], sum[SEEN_MAX];
	size_t segments, samples;
	struct {
		uint64_t offset, length;
		char text[240];
	} damage[SEEN_MAX];
	size_t damages;
	uint64_t status[SEEN_MAX];
	size_t statuses;
	struct bytes in;
	size_t differ; /* samples that the oracle reads otherwise */
	size_t compared;
	bool oracle, ok;
	char fault[240];
};

/* Debian's libmseed on the same record. */
static void oracle(struct seen *s, const struct segment *g)
{
	struct bytes b = bytes_part(s->in, g->cite.offset, g->cite.length);
	MSRecord *m = NULL;

	if (b.at[6] == 3 || b.at[0] == 'M' || !g->counts)
		return;
	char *copy = malloc(b.len);
	memcpy(copy, b.at, b.len);
	if (msr_parse(copy, (int)b.len, &m, (int)b.len, 1, 0) == MS_NOERROR &&
		m->sampletype == 'i') {
		const int32_t *want = m->datasamples;

		s->differ += (size_t)m->numsamples != g->count;
		for (size_t i = 0; i < g->count &&
			i < (size_t)m->numsamples; i++)
			s->differ += want[i] != g->counts[i];
		s->compared += g->count;
	}
	msr_free(&m);
	free(copy);
}

static bool segment(void *self, const struct segment *g, struct fault *f)
{
	struct seen *s = self;
	size_t i = s->segments++;

	(void)f;
	if (i >= SEEN_MAX)
		abort();
	s->segment[i] = *g;
	s->samples += g->count;
	(void)snprintf(s->channel[i], sizeof s->channel[i], "%s", g->channel);
	s->sum[i] = 0;
	for (size_t k = 0; k < g->count; k++)
		s->sum[i] += segment_sample(g, k);
	s->first[i] = g->count ? segment_sample(g, 0) : NAN;
	s->last[i] = g->count ? segment_sample(g, g->count - 1) : NAN;
	if (s->oracle)
		oracle(s, g);
	return true;
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct seen *s = self;

	(void)f;
	if (s->statuses < SEEN_MAX)
		s->status[s->statuses++] = o->cite.offset;
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct seen *s = self;

	(void)f;
	if (s->damages == SEEN_MAX)
		return true;
	s->damage[s->damages].offset = offset;
	s->damage[s->damages].length = length;
	memcpy(s->damage[s->damages++].text, why->text, 240);
	return true;
}

static struct seen seen;

static void run(struct bytes in, bool headers_only, bool with_oracle)
{
	static struct arena scratch;
	struct origin o = {"", ""};
	struct intake intake = {&seen, segment, observation, damage,
		headers_only};
	struct fault f = {0};

	if (!scratch.at && !arena_map(&scratch, (size_t)64 << 20, &f))
		abort();
	scratch.used = 0;
	memset(&seen, 0, sizeof seen);
	seen.in = in;
	seen.oracle = with_oracle;
	seen.ok = format_miniseed.decode(in, &o, &scratch, &intake, &f);
	memcpy(seen.fault, f.text, sizeof f.text);
}

struct row { /* of libmseed_decode_records.csv */
	char file[128], sid[64], start[48], type[4];
	double rate, first, last, sum;
	size_t length, count, stated;
	int encoding;
};

static bool read_row(FILE *in, struct row *r)
{
	char line[512];
	int record, format, publication;

	return fgets(line, sizeof line, in) &&
		sscanf(line, "%127[^,],%d,%d,%63[^,],%47[^,],%lf,%zu,%d,%d,"
			"%zu,%zu,%3[^,],%lf,%lf,%lf", r->file, &record,
			&format, r->sid, r->start, &r->rate, &r->length,
			&r->encoding, &publication, &r->stated, &r->count,
			r->type, &r->first, &r->last, &r->sum) == 15;
}

static bool near(double got, double want, double rel)
{
	return fabs(got - want) <= rel * fmax(1, fabs(want));
}

/* Whether what we gave for the record at `at` is what the row says. */
static bool agrees(const struct row *r, uint64_t at)
{
	struct instant want;
	struct fault f;
	bool whole = r->type[0] == 'i';

	for (size_t i = 0; i < seen.segments; i++) {
		const struct segment *g = &seen.segment[i];

		if (g->cite.offset != at)
			continue;
		/* float64 is kept as float32. */
		double rel = r->type[0] == 'd' ? 1e-5 : 1e-7;
		return g->cite.length == r->length &&
			strcmp(seen.channel[i], r->sid + 5) == 0 &&
			instant_parse(bytes_of(r->start), true, &want, &f) &&
			g->start.utc_ns == want.utc_ns &&
			near(g->rate_hz, r->rate, 1e-6) &&
			g->count == r->count &&
			near(seen.first[i], r->first, whole ? 0 : rel) &&
			near(seen.last[i], r->last, whole ? 0 : rel) &&
			near(seen.sum[i], r->sum, whole ? 0 : 100 * rel);
	}
	for (size_t i = 0; i < seen.statuses; i++)
		if (seen.status[i] == at)
			return r->type[0] == 't' || r->count == 0;
	for (size_t i = 0; i < seen.damages; i++)
		if (seen.damage[i].offset == at)
			return r->encoding > 11 || r->start[3] == '4';
	return false;
}

static void test_listing(void)
{
	const char *dir = check_data("waveform/miniseed");
	char path[640], was[128] = "";
	struct row r;
	uint64_t at = 0;
	unsigned char *held = NULL;
	size_t rows = 0, good = 0, files = 0;
	static size_t differ, compared;

	if (!dir) {
		CHECK_SKIP("waveform/miniseed is not there");
		return;
	}
	(void)snprintf(path, sizeof path,
		"%s/libmseed_decode_records.csv", dir);
	FILE *in = fopen(path, "r");
	while (in && (rows == 0 ? (void)fgets(path, 640, in) : (void)0,
			read_row(in, &r))) {
		if (strcmp(was, r.file) != 0) {
			struct bytes b;

			(void)snprintf(path, sizeof path,
				"../shared/data/waveform/miniseed/%s", r.file);
			free(held);
			b.at = held = check_file(path, &b.len);
			run(b, false, true);
			differ += seen.differ;
			compared += seen.compared;
			(void)snprintf(was, sizeof was, "%s", r.file);
			at = 0;
			files++;
		}
		bool ok = agrees(&r, at);
		rows++;
		good += ok;
		CHECK_QUIET(ok, "%s, record at byte %llu", r.file,
			(unsigned long long)at);
		if (!ok)
			for (size_t i = 0; i < seen.damages; i++)
				printf("#   damage %llu+%llu %s\n",
					(unsigned long long)
						seen.damage[i].offset,
					(unsigned long long)
						seen.damage[i].length,
					seen.damage[i].text);
		at += r.length;
	}
	free(held);
	if (in)
		(void)fclose(in);
	CHECK(rows == 536 && good == rows, "libmseed 3.4.0's listing: %zu of "
		"%zu records in %zu files agree", good, rows, files);
	CHECK(compared > 100000 && differ == 0,
		"libmseed 2.19.8: %zu of %zu samples differ", differ, compared);
}

/* Damaged files: what comes after the damage is found. */
static void test_real_damage(void)
{
	static const struct {
		const char *file;
		size_t segments, damages;
		uint64_t offset, length;
	} cases[] = {
		{"obspy/corrupt_one_extra_byte_at_end.mseed", 1, 1, 512, 1},
		{"obspy/single_record_plus_noise_record.mseed", 1, 1, 512,
			512},
		{"obspy/fullseed.mseed", 3, 1, 0, 20480},
		{"obspy/gecko_non_ascii_header.ms", 1, 1, 0, 512},
		{"obspy/encoding/nan_float32.mseed", 1, 0, 0, 0},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char name[200];
		struct bytes b;

		(void)snprintf(name, sizeof name, "waveform/miniseed/%s",
			cases[i].file);
		const char *path = check_data(name);
		if (!path) {
			CHECK_SKIP("%s is not there", name);
			continue;
		}
		unsigned char *held = check_file(path, &b.len);
		b.at = held;
		run(b, false, false);
		free(held);
		bool ok = seen.segments == cases[i].segments &&
			seen.damages == cases[i].damages &&
			(seen.damages == 0 ||
				(seen.damage[0].offset == cases[i].offset &&
				 seen.damage[0].length == cases[i].length));
		CHECK(ok, "%s: %zu segments, %zu damages: %s", cases[i].file,
			seen.segments, seen.damages, seen.damage[0].text);
		if (!ok)
			printf("# %zu segments, %llu+%llu\n", seen.segments,
				(unsigned long long)seen.damage[0].offset,
				(unsigned long long)seen.damage[0].length);
	}
}

enum { MADE = 4, MADE_MAX = 8192 };

/* Four records of version 2, or two of version 3, of a slow wave with some
 * noise; with `kind` they are then broken. */
static size_t make(const char *kind, uint8_t *out)
{
	static int32_t x[4000];
	uint64_t z = 1;
	struct instant t = {INT64_C(1770091506123456000)};
	size_t at = 0, len = 0, rec = 512;

	for (size_t i = 0; i < 4000; i++) {
		z = z * UINT64_C(6364136223846793005) + 1442695040888963407u;
		x[i] = (int32_t)(i % 200) * 9 + (int32_t)(z >> 59) - 16;
		if (i % 250 == 100)
			x[i] += 70000;
	}
	memset(out, 0, MADE_MAX);
	for (int i = 0; i < MADE && kind[0] == '2'; i++, len += rec) {
		size_t k = mseed2_record(out + len, "NODE 00HDFXX", t, 500,
			x + at, 4000 - at);
		t = instant_plus_ns(t, (int64_t)k * 2000000);
		at += k;
	}
	for (int i = 0; i < 2 && kind[0] == '3'; i++)
		len += mseed3_record(out + len, "FDSN:XX_NODE_00_H_D_F", t,
			500, x, 4000, "{\"FDSN\":{\"Time\":{\"Quality\":90,"
			"\"LeapSecond\":1}}}");
	uint8_t *second = out + rec;
	kind += 1;
	if (strcmp(kind, "-garbage") == 0) {
		memmove(second + 100, second, len - rec);
		memset(second, 0x5a, 100);
		len += 100;
	} else if (strcmp(kind, "-hole") == 0) {
		memmove(second + 200, second + 210, len - rec - 210);
		len -= 10;
	} else if (strcmp(kind, "-cut") == 0) {
		len -= 200;
	} else if (strcmp(kind, "-zeros") == 0) {
		memset(second + 64, 0, 448);
	} else if (strcmp(kind, "-flip") == 0) {
		second[150] ^= 4;
	} else if (strcmp(kind, "-chain") == 0) {
		put_be(second + 50, 48, 2);
	} else if (strcmp(kind, "-nodata") == 0) {
		put_be(second + 44, 0, 2);
	} else if (strcmp(kind, "-correct") == 0) {
		put_be(out + 40, 25, 4);
		put_be(second + 40, 25, 4);
		second[36] = 2 | 16;
	} else if (strcmp(kind, "-no1000") == 0) {
		for (size_t i = 0; i < len; i += rec) /* Steim 1 by default */
			put_be(out + i + 46, 0, 2);
	} else if (strcmp(kind, "-order") == 0) {
		second[53] = 7;
		second[54] = 25;
	} else if (strcmp(kind, "-crc") == 0) {
		out[100] ^= 1;
	} else if (strcmp(kind, "-text") == 0) {
		second[52] = 0;
		memset(second + 64, 0, 448);
		memcpy(second + 64, "GPS lock lost\n\"quoted\"\x01", 23);
	}
	return len;
}

static void test_made(void)
{
	static const struct {
		const char *kind;
		size_t segments, damages;
		uint64_t offset, length; /* of the first damage */
	} cases[] = {
		{"2", 4, 0, 0, 0},
		{"2-garbage", 4, 1, 512, 100},
		{"2-hole", 3, 1, 512, 502},
		{"2-cut", 4, 2, 1536, 312},
		{"2-zeros", 3, 1, 512, 512},
		{"2-flip", 3, 1, 512, 512},
		{"2-chain", 4, 1, 512, 512},
		{"2-nodata", 3, 1, 512, 512},
		{"2-correct", 4, 0, 0, 0},
		{"2-no1000", 0, 4, 0, 512},
		{"2-order", 4, 1, 512, 512},
		{"2-text", 3, 0, 0, 0},
		{"3", 2, 0, 0, 0},
		{"3-crc", 1, 1, 0, 556},
		{"3-cut", 1, 1, 556, 356},
	};
	static uint8_t b[MADE_MAX];
	const char *dir = getenv("MSEED_WRITE");

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		size_t len = make(cases[i].kind, b);
		char path[512];

		run((struct bytes){b, len}, false, false);
		CHECK(seen.segments == cases[i].segments &&
				seen.damages == cases[i].damages &&
				(seen.damages == 0 ||
					(seen.damage[0].offset ==
							cases[i].offset &&
						seen.damage[0].length ==
							cases[i].length)),
			"made %s: %zu segments, %zu damages at %llu+%llu: %s",
			cases[i].kind, seen.segments, seen.damages,
			(unsigned long long)seen.damage[0].offset,
			(unsigned long long)seen.damage[0].length,
			seen.damage[0].text);
		if (strcmp(cases[i].kind, "2-correct") == 0) {
			/* 2.5 ms into the first, not again into the second */
			int64_t gap = seen.segment[1].start.utc_ns -
				segment_time(&seen.segment[0],
					seen.segment[0].count).utc_ns;

			CHECK(gap == -2500000 &&
					seen.segment[1].flags ==
						(SEGMENT_CORRECTED |
							SEGMENT_LEAP_SECOND),
				"a correction is applied once");
		}
		size_t whole = seen.segments;
		run((struct bytes){b, len}, true, false);
		CHECK_QUIET(seen.segments >= whole && seen.samples == 0,
			"made %s, headers only", cases[i].kind);
		if (!dir)
			continue;
		(void)snprintf(path, sizeof path, "%s/%s.in", dir,
			cases[i].kind);
		FILE *f = fopen(path, "wb");
		if (!f || fwrite(b, 1, len, f) != len)
			abort();
		(void)fclose(f);
	}
}

int main(void)
{
	static const uint8_t nine[] = "123456789";

	CHECK(crc32c_add(0, (struct bytes){nine, 9}) == 0xe3069283,
		"CRC-32C of the RFC");
	test_listing();
	test_real_damage();
	test_made();
	return check_done();
}
