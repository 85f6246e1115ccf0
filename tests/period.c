/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Periods: nights of 23 and 25 h, weekends, year ends, labels. */
#include "check.h"
#include "model/mission.h"

#define NS INT64_C(1000000000)

/* Europe/Kyiv: last Sundays of March and October at 01:00 UTC. */
static const struct zone_offset kyiv[] = {
	{{INT64_C(1729990800) * NS}, 7200, "EET"},  /* 2024-10-27T01:00Z */
	{{INT64_C(1743296400) * NS}, 10800, "EEST"}, /* 2025-03-30T01:00Z */
	{{INT64_C(1761440400) * NS}, 7200, "EET"},  /* 2025-10-26T01:00Z */
	{{INT64_C(1774746000) * NS}, 10800, "EEST"}, /* 2026-03-29T01:00Z */
	{{INT64_C(1792890000) * NS}, 7200, "EET"},  /* 2026-10-25T01:00Z */
};

static struct mission mission(int cutoff_minute, bool weekend_joins)
{
	return (struct mission){.timezone = "Europe/Kyiv", .offset = kyiv,
		.offset_count = sizeof kyiv / sizeof *kyiv,
		.cutoff_minute = cutoff_minute,
		.weekend_joins = weekend_joins};
}

static struct instant utc(const char *text)
{
	struct instant t = INSTANT_UNKNOWN;
	struct fault f;

	if (!instant_parse(bytes_of(text), true, &t, &f))
		CHECK(false, "%s: %s", text, f.text);
	return t;
}

static const struct {
	const char *name;
	int cutoff;
	bool joins;
	const char *at, *label, *from, *to;
	int evenings;
} cases[] = {
	{"an evening in winter", 1170, false, "2026-02-03T12:00:00Z",
		"034/2026", "2026-02-02T17:30:00Z", "2026-02-03T17:30:00Z", 1},
	{"the cut-off itself opens the next", 1170, false,
		"2026-02-03T17:30:00Z", "035/2026", "2026-02-03T17:30:00Z",
		"2026-02-04T17:30:00Z", 1},
	{"one nanosecond before it", 1170, false,
		"2026-02-03T17:29:59.999999999Z", "034/2026",
		"2026-02-02T17:30:00Z", "2026-02-03T17:30:00Z", 1},
	{"spring: 23 h", 1170, false, "2026-03-29T05:00:00Z", "088/2026",
		"2026-03-28T17:30:00Z", "2026-03-29T16:30:00Z", 1},
	{"autumn: 25 h", 1170, false, "2026-10-25T05:00:00Z", "298/2026",
		"2026-10-24T16:30:00Z", "2026-10-25T17:30:00Z", 1},
	{"cut-off in the hour left out", 210, false, "2026-03-29T00:50:00Z",
		"088/2026", "2026-03-28T01:30:00Z", "2026-03-29T01:30:00Z", 1},
	{"cut-off in the hour that comes twice: the first", 210, false,
		"2026-10-25T00:29:00Z", "298/2026", "2026-10-24T00:30:00Z",
		"2026-10-25T00:30:00Z", 1},
	{"behind the first of two", 210, false, "2026-10-25T01:00:00Z",
		"299/2026", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", 1},
	{"cut-off at midnight", 0, false, "2026-02-03T12:00:00Z", "035/2026",
		"2026-02-02T22:00:00Z", "2026-02-03T22:00:00Z", 1},
	{"year end", 1170, false, "2025-12-31T17:30:00Z", "001/2026",
		"2025-12-31T17:30:00Z", "2026-01-01T17:30:00Z", 1},
	{"last of a year", 1170, false, "2025-12-31T17:29:00Z", "365/2025",
		"2025-12-30T17:30:00Z", "2025-12-31T17:30:00Z", 1},
	{"Friday, joined", 1170, true, "2026-02-06T12:00:00Z", "027/2026",
		"2026-02-05T17:30:00Z", "2026-02-06T17:30:00Z", 1},
	{"Friday night, joined", 1170, true, "2026-02-06T17:30:00Z",
		"028/2026", "2026-02-06T17:30:00Z", "2026-02-09T17:30:00Z", 3},
	{"Sunday, joined", 1170, true, "2026-02-08T20:00:00Z", "028/2026",
		"2026-02-06T17:30:00Z", "2026-02-09T17:30:00Z", 3},
	{"Tuesday, joined", 1170, true, "2026-02-10T12:00:00Z", "029/2026",
		"2026-02-09T17:30:00Z", "2026-02-10T17:30:00Z", 1},
	{"weekend with the 23 h night", 1170, true, "2026-03-29T12:00:00Z",
		"063/2026", "2026-03-27T17:30:00Z", "2026-03-30T16:30:00Z", 3},
	{"weekend over the year end", 1170, true, "2026-01-03T12:00:00Z",
		"003/2026", "2026-01-02T17:30:00Z", "2026-01-05T17:30:00Z", 3},
};

static void test_at(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct mission m = mission(cases[i].cutoff, cases[i].joins);
		struct period p = period_at(&m, utc(cases[i].at));
		char a[INSTANT_TEXT], b[INSTANT_TEXT];

		CHECK(strcmp(p.label, cases[i].label) == 0 &&
				p.span.from.utc_ns ==
					utc(cases[i].from).utc_ns &&
				p.span.to.utc_ns == utc(cases[i].to).utc_ns &&
				p.evenings == cases[i].evenings,
			"%s: %s, %s to %s, %d", cases[i].name, p.label,
			instant_print(p.span.from, 0, a),
			instant_print(p.span.to, 0, b), p.evenings);
	}
}

