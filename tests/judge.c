/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "check.h"
#include "geo/frame.h"
#include "geo/geodesic.h"
#include "judge/fixed.h"
#include "judge/judge.h"
#include "judge/reach.h"

#include <math.h>

/* A straight line north and south on 37 E, A's ground west of it, B's east;
 * A's storage 10 to 12 km west, a corridor across it 5 to 6 km north. */
static struct arena arena;
static struct mission mission;
static struct shape shape[8];
static struct ring ring[8];
static struct point corner[8][5];
static struct zone_offset offset[] = {
	{{0}, 7200, "EET"},
	/* 2026-03-29T01Z */
	{{INT64_C(1774746000) * 1000000000}, 10800, "EEST"},
};

static struct point at_km(double east, double north)
{
	struct frame f = frame_at(48, 37);

	return frame_from(&f, (struct xy){east * 1000, north * 1000});
}

static void box(size_t i, const char *file, enum shape_role role,
	const char *party, const double km[4])
{
	size_t n = role == SHAPE_LINE ? 2 : 4;

	corner[i][0] = at_km(km[0], km[1]);
	corner[i][1] = at_km(role == SHAPE_LINE ? km[0] : km[2],
		role == SHAPE_LINE ? km[3] : km[1]);
	corner[i][2] = at_km(km[2], km[3]);
	corner[i][3] = at_km(km[0], km[3]);
	if (role == SHAPE_LINE)
		for (int k = 0; k < 2; k++)
			corner[i][k].lon_deg = 37 + km[0] / 74.6;
	ring[i] = (struct ring){corner[i], n};
	shape[i] = (struct shape){.name = file, .file = file,
		.sha256 = sha256_of(bytes_of(file)), .version = "1",
		.class_ = "", .party = party, .role = role,
		.ring = &ring[i], .ring_count = 1, .closed = n == 4};
}

static void make_mission(bool control)
{
	size_t n = 0;

	box(n++, "loc", SHAPE_LINE, "", (double[]){0, -150, 0, 150});
	box(n++, "loc_b", SHAPE_LINE, "B", (double[]){-1, -150, -1, 150});
	box(n++, "storage", SHAPE_ZONE, "A", (double[]){-12, -1, -10, 1});
	box(n++, "corridor", SHAPE_ZONE, "", (double[]){-6, 5, 6, 6});
	box(n++, "ca", SHAPE_CONTROL, "A", (double[]){-90, -90, 0, 90});
	box(n++, "cb", SHAPE_CONTROL, "B", (double[]){0, -90, 90, 90});
	mission = (struct mission){.name = "t", .timezone = "Europe/Kyiv",
		.offset = offset, .offset_count = 2, .shape = shape,
		.shape_count = control ? n : n - 2};
}

static const char *hex(const char *file)
{
	static char s[4][SHA256_HEX];
	static int i;
	struct digest d = sha256_of(bytes_of(file));

	i = (i + 1) % 4;
	return digest_hex(&d, s[i]);
}

static struct terms *terms_of(const char *rules, size_t *wrong)
{
	char *s = malloc(1 << 20);
	const struct terms_error *e;
	struct terms *t;
	struct fault f;
	size_t n;

	(void)snprintf(s, 1 << 20,
		"AGREEMENT t/1 TIMEZONE Europe/Kyiv PARTIES A \"a\" B \"b\"\n"
		"LINE loc FILE loc SHA256 %s ERROR 50 m\n"
		"LINE loc_b FILE loc_b SHA256 %s ERROR 200 m MEASURED BY B\n"
		"LINE lost NOT GIVEN \"its coordinates were never published\"\n"
		"ZONE buffer = WITHIN 2 km OF loc\n"
		"ZONE wide = WITHIN 50 km TOTAL OF loc\n"
		"ZONE storage FILE storage SHA256 %s\n"
		"ZONE corridor FILE corridor SHA256 %s FLOOR 0 m CEILING 3 km\n"
		"ZONE nowhere = WITHIN 2 km OF lost\n"
		"CLASS heavy = tank or mlrs or"
		" (artillery and calibre_mm >= 100)"
		" or (mortar and calibre_mm >= 120)\n"
		"CLASS shooting = explosion or burst or shot or projectile\n"
		"STANDARD clear = probability >= 0.95 and modalities >= 2\n"
		"STANDARD plain = probability >= 0.95\n"
		"STANDARD reasonable = probability >= 0.50\n"
		"ARTICLE 1 TEXT \"No weapon near the line.\"\n%s\n",
		hex("loc"), hex("loc_b"), hex("storage"), hex("corridor"),
		rules);
	if (!terms_read(bytes_of(s), &arena, &t, &e, &n, &f))
		abort();
	for (size_t i = 0; i < n; i++)
		printf("# %zu:%zu: %s\n", e[i].line, e[i].column, e[i].text);
	*wrong = n;
	if (!terms_bind(t, &mission, &arena, &e, &n, &f))
		abort();
	for (size_t i = 0; i < n; i++)
		printf("# %zu:%zu: %s\n", e[i].line, e[i].column, e[i].text);
	*wrong += n;
	free(s);
	return t;
}

struct seen {
	struct finding x;
	size_t count;
	char lines[8192];
};

static bool see(void *self, const struct finding *x, struct fault *f)
{
	struct seen *s = self;
	size_t n = 0;

	(void)f;
	s->x = *x;
	s->count++;
	for (size_t i = 0; i < x->explanation_count; i++)
		n += (size_t)snprintf(s->lines + n, sizeof s->lines - n,
			"%s\n", x->explanation[i]);
	return true;
}

static struct instant when(const char *s)
{
	struct instant t = INSTANT_UNKNOWN;
	struct fault f;

	if (s && !instant_parse(bytes_of(s), true, &t, &f))
		abort();
	return t;
}

enum { NOTICES = 3 };
struct notice_row {
	const char *what, *party, *from, *to, *received;
	double x, y, radius_m; /* radius 0: a bare point; < 0: no place */
	bool claimed;
	const char *last; /* latest receipt */
};

#define KM(x_km, err) .x = (x_km), .err_m = (err)
#define DAY "2026-02-03T10:00:00Z"
#define UNKNOWN_PLACE .x = NAN

struct row {
	const char *name, *rule;
	enum verdict want;
	enum kind kind;
	double p, unknown;   /* 0: p is 1 */
	double x, y, err_m;
	const char *at, *to; /* NULL: DAY, and a moment */
	const char *weapon, *low_mm, *high_mm, *party, *assessment;
	double alt_m;        /* 0: not known */
	unsigned modalities; /* 0: acoustic alone */
	struct count count;  /* zero: exactly one */
	struct notice_row notice[NOTICES];
	const char *by, *grade, *cause, *line, *flips; /* NULL: not asked */
	bool no_control;
	int nothing;         /* no finding at all */
};

#define SHOT "RULE 1.a FORBIDS shooting WITHIN 30 km OF loc "
#define HEAVY "RULE 1.a FORBIDS presence of heavy WITHIN 15 km OF loc " \
	"ON own side "
#define FLY "RULE 1.a FORBIDS flight of uav INSIDE buffer "
#define PLAIN "STANDARD plain"
#define DEMINING "EXCEPT 1.a.1 NOTIFIED demining 24 h BEFORE, NEAR 500 m, " \
	"DAILY 06:00-18:00 "
