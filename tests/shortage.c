/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shortage.c - the evaluator where little is there: memory that ends at every
 * place, words left out, doubled or foreign at every place of an agreement,
 * and the corners of its arithmetic.  A want of memory is a LIMIT fault, never
 * a finding; an error is worded and has a place. */
#include "check.h"
#include "judge/duty.h"
#include "judge/fixed.h"
#include "judge/judge.h"

#include <math.h>

static const char text[] =
	"AGREEMENT t/1 TITLE \"a title\" STATUS signed 2026-02-01\n"
	"TIMEZONE UTC PARTIES A \"Party A\" B \"Party B\"\n"
	"LINE loc FILE loc SHA256 %s ERROR 50 m\n"
	"LINE far FILE far SHA256 %s MEASURED BY B # a remark\n"
	"LINE none FILE absent SHA256 %s\n"
	"LINE lost NOT GIVEN \"never published\"\n"
	"ZONE buffer = WITHIN 4 km TOTAL OF loc FLOOR 0 m CEILING 3000 m\n"
	"ZONE storage FILE zone SHA256 %s ERROR 1.5 km\n"
	"CLASS heavy = tank or mlrs or (artillery and calibre_mm >= 99.5 mm)\n"
	"CLASS other = not heavy and not (explosion or shot)\n"
	"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
	"STANDARD plain = modalities >= 0 and probability >= 0.5\n"
	"ARTICLE 1 TEXT \"No \\\"weapon\\\" \" \"near the line.\"\n"
	"RULE 1.a FORBIDS presence of heavy WITHIN 15 km OF loc ON own side\n"
	" FROM 2026-02-02T00:00Z UNTIL 2027-02-02T00:00:00.5+02:00,\n"
	" EXCEPT 1.a.1 INSIDE storage, WITHIN 20 km TOTAL OF far\n"
	" EXCEPT 1.a.2 NOTIFIED movement 48 h BEFORE, NEAR 500 m, DAILY\n"
	" 06:00-24:00 BY A STANDARD clear\n"
	" GRADE by count (1 minor, 10 serious)\n"
	"RULE 1.b FORBIDS (heavy or other) OUTSIDE buffer ON side OF B\n"
	" STANDARD plain GRADE serious\n"
	"LINE off FILE off SHA256 %s LINE long FILE long SHA256 %s\n"
	"ZONE out FILE out SHA256 %s\n"
	"RULE 2.a REQUIRES answer BY accused WITHIN 90 min OF query ELSE\n"
	" obstruction\n"
	"EXAMPLE 1.a \"e\" GIVEN tank 12 km FROM loc, ERROR 300 m, INSIDE\n"
	" storage, CALIBRE 120 mm, COUNT 3, MODALITIES 2, BY A, AT\n"
	" 2026-02-03T10:00Z, NOTIFIED movement AT 2026-02-01T00:00Z\n"
	" -> CONFLICT\n"
	"EXAMPLE 1.b \"f\" GIVEN explosion -> NO BREACH\n"
	"EXAMPLE 2.a \"g\" GIVEN explosion BY A, NOTIFIED query AT\n"
	" 2026-02-01T00:00Z, UNTIL 2026-03-01T00:00Z -> NOT APPLICABLE\n";

static char agreement[8192];
static struct shape shape[9];
static struct mission mission = {.timezone = "UTC", .shape = shape};
static struct point corner[9][5], zigzag[2400], turns[2400];
static struct ring ring[9];
static struct zone_offset clock_row = {{0}, 0, "UTC"};

static void add_shape(const char *file, enum shape_role role,
	const char *party, const char *version, double west, double south,
	double east, double north)
{
	size_t i = mission.shape_count++;
	bool line = role == SHAPE_LINE;

	corner[i][0] = (struct point){south, west};
	corner[i][1] = (struct point){line ? north : south, east};
	corner[i][2] = (struct point){north, east};
	corner[i][3] = (struct point){north, west};
	ring[i] = (struct ring){corner[i], line ? 2 : 4};
	shape[i] = (struct shape){.name = file, .file = file,
		.sha256 = sha256_of(bytes_of(file)), .version = version,
		.class_ = "", .party = party, .role = role,
		.ring = &ring[i], .ring_count = 1, .closed = !line};
}

