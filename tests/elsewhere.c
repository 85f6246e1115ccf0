/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * elsewhere.c - two shots that a search put where they were not, as simulated
 * (scale 10000 10 1000, seeds 364 and 365), each about 0, 0: the region of
 * where they were put holds where they were, by other arrivals of the same
 * ears. */
#include "check.h"
#include "base/maths.h"
#include "locate/elsewhere.h"
#include "locate/posterior.h"

enum { NODES = 48, PICKS = 24 };
#define HALF_M 500.0

struct row { /* an ear, and what it heard of either place; NAN: nothing */
	double x_m, y_m, t_s, sigma_s, level_db;
};

/* Ears on a line 120 m east; beside it one that heard the shot and an echo. */
static const struct row line[] = {
	{120, -24, 0.359, 0.001, 104.0}, {-886, 33, 2.684, 0.005, 80.8},
	{-886, 33, 3.419, 0.019, 74.8}, {88, 923, 2.756, 0.001, 90.9},
	{175, -968, 2.965, 0.001, 90.9}, {-803, 1054, NAN, 0, 0},
	{-1108, -1110, NAN, 0, 0}, {111, 1724, 5.127, 0.001, 88.0},
	{-2100, -54, NAN, 0, 0}, {-944, -1894, NAN, 0, 0},
	{-2003, 834, NAN, 0, 0}, {33, -2180, NAN, 0, 0},
	{-1994, -913, NAN, 0, 0}, {-1007, 2001, NAN, 0, 0},
	{-1847, -2091, NAN, 0, 0}, {-1929, 2082, NAN, 0, 0},
	{-2892, -96, NAN, 0, 0}, {-837, -2904, NAN, 0, 0},
	{-11, 3069, 9.085, 0.012, 78.0}, {-2906, 1089, NAN, 0, 0},
	{-180, -3152, NAN, 0, 0}, {-1077, 3040, NAN, 0, 0},
	{-3104, -1082, NAN, 0, 0}, {-2114, 2726, NAN, 0, 0},
	{-2948, 1830, NAN, 0, 0}, {-3097, -2134, NAN, 0, 0},
	{129, 3832, 11.391, 0.003, 81.6}, {-2147, -3191, NAN, 0, 0},
	{-99, -3950, NAN, 0, 0}, {-904, 3858, NAN, 0, 0},
	{-3960, -232, NAN, 0, 0}, {-3844, 1007, NAN, 0, 0},
	{-4027, -1031, NAN, 0, 0}, {-930, -4113, NAN, 0, 0},
	{-3824, -1883, NAN, 0, 0}, {-2906, -3142, NAN, 0, 0},
	{-3002, 3107, NAN, 0, 0}, {-2059, 3893, NAN, 0, 0},
	{-4032, 2052, NAN, 0, 0}, {-2044, -4074, NAN, 0, 0},
	{-2766, 3820, NAN, 0, 0}, {-43, 4850, NAN, 0, 0},
	{-19, -4902, NAN, 0, 0}, {-4824, -1100, NAN, 0, 0}};
/* The nearest ear's arrival is another shot's; the second nearest's is not. */
static const struct row another[] = {
	{216, 107, 1.320, 0.003, 82.3}, {-43, -659, 2.003, 0.002, 82.6},
	{-939, 248, NAN, 0, 0}, {-16, 1164, 3.441, 0.001, 91.7},
	{-965, -827, NAN, 0, 0}, {-654, 1263, 4.255, 0.001, 87.1},
	{301, -1863, NAN, 0, 0}, {-1054, -1576, NAN, 0, 0},
	{-1999, 184, NAN, 0, 0}, {-1750, 1072, NAN, 0, 0},
	{-1992, -613, NAN, 0, 0}, {178, 2198, 6.513, 0.001, 93.7},
	{-852, 2171, 6.973, 0.001, 95.2}, {-46, -2632, NAN, 0, 0},
	{-2069, -1908, NAN, 0, 0}, {-2673, -901, NAN, 0, 0},
	{-742, -2797, NAN, 0, 0}, {-2891, 358, NAN, 0, 0},
	{-1916, 2333, NAN, 0, 0}, {-934, 3061, 9.537, 0.004, 80.5},
	{-3038, 1224, NAN, 0, 0}, {45, 3392, 9.994, 0.006, 77.8},
	{-1908, -2849, NAN, 0, 0}, {-3068, -1770, NAN, 0, 0},
	{-1825, 3054, 10.627, 0.006, 78.8}, {-843, -3630, NAN, 0, 0},
	{-2948, 2422, NAN, 0, 0}, {-3855, 239, NAN, 0, 0},
	{-3709, 1244, NAN, 0, 0}, {4, -3951, NAN, 0, 0},
	{-2762, -2848, NAN, 0, 0}, {-4030, -638, NAN, 0, 0},
	{-3870, -1574, NAN, 0, 0}, {-11, 4230, NAN, 0, 0},
	{-930, 4231, 12.827, 0.002, 84.2},
	{-2722, 3422, 13.099, 0.047, 77.1}, {-1973, -3923, NAN, 0, 0},
	{-3997, 2190, NAN, 0, 0}, {-1755, 4236, 13.646, 0.058, 73.4},
	{-2902, -3637, NAN, 0, 0}, {232, -4680, NAN, 0, 0},
	{-3925, -2586, NAN, 0, 0}, {-4720, 149, NAN, 0, 0},
	{-2671, 4142, 14.821, 0.004, 79.1}, {-4823, 1050, NAN, 0, 0}};

