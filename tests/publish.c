/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Publishers: a hand-made day to golden outputs (tests/data/publish/; run
 * with the argument `write` to make them anew, then read the difference),
 * determinism, hostile text, what a level withholds, an empty day, a large
 * one. */
#include "publish/publish.h"

#include "base/tree.h"
#include "check.h"
#include "publish/tables.h"

#include <time.h>

#define NS INT64_C(1000000000)
#define HOSTILE "</title><script>alert(1)</script>\"'&\xe2\x80\xae\xff,\n=x"

/* The agreement, by hand: report.c asks for three things only. */
struct terms {
	int unused;
};
static const struct terms agreement;

size_t terms_rules(const struct terms *t)
{
	(void)t;
	return 2;
}

struct rule_view terms_rule(const struct terms *t, size_t i)
{
	static const struct rule_view rules[] = {
		{"4.a", "4", "Heavy weapons shall be at least 15 kilometres "
			     "from the line of contact.", "clear",
			"rule 4.a forbids presence of heavy within 15 km of "
			"loc"},
		{"5.a", "5", "The parties shall refrain from any fire within "
			     "30 kilometres of the line.", "reasonable",
			"rule 5.a forbids shooting within 30 km of loc"},
	};

	(void)t;
	return rules[i];
}

struct digest terms_sha256(const struct terms *t)
{
	(void)t;
	return sha256_of(bytes_of("agreement"));
}

static struct instant utc(const char *text)
{
	struct instant t = INSTANT_UNKNOWN;
	struct fault f;

	if (!instant_parse(bytes_of(text), true, &t, &f))
		CHECK(false, "%s: %s", text, f.text);
	return t;
}

static struct instant minute(int n) /* of the period */
{
	return instant_plus_ns(utc("2026-02-02T17:30:00Z"), n * 60 * NS);
}

static const struct zone_offset offsets[] = {
	{{0}, 7200, "EET"},
	{{INT64_C(1774746000) * NS}, 10800, "EEST"},
};
static const struct point line_points[] = {{48.52, 37.05}, {48.44, 37.22},
	{48.40, 37.31}, {48.29, 37.38}, {48.21, 37.52}, {48.14, 37.55},
	{48.06, 37.71}, {47.98, 37.74}, {47.90, 37.93}};
static const struct ring line_ring = {line_points, 9};
static const struct point zone_points[] = {{48.16, 37.60}, {48.16, 37.80},
	{48.28, 37.80}, {48.28, 37.60}};
static const struct ring zone_ring = {zone_points, 4};
static const struct point river_points[] = {{48.60, 37.60}, {48.45, 37.55},
	{48.34, 37.66}, {48.20, 37.30}, {48.05, 37.28}, {47.80, 37.10}};
static const struct ring river_ring = {river_points, 6};
static const struct shape shapes[] = {
	{.name = "loc", .file = "geo/loc.geojson", .version = "2026-02-01",
		.class_ = "line", .party = "", .role = SHAPE_LINE,
		.ring = &line_ring, .ring_count = 1},
	{.name = "storage-1", .file = "geo/storage.geojson", .version = "1",
		.class_ = "storage", .party = "", .role = SHAPE_ZONE,
		.ring = &zone_ring, .ring_count = 1, .closed = true},
	{.name = "river", .file = "geo/base.geojson", .version = "",
		.class_ = "river", .party = "", .role = SHAPE_BASEMAP,
		.ring = &river_ring, .ring_count = 1},
	{.name = "not to be drawn", .file = "geo/base.geojson", .version = "",
		.class_ = "disputed boundary", .party = "",
		.role = SHAPE_BASEMAP, .ring = &river_ring, .ring_count = 1},
};
static const struct town towns[] = {
	{"Verkhnie", "Верхнє", "", "", "", 48.42, 37.15, 12000, "A"},
	{"Novoselivka", "Новоселівка", "", "", "", 48.30, 37.50, 900, "B"},
	{"Zelenyi Hai", "Зелений Гай", "", "", "", 48.12, 37.42, 2300, "A"},
	{"Kamianka", "Кам’янка", "", "", "", 48.02, 37.86, 56000, "B"},
	{"Pisky", "Піски", "", "", "", 48.35, 37.24, 400, "A"},
	{"Luhove", "Лугове", "", "", "", 48.24, 37.40, COUNT_UNKNOWN, "A"},
	{"Stepne", "Степне", "", "", "", 48.49, 37.86, 8000, "B"},
	{"Dovha Balka", "Довга Балка", "", "", "", 47.93, 37.08, 31000, "A"},
};
static const struct source sources[] = {
	{.id = "DR1", .kind = SOURCE_DRONE, .lat_deg = NAN, .lon_deg = NAN},
	{.id = "P07", .kind = SOURCE_PATROL, .lat_deg = NAN, .lon_deg = NAN},
	{.id = "S01", .kind = SOURCE_ACOUSTIC, .lat_deg = 48.3333333,
		.lon_deg = 37.2222222},
	{.id = "S02", .kind = SOURCE_ACOUSTIC, .lat_deg = 48.2, .lon_deg = 37},
	{.id = "SAT", .kind = SOURCE_SATELLITE, .lat_deg = NAN,
		.lon_deg = NAN},
};