#define N_OK {"demining", "A", "2026-02-03T08:00:00Z", \
	"2026-02-03T14:00:00Z", "2026-02-02T07:59:59.999999Z", -4, 0, 100, \
	false}
#define BOTH (1u << MODALITY_ACOUSTIC | 1u << MODALITY_HEAT)

static const struct row rows[] = {
	/* the five verdicts */
	{"breach", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50),
		.line = "distance to loc 4.0 km +- 50 m, limit 30 km: P = "
			"1.000"},
	{"not applicable: place", SHOT PLAIN, VERDICT_NOT_APPLICABLE,
		KM(-60, 50), .line = "its place is outside the rule"},
	{"no breach: improbable", SHOT PLAIN, VERDICT_NO_BREACH,
		KM(-30.07, 20)},
	{"undetermined: on the limit", SHOT PLAIN, VERDICT_UNDETERMINED,
		KM(-30, 500)},
	{"conflict: two exceptions",
		HEAVY "EXCEPT 1.a.1 INSIDE storage EXCEPT 1.a.2 BY A " PLAIN,
		VERDICT_CONFLICT, KIND_WEAPON, KM(-11, 20), .weapon = "tank",
		.party = "A", .cause = ""},
	{"conflict: two exceptions by time", SHOT "EXCEPT 1.a.1 DAILY "
		"06:00-18:00 EXCEPT 1.a.2 DAILY 07:00-19:00 " PLAIN,
		VERDICT_CONFLICT, KM(-4, 50), .cause = "", .flips = "would be "
			"not applicable if it lay 50 km farther from loc"},
	{"no breach: one exception by time", SHOT "EXCEPT 1.a.1 DAILY "
		"06:00-18:00 " PLAIN, VERDICT_NO_BREACH, KM(-4, 50),
		.cause = "1.a.1", .flips = "would be not applicable if it lay "
			"50 km farther from loc"},
	{"undetermined: one exception applies, another may", SHOT "EXCEPT "
		"1.a.1 DAILY 06:00-18:00 EXCEPT 1.a.2 DAILY 12:30-20:00 "
		PLAIN, VERDICT_UNDETERMINED, KM(-4, 50),
		.to = "2026-02-03T10:45:00Z", .cause = "1.a.1",
		.flips = "would be not applicable if it lay 50 km farther "
			"from loc"},
	/* the other conditions of a standard */
	{"one modality", SHOT "STANDARD clear", VERDICT_UNDETERMINED,
		KM(-4, 50), .line = "1 there, not enough",
		.flips = "would be a breach with 1 more modality"},
	{"two modalities", SHOT "STANDARD clear", VERDICT_BREACH, KM(-4, 50),
		.modalities = BOTH, .line = "2 there, enough"},
	{"a witness alone, at the lower standard", SHOT "STANDARD reasonable",
		VERDICT_BREACH, KIND_EXPLOSION, 0.7, .unknown = 0.3,
		KM(-4, 500), .modalities = 1u << MODALITY_WITNESS,
		.line = "explosion 0.700, unknown 0.300: P = 0.700 to 1.000"},
	{"a witness alone, at the higher", SHOT PLAIN, VERDICT_UNDETERMINED,
		KIND_EXPLOSION, 0.7, .unknown = 0.3, KM(-4, 500),
		.modalities = 1u << MODALITY_WITNESS},
	{"no standard named: the strictest", SHOT, VERDICT_UNDETERMINED,
		KM(-4, 50), .line = "standard clear asks 0.950 and 2"},
	/* kinds */
	{"another kind: silence", SHOT PLAIN, VERDICT_BREACH, KIND_FIRE,
		KM(-4, 50), .nothing = 1},
	{"a fire is no shooting, but a share may be", SHOT PLAIN,
		VERDICT_UNDETERMINED, KIND_EXPLOSION, 0.3, .unknown = 0.1,
		KM(-4, 50)},
	{"kind unknown", SHOT PLAIN, VERDICT_UNDETERMINED, KIND_UNKNOWN,
		KM(-4, 50), .line = "unknown 1.000: P = 0.000 to 1.000"},
	{"kind unknown, far away", SHOT PLAIN, VERDICT_NOT_APPLICABLE,
		KIND_UNKNOWN, KM(-90, 50)},
	{"kinds of a class add up",
		"RULE 1.a FORBIDS (explosion or not explosion) WITHIN 30 km OF "
		"loc " PLAIN,
		VERDICT_BREACH, KIND_EXPLOSION, 0.5, KM(-4, 50)},
	/* place */
	{"place not known", SHOT PLAIN, VERDICT_UNDETERMINED, UNKNOWN_PLACE,
		.line = "where it happened is not known"},
	{"region endless", SHOT PLAIN, VERDICT_UNDETERMINED, KM(-4, INFINITY)},
	{"inside the limit, within the line's own error",
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN,
		VERDICT_UNDETERMINED, KM(-3.97, 1)},
	{"inside the limit, beyond it",
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN,
		VERDICT_BREACH, KM(-3.94, 1)},
	{"total width is halved",
		"RULE 1.a FORBIDS shooting WITHIN 50 km TOTAL OF loc " PLAIN,
		VERDICT_BREACH, KM(-24, 50), .line = "limit 25 km"},
	{"total width is not the side",
		"RULE 1.a FORBIDS shooting WITHIN 50 km TOTAL OF loc " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-27, 50)},
	{"a zone of total width",
		"RULE 1.a FORBIDS shooting INSIDE wide " PLAIN, VERDICT_BREACH,
		KM(-24, 50), .line = "zone wide reaches 25 km"},
	{"inside a polygon", "RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN,
		VERDICT_BREACH, KM(1, 50), .y = 5.5,
		.line = "inside corridor, its border at 500 m +- 50 m"},
	{"outside a polygon",
		"RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(1, 50), .y = 7,
		.line = "outside corridor, its border at 1.0 km"},
	{"on a polygon's border",
		"RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN,
		VERDICT_UNDETERMINED, KM(1, 50), .y = 6},
	{"OUTSIDE", "RULE 1.a FORBIDS shooting OUTSIDE corridor " PLAIN,
		VERDICT_BREACH, KM(1, 50), .y = 7},
	{"OUTSIDE, but inside",
		"RULE 1.a FORBIDS shooting OUTSIDE corridor " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(1, 50), .y = 5.5},
	{"over the ceiling",
		"RULE 1.a FORBIDS flight of uav INSIDE corridor " PLAIN,
		VERDICT_NOT_APPLICABLE, KIND_FLIGHT, KM(1, 50), .y = 5.5,
		.weapon = "uav", .alt_m = 3001},
	{"under the ceiling",
		"RULE 1.a FORBIDS flight of uav INSIDE corridor " PLAIN,
		VERDICT_BREACH, KIND_FLIGHT, KM(1, 50), .y = 5.5,
		.weapon = "uav", .alt_m = 2999},
	{"flight of unknown height",
		"RULE 1.a FORBIDS flight of uav INSIDE corridor " PLAIN,
		VERDICT_UNDETERMINED, KIND_FLIGHT, KM(1, 50), .y = 5.5,
		.weapon = "uav"},
	{"geometry not given",
		"RULE 1.a FORBIDS shooting INSIDE nowhere " PLAIN,
		VERDICT_UNDETERMINED, KM(1, 50),
		.line = "its coordinates were never published"},
	{"a line not given",
		"RULE 1.a FORBIDS shooting WITHIN 5 km OF lost " PLAIN,
		VERDICT_UNDETERMINED, KM(1, 50),
		.line = "lost has no geometry"},
	/* lines of the parties */
	{"the clause's line decides, the other is shown",
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-4.6, 20),
		.line = "as B measures, distance to loc_b 3.6 km +- 20 m: P = "
			"1.000 (shown only: the clause names loc)"},
	{"of a zone about the line too",
		"RULE 1.a FORBIDS shooting INSIDE buffer " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-2.6, 20),
		.line = "as B measures, distance to loc_b 1.6 km +- 20 m: P = "
			"1.000 (shown only: the clause names buffer)"},
	{"and the other way round",
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc_b " PLAIN,
		VERDICT_BREACH, KM(-4.6, 20),
		.line = "distance to loc_b 3.6 km"},
	/* time */
	{"before FROM", SHOT "FROM 2026-02-03T10:00:00.000001Z " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-4, 50),
		.line = "its time is outside the rule"},
	{"at FROM", SHOT "FROM 2026-02-03T10:00Z " PLAIN, VERDICT_BREACH,
		KM(-4, 50)},
	{"interval over FROM", SHOT "FROM 2026-02-03T10:00:01Z " PLAIN,
		VERDICT_UNDETERMINED, KM(-4, 50), .to = "2026-02-03T10:00:02Z"},
	{"at UNTIL", SHOT "UNTIL 2026-02-03T10:00Z " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-4, 50)},
	{"before UNTIL", SHOT "UNTIL 2026-02-03T10:00:00.000001Z " PLAIN,
		VERDICT_BREACH, KM(-4, 50)},
	{"in the daily window, local time", SHOT "DAILY 12:00-13:00 " PLAIN,
		VERDICT_BREACH, KM(-4, 50)},
	{"at the window's end", SHOT "DAILY 11:00-12:00 " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-4, 50)},
	{"summer time moves it", SHOT "DAILY 13:00-14:00 " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .at = "2026-04-03T10:00:00Z"},
	{"a window over midnight", SHOT "DAILY 22:00-06:00 " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .at = "2026-02-03T01:00:00Z"},
	{"interval over a window's edge", SHOT "DAILY 12:00-13:00 " PLAIN,
		VERDICT_UNDETERMINED, KM(-4, 50), .to = "2026-02-03T11:00:00Z"},
	{"interval over a whole day", SHOT "DAILY 13:00-14:00 " PLAIN,
		VERDICT_UNDETERMINED, KM(-4, 50), .to = "2026-02-04T10:00:00Z"},
	{"one time, told beside each of the rule's conditions on it",
		SHOT "FROM 2026-02-02T00:00Z UNTIL 2026-03-02T00:00Z " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .to = "2026-02-03T10:00:02Z",
		.line = "time 2026-02-03T10:00:00Z to 2026-02-03T10:00:02Z, "
			"UNTIL 2026-03-02T00:00:00Z: P = 1.000"},
	{"time not known", SHOT "FROM 2026-02-02T00:00Z " PLAIN,
		VERDICT_UNDETERMINED, KM(-4, 50), .at = ""},
	/* weapons */
	{"a tank on A's ground", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON,
		KM(-4, 50), .weapon = "tank", .by = "A"},
	{"a tank on B's ground", HEAVY PLAIN, VERDICT_BREACH, KIND_VEHICLE,
		KM(4, 50), .weapon = "tank", .by = "B",
		.line = "party: B, which controls this ground"},
	{"a tank on the very line", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON,
		KM(0, 50), .weapon = "tank", .by = "undetermined"},
	{"no control known: breach, by undetermined", HEAVY PLAIN,
		VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "tank",
		.by = "undetermined", .no_control = true,
		.line = "verdict: breach, by undetermined"},
	{"A's tank on B's ground is not on its own side", HEAVY PLAIN,
		VERDICT_NOT_APPLICABLE, KIND_WEAPON, KM(4, 50),
		.weapon = "tank", .party = "A"},
	{"A's tank on its own", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON,
		KM(-4, 50), .weapon = "tank", .party = "A", .by = "A",
		.line = "on ground of A"},
	{"on the side of a named party",
		"RULE 1.a FORBIDS presence of heavy WITHIN 15 km OF loc ON "
		"side OF B " PLAIN,
		VERDICT_NOT_APPLICABLE, KIND_WEAPON, KM(-4, 50),
		.weapon = "tank"},
	{"a howitzer of 122 to 152 mm", HEAVY PLAIN, VERDICT_BREACH,
		KIND_WEAPON, KM(-4, 50), .weapon = "artillery", .low_mm = "122",
		.high_mm = "152"},
	{"a gun of 85 to 122 mm", HEAVY PLAIN, VERDICT_UNDETERMINED,
		KIND_WEAPON, KM(-4, 50), .weapon = "artillery", .low_mm = "85",
		.high_mm = "122"},
	{"a mortar of 82 mm", HEAVY PLAIN, VERDICT_NO_BREACH, KIND_WEAPON,
		KM(-4, 50), .weapon = "mortar", .low_mm = "82",
		.high_mm = "82"},
	{"a mortar of unknown calibre", HEAVY PLAIN, VERDICT_UNDETERMINED,
		KIND_WEAPON, KM(-4, 50), .weapon = "mortar"},
	{"at least 100 mm", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON,
		KM(-4, 50), .weapon = "artillery", .low_mm = "100"},
	{"an APC is not heavy", HEAVY PLAIN, VERDICT_NO_BREACH, KIND_WEAPON,
		KM(-4, 50), .weapon = "apc"},
	{"tank or APC", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON,
		KM(-4, 50), .weapon = "Tank, APC"},
	{"a word of no class", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON,
		KM(-4, 50), .weapon = "catapult",
		.line = "no word of the agreement"},
	{"weapon not known", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON,
		KM(-4, 50)},
	{"not heavy",
		"RULE 1.a FORBIDS presence of (not heavy) WITHIN 15 km OF "
		"loc " PLAIN,
		VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "apc"},
	{"use of a tank",
		"RULE 1.a FORBIDS use of tank WITHIN 15 km OF loc " PLAIN,
		VERDICT_BREACH, KIND_EXPLOSION, KM(-4, 50), .weapon = "tank",
		.by = "undetermined"},
	/* who */
	{"where a shell fell says nothing of who fired", SHOT PLAIN,
		VERDICT_BREACH, KM(-4, 50), .by = "undetermined"},
	{"outgoing fire does", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50),
		.assessment = "outgoing", .by = "A"},
	{"so does a muzzle flash",
		"RULE 1.a FORBIDS muzzle_flash WITHIN 30 km OF loc " PLAIN,
		VERDICT_BREACH, KIND_MUZZLE_FLASH, KM(4, 50), .by = "B"},
	{"evidence of the party", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50),
		.party = "B", .by = "B"},
	{"a party nobody knows", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50),
		.party = "X", .by = "undetermined"},
	{"forbidden to A, done by B", SHOT "BY A " PLAIN,
		VERDICT_NOT_APPLICABLE, KM(-4, 50), .party = "B",
		.line = "its party is outside"},
	{"forbidden to A, done by whom?", SHOT "BY A " PLAIN,
		VERDICT_UNDETERMINED, KM(-4, 50)},
	/* flights */
	{"a drone in the buffer", FLY "EXCEPT 1.a.1 BY mission " PLAIN,
		VERDICT_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav",
		.line = "no activity of the mission is on record"},
	{"the mission's own", FLY "EXCEPT 1.a.1 BY mission " PLAIN,
		VERDICT_NO_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav",
		.party = "mission", .cause = "mission"},
	{"the mission's own, on record", FLY "EXCEPT 1.a.1 BY mission " PLAIN,
		VERDICT_NO_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav",
		.notice = {{"flight", "mission", "2026-02-03T09:00:00Z",
			"2026-02-03T11:00:00Z", NULL, -1, 0, 3000, false}},
		.cause = "mission"},
	{"on record elsewhere", FLY "EXCEPT 1.a.1 BY mission " PLAIN,
		VERDICT_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav",
		.notice = {{"flight", "mission", "2026-02-03T09:00:00Z",
			"2026-02-03T11:00:00Z", NULL, -1, 20, 3000, false}}},
	{"a flying thing", FLY PLAIN, VERDICT_UNDETERMINED, KIND_FLIGHT,
		KM(-1, 50)},
	/* notices */
	{"demining, notified in time", SHOT DEMINING PLAIN, VERDICT_NO_BREACH,
		KM(-4, 20), .notice = {N_OK}, .cause = "demining",
		.line = "deadline 2026-02-02T08:00:00Z"},
	{"receipt at the deadline is not before it", SHOT DEMINING PLAIN,
		VERDICT_BREACH, KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-02T08:00:00Z", -4, 0,
			100, false}},
		.line = "not before its deadline"},
	{"no receipt", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", NULL, -4, 0, 100, false}},
		.line = "no receipt is on record"},
	{"receipt claimed", SHOT DEMINING PLAIN, VERDICT_NO_BREACH, KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0,
			100, true}},
		.line = "receipt claimed, not proven"},
	{"another activity", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20),
		.notice = {{"training", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0,
			100, false}},
		.line = "no notice of demining covers this time"},
	{"on another day", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20),
		.at = "2026-02-04T10:00:00Z", .notice = {N_OK}},
	{"ended before", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20),
		.at = "2026-02-03T14:00:00Z", .notice = {N_OK}},
	{"at night", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20),
		.at = "2026-02-03T18:00:00Z",
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-04T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0,
			100, false}},
		.line = "DAILY 06:00-18:00: P = 0.000"},
	{"near enough: radius and NEAR", SHOT DEMINING PLAIN, VERDICT_NO_BREACH,
		KM(-4.5, 20), .notice = {N_OK},
		.line = "500 m away, limit 600 m"},
	{"too far", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4.8, 20),
		.notice = {N_OK}, .line = "800 m away, limit 600 m"},
	{"perhaps near enough", SHOT DEMINING PLAIN, VERDICT_UNDETERMINED,
		KM(-4.6, 300), .notice = {N_OK}, .line = "may apply"},
	{"a notice without a place excuses nothing near", SHOT DEMINING PLAIN,
		VERDICT_BREACH, KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0,
			-1, false}},
		.line = "names no place"},
	{"nor does a notice without a start", SHOT DEMINING PLAIN,
		VERDICT_BREACH, KM(-4, 20),
		.notice = {{"demining", "A", NULL, "2026-02-03T14:00:00Z",
			"2026-02-01T00:00:00Z", -4, 0, 100, false}},
		.line = "its start is not known"},
	{"B's notice does not cover A's act", SHOT DEMINING PLAIN,
		VERDICT_BREACH, KM(-4, 20), .party = "A",
		.notice = {{"demining", "B", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0,
			100, false}},
		.line = "another party acted"},
	{"the second notice counts", SHOT DEMINING PLAIN, VERDICT_NO_BREACH,
		KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-03T00:00:00Z", -4, 0,
			100, false}, N_OK},
		.cause = "demining"},
	{"a movement, no place asked",
		HEAVY "EXCEPT 1.a.1 NOTIFIED movement 48 h BEFORE " PLAIN,
		VERDICT_NO_BREACH, KIND_VEHICLE, KM(-4, 20), .weapon = "tank",
		.notice = {{"movement", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", 0, 0,
			-1, false}},
		.cause = "movement"},
	{"a movement with a radius, elsewhere",
		HEAVY "EXCEPT 1.a.1 NOTIFIED movement 48 h BEFORE " PLAIN,
		VERDICT_BREACH, KIND_VEHICLE, KM(-4, 20), .weapon = "tank",
		.notice = {{"movement", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 30,
			1000, false}}},
	/* exceptions */
	{"in storage", HEAVY "EXCEPT 1.a.1 INSIDE storage " PLAIN,
		VERDICT_NO_BREACH, KIND_WEAPON, KM(-11, 20), .weapon = "tank",
		.cause = "storage"},
	{"beside storage", HEAVY "EXCEPT 1.a.1 INSIDE storage " PLAIN,
		VERDICT_BREACH, KIND_WEAPON, KM(-12.5, 20), .weapon = "tank",
		.cause = "",
		.line = "exception 1.a.1 INSIDE storage: fails: P = 0.000"},
	{"at its fence", HEAVY "EXCEPT 1.a.1 INSIDE storage " PLAIN,
		VERDICT_UNDETERMINED, KIND_WEAPON, KM(-12, 20),
		.weapon = "tank", .cause = ""},
	{"one applies, another may",
		HEAVY "EXCEPT 1.a.1 INSIDE storage EXCEPT 1.a.2 BY A " PLAIN,
		VERDICT_UNDETERMINED, KIND_WEAPON, KM(-11, 20),
		.weapon = "tank"},
	{"exception without geometry",
		HEAVY "EXCEPT 1.a.1 INSIDE nowhere " PLAIN,
		VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 20),
		.weapon = "tank"},
	/* grades */
	{"fixed grade", SHOT "GRADE serious " PLAIN, VERDICT_BREACH, KM(-4, 50),
		.grade = "serious"},
	{"no grade", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .grade = ""},
	{"one", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .grade = "minor"},
	{"ten", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {10, COUNT_EXACT, -1},
		.grade = "serious"},
	{"at least nine",
		SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {9, COUNT_AT_LEAST, -1},
		.grade = "undetermined",
		.line = "count at_least 9: minor at least, grave at most"},
	{"at least a hundred",
		SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {100, COUNT_AT_LEAST, -1},
		.grade = "grave"},
	{"over nine", SHOT "GRADE by count (1 minor, 10 serious) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {9, COUNT_OVER, -1},
		.grade = "serious"},
	{"two to nine",
		SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {2, COUNT_RANGE, 9},
		.grade = "minor"},
	{"two to ten",
		SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {2, COUNT_RANGE, 10},
		.grade = "undetermined"},
	{"uncountable",
		SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN,
		VERDICT_BREACH, KM(-4, 50),
		.count = {-1, COUNT_UNCOUNTABLE, -1}, .grade = "undetermined"},
	{"fewer than the first", SHOT "GRADE by count (5 minor) " PLAIN,
		VERDICT_BREACH, KM(-4, 50), .count = {2, COUNT_EXACT, -1},
		.grade = ""},
	/* duties: nothing was asked; tests/duty.c has the rest */
	{"a duty, and no query about the incident",
		"RULE 1.a REQUIRES answer BY accused WITHIN 24 h OF query ELSE "
		"obstruction",
		VERDICT_NOT_APPLICABLE, KIND_OBSTRUCTION, KM(-4, 50),
		.line = "verdict: not_applicable, no query is on record",
		.flips = ""},
	{"a duty that its rule does not speak of",
		"RULE 1.a REQUIRES answer BY accused WITHIN 24 h OF query ELSE "
		"obstruction",
		VERDICT_NOT_APPLICABLE, KIND_EXPLOSION, KM(-4, 50),
		.nothing = 1},
	{"a receipt that straddles its deadline", SHOT DEMINING PLAIN,
		VERDICT_UNDETERMINED, KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-02T07:00:00Z", -4, 0,
			100, false, "2026-02-02T08:00:00Z"}},
		.line = "received 2026-02-02T07:00:00Z to "
			"2026-02-02T08:00:00Z"},
	{"an interval of receipt before it", SHOT DEMINING PLAIN,
		VERDICT_NO_BREACH, KM(-4, 20),
		.notice = {{"demining", "A", "2026-02-03T08:00:00Z",
			"2026-02-03T14:00:00Z", "2026-02-02T07:00:00Z", -4, 0,
			100, false, "2026-02-02T07:59:59Z"}}},
	/* flips */
	{"a larger region would flip it",
		"RULE 1.a FORBIDS shooting WITHIN 5 km OF loc " PLAIN,
		VERDICT_BREACH, KM(-4, 200),
		.flips = "would be undetermined if the error region were 1.6"
			" km or more (is 200 m), or if it lay 1 km farther"
			" from loc"},
	{"nearer would flip it",
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN,
		VERDICT_UNDETERMINED, KM(-4.1, 300),
		.flips = "would be no breach if the error region were 60 m or"
			" less (is 300 m), or if it lay 200 m farther from"
			" loc"},
	{"known to the millimetre: only the place can be another",
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN,
		VERDICT_BREACH, KM(-3.5, 0),
		.flips = "would be undetermined if it lay 500 m farther from"
			" loc"},
	{"nothing flips it", SHOT PLAIN, VERDICT_NOT_APPLICABLE, KM(-150, 10),
		.flips = ""},
};

