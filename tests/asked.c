/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * asked.c - one incident asked of some rules, briefly, without flips, and
 * under two wordings that share what they both found of the geometry; and the
 * hash of what decides a rule, which differs exactly where a verdict may. */
#include "check.h"
#include "judge/judge.h"

static struct arena arena;
static struct point corner[8][5];
static struct ring ring[8];
static struct shape shape[8]; /* of two missions, four each */
static const struct zone_offset utc = {{0}, 0, "UTC"};

/* A line on 37 E, another 10 km east of it whose file says the same hash; A's
 * ground west of the first, B's east. */
static void add_shape(size_t i, const char *file, enum shape_role role,
	const char *party, const double at[4])
{
	bool line = role == SHAPE_LINE;

	corner[i][0] = (struct point){at[0], at[1]};
	corner[i][1] = (struct point){line ? at[2] : at[0], at[3]};
	corner[i][2] = (struct point){at[2], at[3]};
	corner[i][3] = (struct point){at[2], at[1]};
	ring[i] = (struct ring){corner[i], line ? 2 : 4};
	shape[i] = (struct shape){.name = file, .file = file,
		.sha256 = sha256_of(bytes_of("loc")), .version = "1",
		.class_ = "", .party = party, .role = role, .ring = &ring[i],
		.ring_count = 1, .closed = !line};
}

/* Every other one lies where the last but one did. */
static struct mission mission_of(size_t controls)
{
	static size_t from;
	size_t n = from = 4 - from;

	add_shape(n++, "loc", SHAPE_LINE, "", (double[]){47, 37, 49, 37});
	add_shape(n++, "moved", SHAPE_LINE, "",
		(double[]){47, 37.134, 49, 37.134});
	if (controls > 1)
		add_shape(n++, "ca", SHAPE_CONTROL, "A",
			(double[]){47, 36, 49, 37});
	if (controls > 0)
		add_shape(n++, "cb", SHAPE_CONTROL, "B",
			(double[]){47, 37, 49, 38});
	return (struct mission){.timezone = "UTC", .offset = &utc,
		.offset_count = 1, .shape = &shape[from],
		.shape_count = n - from};
}

static struct terms *terms_of(const struct mission *m, const char *text)
{
	struct digest d = sha256_of(bytes_of("loc"));
	const struct terms_error *e;
	char s[4096], hex[SHA256_HEX];
	const char *rest = strstr(text, "@");
	struct terms *t;
	struct fault f;
	size_t n;

	(void)digest_hex(&d, hex);
	(void)snprintf(s, sizeof s, "AGREEMENT t/1 TIMEZONE UTC\n%.*s%s%s",
		rest ? (int)(rest - text) : 4000, text, rest ? hex : "",
		rest ? rest + 1 : "");
	if (!terms_read(bytes_of(s), &arena, &t, &e, &n, &f))
		abort();
	for (size_t i = 0; i < n; i++)
		printf("# %zu:%zu: %s\n", e[i].line, e[i].column, e[i].text);
	if (n > 0 || !terms_bind(t, m, &arena, &e, &n, &f) || n > 0)
		abort();
	return t;
}

static struct incident a_shot(void)
{
	struct incident in = incident_new();

	in.kind[KIND_UNKNOWN] = 0;
	in.kind[KIND_SHOT] = 1;
	in.at = in.from = in.to = (struct instant){
		INT64_C(1770112800) * 1000000000};
	in.id = id_make('i', in.at, bytes_of("x"));
	in.version = 1;
	in.place.lat_deg = 48;
	in.place.lon_deg = 36.95;
	in.place.region.ellipse = (struct ellipse){300, 200, 40};
	in.modalities = 1;
	return in;
}

struct seen {
	size_t count;
	struct finding x[4];
	char words[4][8192];
};

static bool see(void *self, const struct finding *x, struct fault *f)
{
	struct seen *s = self;
	size_t i = s->count++, n = 0;

	(void)f;
	if (i >= 4)
		abort();
	s->x[i] = *x;
	s->words[i][0] = '\0';
	for (size_t k = 0; k < x->explanation_count; k++)
		n += (size_t)snprintf(s->words[i] + n, sizeof s->words[i] - n,
			"%s\n", x->explanation[k]);
	return true;
}

#define HEAD "PARTIES A \"a\" B \"b\"\n" \
	"LINE loc FILE loc SHA256 @ ERROR 50 m\n" \
	"STANDARD plain = probability >= 0.9\n"
#define NEAR_RULE "RULE 1 FORBIDS shot WITHIN 10 km OF loc\n"
#define DUTY_RULE "RULE 2 REQUIRES answer WITHIN 1 h OF query\n"
#define LAST_RULE "RULE 3 FORBIDS shot WITHIN 1 km OF loc GRADE grave\n"