static struct mission the_mission(void)
{
	return (struct mission){.name = "demo",
		.title = "Demonstration cease-fire mission",
		.timezone = "Europe/Kyiv", .tzdata = "2026b",
		.offset = offsets, .offset_count = 2, .cutoff_minute = 1170,
		.south = 47.85, .west = 36.95, .north = 48.58, .east = 38.0,
		.party = {{"A", "Party A"}, {"B", "Party B"}},
		.party_count = 2, .source = sources,
		.source_count = sizeof sources / sizeof *sources,
		.shape = shapes, .shape_count = sizeof shapes / sizeof *shapes,
		.town = towns, .town_count = sizeof towns / sizeof *towns,
		.control_at = utc("2026-02-01T00:00:00Z"),
		.agreement = "agreement.terms", .public_cell_m = 5000};
}

enum { DAY_MOST = 1200 };

struct day {
	struct mission mission;
	struct report report;
	struct incident incident[DAY_MOST], before[8];
	struct finding finding[2 * DAY_MOST];
	struct detection detection[4];
	struct coverage coverage[6], coverage_before[6];
	struct health health[3];
	struct look look[80];
	struct point corner[80][4];
	struct activity activity[1];
	struct claim claim[2];
	struct reply reply[2];
	struct id evidence[3];
};

static struct incident *add(struct day *d, enum kind k, int at_minute,
	double half_s, double lat, double lon, double error_m,
	struct count count)
{
	struct incident *i = &d->incident[d->report.now.incident_count++];
	char key[32];
	int n = snprintf(key, sizeof key, "%zu", d->report.now.incident_count);

	*i = incident_new();
	i->version = 1;
	i->kind[KIND_UNKNOWN] = 0;
	i->kind[k] = 1;
	i->at = minute(at_minute);
	i->from = instant_plus_ns(i->at, (int64_t)(-half_s * 1e9));
	i->to = instant_plus_ns(i->at, (int64_t)(half_s * 1e9));
	i->place.lat_deg = lat;
	i->place.lon_deg = lon;
	i->place.region.ellipse =
		(struct ellipse){error_m, error_m * 0.6, 40};
	i->count = count;
	i->modalities = 1u << MODALITY_ACOUSTIC;
	i->id = id_make('i', i->at,
		(struct bytes){(const uint8_t *)key, (size_t)n});
	return i;
}

static struct finding *judge(struct day *d, const struct incident *i,
	const char *clause, enum verdict verdict, int lo, int hi)
{
	struct finding *x = &d->finding[d->report.now.finding_count++];

	*x = (struct finding){.version = 1, .incident = i->id,
		.incident_version = 1, .clause = clause, .verdict = verdict,
		.lo_ppm = lo, .hi_ppm = hi, .grade = "minor",
		.party = "undetermined", .standard = "reasonable",
		.terms_sha256 = "00000000000000000000000000000000"
				"00000000000000000000000000000000",
		.line_sha256 = "", .flips_if = "",
		.cause = "", .at = i->at};
	finding_name(x);
	return x;
}

#define COUNT_IS(n, m, x) ((struct count){n, m, x})

static int finding_order(const void *pa, const void *pb)
{
	const struct finding *a = pa, *b = pb;
	int c = strcmp(a->incident.text, b->incident.text);

	return c ? c : strcmp(a->clause, b->clause);
}

static void add_arms(struct day *d)
{
	static const struct attribute heard[] = {{"means", "heard"},
		{"assessment", "impact"}, {"direction", "W to E"},
		{"observer", "Secret Person"}, {"notes", "near the school"}};
	static const char *const trace[] = {
		"distance to loc 1.2 km +- 0.1, limit 30 km: P = 0.999",
		"no notified activity within 500 m"};
	struct incident *i;
	struct finding *x;

	i = add(d, KIND_EXPLOSION, 185, 0.2, 48.3412345, 37.2312345, 140,
		COUNT_OF(1));
	i->evidence = d->evidence;
	i->evidence_count = 3;
	i->attribute = heard;
	i->attribute_count = 5;
	i->modalities |= 1u << MODALITY_WITNESS | 1u << MODALITY_SEISMIC;
	x = judge(d, i, "5.a", VERDICT_BREACH, 991000, 999400);
	x->explanation = trace;
	x->explanation_count = 2;
	x->flips_if = "the error region were 27 km or more";
	i = add(d, KIND_EXPLOSION, 190, 0.4, 48.3512, 37.2411, 900,
		COUNT_IS(12, COUNT_AT_LEAST, COUNT_UNKNOWN));
	judge(d, i, "5.a", VERDICT_BREACH, 700000, 999999);
	i = add(d, KIND_EXPLOSION, 191, 2, 48.3514, 37.2413, 400, COUNT_OF(2));
	judge(d, i, "5.a", VERDICT_BREACH, 990000, 990000);
	i = add(d, KIND_EXPLOSION, 900, 0.2, 48.11, 37.50, 6500,
		COUNT_IS(5, COUNT_RANGE, 8));
	i->kind[KIND_EXPLOSION] = 0.7;
	i->kind[KIND_UNKNOWN] = 0.3;
	judge(d, i, "5.a", VERDICT_UNDETERMINED, 210000, 810000);
	i = add(d, KIND_EXPLOSION, 700, 0.2, 48.48, 37.80, 60,
		COUNT_IS(20, COUNT_ABOUT, COUNT_UNKNOWN));
	x = judge(d, i, "5.a", VERDICT_NO_BREACH, 0, 10000);
	x->cause = "notified demining";
	i = add(d, KIND_BURST, 301, 5, 48.20, 37.47, 300,
		COUNT_IS(40, COUNT_OVER, COUNT_UNKNOWN));
	judge(d, i, "5.a", VERDICT_BREACH, 950000, 999000);
	i = add(d, KIND_SHOT, 320, 5, 48.19, 37.46, 300, COUNT_NOT_STATED);
	judge(d, i, "5.a", VERDICT_CONFLICT, 950000, 999000);
	i = add(d, KIND_FLARE, 420, 60, NAN, NAN, INFINITY, COUNT_OF(2));
	judge(d, i, "5.a", VERDICT_NOT_APPLICABLE, 0, 0);
	i = add(d, KIND_FIRE, 1010, 1800, 48.025, 37.83, 375, COUNT_OF(1));
	i->modalities = 1u << MODALITY_HEAT;
	i = add(d, KIND_FLIGHT, 555, 30, 48.26, 37.33, 50, COUNT_OF(1));
	i->modalities = 1u << MODALITY_TRACK;
	judge(d, i, "5.b", VERDICT_UNDETERMINED, 400000, 600000);
	i = add(d, KIND_THUNDER, 1300, 3, 47.95, 37.20, 4000, COUNT_OF(3));
	i = add(d, KIND_EXPLOSION, 1200, 0.2, 48.0, 37.0, 100, COUNT_OF(9));
	i->status = STATUS_REJECTED;
}