/* Every hour of two years lies in exactly one period; periods follow each
 * other without gap or overlap; numbers count up; names lead back. */
static void test_chain(bool joins, int cutoff)
{
	struct mission m = mission(cutoff, joins);
	struct period last = period_at(&m, utc("2025-01-02T00:00:00Z"));
	struct instant t = last.span.from;
	size_t seen = 1, bad = 0;

	for (; t.utc_ns < utc("2026-12-30T00:00:00Z").utc_ns;
		t.utc_ns += 3600 * NS) {
		struct period p = period_at(&m, t), q, back;
		struct fault f;

		bad += !span_holds(p.span, t) || p.evenings < 1 ||
			p.evenings > 4;
		if (p.span.from.utc_ns == last.span.from.utc_ns)
			continue;
		back = period_before(&m, &p);
		bad += p.span.from.utc_ns != last.span.to.utc_ns ||
			back.span.from.utc_ns != last.span.from.utc_ns ||
			p.number != (p.year == last.year ? last.number + 1 : 1);
		if (!period_named(&m, p.label, &q, &f) ||
			q.span.from.utc_ns != p.span.from.utc_ns)
			bad++;
		last = p;
		seen++;
	}
	CHECK(bad == 0, "chain of %zu periods, cut-off %d, joins %d: %zu bad",
		seen, cutoff, joins, bad);
}

static void test_names(void)
{
	static const struct {
		bool joins;
		const char *text, *want; /* a part of the fault, or a label */
		bool ok;
	} names[] = {
		{false, "034/2026", "034/2026", true},
		{false, "34/2026", "034/2026", true},
		{false, "2026-02-03", "034/2026", true},
		{true, "2026-02-09", "028/2026", true},
		{true, "2026-02-07", "no report closes on Saturday 2026-02-07; "
				     "028/2026 covers it", false},
		{true, "2026-02-08", "Sunday", false},
		{false, "366/2026", "wants 001 to 365", false},
		{true, "262/2026", "wants 001 to 261", false},
		{false, "000/2026", "wants 001", false},
		{false, "2026-02-30", "day 30", false},
		{false, "1/1969", "year 1969", false},
		{false, "last", "wants NNN/YYYY", false},
		{false, "", "wants NNN/YYYY", false},
		{false, "034/2026x", "wants NNN/YYYY", false},
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct mission m = mission(1170, names[i].joins);
		struct fault f = {0};
		struct period p = {0};
		bool ok = period_named(&m, names[i].text, &p, &f);

		CHECK(ok == names[i].ok && strstr(ok ? p.label : f.text,
						   names[i].want),
			"named '%s': %s", names[i].text,
			ok ? p.label : f.text);
	}
}

static void test_local(void)
{
	static const struct {
		const char *utc, *local;
	} rows[] = {
		{"2026-02-03T17:30:00Z", "2026-02-03 19:30 EET"},
		{"2026-03-29T00:59:59Z", "2026-03-29 02:59 EET"},
		{"2026-03-29T01:00:00Z", "2026-03-29 04:00 EEST"},
		{"2026-10-25T00:30:00Z", "2026-10-25 03:30 EEST"},
		{"2026-10-25T01:30:00Z", "2026-10-25 03:30 EET"},
		{"2026-12-31T22:00:00Z", "2027-01-01 00:00 EET"},
	};
	struct mission m = mission(1170, false), bare = {0};
	const char *zone;
	char s[INSTANT_TEXT];

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(strcmp(mission_local(&m, utc(rows[i].utc), s),
			      rows[i].local) == 0, "%s: %s", rows[i].utc, s);
	CHECK(strcmp(mission_local(&m, INSTANT_UNKNOWN, s), "not known") == 0,
		"unknown moment");
	CHECK(mission_offset(&bare, utc("2026-02-03"), &zone) == 0 &&
			strcmp(zone, "UTC") == 0, "no table: UTC");
	CHECK(period_at(&m, INSTANT_UNKNOWN).number == 0, "no period");
}

int main(void)
{
	test_at();
	test_chain(false, 1170);
	test_chain(true, 1170);
	test_chain(false, 210); /* 03:30, the hour that moves */
	test_chain(true, 0);
	test_names();
	test_local();
	return check_done();
}
