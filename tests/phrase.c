/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Places in words: rule of the reference town, distances, bearings. */
#include "model/phrase.h"

#include "check.h"
#include "geo/geodesic.h"

static const struct town towns[] = {
	{.name = "Hamlet", .lat_deg = 48.00, .lon_deg = 37.00,
		.population = 80, .control = "A"},
	{.name = "City", .lat_deg = 48.00, .lon_deg = 37.20,
		.population = 250000, .control = "B"},
	{.name = "Unknown", .lat_deg = 48.40, .lon_deg = 37.00,
		.population = COUNT_UNKNOWN, .control = ""},
	{.name = "Twin b", .lat_deg = 49.00, .lon_deg = 38.10,
		.population = 500, .control = ""},
	{.name = "Twin a", .lat_deg = 49.00, .lon_deg = 37.90,
		.population = 500, .control = ""},
	{.name = "Nowhere", .lat_deg = NAN, .lon_deg = NAN,
		.population = 1000000, .control = ""},
	{.name = "Дацюки", .lat_deg = 50.0, .lon_deg = 37.0,
		.population = 10, .control = NULL},
};

static const struct {
	const char *name;
	double lat, lon;   /* a town's place, and then on */
	double azimuth_deg, far_m;
	const char *want;
} cases[] = {
	{"at the spot", 48, 37, 0, 0, "at Hamlet (party A-controlled)"},
	{"299 m", 48, 37, 10, 299, "at Hamlet (party A-controlled)"},
	{"640 m", 48, 37, 90, 640, "600 m east of Hamlet (party A-controlled)"},
	{"949 m", 48, 37, 180, 949,
		"900 m south of Hamlet (party A-controlled)"},
	{"951 m", 48, 37, 180, 951,
		"1 km south of Hamlet (party A-controlled)"},
	{"3.4 km", 48, 37, 315, 3400,
		"3 km north-west of Hamlet (party A-controlled)"},
	{"the city is worth three times", 48, 37, 90, 4000,
		"11 km west of City (party B-controlled)"},
	{"but not more", 48, 37, 90, 3600,
		"4 km east of Hamlet (party A-controlled)"},
	{"nobody's town", 48.4, 37, 22.5, 5000,
		"5 km north-north-east of Unknown"},
	{"equals: first by name", 49, 38, 0, 0, "7 km east of Twin a"},
	{"Cyrillic, no control", 50, 37, 258.7, 2000,
		"2 km west-south-west of Дацюки"},
	{"not known", NAN, 37, 0, 0, ""},
};

int main(void)
{
	struct mission m = {.town = towns,
		.town_count = sizeof towns / sizeof *towns};
	struct mission none = {0};
	char s[PHRASE_TEXT], small[8];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct point p = {cases[i].lat, cases[i].lon};
		size_t n;

		if (cases[i].far_m > 0)
			p = geodesic_reach(
				p, cases[i].azimuth_deg, cases[i].far_m);
		n = gazetteer_phrase(&m, p.lat_deg, p.lon_deg, s, sizeof s);
		CHECK(strcmp(s, cases[i].want) == 0 && n == strlen(s),
			"%s: '%s'", cases[i].name, s);
	}
	CHECK(gazetteer_phrase(&none, 48, 37, s, sizeof s) == 0 && !s[0],
		"no gazetteer, no phrase");
	CHECK(gazetteer_phrase(&m, 48, 37, small, sizeof small) == 7 &&
			strcmp(small, "at Haml") == 0, "cut to fit: '%s'",
		small);
	CHECK(strcmp(phrase_compass(-11.24), "north") == 0 &&
			strcmp(phrase_compass(348.76), "north") == 0 &&
			strcmp(phrase_compass(11.26), "north-north-east") ==
				0 &&
			strcmp(phrase_compass(225), "south-west") == 0 &&
			strcmp(phrase_compass(NAN), "?") == 0,
		"sixteen points");
	return check_done();
}