static void add_other(struct day *d)
{
	static const struct attribute tank[] = {{"weapon", "tank"},
		{"means", "saw"}};
	static const struct attribute mortar[] = {{"weapon", "mortar"}};
	static const struct feature calibre[] = {{"calibre_min_mm", 82},
		{"calibre_max_mm", 120}};
	static const struct attribute denial[] = {{"party", "B"},
		{"notes", "armed men at the checkpoint said: no"}};
	struct incident *i;
	struct finding *x;

	i = add(d, KIND_WEAPON, 610, 600, 48.27, 37.42, 40, COUNT_OF(2));
	i->attribute = tank;
	i->attribute_count = 2;
	x = judge(d, i, "4.a", VERDICT_BREACH, 1000000, 1000000);
	x->party = "A";
	x->grade = "serious";
	i = add(d, KIND_WEAPON, 615, 600, 48.21, 37.71, 40, COUNT_OF(4));
	i->attribute = mortar;
	i->attribute_count = 1;
	i->feature = calibre;
	i->feature_count = 2;
	x = judge(d, i, "4.a", VERDICT_NO_BREACH, 0, 0);
	x->cause = "inside storage";
	i = add(d, KIND_DENIAL, 800, 900, 48.31, 37.49, 100, COUNT_OF(1));
	i->attribute = denial;
	i->attribute_count = 2;
	i = add(d, KIND_JAMMING, 830, 1200, 48.30, 37.60, 3000, COUNT_OF(1));
	i->modalities = 1u << MODALITY_TRACK;
	i = add(d, KIND_CASUALTY, 186, 600, 48.3413, 37.2312, 100,
		COUNT_OF(1));
	i->modalities = 1u << MODALITY_WITNESS;
}

static struct coverage shares(const char *area, enum kind kind,
	enum modality by, double watched, double partly)
{
	return (struct coverage){.area = area, .kind = kind, .modality = by,
		.watched = watched, .partly = partly,
		.not_watched = 1 - watched - partly};
}

static void add_watch(struct day *d)
{
	struct report *r = &d->report;
	size_t n = 0;

	for (int row = 0; row < 3; row++)
		for (int half = 0; half < 24; half++) {
			struct look *k = &d->look[n];
			double w = 36.95 + 0.33 * row, e = w + 0.33;

			if (half > 14 && half < 19 && row == 1)
				continue;
			d->corner[n][0] = (struct point){47.98, w};
			d->corner[n][1] = (struct point){47.98, e};
			d->corner[n][2] = (struct point){48.5, e};
			d->corner[n][3] = (struct point){48.5, w};
			*k = (struct look){.source = "network",
				.modality = MODALITY_ACOUSTIC,
				.span = {minute(60 * half),
					minute(60 * half + 60)},
				.area = {d->corner[n], 4},
				.kind = KIND_EXPLOSION,
				.pd = row == 2 ? 0.5 : 0.95};
			n++;
		}
	r->look = d->look;
	r->look_count = n;
	d->coverage[0] = shares("all", KIND_EXPLOSION, MODALITY_COUNT,
		0.443, 0.25);
	d->coverage[1] = shares("storage-1", KIND_EXPLOSION, MODALITY_COUNT,
		0.004, 0.9);
	d->coverage[2] = shares("all", KIND_FIRE, MODALITY_HEAT,
		0.12, 0.06);
	d->coverage_before[0] = shares("all", KIND_EXPLOSION, MODALITY_COUNT,
		0.50, 0.20);
	d->coverage_before[1] = shares("all", KIND_FIRE, MODALITY_HEAT,
		0.31, 0.06);
	r->now.coverage = d->coverage;
	r->now.coverage_count = 3;
	r->before.coverage = d->coverage_before;
	r->before.coverage_count = 2;
	d->health[0] = (struct health){.source = "DR1",
		.span = {minute(810), minute(870)}, .state = HEALTH_DEGRADED,
		.why = "GNSS signal interference, assessed as jamming"};
	d->health[1] = (struct health){.source = "S01",
		.span = {minute(0), minute(1440)}, .state = HEALTH_UP,
		.why = ""};
	d->health[2] = (struct health){.source = "S02",
		.span = {minute(900), minute(1145)}, .state = HEALTH_DOWN,
		.why = "no data"};
	r->health = d->health;
	r->health_count = 3;
}

