/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The demonstration day: the period that closes on 4 February 2026 at 19:30
 * in Kyiv, and two hours of the one before, on an invented stretch of land.
 * Eleven microphones in two clusters (the eastern ones sleep at night to save
 * their batteries), an infrasound array, two drones, three satellites, three
 * patrols and two parties who do not agree.  Each thing that a report must
 * get right is there once: see the comments of the tables. */
#include "sim/world.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))
#define BEGIN "2026-02-03T15:30:00Z"
#define END "2026-02-04T17:30:00Z"
/* The solar nodes: asleep from 20:00 to 06:00 local. */
#define DUSK "2026-02-03T18:00:00Z"
#define DAWN "2026-02-04T04:00:00Z"

static const struct xy west[] = {{-9000, 6000}, {-5500, 8600}, {-3900, 3400},
	{-8200, -1200}, {-4600, -4300}, {-9800, -6200}};
static const struct xy east[] = {
	{5200, 7400}, {8600, 2900}, {4300, 400}, {9100, -4600}, {4900, -7200}};
/* A triangle of 600 m and its centre. */
static const struct xy array[] = {{-6400, 1500}, {-6400, 1846},
	{-6700, 1327}, {-6100, 1327}};

struct one { /* a row of the tables below */
	const char *t0;
	struct xy at;
	double yield_kg;
	const char *cause, *party, *group, *breach;
};

static const struct one blasts[] = {
	/* The period before, for comparison. */
	{"2026-02-03T15:52:10.2Z", {-2000, 6000}, 5, "attack", "B", NULL,
		"5.a"},
	{"2026-02-03T16:31:44.7Z", {3000, -5000}, 12, "attack", "A",
		NULL, "5.a"},
	{"2026-02-03T16:32:58.1Z", {3150, -4900}, 8, "attack", "A", NULL,
		"5.a"},
	{"2026-02-03T17:05:31.9Z", {1500, 2000}, 2, "attack", NULL, NULL,
		"5.a"},
	/* Night: only the western cluster listens. */
	{"2026-02-03T19:40:05.3Z", {-1000, 5500}, 6, "attack", "B", NULL,
		"5.a"},
	/* Too small and too far, upwind: patrols alone hear it. */
	{"2026-02-03T20:55:20.0Z", {-1000, 19000}, 0.05, "attack", NULL, NULL,
		"5.a"},
	{"2026-02-03T21:15:33.6Z", {1500, 4000}, 20, "attack", NULL, NULL,
		"5.a"},
	/* Something burns after this one: heat at the next passes. */
	{"2026-02-03T22:25:30.8Z", {3000, 6000}, 40, "attack", "A", NULL,
		"5.a"},
	{"2026-02-03T23:48:12.4Z", {-2200, -2000}, 3, "attack", "B", NULL,
		"5.a"},
	{"2026-02-04T02:10:47.0Z", {2000, -19500}, 0.05, "attack", NULL, NULL,
		"5.a"},
	/* A burst of eight. */
	{"2026-02-04T05:18:00.0Z", {2200, -6000}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:02.7Z", {2230, -6040}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:05.1Z", {2170, -5980}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:08.0Z", {2260, -6010}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:10.4Z", {2190, -6070}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:13.3Z", {2240, -5950}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:15.8Z", {2150, -6020}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T05:18:18.9Z", {2210, -6000}, 8, "attack", "A", "burst",
		"5.a"},
	{"2026-02-04T06:05:14.5Z", {700, -1500}, 1.5, "attack", NULL, NULL,
		"5.a"},
	/* An exchange: two sides, each on the other's ground. */
	{"2026-02-04T07:42:00.9Z", {-1800, 1000}, 5, "attack", "B", "exchange",
		"5.a"},
	{"2026-02-04T07:42:24.2Z", {2600, -500}, 7, "attack", "A", "exchange",
		"5.a"},
	{"2026-02-04T07:42:49.0Z", {-1750, 1080}, 5, "attack", "B", "exchange",
		"5.a"},
	{"2026-02-04T07:43:11.6Z", {2650, -420}, 7, "attack", "A", "exchange",
		"5.a"},
	{"2026-02-04T07:43:37.3Z", {-1900, 940}, 5, "attack", "B", "exchange",
		"5.a"},
	{"2026-02-04T07:44:02.1Z", {2540, -560}, 7, "attack", "A", "exchange",
		"5.a"},
	{"2026-02-04T07:44:29.8Z", {-1830, 1130}, 5, "attack", "B", "exchange",
		"5.a"},
	{"2026-02-04T07:44:55.5Z", {2700, -480}, 7, "attack", "A", "exchange",
		"5.a"},
	/* Demining that was notified in time: no breach. */
	{"2026-02-04T08:30:21.0Z", {-6000, -7500}, 3, "demining", "A",
		"demining", NULL},
	{"2026-02-04T08:47:55.0Z", {-5930, -7440}, 3, "demining", "A",
		"demining", NULL},
	{"2026-02-04T09:03:12.0Z", {-6080, -7560}, 4, "demining", "A",
		"demining", NULL},
	{"2026-02-04T09:19:40.0Z", {-5990, -7400}, 3, "demining", "A",
		"demining", NULL},
	{"2026-02-04T09:41:08.3Z", {1200, 7000}, 4, "attack", NULL, NULL,
		"5.a"},
	/* Demining that was notified three hours before: too late. */
	{"2026-02-04T10:05:02.0Z", {6500, 10000}, 5, "demining", "B", "late",
		"5.a"},
	{"2026-02-04T10:21:37.0Z", {6560, 9950}, 5, "demining", "B", "late",
		"5.a"},
	/* Training in the notified area: no breach. */
	{"2026-02-04T11:30:10.0Z", {12000, -9000}, 4, "training", "B",
		"training", NULL},
	{"2026-02-04T11:36:42.0Z", {11900, -8900}, 4, "training", "B",
		"training", NULL},
	{"2026-02-04T11:43:31.0Z", {12080, -9060}, 4, "training", "B",
		"training", NULL},
	{"2026-02-04T11:51:05.0Z", {12010, -8950}, 4, "training", "B",
		"training", NULL},
	{"2026-02-04T11:58:26.0Z", {11950, -9080}, 4, "training", "B",
		"training", NULL},
	{"2026-02-04T12:07:14.0Z", {12060, -9020}, 4, "training", "B",
		"training", NULL},
	{"2026-02-04T13:07:22.6Z", {-900, -5200}, 2.5, "attack", "B", NULL,
		"5.a"},
	{"2026-02-04T14:18:45.1Z", {900, 4400}, 10, "attack", NULL, NULL,
		"5.a"},
	{"2026-02-04T15:33:10.7Z", {2900, 9600}, 15, "attack", "A", NULL,
		"5.a"},
	{"2026-02-04T16:49:51.2Z", {-2600, -900}, 30, "attack", "B", NULL,
		"5.a"},
};

