/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * guards.c - one case for each validation of a format that no other test
 * notices when it is taken out: a sound file with a few bytes changed, or a
 * table with one bad cell, and what the format says of it. */
#include "check.h"
#include "formats/print.h"

enum { PATCHES = 3 };

struct patch {
	size_t at;
	const char *bytes;
	size_t count;
};

static char said[1 << 20];
static size_t astray; /* corners of regions off the Earth */

struct lines {
	struct text t;
};

static bool segment(void *self, const struct segment *s, struct fault *f)
{
	struct lines *l = self;

	if (!print_segment(s, &l->t, f))
		return false;
	text_char(&l->t, '\n');
	return true;
}

static bool observation(
	void *self, const struct observation *o, struct fault *f)
{
	struct lines *l = self;
	const struct region *r = &o->place.region;

	for (size_t i = 0; i < r->ring_count; i++)
		for (size_t k = 0; k < r->ring[i].count; k++)
			astray += !(fabs(r->ring[i].point[k].lat_deg) <= 90 &&
				fabs(r->ring[i].point[k].lon_deg) <= 180);
	if (!print_observation(o, &l->t, f))
		return false;
	text_char(&l->t, '\n');
	return true;
}

static bool damage(void *self, const struct fault *why, uint64_t offset,
	uint64_t length, struct fault *f)
{
	struct lines *l = self;

	if (!print_damage(why, offset, length, &l->t, f))
		return false;
	text_char(&l->t, '\n');
	return true;
}

/* Everything that the format says of the bytes, as `truce decode` prints it;
 * at last the fault of the whole. */
static const char *decode(const char *format, struct bytes in,
	const char *name)
{
	static uint8_t block[8 << 20];
	struct arena a = arena_on(block, sizeof block);
	struct lines l = {text_on(said, sizeof said)};
	struct intake to = {&l, segment, observation, damage, false};
	struct origin o = {name, ""};
	struct fault f = {0};

	astray = 0;
	if (!format_named(format)->decode(in, &o, &a, &to, &f))
		text_add(&l.t, f.text);
	return said;
}

/* `want` with '!' in front: it is not said. */
static bool holds(const char *text, const char *want)
{
	return want[0] == '!' ? !strstr(text, want + 1)
			      : strstr(text, want) != NULL;
}