static void add_said(struct day *d)
{
	struct report *r = &d->report;

	d->activity[0] = (struct activity){.party = "B", .what = "demining",
		.span = {minute(690), minute(900)},
		.received = minute(-3000), .received_claimed = true,
		.place = PLACE_UNKNOWN, .text = "demining of two fields"};
	d->activity[0].place.lat_deg = 48.48;
	d->activity[0].place.lon_deg = 37.80;
	d->activity[0].id = id_make('a', minute(-3000), bytes_of("a"));
	r->activity = d->activity;
	r->activity_count = 1;
	d->claim[0] = (struct claim){.party = "A",
		.incident = d->incident[0].id,
		.says = "The other side fired two mortar rounds.",
		.at = minute(185), .received = minute(400),
		.kind = KIND_EXPLOSION, .count = COUNT_OF(2),
		.place = PLACE_UNKNOWN};
	d->claim[1] = (struct claim){.party = "B",
		.says = "Nothing was fired from our positions.",
		.at = minute(200), .received = minute(600),
		.kind = KIND_EXPLOSION, .count = COUNT_NOT_STATED,
		.place = PLACE_UNKNOWN};
	r->claim = d->claim;
	r->claim_count = 2;
	/* Laid before them; A replied, and B late. */
	d->reply[0] = (struct reply){"A", "Ours were silent that hour.",
		minute(1300), 4600, 4500};
	d->reply[1] = (struct reply){"B", "We saw no rounds.", minute(1430),
		4650, 4500};
	d->finding[0].replies = (struct replies){4500, minute(1200),
		minute(1400), d->reply, 2, INSTANT_UNKNOWN, NULL};
	d->finding[1].replies = (struct replies){.of = 4501,
		.opened = minute(1440), .until = minute(2880)};
}

static void frame(struct day *d)
{
	struct report *r = &d->report;

	memset(d, 0, sizeof *d);
	d->mission = the_mission();
	r->mission = &d->mission;
	r->terms = &agreement;
	r->now.period = period_at(&d->mission, minute(1));
	r->before.period = period_before(&d->mission, &r->now.period);
	r->now.incident = d->incident;
	r->now.finding = d->finding;
	r->before.incident = d->before;
	r->detection = d->detection;
	r->level = LEVEL_MISSION;
	r->lang = "en";
	r->rules_version = "1";
	r->proof = (struct proof){sha256_of(bytes_of("root")), 4711, 4700,
		minute(1450), "demo/0123abcd"};
}

static void the_day(struct day *d)
{
	static const char *const from[] = {"P07", "S01", "S02"};
	struct report *r = &d->report;

	frame(d);
	for (size_t i = 0; i < 3; i++) {
		d->detection[i] = detection_new();
		d->detection[i].source = from[i];
		d->detection[i].id = id_make('d', minute(185 + (int)i),
			bytes_of(from[i]));
		d->evidence[i] = d->detection[i].id;
	}
	r->detection_count = 3;
	add_arms(d);
	add_other(d);
	add_watch(d);
	add_said(d);
	for (int i = 0; i < 6; i++) {
		struct incident *x = &d->before[i];

		*x = incident_new();
		x->kind[KIND_UNKNOWN] = 0;
		x->kind[i < 4 ? KIND_EXPLOSION : KIND_FIRE] = 1;
		x->count = COUNT_OF(i + 1);
		x->at = minute(-100 * (i + 1));
		x->id = id_make('i', x->at, bytes_of("before"));
	}
	r->before.incident_count = 6;
	qsort(d->finding, r->now.finding_count, sizeof *d->finding,
		finding_order);
}

struct page {
	char *at;
	size_t len, size;
};

static bool collect(void *self, struct bytes b, struct fault *f)
{
	struct page *p = self;

	(void)f;
	while (p->len + b.len + 1 > p->size) {
		p->size = p->size ? 2 * p->size : 1 << 20;
		p->at = realloc(p->at, p->size);
		if (!p->at)
			abort();
	}
	memcpy(p->at + p->len, b.at, b.len);
	p->len += b.len;
	p->at[p->len] = '\0';
	return true;
}

static const struct publisher *named(const char *name)
{
	for (size_t i = 0; publishers[i]; i++)
		if (strcmp(publishers[i]->name, name) == 0)
			return publishers[i];
	return NULL;
}

static struct page print(const struct day *d, const char *name)
{
	const struct publisher *p = named(name);
	struct page page = {0};
	struct arena a;
	struct fault f = {0};

	if (!p || !arena_map(&a, (size_t)1 << 28, &f)) {
		CHECK(false, "publisher %s: %s", name, f.text);
		return page;
	}
	if (!p->print(&d->report, &a, (struct sink){collect, &page}, &f))
		CHECK(false, "%s: %s", name, f.text);
	arena_unmap(&a);
	return page;
}