struct world { /* what one row says */
	struct incident in;
	struct attribute attribute[8];
	struct activity activity[NOTICES];
	size_t activities;
};

static struct place place_at(double x, double y, double err_m)
{
	struct place p = PLACE_UNKNOWN;
	struct point q;

	if (isnan(x))
		return p;
	q = at_km(x, y);
	p.lat_deg = floor(q.lat_deg * 1e7 + 0.5) / 1e7;
	p.lon_deg = floor(q.lon_deg * 1e7 + 0.5) / 1e7;
	if (err_m >= 0)
		p.region.ellipse = (struct ellipse){err_m, err_m, 0};
	return p;
}

static void world_notices(const struct row *r, struct world *w)
{
	for (size_t i = 0; i < NOTICES && r->notice[i].what; i++) {
		const struct notice_row *n = &r->notice[i];

		w->activity[i] = (struct activity){.party = n->party,
			.what = n->what, .span = {when(n->from), when(n->to)},
			.received = when(n->received),
			.received_last = when(n->last),
			.received_claimed = n->claimed, .text = ""};
		w->activity[i].place = place_at(
			n->radius_m < 0 ? NAN : n->x, n->y, n->radius_m);
		w->activities++;
	}
}

static void world_of(const struct row *r, struct world *w)
{
	const struct { const char *name, *text; } words[] = {
		{"weapon", r->weapon}, {"calibre_min_mm", r->low_mm},
		{"calibre_max_mm", r->high_mm}, {"party", r->party},
		{"assessment", r->assessment}};
	double p = r->p > 0 ? r->p : 1 - r->unknown;

	*w = (struct world){.in = incident_new()};
	w->in.version = 1;
	for (int i = 0; i < KIND_COUNT; i++)
		w->in.kind[i] = 0;
	w->in.kind[r->kind] = p;
	if (r->unknown > 0)
		w->in.kind[KIND_UNKNOWN] = r->unknown;
	else if (p < 1)
		w->in.kind[KIND_THUNDER] = 1 - p;
	w->in.at = r->at && !*r->at ? INSTANT_UNKNOWN
		: when(r->at ? r->at : DAY);
	w->in.from = w->in.to = w->in.at;
	if (r->to)
		w->in.to = when(r->to);
	w->in.place = place_at(r->x, r->y, r->err_m);
	if (r->alt_m > 0)
		w->in.place.alt_m = r->alt_m;
	w->in.modalities = r->modalities ? r->modalities
					 : 1u << MODALITY_ACOUSTIC;
	w->in.count = r->count.value || r->count.meaning ? r->count
							 : COUNT_OF(1);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].text)
			w->attribute[w->in.attribute_count++] =
				(struct attribute){words[i].name,
					words[i].text};
	w->in.attribute = w->attribute;
	world_notices(r, w);
}