static const struct town_row towns[] = {
	{"Kalynivets", "Калинівець", "Калиновец", "Kalynivets", "Chervonivka",
		{-3200, 5200}, 1840, "A"},
	{"Vapniarka Stepova", "Вапнярка Степова", "Вапнярка Степная",
		"Vapniarka Stepova", "", {-11000, -900}, 3120, "A"},
	{"Tykhyi Stav", "Тихий Став", "Тихий Став", "Tykhyi Stav", "",
		{-4300, -6900}, 640, "A"},
	{"Stara Vyshnia", "Стара Вишня", "Старая Вишня", "Stara Vychnia", "",
		{-1400, -1600}, 410, "A"},
	{"Bilyi Yar", "Білий Яр", "Белый Яр", "Bilyi Yar", "",
		{-2600, 17200}, 980, "A"},
	{"Zhuravne Pole", "Журавне Поле", "Журавлиное Поле", "Jouravne Pole",
		"Oktiabrske", {3600, -900}, 2260, "B"},
	{"Kruta Balka", "Крута Балка", "Крутая Балка", "Krouta Balka", "",
		{20800, 5600}, 5400, "B"},
	{"Lozova Krynytsia", "Лозова Криниця", "Лозовая Криница",
		"Lozova Krynytsia", "", {4200, 8200}, 720, "B"},
	{"Sukhyi Lyman", "Сухий Лиман", "Сухой Лиман", "Soukhyi Lyman", "",
		{14200, -11300}, 1310, "B"},
	{"Makova Hora", "Макова Гора", "Маковая Гора", "Makova Hora", "",
		{4100, -17300}, 560, "B"},
	{"Zavodske", "Заводське", "Заводское", "Zavodske", "Komsomolske",
		{25500, -3500}, 18200, "B"},
};