static void make(void)
{
	char hex[7][SHA256_HEX];
	const char *files[] = {"loc", "far", "absent", "zone", "off", "long",
		"out"};

	for (int i = 0; i < 7; i++) {
		struct digest d = sha256_of(bytes_of(files[i]));

		(void)digest_hex(&d, hex[i]);
	}
	(void)snprintf(agreement, sizeof agreement, text, hex[0], hex[1],
		hex[2], hex[3], hex[4], hex[5], hex[6]);
	add_shape("loc", SHAPE_LINE, "", "1", 37, 47.5, 37, 48.5);
	add_shape("far", SHAPE_LINE, "", "1", 37.1, 47.5, 37.1, 48.5);
	add_shape("zone", SHAPE_ZONE, "", "1", 36.9, 47.9, 37.05, 48.1);
	add_shape("ca", SHAPE_CONTROL, "A", "1", 36, 47, 37, 49);
	add_shape("cb", SHAPE_CONTROL, "B", "2026-02-01", 37, 47, 38, 49);
	add_shape("off", SHAPE_LINE, "", "1", 37, 47.5, 37, 95);
	add_shape("out", SHAPE_ZONE, "", "1", 190, 47.5, 37, 48);
	add_shape("long", SHAPE_LINE, "", "1", 37, 47.5, 37, 48);
	for (int i = 0; i < 2400; i++) /* round the Earth, 1,800 pieces each */
		zigzag[i] = (struct point){0, i % 2 ? 180 : -180};
	ring[7] = (struct ring){zigzag, 2400};
	add_shape("turns", SHAPE_LINE, "", "1", 37, 47.5, 37, 48);
	/* To and fro over 4 km, northward; 2.05 km east of the incident, where
	 * one sheaf ends and another begins. */
	for (int i = 0; i < 2400; i++)
		turns[i] = (struct point){47.488 + i * 0.0004,
			37.0583 + (i * 7919 % 2400 - 1200) * 0.00002};
	ring[8] = (struct ring){turns, 2400};
	mission.offset = &clock_row;
	mission.offset_count = 1;
}

static size_t findings;

static bool count_one(void *self, const struct finding *x, struct fault *f)
{
	(void)self;
	(void)f;
	findings += x->explanation_count > 0;
	return true;
}

static struct instant at(int64_t s)
{
	return (struct instant){s * 1000000000};
}

static struct incident an_incident(void)
{
	static const struct attribute about[] = {
		{"weapon", "tank"}, {"calibre_mm", "120"}};
	struct incident in = incident_new();

	in.kind[KIND_UNKNOWN] = 0;
	in.kind[KIND_WEAPON] = 1;
	(void)snprintf(in.id.text, sizeof in.id.text, "%s",
		"i-06e28d4mn2tbmt25f6lgf0r44k");
	in.version = 1;
	in.at = in.from = in.to = at(1770112800);
	in.place.lat_deg = 48;
	in.place.lon_deg = 37.01;
	in.place.region.ellipse = (struct ellipse){900, 300, 40};
	in.modalities = 3;
	in.count = COUNT_OF(4);
	in.attribute = about;
	in.attribute_count = 2;
	return in;
}

static const struct attribute asks[2][2] = {
	{{"incident", "i-06e28d4mn2tbmt25f6lgf0r44k"}, {"to", "A"}},
	{{"incident", "i-06e28d4mn2tbmt25f6lgf0r44k"}, {"to", "B"}}};

static struct facts the_facts(void)
{
	static struct activity act[3];
	static struct claim claim;

	act[0] = (struct activity){.party = "A", .what = "movement",
		.span = {at(1770100000), INSTANT_UNKNOWN},
		.received = at(1769000000), .received_last = INSTANT_UNKNOWN,
		.text = "", .place = an_incident().place};
	act[1] = (struct activity){.party = "mission", .what = "query",
		.span = {at(1770112900), INSTANT_UNKNOWN},
		.received = at(1770112900), .received_last = INSTANT_UNKNOWN,
		.text = "", .place = PLACE_UNKNOWN, .attribute = asks[0],
		.attribute_count = 2};
	act[2] = act[1];
	act[2].attribute = asks[1];
	claim = (struct claim){.party = "B", .says = "theirs",
		.at = INSTANT_UNKNOWN, .received = INSTANT_UNKNOWN,
		.received_last = INSTANT_UNKNOWN};
	return (struct facts){.mission = &mission, .activity = act,
		.activity_count = 3, .claim = &claim, .claim_count = 1,
		.known = at(1780000000)};
}