static struct seen judge(const struct terms *t, const struct world *w)
{
	struct facts facts = {.mission = &mission, .activity = w->activity,
		.activity_count = w->activities};
	static struct seen s;
	struct findings out = {see, &s};
	struct fault f = {0};

	s.count = 0;
	s.lines[0] = '\0';
	if (!judge_incident(t, &facts, &w->in, &arena, &out, &f)) {
		printf("# %s\n", f.text);
		exit(1);
	}
	return s;
}

static bool same(const char *want, const char *got)
{
	return !want || strcmp(want, got) == 0;
}

static void test_rows(void)
{
	size_t mark = arena.used;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		static struct world w;
		struct terms *t;
		struct seen s;
		size_t wrong;
		bool ok;

		arena.used = mark;
		make_mission(!r->no_control);
		t = terms_of(r->rule, &wrong);
		world_of(r, &w);
		s = judge(t, &w);
		ok = wrong == 0 && s.count == (r->nothing ? 0 : 1);
		if (ok && s.count)
			ok = s.x.verdict == r->want &&
				same(r->by, s.x.party) &&
				same(r->grade, s.x.grade) &&
				same(r->cause, s.x.cause) &&
				same(r->flips, s.x.flips_if) &&
				(!r->line || strstr(s.lines, r->line)) &&
				s.x.lo_ppm >= 0 && s.x.lo_ppm <= s.x.hi_ppm &&
				s.x.hi_ppm <= 1000000;
		CHECK(ok, "row: %s", r->name);
		if (!ok)
			printf("# %zu findings; %s, %s, '%s', '%s', [%d %d]\n"
				"# flips: %s\n# %s\n", s.count,
				verdict_name(s.x.verdict), s.x.party,
				s.x.grade, s.x.cause, s.x.lo_ppm, s.x.hi_ppm,
				s.x.flips_if, s.lines);
	}
	arena.used = mark;
}

