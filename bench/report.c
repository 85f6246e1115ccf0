/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report.c - a daily report of 10,000 incidents, each with two findings, as
 * page, paper and tables: made from the records in memory, wall clock and
 * processor time of each, and of the three together.  The yardstick is a loop
 * that writes as many bytes with fprintf(). */
#include "publish/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS INT64_C(1000000000)
enum { INCIDENTS = 10000, SOURCES = 40 };

static struct incident incident[INCIDENTS];
static struct finding finding[2 * INCIDENTS];
static struct id evidence[3];
static struct detection detection[3];
static struct source source[SOURCES];
static const struct town town[] = {
	{"Verkhnie", "Верхнє", "", "", "", 48.42, 37.15, 12000, "A"},
	{"Zelenyi Hai", "Зелений Гай", "", "", "", 48.12, 37.42, 2300, "A"},
	{"Kamianka", "Кам’янка", "", "", "", 48.02, 37.86, 56000, "B"},
};
static const struct point line_at[] = {{48.52, 37.05}, {48.29, 37.38},
	{48.14, 37.55}, {47.90, 37.93}};
static const struct ring line = {line_at, 4};
static const struct shape shape[] = {{.name = "line of contact",
	.file = "geo/loc.geojson", .version = "1", .class_ = "line",
	.party = "", .role = SHAPE_LINE, .ring = &line, .ring_count = 1}};
static const struct attribute heard[] = {{"means", "heard"},
	{"assessment", "impact"}, {"direction", "W to E"}};