/* Read, bind, judge, all examples, in so much memory. */
static bool whole(uint8_t *block, size_t size, const char *s, struct fault *f)
{
	struct arena a = arena_on(block, size);
	const struct findings out = {count_one, NULL};
	struct incident in = an_incident();
	struct facts facts = the_facts();
	const struct terms_error *e;
	struct terms *t;
	size_t n;

	if (!terms_read(bytes_of(s), &a, &t, &e, &n, f) ||
		!terms_bind(t, &mission, &a, &e, &n, f) ||
		!judge_incident(t, &facts, &in, &a, &out, f))
		return false;
	for (size_t i = 0; i < terms_examples(t); i++) {
		struct example_result r;

		if (!terms_example(t, i, &a, &r, f))
			return false;
	}
	return true;
}

#ifdef __SANITIZE_ADDRESS__
enum { EACH = 10 }; /* so many times fewer tries: each takes longer */
#else
enum { EACH = 1 };
#endif
enum { BLOCK = 24 << 20 };

static void memory(void)
{
	/* An agreement of nothing but errors keeps a list of them. */
	static char many[16000];
	static const char *const texts[] = {
		agreement, "RULE x\nEXAMPLE y $", many};
	uint8_t *block = malloc(BLOCK);
	size_t odd = 0, failed = 0, last = 0;
	size_t step = getenv("TRUCE_LONG") ? 1 : 5 * EACH;

	if (!block)
		abort();
	/* So many findings that they, not the judging, want the memory. */
	last = (size_t)snprintf(many, sizeof many, "AGREEMENT t/1\n");
	for (int i = 0; i < 600; i++)
		last += (size_t)snprintf(many + last, sizeof many - last,
			"RULE %d FORBIDS tank\n", i);
	(void)snprintf(many + last, sizeof many - last, "STANDARD clear = "
		"probability >= 0.95");
	for (int k = 0; k < 3; k++)
		for (size_t size = 0; size < BLOCK;) {
			struct fault f = {0};

			if (whole(block, size, texts[k], &f)) {
				last = size;
				break;
			}
			failed++;
			odd += f.kind != FAULT_LIMIT || !f.text[0];
			size += step * (size < 60000 ? 16
				: size < 400000 ? 336 : 2032);
		}
	CHECK(failed > 30 && last > 0 && odd == 0,
		"%zu times too little memory, told each time", failed);
	findings = 0;
	struct fault f;
	CHECK(whole(block, BLOCK, agreement, &f) && findings == 4,
		"%zu findings with enough", findings);
	free(block);
}

/* How much more was wanted, when memory ended; 0 after another fault. */
static size_t lacked(const struct fault *f)
{
	const char *at = strstr(f->text, "memory: ");
	size_t wanted, left;

	if (f->kind != FAULT_LIMIT)
		return 0;
	if (!at || sscanf(at, "memory: %zu bytes wanted, %zu left", &wanted,
			&left) != 2)
		return 16;
	return wanted > left ? wanted - left : 1;
}

static uint8_t spare[BLOCK];

struct try { /* of one step, in so much memory */
	const char *what, *text;
	size_t most; /* more memory the next time, at most: a want of memory is
		* told at last, and others may have been between */
	bool (*in)(const struct try *, uint8_t *, size_t, struct fault *);
	struct terms *t;
};

static bool reads(const struct try *y, uint8_t *at, size_t size,
	struct fault *f)
{
	struct arena a = arena_on(at, size);
	const struct terms_error *e;
	struct terms *t;
	size_t n;

	return terms_read(bytes_of(y->text), &a, &t, &e, &n, f) &&
		terms_bind(t, &mission, &a, &e, &n, f);
}

static bool judges(const struct terms *t, struct arena *scratch,
	struct arena *a, struct fault *f)
{
	const struct findings out = {count_one, NULL};
	struct incident in = an_incident();
	struct facts facts = the_facts();
	struct hearing *h;

