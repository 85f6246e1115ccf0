/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * firms.c - rows of FIRMS in other orders and line ends say the same; the
 * real files of 2022 give their known counts. */
#include "decode.h"

#define H "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,"       \
	"satellite,confidence,version,bright_ti5,frp,daynight"
#define R "48.1,37.2,316.3,0.38,0.36,2026-02-03,0048,N,nominal,2.0NRT,"       \
	"291.97,1.68,N"

static const struct {
	const char *name, *in;
	size_t rows, damage;
	bool same; /* as the plain row */
} cases[] = {
	{"plain", H "\n" R "\n", 1, 0, true},
	{"no last line end", H "\n" R, 1, 0, true},
	{"CRLF", H "\r\n" R "\r\n", 1, 0, true},
	{"BOM", "\xef\xbb\xbf" H "\n" R "\n", 1, 0, true},
	{"columns shuffled", "frp,daynight,acq_time,latitude,track,scan,"
		"longitude,bright_ti4,satellite,confidence,version,acq_date,"
		"bright_ti5\n1.68,N,48,48.1,0.36,0.38,37.2,316.3,N,nominal,"
		"2.0NRT,2026-02-03,291.97\n", 1, 0, true},
	{"a column more", H ",new\n" R ",7\n", 1, 0, true},
	{"upper case header", "LATITUDE,LONGITUDE,BRIGHT_TI4,SCAN,TRACK,"
		"ACQ_DATE,ACQ_TIME,SATELLITE,CONFIDENCE,VERSION,BRIGHT_TI5,"
		"FRP,DAYNIGHT\n" R "\n", 1, 0, true},
	{"quoted", "\"latitude\",longitude,bright_ti4,scan,track,acq_date,"
		"acq_time,satellite,confidence,version,bright_ti5,frp,"
		"daynight\n\"48.1\",37.2,316.3,0.38,0.36,\"2026-02-03\",0048,"
		"N,\"nominal\",2.0NRT,291.97,1.68,N\n", 1, 0, true},
	{"a column less", "latitude,longitude,acq_date,acq_time\n"
		"48.1,37.2,2026-02-03,48\n", 1, 0, false},
	{"cut line", H "\n48.1,37.2,316.3,0.3\n" R "\n", 1, 1, true},
	{"no time", H "\n48.1,37.2,316.3,0.38,0.36,2026-02-03,,N,nominal,"
		"2.0NRT,291.97,1.68,N\n", 0, 1, false},
	{"60 minutes", H "\n48.1,37.2,316.3,0.38,0.36,2026-02-03,0060,N,"
		"nominal,2.0NRT,291.97,1.68,N\n", 0, 1, false},
	{"minus zero longitude", H "\n48.1,-0,316.3,0.38,0.36,2026-02-03,0048,"
		"N,nominal,2.0NRT,291.97,1.68,N\n", 1, 0, false},
	{"header only", H "\n", 0, 0, false},
};

static void test_cases(void)
{
	struct decoded plain = decode("firms", bytes_of(cases[0].in), "");

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct decoded d = decode("firms", bytes_of(cases[i].in), "");
		bool same = memcmp(&d.printed, &plain.printed,
			sizeof d.printed) == 0;

		CHECK(d.ok && d.observations == cases[i].rows &&
			d.damage == cases[i].damage && same == cases[i].same,
			"%s %s", cases[i].name, d.damage_text);
	}
	CHECK(!decode("firms", bytes_of("a,b\n1,2\n"), "").ok,
		"another table is refused");
	CHECK(!decode("firms", bytes_of(""), "").ok, "nothing is refused");
	static char longline[6000];
	(void)snprintf(longline, sizeof longline, "%s\n%05000d\n%s\n", H, 1, R);
	struct decoded d = decode("firms", bytes_of(longline), "");
	CHECK(d.observations == 1 && d.damage == 1, "%s", d.damage_text);
	d = decode("firms", bytes_of(cases[0].in), "sat1");
	CHECK(strcmp(d.last.source, "sat1") == 0, "source of the folder");
}

struct seen {
	size_t terra, aqua, low_night, other_version;
};

static bool look(void *self, const struct observation *o)
{
	struct seen *s = self;
	const char *satellite = attribute_of(
		o->attribute, o->attribute_count, "satellite");
	const char *c = attribute_of(
		o->attribute, o->attribute_count, "confidence");
	const char *dn = attribute_of(
		o->attribute, o->attribute_count, "daynight");
	const char *v = attribute_of(
		o->attribute, o->attribute_count, "version");

	s->terra += satellite[0] == 'T';
	s->aqua += satellite[0] == 'A';
	s->low_night += c[0] == 'l' && dn[0] == 'N';
	s->other_version += strcmp(v, "2.0NRT") != 0;
	return true;
}

static void test_real(void)
{
	static const struct {
		const char *file;
		size_t rows, terra, aqua, other_version;
	} files[] = {
		{"SNPP_Europe_20220825_20220901.csv", 6925, 0, 0, 0},
		{"SNPP_Europe_20220829_20220905.csv", 5968, 0, 0, 0},
		{"MODIS_Europe_24h_20220901.csv", 203, 118, 85, 203},
	};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		static struct arena a;
		struct seen s = {0};
		struct decoded d = {.each = look, .each_self = &s};
		struct intake to = {&d, NULL, decoded_observation,
			decoded_damage, false};
		struct origin o = {"", ""};
		struct fault f = {0};
		char name[120];
		struct bytes in;

		(void)snprintf(name, sizeof name, "satellite/firms-2022/%s",
			files[i].file);
		if (!check_data(name)) {
			CHECK_SKIP("no ../shared/data/%s", name);
			continue;
		}
		if (!a.at && !arena_map(&a, 1 << 24, &f))
			abort();
		a.used = 0;
		uint8_t *file = check_file(check_data(name), &in.len);
		in.at = file;
		sha256_start(&d.sha);
		CHECK(format_named("firms")->decode(in, &o, &a, &to, &f) &&
			d.observations == files[i].rows && d.damage == 0 &&
			d.rings == d.observations,
			"%s: %zu rows, no fault, each with its footprint",
			files[i].file, d.observations);
		CHECK(s.terra == files[i].terra && s.aqua == files[i].aqua &&
			s.low_night == 0 &&
			s.other_version == files[i].other_version,
			"%s: Terra %zu, Aqua %zu, low at night %zu",
			files[i].file, s.terra, s.aqua, s.low_night);
		free(file);
	}
}

int main(void)
{
	test_cases();
	test_real();
	return check_done();
}