static const struct {
	const char *name, *format, *file;
	struct patch patch[PATCHES];
	size_t cut; /* bytes that are left, 0 all */
	const char *want;
} files[] = {
	{"SAC: a file shorter than its header", "sac", "big.in",
		{{0}}, 400, "no SAC header"},
	{"SAC: hour 24", "sac", "big.in",
		{{288, "\0\0\0\x18", 4}}, 0, "no time of the first sample"},
	{"SAC: unevenly sampled", "sac", "big.in",
		{{420, "\0\0\0\0", 4}}, 0, "no evenly sampled series"},
	{"SAC: no series but a spectrum", "sac", "big.in",
		{{340, "\0\0\0\2", 4}}, 0, "no evenly sampled series"},
	{"SAC: no samples", "sac", "big.in",
		{{316, "\0\0\0\0", 4}}, 0, "no samples stated"},
	{"SAC: 1e-7 s apart", "sac", "big.in",
		{{0, "\x33\xd6\xbf\x95", 4}}, 0, "interval is outside"},
	{"SAC: station at 91 N", "sac", "big.in",
		{{124, "\x42\xb6\0\0", 4}}, 0, "!survey"},
	{"SAC: version 7 without its footer", "sac", "big.in",
		{{304, "\0\0\0\7", 4}}, 0, "\"rate_hz\":100,"},
	{"WAV: 3 bytes a frame of 16 bits", "wav",
		"pcm16_20260203T040506Z.in",
		{{32, "\3", 1}}, 0, "frame length is not"},
	{"WAV: rate 0", "wav", "pcm16_20260203T040506Z.in",
		{{24, "\0\0\0\0", 4}}, 0, "rate is outside"},
	{"WAV: 65 channels", "wav", "pcm16_20260203T040506Z.in",
		{{22, "\x41", 1}, {32, "\x82", 1}}, 0, "channels are outside"},
	{"Steim: a code that does not exist", "miniseed", "2.in",
		{{64, "\3", 1}, {76, "\xff", 1}}, 0,
		"a code that does not exist"},
	{"miniSEED 2: day 366 of 2026", "miniseed", "2.in",
		{{22, "\1\x6e", 2}}, 0, "start is outside 1970 to 2200"},
	{"miniSEED 2: a chain that goes back", "miniseed", "2.in",
		{{50, "\0\x31", 2}}, 0, "points to byte 49, wants forward"},
	{"miniSEED 2: a chain out of the record", "miniseed", "2.in",
		{{50, "\1\xfe", 2}}, 0, "byte 510 is beyond the record"},
	{"miniSEED 2: a record of 64 bytes", "miniseed", "2.in",
		{{54, "\6", 1}}, 0, "length 2^6, wants"},
	{"miniSEED 2: 65535 samples in 448 bytes", "miniseed", "2.in",
		{{30, "\xff\xff", 2}}, 0, "cannot be"},
	{"miniSEED 2: no rate", "miniseed", "2.in",
		{{32, "\0\0", 2}}, 0, "rate is outside (0, 1e6] Hz"},
	{"miniSEED 2: encoding 99", "miniseed", "2.in",
		{{52, "\x63", 1}}, 0, "encoding 99 is not read"},
	{"miniSEED 3: 2 GB of data", "miniseed", "3.in",
		{{36, "\xff\xff\xff\x7f", 4}}, 0, "data bytes in a record"},
	{"KLV: time 0", "klv", "one.in",
		{{19, "\0\0\0\0\0\0\0\0", 8}}, 0, "no time, wants item 2"},
	{"KLV: time beyond 2200", "klv", "one.in",
		{{19, "\xff\xff\xff\xff\xff\xff\xff\xff", 8}}, 0,
		"no time, wants item 2"},
	{"MPEG-TS: a packet is missing", "klv", "cells.in",
		{{567, "\x32", 1}}, 0, "a transport packet is missing"},
	{"MPEG-TS: marked as damaged", "klv", "cells.in",
		{{377, "\xc1", 1}}, 0, "byte 376 is marked as damaged"},
	{"MPEG-TS: PES longer than what came", "klv", "cells.in",
		{{384, "\1", 1}}, 0, "PES packet has"},
	{"MPEG-TS: a stream of video", "klv", "cells.in",
		{{383, "\xe0", 1}}, 0, "PES packet begins with 000001e0"},
	{"MPEG-TS: a cell beyond its packet", "klv", "cells.in",
		{{392, "\3\xe7", 2}}, 0, "metadata cell passes"},
};

static void test_files(void)
{
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char path[200];
		struct bytes in;
		uint8_t *at;

		(void)snprintf(path, sizeof path, "tests/data/%s/%s",
			files[i].format, files[i].file);
		at = check_file(path, &in.len);
		if (files[i].cut)
			in.len = files[i].cut;
		for (size_t k = 0; k < PATCHES; k++)
			if (files[i].patch[k].count > 0)
				memcpy(at + files[i].patch[k].at,
					files[i].patch[k].bytes,
					files[i].patch[k].count);
		in.at = at;
		const char *got = decode(files[i].format, in, files[i].file);
		bool ok = holds(got, files[i].want);
		CHECK(ok, "%s", files[i].name);
		if (!ok)
			printf("# want %s\n# got %.600s\n", files[i].want, got);
		free(at);
	}
}

/* Behind the samples of version 7 stand exact doubles: interval, begin. */
static void test_footer(void)
{
	size_t len;
	uint8_t *file = check_file("tests/data/sac/big.in", &len);
	uint8_t *at = calloc(len + 176, 1);

	memcpy(at, file, len);
	at[304 + 3] = 7;
	put_be(at + len, UINT64_C(0x3f947ae147ae147b), 8); /* 0.02 */
	const char *got = decode("sac", (struct bytes){at, len + 176}, "x");
	CHECK(holds(got, "\"rate_hz\":50,") && holds(got, "05:06.250000Z"),
		"SAC: footer of version 7");
	free(file);
	free(at);
}

