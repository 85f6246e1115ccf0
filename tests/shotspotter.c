/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shotspotter.c - the live-fire tests of 2018: every JSON of 72 tests is
 * recognised and read whole. */
#include "decode.h"

#include <glob.h>

static void test_real(void)
{
	static const char *const root =
		"../shared/data/acoustic/shotspotter-pittsburgh";
	size_t what[OBSERVATION_COUNT] = {0}, damage = 0, other = 0, bad = 0;
	char pattern[200];
	glob_t g;

	if (!check_data("acoustic/shotspotter-pittsburgh")) {
		CHECK_SKIP("no %s", root);
		return;
	}
	(void)snprintf(pattern, sizeof pattern, "%s/FP*/test_*/*.json", root);
	if (glob(pattern, 0, NULL, &g) != 0)
		abort();
	for (size_t i = 0; i < g.gl_pathc; i++) {
		struct bytes in;
		uint8_t *file = check_file(g.gl_pathv[i], &in.len);
		struct origin o = {"x.json", "FP1"};
		const struct format *f;

		in.at = file;
		f = format_of(bytes_part(in, 0, 65536), &o);
		other += !f || strcmp(f->name, "shotspotter") != 0;
		struct decoded d = decode("shotspotter", in, "FP1");
		bad += !d.ok;
		damage += d.damage;
		for (size_t k = 0; k < OBSERVATION_COUNT; k++)
			what[k] += d.what[k];
		free(file);
	}
	CHECK(other == 0, "all %zu files are recognised (%zu not)",
		(size_t)g.gl_pathc, other);
	CHECK(bad == 0 && damage == 0, "and read whole");
	CHECK(what[OBSERVATION_ARRIVAL] == 4868, "4,868 pulses: %zu",
		what[OBSERVATION_ARRIVAL]);
	CHECK(what[OBSERVATION_WEATHER] == 72, "72 reports of weather: %zu",
		what[OBSERVATION_WEATHER]);
	CHECK(what[OBSERVATION_SURVEY] > 72, "%zu surveyed places",
		what[OBSERVATION_SURVEY]);
	globfree(&g);
}

int main(void)
{
	struct decoded d = decode("shotspotter", bytes_of(
		"{\"serial_number\":\"S-1\",\"timestamp\":"
		"\"2026-02-03T04:05:00Z\",\"location\":{\"x\":1,\"y\":2}}"),
		"");

	CHECK(d.ok && d.observations == 0 && d.damage == 1, "%s",
		d.damage_text);
	d = decode("shotspotter", bytes_of("{\"a\":1}"), "");
	CHECK(!d.ok, "%s", d.fault.text);
	d = decode("shotspotter", bytes_of("[{\"pulse_uuids\":[\"a\"]}]"), "");
	CHECK(d.ok && d.observations == 0 && d.damage == 0,
		"truth is recognised and gives nothing");
	test_real();
	return check_done();
}