static const char *const outputs[] = {"html", "txt", "csv", "json",
	"geojson", "pdf"};
enum { OUTPUTS = 5, ALL_OUTPUTS = 6 }; /* pdf: tests/paper.sh reads it */

static void golden(const struct day *d, const char *name, const char *what,
	bool write)
{
	struct page p = print(d, what);
	char path[160];
	unsigned char *want;
	size_t n = 0;

	(void)snprintf(path, sizeof path, "tests/data/publish/%s.%s.out",
		name, what);
	if (write) {
		FILE *f = fopen(path, "wb");

		if (f) {
			(void)fwrite(p.at, 1, p.len, f);
			(void)fclose(f);
		}
	}
	want = check_file(path, &n);
	CHECK(n == p.len && memcmp(want, p.at, n) == 0, "golden %s (%zu bytes)",
		path, p.len);
	free(want);
	free(p.at);
}

static void test_golden(struct day *d, bool write)
{
	the_day(d);
	for (int i = 0; i < OUTPUTS; i++)
		golden(d, "day", outputs[i], write);
	d->report.level = LEVEL_PUBLIC;
	golden(d, "public", "html", write);
	golden(d, "public", "json", write);
	d->report.level = LEVEL_MISSION;
	d->report.lang = "uk";
	golden(d, "uk", "txt", write);
	frame(d);
	for (int i = 0; i < OUTPUTS; i++)
		golden(d, "empty", outputs[i], write);
}

/* The same day from another place in memory, twice. */
static void test_determinism(struct day *d)
{
	struct day *other = malloc(sizeof *other);

	if (!other)
		abort();
	the_day(d);
	the_day(other);
	for (int i = 0; i < ALL_OUTPUTS; i++) {
		struct page a = print(d, outputs[i]);
		struct page b = print(other, outputs[i]);

		CHECK(a.len == b.len && memcmp(a.at, b.at, a.len) == 0,
			"%s twice: the same %zu bytes", outputs[i], a.len);
		free(a.at);
		free(b.at);
	}
	free(other);
}

static bool holds(const struct page *p, const char *s)
{
	return strstr(p->at, s) != NULL;
}

/* Every text that comes from outside is hostile. */
static void spoil(struct day *d)
{
	static const struct attribute bad[] = {{"means", HOSTILE},
		{"weapon", HOSTILE}, {"notes", HOSTILE},
		{"assessment", HOSTILE}, {"direction", HOSTILE}};
	static const char *const trace[] = {HOSTILE};
	static const struct town town[1] = {{HOSTILE, "", "", "", "", 48.3,
		37.3, 5000, HOSTILE}};

	the_day(d);
	d->mission.title = HOSTILE;
	d->mission.town = town;
	d->mission.town_count = 1;
	d->mission.party[0].name = HOSTILE;
	d->incident[0].attribute = bad;
	d->incident[0].attribute_count = 5;
	d->incident[0].phrase = HOSTILE;
	d->finding[0].clause = HOSTILE;
	d->finding[0].cause = HOSTILE;
	d->finding[0].explanation = trace;
	d->finding[0].explanation_count = 1;
	d->finding[0].flips_if = HOSTILE;
	d->detection[0].source = HOSTILE;
	d->health[2].source = HOSTILE;
	d->health[2].why = HOSTILE;
	d->activity[0].text = HOSTILE;
	d->claim[0].says = HOSTILE;
	d->reply[0].says = HOSTILE;
}

static void test_hostile(struct day *d)
{
	struct page p;
	struct arena a;
	struct fault f = {0};
	const struct tree *tree;

	spoil(d);
	p = print(d, "html");
	CHECK(!holds(&p, "<script") && !holds(&p, "</script") &&
			!holds(&p, "\xe2\x80\xae") && !holds(&p, "\xff"),
		"html: nothing from outside becomes markup");
	CHECK(holds(&p, "&lt;script&gt;alert(1)"), "html: it is shown as text");
	free(p.at);
	p = print(d, "csv");
	CHECK(holds(&p, "\"\"'&") && !holds(&p, ",\n=x"),
		"csv: quotes doubled, a row a line");
	free(p.at);
	d->claim[0].says = d->health[2].why = "=HYPERLINK(\"x\")";
	p = print(d, "csv");
	CHECK(holds(&p, "\"'=HYPERLINK(\"\"x\"\")\""),
		"csv: a formula becomes text");
	free(p.at);
	p = print(d, "txt");
	CHECK(!holds(&p, ",\n=x"), "txt: no line end from outside");
	free(p.at);
	for (int i = 3; i < OUTPUTS; i++) {
		p = print(d, outputs[i]);
		if (!arena_map(&a, 1 << 26, &f))
			abort();
		CHECK(tree_read((struct bytes){(const uint8_t *)p.at, p.len},
			      &a, &tree, &f), "%s parses: %s", outputs[i],
			f.text);
		arena_unmap(&a);
		free(p.at);
	}
}

