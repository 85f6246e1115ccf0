/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * geojson.c - which geometries make which shapes; the real front lines. */
#include "decode.h"

static const struct {
	const char *name, *geometry;
	size_t shapes, rings, damage;
} cases[] = {
	{"line", "{\"type\":\"LineString\",\"coordinates\":[[1,2],[3,4]]}", 1,
		1, 0},
	{"two lines", "{\"type\":\"MultiLineString\",\"coordinates\":"
		"[[[1,2],[3,4]],[[5,6],[7,8]]]}", 1, 2, 0},
	{"clockwise", "{\"type\":\"Polygon\",\"coordinates\":"
		"[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}", 1, 1, 0},
	{"point", "{\"type\":\"Point\",\"coordinates\":[1,2]}", 1, 0, 0},
	{"one position", "{\"type\":\"LineString\",\"coordinates\":[[1,2]]}",
		0, 0, 1},
	{"not closed", "{\"type\":\"Polygon\",\"coordinates\":"
		"[[[0,0],[0,1],[1,1],[1,0]]]}", 0, 0, 1},
	{"not on Earth", "{\"type\":\"Point\",\"coordinates\":[2,91]}", 0, 0,
		1},
	{"swapped", "{\"type\":\"Point\",\"coordinates\":[181,37]}", 0, 0, 1},
	{"text", "{\"type\":\"Point\",\"coordinates\":[\"1\",2]}", 0, 0, 1},
	{"none", "{\"type\":\"Point\"}", 0, 0, 1},
	{"half bad is all bad", "{\"type\":\"MultiLineString\",\"coordinates\":"
		"[[[1,2],[3,4]],[[5,6],[7,98]]]}", 0, 0, 1},
	{"unknown", "{\"type\":\"Circle\",\"coordinates\":[1,2]}", 0, 0, 1},
	{"unlocated", "null", 0, 0, 0},
};

int main(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[600];

		(void)snprintf(text, sizeof text, "{\"type\":"
			"\"FeatureCollection\",\"features\":[{\"type\":"
			"\"Feature\",\"properties\":{\"role\":\"line\"},"
			"\"geometry\":%s}]}", cases[i].geometry);
		struct decoded d = decode("geojson", bytes_of(text), "");
		CHECK(d.ok && d.observations == cases[i].shapes &&
			d.rings == cases[i].rings &&
			d.damage == cases[i].damage, "%s %s", cases[i].name,
			d.damage_text);
	}
	CHECK(!decode("geojson", bytes_of("{}"), "").ok, "no type is refused");
	const char *path = check_data("geo/ukraine/kse-frontline-status/"
		"frontline_28092022.geojson");
	if (!path) {
		CHECK_SKIP("no ../shared/data/geo/ukraine");
	} else {
		struct decoded d = decode_file("geojson", path, "");

		CHECK(d.ok && d.observations >= 1 && d.damage == 0,
			"a front line of %zu pieces", d.rings);
	}
	return check_done();
}