	return judge_hear(t, &facts, &in, NULL, scratch, &h, f) &&
		judge_heard(h, &(struct judge_ask){0}, a, &out, f);
}

/* Of a line of many sheaves, most of them made when they are wanted. */
static const char winding[] = "AGREEMENT t PARTIES A \"a\"\n"
	"LINE turns FILE turns SHA256 %s ERROR 150 m\n"
	"STANDARD s = probability >= 0.9\n"
	"%s"
	"RULE 2 FORBIDS weapon WITHIN 1300 m OF turns\n"
	"RULE 3 FORBIDS weapon WITHIN 3 km OF turns\n"
	"RULE 4 FORBIDS weapon OUTSIDE band\n"
	"ZONE band = WITHIN 2300 m OF turns ERROR 500 m\n";

static bool hears(const struct try *y, uint8_t *at, size_t size,
	struct fault *f)
{
	struct arena a = arena_on(spare, sizeof spare);
	struct arena scratch = arena_on(at, size);

	return judges(y->t, &scratch, &a, f);
}

static bool finds(const struct try *y, uint8_t *at, size_t size,
	struct fault *f)
{
	struct arena a = arena_on(at, size);
	struct arena scratch = arena_on(spare, sizeof spare);

	return judges(y->t, &scratch, &a, f);
}

static bool shows(const struct try *y, uint8_t *at, size_t size,
	struct fault *f)
{
	struct arena a = arena_on(at, size);
	struct example_result r;
	bool ok = true;

	for (size_t i = 0; ok && i < terms_examples(y->t); i++)
		ok = terms_example(y->t, i, &a, &r, f);
	return ok;
}

/* Each single want of memory refused in its turn: by so little that the next
 * try passes it, and fails at the one behind. */
static void each_want(void)
{
	static const char slips[] = "AGREEMENT t CLASS c = tnk or shot\n"
		"LINE l NOT GIVEN \"w\" STANDARD s = probability >= 0.9\n"
		"RULE 1 FORBIDS tank EXCEPT 1.1 BY mission, WITHIN 2 km OF m";
	static const char one[] = "AGREEMENT t STANDARD s = probability >= "
		"0.9 RULE 1 FORBIDS tank EXCEPT 1.1 BY mission OF";
	static const char misspelt[] = "AGREEMENT t PARTIES A \"a\" B \"b\"\n"
		"LINE l NOT GIVEN \"w\"\nSTANDARD s = probability >= 0.9\n"
		"RULE 1 FORBIDS shot WTHIN 3 km OF l EXCPT 1.1 BY A\n"
		"RLUE 2 FORBIDS tank or (burst and not shot)\n"
		"RULE 3 FORBID tank or burst\n";
	static char wound[2][1024];
	struct try tries[] = {{"reading", agreement, BLOCK, reads, NULL},
		{"reading slips", slips, BLOCK, reads, NULL},
		{"reading one slip", one, BLOCK, reads, NULL},
		{"mending words", misspelt, BLOCK, reads, NULL},
		{"judging", agreement, 128 * EACH, hears, NULL},
		{"judging by a long line", wound[0], 128 * EACH, hears, NULL},
		{"and almost out of reach", wound[1], 128 * EACH, hears, NULL},
		{"findings", agreement, BLOCK, finds, NULL},
		{"examples", agreement, BLOCK, shows, NULL}};
	struct digest d = sha256_of(bytes_of("turns"));
	uint8_t *block = malloc(BLOCK);
	struct arena a = arena_on(malloc(BLOCK), BLOCK);
	const struct terms_error *e;
	char hex[SHA256_HEX];
	struct fault f;
	size_t n;

	for (int i = 0; i < 2; i++)
		(void)snprintf(wound[i], sizeof wound[i], winding,
			digest_hex(&d, hex), i == 0 ? "" : "RULE 1 FORBIDS "
			"weapon WITHIN 20 m OF turns\n");
	if (!block || !a.at)
		abort();
	for (size_t i = 0; i < sizeof tries / sizeof *tries; i++) {
		struct try *y = &tries[i];
		size_t size = 0, more = 1, failed = 0;

		a.used = 0;
		if (!terms_read(bytes_of(y->text), &a, &y->t, &e, &n, &f) ||
			!terms_bind(y->t, &mission, &a, &e, &n, &f))
			abort();
		while (more > 0 && !y->in(y, block, size, &f)) {
			more = lacked(&f);
			size += more < y->most ? more : y->most;
			failed++;
		}
		CHECK(more > 0 && failed > 5, "%s: each of %zu wants of memory "
			"is told", y->what, failed);
		if (more == 0)
			printf("# %s\n", f.text);
	}
	free(block);
	free(a.at);
}

