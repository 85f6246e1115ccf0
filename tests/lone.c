/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lone.c - a shot beyond the edge of a network, heard by five ears nearly on a
 * line; at a sixth, beside them, something else came when the shot would have,
 * had it been near.  The region says that it may have been farther back, and
 * does not when twelve ears around it agree.  Where another shot was, of which
 * the sixth ear's arrival may be, that is believed; and so is chance, if it has
 * another pitch.  Where an echo at one ear puts a shot out of any region about
 * it, that is seen.  Of ears on a line a shot may be on either side. */
#include "check.h"
#include "geo/frame.h"
#include "locate/locate.h"
#include "locate/lone.h"

enum { ACROSS = 6, NODES = ACROSS * ACROSS };
#define SPACING_M 1000.0
#define SOUND_MS 337.3

struct world {
	struct frame frame;
	struct source source[NODES];
	char id[NODES][8];
	struct xy at[NODES];
	struct mission mission;
	struct network net;
	struct detection pick[NODES];
	size_t picks;
	struct instant t0;
	double hz; /* of what is heard next */
};

static struct arena work;
static struct incident found; /* the one nearest to the shot */
static size_t count;
static double off_m;

struct looking {
	const struct frame *frame;
	struct xy shot;
};

static void lay_at(struct world *w, const struct xy *at, size_t n)
{
	*w = (struct world){.frame = frame_at(48, 37),
		.t0 = {INT64_C(1770000000000000000)}, .hz = 60};
	for (size_t i = 0; i < n; i++) {
		struct point p = frame_from(&w->frame, at[i]);

		w->at[i] = at[i];
		(void)snprintf(w->id[i], sizeof w->id[i], "n%02u", (unsigned)i);
		w->source[i] = (struct source){.id = w->id[i],
			.kind = SOURCE_ACOUSTIC, .lat_deg = p.lat_deg,
			.lon_deg = p.lon_deg, .elev_m = 150, .rate_hz = 500,
			.sensitivity = NAN, .owner = i % 2 ? "A" : "B",
			.host_party = "", .installed = INSTANT_UNKNOWN,
			.position_err_m = 2, .public_key = "", .array = ""};
	}
	w->mission = (struct mission){
		.source = w->source, .source_count = n};
	w->net = (struct network){.mission = &w->mission};
}

static void lay(struct world *w)
{
	struct xy at[NODES];

	for (size_t i = 0; i < NODES; i++)
		at[i] = (struct xy){SPACING_M * (double)(i % ACROSS),
			SPACING_M * (double)(i / ACROSS)};
	lay_at(w, at, NODES);
}

static double far_m(struct xy a, struct xy b)
{
	return sqrt((a.x_m - b.x_m) * (a.x_m - b.x_m) +
		(a.y_m - b.y_m) * (a.y_m - b.y_m));
}

static bool put(void *self, const struct incident *i, struct fault *f)
{
	const struct looking *l = self;
	double m = far_m(frame_to(l->frame, i->place.lat_deg,
		i->place.lon_deg), l->shot);

	(void)f;
	count++;
	if (count > 1 && m >= off_m)
		return true;
	found = *i;
	off_m = m;
	return true;
}

static void arrive(
	struct world *w, size_t i, double after_s, double sigma_s)
{
	struct detection *d = &w->pick[w->picks++];

	*d = detection_new();
	d->source = w->id[i];
	d->modality = MODALITY_ACOUSTIC;
	d->detector = "test";
	d->at = instant_round_us(instant_plus_s(w->t0, after_s));
	d->sigma_s = sigma_s;
	d->snr = 14;
	d->frequency_hz = w->hz;
	d->cite.offset = w->picks;
	detection_name(d);
}

static void hear(struct world *w, struct xy shot, double after_s,
	const size_t ear[2], double sigma_s)
{
	size_t i = ear[1] * ACROSS + ear[0];

	arrive(w, i, after_s + far_m(shot, w->at[i]) / SOUND_MS, sigma_s);
}

static void locate(struct world *w, struct xy shot)
{
	struct looking at = {&w->frame, shot};
	struct incidents out = {put, &at};
	struct fault f = {0};

	for (size_t i = 1; i < w->picks; i++)
		for (size_t k = i; k > 0 && detection_order(&w->pick[k],
			&w->pick[k - 1]) < 0; k--) {
			struct detection d = w->pick[k];

			w->pick[k] = w->pick[k - 1];
			w->pick[k - 1] = d;
		}
	count = 0;
	work.used = 0;
	CHECK_QUIET(locate_sound(&w->net, w->pick, w->picks, &work, &out, &f),
		"%s", f.text);
	printf("# %zu arrivals, off %.0f m, region %.0f x %.0f m\n",
		found.evidence_count, off_m,
		found.place.region.ellipse.semi_major_m,
		found.place.region.ellipse.semi_minor_m);
}