static const struct fire demo_fires[] = {
	{"t08-fire", {{0}, {0}}, {3060, 5950}, 160, 820, "impact"},
	{"steel-works", {{0}, {0}}, {25800, -3900}, 60, 1100, "industry"},
};

static const struct pass passes[] = {
	{"N20", "2026-02-03T22:48:00Z", 21, true},
	{"N", "2026-02-03T23:38:00Z", 34, true},
	{"N21", "2026-02-04T00:27:00Z", 47, false},
	{"N20", "2026-02-04T10:12:00Z", 12, true},
	{"N", "2026-02-04T11:03:00Z", 28, false},
	{"N21", "2026-02-04T11:54:00Z", 51, true},
};

/* patrol, first and last blast (index above), ... */
static const struct hearing hearings[] = {
	{0, 0, 0, "heard", "undetermined", "exact"},
	{1, 1, 2, "heard", "undetermined", "exact"},
	{0, 4, 4, "heard", "undetermined", "exact"},
	{3, 5, 5, "heard", "undetermined", "exact"},
	{0, 6, 6, "heard", "undetermined", "exact"},
	{0, 7, 7, "heard", "impact", "exact"},
	{4, 9, 9, "heard", "undetermined", "exact"},
	{1, 10, 17, "heard", "outgoing", "at_least"},
	{2, 10, 17, "heard", "undetermined", "about"},
	{0, 19, 26, "heard", "undetermined", "about"},
	{1, 19, 26, "heard", "undetermined", "at_least"},
	{2, 27, 30, "saw", "undetermined", "exact"},
	{1, 41, 41, "heard", "undetermined", "exact"},
	{0, 42, 42, "heard", "undetermined", "exact"},
	{2, 43, 43, "heard", "impact", "exact"},
};

/* Where the sightings' observers stood is their own row's `from`. */
static const struct sighting sightings[] = {
	/* A tank 4.4 km from the line: breach, seen from ground and air. */
	{"P-2", {4600, 2500}, {5200, 3000}, "2026-02-04T12:02:00Z", "", "saw",
		"weapon", "tank", "", "one main battle tank, stationary, in a "
		"tree line", 125, 1, 650, 900, "4.a", "B"},
	{"D-02", {3673, 2069}, {5200, 3000}, "2026-02-04T12:10:55Z", "",
		"recorded", "weapon", "tank", "", "one main battle tank, same "
		"tree line", 125, 1, 1690, 1890, "4.a", "B"},
	/* Rocket launchers 19 km from the line: beyond the distance. */
	{"D-02", {17713, 7406}, {19400, 8000}, "2026-02-04T12:22:20Z", "",
		"recorded", "weapon", "mlrs", "", "three multiple rocket "
		"launchers in a yard", 122, 3, 1690, 1890, NULL, "B"},
	/* Howitzers inside a storage site: excepted. */
	{"P-3", {-11800, 800}, {-11950, 500}, "2026-02-04T13:40:00Z", "",
		"saw", "weapon", "artillery", "", "four towed howitzers, "
		"seals intact", 122, 4, 250, 420, NULL, "A"},
	/* An unknown small drone in the buffer, from two sides. */
	{"P-1", {-1500, 5300}, {-700, 5900}, "2026-02-04T12:40:00Z",
		"2026-02-04T12:43:00Z", "saw", "flight", "uav", "E to W",
		"small quadcopter, no markings", 0, 1, 800, 1200, "6.a", "B"},
	{"P-4", {300, 6400}, {-700, 5900}, "2026-02-04T12:41:00Z",
		"2026-02-04T12:44:00Z", "saw", "flight", "uav", "E to W",
		"quadcopter over the field", 0, 1, 900, 1300, "6.a", "B"},
	/* A patrol is turned back: restriction of movement. */
	{"P-2", {4100, -3000}, {4100, -3000}, "2026-02-04T09:15:00Z",
		"2026-02-04T10:05:00Z", "saw", "denial", "", "", "two armed "
		"persons at a checkpoint of Party B refused passage towards "
		"Makova Hora; reason given: mines", 0, 1, 0, 0, NULL, "B"},
};