static bool refuse(void *self, const struct finding *x, struct fault *f)
{
	(void)x;
	return *(int *)self == 0 ? fault(f, FAULT_SYSTEM, "full")
				 : (--*(int *)self, true);
}

static void sinks(void)
{
	static uint8_t block[BLOCK];
	int told = 0;

	for (int left = 0; left < 4; left++) {
		struct arena a = arena_on(block, sizeof block);
		int n = left;
		const struct findings out = {refuse, &n};
		struct incident in = an_incident();
		struct facts facts = the_facts();
		const struct terms_error *e;
		struct terms *t;
		struct fault f = {0};
		size_t wrong;

		if (!terms_read(bytes_of(agreement), &a, &t, &e, &wrong, &f) ||
			!terms_bind(t, &mission, &a, &e, &wrong, &f))
			abort();
		told += !judge_incident(t, &facts, &in, &a, &out, &f) &&
			f.kind == FAULT_SYSTEM;
	}
	CHECK(told == 4, "a sink that is full is told");
}

static size_t ends_of_words(const char *s, size_t *at, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; s[i] && n < most; i++)
		if (i == 0 || strchr(" \n,()", s[i]) ||
			strchr(" \n,()", s[i - 1]))
			at[n++] = i;
	return n;
}

/* Every word left out, doubled, or another in its place. */
static void words(void)
{
	static const char *const other[] = {"", "", "\"text\"", "$", "(", ")",
		",", "=", "->", ">=", "0", "1.5", "1.", ".5", "999999999999",
		"9999999999999", "700 km", "0.0001 mm", "9999 d", "tank",
		"unknown", "RULE", "STANDARD", "STANDRD", "EXMPLE", "WITHN",
		"SHA265", "mission", "25:00-26:00", "06:00-06:00",
		"24:00-25:00", "06:0x-18:00", "2026-02-30", "2026-02-03T10:00",
		"\xD1\x83", "\x80", "\"open", "not", "and", "of", "own",
		"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"
		"abcdefghijabcdefghijabcdefghijabcdefghijz"};
	static uint8_t block[8 << 20];
	static char s[16384];
	static size_t cut[4000];
	size_t n = ends_of_words(agreement, cut, 4000), odd = 0, tried = 0;

	for (size_t i = 0; i + 1 < n; i += EACH)
		for (size_t k = 0; k < sizeof other / sizeof *other; k++) {
			struct arena a = arena_on(block, sizeof block);
			const struct terms_error *e;
			struct fault f = {0};
			struct terms *t;
			size_t wrong;

			(void)snprintf(s, sizeof s, "%.*s%s %s",
				(int)cut[i], agreement, other[k],
				agreement + cut[k == 1 ? i : i + 1]);
			if (!terms_read(bytes_of(s), &a, &t, &e, &wrong, &f))
				abort();
			tried++;
			for (size_t j = 0; j < wrong; j++)
				odd += !e[j].text[0] || e[j].line == 0;
		}
	CHECK(odd == 0, "%zu spoilt agreements, each error has words", tried);
}

static struct finding seen;
static char lines[64 * 512];

static bool keep(void *self, const struct finding *x, struct fault *f)
{
	size_t n = 0;

	(void)self;
	(void)f;
	seen = *x;
	lines[0] = '\0';
	for (size_t i = 0; i < x->explanation_count; i++)
		n += (size_t)snprintf(lines + n, sizeof lines - n, "%.500s\n",
			x->explanation[i]);
	return true;
}

