/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lone.c - a shot beyond the edge of a network, heard by five ears nearly on a
 * line; at a sixth, beside them, something else came when the shot would have,
 * had it been near.  The region says that it may have been farther back, and
 * does not when twelve ears around it agree.  Where another shot was, of which
 * the sixth ear's arrival may be, that is believed; and so is chance, if it has
 * another pitch.  Of ears on a line a shot
 * may be on either side. */
#include "check.h"
#include "geo/frame.h"
#include "locate/locate.h"

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

static void lay(struct world *w)
{
	*w = (struct world){.frame = frame_at(48, 37),
		.t0 = {INT64_C(1770000000000000000)}, .hz = 60};
	for (size_t i = 0; i < NODES; i++) {
		struct point p;

		w->at[i] = (struct xy){SPACING_M * (double)(i % ACROSS),
			SPACING_M * (double)(i / ACROSS)};
		p = frame_from(&w->frame, w->at[i]);
		(void)snprintf(w->id[i], sizeof w->id[i], "n%02u", (unsigned)i);
		w->source[i] = (struct source){.id = w->id[i],
			.kind = SOURCE_ACOUSTIC, .lat_deg = p.lat_deg,
			.lon_deg = p.lon_deg, .elev_m = 150, .rate_hz = 500,
			.sensitivity = NAN, .owner = i % 2 ? "A" : "B",
			.host_party = "", .installed = INSTANT_UNKNOWN,
			.position_err_m = 2, .public_key = "", .array = ""};
	}
	w->mission = (struct mission){
		.source = w->source, .source_count = NODES};
	w->net = (struct network){.mission = &w->mission};
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

static void hear(struct world *w, struct xy shot, double after_s,
	const size_t ear[2], double sigma_s)
{
	size_t i = ear[1] * ACROSS + ear[0];
	struct detection *d = &w->pick[w->picks++];

	after_s += far_m(shot, w->at[i]) / SOUND_MS;
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

int main(void)
{
	struct fault f = {0};

	if (!arena_map(&work, (size_t)1 << 28, &f))
		return 1;
	from_one_side(2500, 800);
	from_one_side(1500, 800);
	beside_another(2500, 800);
	of_another_pitch(2500, 800);
	on_a_line(170);
	on_a_line(-170);
	from_all_around();
	arena_unmap(&work);
	return check_done();
}