static void test_some(void)
{
	struct mission m = mission_of(2);
	struct terms *t = terms_of(&m, HEAD NEAR_RULE DUTY_RULE LAST_RULE);
	struct incident in = a_shot();
	const struct attribute about[] = {{"incident", in.id.text}};
	struct activity query[2] = {{.party = "mission", .what = "query",
		.received = in.at, .received_last = INSTANT_UNKNOWN,
		.text = "", .attribute = about, .attribute_count = 1,
		.place = PLACE_UNKNOWN}};
	struct facts facts = {.mission = &m, .activity = query,
		.activity_count = 1};
	bool rules[] = {true, false, true};
	static struct seen all, some, brief, still;
	uint64_t passed = 0;
	const struct findings to[] = {{see, &all}, {see, &some}, {see, &brief},
		{see, &still}};
	const struct judge_ask asks[] = {{0}, {.rules = rules,
		.passed = &passed}, {.rules = rules, .brief = true},
		{.unflipped = true}};
	struct fault f;

	for (int i = 0; i < 4; i++)
		if (!judge_asked(t, &facts, &in, &asks[i], &arena, &to[i], &f))
			abort();
	CHECK(all.count == 3 && some.count == 2 && passed == 1 &&
			strcmp(some.words[0], all.words[0]) == 0 &&
			strcmp(some.words[1], all.words[2]) == 0 &&
			strcmp(some.x[0].flips_if, all.x[0].flips_if) == 0,
		"two rules of three: as of all, and one is passed by");
	CHECK(brief.count == 2 && brief.x[0].verdict == all.x[0].verdict &&
			brief.x[1].verdict == all.x[2].verdict &&
			strcmp(brief.x[1].grade, "grave") == 0 &&
			brief.x[0].explanation_count == 0,
		"briefly: the same verdicts, no words");
	CHECK(still.count == 3 && *all.x[0].flips_if && !*still.x[0].flips_if &&
			strcmp(still.words[0], all.words[0]) == 0,
		"without flips: all else");
	rules[0] = rules[2] = false;
	some.count = 0;
	passed = 0;
	if (!judge_asked(t, &facts, &in, &asks[1], &arena, &to[1], &f))
		abort();
	CHECK(some.count == 0 && passed == 3, "none of three");
}

static bool alike(const struct seen *a, const struct seen *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; i < a->count && same; i++)
		same = a->x[i].verdict == b->x[i].verdict &&
			strcmp(a->words[i], b->words[i]) == 0 &&
			strcmp(a->x[i].flips_if, b->x[i].flips_if) == 0;
	return same;
}

/* Judged under one wording; then under another, alone and beside the first. */
static const struct two_wordings {
	const char *name, *one, *two;
	size_t control[2];  /* shapes of control that their missions have */
	bool differ;        /* the two wordings' findings */
} pairs[] = {
	{"another limit", HEAD NEAR_RULE, HEAD
		"RULE 1 FORBIDS shot WITHIN 3 km OF loc\n", {2, 2}, true},
	{"another file that says the same hash", HEAD NEAR_RULE,
		"PARTIES A \"a\" B \"b\"\nLINE loc FILE moved SHA256 @ ERROR "
		"50 m\nSTANDARD plain = probability >= 0.9\n" NEAR_RULE,
		{2, 2}, true},
	{"a band of the same line", HEAD NEAR_RULE,
		HEAD "ZONE z = WITHIN 10 km OF loc RULE 1 FORBIDS shot INSIDE "
		"z\n", {2, 2}, true},
	{"another mission, without a map of control",
		HEAD "RULE 1 FORBIDS shot ON side OF A\n",
		HEAD "RULE 1 FORBIDS shot ON side OF A\n", {2, 0}, true},
	{"another mission, with another",
		HEAD "RULE 1 FORBIDS shot ON side OF B\n",
		HEAD "RULE 1 FORBIDS shot ON side OF A\n", {1, 2}, true},
	{"another mission, that has one",
		HEAD "RULE 1 FORBIDS shot ON side OF A\n",
		HEAD "RULE 1 FORBIDS shot ON side OF A\n", {0, 2}, true},
};