/* The last finding of one rule. */
static enum verdict judged(const char *rule, const struct incident *in,
	const struct facts *facts)
{
	static uint8_t block[BLOCK];
	static char s[12000];
	struct arena a = arena_on(block, sizeof block);
	const struct findings out = {keep, NULL};
	const struct terms_error *e;
	struct terms *t;
	struct fault f;
	size_t n;

	(void)snprintf(s, sizeof s, "AGREEMENT t/1 PARTIES A \"a\" B \"b\"\n"
		"LINE loc FILE loc SHA256 %.64s\n"
		"ZONE storage FILE zone SHA256 %.64s\n"
		"STANDARD half = probability >= 0.5 and modalities >= 2\n%s",
		strstr(agreement, "LINE loc") + sizeof "LINE loc FILE loc "
		"SHA256 " - 1, strstr(agreement, "FILE zone") +
		sizeof "FILE zone SHA256 " - 1, rule);
	seen = (struct finding){.verdict = VERDICT_COUNT};
	if (!terms_read(bytes_of(s), &a, &t, &e, &n, &f) ||
		!terms_bind(t, &mission, &a, &e, &n, &f) ||
		!judge_incident(t, facts, in, &a, &out, &f))
		abort();
	return seen.verdict;
}

/* Too much of a thing, and bytes that are none. */
static void bounds(void)
{
	static const char *const of[][3] = {
		{"RULE 1 FORBIDS tank", " BY mission", ""},
		{"RULE 1 FORBIDS tank EXCEPT 1.1", " BY mission", ""},
		{"RULE 1 FORBIDS tank GRADE by count (1 a", ", %d a", ")"},
		{"RULE 1 FORBIDS tank", " EXCEPT 1.%d BY mission", ""},
		{"RULE 1 FORBIDS tank EXAMPLE 1 \"e\" GIVEN tank",
			" NOTIFIED a AT 2026-01-01T00:00Z", " -> BREACH"},
		{"ZONE z NOT GIVEN \"w\" RULE 1 FORBIDS tank EXAMPLE 1 \"e\" "
			"GIVEN tank", " OUTSIDE z", " -> BREACH"},
		{"PARTIES a \"\"", " p%d \"\"", ""},
		{"CLASS c = tank", " and tank CLASS c%d = tank", " or tnk"},
	};
	static uint8_t block[BLOCK];
	static char s[1 << 21];
	const struct terms_error *e;
	struct terms *t;
	struct fault f;
	size_t wrong, told = 0;

	for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
		struct arena a = arena_on(block, sizeof block);
		size_t n = (size_t)snprintf(s, sizeof s, "AGREEMENT t "
			"STANDARD s = probability >= 0.5 %s", of[i][0]);

		for (int k = 2; k < 40; k++) {
			const char *d = strstr(of[i][1], "%d");

			n += (size_t)snprintf(s + n, sizeof s - n, "%.*s",
				d ? (int)(d - of[i][1]) : 99, of[i][1]);
			if (d)
				n += (size_t)snprintf(s + n, sizeof s - n,
					"%d%s", k, d + 2);
		}
		(void)snprintf(s + n, sizeof s - n, "%s", of[i][2]);
		if (!terms_read(bytes_of(s), &a, &t, &e, &wrong, &f))
			abort();
		told += wrong > 0;
	}
	CHECK(told == sizeof of / sizeof *of, "too much of %zu things", told);
	static const char odd[] = "\xEF\xBB\xBF" "AGREEMENT t TITLE "
		"\"a\0b \\q \\\"\" \0 # remark without an end";
	struct arena a = arena_on(block, sizeof block);

	CHECK(terms_read((struct bytes){(const uint8_t *)odd, sizeof odd - 1},
			&a, &t, &e, &wrong, &f) && wrong == 1 &&
			e->column == 31, "bytes that stand for nothing");
	memset(s, ' ', sizeof s);
	CHECK(!terms_read((struct bytes){(const uint8_t *)s, sizeof s}, &a,
			&t, &e, &wrong, &f) && f.kind == FAULT_LIMIT,
		"a text of 2 MiB");
}

