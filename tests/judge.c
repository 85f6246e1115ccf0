/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/maths.h"
#include "check.h"
#include "geo/frame.h"
#include "judge/fixed.h"
#include "judge/judge.h"

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
	{{INT64_C(1774746000) * 1000000000}, 10800, "EEST"}, /* 2026-03-29T01Z */
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
	corner[i][1] = at_km(role == SHAPE_LINE ? km[0] : km[2], role == SHAPE_LINE ? km[3] : km[1]);
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
		"CLASS heavy = tank or mlrs or (artillery and calibre_mm >= 100)"
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
#define HEAVY "RULE 1.a FORBIDS presence of heavy WITHIN 15 km OF loc ON own side "
#define FLY "RULE 1.a FORBIDS flight of uav INSIDE buffer "
#define PLAIN "STANDARD plain"
#define DEMINING "EXCEPT 1.a.1 NOTIFIED demining 24 h BEFORE, NEAR 500 m, DAILY 06:00-18:00 "
#define N_OK {"demining", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-02T07:59:59.999999Z", -4, 0, 100, false}
#define BOTH (1u << MODALITY_ACOUSTIC | 1u << MODALITY_HEAT)

static const struct row rows[] = {
	/* the five verdicts */
	{"breach", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .line = "distance to loc 4.0 km +- 50 m, limit 30 km: P = 1.000"},
	{"not applicable: place", SHOT PLAIN, VERDICT_NOT_APPLICABLE, KM(-60, 50), .line = "its place is outside the rule"},
	{"no breach: improbable", SHOT PLAIN, VERDICT_NO_BREACH, KM(-30.07, 20)},
	{"undetermined: on the limit", SHOT PLAIN, VERDICT_UNDETERMINED, KM(-30, 500)},
	{"conflict: two exceptions", HEAVY "EXCEPT 1.a.1 INSIDE storage EXCEPT 1.a.2 BY A " PLAIN, VERDICT_CONFLICT, KIND_WEAPON, KM(-11, 20), .weapon = "tank", .party = "A", .cause = ""},
	/* the other conditions of a standard */
	{"one modality", SHOT "STANDARD clear", VERDICT_UNDETERMINED, KM(-4, 50), .line = "1 there, not enough", .flips = "would be a breach with 1 more modality"},
	{"two modalities", SHOT "STANDARD clear", VERDICT_BREACH, KM(-4, 50), .modalities = BOTH, .line = "2 there, enough"},
	{"a witness alone, at the lower standard", SHOT "STANDARD reasonable", VERDICT_BREACH, KIND_EXPLOSION, 0.7, .unknown = 0.3, KM(-4, 500), .modalities = 1u << MODALITY_WITNESS, .line = "explosion 0.700, unknown 0.300: P = 0.700 to 1.000"},
	{"a witness alone, at the higher", SHOT PLAIN, VERDICT_UNDETERMINED, KIND_EXPLOSION, 0.7, .unknown = 0.3, KM(-4, 500), .modalities = 1u << MODALITY_WITNESS},
	{"no standard named: the strictest", SHOT, VERDICT_UNDETERMINED, KM(-4, 50), .line = "standard clear asks 0.950 and 2"},
	/* kinds */
	{"another kind: silence", SHOT PLAIN, VERDICT_BREACH, KIND_FIRE, KM(-4, 50), .nothing = 1},
	{"a fire is no shooting, but a share may be", SHOT PLAIN, VERDICT_UNDETERMINED, KIND_EXPLOSION, 0.3, .unknown = 0.1, KM(-4, 50)},
	{"kind unknown", SHOT PLAIN, VERDICT_UNDETERMINED, KIND_UNKNOWN, KM(-4, 50), .line = "unknown 1.000: P = 0.000 to 1.000"},
	{"kind unknown, far away", SHOT PLAIN, VERDICT_NOT_APPLICABLE, KIND_UNKNOWN, KM(-90, 50)},
	{"kinds of a class add up", "RULE 1.a FORBIDS (explosion or not explosion) WITHIN 30 km OF loc " PLAIN, VERDICT_BREACH, KIND_EXPLOSION, 0.5, KM(-4, 50)},
	/* place */
	{"place not known", SHOT PLAIN, VERDICT_UNDETERMINED, UNKNOWN_PLACE, .line = "where it happened is not known"},
	{"region endless", SHOT PLAIN, VERDICT_UNDETERMINED, KM(-4, INFINITY)},
	{"inside the limit, within the line's own error", "RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN, VERDICT_UNDETERMINED, KM(-3.97, 1)},
	{"inside the limit, beyond it", "RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN, VERDICT_BREACH, KM(-3.94, 1)},
	{"total width is halved", "RULE 1.a FORBIDS shooting WITHIN 50 km TOTAL OF loc " PLAIN, VERDICT_BREACH, KM(-24, 50), .line = "limit 25 km"},
	{"total width is not the side", "RULE 1.a FORBIDS shooting WITHIN 50 km TOTAL OF loc " PLAIN, VERDICT_NOT_APPLICABLE, KM(-27, 50)},
	{"a zone of total width", "RULE 1.a FORBIDS shooting INSIDE wide " PLAIN, VERDICT_BREACH, KM(-24, 50), .line = "zone wide reaches 25 km"},
	{"inside a polygon", "RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN, VERDICT_BREACH, KM(1, 50), .y = 5.5, .line = "inside corridor, its border at 500 m +- 50 m"},
	{"outside a polygon", "RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN, VERDICT_NOT_APPLICABLE, KM(1, 50), .y = 7, .line = "outside corridor, its border at 1.0 km"},
	{"on a polygon's border", "RULE 1.a FORBIDS shooting INSIDE corridor " PLAIN, VERDICT_UNDETERMINED, KM(1, 50), .y = 6},
	{"OUTSIDE", "RULE 1.a FORBIDS shooting OUTSIDE corridor " PLAIN, VERDICT_BREACH, KM(1, 50), .y = 7},
	{"OUTSIDE, but inside", "RULE 1.a FORBIDS shooting OUTSIDE corridor " PLAIN, VERDICT_NOT_APPLICABLE, KM(1, 50), .y = 5.5},
	{"over the ceiling", "RULE 1.a FORBIDS flight of uav INSIDE corridor " PLAIN, VERDICT_NOT_APPLICABLE, KIND_FLIGHT, KM(1, 50), .y = 5.5, .weapon = "uav", .alt_m = 3001},
	{"under the ceiling", "RULE 1.a FORBIDS flight of uav INSIDE corridor " PLAIN, VERDICT_BREACH, KIND_FLIGHT, KM(1, 50), .y = 5.5, .weapon = "uav", .alt_m = 2999},
	{"flight of unknown height", "RULE 1.a FORBIDS flight of uav INSIDE corridor " PLAIN, VERDICT_UNDETERMINED, KIND_FLIGHT, KM(1, 50), .y = 5.5, .weapon = "uav"},
	{"geometry not given", "RULE 1.a FORBIDS shooting INSIDE nowhere " PLAIN, VERDICT_UNDETERMINED, KM(1, 50), .line = "its coordinates were never published"},
	{"a line not given", "RULE 1.a FORBIDS shooting WITHIN 5 km OF lost " PLAIN, VERDICT_UNDETERMINED, KM(1, 50), .line = "lost has no geometry"},
	/* lines of the parties */
	{"the clause's line decides, the other is shown", "RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN, VERDICT_NOT_APPLICABLE, KM(-4.6, 20), .line = "as B measures, distance to loc_b 3.6 km +- 20 m: P = 1.000 (shown only: the clause names loc)"},
	{"and the other way round", "RULE 1.a FORBIDS shooting WITHIN 4 km OF loc_b " PLAIN, VERDICT_BREACH, KM(-4.6, 20), .line = "distance to loc_b 3.6 km"},
	/* time */
	{"before FROM", SHOT "FROM 2026-02-03T10:00:00.000001Z " PLAIN, VERDICT_NOT_APPLICABLE, KM(-4, 50), .line = "its time is outside the rule"},
	{"at FROM", SHOT "FROM 2026-02-03T10:00Z " PLAIN, VERDICT_BREACH, KM(-4, 50)},
	{"interval over FROM", SHOT "FROM 2026-02-03T10:00:01Z " PLAIN, VERDICT_UNDETERMINED, KM(-4, 50), .to = "2026-02-03T10:00:02Z"},
	{"at UNTIL", SHOT "UNTIL 2026-02-03T10:00Z " PLAIN, VERDICT_NOT_APPLICABLE, KM(-4, 50)},
	{"before UNTIL", SHOT "UNTIL 2026-02-03T10:00:00.000001Z " PLAIN, VERDICT_BREACH, KM(-4, 50)},
	{"in the daily window, local time", SHOT "DAILY 12:00-13:00 " PLAIN, VERDICT_BREACH, KM(-4, 50)},
	{"at the window's end", SHOT "DAILY 11:00-12:00 " PLAIN, VERDICT_NOT_APPLICABLE, KM(-4, 50)},
	{"summer time moves it", SHOT "DAILY 13:00-14:00 " PLAIN, VERDICT_BREACH, KM(-4, 50), .at = "2026-04-03T10:00:00Z"},
	{"a window over midnight", SHOT "DAILY 22:00-06:00 " PLAIN, VERDICT_BREACH, KM(-4, 50), .at = "2026-02-03T01:00:00Z"},
	{"interval over a window's edge", SHOT "DAILY 12:00-13:00 " PLAIN, VERDICT_UNDETERMINED, KM(-4, 50), .to = "2026-02-03T11:00:00Z"},
	{"interval over a whole day", SHOT "DAILY 13:00-14:00 " PLAIN, VERDICT_UNDETERMINED, KM(-4, 50), .to = "2026-02-04T10:00:00Z"},
	{"time not known", SHOT "FROM 2026-02-02T00:00Z " PLAIN, VERDICT_UNDETERMINED, KM(-4, 50), .at = ""},
	/* weapons */
	{"a tank on A's ground", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "tank", .by = "A"},
	{"a tank on B's ground", HEAVY PLAIN, VERDICT_BREACH, KIND_VEHICLE, KM(4, 50), .weapon = "tank", .by = "B", .line = "party: B, which controls this ground"},
	{"a tank on the very line", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(0, 50), .weapon = "tank", .by = "undetermined"},
	{"no control known: breach, by undetermined", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "tank", .by = "undetermined", .no_control = true, .line = "verdict: breach, by undetermined"},
	{"A's tank on B's ground is not on its own side", HEAVY PLAIN, VERDICT_NOT_APPLICABLE, KIND_WEAPON, KM(4, 50), .weapon = "tank", .party = "A"},
	{"A's tank on its own", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "tank", .party = "A", .by = "A", .line = "on ground of A"},
	{"on the side of a named party", "RULE 1.a FORBIDS presence of heavy WITHIN 15 km OF loc ON side OF B " PLAIN, VERDICT_NOT_APPLICABLE, KIND_WEAPON, KM(-4, 50), .weapon = "tank"},
	{"a howitzer of 122 to 152 mm", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "artillery", .low_mm = "122", .high_mm = "152"},
	{"a gun of 85 to 122 mm", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 50), .weapon = "artillery", .low_mm = "85", .high_mm = "122"},
	{"a mortar of 82 mm", HEAVY PLAIN, VERDICT_NO_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "mortar", .low_mm = "82", .high_mm = "82"},
	{"a mortar of unknown calibre", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 50), .weapon = "mortar"},
	{"at least 100 mm", HEAVY PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "artillery", .low_mm = "100"},
	{"an APC is not heavy", HEAVY PLAIN, VERDICT_NO_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "apc"},
	{"tank or APC", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 50), .weapon = "Tank, APC"},
	{"a word of no class", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 50), .weapon = "catapult", .line = "no word of the agreement"},
	{"weapon not known", HEAVY PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 50)},
	{"not heavy", "RULE 1.a FORBIDS presence of (not heavy) WITHIN 15 km OF loc " PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-4, 50), .weapon = "apc"},
	{"use of a tank", "RULE 1.a FORBIDS use of tank WITHIN 15 km OF loc " PLAIN, VERDICT_BREACH, KIND_EXPLOSION, KM(-4, 50), .weapon = "tank", .by = "undetermined"},
	/* who */
	{"where a shell fell says nothing of who fired", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .by = "undetermined"},
	{"outgoing fire does", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .assessment = "outgoing", .by = "A"},
	{"so does a muzzle flash", "RULE 1.a FORBIDS muzzle_flash WITHIN 30 km OF loc " PLAIN, VERDICT_BREACH, KIND_MUZZLE_FLASH, KM(4, 50), .by = "B"},
	{"evidence of the party", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .party = "B", .by = "B"},
	{"a party nobody knows", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .party = "X", .by = "undetermined"},
	{"forbidden to A, done by B", SHOT "BY A " PLAIN, VERDICT_NOT_APPLICABLE, KM(-4, 50), .party = "B", .line = "its party is outside"},
	{"forbidden to A, done by whom?", SHOT "BY A " PLAIN, VERDICT_UNDETERMINED, KM(-4, 50)},
	/* flights */
	{"a drone in the buffer", FLY "EXCEPT 1.a.1 BY mission " PLAIN, VERDICT_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav", .line = "no activity of the mission is on record"},
	{"the mission's own", FLY "EXCEPT 1.a.1 BY mission " PLAIN, VERDICT_NO_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav", .party = "mission", .cause = "mission"},
	{"the mission's own, on record", FLY "EXCEPT 1.a.1 BY mission " PLAIN, VERDICT_NO_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav", .notice = {{"flight", "mission", "2026-02-03T09:00:00Z", "2026-02-03T11:00:00Z", NULL, -1, 0, 3000, false}}, .cause = "mission"},
	{"on record elsewhere", FLY "EXCEPT 1.a.1 BY mission " PLAIN, VERDICT_BREACH, KIND_FLIGHT, KM(-1, 50), .weapon = "uav", .notice = {{"flight", "mission", "2026-02-03T09:00:00Z", "2026-02-03T11:00:00Z", NULL, -1, 20, 3000, false}}},
	{"a flying thing", FLY PLAIN, VERDICT_UNDETERMINED, KIND_FLIGHT, KM(-1, 50)},
	/* notices */
	{"demining, notified in time", SHOT DEMINING PLAIN, VERDICT_NO_BREACH, KM(-4, 20), .notice = {N_OK}, .cause = "demining", .line = "deadline 2026-02-02T08:00:00Z"},
	{"receipt at the deadline is not before it", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .notice = {{"demining", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-02T08:00:00Z", -4, 0, 100, false}}, .line = "not before its deadline"},
	{"no receipt", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .notice = {{"demining", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", NULL, -4, 0, 100, false}}, .line = "no receipt is on record"},
	{"receipt claimed", SHOT DEMINING PLAIN, VERDICT_NO_BREACH, KM(-4, 20), .notice = {{"demining", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0, 100, true}}, .line = "receipt claimed, not proven"},
	{"another activity", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .notice = {{"training", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0, 100, false}}, .line = "no notice of demining covers this time"},
	{"on another day", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .at = "2026-02-04T10:00:00Z", .notice = {N_OK}},
	{"ended before", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .at = "2026-02-03T14:00:00Z", .notice = {N_OK}},
	{"at night", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .at = "2026-02-03T18:00:00Z", .notice = {{"demining", "A", "2026-02-03T08:00:00Z", "2026-02-04T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0, 100, false}}, .line = "DAILY 06:00-18:00: P = 0.000"},
	{"near enough: radius and NEAR", SHOT DEMINING PLAIN, VERDICT_NO_BREACH, KM(-4.5, 20), .notice = {N_OK}, .line = "500 m away, limit 600 m"},
	{"too far", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4.8, 20), .notice = {N_OK}, .line = "800 m away, limit 600 m"},
	{"perhaps near enough", SHOT DEMINING PLAIN, VERDICT_UNDETERMINED, KM(-4.6, 300), .notice = {N_OK}, .line = "may apply"},
	{"a notice without a place excuses nothing near", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .notice = {{"demining", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0, -1, false}}, .line = "names no place"},
	{"nor does a notice without a start", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .notice = {{"demining", "A", NULL, "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0, 100, false}}, .line = "its start is not known"},
	{"B's notice does not cover A's act", SHOT DEMINING PLAIN, VERDICT_BREACH, KM(-4, 20), .party = "A", .notice = {{"demining", "B", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 0, 100, false}}, .line = "another party acted"},
	{"the second notice counts", SHOT DEMINING PLAIN, VERDICT_NO_BREACH, KM(-4, 20), .notice = {{"demining", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-03T00:00:00Z", -4, 0, 100, false}, N_OK}, .cause = "demining"},
	{"a movement, no place asked", HEAVY "EXCEPT 1.a.1 NOTIFIED movement 48 h BEFORE " PLAIN, VERDICT_NO_BREACH, KIND_VEHICLE, KM(-4, 20), .weapon = "tank", .notice = {{"movement", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", 0, 0, -1, false}}, .cause = "movement"},
	{"a movement with a radius, elsewhere", HEAVY "EXCEPT 1.a.1 NOTIFIED movement 48 h BEFORE " PLAIN, VERDICT_BREACH, KIND_VEHICLE, KM(-4, 20), .weapon = "tank", .notice = {{"movement", "A", "2026-02-03T08:00:00Z", "2026-02-03T14:00:00Z", "2026-02-01T00:00:00Z", -4, 30, 1000, false}}},
	/* exceptions */
	{"in storage", HEAVY "EXCEPT 1.a.1 INSIDE storage " PLAIN, VERDICT_NO_BREACH, KIND_WEAPON, KM(-11, 20), .weapon = "tank", .cause = "storage"},
	{"beside storage", HEAVY "EXCEPT 1.a.1 INSIDE storage " PLAIN, VERDICT_BREACH, KIND_WEAPON, KM(-12.5, 20), .weapon = "tank", .cause = "", .line = "exception 1.a.1 INSIDE storage: fails: P = 0.000"},
	{"at its fence", HEAVY "EXCEPT 1.a.1 INSIDE storage " PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-12, 20), .weapon = "tank", .cause = ""},
	{"one applies, another may", HEAVY "EXCEPT 1.a.1 INSIDE storage EXCEPT 1.a.2 BY A " PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-11, 20), .weapon = "tank"},
	{"exception without geometry", HEAVY "EXCEPT 1.a.1 INSIDE nowhere " PLAIN, VERDICT_UNDETERMINED, KIND_WEAPON, KM(-4, 20), .weapon = "tank"},
	/* grades */
	{"fixed grade", SHOT "GRADE serious " PLAIN, VERDICT_BREACH, KM(-4, 50), .grade = "serious"},
	{"no grade", SHOT PLAIN, VERDICT_BREACH, KM(-4, 50), .grade = ""},
	{"one", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .grade = "minor"},
	{"ten", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {10, COUNT_EXACT, -1}, .grade = "serious"},
	{"at least nine", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {9, COUNT_AT_LEAST, -1}, .grade = "undetermined", .line = "count at_least 9: minor at least, grave at most"},
	{"at least a hundred", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {100, COUNT_AT_LEAST, -1}, .grade = "grave"},
	{"over nine", SHOT "GRADE by count (1 minor, 10 serious) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {9, COUNT_OVER, -1}, .grade = "serious"},
	{"two to nine", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {2, COUNT_RANGE, 9}, .grade = "minor"},
	{"two to ten", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {2, COUNT_RANGE, 10}, .grade = "undetermined"},
	{"uncountable", SHOT "GRADE by count (1 minor, 10 serious, 100 grave) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {-1, COUNT_UNCOUNTABLE, -1}, .grade = "undetermined"},
	{"fewer than the first", SHOT "GRADE by count (5 minor) " PLAIN, VERDICT_BREACH, KM(-4, 50), .count = {2, COUNT_EXACT, -1}, .grade = ""},
	/* duties */
	{"a duty", "RULE 1.a REQUIRES answer BY accused WITHIN 24 h OF query ELSE obstruction", VERDICT_UNDETERMINED, KIND_OBSTRUCTION, KM(-4, 50), .line = "not yet what is required"},
	/* flips */
	{"a larger region would flip it", "RULE 1.a FORBIDS shooting WITHIN 5 km OF loc " PLAIN, VERDICT_BREACH, KM(-4, 200), .flips = "would be undetermined if the error region were 1.6 km or more (is 200 m), or if it lay 1 km farther from loc"},
	{"nearer would flip it", "RULE 1.a FORBIDS shooting WITHIN 4 km OF loc " PLAIN, VERDICT_UNDETERMINED, KM(-4.1, 300), .flips = "would be no breach if the error region were 60 m or less (is 300 m), or if it lay 200 m farther from loc"},
	{"nothing flips it", SHOT PLAIN, VERDICT_NOT_APPLICABLE, KM(-150, 10), .flips = ""},
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

int main(void)
{
	struct fault f;

	if (!arena_map(&arena, (size_t)1 << 30, &f))
		return 1;
	test_rows();
	arena_unmap(&arena);
	return check_done();
}