/* Exact places, sensors and persons never leave at level public. */
static void test_levels(struct day *d)
{
	static const char *const secrets[] = {"48.3412", "37.2312",
		"Secret Person", "near the school", "S01", "P07", "DR1",
		"distance to loc", "d-", "27 km or more",
		"demining of two fields", "48.48", "said: no",
		"fired two mortar rounds", "Ours were silent"};

	for (int i = 0; i < OUTPUTS; i++) {
		struct page p;
		size_t bad = 0;

		the_day(d);
		d->report.level = LEVEL_PUBLIC;
		p = print(d, outputs[i]);
		for (size_t k = 0; k < sizeof secrets / sizeof *secrets; k++) {
			/* "d-" begins ids of evidence, in JSON quotes. */
			const char *s = strcmp(secrets[k], "d-") == 0
				? "\"d-"
				: secrets[k];

			if (!holds(&p, s))
				continue;
			bad++;
			printf("# %s shows '%s'\n", outputs[i], s);
		}
		CHECK(bad == 0, "%s at level public keeps %zu secrets",
			outputs[i], sizeof secrets / sizeof *secrets);
		free(p.at);
		d->report.level = LEVEL_PARTIES;
		p = print(d, outputs[i]);
		CHECK(!holds(&p, "Secret Person") &&
				!holds(&p, "near the school"),
			"%s for the parties names no person", outputs[i]);
		free(p.at);
	}
}

/* No end before its start, no zero without coverage. */
static void test_manners(struct day *d)
{
	struct page p;

	the_day(d);
	d->incident[0].from = minute(300);
	d->incident[0].to = minute(100);
	d->health[2].span = (struct span){minute(1145), minute(900)};
	p = print(d, "txt");
	CHECK(holds(&p, "\xc2\xb1 not known"), "an end before its start is "
					       "not known");
	CHECK(holds(&p, "not comparable"), "coverage apart: not comparable");
	free(p.at);
	frame(d);
	p = print(d, "txt");
	CHECK(holds(&p, "it is not known how much was watched"),
		"an empty day without coverage is not calm");
	free(p.at);
	d->coverage[0] = shares("all", KIND_EXPLOSION, MODALITY_COUNT,
		0.384, 0.1);
	d->report.now.coverage = d->coverage;
	d->report.now.coverage_count = 1;
	p = print(d, "html");
	CHECK(holds(&p, "None recorded; 38&nbsp;% of the area"),
		"zero stands beside its coverage");
	free(p.at);

	/* A satellite's glances are no share of area and time. */
	static const struct look pass = {.modality = MODALITY_HEAT,
		.kind = KIND_FIRE, .of = {{"area_m2", 50}, {"temp_k", 1000}},
		.of_count = 2, .pd = 0.4};
	struct limit limit[] = {
		{"all", 0.84, 5, 50, 1000, 3},
		{"storage-1", 0, NAN, NAN, NAN, 0}};
	d->coverage[1] = shares("all", KIND_FIRE, MODALITY_COUNT, 0, 0.001);
	d->coverage[1].looks = 4;
	d->coverage[1].one = &pass;
	d->coverage[1].pd_least = d->coverage[1].pd_most = 0.4;
	d->report.now.coverage_count = 2;
	d->report.now.limits.limit = limit;
	d->report.now.limits.count = 2;
	p = print(d, "html");
	CHECK(holds(&p, "at times: 4 looks, each with 40&nbsp;%"),
		"glances in the table");
	CHECK(holds(&p, "For fires, the area was watched only at times: 4 "
		"passes of satellites, each of which would have shown a fire "
		"of 50"), "and in the summary");
	CHECK(holds(&p, "no other heard over 84&nbsp;% of area and hours, and "
		"would have been heard there with 90&nbsp;% above 50"),
		"heard, and what else would have been");
	CHECK(holds(&p, ">not observed<"), "where nobody listened");
	free(p.at);
	d->report.lang = "fr";
	p = print(d, "html");
	CHECK(holds(&p, "aucune autre entendue"), "three heard, in French");
	free(p.at);
	d->report.lang = "en";
}

static void test_large(struct day *d)
{
	struct page p;
	clock_t begun;
	double took;

	the_day(d);
	while (d->report.now.incident_count < 1000) {
		int n = (int)d->report.now.incident_count;
		struct incident *i = add(d,
			n % 3 ? KIND_EXPLOSION : KIND_BURST, n % 1440, 0.5,
			47.9 + n * 13 % 600 * 0.001,
			37.0 + n * 29 % 900 * 0.001, 200,
			COUNT_OF(1 + n % 4));

		judge(d, i, "5.a", n % 2 ? VERDICT_BREACH
					 : VERDICT_UNDETERMINED,
			500000, 900000);
	}
	qsort(d->finding, d->report.now.finding_count, sizeof *d->finding,
		finding_order);
	begun = clock();
	for (int i = 0; i < OUTPUTS; i++) {
		p = print(d, outputs[i]);
		printf("# 1000 rows as %s: %zu bytes\n", outputs[i], p.len);
		if (i == 0)
			CHECK(p.len < 1500000, "html of 1000 rows: %zu kB",
				p.len / 1000);
		free(p.at);
	}
	took = (double)(clock() - begun) / CLOCKS_PER_SEC;
	/* DESK 6: 1000 rows within 5 s; ours are far below, also under asan. */
	CHECK(took < 5, "1000 rows in all formats: %.2f s", took);
}

