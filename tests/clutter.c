/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clutter.c - what else is heard hides no sound that is louder than it, an echo
 * is no arrival of another sound, and what is far too loud for one is none of
 * it, unless it came at its very time; nor is what has another pitch likely to
 * be.  What few of many ears hear again is no round from the same place. */
#include "check.h"

#include "base/maths.h"
#include "locate/burst.h"
#include "locate/level.h"

enum { ACROSS = 5, NODES = ACROSS * ACROSS, EARS = 8, PICKS = 256 };
#define SPACING_M 1000.0
#define SOUND_MS 340.0

static struct arena work;
static struct source source[NODES];
static char id[NODES][8];
static struct xy at[NODES];
static struct detection pick[PICKS];
static struct feature level[PICKS];
static size_t picks;
static const struct instant t0 = {INT64_C(1770000000000000000)};
static const struct xy shot = {120, 80};

static void lay(void)
{
	struct frame f = frame_at(48, 37);

	for (size_t i = 0; i < NODES; i++) {
		struct point p;

		/* None on a line with the others. */
		at[i] = (struct xy){
			SPACING_M * ((double)(i % ACROSS) - 2) +
				37 * (double)(i * i % 7),
			SPACING_M * ((double)(i / ACROSS) - 2) +
				53 * (double)(i * i % 5)};
		p = frame_from(&f, at[i]);
		(void)snprintf(id[i], sizeof id[i], "n%02u", (unsigned)i);
		source[i] = (struct source){.id = id[i],
			.kind = SOURCE_ACOUSTIC, .lat_deg = p.lat_deg,
			.lon_deg = p.lon_deg, .elev_m = 150, .rate_hz = 500,
			.sensitivity = NAN, .owner = "A", .host_party = "",
			.installed = INSTANT_UNKNOWN, .position_err_m = 1,
			.public_key = "", .array = ""};
	}
}

static double away_m(size_t i)
{
	double dx = at[i].x_m - shot.x_m, dy = at[i].y_m - shot.y_m;

	return sqrt(dx * dx + dy * dy);
}

static void hear(size_t i, double after_s, double level_db)
{
	struct detection *d = &pick[picks];

	*d = detection_new();
	d->source = id[i];
	d->modality = MODALITY_ACOUSTIC;
	d->detector = "test";
	d->at = instant_plus_s(t0, after_s);
	d->sigma_s = 0.002;
	level[picks] = (struct feature){"level_db", level_db};
	d->feature = &level[picks];
	d->feature_count = 1;
	d->cite.offset = picks++;
	detection_name(d);
}

/* By those within so far, 100 dB at a kilometre. */
static void shoot(double reach_m)
{
	picks = 0;
	for (size_t i = 0; i < NODES; i++)
		if (away_m(i) < reach_m)
			hear(i, away_m(i) / SOUND_MS,
				100 - 22 * m_log10(away_m(i) / 1000));
}

/* Of the others, three each, at moments of no sound. */
static void clutter(double reach_m, double level_db)
{
	for (size_t i = 0; i < NODES; i++)
		for (int k = 0; k < 3 && away_m(i) >= reach_m; k++)
			hear(i, 1.1 + 2.3 * k + 0.37 * (double)(i * i % 11),
				level_db);
}

struct got {
	struct scene scene;
	struct view view;
	struct origin origin;
	struct lee lee;
	ptrdiff_t choice[NODES];
	bool ok;
};

static int by_order(const void *a, const void *b)
{
	return detection_order(a, b);
}

static void climb(struct got *g)
{
	static const struct weather calm = {.lat_deg = NAN, .lon_deg = NAN,
		.temperature_c = 14.5, .pressure_pa = NAN, .humidity_pct = NAN,
		.wind_ms = 0, .wind_from_deg = 0, .at = {1770000000000000000}};
	static const struct mission m = {
		.source = source, .source_count = NODES};
	static const struct network net = {
		.mission = &m, .weather = &calm, .weather_count = 1};
	struct view_room room;
	struct fault f = {0};
	double begin;

	qsort(pick, picks, sizeof *pick, by_order);
	work.used = 0;
	if (!scene_make(&net, pick, picks, &work, &g->scene, &f) ||
		!view_room(&g->scene, &work, &room, &f))
		abort();
	scene_reach(&g->scene, 0.95);
	begin = instant_seconds(g->scene.start, t0);
	view_make(&g->scene, &room, (struct point){48, 37}, 500, begin - 2,
		begin + 2, &g->view);
	lee_for(&g->lee, 0, g->view.air.sigma_w_ms, g->scene.range_m);
	g->view.lee = &g->lee;
	g->ok = origin_climb(&g->view, &(struct origin_start){
			shot.x_m, shot.y_m, begin, 0.05, 0},
		-INFINITY, NULL, g->choice, &g->origin);
}