static void corners(void)
{
	struct facts none = {.mission = &mission};
	struct facts facts = the_facts();
	struct incident in = an_incident();
	struct activity far = facts.activity[0];
	char rule[6000];
	size_t n;

	in.kind[KIND_WEAPON] = 0;
	in.kind[KIND_EXPLOSION] = in.kind[KIND_FIRE] = 0.5;
	in.modalities = 1;
	CHECK(judged("RULE 1 FORBIDS explosion", &in, &none) ==
			VERDICT_NO_BREACH && !*seen.flips_if,
		"even chances, one modality: no breach, nothing flips it");
	for (int i = 0; i < KIND_COUNT; i++)
		in.kind[i] = 0.0384615;
	CHECK(judged("RULE 1 FORBIDS explosion", &in, &none) <
			VERDICT_COUNT && strstr(lines, "...\n"),
		"a line of all kinds is cut");
	in = an_incident();
	in.kind[KIND_WEAPON] = NAN;
	in.kind[KIND_UNKNOWN] = 1;
	CHECK(judged("RULE 1 FORBIDS weapon", &in, &none) ==
			VERDICT_UNDETERMINED, "a probability that is none");
	in = an_incident();
	in.place.lat_deg = -48;
	in.place.lon_deg = -143;
	CHECK(judged("RULE 1 FORBIDS weapon WITHIN 15 km OF loc", &in,
			&none) == VERDICT_NOT_APPLICABLE &&
			strstr(lines, "950 km or more"),
		"the other side of the Earth");
	in = an_incident();
	n = (size_t)snprintf(rule, sizeof rule, "RULE 1 FORBIDS weapon");
	for (int i = 1; i <= 16; i++) {
		n += (size_t)snprintf(rule + n, sizeof rule - n,
			" EXCEPT 1.%d", i);
		for (int k = 0; k < 5; k++)
			n += (size_t)snprintf(rule + n, sizeof rule - n,
				" BY mission");
	}
	CHECK(judged(rule, &in, &none) < VERDICT_COUNT &&
			seen.explanation_count == FINDING_LINES_MAX,
		"an explanation ends at %d lines", FINDING_LINES_MAX);
	facts.activity = &far;
	facts.activity_count = 1;
	for (int i = 0; i < 6; i++) {
		static const struct point places[] = {{91, 0}, {-91, 0},
			{0, 181}, {0, -181}, {0, NAN}, {NAN, 0}};

		far.place.lat_deg = places[i].lat_deg;
		far.place.lon_deg = places[i].lon_deg;
		CHECK_QUIET(judged("RULE 1 FORBIDS weapon EXCEPT 1.1 NOTIFIED "
			"movement 1 h BEFORE, NEAR 1 km", &in, &facts) ==
				VERDICT_BREACH &&
				strstr(lines, "names no place"), "place %d", i);
	}
	struct activity late = {.party = "mission", .what = "query",
		.received = {INSTANT_MAX_NS - 1}, .received_last =
		INSTANT_UNKNOWN, .text = "", .attribute = asks[0],
		.attribute_count = 2, .place = PLACE_UNKNOWN};
	struct facts asked = {.activity = &late, .activity_count = 1};

	CHECK(judged("RULE 1 REQUIRES answer WITHIN 1 h OF query", &in,
			&asked) == VERDICT_UNDETERMINED &&
			strstr(lines, "due by not known"),
		"a window beyond the end of time");
	far.place = in.place;
	far.place.region.ellipse.semi_major_m = 0;
	CHECK(judged("RULE 1 FORBIDS weapon EXCEPT 1.1 NOTIFIED movement 1 h "
		"BEFORE", &in, &facts) == VERDICT_NO_BREACH,
		"a notice of a bare point is of everywhere");
	n = (size_t)snprintf(rule, sizeof rule, "ZONE z NOT GIVEN \"");
	memset(rule + n, 0x80, 200);
	(void)snprintf(rule + n + 200, sizeof rule - n - 200,
		"\" RULE 1 FORBIDS weapon INSIDE z");
	(void)judged(rule, &in, &none);
	CHECK(strstr(lines, "has no geometry: ..."),
		"bytes that are no text leave nothing");
}