/* ---- fixed-point arithmetic against doubles ---- */

static uint64_t seed = 7;

static double uniform(double lo, double hi)
{
	seed = seed * UINT64_C(6364136223846793005) +
		UINT64_C(1442695040888963407);
	return lo + (hi - lo) * (double)(seed >> 11) * 0x1p-53;
}

static void test_numbers(void)
{
	double cos_worst = 0, phi_worst = 0;
	int64_t v;

	for (int i = 0; i < 200000; i++) {
		double deg = uniform(-720, 720);
		int64_t a = (int64_t)floor(deg * 1e7);
		double e = fabs((double)fixed_cos(a) / (double)FIXED_ONE -
				m_cos(RAD((double)a * 1e-7)));
		double s = fabs((double)fixed_sin(a) / (double)FIXED_ONE -
				m_sin(RAD((double)a * 1e-7)));

		cos_worst = fmax(cos_worst, fmax(e, s));
	}
	CHECK(cos_worst < 4e-9, "cosine within 4e-9 (%.1e)", cos_worst);
	for (int i = 0; i < 200000; i++) {
		int64_t b = (int64_t)uniform(1, 1e8),
			a = (int64_t)(uniform(-6, 6) * (double)b);
		double e = fabs(
			fixed_phi(a, b) * 1e-6 - m_phi((double)a / (double)b));

		phi_worst = fmax(phi_worst, b > 1000 ? e : 0);
	}
	CHECK(phi_worst < 4e-5, "normal distribution within 4e-5 (%.1e)",
		phi_worst);
	for (int i = 0; i < 200000; i++) {
		int64_t n = (int64_t)uniform(0, i % 2 ? 9.2e18 : 1e6),
			r = fixed_sqrt(n);

		CHECK_QUIET(r * r <= n && (r == 3037000499 ||
			(r + 1) * (r + 1) > n), "root of %lld", (long long)n);
	}
	CHECK(fixed_sqrt(INT64_MAX) == 3037000499 && fixed_sqrt(-1) == 0 &&
			fixed_sqrt(16) == 4 && fixed_sqrt(15) == 3,
		"roots");
	CHECK(!fixed_of(NAN, 1, &v) && !fixed_of(INFINITY, 1, &v) &&
			!fixed_of(1e300, 1, &v) && fixed_of(-0.5, 1, &v) &&
			v == 0 && fixed_of(1.4999, 1, &v) && v == 1,
		"numbers that come in");
}