static void hidden(void)
{
	static struct got g;
	double alone, weak, loud;

	shoot(1500);
	climb(&g);
	CHECK(g.ok && g.origin.heard >= EARS, "heard by %zu", g.origin.heard);
	alone = g.origin.score;
	shoot(1500);
	clutter(1500, 70);
	climb(&g);
	weak = g.origin.score;
	shoot(1500);
	clutter(1500, 105);
	climb(&g);
	loud = g.origin.score;
	CHECK(weak > alone - 1, "weak clutter: %.1f, alone %.1f", weak, alone);
	CHECK(loud < alone - 10, "as loud: %.1f, alone %.1f", loud, alone);
	for (size_t i = 0; i < picks; i++)
		level[i].name = "none"; /* nobody knows how loud */
	climb(&g);
	CHECK(g.origin.score < alone - 10, "of unknown levels: %.1f",
		g.origin.score);
}

/* What the node nearest to it heard just before its arrival was louder. */
static void echo(void)
{
	static struct got g;
	size_t near = 0;
	double alone;

	shoot(1500);
	for (size_t i = 0; i < NODES; i++)
		near = away_m(i) < away_m(near) ? i : near;
	hear(near, away_m(near) / SOUND_MS - 1.5, 130);
	climb(&g);
	alone = g.origin.score;
	shoot(1500);
	hear(near, away_m(near) / SOUND_MS - 0.23, 130);
	climb(&g);
	CHECK(g.origin.score < alone - 2, "after a louder one: %.1f, alone "
		"%.1f", g.origin.score, alone);
}

/* One that is heard from farther off than most. */
static size_t farther(void)
{
	size_t i = 0;

	while (away_m(i) <= 1500 || away_m(i) >= 2200)
		i++;
	return i;
}

static void louder(size_t node, double db)
{
	for (size_t i = 0; i < picks; i++)
		if (strcmp(pick[i].source, id[node]) == 0)
			level[pick[i].feature - level].value += db;
}

static void too_loud(void)
{
	static struct got g;
	size_t far = farther(), heard;

	shoot(2200);
	climb(&g);
	heard = g.origin.heard;
	louder(far, 25);
	climb(&g);
	CHECK(g.ok && g.origin.heard == heard - 1, "25 dB too loud at one: "
		"%zu of %zu", g.origin.heard, heard);
	louder(far, -9);
	climb(&g);
	CHECK(g.origin.heard == heard, "16 dB too loud, but so well in time: "
		"it is heard");
	louder(far, -28);
	climb(&g);
	CHECK(g.origin.heard == heard, "12 dB too weak: it is heard");
}

/* All at one pitch, and one of them four octaves lower. */
static void too_low(void)
{
	static struct got g;
	double unknown, alike, odd;
	size_t far = farther();

	shoot(2200);
	climb(&g);
	unknown = g.origin.score;
	for (size_t i = 0; i < picks; i++)
		pick[i].frequency_hz = 256;
	climb(&g);
	alike = g.origin.score;
	for (size_t i = 0; i < picks; i++)
		if (strcmp(pick[i].source, id[far]) == 0)
			pick[i].frequency_hz = 16;
	climb(&g);
	odd = g.origin.score;
	CHECK(alike < unknown + 0.1 && odd < alike - 5,
		"of one pitch %.1f, unknown %.1f, one of another %.1f", alike,
		unknown, odd);
}

/* All hear it, and 1.2 s later so many do again. */
static bool is_again(size_t ears)
{
	static struct got g;
	ptrdiff_t choice[NODES];
	struct origin o;

	shoot(10000);
	for (size_t i = 0; i < ears; i++)
		hear(i, away_m(i) / SOUND_MS + 1.2,
			100 - 22 * m_log10(away_m(i) / 1000));
	climb(&g);
	CHECK(g.ok && g.origin.heard >= ORIGIN_MANY, "%zu ears are many",
		g.origin.heard);
	for (size_t i = 0; i < g.view.posts; i++)
		if (g.choice[i] != HEAR_NONE)
			g.scene.pick[g.choice[i]].gone = true;
	return burst_next(&g.view, &g.origin, choice, &o);
}

static void again(void)
{
	CHECK(is_again(18), "heard again by 18 of 25: a round");
	CHECK(!is_again(12), "by 12 of 25: none");
}

int main(void)
{
	struct fault f;

	if (!arena_map(&work, (size_t)1 << 26, &f))
		return 1;
	lay();
	hidden();
	echo();
	too_loud();
	too_low();
	again();
	return check_done();
}