/* Places of every sort, as the cloud takes them. */
static void clouds(void)
{
	static const struct point box[] = {{47.99, 37}, {47.99, 37.02},
		{48.01, 37.02}, {48.01, 37}};
	static const struct point thin[] = {{48, 37}, {48, 37.02},
		{48, 37.01}};
	static const struct point off[] = {{48, 37}, {91, 37}, {48, 38}};
	static struct cell cell[400];
	struct facts none = {.mission = &mission};
	const struct ring rings[] = {{box, 4}, {thin, 3}, {off, 3}, {box, 0}};
	int known = 0;

	for (int i = 0; i < 400; i++)
		cell[i] = (struct cell){i == 1 ? 91 : 48, 37.01,
			i == 2 ? INFINITY : 50, i == 3 ? 0
				: i == 4 ? NAN : 0.0025};
	for (int i = 0; i < 11; i++) {
		struct incident in = an_incident();
		struct region *r = &in.place.region;

		r->ellipse = (struct ellipse){INFINITY, INFINITY, 0};
		if (i < 4) {
			r->ring = &rings[i];
			r->ring_count = 1;
		} else if (i < 6) {
			r->cell = cell;
			r->cell_count = i == 4 ? 400 : 0;
		} else {
			r->ellipse = (struct ellipse){i == 6 ? 500000
				: i == 10 ? -1 : 100,
				i == 7 ? -1 : i == 8 ? 400000 : 50,
				i == 9 ? INFINITY : 30};
		}
		(void)judged("RULE 1 FORBIDS weapon WITHIN 800 m OF loc", &in,
			&none);
		known += strstr(lines, "is not known") == NULL;
	}
	CHECK(known == 4, "of eleven places, %d are known", known);
	struct incident in = an_incident();

	in.place.region.ellipse = (struct ellipse){290000, 290000, 0};
	(void)judged("RULE 1 FORBIDS weapon WITHIN 800 m OF loc", &in, &none);
	CHECK(strstr(lines, "is not known"), "580 km of doubt are no place");
}

static void arithmetic(void)
{
	int64_t wrong = 0;

	for (int64_t r = INT64_C(3037000498); r > 3037000000; r--) {
		wrong += fixed_sqrt(r * r - 1) != r - 1;
		wrong += fixed_sqrt(r * r) != r;
		wrong += fixed_sqrt(r * r + 2 * r) != r;
	}
	CHECK(wrong == 0 && fixed_sqrt(INT64_MAX) == INT64_C(3037000499) &&
			fixed_sqrt(-1) == 0, "roots of large squares");
	/* Quotients as near to whole numbers as they come, from both sides. */
	for (int64_t i = 1; i <= 1000000; i++) {
		int64_t d = (int64_t)((uint64_t)i * UINT64_C(
			0x9E3779B97F4A7C15) >> (3 + i % 50)) + 1;
		int64_t most = fixed_min((INT64_C(1) << 62) / d,
			INT64_C(1) << 31) - 1;
		int64_t k = most > 0 ? 1 + i % most : 1;

		wrong += fixed_ratio(k * d - 1, d) != k - 1;
		wrong += fixed_ratio(k * d, d) != k;
	}
	CHECK(wrong == 0, "quotients");
	CHECK(fixed_cos(INT64_C(2000000000)) ==
			fixed_cos(INT64_C(1600000000)),
		"cosine of 200 degrees");
	struct spot s = fixed_spot((struct spot){0, -1799999999},
		(struct flat){-100000, 0});
	CHECK(s.lon > 0, "west over the antimeridian");
	CHECK(fixed_phi(-3, 1) + fixed_phi(3, 1) == 1000000 &&
			fixed_phi(-5, 1) == 0, "the normal distribution");
	/* The table from its definition: phi(x) sum x^(2k+1)/(1.3.5...). */
	for (int i = 0; i <= 160; i++) {
		double x = i / 32.0, term = x, sum = 0;

		for (int k = 1; k < 200; k++) {
			sum += term;
			term *= x * x / (2 * k + 1);
		}
		sum = 0.5 + sum * exp(-x * x / 2) / sqrt(2 * M_PI);
		wrong += fixed_phi(i, 32) != (i == 160 ? 1000000
			: (int32_t)floor(sum * 1e6 + 0.5));
	}
	CHECK(wrong == 0, "its table is what it says");
}

int main(void)
{
	make();
	memory();
	each_want();
	sinks();
	words();
	bounds();
	corners();
	clouds();
	arithmetic();
	return check_done();
}
