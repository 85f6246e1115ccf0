/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a page of the API costs with a million findings and a million incidents
 * behind it, in process: from a request's text to the response's, with every
 * filter there is (ROWS, ASKS on the command line).  Nothing listens; the
 * index lies in a folder of its own, and is warm, as a server's is.  In a
 * FOLDER that is named it stays, and is taken as it is the next time.
 *
 *	bench/serve [ROWS [ASKS [FOLDER]]] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"
#include "model/finding.h"
#include "serve/api.h"
#include "serve/render.h"
#include "serve/search.h"

static uint64_t dice_state = 42;

static uint32_t dice(uint32_t n)
{
	dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice_state >> 33) % n;
}

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Of this process: what a loaded machine does not lengthen. */
static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void no(const struct fault *f)
{
	fprintf(stderr, "bench/serve: %s\n", f->text);
	exit(1);
}

#define BEGIN INT64_C(1767225600) /* 2026-01-01; a row each 10 s */

static struct town towns[2000];
static char names[2000][32];

static struct mission world(void)
{
	static const char *const part[] = {"Novo", "Staro", "Verkhno", "Nyzhno",
		"Malo", "Velyko", "Krasno", "Bilo"};
	static const char *const end[] = {"ivka", "petrivka", "donets", "hirsk",
		"oleksandrivka", "pil", "luhanske", "toretske"};

	for (size_t i = 0; i < 2000; i++) {
		snprintf(names[i], sizeof names[i], "%s%s %zu", part[i % 8],
			end[i / 8 % 8], i / 64);
		towns[i] = (struct town){.name = names[i], .name_uk = "",
			.name_ru = "", .name_fr = "", .former = "",
			.lat_deg = 47.5 + (double)(i % 50) / 50,
			.lon_deg = 36.5 + (double)(i / 50) / 20,
			.control = ""};
	}
	return (struct mission){.name = "bench", .title = "", .town = towns,
		.town_count = 2000};
}

/* As long as a record of ours, and read by the same code. */
static void put(struct store *s, uint64_t i, bool finding, struct fault *f)
{
	static const char *const verdicts[] = {"breach", "no_breach",
		"undetermined", "not_applicable"};
	char id[40], of[40], body[2000];
	struct text t = text_on(body, sizeof body);
	double lat = 47.5 + dice(1000000) * 1e-6;
	double lon = 36.5 + dice(2000000) * 1e-6;
	enum kind kind = (enum kind)dice(8);
	const char *verdict = verdicts[dice(4)];
	struct instant at = {(BEGIN + (int64_t)i * 10) * 1000000000};
	char when[INSTANT_TEXT];
	struct row r = {.type = finding ? ROW_FINDING : ROW_INCIDENT,
		.id = id, .version = 1, .from = at, .to = at,
		.lat_e7 = finding ? INT32_MIN : (int32_t)(lat * 1e7),
		.lon_e7 = finding ? INT32_MIN : (int32_t)(lon * 1e7),
		.kind = finding ? "5.a" : kind_name(kind),
		.status = finding ? verdict : "automatic",
		.source = finding ? of : "", .ledger_index = (int64_t)i};
	bool fresh;

	snprintf(of, sizeof of, "i-%026llx", (unsigned long long)i);
	snprintf(id, sizeof id, finding ? "f-%026llx" : "i-%026llx",
		(unsigned long long)i);
	instant_print(at, 6, when);
	if (finding)
		text_fmt(&t, "{\"at\":\"%s\",\"cause\":null,\"claims\":[],"
			"\"clause\":\"5.a\",\"explanation\":[\"rule 5.a forbids"
			" shooting WITHIN 30 km OF loc\",\"kind: explosion "
			"0.900: P = 0.900 to 1.000\"],\"flips_if\":null,"
			"\"grade\":\"minor\",\"id\":\"%s\",\"incident\":\"%s\","
			"\"incident_version\":1,\"line_sha256\":null,\"party\":"
			"\"undetermined\",\"probability\":[0.9,1.0],\"reviews\""
			":[],\"schema\":\"truce.finding/1\",\"standard\":"
			"\"clear\",\"status\":\"automatic\",\"terms_sha256\":"
			"null,\"verdict\":\"%s\",\"version\":1}", when, id, of,
			verdict);
	else
		text_fmt(&t, "{\"count\":{\"max\":null,\"meaning\":\"exact\","
			"\"value\":%u},\"id\":\"%s\",\"kind\":{\"%s\":0.97},"
			"\"phrase\":\"%u km north of %s (party A-controlled)\","
			"\"place\":{\"lat\":%.7f,\"lon\":%.7f,\"region\":{"
			"\"ellipse\":{\"semi_major_m\":31.0}}},\"schema\":"
			"\"truce.incident/1\",\"status\":\"automatic\","
			"\"time\":{\"at\":\"%s\"},\"version\":1}", dice(9) + 1,
			id, r.kind, dice(9) + 1, names[dice(2000)], lat, lon,
			when);
	r.body = text_view(&t);
	if (!s->engine->put(s, &r, &fresh, f))
		no(f);
}

