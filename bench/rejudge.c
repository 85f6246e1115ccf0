/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rejudge.c - incidents of a store under a new draft (goal: a year of 10^4 a
 * day, 3.65 million, under 60 s on 2 cores), and that one thread and two tell
 * the same.  rejudge [N]: so many incidents, 20,000 if not said.
 *
 * 100 rules, of which the draft changes one in ten; places spread over 60 km
 * about a line of 2000 corners, errors of 20 m to 2 km. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "roles/rejudge.h"

enum { RULES = 100, CORNERS = 2000, BATCH = 1000 };

static uint64_t seed = 42;
static struct point corner[CORNERS];

static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(seed >> 11) * 0x1p-53;
}

static double now_s(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct terms *terms_of(struct arena *a, const struct mission *m,
	bool draft)
{
	static const char *const manners[] = {"shooting", "presence of tank",
		"flight of uav", "fire", "jamming"};
	const struct terms_error *e;
	struct text s = text_in(a, 1 << 16);
	struct terms *t;
	char hex[SHA256_HEX];
	struct fault f;
	size_t n;

	text_fmt(&s, "AGREEMENT bench/1 TIMEZONE UTC PARTIES A \"a\" B \"b\"\n"
		"LINE loc FILE loc SHA256 %s ERROR 50 m\n"
		"CLASS shooting = explosion or burst or shot or projectile\n"
		"STANDARD clear = probability >= 0.95\n",
		digest_hex(&m->shape->sha256, hex));
	for (int i = 0; i < RULES; i++)
		text_fmt(&s, "RULE 1.%d FORBIDS %s WITHIN %d km OF loc\n", i,
			manners[i % 5],
			2 + i % 44 + (draft && i % 10 == 0));
	if (!terms_read(text_view(&s), a, &t, &e, &n, &f) || n > 0 ||
		!terms_bind(t, m, a, &e, &n, &f) || n > 0)
		abort();
	return t;
}

static struct incident fact(size_t i)
{
	static const enum kind kinds[] = {KIND_EXPLOSION, KIND_EXPLOSION,
		KIND_SHOT, KIND_BURST, KIND_FIRE, KIND_FIRE, KIND_FLIGHT,
		KIND_WEAPON, KIND_JAMMING, KIND_PROJECTILE};
	struct incident in = incident_new();
	char name[24];
	int n = snprintf(name, sizeof name, "%zu", i);

	for (int k = 0; k < KIND_COUNT; k++)
		in.kind[k] = 0;
	in.kind[kinds[i % 10]] = 0.97;
	in.kind[KIND_UNKNOWN] = 0.03;
	in.version = 1;
	in.at = in.from = in.to = (struct instant){
		INT64_C(1770000000000000000) + (int64_t)i * 8640000000};
	in.id = id_make('i', in.at, (struct bytes){(uint8_t *)name, (size_t)n});
	in.count = COUNT_OF(1);
	in.modalities = 1;
	in.place.lat_deg = 47.5 + uniform();
	in.place.lon_deg = 37.2 + 0.8 * uniform();
	in.place.region.ellipse.semi_major_m =
		20 + 1980 * uniform() * uniform();
	in.place.region.ellipse.semi_minor_m =
		in.place.region.ellipse.semi_major_m / 2;
	in.place.region.ellipse.azimuth_deg = 45;
	return in;
}

static bool fill(struct store *s, size_t count, struct arena *a,
	struct fault *f)
{
	size_t mark = a->used;
	bool ok = true, fresh;

	for (size_t i = 0; ok && i < count; i++) {
		struct incident in = fact(i);
		struct fields x;
		struct text t;
		struct row r = {.type = ROW_INCIDENT, .id = in.id.text,
			.version = 1, .from = in.at, .to = in.at,
			.kind = kind_name(incident_kind(&in)),
			.status = status_name(in.status), .source = "",
			.ledger_index = -1};

		a->used = mark;
		x = fields_in(a);
		t = text_in(a, 1 << 16);
		ok = (i % BATCH != 0 || s->engine->begin(s, "bench", f)) &&
			incident_write(&in, &x, f);
		fields_print(&x, &t);
		r.body = text_view(&t);
		ok = ok && s->engine->put(s, &r, &fresh, f) &&
			((i % BATCH != BATCH - 1 && i != count - 1) ||
				s->engine->commit(s, NULL, f));
	}
	a->used = mark;
	return ok;
}

static bool put(void *self, const struct rejudged *r, struct fault *f)
{
	char s[600];
	int n = snprintf(s, sizeof s, "%s %s %d %d %s %s\n",
		r->incident->id.text, r->rule, r->was, r->is, r->why_was,
		r->why_is);

	(void)f;
	sha256_add(self, (struct bytes){(uint8_t *)s, (size_t)n});
	return true;
}

static struct digest run(struct rejudging *ask, struct store *s,
	const struct mission *m, struct arena *a)
{
	double wall = now_s(CLOCK_MONOTONIC);
	double cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
	size_t mark = a->used;
	char hex[SHA256_HEX];
	struct digest digest;
	struct sha256 all;
	struct fault f;

	ask->put = put;
	ask->self = &all;
	sha256_start(&all);
	if (!rejudge(ask, s, m, a, &f)) {
		fprintf(stderr, "%s\n", f.text);
		exit(1);
	}
	a->used = mark;
	wall = now_s(CLOCK_MONOTONIC) - wall;
	cpu = now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu;
	digest = sha256_end(&all);
	printf("rejudge: %llu incidents, %llu findings compared, %llu changed, "
		"%d thread(s): %.1f us each (%.1f us of CPU); 3.65 million "
		"would take %.0f s (%.0f s of CPU); all told %.16s\n",
		(unsigned long long)ask->incidents,
		(unsigned long long)ask->findings,
		(unsigned long long)ask->changed, ask->jobs,
		1e6 * wall / (double)ask->incidents,
		1e6 * cpu / (double)ask->incidents,
		3.65e6 * wall / (double)ask->incidents,
		3.65e6 * cpu / (double)ask->incidents,
		digest_hex(&digest, hex));
	return digest;
}

int main(int argc, char **argv)
{
	struct ring ring = {corner, CORNERS};
	struct shape shape = {.name = "loc", .file = "loc", .version = "",
		.class_ = "", .party = "", .role = SHAPE_LINE, .ring = &ring,
		.ring_count = 1};
	struct mission m = {.timezone = "UTC", .shape = &shape,
		.shape_count = 1};
	struct rejudging ask = {0};
	char folder[] = "/tmp/truce-rejudge-XXXXXX", clean[80];
	struct store s = {stores[0], NULL};
	struct digest one, two;
	struct arena a;
	struct fault f;

	for (int i = 0; i < CORNERS; i++)
		corner[i] = (struct point){47 + 2.0 * i / CORNERS,
			37.6 + 0.002 * uniform()};
	if (!mkdtemp(folder) || !arena_map(&a, (size_t)1 << 30, &f) ||
		!s.engine->open(&s, folder, true, &f) ||
		!fill(&s, argc > 1 ? (size_t)strtoul(argv[1], NULL, 10)
				   : 20000, &a, &f))
		return 1;
	ask.was = terms_of(&a, &m, false);
	ask.is = terms_of(&a, &m, true);
	ask.jobs = 1;
	one = run(&ask, &s, &m, &a);
	ask.jobs = 2;
	two = run(&ask, &s, &m, &a);
	s.engine->close(&s);
	(void)snprintf(clean, sizeof clean, "rm -r %s", folder);
	if (system(clean) != 0)
		return 1;
	if (memcmp(&one, &two, sizeof one) != 0) {
		printf("one thread and two differ\n");
		return 1;
	}
	return 0;
}