static void test_pair(const struct two_wordings *p)
{
	struct mission m = mission_of(p->control[0]);
	struct mission other = mission_of(p->control[1]);
	struct terms *one = terms_of(&m, p->one);
	struct terms *two = terms_of(&other, p->two);
	struct incident in = a_shot();
	struct facts facts = {.mission = &m}, others = {.mission = &other};
	static struct seen first, alone, beside;
	const struct judge_ask ask = {0};
	const struct findings to[] = {
		{see, &first}, {see, &alone}, {see, &beside}};
	struct hearing *h[3];
	struct fault f;

	first.count = alone.count = beside.count = 0;
	if (!judge_hear(one, &facts, &in, NULL, &arena, &h[0], &f) ||
		!judge_heard(h[0], &ask, &arena, &to[0], &f) ||
		!judge_hear(two, &others, &in, NULL, &arena, &h[1], &f) ||
		!judge_heard(h[1], &ask, &arena, &to[1], &f) ||
		!judge_hear(two, &others, &in, h[0], &arena, &h[2], &f) ||
		!judge_heard(h[2], &ask, &arena, &to[2], &f))
		abort();
	CHECK(alike(&alone, &beside) && alone.count == 1 &&
			alike(&first, &alone) == !p->differ,
		"beside the other wording as alone: %s", p->name);
}

/* What decides rule 0 of the first text, against variants of that text. */
#define FRAME(parties, classes, standard, line, zone, rule) parties "\n" \
	"LINE loc " line "\nZONE z = WITHIN " zone " OF loc\n" classes "\n" \
	"STANDARD s = " standard "\nARTICLE 1 TEXT \"w\"\n" rule "\n"
#define AB "PARTIES A \"a\" B \"b\""
#define FILE_A "FILE loc SHA256 @ ERROR 50 m"
#define CLASSES "CLASS a = shot or burst CLASS b = not (a and fire)"
#define S9 "probability >= 0.9 and modalities >= 2"
#define RULE_A "RULE 1.a FORBIDS b INSIDE z EXCEPT 1.a.1 OUTSIDE z, BY A"

static const struct {
	const char *what, *text;
	bool same;
} variants[] = {
	{"the same", FRAME(AB, CLASSES, S9, FILE_A, "2 km", RULE_A), true},
	{"other remarks, units, article", AB "\nLINE loc " FILE_A "\n"
		"ZONE z = WITHIN 2000 m OF loc # so\n" CLASSES "\n"
		"STANDARD s = " S9 "\nARTICLE 1 TEXT \"other words\"\n" RULE_A,
		true},
	{"a class that it does not use", FRAME(AB, CLASSES " CLASS c = tank",
		S9, FILE_A, "2 km", RULE_A), true},
	{"a party more", FRAME(AB " C \"c\"", CLASSES, S9, FILE_A, "2 km",
		RULE_A), false},
	{"a class behind its class", FRAME(AB, "CLASS a = shot CLASS b = not "
		"(a and fire)", S9, FILE_A, "2 km", RULE_A), false},
	{"its class", FRAME(AB, "CLASS a = shot or burst CLASS b = not (a or "
		"fire)", S9, FILE_A, "2 km", RULE_A), false},
	{"its standard's probability", FRAME(AB, CLASSES,
		"probability >= 0.8 and modalities >= 2", FILE_A, "2 km",
		RULE_A), false},
	{"its standard's modalities", FRAME(AB, CLASSES, "probability >= 0.9",
		FILE_A, "2 km", RULE_A), false},
	{"the line's error, behind the zone", FRAME(AB, CLASSES, S9,
		"FILE loc SHA256 @ ERROR 60 m", "2 km", RULE_A), false},
	{"the line's map", FRAME(AB, CLASSES, S9, "NOT GIVEN \"lost\"",
		"2 km", RULE_A), false},
	{"the zone's width", FRAME(AB, CLASSES, S9, FILE_A, "2 km TOTAL",
		RULE_A), false},
	{"a condition", FRAME(AB, CLASSES, S9, FILE_A, "2 km",
		"RULE 1.a FORBIDS b OUTSIDE z EXCEPT 1.a.1 OUTSIDE z, BY A"),
		false},
	{"an exception's", FRAME(AB, CLASSES, S9, FILE_A, "2 km",
		"RULE 1.a FORBIDS b INSIDE z EXCEPT 1.a.1 OUTSIDE z, BY B"),
		false},
	{"a duty", FRAME(AB, CLASSES, S9, FILE_A, "2 km",
		"RULE 1.a REQUIRES answer WITHIN 2 h OF query WITHIN 1 km OF "
		"loc"), false},
};

static void test_hash(void)
{
	struct mission m = mission_of(2);
	struct digest first = {{0}};

	for (size_t i = 0; i < sizeof variants / sizeof *variants; i++) {
		struct digest d = terms_rule_sha256(
			terms_of(&m, variants[i].text), 0);

		if (i == 0)
			first = d;
		CHECK((memcmp(&d, &first, sizeof d) == 0) == variants[i].same,
			"a rule's hash, %s: %s", variants[i].what,
			variants[i].same ? "as it was" : "another");
	}
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 28, &f))
		return 1;
	test_some();
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		test_pair(&pairs[i]);
	test_hash();
	arena_unmap(&arena);
	return check_done();
}