/* The sixth ear's arrival is of a place on the way to the others. */
static void from_one_side(double back_m, double near_m)
{
	static const size_t ear[][2] = {
		{0, 2}, {1, 2}, {2, 2}, {1, 3}, {3, 2}};
	const struct xy shot = {-back_m, 2300}, near = {-near_m, 2300};
	struct world w;

	lay(&w);
	for (size_t k = 0; k < sizeof ear / sizeof *ear; k++)
		hear(&w, shot, 0, ear[k], 0.006);
	hear(&w, near, (back_m - near_m) / SOUND_MS, (size_t[]){0, 3}, 0.05);
	locate(&w, shot);
	CHECK(count == 1 && off_m < found.place.region.ellipse.semi_major_m,
		"%.0f m back, as if at %.0f: the region holds it", back_m,
		near_m);
}

/* The same, where the sixth ear's arrival fits the near place well, and as well
 * another shot, which twelve ears on the other side heard. */
static void beside_another(double back_m, double near_m)
{
	static const size_t ear[][2] = {
		{0, 2}, {1, 2}, {2, 2}, {1, 3}, {3, 2}, {2, 3}};
	const struct xy shot = {-back_m, 2300}, near = {-near_m, 2300};
	const struct xy other = {4400, 3300};
	struct world w;
	double at_s;

	lay(&w);
	for (size_t k = 0; k < sizeof ear / sizeof *ear; k++)
		hear(&w, shot, 0, ear[k], 0.006);
	hear(&w, near, (back_m - near_m) / SOUND_MS, (size_t[]){0, 3}, 0.02);
	at_s = (back_m - near_m + far_m(near, w.at[3 * ACROSS]) -
		far_m(other, w.at[3 * ACROSS])) / SOUND_MS;
	for (size_t row = 1; row < 5; row++)
		for (size_t column = 3; column < 6; column++)
			hear(&w, other, at_s, (size_t[]){column, row}, 0.006);
	locate(&w, shot);
	CHECK(count == 2 && off_m < found.place.region.ellipse.semi_major_m,
		"%.0f m back, beside another shot: the region holds it",
		back_m);
}

/* The same, where no other shot was, but that arrival is four octaves lower. */
static void of_another_pitch(double back_m, double near_m)
{
	static const size_t ear[][2] = {
		{0, 2}, {1, 2}, {2, 2}, {1, 3}, {3, 2}, {2, 3}};
	const struct xy shot = {-back_m, 2300}, near = {-near_m, 2300};
	struct world w;

	lay(&w);
	w.hz = 256;
	for (size_t k = 0; k < sizeof ear / sizeof *ear; k++)
		hear(&w, shot, 0, ear[k], 0.006);
	w.hz = 16;
	hear(&w, near, (back_m - near_m) / SOUND_MS, (size_t[]){0, 3}, 0.02);
	locate(&w, shot);
	CHECK(count == 1 && off_m < found.place.region.ellipse.semi_major_m,
		"%.0f m back, of another pitch: the region holds it", back_m);
}

/* Beyond a corner, where few are in reach (scale, seed 358): what the second
 * ear tells of came 0.3 s before the shot's sound, which is at 0, 0. */
static const struct {
	double x_m, y_m, t_s, sigma_s;
} corner[] = {{426, 105, 1.300, 0.001}, {455, -862, 2.601, 0.002},
	{1641, 226, 4.886, 0.001}, {1636, -660, 5.236, 0.003},
	{2394, 184, 7.076, 0.001}, {1665, -1719, 7.142, 0.002},
	{2459, -702, 7.562, 0.001}, {2448, -1593, 8.669, 0.001},
	{3533, 119, 10.428, 0.001}, {3467, -784, 10.506, 0.002},
	{2424, -2894, 11.077, 0.059}, {3455, -1931, 11.837, 0.080},
	{4376, 159, 12.752, 0.043}, {3647, -2711, 13.342, 0.074},
	{4477, -1826, 14.336, 0.076}, {3747, -3609, 15.509, 0.012}};
enum { CORNER = sizeof corner / sizeof *corner };

