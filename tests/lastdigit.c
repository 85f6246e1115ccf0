/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same last digit everywhere: every word of the findings of 80 incidents
 * under 24 rules, as one hash that is written here.  Each compiler and each
 * optimisation under which the tests run must come to it, and valgrind's
 * processor (tests/lastdigit.sh).  Who means to change what findings say writes
 * the new one, and says so. */
#include "check.h"
#include "judge/judge.h"

#define SAID "7bc7c81bd6e4da32a403145862560424" \
	"062bb85f3ac18a2f33c21e3eac277792"

enum { FACTS = 80, RULES = 24, CORNERS = 300, CELLS = 100 };

static struct arena arena;
static uint64_t seed = 42;
static struct point corner[CORNERS];
static struct cell cell[CELLS];
static struct sha256 all;
static size_t told[VERDICT_COUNT];

static double uniform(void)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return (double)(seed >> 11) * 0x1p-53;
}

static void add(const char *word)
{
	sha256_add(&all, (struct bytes){(const uint8_t *)word,
		strlen(word) + 1});
}

static bool put(void *self, const struct finding *x, struct fault *f)
{
	char number[64];

	(void)self;
	(void)f;
	told[x->verdict]++;
	(void)snprintf(number, sizeof number, "%d %d %d", (int)x->verdict,
		(int)x->lo_ppm, (int)x->hi_ppm);
	add(number);
	add(x->id.text);
	add(x->flips_if);
	add(x->grade);
	add(x->party);
	for (size_t i = 0; i < x->explanation_count; i++)
		add(x->explanation[i]);
	return true;
}

static struct terms *terms_of(const struct mission *m)
{
	static const char *const what[] = {"shooting", "presence of tank",
		"flight of uav", "fire"};
	const struct terms_error *e;
	struct text s = text_in(&arena, 1 << 15);
	char hex[SHA256_HEX];
	struct terms *t;
	struct fault f;
	size_t n;

	text_fmt(&s, "AGREEMENT t/1 TIMEZONE UTC PARTIES A \"a\" B \"b\"\n"
		"LINE loc FILE loc SHA256 %s ERROR 50 m\n"
		"ZONE near FILE loc SHA256 %s ERROR 20 m\n"
		"CLASS shooting = explosion or burst or shot\n"
		"STANDARD clear = probability >= 0.95\n",
		digest_hex(&m->shape->sha256, hex), hex);
	for (int i = 0; i < RULES; i++)
		text_fmt(&s, "RULE 1.%d FORBIDS %s WITHIN %d km OF loc "
			"EXCEPT 1.%d.1 INSIDE near "
			"GRADE by count (1 minor, 5 grave)\n",
			i, what[i % 4], 1 + 2 * i, i);
	if (!terms_read(text_view(&s), &arena, &t, &e, &n, &f) || n > 0 ||
		!terms_bind(t, m, &arena, &e, &n, &f) || n > 0)
		abort();
	return t;
}

static struct incident fact(int i)
{
	static const enum kind kinds[] = {KIND_EXPLOSION, KIND_BURST,
		KIND_FIRE, KIND_FLIGHT, KIND_WEAPON};
	struct incident in = incident_new();
	struct ellipse *e = &in.place.region.ellipse;

	for (int k = 0; k < KIND_COUNT; k++)
		in.kind[k] = 0;
	in.kind[kinds[i % 5]] = 0.97;
	in.kind[KIND_UNKNOWN] = 0.03;
	in.version = 1;
	in.at = in.from = in.to = (struct instant){
		INT64_C(1770000000000000000) + (int64_t)i * 1000000};
	in.count = COUNT_OF(1 + i % 9);
	in.modalities = 1;
	in.place.lat_deg = 47.5 + uniform();
	in.place.lon_deg = 37.2 + 0.8 * uniform();
	e->semi_major_m = 20 + 1980 * uniform();
	e->semi_minor_m = e->semi_major_m / 2;
	e->azimuth_deg = 180 * uniform();
	if (i % 4 != 0)
		return in;
	for (int k = 0; k < CELLS; k++)
		cell[k] = (struct cell){
			in.place.lat_deg + (k / 10 - 4.5) * 4e-4,
			in.place.lon_deg + (k % 10 - 4.5) * 6e-4, 22, 0.01};
	in.place.region.cell = cell;
	in.place.region.cell_count = CELLS;
	return in;
}

int main(void)
{
	struct ring ring[2] = {{corner, CORNERS}, {corner, 40}};
	struct shape shape[2] = {{.name = "loc", .file = "loc", .version = "",
		.class_ = "", .party = "", .role = SHAPE_LINE, .ring = ring,
		.ring_count = 1}};
	struct mission m = {.timezone = "UTC", .shape = shape,
		.shape_count = 2};
	struct facts facts = {.mission = &m};
	struct findings out = {put, NULL};
	struct digest digest;
	char hex[SHA256_HEX];
	struct terms *t;
	struct fault f;
	size_t mark;

	for (int i = 0; i < CORNERS; i++)
		corner[i] = (struct point){47 + 2.0 * i / CORNERS,
			37.6 + 0.02 * uniform()};
	shape[1] = shape[0];
	shape[1].role = SHAPE_ZONE;
	shape[1].ring = &ring[1];
	shape[1].closed = true;
	if (!arena_map(&arena, (size_t)64 << 20, &f))
		abort();
	t = terms_of(&m);
	sha256_start(&all);
	mark = arena.used;
	for (int i = 0; i < FACTS; i++) {
		struct incident in = fact(i);

		arena.used = mark;
		if (!judge_incident(t, &facts, &in, &arena, &out, &f))
			abort();
	}
	digest = sha256_end(&all);
	CHECK(told[VERDICT_BREACH] > 20 && told[VERDICT_UNDETERMINED] > 20 &&
			told[VERDICT_NOT_APPLICABLE] > 20,
		"%zu breaches, %zu undetermined, %zu not applicable",
		told[VERDICT_BREACH], told[VERDICT_UNDETERMINED],
		told[VERDICT_NOT_APPLICABLE]);
	CHECK(strcmp(digest_hex(&digest, hex), SAID) == 0,
		"all words of the findings: %s", hex);
	return check_done();
}