static void test_tables(struct day *d)
{
	struct arena a;
	struct fault f = {0};
	struct view v;
	struct table t;
	size_t rows = 0;

	the_day(d);
	if (!arena_map(&a, 1 << 26, &f) || !report_view(&d->report, &a, &v, &f))
		abort();
	for (int i = TABLE_VIOLATIONS; i <= TABLE_NOTIFIED; i++) {
		const char *group = "", *seen[8] = {0};
		size_t n = 0;

		if (!table_make(&v, (enum table_id)i, &t, &f))
			CHECK(false, "%s", f.text);
		rows += t.rows;
		for (size_t r = 0; r < t.rows; r++) {
			if (strcmp(t.row[r].group, group) == 0)
				continue;
			group = t.row[r].group;
			for (size_t k = 0; k < n; k++)
				CHECK(strcmp(seen[k], group) != 0,
					"group %s is one block", group);
			if (n < 8)
				seen[n++] = group;
		}
		CHECK(table_named(t.name) == i, "table %s, %zu rows", t.name,
			t.rows);
	}
	/* Every event once; one notice and one outage of health beside. */
	CHECK(rows == v.event_count + 2 && v.rejected == 1,
		"%zu rows hold %zu events", rows, v.event_count);
	CHECK(v.verdicts[VERDICT_BREACH] == 5 &&
			v.verdicts[VERDICT_UNDETERMINED] == 2 &&
			v.verdicts[VERDICT_CONFLICT] == 1 &&
			v.verdicts[VERDICT_NO_BREACH] == 2 &&
			v.verdicts[VERDICT_NOT_APPLICABLE] == 1,
		"verdicts counted");
	arena_unmap(&a);
}

static void save(const struct day *d, const char *folder, const char *name,
	const char *what)
{
	struct page p = print(d, what);
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof path, "%s/%s.%s", folder, name, what);
	f = fopen(path, "wb");
	if (!f || fwrite(p.at, 1, p.len, f) != p.len || fclose(f) != 0)
		CHECK(false, "%s", path);
	free(p.at);
}

/* A week of this day and the one before, with a correction. */
static void the_week(struct day *d)
{
	static struct report_part parts[7];
	static struct correction mended[1];
	struct report *r = &d->report;

	the_day(d);
	for (int i = 0; i < 7; i++)
		parts[i] = i % 2 ? r->before : r->now;
	mended[0] = (struct correction){d->before[0].id, minute(100),
		d->before[0].at, "reject", "OBS", "a door that slammed", NULL};
	r->edition = EDITION_WEEK;
	r->day = parts;
	r->day_count = 7;
	r->correction = mended;
	r->correction_count = 1;
}

/* The first incident alone. */
static void the_spot(struct day *d)
{
	struct report_part *p = &d->report.now;

	the_day(d);
	d->report.edition = EDITION_SPOT;
	p->incident_count = 1;
	while (strcmp(p->finding->incident.text, d->incident[0].id.text) != 0)
		p->finding++;
	p->finding_count = 1;
	d->report.claim_count = 1;
}

/* A claim that was weighed with an incident is not said to be of none. */
static void test_weighed(struct day *d)
{
	static const char none[] = "The mission has no incident of its own";
	struct finding_claim weighed;
	struct page p;

	the_day(d);
	weighed = (struct finding_claim){d->claim[1].party, d->claim[1].says,
		d->claim[1].at};
	p = print(d, "html");
	CHECK(holds(&p, none), "a claim of no incident is said to be so");
	free(p.at);
	d->finding[0].claim = &weighed;
	d->finding[0].claim_count = 1;
	p = print(d, "html");
	CHECK(!holds(&p, none) && holds(&p, d->claim[1].says),
		"one that a finding weighed stands with its incident");
	free(p.at);
}

static void test_spot(struct day *d)
{
	struct page p;

	the_spot(d);
	p = print(d, "html");
	CHECK(holds(&p, "Rule 5.a") && !holds(&p, "Rule 4.a"),
		"a spot report quotes the rules that judged its incident");
	free(p.at);
}

/* Every step to the verdict, an article and a reply to their last word. */
static void test_whole(struct day *d)
{
	static const char *const lang[] = {"en", "ru"};
	static const char *line[30];
	static char at[30][64], said[3000];
	struct page p;

	for (size_t i = 0; i < 30; i++) {
		snprintf(at[i], sizeof at[i], "line %zu of what follows", i);
		line[i] = at[i];
	}
	line[29] = "verdict: breach, by undetermined";
	for (size_t i = 0; i + 40 < sizeof said; i += 2)
		memcpy(said + i, "я", 2);
	snprintf(said + sizeof said - 40, 40, " and the last word");
	for (size_t i = 0; i < 2; i++) {
		the_day(d);
		d->finding[0].explanation = line;
		d->finding[0].explanation_count = 30;
		d->claim[0].says = said;
		d->report.lang = lang[i];
		p = print(d, "html");
		CHECK(holds(&p, "line 28 of what follows") &&
			holds(&p, i == 0 ? "verdict: breach, side not "
				"determined" : "вывод: нарушение, сторона не "
				"определена"),
			"%s: a report has every step, to the verdict",
			lang[i]);
		CHECK(holds(&p, "and the last word"),
			"%s: and what a party says, to its last word",
			lang[i]);
		free(p.at);
	}
}