/* As it was put, 0.34 km off; without the second ear it is where it was. */
static void beyond_a_corner(void)
{
	static struct pick pick[CORNER];
	static struct post post[CORNER];
	static ptrdiff_t choice[CORNER];
	struct scene scene = {.pick = pick, .ears = ORIGIN_MANY,
		.path_s = 0.005, .late = 0.1, .late_s = 0.1};
	struct view v = {.scene = &scene, .post = post, .posts = CORNER,
		.air = {340, 3, 0, 0, 4}};
	struct origin o = {.x_m = -337, .y_m = 19, .t_s = -0.96,
		.c_ms = 340, .sigma_z_m = 10, .heard = CORNER,
		.choice = choice};
	struct lone lone;
	struct fault f = {0};

	for (size_t i = 0; i < CORNER; i++) {
		post[i] = (struct post){.x_m = corner[i].x_m,
			.y_m = corner[i].y_m, .first = i, .end = i + 1};
		pick[i] = (struct pick){.t_s = corner[i].t_s,
			.sigma_s = corner[i].sigma_s};
		choice[i] = (ptrdiff_t)i;
	}
	origin_join(&v, &o);
	work.used = 0;
	CHECK_QUIET(lone_find(&v, &o, &work, &lone, &f), "%s", f.text);
	printf("# put at %.0f, %.0f m, without %zu at %.0f, %.0f m\n", o.x_m,
		o.y_m, lone.post, lone.without.x_m, lone.without.y_m);
	CHECK(lone.is && lone.post == 1 && far_m((struct xy){0, 0},
		(struct xy){lone.without.x_m, lone.without.y_m}) < 100,
		"beyond a corner one echo puts it elsewhere: that is seen");
}

static void on_a_line(double north_m)
{
	const struct xy shot = {2300, 2000 + north_m};
	struct world w;

	lay(&w);
	for (size_t column = 0; column < ACROSS; column++)
		hear(&w, shot, 0, (size_t[]){column, 2}, 0.006);
	locate(&w, shot);
	CHECK(count == 1 && off_m < found.place.region.ellipse.semi_major_m &&
		found.place.region.ellipse.semi_major_m < 600,
		"%.0f m north of a line of ears: the region holds it",
		north_m);
}

static void from_all_around(void)
{
	const struct xy shot = {2500, 2300};
	struct world w;

	lay(&w);
	for (size_t row = 1; row < 4; row++)
		for (size_t column = 1; column < 5; column++)
			hear(&w, shot, 0, (size_t[]){column, row}, 0.006);
	locate(&w, shot);
	CHECK(count == 1 && off_m < 5 &&
		found.place.region.ellipse.semi_major_m < 30,
		"heard from all around it is known to some metres");
}

/* In a wind of 10 m/s that makes nothing louder or fainter, though a shadow is
 * looked for (bench/locate, seed 31, sound 2651): of five ears two hear it
 * against the wind, and what they tell of is of the shot all the same. */
static void against_the_wind(void)
{
	static const struct xy at[] = {{-2173, -1905}, {-852, -1814},
		{-75, -2030}, {1102, -2154}, {1957, -2082}, {-1879, -1088},
		{-1043, -992}, {144, -1087}, {873, -1121}, {1982, -1013},
		{-1864, -30}, {-1158, 84}, {31, 4}, {978, 146}, {2175, -167},
		{-2095, 1067}, {-1104, 816}, {-127, 957}, {952, 1032},
		{2020, 985}, {-2148, 2002}, {-830, 1857}, {86, 1943},
		{1034, 2028}, {1886, 1889}};
	static const struct {
		size_t ear;
		double t_s, sigma_s;
	} heard[] = {{1, 1.2612, 0.0022}, {6, 1.7107, 0.0021},
		{5, 2.5019, 0.0037}, {7, 4.1298, 0.0035}, {15, 8.4077, 0.0065}};
	const struct weather air = {.at = {INT64_C(1770000000000000000)},
		.lat_deg = NAN, .lon_deg = NAN, .temperature_c = 10,
		.pressure_pa = NAN, .humidity_pct = 50, .wind_ms = 10,
		.wind_from_deg = 294, .wind_err_ms = 0.8};
	struct world w;

	lay_at(&w, at, sizeof at / sizeof *at);
	w.net.weather = &air;
	w.net.weather_count = 1;
	for (size_t i = 0; i < sizeof heard / sizeof *heard; i++)
		arrive(&w, heard[i].ear, heard[i].t_s, heard[i].sigma_s);
	locate(&w, (struct xy){-1189, -1542});
	CHECK(count == 1 && found.evidence_count == 5 && off_m < 30,
		"heard against the wind it keeps its five arrivals");
}

int main(void)
{
	struct fault f = {0};

	if (!arena_map(&work, (size_t)1 << 28, &f))
		return 1;
	from_one_side(2500, 800);
	from_one_side(1500, 800);
	beside_another(2500, 800);
	of_another_pitch(2500, 800);
	beyond_a_corner();
	on_a_line(170);
	on_a_line(-170);
	from_all_around();
	against_the_wind();
	arena_unmap(&work);
	return check_done();
}