static double clock_s(clockid_t which)
{
	struct timespec t;

	(void)clock_gettime(which, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void add(struct report *r, size_t n)
{
	struct incident *i = &incident[n];
	char key[32];
	int len = snprintf(key, sizeof key, "%zu", n);

	*i = incident_new();
	i->version = 1;
	i->kind[KIND_UNKNOWN] = 0.1;
	i->kind[n % 5 ? KIND_EXPLOSION : KIND_BURST] = 0.9;
	i->at = instant_plus_ns(r->now.period.span.from,
		(int64_t)n * (86400 * NS / INCIDENTS));
	i->from = instant_plus_ns(i->at, -NS / 5);
	i->to = instant_plus_ns(i->at, NS / 5);
	i->place.lat_deg = 47.9 + (double)(n * 13 % 600) * 0.001;
	i->place.lon_deg = 37.0 + (double)(n * 29 % 900) * 0.001;
	i->place.region.ellipse = (struct ellipse){120, 70, 40};
	i->count = COUNT_OF(1 + (int64_t)n % 4);
	i->modalities = 1u << MODALITY_ACOUSTIC | 1u << MODALITY_WITNESS;
	i->attribute = heard;
	i->attribute_count = 3;
	i->evidence = evidence;
	i->evidence_count = 3;
	i->id = id_make('i', i->at,
		(struct bytes){(const uint8_t *)key, (size_t)len});
	for (size_t k = 0; k < 2; k++) {
		struct finding *x = &finding[2 * n + k];

		*x = (struct finding){.version = 1, .incident = i->id,
			.incident_version = 1, .clause = k ? "5.b" : "5.a",
			.verdict = k ? VERDICT_NOT_APPLICABLE
				: n % 3 ? VERDICT_BREACH
					: VERDICT_UNDETERMINED,
			.lo_ppm = 700000, .hi_ppm = 900000, .grade = "minor",
			.party = "undetermined", .standard = "reasonable",
			.terms_sha256 = "", .line_sha256 = "",
			.flips_if = "would be no breach if it lay 4 km farther",
			.cause = "", .at = i->at};
		finding_name(x);
	}
}

static int by_incident(const void *pa, const void *pb)
{
	const struct finding *a = pa, *b = pb;
	int d = strcmp(a->incident.text, b->incident.text);

	return d ? d : strcmp(a->clause, b->clause);
}

static bool drop(void *self, struct bytes b, struct fault *f)
{
	(void)f;
	*(size_t *)self += b.len;
	return true;
}

static void run(const struct report *r, const char *name, double *wall,
	size_t *bytes)
{
	double at = clock_s(CLOCK_MONOTONIC);
	double cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID);
	struct fault f = {0};
	struct arena a;
	size_t n = 0;

	for (size_t i = 0; publishers[i]; i++) {
		if (strcmp(publishers[i]->name, name) != 0)
			continue;
		if (!arena_map(&a, (size_t)2 << 30, &f) ||
			!publishers[i]->print(r, &a, (struct sink){drop, &n},
				&f)) {
			printf("%s: %s\n", name, f.text);
			exit(1);
		}
		arena_unmap(&a);
	}
	at = clock_s(CLOCK_MONOTONIC) - at;
	cpu = clock_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	printf("%-5s %6.2f s (processor %5.2f s) %6.1f MB\n", name, at, cpu,
		(double)n / 1e6);
	*wall += at;
	*bytes += n;
}

static double yardstick(size_t bytes)
{
	double at = clock_s(CLOCK_MONOTONIC);
	FILE *null = fopen("/dev/null", "w");

	for (size_t n = 0; null && n < bytes; n += 64)
		(void)fprintf(null, "%-20s %10zu %30.7f\n", "explosion", n,
			(double)n * 0.001);
	if (null)
		(void)fclose(null);
	return clock_s(CLOCK_MONOTONIC) - at;
}

int main(void)
{
	static struct mission m = {.name = "bench", .title = "Bench mission",
		.timezone = "UTC", .tzdata = "", .cutoff_minute = 1170,
		.south = 47.85, .west = 36.95, .north = 48.58, .east = 38,
		.party = {{"A", "Party A"}, {"B", "Party B"}},
		.party_count = 2, .source = source, .source_count = SOURCES,
		.shape = shape, .shape_count = 1, .town = town,
		.town_count = 3, .control_at = {0}};
	static const struct coverage share = {.area = "all",
		.kind = KIND_EXPLOSION, .modality = MODALITY_COUNT,
		.watched = 0.44, .partly = 0.2, .not_watched = 0.36};
	struct report r = {.mission = &m, .level = LEVEL_MISSION,
		.lang = "en", .rules_version = "1", .detection = detection,
		.detection_count = 3};
	double wall = 0;
	size_t bytes = 0;

	for (size_t i = 0; i < SOURCES; i++) {
		char *id = malloc(8);

		if (!id)
			return 1;
		(void)snprintf(id, 8, "S%03zu", i);
		source[i] = (struct source){.id = id,
			.kind = SOURCE_ACOUSTIC, .lat_deg = 48, .lon_deg = 37};
	}
	r.now.period = period_at(&m,
		(struct instant){INT64_C(1770091506) * NS});
	r.before.period = period_before(&m, &r.now.period);
	for (size_t i = 0; i < 3; i++) {
		detection[i] = detection_new();
		detection[i].source = source[i].id;
		detection[i].id = id_make('d', r.now.period.span.from,
			bytes_of(source[i].id));
		evidence[i] = detection[i].id;
	}
	for (size_t n = 0; n < INCIDENTS; n++)
		add(&r, n);
	qsort(finding, 2 * INCIDENTS, sizeof *finding, by_incident);
	r.now.incident = incident;
	r.now.incident_count = INCIDENTS;
	r.now.finding = finding;
	r.now.finding_count = 2 * INCIDENTS;
	r.now.coverage = r.before.coverage = &share;
	r.now.coverage_count = r.before.coverage_count = 1;
	r.proof = (struct proof){.size = 1, .at = r.now.period.span.to,
		.origin = "bench/00000000"};
	run(&r, "html", &wall, &bytes);
	run(&r, "pdf", &wall, &bytes);
	run(&r, "csv", &wall, &bytes);
	printf("report of %d incidents, page, paper and tables: %.2f s, "
	       "wanted 5 (%.1f x the time of fprintf() of as many bytes)\n",
		INCIDENTS, wall, wall / yardstick(bytes));
	return 0;
}