static const struct notice notices[] = {
	{"n-101", "A", "demining", "2026-02-04T07:00:00Z",
		"2026-02-04T13:00:00Z", "Tykhyi Stav", "Controlled demolition "
		"of unexploded ordnance, up to six charges",
		"2026-02-02T09:15:00Z", {-6000, -7500}, 300},
	{"n-102", "B", "training", "2026-02-04T11:00:00Z",
		"2026-02-04T13:30:00Z", "Sukhyi Lyman", "Live-fire training, "
		"mortars, inside the training area", "2026-02-01T12:00:00Z",
		{12000, -9000}, 1500},
	{"n-103", "B", "demining", "2026-02-04T09:30:00Z",
		"2026-02-04T12:00:00Z", "Lozova Krynytsia", "Demolition of "
		"two mines found on a farm road", "2026-02-04T07:02:00Z",
		{6500, 10000}, 300},
};

static const struct claim_said claims[] = {
	{"c-201", "A", "2026-02-04T05:18:00Z", "explosion", "Eight rounds of "
		"Party B's mortars near Zhuravne Pole; Party A did not fire.",
		"2026-02-04T08:40:00Z", {2200, -6000}, 800, 8, "exact",
		"false"},
	{"c-202", "B", "2026-02-04T05:18:00Z", "explosion", "Party A fired "
		"at least twelve rounds at our positions.",
		"2026-02-04T09:05:00Z", {2300, -5900}, 600, 12, "at_least",
		"exaggerated"},
	{"c-203", "B", "2026-02-04T10:05:00Z", "explosion", "Demining, "
		"notified as agreed.", "2026-02-04T13:20:00Z", {6500, 10000},
		500, 2, "exact", "late"},
	{"c-204", "A", "2026-02-04T12:40:00Z", "flight", "A drone of Party B "
		"crossed the buffer.", "2026-02-04T14:00:00Z", {-700, 5900},
		1500, 1, "exact", "true"},
	{"c-205", "B", "2026-02-03T22:25:00Z", "explosion", "A heavy shell "
		"of Party A set a barn on fire.", "2026-02-04T06:30:00Z",
		{3000, 6000}, 500, 1, "exact", "true"},
};

static struct span span_of(const char *from, const char *to)
{
	return (struct span){world_time(from), world_time(to)};
}

static void name_node(struct node *n, const char *station, const char *location)
{
	(void)snprintf(n->station, sizeof n->station, "%s", station);
	(void)snprintf(n->id, sizeof n->id, "XT_%s_%s", station, location);
}

static void add_run(struct node *n, const char *from, const char *to,
	double clock_s, int quality)
{
	n->run[n->run_count++] =
		(struct node_run){span_of(from, to), clock_s, quality};
}

/* Of the file that holds this moment. */
static void add_flaw(struct node *n, enum flaw_sort sort, const char *at)
{
	n->flaw[n->flaw_count++] = (struct flaw){sort, span_of(at, at), 0};
}

static struct node microphone(struct xy at, char cluster, size_t nth)
{
	struct node n = {.channel = "EDF", .kind = "acoustic",
		.owner = "mission", .array = "", .at = at, .elev_m = 140,
		.rate_hz = 80, .counts_per_pa = 64,
		.host = cluster == 'W' ? "A" : "B"};
	char station[8];

	(void)snprintf(station, sizeof station, "%c%02u", cluster,
		(unsigned)nth + 1);
	name_node(&n, station, "00");
	return n;
}

static void make_west(struct node *n)
{
	for (size_t i = 0; i < COUNT(west); i++) {
		n[i] = microphone(west[i], 'W', i);
		if (i != 3 && i != 4)
			add_run(&n[i], BEGIN, END, 0, 100);
	}
	/* W04 is dead for hours; W05 loses its satellites, and its clock is
	 * 0.4 s off until they come back, as it says itself. */
	add_run(&n[3], BEGIN, "2026-02-04T00:50:00Z", 0, 100);
	add_run(&n[3], "2026-02-04T06:40:00Z", END, 0, 100);
	add_run(&n[4], BEGIN, "2026-02-04T07:00:00Z", 0, 100);
	add_run(&n[4], "2026-02-04T07:00:00Z", "2026-02-04T09:00:00Z", 0.4, 20);
	add_run(&n[4], "2026-02-04T09:00:01Z", END, 0, 100);
	add_flaw(&n[0], FLAW_FILE_TWICE, "2026-02-04T07:00:00Z");
	add_flaw(&n[2], FLAW_FILE_LATE, "2026-02-04T10:00:00Z");
	add_flaw(&n[5], FLAW_RECORD_DAMAGED, "2026-02-04T13:00:00Z");
	/* A generator. */
	n[1].hum_pa = 0.02;
	n[1].hum_hz = 24.9;
}