/* What would turn a finding over, in the reader's language or as recorded. */
static void test_turned(struct day *d)
{
	static const struct called called[] = {
		{"loc", "Line", "Лінія", "Линия", "Ligne"}};
	static const struct {
		const char *lang, *flips, *says;
	} row[] = {
		{"fr", "would be no breach if it lay 1.5 km nearer to loc",
			"Ce qui changerait le constat\u00a0: «\u00a0pas de "
			"violation\u00a0» si le lieu était 1,5\u00a0km plus "
			"près de «\u00a0Ligne\u00a0»."},
		{"uk", "would be undetermined if the error region were 60 m or "
			"less (is 1.2 km), or if it lay 5 m farther from loc",
			"Що змінило б висновок: «не визначено», якби область "
			"похибки була 60\u00a0м або менша (вона "
			"1,2\u00a0км); «не визначено», якби місце було на "
			"5\u00a0м далі від «Лінія»."},
		{"ru", "would be a breach if the error region were 3 km or "
			"more (is 20 m), would be a conflict if it lay 7 km "
			"nearer to elsewhere",
			"Что изменило бы вывод: «нарушение», если бы область "
			"погрешности была 3\u00a0км или больше (она "
			"20\u00a0м); «коллизия», если бы место было на "
			"7\u00a0км ближе к «elsewhere»."},
		{"fr", "would be a breach with 2 more modalities",
			"«\u00a0violation\u00a0» avec davantage de sortes "
			"d’éléments\u00a0: encore 2."},
		{"fr", "would be a breach if loc were elsewhere",
			"(en anglais)\u00a0: would be a breach if loc were "
			"elsewhere."},
		{"fr", "would be a breach if it lay 1 km or so nearer to loc",
			"(en anglais)"},
		{"fr", "would be a breach, or so", "(en anglais)"},
		{"en", "would be a breach with 1 more modality",
			"The finding would be a breach with 1 more modality."},
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct page p;

		the_day(d);
		d->mission.called = called;
		d->mission.called_count = 1;
		d->report.lang = row[i].lang;
		d->finding[0].verdict = VERDICT_BREACH;
		d->finding[0].flips_if = row[i].flips;
		p = print(d, "html");
		CHECK(holds(&p, row[i].says), "%s: %s", row[i].lang,
			row[i].flips);
		free(p.at);
	}
}

/* French as it is written: elision, a comma, gender, spaces before marks. */
static void test_french(struct day *d)
{
	static const char *const says[] = {
		"1\u00a0km au sud-sud-ouest d’Odarivka",
		"km à l’est de Novosselivka",
		"99,1 à plus de 99,9\u00a0%",
		"explosion, 1\u00a0: violation (5.a)", "violation (mineure)",
		"«\u00a0Ours were silent that hour.\u00a0»"};
	static const char *const never[] = {" de Odarivka", "au est",
		"au ouest", " ;", " :", "“", "Du:", "99.9"};
	struct town town[16];
	struct page p;

	the_day(d);
	for (size_t i = 0; i < d->mission.town_count; i++) {
		town[i] = d->mission.town[i];
		if (strcmp(town[i].name, "Pisky") == 0)
			town[i].name_fr = "Odarivka";
		if (strcmp(town[i].name, "Novoselivka") == 0)
			town[i].name_fr = "Novosselivka";
	}
	d->mission.town = town;
	d->report.lang = "fr";
	p = print(d, "html");
	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		CHECK(holds(&p, says[i]), "French has %s", says[i]);
	free(p.at);
	p = print(d, "txt"); /* whose form has no such signs of its own */
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		CHECK(!holds(&p, never[i]), "and never %s", never[i]);
	free(p.at);
}

/* Page and paper of the days above, for tests/paper.sh. */
static int papers(struct day *d, const char *folder)
{
	static const char *const langs[] = {"en", "uk", "ru", "fr"};
	static const char *const two[] = {"html", "pdf"};

	for (int k = 0; k < 2; k++) {
		for (int i = 0; i < 4; i++) {
			the_day(d);
			d->report.lang = langs[i];
			save(d, folder, langs[i], two[k]);
		}
		the_day(d);
		d->report.level = LEVEL_PUBLIC;
		save(d, folder, "public", two[k]);
		the_week(d);
		save(d, folder, "week", two[k]);
		d->report.level = LEVEL_PUBLIC;
		save(d, folder, "publicweek", two[k]);
		the_spot(d);
		save(d, folder, "spot", two[k]);
		d->report.level = LEVEL_PUBLIC;
		save(d, folder, "publicspot", two[k]);
		frame(d);
		save(d, folder, "empty", two[k]);
		spoil(d);
		save(d, folder, "hostile", two[k]);
	}
	return check_done();
}

int main(int argc, char **argv)
{
	struct day *d = malloc(sizeof *d);

	if (!d)
		return 1;
	if (argc > 2 && strcmp(argv[1], "papers") == 0)
		return papers(d, argv[2]);
	test_golden(d, argc > 1 && strcmp(argv[1], "write") == 0);
	test_determinism(d);
	test_hostile(d);
	test_levels(d);
	test_manners(d);
	test_large(d);
	test_tables(d);
	test_weighed(d);
	test_whole(d);
	test_turned(d);
	test_french(d);
	test_spot(d);
	free(d);
	return check_done();
}