struct world {
	struct source source[NODES];
	char id[NODES][8];
	struct detection pick[PICKS];
	struct feature level[PICKS];
	size_t picks;
	struct mission mission;
	struct weather air;
	struct network net;
	struct instant t0;
	struct frame frame;
};

static struct arena work;

static struct source ear(const char *id, struct point p)
{
	return (struct source){.id = id, .kind = SOURCE_ACOUSTIC,
		.lat_deg = p.lat_deg, .lon_deg = p.lon_deg, .elev_m = 150,
		.rate_hz = 1000, .sensitivity = NAN, .owner = "A",
		.host_party = "", .installed = INSTANT_UNKNOWN,
		.position_err_m = 2, .public_key = "", .array = ""};
}

static void hear(struct world *w, const char *id, const struct row *row)
{
	struct detection *d = &w->pick[w->picks];

	*d = detection_new();
	d->source = id;
	d->modality = MODALITY_ACOUSTIC;
	d->detector = "test";
	d->at = instant_round_us(instant_plus_s(w->t0, row->t_s));
	d->sigma_s = row->sigma_s;
	d->snr = 14;
	d->frequency_hz = 60;
	d->cite.offset = w->picks;
	w->level[w->picks] = (struct feature){"level_db", row->level_db};
	d->feature = &w->level[w->picks++];
	d->feature_count = 1;
	detection_name(d);
}

/* Rows of one ear stand together. */
static void lay(struct world *w, const struct row *row, size_t rows)
{
	size_t n = 0;

	*w = (struct world){.frame = frame_at(48, 37),
		.t0 = {INT64_C(1770000000000000000)}};
	for (size_t i = 0; i < rows; i++) {
		struct xy at = {row[i].x_m, row[i].y_m};

		if (i == 0 || at.x_m < row[i - 1].x_m ||
			at.x_m > row[i - 1].x_m) {
			(void)snprintf(w->id[n], sizeof w->id[n], "n%02u",
				(unsigned)n % 100);
			w->source[n] = ear(w->id[n],
				frame_from(&w->frame, at));
			n++;
		}
		if (isfinite(row[i].t_s))
			hear(w, w->id[n - 1], &row[i]);
	}
	w->mission = (struct mission){
		.source = w->source, .source_count = n};
	w->air = (struct weather){w->t0, 48, 37, 5, 101325, 70, 6, 240, 1.5,
		1.5};
	w->net = (struct network){.mission = &w->mission,
		.weather = &w->air, .weather_count = 1};
}

static void look(const struct world *w, struct scene *s,
	struct view_room *room, struct lee *lee, struct view *v)
{
	double at_s = instant_seconds(s->start, w->t0);

	view_make(s, room, (struct point){w->frame.lat_deg, w->frame.lon_deg},
		HALF_M, at_s - 1, at_s + 1, v);
	lee_for(lee, sqrt(v->air.east_ms * v->air.east_ms +
			v->air.north_ms * v->air.north_ms),
		v->air.sigma_w_ms, s->range_m);
	v->lee = lee;
}

/* As the search put it. */
static bool climb(const struct world *w, const struct view *v, struct xy at,
	double t_s, ptrdiff_t *choice, struct origin *o)
{
	return origin_climb(v, &(struct origin_start){.x_m = at.x_m,
			.y_m = at.y_m, .error_s = 0.06,
			.t_s = instant_seconds(v->scene->start, w->t0) + t_s},
		-INFINITY, NULL, choice, o);
}

static void put(const struct row *row, size_t rows, struct xy at, double t_s,
	const char *what)
{
	static struct world w;
	struct scene scene;
	struct view_room room;
	struct lee lee;
	struct view v;
	struct origin o;
	struct lone lone;
	struct elsewhere x;
	struct place p;
	struct posterior_time t;
	struct fault f = {0};
	ptrdiff_t choice[NODES];
	double off_m;

	work.used = 0;
	lay(&w, row, rows);
	CHECK_QUIET(scene_make(&w.net, w.pick, w.picks, &work, &scene, &f) &&
		view_room(&scene, &work, &room, &f), "%s", f.text);
	look(&w, &scene, &room, &lee, &v);
	CHECK_QUIET(climb(&w, &v, at, t_s, choice, &o), "%s: climbs", what);
	CHECK_QUIET(lone_find(&v, &o, &work, &lone, &f) &&
		elsewhere_find(&v, &o, &lone, &work, &x, &f) &&
		posterior(&v, &o, &work, &p, &t, &f), "%s", f.text);
	off_m = sqrt(o.x_m * o.x_m + o.y_m * o.y_m);
	CHECK(off_m > 150 && x.is && x.at.x_m * x.at.x_m +
		x.at.y_m * x.at.y_m < 50 * 50, "%s: put %.0f m off by %zu, or "
		"%.0f m by %zu, %.1f nats likelier", what, off_m, o.heard,
		sqrt(x.at.x_m * x.at.x_m + x.at.y_m * x.at.y_m), x.at.heard,
		x.ln);
	CHECK(p.region.ellipse.semi_major_m > off_m,
		"%s: its region of %.0f x %.0f m holds both", what,
		p.region.ellipse.semi_major_m, p.region.ellipse.semi_minor_m);
}

int main(void)
{
	struct fault f = {0};

	if (!arena_map(&work, (size_t)1 << 28, &f))
		return 1;
	put(line, sizeof line / sizeof *line, (struct xy){228, 11}, 0.01,
		"beyond a line of ears");
	put(another, sizeof another / sizeof *another, (struct xy){-32, 187},
		0.55, "by an arrival of another shot");
	arena_unmap(&work);
	return check_done();
}