static void make_east(struct node *n)
{
	for (size_t i = 0; i < COUNT(east); i++) {
		n[i] = microphone(east[i], 'E', i);
		add_run(&n[i], BEGIN, DUSK, 0, 100);
		add_run(&n[i], DAWN, END, 0, 100);
	}
}

static void make_array(struct node *n)
{
	for (size_t i = 0; i < COUNT(array); i++) {
		char location[4];

		(void)snprintf(location, sizeof location, "%02u",
			(unsigned)i + 1);
		n[i] = (struct node){.channel = "BDF", .kind = "infrasound",
			.owner = "mission", .host = "A", .array = "IS1",
			.at = array[i], .elev_m = 145, .rate_hz = 20,
			.counts_per_pa = 400};
		name_node(&n[i], "IS1", location);
		add_run(&n[i], BEGIN, END, 0, 100);
	}
}

static bool make_blasts(struct world *w, struct fault *f)
{
	w->act_count = COUNT(blasts);
	w->act = arena_array(
		w->arena, w->act_count, sizeof *w->act, f);
	if (!w->act)
		return false;
	for (size_t i = 0; i < COUNT(blasts); i++) {
		struct act *b = &w->act[i];

		(void)snprintf(b->id, sizeof b->id, "t%02u", (unsigned)i + 1);
		b->t0 = world_time(blasts[i].t0);
		b->at = blasts[i].at;
		b->yield_kg = blasts[i].yield_kg;
		b->kind = "explosion";
		b->cause = blasts[i].cause;
		b->party = blasts[i].party;
		b->group = blasts[i].group;
		b->breach = blasts[i].breach;
	}
	return true;
}

static bool make_fires(struct world *w, struct fault *f)
{
	struct fire *fire =
		arena_array(w->arena, COUNT(demo_fires), sizeof *fire, f);

	if (!fire)
		return false;
	memcpy(fire, demo_fires, sizeof demo_fires);
	fire[0].span = span_of("2026-02-03T22:27:00Z", "2026-02-04T04:30:00Z");
	fire[1].span = w->span;
	w->fire = fire;
	w->fire_count = COUNT(demo_fires);
	return true;
}

static void make_tables(struct world *w)
{
	static const struct patrol patrols[] = {{"P-1", {-3500, 5000}},
		{"P-2", {3200, -1500}}, {"P-3", {-2500, -8000}},
		{"P-4", {-2400, 16800}}, {"P-5", {3700, -16900}}};

	memcpy(w->patrol, patrols, sizeof patrols);
	w->patrol_count = COUNT(patrols);
	w->hearing = hearings;
	w->hearing_count = COUNT(hearings);
	w->sighting = sightings;
	w->sighting_count = COUNT(sightings);
	w->notice = notices;
	w->notice_count = COUNT(notices);
	w->claim = claims;
	w->claim_count = COUNT(claims);
	w->pass = passes;
	w->pass_count = COUNT(passes);
	w->town = towns;
	w->town_count = COUNT(towns);
}

bool demo_make(struct world *w, const struct sim_ask *ask, struct fault *f)
{
	size_t count = COUNT(west) + COUNT(east) + COUNT(array);

	(void)ask;
	w->name = "demo";
	w->title = "Demonstration mission";
	w->span = span_of(BEGIN, END);
	w->half_x_m = 29000;
	w->half_y_m = 21000;
	w->wind_ms = 3.2;
	w->wind_from_deg = 205;
	w->temperature_c = -3;
	w->flights = true;
	w->node = arena_array(w->arena, count, sizeof *w->node, f);
	if (!w->node)
		return false;
	make_west(w->node);
	make_east(w->node + COUNT(west));
	make_array(w->node + COUNT(west) + COUNT(east));
	w->node_count = count;
	make_tables(w);
	return make_blasts(w, f) && make_fires(w, f);
}