/* 20,000 random pairs against the geodesic, at the bounds fixed.h states. */
static void test_geodesy(void)
{
	static const struct {
		double km, bound;
	} bands[] = {{10, 1e-5}, {150, 2.5e-4}, {500, 2.5e-3}};
	double back = 0;

	for (size_t k = 0; k < 3; k++) {
		double worst = 0;

		for (int i = 0; i < 20000; i++) {
			struct point p = {uniform(-70, 70), uniform(-180, 180)};
			double want, got;
			struct point q = geodesic_reach(p, uniform(0, 360),
				uniform(0.1, bands[k].km * 1000));
			struct spot a = {(int32_t)floor(p.lat_deg * 1e7),
				(int32_t)floor(p.lon_deg * 1e7)};
			struct spot b = {(int32_t)floor(q.lat_deg * 1e7),
				(int32_t)floor(q.lon_deg * 1e7)};
			struct flat f = fixed_flat(a, b);

			if (fabs(q.lat_deg) > 72)
				continue;
			p = (struct point){a.lat * 1e-7, a.lon * 1e-7};
			q = (struct point){b.lat * 1e-7, b.lon * 1e-7};
			want = geodesic_between(p, q).length_m;
			got = (double)fixed_length(f) * 1e-3;
			worst = fmax(worst,
				fmax(fabs(got - want) - 0.002, 0) / want);
			if (k == 0) {
				struct spot r = fixed_spot(a, f);
				double lat = (double)(r.lat - b.lat);
				double lon = (double)((r.lon - b.lon) %
					3600000000);

				back = fmax(back, fabs(lat) + fabs(lon));
			}
		}
		CHECK(worst < bands[k].bound,
			"distances to %.0f km within %.0e (%.1e)", bands[k].km,
			bands[k].bound, worst);
	}
	CHECK(back < 600, "there and back to 10 km within 600e-7 degree (%.0f)",
		back);
}

/* ---- geometry as probability ---- */

static struct world one(double x, double y, struct ellipse e)
{
	static const struct row r = {"", "", VERDICT_BREACH, KM(-4, 50)};
	struct world w;

	world_of(&r, &w);
	w.in.place = place_at(x, y, 0);
	w.in.place.region.ellipse = e;
	return w;
}