static void fill(struct store *s, uint64_t rows)
{
	struct fault f = {0};

	for (uint64_t i = 0; i < rows; i++) {
		if (i % 20000 == 0 && !s->engine->begin(s, "bench", &f))
			no(&f);
		put(s, i, true, &f);
		put(s, i, false, &f);
		if ((i % 20000 == 19999 || i + 1 == rows) &&
			!s->engine->commit(s, NULL, &f))
			no(&f);
	}
}

static struct mission mission;
static struct search_names folded;
static struct arena town_names;

static size_t ask(struct store *s, const char *path, const char *query,
	unsigned status)
{
	static struct arena a;
	struct api api = {.open = true, .level = LEVEL_MISSION, .store = s,
		.folder = ".", .mission = &mission, .names = &folded};
	struct wire_request q = {.path = bytes_of(path),
		.query = bytes_of(query)};
	struct wire_response r;
	struct fault f;

	if (!a.at && !arena_map(&a, (size_t)3 * API_BYTES, &f))
		no(&f);
	a.used = 0;
	api_answer(&api, &q, &a, &r);
	if (r.status != status) {
		fprintf(stderr, "%s?%s: %u %.*s\n", path, query, r.status,
			(int)r.body.len, (const char *)r.body.at);
		exit(1);
	}
	return r.body.len;
}