/* A row alone at the end goes the plain way; one with others behind it goes
 * many bytes at once. */
#define FIRMS(row)                                                            \
	"latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,"         \
	"satellite,confidence,version,bright_ti5,frp,daynight\n" row "\n"     \
	"48.1,37.2,316.3,0.38,0.36,2026-02-03,0048,N,nominal,2.0NRT,"         \
	"291.97,1.68,N\n"
#define REPORT                                                                \
	"report_id,observer,at,means,kind,count,count_meaning,count_max\n"    \
	"R1,P1,2026-02-03T04:05:00Z,heard,explosion,"
#define JSON_REPORT                                                           \
	"{\"schema\":\"truce.reports/1\",\"reports\":[{\"report_id\":\"R1\"," \
	"\"observer\":\"P\\u0000X\",\"at\":\"2026-02-03T04:05:00Z\","         \
	"\"means\":\"heard\",\"kind\":\"explosion\"}]}"
#define TWO(rest)                                                             \
	"{\"schema\":\"truce.reports/1\",\"reports\":[{\"report_id\":\"R1\"," \
	"\"observer\":\"P\",\"at\":\"2026-02-03T04:05:00Z\","               \
	"\"means\":\"heard\",\"kind\":\"shot\"},{\"report_id\":\"" rest
#define SHAPES(rest)                                                          \
	"{\"type\":\"FeatureCollection\",\"features\":["                      \
	"{\"type\":\"Feature\",\"geometry\":{\"type\":\"Point\","             \
	"\"coordinates\":[37.25,48.5]}}," rest
#define NEST "{\"type\":\"GeometryCollection\",\"geometries\":["
#define NEST5 NEST NEST NEST NEST NEST
#define CLOSE5 "]}]}]}]}]}"