/* A straight line: the exact answer is the normal's. */
static void test_normal(void)
{
	size_t wrong;
	struct terms *t = terms_of(
		"RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN, &wrong);
	double worst = 0;

	for (int i = 0; i < 2000; i++) {
		struct ellipse e = {
			uniform(10, 2000), 0, floor(uniform(0, 180) * 10) / 10};
		double off = uniform(-2, 2), sigma, want, lo, hi, s, c;
		struct world w;
		struct seen x;

		e.semi_minor_m = e.semi_major_m * uniform(0.05, 1);
		s = e.semi_major_m * m_sin(RAD(e.azimuth_deg));
		c = e.semi_minor_m * m_cos(RAD(e.azimuth_deg));
		sigma = sqrt(s * s + c * c) / REGION_SIGMA_90;
		w = one(-4 + off * sigma / 1000, uniform(-20, 20), e);
		x = judge(t, &w);
		lo = m_phi((off * sigma - 50) / sigma);
		hi = m_phi((off * sigma + 50) / sigma);
		want = fmax(fabs(x.x.lo_ppm * 1e-6 - lo),
			fabs(x.x.hi_ppm * 1e-6 - hi));
		/* 1 m of place at 4 km is the plane's own error (0.02 %) */
		worst = fmax(worst, want - 0.4 * 2 / sigma);
	}
	CHECK(worst < 1e-3,
		"a normal against a straight line within 1e-3 (%.1e)", worst);
}

static int32_t share(struct terms *t, struct world *w)
{
	return judge(t, w).x.lo_ppm;
}

static void test_forms(void)
{
	static struct cell cells[400];
	static struct point square[4];
	size_t wrong;
	struct terms *t = terms_of(
		"RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN, &wrong);
	struct world w = one(1, 6, (struct ellipse){INFINITY, INFINITY, 0});
	struct ring square_ring = {square, 4};
	int32_t p;

	/* 400 cells of 2 km x 2 km about the corridor's northern border */
	for (int i = 0; i < 400; i++) {
		struct point q =
			at_km(1 + (i % 20 - 9.5) / 10, 6 + (i / 20 - 9.5) / 10);

		cells[i] = (struct cell){q.lat_deg, q.lon_deg, 50, 0.0025};
	}
	w.in.place.region.cell = cells;
	w.in.place.region.cell_count = 400;
	p = share(t, &w);
	CHECK(abs(p - 500000) < 3000, "cells half inside (%d)", p);
	cells[0].lat_deg = NAN;
	CHECK(abs(share(t, &w) - 500000) < 4000,
		"a cell without a place is left out");
	w.in.place.region.cell_count = 401;
	CHECK(judge(t, &w).x.verdict == VERDICT_UNDETERMINED,
		"too many cells: place open");
	w.in.place.region.cell = NULL;
	w.in.place.region.cell_count = 0;
	square[0] = at_km(0, 5.5);
	square[1] = at_km(2, 5.5);
	square[2] = at_km(2, 7.5);
	square[3] = at_km(0, 7.5);
	w.in.place.region.ring = &square_ring;
	w.in.place.region.ring_count = 1;
	p = share(t, &w);
	CHECK(abs(p - 250000) < 12000, "a footprint a quarter inside (%d)", p);
	square[2].lat_deg = NAN;
	CHECK(judge(t, &w).x.verdict == VERDICT_UNDETERMINED,
		"a footprint that is none");
	/* the same statement at level 0.5 is a wider normal */
	w = one(-4, 0, (struct ellipse){1000, 1000, 0});
	t = terms_of(
		"RULE 1.a FORBIDS shooting WITHIN 5 km OF loc " PLAIN, &wrong);
	p = share(t, &w);
	w.in.place.region.level = 0.5;
	CHECK(share(t, &w) < p - 50000, "a region of level 0.5 is wider");
	w.in.place.region.level = 0.7;
	CHECK(share(t, &w) < p - 10000, "and of 0.7");
	w.in.place.region.level = 0.9;
	w.in.place.region.ellipse.azimuth_deg = NAN;
	CHECK(abs(share(t, &w) - p) < 200, "a circle needs no azimuth");
	w.in.place.lat_deg = 91;
	CHECK(judge(t, &w).x.verdict == VERDICT_UNDETERMINED, "no such place");
}

/* ---- what must hold whatever the numbers ---- */

static void test_moving(void)
{
	size_t wrong;
	struct terms *t = terms_of(
		"RULE 1.a FORBIDS shooting WITHIN 15 km OF loc " PLAIN, &wrong);
	size_t mark = arena.used;
	bool fell = false, out = false;

	for (int k = 0; k < 40; k++) {
		struct ellipse e = {uniform(5, 5000), 0, uniform(0, 180)};
		double y = uniform(-50, 50), step = uniform(0.003, 0.3);
		int32_t lo = 0, hi = 0;

		e.semi_minor_m = e.semi_major_m * uniform(0, 1);
		for (double x = -30; x < -1; x += step) {
			struct world w = one(x, y, e);
			struct seen s = judge(t, &w);

			arena.used = mark;
			if (s.x.lo_ppm < lo || s.x.hi_ppm < hi)
				fell = true;
			out = out || s.x.lo_ppm > s.x.hi_ppm;
			lo = s.x.lo_ppm;
			hi = s.x.hi_ppm;
		}
		CHECK_QUIET(hi == 1000000 || e.semi_major_m > 2000,
			"near the line it is sure");
	}
	CHECK(!fell && !out, "moving towards the line never lowers P");
}

static void test_error_widens(void)
{
	static const char *const errors[] = {
		"0 m", "10 m", "50 m", "300 m", "2 km", "20 km"};
	size_t mark = arena.used;
	bool narrowed = false;

	for (int k = 0; k < 60; k++) {
		struct world w = one(uniform(-8, -1), uniform(-50, 50),
			(struct ellipse){uniform(5, 2000), 5, uniform(0, 180)});
		int32_t lo = 0, hi = 0;

		for (size_t i = 0; i < 6; i++) {
			char rule[256];
			size_t wrong;
			struct seen s;

			(void)snprintf(rule, sizeof rule,
				"LINE l2 FILE loc SHA256 %s ERROR %s\nRULE 1.a "
				"FORBIDS shooting WITHIN 4 km OF l2 " PLAIN,
				hex("loc"), errors[i]);
			s = judge(terms_of(rule, &wrong), &w);
			narrowed =
				narrowed ||
				(i > 0 && (s.x.lo_ppm > lo || s.x.hi_ppm < hi));
			lo = s.x.lo_ppm;
			hi = s.x.hi_ppm;
			arena.used = mark;
		}
	}
	CHECK(!narrowed, "enlarging ERROR never narrows an interval");
}

static void test_idle_exception(void)
{
	static const char *const idle[] = {"EXCEPT 1.a.9 INSIDE storage ",
		"EXCEPT 1.a.9 NOTIFIED movement 1 h BEFORE ",
		"EXCEPT 1.a.9 BY mission ",
		"EXCEPT 1.a.9 UNTIL 2001-01-01T00:00Z "};
	size_t mark = arena.used, differ = 0;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct row *r = &rows[i];
		static struct world w;
		char rule[1024];
		const char *from = strstr(r->rule, "STANDARD");
		size_t wrong, k = i % 4;
		struct seen a, b;

		/* where it may apply it is not idle */
		if (!from || strstr(r->rule, "INSIDE storage") ||
			strstr(r->rule, "movement") ||
			strstr(r->rule, "BY mission") ||
			(r->x < -9 && r->x > -13) || !isfinite(r->x) ||
			!isfinite(r->err_m) || (r->at && !*r->at))
			continue;
		if (r->party && strcmp(r->party, "mission") == 0)
			continue;
		make_mission(!r->no_control);
		world_of(r, &w);
		a = judge(terms_of(r->rule, &wrong), &w);
		(void)snprintf(rule, sizeof rule, "%.*s%s%s",
			(int)(from - r->rule), r->rule, idle[k], from);
		b = judge(terms_of(rule, &wrong), &w);
		if (a.count != b.count ||
			(a.count &&
				(a.x.verdict != b.x.verdict ||
					a.x.lo_ppm != b.x.lo_ppm ||
					a.x.hi_ppm != b.x.hi_ppm ||
					strcmp(a.x.party, b.x.party) != 0 ||
					strcmp(a.x.cause, b.x.cause) != 0))) {
			printf("# %s with %s\n", r->name, idle[k]);
			differ++;
		}
		arena.used = mark;
	}
	make_mission(true);
	CHECK(differ == 0, "an exception that does not apply changes nothing");
}

/* ---- binding ---- */

static void test_bind(void)
{
	static const struct {
		const char *line, *says;
	} cases[] = {
		{"LINE q FILE none SHA256 @",
			"none: not among the mission's geometry"},
		{"LINE q FILE loc_b SHA256 @", "the terms name another"},
		{"LINE q FILE loc_b", "loc_b: wanted SHA256 "},
		{"ZONE q FILE loc SHA256 @", "loc: it has no polygon"},
		{"LINE q FILE storage SHA256 @", "it has no line"},
		{"LINE q FILE loc SHA256 @", NULL},
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char s[512], line[256];
		const struct terms_error *e;
		struct terms *t;
		struct fault f;
		size_t n;
		bool ok;

		size_t n_line = strcspn(cases[i].line, "@");

		(void)snprintf(line, sizeof line, "%.*s%s", (int)n_line,
			cases[i].line,
			!cases[i].line[n_line] ? ""
			: strstr(cases[i].line, "storage") ? hex("storage")
							   : hex("loc"));
		(void)snprintf(s, sizeof s,
			"AGREEMENT t/1\nSTANDARD c = probability >= 0.9\n%s",
			line);
		ok = terms_read(bytes_of(s), &arena, &t, &e, &n, &f) &&
			terms_bind(t, &mission, &arena, &e, &n, &f);
		if (cases[i].says)
			ok = ok && n == 1 && strstr(e->text, cases[i].says) &&
				e->line == 3 && e->column == 6;
		else
			ok = ok && n == 0;
		if (i == 1 || i == 2)
			ok = ok && strstr(e->text, hex("loc_b"));
		CHECK(ok, "bind: %s", cases[i].line);
		if (!ok && n)
			printf("# %zu:%zu %s\n", e->line, e->column, e->text);
	}
}

static void test_versions(void)
{
	size_t wrong;
	struct terms *t = terms_of(SHOT PLAIN, &wrong);
	struct digest a = terms_sha256(t), b;

	mission.offset_count = 1;
	t = terms_of(SHOT PLAIN, &wrong);
	b = terms_sha256(t);
	mission.offset_count = 2;
	CHECK(memcmp(&a, &b, sizeof a) != 0,
		"the table of offsets is part of the version");
}

/* Control by date: the map of 10 February has the parties the other way. */
static void test_maps(void)
{
	static const struct {
		const char *at, *to, *by, *line;
	} cases[] = {
		{"2026-01-31T00:00:00Z", NULL, "undetermined", NULL},
		{"2026-02-03T00:00:00Z", NULL, "A",
			"by the map of 2026-02-01T00:00:00Z"},
		{"2026-02-09T23:59:59.999999Z", NULL, "A", NULL},
		{"2026-02-10T00:00:00Z", NULL, "B",
			"by the map of 2026-02-10T00:00:00Z"},
		{"2026-02-09T23:00:00Z", "2026-02-10T00:00:00Z",
			"undetermined", NULL},
		{"", NULL, "undetermined", NULL},
	};
	size_t wrong;

	make_mission(true);
	box(6, "ca2", SHAPE_CONTROL, "A", (double[]){0, -90, 90, 90});
	box(7, "cb2", SHAPE_CONTROL, "B", (double[]){-90, -90, 0, 90});
	for (size_t i = 4; i < 8; i++)
		shape[i].version = i < 6 ? "2026-02-01" : "2026-02-10";
	mission.shape_count = 8;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct row r = {"", "", VERDICT_BREACH, KIND_WEAPON,
			KM(-4, 50), .weapon = "tank", .at = cases[i].at,
			.to = cases[i].to};
		struct terms *t = terms_of("RULE 1.a FORBIDS presence of "
			"heavy ON side OF A " PLAIN "\nRULE 1.b FORBIDS "
			"presence of heavy WITHIN 15 km OF loc " PLAIN,
			&wrong);
		static struct world w;
		static struct seen s;

		world_of(&r, &w);
		s = judge(t, &w);
		CHECK(s.count == 2 && strcmp(s.x.party, cases[i].by) == 0 &&
				(!cases[i].line ||
					strstr(s.lines, cases[i].line)),
			"control at %s: by %s", cases[i].at, s.x.party);
	}
	make_mission(true);
}