static int order(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A random filter of findings; every third goes on behind a page. */
static void finding_query(char *out, size_t size, uint64_t rows)
{
	static const char *const verdicts[] = {"breach", "no_breach",
		"undetermined", "not_applicable", "conflict"};
	struct text t = text_on(out, size);
	char when[INSTANT_TEXT];

	text_add(&t, "limit=100");
	if (dice(2))
		text_fmt(&t, "&verdict=%s", verdicts[dice(5)]);
	if (dice(4) == 0)
		text_fmt(&t, "&incident=i-%026llx", (unsigned long long)
			dice((uint32_t)rows));
	if (dice(2)) {
		int64_t s = BEGIN + (int64_t)dice((uint32_t)rows) * 10;

		text_fmt(&t, "&from=%s", instant_print(
			(struct instant){s * 1000000000}, 0, when));
		text_fmt(&t, "&to=%s", instant_print((struct instant){
			(s + 86400 * (1 + dice(30))) * 1000000000}, 0, when));
	}
	/* A page behind another was found at the same place of the log. */
	uint64_t at_index = dice(3) == 0 ? 1 + dice((uint32_t)rows - 1) : rows;

	if (at_index < rows)
		text_fmt(&t, "&at=%llu", (unsigned long long)at_index);
	if (dice(3) == 0) {
		uint64_t i = dice((uint32_t)at_index);

		text_fmt(&t, "&after=%016llx~f-%026llx", (unsigned long long)
			((uint64_t)(BEGIN + (int64_t)i * 10) * 1000000000),
			(unsigned long long)i);
	}
	if (dice(4) == 0)
		text_fmt(&t, "&f=%s", dice(2) ? "csv" : "jsonl");
}

/* -- the writer of GeoJSON, and a bare loop of fprintf() -- */

enum { FEATURES = 1000, TURNS = 50 };

struct copies {
	struct arena arena;
	struct row row[FEATURES];
	size_t count;
};

static bool copy(void *self, const struct row *row, struct fault *f)
{
	struct copies *c = self;
	struct row *to = &c->row[c->count++];

	*to = *row;
	to->id = arena_text(&c->arena, bytes_of(row->id), f);
	to->kind = arena_text(&c->arena, bytes_of(row->kind), f);
	to->status = arena_text(&c->arena, bytes_of(row->status), f);
	to->source = "";
	to->body.at = (const uint8_t *)arena_text(&c->arena, row->body, f);
	return to->body.at != NULL;
}

static double by_us(struct copies *c, struct arena *work)
{
	static char out[8 << 20];
	double begin = now_s();
	struct fault f = {0};

	for (int k = 0; k < TURNS; k++) {
		struct text t = text_on(out, sizeof out);

		for (size_t i = 0; i < c->count; i++) {
			work->used = 0;
			if (!render_feature(&t, &resource_incidents,
				&c->row[i], work, &f))
				no(&f);
		}
		if (!text_check(&t, &f))
			no(&f);
	}
	return now_s() - begin;
}

static double by_fprintf(struct copies *c)
{
	static char out[8 << 20];
	double begin = now_s();

	for (int k = 0; k < TURNS; k++) {
		FILE *m = fmemopen(out, sizeof out, "w");

		for (size_t i = 0; m && i < c->count; i++)
			fprintf(m, "{\"type\":\"Feature\",\"id\":\"%s\","
				"\"geometry\":{\"type\":\"Point\","
				"\"coordinates\":[%.7f,%.7f]},\"properties\":"
				"%.*s}", c->row[i].id, c->row[i].lon_e7 * 1e-7,
				c->row[i].lat_e7 * 1e-7,
				(int)c->row[i].body.len,
				(const char *)c->row[i].body.at);
		if (m)
			fclose(m);
	}
	return now_s() - begin;
}

static void features(struct store *s)
{
	static struct copies c;
	struct arena work;
	struct query q = {.type = ROW_INCIDENT, .limit = FEATURES,
		.span = {INSTANT_UNKNOWN, INSTANT_UNKNOWN}};
	struct fault f = {0};
	double ours, bare;

	if (!arena_map(&c.arena, 64 << 20, &f) ||
		!arena_map(&work, 64 << 20, &f) ||
		!s->engine->find(s, &q, copy, &c, &f))
		no(&f);
	ours = by_us(&c, &work);
	bare = by_fprintf(&c);
	printf("serve: GeoJSON %.2f us a feature, bare fprintf %.2f us: "
		"%.1f times\n", ours / TURNS / (double)c.count * 1e6,
		bare / TURNS / (double)c.count * 1e6, ours / bare);
	arena_unmap(&work);
	arena_unmap(&c.arena);
}

/* -- requests -- */

static void box_query(char *out, size_t size, double across)
{
	double x = 36.5 + dice((uint32_t)((2 - across) * 1e3)) * 1e-3;
	double y = 47.5 + dice((uint32_t)((1 - across) * 1e3)) * 1e-3;

	snprintf(out, size, "bbox=%.3f,%.3f,%.3f,%.3f", x, y, x + across,
		y + across);
}

static void small_box(char *out, size_t size, uint64_t rows)
{
	(void)rows;
	box_query(out, size, 0.1);
}

static void large_box(char *out, size_t size, uint64_t rows)
{
	(void)rows;
	box_query(out, size, 0.8);
}

/* A box, a kind of incident, and a month. */
static void filtered_box(char *out, size_t size, uint64_t rows)
{
	int64_t s = BEGIN + (int64_t)dice((uint32_t)rows) * 10;
	char from[INSTANT_TEXT], to[INSTANT_TEXT];
	struct text t = text_on(out, size);

	box_query(out, size, 0.1 + dice(4) * 0.2);
	t.len = strlen(out);
	text_fmt(&t, "&kind=%s&from=%s&to=%s", kind_name((enum kind)dice(8)),
		instant_print((struct instant){s * 1000000000}, 0, from),
		instant_print((struct instant){
			(s + 86400 * 30) * 1000000000}, 0, to));
}

static void name_query(char *out, size_t size, uint64_t rows)
{
	static const int letters[] = {5, 9, 31};

	(void)rows;
	snprintf(out, size, "q=%.*s", letters[dice(3)], names[dice(2000)]);
	for (char *p = out; *p; p++)
		*p = *p == ' ' ? '+' : *p;
}

static void all_cells(char *out, size_t size, uint64_t rows)
{
	(void)rows;
	snprintf(out, size, "cells=%u", (unsigned)dice(8));
}

/* As a brush over the time line asks, to the second. */
static void cells_of_a_time(char *out, size_t size, uint64_t rows)
{
	int64_t s = BEGIN + (int64_t)dice((uint32_t)rows) * 10;
	char from[INSTANT_TEXT], to[INSTANT_TEXT];

	snprintf(out, size, "cells=%u&from=%s&to=%s", (unsigned)dice(8),
		instant_print((struct instant){s * 1000000000}, 0, from),
		instant_print((struct instant){(s + dice(86400 * 60)) *
			1000000000}, 0, to));
}

static void say(const char *what, double *t, size_t n)
{
	qsort(t, n, sizeof *t, order);
	printf("serve: %-38s %s p50 %7.2f  p95 %7.2f  max %7.2f ms\n", "", what,
		t[n / 2] * 1e3, t[n * 95 / 100] * 1e3, t[n - 1] * 1e3);
}

static void series(struct store *s, const char *what, const char *path,
	void (*query)(char *, size_t, uint64_t), uint64_t rows, size_t asks)
{
	double *t = calloc(asks, 2 * sizeof *t), *cpu = t + asks, worst = 0;
	char q[600], slowest[600] = "";

	for (size_t i = 0; t && i < asks; i++) {
		double begin = now_s(), began = cpu_s();

		query(q, sizeof q, rows);
		(void)ask(s, path, q, 200);
		t[i] = now_s() - begin;
		cpu[i] = cpu_s() - began;
		if (cpu[i] > worst)
			memcpy(slowest, q, sizeof slowest);
		if (cpu[i] > worst)
			worst = cpu[i];
	}
	if (!t)
		exit(1);
	printf("serve: %s (%zu), dearest %s?%s\n", what, asks, path, slowest);
	say("time     ", t, asks);
	say("processor", cpu, asks);
	free(t);
}

static void made(const char *dir, uint64_t rows)
{
	struct store s = {stores[0], NULL};
	struct fault f = {0};
	double begin = now_s();

	if (!s.engine->open(&s, dir, true, &f))
		no(&f);
	fill(&s, rows);
	s.engine->close(&s);
	printf("serve: %llu findings and incidents each, made in %.0f s\n",
		(unsigned long long)rows, now_s() - begin);
}

int main(int argc, char **argv)
{
	uint64_t rows = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
	size_t n = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000;
	char own[] = "/tmp/truce-bench-serve.XXXXXX", cmd[80];
	const char *dir = argc > 3 ? argv[3] : mkdtemp(own);
	struct store s = {stores[0], NULL};
	struct fault f = {0};

	if (!dir)
		return 1;
	mission = world();
	if (!arena_map(&town_names, 64 << 20, &f) ||
		!search_fold(&mission, &town_names, &folded, &f))
		no(&f);
	if (!s.engine->open(&s, dir, false, &f)) {
		made(dir, rows);
		s = (struct store){stores[0], NULL};
		if (!s.engine->open(&s, dir, false, &f))
			no(&f);
	}
	series(&s, "100 findings, any filter", "/api/v1/findings",
		finding_query, rows, n);
	series(&s, "100 incidents in a box of 0.1 degree", "/api/v1/incidents",
		small_box, rows, n);
	series(&s, "100 incidents in a box of 0.8 degree", "/api/v1/incidents",
		large_box, rows, n / 5 + 1);
	series(&s, "of a kind, in a box, in a month", "/api/v1/incidents",
		filtered_box, rows, n / 5 + 1);
	series(&s, "search by (a part of) a name", "/api/v1/search",
		name_query, rows, n);
	series(&s, "cells of all, zoom 0 to 7", "/api/v1/columns", all_cells,
		rows, n / 100 + 1);
	series(&s, "cells of some days, zoom 0 to 7", "/api/v1/columns",
		cells_of_a_time, rows, n / 100 + 1);
	features(&s);
	s.engine->close(&s);
	snprintf(cmd, sizeof cmd, "rm -rf %s", own);
	return argc > 3 ? 0 : system(cmd) != 0;
}