static const struct {
	const char *name, *format, *in, *want;
} tables[] = {
	{"FIRMS: minute 60", "firms", FIRMS("48.1,37.2,316.3,0.38,0.36,"
		"2026-02-03,0060,N,nominal,2.0NRT,291.97,1.68,N"),
		"acq_time '0060', wants HHMM"},
	{"FIRMS: hour 24", "firms", FIRMS("48.1,37.2,316.3,0.38,0.36,"
		"2026-02-03,2400,N,nominal,2.0NRT,291.97,1.68,N"),
		"acq_time '2400', wants HHMM"},
	{"FIRMS: a date with a time", "firms", FIRMS("48.1,37.2,316.3,0.38,"
		"0.36,2026-02-03T00:48:00Z,0048,N,nominal,2.0NRT,291.97,1.68,"
		"N"), "wants YYYY-MM-DD"},
	{"FIRMS: west and south", "firms", FIRMS("-48.1,-37.2,316.3,0.38,"
		"0.36,2026-02-03,0048,N,nominal,2.0NRT,291.97,1.68,N"),
		"\"lat\":-48.1000000,\"lon\":-37.2000000"},
	{"FIRMS: across the antimeridian", "firms", FIRMS("48.1,179.9999,"
		"316.3,0.38,0.36,2026-02-03,0048,N,nominal,2.0NRT,291.97,1.68,"
		"N"), "\"lon\":179.9999000"},
	{"FIRMS: the same westward", "firms", FIRMS("48.1,-179.9999,"
		"316.3,0.38,0.36,2026-02-03,0048,N,nominal,2.0NRT,291.97,1.68,"
		"N"), "\"lon\":-179.9999000"},
	{"GeoJSON: ten collections deep", "geojson", NEST5 NEST5
		"{\"type\":\"Point\",\"coordinates\":[37,48]}" CLOSE5 CLOSE5,
		"no geometry"},
	{"GeoJSON: five deep is read", "geojson", NEST5
		"{\"type\":\"Point\",\"coordinates\":[37,48]}" CLOSE5,
		"!damage"},
	{"reports: a zero byte in a text", "reportsjson", JSON_REPORT,
		"\\u0000 is not allowed"},
	{"reports: count_max below count", "reports", REPORT "5,range,3\n",
		"count_max '3', wants at least 5"},
	{"reports: a range turned round", "reports", REPORT "20-15,,\n",
		"count '20-15' is no count"},
	{"reports: a meaning that is none", "reports", REPORT "5,many,\n",
		"count_meaning 'many', wants"},
	{"reports: a quote never closed", "reports", REPORT "\"5,,\n",
		"a quote is never closed"},
	{"reports: a cell too many", "reports", REPORT "5,,,,,\n",
		"11 fields, wants 8"},
	{"reports: an evening of the year 1969", "reports",
		"report_issued,observer,observer_place,time_of_day,means,"
		"count,approx,event,dist_km_min,dist_km_max,bearing,source\n"
		"1970-01-02,patrol,Town,31 Dec 19:11-20:00,heard,3,0,"
		"explosion,2,3,NE,page 2\n", "is no time"},
	{"reports: an assessment that is none", "reports",
		"report_id,observer,at,means,kind,assessment\n"
		"R1,P1,2026-02-03T04:05:00Z,heard,explosion,hostile\n",
		"assessment 'hostile', wants undetermined, impact"},
	{"reports: cut within the second", "reportsjson", TWO("R2\",\"obs"),
		"\"report_id\":\"R1\""},
	{"reports: what is cut is damage", "reportsjson", TWO("R2\",\"obs"),
		"\"offset\":130,\"length\":23}"},
	{"reports: a cut is told with its byte", "reportsjson",
		TWO("R2\",\"obs"), "(byte 153)"},
	{"reports: a member cut off is not made up", "reportsjson",
		TWO("R2\"},\"says\":\"{\\\"report_id"), "!\"R2\""},
	{"GeoJSON: a feature before the cut", "geojson",
		SHAPES("{\"type\":\"Feat"), "\"offset\":40,\"length\":73"},
	{"GeoJSON: a bad feature is cited by its place", "geojson",
		SHAPES("{\"type\":\"Feature\"}]}"),
		"\"offset\":114,\"length\":18}"},
	{"notices: no end", "notices", "notice_id,party,what,from,until\n"
		"N1,A,demining,2026-02-03T08:00:00Z,\n",
		"from and until are wanted"},
	{"claims: a kind that is none", "claims", "claim_id,party,says,kind\n"
		"C1,A,shelled,bang\n", "kind 'bang' is not in the vocabulary"},
	{"weather: no time", "weather", "at,temperature_c\n,3\n",
		"at is empty"},
	{"ShotSpotter: no time of arrival", "shotspotter", "[{\"pulse_uuid\":"
		"\"a\",\"serial_number\":\"S-1\",\"arrival_time_utc\":\"\","
		"\"location\":{\"x\":1,\"y\":2,\"z\":3}}]",
		"arrival_time_utc is missing"},
};

static void test_tables(void)
{
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		const char *got = decode(tables[i].format,
			bytes_of(tables[i].in), "x");
		bool ok = holds(got, tables[i].want) && astray == 0;

		CHECK(ok, "%s", tables[i].name);
		if (!ok)
			printf("# want %s\n# got %.600s\n", tables[i].want,
				got);
	}
}

static void test_sniff(void)
{
	const struct origin o = {"x", ""};
	const struct format *f = format_of((struct bytes){0}, &o);

	CHECK(!f, "nothing is no format's: %s", f ? f->name : "");
	f = format_of(bytes_of("at,lat,lon,temperature_c\n"), &o);
	CHECK(f && strcmp(f->name, "weather") == 0,
		"weather without wind is weather");
}

int main(void)
{
	test_sniff();
	test_files();
	test_footer();
	test_tables();
	return check_done();
}