static void test_small_arena(void)
{
	static const struct row r = {"", "", VERDICT_BREACH, KM(-29.9, 500)};
	struct facts facts = {.mission = &mission};
	static struct seen s;
	struct findings out = {see, &s};
	size_t wrong, limits = 0, done = 0;
	struct terms *t = terms_of(SHOT PLAIN, &wrong);
	struct world w;

	world_of(&r, &w);
	for (size_t size = 1000; size < 4000000; size = size * 5 / 4) {
		void *block = malloc(size);
		struct arena a = arena_on(block, size);
		struct fault f = {0};

		if (judge_incident(t, &facts, &w.in, &a, &out, &f))
			done++;
		else
			limits += f.kind == FAULT_LIMIT && f.text[0];
		CHECK_QUIET(a.size == size, "the arena is given back whole");
		free(block);
	}
	CHECK(limits > 5 && done > 1,
		"too little memory is a worded LIMIT fault");
}

static void test_same_bytes(void)
{
	static const struct row r = {
		"", "", VERDICT_BREACH, KM(-29.9, 500), .notice = {N_OK}};
	size_t wrong;
	struct terms *t = terms_of(SHOT DEMINING PLAIN
		"\nRULE 1.b FORBIDS burst WITHIN 5 km OF loc " PLAIN
		"\nRULE 1.c FORBIDS explosion INSIDE buffer " PLAIN,
		&wrong);
	static struct seen a, b;
	struct world w;

	world_of(&r, &w);
	a = judge(t, &w);
	b = judge(t, &w);
	CHECK(a.count == 2 && strcmp(a.x.clause, "1.c") == 0,
		"one finding a rule that names the kind");
	CHECK(strcmp(a.lines, b.lines) == 0 &&
			strcmp(a.x.id.text, b.x.id.text) == 0 &&
			a.x.id.text[0] == 'f',
		"the same input, the same bytes");
	CHECK(strcmp(a.x.line_sha256, hex("loc")) == 0 &&
			strlen(a.x.terms_sha256) == 64,
		"a finding names its line and terms");
}

/* What lies within a circle, each sample's normal cut by a straight border
 * there and as wide as it can be. */
static double in_circle(const struct cloud *c, int64_t mm)
{
	int64_t wide = fixed_max(fixed_length(c->axis[0]),
		fixed_length(c->axis[1]));
	double sum = 0;

	for (size_t i = 0; i < c->count; i++) {
		int64_t off = fixed_length(c->at[i]);

		if (off <= mm)
			sum += (double)c->weight[i] *
				fixed_phi(mm - off, wide);
	}
	return sum / (double)c->total;
}

/* The table of cloud.c, which spares most of the looking. */
static void test_circles(void)
{
	static const double ratios[] = {1, 0.8, 0.55, 0.53, 0.5, 0.2, 0};
	static struct cloud c[2];
	double most = 0;
	bool holds = true;

	for (size_t i = 0; i < sizeof ratios / sizeof *ratios * 4; i++) {
		struct place p = PLACE_UNKNOWN;

		p.lat_deg = 48;
		p.lon_deg = 37;
		p.region.level = 0.9;
		p.region.ellipse.semi_major_m = i % 4 < 2 ? 25 : 2000;
		p.region.ellipse.semi_minor_m =
			p.region.ellipse.semi_major_m * ratios[i / 4];
		p.region.ellipse.azimuth_deg = 37.0 * (double)(i % 2);
		cloud_of(&p, &c[0]);
		cloud_scale(&c[0], 3072, &c[1]);
		for (size_t k = 0; k < 2; k++) {
			int64_t step = c[k].radius_mm / 160;

			cloud_fill(&c[k]);
			for (int64_t mm = 1; mm < 180 * step; mm += step) {
				double told = cloud_within(&c[k], mm);

				holds = holds && told <= in_circle(&c[k], mm);
				most = fmax(most, told);
			}
		}
	}
	CHECK(holds && most > 998000,
		"no more is said to lie within a circle than does");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 30, &f))
		return 1;
	test_rows();
	make_mission(true);
	test_numbers();
	test_geodesy();
	test_normal();
	test_circles();
	test_forms();
	test_moving();
	test_error_widens();
	test_idle_exception();
	test_bind();
	test_versions();
	test_maps();
	test_small_arena();
	test_same_bytes();
	arena_unmap(&arena);
	return check_done();
}
