/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"
#include "model/finding.h"
#include "model/health.h"
#include "model/look.h"

#include <math.h>
#include <string.h>

static uint8_t block[4 << 20];

static struct incident sample(void)
{
	static const struct point corner[] = {
		{48, 37}, {48, 37.1}, {48.1, 37.1}};
	static const struct ring ring = {corner, 3};
	static const struct cell cells[] = {
		{48.03, 37.04, 12.5, 0.75}, {48.04, 37.04, 12.5, 0.25}};
	static const char *const silent[] = {"S-1", "S-\"2\""};
	static const struct feature features[] = {{"level_db", 101.25}};
	static const struct attribute attributes[] = {{"weapon", "mortar"}};
	static struct id evidence[2];
	static struct link link;
	struct incident i = incident_new();
	struct detection d = detection_new();

	d.at = (struct instant){1770000000123456789};
	d.source = "S-7";
	detection_name(&d);
	evidence[0] = evidence[1] = d.id;
	link = (struct link){"near", d.id};
	link.id.text[0] = 'i';
	i.kind[KIND_UNKNOWN] = 0.021;
	i.kind[KIND_EXPLOSION] = 0.9789996;
	i.count = (struct count){3, COUNT_RANGE, 5};
	i.at = d.at;
	i.from = instant_plus_s(d.at, -0.25);
	i.to = instant_plus_s(d.at, 0.25);
	i.place.lat_deg = 48.03;
	i.place.lon_deg = 37.04;
	i.place.region.ellipse = (struct ellipse){31, 12.04, 41};
	i.place.region.ring = &ring;
	i.place.region.ring_count = 1;
	i.place.region.cell = cells;
	i.place.region.cell_count = 2;
	i.phrase = "3 km north-west of Y";
	i.modalities = 1U << MODALITY_ACOUSTIC | 1U << MODALITY_WITNESS;
	i.evidence = evidence;
	i.evidence_count = 2;
	i.silent = silent;
	i.silent_count = 2;
	i.link = &link;
	i.link_count = 1;
	i.feature = features;
	i.feature_count = 1;
	i.attribute = attributes;
	i.attribute_count = 1;
	incident_name(&i, &d);
	return i;
}

/* Written, read, written again: the same text. */
static void test_incident(void)
{
	struct arena a = arena_on(block, sizeof block);
	struct incident i = sample(), back;
	char one[8192], two[8192];
	struct text t = text_on(one, sizeof one), u = text_on(two, sizeof two);
	static struct fields s;
	const struct tree *tree;
	struct fault f = {0};

	s = fields_in(&a);
	CHECK(incident_write(&i, &s, &f), "write: %s", f.text);
	fields_print(&s, &t);
	CHECK(tree_read(text_view(&t), &a, &tree, &f), "parse: %s", f.text);
	CHECK(incident_read(tree, &a, &back, &f), "read: %s", f.text);
	s = fields_in(&a);
	CHECK(incident_write(&back, &s, &f), "write again: %s", f.text);
	fields_print(&s, &u);
	CHECK(strcmp(one, two) == 0, "same text: %s", one);
	CHECK(strstr(one, "\"kind\":{\"explosion\":0.979000,\"unknown\":"
		"0.021000}") != NULL, "kinds sum to 1");
	CHECK(strstr(one, "\"alt_m\":null") != NULL, "unknown is null");
}

static void test_counts(void)
{
	static const struct {
		struct count a, b, want;
	} cases[] = {
		{{2, COUNT_EXACT, -1}, {3, COUNT_EXACT, -1},
			{5, COUNT_EXACT, -1}},
		{{2, COUNT_AT_LEAST, -1}, {3, COUNT_EXACT, -1},
			{5, COUNT_AT_LEAST, -1}},
		{{2, COUNT_ABOUT, -1}, {3, COUNT_EXACT, -1},
			{5, COUNT_ABOUT, -1}},
		{{2, COUNT_OVER, -1}, {3, COUNT_EXACT, -1},
			{6, COUNT_AT_LEAST, -1}},
		{{2, COUNT_RANGE, 4}, {3, COUNT_EXACT, -1},
			{5, COUNT_RANGE, 7}},
		{{-1, COUNT_UNCOUNTABLE, -1}, {3, COUNT_EXACT, -1},
			{3, COUNT_AT_LEAST, -1}},
		{{1, COUNT_ABOUT, -1}, {2, COUNT_AT_LEAST, -1},
			{3, COUNT_AT_LEAST, -1}},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct count got = count_sum(cases[i].a, cases[i].b);

		CHECK(got.value == cases[i].want.value &&
			got.meaning == cases[i].want.meaning &&
			got.max == cases[i].want.max, "sum %zu", i);
	}
}

static void test_ids(void)
{
	struct instant t = {1770000000123000000};
	struct id a = id_make('i', t, bytes_of("x"));
	struct id b = id_make('i', instant_plus_s(t, 1), bytes_of("a"));
	struct id back;

	CHECK(strlen(a.text) == 28 && strcmp(a.text, b.text) < 0,
		"ids sort by time: %s", a.text);
	CHECK(id_read(a.text, &back) && !id_read("i-short", &back) &&
		!id_read(NULL, &back), "ids are checked");
}

int main(void)
{
	test_incident();
	test_counts();
	test_ids();
	return check_done();
}
