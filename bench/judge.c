/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * judge.c - 10,000 facts x 100 rules on one core (goal of TERMS.md 7: under
 * a second), with explanations, flips and ids as in the field.
 *
 * The facts: places spread over 60 km about a line of 2000 corners, errors of
 * 20 m to 2 km, a fifth of them posteriors of 400 cells, kinds as in a busy
 * day.  The rules: 100 in five manners, distances 2 to 45 km. */
#include <stdio.h>
#include <time.h>

#include "judge/judge.h"

enum { FACTS = 10000, RULES = 100, CORNERS = 2000, CELLS = 400 };

static uint64_t seed = 42;

static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(seed >> 11) * 0x1p-53;
}

static struct point corner[CORNERS];
static struct cell cell[CELLS];
static char text[1 << 16];

static struct terms *terms_of(struct arena *a, const struct mission *m)
{
	static const char *const manners[] = {
		"shooting", "presence of heavy", "flight of uav", "fire",
		"jamming"};
	const struct terms_error *e;
	struct terms *t;
	char hex[SHA256_HEX];
	struct fault f;
	size_t n;

	n = (size_t)snprintf(text, sizeof text,
		"AGREEMENT bench/1 TIMEZONE UTC PARTIES A \"a\" B \"b\"\n"
		"LINE loc FILE loc SHA256 %s ERROR 50 m\n"
		"CLASS heavy = tank or (artillery and calibre_mm >= 100)\n"
		"CLASS shooting = explosion or burst or shot or projectile\n"
		"STANDARD clear = probability >= 0.95 and modalities >= 1\n",
		digest_hex(&m->shape->sha256, hex));
	for (int i = 0; i < RULES; i++) {
		n += (size_t)snprintf(text + n, sizeof text - n,
			"RULE 1.%d FORBIDS %s WITHIN %d km OF loc FROM "
			"2026-01-01T00:00Z EXCEPT 1.%d.1 NOTIFIED "
			"demining 24 h BEFORE, NEAR 500 m\n",
			i, manners[i % 5], 2 + i % 44, i);
	}
	if (!terms_read(bytes_of(text), a, &t, &e, &n, &f) || n > 0 ||
		!terms_bind(t, m, a, &e, &n, &f) || n > 0)
		return NULL;
	return t;
}

static struct incident fact(size_t i)
{
	static const enum kind kinds[] = {KIND_EXPLOSION, KIND_EXPLOSION,
		KIND_SHOT, KIND_BURST, KIND_FIRE, KIND_FIRE, KIND_FLIGHT,
		KIND_WEAPON, KIND_JAMMING, KIND_PROJECTILE};
	struct incident in = incident_new();

	for (int k = 0; k < KIND_COUNT; k++)
		in.kind[k] = 0;
	in.kind[kinds[i % 10]] = 0.97;
	in.kind[KIND_UNKNOWN] = 0.03;
	in.version = 1;
	in.at = in.from = in.to = (struct instant){
		INT64_C(1770000000000000000) + (int64_t)i * 1000000};
	in.count = COUNT_OF(1);
	in.modalities = 1;
	in.place.lat_deg = 47.5 + uniform();
	in.place.lon_deg = 37.2 + 0.8 * uniform();
	in.place.region.ellipse.semi_major_m =
		20 + 1980 * uniform() * uniform();
	in.place.region.ellipse.semi_minor_m =
		in.place.region.ellipse.semi_major_m / 2;
	in.place.region.ellipse.azimuth_deg = 45;
	if (i % 5 == 0) {
		for (size_t k = 0; k < CELLS; k++)
			cell[k] = (struct cell){in.place.lat_deg +
				((double)(k / 20) - 9.5) * 2e-4,
				in.place.lon_deg +
				((double)(k % 20) - 9.5) * 3e-4, 11, 0.0025};
		in.place.region.cell = cell;
		in.place.region.cell_count = CELLS;
	}
	return in;
}

struct tally {
	size_t verdict[VERDICT_COUNT];
	struct sha256 *all; /* of every word said; NULL while timed */
};

static void add(struct sha256 *all, const char *word)
{
	sha256_add(all, (struct bytes){(const uint8_t *)word,
		strlen(word) + 1});
}

static bool put(void *self, const struct finding *x, struct fault *f)
{
	struct tally *t = self;

	(void)f;
	t->verdict[x->verdict]++;
	if (!t->all)
		return true;
	add(t->all, x->id.text);
	add(t->all, x->flips_if);
	add(t->all, x->grade);
	add(t->all, x->party);
	add(t->all, x->cause);
	for (size_t i = 0; i < x->explanation_count; i++)
		add(t->all, x->explanation[i]);
	return true;
}

static bool judge_all(const struct terms *t, const struct facts *facts,
	struct arena *a, struct tally *tally, struct fault *f)
{
	struct findings out = {put, tally};
	size_t mark = a->used;

	seed = 43;
	for (size_t i = 0; i < FACTS; i++) {
		struct incident in = fact(i);

		a->used = mark;
		if (!judge_incident(t, facts, &in, a, &out, f))
			return false;
	}
	a->used = mark;
	return true;
}

int main(void)
{
	struct ring ring = {corner, CORNERS};
	struct shape shape = {.name = "loc", .file = "loc", .version = "",
		.class_ = "", .party = "", .role = SHAPE_LINE, .ring = &ring,
		.ring_count = 1};
	struct mission m = {.timezone = "UTC", .shape = &shape,
		.shape_count = 1};
	struct facts facts = {.mission = &m};
	struct tally timed = {0}, said = {0};
	struct timespec from, to;
	struct sha256 all;
	struct digest digest;
	char hex[SHA256_HEX];
	size_t found = 0;
	struct arena a;
	struct terms *t;
	struct fault f;

	for (int i = 0; i < CORNERS; i++)
		corner[i] = (struct point){47 + 2.0 * i / CORNERS,
			37.6 + 0.002 * uniform()};
	if (!arena_map(&a, (size_t)1 << 30, &f) || !(t = terms_of(&a, &m)))
		return 1;
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	if (!judge_all(t, &facts, &a, &timed, &f)) {
		fprintf(stderr, "%s\n", f.text);
		return 1;
	}
	(void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	said.all = &all;
	sha256_start(&all);
	if (!judge_all(t, &facts, &a, &said, &f))
		return 1;
	digest = sha256_end(&all);
	for (int v = 0; v < VERDICT_COUNT; v++)
		found += timed.verdict[v];
	printf("judge: %d facts x %d rules: %.2f s of one core, %zu findings "
		"(%zu breach, %zu no breach, %zu undetermined, %zu not "
		"applicable), each explained; all words %.16s\n", FACTS, RULES,
		(double)(to.tv_sec - from.tv_sec) +
			(double)(to.tv_nsec - from.tv_nsec) * 1e-9,
		found, timed.verdict[VERDICT_BREACH],
		timed.verdict[VERDICT_NO_BREACH],
		timed.verdict[VERDICT_UNDETERMINED],
		timed.verdict[VERDICT_NOT_APPLICABLE],
		digest_hex(&digest, hex));
	arena_unmap(&a);
	return 0;
}
